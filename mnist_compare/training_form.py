"""The networks in an arrangement that the XLA compiler turns into faster code.

The mathematics and the weights are those of the stock network.
"""

from mnist_compare.quiet import keras
from mnist_compare.quiet import tensorflow as tf

layers = keras.layers


class PooledConvolution(layers.Layer):
    """A 3×3 convolution, ReLU and 2×2 max-pooling as four matrix products and their maximum.

    (n, 28, 28, 1) float32 → (n, 13, 13, 32). Each product is the convolution at one of the four
    places of a pooling window. Pooling comes before bias and ReLU: both are monotonic, so the order
    changes neither values nor gradients, and three quarters of their work fall away.
    """

    def __init__(self, convolution):
        """Share the weights of ``convolution``, a built Conv2D with 3×3 kernels."""
        super().__init__()
        self.convolution = convolution

    def call(self, images):
        """Return the pooled activations of the images."""
        # Pixel (2·row + r, 2·column + c) of every pooling window's 4×4 field, without a copy.
        images = tf.reshape(images, (-1, 14, 2, 14, 2))
        pixels = [
            [images[:, r // 2 : r // 2 + 13, r % 2, c // 2 : c // 2 + 13, c % 2] for c in range(4)]
            for r in range(4)
        ]
        kernel = tf.reshape(self.convolution.kernel, (9, -1))
        windows = [
            tf.stack([pixels[top + r][left + c] for r in range(3) for c in range(3)], axis=-1)
            for top in range(2)
            for left in range(2)
        ]
        products = [tf.matmul(tf.reshape(window, (-1, 9)), kernel) for window in windows]
        largest = tf.maximum(
            tf.maximum(products[0], products[1]), tf.maximum(products[2], products[3])
        )
        activations = tf.nn.relu(largest + self.convolution.bias)
        return tf.reshape(activations, (-1, 13, 13, activations.shape[-1]))


def training_form(model):
    """Return ``model`` with convolution and pooling joined; both models share their weights.

    A network that does not begin as the CNN of the comparison does is returned as it is.
    """
    if not _begins_as_known(model):
        return model
    convolution, _pooling, *rest = model.layers
    return keras.Sequential([keras.Input((28, 28, 1)), PooledConvolution(convolution), *rest])


def _begins_as_known(model):
    """Tell whether a model is a row of layers that begins with the CNN's convolution and pooling.

    Nothing else may be joined: whoever edits a network gets the network that was written.
    """
    if not isinstance(model, keras.Sequential) or model.input_shape != (None, 28, 28, 1):
        return False
    filters = model.layers[0].output.shape[-1]
    known = [layers.Conv2D(filters, 3, activation="relu"), layers.MaxPooling2D(2)]
    return [*map(_settings, model.layers[:2])] == [*map(_settings, known)]


def _settings(layer):
    """Return what decides a layer's result; its name and how its weights begin do not."""
    incidental = ("name", "kernel_initializer", "bias_initializer")
    return type(layer), {k: v for k, v in layer.get_config().items() if k not in incidental}
