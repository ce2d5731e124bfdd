"""The documents as a site: pages that load what they need when they need it, behind a front page.

It is made of the pages that ``documents.build()`` made, and needs no network and no server: every
address is relative, and what is large stands in scripts, which a page opened from a folder may
load as well.
"""

import base64
import hashlib
import json
import re
import shutil
from html import escape
from pathlib import Path

from mnist_compare.place import atomically
from mnist_compare.report.book import notebook_page
from mnist_compare.report.book.documents import BESIDE
from mnist_compare.report.book.merging import file_name
from mnist_compare.report.words.translation import LANGUAGES, translated

FILES = "files"  # the folder of what pages share, named by its content
HERE = "'self' file:"  # the same folder may be asked, and nothing else
POLICY = re.compile(r"(script|style|img|font)-src [^;]*")


def build(reports: Path, sources: Path, folder: Path, address: str = "") -> list[Path]:
    """Write the site of the documents in ``reports`` into a folder and return its pages.

    ``sources`` are the notebooks, which become pages, too. ``address`` is where the site will
    stand, ending in a slash; where it is known, pages name a picture for those who share them.
    Raises FileNotFoundError, which says what to do, where a document has not been built.
    """
    missing = [name for name in _originals() if not (reports / name).exists()]
    if missing:
        raise FileNotFoundError(
            f"{missing[0]} is missing in {reports}: `make report` and `make report EDITION=ko` "
            "write the documents."
        )
    shutil.rmtree(folder / FILES, ignore_errors=True)
    pages = {}
    for language in LANGUAGES:
        for name in BESIDE:
            html = (reports / file_name(name, "html", language)).read_text("utf-8")
            pages[file_name(name, "html", language)] = html
            pdf = file_name(name, "pdf", language)
            with atomically(folder / pdf) as temporary:
                shutil.copyfile(reports / pdf, temporary)
        listed = notebook_page.pages(sources, language)
        pages |= {file: html for file, (_, html) in listed.items()}
        titles = {file: title for file, (title, _) in listed.items()}
        pages[file_name("index", "html", language)] = _front(pages, titles, language)
    pages["404.html"] = _lost(pages["index.html"], address)
    for file, html in pages.items():
        _write(folder / file, _named(_split(html, file, folder), file, address).encode())
    _write(folder / ".nojekyll", b"")
    picture = reports.parent / "figures" / "stage_light.png"
    if address and picture.exists():
        _write(folder / "stage.png", picture.read_bytes())
    lines = ["User-agent: *", "Allow: /", *([f"Sitemap: {address}sitemap.txt"] if address else [])]
    _write(folder / "robots.txt", "\n".join(lines).encode())
    if address:
        _write(folder / "sitemap.txt", "\n".join(address + file for file in pages).encode())
    return [folder / file for file in pages]


def _originals():
    return [
        file_name(name, kind, language)
        for name in BESIDE
        for kind in ("html", "pdf")
        for language in LANGUAGES
    ]


def _front(pages, notebooks, language):
    """Return the front page: the head of the report with its stage, and links to all the rest."""

    def words(text, **values):
        return escape(translated(text, language).format(**values))

    report = pages[file_name("report", "html", language)]
    top, rest = report.split("<nav ", 1)
    contents, rest = rest.split("</nav>", 1)
    contents = contents.replace('href="#', f'href="{file_name("report", "html", language)}#')
    (main,) = re.findall(r"<main[^>]*>", rest)
    end = rest.split("</main>", 1)[1]
    for other in LANGUAGES:  # the other edition of a front page is a front page
        report, front = (file_name(name, "html", other) for name in ("report", "index"))
        top = top.replace(f'<a href="{report}"', f'<a href="{front}"')
    lists = {
        "Read": {
            file_name(name, kind, language): f"{words(called)} ({form})"
            for name, called in BESIDE.items()
            for kind, form in (("html", words("page")), ("pdf", "PDF"))
        },
        "The notebooks, with their outputs": {
            file: escape(title) for file, title in notebooks.items()
        },
    }
    body = "".join(
        f"<h2>{words(heading)}</h2>\n<ul>\n"
        + "".join(f'<li><a href="{file}">{text}</a></li>\n' for file, text in links.items())
        + "</ul>\n"
        for heading, links in lists.items()
    )
    return f"{top}<nav {contents}</nav>\n{main}\n{body}</main>{end}"


def _lost(front, address):
    """Return what stands in place of a page that does not exist."""
    head = re.sub(
        r"<script.*?</script>|<title>.*?</title>", "", front.split("</head>")[0], flags=re.S
    )
    base = f'<base href="{address}">' if address else ""
    links = "".join(
        f'<p lang="{language}"><a href="{file_name("index", "html", language)}">'
        f"{escape(translated('There is no such page. Here is the front page.', language))}</a></p>"
        for language in LANGUAGES
    )
    return f"{head}{base}<title>404</title></head><body><main>{links}</main></body></html>"


def _split(html, file, folder):
    """Return a page whose fonts, pictures, scripts and data stand in files of their own."""
    up = "../" * file.count("/")

    def stored(content, suffix):
        name = f"{FILES}/{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
        if not (folder / name).exists():
            _write(folder / name, content)
        return name

    def font(match):
        return f'url("{up}{stored(base64.b64decode(match[1]), "woff2")}")'

    def picture(match):
        content, suffix = base64.b64decode(match["data"]), match["kind"].split("+")[0]
        return f'{match["before"]}src="{up}{stored(content, suffix)}" loading="lazy"'

    def data(match):
        given = json.loads(match[1])
        figures = given["figures"] = {  # the front page has none
            label: each for label, each in given["figures"].items() if f'id="{label}"' in html
        }
        holders = [(given, "lessons"), *((given["networks"], name) for name in given["networks"])]
        for holder, key in (*holders, *((figures, label) for label in figures)):
            if holder[key]:
                # As a string, which browsers read much faster than the same as a program.
                script = f"mnistCompare.held = JSON.parse({json.dumps(json.dumps(holder[key]))});"
                holder[key] = up + stored(script.encode(), "js")
        text = json.dumps(given, ensure_ascii=False).replace("</", "<\\/")
        return f'<script type="application/json" id="demo-data">{text}</script>'

    def script(match):
        if len(match[1]) < 2_000:
            return match[0]  # what chooses light or dark before anything is painted
        return f'<script defer src="{up}{stored(match[1].encode(), "js")}"></script>'

    html = re.sub(r'url\("?data:font/woff2;base64,([^")]+)"?\)', font, html)
    html = html.replace("@font-face {", "@font-face { font-display: swap;")
    html = re.sub(
        r'(?P<before><img [^>]*?)src="data:image/(?P<kind>[a-z+]+);base64,(?P<data>[^"]+)"',
        picture,
        html,
    )
    html = re.sub(
        r'<script type="application/json" id="demo-data">(.*?)</script>', data, html, flags=re.S
    )
    html = re.sub(r"<script>(.*?)</script>", script, html, flags=re.S)
    html = POLICY.sub(lambda match: match[0].replace("-src ", f"-src {HERE} "), html, count=4)
    return html.replace("worker-src blob:", f"worker-src blob:; connect-src {HERE}", 1)


def _named(html, file, address):
    """Return a page that says what it is to search engines and to those who share it."""
    (title,) = re.findall(r"<title>(.*?)</title>", html, re.S)
    tags = [f'<meta property="og:title" content="{title.strip()}">']
    if address:
        tags += [f'<link rel="canonical" href="{escape(address + file)}">']
        tags += [f'<meta property="og:url" content="{escape(address + file)}">']
        tags += [f'<meta property="og:image" content="{escape(address)}stage.png">']
    return html.replace("</title>", "</title>\n" + "\n".join(tags), 1)


def _write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomically(path) as temporary:
        temporary.write_bytes(content)
