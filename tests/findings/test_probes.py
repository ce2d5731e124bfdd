"""That records which are older than the code are noticed, and never trusted unasked."""

import subprocess
import sys
from dataclasses import replace

import pytest

from mnist_compare.__main__ import main
from mnist_compare.findings import probes
from mnist_compare.findings.changes import CHANGES
from mnist_compare.findings.probes import Probe
from mnist_compare.report.book import editions

BLUR = "the blur of digits"


@pytest.fixture
def small(records, monkeypatch):
    """A folder of records, and two probes of no time, of which one can be set."""
    found = {"number": 7}
    known = {BLUR: probes.PROBES[BLUR], "a step": Probe(lambda: [found["number"]], ("others",))}
    monkeypatch.setattr(probes, "PROBES", known)
    return found


def record(folder, file="robustness.csv"):
    (folder / file).touch()


def blur_less(monkeypatch):
    less = replace(CHANGES["blur"], apply=lambda d, level, g: CHANGES["shift"].apply(d, 1, g))
    monkeypatch.setitem(CHANGES, "blur", less)


def test_the_records_are_of_the_code_as_it_stands():
    assert not probes.stale()


@pytest.mark.slow
@pytest.mark.parametrize("newest", ["SSE41", "AVX2"])
def test_so_they_are_on_an_older_processor(newest, monkeypatch):
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", newest)
    code = "from mnist_compare.findings import probes; print(probes.stale())"
    assert subprocess.check_output([sys.executable, "-c", code]) == b"[]\n"


def test_another_change_is_named_with_its_finding_and_the_way_out(small, records, monkeypatch):
    record(records)
    probes.write()
    assert not probes.stale()
    blur_less(monkeypatch)
    assert probes.stale() == [
        "The records of robustness are older than the blur of digits: undo the change, or delete "
        "robustness.csv and measure anew with `python -m mnist_compare study`."
    ]


def test_stamp_names_what_is_older_and_fails(small, records, monkeypatch, capsys):
    monkeypatch.setattr(editions, "sources", lambda folder: [])
    assert main(["release", "stamp"]) == 0
    record(records)
    assert main(["release", "stamp"]) == 1
    assert "robustness are older than the blur" in capsys.readouterr().out


def test_a_whole_number_may_be_one_more_or_less(small, records):
    record(records, "usps.npz")
    probes.write(["a step"])
    for number, fits in ((6, True), (8, True), (9, False)):
        small["number"] = number
        assert fits == (not probes.stale())


def test_a_study_keeps_the_probes_of_what_it_begins_and_of_nothing_else(
    small, records, monkeypatch
):
    probes.begin()
    record(records)
    assert not probes.stale()
    blur_less(monkeypatch)
    small["number"] = 100
    probes.begin()  # robustness has a record, USPS none yet
    record(records, "usps.npz")
    (line,) = probes.stale()
    assert "robustness" in line
    (records / "robustness.csv").unlink()
    probes.begin()
    record(records)
    assert not probes.stale()


def test_what_has_records_and_no_probe_is_not_trusted(small, records):
    record(records)
    assert len(probes.stale()) == 1
