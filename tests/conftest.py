import os
import socket

import pytest

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
# The tests run side by side, one process a core.
os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"


def pytest_collection_modifyitems(items):
    """Keep a file's tests in one process, which shares their fixtures, but for the notebooks."""
    for item in items:
        if item.path.stem != "test_notebooks":
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(autouse=True)
def real_records_are_not_written(monkeypatch):
    """Fail where a test would write into the records of the report."""
    from mnist_compare import runs

    write = runs.write

    def guarded(run, environment):
        assert runs.fast(), "this test writes into the real records; it needs the fixture records"
        write(run, environment)

    monkeypatch.setattr(runs, "write", guarded)


@pytest.fixture
def records(tmp_path, monkeypatch):
    """An empty folder of records, with small data."""
    monkeypatch.setenv("MNIST_COMPARE_FAST", "1")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    from mnist_compare import runs

    folder = runs.folder()
    folder.mkdir()
    return folder


@pytest.fixture
def a_run():
    """A made-up run of three epochs, 1, 5 and 10; ``at_five`` is what is otherwise at epoch 5."""
    import numpy as np

    from mnist_compare import runs

    def make(model="mlp", protocol="fair", seed=0, test_accuracy=0.97, at_five=None):
        rows = []
        for epoch in (1, 5, 10):
            row = dict.fromkeys(runs.COLUMNS, 0.5)
            row |= {"model": model, "protocol": protocol, "seed": seed, "epoch": epoch}
            row |= {
                "parameters": 100,
                "fingerprint": "0123456789ab",
                "train_accuracy": 0.99,
                "test_accuracy": test_accuracy,
            }
            row |= (at_five or {}) if epoch == 5 else {}
            if epoch == 1:
                row |= dict.fromkeys(("train_loss", "train_accuracy", "test_loss", "test_accuracy"))
            rows.append(row)
        digits = (np.arange(10_000) % 10).astype(np.uint8)
        sure = np.full(10_000, 0.75, np.float32)
        keeps = model in ("mlp", "cnn", "reader") and protocol == "fair"
        confidences = {5: sure, 10: sure} if keeps else {}
        return runs.Run(model, protocol, seed, rows, {5: digits, 10: digits}, confidences)

    return make


@pytest.fixture
def marked(monkeypatch):
    """Networks that all have the fingerprint of the made-up runs."""
    from mnist_compare import study

    monkeypatch.setattr(study, "fingerprint", lambda model, protocol: "0123456789ab")


@pytest.fixture
def as_records(monkeypatch):
    """Let runs, in any order, stand for the records, without a file."""
    from mnist_compare import runs

    def give(those):
        those = sorted(those, key=lambda run: (run.model, run.protocol, run.seed))
        monkeypatch.setattr(
            runs,
            "read",
            lambda model=None, protocol=None: [
                run
                for run in those
                if model in (None, run.model) and protocol in (None, run.protocol)
            ],
        )

    return give


@pytest.fixture
def changed_digits():
    """A made-up record of robustness: ``accuracy(model, change, level, way, seed)`` of each."""
    import pandas as pd

    from mnist_compare import robustness, runs

    def make(accuracy, seeds=(0, 1)):
        return pd.DataFrame(
            [
                (
                    *(change, level, way, model, seed),
                    accuracy(model, change, level, way, seed),
                    "0123456789ab",
                )
                for change, what in robustness.CHANGES.items()
                for level in map(float, what.levels)
                for way in robustness.WAYS
                for model in runs.MODELS
                for seed in seeds
            ],
            columns=robustness.COLUMNS,
        )

    return make


@pytest.fixture
def pen_drawn():
    """A made-up record of pen-drawn digits, each of which every writer drew a hundred times.

    ``share(model, seed, condition, pipeline, writer)`` of them is read right, the rest as the next
    digit.
    """
    import numpy as np

    from mnist_compare import pendigits, runs
    from mnist_compare.preprocessing import PIPELINES

    def make(share, seeds=(0, 1), models=runs.MODELS):
        counts, digits = {}, np.arange(10)
        for model in models:
            for seed in seeds:
                for condition in pendigits.CONDITIONS:
                    of = counts[model, seed, condition] = np.zeros(
                        pendigits.COUNTS_SHAPE, np.uint16
                    )
                    for i, pipeline in enumerate(PIPELINES):
                        for writer in range(1, pendigits.WRITERS + 1):
                            right = round(100 * share(model, seed, condition, pipeline, writer))
                            of[i, writer - 1, digits, digits] = right
                            of[i, writer - 1, digits, (digits + 1) % 10] = 100 - right
        return pendigits.Record(counts, {})

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
