from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageDraw
from scipy import ndimage

from mnist_compare.preprocessing import PIPELINES, center, preprocess, to_grey

repeatable = settings(derandomize=True, deadline=None, max_examples=60, database=None)

# Strokes in a unit square; the 5 has its bar as a stroke of its own.
DIGITS = {
    2: [[(0.1, 0.25), (0.3, 0.0), (0.7, 0.0), (0.8, 0.3), (0.0, 1.0), (0.9, 1.0)]],
    4: [[(0.5, 0.0), (0.0, 0.65), (0.9, 0.65)], [(0.65, 0.3), (0.65, 1.0)]],
    5: [
        [(0.2, 0.1), (0.15, 0.45), (0.6, 0.4), (0.8, 0.7), (0.5, 1.0), (0.0, 0.95)],
        [(0.45, 0.0), (0.95, 0.0)],
    ],
    7: [[(0.0, 0.0), (0.8, 0.0), (0.3, 1.0)]],
}


def draw(digit=2, size=(280, 280), corner=(80, 60), height=150, width=0.11, paper=255, ink=0):
    """Draw with round caps; four times too large and averaged, so with soft edges."""
    canvas = Image.new("L", (size[0] * 4, size[1] * 4), paper)
    pen = ImageDraw.Draw(canvas)
    radius = width * height * 2
    for stroke in DIGITS[digit]:
        points = [tuple((c + height * p) * 4 for c, p in zip(corner, xy)) for xy in stroke]  # noqa: B905
        pen.line(points, fill=ink, width=round(2 * radius))
        for point in points:
            pen.circle(point, radius, fill=ink)
    return np.asarray(canvas.reduce(4))


def difference(first, second):
    """Mean absolute difference of two pictures in grey levels."""
    return np.abs(first.astype(int) - second.astype(int)).mean()


def with_alpha(ink_level):
    """Ink of one grey level on a canvas that is transparent elsewhere."""
    drawing = draw()
    return np.stack([np.full_like(drawing, ink_level)] * 3 + [255 - drawing], axis=-1)


def photo(drawing, light, noise):
    """The drawing under uneven light, through a noisy camera."""
    height, width = drawing.shape
    y, x = np.mgrid[:height, :width] / max(drawing.shape)
    grain = np.random.default_rng(0).normal(0, noise, drawing.shape)
    return np.clip(drawing * (1 - light * x + light * y / 3) + grain, 0, 255).astype(np.uint8)


def noise(level, spread, shape=(280, 280)):
    return np.random.default_rng(0).normal(level, spread, shape).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("pipeline", "names"),
    [
        ("resize", ["grey", "ink", "square", "28×28"]),
        ("crop", ["grey", "ink", "cropped", "padded", "28×28"]),
        ("center", ["grey", "ink", "cropped", "padded", "28×28", "centred"]),
    ],
)
def test_each_pipeline_shows_its_steps_in_order(pipeline, names):
    result = preprocess(draw(), pipeline)
    assert list(result.steps) == names
    assert all(step.dtype == np.uint8 and step.ndim == 2 for step in result.steps.values())
    assert np.array_equal(result.digit, result.steps[names[-1]])
    assert result.digit.shape == (28, 28)
    assert not result.blank


FORMS = {
    "read-only uint8": lambda grey: np.frombuffer(grey.tobytes(), np.uint8).reshape(grey.shape),
    "one channel": lambda grey: grey[..., None],
    "LA": lambda grey: np.stack([grey, np.full_like(grey, 255)], axis=-1),
    "RGB": lambda grey: np.stack([grey] * 3, axis=-1),
    "RGBA": lambda grey: np.stack([grey] * 3 + [np.full_like(grey, 255)], axis=-1),
    "floats 0–1": lambda grey: grey / 255,
    "RGB float32 0–1": lambda grey: np.stack([grey / np.float32(255)] * 3, axis=-1),
    "floats 0–255": lambda grey: grey.astype(float),
    "int64": lambda grey: grey.astype(np.int64),
    "16 bits": lambda grey: grey.astype(np.uint16) * 257,
    "big-endian 16 bits": lambda grey: (grey.astype(np.uint16) * 257).astype(">u2"),
    "nested list": lambda grey: grey.tolist(),
    "black on transparent": lambda _: with_alpha(0),
    "white on transparent": lambda _: with_alpha(255),
    "not contiguous": lambda grey: np.asfortranarray(grey),
    "dark mode": lambda grey: 255 - grey,
}
MODES = [
    "L",
    "LA",
    "P",
    "PA",
    "RGB",
    "RGBA",
    "RGBa",
    "RGBX",
    "CMYK",
    "YCbCr",
    "HSV",
    "I",
    "F",
]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_array_form_gives_the_same_digit(form):
    expected = preprocess(draw())
    result = preprocess(form(draw()))
    assert result.box == expected.box
    assert difference(result.digit, expected.digit) < 0.5


@pytest.mark.parametrize("mode", MODES)
def test_every_pillow_mode_gives_the_same_digit(mode):
    image = Image.fromarray(draw())
    by_way_of = {"RGBa": "RGBA", "HSV": "RGB"}
    image = image.convert(by_way_of.get(mode, mode)).convert(mode)
    assert image.mode == mode
    assert difference(preprocess(image).digit, preprocess(draw()).digit) < 0.5


def test_sixteen_bit_one_bit_and_palette_images_with_transparency():
    expected = preprocess(draw()).digit
    sixteen = Image.fromarray(draw().astype(np.uint16) * 257)
    assert sixteen.mode == "I;16"
    assert difference(preprocess(sixteen).digit, expected) < 0.5
    for hard in (Image.fromarray(draw() > 127), draw() > 127):
        assert difference(preprocess(hard).digit, expected) < 5
    palette = Image.fromarray(draw()).convert("P")
    palette.info["transparency"] = 255  # the paper
    assert difference(preprocess(palette).digit, expected) < 0.5


def test_half_transparent_black_is_grey_on_white():
    assert to_grey(np.array([[[0, 0, 0, 128]]], np.uint8)) == pytest.approx(127, abs=1)


def test_a_drawing_is_left_unchanged():
    drawing = draw().astype(float)
    drawing[0, 0] = np.nan
    copy = drawing.copy()
    preprocess(drawing)
    assert np.array_equal(drawing, copy, equal_nan=True)


@pytest.mark.parametrize(
    "drawing",
    [
        photo(draw(width=0.06, paper=200, ink=60), light=0.4, noise=4),
        photo(draw(width=0.06, paper=60, ink=190), light=0.3, noise=4),
        photo(draw(width=0.06, paper=225, ink=185), light=0, noise=2),
    ],
    ids=["grey paper", "chalk on a blackboard", "faint pencil"],
)
def test_a_photo_gives_nearly_the_clean_digit(drawing):
    clean, result = preprocess(draw(width=0.06), "crop"), preprocess(drawing, "crop")
    assert np.abs(np.subtract(result.box, clean.box)).max() <= 2
    assert difference(result.digit, clean.digit) < 5
    assert (result.digit == 255).any()


def test_thick_strokes_on_unevenly_lit_paper_do_not_count_as_paper():
    place = {"size": (200, 200), "corner": (25, 25), "width": 0.15}
    drawing = photo(draw(paper=220, ink=50, **place), light=0.4, noise=4)
    assert (
        difference(preprocess(drawing, "crop").digit, preprocess(draw(**place), "crop").digit) < 10
    )


def test_a_soft_shadow_across_the_paper_is_not_ink():
    y, x = np.mgrid[:280, :280] / 280
    shade = 1 - 0.35 / (1 + np.exp(-18 * (x + y - 1.1)))
    drawing = (draw(width=0.06, paper=200, ink=60) * shade).astype(np.uint8)
    result, clean = preprocess(drawing, "crop"), preprocess(draw(width=0.06), "crop")
    assert np.abs(np.subtract(result.box, clean.box)).max() <= 2
    assert difference(result.digit, clean.digit) < 10


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_specks_change_nothing(pipeline):
    dirty = draw().copy()
    dirty[5, 5] = 128
    dirty[270:273, 270:273] = 0
    dirty[20, 250] = 254
    result, clean = preprocess(dirty, pipeline), preprocess(draw(), pipeline)
    assert result.box == clean.box
    assert np.array_equal(result.digit, clean.digit)


def test_the_bar_of_a_five_is_no_speck():
    drawing = draw(5)
    assert ndimage.label(drawing < 255, np.ones((3, 3)))[1] == 2
    assert np.array_equal(preprocess(drawing).steps["ink"], 255 - drawing)


def test_soft_edges_keep_their_grey():
    ink = preprocess(draw(width=0.08)).steps["ink"]
    assert len(np.unique(ink)) > 10


def test_a_hairline_is_as_bright_as_mnist():
    assert preprocess(draw(width=0.005)).digit.max() == 255


def test_ink_may_cover_more_than_half_of_the_canvas():
    drawing = draw(size=(40, 40), corner=(9, 8), height=24, width=0.5)
    assert (drawing < 128).mean() > 0.5
    assert np.array_equal(preprocess(drawing).steps["ink"], 255 - drawing)


def test_where_the_border_is_mixed_ink_is_the_minority():
    drawing = np.full((60, 60), 255, np.uint8)
    drawing[:, 5:9] = drawing[:, 50:54] = drawing[6:10] = drawing[52:55] = 0
    drawing[0, ::3] = drawing[-1, ::3] = drawing[::3, 0] = drawing[::3, -1] = 128
    ink = preprocess(drawing).steps["ink"]
    assert ink[30, 6] > 200
    assert ink[30, 30] == 0


BLANK = {
    "white": np.full((280, 280), 255, np.uint8),
    "black": np.zeros((280, 280, 3)),
    "mid grey": np.full((1, 1), 0.5),
    "transparent": np.zeros((280, 280, 4), np.uint8),
    "opaque white": np.full((28, 28, 4), 255, np.uint8),
    "nothing finite": np.full((9, 9), np.nan),
    "all true": np.ones((9, 9), bool),
    "weak noise": noise(128, 3),
    "strong noise": noise(128, 20),
    "noise of one level": noise(250, 0.5),
    "empty uneven paper": photo(np.full((300, 400), 220), light=0.5, noise=4),
    "smooth ramp": np.tile(np.linspace(0, 1, 200), (100, 1)),
}


@pytest.mark.parametrize("pipeline", PIPELINES)
@pytest.mark.parametrize("drawing", BLANK.values(), ids=BLANK)
def test_blank_is_said_not_raised(drawing, pipeline):
    result = preprocess(drawing, pipeline)
    assert result.blank
    assert result.box is None
    assert result.digit.shape == (28, 28)
    assert result.digit.dtype == np.uint8
    assert not result.digit.any()
    assert list(result.steps) == ["grey", "ink"]


@pytest.mark.parametrize("pipeline", PIPELINES)
@pytest.mark.parametrize("value", [0, 128])
def test_a_dot_of_one_pixel_is_a_drawing(pipeline, value):
    drawing = np.full((280, 280), 255, np.uint8)
    drawing[100, 37] = value
    result = preprocess(drawing, pipeline)
    assert result.box == (37, 100, 38, 101)
    assert result.digit.max() == 255
    assert not result.digit.all()


def test_stray_values_that_are_not_finite_count_as_paper():
    drawing = draw() / 255
    drawing[3, 4], drawing[200, 10], drawing[0] = np.nan, np.inf, -np.inf
    assert np.array_equal(preprocess(drawing).digit, preprocess(draw() / 255).digit)


def test_resize_keeps_the_whole_canvas_and_its_aspect():
    result = preprocess(draw(size=(400, 280)), "resize")
    assert result.steps["square"].shape == (400, 400)
    square = np.pad(draw(size=(400, 280)), ((60, 60), (0, 0)), constant_values=255)
    assert np.array_equal(result.digit, preprocess(square, "resize").digit)


@pytest.mark.parametrize("shape", [(1, 10_000), (10_000, 1), (1, 1), (2, 3), (1, 28)])
@pytest.mark.parametrize("pipeline", PIPELINES)
def test_odd_canvases(shape, pipeline):
    drawing = np.full(shape, 255, np.uint8)
    drawing[shape[0] // 2 :, shape[1] // 2 :] = 0
    assert preprocess(drawing, pipeline).digit.shape == (28, 28)


def test_a_large_photo_gives_its_box_in_pixels_of_the_photo():
    small = draw(size=(400, 300), paper=200, ink=60)
    large = np.asarray(Image.fromarray(small).resize((4000, 3000)).convert("RGB"))
    result, expected = preprocess(photo(large[..., 0], 0.3, 5)), preprocess(small)
    assert np.abs(np.subtract(result.box, np.multiply(expected.box, 10))).max() <= 20
    assert difference(result.digit, expected.digit) < 8
    assert max(result.steps["grey"].shape) <= 1024
    assert np.abs(np.subtract(preprocess(large).box, result.box)).max() <= 20


def test_an_unknown_pipeline_names_the_choices():
    with pytest.raises(ValueError, match=r"'v3'.*resize, crop, center"):
        preprocess(draw(), "v3")


@pytest.mark.parametrize(
    "drawing",
    [
        np.zeros(5),
        np.zeros((0, 5)),
        np.zeros((5, 0, 3)),
        np.zeros((5, 5, 5)),
        np.zeros((5, 5, 0)),
        np.zeros((1, 5, 5, 3)),
        np.zeros((5, 5), complex),
        np.full((5, 5), "ink"),
        None,
        Image.new("RGB", (0, 5)),
    ],
    ids=lambda drawing: getattr(drawing, "mode", None) or str(np.shape(drawing)),
)
def test_what_is_not_a_picture_is_refused_in_one_sentence(drawing):
    with pytest.raises(ValueError, match=r"^a drawing must be a non-empty array of numbers.*$"):
        preprocess(drawing)


def test_crop_gives_a_box_of_20_in_the_middle_of_28():
    digit = preprocess(draw(7), "crop").digit
    left, top, right, bottom = Image.fromarray((digit > 64).astype(np.uint8)).getbbox()
    assert (top, bottom) == (4, 24)
    assert left + right == pytest.approx(28, abs=1)


@pytest.mark.parametrize("digit", DIGITS)
def test_center_puts_the_mass_where_mnist_has_it(digit):
    rows, columns = ndimage.center_of_mass(preprocess(draw(digit)).digit)
    assert rows == pytest.approx(14, abs=0.5)
    assert columns == pytest.approx(14, abs=0.5)


def test_center_shifts_by_whole_pixels_and_cuts_what_leaves():
    digit = np.zeros((28, 28), np.uint8)
    digit[1:4, 2:5] = 255  # its centre of mass is row 2, column 3
    digit[27, 27] = 1
    expected = np.zeros((28, 28), np.uint8)
    expected[13:16, 13:16] = 255
    assert np.array_equal(center(digit), expected)


@pytest.fixture(scope="module")
def mnist():
    path = Path(__file__).parents[1] / "mnist_compare" / "mnist" / "mnist.npz"
    with np.load(path) as arrays:
        return arrays["x_train"][:200]


def test_center_returns_mnist_digits_as_they_are(mnist):
    differences = np.array([difference(preprocess(digit).digit, digit) for digit in mnist])
    assert differences.mean() < 0.5
    # The rest: a speck was dropped, or the centre of mass lies on the edge between two pixels.
    assert (differences < 0.5).mean() >= 0.98


def test_resize_returns_mnist_digits_as_they_are(mnist):
    assert max(difference(preprocess(digit, "resize").digit, digit) for digit in mnist) < 0.5


@repeatable
@given(st.sampled_from(sorted(DIGITS)), st.integers(10, 130), st.integers(10, 115))
def test_position_changes_nothing(digit, x, y):
    for pipeline in ("crop", "center"):
        moved = preprocess(draw(digit, corner=(x, y)), pipeline).digit
        assert np.array_equal(moved, preprocess(draw(digit), pipeline).digit)


@repeatable
@given(st.sampled_from(sorted(DIGITS)), st.integers(60, 220), st.floats(0, 1))
@example(2, 220, 0.0)
def test_scale_changes_no_more_than_resampling_does(digit, height, part_of_a_pixel):
    corner = (30 + part_of_a_pixel, 30)
    small, normal = draw(digit, corner=corner, height=height), draw(digit)
    assert difference(preprocess(small, "crop").digit, preprocess(normal, "crop").digit) < 6
    # A centre of mass near the edge of a pixel may be rounded to either side of it.
    centred = preprocess(small).digit
    differences = [
        difference(np.roll(centred, (down, right), axis=(0, 1)), preprocess(normal).digit)
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
    ]
    assert min(differences) < 6


any_array = hnp.arrays(
    dtype=st.one_of(
        hnp.boolean_dtypes(), hnp.integer_dtypes(), hnp.unsigned_integer_dtypes(),
        hnp.floating_dtypes(),
    ),
    shape=st.one_of(
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=40),
        st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 4)),
    ),
)  # fmt: skip


@settings(repeatable, max_examples=300)
@given(any_array, st.sampled_from(PIPELINES))
@example(np.array([[np.finfo(float).max, np.finfo(float).min]]), "center")
@example(np.array([[5e-324, 0.0]]), "crop")
def test_no_array_crashes_it(drawing, pipeline):
    result = preprocess(drawing, pipeline)
    assert result.digit.shape == (28, 28)
    assert result.digit.dtype == np.uint8
    assert result.blank == (not result.digit.any()) == (result.box is None)
    if not result.blank:
        left, top, right, bottom = result.box
        assert 0 <= left < right <= drawing.shape[1]
        assert 0 <= top < bottom <= drawing.shape[0]
