"""Explains the gradient of one example: whether it is right, and if not, which mistakes give the same numbers.

    print(explain(net, x, y))
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from types import SimpleNamespace
from typing import Any

from purenet.checker.comparison import named
from purenet.checker.mistakes import MULTIPLE, Mistakes, is_close
from purenet.checker.other_names import method_of
from purenet.checker.reference import ACTIVATIONS, CROSS_ENTROPY, Model, Reference
from purenet.checker.verdict import Note, Verdict, layers
from purenet.gradcheck import numerical_gradient
from purenet.support.lists_or_arrays import cost_method, numbers, plain, require_gradient

PAIRS = 200  # parameters that a network has at the most where two mistakes at once are sought


def explain(network: Any, x: Any, y: Any, cost: Callable[[Any, Any], float] | None = None) -> Verdict:
    """A `Verdict` on the gradient that the network's backprop gives for x and y, by finite differences.

    network   any object with `biases`, `weights`, a feedforward and a backprop, under these or similar names
    x, y      an input and the wanted output, in the form that it takes
    cost      cost(output, y), a number; without it the network's own cost(x, y), or else ½‖y − a‖²

    Raises ValueError where it has no such methods, or where backprop gives something of another shape.
    """
    names = {method: method_of(type(network), method) for method in ("feedforward", "backprop")}
    for method, name in names.items():
        if not name:
            raise ValueError(f"{type(network).__name__} has no method {method}")
    feedforward, backprop = (getattr(network, name or "") for name in names.values())
    is_own = cost or cost_method(network)
    net = SimpleNamespace(biases=network.biases, weights=network.weights, feedforward=feedforward)
    net.cost = getattr(network, "cost", None)
    measured = plain(*numerical_gradient(net, x, y, cost=cost))
    nabla = backprop(x, y)
    require_gradient(nabla, network)
    nabla = plain(*nabla)
    if is_close(nabla, measured):
        return Verdict("backprop", True)
    biases, weights = plain(network.biases, network.weights)

    def given_by(model: Any, mistakes: Mistakes = ()) -> Any:
        return Reference(biases, weights, mistakes, model).backprop(numbers(x), numbers(y))

    if not is_own and is_close(given_by(Model(cost=CROSS_ENTROPY)), nabla):
        return Verdict("backprop", None, [Note.EITHER])
    models = [*(Model(*kind) for kind in product(ACTIVATIONS, ACTIVATIONS)), Model(cost=CROSS_ENTROPY)]
    model = next((model for model in models if is_close(given_by(model), measured)), None)
    if model:  # Else it is a network of another kind.
        most = 2 if len(numbers(nabla)) < PAIRS else 1
        found = named("backprop", [(None, nabla)], lambda mistakes, _: given_by(model, mistakes), most)
        if found:  # A multiple of the gradient is right for a multiple of the cost, if none is said.
            verdict = Verdict("backprop", False, found)
            return verdict._replace(ok=None) if verdict.causes == [MULTIPLE] and not is_own else verdict
    return Verdict("backprop", False, [layers([len(weights[0][0]), *map(len, biases)], nabla, measured)])
