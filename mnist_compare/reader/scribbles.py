"""Drawings that show no digit, of which a reader should not be sure.

Each is drawn on a canvas like the demo's pad and goes through the pipeline ``center``.
"""

import numpy as np
from PIL import Image, ImageDraw

from mnist_compare.preprocessing import CANVAS, SIDE, preprocess

EMPTY = 1 / 40  # of the pictures to train with
MIRRORED = (3, 4, 6, 7, 9)  # digits that are none in a mirror


def to_train_with(count: int, seed: int) -> np.ndarray:
    """Return scribbles, (count, 28, 28) uint8: curves, as many signs, and some empty pictures."""
    empty = round(EMPTY * count)
    signed = (count - empty) // 2
    drawn = curves(count - empty - signed, seed), signs(signed, seed)
    return np.concatenate([*drawn, np.zeros((empty, SIDE, SIDE), np.uint8)])


def turned(digits: np.ndarray, labels: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Return ``count`` digits, of (n, 28, 28) uint8 with labels (n,), laid on a side or mirrored.

    They are drawn at random. A 0 on its side and a mirrored 0, 1, 2, 5 or 8 could be digits, and
    are not among them.
    """
    generator = np.random.default_rng(seed)
    chosen = generator.permutation(np.flatnonzero(labels != 0))[:count]
    ways = generator.integers(3, size=len(chosen))
    ways[~np.isin(labels[chosen], MIRRORED)] %= 2
    change = np.rot90, lambda digit: np.rot90(digit, -1), np.fliplr
    pictures = [change[way](digits[i]) for way, i in zip(ways, chosen, strict=True)]
    return np.array(pictures, np.uint8).reshape(-1, SIDE, SIDE)  # also where there are none


def curves(count: int, seed: int) -> np.ndarray:
    """Return scribbles, (count, 28, 28) uint8: one to three rounded zigzags, crossing at random."""
    return _drawings(_curves, count, seed)


def signs(count: int, seed: int) -> np.ndarray:
    """Return scribbles, (count, 28, 28) uint8: three to six straight strokes and arcs."""
    return _drawings(_sign, count, seed)


def _drawings(draw, count, seed):
    generator = np.random.default_rng(seed)
    return np.stack([_drawn(*draw(generator)) for _ in range(count)])


def _curves(generator):
    lines = []
    for _ in range(generator.integers(1, 4)):
        corners = generator.uniform(50, 230, (generator.integers(4, 9), 2))
        steps = np.linspace(0, len(corners) - 1, 60)
        line = np.stack([np.interp(steps, range(len(corners)), axis) for axis in corners.T], 1)
        for _ in range(generator.integers(0, 40)):  # each pass rounds the corners more
            line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
        lines.append(line)
    return lines, int(generator.integers(8, 26))


def _sign(generator):
    lines = []
    turns = np.linspace(-0.5, 0.5, 20)
    for _ in range(generator.integers(3, 7)):
        bend = generator.choice([0, generator.uniform(-4, 4)])
        directions = generator.uniform(0, 2 * np.pi) + bend * turns
        moves = np.stack([np.cos(directions), np.sin(directions)], axis=1)
        line = np.cumsum(moves, axis=0) * generator.uniform(40, 160) / len(turns)
        lines.append(line - line.mean(axis=0) + generator.uniform(90, 190, 2))
    return lines, int(generator.integers(8, 26))


def _drawn(lines, width):
    canvas = Image.new("L", (CANVAS, CANVAS), 255)
    pen = ImageDraw.Draw(canvas)
    for line in lines:
        pen.line(line.flatten().tolist(), fill=0, width=width, joint="curve")
        for end in (line[0], line[-1]):
            pen.circle(tuple(end), width / 2, fill=0)
    return preprocess(canvas).digit
