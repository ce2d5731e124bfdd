"""The page to draw on in a notebook, and a picture of it for the report."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from mnist_compare import predictor
from mnist_compare.demo import gradio_page, page
from mnist_compare.demo.answer import answer
from mnist_compare.demo.collected import own_folder
from mnist_compare.demo.server import LOCAL, Api
from mnist_compare.own import pad
from mnist_compare.page import pads
from mnist_compare.page.gallery import examples
from mnist_compare.records import networks
from mnist_compare.records.networks import SERVED
from mnist_compare.report.words import spoken, translation

# The page says how high it is.
FRAME = """<iframe src="{address}" width="100%" height="{height}" style="border: 0"></iframe>
<script>
addEventListener("message", ({{ source, data }}) => {{
  for (const frame of document.querySelectorAll("iframe"))
    if (frame.contentWindow === source && data.demoHeight) frame.height = data.demoHeight;
}});
</script>"""
OWN_TAB = "Open the demo in its own tab"
IN_THE_PICTURE = 6  # of the example drawings
HOW_TO_DRAW = (
    "*To draw digits of your own, run this cell in Jupyter or Colab, "
    "or `python -m mnist_compare demo` in a terminal.*"
)

_running = ExitStack()  # the page that show() launched last in this notebook


def show(models: Sequence = SERVED, pipeline: str = "center", share: bool = False):
    """Display, in a notebook, the page to draw on; return a picture of example drawings.

    ``models`` are names, or trained Keras models of the notebook, which then answer themselves.
    With ``share``, and always in Colab, Gradio is asked for a public link, by which others can draw
    as long as the notebook runs; what they draw is not kept. Where nobody can draw (the report is
    being made, a test runs), there is only the picture.
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
        spoken.say(pads.pad(pipeline, "{how}") if shipped else "{how}", how=HOW_TO_DRAW)
    return picture(models, pipeline)


def _launch_beside(models, pipeline, share):
    """Launch the page in place of the one before, and return the HTML to display for it."""
    _running.close()
    in_colab = "google.colab" in sys.modules
    shared = in_colab or share
    language = None if spoken.language() == "en" else spoken.language()  # else the browser's
    folder = None if shared else own_folder()
    written = Path(_running.enter_context(TemporaryDirectory()))
    page.write(written, models, pipeline, language, keeps=folder is not None)
    share = shared and gradio_page.share_service_answers()
    # Without a public link, Colab reaches its machine only by a frame that Gradio makes itself.
    framed = in_colab and not share
    api, hosts = Api(models, pipeline, folder), None if shared else LOCAL
    launched = gradio_page.launched(api, written, hosts, share=share, inline=framed)
    address, link = _running.enter_context(launched)
    here = f'<a href="{link or address}" target="_blank">{spoken.said(OWN_TAB)}</a>'
    said = [] if framed else [here]
    if link:
        said.append(spoken.said("Public link, for a week at most: {address}", address=link))
    elif shared:
        said.append(spoken.said(gradio_page.NO_LINK))
    words = "".join(f"<p>{sentence}</p>" for sentence in said)
    frame = FRAME.format(address=link or address, height=gradio_page.HEIGHT)
    return words if framed else words + frame


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
