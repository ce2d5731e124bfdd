import numpy as np
import pytest
from matplotlib.text import Text

from mnist_compare import networks
from mnist_compare.report.draw import diagrams


@pytest.mark.parametrize("name", networks.SERVED)
def test_every_layer_stands_in_the_diagram_with_its_shape_and_parameters(name):
    model = networks.build(name)
    texts = (each.get_text() for each in diagrams.network(model).findobj(Text))
    shown = [text.split("\n") for text in texts if text not in ("", "→")]
    assert shown[0] == ["input", "×".join(map(str, model.input_shape[1:]))]
    assert len(shown) == 1 + len(model.layers)
    for layer, (kind, shape, *parameters) in zip(model.layers, shown[1:], strict=True):
        assert kind.startswith(type(layer).__name__)
        sides = tuple(int(side.replace(",", "")) for side in shape.split("×"))
        assert sides == tuple(layer.output.shape[1:])
        weights = sum(np.prod(each.shape) for each in layer.weights)
        assert parameters == ([f"{weights:,.0f} parameters"] if weights else [])


def test_the_diagram_of_the_cnn_by_hand():
    texts = (each.get_text() for each in diagrams.network(networks.build("cnn")).findobj(Text))
    assert [text.split("\n") for text in texts if text not in ("", "→")][1:] == [
        ["Conv2D 3×3, relu", "26×26×32", "320 parameters"],
        ["MaxPooling2D 2×2", "13×13×32"],
        ["Flatten", "5,408"],
        ["Dense, relu", "100", "540,900 parameters"],
        ["Dense, softmax", "10", "1,010 parameters"],
    ]
