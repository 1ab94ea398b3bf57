"""Is a gradient right? What `backprop` says, beside slopes that are measured without calculus.

    from purenet import gradcheck
    print(gradcheck.check(net, x, y))       # the worst parameter, and what may be the matter
    assert gradcheck.check(net, x, y)

Any class will do that has `biases`, `weights`, `feedforward` and `backprop` as `Network` has them. Its
vectors may be lists or arrays, flat or columns of shape (n, 1); x and y are given in the form that it takes.

The slope of the cost C along one parameter p, with all others held fast, is measured by a step of ε to each
side: the central difference (10). By Taylor's theorem it is off by ε²/6 · C‴. A single step, with the slope
(C(p + ε) − C(p)) / ε, would be off by ε/2 · C″, which is far more. And C is rounded, by about u = 2⁻⁵³ of its
value, which the division turns into u C / ε. The sum of both errors is least near ε = ∛(3 u C / C‴), which is
7·10⁻⁶ where C and C‴ are of the same size. At ε = 10⁻⁵ they are about 2·10⁻¹¹ and 10⁻¹¹: ten digits agree.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from math import inf, isfinite
from typing import Any

from purenet.result import Result
from purenet.support.arrays import numbers, places, require_gradient

EPSILON = 1e-5
Cost = Callable[[Any, Any], float]


def numerical_gradient(
    network: Any, x: Any, y: Any, epsilon: float = EPSILON, cost: Cost | None = None
) -> tuple[Any, Any]:
    """(nabla_b, nabla_w) by (10), shaped like `network.biases` and `network.weights`, and of their type.

    x, y      an input and the wanted output, as `network.feedforward` and `backprop` take them
    epsilon   ε, the step to each side
    cost      cost(output, y), a number; without it C = ½‖y − a‖²

    The parameters are changed in place, one at a time. Afterwards each is what it was, to the last bit, also
    where `feedforward` raises. Raises ValueError where `epsilon` is not between 0 and 1, where y has not the
    length of the output, or where a parameter is not changed by 2ε to four digits: integers and most 32-bit
    floats in an array cannot hold p + ε.
    """
    if not 0 < epsilon < 1:
        raise ValueError(f"epsilon is {epsilon!r}; it must be between 0 and 1, such as {EPSILON}")
    cost = cost or quadratic_cost
    nabla = copy.deepcopy((list(network.biases), list(network.weights)))
    # `places` gives a place, row and k: the parameter stands in row[k], and its slope goes to that in nabla.
    parameters = places((network.biases, network.weights))
    for (_, row, k), (_, nabla_row, _) in zip(parameters, places(nabla)):
        nabla_row[k] = _slope(network, x, y, row, k, epsilon, cost)
    return nabla


def quadratic_cost(output: Any, y: Any) -> float:
    """C = ½‖y − a‖² of the output a, for vectors in any form: flat or columns, lists or arrays."""
    a, wanted = numbers(output), numbers(y)
    if len(a) != len(wanted):
        raise ValueError(f"feedforward gives {len(a)} numbers, but y has {len(wanted)}")
    return 0.5 * sum((y_j - a_j) ** 2 for a_j, y_j in zip(a, wanted))


def _slope(network: Any, x: Any, y: Any, row: Any, k: int, epsilon: float, cost: Cost) -> float:
    """(10) of the parameter that stands in row[k], which is afterwards what it was."""
    p = row[k]
    try:
        row[k] = p + epsilon
        above, cost_above = row[k], cost(network.feedforward(x), y)
        row[k] = p - epsilon
        below, cost_below = row[k], cost(network.feedforward(x), y)
    finally:
        row[k] = p
    if not abs(above - below - 2 * epsilon) <= 1e-4 * epsilon:
        raise ValueError(
            f"the parameter {p!r} does not change by {epsilon}: it is too large, or its array not of 64-bit "
            "floats"
        )
    # p ± ε is rounded, so the division is by the step that was really made, not by 2ε.
    return float((cost_above - cost_below) / (above - below))   # (10) ∂C/∂p ≈ (C(p + ε) − C(p − ε)) / 2ε


def check(
    network: Any, x: Any, y: Any, epsilon: float = EPSILON, cost: Cost | None = None, tolerance: float = 1e-5
) -> Result:
    """A `Result`: whether `network.backprop(x, y)` is the gradient of the cost, and if not, where and why.

    The arguments are those of `numerical_gradient`. An `error` up to `tolerance` is right. It is relative to
    the larger of the two gradients, as is usual [1], for small gradients matter as much as large ones. Its
    floor of 10⁻⁴ max(1, C) is there for gradients that are almost zero: tolerance · floor is ninety times
    the rounding u C / ε or more, below which an estimate is noise. Where the two disagree, the change of the
    estimate when ε is doubled is forgiven: a steep cost has a large C‴.

    Raises ValueError like `numerical_gradient`, and where `backprop` gives something of another shape.

    [1] A. Karpathy, Stanford CS231n, "Neural Networks Part 3: Gradient checks".
    """
    from purenet.checker import diagnosis

    estimates = numerical_gradient(network, x, y, epsilon, cost)
    nabla = network.backprop(x, y)
    require_gradient(nabla, network, advice="; in a network of equal layers, the numbers can be compared")
    measured_cost = cost or quadratic_cost
    floor = 1e-4 * max(1.0, abs(measured_cost(network.feedforward(x), y)))
    results = []
    parameters = places((network.biases, network.weights))
    for (place, row, k), b, e in zip(parameters, numbers(nabla), numbers(estimates)):
        scale = max(abs(b), abs(e), floor)
        error = abs(b - e) / scale if isfinite(b - e) else inf
        if tolerance < error < inf:
            doubt = abs(_slope(network, x, y, row, k, 2 * epsilon, measured_cost) - e)
            error = max(0.0, abs(b - e) - doubt) / scale
        of_weights, layer, neuron, *rest = place    # The first is 1 of a weight, with its input as the rest.
        results.append(
            Result(error <= tolerance, layer, neuron, rest[0] if of_weights else None, b, e, error, "")
        )
    worst = max(results, key=lambda result: result.error)
    if worst.ok:
        return worst
    return worst._replace(diagnosis=diagnosis.of_gradient(network, x, y, nabla, estimates, cost))
