"""The plan of a comparison, which its folder keeps."""

import json
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from mnist_compare import data
from mnist_compare.own import networks as own
from mnist_compare.own import pictures
from mnist_compare.protocols import Protocol
from mnist_compare.records.place import readable, whole


@dataclass(frozen=True)
class Plan:
    """What is compared: networks by name, on a data set, for some epochs, from some seeds.

    ``data`` is the name of a data set or the path of an .npz file.
    """

    names: tuple[str, ...]
    data: str
    epochs: int
    seeds: int

    @cached_property
    def protocol(self):
        """Return the ``Protocol`` of the runs.

        The data set is made known; its file is read once.
        """
        name = self.data if self.data in data.DATA_SETS else pictures.add(self.data)
        return Protocol(data=name, epochs=self.epochs)

    @property
    def keys(self):
        """Return the runs, each as (model, ``Protocol``, seed)."""
        return [(name, self.protocol, seed) for seed in range(self.seeds) for name in self.names]

    def save(self, folder):
        """Write the plan into a folder."""
        with whole(folder / "plan.json") as path:
            path.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")


def of(folder):
    """Read the plan of a folder; its data set and its networks are then known by name.

    A process that asks again reads again only if a file has changed.
    """
    folder = Path(folder).resolve()
    files = folder / "plan.json", *sorted((folder / "networks").glob("*.keras"))
    return _read(folder, tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=1)
def _read(folder, _signature):
    path = folder / "plan.json"
    with readable(path, "Give the command again that has made it."):
        found = json.loads(path.read_text("utf-8"))
        plan = Plan(**found | {"names": tuple(found["names"])})
    own.register(plan.names, folder / "networks")
    _ = plan.protocol
    return plan
