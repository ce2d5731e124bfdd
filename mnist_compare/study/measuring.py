"""What the measurements of trained networks share."""

import gzip
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from mnist_compare.records.frames import Record, run_tasks
from mnist_compare.study import trained

LARGEST = 100_000_000  # bytes of text


def measure_networks(missing: list[tuple], measure, records: Iterable[Record]):
    """Measure networks that lack a record, after training those without weights; record the rows.

    ``missing`` are keys (model, ``Protocol``, seed, *condition). ``measure(weights, *condition)``
    is called for each condition, with {(model, ``Protocol``, seed): path of its weights}, and
    returns a list of rows for each of ``records``. Without conditions, it is
    ``measure(weights, model, protocol, seed)`` for each network.
    """
    if not missing:
        return
    paths = trained.weights([*dict.fromkeys(key[:3] for key in missing)])
    tasks: dict[tuple, dict] = {}
    for key in missing:
        network, condition = key[:3], key[3:]
        tasks.setdefault(condition or network, {})[network] = paths[network]

    def record(result):
        for file, rows in zip(records, result[1], strict=True):
            if rows:
                file.add(rows)

    run_tasks(
        [(measure, condition, weights) for condition, weights in tasks.items()],
        _measured,
        record,
        f"Measuring {len(paths)} networks",
        lambda result: " ".join(map(str, result[0])),
    )


def _measured(measure, condition, weights):
    return condition, measure(weights, *condition)


def parsed(path: Path | str, parse: Callable, wanted: str):
    """Return what ``parse`` makes of the text of a file, gzipped or plain.

    Raises FileNotFoundError where there is none and ValueError for a file of another form, which
    both say what is ``wanted``.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}. {wanted}")
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with (gzip.open if packed else open)(path, "rb") as file:
            text = file.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise ValueError(f"it has more than {LARGEST:,} bytes")
        return parse(text.decode("ascii"))
    except (gzip.BadGzipFile, EOFError, zlib.error, ValueError, IndexError) as error:
        raise ValueError(f"{path} cannot be read ({error}). {wanted}") from error
