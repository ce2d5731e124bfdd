import numpy as np
import pandas as pd
import pytest

from mnist_compare.preprocessing import PIPELINES
from mnist_compare.report import pens
from mnist_compare.study.pens import (
    CONDITIONS,
    COUNTS,
    PLACES,
    REPORTING_WRITERS,
    RIGHT,
    SIZES,
    WRITERS,
)


def by_hand(model, seed, condition, pipeline, writer):
    """MLP: 70 % through resize, 10 points more for each step of the pipelines, 20 less when small.

    Writer 30 is 10 points worse. The CNN reads 4 points more, of seed 1 another 2 more.
    """
    share = {"resize": 0.7, "crop": 0.8, "center": 0.9}[pipeline]
    share -= 0.2 * (condition.size == 80) + 0.1 * (writer == 30)
    return share + (0.04 + 0.02 * seed if model == "cnn" else 0)


def test_rates_by_hand(pen_drawn):
    counts = pen_drawn(by_hand)
    rates = pens.rates(counts, "cnn", "crop")
    assert rates.shape == (2, 10)
    # One third of the conditions is small: 0.84 − 0.2 / 3.
    assert rates[0] == pytest.approx([0.84 - 0.2 / 3] * 9 + [0.74 - 0.2 / 3])
    assert rates[1] == pytest.approx(rates[0] + 0.02)
    large = [condition for condition in CONDITIONS if condition.size == 220]
    found = pens.rates(counts, "mlp", "center", writers=[1, 30], conditions=large)
    assert found == pytest.approx(np.array([[0.9, 0.8]] * 2))
    writers = pens.writer_rates(counts, "mlp")
    assert list(writers) == list(range(21, 31))
    assert writers[30] == pytest.approx(writers[29] - 0.1) == pytest.approx(0.8 - 0.2 / 3)


def test_a_rate_is_a_share_of_all_digits_of_a_writer():
    read = np.zeros((len(PIPELINES), WRITERS, 10, 10), np.uint16)
    read[1, 0, 4, 4], read[1, 0, 4, 9] = 3, 1  # writer 1: three of four 4s
    read[1, 1, 4, 4], read[1, 1, 5, 3] = 2, 4  # writer 2: both 4s, none of four 5s
    rows = [("cnn", "fair", 0, *condition, read, "0123456789ab") for condition in CONDITIONS]
    counts = pd.DataFrame(rows, columns=COUNTS.columns)
    assert pens.rates(counts, "cnn", "crop", writers=[2, 1]).tolist() == [[2 / 6, 3 / 4]]


def test_only_seeds_that_all_networks_have_under_all_conditions_count(pen_drawn):
    counts = pen_drawn(lambda model, seed, *rest: seed / 10, seeds=(1, 2, 3, 4))
    counts = counts[(counts.model == "cnn") | (counts.seed != 2)]
    counts = counts[(counts.seed != 3) | (counts["size"] != 80) | (counts.brush != 8)]
    assert pens.rates(counts, "cnn", "crop").mean(axis=1) == pytest.approx([0.1, 0.4])
    with_it = pens.rates(counts, "cnn", "crop", conditions=CONDITIONS[1:])
    assert with_it.mean(axis=1) == pytest.approx([0.1, 0.3, 0.4])


def test_the_table_by_hand(pen_drawn):
    def equal(model, seed, condition, pipeline, writer):
        return 0.5 if writer in REPORTING_WRITERS else 0.9

    table = pens.table(pen_drawn(equal, models=("mlp", "cnn", "mlp_682", "reader")))
    assert list(table.index) == ["CNN", "MLP", "MLP 682"]
    assert list(table) == list(PIPELINES)
    assert set(table.to_numpy().ravel()) == {"50.0% [50.0, 50.0]"}
    # Both seeds alike, nine writers at 83.3 % and one at 73.3 %: a standard error of the writers'
    # mean of 1 point, and t = 2.262 with the nine degrees of freedom of ten writers.
    assert pens.table(pen_drawn(by_hand)).loc["MLP", "center"] == "82.3% [80.1, 84.6]"


def test_rates_by_size_and_brush_by_hand(pen_drawn):
    counts = pen_drawn(by_hand)
    bars = pens.by_size(counts)
    assert list(bars) == list(PIPELINES)
    assert list(bars["crop"]) == [(m, s) for s in SIZES for m in ("mlp", "cnn")]
    # A tenth of the writers is 10 points worse: a standard error of 1 point; t = 2.262.
    expected = (0.59, 0.59 - 0.02262, 0.59 + 0.02262)
    assert bars["crop"]["mlp", "small"] == pytest.approx(expected, abs=1e-5)
    assert bars["center"]["cnn", "large"][0] == pytest.approx(0.94)  # 0.89 and 0.05
    table = pens.by_condition(counts, "mlp")
    assert list(table.index) == ["small (80 pixels)", "medium (140 pixels)", "large (220 pixels)"]
    assert table.loc["small (80 pixels)", "crop, brush 8"] == "59.0%"
    assert table.loc["large (220 pixels)", "center, brush 24"] == "89.0%"


def test_recall_and_numbers_by_hand(pen_drawn):
    counts = pen_drawn(by_hand)
    for each in counts.counts[counts.model == "cnn"]:
        # Of all writers, and through center: 40 of each writer's hundred 4s are read, 35 as 9.
        each[2, :, 4] = 0
        each[2, :, 4, [4, 9, 1]] = np.array([40, 35, 25])[:, None]
    recall = pens.digit_rates(counts, "cnn")
    assert recall[4] == pytest.approx(0.4)
    # 0.94 and 0.96 by seed, less 0.2 of the small third and 0.1 of one writer in ten.
    assert recall[[0, 5]] == pytest.approx(0.94 - 0.2 / 3)
    assert pens.digit_rates(counts, "cnn", "crop")[4] == pytest.approx(0.84 - 0.2 / 3)

    numbers = pens.numbers(counts)
    assert numbers["pen_cnn_worst"] == 4
    assert numbers["pen_cnn_worst_as"] == 9
    assert numbers["pen_cnn_worst_rate"] == pytest.approx(0.4)
    assert numbers["pen_mlp_crop"].mean == pytest.approx(0.79 - 0.2 / 3)
    assert numbers["pen_mlp_crop"].low == pytest.approx(0.79 - 0.2 / 3 - 0.02262, abs=1e-5)
    assert numbers["pen_lead_crop"].mean == pytest.approx(0.05)
    assert numbers["pen_lead_crop"].degrees == 1  # the writers do not vary, only two seeds


def test_rates_by_displacement_by_hand():
    off = np.array([[0.5] * 4, [0.5, 1.0, 1.5, np.nan], [0.5] * 4], np.float16)
    right = {
        ("mlp", 0): np.array([[0] * 4, [1, 1, 0, 1], [1, 1, 1, 1]], bool),
        ("mlp", 1): np.array([[0] * 4, [0, 1, 0, 1], [1, 1, 0, 0]], bool),
        ("cnn", 0): np.array([[0] * 4, [1, 1, 1, 1], [0, 1, 0, 1]], bool),
    }
    rows = [(model, "fair", seed, those, "") for (model, seed), those in right.items()]
    right = pd.DataFrame(rows, columns=RIGHT.columns)
    places = pd.DataFrame(list(zip(PIPELINES, off, strict=True)), columns=PLACES.columns)
    table = pens.by_displacement(right, places.sample(frac=1, random_state=0))
    assert list(table) == ["Drawings", "MLP crop", "MLP center", "CNN crop", "CNN center"]
    assert list(table.index) == ["0 to 1", "1 to 2", "2 to 3", "3 and more"]
    # The first drawing; of the next two the MLP's seeds read 1 and 1 through crop, 2 and 1 centred.
    assert table.loc["0 to 1"].tolist() == ["1", "50.0%", "100.0%", "100.0%", "0.0%"]
    assert table.loc["1 to 2"].tolist() == ["2", "50.0%", "75.0%", "100.0%", "50.0%"]
    assert table.loc["2 to 3"].tolist() == ["0", "–", "–", "–", "–"]

    off[1, 3] = 3.0
    table = pens.by_displacement(right, places)
    assert table.loc["3 and more"].tolist() == ["1", "100.0%", "50.0%", "100.0%", "100.0%"]
