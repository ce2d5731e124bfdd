"""The fingerprint of a run: which network was trained, and how.

Two runs may be compared as seeds of one experiment only where their fingerprints are equal.
"""

import hashlib
import json

LENGTH = 12  # hexadecimal digits
BATCH = 32  # digits, Keras's own choice; of the comparison


def fingerprint(model, recipe="fair"):
    """Return hexadecimal digits that stand for a network and the way it is trained.

    They depend on the layers and their settings, the loss and the optimizer of ``model``, a
    compiled Keras model, and on ``recipe``, the name of a protocol or anything that JSON can hold.
    They do not depend on names or weights, nor, for the usual layers, on the version of Keras.
    """
    optimizer = model.optimizer
    description = [
        _plain(model.get_config()),
        [type(optimizer).__name__, _plain(optimizer.get_config())],
        _loss(model.loss),
        {"protocol": recipe, "batch": BATCH} if isinstance(recipe, str) else recipe,
    ]
    return hashlib.sha256(json.dumps(description, sort_keys=True).encode()).hexdigest()[:LENGTH]


def _plain(value, numbers=None):
    """Return a configuration without what differs between versions of Keras or does not matter.

    New settings appear in new versions as None or False, which stands for their absence. Names
    become numbers, in the order in which they appear, since layers may refer to each other by name.
    """
    numbers = {} if numbers is None else numbers
    if isinstance(value, dict):
        if value.get("class_name") == "DTypePolicy":  # its name is no label: it says which type
            return value["config"]["name"]
        if "class_name" in value:
            parts = ("class_name", "config", "inbound_nodes")
            return [_plain(value[part], numbers) for part in parts if part in value]
        if isinstance(value.get("name"), str):
            numbers.setdefault(value["name"], len(numbers))
        kept = {k: v for k, v in value.items() if v is not None and v is not False}
        kept.pop("build_input_shape", None)
        return {key: _plain(each, numbers) for key, each in kept.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, numbers) for each in value]
    return numbers.get(value, value) if isinstance(value, str) else value


def _loss(loss):
    """Return what tells one loss from another, given as a name, a function or an object."""
    settings = getattr(loss, "get_config", dict)()
    unusual = {k: settings[k] for k in ("from_logits", "label_smoothing") if settings.get(k)}
    return [loss_name(loss), *sorted(unusual.items())]


def loss_name(loss):
    """Return the name of a loss, given as Keras takes it: as a name, a function or an object."""
    return loss if isinstance(loss, str) else getattr(loss, "name", None) or loss.__name__
