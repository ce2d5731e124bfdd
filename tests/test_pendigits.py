import gzip
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.stats
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageOps

from mnist_compare import pendigits
from mnist_compare.pendigits import CONDITIONS, SHEET_CONDITION, WRITERS, Condition, PenDigit
from mnist_compare.preprocessing import PIPELINES, preprocess

HEADER = '.INCLUDE dene.doc\n\n.LEXICON "0" "1"\n.HIERARCHY      DIGIT\n\n'
HORIZONTAL = [np.array([(0.0, 0.0), (100.0, 0.0)])]
ONE = Condition(80, 8)


def segment(label=7, writer=3, strokes=(((10, 300), (40, 290)), ((30, 100),))):
    """A digit as the file has it; y points up."""
    lines = [f'.SEGMENT DIGIT    0 ? "{label}"', f".COMMENT {label} {writer}  224"]
    for stroke in strokes:
        lines += [".PEN_DOWN", *(f" {x}  {y}" for x, y in stroke), ".PEN_UP", ".DT 100"]
    return "\n".join(lines) + "\n\n"


@pytest.fixture
def unipen(tmp_path):
    def write(text):
        path = tmp_path / "digits.tra"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def thirty(unipen):
    """A file in which every writer draws a 1 and a 7, as lines of various slopes."""
    return unipen(
        HEADER
        + "".join(
            segment(label, writer, [((100, 400), (100 + 5 * writer, 100))])
            for writer in range(1, WRITERS + 1)
            for label in (1, 7)
        )
    )


@pytest.fixture
def ever_seven(monkeypatch):
    """Networks that read 7 in everything, and count how often they are asked."""
    asked = []

    def reader(model):
        def answers_of(path, pictures):
            asked.append((model, path))
            return np.full(len(pictures), 7)

        return answers_of

    monkeypatch.setattr(pendigits, "_reader", reader)
    return asked


def pen(strokes):
    return PenDigit(1, 1, tuple(np.asarray(stroke, float) for stroke in strokes))


def drawn(strokes, condition=SHEET_CONDITION, seed=0):
    return pendigits.draw(pen(strokes), condition, np.random.default_rng(seed))


def ink_box(canvas):
    """Width and height of what is not white."""
    y, x = np.nonzero(canvas < 255)
    return np.ptp(x) + 1, np.ptp(y) + 1


def counts_of(right, total):
    """Counts of one network, where each writer drew the digit 0 ``total`` times."""
    counts = np.zeros((WRITERS, 10, 10), np.uint16)
    counts[:, 0, 0] = right
    counts[:, 0, 1] = np.subtract(total, right)
    return counts


def test_no_tensorflow_is_imported():
    code = (
        "import sys, mnist_compare.pendigits; assert not {'tensorflow', 'keras'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_reading_turns_y_down(unipen):
    first, second = pendigits.read(unipen(HEADER + segment() + segment(0, 30, [((1, 2),)])))
    assert (first.label, first.writer, len(first.strokes)) == (7, 3, 2)
    assert first.strokes[0].tolist() == [[10, 200], [40, 210]]
    assert first.strokes[1].tolist() == [[30, 400]]
    assert (second.label, second.writer) == (0, 30)
    assert first.strokes[0].dtype == float


def test_reading_a_gzipped_file(unipen, tmp_path):
    plain = unipen(HEADER + segment())
    packed = tmp_path / "digits.tra.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    (from_plain,), (from_packed,) = pendigits.read(plain), pendigits.read(packed)
    assert np.array_equal(from_plain.strokes[0], from_packed.strokes[0])

    packed.write_bytes(packed.read_bytes()[:-20])
    with pytest.raises(ValueError, match=r"end-of-stream.*UCI .* 10\.24432/C5MG6K"):
        pendigits.read(packed)


def test_a_missing_file_says_where_it_is_to_be_had(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*UCI .* 10\.24432/C5MG6K"):
        pendigits.read(tmp_path / "missing")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "no digits"),
        (HEADER, "no digits"),
        ("1,2,3\n4,5,6\n", "no digits"),
        ("\x1f\x9d\x90é", "ascii"),  # compressed as UCI has it
        (segment().replace('"7"', '"8"'), "no digit is described"),
        (segment().replace(".COMMENT", ".REMARK"), "no digit is described"),
        (segment(strokes=()), "no digit is described"),
        (segment(writer=31), "writer 31"),
        (segment(writer=0), "writer 0"),
        (segment()[: segment().index(".PEN_UP")], "broken off"),
        (segment(strokes=[()]), "broken off"),
        (segment().replace(" 40  290", " 40"), "broken off"),
        (segment().replace(" 40  290", " nan  290"), "broken off"),
        (segment().replace(" 40  290", " a  b"), "could not convert"),
    ],
)
def test_another_form_is_refused(unipen, text, wrong):
    with pytest.raises(ValueError, match=rf"{wrong}.*UCI .* doi 10\.24432/C5MG6K"):
        pendigits.read(unipen(text))


def test_writers_to_choose_by_and_to_report_are_apart():
    choosing, reporting = set(pendigits.CHOOSING_WRITERS), set(pendigits.REPORTING_WRITERS)
    assert not choosing & reporting
    assert choosing | reporting == set(range(1, 31))


def test_the_conditions_cross_sizes_and_brushes():
    assert len(set(CONDITIONS)) == 9
    assert SHEET_CONDITION in CONDITIONS
    assert all(size + brush < pendigits.CANVAS for size, brush in CONDITIONS)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_drawing_has_its_size_and_brush(condition):
    canvas = drawn(HORIZONTAL, condition)
    assert (canvas.shape, canvas.dtype) == ((280, 280), np.uint8)
    assert (canvas.min(), canvas.max()) == (0, 255)
    width, height = ink_box(canvas)
    assert abs(width - condition.size - condition.brush) <= 1
    assert abs(height - condition.brush) <= 1
    thickness = ((255 - canvas.astype(float)) / 255).sum(axis=0)
    middle = np.flatnonzero(thickness)[width // 2]
    assert abs(thickness[middle] - condition.brush) <= 0.1


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_slanting_line_is_as_thick_and_round_at_its_ends(condition):
    ink = (255 - drawn([[(0, 0), (30, 40)]], condition).astype(float)).sum() / 255
    length = condition.size * 50 / 40
    expected = length * condition.brush + np.pi * condition.brush**2 / 4
    assert abs(ink / expected - 1) < 0.03


def test_a_dot_is_a_disc():
    canvas = drawn([[(5, 5)]], Condition(140, 24))
    assert ink_box(canvas) == (24, 24)
    assert abs((255 - canvas.astype(float)).sum() / 255 / (np.pi * 12**2) - 1) < 0.02


def test_up_stays_up():
    above = drawn([[(0, 0), (100, 0)], [(50, 0), (50, 60)]])  # a T, y down
    rows = np.flatnonzero((above < 255).any(axis=1))
    assert (above[rows[4]] < 255).sum() > 3 * (above[rows[-4]] < 255).sum()


def test_the_place_is_drawn_from_the_generator():
    assert np.array_equal(drawn(HORIZONTAL, seed=1), drawn(HORIZONTAL, seed=1))
    assert not np.array_equal(drawn(HORIZONTAL, seed=1), drawn(HORIZONTAL, seed=2))


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_outermost_places_touch_the_edges(condition):
    square = pen([[(0, 0), (9, 9)]])
    first = pendigits.draw(square, condition, SimpleNamespace(uniform=lambda low, high: low))
    last = pendigits.draw(square, condition, SimpleNamespace(uniform=lambda low, high: high))
    side = condition.size + condition.brush
    assert ImageOps.invert(Image.fromarray(first)).getbbox() == (0, 0, side, side)
    assert ImageOps.invert(Image.fromarray(last)).getbbox() == (280 - side, 280 - side, 280, 280)


coordinates = st.floats(-1e6, 1e6, allow_subnormal=True)
any_stroke = hnp.arrays(float, st.tuples(st.integers(1, 5), st.just(2)), elements=coordinates)


@settings(derandomize=True, deadline=None, max_examples=60, database=None)
@given(st.lists(any_stroke, min_size=1, max_size=3), st.sampled_from(CONDITIONS), st.integers(0))
@example([np.zeros((4, 2))], CONDITIONS[0], 0)
@example([np.array([(0, 0), (5e-324, 0)])], CONDITIONS[-1], 0)
def test_any_strokes_are_drawn_whole(strokes, condition, seed):
    canvas = drawn(strokes, condition, seed)
    assert (canvas.shape, canvas.dtype) == ((280, 280), np.uint8)
    assert canvas.min() == 0
    sides = np.ptp(np.concatenate(strokes), axis=0)
    expected = condition.brush + condition.size * (sides / (sides.max() or 1))
    assert np.abs(ink_box(canvas) - expected).max() <= 2  # so nothing is cut off


def test_counts_add_up_and_are_of_the_right_writers(thirty, ever_seven):
    networks = {("cnn", 0): "a", ("cnn", 1): "b", ("mlp", 3): "c"}
    counts = pendigits.count_condition(thirty, ONE, networks).counts
    assert set(counts) == {("cnn", 0, ONE), ("cnn", 1, ONE), ("mlp", 3, ONE)}
    assert ever_seven == [("cnn", "a"), ("cnn", "b"), ("mlp", "c")]
    for each in counts.values():
        assert (each.shape, each.dtype) == ((3, 30, 10, 10), np.uint16)
        assert (each[:, :, 1, 7] == 1).all()
        assert (each[:, :, 7, 7] == 1).all()
        assert each.sum() == 3 * 60


def test_every_network_sees_the_drawing_that_index_and_condition_give(thirty, monkeypatch):
    seen = []

    def answers_of(path, pictures):
        seen.append(pictures)
        return np.zeros(len(pictures), int)

    monkeypatch.setattr(pendigits, "_reader", lambda model: answers_of)
    pendigits.count_condition(thirty, ONE, {("cnn", 1): "a", ("mlp", 1): "b"})
    assert np.array_equal(*seen)
    canvas = pendigits.draw(pendigits.read(thirty)[5], ONE, np.random.default_rng([5, 80, 8]))
    of_fifth = seen[0].reshape(3, 60, 28, 28)[:, 5]
    for picture, pipeline in zip(of_fifth, PIPELINES, strict=True):
        assert np.array_equal(picture, preprocess(canvas, pipeline).digit)


def test_the_sheet_takes_misread_drawings_of_reporting_writers_label_by_label():
    writers = np.repeat([20, 21], 100)
    labels = np.r_[np.arange(100) % 10, np.zeros(60, int), np.ones(30, int), np.full(10, 2)]
    answers = np.full(200, 9)
    answers[190:195] = 2  # read right
    pictures = np.arange(200, dtype=np.uint8)[:, None, None] * np.ones((28, 28), np.uint8)
    sheet = pendigits._sheet(writers, labels, answers, pictures)
    assert sheet.digits[:, 0, 0].tolist() == [*range(100, 110), *range(160, 169), *range(195, 200)]
    assert sheet.labels.tolist() == [0] * 10 + [1] * 9 + [2] * 5
    assert sheet.read.tolist() == [9] * 24
    nothing = pendigits._sheet(writers, labels, labels, pictures)
    assert nothing.digits.shape == (0, 28, 28)


def test_only_what_is_missing_is_measured_and_the_rest_is_kept(
    records, thirty, ever_seven, monkeypatch
):
    monkeypatch.setattr(pendigits, "CONDITIONS", (ONE, SHEET_CONDITION))
    asked, lines = [], []

    def weights_of(networks):
        asked.append(networks)
        return {network: f"{network[0]}-{network[1]}.npz" for network in networks}

    def complete(wanted):
        with ThreadPoolExecutor(1) as executor:
            return pendigits.complete(thirty, wanted, weights_of, executor, lines.append)

    first = complete([("cnn", 0)])
    assert len(first.counts) == 2
    assert set(first.sheets) == {"cnn"}
    assert "2 conditions" in lines[0]
    assert "2/2" in lines[-1]

    second = complete([("cnn", 0), ("mlp_512_256", 0), ("mlp_512_256", 1)])
    assert asked == [[("cnn", 0)], [("mlp_512_256", 0), ("mlp_512_256", 1)]]
    assert len(second.counts) == 6
    assert set(second.sheets) == {"cnn", "mlp_512_256"}
    assert np.array_equal(first.sheets["cnn"].digits, second.sheets["cnn"].digits)
    assert second.sheets["cnn"].labels.tolist() == [1] * 10

    read_before = len(ever_seven)
    thirty.unlink()
    assert len(complete([("cnn", 0)]).counts) == 6
    assert len(ever_seven) == read_before


def test_without_the_file_nothing_is_trained(records, tmp_path):
    with pytest.raises(FileNotFoundError, match="UCI"):
        pendigits.complete(tmp_path / "missing", [("mlp", 0)], weights_of=None)


def test_a_trained_network_is_read_from_its_weights_in_a_process(
    records, thirty, tmp_path, monkeypatch
):
    monkeypatch.setattr(pendigits, "CONDITIONS", (ONE,))
    generator = np.random.default_rng(0)
    shapes = [(784, 128), (128,), (128, 10), (10,)]
    weights = [generator.normal(0, 0.1, shape).astype(np.float32) for shape in shapes]
    np.savez(tmp_path / "weights.npz", *weights)
    record = pendigits.complete(
        thirty, [("mlp", 0)], lambda networks: {("mlp", 0): tmp_path / "weights.npz"}
    )
    expected = np.zeros(pendigits.COUNTS_SHAPE, int)
    for i, digit in enumerate(pendigits.read(thirty)):
        canvas = pendigits.draw(digit, ONE, np.random.default_rng([i, *ONE]))
        for counted, pipeline in zip(expected, PIPELINES, strict=True):
            pixels = preprocess(canvas, pipeline).digit.ravel() / 255
            hidden = np.maximum(pixels @ weights[0] + weights[1], 0)
            answer = (hidden @ weights[2] + weights[3]).argmax()
            counted[digit.writer - 1, digit.label, answer] += 1
    assert np.array_equal(record.counts["mlp", 0, ONE], expected)


def a_record(model="cnn", seed=0):
    counts = np.random.default_rng(seed).integers(0, 9, pendigits.COUNTS_SHAPE).astype(np.uint16)
    pictures = np.full((2, 28, 28), 200, np.uint8)
    sheet = pendigits.Sheet(pictures, np.array([1, 2], np.uint8), np.array([7, 7], np.uint8))
    return pendigits.Record({(model, seed, SHEET_CONDITION): counts}, {model: sheet})


def test_the_record_comes_back_as_it_was_written(records):
    assert pendigits.recorded() == pendigits.Record({}, {})
    for model, seed in (("cnn", 10), ("cnn", 2), ("mlp", 2)):
        pendigits.write(a_record(model, seed))
    record = pendigits.recorded()
    expected = np.stack([a_record("cnn", s).counts["cnn", s, SHEET_CONDITION][2] for s in (2, 10)])
    assert np.array_equal(record.of_seeds("cnn", Condition(140, 16), "center"), expected)
    assert record.sheets["mlp"].read.tolist() == [7, 7]
    assert [path.name for path in records.iterdir()] == ["pendigits.npz"]
    with np.load(records / "pendigits.npz") as file:
        sheets = {f"sheet-{m}-{p}" for m in ("cnn", "mlp") for p in ("digits", "labels", "read")}
        assert set(file) == sheets | {"cnn-2-140-16", "cnn-10-140-16", "mlp-2-140-16"}
    with pytest.raises(ValueError, match="no counts of 'rnn'"):
        record.of_seeds("rnn", SHEET_CONDITION, "center")


def damage_the_middle(content):
    return content[:2000] + bytes(50) + content[2050:]


@pytest.mark.parametrize(
    "damage", [damage_the_middle, lambda content: content[:-100], lambda content: b""]
)
def test_a_damaged_record_says_what_to_do(records, damage):
    pendigits.write(a_record())
    path = records / "pendigits.npz"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=r"git checkout -- reports.*study --drawings PATH"):
        pendigits.recorded()


@pytest.mark.parametrize(
    "arrays",
    [
        {"cnn-0-140-16": np.zeros((30, 10, 10), np.uint16)},
        {"cnn-0-140-16": np.zeros(pendigits.COUNTS_SHAPE)},
        {"cnn": np.zeros(pendigits.COUNTS_SHAPE, np.uint16)},
        {"sheet-cnn-digits": np.zeros((2, 28, 28), np.uint8)},
    ],
)
def test_another_form_of_record_says_what_to_do(records, arrays):
    np.savez(records / "pendigits.npz", **arrays)
    with pytest.raises(ValueError, match="git checkout -- reports"):
        pendigits.recorded()


def test_rates_by_hand():
    counts = np.zeros((WRITERS, 10, 10), np.uint16)
    counts[0, 4, 4], counts[0, 4, 9] = 3, 1  # writer 1: three of four 4s
    counts[1, 4, 4], counts[1, 5, 3] = 2, 4  # writer 2: both 4s, none of four 5s
    counts[2] = 50  # writer 3 is not asked
    assert pendigits.rate(counts, [1, 2]) == 5 / 10
    assert pendigits.per_writer(counts, [1, 2]).tolist() == [3 / 4, 2 / 6]
    with np.errstate(invalid="ignore"):
        by_digit = pendigits.per_digit(counts, range(1, 3))
    assert by_digit[4:6].tolist() == [5 / 6, 0]
    assert np.isnan(by_digit[:4]).all()
    assert pendigits.rate(np.stack([counts, 2 * counts]), [1]).tolist() == [3 / 4, 3 / 4]
    assert pendigits.per_digit(np.stack([counts] * 3), range(1, 4)).shape == (3, 10)


def test_equal_writers_and_seeds_leave_no_doubt():
    equal = np.stack([counts_of(3, 4)] * 5)
    assert pendigits.interval(equal, range(1, 31)) == (0.75, 0.75)


def test_the_interval_of_one_seed_is_scipys_bootstrap():
    right = np.random.default_rng(1).integers(0, 2, WRITERS)
    low, high = pendigits.interval(counts_of(right, 1)[None], range(1, 31), repetitions=20_000)
    oracle = scipy.stats.bootstrap(
        (right,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(5)
    ).confidence_interval
    assert low == pytest.approx(oracle.low, abs=0.5 / WRITERS)
    assert high == pytest.approx(oracle.high, abs=0.5 / WRITERS)


def test_the_interval_weighs_writers_by_their_digits_and_knows_only_those_asked():
    total = np.array([40, 10] + [10] * 28)
    counts = counts_of([40, 0] + [5] * 28, total)[None]
    low, high = pendigits.interval(counts, [1, 2])
    assert (low, high) == (0, 1)  # both times the same writer is a quarter of the draws each
    assert pendigits.interval(counts, [3, 4]) == (0.5, 0.5)


def test_seeds_that_differ_widen_the_interval():
    seeds = np.stack([counts_of(right, 10) for right in (2, 4, 6, 8)])
    low, high = pendigits.interval(seeds, range(1, 31))
    assert low == pytest.approx(0.3, abs=0.06)  # of the mean of four draws from 0.2 … 0.8
    assert high == pytest.approx(0.7, abs=0.06)
    assert (low, high) == pendigits.interval(seeds, range(1, 31))
