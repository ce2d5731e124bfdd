import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from mnist_compare import data, models, training
from mnist_compare.training_form import training_form


def layer_counts(model):
    return [(type(layer).__name__, layer.count_params()) for layer in model.layers]


def test_the_mlp_is_the_one_of_the_report():
    model = models.build_mlp()
    assert layer_counts(model) == [("Flatten", 0), ("Dense", 100_480), ("Dense", 1_290)]
    assert model.count_params() == 101_770
    assert model.input_shape == (None, 28, 28)
    assert model.loss == "sparse_categorical_crossentropy"


def test_the_cnn_is_the_one_of_the_report():
    model = models.build_cnn()
    assert layer_counts(model) == [
        ("Conv2D", 320),
        ("MaxPooling2D", 0),
        ("Flatten", 0),
        ("Dense", 540_900),
        ("Dense", 1_010),
    ]
    assert model.count_params() == 542_230
    assert model.input_shape == (None, 28, 28, 1)
    assert model.loss == "categorical_crossentropy"


def test_the_matched_pairs_differ_by_less_than_a_hundredth():
    counts = {name: models.build(name).count_params() for name in models.BUILDERS}
    assert abs(counts["mlp_682"] / counts["cnn"] - 1) < 0.01
    assert abs(counts["cnn_14_43"] / counts["mlp"] - 1) < 0.01
    assert counts["mlp_256"] == 784 * 256 + 256 + 256 * 10 + 10
    assert counts["mlp_512_256"] == 784 * 512 + 512 + 512 * 256 + 256 + 256 * 10 + 10


def test_the_normalized_cnn_differs_from_the_reports_by_its_normalization():
    model = models.build("cnn_normalized")
    assert layer_counts(model) == [
        ("Conv2D", 320),
        ("MaxPooling2D", 0),
        ("BatchNormalization", 4 * 32),
        ("ReLU", 0),
        ("Flatten", 0),
        ("Dense", 540_900),
        ("Dense", 1_010),
    ]
    assert model.count_params() == 542_358
    assert sum(w.shape[0] for w in model.non_trainable_weights) == 64


def test_the_reader_is_small():
    model = models.build("reader")
    convolutions = [layer for layer in model.layers if type(layer) is keras.layers.Conv2D]
    # Without biases: BatchNormalization has some.
    assert [layer.count_params() for layer in convolutions] == [
        25 * 40,
        9 * 40 * 80,
        9 * 80 * 80,
        9 * 80 * 160,
        9 * 160 * 160,
    ]
    normalized = 4 * (40 + 80 + 80 + 160 + 160)
    output = 4 * 4 * 160 * 10 + 10
    assert model.count_params() == sum(c.count_params() for c in convolutions) + normalized + output
    assert model.count_params() == 460_690 <= 500_000
    assert model.input_shape == (None, 28, 28, 1)
    assert model.output_shape == (None, 10)
    assert model.loss == "categorical_crossentropy"


@pytest.mark.parametrize("name", ["reader", "cnn_normalized"])
def test_a_normalized_network_is_its_own_training_form(name):
    """Its ReLU comes after BatchNormalization, so that joined layers would read otherwise."""
    model = models.build(name)
    assert training_form(model) is model


@pytest.mark.parametrize("name", ["reader", "cnn_normalized"])
def test_compiled_probabilities_of_a_normalized_network_are_those_of_keras(name):
    _, (digits, _) = data.load_mnist()
    keras.utils.set_random_seed(0)
    model = models.build(name)
    for weights in model.non_trainable_weights:  # as after training: means off 0, variances off 1
        weights.assign(weights / 10 + np.random.default_rng(0).uniform(0, 0.05, weights.shape))
    found = training.compiled_probabilities(model)(digits[:100])
    np.testing.assert_allclose(found, training.probabilities(model, digits[:100]), atol=1e-5)
    assert np.ptp(found, axis=0).max() > 0.01  # or nothing would be told apart


def test_operations_are_counted_by_hand():
    assert models.operations(models.build_mlp()) == 2 * (784 * 128 + 128 * 10)
    convolution, hidden, output = 26 * 26 * 9 * 32, 5408 * 100, 100 * 10
    assert models.operations(models.build_cnn()) == 2 * (convolution + hidden + output)
    assert models.training_operations(models.build_mlp()) == 2 * (2 * 100_352 + 3 * 1_280)
    assert models.training_operations(models.build_cnn()) == 2 * (
        2 * convolution + 3 * (hidden + output)
    )


def test_an_unknown_model_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match="no model 'rnn'; choose one of mlp, cnn, mlp_682"):
        models.build("rnn")


def test_pooled_convolution_equals_the_stock_layers_in_values_and_gradients():
    keras.utils.set_random_seed(0)
    stock = models.build_cnn()
    stock.layers[0].bias.assign(tf.random.normal((32,)))
    ours = training_form(stock)
    images = tf.constant(np.random.default_rng(0).random((5, 28, 28, 1), np.float32))
    labels = tf.one_hot([1, 2, 3, 4, 5], 10)

    def value_and_gradients(model):
        with tf.GradientTape() as tape:
            probabilities = model(images, training=True)
            loss = tf.reduce_mean(keras.losses.categorical_crossentropy(labels, probabilities))
        return probabilities, tape.gradient(loss, stock.trainable_variables)

    expected, expected_gradients = value_and_gradients(stock)
    found, found_gradients = value_and_gradients(ours)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)
    for one, other in zip(found_gradients, expected_gradients, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_the_training_form_shares_the_weights():
    stock = models.build_cnn()
    ours = training_form(stock)
    assert {v.path for v in ours.trainable_variables} == {v.path for v in stock.trainable_variables}


@pytest.mark.parametrize(
    "start",
    [
        [layers.Conv2D(8, 3, activation="relu")],
        [layers.Conv2D(8, 3, activation="tanh"), layers.MaxPooling2D(2)],
        [layers.Conv2D(8, 5, activation="relu"), layers.MaxPooling2D(2)],
        [layers.Conv2D(8, 3, activation="relu", padding="same"), layers.MaxPooling2D(2)],
        [layers.Conv2D(8, 3, activation="relu", use_bias=False), layers.MaxPooling2D(2)],
        [layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(3)],
        [layers.Conv2D(8, 3, activation="relu"), layers.AveragePooling2D(2)],
        [layers.Conv2D(8, 3, activation="relu"), layers.Conv2D(8, 3, activation="relu")],
    ],
)
def test_an_edited_network_is_trained_as_it_was_written(start):
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), *start, layers.Flatten(), layers.Dense(10, "softmax")]
    )
    assert training_form(model) is model
