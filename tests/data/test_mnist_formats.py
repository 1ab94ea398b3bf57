"""MNIST is found where people keep it, and other files are named by what they begin with."""

import gzip

import pytest
from mnist_files import expected, idx, npy_of, pickled, refused, three_sets, write, write_idx

from purenet import mnist_loader


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


def test_a_tilde_stands_for_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write_idx(tmp_path / "digits")
    assert mnist_loader.load_data("~/digits") == expected(12, 3)


def test_an_archive_of_kaggle_may_have_a_folder_around_each_file(tmp_path):
    for path in [*write_idx(tmp_path).iterdir()]:
        data = path.read_bytes()
        path.unlink()
        path.mkdir()
        write(path / path.name, data)
    assert mnist_loader.load_data(tmp_path) == expected(12, 3)


def test_three_of_the_four_idx_files_are_not_enough(tmp_path):
    (write_idx(tmp_path) / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(FileNotFoundError, match="^no MNIST at .*t10k-labels-idx1-ubyte"):
        mnist_loader.load_data(tmp_path)


def test_what_the_system_refuses_stays_an_oserror(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere does not exist; expected a file or folder"):
        mnist_loader.load_data(tmp_path / "nowhere")
    (tmp_path / "mnist.pkl").mkdir()
    with pytest.raises(OSError, match="mnist.pkl is a folder, a pipe or a device"):
        mnist_loader.load_data(tmp_path)


@pytest.mark.parametrize(
    "data, what",
    [
        (b"", "is empty"),
        (idx(bytes(12), 12), "one IDX file alone; name the folder that holds all of train-images-"),
        (npy_of('{}'), "a single NumPy array"),
        (b"\x89PNG\r\n\x1a\n", "a picture; scripts/read_digit.py reads the digit in it"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "a pointer of Git LFS"),
        (b"\n<!DOCTYPE html>\n<title>a, b", "a web page"),
        (b"hello, world\n", "line 1 has 2 values; expected 785"),
        (b"hello\n", "begins with b'hello"),
        (b"\0\1", "begins with b'"),
    ],
    ids=range(9),
)
@pytest.mark.parametrize("zipped", [False, True])
def test_another_file_is_named_by_what_it_begins_with(folder, data, what, zipped):
    refused(write(folder / "other", gzip.compress(data) if zipped else data), what)
