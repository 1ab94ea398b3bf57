"""MNIST in small: the files that it is kept in, as NumPy, Python 2 and others write them."""

import collections
import functools
import gzip
import io
import pathlib
import pickle
import random
import struct
import sys
import zipfile
from unittest import mock

import pytest
from hypothesis import strategies as st

from purenet import mnist_loader
from purenet.data.bytes_to_lists import CODES

# How many images the files hold, and how arrays of them may be kept.
counts = {"n_train": st.integers(0, 13), "n_test": st.integers(0, 7)}
types = {
    "pixels": st.sampled_from(["f4", "f8", "u1", "i8"]),
    "integers": st.sampled_from(["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]),
    "order": st.sampled_from("<>"),
    "fortran": st.booleans(),
}

ROOT = pathlib.Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "data"


real_data = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real MNIST files are not in {REAL}")


@functools.lru_cache(maxsize=None)
def real_sets():
    """The first 500 of each set of the book's pickle."""
    return mnist_loader.load_data(REAL / "mnist.pkl.gz", limit=500)


class Array:
    """Stands for a NumPy array; `NumpyPickler` pickles it as one, byte for byte."""

    def __init__(self, values, shape, letters, order="<", fortran=False):
        if fortran:
            values = [value for k in range(shape[1]) for value in values[k :: shape[1]]]
        self.data = struct.pack(f"{order.replace('|', '<')}{len(values)}{CODES[letters]}", *values)
        self.shape, self.dtype, self.fortran = shape, dtype(letters, order), fortran


Dtype = collections.namedtuple("Dtype", "letters order")
dtype = functools.lru_cache(maxsize=None)(Dtype)  # One object for each, so that a pickle refers back to it.


class NumpyPickler(pickle.Pickler):
    """Python's own pickler, with the names of NumPy 1 (`core` is "core") or NumPy 2 ("_core")."""

    def __init__(self, file, protocol, core):
        super().__init__(file, protocol)
        self.protocol, self.modules, self.b = protocol, {}, b"b"
        self.ndarray, self.dtype = self.named("numpy", "ndarray"), self.named("numpy", "dtype")
        self.reconstruct = self.named(f"numpy.{core}.multiarray", "_reconstruct")
        self.frombuffer = self.named(f"numpy.{core}.numeric", "_frombuffer")

    def named(self, module, name):
        """A class by that name, in a module that can be imported while this pickler is at work."""
        parts = module.split(".")
        for i in range(len(parts)):
            self.modules.setdefault(".".join(parts[: i + 1]), type(pickle)(parts[i]))
        setattr(self.modules[module], name, type(name, (), {"__module__": module}))
        return getattr(self.modules[module], name)

    def reducer_override(self, value):
        if isinstance(value, Dtype):
            return self.dtype, (value.letters, False, True), (3, value.order, None, None, None, -1, -1, 0)
        if isinstance(value, Array) and self.protocol == 5:
            order = "F" if value.fortran else "C"
            return self.frombuffer, (bytearray(value.data), value.dtype, value.shape, order)
        if isinstance(value, Array):
            state = 1, value.shape, value.dtype, value.fortran, value.data
            return self.reconstruct, (self.ndarray, tuple([0]), self.b), state
        return NotImplemented


def pickled(value, protocol=2, core="core"):
    file = io.BytesIO()
    pickler = NumpyPickler(file, protocol, core)
    with mock.patch.dict(sys.modules, pickler.modules):
        pickler.dump(value)
    return file.getvalue()


def pickled_by_python_2(sets):
    """Protocol 2 of Python 2, which has no bytes but strings, as the book ships it."""

    def array(array):
        shape = b"".join(b"M" + struct.pack("<H", n) for n in array.shape)
        shape += b"\x86" if len(array.shape) == 2 else b"\x85"
        minus_one = b"J\xff\xff\xff\xff"
        dtype = b"cnumpy\ndtype\nU\x02%bK\x00K\x01\x87Rq\x05(K\x03U\x01%bNNN%bK\x00tb" % (
            array.dtype.letters.encode(), array.dtype.order.encode(), 2 * minus_one
        )
        data = struct.pack("<I", len(array.data)) + array.data
        made = b"cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b\x87Rq\x03"
        return made + b"(K\x01" + shape + dtype + b"\x89T" + data + b"tb"

    return b"\x80\x02" + b"".join(array(x) + array(y) + b"\x86" for x, y in sets) + b"\x87q\x0c."


@functools.lru_cache(maxsize=None)
def drawn(seed, n):
    """`n` images of grey levels, as bytes, and `n` digits."""
    rng = random.Random(seed)
    return bytes(rng.choices(range(256), [256] + [1] * 255, k=784 * n)), bytes(rng.choices(range(10), k=n))


def divided(n_train, n_test):
    """The bytes of the images and digits of each set: the last sixth of the training images validates."""
    (greys, digits), test = drawn(1, n_train), drawn(2, n_test)
    k = n_train - n_train // 6
    return (greys[: 784 * k], digits[:k]), (greys[784 * k :], digits[k:]), test


def expected(n_train, n_test):
    """What `load_data` should give for so many images."""
    return tuple(
        ([[grey / 256 for grey in greys[784 * i : 784 * i + 784]] for i in range(len(digits))], list(digits))
        for greys, digits in divided(n_train, n_test)
    )


def arrays(greys, digits, pixels="f4", integers="i8", order="<", fortran=False):
    values = [grey / 256 for grey in greys] if pixels[0] == "f" else greys
    return (
        Array(values, (len(digits), 784), pixels, order if pixels[1] != "1" else "|", fortran),
        Array(digits, (len(digits),), integers, order if integers[1] != "1" else "|"),
    )


def three_sets(n_train=12, n_test=3, **types):
    """Three pairs of `Array`s that hold the same as `write_idx` of the same numbers."""
    return tuple(arrays(*examples, **types) for examples in divided(n_train, n_test))


def refused(file, reason, path=None):
    """Loading the file, or the folder `path` that it is in, is a ValueError with its name and the reason."""
    with pytest.raises(ValueError, match=f"^{file}[:,] {reason}") as caught:
        mnist_loader.load_data(path or file)
    assert type(caught.value) is ValueError and len(str(caught.value)) < 500


def idx(data, *shape):
    return struct.pack(f">{1 + len(shape)}I", 0x800 + len(shape), *shape) + data


def write_idx(folder, n_train=12, n_test=3, dot="-", zipped=False):
    folder.mkdir(exist_ok=True)
    for part, (greys, digits) in (("train", drawn(1, n_train)), ("t10k", drawn(2, n_test))):
        for name, data in (
            (f"images{dot}idx3", idx(greys, len(digits), 28, 28)),
            (f"labels{dot}idx1", idx(digits, len(digits))),
        ):
            path = folder / f"{part}-{name}-ubyte{'.gz' if zipped else ''}"
            path.write_bytes(gzip.compress(data, 1) if zipped else data)
    return folder


def rows(greys, digits):
    """Lines of CSV."""
    lines = ([digit, *greys[784 * i : 784 * i + 784]] for i, digit in enumerate(digits))
    return "".join(",".join(map(str, line)) + "\n" for line in lines).encode()


HEADER = ("label," + ",".join(f"pixel{k}" for k in range(784)) + "\n").encode()


def npy(array, version=1):
    """The file that NumPy saves an array in."""
    dtype = array.dtype.order + array.dtype.letters
    header = f"{{'descr': {dtype!r}, 'fortran_order': {array.fortran}, 'shape': {array.shape}, }}"
    return npy_of(header, array.data, version)


def npy_of(header, data=b"", version=1):
    header += " " * (-len(header) % 64) + "\n"
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header.encode() + data


def npz(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method, compresslevel=1) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return file.getvalue()


def keras(n_train=12, n_test=3, version=1, **types):
    """The members of mnist.npz."""
    train, test = (arrays(*drawn(seed, n), **types) for seed, n in ((1, n_train), (2, n_test)))
    for images, _ in (train, test):
        if not images.fortran:
            images.shape = images.shape[0], 28, 28
    names = "x_train", "y_train", "x_test", "y_test"
    return {name: npy(array, version) for name, array in zip(names, (*train, *test))}


def write(path, data):
    path.write_bytes(data)
    return path
