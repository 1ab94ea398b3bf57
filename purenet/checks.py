"""What may a network be given? Each function here raises an error that says what is wrong, or lets pass.

Messages name the argument and the place in it, what stands there, and what is expected there.
"""

import reprlib
from contextlib import suppress
from math import isfinite
from numbers import Real
from operator import index


def sizes(sizes):
    """`sizes` is a list of at least two positive integers."""
    enough = isinstance(sizes, (list, tuple)) and len(sizes) >= 2
    if not enough or not all(type(n) is int and n > 0 for n in sizes):
        wanted = "it must be a list of at least two positive integers, like [784, 30, 10]"
        raise ValueError(f"sizes is {reprlib.repr(sizes)}; {wanted}")


def eta(eta):
    """`eta` is a finite number."""
    if not _is_finite(eta):
        raise ValueError(f"eta is {reprlib.repr(eta)}; it must be a finite number, such as 3.0")


def vector(v, n, name):
    """`v` is a flat list of n finite numbers."""
    wanted = f"it must be a flat list of {n} finite numbers"
    if not isinstance(v, (list, tuple)):
        raise TypeError(f"{name} is {reprlib.repr(v)}; {wanted}")
    if any(isinstance(entry, (list, tuple)) for entry in v[:1]):
        raise ValueError(f"{name} is nested; {wanted}: pass [entry for row in rows for entry in row]")
    if len(v) != n:
        raise ValueError(f"{name} has {len(v)} entries; {wanted}")
    # One look at the sum is enough, unless it is too large for a float, as sums of finite numbers may be.
    with suppress(TypeError, OverflowError):
        if _is_finite(sum(v)):
            return
    for k, entry in enumerate(v):
        if not _is_finite(entry):
            raise ValueError(f"{name}[{k}] is {reprlib.repr(entry)}; {wanted}")


def digit(digit, n, name):
    """`digit` is an integer from 0 to n - 1."""
    wanted = f"it must be the digit itself, an integer from 0 to {n - 1}"
    try:
        if 0 <= index(digit) < n:
            return
    except TypeError:
        raise TypeError(f"{name} is {reprlib.repr(digit)}; {wanted}, not a vector") from None
    raise ValueError(f"{name} is {digit}; {wanted}")


def pairs(examples, sizes, name, check_y):
    """`examples`, any iterable, as a list of pairs (x, y): x is sizes[0] numbers, y passes `check_y`."""
    examples = list(examples)
    for i, example in enumerate(examples):
        try:
            x, y = example
        except (TypeError, ValueError):
            raise ValueError(f"{name}[{i}] is {reprlib.repr(example)}; it must be a pair (x, y)") from None
        vector(x, sizes[0], f"{name}[{i}]: x")
        check_y(y, sizes[-1], f"{name}[{i}]: y")
    return examples


def model(model):
    """`model` has the keys that `Network.save` writes, with values that fit together."""
    if not isinstance(model, dict) or not {"sizes", "weights", "biases", "cost"} <= model.keys():
        raise ValueError('it must be an object with "sizes", "weights", "biases" and "cost"')
    sizes(model["sizes"])
    if model["cost"] not in ("QuadraticCost", "CrossEntropyCost"):
        cost = reprlib.repr(model["cost"])
        raise ValueError(f'"cost" is {cost}; it must be "QuadraticCost" or "CrossEntropyCost"')
    _layers("weights", model["weights"], list(zip(model["sizes"][1:], model["sizes"])))
    _layers("biases", model["biases"], [(n, 1) for n in model["sizes"][1:]])


def _layers(name, layers, shapes):
    if not isinstance(layers, list) or len(layers) != len(shapes):
        raise ValueError(f"{name} must be a list of {len(shapes)} matrices, to go with sizes")
    for l, (matrix, (n, m)) in enumerate(zip(layers, shapes)):
        rows = matrix if isinstance(matrix, list) else []
        if len(rows) != n or not all(isinstance(row, list) and len(row) == m for row in rows):
            raise ValueError(f"{name}[{l}] must be {n} rows of {m} numbers, to go with sizes")
        for j, row in enumerate(rows):
            for k, entry in enumerate(row):
                if isinstance(entry, bool) or not _is_finite(entry):
                    place, found = f"{name}[{l}][{j}][{k}]", reprlib.repr(entry)
                    raise ValueError(f"{place} is {found}; it must be a finite number")


def _is_finite(number):
    try:
        return isinstance(number, Real) and isfinite(number)
    except OverflowError:  # An integer that no float can hold.
        return False
