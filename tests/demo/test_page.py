import os
import socket
import sys
import time
from types import SimpleNamespace

import httpx
import nbclient
import nbformat
import pytest

from mnist_compare import demo, predictor
from mnist_compare.__main__ import main
from mnist_compare.demo import page
from mnist_compare.preprocessing import preprocess
from mnist_compare.records.place import clone
from mnist_compare.report.words import spoken


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """No test writes into the user's own folder of drawings."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "mnist_compare" / "drawings"


@pytest.fixture
def displayed(monkeypatch):
    """What a notebook that somebody watches would display, in order."""
    shown = []
    monkeypatch.setattr(spoken, "somebody_is_there", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda thing: shown.append(thing.data))
    yield shown
    if page._running is not None:
        page._running.close(verbose=False)


def test_unknown_names_fail_before_the_page_is_there():
    for unknown in ({"models": ("rnn",)}, {"pipeline": "sideways"}, {"language": "klingon"}):
        with pytest.raises(ValueError, match=r"rnn|sideways|klingon"):
            page.app(**unknown)


def test_the_picture_names_a_network_whatever_it_is_called(monkeypatch):
    monkeypatch.setitem(predictor._own, r"$\no", predictor.load("mlp"))
    figure = page.picture((r"$\no", "mlp"))
    figure.draw_without_rendering()
    said = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert sum(text.startswith(r"$\no ") for text in said) == page.IN_THE_PICTURE


@pytest.mark.slow
def test_an_executed_notebook_holds_a_picture_and_no_address(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_COMPARE_SMALL", str(tmp_path))  # its picture is not the report's
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    sources = "from mnist_compare import demo\ndemo.show()", "import sys\n'gradio' in sys.modules"
    notebook = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, sources)])
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    (said, picture), (launched,) = (cell.outputs for cell in notebook.cells)
    assert page.HOW_TO_DRAW in said.data["text/markdown"]
    assert "image/png" in picture.data
    assert launched.data["text/plain"] == "False"
    stored = nbformat.writes(notebook)
    assert "iframe" not in stored
    assert "127.0.0.1" not in stored


def test_show_displays_the_page_and_closes_the_one_before(displayed):
    page.show()
    first = page._running
    assert f'<iframe src="{first.local_url}"' in displayed[0]
    assert httpx.get(first.local_url, trust_env=False).is_success
    page.show(("cnn",), "crop")
    assert page._running.api.models == ("cnn",)
    assert not first.is_running
    assert len(displayed) == 2


def test_the_plain_demo_of_the_notebook_answers_and_a_second_run_ends_the_first(monkeypatch):
    monkeypatch.setattr(demo, "somebody_is_there", lambda: True)
    cells = nbformat.read(clone() / "notebooks" / "03_drawing.ipynb", as_version=4).cells
    (source,) = [cell.source for cell in cells if "plain.launch" in cell.source]
    source = source.replace("launch(", "launch(inline=False, prevent_thread_lock=True, ")
    names = {"demo": demo, "preprocess": preprocess, "mlp": predictor.load("mlp")}
    exec(source, names)
    first = names["plain"]
    exec(source, names)
    assert not first.is_running
    digit, drawing = demo.examples()[0]
    sketch = names["pad"].postprocess({"background": None, "layers": [], "composite": drawing})
    read = names["plain"].fn(names["pad"].preprocess(sketch))
    assert max(read, key=read.get) == str(digit)
    assert names["read"]({"composite": None}) == {}  # after a click on the bin
    names["plain"].close(verbose=False)


@pytest.mark.parametrize("link", ["https://far.example", None])
def test_show_shares_outside_colab_too_and_says_where(displayed, monkeypatch, link):
    def shared(app, hosts, share, **options):
        launch(app, hosts, **options)
        app.share_url = link if share else None

    launch = page.launch
    monkeypatch.setattr(page, "launch", shared)
    monkeypatch.setattr(page, "_share_service_answers", lambda: bool(link))
    page.show(("mlp",), share=True)
    (html,) = displayed
    assert (page.NO_LINK in html) == (link is None)
    assert f'<iframe src="{link or page._running.local_url}"' in html
    assert html.count("https://far.example") == (3 if link else 0)  # in words, too


def test_show_outlives_a_demo_that_cannot_start(displayed, monkeypatch):
    monkeypatch.setattr(page, "launch", lambda *_, **__: 1 / 0)
    page.show()
    (sentence,) = displayed
    assert "division by zero" in sentence


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--port", "99999"], "99999"),
        (["--host", "nowhere.invalid"], "nowhere.invalid"),
        (["--host", "192.0.2.1"], "192.0.2.1"),  # of nobody, and not of this machine
        (["--host", "a" * 70], "a" * 70),
    ],
    ids=str,
)
def test_what_cannot_be_served_is_refused_at_once(arguments, named, capsys):
    started = time.monotonic()
    assert main(["demo", *arguments]) == 1
    assert time.monotonic() - started < 5
    _, sentence = capsys.readouterr().err.splitlines()
    assert named in sentence


def test_serve_says_that_a_port_is_in_use():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OSError, match=f"127.0.0.1:{port}: Address already in use"):
            page.serve(port=port)


@pytest.fixture
def interrupted(monkeypatch):
    """Whoever serves is interrupted as soon as the page is up; there are no public links."""

    class Interrupted:
        def wait(self):
            raise KeyboardInterrupt

    monkeypatch.setattr(page, "_share_service_answers", lambda: False)
    monkeypatch.setattr(page, "threading", SimpleNamespace(Event=Interrupted))


def test_only_a_private_page_keeps_drawings_unasked_and_only_a_public_one_has_any_name(
    interrupted, own_folder, monkeypatch, tmp_path, capsys
):
    """Where nothing can be written, nobody is asked; a page goes on without a public link."""
    launch, names, said = page.launch, [], []

    def noted(app, hosts, **options):
        names.append(hosts)
        launch(app, hosts, **options)

    monkeypatch.setattr(page, "launch", noted)
    (tmp_path / "file").touch()
    for share, data, collect in (
        (False, tmp_path, None),
        (False, tmp_path / "file", None),
        (True, tmp_path, None),
        (True, tmp_path, tmp_path / "asked"),
    ):
        monkeypatch.setenv("XDG_DATA_HOME", str(data))
        page.serve(share=share, collect=collect)
        said.append(capsys.readouterr().out)
    assert names == [page.LOCAL, page.LOCAL, None, None]
    assert all("http://127.0.0.1:" in each for each in said)
    assert [each.partition("are kept in ")[2].strip() for each in said] == [
        *(str(own_folder), "", "", str(tmp_path / "asked"))
    ]
    assert ["no public link" in each for each in said] == [False, False, True, True]
