"""The forms in which a network keeps its numbers: lists or arrays, flat vectors or columns.

    form = Form.of(net.biases[0])
    net.backprop(form.vector(x), form.vector(y))        # x and y are flat lists

An array is whatever has a `shape`. The library that it comes from is found in `sys.modules`, so this
package imports none.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from math import isclose, prod
from typing import Any, NamedTuple

Vector = list[float]
Matrix = list[Vector]


def places(nested: Any, place: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any, int]]:
    """Every number in nested lists or arrays as (place, row, k): it stands in row[k].

    >>> list(places([[5.0, 6.0]]))
    [((0, 0), [5.0, 6.0], 0), ((0, 1), [5.0, 6.0], 1)]
    """
    nested = getattr(nested, "A", nested)  # NumPy's matrix as an array: its rows are matrices, without end.
    for k, entry in enumerate(nested):
        if isinstance(entry, float) or shape(entry) == ():
            yield (*place, k), nested, k
        else:
            yield from places(entry, (*place, k))


def numbers(nested: Any) -> Vector:
    """All numbers in nested lists or arrays, from left to right, as one flat list.

    >>> numbers([[1], [2, [3]]])
    [1.0, 2.0, 3.0]
    """
    found: Vector = []
    if hasattr(nested, "tolist"):
        nested = nested.tolist()
    for entry in nested:
        if isinstance(entry, float) or shape(entry) == ():
            found.append(float(entry))
        else:
            found += numbers(entry)
    return found


def shape(nested: Any) -> tuple[int, ...]:
    """The shape of an array, or of lists within lists by their first entries; () of a number.

    >>> shape([[1, 2, 3], [4, 5, 6]])
    (2, 3)
    """
    if hasattr(nested, "shape"):
        return tuple(nested.shape)
    if not isinstance(nested, (list, tuple)):
        return ()
    return (len(nested), *(shape(nested[0]) if nested else ()))


def plain(biases: Any, weights: Any) -> tuple[list[Vector], list[Matrix]]:
    """Biases as flat lists and weights as lists of rows, or their gradients, whatever form they had."""
    return [numbers(b) for b in biases], [[numbers(row) for row in w] for w in weights]


def require_network(net: Any, epsilon: float, *names: str) -> None:
    """Raise TypeError unless `net` has biases, weights and these methods; ValueError where a parameter cannot
    be changed by epsilon.
    """
    if isinstance(net, type):
        raise TypeError(f"net is the class {net.__name__}; it must be a network of it")
    missing = [name for name in ("biases", "weights", *names) if not hasattr(net, name)]
    if missing:
        raise TypeError(f"the network has no {' and no '.join(missing)}; checker.judge knows other names, too")
    for name in "biases", "weights":
        if shape(getattr(net, name)) == ():
            raise TypeError(f"{name} is {getattr(net, name)!r}; it must be a list of what each layer has")
        for place, row, k in places(getattr(net, name)):
            where = "".join(f"[{i}]" for i in place)
            if isinstance(row, tuple):
                where = where.rpartition("[")[0]
                raise TypeError(f"{name}{where} is a tuple; the check changes it in place: make it a list")
            p = row[k]
            row[k] = p + epsilon
            change = row[k] - p
            row[k] = p
            if not isclose(change, epsilon, rel_tol=1e-4):
                reason = "it is too large, or its array does not hold 64-bit floats"
                raise ValueError(f"{name}{where} is {p!r} and does not change by {epsilon}: {reason}")


def require_arguments(epsilon: Any, cost: Any, tolerance: Any = 1e-5) -> None:
    """Raise ValueError or TypeError unless these are arguments for a gradient check."""
    for name, number in (("epsilon", epsilon), ("tolerance", tolerance)):
        if not isinstance(number, float) or not 0 < number < 1:
            raise ValueError(f"{name} is {number!r}; it must be between 0 and 1, such as 1e-05")
    if cost is not None and not callable(cost):
        raise TypeError(f"cost is {cost!r}; it must be a function cost(output, y)")


def cost_method(net: Any) -> Any:
    """The method cost(x, y) of the network, or None. Raises ValueError where it takes something else."""
    method = getattr(net, "cost", None)
    if not inspect.isroutine(method):  # A name, or a class such as QuadraticCost.
        return None
    parameters = list(inspect.signature(method).parameters)
    if len(parameters) != 2 or parameters[0] != "x":
        raise ValueError(f"the network's cost takes ({', '.join(parameters)}), not (x, y); pass cost=")
    return method


def require_gradient(nabla: Any, net: Any, advice: str = "") -> None:
    """Raise ValueError unless `nabla` is (nabla_b, nabla_w), in the shapes of the network's parameters.

    `advice` is added to the sentence about a wrong shape.
    """
    if not isinstance(nabla, (tuple, list)) or len(nabla) != 2:
        raise ValueError(f"backprop gives {type(nabla).__name__}, not the pair of lists (nabla_b, nabla_w)")
    for name, gradient in zip(("nabla_b", "nabla_w"), nabla):
        if shape(gradient) == ():
            kind = type(gradient).__name__
            raise ValueError(f"backprop gives a {name} of type {kind}, not a list of what each layer has")
    shapes = [list(map(shape, gradient)) for gradient in nabla]
    wanted = [list(map(shape, parameters)) for parameters in (net.biases, net.weights)]
    if shapes == wanted[::-1] != wanted:
        raise ValueError("backprop gives (nabla_w, nabla_b); the order is (nabla_b, nabla_w)")
    for name, gradient, layers, wanted_layers in zip(("b", "w"), nabla, shapes, wanted):
        if len(layers) != len(wanted_layers):
            raise ValueError(f"nabla_{name} has {len(layers)} layers, not {len(wanted_layers)}")
        for i, (part, found, expected) in enumerate(zip(gradient, layers, wanted_layers)):
            if found and len(set(map(shape, part))) > 1:
                raise ValueError(f"nabla_{name}[{i}] has rows of different lengths")
            # A bias may be flat or a column.
            if found != expected and not (name == "b" and prod(found) == prod(expected) and found):
                wrong = f"nabla_{name}[{i}] has the shape {found}, but its parameters have {expected}"
                raise ValueError(wrong + hint(found, name == "b") + advice)


def hint(found: tuple[int, ...], vector: bool) -> str:
    """The likely cause of this wrong shape of a vector or matrix, as the end of a sentence; or ""."""
    if vector and len(found) == 2 and found[0] == found[1] > 1:
        return " (an array of shape (n,) plus one of (n, 1)? or * for a matrix product?)"
    if not vector and found == ():
        return " (u @ v of flat arrays is a number; np.outer gives the matrix)"
    return ""


class Form(NamedTuple):
    """How a network keeps its numbers: arrays of `library`, or lists where it is None; in columns (n, 1), in
    rows (1, n), or flat (n,). `maker` is the function of the library that makes an array.
    """

    library: Any
    column: bool
    row: bool = False
    maker: str = "array"

    @classmethod
    def of(cls, v: Any) -> Form:
        """The form of this vector. Raises ValueError where its library makes no arrays of nested lists."""
        library, maker, dimensions = None, "array", shape(v)
        if hasattr(v, "shape"):
            library = sys.modules[type(v).__module__.partition(".")[0]]
            maker = "matrix" if type(v).__name__ == "matrix" else "array"  # `*` is its matrix product.
            if not callable(getattr(library, maker, None)):
                raise ValueError(f"a {library.__name__} {type(v).__name__} is neither a list nor a NumPy array")
        row = len(dimensions) > 1 and dimensions[0] == 1 < dimensions[1]
        return cls(library, len(dimensions) > 1 and not row, row, maker)

    def vector(self, v: Vector) -> Any:
        """The flat list `v`, (n,), in this form: (n,), (n, 1) or (1, n)."""
        return self._array([[entry] for entry in v] if self.column else [list(v)] if self.row else list(v))

    def matrix(self, w: Matrix) -> Any:
        """The list of rows `w`, (n, m), in this form."""
        return self._array([list(row) for row in w])

    def _array(self, nested: Any) -> Any:
        return getattr(self.library, self.maker)(nested) if self.library else nested

    def written(self, nested: Any) -> str:
        """`nested`, a vector or matrix that this form made, as one would type it in Python."""
        if self.library:
            return f"{self.library.__name__}.{self.maker}({nested.tolist()!r})"
        return repr(nested)

    def __str__(self) -> str:
        return "a column (n, 1)" if self.column else "a row (1, n)" if self.row else "flat (n,)"
