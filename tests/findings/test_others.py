"""Whose digits are read, from made-up runs, records and files."""

import gzip

import numpy as np
import pandas as pd
import pytest

from mnist_compare import data
from mnist_compare.findings import others
from mnist_compare.records.networks import build
from mnist_compare.records.protocols import FAIR
from mnist_compare.records.writers import FIRST_STUDENT, writers_of_digits
from mnist_compare.study import measuring

_, (_, LABELS) = data.load("mnist")
_, WRITERS = writers_of_digits()
STUDENTS = WRITERS >= FIRST_STUDENT
ALL = np.unique(WRITERS)


def line(label, values):
    return f"{label} {' '.join(map(str, values))}\n"


BRIGHT = [1.0] * 16 + [-1.0] * 240  # the first of 16 rows is ink


@pytest.fixture
def packed(tmp_path):
    path = tmp_path / "usps.test.gz"
    path.write_bytes(gzip.compress((line("7.0", BRIGHT) + line("3", [0] * 256)).encode()))
    return path


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_file_is_read_packed_or_not(packed, is_packed, tmp_path):
    path = packed
    if not is_packed:
        path = tmp_path / "usps.test"
        path.write_bytes(gzip.decompress(packed.read_bytes()))
    pictures, labels = others.read_usps(path)
    assert labels.tolist() == [7, 3]
    assert (pictures.shape, pictures.dtype) == ((2, 16, 16), np.uint8)
    assert (pictures[0, 0].min(), pictures[0, 1:].max(), pictures[1, 0, 0]) == (255, 0, 128)


@pytest.mark.parametrize(
    "content",
    [b"", line("7", BRIGHT[1:]).encode(), line("11", BRIGHT).encode(), b"\x1f\x8b broken",
     line("7", [2.0] * 256).encode(), line("7", ["x"] * 256).encode(), b"\xff\xfe",
     gzip.compress(bytes(measuring.LARGEST + 1))],
)  # fmt: skip
def test_a_file_of_another_form_is_named(content, tmp_path):
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"other cannot be read \(.+\)\. Wanted is the test set"):
        others.read_usps(path)
    with pytest.raises(FileNotFoundError, match="There is no file"):
        others.read_usps(tmp_path / "none")


def test_the_ways_differ_in_where_the_ink_is():
    picture = np.zeros((16, 16), np.uint8)
    picture[2:14, 1:4] = 255
    ways = {way: others.as_digit(picture, way) for way in others.WAYS}
    assert {(digit.shape, digit.dtype) for digit in ways.values()} == {((28, 28), np.dtype("u1"))}
    columns = {way: np.flatnonzero(digit.sum(axis=0)) for way, digit in ways.items()}
    assert columns["stretched"].max() < 8
    assert 4 <= columns["framed"].min() < columns["framed"].max() < 10
    assert abs(columns["center"].mean() - 13.5) < 1.5


def test_what_is_measured_is_what_the_network_reads(packed, marked, tmp_path):
    weights = build("mlp").get_weights()
    weights[2][:], weights[3][:] = 0, np.arange(10) == 3  # it answers 3, whatever it sees
    np.savez(tmp_path / "weights.npz", *weights)
    key = ("mlp", FAIR, 0)
    ((row,),) = others.measure_way(packed, {key: tmp_path / "weights.npz"}, "framed")
    assert (*row[:4], row[4].tolist()) == ("mlp", "fair", 0, "framed", [False, True])


@pytest.fixture
def reading(a_run, as_records):
    """Two runs of each network that misread the test digits told, by model."""

    def make(misread):
        those = []
        for model in others.READ:
            for seed in range(2):
                run = a_run(model, "complete" if model == "reader" else "fair", seed)
                for epoch in run.predictions:
                    run.predictions[epoch] = LABELS.copy()
                    run.predictions[epoch][misread.get(model, [])] += 10
                run.predictions[len(run.rows)] = run.predictions[10]
                those.append(run)
        as_records(those)

    return make


def test_the_hands_by_hand(reading):
    (first,) = np.flatnonzero(ALL[0] == WRITERS)[:1]
    of_the_last = np.flatnonzero(ALL[-1] == WRITERS)
    reading({"mlp": of_the_last, "cnn": [first]})
    table = others.table_of_hands()
    # The last writer is a student, all of whose digits the MLP misreads; the first is none.
    share = 1 - len(of_the_last) / STUDENTS.sum()
    assert table.loc["MLP", "Students"].startswith(f"{share:.2%}")
    assert table.loc["MLP", "Employees"].startswith("100.00%")
    assert table.loc["MLP", "Hands without a mistake"] == f"{len(ALL) - 1} of {len(ALL)}"
    assert table.loc["MLP", "The worst hand"] == "0%"
    count = (ALL[0] == WRITERS).sum()
    assert table.loc["CNN", "The worst hand"] == f"{1 - 1 / count:.0%}"
    assert table.loc["Reader", "The worst hand"] == "100%"
    # One misread digit, whoever gets it, is one of his 8 to 130: by chance, too.
    dealt = others.Others().worst_hand["cnn"]
    sizes = np.unique(WRITERS, return_counts=True)[1]
    likely = (sizes / sizes.sum()) @ (1 - 1 / sizes)
    assert dealt.dealt == pytest.approx(likely, abs=0.003)
    assert dealt.seen == pytest.approx(1 - 1 / count)
    assert 1 - 1 / sizes.min() < dealt.low < dealt.dealt < dealt.high < 1
    lead = others.Others().students
    assert lead.mean == pytest.approx(len(of_the_last) / STUDENTS.sum())


def test_shares_of_usps_are_over_seeds_and_digits():
    right = {0: [True, True, False, True], 1: [True, False, False, True]}
    rows = [
        ("mlp", "fair", seed, way, np.array(read), "0123456789ab")
        for seed, read in right.items()
        for way in others.WAYS
    ]
    record = pd.DataFrame(rows, columns=others.RECORD.columns)
    found = others.share(record, "mlp", "framed")
    assert (found.mean, found.values.shape) == (0.625, (2, 4))
    alone = others.share(record[record.seed == 0], "mlp", "framed")
    assert (alone.mean, alone.n) == (0.75, 1)
