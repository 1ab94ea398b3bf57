"""Check a gradient: compare what `backprop` returns with slopes that are measured without calculus.

    from purenet import gradcheck
    gradcheck.check(net, x, y)              # at a prompt: a sentence on the worst parameter
    assert gradcheck.check(net, x, y)       # in a test

Any class will do that has `biases`, `weights`, `feedforward` and `backprop` as `Network` has them. Its vectors
may be lists or arrays, flat or columns of shape (n, 1). Pass x and y in the form that the network takes.

The slope of the cost C along one parameter p is measured by a small step ε to each side, while the others stay
as they are: the central difference (10). If ε is large, the line through the two points is steeper or flatter
than the tangent. If it is small, the rounding of C hides the difference. ε = 10⁻⁵ is near the best. The end of
this file shows why.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from math import inf, isfinite
from typing import Any, NamedTuple

from purenet.support.lists_or_arrays import (
    cost_method, numbers, places, require_arguments, require_gradient, require_network,
)

EPSILON = 1e-5
AnyNetwork = Any    # has biases, weights, feedforward and backprop
AnyVector = Any     # a list or an array, in the form that the network takes
Cost = Callable[[AnyVector, AnyVector], float]


def central_difference(cost: Callable[[float], float], p: float, epsilon: float = EPSILON) -> float:
    """The slope at p of the cost as a function of the one parameter p.

    >>> central_difference(lambda p: p * p, 3.0)        # p² has the slope 2p
    6.0
    """
    above, below = p + epsilon, p - epsilon     # rounded, so the division is by the step that is really made
    return float((cost(above) - cost(below)) / (above - below))     # (10) ∂C/∂p ≈ (C(p + ε) − C(p − ε)) / 2ε


def relative_error(gradient: float, estimate: float, floor: float) -> float:
    """How far apart the two are, relative to the larger of them or to `floor`; infinite if one is not finite.

    >>> relative_error(0.5, 0.4, floor=1e-4)
    0.19999999999999996
    """
    distance = abs(gradient - estimate)
    return distance / max(abs(gradient), abs(estimate), floor) if isfinite(distance) else inf


def slope(cost: Callable[[], float], row: AnyVector, k: int, epsilon: float) -> float:
    """∂C/∂p for the parameter p in row[k], which is put back afterwards."""
    p = row[k]

    def cost_at(value: float) -> float:
        row[k] = value
        return cost()

    try:
        return central_difference(cost_at, p, epsilon)
    finally:
        row[k] = p


def numerical_gradient(
    net: AnyNetwork, x: AnyVector, y: AnyVector, epsilon: float = EPSILON, cost: Cost | None = None
) -> tuple[Any, Any]:
    """(nabla_b, nabla_w) by (10), shaped like `net.biases` and `net.weights`, and of their type.

    x, y      an input and the output wanted for it, as `net.feedforward` and `net.backprop` take them
    epsilon   ε, the step to each side, between 0 and 1
    cost      cost(output, y), a number; without it the network's own method `cost(x, y)`, or if it has none,
              C = ½‖y − a‖²

    Parameters are changed in place, one at a time, and put back, even where `feedforward` raises. Raises
    ValueError for a bad epsilon, where y and the output differ in length, where the network's `cost` takes
    something other than (x, y), or where a parameter cannot hold p ± ε, such as an integer in an array.
    """
    require_arguments(epsilon, cost)
    require_network(net, epsilon, "feedforward")
    cost_of_example, _ = _cost_to_measure(net, x, y, cost)
    # `places` visits every number in nested lists or arrays, as (its indices, row, k): the number is row[k].
    slopes = [slope(cost_of_example, row, k, epsilon) for _, row, k in places((net.biases, net.weights))]
    nabla = copy.deepcopy((net.biases, net.weights))
    for (_, row, k), estimate in zip(places(nabla), slopes):
        row[k] = estimate
    return nabla


class Result(NamedTuple):
    """What `check` found: true where the gradient is right, and a sentence when printed or left at a prompt.

    place                the worst parameter, such as "nabla_w[0][1][2]"
    backprop, estimate   ∂C/∂p of that parameter by `backprop` and by (10)
    error                how far apart they are, by `relative_error`
    cost                 the name of the cost that was measured
    """

    ok: bool
    place: str
    backprop: float
    estimate: float
    error: float
    cost: str

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        advice = " For another cost, pass cost=. To name the mistake: purenet.checker.explain(net, x, y)."
        return (
            f"The gradient is {'right' if self.ok else 'wrong'} for the cost {self.cost}. Where it is farthest "
            f"off, {self.place} is {self.backprop:.10g} by backprop and {self.estimate:.10g} by finite "
            f"differences (relative error {self.error:.1e}).{'' if self.ok else advice}"
        )


def check(
    net: AnyNetwork,
    x: AnyVector,
    y: AnyVector,
    epsilon: float = EPSILON,
    cost: Cost | None = None,
    tolerance: float = 1e-5,
) -> Result:
    """A `Result`: whether `net.backprop(x, y)` is the gradient of the cost, and where it is farthest from it.

    The arguments are those of `numerical_gradient`. A relative error up to `tolerance` counts as right. What is
    farther off is wrong, unless the estimate is as uncertain itself: with 2ε it changes by as much.

    The error is relative to the larger gradient, as is usual [1], since small gradients matter as much as large
    ones, but at least to 10⁻⁴ max(1, C). So with the usual tolerance a difference below 10⁻⁹ is ignored: the
    rounding of C, divided by ε, is about a hundredth of it. If all neurons are saturated, every gradient may be
    so small that the check says nothing. Then choose another x.

    Raises ValueError like `numerical_gradient`, where `backprop` returns something of another shape, or where
    the cost differs from call to call. Raises TypeError where the network lacks what is named above.

    [1] A. Karpathy, Stanford CS231n, "Neural Networks Part 3: Gradient checks".
    """
    require_arguments(epsilon, cost, tolerance)
    require_network(net, epsilon, "feedforward", "backprop")
    cost_of_example, name = _cost_to_measure(net, x, y, cost)
    c = cost_of_example()
    if abs(cost_of_example() - c) > 0:      # `!=` would also be true of NaN.
        raise ValueError("the cost differs from call to call; leave out what is random, such as dropout")
    floor = 1e-4 * max(1.0, abs(c))
    nabla = net.backprop(x, y)
    require_gradient(nabla, net, advice="; in a network with layers of equal size every number can be compared")
    results = []
    for (indices, row, k), gradient in zip(places((net.biases, net.weights)), numbers(nabla)):
        estimate = slope(cost_of_example, row, k, epsilon)
        error = relative_error(gradient, estimate, floor)
        ok = error <= tolerance
        if not ok:
            # The estimate is off by ε²/6 · C‴, and with 2ε by four times that, so the two differ by three times
            # the error of the first. Nothing speaks against a gradient so near: C‴ is too large for this ε.
            doubt = abs(slope(cost_of_example, row, k, 2 * epsilon) - estimate)
            ok = abs(gradient - estimate) <= doubt < inf
        results.append(Result(ok, _place(*indices), gradient, estimate, error, name))
    return max(results, key=lambda result: (not result.ok, result.error))


def quadratic_cost(output: AnyVector, y: AnyVector) -> float:
    """C = ½‖y − a‖² of the output a, for vectors in any form: flat or columns, lists or arrays."""
    a, wanted = numbers(output), numbers(y)
    if len(a) != len(wanted):
        raise ValueError(f"feedforward returns {len(a)} numbers, but y has {len(wanted)}")
    return 0.5 * sum((y_j - a_j) * (y_j - a_j) for a_j, y_j in zip(a, wanted))


def _cost_to_measure(
    net: AnyNetwork, x: AnyVector, y: AnyVector, cost: Cost | None
) -> tuple[Callable[[], float], str]:
    """The cost of the example as a function without arguments, and its name."""
    if cost:
        return lambda: cost(net.feedforward(x), y), "cost(output, y)"
    own_cost = cost_method(net)
    if own_cost:
        return lambda: own_cost(x, y), "net.cost(x, y)"
    return lambda: quadratic_cost(net.feedforward(x), y), "½‖y − a‖²"


def _place(is_weight: int, layer: int, neuron: int, *more: int) -> str:
    """The name of the gradient's entry with these indices; `more` is the input, or the 0 of a column."""
    return f"nabla_w[{layer}][{neuron}][{more[0]}]" if is_weight else f"nabla_b[{layer}][{neuron}]"


# Why ε = 10⁻⁵. By Taylor's theorem C(p ± ε) = C ± ε C′ + ε²/2 · C″ ± ε³/6 · C‴ + ..., so in the difference of
# the two every even term cancels. Divided by 2ε it is C′ + ε²/6 · C‴ + ..., and (10) is off by about ε²/6 · C‴.
# (A step to one side only, with the slope (C(p + ε) − C(p)) / ε, would be off by ε/2 · C″, which is far more.)
# And C is rounded by about u = 2⁻⁵³ of its value, which the division turns into u C / ε. The sum of both is
# least near ε = ∛(3 u C / C‴). Where C and C‴ are of the same size, that is 7 · 10⁻⁶, and at ε = 10⁻⁵ the two
# errors are about 2 · 10⁻¹¹ and 10⁻¹¹ of C.
