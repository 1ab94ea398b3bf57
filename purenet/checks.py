"""What may a network be given? Each function here raises an error that says what is wrong, or lets pass.

Messages name the argument and the place in it, what stands there, and what is expected there.
"""

import reprlib
from itertools import repeat
from math import isfinite
from operator import index

MOST_LISTS = 500_000  # in the text of a model; a network has two for each neuron


def sizes(sizes):
    """`sizes` is a list of at least two positive integers."""
    enough = isinstance(sizes, (list, tuple)) and len(sizes) >= 2
    if not enough or not all(type(n) is int and n > 0 for n in sizes):
        wanted = "it must be a list of at least two positive integers (ints), like [784, 30, 10]"
        raise ValueError(f"sizes is {_shown(sizes)}; {wanted}")


def rng(rng):
    """`rng` draws and shuffles as the module `random` does."""
    if not hasattr(rng, "gauss") or not hasattr(rng, "shuffle"):
        raise TypeError(f"rng is {_shown(rng)}; it must be the module random or a random.Random(seed)")


def integer(number, least, name):
    """`number` is an integer, `least` or more."""
    wanted = f"it must be an integer, {least} or more"
    try:
        enough = index(number) >= least
    except TypeError:
        raise TypeError(f"{name} is {_shown(number)}; {wanted}") from None
    if not enough:
        raise ValueError(f"{name} is {_shown(number)}; {wanted}")


def eta(eta):
    """`eta` is a finite number."""
    if not _is_finite(eta):
        raise ValueError(f"eta is {_shown(eta)}; it must be a finite float or int, such as 3.0")


def vector(v, n, name):
    """`v` is a flat list of n finite numbers, floats or ints."""
    # One look at the sum is enough, unless it is too large for a float, as sums of finite numbers may be.
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
        raise TypeError(f"{name} is {_shown(v)}; {wanted}")
    if v and all(isinstance(row, (list, tuple)) and len(row) == 1 for row in v):
        raise ValueError(f"{name} is a column; {wanted}: pass [row[0] for row in column]")
    if len(v) != n:
        raise ValueError(f"{name} has {len(v)} entries; {wanted}")
    for k, entry in enumerate(v):
        if not _is_plain(entry):
            hint = ", such as .tolist() makes of an array" if hasattr(entry, "tolist") else ""
            raise ValueError(f"{name}[{k}] is {_shown(entry)}; {wanted}, floats or ints{hint}")


def digit(digit, n, name):
    """`digit` is an integer from 0 to n - 1."""
    wanted = f"it must be the digit itself, an integer from 0 to {n - 1}"
    try:
        if 0 <= index(digit) < n:
            return
    except TypeError:
        raise TypeError(f"{name} is {_shown(digit)}; {wanted}, not a vector") from None
    raise ValueError(f"{name} is {_shown(digit)}; {wanted}")


def pairs(examples, sizes, name, check_y):
    """`examples`, any iterable, as a list of pairs (x, y): x is sizes[0] numbers, y passes `check_y`."""
    try:
        examples = list(examples)
    except TypeError:
        raise TypeError(f"{name} is {_shown(examples)}; it must be a list of pairs (x, y)") from None
    for i, example in enumerate(examples):
        try:
            x, y = example
        except (TypeError, ValueError):
            raise ValueError(f"{name}[{i}] is {_shown(example)}; it must be a pair (x, y)") from None
        vector(x, sizes[0], f"{name}[{i}]: x")
        check_y(y, sizes[-1], f"{name}[{i}]: y")
        # An example may be an iterator, which gives its x and y only once.
        examples[i] = x, y
    return examples


def text(text):
    """`text`, the JSON of a model, has no more lists and objects in it than the memory can hold.

    Two brackets in a file can become a thousand bytes in memory.
    """
    lists = text.count("[") + text.count("{")
    if lists > MOST_LISTS:
        raise ValueError(f"it holds {lists:,} lists and objects; more than {MOST_LISTS:,} are not taken")


def model(model):
    """`model` has the keys that `Network.save` writes, with values that fit together."""
    if not isinstance(model, dict) or not {"sizes", "weights", "biases", "cost"} <= model.keys():
        raise ValueError('it must be an object with "sizes", "weights", "biases" and "cost"')
    sizes(model["sizes"])
    if model["cost"] not in ("QuadraticCost", "CrossEntropyCost"):
        cost = _shown(model["cost"])
        raise ValueError(f'"cost" is {cost}; it must be "QuadraticCost" or "CrossEntropyCost"')
    _layers("weights", model["weights"], model["sizes"][1:], model["sizes"])
    _layers("biases", model["biases"], model["sizes"][1:], repeat(1))


def _layers(name, layers, heights, widths):
    if not isinstance(layers, list) or len(layers) != len(heights):
        raise ValueError(f"{name} must be a list of {len(heights)} matrices, to go with sizes")
    for l, (matrix, n, m) in enumerate(zip(layers, heights, widths)):
        rows = matrix if isinstance(matrix, list) else []
        if len(rows) != n or not all(isinstance(row, list) and len(row) == m for row in rows):
            wanted = f"{_shown(n)} rows of {_shown(m)} numbers"
            raise ValueError(f"{name}[{l}] must be {wanted}, to go with sizes")
        for j, row in enumerate(rows):
            for k, entry in enumerate(row):
                if isinstance(entry, bool) or not _is_finite(entry):
                    place, found = f"{name}[{l}][{j}][{k}]", _shown(entry)
                    raise ValueError(f"{place} is {found}; it must be a finite number")


def _is_finite(number):
    # Numbers of other types, such as NumPy's float32, would turn the weights that they meet into their like.
    try:
        return isinstance(number, (float, int)) and isfinite(number)
    except OverflowError:  # An integer that no float can hold.
        return False


def _is_plain(number):
    # NumPy's float64 is a float, and yet makes float64 of what it meets, which is several times slower.
    return _is_finite(number) and (type(number) is float or not isinstance(number, float))


def _shown(value):
    """The value as Python writes it, cut to one short line."""
    try:
        return " ".join(reprlib.repr(value).split())
    except ValueError:  # Python does not write integers of thousands of digits.
        return f"a huge {type(value).__name__}"
