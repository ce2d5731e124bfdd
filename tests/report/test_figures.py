import numpy as np
import pytest
from matplotlib.text import Text

from mnist_compare.records import networks
from mnist_compare.report.draw import diagrams, figures
from mnist_compare.report.draw.drawing import panels, percent


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
    ends = 0.7 - reach, 0.97 + reach / 2
    assert (heights.min(), heights.max()) == pytest.approx(ends, rel=1e-4)


@pytest.mark.parametrize(
    "shown", [("97.50%", "97.75%", "98.00%"), ("97.0%", "97.5%", "98.0%"), ("0%", "50%", "100%")]
)
def test_a_tick_has_the_digits_that_it_needs_and_no_more(shown):
    """One that is rounded says that a line is where it is not."""
    _, axis = panels((2, 2))
    percent(axis.yaxis)
    axis.set_yticks([float(text[:-1]) / 100 for text in shown])
    assert tuple(label.get_text() for label in axis.get_yticklabels()) == shown


def test_the_diagram_of_the_cnn_by_hand():
    texts = (each.get_text() for each in diagrams.network(networks.build("cnn")).findobj(Text))
    assert [text.split("\n") for text in texts if text not in ("", "→")][1:] == [
        ["Conv2D 3×3, relu", "26×26×32", "320 parameters"],
        ["MaxPooling2D 2×2", "13×13×32"],
        ["Flatten", "5,408"],
        ["Dense, relu", "100", "540,900 parameters"],
        ["Dense, softmax", "10", "1,010 parameters"],
    ]
