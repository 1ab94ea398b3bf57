"""What do people get wrong in a network, besides backpropagation? Each mistake as a function and in words.

    >>> looked_up(COST_DERIVATIVES, arguments=[([0.9], [1.0], [-0.1])], answers=[[0.1]])
    'The sign is wrong: y − a stands for a − y.'

Each table is for one method. Its functions give what the method gives when it is written with that mistake,
so a wrong answer can be looked up. For the mistakes in backpropagation itself see `backward.py`.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

from purenet.checker.backward import Table, forward
from purenet.matrix import Matrix, Vector, add, hadamard, matvec, scale, subtract, subtract_outer, transpose
from purenet.network import Network, sigmoid, sigmoid_prime
from purenet.support.arrays import numbers, plain
from purenet.support.checks import Example

Parameters = tuple[list[Vector], list[Matrix]]  # (biases, weights)
Step = Callable[[Network, Any, Any, float], Parameters]


def is_close(got: Any, wanted: Any) -> bool:
    """Whether two nested lists hold the same numbers, up to the rounding of a finite difference."""
    got, wanted = numbers(got), numbers(wanted)
    return len(got) == len(wanted) and all(
        math.isclose(g, w, rel_tol=1e-5, abs_tol=1e-8) for g, w in zip(got, wanted)
    )


def looked_up(mistakes: Table, arguments: Sequence[Any], answers: Sequence[Any]) -> str | None:
    """The words of the first mistake that gives these answers to these arguments; None if there is none.

    The first answer must show it; where the shapes make it impossible, the others are passed over.
    """
    for words, mistake in mistakes.items():
        matches: list[bool | None] = []
        for values, answer in zip(arguments, answers):
            try:
                matches.append(is_close(answer, mistake(*values)))
            except (ValueError, IndexError, ZeroDivisionError):
                matches.append(None)
        if matches[0] and False not in matches:
            return words
    return None


SIGMOIDS: Table = {
    "It is 1 − σ(z): the minus of e⁻ᶻ is missing, or e⁻ᶻ stands above the line.": lambda z: sigmoid(-z),
    "It is tanh.": math.tanh,
    "It is σ′ instead of σ.": sigmoid_prime,
    "It gives z as it is.": lambda z: z,
    "It is ReLU, max(0, z).": lambda z: max(0.0, z),
    "It is 1 + e⁻ᶻ without 1 / before it, or 1 / 1 + e⁻ᶻ without brackets.": lambda z: 1 + math.exp(-z),
}

OF_A = "It is z (1 − z): what is σ′ if it is given a = σ(z), but not if it is given z."

SIGMA_PRIMES: Table = {
    OF_A: lambda z: z * (1 - z),
    "It is σ(z) instead of σ′(z).": sigmoid,
    "The factor σ(z) of σ(z) (1 − σ(z)) is missing.": lambda z: sigmoid(-z),
    "It is σ(z) (1 + σ(z)): the minus is a plus.": lambda z: sigmoid(z) * (1 + sigmoid(z)),
    "The sign is wrong: it is −σ′(z).": lambda z: -sigmoid_prime(z),
    "It is 1 − σ(z)², by the pattern of tanh′.": lambda z: 1 - sigmoid(z) ** 2,
    "It is tanh′, the derivative of tanh.": lambda z: 4 * sigmoid_prime(2 * z),
    "It is the derivative of ReLU, 1 where z > 0.": lambda z: float(z > 0),
    "σ is taken twice: it is σ′(σ(z)).": lambda z: sigmoid_prime(sigmoid(z)),
    "It is σ(z)²: 1 − σ(z) is missing.": lambda z: sigmoid(z) ** 2,
    "It is σ(z) · 1 − σ(z), without brackets, which is 0.": lambda z: 0.0,
    "It is 1 everywhere.": lambda z: 1.0,
}


def _fed(
    biases: list[Vector],
    weights: list[Matrix],
    x: Vector,
    *,
    activation: Any = sigmoid,
    bias: Any = lambda biases, l: biases[l],
    plain_layers: Sequence[int] = (),
) -> Vector:
    """The output with another `activation`, another `bias` for layer l, or no σ in the `plain_layers`."""
    for l, w in enumerate(weights):
        z = add(matvec(w, x), bias(biases, l))
        x = z if l - len(weights) in plain_layers else activation(z)
    return x


def _softmax(z: Vector) -> Vector:
    return scale(1 / sum(map(math.exp, z)), list(map(math.exp, z)))


# Of (biases, weights, x).
FEEDFORWARDS: Table = {
    "σ is left out in every layer.": lambda *net: _fed(*net, activation=lambda z: z),
    "σ is left out in the last layer.": lambda *net: _fed(*net, plain_layers=[-1]),
    "σ is left out in the first layer.": lambda *net: _fed(*net, plain_layers=[-len(net[1])]),
    "σ is left out in all layers but the last.": lambda *net: _fed(
        *net, plain_layers=range(-len(net[1]), -1)
    ),
    "σ is left out in the last layer but one.": lambda *net: _fed(*net, plain_layers=[-2]),
    "σ is left out in the second layer.": lambda *net: _fed(*net, plain_layers=[1 - len(net[1])]),
    "The bias is left out.": lambda *net: _fed(*net, bias=lambda biases, l: scale(0.0, biases[l])),
    "The bias is subtracted, not added.": lambda *net: _fed(*net, bias=lambda b, l: scale(-1.0, b[l])),
    "The bias is another layer's: that of the layer before.": lambda *net: _fed(
        *net, bias=lambda b, l: b[l - 1]
    ),
    "The bias is another layer's: that of the layer after.": lambda *net: _fed(
        *net, bias=lambda b, l: b[(l + 1) % len(b)]
    ),
    "The bias is another layer's: they are taken in reverse order.": lambda *net: _fed(
        *net, bias=lambda b, l: b[-1 - l]
    ),
    "The bias is another layer's: always that of the first.": lambda *net: _fed(*net, bias=lambda b, l: b[0]),
    "The bias is another layer's: always that of the last.": lambda *net: _fed(*net, bias=lambda b, l: b[-1]),
    "The bias of the first neuron is added to every neuron of the layer.": lambda *net: _fed(
        *net, bias=lambda b, l: [b[l][0]] * len(b[l])
    ),
    "The weights are transposed: wᵀ a stands for w a.": lambda b, w, x: _fed(b, list(map(transpose, w)), x),
    "The weights of the layers are taken in reverse order.": lambda b, w, x: _fed(b, w[::-1], x),
    "The activation is tanh, not σ.": lambda *net: _fed(*net, activation=lambda z: list(map(math.tanh, z))),
    "The activation is ReLU, not σ.": lambda *net: _fed(*net, activation=lambda z: [max(0.0, v) for v in z]),
    "The minus of e⁻ᶻ is missing.": lambda *net: _fed(*net, activation=lambda z: sigmoid(scale(-1.0, z))),
    "σ is taken twice.": lambda *net: _fed(*net, activation=lambda z: sigmoid(sigmoid(z))),
    "σ is taken once more of the output.": lambda *net: sigmoid(_fed(*net)),
    "Softmax is taken of the output, after σ.": lambda *net: _softmax(_fed(*net)),
    "The output is rounded.": lambda *net: list(map(round, _fed(*net))),
    "The last layer is left out.": lambda b, w, x: _fed(b[:-1], w[:-1], x),
    "The first layer is left out.": lambda b, w, x: _fed(b[1:], w[1:], x),
    "It returns after the first layer.": lambda b, w, x: _fed(b[:1], w[:1], x),
    "The output is softmax, not σ.": lambda b, w, x: _softmax(
        add(matvec(w[-1], _fed(b[:-1], w[:-1], x)), b[-1])
    ),
    "The last input of every neuron is left out.": lambda b, w, x: _fed(
        b, [[row[:-1] + [0.0] for row in rows] for rows in w], x
    ),
    "The first input of every neuron is left out.": lambda b, w, x: _fed(
        b, [[[0.0] + row[1:] for row in rows] for rows in w], x
    ),
    "The bias is added once for every input, not once for every neuron.": lambda b, w, x: _fed(
        [scale(len(rows[0]), layer) for layer, rows in zip(b, w)], w, x
    ),
}

# Of (a, y, nabla_a): the output, the wanted output, and ∂C/∂a as it should be, a − y if C = ½‖y − a‖².
COST_DERIVATIVES: Table = {
    "The sign is wrong: y − a stands for a − y.": lambda a, y, nabla_a: scale(-1, nabla_a),
    "It is twice too large: the derivative of C = ½‖y − a‖² is a − y.": lambda a, y, nabla_a: scale(
        2, nabla_a
    ),
    "It is half of what it should be: the derivative of C = ½‖y − a‖² is a − y.": lambda a, y, nabla_a: scale(
        0.5, nabla_a
    ),
    "It is twice too large, and the sign is wrong: y − a stands for a − y.": lambda a, y, nabla_a: scale(
        -2, nabla_a
    ),
    "It is divided by the number of outputs.": lambda a, y, nabla_a: scale(1 / len(y), nabla_a),
    "It is multiplied by 2 and divided by the number of outputs.": lambda a, y, nabla_a: scale(
        2 / len(y), nabla_a
    ),
    "σ′(z) = a (1 − a) is in it already, and backprop multiplies by that.": lambda a, y, nabla_a: [
        d * p * (1 - p) for p, d in zip(a, nabla_a)
    ],
    "It is (a − y)².": lambda a, y, nabla_a: [e * e for e in subtract(a, y)],
    "It is the cost ½ (a − y)² and not its derivative.": lambda a, y, nabla_a: [
        e * e / 2 for e in subtract(a, y)
    ],
    "It is |a − y|.": lambda a, y, nabla_a: [abs(e) for e in subtract(a, y)],
    "It is a: the target is left out.": lambda a, y, nabla_a: a,
    "It is a + y.": lambda a, y, nabla_a: add(a, y),
    "It compares every output with the first target.": lambda a, y, nabla_a: [p - y[0] for p in a],
    "It is that of the cross-entropy, (a − y) / (a (1 − a)). A subclass of purenet's Network that "
    "overrides cost with it is judged by that cost.": lambda a, y, nabla_a: [
        (p - q) / (p * (1 - p)) for p, q in zip(a, y)
    ],
    "1 + a stands for 1 − a in the cross-entropy's (a − y) / (a (1 − a)).": lambda a, y, nabla_a: [
        (p - q) / (p * (1 + p)) for p, q in zip(a, y)
    ],
}

# Of [(output, x, digit), ...].
EVALUATIONS: Table = {
    "It takes the smallest output, not the largest.": lambda tested: sum(
        a.index(min(a)) == digit for a, _, digit in tested
    ),
    "It takes the argmax of the input, not of the output.": lambda tested: sum(
        x.index(max(x)) == digit for _, x, digit in tested
    ),
    "It counts the wrong answers, not the right ones.": lambda tested: sum(
        a.index(max(a)) != digit for a, _, digit in tested
    ),
    "It gives the share that is right, not how many.": lambda tested: (
        sum(a.index(max(a)) == digit for a, _, digit in tested) / len(tested)
    ),
    "It gives the per cent that is right, not how many.": lambda tested: (
        100 * sum(a.index(max(a)) == digit for a, _, digit in tested) / len(tested)
    ),
    "It counts digits from 1: its argmax is one too large.": lambda tested: sum(
        a.index(max(a)) + 1 == digit for a, _, digit in tested
    ),
    "Its argmax is one too small.": lambda tested: sum(
        a.index(max(a)) - 1 == digit for a, _, digit in tested
    ),
    "Its argmax compares each output with the one before it, not with the largest so far.": lambda tested: (
        sum(max([0] + [k for k in range(1, len(a)) if a[k] > a[k - 1]]) == digit for a, _, digit in tested)
    ),
    "Its argmax leaves out the first output.": lambda tested: sum(
        a.index(max(a[1:])) == digit for a, _, digit in tested
    ),
    "Its argmax leaves out the last output.": lambda tested: sum(
        a.index(max(a[:-1])) == digit for a, _, digit in tested
    ),
    "Its argmax is always 0: it may be taken along the wrong axis.": lambda tested: sum(
        digit == 0 for _, _, digit in tested
    ),
    "It takes every output above ½ for a yes.": lambda tested: sum(
        [k for k, v in enumerate(a) if v > 0.5] == [digit] for a, _, digit in tested
    ),
    "It looks whether the digit's own output is above ½.": lambda tested: sum(
        a[digit] > 0.5 for a, _, digit in tested
    ),
    "It rounds the outputs before it takes the largest.": lambda tested: sum(
        list(map(round, a)).index(max(map(round, a))) == digit for a, _, digit in tested
    ),
    "It leaves out the last example.": lambda tested: sum(
        a.index(max(a)) == digit for a, _, digit in tested[:-1]
    ),
    "It leaves out the first example.": lambda tested: sum(
        a.index(max(a)) == digit for a, _, digit in tested[1:]
    ),
    "It looks at the first example only.": lambda tested: sum(
        a.index(max(a)) == digit for a, _, digit in tested[:1]
    ),
    "It counts none as right, as it does when it compares an argmax with a vector.": lambda tested: 0,
    "It counts an argmax of 0, as it does when it takes the argmax of the digit too.": lambda tested: sum(
        a.index(max(a)) == 0 for a, _, digit in tested
    ),
    "It counts every example.": len,
    "It stops at the first example that is right.": lambda tested: 1,
}


def stepped(net: Any, gradients: Sequence[Any], factors: Vector) -> Parameters:
    """(biases, weights) of the network less the sum of `factors` times `gradients`, one for each example."""
    biases, weights = plain(net.biases, net.weights)
    for (nabla_b, nabla_w), c in zip(gradients, factors):
        biases = [subtract(b, scale(c, g)) for b, g in zip(biases, nabla_b)]
        weights = [[subtract(v, scale(c, g)) for v, g in zip(*layer)] for layer in zip(weights, nabla_w)]
    return biases, weights


def _one_by_one(net: Network, gradients: Any, examples: list[Example], step: float) -> Parameters:
    net = copy.copy(net)  # A step puts new lists in the place of the old.
    for example in examples:
        net.update_mini_batch([example], step)
    return net.biases, net.weights


def _weights_one_by_one(net: Network, gradients: Any, examples: list[Example], step: float) -> Parameters:
    """The weights are updated example by example, the biases at the end."""
    net, biases = copy.copy(net), net.biases
    for x, y in examples:
        nabla_b, _ = net.backprop(x, y)
        biases = [subtract(b, scale(step, g)) for b, g in zip(biases, nabla_b)]
        before = net.biases
        net.update_mini_batch([(x, y)], step)
        net.biases = before
    return biases, net.weights


def _with_targets(targets: Callable[[Any], Any]) -> Step:
    """A step in which the examples have got the wrong targets: a function of the list of the right ones."""

    def wrong(net: Network, gradients: Any, examples: list[Example], eta: float) -> Parameters:
        xs, ys = zip(*examples)
        return stepped(net, list(map(net.backprop, xs, targets(ys))), [eta / len(xs)] * len(xs))

    return wrong


def _through_updated(net: Network, gradients: Any, examples: list[Example], step: float) -> Parameters:
    """Each layer of the network is updated before δ goes through it to the layer before."""
    biases, weights = plain(net.biases, net.weights)
    passes = [forward(biases, weights, x, y) for x, y in examples]
    deltas = [hadamard(p.nabla_a, sigmoid_prime(p.zs[-1])) for p in passes]
    for l in reversed(range(len(weights))):
        for p, delta in zip(passes, deltas):
            biases[l] = subtract(biases[l], scale(step, delta))
            subtract_outer(weights[l], scale(step, delta), p.activations[l])
        if l:
            deltas = [
                hadamard(matvec(transpose(weights[l]), delta), sigmoid_prime(p.zs[l - 1]))
                for p, delta in zip(passes, deltas)
            ]
    return biases, weights


def _through_updated_one_by_one(
    net: Network, gradients: Any, examples: list[Example], step: float
) -> Parameters:
    net = copy.copy(net)
    for example in examples:
        net.biases, net.weights = _through_updated(net, gradients, [example], step)
    return net.biases, net.weights


def _by(factors: Callable[[int, float], Vector]) -> Step:
    """A step by these factors (a function of the number m of examples and of η) times the gradients."""
    return lambda net, gradients, examples, eta: stepped(net, gradients, factors(len(examples), eta))


def _sped(function: Step, step: Callable[[int, float], float]) -> Step:
    return lambda net, gradients, examples, eta: function(net, gradients, examples, step(len(examples), eta))


NONE = ""  # The words for no mistake at all.

# Of (net, the gradients of the examples, the examples, η): (biases, weights) after a step.
STEPS: Table = {
    NONE: _by(lambda m, eta: [eta / m] * m),
    "It changes nothing.": _by(lambda m, eta: [0.0] * m),
    "The gradients are summed, not averaged: the step is not divided by the size of the mini-batch.": _by(
        lambda m, eta: [eta] * m
    ),
    "The step goes uphill: what backprop gives is added, not subtracted.": _by(lambda m, eta: [-eta / m] * m),
    "The step goes uphill (what backprop gives is added), "
    "and it is not divided by the size of the mini-batch.": _by(
        lambda m, eta: [-eta] * m
    ),
    "The last example of the mini-batch is left out.": _by(lambda m, eta: [eta / m] * (m - 1) + [0.0]),
    "The last example of the mini-batch is left out of sum and count.": _by(
        lambda m, eta: [eta / (m - 1)] * (m - 1) + [0.0]
    ),
    "The last example of the mini-batch is left out, and the step is not divided by its size.": _by(
        lambda m, eta: [eta] * (m - 1) + [0.0]
    ),
    "The first example of the mini-batch is left out.": _by(lambda m, eta: [0.0] + [eta / m] * (m - 1)),
    "The first example of the mini-batch is left out of sum and count.": _by(
        lambda m, eta: [0.0] + [eta / (m - 1)] * (m - 1)
    ),
    "The first example of the mini-batch is counted twice.": _by(
        lambda m, eta: [2 * eta / m] + [eta / m] * (m - 1)
    ),
    "The last example of the mini-batch is counted twice.": _by(
        lambda m, eta: [eta / m] * (m - 1) + [2 * eta / m]
    ),
    "Only the first example of the mini-batch is used.": _by(lambda m, eta: [eta] + [0.0] * (m - 1)),
    "Only the first example of the mini-batch is used, and the step is divided by its size.": _by(
        lambda m, eta: [eta / m] + [0.0] * (m - 1)
    ),
    "Only the last example of the mini-batch is used: its gradient is put in the place of the sum.": _by(
        lambda m, eta: [0.0] * (m - 1) + [eta / m]
    ),
    "Only the last example of the mini-batch is used.": _by(lambda m, eta: [0.0] * (m - 1) + [eta]),
    "The learning rate η is left out.": _by(lambda m, eta: [1 / m] * m),
    "The learning rate η is multiplied by twice.": _by(lambda m, eta: [eta * eta / m] * m),
    "The step is divided by the size of the mini-batch twice.": _by(lambda m, eta: [eta / m / m] * m),
    "The step is divided by one more than the size of the mini-batch.": _by(
        lambda m, eta: [eta / (m + 1)] * m
    ),
    "The step is divided by one less than the size of the mini-batch.": _by(
        lambda m, eta: [eta / (m - 1)] * m
    ),
    "The step is twice too large.": _by(lambda m, eta: [2 * eta / m] * m),
    "The step is half of what it should be.": _by(lambda m, eta: [eta / m / 2] * m),
    "The step is divided by the number of layers, not by the size of the mini-batch.": (
        lambda net, gradients, examples, eta: stepped(net, gradients, [eta / len(net.sizes)] * len(examples))
    ),
    "Every example is trained with the target of the next one.": _with_targets(lambda ys: ys[1:] + ys[:1]),
    "Every example is trained with the target of the one before it.": _with_targets(
        lambda ys: ys[-1:] + ys[:-1]
    ),
    "Every example is trained with the target of the first.": _with_targets(lambda ys: ys[:1] * len(ys)),
    "Every example is trained with the target of the last.": _with_targets(lambda ys: ys[-1:] * len(ys)),
    **{
        f"{words}{more}.": _sped(function, step)
        for step, more in (
            (lambda m, eta: eta / m, ""),
            (lambda m, eta: eta, ", and the step is not divided by their number"),
        )
        for words, function in (
            ("Every example sees the weights as the one before it left them", _one_by_one),
            (
                "Every example sees the weights, but not the biases, as the one before it left them",
                _weights_one_by_one,
            ),
            ("The error is sent back through already updated weights", _through_updated),
            (
                "Examples one by one send the error back through already updated weights",
                _through_updated_one_by_one,
            ),
        )
    },
}
