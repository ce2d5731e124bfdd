import importlib.util
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

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
    for command in ("report", "train", "study", "demo", "drawings", "predict"):
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
    pipe, odd = tmp_path / "pipe.png", tmp_path / "odd.jpg"
    os.mkfifo(pipe)  # nobody writes into it
    # To be turned by 90 degrees; the width is a word, which Pillow cannot write back.
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"
    Image.open(seven).save(odd, exif=exif + b"\x01\0\0\x02\0\0\0\x04abc\0" + bytes(4))
    files = [blank, text, truncated, bomb, pipe, tmp_path, tmp_path / "missing.png", odd, seven]
    assert main(["predict", *map(str, files)]) == 1
    out, err = capsys.readouterr()
    assert [json.loads(line)["digit"] for line in out.splitlines()] == [7, 7]
    sentences = dict(line.split(": ", 1) for line in err.splitlines())
    assert sentences[str(blank)] == "nothing is drawn on it"
    assert sentences[str(pipe)] == sentences[str(tmp_path)] == "this is not a file"
    assert sentences[str(text)] == "this is not a PNG or JPEG picture"
    assert "cannot be read" in sentences[str(truncated)]
    assert sentences[str(bomb)] == "the picture has more than 25,000,000 pixels; make it smaller"
    assert sentences[str(tmp_path / "missing.png")] == "there is no such file"
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["predict", "--model", "rnn", "x.png"], "no trained weights for 'rnn'"),
        (["train", "rnn"], "no model 'rnn'; choose one of mlp, cnn"),
        (["train", "mlp", "--epochs", "0"], "epochs must be 1 or more"),
        (["train", "reader", "--protocol", "source"], "is trained by reader.train()"),
        (["study", "--models", "cnn", "rnn"], "no model 'rnn'; choose among mlp, cnn, mlp_682"),
    ],
)
def test_bad_names_are_answered_in_one_sentence(arguments, sentence, capsys):
    assert main(arguments) == 1
    err = capsys.readouterr().err
    assert sentence in err
    assert "Traceback" not in err


@pytest.fixture
def no_onnx(monkeypatch):
    """A Python without tf2onnx."""
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: name != "tf2onnx" and find(name, *rest)
    )


def test_an_export_without_its_tools_says_what_to_install(no_onnx, monkeypatch, capsys):
    monkeypatch.setattr("mnist_compare.predictor.load_keras", None)  # the check comes before it
    assert main(["export-onnx", "mlp"]) == 1
    assert 'pip install "mnist-compare[onnx]"' in capsys.readouterr().err


def test_a_study_that_will_save_weights_asks_for_the_tools_first(no_onnx):
    from mnist_compare import study

    with pytest.raises(RuntimeError, match="needs onnx and tf2onnx"):
        study._train([("mlp", "fair", 1), ("mlp", "fair", 0)], print, executor="never asked")


def test_a_missing_module_is_named_with_what_to_install(monkeypatch, capsys):
    def execute(notebooks):
        raise ModuleNotFoundError("No module named 'nbformat'")

    monkeypatch.setattr("mnist_compare.study.complete", lambda wanted, fresh: [])
    monkeypatch.setattr("mnist_compare.report.execute", execute)
    assert main(["report"]) == 1
    err = capsys.readouterr().err
    assert "No module named 'nbformat'" in err
    assert "pip install -r requirements.txt" in err


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


def test_the_reader_is_trained_by_its_recipe(records, tmp_path, monkeypatch, capsys):
    """One epoch of few digits; --epochs is for the other models."""
    from dataclasses import replace

    import keras

    from mnist_compare import data, reader, recipes, training

    (digits, labels), _ = data.load_mnist()
    few = digits[:256], labels[:256]
    key = "reader", "fair"
    monkeypatch.setattr(training, "digits_of", lambda *names: (few, few, few, few))
    monkeypatch.setattr(reader, "SCRIBBLES", 10)
    few_epochs = {key: replace(recipes.RECIPES[key], epochs=1)}
    monkeypatch.setattr(reader, "RECIPES", few_epochs)
    assert main(["train", "reader", "--seed", "7", "--epochs", "9", "--save", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "reader · fair · seed 7 · epoch 1/1" in out
    assert "after epoch 1: training accuracy" in out
    model = keras.models.load_model(tmp_path / "reader-seed7-epoch1.keras")
    assert model.count_params() == 460_690


def test_report_finds_the_repository_from_any_folder(tmp_path, monkeypatch, capsys):
    from mnist_compare import report, study

    clone, asked = Path(__file__).parents[1], {}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(study, "complete", lambda wanted, fresh: [])
    monkeypatch.setattr(report, "execute", lambda notebooks: asked.update(run=notebooks))
    monkeypatch.setattr(report, "build", lambda notebooks, folder: [folder / "report.html"])
    monkeypatch.setattr(report, "update_readme", lambda path: asked.update(readme=path))
    assert main(["report"]) == 0
    assert asked["run"] == sorted((clone / "notebooks").glob("*.ipynb"))
    assert asked["readme"] == clone / "README.md"
    assert capsys.readouterr().out == f"{clone / 'reports' / 'report.html'}\n"


@pytest.fixture
def studied(monkeypatch):
    """What a study asks for, instead of training and measuring."""
    from mnist_compare import ablation, pendigits, robustness, study

    asked = SimpleNamespace(executors=[])

    def giving(kind):
        @contextmanager
        def executor(argument):
            asked.executors.append((kind, argument))
            yield f"the {kind}"

        return executor

    def complete(wanted, executor):
        asked.runs, asked.executor = wanted, executor

    def measure(networks, executor, progress):
        assert executor == asked.executor
        asked.changed = networks

    def draw(path, networks, executor, progress):
        assert executor == asked.executor
        asked.path, asked.drawn = path, networks

    def take_apart(path, keys, executor, progress):
        assert (path, executor) == (asked.path, asked.executor)
        asked.steps = keys

    monkeypatch.setattr(study, "workers", giving("workers"))
    monkeypatch.setattr(study, "cluster", giving("cluster"))
    monkeypatch.setattr(study, "complete", complete)
    monkeypatch.setattr(robustness, "complete", measure)
    monkeypatch.setattr(pendigits, "complete", draw)
    monkeypatch.setattr(ablation, "complete", take_apart)
    return asked


def test_a_study_is_the_evidence_the_steps_to_the_reader_and_the_changes(studied):
    from mnist_compare import ablation, study

    assert main(["study"]) == 0
    assert studied.executors == [("workers", None)]
    assert studied.runs[: len(study.evidence())] == study.evidence()
    assert set(studied.runs) == {*study.evidence(), *ablation.wanted()}
    assert len(set(studied.runs)) == len(studied.runs)  # no run twice
    assert sorted(studied.changed) == [(m, s) for m in ("cnn", "mlp") for s in range(5)]
    assert not hasattr(studied, "drawn")


def test_a_study_of_some_models_and_seeds_reads_drawings_too(studied, tmp_path):
    path = tmp_path / "digits.tra"
    arguments = ["--models", "cnn", "mlp_256", "--seeds", "7", "--drawings", str(path)]
    assert main(["study", *arguments, "--workers", "3"]) == 0
    assert studied.executors == [("workers", 3)]
    assert {model for model, *_ in studied.runs} == {"cnn", "mlp_256"}
    assert sum(key[:2] == ("cnn", "fair") for key in studied.runs) == 7
    # Changed digits are for the two models of the comparison, drawings for all, of five seeds.
    assert studied.changed == [("cnn", seed) for seed in range(5)]
    assert studied.path == path
    assert sorted(studied.drawn) == [(m, s) for m in ("cnn", "mlp_256") for s in range(5)]
    assert studied.steps == []  # they lead to the reader


def test_a_study_of_the_reader_has_its_steps_and_what_it_is_compared_with(studied, tmp_path):
    from mnist_compare import ablation

    path = tmp_path / "digits.tra"
    assert main(["study", "--models", "reader", "--seeds", "2", "--drawings", str(path)]) == 0
    assert studied.runs == studied.steps == ablation.wanted(2)
    assert ("cnn", "plain", 1) in studied.runs
    assert ("cnn", "plain", 2) not in studied.runs
    networks = [(m, s) for m in ("cnn", "mlp", "reader") for s in range(2)]
    assert sorted(studied.drawn) == networks
    assert sorted(studied.changed) == [key for key in networks if key[0] != "reader"]


def test_a_study_on_a_cluster(studied):
    assert main(["study", "--seeds", "1", "--scheduler", "tcp://head:8786"]) == 0
    assert studied.executors == [("cluster", "tcp://head:8786")]
    assert studied.executor == "the cluster"
    assert sorted(studied.changed) == [("cnn", 0), ("mlp", 0)]


@pytest.mark.parametrize("option", ["--seeds", "--workers"])
@pytest.mark.parametrize("value", ["0", "-3", "many"])
def test_a_study_of_no_seeds_or_workers_is_refused(studied, option, value, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["study", option, value])
    assert option in capsys.readouterr().err
    assert not studied.executors


def test_the_help_of_a_study_names_its_options(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["study", "--help"])
    out = capsys.readouterr().out
    for option in ("--seeds", "--models", "--workers", "--scheduler", "--drawings"):
        assert option in out
    assert "10.24432/C5MG6K" in out


def test_an_interrupted_study_says_that_it_goes_on(studied, monkeypatch, capsys):
    def interrupted(wanted, executor):
        raise KeyboardInterrupt

    monkeypatch.setattr("mnist_compare.study.complete", interrupted)
    assert main(["study", "--seeds", "1"]) == 130
    assert "the same command goes on from there" in capsys.readouterr().out


def test_a_small_study_is_trained_measured_and_recorded(records, monkeypatch, capsys):
    """One run and one change at two levels, with nothing in between made up but the executor."""
    from concurrent.futures import ThreadPoolExecutor

    import pandas as pd

    from mnist_compare import robustness, runs, study
    from mnist_compare.changes import CHANGES, Change

    few = {"shift": Change(CHANGES["shift"].apply, (0, 8), 0, "pixels")}
    monkeypatch.setattr(robustness, "CHANGES", few)
    monkeypatch.setattr(study, "evidence", lambda seeds: [("mlp", "fair", 0)])
    monkeypatch.setattr(study, "one_thread", lambda: None)  # it is for a process of its own
    monkeypatch.setattr(study, "workers", lambda count: ThreadPoolExecutor(1))
    assert main(["study", "--models", "mlp"]) == 0
    assert len(runs.read()) == 1
    record = pd.read_csv(records / "robustness.csv")  # read() leaves out what one model lacks
    levels, accuracy = robustness.curve(record, "shift", "as it is", "mlp")
    assert levels.tolist() == [0, 8]
    assert accuracy[0] > 0.6 > accuracy[1]
    _, centred = robustness.curve(record, "shift", "center", "mlp")
    assert centred[1] > accuracy[1]
    out = capsys.readouterr().out
    assert "Training 1 runs" in out
    assert "Measuring 2 levels of 1 changes" in out

    assert main(["study", "--models", "mlp"]) == 0
    assert capsys.readouterr().out.startswith("All 1 runs are recorded")
