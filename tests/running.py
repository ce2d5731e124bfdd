"""Run the demo for tests, as ``serve()`` does but beside the test."""

import socket
import threading
from contextlib import contextmanager
from types import SimpleNamespace

from mnist_compare.demo import page, serving
from mnist_compare.demo.server import Api
from mnist_compare.records.networks import SERVED


@contextmanager
def running(written, folder=None, models=SERVED):
    """Write the page into a folder that exists, and serve it; drawings are kept in ``folder``."""
    page.write(written, models, keeps=folder is not None)
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    server = serving.server(Api(models, "center", folder).application(written))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    yield SimpleNamespace(local_url=address, folder=folder, server=server)
    server.should_exit = True
    thread.join()
