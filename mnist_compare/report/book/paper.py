"""A document as a PDF."""

from pathlib import Path

from mnist_compare.page.parts import FONTS
from mnist_compare.report.book.pandoc import ASSETS, convert
from mnist_compare.report.draw import vectors


def paper(text: str, about: dict, scratch: Path) -> bytes:
    """Return a document in Markdown as a PDF; ``scratch`` is where its pictures and fonts are."""
    import typst

    source = scratch / "report.typ"
    options = ["--syntax-highlighting=idiomatic", f"--lua-filter={ASSETS / 'paper.lua'}"]
    source.write_text(convert(text, "typst", "report.typ", about, scratch, options), "utf-8")
    # With no fonts but typst's, Matplotlib's and ours, the sheets are the same on every machine.
    fonts: list = [scratch, FONTS, vectors.FONTS]
    return typst.compile(source, root=scratch, font_paths=fonts, ignore_system_fonts=True)
