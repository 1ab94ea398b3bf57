"""Checks of arguments. Each function raises an error that says what is wrong, where, and what is expected.

    checks.vector(x, 784, "x")                                          # returns nothing
    examples = checks.examples(training_data, net, "training_data")     # returns any iterable as a list
"""

import random
import reprlib
import warnings
from collections.abc import Iterable
from math import isfinite
from operator import index
from typing import Any

Example = tuple[list[float], list[float]]  # (x, y): an input and the output wanted for it
Labelled = tuple[list[float], int]  # (x, digit)

MOST_PARAMETERS = 5_000_000  # weights and biases; a network of 784, 5,000 and 10 neurons has four million


def sizes(sizes: Any) -> None:
    """`sizes` is a list of at least two positive integers, and asks for no more than MOST_PARAMETERS."""
    enough = isinstance(sizes, (list, tuple)) and len(sizes) >= 2
    if not enough or not all(type(n) is int and n > 0 for n in sizes):
        wanted = "it must be a list of at least two positive integers (ints), like [784, 30, 10]"
        raise ValueError(f"sizes is {shown(sizes)}; {wanted}")
    found = sum((m + 1) * n for m, n in zip(sizes, sizes[1:]))
    if found > MOST_PARAMETERS:
        many = f"{shown(sizes)} has {shown(found)} weights and biases"
        raise ValueError(f"a network of {many}; it may have {MOST_PARAMETERS:,}")


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
    # A look at the first number and the sum is quick, and nearly always enough. The sum begins with a float,
    # which refuses an integer that no float can hold. It may overflow though all numbers are finite.
    try:
        if isinstance(v, (list, tuple)) and len(v) == n and _is_plain(v[0]) and _is_plain(sum(v, 0.0)):
            return
    except (TypeError, OverflowError):
        pass
    wanted = f"it must be a flat list of {n} finite numbers"
    if not isinstance(v, (list, tuple)):
        if hasattr(v, "tolist"):
            wanted += ": pass its .ravel().tolist()"
        elif isinstance(v, int) and n > 1:
            wanted += ", such as mnist_loader.vectorized_result makes of a digit or class"
        raise TypeError(f"{name} is {shown(v)}; {wanted}")
    nested = bool(v) and all(isinstance(row, (list, tuple)) for row in v)
    if nested and all(len(row) == 1 for row in v):
        raise ValueError(f"{name} is a column; {wanted}: pass [row[0] for row in column]")
    if len(v) != n:
        if nested and sum(map(len, v)) == n:
            wanted += ": pass [p for row in image for p in row]"
        elif nested:
            wanted += "; load_data_wrapper gives MNIST in such pairs (x, y), load_data does not"
        raise ValueError(f"{name} has {len(v)} entries; {wanted}")
    for k, entry in enumerate(v):
        if not _is_plain(entry):
            hint = ", as .tolist() makes of an array" if hasattr(entry, "tolist") else ""
            raise ValueError(f"{name}[{k}] is {shown(entry)}; it must be a finite float or int{hint}")


def example(x: Any, y: Any, net: Any) -> None:
    """`x` is an input for the network, `y` an output wanted of it."""
    layers(net)
    vector(x, net.sizes[0], "x")
    vector(y, net.sizes[-1], "y")


def digit(digit: Any, n: int, name: str) -> None:
    """`digit` is an integer from 0 to n - 1."""
    wanted = f"it must be the digit itself, an integer from 0 to {n - 1}"
    kind: type[Exception] = ValueError
    try:
        if 0 <= index(digit) < n:
            return
    except TypeError:
        kind, wanted = TypeError, wanted + ", not a vector" * hasattr(digit, "__len__")
    if n == 1:
        wanted = "with one output there is only class 0; test such a network with a function as after_epoch"
    raise kind(f"{name} is {shown(digit)}; {wanted}")


def examples(examples: Any, net: Any, name: str) -> list[Example]:
    """`examples` is an iterable of pairs (x, y), at least one, of an input and an output for the network.

    Warns of training data that the network cannot learn well.
    """
    layers(net)
    pairs = _pairs(examples, name)
    if not pairs:
        raise ValueError(f"{name} is empty; there is nothing to learn from")
    for i, (x, y) in enumerate(pairs):
        vector(x, net.sizes[0], f"{name}[{i}]: x")
        vector(y, net.sizes[-1], f"{name}[{i}]: y")
    if name == "training_data":  # and not each of its mini-batches
        _warn_of_scale(pairs)
    return pairs


def _warn_of_scale(pairs: list[Example]) -> None:
    """One warning, for the line that calls the caller of `examples`."""
    target = next((t for _, y in pairs for t in y if not 0 <= t <= 1), None)
    # Multiplied by a weight of 1, an input of 10 alone moves z to where the slope of σ is 0.00005. A thousand
    # examples are enough to see the scale.
    number = next((v for x, _ in pairs[:1000] for v in x if not -10 <= v <= 10), None)
    advice = ""
    if target is not None:
        advice += (
            f"training_data has the target {shown(target)}, which no output reaches: outputs lie between 0 "
            "and 1. Scale the targets, for example as (t - lowest) / (highest - lowest). "
        )
    if number is not None:
        advice += (
            f"training_data has the input {shown(number)}. Inputs beyond -10 to 10 saturate neurons, which "
            "then hardly learn. Scale the inputs, for example as pixel / 256."
        )
    if advice:
        warnings.warn(advice.strip(), stacklevel=4)


def labelled(test_data: Any, net: Any) -> list[Labelled]:
    """`test_data` is an iterable of pairs (x, digit) of an input for the network and one of its outputs."""
    layers(net)
    pairs = _pairs(test_data, "test_data")
    for i, (x, y) in enumerate(pairs):
        vector(x, net.sizes[0], f"test_data[{i}]: x")
        digit(y, net.sizes[-1], f"test_data[{i}]: y")
    return pairs


def training(
    net: Any, epochs: Any, mini_batch_size: Any, eta: Any, after_epoch: Any, progress: Any
) -> tuple[int, int]:
    """Every number of the network is finite, and `Network.SGD` can use these arguments.

    Returns `epochs` and `mini_batch_size` as plain integers: a uint8 of NumPy begins again at 0 after 255.
    """
    parameters(net.sizes, net.biases, net.weights)
    integer(epochs, 0, "epochs")
    integer(mini_batch_size, 1, "mini_batch_size")
    learning_rate(eta)
    for function, name, example in ((after_epoch, "after_epoch", "print"), (progress, "progress", "tqdm")):
        if function is not None and not callable(function):
            raise TypeError(f"{name} is {shown(function)}; it must be a function, such as {example}")
    return int(epochs), int(mini_batch_size)


def iterable(mini_batches: Any, name: str) -> None:
    """`mini_batches`, which the function of this name returns, can be iterated over."""
    if not isinstance(mini_batches, Iterable):
        raise TypeError(f"{name} returns {shown(mini_batches)}; it must return the mini-batches, as tqdm does")


def layers(net: Any) -> None:
    """The network has biases and weights in the shapes that go with its sizes. Looks at few of the numbers."""
    flat = {list, tuple}
    try:
        fit = len(net.biases) == len(net.weights) == len(net.sizes) - 1 and all(
            {type(b), type(w), *map(type, w)} <= flat and len(b) == len(w) == n and {*map(len, w)} == {m}
            for b, w, m, n in zip(net.biases, net.weights, net.sizes, net.sizes[1:])
        )
        for b in net.biases:
            sum(b, 0.0)  # raises an error for a column
    except (TypeError, OverflowError):
        fit = False
    if not fit:
        parameters(net.sizes, net.biases, net.weights)


def parameters(layer_sizes: Any, biases: Any, weights: Any) -> None:
    """`biases` and `weights` are lists of finite numbers, in the shapes that go with `layer_sizes`."""
    sizes(layer_sizes)
    for name, parts in (("biases", biases), ("weights", weights)):
        if not isinstance(parts, (list, tuple)):
            raise TypeError(f"{name} is {shown(parts)}; it must be a list of what each layer but the input has")
    if not len(biases) == len(weights) == len(layer_sizes) - 1:
        raise ValueError(
            f"there are {len(biases)} biases and {len(weights)} weights, where the "
            f"{len(layer_sizes)} layers of this network take {len(layer_sizes) - 1} of each"
        )
    for i, (b, w, m, n) in enumerate(zip(biases, weights, layer_sizes, layer_sizes[1:])):
        vector(b, n, f"biases[{i}]")
        if not isinstance(w, (list, tuple)) or not all(isinstance(row, (list, tuple)) for row in w):
            raise TypeError(f"weights[{i}] is {shown(w)}; it must be a list of {n} rows of {m} numbers")
        require(len(w) == n, f"weights[{i}] and biases[{i}]", w, b)
        require(all(len(row) == m for row in w), f"weights[{i}] and its inputs", w, range(m))
        for j, row in enumerate(w):
            vector(row, m, f"weights[{i}][{j}]")


def warn_if_not_finite(net: Any) -> None:
    """One warning, for the line that calls the caller, if a weight or bias has become infinite or NaN."""
    rows = [row for b, w in zip(net.biases, net.weights) for row in (b, *w)]
    if not isfinite(sum(sum(row, 0.0) for row in rows)):
        warnings.warn(
            "training has made weights or biases infinite or NaN, and the network is of no use from here on; "
            "start again with a smaller eta",
            stacklevel=3,
        )


def require(fit: bool, operation: str, *operands: Any) -> None:
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
        iterator = iter(examples)
    except TypeError:
        raise TypeError(f"{name} is {shown(examples)}; it must be a list of pairs (x, y)") from None
    pairs = list(iterator)  # A TypeError from here is one of the code that makes the examples.
    for i, pair in enumerate(pairs):
        try:
            x, y = pair
        except (TypeError, ValueError):
            wanted = "it must be a pair (x, y), as load_data_wrapper gives them"
            raise ValueError(f"{name}[{i}] is {shown(pair)}; {wanted}") from None
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
