"""Sentences with {names} to be filled in: numbers, words, lists of words; in every language."""

import difflib
import re
import string

from mnist_compare.report.words import translation


class Names(tuple):
    """Words that a sentence lists: “a, b and c”, or joined by the format's text.

    ``say()`` leaves out a sentence that would list none.
    """

    last = " and "  # before the last word

    def __format__(self, separator):
        """Join the words by the separator or, without one, as the language lists them."""
        if separator or len(self) < 2:
            return separator.join(self)
        return f"{', '.join(self[:-1])}{self.last}{self[-1]}"

    def into(self, language):
        """Return the words in a language, listed as it lists them."""
        names = Names(into(each, language) for each in self)
        names.last = translation.translated(" and ", language)
        return names

    @property
    def n(self):
        """Return how many there are."""
        return len(self)


class Sentence(str):
    """A sentence made elsewhere, its {names} filled in, that a template may name."""

    def __new__(cls, template, **numbers):
        """Fill in the template as ``say()`` does."""
        sentence = super().__new__(cls, fill(template, **numbers))
        sentence.template, sentence.numbers = template, numbers
        return sentence

    def into(self, language):
        """Return the sentence in a language."""
        return filled([self.template], self.numbers, language)[0]


def verbatim(text):
    """Return a text that somebody else has written as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>$&~])", r"\\\1", text)


def fill(template, **numbers):
    """Return ``template`` with its {names} filled in; an unknown name raises KeyError."""
    try:
        return template.format(**numbers)
    except KeyError as error:
        name = str(error.args[0])
        near = ", ".join(difflib.get_close_matches(name, numbers, n=5)) or "none"
        raise KeyError(f"there is no number named {name!r}; names near it: {near}") from None


def filled(templates, numbers, language):
    """Return templates in a language, filled in, without those that would list no ``Names``."""

    def lists_nothing(template):
        fields = (name or "" for _, name, _, _ in string.Formatter().parse(template))
        listed = [numbers.get(field.partition(".")[0]) for field in fields]
        return any(isinstance(each, Names) and not each for each in listed)

    numbers = {name: into(value, language) for name, value in numbers.items()}
    filled = [
        fill(translation.translated(each, language), **numbers)
        for each in templates
        if not lists_nothing(each)
    ]
    return [translation.units(each, language) for each in filled]


def into(value, language):
    """Return a number as it is, and words in a language."""
    if isinstance(value, Names | Sentence):
        return value.into(language)
    return translation.translated(value, language) if isinstance(value, str) else value
