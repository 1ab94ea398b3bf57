"""IDX files give the images and digits that they hold, and damaged ones a ValueError."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnist_files import counts, expected, idx, refused, write, write_idx

from purenet import mnist_loader


@given(**counts, dot=st.sampled_from("-."), zipped=st.booleans(), below=st.sampled_from([".", "MNIST/raw"]))
def test_idx_files_give_the_images_and_digits(tmp_path_factory, n_train, n_test, dot, zipped, below):
    path = tmp_path_factory.mktemp("idx")
    (path / below).mkdir(parents=True, exist_ok=True)
    write_idx(path / below, n_train, n_test, dot, zipped)
    assert mnist_loader.load_data(path) == expected(n_train, n_test)


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
    refused(write(write_idx(tmp_path) / name, content), reason, tmp_path)


def test_images_and_labels_are_as_many(tmp_path):
    write(write_idx(tmp_path) / "train-labels-idx1-ubyte", idx(bytes(11), 11))
    with pytest.raises(ValueError, match=r"^.*train-images.* and .*: shapes \(12, 784\) and \(11,\)"):
        mnist_loader.load_data(tmp_path)
