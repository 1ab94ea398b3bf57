"""The gradient where neurons are saturated. There σ′ is tiny, and a fixed tolerance would say nothing.

`helpers/tolerances.py` derives, number by number, how far a right gradient may be off.
"""

import cmath

import pytest
import under_test
from examples import examples, saturated_examples
from hypothesis import given
from tolerances import central_difference, rounding

from purenet.gradcheck import EPSILON
from purenet.matrix import add, dot, matvec, subtract
from purenet.network import Network
from purenet.support.lists_or_arrays import numbers

# Below this a number may underflow, and has no digits left to compare.
TINY = 1e-290


def too_far_apart(got, wanted, tolerance, factor=1):
    """The pairs of numbers that are farther apart than `factor` times their tolerance."""
    rows = list(zip(numbers(got), numbers(wanted), numbers(tolerance)))
    assert len(rows) == len(numbers(got)) == len(numbers(wanted))
    return [(g, w) for g, w, t in rows if not abs(g - w) <= factor * t + TINY]


def backprop_error(example):
    """Bounds on the rounding of backprop; a class of somebody else's may compute σ′ as σ (1 − σ)."""
    return rounding(example, naive=under_test.network_class is not Network)[1]


@pytest.mark.needs("backprop", "feedforward")
@given(saturated_examples())
def test_backprop_agrees_with_central_differences(example):
    net = example.net
    estimates = net.numerical_gradient(example.x, example.y, half_squared_distance)
    tolerance = add(numbers(central_difference(example, EPSILON)), numbers(backprop_error(example)))
    assert not too_far_apart(net.backprop(example.x, example.y), estimates, tolerance)


@pytest.mark.needs("backprop")
@given(saturated_examples())
def test_backprop_agrees_with_the_complex_step(example):
    # Both are rounded; a complex product takes three operations for one.
    gradient = example.net.backprop(example.x, example.y)
    assert not too_far_apart(gradient, complex_step(example), backprop_error(example), 4)


@given(examples())
def test_before_training_the_tolerance_of_central_differences_is_sharp(example):
    # No wrong digit among the first five goes unnoticed.
    assert max(numbers(central_difference(example, EPSILON))) < 1e-6


@pytest.mark.needs("feedforward")
@given(saturated_examples())
def test_feedforward_is_off_by_rounding_only(example):
    a = example.x
    for b, w in zip(example.biases, example.weights):
        a = [1 / (1 + cmath.exp(-z)).real for z in add(matvec(w, a), b)]
    assert not too_far_apart(example.net.feedforward(example.x), a, rounding(example)[0], 2)


def half_squared_distance(output, y):
    difference = subtract(numbers(output), numbers(y))
    return 0.5 * dot(difference, difference)


def complex_step(example, h=1e-20):
    """Im C(p + ih) / h for every parameter p, with σ by whichever of its two forms does not overflow."""

    def cost(layer, j, k):
        """C with the weight k of neuron j moved by ih, or its bias where k is None."""
        a = example.x
        for i, (b, w) in enumerate(zip(example.biases, example.weights)):
            z = add(matvec(w, a), b)
            if i == layer:
                z[j] += 1j * h * (1.0 if k is None else a[k])
            e = [cmath.exp(v if v.real < 0 else -v) for v in map(complex, z)]
            a = [(p if v.real < 0 else 1) / (1 + p) for v, p in zip(map(complex, z), e)]
        difference = subtract(a, example.y)
        return 0.5 * dot(difference, difference)

    nabla_b = [[cost(i, j, None).imag / h for j in range(len(b))] for i, b in enumerate(example.biases)]
    nabla_w = [
        [[cost(i, j, k).imag / h for k in range(len(row))] for j, row in enumerate(w)]
        for i, w in enumerate(example.weights)
    ]
    return nabla_b, nabla_w
