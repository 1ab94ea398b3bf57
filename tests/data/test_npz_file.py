"""mnist.npz gives the images and digits that it holds, and other archives a ValueError."""

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnist_files import (
    Array, counts, expected, keras, npy, npy_of, npz, pickled, refused, three_sets, types, write,
)

from purenet import mnist_loader


@given(st.fixed_dictionaries({**counts, **types, "version": st.integers(1, 3)}), st.sampled_from([0, 8]))
def test_an_npz_file_gives_the_images_and_digits(folder, drawing, method):
    path = write(folder / "any", npz(keras(**drawing), method))
    assert mnist_loader.load_data(path) == expected(drawing["n_train"], drawing["n_test"])


def header(descr="|u1", shape=(1,)):
    return npy_of(repr({"descr": descr, "fortran_order": False, "shape": shape}), b"1")


UNREADABLE = "cannot be read as mnist.npz: "
FORTRAN = npy_of("{'descr': '|u1', 'fortran_order': True, 'shape': (3, 28, 28)}", bytes(3 * 784))


@pytest.mark.parametrize(
    "name, member, reason",
    [
        ("y_test", None, "a zip archive without x_train, y_train, x_test, y_test"),
        ("x_train", header("|O"), r"x_train.npy of type '\|O'"),
        ("x_train", header([("a", "|u1")]), r"x_train.npy of type "),
        ("x_train", header(shape=7), UNREADABLE + "x_train.npy has the header .*7"),
        ("x_train", header(shape=(1.0, 784)), UNREADABLE + "x_train.npy has the header .*1.0, 784"),
        ("x_train", header(shape=(-1, 784)), "x_train.npy: 1 bytes do not make an array"),
        ("x_train", header(shape=(10**9, 784)), "x_train.npy: 1 bytes do not make an array"),
        ("x_train", npy_of("{'descr': '|u1'}"), UNREADABLE + "x_train.npy has the header"),
        ("x_train", npy_of("__import__('os').mkdir('ran')"), UNREADABLE + "x_train.npy has the header"),
        ("x_train", npy_of("(" * 5000), UNREADABLE + "x_train.npy has the header"),
        ("x_train", npy_of("-" * 9000 + "1"), UNREADABLE + "x_train.npy has the header"),
        ("x_train", npy_of(" " * 20_000), UNREADABLE + "x_train.npy does not begin as"),
        ("x_train", pickled(three_sets()[0][0]), UNREADABLE + "x_train.npy does not begin as"),
        ("x_train", b"", UNREADABLE + "unpack "),
        ("x_test", FORTRAN, r"x_test.npy and .*: shapes \(3, 28, 28\)"),
        ("x_test", npy(Array([0] * 784, (1, 784), "u1", "|")), r"x_test.npy and .*: shapes \(1, 784\)"),
    ],
    ids=range(16),
)
def test_an_absurd_npz_file_is_refused(folder, name, member, reason):
    members = {**keras(), name: member}
    members = {name: data for name, data in members.items() if data is not None}
    refused(write(folder / "absurd.npz", npz(members)), reason)


def test_an_npz_file_is_packed_as_numpy_packs_it(folder):
    path = write(folder / "packed.npz", npz(keras(), zipfile.ZIP_BZIP2))
    refused(path, UNREADABLE + "x_train.npy is packed in a way that NumPy does not use")


@pytest.mark.parametrize("place, byte", [(27, 3), (-22, 0), (-6, 255), (-6, 0), (-9, 9)])
def test_a_damaged_archive_is_refused(folder, place, byte):
    data = bytearray(npz(keras()))
    data[place] = byte
    refused(write(folder / "damaged.npz", b"PK" + data[2:]), UNREADABLE)


def test_an_archive_may_hold_as_much_as_the_limit(folder, monkeypatch):
    path, size = write(folder / "full.npz", npz(keras())), sum(map(len, keras().values()))
    monkeypatch.setattr(mnist_loader, "MOST_BYTES", size)
    assert mnist_loader.load_data(path) == expected(12, 3)
    monkeypatch.setattr(mnist_loader, "MOST_BYTES", size - 1)
    refused(path, UNREADABLE + "its arrays have more than")
