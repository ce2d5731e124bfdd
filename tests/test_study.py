import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from mnist_compare import runs, study


def quiet(line):
    """Swallow progress."""


def test_what_is_recorded_is_not_trained_again(records, a_run, monkeypatch):
    trained = []

    def train(missing, progress, executor):
        for model, protocol, seed in missing:
            trained.append((model, protocol, seed))
            runs.write(a_run(model, protocol, seed), {})

    monkeypatch.setattr(study, "_train", train)
    wanted = [("mlp", "fair", 0), ("cnn", "fair", 0)]
    runs.write(a_run("mlp", "fair", 0), {})
    found = study.complete(wanted)
    assert trained == [("cnn", "fair", 0)]
    assert [(run.model, run.protocol, run.seed) for run in found] == wanted

    study.complete(wanted, fresh=True)
    assert trained[1:] == wanted


def test_the_main_job_has_both_models_seed_by_seed_and_the_source_protocol():
    wanted = study.main_job()
    seeds = {
        model: {s for m, p, s in wanted if (m, p) == (model, "fair")} for model in study.MODELS
    }
    assert seeds["mlp"] == seeds["cnn"]
    assert len(seeds["mlp"]) >= 5
    assert {("mlp", "source", 0), ("cnn", "source", 0)} <= set(wanted)


def test_runs_are_trained_side_by_side_and_recorded_with_their_environment(records):
    lines = []
    wanted = [("mlp", "fair", 0), ("mlp", "fair", 1)]
    found = study.complete(wanted, progress=lines.append)
    assert [run.seed for run in found] == [0, 1]
    assert [run.seed for run in runs.read("mlp", "fair")] == [0, 1]
    assert runs.environment()["threads_per_run"] == 1
    assert "Training 2 runs" in lines[0]
    assert "2/2" in lines[-1]
    assert not multiprocessing.active_children()


def test_an_interrupted_study_keeps_what_is_finished_and_leaves_no_process(records):
    script = f"""
        import tempfile
        tempfile.tempdir = {str(records.parent)!r}
        from mnist_compare import study

        if __name__ == "__main__":
            study.complete([("mlp", "fair", seed) for seed in range(60)])
    """
    path = records / "study.py"
    path.write_text(textwrap.dedent(script))
    process = subprocess.Popen(
        [sys.executable, path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        start_new_session=True,
    )
    assert "Training 60 runs" in process.stdout.readline()
    assert "1/60" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "KeyboardInterrupt" in errors
    assert 1 <= len(runs.read()) < 60
    deadline = time.monotonic() + 20
    while _is_alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _is_alive(process.pid), "workers go on after the study was interrupted"


def _is_alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("bad", [("rnn", "fair", 0), ("mlp", "unfair", 0)])
def test_a_run_that_cannot_be_trained_says_why(records, bad):
    with pytest.raises(ValueError, match="There is no"):
        study.complete([bad], progress=quiet)
