"""CSV files of handwritten digits: a line for each image, its label first, then 784 pixels from 0 to 255.

A first line of names is skipped. There are mnist_train.csv and mnist_test.csv, or a single file.
"""

from __future__ import annotations


from purenet.data.bytes_to_lists import Pair, RawArray
from purenet.support.files import Bounded

NAMES = "mnist_train.csv", "mnist_test.csv"
LEVELS = {b"%d" % level: level for level in range(256)}


def read(file: Bounded, source: str) -> Pair:
    """The images and labels in a file, one or more. Raises ValueError with the line that is something else."""
    pixels, labels = bytearray(), bytearray()
    for number, line in enumerate(file, 1):
        line = line.removeprefix(b"\xef\xbb\xbf").strip()
        if line and line.count(b",") != 784:
            values = f"line {number} has {line.count(b',') + 1:,} values"
            raise ValueError(f"{values}; expected 785, the label and then 784 pixels")
        if line[:1].isdigit() or line and number > 1:
            try:
                label, *row = map(LEVELS.__getitem__, line.replace(b", ", b",").split(b","))
            except KeyError as error:
                wrong = error.args[0][:80].decode(errors="replace")
                raise ValueError(f"line {number}: {wrong!r} is not a whole number from 0 to 255") from None
            labels.append(label)
            pixels += bytes(row)
    n = len(labels)
    if not n:
        raise ValueError("holds no image; expected lines of a label and then 784 pixels")
    return RawArray(source, (n, 784), "|u1", pixels), RawArray(source, (n,), "|u1", labels)
