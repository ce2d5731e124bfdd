"""What runs and measurements are made with: versions, hardware, data and commit."""

import os
import platform
import subprocess
from functools import partial
from importlib import metadata
from pathlib import Path

from mnist_compare import data_files
from mnist_compare.lazy_keras import tensorflow as tf

VERSIONS = ("tensorflow", "keras", "numpy")
MADE_WITH = (
    "python", *VERSIONS, "platform", "processor", "devices", "cores", "threads_per_run",
    "data_sha256", "commit",
)  # fmt: skip


def environment() -> dict:
    """Return the environment of this process: a dictionary with the keys ``MADE_WITH``."""
    threads = tf.config.threading.get_intra_op_parallelism_threads() or os.cpu_count()
    found = (
        platform.python_version(),
        *map(metadata.version, VERSIONS),
        platform.platform(),
        _processor(),
        " ".join(device.name for device in tf.config.list_physical_devices()),
        os.cpu_count(),
        threads,
        data_files.digest_of_mnist(),
        commit(),
    )
    return dict(zip(MADE_WITH, found, strict=True))


def _processor():
    cpuinfo = Path("/proc/cpuinfo")  # of Linux, where platform.processor() is often empty
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def commit() -> str:
    """Return the commit that is checked out, and whether its code was changed since."""
    git = partial(subprocess.run, cwd=Path(__file__).parent, capture_output=True, text=True)
    try:
        name = git(["git", "rev-parse", "--short=12", "HEAD"], check=True).stdout.strip()
        changed = git(["git", "diff", "--quiet", "HEAD", "--", "*.py"]).returncode
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return name + (" with changes" if changed else "")
