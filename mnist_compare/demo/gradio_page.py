"""The page to draw on within Gradio, which gives it public links and Colab's own frame."""

import contextlib
import io
import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from mnist_compare.demo.server import Api

PAD = "/pad"  # where the page is beside Gradio's own, which holds it in a frame
HEIGHT = 1260  # pixels, as in a notebook of usual width
PATIENCE = 3  # seconds for the service of public links to answer
NO_LINK = "There is no public link: Gradio's service for it cannot be reached."

# Gradio's import would print this into the notebook, with a path of the machine.
warnings.filterwarnings("ignore", "IProgress not found")


@contextlib.contextmanager
def launched(
    api: Api, folder: Path, hosts: Sequence[str] | None, **options
) -> Iterator[tuple[str, str | None]]:
    """Serve the page in a folder and what ``api`` answers; give its address, and its public link.

    The link is None where there is none. ``hosts`` are those of ``api.application()``, ``options``
    those of ``gradio.Blocks.launch()``.
    """
    import gradio as gr
    from starlette.routing import Mount

    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    os.environ["no_proxy"] = f"{no_proxy},127.0.0.1,localhost"  # Gradio asks itself for its page
    with gr.Blocks(title="Draw a digit", analytics_enabled=False) as blocks:
        gr.HTML(f'<iframe src=".{PAD}/" width="100%" height="{HEIGHT}" style="border: 0"></iframe>')
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # what it says about links is misleading
            blocks.launch(
                **options, quiet=True, prevent_thread_lock=True, ssr_mode=False, show_error=False,
                footer_links=[], run_history=False, enable_monitoring=False, max_file_size=1,
                height=HEIGHT,
                app_kwargs={"routes": [Mount(PAD, api.application(folder, hosts))]},
            )  # fmt: skip
        link = blocks.share_url and f"{blocks.share_url.rstrip('/')}{PAD}/"
        yield f"{blocks.local_url.rstrip('/')}{PAD}/", link
    finally:
        blocks.close(verbose=False)


def share_service_answers() -> bool:
    """Tell whether Gradio's service of public links can be reached."""
    import httpx
    from gradio.networking import GRADIO_API_SERVER

    try:
        return httpx.get(GRADIO_API_SERVER, timeout=PATIENCE).is_success
    except httpx.HTTPError:
        return False
