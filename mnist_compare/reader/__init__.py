"""The reader, the network that reads drawings: how its training digits are varied, its recipe."""
