"""Train a network while the reader watches, and keep the run for the chapter that compares.

The run is the reader's own and not a record: the folder ``.runs`` in the clone holds the last run
of each network, and git ignores it.
"""

import contextlib
import json
import time
from functools import partial

import numpy as np

from mnist_compare import figures, report, repository, runs, tables

PAUSE = 0.7  # seconds, at least, between two drawings of the growing curve


def prepare():
    """Load TensorFlow without its messages; let it run two operations at a time, each on one core.

    This is fastest for networks as small as these. It must be set before the first one is built.
    """
    from mnist_compare.quiet import tensorflow as tf

    with contextlib.suppress(RuntimeError):  # TensorFlow is already running
        tf.config.threading.set_inter_op_parallelism_threads(2)
        tf.config.threading.set_intra_op_parallelism_threads(1)


def train(model, epochs=10, seed=0):
    """Train a compiled Keras model under the fair protocol, show its progress and return its run.

    In a notebook, a table and a curve grow with every epoch; elsewhere, every epoch prints a line.
    The model is trained in place, from random weights that depend on ``seed``. It is measured on
    the training and the test digits after epochs 5 and 10 and after the last one.
    ``training.train()`` says which errors are raised.
    """
    from mnist_compare import training

    if report.in_a_notebook():
        show = _Progress()
        show.begin(model.name, epochs)
    else:
        show = training.print_epoch
    run = training.train(model, epochs, seed, progress=show)
    with contextlib.suppress(FileNotFoundError):  # the package alone has no clone to keep it in
        keep(run)
    return run


def own_run(name):
    """Return the reader's own run of a network: the last on this machine, or one trained now.

    Raises ValueError if there is no such run and no network of that name that could be trained.
    """
    from mnist_compare import models

    run = _kept(name)
    if run is None:
        prepare()
        run = train(models.build(name))
    return run


class _Progress:
    """What a notebook shows while a network trains: a bar, a table of the epochs and a curve."""

    def __init__(self):
        self._started = time.perf_counter()
        self._drawn = -PAUSE

    def begin(self, name, epochs):
        """Show that training has begun: compiling makes the first epoch a slow one."""
        self._bar(0, epochs, f"{name}: compiling, then epoch 1 of {epochs}", again=False)

    def __call__(self, run, epochs):
        """Show the run so far."""
        done, elapsed = len(run.rows), time.perf_counter() - self._started
        last = done == epochs
        if last:
            text = f"{epochs} epochs in {elapsed:.0f} s"
        else:
            text = f"{done} of {epochs} epochs, about {elapsed / done * (epochs - done):.0f} s left"
        self._bar(done, epochs, f"{run.model}: {text}")
        again, name = done > 1, runs.SHOWN_AS.get(run.model, run.model)
        report.table(
            tables.epochs(run),
            f"tab-epochs-{run.model}",
            f"This run of the {name} from seed {run.seed}, epoch by epoch. Loss and accuracy are "
            "means over the batches of the epoch, while the weights are still changing; validation "
            "loss and accuracy are measured at the end of the epoch.",
            again=again,
        )
        # A picture takes a quarter of a second: if epochs are that short, not every one gets one.
        if last or (report.somebody_is_there() and elapsed - self._drawn > PAUSE):
            report.figure(
                figures.learning_curves([run]),
                f"fig-curve-{run.model}",
                f"Learning curve of this run of the {name}, epoch by epoch. The dashed lines mark "
                "epochs 5 and 10, after which a run is measured on the test digits.",
                again=self._drawn >= 0,
            )
            self._drawn = time.perf_counter() - self._started

    def _bar(self, done, epochs, text, again=True):
        """Show the progress if somebody is watching; do not store it, as seconds are no result."""
        from IPython.display import HTML, display

        if report.somebody_is_there():
            bar = HTML(f'<progress value="{done}" max="{epochs}"></progress> {text}')
            if again:
                self._handle.update(bar)
            else:
                self._handle = display(bar, display_id=True)


def keep(run):
    """Keep a run as the reader's own of its network, in place of the previous one."""
    with runs.whole(_path(run.model)) as temporary:
        np.savez_compressed(
            temporary,
            run=json.dumps([run.model, run.protocol, run.seed, run.rows]),
            **{f"predictions-{epoch}": digits for epoch, digits in run.predictions.items()},
            **{f"confidences-{epoch}": given for epoch, given in run.confidences.items()},
        )


def _kept(name):
    """Return the run that was kept of a network, or None if there is none that can be read."""
    try:
        with np.load(_path(name), allow_pickle=False) as file:
            arrays = dict(file)
        of = partial(_by_epoch, arrays)
        return runs.Run(*json.loads(str(arrays["run"])), of("predictions"), of("confidences"))
    except runs.DAMAGED:
        return None  # the network can be trained again


def _by_epoch(arrays, kind):
    return {int(n.split("-")[1]): array for n, array in arrays.items() if n.startswith(f"{kind}-")}


def _path(name):
    return (runs.folder() if runs.fast() else repository.folder()) / ".runs" / f"{name}.npz"
