"""Networks of one's own, compared with others on any pictures: ``mnist_compare.compare()``."""
