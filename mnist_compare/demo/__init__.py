"""The demo: draw a digit, in a notebook or a browser, and see what the networks answer."""

from mnist_compare.demo.page import serve, show
from mnist_compare.front.gallery import examples

__all__ = ["examples", "serve", "show"]
