"""A pickle is three pairs of arrays of numbers, or a ValueError that says what is wrong with it."""

import gzip
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mnist_files import (
    Array, Dtype, counts, expected, pickled, pickled_by_python_2, refused, three_sets, types, write,
)

from purenet import mnist_loader


@given(
    st.fixed_dictionaries({**counts, **types}),
    st.integers(0, 5) | st.just("Python 2"),
    st.sampled_from(["core", "_core"]),
    st.sampled_from([tuple, list]),
    st.booleans(),
)
@example({"n_train": 2, "n_test": 1}, 0, "core", list, False)
def test_a_pickle_gives_the_images_and_digits(folder, drawing, protocol, core, container, zipped):
    if protocol == "Python 2":
        drawing["fortran"] = False
        data = pickled_by_python_2(three_sets(**drawing))
    else:
        data = pickled(container(map(container, three_sets(**drawing))), protocol, core)
    path = write(folder / "any", gzip.compress(data, 1) if zipped else data)
    assert mnist_loader.load_data(path) == expected(drawing["n_train"], drawing["n_test"])


def one_array_changed(protocol, **changes):
    """A pickle whose test images have another shape, data, dtype or order than they should."""
    sets = three_sets(1, 1)
    vars(sets[2][0]).update(changes)
    return pickled(sets, protocol)


@pytest.mark.parametrize("data", [None, "text", [0] * 3136, Dtype("f4", "<")])
def test_what_an_array_holds_is_bytes(folder, data):
    refused(write(folder / "no bytes", one_array_changed(2, data=data)), f"{NO_PICKLE}an array without bytes")


def test_grey_levels_go_from_0_to_1(folder):
    data = struct.pack("<784f", *[0.0, 1.0] * 392)
    _, _, (images, _) = mnist_loader.load_data(write(folder / "ends", one_array_changed(2, data=data)))
    assert images == [[0.0, 1.0] * 392]


NO_PICKLE = r"not a pickle of three pairs of NumPy arrays \("


@pytest.mark.parametrize("protocol", [0, 2, 5])
@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"shape": (-1, -784)}, "test images .*: shapes"),
        ({"shape": (10**9, 784)}, "test images: 3,136 bytes do not make an array of shape"),
        ({"shape": (784,)}, "test images .*: shapes"),
        ({"shape": (), "data": bytes(4)}, "test images .*: shapes"),
        ({"shape": ((10**600, 0) * 100), "data": b""}, "test images .*: shapes"),
        ({"shape": ("1", 784)}, NO_PICKLE),
        ({"shape": (1, 28, 28), "fortran": True}, "test images .*: shapes"),
        ({"data": bytes(3135)}, "test images: 3,135 bytes"),
        ({"data": struct.pack("<784f", *[0.0] * 783, float("nan"))}, "test images, image 0: a pixel is nan"),
        ({"data": struct.pack("<784f", *[0.0] * 783, 1.5)}, "test images, image 0: a pixel is 1.5"),
        ({"data": struct.pack("<784f", *[0.0] * 783, -0.5)}, "test images, image 0: a pixel is -0.5"),
        ({"dtype": Dtype("O8", "|")}, "test images of type .*O8"),
        ({"dtype": Dtype("f4", "!")}, "test images of type .*!f4"),
        ({"dtype": Dtype("", "")}, "test images of type ''"),
    ],
    ids=range(14),
)
def test_an_absurd_array_is_refused(folder, protocol, changes, reason):
    refused(write(folder / "absurd", one_array_changed(protocol, **changes)), reason)


@pytest.mark.parametrize("label", [-1, 10, 2**40])
def test_a_label_is_a_digit(folder, label):
    images, _ = three_sets(1, 1)[0]
    sets = ((images, Array([label], (1,), "i8")),) + three_sets(1, 1)[1:]
    refused(write(folder / "label", pickled(sets)), f"training labels, label 0: {label} is no digit")
    sets = ((images, Array([1.0], (1,), "f8")),) + three_sets(1, 1)[1:]
    refused(write(folder / "label", pickled(sets)), "training labels of type '<f8'")


@pytest.mark.parametrize("value", [None, 1, (), (1, 2, 3), ((), (), ()), [1], {}, "text", three_sets()[:2]])
def test_a_pickle_of_something_else_is_refused(folder, value):
    for protocol in range(6):
        refused(write(folder / "else", pickled(value, protocol)), f"{NO_PICKLE}|begins with")


def test_a_pickle_that_asks_for_too_many_lists_is_refused(folder):
    many = write(folder / "many", gzip.compress(b"\x80\x02" + b"]" * 10_000 + b"."))
    refused(many, f"{NO_PICKLE}it has more than 10,000 operations")


def test_data_after_the_end_are_refused(folder):
    for data in pickled(three_sets()) + b"\0", gzip.compress(pickled(three_sets()) + b"\0"):
        refused(write(folder / "longer", data), f"{NO_PICKLE}it goes on after the end")


def test_more_pixel_values_than_grey_levels_are_refused(folder):
    values = [i / (2 * 784) for i in range(2 * 784)]
    path = write(folder / "levels", pickled(((Array(values, (2, 784), "f8"), Array([1, 1], (2,), "i8")),) * 3))
    refused(path, "training images, image 1: more than 1,000 different pixel values")
