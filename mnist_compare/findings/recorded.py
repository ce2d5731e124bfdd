"""What of the records a cell may show: nothing where they are missing."""

from collections.abc import Callable
from functools import wraps

from mnist_compare.records import runs
from mnist_compare.records.place import here
from mnist_compare.report.words.sentences import Names
from mnist_compare.report.words.spoken import say

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
            "with the repository; `python -m mnist_compare study` and, for speed, `release bench` "
            "make them again, by training and measuring.*",
            missing=Names(sorted(missing)),
        )
    return not missing
