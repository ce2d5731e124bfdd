"""Networks that learn in the page: their gradients, a step of Keras, and whole runs."""

import base64

import numpy as np
import pytest
import wasmtime

from mnist_compare import data, models, training
from mnist_compare.lazy_keras import keras
from mnist_compare.page import parts

(DIGITS, LABELS), _ = data.load("mnist")
BATCH = 32
BEGIN = """async ([name, fast, digits, labels, seed, shuffled]) => {
  const memory = MEMORY[name];
  const kernels = fast ? await makeKernels(bytesOf(fast), memory) : makeSlowKernels(memory);
  globalThis.learner = new Learner(kernels, {
    network: name, digits: bytesOf(digits), labels: Uint8Array.from(labels), seed, shuffled });
}"""
# The arrays of each layer: weights, gradients, and Adam's two means.
ARRAYS = """(which) => learner.layers.map(({ inputs, outputs, weight, bias }) =>
  [inputs, outputs, [...weight[which]], [...bias[which]]])"""


@pytest.fixture(scope="module")
def tab(chromium, give_modules):
    tab = chromium.new_page()
    give_modules(tab, "bytes.js", "kernels.js", "learner.js")
    return tab


def begin(tab, name, fast=True, count=BATCH, seed=0, shuffled=False):
    code = base64.b64encode((parts.ASSETS / "kernels.wasm").read_bytes()).decode() if fast else None
    digits = base64.b64encode(DIGITS[:count].tobytes()).decode()
    tab.evaluate(BEGIN, [name, code, digits, LABELS[:count].tolist(), seed, shuffled])


def arrays(tab, which=0):
    """Return the arrays of the learner as Keras has them: kernel and biases of each layer."""
    found = []
    for inputs, outputs, weight, bias in tab.evaluate(ARRAYS, which):
        used = 10 if outputs == 12 else outputs
        found.append(np.reshape(weight, (inputs, outputs))[:, :used].astype(np.float32))
        found.append(np.array(bias[:used], np.float32))
    if found[0].shape == (9, 32):
        found[0] = found[0].reshape(3, 3, 1, 32)
    return found


@pytest.mark.parametrize(
    "fast",
    [True, pytest.param(False, marks=pytest.mark.slow)],
    ids=["WebAssembly", "JavaScript"],
)
@pytest.mark.parametrize("name", ["mlp", pytest.param("cnn", marks=pytest.mark.slow)])
def test_three_steps_are_those_of_keras(tab, name, fast):
    begin(tab, name, fast)
    model = {"mlp": models.build_mlp, "cnn": models.build_cnn}[name]()
    model.set_weights(arrays(tab))
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    images = training.as_input(model, DIGITS[:BATCH])
    for _ in range(3):
        model.train_on_batch(images, LABELS[:BATCH])
        tab.evaluate("() => learner.learn(Array.from({ length: 32 }, (_, i) => i))")
    for ours, theirs in zip(arrays(tab), model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_the_same_seed_gives_the_same_run_and_shuffled_pixels_another(tab):
    def losses(**chosen):
        begin(tab, "mlp", count=300, **chosen)
        return tab.evaluate("() => Array.from({ length: 12 }, () => learner.step())")

    first = losses()
    assert losses() == first
    assert losses(seed=1) != first
    assert losses(shuffled=True) != first
    assert losses(fast=False) == pytest.approx(first, rel=1e-4)


def test_an_epoch_shows_every_digit_and_few_of_them_often_enough(tab):
    begin(tab, "mlp", count=100)
    assert sorted(tab.evaluate("() => learner.epoch(0)")) == list(range(100))
    counts = np.bincount(tab.evaluate("() => learner.epoch(950)"))
    assert counts.tolist() == [10] * 100


def test_the_module_is_made_of_its_text():
    """After a change of kernels.wat, its first lines say how kernels.wasm is made."""
    made = wasmtime.wat2wasm(parts.text("kernels.wat"))
    assert made == (parts.ASSETS / "kernels.wasm").read_bytes()
