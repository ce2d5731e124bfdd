"""What the records say of the reader, from made-up ones."""

import numpy as np
import pandas as pd
import pytest

from mnist_compare import data
from mnist_compare.findings import reader
from mnist_compare.findings import reader as the_reader
from mnist_compare.reader.recipes import NO_FORMS, RECIPES, STEPS
from mnist_compare.training import Run

_, (DIGITS, LABELS) = data.load("mnist")
*_, OF_READER = KEYS = list(STEPS)
SERVED = [("mlp", "fair"), ("cnn", "fair"), OF_READER]
EVERY_KEY = {*RECIPES, *SERVED}


def seeds(key):
    return range(5 if key in SERVED else 3)


def a_run(key, seed=0, accuracy=0.97, read=LABELS, sure=0.75, seconds=30):
    """A run of three epochs, whose predictions, and how sure they are, are those of the last."""
    rows = [{"epoch": e, "seconds": seconds * (1, 1, 9)[e - 1]} for e in (1, 2, 3)]  # one held up
    rows[-1] |= {"test_accuracy": accuracy}
    read = np.asarray(read, np.uint8)
    sure = np.broadcast_to(np.float32(sure), len(read))
    return Run(*key, seed, rows, {3: read}, {3: sure})


def made_up(value):
    """A record of every network, in no order: ``value(key, measure, seed)``."""
    rows = [
        (*key, seed, measure, value(key, measure, seed), "0123456789ab")
        for key in EVERY_KEY
        for measure in the_reader.MEASURES
        for seed in seeds(key)
    ]
    return pd.DataFrame(rows, columns=the_reader.RECORD.columns).sample(frac=1, random_state=0)


@pytest.fixture
def every_run(as_records):
    """Runs of every network, of ``accuracy(key, seed)``, and too many of the CNN."""

    def make(accuracy=lambda key, seed: 0.97, **named):
        too_many = [a_run(("cnn", "fair"), seed, 0.1, 0 * LABELS) for seed in range(5, 9)]
        every = [(key, seed) for key in EVERY_KEY for seed in seeds(key)]
        as_records([a_run(*e, accuracy(*e), **named) for e in every] + too_many)

    return make


def test_the_table_of_steps_by_hand(every_run):
    """The first step reads 97.1 %, 97.2 % and 97.3 %, each after it half a point more."""
    every_run(lambda key, seed: 0.971 + seed / 1000 + KEYS.index(key) / 200 if key in KEYS else 0)
    record = made_up(lambda key, measure, seed: 0.8 + 0.1 * seed if measure == "thin" else 0.5)
    table = reader.steps(record).replace("\u00a0", " ", regex=True)
    assert list(table.index) == [*(step.title for step in STEPS.values()), reader.DIARY_TITLE]
    # Changed digits are without their deviation.
    found = ["97.20 ± 0.10", "50.0 ± 0.0", "50.0 ± 0.0", "50.0", "90.0", "50.0"]
    assert table.iloc[0].tolist() == found
    assert table.iloc[1].tolist() == ["97.70 ± 0.10", *found[1:]]
    assert set(table.loc[reader.DIARY_TITLE]) == {reader.DIARY, "–"}


def test_numbers_by_hand(every_run):
    """Every reader misreads the first ten test digits, surely the first four."""
    wrong = np.where(np.arange(10_000) < 10, (LABELS + 1) % 10, LABELS)
    sure = np.where(np.arange(10_000) < 4, 0.95, 0.75)
    every_run(
        lambda key, seed: 0.99 if key == OF_READER else 0.98, read=wrong, sure=sure, seconds=60
    )
    record = made_up(lambda key, measure, seed: 0.95 if key == OF_READER else 0.8)
    found = reader.networks(record)
    assert f"{found.reader.test_accuracy:.2%}, {found.cnn.test_accuracy:.2%}" == "99.00%, 98.00%"
    assert f"{found.reader.drawings:.1%}, {found.cnn.drawings:.1%}" == "95.0%, 80.0%"
    assert (found.reader.minutes.mean, found.reader.parameters) == (3, 460_690)
    errors = reader.errors(LABELS)
    assert (len(errors.which), sum(errors.doubtful)) == (10, 4)
    # Without the forms, as at the first step: 98 in place of 99 %, and 80 in place of 95 %.
    others = found.plain, found.without_forms
    assert {(each.test_accuracy.mean, each.test_accuracy.n) for each in others} == {(0.98, 3)}
    price = reader.price_of_forms(record)
    assert (price.test_accuracy.mean, price.drawings.mean) == pytest.approx((-0.01, -0.15))
    assert (price.drawings.n, found.like_cnn.drawings.n) == (3, 3)


def test_sevens_are_counted_over_five_seeds(every_run):
    """The first three 7s are taken for a 1, the next two for a 2."""
    read = LABELS.copy()
    read[np.flatnonzero(LABELS == 7)[:5]] = 1, 1, 1, 2, 2
    every_run(read=read)
    found = reader.networks(made_up(lambda key, measure, seed: 0.5)).cnn
    assert (found.sevens_misread.mean, found.sevens_as_ones.mean) == (5, 3)
    assert found.sevens_misread.n == 5


def test_the_errors_left_by_hand(as_records):
    """By digit: all read it, two misread it, three, all surely, all unsurely, three, four, all."""
    labels = np.array([1, 2, 4, 4, 5, 6, 1, 2])
    answers = ["11111", "33222", "99944", "99997", "33883", "66058", "22221", "77777"]
    read = np.array([[int(answer) for answer in each] for each in answers]).T
    sure = np.tile([1, 0.9, 0.8, 0.95, 0.5, 0.7, 1, 0.93], (5, 1))
    sure[0, 2] = 0.2  # the three that are wrong have a mean of 0.6, all five one of 0.68
    # Without the forms of other hands, one of two reads the last digit.
    without_forms = [[1, 2, 4, 9, 3, 6, 1, answer] for answer in (7, 2)]
    without_forms = [a_run(NO_FORMS, seed, 0, each) for seed, each in enumerate(without_forms)]
    as_records(without_forms + [a_run(OF_READER, s, 0, read[s], sure[s]) for s in range(5)])
    found = reader.errors(labels)
    assert found.which.tolist() == [6, 3, 7, 5, 2, 4]
    # Two read the 6 right and no more agree on any other answer: the answer shown is a wrong one.
    assert found.read.tolist() == [2, 9, 7, 0, 9, 3]
    assert found.confidence == pytest.approx([1, 0.95, 0.93, 0.7, 0.6, 0.5])
    # Where one reads it, no label is in doubt, however sure the others are.
    assert found.doubtful.tolist() == [False, True, False, False, False, False]

    as_records([*without_forms, a_run(OF_READER, read=labels)])
    assert len(reader.errors(labels).read) == 0


def test_pictures_without_a_digit_are_shown_with_what_the_reader_says(monkeypatch):
    pictures = np.arange(20, dtype=np.uint8)[:, None, None] * np.ones((28, 28), np.uint8)
    given = {"reader": lambda pictures: 0.75 * np.eye(10)[pictures[:, 0, 0] % 10]}
    monkeypatch.setattr(reader.predictor, "load", given.get)
    kinds = {"curves": pictures[:10], "walks": pictures[10:]}
    shown, said = reader.no_digits_sheet(kinds, of_each=4)
    np.testing.assert_array_equal(shown, pictures[[0, 3, 6, 9, 10, 13, 16, 19]])
    assert said == ["0, 75%", "3, 75%", "6, 75%", "9, 75%"] * 2
