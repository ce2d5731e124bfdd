import os
import re
import socket
import sys
import time
from contextlib import contextmanager

import httpx
import nbclient
import nbformat
import pytest

from mnist_compare import demo, predictor
from mnist_compare.__main__ import main
from mnist_compare.demo import gradio_page, page, serving
from mnist_compare.demo import notebook as in_notebooks
from mnist_compare.demo.server import LOCAL, Api
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
    in_notebooks._running.close()


def test_unknown_names_fail_before_the_page_is_there(tmp_path):
    for unknown in ({"models": ("rnn",)}, {"pipeline": "sideways"}, {"language": "klingon"}):
        with pytest.raises(ValueError, match=r"rnn|sideways|klingon"):
            page.write(tmp_path, **unknown)
    assert not (tmp_path / "index.html").exists()


def test_the_picture_names_a_network_whatever_it_is_called(monkeypatch):
    monkeypatch.setitem(predictor._own, r"$\no", (predictor.load("mlp"), None))
    figure = in_notebooks.picture((r"$\no", "mlp"))
    figure.draw_without_rendering()
    said = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert sum(text.startswith(r"$\no ") for text in said) == in_notebooks.IN_THE_PICTURE


@pytest.mark.slow
def test_an_executed_notebook_holds_a_picture_and_no_address(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_COMPARE_SMALL", str(tmp_path))  # its picture is not the report's
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    sources = "from mnist_compare import demo\ndemo.show()", "import sys\n'gradio' in sys.modules"
    notebook = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, sources)])
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    (said, picture), (launched,) = (cell.outputs for cell in notebook.cells)
    assert in_notebooks.HOW_TO_DRAW in said.data["text/markdown"]
    assert "image/png" in picture.data
    assert launched.data["text/plain"] == "False"
    stored = nbformat.writes(notebook)
    assert "iframe" not in stored
    assert "127.0.0.1" not in stored


def address(html):
    return re.search(r'<iframe src="(.*?)"', html)[1]


def test_show_displays_the_page_and_closes_the_one_before(displayed):
    demo.show()
    first = address(displayed[0])
    assert httpx.get(first, trust_env=False).is_success
    demo.show(("cnn",), "crop")
    assert address(displayed[1]) == first  # its port was free again
    second = httpx.get(first, trust_env=False).text
    assert '"models": ["cnn"]' in second
    assert 'data-pipeline="crop"' in second


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
    @contextmanager
    def launched(api, folder, hosts, share, **options):
        assert hosts is None
        assert api.folder is None  # what others draw is not kept
        with real(api, folder, hosts, share=False, **options) as (local, _):
            yield local, link if share else None

    real = gradio_page.launched
    monkeypatch.setattr(gradio_page, "launched", launched)
    monkeypatch.setattr(gradio_page, "share_service_answers", lambda: bool(link))
    demo.show(("mlp",), share=True)
    (html,) = displayed
    assert (gradio_page.NO_LINK in html) == (link is None)
    assert address(html).startswith(link or "http://127.0.0.1:")
    assert html.count("https://far.example") == (3 if link else 0)  # in words, too


def test_gradio_shows_the_page_in_a_frame_and_stores_no_file_of_a_stranger(tmp_path):
    page.write(tmp_path, ("mlp",))
    api = Api(("mlp",), "center")
    with gradio_page.launched(api, tmp_path, LOCAL, inline=False) as (local, link):
        assert link is None
        root = local.removesuffix(gradio_page.PAD + "/")
        assert f".{gradio_page.PAD}/" in httpx.get(root, trust_env=False).text
        sent = httpx.post(f"{root}/gradio_api/upload", files={"files": b"strange"}, trust_env=False)
        assert sent.is_client_error
        for host, status in (("rebound.example", 400), ("localhost", 200)):
            assert httpx.get(local, headers={"Host": host}, trust_env=False).status_code == status


def test_show_outlives_a_demo_that_cannot_start(displayed, monkeypatch):
    monkeypatch.setattr(gradio_page, "launched", lambda *_, **__: 1 / 0)
    demo.show()
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
            serving.serve(port=port)


def test_serve_takes_the_next_port_where_one_is_in_use(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        ports = other.getsockname()[1], free.getsockname()[1]
        free.close()
        monkeypatch.setattr(serving, "PORTS", ports)
        with serving._listening("127.0.0.1", None) as listening:
            assert listening.getsockname()[1] == ports[1]


def test_only_a_private_page_keeps_drawings_unasked_and_only_a_public_one_has_any_name(
    own_folder, monkeypatch, tmp_path, capsys
):
    """Where nothing can be written, nobody is asked; a page goes on without a public link."""
    names, said = [], []

    def application(api, folder, hosts):
        names.append(hosts)
        raise KeyboardInterrupt  # as soon as the page is up

    monkeypatch.setattr(Api, "application", application)
    monkeypatch.setattr(gradio_page, "share_service_answers", lambda: False)
    (tmp_path / "file").touch()
    for share, data, collect in (
        (False, tmp_path, None),
        (False, tmp_path / "file", None),
        (True, tmp_path, None),
        (True, tmp_path, tmp_path / "asked"),
    ):
        monkeypatch.setenv("XDG_DATA_HOME", str(data))
        serving.serve(share=share, collect=collect)
        said.append(capsys.readouterr().out)
    assert names == [LOCAL, LOCAL, None, None]
    assert all("http://127.0.0.1:" in each for each in said)
    assert [each.partition("are kept in ")[2].splitlines()[:1] for each in said] == [
        *([str(own_folder)], [], [], [str(tmp_path / "asked")])
    ]
    assert ["no public link" in each for each in said] == [False, False, True, True]
