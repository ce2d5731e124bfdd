"""The demo: draw a digit, in a notebook or a browser, and see what the networks answer."""

from mnist_compare.demo.notebook import show
from mnist_compare.demo.serving import serve
from mnist_compare.page.gallery import examples
from mnist_compare.report.words.spoken import somebody_is_there

__all__ = ["examples", "serve", "show", "somebody_is_there"]
