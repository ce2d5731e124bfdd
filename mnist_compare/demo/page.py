"""Draw a digit and see what the networks answer: a Gradio page, and a picture for the report.

``show()`` is the one line for notebooks, ``serve()`` is for the command line. The page, made of
``page/assets``, sends the drawing while it grows to the routes of ``server.py``, which send back
plain data that it draws. Nothing leaves the machine unless a public link is wanted.
"""

import contextlib
import io
import os
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from mnist_compare import predictor
from mnist_compare.demo import limits
from mnist_compare.demo.answer import answer
from mnist_compare.demo.collected import Folder, own_folder
from mnist_compare.demo.server import NOWHERE, Api, page_data
from mnist_compare.own import pad
from mnist_compare.page import pads, parts
from mnist_compare.page.gallery import examples
from mnist_compare.records import networks, progress
from mnist_compare.records.networks import SERVED
from mnist_compare.report.words import spoken, translation
from mnist_compare.report.words.sentences import Sentence

LOCAL = ("127.0.0.1", "localhost", "::1", "[::1]")
# The page says how high it is; until then, the frame is as high as in a notebook of usual width.
FRAME = """<iframe src="{address}" width="100%" height="1260" style="border: 0"></iframe>
<script>
addEventListener("message", ({{ source, data }}) => {{
  for (const frame of document.querySelectorAll("iframe"))
    if (frame.contentWindow === source && data.demoHeight) frame.height = data.demoHeight;
}});
</script>"""
OWN_TAB = "Open the demo in its own tab"
NO_LINK = "There is no public link: Gradio's service for it cannot be reached."
PATIENCE = 3  # seconds for the service of public links to answer
IN_THE_PICTURE = 6  # of the example drawings
HOW_TO_DRAW = (
    "*To draw digits of your own, run this cell in Jupyter or Colab, "
    "or `python -m mnist_compare demo` in a terminal.*"
)

# Gradio's import would print this into the notebook, with a path of the machine.
warnings.filterwarnings("ignore", "IProgress not found")

_running = None  # the page that show() launched last in this notebook


def app(
    models: Sequence[str] = SERVED,
    pipeline: str = "center",
    language: str | None = None,
    folder: Folder | None = None,
):
    """Return the page as Gradio Blocks, for ``launch()``.

    ``language`` is "en" or "ko", or None for the browser's; ``folder`` is for the drawings whose
    digit a user confirms or corrects, or None not to ask.
    """
    import gradio as gr

    if language not in (None, *parts.strings()):
        known = ", ".join(parts.strings())
        raise ValueError(f"unknown language {language!r}: choose one of {known}")
    # An unknown name fails here, not at a stroke, and the first stroke finds all of it in memory.
    page_data(answer(examples()[0][1], models, pipeline))

    settings = pads.settings(models, language) | {
        "pipeline": pipeline,
        "alone": True,
        "keeps": folder is not None,
    }
    with gr.Blocks(title="Draw a digit", analytics_enabled=False) as page:
        gr.HTML(
            elem_id="demo", html_template=parts.text("demo.html"), apply_default_css=False,
            js_on_load=parts.text(*pads.VIEW, "server.js"),
            settings=settings,
        )  # fmt: skip
    page.api = Api(tuple(models), pipeline, folder)
    return page


def launch(page, hosts: Sequence[str] | None = LOCAL, **options) -> None:
    """Serve the page, with its styles and its own routes, without waiting for its end.

    ``hosts`` are the names by which it may be called, None for any: by a name of its own, a page
    from elsewhere would pass for this one.
    """
    import gradio as gr

    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    os.environ["no_proxy"] = f"{no_proxy},127.0.0.1,localhost"  # Gradio asks itself for its page
    with contextlib.redirect_stdout(io.StringIO()):  # what it says about links is misleading
        page.launch(
            **{"inline": False} | options, quiet=True, prevent_thread_lock=True, ssr_mode=False,
            head=f"<style>{parts.styles(parts.text('demo_page.css', *pads.STYLES))}</style>",
            theme=gr.themes.Base(font="serif", font_mono="monospace"),
            footer_links=[], run_history=False, enable_monitoring=False, show_error=False,
            app_kwargs=page.api.fastapi_options(hosts), root_path=NOWHERE,
        )  # fmt: skip
    limits.limit_connections(page)


def show(models: Sequence = SERVED, pipeline: str = "center", share: bool = False):
    """Display, in a notebook, the page to draw on; return a picture of example drawings.

    ``models`` are names, or trained Keras models of the notebook, which then answer themselves.
    With ``share``, and always in Colab, Gradio is asked for a public link, by which others can draw
    as long as the notebook runs; what they draw passes through its server and is not kept. Where
    nobody can draw (the report is being made, a test runs), there is only the picture.
    """
    from IPython.display import HTML, Markdown, display

    models = pad.use(models)
    if spoken.somebody_is_there():
        try:
            display(HTML(_launch_beside(models, pipeline, share)))
        except Exception as error:  # a demo that cannot start must not stop the notebook
            display(Markdown(f"*The live demo could not start: {error}*"))
    else:
        shipped = {*models} <= {*SERVED}  # others the report's page does not hold
        spoken.say(pads.pad(pipeline, "{how}") if shipped else "{how}", how=Sentence(HOW_TO_DRAW))
    return picture(models, pipeline)


def _launch_beside(models, pipeline, share):
    """Launch the page in place of the one before, and return the HTML to display for it."""
    global _running
    if _running is not None:
        _running.close(verbose=False)
    in_colab = "google.colab" in sys.modules
    language = None if spoken.language() == "en" else spoken.language()  # else the browser's
    shared = in_colab or share
    page = _running = app(models, pipeline, language, None if shared else own_folder())
    share = shared and _share_service_answers()
    # Without a public link, Colab reaches its machine only by a frame that Gradio makes itself.
    framed = in_colab and not share
    launch(page, None if shared else LOCAL, share=share, inline=framed)
    address = page.share_url or page.local_url
    said = [] if framed else [f'<a href="{address}" target="_blank">{_said(OWN_TAB)}</a>']
    if page.share_url:
        said.append(_said("Public link, for a week at most: {address}", address=address))
    elif shared:
        said.append(_said(NO_LINK))
    words = "".join(f"<p>{sentence}</p>" for sentence in said)
    return words if framed else words + FRAME.format(address=address)


def _said(sentence, **names):
    return Sentence(sentence, **names).into(spoken.language())


def serve(
    models: Sequence[str] = SERVED,
    pipeline: str = "center",
    host: str = "127.0.0.1",
    port: int | None = None,
    share: bool = False,
    language: str | None = None,
    collect: str | Path | None = None,
    browser: bool = False,
) -> None:
    """Serve the page until Ctrl-C; raises OSError with one sentence where that cannot be.

    With ``browser``, a page that only this machine can open is opened in its browser. Labelled
    drawings are kept in the folder ``collect``; without it, a page that only this machine can open
    keeps them in ``collected.own_folder()``, and a public one does not ask for labels.
    """
    host = host.strip("[]")  # of IPv6
    _check_address(host, port)
    private = host in LOCAL and not share
    folder = Folder(collect) if collect else own_folder() if private else None
    with progress.steps("Starting the demo", 2) as done:
        page = app(models, pipeline, language, folder)
        done("networks and page")
        launch(
            page,
            LOCAL if private else None,
            server_port=port,
            server_name=f"[{host}]" if ":" in host else host,  # as in an address
            share=share and _share_service_answers(),
        )
        done("server")
    print(f"Draw digits at {page.local_url} (Ctrl-C ends it)", flush=True)
    if page.share_url:
        print(f"Public link, for a week at most: {page.share_url}", flush=True)
    elif share:
        print(NO_LINK, flush=True)
    if folder:
        print(f"Drawings that users label are kept in {folder.path}", flush=True)
    elif not private:
        print("No drawing is kept; --collect DIR keeps those that users label.", flush=True)
    if browser and private:
        webbrowser.open(page.local_url)
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    page.close(verbose=False)


def _check_address(host, port):
    """Raise OSError where nothing can be served; Gradio would try a hundred ports, for minutes."""
    if port is not None and port not in range(1, 2**16):
        raise ValueError(f"A port is a number from 1 to 65535, not {port}.")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port or 0), family=family).close()
    except (OSError, UnicodeError) as error:
        where = f"{host}:{port}" if port else host
        reason = getattr(error, "strerror", str(error)).partition(" (")[0]
        raise OSError(f"Cannot serve on {where}: {reason}; choose another.") from None


def _share_service_answers():
    import httpx
    from gradio.networking import GRADIO_API_SERVER

    try:
        return httpx.get(GRADIO_API_SERVER, timeout=PATIENCE).is_success
    except httpx.HTTPError:
        return False


def picture(models: Sequence[str] = SERVED, pipeline: str = "center"):
    """Return a Figure: each example drawing, what the models see of it, and what they answer."""
    from mnist_compare.report.draw.drawing import Drawing

    chosen = examples()[:IN_THE_PICTURE]
    titles = {name: networks.title(name) for name in models}
    size = 7.5 if max(map(len, titles.values())) < 4 else 6.5  # so that a longer name fits in
    figure = Drawing((6.3, 1.4 + 0.2 * len(models)), layout="constrained")
    columns = figure.subplots(2, len(chosen)).T
    for (meant, drawing), column in zip(chosen, columns, strict=True):
        reading = answer(drawing, models, pipeline)
        for axis, image in zip(column, (drawing, reading.preprocessed.digit), strict=True):
            axis.imshow(image, cmap="gray", vmin=0, vmax=255)
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set(color="#c3c7cd", linewidth=0.6)
        for line, (name, title) in enumerate(titles.items()):
            title = translation.translated(title, spoken.language())
            right = reading.digit(name) == meant
            mark, sure = "✓" if right else "✗", predictor.percentage(reading.confidence(name))
            column[1].annotate(
                f"{title} {reading.digit(name)} {mark} {sure}",
                (0.5, -0.07), (0, -11 * line), "axes fraction", "offset points", ha="center",
                va="top", fontsize=size, color="black" if right else networks.RED,
                parse_math=False,
            )  # fmt: skip
    for axis, name in zip(columns[0], ("drawn", "seen"), strict=True):
        axis.set_ylabel(name, fontsize=8)
    return figure
