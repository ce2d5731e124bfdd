"""From many runs to the tables of the chapter on evidence and the numbers in its sentences.

Seeds are paired: runs of one seed start from the same random numbers and see the same digits in
the same order, whatever the model. Only seeds that both sides have are compared.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mnist_compare import data, intervals, metrics, runs, tables
from mnist_compare.runs import MODELS, REPORTED_EPOCHS, SAMPLES
from mnist_compare.tables import Number

SHOWN = ("train_accuracy", "test_accuracy", "train_loss", "test_loss", "overfitting_gap")
TITLES = {  # by the widths of hidden layers; of a CNN, filters and hidden units
    "mlp": "MLP",
    "cnn": "CNN",
    "mlp_682": "MLP 682",
    "cnn_14_43": "CNN 14/43",
    "mlp_256": "MLP 256",
    "mlp_512_256": "MLP 512/256",
}


PAIRS = {  # of networks: what is compared
    "as they come": ("cnn", "mlp"),
    "equal parameters, large": ("cnn", "mlp_682"),
    "equal parameters, small": ("cnn_14_43", "mlp"),
    "about equal operations": ("cnn_14_43", "mlp_256"),
    "about equal seconds": ("cnn_14_43", "mlp_512_256"),
    "the MLP, widened": ("mlp_682", "mlp"),
}


@dataclass(frozen=True)
class Difference:
    """Paired differences, one per seed, of a quantity, and their 95 % interval by Student's t."""

    values: np.ndarray

    @property
    def mean(self):
        """Return the mean over the seeds."""
        return float(self.values.mean())

    @property
    def interval(self):
        """Return (low, high)."""
        return intervals.of_mean(self.values)


def values(model, epoch, quantity, protocol="fair"):
    """Return {seed: value} of a quantity of ``tables.QUANTITIES`` after an epoch."""
    found = {}
    for run in runs.read(model, protocol):
        row = next(row for row in run.rows if row["epoch"] == epoch)
        found[run.seed] = tables.quantity_of(row, quantity)
    return found


def difference(one, other, quantity="test_accuracy", seeds=None):
    """Return the ``Difference`` one − other; each is (model, epoch) or (model, epoch, protocol).

    Of the given seeds only, if any are given.
    """
    first, second = (
        values(model, epoch, quantity, *protocol) for model, epoch, *protocol in (one, other)
    )
    both = [seed for seed in first if seed in second and (seeds is None or seed in seeds)]
    return Difference(np.array([first[seed] - second[seed] for seed in both]))


def cells():
    """Return every cell of the 5/10-epoch table: mean ± standard deviation, and 95 % interval."""
    rows = []
    for quantity in SHOWN:
        heading, form = tables.QUANTITIES[quantity]
        unit = form if form.endswith("f") else "h"
        heading += " (%)" if form.endswith("%") else ""
        for epoch in REPORTED_EPOCHS:
            for model in MODELS:
                found = tables.measured()[model, epoch, quantity]
                rows.append(
                    {
                        "Quantity": heading,
                        "Network": f"{model.upper()}",
                        "Epochs": f"{epoch}",
                        "Mean ± sd": _with_sd(found, unit),
                        "95 % interval": _interval(intervals.of_mean(found), unit),
                    }
                )
    return pd.DataFrame(rows)


def paired():
    """Return CNN − MLP of the same seed: mean, standard deviation, interval, seeds ahead."""
    return _differences(
        {
            (tables.QUANTITIES[quantity][0], f"{epoch}"): (("cnn", epoch), ("mlp", epoch), quantity)
            for quantity in SHOWN
            for epoch in REPORTED_EPOCHS
        },
        "Epochs",
    )


def longer():
    """Return epoch 10 − epoch 5 of the same run: mean, standard deviation, interval, seeds up."""
    return _differences(
        {
            (tables.QUANTITIES[quantity][0], model.upper()): ((model, 10), (model, 5), quantity)
            for quantity in SHOWN
            for model in MODELS
        },
        "Model",
    )


def sources_of_chance(labels):
    """Return the intervals of CNN − MLP in test accuracy by what is taken as drawn by chance.

    Seeds, test digits, or both; ``labels`` are those of the test digits.
    """
    rows = {}
    for epoch in REPORTED_EPOCHS:
        found = right(labels, "cnn", epoch).astype(int) - right(labels, "mlp", epoch)
        row = {"Mean": f"{Number(found.mean()):.2h}"}
        for name, over in (
            ("Seeds", ("rows",)),
            ("Test digits", ("columns",)),
            ("Both", ("rows", "columns")),
        ):
            row[name] = _interval(intervals.bootstrap(found, over), "h")
        rows[f"{epoch} epochs"] = row
    return pd.DataFrame.from_dict(rows, orient="index")


def right(labels, model, epoch):
    """Return which test digits each seed's run reads: (seeds, 10000) booleans."""
    return np.stack([run.predictions[epoch] == labels for run in runs.compared()[model]])


def mcnemar(labels):
    """Return, by epoch, how many digits only one model reads, and McNemar's test of each pair."""
    rows = {}
    for epoch in REPORTED_EPOCHS:
        mlp, cnn = right(labels, "mlp", epoch), right(labels, "cnn", epoch)
        only_cnn, only_mlp = (cnn & ~mlp).sum(axis=1), (mlp & ~cnn).sum(axis=1)
        p = np.array([intervals.mcnemar(*pair) for pair in zip(only_cnn, only_mlp, strict=True)])
        rows[f"{epoch} epochs"] = {
            "Only the CNN reads": _range(only_cnn),
            "Only the MLP reads": _range(only_mlp),
            "Neither reads": _range((~mlp & ~cnn).sum(axis=1)),
            "Largest p": f"{p.max():.1g}",
            "Pairs with p < 0.05": f"{(p < intervals.LEVEL).sum()} of {len(p)}",
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def power():
    """Return how many seeds it takes to see the differences with 95 % power."""
    rows = {}
    for name, found in _questions().items():
        needed = intervals.seeds_needed(found.values)
        rows[name] = {
            "Mean": f"{Number(found.mean):.2h}",
            "Standard deviation": f"{Number(found.values.std(ddof=1)):.2h}",
            "Effect size": f"{Number(found.mean / found.values.std(ddof=1)):.2f}",
            "Seeds needed": f"{needed:,}" if needed else "over 100,000",
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Difference")


def calibration(labels):
    """Return accuracy, mean confidence, of all and of wrong answers, and calibration error."""
    rows = {}
    for model in MODELS:
        for epoch in REPORTED_EPOCHS:
            found = runs.compared()[model]
            errors = calibration_errors(labels, model, epoch)
            sure = np.array([run.confidences[epoch].mean() for run in found])
            rows[f"{model.upper()} {epoch}"] = {
                "Accuracy": f"{right(labels, model, epoch).mean():.2%}",
                "Mean confidence": f"{sure.mean():.2%}",
                "where wrong": f"{confidence_when_wrong(labels, model, epoch).mean():.1%}",
                "Calibration error (points)": _with_sd(errors, "h"),
            }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Model and epochs")


def calibration_errors(labels, model, epoch):
    """Return the expected calibration error of each seed's run on the test digits: (seeds,)."""
    return np.array(
        [
            metrics.calibration_error(run.confidences[epoch], run.predictions[epoch] == labels)
            for run in runs.compared()[model]
        ]
    )


def confidence_when_wrong(labels, model, epoch):
    """Return the mean confidence of each seed's wrong answers on the test digits: (seeds,)."""
    return np.array(
        [
            run.confidences[epoch][run.predictions[epoch] != labels].mean()
            for run in runs.compared()[model]
        ]
    )


def sizes(operations):
    """Return parameters, cost and test accuracy after ten epochs of every size of network.

    ``operations`` maps each model to the multiplications and additions of training on a digit.
    """
    rows = {}
    for model in _by_size():
        point = points(model)
        low, high = intervals.of_mean(point["accuracy"])
        rows[TITLES[model]] = {
            "Parameters": f"{point['parameters']:,}",
            "Operations a digit": f"{operations[model] / 1e6:.2f} million",
            "Seconds an epoch": f"{point['seconds']:.1f}",
            "Test accuracy": f"{point['accuracy'].mean():.2%} [{100 * low:.2f}, {100 * high:.2f}]",
            "Seeds": f"{len(point['accuracy'])}",
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Network")


def points(model, epoch=10):
    """Return a model's parameters, median seconds an epoch and test accuracies (seeds,).

    Of the seeds that every model has, so that the models are compared on equal terms.
    """
    found = runs.compared(models=TITLES)[model]
    accuracy = values(model, epoch, "test_accuracy")
    return {
        "parameters": found[0].rows[0]["parameters"],
        "seconds": float(np.median([row["seconds"] for run in found for row in run.rows[1:]])),
        "accuracy": np.array([accuracy[run.seed] for run in found]),
    }


def matched():
    """Return differences in test accuracy after ten epochs, as they come and at equal size or cost.

    Of the seeds that every network has.
    """
    seeds, rows = _common_seeds(), []
    for name, (one, other) in PAIRS.items():
        found = difference((one, 10), (other, 10), seeds=seeds)
        row = {"Compared": name, "Difference": f"{TITLES[one]} − {TITLES[other]}"}
        rows.append(row | _summary(found, "h"))
    return pd.DataFrame(rows)


def samples():
    """Return {model: {training digits: test accuracies (seeds,)}} after ten epochs.

    Of the seeds that every number of digits has.
    """
    protocols = {**{count: name for name, count in SAMPLES.items()}, data.TRAINING_DIGITS: "fair"}
    found = {
        (model, count): values(model, 10, "test_accuracy", protocol)
        for model in MODELS
        for count, protocol in protocols.items()
        if runs.read(model, protocol)
    }
    seeds = sorted(set.intersection(*map(set, found.values())))
    return {
        model: {
            count: np.array([of_seed[seed] for seed in seeds])
            for (name, count), of_seed in found.items()
            if name == model
        }
        for model in MODELS
    }


def sample_table():
    """Return the test accuracy of both models by the number of training digits."""
    found, rows = samples(), {}
    for count in found["mlp"]:
        mlp, cnn = found["mlp"][count], found["cnn"][count]
        rows[f"{count:,}"] = {
            "MLP": f"{mlp.mean():.2%}",
            "CNN": f"{cnn.mean():.2%}",
            "CNN − MLP (points)": f"{Number((cnn - mlp).mean()):.2h} "
            f"{_interval(intervals.of_mean(cnn - mlp), 'h')}",
            "Error, CNN to MLP": f"{(1 - cnn.mean()) / (1 - mlp.mean()):.2f}",
            "Seeds": f"{len(mlp)}",
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Training digits")


def by_seed(model, epoch=10):
    """Return the test accuracy of every seed that both models have: (seeds,)."""
    return tables.measured()[model, epoch, "test_accuracy"]


def reliability(labels):
    """Return {(model, epoch): one ``metrics.reliability()`` per seed}."""
    return {
        (model, epoch): [
            metrics.reliability(run.confidences[epoch], run.predictions[epoch] == labels)
            for run in runs.compared()[model]
        ]
        for model in MODELS
        for epoch in REPORTED_EPOCHS
    }


def costs(operations):
    """Return what ``figures.cost`` draws, the smallest network first."""
    found = {}
    for model in _by_size():
        point = points(model)
        found[TITLES[model]] = point | {
            "model": model,
            "operations": operations[model],
            "interval": intervals.of_mean(point["accuracy"]),
        }
    return found


def longer_in_words():
    """Return what becomes of accuracy and loss from five to ten epochs, as the records have it."""
    sentences = []
    for model in MODELS:
        accuracy = difference((model, 10), (model, 5)).interval
        loss = difference((model, 10), (model, 5), "test_loss").interval
        name = {"mlp": "perceptron", "cnn": "convolutional network"}[model]
        change = (
            f"{{{model}_longer_mean:.2p}}, interval {{{model}_longer_low:.2h}} to "
            f"{{{model}_longer_high:.2h}}"
        )
        sentences.append(
            intervals.by_verdict(
                accuracy,
                f"Five more epochs help the {name} to read more test digits ({change})",
                f"Five more epochs make the {name} read fewer test digits ({change})",
                f"Whether five more epochs help the {name} to read more test digits is not "
                f"decided ({change})",
            )
            + intervals.by_verdict(
                loss,
                ", while its test loss rises.",
                ", and its test loss falls.",
                "; whether its test loss rises or falls is not decided.",
            )
        )
    return " ".join(sentences)


def calibration_in_words(labels):
    """Return how calibration and the confidence of mistakes change, as the records have it."""
    errors = {(m, e): calibration_errors(labels, m, e) for m in MODELS for e in REPORTED_EPOCHS}
    sentences = []
    for model in MODELS:
        error = intervals.of_mean(errors[model, 10] - errors[model, 5])
        wrong = intervals.of_mean(
            confidence_when_wrong(labels, model, 10) - confidence_when_wrong(labels, model, 5)
        )
        change = intervals.by_verdict(error, "grows", "shrinks", "does not clearly change")
        surer = intervals.by_verdict(wrong, "surer", "less sure", "neither surer nor less sure")
        sentences.append(
            f"From five to ten epochs the {model.upper()}'s calibration error {change} "
            f"({{{model}_5_calibration:.2p}} to {{{model}_10_calibration:.2p}}), and it grows "
            f"{surer} of its mistakes."
        )
    for epoch in REPORTED_EPOCHS:
        found = errors["cnn", epoch] - errors["mlp", epoch]
        low, high = map(Number, intervals.of_mean(found))
        worse = intervals.by_verdict(
            (low, high), "the worse", "the better", "neither better nor worse"
        )
        sentences.append(
            f"After {epoch} epochs the CNN is {worse} calibrated "
            f"({Number(found.mean()):.2p}, {low:.2h} to {high:.2h})."
        )
    return " ".join(sentences)


def sizes_in_words():
    """Return what the pairs of equal size say, as the records have it."""
    named, sentences = _named(), []
    for name, size in (("equal_large", "of the larger size"), ("equal_small", "of the smaller")):
        found = named[name]
        sentences.append(
            intervals.by_verdict(
                found.interval,
                f"At equal parameters {size} the convolutional network reads more digits than "
                "the perceptron",
                f"At equal parameters {size} the perceptron reads more digits than the "
                "convolutional network",
                f"At equal parameters {size} neither network is clearly ahead",
            )
            + f" ({{{name}_mean:.2p}}, interval {{{name}_low:.2h}} to "
            f"{{{name}_high:.2h}}, {{matched_seeds}} seeds)."
        )
    for name, cost in (("equal_operations", "operations"), ("equal_seconds", "time")):
        sentences.append(
            intervals.by_verdict(
                named[name].interval,
                f"At about equal {cost} the convolutional network reads more",
                f"At about equal {cost} the perceptron reads more",
                f"At about equal {cost} neither is clearly ahead",
            )
            + f" ({{{name}_mean:.2p}}, {{{name}_low:.2h}} to {{{name}_high:.2h}})."
        )
    wider = named["wider_mlp"]
    sentences.append(
        "Widening the perceptron alone "
        + intervals.by_verdict(wider.interval, "helps it", "harms it", "does not clearly help it")
        + " ({wider_mlp_mean:.2p}, {wider_mlp_low:.2h} to {wider_mlp_high:.2h}); single runs of "
        "the wide one read from {wider_mlp_lowest:.2%} to {wider_mlp_highest:.2%}."
    )
    return " ".join(sentences)


def numbers(labels):
    """Return every number that a sentence of the chapter may name.

    ``tables.numbers()``, and: ``{question}_mean``, ``_low``, ``_high``, ``_needed`` of the
    differences called accuracy_5, accuracy_10, gap_5, gap_10, mlp_longer, cnn_longer, equal_large,
    equal_small, equal_operations, equal_seconds and wider_mlp; ``wider_mlp_lowest`` and
    ``_highest``, single runs of the wide MLP;
    ``{model}_{epoch}_calibration``; ``only_cnn`` and ``only_mlp``, the digits after ten epochs that
    only the one reads, mean over the seeds; ``evidence_seeds`` and ``matched_seeds``;
    ``few_{model}`` and ``all_{model}``, the accuracies on the fewest and on all training digits,
    ``few_ratio`` and ``all_ratio``, the CNN's errors to the MLP's there; ``pairing``, the
    correlation of both models' accuracies over the seeds; ``{model}_{epoch}_error_ratio``, test
    errors to training errors.
    """
    found = tables.numbers()
    for name, difference in _named().items():
        found[f"{name}_mean"] = difference.mean
        found[f"{name}_low"], found[f"{name}_high"] = difference.interval
        found[f"{name}_n"] = len(difference.values)
        found[f"{name}_needed"] = intervals.seeds_needed(difference.values) or intervals.MOST_SEEDS
    for model in MODELS:
        for epoch in REPORTED_EPOCHS:
            errors = calibration_errors(labels, model, epoch)
            found[f"{model}_{epoch}_calibration"] = errors.mean()
            test, train = (found[f"{model}_{epoch}_{name}_accuracy"] for name in ("test", "train"))
            found[f"{model}_{epoch}_error_ratio"] = (1 - test) / (1 - train)
    found["pairing"] = np.corrcoef(by_seed("mlp"), by_seed("cnn"))[0, 1]
    mlp, cnn = right(labels, "mlp", 10), right(labels, "cnn", 10)
    found["only_cnn"] = (cnn & ~mlp).sum(axis=1).mean()
    found["only_mlp"] = (mlp & ~cnn).sum(axis=1).mean()
    found["evidence_seeds"] = len(mlp)
    found["matched_seeds"] = len(points("mlp")["accuracy"])
    wide = points("mlp_682")["accuracy"]
    found["wider_mlp_lowest"], found["wider_mlp_highest"] = wide.min(), wide.max()
    for model, by_count in samples().items():
        found[f"few_{model}"], found[f"all_{model}"] = (
            by_count[count].mean() for count in (min(by_count), max(by_count))
        )
    found["few_ratio"] = (1 - found["few_cnn"]) / (1 - found["few_mlp"])
    found["all_ratio"] = (1 - found["all_cnn"]) / (1 - found["all_mlp"])
    return {k: v if isinstance(v, int) else Number(v) for k, v in found.items()}


def _common_seeds():
    return {run.seed for run in runs.compared(models=TITLES)["mlp"]}


def _by_size():
    return sorted(TITLES, key=lambda model: points(model)["parameters"])


def _named():
    return {
        **{f"accuracy_{e}": difference(("cnn", e), ("mlp", e)) for e in REPORTED_EPOCHS},
        **{
            f"gap_{e}": difference(("mlp", e), ("cnn", e), "overfitting_gap")
            for e in REPORTED_EPOCHS
        },
        **{f"{model}_longer": difference((model, 10), (model, 5)) for model in MODELS},
        **{
            name: difference(*((model, 10) for model in PAIRS[pair]), seeds=_common_seeds())
            for name, pair in (
                ("equal_large", "equal parameters, large"),
                ("equal_small", "equal parameters, small"),
                ("equal_operations", "about equal operations"),
                ("equal_seconds", "about equal seconds"),
                ("wider_mlp", "the MLP, widened"),
            )
        },
    }


def _questions():
    named = _named()
    return {
        "Test accuracy, CNN − MLP, 5 epochs": named["accuracy_5"],
        "Test accuracy, CNN − MLP, 10 epochs": named["accuracy_10"],
        "Overfitting gap, MLP − CNN, 5 epochs": named["gap_5"],
        "Overfitting gap, MLP − CNN, 10 epochs": named["gap_10"],
        "Test accuracy of the MLP, 10 − 5 epochs": named["mlp_longer"],
        "Test accuracy of the CNN, 10 − 5 epochs": named["cnn_longer"],
    }


def _differences(wanted, second):
    rows = []
    for (first, name), (one, other, quantity) in wanted.items():
        found, form = difference(one, other, quantity), tables.QUANTITIES[quantity][1]
        unit = form if form.endswith("f") else "h"
        rows.append({"Difference": first, second: name} | _summary(found, unit))
    return pd.DataFrame(rows)


def _summary(found, unit):
    return {
        "Mean ± sd": _with_sd(found.values, unit),
        "95 % interval": _interval(found.interval, unit),
        "Above 0": f"{(found.values > 0).sum()} of {len(found.values)}",
    }


def _with_sd(values, unit):
    digits = ".4f" if unit.endswith("f") else ".2h"
    return f"{Number(values.mean()):{digits}} ± {Number(values.std(ddof=1)):{digits}}"


def _interval(interval, unit):
    digits = ".4f" if unit.endswith("f") else ".2h"
    low, high = interval
    return f"[{Number(low):{digits}}, {Number(high):{digits}}]"


def _range(counts):
    return f"{counts.mean():.0f} ({counts.min()} to {counts.max()})"
