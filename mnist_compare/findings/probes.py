"""What recorded findings rest on beside networks and recipes, which ``fingerprints`` do not tell.

Records do not notice that digits are changed, ordered, permuted, drawn, preprocessed or learned
from in another way. So ``probes.json``, beside them, keeps what the code they were made with makes
of a few digits: digests of arrays of whole numbers, or whole numbers, each of which may be one more
or one less where floats decide. What the code of today makes of them is compared.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from mnist_compare import data, training
from mnist_compare.files import atomically
from mnist_compare.findings import drawings, others, robustness
from mnist_compare.findings.changes import CHANGES, changed
from mnist_compare.findings.reader import RECIPE
from mnist_compare.lazy_keras import repeatable
from mnist_compare.preprocessing import PIPELINES, preprocess
from mnist_compare.reader.forms import Forms
from mnist_compare.records import data_sets, networks, runs
from mnist_compare.records.place import FULL, Scale, here, readable_record
from mnist_compare.records.protocols import FAIR, Protocol
from mnist_compare.study import fitting

FILE = "probes.json"
RECORDS = {
    "evidence": runs.FILES,
    "nearness": runs.FILES,
    "locality": runs.FILES,
    "digits": runs.FILES,
    "reader": runs.FILES,
    "robustness": (robustness.RECORD, robustness.BY_WRITER),
    "drawings": drawings.RECORDS,
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

    compute: Callable[[], list]  # returns digests and whole numbers
    findings: tuple[str, ...]

    @property
    def files(self) -> list[str]:
        """Return the names of the records, if there are any."""
        records = chain.from_iterable(RECORDS[finding] for finding in self.findings)
        return [*dict.fromkeys(each.file for each in records if each.path.exists())]


def stale() -> list[str]:
    """Return a line for each probe that records no longer fit: their findings, and what to do."""
    with readable_record(here().records / FILE, "write it anew, as `probes.write()` says"):
        kept, lines = _read(), []
    for name, probe in PROBES.items():
        if probe.files and not _fits(kept.get(name), probe.compute()):
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
    probes = _read() | {name: PROBES[name].compute() for name in names or PROBES}
    known = [name for name in PROBES if name in probes]
    lines = [f" {json.dumps(name)}: {json.dumps(probes[name])}" for name in known]
    with atomically(here().records / FILE) as path:
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def _read():
    path = here().records / FILE
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _fits(kept, today):
    """Return whether two lists are equal, but for one more or less in whole numbers."""
    if kept is None or [*map(type, kept)] != [*map(type, today)]:
        return False
    pairs = zip(kept, today, strict=True)
    return all(a == b if isinstance(a, str) else abs(a - b) <= 1 for a, b in pairs)


def _digest(numbers):
    whole = np.ascontiguousarray(numbers).astype("<i4")
    return hashlib.sha256(whole.tobytes()).hexdigest()[:12]


def _ink(pictures):
    """Return how much ink pictures (n, 28, 28) in 0–1 have together in each of 16 squares."""
    squares = np.asarray(pictures, float).reshape(-1, 4, 7, 4, 7).sum(axis=(0, 2, 4))
    return np.rint(squares).astype(int).ravel().tolist()


def _test_digits():
    return data.load("mnist")[1].pictures[:FEW]


def _permuted():
    pixels = np.arange(784, dtype=np.int16).reshape(1, 28, 28)
    sides = (1, 2, 4, 7, 14)
    return [_digest(data_sets.permuted(pixels, side, seed)) for seed in (0, 1) for side in sides]


def _ordered():
    digests = []
    for seed in (0, 1):
        for epoch in (1, 10):
            digests.append(_digest(training.random_order(data.TRAINING_DIGITS, seed, epoch)))
            for count in (data.TRAINING_DIGITS, 300):
                digests.append(_digest(fitting.repeated_order(count, seed, epoch, FULL.shown)))
    return digests


def _split():
    """Return which digits each network is trained and validated on, by their labels."""
    wanted = [("mlp", FAIR), ("mlp", Protocol(split="source")), ("cnn", Protocol(split="source"))]
    wanted += [("mlp", Protocol(digits=300))]
    parts = [data_sets.split(model, protocol, 1)[:3] for model, protocol in wanted]
    return [_digest(part.labels) for each in parts for part in each]


def _changed(name):
    digits = _test_digits()
    return [_digest(changed(digits, name, level)) for level in CHANGES[name].levels]


def _preprocessed():
    """Return digests, by pipeline, of digits as they are and, beside a speck, on a canvas."""
    digits = _test_digits()
    enlarged = 255 - digits.repeat(4, axis=1).repeat(4, axis=2)
    canvases = np.pad(enlarged, ((0, 0), (30, 138), (100, 68)), constant_values=255)
    canvases[:, 8:10, 8:10] = 200
    pictures = [*digits, *canvases]
    return [_digest([preprocess(each, way).digit for each in pictures]) for way in PIPELINES]


def _drawn():
    strokes = np.random.default_rng(0).uniform(0, drawings.BOX, (3, 2, 9, 2))
    digits = [drawings.PenDigit(0, 1, tuple(each)) for each in strokes]
    return [_digest(drawings.pictures(digits, each)) for each in drawings.CONDITIONS]


def _small():
    pictures = _test_digits()[:, 6:22, 6:22]
    return [_digest([others.as_digit(each, way) for each in pictures]) for way in others.WAYS]


def _augmented():
    from mnist_compare.reader.fitting import BATCH, augment  # it loads TensorFlow

    digits, labels = (part[:BATCH] for part in data.load("mnist")[1])
    forms = Forms(digits, labels, dict.fromkeys(dict(RECIPE.forms), 1))
    generator = np.random.default_rng(0)
    return _ink(augment(digits, RECIPE.augmentation, generator)) + _ink(forms(generator) / 255)


def _trained(name, protocol, scale):
    """Return the losses of a run on few digits."""
    row = fitting.fit(name, protocol, 0, lambda run, epochs: None, scale).rows[-1]
    return [round(row[loss] / UNIT) for loss in LOSSES]


def _reader_trained():
    """Return losses of two steps of the reader and, after them, before and with a temperature."""
    from mnist_compare.reader import fitting as reader  # it loads TensorFlow

    training_digits, test = data.load("mnist")
    few = [part[: 2 * reader.BATCH] for part in training_digits]
    with repeatable(0):
        batches, model = reader.Batches(*few, RECIPE, 0), networks.build("reader")
        reader.schedule(model, RECIPE, len(batches))
        model.run_eagerly = True  # two steps are not worth compiling
        losses = [model.train_on_batch(*batches[number])[0] for number in (0, 1)]
        for _ in range(2):
            read = np.asarray(model(training.as_input(model, test.pictures[:READ])))
            losses.append(training.evaluate(test.labels[:READ], read)[0])
            reader.set_temperature(model, reader.temperature(read, test.labels[:READ]))
    return [round(float(loss) / UNIT) for loss in losses]


STEPS = replace(FAIR, epochs=1), Scale(training_digits=80, shown=0, read=READ)
RARE = (  # what a protocol may say beside that; the last batch is no whole one here either
    Protocol(digits=72, permuted=1, rate=3e-3, cosine=True, epochs=1),
    Scale(shown=100, read=READ),
)
EVERY, ROBUST = tuple(RECORDS), ("robustness",)
PROBES = {
    "the permutation of pixels": Probe(_permuted, ("nearness", "locality", "digits")),
    "the order of digits": Probe(_ordered, EVERY),
    "the split of digits": Probe(_split, EVERY),
    **{f"the {name} of digits": Probe(partial(_changed, name), ROBUST) for name in CHANGES},
    "preprocessing": Probe(_preprocessed, ("robustness", "drawings", "others")),
    "pen strokes on a canvas": Probe(_drawn, ("drawings",)),
    "the pictures of USPS": Probe(_small, ("others",)),
    "what the reader is shown": Probe(_augmented, ("reader", "drawings", "others")),
    "the training of the CNN": Probe(partial(_trained, "cnn", *STEPS), EVERY),
    "training by Keras": Probe(partial(_trained, "cnn_shuffled", *STEPS), EVERY),
    "the training of the MLP": Probe(partial(_trained, "mlp", *RARE), EVERY),
    "the training of the reader": Probe(_reader_trained, ("reader", "drawings", "others")),
}
