"""Train one network from one seed and return its run.

The mathematics are those of Keras's ``fit`` (batches of 32, a new order every epoch); the loop is
compiled: the digits stay on the device and XLA makes one program of each step.
"""

import copy
import math
import os
import platform
import subprocess
import time
from functools import cache
from importlib import metadata
from pathlib import Path

import numpy as np

from mnist_compare import data, fast_cnn, metrics, models, runs
from mnist_compare.fingerprint import BATCH, fingerprint, loss_name
from mnist_compare.quiet import keras
from mnist_compare.quiet import tensorflow as tf
from mnist_compare.training_form import training_form

READ_AT_ONCE = 1000  # digits; divides every part of MNIST, so that XLA compiles one shape
PROTOCOLS = ("fair", "source", *runs.SAMPLES)
SHOWN_IN_AN_EPOCH = 6_400  # digits at least; 200 batches, so that ten epochs make 2,000 updates


def print_epoch(run, epochs):
    """Print a line about the last of the epochs that a run has so far."""
    row = run.rows[-1]
    print(
        f"{run.model} · {run.protocol} · seed {run.seed} · epoch {row['epoch']}/{epochs} · "
        f"{row['seconds']:.1f} s · loss {row['running_loss']:.4f} · "
        f"validation accuracy {row['validation_accuracy']:.4f}",
        flush=True,
    )


def train(network, epochs=10, seed=0, protocol="fair", progress=print_epoch):
    """Train a network for ``epochs`` epochs and return its ``runs.Run``, weights included.

    ``network`` is the name of one of ``models.BUILDERS``, or a compiled Keras model that takes
    digits and gives ten probabilities. A model is trained in place and from fresh weights, so that
    training it twice gives the same result twice.

    Under the fair protocol every network sees the first 54,000 training digits in the same order
    and is validated on the last 6,000; training accuracy is that on the 54,000. Under ``source``
    each is treated as in the source report: the MLP likewise, but its training accuracy is that on
    all 60,000; the CNN trains on all 60,000 and is validated on the test digits. Under
    ``100_digits`` and its like (``runs.SAMPLES``) it is the fair protocol with so many of the
    54,000, drawn by ``seed`` alike for every network, and shown several times in an epoch where
    they are few.

    Loss and accuracy on training and test digits, predictions, their confidences and weights are
    kept at the reported epochs, 5 and 10, and at the last.

    Seeds every random number and turns on deterministic operations: on one machine, with the same
    number of threads, equal arguments give equal runs, bit for bit, but for their seconds.
    ``progress`` is called after every epoch with the run so far and ``epochs``.

    Raises ValueError for an unknown name or protocol, fewer than one epoch, or a model that is not
    compiled, does not take digits, or does not give ten probabilities, and for the name of a
    network that is trained by ``reader.train()``.
    """
    if protocol not in PROTOCOLS:
        raise ValueError(f"There is no protocol {protocol!r}; choose one of {PROTOCOLS}.")
    if epochs < 1:
        raise ValueError(f"epochs must be 1 or more, not {epochs}.")
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    model = models.build(network) if isinstance(network, str) else _begin_anew(network)
    if isinstance(network, str) and model.non_trainable_weights:
        raise ValueError(f"{network} has recipes of its own: it is trained by reader.train().")
    trained, validated, evaluated, test = digits_of(model.name, protocol, seed)
    run = runs.Run(model.name, protocol, seed, [], {}, {}, {})
    known = {
        "model": model.name,
        "protocol": protocol,
        "seed": seed,
        "parameters": model.count_params(),
        "fingerprint": fingerprint(model, protocol),
    }
    # The compiled step knows neither running statistics, which would see the digits that only fill
    # up the last batch, nor penalties on weights.
    epoch_of = keras_epoch if model.non_trainable_weights or model.losses else compiled_epoch
    run_epoch, read = epoch_of(model, *trained), compiled_probabilities(model)
    for epoch in range(1, epochs + 1):
        start = time.perf_counter()
        # The order depends on seed and epoch alone: every model sees the digits in the same order.
        order = _order(len(trained[0]), seed, epoch)
        running_loss, running_accuracy = run_epoch(order)
        row = dict.fromkeys(runs.COLUMNS) | known | {"epoch": epoch}
        row |= {"seconds": round(time.perf_counter() - start, 3)}
        row |= {"running_loss": running_loss, "running_accuracy": running_accuracy}
        row |= evaluate("validation", read, *validated)[0]
        if epoch in (*runs.REPORTED_EPOCHS, epochs):
            row |= evaluate("train", read, *evaluated)[0]
            on_test, probabilities = evaluate("test", read, *test)
            row |= on_test
            run.predictions[epoch] = probabilities.argmax(axis=1).astype(np.uint8)
            run.confidences[epoch] = probabilities.max(axis=1)
            run.weights[epoch] = model.get_weights()
        run.rows.append(row)
        progress(run, epochs)
    return run


def _begin_anew(model):
    """Return the model with fresh random weights and a fresh optimizer.

    Raises ValueError where it is not compiled, does not take digits or gives no probabilities.
    """
    if not getattr(model, "optimizer", None):
        raise ValueError(
            "The network is not compiled. Call model.compile(optimizer=…, loss=…) first."
        )
    if not model.built:
        raise ValueError("The network has no input shape. Let it begin with keras.Input((28, 28)).")
    model.set_weights(keras.models.clone_model(model).get_weights())
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    model.compile(optimizer=optimizer, loss=model.loss, metrics=["accuracy"])
    if math.prod(size or 0 for size in model.input_shape[1:]) != 28 * 28:
        raise ValueError(
            f"The network takes input of shape {model.input_shape[1:]}, but a digit has the shape "
            "(28, 28), (28, 28, 1) or (784,)."
        )
    blank = np.zeros((2, *model.input_shape[1:]), np.float32)
    given = np.asarray(model(blank))
    if given.shape != (2, data.CLASSES) or not np.allclose(given.sum(axis=1), 1, atol=1e-3):
        raise ValueError(
            "The network must return ten probabilities that add up to one. Let it end with "
            'layers.Dense(10, activation="softmax").'
        )
    return model


def keras_epoch(model, digits, labels):
    """Return the same function as ``compiled_epoch`` by Keras's own ``fit``."""
    images = as_input(model, digits)
    targets = _targets(model, labels)

    def run_epoch(order):
        history = model.fit(
            images[order], targets[order], batch_size=BATCH, shuffle=False, verbose=0
        ).history
        return history["loss"][0], history["accuracy"][0]

    return run_epoch


def compiled_epoch(model, digits, labels):
    """Return a function that trains ``model`` for an epoch, given the order of the digits.

    ``digits`` are (n, 28, 28) uint8, ``labels`` (n,) integers; the function takes a permutation of
    0 … n−1 and returns the mean loss and accuracy over the epoch's batches, as ``fit`` shows them.
    """
    images, labels = tf.constant(digits), tf.constant(labels, tf.int32)
    step, store = fast_cnn.compiled_step(model) if fast_cnn.knows(model) else _compiled_step(model)

    @tf.function
    def steps(batches, weights):
        loss, right = 0.0, 0.0
        for i in tf.range(tf.shape(batches)[0]):
            batch = batches[i]
            step_loss, step_right = step(
                tf.gather(images, batch), tf.gather(labels, batch), weights[i]
            )
            loss += step_loss
            right += step_right
        return loss, right

    def run_epoch(order):
        # The last batch is filled up with digits of weight 0, so that XLA compiles one shape only.
        missing = -len(order) % BATCH
        batches = np.concatenate([order, np.zeros(missing, order.dtype)]).reshape(-1, BATCH)
        weights = np.ones(batches.size, np.float32)
        weights[len(order) :] = 0
        loss, right = steps(tf.constant(batches, tf.int32), tf.constant(weights.reshape(-1, BATCH)))
        store()
        return float(loss) / len(order), float(right) / len(order)

    return run_epoch


def _compiled_step(model):
    """Return the same for any model, which learns in place, so that nothing is left to store."""
    network, one_hot = training_form(model), _wants_one_hot(model)
    loss_of_each = _loss_of_each(model)
    variables = model.trainable_variables
    model.optimizer.build(variables)

    @tf.function(jit_compile=True)
    def step(images, labels, weights):
        images = _as_images(images, network)
        targets = tf.one_hot(labels, data.CLASSES) if one_hot else labels
        with tf.GradientTape() as tape:
            probabilities = network(images, training=True)
            loss = tf.reduce_sum(weights * loss_of_each(targets, probabilities))
            mean_loss = loss / tf.reduce_sum(weights)
        model.optimizer.apply(tape.gradient(mean_loss, variables), variables)
        right = tf.equal(tf.argmax(probabilities, axis=1, output_type=tf.int32), labels)
        return loss, tf.reduce_sum(weights * tf.cast(right, tf.float32))

    return step, lambda: None


def _wants_one_hot(model):
    """Tell whether a model's loss wants labels as rows with a single 1, not as integers."""
    return not loss_name(model.loss).startswith("sparse")


def _targets(model, labels):
    return data.one_hot(labels) if _wants_one_hot(model) else labels


def _loss_of_each(model):
    """Return a model's loss as a function to one number per digit."""
    loss = keras.losses.get(model.loss)
    if isinstance(loss, keras.losses.Loss):
        loss = copy.copy(loss)  # the model keeps its own
        loss.reduction = "none"
    return loss


def compiled_probabilities(model):
    """Return a function from digits (n, 28, 28) uint8 to the model's (n, 10) float32 probabilities.

    It follows the model's weights as they change.
    """
    network = training_form(model)

    @tf.function(jit_compile=True)
    def read(digits):
        return network(_as_images(digits, network))

    def probabilities_of(digits):
        batches = [digits[i : i + READ_AT_ONCE] for i in range(0, len(digits), READ_AT_ONCE)]
        return np.concatenate([read(tf.constant(batch)).numpy() for batch in batches])

    return probabilities_of


def probabilities(model, digits):
    """Return the same by Keras's own ``predict``."""
    return model.predict(as_input(model, digits), batch_size=1000, verbose=0)


def read(model_name, path, digits):
    """Return the (n, 10) probabilities of digits (n, 28, 28) uint8 by weights stored at ``path``.

    ``study.weights`` gives such paths.
    """
    model, probabilities_of = _compiled(model_name)
    with np.load(path) as weights:
        model.set_weights(list(weights.values()))
    return probabilities_of(digits)


@cache
def _compiled(model_name):
    model = models.build(model_name)
    return model, compiled_probabilities(model)


def as_input(model, digits):
    """Return digits (n, 28, 28) uint8 as the model takes them: float32 in 0–1, in its shape."""
    return data.scale(digits).reshape(-1, *model.input_shape[1:])


def environment():
    """Return what runs are made with here: versions, device, cores, threads, data and commit."""
    threads = tf.config.threading.get_intra_op_parallelism_threads() or os.cpu_count()
    return {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in ("tensorflow", "keras", "numpy")},
        "platform": platform.platform(),
        "devices": [device.name for device in tf.config.list_physical_devices()],
        "cores": os.cpu_count(),
        "threads_per_run": threads,
        "data_sha256": data.sha256(),
        "commit": _commit(),
    }


def _as_images(digits, network):
    return tf.reshape(tf.cast(digits, tf.float32) / 255, (-1, *network.input_shape[1:]))


def _order(count, seed, epoch):
    """Return which digits an epoch shows, in its order: each once, or a small set repeatedly."""
    generator, times = np.random.default_rng([seed, epoch]), -(-SHOWN_IN_AN_EPOCH // count)
    if runs.fast():
        times = 1
    return np.concatenate([generator.permutation(count) for _ in range(times)])


def digits_of(model_name, protocol, seed):
    """Return (digits, labels) to train on, to validate on, to call training digits, and to test."""
    (digits, labels), test = data.load_mnist()
    everything = digits, labels
    first = digits[: data.TRAINING_DIGITS], labels[: data.TRAINING_DIGITS]
    last = digits[data.TRAINING_DIGITS :], labels[data.TRAINING_DIGITS :]
    if runs.fast():
        everything, first = ((digits[:960], labels[:960]),) * 2
    if protocol in runs.SAMPLES:
        count = runs.SAMPLES[protocol]
        chosen = np.random.default_rng(seed).permutation(len(first[1]))[:count]
        first = first[0][chosen], first[1][chosen]
    if protocol != "source":
        return first, last, first, test
    if model_name.startswith("mlp"):
        return first, last, everything, test
    return everything, test, everything, test


def evaluate(name, read, digits, labels):
    """Return {``name``_loss, ``name``_accuracy} and the probabilities that ``read`` gives."""
    given = read(digits)
    row = {
        f"{name}_loss": metrics.cross_entropy(labels, given),
        f"{name}_accuracy": metrics.accuracy(labels, given.argmax(axis=1)),
    }
    return row, given


def _commit():
    """Return the commit whose code is at work, marked where the code was changed since."""
    folder = Path(__file__).parent
    try:
        commit = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "*.py"], cwd=folder)
    except (OSError, subprocess.CalledProcessError):
        return None  # not a clone of the repository
    return commit + (" with changes" if changed.returncode else "")
