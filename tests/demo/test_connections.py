"""Connections that ask for nothing, or take nothing, against the running server."""

import base64
import contextlib
import json
import socket
import threading
import time
from urllib.parse import urlsplit

import httpx
import pytest

from mnist_compare import predictor
from mnist_compare.demo import limits, uploads

BEGUN = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
ASKED = BEGUN + b"\r\n"
DRAWING = b"POST /demo/answer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
DIGIT = json.dumps({"digit": base64.b64encode(bytes(784)).decode(), "models": ["mlp"]}).encode()
SENT = DRAWING + f"Content-Length: {len(DIGIT)}\r\n\r\n".encode() + DIGIT
STALLED = DRAWING + b"Content-Length: 100\r\n\r\n{"


@pytest.fixture
def connect(page):
    """Open a connection and send something."""
    address = urlsplit(page.local_url)
    with contextlib.ExitStack() as stack:

        def begin(sent):
            own = socket.socket()
            own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # the rest waits for us
            own.settimeout(10)
            stack.enter_context(own).connect((address.hostname, address.port))
            own.sendall(sent)
            return own

        yield begin


@pytest.fixture
def hasty(page, monkeypatch):
    """A request must arrive soon."""
    monkeypatch.setattr(limits, "PATIENCE", 0.3)


def answer(own):
    """Return the status that a connection is answered with, None if it is closed without one."""
    with contextlib.suppress(ConnectionError):
        if line := own.recv(1000).partition(b"\r\n")[0]:
            return int(line.split()[1])


def hung_up(own, sent):
    """Send it every tenth of a second until the server hangs up; tell whether it does in ten."""
    with contextlib.suppress(ConnectionError):
        for _ in range(100):
            own.sendall(sent)
            time.sleep(0.1)
        return False
    return True


def goes_on(page):
    """Tell whether another client is served."""
    return httpx.get(page.local_url, trust_env=False).is_success


def test_where_no_whole_request_arrives_the_connection_is_closed(connect, hasty, page):
    assert answer(connect(STALLED)) == 408
    assert goes_on(page)


def test_three_hundred_idle_connections_keep_nobody_out(connect, page):
    for _ in range(300):
        connect(b"")
    assert goes_on(page)


def test_slow_senders_hold_no_place(connect):
    for _ in range(50):
        connect(STALLED)
    assert answer(connect(SENT)) == 200


def test_headers_without_end_are_refused(connect):
    assert hung_up(connect(BEGUN + b"X: "), bytes(100_000))


def test_where_there_are_too_many_another_is_told_so_and_served_once_they_have_gone(
    connect, page, monkeypatch
):
    monkeypatch.setattr(page.server.config, "limit_concurrency", 3)
    waiting = [connect(BEGUN) for _ in range(3)]
    assert answer(connect(ASKED)) == 503
    for own in waiting:
        own.close()
    assert goes_on(page)


def test_few_compute_at_a_time_and_the_others_wait(connect, page, monkeypatch):
    computing, finish = threading.Semaphore(0), threading.Event()

    def load(name):
        computing.release()
        assert finish.wait(10)
        raise uploads.Refused(400, "drawing")

    monkeypatch.setattr(predictor, "load", load)
    asked = [connect(SENT) for _ in range(limits.COMPUTING + 20)]
    for _ in range(limits.COMPUTING):
        assert computing.acquire(timeout=10)
    assert goes_on(page)
    assert not computing.acquire(timeout=0.1)
    finish.set()
    assert {answer(own) for own in asked} == {400}
