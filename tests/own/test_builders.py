"""Networks of one's own: how they are found, what they become, and what is said of others."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_compare.lazy_keras import keras
from mnist_compare.own import builders
from mnist_compare.records import networks, place

layers = keras.layers


def sequential(*last, shape=(28, 28, 1)):
    return keras.Sequential([keras.Input(shape), layers.Flatten(), *last])


def prepared(builder, name="mine", size=(28, 28), classes=10):
    return builders.prepared(name, builder, size, classes)


def test_logits_become_probabilities_and_what_is_not_compiled_is():
    model = prepared(lambda: sequential(layers.Dense(10)))
    given = np.asarray(model(np.random.default_rng(0).random((3, 28, 28, 1), np.float32)))
    np.testing.assert_allclose(given.sum(axis=1), 1, atol=1e-5)
    assert (model.name, model.loss) == ("mine", "sparse_categorical_crossentropy")
    assert type(model.optimizer) is keras.optimizers.Adam


def test_what_is_compiled_stays_so():
    def build():
        inputs = keras.Input((28, 28))
        model = keras.Model(inputs, layers.Dense(10, "softmax")(layers.Flatten()(inputs)))
        model.compile(keras.optimizers.SGD(0.25), "categorical_crossentropy")
        return model

    model = prepared(build)
    assert (model.name, model.loss) == ("mine", "categorical_crossentropy")
    assert float(model.optimizer.learning_rate) == 0.25


def test_a_loss_keeps_its_settings():
    model = sequential(layers.Dense(10))
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.25)
    model.compile("adam", loss)
    settings = prepared(model).loss.get_config()
    assert (settings["from_logits"], settings["label_smoothing"]) == (False, 0.25)


def test_a_network_of_this_project_stays_as_it_is():
    assert prepared("cnn", "cnn").count_params() == networks.NETWORKS["cnn"].parameters


def compiled(loss):
    model = sequential(layers.Dense(10, "softmax"))
    model.compile("adam", loss)
    return model


def averaged():
    model = sequential(layers.Dense(10, "softmax"))
    model.compile(keras.optimizers.SGD(0.1, use_ema=True), "sparse_categorical_crossentropy")
    return model


def fails():
    raise RuntimeError("no such layer")


@pytest.mark.parametrize(
    ("builder", "sentence"),
    [
        (fails, "mine: its builder fails: RuntimeError: no such layer"),
        (lambda: 3, "mine: its builder returns int, not a Keras model"),
        (lambda: sequential(layers.Dense(5, trainable=False), layers.Dense(10)), "not trained"),
        (lambda: sequential(layers.Lambda(lambda x: x), layers.Dense(10)), "cannot be written"),
        (lambda: compiled(lambda y, p: 0.0), "give one loss of keras.losses"),
        (lambda: compiled("foo"), "fails: ValueError|cannot be compiled"),
        (averaged, "use_ema"),
    ],
)
def test_what_is_wrong_with_a_network_is_said_in_a_sentence(builder, sentence):
    with pytest.raises(ValueError, match=sentence):
        prepared(builder)


@pytest.mark.parametrize(
    ("name", "builder", "sentence"),
    [
        ("cnn", fails, "'cnn' is taken"),
        ("CNN", fails, "'CNN' is taken"),
        ("my_cnn", "cnn", "'cnn' is a network of this project and keeps its name"),
        *(
            (name, fails, "cannot name a network")
            for name in ("", "my net", "2nd", "n" * 41, "내모델", "n\n", "<b>", "\udcff", "a/b")
        ),
    ],
)
def test_names_are_plain_and_free(name, builder, sentence):
    with pytest.raises(ValueError, match=sentence):
        prepared(builder, name)


def test_a_builder_is_found_in_its_file(tmp_path):
    (tmp_path / "neighbour_of_mine.py").write_text("def build():\n    return 6\n")
    path = tmp_path / "mine.py"
    path.write_text("from neighbour_of_mine import build\ndef build_lenet():\n    return 5\n")
    given = builders.by_name([f"{path}:build_lenet", f"{path}:build", "cnn"])
    assert (given["lenet"](), given["build"](), given["cnn"]) == (5, 6, "cnn")


@pytest.mark.parametrize(
    ("code", "given", "sentence"),
    [
        ("answer = 42", "mine.py:build_vgg", r"has no function build_vgg\(\)"),
        ("def build(:", "mine.py:build", "not a Python file that runs: SyntaxError"),
        ("import sys; sys.exit()", "mine.py:build", "not a Python file that runs: SystemExit"),
        ("", ".:build", "There is no Python file"),
        ("", "lenet", "There is no network 'lenet'"),
    ],
)
def test_a_builder_that_is_not_there_is_named(tmp_path, monkeypatch, code, given, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(code)
    with pytest.raises((ValueError, FileNotFoundError), match=sentence):
        builders.by_name([given, "cnn"])


def test_each_seed_begins_with_weights_of_its_own(tmp_path):
    builders.save(prepared(lambda: sequential(layers.Dense(10))), tmp_path)
    known = builders.registry(("cnn", "mine"), tmp_path)
    assert known["mine"].parameters == 7850
    found = []
    for seed in (0, 0, 1):
        keras.utils.set_random_seed(seed)
        with place.at(replace(place.small(tmp_path), networks=known)):
            found.append(networks.build("mine").get_weights()[0])
    np.testing.assert_array_equal(found[0], found[1])
    assert (found[0] != found[2]).any()
    with pytest.raises(ValueError, match="no model 'mine'"):
        networks.build("mine")
