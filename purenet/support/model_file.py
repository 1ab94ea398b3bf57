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

MOST_DEPTH = 100  # of notes: deeper, Python may fail to read what it has written, or end
MOST_BYTES = 30 * checks.MOST_PARAMETERS  # a float takes up to 24; the rest is for brackets, commas and notes
FIELDS = "sizes", "weights", "biases", "cost"


def write(
    path: str | PathLike[str], sizes: list[int], biases: list[Vector], weights: list[Matrix], notes: Any = None
) -> None:
    """Replace the file at `path` in one step by a network's lists and `notes`, anything that JSON can hold.

    Raises ValueError or TypeError for what is no network, ValueError for notes that JSON cannot hold and where
    the file would be too large to read, OSError where writing fails.
    """
    checks.parameters(sizes, biases, weights)
    columns = [[[b] for b in layer] for layer in biases]
    model: dict[str, Any] = dict(zip(FIELDS, (sizes, weights, columns, "QuadraticCost")))
    if notes is not None:
        model["notes"] = notes
    if _depth(notes) > MOST_DEPTH:
        raise ValueError(f"{path} is not saved: its notes are nested more than {MOST_DEPTH} deep")
    try:
        text = json.dumps(model, allow_nan=False)
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
            model = json.loads(b"".join(file).decode())
        except json.JSONDecodeError as error:
            # Without its own message, which on PyPy may contain half a character, and cannot be shown then.
            raise ValueError(f"it is no JSON from line {error.lineno}, column {error.colno} on") from None
        if not isinstance(model, dict) or not {*FIELDS} <= model.keys():
            raise ValueError(f"it must be an object with {', '.join(FIELDS)}")
        sizes, weights, columns, cost = (model[name] for name in FIELDS)
        if cost not in ("QuadraticCost", "CrossEntropyCost"):
            raise ValueError(f"cost is {checks.shown(cost)}; it must be QuadraticCost or CrossEntropyCost")
        try:
            biases = [[b for [b] in layer] for layer in columns]
        except (TypeError, ValueError):
            raise ValueError("biases must be a list of columns [[b], ...]") from None
        checks.parameters(sizes, biases, weights)
    # JSON written by others may have integers.
    biases = [[float(b) for b in layer] for layer in biases]
    weights = [[[float(v) for v in row] for row in w] for w in weights]
    return sizes, biases, weights, model.get("notes")


def _depth(nested: Any) -> int:
    """How many lists and dicts stand within each other, up to one more than MOST_DEPTH."""
    depth, layer = 0, [nested]
    while layer and depth <= MOST_DEPTH:
        values = [list(v.values()) if isinstance(v, dict) else v for v in layer]
        layer = [entry for v in values if isinstance(v, (list, tuple)) for entry in v]
        depth += 1
    return depth
