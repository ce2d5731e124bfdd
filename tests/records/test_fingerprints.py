import keras
import pytest
from keras import layers

from mnist_compare.models import build_mlp
from mnist_compare.records.fingerprints import fingerprint


def by_hand(
    *, hidden=128, activation="relu", optimizer="adam", loss=None, name=None, layer=None, **settings
):
    inner = layers.Dense(hidden, activation=activation, name=layer, **settings)
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten(), inner, layers.Dense(10, "softmax")], name=name
    )
    model.compile(optimizer, loss or "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"layer": "relu"},  # the name of an activation, too
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
        {"kernel_regularizer": "l2"},
        {"trainable": False},
        {"optimizer": keras.optimizers.Adam(0.002)},
        {"loss": "categorical_crossentropy"},
    ],
)
def test_whatever_changes_what_is_learned_matters(other):
    assert fingerprint(by_hand(**other)) != fingerprint(build_mlp())


def test_the_recipe_matters_and_the_weights_do_not():
    model = build_mlp()
    marks = [fingerprint(model, recipe) for recipe in ("fair", "source", {"batch": 32})]
    assert len(set(marks)) == 3
    model.set_weights([weights + 1 for weights in model.get_weights()])
    assert fingerprint(model) == marks[0]


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


def own_loss(labels, given):
    return keras.losses.mean_squared_error(labels, given)


own_loss.__name__ = "mean_absolute_error"


def test_what_a_loss_computes_makes_another_network_and_its_name_does_not():
    losses = keras.losses
    marks = {}
    for loss in (
        losses.MeanSquaredError(name="x"),
        losses.MeanAbsoluteError(name="x"),
        losses.MeanAbsoluteError(name="x", reduction="sum"),
        losses.CategoricalFocalCrossentropy(gamma=2.0),
        losses.CategoricalFocalCrossentropy(gamma=50.0),
        own_loss,
    ):
        marks[fingerprint(by_hand(loss=loss))] = loss
    assert len(marks) == 6
    assert fingerprint(by_hand(loss="mean_squared_error")) in marks
