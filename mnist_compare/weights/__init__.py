"""The trained networks of the package, what their layers are, and how NumPy computes them."""
