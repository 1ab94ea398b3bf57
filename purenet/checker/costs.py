"""Which cost a class says it has: by a cost object like that of the book's network2.py, or by a function of it.

    declared(way)       # {"cross-entropy": <its factor for n outputs>}
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from math import isclose, isfinite
from typing import Any

from purenet.checker.attempt import tried
from purenet.checker.candidate import SIZES, Candidate, Way
from purenet.checker.reference import CROSS_ENTROPY, QUADRATIC, Model
from purenet.matrix import Vector
from purenet.support.arrays import numbers

COST = re.compile(r"cost|loss|error|entropy|mse|nll|objective", re.IGNORECASE)
OTHER = re.compile(r"deriv|prime|delta|grad|^_?d_|^d[A-Z]|total|history|print|plot", re.IGNORECASE)
NAMED_CROSS_ENTROPY = re.compile(r"_*((binary|categorical)_?)?cross.?entropy|bce|log.?loss|nll", re.IGNORECASE)
MEASURES = {
    QUADRATIC: Model(),
    CROSS_ENTROPY: Model(cost=CROSS_ENTROPY),
    f"{CROSS_ENTROPY} of softmax": Model(output="softmax", cost=CROSS_ENTROPY),
}
Factor = Callable[[int], float]


def declared(way: Way) -> dict[str, Factor]:
    """The costs that the class declares, with what each is multiplied by for n outputs."""
    sizes = SIZES[way.layers == 3]

    def factor(function: Any, kind: str, n: int) -> float:
        ratios = _ratios(way, function, kind, [*sizes[:-1], n])
        return ratios[0] if ratios else 1.0

    def of(function: Any, kind: str) -> Factor:
        return lambda n: factor(function, kind, n)

    found: dict[str, Factor] = {}
    net, _ = tried(way.files, way.make, list(sizes))
    for active in (True, False):
        for name, function in _functions(way, net, active):
            kinds = [kind for kind in MEASURES if _ratios(way, function, kind, sizes)]
            if kinds:
                kind = CROSS_ENTROPY if "entropy" in kinds[0] else QUADRATIC
                found.setdefault(kind, of(function, kinds[0]))
            elif NAMED_CROSS_ENTROPY.match(name):
                found.setdefault(CROSS_ENTROPY, lambda n: 1.0)
        if found:
            break
    return found


def _functions(way: Way, net: Any, active: bool) -> Iterator[tuple[str, Any]]:
    """(name, function) of what may be the cost: what the network has, or else what stands beside the class."""
    if not active:
        module = vars(sys.modules.get(way.network_class.__module__, inspect))
        own = [
            (name, f)
            for name, f in module.items()
            if getattr(f, "__module__", "") == way.network_class.__module__
        ]
        for name, function in own:
            if COST.search(name) and not OTHER.search(name) and inspect.isfunction(function):
                yield name, function
        return
    for name, value in list(getattr(net, "__dict__", {}).items()):
        if hasattr(value, "delta"):
            yield getattr(value, "__name__", type(value).__name__), getattr(value, "fn", None)
        elif COST.search(name) and isinstance(value, str):
            yield value, None
        elif COST.search(name) and inspect.isroutine(value) and not OTHER.search(name):
            yield value.__name__, value
    for name in dir(way.network_class):
        if COST.search(name) and not OTHER.search(name) and not name.startswith("__"):
            found: Any = getattr(net, name, None)
            if callable(getattr(found, "fn", None)):
                yield name, found.fn
            elif inspect.isroutine(found):
                yield name, found


def _ratios(way: Way, function: Any, kind: str, sizes: list[int]) -> list[float]:
    """What the function gives, divided by the cost of that kind, if that is the same for two examples; or
    [].
    """
    if function is None:
        return []
    n = sizes[-1]
    y = [float(k == 0) for k in range(n)]
    outputs = [[0.2 + 0.6 * ((k + shift) % n) / n for k in range(n)] for shift in (0, 1)]
    biases = [[0.1 * k for k in range(size)] for size in sizes[1:]]
    weights = [[[0.2 * j - 0.1 * k for k in range(a)] for j in range(b)] for a, b in zip(sizes, sizes[1:])]

    def of_outputs(a: Vector, first: bool) -> tuple[Any, Vector]:
        pair = [way.x.vector(a), way.x.vector(y)]
        return function(*(pair if first else pair[::-1])), a

    def of_inputs(a: Vector) -> tuple[Any, Vector]:
        net = Candidate(way, biases, weights)
        x = [a[0] - 0.4 * k for k in range(sizes[0])]
        return getattr(net.net, function.__name__)(way.x.vector(x), way.x.vector(y)), net.feedforward(x)

    for call in (lambda a: of_outputs(a, True), lambda a: of_outputs(a, False), of_inputs):
        pairs = [tried(way.files, call, a)[0] for a in outputs]
        try:
            ratios = [numbers([value])[0] / MEASURES[kind].measure(a, y) for value, a in pairs]
        except (TypeError, ValueError, IndexError, ZeroDivisionError):
            continue
        if ratios[0] > 0 and isfinite(ratios[0]) and isclose(*ratios, rel_tol=1e-6):
            return ratios[:1]
    return []
