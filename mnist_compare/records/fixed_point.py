"""Weights as whole numbers, the very ones with which a page computes."""

import numpy as np

BITS = 12  # of a weight, its sign among them; with 8, some test digits would be read otherwise


def fixed_point(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a kernel (…, outputs) as whole numbers of twelve bits, int16, and their unit.

    The unit (outputs,) float32 is a power of two for each output, so that the product of both is
    exact, and the same kernel again if it was made this way.
    """
    _, exponents = np.frexp(np.abs(kernel).max(axis=tuple(range(kernel.ndim - 1))))
    unit = np.ldexp(np.float32(1), exponents - (BITS - 1))
    most = 2 ** (BITS - 1) - 1
    return np.rint(kernel / unit).clip(-most, most).astype(np.int16), unit
