"""What comes in from strangers, against the running server."""

import base64
import collections
import concurrent.futures
import contextlib
import io
import json
import os
import resource
import subprocess
import sys
import threading
import zlib

import httpx
import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_compare import pictures, reading, runs, server
from mnist_compare.pictures import Refused

PAPER = Image.new("L", (280, 280), "white")
ONE = PAPER.copy()
ImageDraw.Draw(ONE).line([(140, 60), (140, 220)], fill="black", width=18)
NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (600, 500, 3), np.uint8))


def encoded(image, form="PNG"):
    buffer = io.BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


def url(data, kind="png"):
    return f"data:image/{kind};base64," + base64.b64encode(data).decode()


def of_declared_size(width, height):
    """A PNG file that says it has that size, and holds the pixels of another picture."""
    data = encoded(ONE)
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + data[24:29]
    return data[:12] + header + zlib.crc32(header).to_bytes(4, "big") + data[33:]


GOOD = encoded(ONE)
CNN = {"model": "cnn"}
BAD_FILES = {
    "blank": (encoded(PAPER), 422),
    "one pixel": (encoded(Image.new("L", (1, 1))), 422),
    "full black": (encoded(Image.new("L", (280, 280))), 422),
    "a thin blank strip": (encoded(Image.new("L", (1, 10_000), "white")), 422),
    "400 megapixels": (encoded(Image.new("1", (20_000, 20_000))), 413),
    "a lie of 3,600 megapixels": (of_declared_size(60_000, 60_000), 413),
    "truncated PNG": (encoded(NOISE)[:5000], 400),
    "truncated JPEG": (encoded(NOISE, "JPEG")[:500], 400),
    "no pixels at all": (GOOD[:33], 400),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 415),
    "HTML": (b"<!doctype html><script>alert(1)</script>", 415),
    "text": (b"seven", 415),
    "GIF": (encoded(ONE, "GIF"), 415),
    "WebP": (encoded(ONE, "WEBP"), 415),
    "20 MB": (GOOD + bytes(20_000_000), 413),
    "a little too much": (GOOD + bytes(pictures.LARGEST_FILE), 413),
    "nothing": (b"", 400),
}
BAD_DRAWINGS = {
    "a text": ("seven", 400),
    "a number": (7, 400),
    "no drawing": (None, 400),
    "an array": ([[0.5, 1.0]], 400),
    "another kind of URL": ("data:image/svg+xml;base64,PHN2Zy8+", 400),
    "a web address": ("http://127.0.0.1/one.png", 400),
    "a file address": ("file:///etc/passwd", 400),
    "no base64": ("data:image/png;base64,%%%", 400),
    "a text that says it is a PNG": (url(b"seven"), 415),
    "an SVG that says it is a JPEG": (url(b"<svg/>", "jpeg"), 415),
    "a large picture": (url(encoded(Image.new("1", (3000, 3000)))), 413),
    "a truncated picture": (url(GOOD[:-200]), 400),
}


@pytest.fixture(scope="module")
def client(page):
    with httpx.Client(base_url=page.local_url, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture(autouse=True)
def goes_on(client, capfd):
    """After every test, whatever it sent, the next good request is answered."""
    yield
    assert client.post("predict", files={"image": GOOD}, data=CNN).json()["prediction"] == 1
    assert "Traceback" not in "".join(capfd.readouterr())


def is_a_sentence(reply):
    """Tell whether a refusal says what is wrong, and nothing of the host or the program."""
    (detail,) = reply.json().values()
    assert detail.endswith((".", "다.", "요."))
    assert not {"/", "Traceback", "Error", "0x"} & set(detail.replace(" ", "\n").split())
    return "/" not in detail


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_predict_answers_a_picture(client, form):
    reply = client.post("predict", files={"image": ("one", encoded(ONE, form))})
    assert reply.status_code == 200
    answer = reply.json()
    assert set(answer) == {"prediction", "probabilities", "model", "pipeline"}
    assert (answer["model"], answer["pipeline"]) == ("reader", "center")
    read = reading.answer(Image.open(io.BytesIO(encoded(ONE, form))))
    assert answer["prediction"] == read.digit("reader")
    assert answer["probabilities"] == pytest.approx(read.probabilities["reader"], abs=1e-5)


def test_predict_takes_model_and_pipeline_from_form_or_query(client):
    chosen = {"model": "mlp", "pipeline": "crop"}
    for where in ("data", "params"):
        answer = client.post("predict", files={"image": GOOD}, **{where: chosen}).json()
        assert chosen.items() <= answer.items()


def test_a_transparent_and_a_sideways_picture_are_read(client):
    ink = Image.new("RGBA", ONE.size)
    ink.putalpha(Image.eval(ONE, lambda grey: 255 - grey))
    reply = client.post("predict", files={"image": encoded(ink)}, data=CNN)
    assert reply.json()["prediction"] == 1
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned by a quarter
    buffer = io.BytesIO()
    ONE.rotate(90).save(buffer, "JPEG", exif=turned)
    reply = client.post("predict", files={"image": buffer.getvalue()}, data=CNN)
    assert reply.json()["prediction"] == 1


@pytest.mark.parametrize(("data", "status"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_gets_its_status_and_a_sentence(client, data, status):
    reply = client.post("predict", files={"image": data})
    assert reply.status_code == status
    assert is_a_sentence(reply)


@pytest.mark.parametrize(
    "request_", [
        {"files": {"picture": GOOD}},
        {"data": {"image": "one.png"}},
        {"content": GOOD, "headers": {"Content-Type": "image/png"}},
        {"content": b""},
        {"files": {"image": GOOD}, "params": {"model": "../../etc/passwd"}},
        {"files": {"image": GOOD}, "data": {"pipeline": "sideways"}},
        {"files": {"image": GOOD, "model": GOOD}},
        {"content": b"xx", "headers": {"Content-Type": "multipart/form-data"}},
    ],
    ids=["wrong field", "a text for the file", "no form", "nothing", "wrong model",
         "wrong pipeline", "two files", "no boundary"],
)  # fmt: skip
def test_a_wrong_form_gets_a_sentence(client, request_):
    reply = client.post("predict", **request_)
    assert reply.status_code in (400, 422)
    assert is_a_sentence(reply)


def test_a_drawing_is_read_by_every_model(client):
    models = client.post("demo/read", json={"drawing": url(GOOD)}).json()["models"]
    assert tuple(model["name"] for model in models) == runs.SERVED
    for model in models:
        assert sum(model["probabilities"]) == pytest.approx(1, abs=1e-4)
        assert model["confidence"] == model["probabilities"][model["digit"]]
        assert pictures.open_drawing(model["evidence"]).size == (28, 28)
    assert len({model["evidence"] for model in models}) == len(models)


@pytest.mark.parametrize(("drawing", "status"), BAD_DRAWINGS.values(), ids=BAD_DRAWINGS)
def test_a_bad_drawing_gets_its_status_and_a_sentence(client, drawing, status):
    reply = client.post("demo/read", json={"drawing": drawing, "pipeline": "crop"})
    assert reply.status_code == status
    assert is_a_sentence(reply)


def test_a_blank_drawing_is_no_mistake_but_nothing_is_read_in_it(client):
    reply = client.post("demo/read", json={"drawing": url(encoded(PAPER))})
    assert reply.status_code == 200
    assert reply.json()["models"] == []
    assert [step["name"] for step in reply.json()["steps"]] == ["grey", "ink"]


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"7", b"{", b"[" * 100_000, b'{"drawing": [NaN, Infinity]}']
)
def test_a_body_that_is_no_drawing_gets_a_sentence(client, body):
    reply = client.post("demo/read", content=body)
    assert reply.status_code == 400
    assert is_a_sentence(reply)


@pytest.mark.parametrize("label", [10, -1, "7", True, None, 7.0, "../../x"])
def test_only_a_digit_is_kept(client, page, label):
    reply = client.post("demo/keep", json={"drawing": url(GOOD), "label": label})
    assert reply.status_code == 422
    assert is_a_sentence(reply)
    assert list(page.door.folder.path.iterdir()) == []


def test_a_refusal_speaks_the_language_of_the_client(client):
    for language, sentence in (("ko-KR,ko;q=0.9", "읽을"), ("de", "read")):
        headers = {"Accept-Language": language}
        detail = client.post("predict", files={"image": encoded(PAPER)}, headers=headers).json()
        assert sentence in detail["detail"]


@pytest.mark.parametrize("path", ["predict", "demo/read", "gradio_api/call/predict"])
def test_a_body_without_a_length_ends_at_the_limit(client, path):
    sent = 0

    def endless():
        nonlocal sent
        for _ in range(300):
            sent += 1_000_000
            yield bytes(1_000_000)

    head = {"Content-Type": "multipart/form-data; boundary=b"} if path == "predict" else {}
    start = b'--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\n'

    def body():
        if head:
            yield start
        yield from endless()

    with contextlib.suppress(httpx.WriteError):  # the server may hang up before all is sent
        assert client.post(path, content=body(), headers=head).status_code == 413
    assert sent < 100_000_000


@pytest.mark.parametrize(
    "path", [
        "gradio_api/file=/etc/passwd", "gradio_api/file=../../../../etc/passwd",
        "gradio_api/file/etc/passwd", "static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "assets/..%2f..%2f..%2f..%2fetc%2fpasswd", "svelte/..%2f..%2f..%2fetc%2fpasswd",
        "gradio_api/proxy=http://127.0.0.1:1/", "gradio_api/stream/x/1/1/playlist-file",
        "monitoring", "demo/../../etc/passwd", "predict/../../etc/passwd",
    ],
)  # fmt: skip
def test_no_file_is_served(client, path):
    reply = client.get(path)
    assert reply.status_code in (403, 404)
    assert "root:" not in reply.text
    assert len(reply.text) < 100


@pytest.mark.parametrize("path", ["upload", "component_server", "vibe-edit", "process_recording"])
def test_no_file_is_taken(client, path):
    assert client.post(f"gradio_api/{path}", files={"files": GOOD}).status_code == 404


def test_a_page_from_elsewhere_is_refused(client):
    head = {"Origin": "http://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    for path in ("predict", "demo/read", "demo/keep", "gradio_api/call/predict"):
        reply = client.post(path, json={"drawing": url(GOOD), "label": 1}, headers=head)
        assert reply.status_code == 403
        assert is_a_sentence(reply)
        assert "access-control-allow-origin" not in reply.headers


def test_gradios_own_interface_answers_too(page):
    program = (
        "import json, sys; from gradio_client import Client\n"
        "client = Client(sys.argv[1], verbose=False)\n"
        "picture = sys.stdin.read()\n"
        "print(json.dumps(client.predict(picture, 'mlp', 'crop', api_name='/predict')))\n"
        "print(client.predict(picture, api_name='/predict')['model'])\n"
        "try: client.predict('seven', api_name='/predict')\n"
        "except Exception as error: print(error)\n"
    )
    # In a process of its own, since the client asks its maker's server for news.
    done = subprocess.run(
        [sys.executable, "-c", program, page.local_url],
        input=url(GOOD), capture_output=True, text=True, check=True,
        env={**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    answer, of_choice, refusal = done.stdout.splitlines()
    chosen = {"prediction": 1, "model": "mlp", "pipeline": "crop"}
    assert chosen.items() <= json.loads(answer).items()
    assert of_choice == "reader"
    assert refusal.startswith("This is no drawing")


def test_200_clients_at_once_are_answered_or_told_to_wait(page, client):
    def call(kind):
        data = {"good": GOOD, "bomb": BAD_FILES["400 megapixels"][0], "text": b"seven"}[kind]
        with httpx.Client(base_url=page.local_url, trust_env=False, timeout=30) as own:
            reply = own.post("predict", files={"image": data})
        if reply.status_code != 200:
            assert is_a_sentence(reply)
        return kind, reply.status_code

    kinds = ["good", "good", "bomb", "text"] * 50
    with concurrent.futures.ThreadPoolExecutor(200) as executor:
        counted = collections.Counter(executor.map(call, kinds))
    allowed = {"good": {200, 503}, "bomb": {413, 503}, "text": {415, 503}}
    assert all(status in allowed[kind] for kind, status in counted)
    assert counted["good", 200] > 0


def test_memory_does_not_grow_with_bad_requests(client):
    """After a first round, which fills what is kept for reuse, more of the same add nothing."""

    def attack():
        for data, _ in BAD_FILES.values():
            client.post("predict", files={"image": data})
        client.post("predict", files={"image": encoded(NOISE.resize((2000, 2000)))})
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    attack()
    before = attack()
    for _ in range(3):
        attack()
    assert attack() - before < 100_000  # kB of the highest mark


def test_turns_are_few_and_places_bounded():
    turns = server.Turns(working=1, waiting=1)
    started, finish = threading.Event(), threading.Event()

    def work():
        started.set()
        finish.wait()
        return "done"

    with concurrent.futures.ThreadPoolExecutor(1) as executor:
        with turns.place():
            first = executor.submit(turns.take, work)
            started.wait()
            with turns.place(), pytest.raises(Refused, match="busy"), turns.place():
                pass
            finish.set()
        assert first.result() == "done"


def test_nobody_waits_for_a_turn_for_ever(monkeypatch):
    monkeypatch.setattr(server, "PATIENCE", 0.01)
    turns = server.Turns(working=1)
    with pytest.raises(Refused) as refused:
        turns.take(lambda: turns.take(print))
    assert refused.value.status == 503


def test_a_body_that_never_ends_is_given_up(page, monkeypatch):
    import socket
    from urllib.parse import urlsplit

    monkeypatch.setattr(server, "PATIENCE", 0.1)
    address = urlsplit(page.local_url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as slow:
        slow.sendall(b"POST /demo/read HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert slow.recv(1000).startswith(b"HTTP/1.1 408")


def test_both_languages_say_the_same_things():
    def names(strings):
        return {
            name: names(value) if isinstance(value, dict) else set(fields(value))
            for name, value in strings.items()
        }

    def fields(text):
        import string

        return [name for _, name, _, _ in string.Formatter().parse(text) if name]

    english, korean = (pictures.strings()[language] for language in ("en", "ko"))
    assert names(english) == names(korean)
    assert tuple(english["models"]) == runs.SERVED
    assert english["models"] == runs.SHOWN_AS  # in figures and on the page alike
    assert json.loads(pictures.STRINGS.read_text("utf-8")).keys() == {"en", "ko"}
