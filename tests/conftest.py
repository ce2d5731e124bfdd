import os
import signal
from collections import Counter
from itertools import product

import numpy as np
import pandas as pd
import pytest
from running import running

from mnist_compare.demo.collected import Folder
from mnist_compare.findings.changes import CHANGES
from mnist_compare.findings.drawings import CONDITIONS, COUNTS, WRITERS, Drawings
from mnist_compare.findings.robustness import AS_IT_IS, BY_WRITER, RECORD, Robustness, groups
from mnist_compare.page import pads, parts
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.records import frames, place, runs
from mnist_compare.records.networks import COMPARED
from mnist_compare.report.book import chromium as browsers
from mnist_compare.study import trained
from mnist_compare.training import COLUMNS, Run

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
# The tests run side by side, one process a core.
os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"
# Each process looks for free ports in a hundred of its own: two that find the same one would ask,
# and end, each other's server.
PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
os.environ["GRADIO_SERVER_PORT"] = str(7860 + 100 * PROCESS)
# Jobs in the background ignore Ctrl-C, and so would the programs that tests start and end with it.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter):
    """Say in a line at the end what was left out, and why."""
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", ()))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} tests left out. {reason.removeprefix('Skipped: ')}")


@pytest.fixture(autouse=True)
def real_records_are_not_written(monkeypatch):
    """Fail where a test would write into the records of the report."""
    write, real = frames.Record.write, place.clone() / "reports"

    def guarded(self, rows):
        assert real not in self.path.parents, "real records are written; use the fixture records"
        write(self, rows)

    monkeypatch.setattr(frames.Record, "write", guarded)


@pytest.fixture
def records(tmp_path):
    """An empty folder of records, with small data."""
    folder = tmp_path / "records"
    folder.mkdir()
    with place.at(place.small(folder)):
        yield folder


@pytest.fixture
def a_run():
    """A made-up run of three epochs, 1, 5 and 10; ``at_five`` is what is otherwise at epoch 5."""

    def make(model="mlp", protocol="fair", seed=0, test_accuracy=0.97, at_five=None):
        known = dict.fromkeys(COLUMNS, 0.5) | {"model": model, "protocol": protocol, "seed": seed}
        known |= {"parameters": 100, "fingerprint": "0123456789ab"}
        known |= {"train_accuracy": 0.99, "test_accuracy": test_accuracy}
        unmeasured = dict.fromkeys(("train_loss", "train_accuracy", "test_loss", "test_accuracy"))
        otherwise = {1: unmeasured, 5: at_five or {}, 10: {}}
        rows = [known | {"epoch": epoch} | other for epoch, other in otherwise.items()]
        digits = (np.arange(10_000) % 10).astype(np.uint8)
        sure = np.full(10_000, 0.75, np.float32)
        keeps = (model, protocol) in (("mlp", "fair"), ("cnn", "fair"), ("reader", "complete"))
        confidences = {5: sure, 10: sure} if keeps else {}
        return Run(model, protocol, seed, rows, {5: digits, 10: digits}, confidences)

    return make


@pytest.fixture
def marked(monkeypatch):
    """Networks that all have the fingerprint of the made-up runs."""
    monkeypatch.setattr(trained, "fingerprint", lambda model, protocol: "0123456789ab")


@pytest.fixture
def as_records(monkeypatch):
    """Let runs, in any order, stand for the records, without a file."""

    def give(those):
        those = sorted(those, key=lambda run: run.key)
        monkeypatch.setattr(runs, "_read_all", lambda signature: those)

    return give


@pytest.fixture
def as_measured(monkeypatch):
    """Let frames stand for what was measured: ``as_measured(record, frame)``."""
    frames = {}
    monkeypatch.setattr(runs, "measured", lambda record, protocol=None: frames[record.file])
    return lambda record, frame: frames.__setitem__(record.file, frame)


@pytest.fixture
def changed_digits(as_measured):
    """``Robustness`` of a made-up record: ``accuracy(model, change, level, seed)`` of each."""

    def make(accuracy, seeds=(0, 1), models=COMPARED):
        rows = []
        for change, what in CHANGES.items():
            for level, model, seed in product(map(float, what.levels), models, seeds):
                read = accuracy(model, change, level, seed)
                rows.append((model, "fair", seed, change, level, AS_IT_IS, read, "0123456789ab"))
        as_measured(RECORD, pd.DataFrame(rows, columns=RECORD.columns))
        return Robustness()

    return make


@pytest.fixture
def read_by_writers(as_measured):
    """Likewise by writer: ``accuracy(model, change, level, seed)`` of each alike."""

    def make(accuracy, seeds=(0, 1), models=COMPARED):
        sizes = np.bincount(groups())
        rows = []
        for change, what in CHANGES.items():
            for level, model, seed in product(what.levels, models, seeds):
                read = sizes * accuracy(model, change, level, seed)
                rows.append((model, "fair", seed, change, float(level), read, "0123456789ab"))
        as_measured(BY_WRITER, pd.DataFrame(rows, columns=BY_WRITER.columns))
        return Robustness()

    return make


@pytest.fixture
def pen_drawn(as_measured):
    """``Drawings`` of a made-up record of digits, each of which every writer drew a hundred times.

    ``share(model, seed, condition, pipeline, writer)`` of them is read right, the rest as the next
    digit.
    """

    def make(share, seeds=(0, 1), models=COMPARED):
        rows, digits = [], np.arange(10)
        for model, seed, condition in product(models, seeds, CONDITIONS):
            counts = np.zeros((len(PIPELINES), WRITERS, 10, 10), np.uint16)
            for (i, pipeline), writer in product(enumerate(PIPELINES), range(WRITERS)):
                right = round(100 * share(model, seed, condition, pipeline, writer + 1))
                counts[i, writer, digits, digits] = right
                counts[i, writer, digits, (digits + 1) % 10] = 100 - right
            rows.append((model, "fair", seed, *condition, counts, "0123456789ab"))
        as_measured(COUNTS, pd.DataFrame(rows, columns=COUNTS.columns))
        return Drawings()

    return make


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A running page that keeps drawings."""
    with running(tmp_path_factory.mktemp("page"), Folder(tmp_path_factory.mktemp("kept"))) as page:
        yield page


@pytest.fixture(scope="session")
def drafts(tmp_path_factory):
    """A folder with the documents as they are written, built once for all processes."""
    from filelock import FileLock
    from report.drafts import build

    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "drafts"
    with FileLock(shared / "drafts.lock"):
        return folder if (folder / "reports").exists() else build(folder)


@pytest.fixture(scope="session")
def needs_chromium():
    """Skip where there is no Chromium, but never in CI."""
    try:
        browsers.find()
    except RuntimeError as error:
        (pytest.fail if "CI" in os.environ else pytest.skip)(str(error))


@pytest.fixture(scope="module")
def chromium(needs_chromium):
    with browsers.opened() as browser:
        yield browser


@pytest.fixture(scope="module")
def open_tab(chromium):
    """Open an address in a window; nothing may go wrong there, and nothing else be asked for."""
    wrong, asked, opened = [], set(), set()

    def open_at(address, **options):
        tab = chromium.new_page(**options)
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        tab.on("request", lambda request: asked.add(request.url))
        opened.add(address)
        tab.goto(address)
        return tab

    yield open_at
    assert not wrong
    of_the_page = ("data:", "blob:", *(f"{each.rpartition('/')[0]}/files/" for each in opened))
    assert {url for url in asked if not url.startswith(of_the_page)} <= opened


@pytest.fixture(scope="session")
def give_modules():
    """Make all that modules of the page's scripts export global in a tab, with a body."""
    scripts, address = parts.ASSETS.parent / "scripts", "http://page.test/"
    take = """async (names) => {
      for (const name of names) Object.assign(globalThis, await import(`/${name}`));
    }"""

    def answer(route):
        name = route.request.url.removeprefix(address)
        route.fulfill(path=scripts / name) if name else route.fulfill(body="")

    def give(tab, *names, body=""):
        tab.route(f"{address}**", answer)
        tab.goto(address)
        tab.set_content(body)
        tab.evaluate(take, names)

    return give


@pytest.fixture(scope="module")
def living(tmp_path_factory):
    """Write a page with a body and what makes it live; return its address."""

    def write(body="", **given):
        path = tmp_path_factory.mktemp("page") / "page.html"
        head = '<!doctype html><html lang="en"><meta charset="utf-8">'
        head += f"<style>{parts.text(*pads.LOOKS)}</style>"
        path.write_text(head + body + pads.living(path.parent, **given), "utf-8")
        return path.as_uri()

    return write
