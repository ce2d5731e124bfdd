"""The view inside the networks, in a real browser, against what Keras computes."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import softmax

from mnist_compare import data, predictor
from mnist_compare.lazy_keras import tensorflow as tf
from mnist_compare.page import parts, weights

pytestmark = pytest.mark.slow
NAMES = ("mlp", "cnn")
PAGE = """
const say = (name, values = {}) => name.split(".").reduce((texts, key) => texts[key], strings)
  .replace(/\\{(\\w+)\\}/g, (_, key) => values[key]);
const view = makeInside(document.querySelector("#view"), openNetworks(packed), say);
const show = (digit, isGrowing) => view.show(digit && Uint8Array.from(digit), [], isGrowing);
"""
LARGE = 0.03  # rounding of weights to 16 bits and of numbers to two decimals


@pytest.fixture(scope="module")
def digit():
    _, (digits, _) = data.load("mnist")
    return digits[0]


@pytest.fixture(scope="module")
def opened(chromium, give_modules):
    """A function that opens a page with the view; its errors fail the test module."""
    packed = json.dumps({name: weights.packed(name) for name in NAMES})
    style = parts.text("demo.css", "inside.css")
    body = f'<style>{style}</style><div id="demo"><div id="view"></div></div>'
    contexts, errors = [], []

    def opened(language="en", width=1000, **options):
        size = {"width": width, "height": 900}
        contexts.append(chromium.new_context(viewport=size, **options))
        tab = contexts[-1].new_page()
        tab.on("console", lambda message: errors.append(message.text))
        tab.on("pageerror", lambda error: errors.append(error))
        give_modules(tab, "inside.js", "networks.js", "contributions.js", body=body)
        strings = json.dumps(parts.strings()[language])
        tab.add_script_tag(content=f"var strings = {strings}, packed = {packed}; {PAGE}")
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
    """What TensorFlow makes of the digit by network: ``steps`` and their ``values``, first the ink.

    ``weights`` are Keras's arrays.
    """

    def of(name):
        weights = predictor.load_keras(name).get_weights()
        *arrays, hidden, biases, output, last = map(tf.constant, weights)
        steps = [
            lambda values: tf.reshape(values, (1, -1)) @ hidden + biases,
            tf.nn.relu,
            lambda neurons: neurons @ output + last,
        ]
        if name == "cnn":
            kernel, bias = arrays
            steps[:0] = [
                lambda ink: (
                    tf.nn.conv2d(tf.reshape(ink, (1, 28, 28, 1)), kernel, 1, "VALID") + bias
                ),
                tf.nn.relu,
                lambda maps: tf.nn.max_pool2d(maps, 2, 2, "VALID"),
            ]
        values = [tf.constant(digit[None] / np.float32(255))]
        for step in steps:
            values.append(step(values[-1]))
        values = [np.asarray(value)[0] for value in values]
        return SimpleNamespace(weights=weights, steps=steps, values=values)

    return {name: of(name) for name in NAMES}


def numbers(tab, selector):
    return [number(text) for text in tab.locator(selector).all_inner_texts()]


def number(text):
    if "> 99.9%" in text:  # 99.95 to 100
        return 99.975
    return float(text.replace("−", "-").strip("=→# %"))


def cell(tab, name, kind, index):
    return tab.locator(f".{name} .{kind} .cell").nth(index)


def choose(tab, name, kind, index, spot=(0.5, 0.5)):
    box = cell(tab, name, kind, index).bounding_box()
    x, y = spot
    position = {"x": x * box["width"], "y": y * box["height"]}
    cell(tab, name, kind, index).click(position=position)
    return tab.locator(f".{name} .caption").inner_text()


def equation(tab, name):
    """Return the five numbers of the lens: what adds, what takes, bias, sum, what becomes of it."""
    found = numbers(tab, f".{name} .equation .value")
    assert sum(found[:3]) == pytest.approx(found[3], abs=0.021)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_sums_and_probabilities_are_those_of_the_network(tab, oracle, name):
    sums = oracle[name].values[-1]
    np.testing.assert_allclose(numbers(tab, f".{name} .sums .number"), sums, atol=LARGE)
    shares = numbers(tab, f".{name} .shares .number")
    np.testing.assert_allclose(shares, 100 * softmax(sums), atol=0.2)
    assert tab.locator(f".{name} .sums .top .label").all_inner_texts() == [str(sums.argmax())]
    assert tab.locator(f".{name} .title b").inner_text() == str(sums.argmax())


def test_within_a_stroke_the_pictures_are_the_maps_and_their_maxima(tab, oracle, digit):
    _, _, maps, pooled, *_ = oracle["cnn"].values
    tab.evaluate("(digit) => show(digit, true)", digit.ravel().tolist())
    for kind, expected in (("maps", maps), ("pooleds", pooled)):
        side = len(expected)
        red = tab.evaluate(GREYS, f".cnn .{kind} canvas")
        sheet = np.reshape(red, (4 * (side + 1), 8 * (side + 1)))
        sheet = sheet.reshape(4, side + 1, 8, side + 1)[:, :side, :, :side]
        found = sheet.swapaxes(1, 2).reshape(32, side, side)
        greys = 255 * np.moveaxis(expected, 2, 0) / maps.max()
        np.testing.assert_allclose(found, greys, atol=1.5)
    tab.evaluate("show", digit.ravel().tolist())


GREYS = """(selector) => {
  const canvas = document.querySelector(selector);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return [...data].filter((_, at) => at % 4 === 0);
}"""


NUMBERS = {"mlp": ((0, 300), (1, 5), (3, 7)), "cnn": ((0, 300), (1, 12_000), (3, 2_000), (4, 44))}


@pytest.mark.parametrize(
    ("name", "place", "at"), [(name, *each) for name, those in NUMBERS.items() for each in those]
)
def test_a_way_is_made_of_numbers_times_their_gradients(tab, oracle, name, place, at):
    """Backwards by TensorFlow's gradients; forwards by its derivatives along a number."""
    ink, steps = tf.constant(oracle[name].values[0]), oracle[name].steps
    values = [ink]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(ink)
        for step in steps:
            values.append(step(values[-1]))
        number = tf.reshape(values[place], -1)[at]
    expected = [tape.gradient(number, values[k]) * values[k] for k in range(place)]
    along = tf.reshape(tf.one_hot(at, tf.size(values[place])) * number, values[place].shape)
    with tf.autodiff.ForwardAccumulator(values[place], along) as forwards:
        after = [values[place]]
        for step in steps[place:]:
            after.append(step(after[-1]))
    expected += [along, *(forwards.jvp(value) for value in after[1:])]
    found = tab.evaluate(
        """([name, digit, place, at]) => {
          const network = openNetworks(packed)[name];
          const values = Float32Array.from(digit, (grey) => grey / 255);
          const stages = [{ shape: [28, 28, 1], values }, ...network.trace(digit)];
          const contributions = contributionsOf(network.layers, stages, place, at);
          return contributions.map((each) => [...each]);
        }""",
        [name, np.rint(ink.numpy().ravel() * 255).tolist(), place, at],
    )
    assert len(found) == len(expected) == len(steps) + 1
    for contributions, wanted in zip(found, expected, strict=True):
        np.testing.assert_allclose(contributions, np.ravel(wanted), atol=2e-3)
    assert any(np.abs(contributions).max() > 0.01 for contributions in found)


def test_a_place_of_a_map_shows_its_nine_products(tab, oracle, digit):
    (kernels, biases, *_), maps = oracle["cnn"].weights, oracle["cnn"].values[2]
    row, column = 15, 13
    said = choose(tab, "cnn", "maps", 9, ((column + 0.5) / 27, (row + 0.5) / 27))
    assert said.startswith(f"Map 10, row {row + 1}, column {column + 1}:")
    ink = digit[row : row + 3, column : column + 3].ravel() / 255
    kernel = kernels[..., 0, 9].ravel()
    found = np.reshape(numbers(tab, ".cnn .nines .square span"), (3, 9))
    np.testing.assert_allclose(found, [ink, kernel, ink * kernel], atol=0.006)
    *_, bias, total, result = equation(tab, "cnn")
    expected = [biases[9], ink @ kernel + biases[9], maps[row, column, 9]]
    np.testing.assert_allclose([bias, total, result], expected, atol=0.01)


def test_a_pooled_number_is_the_framed_one_of_four(tab, oracle):
    _, _, maps, pooled, *_ = oracle["cnn"].values
    row, column, map_ = map(int, np.unravel_index(pooled.argmax(), pooled.shape))
    choose(tab, "cnn", "pooleds", map_, ((column + 0.5) / 14, (row + 0.5) / 14))
    four = maps[2 * row : 2 * row + 2, 2 * column : 2 * column + 2, map_].ravel()
    np.testing.assert_allclose(numbers(tab, ".cnn .four .square span"), four, atol=0.01)
    best = tab.locator(".cnn .four .best").all_inner_texts()
    assert [*map(number, best)] == [pytest.approx(pooled[row, column, map_], abs=0.01)]


@pytest.mark.parametrize("name", NAMES)
def test_a_neuron_has_its_whole_sum_and_gives_to_ten(tab, oracle, name):
    (*_, biases, kernel, _), (*_, hidden, _) = oracle[name].weights, oracle[name].values
    neuron = int(hidden.argmax())
    said = choose(tab, name, "neurons", neuron)
    assert said.startswith(f"Neuron {neuron + 1}:")
    *_, bias, total, result = equation(tab, name)
    assert bias == pytest.approx(biases[neuron], abs=0.006)
    assert total == result == pytest.approx(hidden[neuron], abs=LARGE)
    given = hidden[neuron] * kernel[neuron]
    np.testing.assert_allclose(numbers(tab, f".{name} .detail .row .number"), given, atol=LARGE)
    np.testing.assert_allclose(numbers(tab, f".{name} .sums .more"), given, atol=LARGE)


@pytest.mark.parametrize("name", NAMES)
def test_a_sum_names_the_neurons_that_count_most(tab, oracle, name):
    (*_, kernel, bias), (*_, hidden, sums) = oracle[name].weights, oracle[name].values
    added = hidden * kernel[:, 7]
    order = np.argsort(-added)
    assert "sum for 7" in choose(tab, name, "sums", 7)
    named = numbers(tab, f".{name} .detail .row .label")
    assert named == [float(each + 1) for each in (*order[:5], *order[-5:])]
    found = equation(tab, name)
    assert found[2:4] == pytest.approx([bias[7], sums[7]], abs=LARGE)
    assert found[0] == pytest.approx(added[added > 0].sum(), abs=0.1)


@pytest.mark.parametrize("name", NAMES)
def test_softmax_shows_its_powers(tab, oracle, name):
    sums = oracle[name].values[-1]
    said = choose(tab, name, "shares", 3)
    powers = np.exp(sums - sums.max())
    np.testing.assert_allclose(numbers(tab, f".{name} .detail .row .number"), powers, atol=0.02)
    assert f"divided by {powers.sum():.2f}, the total" in said


def test_keys_choose_a_cell_and_move_within_its_picture(tab):
    choose(tab, "cnn", "maps", 9, (10.5 / 27, 5.5 / 27))
    tab.keyboard.press("Shift+ArrowRight")
    said = tab.locator(".cnn .caption")
    assert said.inner_text().startswith("Map 10, row 6, column 12:")
    tab.keyboard.press("ArrowDown")
    assert said.inner_text().startswith("Map 18, row ")
    assert tab.evaluate("document.activeElement.ariaLabel") == "Map 18"
