import numpy as np

from mnist_compare.report import alts, figures


def test_learning_curves_say_from_where_to_where(a_run):
    run = a_run()
    for row, loss, accuracy in zip(run.rows, (0.5, 0.1, 0.2), (0.9, 0.95, 0.99), strict=True):
        row |= {"running_loss": loss, "validation_loss": 2 * loss}
        row |= {"running_accuracy": accuracy, "validation_accuracy": accuracy - 0.1}
    assert alts.describe(figures.learning_curves([run])) == (
        "2 line charts. Across: epoch, 1 to 3. Loss: training, from 0.5 down to 0.1 and up to 0.2; "
        "validation, from 1 down to 0.2 and up to 0.4. Accuracy: training, from 90.0% to 99.0%; "
        "validation, from 80.0% to 89.0%."
    )


def test_a_confusion_matrix_says_its_most_frequent_mistake():
    labels, read = np.array([0, 1, 2, 2, 2]), np.array([0, 3, 7, 7, 2])
    said = alts.describe(figures.confusion_matrix(labels, read))
    assert said.endswith("3 mistakes; the most frequent (2×): 2 read as 7.")
    assert alts.describe(figures.confusion_matrix(labels, labels)).endswith(" 0 mistakes.")
