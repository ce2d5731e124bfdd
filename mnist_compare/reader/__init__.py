"""The reader, the network that reads drawings: how its training digits are varied, and its recipe.

*Augmentation* moves and distorts digits at random, *forms* give them the strokes of other hands,
*scribbles* are drawings that show no digit, and a *recipe* says which of these are used.
"""
