import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

from mnist_compare import runs, study


def quiet(line):
    """Swallow progress."""


def test_what_is_recorded_is_not_trained_again(records, a_run, marked, monkeypatch):
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


def test_records_of_another_network_are_none(records, a_run, monkeypatch):
    """They are trained anew, and the first new run takes the place of all of them."""

    def train(missing, progress, executor):
        for key in missing:
            new = a_run(*key)
            for row in new.rows:
                row["fingerprint"] = study.fingerprint(*key[:2])
            runs.write(new, {})

    monkeypatch.setattr(study, "_train", train)
    for seed in range(3):
        runs.write(a_run("mlp", "fair", seed), {})
    runs.write(a_run("mlp", "source", 0), {})
    assert study.fingerprint("mlp", "fair") not in (
        "0123456789ab", study.fingerprint("mlp", "source"), study.fingerprint("cnn", "fair"),
    )  # fmt: skip
    study.complete([("mlp", "fair", 0), ("mlp", "fair", 1)])
    assert [run.seed for run in runs.read("mlp", "fair")] == [0, 1]
    assert runs.fingerprints() == {
        ("mlp", "fair"): study.fingerprint("mlp", "fair"), ("mlp", "source"): "0123456789ab",
    }  # fmt: skip


def test_the_committed_records_are_of_todays_networks():
    for (model, protocol), recorded in runs.fingerprints().items():
        assert recorded == study.fingerprint(model, protocol), (model, protocol)


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


def test_a_killed_study_leaves_no_process_at_work(tmp_path):
    script = """
        import time
        from mnist_compare import study

        if __name__ == "__main__":
            with study.workers(1) as executor:
                executor.submit(time.time).result()
                work = executor.submit(time.sleep, 600)
                print("at work", flush=True)
                work.result()
    """
    path = tmp_path / "study.py"
    path.write_text(textwrap.dedent(script))
    process = subprocess.Popen(
        [sys.executable, path],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        start_new_session=True,
    )
    assert process.stdout.readline() == "at work\n"
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while _is_alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _is_alive(process.pid), "a worker goes on after the study was killed"


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


def counts(wanted):
    """How many seeds each model has under each protocol, and none twice."""
    assert len(set(wanted)) == len(wanted)
    found = {}
    for model, protocol, seed in wanted:
        found.setdefault((model, protocol), set()).add(seed)
    assert all(seeds == set(range(len(seeds))) for seeds in found.values())
    return {key: len(seeds) for key, seeds in found.items()}


def test_the_evidence_is_twenty_seeds_of_both_models_and_five_of_what_is_beside_them():
    assert counts(study.evidence()) == {
        **{(model, "fair"): 20 for model in runs.MODELS},
        **{(model, "fair"): 5 for model in ("mlp_682", "cnn_14_43", "mlp_256", "mlp_512_256")},
        **{
            (model, f"{digits}_digits"): 5
            for model in runs.MODELS
            for digits in (100, 300, 1000, 3000, 10_000)
        },
    }


@pytest.mark.parametrize(("seeds", "beside"), [(1, 1), (3, 3), (7, 5)])
def test_fewer_seeds_are_fewer_of_everything(seeds, beside):
    found = counts(study.evidence(seeds))
    assert found.pop(("mlp", "fair")) == found.pop(("cnn", "fair")) == seeds
    assert set(found.values()) == {beside}


def test_the_evidence_has_the_runs_of_the_main_job_but_the_source_reports():
    extra = set(study.main_job()) - set(study.evidence())
    assert {protocol for _, protocol, _ in extra} == {"source"}


def test_the_evidence_is_small_in_fast_mode(records):
    assert len(study.evidence()) < len(study.evidence(1)) * 3 <= 60
    assert max(seed for *_, seed in study.evidence()) == 1


def test_a_run_is_trained_by_its_recipe_where_it_has_one(monkeypatch):
    from mnist_compare import reader, training

    asked = []
    monkeypatch.setattr(study, "one_thread", lambda: None)  # it is for a process of its own
    monkeypatch.setattr(reader, "train", lambda *names, progress: asked.append(("recipe", *names)))
    monkeypatch.setattr(training, "train", lambda *names, progress: asked.append(names))
    for key in (("reader", "fair", 2), ("cnn", "plain", 1), ("cnn", "fair", 0)):
        study._train_one(*key)
    assert asked == [
        ("recipe", "reader", "fair", 2),
        ("recipe", "cnn", "plain", 1),
        ("cnn", 10, 0, "fair"),
    ]


def test_the_longest_runs_are_trained_first(records, a_run, monkeypatch):
    trained = []

    def side_by_side(function, arguments, *rest):
        trained.extend(arguments)
        return []

    monkeypatch.setattr(study, "side_by_side", side_by_side)
    keys = [("mlp", "fair", 0), ("reader", "fair", 1), ("cnn", "plain", 0), ("reader", "fair", 0)]
    study._train(keys, quiet, "an executor")
    assert trained == [keys[3], keys[1], keys[2], keys[0]]


def test_the_weights_of_a_run_of_any_length_are_kept(records, a_run):
    run = a_run("reader")  # its three rows stand for three epochs
    run.weights[3] = [np.arange(4)]
    study._record(run, {})
    with np.load(study.weights([("reader", "fair", 0)], quiet)["reader", "fair", 0]) as file:
        (one,) = file.values()
    assert one.tolist() == [0, 1, 2, 3]


def test_weights_are_trained_where_there_are_none(records, a_run, monkeypatch):
    trained = []

    def train(missing, progress, executor):
        for key in missing:
            trained.append(key)
            run = a_run(*key)
            run.weights[len(run.rows)] = [np.full((2, 3), key[2]), np.arange(4)]
            study._record(run, {})

    monkeypatch.setattr(study, "_train", train)
    first, second = ("mlp", "fair", 4), ("cnn_14_43", "fair", 0)
    paths = study.weights([first], quiet)
    assert trained == [first]
    with np.load(paths[first]) as file:
        one, other = file.values()
    assert one.tolist() == [[4] * 3] * 2
    assert other.tolist() == [0, 1, 2, 3]
    assert records in paths[first].parents

    assert set(study.weights([second, first], quiet)) == {first, second}
    assert trained == [first, second]
    # The runs are recorded as well: a record is kept even where its weights had to be made again.
    assert {study._key(run) for run in runs.read()} == {first, second}

    paths[first].unlink()
    study.weights([first, second], quiet)
    assert trained == [first, second, first]


def test_a_worker_that_dies_costs_no_run(records):
    """Of two workers of a real Dask cluster one is killed with a run in its hands."""
    from distributed import LocalCluster

    wanted, lines, killed = [("mlp", "fair", seed) for seed in range(3)], [], []
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as local:
        process_of = {name: worker.pid for name, worker in local.workers.items()}

        def kill_one_at_work():
            while not killed:
                time.sleep(0.05)
                at_work = [w.name for w in local.scheduler.workers.values() if w.processing]
                if len(at_work) == 2:
                    time.sleep(0.5)  # into the run
                    os.kill(process_of[at_work[0]], signal.SIGKILL)
                    killed.append(at_work[0])

        killer = threading.Thread(target=kill_one_at_work, daemon=True)
        killer.start()
        with study.cluster(local.scheduler_address) as executor:
            found = study.complete(wanted, progress=lines.append, executor=executor)
        killer.join(timeout=5)
        (name,) = killed
        assert local.workers[name].pid != process_of[name], "nobody was killed"
    assert [study._key(run) for run in found] == wanted
    assert [study._key(run) for run in runs.read()] == wanted
    assert all(study._weights_path(*key).exists() for key in wanted)
    assert all(run.rows[-1]["test_accuracy"] > 0.5 for run in found)
    assert "Training 3 runs" in lines[0]
    assert "3/3" in lines[-1]


def test_without_a_scheduler_it_is_said_what_to_start(monkeypatch):
    import distributed

    client = distributed.Client
    monkeypatch.setattr(distributed, "Client", lambda address, timeout: client(address, timeout=1))
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        address = f"tcp://127.0.0.1:{nobody.getsockname()[1]}"
        with (
            pytest.raises(RuntimeError, match=rf"No Dask.*at {address} .*`dask scheduler`"),
            study.cluster(address),
        ):
            pass


def test_an_address_that_is_none_is_answered_in_one_sentence():
    done = subprocess.run(
        [sys.executable, "-m", "mnist_compare", "study", "--scheduler", "nowhere"],
        env={**os.environ, "MNIST_COMPARE_FAST": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "No Dask scheduler answers at nowhere (missing port number" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_dask_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(RuntimeError, match=r'pip install "mnist-compare\[cluster\]"'),
        study.cluster("tcp://127.0.0.1:8786"),
    ):
        pass
