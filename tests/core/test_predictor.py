import os
import shutil

import numpy as np
import pytest
from oracle import by_keras

from mnist_compare import data, predictor
from mnist_compare.page import weights
from mnist_compare.records import runs
from mnist_compare.records.fixed_point import fixed_point
from mnist_compare.records.networks import SERVED

LOADERS = [predictor.load, predictor.load_keras, weights.layers]
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
    expected = by_keras(predictor.load_keras(name), TEST_DIGITS[:200])
    np.testing.assert_allclose(predictor.load(name)(TEST_DIGITS[:200]), expected, atol=1e-5)
    np.testing.assert_allclose(predictor.load(name)(TEST_DIGITS[1]), expected[1], atol=1e-5)
    np.testing.assert_allclose(expected.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    "digits",
    [np.zeros((28, 28)), np.zeros((27, 28), np.uint8), np.zeros(784, np.uint8), "seven"],
)
def test_what_is_no_digit_is_refused_in_words(digits):
    with pytest.raises(ValueError, match=r"must be uint8 of the shape \(28, 28\)"):
        predictor.load("mlp")(digits)


@pytest.mark.parametrize(
    ("load", "file"), [*zip(LOADERS, ("mlp.onnx", "mlp.keras", "mlp.keras"), strict=True)]
)
def test_a_flipped_bit_in_weights_is_noticed(tmp_path, monkeypatch, load, file):
    """The file would be read, and answer a little differently."""
    content = bytearray((predictor.WEIGHTS / file).read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / file).write_bytes(content)
    shutil.copy(predictor.WEIGHTS / predictor.SUMS, tmp_path)
    monkeypatch.setattr(predictor, "WEIGHTS", tmp_path)
    predictor._shipped.cache_clear()
    with pytest.raises(ValueError, match=rf"{file} are missing or damaged\. .*git checkout"):
        load("mlp")
    (tmp_path / file).unlink()
    with pytest.raises(ValueError, match=f"{file} are missing or damaged"):
        load("mlp")
    (tmp_path / predictor.SUMS).write_text("{")
    with pytest.raises(ValueError, match=rf"{predictor.SUMS} cannot be read .*git checkout"):
        load("mlp")
    predictor._shipped.cache_clear()


def test_a_path_may_be_of_any_bytes(tmp_path):
    folder = tmp_path / os.fsdecode(b"\xff")
    folder.mkdir()
    path = shutil.copy(predictor.WEIGHTS / "mlp.onnx", folder)
    assert predictor.open_onnx(path)(TEST_DIGITS[0]).argmax() == 7


def test_a_percentage_never_claims_certainty():
    shown = {0.9996: "> 99.9%", 0.9995: "> 99.9%", 0.9994: "99.9%", 0.413: "41.3%"}
    assert {each: predictor.percentage(each) for each in shown} == shown


@pytest.mark.parametrize("model", SERVED)
def test_the_shipped_weights_answer_as_recorded(model):
    run = next(run for run in runs.reported(model) if run.seed == 0)
    recorded = run.predictions[run.rows[-1]["epoch"]]
    # Another machine may round another way; one digit may then change sides.
    read = predictor.load(model)
    answers = np.concatenate([read(few).argmax(axis=1) for few in np.split(TEST_DIGITS, 10)])
    assert np.count_nonzero(answers != recorded) <= 1
