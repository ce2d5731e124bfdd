"""Train the network that reads drawings, and the steps that lead to it, each by its recipe.

Every recipe trains on the 54,000 digits of the fair protocol and chooses its weights by the other
6,000 training digits. A run is known by (model, recipe, seed), where a recipe's name stands for
the protocol; the reader's own, ``("reader", "fair")``, is the last.
"""

import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar

from mnist_compare import data, models, runs, scribbles, training
from mnist_compare.augmentation import augment
from mnist_compare.fingerprint import fingerprint
from mnist_compare.forms import Forms
from mnist_compare.preprocessing import preprocess
from mnist_compare.quiet import keras
from mnist_compare.quiet import tensorflow as tf
from mnist_compare.recipes import CALM, RECIPES

BATCH = 128
RATE, DECAY, AVERAGING = 3e-3, 1e-2, 0.998  # of the schedule, chosen on validation digits
PATIENCE = 8  # epochs without a better validation loss
SCRIBBLES = 6_000  # drawn for a run, of which a batch takes its share


def train(model_name, recipe_name, seed=0, progress=print):
    """Train a model by its recipe and return its ``runs.Run``.

    Equal arguments give equal runs on one machine with the same number of threads. ``progress`` is
    called with a line per epoch. Raises ValueError for an unknown pair of names.
    """
    if (model_name, recipe_name) not in RECIPES:
        known = ", ".join(" ".join(key) for key in RECIPES)
        raise ValueError(f"There is no recipe {model_name} {recipe_name}; choose one of {known}.")
    recipe = RECIPES[model_name, recipe_name]
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    trained, validated, _, test = training.digits_of(model_name, "fair", seed)
    shown = Shown(*trained, recipe, seed)
    model = models.build(model_name)
    mark = fingerprint_of(model, recipe)
    validation = (training.as_input(model, validated[0]), keras.utils.to_categorical(validated[1]))
    diary = Diary(f"{model_name} · {recipe_name} · seed {seed}", recipe.epochs, progress)
    with tempfile.TemporaryDirectory() as folder:
        best = Path(folder) / "best.weights.h5"
        callbacks = _schedule(model, recipe, len(shown))
        callbacks += [
            keras.callbacks.ModelCheckpoint(best, save_best_only=True, save_weights_only=True),
            keras.callbacks.EarlyStopping(patience=PATIENCE),
            diary,
        ]
        model.fit(
            shown,
            epochs=recipe.epochs,
            validation_data=validation,
            validation_batch_size=1000,
            callbacks=callbacks,
            verbose=0,
        )
        model.load_weights(best)
    read = training.compiled_probabilities(model)
    if recipe.schedule:
        set_temperature(model, temperature(read(validated[0]), validated[1]))
    return _run(model, recipe_name, seed, mark, diary.rows, read, trained, validated, test)


def fingerprint_of(model, recipe):
    """Return the fingerprint of a model, as it is built, trained by a ``Recipe``."""
    settings = {"batch": BATCH, "patience": PATIENCE, "scribbles_drawn": SCRIBBLES}
    if recipe.schedule:
        settings |= {"rate": RATE, "decay": DECAY, "averaging": AVERAGING, "calm": CALM}
    decisive = {key: value for key, value in asdict(recipe).items() if key != "title"}
    return fingerprint(model, decisive | settings)


def _schedule(model, recipe, steps):
    """Give the model its optimizer; return the callbacks that this needs."""
    if not recipe.schedule:
        return []
    warm_up = steps // 2
    rate = keras.optimizers.schedules.CosineDecay(
        RATE / 10,
        steps * recipe.epochs - warm_up,
        alpha=0.02,
        warmup_target=RATE,
        warmup_steps=warm_up,
    )
    optimizer = keras.optimizers.AdamW(
        rate, weight_decay=DECAY, use_ema=True, ema_momentum=AVERAGING
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    model.compile(optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
    return [keras.callbacks.SwapEMAWeights(swap_on_epoch=True)]


class Shown(keras.utils.PyDataset):
    """The batches of an epoch: digits in a new order, changed anew, with their targets."""

    def __init__(self, digits, labels, recipe, seed):
        """Take digits (n, 28, 28) uint8 and labels (n,) as the recipe wants them."""
        super().__init__()
        if recipe.centred:
            digits = np.stack([preprocess(digit).digit for digit in digits])
        self._recipe, self._seed, self._labels = recipe, seed, labels
        self._forms = Forms(digits, labels, dict(recipe.forms)) if recipe.forms else None
        self._digits = digits
        per_batch = round(recipe.scribbles * BATCH)
        self._scribbles = scribbles.to_train_with(SCRIBBLES, seed) if per_batch else None
        self._per_batch = BATCH - per_batch
        self._epoch = 0
        self._begin()

    def _begin(self):
        generator = np.random.default_rng([self._seed, self._epoch])
        which = np.arange(len(self._labels))
        for digit, often in self._recipe.shown:
            those = generator.permutation(np.flatnonzero(self._labels == digit))
            # As many in every epoch, since Keras counts the batches once.
            shown = np.resize(those, round(often * len(those)))
            which = np.concatenate([which[self._labels[which] != digit], shown])
        self._order = generator.permutation(which)
        self._changed = self._forms(generator) if self._forms else self._digits
        self._augmentation = self._recipe.augmentation
        # Keras ends an epoch before it begins the first, so that the last has the number of epochs.
        if self._recipe.schedule and self._epoch > self._recipe.epochs - CALM:
            self._augmentation = self._augmentation.calmer()

    def on_epoch_end(self):
        """Draw the next epoch."""
        self._epoch += 1
        self._begin()

    def __len__(self):
        """Return the number of whole batches."""
        return len(self._order) // self._per_batch

    def __getitem__(self, number):
        """Return the batch of that number: images (128, 28, 28, 1), targets (128, 10)."""
        generator = np.random.default_rng([self._seed, self._epoch, number])
        which = self._order[number * self._per_batch :][: self._per_batch]
        digits = self._changed[which]
        targets = np.full((BATCH, data.CLASSES), 1 / data.CLASSES, np.float32)
        targets[: len(which)] = np.eye(data.CLASSES)[self._labels[which]]
        if self._scribbles is not None:
            others = generator.integers(len(self._scribbles), size=BATCH - len(which))
            digits = np.concatenate([digits, self._scribbles[others]])
        return augment(digits, self._augmentation, generator).numpy()[..., None], targets


class Diary(keras.callbacks.Callback):
    """A row of ``runs.COLUMNS`` for each epoch, its seconds without validation."""

    def __init__(self, name, epochs, progress):
        """Tell ``progress`` of every epoch under that name."""
        super().__init__()
        self._name, self._epochs, self._progress = name, epochs, progress
        self.rows = []

    def on_epoch_begin(self, epoch, logs=None):
        """Start the clock."""
        self._start = time.perf_counter()

    def on_test_begin(self, logs=None):
        """Stop it."""
        self._seconds = time.perf_counter() - self._start

    def on_epoch_end(self, epoch, logs=None):
        """Write the row."""
        row = {"epoch": epoch + 1, "seconds": round(self._seconds, 3)}
        row |= {"running_loss": logs["loss"], "running_accuracy": logs["accuracy"]}
        row |= {"validation_loss": logs["val_loss"], "validation_accuracy": logs["val_accuracy"]}
        self.rows.append(row)
        self._progress(
            f"{self._name} · epoch {epoch + 1}/{self._epochs} · {self._seconds:.1f} s · "
            f"loss {logs['loss']:.4f} · validation accuracy {logs['val_accuracy']:.4f}"
        )


def temperature(probabilities, labels):
    """Return the temperature that makes probabilities (n, 10) fit labels (n,) best.

    The one with the least mean cross-entropy (C. Guo et al., On calibration of modern neural
    networks, ICML 2017).
    """
    logits = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny)).astype(float)

    def loss(log_temperature):
        scaled = logits / np.exp(log_temperature)
        scaled -= np.logaddexp.reduce(scaled, axis=1, keepdims=True)
        return -scaled[np.arange(len(labels)), labels].mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def set_temperature(model, temperature):
    """Divide the logits of a model by a temperature: its last layer's weights and biases."""
    last = model.layers[-1]
    last.set_weights([weights / temperature for weights in last.get_weights()])


def _run(model, recipe_name, seed, mark, diary, read, trained, validated, test):
    """Return the run, its last row that of the weights that were kept."""
    name = {"model": model.name, "protocol": recipe_name, "seed": seed, "fingerprint": mark}
    rows = [
        dict.fromkeys(runs.COLUMNS) | name | {"parameters": model.count_params()} | row
        for row in diary
    ]
    rows[-1] |= training.evaluate("validation", read, *validated)[0]
    rows[-1] |= training.evaluate("train", read, *trained)[0]
    on_test, probabilities = training.evaluate("test", read, *test)
    rows[-1] |= on_test
    last = len(rows)
    return runs.Run(
        model.name,
        recipe_name,
        seed,
        rows,
        {last: probabilities.argmax(axis=1).astype(np.uint8)},
        {last: probabilities.max(axis=1)},
        {last: model.get_weights()},
    )
