import inspect

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from mnist_compare import data, metrics, networks
from mnist_compare.networks import COMPARED
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.report import alts, figures
from mnist_compare.report.drawing import png
from mnist_compare.report.reader import Errors
from mnist_compare.statistics import estimate

(X_TRAIN, Y_TRAIN), (X_TEST, Y_TEST) = data.load("mnist")
RANDOM = np.random.default_rng(0)
PROBABILITIES = RANDOM.dirichlet(np.ones(10), 200)
SURE, VOTES = np.linspace(0.99, 0.5, 12), np.array([5, 3] * 6)
LEFT = Errors(np.arange(12), Y_TEST[1:13], SURE, VOTES, np.zeros(12, bool), readers=5)
ONE = metrics.reliability(np.full(30, 0.9), np.arange(30) < 24)
OTHER = metrics.reliability(np.full(10, 0.9), np.ones(10, bool))
DIAGRAMS = {(model, epoch): [ONE, OTHER] for model in COMPARED for epoch in (5, 10)}
ALIKE = {
    "maps": ("cnn", [0, 1], [1, 1], 0.4),
    "hidden": ("cnn", [0, 1], [1, 0.8], 0.3),
    "hidden MLP": ("mlp", [0, 1], [1, 0.5], 0.2),
}
GAINS = {"+ shift": np.array([0.01, 0.02, 0.06]), "+ shear": np.array([0.0, -0.01, -0.02])}
EVERY_RUN = {
    (model, epoch, quantity): estimate([0.1, 0.2])
    for model in COMPARED
    for epoch in (5, 10)
    for quantity in ("test_accuracy", "overfitting_gap")
}
SAMPLES = {100: np.array([0.7, 0.8]), 54_000: np.array([0.98, 0.99])}
RATES = {(model, size): (0.8, 0.7, 0.9) for model in COMPARED for size in ("small", "large")}
WRITERS = {21: 0.8, 22: 0.9}
AUGMENTED = np.stack([X_TEST[:4], X_TEST[4:8]])
CURVES = {
    (model, way): (np.arange(3), RANDOM.random((3, 2)))
    for model in COMPARED
    for way in ("as it is", "crop", "center")
}
COST = {
    f"{model} {size}": {
        "model": model,
        "parameters": size,
        "operations": 2 * size,
        "seconds": size / 1e4,
        "accuracy": estimate([0.97, 0.98]),
    }
    for model in ("mlp", "cnn", "mlp_682", "cnn_14_43")
    for size in (1e5, 5e5)
}
DRAWN = {
    "first_digits": (X_TRAIN, Y_TRAIN),
    "digit_sheet": (X_TRAIN, Y_TRAIN, 3),
    "digit_as_numbers": (X_TRAIN[0],),
    "class_counts": (Y_TRAIN, Y_TEST),
    "relu": (),
    "convolution": (X_TRAIN[0], np.eye(3), np.ones((26, 26))),
    "confusion_matrix": (Y_TEST, Y_TEST[::-1]),
    "predictions": (X_TEST[:5], Y_TEST[:5], PROBABILITIES[:5]),
    "confidently_wrong": (X_TEST[:200], Y_TEST[:200], PROBABILITIES),
    "probability_bars": (X_TEST[0], PROBABILITIES[0], "cnn"),
    "first_layer": (RANDOM.random((5, 3, 3)) - 0.5, 4),
    "feature_maps": (X_TEST[0], RANDOM.random((26, 26, 12))),
    "every_run": (EVERY_RUN,),
    "only_one_reads": (X_TEST, Y_TEST, np.zeros_like(Y_TEST), np.ones_like(Y_TEST)),
    "speed": ({"one": [2, 3], "other": [0.5, 0.6]},),
    "paired_runs": (np.array([0.97, 0.98]), np.array([0.98, 0.985]), (-0.01, 0.02)),
    "reliability": (DIAGRAMS,),
    "cost": (COST,),
    "sample_efficiency": (dict.fromkeys(COMPARED, SAMPLES),),
    "changes_sheet": ({"shift": list(enumerate(X_TEST[:3])), "blur": [(0.5, X_TEST[0])]},),
    "robustness": (dict.fromkeys(("shift", "scale", "blur", "shear"), CURVES),),
    "equivariance": ([("digit", *X_TEST[:2]), ("map", *RANDOM.random((2, 26, 26)))], ALIKE),
    "pen_rates": (dict.fromkeys(PIPELINES, RATES),),
    "pen_digits": (dict.fromkeys(COMPARED, RANDOM.random(10)), dict.fromkeys(COMPARED, WRITERS)),
    "augmented": (dict.fromkeys(("as they are", "shift", "a", "b"), AUGMENTED),),
    "errors_left": (X_TEST, Y_TEST, LEFT),
    "gains": (dict.fromkeys(("test digits", "drawings"), GAINS),),
    "misread": (X_TEST[:9], Y_TEST[:9], Y_TEST[1:10]),
}


def drawn(name):
    return getattr(figures, name)(*DRAWN[name])


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_shows_something_and_is_described_in_short_sentences(name):
    canvas = FigureCanvasAgg(drawn(name))
    canvas.draw()
    grey = np.asarray(canvas.buffer_rgba())[..., :3].mean(axis=-1)
    assert grey.std() > 5, "the figure is all but empty"
    said = alts.describe(canvas.figure)
    assert 20 < len(said) <= alts.LONGEST
    assert said.endswith((".", "…"))
    assert "nan" not in said


def test_a_figure_shows_the_values_that_it_is_given():
    """The mean of three differences, in points, and the ends of the accuracies."""
    mlp, cnn = np.array([0.95, 0.96, 0.97]), np.array([0.97, 0.96, 0.98])
    pairs, differences = figures.paired_runs(mlp, cnn, (0.001, 0.019)).axes
    lines = [line.get_ydata() for line in pairs.lines]
    assert [list(line) for line in lines[:3]] == [[0.95, 0.97], [0.96, 0.96], [0.97, 0.98]]
    dots, mean, nought = (line.get_xdata() for line in differences.lines)
    assert dots == pytest.approx([0, 1, 2])
    assert mean == pytest.approx([1, 1])
    assert list(nought) == [0, 0]


def test_the_bands_of_robustness_are_the_intervals_of_the_means():
    """Two seeds: the mean ± 12.706 standard errors, half their difference each.

    Where that is more than the panel shows, there is no band.
    """
    curve = np.arange(3), np.array([[0.98, 0.96], [0.72, 0.68], [0.5, 0.1]])
    axis, *_ = figures.robustness({"shift": {("cnn", "as it is"): curve}}).axes
    line, limit = (line.get_ydata() for line in axis.lines)
    assert line == pytest.approx([0.97, 0.7, 0.3])
    assert list(limit) == [0.9, 0.9]
    (band,) = axis.collections
    places, heights = band.get_paths()[0].vertices.T
    reach = 12.706 * 0.02
    assert (places.min(), places.max()) == (0, 1)
    assert (heights.min(), heights.max()) == pytest.approx(
        (0.7 - reach, 0.97 + reach / 2), rel=1e-4
    )


def test_dotted_lines_show_how_alike_different_digits_are():
    """Of the hidden layers; one of the maps would be a third line between the two."""
    lines = drawn("equivariance").subfigs[1].axes[0].lines
    shown = [(line.get_linestyle(), list(line.get_ydata()), line.get_color()) for line in lines]
    mlp, cnn = networks.colour("mlp"), networks.colour("cnn")
    of_cnn = [("--", [1, 1], cnn), ("-", [1, 0.8], cnn), (":", [0.3, 0.3], cnn)]
    assert shown == [*of_cnn, ("-", [1, 0.5], mlp), (":", [0.2, 0.2], mlp)]


def test_reliability_pools_the_seeds_by_how_many_predictions_they_have():
    """30 predictions at 90 %, 24 right, and 10 at 90 %, all right: 34 of 40."""
    upper, *_ = figures.reliability(DIAGRAMS).axes
    _, five, ten = upper.lines
    for line in (five, ten):
        assert line.get_xdata() == pytest.approx([0.9])
        assert line.get_ydata() == pytest.approx([34 / 40])
    upper, _ = figures.reliability({("reader", 16): [ONE]}).axes
    _, line = upper.lines  # of a model of one reported epoch
    assert (line.get_linestyle(), upper.get_title()) == ("-", "Reader")
    assert line.get_ydata() == pytest.approx([0.8])


def test_learning_curves_of_runs_of_different_length_are_means_of_those_that_last(a_run):
    long, short = a_run("reader"), a_run("reader", seed=1)
    for epoch, (row, other) in enumerate(zip(long.rows, short.rows, strict=True)):
        row["validation_loss"], other["validation_loss"] = 0.1 * epoch, 0.3
    del short.rows[2]
    loss, _ = figures.learning_curves([long, short]).axes
    mean = {line.get_label(): line.get_ydata() for line in loss.lines}["validation"]
    assert mean == pytest.approx([0.15, 0.2, 0.2])
    dashed = [line for line in loss.lines if line.get_linestyle() == "--"]
    assert not dashed  # the epochs 5 and 10 are those of the comparison


@pytest.mark.parametrize(
    ("last", "running", "floor"), [(0.97, 1, 0.9), (0.7, 1, 0.2), (0.97, 0.92, 0.8)]
)
def test_accuracies_that_end_low_are_seen_whole(a_run, last, running, floor):
    """Also the end of training, where it is harder than validation: a share is ``running``."""
    run = a_run("mlp")
    for row, accuracy in zip(run.rows, (0.2, 0.6, last), strict=True):
        row |= {"validation_accuracy": accuracy, "running_accuracy": running * accuracy}
    _, axis = figures.learning_curves([run]).axes
    low, high = axis.get_ylim()
    assert low <= floor < last < high
    assert low > floor - 0.1


def test_gains_are_in_points_with_their_mean_and_the_first_step_is_on_top():
    first, second = drawn("gains").axes
    dots = [list(line.get_xdata()) for line in first.lines]
    assert dots[0::2] == [[1, 2, 6], [0, -1, -2], [0, 0]]  # of each step, and the line at nought
    assert [mean for (mean,) in dots[1::2]] == pytest.approx([3, -1])
    assert [set(line.get_ydata()) for line in first.lines[0:3:2]] == [{0}, {1}]
    assert [label.get_text() for label in first.get_yticklabels()] == list(GAINS)
    assert second.get_title() == "drawings"
    assert first.yaxis_inverted()


def test_errors_left_have_label_answer_and_confidence_and_those_in_doubt_are_red():
    first, second, *_ = drawn("errors_left").axes
    assert first.get_title() == f"{Y_TEST[0]}, not {Y_TEST[1]}\n99%"
    np.testing.assert_array_equal(first.images[0].get_array(), X_TEST[0])
    assert (first.title.get_color(), second.title.get_color()) == (figures.RED, "black")


def test_three_models_share_the_place_of_two():
    recall = {model: np.full(10, 0.5) for model in ("mlp", "cnn", "reader")}
    left, right = figures.pen_digits(recall, dict.fromkeys(recall, WRITERS)).axes
    middles = [bar.get_x() + bar.get_width() / 2 for bar in left.patches[::10]]
    assert middles == pytest.approx([-0.8 / 3, 0, 0.8 / 3])
    assert len({bar.get_facecolor() for bar in left.patches}) == 3
    assert [line.get_label() for line in right.lines] == ["MLP", "CNN", "Reader"]


def test_every_figure_is_drawn_here():
    everything = vars(figures).items()
    ours = {name for name, each in everything if inspect.getmodule(each) is figures}
    public = {name for name in ours if not name.startswith("_")}
    helpers = {"save", "png", "laid_out", "digit_grid", "confidence", "learning_curves"}
    assert public - helpers == set(DRAWN)


def test_an_unchanged_figure_is_an_unchanged_file_and_the_style_stays_inside():
    before = dict(matplotlib.rcParams)
    assert png(figures.relu()) == png(figures.relu())
    assert dict(matplotlib.rcParams) == before


def test_confidence_never_claims_certainty():
    shown = {0.9996: "> 99.9%", 0.9994: "99.9%", 0.413: "41.3%"}
    assert {each: figures.confidence(each) for each in shown} == shown
