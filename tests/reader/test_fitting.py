"""The training of the reader: what it is shown, how sure it is made, and what comes of it."""

from dataclasses import replace
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from oracle import by_keras
from scipy.special import log_softmax, softmax

from mnist_compare import data, metrics, training
from mnist_compare.reader import fitting as reader
from mnist_compare.reader import scribbles
from mnist_compare.reader.fitting import Batches
from mnist_compare.reader.recipes import NONE, Augmentation, Recipe
from mnist_compare.records import data_sets, networks
from mnist_compare.records.protocols import FAIR

(EVERY_DIGIT, EVERY_LABEL), (TEST_DIGITS, TEST_LABELS) = data.load("mnist")
PLAIN = Recipe("cnn")
COUNT = 256  # digits of each part
EVERYTHING = Recipe(
    "small",
    epochs=2,
    augmentation=Augmentation(25, 2, 0.12, 0.15, 0.2, 1, 0.25, 0.35),
    forms=((1, 0.5), (7, 0.35), (9, 0.4)),
    scribbles=0.07,
    turned=0.5,
    averaging=0.5,  # there are few steps to average over
    calm=1,
)


def small(name):
    """A network with batch normalisation, as the reader has it."""
    layers = keras.layers
    parts = [keras.Input((28, 28, 1)), layers.Conv2D(8, 3, strides=2, use_bias=False)]
    parts += [layers.BatchNormalization(), layers.ReLU(), layers.Flatten()]
    model = keras.Sequential([*parts, layers.Dense(10, activation="softmax")], name=name)
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def few(model_name, protocol, seed, scale):
    """What ``data_sets.split`` gives, but of few digits; those to train on have wrong labels."""
    assert protocol == FAIR
    training = data.Labelled(EVERY_DIGIT[:COUNT], (EVERY_LABEL[:COUNT] + 1) % 10)
    validation = data.Labelled(EVERY_DIGIT[-COUNT:], EVERY_LABEL[-COUNT:])
    test = data.Labelled(TEST_DIGITS[:COUNT], TEST_LABELS[:COUNT])
    return data.Split(training, validation, training, test)


@pytest.fixture(scope="module", autouse=True)
def small_is_known():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(networks.NETWORKS, "small", networks.Network("small", small, 13_634, "black"))
        yield


@pytest.fixture(scope="module")
def two_runs():
    """Two runs of one seed that learn to read worse, with all that a recipe can have.

    Also the rows that were said of the second, and what its temperature was fitted to.
    """
    said, asked = [], []
    temperature = reader.temperature

    def asking(probabilities, labels):
        asked.append((probabilities, labels, temperature(probabilities, labels)))
        return asked[-1][-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data_sets, "split", few)
        patch.setattr(reader, "SCRIBBLES", 20)
        patch.setattr(reader, "RECIPES", {("small", "tried"): EVERYTHING})
        found = [reader.fit("small", "tried", 3, lambda run, epochs: None)]
        patch.setattr(reader, "temperature", asking)
        found.append(reader.fit("small", "tried", 3, lambda run, _: said.append({**run.rows[-1]})))
    return SimpleNamespace(runs=found, said=said, asked=asked)


@pytest.mark.slow
def test_a_run_is_complete(two_runs):
    run, _ = two_runs.runs
    assert run.key == ("small", "tried", 3)
    for row in run.rows:
        assert tuple(row) == training.COLUMNS
        assert (row["model"], row["protocol"], row["seed"]) == run.key
    first, last = run.rows
    measured = [f"{part}_{what}" for part in ("train", "test") for what in ("loss", "accuracy")]
    assert [first[name] for name in measured] == [None] * 4
    assert None not in last.values()
    assert list(run.predictions) == list(run.confidences) == list(run.weights) == [2]
    assert last["test_accuracy"] == np.mean(run.predictions[2] == TEST_LABELS[:COUNT])


@pytest.mark.slow
def test_equal_seeds_give_equal_runs(two_runs):
    one, other = two_runs.runs
    for row, same in zip(one.rows, other.rows, strict=True):
        assert {**row, "seconds": 0} == {**same, "seconds": 0}
    np.testing.assert_array_equal(one.confidences[2], other.confidences[2])
    for weights, same in zip(one.weights[2], other.weights[2], strict=True):
        np.testing.assert_array_equal(weights, same)


@pytest.mark.slow
def test_the_averaged_weights_are_those_that_are_validated_and_kept(two_runs):
    ((given, labels, _),) = two_runs.asked
    first, last = two_runs.said
    assert first["validation_loss"] != pytest.approx(last["validation_loss"], rel=1e-3)
    assert metrics.cross_entropy(labels, given) == pytest.approx(last["validation_loss"], rel=1e-4)


@pytest.mark.slow
def test_the_weights_are_those_of_the_predictions_and_as_sure_as_they_should_be(two_runs):
    run, _ = two_runs.runs
    model = networks.build(run.model)
    model.set_weights(run.weights[2])
    given = by_keras(model, TEST_DIGITS[:COUNT])
    np.testing.assert_array_equal(given.argmax(axis=1), run.predictions[2])
    np.testing.assert_allclose(given.max(axis=1), run.confidences[2], atol=1e-5)
    # The temperature that fits the validation digits best was set.
    ((before, labels, temperature),) = two_runs.asked
    np.testing.assert_array_equal(labels, EVERY_LABEL[-COUNT:])
    assert abs(temperature - 1) > 0.1
    after = by_keras(model, EVERY_DIGIT[-COUNT:])
    np.testing.assert_allclose(after, softmax(np.log(before) / temperature, axis=1), atol=1e-4)


def test_an_unknown_recipe_is_refused_with_those_there_are():
    for names in (("cnn", "fair"), ("reader", "plain")):
        with pytest.raises(
            ValueError, match=f"no recipe {' '.join(names)}; choose one of reader complete"
        ):
            reader.fit(*names)


@pytest.mark.parametrize("scale", [0.5, 3])
def test_a_temperature_is_the_best_of_many(scale):
    generator = np.random.default_rng(0)
    logits = scale * generator.normal(0, 2, (300, 10))
    labels = np.array([generator.choice(10, p=softmax(row / scale)) for row in logits])
    many = np.exp(np.linspace(-2, 2, 801))
    losses = [-log_softmax(logits / t, axis=1)[np.arange(300), labels].mean() for t in many]
    found = reader.temperature(softmax(logits, axis=1).astype(np.float32), labels)
    assert found == pytest.approx(many[np.argmin(losses)], rel=0.006)  # as the many are apart
    assert found == pytest.approx(scale, rel=0.2)


def test_a_certain_mistake_has_a_temperature():
    given = np.eye(10, dtype=np.float32)[[3, 3, 3]]
    assert np.exp(-2) < reader.temperature(given, np.array([3, 3, 5])) <= np.exp(2)


def numbered(count):
    """Digits that tell their own place by two pixels, of the labels 0 to 9 in turn."""
    digits = np.zeros((count, 28, 28), np.uint8)
    places = np.arange(count)
    digits[:, 0, 0], digits[:, 0, 1] = places % 256, places // 256
    return digits, places % 10


def epoch(shown):
    """The places of the digits that an epoch shows, with their targets, in its order."""
    batches = [shown[i] for i in range(len(shown))]
    images = np.concatenate([np.asarray(images) for images, _ in batches])
    places = np.rint(255 * images[:, 0, :2, 0]).astype(int) @ [1, 256]
    return places, np.concatenate([targets for _, targets in batches])


def test_every_epoch_has_its_own_order_and_every_seed():
    shown, again, other = (Batches(*numbered(256), PLAIN, seed) for seed in (0, 0, 1))
    first, _ = epoch(shown)
    np.testing.assert_array_equal(epoch(again)[0], first)
    assert sorted(first) == list(range(256))
    assert (epoch(other)[0] != first).any()
    shown.on_epoch_end()
    second, _ = epoch(shown)
    assert sorted(second) == list(range(256))
    assert np.mean(second == first) < 0.05


def test_scribbles_have_their_share_and_a_tenth_for_each_digit(monkeypatch):
    monkeypatch.setattr(reader, "SCRIBBLES", 30)
    shown = Batches(*numbered(300), replace(PLAIN, scribbles=0.07, turned=1 / 3), 4)
    assert len(shown) == 2
    digits, labels = numbered(300)
    turned = scribbles.turned(digits, labels, 10, 4)
    drawn = *scribbles.to_train_with(20, 4), *turned
    known = {picture.tobytes() for picture in drawn}
    drawn = []
    for images, targets in (shown[0], shown[1]):
        assert (targets[:119].max(axis=1) == 1).all()
        np.testing.assert_array_equal(targets[119:], np.full((9, 10), 0.1, np.float32))
        pictures = np.rint(255 * images[119:, ..., 0]).astype(np.uint8)
        drawn += [picture.tobytes() for picture in pictures]
    assert set(drawn) <= known
    assert len(set(drawn)) > 9  # every batch draws its own
    places = epoch(shown)[0].reshape(2, 128)[:, :119]
    assert len(set(places.flat)) == 2 * 119


def test_changes_are_drawn_anew_in_each_batch_and_epoch():
    digits, labels = np.repeat(EVERY_DIGIT[:1], 256, axis=0), np.full(256, 5)
    shown = Batches(digits, labels, replace(PLAIN, augmentation=Augmentation(shift=2)), 0)
    found = [np.asarray(shown[i][0]) for i in (0, 1, 0)]
    np.testing.assert_array_equal(found[0], found[2])
    shown.on_epoch_end()
    found.append(np.asarray(shown[0][0]))
    for other in (found[1], found[3]):
        assert (found[0] != other).any(axis=(1, 2, 3)).all()


def test_as_many_epochs_are_calm_as_the_recipe_says(monkeypatch):
    how = []
    augment = reader.augment
    monkeypatch.setattr(reader, "augment", lambda *given: how.append(given[1]) or augment(*given))
    for calm in (0, 2):
        recipe = replace(PLAIN, augmentation=Augmentation(shift=2), epochs=3, calm=calm)
        shown = Batches(*numbered(128), recipe, 0)
        for _ in range(recipe.epochs):
            shown.on_epoch_end()  # as Keras does before the first epoch too
            epoch(shown)
    assert [each.shift for each in how] == [2, 2, 2, 2, 1, 1]


def test_calmer_is_half_of_everything_but_rotation():
    calmer = Augmentation(25, 2, 0.12, 0.16, 0.2, 1, 0.25, 0.4).calmer()
    assert calmer == Augmentation(25, 1, 0.06, 0.08, 0.1, 0.5, 0.125, 0.2)
    assert NONE.calmer() == NONE


def test_the_schedule_rises_for_half_an_epoch_and_falls_to_a_fiftieth():
    model = networks.build("reader")
    recipe = replace(EVERYTHING, epochs=10)
    (swap,) = reader.schedule(model, recipe, 40)
    assert isinstance(swap, keras.callbacks.SwapEMAWeights)
    rate = model.optimizer._learning_rate
    at = [float(rate(step)) for step in (0, 10, 20, 210, 400, 500)]
    best, least = recipe.rate, recipe.rate / 50
    expected = [best / 10, 0.55 * best, best, (best + least) / 2, least, least]
    assert at == pytest.approx(expected, rel=1e-3)
    assert type(model.optimizer) is keras.optimizers.AdamW
    model.optimizer.build(model.trainable_variables)
    decayed = [v for v in model.trainable_variables if model.optimizer._use_weight_decay(v)]
    assert {v.name for v in decayed} == {"kernel"}
    assert len(decayed) == 6
