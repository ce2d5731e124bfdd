"""What runs and measurements are made with: versions, hardware, data and commit."""

import os
import platform
import subprocess
from functools import partial
from importlib import metadata
from pathlib import Path

from mnist_compare import data_files
from mnist_compare.lazy_keras import tensorflow as tf


def environment() -> dict:
    """Return the environment of this process as a dictionary that JSON can hold."""
    threads = tf.config.threading.get_intra_op_parallelism_threads() or os.cpu_count()
    return {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in ("tensorflow", "keras", "numpy")},
        "platform": platform.platform(),
        "devices": [device.name for device in tf.config.list_physical_devices()],
        "cores": os.cpu_count(),
        "threads_per_run": threads,
        "data_sha256": data_files.digest_of_mnist(),
        "commit": _commit(),
    }


def _commit():
    git = partial(subprocess.run, cwd=Path(__file__).parent, capture_output=True, text=True)
    try:
        commit = git(["git", "rev-parse", "--short=12", "HEAD"], check=True).stdout.strip()
        changed = git(["git", "diff", "--quiet", "HEAD", "--", "*.py"]).returncode
    except (OSError, subprocess.CalledProcessError):
        return None
    return commit + (" with changes" if changed else "")
