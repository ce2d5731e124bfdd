import pytest

from mnist_compare.records import networks

DENSE = [("Flatten", 0), ("Dense", 540_900), ("Dense", 1_010)]
LAYERS = {
    "mlp": [("Flatten", 0), ("Dense", 100_480), ("Dense", 1_290)],
    "cnn": [("Conv2D", 320), ("MaxPooling2D", 0), *DENSE],
}


@pytest.mark.parametrize("name", LAYERS)
def test_a_network_has_the_layers_of_the_report(name):
    model = networks.build(name)
    assert [(type(layer).__name__, layer.count_params()) for layer in model.layers] == LAYERS[name]
    assert model.input_shape == ((None, 28, 28) if name == "mlp" else (None, 28, 28, 1))
    assert model.loss == ("" if name != "mlp" else "sparse_") + "categorical_crossentropy"
