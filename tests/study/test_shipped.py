"""What is measured with the weights of seed 0, which come with the package."""

import numpy as np
import pytest

from mnist_compare import data, predictor
from mnist_compare.findings import robustness
from mnist_compare.records import runs
from mnist_compare.records.networks import COMPARED, SERVED
from mnist_compare.records.protocols import FAIR
from mnist_compare.study import shipped

_, (DIGITS, LABELS) = data.load("mnist")


def test_the_box_makes_a_small_digit_readable():
    rates = shipped.pipelines(DIGITS[:60], LABELS[:60])
    assert list(rates.index) == ["resize", "crop", "center"]
    assert rates.loc["center", "CNN, small"] > 0.9 > 0.5 > rates.loc["resize", "CNN, small"]


def test_maps_of_a_convolution_follow_a_shift_and_hidden_layers_do_not():
    maps, cnn, mlp = shipped.representations(DIGITS[:20], (0, 1, 3)).values()
    assert [each[0] for each in (maps, cnn, mlp)] == ["cnn", "cnn", "mlp"]
    assert maps[1] == [0, 1, 3]
    assert maps[2] == pytest.approx([1, 1, 1], abs=1e-4)
    for _, _, cosines, _ in (cnn, mlp):
        assert cosines[0] == pytest.approx(1, abs=1e-4)
        assert 1 > cosines[1] + 0.01 > cosines[2] + 0.02 > 0


def test_the_similarity_of_different_digits_is_that_of_neighbours():
    digits = DIGITS[:3]
    _, *hidden = shipped.representations(digits, (0, 1)).values()
    for model, _, _, other in hidden:
        one, two, three = shipped.layer_output(model, -2, digits).astype(float)
        pairs = ((one, two), (two, three), (three, one))
        expected = [a @ b / np.sqrt((a @ a) * (b @ b)) for a, b in pairs]
        assert other == pytest.approx(np.mean(expected), abs=1e-5)
        assert other < 0.95


def test_the_maps_shown_are_those_of_the_digit_and_its_shifted_self():
    (_, *digits), (_, *maps), (_, *pooled) = shipped.shifted_maps(DIGITS[0], 2)
    np.testing.assert_array_equal(digits[1], np.roll(DIGITS[0], 2, axis=1))
    assert maps[0].shape == (26, 26)
    np.testing.assert_allclose(maps[1][:, 2:], maps[0][:, :-2], atol=1e-5)
    # Two pixels are one place of the pooled map.
    np.testing.assert_allclose(pooled[1][:, 1:], pooled[0][:, :-1], atol=1e-5)
    np.testing.assert_allclose(pooled[0], maps[0].reshape(13, 2, 13, 2).max(axis=(1, 3)), atol=1e-6)
    assert maps[0].max() > 0


def test_a_shift_brings_in_empty_paper():
    """What leaves on the right does not come back on the left, as np.roll() would have it."""
    filled = np.arange(1, 28 * 28 + 1).reshape(28, 28).astype(np.uint8) | 1
    (_, _, moved), *_ = shipped.shifted_maps(filled, 3)
    assert (moved[:, :3] == 0).all()
    np.testing.assert_array_equal(moved[:, 3:], filled[:, :25])


@pytest.mark.parametrize("model", SERVED)
def test_the_shipped_weights_answer_as_recorded(model):
    run = next(run for run in runs.reported(model) if run.seed == 0)
    recorded = run.predictions[run.rows[-1]["epoch"]]
    # Another machine may round another way; one digit may then change sides.
    read = predictor.load(model)
    answers = np.concatenate([read(few).argmax(axis=1) for few in np.split(DIGITS, 10)])
    assert np.count_nonzero(answers != recorded) <= 1


@pytest.mark.parametrize("model", COMPARED)
def test_the_shipped_weights_read_changed_digits_as_recorded(model, tmp_path):
    path = tmp_path / "weights.npz"
    np.savez(path, *predictor.load_keras(model).get_weights())
    key = model, "fair", 0, "shift", 2.0, robustness.AS_IT_IS
    ((*found, accuracy, _),), ((*_, by_writer, _),) = robustness.measure(
        {(model, FAIR, 0): path}, *key[3:]
    )
    assert (*found,) == key
    recorded, of_writers = (
        runs.measured(record, FAIR).set_index([*record.keys])
        for record in (robustness.RECORD, robustness.BY_WRITER)
    )
    # Rounded weights read one or two of the 10,000 otherwise.
    assert accuracy == pytest.approx(recorded.accuracy[key], abs=3e-4)
    assert np.abs(by_writer.astype(int) - of_writers.right[key[:-1]]).sum() < 4
