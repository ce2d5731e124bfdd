"""What pages are given: the trained networks, and digits to begin with."""

import base64
import subprocess
import sys

import keras
import numpy as np
import pytest

from mnist_compare import data, models, predictor
from mnist_compare.page import gallery, weights
from mnist_compare.records import runs
from mnist_compare.records.networks import SERVED


def test_a_layer_that_the_script_does_not_know_is_refused(monkeypatch):
    strange = keras.Sequential([keras.Input((28, 28)), keras.layers.LSTM(3)])
    monkeypatch.setitem(predictor._own_keras, "strange", strange)
    with pytest.raises(ValueError, match=r"networks\.js cannot compute the layer LSTM"):
        weights.packed("strange")


def test_a_network_of_other_sizes_is_not_looked_into(monkeypatch):
    monkeypatch.setitem(predictor._own_keras, "cnn", models.build_cnn(16))
    monkeypatch.setitem(predictor._own_keras, "mlp", own := models.build_mlp())
    found = weights.looked_into(SERVED)
    assert [*found] == ["mlp"]
    bias = found["mlp"][0]["arrays"][1]["floats"]
    assert np.frombuffer(base64.b64decode(bias), "<f4").tolist() == own.get_weights()[1].tolist()


def test_a_network_with_a_layer_that_does_not_tell_its_settings_is_not_looked_into(monkeypatch):
    class Scaled(keras.layers.Layer):
        def __init__(self, factor):
            super().__init__()
            self.factor = factor

    own = keras.Sequential([keras.Input((28, 28)), Scaled(np.float32(2))])
    monkeypatch.setitem(predictor._own_keras, "mlp", own)
    assert [*weights.looked_into(SERVED)] == ["cnn"]


def test_the_demo_looks_into_its_networks_without_tensorflow():
    code = """
import sys
from mnist_compare.page import weights
assert {*weights.looked_into(("mlp", "cnn", "reader"))} == {"mlp", "cnn"}
assert not {"tensorflow", "keras"} & {*sys.modules}
"""
    subprocess.run([sys.executable, "-c", code], check=True)


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
