"""mnist.npz, as Keras ships it: a zip archive of the arrays x_train, y_train, x_test and y_test.

Each is a file of NumPy's format NPY: b"\\x93NUMPY", a version in 2 bytes, the length of the header in 2 bytes
(4 from version 2 on), the header, which is a dict as Python writes it, and the numbers.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from purenet.data.bytes_to_lists import Pair, RawArray
from purenet.support.files import Bounded

NAMES = "x_train", "y_train", "x_test", "y_test"
START = re.compile(
    rb"\x93NUMPY(?:\x01\0..|[\x02\x03]\0....)"
    rb"{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \(([0-9, ]*)\),? *} *\n",
    re.DOTALL,
)


def read(file: Bounded, source: str, most: int) -> list[Pair]:
    """The images and labels to train on, and those to test with.

    Raises ValueError where the archive lacks an array or has more than `most` bytes of them.
    """
    with zipfile.ZipFile(BytesIO(b"".join(file))) as archive:
        names = [f"{name}.npy" for name in NAMES]
        if not {*names} <= {*archive.namelist()}:
            raise ValueError(f"a zip archive without {', '.join(NAMES)}; unpack it")
        members = [archive.getinfo(name) for name in names]
        if sum(member.file_size for member in members) > most:
            raise ValueError(f"its arrays have more than {most:,} bytes")
        arrays = [_read_array(archive, member, f"{source}, {member.filename}") for member in members]
    return [(arrays[0], arrays[1]), (arrays[2], arrays[3])]


def _read_array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: str) -> RawArray:
    with archive.open(member) as file:  # It checks the sum of its bytes.
        data = file.read(member.file_size)  # Without a size, it would unpack more than that before it stops.
    start = START.match(data)
    if not start:
        raise ValueError(f"{member.filename} is not a NumPy array of numbers")
    dtype, shape = start[1].decode("latin-1"), tuple(map(int, re.findall(rb"\d+", start[3])))
    return RawArray(source, shape, dtype, data[start.end() :], fortran=start[2] == b"True")
