from collections import Counter

import pytest

from mnist_compare.networks import SIZES, STUDIED
from mnist_compare.protocols import FAIR, SAMPLES, SOURCE
from mnist_compare.study import grid


def counts(wanted):
    """How many seeds each model has under each protocol, the first ones and none twice."""
    found = Counter((model, protocol) for model, protocol, _ in wanted)
    assert set(wanted) == {(*key, seed) for key, count in found.items() for seed in range(count)}
    return found


@pytest.mark.parametrize(("seeds", "beside"), [(20, 5), (3, 3)])
def test_the_evidence_is_seeds_of_what_is_compared_and_fewer_of_what_is_beside_it(seeds, beside):
    samples = {(model, sample): seeds for model in STUDIED for sample in SAMPLES}
    sizes = {(model, FAIR): seeds if model in STUDIED else beside for model in SIZES}
    assert counts(grid.evidence(seeds)) == sizes | samples


def test_the_main_job_is_of_the_evidence_but_for_the_source_protocol(records):
    of_both = counts(grid.main_job())
    assert of_both["mlp", FAIR] == of_both["cnn", FAIR] == 2  # small, as in all tests
    extra = set(grid.main_job()) - set(grid.evidence())
    assert extra == {("mlp", SOURCE, 0), ("cnn", SOURCE, 0)}
