import contextlib
import itertools
import os
import socket
import sys
import time
from io import BytesIO
from types import SimpleNamespace

import httpx
import nbclient
import nbformat
import numpy as np
import pytest

from mnist_compare import demo, examples, pictures, reading, report, runs


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """No test writes into the user's own folder of drawings."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "mnist_compare" / "drawings"


@pytest.fixture
def displayed(monkeypatch):
    """What a notebook would show: its pictures and texts, in order."""
    shown = []
    monkeypatch.setattr(report, "figure", lambda figure, label, caption: shown.append(figure))
    monkeypatch.setattr("IPython.display.display", lambda thing: shown.append(thing.data))
    yield shown
    if demo._running is not None:
        demo._running.close(verbose=False)


@pytest.fixture
def colab(monkeypatch):
    """A notebook in Colab, where the service of public links takes a call and never answers."""
    monkeypatch.setattr(report, "somebody_is_there", lambda: True)
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    with socket.create_server(("127.0.0.1", 0)) as service:
        silent = f"http://127.0.0.1:{service.getsockname()[1]}"
        monkeypatch.setattr("gradio.networking.GRADIO_API_SERVER", silent)
        yield


def test_every_model_answers_a_drawing():
    read = demo.answer(demo.examples()[0][1])
    assert tuple(read.probabilities) == runs.SERVED == ("mlp", "cnn", "reader")
    for name, probabilities in read.probabilities.items():
        assert probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert read.confidence(name) == probabilities[read.digit(name)] == probabilities.max()


def test_no_model_answers_a_blank_drawing():
    read = demo.answer(np.full((280, 280), 255, np.uint8))
    assert read.preprocessed.blank
    assert read.probabilities == {}


def test_an_answer_below_the_threshold_is_unsure():
    probabilities = {"mlp": np.full(10, 0.1), "cnn": np.eye(10)[3]}
    read = reading.Answer(None, probabilities)
    assert (read.unsure("mlp"), read.unsure("cnn")) == (True, False)


def test_evidence_finds_the_only_ink_that_matters():
    def model(digits):
        """Hold a one the more probable, the more ink is at the top; ignore all other ink."""
        top = np.asarray(digits)[..., :10, :].mean((-2, -1)) / 255
        return np.stack([1 - top * 0.9 - 0.05, 0.05 + top * 0.9, *np.zeros((8, *top.shape))], -1)

    digit = np.zeros((28, 28), np.uint8)
    digit[:12, 4:24] = digit[20:, 4:24] = 255
    found = reading.evidence(model, digit)
    assert found.shape == (28, 28)
    assert found[:8, 4:24].min() > 0.2
    assert np.abs(found[14:]).max() == 0
    assert np.abs(found).max() == 1
    picture = reading.evidence_picture(model, digit)
    assert picture.dtype == np.uint8
    assert picture[4, 10, 1] > picture[4, 10, 0]  # green, for the answer
    assert (picture[14] == 0).all()


def test_the_drawings_for_the_pad_are_the_pictures():
    for (digit, _), strokes in zip(examples.examples(), examples.stroke_examples(), strict=True):
        assert digit == strokes["digit"]
        points = np.concatenate([stroke["points"] for stroke in strokes["strokes"]])
        assert 0 <= points.min() < points.max() <= pictures.CANVAS


def test_the_misread_digits_are_misread_by_every_model():
    from mnist_compare import data, runs

    _, (digits, labels) = data.load_mnist()
    recorded = {model: runs.read(model, "fair")[0].predictions[10] for model in ("mlp", "cnn")}
    found = examples.misread(("mlp", "cnn"))
    assert len(found) == 6
    for index, label, picture in found:
        assert label == labels[index]
        assert all(predictions[index] != label for predictions in recorded.values())
        assert np.array_equal(255 - picture, digits[index])


def test_there_are_no_misread_digits_without_records(records):
    assert examples.misread(("cnn",)) == []


def test_there_are_no_misread_digits_without_models():
    assert examples.misread(()) == []


def test_a_page_may_be_of_one_model():
    for name in runs.SERVED:
        assert demo.app(models=(name,)).door.models == (name,)


def test_unknown_names_fail_before_the_page_is_there():
    with pytest.raises(ValueError, match="perceptron"):
        demo.app(models=("perceptron",))
    with pytest.raises(ValueError, match="sideways"):
        demo.app(pipeline="sideways")
    with pytest.raises(ValueError, match="klingon"):
        demo.app(language="klingon")


def test_the_picture_is_the_same_every_time():
    first, second = (demo.picture(("mlp",), "crop") for _ in range(2))
    with BytesIO() as one, BytesIO() as two:
        first.savefig(one)
        second.savefig(two)
        assert one.getvalue() == two.getvalue()


@pytest.mark.parametrize("models", [("mlp",), ("mlp", "cnn"), runs.SERVED])
def test_the_answers_in_the_picture_stand_apart(models):
    figure = demo.picture(models, "resize")
    figure.draw_without_rendering()
    columns = [axes.texts for axes in figure.axes if axes.texts]
    assert len(columns) == demo.IN_THE_PICTURE
    for texts in columns:
        names = [text.get_text().split()[0] for text in texts]
        assert names == [runs.SHOWN_AS[name] for name in models]
    boxes = [[text.get_window_extent() for text in texts] for texts in columns]
    rows = [*zip(*boxes, strict=True)]
    for row in rows:
        assert row[0].x0 >= 0
        assert all(left.x1 < right.x0 for left, right in itertools.pairwise(row))
        assert row[-1].x1 <= figure.bbox.x1
    assert all(above[0].y0 >= below[0].y1 for above, below in itertools.pairwise(rows))


def test_an_executed_notebook_holds_a_picture_and_no_address(tmp_path, monkeypatch):
    monkeypatch.delenv("MNIST_COMPARE_HEADLESS", raising=False)
    monkeypatch.setenv("MNIST_COMPARE_FAST", "1")  # its picture is not one of the report's
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    source = "import sys; from mnist_compare import demo; demo.show(); 'gradio' in sys.modules"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    *shown, launched = notebook.cells[0].outputs
    assert launched.data["text/plain"] == "False"
    assert demo.HOW_TO_DRAW in [output.data.get("text/markdown") for output in shown]
    assert sum("image/png" in output.data for output in shown) == 1
    stored = nbformat.writes(notebook)
    assert "iframe" not in stored
    assert "127.0.0.1" not in stored


def test_show_displays_the_page_and_closes_the_one_before(displayed, monkeypatch):
    monkeypatch.setattr(report, "somebody_is_there", lambda: True)
    demo.show()
    first = demo._running
    assert f'<iframe src="{first.local_url}"' in displayed[0]
    assert httpx.get(first.local_url, trust_env=False).is_success
    demo.show(("cnn",), "crop")
    assert demo._running is not first
    assert not first.is_running
    assert len(displayed) == 4


def test_show_finds_another_port_when_the_first_is_taken(displayed, monkeypatch):
    monkeypatch.setattr(report, "somebody_is_there", lambda: True)
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", 7860)):
        demo.show()
        assert not demo._running.local_url.endswith(":7860/")
        assert httpx.get(demo._running.local_url, trust_env=False).is_success


def test_show_outlives_a_demo_that_cannot_start(displayed, monkeypatch):
    monkeypatch.setattr(report, "somebody_is_there", lambda: True)
    monkeypatch.setattr(demo, "launch", lambda *_, **__: 1 / 0)
    demo.show()
    sentence, _ = displayed
    assert "could not start: division by zero" in sentence


def test_show_does_not_wait_for_a_silent_share_service(displayed, colab):
    started = time.monotonic()
    demo.show()
    assert time.monotonic() - started < 5
    assert demo._running.share_url is None
    assert httpx.get(demo._running.local_url, trust_env=False).is_success


def test_serve_says_that_a_port_is_in_use():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit) as end:
            demo.serve(port=port)
    assert str(end.value).startswith(f"Cannot serve on 127.0.0.1:{port}: ")


@pytest.fixture
def interrupted(monkeypatch):
    """Whoever serves is interrupted as soon as the page is up; there are no public links."""

    class Interrupted:
        def wait(self):
            raise KeyboardInterrupt

    monkeypatch.setattr(demo, "_share_service_answers", lambda: False)
    monkeypatch.setattr(demo, "threading", SimpleNamespace(Event=Interrupted))


def test_serve_goes_on_without_a_public_link(interrupted, capsys):
    demo.serve(share=True)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Draw digits at http://127.0.0.1:")
    assert second.startswith("There is no public link")


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({}, "own"),
        ({"share": True}, None),
        ({"host": "0.0.0.0"}, None),
        ({"host": "0.0.0.0", "collect": "asked"}, "asked"),
    ],
)
def test_only_a_private_page_keeps_drawings_unasked(
    options, kept, interrupted, own_folder, monkeypatch, capsys
):
    folders = []
    monkeypatch.setattr(demo, "app", lambda *rest: folders.append(rest[-1]) or SimpleNamespace())
    monkeypatch.setattr(
        demo,
        "launch",
        lambda page, **_: page.__dict__.update(
            local_url="", share_url="", close=lambda verbose: None
        ),
    )
    demo.serve(**options)
    (folder,) = folders
    named = {"own": str(own_folder), "asked": "asked", None: None}[kept]
    assert (folder and str(folder.path)) == named
    assert (named is None) == ("are kept in" not in capsys.readouterr().out)
    if folder:
        assert folder.named == (kept == "own")
