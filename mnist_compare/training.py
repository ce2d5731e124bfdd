"""Train one network from one seed and return its run.

The mathematics are those of Keras's ``fit`` (batches of 32, a new order every epoch); the loop is
compiled: the digits stay on the device and XLA makes one program of each step.
"""

import copy
import math
import random
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from mnist_compare import data, metrics, models, networks
from mnist_compare.models import BATCH
from mnist_compare.place import FULL, Scale
from mnist_compare.protocols import FAIR, Protocol
from mnist_compare.quiet import keras, load, told
from mnist_compare.quiet import tensorflow as tf

REPORTED_EPOCHS = (5, 10)
COMPILED = {  # layers that the compiled step is known to train as Keras does
    *("InputLayer", "Flatten", "Reshape", "Rescaling", "Dense", "Dropout", "Activation", "ReLU"),
    *("Softmax", "Conv2D", "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "Add"),
    *("LeakyReLU", "ELU", "PReLU", "ZeroPadding2D", "GlobalMaxPooling2D", "Concatenate"),
}
MEAN = "sum_over_batch_size"  # what Keras makes of the losses of a batch, if not told otherwise
READ_AT_ONCE = 1000  # digits; it divides every part of MNIST, so that only one shape is compiled
COLUMNS = (
    *("model", "protocol", "seed", "epoch"),
    "parameters",  # of the model
    "seconds",  # of training, without validation
    *("running_loss", "running_accuracy"),  # means over the batches, while the weights change
    *("validation_loss", "validation_accuracy"),  # of the weights at the end of the epoch
    *("train_loss", "train_accuracy", "test_loss", "test_accuracy"),  # at reported epochs only
    "fingerprint",  # of the model and how it is trained
)


@dataclass(frozen=True)
class Run:
    """One network, trained once.

    ``rows`` has a dictionary per epoch with the keys of ``COLUMNS``, None where nothing was
    measured; the others map each reported epoch to what was kept.
    """

    model: str
    protocol: str  # the name of its ``Protocol``
    seed: int
    rows: list[dict]
    predictions: dict[int, np.ndarray]  # of the test digits, (10000,) uint8
    confidences: dict[int, np.ndarray]  # the probabilities of the predictions, (10000,) float32
    # The arrays of a run that was just trained.
    weights: dict[int, list[np.ndarray]] = field(default_factory=dict, repr=False)

    @property
    def key(self) -> tuple[str, str, int]:
        """Return what identifies a run."""
        return self.model, self.protocol, self.seed

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of the network and how it is trained."""
        return self.rows[0]["fingerprint"]

    @property
    def measured(self) -> list[dict]:
        """Return the rows of the epochs after which training and test digits were read."""
        return [row for row in self.rows if row["test_accuracy"] is not None]


def print_epoch(run: Run, epochs: int):
    """Print one line about the latest epoch of a run, which is to have ``epochs``."""
    row = run.rows[-1]
    print(
        f"{run.model} · {run.protocol} · seed {run.seed} · epoch {row['epoch']}/{epochs} · "
        f"{row['seconds']:.1f} s · loss {row['running_loss']:.4f} · "
        f"validation accuracy {row['validation_accuracy']:.4f}",
        flush=True,
    )


def fit(
    network,
    protocol: Protocol = FAIR,
    seed: int = 0,
    progress: Callable[[Run, int], None] = print_epoch,
    scale: Scale = FULL,
) -> Run:
    """Train a network, a name or a compiled Keras model, and return its ``Run`` with the weights.

    A model is trained in place, always from fresh weights. ``progress`` is called after every epoch
    with the run so far and its number of epochs. On one machine, with the same number of threads,
    equal arguments give equal runs, bit for bit, except for the seconds. Raises ValueError for what
    cannot be trained.
    """
    with repeatable(seed):
        return _fit(network, protocol, seed, progress, scale)


def _fit(network, protocol, seed, progress, scale):
    if isinstance(network, str):
        model = networks.build(network)
        check_recipe(network)
    else:
        (pictures, _), _ = data.load(protocol.data)
        classes = len(data.named(protocol.data).classes)
        model = begin_anew(network, pictures.shape[1:], classes)
    trained, validated, evaluated, test = data.split(model.name, protocol, seed, scale)
    known = dict.fromkeys(COLUMNS) | {
        "model": model.name,
        "protocol": str(protocol),
        "seed": seed,
        "parameters": model.count_params(),
        "fingerprint": models.fingerprint(model, protocol.kind),
    }
    if protocol.sets_rate:
        shown = len(_order(len(trained[0]), seed, 0, scale.shown))
        steps = protocol.epochs * math.ceil(shown / BATCH)
        models.set_rate(model, protocol.rate, steps if protocol.cosine else None)
    run = Run(model.name, str(protocol), seed, [], {}, {})
    run_epoch, read = epoch_of(model, *trained), compiled_probabilities(model)
    for epoch in range(1, protocol.epochs + 1):
        start = time.perf_counter()
        # The order depends on seed and epoch alone: every model sees the digits in the same order.
        order = _order(len(trained[0]), seed, epoch, scale.shown)
        running_loss, running_accuracy = run_epoch(order)
        row = known | {"epoch": epoch, "seconds": round(time.perf_counter() - start, 3)}
        row |= {"running_loss": running_loss, "running_accuracy": running_accuracy}
        if math.isnan(running_loss):
            raise ValueError(
                f"The loss of {model.name} became NaN in epoch {epoch} (seed {seed}). Try a lower "
                "learning rate."
            )
        run.rows.append(row | evaluate("validation", read, *validated)[0])
        if epoch in (*REPORTED_EPOCHS, protocol.epochs):
            report_epoch(run, model, read, evaluated, test)
        progress(run, protocol.epochs)
    return run


def check_recipe(name: str):
    """Raise ValueError if a network of this project is not trained by a protocol."""
    if recipe := networks.named(name).protocol.recipe:
        raise ValueError(
            f"{name} cannot be trained by this protocol: it has a recipe of its own, {recipe!r}."
        )


@contextmanager
def repeatable(seed: int):
    """Let everything random depend on a seed, and TensorFlow be deterministic, for a while.

    After it, Python and NumPy go on as before and TensorFlow is as fast as before; the generators
    of Keras and TensorFlow, which can only be set, keep the seed.
    """
    load()
    from tensorflow.python.framework import config  # tf.config cannot disable what it enables

    of_python, of_numpy = random.getstate(), np.random.get_state()  # noqa: NPY002, Keras uses it
    was_deterministic = config.is_op_determinism_enabled()
    keras.utils.set_random_seed(seed)
    config.enable_op_determinism()
    try:
        yield
    finally:
        random.setstate(of_python)
        np.random.set_state(of_numpy)  # noqa: NPY002
        if not was_deterministic:
            config.disable_op_determinism()


def epoch_of(model, digits: np.ndarray, labels: np.ndarray) -> Callable:
    """Return what ``compiled_epoch()`` does where that is as Keras trains, else ``keras_epoch()``.

    What the model raises while it trains becomes a ValueError with its name.
    """
    make_epoch = compiled_epoch if _can_be_compiled(model) else keras_epoch
    with _errors_named(model):
        return _errors_named(model)(make_epoch(model, digits, labels))


@contextmanager
def _errors_named(model):
    try:
        yield
    except Exception as error:  # of layers, losses and optimizers of any kind
        raise ValueError(f"{model.name} cannot be trained: {told(error)}") from error


def _can_be_compiled(model):
    # No penalties on weights, scaled losses and running statistics, which would include the digits
    # that only fill up the last batch, no sums of losses, and no layers that XLA does not know.
    if model.non_trainable_weights or model.losses or hasattr(model.optimizer, "inner_optimizer"):
        return False
    if getattr(model.loss, "reduction", MEAN) != MEAN:
        return False
    return all(type(layer).__name__ in COMPILED for layer in model.layers)


def begin_anew(model, size: tuple[int, ...], classes: int):
    """Return the model with fresh random weights and a fresh optimizer.

    Raises ValueError if it does not map pictures of ``size`` to a probability for each class.
    """
    if not getattr(model, "optimizer", None):
        raise ValueError(
            "The network is not compiled. Call model.compile(optimizer=…, loss=…) first."
        )
    if getattr(model.optimizer, "inner_optimizer", model.optimizer).use_ema:
        raise ValueError(
            "The network's optimizer averages the weights over all epochs (use_ema): after an "
            "epoch, they would not be those of a shorter training. Leave use_ema out."
        )
    if not model.built:
        raise ValueError("The network has no input shape. Let it begin with keras.Input((28, 28)).")
    model.set_weights(keras.models.clone_model(model).get_weights())
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    model.compile(optimizer=optimizer, loss=model.loss, metrics=["accuracy"])
    shape, wanted = model.input_shape[1:], " × ".join(map(str, size))
    if math.prod(side or 0 for side in shape) != math.prod(size):
        raise ValueError(
            f"The network takes input of shape {shape}. Let it take pictures of {wanted} pixels: "
            f"{size}, {(*size, 1)} or ({math.prod(size)},)."
        )
    answer = np.asarray(model(np.zeros((2, *shape), np.float32)))
    if answer.shape != (2, classes) or not np.allclose(answer.sum(axis=1), 1, atol=1e-3):
        raise ValueError(
            f"The network must return {classes} probabilities that add up to one. Let it end with "
            f'layers.Dense({classes}, activation="softmax").'
        )
    return model


def keras_epoch(model, digits: np.ndarray, labels: np.ndarray) -> Callable:
    """Return a function like that of ``compiled_epoch``, which calls Keras's ``fit``."""
    images = as_input(model, digits)
    targets = data.one_hot(labels, model.output_shape[-1]) if _is_one_hot(model) else labels

    def run_epoch(order):
        fitted = model.fit(images[order], targets[order], BATCH, shuffle=False, verbose=0)
        return fitted.history["loss"][0], fitted.history["accuracy"][0]

    return run_epoch


def compiled_epoch(model, digits: np.ndarray, labels: np.ndarray) -> Callable:
    """Return a function that trains ``model`` for an epoch, given the order of the digits (n,).

    It returns the mean loss and accuracy over the epoch's batches, as Keras's ``fit`` does.
    """
    from mnist_compare import fast_cnn  # defines TensorFlow functions, and so loads TensorFlow

    images, labels = tf.constant(digits), tf.constant(labels, tf.int32)
    step, store = fast_cnn.compiled_step(model) if fast_cnn.knows(model) else _compiled_step(model)

    @tf.function
    def steps(batches, weights):
        loss, right = 0.0, 0.0
        for i in tf.range(tf.shape(batches)[0]):
            digits_of_batch = tf.gather(images, batches[i])
            labels_of_batch = tf.gather(labels, batches[i])
            step_loss, step_right = step(digits_of_batch, labels_of_batch, weights[i])
            loss += step_loss
            right += step_right
        return loss, right

    def run_epoch(order):
        # The last batch is filled up with digits of weight 0, so that XLA compiles one shape only.
        missing = -len(order) % BATCH
        batches = np.pad(order, (0, missing)).reshape(-1, BATCH)
        weights = np.pad(np.ones(len(order), np.float32), (0, missing)).reshape(-1, BATCH)
        loss, right = steps(tf.constant(batches, tf.int32), tf.constant(weights))
        store()
        return float(loss) / len(order), float(right) / len(order)

    return run_epoch


def _compiled_step(model):
    loss_of_each = keras.losses.get(model.loss)
    if isinstance(loss_of_each, keras.losses.Loss):
        loss_of_each = copy.copy(loss_of_each)  # the model keeps its own
        loss_of_each.reduction = "none"
    one_hot, variables = _is_one_hot(model), model.trainable_variables
    model.optimizer.build(variables)
    # XLA makes dense layers faster, but convolutions slower than TensorFlow's own.
    convolutional = any("Conv" in type(layer).__name__ for layer in model.layers)

    @tf.function(jit_compile=not convolutional)
    def step(images, labels, weights):
        targets = tf.one_hot(labels, model.output_shape[-1]) if one_hot else labels
        with tf.GradientTape() as tape:
            probabilities = model(_as_images(images, model), training=True)
            loss = tf.reduce_sum(weights * loss_of_each(targets, probabilities))
            mean_loss = loss / tf.reduce_sum(weights)
        model.optimizer.apply(tape.gradient(mean_loss, variables), variables)
        right = tf.equal(tf.argmax(probabilities, axis=1, output_type=tf.int32), labels)
        return loss, tf.reduce_sum(weights * tf.cast(right, tf.float32))

    return step, lambda: None


def _is_one_hot(model):
    return models.loss_function(model.loss) is not keras.losses.sparse_categorical_crossentropy


def compiled_probabilities(model) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from digits (n, 28, 28) uint8 to the model's current probabilities."""

    @tf.function(reduce_retracing=True)
    def read(digits):
        return model(_as_images(digits, model))

    def probabilities_of(digits):
        batches = [digits[i : i + READ_AT_ONCE] for i in range(0, len(digits), READ_AT_ONCE)]
        return np.concatenate([read(tf.constant(batch)).numpy() for batch in batches])

    return probabilities_of


def probabilities(model, digits: np.ndarray) -> np.ndarray:
    """Return the (n, 10) probabilities of digits (n, 28, 28) uint8 by Keras's ``predict``."""
    return model.predict(as_input(model, digits), batch_size=1000, verbose=0)


def read(name: str, path: Path, digits: np.ndarray) -> np.ndarray:
    """Return (n, 10) probabilities of digits (n, 28, 28) uint8 by a network's weights at a path."""
    model, probabilities_of = _compiled(name, networks.named(name))
    set_weights(model, path)
    return probabilities_of(digits)


def set_weights(model, path: Path):
    """Give a model the weights that a study has kept at a path."""
    with np.load(path) as weights:
        model.set_weights(list(weights.values()))


@lru_cache(maxsize=16)
def _compiled(name, _network):
    model = networks.build(name)
    return model, compiled_probabilities(model)


def as_input(model, digits: np.ndarray) -> np.ndarray:
    """Return digits (n, 28, 28) uint8 as the model takes them: float32 in 0–1, in its shape."""
    return data.scale(digits).reshape(-1, *model.input_shape[1:])


def _as_images(digits, model):
    return tf.reshape(tf.cast(digits, tf.float32) / 255, (-1, *model.input_shape[1:]))


def _order(count, seed, epoch, shown):
    """Return a random order of ``count`` digits, repeated until at least ``shown`` are shown."""
    generator, times = np.random.default_rng([seed, epoch]), max(1, -(-shown // count))
    return np.concatenate([generator.permutation(count) for _ in range(times)])


def report_epoch(run: Run, model, read: Callable, trained, test):
    """Add to a run what is reported of its last epoch: measurements, predictions and weights."""
    row, epoch = run.rows[-1], run.rows[-1]["epoch"]
    on_test, probabilities = evaluate("test", read, *test)
    row |= evaluate("train", read, *trained)[0] | on_test
    run.predictions[epoch] = probabilities.argmax(axis=1).astype(np.uint8)
    run.confidences[epoch] = probabilities.max(axis=1)
    run.weights[epoch] = model.get_weights()


def evaluate(
    name: str, read: Callable, digits: np.ndarray, labels: np.ndarray
) -> tuple[dict[str, float], np.ndarray]:
    """Return {``name``_loss, ``name``_accuracy} and the probabilities that ``read`` gives."""
    probabilities = read(digits)
    classes = probabilities.shape[1]
    row = {
        f"{name}_loss": metrics.cross_entropy(labels, probabilities, classes),
        f"{name}_accuracy": metrics.accuracy(labels, probabilities.argmax(axis=1), classes),
    }
    return row, probabilities
