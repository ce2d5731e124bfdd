"""What recorded findings rest on beside networks and recipes, which ``fingerprints`` do not tell.

Records do not notice that digits are changed, ordered, permuted, drawn, preprocessed or learned
from in another way. So ``probes.json``, beside them, keeps what the code they were made with makes
of a few digits: digests of arrays of whole numbers, and losses, each of which may be one unit more
or less, since floats decide. What the code of today makes of them is compared.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from mnist_compare import data, files, training
from mnist_compare.findings import drawings, others, robustness
from mnist_compare.findings.changes import CHANGES, changed
from mnist_compare.findings.reader import RECIPE
from mnist_compare.preprocessing import PIPELINES, preprocess
from mnist_compare.records import data_sets, runs
from mnist_compare.records.place import FULL, Scale, here, readable_record
from mnist_compare.records.protocols import FAIR, Protocol
from mnist_compare.study import fitting

FILE = "probes.json"
EVERY = ("evidence", "nearness", "locality", "digits", "reader", "robustness", "drawings", "others")
RECORDS = dict.fromkeys(EVERY, runs.FILES) | {
    "robustness": (robustness.RECORD, robustness.BY_WRITER),
    "drawings": (drawings.COUNTS,),
    "others": (others.RECORD,),
}
OPTIONS = {"drawings": " --drawings PATH", "others": " --usps PATH"}  # of ``study``
FEW, READ = 20, 300  # digits to change, and to read after training
LOSSES = ("running_loss", "validation_loss", "train_loss", "test_loss")
# Floats are added in another order by other processors and numbers of threads, which changes losses
# by a millionth (SSE 4.2, AVX2 and AVX-512; one thread and two); pixels divided by 256, not 255,
# change them by 0.0002. Weights tell less: a step of Adam is as long whatever the gradient is.
UNIT = 0.00001


class Probe(NamedTuple):
    """What the code makes of a few digits, and the findings whose records rest on it."""

    compute: Callable[[], Iterator]  # of arrays of whole numbers, or of numbers
    findings: tuple[str, ...]

    @property
    def files(self) -> list[str]:
        """Return the names of the records, if there are any."""
        records = chain.from_iterable(RECORDS[finding] for finding in self.findings)
        return [*dict.fromkeys(each.file for each in records if each.path.exists())]

    @property
    def today(self) -> list[str] | list[int]:
        """Return what the code of today makes: a digest of each array, or whole numbers."""
        return [_digest(made) if np.ndim(made) else round(made) for made in self.compute()]


def stale() -> list[str]:
    """Return a line for each probe that records no longer fit: their findings, and what to do."""
    with readable_record(here().records / FILE, "write it anew, as `probes.write()` says"):
        kept, lines = _read(), []
    for name, probe in PROBES.items():
        if probe.files and not _fits(kept.get(name, []), probe.today):
            options = "".join(OPTIONS.get(finding, "") for finding in probe.findings)
            lines.append(
                f"The records of {', '.join(probe.findings)} are older than {name}: undo the "
                f"change, or delete {', '.join(probe.files)} and measure anew with "
                f"`python -m mnist_compare study{options}`."
            )
    return lines


def begin():
    """Keep the probes of what has no record yet, before a study makes one with this code."""
    if new := [name for name, probe in PROBES.items() if not probe.files]:
        write(new)


def write(names: Iterable[str] | None = None):
    """Keep the probes of the code as it stands, all or those named.

    Call this only if what is recorded was made with it, say once a change has a further level.
    """
    probes = _read() | {name: PROBES[name].today for name in names or PROBES}
    lines = [f" {json.dumps(name)}: {json.dumps(made)}" for name, made in probes.items()]
    files.write(here().records / FILE, "{\n" + ",\n".join(lines) + "\n}\n")


def _read():
    """Return {name of a probe: what it was when it was kept}, empty at first."""
    path = here().records / FILE
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _fits(kept, today):
    """Return whether two lists are equal, but for one more or less in whole numbers."""
    if len(kept) != len(today):
        return False
    pairs = zip(kept, today, strict=True)
    return all(a == b or (isinstance(a, int) and abs(a - b) <= 1) for a, b in pairs)


def _digest(numbers):
    whole = np.ascontiguousarray(numbers).astype("<i4")
    return hashlib.sha256(whole.tobytes()).hexdigest()[:12]


def _permuted():
    pixels = np.arange(784, dtype=np.int16).reshape(1, 28, 28)
    for seed in (0, 1):
        for side in (1, 2, 4, 7, 14):
            yield data_sets.permuted(pixels, side, seed)


def _ordered():
    for seed in (0, 1):
        for epoch in (1, 10):
            yield training.random_order(data.TRAINING_DIGITS, seed, epoch)
            for count in (data.TRAINING_DIGITS, 300):
                yield fitting.repeated_order(count, seed, epoch, FULL.shown)


def _split():
    """Yield which digits each network is trained and validated on, by their labels."""
    source = Protocol(split="source")
    ways = ("mlp", FAIR), ("mlp", source), ("cnn", source), ("mlp", Protocol(digits=300))
    for model, protocol in ways:
        for part in data_sets.split(model, protocol, 1)[:3]:
            yield part.labels


def _test_digits():
    return data.load("mnist")[1].pictures[:FEW]


def _changed(name):
    for level in CHANGES[name].levels:
        yield changed(_test_digits(), name, level)


def _preprocessed():
    """Yield, by pipeline, digits as they are and, beside a speck, on a canvas."""
    digits = _test_digits()
    enlarged = 255 - digits.repeat(4, axis=1).repeat(4, axis=2)
    canvases = np.pad(enlarged, ((0, 0), (30, 138), (100, 68)), constant_values=255)
    canvases[:, 8:10, 8:10] = 200
    for pipeline in PIPELINES:
        yield [preprocess(picture, pipeline).digit for picture in (*digits, *canvases)]


def _drawn():
    strokes = np.random.default_rng(0).uniform(0, drawings.BOX, (3, 2, 9, 2))
    digits = [drawings.PenDigit(0, 1, tuple(each)) for each in strokes]
    for condition in drawings.CONDITIONS:
        yield drawings.pictures(digits, condition)


def _small():
    for way in others.WAYS:
        yield [others.as_digit(picture, way) for picture in _test_digits()[:, 6:22, 6:22]]


def _trained(name, protocol, scale):
    """Yield the losses of a run on few digits."""
    row = fitting.fit(name, protocol, 0, lambda run, epochs: None, scale).rows[-1]
    for loss in LOSSES:
        yield row[loss] / UNIT


def _reader_trained():
    from mnist_compare.reader.fitting import losses_of_two_steps  # it loads TensorFlow

    # After a step of Adam, these differ between processors by up to half a thousandth.
    first, *later = losses_of_two_steps(RECIPE)
    yield from (first / UNIT, *(loss / UNIT / 100 for loss in later))


STEPS = replace(FAIR, epochs=1), Scale(training_digits=80, shown=0, read=READ)
RARE = (  # what a protocol may say beside that; the last batch is no whole one here either
    Protocol(digits=72, permuted=1, rate=3e-3, cosine=True, epochs=1),
    Scale(shown=100, read=READ),
)
ROBUST = ("robustness",)
PROBES = {
    "the permutation of pixels": Probe(_permuted, ("nearness", "locality", "digits")),
    "the order of digits": Probe(_ordered, EVERY),
    "the split of digits": Probe(_split, EVERY),
    **{f"the {name} of digits": Probe(partial(_changed, name), ROBUST) for name in CHANGES},
    "preprocessing": Probe(_preprocessed, ("robustness", "drawings", "others")),
    "pen strokes on a canvas": Probe(_drawn, ("drawings",)),
    "the pictures of USPS": Probe(_small, ("others",)),
    "the training of the CNN": Probe(partial(_trained, "cnn", *STEPS), EVERY),
    "training by Keras": Probe(partial(_trained, "cnn_shuffled", *STEPS), EVERY),
    "the training of the MLP": Probe(partial(_trained, "mlp", *RARE), EVERY),
    "the training of the reader": Probe(_reader_trained, ("reader", "drawings", "others")),
}
