import json

import numpy as np
import pytest

from mnist_compare import bench, repository, tables

RECORD = {
    "rows": {
        "mlp epoch": {
            "baseline": "Keras fit()",
            "ours": "compiled epoch",
            "operations": 3e9,
            "peak": 100e9,
            "pairs": [[4.0, 1.0], [6.0, 1.0], [5.0, 0.5]],
        },
        "a step of the cnn": {
            "baseline": "stock",
            "ours": "rearranged",
            "pairs": [[0.006, 0.001, "convolution, ReLU, pooling"], [0.002, 0.002, "dense"]],
        },
        "experiment": {
            "baseline": "four trainings",
            "ours": "two",
            "pairs": [
                [50, 10, {"plain": {"mlp_5": 0.97}, "ours": {"mlp_5": 0.98}}],
                [60, 10, {"plain": {"mlp_5": 0.98}, "ours": {"mlp_5": 0.98}}],
            ],
        },
    }
}


def test_ratios_are_those_of_pairs():
    table = tables.speed(RECORD)
    assert table.loc["mlp epoch", "Times faster"] == "6 (4 to 10)"
    assert table.loc["mlp epoch", "Baseline"] == "Keras fit(): 5 s"
    assert "a step of the cnn" not in table.index


def test_numbers_by_hand():
    numbers = tables.speed_numbers(RECORD)
    assert numbers["mlp_epoch_times"] == 6
    assert numbers["mlp_share_of_peak"] == pytest.approx(0.03)
    assert numbers["rest_of_step"] == pytest.approx(2 / 3)
    assert numbers["accuracy_mlp_5"] == pytest.approx(0.005)


def test_parts_in_milliseconds():
    assert tables.step_parts(RECORD).values.tolist() == [
        ["convolution, ReLU, pooling", "6.00", "1.00"],
        ["dense", "2.00", "2.00"],
    ]


def test_measured_rows_are_recorded_one_by_one(tmp_path, monkeypatch):
    monkeypatch.setattr(repository, "folder", lambda: tmp_path)
    made_up = {
        "fast": ("slow", "quick", lambda n: iter([(2.0, 1.0)] * n)),
        "none": ("a", "b", lambda n: ()),
    }
    monkeypatch.setattr(bench, "ROWS", made_up)
    lines = []
    found = bench.measure((), 3, lines.append)
    assert list(found["rows"]) == ["fast"]
    assert found == json.loads((tmp_path / "reports" / "bench.json").read_text())
    assert found["rows"]["fast"]["pairs"] == [[2.0, 1.0]] * 3
    assert any("not installed" in line for line in lines)


def test_an_unknown_row_is_refused_with_the_rows_there_are():
    with pytest.raises(ValueError, match=r"no row 'gpu'; choose among mlp epoch"):
        bench.measure(["gpu"])


def test_alternate_warms_up_and_alternates():
    calls = []
    pairs = list(bench.alternate(lambda: calls.append("a"), lambda: calls.append("b"), 2))
    assert calls == ["a", "b"] * 3
    assert np.array(pairs).shape == (2, 2)
