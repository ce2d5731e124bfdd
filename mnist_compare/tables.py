"""From records to the tables of the report and to the numbers in its sentences.

The published values are those of the source report (2025), chapter 5.1; they are kept in
``published.csv``. Everything else is computed from the runs.
"""

import csv
import re
from collections import defaultdict
from importlib import metadata
from itertools import chain, combinations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from mnist_compare import data, intervals, metrics, runs
from mnist_compare.runs import MODELS

QUANTITIES = {  # name: (heading, format)
    "train_accuracy": ("Training accuracy", ".2%"),
    "test_accuracy": ("Test accuracy", ".2%"),
    "train_loss": ("Training loss", ".4f"),
    "test_loss": ("Test loss", ".4f"),
    "overfitting_gap": ("Overfitting gap (points)", ".2h"),
    "loss_gap": ("Loss gap", ".4f"),
}


class Number(float):
    """A float that also knows two formats of percentage points.

    A share of 0.0121 is “1.21 points” as ``.2p`` and “1.21” as ``.2h``, in hundredths.
    """

    def __format__(self, specification):
        """Format as a float does, or in points or hundredths, with a true minus sign and no −0."""
        specification = re.sub(r"^([+ -]?)", r"\1z", specification, count=1)
        unit = {"p": " points", "h": ""}.get(specification[-1:])
        if unit is None:
            return super().__format__(specification).replace("-", "−")
        return format(100 * self, specification[:-1] + "f").replace("-", "−") + unit


def measured(protocol="fair", models=MODELS):
    """Return {(model, epoch, quantity): one value per seed, in their order}, of seeds all have."""
    values = defaultdict(list)
    for run in chain(*runs.compared(protocol, models).values()):
        for row in run.rows:
            if row["test_accuracy"] is None:
                continue
            for quantity in QUANTITIES:
                values[run.model, row["epoch"], quantity].append(quantity_of(row, quantity))
    return {key: np.array(value) for key, value in values.items()}


def quantity_of(row, quantity):
    """Return a quantity of ``QUANTITIES`` from the row of a run at a reported epoch."""
    if quantity == "overfitting_gap":
        return metrics.overfitting_gap(row["train_accuracy"], row["test_accuracy"])
    if quantity == "loss_gap":
        return metrics.loss_gap(row["train_loss"], row["test_loss"])
    return row[quantity]


def published():
    """Return {(model, epoch, quantity): value} as printed in the source report's table."""
    with (Path(__file__).parent / "published.csv").open(newline="") as file:
        return {
            (row["model"], int(row["epoch"]), row["quantity"]): float(row["value"])
            for row in csv.DictReader(file)
        }


def numbers():
    """Return every number that a sentence of the report may name.

    ``{model}_{epoch}_{quantity}`` is the mean over the seeds of the fair protocol, with ``_low``,
    ``_high`` and ``_sd`` its lowest and highest run and standard deviation;
    ``source_{model}_{epoch}_{quantity}`` comes from the source report's protocol,
    ``published_{model}_{epoch}_{quantity}`` from its page;
    ``difference_{epoch}_{quantity}`` is CNN − MLP of the same seed, with ``_sd``, ``_wins`` and
    ``_losses``, the number of seeds in which it is above and below 0, and ``_from`` and ``_to``,
    the 95 % confidence interval of its mean by Student's t; ``{model}_change_{quantity}`` is
    epoch 10 − epoch 5, likewise.
    """
    fair, found = measured(), {}
    for (model, epoch, quantity), values in fair.items():
        name = f"{model}_{epoch}_{quantity}"
        found[name] = values.mean()
        found[f"{name}_low"], found[f"{name}_high"] = values.min(), values.max()
        found[f"{name}_sd"] = _sd(values)
    for quantity in QUANTITIES:
        for epoch in runs.REPORTED_EPOCHS:
            difference = fair["cnn", epoch, quantity] - fair["mlp", epoch, quantity]
            _add_difference(found, f"difference_{epoch}_{quantity}", difference)
        for model in MODELS:
            change = fair[model, 10, quantity] - fair[model, 5, quantity]
            _add_difference(found, f"{model}_change_{quantity}", change)
    source = measured("source")
    for (model, epoch, quantity), values in source.items():
        found[f"source_{model}_{epoch}_{quantity}"] = values.mean()
    for (model, epoch, quantity), value in published().items():
        found[f"published_{model}_{epoch}_{quantity}"] = value
    tests = {key: value for key, value in published().items() if key[2] == "test_accuracy"}
    found["replication_largest"] = max(abs(source[key][0] - tests[key]) for key in tests)
    found["replication_within"] = sum(
        bool(fair[key].min() <= tests[key] <= fair[key].max()) for key in tests
    )
    compared = runs.compared()
    for model, fair_runs in compared.items():
        found[f"{model}_seconds"] = seconds_per_epoch(model)
        found[f"{model}_parameters"] = fair_runs[0].rows[0]["parameters"]
        best = [
            metrics.best_epoch([row["validation_loss"] for row in run.rows]) for run in fair_runs
        ]
        found[f"{model}_best_epoch_low"], found[f"{model}_best_epoch_high"] = min(best), max(best)
    found["parameter_ratio"] = found["cnn_parameters"] / found["mlp_parameters"]
    found["seconds_ratio"] = found["cnn_seconds"] / found["mlp_seconds"]
    found["error_ratio"] = (1 - found["cnn_10_test_accuracy"]) / (1 - found["mlp_10_test_accuracy"])
    found["seeds"] = len(compared["mlp"])
    return {k: v if isinstance(v, int) else Number(v) for k, v in found.items()}


def seconds_per_epoch(model):
    """Return the median training seconds of an epoch, without the first, which compiles."""
    return float(
        np.median([row["seconds"] for run in runs.read(model, "fair") for row in run.rows[1:]])
    )


def libraries():
    """Return the table of the libraries, their role and the installed version."""
    roles = {
        "tensorflow": "differentiates and compiles the networks (through Keras)",
        "keras": "layers, losses, optimiser, stored models",
        "numpy": "arrays, metrics",
        "scipy": "connected pieces and centres of mass of drawings",
        "pandas": "tables",
        "pillow": "pictures in and out, resampling",
        "matplotlib": "figures",
        "onnxruntime": "fast predictions without TensorFlow",
        "gradio": "the drawing demo",
        "nbconvert": "from notebooks to pages",
        "pytest": "tests; with nbval, of the notebooks",
    }
    return pd.DataFrame(
        [(name, role, metadata.version(name)) for name, role in roles.items()],
        columns=["Library", "Role", "Version"],
    )


def mnist():
    """Return the table of the facts about MNIST, computed from its arrays."""
    (x_train, y_train), (x_test, _) = data.load_mnist()
    facts = {
        "training digits": f"{len(x_train):,}",
        "test digits": f"{len(x_test):,}",
        "height × width": f"{x_train.shape[1]} × {x_train.shape[2]} = {x_train[0].size} pixels",
        "grey values": f"{x_train.min()} (paper) to {x_train.max()} (ink), {x_train.dtype}",
        "classes": f"{len(np.unique(y_train))}, the digits 0 to 9",
        "array of training digits": f"{x_train.shape}",
        "array of training labels": f"{y_train.shape}",
        "share of pixels without ink": f"{np.mean(x_train == 0):.0%}",
        "mean grey value": f"{x_train.mean():.1f}",
    }
    return pd.DataFrame(facts.items(), columns=["Fact", "Value"])


def environment():
    """Return the table of what the recorded runs were made with."""
    facts = {name: value for name, value in runs.environment().items() if value is not None}
    facts["devices"] = ", ".join(facts["devices"])
    facts["data_sha256"] = facts["data_sha256"][:16] + "…"
    return pd.DataFrame(
        [(name.replace("_", " "), str(value)) for name, value in facts.items()],
        columns=["Name", "Value"],
    )


def epochs(run):
    """Return the table of a run's epochs: running loss and accuracy, and those on validation."""
    return pd.DataFrame(
        {
            "Epoch": [row["epoch"] for row in run.rows],
            "Loss": [f"{row['running_loss']:.4f}" for row in run.rows],
            "Accuracy": [f"{row['running_accuracy']:.2%}" for row in run.rows],
            "Validation loss": [f"{row['validation_loss']:.4f}" for row in run.rows],
            "Validation accuracy": [f"{row['validation_accuracy']:.2%}" for row in run.rows],
        }
    ).set_index("Epoch")


def of_run(run):
    """Return the table of what a run reaches at the epochs after which it was measured."""
    return pd.DataFrame(
        {
            f"{row['epoch']} epochs": {
                heading: _text(quantity_of(row, quantity), form)
                for quantity, (heading, form) in QUANTITIES.items()
            }
            for row in run.measured
        }
    )


def own_results(mlp, cnn):
    """Return the table of a run of each network, and CNN − MLP after the epochs that both have."""
    columns = {}
    for epoch in sorted({row["epoch"] for run in (mlp, cnn) for row in run.measured}):
        of = [{q: v for (_, e, q), v in of_runs(run).items() if e == epoch} for run in (mlp, cnn)]
        for title, values in zip(("MLP", "CNN"), of, strict=True):
            if values:
                texts = {h: _text(values[q], form) for q, (h, form) in QUANTITIES.items()}
                columns[f"{title} {epoch}"] = texts
        if all(of):
            columns[f"CNN − MLP, {epoch}"] = {
                heading: _signed(of[1][quantity] - of[0][quantity], form)
                for quantity, (heading, form) in QUANTITIES.items()
            }
    return pd.DataFrame(columns)


def of_runs(*own):
    """Return {(model, epoch, quantity): value} of runs at the epochs at which they are measured."""
    return {
        (run.model, row["epoch"], quantity): quantity_of(row, quantity)
        for run in own
        for row in run.measured
        for quantity in QUANTITIES
    }


def run_numbers(run):
    """Return the numbers of a run that a sentence may name.

    ``{quantity}`` after its last epoch, ``first_{quantity}`` after the first epoch at which it was
    measured, ``last`` and ``first`` these epochs.
    """
    first, last = run.measured[0], run.measured[-1]
    return {
        **{quantity: Number(quantity_of(last, quantity)) for quantity in QUANTITIES},
        **{f"first_{quantity}": Number(quantity_of(first, quantity)) for quantity in QUANTITIES},
        **{"first": first["epoch"], "last": last["epoch"]},
    }


def among(run, epoch=10):
    """Return where a run's test accuracy stands among those of the recorded runs of its network.

    ``own`` and the ``low``, ``mean`` and ``high`` of the records; ``inside`` their range or not;
    ``seeds``, their number, and ``chance``, how often a run like them falls outside their range.
    """
    recorded = measured(models=(run.model,))[run.model, epoch, "test_accuracy"]
    own = of_runs(run)[run.model, epoch, "test_accuracy"]
    return {
        **{"own": Number(own), "mean": Number(recorded.mean())},
        **{"low": Number(recorded.min()), "high": Number(recorded.max())},
        **{"inside": bool(recorded.min() <= own <= recorded.max()), "seeds": len(recorded)},
        # Of n + 1 like runs each is as likely as another to be the lowest or the highest.
        "chance": Number(2 / (len(recorded) + 1)),
    }


def reported(model):
    """Return the table of a model at the reported epochs: seeds' mean, lowest, highest."""
    fair = measured()
    return pd.DataFrame(
        {
            f"{epoch} epochs": {
                heading: _with_range(fair[model, epoch, quantity], form)
                for quantity, (heading, form) in QUANTITIES.items()
            }
            for epoch in runs.REPORTED_EPOCHS
        }
    )


def results():
    """Return the main table: every quantity of both models at the reported epochs, seeds' means."""
    fair = measured()
    return pd.DataFrame(
        {
            f"{model.upper()} {epoch}": {
                **{
                    heading: _text(fair[model, epoch, quantity].mean(), form)
                    for quantity, (heading, form) in QUANTITIES.items()
                },
                "Seconds per epoch": f"{seconds_per_epoch(model):.1f}",
                "Parameters": f"{runs.read(model, 'fair')[0].rows[0]['parameters']:,}",
            }
            for epoch in runs.REPORTED_EPOCHS
            for model in MODELS
        }
    )


def differences():
    """Return the paired differences, mean ± sd over the seeds: between models, between epochs."""
    fair = measured()
    columns = {
        "CNN − MLP, 5 epochs": (("cnn", 5), ("mlp", 5)),
        "CNN − MLP, 10 epochs": (("cnn", 10), ("mlp", 10)),
        "MLP, 10 − 5 epochs": (("mlp", 10), ("mlp", 5)),
        "CNN, 10 − 5 epochs": (("cnn", 10), ("cnn", 5)),
    }
    return pd.DataFrame(
        {
            column: {
                heading: _with_sd(fair[*one, quantity] - fair[*other, quantity], form)
                for quantity, (heading, form) in QUANTITIES.items()
            }
            for column, (one, other) in columns.items()
        }
    )


def replication():
    """Return published values beside ours under the source's protocol and the fair one."""
    fair, source, page = measured(), measured("source"), published()
    rows = {
        (f"{model.upper()} {epoch}", heading): {
            "Published": _text(page[model, epoch, quantity], form),
            "Ours, its protocol": _text(source[model, epoch, quantity].mean(), form),
            "Ours, fair protocol": _with_range(fair[model, epoch, quantity], form),
        }
        for epoch in runs.REPORTED_EPOCHS
        for model in MODELS
        for quantity, (heading, form) in QUANTITIES.items()
        if (model, epoch, quantity) in page
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    return table.rename_axis(["Model and epochs", "Quantity"]).reset_index()


def per_digit(labels, predictions):
    """Return precision, recall and F1 of each digit, and their means in the last row."""
    table = pd.DataFrame(
        {
            "Precision": metrics.precision(labels, predictions),
            "Recall": metrics.recall(labels, predictions),
            "F1": metrics.f1(labels, predictions),
        }
    )
    table.loc["mean"] = table.mean()
    return table.rename_axis("Digit").map("{:.2%}".format)


def agreement(mlp, cnn, labels):
    """Return how many test digits both models read, only one reads, neither reads, over the seeds.

    ``mlp`` and ``cnn`` are lists of runs of the same seeds, ``labels`` those of the test digits.
    """
    by_seed = pd.DataFrame(
        [
            _agreement(one.predictions[10] == labels, other.predictions[10] == labels)
            for one, other in zip(mlp, cnn, strict=True)
        ]
    )
    table = pd.DataFrame(
        {
            "mean": by_seed.mean().round().astype(int),
            "lowest": by_seed.min(),
            "highest": by_seed.max(),
        }
    )
    return table.map("{:,}".format)


def disagreement(mlp, cnn, labels):
    """Return on how many test digits two models disagree in being right, as means over pairs.

    ``between`` pairs an MLP with the CNN of its seed; ``mlp`` and ``cnn`` pair seeds of one kind.
    """
    right = {
        "mlp": [run.predictions[10] == labels for run in mlp],
        "cnn": [run.predictions[10] == labels for run in cnn],
    }
    pairs = {"between": zip(right["mlp"], right["cnn"], strict=True)}
    pairs |= {model: combinations(right[model], 2) for model in MODELS}
    return {
        name: float(np.mean([(one != other).sum() for one, other in those]))
        for name, those in pairs.items()
    }


def speed(found):
    """Return the table of a ``bench.record()``: median times, and the ratio with its spread."""
    rows = {}
    for name, ratios in speed_ratios(found).items():
        row = found["rows"][name]
        baseline, ours, _ = speed_of(row)
        rows[name] = {
            "Baseline": f"{row['baseline']}: {_duration(np.median(baseline))}",
            "Ours": f"{row['ours']}: {_duration(np.median(ours))}",
            "Times faster": f"{_digits(np.median(ratios))} ({_digits(ratios.min())} to "
            f"{_digits(ratios.max())})",
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("What is done")


def speed_of(row):
    """Return the seconds of the baseline, ours, and their ratios, an array each, of a row."""
    baseline, ours = np.array([pair[:2] for pair in row["pairs"]]).T
    return baseline, ours, baseline / ours


def speed_ratios(found):
    """Return {row: ratios of its pairs}, of every row but the parts of a step."""
    return {
        name: speed_of(row)[2] for name, row in found["rows"].items() if name != "a step of the cnn"
    }


def step_parts(found):
    """Return the table of where a training step of the CNN goes, in milliseconds."""
    parts = found["rows"]["a step of the cnn"]["pairs"]
    return pd.DataFrame(
        [(part, f"{1000 * stock:.2f}", f"{1000 * ours:.2f}") for stock, ours, part in parts],
        columns=["Part", "Stock layers (ms)", "Rearranged (ms)"],
    )


def speed_numbers(found):
    """Return the numbers of the speed record that a sentence may name.

    ``{row}_times`` is the median ratio of a row (underscores stand for what is no letter
    nor digit); ``{model}_share_of_peak`` how much of the speed at matrix products an epoch
    reaches, ``peak`` that speed in 10⁹ operations a second; ``rest_of_step`` the share of a CNN
    step that is neither convolution nor pooling; ``accuracy_{model}_{epochs}`` the mean
    difference in test accuracy, ours − plain Keras, in the experiment, with ``_p`` of a paired
    t-test.
    """
    numbers = {}
    for name, row in found["rows"].items():
        _, ours, ratios = speed_of(row)
        numbers[re.sub(r"\W+", "_", name) + "_times"] = Number(np.median(ratios))
        if "operations" in row:
            share = row["operations"] / np.median(ours) / row["peak"]
            numbers[f"{name.split()[0]}_share_of_peak"] = Number(share)
            numbers["peak"] = Number(row["peak"] / 1e9)
    parts = {part: ours for _, ours, part in found["rows"]["a step of the cnn"]["pairs"]}
    arranged = parts["convolution, ReLU, pooling"] / sum(parts.values())
    numbers["rest_of_step"] = Number(1 - arranged)
    accuracies = [pair[2] for pair in found["rows"]["experiment"]["pairs"]]
    for key in accuracies[0]["ours"]:
        ours, plain = (
            np.array([pair[side][key] for pair in accuracies]) for side in ("ours", "plain")
        )
        numbers[f"accuracy_{key}"] = Number((ours - plain).mean())
        numbers[f"accuracy_{key}_p"] = Number(stats.ttest_rel(ours, plain).pvalue)
    return numbers


def _duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3)):
        if seconds >= size:
            return f"{_digits(seconds / size)} {unit}"
    return f"{_digits(seconds / 1e-6)} µs"


def _digits(value):
    """Format with two significant digits, or as an integer where it has more."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _agreement(mlp, cnn):
    return {
        "both": (mlp & cnn).sum(),
        "only the CNN": (~mlp & cnn).sum(),
        "only the MLP": (mlp & ~cnn).sum(),
        "neither": (~mlp & ~cnn).sum(),
    }


def _sd(values):
    return values.std(ddof=1) if len(values) > 1 else float("nan")


def _add_difference(found, name, values):
    found[name], found[f"{name}_sd"] = values.mean(), _sd(values)
    found[f"{name}_wins"] = int((values > 0).sum())
    found[f"{name}_losses"] = int((values < 0).sum())
    found[f"{name}_from"], found[f"{name}_to"] = intervals.of_mean(values)


def _text(value, form):
    return format(Number(value), form)


def _with_range(values, form):
    return (
        f"{_text(values.mean(), form)} ({_text(values.min(), form)} to {_text(values.max(), form)})"
    )


def _with_sd(values, form):
    return f"{_signed(values.mean(), form)} ± {_text(_sd(values), form.replace('%', 'h'))}"


def _signed(difference, form):
    """Differences of percentages are in points, so the per cent sign goes."""
    return ("+" if difference > 0 else "") + _text(difference, form.replace("%", "h"))
