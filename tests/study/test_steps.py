"""What the steps are worth, measured on little."""

from functools import partial

import numpy as np
import pytest

from mnist_compare import data
from mnist_compare.findings import drawings, reader
from mnist_compare.predictor import UNSURE_BELOW
from mnist_compare.records.protocols import Protocol
from mnist_compare.study import fitting
from mnist_compare.study.changes import changed

_, (DIGITS, LABELS) = data.load("mnist")


@pytest.fixture
def unipen(tmp_path):
    """A file in which each writer draws a 1 and a 7 as lines, and writer 25 two more 1s."""
    path, text = tmp_path / "digits.tra", ".HIERARCHY      DIGIT\n\n"
    for writer in range(1, 31):
        for label in (1, 7, *(1, 1) * (writer == 25)):
            text += (
                f'.SEGMENT DIGIT    0 ? "{label}"\n.COMMENT {label} {writer}  224\n'
                f".PEN_DOWN\n 100  400\n {100 + 5 * writer + 20 * label}  100\n.PEN_UP\n.DT 100\n\n"
            )
    path.write_text(text)
    return path


def test_a_network_is_measured_on_everything(records, unipen, marked, monkeypatch):
    """One that reads 7 in everything, every fourth time surely, and is half sure of nothing."""
    asked = []

    def read(model, weights, pictures):
        assert (model, weights) == ("cnn", "the weights")
        asked.append(pictures)
        sure = np.where(np.arange(len(pictures)) % 4 == 0, 0.95, UNSURE_BELOW - 0.01)
        sure[~pictures.any(axis=(1, 2))] = 0.5
        given = np.repeat((1 - sure[:, None]) / 9, 10, axis=1)
        given[:, 7] = sure
        return given.astype(np.float32)

    monkeypatch.setattr(fitting, "read", read)
    monkeypatch.setattr(drawings, "CONDITIONS", drawings.CONDITIONS[:1])
    monkeypatch.setattr(reader, "no_digits", partial(reader.no_digits, 20))
    key = ("cnn", Protocol(recipe="plain"), 2)
    (rows,) = reader.measure(unipen, {key: "the weights"}, *key)
    assert {(*row[:3], row[-1]) for row in rows} == {("cnn", "plain", 2, "0123456789ab")}
    found = {name: value for *_, name, value, _ in rows}
    assert tuple(found) == reader.MEASURES

    # Nine writers whose 7 is read and 1 is not, and one of whose four digits a 7 is read.
    assert found["drawings"] == found["drawings_crop"] == pytest.approx((9 * 0.5 + 0.25) / 10)
    assert found["worst_writer"] == 0.25
    sevens = np.mean(LABELS[:100] == 7)
    assert [found[name] for name in ("rotation", "thin", "thick")] == [sevens] * 3
    assert [found[f"sure_{name}"] for name in ("curves", "walks", "letters")] == [0.25] * 3
    assert found["confidence_blank"] == 0.5

    digits = drawings.read(unipen)
    reported = range(40, len(digits))  # those before are of writers 1 to 20
    _, crop, center = drawings.pictures(digits, drawings.CONDITIONS[0], reported)
    changes = ("rotation", 30), ("stroke width", 0.5), ("stroke width", 2)
    expected = [center, crop, *(changed(DIGITS[:100], *change) for change in changes)]
    for pictures, those in zip(asked, expected, strict=False):
        np.testing.assert_array_equal(pictures, those)
