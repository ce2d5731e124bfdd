"""Pictures from strangers: checked before a pixel is decoded, or refused in one sentence."""

import base64
import io
import threading

from mnist_compare import picture_files, preprocessing
from mnist_compare.page.parts import strings

LARGEST_FILE = 8_000_000  # bytes: most photos of a phone
LARGEST_DRAWING = 1_500_000  # characters: the pad makes photos small before it sends them
DRAWING_SIDE = 1024  # pixels: the longest side that the pad sends
STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")  # of PNG and JPEG files
PREFIXES = ("data:image/png;base64,", "data:image/jpeg;base64,")

_decoding = threading.Lock()  # one at a time: a photo fills 200 MB until it is made smaller


class Refused(Exception):
    """A request that is refused with an HTTP status, for a reason named in demo_strings.json."""

    def __init__(self, status: int, reason: str, **details):
        """Keep the numbers and names that the sentence for the reason mentions."""
        self.status, self.reason, self.details = status, reason, details
        super().__init__(self.sentence())

    def sentence(self, language="en"):
        """Return what is wrong in one sentence."""
        return strings()[language]["errors"][self.reason].format(**self.details)


def open_file(file, largest=picture_files.LARGEST_PICTURE):
    """Return the PNG or JPEG in a binary file as a Pillow image, upright and not large."""
    start, size = file.read(8), file.seek(0, io.SEEK_END)
    file.seek(0)
    if not size:
        raise Refused(400, "empty")
    if size > LARGEST_FILE:
        raise Refused(413, "file_too_large", megabytes=LARGEST_FILE // 10**6)
    if not start.startswith(STARTS):
        raise Refused(415, "format")
    try:
        with _decoding:
            return _reduced(picture_files.open_picture(file, largest))
    except picture_files.TooLarge:
        raise Refused(413, "too_large", megapixels=largest // 10**6) from None
    except ValueError:
        raise Refused(400, "damaged") from None


def open_drawing(text):
    """Return the picture in the pad's data URL as a Pillow image."""
    if not isinstance(text, str) or not text.startswith(PREFIXES):
        raise Refused(400, "drawing")
    if len(text) > LARGEST_DRAWING:
        raise Refused(413, "body_too_large")
    try:
        data = base64.b64decode(text.partition(",")[2], validate=True)
    except ValueError:  # of base64, of what is not even ASCII
        raise Refused(400, "damaged") from None
    return open_file(io.BytesIO(data), largest=DRAWING_SIDE**2)


def _reduced(image):
    """Return a large picture made smaller as ``preprocess`` would, which needs far more memory."""
    factor = -(-max(image.size) // preprocessing.LONGEST_SIDE)
    if factor == 1:
        return image
    mode = "RGBA" if image.has_transparency_data else "I" if image.mode[0] == "I" else "L"
    return (image if image.mode == mode else image.convert(mode)).reduce(factor)
