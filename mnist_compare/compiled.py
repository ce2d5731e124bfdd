"""Train as ``model.fit`` does, in less time. Skip this file at first.

An epoch is one TensorFlow program over digits that stay in memory; ``fast_cnn.py`` writes out the
step of the CNN. The weights are those of ``model.fit`` but for rounding: a test compares them.
"""

import copy
import math
from collections.abc import Callable

import numpy as np

from mnist_compare.lazy_keras import keras
from mnist_compare.lazy_keras import tensorflow as tf

LAYERS = {  # a model with any other is trained by ``model.fit``
    "InputLayer", "Flatten", "Reshape", "Rescaling", "Dense", "Dropout", "Activation", "ReLU",
    "Softmax", "Conv2D", "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "Add",
    "LeakyReLU", "ELU", "PReLU", "ZeroPadding2D", "GlobalMaxPooling2D", "Concatenate",
}  # fmt: skip
MEAN = "sum_over_batch_size"  # what Keras makes of the losses of a batch, if not told otherwise
STEPS = 200  # at a time: Ctrl-C waits until they are done
READ_AT_ONCE = 1000  # pictures; it divides every part of MNIST, so that one shape is compiled


def predict_function(model) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from pictures (n, 28, 28) uint8 to the model's current probabilities."""

    @tf.function(reduce_retracing=True)
    def predict_batch(pictures):
        return model(_as_input(pictures, model))

    def predict(pictures):
        starts = range(0, len(pictures), READ_AT_ONCE)
        batches = [pictures[start : start + READ_AT_ONCE] for start in starts]
        return np.concatenate([predict_batch(tf.constant(batch)).numpy() for batch in batches])

    return predict


def epoch(model, pictures: np.ndarray, labels: np.ndarray, batch: int) -> Callable:
    """Return a function like that of ``training.epoch_function()``, which calls no ``fit``."""
    from mnist_compare import fast_cnn  # it defines TensorFlow functions, and so loads TensorFlow

    pictures, labels = tf.constant(pictures), tf.constant(labels, tf.int32)
    if fast_cnn.fits(model):
        step, copy_back = fast_cnn.compiled_step(model)
    else:
        step, copy_back = _compiled_step(model), None

    signature = [tf.TensorSpec((None, batch), dtype) for dtype in (tf.int32, tf.float32)]
    signature += [tf.TensorSpec((), tf.float32)] * 2

    @tf.function(input_signature=signature)
    def steps(batches, counts, loss, right):
        for i in tf.range(tf.shape(batches)[0]):
            pictures_of_batch = tf.gather(pictures, batches[i])
            labels_of_batch = tf.gather(labels, batches[i])
            step_loss, step_right = step(pictures_of_batch, labels_of_batch, counts[i])
            loss += step_loss
            right += step_right
        return loss, right

    def run_epoch(order):
        # The last batch is filled up with pictures that do not count: one shape is compiled.
        missing = math.ceil(len(order) / batch) * batch - len(order)
        batches = np.pad(order, (0, missing)).reshape(-1, batch)
        counts = np.pad(np.ones(len(order), np.float32), (0, missing)).reshape(-1, batch)
        loss = right = tf.constant(0.0)
        for start in range(0, len(batches), STEPS):
            part = slice(start, start + STEPS)
            batches_of_part = tf.constant(batches[part], tf.int32)
            loss, right = steps(batches_of_part, tf.constant(counts[part]), loss, right)
        if copy_back:
            copy_back()
        return float(loss) / len(order), float(right) / len(order)

    return run_epoch


def _compiled_step(model):
    loss_of_each = keras.losses.get(model.loss)
    if isinstance(loss_of_each, keras.losses.Loss):
        loss_of_each = copy.copy(loss_of_each)  # the model keeps its own
        loss_of_each.reduction = "none"
    one_hot = is_one_hot(model)
    variables = model.trainable_variables
    model.optimizer.build(variables)
    # XLA makes dense layers faster, but convolutions slower than TensorFlow's own.
    convolutional = any("Conv" in type(layer).__name__ for layer in model.layers)

    @tf.function(jit_compile=not convolutional)
    def step(pictures, labels, counts):
        targets = tf.one_hot(labels, model.output_shape[-1]) if one_hot else labels
        with tf.GradientTape() as tape:
            given = model(_as_input(pictures, model), training=True)
            loss = tf.reduce_sum(counts * loss_of_each(targets, given))
            mean_loss = loss / tf.reduce_sum(counts)
        model.optimizer.apply(tape.gradient(mean_loss, variables), variables)
        right = tf.equal(tf.argmax(given, axis=1, output_type=tf.int32), labels)
        return loss, tf.reduce_sum(counts * tf.cast(right, tf.float32))

    return step


def loss_function(loss):
    """Return the function of a loss, given as a name, a function or an object, else its class."""
    loss = keras.losses.get(loss)
    function = getattr(loss, "fn", loss)
    return function if hasattr(function, "__name__") else type(loss)


def is_one_hot(model) -> bool:
    """Return whether the loss of a model takes one-hot labels, not integers."""
    return loss_function(model.loss) is not keras.losses.sparse_categorical_crossentropy


def _as_input(pictures, model):
    return tf.reshape(tf.cast(pictures, tf.float32) / 255, (-1, *model.input_shape[1:]))


def can_train(model) -> bool:
    """Return whether ``epoch()`` trains a model as Keras would."""
    # Running statistics and sums of losses would include the pictures that do not count; penalties
    # on weights, scaled losses and averaged weights, which are left out here, would be missing.
    if model.non_trainable_weights or model.losses or hasattr(model.optimizer, "inner_optimizer"):
        return False
    if getattr(model.loss, "reduction", MEAN) != MEAN:
        return False
    return not model.optimizer.use_ema and all(type(one).__name__ in LAYERS for one in model.layers)
