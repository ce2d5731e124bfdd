"""Compare networks of one's own with others: train them side by side, measure and report."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from joblib import Parallel, delayed, parallel_config

from mnist_compare.data_files import DATA_SETS
from mnist_compare.findings import robustness
from mnist_compare.lazy_keras import keras
from mnist_compare.own import builders, plans, report, shown
from mnist_compare.own.checks import check_names
from mnist_compare.own.plans import Plan
from mnist_compare.records import data_sets, networks, runs
from mnist_compare.records.networks import NETWORKS
from mnist_compare.records.place import at, call_at, here
from mnist_compare.records.progress import say
from mnist_compare.report.words import spoken
from mnist_compare.report.words.sentences import Names, Sentence
from mnist_compare.study import fitting, trained
from mnist_compare.study.trained import FEW, check_seeds

FEW_SEEDS = Sentence("Fewer than {few} seeds say little; 10, the default, say more.", few=FEW)


def compare(
    models: Mapping[str, Callable | str],
    data: str | Path = "mnist",
    epochs: int = 10,
    seeds: int = 10,
    out: str | Path | None = None,
    workers: int | None = None,
) -> Path:
    """Train networks by the fair protocol, compare them, and return the folder of the result.

    ``models`` maps names to functions that build a Keras model, to models, or to names of this
    project's networks; ``data`` is ``"mnist"``, ``"fashion_mnist"`` or the path of an .npz file, as
    ``own.pictures.data_set()`` takes it. Each network is trained anew from each of ``seeds`` seeds;
    for a seed, all see the same pictures in the same order. The folder ``out``, by default named
    after the networks, gets records, figures, the trained networks of seed 0, and a report as a
    page; the same call goes on where it was stopped. Training takes ``workers`` processes, by
    default one a core. Raises ValueError for what cannot be trained or read.
    """
    if not isinstance(models, dict) or not all(isinstance(name, str) for name in models):
        raise ValueError('Give the networks by name: {"mine": build_mine, "cnn": "cnn"}.')
    check_names([*models])
    named = Path(out or "-".join(models))
    folder = named.resolve()
    plan, place = _planned(models, data, epochs, seeds, folder)
    warnings = [FEW_SEEDS] if plan.seeds < FEW else []
    for sentence in warnings:
        say(sentence)
    with at(place), parallel_config(n_jobs=workers or -1):
        _train_and_measure(plan, folder)
    say("Writing the report.")
    report.build(folder)
    result = "`{folder}` holds the records of {runs} runs, and report.html says what they show."
    _say_result(folder, [*warnings, Sentence(result, folder=named, runs=len(plan.keys))])
    return folder


def _train_and_measure(plan, folder):
    _try_out(plan)
    trained.train_missing(plan.keys)
    _save_trained(plan, folder)
    if plan.data == "mnist":
        robustness.measure_missing([key for key in plan.keys if key[2] < FEW])


def _say_result(folder, sentences):
    if not spoken.in_a_notebook():
        print("\n\n".join([*shown.sentences(folder), *sentences]).replace("*", ""))
        return
    from IPython.display import clear_output

    clear_output()
    spoken.say("{said: }", said=Names(sentences))  # a cell of its own says the verdict


def _planned(models, data_name, epochs, seeds, folder):
    """Check all that can be checked before training; keep plan and networks in the folder."""
    if not all(isinstance(count, int) for count in (epochs, seeds)) or epochs < 1 or seeds < 2:
        raise ValueError("A comparison needs at least 1 epoch and 2 seeds, as whole numbers.")
    check_seeds(seeds)
    if not isinstance(data_name, str | Path) or not str(data_name):
        raise ValueError('data is "mnist", "fashion_mnist" or the path of an .npz file.')
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{folder} is a file; name another folder.")
    if str(data_name) not in DATA_SETS:
        data_name = Path(data_name).resolve()
    plan = Plan(tuple(models), str(data_name), epochs, seeds)
    with at(plan.place(folder, {})):
        (pictures, _), _ = data_sets.load_named(plan.protocol.data)
        classes = len(data_sets.data_set_named(plan.protocol.data).classes)
        # All are looked at before the first is written.
        built = {
            name: builders.prepared(name, builder, pictures.shape[1:], classes)
            for name, builder in models.items()
        }
        # Seeds that are recorded already are not left out of a shorter comparison.
        recorded = [run for run in runs.read(protocol=plan.protocol) if run.model in models]
    for name, model in built.items():
        if name not in NETWORKS:
            builders.save(model, folder / "networks")
    plan = replace(plan, seeds=max([seeds, *(run.seed + 1 for run in recorded)]))
    plan.save(folder)
    return plans.read_folder(folder)


def _try_out(plan):
    """Let a process train each network that has runs to come by one step."""
    missing = runs.ROWS.missing(plan.keys, trained.fingerprint)
    names = dict.fromkeys(name for name, *_ in missing)
    task = here(), builders.try_out
    Parallel()(delayed(call_at)(*task, name, plan.protocol) for name in names)


def _save_trained(plan, folder):
    """Write the networks of seed 0, trained, into the folder as NAME.keras."""
    first = [key for key in plan.keys if key[2] == 0 and key[0] not in NETWORKS]
    for (name, *_), path in trained.weights(first).items():
        model = keras.models.clone_model(networks.build(name))  # without an optimizer
        fitting.set_weights(model, path)
        builders.save(model, folder)
