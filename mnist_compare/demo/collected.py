"""The labelled drawings that the demo keeps in a folder, ``DIR/<digit>/*.png``.

Beside the pictures it writes ``DIR/log.csv``: a row per drawing with what the networks answered
when it was kept.
"""

import hashlib
import io
import os
from datetime import datetime
from pathlib import Path

import pandas as pd
from filelock import FileLock
from PIL import Image

from mnist_compare.demo.answer import Answer
from mnist_compare.files import write

LARGEST_FOLDER = 50_000_000  # bytes: tens of thousands of drawings
LOG = "log.csv"
COLUMNS = ("time", "label", "pipeline", "models", "digits", "confidences", "file")


class Folder:
    """A folder that keeps labelled drawings, each once and with a row in its log, up to a size."""

    def __init__(self, path: str | Path):
        """Use the folder at the path; raises OSError where nothing can be kept."""
        self.path = Path(path)
        self._kept: set[str] = set()
        self._lock = FileLock(self.path / ".lock", poll_interval=0.01)  # beside other programs
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with self._lock:
                sizes = [file.stat().st_size for file in self.path.rglob("*") if file.is_file()]
        except OSError as error:
            raise OSError(
                f"Drawings cannot be kept in {path}: {error.strerror}; choose another folder."
            ) from None
        self._size = sum(sizes)

    def add(self, picture: Image.Image, label: int, pipeline: str, answer: Answer) -> str | None:
        """Keep a picture and the answer given to it, and return its name, ``<digit>/*.png``.

        The name of the same picture is returned where it is kept, and None where there is no room.
        """
        buffer = io.BytesIO()
        picture.convert("RGB").save(buffer, "PNG")
        digest = hashlib.sha256(buffer.getvalue()).hexdigest()[:16]
        models = list(answer.probabilities)
        name = f"{label}/{digest}.png"
        row = (
            datetime.now().astimezone().isoformat(timespec="seconds"),
            label,
            pipeline,
            " ".join(models),
            " ".join(str(answer.digit(model)) for model in models),
            " ".join(f"{answer.confidence(model):.4f}" for model in models),
            name,
        )
        with self._lock:
            for same in self.path.glob(f"[0-9]/{digest}.png"):
                return same.relative_to(self.path).as_posix()
            if self._size >= LARGEST_FOLDER:
                return None
            log = self._read_log()
            added = pd.DataFrame([row], columns=COLUMNS).to_csv(index=False, header=not log)
            write(self.path / name, buffer.getvalue())
            try:  # after the picture: there is no row without one, even after a power cut
                self._write_log([*log, *added.encode().splitlines()])
            except OSError:
                (self.path / name).unlink()
                raise
            self._size += buffer.tell() + len(added)
            self._kept.add(name)
        return name

    def forget(self, name: str) -> bool:
        """Remove a picture that this object has kept, and its row; return whether it had."""
        with self._lock:
            if name not in self._kept:
                return False
            ending = f",{name}".encode()
            self._write_log([row for row in self._read_log() if not row.endswith(ending)])
            file = self.path / name
            self._size -= file.stat().st_size
            file.unlink()
            self._kept.remove(name)
        return True

    def _read_log(self):
        """Return the rows of the log, the first of them its header, as they are."""
        log = self.path / LOG
        return log.read_bytes().splitlines() if log.exists() else []

    def _write_log(self, rows):
        write(self.path / LOG, b"".join(row + b"\n" for row in rows))


def own_folder() -> Folder | None:
    """Return the user's own folder, among the data of programs; None where nothing can be kept."""
    data = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    path = Path(data or Path.home() / ".local" / "share") / "mnist_compare" / "drawings"
    try:
        return Folder(path)
    except OSError:
        return None
