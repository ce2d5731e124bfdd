"""Keras's training step, compiled: the same numbers, faster. Skip this file at first.

The digits stay on the device and XLA makes one program of each step; that of the CNN is written out
in ``fast_cnn.py``. test_training.py compares the weights that come out with those of ``model.fit``.
"""

import copy
from collections.abc import Callable
from contextlib import contextmanager

import numpy as np

from mnist_compare import data
from mnist_compare.late_keras import keras, one_line
from mnist_compare.late_keras import tensorflow as tf
from mnist_compare.models import BATCH

TRAINED_AS_KERAS_DOES = {
    "InputLayer", "Flatten", "Reshape", "Rescaling", "Dense", "Dropout", "Activation", "ReLU",
    "Softmax", "Conv2D", "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "Add",
    "LeakyReLU", "ELU", "PReLU", "ZeroPadding2D", "GlobalMaxPooling2D", "Concatenate",
}  # fmt: skip
MEAN = "sum_over_batch_size"  # what Keras makes of the losses of a batch, if not told otherwise
READ_AT_ONCE = 1000  # pictures; it divides every part of MNIST, so that one shape is compiled


def epoch(model, pictures: np.ndarray, labels: np.ndarray) -> Callable:
    """Return a function that trains a Keras model for an epoch, given the order of the pictures.

    Pictures are (n, 28, 28) uint8, labels and order (n,) integers. The function returns the mean
    loss and accuracy over the epoch's batches, as ``model.fit`` does, which it calls where a model
    has layers that are not in ``TRAINED_AS_KERAS_DOES``. What the model raises becomes a ValueError
    with its name.
    """
    make_epoch = compiled_epoch if _can_be_compiled(model) else keras_epoch
    with _errors_named(model):
        run_epoch = make_epoch(model, pictures, labels)

    def named_epoch(order):
        with _errors_named(model):
            return run_epoch(order)

    return named_epoch


def probabilities(model) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from pictures (n, 28, 28) uint8 to the model's current probabilities."""

    @tf.function(reduce_retracing=True)
    def read(pictures):
        return model(_as_input(pictures, model))

    def probabilities_of(pictures):
        starts = range(0, len(pictures), READ_AT_ONCE)
        batches = [pictures[start : start + READ_AT_ONCE] for start in starts]
        return np.concatenate([read(tf.constant(batch)).numpy() for batch in batches])

    return probabilities_of


def keras_epoch(model, pictures: np.ndarray, labels: np.ndarray) -> Callable:
    """Return a function like that of ``epoch()``, which calls Keras's ``fit``."""
    inputs = data.scale(pictures).reshape(-1, *model.input_shape[1:])
    targets = data.one_hot(labels, model.output_shape[-1]) if _is_one_hot(model) else labels

    def run_epoch(order):
        fitted = model.fit(inputs[order], targets[order], BATCH, shuffle=False, verbose=0)
        return fitted.history["loss"][0], fitted.history["accuracy"][0]

    return run_epoch


def compiled_epoch(model, pictures: np.ndarray, labels: np.ndarray) -> Callable:
    """Return a function like that of ``epoch()``, which calls no ``fit``."""
    from mnist_compare import fast_cnn  # it defines TensorFlow functions, and so loads TensorFlow

    pictures, labels = tf.constant(pictures), tf.constant(labels, tf.int32)
    if fast_cnn.fits(model):
        step, copy_back = fast_cnn.compiled_step(model)
    else:
        step, copy_back = _compiled_step(model), None

    @tf.function
    def steps(batches, weights):
        loss, right = 0.0, 0.0
        for i in tf.range(tf.shape(batches)[0]):
            pictures_of_batch = tf.gather(pictures, batches[i])
            labels_of_batch = tf.gather(labels, batches[i])
            step_loss, step_right = step(pictures_of_batch, labels_of_batch, weights[i])
            loss += step_loss
            right += step_right
        return loss, right

    def run_epoch(order):
        # The last batch is filled up with pictures of weight 0, so that XLA compiles one shape.
        missing = -len(order) % BATCH
        batches = np.pad(order, (0, missing)).reshape(-1, BATCH)
        weights = np.pad(np.ones(len(order), np.float32), (0, missing)).reshape(-1, BATCH)
        loss, right = steps(tf.constant(batches, tf.int32), tf.constant(weights))
        if copy_back:
            copy_back()
        return float(loss) / len(order), float(right) / len(order)

    return run_epoch


def _compiled_step(model):
    loss_of_each = keras.losses.get(model.loss)
    if isinstance(loss_of_each, keras.losses.Loss):
        loss_of_each = copy.copy(loss_of_each)  # the model keeps its own
        loss_of_each.reduction = "none"
    one_hot = _is_one_hot(model)
    variables = model.trainable_variables
    model.optimizer.build(variables)
    # XLA makes dense layers faster, but convolutions slower than TensorFlow's own.
    convolutional = any("Conv" in type(layer).__name__ for layer in model.layers)

    @tf.function(jit_compile=not convolutional)
    def step(pictures, labels, weights):
        targets = tf.one_hot(labels, model.output_shape[-1]) if one_hot else labels
        with tf.GradientTape() as tape:
            given = model(_as_input(pictures, model), training=True)
            loss = tf.reduce_sum(weights * loss_of_each(targets, given))
            mean_loss = loss / tf.reduce_sum(weights)
        model.optimizer.apply(tape.gradient(mean_loss, variables), variables)
        right = tf.equal(tf.argmax(given, axis=1, output_type=tf.int32), labels)
        return loss, tf.reduce_sum(weights * tf.cast(right, tf.float32))

    return step


def loss_function(loss):
    """Return the function of a loss, given as a name, a function or an object, else its class."""
    loss = keras.losses.get(loss)
    function = getattr(loss, "fn", loss)
    return function if hasattr(function, "__name__") else type(loss)


def _is_one_hot(model):
    return loss_function(model.loss) is not keras.losses.sparse_categorical_crossentropy


def _as_input(pictures, model):
    return tf.reshape(tf.cast(pictures, tf.float32) / 255, (-1, *model.input_shape[1:]))


def _can_be_compiled(model):
    # No penalties on weights, scaled losses and running statistics, which would include the digits
    # that only fill up the last batch, no sums of losses, and no layers that XLA does not know.
    if model.non_trainable_weights or model.losses or hasattr(model.optimizer, "inner_optimizer"):
        return False
    if getattr(model.loss, "reduction", MEAN) != MEAN:
        return False
    return all(type(layer).__name__ in TRAINED_AS_KERAS_DOES for layer in model.layers)


@contextmanager
def _errors_named(model):
    try:
        yield
    except Exception as error:  # of layers, losses and optimizers of any kind
        raise ValueError(f"{model.name} cannot be trained: {one_line(error)}") from error
