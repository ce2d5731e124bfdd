"""From mouse-up to the changed answer: our page beside the same page written the source's way.

``python -m mnist_compare.bench.strokes`` prints both medians, and how long the page takes to start.
The source's way is a Keras model's ``predict`` and two figures of pyplot for every drawing; the pad
and its pictures are the same.
"""

import statistics
import subprocess
import sys
import time

import numpy as np

from mnist_compare import predictor
from mnist_compare.demo import browser, page, uploads
from mnist_compare.front import parts
from mnist_compare.preprocessing import preprocess

# Called in the page before a stroke: resolves to the milliseconds from mouse-up to `changed`.
STOPWATCH = """(changed) => {
  const state = new Function("return " + changed);
  const before = state();
  window.measured = new Promise((resolve) => {
    addEventListener("pointerup", () => {
      const start = performance.now();
      const observer = new MutationObserver(() => {
        const now = state();
        if (now.some((part, i) => !part || part === before[i])) return;
        observer.disconnect();
        resolve(performance.now() - start);
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true });
    }, { capture: true, once: true });
  });
}"""
OURS = "[document.querySelector('[data-answered]').dataset.answered]"
SOURCE = "[0, 1].map((i) => document.querySelectorAll('#plots img')[i]?.src)"


def measure(strokes=20):
    """Return the milliseconds of every stroke, {"ours": […], "source": […]}, taken in turns."""
    generator = np.random.default_rng(0)
    taken = {"ours": [], "source": []}
    with (
        browser.served(page.app()) as ours,
        browser.served(source_page(), _launch_plainly) as source,
        browser.chromium() as chromium,
    ):
        tabs = {"ours": chromium.new_page(), "source": chromium.new_page()}
        for name, address, changed in (("ours", ours, OURS), ("source", source, SOURCE)):
            tabs[name].goto(address)
            tabs[name].locator(".paper canvas").wait_for()
            _stroke(tabs[name], changed, [(0.5, 0.2), (0.5, 0.8)])  # to warm up
        for _ in range(strokes):
            corners = generator.uniform(0.15, 0.85, (4, 2)).tolist()
            taken["ours"].append(_stroke(tabs["ours"], OURS, corners))
            taken["source"].append(_stroke(tabs["source"], SOURCE, corners))
    return taken


def starting():
    """Return the seconds from the start of a Python to a page that has warmed up and answers."""
    code = "from mnist_compare.demo import page; p = page.app(); page.launch(p); p.close()"
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - start


def source_page():
    """Return a page with our pad that answers as the source report's demo does."""
    import gradio as gr

    model = predictor.load_keras("mlp")

    def respond(drawing):
        from matplotlib import pyplot

        pyplot.close("all")
        steps = preprocess(uploads.open_drawing(drawing)).steps
        digit = steps["centred"].reshape(1, *model.input_shape[1:]) / 255
        probabilities = model.predict(digit, verbose=0)[0]
        seen, axes = pyplot.subplots(1, len(steps), figsize=(12, 3))
        for axis, (name, picture) in zip(axes, steps.items(), strict=True):
            axis.imshow(picture, cmap="gray")
            axis.set_title(name)
        bars, axis = pyplot.subplots()
        axis.bar(range(10), probabilities)
        return seen, bars

    pad = parts.text("pictures.js", "pad.js") + (
        "const pad = makePad(element.querySelector('.paper'), (done) => {"
        " if (done && !pad.isEmpty()) props.value = pad.url(); });"
        "element.addEventListener('keydown', (event) => event.key === 'Delete' && pad.clear());"
    )
    template = '<div class="paper" style="width: 23rem"><canvas tabindex="0"></canvas></div>'
    with gr.Blocks(analytics_enabled=False) as blocks:
        drawn = gr.HTML(html_template=template, js_on_load=pad, apply_default_css=False)
        with gr.Row(elem_id="plots"):
            shown = [gr.Plot(), gr.Plot()]
        drawn.change(respond, drawn, shown, queue=False, show_progress="hidden")
    return blocks


def _launch_plainly(blocks):
    blocks.launch(quiet=True, inline=False, prevent_thread_lock=True, ssr_mode=False)


def _stroke(tab, changed, corners):
    tab.evaluate(STOPWATCH, changed)
    browser.draw(tab, corners)
    milliseconds = tab.evaluate("measured")
    tab.locator(".paper canvas").press("Delete")
    return milliseconds


if __name__ == "__main__":
    taken = measure()
    for name, values in taken.items():
        median, slowest = statistics.median(values), max(values)
        print(f"{name}: median {median:.0f} ms, slowest {slowest:.0f} ms, {len(values)} strokes")
    print(f"from nothing to a page that answers: {starting():.1f} s")
