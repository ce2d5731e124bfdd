"""What of the records a cell may show: nothing where they are missing or of another network."""

from collections.abc import Callable
from functools import wraps

from mnist_compare.place import here
from mnist_compare.records import runs
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.spoken import say
from mnist_compare.training import REPORTED_EPOCHS, Run

_reported_missing: set[str] = set()


def recorded(*files: str) -> Callable:
    """Decorate what a cell shows of the records: without them it shows nothing, and says so once.

    ``files`` are names of files in ``reports``, beside those of the runs.
    """

    def decorated(function):
        @wraps(function)
        def shown(*arguments, **options):
            return function(*arguments, **options) if _are_there(files) else None

        return shown

    return decorated


def _are_there(files):
    needed = {*files} | {record.file for record in runs.FILES}
    missing = {file for file in needed if not (here().records / file).exists()}
    if missing - _reported_missing:
        _reported_missing.update(missing)
        say(
            "*What is recorded cannot be shown: {missing:, } are missing in `reports`. They come "
            "with the repository; `python -m mnist_compare study` makes them again, by training "
            "and measuring.*",
            missing=Names(sorted(missing)),
        )
    return not missing


def comparable(*own_runs: Run) -> bool:
    """Return whether runs may be compared with the recorded ones, or say why not.

    They must be of the same network, trained in the same way and measured after the same epochs.
    """
    known = {(model, mark) for (model, _), mark in runs.fingerprints().items()}
    if any((run.model, run.fingerprint) not in known for run in own_runs):
        say(
            "*The recorded runs belong to a different network, so they are not compared with "
            "yours.*"
        )
    elif any({*REPORTED_EPOCHS} - {row["epoch"] for row in run.measured} for run in own_runs):
        say(
            "*The recorded runs were measured after {epochs} epochs; this run was shorter, so it "
            "is not compared with them.*",
            epochs=Names(map(str, REPORTED_EPOCHS)),
        )
    else:
        return True
    return False
