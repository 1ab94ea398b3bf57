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
    "kind, content, reason",
    [
        ("images-idx3", idx(bytes(784), 10**9, 28, 28), "it claims to hold more than"),
        ("images-idx3", idx(bytes(784), 2, 28, 28), r"784 bytes do not make an array of shape \(2, 28, 28\)"),
        ("images-idx3", idx(bytes(785), 1, 28, 28), r"785 bytes do not make an array of shape \(1, 28, 28\)"),
        ("images-idx3", b"\0\0\x08\3\0", "ends too early"),
        ("labels-idx1", b"\0\0\x0d\1" + idx(bytes(12), 12)[4:], "starts with 00000d01; expected IDX"),
        ("labels-idx1", idx(bytes([1, 2, 11] * 4), 12), "label 2: 11 is no digit from 0 to 9"),
    ],
    ids=range(6),
)
def test_an_absurd_idx_file_is_refused(tmp_path, kind, content, reason):
    refused(write(write_idx(tmp_path) / f"train-{kind}-ubyte", content), reason, tmp_path)


@pytest.mark.parametrize(
    "kind, content, shapes",
    [
        ("images-idx3", idx(bytes(12 * 729), 12, 27, 27), r"\(12, 27, 27\) and \(12,\)"),
        ("images-idx3", idx(bytes(12), 12), r"\(12,\) and \(12,\)"),
        ("labels-idx1", idx(bytes(11), 11), r"\(12, 28, 28\) and \(11,\)"),
    ],
    ids=range(3),
)
def test_there_are_n_images_of_28_by_28_and_n_labels(tmp_path, kind, content, shapes):
    write(write_idx(tmp_path) / f"train-{kind}-ubyte", content)
    files = f"{tmp_path}/train-images-idx3-ubyte and {tmp_path}/train-labels-idx1-ubyte"
    with pytest.raises(ValueError, match=rf"^{files}: shapes {shapes}; expected \(n, 784\) and \(n,\)$"):
        mnist_loader.load_data(tmp_path)
