"""The loader gives the same digits from every form of the files, and a clear ValueError from other files."""

import gzip
import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnist_files import (
    REAL, drawn, idx, pickled, pickled_by_python_2, real_data, three_sets, write, write_idx,
)

from purenet import mnist_loader
from purenet.data import idx_files

# Each form of the files gives the same data.


def expected(n_train, n_test):
    """What `load_data` should give for so many images, from the bytes that they were drawn as."""
    sets = []
    for seed, n in (1, n_train), (2, n_test):
        greys, digits = drawn(seed, n)
        images = [[grey / 256 for grey in greys[784 * i : 784 * i + 784]] for i in range(n)]
        k = n - n // 6 if seed == 1 else 0
        sets += [(images[:k], list(digits[:k]))] * (seed == 1) + [(images[k:], list(digits[k:]))]
    return tuple(sets)


@given(
    n_train=st.integers(0, 13),
    n_test=st.integers(0, 3),
    protocol=st.integers(0, 5) | st.just("Python 2"),
    zipped=st.booleans(),
    core=st.sampled_from(["core", "_core"]),
    floats=st.sampled_from(["f4", "f8"]),
    order=st.sampled_from("<>"),
    integers=st.sampled_from(["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]),
)
def test_a_pickle_gives_the_images_and_digits(
    folder, n_train, n_test, protocol, zipped, core, floats, order, integers
):
    sets = three_sets(n_train, n_test, floats=floats, integers=integers, order=order)
    data = pickled_by_python_2(sets) if protocol == "Python 2" else pickled(sets, protocol, core)
    path = write(folder / "any", gzip.compress(data, 1) if zipped else data)
    assert mnist_loader.load_data(path) == expected(n_train, n_test)


@given(n_train=st.integers(0, 13), n_test=st.integers(0, 3), dot=st.sampled_from("-."), zipped=st.booleans())
def test_idx_files_give_the_images_and_digits(tmp_path_factory, n_train, n_test, dot, zipped):
    path = write_idx(tmp_path_factory.mktemp("idx"), n_train, n_test, dot, zipped)
    assert mnist_loader.load_data(path) == expected(n_train, n_test)


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


def test_a_digit_becomes_ten_outputs():
    for j in range(10):
        assert mnist_loader.vectorized_result(j) == [0.0] * j + [1.0] + [0.0] * (9 - j)


@pytest.mark.parametrize(
    "j, error", [(-1, ValueError), (10, ValueError), (1.0, TypeError), ("1", TypeError), (None, TypeError)]
)
def test_what_is_no_digit_becomes_an_error(j, error):
    with pytest.raises(error, match="^j is .* 0 to 9"):
        mnist_loader.vectorized_result(j)


# Where the files are.


def test_without_a_path_the_data_folder_is_searched(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    checkout = tmp_path / "checkout"
    monkeypatch.setattr(mnist_loader, "__file__", str(checkout / "purenet" / "data" / "mnist_loader.py"))
    with pytest.raises(FileNotFoundError) as caught:
        mnist_loader.load_data()
    assert str(caught.value).startswith(f"no MNIST at {tmp_path / 'data'} or {checkout / 'data'}; ")
    assert "download_mnist.py" in str(caught.value)
    checkout.mkdir()
    write_idx(checkout / "data", n_train=6)
    assert len(mnist_loader.load_data()[0][0]) == 5
    (tmp_path / "data").mkdir()
    write(tmp_path / "data" / "mnist.pkl", pickled(three_sets(n_train=2)))
    assert len(mnist_loader.load_data()[0][0]) == 2
    write(tmp_path / "data" / "mnist.pkl.gz", gzip.compress(pickled(three_sets(n_train=3))))
    assert len(mnist_loader.load_data()[0][0]) == 3


def test_three_of_the_four_idx_files_are_not_enough(tmp_path):
    (write_idx(tmp_path) / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(FileNotFoundError, match="^no MNIST at .*t10k-labels-idx1-ubyte"):
        mnist_loader.load_data(tmp_path)


def test_what_the_system_refuses_stays_an_oserror(tmp_path):
    with pytest.raises(FileNotFoundError, match="^no MNIST at .*nowhere"):
        mnist_loader.load_data(tmp_path / "nowhere")
    (tmp_path / "mnist.pkl").mkdir()
    with pytest.raises(OSError, match="mnist.pkl is a folder"):
        mnist_loader.load_data(tmp_path)


# Bad input; test_fuzz.py has more of it.


@pytest.mark.parametrize(
    "name, content, reason",
    [
        ("train-images-idx3-ubyte", idx(bytes(784), 10**9, 28, 28), "claims to hold more than"),
        ("train-images-idx3-ubyte", idx(bytes(784), 2, 28, 28), "less than the 1,568 bytes"),
        ("train-images-idx3-ubyte", idx(bytes(785), 1, 28, 28), "more than the 784 bytes"),
        ("train-images-idx3-ubyte", idx(bytes(12 * 729), 12, 27, 27), "starts with .* 28 x 28"),
        ("train-images-idx3-ubyte", idx(bytes(12), 12), "starts with .* 28 x 28"),
        ("train-images-idx3-ubyte", b"\0\0\x08\3\0", "ends too early"),
        ("train-labels-idx1-ubyte", b"\0\0\x0d\1" + idx(bytes(12), 12)[4:], "starts with 00000d01"),
        ("train-labels-idx1-ubyte", idx(bytes([11] * 12), 12), "label 0: 11 is no digit"),
        ("t10k-labels-idx1-ubyte", idx(bytes([1, 2, 10]), 3), "label 2: 10 is no digit"),
    ],
)
def test_an_absurd_idx_file_is_refused(tmp_path, name, content, reason):
    path = write(write_idx(tmp_path) / name, content)
    with pytest.raises(ValueError, match=f"^{path}[:,] {reason}"):
        mnist_loader.load_data(tmp_path)


def test_images_and_labels_are_as_many(tmp_path):
    write(write_idx(tmp_path) / "train-labels-idx1-ubyte", idx(bytes(11), 11))
    with pytest.raises(ValueError, match=r"^.*train-images.* and .*: shapes \(12, 784\) and \(11,\)"):
        mnist_loader.load_data(tmp_path)


def test_more_images_than_lists_can_hold_take_a_limit(folder, monkeypatch):
    monkeypatch.setattr(mnist_loader, "MOST_IMAGES", 14)
    path = write_idx(folder / "many")
    with pytest.raises(ValueError, match=f"^{path}.*: more than 14 images .* set a limit"):
        mnist_loader.load_data(path)
    assert [len(digits) for _, digits in mnist_loader.load_data(path, limit=9)] == [9, 2, 3]


# The real files.


@real_data
def test_the_pickle_of_the_book_is_mnist():
    training, validation, test = mnist_loader.load_data(REAL / "mnist.pkl.gz", limit=20)
    assert training[1][:5] == [5, 0, 4, 1, 9] and test[1][:5] == [7, 2, 1, 0, 4]
    assert [len(images) for images, _ in (training, validation, test)] == [20, 20, 20]
    # The pixels begin after 133 bytes of operations.
    with gzip.open(REAL / "mnist.pkl.gz") as file:
        pixels = struct.unpack("<15680f", file.read(133 + 4 * 15680)[133:])
    assert [pixel for image in training[0] for pixel in image] == list(pixels)


@real_data
def test_the_real_idx_files_hold_the_same_images(tmp_path):
    for name in idx_files.NAMES:
        (tmp_path / f"{name}.gz").symlink_to(REAL / f"{name}.gz")
    assert mnist_loader.load_data(tmp_path, limit=20) == mnist_loader.load_data(REAL, limit=20)
