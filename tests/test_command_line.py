import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_compare.__main__ import main
from mnist_compare.findings import everything, nearness, robustness
from mnist_compare.findings.changes import CHANGES, Change
from mnist_compare.lazy_keras import keras
from mnist_compare.own import comparing
from mnist_compare.records import runs
from mnist_compare.records.place import SMALL
from mnist_compare.records.protocols import FAIR
from mnist_compare.study import trained

CLONE = Path(__file__).parents[1]


@pytest.fixture
def seven(tmp_path):
    """A picture file with a seven drawn small in a corner."""
    image = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(image).line([(30, 40), (90, 40), (55, 130)], fill="navy", width=11)
    path = tmp_path / "seven.png"
    image.save(path)
    return path


def test_predict_prints_one_json_line_per_file(seven, capsys):
    jpeg = seven.with_suffix(".jpg")
    Image.open(seven).save(jpeg)
    assert main(["predict", "--json", str(seven), str(jpeg)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == [str(seven), str(jpeg)]
    for line in lines:
        assert line["digit"] == 7 == int(np.argmax(line["probabilities"]))
        assert len(line["probabilities"]) == 10
        assert sum(line["probabilities"]) == pytest.approx(1, abs=1e-4)


def test_predict_says_what_is_wrong_with_each_file_and_reads_the_others(seven, tmp_path, capsys):
    def file(name):
        return tmp_path / name

    Image.new("L", (50, 50), 255).save(file("blank.png"))
    file("text.png").write_text("I am no picture")
    file("truncated.png").write_bytes(seven.read_bytes()[:200])
    Image.new("1", (20_000, 20_000)).save(file("bomb.png"))
    os.mkfifo(file("pipe.png"))  # nobody writes into it
    # To be turned by 90 degrees; the width is a word, which Pillow cannot write back.
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"
    odd = file("odd.jpg")
    Image.open(seven).save(odd, exif=exif + b"\x01\0\0\x02\0\0\0\x04abc\0" + bytes(4))
    wrong = {
        "blank.png": "nothing is drawn on it",
        "text.png": "not a PNG or JPEG",
        "truncated.png": "cannot be read",
        "bomb.png": "more than 25,000,000 pixels",
        "pipe.png": "not a file",
        ".": "not a file",
        "missing.png": "no such file",
    }
    assert main(["predict", *(str(file(name)) for name in wrong), str(odd), str(seven)]) == 1
    out, err = capsys.readouterr()
    for line, path in zip(out.splitlines(), (odd, seven), strict=True):
        assert line.startswith(f"{path}: 7 (reader, ")
    for line, (name, reason) in zip(err.splitlines(), wrong.items(), strict=True):
        assert line.startswith(f"{file(name)}: ")
        assert reason in line


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["predict", "--model", "rnn", "x.png"], "'rnn'"),
        (["study", "--models", "cnn", "rnn"], "'rnn'; choose among mlp, cnn, mlp_682"),
        (["train", "mlp", "--save", "mlp.h5"], "mlp.h5 must end in .keras"),
        (["study", "--usps", "none"], "There is no file none"),
        (["study", "--drawings", "none"], "There is no file none"),
        (["study", "--data", "fashion_mnist", "--drawings", "none"], "for networks of mnist"),
        (["demo", "none.keras"], "There is no model none.keras"),
        (["compare", "cnn"], "at least two networks"),
    ],
)
def test_bad_names_are_answered_in_one_sentence(arguments, named, capsys):
    assert main(arguments) == 1
    *_, sentence = capsys.readouterr().err.splitlines()
    assert named in sentence


def test_train_shows_its_progress_and_saves_what_keras_reads(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(trained, "fit", partial(trained.fit, scale=SMALL))
    path = tmp_path / "new" / "mine.keras"
    assert main(["train", "mlp", "--epochs", "2", "--seed", "7", "--save", str(path)]) == 0
    out, err = capsys.readouterr()
    assert "1/2 · validation accuracy" in err
    assert "after epoch 2: training accuracy" in out
    assert keras.models.load_model(path).count_params() == 101_770


@pytest.mark.parametrize(
    ("command", "module", "work", "last"),
    [
        (["train", "mlp"], trained, "fit", "Interrupted."),
        (["study", "--seeds", "1"], trained, "train_missing", "same command goes on from there."),
    ],
)
def test_who_interrupts_is_told_what_is_kept(monkeypatch, capsys, command, module, work, last):
    monkeypatch.setattr(module, work, Mock(side_effect=KeyboardInterrupt))
    assert main(command) == 130
    assert capsys.readouterr().out.splitlines()[-1].endswith(last)


@pytest.mark.parametrize("value", ["0", "many"])
def test_a_count_below_one_is_refused(value, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["study", "--seeds", value])
    assert "--seeds" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["`touch x`", "$(touch x)", "a\"b'c\\", "two\nlines", "false"])
def test_make_passes_on_who_hands_it_in_as_text(text, tmp_path):
    for name in ("requirements.txt", "installed"):
        (tmp_path / name).touch()
    (tmp_path / "say.py").write_text("import sys; print(sys.argv[-1])")
    done = subprocess.run(
        ["make", "-sf", CLONE / "Makefile", "report", "VENV=.", f"RUN={sys.executable} say.py"],
        cwd=tmp_path, env=os.environ | {"AUTHOR": text}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == f"--author={text}\n"
    assert not (tmp_path / "x").exists()


def test_a_name_that_the_pdf_cannot_show_is_refused_at_once(capsys):
    with pytest.raises(SystemExit):
        main(["report", "--author", "Min 🙂"])
    assert "no glyph for 🙂" in capsys.readouterr().err


def test_nothing_is_trained_that_cannot_be_saved(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(trained, "fit", Mock())
    (tmp_path / "file").touch()
    assert main(["train", "mlp", "--save", str(tmp_path / "file" / "mine.keras")]) == 1
    assert "file" in capsys.readouterr().err
    assert not trained.fit.called


def test_a_small_study_is_trained_measured_and_recorded(records, monkeypatch, capsys):
    """One run and one change at two levels, with nothing in between made up."""
    few = {"shift": Change(CHANGES["shift"].apply, (0, 4), 0)}
    monkeypatch.setattr(robustness, "CHANGES", few)
    monkeypatch.setattr(everything, "_on_digits", lambda seeds: [("mlp", FAIR, 1)])
    monkeypatch.setattr(nearness, "CHOICES", ())
    assert main(["study", "--models", "mlp", "--workers", "1"]) == 0
    assert len(runs.read()) == 1
    measured = robustness.RECORD.read().set_index("level").accuracy
    assert measured[0] > 0.6 > measured[4]
    assert "Training runs: 0/1" in capsys.readouterr().err

    assert main(["study", "--models", "mlp", "--workers", "1"]) == 0
    assert "Training" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device", "runs.csv"), "runs.csv: No space left on device."),
        (RuntimeError("A process was terminated."), "A process was terminated."),
    ],
)
def test_a_comparison_that_the_machine_stops_says_that_it_goes_on(monkeypatch, capsys, error, said):
    monkeypatch.setattr(comparing, "compare", Mock(side_effect=error))
    assert main(["compare", "mlp", "cnn"]) == 1
    _, sentence = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"mnist_compare: {said} ")
    assert sentence.endswith("the same command goes on from there.")
