"""A document as one web page, which names the files beside it."""

import re
from functools import partial
from pathlib import Path

from mnist_compare.page import pads, parts, school
from mnist_compare.report.book import hangul, live_figures
from mnist_compare.report.book.pandoc import ASSETS, convert
from mnist_compare.report.words.translation import LANGUAGES


def page(text: str, about: dict, scratch: Path) -> str:
    """Return a document in Markdown as a page; ``scratch`` is where its pictures and files are."""
    language, stored = about["lang"], partial(parts.stored, scratch)
    options = [f"--lua-filter={ASSETS / 'page.lua'}", f"--resource-path={scratch}"]
    options += ["--embed-resources", "--mathml", f"--number-offset={about['before']}"]
    said = parts.strings()[language]
    if has_stage := about["front"] or school.MARK in text:
        options += [f"--variable=stage:{pads.stage(said['noscript'], said['stage']['learning'])}"]
    html = convert(text, "html5", "report.html", about, scratch, options)
    html = html.replace(' data-external="1"', "")  # so that pandoc did not embed it
    # Pandoc's MathML lets \lVert grow; TeX does not. It knows no corner of a table that is no head.
    html = re.sub(r'stretchy="true"( form="\w+">‖)', r'stretchy="false"\1', html)
    html = re.sub(r"<th ([^>]*)></th>", r"<td \1></td>", html)
    # A drawing has its description as a label; it knows no alternative text.
    html = re.sub(r'(<svg [^>]*?) alt="[^"]*"', r"\1", html)
    if lives := has_stage or pads.is_alive(html):
        # Ahead of the text, so that the stage need not wait for all of it.
        more = (school.lessons(), live_figures.curves()) if has_stage else ()
        living = pads.living(scratch, language, live_figures.of(html), *more)
        html = html.replace("</header>", f"</header>\n{living}", 1)
    links = "".join(link["name"] for link in about["links"])
    style = parts.styles((ASSETS / "report.css").read_text("utf-8"), stored)
    style += hangul.styles(links if language == LANGUAGES[0] else html, stored)
    style += parts.text(*pads.LOOKS) * lives
    html = html.replace("<script>", f"<style>\n{style}</style>\n<script>", 1)
    script = stored((ASSETS / "report.js").read_bytes(), "js")
    return html.replace("</body>", f'<script defer src="{script}"></script>\n</body>', 1)
