import statistics

from PIL import Image

from mnist_compare import screenshots, stroke_bench


def test_our_page_answers_before_the_sources_way(needs_chromium):
    taken = stroke_bench.measure(strokes=3)
    assert [len(values) for values in taken.values()] == [3, 3]
    assert statistics.median(taken["ours"]) < statistics.median(taken["source"])


def test_screenshots_are_pictures_of_a_reasonable_size(tmp_path, monkeypatch, needs_chromium):
    monkeypatch.setattr("mnist_compare.figures.folder", lambda: tmp_path)
    for path in screenshots.save():
        assert path.parent == tmp_path
        assert path.stat().st_size < 300_000
        assert Image.open(path).width in (480, 1260)
