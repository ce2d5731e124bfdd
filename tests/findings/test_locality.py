"""What of nearness it is, from made-up runs."""

import numpy as np
import pytest

from mnist_compare.findings import locality, nearness
from mnist_compare.findings.locality import FEW, FORMS, SIDES
from mnist_compare.records import networks
from mnist_compare.records.protocols import Protocol

ALL = 54_000
SQUARES = {1: 0.90, 2: 0.91, 4: 0.93, 7: 0.93, 14: 0.95, 28: 0.96}  # accuracy by their side
LOST = {"cnn_stride": 0.03, "cnn_unshared": 0.02, "cnn_frozen": 0.01, "cnn_shuffled": 0.06}


@pytest.fixture
def made_up(a_run, as_records, monkeypatch):
    """Two seeds of all, the second 0.1 points better, whatever the recipe."""
    monkeypatch.setattr(nearness, "best_recipe", lambda model: Protocol(cosine=True))
    accuracies = {("cnn", locality.protocol(side % 28)): SQUARES[side] for side in SIDES}
    accuracies["mlp", locality.protocol()] = 0.94
    for form, lost in LOST.items():
        accuracies[form, locality.protocol()] = 0.95
        accuracies[form, locality.protocol(1)] = 0.95 - lost
    for form, lost in (("cnn", 0.01), ("cnn_stride", 0.02)):
        accuracies[form, locality.protocol(0, ALL)] = 0.99
        accuracies[form, locality.protocol(1, ALL)] = 0.99 - lost
    assert set(locality.trained()) == set(accuracies)
    as_records(
        a_run(model, str(protocol), seed, accuracy + seed / 1000)
        for (model, protocol), accuracy in accuracies.items()
        for seed in range(2)
    )


def test_sixteen_questions_by_hand(made_up):
    found = locality.Locality()
    gains = {sides: gain.mean for sides, gain in found.gain.items()}
    expected = {(1, 2): 0.01, (2, 4): 0.02, (4, 7): 0, (7, 14): 0.02, (14, 28): 0.01}
    assert gains == pytest.approx(expected)
    lost = {form: loss.mean for form, loss in found.lost.items()}
    assert lost == pytest.approx(
        {("cnn", FEW): 0.06, ("cnn_stride", ALL): 0.02}
        | {(form, FEW): LOST[form] for form in FORMS}
    )
    more = {form: loss.mean for form, loss in found.more.items()}
    assert more == pytest.approx(
        {("cnn_stride", ALL): -0.01} | {(form, FEW): 0.06 - LOST[form] for form in FORMS}
    )
    assert found.gain[4, 7].undecided
    assert found.more["cnn_stride", ALL].refuted
    table = locality.table_of_questions().set_index("Difference")
    assert len(table) == 16
    assert table.loc["squares of 2 − squares of 1", "Verdict"] == "supported"
    assert table.loc["CNN, given − permuted", "Verdict"] == "supported"


def test_each_form_changes_one_thing_of_the_cnn():
    """Counts by hand: of kernels 13² · 32 · (9 + 1) where none is shared, and 81 that pick."""
    sizes = {name: networks.build(name).count_params() for name in FORMS}
    of_cnn = networks.NETWORKS["cnn"].parameters
    assert sizes == {
        "cnn_stride": of_cnn,
        "cnn_unshared": of_cnn - 320 + 13**2 * 32 * 10 + 81,
        "cnn_frozen": of_cnn,
        "cnn_shuffled": of_cnn + 26**2,
    }
    assert len(networks.build("cnn_frozen").trainable_weights) == 4


def test_without_sharing_equal_kernels_are_a_convolution():
    """An oracle: with the same kernel in every place, it answers as the network with stride 2."""
    strided, unshared = (networks.build(name) for name in ("cnn_stride", "cnn_unshared"))
    kernel, bias, *head = strided.get_weights()
    everywhere = np.broadcast_to(kernel.reshape(9, 32), (13, 13, 9, 32))
    biases, pick = np.broadcast_to(bias, (13, 13, 32)), unshared.get_weights()[0]
    assert pick.shape == (3, 3, 1, 9)
    unshared.set_weights([pick, everywhere, biases, *head])
    digits = np.random.default_rng(0).random((4, 28, 28, 1), np.float32)
    np.testing.assert_allclose(unshared(digits), strided(digits), atol=1e-5)


def test_shuffled_maps_keep_their_values():
    model = networks.build("cnn_shuffled")
    maps = np.random.default_rng(0).random((2, 26, 26, 32), np.float32)
    shuffled = np.asarray(model.layers[1](maps)).reshape(2, 676, 32)
    order = model.layers[1].get_weights()[0]
    assert sorted(order) == [*range(676)] != order.tolist()
    np.testing.assert_array_equal(shuffled, maps.reshape(2, 676, 32)[:, order])


def test_figures_show_every_seed(made_up):
    (axis,) = locality.figure_of_squares().axes
    assert axis.lines[0].get_ydata() == pytest.approx([0.90, 0.901])
    large, few = locality.figure_of_forms().axes
    assert len(large.lines) == 2 * 4
    assert len(few.lines) == 2 * 10
