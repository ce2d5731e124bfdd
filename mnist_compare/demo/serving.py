"""Serve the page to draw on from the command line. Nothing leaves the machine unasked."""

import contextlib
import errno
import socket
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn

from mnist_compare.demo import gradio_page, limits, page
from mnist_compare.demo.collected import Folder, own_folder
from mnist_compare.demo.server import LOCAL, Api
from mnist_compare.records import progress
from mnist_compare.records.networks import SERVED

PORTS = range(7860, 7960)  # of which the first free one is taken


def serve(
    models: Sequence[str] = SERVED,
    pipeline: str = "center",
    host: str = "127.0.0.1",
    port: int | None = None,
    share: bool = False,
    language: str | None = None,
    collect: str | Path | None = None,
    browser: bool = False,
) -> None:
    """Serve the page until Ctrl-C; raises OSError with one sentence where that cannot be.

    With ``browser``, a page that only this machine can open is opened in its browser. Labelled
    drawings are kept in the folder ``collect``; without it, a page that only this machine can open
    keeps them in ``collected.own_folder()``, and a public one does not ask for labels.
    """
    host = host.strip("[]")  # of IPv6
    private = host in LOCAL and not share
    folder = Folder(collect) if collect else own_folder() if private else None
    api = Api(tuple(models), pipeline, folder)
    with _listening(host, port) as listening, TemporaryDirectory() as written:
        with progress.steps("Starting the demo", 1) as done:
            page.write(Path(written), models, pipeline, language, keeps=folder is not None)
            done("networks and page")
        name = f"[{host}]" if ":" in host else host
        address = f"http://{name}:{listening.getsockname()[1]}/"
        print(f"Draw digits at {address} (Ctrl-C ends it)", flush=True)
        if folder:
            print(f"Drawings that users label are kept in {folder.path}", flush=True)
        elif not private:
            print("No drawing is kept; --collect DIR keeps those that users label.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            if share and gradio_page.share_service_answers():
                _serve_with_link(api, Path(written), name, listening)
            elif share:
                print(gradio_page.NO_LINK, flush=True)
            if browser and private:
                webbrowser.open(address)
            server(api.application(Path(written), LOCAL if private else None)).run([listening])


def server(application) -> uvicorn.Server:
    """Return a server that bounds headers, connections, and how long it waits for the next."""
    config = uvicorn.Config(
        application, http="h11", ws="none", lifespan="off", log_level="critical",
        limit_concurrency=limits.MOST_CONNECTIONS, timeout_graceful_shutdown=1,
        server_header=False,
    )  # fmt: skip
    return uvicorn.Server(config)


def _serve_with_link(api, written, name, listening):
    port = listening.getsockname()[1]
    listening.close()
    options = {"server_name": name, "server_port": port, "share": True}
    with gradio_page.launched(api, written, None, **options) as (_, link):
        print(
            f"Public link, for a week at most: {link}" if link else gradio_page.NO_LINK, flush=True
        )
        threading.Event().wait()


def _listening(host, port):
    """Return a socket that listens at the port, or the first free of ``PORTS``; raise OSError."""
    if port is not None and port not in range(1, 2**16):
        raise ValueError(f"A port is a number from 1 to 65535, not {port}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for each in (port,) if port else PORTS:
        try:
            return socket.create_server((host, each), family=family, backlog=2048)
        except (OSError, UnicodeError) as error:
            problem = error
            if getattr(error, "errno", None) != errno.EADDRINUSE:
                break
    where = f"{host}:{port}" if port else host
    reason = getattr(problem, "strerror", str(problem)).partition(" (")[0]
    raise OSError(f"Cannot serve on {where}: {reason}; choose another.")
