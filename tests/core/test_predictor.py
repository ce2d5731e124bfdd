import keras
import numpy as np
import pytest
from oracle import by_keras

from mnist_compare import data, predictor
from mnist_compare.files import compress
from mnist_compare.records import runs
from mnist_compare.records.fixed_point import fixed_point
from mnist_compare.records.networks import SERVED
from mnist_compare.weights import forward, layers

TEST_DIGITS, _ = data.load("mnist")[1]


def test_fixed_point_keeps_eleven_bits_of_the_largest_weight_of_each_output():
    kernel = np.array([[1.0, -0.999999, 0, 3e-5], [0.3, 0.5, 0, -1e-5]], np.float32)
    whole, unit = fixed_point(kernel)
    assert np.abs(whole).max(axis=0).tolist() == [1024, 2047, 0, 2013]
    assert (np.abs(whole * unit - kernel) <= unit).all()
    again, same = fixed_point(whole * unit)
    np.testing.assert_array_equal(again * same, whole * unit)


@pytest.mark.parametrize("name", SERVED)
def test_the_predictor_equals_keras(name):
    expected = by_keras(predictor.load_keras(name), TEST_DIGITS[:300])
    np.testing.assert_allclose(predictor.load(name)(TEST_DIGITS[:300]), expected, atol=1e-5)
    np.testing.assert_allclose(predictor.load(name)(TEST_DIGITS[1]), expected[1], atol=1e-5)
    np.testing.assert_allclose(expected.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    "digits",
    [np.zeros((28, 28)), np.zeros((27, 28), np.uint8), np.zeros(784, np.uint8), "seven"],
)
def test_what_is_no_digit_is_refused_in_words(digits):
    with pytest.raises(ValueError, match=r"must be uint8 of the shape \(28, 28\)"):
        predictor.load("mlp")(digits)


def test_every_step_computes_what_its_layer_does(tmp_path):
    same = keras.layers.Conv2D(3, (2, 5), padding="same", use_bias=False)
    model = keras.Sequential([
        keras.Input((28, 28, 1)), same, keras.layers.BatchNormalization(), keras.layers.ReLU(),
        keras.layers.MaxPooling2D(3), keras.layers.Conv2D(4, 4, activation="relu"),
        keras.layers.Flatten(), keras.layers.Dense(10),
    ])  # fmt: skip
    generator = np.random.default_rng(0)
    model.set_weights([generator.uniform(0.1, 1, each.shape) for each in model.get_weights()])
    model.save(tmp_path / "model.keras")
    images = generator.uniform(-1, 1, (2, 28, 28, 1)).astype(np.float32)
    found = forward.probabilities(layers.steps_in(tmp_path / "model.keras"), images)
    np.testing.assert_allclose(found, model.predict(images, verbose=0), rtol=1e-4)


def test_an_archive_keeps_its_arrays_when_it_is_compressed(tmp_path):
    path = tmp_path / "arrays.npz"
    np.savez_compressed(path, digits=TEST_DIGITS[:50])
    before = path.stat().st_size
    compress(path)
    assert path.stat().st_size < before
    np.testing.assert_array_equal(np.load(path)["digits"], TEST_DIGITS[:50])


@pytest.mark.parametrize("load", [predictor.load, predictor.load_keras, predictor.shipped])
def test_a_flipped_bit_in_weights_is_noticed(tmp_path, monkeypatch, load):
    """The file would be read, and answer a little differently."""
    content = bytearray((predictor.WEIGHTS / "mlp.keras").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "mlp.keras").write_bytes(content)
    monkeypatch.setattr(predictor, "WEIGHTS", tmp_path)
    predictor.shipped.cache_clear()
    with pytest.raises(ValueError, match=r"mlp\.keras are damaged\. .*git checkout"):
        load("mlp")
    (tmp_path / "mlp.keras").unlink()
    with pytest.raises(ValueError, match=r"no trained weights for 'mlp'.*git checkout"):
        load("mlp")


def test_a_percentage_never_claims_certainty():
    shown = {0.9996: "> 99.9%", 0.9995: "> 99.9%", 0.9994: "99.9%", 0.413: "41.3%"}
    assert {each: predictor.percentage(each) for each in shown} == shown


@pytest.mark.parametrize("model", SERVED)
def test_the_shipped_weights_answer_as_recorded(model):
    run = next(run for run in runs.reported(model) if run.seed == 0)
    recorded = run.predictions[run.rows[-1]["epoch"]]
    # Another machine may round another way; one digit may then change sides.
    answers = predictor.load(model)(TEST_DIGITS).argmax(axis=1)
    assert np.count_nonzero(answers != recorded) <= 1
