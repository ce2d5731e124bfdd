"""How fast the package is, beside plain Keras."""
