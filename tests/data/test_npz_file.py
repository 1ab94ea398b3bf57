"""mnist.npz gives the images and digits that it holds, and other archives a ValueError."""

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


def member(dtype="|u1", shape="(1,)", order="False", data=b"1"):
    return npy_of(f"{{'descr': {dtype!r}, 'fortran_order': {order}, 'shape': {shape}, }}", data)


@pytest.mark.parametrize(
    "name, member, reason",
    [
        ("y_test", None, "a zip archive without x_train, y_train, x_test, y_test; unpack it"),
        ("x_train", member("|O"), r"x_train.npy of type '\|O'"),
        ("x_train", member([("a", "|u1")]), "x_train.npy is not a NumPy array"),
        ("x_train", member(shape="(1.0, 784)"), "x_train.npy is not a NumPy array"),
        ("x_train", member(shape=f"({10**9}, 784)"), "x_train.npy: 1 bytes do not make an array of shape"),
        ("x_train", member(order="None"), "x_train.npy is not a NumPy array"),
        ("x_train", npy_of("__import__('os').mkdir('ran')"), "x_train.npy is not a NumPy array"),
        ("x_train", pickled(three_sets()[0][0]), "x_train.npy is not a NumPy array"),
        ("x_train", b"", "x_train.npy is not a NumPy array"),
        ("x_test", npy(Array([0] * 784, (1, 784), "u1", "|")), r"x_test.npy and .*: shapes \(1, 784\)"),
    ],
    ids=range(10),
)
def test_an_absurd_npz_file_is_refused(folder, name, member, reason):
    members = {**keras(), name: member}
    members = {name: data for name, data in members.items() if data is not None}
    refused(write(folder / "absurd.npz", npz(members)), reason)


@pytest.mark.parametrize("place, byte", [(27, 3), (-22, 0), (-6, 255), (-6, 0), (-9, 9)])
def test_a_damaged_archive_is_refused(folder, place, byte):
    data = bytearray(npz(keras()))
    data[place] = byte
    refused(write(folder / "damaged.npz", b"PK" + data[2:]), r"it is damaged \(|negative seek")


def test_an_archive_may_hold_as_much_as_the_limit(folder, monkeypatch):
    path, size = write(folder / "full.npz", npz(keras())), sum(map(len, keras().values()))
    monkeypatch.setattr(mnist_loader, "MOST_BYTES", size)
    assert mnist_loader.load_data(path) == expected(12, 3)
    monkeypatch.setattr(mnist_loader, "MOST_BYTES", size - 1)
    refused(path, "its arrays have more than")
