"""What a reader sees of a network that is trained before their eyes, and what is kept of it."""

import copy
import re
import shutil
from html import escape
from pathlib import Path

import nbformat
import numpy as np
import pypandoc
import pytest
from nbclient import NotebookClient

from mnist_compare import build_mlp, own_run, report, train, training
from mnist_compare.records import runs
from mnist_compare.report import build, comparison, live, one_run
from mnist_compare.report.sentences import verbatim

ROOT = Path(__file__).parents[2]
OTHER = "The recorded runs belong to a different network, so they are not compared with yours."


@pytest.fixture
def said(monkeypatch):
    """What a notebook would show, in order."""
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda thing, **_: shown.append(thing.data))
    return shown


def test_outside_a_notebook_a_line_tells_of_each_epoch_and_the_run_is_kept(records, capsys):
    run = train(build_mlp(), epochs=2, seed=1)
    lines = capsys.readouterr().out.splitlines()
    assert [f"seed 1 · epoch {epoch}/2" in line for epoch, line in zip((1, 2), lines, strict=True)]
    assert [row["epoch"] for row in run.measured] == [2]
    assert own_run("mlp").rows == run.rows
    np.testing.assert_array_equal(own_run("mlp").predictions[2], run.predictions[2])


def test_without_a_clone_a_network_trains_all_the_same(monkeypatch):
    def missing(*run):
        raise FileNotFoundError

    monkeypatch.setattr(live, "here", missing)
    monkeypatch.setattr(runs, "keep", missing)
    monkeypatch.setattr(training, "train", lambda model, epochs, seed, **rest: (model, epochs))
    assert train("a network", 3) == ("a network", 3)


def test_a_run_that_is_missing_is_trained(records, monkeypatch):
    monkeypatch.setattr(live, "train", lambda model: f"a run of {model.name}")
    assert own_run("mlp") == "a run of mlp"
    with pytest.raises(ValueError, match="There is no model 'rnn'"):
        own_run("rnn")


def test_without_records_a_sentence_says_what_is_missing(records, a_run, said):
    assert not report.recorded()
    assert not report.recorded("robustness.csv", a_run())
    assert "(confidences.npz, predictions.npz, runs.csv in `reports`)" in said[0]
    assert "robustness.csv" in said[1]
    assert "mnist_compare study" in said[1]


def test_a_run_is_compared_only_with_records_of_its_network(records, a_run, said):
    runs.write(a_run("mlp", seed=3), {})
    mine, other, short = a_run("mlp"), a_run("mlp"), a_run("mlp")
    assert report.recorded(mine)
    assert not said
    for row in other.rows:
        row["fingerprint"] = "ba9876543210"
    short.rows[-1]["epoch"] = 7
    assert not any(map(report.recorded, (other, a_run("mine"), short)))
    assert [OTHER in sentence for sentence in said] == [True, True, False]
    assert "5 and 10 epochs; this run was shorter" in said[2]


def test_the_place_of_a_run_among_the_recorded(as_records, a_run):
    models = ("mlp", "cnn")
    as_records([a_run(m, seed=s, test_accuracy=0.96 + s / 100) for m in models for s in range(3)])
    place = one_run.among(a_run("mlp", test_accuracy=0.98))
    assert (place["own"], place["inside"], place["chance"]) == (0.98, True, 0.5)
    recorded = place["recorded"]
    assert (recorded.lowest, recorded.highest, recorded.n) == (0.96, 0.98, 3)
    assert recorded.mean == pytest.approx(0.97)
    assert not one_run.among(a_run("mlp", test_accuracy=0.99))["inside"]


def test_the_table_of_ones_own_runs_by_hand(a_run):
    mlp = a_run("mlp", test_accuracy=0.97, at_five={"test_accuracy": 0.96})
    cnn = a_run("cnn", test_accuracy=0.98, at_five={"test_accuracy": 0.955})
    table = comparison.own_results(mlp, cnn)
    assert list(table) == ["MLP 5", "CNN 5", "CNN − MLP, 5", "MLP 10", "CNN 10", "CNN − MLP, 10"]
    assert table.loc["Test accuracy"].tolist() == [
        "96.00%", "95.50%", "−0.50", "97.00%", "98.00%", "+1.00",
    ]  # fmt: skip
    assert table.loc["Overfitting gap (points)", "CNN − MLP, 10"] == "−1.00"
    assert one_run.results(mlp).loc["Overfitting gap (points)"].tolist() == ["3.00", "2.00"]
    del cnn.rows[-1]
    assert list(comparison.own_results(mlp, cnn)) == ["MLP 5", "CNN 5", "CNN − MLP, 5", "MLP 10"]


def text(output):
    data = output.get("data", {})
    return output.get("text") or data.get("text/markdown") or data.get("text/plain", "")


def edited(notebook, folder, old, new):
    """Run a notebook on small data with something replaced in its cells; return it."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)
    for record in runs.FILES:
        shutil.copy(ROOT / "reports" / record.file, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNIST_COMPARE_SMALL", str(folder))
        where = {"metadata": {"path": str(ROOT / "notebooks")}}
        NotebookClient(notebook, timeout=300, resources=where).execute()
    return notebook


def shown(notebook):
    """Return what a notebook shows by its label, and all its words."""
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    labelled = {
        output.metadata["report"]["label"]: output.data.get("image/png") or text(output)
        for output in outputs
        if "label" in output.get("metadata", {}).get("report", {})
    }
    return labelled, "\n".join(map(text, outputs))


# What the chapter shows of the reader's own run, but for the drawing of the records beside it.
OWN = {
    "fig-network-mlp", "tab-layers-mlp",
    "tab-epochs-mlp", "fig-curve-mlp", "tab-run-mlp", "fig-confusion-mlp", "tab-per-digit-mlp",
    "fig-probabilities-mlp", "fig-first-predictions-mlp", "fig-wrong-mlp", "fig-first-layer-mlp",
    "fig-demo-mlp-resize",
}  # fmt: skip
BESIDE = {"fig-among-mlp", "fig-learning-curves-mlp"}


def test_an_edited_network_changes_every_table_and_is_compared_with_nothing(tmp_path):
    committed = nbformat.read(ROOT / "notebooks" / "02_mlp.ipynb", as_version=4)
    as_it_is, words = shown(committed)
    assert set(as_it_is) == OWN | BESIDE
    assert "the range of the 20 recorded runs" in words
    assert OTHER not in words

    changed, words = shown(edited(committed, tmp_path, 'activation="relu"', 'activation="tanh"'))
    assert set(changed) == OWN
    assert not [label for label in OWN if changed[label] == as_it_is[label]]
    assert words.count(OTHER) == 1
    assert "20 recorded runs" not in words


@pytest.mark.parametrize(
    "name", ["<b>x</b>", "*a* _b_ `c`", "$x$ [y](z) ~~w~~", "a\\b & c", "내 망"]
)
def test_a_network_of_any_name_is_shown_as_it_is_called(name):
    page = pypandoc.convert_text(verbatim(name), "html5", build.MARKDOWN)
    assert page == f"<p>{escape(name)}</p>\n"
    assert re.fullmatch(r"fig-curve-[\w-]+", report.label("fig", "curve", name))
