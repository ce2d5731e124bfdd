"""The site: complete, small until it is used, and alive from a folder as under any path."""

import re
from urllib.parse import unquote, urldefrag

import pytest

from mnist_compare.report.book import site

REFERENCES = re.compile(
    r'<(?:a|link|img|script) [^>]*?(?:href|src)="([^"#][^"]*)"|url\("([^"]+)"\)|: "(files/[^"]+)"'
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory, drafts):
    """The folder of a site of the documents, and its pages."""
    folder = tmp_path_factory.mktemp("site")
    address = "https://far.example/digits/"
    return folder, site.build(drafts, folder, address)


def test_every_address_is_relative_and_leads_to_a_file(built):
    folder, pages = built
    for page in pages:
        html = page.read_text("utf-8")
        for found in REFERENCES.findall(html):
            target, _ = urldefrag("".join(found))
            if re.match(r"(?:https?|data|mailto):", target) or not target:
                continue
            assert not target.startswith("/"), (page.name, target)
            assert (page.parent / unquote(target)).resolve().exists(), (page.name, target)
    assert (folder / "robots.txt").exists()


def test_what_a_link_names_is_on_the_page(built):
    _, pages = built
    ids = {page: {*re.findall(r'id="([^"]+)"', page.read_text("utf-8"))} for page in pages}
    for page in pages:
        for href in re.findall(r'<a [^>]*?href="([^"]*#[^"]*)"', page.read_text("utf-8")):
            target, label = urldefrag(href)
            if not target.startswith("http"):
                there = (page.parent / target).resolve() if target else page
                assert unquote(label) in ids[there], (page.name, href)


def test_no_page_is_large_before_it_is_used(built):
    folder, pages = built
    assert max(page.stat().st_size for page in pages) < 1_000_000
    for name in ("index.html", "index_ko.html"):
        page = (folder / name).read_text("utf-8")
        scripts = re.findall(r'<script defer src="([^"]+)"', page)
        first = len(page.encode()) + sum((folder / file).stat().st_size for file in scripts)
        assert first < 400_000  # less than a third of it once a host packs it
    assert 'content="https://far.example/digits/stage.png"' in page
    assert (folder / "stage.png").exists()


def test_the_front_page_reads_and_learns_from_a_folder(built, open_tab):
    folder, _ = built
    address = (folder / "index_ko.html").as_uri()
    tab = open_tab(address, viewport={"width": 390, "height": 844})
    tab.locator(".answers .cnn b", has_text="2").wait_for()
    tab.locator(".layers-of-both").scroll_into_view_if_needed()
    tab.locator(".network.mlp .sums .cell").first.wait_for()
    learned = tab.evaluate("mnistCompare.train({ network: 'mlp', digits: 100, epochs: 1 })")
    assert 0.3 < learned["unseen"] < 1


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_in_sight_moves_while_the_front_page_loads(built, chromium, width):
    folder, _ = built
    tab = chromium.new_page(viewport={"width": width, "height": 900})
    tab.add_init_script(MOVED)
    slow = {"rate": 4}
    tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", slow)
    tab.goto((folder / "index_ko.html").as_uri())
    tab.locator(".answers .cnn b", has_text="2").wait_for()
    assert tab.evaluate("moved") <= 0.05
    tab.close()


# The shares of the window that moved, times how far, as browsers measure it.
MOVED = """window.moved = 0;
new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (moved += value)))
  .observe({ type: "layout-shift", buffered: true });"""


def test_without_documents_one_is_told_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"index.html is missing: .*make report"):
        site.build(tmp_path, tmp_path / "built")
