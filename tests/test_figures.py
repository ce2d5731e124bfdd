import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from mnist_compare import data, figures, tables
from mnist_compare.preprocessing import PIPELINES, preprocess

(X_TRAIN, Y_TRAIN), (X_TEST, Y_TEST) = data.load_mnist()
RANDOM = np.random.default_rng(0)
PROBABILITIES = RANDOM.dirichlet(np.ones(10), 200)
DRAWN = {
    "first_digits": lambda run: figures.first_digits(X_TRAIN, Y_TRAIN),
    "digit_sheet": lambda run: figures.digit_sheet(X_TRAIN, Y_TRAIN, per_class=3),
    "digit_as_numbers": lambda run: figures.digit_as_numbers(X_TRAIN[0]),
    "class_counts": lambda run: figures.class_counts(Y_TRAIN, Y_TEST),
    "relu": lambda run: figures.relu(),
    "softmax": lambda run: figures.softmax(np.arange(10)),
    "convolution": lambda run: figures.convolution(X_TRAIN[0], np.eye(3), np.ones((26, 26))),
    "learning_curves": lambda run: figures.learning_curves([run(), run(seed=1)]),
    "confusion_matrix": lambda run: figures.confusion_matrix(Y_TEST, Y_TEST[::-1]),
    "predictions": lambda run: figures.predictions(X_TEST[:5], Y_TEST[:5], PROBABILITIES[:5]),
    "confidently_wrong": lambda run: figures.confidently_wrong(
        X_TEST[:200], Y_TEST[:200], PROBABILITIES
    ),
    "probability_bars": lambda run: figures.probability_bars(X_TEST[0], PROBABILITIES[0], "cnn"),
    "first_layer": lambda run: figures.first_layer(RANDOM.random((5, 3, 3)) - 0.5, columns=4),
    "feature_maps": lambda run: figures.feature_maps(X_TEST[0], RANDOM.random((26, 26, 12))),
    "preprocessing_steps": lambda run: figures.preprocessing_steps(
        [preprocess(255 - X_TEST[0], pipeline) for pipeline in PIPELINES], PIPELINES
    ),
    "every_run": lambda run: figures.every_run(
        {
            (model, epoch, quantity): np.array([0.1, 0.2])
            for model in tables.MODELS
            for epoch in (5, 10)
            for quantity in ("test_accuracy", "overfitting_gap")
        }
    ),
    "only_one_reads": lambda run: figures.only_one_reads(
        X_TEST, Y_TEST, np.zeros_like(Y_TEST), np.ones_like(Y_TEST)
    ),
    "speed": lambda run: figures.speed({"one": [2, 3], "other": [0.5, 0.6]}),
    "shifted_accuracy": lambda run: figures.shifted_accuracy([0, 1], {"mlp": [1, 0.5]}),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_is_drawn_and_shows_something(name, records, a_run):
    figure = DRAWN[name](a_run)
    assert isinstance(figure, Figure)
    pixels = np.asarray(Image.open(figures.save(figure, name)).convert("L"))
    assert pixels.std() > 5, "the figure is all but empty"


def test_every_function_has_its_test():
    functions = {
        name
        for name, value in vars(figures).items()
        if callable(value) and getattr(value, "__module__", "") == figures.__name__
    }
    public = {name for name in functions if not name.startswith("_")}
    assert public - {"save", "folder", "digit_grid", "confidence"} == set(DRAWN)


def test_the_style_stays_inside_the_figures(a_run):
    before = dict(matplotlib.rcParams)
    figures.relu()
    assert dict(matplotlib.rcParams) == before


def test_an_unchanged_figure_is_an_unchanged_file(records):
    first = figures.save(figures.relu(), "relu").read_bytes()
    assert figures.save(figures.relu(), "relu").read_bytes() == first
    assert not list(records.glob(".*"))


def test_confidence_never_claims_certainty():
    assert figures.confidence(0.9996) == "> 99.9%"
    assert figures.confidence(0.9994) == "99.9%"
    assert figures.confidence(0.413) == "41.3%"
