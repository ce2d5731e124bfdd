"""What cells show: sentences, and things that show themselves, in the language of the notebook."""

import os
import re
import sys

from mnist_compare.records.place import here
from mnist_compare.report.words import translation
from mnist_compare.report.words.sentences import filled

LANGUAGE = "MNIST_COMPARE_LANGUAGE"  # set by the set-up cell of a notebook
PLAIN = "<IPython.core.display.Markdown object>"  # what a terminal shows, as IPython says it


def in_a_notebook() -> bool:
    """Return whether this runs in a notebook's kernel, which can show tables and figures."""
    return _kernel() is not None


def somebody_is_there() -> bool:
    """Return whether somebody watches the notebook run, and not only nbclient or nbval."""
    # Jupyter and Colab let a kernel ask its user for input.
    return getattr(_kernel(), "_allow_stdin", False)


def _kernel():
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None)


def language() -> str:
    """Return the language of the notebook that runs, which its set-up cell names."""
    return os.environ.get(LANGUAGE, translation.LANGUAGES[0])


def speak(language: str) -> None:
    """Have this process and those that it starts speak one of ``LANGUAGES``."""
    os.environ[LANGUAGE] = language


def said(template: str, **numbers) -> str:
    """Return a sentence in the language that is spoken, its {names} filled in."""
    return filled(template, numbers, language())


class Shown:
    """Something that shows itself in the language of the notebook."""

    def in_language(self, language: str) -> tuple[dict, dict]:
        """Return what is shown in a language: data by type, and their metadata."""
        raise NotImplementedError

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.in_language(language())


class Said(Shown):
    """Sentences, their {names} filled in."""

    def __init__(self, *templates: str, **numbers):
        self.templates, self.numbers = templates, numbers

    def in_language(self, language):
        """Return the sentences as Markdown."""
        sentences = [filled(template, self.numbers, language) for template in self.templates]
        return {"text/markdown": " ".join(sentences), "text/plain": PLAIN}, {}


class Written(Shown):
    """A text in Markdown from a file in ``reports``: what is under its title, headings in bold."""

    def __init__(self, file: str):
        self.path = here().records / file

    def in_language(self, language):
        """Return the text in a language, another than English from a file that is called so."""
        path = self.path
        if language != translation.LANGUAGES[0]:
            path = path.with_stem(f"{path.stem}_{language}")
        _, _, text = path.read_text("utf-8").partition("\n\n")  # after the title
        text = re.sub(r"^#+ (.+)$", r"**\1**", text, flags=re.MULTILINE)
        return {"text/markdown": text, "text/plain": PLAIN}, {}


def say(*sentences: str, **numbers) -> None:
    """Display sentences as Markdown, their {names} filled in from ``numbers``."""
    from IPython.display import display

    display(Said(*sentences, **numbers))
