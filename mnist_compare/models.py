"""The networks of the comparison and their variants, each stated once, with its parameters.

Every builder returns a compiled stock Keras model: ``summary()``, ``fit()`` and ``save()`` work as
everywhere. Keras, and with it TensorFlow, is loaded when the first builder is called.
"""

import math
from functools import partial

from mnist_compare.data import CLASSES


def build_mlp(hidden=(128,), name="mlp"):
    """Build a multilayer perceptron: (n, 28, 28) grey values in 0–1 → (n, 10) probabilities.

    Flatten → Dense ReLU for each width in ``hidden`` → Dense 10 softmax; as it stands Flatten →
    Dense 128 → Dense 10, 101,770 parameters (source report, chapter 2.2). Its labels are integers
    in 0–9.
    """
    from mnist_compare.quiet import keras

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            *(layers.Dense(width, activation="relu") for width in hidden),
            layers.Dense(CLASSES, activation="softmax"),
        ],
        name=name,
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def build_cnn(filters=32, hidden=100, name="cnn", normalized=False):
    """Build a convolutional network: (n, 28, 28, 1) grey values in 0–1 → (n, 10) probabilities.

    Conv 3×3 ReLU → MaxPool 2×2 → Flatten → Dense ReLU → Dense 10 softmax; as it stands with 32
    filters and 100 hidden units, 542,230 parameters (source report, chapter 4.1). Its labels are
    one-hot rows (n, 10). ``normalized`` puts BatchNormalization before the first ReLU, and behind
    MaxPool, which leaves a quarter of the values: 128 parameters more, half of them running
    statistics.
    """
    from mnist_compare.quiet import keras

    layers = keras.layers
    first = [layers.Conv2D(filters, 3, activation="relu"), layers.MaxPooling2D(2)]
    if normalized:
        first = [layers.Conv2D(filters, 3), layers.MaxPooling2D(2)]
        first += [layers.BatchNormalization(), layers.ReLU()]
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            *first,
            layers.Flatten(),
            layers.Dense(hidden, activation="relu"),
            layers.Dense(CLASSES, activation="softmax"),
        ],
        name=name,
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def build_reader(filters=40, name="reader"):
    """Build the network that reads drawings: (n, 28, 28, 1) grey values in 0–1 → (n, 10).

    Conv 5×5, twice Conv 3×3, of which the first and the third are followed by MaxPool 2×2, and
    again twice Conv 3×3, with once, twice and four times ``filters``, each with BatchNormalization
    and ReLU; Flatten → Dense 10 softmax; 460,690 parameters. Its labels are rows of ten
    probabilities, one-hot for a digit.
    """
    from mnist_compare.quiet import keras

    layers = keras.layers
    model = keras.Sequential([keras.Input((28, 28, 1))], name=name)
    for width, size, padding, pooled in (
        # Without padding, which a digit's black border makes needless: a third of the work less.
        (filters, 5, "valid", True),
        (2 * filters, 3, "valid", False),
        (2 * filters, 3, "valid", True),
        (4 * filters, 3, "same", False),
        (4 * filters, 3, "same", False),
    ):
        model.add(layers.Conv2D(width, size, padding=padding, use_bias=False))
        if pooled:  # maximum first: it leaves a quarter of the values to normalise
            model.add(layers.MaxPooling2D(2))
        model.add(layers.BatchNormalization(momentum=0.95))
        model.add(layers.ReLU())
    model.add(layers.Flatten())
    model.add(layers.Dense(CLASSES, activation="softmax"))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


BUILDERS = {
    "mlp": build_mlp,
    "cnn": build_cnn,
    "mlp_682": partial(build_mlp, (682,), "mlp_682"),  # as many parameters as the CNN
    "cnn_14_43": partial(build_cnn, 14, 43, "cnn_14_43"),  # as many parameters as the MLP
    "mlp_256": partial(build_mlp, (256,), "mlp_256"),  # both tried by another student's project
    "mlp_512_256": partial(build_mlp, (512, 256), "mlp_512_256"),
    "cnn_normalized": partial(build_cnn, name="cnn_normalized", normalized=True),
    "reader": build_reader,
}
PARAMETERS = {
    "mlp": 101_770,
    "cnn": 542_230,
    "mlp_682": 542_200,
    "cnn_14_43": 102_361,
    "mlp_256": 203_530,
    "mlp_512_256": 535_818,
    "cnn_normalized": 542_358,
    "reader": 460_690,
}


def build(name):
    """Build the model called ``name``; raises ValueError, with the names there are, for another."""
    if name not in BUILDERS:
        raise ValueError(f"There is no model {name!r}; choose one of {', '.join(BUILDERS)}.")
    model = BUILDERS[name]()
    assert model.count_params() == PARAMETERS[name]
    return model


def operations(model):
    """Return the multiplications and additions that reading one digit takes, an integer.

    Those of the matrix products and convolutions, two for each weight at each place it is used.
    """
    return sum(_operations(model))


def training_operations(model):
    """Return the multiplications and additions that training on one digit takes, an integer.

    The forward pass, the gradient by the weights, and the gradient by the input but for the first
    layer that has weights, whose input is the digit.
    """
    first, *rest = _operations(model)
    return 2 * first + 3 * sum(rest)


def _operations(model):
    return [
        2 * math.prod(layer.kernel.shape) * math.prod(layer.output.shape[1:-1])
        for layer in model.layers
        if hasattr(layer, "kernel")
    ]
