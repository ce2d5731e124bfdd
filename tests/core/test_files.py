import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from mnist_compare import files

CLONE = Path(__file__).parents[1]


def test_a_process_killed_while_it_writes_leaves_the_old_file(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text("whole")
    script = f"""
        import os, signal
        from mnist_compare.files import atomically

        with atomically({str(path)!r}) as temporary:
            temporary.write_text("half a line")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    environment = {**os.environ, "PYTHONPATH": str(CLONE)}
    command = [sys.executable, "-c", textwrap.dedent(script)]
    killed = subprocess.run(command, check=False, env=environment)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_text() == "whole"


def test_what_fails_names_the_file_and_leaves_the_old_one_and_nothing_else(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text("whole")

    def write(path):
        with files.atomically(path) as temporary:
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
