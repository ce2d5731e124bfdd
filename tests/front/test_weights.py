"""The trained networks as a page's script computes them, against ONNX Runtime."""

import base64
import json
import subprocess
import sys

import keras
import numpy as np
import pytest

from mnist_compare import data, models, predictor
from mnist_compare.front import parts, weights
from mnist_compare.networks import SERVED


@pytest.fixture(scope="module")
def networks(chromium):
    """A tab that holds all three networks under the name ``networks``."""
    tab = chromium.new_page()
    packed = json.dumps({name: weights.packed(name) for name in SERVED})
    tab.add_script_tag(
        content=f"{parts.text('networks.js')} var networks = openNetworks({packed});"
    )
    return tab


@pytest.mark.slow
@pytest.mark.parametrize("name", SERVED)
def test_the_page_computes_what_the_package_does(networks, name):
    _, (digits, _) = data.load("mnist")
    digits = np.concatenate([digits[:100], np.zeros((1, 28, 28), np.uint8)])
    asked = [name, digits.reshape(-1, 784).tolist()]
    read = networks.evaluate(
        "([name, all]) => all.map((one) => [...networks[name].read(one)])", asked
    )
    expected = predictor.load(name)(digits)
    np.testing.assert_allclose(read, expected, atol=1e-5)
    np.testing.assert_array_equal(np.argmax(read, axis=1), expected.argmax(axis=1))


@pytest.mark.parametrize("name", SERVED)
def test_weights_in_the_page_are_those_of_the_package(networks, name):
    """Bit for bit."""
    kept = networks.evaluate(
        "(name) => networks[name].layers.flatMap((it) => it.arrays.map((a) => [...a.values]))",
        name,
    )
    expected = [each.ravel() for *_, arrays in predictor.layers(name) for each in arrays]
    # Only what normalizes is put another way.
    for array in expected if name != "reader" else expected[::5]:
        assert any(np.array_equal(array, each) for each in kept)


@pytest.mark.slow
def test_every_layer_of_the_convolutional_network_can_be_seen(networks):
    _, (digits, _) = data.load("mnist")
    model = predictor.load_keras("cnn")
    parts_of = keras.Model(model.inputs[0], [layer.output for layer in model.layers])
    maps, pooled, _, hidden, _ = parts_of(digits[:1, ..., None] / np.float32(255))
    traced = networks.evaluate(
        "(digit) => networks.cnn.trace(digit).map((it) => [it.kind, it.shape, [...it.values]])",
        digits[0].ravel().tolist(),
    )
    kinds = [kind for kind, _, _ in traced]
    assert kinds == ["convolution", "relu", "pooling", "dense", "relu", "dense", "softmax"]
    for at, expected in ((1, maps), (2, pooled), (4, hidden)):
        _, shape, values = traced[at]
        found = np.reshape(values, expected.shape[1:])
        assert tuple(shape)[-found.ndim :] == found.shape
        np.testing.assert_allclose(found, expected[0], atol=1e-5)


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
    kernel, bias = found["mlp"][0]["arrays"]
    values = [weights.BASE64.tobytes().index(each) for each in kernel["whole"].encode()]
    unit = np.frombuffer(base64.b64decode(kernel["unit"]), "<f4")
    whole = np.reshape(values, (784, 128, 2)) @ (64, 1) - 2048
    expected, biases, *_ = own.get_weights()
    np.testing.assert_allclose(whole * unit, expected, atol=unit.max() / 2)
    assert np.frombuffer(base64.b64decode(bias["floats"]), "<f4").tolist() == biases.tolist()


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
from mnist_compare.front import weights
assert {*weights.looked_into(("mlp", "cnn", "reader"))} == {"mlp", "cnn"}
assert not {"tensorflow", "keras"} & {*sys.modules}
"""
    subprocess.run([sys.executable, "-c", code], check=True)
