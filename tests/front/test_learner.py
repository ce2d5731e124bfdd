"""Networks that learn in the page: their gradients, a step of Keras, and whole runs."""

import base64

import numpy as np
import pytest
import wasmtime

from mnist_compare import data, models, training
from mnist_compare.front import pads, parts
from mnist_compare.quiet import keras

(DIGITS, LABELS), (UNSEEN, UNSEEN_LABELS) = data.load("mnist")
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
def tab(chromium):
    tab = chromium.new_page()
    tab.add_script_tag(content=parts.text(*pads.LEARNING))
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


@pytest.mark.parametrize("fast", [True, False], ids=["WebAssembly", "JavaScript"])
@pytest.mark.parametrize("name", ["mlp", "cnn"])
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


@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_gradients_are_the_slopes_of_the_loss(tab, name):
    """By a difference in each of the weights that have the steepest gradients."""
    begin(tab, name)
    errors = tab.evaluate("""() => {
      const batch = Array.from({ length: 32 }, (_, i) => i);
      learner.kernels.adam = () => {};
      learner.learn(batch);
      const loss = () => learner.learn(batch) / 32;
      const found = learner.layers.map(({ weight }) => Float32Array.from(weight[1]));
      return learner.layers.flatMap(({ weight: [values] }, layer) => {
        const gradients = found[layer];
        const size = (at) => Math.abs(gradients[at]);
        const steepest = [...gradients.keys()].sort((a, b) => size(b) - size(a)).slice(0, 5);
        return steepest.map((at) => {
          const before = values[at];
          values[at] = before + 0.002;
          const above = loss();
          values[at] = before - 0.002;
          const slope = (above - loss()) / 0.004;
          values[at] = before;
          return slope / gradients[at] - 1;
        });
      });
    }""")
    assert np.abs(errors).max() < 0.02


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


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_learning_curves_are_those_of_keras_on_the_same_digits(tab, name):
    """After each pass, three seeds are as far from five of Keras as chance takes them."""
    count, unseen, labels = 3_000, UNSEEN[::10], UNSEEN_LABELS[::10]
    runs = []
    for seed in range(3):
        begin(tab, name, count=count, seed=seed)
        pixels = base64.b64encode(unseen.tobytes()).decode()
        read = tab.evaluate(CURVE, [pixels, -(-count // BATCH), PASSES])
        runs.append([np.mean(np.array(answers) == labels) for answers in read])
    of_keras = []
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        model = {"mlp": models.build_mlp, "cnn": models.build_cnn}[name]()
        model.compile(
            keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"]
        )
        fitted = model.fit(
            training.as_input(model, DIGITS[:count]),
            LABELS[:count],
            BATCH,
            PASSES,
            validation_data=(training.as_input(model, unseen), labels),
            verbose=0,
        )
        of_keras.append(fitted.history["val_accuracy"])
    error = np.std(of_keras, axis=0, ddof=1) * np.sqrt(1 / len(runs) + 1 / len(of_keras))
    assert np.all(np.abs(np.mean(runs, axis=0) - np.mean(of_keras, axis=0)) < 3 * error)


PASSES = 3
CURVE = """([pixels, steps, passes]) => Array.from({ length: passes }, () => {
  for (let i = 0; i < steps; i++) learner.step();
  const shares = learner.read(bytesOf(pixels));
  return Array.from({ length: shares.length / 10 }, (_, i) =>
    indexOfLargest(shares.subarray(10 * i, 10 * i + 10)));
})"""


def test_the_module_is_made_of_its_text():
    """After a change of kernels.wat, its first lines say how kernels.wasm is made."""
    made = wasmtime.wat2wasm(parts.text("kernels.wat"))
    assert made == (parts.ASSETS / "kernels.wasm").read_bytes()
