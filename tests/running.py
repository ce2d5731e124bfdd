"""Run the demo for tests, as ``serve()`` does but beside the test."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from mnist_compare.demo import page, serving
from mnist_compare.demo.collected import Folder
from mnist_compare.demo.server import Api
from mnist_compare.records.networks import SERVED


@dataclass(frozen=True)
class Running:
    """A demo that runs."""

    local_url: str
    folder: Folder | None  # where it keeps drawings
    server: uvicorn.Server


@contextmanager
def running(
    written: Path, folder: Folder | None = None, models: tuple[str, ...] = SERVED
) -> Iterator[Running]:
    """Write the page into a folder that exists, and serve it."""
    page.write(written, models, keeps=folder is not None)
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    server = serving.server(Api(models, "center", folder).application(written))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    yield Running(f"http://127.0.0.1:{listening.getsockname()[1]}/", folder, server)
    server.should_exit = True
    thread.join()
