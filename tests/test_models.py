import keras
import pytest
from keras import layers

from mnist_compare import models, networks
from mnist_compare.models import build_cnn, build_mlp, fingerprint

DENSE = [("Flatten", 0), ("Dense", 540_900), ("Dense", 1_010)]
LAYERS = {
    "mlp": [("Flatten", 0), ("Dense", 100_480), ("Dense", 1_290)],
    "cnn": [("Conv2D", 320), ("MaxPooling2D", 0), *DENSE],
    "cnn_normalized": [
        *(("Conv2D", 320), ("MaxPooling2D", 0), ("BatchNormalization", 4 * 32), ("ReLU", 0)),
        *DENSE,
    ],
}


@pytest.mark.parametrize("name", LAYERS)
def test_a_network_has_the_layers_of_the_report(name):
    model = networks.build(name)
    assert [(type(layer).__name__, layer.count_params()) for layer in model.layers] == LAYERS[name]
    assert model.input_shape == ((None, 28, 28) if name == "mlp" else (None, 28, 28, 1))
    assert model.loss == ("" if name != "mlp" else "sparse_") + "categorical_crossentropy"


def test_the_matched_pairs_differ_by_less_than_a_hundredth():
    counts = {name: networks.build(name).count_params() for name in networks.SIZES}
    assert abs(counts["mlp_682"] / counts["cnn"] - 1) < 0.01
    assert abs(counts["cnn_14_43"] / counts["mlp"] - 1) < 0.01


def test_the_networks_of_equal_operations_differ_by_less_than_a_thousandth():
    mlp, cnn = map(networks.build, ("mlp_1261", "cnn"))
    assert abs(models.training_operations(mlp) / models.training_operations(cnn) - 1) < 0.001
    assert models.operations(mlp) > 1.1 * models.operations(cnn)  # in reading it


def test_operations_are_counted_by_hand():
    assert models.operations(build_mlp()) == 2 * (784 * 128 + 128 * 10)
    convolution, hidden, output = 26 * 26 * 9 * 32, 5408 * 100, 100 * 10
    assert models.operations(build_cnn()) == 2 * (convolution + hidden + output)
    assert models.training_operations(build_mlp()) == 2 * (2 * 100_352 + 3 * 1_280)
    expected = 2 * (2 * convolution + 3 * (hidden + output))
    assert models.training_operations(build_cnn()) == expected


def sequential(*those, shape=(28, 28, 1)):
    return keras.Sequential([keras.Input(shape), *those])


def shared():
    picture, dense = keras.Input((28, 28)), layers.Dense(28)
    return keras.Model(picture, keras.ops.add(dense(picture), dense(inputs=dense(picture))))


@pytest.mark.parametrize(
    ("model", "uses"),
    [
        (sequential(layers.Conv2DTranspose(64, 3, strides=2)), 28 * 28 * 9 * 64),
        (sequential(layers.SeparableConv2D(8, 3)), 26 * 26 * (9 + 8)),
        (sequential(layers.Conv2D(8, 3, groups=4), shape=(28, 28, 4)), 26 * 26 * 9 * 8),
        (sequential(layers.Conv1D(8, 3), shape=(28, 28)), 26 * 3 * 28 * 8),
    ],
)
def test_each_use_of_a_weight_is_two_operations(model, uses):
    assert models.operations(model) == 2 * uses


@pytest.mark.parametrize(
    "model",
    [
        sequential(layers.LSTM(8), shape=(28, 28)),
        sequential(layers.TimeDistributed(layers.Dense(8)), shape=(28, 28)),
        sequential(sequential(layers.Flatten(), layers.Dense(10))),
        shared(),
    ],
)
def test_operations_of_a_layer_whose_use_is_not_known_are_not_counted(model):
    assert models.operations(model) is None


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
