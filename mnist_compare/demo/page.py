"""The page to draw on: the pad of the report's pages, alone in a folder that any server can serve.

It computes in the browser. What it asks of Python, ``server.py`` answers.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from mnist_compare.page import pads, parts
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.records.networks import SERVED


def write(
    folder: Path,
    models: Sequence[str] = SERVED,
    pipeline: str = "center",
    language: str | None = None,
    keeps: bool = False,
) -> None:
    """Write ``index.html`` and the files beside it into a folder.

    ``language`` is "en" or "ko", or None for the browser's; with ``keeps``, the page asks whether
    an answer is right, and has the drawing kept. Raises ValueError for an unknown model, pipeline
    or language.
    """
    said = parts.strings()
    if pipeline not in PIPELINES:
        raise ValueError(f"unknown pipeline {pipeline!r}: choose one of {', '.join(PIPELINES)}")
    if language not in (None, *said):
        raise ValueError(f"unknown language {language!r}: choose one of {', '.join(said)}")
    sheet = parts.text("demo_page.css", *pads.STYLES)
    styles = parts.styles(sheet, partial(parts.stored, folder))
    living = pads.living(folder, language, models=models, alone=True, keeps=keeps)
    html = parts.text("demo_page.html").replace("STYLES", styles)
    needed = [f'<p lang="{tag}">{words["noscript"]}</p>' for tag, words in said.items()]
    place = pads.pad(pipeline, f"<noscript>{''.join(needed)}</noscript>")
    html = html.replace("PLACE", place).replace("LIVING", living)
    (folder / "index.html").write_text(html, "utf-8")
