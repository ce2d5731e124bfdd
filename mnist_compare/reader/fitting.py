"""Train the network that reads drawings by its recipe.

A recipe trains on the 54,000 digits of the fair protocol and validates on the other 6,000. A
run is known by (model, recipe, seed): the name of its recipe takes the place of a protocol.
"""

import time
from dataclasses import asdict

import numpy as np
from scipy.optimize import minimize_scalar

from mnist_compare import compiled, data, training
from mnist_compare.lazy_keras import keras, repeatable
from mnist_compare.reader import scribbles
from mnist_compare.reader.augmentation import augment
from mnist_compare.reader.forms import Forms
from mnist_compare.reader.recipes import RECIPES, Recipe
from mnist_compare.records import data_sets, fingerprints, networks
from mnist_compare.records.place import FULL
from mnist_compare.records.protocols import FAIR
from mnist_compare.training import COLUMNS, Run

BATCH = 128
SCRIBBLES = 6_000  # drawn once for a run, or one a digit; each batch takes a few of them


def fit(name: str, recipe_name: str, seed=0, progress=training.print_epoch, scale=FULL) -> Run:
    """Train a network by its recipe and return its ``Run``.

    Equal arguments give equal runs on one machine with the same number of threads. ``progress`` is
    called after every epoch with the run so far and the recipe's number of epochs. Raises
    ValueError for an unknown pair of names.
    """
    recipe = RECIPES.get((name, recipe_name))
    if not recipe:
        known = ", ".join(" ".join(key) for key in RECIPES)
        raise ValueError(f"There is no recipe {name} {recipe_name}; choose one of {known}.")
    parts = data_sets.split(name, FAIR, seed, scale)
    pictures, labels = parts.validation
    run = Run(name, recipe_name, seed)
    known_row = dict.fromkeys(COLUMNS) | {"model": name, "protocol": recipe_name, "seed": seed}

    def record_epoch(row):
        run.rows.append(known_row | row)
        progress(run, recipe.epochs)

    with repeatable(seed):
        batches = Batches(*parts.training, recipe, seed)
        model = networks.build(name)
        known_row["parameters"] = model.count_params()
        known_row["fingerprint"] = fingerprint_of(model, recipe)
        model.fit(
            batches,
            epochs=recipe.epochs,
            validation_data=(training.as_input(model, pictures), data.one_hot(labels)),
            validation_batch_size=1000,
            callbacks=[*schedule(model, recipe, len(batches)), _EpochRows(record_epoch)],
            verbose=0,
        )
        read = compiled.predict_function(model)
        set_temperature(model, temperature(read(pictures), labels))
        # The last row is measured anew, with the confidence that the temperature sets.
        loss, accuracy = training.evaluate(labels, read(pictures))
        run.rows[-1].update(validation_loss=loss, validation_accuracy=accuracy)
        training.measure(run, model, read, parts)
    return run


def fingerprint_of(model, recipe: Recipe) -> str:
    """Return the fingerprint of a model as it is built, and of the ``Recipe`` that trains it."""
    # Digits with other forms are recentred; this tells them from runs in which they were not.
    settings = {"batch": BATCH, "scribbles_drawn": SCRIBBLES, "recentred": True}
    # What a recipe lacks is left out, so that a new kind of change leaves the others' marks alone.
    decisive = {key: value for key, value in asdict(recipe).items() if value}
    return fingerprints.fingerprint(model, decisive | settings)


def schedule(model, recipe: Recipe, steps: int) -> list:
    """Compile a model with the optimizer of its recipe, of so many steps an epoch.

    Returns the callbacks that this one needs.
    """
    warm_up = steps // 2
    rate = keras.optimizers.schedules.CosineDecay(
        recipe.rate / 10,
        steps * recipe.epochs - warm_up,
        alpha=0.02,
        warmup_target=recipe.rate,
        warmup_steps=warm_up,
    )
    averaging = {"use_ema": True, "ema_momentum": recipe.averaging}
    optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.decay, **averaging)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    model.compile(optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
    # Validation is to be that of the averaged weights; after the last epoch fit() leaves them.
    return [keras.callbacks.SwapEMAWeights()]


def losses_of_two_steps(recipe: Recipe) -> list[float]:
    """Return losses of two steps from fresh weights and, after them, of 300 test digits, twice.

    Before the last a temperature is set. These tell whether a recipe still means what it did.
    """
    (digits, targets), (pictures, labels) = data.load("mnist")
    few, pictures, labels = 2 * BATCH, pictures[:300], labels[:300]
    with repeatable(0):
        batches, model = Batches(digits[:few], targets[:few], recipe, 0), networks.build("reader")
        schedule(model, recipe, len(batches))
        model.run_eagerly = True  # two steps are not worth compiling
        losses = [float(model.train_on_batch(*batches[number])[0]) for number in (0, 1)]
        for _ in range(2):
            read = np.asarray(model(training.as_input(model, pictures)))
            losses.append(training.evaluate(labels, read)[0])
            set_temperature(model, temperature(read, labels))
    return losses


class Batches(keras.utils.PyDataset):  # type: ignore[name-defined]
    """The batches of an epoch, with their targets: digits in a new order and changed anew."""

    def __init__(self, digits: np.ndarray, labels: np.ndarray, recipe: Recipe, seed: int):
        super().__init__()
        self._digits, self._labels, self._recipe, self._seed = digits, labels, recipe, seed
        self._forms = Forms(digits, labels, dict(recipe.forms)) if recipe.forms else None
        self._scribbles_a_batch = round(recipe.scribbles * BATCH)
        if self._scribbles_a_batch:
            number = min(SCRIBBLES, len(labels))
            count = round(recipe.turned * number)
            drawn = scribbles.to_train_with(number - count, seed)
            turned = scribbles.turned(digits, labels, count, seed)
            self._scribbles = np.concatenate([drawn, turned])
        self._epoch = 0
        self._begin_epoch()

    def _begin_epoch(self):
        generator = np.random.default_rng([self._seed, self._epoch])
        self._order = generator.permutation(len(self._labels))
        self._changed = self._forms(generator) if self._forms else self._digits
        self._augmentation = self._recipe.augmentation
        # Keras calls on_epoch_end() once before the first epoch, so that epochs count from 1 here.
        if self._epoch > self._recipe.epochs - self._recipe.calm:
            self._augmentation = self._augmentation.calmer()

    def on_epoch_end(self):
        """Draw the next epoch."""
        self._epoch += 1
        self._begin_epoch()

    def __len__(self):
        return len(self._order) // (BATCH - self._scribbles_a_batch)

    def __getitem__(self, number):
        """Return images (128, 28, 28, 1) float32 in 0–1 and targets (128, 10) float32."""
        generator = np.random.default_rng([self._seed, self._epoch, number])
        count = BATCH - self._scribbles_a_batch
        which = self._order[number * count :][:count]
        digits = self._changed[which]
        targets = np.full((BATCH, data.CLASSES), 1 / data.CLASSES, np.float32)
        targets[:count] = data.one_hot(self._labels[which])
        if self._scribbles_a_batch:
            others = generator.integers(len(self._scribbles), size=self._scribbles_a_batch)
            digits = np.concatenate([digits, self._scribbles[others]])
        return augment(digits, self._augmentation, generator).numpy()[..., None], targets


class _EpochRows(keras.callbacks.Callback):  # type: ignore[name-defined]
    """Passes on what there is to record of each epoch; its seconds exclude validation."""

    def __init__(self, record):
        super().__init__()
        self._record = record

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.perf_counter()

    def on_test_begin(self, logs=None):
        self._seconds = time.perf_counter() - self._start

    def on_epoch_end(self, epoch, logs):
        row = {"epoch": epoch + 1, "seconds": round(self._seconds, 3)}
        row |= {"running_loss": logs["loss"], "running_accuracy": logs["accuracy"]}
        row |= {"validation_loss": logs["val_loss"], "validation_accuracy": logs["val_accuracy"]}
        self._record(row)


def temperature(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature that fits probabilities (n, 10) to labels (n,) best.

    It gives the lowest mean cross-entropy (C. Guo et al., On calibration of modern neural networks,
    ICML 2017).
    """
    logits = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny)).astype(float)

    def loss(log_temperature):
        scaled = logits / np.exp(log_temperature)
        scaled -= np.logaddexp.reduce(scaled, axis=1, keepdims=True)
        return -scaled[np.arange(len(labels)), labels].mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def set_temperature(model, temperature: float):
    """Divide a model's logits, so the weights and biases of its last layer, by a temperature."""
    last = model.layers[-1]
    last.set_weights([weights / temperature for weights in last.get_weights()])
