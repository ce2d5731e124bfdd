"""Train a network while the reader watches, and keep the run for the chapter that compares.

The run is the reader's own, not a record: the folder ``.runs`` in the clone, which git ignores,
holds the last run of each network.
"""

import contextlib
import time
from html import escape

from mnist_compare import training
from mnist_compare.lazy_keras import limit_threads
from mnist_compare.records import networks, runs
from mnist_compare.records.fingerprints import fingerprint
from mnist_compare.records.place import FULL, here
from mnist_compare.records.protocols import EPOCHS, Protocol
from mnist_compare.report.draw import figures
from mnist_compare.report.words import spoken
from mnist_compare.report.words.sentences import Sentence, verbatim
from mnist_compare.study import fitting
from mnist_compare.study.statistics import Number

PAUSE = 0.7  # seconds, at least, between two drawings of the growing curve


def prepare():
    """Let TensorFlow run two operations at a time, each on one core.

    This is fastest for networks as small as these, and has no effect once TensorFlow has started.
    """
    limit_threads(2)


def train(network, epochs=EPOCHS, seed=0, progress=None, scale=None, **chosen):
    """Train a network, a name or a Keras model, as ``fitting.fit()`` does, and return its run.

    ``chosen`` may be further fields of the ``Protocol``: ``digits=1000``, ``permuted=True``.
    Without a ``progress`` of the caller's, it is watched in a notebook, and a line is printed for
    each epoch elsewhere. What is kept is the last run of each network for which nothing was chosen.
    """
    protocol = Protocol(epochs=epochs, **chosen)
    if not progress and spoken.in_a_notebook():
        progress = Watch(network, epochs)
    with contextlib.suppress(FileNotFoundError):  # the package alone has no clone
        scale = scale or here().scale
    run = fitting.fit(network, protocol, seed, progress or training.print_epoch, scale or FULL)
    if not chosen:
        _keep(run)
    _say(run)
    return run


def _keep(run):
    with contextlib.suppress(FileNotFoundError):  # the package alone has no clone
        runs.keep(run)


def _say(run):
    for row in run.measured if spoken.in_a_notebook() else ():
        spoken.say(
            "After epoch {epoch}, this run of the {name} reads **{accuracy:.2%}** of the test "
            "digits.",
            epoch=row["epoch"],
            name=verbatim(networks.title(run.model)),
            accuracy=Number(row["test_accuracy"]),
        )


def own_run(name):
    """Return the reader's own run of a network: the last on this machine, or one trained now.

    Raises ValueError if there is no such run and no network of that name to train.
    """
    if run := runs.kept(name):
        return run
    prepare()
    run = train(name)
    if spoken.in_a_notebook():  # how it went is no part of the chapter that asks for the run
        from IPython.display import clear_output

        clear_output()
    return run


class Watch:
    """What a notebook shows while a network trains: a bar, which says how it goes, and a curve."""

    def __init__(self, network, epochs):
        """Show that training has begun: compiling makes the first epoch a slow one."""
        name = getattr(network, "name", network)
        self._started, self._drawn = time.perf_counter(), -PAUSE
        self._bar = self._curve = None
        self._show_bar(0, epochs, "{name}: compiling, then epoch 1 of {epochs}", name=name)

    def __call__(self, run, epochs):
        """Show the run so far."""
        done, elapsed = len(run.rows), time.perf_counter() - self._started
        last = done == epochs
        text = (
            "{name}: {done} of {epochs} epochs, validation accuracy {validation:.2%}, about "
            "{left:.0f} s left"
        )
        if last:
            text = "{name}: trained in {elapsed:.0f} s"
        validation = Number(run.rows[-1]["validation_accuracy"])
        left = elapsed / done * (epochs - done)
        said = {"name": run.model, "left": left, "elapsed": elapsed, "validation": validation}
        self._show_bar(done, epochs, text, **said)
        # Drawing the curve takes a quarter of a second, too long to do so after every short epoch.
        if last or (spoken.somebody_is_there() and elapsed - self._drawn > PAUSE):
            self._curve = _shown(figures.learning_curves([run]), self._curve)
            self._drawn = time.perf_counter() - self._started

    def _show_bar(self, done, epochs, text, **numbers):
        """Show a progress bar if somebody is watching; it is not stored, as it depends on time."""
        from IPython.display import HTML

        if spoken.somebody_is_there():
            text = Sentence(text, done=done, epochs=epochs, **numbers).into(spoken.language())
            bar = HTML(f'<progress value="{done}" max="{epochs}"></progress> {escape(text)}')
            self._bar = _shown(bar, self._bar)


class WatchAndKeep(Watch):
    """Likewise; the run is kept at the end for the chapter that compares."""

    def __init__(self, model, epochs):
        super().__init__(model, epochs)
        self._fingerprint = fingerprint(model)

    def __call__(self, run, epochs):
        """Show the run so far, and keep it after its last epoch."""
        super().__call__(run, epochs)
        if len(run.rows) == epochs:
            for row in run.rows:
                row["fingerprint"] = self._fingerprint
            _keep(run)
            _say(run)


def _shown(thing, handle):
    """Display a thing in place of what the handle shows, if there is one; return its handle."""
    from IPython.display import display

    if not handle:
        return display(thing, display_id=True)
    handle.update(thing)
    return handle
