"""Finds out what the networks of a class compute: which activations, which cost, and with which sign.

    is_guessed = choose_model(trial, cost=None)
    trial.model
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from itertools import product
from math import isclose, isfinite
from types import SimpleNamespace
from typing import Any

from purenet.checker.candidate import Candidate, Way
from purenet.checker.comparison import Trial
from purenet.checker.conventions import probe
from purenet.checker.guarded_call import tried
from purenet.checker.judge_training import steps_by_backprop
from purenet.checker.mistakes import SIGN, is_close
from purenet.checker.reference import ACTIVATIONS, CROSS_ENTROPY, QUADRATIC, Model, Step
from purenet.gradcheck import numerical_gradient
from purenet.matrix import Vector, scale, subtract
from purenet.network import Network
from purenet.support.lists_or_arrays import numbers

COSTS = QUADRATIC, CROSS_ENTROPY
BOOK = "σ", "σ"
COST = re.compile(
    r"(?!.*(deriv|prime|delta|grad|total|history|print|plot))(?!_?d_|__)"
    r".*(cost|loss|error|entropy|mse|nll|objective)",
    re.IGNORECASE,
)
CROSS = re.compile(r"_*((binary|categorical)_?)?cross.?entropy|bce|log.?loss|nll", re.IGNORECASE)
DECLARED = Model(), Model(cost=CROSS_ENTROPY), Model(output="softmax", cost=CROSS_ENTROPY)
Factor = Callable[[int], float]


def choose_model(trial: Trial, cost: str | None) -> bool:
    """Choose the model by which least is wrong with the gradient. Returns whether its cost is a guess."""
    trial.answers("feedforward")
    if trial.hangs:
        return False
    costs: dict[str, Any] = {cost: lambda n: 1.0} if cost else declared(trial.way)
    network_class: Any = trial.network_class
    has_own = issubclass(network_class, Network) and network_class.cost is not Network.cost
    if has_own and not cost and set(costs) != {QUADRATIC}:
        trial.model = Model(error=_error_of_own_cost(trial))
        return False
    kinds = [BOOK]
    if not trial.is_right("feedforward"):
        others = [kind for kind in product(ACTIVATIONS, ACTIVATIONS) if kind[0] != "softmax"]
        kinds = [kind for kind in others if trial.is_right("feedforward", Model(*kind))] + kinds
    models = [model for kind in kinds for model in _models(kind, costs)]
    method = "backprop" if trial.way.names["backprop"] else "update_mini_batch"
    right = [model for model in models if trial.is_right(method, model)]
    # Without σ in the hidden layers, a class that has a σ is not of another kind, but wrong.
    has_sigmoid = trial.way.names["sigmoid"] is not None
    likely = [model for model in models if model.hidden == "σ" or not has_sigmoid]
    if right:
        trial.model = right[0]
    else:
        trial.model = min(likely, key=lambda model: len(trial.compared(method, model).mistakes) or 9)
    if [mistake.words for mistake in trial.compared("backprop").mistakes] == [SIGN]:
        if trial.is_right("update_mini_batch") and steps_by_backprop(trial):
            trial.model = trial.model._replace(sign=-1.0)
    is_guessed = trial.model[:3] == (*BOOK, CROSS_ENTROPY) and not costs
    if is_guessed and not right:
        trial.note(
            "It is judged by the cross-entropy, since σ′(z) is left out at the output. --cost quadratic or "
            "--cost cross-entropy says which cost is meant."
        )
    elif not is_guessed:
        model = trial.model
        if model[:2] != BOOK:
            layers = f"Its hidden layers have {model.hidden}, and its output {model.output}"
            trial.note(f"{layers}: it is judged by these.")
        if model.error:
            trial.note("It is judged by its own cost, which is a multiple of the usual one.")
        elif model.cost == CROSS_ENTROPY:
            why = "as was asked for" if cost else "which it declares" if costs else "which goes with softmax"
            trial.note(f"It is judged by {model} as its cost, {why}.")
    return is_guessed


def _models(kind: tuple[str, str], costs: dict[str, Any]) -> Iterator[Model]:
    """The models of these activations with each cost, which a class may multiply by a factor."""
    for cost in [CROSS_ENTROPY] if kind[1] == "softmax" else costs or COSTS:
        yield Model(*kind, cost)
        if cost in costs and not is_close([costs[cost](3)], [1.0]):

            def error(s: Any, factor: Factor = costs[cost]) -> Any:
                return scale(factor(len(s.y)), subtract(s.output, s.y))

            yield Model(*kind, cost, error)


def _error_of_own_cost(trial: Trial) -> Step:
    """∂C/∂a of the class's own cost(x, y), from ∂C/∂b = ∂C/∂a ⊙ σ′(z) in the last layer, which is measured."""

    def error(s: Any) -> Any:
        net = Candidate(trial.way, s.net.biases, s.net.weights).net
        last = SimpleNamespace(biases=net.biases[-1:], weights=[], feedforward=lambda x: x)
        nabla_b, _ = numerical_gradient(last, s.net.activations[0], s.y, cost=net.cost)
        return [b / slope for b, slope in zip(numbers(nabla_b), s.last.slope_at(s.net.zs[-1]))]

    return error


# Which cost a class says it has: by a cost object like that of the book's network2.py, or by a function of it.


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

    def vector(v: Vector) -> Any:
        return way.x.vector(v)

    def of_input(a: Vector) -> tuple[Any, Vector]:
        x = [a[0] - 0.4 * k for k in range(net.sizes[0])]
        return function(vector(x), vector(y)), net.feedforward(x)

    calls = [
        lambda a: (function(vector(a), vector(y)), a),
        lambda a: (function(vector(y), vector(a)), a),
        of_input,
    ]
    for call in calls if inspect.isroutine(function) else ():
        given = [tried(way.files, call, a)[0] for a in outputs]
        for model in DECLARED if None not in given else ():
            try:
                first, second = (numbers([value])[0] / model.measure(a, y) for value, a in given)
            except (TypeError, ValueError, IndexError, ZeroDivisionError):
                continue
            if 0 < first and isfinite(first) and isclose(first, second, rel_tol=1e-6):
                return model.cost, first
    return "", 1.0
