import base64
import io
import os
import shutil
import socket
import sys
import time
from types import SimpleNamespace

import httpx
import nbclient
import nbformat
import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_compare import demo, report

BLANK = Image.new("L", (280, 280), "white")
DRAWN = BLANK.copy()
ImageDraw.Draw(DRAWN).line([(140, 60), (140, 220)], fill="black", width=18)
NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (280, 280, 4), np.uint8))


def png(image):
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def data_url(data):
    return demo.PREFIX + base64.b64encode(data).decode()


def of_declared_side(side):
    """A PNG file that says it has that side, and holds the pixels of another picture."""
    data = png(DRAWN)
    return data[:16] + side.to_bytes(4, "big") * 2 + data[24:]


BAD = {
    "a text": "seven",
    "a number": 7,
    "a list": ["data:image/png;base64,"],
    "another format": "data:image/jpeg;base64," + "A" * 100,
    "no base64": demo.PREFIX + "%%%",
    "no picture": data_url(b"seven"),
    "a picture cut off": data_url(png(DRAWN)[:-300]),
    "a picture in which a byte fell over": data_url(png(NOISE)[:5000] + b"\0" + png(NOISE)[5001:]),
    "a lie about the side": data_url(of_declared_side(280)[:-20] + bytes(20)),
    "a huge side": data_url(of_declared_side(60_000)),
    "a small picture": data_url(png(DRAWN.resize((28, 28)))),
    "a long text": demo.PREFIX + "A" * 10_000_000,
}


@pytest.fixture(scope="module")
def address():
    """The address of a running page, whose process asks nobody but itself."""
    resolve, asked = socket.getaddrinfo, set()

    def recorded(host, *rest, **options):
        asked.add(host)
        return resolve(host, *rest, **options)

    page = demo.app()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", recorded)
        demo._launch(page)
        yield page.local_url
        page.close(verbose=False)
    assert asked <= {"127.0.0.1", b"127.0.0.1", "localhost", None}


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
    monkeypatch.setattr(demo, "_somebody_is_there", lambda: True)
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    with socket.create_server(("127.0.0.1", 0)) as service:
        silent = f"http://127.0.0.1:{service.getsockname()[1]}"
        monkeypatch.setattr("gradio.networking.GRADIO_API_SERVER", silent)
        yield


@pytest.fixture
def chromium():
    path = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        (pytest.fail if "CI" in os.environ else pytest.skip)("needs Chromium and playwright")
    switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=switches)
        yield browser
        browser.close()


def test_every_model_answers_a_drawing():
    read = demo.answer(DRAWN)
    assert list(read.probabilities) == ["mlp", "cnn"]
    for name, probabilities in read.probabilities.items():
        assert probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert read.confidence(name) == probabilities[read.digit(name)] == probabilities.max()


def test_no_model_answers_a_blank_drawing():
    read = demo.answer(demo.decode(data_url(png(BLANK))))
    assert read.preprocessed.blank
    assert read.probabilities == {}


def test_the_largest_honest_drawing_is_read():
    assert np.array_equal(demo.decode(data_url(png(NOISE))), NOISE)


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_bad_input_is_answered_by_a_sentence(text, address, capfd):
    call = {"data": [text], "fn_index": 0, "session_hash": "test"}
    reply = httpx.post(f"{address}gradio_api/run/predict", json=call, trust_env=False)
    assert reply.status_code == 200
    (shown,) = reply.json()["data"]
    assert shown["headline"].startswith("This ")
    assert shown["headline"].endswith((".", "expected."))
    assert shown["steps"] == shown["models"][0]["probabilities"] == []
    assert "Traceback" not in capfd.readouterr().err


def test_unknown_names_fail_before_the_page_is_there():
    with pytest.raises(ValueError, match="perceptron"):
        demo.app(models=("perceptron",))
    with pytest.raises(ValueError, match="sideways"):
        demo.app(pipeline="sideways")


def test_the_picture_is_the_same_every_time():
    first, second = (demo.picture(("mlp",), "crop") for _ in range(2))
    with io.BytesIO() as one, io.BytesIO() as two:
        first.savefig(one)
        second.savefig(two)
        assert one.getvalue() == two.getvalue()


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
    monkeypatch.setattr(demo, "_somebody_is_there", lambda: True)
    demo.show()
    first = demo._running
    assert f'<iframe src="{first.local_url}"' in displayed[0]
    assert httpx.get(first.local_url, trust_env=False).is_success
    demo.show(("cnn",), "crop")
    assert demo._running is not first
    assert not first.is_running
    assert len(displayed) == 4


def test_show_outlives_a_demo_that_cannot_start(displayed, monkeypatch):
    monkeypatch.setattr(demo, "_somebody_is_there", lambda: True)
    monkeypatch.setattr(demo, "_launch", lambda *_, **__: 1 / 0)
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


def test_serve_goes_on_without_a_public_link(monkeypatch, capsys):
    class Interrupted:
        def wait(self):
            raise KeyboardInterrupt

    monkeypatch.setattr(demo, "_share_service_answers", lambda: False)
    monkeypatch.setattr(demo, "threading", SimpleNamespace(Event=Interrupted))
    demo.serve(share=True)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Draw digits at http://127.0.0.1:")
    assert second.startswith("There is no public link")


def test_the_page_answers_strokes(address, chromium):
    from playwright.sync_api import expect

    page = chromium.new_page(viewport={"width": 360, "height": 740})
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else 0)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    headline, steps = page.locator("#answer .headline"), page.locator("#answer .steps li")
    expect(headline).to_have_text(demo.NOTHING_DRAWN)
    page.locator("#pad canvas").wait_for()
    before = page.locator("#pad canvas").bounding_box()

    def stroke(*corners):
        (x, y), *rest = [
            (before["x"] + across * before["width"], before["y"] + down * before["height"])
            for across, down in corners
        ]
        page.mouse.move(x, y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(x, y, steps=8)
        page.mouse.up()

    stroke((0.5, 0.2), (0.5, 0.8))
    expect(headline).to_contain_text("This reads as ")
    expect(page.locator("#answer .best")).to_have_count(2)
    expect(steps).to_have_count(6)
    assert page.locator("#pad canvas").bounding_box() == before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    one = steps.last.locator("img").get_attribute("src")

    stroke((0.3, 0.5), (0.7, 0.5), (0.7, 0.3))
    expect(steps.last.locator("img")).not_to_have_attribute("src", one)
    page.get_by_role("button", name="Undo").click()
    expect(steps.last.locator("img")).to_have_attribute("src", one)
    page.get_by_role("button", name="Clear").click()
    expect(headline).to_have_text(demo.NOTHING_DRAWN)
    expect(steps).to_have_count(0)

    stroke((0.4, 0.4))  # a dot, then away with it by keyboard
    expect(headline).to_contain_text("This reads as ")
    page.locator("#pad canvas").press("Control+z")
    expect(headline).to_have_text(demo.NOTHING_DRAWN)
    assert said == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
