"""What a reader sees of a network that is trained before their eyes, and what is kept of it."""

import shutil
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from mnist_compare import build_mlp, live, own_run, report, runs, tables, train

ROOT = Path(__file__).parents[1]
OTHER = "The recorded runs are runs of a different network, so they are not compared with yours."


def text(output):
    data = output.get("data", {})
    return output.get("text") or data.get("text/markdown") or data.get("text/plain", "")


@pytest.fixture
def said(monkeypatch):
    """What a notebook would show, in order."""
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda thing: shown.append(thing.data))
    return shown


@pytest.fixture
def recorded(records):
    """The committed records, where those of small data are."""
    records.mkdir(exist_ok=True)
    for name in ("runs.csv", "predictions.npz"):
        shutil.copy(ROOT / "reports" / name, records)
    return records


def test_outside_a_notebook_a_line_tells_of_each_epoch(records, capsys):
    run = train(build_mlp(), epochs=2, seed=1)
    lines = capsys.readouterr().out.splitlines()
    assert [f"seed 1 · epoch {epoch}/2" in line for epoch, line in zip((1, 2), lines, strict=True)]
    assert [row["epoch"] for row in run.measured] == [2]


def test_a_run_is_kept_until_the_next_of_its_network(records, capsys):
    trained = train(build_mlp(), epochs=2, seed=1)
    kept = own_run("mlp")
    assert kept.rows == trained.rows
    assert (kept.model, kept.protocol, kept.seed) == ("mlp", "fair", 1)
    for epoch in trained.predictions:
        np.testing.assert_array_equal(kept.predictions[epoch], trained.predictions[epoch])
        np.testing.assert_array_equal(kept.confidences[epoch], trained.confidences[epoch])
    assert train(build_mlp(), epochs=1, seed=2).rows == own_run("mlp").rows


def test_without_a_clone_a_network_trains_all_the_same(records, capsys, monkeypatch):
    def missing(name):
        raise FileNotFoundError

    monkeypatch.setattr(live, "_path", missing)
    assert train(build_mlp(), epochs=1).measured


def test_a_run_that_is_missing_or_damaged_is_trained(records, capsys, monkeypatch):
    monkeypatch.setattr(live, "train", lambda model: f"a run of {model.name}")
    assert own_run("mlp") == "a run of mlp"
    path = live._path("mlp")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half a fi")
    assert own_run("mlp") == "a run of mlp"
    with pytest.raises(ValueError, match="There is no model 'rnn'"):
        own_run("rnn")


def test_without_records_a_sentence_says_what_is_missing(records, a_run, said):
    assert not report.recorded()
    assert not report.recorded("robustness.csv", a_run())
    assert "(predictions.npz, runs.csv in `reports`)" in said[0]
    assert "robustness.csv" in said[1]
    assert "mnist_compare study" in said[1]


def test_a_run_is_compared_only_with_records_of_its_network(records, a_run, said):
    runs.write(a_run("mlp", seed=3), {})
    mine, other, short = a_run("mlp"), a_run("mlp"), a_run("mlp")
    assert report.recorded(mine)
    assert not said
    for row in other.rows:
        row["fingerprint"] = "ba9876543210"
    assert not report.recorded(mine, other)
    assert not report.recorded(a_run("mine"))
    short.rows[-1]["epoch"] = 7
    assert not report.recorded(short)
    assert [OTHER in sentence for sentence in said] == [True, True, False]
    assert "5 and 10 epochs; this run was shorter" in said[2]


def test_the_place_of_a_run_among_the_recorded(as_records, a_run):
    models = ("mlp", "cnn")
    as_records([a_run(m, seed=s, test_accuracy=0.96 + s / 100) for m in models for s in range(3)])
    place = tables.among(a_run("mlp", test_accuracy=0.98))
    assert place == {
        "own": 0.98, "mean": pytest.approx(0.97), "low": 0.96, "high": 0.98,
        "inside": True, "seeds": 3, "chance": 0.5,
    }  # fmt: skip
    assert not tables.among(a_run("mlp", test_accuracy=0.99))["inside"]


def test_the_table_of_ones_own_runs_by_hand(a_run):
    mlp = a_run("mlp", test_accuracy=0.97, at_five={"test_accuracy": 0.96})
    cnn = a_run("cnn", test_accuracy=0.98, at_five={"test_accuracy": 0.955})
    table = tables.own_results(mlp, cnn)
    assert list(table) == ["MLP 5", "CNN 5", "CNN − MLP, 5", "MLP 10", "CNN 10", "CNN − MLP, 10"]
    assert table.loc["Test accuracy"].tolist() == [
        "96.00%", "95.50%", "−0.50", "97.00%", "98.00%", "+1.00",
    ]  # fmt: skip
    assert table.loc["Overfitting gap (points)", "CNN − MLP, 10"] == "−1.00"
    assert tables.of_run(mlp).loc["Overfitting gap (points)"].tolist() == ["3.00", "2.00"]
    del cnn.rows[-1]
    assert list(tables.own_results(mlp, cnn)) == ["MLP 5", "CNN 5", "CNN − MLP, 5", "MLP 10"]


@pytest.fixture(scope="module")
def chapter(tmp_path_factory):
    """Run the chapter on the perceptron, as it is or edited, on small data; return its outputs."""
    folder = tmp_path_factory.mktemp("chapter")
    for name in ("mnist_compare", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)

    def execute(old="", new="", with_records=True):
        notebook = nbformat.read(folder / "notebooks" / "02_mlp.ipynb", as_version=4)
        for cell in notebook.cells:
            cell.source = cell.source.replace(old, new) if old else cell.source
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MNIST_COMPARE_FAST", "1")
            patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("records")))
            patch.setattr("tempfile.tempdir", None)
            if with_records:
                runs.folder().mkdir()
                for name in ("runs.csv", "predictions.npz"):
                    shutil.copy(ROOT / "reports" / name, runs.folder())
            patch.setattr("tempfile.tempdir", None)
            client = NotebookClient(
                notebook, timeout=300, resources={"metadata": {"path": str(folder / "notebooks")}}
            )
            client.execute()
        outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
        shown = {
            output.metadata["report"]["label"]: output.data.get("image/png") or text(output)
            for output in outputs
            if "label" in output.get("metadata", {}).get("report", {})
        }
        return shown, "\n".join(map(text, outputs))

    return execute


# What the chapter shows of the reader's own run, but for the drawing of the records beside it.
OWN = {
    "tab-epochs-mlp", "fig-curve-mlp", "tab-run-mlp", "fig-confusion-mlp", "tab-per-digit-mlp",
    "fig-probabilities-mlp", "fig-first-predictions-mlp", "fig-wrong-mlp", "fig-first-layer-mlp",
    "fig-demo-mlp-resize",
}  # fmt: skip
BESIDE = {"fig-among-mlp", "fig-learning-curves-mlp", "tab-reported-mlp"}


def test_an_edited_network_changes_every_table_and_is_compared_with_nothing(chapter):
    as_it_is, words = chapter()
    assert set(as_it_is) == OWN | BESIDE
    assert "the range of the 20 recorded runs" in words
    assert OTHER not in words

    edited, words = chapter('activation="relu"', 'activation="tanh"')
    assert set(edited) == OWN
    assert not [label for label in OWN if edited[label] == as_it_is[label]]
    assert words.count(OTHER) == 1
    assert "20 recorded runs" not in words


def test_without_records_the_chapter_trains_tabulates_and_draws(chapter):
    shown, words = chapter(with_records=False)
    assert set(shown) == OWN
    assert words.count("This part needs records that are missing") == 1
