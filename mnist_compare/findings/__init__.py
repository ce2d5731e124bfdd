"""What the records say: a module for each finding, with what is run, recorded, drawn and said."""

from importlib import import_module


class Findings(dict):
    """The numbers of each finding by the name of its module: ``findings["nearness"].best``.

    They are an object of the module's class of that name, made when it is first asked for.
    """

    def __missing__(self, name: str):
        module = import_module(f"{__name__}.{name}")
        self[name] = getattr(module, name.capitalize())()
        return self[name]
