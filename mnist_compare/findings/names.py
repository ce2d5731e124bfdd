"""The names that stamps may use: from which function of which chapter each number comes.

A stamp ``{mlp.test_accuracy[10]:.2%}`` in a notebook asks for ``mlp``, which is looked up here.
"""

from functools import cache

import numpy as np

from mnist_compare.findings import (
    claims,
    comparison,
    dataset,
    drawings,
    estimates,
    evidence,
    nearness,
    one_run,
    others,
    reader,
    robustness,
)
from mnist_compare.findings.drawings import COUNTS
from mnist_compare.findings.robustness import BY_WRITER, RECORD
from mnist_compare.records import runs
from mnist_compare.records.networks import COMPARED, NETWORKS, build
from mnist_compare.records.protocols import SOURCE
from mnist_compare.study import rates
from mnist_compare.study.operations import training_operations


@cache
def _claims():
    return claims.examined(_changed(), _pens())


@cache
def _changes():
    return robustness.questions(_changed())


@cache
def _changed():
    return runs.measured(BY_WRITER)


@cache
def _pens():
    return runs.measured(COUNTS)


SOURCES = {
    # the data, and what the runs were made with
    "mnist": dataset.guessing,
    "chance": lambda: float(np.log(10)),
    "made_with": runs.environment,
    "amount": runs.amount,
    "parameters": lambda: {name: network.parameters for name, network in NETWORKS.items()},
    "operations": lambda: {name: training_operations(build(name)) for name in COMPARED},
    # the comparison
    "mlp": lambda: estimates.network("mlp"),
    "cnn": lambda: estimates.network("cnn"),
    "lead": estimates.lead,
    "seeds": lambda: len(runs.compared()["mlp"]),
    "best_epoch": lambda: one_run.best_epoch("mlp"),
    "source_mlp": lambda: estimates.network("mlp", SOURCE),
    "source_cnn": lambda: estimates.network("cnn", SOURCE),
    "printed_mlp": lambda: comparison.as_published("mlp"),
    "printed_cnn": lambda: comparison.as_published("cnn"),
    "replicated": comparison.replicated,
    "disagreement": comparison.disagreement,
    # the evidence
    "longer_mlp": lambda: evidence.longer("mlp"),
    "longer_cnn": lambda: evidence.longer("cnn"),
    "mcnemar": evidence.mcnemar,
    "mlp_682": lambda: evidence.alone("mlp_682"),
    "wider_mlp": lambda: evidence.lead("mlp_682", "mlp"),
    "errors_of_the_mlp": evidence.errors_of_the_mlp,
    "ahead_at_equal_size": evidence.ahead_at_equal_size,
    # what nearness is worth
    "nearness": nearness.by_recipe,
    "accuracy": lambda: nearness.accuracy,
    "few": lambda: nearness.after(300),
    "clothes": nearness.leads_on_clothes,
    "rates": lambda: rates.FIRST,
    # changed digits, and the claims of the source report
    "claims": lambda: claims.verdicts(_claims()),
    "digits": lambda: _claims().estimate,
    "margin": lambda: claims.MARGIN,
    "more_robust": lambda: robustness.more_robust(_changes()),
    "lead_under": lambda: _changes().lead,
    "lead_at": lambda: robustness.by_level(_changed()),
    "changed_errors": lambda: robustness.errors_of_the_mlp(_changed(), _changes()),
    "preprocessing": lambda: robustness.preprocessing(runs.measured(RECORD)),
    # other people's digits
    "students": lambda: others.lead(students=True),
    "employees": lambda: others.lead(students=False),
    "pen_mlp": lambda: drawings.network(_pens(), "mlp"),
    "pen_cnn": lambda: drawings.network(_pens(), "cnn"),
    "pen_reader": lambda: drawings.network(_pens(), "reader"),
    "usps": others.usps_shares,
    # the reader
    "reader": reader.Reader,
}


class _Recorded(dict):
    def __missing__(self, name: str):
        source = SOURCES[name]
        try:
            self[name] = source()
        except KeyError as error:  # which would say that there is no such name
            raise LookupError(f"the records lack {error}; `study` measures what is new") from error
        return self[name]


RECORDED = _Recorded()  # the values of all names, each computed when it is first asked for
