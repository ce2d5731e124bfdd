"""The options of a cell, as Quarto writes them: its first lines, such as ``#| label: fig-curve``.

``label`` starts with ``fig-``, ``tbl-`` or ``sec-``, and with ``echo: false`` only what the cell
shows is there to be read. Values are YAML, each on one line.
"""

import re

_LINE = re.compile(r"^#\| ?(.*)\n?", re.MULTILINE)


def of(source):
    """Return the options of a code cell's source as a dictionary."""
    import yaml

    return yaml.safe_load("\n".join(_LINE.findall(source))) or {}


def without(source):
    """Return a code cell's source without its options."""
    return _LINE.sub("", source).lstrip("\n")
