"""The formats of MNIST: which files hold it, and which module reads each.

    mnist.pkl[.gz]                         the book's pickle                                numpy_pickle
    mnist.npz                              from Keras                                       npz_file
    train-images-idx3-ubyte[.gz], ...      four files, as published and from torchvision    idx_files
    mnist_train.csv[.gz], mnist_test.csv   or one file of any name, from Kaggle             csv_files

In a folder, the names decide. A file that is named itself may have any name: its first bytes decide.
"""

from __future__ import annotations

from pathlib import Path

from purenet.data import csv_files, idx_files, npz_file, numpy_pickle
from purenet.data.bytes_to_lists import Examples
from purenet.support.files import reading

# How other files begin, and what to do about them.
OTHERS = {
    b"\0\0\x08": f"one IDX file alone; name the folder that holds all of {', '.join(idx_files.NAMES)}",
    b"\x1f\x8b": "gzipped twice; unpack it once",
    b"\x93NUMPY": f"a single NumPy array; expected an npz file of {', '.join(npz_file.NAMES)}",
    b"\x89PNG": "a picture; scripts/read_digit.py reads the digit in it",
    b"version https://git-lfs": "a pointer of Git LFS; `git lfs pull` gets the file itself",
    b"<": "a web page or XML; download the file itself",
}


def read(places: list[Path], most: int) -> list[Examples]:
    """The training, validation and test set in the first of these files and folders that has them.

    Raises FileNotFoundError where nothing is found, ValueError with file and reason for a file that is
    damaged, is something else, or has more than `most` bytes.
    """
    for place in places:
        if place.exists() and not place.is_dir():
            return _read_file(place, most)
        for folder in place, place / "MNIST" / "raw":  # the second below a folder that torchvision is given
            for name in "mnist.pkl.gz", "mnist.pkl", "mnist.npz":
                if (folder / name).exists():
                    return _read_file(folder / name, most)
            for names, reader in (idx_files.NAMES, idx_files.read), (csv_files.NAMES, csv_files.read):
                found = [_spellings(folder, name) for name in names]
                if all(found):
                    return reader([spellings[0] for spellings in found], most)
    raise FileNotFoundError(
        f"no MNIST at {' or '.join(str(place.absolute()) for place in places)}; looked for mnist.pkl.gz, "
        f"mnist.pkl, mnist.npz, all of {', '.join(idx_files.NAMES)}, or {' and '.join(csv_files.NAMES)}; "
        "`python3 scripts/download_mnist.py`, in a clone of the project, gets the first"
    )


def _spellings(folder: Path, name: str) -> list[Path]:
    """The files of this name; archives of Kaggle have a dot for a hyphen, and a folder around the file."""
    name = name.replace("-idx", "[-.]idx")
    patterns = name, f"{name}.gz", f"{name}/{name}"
    return [path for pattern in patterns for path in folder.glob(pattern) if not path.is_dir()]


def _read_file(path: Path, most: int) -> list[Examples]:
    """The sets in a file of any name."""
    with reading(path, most) as file:
        start = file.read(1000)
    first_line = start.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]  # without the mark of UTF-8
    if start.startswith((b"\x80", b"(", b"]")):
        return numpy_pickle.read(path, most)
    if start.startswith(b"PK"):
        return npz_file.read(path, most)
    for beginning, what in OTHERS.items():
        if start.lstrip().startswith(beginning):
            raise ValueError(f"{path}: {what}")
    if b"," in first_line and first_line.isascii():
        return csv_files.read([path], most)
    found = f"begins with {start[:20]!r}" if start else "is empty"
    raise ValueError(f"{path}: {found}; expected mnist.pkl, mnist.npz, or CSV of a label and 784 pixels a line")
