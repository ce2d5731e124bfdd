"""nbconvert's PDF of a single notebook, printed by the Chromium that is there."""

import tempfile
from pathlib import Path

from nbconvert.exporters import WebPDFExporter

from mnist_compare.report.book import chromium


class WebPDF(WebPDFExporter):
    """Do as ``jupyter nbconvert --to webpdf``, which knows only a Chromium that it downloads."""

    export_from_notebook = ""  # no entry in the menu of Jupyter

    def run_playwright(self, html):
        """Return a page as a PDF, as bytes."""
        with tempfile.TemporaryDirectory() as folder, chromium.opened() as browser:
            file = Path(folder, "notebook.html")
            file.write_text(html, "utf-8")
            page = browser.new_page()
            page.emulate_media(media="print")
            page.goto(file.as_uri(), wait_until="networkidle")
            return page.pdf(print_background=True)
