"""How fast: this package against plain Keras as a user would write it, paired and alternating.

Every row is measured as pairs, baseline and ours one after the other, since a shared machine moves
by a factor of two between minutes but seldom between seconds. ``records.speed`` keeps the pairs;
ratios are computed from them. Seconds are wall-clock seconds.
"""

import importlib.util
import io
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import contextmanager
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from mnist_compare import data, models, networks, predictor, training
from mnist_compare.bench import strokes
from mnist_compare.demo import browser, examples
from mnist_compare.demo.answer import answer
from mnist_compare.networks import COMPARED
from mnist_compare.place import clone
from mnist_compare.preprocessing import preprocess
from mnist_compare.protocols import Protocol
from mnist_compare.quiet import keras
from mnist_compare.quiet import tensorflow as tf
from mnist_compare.records import speed
from mnist_compare.records.environment import environment
from mnist_compare.report import live
from mnist_compare.study.executors import one_thread
from mnist_compare.study.trained import show

FIRST = slice(data.TRAINING_DIGITS)  # those of an epoch


def measure(names=(), repetitions=5, progress=show):
    """Measure the rows called ``names``, or all, record them at the end, and return the record.

    Raises ValueError for an unknown name.
    """
    if unknown := set(names) - set(ROWS):
        known = ", ".join(map(repr, ROWS))
        raise ValueError(f"There is no row {unknown.pop()!r}; choose among {known}.")
    measured = {}
    for name in names or ROWS:
        baseline, ours, pairs = ROWS[name]
        progress(f"{name}: {baseline} against {ours} …")
        row = {"baseline": baseline, "ours": ours, "pairs": []}
        if name in ("mlp epoch", "cnn epoch"):
            model = networks.build(name.split()[0])
            row["operations"] = data.TRAINING_DIGITS * models.training_operations(model)
            row["peak"] = matrix_peak()
        for slow, fast, *accuracies in pairs(repetitions):
            row["pairs"].append((slow, fast))
            if accuracies:
                row["accuracies"] = [*row.get("accuracies", []), *accuracies]
            progress(f"  {slow:.3g} s against {fast:.3g} s: {slow / fast:.1f} times")
        if row["pairs"]:
            measured[name] = row
        else:
            progress("  left out: not installed here")
    speed.write(measured, environment())
    return speed.read()


def matrix_peak():
    """Return this machine's speed at 1024×1024 float32 matrix products: operations a second."""
    matrix = tf.random.normal((1024, 1024))
    product = tf.function(lambda: tf.matmul(matrix, matrix))
    product()
    return 2 * 1024**3 / np.median([seconds(lambda: product().numpy()) for _ in range(15)])


def seconds(action):
    """Return how long a call of ``action`` takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def alternate(baseline, ours, repetitions):
    """Yield pairs of seconds, each action once before to warm up."""
    baseline()
    ours()
    for _ in range(repetitions):
        yield seconds(baseline), seconds(ours)


def plain_keras(model_name, seed=0):
    """Return a fresh model, its inputs and its targets, as a user of Keras would hold them."""
    keras.utils.set_random_seed(seed)
    model = networks.build(model_name)
    (digits, labels), _ = data.load("mnist")
    targets = data.one_hot(labels) if model_name == "cnn" else labels
    return model, training.as_input(model, digits), targets


def epoch_pairs(model_name, repetitions):
    """Yield the times of an epoch of 54,000 digits: ``fit`` against the compiled epoch."""
    model, images, targets = plain_keras(model_name)
    fit = partial(model.fit, images[FIRST], targets[FIRST], batch_size=32, epochs=1, verbose=0)
    with _compiled_epoch(model_name) as compiled:
        yield from alternate(fit, compiled, repetitions)


def framework_pairs(framework, model_name, repetitions):
    """Yield the times of an epoch in another framework, in a process of its own, against ours."""
    if importlib.util.find_spec(framework) is None:
        return
    command = [sys.executable, "-m", "mnist_compare.bench.frameworks", framework, model_name]
    with _compiled_epoch(model_name) as compiled:
        compiled()
        for _ in range(min(repetitions, 3)):
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            yield float(done.stdout.split()[-1]), seconds(compiled)


def experiment_pairs(repetitions):
    """Yield the times of the experiment: the source report's four trainings against our two.

    Both sides train, validate after every epoch, and measure loss and accuracy on training and
    test digits after five and ten epochs, from the same seeds. The third entry holds the accuracies
    on the test digits, to show that they are equal.
    """
    _, (digits, labels) = data.load("mnist")
    reported = [(name, epochs) for name in COMPARED for epochs in training.REPORTED_EPOCHS]
    for seed in range(repetitions):
        start, found = time.perf_counter(), {"plain": {}, "ours": {}}
        for name, epochs in reported:
            model, images, targets = plain_keras(name, seed)
            model.fit(
                images, targets, batch_size=32, epochs=epochs, validation_split=0.1, verbose=0
            )
            model.evaluate(images, targets, verbose=0)
            given = model.predict(training.as_input(model, digits), verbose=0)
            found["plain"][f"{name}_{epochs}"] = float(np.mean(given.argmax(axis=1) == labels))
        plain = time.perf_counter() - start
        # As a notebook does: in a process of its own, whose start does not count on either side.
        with ProcessPoolExecutor(1, get_context("spawn"), initializer=live.prepare) as worker:
            ours, runs = worker.submit(_both_runs, seed).result()
        for name, epochs in reported:
            found["ours"][f"{name}_{epochs}"] = runs[name].rows[epochs - 1]["test_accuracy"]
        yield plain, ours, found


def prediction_pairs(model_name, count, repetitions):
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


def answer_pairs(repetitions):
    """Yield the server's times for a drawing: the source's way against the demo's.

    The source's way: one model through ``predict`` and two pyplot figures, of the steps and of the
    bars. The demo's: every model, every step and the bars.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    model, drawing = predictor.load_keras("mlp"), examples()[0][1]

    def figure_of(draw):
        figure = pyplot.figure()
        draw()
        figure.savefig(io.BytesIO(), format="png")
        pyplot.close(figure)

    def draw_steps(steps):
        for i, step in enumerate(steps):
            pyplot.subplot(1, 3, i + 1).imshow(step)

    def source():
        seen = preprocess(drawing, "crop")
        given = model.predict(training.as_input(model, seen.digit[None]), verbose=0)[0]
        figure_of(lambda: draw_steps([*seen.steps.values()][:3]))
        figure_of(lambda: pyplot.bar(range(10), given))

    yield from alternate(source, lambda: answer(drawing), repetitions)


def stroke_pairs(repetitions):
    """Yield the times from mouse-up to the changed answer in a browser, where there is one."""
    try:
        browser.find()
    except RuntimeError:
        return
    taken = strokes.measure(4 * repetitions)
    for source, ours in zip(taken["source"], taken["ours"], strict=True):
        yield source / 1000, ours / 1000


def shell_pairs(repetitions):
    """Yield the times from the shell to the digit in a file: a script with Keras against ours."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digit.png"
        examples()[0][1].save(path)
        script = (
            "import keras, numpy; from PIL import Image;"
            f"image = 1 - numpy.array(Image.open({str(path)!r}).resize((28, 28))) / 255;"
            f"model = keras.models.load_model({str(predictor.WEIGHTS / 'cnn.keras')!r});"
            "print(model.predict(image[None, :, :, None], verbose=0).argmax())"
        )
        theirs = [sys.executable, "-c", script]
        ours = [sys.executable, "-m", "mnist_compare", "predict", str(path)]
        run = partial(subprocess.run, capture_output=True, check=True)
        yield from alternate(partial(run, theirs), partial(run, ours), min(repetitions, 3))


def study_pairs(repetitions):
    """Yield the times of two CNN runs of three epochs, by one worker and by two."""

    def two_runs(workers):
        with ProcessPoolExecutor(workers, get_context("spawn"), initializer=one_thread) as executor:
            wait([executor.submit(_three_epochs, seed) for seed in range(2)])

    yield from alternate(partial(two_runs, 1), partial(two_runs, 2), min(repetitions, 2))


def rebuild_pairs(repetitions):
    """Yield the times from executed notebooks to pages: nbconvert's one by one against the report.

    The baseline writes a web page for each notebook; ours the whole as one page and as a PDF.
    """
    from nbconvert import HTMLExporter

    from mnist_compare.report.build import build

    notebooks = sorted((clone() / "notebooks").glob("[0-9]*.ipynb"))
    with tempfile.TemporaryDirectory() as folder:
        yield from alternate(
            lambda: [HTMLExporter().from_filename(str(path)) for path in notebooks],
            lambda: build(notebooks, folder),
            repetitions,
        )


@contextmanager
def _compiled_epoch(model_name):
    """Give an action that trains a compiled epoch in a process of its own.

    The MLP's steps are too short to share between threads, so it gets one, as in a study; the CNN
    gets two, as in a notebook.
    """
    threads = one_thread if model_name == "mlp" else live.prepare
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=threads) as worker:
        yield lambda: worker.submit(_epoch, model_name).result()


def _epoch(model_name):
    run_epoch = _prepared_epoch(model_name)
    run_epoch(np.random.default_rng(0).permutation(data.TRAINING_DIGITS))


@cache
def _prepared_epoch(model_name):
    (digits, labels), _ = data.load("mnist")
    return training.compiled_epoch(networks.build(model_name), digits[FIRST], labels[FIRST])


def _both_runs(seed):
    start = time.perf_counter()
    runs = {name: training.fit(name, seed=seed, progress=_silent) for name in COMPARED}
    return time.perf_counter() - start, runs


def _three_epochs(seed):
    training.fit("cnn", Protocol(epochs=3), seed, _silent)


def _silent(run, epochs):
    """Take the progress of a run, and say nothing."""


FIT, ONE, TWO = "Keras fit()", "compiled epoch, one thread", "compiled epoch, two threads"
PREDICT, TORCH, JAX = "model.predict()", "PyTorch loop", "Keras fit() on JAX"
ROWS = {  # name: (baseline, ours, measurement)
    "mlp epoch": (FIT, ONE, partial(epoch_pairs, "mlp")),
    "cnn epoch": (FIT, TWO, partial(epoch_pairs, "cnn")),
    "experiment": ("four trainings with fit()", "two compiled runs", experiment_pairs),
    "mlp, one digit": (PREDICT, "predictor", partial(prediction_pairs, "mlp", 1)),
    "cnn, one digit": (PREDICT, "predictor", partial(prediction_pairs, "cnn", 1)),
    "mlp, a digit of 1,000": (PREDICT, "predictor", partial(prediction_pairs, "mlp", 1000)),
    "cnn, a digit of 1,000": (PREDICT, "predictor", partial(prediction_pairs, "cnn", 1000)),
    "answer to a drawing": ("predict() and two figures", "three models", answer_pairs),
    "stroke to answer, browser": ("predict() and two figures", "the demo", stroke_pairs),
    "predict from the shell": ("script with Keras", "mnist_compare predict", shell_pairs),
    "two runs of a study": ("one worker", "two workers", study_pairs),
    "report from notebooks": ("nbconvert, pages", "page and PDF", rebuild_pairs),
    "mlp epoch, PyTorch": (TORCH, ONE, partial(framework_pairs, "torch", "mlp")),
    "cnn epoch, PyTorch": (TORCH, TWO, partial(framework_pairs, "torch", "cnn")),
    "mlp epoch, JAX": (JAX, ONE, partial(framework_pairs, "jax", "mlp")),
    "cnn epoch, JAX": (JAX, TWO, partial(framework_pairs, "jax", "cnn")),
}
