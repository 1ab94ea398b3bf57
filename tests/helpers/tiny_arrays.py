"""A tiny array library, such as somebody's network may be written with: what the judges know of NumPy.

Rows of a matrix are views, operators work entry by entry, and what is put into an array of integers or of
32-bit floats loses what it cannot hold.
"""

import struct
from math import exp as exp_of_a_number
from math import prod
from operator import mul


class Array:
    def __init__(self, shape, store, start, number):
        self.shape, self.store, self.start, self.number = shape, store, start, number

    def __len__(self):
        return self.shape[0]

    def _index(self, k):
        if not -len(self) <= k < len(self):
            raise IndexError(k)
        return self.start + k % len(self) * prod(self.shape[1:])

    def __getitem__(self, k):
        if len(self.shape) == 1:
            return self.store[self._index(k)]
        return Array(self.shape[1:], self.store, self._index(k), self.number)

    def __setitem__(self, k, value):
        if len(self.shape) > 1:
            raise NotImplementedError("rows cannot be assigned")
        self.store[self._index(k)] = self.number(value)

    def tolist(self):
        return [entry.tolist() if isinstance(entry, Array) else entry for entry in self]

    def flat(self):
        return self.store[self.start : self.start + prod(self.shape)]

    def _with(self, other, operation):
        if isinstance(other, Array):
            assert other.shape == self.shape, f"shapes {self.shape} and {other.shape} do not fit"
        others = other.flat() if isinstance(other, Array) else [other] * prod(self.shape)
        return Array(self.shape, [operation(p, q) for p, q in zip(self.flat(), others)], 0, self.number)

    def __add__(self, other):
        return self._with(other, lambda p, q: p + q)

    def __sub__(self, other):
        return self._with(other, lambda p, q: p - q)

    def __rsub__(self, other):
        return self._with(other, lambda p, q: q - p)

    def __mul__(self, other):
        return self._with(other, lambda p, q: p * q)

    def __truediv__(self, other):
        return self._with(other, lambda p, q: p / q)

    def __rtruediv__(self, other):
        return self._with(other, lambda p, q: q / p)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return 0.0 - self

    def __eq__(self, other):
        return self._with(other, lambda p, q: p == q)

    def __bool__(self):
        if prod(self.shape) != 1:
            raise ValueError("the truth value of an array with more than one element is ambiguous")
        return bool(self.flat()[0])

    def __float__(self):
        [entry] = self.flat()
        return float(entry)

    def __repr__(self):
        return f"Array({self.tolist()})"

    @property
    def T(self):
        return array([list(column) for column in zip(*self.tolist())], self.number)

    def __matmul__(self, other):
        if len(self.shape) == 1:
            return sum(map(mul, self, other))
        if len(other.shape) == 1:
            return array([row @ other for row in self])
        return array([[row @ column for column in other.T] for row in self])

    def __isub__(self, other):
        self.store[self.start : self.start + prod(self.shape)] = (self - other).flat()
        return self

    def copy(self):
        return Array(self.shape, self.flat(), 0, self.number)


def single(value):
    """As a 32-bit float has it."""
    return struct.unpack("f", struct.pack("f", value))[0]


def array(nested, number=None):
    """The array of nested lists: of integers if all are, else of floats, unless `number` says otherwise."""
    shape, store = (), nested
    while isinstance(store[0] if shape else store, list):
        store = store if not shape else [entry for row in store for entry in row]
        shape += (len(nested) if not shape else len(store) // prod(shape),)
    number = number or (int if all(isinstance(entry, int) for entry in store) else float)
    return Array(shape, list(map(number, store)), 0, number)


def exp(z):
    return z._with(0, lambda p, _: exp_of_a_number(p))


def zeros(shape):
    return Array(tuple(shape), [0.0] * prod(shape), 0, float)
