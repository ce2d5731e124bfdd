import os
import signal
import subprocess
import sys
import textwrap

import pytest

from mnist_compare import place
from mnist_compare.records import runs, timings


def test_without_a_clone_a_sentence_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "__file__", str(tmp_path / "mnist_compare" / "place.py"))
    with pytest.raises(FileNotFoundError, match="only its package is installed here: `git clone"):
        place.here()


def test_a_process_killed_while_it_writes_leaves_the_old_file(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text("whole")
    script = f"""
        import os, signal
        from mnist_compare.place import atomically

        with atomically({str(path)!r}) as temporary:
            temporary.write_text("half a line")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    environment = {**os.environ, "PYTHONPATH": str(place.clone())}
    command = [sys.executable, "-c", textwrap.dedent(script)]
    killed = subprocess.run(command, check=False, env=environment)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_text() == "whole"


def test_what_fails_names_the_file_and_leaves_the_old_one_and_nothing_else(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text("whole")

    def write(path):
        with place.atomically(path) as temporary:
            temporary.write_text("half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left") as full:
        write(path)
    assert full.value.filename == str(path)
    with pytest.raises(NotADirectoryError) as no_folder:
        write(path / "here" / "figure.png")
    assert no_folder.value.filename == str(path / "here" / "figure.png")
    assert path.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("file", "read", "content"),
    [
        ("environment.json", runs.environment, "3"),
        ("environment.json", runs.environment, None),
        ("bench.json", timings.read, '{"environment": {"cores"'),
        ("bench.json", timings.read, '{"mlp epoch": {}}'),
    ],
)
def test_a_damaged_small_file_is_named_with_what_restores_it(records, file, read, content):
    if content is not None:
        (records / file).write_text(content)
    with pytest.raises(
        ValueError, match=rf"^\S+{file} cannot be read \([^\n]+\)\. Restore it with"
    ):
        read()
