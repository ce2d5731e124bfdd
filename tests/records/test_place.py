import pytest

from mnist_compare.findings import speed
from mnist_compare.records import place, runs


def test_without_a_clone_a_sentence_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "__file__", str(tmp_path / "mnist_compare" / "records" / "place.py"))
    with pytest.raises(FileNotFoundError, match="only its package is installed here: `git clone"):
        place.here()


@pytest.mark.parametrize(
    ("file", "read", "content"),
    [
        ("environments.csv", runs.ENVIRONMENTS.read, "3"),
        ("environments.csv", runs.ENVIRONMENTS.read, None),
        ("bench.json", speed.recorded_times, '{"environment": {"cores"'),
        ("bench.json", speed.recorded_times, '{"mlp epoch": {}}'),
    ],
)
def test_a_damaged_small_file_is_named_with_what_restores_it(records, file, read, content):
    if content is not None:
        (records / file).write_text(content)
    with pytest.raises(
        ValueError, match=rf"^\S+{file} cannot be read \([^\n]+\)\. Restore it with"
    ):
        read()
