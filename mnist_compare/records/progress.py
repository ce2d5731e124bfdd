"""How far long work has come: a bar in a terminal, one line in a notebook, else a line a step."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    """Print a line at once, and on standard error: it is no part of a command's result."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def steps(title: str, count: int) -> Iterator[Callable[[str], None]]:
    """Show what is done of ``count`` steps and how much time is left.

    Gives a function to be called when a step ends, with a text that says what it gave.
    """
    if not sys.stderr.isatty():
        say(f"{title}: 0/{count}")
        yield _lines(count)
        return
    from rich import progress
    from rich.console import Console

    columns = progress.TextColumn("{task.description}"), progress.BarColumn(24)
    times = progress.TimeElapsedColumn(), progress.TimeRemainingColumn()
    with progress.Progress(
        progress.SpinnerColumn(), *columns, progress.MofNCompleteColumn(), *times,
        console=Console(stderr=True),
    ) as bar:  # fmt: skip
        task = bar.add_task(title, total=count)
        yield lambda text: bar.update(task, advance=1, description=f"{title}: {text}")


def _lines(count):
    """Return a function that prints a line for each step that has ended, and the time left."""
    start, done = time.perf_counter(), 0

    def step(text):
        nonlocal done
        done += 1
        elapsed = time.perf_counter() - start
        left = f"{elapsed:.0f} s, about {elapsed / done * (count - done):.0f} s to go"
        say(f"{done}/{count} · {text} · {left}")

    return step
