"""What comes in from strangers, against the running server."""

import base64
import concurrent.futures
import contextlib
import errno
import io
import string
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_compare import predictor, preprocessing
from mnist_compare.demo import server, uploads
from mnist_compare.demo.answer import answer
from mnist_compare.page import parts
from mnist_compare.records.networks import SERVED, title

PAPER = Image.new("L", (280, 280), "white")
ONE = PAPER.copy()
ImageDraw.Draw(ONE).line([(140, 60), (140, 220)], fill="black", width=18)
NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (600, 500, 3), np.uint8))


def encoded(image, form="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def url(data):
    return "data:image/png;base64," + base64.b64encode(data).decode()


TWO_STROKES = ONE.copy()
ImageDraw.Draw(TWO_STROKES).line([(100, 100), (140, 60)], fill="black", width=18)
GOOD = encoded(ONE)
SEEN = preprocessing.preprocess(ONE).digit
DIGIT = base64.b64encode(SEEN.tobytes()).decode()


def file(data, status):
    return "predict", {"files": {"image": data}}, status


def form(status, **request):
    return "predict", request, status


def drawing(text, status=400):
    return "demo/keep", {"json": {"drawing": text, "pipeline": "crop", "label": 1}}, status


def digit(text, status=400, models=("mlp",)):
    return "demo/answer", {"json": {"digit": text, "models": models}}, status


def body(content, status=400, kind="application/json", path="demo/answer"):
    return path, {"content": content, "headers": {"Content-Type": kind}}, status


REFUSED = {
    "blank": file(encoded(PAPER), 422),
    "400 megapixels": file(encoded(Image.new("1", (20_000, 20_000))), 413),
    "truncated PNG": file(encoded(NOISE)[:5000], 400),
    "text": file(b"seven", 415),
    "a little too much": file(GOOD + bytes(uploads.LARGEST_FILE), 413),
    "nothing": file(b"", 400),
    "wrong field": form(422, files={"picture": GOOD}),
    "no form": body(GOOD, 422, "image/png", "predict"),
    "wrong model": form(422, files={"image": GOOD}, params={"model": "../../etc/passwd"}),
    "wrong pipeline": form(422, files={"image": GOOD}, data={"pipeline": "sideways"}),
    "two files": form(400, files={"image": GOOD, "model": GOOD}),
    "no boundary": body(b"xx", 400, "multipart/form-data", "predict"),
    "no address": drawing("seven"),
    "no base64": drawing("data:image/png;base64,%%%"),
    "no ASCII": drawing("data:image/png;base64,일곱"),
    "a large drawing": drawing(url(encoded(Image.new("1", (3000, 3000)))), 413),
    "no base64 of a digit": digit("%%%"),
    "a small digit": digit(DIGIT[:-4]),
    "a digit of numbers": digit([0] * 784),
    "no digit": digit(None),
    "models unknown": digit(DIGIT, 422, ["mlp", "../mlp"]),
    "no list of models": digit(DIGIT, 422, "mlp"),
    "no JSON": body(b"{"),
    "no UTF-8": body(b"\xff"),
    "no names": body(b"7"),
    "nested": body(b"[" * 100_000),
    "no numbers": body(b'{"models": [NaN, Infinity]}', 422),
    **{
        f"label {label}": ("demo/keep", {"json": {"drawing": url(GOOD), "label": label}}, 422)
        for label in (10, -1, "7", True, None, 7.0)
    },
    **{
        f"not kept: {name}": ("demo/forget", {"json": {"name": name}}, 404)
        for name in ("1/0000000000000000.png", "../log.csv", 7, None)
    },
    "as a form can send it": body(b"{}", 415, "text/plain", "demo/keep"),
}


@pytest.fixture(scope="module")
def client(page):
    with httpx.Client(base_url=page.local_url, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture(scope="module", autouse=True)
def goes_on(client):
    """After all the tests, whatever they sent, a good request is answered."""
    yield
    assert client.post("predict", files={"image": GOOD}).json()["prediction"] == 1


def is_a_sentence(reply):
    """Tell whether a refusal says what is wrong, and nothing of the host or the program."""
    (detail,) = reply.json().values()
    assert detail.endswith((".", "다.", "요."))
    assert not {"/", "Traceback", "Error", "0x"} & set(detail.replace(" ", "\n").split())
    return "/" not in detail


def test_predict_answers_a_picture_by_what_is_chosen_in_form_or_query(client):
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned by a quarter
    for data in (GOOD, encoded(ONE.rotate(90), "JPEG", exif=turned)):
        sent = client.post("predict", files={"image": ("one", data)}).json()
        given = answer(uploads.open_file(io.BytesIO(data)))
        probabilities = pytest.approx(given.probabilities["reader"], abs=1e-5)
        assert (sent.pop("prediction"), sent.pop("probabilities")) == (1, probabilities)
        assert sent == {"model": "reader", "pipeline": "center"}
    chosen = {"model": "mlp", "pipeline": "crop"}
    for where in ("data", "params"):
        sent = client.post("predict", files={"image": GOOD}, **{where: chosen}).json()
        assert chosen.items() <= sent.items()


@pytest.mark.parametrize(("path", "request_", "status"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_answered_gets_its_status_and_a_sentence(
    client, path, request_, status, capfd
):
    reply = client.post(path, **request_)
    assert reply.status_code == status
    assert is_a_sentence(reply)
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_digit_is_read_by_the_models_that_are_named(client):
    sent = {"digit": DIGIT, "models": ["reader", "mlp"]}
    reply = client.post("demo/answer", json=sent).json()
    expected = [predictor.load(name)(SEEN) for name in sent["models"]]
    np.testing.assert_allclose(reply["probabilities"], expected, atol=1e-6)


def kept(page):
    """The names of the pictures in the folder of the page, and those in its log."""
    path = page.folder.path
    log = path / "log.csv"
    rows = log.read_text().splitlines()[1:] if log.exists() else []
    files = [each.relative_to(path).as_posix() for each in path.rglob("*.png")]
    return sorted(files), sorted(row.split(",")[-1] for row in rows)


def test_a_drawing_is_kept_once_and_may_be_forgotten(client, page):
    def ask(what, **sent):
        return client.post(f"demo/{what}", json=sent)

    def keep(image, label):
        return ask("keep", drawing=url(encoded(image)), label=label).json()

    first, again, other = keep(ONE, 1), keep(ONE.copy(), 7), keep(TWO_STROKES, 1)
    assert first == again == {"kept": 1, "name": first["name"]}
    for gone, left in ((first["name"], [other["name"]]), (other["name"], [])):
        assert gone in kept(page)[0]
        assert ask("forget", name=gone).json() == {"forgotten": gone}
        assert ask("forget", name=gone).status_code == 404
        assert kept(page) == (left, left)


def test_on_a_full_disk_nothing_is_kept_and_nothing_is_left_behind(client, page, monkeypatch):
    write = Path.write_bytes

    def half(path, data):
        if path.suffix == ".png":
            return write(path, data)
        write(path, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    sent = {"drawing": url(GOOD), "label": 1}
    name = client.post("demo/keep", json=sent).json()["name"]
    before = kept(page)
    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", half)
        keep = client.post("demo/keep", json=sent | {"drawing": url(encoded(TWO_STROKES))})
        forget = client.post("demo/forget", json={"name": name})
    assert keep.status_code == forget.status_code == 507
    assert is_a_sentence(keep)
    assert kept(page) == before
    assert client.post("demo/forget", json={"name": name}).is_success


def test_a_refusal_speaks_the_language_of_the_client(client):
    for language, sentence in (("ko-KR,ko;q=0.9", "읽을"), ("de", "read")):
        headers = {"Accept-Language": language}
        detail = client.post("predict", files={"image": encoded(PAPER)}, headers=headers).json()
        assert sentence in detail["detail"]


@pytest.mark.parametrize("path", ["predict", "demo/answer"])
def test_a_body_without_a_length_ends_at_the_limit(client, path):
    sent = 0

    def endless():
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\n'
        for _ in range(300):
            sent += 1_000_000
            yield bytes(1_000_000)

    kind = "multipart/form-data; boundary=b" if path == "predict" else "application/json"
    head = {"Content-Type": kind}
    # The server may hang up before all is sent.
    with contextlib.suppress(httpx.WriteError, httpx.RemoteProtocolError):
        assert client.post(path, content=endless(), headers=head).status_code == 413
    assert sent < 100_000_000


def test_no_file_is_served_from_elsewhere(client):
    up = "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "x"
    up += ("a" * 6_000,)  # longer than a name can be
    for path in (f"{folder}{each}" for folder in ("", "files/") for each in up):
        reply = client.get(path)
        assert reply.is_client_error, path
        assert len(reply.text) < 100


def test_the_page_says_without_javascript_what_it_needs(client):
    usual = client.get("").text
    assert all(strings["noscript"] in usual for strings in parts.strings().values())


def test_a_page_from_elsewhere_is_refused_and_our_own_is_not(client, page):
    sent = {"digit": DIGIT, "models": ["mlp"]}
    for head in (
        {"Origin": "http://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        for path in ("predict", "demo/answer", "demo/keep", "demo/forget"):
            reply = client.post(path, json=sent, headers=head)
            assert reply.status_code == 403, head
            assert is_a_sentence(reply)
            assert "access-control-allow-origin" not in reply.headers
    for head, status in (
        ({"Origin": page.local_url.rstrip("/")}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://127.0.0.1:1"}, 403),
    ):
        assert client.post("demo/answer", json=sent, headers=head).status_code == status


def test_a_private_page_is_served_under_local_names_only(client, page):
    port = urlsplit(page.local_url).port
    for host in ("rebound.example", f"rebound.example:{port}", "127.0.0.1.example", "", "a b"):
        for reply in (
            client.get("", headers={"Host": host}),
            client.post("demo/answer", json={}, headers={"Host": host}),
        ):
            assert reply.status_code == 400
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}", "LOCALHOST"):
        assert client.get("", headers={"Host": host}).is_success


def test_nothing_that_can_be_read_tells_where_things_are_on_this_machine(client, page):
    texts = [client.get("").text]
    sent = {"drawing": url(GOOD), "label": 1}
    name = client.post("demo/keep", json=sent).json()["name"]
    texts += [client.post("demo/keep", json=sent).text]
    assert client.post("demo/forget", json={"name": name}).is_success
    for place in (page.folder.path, Path(server.__file__).parents[2], Path.home()):
        assert not [text for text in texts if f"{place}/" in text or f'"{place}"' in text], place


def test_a_large_picture_is_made_smaller_and_read_the_same():
    large = Image.new("L", (3000, 2000), "white")
    ImageDraw.Draw(large).line([(1500, 300), (1600, 1700)], fill="black", width=150)
    clear = Image.new("LA", large.size)
    clear.putalpha(Image.eval(large, lambda grey: 255 - grey))
    deep = Image.fromarray(np.asarray(large).astype(np.uint16) * 257)
    whole = preprocessing.preprocess(large).digit.astype(int)
    for picture in (large, large.convert("RGB"), large.convert("P"), clear, deep):
        small = uploads.open_file(io.BytesIO(encoded(picture)))
        assert max(small.size) <= preprocessing.LONGEST_SIDE
        assert np.abs(preprocessing.preprocess(small).digit - whole).max() <= 2


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="measured as Linux does")
def test_ten_large_pictures_at_once_need_the_memory_of_one(client):
    bomb = encoded(Image.new("L", (6000, 4000)))
    Path("/proc/self/clear_refs").write_text("5")  # sets the highest mark back

    def highest():
        return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])

    before = highest()
    with concurrent.futures.ThreadPoolExecutor(10) as executor:
        sent = [executor.submit(client.post, "predict", files={"image": bomb}) for _ in range(10)]
    assert {each.result().status_code for each in sent} == {422}
    assert highest() - before < 250_000  # kB


def test_both_languages_say_the_same_things():
    def names(said):
        if isinstance(said, dict):
            return {name: names(value) for name, value in said.items()}
        return {name for _, name, _, _ in string.Formatter().parse(said) if name}

    english, korean = (parts.strings()[language] for language in ("en", "ko"))
    assert names(english) == names(korean)
    # In figures and on the page alike.
    assert english["models"] == {name: title(name) for name in SERVED}
