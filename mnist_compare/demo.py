"""Draw a digit and see what the models read: a Gradio page, and a picture for the report.

``show()`` is the one line for notebooks, ``serve()`` the command line's. The page is a pad
(``assets/pad.*``), which sends a PNG picture after every stroke, and an answer: plain data from
here, laid out by ``assets/demo.html``. Nothing leaves the machine unless a public link is wanted.
"""

import base64
import contextlib
import io
import json
import os
import re
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from mnist_compare import predictor
from mnist_compare.preprocessing import Preprocessed, preprocess

ASSETS = Path(__file__).parent / "assets"
SIDE = 280  # of the pad's picture, in pixels, as in pad.js
PREFIX = "data:image/png;base64,"
LONGEST_TEXT = 500_000  # characters: the worst picture of that size, noise in RGBA, takes 420,000
PATIENCE = 3  # seconds for the service of public links to answer
NOTHING_DRAWN = "Draw a digit from 0 to 9."
HOW_TO_DRAW = (
    "*To draw digits of your own, run this cell in Jupyter or Colab, "
    "or `python -m mnist_compare demo` in a terminal.*"
)

_running = None  # the page that show() launched last in this notebook


@dataclass(frozen=True)
class Answer:
    """What each model reads in a drawing; `probabilities` is empty for a blank drawing."""

    preprocessed: Preprocessed
    probabilities: dict[str, np.ndarray]

    def digit(self, model):
        """Return the digit that the model holds most probable."""
        return int(self.probabilities[model].argmax())

    def confidence(self, model):
        """Return the probability of that digit."""
        return float(self.probabilities[model].max())


def answer(drawing, models=("mlp", "cnn"), pipeline="center"):
    """Return the models' `Answer` to a drawing, given as an array or as a Pillow image."""
    seen = preprocess(drawing, pipeline)
    names = () if seen.blank else models
    return Answer(seen, {name: predictor.load(name)(seen.digit) for name in names})


def decode(text):
    """Return the picture in the pad's data URL; anything else raises ValueError with a sentence.

    Any client may send anything, so all is checked before a pixel is decoded.
    """
    if not isinstance(text, str) or not text.startswith(PREFIX):
        raise ValueError("This is no drawing: the pad sends PNG pictures as data URLs.")
    if len(text) > LONGEST_TEXT:
        raise ValueError("This drawing is too large.")
    try:
        data = base64.b64decode(text.removeprefix(PREFIX), validate=True)
        image = Image.open(io.BytesIO(data), formats=["PNG"])
        fits = image.size == (SIDE, SIDE)
        if fits:
            image.load()
    except Exception:  # Pillow has a dozen ways to say it
        raise ValueError("This drawing is damaged: it is not a whole PNG picture.") from None
    if not fits:
        raise ValueError(f"This drawing has the wrong size: {SIDE} × {SIDE} pixels are expected.")
    return image


def app(models=("mlp", "cnn"), pipeline="center"):
    """Return the page as Gradio Blocks; `show` and `serve` launch it with its styles."""
    import gradio as gr

    def respond(text):
        """Return what demo.html shows, for what the pad sends."""
        headline, read = NOTHING_DRAWN, None
        try:
            if text:  # else the pad is empty
                read = answer(decode(text), models, pipeline)
                headline = _headline(read)
        except ValueError as error:
            headline = str(error)
        probabilities = read.probabilities if read else {}
        steps = read.preprocessed.steps if probabilities else {}
        return {
            "headline": headline,
            "models": [
                {"name": name, "probabilities": np.asarray(probabilities.get(name, ())).tolist()}
                for name in models
            ],
            "steps": [
                {"name": name, "width": pixels.shape[1], "picture": _png(pixels)}
                for name, pixels in steps.items()
            ],
        }

    answer(examples()[0][1], models, pipeline)  # an unknown name fails here, not at a stroke
    names = " and ".join(f"the {name.upper()}" for name in models)
    title = f"<h1>Draw a digit</h1><p>It is read by {names} after every stroke.</p>"
    plain = {"apply_default_css": False, "js_on_load": None}
    with gr.Blocks(title="Draw a digit", analytics_enabled=False) as page:
        gr.HTML(title, elem_id="title", **plain)
        with gr.Row(elem_id="stage"):
            own = {"html_template": _asset("pad.html"), "js_on_load": _asset("pad.js")}
            pad = gr.HTML(elem_id="pad", **plain | own)
            own = {"html_template": _asset("demo.html")}
            shown = gr.HTML(respond(None), elem_id="answer", **plain | own)
        pad.change(
            respond, pad, shown, queue=False, show_progress="hidden", trigger_mode="always_last",
            api_visibility="private",
        )  # fmt: skip
    return page


def show(models=("mlp", "cnn"), pipeline="center", label=None, caption=None):
    """Display, in a notebook, the page to draw on and a picture of example drawings.

    Where nobody can draw (the report is being made, a test runs), there is only the picture.
    """
    from IPython.display import HTML, Markdown, display

    from mnist_compare import report

    if _somebody_is_there():
        try:
            display(HTML(_launch_beside(app(models, pipeline))))
        except Exception as error:  # a demo that cannot start must not stop the notebook
            display(Markdown(f"*The live demo could not start: {error}*"))
    else:
        display(Markdown(HOW_TO_DRAW))
    names = " and ".join(name.upper() for name in models)
    report.figure(
        picture(models, pipeline),
        label or f"fig-drawings-{'-'.join(models)}-{pipeline}",
        caption or f"Example drawings, what the models see of them, and what {names} answer.",
    )


def serve(models=("mlp", "cnn"), pipeline="center", host="127.0.0.1", port=None, share=False):
    """Serve the page until Ctrl-C; a port that is in use ends the program with one sentence."""
    page = app(models, pipeline)
    try:
        _launch(page, server_name=host, server_port=port, share=share and _share_service_answers())
    except OSError:
        where = f"{host}:{port}" if port else host
        sys.exit(f"Cannot serve on {where}: the port is in use or not allowed; choose another.")
    print(f"Draw digits at {page.local_url} (Ctrl-C ends it)", flush=True)
    if page.share_url:
        print(f"Public link, for a week at most: {page.share_url}", flush=True)
    elif share:
        print("There is no public link: Gradio's service for it cannot be reached.", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    page.close(verbose=False)


def examples():
    """Return the example drawings: pairs of the digit that is meant and a Pillow image.

    They were made before any model had answered, and stay as they are whatever the answers.
    """
    drawings = json.loads(_asset("demo_drawings.json"))
    return [(each["digit"], _draw(each["strokes"], each["pen"])) for each in drawings]


def picture(models=("mlp", "cnn"), pipeline="center"):
    """Return a Figure: each example drawing, what the models see of it, and what they answer."""
    from matplotlib.figure import Figure

    from mnist_compare.figures import RED, confidence

    drawings = examples()
    figure = Figure((6.3, 2.1 + 0.2 * len(models)), layout="constrained")
    columns = figure.subplots(2, len(drawings)).T
    for (meant, drawing), column in zip(drawings, columns, strict=True):
        read = answer(drawing, models, pipeline)
        for axis, image in zip(column, (drawing, read.preprocessed.digit), strict=True):
            axis.imshow(image, cmap="gray", vmin=0, vmax=255)
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set(color="#c3c7cd", linewidth=0.6)
        for line, name in enumerate(models):
            right = read.digit(name) == meant
            mark = "✓" if right else "✗"
            column[1].annotate(
                f"{name.upper()} {read.digit(name)} {mark} {confidence(read.confidence(name))}",
                (0.5, -0.07), (0, -11 * line), "axes fraction", "offset points",
                ha="center", va="top", fontsize=7.5, color="black" if right else RED,
            )  # fmt: skip
    for axis, name in zip(columns[0], ("drawn", "seen"), strict=True):
        axis.set_ylabel(name, fontsize=8)
    return figure


def _launch(page, **options):
    import gradio as gr

    def embedded(match):
        font = base64.b64encode((ASSETS / match[1]).read_bytes()).decode()
        return f'url("data:font/woff2;base64,{font}")'

    css = re.sub(r'url\("(.+?)"\)', embedded, _asset("demo.css"))
    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    os.environ["no_proxy"] = f"{no_proxy},127.0.0.1,localhost"  # Gradio asks itself for its page
    with contextlib.redirect_stdout(io.StringIO()):  # what it says about links is misleading
        page.launch(
            **{"inline": False} | options, quiet=True, prevent_thread_lock=True, ssr_mode=False,
            head=f"<style>{css}</style>", theme=gr.themes.Base(font="serif", font_mono="monospace"),
            footer_links=[], run_history=False, enable_monitoring=False,
        )  # fmt: skip


def _launch_beside(page):
    """Launch the page in place of the one before, and return the HTML to display for it."""
    global _running
    if _running is not None:
        _running.close(verbose=False)
    _running = page
    in_colab = "google.colab" in sys.modules
    share = in_colab and _share_service_answers()
    # Without a public link, Colab reaches its machine only by a frame that Gradio makes itself.
    framed = in_colab and not share
    _launch(page, share=share, inline=framed)
    if framed:
        return ""
    address = page.share_url or page.local_url
    return (
        f'<p><a href="{address}" target="_blank">Open the demo in its own tab</a></p>'
        f'<iframe src="{address}" width="100%" height="760" style="border: 0"></iframe>'
    )


def _share_service_answers():
    import httpx
    from gradio.networking import GRADIO_API_SERVER

    answered = threading.Event()

    def probe():
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(GRADIO_API_SERVER, timeout=PATIENCE).is_success:
                answered.set()

    # In a thread, since no time-out of httpx covers the look-up of the name.
    threading.Thread(target=probe, daemon=True).start()
    return answered.wait(PATIENCE)


def _somebody_is_there():
    from IPython import get_ipython

    # Jupyter and Colab let a kernel ask its user for input; nbclient and nbval have no user.
    kernel = getattr(get_ipython(), "kernel", None)
    return "MNIST_COMPARE_HEADLESS" not in os.environ and getattr(kernel, "_allow_stdin", False)


def _headline(read):
    digits = list(dict.fromkeys(str(read.digit(name)) for name in read.probabilities))
    if not digits:
        return NOTHING_DRAWN
    doubt = ": the models disagree" if len(digits) > 1 else ""
    return f"This reads as {' or '.join(digits)}{doubt}."


def _png(pixels):
    image, buffer = Image.fromarray(pixels), io.BytesIO()
    image.thumbnail((160, 160))
    image.save(buffer, "PNG", compress_level=1)
    return PREFIX + base64.b64encode(buffer.getvalue()).decode()


def _draw(strokes, pen):
    """Draw strokes of cubic Bézier curves as the pad does: black, round, soft at the edge."""
    zoom, t = 4, np.linspace(0, 1, 200)[:, None]
    canvas = Image.new("L", (SIDE * zoom, SIDE * zoom), "white")
    brush = ImageDraw.Draw(canvas)
    for stroke in map(np.array, strokes):
        for a, b, c, d in (stroke[i : i + 4] for i in range(0, len(stroke) - 1, 3)):
            curve = a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t**2 * (1 - t) + d * t**3
            for point in curve * zoom:
                brush.circle(tuple(point), pen * zoom / 2, fill="black")
    return canvas.reduce(zoom)


def _asset(name):
    return (ASSETS / name).read_text("utf-8")
