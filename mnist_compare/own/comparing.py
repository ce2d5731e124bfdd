"""Compare networks of one's own with others: train them side by side, measure and report."""

from dataclasses import replace
from pathlib import Path

from mnist_compare import data, networks, training
from mnist_compare.own import builders as own
from mnist_compare.own import plans, report, results
from mnist_compare.own.names import check_names
from mnist_compare.own.plans import Plan
from mnist_compare.place import at, call_at, here
from mnist_compare.quiet import keras
from mnist_compare.records import runs
from mnist_compare.report.words import spoken
from mnist_compare.study import changed_digits, executors, pendigits, trained
from mnist_compare.study.grid import FEW, check_seeds

EPOCHS, SEEDS = 10, 10
SAY_LITTLE = f"Fewer than {FEW} seeds say little; {SEEDS}, the default, say more."


def compare(
    models,
    data="mnist",
    epochs=EPOCHS,
    seeds=SEEDS,
    out=None,
    drawings=None,
    workers=None,
):
    """Train networks by the fair protocol, compare them, and return the folder of the result.

    ``models`` maps names to functions that build a Keras model, to models, or to names of this
    project's networks. ``data`` is ``"mnist"``, ``"fashion_mnist"`` or the path of an .npz file, as
    ``own.pictures.add()`` takes it. Nine tenths of the training pictures train, the others
    validate; each network is trained anew from each of ``seeds`` seeds, for ``epochs`` epochs, and
    for a seed all see the same pictures in the same order.

    The folder ``out``, by default named after the networks, gets records, figures, the trained
    networks of seed 0, and a report as a page and as a PDF. What is recorded there is not trained
    again: the same call goes on where it was stopped. ``drawings`` is the path of the pen-drawn
    digits, to be read as well. Training takes ``workers`` processes, by default one a core.
    Raises ValueError, with a sentence that says why, for what cannot be trained or read.
    """
    if not isinstance(models, dict) or not all(isinstance(name, str) for name in models):
        raise ValueError('Give the networks by name: {"mine": build_mine, "cnn": "cnn"}.')
    check_names([*models])
    named = Path(out or "-".join(models))
    folder = named.resolve()
    if drawings:  # what they cannot be read by is better known before minutes of training
        pendigits.check(drawings, data)
    plan = _planned(models, data, epochs, seeds, folder)
    few = [key for key in plan.keys if key[2] < FEW]
    progress = _last_line() if spoken.in_a_notebook() else trained.show
    warned = [SAY_LITTLE] if plan.seeds < FEW else []
    for sentence in warned:
        progress(sentence)
    with at(plans.place_of(folder)):
        with executors.workers(workers) as executor:
            _try_out(plan, executor)
            trained.complete(plan.keys, progress=progress, executor=executor)
            _keep_trained(plan, folder, executor)
            if plan.data in changed_digits.KNOWN:
                changed_digits.complete(few, executor, progress)
            if drawings:
                pendigits.complete(drawings, few, executor, progress)
        progress("Writing the report.")
        report.build(folder)
        verdicts = [sentence.replace("*", "") for sentence in results.sentences(plan)]
    kept = "`{folder}` holds the records of {runs} runs, report.html and report.pdf."
    if spoken.in_a_notebook():  # where a cell says the verdict
        from IPython.display import clear_output

        clear_output()
        spoken.say(*warned, kept, folder=named, runs=len(plan.keys))
    else:
        kept = kept.format(folder=named, runs=len(plan.keys))
        progress("\n\n".join([*verdicts, *warned, kept]))
    return folder


def _planned(given, data_name, epochs, seeds, folder):
    """Check all that can be checked before training; keep plan and networks in the folder."""
    if not all(isinstance(count, int) for count in (epochs, seeds)) or epochs < 1 or seeds < 2:
        raise ValueError("A comparison needs at least 1 epoch and 2 seeds, as whole numbers.")
    check_seeds(seeds)
    if not isinstance(data_name, str | Path) or not str(data_name):
        raise ValueError('data is "mnist", "fashion_mnist" or the path of an .npz file.')
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{folder} is a file; name another folder.")
    known = str(data_name) in data.DATA_SETS
    chosen = str(data_name) if known else str(Path(data_name).resolve())
    plan = Plan(tuple(given), chosen, epochs, seeds)
    with at(plan.place(folder, {})):
        (shown, _), _ = data.load(plan.protocol.data)
        classes = len(data.named(plan.protocol.data).classes)
        # All are looked at before the first is written.
        built = {n: own.prepared(n, b, shown.shape[1:], classes) for n, b in given.items()}
        # Seeds that are there already are not left out of a shorter comparison.
        there = [run.seed + 1 for run in runs.read(protocol=plan.protocol) if run.model in given]
    for each, model in built.items():
        if each not in own.OURS:
            own.keep(model, folder / "networks")
    plan = replace(plan, seeds=max([seeds, *there]))
    plan.save(folder)
    return plans.of(folder)


def _try_out(plan, executor):
    """Let a process train each network that has runs to come by one step."""
    missing = runs.ROWS.missing(plan.keys, trained.fingerprint)
    names = dict.fromkeys(name for name, *_ in missing)
    tasks = [(name, plan.protocol) for name in names]
    for trial in [executor.submit(call_at, here(), own.try_out, *task) for task in tasks]:
        trial.result()


def _last_line():
    """Return a function that shows a line, in a notebook, in place of the one before."""
    from IPython.display import Markdown, display

    shown = display(Markdown(""), display_id=True)
    return lambda line: shown.update(Markdown(line))


def _keep_trained(plan, folder, executor):
    """Write the networks of seed 0, trained, into the folder as NAME.keras."""
    first = [key for key in plan.keys if key[2] == 0 and key[0] not in own.OURS]
    for (name, *_), path in trained.weights(first, executor=executor).items():
        model = keras.models.clone_model(networks.build(name))  # without an optimizer
        training.set_weights(model, path)
        own.keep(model, folder)
