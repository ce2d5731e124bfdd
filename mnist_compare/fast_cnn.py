"""The training step of the CNN written out: forward pass, gradients and Adam.

The mathematics are those of Keras's layers; only the layout differs. Arrays have features first and
the digits of the batch last: this makes TensorFlow's MatMul fast, and XLA fuses what lies between
the products. In shapes, F is filters, W the 13 × 13 pooling windows, H hidden units and n digits;
``d_x`` is the gradient of the loss with respect to x.
"""

from functools import partial

from mnist_compare import models
from mnist_compare.data import CLASSES
from mnist_compare.quiet import tensorflow as tf

WINDOWS = 13 * 13
PLACES = [(top, left) for top in range(2) for left in range(2)]  # of a kernel in a window
in_one = tf.function(jit_compile=True)  # one XLA program


def knows(model):
    """Return whether a model is a CNN as ``build_cnn()`` makes it, and no GPU is there to train."""
    if len(model.layers) != 5 or tf.config.list_physical_devices("GPU"):
        return False
    filters = getattr(model.layers[0], "filters", None)
    units = getattr(model.layers[3], "units", None)
    if not filters or not units:
        return False
    return models.fingerprint(models.build_cnn(filters, units)) == models.fingerprint(model)


class State:
    """The weights of a model in this layout, and Adam's two moments of each."""

    def __init__(self, model):
        """Copy the model's six arrays of weights."""
        self.model, self.filters = model, model.layers[0].filters
        kernel, bias, hidden, *rest = model.get_weights()
        by_window = hidden.reshape(WINDOWS, self.filters, -1)  # as Keras flattens
        hidden = by_window.swapaxes(0, 1).reshape(hidden.shape)
        self.weights = [tf.Variable(value) for value in (kernel[:, :, 0], bias, hidden, *rest)]
        self.moments = [[tf.Variable(tf.zeros_like(w)) for w in self.weights] for _ in range(2)]
        self.steps, self.rate = tf.Variable(0.0), float(model.optimizer.learning_rate)

    def store(self):
        """Copy the weights back to the model."""
        kernel, bias, hidden, *rest = [variable.numpy() for variable in self.weights]
        by_filter = hidden.reshape(self.filters, WINDOWS, -1)
        hidden = by_filter.swapaxes(0, 1).reshape(hidden.shape)
        self.model.set_weights([kernel[:, :, None], bias, hidden, *rest])

    def descend(self, gradients):
        """Take one step of Adam (D. Kingma, J. Ba, ICLR 2015)."""
        adam, steps = self.model.optimizer, self.steps.assign_add(1)
        for weight, m, v, gradient in zip(self.weights, *self.moments, gradients, strict=True):
            tf.raw_ops.ResourceApplyAdam(
                var=weight.handle, m=m.handle, v=v.handle, grad=gradient,
                beta1_power=adam.beta_1**steps, beta2_power=adam.beta_2**steps,
                lr=self.rate, beta1=adam.beta_1, beta2=adam.beta_2,
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
    kernel, bias, hidden, hidden_bias, output, output_bias = state.weights
    fields = _fields(digits)  # 16 × W·n
    maps = tf.matmul(_kernels(kernel), fields)  # 4·F × W·n: the convolution at the four places
    pooled, winners = _pool(maps, bias)  # F × W·n
    pooled = tf.reshape(pooled, (state.filters * WINDOWS, -1))  # F·W × n
    sums = tf.matmul(hidden, pooled, transpose_a=True)  # H × n
    loss, right, d_sums, *d_head = _head(sums, hidden_bias, output, output_bias, labels, counts)
    d_hidden = tf.matmul(pooled, d_sums, transpose_b=True)
    d_pooled = tf.matmul(hidden, d_sums)
    d_maps, d_bias = _unpool(tf.reshape(d_pooled, winners.shape), winners)
    d_kernel = _d_kernel(tf.matmul(d_maps, fields, transpose_b=True))
    state.descend([d_kernel, d_bias, d_hidden, *d_head])
    return loss, right


@in_one
def _fields(digits):
    """Return the 4×4 field of pixels under each window: row 4·r + c holds every pixel (r, c)."""
    pixels = tf.transpose(tf.cast(digits, tf.float32) / 255, (1, 2, 0))
    pixels = tf.reshape(pixels, (14, 2, 14, 2, -1))
    corners = [(r, c) for r in range(4) for c in range(4)]
    parts = [pixels[r // 2 : r // 2 + 13, r % 2, c // 2 : c // 2 + 13, c % 2] for r, c in corners]
    return tf.stack([tf.reshape(part, (-1,)) for part in parts])


@in_one
def _kernels(kernel):
    """Return the 3×3 kernels at each of their four places in a 4×4 field, a row each."""
    laid = [tf.pad(kernel, ((t, 1 - t), (left, 1 - left), (0, 0))) for t, left in PLACES]
    return tf.concat([tf.transpose(tf.reshape(each, (16, -1))) for each in laid], axis=0)


@in_one
def _d_kernel(d_kernels):
    """Sum the gradients of each kernel over its four places."""
    laid = tf.reshape(d_kernels, (4, -1, 4, 4))
    parts = [laid[i, :, t : t + 3, left : left + 3] for i, (t, left) in enumerate(PLACES)]
    return tf.transpose(tf.add_n(parts), (1, 2, 0))


@in_one
def _pool(maps, bias):
    """Return ReLU of the largest of four places, and which it is: 0–3, or 4 where ReLU is 0."""
    one, two, three, four = tf.split(maps, 4)
    largest = tf.maximum(tf.maximum(one, two), tf.maximum(three, four))
    last_two = tf.where(three == largest, 2.0, 3.0)
    place = tf.where(one == largest, 0.0, tf.where(two == largest, 1.0, last_two))
    active = largest + bias[:, None]
    return tf.nn.relu(active), tf.where(active > 0, place, 4.0)


@in_one
def _unpool(d_pooled, winners):
    """Return the gradients of the maps, all at the winning places, and of the biases."""
    d_maps = [d_pooled * tf.maximum(0.0, 1 - tf.abs(winners - place)) for place in range(4)]
    d_bias = tf.reduce_sum(tf.where(winners < 4, d_pooled, 0), axis=1)
    return tf.concat(d_maps, axis=0), d_bias


@in_one
def _head(sums, hidden_bias, output, output_bias, labels, counts):
    """Return loss, right answers, and the gradients of hidden sums and of all that follows."""
    hidden = tf.nn.relu(sums + hidden_bias[:, None])
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
