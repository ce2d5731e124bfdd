"""Train a network on MNIST and measure it after every epoch.

What ``train()`` does, in plain Keras::

    (x_train, y_train), (x_test, y_test) = load()
    x, y = scale(x_train[:54_000]), y_train[:54_000]  # the last 6,000 validate
    for epoch in range(1, epochs + 1):
        order = np.random.default_rng([seed, epoch]).permutation(len(x))
        model.fit(x[order], y[order], batch_size=32, shuffle=False)

The loop below calls ``compiled.epoch()`` in place of ``model.fit``: it makes the same steps in less
time, so that the weights come out equal (test_training.py compares them).
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from mnist_compare import compiled, data, metrics
from mnist_compare.late_keras import keras, repeatable

REPORTED_EPOCHS = (5, 10)
COLUMNS = (
    "model", "protocol", "seed", "epoch",
    "parameters",  # of the model
    "seconds",  # of training, without validation
    "running_loss", "running_accuracy",  # means over the batches, while the weights change
    "validation_loss", "validation_accuracy",  # of the weights at the end of the epoch
    "train_loss", "train_accuracy", "test_loss", "test_accuracy",  # at reported epochs only
    "fingerprint",  # of the model and how it is trained, where it is recorded
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One network, trained once.

    ``rows`` has a dictionary per epoch with the keys of ``COLUMNS``, None where nothing was
    measured; the others map each reported epoch to what was kept.
    """

    model: str
    protocol: str  # the name of how it was trained, "fair" for that of ``train()``
    seed: int
    rows: list[dict] = field(default_factory=list)
    predictions: dict[int, np.ndarray] = field(default_factory=dict)  # (10000,) uint8, of the test
    confidences: dict[int, np.ndarray] = field(default_factory=dict)  # their probabilities, float32
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


def train(
    model, epochs: int = 10, seed: int = 0, progress: Callable[[Run, int], None] = print_epoch
) -> Run:
    """Train a compiled Keras model on MNIST, from fresh weights, and return its ``Run``.

    It takes grey values in 0–1, (n, 28, 28) or (n, 28, 28, 1), and returns (n, 10) probabilities.
    ``progress`` is called after every epoch with the run so far and the number of epochs. On one
    machine, equal arguments give equal weights. Raises ValueError for what cannot be trained.
    """
    if not getattr(model, "optimizer", None):
        raise ValueError(
            "The network is not compiled. Call model.compile(optimizer=…, loss=…) first."
        )
    with repeatable(seed):
        begin_anew(model)
        return fit(model, data.split(*data.load()), Run(model.name, "fair", seed), epochs, progress)


def begin_anew(model):
    """Give a compiled Keras model fresh random weights and a fresh optimizer."""
    model.set_weights(keras.models.clone_model(model).get_weights())
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    model.compile(optimizer=optimizer, loss=model.loss, metrics=["accuracy"])


def fit(
    model,
    parts: data.Split,
    run: Run,
    epochs: int,
    progress: Callable[[Run, int], None],
    fewest: int = 0,
    described: dict | None = None,
) -> Run:
    """Train a model as it is, and return the ``run`` with what was measured.

    An epoch shows at least ``fewest`` pictures. ``described`` is what each row says beside.
    """
    run_epoch = compiled.epoch(model, *parts.training)
    probabilities_of = compiled.probabilities(model)
    about = dict.fromkeys(COLUMNS) | {"model": run.model, "protocol": run.protocol}
    about |= {"seed": run.seed, "parameters": model.count_params()} | (described or {})
    for epoch in range(1, epochs + 1):
        start = time.perf_counter()
        # The order depends on seed and epoch alone: every model sees the digits in the same order.
        order = order_of(len(parts.training[1]), run.seed, epoch, fewest)
        running_loss, running_accuracy = run_epoch(order)
        seconds = time.perf_counter() - start
        if math.isnan(running_loss):
            raise ValueError(
                f"The loss of {model.name} became NaN in epoch {epoch} (seed {run.seed}). Try a "
                "lower learning rate."
            )
        row = about | {"epoch": epoch, "seconds": round(seconds, 3)}
        row |= {"running_loss": running_loss, "running_accuracy": running_accuracy}
        run.rows.append(row | evaluate("validation", probabilities_of, *parts.validation)[0])
        if epoch in (*REPORTED_EPOCHS, epochs):
            report_epoch(run, model, probabilities_of, parts)
        progress(run, epochs)
    return run


def order_of(count: int, seed: int, epoch: int, fewest: int = 0) -> np.ndarray:
    """Return a random order of ``count`` pictures, repeated until at least ``fewest`` are shown."""
    generator, times = np.random.default_rng([seed, epoch]), max(1, math.ceil(fewest / count))
    return np.concatenate([generator.permutation(count) for _ in range(times)])


def report_epoch(run: Run, model, probabilities_of: Callable, parts: data.Split):
    """Add to a run what is reported of its last epoch: measurements, predictions and weights."""
    row, epoch = run.rows[-1], run.rows[-1]["epoch"]
    on_test, probabilities = evaluate("test", probabilities_of, *parts.test)
    row |= evaluate("train", probabilities_of, *parts.measured)[0] | on_test
    run.predictions[epoch] = probabilities.argmax(axis=1).astype(np.uint8)
    run.confidences[epoch] = probabilities.max(axis=1)
    run.weights[epoch] = model.get_weights()


def evaluate(
    name: str, probabilities_of: Callable, pictures: np.ndarray, labels: np.ndarray
) -> tuple[dict[str, float], np.ndarray]:
    """Return {``name``_loss, ``name``_accuracy} of labelled pictures, and their probabilities."""
    probabilities = probabilities_of(pictures)
    classes = probabilities.shape[1]
    row = {
        f"{name}_loss": metrics.cross_entropy(labels, probabilities, classes),
        f"{name}_accuracy": metrics.accuracy(labels, probabilities.argmax(axis=1), classes),
    }
    return row, probabilities


def as_input(model, pictures: np.ndarray) -> np.ndarray:
    """Return pictures (n, 28, 28) uint8 as the model takes them: float32 in 0–1, in its shape."""
    return data.scale(pictures).reshape(-1, *model.input_shape[1:])


def probabilities(model, pictures: np.ndarray) -> np.ndarray:
    """Return the (n, 10) probabilities of pictures (n, 28, 28) uint8 by Keras's ``predict``."""
    return model.predict(as_input(model, pictures), batch_size=1000, verbose=0)
