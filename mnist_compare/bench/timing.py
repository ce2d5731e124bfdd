"""How fast: this package against plain Keras as a user would write it, paired and alternating.

Every row is measured as pairs, baseline and ours one after the other, since a shared machine moves
by a factor of two between minutes but seldom between seconds. ``records.timings`` keeps the pairs;
ratios are computed from them. Seconds are wall-clock seconds.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context

import numpy as np

from mnist_compare import data, models, networks, predictor, training
from mnist_compare.networks import COMPARED
from mnist_compare.quiet import keras
from mnist_compare.quiet import tensorflow as tf
from mnist_compare.records import timings
from mnist_compare.records.environment import environment
from mnist_compare.records.progress import say as show
from mnist_compare.report import live
from mnist_compare.study.executors import one_thread

OF_AN_EPOCH = slice(data.TRAINING_DIGITS)


def measure(names: Iterable[str] = (), repetitions: int = 5, progress=show) -> dict:
    """Measure the rows called ``names``, or all, record them at the end, and return the record.

    Raises ValueError for an unknown name.
    """
    if unknown := set(names) - set(ROWS):
        known = ", ".join(map(repr, ROWS))
        raise ValueError(f"There is no row {unknown.pop()!r}; choose among {known}.")
    rows = {}
    for name in names or ROWS:
        baseline, ours, pairs = ROWS[name]
        progress(f"{name}: {baseline} against {ours} …")
        row: dict = {"baseline": baseline, "ours": ours, "pairs": []}
        rows[name] = row
        if name in ("mlp epoch", "cnn epoch"):
            model = networks.build(name.split()[0])
            row["operations"] = data.TRAINING_DIGITS * models.training_operations(model)
            row["peak"] = matrix_peak()
        for slow, fast, *accuracies in pairs(repetitions):
            row["pairs"].append((slow, fast))
            if accuracies:
                row.setdefault("accuracies", []).extend(accuracies)
            progress(f"  {slow:.3g} s against {fast:.3g} s: {slow / fast:.1f} times")
    timings.write(rows, environment())
    return timings.read()


def matrix_peak() -> float:
    """Return this machine's speed at 1024×1024 float32 matrix products: operations a second."""
    matrix = tf.random.normal((1024, 1024))
    product = tf.function(lambda: tf.matmul(matrix, matrix))
    product()
    return 2 * 1024**3 / np.median([seconds(lambda: product().numpy()) for _ in range(15)])


def seconds(action: Callable) -> float:
    """Return how long a call of ``action`` takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def alternate(baseline: Callable, ours: Callable, repetitions: int) -> Iterator[tuple]:
    """Yield pairs of seconds, each action once before to warm up."""
    baseline()
    ours()
    for _ in range(repetitions):
        yield seconds(baseline), seconds(ours)


def _plain_keras(model_name, seed=0):
    """Return a fresh model, its inputs and its targets, as a user of Keras would hold them."""
    keras.utils.set_random_seed(seed)
    model = networks.build(model_name)
    (digits, labels), _ = data.load("mnist")
    targets = data.one_hot(labels) if model_name == "cnn" else labels
    return model, training.as_input(model, digits), targets


def _worker(prepare):
    """Return an executor of a process of its own, as a notebook is one."""
    return ProcessPoolExecutor(1, get_context("spawn"), initializer=prepare)


def _epoch_pairs(model_name, repetitions):
    """Yield the times of an epoch of 54,000 digits: ``fit`` against the compiled epoch.

    The MLP's steps are too short to share between threads, so it gets one, as in a study; the CNN
    gets two, as in a notebook.
    """
    model, images, targets = _plain_keras(model_name)
    images, targets = images[OF_AN_EPOCH], targets[OF_AN_EPOCH]
    fit = partial(model.fit, images, targets, batch_size=32, epochs=1, verbose=0)
    with _worker(one_thread if model_name == "mlp" else live.prepare) as worker:
        yield from alternate(fit, lambda: worker.submit(_epoch, model_name).result(), repetitions)


def _epoch(model_name):
    _compiled_epoch(model_name)(np.random.default_rng(0).permutation(data.TRAINING_DIGITS))


@cache
def _compiled_epoch(model_name):
    (digits, labels), _ = data.load("mnist")
    model = networks.build(model_name)
    return training.compiled_epoch(model, digits[OF_AN_EPOCH], labels[OF_AN_EPOCH])


def _experiment_pairs(repetitions):
    """Yield the times of the experiment: the source report's four trainings against our two.

    Both sides train, validate after every epoch, and measure loss and accuracy on training and
    test digits after five and ten epochs, from the same seeds. The third entry holds the accuracies
    on the test digits, to show that they are equal.
    """
    reported = [(name, epochs) for name in COMPARED for epochs in training.REPORTED_EPOCHS]
    for seed in range(repetitions):
        start, plain = time.perf_counter(), {}
        for name, epochs in reported:
            plain[f"{name}_{epochs}"] = _accuracy_by_keras(name, epochs, seed)
        plain_seconds = time.perf_counter() - start
        with _worker(live.prepare) as worker:  # whose start does not count on either side
            our_seconds, runs = worker.submit(_both_runs, seed).result()
        ours = {
            f"{name}_{epochs}": runs[name].rows[epochs - 1]["test_accuracy"]
            for name, epochs in reported
        }
        yield plain_seconds, our_seconds, {"plain": plain, "ours": ours}


def _accuracy_by_keras(name, epochs, seed):
    _, (digits, labels) = data.load("mnist")
    model, images, targets = _plain_keras(name, seed)
    model.fit(images, targets, batch_size=32, epochs=epochs, validation_split=0.1, verbose=0)
    model.evaluate(images, targets, verbose=0)
    answers = model.predict(training.as_input(model, digits), verbose=0).argmax(axis=1)
    return float(np.mean(answers == labels))


def _both_runs(seed):
    start = time.perf_counter()
    runs = {name: training.fit(name, seed=seed, progress=lambda *_: None) for name in COMPARED}
    return time.perf_counter() - start, runs


def _prediction_pairs(model_name, count, repetitions):
    """Yield the times of a digit of ``count`` digits: ``model.predict`` against ours."""
    _, (digits, _) = data.load("mnist")
    digits = digits[0] if count == 1 else digits[:count]
    model, predict = predictor.load_keras(model_name), predictor.load(model_name)
    images = training.as_input(model, digits.reshape(-1, 28, 28))
    rounds = 20 if count == 1 else 1
    for slow, fast in alternate(
        lambda: [model.predict(images, verbose=0) for _ in range(rounds)],
        lambda: [predict(digits) for _ in range(10 * rounds)],
        repetitions,
    ):
        yield slow / rounds / count, fast / (10 * rounds) / count


FIT, PREDICT = "Keras fit()", "model.predict()"
ROWS: dict[str, tuple[str, str, Callable]] = {  # name: (baseline, ours, measurement)
    "mlp epoch": (FIT, "compiled epoch, one thread", partial(_epoch_pairs, "mlp")),
    "cnn epoch": (FIT, "compiled epoch, two threads", partial(_epoch_pairs, "cnn")),
    "experiment": ("four trainings with fit()", "two compiled runs", _experiment_pairs),
    "mlp, one digit": (PREDICT, "predictor", partial(_prediction_pairs, "mlp", 1)),
    "cnn, one digit": (PREDICT, "predictor", partial(_prediction_pairs, "cnn", 1)),
    "mlp, a digit of 1,000": (PREDICT, "predictor", partial(_prediction_pairs, "mlp", 1000)),
    "cnn, a digit of 1,000": (PREDICT, "predictor", partial(_prediction_pairs, "cnn", 1000)),
}
