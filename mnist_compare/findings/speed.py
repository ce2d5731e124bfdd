"""How fast: Keras as a user writes it, Keras as an expert tunes it, and this package.

The three do the same work in turn, round by round, since a shared machine moves by a factor of two
between minutes but seldom between seconds. Each has a process of its own.
"""

import json
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import cache, partial

import numpy as np

from mnist_compare import compiled, data, predictor, training
from mnist_compare.files import write
from mnist_compare.findings.recorded import recorded
from mnist_compare.lazy_keras import limit_threads, load
from mnist_compare.lazy_keras import tensorflow as tf
from mnist_compare.records import networks, progress
from mnist_compare.records.environment import environment
from mnist_compare.records.place import here, readable_record
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.spoken import say
from mnist_compare.report.words.tables import Table

FILE = "bench.json"
REMEDY = "delete it and measure anew with `python -m mnist_compare release bench`"
WAYS = ("plain", "tuned", "ours")
NAMES = dict(zip(WAYS, ("Keras", "Keras, tuned", "this package"), strict=True))
DIGITS = data.TRAINING_DIGITS  # of an epoch
ROUNDS = 7
LEAST = 0.5  # seconds that a measurement lasts, in as many calls as it takes


def measure_speed() -> Table:
    """Measure all rows, record each as it ends, and return the table of them."""
    for name in ROWS:
        write_times({name: {"environment": environment(), **_measured(name)}})
    return table()


def _measured(name):
    """Return {way: its seconds} of a row, as the record has them."""
    *_, model, ways = ROWS[name]
    with ExitStack() as stack:
        done = stack.enter_context(progress.steps(name, 1 + ROUNDS))
        workers = {way: stack.enter_context(_worker()) for way in ways}

        def all_in_turn(least):
            took = {
                way: worker.submit(_seconds, ways[way], model, least).result()
                for way, worker in workers.items()
            }
            done(", ".join(f"{way} {clock:.2g} s" for way, (clock, _) in took.items()))
            return took

        first = all_in_turn(0)
        rounds = [all_in_turn(LEAST) for _ in range(ROUNDS)]
    row = {}
    for way in ways:
        clock, cpu = zip(*(took[way] for took in rounds), strict=True)
        row[way] = {"first": first[way][0], "clock": clock, "cpu": cpu}
    return row


def _worker():
    """Return an executor of one process, in which TensorFlow is loaded."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), load)


def _seconds(make, model, least):
    """Return the clock and the CPU seconds of a call of what ``make`` makes in this process."""
    action, calls = _made(make, model), 0
    clock, cpu = time.perf_counter(), time.process_time()
    while not calls or time.perf_counter() - clock < least:
        action()
        calls += 1
    return (time.perf_counter() - clock) / calls, (time.process_time() - cpu) / calls


@cache
def _made(make, model):
    return make(model)


def _fit(model_name, **options):
    """Return an epoch of ``fit()``, on inputs and targets as a user of Keras holds them."""
    model = networks.build(model_name)
    model.compile("adam", model.loss, metrics=["accuracy"], **options)
    (digits, labels), _ = data.load("mnist")
    targets = data.one_hot(labels) if model_name == "cnn" else labels
    images = training.as_input(model, digits[:DIGITS])
    return partial(model.fit, images, targets[:DIGITS], training.BATCH, verbose=0)


def _tuned_fit(model_name):
    # XLA makes the dense layers faster, but the convolution slower than TensorFlow's own.
    return _fit(model_name, steps_per_execution=100, jit_compile=model_name == "mlp")


def _epoch(model_name):
    # The MLP's steps are too short to share between threads, so it gets one, as in a study; the
    # CNN gets two, as in a notebook.
    limit_threads(1 if model_name == "mlp" else 2)
    (digits, labels), _ = data.load("mnist")
    model = networks.build(model_name)
    run_epoch = compiled.epoch(model, digits[:DIGITS], labels[:DIGITS], training.BATCH)
    return lambda: run_epoch(np.random.default_rng(0).permutation(DIGITS))


def _digit():
    _, (digits, _) = data.load("mnist")
    return digits[0]


def _predict(model_name):
    model = predictor.load_keras(model_name)
    return partial(model.predict, training.as_input(model, _digit()), verbose=0)


def _function(model_name):
    model = predictor.load_keras(model_name)
    image = training.as_input(model, _digit())
    signature = [tf.TensorSpec(image.shape, tf.float32)]
    read = tf.function(lambda image: model(image), input_signature=signature)
    return lambda: read(tf.constant(image)).numpy()


def _predictor(model_name):
    return partial(predictor.load(model_name), _digit())


EPOCH = {"plain": _fit, "tuned": _tuned_fit, "ours": _epoch}
DIGIT = {"plain": _predict, "tuned": _function, "ours": _predictor}
ROWS: dict[str, tuple[str, float, str, dict]] = {  # what is done, its unit in seconds, and how
    "mlp epoch": ("MLP, an epoch (s)", 1, "mlp", EPOCH),
    "cnn epoch": ("CNN, an epoch (s)", 1, "cnn", EPOCH),
    "mlp digit": ("MLP, one digit (ms)", 1e-3, "mlp", DIGIT),
    "cnn digit": ("CNN, one digit (ms)", 1e-3, "cnn", DIGIT),
}


def recorded_times() -> dict[str, dict]:
    """Return the record, {row: {"environment": {…}, way: its seconds}}, empty at first.

    Seconds are {"first": those of the first call, which compiles, "clock": [of a call in each
    round], "cpu": [likewise, of all cores together]}.
    """
    path = here().records / FILE
    if not path.exists():
        return {}
    with readable_record(path, REMEDY):
        record = json.loads(path.read_text("utf-8"))
        parts = ("environment", *WAYS)
        for name, row in record.items():
            record[name] = {part: row[part] for part in parts}
        return record


def write_times(rows: dict[str, dict]):
    """Record rows, in place of those of the same names."""
    write(here().records / FILE, json.dumps(recorded_times() | rows, indent=1) + "\n")


@recorded(FILE)
def table() -> Table:
    """Return the times of each way, their median with its range, and how many times ours they are.

    The last is the median, with its range, of the ratios within the rounds.
    """
    shown = []
    for name, row in recorded_times().items():
        (done, unit, *_), ours = ROWS[name], np.array(row["ours"]["clock"])
        for way, called in NAMES.items():
            clock, cpu = (np.array(row[way][which]) for which in ("clock", "cpu"))
            shown.append({
                "What is done": done,
                "With": called,
                "First call": _digits(row[way]["first"] / unit),
                "Clock": _range(clock / unit),
                "CPU": _range(cpu / unit),
                "Times ours": _range(clock / ours) if way != "ours" else "1",
            })  # fmt: skip
    return Table(shown)


@recorded(FILE)
def conditions() -> None:
    """Say on what machine and at which commit speed was measured."""
    made = [row["environment"] for row in recorded_times().values()]
    sentences = ["Measured on {cores} cores with TensorFlow {tensorflow} and Keras {keras}."]
    sentences += ["The code was that of commit {commit}."]
    if any(" " in str(each["commit"]) for each in made):  # abc123 with changes
        sentences += ["It had changes that were not committed."]
    names = ("cores", "tensorflow", "keras", "commit")
    of_all = {name: [f"{each[name]}".partition(" ")[0] for each in made] for name in names}
    say(*sentences, **{name: Names(dict.fromkeys(values)) for name, values in of_all.items()})


def _range(values):
    low, median, high = map(_digits, np.quantile(values, (0, 0.5, 1)))
    return f"{median} ({low}–{high})"


def _digits(value):
    """Format with two significant digits, or as an integer where it has more."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
