"""Random changes of training digits, drawn anew each time a digit is shown.

All movements are composed first and the digit is resampled once, so that it does not blur as it
would in a stack of ``keras.layers.Random…``. The changes run in TensorFlow graphs; all randomness
comes from a NumPy generator.
"""

import numpy as np

from mnist_compare.lazy_keras import tensorflow as tf
from mnist_compare.preprocessing import SIDE
from mnist_compare.reader.recipes import Augmentation

SMOOTH = 5  # pixels, standard deviation of the Gaussian bumps of an elastic distortion
BUMPS = 10  # along either side
THICKEST = 3  # pixels that a stroke may gain on each side
MOST_GAIN = 1.6  # half widths on each side, which makes a stroke 2.6 times as wide


def augment(digits: np.ndarray, how: Augmentation, generator: np.random.Generator):
    """Return digits (n, 28, 28), in 0–255, changed at random: a float32 tensor in 0–1."""
    images = tf.cast(digits, tf.float32) / 255
    if how.thinner or how.thicker:
        choice, amount = generator.uniform(size=(2, len(digits))).astype(np.float32)
        thinner, thicker = choice < how.thinner, choice > 1 - how.thicker
        images = vary_strokes(images, amount * thinner, MOST_GAIN * amount * thicker)
    if any((how.rotation, how.shift, how.scale, how.aspect, how.shear, how.elastic)):
        images = warp(images, *_movement(how, len(digits), generator))
    return images


def _movement(how, count, generator):
    """Return matrices (n, 2, 2), shifts (n, 2) and heights of bumps (n, 2, k, k), all float32."""

    def uniform(limit):
        return generator.uniform(-limit, limit, count)

    angle, shear = np.radians(uniform(how.rotation)), uniform(how.shear)
    size, narrowness = np.exp(uniform(how.scale)), np.exp(uniform(how.aspect) / 2)
    rows = np.stack([np.cos(angle) * narrowness, np.sin(angle) * narrowness], axis=-1)
    columns = np.stack([shear - np.sin(angle), np.cos(angle)], axis=-1) / narrowness[:, None]
    matrices = np.stack([rows, columns], axis=1) * size[:, None, None]
    shifts = generator.uniform(-how.shift, how.shift, (count, 2))
    bumps = generator.standard_normal((count, 2, BUMPS, BUMPS), np.float32)
    bumps *= generator.uniform(0, how.elastic, (count, 1, 1, 1))
    return matrices.astype(np.float32), shifts.astype(np.float32), bumps.astype(np.float32)


@tf.function(reduce_retracing=True)
def vary_strokes(images, loss, gain):
    """Return images (n, 28, 28) with strokes thinned or thickened by shares of their half width.

    ``loss`` and ``gain`` are (n,) float32, not negative: a stroke that gains 1 becomes twice as
    wide, one that loses 1 half as wide.
    """
    images = images[..., None]
    thinned = -tf.nn.max_pool2d(-images, 3, 1, "SAME")
    # Of a stroke w pixels wide, w − 2 are left once a pixel is taken from either side.
    ink = tf.maximum(tf.reduce_sum(images, (1, 2, 3)), 1e-6)
    left = tf.reduce_sum(thinned, (1, 2, 3)) / ink
    half_width = 1 / tf.maximum(1 - left, 1e-6)
    loss = tf.clip_by_value(loss * half_width / 2, 0, 1)[:, None, None, None]
    gain = tf.minimum(gain * half_width, THICKEST)[:, None, None, None]
    varied = images + loss * (thinned - images)
    for pixel in range(THICKEST):
        thicker = tf.nn.max_pool2d(varied, 3, 1, "SAME")
        varied += tf.clip_by_value(gain - pixel, 0, 1) * (thicker - varied)
    return varied[..., 0]


@tf.function(reduce_retracing=True)
def warp(images, matrices, shifts, bumps):
    """Return images (n, 28, 28) moved and resampled bilinearly, their brightest pixel made 1.

    The pixel at p shows what was at matrix·(p − middle) + middle + shift + displacement; the
    outside is black.
    """
    count = tf.shape(images)[0]
    middle = tf.constant((SIDE - 1) / 2)
    rows, columns = tf.meshgrid(tf.range(SIDE), tf.range(SIDE), indexing="ij")
    places = tf.cast(tf.stack([rows, columns], axis=-1), tf.float32) - middle
    basis = tf.constant(_basis())
    displacement = tf.einsum("ri,ndij,cj->nrcd", basis, bumps, basis)
    places = tf.einsum("ndk,rck->nrcd", matrices, places) + shifts[:, None, None] + middle
    # A black frame, one pixel before and two behind, holds the neighbours that are gathered below.
    places = tf.clip_by_value(places + displacement, -1, SIDE) + 1
    width = SIDE + 3
    pixels = tf.reshape(tf.pad(images, [[0, 0], [1, 2], [1, 2]]), (count, width * width))
    corner = tf.floor(places)
    down, right = tf.unstack(places - corner, axis=-1)
    row, column = tf.unstack(tf.cast(corner, tf.int32), axis=-1)
    first = row * width + column

    def pixel(offset):
        return tf.gather(pixels, first + offset, batch_dims=1)

    above = (1 - right) * pixel(0) + right * pixel(1)
    below = (1 - right) * pixel(width) + right * pixel(width + 1)
    moved = (1 - down) * above + down * below
    return moved / tf.maximum(tf.reduce_max(moved, (1, 2), keepdims=True), 1e-6)


def _basis():
    """Return Gaussian bumps at the pixels, (28, k), whose random sum has variance 1 everywhere."""
    centers = np.linspace(-4, SIDE + 3, BUMPS)
    values = np.exp(-((np.arange(SIDE)[:, None] - centers) ** 2) / (2 * SMOOTH**2))
    return (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)
