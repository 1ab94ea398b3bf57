"""The loader gives three sets of images and digits, as many as are wanted."""

import gzip
import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnist_files import REAL, expected, pickled, real_data, real_sets, three_sets, write, write_idx

from purenet import mnist_loader
from purenet.data import idx_files


@given(limit=st.integers(0, 14))
def test_a_limit_keeps_the_first_of_each_set(folder, limit):
    for path in write(folder / "limited", pickled(three_sets())), write_idx(folder / "limited-idx"):
        some = tuple((images[:limit], digits[:limit]) for images, digits in expected(12, 3))
        assert mnist_loader.load_data(path, limit) == some


@pytest.mark.parametrize("limit, error", [(-1, ValueError), (1.0, TypeError), ("1", TypeError)])
def test_a_limit_is_a_number_of_examples(limit, error):
    with pytest.raises(error, match="^limit is "):
        mnist_loader.load_data("nowhere", limit)


def test_the_wrapper_makes_lists_of_examples(folder):
    path = write(folder / "wrapped", pickled(three_sets()))
    training, validation, test = mnist_loader.load_data_wrapper(os.fspath(path), limit=2)
    (images, digits), others, _ = mnist_loader.load_data(path, limit=2)
    assert training == [(x, mnist_loader.vectorized_result(j)) for x, j in zip(images, digits)]
    assert validation == list(zip(*others)) and isinstance(test, list) and len(test) == 2


def test_equal_pixels_are_one_object(folder):
    """Else 55 million pixels would take 24 bytes each."""
    for path in write(folder / "shared", pickled(three_sets(), 5)), write_idx(folder / "shared-idx"):
        for images, _ in mnist_loader.load_data(path):
            one = {}
            assert all(one.setdefault(pixel, pixel) is pixel for image in images for pixel in image)


@given(st.integers(1, 30), st.data())
def test_a_class_becomes_an_output_for_each_class(n, data):
    j = data.draw(st.integers(0, n - 1))
    y = mnist_loader.vectorized_result(j, n)
    assert len(y) == n and y.index(1.0) == j and sum(y) == 1.0
    if n == 10:
        assert mnist_loader.vectorized_result(j) == y


@pytest.mark.parametrize("j, n, error", [(-1, 3, ValueError), (3, 3, ValueError), (1.0, 3, TypeError)])
def test_what_is_no_class_becomes_an_error(j, n, error):
    with pytest.raises(error, match="^j is .* 0 to 2"):
        mnist_loader.vectorized_result(j, n)


@pytest.mark.parametrize("n, error", [(0, ValueError), (10.0, TypeError)])
def test_the_number_of_classes_is_named(n, error):
    with pytest.raises(error, match="^n is .*; it must be an integer, 1 or more"):
        mnist_loader.vectorized_result(0, n)


def test_more_images_than_lists_can_hold_take_a_limit(folder, monkeypatch):
    monkeypatch.setattr(mnist_loader, "MOST_IMAGES", 14)
    path = write_idx(folder / "many")
    with pytest.raises(ValueError, match=f"^{path}.*: more than 14 images .* set a limit"):
        mnist_loader.load_data(path)
    assert [len(digits) for _, digits in mnist_loader.load_data(path, limit=9)] == [9, 2, 3]


# The real files.


@real_data
def test_the_pickle_of_the_book_is_mnist():
    training, _, test = sets = real_sets()
    assert training[1][:5] == [5, 0, 4, 1, 9] and test[1][:5] == [7, 2, 1, 0, 4]
    assert [len(images) for images, _ in sets] == [500, 500, 500]
    # The pixels begin after 133 bytes of operations.
    with gzip.open(REAL / "mnist.pkl.gz") as file:
        pixels = struct.unpack("<15680f", file.read(133 + 4 * 15680)[133:])
    assert [pixel for image in training[0][:20] for pixel in image] == list(pixels)


@real_data
def test_the_real_idx_files_hold_the_same_images(tmp_path):
    for name in idx_files.NAMES:
        (tmp_path / f"{name}.gz").symlink_to(REAL / f"{name}.gz")
    assert mnist_loader.load_data(tmp_path, limit=500) == real_sets()
