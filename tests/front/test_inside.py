"""The view inside the networks, in a real browser, against what Keras computes."""

import json

import keras
import numpy as np
import pytest

from mnist_compare import data, predictor
from mnist_compare.front import parts, weights

pytestmark = pytest.mark.slow
NAMES = ("mlp", "cnn")
PAGE = """
const say = (name, values = {}) => name.split(".").reduce((texts, key) => texts[key], strings)
  .replace(/\\{(\\w+)\\}/g, (_, key) => values[key]);
const view = makeInside(document.querySelector("#view"), openNetworks(packed), say);
const show = (digit) => view.show(digit && Uint8Array.from(digit));
"""
LARGE = 0.03  # rounding of weights to 16 bits and of numbers to two decimals


@pytest.fixture(scope="module")
def digit():
    _, (digits, _) = data.load("mnist")
    return digits[0]


@pytest.fixture(scope="module")
def opened(chromium):
    """A function that opens a page with the view; its errors fail the test module."""
    packed = json.dumps({name: weights.packed(name) for name in NAMES})
    script, style = parts.text("networks.js", "inside.js"), parts.styles("demo.css", "inside.css")
    contexts, errors = [], []

    def opened(language="en", width=1000, **options):
        size = {"width": width, "height": 900}
        contexts.append(chromium.new_context(viewport=size, **options))
        tab = contexts[-1].new_page()
        tab.on("console", lambda message: errors.append(message.text))
        tab.on("pageerror", lambda error: errors.append(error))
        tab.set_content(f'<style>{style}</style><div id="demo"><div id="view"></div></div>')
        strings = json.dumps(parts.strings()[language])
        content = f"{script} var strings = {strings}, packed = {packed}; {PAGE}"
        tab.add_script_tag(content=content)
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert not errors


@pytest.fixture(scope="module")
def tab(opened, digit):
    """A page whose view shows the digit and does not move."""
    tab = opened(reduced_motion="reduce")
    tab.evaluate("show", digit.ravel().tolist())
    return tab


@pytest.fixture(scope="module")
def oracle(digit):
    """What Keras computes: the layers' weights and, of the digit, their activations, by network."""

    def of(name):
        model = predictor.load_keras(name)
        layers = [layer for layer in model.layers if layer.get_weights()]
        seen = keras.Model(model.inputs, [layer.output for layer in model.layers])
        ink = (digit / np.float32(255)).reshape(1, *model.inputs[0].shape[1:])
        outputs = [np.asarray(each)[0] for each in seen([ink])]
        kernel, bias = layers[-1].get_weights()
        sums = outputs[-2] @ kernel + bias
        return [layer.get_weights() for layer in layers], outputs, sums

    return {name: of(name) for name in NAMES}


def numbers(tab, selector):
    return [number(text) for text in tab.locator(selector).all_inner_texts()]


def number(text):
    if text == "> 99.9%":  # 99.95 to 100
        return 99.975
    return float(text.replace("−", "-").rstrip("%"))


def cell(tab, name, kind, index):
    return tab.locator(f".{name} .{kind} .cell").nth(index)


def choose(tab, name, kind, index):
    cell(tab, name, kind, index).click()
    return tab.locator(f".{name} .caption").inner_text()


def equation(tab, name):
    """Return the four numbers of the lens: products, bias, sum and what becomes of it."""
    found = numbers(tab, f".{name} .equation .value")
    assert found[0] + found[1] == pytest.approx(found[2], abs=0.011)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_sums_and_probabilities_are_those_of_the_network(tab, oracle, name):
    _, outputs, sums = oracle[name]
    np.testing.assert_allclose(numbers(tab, f".{name} .sums .number"), sums, atol=LARGE)
    shares = numbers(tab, f".{name} .sums .note")
    np.testing.assert_allclose(shares, 100 * outputs[-1], atol=0.2)
    top = tab.locator(f".{name} .sums .top .label").all_inner_texts()
    assert top == [str(sums.argmax())]


def test_the_pictures_are_the_maps_and_their_maxima(tab, oracle):
    _, (maps, pooled, *_), _ = oracle["cnn"]
    painted = tab.evaluate(
        """() => [...document.querySelectorAll(".maps canvas")].map((canvas) => [...canvas
          .getContext("2d").getImageData(0, 0, canvas.width, canvas.width).data]
          .filter((_, i) => i % 4 === 0))"""
    )
    for pictures, expected in ((painted[::2], maps), (painted[1::2], pooled)):
        found = np.array(pictures).reshape(32, *expected.shape[:2])
        greys = 255 * np.moveaxis(expected, 2, 0) / maps.max()
        np.testing.assert_allclose(found, greys, atol=1.5)


def test_the_kernel_stands_where_the_map_is_largest(tab, oracle):
    _, (maps, *_), _ = oracle["cnn"]
    for index in (0, 13):
        said = choose(tab, "cnn", "maps", index)
        row, column = np.unravel_index(maps[..., index].argmax(), (26, 26))
        assert said.startswith(f"Map {index + 1}, row {row + 1}, column {column + 1}.")
        assert equation(tab, "cnn")[3] == pytest.approx(maps[..., index].max(), abs=LARGE)


@pytest.mark.parametrize(("row", "column"), [(6, 7), (15, 13), (25, 25)])
def test_the_kernel_under_the_mouse_is_multiplied_there(tab, oracle, digit, row, column):
    ((kernels, biases), *_), (maps, *_), _ = oracle["cnn"]
    choose(tab, "cnn", "maps", 9)
    box = tab.locator(".cnn .drawn").bounding_box()
    x, y = ((at + 1.5) / 28 * box["width"] for at in (column, row))
    tab.mouse.move(box["x"] + x, box["y"] + y)
    ink = digit[row : row + 3, column : column + 3].ravel() / 255
    kernel = kernels[..., 0, 9].ravel()
    found = np.reshape(numbers(tab, ".cnn .nine span"), (3, 9))
    np.testing.assert_allclose(found, [ink, kernel, ink * kernel], atol=0.006)
    expected = [ink @ kernel, biases[9], ink @ kernel + biases[9], maps[row, column, 9]]
    np.testing.assert_allclose(equation(tab, "cnn"), expected, atol=0.01)
    assert f"row {row + 1}, column {column + 1}" in tab.locator(".cnn .caption").inner_text()


@pytest.mark.parametrize("name", NAMES)
def test_what_the_neurons_add_makes_the_sums(tab, oracle, name):
    (*_, (kernel, bias)), outputs, sums = oracle[name]
    hidden = outputs[-2]
    said = tab.evaluate(
        """(name) => [...document.querySelectorAll(`.${name} .neurons .cell`)].map((cell) => {
          cell.click();
          return ["rows .number", "equation .value"].map((each) =>
            [...document.querySelectorAll(`.${name} .${each}`)].map((one) => one.textContent));
        })""",
        name,
    )
    added = np.array([[number(text) for text in rows] for rows, _ in said])
    activations = [number(four[3]) for _, four in said]
    np.testing.assert_allclose(activations, hidden, atol=LARGE)
    np.testing.assert_allclose(added, hidden[:, None] * kernel, atol=LARGE)
    np.testing.assert_allclose(added.sum(axis=0) + bias, sums, atol=0.2)


def test_a_neuron_of_the_mlp_shows_its_template(tab, oracle):
    ((kernel, bias), _), _, _ = oracle["mlp"]
    said = choose(tab, "mlp", "neurons", 5)
    assert said.startswith("Neuron 6.")
    assert equation(tab, "mlp")[1] == pytest.approx(bias[5], abs=0.006)
    red, _, blue, _ = tab.evaluate(
        """() => {
          const pixels = [...document.querySelector(".mlp .template").getContext("2d")
            .getImageData(0, 0, 28, 28).data];
          return [0, 1, 2, 3].map((colour) => pixels.filter((_, i) => i % 4 === colour));
        }"""
    )
    clear = np.abs(kernel[:, 5]) > 0.02
    assert np.array_equal((np.array(blue) > red)[clear], kernel[clear, 5] > 0)


def test_a_neuron_of_the_cnn_shows_the_maps_that_count_most(tab, oracle):
    (_, (kernel, bias), _), (_, pooled, *_), _ = oracle["cnn"]
    neuron = 44
    of_maps = (kernel[:, neuron].reshape(13, 13, 32) * pooled).sum(axis=(0, 1))
    most = np.argsort(-np.abs(of_maps))[:3]
    said = choose(tab, "cnn", "neurons", neuron)
    assert f"({', '.join(str(each + 1) for each in most)})" in said
    np.testing.assert_allclose(numbers(tab, ".cnn .pair .number"), of_maps[most], atol=LARGE)
    products, bias_shown, *_ = equation(tab, "cnn")
    assert products == pytest.approx(of_maps.sum(), abs=LARGE)
    assert bias_shown == pytest.approx(bias[neuron], abs=0.006)


@pytest.mark.parametrize("name", NAMES)
def test_a_sum_marks_the_neurons_that_count_most(tab, oracle, name):
    (*_, (kernel, bias)), outputs, sums = oracle[name]
    added = outputs[-2] * kernel[:, 7]
    order = np.argsort(-added)
    said = choose(tab, name, "sums", 7)
    assert "sum for 7" in said
    assert said.endswith(f"neuron {order[0] + 1}, which adds most.")
    for mark, expected in (("adds", order[:5]), ("takes", order[-5:])):
        labels = tab.locator(f".{name} .neurons .{mark}").evaluate_all(
            "cells => cells.map((cell) => cell.ariaLabel)"
        )
        assert labels == [f"Neuron {each + 1}" for each in sorted(expected)]
    shown = numbers(tab, f".{name} .rows .number")
    np.testing.assert_allclose(shown, added[[*order[:5], *order[-5:]]], atol=LARGE)
    expected = [added.sum(), bias[7], sums[7], 100 * outputs[-1][7]]
    np.testing.assert_allclose(equation(tab, name), expected, atol=0.2)
