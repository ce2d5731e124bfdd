import os
import socket

import pytest

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


@pytest.fixture
def records(tmp_path, monkeypatch):
    """An empty folder of records, with small data."""
    monkeypatch.setenv("MNIST_COMPARE_FAST", "1")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    from mnist_compare import runs

    return runs.folder()


@pytest.fixture
def a_run():
    """A made-up run of two epochs, the second reported."""
    import numpy as np

    from mnist_compare import runs

    def make(model="mlp", protocol="fair", seed=0, test_accuracy=0.97):
        rows = []
        for epoch in (1, 5, 10):
            row = dict.fromkeys(runs.COLUMNS, 0.5)
            row |= {"model": model, "protocol": protocol, "seed": seed, "epoch": epoch}
            row |= {"parameters": 100, "train_accuracy": 0.99, "test_accuracy": test_accuracy}
            if epoch == 1:
                row |= dict.fromkeys(("train_loss", "train_accuracy", "test_loss", "test_accuracy"))
            rows.append(row)
        digits = np.arange(10_000, dtype=np.uint8) % 10
        sure = np.full(10_000, 0.75, np.float32)
        keeps = (model, protocol) in (("mlp", "fair"), ("cnn", "fair"))
        confidences = {5: sure, 10: sure} if keeps else {}
        return runs.Run(model, protocol, seed, rows, {5: digits, 10: digits}, confidences)

    return make


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A running page that keeps drawings, and whose process asks nobody but itself."""
    from mnist_compare import demo, drawings

    resolve, asked = socket.getaddrinfo, set()

    def recorded(host, *rest, **options):
        asked.add(host)
        return resolve(host, *rest, **options)

    page = demo.app(folder=drawings.Folder(tmp_path_factory.mktemp("kept")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", recorded)
        demo.launch(page)
        yield page
        page.close(verbose=False)
    assert asked <= {"127.0.0.1", b"127.0.0.1", "localhost", None}


@pytest.fixture(scope="session")
def needs_chromium():
    """Skip where there is no Chromium, but never in CI."""
    from mnist_compare import browser

    try:
        browser.find()
    except RuntimeError as error:
        (pytest.fail if "CI" in os.environ else pytest.skip)(str(error))


@pytest.fixture(scope="module")
def chromium(needs_chromium):
    from mnist_compare import browser

    with browser.chromium() as chromium:
        yield chromium
