"""The handwritten digits of MNIST: three sets of examples, read from files.

    from purenet.data import mnist_loader
    training_data, validation_data, test_data = mnist_loader.load_data_wrapper()
    x, y = training_data[0]    # x: 784 grey levels in [0, 1), row by row; y: ten floats, 1.0 at the digit
    x, digit = test_data[0]    # outside the training set, the digit itself
    few = mnist_loader.load_data_wrapper("data/mnist.pkl.gz", limit=1000)    # of each set, at most 1,000

What differs from the NumPy version: vectors are flat lists, and the sets are lists too, which can be used
twice. A pickle can run code when `pickle.load` reads it; here nothing that it names is ever called.
"""

from __future__ import annotations

import os
from os import PathLike
from pathlib import Path

from purenet.data import mnist_formats
from purenet.data.bytes_to_lists import three_sets, to_lists
from purenet.matrix import Vector
from purenet.support import checks
from purenet.support.checks import Example, Labelled

MOST_IMAGES = 80_000  # made into lists, 6.3 kB each; MNIST has 70,000
MOST_BYTES = MOST_IMAGES * 784 * 8  # read from a file, which may hold its pixels as float64

DataSet = tuple[list[Vector], list[int]]  # images and labels


def load_data(path: str | PathLike[str] | None = None, limit: int | None = None) -> tuple[DataSet, ...]:
    """The training, validation and test set, each a pair (images, labels) of lists of equal length.

    An image is a list of 784 floats, grey level / 256; a label is an int, 0 to 9. `path` is a file or folder as
    `mnist_formats` lists them; without it, `data/` is searched in the current folder and then in the checkout.
    `limit` is the most examples per set. Raises ValueError with file and reason for a file that is damaged or
    holds something else, OSError where none is found or it cannot be read.
    """
    if limit is not None:
        checks.integer(limit, 0, "limit")
    places = [Path("data"), Path(__file__).resolve().parents[2] / "data"]
    if path is not None:
        places = [Path(os.path.expanduser(path))]
    sets = three_sets(mnist_formats.read(places, MOST_BYTES))
    sets = [(images, labels, which[:limit]) for images, labels, which in sets]
    if sum(len(which) for _, _, which in sets) > MOST_IMAGES:
        raise ValueError(
            f"{sets[0][0].source}: more than {MOST_IMAGES:,} images are too many for lists; set a limit"
        )
    # A set leaves the list before it becomes floats, so that its bytes can be freed afterwards.
    return tuple([to_lists(*sets.pop(0)) for _ in range(3)])


def load_data_wrapper(
    path: str | PathLike[str] | None = None, limit: int | None = None
) -> tuple[list[Example], list[Labelled], list[Labelled]]:
    """The sets of `load_data` as three lists of examples (x, y), the form that `Network.SGD` takes.

    x is a list of 784 floats; y is `vectorized_result(digit)` in the training set, the digit in the others.
    """
    (images, digits), validation, test = load_data(path, limit)
    training = list(zip(images, map(vectorized_result, digits)))
    return training, list(zip(*validation)), list(zip(*test))


def vectorized_result(j: int, n: int = 10) -> Vector:
    """The output wanted for class j, from 0 to n - 1: n floats. TypeError or ValueError for others.

    >>> vectorized_result(3)
    [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    checks.integer(n, 1, "n")
    checks.digit(j, n, "j")
    return [1.0 if k == j else 0.0 for k in range(n)]
