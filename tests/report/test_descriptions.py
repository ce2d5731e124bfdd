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
        "Across: epoch. Loss: training, from 0.5 to 0.2; validation, from 1 to 0.4. "
        "Across: epoch. Accuracy: training, from 90.0% to 99.0%; validation, from 80.0% to 89.0%."
    )


def test_values_without_a_name_say_their_range():
    runs = {
        (model, 5, quantity): estimate([0.5, 0.52])
        for model in COMPARED
        for quantity in ("test_accuracy", "overfitting_gap")
    }
    said = descriptions.describe(figures.every_run(runs))
    assert said.startswith("Test accuracy: 4 values, from 50.0% to 52.0%.")


def test_a_figure_says_what_only_it_knows():
    said = descriptions.describe(figures.probability_bars(DIGIT, np.arange(10) / 45, "cnn"))
    assert said == "CNN: the highest of ten bars is at 9."
    labels, read = np.array([0, 1, 2, 2, 2]), np.array([0, 3, 7, 7, 2])
    said = descriptions.describe(figures.confusion_matrix(labels, read))
    assert said == "3 mistakes; the most frequent (2×): 2 read as 7."
    assert descriptions.describe(figures.confusion_matrix(labels, labels)) == "No mistakes."
