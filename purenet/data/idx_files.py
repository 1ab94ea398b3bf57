"""The four IDX files in which MNIST was published.

    *-images-idx3-*    00 00 08 03, then n, 28 and 28 in 4 bytes each, then one byte 0..255 a pixel
    *-labels-idx1-*    00 00 08 01, then n in 4 bytes, then one byte 0..9 a label

Numbers of 4 bytes are big-endian. "train" holds the images to train on, "t10k" those to test with.
"""

from __future__ import annotations

import math
import struct

from purenet.data.bytes_to_lists import RawArray
from purenet.support.files import Bounded

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def read(file: Bounded, source: str) -> RawArray:
    """The array in one of these files. Raises ValueError where it is cut or something else."""
    magic = file.read(4)
    if magic not in (b"\0\0\x08\1", b"\0\0\x08\3"):
        raise ValueError(f"starts with {magic.hex()}; expected IDX labels or images")
    header = file.read(4 * magic[3])
    if len(header) < 4 * magic[3]:
        raise ValueError("ends too early")
    shape = struct.unpack(f">{magic[3]}I", header)
    data = file.read(math.prod(shape) + 1)  # to the end, where gzip has its checksum
    return RawArray(source, shape, "|u1", data)
