"""The study: the grid of runs, and every measurement of trained networks. It formats nothing."""
