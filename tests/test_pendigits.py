import gzip
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageOps
from scipy import ndimage

from mnist_compare import evidence, pendigits, study, training
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
    """Networks that read 7 in everything, and a list of what they were asked."""
    asked = []

    def read(model, path, pictures):
        asked.append((model, path, pictures))
        return np.tile(np.eye(10, dtype=np.float32)[7], (len(pictures), 1))

    monkeypatch.setattr(training, "read", read)
    return asked


@pytest.fixture
def weights(monkeypatch):
    """Paths of the weights of any network, and a list of what was asked for."""
    asked = []

    def weights_of(wanted, progress, executor):
        asked.append(wanted)
        return {key: "-".join(map(str, key)) for key in wanted}

    monkeypatch.setattr(study, "weights", weights_of)
    return asked


def complete(path, wanted, progress=lambda line: None):
    with ThreadPoolExecutor(1) as executor:
        pendigits.complete(path, wanted, executor, progress)


def pen(strokes):
    return PenDigit(1, 1, tuple(np.asarray(stroke, float) for stroke in strokes))


def drawn(strokes, condition=SHEET_CONDITION, seed=0):
    return pendigits.draw(pen(strokes), condition, np.random.default_rng(seed))


def ink_box(canvas):
    """Width and height of what is not white."""
    y, x = np.nonzero(canvas < 255)
    return np.ptp(x) + 1, np.ptp(y) + 1


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
    networks = {("mlp", 3): "c", ("cnn", 0): "a", ("cnn", 1): "b"}
    record = pendigits.count_condition(thirty, ONE, networks)
    assert set(record.counts) == {("cnn", 0, ONE), ("cnn", 1, ONE), ("mlp", 3, ONE)}
    assert [asked[:2] for asked in ever_seven] == [("cnn", "a"), ("cnn", "b"), ("mlp", "c")]
    for each in record.counts.values():
        assert (each.shape, each.dtype) == ((3, 30, 10, 10), np.uint16)
        assert (each[:, :, 1, 7] == 1).all()
        assert (each[:, :, 7, 7] == 1).all()
        assert each.sum() == 3 * 60
    assert (record.sheets, record.right, record.displacement) == ({}, {}, None)


def test_every_network_sees_the_drawing_that_index_and_condition_give(thirty, ever_seven):
    pendigits.count_condition(thirty, ONE, {("cnn", 1): "a", ("mlp", 1): "b"})
    one, other = (pictures for *_, pictures in ever_seven)
    assert np.array_equal(one, other)
    canvas = pendigits.draw(pendigits.read(thirty)[5], ONE, np.random.default_rng([5, 80, 8]))
    of_fifth = one.reshape(3, 60, 28, 28)[:, 5]
    for picture, pipeline in zip(of_fifth, PIPELINES, strict=True):
        assert np.array_equal(picture, preprocess(canvas, pipeline).digit)


def test_some_of_the_drawings_are_as_they_are_among_all(thirty):
    digits = pendigits.read(thirty)
    every, some = (pendigits.pictures(digits, ONE, which) for which in (None, [7, 40]))
    assert (every.shape, every.dtype) == ((3, 60, 28, 28), np.uint8)
    assert np.array_equal(some, every[:, [7, 40]])


def test_of_the_shown_drawings_it_is_kept_which_are_read_and_where_they_lie(thirty, ever_seven):
    networks = {("mlp", 0): "a", ("cnn", 1): "b"}
    record = pendigits.count_condition(thirty, SHEET_CONDITION, networks)
    assert list(record.sheets) == ["mlp"]  # of seed 0 alone
    assert set(record.right) == set(networks)
    # Ten reporting writers, each a 1, read as 7, and a 7.
    expected = np.tile([False, True], 10)
    for right in record.right.values():
        assert np.array_equal(right, np.stack([expected] * 3))
    pictures = ever_seven[0][2].reshape(3, 60, 28, 28)[:, 40:].astype(float)
    middles = [[ndimage.center_of_mass(picture) for picture in through] for through in pictures]
    off = np.hypot(*np.moveaxis(np.array(middles) - 14, -1, 0))
    assert record.displacement == pytest.approx(off, rel=1e-3)
    # Resizing leaves a drawing where it is; centring puts it within half a pixel along each axis.
    assert record.displacement[2].max() <= 0.71 < record.displacement[0].max()


def test_a_blank_drawing_lies_nowhere():
    pictures = np.zeros((3, 2, 28, 28), np.uint8)
    pictures[:, 1, 17, 18] = 200  # three down and four right of (14, 14)
    off = pendigits._displacement(pictures)
    assert np.isnan(off[:, 0]).all()
    assert off[:, 1].tolist() == [5, 5, 5]


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
    records, thirty, ever_seven, weights, monkeypatch
):
    monkeypatch.setattr(pendigits, "CONDITIONS", (ONE, SHEET_CONDITION))
    lines = []
    complete(thirty, [("cnn", 0)], lines.append)
    first = pendigits.recorded()
    assert len(first.counts) == 2
    assert set(first.sheets) == {"cnn"}
    assert "2 conditions" in lines[0]
    assert "2/2" in lines[-1]

    complete(thirty, [("cnn", 0), ("mlp_512_256", 0), ("mlp_512_256", 1)])
    assert weights == [
        [("cnn", "fair", 0)],
        [("mlp_512_256", "fair", 0), ("mlp_512_256", "fair", 1)],
    ]
    second = pendigits.recorded()
    assert len(second.counts) == 6
    assert set(second.sheets) == {"cnn", "mlp_512_256"}
    assert set(second.right) == {("cnn", 0), ("mlp_512_256", 0), ("mlp_512_256", 1)}
    assert np.array_equal(first.sheets["cnn"].digits, second.sheets["cnn"].digits)
    assert np.array_equal(first.displacement, second.displacement)
    assert second.sheets["cnn"].labels.tolist() == [1] * 10

    read_before = len(ever_seven)
    thirty.unlink()
    complete(thirty, [("cnn", 0)])
    assert len(pendigits.recorded().counts) == 6
    assert len(ever_seven) == read_before
    assert len(weights) == 2


def test_an_interrupted_measurement_goes_on_where_it_stopped(
    records, thirty, ever_seven, weights, monkeypatch
):
    monkeypatch.setattr(pendigits, "CONDITIONS", CONDITIONS[:3])

    def interrupted(line):
        if line.startswith("1/"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        complete(thirty, [("cnn", 0)], interrupted)
    (done,) = pendigits.recorded().counts
    ever_seven.clear()
    complete(thirty, [("cnn", 0)])
    assert len(ever_seven) == 2
    assert done in pendigits.recorded().counts
    assert len(pendigits.recorded().counts) == 3


def test_without_the_file_nothing_is_trained(records, weights, tmp_path):
    with pytest.raises(FileNotFoundError, match="UCI"):
        complete(tmp_path / "missing", [("mlp", 0)])
    assert not weights


def test_a_trained_network_is_read_from_its_weights(records, thirty, tmp_path, monkeypatch):
    generator = np.random.default_rng(0)
    shapes = [(784, 128), (128,), (128, 10), (10,)]
    arrays = [generator.normal(0, 0.1, shape).astype(np.float32) for shape in shapes]
    np.savez(tmp_path / "weights.npz", *arrays)
    monkeypatch.setattr(pendigits, "CONDITIONS", (ONE,))
    monkeypatch.setattr(study, "weights", lambda *_: {("mlp", "fair", 0): tmp_path / "weights.npz"})
    complete(thirty, [("mlp", 0)])
    expected = np.zeros(pendigits.COUNTS_SHAPE, int)
    for i, digit in enumerate(pendigits.read(thirty)):
        canvas = pendigits.draw(digit, ONE, np.random.default_rng([i, *ONE]))
        for counted, pipeline in zip(expected, PIPELINES, strict=True):
            pixels = preprocess(canvas, pipeline).digit.ravel() / 255
            hidden = np.maximum(pixels @ arrays[0] + arrays[1], 0)
            answer = (hidden @ arrays[2] + arrays[3]).argmax()
            counted[digit.writer - 1, digit.label, answer] += 1
    found = pendigits.recorded().counts["mlp", 0, ONE]
    assert np.array_equal(found, expected)
    assert (found.sum(axis=(0, 1, 2)) > 0).sum() > 1  # or nothing would be told apart


def a_record(model="cnn", seed=0):
    counts = np.random.default_rng(seed).integers(0, 9, pendigits.COUNTS_SHAPE).astype(np.uint16)
    pictures = np.full((2, 28, 28), 200, np.uint8)
    sheet = pendigits.Sheet(pictures, np.array([1, 2], np.uint8), np.array([7, 7], np.uint8))
    displacement = np.array([[0.5, np.nan], [1, 2], [0, 0]], np.float16)
    right = np.array([[True, False]] * 3)
    return pendigits.Record(
        {(model, seed, SHEET_CONDITION): counts},
        {model: sheet},
        displacement,
        {(model, seed): right},
    )


def test_the_record_comes_back_as_it_was_written(records):
    assert pendigits.recorded() == pendigits.Record({}, {})
    for model, seed in (("cnn", 10), ("cnn", 2), ("mlp", 2)):
        pendigits.write(a_record(model, seed))
    record = pendigits.recorded()
    both = a_record("cnn", 2).counts["cnn", 2, SHEET_CONDITION][2]  # the MLP has no seed 10 yet
    assert np.array_equal(record.of_seeds("cnn", Condition(140, 16), "center"), [both])
    assert record.sheets["mlp"].read.tolist() == [7, 7]
    np.testing.assert_array_equal(record.displacement, a_record().displacement)
    assert set(record.right) == {("cnn", 10), ("cnn", 2), ("mlp", 2)}
    np.testing.assert_array_equal(record.right["cnn", 10], [[True, False]] * 3)
    assert [path.name for path in records.iterdir()] == ["pendigits.npz"]
    with np.load(records / "pendigits.npz") as file:
        sheets = {f"sheet-{m}-{p}" for m in ("cnn", "mlp") for p in ("digits", "labels", "read")}
        networks = {"cnn-2", "cnn-10", "mlp-2"}
        counts = {f"{network}-140-16" for network in networks}
        right = {f"right-{network}" for network in networks}
        assert set(file) == sheets | counts | right | {"displacement", "fingerprints"}
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


def test_rates_of_writers_by_hand():
    counts = np.zeros((WRITERS, 10, 10), np.uint16)
    counts[0, 4, 4], counts[0, 4, 9] = 3, 1  # writer 1: three of four 4s
    counts[1, 4, 4], counts[1, 5, 3] = 2, 4  # writer 2: both 4s, none of four 5s
    counts[2] = 50  # writer 3 is not asked
    assert pendigits.per_writer(counts, [1, 2]).tolist() == [3 / 4, 2 / 6]
    both = pendigits.per_writer(np.stack([counts, 2 * counts]), [2, 1])
    assert both.tolist() == [[2 / 6, 3 / 4]] * 2


def by_hand(model, seed, condition, pipeline, writer):
    """MLP: 80 % through resize, 10 points more for each step of the pipelines, 20 less when small.

    Writer 30 is 10 points worse. The CNN reads 4 points more, of seed 1 another 2 more.
    """
    share = {"resize": 0.7, "crop": 0.8, "center": 0.9}[pipeline]
    share -= 0.2 * (condition.size == 80) + 0.1 * (writer == 30)
    return share + (0.04 + 0.02 * seed if model == "cnn" else 0)


def test_rates_by_hand(pen_drawn):
    record = pen_drawn(by_hand)
    rates = pendigits.rates(record, "cnn", "crop")
    assert rates.shape == (2, 10)
    # One third of the conditions is small: 0.84 − 0.2 / 3.
    assert rates[0] == pytest.approx([0.84 - 0.2 / 3] * 9 + [0.74 - 0.2 / 3])
    assert rates[1] == pytest.approx(rates[0] + 0.02)
    large = [condition for condition in CONDITIONS if condition.size == 220]
    found = pendigits.rates(record, "mlp", "center", writers=[1, 30], conditions=large)
    assert found == pytest.approx(np.array([[0.9, 0.8]] * 2))


def test_the_table_by_hand(pen_drawn):
    def equal(model, seed, condition, pipeline, writer):
        return 0.5 if writer in pendigits.REPORTING_WRITERS else 0.9

    table = pendigits.table(pen_drawn(equal, models=("mlp", "cnn", "mlp_682", "reader")))
    assert set(table.index) == {"MLP", "CNN", evidence.TITLES["mlp_682"]}
    assert list(table) == list(PIPELINES)
    assert set(table.to_numpy().ravel()) == {"50.0% [50.0, 50.0]"}
    # Both seeds alike, nine writers at 83.3 % and one at 73.3 %: a standard error of the writers'
    # mean of 1 point, and t = 12.706 with the one degree of freedom of two seeds.
    assert pendigits.table(pen_drawn(by_hand)).loc["MLP", "center"] == "82.3% [69.6, 95.0]"


def test_rates_by_size_and_writer_by_hand(pen_drawn):
    record = pen_drawn(by_hand)
    bars = pendigits.by_size(record)
    assert list(bars) == list(PIPELINES)
    assert list(bars["crop"]) == [(m, s) for s in pendigits.SIZES for m in ("mlp", "cnn")]
    rate, low, high = bars["crop"]["mlp", "small"]
    assert rate == pytest.approx(0.59)  # a tenth of the writers is 10 points worse
    # A standard error of 1 point, as nine writers are 10 points better; t = 12.706.
    assert (low, high) == pytest.approx((0.59 - 0.12706, 0.59 + 0.12706), abs=1e-5)
    assert bars["center"]["cnn", "large"][0] == pytest.approx(0.94)  # 0.89 and 0.05
    writers = pendigits.writer_rates(record, "mlp")
    assert list(writers) == list(range(21, 31))
    assert writers[30] == pytest.approx(writers[29] - 0.1) == pytest.approx(0.8 - 0.2 / 3)


def test_recall_and_numbers_by_hand(pen_drawn):
    record = pen_drawn(by_hand)
    for (model, *_), counts in record.counts.items():
        if model == "cnn":
            # Of all writers, and through center: 40 of each writer's hundred 4s are read, 35 as 9.
            counts[2, :, 4] = 0
            counts[2, :, 4, [4, 9, 1]] = np.array([40, 35, 25])[:, None]
    recall = pendigits.digit_rates(record, "cnn")
    assert recall[4] == pytest.approx(0.4)
    # 0.94 and 0.96 by seed, less 0.2 of the small third and 0.1 of one writer in ten.
    assert recall[[0, 5]] == pytest.approx(0.94 - 0.2 / 3)
    assert pendigits.digit_rates(record, "cnn", "crop")[4] == pytest.approx(0.84 - 0.2 / 3)

    numbers = pendigits.numbers(record)
    assert numbers["pen_cnn_worst"] == 4
    assert numbers["pen_cnn_worst_as"] == 9
    assert numbers["pen_cnn_worst_rate"] == pytest.approx(0.4)
    assert numbers["pen_mlp_crop"] == pytest.approx(0.79 - 0.2 / 3)
    assert numbers["pen_mlp_crop_small"] == pytest.approx(0.59)
    assert numbers["pen_mlp_crop_low"] == pytest.approx(0.79 - 0.2 / 3 - 0.12706, abs=1e-5)
    assert numbers["pen_mlp_crop_high"] == pytest.approx(0.79 - 0.2 / 3 + 0.12706, abs=1e-5)
    assert f"{numbers['pen_mlp_resize_small']:.1%}" == "49.0%"
    expected = {
        f"pen_{model}_worst{end}" for model in ("mlp", "cnn") for end in ("", "_as", "_rate")
    }
    expected |= {
        f"pen_{model}_{pipeline}{end}"
        for model in ("mlp", "cnn")
        for pipeline in PIPELINES
        for end in ("", "_low", "_high", "_small")
    }
    assert set(numbers) == expected


def test_rates_by_displacement_by_hand():
    off = np.array([[0.5] * 4, [0.5, 1.0, 1.5, np.nan], [0.5] * 4], np.float16)
    right = {
        ("mlp", 0): np.array([[0] * 4, [1, 1, 0, 1], [1, 1, 1, 1]], bool),
        ("mlp", 1): np.array([[0] * 4, [0, 1, 0, 1], [1, 1, 0, 0]], bool),
        ("cnn", 0): np.array([[0] * 4, [1, 1, 1, 1], [0, 1, 0, 1]], bool),
    }
    record = pendigits.Record({}, {}, off, right)
    table = pendigits.by_displacement(record)
    assert list(table) == ["Drawings", "MLP crop", "MLP center", "CNN crop", "CNN center"]
    assert list(table.index) == ["0 to 1", "1 to 2", "2 to 3", "3 and more"]
    # The first drawing; of the next two the MLP's seeds read 1 and 1 through crop, 2 and 1 centred.
    assert table.loc["0 to 1"].tolist() == ["1", "50.0%", "100.0%", "100.0%", "0.0%"]
    assert table.loc["1 to 2"].tolist() == ["2", "50.0%", "75.0%", "100.0%", "50.0%"]
    assert table.loc["2 to 3"].tolist() == ["0", "–", "–", "–", "–"]

    off[1, 3] = 3.0
    table = pendigits.by_displacement(record)
    assert table.loc["3 and more"].tolist() == ["1", "100.0%", "50.0%", "100.0%", "100.0%"]


@pytest.mark.parametrize(
    ("gain", "words"),
    [
        (lambda seed: 0.05, "the convolutional network reads more of them than the perceptron"),
        (lambda seed: -0.05, "the perceptron reads more of them than the convolutional network"),
        (lambda seed: 0.1 * seed - 0.05, "neither network is clearly ahead"),
    ],
)
def test_the_sentences_follow_the_records(pen_drawn, gain, words):
    def share(model, seed, condition, pipeline, writer):
        return 0.6 + (gain(seed) if model == "cnn" and pipeline == "crop" else 0)

    record = pen_drawn(share)
    sentences = pendigits.in_words(record).format(**pendigits.numbers(record)).split(". ")
    assert sentences[0].startswith("Through `resize` neither network is clearly ahead: 60.0% ")
    assert sentences[1].startswith(f"Through `crop` {words}: ")
    mean = 100 * np.mean([gain(0), gain(1)])
    assert f"against 60.0%, a difference of {mean:.1f} points (".replace("-", "−") in sentences[1]
