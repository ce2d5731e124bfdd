"""How fast: this package against plain Keras as a user would write it, paired and alternating.

Every row is measured as pairs, baseline and ours one after the other, since a shared machine moves
by a factor of two between minutes but seldom between seconds. ``reports/bench.json`` keeps the
pairs and the environment; ratios are computed from it. Seconds are wall-clock seconds.
"""

import importlib.util
import io
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from mnist_compare import data, repository, runs, study
from mnist_compare.runs import MODELS


def record():
    """Return the recorded measurements, an empty dictionary before the first."""
    path = _path()
    return json.loads(path.read_text()) if path.exists() else {}


def _path():
    return repository.folder() / "reports" / "bench.json"


def measure(names=(), repetitions=5, progress=study.show):
    """Measure the rows called ``names``, or all, record each as it is done, and return the record.

    Raises ValueError for an unknown name.
    """
    unknown = set(names) - set(ROWS)
    if unknown:
        raise ValueError(f"There is no row {unknown.pop()!r}; choose among {', '.join(ROWS)}.")
    from mnist_compare import models, training

    for name in names or ROWS:
        baseline, ours, pairs = ROWS[name]
        progress(f"{name}: {baseline} against {ours} …")
        row = {"baseline": baseline, "ours": ours, "pairs": []}
        if name in ("mlp epoch", "cnn epoch"):
            model = models.build(name.split()[0])
            row["operations"] = data.TRAINING_DIGITS * models.training_operations(model)
            row["peak"] = matrix_peak()
        for pair in pairs(repetitions):
            row["pairs"].append(pair)
            progress(f"  {pair[0]:.3g} s against {pair[1]:.3g} s: {pair[0] / pair[1]:.1f} times")
        if row["pairs"]:
            kept = record()
            kept["environment"] = training.environment()
            kept.setdefault("rows", {})[name] = row
            with runs.whole(_path()) as path:
                path.write_text(json.dumps(kept, indent=1) + "\n")
        else:
            progress("  left out: not installed here")
    return record()


def matrix_peak():
    """Return this machine's speed at 1024×1024 float32 matrix products: operations a second."""
    from mnist_compare.quiet import tensorflow as tf

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
    from mnist_compare import models, training
    from mnist_compare.quiet import keras

    keras.utils.set_random_seed(seed)
    model = models.build(model_name)
    (digits, labels), _ = data.load_mnist()
    targets = data.one_hot(labels) if model_name == "cnn" else labels
    return model, training.as_input(model, digits), targets


def epoch_pairs(model_name):
    """Return the measurement of an epoch of 54,000 digits: ``fit`` against the compiled epoch."""

    def pairs(repetitions):
        model, images, targets = plain_keras(model_name)
        images, targets = images[: data.TRAINING_DIGITS], targets[: data.TRAINING_DIGITS]
        with _compiled_epoch(model_name) as compiled:
            yield from alternate(
                lambda: model.fit(images, targets, batch_size=32, epochs=1, verbose=0),
                compiled,
                repetitions,
            )

    return pairs


def framework_pairs(framework, model_name):
    """Return the measurement of an epoch in another framework, in a process of its own."""

    def pairs(repetitions):
        if importlib.util.find_spec(framework) is None:
            return
        command = [sys.executable, "-m", "mnist_compare.bench_frameworks", framework, model_name]
        with _compiled_epoch(model_name) as compiled:
            compiled()
            for _ in range(min(repetitions, 3)):
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                yield float(done.stdout.split()[-1]), seconds(compiled)

    return pairs


def step_parts(repetitions):
    """Yield the parts of a CNN training step, each without and with this package's rearrangement.

    Both sides are compiled by XLA. The third entry of a pair names the part; the seconds are
    medians of a hundred calls.
    """
    from mnist_compare import models
    from mnist_compare.quiet import tensorflow as tf
    from mnist_compare.training_form import training_form

    def median(function):
        function()
        return float(np.median([seconds(function) for _ in range(100)]))

    def gradient_of(layers, inputs, variables):
        @tf.function(jit_compile=True)
        def run():
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                outputs = inputs
                for layer in layers:
                    outputs = layer(outputs)
                total = tf.reduce_sum(outputs * outputs)
            return tape.gradient(total, variables)

        return lambda: [gradient.numpy() for gradient in run()]

    model = models.build_cnn()
    convolution, pooling, *rest = model.layers
    joined, *_ = training_form(model).layers
    images, pooled = tf.random.uniform((32, 28, 28, 1)), tf.random.uniform((32, 13, 13, 32))
    gradients = [tf.random.normal(v.shape) for v in model.trainable_variables]
    model.optimizer.build(model.trainable_variables)

    @tf.function(jit_compile=True)
    def update():
        model.optimizer.apply(gradients, model.trainable_variables)

    weights = convolution.trainable_variables
    stock = median(gradient_of([convolution, pooling], images, weights))
    yield stock, median(gradient_of([joined], images, weights)), "convolution, ReLU, pooling"
    dense = [v for layer in rest for v in layer.trainable_variables]
    time_of_dense = median(gradient_of(rest, pooled, [pooled, *dense]))
    yield time_of_dense, time_of_dense, "dense layers"
    time_of_update = median(update)
    yield time_of_update, time_of_update, "Adam's update"


def experiment_pairs(repetitions):
    """Yield the whole experiment: the source report's four trainings against our two.

    Both sides train, validate after every epoch, and measure loss and accuracy on training and
    test digits after five and ten epochs, from the same seeds. The accuracies on the test digits
    go into the record as well, to show that they are equal.
    """
    from mnist_compare import training

    _, (digits, labels) = data.load_mnist()
    for seed in range(repetitions):
        start, plain, compiled = time.perf_counter(), {}, {}
        for name in MODELS:
            for epochs in runs.REPORTED_EPOCHS:
                model, images, targets = plain_keras(name, seed)
                model.fit(
                    images, targets, batch_size=32, epochs=epochs, validation_split=0.1, verbose=0
                )
                model.evaluate(images, targets, verbose=0)
                given = model.predict(training.as_input(model, digits), verbose=0)
                plain[f"{name}_{epochs}"] = float(np.mean(given.argmax(axis=1) == labels))
        between = time.perf_counter()
        for name in MODELS:
            run = training.train(name, seed=seed, progress=lambda line: None)
            for epochs in runs.REPORTED_EPOCHS:
                compiled[f"{name}_{epochs}"] = run.rows[epochs - 1]["test_accuracy"]
        yield between - start, time.perf_counter() - between, {"plain": plain, "ours": compiled}


def prediction_pairs(model_name, count):
    """Return the measurement of reading ``count`` digits: ``model.predict`` against ours."""

    def pairs(repetitions):
        from mnist_compare import predictor, training

        _, (digits, _) = data.load_mnist()
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

    return pairs


def answer_pairs(repetitions):
    """Yield the server's time for a drawing: the source's way against the demo's.

    The source's way: one model through ``predict`` and two pyplot figures, of the steps and of the
    bars. The demo's: every model, every step and the bars.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    from mnist_compare import demo, predictor, training
    from mnist_compare.preprocessing import preprocess

    model, drawing = predictor.load_keras("mlp"), demo.examples()[0][1]

    def figure_of(draw):
        figure = pyplot.figure()
        draw()
        figure.savefig(io.BytesIO(), format="png")
        pyplot.close(figure)

    def source():
        read = preprocess(drawing, "crop")
        given = model.predict(training.as_input(model, read.digit[None]), verbose=0)[0]
        figure_of(
            lambda: [
                pyplot.subplot(1, 3, i + 1).imshow(p)
                for i, p in enumerate(list(read.steps.values())[:3])
            ]
        )
        figure_of(lambda: pyplot.bar(range(10), given))

    yield from alternate(source, lambda: demo.answer(drawing), repetitions)


def stroke_pairs(repetitions):
    """Yield the time from mouse-up to the changed answer in a browser, where there is one."""
    from mnist_compare import browser, stroke_bench

    try:
        browser.find()
    except RuntimeError:
        return
    taken = stroke_bench.measure(4 * repetitions)
    for source, ours in zip(taken["source"], taken["ours"], strict=True):
        yield source / 1000, ours / 1000


def shell_pairs(repetitions):
    """Yield the time from the shell to the digit in a file: a script with Keras against ours."""
    from mnist_compare import demo, predictor

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digit.png"
        demo.examples()[0][1].save(path)
        script = (
            "import keras, numpy; from PIL import Image;"
            f"image = 1 - numpy.array(Image.open({str(path)!r}).resize((28, 28))) / 255;"
            f"model = keras.models.load_model({str(predictor.WEIGHTS / 'cnn.keras')!r});"
            "print(model.predict(image[None, :, :, None], verbose=0).argmax())"
        )
        ours = [sys.executable, "-m", "mnist_compare", "predict", str(path)]
        yield from alternate(
            lambda: subprocess.run([sys.executable, "-c", script], capture_output=True, check=True),
            lambda: subprocess.run(ours, capture_output=True, check=True),
            min(repetitions, 3),
        )


def study_pairs(repetitions):
    """Yield the time of two CNN runs of three epochs, by one worker and by two."""

    def two_runs(workers):
        with ProcessPoolExecutor(
            workers, get_context("spawn"), initializer=study.one_thread
        ) as executor:
            wait([executor.submit(_three_epochs, seed) for seed in range(2)])

    yield from alternate(lambda: two_runs(1), lambda: two_runs(2), min(repetitions, 2))


def rebuild_pairs(repetitions):
    """Yield the time from executed notebooks to pages: nbconvert's one by one against the report.

    The baseline writes a web page for each notebook; ours the whole as one page and as a PDF.
    """
    from nbconvert import HTMLExporter

    from mnist_compare import report

    notebooks = sorted((repository.folder() / "notebooks").glob("*.ipynb"))
    with tempfile.TemporaryDirectory() as folder:
        yield from alternate(
            lambda: [HTMLExporter().from_filename(str(path)) for path in notebooks],
            lambda: report.build(notebooks, folder),
            repetitions,
        )


@contextmanager
def _compiled_epoch(model_name):
    """Give an action that trains a compiled epoch in a process of its own.

    The MLP's steps are too short to share between threads, so it gets one, as in a study; the CNN
    gets all cores.
    """
    threads = study.one_thread if model_name == "mlp" else None
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=threads) as worker:
        yield lambda: worker.submit(_epoch, model_name).result()


def _epoch(model_name):
    run_epoch = _prepared_epoch(model_name)
    run_epoch(np.random.default_rng(0).permutation(data.TRAINING_DIGITS))


@cache
def _prepared_epoch(model_name):
    from mnist_compare import models, training

    (digits, labels), _ = data.load_mnist()
    first = slice(data.TRAINING_DIGITS)
    return training.compiled_epoch(models.build(model_name), digits[first], labels[first])


def _three_epochs(seed):
    from mnist_compare import training

    training.train("cnn", epochs=3, seed=seed, progress=lambda line: None)


FIT, ONE, ALL = "Keras fit()", "compiled epoch, one thread", "compiled epoch, all cores"
ROWS = {  # name: (baseline, ours, measurement)
    "mlp epoch": (FIT, ONE, epoch_pairs("mlp")),
    "cnn epoch": (FIT, ALL, epoch_pairs("cnn")),
    "a step of the cnn": ("stock layers", "rearranged", step_parts),
    "experiment": ("four trainings with fit()", "two compiled runs", experiment_pairs),
    "mlp, one digit": ("model.predict()", "predictor", prediction_pairs("mlp", 1)),
    "cnn, one digit": ("model.predict()", "predictor", prediction_pairs("cnn", 1)),
    "mlp, a digit of 1,000": ("model.predict()", "predictor", prediction_pairs("mlp", 1000)),
    "cnn, a digit of 1,000": ("model.predict()", "predictor", prediction_pairs("cnn", 1000)),
    "answer to a drawing": ("predict() and two figures", "three models", answer_pairs),
    "stroke to answer, browser": ("predict() and two figures", "the demo", stroke_pairs),
    "predict from the shell": ("script with Keras", "mnist_compare predict", shell_pairs),
    "two runs of a study": ("one worker", "two workers", study_pairs),
    "report from notebooks": ("nbconvert, pages", "page and PDF", rebuild_pairs),
    "mlp epoch, PyTorch": ("PyTorch loop", ONE, framework_pairs("torch", "mlp")),
    "cnn epoch, PyTorch": ("PyTorch loop", ALL, framework_pairs("torch", "cnn")),
    "mlp epoch, JAX": ("Keras fit() on JAX", ONE, framework_pairs("jax", "mlp")),
    "cnn epoch, JAX": ("Keras fit() on JAX", ALL, framework_pairs("jax", "cnn")),
}
