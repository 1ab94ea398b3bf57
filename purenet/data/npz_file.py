"""mnist.npz, as Keras ships it: a zip archive of the arrays x_train, y_train, x_test and y_test.

Each is a file of NumPy's format NPY: b"\\x93NUMPY", a version in 2 bytes, the length of the header in 2 bytes
(4 from version 2 on), the header, which is a dict as Python writes it, and the numbers. The validation set is
the last sixth of the images to train on.
"""

from __future__ import annotations

import ast
import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

from purenet.data.bytes_to_lists import Examples, RawArray, split

NAMES = "x_train", "y_train", "x_test", "y_test"
MOST_HEADER = 10_000  # bytes


def read(path: Path, most: int) -> list[Examples]:
    """The three sets in the archive, whose arrays may have `most` bytes.

    Raises ValueError with file and reason where it is damaged or lacks an array.
    """
    try:
        if os.path.getsize(path) > most:
            raise ValueError(f"it has more than {most:,} bytes")
        # From memory, where an offset before the start of the file is a ValueError and no OSError.
        with open(path, "rb") as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
            members = [archive.getinfo(f"{name}.npy") for name in NAMES]
            if sum(member.file_size for member in members) > most:
                raise ValueError(f"its arrays have more than {most:,} bytes")
            arrays = [_read_array(archive, member, f"{path}, {member.filename}") for member in members]
    except KeyError:
        raise ValueError(f"{path}: a zip archive without {', '.join(NAMES)}; unpack it") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, struct.error, ValueError) as error:
        raise ValueError(f"{path}: cannot be read as mnist.npz: {str(error)[:300]}") from None
    images, labels, test_images, test_labels = arrays
    return split(images, labels, 1, 6) + split(test_images, test_labels)


def _read_array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: str) -> RawArray:
    """The array in a member of the archive."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{member.filename} is packed in a way that NumPy does not use")
    with archive.open(member) as file:  # It checks the sum of its bytes.
        magic, version = file.read(6), file.read(2)
        form = "<H" if version[:1] == b"\1" else "<I"
        (length,) = struct.unpack(form, file.read(struct.calcsize(form)))
        if magic != b"\x93NUMPY" or length > MOST_HEADER:
            raise ValueError(f"{member.filename} does not begin as a NumPy array does")
        header = file.read(length)
        try:
            fields = ast.literal_eval(header.decode("latin-1").strip())
            dtype, fortran, shape = str(fields["descr"]), bool(fields["fortran_order"]), fields["shape"]
            if type(shape) is not tuple or not all(type(n) is int for n in shape):
                raise ValueError
        except (ValueError, SyntaxError, TypeError, KeyError, OverflowError, RecursionError, MemoryError):
            raise ValueError(f"{member.filename} has the header {header!r}") from None
        data = file.read(member.file_size)  # Without a size, it would unpack more than that before it stops.
        return RawArray(source, shape, dtype, data, fortran)
