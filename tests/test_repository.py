from pathlib import Path

import pytest

from mnist_compare import ablation, bench, figures, pendigits, repository, robustness, runs, study


def test_the_repository_is_around_the_package():
    assert repository.folder() == Path(__file__).parents[1]


@pytest.fixture(params=["a clone", "throw-away records"])
def emptied(request, tmp_path, monkeypatch):
    """A folder with nothing in it where records and figures belong."""
    if request.param == "a clone":
        monkeypatch.setattr(repository, "folder", lambda: tmp_path)
    else:
        monkeypatch.setenv("MNIST_COMPARE_FAST", "1")
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_no_getter_makes_a_folder(emptied):
    asked = [runs.folder(), figures.folder(), study._weights_path("mlp", "fair", 0)]
    assert all(emptied in path.parents for path in asked)
    assert runs.read() == []
    assert pendigits.recorded().counts == {}
    for record in (ablation, robustness):
        with pytest.raises(ValueError, match="measure anew"):
            record.read()
    assert list(emptied.iterdir()) == []


def test_the_first_to_write_makes_the_folder(emptied):
    path = figures.save(figures.relu(), "relu")
    assert path.parent == figures.folder()
    assert [path] == list(figures.folder().iterdir())


def test_the_record_of_speed_is_empty_before_the_first(tmp_path, monkeypatch):
    monkeypatch.setattr(repository, "folder", lambda: tmp_path)
    assert bench.record() == {}
    assert list(tmp_path.iterdir()) == []
