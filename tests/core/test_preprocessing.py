import io
import struct
import zlib
from functools import partial

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageDraw
from scipy import ndimage

from mnist_compare import data
from mnist_compare.photographs import to_grey
from mnist_compare.picture_files import TooLarge, open_picture
from mnist_compare.preprocessing import PIPELINES, center, preprocess

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
MNIST = data.load("mnist")[0][0][:200]


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


def of_mode(mode, grey):
    """A Pillow image of a mode, some of which are reached only by way of another."""
    image = Image.fromarray(grey)
    return image.convert({"RGBa": "RGBA", "HSV": "RGB"}.get(mode, mode)).convert(mode)


def photo(drawing, light, noise):
    """The drawing under uneven light, through a noisy camera."""
    height, width = drawing.shape
    y, x = np.mgrid[:height, :width] / max(drawing.shape)
    grain = np.random.default_rng(0).normal(0, noise, drawing.shape)
    return np.clip(drawing * (1 - light * x + light * y / 3) + grain, 0, 255).astype(np.uint8)


def in_soft_shadow(drawing):
    y, x = np.mgrid[:280, :280] / 280
    return (drawing * (1 - 0.35 / (1 + np.exp(-18 * (x + y - 1.1))))).astype(np.uint8)


MODES = ["L", "LA", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV", "I", "F"]
FORMS = {
    "read-only uint8": lambda grey: np.frombuffer(grey.tobytes(), np.uint8).reshape(grey.shape),
    "one channel": lambda grey: grey[..., None],
    "RGBA": lambda grey: np.stack([grey] * 3 + [np.full_like(grey, 255)], axis=-1),
    "RGB float32 0–1": lambda grey: np.stack([grey / np.float32(255)] * 3, axis=-1),
    "floats 0–255": lambda grey: grey.astype(float),
    "big-endian 16 bits": lambda grey: (grey.astype(np.uint16) * 257).astype(">u2"),
    "nested list": lambda grey: grey.tolist(),
    "black on transparent": lambda _: with_alpha(0),
    "white on transparent": lambda _: with_alpha(255),
    "dark mode": lambda grey: 255 - grey,
    **{mode: partial(of_mode, mode) for mode in MODES},
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_gives_the_same_digit(form):
    expected, result = preprocess(draw()), preprocess(form(draw()))
    assert result.box == expected.box
    assert difference(result.digit, expected.digit) < 0.5


@pytest.mark.parametrize("form", [np.asarray, Image.fromarray])
def test_of_one_bit_only_the_soft_edges_are_lost(form):
    hard = preprocess(form(draw() > 127)).digit
    assert difference(hard, preprocess(draw()).digit) < 5


def test_half_transparent_black_is_grey_on_white():
    assert to_grey(np.array([[[0, 0, 0, 128]]], np.uint8)) == pytest.approx(127, abs=1)


THIN = {"width": 0.06}
LARGE = {"size": (200, 200), "corner": (25, 25), "width": 0.15}


@pytest.mark.parametrize(
    ("drawing", "clean", "most"),
    [
        (photo(draw(paper=200, ink=60, **THIN), light=0.4, noise=4), THIN, 5),
        (photo(draw(paper=225, ink=185, **THIN), light=0, noise=2), THIN, 5),
        (photo(draw(paper=220, ink=50, **LARGE), light=0.4, noise=4), LARGE, 10),
        (in_soft_shadow(draw(paper=200, ink=60, **THIN)), THIN, 10),
    ],
    ids=["grey paper", "faint pencil", "thick strokes", "soft shadow"],
)
def test_a_photo_gives_nearly_the_clean_digit(drawing, clean, most):
    clean, result = preprocess(draw(**clean), "crop"), preprocess(drawing, "crop")
    assert np.abs(np.subtract(result.box, clean.box)).max() <= 2
    assert difference(result.digit, clean.digit) < most
    assert (result.digit == 255).any()


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_specks_change_nothing(pipeline):
    dirty = draw().copy()
    dirty[5, 5] = 128
    dirty[270:273, 270:273] = 0
    dirty[20, 250] = 254
    result, clean = preprocess(dirty, pipeline), preprocess(draw(), pipeline)
    assert result.box == clean.box
    assert np.array_equal(result.digit, clean.digit)


@pytest.mark.parametrize(
    "drawing",
    [draw(5), draw(size=(40, 40), corner=(9, 8), height=24, width=0.5)],
    ids=["the bar of a 5 is no speck", "more ink than paper"],
)
def test_the_ink_is_kept_with_its_soft_edges(drawing):
    assert np.array_equal(preprocess(drawing).steps["ink"], 255 - drawing)


def test_a_hairline_is_as_bright_as_mnist():
    assert preprocess(draw(width=0.005)).digit.max() == 255


def test_where_the_border_is_mixed_ink_is_the_minority():
    drawing = np.full((60, 60), 255, np.uint8)
    drawing[:, 5:9] = drawing[:, 50:54] = drawing[6:10] = drawing[52:55] = 0
    drawing[0, ::3] = drawing[-1, ::3] = drawing[::3, 0] = drawing[::3, -1] = 128
    ink = preprocess(drawing).steps["ink"]
    assert ink[30, 6] > 200
    assert ink[30, 30] == 0


BLANK = {
    "white": np.full((280, 280), 255, np.uint8),
    "mid grey": np.full((1, 1), 0.5),
    "transparent": np.zeros((280, 280, 4), np.uint8),
    "nothing finite": np.full((9, 9), np.nan),
    "all true": np.ones((9, 9), bool),
    "weak noise": photo(np.full((280, 280), 128), light=0, noise=3),
    "strong noise": photo(np.full((280, 280), 128), light=0, noise=20),
    "empty uneven paper": photo(np.full((300, 400), 220), light=0.5, noise=4),
    "smooth ramp": np.tile(np.linspace(0, 1, 200), (100, 1)),
}


@pytest.mark.parametrize("pipeline", PIPELINES)
@pytest.mark.parametrize("drawing", BLANK.values(), ids=BLANK)
def test_blank_is_said_not_raised(drawing, pipeline):
    result = preprocess(drawing, pipeline)
    assert result.blank
    assert result.box is None
    assert np.array_equal(result.digit, np.zeros((28, 28), np.uint8))
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


def test_values_that_are_not_finite_count_as_paper_and_the_drawing_is_left_unchanged():
    drawing = draw() / 255
    drawing[3, 4], drawing[200, 10], drawing[0] = np.nan, np.inf, -np.inf
    copy = drawing.copy()
    assert np.array_equal(preprocess(drawing).digit, preprocess(draw() / 255).digit)
    assert np.array_equal(drawing, copy, equal_nan=True)


def test_resize_keeps_the_whole_canvas_and_its_aspect():
    result = preprocess(draw(size=(400, 280)), "resize")
    assert result.steps["square"].shape == (400, 400)
    square = np.pad(draw(size=(400, 280)), ((60, 60), (0, 0)), constant_values=255)
    assert np.array_equal(result.digit, preprocess(square, "resize").digit)


NO_PICTURES = [
    *map(np.zeros, [5, (0, 5), (5, 0, 3), (5, 5, 5), (5, 5, 0), (1, 5, 5, 3)]),
    *(np.zeros((5, 5), complex), np.full((5, 5), "ink"), None, Image.new("RGB", (0, 5))),
]


@pytest.mark.parametrize("drawing", NO_PICTURES, ids=lambda drawing: str(np.shape(drawing)))
def test_what_is_not_a_picture_is_refused_in_one_sentence(drawing):
    with pytest.raises(ValueError, match=r"^a drawing must be a non-empty array of numbers.*$"):
        preprocess(drawing)


def saved(side, form, **options):
    file = io.BytesIO()
    Image.new("L", (side, side), "white").save(file, form, **options)
    return file.getvalue()


def chunk(kind, content=b""):
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


PNG, JPEG = saved(99, "PNG"), saved(1000, "JPEG", progressive=True)
HEADER, APP0 = 33, 20  # where those end
SCAN = JPEG[JPEG.rindex(b"\xff\xda") : -2]
SLOW = {  # each took 3 to 30 seconds
    "scans": JPEG[:-2] + 2000 * SCAN + JPEG[-2:],
    "profiles": PNG[:HEADER] + 500 * chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(10**6)))
    + PNG[HEADER:],
    "notes": PNG[:HEADER] + 10**5 * chunk(b"tEXt", b"a\0b") + PNG[HEADER:],
    "pixels in empty pieces": PNG[:-12] + 10**5 * chunk(b"IDAT") + PNG[-12:],
    "comments": JPEG[:APP0] + 10**6 * b"\xff\xfe\0\2" + JPEG[APP0:],
    "fill bytes": JPEG[:APP0] + 10**6 * b"\xff" + JPEG[APP0:],
    "markers without a part": JPEG[:APP0] + 10**6 * b"\xff\xd8" + JPEG[APP0:],
    "what is no part": JPEG[:APP0] + bytes(10**6) + JPEG[APP0:],
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_a_file_that_would_take_seconds_to_decode_is_refused(name):
    with pytest.raises(TooLarge, match="save it as a plain PNG"):
        open_picture(io.BytesIO(SLOW[name]))


def test_large_photos_are_opened():
    for photo in (saved(4000, "JPEG", progressive=True, comment=b"at home"), saved(5000, "PNG")):
        assert open_picture(io.BytesIO(photo)).size in ((4000, 4000), (5000, 5000))


def test_crop_gives_a_box_of_20_in_the_middle_of_28():
    digit = preprocess(draw(7), "crop").digit
    left, top, right, bottom = Image.fromarray((digit > 64).astype(np.uint8)).getbbox()
    assert (top, bottom) == (4, 24)
    assert left + right == pytest.approx(28, abs=1)


@pytest.mark.parametrize("digit", DIGITS)
def test_center_puts_the_mass_where_mnist_has_it(digit):
    mass = ndimage.center_of_mass(preprocess(draw(digit)).digit)
    assert mass == pytest.approx((14, 14), abs=0.5)


def test_center_shifts_by_whole_pixels_and_cuts_what_leaves():
    digit = np.zeros((28, 28), np.uint8)
    digit[1:4, 2:5] = 255  # its centre of mass is row 2, column 3
    digit[27, 27] = 1
    expected = np.zeros((28, 28), np.uint8)
    expected[13:16, 13:16] = 255
    assert np.array_equal(center(digit), expected)


@pytest.mark.parametrize(("pipeline", "share"), [("resize", 1), ("center", 0.98)])
def test_mnist_digits_are_returned_as_they_are(pipeline, share):
    """All but a few: a speck was dropped, or the centre of mass lies on the edge of a pixel."""
    differences = [difference(preprocess(digit, pipeline).digit, digit) for digit in MNIST]
    assert np.mean(differences) < 0.5
    assert np.mean(np.less(differences, 0.5)) >= share


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
    centred, expected = preprocess(small).digit, preprocess(normal).digit
    ways = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    assert min(difference(np.roll(centred, way, axis=(0, 1)), expected) for way in ways) < 6


numbers = (hnp.boolean_dtypes, hnp.integer_dtypes, hnp.unsigned_integer_dtypes, hnp.floating_dtypes)
flat = hnp.array_shapes(min_dims=2, max_dims=2, max_side=40)
with_channels = st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 4))
any_array = hnp.arrays(st.one_of(*(kind() for kind in numbers)), st.one_of(flat, with_channels))
NARROW = np.repeat(np.array([[255, 0]], np.uint8), 5000, axis=1)


@settings(repeatable, max_examples=300)
@given(any_array, st.sampled_from(PIPELINES))
@example(np.array([[np.finfo(float).max, np.finfo(float).min]]), "center")
@example(np.array([[5e-324, 0.0]]), "crop")
@example(NARROW, "resize")
@example(NARROW.T, "center")
def test_no_array_crashes_it(drawing, pipeline):
    result = preprocess(drawing, pipeline)
    assert result.digit.shape == (28, 28)
    assert result.digit.dtype == np.uint8
    assert result.blank == (not result.digit.any()) == (result.box is None)
    if not result.blank:
        left, top, right, bottom = result.box
        assert 0 <= left < right <= drawing.shape[1]
        assert 0 <= top < bottom <= drawing.shape[0]
