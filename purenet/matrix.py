"""What arithmetic does a neural network need? These nine operations on vectors and matrices.

A vector is a flat list of numbers. A matrix is a list of its rows, so `w[j][k]` is row j, column k.
Shapes are written as NumPy writes them: (3,) is a vector of three numbers, (2, 3) a matrix of two rows.

    >>> w = [[1, 2, 3],
    ...      [4, 5, 6]]
    >>> matvec(w, [1, 0, -1])
    [-2, -2]

Numbers may be of any type that has +, − and ×: int, float, complex, Fraction. Shapes that do not fit raise
ValueError. Only `subtract_outer` changes what it is given; every other operation returns something new.

One trick makes training several times faster. Four out of five pixels of a handwritten digit are 0, and what
is multiplied by 0 (unless it is infinite) adds nothing to a sum: `matvec` and `subtract_outer` pass over
those entries. The indices of the others are `compress(range(len(a)), a)`, the k for which a[k] is not 0.
"""

import sys
from itertools import compress, zip_longest
from operator import itemgetter, mul

from purenet.support import checks

Vector = list[float]
Matrix = list[Vector]

# The dot product without a loop in Python: from 3.12 on there is one written in C.
if sys.version_info >= (3, 12):
    from math import sumprod
else:

    def sumprod(u: Vector, v: Vector) -> float:
        """u · v: (n,) and (n,) give a number. The lengths are checked before."""
        products: map[float] = map(mul, u, v)
        return sum(products)


def add(u: Vector, v: Vector) -> Vector:
    """u + v, entry by entry: (n,) and (n,) give (n,).

    >>> add([1, 2], [10, 20])
    [11, 22]
    """
    checks.shapes(len(u) == len(v), "u + v", u, v)
    return [x + y for x, y in zip(u, v)]


def subtract(u: Vector, v: Vector) -> Vector:
    """u − v, entry by entry: (n,) and (n,) give (n,).

    >>> subtract([10, 20], [1, 2])
    [9, 18]
    """
    checks.shapes(len(u) == len(v), "u - v", u, v)
    return [x - y for x, y in zip(u, v)]


def hadamard(u: Vector, v: Vector) -> Vector:
    """u ⊙ v, the product entry by entry: (n,) and (n,) give (n,).

    >>> hadamard([1, 2, 3], [4, 5, 6])
    [4, 10, 18]
    """
    checks.shapes(len(u) == len(v), "hadamard(u, v)", u, v)
    return [x * y for x, y in zip(u, v)]


def scale(c: float, v: Vector) -> Vector:
    """c v, every entry multiplied by the number c: (n,) gives (n,).

    >>> scale(10, [1, 2, 3])
    [10, 20, 30]
    """
    return [c * x for x in v]


def dot(u: Vector, v: Vector) -> float:
    """u · v = Σₖ uₖ vₖ: (n,) and (n,) give a number.

    >>> dot([1, 2, 3], [4, 5, 6])
    32
    """
    checks.shapes(len(u) == len(v), "dot(u, v)", u, v)
    return sumprod(u, v)


def matvec(w: Matrix, a: Vector) -> Vector:
    """w a, the dot product of each row of w with a: (n, m) and (m,) give (n,).

    >>> matvec([[1, 2], [3, 4], [5, 6]], [10, 1])
    [12, 34, 56]
    """
    # Every row must be as long as a: the set of their lengths holds nothing else.
    checks.shapes(set(map(len, w)) <= {len(a)}, "matvec(w, a)", w, a)
    nonzero = list(compress(range(len(a)), a))
    if 1 < len(nonzero) < len(a):
        # itemgetter(3, 7, 8)(row) is (row[3], row[7], row[8]), picked without a loop in Python. Of a single
        # index it makes no tuple, so that case is left to the line at the end.
        pick = itemgetter(*nonzero)
        a_nonzero = pick(a)
        return [sumprod(pick(row), a_nonzero) for row in w]
    return [sumprod(row, a) for row in w]


def transpose(w: Matrix) -> Matrix:
    """wᵀ, rows turned into columns: (n, m) gives (m, n).

    >>> transpose([[1, 2, 3], [4, 5, 6]])
    [[1, 4], [2, 5], [3, 6]]
    """
    checks.shapes(len(set(map(len, w))) <= 1, "transpose(w)", w)
    # zip(*w) pairs up the first entries of all rows, then the second entries, and so on.
    return [list(column) for column in zip(*w)]


def outer(u: Vector, v: Vector) -> Matrix:
    """u vᵀ, every entry of u times every entry of v: (n,) and (m,) give (n, m).

    >>> outer([1, 2], [10, 20, 30])
    [[10, 20, 30], [20, 40, 60]]
    """
    return [[x * y for y in v] for x in u]


def subtract_outer(w: Matrix, u: Vector, v: Vector) -> None:
    """w ← w − u vᵀ, in place, without building u vᵀ: (n, m), (n,) and (m,).

    >>> w = [[10, 20, 30], [40, 50, 60]]
    >>> subtract_outer(w, [1, 2], [1, 0, 10])
    >>> w
    [[9, 20, 20], [38, 50, 40]]
    """
    checks.shapes(len(w) == len(u) and set(map(len, w)) <= {len(v)}, "w - outer(u, v)", w, u, v)
    nonzero = [(k, v[k]) for k in compress(range(len(v)), v)]
    # Half of the time of training goes here, so two rows at a time share the work of going through `nonzero`:
    # zip_longest takes both from the one iterator. An odd last row is paired with a copy of v that is thrown
    # away. row[k] -= x * y would do the same, but is slower from Python 3.11 on.
    rows = iter(zip(w, u))
    for (row, x), (next_row, next_x) in zip_longest(rows, rows, fillvalue=(list(v), 0)):
        for k, y in nonzero:
            row[k] = row[k] - x * y
            next_row[k] = next_row[k] - next_x * y
