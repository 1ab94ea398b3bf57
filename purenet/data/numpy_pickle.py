"""The arrays in a pickle that NumPy wrote, found without NumPy and without running the pickle.

    training, validation, test = read("mnist.pkl.gz", most=500_000_000)

A pickle is a program for a machine with a stack and a memo, and `pickle.load` runs it, whatever it calls.
Here the tables of `pickletools`, made to take a pickle apart for people to look at, give its operations one by
one. The few that arrays of numbers need are followed. A call is written down and never made, and only the calls
that NumPy writes are taken at all.
"""

from __future__ import annotations

import gc
import pickletools
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from purenet.data.bytes_to_lists import Examples, RawArray, split
from purenet.support.files import Bounded, reading

MOST_OPERATIONS = 1_000  # of the program that a pickle is; NumPy writes fewer than 250

NAMES = {  # all that a pickle may name
    "numpy ndarray",
    "numpy dtype",
    "_codecs encode",
    "__builtin__ bytes",
    # NumPy 1
    "numpy.core.multiarray _reconstruct",
    "numpy.core.numeric _frombuffer",
    # NumPy 2
    "numpy._core.multiarray _reconstruct",
    "numpy._core.numeric _frombuffer",
}

OPERATIONS = {operation.code.encode("latin-1"): operation for operation in pickletools.opcodes}
CONSTANTS: dict[str, Any] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
INTEGERS = set("INT LONG LONG1 BININT BININT1 BININT2".split())
BYTES = {  # and how many bytes their length takes; Python 2 writes bytes as strings
    "SHORT_BINSTRING": 1,
    "BINSTRING": 4,
    "SHORT_BINBYTES": 1,
    "BINBYTES": 4,
    "BYTEARRAY8": 8,
}
TEXTS = {"UNICODE", "BINUNICODE", "SHORT_BINUNICODE"}  # Python 3 hides bytes from Python 2 as text of Latin-1.


def read(path: Path, most: int) -> list[Examples]:
    """The three sets of a pickle of ((images, labels), (images, labels), (images, labels)).

    Raises ValueError with file and reason for anything else, and for more than `most` bytes.
    """
    pairs = []
    with reading(path, most) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # from strings with escapes that Python does not know
        sets = _fields(_describe(file), *[(tuple, list)] * 3)
        if file.read(1):
            raise ValueError("goes on after the end of the pickle")
        for name, pair in zip(("training", "validation", "test"), sets):
            images, labels = _fields(pair, _Call, _Call)
            pairs.append((_array(images, f"{path}, {name} images"), _array(labels, f"{path}, {name} labels")))
    gc.collect()  # PyPy would keep the copies that were made while reading, as much again as the arrays.
    return [examples for pair in pairs for examples in split(*pair)]


class _Call:
    """A call that a pickle asks for, and the state it wants set: written down here, and never done."""

    def __init__(self, name: str, arguments: tuple[Any, ...]) -> None:
        self.name, self.arguments, self.state = name, arguments, None


def _array(call: _Call, source: str) -> RawArray:
    """The array that a `_Call` asks for, in the way of protocols 0 to 4 or in that of protocol 5."""
    if call.name.endswith("_reconstruct"):
        _, shape, dtype, fortran, data = _fields(call.state, int, tuple, _Call, int, bytes)
    else:
        data, dtype, shape, order = _fields(call.arguments, (bytes, bytearray), _Call, tuple, bytes)
        fortran = order == b"F"
    letters, _, _ = _fields(dtype.arguments, bytes, int, int)
    _, order, *_ = _fields(dtype.state, int, bytes, *[type(None)] * 3, int, int, int)
    shape = _fields(shape, *[int] * len(shape))
    return RawArray(source, shape, (order + letters).decode("latin-1"), data, bool(fortran))


def _fields(values: Any, *kinds: Any) -> Any:
    """`values`, if they are a tuple or list of these types. All that a pickle says goes through here."""
    fit = isinstance(values, (tuple, list)) and len(values) == len(kinds)
    if not fit or not all(map(isinstance, values, kinds)):
        raise ValueError("not a pickle of three pairs of NumPy arrays")
    return values


def _describe(file: Bounded) -> Any:
    """What the pickle in `file` describes, in tuples, numbers, bytes and `_Call`s; a str is a name."""
    stack: list[Any] = []
    marks: list[int] = []
    memo: dict[int, Any] = {}

    def take(n: int) -> tuple[Any, ...]:
        """The last n values of the stack, taken from it."""
        taken = tuple(stack[len(stack) - n :])
        del stack[len(stack) - n :]
        return taken

    try:
        for name, argument in islice(_operations(file), MOST_OPERATIONS):
            if name in CONSTANTS:
                stack.append(CONSTANTS[name])
            elif name in INTEGERS or name in BYTES:
                stack.append(argument)
            elif name in TEXTS:
                stack.append(argument.encode("latin-1"))
            elif name == "MARK":
                marks.append(len(stack))
            elif name == "TUPLE":
                stack.append(take(len(stack) - marks.pop()))
            elif name == "EMPTY_LIST":
                stack.append([])
            elif name in ("APPEND", "APPENDS"):
                items = take(1 if name == "APPEND" else len(stack) - marks.pop())
                [target] = _fields(stack[-1:], list)
                target.extend(items)
            elif name == "LIST":
                stack.append([*take(len(stack) - marks.pop())])
            elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
                stack.append(take(int(name[-1])))
            elif name in ("PUT", "BINPUT"):
                memo[argument] = stack[-1]
            elif name == "MEMOIZE":
                memo[len(memo)] = stack[-1]
            elif name in ("GET", "BINGET"):
                stack.append(memo[argument])
            elif name == "GLOBAL":
                stack.append(_name(argument))
            elif name == "STACK_GLOBAL":
                stack.append(_name(b" ".join(_fields(take(2), bytes, bytes)).decode("latin-1")))
            elif name == "REDUCE":
                stack.append(_call(*_fields(take(2), str, tuple)))
            elif name == "BUILD":
                call, state = _fields(take(2), _Call, tuple)
                call.state = state
                stack.append(call)
            elif name == "STOP":
                return stack.pop()
            elif name not in ("PROTO", "FRAME"):
                raise ValueError(f"refused: arrays of numbers do not need the operation {name} of a pickle")
    except (IndexError, KeyError):
        raise ValueError("a pickle whose operations do not fit together") from None
    raise ValueError(f"refused: six arrays do not take a pickle of more than {MOST_OPERATIONS:,} operations")


def _operations(file: Bounded) -> Iterator[tuple[str, Any]]:
    """The operations of a pickle, by name, and their arguments."""
    while True:
        operation = OPERATIONS.get(file.read(1))
        if not operation:
            raise ValueError("not a pickle, or not all of it")
        argument: Any = None
        if operation.name in BYTES:
            # pickletools would make text of them, and an array then takes three times its memory.
            argument = file.read(int.from_bytes(file.read(BYTES[operation.name]), "little"))
        elif operation.arg:
            argument = operation.arg.reader(file)  # type: ignore[arg-type]
        yield operation.name, argument


def _name(name: str) -> str:
    """The name, if arrays of numbers need it."""
    if name not in NAMES:
        raise ValueError(f"refused: the pickle asks for {name!r}, which arrays of numbers do not need")
    return name


def _call(name: str, arguments: tuple[Any, ...]) -> Any:
    """What stands for the call of `name`: for one that makes bytes, the bytes."""
    if name == "_codecs encode":
        data, encoding = _fields(arguments, bytes, bytes)
        if encoding != b"latin1":
            raise ValueError(f"refused: the pickle asks for the codec {encoding!r}")
        return data
    return b"" if name == "__builtin__ bytes" else _Call(name, arguments)
