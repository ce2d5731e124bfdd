"""The names that the prose of each chapter may use for numbers: what stamps are filled from."""

from functools import cache
from types import SimpleNamespace

import numpy as np

from mnist_compare import data
from mnist_compare.protocols import CLOTHES, FAIR
from mnist_compare.records import runs
from mnist_compare.records import timings as timed
from mnist_compare.report.chapters import (
    claims,
    clothes,
    comparison,
    drawings,
    evidence,
    nearness,
    one_run,
    others,
    reader,
    robustness,
    speed,
)
from mnist_compare.statistics import Number
from mnist_compare.study import rates
from mnist_compare.study.changed_digits import BY_WRITER
from mnist_compare.study.changed_digits import RECORD as CHANGED
from mnist_compare.study.fashion import LABELS
from mnist_compare.study.pendigits import COUNTS
from mnist_compare.study.steps import RECORD as STEPS


def of(name):
    """Return {name: number} of the notebook called ``name``, such as ``05_comparison``.

    Empty for a notebook whose prose has no numbers of its own.
    """
    return NAMESPACES[name]() if name in NAMESPACES else {}


def _data():
    (_, y_train), (_, y_test) = data.load("mnist")
    common = int(np.bincount(y_train).argmax())
    right = int(np.sum(y_test == common))
    guessing = {"test_digits": len(y_test), "common": common, "right": right}
    guessing |= {"share": right / len(y_test), "train": len(y_train), "test": len(y_test)}
    found = _comparison() | _nearness() | reader.beside_the_cnn() | guessing
    return found | runs.environment() | {"chance": float(np.log(10))}


def _mlp():
    return one_run.of_records("mlp")


@cache
def _comparison():
    disagreement = comparison.disagreement(*runs.compared().values(), _labels())
    numbers = comparison.numbers() | speed.numbers(timed.read()["rows"]) | _evidence()
    return numbers | {"disagreement": SimpleNamespace(**disagreement)}


@cache
def _evidence():
    return evidence.numbers()


@cache
def _robustness():
    changed, counts = runs.measured(CHANGED, FAIR), runs.measured(COUNTS)
    found = robustness.numbers(changed) | drawings.numbers(counts) | claims.numbers(_claims())
    leads = _claims().estimate
    found |= {"lead_crop": leads.drawings, "lead_center": leads.centred_drawings}
    found |= robustness.verdicts(_changes()) | {"lead_under": _changes().digits}
    found |= {"lead_on_clothes": _changes().clothes}
    of_digits, _ = _changed()
    found |= robustness.on_other_scales(of_digits, _changes())
    found |= {"lead_at": robustness.by_level(of_digits)}
    found |= {"operations_ratio": _comparison()["operations_ratio"]}
    found |= {"margin": Number(claims.MARGIN)}
    errors = _evidence()
    return found | {name: errors[name] for name in ("mlp_10_error_ratio", "cnn_10_error_ratio")}


@cache
def _nearness():
    found = nearness.numbers() | others.numbers() | _evidence() | _robustness()
    found |= clothes.verdicts(_on_both()) | {"rates": rates.FIRST}
    return found | {"digits": _claims().estimate, "clothes": _claims().clothes}


@cache
def _reader():
    return reader.numbers(runs.measured(STEPS), runs.measured(COUNTS), _labels())


def _clothes():
    labels = LABELS.read().label.to_numpy()
    found = {model: clothes.network(model, labels) for model in ("mlp", "cnn")}
    found |= clothes.ratios(found) | clothes.verdicts(_on_both())
    return found | {"digits": _claims().estimate, "clothes": _claims().clothes}


def _conclusion():
    return _comparison() | _nearness() | reader.beside_the_cnn()


def _speed():
    return speed.numbers(timed.read()["rows"])


def _class():
    rows = timed.read()["rows"]
    return {
        name: 10 * np.median(rows[f"{name} epoch"]["pairs"], axis=0)[1] for name in ("mlp", "cnn")
    }


def _labels():
    return data.load("mnist")[1][1]


@cache
def _claims():
    return claims.examined(*_changed(), runs.measured(COUNTS))


@cache
def _changes():
    return robustness.questions(*_changed())


def _changed():
    return runs.measured(BY_WRITER, FAIR), runs.measured(BY_WRITER, CLOTHES)


@cache
def _on_both():
    return clothes.on_both(_claims(), _changes())


NAMESPACES = {
    "01_data": _data,
    "02_mlp": _mlp,
    "05_comparison": _comparison,
    "06_nearness": _nearness,
    "07_conclusion": _conclusion,
    "08_evidence": lambda: _nearness() | runs.amount(),
    "09_robustness": _robustness,
    "10_reader": _reader,
    "11_clothes": _clothes,
    "12_other_digits": _nearness,
    "14_speed": _speed,
    "16_class": _class,
}
