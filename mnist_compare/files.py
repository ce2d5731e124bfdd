"""Write a file whole or not at all, and say what to do about one that cannot be read."""

import lzma
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mnist_compare.lazy_keras import one_line

DAMAGED: tuple[type[Exception], ...] = (  # what reading a damaged file may raise
    OSError, EOFError, LookupError, ValueError, TypeError, RuntimeError, MemoryError,
    zipfile.BadZipFile, zlib.error, lzma.LZMAError,
)  # fmt: skip
OF_THE_PACKAGE = "Restore it with `git checkout -- mnist_compare`, or install the package again."


@contextmanager
def atomically(path: str | Path) -> Iterator[Path]:
    """Give a temporary path, renamed to ``path`` if all goes well; make the folder if needed.

    An OSError on the way, such as of a full disk, names ``path``.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def compress(path: Path) -> None:
    """Write a zip archive, as NumPy and Keras save it, anew by LZMA, which both of them read.

    It takes a fifth to three fifths less of a repository, but twenty times as long to write.
    """
    with zipfile.ZipFile(path) as archive:
        if archive.infolist()[0].compress_type == zipfile.ZIP_LZMA:
            return
        contents = {name: archive.read(name) for name in archive.namelist()}
    with atomically(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_LZMA)


def write(path: str | Path, content: str | bytes) -> None:
    """Write a file whole or not at all, text as UTF-8."""
    with atomically(path) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def readable(path: Path, remedy: str) -> Iterator[None]:
    """Raise ValueError, with the file and what restores it, if a ``with`` block cannot read it."""
    try:
        yield
    except DAMAGED as error:
        reason = one_line(error).removeprefix("ValueError: ")
        raise ValueError(f"{path} cannot be read ({reason}). {remedy}") from error
