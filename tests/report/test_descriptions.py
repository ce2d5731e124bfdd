import numpy as np

from mnist_compare.networks import COMPARED
from mnist_compare.report.draw import descriptions, figures
from mnist_compare.statistics import estimate

DIGIT = np.eye(28)


def test_learning_curves_say_from_where_to_where(a_run):
    run = a_run()
    for row, loss, accuracy in zip(run.rows, (0.5, 0.1, 0.2), (0.9, 0.95, 0.99), strict=True):
        row |= {"running_loss": loss, "validation_loss": 2 * loss}
        row |= {"running_accuracy": accuracy, "validation_accuracy": accuracy - 0.1}
    assert descriptions.describe(figures.learning_curves([run])) == (
        "2 line charts. Across: epoch, 1 to 3. Loss: training, from 0.5 down to 0.1 and up to 0.2; "
        "validation, from 1 down to 0.2 and up to 0.4. Accuracy: training, from 90.0% to 99.0%; "
        "validation, from 80.0% to 89.0%."
    )


def test_dots_say_their_range_by_what_they_stand_over():
    runs = {
        (model, epoch, quantity): estimate([0.1 * epoch, 0.1 * epoch + 0.02])
        for model in COMPARED
        for epoch in (5,)
        for quantity in ("test_accuracy", "overfitting_gap")
    }
    said = descriptions.describe(figures.every_run(runs))
    assert said.startswith("2 dot plots. Test accuracy: MLP 5 epochs, 50.0% to 52.0%; CNN 5 epochs")
    gains = {"drawings": {"+ shift": np.array([-0.01, 0.02]), "+ shear": np.array([0.03])}}
    assert descriptions.describe(figures.gains({**gains, "digits": gains["drawings"]})) == (
        "2 dot plots. Across: gain over the step before (points). Drawings: + shift, −1 to 2; "
        "+ shear, 3. Digits: + shift, −1 to 2; + shear, 3."
    )


def test_bars_say_which_is_longest():
    said = descriptions.describe(figures.probability_bars(DIGIT, np.arange(10) / 45, "cnn"))
    assert said == (
        "Picture of 28×28 pixels. Bar chart. Across: digit, 0 to 9. Up: probability. "
        "10 bars, the longest at 9."
    )


def test_a_confusion_matrix_says_its_most_frequent_mistake():
    labels, read = np.array([0, 1, 2, 2, 2]), np.array([0, 3, 7, 7, 2])
    said = descriptions.describe(figures.confusion_matrix(labels, read))
    assert said.endswith("3 mistakes; the most frequent (2×): 2 read as 7.")
    assert descriptions.describe(figures.confusion_matrix(labels, labels)).endswith(" 0 mistakes.")
