"""Finds out what the networks of a class compute: which activations, which cost, and with which sign.

    is_guessed = choose_model(trial, cost=None)
    trial.model
"""

from __future__ import annotations

import contextlib
import inspect
import re
import sys
from collections.abc import Callable
from itertools import product
from math import isclose
from typing import Any

from purenet.checker.candidate import Candidate, Way, make
from purenet.checker.comparison import Trial
from purenet.checker.conventions import probe
from purenet.checker.guarded_call import tried
from purenet.checker.judge_training import is_right_by
from purenet.checker.mistakes import IMPOSSIBLE, SIGN, is_close
from purenet.checker.verdict import Note
from purenet.checker.reference import ACTIVATIONS, CROSS_ENTROPY, QUADRATIC, Model
from purenet.matrix import Vector, scale
from purenet.network import Network
from purenet.support.lists_or_arrays import numbers

COSTS = QUADRATIC, CROSS_ENTROPY
BOOK = "σ", "σ"
NO_COST = r"(?!.*(deriv|prime|delta|grad|total|history|print|plot))(?!_?d_|__)"
COST = re.compile(NO_COST + r".*(cost|loss|error|entropy|mse|nll|objective)", re.IGNORECASE)
NAMES = {
    CROSS_ENTROPY: re.compile(r"_*((binary|categorical)_?)?cross.?entropy|bce|log.?loss|nll", re.IGNORECASE),
    QUADRATIC: re.compile(r"_*(mse|quadratic|(mean_?)?squared)", re.IGNORECASE),
}
DECLARED = Model(), Model(cost=CROSS_ENTROPY), Model(output="softmax", cost=CROSS_ENTROPY)


def choose_model(trial: Trial, cost: str | None) -> bool:
    """Choose the model by which least is wrong with the gradient. Returns whether its cost is a guess."""
    trial.answers("feedforward")
    if trial.hangs:
        return False
    costs = [cost] if cost else declared(trial.way)
    network_class: Any = trial.network_class
    has_own = issubclass(network_class, Network) and network_class.cost is not Network.cost
    if has_own and not cost and costs != [QUADRATIC]:
        trial.model = trial.measured(Model(), is_own=True)
        return False
    kinds = [BOOK]
    if not trial.is_right("feedforward"):
        others = [kind for kind in product(ACTIVATIONS, ACTIVATIONS) if kind[0] != "softmax"]
        kinds = [kind for kind in others if trial.is_right("feedforward", Model(*kind))] + kinds
    method = "backprop" if trial.way.names["backprop"] else "update_mini_batch"
    models = _with_multiples(trial, method, [
        Model(*kind, each)
        for kind in kinds
        for each in ([CROSS_ENTROPY] if kind[1] == "softmax" else costs or COSTS)
    ])
    right = [model for model in models if trial.is_right(method, model)]
    measured = []
    if not right and kinds == [BOOK] and trial.compared("feedforward").reasons == [Note.UNKNOWN]:
        measured = [trial.measured(model) for model in DECLARED if model.cost in (costs or COSTS)]
        measured = _with_multiples(trial, method, measured)
        right = [model for model in measured if trial.is_right(method, model)]
    # Without σ in the hidden layers, a class that has a σ is wrong, unless it names what it has instead.
    words = _words(trial.way)
    named = [model for model in models if model.hidden.lower() in words]
    likely = named or [model for model in models if model.hidden == "σ" or trial.way.names["sigmoid"] is None]
    if right:
        trial.model = right[0]
    elif measured and not any(trial.compared(method, model).mistakes for model in likely):
        trial.model = measured[0]
    else:
        trial.model = min(likely, key=lambda model: len(trial.compared(method, model).mistakes) or 9)
    if [mistake.words for mistake in trial.compared("backprop").mistakes] == [SIGN]:
        # A step that is right whatever backprop gives does not call it.
        if trial.is_right("update_mini_batch") and not is_right_by(trial, lambda nabla: None):
            trial.model = trial.model._replace(sign=-1.0)
    is_guessed = trial.model[1:3] == ("σ", CROSS_ENTROPY) and not costs
    if is_guessed and not right:
        trial.remarks.append(
            "It is judged by the cross-entropy, since σ′(z) is left out at the output. --cost quadratic or "
            "--cost cross-entropy says which cost is meant."
        )
    model = trial.model
    if model.nabla:
        trial.remarks.append("It is judged by finite differences of the cost of what feedforward gives.")
    elif model[:2] != BOOK:
        layers = f"Its hidden layers have {model.hidden}, and its output {model.output}"
        trial.remarks.append(f"{layers}: it is judged by these.")
    if not is_guessed:
        if model.multiple:
            trial.remarks.append(f"Its gradient is that of {model}, a multiple of the usual cost.")
        elif model.cost == CROSS_ENTROPY:
            why = "as was asked for" if cost else "which it declares" if costs else "which goes with softmax"
            trial.remarks.append(f"It is judged by {model} as its cost, {why}.")
    return is_guessed


def _words(way: Way) -> str:
    """The names that the class, its module and its networks have, in small letters."""
    net, _ = tried(way.files, make, way.network_class, way.made, way.sizes)
    has = list(getattr(net, "__dict__", {}).values())
    of_functions = [getattr(value, "__name__", value) for value in has if not _is_data(value)]
    beside = vars(sys.modules.get(way.network_class.__module__, object))
    return " ".join(map(str, (*dir(way.network_class), *beside, *of_functions))).lower()


def _with_multiples(trial: Trial, method: str, models: list[Model]) -> list[Model]:
    """The models, and each again by that multiple of its cost that the errors at the output show."""
    return [each for model in models for each in (model, _multiple(trial, method, model)) if each]


def _multiple(trial: Trial, method: str, model: Model) -> Model | None:
    """The model with the multiple of its cost, c or c/n for n outputs, that the errors at the output show."""
    errors, _ = tried(trial.way.files, trial.errors, method, model)
    if not errors or len(errors) < 2 or not all(map(all, errors[0])):  # One error is a multiple of any other.
        return None
    outputs, c = len(errors[0][0]), abs(errors[0][0][0] / errors[0][1][0])
    if not 1e-3 < c < 1e3:  # It is too small to be compared, or another cost.
        return None
    # Where backprop is not seen, another multiple may also be a step of another length.
    if is_close([c], [1.0]) and is_close(*errors[-1]) or method != "backprop" and round(c, 4) not in (1, 2):
        return None
    factors: list[Callable[[int], float]] = [lambda n: c, lambda n: c * outputs / n]
    for factor in factors:
        if all(is_close(map(abs, got), map(abs, scale(factor(len(got)), wanted))) for got, wanted in errors):
            return model._replace(factor=factor)
    return None


def declared(way: Way) -> list[str]:
    """The costs that the class declares, as networks of it have them, or as stand beside it."""
    net, _ = tried(way.files, Candidate, way, *probe(way.sizes))
    if not net:
        return []
    own = {name: getattr(net.net, name, None) for name in filter(COST.match, dir(net.net))}
    own = {name: value for name, value in own.items() if isinstance(value, str) or not _is_data(value)}
    module = way.network_class.__module__
    others = vars(sys.modules.get(module, object)).items()
    beside = {name: f for name, f in others if COST.match(name) and getattr(f, "__module__", "") == module}
    found: list[str] = []
    for there in (own, beside):
        for name, value in there.items() if not found and (there is own or not own) else ():
            name = value if isinstance(value, str) else getattr(value, "__name__", type(value).__name__)
            functions = [value, *(getattr(value, key) for key in dir(value) if not key.startswith("__"))]
            known = [_known(way, net, function) for function in functions]
            by_name = next((cost for cost, names in NAMES.items() if names.match(name)), "")
            found.append(next(filter(None, known), by_name))
        found = list(dict.fromkeys(filter(None, found)))
    return found


def _is_data(value: Any) -> bool:
    """Whether it is a number, or a list of them such as a history of costs."""
    return value is None or isinstance(value, (list, tuple, dict, int, float)) or hasattr(value, "shape")


def _known(way: Way, net: Candidate, function: Any) -> str:
    """Which cost, or a multiple of it, the function gives; "" if none."""
    y = [float(k == 0) for k in range(net.sizes[-1])]
    for order in range(3) if inspect.isroutine(function) else ():

        def value(x: Vector) -> tuple[float, Vector]:
            a = net.feedforward(x)
            return numbers([function(*map(way.x.vector, ((a, y), (y, a), (x, y))[order]))])[0], a

        given = [tried(way.files, value, [c - 0.4 * k for k in range(net.sizes[0])])[0] for c in (0.2, 0.5)]
        for model in DECLARED if None not in given else ():
            with contextlib.suppress(*IMPOSSIBLE):
                first, second = (value / model.measure(a, y) for value, a in given)
                if 0 < first and isclose(first, second, rel_tol=1e-6):
                    return model.cost
    return ""
