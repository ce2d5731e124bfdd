"""What a multilayer perceptron and a convolutional network really do on handwritten digits."""

__version__ = "1.0.0"

# The one place that names the repository: notebooks' badges and set-up cells are stamped with it.
REPOSITORY = "https://github.com/mnist-compare/mnist-compare"
