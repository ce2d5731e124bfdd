"""The Chromium that is there, without a window: for pictures, tests and nbconvert's PDFs."""

import contextlib
import importlib.util
import shutil

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def find() -> str:
    """Return the path of Chromium; raises RuntimeError where it or playwright is missing."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None or importlib.util.find_spec("playwright") is None:
        raise RuntimeError("This needs Chromium and playwright (apt-get install chromium).")
    return path


@contextlib.contextmanager
def opened():
    """Open a headless Chromium."""
    path = find()
    from playwright.sync_api import sync_playwright

    options = {"executable_path": path, "args": SWITCHES}
    with sync_playwright() as playwright, playwright.chromium.launch(**options) as browser:
        yield browser
