"""Train a network while the reader watches, and keep the run for the chapter that compares.

The run is the reader's own, not a record: the folder ``.runs`` in the clone, which git ignores,
holds the last run of each network.
"""

import contextlib
import time
from html import escape

from mnist_compare import data, networks, training
from mnist_compare.quiet import tensorflow as tf
from mnist_compare.records import runs
from mnist_compare.records.place import here
from mnist_compare.report import figures, one_run, show
from mnist_compare.report.sentences import Sentence, verbatim

PAUSE = 0.7  # seconds, at least, between two drawings of the growing curve


def prepare():
    """Let TensorFlow run two operations at a time, each on one core.

    This is fastest for networks as small as these, and has no effect once TensorFlow has started.
    """
    with contextlib.suppress(RuntimeError):  # TensorFlow has started
        tf.config.threading.set_inter_op_parallelism_threads(2)
        tf.config.threading.set_intra_op_parallelism_threads(1)


def train(model, epochs=10, seed=0):
    """Train a compiled Keras model under the fair protocol, show its progress and return its run.

    In a notebook, a table and a curve grow with every epoch; elsewhere, every epoch prints a line.
    The model is trained in place, from random weights that depend on ``seed``, and measured on the
    training and the test digits after epochs 5 and 10 and after the last one. It raises the errors
    of ``training.train()``.
    """
    progress, scale = training.print_epoch, data.FULL
    if show.in_a_notebook():
        progress = _Progress(model.name, epochs)
    with contextlib.suppress(FileNotFoundError):  # the package alone has no clone
        scale = here().scale
    run = training.train(model, epochs, seed, progress=progress, scale=scale)
    with contextlib.suppress(FileNotFoundError):
        runs.keep(run)
    return run


def own_run(name):
    """Return the reader's own run of a network: the last on this machine, or one trained now.

    Raises ValueError if there is no such run and no network of that name to train.
    """
    if run := runs.kept(name):
        return run
    prepare()
    return train(networks.build(name))


class _Progress:
    """What a notebook shows while a network trains: a bar, a table of the epochs and a curve."""

    def __init__(self, name, epochs):
        """Show that training has begun: compiling makes the first epoch a slow one."""
        self._started, self._drawn, self._handle = time.perf_counter(), -PAUSE, None
        self._bar(0, epochs, "{name}: compiling, then epoch 1 of {epochs}", name=name)

    def __call__(self, run, epochs):
        """Show the run so far."""
        done, elapsed = len(run.rows), time.perf_counter() - self._started
        name, last = verbatim(networks.title(run.model)), done == epochs
        text = "{name}: {done} of {epochs} epochs, about {left:.0f} s left"
        if last:
            text = "{name}: {epochs} epochs in {elapsed:.0f} s"
        left = elapsed / done * (epochs - done)
        self._bar(done, epochs, text, name=run.model, left=left, elapsed=elapsed)
        show.table(
            one_run.epochs(run),
            show.label("tab", "epochs", run.model),
            "This run of the {name} from seed {seed}, epoch by epoch. Loss and accuracy are "
            "means over the batches of the epoch, while the weights are still changing; validation "
            "loss and accuracy are measured at the end of the epoch.",
            again=done > 1,
            name=name,
            seed=run.seed,
        )
        # Drawing the curve takes a quarter of a second, too long to do so after every short epoch.
        if last or (show.somebody_is_there() and elapsed - self._drawn > PAUSE):
            show.figure(
                figures.learning_curves([run]),
                show.label("fig", "curve", run.model),
                "Learning curve of this run of the {name}, epoch by epoch. The dashed lines mark "
                "epochs 5 and 10, after which a run is measured on the test digits.",
                again=self._drawn >= 0,
                name=name,
            )
            self._drawn = time.perf_counter() - self._started

    def _bar(self, done, epochs, text, **numbers):
        """Show a progress bar if somebody is watching; it is not stored, as it depends on time."""
        from IPython.display import HTML, display

        if show.somebody_is_there():
            text = Sentence(text, done=done, epochs=epochs, **numbers).into(show.spoken())
            bar = HTML(f'<progress value="{done}" max="{epochs}"></progress> {escape(text)}')
            if self._handle:
                self._handle.update(bar)
            else:
                self._handle = display(bar, display_id=True)
