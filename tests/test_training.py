import random
from functools import partial

import keras
import numpy as np
import pytest
from keras import layers
from keras.losses import SparseCategoricalCrossentropy
from keras.optimizers import SGD, Adam

from mnist_compare import compiled, data, fast_cnn, models, training
from mnist_compare.late_keras import repeatable
from mnist_compare.records import data_sets, networks
from mnist_compare.records.place import SMALL, Scale
from mnist_compare.records.protocols import FAIR, Protocol
from mnist_compare.study import fitting

SPARSE, ONE_HOT = keras.losses.sparse_categorical_crossentropy, "categorical_crossentropy"


def train(network, epochs=1, seed=0, **chosen):
    """Train on little data, without a word."""
    protocol = Protocol(epochs=epochs, **chosen)
    return fitting.fit(network, protocol, seed, lambda run, epochs: None, SMALL)


def measurements(run):
    """The rows of a run, but for what it is called, which includes its epochs."""
    left_out = ("seconds", "protocol")
    return [{k: v for k, v in row.items() if k not in left_out} for row in run.rows]


def fresh(build, seed=0):
    keras.utils.set_random_seed(seed)
    return build()


def plain_epoch(model, digits, labels, order):
    """Train for an epoch as Keras does and return loss and accuracy."""
    if compiled.loss_function(model.loss) is not SPARSE:
        labels = data.one_hot(labels)
    images = data.scale(digits).reshape(-1, *model.input_shape[1:])
    history = model.fit(images[order], labels[order], batch_size=32, shuffle=False, verbose=0)
    return history.history["loss"][0], history.history["accuracy"][0]


@pytest.fixture(scope="module")
def six_epochs():
    return {name: train(name, 6, seed=3) for name in ("mlp", "cnn")}


@pytest.mark.parametrize("build", [models.build_mlp, models.build_cnn])
def test_a_shorter_run_of_the_same_seed_is_the_first_part_of_a_longer_one(six_epochs, build):
    """Bit for bit, of a network built by hand as of the one of that name."""
    model = build()
    long, short = six_epochs[model.name], train(model, 5, seed=3)
    assert measurements(short) == measurements(long)[:5]
    np.testing.assert_array_equal(short.predictions[5], long.predictions[5])
    for one, other in zip(short.weights[5], long.weights[5], strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_run_is_complete(six_epochs):
    for name, run in six_epochs.items():
        assert [row["epoch"] for row in run.rows] == list(range(1, 7))
        reported = [row["epoch"] for row in run.measured]
        assert reported == [5, 6] == [*run.weights] == [*run.predictions] == [*run.confidences]
        assert {row["parameters"] for row in run.rows} == {networks.NETWORKS[name].parameters}
        assert all(row["seconds"] > 0 for row in run.rows)
        assert set(run.rows[0]) == set(training.COLUMNS)
        _, (_, labels) = data.load("mnist")
        assert run.rows[-1]["test_accuracy"] == np.mean(run.predictions[6] == labels)


@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_a_compiled_epoch_is_that_of_keras_and_repeats_bit_for_bit(name):
    """Of fifty batches of 32 and one of 16; the CNN's steps are by its own formulas."""
    (digits, labels), _ = data.load("mnist")
    digits, labels = digits[:1616], labels[:1616]
    order = np.arange(len(digits))
    plain, ours, again = (fresh(partial(networks.build, name)) for _ in range(3))
    expected = plain_epoch(plain, digits, labels, order)
    found, repeated = (
        compiled.compiled_epoch(model, digits, labels)(order) for model in (ours, again)
    )
    assert found == repeated == pytest.approx(expected, abs=1e-5)
    weights = (model.get_weights() for model in (ours, again, plain))
    for found, repeated, expected in zip(*weights, strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5)
        np.testing.assert_array_equal(found, repeated)


@pytest.mark.parametrize("name", ["mlp", "cnn"])
@pytest.mark.parametrize("cosine", [True, False])
def test_a_rate_and_its_schedule_are_those_of_keras(name, cosine):
    digits = 960  # 30 batches an epoch
    protocol = Protocol(rate=3e-3, cosine=cosine, epochs=2)
    scale = Scale(training_digits=digits, shown=0)
    run = fitting.fit(name, protocol, 1, lambda run, epochs: None, scale)
    with repeatable(1):
        model = networks.build(name)
        schedule = keras.optimizers.schedules.CosineDecay(3e-3, 60) if cosine else 3e-3
        model.compile(Adam(schedule), model.loss, metrics=["accuracy"])
        (x, y), *_ = data_sets.split(name, protocol, 1, scale)
        run_epoch = compiled.keras_epoch(model, x, y)
        losses = [run_epoch(training.order_of(digits, 1, epoch))[0] for epoch in (1, 2)]
    assert [row["running_loss"] for row in run.rows] == pytest.approx(losses, abs=1e-4)
    found = zip(run.weights[2], model.get_weights(), strict=True)
    assert max(np.abs(ours - keras_).max() for ours, keras_ in found) < 2e-3


def test_the_name_of_a_protocol_counts_its_epochs():
    shown = {1: "1 epoch", 2: "2 epochs", 10: "fair"}
    assert {epochs: str(Protocol(epochs=epochs)) for epochs in shown} == shown


def test_permuted_pixels_are_other_names_of_the_first_layers_rows():
    """An MLP that begins with its rows in the same order trains as it does on digits as given."""
    (digits, labels), *_ = data_sets.split("mlp", FAIR, 3, SMALL)
    (permuted, _), *_ = data_sets.split("mlp", Protocol(permuted=True), 3, SMALL)
    pixel = np.arange(784, dtype=np.int16).reshape(1, 28, 28)
    order = data_sets._permuted(pixel, 3).ravel()
    one, other = (fresh(partial(networks.build, "mlp")) for _ in range(2))
    rows, *rest = one.get_weights()
    other.set_weights([rows[order], *rest])
    for epoch in (1, 2):
        shown = training.order_of(len(labels), 3, epoch)
        as_given = compiled.compiled_epoch(one, digits, labels)(shown)
        assert compiled.compiled_epoch(other, permuted, labels)(shown) == pytest.approx(as_given)
    np.testing.assert_allclose(other.get_weights()[0], one.get_weights()[0][order], atol=1e-4)


def test_only_the_network_of_the_formulas_is_trained_by_them():
    changed = models.build_cnn()
    changed.compile(Adam(0.01, beta_1=0.5), "categorical_crossentropy")
    faster = models.build_cnn()
    fitting.set_rate(faster, 0.01)
    assert fast_cnn.fits(faster)
    known = [name for name in networks.NETWORKS if fast_cnn.fits(networks.build(name))]
    assert known == ["cnn", "cnn_14_43"]
    assert not fast_cnn.fits(changed)


@pytest.mark.parametrize("name", ["mlp", "cnn", "reader", "cnn_normalized"])
def test_compiled_probabilities_are_those_of_keras_and_follow_the_weights(name):
    digits = data.load("mnist")[1][0][:200]
    model = fresh(partial(networks.build, name))
    read = compiled.probabilities(model)
    np.testing.assert_allclose(read(digits), training.probabilities(model, digits), atol=1e-6)
    model.set_weights(networks.build(name).get_weights())
    for weights in model.non_trainable_weights:  # as after training: means off 0, variances off 1
        weights.assign(weights / 10 + np.random.default_rng(0).uniform(0, 0.05, weights.shape))
    found = read(digits)
    np.testing.assert_allclose(found, training.probabilities(model, digits), atol=1e-5)
    assert np.ptp(found, axis=0).max() > 0.01  # or nothing would be told apart


@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_stored_weights_read_as_the_keras_model_that_they_are_of(tmp_path, name):
    """Of two networks in turn: the one does not stay in the other's place."""
    _, (digits, _) = data.load("mnist")
    expected = []
    for seed in (0, 1):
        model = fresh(partial(networks.build, name), seed)
        np.savez(tmp_path / f"{seed}.npz", *model.get_weights())
        expected.append(training.probabilities(model, digits[:1100]))
    assert not np.allclose(*expected, atol=1e-3)
    for seed in (0, 1, 0):
        found = fitting.read(name, tmp_path / f"{seed}.npz", digits[:1100])
        np.testing.assert_allclose(found, expected[seed], atol=1e-6)


def test_training_is_what_its_first_lines_say_in_plain_keras(monkeypatch):
    few = data.Split(
        *(data.Labelled(*(a[:320] for a in part)) for part in data.split(*data.load()))
    )
    monkeypatch.setattr(data, "split", lambda train, test: few)
    seen = []
    model, plain = models.build_mlp(), fresh(models.build_mlp, seed=3)
    run = training.train(model, 2, seed=3, progress=lambda run, epochs: seen.append(len(run.rows)))
    x, y = data.scale(few.training.pictures), few.training.labels
    for epoch in (1, 2):
        order = np.random.default_rng([3, epoch]).permutation(len(x))
        plain.fit(x[order], y[order], batch_size=32, shuffle=False, verbose=0)
    for one, other in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=5e-5)
    assert seen == [1, 2] == [row["epoch"] for row in run.rows]
    assert run.key == ("mlp", "fair", 3)
    loss, accuracy = plain.evaluate(data.scale(few.test.pictures), few.test.labels, verbose=0)
    assert run.rows[-1]["test_accuracy"] == pytest.approx(accuracy)
    assert run.rows[-1]["test_loss"] == pytest.approx(loss, abs=1e-4)
    with pytest.raises(ValueError, match="not compiled"):
        training.train(keras.Sequential([keras.Input((28, 28))]))


def small(*middle, shape=(28, 28), last=("softmax", 10), **settings):
    activation, width = last
    end = [layers.Flatten(), layers.Dense(width, activation)]
    model = keras.Sequential([keras.Input(shape), *middle, *end], name="small")
    model.compile(**{"optimizer": "sgd", "loss": "sparse_categorical_crossentropy"} | settings)
    return model


@pytest.mark.parametrize(
    "build",
    [
        lambda: small(shape=(784,), optimizer=Adam(0.01), loss=SparseCategoricalCrossentropy()),
        lambda: small(layers.Conv2D(3, 5, strides=4), shape=(28, 28, 1), loss=ONE_HOT),
        lambda: small(*(layers.Flatten(), layers.BatchNormalization()), loss=SPARSE),
        lambda: small(layers.Flatten(), layers.Dense(9, kernel_regularizer="l2")),
        lambda: small(loss=keras.losses.CategoricalCrossentropy(reduction="sum")),
        lambda: small(optimizer=SGD(0.1, gradient_accumulation_steps=4)),
        lambda: small(optimizer=keras.optimizers.LossScaleOptimizer(SGD(0.1))),
        lambda: small(optimizer=keras.optimizers.AdamW(0.01, weight_decay=0.1, clipnorm=0.1)),
    ],
)
def test_a_network_of_ones_own_is_trained_as_keras_would(build):
    model, plain = build(), fresh(build, seed=3)
    run = train(model, 2, seed=3)
    (digits, labels), _, _, test = data_sets.split("small", FAIR, 3, SMALL)
    plain.compile(plain.optimizer, plain.loss, metrics=["accuracy"])
    for epoch in (1, 2):
        order = np.random.default_rng([3, epoch]).permutation(len(digits))
        plain_epoch(plain, digits, labels, order)
    for one, other in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=5e-4)
    accuracy = np.mean(training.probabilities(model, test[0]).argmax(axis=1) == test[1])
    assert run.rows[-1]["test_accuracy"] == pytest.approx(accuracy, abs=1e-3)


def test_a_network_begins_anew_each_time_it_is_trained():
    middle = (layers.Flatten(), layers.Dense(16, "relu"))
    model = small(*middle, optimizer="adam", loss=SparseCategoricalCrossentropy())
    first, second, other = (train(model, seed=seed) for seed in (1, 1, 2))
    assert measurements(first) == measurements(second) != measurements(other)
    assert model.loss.reduction == "sum_over_batch_size"  # as it was


def test_whoever_trains_later_finds_randomness_and_tensorflow_as_they_were():
    from tensorflow.python.framework import config

    def drawn():
        return random.random(), np.random.rand()  # noqa: NPY002

    good, bad = small(layers.Flatten()), keras.Sequential([keras.Input((28, 28))])
    for deterministic in (True, False):  # the last is the default
        (config.enable_op_determinism if deterministic else config.disable_op_determinism)()
        keras.utils.set_random_seed(1)
        expected = drawn()
        keras.utils.set_random_seed(1)
        with pytest.raises(ValueError, match="not compiled"):
            train(bad)
        train(good)
        assert config.is_op_determinism_enabled() == deterministic
        assert drawn() == expected


def test_a_dropped_neuron_stays_dropped_in_training_only():
    row = train(small(layers.Flatten(), layers.Dropout(0.5))).rows[-1]
    assert row["running_accuracy"] < row["train_accuracy"]


def without_input():
    model = keras.Sequential([layers.Flatten(), layers.Dense(10, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: train("mlp", epochs=0), "1 or more, not 0"),
        (lambda: train("rnn"), "no model 'rnn'; choose one of mlp, cnn, mlp_682"),
        (lambda: train("reader"), "reader .* recipe of its own, 'complete'"),
        (lambda: train(keras.Sequential([keras.Input((28, 28))])), "not compiled"),
        (lambda: train(small(shape=(14, 14))), r"takes input of shape \(14, 14\)"),
        (lambda: train(small(last=("sigmoid", 10))), "10 probabilities"),
        (lambda: train(small(last=("softmax", 9))), "10 probabilities"),
        (lambda: train(without_input()), r"begin with keras.Input"),
        (lambda: train(small(optimizer=SGD(use_ema=True))), "Leave use_ema out"),
        (lambda: train(small(loss="ctc")), "^small cannot be trained: ValueError: Logits[^\n]*$"),
    ],
)
def test_what_cannot_be_trained_gets_a_sentence(attempt, sentence):
    with pytest.raises(ValueError, match=sentence):
        attempt()


def test_an_epoch_shows_a_small_set_often_and_a_large_one_once():
    few = training.order_of(100, seed=0, epoch=1, fewest=6400)
    np.testing.assert_array_equal(np.bincount(few), np.full(100, 64))
    np.testing.assert_array_equal(
        training.order_of(54_000, seed=2, epoch=3, fewest=6400),
        np.random.default_rng([2, 3]).permutation(54_000),
    )


def test_a_layer_that_xla_does_not_know_is_trained_by_keras():
    run = train(small(layers.RandomRotation(0.02), shape=(28, 28, 1), optimizer="adam"))
    assert run.rows[-1]["running_loss"] < 2.3
