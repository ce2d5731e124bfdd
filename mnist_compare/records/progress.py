"""How far long work has come: a bar in a terminal, else a line a step."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

APART = 5  # seconds between the lines of steps that end sooner


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
    """Return a function that prints what has ended, and the time left, after long steps."""
    start, said, done = time.perf_counter(), -APART, 0

    def step(text):
        nonlocal said, done
        done += 1
        elapsed = time.perf_counter() - start
        if elapsed - said < APART and done < count:
            return
        said = elapsed
        left = f"{elapsed:.0f} s, about {elapsed / done * (count - done):.0f} s to go"
        say(f"{done}/{count} · {text} · {left}")

    return step
