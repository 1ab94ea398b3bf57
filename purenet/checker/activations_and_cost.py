"""Finds out what the networks of a class compute: which activations, which cost, and with which sign.

    is_guessed = choose_model(trial, cost=None)
    trial.model
"""

from __future__ import annotations

import contextlib
import inspect
import re
import sys
from itertools import product
from math import isclose
from typing import Any

from purenet.checker.candidate import Candidate, Way, make
from purenet.checker.comparison import Trial
from purenet.checker.conventions import probe
from purenet.checker.guarded_call import tried
from purenet.checker.judge_training import is_right_by
from purenet.checker.mistakes import IMPOSSIBLE, MEAN, MULTIPLES, SIGN, find_mistakes
from purenet.checker.reference import ACTIVATIONS, CROSS_ENTROPY, QUADRATIC, Model
from purenet.checker.verdict import Note
from purenet.matrix import Vector
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
    of_output = {"softmax": [CROSS_ENTROPY]}  # what goes with it
    models = [Model(*kind, each) for kind in kinds for each in of_output.get(kind[1], costs or COSTS)]
    if kinds == [BOOK] and trial.compared("feedforward").reasons == [Note.UNKNOWN]:
        models += [trial.measured(model) for model in DECLARED if model.cost in (costs or COSTS)]
    method = "backprop" if trial.gave("backprop") else "update_mini_batch"
    models = [each for model in models for each in (model, multiple_of(trial, method, model)) if each]
    # Without σ in the hidden layers, a class that has a σ is wrong, unless it names what it has instead.
    words, has_sigmoid = _words(trial.way), trial.way.names["sigmoid"] is not None
    named = {model.hidden for model in models if model.hidden.lower() in words}
    likely = named or ({"σ"} if has_sigmoid else {*ACTIVATIONS})

    def rank(model: Model) -> int:
        if trial.is_right(method, model):
            return 0
        if model.nabla:
            return 2
        is_explained = model.hidden in likely and trial.compared(method, model, most=1).mistakes
        return 1 if is_explained else 3 if model.hidden in likely else 4

    trial.model = min(models, key=rank)
    twice = trial.model._replace(times=2.0)  # A mistake may hide the factor of (a − y)².
    if trial.model.times == 1 and rank(trial.model) > 2 and trial.compared(method, twice, most=1).mistakes:
        trial.model = twice
    # A step that is right whatever backprop gives does not call it.
    if trial.compared("backprop").causes == [SIGN] and trial.is_right("update_mini_batch"):
        if not is_right_by(trial, lambda nabla: None):
            trial.model = trial.model._replace(times=-trial.model.times)
    is_guessed = trial.model[1:3] == ("σ", CROSS_ENTROPY) and not costs
    if is_guessed and not trial.is_right(method):
        trial.remarks.append(
            "It is judged by the cross-entropy, since σ′(z) is left out at the output. --cost quadratic or "
            "--cost cross-entropy says which cost is meant."
        )
    model = trial.model
    if model.nabla:
        trial.remarks.append("Its activation is not known, so finite differences alone say what is right.")
    elif model[:2] != BOOK:
        layers = f"Its hidden layers have {model.hidden}, and its output {model.output}"
        trial.remarks.append(f"{layers}: it is judged by these.")
    if model.multiple and not is_guessed:
        trial.remarks.append(f"Its gradient is that of {model}, a multiple of the usual cost.")
    elif model.cost == CROSS_ENTROPY and not is_guessed:
        why = "as was asked for" if cost else "which it declares" if costs else "which goes with softmax"
        trial.remarks.append(f"It is judged by {model} as its cost, {why}.")
    return is_guessed


def _words(way: Way) -> str:
    """The names that the class, its module and its networks have, in small letters."""
    net, _ = tried(way.files, make, way.network_class, way.made, way.sizes)
    values = [_name(value) for value in getattr(net, "__dict__", {}).values()]
    beside = vars(sys.modules.get(way.network_class.__module__, object))
    return " ".join([*dir(way.network_class), *beside, *values]).lower()


def _name(value: Any) -> str:
    return value if isinstance(value, str) else str(getattr(value, "__name__", type(value).__name__))


def multiple_of(trial: Trial, method: str, model: Model) -> Model | None:
    """The model with the multiple of its cost that the errors at the output show."""
    gives = trial.gives(method, model)
    errors = [(case, answer[0][-1]) for case, answer, trouble in trial.answers(method) if not trouble]
    of_output = lambda mistakes, case: gives(mistakes, case)[0][-1]
    for mistake in find_mistakes(of_output, errors, MULTIPLES) if errors else ():
        c = abs(mistake.c or 0)
        # A large or small one is another cost, or where backprop is not seen a step of another length.
        if 1e-3 < c < 1e3 and (method == "backprop" or round(c, 4) in (1, 2)):
            return model._replace(times=c, is_mean=mistake.words == MEAN)
    return None


def declared(way: Way) -> list[str]:
    """The costs that the class declares, as networks of it have them, or as stand beside it."""
    net, _ = tried(way.files, Candidate, way, *probe(way.sizes))
    own = [getattr(net.net, name, None) for name in filter(COST.match, dir(net.net))] if net else []
    module = way.network_class.__module__
    others = vars(sys.modules.get(module, object)).items()
    beside = [f for name, f in others if COST.match(name) and getattr(f, "__module__", "") == module]
    found = [_cost(way, net, value) for value in [v for v in own if not _is_data(v)] or beside] if net else []
    return list(dict.fromkeys(filter(None, found)))


def _is_data(value: Any) -> bool:
    """Whether it is a number, or a list of them such as a history of costs."""
    return value is None or isinstance(value, (list, tuple, dict, int, float)) or hasattr(value, "shape")


def _cost(way: Way, net: Candidate, value: Any) -> str:
    """Which cost, or a multiple of it, this function or method of this object gives, or else its name says."""
    y = [float(k == 0) for k in range(net.sizes[-1])]
    methods = [getattr(value, key) for key in dir(value) if not key.startswith("__")]
    for function, order in product(filter(inspect.isroutine, [value, *methods]), range(3)):

        def cost(x: Vector) -> tuple[float, Vector]:
            a = net.feedforward(x)
            return numbers([function(*map(way.x.vector, ((a, y), (y, a), (x, y))[order]))])[0], a

        given = [tried(way.files, cost, [c - 0.4 * k for k in range(net.sizes[0])])[0] for c in (0.2, 0.5)]
        for model in DECLARED if None not in given else ():
            with contextlib.suppress(*IMPOSSIBLE):
                first, second = (c / model.measure(a, y) for c, a in given)
                if 0 < first and isclose(first, second, rel_tol=1e-6):
                    return model.cost
    return next((known for known, names in NAMES.items() if names.match(_name(value))), "")
