"""What is measured with the weights of seed 0, which come with the package."""

import numpy as np
import pytest

from mnist_compare import data, predictor
from mnist_compare.findings import equivariance
from mnist_compare.records import networks, runs
from mnist_compare.records.networks import SERVED

ALIKE = {
    "maps": ("cnn", [0, 1], [1, 1], 0.4),
    "hidden": ("cnn", [0, 1], [1, 0.8], 0.3),
    "hidden MLP": ("mlp", [0, 1], [1, 0.5], 0.2),
}

_, (DIGITS, LABELS) = data.load("mnist")


def test_maps_of_a_convolution_follow_a_shift_and_hidden_layers_do_not():
    maps, cnn, mlp = equivariance.representations(DIGITS[:20], (0, 1, 3)).values()
    assert [each[0] for each in (maps, cnn, mlp)] == ["cnn", "cnn", "mlp"]
    assert maps[1] == [0, 1, 3]
    assert maps[2] == pytest.approx([1, 1, 1], abs=1e-4)
    for _, _, cosines, _ in (cnn, mlp):
        assert cosines[0] == pytest.approx(1, abs=1e-4)
        assert 1 > cosines[1] + 0.01 > cosines[2] + 0.02 > 0


def test_the_similarity_of_different_digits_is_that_of_neighbours():
    digits = DIGITS[:3]
    _, *hidden = equivariance.representations(digits, (0, 1)).values()
    for model, _, _, other in hidden:
        one, two, three = equivariance.layer_output(model, -2, digits).astype(float)
        pairs = ((one, two), (two, three), (three, one))
        expected = [a @ b / np.sqrt((a @ a) * (b @ b)) for a, b in pairs]
        assert other == pytest.approx(np.mean(expected), abs=1e-5)
        assert other < 0.95


def test_the_maps_shown_are_those_of_the_digit_and_its_shifted_self():
    (_, *digits), (_, *maps), (_, *pooled) = equivariance.shifted_maps(DIGITS[0], 2)
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
    (_, _, moved), *_ = equivariance.shifted_maps(filled, 3)
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


def test_dotted_lines_show_how_alike_different_digits_are(monkeypatch):
    """Of the hidden layers; one of the maps would be a third line between the two."""
    maps = [("digit", np.eye(28), np.eye(28)), ("map", np.eye(26), np.eye(26))]
    monkeypatch.setattr(equivariance, "shifted_maps", lambda *_: maps)
    monkeypatch.setattr(equivariance, "representations", lambda *_: ALIKE)
    lines = equivariance.figure(DIGITS[:1]).subfigs[1].axes[0].lines
    shown = [(line.get_linestyle(), list(line.get_ydata()), line.get_color()) for line in lines]
    mlp, cnn = networks.colour("mlp"), networks.colour("cnn")
    of_cnn = [("--", [1, 1], cnn), ("-", [1, 0.8], cnn), (":", [0.3, 0.3], cnn)]
    assert shown == [*of_cnn, ("-", [1, 0.5], mlp), (":", [0.2, 0.2], mlp)]
