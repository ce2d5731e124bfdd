"""Pads in a page without a server: all that they need, in the page or in files beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from mnist_compare import predictor
from mnist_compare.page import parts, weights
from mnist_compare.page.gallery import contested, misread, stroke_examples
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.records.networks import COMPARED, SERVED

MARK = '<div class="demo"'
OF_A_CLASS = '<div class="collector"'
STYLES = ("demo.css", "inside.css")
LOOKS = (*STYLES, "figures.css", "trainer.css", "stage.css", "classroom.css")  # of a page


def pad(pipeline: str, words: str = "") -> str:
    """Return Markdown of a place for a pad, which ``living()`` puts there instead of the words."""
    return f'<div class="demo" data-pipeline="{pipeline}">\n\n{words}\n\n</div>'


def stage(words: str, learning: str) -> str:
    """Return Markdown of a place for the stage, and below it one where both its networks learn."""
    trainer = '<div class="trainer" data-networks="mlp cnn"></div>'
    learns = f'<details class="learns"><summary>{learning}</summary>{trainer}</details>'
    return f'<div class="stage">\n\n{words}\n\n</div>\n{learns}'


def is_alive(html: str) -> bool:
    """Return whether there is a place in a page for what ``living()`` makes."""
    return MARK in html or OF_A_CLASS in html


def living(
    folder: Path,
    language: str | None = "en",
    figures: Mapping | None = None,
    lessons: Mapping | None = None,
    curves: Mapping | None = None,
    models: Sequence[str] = SERVED,
    **more,
) -> str:
    """Return the HTML that makes the pads of a page in ``folder`` answer.

    ``figures`` maps the labels of figures of the page that answer as well to their data;
    ``lessons`` are those of ``school.lessons()`` where networks learn in the page, ``curves`` those
    of ``live_figures.curves()`` where it has a stage, ``models`` the networks that answer, ``more``
    further settings of the pads. The page itself has the styles ``LOOKS`` in its head: those that
    came later would move what is shown already.
    """
    networks = weights.computable(models)
    data = {
        "settings": settings(models, networks, language) | more,
        "figures": {label: parts.part(folder, each) for label, each in (figures or {}).items()},
        "lessons": lessons and parts.part(folder, lessons),
        "stage": curves and {**curves, "first": _picture(*contested()) if contested() else None},
        "networks": {name: parts.part(folder, layers) for name, layers in networks.items()},
        "unsure_below": predictor.UNSURE_BELOW,
    }
    script = parts.stored(folder, parts.bundle("page.js").encode(), "js")
    return (
        f'<template id="demo-parts">{parts.text("demo.html")}</template>\n'
        f'<script type="application/json" id="demo-data">{parts.as_json(data)}</script>\n'
        f'<script type="text/plain" id="worker-source">{parts.bundle("worker.js")}</script>\n'
        f'<script defer src="{script}"></script>\n'
    )


def settings(models: Sequence[str], networks: Mapping, language: str | None) -> dict:
    """Return what a pad is made with: words, models, pipelines, and drawings to begin with.

    Of the models, the page computes those in ``networks``, and asks a server for the others.
    """
    compared = tuple(name for name in models if name in COMPARED)
    return {
        "strings": parts.strings(),
        "language": language,
        "models": list(models),
        "elsewhere": [name for name in models if name not in networks],
        "inside": weights.explained(networks),
        "pipelines": PIPELINES,
        "examples": stroke_examples(),
        "misread_by": compared,  # few digits are misread by all three
        "misread": [_picture(*digit) for digit in misread(compared)],
    }


def _picture(index, label, digit):
    """Return a digit of MNIST's as the pad loads it."""
    return {"index": index, "label": label, "picture": parts.data_url(digit)}
