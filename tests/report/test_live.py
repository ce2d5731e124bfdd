"""What a reader sees of a network that is trained before their eyes, and what is kept of it."""

import copy
import shutil
from html import escape
from pathlib import Path

import nbformat
import numpy as np
import pypandoc
import pytest
from nbclient import NotebookClient
from report.drafts import FEWER_DIGITS

from mnist_compare import build_mlp, own_run
from mnist_compare.findings import comparison, one_run, recorded, speed
from mnist_compare.records import runs
from mnist_compare.report.book import options, pandoc
from mnist_compare.report.live import train
from mnist_compare.report.words import spoken
from mnist_compare.report.words.sentences import verbatim

ROOT = Path(__file__).parents[2]
OTHER = "It is another network than that of the recorded runs, or was trained in another way"


@pytest.fixture
def said(monkeypatch):
    """The sentences that a notebook would show, in order."""
    found = []

    def display(thing, **_):
        if isinstance(thing, spoken.Said):
            found.append(thing.in_language("en")[0]["text/markdown"])

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr(recorded, "_reported_missing", set())
    return found


def test_outside_a_notebook_a_line_tells_of_each_epoch_and_the_run_is_kept(records, capsys):
    run = train(build_mlp(), epochs=2, seed=1)
    lines = capsys.readouterr().out.splitlines()
    assert [f"seed 1 · epoch {epoch}/2" in line for epoch, line in zip((1, 2), lines, strict=True)]
    assert [row["epoch"] for row in run.measured] == [2]
    assert own_run("mlp").rows == run.rows
    np.testing.assert_array_equal(own_run("mlp").predictions[2], run.predictions[2])


def test_what_is_missing_of_the_records_is_said_once_and_nothing_shown(records, said):
    assert comparison.results() is None
    assert speed.table() is None
    assert comparison.results() is None
    first, second = said
    assert "confidences.npz, predictions.npz, runs.csv are missing" in first
    assert "mnist_compare study" in first
    assert "bench.json" in second


def looks(figure):
    """Where the diamonds of the reader's own runs are, by what the legend calls them."""
    shown = [line for line in figure.axes[0].lines if line.get_marker() == "D"]
    return {line.get_label(): line.get_xydata()[0].tolist() for line in shown}


def test_another_network_and_other_epochs_stand_beside_the_recorded_runs(records, a_run, said):
    for model, seed in (("mlp", 1), ("mlp", 2), ("cnn", 1), ("cnn", 2)):
        runs.write(a_run(model, seed=seed), {})
    other, short = a_run("mlp", test_accuracy=0.5), a_run("mlp", test_accuracy=0.6)
    for row in other.rows:
        row |= {"fingerprint": "ba9876543210", "parameters": 7_000}
    short.rows[-1]["epoch"] = 7
    unknown = a_run("mine", test_accuracy=0.4)
    drawn = [one_run.among(run) for run in (other, short, unknown)]
    for figure in drawn[:2]:
        dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
        assert [line.get_ydata().tolist() for line in dots] == [[0.97, 0.97]] * 2
    assert looks(drawn[0]) == {"this run, of another network": [1, 0.5]}
    assert looks(drawn[1]) == {"this run": [1, 0.6]}  # between the recorded epochs
    ticks = [label.get_text() for label in drawn[1].axes[0].get_xticklabels()]
    assert ticks == ["MLP\nepoch 5", "MLP\nepoch 7", "MLP\nepoch 10"]
    assert [OTHER in sentence for sentence in said] == [True, False, False]
    assert "it has 7,000 parameters, theirs 100" in said[0]
    assert "After epoch 7" in said[1]
    assert "measured after 5 and 10 epochs" in said[1]
    assert "No network of this name" in said[2]
    both = one_run.among(other, a_run("cnn", test_accuracy=0.7))
    assert looks(both) == {"this run, of another network": [2, 0.5], "this run": [3, 0.7]}


@pytest.mark.parametrize(("accuracy", "place"), [(0.98, "inside"), (0.99, "outside")])
def test_the_place_of_a_run_among_the_recorded(records, a_run, said, accuracy, place):
    for model in ("mlp", "cnn"):
        for seed in range(3):
            runs.write(a_run(model, seed=seed, test_accuracy=0.96 + seed / 100), {})
    one_run.among(a_run("mlp", test_accuracy=accuracy))
    (sentence,) = said
    assert f"**{accuracy:.2%}** of the test digits. This is {place} the range of the 3" in sentence
    assert "from 96.00% to 98.00% with a mean of 97.00%" in sentence
    assert ("with a probability of 50%" in sentence) == (place == "outside")


def test_a_text_in_reports_is_shown_without_its_title_and_its_headings_in_bold(records):
    for language, heading in (("en", "The question"), ("ko", "질문")):
        text = f"# The plan\n\nSo it *is*.\n\n## {heading}\n\n- #1 of 2\n"
        (records / ("plan.md" if language == "en" else "plan_ko.md")).write_text(text, "utf-8")
        data, _ = spoken.Written("plan.md").in_language(language)
        assert data["text/markdown"].rstrip() == f"So it *is*.\n\n**{heading}**\n\n- #1 of 2"
    with pytest.raises(FileNotFoundError, match=r"other\.md"):
        spoken.Written("other.md").in_language("en")


def labelled(notebook):
    """Return what each cell with a label shows."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = {options.of(cell.source).get("label"): cell.outputs for cell in cells}
    return {label: [output.data for output in found[label]] for label in filter(None, found)}


@pytest.mark.slow
def test_an_edited_network_changes_every_table_and_is_named_as_another(tmp_path, monkeypatch):
    committed = nbformat.read(ROOT / "notebooks" / "02_mlp.ipynb", as_version=4)
    changed = copy.deepcopy(committed)
    for cell in changed.cells:
        cell.source = cell.source.replace('activation="relu"', 'activation="tanh"')
        cell.source = cell.source.replace(*FEWER_DIGITS)
    for record in runs.FILES:
        shutil.copy(ROOT / "reports" / record.file, tmp_path)
    monkeypatch.setenv("MNIST_COMPARE_SMALL", str(tmp_path))
    where = {"metadata": {"path": str(ROOT / "notebooks")}}
    NotebookClient(changed, timeout=300, resources=where).execute()

    before, after = labelled(committed), labelled(changed)
    assert before.keys() == after.keys() > {"fig-among-mlp", "fig-network-mlp"}
    for label in before:
        assert after[label] != before[label]
    assert (str(committed).count(OTHER), str(changed).count(OTHER)) == (0, 1)


@pytest.mark.parametrize(
    "name", ["<b>x</b>", "*a* _b_ `c`", "$x$ [y](z) ~~w~~", "a\\b & c", "내 망"]
)
def test_a_network_of_any_name_is_shown_as_it_is_called(name):
    page = pypandoc.convert_text(verbatim(name), "html5", pandoc.MARKDOWN)
    assert page == f"<p>{escape(name)}</p>\n"
