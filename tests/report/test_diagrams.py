import keras
import numpy as np
import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image

from mnist_compare import networks
from mnist_compare.data import load
from mnist_compare.preprocessing import preprocess
from mnist_compare.report import diagrams

_, (X_TEST, Y_TEST) = load("mnist")


def texts(figure):
    return [each.get_text() for each in figure.findobj(Text) if each.get_text()]


@pytest.mark.parametrize("name", networks.SERVED)
def test_every_layer_stands_in_the_diagram_with_its_shape_and_parameters(name):
    model = networks.build(name)
    shown = [text.split("\n") for text in texts(diagrams.network(model)) if text != "→"]
    assert shown[0] == ["input", "×".join(map(str, model.input_shape[1:]))]
    assert len(shown) == 1 + len(model.layers)
    for layer, (kind, shape, *parameters) in zip(model.layers, shown[1:], strict=True):
        assert kind.startswith(type(layer).__name__)
        sides = tuple(int(side.replace(",", "")) for side in shape.split("×"))
        assert sides == tuple(layer.output.shape[1:])
        weights = sum(np.prod(each.shape) for each in layer.weights)
        assert parameters == ([f"{weights:,.0f} parameters"] if weights else [])


def test_the_table_of_layers_by_hand():
    table = diagrams.layers(networks.build("cnn")).iloc[:, :3].values.tolist()
    assert table == [
        ["Conv2D 3×3, relu", "26×26×32", "320"],
        ["MaxPooling2D 2×2", "13×13×32", "0"],
        ["Flatten", "5,408", "0"],
        ["Dense, relu", "100", "540,900"],
        ["Dense, softmax", "10", "1,010"],
        ["all", "", "542,230"],
    ]


def test_an_edited_network_is_drawn_as_it_is():
    parts = keras.Input((28, 28)), keras.layers.Reshape((7, 112)), keras.layers.Flatten()
    more = keras.layers.Dense(5, "tanh"), keras.layers.Dropout(0.5)
    model = keras.Sequential([*parts, *more], name="mine")
    shown = texts(diagrams.network(model))
    assert "Reshape\n7×112" in shown
    assert "Dense, tanh\n5\n3,925 parameters" in shown
    roles = dict(zip(*diagrams.layers(model)[["Layer", "Role"]].values.T, strict=True))
    assert (roles["Reshape"], "at random" in roles["Dropout"]) == ("", True)


def test_the_pipeline_shows_the_arrays_of_the_drawing_and_the_answers():
    drawing = Image.fromarray(255 - X_TEST[0]).resize((280, 280))
    seen, probabilities = preprocess(drawing), np.arange(10) / 45
    figure = diagrams.pipeline(drawing, seen, probabilities, "cnn")
    *pictures, network, answers = figure.axes
    assert [axis.get_title() for axis in pictures] == ["drawing", *seen.steps]
    for axis, picture in zip(pictures, (drawing, *seen.steps.values()), strict=True):
        np.testing.assert_array_equal(axis.images[0].get_array(), np.asarray(picture))
    (box,) = (patch for axis in pictures for patch in axis.patches if isinstance(patch, Rectangle))
    assert (*box.get_xy(), box.get_width() + box.get_x()) == seen.box[:3]
    assert network.texts[0].get_text() == "CNN"
    assert [bar.get_width() for bar in answers.patches] == pytest.approx(probabilities)
