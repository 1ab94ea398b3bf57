"""Where an object keeps its biases and weights, under whatever names.

    found = find(net, [2, 3, 4, 5])
    found.biases.get(net, 0)        # the biases of the first layer

They are found by their shapes, which differ from layer to layer in a network of such sizes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

from purenet.support.arrays import shape

Path = tuple[tuple[str, Any], ...]  # of steps ("attribute", name) and ("entry", index or key)
PREFERRED = {
    "biases": re.compile(r"_*(b|bias|biases)(_*\d+)?$", re.IGNORECASE),
    "weights": re.compile(r"_*(w|weight|weights|theta|thetas)(_*\d+)?$", re.IGNORECASE),
}


class Place:
    """The paths from an object to what each of its layers has: those given, or others in the same series."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths
        # The one step that differs counts up, as in net.b[0], net.b[1] or in net.W1, net.W2.
        steps = [k for k, column in enumerate(zip(*paths)) if len(set(column)) > 1]
        self.step, self.start = steps[0] if steps else -1, 0
        counts = [self._count(path[self.step][1]) for path in paths]
        self.counts = len(steps) <= 1 and counts == list(range(counts[0], counts[0] + len(counts)))
        self.start = counts[0]

    @staticmethod
    def _count(key: Any) -> int:
        if isinstance(key, int):
            return key
        digits = re.search(r"\d+$", str(key))
        return int(digits.group()) if digits else -1

    def path(self, l: int) -> Path:
        """The path of layer l, counted from 0."""
        if not self.counts:
            return self.paths[l]
        path = list(self.paths[0])
        kind, key = path[self.step]
        number = self.start + l
        path[self.step] = (kind, number if isinstance(key, int) else re.sub(r"\d+$", str(number), key))
        return tuple(path)

    @property
    def is_list(self) -> bool:
        """Whether an attribute is a list of just these."""
        first = self.path(0)
        return len(first) == 2 and first[0][0] == "attribute" and first[1] == ("entry", 0)

    def get(self, net: Any, l: int) -> Any:
        """What layer l has."""
        for kind, key in self.path(l):
            net = getattr(net, key) if kind == "attribute" else net[key]
        return net

    def put(self, net: Any, values: list[Any]) -> None:
        """Put a value in the place of what each layer has; where a list holds just these, put a new list
        there.
        """
        if self.is_list:
            setattr(net, self.path(0)[0][1], values)
            return
        for l, value in enumerate(values):
            *way, (kind, key) = self.path(l)
            holder = net
            for how, step in way:
                holder = getattr(holder, step) if how == "attribute" else holder[step]
            if kind == "attribute":
                setattr(holder, key, value)
            else:
                holder[key] = value

    def __str__(self) -> str:
        return written_path(self.path(0)) if self.counts else ", ".join(map(written_path, self.paths))


def written_path(path: Path) -> str:
    return "net" + "".join(f".{key}" if kind == "attribute" else f"[{key!r}]" for kind, key in path)


class Found(NamedTuple):
    """Where the parameters are; `transposed` where weights have the shape (in, out)."""

    biases: Place
    weights: Place
    transposed: bool


def find(net: Any, sizes: list[int]) -> Found:
    """Where the parameters of the object are. Raises ValueError where they are not found."""
    pairs = list(zip(sizes, sizes[1:]))
    matrices: list[tuple[int, ...]] = [(n, m) for m, n in pairs]
    turned: list[tuple[int, ...]] = list(pairs)
    vectors = [[(n,), (n, 1), (1, n)] for n in sizes[1:]]
    for name, wanted in (("biases", vectors), ("weights", [[m, t] for m, t in zip(matrices, turned)])):
        _require_numbers(name, getattr(net, name, None))
    nodes = list(_walk(net, (), {*matrices, *turned, *(v for each in vectors for v in each)}, 0))
    series = [_series(nodes, [each[k] for each in vectors], "biases") for k in range(3)]
    biases = min(filter(None, series), key=lambda paths: _rank("biases", paths[0]), default=None)
    weights = _series(nodes, matrices, "weights")
    transposed = None if weights else _series(nodes, turned, "weights")
    if not biases or not (weights or transposed):
        _explain(net, sizes, pairs)
    return Found(Place(biases or []), Place(weights or transposed or []), not weights)


def _fits(value: Any, wanted: tuple[int, ...]) -> bool:
    if shape(value) != wanted:
        return False
    return hasattr(value, "shape") or len(wanted) == 1 or all(shape(row) == wanted[1:] for row in value)


def _walk(value: Any, path: Path, wanted: set[tuple[int, ...]], depth: int) -> Iterator[tuple[Path, Any]]:
    """What can be reached from an object, down to what has one of these shapes."""
    if path and any(_fits(value, each) for each in wanted):
        yield path, value
        return
    if (
        depth > 5
        or hasattr(value, "shape")
        or isinstance(value, (str, bytes, type, ModuleType))
        or callable(value)
    ):
        return
    steps: list[tuple[tuple[str, Any], Any]] = []
    if isinstance(value, (list, tuple)):
        steps = [(("entry", k), entry) for k, entry in enumerate(value[:9])]
    elif isinstance(value, dict):
        steps = [(("entry", key), entry) for key, entry in value.items()]
    else:
        names = [*getattr(value, "__dict__", {}), *(("biases", "weights") if not path else ())]
        slots = [name for cls in type(value).__mro__ for name in getattr(cls, "__slots__", ())]
        steps = [
            (("attribute", name), getattr(value, name))
            for name in dict.fromkeys([*names, *slots])
            if isinstance(name, str) and hasattr(value, name)
        ]
    for step, entry in steps:
        yield from _walk(entry, (*path, step), wanted, depth + 1)


def _rank(what: str, path: Path) -> tuple[bool, bool, int]:
    """How unlikely it is that this is the path to what is sought."""
    names = [str(key) for kind, key in path if isinstance(key, str)]
    return names[:1] != [what], not any(PREFERRED[what].match(name) for name in names), len(path)


def _series(nodes: list[tuple[Path, Any]], shapes: list[tuple[int, ...]], what: str) -> list[Path] | None:
    """The paths to values of these shapes, which have most in common with each other and with the name."""
    of_shape = [
        sorted((p for p, value in nodes if _fits(value, each)), key=lambda p: _rank(what, p)) for each in shapes
    ]
    if not all(of_shape):
        return None
    for first in of_shape[0]:
        paths = [first]
        for more in of_shape[1:]:
            alike = [p for p in more if len(p) == len(first) and sum(a != b for a, b in zip(p, first)) == 1]
            paths += alike[:1]
        if len(paths) == len(shapes):
            return paths
    return [paths[0] for paths in of_shape]


def _require_numbers(name: str, kept: Any) -> None:
    """Raise ValueError where the first parameter is neither a number nor something that holds numbers."""
    try:
        while isinstance(kept, (list, tuple)) and kept:
            kept = kept[0]
        if not hasattr(kept, "shape") and not isinstance(kept, (list, tuple, dict, type(None))):
            float(kept)
    except (TypeError, ValueError):
        raise ValueError(f"{name} holds a {type(kept).__name__}; the check sets plain numbers") from None


def _explain(net: Any, sizes: list[int], pairs: list[tuple[int, int]]) -> None:
    """Raise ValueError with what the object has, beside what was looked for."""
    missing = [name for name in ("biases", "weights") if not hasattr(net, name)]
    if missing:
        there = [name for name in getattr(net, "__dict__", {}) if not callable(getattr(net, name))]
        has = f"it has {', '.join(there)}" if there else "it has no attributes"
        raise ValueError(f"{has}; {' and '.join(missing)} of the right shapes for {sizes} were looked for")
    for name in ("biases", "weights"):
        kept = getattr(net, name)
        if not hasattr(kept, "__len__") or len(kept) != len(pairs):
            n = len(kept) if hasattr(kept, "__len__") else "no"
            raise ValueError(f"{name} has {n} entries for sizes {sizes}, not {len(pairs)}")
    for l, (m, n) in enumerate(pairs):
        w, b = shape(net.weights[l]), shape(net.biases[l])
        if not _fits(net.weights[l], (n, m)) and w != (m, n):
            raise ValueError(
                f"weights[{l}] has the shape {w} for sizes {sizes}, not {(n, m)}: "
                f"weights[{l}][j][k] is the weight of input k of neuron j"
            )
        if b not in ((n,), (n, 1), (1, n)):
            raise ValueError(f"biases[{l}] has the shape {b} for sizes {sizes}, not {(n,)} or {(n, 1)}")
    raise ValueError(f"biases and weights have not the same form in every layer, for sizes {sizes}")
