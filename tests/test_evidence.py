"""Tables, numbers and sentences of the chapter on evidence from made-up runs, by hand."""

import numpy as np
import pytest
from statsmodels.stats.power import TTestPower

from mnist_compare import data, evidence

# Student's t at 97.5 % with one and two degrees of freedom.
T1, T2 = 12.706205, 4.302653

# Test accuracies by seed. CNN − MLP after ten epochs: 1.0, 0.5 and 0 points.
AFTER_TEN = {
    "mlp": (0.97, 0.98, 0.99),
    "cnn": (0.98, 0.985, 0.99),
    "mlp_682": (0.975, 0.985),
    "cnn_14_43": (0.975, 0.981),
    "mlp_256": (0.976, 0.98),
    "mlp_512_256": (0.978, 0.98),
}
# Ten − five epochs: the MLP gains 1, 2 and 3 points, the CNN loses 0.1, 0.2 and 0.3.
AFTER_FIVE = {"mlp": (0.96, 0.96, 0.96), "cnn": (0.981, 0.987, 0.993)}
LOSS_AFTER_FIVE = {"mlp": (0.40, 0.41, 0.43), "cnn": (0.5, 0.5, 0.5)}  # after ten: 0.5
PARAMETERS = {
    "mlp": 100,
    "cnn": 500,
    "mlp_682": 499,
    "cnn_14_43": 101,
    "mlp_256": 200,
    "mlp_512_256": 495,
}
SMALL = {"mlp": (0.70, 0.72), "cnn": (0.80, 0.78)}  # of 100 training digits
# Which test digits are read wrongly after ten epochs, by seed; after five epochs none.
WRONG = {
    "mlp": (range(10), range(20), range(4)),
    "cnn": (range(8, 12), (), range(4)),
}
LABELS = np.arange(10_000) % 10  # what the made-up runs predict


@pytest.fixture
def make_runs(a_run):
    """Every run that the chapter asks for; ``ten`` and ``five`` replace accuracies by model."""

    def make(ten=None, five=None, loss_after_five=None):
        ten, five = AFTER_TEN | (ten or {}), AFTER_FIVE | (five or {})
        loss = LOSS_AFTER_FIVE | (loss_after_five or {})
        found = []
        for model, accuracies in ten.items():
            for seed, accuracy in enumerate(accuracies):
                at_five = {
                    "test_accuracy": five.get(model, accuracies)[seed],
                    "test_loss": loss.get(model, (0.5,) * 3)[seed],
                }
                found.append(a_run(model, "fair", seed, accuracy, at_five))
                for row in found[-1].rows:
                    row["parameters"] = PARAMETERS[model]
                if model in WRONG:
                    read = found[-1].predictions[10] = LABELS.copy()
                    read[list(WRONG[model][seed])] += 1
        for model, accuracies in SMALL.items():
            found += [a_run(model, "100_digits", seed, a) for seed, a in enumerate(accuracies)]
            found.append(a_run(model, "source", 0, 0.9))
        return found

    return make


@pytest.fixture
def made_up(make_runs, as_records, monkeypatch):
    """The made-up runs as records, and their predictions as what the test digits say."""
    monkeypatch.setattr(data, "load_mnist", lambda: (None, (None, LABELS)))
    as_records(make_runs())


@pytest.fixture
def remade(make_runs, as_records, made_up):
    """Records with other values."""
    return lambda **values: as_records(make_runs(**values))


def test_values_are_by_seed(made_up):
    assert evidence.values("cnn", 10, "test_accuracy") == {0: 0.98, 1: 0.985, 2: 0.99}
    assert evidence.values("mlp", 10, "test_accuracy", "100_digits") == {0: 0.70, 1: 0.72}
    assert evidence.values("mlp", 10, "overfitting_gap")[1] == pytest.approx(0.99 - 0.98)


def test_only_seeds_of_both_sides_are_compared(a_run, as_records):
    as_records(
        [a_run("cnn", seed=seed, test_accuracy=0.9 + seed / 100) for seed in (0, 1, 4, 7)]
        + [a_run("mlp", seed=seed, test_accuracy=0.9) for seed in (1, 7, 9)]
    )
    found = evidence.difference(("cnn", 10), ("mlp", 10))
    assert found.values == pytest.approx([0.01, 0.07])
    assert found.mean == pytest.approx(0.04)
    assert found.interval == pytest.approx((0.04 - T1 * 0.03, 0.04 + T1 * 0.03))  # error: 0.03


def test_of_given_seeds_alone(made_up):
    found = evidence.difference(("cnn", 10), ("mlp", 10), seeds={2, 0, 9})
    assert found.values == pytest.approx([0.01, 0])
    assert len(evidence.difference(("cnn", 10), ("mlp", 10), seeds=set()).values) == 0
    found = evidence.difference(("mlp", 10), ("cnn", 10), "overfitting_gap", seeds=[1])
    assert found.values == pytest.approx([0.005])


def test_a_difference_between_protocols(made_up):
    found = evidence.difference(("cnn", 10), ("cnn", 10, "100_digits"))
    assert found.values == pytest.approx([0.18, 0.205])


def test_the_cells_by_hand(made_up):
    cells = evidence.cells().set_index(["Quantity", "Network", "Epochs"])
    assert len(cells) == len(evidence.SHOWN) * 2 * 2
    # A standard deviation of 1 point over three seeds: 4.303 / √3 = 2.48 points either way.
    accuracy = cells.loc["Test accuracy (%)", "MLP", "10"]
    assert accuracy.tolist() == ["98.00 ± 1.00", "[95.52, 100.48]"]
    gap = cells.loc["Overfitting gap (points)", "MLP", "10"]
    assert gap.tolist() == ["1.00 ± 1.00", "[−1.48, 3.48]"]
    # 0.40, 0.41 and 0.43: a standard deviation of 0.01528, a standard error of 0.00882.
    loss = cells.loc["Test loss", "MLP", "5"]
    assert loss.tolist() == ["0.4133 ± 0.0153", "[0.3754, 0.4513]"]


def test_the_paired_differences_by_hand(made_up):
    table = evidence.paired().set_index(["Difference", "Epochs"])
    assert len(table) == 10
    assert table.loc["Test accuracy", "10"].tolist() == [
        "0.50 ± 0.50", "[−0.74, 1.74]", "2 of 3",
    ]  # fmt: skip
    # The gap of the CNN is smaller by as much as its test accuracy is greater.
    assert table.loc["Overfitting gap (points)", "10"].tolist() == [
        "−0.50 ± 0.50", "[−1.74, 0.74]", "0 of 3",
    ]  # fmt: skip
    assert table.loc["Test loss", "5"].tolist() == [
        "0.0867 ± 0.0153", "[0.0487, 0.1246]", "3 of 3",
    ]  # fmt: skip


def test_five_more_epochs_by_hand(made_up):
    table = evidence.longer().set_index(["Difference", "Model"])
    assert table.loc["Test accuracy", "MLP"].tolist() == [
        "2.00 ± 1.00", "[−0.48, 4.48]", "3 of 3",
    ]  # fmt: skip
    assert table.loc["Test accuracy", "CNN"].tolist() == [
        "−0.20 ± 0.10", "[−0.45, 0.05]", "0 of 3",
    ]  # fmt: skip


def test_what_is_taken_as_drawn_by_chance(make_runs, as_records):
    those = make_runs()
    for run in those:
        run.predictions.update({epoch: read[:500] for epoch, read in run.predictions.items()})
    as_records(those)
    table = evidence.sources_of_chance(LABELS[:500])
    # CNN − MLP in digits: 6, 20 and 0 of 500 by seed.
    assert table.loc["10 epochs", "Mean"] == "1.73"
    # Of three seeds drawn anew all are the third, or all the second, once in 27: over 2.5 %.
    assert table.loc["10 epochs", "Seeds"] == "[0.00, 4.00]"
    # Column means of 2/3 (8 digits) and 1/3 (10): a standard error of √(42/9) / 500 = 0.43 points.
    found = bounds(table.loc["10 epochs", "Test digits"])
    assert found == pytest.approx([1.73 - 1.96 * 0.43, 1.73 + 1.96 * 0.43], abs=0.15)
    both = bounds(table.loc["10 epochs", "Both"])
    assert both[0] == 0
    assert both[1] > 4
    assert set(table.loc["5 epochs"]) == {"0.00", "[0.00, 0.00]"}


def bounds(text):
    return [float(end.replace("−", "-")) for end in text.strip("[]").split(", ")]


def test_right_is_by_seed_and_digit(made_up):
    right = evidence.right(LABELS, "mlp", 10)
    assert right.shape == (3, 10_000)
    assert np.flatnonzero(~right[1]).tolist() == list(range(20))
    assert evidence.right(LABELS, "mlp", 5).all()


def test_mcnemars_test_by_hand(made_up):
    table = evidence.mcnemar(LABELS)
    assert table.loc["10 epochs"].to_dict() == {
        "Only the CNN reads": "9 (0 to 20)",  # 8, 20 and 0
        "Only the MLP reads": "1 (0 to 2)",  # 2, 0 and 0
        "Neither reads": "2 (0 to 4)",  # 2, 0 and 4
        "Largest p": "1",  # none only read by one: 1; 8 and 2: 112/1024; 20 and 0: 2/2²⁰
        "Pairs with p < 0.05": "1 of 3",
    }
    assert table.loc["5 epochs", "Pairs with p < 0.05"] == "0 of 3"


def needed(effect):
    """Return the fewest seeds that a paired t-test needs, by statsmodels."""
    power = TTestPower().power
    return next(n for n in range(2, 10_000) if power(effect, n, 0.05) >= 0.95)


def test_the_seeds_needed_are_those_of_statsmodels(made_up):
    table = evidence.power()
    assert table.loc["Test accuracy of the MLP, 10 − 5 epochs"].tolist() == [
        "2.00", "1.00", "2.00", f"{needed(2)}",
    ]  # fmt: skip
    assert table.loc["Test accuracy of the CNN, 10 − 5 epochs"].tolist() == [
        "−0.20", "0.10", "−2.00", f"{needed(2)}",
    ]  # fmt: skip
    assert table.loc["Test accuracy, CNN − MLP, 10 epochs"].tolist() == [
        "0.50", "0.50", "1.00", f"{needed(1)}",
    ]  # fmt: skip
    assert len(table) == 6


def test_no_difference_needs_no_number_of_seeds(remade):
    remade(ten={"mlp": (0.97, 0.98, 0.99), "cnn": (0.98, 0.98, 0.98)})
    table = evidence.power()
    assert table.loc["Test accuracy, CNN − MLP, 10 epochs", "Seeds needed"] == "over 100,000"


def test_the_calibration_by_hand(made_up):
    # Ever 75 % sure and right in 99.90, 99.80 and 99.96 %: off by 24.90, 24.80 and 24.96 points.
    errors = evidence.calibration_errors(LABELS, "mlp", 10)
    assert errors == pytest.approx([0.2490, 0.2480, 0.2496], abs=1e-6)
    first = evidence.reliability(LABELS)["mlp", 10][1]
    assert first["count"].tolist() == [0] * 11 + [10_000] + [0] * 3  # 75 % is in 11/15 to 12/15
    assert first["accuracy"][11] == pytest.approx(0.998)


@pytest.fixture
def mistaken(make_runs, as_records, made_up):
    """Records in which every network misreads the first hundred test digits, by its seed this sure.

    Of what it reads right and of what it misreads, the CNN after ten epochs, by ``right`` and
    ``wrong``; else 75 and 50 %.
    """

    def give(right=(0.75,) * 3, wrong=(0.5,) * 3):
        those = make_runs()
        for run in those:
            if run.confidences:
                for epoch in (5, 10):
                    changed = (run.model, epoch) == ("cnn", 10)
                    run.predictions[epoch] = LABELS + (np.arange(10_000) < 100)
                    sure = np.full(10_000, right[run.seed] if changed else 0.75, np.float32)
                    sure[:100] = wrong[run.seed] if changed else 0.5
                    run.confidences[epoch] = sure
        as_records(those)
        return those

    return give


def test_the_table_of_calibration_by_hand(mistaken):
    mistaken((0.8, 0.81, 0.82), (0.6, 0.61, 0.65))
    table = evidence.calibration(LABELS)
    # In 99 % of the digits off by 25 points, in 1 % by 50.
    expected = ["99.00%", "74.75%", "50.0%", "25.25 ± 0.00"]
    for row in ("MLP 5", "MLP 10", "CNN 5"):
        assert table.loc[row].tolist() == expected
    # By 20, 19 and 18 points and by 60, 61 and 65: 20.40, 19.42 and 18.47 points of all.
    assert table.loc["CNN 10"].tolist() == ["99.00%", "80.81%", "62.0%", "19.43 ± 0.97"]


def test_the_confidence_of_mistakes_by_hand(mistaken):
    those = mistaken()
    for run in those:
        if (run.model, run.protocol) == ("mlp", "fair"):
            run.predictions[10] = LABELS.copy()
            run.predictions[10][[7, 8][: run.seed + 1]] += 1
            run.confidences[10] = np.full(10_000, 0.9, np.float32)
            run.confidences[10][[7, 8]] = 0.3, 0.6
    found = evidence.confidence_when_wrong(LABELS, "mlp", 10)
    assert found == pytest.approx([0.3, 0.45, 0.45])
    assert evidence.confidence_when_wrong(LABELS, "mlp", 5) == pytest.approx([0.5] * 3)


def test_the_sizes_by_hand(made_up):
    operations = {model: 1e6 * (i + 1) for i, model in enumerate(PARAMETERS)}
    table = evidence.sizes(operations)
    assert table["Parameters"].tolist() == ["100", "101", "200", "495", "499", "500"]
    # Of the two seeds that all have: 98.0 and 98.5 %, 12.706 · 0.25 points either way.
    assert table.loc["CNN"].tolist() == [
        "500", "2.00 million", "0.5", "98.25% [95.07, 101.43]", "2",
    ]  # fmt: skip
    costs = evidence.costs(operations)
    assert list(costs) == list(table.index)
    assert costs["CNN"]["accuracy"].tolist() == [0.98, 0.985]
    assert costs["CNN"]["operations"] == 2e6
    assert costs["CNN"]["interval"] == pytest.approx((0.9825 - T1 * 0.0025, 0.9825 + T1 * 0.0025))


def test_equal_and_unequal_networks_by_hand(made_up):
    table = evidence.matched()
    assert list(table) == ["Compared", "Difference", "Mean ± sd", "95 % interval", "Above 0"]
    table = table.set_index("Compared")
    assert list(table.index) == list(evidence.PAIRS)
    # 1 and 0.5 points: the third seed, which only some networks have, is left out.
    assert table.loc["as they come"].tolist() == [
        "CNN − MLP", "0.75 ± 0.35", "[−2.43, 3.93]", "2 of 2",
    ]  # fmt: skip
    assert table.loc["equal parameters, large"].tolist() == [
        f"CNN − {evidence.TITLES['mlp_682']}", "0.25 ± 0.35", "[−2.93, 3.43]", "1 of 2",
    ]  # fmt: skip
    # 0.5 and 0.1 points.
    assert table.loc["equal parameters, small"].tolist() == [
        f"{evidence.TITLES['cnn_14_43']} − MLP", "0.30 ± 0.28", "[−2.24, 2.84]", "2 of 2",
    ]  # fmt: skip
    # −0.1 and 0.1 points.
    assert table.loc["about equal operations"].tolist()[1:] == [
        "0.00 ± 0.14", "[−1.27, 1.27]", "1 of 2",
    ]  # fmt: skip
    # −0.3 and 0.1 points.
    assert table.loc["about equal seconds"].tolist()[1:] == [
        "−0.10 ± 0.28", "[−2.64, 2.44]", "1 of 2",
    ]  # fmt: skip
    widened = table.loc["the MLP, widened"]
    assert (widened["Mean ± sd"], widened["Above 0"]) == ("0.50 ± 0.00", "2 of 2")
    for name, (one, other) in evidence.PAIRS.items():
        expected = f"{evidence.TITLES[one]} − {evidence.TITLES[other]}"
        assert table.loc[name, "Difference"] == expected


def test_accuracy_by_the_number_of_training_digits_by_hand(made_up):
    found = evidence.samples()
    assert list(found["mlp"]) == [100, 54_000]
    assert found["cnn"][100].tolist() == [0.80, 0.78]
    # Of the seeds that every number of digits has.
    assert found["cnn"][54_000].tolist() == [0.98, 0.985]
    assert found["mlp"][54_000].tolist() == [0.97, 0.98]
    table = evidence.sample_table()
    # Differences of 10 and 6 points: 12.706 · 2 points either way; errors of 21 to 29 %.
    assert table.loc["100"].tolist() == [
        "71.00%", "79.00%", "8.00 [−17.41, 33.41]", "0.72", "2",
    ]  # fmt: skip
    # 1 and 0.5 points; errors of 1.75 to 2.5 %.
    assert table.loc["54,000"].tolist() == [
        "97.50%", "98.25%", "0.75 [−2.43, 3.93]", "0.70", "2",
    ]  # fmt: skip


def test_seeds_of_samples_are_matched_by_their_names(a_run, as_records):
    as_records(
        [
            a_run(model, "fair", seed, 0.9 + seed / 100)
            for model in ("mlp", "cnn")
            for seed in range(5)
        ]
        + [a_run("mlp", "100_digits", seed, 0.5 + seed / 100) for seed in (4, 1, 3)]
        + [a_run("cnn", "100_digits", seed, 0.6 + seed / 100) for seed in (1, 2, 4)]
    )
    found = evidence.samples()
    assert found["mlp"][100] == pytest.approx([0.51, 0.54])
    assert found["cnn"][100] == pytest.approx([0.61, 0.64])
    for model in ("mlp", "cnn"):
        assert found[model][54_000] == pytest.approx([0.91, 0.94])


def test_the_numbers_by_hand(made_up):
    numbers = evidence.numbers(LABELS)
    expected = {
        "accuracy_10_mean": 0.005,
        "accuracy_10_low": 0.005 - T2 * 0.005 / np.sqrt(3),
        "accuracy_10_high": 0.005 + T2 * 0.005 / np.sqrt(3),
        "accuracy_10_n": 3,
        "accuracy_10_needed": needed(1),
        "gap_10_mean": 0.005,  # MLP − CNN
        "gap_5_mean": 0.027,  # 2.1, 2.7 and 3.3 points
        "mlp_longer_mean": 0.02,
        "cnn_longer_mean": -0.002,
        "equal_large_mean": 0.0025,
        "equal_small_mean": 0.003,
        "equal_operations_mean": 0,  # −0.1 and 0.1 points
        "equal_operations_low": -T1 * 0.001,
        "equal_operations_high": T1 * 0.001,
        "equal_seconds_mean": -0.001,  # −0.3 and 0.1 points
        "equal_seconds_low": -0.001 - T1 * 0.002,
        "equal_seconds_high": -0.001 + T1 * 0.002,
        "equal_seconds_n": 2,
        "wider_mlp_mean": 0.005,
        "wider_mlp_needed": 2,  # both seeds gain as much
        "wider_mlp_lowest": 0.975,
        "wider_mlp_highest": 0.985,
        "mlp_10_calibration": 0.7466 / 3,
        "only_cnn": 28 / 3,
        "only_mlp": 2 / 3,
        "evidence_seeds": 3,
        "matched_seeds": 2,
        "few_mlp": 0.71,
        "all_mlp": 0.975,
        "all_cnn": 0.9825,
        "few_ratio": 0.21 / 0.29,
        "all_ratio": 0.7,
        "mlp_5_error_ratio": 4,  # 4 to 1 %
        "mlp_10_error_ratio": 2,
        "cnn_5_error_ratio": 1.3,
        "cnn_10_error_ratio": 1.5,
        "pairing": 1,
        "mlp_10_test_accuracy": 0.98,  # of tables.numbers()
    }
    found = {name: float(numbers[name]) for name in expected}
    assert found == pytest.approx(expected, abs=1e-6)
    assert f"{numbers['mlp_longer_mean']:.2p}" == "2.00 points"


def test_the_pairing_by_hand(remade):
    # −1, 0 and 1 against −2/3, 1/3 and 1/3: 1 / (√2 · √(2/3)).
    remade(ten={"cnn": (0.98, 0.99, 0.99)})
    assert evidence.numbers(LABELS)["pairing"] == pytest.approx(np.sqrt(3) / 2)
    remade(ten={"cnn": (0.99, 0.98, 0.97)})
    assert evidence.numbers(LABELS)["pairing"] == pytest.approx(-1)


def filled(sentences):
    """The sentences as ``say()`` would put them."""
    text = sentences.format(**evidence.numbers(LABELS))
    assert "{" not in text
    assert "nan" not in text
    return text


@pytest.mark.parametrize(
    ("five", "words"),
    [
        ((0.955, 0.966, 0.975), "Five more epochs help the perceptron to read more test digits"),
        ((0.985, 0.994, 1.0), "Five more epochs make the perceptron read fewer test digits"),
        ((0.96, 0.96, 0.96), "Whether five more epochs help the perceptron to read more"),
    ],
)
def test_the_sentence_on_longer_training_follows_the_accuracies(remade, five, words):
    remade(five={"mlp": five})
    first, second = filled(evidence.longer_in_words()).split(". ", 1)
    assert first.startswith(words)
    mean = 100 * np.mean(np.subtract(AFTER_TEN["mlp"], five))
    assert f"({mean:.2f} points, interval ".replace("-", "−") in first
    assert second.startswith("Whether five more epochs help the convolutional network")


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        ((0.40, 0.41, 0.43), "while its test loss rises"),
        ((0.60, 0.61, 0.63), "and its test loss falls"),
        ((0.40, 0.50, 0.60), "whether its test loss rises or falls is not decided"),
    ],
)
def test_the_sentence_on_longer_training_follows_the_losses(remade, loss, words):
    remade(loss_after_five={"cnn": loss})
    sentence = filled(evidence.longer_in_words()).split("convolutional network")[1]
    assert words in sentence
    assert sum(each in sentence for each in ("rises.", "falls.", "not decided.")) == 1


@pytest.mark.parametrize(
    ("right", "wrong", "change", "against"),
    [
        (
            # In 99 % of the digits off by 20, 19 and 18 points, in 1 % by 60, 61 and 62.
            (0.80, 0.81, 0.82),
            (0.60, 0.61, 0.62),
            "shrinks (25.25 points to 19.42 points), and it grows surer of its mistakes.",
            # −4.85, −5.83 and −6.81 points: 4.303 · 0.98 / √3 either way.
            "the better calibrated (−5.83 points, −8.26 to −3.40).",
        ),
        (
            # By 30, 31 and 29 points, and by 40, 41 and 39: 4.85, 5.85 and 3.85 more.
            (0.70, 0.69, 0.71),
            (0.40, 0.41, 0.39),
            "grows (25.25 points to 30.10 points), and it grows less sure of its mistakes.",
            "the worse calibrated (4.85 points, 2.37 to 7.33).",
        ),
        (
            # By 30, 25 and 20 points, and by 40, 50 and 60: 4.85, 0 and −4.85 more.
            (0.70, 0.75, 0.80),
            (0.40, 0.50, 0.60),
            "does not clearly change (25.25 points to 25.25 points), and it grows neither surer "
            "nor less sure of its mistakes.",
            "neither better nor worse calibrated (0.00 points, −12.05 to 12.05).",
        ),
        (
            # Surer of all digits, less sure of mistakes: off by 7.03, 6.03 and 5.03 points less.
            (0.82, 0.81, 0.80),
            (0.40, 0.41, 0.42),
            "shrinks (25.25 points to 19.22 points), and it grows less sure of its mistakes.",
            "the better calibrated (−6.03 points, −8.51 to −3.55).",
        ),
    ],
)
def test_the_sentences_on_calibration_follow_the_confidences(
    mistaken, right, wrong, change, against
):
    mistaken(right, wrong)
    found = filled(evidence.calibration_in_words(LABELS))
    assert found == (
        "From five to ten epochs the MLP's calibration error does not clearly change (25.25 points "
        "to 25.25 points), and it grows neither surer nor less sure of its mistakes. "
        f"From five to ten epochs the CNN's calibration error {change} After "
        "5 epochs the CNN is neither better nor worse calibrated (0.00 points, 0.00 to 0.00). "
        f"After 10 epochs the CNN is {against}"
    )


@pytest.mark.parametrize(
    ("ten", "expected"),
    [
        (
            {},
            [
                "At equal parameters of the larger size neither network is clearly ahead (0.25",
                "At equal parameters of the smaller neither network is clearly ahead (0.30",
                "At about equal operations neither is clearly ahead (0.00 points, −1.27 to 1.27)",
                "At about equal time neither is clearly ahead (−0.10 points, −2.64 to 2.44)",
                "Widening the perceptron alone helps it (0.50 points",
            ],
        ),
        (
            {"mlp_682": (0.965, 0.97), "cnn_14_43": (0.96, 0.97)},
            [
                "of the larger size the convolutional network reads more digits than the "
                "perceptron (1.50 points, interval 1.50 to 1.50, 2 seeds)",
                "of the smaller the perceptron reads more digits than the convolutional network "
                "(−1.00 points",
                "Widening the perceptron alone does not clearly help it (−0.75 points",
            ],
        ),
        (
            {"mlp_682": (0.95, 0.96)},
            [
                "Widening the perceptron alone harms it (−2.00 points",
                "single runs of the wide one read from 95.00% to 96.00%",
            ],
        ),
        (
            {
                "mlp_682": (0.965, 0.97),
                "mlp_256": (0.965, 0.971),
                "mlp_512_256": (0.985, 0.991),
            },
            [
                "At about equal operations the convolutional network reads more "
                "(1.00 points, 1.00 to 1.00).",
                "At about equal time the perceptron reads more (−1.00 points, −1.00 to −1.00).",
            ],
        ),
        (
            {
                "mlp_682": (0.965, 0.97),
                "mlp_256": (0.985, 0.991),
                "mlp_512_256": (0.965, 0.971),
            },
            [
                "At about equal operations the perceptron reads more (−1.00 points",
                "At about equal time the convolutional network reads more (1.00 points",
            ],
        ),
    ],
)
def test_the_sentences_on_sizes_follow_the_records(remade, ten, expected):
    remade(ten=ten)
    text = filled(evidence.sizes_in_words())
    for words in expected:
        assert words in text
    assert "helps it" in text if not ten else "helps it" not in text


def test_by_seed_is_in_the_order_of_the_seeds(made_up):
    assert evidence.by_seed("cnn").tolist() == list(AFTER_TEN["cnn"])
    assert evidence.by_seed("cnn", 5).tolist() == list(AFTER_FIVE["cnn"])


def test_a_seed_that_only_one_model_has_is_left_out(made_up, make_runs, as_records, a_run):
    """As after ``study --models mlp``, or a study interrupted halfway."""
    before = evidence.cells(), evidence.paired(), evidence.sample_table()
    more = [
        a_run("mlp", protocol, seed=77, test_accuracy=0.5) for protocol in ("fair", "100_digits")
    ]
    as_records([*make_runs(), *more])
    assert evidence.cells().equals(before[0])
    assert evidence.paired().equals(before[1])
    assert evidence.sample_table().equals(before[2])
    assert len(evidence.right(LABELS, "mlp", 10)) == len(evidence.right(LABELS, "cnn", 10))
