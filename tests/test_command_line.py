import json
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_compare.__main__ import main


@pytest.fixture
def seven(tmp_path):
    """A picture file with a seven drawn small in a corner."""
    image = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(image).line([(30, 40), (90, 40), (55, 130)], fill="navy", width=11)
    path = tmp_path / "seven.png"
    image.save(path)
    return path


def test_help_answers_in_under_a_second_without_tensorflow():
    code = (
        "import sys; from mnist_compare.__main__ import main\n"
        "try: main(['-h'])\n"
        "finally: assert not {'tensorflow', 'keras', 'numpy'} & set(sys.modules)"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # Generous beside the 0.1 s it takes: shared machines stall.
    assert time.perf_counter() - start < 1
    for command in ("report", "train", "demo", "drawings", "predict"):
        assert command in done.stdout


def test_predict_prints_one_json_line_per_file(seven, capsys):
    jpeg = seven.with_suffix(".jpg")
    Image.open(seven).save(jpeg)
    assert main(["predict", str(seven), str(jpeg)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == [str(seven), str(jpeg)]
    for line in lines:
        assert line["digit"] == 7 == int(np.argmax(line["probabilities"]))
        assert len(line["probabilities"]) == 10
        assert sum(line["probabilities"]) == pytest.approx(1, abs=1e-4)


def test_predict_says_what_is_wrong_with_each_file_and_reads_the_others(seven, tmp_path, capsys):
    blank, text = tmp_path / "blank.png", tmp_path / "text.png"
    truncated, bomb = tmp_path / "truncated.png", tmp_path / "bomb.png"
    Image.new("L", (50, 50), 255).save(blank)
    text.write_text("I am no picture")
    truncated.write_bytes(seven.read_bytes()[:200])
    Image.new("1", (20_000, 20_000)).save(bomb)
    files = [blank, text, truncated, bomb, tmp_path / "missing.png", seven]
    assert main(["predict", *map(str, files)]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["digit"] == 7
    sentences = dict(line.split(": ", 1) for line in err.splitlines())
    assert sentences[str(blank)] == "nothing is drawn on it"
    assert sentences[str(text)] == "this is not a PNG or JPEG picture"
    assert "cannot be read" in sentences[str(truncated)]
    assert "20000 × 20000" in sentences[str(bomb)] or "cannot be read" in sentences[str(bomb)]
    assert sentences[str(tmp_path / "missing.png")] == "there is no such file"
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["predict", "--model", "rnn", "x.png"], "no trained weights for 'rnn'"),
        (["train", "rnn"], "no model 'rnn'; choose one of mlp, cnn"),
        (["train", "mlp", "--epochs", "0"], "epochs must be 1 or more"),
    ],
)
def test_bad_names_are_answered_in_one_sentence(arguments, sentence, capsys):
    assert main(arguments) == 1
    err = capsys.readouterr().err
    assert sentence in err
    assert "Traceback" not in err


def test_an_unknown_pipeline_is_answered_in_one_sentence(seven, capsys):
    assert main(["predict", "--pipeline", "magic", str(seven)]) == 1
    assert "choose one of resize, crop, center" in capsys.readouterr().err


def test_train_shows_its_progress_and_saves_what_keras_reads(records, tmp_path, capsys):
    import keras

    assert main(["train", "mlp", "--epochs", "2", "--seed", "7", "--save", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "seed 7 · epoch 1/2" in out
    assert "after epoch 2: training accuracy" in out
    model = keras.models.load_model(tmp_path / "mlp-seed7-epoch2.keras")
    assert model.count_params() == 101_770


def test_report_outside_the_repository_says_where_to_run_it(records, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mnist_compare.study.complete", lambda *args, **kwargs: [])
    assert main(["report"]) == 1
    assert "run this in the repository" in capsys.readouterr().err
