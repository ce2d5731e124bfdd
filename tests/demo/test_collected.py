import csv
import json
import os
import threading
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from mnist_compare.__main__ import main
from mnist_compare.demo import collected, examples
from mnist_compare.demo.answer import answer
from mnist_compare.preprocessing import PIPELINES
from mnist_compare.records.networks import SERVED
from mnist_compare.study.statistics import share_by


@pytest.fixture
def kept(tmp_path):
    """A folder in which the demo has kept all its examples, through the pipeline ``resize``."""
    folder = collected.Folder(tmp_path / "kept")
    for digit, picture in examples():
        assert folder.add(picture, digit, "resize", answer(picture, pipeline="resize"))
    return folder.path


def number(i):
    """A drawing like no other."""
    picture = examples()[0][1].copy()
    picture.putpixel((i, 0), 0)
    return picture


def log(folder):
    with (folder / "log.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_kept_drawing_is_a_picture_and_a_row(kept):
    for row, (digit, picture) in zip(log(kept), examples(), strict=True):
        assert int(row["label"]) == digit
        assert row["file"].startswith(f"{digit}/")
        assert np.array_equal(Image.open(kept / row["file"]).convert("L"), picture)
        given = answer(picture, pipeline=row["pipeline"])
        assert tuple(row["models"].split()) == SERVED
        assert row["digits"].split() == [str(given.digit(model)) for model in SERVED]
        assert row["confidences"].split() == [f"{given.confidence(m):.4f}" for m in SERVED]


def test_a_folder_has_a_largest_size_also_for_the_next_page(tmp_path, monkeypatch):
    monkeypatch.setattr(collected, "LARGEST_FOLDER", 1)
    given = answer(number(0))
    assert collected.Folder(tmp_path).add(number(0), 2, "center", given)
    assert collected.Folder(tmp_path).add(number(1), 2, "center", given) is None
    assert len(list(tmp_path.glob("2/*.png"))) == 1


def test_the_same_drawing_is_kept_once_also_by_the_next_page(tmp_path):
    given = answer(number(0))
    names = [collected.Folder(tmp_path).add(number(0), d, "crop", given) for d in (2, 7)]
    assert names[0] == names[1]
    assert [row["file"] for row in log(tmp_path)] == [names[0]]
    assert not collected.Folder(tmp_path).forget(names[0])  # of another page


def test_no_row_is_without_its_picture_and_no_picture_without_its_row(tmp_path, monkeypatch):
    """Where a process ends between the two, a picture is left, and where the disk is full, none."""
    folder, given = collected.Folder(tmp_path), answer(number(0))
    for error, left in ((OSError, 0), (KeyboardInterrupt, 1)):
        monkeypatch.setattr(folder, "_write_log", Mock(side_effect=error))
        with pytest.raises(error):
            folder.add(number(0), 2, "crop", given)
        assert len([*tmp_path.glob("2/[!.]*.png")]) == left


def test_a_last_row_that_no_line_end_follows_stays_whole(kept):
    (kept / "log.csv").write_bytes((kept / "log.csv").read_bytes().rstrip())
    before = [row["file"] for row in log(kept)]
    added = collected.Folder(kept).add(number(1), 2, "crop", answer(number(1)))
    assert [row["file"] for row in log(kept)] == [*before, added]


def test_many_at_once_are_kept_each_in_a_row_of_its_own(tmp_path):
    folders, given = [collected.Folder(tmp_path), collected.Folder(tmp_path)], answer(number(0))
    clients = [
        threading.Thread(target=folders[i % 2].add, args=(number(i), i % 10, "crop", given))
        for i in range(12)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    files = {row["file"] for row in log(tmp_path)}
    assert len(files) == 12
    assert all((tmp_path / file).is_file() for file in files)


def test_the_rates_are_counts_with_an_interval(kept, capsys):
    assert main(["drawings", str(kept), "--json"]) == 0
    rates = json.loads(capsys.readouterr().out)
    assert set(rates) == set(SERVED)
    for model, by_pipeline in rates.items():
        assert tuple(by_pipeline) == PIPELINES
        for pipeline, rate in by_pipeline.items():
            right = [answer(each, (model,), pipeline).digit(model) == d for d, each in examples()]
            assert (rate["n"], rate["correct"]) == (len(right), sum(right))
            assert rate["rate"] == pytest.approx(np.mean(right))
            assert (rate["low"], rate["high"]) == pytest.approx(share_by(right, range(len(right))))


def test_bad_files_are_named_and_skipped(kept, capsys):
    bad = {"text.png": "not a PNG or JPEG", "blank.png": "nothing is drawn", "c.json": "no file of"}
    (kept / "1").mkdir()
    (kept / "1" / "text.png").write_text("one")
    Image.new("L", (9, 9), 255).save(kept / "1" / "blank.png")
    (kept / "c.json").write_text("{}")
    bad |= {"pipe.json": "not a file", "folder.json": "not a file", "large.json": "too large"}
    os.mkfifo(kept / "pipe.json")
    (kept / "folder.json").mkdir()
    with (kept / "large.json").open("wb") as file:
        file.truncate(3_000_000_000)  # of which nothing is read
    assert main(["drawings", str(kept), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["cnn"]["center"]["n"] == 9
    assert len(err.splitlines()) == 1 + len(bad)
    for name, reason in bad.items():
        (line,) = [line for line in err.splitlines() if name in line]
        assert reason in line


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/nowhere"])
def test_a_place_where_nothing_can_be_kept_is_refused_at_the_start(place, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["demo", "--collect", str(tmp_path / place)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    _, sentence = err.splitlines()
    assert str(tmp_path / place) in sentence


@pytest.mark.parametrize("folder", ["missing", "empty", "bad"])
def test_a_folder_without_drawings_gets_one_sentence(folder, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad" / "3").mkdir(parents=True)
    (tmp_path / "bad" / "3" / "three.png").write_text("three")
    assert main(["drawings", str(tmp_path / folder), "--json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    _, sentence = err.splitlines()
    assert str(tmp_path / folder) in sentence
