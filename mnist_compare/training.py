"""Train a network on MNIST, validate it after every epoch and measure it at the end.

What ``train()`` does, in plain Keras::

    (x_train, y_train), (x_test, y_test) = load()
    x, y = scale(x_train[:54_000]), y_train[:54_000]  # the last 6,000 validate
    keras.utils.set_random_seed(seed)
    model = build_mlp()  # for build_cnn(): y = one_hot(y)
    for epoch in range(1, epochs + 1):
        order = np.random.default_rng([seed, epoch]).permutation(len(x))
        model.fit(x[order], y[order], batch_size=32, shuffle=False)

This loop is in ``train_and_measure()``. In place of ``model.fit``, both networks are trained by
``compiled.epoch()`` in less time, to the same weights but for rounding (test_training.py compares).
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from mnist_compare import compiled, data, metrics
from mnist_compare.lazy_keras import errors_named, keras, repeatable

BATCH = 32  # pictures of a training step, Keras's default
REPORTED_EPOCHS = (5, 10)
COLUMNS = (
    "model", "protocol", "seed", "epoch",
    "parameters",  # of the model
    "seconds",  # of training, without validation
    "running_loss", "running_accuracy",  # means over the epoch, while the weights change
    "validation_loss", "validation_accuracy",  # of the weights at the end of the epoch
    "train_loss", "train_accuracy", "test_loss", "test_accuracy",  # after 5, 10 and the last epoch
    "fingerprint",  # of the model and how it is trained, in the records
)  # fmt: skip


@dataclass
class Run:
    """One network, trained once.

    ``rows`` has a dictionary per epoch with the keys of ``COLUMNS``, None where nothing was
    measured; ``predictions``, ``confidences`` and ``weights``,
    which are not recorded, have epochs 5, 10 and the last.
    """

    model: str  # its name
    protocol: str  # the name of how it was trained, "fair" for that of ``train()``
    seed: int
    rows: list[dict] = field(default_factory=list)
    predictions: dict[int, np.ndarray] = field(default_factory=dict)  # (10000,) uint8, of the test
    confidences: dict[int, np.ndarray] = field(default_factory=dict)  # their probabilities, float32
    weights: dict[int, list[np.ndarray]] = field(default_factory=dict, repr=False)

    @property
    def key(self) -> tuple[str, str, int]:
        """Return what identifies a run."""
        return self.model, self.protocol, self.seed

    @property
    def fingerprint(self) -> str | None:
        """Return the fingerprint of the network and how it is trained, if it is recorded."""
        return self.rows[0]["fingerprint"]

    @property
    def measured(self) -> list[dict]:
        """Return the rows of the epochs after which training and test digits were read."""
        return [row for row in self.rows if row["test_accuracy"] is not None]


def print_epoch(run: Run, epochs: int):
    """Print one line about the latest of the ``epochs`` of a run."""
    row = run.rows[-1]
    print(
        f"{run.model} · {run.protocol} · seed {run.seed} · epoch {row['epoch']}/{epochs} · "
        f"{row['seconds']:.1f} s · loss {row['running_loss']:.4f} · "
        f"validation accuracy {row['validation_accuracy']:.4f}",
        flush=True,
    )


def train(
    model, epochs: int = 10, seed: int = 0, progress: Callable[[Run, int], None] = print_epoch
) -> Run:
    """Train a compiled Keras model on MNIST, from fresh weights, and return its ``Run``.

    The model takes grey values in 0–1, (n, 28, 28) or (n, 28, 28, 1), and returns (n, 10)
    probabilities; accuracy becomes its only metric. ``progress`` is called after every epoch with
    the run so far and the number of epochs. On one machine, with the same number of threads, equal
    arguments give equal weights. Raises ValueError for what cannot be trained.
    """
    split = data.split(*data.load())
    run = Run(model.name, "fair", seed)
    with repeatable(seed):
        reset(model)
        return train_and_measure(model, split, run, epochs, progress)


def reset(model):
    """Give a Keras model fresh random weights and compile it anew: optimizer, loss and accuracy.

    Raises ValueError if it is not compiled, or with an optimizer that averages weights.
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
    model.set_weights(keras.models.clone_model(model).get_weights())
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    model.compile(optimizer=optimizer, loss=model.loss, metrics=["accuracy"])


def random_order(count: int, seed: int, epoch: int) -> np.ndarray:
    """Return the order of ``count`` pictures in an epoch, (count,): equal for every network."""
    return np.random.default_rng([seed, epoch]).permutation(count)


def train_and_measure(
    model,
    split: data.Split,
    run: Run,
    epochs: int,
    progress: Callable[[Run, int], None],
    order_of: Callable[[int, int, int], np.ndarray] = random_order,
    fingerprint: str | None = None,
) -> Run:
    """Train a model from the weights that it has, add what was measured to ``run``, return it."""
    with errors_named(model):
        run_epoch = epoch_function(model, *split.training)
    predict = compiled.predict_function(model)
    for epoch in range(1, epochs + 1):
        start = time.perf_counter()
        order = order_of(len(split.training.labels), run.seed, epoch)
        with errors_named(model):
            # This line trains, as model.fit(x[order], y[order], batch_size=32, shuffle=False) does.
            running_loss, running_accuracy = run_epoch(order)
        seconds = time.perf_counter() - start
        if math.isnan(running_loss):
            raise ValueError(
                f"The loss of {model.name} became NaN in epoch {epoch} (seed {run.seed}). Try a "
                "lower learning rate."
            )
        row = dict.fromkeys(COLUMNS)
        row.update(model=run.model, protocol=run.protocol, seed=run.seed, epoch=epoch)
        row.update(parameters=model.count_params(), seconds=round(seconds, 3))
        row.update(running_loss=running_loss, running_accuracy=running_accuracy)
        loss, accuracy = evaluate(split.validation.labels, predict(split.validation.pictures))
        row.update(validation_loss=loss, validation_accuracy=accuracy, fingerprint=fingerprint)
        run.rows.append(row)
        if epoch in REPORTED_EPOCHS or epoch == epochs:
            measure(run, model, predict, split)
        progress(run, epochs)
    return run


def measure(run: Run, model, predict: Callable, split: data.Split):
    """Read training and test digits, and keep in a run what its last epoch has come to."""
    row, epoch = run.rows[-1], run.rows[-1]["epoch"]
    of_training = predict(split.train_measured.pictures)
    of_test = predict(split.test.pictures)
    row["train_loss"], row["train_accuracy"] = evaluate(split.train_measured.labels, of_training)
    row["test_loss"], row["test_accuracy"] = evaluate(split.test.labels, of_test)
    run.predictions[epoch] = of_test.argmax(axis=1).astype(np.uint8)
    run.confidences[epoch] = of_test.max(axis=1)
    run.weights[epoch] = model.get_weights()


def evaluate(labels: np.ndarray, probabilities: np.ndarray) -> tuple[float, float]:
    """Return the loss and the accuracy of (n, classes) probabilities, given (n,) labels."""
    classes = probabilities.shape[1]
    loss = metrics.cross_entropy(labels, probabilities, classes)
    return loss, metrics.accuracy(labels, probabilities.argmax(axis=1), classes)


def epoch_function(model, pictures: np.ndarray, labels: np.ndarray) -> Callable:
    """Return a function that trains a model for one epoch, given the order of the pictures.

    Pictures are (n, 28, 28) uint8, labels and order (n,) integers. The function returns the mean
    loss and accuracy over the pictures, while the weights change.
    """
    if compiled.can_train(model):  # as both networks of models.py
        return compiled.epoch(model, pictures, labels, BATCH)
    return keras_epoch(model, pictures, labels, BATCH)


def keras_epoch(model, pictures: np.ndarray, labels: np.ndarray, batch: int = BATCH) -> Callable:
    """Return a function like that of ``epoch_function()``, which calls ``model.fit``."""
    x = as_input(model, pictures)
    y = data.one_hot(labels, model.output_shape[-1]) if compiled.is_one_hot(model) else labels

    def run_epoch(order):
        fitted = model.fit(x[order], y[order], batch_size=batch, shuffle=False, verbose=0)
        return fitted.history["loss"][0], fitted.history["accuracy"][0]

    return run_epoch


def as_input(model, pictures: np.ndarray) -> np.ndarray:
    """Return pictures (n, 28, 28) uint8 as the model takes them: float32 in 0–1, in its shape."""
    return data.scale(pictures).reshape(-1, *model.input_shape[1:])
