import keras
import numpy as np
import pytest

from mnist_compare import data, fast_cnn, models, runs, training


def quiet(run, epochs):
    """Swallow progress."""


def without_seconds(run):
    return [{k: v for k, v in row.items() if k != "seconds"} for row in run.rows]


@pytest.fixture(scope="module")
def ten_epochs():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNIST_COMPARE_FAST", "1")
        return {name: training.train(name, 10, seed=3, progress=quiet) for name in ("mlp", "cnn")}


@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_the_same_seed_gives_the_same_run_and_five_epochs_are_the_first_half_of_ten(
    records, ten_epochs, name
):
    # A separate run of five epochs with the same seed shows both at once, bit for bit.
    whole, half = ten_epochs[name], training.train(name, 5, seed=3, progress=quiet)
    assert without_seconds(half) == without_seconds(whole)[:5]
    np.testing.assert_array_equal(half.predictions[5], whole.predictions[5])
    for one, other in zip(half.weights[5], whole.weights[5], strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_run_is_complete(ten_epochs):
    run = ten_epochs["cnn"]
    assert [row["epoch"] for row in run.rows] == list(range(1, 11))
    reported = [row["epoch"] for row in run.rows if row["test_accuracy"] is not None]
    assert reported == [5, 10] == list(run.weights) == list(run.predictions)
    assert all(row["parameters"] == 542_230 and row["seconds"] > 0 for row in run.rows)
    assert set(run.rows[0]) == set(runs.COLUMNS)


def test_recorded_accuracy_is_that_of_the_recorded_predictions(ten_epochs):
    _, (_, labels) = data.load_mnist()
    for run in ten_epochs.values():
        assert run.rows[9]["test_accuracy"] == np.mean(run.predictions[10] == labels)


def test_other_seeds_give_other_runs(records, ten_epochs):
    other = training.train("mlp", 1, seed=4, progress=quiet)
    assert without_seconds(other)[0] != without_seconds(ten_epochs["mlp"])[0]


@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_a_compiled_epoch_equals_a_plain_keras_fit(name):
    (digits, labels), _ = data.load_mnist()
    digits, labels = digits[:336], labels[:336]  # ten batches of 32 and one of 16
    order = np.random.default_rng(0).permutation(len(digits))

    keras.utils.set_random_seed(0)
    plain = models.build(name)
    targets = data.one_hot(labels) if name == "cnn" else labels
    images = data.scale(digits).reshape(-1, *plain.input_shape[1:])
    history = plain.fit(
        images[order], targets[order], batch_size=32, epochs=1, shuffle=False, verbose=0
    ).history

    keras.utils.set_random_seed(0)
    ours = models.build(name)
    loss, accuracy = training.compiled_epoch(ours, digits, labels)(order)

    assert loss == pytest.approx(history["loss"][0], rel=1e-4)
    assert accuracy == pytest.approx(history["accuracy"][0], abs=1e-6)
    for one, other in zip(ours.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-4)


def test_fifty_steps_by_the_formulas_are_those_of_keras_and_repeat_bit_for_bit():
    (digits, labels), _ = data.load_mnist()
    digits, labels, order = digits[:1600], labels[:1600], np.arange(1600)

    def fresh():
        keras.utils.set_random_seed(0)
        return models.build_cnn()

    plain, ours, again = fresh(), fresh(), fresh()
    assert fast_cnn.knows(ours)
    images, targets = training.as_input(plain, digits), data.one_hot(labels)
    plain.fit(images, targets, batch_size=32, shuffle=False, verbose=0)
    for model in (ours, again):
        training.compiled_epoch(model, digits, labels)(order)
    for found, repeated, expected in zip(
        ours.get_weights(), again.get_weights(), plain.get_weights(), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5)
        np.testing.assert_array_equal(found, repeated)


def test_only_the_network_of_the_formulas_is_trained_by_them():
    changed = models.build_cnn()
    changed.compile(keras.optimizers.Adam(0.01), "categorical_crossentropy")
    known = [name for name in models.BUILDERS if fast_cnn.knows(models.build(name))]
    assert known == ["cnn", "cnn_14_43"]
    assert not fast_cnn.knows(changed)


@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_compiled_probabilities_are_those_of_keras_and_follow_the_weights(name):
    _, (digits, _) = data.load_mnist()
    model = models.build(name)
    read = training.compiled_probabilities(model)
    before = read(digits[:1200])
    np.testing.assert_allclose(before, training.probabilities(model, digits[:1200]), atol=1e-6)
    model.set_weights([weights * 0.5 for weights in model.get_weights()])
    after = read(digits[:1200])
    np.testing.assert_allclose(after, training.probabilities(model, digits[:1200]), atol=1e-6)
    assert not np.allclose(before, after)


@pytest.mark.parametrize("name", ["mlp", "cnn", "mlp_512_256"])
def test_stored_weights_read_as_the_keras_model_that_they_are_of(tmp_path, name):
    """Of two networks in turn: the one does not stay in the other's place."""
    _, (digits, _) = data.load_mnist()
    expected = []
    for seed in (0, 1):
        keras.utils.set_random_seed(seed)
        model = models.build(name)
        np.savez(tmp_path / f"{seed}.npz", *model.get_weights())
        images = data.scale(digits[:1100]).reshape(-1, *model.input_shape[1:])
        expected.append(model.predict(images, verbose=0))
    assert not np.allclose(*expected, atol=1e-3)
    for seed in (0, 1, 0):
        found = training.read(name, tmp_path / f"{seed}.npz", digits[:1100])
        np.testing.assert_allclose(found, expected[seed], atol=1e-6)


def test_both_models_see_the_same_digits_under_the_fair_protocol():
    for mlp, cnn in zip(
        training.digits_of("mlp", "fair", 0), training.digits_of("cnn", "fair", 0), strict=True
    ):
        np.testing.assert_array_equal(mlp[1], cnn[1])
    sizes = [len(labels) for _, labels in training.digits_of("cnn", "fair", 0)]
    assert sizes == [54_000, 6_000, 54_000, 10_000]


def test_the_source_protocol_is_the_source_reports():
    (_, y_train), (_, y_test) = data.load_mnist()
    trained, validated, evaluated, _ = training.digits_of("mlp", "source", 0)
    assert (len(trained[1]), len(validated[1]), len(evaluated[1])) == (54_000, 6_000, 60_000)
    np.testing.assert_array_equal(validated[1], y_train[-6_000:])
    trained, validated, evaluated, _ = training.digits_of("cnn", "source", 0)
    assert (len(trained[1]), len(evaluated[1])) == (60_000, 60_000)
    np.testing.assert_array_equal(validated[1], y_test)


def test_bad_arguments_are_refused_in_words():
    with pytest.raises(ValueError, match="no protocol 'unfair'"):
        training.train("mlp", protocol="unfair")
    with pytest.raises(ValueError, match="1 or more, not 0"):
        training.train("mlp", epochs=0)
    with pytest.raises(ValueError, match="no model 'rnn'"):
        training.train("rnn")


@pytest.mark.parametrize("name", ["reader", "cnn_normalized"])
def test_a_network_with_recipes_of_its_own_is_refused_with_who_trains_it(name):
    with pytest.raises(ValueError, match=rf"{name} has recipes .* reader\.train\(\)"):
        training.train(name, 1)


def small(*middle, shape=(28, 28), **settings):
    flat = [keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
    model = keras.Sequential([keras.Input(shape), *middle, *flat], name="small")
    model.compile(**{"optimizer": "sgd", "loss": "sparse_categorical_crossentropy"} | settings)
    return model


@pytest.mark.parametrize(
    "build",
    [
        small,
        lambda: small(shape=(784,), optimizer=keras.optimizers.Adam(0.01)),
        lambda: small(loss=keras.losses.SparseCategoricalCrossentropy()),
        lambda: small(loss=keras.losses.sparse_categorical_crossentropy),
        lambda: small(loss="categorical_crossentropy"),
        lambda: small(keras.layers.Flatten(), keras.layers.BatchNormalization()),
        lambda: small(keras.layers.Flatten(), keras.layers.Dense(9, kernel_regularizer="l2")),
        models.build_cnn,
    ],
)
def test_a_network_of_ones_own_is_trained_as_keras_would(records, build):
    model = build()
    run = training.train(model, 2, seed=3, progress=quiet)

    keras.utils.set_random_seed(3)
    plain = build()
    (digits, labels), _, _, test = training.digits_of(plain.name, "fair", 3)
    one_hot = plain.loss == "categorical_crossentropy"
    targets = data.one_hot(labels) if one_hot else labels
    images = training.as_input(plain, digits)
    for epoch in (1, 2):
        order = np.random.default_rng([3, epoch]).permutation(len(digits))
        plain.fit(images[order], targets[order], batch_size=32, shuffle=False, verbose=0)
    for one, other in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=5e-4)
    accuracy = np.mean(training.probabilities(model, test[0]).argmax(axis=1) == test[1])
    assert run.rows[-1]["test_accuracy"] == pytest.approx(accuracy, abs=1e-3)


def test_training_leaves_the_loss_of_a_network_as_it_was(records):
    model = small(loss=keras.losses.SparseCategoricalCrossentropy())
    training.train(model, 1, progress=quiet)
    assert model.loss.reduction == "sum_over_batch_size"


def test_a_network_begins_anew_each_time_it_is_trained(records):
    model = small(keras.layers.Flatten(), keras.layers.Dense(16, "relu"), optimizer="adam")
    first, second = (training.train(model, 1, seed=1, progress=quiet) for _ in range(2))
    assert without_seconds(first) == without_seconds(second)


def test_a_network_by_hand_is_the_one_of_its_name(records, ten_epochs):
    own = training.train(models.build_mlp(), 5, seed=3, progress=quiet)
    assert without_seconds(own) == without_seconds(ten_epochs["mlp"])[:5]


def test_a_dropped_neuron_stays_dropped_in_training_only(records):
    model = small(keras.layers.Flatten(), keras.layers.Dropout(0.5))
    row = training.train(model, 1, progress=quiet).rows[-1]
    assert row["running_accuracy"] < row["train_accuracy"]


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten()]), "not compiled"),
        (lambda: small(shape=(14, 14)), r"takes input of shape \(14, 14\)"),
        (lambda: compiled(keras.layers.Dense(10, "sigmoid")), "ten probabilities"),
        (lambda: compiled(keras.layers.Dense(10)), "ten probabilities"),
        (lambda: compiled(keras.layers.Dense(9, "softmax")), "ten probabilities"),
        (lambda: unbuilt(), r"begin with keras.Input"),
    ],
)
def test_what_cannot_be_trained_on_digits_gets_a_sentence(records, build, sentence):
    with pytest.raises(ValueError, match=sentence):
        training.train(build(), 1, progress=quiet)


def compiled(last):
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), last])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def unbuilt():
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def test_the_environment_names_what_a_reader_needs():
    found = training.environment()
    assert found["data_sha256"] == data.sha256()
    assert {"python", "tensorflow", "keras", "devices", "cores", "threads_per_run", "commit"} <= {
        *found
    }


def test_a_small_set_is_the_same_for_every_model_and_of_the_54000():
    (digits, labels), *_ = training.digits_of("mlp", "100_digits", 3)
    (others, _), validated, evaluated, _ = training.digits_of("cnn", "100_digits", 3)
    assert len(digits) == len(labels) == len(evaluated[0]) == 100
    np.testing.assert_array_equal(digits, others)
    assert len(validated[0]) == 6000
    (everything, _), *_ = training.digits_of("mlp", "fair", 0)
    known = {digit.tobytes() for digit in everything}
    assert all(digit.tobytes() in known for digit in digits)
    assert (training.digits_of("mlp", "100_digits", 4)[0][0] != digits).any()


def test_an_epoch_shows_a_small_set_often_and_a_large_one_once():
    small = training._order(100, seed=0, epoch=1)
    assert len(small) == 6400
    np.testing.assert_array_equal(np.bincount(small), np.full(100, 64))
    np.testing.assert_array_equal(
        training._order(54_000, seed=2, epoch=3),
        np.random.default_rng([2, 3]).permutation(54_000),
    )
