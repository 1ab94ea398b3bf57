"""A trained network in a file: JSON, in the form of the book's `network2.py`.

    write("model.json", net.sizes, net.biases, net.weights)
    sizes, biases, weights, notes = read("model.json")

The file holds "sizes", "weights", "biases" as columns [[b], ...], "cost", and perhaps "notes". JSON can name
no code to run, and what `read` gives has been looked at number by number.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from itertools import repeat
from os import PathLike
from typing import Any

from purenet.support import checks
from purenet.support.files import check_is_file, replacing

Vector = list[float]
Matrix = list[Vector]

MOST_NUMBERS = 5_000_000  # weights and biases; a network of 784, 5,000 and 10 neurons has four million
MOST_BYTES = 30 * MOST_NUMBERS  # a float takes up to 24; the others are for brackets, commas and notes


def write(
    path: str | PathLike[str],
    sizes: list[int],
    biases: list[Vector],
    weights: list[Matrix],
    notes: Any = None,
) -> None:
    """Replace the file at `path` in one step: it is the old or the new one, whatever happens in between.

    biases, weights   as `Network` has them: flat lists, and lists of rows
    notes             anything that JSON can hold

    Raises ValueError where a weight, a bias or a note is a number but not finite, or where the file would be
    too large to read, TypeError for what JSON cannot hold, OSError where writing fails.
    """
    check_size(sizes)
    columns = [[[b] for b in layer] for layer in biases]
    model = {"sizes": sizes, "weights": weights, "biases": columns, "cost": "QuadraticCost"}
    _check(model)
    text = json.dumps(model if notes is None else {**model, "notes": notes}, allow_nan=False)
    if len(text) > MOST_BYTES:
        raise ValueError(f"{path} would have {len(text):,} bytes; a file may have {MOST_BYTES:,}")
    with replacing(path) as file:
        file.write(text)


def read(path: str | PathLike[str]) -> tuple[list[int], list[Vector], list[Matrix], Any]:
    """(sizes, biases, weights, notes) of the model at `path`, to the last bit what `write` was given.

    Raises ValueError where the file holds no complete model, OSError where it cannot be read.
    """
    try:
        check_is_file(path)
        if os.path.getsize(path) > MOST_BYTES:
            raise ValueError(f"it has {os.path.getsize(path):,} bytes; a file may have {MOST_BYTES:,}")
        with open(path, encoding="utf-8") as file:
            model = json.load(file)
        _check(model)
    except json.JSONDecodeError as error:
        # Without its own message, which on PyPy may contain half a character, and cannot be shown then.
        place = f"it is no JSON from line {error.lineno}, column {error.colno} on"
        raise ValueError(f"{path} is not a model that can be loaded: {place}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not a model that can be loaded: {error}") from None
    biases = [[float(b) for [b] in layer] for layer in model["biases"]]
    weights = [[[float(v) for v in row] for row in w] for w in model["weights"]]
    return model["sizes"], biases, weights, model.get("notes")


def check_size(sizes: list[int]) -> None:
    """Raise ValueError where a network of these sizes is too large for a file."""
    numbers = sum((m + 1) * n for m, n in zip(sizes, sizes[1:]))
    if numbers > MOST_NUMBERS:
        found = f"{checks.shown(sizes)} has {checks.shown(numbers)} weights and biases"
        raise ValueError(f"a network of {found}; a file may hold {MOST_NUMBERS:,}")


def _check(model: Any) -> None:
    if not isinstance(model, dict) or not {"sizes", "weights", "biases", "cost"} <= model.keys():
        raise ValueError('it must be an object with "sizes", "weights", "biases" and "cost"')
    checks.sizes(model["sizes"])
    if model["cost"] not in ("QuadraticCost", "CrossEntropyCost"):
        cost = checks.shown(model["cost"])
        raise ValueError(f'"cost" is {cost}; it must be "QuadraticCost" or "CrossEntropyCost"')
    _check_layers("weights", model["weights"], model["sizes"][1:], model["sizes"])
    _check_layers("biases", model["biases"], model["sizes"][1:], repeat(1))


def _check_layers(name: str, layers: Any, heights: list[int], widths: Iterable[int]) -> None:
    if not isinstance(layers, list) or len(layers) != len(heights):
        raise ValueError(f"{name} must be a list of {len(heights)} matrices, to go with sizes")
    for l, (matrix, n, m) in enumerate(zip(layers, heights, widths)):
        rows = matrix if isinstance(matrix, list) else []
        if len(rows) != n or not all(isinstance(row, list) and len(row) == m for row in rows):
            wanted = f"{checks.shown(n)} rows of {checks.shown(m)} numbers"
            raise ValueError(f"{name}[{l}] must be {wanted}, to go with sizes")
        for j, row in enumerate(rows):
            for k, entry in enumerate(row):
                if isinstance(entry, bool) or not checks.is_finite(entry):
                    place, found = f"{name}[{l}][{j}][{k}]", checks.shown(entry)
                    raise ValueError(f"{place} is {found}; it must be a finite number")
