"""The options of a cell, as Quarto writes them: its first lines, such as ``#| label: fig-curve``.

``label`` starts with ``fig-``, ``tbl-`` or ``sec-``; ``fig-cap`` and ``tbl-cap`` are captions,
``fig-alt`` says what is to be seen to those who do not see it, and with ``echo: false`` only what
the cell shows is there to be read. Values are YAML, each on one line.
"""

import re

_LINE = re.compile(r"^#\| ?(.*)\n?", re.MULTILINE)
_CAPTION = re.compile(r"^(#\| (?:fig|tbl)-(?:cap|alt): )(.*)$", re.MULTILINE)


def of(source):
    """Return the options of a code cell's source as a dictionary."""
    import yaml

    return yaml.safe_load("\n".join(_LINE.findall(source))) or {}


def without(source):
    """Return a code cell's source without its options."""
    return _LINE.sub("", source).lstrip("\n")


def caption(options):
    """Return the caption among the options, if there is one."""
    return options.get("fig-cap") or options.get("tbl-cap")


def with_texts(source, change):
    """Return a code cell's source with its captions and descriptions changed by a function."""
    import yaml

    def changed(line):
        text = change(yaml.safe_load(line[2]))
        return line[1] + yaml.safe_dump(text, allow_unicode=True, width=10**6).splitlines()[0]

    return _CAPTION.sub(changed, source)
