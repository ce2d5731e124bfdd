import json

import pytest

from mnist_compare.__main__ import main
from mnist_compare.bench import timing
from mnist_compare.records import timings as record
from mnist_compare.report.chapters import speed as chapter

ROWS = {
    "mlp epoch": {
        "baseline": "Keras fit()",
        "ours": "compiled epoch",
        "operations": 3e9,
        "peak": 100e9,
        "pairs": [[4.0, 1.0], [6.0, 1.0], [5.0, 0.5]],
    },
    "experiment": {
        "baseline": "four trainings",
        "ours": "two",
        "pairs": [[50, 10], [60, 10]],
        "accuracies": [
            {"plain": {"mlp_5": 0.97}, "ours": {"mlp_5": 0.98}},
            {"plain": {"mlp_5": 0.98}, "ours": {"mlp_5": 0.98}},
        ],
    },
}
ROWS["cnn epoch"] = ROWS["mlp epoch"] | {"operations": 12e9, "peak": 200e9, "pairs": [[15.0, 3.0]]}
ROWS["mlp epoch, PyTorch"] = {"baseline": "PyTorch", "ours": "…", "pairs": [[2.0, 1.0]]}
ROWS["cnn epoch, PyTorch"] = {"baseline": "PyTorch", "ours": "…", "pairs": [[12.0, 1.0]]}


def test_ratios_are_those_of_pairs():
    table = chapter.table(ROWS)
    assert table.loc["mlp epoch", "Times faster"] == "6 (4 to 10)"
    assert table.loc["mlp epoch", "Baseline"] == "Keras fit(): 5 s"


def test_numbers_by_hand():
    assert chapter.times_faster(ROWS)["mlp epoch"] == 6
    mlp, cnn = (chapter.epoch(ROWS, model) for model in ("mlp", "cnn"))
    assert (mlp.share_of_peak, cnn.share_of_peak) == pytest.approx((0.03, 0.02))
    assert cnn.operations / mlp.operations == 4
    assert mlp.peak == cnn.peak / 2 == 100
    assert chapter.beside_keras(ROWS)["mlp", 5].values == pytest.approx([0.01, 0])


def test_measured_rows_are_recorded_together(records, monkeypatch, capsys):
    accuracies = {"plain": {"mlp_5": 0.97}, "ours": {"mlp_5": 0.98}}
    made_up = {
        "fast": ("slow", "quick", lambda n: iter([(2.0, 1.0)] * n)),
        "equal": ("slow", "quick", lambda n: iter([(3.0, 1.0, accuracies)] * n)),
    }
    monkeypatch.setattr(timing, "ROWS", made_up)
    assert main(["bench", "--repetitions", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == record.read() == json.loads((records / "bench.json").read_text())
    assert found["rows"]["fast"]["pairs"] == [[2.0, 1.0]] * 3
    assert found["rows"]["equal"]["accuracies"] == [accuracies] * 3
    assert main(["bench", "fast", "--repetitions", "1"]) == 0
    assert list(record.read()["rows"]) == ["fast", "equal"]


def test_a_row_that_fails_leaves_the_record_as_it_was(records, monkeypatch):
    made_up = {
        "fast": ("slow", "quick", lambda n: iter([(2.0, 1.0)] * n)),
        "broken": ("slow", "quick", lambda n: iter([1 / 0])),
    }
    monkeypatch.setattr(timing, "ROWS", made_up)
    with pytest.raises(ZeroDivisionError):
        timing.measure()
    assert not (records / "bench.json").exists()


def test_every_row_of_the_committed_record_can_be_measured():
    rows = record.read()["rows"]
    assert rows.keys() == timing.ROWS.keys()
    for name, row in rows.items():
        assert (row["baseline"], row["ours"]) == timing.ROWS[name][:2]
        assert all(len(pair) == 2 for pair in row["pairs"])


def test_alternate_warms_up_and_alternates():
    calls = []
    pairs = list(timing.alternate(lambda: calls.append("a"), lambda: calls.append("b"), 2))
    assert calls == ["a", "b"] * 3
    assert [len(pair) for pair in pairs] == [2, 2]
