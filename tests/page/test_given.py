"""What pages are given: the trained networks, and digits to begin with."""

import base64

import keras
import numpy as np
import pytest

from mnist_compare import data, models, predictor
from mnist_compare.page import gallery, weights
from mnist_compare.records import runs
from mnist_compare.records.networks import SERVED

layers = keras.layers


class Dense(keras.layers.Dense):
    """A layer that is called like one of Keras's."""


class Scaled(keras.layers.Layer):
    """A layer that does not tell its settings."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def call(self, pictures):
        return pictures * self.factor


UNKNOWN = {
    "a layer of another kind": lambda: [layers.Reshape((784, 1)), layers.LSTM(3)],
    "a layer of one's own": lambda: [layers.Flatten(), Dense(10)],
    "a layer without settings": lambda: [Scaled(np.float32(2))],
    "strides": lambda: [layers.Conv2D(2, 3, strides=2)],
    "another activation": lambda: [layers.Conv2D(2, 3, activation="tanh")],
    "a softmax of maps": lambda: [layers.Conv2D(2, 3, activation="softmax")],
    "pooling of other sides": lambda: [layers.MaxPooling2D((2, 1))],
    "pooling beyond the edge": lambda: [layers.MaxPooling2D(3, padding="same")],
    "no bias": lambda: [layers.Flatten(), layers.Dense(10, use_bias=False)],
    "rows of rows": lambda: [layers.Dense(10)],
    "a leak": lambda: [layers.ReLU(negative_slope=0.1)],
    "another axis": lambda: [layers.BatchNormalization(axis=1)],
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_a_network_that_the_script_does_not_know_is_left_to_python(kind, monkeypatch):
    strange = keras.Sequential([keras.Input((28, 28, 1)), *UNKNOWN[kind]()])
    monkeypatch.setitem(predictor._own, "strange", (None, strange))
    assert [*weights.computable(("strange", "mlp"))] == ["mlp"]


def test_so_is_one_whose_layers_may_branch_and_one_that_sees_other_pictures(monkeypatch):
    mlp = models.build_mlp()
    branches = keras.Model(mlp.inputs, mlp.outputs)
    other = keras.Sequential([keras.Input((14, 56, 1)), layers.Conv2D(2, 3)])
    for strange in (branches, other):
        monkeypatch.setitem(predictor._own, "strange", (None, strange))
        assert weights.computable(("strange",)) == {}


def test_only_networks_of_the_usual_sizes_are_looked_into(monkeypatch):
    own = models.build_mlp()
    monkeypatch.setitem(predictor._own, "cnn", (None, models.build_cnn(16)))
    monkeypatch.setitem(predictor._own, "mlp", (None, own))
    networks = weights.computable(SERVED)
    assert weights.explained(networks) == ["mlp"]
    for array, expected in zip(networks["mlp"][0]["arrays"], own.get_weights()[:2], strict=True):
        found = np.frombuffer(base64.b64decode(array["floats"]), "<f4")  # not rounded
        assert found.tolist() == expected.ravel().tolist()


def test_the_misread_digits_are_misread_by_every_network():
    _, (digits, labels) = data.load("mnist")
    recorded = [runs.read(model, "fair")[0].predictions[10] for model in ("mlp", "cnn")]
    found = gallery.misread(("mlp", "cnn"))
    assert len(found) == 6
    for index, label, picture in found:
        assert label == labels[index]
        assert all(predictions[index] != label for predictions in recorded)
        assert np.array_equal(255 - picture, digits[index])


def test_there_are_no_misread_digits_without_models_or_records(records):
    assert gallery.misread(()) == gallery.misread(("cnn",)) == []
