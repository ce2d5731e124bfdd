"""Figures and diagrams, in one style, with a description for those who do not see them."""
