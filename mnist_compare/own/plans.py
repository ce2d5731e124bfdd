"""The plan of a comparison, which its folder keeps."""

import json
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from itertools import product
from pathlib import Path

from mnist_compare.data_files import DATA_SETS
from mnist_compare.files import readable, write
from mnist_compare.own import builders, pictures
from mnist_compare.records.place import FEWER_CHANGED, Place, Scale
from mnist_compare.records.protocols import Protocol


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
    def data_sets(self):
        """Return {name: ``DataSet``} of one's own; its file is read once."""
        return {} if self.data in DATA_SETS else dict([pictures.data_set(self.data)])

    @property
    def protocol(self):
        """Return the ``Protocol`` of the runs."""
        (name,) = self.data_sets or (self.data,)
        return Protocol(data=name, epochs=self.epochs)

    @property
    def keys(self):
        """Return the runs, each as (model, ``Protocol``, seed)."""
        seeds = range(self.seeds)
        return [(name, self.protocol, seed) for seed, name in product(seeds, self.names)]

    def place(self, folder, networks):
        """Return the ``Place`` of a comparison in a folder: {name: Network} are those given."""
        folder = Path(folder).resolve()
        parts = [folder / part for part in ("records", "figures", ".weights", ".runs")]
        scale = Scale(changed_digits=FEWER_CHANGED)
        return Place(*parts, scale, own=True, networks=networks, data_sets=self.data_sets)

    def save(self, folder):
        """Write the plan into a folder."""
        write(folder / "plan.json", json.dumps(asdict(self), indent=2) + "\n")


def read_folder(folder):
    """Return the ``Plan`` of a folder, and the ``Place`` that knows its networks and pictures.

    A process that asks again reads again only what has changed.
    """
    folder = Path(folder).resolve()
    files = folder / "plan.json", *sorted((folder / "networks").glob("*.keras"))
    return _read(folder, tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=1)
def _read(folder, _files_and_times):
    path = folder / "plan.json"
    with readable(path, "Give the command again that has made it."):
        fields = json.loads(path.read_text("utf-8"))
        plan = Plan(**fields | {"names": tuple(fields["names"])})
    return plan, plan.place(folder, builders.registry(plan.names, folder / "networks"))
