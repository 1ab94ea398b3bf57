"""Images and labels as their file holds them, in bytes, and how they become lists of Python numbers.

    images = RawArray("x_train", (6, 784), "|u1", bytes(6 * 784))
    labels = RawArray("y_train", (6,), "<i8", bytes(6 * 8))
    training, validation, test = three_sets([(images, labels)] * 2)    # the last sixth of the first validates
    vectors, digits = to_lists(*training)
"""

from __future__ import annotations

import array
import math
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from purenet.matrix import Vector
from purenet.support import checks

MOST_LEVELS = 1_000  # different pixel values; MNIST has 256

FLOATS = {"f4": "f", "f8": "d"}  # NumPy's name of a type, and that of the module array
INTEGERS = {"i1": "b", "i2": "h", "i4": "i", "i8": "q", "u1": "B", "u2": "H", "u4": "I", "u8": "Q"}
CODES = {**FLOATS, **INTEGERS}


class RawArray(NamedTuple):
    """The bytes of an array.

    source    where it is from, for messages
    shape     such as (n, 784)
    dtype     the order and type of its numbers, such as "<f4"
    fortran   whether the first index runs fastest and not the last, as in an array that pandas made
    """

    source: str
    shape: tuple[int, ...]
    dtype: str
    data: bytes | bytearray
    fortran: bool = False

    def check(self, types: Iterable[str]) -> None:
        """Raise ValueError where the numbers are of another type, or not as many as the shape says."""
        if self.dtype[:1] not in ("<", ">", "|") or self.dtype[1:] not in types:
            wanted = f"expected one of {', '.join(types)}"
            raise ValueError(f"{self.source} of type {checks.shown(self.dtype)}; {wanted}")
        if len(self.data) != math.prod(self.shape) * int(self.dtype[2]):
            size, shape = len(self.data), checks.shown(self.shape)
            raise ValueError(f"{self.source}: {size:,} bytes do not make an array of shape {shape}")

    def rows(self, which: range) -> Iterator[array.array[Any]]:
        """These rows of an array (n, m), or of an array (n,) as rows of one number."""
        n, m = self.shape[0], math.prod(self.shape[1:])
        code: Any = CODES[self.dtype[1:]]
        numbers: Any = memoryview(self.data).cast(code) if which else None  # nothing cannot be cast
        foreign = self.dtype[0] == {"little": ">", "big": "<"}[sys.byteorder]
        for i in which:
            row = array.array(code, (numbers[i::n] if self.fortran else numbers[i * m : (i + 1) * m]).tobytes())
            if foreign:
                row.byteswap()
            yield row


Pair = tuple[RawArray, RawArray]    # images and labels
Examples = tuple[RawArray, RawArray, range]     # and which of them


def three_sets(pairs: list[Pair]) -> list[Examples]:
    """The training, validation and test set, from as many pairs of images and labels as there are.

    Three pairs are the sets. Of two, the last sixth of the first is the validation set. Of one, the last two
    sevenths are the validation set and the test set. Raises ValueError where a pair is not n images of 784 or
    28 x 28 pixels and n labels.
    """
    sets: list[Examples] = []
    for images, labels in pairs:
        images.check(CODES)
        labels.check(INTEGERS)
        if images.shape[1:] not in ((784,), (28, 28))[: 2 - images.fortran] or labels.shape != images.shape[:1]:
            raise ValueError(
                f"{images.source} and {labels.source}: shapes {checks.shown(images.shape)} and "
                f"{checks.shown(labels.shape)}; expected (n, 784) and (n,)"
            )
        n, times = images.shape[0], 0 if sets else 3 - len(pairs)
        ends = [n - k * (n // (8 - len(pairs))) for k in range(times, -1, -1)]
        sets += [(images, labels, range(start, end)) for start, end in zip([0, *ends], ends)]
    return sets


def to_lists(images: RawArray, labels: RawArray, which: range) -> tuple[list[Vector], list[int]]:
    """These images, each a list of grey levels / 256, and their labels, integers from 0 to 9.

    Raises ValueError with the source and the place where a pixel or a label is out of range.
    """
    levels = _Levels(1, 1) if images.dtype[1:] in FLOATS else _Levels(255, 256)
    vectors: list[Vector] = []
    try:
        for row in images.rows(which):
            vectors.append([levels[pixel] for pixel in row])
    except ValueError as error:
        raise ValueError(f"{images.source}, image {which[len(vectors)]}: {error}") from None
    digits = [int(digit) for digit, in labels.rows(which)]
    for i, digit in zip(which, digits):
        if not 0 <= digit <= 9:
            found = f"{digit} is no digit from 0 to 9, but perhaps a letter of EMNIST"
            raise ValueError(f"{labels.source}, label {i}: {found}")
    return vectors, digits


class _Levels(dict[float, float]):
    """From a pixel to its grey level, one object for each level: 55 million pixels share 256 of them."""

    def __init__(self, white: int, scale: int) -> None:
        self.white, self.scale = white, scale

    def __missing__(self, pixel: float) -> float:
        if not 0 <= pixel <= self.white:
            raise ValueError(f"a pixel is {pixel}; it must be a number from 0 to {self.white}")
        if len(self) == MOST_LEVELS:
            raise ValueError(f"more than {MOST_LEVELS:,} different pixel values cannot be grey levels")
        level = self[pixel] = pixel / self.scale
        return level
