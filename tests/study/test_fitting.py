import random
from functools import partial

import keras
import numpy as np
import pytest
from keras import layers
from keras.optimizers import Adam
from oracle import by_keras, fresh, small

from mnist_compare import compiled, data, fast_cnn, training
from mnist_compare.lazy_keras import repeatable
from mnist_compare.records import data_sets, networks
from mnist_compare.records.place import SMALL, Scale
from mnist_compare.records.protocols import FAIR, Protocol
from mnist_compare.study import fitting, trained

SLOW_CNN = pytest.param("cnn", marks=pytest.mark.slow)


def train(network, epochs=1, seed=0, **chosen):
    """Train on little data, without a word."""
    protocol = Protocol(epochs=epochs, **chosen)
    return fitting.fit(network, protocol, seed, lambda run, epochs: None, SMALL)


def measurements(run):
    """The rows of a run, but for what it is called, which includes its epochs."""
    left_out = ("seconds", "protocol")
    return [{k: v for k, v in row.items() if k not in left_out} for row in run.rows]


@pytest.mark.parametrize("name", ["mlp", SLOW_CNN])
def test_a_shorter_run_of_the_same_seed_is_the_first_part_of_a_longer_one(name):
    """Bit for bit, of a network built by hand as of the one of that name."""
    long, short = train(name, 6, seed=3), train(networks.build(name), 5, seed=3)
    assert measurements(short) == measurements(long)[:5]
    np.testing.assert_array_equal(short.predictions[5], long.predictions[5])
    for one, other in zip(short.weights[5], long.weights[5], strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", ["mlp", SLOW_CNN])
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
        run_epoch = training.keras_epoch(model, x, y)
        losses = [run_epoch(training.random_order(digits, 1, epoch))[0] for epoch in (1, 2)]
    assert [row["running_loss"] for row in run.rows] == pytest.approx(losses, abs=1e-4)
    found = zip(run.weights[2], model.get_weights(), strict=True)
    assert max(np.abs(ours - keras_).max() for ours, keras_ in found) < 2e-3


def test_permuted_pixels_are_other_names_of_the_first_layers_rows():
    """An MLP that begins with its rows in the same order trains as it does on digits as given."""
    (digits, labels), *_ = data_sets.split("mlp", FAIR, 3, SMALL)
    (permuted, _), *_ = data_sets.split("mlp", Protocol(permuted=True), 3, SMALL)
    pixel = np.arange(784, dtype=np.int16).reshape(1, 28, 28)
    order = data_sets.permuted(pixel, 1, 3).ravel()
    one, other = (fresh(partial(networks.build, "mlp")) for _ in range(2))
    rows, *rest = one.get_weights()
    other.set_weights([rows[order], *rest])
    for epoch in (1, 2):
        shown = training.random_order(len(labels), 3, epoch)
        as_given = compiled.epoch(one, digits, labels, 32)(shown)
        assert compiled.epoch(other, permuted, labels, 32)(shown) == pytest.approx(as_given)
    np.testing.assert_allclose(other.get_weights()[0], one.get_weights()[0][order], atol=1e-4)


@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_stored_weights_read_as_the_keras_model_that_they_are_of(tmp_path, name):
    """Of two networks in turn: the one does not stay in the other's place."""
    _, (digits, _) = data.load("mnist")
    expected = []
    for seed in (0, 1):
        model = fresh(partial(networks.build, name), seed)
        np.savez(tmp_path / f"{seed}.npz", *model.get_weights())
        expected.append(by_keras(model, digits[:1100]))
    assert not np.allclose(*expected, atol=1e-3)
    for seed in (0, 1, 0):
        found = fitting.predict(name, tmp_path / f"{seed}.npz", digits[:1100])
        np.testing.assert_allclose(found, expected[seed], atol=1e-6)


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
        with pytest.raises(ValueError, match="no input shape"):
            train(bad)
        train(good)
        assert config.is_op_determinism_enabled() == deterministic
        assert drawn() == expected


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
        (lambda: train(small(shape=(14, 14))), r"takes input of shape \(14, 14\)"),
        (lambda: train(small(last=("sigmoid", 10))), "10 probabilities"),
        (lambda: train(small(last=("softmax", 9))), "10 probabilities"),
        (lambda: train(without_input()), r"begin with keras.Input"),
    ],
)
def test_what_cannot_be_trained_gets_a_sentence(attempt, sentence):
    with pytest.raises(ValueError, match=sentence):
        attempt()


def test_normalization_reads_by_the_statistics_that_training_left():
    digits = data.load("mnist")[1][0][:200]
    model = fresh(partial(networks.build, "reader"))
    predict = compiled.predict_function(model)
    for weights in model.non_trainable_weights:  # as after training: means off 0, variances off 1
        weights.assign(weights / 10 + np.random.default_rng(0).uniform(0, 0.05, weights.shape))
    found = predict(digits)
    np.testing.assert_allclose(found, by_keras(model, digits), atol=1e-5)
    assert np.ptp(found, axis=0).max() > 0.01  # or nothing would be told apart


def test_of_the_networks_of_the_report_the_formulas_train_two():
    known = [name for name in networks.NETWORKS if fast_cnn.fits(networks.build(name))]
    assert known == ["cnn", "cnn_14_43"]


@pytest.mark.parametrize("chosen", [{"rate": 3e-3}, {"cosine": True}])
def test_a_run_has_the_fingerprint_by_which_it_is_sought(chosen):
    """Also where the protocol sets a rate: else it would be trained again and again."""
    run = train("mlp", **chosen)
    assert run.fingerprint == trained.fingerprint("mlp", Protocol(epochs=1, **chosen))
