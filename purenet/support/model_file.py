"""A trained network in a file: JSON, in the form of the book's `network2.py`.

    write("model.json", net.sizes, net.biases, net.weights)
    sizes, biases, weights, notes = read("model.json")

The file holds "sizes", "weights", "biases" as columns [[b], ...], "cost", and perhaps "notes". JSON can name
no code to run, and what `read` gives has been looked at number by number.
"""

from __future__ import annotations

import json
from os import PathLike
from typing import Any

from purenet.support import checks
from purenet.support.files import reading, replacing
from purenet.support.lists_or_arrays import Matrix, Vector

MOST_DEPTH = 100  # of notes: deeper, Python may fail to read what it has written
MOST_BYTES = 30 * checks.MOST_PARAMETERS  # a float takes up to 24; the rest is for brackets, commas and notes


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

    Raises ValueError or TypeError for what is no network, ValueError for notes that JSON cannot hold and where
    the file would be too large to read, OSError where writing fails.
    """
    checks.parameters(sizes, biases, weights)
    columns = [[[b] for b in layer] for layer in biases]
    model = {"sizes": sizes, "weights": weights, "biases": columns, "cost": "QuadraticCost"}
    if _depth(notes) > MOST_DEPTH:
        raise ValueError(f"{path} is not saved: its notes are nested more than {MOST_DEPTH} deep")
    try:
        text = json.dumps(model if notes is None else {**model, "notes": notes}, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path} is not saved: JSON cannot hold its notes: {error}") from None
    if len(text) > MOST_BYTES:
        raise ValueError(f"{path} would have {len(text):,} bytes; a file may have {MOST_BYTES:,}")
    with replacing(path) as file:
        file.write(text)


def read(path: str | PathLike[str]) -> tuple[list[int], list[Vector], list[Matrix], Any]:
    """(sizes, biases, weights, notes) of the model at `path`, to the last bit what `write` was given.

    Raises ValueError where the file holds no complete model, OSError where it cannot be read.
    """
    with reading(path, MOST_BYTES, " is not a model that can be loaded") as file:
        try:
            model = json.loads(b"".join(file))
        except json.JSONDecodeError as error:
            # Without its own message, which on PyPy may contain half a character, and cannot be shown then.
            place = f"line {error.lineno}, column {error.colno}"
            raise ValueError(f"it is no JSON from {place} on") from None
        sizes, biases, weights, notes = _fields(model)
        checks.parameters(sizes, biases, weights)
    # JSON written by others may have integers.
    biases = [[float(b) for b in layer] for layer in biases]
    weights = [[[float(v) for v in row] for row in w] for w in weights]
    return sizes, biases, weights, notes


def _depth(nested: Any) -> int:
    """How many lists and dicts stand within each other, up to one more than MOST_DEPTH."""
    depth, layer = 0, [nested]
    while layer and depth <= MOST_DEPTH:
        values = [list(v.values()) if isinstance(v, dict) else v for v in layer]
        layer = [entry for v in values if isinstance(v, (list, tuple)) for entry in v]
        depth += 1
    return depth


def _fields(model: Any) -> tuple[Any, Any, Any, Any]:
    """(sizes, biases, weights, notes) with the biases in flat lists; their numbers and shapes may be wrong."""
    if not isinstance(model, dict) or not {"sizes", "weights", "biases", "cost"} <= model.keys():
        raise ValueError('it must be an object with "sizes", "weights", "biases" and "cost"')
    if model["cost"] not in ("QuadraticCost", "CrossEntropyCost"):
        cost = checks.shown(model["cost"])
        raise ValueError(f'"cost" is {cost}; it must be "QuadraticCost" or "CrossEntropyCost"')
    try:
        biases = [[b for [b] in layer] for layer in model["biases"]]
    except (TypeError, ValueError):
        raise ValueError('"biases" must be a list of columns [[b], ...]') from None
    return model["sizes"], biases, model["weights"], model.get("notes")
