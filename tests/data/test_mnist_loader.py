"""The loader gives the same digits from every form of the files, and a clear ValueError from other files."""

import functools
import gzip
import io
import os
import pathlib
import pickle
import random
import struct
import sys
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mnist_files import (
    REAL, Array, Dtype, arrays, drawn, folder, idx, is_refused, pickled, pickled_by_python_2, real_data,
    three_sets, write, write_idx,
)

from purenet import mnist_loader
from purenet.data import numpy_pickle as unpickle


# Every form of the files gives the same data.


@given(
    n_train=st.integers(0, 13),
    n_test=st.integers(0, 3),
    protocol=st.integers(0, 5),
    zipped=st.booleans(),
    core=st.sampled_from(["core", "_core"]),
    floats=st.sampled_from(["f4", "f8"]),
    order=st.sampled_from("<>"),
    dot=st.sampled_from("-."),
    integers=st.sampled_from(["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]),
)
def test_pickles_and_idx_files_give_the_same_bits(
    folder, n_train, n_test, protocol, zipped, core, floats, order, integers, dot
):
    data = pickled(three_sets(n_train, n_test, floats=floats, integers=integers, order=order), protocol, core)
    from_pickle = mnist_loader.load_data(write(folder / "any", gzip.compress(data, 1) if zipped else data))
    (greys, digits), (test_greys, test_digits) = drawn(1, n_train), drawn(2, n_test)
    images = [[grey / 256 for grey in greys[784 * i : 784 * i + 784]] for i in range(n_train)]
    k = n_train - n_train // 6
    assert from_pickle[0] == (images[:k], list(digits[:k]))
    assert from_pickle[1] == (images[k:], list(digits[k:]))
    assert from_pickle[2][1] == list(test_digits)
    assert [pixel for image in from_pickle[2][0] for pixel in image] == [grey / 256 for grey in test_greys]
    for old in (folder / "idx").glob("*"):
        old.unlink()
    from_idx = mnist_loader.load_data(write_idx(folder / "idx", n_train, n_test, dot, zipped))
    assert [image for images, _ in from_idx for image in images] == [
        image for images, _ in from_pickle for image in images
    ]
    assert [digits for _, digits in from_idx] == [digits for _, digits in from_pickle]


def test_the_pickle_of_python_2_is_read(folder):
    path = write(folder / "two", pickled_by_python_2(three_sets()))
    assert mnist_loader.load_data(path) == mnist_loader.load_data(write_idx(folder / "same"))


def test_the_last_sixth_of_the_training_file_validates(tmp_path):
    training, validation, test = mnist_loader.load_data(write_idx(tmp_path, n_train=12, n_test=3))
    assert [len(training[0]), len(validation[0]), len(test[0])] == [10, 2, 3]
    assert training[1] + validation[1] == list(drawn(1, 12)[1])


@given(limit=st.integers(0, 14))
@settings(max_examples=15, deadline=None)
def test_a_limit_keeps_the_first_of_each_set(folder, limit):
    path = write(folder / "limited", pickled(three_sets()))
    whole, some = mnist_loader.load_data(path), mnist_loader.load_data(path, limit)
    assert some == tuple((images[:limit], digits[:limit]) for images, digits in whole)


@pytest.mark.parametrize(
    "limit, error", [(-1, ValueError), (1.0, TypeError), ("1", TypeError)]
)
def test_a_limit_is_a_number_of_examples(folder, limit, error):
    with pytest.raises(error, match="limit"):
        mnist_loader.load_data(write(folder / "limited", pickled(three_sets())), limit)


def test_the_wrapper_makes_lists_of_examples(folder):
    path = write(folder / "wrapped", pickled(three_sets()))
    training, validation, test = mnist_loader.load_data_wrapper(os.fspath(path), limit=2)
    (images, digits), others, _ = mnist_loader.load_data(path, limit=2)
    assert training == [(x, mnist_loader.vectorized_result(j)) for x, j in zip(images, digits)]
    assert validation == list(zip(*others)) and isinstance(test, list) and len(test) == 2


def test_equal_pixels_are_one_object(folder):
    for path in write(folder / "shared", pickled(three_sets(), 5)), write_idx(folder / "shared-idx"):
        one = {}
        images = [image for images, _ in mnist_loader.load_data(path) for image in images]
        assert all(one.setdefault(pixel, pixel) is pixel for image in images for pixel in image)


def test_a_digit_becomes_ten_outputs():
    for j in range(10):
        assert mnist_loader.vectorized_result(j) == [0.0] * j + [1.0] + [0.0] * (9 - j)


@pytest.mark.parametrize(
    "j, error",
    [
        (-1, ValueError),
        (10, ValueError),
        (1.0, TypeError),
        ("1", TypeError),
        (None, TypeError),
    ],
)
def test_what_is_no_digit_becomes_an_error(j, error):
    with pytest.raises(error, match="0 to 9"):
        mnist_loader.vectorized_result(j)


# Where the files are.


def test_without_a_path_the_data_folder_is_searched(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(mnist_loader, "__file__", str(tmp_path / "checkout" / "purenet" / "mnist_loader.py"))
    with pytest.raises(FileNotFoundError) as caught:
        mnist_loader.load_data()
    for word in f"{tmp_path / 'data'} ", f"{tmp_path / 'checkout' / 'data'};", "mnist.pkl", "download_mnist":
        assert word in str(caught.value)
    (tmp_path / "checkout").mkdir()
    write_idx(tmp_path / "checkout" / "data", n_train=6)
    assert len(mnist_loader.load_data()[0][0]) == 5
    (tmp_path / "data").mkdir()
    write(tmp_path / "data" / "mnist.pkl", pickled(three_sets(n_train=2)))
    assert len(mnist_loader.load_data()[0][0]) == 2
    write(tmp_path / "data" / "mnist.pkl.gz", gzip.compress(pickled(three_sets(n_train=3))))
    assert len(mnist_loader.load_data()[0][0]) == 3


def test_three_of_the_four_idx_files_are_not_enough(tmp_path):
    (write_idx(tmp_path) / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(FileNotFoundError, match="t10k-labels-idx1-ubyte"):
        mnist_loader.load_data(tmp_path)


def test_what_the_system_refuses_stays_an_oserror(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        mnist_loader.load_data(tmp_path / "nowhere")
    (tmp_path / "mnist.pkl").mkdir()
    with pytest.raises(OSError):
        mnist_loader.load_data(tmp_path)


# Damaged files.

WHOLE = {protocol: pickled(three_sets(1, 1), protocol) for protocol in range(6)}
WHOLE["Python 2"] = pickled_by_python_2(three_sets(1, 1))


@given(st.data(), st.sampled_from(list(WHOLE)), st.booleans())
@settings(deadline=None)
def test_a_pickle_cut_anywhere_is_refused(folder, data, which, zipped):
    whole = gzip.compress(WHOLE[which], 1) if zipped else WHOLE[which]
    cut = data.draw(st.integers(0, len(whole) - 1) | st.integers(0, min(len(whole) - 1, 300)))
    assert is_refused(write(folder / "cut", whole[:cut]))


@given(st.data(), st.sampled_from(sorted(mnist_loader.IDX_FILES)), st.booleans(), st.booleans())
@settings(deadline=None)
def test_a_cut_or_longer_idx_file_is_refused(folder, data, name, zipped, longer):
    path = write_idx(folder / f"cut-idx-{zipped}", zipped=zipped) / f"{name}{'.gz' if zipped else ''}"
    whole = path.read_bytes()
    path.write_bytes(whole + b"\1" if longer else whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(ValueError) as caught:
        mnist_loader.load_data(path.parent)
    assert type(caught.value) is ValueError and str(caught.value).startswith(str(path))


@pytest.mark.parametrize(
    "name, content, reason",
    [
        ("train-images-idx3-ubyte", idx(bytes(784), 10**9, 28, 28), "claims"),
        ("train-images-idx3-ubyte", idx(bytes(784), 2, 28, 28), "missing"),
        ("train-images-idx3-ubyte", idx(bytes(12 * 729), 12, 27, 27), "28 x 28"),
        ("train-images-idx3-ubyte", idx(bytes(12), 12), "28 x 28"),
        ("train-labels-idx1-ubyte", idx(bytes(11), 11), "shapes"),
        ("train-labels-idx1-ubyte", b"\0\0\x0d\1" + idx(bytes(12), 12)[4:], "0xd01"),
        ("train-labels-idx1-ubyte", idx(bytes([11] * 12), 12), "label 0: 11"),
        ("t10k-labels-idx1-ubyte", idx(bytes([1, 2, 10]), 3), "label 2: 10"),
    ],
)
def test_an_absurd_idx_file_is_refused(tmp_path, name, content, reason):
    write(write_idx(tmp_path) / name, content)
    with pytest.raises(ValueError, match=reason) as caught:
        mnist_loader.load_data(tmp_path)
    assert name in str(caught.value)


def one_array_changed(protocol, **changes):
    """A pickle whose test images have another shape, data, dtype or order than they should."""
    sets = three_sets(1, 1)
    vars(sets[2][0]).update(changes)
    return pickled(sets, protocol)


def test_grey_levels_go_from_0_to_1(folder):
    data = struct.pack("<784f", *[0.0, 1.0] * 392)
    _, _, (images, _) = mnist_loader.load_data(write(folder / "ends", one_array_changed(2, data=data)))
    assert images == [[0.0, 1.0] * 392]


@pytest.mark.parametrize("protocol", [0, 2, 5])
@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"shape": (-1, -784)}, "shape"),
        ({"shape": (1, -784)}, "shape"),
        ({"shape": (10**9, 784)}, "shape"),
        ({"shape": (784,)}, "shapes"),
        ({"shape": (2, 392)}, "shapes"),
        ({"shape": (1, 28, 28)}, "shapes"),
        ({"shape": ("1", 784)}, "not a pickle of"),
        ({"data": bytes(3135)}, "3,135 bytes"),
        ({"data": bytes(3137)}, "3,137 bytes"),
        ({"data": struct.pack("<784f", *[0.0] * 783, float("nan"))}, "image 0: a pixel is nan"),
        ({"data": struct.pack("<784f", *[0.0] * 783, float("inf"))}, "image 0: a pixel is inf"),
        ({"data": struct.pack("<784f", *[0.0] * 783, 1.5)}, "image 0: a pixel is 1.5"),
        ({"data": struct.pack("<784f", *[0.0] * 783, -0.5)}, "image 0: a pixel is -0.5"),
        ({"dtype": Dtype("O8", "|")}, "O8"),
        ({"dtype": Dtype("i4", "<")}, "i4"),
        ({"dtype": Dtype("f4", "!")}, "!f4"),
        ({"fortran": True}, "C order"),
    ],
)
def test_an_absurd_array_is_refused(folder, protocol, changes, reason):
    assert is_refused(write(folder / "absurd", one_array_changed(protocol, **changes)), reason)


@pytest.mark.parametrize("label", [-1, 10, 11, 2**40])
def test_a_label_is_a_digit(folder, label):
    images, _ = three_sets(1, 1)[0]
    sets = ((images, Array([label], (1,), "i8")),) + three_sets(1, 1)[1:]
    assert is_refused(write(folder / "label", pickled(sets)), f"training labels, label 0: {label}")
    sets = ((images, Array([1.0], (1,), "f8")),) + three_sets(1, 1)[1:]
    assert is_refused(write(folder / "label", pickled(sets)), "training labels of type")


@pytest.mark.parametrize("value", [None, 1, (), (1, 2, 3), ((), (), ()), [1], {}, "text", three_sets()[:2]])
def test_a_pickle_of_something_else_is_refused(folder, value):
    assert is_refused(write(folder / "else", pickled(value)))


def test_data_after_the_end_are_refused(folder):
    for data in pickled(three_sets()) + b"\0", gzip.compress(pickled(three_sets()) + b"\0"):
        assert is_refused(write(folder / "longer", data), "goes on")


def test_the_checksum_of_the_gzip_file_is_verified(folder):
    data = bytearray(gzip.compress(pickled(three_sets())))
    data[-8] ^= 1
    assert is_refused(write(folder / "checksum", data), "gzip")


# Hostile pickles; test_fuzz.py has more of them.


@pytest.mark.parametrize("protocol", range(6))
def test_arrays_under_another_name_are_refused(folder, protocol):
    assert is_refused(write(folder / "name", pickled(three_sets(1, 1), protocol, core="evil")), "evil")


@pytest.mark.parametrize("protocol", range(3))
def test_another_codec_than_latin_1_is_refused(folder, protocol):
    changed = pickled(three_sets(1, 1), protocol).replace(b"latin1", b"utf-16")
    assert is_refused(write(folder / "codec", changed), "utf-16")


def test_a_far_place_in_the_memo_takes_no_memory_up_to_it(folder):
    data = pickled(three_sets(1, 1))
    assert mnist_loader.load_data(write(folder / "far", b"Np536870911\n" + data)) == mnist_loader.load_data(
        write(folder / "near", data)
    )


def test_a_line_of_a_pickle_is_short(folder):
    for long in b"c" + b"d" * 200 + b"\n.", b"I" + b"0" * 200 + b"\n.", b"Inot a line":
        assert is_refused(write(folder / "line", long), "too long")


def test_a_file_that_unzips_without_end_is_given_up(folder, monkeypatch):
    monkeypatch.setattr(mnist_loader, "MOST_BYTES", 10**6)
    for start in b"T\xff\xff\xff\0", b"X\xff\xff\xff\0", b"V":
        assert is_refused(write(folder / "bomb", gzip.compress(start + bytes(4 * 10**6))), "claims")


def test_four_files_together_give_no_more_than_one_may(tmp_path, monkeypatch):
    write_idx(tmp_path, n_train=12, n_test=3)
    monkeypatch.setattr(mnist_loader, "MOST_BYTES", 15 * 785 + 16)  # with room for the header of one file
    assert len(mnist_loader.load_data(tmp_path)[2][0]) == 3
    monkeypatch.setattr(mnist_loader, "MOST_BYTES", 15 * 785 - 1)
    with pytest.raises(ValueError, match="t10k-.* claims to hold more than"):
        mnist_loader.load_data(tmp_path)


def test_a_set_that_a_pickle_holds_twice_is_read_twice(folder):
    greys, digits = drawn(3, 40)
    one = arrays(greys, digits, floats="f8")
    for protocol in range(6):
        sets = mnist_loader.load_data(write(folder / "twice", pickled((one, one, one), protocol)))
        assert sets[0] == sets[1] == sets[2]
        assert [int(256 * pixel) for image in sets[0][0] for pixel in image] == list(greys)


@pytest.mark.parametrize("shape, reason", [((10**600, 0) * 100, "shapes"), ((10**600,) * 100, "C order")])
def test_a_message_stays_short(folder, shape, reason):
    path = write(folder / "huge", one_array_changed(2, shape=shape, data=b""))
    with pytest.raises(ValueError, match=reason) as error:
        mnist_loader.load_data(path)
    assert len(str(error.value)) < 1000


def test_more_images_than_lists_can_hold_take_a_limit(folder, monkeypatch):
    monkeypatch.setattr(mnist_loader, "MOST_IMAGES", 14)
    path = write(folder / "many", pickled(three_sets()))
    assert is_refused(path, "limit")
    assert len(mnist_loader.load_data(path, limit=9)[0][0]) == 9


def test_more_pixel_values_than_grey_levels_are_refused(folder, monkeypatch):
    monkeypatch.setattr(mnist_loader, "MOST_LEVELS", 100)
    values = [i / 784 for i in range(784)]
    path = write(folder / "levels", pickled(((Array(values, (1, 784), "f8"), Array([1], (1,), "i8")),) * 3))
    assert is_refused(path, "image 0: more than 100 different pixel values")


# The real files.


@real_data
def test_the_pickle_of_the_book_is_mnist():
    training, validation, test = mnist_loader.load_data(REAL / "mnist.pkl.gz", limit=20)
    assert training[1][:5] == [5, 0, 4, 1, 9] and test[1][:5] == [7, 2, 1, 0, 4]
    assert [len(images) for images, _ in (training, validation, test)] == [20, 20, 20]
    # Python 3's own gzip and struct on the file itself: the pixels begin after 133 bytes of opcodes.
    with gzip.open(REAL / "mnist.pkl.gz") as file:
        pixels = struct.unpack("<15680f", file.read(133 + 4 * 15680)[133:])
    assert [pixel for image in training[0] for pixel in image] == list(pixels)


@real_data
def test_the_real_idx_files_hold_the_same_images(tmp_path):
    for name in mnist_loader.IDX_FILES:
        (tmp_path / f"{name}.gz").symlink_to(REAL / f"{name}.gz")
    from_idx, from_pickle = mnist_loader.load_data(tmp_path, limit=20), mnist_loader.load_data(REAL, limit=20)
    assert [digits for _, digits in from_idx] == [digits for _, digits in from_pickle]
    assert from_idx[2] == from_pickle[2]
    # The training images were rebuilt from a copy that had lost grey level 1; both files say 0 there.
    assert from_idx[:2] == from_pickle[:2]
