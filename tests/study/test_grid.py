from collections import Counter

from mnist_compare.networks import COMPARED, SIZES, STUDIED
from mnist_compare.protocols import FAIR, PERMUTED, PERMUTED_SAMPLES, SAMPLES, SOURCE
from mnist_compare.study import grid


def counts(wanted):
    """How many seeds each model has under each protocol, the first ones and none twice."""
    found = Counter((model, protocol) for model, protocol, _ in wanted)
    assert set(wanted) == {(*key, seed) for key, count in found.items() for seed in range(count)}
    return found


def test_the_evidence_has_so_many_seeds_of_all():
    of_all = {(model, FAIR) for model in SIZES} | {(model, SOURCE) for model in COMPARED}
    of_all |= {(model, sample) for model in STUDIED for sample in SAMPLES}
    of_all |= {("cnn", PERMUTED), ("cnn_14_43", PERMUTED)}
    of_all |= {("cnn", sample) for sample in PERMUTED_SAMPLES}
    assert counts(grid.evidence(3)) == dict.fromkeys(of_all, 3)


def test_the_main_job_is_of_the_evidence(records):
    assert {*grid.main_job()} < {*grid.evidence()}
    assert counts(grid.main_job())["mlp", FAIR] == 2  # small, as in all tests
    assert counts(grid.main_job())["cnn", SOURCE] == 1
