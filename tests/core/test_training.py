import keras
import numpy as np
import pytest
from keras import layers
from keras.losses import SparseCategoricalCrossentropy
from keras.optimizers import SGD, Adam
from oracle import by_keras, fresh, small

from mnist_compare import compiled, data, fast_cnn, models, training
from mnist_compare.lazy_keras import repeatable

SPARSE, ONE_HOT = keras.losses.sparse_categorical_crossentropy, "categorical_crossentropy"
BUILDERS = pytest.mark.parametrize("build", [models.build_mlp, models.build_cnn])


@pytest.fixture
def few(monkeypatch):
    """The split by which train() trains, cut to 176 digits of training: 5 batches and a half."""
    parts = data.split(*data.load())
    parts = parts._replace(train_measured=data.Labelled(*(array[176:] for array in parts.training)))
    parts = data.Split(*(data.Labelled(*(array[:176] for array in part)) for part in parts))
    monkeypatch.setattr(data, "split", lambda train, test: parts)
    return parts


def plain_epoch(model, digits, labels, order):
    """Train for an epoch as Keras does and return loss and accuracy."""
    if compiled.loss_function(model.loss) is not SPARSE:
        labels = data.one_hot(labels)
    images = data.scale(digits).reshape(-1, *model.input_shape[1:])
    history = model.fit(images[order], labels[order], batch_size=32, shuffle=False, verbose=0)
    return history.history["loss"][0], history.history["accuracy"][0]


@BUILDERS
def test_training_is_what_its_first_lines_say_in_plain_keras(few, build):
    model, plain, seen = build(), fresh(build, seed=3), []
    run = training.train(model, 2, seed=3, progress=lambda run, epochs: seen.append(len(run.rows)))
    for row in run.rows:
        order = np.random.default_rng([3, row["epoch"]]).permutation(176)
        loss, accuracy = plain_epoch(plain, *few.training, order)
        assert row["running_loss"] == pytest.approx(loss, abs=1e-4)
        assert row["running_accuracy"] == pytest.approx(accuracy)
    for one, other in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=5e-5)
    assert seen == [1, 2] == [row["epoch"] for row in run.rows]
    assert run.key == (model.name, "fair", 3)


def test_a_run_holds_what_keras_measures_of_its_weights(few):
    model = small(layers.Flatten())
    run = training.train(model, epochs=6, progress=lambda run, epochs: None)
    reported = [row["epoch"] for row in run.measured]
    assert reported == [5, 6] == [*run.weights] == [*run.predictions] == [*run.confidences]
    model.compile(loss=model.loss, metrics=["accuracy"])
    for row in run.rows:
        assert tuple(row) == training.COLUMNS
        assert row["parameters"] == 7850
        assert 0 < row["seconds"] < 60
        if row["epoch"] not in reported:
            continue
        model.set_weights(run.weights[row["epoch"]])
        for part, (x, y) in {
            "validation": few.validation,
            "train": few.train_measured,
            "test": few.test,
        }.items():
            expected = model.evaluate(data.scale(x), y, verbose=0)
            found = [row[f"{part}_loss"], row[f"{part}_accuracy"]]
            assert found == pytest.approx(expected, abs=1e-5), part
        given = by_keras(model, few.test.pictures)
        np.testing.assert_array_equal(run.predictions[row["epoch"]], given.argmax(axis=1))
        np.testing.assert_allclose(run.confidences[row["epoch"]], given.max(axis=1), atol=1e-6)


def test_a_network_begins_anew_from_its_seed():
    model, weights = small(optimizer=Adam(0.5)), []
    for seed in (1, 1, 2):
        model.optimizer.build(model.trainable_variables)
        model.optimizer.iterations.assign(7)
        with repeatable(seed):
            training.reset(model)
        weights.append(model.get_weights()[0])
        assert (model.optimizer.iterations, model.optimizer.learning_rate) == (0, 0.5)
    np.testing.assert_array_equal(weights[0], weights[1])
    assert not np.allclose(weights[0], weights[2], atol=1e-3)


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (keras.Sequential([keras.Input((28, 28))]), "not compiled"),
        (small(optimizer=SGD(use_ema=True)), "Leave use_ema out"),
        (small(loss="ctc"), "^small cannot be trained: ValueError: Logits[^\n]*$"),
        (small(optimizer=SGD(float("inf"))), "NaN in epoch 1 .seed 0.. Try a lower learning rate"),
    ],
    ids=["not compiled", "averages", "another loss", "NaN"],
)
def test_what_cannot_be_trained_gets_a_sentence(few, model, sentence):
    with pytest.raises(ValueError, match=sentence):
        training.train(model, epochs=1)


def test_only_the_network_of_the_formulas_is_trained_by_them():
    changed, slower = models.build_cnn(), models.build_cnn(14, 43)
    changed.compile(Adam(0.01, beta_1=0.5), "categorical_crossentropy")
    slower.compile(Adam(1e-4), "categorical_crossentropy")
    assert fast_cnn.fits(slower)
    assert not fast_cnn.fits(changed)
    assert not fast_cnn.fits(models.build_mlp())
    assert not fast_cnn.fits(models.build_cnn(filters=1))
    assert not fast_cnn.fits(small(layers.Conv2D(3, 5), shape=(28, 28, 1), loss=ONE_HOT))


@BUILDERS
def test_compiled_probabilities_are_those_of_keras_and_follow_the_weights(build):
    digits = data.load("mnist")[1][0][:1100]
    model = fresh(build)
    predict = compiled.predict_function(model)
    np.testing.assert_allclose(predict(digits), by_keras(model, digits), atol=1e-6)
    model.set_weights(fresh(build, seed=1).get_weights())
    np.testing.assert_allclose(predict(digits), by_keras(model, digits), atol=1e-5)


@pytest.mark.parametrize(
    "build",
    [
        lambda: small(optimizer=Adam(0.01), loss=SparseCategoricalCrossentropy()),
        lambda: small(layers.Conv2D(3, 5, strides=4), shape=(28, 28, 1), loss=ONE_HOT),
        lambda: small(optimizer=SGD(0.1, gradient_accumulation_steps=4)),
    ],
)
def test_a_network_of_ones_own_is_trained_as_keras_would(few, build):
    model, plain = fresh(build), fresh(build)
    plain.compile(plain.optimizer, plain.loss, metrics=["accuracy"])
    assert compiled.can_train(model)
    order = np.random.default_rng(0).permutation(150)
    found = training.epoch_function(model, *few.training)(order)
    assert found == pytest.approx(plain_epoch(plain, *few.training, order), abs=1e-4)
    for one, other in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=5e-4)


@pytest.mark.parametrize(
    "model",
    [
        small(layers.Flatten(), layers.BatchNormalization()),
        small(layers.Flatten(), layers.Dense(9, kernel_regularizer="l2")),
        small(loss=keras.losses.CategoricalCrossentropy(reduction="sum")),
        small(optimizer=keras.optimizers.LossScaleOptimizer(SGD(0.1))),
        small(optimizer=SGD(0.1, use_ema=True)),
        small(layers.RandomRotation(0.02), shape=(28, 28, 1)),
    ],
)
def test_what_a_compiled_epoch_does_not_do_is_left_to_keras(few, model):
    assert not compiled.can_train(model)


def test_a_model_with_running_statistics_is_trained_by_keras(few):
    model = small(layers.Flatten(), layers.BatchNormalization(), loss=ONE_HOT)
    model.compile(model.optimizer, model.loss, metrics=["accuracy"])
    loss, accuracy = training.epoch_function(model, *few.training)(np.arange(176))
    assert 0 < loss < 5
    assert 0 < accuracy < 1
    assert abs(model.layers[1].moving_mean.numpy()).max() > 0


def test_a_dropped_neuron_stays_dropped_in_training_only(few):
    model = fresh(lambda: small(layers.Flatten(), layers.Dropout(0.9), optimizer=SGD(0.0)))
    loss, _ = training.epoch_function(model, *few.training)(np.arange(176))
    predict = compiled.predict_function(model)
    assert loss > 1.05 * training.evaluate(few.training.labels, predict(few.training.pictures))[0]
