import pytest

from mnist_compare.bench import strokes


@pytest.mark.slow
def test_our_page_answers_before_the_sources_way(needs_chromium):
    taken = strokes.measure(strokes=1)
    assert [len(values) for values in taken.values()] == [1, 1]
    assert taken["ours"] < taken["source"]
