"""Networks that learn in a page: what it is given, and how a whole lesson goes."""

import base64
import zlib

import numpy as np
import pytest

from mnist_compare import data
from mnist_compare.page import parts, school
from mnist_compare.records import data_sets, runs
from mnist_compare.records.protocols import Protocol

WORDS = parts.strings()["en"]["trainer"]
PLACE = '<div class="trainer" data-networks="mlp cnn"></div>'
LESSON = """(settings) => Promise.race([mnistCompare.train(settings),
  new Promise((_, fail) => setTimeout(fail, 20_000, new Error("It never ends.")))])"""
CHANGES_OF_A_MOMENT = """() => new Promise((resolve) => {
  let changes = 0;
  const watching = new MutationObserver((records) => (changes += records.length));
  watching.observe(document.querySelector(".trainer"), { subtree: true, childList: true });
  setTimeout(() => resolve(changes), 300);
})"""


@pytest.fixture(scope="module")
def lessons():
    return school.lessons()


@pytest.fixture(scope="module")
def page(living, open_tab, lessons):
    tab = open_tab(living(PLACE, lessons=lessons))
    tab.wait_for_selector(".trainer .network svg")
    return tab


def unpacked(text):
    shades = np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8)
    return 17 * np.stack([shades // 16, shades % 16], axis=-1).reshape(-1, 28, 28)


def test_the_digits_are_those_of_the_recorded_runs_in_sixteen_shades(lessons):
    (digits, labels), *_, test = data_sets.split("cnn", Protocol(digits=3_000), seed=0)
    for text, said, pictures, answers in (
        (lessons["digits"], lessons["labels"], digits, labels),
        (lessons["unseen"], lessons["unseen_labels"], test[0][::10], test[1][::10]),
    ):
        assert [int(digit) for digit in said] == answers.tolist()
        assert np.abs(unpacked(text).astype(int) - pictures).max() <= 8


def test_recorded_runs_are_measured_on_the_unseen_digits(lessons):
    _, (_, labels) = data.load("mnist")
    for way, permuted in (("given", False), ("permuted", True)):
        recorded = runs.read("cnn", Protocol(digits=300, permuted=permuted))
        shares = lessons["recorded"]["cnn"][way][300]
        assert len(shares) == len(recorded) >= 20
        assert shares[0] == np.mean(recorded[0].predictions[10][::10] == labels[::10])


@pytest.mark.slow
def test_a_lesson_ends_among_the_recorded_runs(page, lessons):
    """As far from them as a few digits of the thousand, which a run of its own may be."""
    settings = {"network": "mlp", "digits": 300, "seed": 5}
    learned = page.evaluate("(settings) => mnistCompare.train(settings)", settings)
    recorded = lessons["recorded"]["mlp"]["given"][300]
    assert min(recorded) - 0.02 < learned["unseen"] < max(recorded) + 0.02
    assert learned["own"] == 1
    again = page.evaluate("(settings) => mnistCompare.train(settings)", settings)
    assert (again["own"], again["unseen"]) == (learned["own"], learned["unseen"])
    shuffled = page.evaluate("(s) => mnistCompare.train({ ...s, shuffled: true })", settings)
    assert shuffled["unseen"] == pytest.approx(learned["unseen"], abs=0.03)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"network": "rnn"}, "mlp, cnn"),
        ({"network": "toString"}, "mlp, cnn"),
        ({"digits": 5_000}, "3000"),
        ({"epochs": 0}, "epochs"),
        (None, "null"),
    ],
)
def test_what_cannot_be_learned_is_said(page, settings, said):
    with pytest.raises(Exception, match=said):
        page.evaluate(LESSON, settings)


# Asks workers to learn a network that they do not know, until ``knows`` is true.
SPOIL = """const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (message) {
  const start = window.knows ? message.start : { ...message.start, network: "" };
  postMessage.call(this, message.start ? { start } : message);
};"""


def test_an_error_of_a_worker_is_said_and_ends_what_waits_for_it(page, chromium):
    tab = chromium.new_page()
    tab.add_init_script(SPOIL)
    tab.goto(page.url)
    tab.locator(".trainer .trouble", has_text=WORDS["failed"]).wait_for()
    with pytest.raises(Exception, match="RangeError"):
        tab.evaluate(LESSON, {})
    tab.evaluate("window.knows = true")
    tab.locator(".trainer [name=play]").click()
    tab.locator(".trainer .mlp .progress", has_text="of 10 epochs").wait_for()
    assert tab.locator(".trainer .trouble").inner_text() == ""
    tab.close()


def test_why_nothing_can_be_learned_is_not_made_up(living, chromium, monkeypatch):
    damaged = {"digits": ""}
    tab = chromium.new_page()
    with tab.expect_event("pageerror"):
        tab.goto(living(PLACE, lessons=damaged))
    assert tab.locator(".trainer").inner_text() == ""  # the browser is not to blame
    monkeypatch.setattr(parts, "part", lambda folder, value: "files/none.js")
    tab.goto(living(PLACE, lessons=damaged))
    tab.locator(".trainer", has_text=WORDS["unloaded"]).wait_for()
    tab.add_init_script("delete window.DecompressionStream")
    tab.reload()
    tab.locator(".trainer", has_text=WORDS["unsupported"]).wait_for()
    tab.close()


def test_what_is_learned_stays_while_it_is_learned_and_has_a_seed(page):
    seed, trouble = page.locator(".trainer [name=seed]"), page.locator(".trainer .trouble")
    for given, held in (("7", "7"), ("", "7"), ("-1", "7"), ("2.5", "7"), ("10000", "7")):
        seed.fill(given)
        seed.blur()
        assert seed.input_value() == held
        assert trouble.inner_text() == ("" if given == held else WORDS["no_seed"].format(seed=7))
    page.locator(".trainer [name=play]").click()
    assert page.locator(".settings :is(input, select):disabled").count() == 3
    page.locator(".trainer [name=reset]").click()
    assert page.locator(".settings :disabled").count() == 0
    assert trouble.inner_text() == ""


@pytest.mark.slow
def test_both_networks_learn_step_by_step_and_start_again(page):
    progress = ".trainer .{} .progress"
    page.locator(".trainer [name=step]").click()
    for name in ("mlp", "cnn"):
        page.wait_for_function(
            "(where) => document.querySelector(where).textContent.includes(', 1 steps')",
            arg=progress.format(name),
        )
    page.locator(".trainer [name=play]").click()
    page.wait_for_function(
        "() => document.querySelector('.trainer .mlp path.unseen').getAttribute('d').includes('L')"
    )
    page.locator(".trainer [name=reset]").click()
    page.wait_for_function(
        "(where) => document.querySelector(where).textContent.includes(', 0 steps')",
        arg=progress.format("mlp"),
    )


@pytest.mark.slow
def test_at_its_end_a_run_is_judged_by_the_recorded_ones(page):
    page.locator(".trainer [name=digits]").select_option("100")
    page.locator(".trainer [name=play]").click()
    verdict = page.locator(".trainer .mlp .verdict p")
    verdict.wait_for(timeout=180_000)
    assert "the range of the 20 recorded runs" in verdict.inner_text()
    assert page.locator(".trainer .mlp .strip circle").count() == 20
    page.locator(".trainer .cnn .verdict p").wait_for(timeout=180_000)
    page.wait_for_timeout(500)
    assert page.evaluate(CHANGES_OF_A_MOMENT) == 0  # nobody goes on when all is learned
    page.locator(".trainer [name=reset]").click()
