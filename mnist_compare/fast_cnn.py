"""Train the CNN by its written-out step: forward pass, gradients, Adam. Skip this file at first.

The mathematics are those of Keras's layers; only the layout differs. Arrays have features first and
the digits of the batch last: this makes TensorFlow's MatMul fast, and XLA fuses what lies between
the products. The filters are dealt into two halves, which two threads can work on side by side. In
shapes, F is the filters of a half, W the 13 × 13 pooling windows, H hidden units and n digits;
``d_x`` is the gradient of the loss with respect to x.
"""

from functools import partial

import numpy as np

from mnist_compare import models
from mnist_compare.data import CLASSES
from mnist_compare.lazy_keras import keras
from mnist_compare.lazy_keras import tensorflow as tf

SIDE, WINDOWS = 28, 13 * 13
# The four convolutions of a window see a 4×4 field: FIELDS has every pixel (r, c) in row 4·r + c.
CORNERS = (2 * SIDE * np.arange(13)[:, None] + 2 * np.arange(13)).ravel()
FIELDS = np.concatenate([CORNERS + SIDE * r + c for r in range(4) for c in range(4)])
# LAID times a 3×3 kernel, in a row, lays it at each of its four places in a field.
EACH = np.eye(9, dtype=np.float32).reshape(9, 3, 3)
MARGINS = [((0, 0), (top, 1 - top), (left, 1 - left)) for top in (0, 1) for left in (0, 1)]
LAID = np.stack([np.pad(EACH, margins) for margins in MARGINS], axis=1).reshape(9, 4 * 16)
one_program = tf.function(jit_compile=True)  # one XLA program


def fits(model) -> bool:
    """Return whether a model is a CNN as ``build_cnn()`` makes it, and no GPU is there to train."""
    if len(model.layers) != 5 or tf.config.list_physical_devices("GPU"):
        return False
    size = getattr(model.layers[0], "filters", None), getattr(model.layers[3], "units", None)
    if not all(size) or 1 in size:  # two threads take half of the filters each
        return False
    return _described(model) == _described(models.build_cnn(*size))


def _described(model):
    """Return the settings of layers, loss and optimizer, but for names and the learning rate."""
    loss = keras.losses.get(model.loss)
    if loss is keras.losses.categorical_crossentropy:
        loss = keras.losses.CategoricalCrossentropy()
    parts = [loss, *model.layers, model.optimizer]
    settings = [getattr(part, "get_config", dict)() for part in parts]
    nameless = [each | {"name": "", "learning_rate": 0} for each in settings]
    return model.input_shape, [type(part) for part in parts], nameless


class State:
    """The weights of a model in this layout, and Adam's two moments of each.

    ``halves`` has a kernel (F, 9), biases (F,) and hidden weights (F·W, H) for each half of the
    filters, ``head`` the hidden biases, the output weights and the output biases.
    """

    def __init__(self, model):
        kernel, bias, hidden, *head = model.get_weights()
        by_filter = hidden.reshape(WINDOWS, len(bias), -1).swapaxes(0, 1)  # Keras has windows first
        arrays = [np.array_split(a, 2) for a in (kernel.reshape(9, -1).T, bias, by_filter)]
        self.halves = [
            [tf.Variable(kernel), tf.Variable(bias), tf.Variable(np.concatenate(hidden))]
            for kernel, bias, hidden in zip(*arrays, strict=True)
        ]
        self.model, self.head = model, [tf.Variable(array) for array in head]
        self.weights = [*self.halves[0], *self.halves[1], *self.head]
        self.moments = [[tf.Variable(tf.zeros_like(w)) for w in self.weights] for _ in range(2)]
        self.steps, rate = tf.Variable(0.0), model.optimizer.get_config()["learning_rate"]
        falls = isinstance(rate, dict)
        self.rate_at = keras.optimizers.schedules.deserialize(rate) if falls else lambda step: rate

    def store(self):
        """Copy the weights back to the model."""
        kernel, bias, hidden = [np.concatenate(parts) for parts in zip(*self.halves, strict=True)]
        by_window = hidden.reshape(len(bias), WINDOWS, -1).swapaxes(0, 1)
        arrays = kernel.T.reshape(3, 3, 1, -1), bias, by_window.reshape(hidden.shape)
        self.model.set_weights([*arrays, *[variable.numpy() for variable in self.head]])

    def descend(self, gradients):
        """Take one step of Adam (D. Kingma, J. Ba, ICLR 2015)."""
        adam, steps = self.model.optimizer, self.steps.assign_add(1)
        rate = self.rate_at(steps - 1)
        for weight, m, v, gradient in zip(self.weights, *self.moments, gradients, strict=True):
            tf.raw_ops.ResourceApplyAdam(
                var=weight.handle, m=m.handle, v=v.handle, grad=gradient,
                beta1_power=adam.beta_1**steps, beta2_power=adam.beta_2**steps,
                lr=rate, beta1=adam.beta_1, beta2=adam.beta_2,
                epsilon=adam.epsilon,
            )  # fmt: skip


def compiled_step(model):
    """Return a function that trains on a batch, and one that copies the result to the model."""
    state = State(model)
    return tf.function(partial(step, state)), state.store


def step(state, digits, labels, counts):
    """Train on a batch and return the sum of the losses and the number of right answers.

    Digits are (n, 28, 28) uint8, labels (n,), and counts (n,) are 1, or 0 for digits to ignore.
    """
    pixels = tf.transpose(tf.reshape(digits, (-1, SIDE * SIDE)))
    fields = tf.reshape(tf.gather(tf.cast(pixels, tf.float32) / 255, FIELDS), (16, -1))  # 16 × W·n
    seen = [_forward(fields, *half) for half in state.halves]
    loss, right, d_sums, *d_head = _head([s for s, _, _ in seen], *state.head, labels, counts)
    gradients = []
    for (_, pooled, winners), (_, _, hidden) in zip(seen, state.halves, strict=True):
        gradients += _backward(fields, pooled, winners, hidden, d_sums)
    state.descend([*gradients, *d_head])
    return loss, right


def _forward(fields, kernel, bias, hidden):
    """Return what a half of the filters adds to the hidden sums, H × n, and what led there."""
    laid = tf.reshape(tf.matmul(kernel, LAID), (-1, 16))  # 4·F × 16
    pooled, winners = _pool(tf.matmul(laid, fields), bias)  # F × W·n, from four places each
    pooled = tf.reshape(pooled, (hidden.shape[0], -1))  # F·W × n
    return tf.matmul(hidden, pooled, transpose_a=True), pooled, winners


def _backward(fields, pooled, winners, hidden, d_sums):
    d_pooled = tf.matmul(hidden, d_sums)
    d_maps, d_bias = _unpool(tf.reshape(d_pooled, winners.shape), winners)
    d_laid = tf.reshape(tf.matmul(d_maps, fields, transpose_b=True), (-1, 4 * 16))
    # Adam copies weights that are still being read, so they are read before their gradient is due.
    with tf.control_dependencies([d_pooled]):
        d_hidden = tf.matmul(pooled, d_sums, transpose_b=True)
    return tf.matmul(d_laid, LAID, transpose_b=True), d_bias, d_hidden


@one_program
def _pool(maps, bias):
    """Return ReLU of the largest of four places, and which it is: 0–3, or 4 where ReLU is 0."""
    one, two, three, four = tf.unstack(tf.reshape(maps, (bias.shape[0], 4, -1)), axis=1)
    largest = tf.maximum(tf.maximum(one, two), tf.maximum(three, four))
    place = tf.where(two == largest, 1.0, tf.where(three == largest, 2.0, 3.0))
    place = tf.where(one == largest, 0.0, place)
    active = largest + bias[:, None]
    return tf.nn.relu(active), tf.where(active > 0, place, 4.0)


@one_program
def _unpool(d_pooled, winners):
    """Return the gradients of the maps, all at the winning places, and of the biases."""
    d_maps = [d_pooled * tf.maximum(0.0, 1 - tf.abs(winners - place)) for place in range(4)]
    d_bias = tf.reduce_sum(tf.where(winners < 4, d_pooled, 0), axis=1)
    return tf.reshape(tf.stack(d_maps, axis=1), (4 * d_bias.shape[0], -1)), d_bias


@one_program
def _head(sums, hidden_bias, output, output_bias, labels, counts):
    """Return loss, right answers, and the gradients of hidden sums and of all that follows."""
    hidden = tf.nn.relu(tf.add_n(sums) + hidden_bias[:, None])
    logits = tf.matmul(output, hidden, transpose_a=True) + output_bias[:, None]
    log_p = tf.nn.log_softmax(logits, axis=0)
    targets = tf.transpose(tf.one_hot(labels, CLASSES))
    loss = -tf.reduce_sum(counts * tf.reduce_sum(targets * log_p, axis=0))
    right = tf.cast(tf.argmax(logits, axis=0, output_type=tf.int32) == labels, tf.float32)
    d_logits = (tf.exp(log_p) - targets) * counts / tf.reduce_sum(counts)
    d_sums = tf.where(hidden > 0, tf.matmul(output, d_logits), 0)
    d_output = tf.matmul(hidden, d_logits, transpose_b=True)
    d_hidden_bias, d_output_bias = tf.reduce_sum(d_sums, axis=1), tf.reduce_sum(d_logits, axis=1)
    return loss, tf.reduce_sum(counts * right), d_sums, d_hidden_bias, d_output, d_output_bias
