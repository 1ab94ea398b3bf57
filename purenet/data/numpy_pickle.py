"""What does a pickle of NumPy arrays hold? Their bytes, found without NumPy and without running the pickle.

    with reading("mnist.pkl.gz", most=460_000_000) as file:
        (images, labels), *others = unpickle_arrays(file)

A pickle is a program for a machine with a stack and a memo, and `pickle.load` runs it, whatever it calls.
The machine here obeys only the operations that arrays of numbers need. A call is written down and never made,
and only the calls that NumPy writes are taken at all. (`pickle.Unpickler` with its `find_class` can refuse
names too, but nine bytes are enough to make it fill gigabytes of memory.)

Python 3 hides bytes from Python 2 as text: `_codecs.encode("...", "latin1")`. So text becomes bytes here.
"""

from __future__ import annotations

import codecs
import math
import pickle
import reprlib
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from purenet.support import checks
from purenet.support.files import PIECE, Bounded

MOST_OPERATIONS = 1_000  # of the program that a pickle is; NumPy writes fewer than 250

FLOATS = {b"f4": "f", b"f8": "d"}  # NumPy's name of a type, and that of the module struct
INTEGERS = {b"i1": "b", b"i2": "h", b"i4": "i", b"i8": "q", b"u1": "B", b"u2": "H", b"u4": "I", b"u8": "Q"}
NAMES = {  # all that a pickle may name
    b"numpy ndarray",
    b"numpy dtype",
    b"_codecs encode",
    b"__builtin__ bytes",
    # NumPy 1
    b"numpy.core.multiarray _reconstruct",
    b"numpy.core.numeric _frombuffer",
    # NumPy 2
    b"numpy._core.multiarray _reconstruct",
    b"numpy._core.numeric _frombuffer",
}


class Array(NamedTuple):
    """An array that has not been made: its bytes, in pieces that can be let go one by one.

    `source` is where it is from, `order` and `code` are what `struct` calls its items ("<" and "f", say).
    """

    source: str
    shape: tuple[int, ...]
    order: str
    code: str
    data: list[bytes]


def unpickle_arrays(file: Bounded) -> list[tuple[Array, Array]]:
    """The six `Array`s in `file` as three pairs (images, labels).

    Raises ValueError for anything else than a pickle of such arrays, before anything of it is obeyed.
    """
    sets = [_fields(pair, _Call, _Call) for pair in _fields(_describe(file), tuple, tuple, tuple)]
    file.end()
    return [
        (_array(images, FLOATS, f"{name} images"), _array(labels, INTEGERS, f"{name} labels"))
        for name, (images, labels) in zip(("training", "validation", "test"), sets)
    ]


def _array(call: _Call, codes: dict[bytes, str], what: str) -> Array:
    """The array that a `_Call` asks for, in the way of protocols 0 to 4 or in that of protocol 5."""
    if call.name.endswith("_reconstruct"):
        _, shape, dtype, fortran, data = _fields(call.state, int, tuple, _Call, int, (bytes, list))
    else:
        data, dtype, shape, order = _fields(call.args, (bytes, list), _Call, tuple, bytes)
        fortran = order != b"C"
    letters, _, _ = _fields(dtype.args, bytes, int, int)
    _, order, *_ = _fields(dtype.state, int, bytes, *[type(None)] * 3, int, int, int)
    if letters not in codes or order not in (b"<", b">", b"|"):
        found, wanted = (order[:9] + letters[:9]).decode("latin-1"), b", ".join(codes).decode()
        raise ValueError(f"{what} of type {checks.shown(found)}; expected one of {wanted}")
    order = ">" if order == b">" else "<"
    items = math.prod(_fields(shape, *[int] * len(shape)))
    pieces = [data] if isinstance(data, bytes) else [*data]  # a list of its own: two arrays may share data
    size = sum(map(len, pieces))
    if fortran or size != items * struct.calcsize(order + codes[letters]):
        shape = reprlib.repr(shape)
        raise ValueError(f"{what}: {size:,} bytes do not make an array of shape {shape} in C order")
    return Array(what, shape, order, codes[letters], pieces)


def _fields(values: Any, *kinds: Any) -> Any:
    """`values`, if they are a tuple of these types. All that a pickle says goes through here before use."""
    if not isinstance(values, tuple) or len(values) != len(kinds) or not all(map(isinstance, values, kinds)):
        raise ValueError("not a pickle of three pairs of NumPy arrays")
    return values


class _Call:
    """A call that a pickle asks for, and the state it wants set: written down here, and never done."""

    def __init__(self, name: str, args: Any) -> None:
        self.name, self.args, self.state = name, args, None

    def build(self, state: Any) -> _Call:
        """The call, with the state that its result is to have."""
        self.state = state
        return self


def _name(module: bytes, name: bytes) -> str:
    """The name that a pickle asks for: a str, which nothing else on the stack of `_describe` is."""
    full = b"%b %b" % (module, name)
    if full not in NAMES:
        raise ValueError(f"refused: the pickle asks for {full[:80]!r}, which arrays of numbers do not need")
    return full.decode()


def _call(name: str, args: Any) -> Any:
    """What stands for the call of `name`: for one that makes bytes, the bytes."""
    if name == "_codecs encode":
        text, encoding = _fields(args, (bytes, list), bytes)
        if encoding != b"latin1":
            raise ValueError(f"refused: the pickle asks for the codec {encoding[:80]}")
        return text
    return b"" if name == "__builtin__ bytes" else _Call(name, args)


def _number(file: Bounded, size: int, signed: bool = False) -> int:
    return int.from_bytes(file.read(size), "little", signed=signed)


def _line(file: Bounded) -> bytes:
    line = file.line(100)
    if not line.endswith(b"\n"):
        raise ValueError(f"ends too early, or has a line that is too long: {line!r}")
    return line[:-1]


def _escaped_line(file: Bounded) -> Iterator[bytes]:
    piece = b""
    while not piece.endswith(b"\n"):
        piece = file.line(PIECE)
        if not piece:
            raise ValueError("ends too early, in the middle of a line")
        yield piece.rstrip(b"\n")


def _latin1(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Text as bytes of Latin-1, piece by piece."""
    return (text.encode("latin-1") for text in codecs.iterdecode(pieces, encoding))


def _bytes(pieces: Iterable[bytes]) -> bytes | list[bytes]:
    """The bytes in these pieces; as a list of the pieces, where there are several."""
    pieces = list(pieces)
    return b"".join(pieces) if len(pieces) < 2 else pieces


def _describe(file: Bounded) -> Any:
    """What the pickle in `file` describes, in tuples, ints, bytes and `_Call`s."""
    stack: list[Any] = []
    marks: list[int] = []
    memo: dict[int, Any] = {}
    push, read = stack.append, file.read

    def take(n: int) -> tuple[Any, ...]:
        """The last n values of the stack, taken from it."""
        taken = tuple(stack[len(stack) - n :])
        del stack[len(stack) - n :]
        return taken

    operations: dict[bytes, Callable[[], Any]] = {
        pickle.PROTO: lambda: read(1),
        pickle.FRAME: lambda: read(8),
        pickle.NONE: lambda: push(None),
        pickle.NEWTRUE: lambda: push(True),
        pickle.NEWFALSE: lambda: push(False),
        pickle.INT: lambda: push(int(_line(file))),
        pickle.LONG: lambda: push(int(_line(file).rstrip(b"L"))),
        pickle.LONG1: lambda: push(_number(file, _number(file, 1), signed=True)),
        pickle.BININT: lambda: push(_number(file, 4, signed=True)),
        pickle.BININT1: lambda: push(_number(file, 1)),
        pickle.BININT2: lambda: push(_number(file, 2)),
        pickle.BINSTRING: lambda: push(_bytes(file.pieces(_number(file, 4)))),
        pickle.SHORT_BINSTRING: lambda: push(read(_number(file, 1))),
        pickle.BINBYTES: lambda: push(_bytes(file.pieces(_number(file, 4)))),
        pickle.SHORT_BINBYTES: lambda: push(read(_number(file, 1))),
        pickle.BYTEARRAY8: lambda: push(_bytes(file.pieces(_number(file, 8)))),
        pickle.UNICODE: lambda: push(_bytes(_latin1(_escaped_line(file), "raw-unicode-escape"))),
        pickle.BINUNICODE: lambda: push(_bytes(_latin1(file.pieces(_number(file, 4)), "utf-8"))),
        pickle.SHORT_BINUNICODE: lambda: push(_bytes(_latin1(file.pieces(_number(file, 1)), "utf-8"))),
        pickle.MARK: lambda: marks.append(len(stack)),
        pickle.TUPLE: lambda: push(take(len(stack) - marks.pop())),
        pickle.EMPTY_TUPLE: lambda: push(()),
        pickle.TUPLE1: lambda: push(take(1)),
        pickle.TUPLE2: lambda: push(take(2)),
        pickle.TUPLE3: lambda: push(take(3)),
        pickle.PUT: lambda: memo.update({int(_line(file)): stack[-1]}),
        pickle.BINPUT: lambda: memo.update({_number(file, 1): stack[-1]}),
        pickle.MEMOIZE: lambda: memo.update({len(memo): stack[-1]}),
        pickle.GET: lambda: push(memo[int(_line(file))]),
        pickle.BINGET: lambda: push(memo[_number(file, 1)]),
        pickle.GLOBAL: lambda: push(_name(_line(file), _line(file))),
        pickle.STACK_GLOBAL: lambda: push(_name(*_fields(take(2), bytes, bytes))),
        pickle.REDUCE: lambda: push(_call(*_fields(take(2), str, tuple))),
        pickle.BUILD: lambda: push(_Call.build(*_fields(take(2), _Call, tuple))),
    }
    try:
        for _ in range(MOST_OPERATIONS):
            code = read(1)
            if code == pickle.STOP:
                return stack.pop()
            if code not in operations:
                raise ValueError(f"refused: {code!r} is no operation of a pickle of arrays of numbers")
            operations[code]()
    except (IndexError, KeyError):
        raise ValueError("a pickle whose operations do not fit together") from None
    raise ValueError(f"refused: six arrays do not take a pickle of more than {MOST_OPERATIONS:,} operations")
