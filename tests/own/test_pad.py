"""Networks of one's own on the pad: which are served, under which names, and what the rest hear."""

import numpy as np
import pytest

from mnist_compare import data, predictor
from mnist_compare.lazy_keras import keras
from mnist_compare.own import checks, pad
from mnist_compare.records import networks

layers = keras.layers
DIGITS = data.load("mnist")[1][0][:5]
INPUT = keras.Input((28, 28, 1))
FLAT = layers.Flatten()(INPUT)


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch):
    monkeypatch.setattr(predictor, "_own", {})


@pytest.fixture
def saved(tmp_path):
    def save(model, name="mine"):
        model.save(tmp_path / f"{name}.keras")
        return tmp_path / f"{name}.keras"

    return save


def sequential(*last, shape=(28, 28, 1), name=None, **options):
    opened = [keras.Input(shape, **options), layers.Flatten(), *last]
    return keras.Sequential(opened, name=name)


def functional(*last):
    output = FLAT
    for layer in last:
        output = layer(output)
    return keras.Model(INPUT, output)


def softmax(**options):
    return layers.Dense(10, "softmax", **options)


def of_any_side():
    sides = keras.Input((None, None, 1))
    pooled = layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3)(sides))
    return keras.Model(sides, {"digit": softmax()(pooled)})


def without_numbers():
    model = sequential(softmax())
    model.set_weights([np.full_like(each, np.nan) for each in model.get_weights()])
    return model


def of_half_precision():
    return sequential(layers.Dense(10, "softmax", dtype="mixed_float16"))


SERVED = {
    "plain": lambda: sequential(softmax()),
    "softmax as a layer": lambda: functional(layers.Dense(10), layers.Softmax()),
    "logits": lambda: sequential(layers.Dense(10), layers.Dropout(0.5)),
    "a dict of one": lambda: keras.Model(INPUT, {"digit": softmax()(FLAT)}),
    "a nested model": lambda: functional(keras.Sequential([keras.Input((784,)), softmax()])),
}


@pytest.mark.parametrize("kind", SERVED)
def test_an_ordinary_model_answers_as_keras_does(kind, saved):
    model = SERVED[kind]()
    assert pad.use_files([saved(model)]) == ("mine",)
    expected = model(data.scale(DIGITS)[..., None])
    expected = np.asarray(expected["digit"] if isinstance(expected, dict) else expected)
    if kind == "logits":
        expected = np.asarray(keras.ops.softmax(expected))
    mine = predictor.load("mine")
    np.testing.assert_allclose(mine(DIGITS), expected, atol=1e-5)
    np.testing.assert_allclose(mine(DIGITS[0]), expected[0], atol=1e-5)


REFUSED = {
    "other sides": (lambda: sequential(softmax(), shape=(20, 20)), r"input of shape \(20, 20\)"),
    "bytes": (lambda: sequential(softmax(), dtype="uint8"), "takes uint8"),
    "26 classes": (lambda: sequential(layers.Dense(26)), r"returns \(26,\) .* return 10 values"),
    "two outputs": (lambda: keras.Model(INPUT, [softmax()(FLAT), FLAT]), "several inputs or out"),
    "no input": (lambda: keras.Sequential([layers.Dense(10)]), "no input shape"),
    "NaN": (without_numbers, "contains NaN"),
    "half precision": (of_half_precision, "computes in float16"),
    "tanh, then dropout": (
        lambda: functional(layers.Dense(10, "tanh"), layers.Dropout(0.1)),
        "ends in tanh",
    ),
    "tanh in a nested model": (
        lambda: functional(keras.Sequential([keras.Input((784,)), layers.Dense(10, "tanh")])),
        "ends in tanh",
    ),
    "a fixed batch": (
        lambda: sequential(softmax(), batch_size=32),
        r"takes 32 pictures at a time.*keras\.Input\(\(28, 28, 1\)\) without batch_size",
    ),
    "open sides": (of_any_side, r"input of shape \(None, None, 1\).*keras\.Input\(\(28, 28, 1\)\)"),
    "names in a nested model": (
        lambda: functional(keras.Sequential([keras.Input((784,)), softmax(name="내 층")])),
        "layer called '내 층'",
    ),
    "a batch in a layer": (
        lambda: keras.Model(INPUT, keras.ops.reshape(softmax()(FLAT), (32, 10))),
        "fails on a picture",
    ),
}


@pytest.mark.parametrize(("build", "sentence"), REFUSED.values(), ids=REFUSED)
def test_any_other_is_refused_in_a_sentence(build, sentence, saved):
    path = saved(build())
    with pytest.raises(ValueError, match=rf"^{path}: it [^\n]*{sentence}[^\n]*$"):
        pad.use_files([path])
    assert "mine" not in predictor.names()


def test_what_is_no_model_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "mine.keras"
    for place in (path, tmp_path):
        with pytest.raises(FileNotFoundError, match=f"There is no model {place}"):
            pad.use_files([place])
    path.write_text("no model")
    with pytest.raises(ValueError, match=r"^[^\n]* is not a Keras model that can be loaded.*$"):
        pad.use_files([path])


def test_a_keras_that_runs_hidden_code_opens_no_file_of_a_stranger(saved, monkeypatch):
    path = saved(sequential(softmax()))
    monkeypatch.setattr(checks.keras, "__version__", "3.14.0", raising=False)
    with pytest.raises(ValueError, match=r"Keras 3\.14\.0 may run code.*keras>=3\.15\.1"):
        pad.use_files([path])


def test_files_are_told_apart_by_their_names(saved):
    model = sequential(softmax(), name="cnn")
    paths = [saved(model, name) for name in ("cnn", "mine", "MINE", "내 모델", "<b>")]
    names = pad.use_files([*paths, paths[1]])
    assert names == ("cnn_2", "mine", "MINE_2", "내_모델", "<b>", "mine_3")
    assert {*names, *networks.SERVED} <= {*predictor.names()}
    assert predictor.load("cnn") is not predictor.load("cnn_2")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("new\nline", "new_line"),
        ("half a letter \udcff", "half_a_letter__"),
        ("right\u202eto left", "right_to_left"),
        ("\u1102\u1162", "내"),  # as macOS writes it
        ("n" * 300, "n" * 40),
        ("Reader", "Reader_2"),
    ],
)
def test_a_name_on_the_pad_is_one_printable_word(text, name):
    assert checks.free_name(text, networks.SERVED) == name


def test_a_model_of_a_notebook_answers_under_its_own_name():
    cnn, other = (sequential(softmax(), name=name) for name in ("cnn", "my net"))
    assert pad.use([cnn, other, other, "mlp"]) == ("cnn", "my_net", "my_net_2", "mlp")
    images = data.scale(DIGITS)[..., None]
    np.testing.assert_allclose(predictor.load("cnn")(DIGITS), cnn(images), atol=1e-5)
    with pytest.raises(ValueError, match=r"^mine: it ends in tanh"):
        pad.use([sequential(layers.Dense(10, "tanh"), name="mine")])
