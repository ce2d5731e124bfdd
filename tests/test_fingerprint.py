import keras
import pytest
from keras import layers

from mnist_compare import build_cnn, build_mlp
from mnist_compare.fingerprint import fingerprint


def by_hand(*, hidden=128, activation="relu", optimizer="adam", loss=None, name=None, **settings):
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(hidden, activation=activation, **settings),
            layers.Dense(10, activation="softmax"),
        ],
        name=name,
    )
    model.compile(optimizer, loss or "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def test_the_network_of_the_notebook_is_that_of_the_package():
    assert fingerprint(by_hand()) == fingerprint(build_mlp()) == fingerprint(build_mlp())
    assert fingerprint(by_hand()) != fingerprint(build_cnn())


@pytest.mark.parametrize(
    "same",
    [
        {"name": "mine"},
        {"activation": keras.activations.relu},
        {"optimizer": keras.optimizers.Adam()},
        {"loss": keras.losses.SparseCategoricalCrossentropy()},
    ],
)
def test_names_and_ways_of_saying_the_same_do_not_matter(same):
    assert fingerprint(by_hand(**same)) == fingerprint(build_mlp())


@pytest.mark.parametrize(
    "other",
    [
        {"hidden": 64},
        {"activation": "tanh"},
        {"use_bias": False},
        {"kernel_initializer": "he_normal"},
        {"kernel_regularizer": "l2"},
        {"dtype": "float64"},
        {"trainable": False},
        {"optimizer": "sgd"},
        {"optimizer": keras.optimizers.Adam(0.002)},
        {"loss": "categorical_crossentropy"},
    ],
)
def test_whatever_changes_what_is_learned_matters(other):
    assert fingerprint(by_hand(**other)) != fingerprint(build_mlp())


def test_the_recipe_matters():
    model = build_mlp()
    marks = {fingerprint(model, recipe) for recipe in ("fair", "source", {"batch": 32})}
    assert len(marks) == 3
    assert fingerprint(model) in marks


def test_the_weights_do_not_matter():
    model = build_mlp()
    before = fingerprint(model)
    model.set_weights([weights + 1 for weights in model.get_weights()])
    assert fingerprint(model) == before


def test_the_way_layers_are_connected_matters():
    def branched(first, second):
        picture = keras.Input((28, 28))
        flat = layers.Flatten()(picture)
        one = layers.Dense(8, activation="relu", name=first)(flat)
        two = layers.Dense(8, activation="relu", name=second)(one if second == "later" else flat)
        model = keras.Model(picture, layers.Dense(10, "softmax")(layers.Add()([one, two])))
        model.compile("adam", "sparse_categorical_crossentropy")
        return model

    assert fingerprint(branched("a", "b")) == fingerprint(branched("c", "d"))
    assert fingerprint(branched("a", "b")) != fingerprint(branched("a", "later"))
