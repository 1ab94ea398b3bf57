"""Vectors and matrices as lists, and the nine operations on them that a neural network needs.

A vector is a flat list of numbers. A matrix is a list of its rows, so `w[j][k]` is row j, column k.
Shapes are written as NumPy writes them: (3,) is a vector of three numbers, (2, 3) a matrix of two rows.

    >>> w = [[1, 2, 3],
    ...      [4, 5, 6]]
    >>> matvec(w, [1, 0, -1])
    [-2, -2]

Numbers may be of any type that has +, - and *: int, float, complex, Fraction. Lengths that do not fit raise
ValueError. Only `subtract_outer` changes what it is given; every other operation returns something new.
"""

from purenet.support import checks

Vector = list[float]
Matrix = list[Vector]


def add(u: Vector, v: Vector) -> Vector:
    """u + v, entry by entry: (n,) and (n,) give (n,).

    >>> add([1, 2], [10, 20])
    [11, 22]
    """
    checks.require(len(u) == len(v), "add(u, v)", u, v)
    return [x + y for x, y in zip(u, v)]


def subtract(u: Vector, v: Vector) -> Vector:
    """u − v, entry by entry: (n,) and (n,) give (n,).

    >>> subtract([10, 20], [1, 2])
    [9, 18]
    """
    checks.require(len(u) == len(v), "subtract(u, v)", u, v)
    return [x - y for x, y in zip(u, v)]


def hadamard(u: Vector, v: Vector) -> Vector:
    """u ⊙ v, the product entry by entry: (n,) and (n,) give (n,).

    >>> hadamard([1, 2, 3], [4, 5, 6])
    [4, 10, 18]
    """
    checks.require(len(u) == len(v), "hadamard(u, v)", u, v)
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
    checks.require(len(u) == len(v), "dot(u, v)", u, v)
    return sum(x * y for x, y in zip(u, v))


def matvec(w: Matrix, a: Vector) -> Vector:
    """w a, the dot product of each row of w with a: (n, m) and (m,) give (n,).

    In one line it is `[sum(x * y for x, y in zip(row, a)) for row in w]`. The loops leave out every k where
    a[k] is 0, as four out of five pixels of a digit are: such a product adds nothing. (Where the weight is
    infinite or NaN it would be NaN. It is left out all the same.)

    >>> matvec([[1, 2], [3, 4], [5, 6]], [10, 1])
    [12, 34, 56]
    """
    checks.require(all(len(row) == len(a) for row in w), "matvec(w, a)", w, a)
    nonzero = [k for k in range(len(a)) if a[k]]
    result = []
    for row in w:
        total: float = 0
        for k in nonzero:
            total += row[k] * a[k]
        result.append(total)
    return result


def transpose(w: Matrix) -> Matrix:
    """wᵀ, rows turned into columns: (n, m) gives (m, n).

    >>> transpose([[1, 2, 3], [4, 5, 6]])
    [[1, 4], [2, 5], [3, 6]]
    """
    checks.require(all(len(row) == len(w[0]) for row in w), "transpose(w)", w)
    # zip(*w) pairs up the first entries of all rows, then the second entries, and so on.
    return [list(column) for column in zip(*w)]


def outer(u: Vector, v: Vector) -> Matrix:
    """u vᵀ, every entry of u times every entry of v: (n,) and (m,) give (n, m).

    >>> outer([1, 2], [10, 20, 30])
    [[10, 20, 30], [20, 40, 60]]
    """
    return [[x * y for y in v] for x in u]


def subtract_outer(w: Matrix, u: Vector, v: Vector) -> None:
    """w ← w − u vᵀ, in place: w is (n, m), u is (n,), v is (m,).

    This is `w[j][k] = w[j][k] - u[j] * v[k]` for every j and k. Every k where v[k] is 0 is left out, as in
    `matvec`.

    >>> w = [[10, 20, 30], [40, 50, 60]]
    >>> subtract_outer(w, [1, 2], [1, 0, 10])
    >>> w
    [[9, 20, 20], [38, 50, 40]]
    """
    fit = len(w) == len(u) and all(len(row) == len(v) for row in w)
    checks.require(fit, "subtract_outer(w, u, v)", w, u, v)
    nonzero = [k for k in range(len(v)) if v[k]]
    for row, u_j in zip(w, u):
        for k in nonzero:
            row[k] = row[k] - u_j * v[k]
