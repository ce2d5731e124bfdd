"""What Keras itself says, to compare with, of networks that are built for it."""

import keras
from keras import layers

from mnist_compare import training


def by_keras(model, pictures):
    """Return the probabilities of pictures (n, 28, 28) uint8 by ``model.predict``."""
    return model.predict(training.as_input(model, pictures), batch_size=1000, verbose=0)


def small(*middle, shape=(28, 28), last=("softmax", 10), **settings):
    """Return a compiled network of the given layers in the middle."""
    activation, width = last
    end = [layers.Flatten(), layers.Dense(width, activation)]
    model = keras.Sequential([keras.Input(shape), *middle, *end], name="small")
    model.compile(**{"optimizer": "sgd", "loss": "sparse_categorical_crossentropy"} | settings)
    return model


def fresh(build, seed=0):
    """Build a network from a seed."""
    keras.utils.set_random_seed(seed)
    return build()
