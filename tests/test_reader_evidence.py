"""What the records say of the reader, from made-up ones."""

import numpy as np
import pandas as pd
import pytest

from mnist_compare import (
    ablation,
    data,
    reader_evidence,
    recipes,
    runs,
)

_, (DIGITS, LABELS) = data.load_mnist()
STEPS = list(recipes.STEPS)
SHIFT, ROTATION, SCALE = STEPS[1:4]


def a_run(model, recipe, seed=0, accuracy=0.97, read=LABELS, sure=0.75, epochs=2, seconds=30):
    """A run whose predictions, and how sure they are, are those of its last epoch."""
    rows = []
    for epoch in range(1, epochs + 1):
        row = dict.fromkeys(runs.COLUMNS) | {"model": model, "protocol": recipe, "seed": seed}
        row |= {"fingerprint": "0123456789ab"}
        row |= {"epoch": epoch, "parameters": 1234 if model == "mlp" else 460_690}
        rows.append(row | {"seconds": seconds})
    rows[-1]["test_accuracy"] = accuracy
    read = np.asarray(read, np.uint8)
    sure = np.broadcast_to(np.float32(sure), len(read))
    return runs.Run(model, recipe, seed, rows, {epochs: read}, {epochs: sure})


def made_up(value, seeds=3):
    """A record of every recipe and of both models compared: ``value(key, measure, seed)``."""
    keys = [*recipes.RECIPES, ("mlp", "fair"), ("cnn", "fair")]
    return pd.DataFrame(
        [
            (*key, seed, measure, value(key, measure, seed), "0123456789ab")
            for key in keys
            for measure in ablation.MEASURES
            for seed in range(5 if key[1] == "fair" else seeds)
        ],
        columns=ablation.COLUMNS,
    )


@pytest.fixture
def every_run(as_records):
    """Runs of every recipe and of both models compared, of accuracy(key, seed)."""

    def make(accuracy=lambda key, seed: 0.97, extra=(), **named):
        keys = [*recipes.RECIPES, ("mlp", "fair"), ("cnn", "fair")]
        as_records(
            [
                a_run(*key, seed, accuracy(key, seed), **named)
                for key in keys
                for seed in range(5 if key[1] == "fair" else 3)
            ]
            + list(extra)
        )

    return make


def test_values_are_by_seed_of_one_network_and_measure(every_run):
    record = made_up(lambda key, measure, seed: seed / 10 if measure == "thin" else 9)
    record = record.sample(frac=1, random_state=0)
    assert reader_evidence.values(record, *SHIFT, "thin") == {0: 0, 1: 0.1, 2: 0.2}
    assert len(reader_evidence.values(record, "cnn", "fair", "thin")) == 5
    every_run(lambda key, seed: 0.9 + seed / 100 if key == SHIFT else 0)
    assert reader_evidence.values(record, *SHIFT, "test_accuracy") == {0: 0.9, 1: 0.91, 2: 0.92}
    assert reader_evidence.values(record, *SHIFT, "seconds") == {0: 60, 1: 60, 2: 60}
    assert reader_evidence.values(record, *SHIFT, "parameters") == dict.fromkeys(range(3), 460_690)


def test_the_table_of_steps_by_hand(every_run):
    """The first step reads 97.1 %, 97.2 % and 97.3 %, every next half a point more."""
    every_run(lambda key, seed: 0.971 + seed / 1000 + STEPS.index(key) / 200 if key in STEPS else 0)
    record = made_up(
        lambda key, measure, seed: {"drawings": 0.9, "thin": 0.8 + 0.1 * seed}.get(measure, 0.5)
    )
    table = reader_evidence.steps(record)
    titles = [recipe.title for recipe in recipes.STEPS.values()]
    assert list(table.index) == [*titles, reader_evidence.DIARY_TITLE]
    assert list(table) == [*reader_evidence.STEP_COLUMNS.values(), "Seconds"]
    assert table["Test"].iloc[0] == "97.20\u00a0±\u00a00.10"
    assert table["Test"].iloc[2] == "98.20\u00a0±\u00a00.10"
    assert table["Center"].iloc[0] == "90.0\u00a0±\u00a00.0"
    assert table["Crop"].iloc[0] == "50.0\u00a0±\u00a00.0"
    assert table["×\u00a00.5"].iloc[0] == "90.0"  # changed digits without their deviation
    assert table["Seconds"].iloc[0] == "60"
    assert table.loc[reader_evidence.DIARY_TITLE, "Test"] == reader_evidence.DIARY
    assert set(table.loc[reader_evidence.DIARY_TITLE]) == {reader_evidence.DIARY, "–"}

    aside = reader_evidence.steps(record, recipes.ASIDE)
    assert list(aside.index) == [recipe.title for recipe in recipes.ASIDE.values()]


def gaining(key, measure, seed):
    """Drawings: the shift gains 9, 10 and 11 points, the rotation loses them, scale ±10 points."""
    gains = {SHIFT: (0.09, 0.1, 0.11), ROTATION: (-0.09, -0.1, -0.11), SCALE: (0.1, -0.1, 0.03)}
    if measure != "drawings" or key not in STEPS:
        return 0.5
    return 0.5 + sum(gains.get(step, (0,) * 5)[min(seed, 2)] for step in upto(key))


def upto(key):
    return STEPS[: STEPS.index(key) + 1]


def test_the_gains_are_those_over_the_step_before_by_seed(every_run):
    every_run(lambda key, seed: 0.9 + 0.001 * (1 + seed) * (key in STEPS and STEPS.index(key)))
    found = reader_evidence.gains(made_up(gaining).sample(frac=1, random_state=0))
    titles = [recipe.title for recipe in recipes.STEPS.values()][1:]
    assert list(found) == ["test digits", "drawings"]
    assert [*found["drawings"]] == [*found["test digits"]] == titles
    assert found["drawings"][recipes.STEPS[SHIFT].title] == pytest.approx([0.09, 0.1, 0.11])
    assert found["drawings"][recipes.STEPS[ROTATION].title] == pytest.approx([-0.09, -0.1, -0.11])
    # The reader itself has five seeds, of which the step before has three.
    for gained in found["test digits"].values():
        assert gained == pytest.approx([0.001, 0.002, 0.003])


def test_the_sentences_on_steps_follow_the_intervals(every_run):
    every_run()
    words = reader_evidence.gains_in_words(made_up(gaining))
    on_test, gained, lost, rest = (part.strip() for part in words.split("On ")[1:])
    assert gained == "drawings, these steps gain, in points: *shift* (+10.0)."
    assert lost == "drawings, these lose: *rotation* (−10.0)."
    assert rest.startswith("drawings, three seeds do not settle the sign of *scale and aspect* (+1")
    assert "*shift*" not in rest
    assert on_test.startswith("test digits, three seeds do not settle the sign of *shift* (+0.0), ")
    assert on_test.count("+0.0") == len(STEPS) - 1


def test_the_sentences_on_what_was_tried_aside_follow_the_intervals(every_run):
    """Points beside the plain CNN: one helps on test digits, another harms, the seeds disagree."""
    gains = {"centred": (0.01, 0.011, 0.012), "thinned": (-0.01, -0.011, -0.012)}
    gains["strengthened"] = (0.1, -0.1, 0)
    every_run(lambda key, seed: 0.9 + gains.get(key[1], (0,) * 5)[seed])
    words = reader_evidence.aside_in_words(made_up(lambda key, measure, seed: 0.9))
    on_test = [part.split(" on test digits")[0] for part in words.split("*")[2::2]]
    assert on_test == [" helps", " harms", " neither helps nor harms clearly"]
    # A mean of 1.1 points and a standard error of 0.0577; t = 4.303 with two degrees of freedom.
    assert "helps on test digits (+1.10 [+0.85, +1.35] points)" in words
    assert "harms on test digits (−1.10 [−1.35, −0.85] points)" in words
    assert words.count("neither helps nor harms clearly on drawings (+0.00 [+0.00, +0.00]") == 3
    assert "*Digits through the pipeline* helps" in words


def test_the_comparison_by_hand(every_run):
    """Five seeds at 96, 97, 97, 97 and 98 %: a standard error of 0.316 points, t = 2.776."""
    wrong = np.where(np.arange(10_000) < 3000, (LABELS + 1) % 10, LABELS)
    more = [a_run("cnn", "fair", seed, 0.1, read=wrong) for seed in range(5, 9)]
    every_run(lambda key, seed: (0.96, 0.97, 0.97, 0.97, 0.98)[seed], more, read=wrong)

    def value(key, measure, seed):
        return {"mlp": 0.8, "cnn": 0.9}.get(key[0], 0.95) + (measure == "thick") * 0.01 * seed

    table = reader_evidence.compared(made_up(value))
    assert list(table) == ["MLP", "CNN", "Reader"]
    assert list(table.index) == [*reader_evidence.COMPARED.values(), "Parameters"]
    assert set(table.loc["Test accuracy"]) == {"97.00 [96.12, 97.88]"}
    # All are 75 % sure and 70 % right.
    assert set(table.loc["Calibration error, test digits"]) == {"5.00 [5.00, 5.00]"}
    assert table.loc["Drawings, center"].tolist() == [
        "80.00 [80.00, 80.00]", "90.00 [90.00, 90.00]", "95.00 [95.00, 95.00]",
    ]  # fmt: skip
    # 0 to 4 points more: a standard error of 0.707 points.
    assert table.loc["Strokes twice as wide", "Reader"] == "97.00 [95.04, 98.96]"
    assert table.loc["Parameters"].tolist() == ["1,234", "460,690", "460,690"]


def test_the_sentence_on_the_reader_by_hand(every_run):
    every_run(lambda key, seed: 0.995 if key[0] == "reader" else 0.98 + 0.001 * seed)
    record = made_up(lambda key, measure, seed: 0.95 if key == ("reader", "fair") else 0.8)
    sentence = reader_evidence.in_a_sentence(record)
    assert "(460,690 parameters" in sentence
    assert "reads 99.50% of the test digits and 95.0% of the drawings" in sentence
    assert sentence.endswith("the CNN reads 98.20% and 80.0%.")


def test_the_diagram_of_the_reader_is_of_its_last_epochs(as_records):
    labels = np.arange(20) % 10
    wrong = np.where(np.arange(20) < 5, 9 - labels, labels)
    runs_of_reader = [
        a_run("reader", "fair", seed, read=wrong, sure=0.8, epochs=seed + 2) for seed in (0, 1)
    ]
    as_records([*runs_of_reader, a_run("reader", "capacity", read=labels)])
    ((key, found),) = reader_evidence.reliability(labels).items()
    assert key[0] == "reader"
    assert len(found) == 2
    for one in found:
        assert one["count"].sum() == 20
        assert np.nanmax(one["accuracy"]) == 0.75
        assert np.nanmax(one["confidence"]) == pytest.approx(0.8)


def test_precision_and_recall_of_each_digit_by_hand(as_records):
    """Of ten digits each, the CNN reads half of the 4s as 9s, in one of two seeds."""
    labels = np.repeat(np.arange(10), 10)
    mixed = labels.copy()
    mixed[40:45] = 9
    others = [a_run("cnn", "fair", seed, read=0 * labels) for seed in range(5, 7)]
    as_records(
        [
            *(a_run("cnn", "fair", seed, read=mixed if seed else labels) for seed in range(2)),
            *(a_run("reader", "fair", seed, read=labels) for seed in range(2)),
        ]
    )
    table = reader_evidence.per_digit(labels)
    assert list(table.index) == [*"0123456789", "mean"]
    assert list(table) == [
        f"{model}, {what}" for model in ("CNN", "Reader") for what in ("precision", "recall", "F1")
    ]
    assert set(table["Reader, F1"]) == set(table.loc["0"]) == {"100.00%"}
    assert table.loc["4", "CNN, recall"] == "75.00%"
    assert table.loc["4", "CNN, precision"] == "100.00%"
    assert table.loc["9", "CNN, precision"] == "83.33%"  # 1 and 10 of 15
    assert table.loc["4", "CNN, F1"] == "83.33%"  # 1 and 2 · 5 of 15
    assert table.loc["9", "CNN, F1"] == "90.00%"  # 1 and 2 · 10 of 25
    assert table.loc["mean", "CNN, recall"] == "97.50%"

    # Seeds beyond the first five are of the evidence alone.
    five = [a_run("cnn", "fair", seed, read=labels) for seed in range(5)]
    as_records([*five, *others, a_run("reader", "fair", read=labels)])
    assert set(reader_evidence.per_digit(labels)["CNN, recall"]) == {"100.00%"}


def test_what_was_tried_on_single_classes_by_hand(as_records):
    """Of ten digits each; the plain CNN reads two 8s as 3s."""
    labels = np.repeat(np.arange(10), 10)
    plain = labels.copy()
    plain[80:82] = 3
    thinned = labels.copy()
    thinned[80:85] = 3
    as_records(
        [
            *(a_run("cnn", "plain", seed, read=plain) for seed in range(3)),
            *(a_run("cnn", "thinned", seed, read=thinned) for seed in range(2)),
            *(a_run("cnn", "strengthened", seed, read=labels) for seed in range(3)),
            *(a_run("cnn", "centred", seed, read=plain) for seed in range(3)),
        ]
    )
    table = reader_evidence.classes(labels).set_index(["Tried", "Digit"])
    titles = {name: recipe.title for (_, name), recipe in recipes.ASIDE.items()}
    assert list(table.index) == [
        (titles["thinned"], 8), (titles["thinned"], "all"),
        *((titles["strengthened"], digit) for digit in (0, 6, 9, "all")),
    ]  # fmt: skip
    assert table.loc[(titles["thinned"], 8), "Recall"] == "−30.00 [−30.00, −30.00]"
    assert table.loc[(titles["thinned"], 8), "Precision"] == "+0.00 [+0.00, +0.00]"
    assert table.loc[(titles["thinned"], "all"), "Recall"] == "−3.00 [−3.00, −3.00]"
    assert table.loc[(titles["strengthened"], "all"), "Recall"] == "+2.00 [+2.00, +2.00]"
    assert table.loc[(titles["thinned"], "all"), "Precision"] == ""


def readers(read, sure):
    """Runs of the reader by what each reads in (n,) digits and how sure it is of each."""
    return [
        a_run("reader", "fair", seed, read=answers, sure=confidences)
        for seed, (answers, confidences) in enumerate(zip(read, sure, strict=True))
    ]


def test_the_errors_left_by_hand(as_records):
    """By column: all read it, two misread it, three, all surely, all unsurely, three each so."""
    labels = np.array([1, 2, 4, 4, 5, 6])
    read = [
        [1, 3, 9, 9, 3, 6],
        [1, 3, 9, 9, 3, 6],
        [1, 2, 9, 9, 8, 0],
        [1, 2, 4, 9, 8, 5],
        [1, 2, 4, 7, 3, 8],
    ]
    sure = np.tile([1, 0.9, 0.8, 0.95, 0.5, 0.7], (5, 1))
    sure[0, 2] = 0.2  # the three that are wrong have a mean of 0.6, all five one of 0.68
    as_records(readers(read, sure))
    found = reader_evidence.errors(labels)
    assert found.which.tolist() == [3, 5, 2, 4]
    assert found.votes.tolist() == [5, 3, 3, 5]
    # Two read the 6 right and no more agree on any other answer: the answer shown is a wrong one.
    assert found.read.tolist() == [9, 0, 9, 3]
    assert found.confidence == pytest.approx([0.95, 0.7, 0.6, 0.5])
    assert found.doubtful.tolist() == [True, False, False, False]

    # Most are wrong, none is misread by all: no label is in doubt, however sure they are.
    as_records(readers([[2], [2], [2], [2], [1]], np.ones((5, 1))))
    found = reader_evidence.errors(np.array([1]))
    assert (found.which.tolist(), found.votes.tolist()) == ([0], [4])
    assert not found.doubtful.any()


def test_confusions_are_counted_over_five_seeds(as_records):
    """Of two 7s one network reads both as 1, one the first, and three none."""
    read = [[1, 1, 1], [1, 9, 1], [7, 7, 1], [7, 7, 7], [7, 7, 1], [1, 1, 1]]
    as_records(readers(read, np.ones((6, 3))))
    labels = np.array([7, 7, 1])
    assert reader_evidence.confused("reader", labels, 7, 1) == pytest.approx(3 / 5)
    assert reader_evidence.confused("reader", labels, 1, 7) == pytest.approx(1 / 5)


def test_no_errors_are_left_where_all_is_read(as_records):
    labels = np.arange(10)
    as_records(readers([labels] * 5, np.ones((5, 10))))
    found = reader_evidence.errors(labels)
    assert len(found.which) == len(found.read) == len(found.doubtful) == 0


def test_pictures_without_a_digit_are_shown_with_what_the_reader_says(monkeypatch):
    kinds = {
        name: np.arange(start, start + 10, dtype=np.uint8)[:, None, None] * np.ones((28, 28), "u1")
        for name, start in (("curves", 0), ("walks", 100))
    }

    def load(name):
        assert name == "reader"
        return lambda pictures: np.where(
            np.arange(10) == 3, np.where(pictures[:, :1, 0] < 100, 0.25, 0.5), 0.01
        )

    monkeypatch.setattr(reader_evidence.predictor, "load", load)
    pictures, said = reader_evidence.no_digits_sheet(kinds, of_each=4)
    assert pictures.shape == (8, 28, 28)
    assert pictures[:, 0, 0].tolist() == [0, 3, 6, 9, 100, 103, 106, 109]
    assert said == ["3, 25%"] * 4 + ["3, 50%"] * 4


def test_the_examples_are_of_each_change_alone():
    digits, labels = DIGITS[:300], LABELS[:300]
    found = reader_evidence.examples(digits, labels)
    assert list(found) == [
        "as they are", "shift", "rotation", "scale and aspect", "shear", "elastic distortion",
        "stroke width", "forms of other hands",
    ]  # fmt: skip
    as_they_are = found.pop("as they are")
    expected = np.stack([digits[labels == digit][0] for digit in (1, 7, 9, 4)])
    np.testing.assert_array_equal(as_they_are, [expected] * 2)
    for pictures in found.values():
        assert (pictures.shape, pictures.dtype) == ((2, 4, 28, 28), np.uint8)
        changed_there = (pictures != expected).any(axis=(2, 3))
        assert changed_there.all()
        assert (pictures[0] != pictures[1]).any()
    np.testing.assert_array_equal(found["shift"], reader_evidence.examples(digits, labels)["shift"])


def test_numbers_by_hand(every_run, pen_drawn):
    """Every reader misreads the first ten test digits, surely the first four."""
    wrong = np.where(np.arange(10_000) < 10, (LABELS + 1) % 10, LABELS)
    sure = np.where(np.arange(10_000) < 4, 0.95, 0.75)
    every_run(
        lambda key, seed: 0.99 if key[0] == "reader" else 0.98, read=wrong, sure=sure, seconds=90
    )

    def share(model, seed, condition, pipeline, writer):
        return 0.9 + 0.02 * seed

    pens = pen_drawn(share, models=("mlp", "cnn", "reader"))
    record = made_up(lambda key, measure, seed: 0.95 if key == ("reader", "fair") else 0.8)
    found = reader_evidence.numbers(record, pens, LABELS)
    compared = set(reader_evidence.COMPARED)
    assert compared | {f"{name}_cnn" for name in compared} < set(found)
    assert f"{found['test_accuracy']:.1%}" == "99.0%"
    assert found["test_accuracy_cnn"] == pytest.approx(0.98)
    assert (found["drawings"], found["drawings_cnn"]) == pytest.approx((0.95, 0.8))
    # All 75 % sure of 9,996 digits, of which 9,990 are right, and 95 % of 4, all wrong.
    expected = (9996 * (9990 / 9996 - 0.75) + 4 * 0.95) / 10_000
    assert found["calibration"] == pytest.approx(expected)
    assert found["minutes"] == 3
    assert (found["epochs"], found["parameters"]) == (2, 460_690)
    assert (found["left"], found["doubtful"]) == (10, 4)
    assert (found["sevens"], found["sevens_cnn"]) == (0, 0)  # a misread 7 is an 8 here
    # Two seeds at 90 and 92 %, all writers alike: a standard error of a point, t = 12.706; the
    # upper end would be above 100 %.
    assert (found["pen_low"], found["pen_high"]) == pytest.approx((0.91 - 0.12706, 1), abs=1e-4)
