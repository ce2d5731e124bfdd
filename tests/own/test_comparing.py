"""A comparison from its networks to its pages, small, in one process."""

import re
from contextlib import nullcontext

import numpy as np
import pytest

from mnist_compare import compiled
from mnist_compare.findings import changes, robustness
from mnist_compare.lazy_keras import keras
from mnist_compare.own import comparing, plans, shown
from mnist_compare.records import data_sets, runs
from mnist_compare.records.place import at
from mnist_compare.records.protocols import Protocol

layers = keras.layers
CLASSES = 26
LABELS = np.arange(260) % CLASSES


def build_wide():
    return keras.Sequential([keras.Input((12, 10)), layers.Flatten(), layers.Dense(CLASSES)])


def build_narrow():
    return keras.Sequential(
        [keras.Input((12, 10, 1)), layers.Flatten(), layers.Dense(2), layers.Dense(CLASSES)]
    )


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    """Trains in the process of the test."""
    monkeypatch.setattr(comparing, "parallel_config", lambda n_jobs: nullcontext())


@pytest.fixture
def letters(tmp_path):
    """A data set of letters: each lights its own pixels, among noise."""
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 60, (len(LABELS), 12, 10), np.uint8)
    pictures.reshape(len(LABELS), -1)[np.arange(len(LABELS)), LABELS * 4] = 255
    path = tmp_path / "<b>letters*.npz"
    np.savez(path, x_train=pictures, y_train=LABELS, x_test=pictures, y_test=LABELS)
    return path


@pytest.mark.slow
def test_letters_are_compared_from_networks_to_pages(letters, tmp_path, monkeypatch, capsys):
    given = {"wide": build_wide, "narrow": build_narrow}
    folder = comparing.compare(given, letters, epochs=6, seeds=3, out=tmp_path / "out")
    verdict, warning, kept = filter(None, capsys.readouterr().out.splitlines())
    assert warning == "Fewer than 5 seeds say little; 10, the default, say more."
    assert re.match(r"(wide reads|narrow reads|Whether wide or narrow) ", verdict)
    assert str(folder) in kept
    assert {path.name for path in folder.iterdir() if not path.name.startswith(".")} == {
        "figures", "narrow.keras", "networks", "plan.json", "records", "report.html",
        "report.ipynb", "wide.keras",
    }  # fmt: skip
    page = (folder / "report.html").read_text()
    assert "<h1" in page
    assert "wide, narrow" in page
    assert "test pictures" in page
    assert "Compared on &lt;b&gt;letters* after epoch 6, over 3 seeds" in page
    plan, place = plans.read_folder(folder)
    with at(place):
        assert len(runs.read()) == 6
        (lead,) = shown.leads(folder).values()
        by_hand = [
            [run.rows[-1]["test_accuracy"] for run in runs.read(name, plan.protocol)]
            for name in given
        ]
        np.testing.assert_allclose(lead.by_seed, np.subtract(*by_hand))
        weights = keras.models.load_model(folder / "wide.keras").get_weights()[0]
        (run,) = (run for run in runs.read("wide") if run.seed == 0)
        read = keras.models.load_model(folder / "wide.keras")
        read = compiled.predict_function(read)(data_sets.load_named(plan.protocol.data)[1][0])
        np.testing.assert_array_equal(read.argmax(axis=1), run.predictions[6])
        assert weights.shape == (120, CLASSES)

    # The same again trains nothing; another network of a name is trained anew, the other is not.
    monkeypatch.setattr("mnist_compare.own.report.build", lambda folder: [])
    comparing.compare(given, letters, epochs=6, seeds=3, out=folder)
    assert "Training" not in capsys.readouterr().err
    comparing.compare(given | {"wide": build_narrow}, letters, epochs=6, seeds=3, out=folder)
    assert "Training runs: 0/3" in capsys.readouterr().err
    # Seeds that are there are not left out of a shorter comparison.
    comparing.compare(given | {"wide": build_narrow}, letters, epochs=6, seeds=2, out=folder)
    assert plans.read_folder(folder)[0].seeds == 3
    # A damaged record is named with what helps here.
    (folder / "records" / "runs.csv").write_text("bad")
    with pytest.raises(ValueError, match=r"runs\.csv cannot be read .*Delete .*the same command"):
        comparing.compare(given, letters, epochs=6, seeds=3, out=folder)


@pytest.mark.slow
def test_on_digits_changed_ones_are_read_too(tmp_path, monkeypatch):
    few = {"shift": changes.Change(changes.CHANGES["shift"].apply, (0, 8), 0)}
    monkeypatch.setattr(robustness, "CHANGES", few)
    monkeypatch.setattr("mnist_compare.own.report.build", lambda folder: [])

    def build_mine():
        return keras.Sequential(
            [keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, "softmax")]
        )

    folder = comparing.compare(
        {"mine": build_mine, "mlp": "mlp"}, epochs=1, seeds=2, out=tmp_path / "out"
    )
    with at(plans.read_folder(folder)[1]):
        record = runs.measured(robustness.RECORD, Protocol(epochs=1))
        assert {*record.model} == {"mine", "mlp"}
        by_level = record.groupby("level").accuracy.mean()
        assert by_level[0] > 0.85 > 0.5 > by_level[8]


BOTH = {"wide": build_wide, "narrow": build_narrow}


@pytest.mark.parametrize(
    ("models", "options", "sentence"),
    [
        ([build_wide, build_narrow], {}, "Give the networks by name"),
        (BOTH | {"Wide": build_wide}, {}, "Two networks are called 'Wide'"),
        (BOTH, {"epochs": 1.5}, "as whole numbers"),
        (BOTH, {"seeds": 1}, "at least 1 epoch and 2 seeds"),
        (BOTH, {"out": __file__}, "is a file; name another folder"),
        (BOTH, {"seeds": 10**9}, "1,000,000,000 seeds are too many; give at most 1,000"),
        (BOTH, {"data": None}, "data is"),
        (BOTH, {"data": "mnist"}, "wide: it takes input"),
        (BOTH | {"cnn": "cnn"}, {}, "cnn: it takes input of shape"),
        ({"reader": "reader", "mlp": "mlp"}, {"data": "mnist"}, "reader .* recipe of its own"),
    ],
)
def test_before_anything_is_trained_all_is_looked_at(letters, tmp_path, models, options, sentence):
    given = {"data": letters, "out": tmp_path / "out"} | options
    with pytest.raises((ValueError, FileNotFoundError), match=sentence):
        comparing.compare(models, **given)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_network_that_cannot_be_trained_is_named_before_any_is(letters, tmp_path, capsys):
    def build_ctc():
        model = build_wide()
        model.compile("adam", "ctc")
        return model

    with pytest.raises(ValueError, match=r"^ctc cannot be trained: [^\n]+$"):
        comparing.compare(BOTH | {"ctc": build_ctc}, letters, seeds=2, out=tmp_path / "out")
    assert "Training" not in capsys.readouterr().out


@pytest.fixture
def recorded(tmp_path, as_records, a_run, monkeypatch):
    """Two made-up networks: one reads 98.0 and 98.2 %, the other 97.0 and 97.2 % or as given."""
    plan = plans.Plan(("mine", "yours"), "mnist", 10, 2)
    labels = np.arange(10_000) % 10

    def make(yours=(0.970, 0.972), misread=0):
        those = []
        for name, by_seed in (("mine", (0.980, 0.982)), ("yours", yours)):
            for seed, accuracy in enumerate(by_seed):
                run = a_run(name, str(plan.protocol), seed, accuracy)
                if name == "yours":
                    wrong = np.arange(10_000) < misread
                    read = np.where(wrong, (labels + 1) % 10, labels)
                    run.predictions[10] = read.astype(np.uint8)
                those.append(run)
        as_records(those)
        return plan

    monkeypatch.setattr(data_sets, "load_named", lambda name: (None, (None, labels)))
    return make


@pytest.mark.parametrize(
    ("yours", "said"),
    [
        ((0.970, 0.972), r"^\*mine\* reads more .* 1\.00 points \[1\.00, 1\.00\], 2 seeds"),
        ((0.990, 0.992), r"^\*yours\* reads more .* 1\.00 points \[1\.00, 1\.00\], 2 seeds"),
        ((0.980, 0.983), r"undecided: .* −0\.05 points \[−0\.69, \+0\.59\], 2 seeds"),
        ((0.980, 0.982), r"equally many .* in each of 2 seeds"),
    ],
)
def test_a_verdict_is_a_sentence(recorded, yours, said):
    (sentence,) = shown.sentences.__wrapped__(recorded(yours))
    assert re.search(said, sentence)


def test_the_tables_by_hand(recorded):
    plan = recorded(misread=50)
    table = shown.differences.__wrapped__(plan)
    # Over the writers of these 50 digits too.
    assert table.pop("Points [95 % interval]").str.startswith("+1.00 [+0.").all()
    assert table.to_dict("index") == {"mine − yours": {"Verdict": "more", "Seeds needed": "2"}}
    table = shown.accuracies.__wrapped__(plan)
    assert table["Test accuracy"].str.slice(0, 6).tolist() == ["98.10%", "97.10%"]


@pytest.mark.parametrize("content", ["", '{"names": ["mlp"', "[]", '{"names": 3}', '{"other": 3}'])
def test_a_damaged_plan_is_named_with_what_makes_it_again(tmp_path, content):
    (tmp_path / "plan.json").write_text(content)
    with pytest.raises(ValueError, match=r"plan\.json cannot be read \(.+\)\. Give the command"):
        plans.read_folder(tmp_path)
