"""The documents as a site: the pages with their files beside them, and a front page.

It needs no network and no server: every address is relative, and what is large stands in scripts,
which a page opened from a folder may load as well.
"""

import shutil
from html import escape
from pathlib import Path

from mnist_compare.files import write
from mnist_compare.page.parts import FILES
from mnist_compare.records.place import clone
from mnist_compare.report.book.documents import BESIDE, FRONT
from mnist_compare.report.book.merging import file_name
from mnist_compare.report.words.translation import LANGUAGES, translated


def build(built: Path, folder: Path, address: str = "") -> list[Path]:
    """Copy the site that ``documents.build()`` wrote into a folder and return its pages.

    ``built`` has it in its folder ``site``, and the PDFs in ``reports``. ``address`` is where the
    site will stand, ending in a slash; where it is known, pages name a picture for those who share
    them. Raises FileNotFoundError, which says what to do, where a document has not been built.
    """
    site, reports = built / "site", built / "reports"
    names = [file_name(name, "html", of) for of in LANGUAGES for name in (FRONT, *BESIDE)]
    papers = [file_name(name, "pdf", of) for of in LANGUAGES for name in BESIDE]
    sources = *(site / name for name in names), *(reports / name for name in papers)
    if missing := [path for path in sources if not path.exists()]:
        raise FileNotFoundError(
            f"{missing[0]} is missing: `make report` and `make report EDITION=ko` write the "
            "documents."
        )
    pages = {name: (site / name).read_text("utf-8") for name in names}
    text = "".join(pages.values())
    files = [path for path in (site / FILES).iterdir() if path.name in text]  # no earlier ones
    contents = {f"{FILES}/{path.name}": path.read_bytes() for path in files}
    contents |= {name: (reports / name).read_bytes() for name in papers}
    pages["404.html"] = _lost(address)
    contents |= {name: _named(html, address, name).encode() for name, html in pages.items()}
    robots = "User-agent: *\nAllow: /\n"
    if address:
        contents["stage.png"] = (clone() / "figures" / "stage_light.png").read_bytes()
        contents["sitemap.txt"] = "\n".join(address + name for name in names).encode()
        robots += f"Sitemap: {address}sitemap.txt\n"
    contents |= {"robots.txt": robots.encode(), ".nojekyll": b""}
    shutil.rmtree(folder / FILES, ignore_errors=True)
    for name, content in contents.items():
        write(folder / name, content)
    return [folder / name for name in pages]


def _lost(address):
    """Return what stands in place of a page that does not exist."""
    base = f'<base href="{escape(address)}">' if address else ""
    links = "".join(
        f'<p lang="{language}"><a href="{file_name(FRONT, "html", language)}">'
        f"{escape(translated('There is no such page. Here is the front page.', language))}</a>"
        for language in LANGUAGES
    )
    return (
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" '
        f'content="light dark">{base}<title>404</title>{links}'
    )


def _named(html, address, name):
    """Return a page that says where it is to search engines and to those who share it."""
    if not address:
        return html
    place = escape(address + name)
    tags = f'<link rel="canonical" href="{place}">\n<meta property="og:url" content="{place}">\n'
    tags += f'<meta property="og:image" content="{escape(address)}stage.png">'
    return html.replace("</title>", f"</title>\n{tags}", 1)
