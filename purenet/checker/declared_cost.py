"""Which cost a class says it has: by a cost object like that of the book's network2.py, or by a function of it.

    declared(way)       # {"cross-entropy": <its factor for n outputs>}
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from math import isclose, isfinite
from typing import Any

from purenet.checker.candidate import Candidate, Way
from purenet.checker.conventions import probe
from purenet.checker.guarded_call import tried
from purenet.checker.reference import CROSS_ENTROPY, Model
from purenet.matrix import Vector
from purenet.support.arrays import numbers

COST = re.compile(
    r"(?!.*(deriv|prime|delta|grad|total|history|print|plot))(?!_?d_|__)"
    r".*(cost|loss|error|entropy|mse|nll|objective)",
    re.IGNORECASE,
)
CROSS = re.compile(r"_*((binary|categorical)_?)?cross.?entropy|bce|log.?loss|nll", re.IGNORECASE)
MODELS = Model(), Model(cost=CROSS_ENTROPY), Model(output="softmax", cost=CROSS_ENTROPY)
Factor = Callable[[int], float]


def declared(way: Way) -> dict[str, Factor]:
    """The costs that the class declares, with what each is multiplied by for n outputs."""

    def factor(cost: str) -> Factor:
        return lambda n: _costs(way, n).get(cost, 1.0)

    return {cost: factor(cost) for cost in _costs(way, way.sizes[-1])}


def _costs(way: Way, n: int) -> dict[str, float]:
    """{cost: what it is multiplied by} in networks of n outputs: their own, or those beside the class."""
    found: dict[str, float] = {}
    net, _ = tried(way.files, Candidate, way, *probe([*way.sizes[:-1], n]))
    if not net:
        return found
    own = {name: getattr(net.net, name, None) for name in filter(COST.match, dir(net.net))}
    module = way.network_class.__module__
    others = vars(sys.modules.get(module, object)).items()
    beside = {name: f for name, f in others if COST.match(name) and getattr(f, "__module__", "") == module}
    for there in (own, beside):
        for name, value in there.items() if not found else ():
            name = value if isinstance(value, str) else getattr(value, "__name__", name)
            cost, factor = _known(way, net, getattr(value, "fn", value))
            if cost or CROSS.match(name):
                found.setdefault(cost or CROSS_ENTROPY, factor)
    return found


def _known(way: Way, net: Candidate, function: Any) -> tuple[str, float]:
    """(which cost the function gives, what it is multiplied by), or ("", 1.0)."""
    n = net.sizes[-1]
    y = [float(k == 0) for k in range(n)]
    outputs = [[0.2 + 0.6 * ((k + shift) % n) / n for k in range(n)] for shift in (0, 1)]

    def of_output(a: Vector) -> tuple[Any, Vector]:
        return function(way.x.vector(a), way.x.vector(y)), a

    def of_target(a: Vector) -> tuple[Any, Vector]:
        return function(way.x.vector(y), way.x.vector(a)), a

    def of_input(a: Vector) -> tuple[Any, Vector]:
        x = [a[0] - 0.4 * k for k in range(net.sizes[0])]
        return function(way.x.vector(x), way.x.vector(y)), net.feedforward(x)

    for call in (of_output, of_target, of_input) if inspect.isroutine(function) else ():
        given = [tried(way.files, call, a)[0] for a in outputs]
        for model in MODELS if None not in given else ():
            try:
                first, second = (numbers([value])[0] / model.measure(a, y) for value, a in given)
            except (TypeError, ValueError, IndexError, ZeroDivisionError):
                continue
            if 0 < first and isfinite(first) and isclose(first, second, rel_tol=1e-6):
                return model.cost, first
    return "", 1.0
