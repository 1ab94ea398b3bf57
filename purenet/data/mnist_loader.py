"""Where do the handwritten digits come from? Three sets of examples, read from the MNIST files.

    from purenet.data import mnist_loader
    training_data, validation_data, test_data = mnist_loader.load_data_wrapper()
    x, y = training_data[0]    # x: 784 grey levels in [0, 1), row by row; y: ten floats, 1.0 at the digit
    x, digit = test_data[0]    # outside the training set, the digit itself
    few = mnist_loader.load_data_wrapper("data/mnist.pkl.gz", limit=1000)    # of each set, at most 1,000

What differs from the NumPy version: vectors are flat lists, and the sets are lists too (not `zip` objects),
so they can be used twice. `path` names a file or a folder, `limit` saves time and memory. A pickle can run
code when `pickle.load` reads it; here nothing that it names is ever called. The files:

    mnist.pkl[.gz]     a program that builds ((images, labels), (images, labels), (images, labels)): training,
                       validation, test; images are float32 or float64 (n, 784), labels integers (n,)
    *-images-idx3-*    00 00 08 03, then n, 28 and 28 in 4 bytes each, then one byte 0..255 a pixel
    *-labels-idx1-*    00 00 08 01, then n, then one byte 0..9 a label; "t10k" is the test set, and "train"
                       holds the training set and, as its last sixth, the validation set
"""

from __future__ import annotations

import gc
import math
import reprlib
import struct
import sys
from collections.abc import Iterator
from itertools import chain, islice
from os import PathLike
from pathlib import Path

from purenet.support import checks
from purenet.support.checks import Example, Labelled
from purenet.support.files import reading
from purenet.matrix import Vector
from purenet.data.numpy_pickle import Array, unpickle_arrays

MOST_BYTES = 460_000_000  # taken from the files of one data set; MNIST as float64 has 440,000,000
MOST_IMAGES = 80_000  # made into lists, 6.3 kB each; MNIST has 70,000
MOST_LEVELS = 500_000  # different pixel values; MNIST has 256

IDX_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)

DataSet = tuple[list[Vector], list[int]]  # images and labels


def load_data(path: str | PathLike[str] | None = None, limit: int | None = None) -> tuple[DataSet, ...]:
    """The training, validation and test set, each a pair (images, labels) of lists of equal length.

    An image is a flat list of 784 floats, grey level / 256; a label is an int, 0 to 9. `path` is a pickle, or
    a folder that holds mnist.pkl.gz, mnist.pkl or the four IDX files, each gzipped or not; without it,
    `data/` of the current folder is searched, then that of the checkout. `limit` is the most examples per
    set; those beyond it are not looked at. Raises FileNotFoundError where nothing is found, ValueError with
    file and reason for a file that is damaged or holds something else, OSError where it cannot be read.
    """
    if limit is not None:
        checks.integer(limit, 0, "limit")
    found = _find(path)
    sets = _read_pickle(*found) if len(found) == 1 else _read_idx(*found)
    counts = [_count(images, labels, limit) for images, labels in sets]
    if sum(counts) > MOST_IMAGES:
        raise ValueError(f"{found[0]}: {sum(counts):,} images are too many for lists; set a limit")
    floats: dict[float, float] = {}  # one object for each pixel value: 55 million pixels share 256 of them
    # A set leaves the list before it grows into floats, so that its bytes can be freed as it grows.
    return tuple([_to_lists(*sets.pop(0), count, floats) for count in counts])


def load_data_wrapper(
    path: str | PathLike[str] | None = None, limit: int | None = None
) -> tuple[list[Example], list[Labelled], list[Labelled]]:
    """The sets of `load_data` as three lists of examples (x, y), the form that `Network.SGD` takes.

    x is a list of 784 floats; y is `vectorized_result(digit)` in the training set, the digit in the others.
    """
    (images, digits), validation, test = load_data(path, limit)
    training = list(zip(images, map(vectorized_result, digits)))
    return training, list(zip(*validation)), list(zip(*test))


def vectorized_result(j: int) -> Vector:
    """The output wanted for digit j, from 0 to 9: ten floats. TypeError or ValueError for another j.

    >>> vectorized_result(3)
    [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    checks.digit(j, 10, "j")
    return [1.0 if k == j else 0.0 for k in range(10)]


def _find(path: str | PathLike[str] | None) -> list[Path]:
    """The path of a pickle, or those of the four IDX files."""
    places = [Path("data"), Path(__file__).resolve().parent.parent / "data"] if path is None else [Path(path)]
    for place in places:
        if place.exists() and not place.is_dir():
            return [place]
        pickles = [place / name for name in ("mnist.pkl.gz", "mnist.pkl") if (place / name).exists()]
        if pickles:
            return pickles[:1]
        patterns = [name.replace("-idx", "[-.]idx") for name in IDX_FILES]
        idx = [[*place.glob(pattern), *place.glob(pattern + ".gz")] for pattern in patterns]
        if all(idx):
            return [spellings[0] for spellings in idx]
    raise FileNotFoundError(
        f"no MNIST at {' or '.join(str(place.absolute()) for place in places)}; looked for mnist.pkl.gz, "
        f"mnist.pkl, or all of {', '.join(IDX_FILES)}, each gzipped or not; "
        "`python3 scripts/download_mnist.py`, in a clone of the project, gets the first"
    )


def _count(images: Array, labels: Array, limit: int | None) -> int:
    """How many examples to take from a set, whose two arrays must fit each other."""
    if images.shape[1:] != (784,) or labels.shape != images.shape[:1]:
        raise ValueError(
            f"{images.source} and {labels.source}: shapes {reprlib.repr(images.shape)} and "
            f"{reprlib.repr(labels.shape)}; expected (n, 784) and (n,)"
        )
    return len(range(images.shape[0])[:limit])


def _to_lists(images: Array, labels: Array, count: int, floats: dict[float, float]) -> DataSet:
    """The first `count` images and labels of a set as lists; `floats` has one float for each pixel value."""
    levels = _Levels(images.order + images.code, floats)
    row = struct.Struct({"B": "784B", "f": "784I", "d": "784Q"}[images.code])
    rows = chain.from_iterable(map(row.iter_unpack, _multiples(row.size, images.data)))
    vectors = []
    try:
        for pixels in islice(rows, count):
            vectors.append(list(map(levels.__getitem__, pixels)))
    except ValueError as error:
        raise ValueError(f"{images.source}, image {len(vectors)}: {error}") from None
    digits = list(struct.unpack_from(f"{labels.order}{count}{labels.code}", b"".join(labels.data)))
    for i, digit in enumerate(digits):
        if not 0 <= digit <= 9:
            raise ValueError(f"{labels.source}, label {i}: {digit} is no digit from 0 to 9")
    return vectors, digits


def _multiples(size: int, pieces: list[bytes]) -> Iterator[bytes]:
    """The bytes in `pieces`, cut anew into multiples of `size`; what is done with leaves the list."""
    rest = b""
    pieces.reverse()
    while pieces:
        if len(pieces) % 500 == 0 and sys.implementation.name == "pypy":
            gc.collect()  # It would keep the pieces that are gone for a while.
        rest += pieces.pop()
        end = len(rest) - len(rest) % size
        yield rest[:end]
        rest = rest[end:]


class _Levels(dict[int, float]):
    """From the bytes of a pixel, read as an int because ints are the quickest keys, to its float."""

    def __init__(self, code: str, floats: dict[float, float]) -> None:
        self.code, self.floats = code, floats

    def __missing__(self, key: int) -> float:
        (level,) = struct.unpack(self.code, key.to_bytes(struct.calcsize(self.code), sys.byteorder))
        if self.code == ">B":
            level = level / 256
        if not 0 <= level <= 1:
            raise ValueError(f"a pixel is {level}; grey levels are numbers from 0 to 1")
        if len(self) == MOST_LEVELS:
            raise ValueError(f"more than {MOST_LEVELS:,} different pixel values cannot be grey levels")
        self[key] = self.floats.setdefault(level, level)
        return self[key]


def _read_idx(*paths: Path) -> list[tuple[Array, Array]]:
    """The three sets, as pairs (images, labels), of the four files of IDX_FILES."""
    left, parts = MOST_BYTES, []
    for path, dimensions, cut in zip(paths, (3, 1, 3, 1), (True, True, False, False)):
        parts.append(_read_idx_file(path, dimensions, cut, left))
        left -= sum(len(piece) for array in parts[-1] for piece in array.data)
    (train, validation), (train_labels, validation_labels), [test], [test_labels] = parts
    return [(train, train_labels), (validation, validation_labels), (test, test_labels)]


def _read_idx_file(path: Path, dimensions: int, cut: bool, left: int) -> list[Array]:
    """The array in an IDX file of at most `left` bytes; or two, the last sixth apart, where it is to be cut.

    It has 3 dimensions, images, made (n, 784), or 1, labels (n,).
    """
    with reading(path, left) as file:
        magic, n, *size = struct.unpack(f">{1 + dimensions}I", file.read(4 + 4 * dimensions))
        if magic != 0x800 + dimensions or size not in ([], [28, 28]):
            raise ValueError(f"starts with {magic:#x}, {n}, {size}; expected IDX labels or images of 28 x 28")
        arrays = []
        for count in (n - n // 6, n // 6) if cut else (n,):
            shape = (count, 784) if size else (count,)
            arrays.append(Array(str(path), shape, ">", "B", [*file.pieces(math.prod(shape))]))
        file.end()
    return arrays


def _read_pickle(path: Path) -> list[tuple[Array, Array]]:
    """The three sets, as pairs (images, labels), of a pickle."""

    def placed(array: Array) -> Array:
        return array._replace(source=f"{path}, {array.source}")

    with reading(path, MOST_BYTES) as file:
        return [(placed(images), placed(labels)) for images, labels in unpickle_arrays(file)]
