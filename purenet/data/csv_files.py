"""CSV files of handwritten digits: a line for each image, its label first, then 784 pixels from 0 to 255.

A first line of names is skipped. Of two files, mnist_train.csv holds the training set and, as its last sixth,
the validation set. Of a single file, the last two sevenths are the validation set and the test set.
"""

from __future__ import annotations

from pathlib import Path

from purenet.data.bytes_to_lists import Examples, RawArray, split
from purenet.support.files import reading

NAMES = "mnist_train.csv", "mnist_test.csv"
LEVELS = {b"%d" % level: level for level in range(256)}


def read(paths: list[Path], most: int) -> list[Examples]:
    """The three sets in the files of NAMES, or in a single file; each may have `most` bytes.

    Raises ValueError with file, line and reason where a line is something else than 785 numbers.
    """
    if len(paths) == 1:
        return split(*_read_file(paths[0], most), 2, 7)
    train, test = paths
    return split(*_read_file(train, most), 1, 6) + split(*_read_file(test, most))


def _read_file(path: Path, most: int) -> tuple[RawArray, RawArray]:
    """The images and labels in the file, one or more."""
    pixels, labels = bytearray(), bytearray()
    with reading(path, most) as file:
        for number, line in enumerate(iter(file.readline, b""), 1):
            line = line.removeprefix(b"\xef\xbb\xbf").strip()
            if not line:
                continue
            if line.count(b",") != 784:
                values = f"line {number} has {line.count(b',') + 1:,} values"
                raise ValueError(f"{values}; expected 785, the label and then 784 pixels")
            if number > 1 or line[:1].isdigit():
                row = _numbers(line, number)
                labels.append(row[0])
                pixels += row[1:]
        if not labels:
            raise ValueError("holds no image; expected lines of a label and then 784 pixels")
    n = len(labels)
    return RawArray(str(path), (n, 784), "|u1", pixels), RawArray(str(path), (n,), "|u1", labels)


def _numbers(line: bytes, number: int) -> bytes:
    """The numbers in a line."""
    try:
        return bytes(map(LEVELS.__getitem__, line.replace(b", ", b",").split(b",")))
    except KeyError as error:
        wrong = error.args[0][:80].decode(errors="replace")
        raise ValueError(f"line {number}: {wrong!r} is not a whole number from 0 to 255") from None
