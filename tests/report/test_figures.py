import numpy as np
import pytest
from matplotlib.text import Text

from mnist_compare.records import networks
from mnist_compare.report.draw import diagrams, figures

ALIKE = {
    "maps": ("cnn", [0, 1], [1, 1], 0.4),
    "hidden": ("cnn", [0, 1], [1, 0.8], 0.3),
    "hidden MLP": ("mlp", [0, 1], [1, 0.5], 0.2),
}


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
    axis, *_ = figures.robustness({"shift": {"cnn": curve}}).axes
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
    maps = [("digit", np.eye(28), np.eye(28)), ("map", np.eye(26), np.eye(26))]
    lines = figures.equivariance(maps, ALIKE).subfigs[1].axes[0].lines
    shown = [(line.get_linestyle(), list(line.get_ydata()), line.get_color()) for line in lines]
    mlp, cnn = networks.colour("mlp"), networks.colour("cnn")
    of_cnn = [("--", [1, 1], cnn), ("-", [1, 0.8], cnn), (":", [0.3, 0.3], cnn)]
    assert shown == [*of_cnn, ("-", [1, 0.5], mlp), (":", [0.2, 0.2], mlp)]


@pytest.mark.parametrize(
    "shown", [("97.50%", "97.75%", "98.00%"), ("97.0%", "97.5%", "98.0%"), ("0%", "50%", "100%")]
)
def test_a_tick_has_the_digits_that_it_needs_and_no_more(shown):
    """One that is rounded says that a line is where it is not."""
    pairs, _ = figures.paired_runs(np.array([0.97]), np.array([0.98]), (0, 1)).axes
    pairs.set_yticks([float(text[:-1]) / 100 for text in shown])
    assert tuple(label.get_text() for label in pairs.get_yticklabels()) == shown


def test_the_diagram_of_the_cnn_by_hand():
    texts = (each.get_text() for each in diagrams.network(networks.build("cnn")).findobj(Text))
    assert [text.split("\n") for text in texts if text not in ("", "→")][1:] == [
        ["Conv2D 3×3, relu", "26×26×32", "320 parameters"],
        ["MaxPooling2D 2×2", "13×13×32"],
        ["Flatten", "5,408"],
        ["Dense, relu", "100", "540,900 parameters"],
        ["Dense, softmax", "10", "1,010 parameters"],
    ]
