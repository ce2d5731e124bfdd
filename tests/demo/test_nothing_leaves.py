"""What ``predict`` and ``demo`` write, and whom they call, in a process with a home of its own."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw

ROOT = Path(__file__).parents[2]
# Python notes whom it calls and what it opens to write.
WATCH = r"""
import os, sys

noted = os.open(os.environ["NOTED"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

def watch(event, arguments):
    if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        os.write(noted, f"write {arguments[0]}\n".encode())
    elif event == "socket.getaddrinfo":
        os.write(noted, f"call {arguments[0]}\n".encode())
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        os.write(noted, f"call {arguments[1][0]}\n".encode())

sys.addaudithook(watch)
"""
READ_A_DRAWING_TWICE = r"""
import re, signal, subprocess, sys
import httpx

command = [sys.executable, "-m", "mnist_compare"]
subprocess.run([*command, "predict", sys.argv[1]], check=True)
demo = subprocess.Popen([*command, "demo", "--no-browser"], stdout=subprocess.PIPE, text=True)
address = re.search(r"http://\S+", demo.stdout.readline())[0]
with open(sys.argv[1], "rb") as picture, httpx.Client(trust_env=False, timeout=60) as client:
    client.post(f"{address}predict", files={"image": picture}).raise_for_status()
demo.send_signal(signal.SIGINT)
demo.communicate(timeout=60)
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """What Python noted, and the folder for home and temporary files."""
    folder = tmp_path_factory.mktemp("watched")
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(WATCH)
    home, drawing = folder / "home", Image.new("L", (280, 280), "white")
    home.mkdir()
    ImageDraw.Draw(drawing).line([(140, 60), (140, 220)], fill="black", width=18)
    drawing.save(folder / "one.png")
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("XDG_")},
        **{"HOME": str(home), "TMPDIR": str(home), "NOTED": str(folder / "noted")},
        **{"PYTHONPATH": f"{folder / 'site'}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"},
    }
    command = [sys.executable, "-c", READ_A_DRAWING_TWICE, str(folder / "one.png")]
    subprocess.run(command, cwd=home, env=environment, check=True, capture_output=True)
    return SimpleNamespace(noted=(folder / "noted").read_text().splitlines(), home=home)


def test_nobody_is_called_but_this_machine(watched):
    called = {line.removeprefix("call ") for line in watched.noted if line.startswith("call ")}
    assert called <= {"127.0.0.1", "localhost", "None"}


def test_what_is_written_is_what_the_readme_names(watched):
    files = {path.relative_to(watched.home) for path in watched.home.rglob("*") if path.is_file()}
    assert {path.as_posix() for path in files} == {".local/share/mnist_compare/drawings/.lock"}
    written = {line.removeprefix("write ") for line in watched.noted if line.startswith("write ")}
    assert not [path for path in written if not path.startswith((str(watched.home), "/dev/"))]
