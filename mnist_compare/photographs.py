"""Bring a picture of any kind to grey, and find its paper, also in the light of a photograph."""

import numpy as np
from PIL import Image

FAINTEST_INK = 12  # grey levels between ink and paper; with less contrast, a drawing is blank


def to_grey(drawing) -> np.ndarray:
    """Return a drawing on white paper in grey: (height, width) uint8.

    ``drawing`` is a Pillow image, or an array (height, width) or (height, width, channels) with 1
    to 4 channels: L, LA, RGB, RGBA. White is 255 for uint8, otherwise the first of 1, 255 and 65535
    that no value exceeds, else the largest value. NaN and infinity become the median of the others,
    usually paper. If only the alpha channel shows the drawing (white ink on a transparent canvas),
    opaque is dark.
    Raises ValueError for anything else and for an empty side.
    """
    image = _as_image(drawing)
    if not image.has_transparency_data:
        return np.asarray(image.convert("L"))
    image = image.convert("RGBA")
    on_paper = Image.new("L", image.size, "white")
    on_paper.paste(image.convert("L"), mask=image.getchannel("A"))
    grey, alpha = np.asarray(on_paper), np.asarray(image.getchannel("A"))
    return 255 - alpha if np.ptp(grey) < FAINTEST_INK <= np.ptp(alpha) else grey


def _as_image(drawing):
    if isinstance(drawing, Image.Image) and drawing.mode[0] not in "IF" and all(drawing.size):
        return drawing
    pixels = np.asarray(drawing)
    picture_shape = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (1, 2, 3, 4))
    if not picture_shape or pixels.size == 0 or pixels.dtype.kind not in "buif":
        raise ValueError(
            "a drawing must be a non-empty array of numbers, height × width or height × width × "
            f"1 to 4 channels, not {pixels.dtype} of shape {pixels.shape}"
        )
    if pixels.dtype != np.uint8:
        pixels = _to_eight_bits(pixels)
    return Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels)


def _to_eight_bits(pixels):
    values = pixels.astype(np.float64)
    finite = np.isfinite(values)
    if not finite.all():
        values[~finite] = np.median(values[finite]) if finite.any() else 0
    largest = values.max()
    white = next((white for white in (1, 255, 65535) if largest <= white), largest)
    return np.rint(np.clip(values / white, 0, 1) * 255).astype(np.uint8)


def paper(grey):
    """Return the grey level of the background, which is paper, and its noise: a standard deviation.

    ``grey`` is (height, width) uint8; the level a float32 number or, in uneven light, a picture.
    """
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    level = np.median(border).astype(np.float32)
    # 1.4826 turns the median absolute deviation of Gaussian noise into its standard deviation.
    spread = np.median(np.abs(border - level))
    if spread <= 1:  # even light, even if ink fills more than half of the picture
        return level, spread * 1.4826

    # Uneven light: fit a quadratic surface by least absolute deviations (iteratively reweighted
    # least squares), which strokes distort less than they would an ordinary fit.
    height, width = grey.shape
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    terms = np.stack(np.broadcast_arrays(np.float32(1), x, y, x * x, x * y, y * y), axis=-1)
    thin = np.s_[:: -(-height // 32), :: -(-width // 32)]
    sample_terms, sample = terms[thin].reshape(-1, 6), grey[thin].ravel()
    weights = np.ones(sample.size)
    for _ in range(10):
        coefficients = np.linalg.lstsq(sample_terms * weights[:, None], sample * weights)[0]
        residual = np.abs(sample - sample_terms @ coefficients)
        weights = 1 / np.sqrt(np.maximum(residual, 1))
    return terms @ coefficients.astype(np.float32), np.median(residual) * 1.4826
