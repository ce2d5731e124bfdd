"""Markdown to what a page or a paper is made of, by pandoc."""

import json
import re
from pathlib import Path

from mnist_compare.report.words.tables import LONGEST_LINE

ASSETS = Path(__file__).parent / "assets"
# Notebooks are written in CommonMark; this switches off pandoc's extensions of it.
MARKDOWN = (
    "markdown+lists_without_preceding_blankline-blank_before_header-blank_before_blockquote"
    "-citations-example_lists-fancy_lists-grid_tables-latex_macros-line_blocks-multiline_tables"
    "-raw_tex-simple_tables-subscript-superscript"
)


def convert(
    text: str, target: str, template: str, about: dict, scratch: Path, options: list[str]
) -> str:
    """Return a text as ``target``, "html5" or "typst", within a template of ``assets``.

    ``about`` is what the template is told; ``scratch`` is where the pictures are.
    """
    import pypandoc

    # Escaped, since pandoc reads the metadata of a file as Markdown.
    metadata = {
        key: re.sub(r"([^\w\s])", r"\\\1", value) if isinstance(value, str) else value
        for key, value in about.items()
    }
    file = scratch / "about.json"
    file.write_text(json.dumps(metadata), "utf-8")
    shared = ["--standalone", f"--template={ASSETS / template}", f"--metadata-file={file}"]
    shared += ["--number-sections", "--toc", "--toc-depth=2"]
    shared += [f"--columns={LONGEST_LINE}", "--wrap=none"]
    return pypandoc.convert_text(text, target, MARKDOWN, extra_args=[*shared, *options])
