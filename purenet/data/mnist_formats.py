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
from purenet.data.bytes_to_lists import Pair, RawArray
from purenet.support.files import reading

# How other files begin, and what to do about them.
OTHERS = {
    b"\0\0\x08": f"one IDX file alone; name the folder that holds all of {', '.join(idx_files.NAMES)}",
    b"\x93NUMPY": f"a single NumPy array; expected an npz file of {', '.join(npz_file.NAMES)}",
    b"\x89PNG": "a picture; scripts/read_digit.py reads the digit in it",
    b"version https://git-lfs": "a pointer of Git LFS; `git lfs pull` gets the file itself",
    b"<": "a web page or XML; download the file itself",
}


def read(places: list[Path], most: int) -> list[Pair]:
    """The images and labels in the first of these files and folders that has MNIST, as its format divides them.

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
            idx = [path for name in idx_files.NAMES for path in _spellings(folder, name)]
            if len(idx) == 4:
                images, labels, test_images, test_labels = [_read_idx(path, most) for path in idx]
                return [(images, labels), (test_images, test_labels)]
            csv = [path for name in csv_files.NAMES for path in _spellings(folder, name)]
            if len(csv) == 2:
                return [pair for path in csv for pair in _read_file(path, most)]
    searched = dict.fromkeys(str(place.absolute()) for place in places)
    if len(searched) == 1 and not places[0].exists():
        raise FileNotFoundError(f"{places[0]} does not exist; expected a file or folder with MNIST")
    raise FileNotFoundError(
        f"no MNIST at {' or '.join(searched)}; looked for mnist.pkl.gz, "
        f"mnist.pkl, mnist.npz, all of {', '.join(idx_files.NAMES)}, or {' and '.join(csv_files.NAMES)}; "
        "`python3 scripts/download_mnist.py`, in a clone of the project, gets the first"
    )


def _spellings(folder: Path, name: str) -> list[Path]:
    """The file of this name; archives of Kaggle have a dot for a hyphen, and a folder around the file."""
    name = name.replace("-idx", "[-.]idx")
    patterns = name, f"{name}.gz", f"{name}/{name}"
    return [path for pattern in patterns for path in folder.glob(pattern) if not path.is_dir()][:1]


def _read_idx(path: Path, most: int) -> RawArray:
    with reading(path, most) as file:
        return idx_files.read(file, str(path))


def _read_file(path: Path, most: int) -> list[Pair]:
    """The images and labels in a file of any name."""
    with reading(path, most) as file:
        start = file.read(1000)
    with reading(path, most) as file:
        if start.startswith((b"\x80", b"(", b"]")):
            return numpy_pickle.read(file, str(path))
        if start.startswith(b"PK"):
            return npz_file.read(file, str(path), most)
        for beginning, what in OTHERS.items():
            if start.lstrip().startswith(beginning):
                raise ValueError(what)
        first_line = start.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]  # without the mark of UTF-8
        if b"," in first_line and first_line.isascii():
            return [csv_files.read(file, str(path))]
        found = f"begins with {start[:20]!r}" if start else "is empty"
        raise ValueError(f"{found}; expected mnist.pkl, mnist.npz, or CSV of a label and 784 pixels a line")
