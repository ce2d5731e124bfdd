"""Drawings of many kinds become the same digits, bit for bit, in the page as in the package."""

import base64

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_compare import data, predictor
from mnist_compare.page.gallery import examples
from mnist_compare.preprocessing import PIPELINES, preprocess
from mnist_compare.records.networks import SERVED

pytestmark = pytest.mark.slow
OF_EACH = 40
CLOSE = 1e-5  # of probabilities, which add up in another order
READ = """async ([bytes, width, height, pipeline]) => {
  const given = Uint8ClampedArray.from(atob(bytes), (letter) => letter.charCodeAt(0));
  const drawing = new ImageData(width, height);
  drawing.data.fill(255);
  if (given.length === drawing.data.length) drawing.data.set(given);
  else given.forEach((grey, at) => drawing.data.fill(grey, 4 * at, 4 * at + 3));
  const { digit, models } = await mnistCompare.read(drawing, pipeline);
  for (const name in models) models[name] = [...models[name].probabilities];
  return [[...digit], models];
}"""


@pytest.fixture(scope="module")
def read(living, open_tab):
    """The page's own reading of a picture, (height, width) or with four channels."""
    tab = open_tab(living())

    def in_the_page(pixels, pipeline):
        height, width = pixels.shape[:2]
        text = base64.b64encode(np.ascontiguousarray(pixels).tobytes()).decode()
        digit, probabilities = tab.evaluate(READ, [text, width, height, pipeline])
        return np.array(digit, np.uint8).reshape(28, 28), probabilities

    return in_the_page


def strokes(generator):
    """Draw a few curves with round pens on white, as a hand might."""
    width, height = (int(side) for side in generator.integers(60, 281, 2))
    sheet = Image.new("L", (2 * width, 2 * height), "white")
    brush = ImageDraw.Draw(sheet)
    for _ in range(generator.integers(1, 4)):
        corners = generator.uniform(0.1, 0.9, (4, 2)) * sheet.size
        pen = generator.uniform(0.02, 0.1) * min(sheet.size)
        for t in np.linspace(0, 1, 120):
            weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
            brush.circle(tuple(np.dot(weights, corners)), pen, fill=0)
    return np.asarray(sheet.reduce(2))


def in_uneven_light(grey, generator):
    height, width = grey.shape
    y, x = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None]
    across, down, bent = generator.uniform(-0.2, 0.2, 3)
    shade = 0.75 + across * x + down * y - abs(bent) * (x**2 + y**2) / 2
    return np.clip(np.rint(grey * shade), 0, 255).astype(np.uint8)


def with_noise(grey, generator):
    noise = generator.normal(0, generator.choice([1, 3, 8]), grey.shape)
    return np.clip(np.rint(0.9 * grey + noise), 0, 255).astype(np.uint8)


def with_specks(grey, generator):
    dirty = grey.copy()
    for _ in range(generator.integers(1, 30)):
        top, left = (generator.integers(0, side) for side in grey.shape)
        dirty[top : top + 3, left : left + generator.integers(1, 4)] = generator.integers(0, 255)
    return dirty


def mnist_digit(generator):
    _, (digits, _) = data.load("mnist")
    digit = 255 - digits[generator.integers(len(digits))]
    side = int(generator.integers(28, 120))
    return np.asarray(Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC))


KINDS = {
    "clean": strokes,
    "in uneven light": lambda generator: in_uneven_light(strokes(generator), generator),
    "with noise": lambda generator: with_noise(strokes(generator), generator),
    "with specks": lambda generator: with_specks(strokes(generator), generator),
    "of MNIST": mnist_digit,
}


@pytest.mark.parametrize("kind", KINDS)
def test_drawings_become_the_same_digits_and_get_the_same_answers(read, kind):
    generator = np.random.default_rng(sorted(KINDS).index(kind))
    for number in range(OF_EACH):
        drawing = KINDS[kind](generator)
        pipeline = PIPELINES[number % len(PIPELINES)]
        digit, probabilities = read(drawing, pipeline)
        seen = preprocess(drawing, pipeline)
        np.testing.assert_array_equal(digit, seen.digit, f"{kind} {number} {pipeline}")
        assert [*probabilities] == ([] if seen.blank else list(SERVED))
        for name in probabilities:
            same = predictor.load(name)(seen.digit)
            np.testing.assert_allclose(probabilities[name], same, atol=CLOSE)
            # Where two digits are equally probable, either may come first.
            assert same[np.argmax(probabilities[name])] >= same.max() - CLOSE


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_colours_transparency_and_size_are_handled_alike(read, pipeline):
    _, five = examples()[3]
    grey = np.asarray(five)
    opaque, clear = np.full_like(grey, 255), 255 - grey
    pictures = {
        "red on yellow": np.stack([opaque, grey, np.zeros_like(grey), opaque], axis=-1),
        "black on nothing": np.stack([grey * 0, grey * 0, grey * 0, clear], axis=-1),
        "white on nothing": np.stack([opaque, opaque, opaque, clear], axis=-1),
        "blank": np.full((50, 60), 200, np.uint8),
        "large": np.asarray(five.resize((1500, 1300))),
        "a digit's size": np.asarray(five.resize((28, 28))),
    }
    for name, pixels in pictures.items():
        picture = Image.fromarray(pixels)
        expected = preprocess(picture, pipeline).digit
        np.testing.assert_array_equal(read(pixels, pipeline)[0], expected, name)
