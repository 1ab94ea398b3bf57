"""explain names the mistake in the gradient of one example, for one network as it is."""

import math
import random

import pytest
from network_forms import FORMS, InForm

from purenet import checker
from purenet.checker.verdict import Note
from purenet.network import Network

NET = Network([2, 3, 4, 2], random.Random(1))
X, Y = [0.5, -1.0], [1.0, 0.0]


def with_backprop(change, cost=None):
    class Changed(Network):
        def backprop(self, x, y):
            return change(*super().backprop(x, y))

    if cost:
        Changed.cost = cost
    net = Changed(NET.sizes)
    net.biases, net.weights = NET.biases, NET.weights
    return net


def test_a_right_gradient_is_right_in_every_form():
    assert str(checker.explain(NET, X, Y)) == "backprop is right."
    for form in FORMS:
        net = InForm(NET, form)
        assert checker.explain(net, form.vector(X), form.vector(Y)).ok


def test_a_mistake_is_named():
    twice = with_backprop(
        lambda b, w: ([[2 * v for v in r] for r in b], [[[2 * v for v in r] for r in q] for q in w])
    )
    verdict = checker.explain(twice, X, Y)
    assert verdict.ok is False and verdict.words.startswith("Everything is 2 times what it should be")
    assert checker.explain(twice, X, Y, lambda a, y: math.dist(a, y) ** 2).ok
    twice.cost = None  # Then no cost is said.
    assert checker.explain(twice, X, Y).ok is None
    odd = with_backprop(lambda b, w: ([b[0][:-1] + [7.0], *b[1:]], w))
    assert checker.explain(odd, X, Y).words == (
        "No known mistake gives these numbers. In a network with sizes [2, 3, 4, 2], the biases are wrong at "
        "[0], right at [1], [2]; the weights are right."
    )


def test_a_factor_is_not_named_where_there_would_always_be_one():
    class Odd(Network):
        def backprop(self, x, y):
            return [[0.5]], [[[0.5 * x[0]]]]

    assert checker.explain(Odd([1, 1]), [0.5], [1.0]).words.endswith("they are wrong in every layer.")


def test_two_mistakes_are_named():
    both = with_backprop(
        lambda b, w: (
            [[-v for v in r] for r in b[:-1]] + [[0.0 for _ in b[-1]]],
            [[[-v for v in r] for r in q] for q in w],
        )
    )
    assert checker.explain(both, X, Y).words == (
        "The sign is wrong everywhere, as if y − a stood for a − y; "
        "and at the output, nabla_b is zero, where it is δ."
    )


def cross_entropy(a, y):
    return -sum(t * math.log(p) + (1 - t) * math.log(1 - p) for p, t in zip(a, y))


class Short(Network):
    """δ = a − y at the output."""

    def cost_derivative(self, a, y):
        return [(p - t) / (p * (1 - p)) for p, t in zip(a, y)]


def test_the_cross_entropy_is_right_where_it_is_the_cost():
    net = Short(NET.sizes)
    assert checker.explain(net, X, Y, cross_entropy).ok
    assert checker.explain(net, X, Y, lambda a, y: sum((p - t) ** 2 for p, t in zip(a, y)) / 2).mistakes
    net.cost = None  # Then it has none, and the quadratic one is measured.
    assert checker.explain(net, X, Y).reasons == [Note.EITHER]


def test_what_is_no_network_is_refused():
    with pytest.raises(ValueError, match="^object has no method feedforward$"):
        checker.explain(object(), X, Y)
