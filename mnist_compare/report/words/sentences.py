"""Sentences with {names} to be filled in: numbers, words, lists of words; in every language."""

import re

from mnist_compare.report.words import translation


class Names(tuple):
    """Words that a sentence lists: “a, b and c”, or joined by the format's text."""

    language = translation.LANGUAGES[0]

    def __format__(self, separator):
        if separator or len(self) < 2:
            return separator.join(self)
        template = "{one} and {other}" if len(self) == 2 else "{others} and {one}"
        *others, one = self if len(self) > 2 else self[::-1]
        text = translation.translated(template, self.language)
        return text.format(one=one, other="".join(others), others=", ".join(others))

    def into(self, language: str) -> "Names":
        """Return the words in a language, listed as it lists them."""
        names = Names(into(word, language) for word in self)
        names.language = language
        return names

    @property
    def n(self) -> int:
        """Return how many there are."""
        return len(self)


class Sentence(str):
    """A sentence made elsewhere, its {names} filled in, that a template may name."""

    template: str
    numbers: dict

    def __new__(cls, template: str, **numbers):
        """Fill in the template."""
        sentence = super().__new__(cls, template.format(**numbers))
        sentence.template, sentence.numbers = template, numbers
        return sentence

    def into(self, language: str) -> str:
        """Return the sentence in a language."""
        return filled(self.template, self.numbers, language)


def verbatim(text: str) -> str:
    """Return a text that somebody else has written as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>$&~])", r"\\\1", text)


def filled(template: str, numbers: dict, language: str) -> str:
    """Return a template in a language with its {names} filled in."""
    numbers = {name: into(value, language) for name, value in numbers.items()}
    text = translation.translated(template, language).format(**numbers)
    return translation.units(text, language)


def into(value, language: str):
    """Return a number as it is, and words in a language."""
    if isinstance(value, Names | Sentence):
        return value.into(language)
    return translation.translated(value, language) if isinstance(value, str) else value
