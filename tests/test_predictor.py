import numpy as np
import pytest

from mnist_compare import data, metrics, predictor, runs


def test_there_are_weights_for_every_model_that_is_served():
    assert set(runs.SERVED) <= set(predictor.names())


@pytest.mark.parametrize("name", runs.SERVED)
def test_committed_weights_are_those_of_the_committed_record(name):
    # Another machine may round another way; one digit in ten thousand may then change sides.
    _, (digits, labels) = data.load_mnist()
    found = metrics.accuracy(labels, predictor.load(name)(digits).argmax(axis=1))
    (record,) = (run for run in runs.read(name, "fair") if run.seed == 0)
    assert found == pytest.approx(record.rows[-1]["test_accuracy"], abs=1.5e-4)


@pytest.mark.parametrize("name", runs.SERVED)
def test_the_predictor_equals_keras(name):
    from mnist_compare import training

    _, (digits, _) = data.load_mnist()
    expected = training.probabilities(predictor.load_keras(name), digits[:1000])
    np.testing.assert_allclose(predictor.load(name)(digits[:1000]), expected, atol=1e-5)


@pytest.mark.parametrize("name", runs.SERVED)
def test_one_digit_or_many(name):
    _, (digits, _) = data.load_mnist()
    predict = predictor.load(name)
    many = predict(digits[:3])
    assert many.shape == (3, 10)
    np.testing.assert_allclose(predict(digits[1]), many[1], atol=1e-6)
    np.testing.assert_allclose(many.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    "digits",
    [np.zeros((28, 28)), np.zeros((27, 28), np.uint8), np.zeros(784, np.uint8), "seven"],
)
def test_what_is_no_digit_is_refused_in_words(digits):
    with pytest.raises(ValueError, match=r"must be uint8 of the shape \(28, 28\)"):
        predictor.load("mlp")(digits)


@pytest.mark.parametrize("load", [predictor.load, predictor.load_keras])
def test_an_unknown_model_is_refused_with_the_names_there_are(load):
    with pytest.raises(ValueError, match=r"no trained weights for 'rnn'.*cnn.*mlp"):
        load("rnn")


def test_a_network_of_this_process_answers_under_its_name(monkeypatch):
    from mnist_compare import models, training

    monkeypatch.setattr(predictor, "_own", {})
    model = models.build_cnn(name="mine")
    assert predictor.use(model) == "mine"
    assert "mine" in predictor.names()
    _, (digits, _) = data.load_mnist()
    expected = training.probabilities(model, digits[:50])
    np.testing.assert_allclose(predictor.load("mine")(digits[:50]), expected, atol=1e-5)
    np.testing.assert_allclose(predictor.load("mine")(digits[0]), expected[0], atol=1e-5)
    with pytest.raises(ValueError, match=r"no trained weights for 'yours'.*mine"):
        predictor.load("yours")
