"""Check a gradient: hold what `backprop` returns against slopes that are measured without calculus.

    from purenet import gradcheck
    gradcheck.check(net, x, y)              # at a prompt: a sentence on the worst parameter
    assert gradcheck.check(net, x, y)       # in a test

Any class will do that has `biases`, `weights`, `feedforward` and `backprop` as `Network` has them. Its vectors
may be lists or arrays, flat or columns of shape (n, 1). Pass x and y in the form that the network takes.

The slope of the cost C along one parameter p is measured by a step of ε to each side, with all others as they
are: the central difference (10). A large ε is inexact because C is curved, a small one because C is rounded.
ε = 10⁻⁵ is near the best there is for floats, and gives about ten right digits; the end of this file shows why.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from math import inf, isfinite
from typing import Any, NamedTuple

from purenet.support.arrays import numbers, places, require_gradient

EPSILON = 1e-5
AnyNetwork = Any    # has biases, weights, feedforward and backprop
AnyVector = Any     # a list or an array, in the form that the network takes
Cost = Callable[[AnyVector, AnyVector], float]


def central_difference(cost: Callable[[], float], row: AnyVector, k: int, epsilon: float) -> float:
    """The slope of `cost()` along the parameter that stands in row[k], which is afterwards what it was."""
    p = row[k]
    try:
        row[k] = p + epsilon
        above, cost_above = row[k], cost()
        row[k] = p - epsilon
        below, cost_below = row[k], cost()
    finally:
        row[k] = p
    if not abs(above - below - 2 * epsilon) <= 1e-4 * epsilon:
        reason = "it is too large, or its array not of 64-bit floats"
        raise ValueError(f"the parameter {p!r} does not change by {epsilon}: {reason}")
    # p ± ε is rounded, so the division is by the step that was really made.
    return float((cost_above - cost_below) / (above - below))   # (10) ∂C/∂p ≈ (C(p + ε) − C(p − ε)) / 2ε


def relative_error(gradient: float, estimate: float, floor: float) -> float:
    """How far apart the two are, relative to the larger of them or to `floor`; infinite where one is no number.

    >>> relative_error(0.5, 0.4, floor=1e-4)
    0.19999999999999996
    """
    distance = abs(gradient - estimate)
    return distance / max(abs(gradient), abs(estimate), floor) if isfinite(distance) else inf


def numerical_gradient(
    net: AnyNetwork, x: AnyVector, y: AnyVector, epsilon: float = EPSILON, cost: Cost | None = None
) -> tuple[Any, Any]:
    """(nabla_b, nabla_w) by (10), shaped like `net.biases` and `net.weights`, and of their type.

    x, y      an input and the output wanted for it, as `net.feedforward` and `net.backprop` take them
    epsilon   ε, the step to each side, between 0 and 1
    cost      cost(output, y), a number; without it the network's own `cost(x, y)`, if it has a method with
              these two arguments, else C = ½‖y − a‖²

    Parameters are changed in place, one at a time. Afterwards each is what it was, to the last bit, even where
    `feedforward` raises. Raises ValueError where ε is out of range, where y and the output differ in length,
    or where a parameter cannot hold p ± ε, such as an integer or a 32-bit float in an array.
    """
    if not 0 < epsilon < 1:
        raise ValueError(f"epsilon is {epsilon!r}; it must be between 0 and 1, such as {EPSILON}")
    measured, _ = _cost_to_measure(net, x, y, cost)
    nabla = copy.deepcopy((list(net.biases), list(net.weights)))
    for (_, row, k), (_, nabla_row, _) in zip(places((net.biases, net.weights)), places(nabla)):
        nabla_row[k] = central_difference(measured, row, k, epsilon)
    return nabla


def check(
    net: AnyNetwork,
    x: AnyVector,
    y: AnyVector,
    epsilon: float = EPSILON,
    cost: Cost | None = None,
    tolerance: float = 1e-5,
) -> Result:
    """A `Result`: whether `net.backprop(x, y)` is the gradient of the cost, and where it is farthest from it.

    The arguments are those of `numerical_gradient`. A relative error up to `tolerance` is right. It is relative
    to the larger gradient, as is usual [1], since small gradients matter as much as large ones. Its floor of
    10⁻⁴ max(1, C) is for gradients that are almost zero: tolerance · floor is ninety times the rounding u C / ε
    or more, below which an estimate is noise. Where the two differ, the change of the estimate when ε is
    doubled is forgiven, since a steep cost is strongly curved too.

    Raises ValueError like `numerical_gradient`, and where `backprop` returns something of another shape.

    [1] A. Karpathy, Stanford CS231n, "Neural Networks Part 3: Gradient checks".
    """
    estimates = numerical_gradient(net, x, y, epsilon, cost)
    nabla = net.backprop(x, y)
    require_gradient(nabla, net, advice="; in a network of equal layers, the numbers can be compared")
    measured, name = _cost_to_measure(net, x, y, cost)
    floor = 1e-4 * max(1.0, abs(measured()))
    results = []
    parameters = places((net.biases, net.weights))
    for (place, row, k), gradient, estimate in zip(parameters, numbers(nabla), numbers(estimates)):
        error = relative_error(gradient, estimate, floor)
        if tolerance < error < inf:
            doubt = abs(central_difference(measured, row, k, 2 * epsilon) - estimate)
            if isfinite(doubt):
                error *= max(0.0, 1 - doubt / abs(gradient - estimate))
        of_weights, layer, neuron, *rest = place    # such as (1, 0, 2, 5) for weights[0][2][5]
        results.append(
            Result(
                ok=error <= tolerance,
                layer=layer,
                neuron=neuron,
                input=rest[0] if of_weights else None,
                backprop=gradient,
                estimate=estimate,
                error=error,
                cost=name,
            )
        )
    return max(results, key=lambda result: result.error)


class Result(NamedTuple):
    """What `check` found. It is true or false as `ok` is, and at a prompt it is a sentence.

    layer, neuron, input   the worst parameter is weights[layer][neuron][input], or biases[layer][neuron] where
                           input is None
    backprop, estimate     ∂C/∂p of that parameter by `backprop` and by (10)
    error                  how far apart they are, see `relative_error`
    cost                   the cost that was measured, as one writes it
    """

    ok: bool
    layer: int
    neuron: int
    input: int | None
    backprop: float
    estimate: float
    error: float
    cost: str

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        place = f"nabla_b[{self.layer}][{self.neuron}]"
        if self.input is not None:
            place = f"nabla_w[{self.layer}][{self.neuron}][{self.input}]"
        verdict = "right" if self.ok else "wrong"
        advice = "" if self.ok else " For another cost, pass cost=. To name the mistake: checker.explain(net, x, y)."
        return (
            f"The gradient is {verdict} for the cost {self.cost}. Where it is farthest off, {place} is "
            f"{self.backprop:.10g} by backprop and {self.estimate:.10g} by finite differences "
            f"(relative error {self.error:.1e}).{advice}"
        )


def quadratic_cost(output: AnyVector, y: AnyVector) -> float:
    """C = ½‖y − a‖² of the output a, for vectors in any form: flat or columns, lists or arrays."""
    a, wanted = numbers(output), numbers(y)
    if len(a) != len(wanted):
        raise ValueError(f"feedforward returns {len(a)} numbers, but y has {len(wanted)}")
    return 0.5 * sum((y_j - a_j) ** 2 for a_j, y_j in zip(a, wanted))


def _cost_to_measure(
    net: AnyNetwork, x: AnyVector, y: AnyVector, cost: Cost | None
) -> tuple[Callable[[], float], str]:
    """The cost of the example as a function without arguments, and what to call it."""
    if cost:
        return lambda: cost(net.feedforward(x), y), "cost(output, y)"
    own = getattr(net, "cost", None)
    if inspect.ismethod(own) and list(inspect.signature(own).parameters) == ["x", "y"]:
        return lambda: own(x, y), "net.cost(x, y)"
    return lambda: quadratic_cost(net.feedforward(x), y), "½‖y − a‖²"


# Why ε = 10⁻⁵. By Taylor's theorem C(p ± ε) = C ± ε C′ + ε²/2 · C″ ± ε³/6 · C‴ + ..., so in the difference of
# the two everything but C′ and C‴ cancels: (10) is off by ε²/6 · C‴. (A step to one side only, with the slope
# (C(p + ε) − C(p)) / ε, would be off by ε/2 · C″, which is far more.) And C is rounded by about u = 2⁻⁵³ of its
# value, which the division turns into u C / ε. The sum of both is least near ε = ∛(3 u C / C‴). Where C and C‴ are
# of the same size, that is 7 · 10⁻⁶, and at ε = 10⁻⁵ the two errors are about 2 · 10⁻¹¹ and 10⁻¹¹ of C.
