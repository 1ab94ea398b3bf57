"""The arrays in a pickle that NumPy wrote, found without NumPy and without running what the pickle names.

A pickle is a program: it names functions and classes, and `pickle.load` calls them, whatever they are. Here
only the names that NumPy writes are accepted, and they stand for nothing but a note of what they were called
with.
"""

from __future__ import annotations

import gc
import pickle
from typing import Any

from purenet.data.bytes_to_lists import Pair, RawArray
from purenet.support.files import Bounded

NAMES = {  # all that a pickle may name
    "numpy ndarray",
    "numpy dtype",
    # NumPy 1
    "numpy.core.multiarray _reconstruct",
    "numpy.core.numeric _frombuffer",
    # NumPy 2
    "numpy._core.multiarray _reconstruct",
    "numpy._core.numeric _frombuffer",
}


MOST_OPERATIONS = 10_000  # NumPy writes some 300


def read(file: Bounded, source: str) -> list[Pair]:
    """The arrays of a pickle of ((images, labels), (images, labels), (images, labels)).

    Raises ValueError with the reason for anything else.
    """
    try:
        training, validation, test = _Unpickler(file, encoding="bytes").load()
        if file.read(1):  # which also looks at the checksum of gzip
            raise ValueError("it goes on after the end")
        sets = ("training", *training), ("validation", *validation), ("test", *test)
        return [
            (_array(images, f"{source}, {name} images"), _array(labels, f"{source}, {name} labels"))
            for name, images, labels in sets
        ]
    except OSError:
        raise
    except Exception as error:  # A pickle that is damaged or something else may raise any.
        reason = str(error) or "it ends too early"
        raise ValueError(f"not a pickle of three pairs of NumPy arrays ({reason})") from None
    finally:
        gc.collect()  # PyPy would keep the copies that were made while reading, as much again as the arrays.


class _Call:
    """A name in a pickle, or a call of it, with the state that the pickle sets: noted, never done."""

    def __init__(self, name: str, *arguments: Any) -> None:
        self.name, self.arguments, self.state = name, arguments, None

    def __call__(self, *arguments: Any) -> _Call:
        return _Call(self.name, *arguments)

    def __setstate__(self, state: Any) -> None:
        self.state = state


# The Unpickler in C takes gigabytes where a damaged file asks for a large memo.
UNPICKLER: Any = pickle._Unpickler


def _counted(operation: Any) -> Any:
    """The operation, counted: more than MOST_OPERATIONS raise ValueError, since each may take memory."""

    def counted(unpickler: _Unpickler) -> None:
        unpickler.operations += 1
        if unpickler.operations > MOST_OPERATIONS:
            raise ValueError(f"it has more than {MOST_OPERATIONS:,} operations")
        operation(unpickler)

    return counted


class _Unpickler(UNPICKLER):  # type: ignore[misc]
    operations = 0

    def find_class(self, module: str, name: str) -> Any:
        if module == "_codecs" and name == "encode":  # Python 3 hides bytes from Python 2 as text of Latin-1,
            return lambda text, codec: text.encode("latin-1")
        if module == "__builtin__" and name == "bytes":  # or, if there are none, as a call without arguments.
            return lambda: b""
        if f"{module} {name}" not in NAMES:
            raise ValueError(f"refused: it asks for '{module} {name}', which they do not need")
        return _Call(name)

    def load_bytearray8(self) -> None:
        """As bytes, so that no memory is taken before the file is known to be as long."""
        self.append(self.read(int.from_bytes(self.read(8), "little")))

    dispatch = {**UNPICKLER.dispatch, pickle.BYTEARRAY8[0]: load_bytearray8}
    dispatch = {code: _counted(operation) for code, operation in dispatch.items()}


def _array(call: Any, source: str) -> RawArray:
    """The array that a call makes, in the way of protocols 0 to 4 or in that of protocol 5."""
    if call.name == "_reconstruct":
        _, shape, dtype, fortran, data = call.state
    else:
        data, dtype, shape, order = call.arguments
        fortran = order == "F"
    if not isinstance(data, (bytes, bytearray)) or not all(type(n) is int for n in shape):
        raise ValueError("an array without bytes, or with a shape that is not of integers")
    letters = dtype.state[1], dtype.arguments[0]  # bytes, if Python 2 has written them
    name = "".join(part if isinstance(part, str) else part.decode() for part in letters)
    return RawArray(source, tuple(shape), name, data, bool(fortran))
