"""The four IDX files in which MNIST was published.

    *-images-idx3-*    00 00 08 03, then n, 28 and 28 in 4 bytes each, then one byte 0..255 a pixel
    *-labels-idx1-*    00 00 08 01, then n in 4 bytes, then one byte 0..9 a label

Numbers of 4 bytes are big-endian. "t10k" is the test set; "train" holds the training set and, as its last
sixth, the validation set.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

from purenet.data.bytes_to_lists import Examples, RawArray, split
from purenet.support.files import reading

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def read(paths: list[Path], most: int) -> list[Examples]:
    """The three sets in the files of NAMES, in this order; each may hold `most` bytes.

    Raises ValueError with file and reason where one is damaged, too long, or of another kind.
    """
    images, labels, test_images, test_labels = map(_read_file, paths, (3, 1, 3, 1), [most] * 4)
    return split(images, labels, 1, 6) + split(test_images, test_labels)


def _read_file(path: Path, dimensions: int, most: int) -> RawArray:
    """The array in a file that should have 3 dimensions, images, or 1, labels."""
    with reading(path, most) as file:
        header = file.read(4 + 4 * dimensions)
        if len(header) < 4 + 4 * dimensions:
            raise ValueError("ends too early")
        magic, *shape = struct.unpack(f">{1 + dimensions}I", header)
        if magic != 0x800 + dimensions or shape[1:] not in ([], [28, 28]):
            raise ValueError(f"starts with {header.hex(' ', 4)}; expected IDX labels or images of 28 x 28")
        size = math.prod(shape)
        data = file.read(size + 1)
        if len(data) != size:
            less = "less" if len(data) < size else "more"
            raise ValueError(f"{less} than the {size:,} bytes of data that it says it holds")
    return RawArray(str(path), tuple(shape), "|u1", data)
