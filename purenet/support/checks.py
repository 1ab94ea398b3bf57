"""Checks of arguments. Each function raises an error that says what is wrong, where, and what is expected.

    checks.vector(x, 784, "x")                                          # returns nothing
    examples = checks.examples(training_data, net.sizes, "training_data")   # returns any iterable as a list
"""

import random
import reprlib
from math import isfinite
from operator import index
from typing import Any

Example = tuple[list[float], list[float]]  # (x, y): an input and the output wanted for it
Labelled = tuple[list[float], int]  # (x, digit)


def sizes(sizes: Any) -> None:
    """`sizes` is a list of at least two positive integers."""
    enough = isinstance(sizes, (list, tuple)) and len(sizes) >= 2
    if not enough or not all(type(n) is int and n > 0 for n in sizes):
        wanted = "it must be a list of at least two positive integers (ints), like [784, 30, 10]"
        raise ValueError(f"sizes is {shown(sizes)}; {wanted}")


def rng(rng: Any) -> None:
    """`rng` is a random.Random or None."""
    if not isinstance(rng, (random.Random, type(None))):
        raise TypeError(f"rng is {shown(rng)}; it must be a random.Random, such as random.Random(0)")


def integer(number: Any, least: int, name: str) -> None:
    """`number` is an integer, `least` or more."""
    wanted = f"it must be an integer, {least} or more"
    try:
        enough = index(number) >= least
    except TypeError:
        raise TypeError(f"{name} is {shown(number)}; {wanted}") from None
    if not enough:
        raise ValueError(f"{name} is {shown(number)}; {wanted}")


def learning_rate(eta: Any) -> float:
    """`eta` is a finite number. Returned as a plain float, since NumPy's would make every weight its like."""
    if not is_finite(eta):
        raise ValueError(f"eta is {shown(eta)}; it must be a finite float or int, such as 3.0")
    return float(eta)


def vector(v: Any, n: int, name: str) -> None:
    """`v` is a flat list of n finite numbers, floats or ints."""
    # A look at the sum is quick, and nearly always enough. (It may overflow though all numbers are finite, and
    # a Fraction among floats goes unnoticed and does no harm.)
    try:
        if isinstance(v, (list, tuple)) and len(v) == n and _is_plain(sum(v)):
            return
    except (TypeError, OverflowError):
        pass
    wanted = f"it must be a flat list of {n} finite numbers"
    if not isinstance(v, (list, tuple)):
        if hasattr(v, "tolist"):
            wanted += ": pass its .ravel().tolist()"
        elif isinstance(v, int) and n == 10:
            wanted += ", such as mnist_loader.vectorized_result makes of a digit"
        raise TypeError(f"{name} is {shown(v)}; {wanted}")
    if v and all(isinstance(row, (list, tuple)) and len(row) == 1 for row in v):
        raise ValueError(f"{name} is a column; {wanted}: pass [row[0] for row in column]")
    if len(v) != n:
        raise ValueError(f"{name} has {len(v)} entries; {wanted}")
    for k, entry in enumerate(v):
        if not _is_plain(entry):
            hint = ", such as .tolist() makes of an array" if hasattr(entry, "tolist") else ""
            raise ValueError(f"{name}[{k}] is {shown(entry)}; {wanted}, floats or ints{hint}")


def example(x: Any, y: Any, sizes: list[int]) -> None:
    """`x` is an input of sizes[0] numbers, `y` an output of sizes[-1]."""
    vector(x, sizes[0], "x")
    vector(y, sizes[-1], "y")


def digit(digit: Any, n: int, name: str) -> None:
    """`digit` is an integer from 0 to n - 1."""
    wanted = f"it must be the digit itself, an integer from 0 to {n - 1}"
    try:
        if 0 <= index(digit) < n:
            return
    except TypeError:
        raise TypeError(f"{name} is {shown(digit)}; {wanted}, not a vector") from None
    raise ValueError(f"{name} is {shown(digit)}; {wanted}")


def examples(examples: Any, sizes: list[int], name: str) -> list[Example]:
    """`examples` is an iterable of pairs (x, y), at least one: x is sizes[0] numbers, y sizes[-1]."""
    pairs = _pairs(examples, name)
    if not pairs:
        raise ValueError(f"{name} is empty; there is nothing to learn from")
    for i, (x, y) in enumerate(pairs):
        vector(x, sizes[0], f"{name}[{i}]: x")
        vector(y, sizes[-1], f"{name}[{i}]: y")
    return pairs


def labelled(test_data: Any, sizes: list[int]) -> list[Labelled]:
    """`test_data` is an iterable of pairs (x, digit), where x is sizes[0] numbers."""
    pairs = _pairs(test_data, "test_data")
    for i, (x, y) in enumerate(pairs):
        vector(x, sizes[0], f"test_data[{i}]: x")
        digit(y, sizes[-1], f"test_data[{i}]: y")
    return pairs


def training(epochs: Any, mini_batch_size: Any, eta: Any, after_epoch: Any, progress: Any) -> None:
    """The arguments of `Network.SGD` besides its data: integers, a learning rate, and functions or None."""
    integer(epochs, 0, "epochs")
    integer(mini_batch_size, 1, "mini_batch_size")
    learning_rate(eta)
    for function, name, example in ((after_epoch, "after_epoch", "print"), (progress, "progress", "tqdm")):
        if function is not None and not callable(function):
            raise TypeError(f"{name} is {shown(function)}; it must be a function, such as {example}")


def layers(net: Any) -> None:
    """The network has biases and weights for each layer but the input."""
    if not len(net.biases) == len(net.weights) == net.num_layers - 1:
        raise ValueError(
            f"there are {len(net.biases)} biases and {len(net.weights)} weights, where the "
            f"{net.num_layers} layers of this network take {net.num_layers - 1} of each"
        )


def shapes(fit: bool, operation: str, *operands: Any) -> None:
    """The shapes of the vectors and matrices `fit` the operation."""
    if not fit:
        found = " and ".join(map(_shape, operands))
        raise ValueError(f"{operation}: the shapes {found} do not fit")


def _shape(operand: Any) -> str:
    if not operand or not isinstance(operand[0], (list, tuple)):
        return f"({len(operand)},)"
    columns = sorted({len(row) for row in operand})
    return f"({len(operand)}, {' or '.join(map(str, columns))})"


def _pairs(examples: Any, name: str) -> list[tuple[Any, Any]]:
    try:
        pairs = list(examples)
    except TypeError:
        raise TypeError(f"{name} is {shown(examples)}; it must be a list of pairs (x, y)") from None
    for i, pair in enumerate(pairs):
        try:
            x, y = pair
        except (TypeError, ValueError):
            raise ValueError(f"{name}[{i}] is {shown(pair)}; it must be a pair (x, y)") from None
        pairs[i] = x, y     # A pair may be an iterator, which gives its x and y only once.
    return pairs


def is_finite(number: Any) -> bool:
    """Whether `number` is a finite float or int."""
    # Numbers of other types, such as NumPy's float32, would make the weights that they meet their like.
    try:
        return isinstance(number, (float, int)) and isfinite(number)
    except OverflowError:  # An integer that no float can hold.
        return False


def _is_plain(number: Any) -> bool:
    # NumPy's float64 is a float, and yet makes float64 of what it meets, which is several times slower.
    return is_finite(number) and (type(number) is float or not isinstance(number, float))


def shown(value: Any) -> str:
    """The value as Python writes it, cut to one short line."""
    try:
        return " ".join(reprlib.repr(value).split())
    except ValueError:  # Python does not write integers of thousands of digits.
        return f"a huge {type(value).__name__}"
