"""The mistakes that people make in a network: for each step of `reference.py`, what stands in its place.

    find_mistakes(gives, [(case, answer), ...], BACKWARD)       # those that give the very same answers

`gives(mistakes, case)` is what the reference gives with these mistakes. Of those that give the same, the first
in the table is named.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate, chain, combinations
from math import exp, isclose, tanh
from typing import Any

from purenet.checker.reference import RIGHT, Layer, Mistake, Step, softmax
from purenet.matrix import Vector, add, matvec, outer, scale, subtract, transpose
from purenet.network import sigmoid, sigmoid_prime
from purenet.support.lists_or_arrays import numbers

IMPOSSIBLE = ValueError, IndexError, ZeroDivisionError, OverflowError
Mistakes = tuple[Mistake, ...]
Gives = Callable[[Mistakes, Any], Any]
Wrong = Sequence[tuple[Any, Any]]
OUTPUT, HIDDEN = "at the output", "in the hidden layers"


def _table(step: str, entries: dict[str, Step], *where: str) -> list[Mistake]:
    return [
        Mistake(step, words, gives, place, c=1.0 if "{" in words else None)
        for place in where or [""]
        for words, gives in entries.items()
    ]


def _of_each(entries: dict[str, Callable[[float], float]]) -> dict[str, Step]:
    """Steps that give a function of each z."""
    return {words: partial(lambda f, s: list(map(f, s.given_z)), f) for words, f in entries.items()}


ACTIVATION = _of_each({
    "σ is left out": lambda z: z,
    "the minus of e⁻ᶻ is missing, or e⁻ᶻ stands above the line": lambda z: sigmoid(-z),
    "1 − e⁻ᶻ stands below the line, where it is 1 + e⁻ᶻ": lambda z: 1 / (1 - exp(-z)),
    "1 − eᶻ stands below the line, where it is 1 + e⁻ᶻ": lambda z: 1 / (1 - exp(z)),
    "the 1 + below the line is missing: 1 / e⁻ᶻ stands for σ": exp,
    "1 / 1 + e⁻ᶻ without brackets, or 1 + e⁻ᶻ, stands for σ": lambda z: 1 + exp(-z),
    "tanh stands for σ": tanh,
    "ReLU, max(0, z), stands for σ": lambda z: max(0.0, z),
})
FORWARD = [
    *_table("activation", ACTIVATION, "", OUTPUT, HIDDEN),
    *_table("activation", {"softmax stands for σ": lambda s: softmax(s.given_z)}, OUTPUT),
    *_table("z", {
        "the bias is left out": lambda s: matvec(s.w, s.before.a),
        "the weights are transposed: wᵀ a stands for w a": (
            lambda s: add(matvec(transpose(s.w), s.before.a), s.b)
        ),
        "weights and biases are exchanged, as in `for b, w in zip(weights, biases)`": lambda s: add(
            matvec([[b] for b in s.b], s.before.a), [w for [w] in s.w]
        ),
    }),
    *_table("layers", {
        "the last layer is left out": lambda s: range(s.net.last),
        "it returns after the first layer": lambda s: [0],
    }),
]

SIGN = "the sign is wrong everywhere, as if y − a stood for a − y"
MULTIPLE = "everything is {:.4g} times what it should be, as for a multiple of the cost"
MEAN = "everything is {:.4g}/n times what it should be for n outputs, as for a multiple of the cost"
SLOPE_INSIDE = "σ′(z) = a (1 − a) is in it already"
OF_CROSS_ENTROPY = "the cross-entropy's (a − y) / (a (1 − a)) stands for a − y"
MULTIPLES = _table("factor", {
    MULTIPLE: lambda s: s.c * RIGHT["factor"](s),
    MEAN: lambda s: s.c / s.n * RIGHT["factor"](s),
})
COST = [
    *_table("factor", {
        SIGN: lambda s: -RIGHT["factor"](s),
        "everything is zero, as if it were never filled, or as of a · 1 − a without brackets": lambda s: 0.0,
    }),
    *MULTIPLES,
    *_table("error", {
        "the target is left out: a stands for a − y": lambda s: s.output,
        "a + y stands for a − y": lambda s: add(s.output, s.y),
        "(a − y)² stands for a − y": lambda s: [d * d for d in subtract(s.output, s.y)],
        "the cost ½ (a − y)² stands for its derivative": lambda s: [d * d / 2 for d in subtract(s.output, s.y)],
        "the 1 of the target is one place too low": lambda s: subtract(s.output, s.y[1:] + s.y[:1]),
        "the 1 of the target is one place too high": lambda s: subtract(s.output, s.y[-1:] + s.y[:-1]),
        "the target is scaled, {:.4g} times as far from ½ as it was": lambda s: [
            a - (s.c * t + (1 - s.c) / 2) for a, t in zip(s.output, s.y)
        ],
    }),
]
COST_DERIVATIVE = [*COST, *_table("error", {
    SLOPE_INSIDE: lambda s: [d * a * (1 - a) for a, d in zip(s.output, RIGHT["error"](s))],
    OF_CROSS_ENTROPY: lambda s: [(a - t) / (a * (1 - a)) for a, t in zip(s.output, s.y)],
})]

Z_FOR_A = "z (1 − z) stands for σ′(z) = a (1 − a)"
SLOPE = _of_each({
    "σ′(z) is left out": lambda z: 1.0,
    "σ′ is taken of a instead of z": lambda z: sigmoid_prime(sigmoid(z)),
    Z_FOR_A: lambda z: z * (1 - z),
    "σ(z) stands for σ′(z)": sigmoid,
    "σ′(z) is there twice": lambda z: sigmoid_prime(z) ** 2,
    "1 − a stands for σ′(z) = a (1 − a)": lambda z: 1 - sigmoid(z),
    "a · 1 − a, without brackets, stands for σ′(z) = a (1 − a)": lambda z: 0.0,
})


def _zero(nested: Any) -> Any:
    return [_zero(entry) for entry in nested] if isinstance(nested, list) else 0.0


def _without_slope(s: Any) -> Vector:
    """δ of the layer, divided by the derivative of its activation."""
    return [d / slope for d, slope in zip(s.delta, s.slope_at(s.z))]


BACKWARD = [
    *COST,
    *_table("slope", SLOPE, OUTPUT, HIDDEN),
    *_table("error", {
        "a − y · σ′(z) stands for (a − y) · σ′(z): the brackets are missing": lambda s: [
            a / slope - t for a, slope, t in zip(s.output, s.slope_at(s.z), s.y)
        ],
    }),
    # These are right in the book's network, and mistakes where the cost or the activation is another.
    *_table("slope", {
        "a (1 − a) stands for the derivative of another activation than σ": lambda s: (
            s.slope_at(s.given_z) if s.kind == "σ" else [a * (1 - a) for a in s.activation_of(s.given_z)]
        ),
        "σ′(z) stands for the derivative of another activation than σ": lambda s: (
            s.slope_at(s.given_z) if s.kind in ("σ", "softmax") else list(map(sigmoid_prime, s.given_z))
        ),
    }, OUTPUT, HIDDEN),
    *_table("slope", {
        "σ′(z) is multiplied in, which the derivative of the cross-entropy cancels: δ is a − y": (
            lambda s: list(map(sigmoid_prime, s.given_z))
        ),
    }, OUTPUT),
    *_table("slope", {
        "σ′ is taken of the z of the layer before": lambda s: s.slope_at(s.before.z),
        "σ′ is taken of the z of the last layer, as if -1 stood for -l": lambda s: s.slope_at(s.last.z),
    }, HIDDEN),
    *_table("back", {
        "the error is sent back through w instead of wᵀ": lambda s: matvec(s.after.w, s.delta),
        "the error is sent back through the layer's own weights": lambda s: matvec(transpose(s.w), s.delta),
        "the error is sent back to the hidden layers without its σ′(z)": lambda s: matvec(
            transpose(s.after.w), _without_slope(Layer(net=s.net, l=s.l + 1, delta=s.delta))
        ),
        "only the last neuron's error is sent back, as if = stood for +=": (
            lambda s: scale(s.delta[-1], s.after.w[-1])
        ),
    }),
    *_table("deltas", {
        "the layers stand in reverse order, as if append stood for insert(0, ...)": lambda s: s.deltas[::-1],
        "the loop does not reach the first layer": lambda s: [scale(0.0, s.deltas[0]), *s.deltas[1:]],
        "the loop reaches the last layer only": lambda s: [*_zero(s.deltas[:-1]), s.deltas[-1]],
    }),
    *_table("nabla_b", {
        "nabla_b is zero, where it is δ": lambda s: scale(0.0, s.delta),
        "nabla_b is the sum of the layer's δ, the same for every neuron": (
            lambda s: [sum(s.delta)] * len(s.delta)
        ),
        "σ′(z) is left out of nabla_b": _without_slope,
        "nabla_b is {:.4g} times what it should be": lambda s: scale(s.c, s.delta),
    }, "", OUTPUT, HIDDEN),
    *_table("nabla_w", {
        "the outer product is transposed, where nabla_w = δ aᵀ": lambda s: outer(s.before.a, s.delta),
        "the outer product takes the layer's output instead of its input": lambda s: outer(s.delta, s.a),
        "the outer product takes the activations one layer too early": (
            lambda s: outer(s.delta, s.before.before.a)
        ),
        "the outer product takes z of the layer before instead of a": lambda s: outer(s.delta, s.before.z),
        "σ is taken once more of the activations in nabla_w = δ aᵀ": (
            lambda s: outer(s.delta, list(map(sigmoid, s.before.a)))
        ),
        "σ′(z) is left out of nabla_w": lambda s: outer(_without_slope(s), s.before.a),
        "nabla_w is {:.4g} times what it should be": lambda s: outer(scale(s.c, s.delta), s.before.a),
    }, "", OUTPUT, HIDDEN),
    *_table("nabla", {
        "nabla_b and nabla_w begin with the last layer, as if append stood for insert(0, ...)": (
            lambda s: (s.nabla_b[::-1], s.nabla_w[::-1])
        ),
        "each layer is put in the place of the last, as if -1 stood for -l": lambda s: tuple(
            [*_zero(part[:-1]), part[0]] for part in (s.nabla_b, s.nabla_w)
        ),
    }),
]

# As BACKWARD, for one mistake alone.
SLOPES = [
    *_table("slope", {
        "the derivative of ReLU stands for that of the activation that is there": (
            lambda s: [float(z > 0) for z in s.given_z]
        ),
        "the derivative of tanh stands for that of the activation that is there": (
            lambda s: [1 - tanh(z) ** 2 for z in s.given_z]
        ),
        "s (1 − s) of a softmax stands for the derivative of the activation that is there": (
            lambda s: [a * (1 - a) for a in softmax(s.given_z)]
        ),
        "the derivative of the activation is taken of a instead of z": (
            lambda s: s.slope_at(s.activation_of(s.given_z))
        ),
        "σ′(a) is multiplied in": lambda s: list(map(sigmoid_prime, s.activation_of(s.given_z))),
    }, OUTPUT, HIDDEN),
    *_table("slope", {"σ′ is taken of w a, without the bias": lambda s: s.slope_at(matvec(s.w, s.before.a))}),
]


def _from_one(s: Any) -> None:
    gradients = list(s.gradients)
    s.net.weights = [[[1.0] * len(row) for row in w] for w in s.net.weights]
    s.net.subtract(gradients)


MORE = 4  # training data than a mini-batch has, where n is asked for
NO_RATE = "the learning rate η is left out"
OTHER_RATE = "the step is {:.4g} times what it should be"
OF_BIASES = "the weights are changed by the gradient of the biases, as in a copied line that still has nb or db"
STEP = [
    *_table("used", {
        "it changes nothing": lambda s: [0.0] * s.m,
        "only the first example of the mini-batch is used": lambda s: [1.0] + [0.0] * (s.m - 1),
        "only the last example of the mini-batch is used, as if = stood for +=": (
            lambda s: [0.0] * (s.m - 1) + [1.0]
        ),
    }),
    *_table("divisor", {
        "the gradients are summed, and not divided by the size of the mini-batch": lambda s: 1,
        "the step is divided by the size of the mini-batch twice": lambda s: s.m * s.m,
        "the step is divided by n, the number of all training data": lambda s: s.m + MORE,
    }),
    *_table("rate", {
        "the step goes uphill: what backprop gives is added, not subtracted": lambda s: -s.eta,
        NO_RATE: lambda s: 1.0,
        OTHER_RATE: lambda s: s.c * s.eta,
    }),
    *_table("change", {
        "the biases are never changed": lambda s: (_zero(s.nabla[0]), s.nabla[1]),
        "the weights are never changed": lambda s: (s.nabla[0], _zero(s.nabla[1])),
        "only the last layer is changed": lambda s: [[*_zero(part[:-1]), part[-1]] for part in s.nabla],
        "the first layer is never changed": lambda s: [[_zero(part[0]), *part[1:]] for part in s.nabla],
        OF_BIASES: lambda s: (s.nabla[0], [
            outer(delta, [1.0] * len(w[0])) for delta, w in zip(s.nabla[0], s.nabla[1])
        ]),
        f"{OF_BIASES}, along the wrong axis": lambda s: (s.nabla[0], [
            outer([1.0] * len(w), delta) for delta, w in zip(s.nabla[0], s.nabla[1])
        ]),
    }),
    *_table("walk", {
        # Each gradient is computed when it is asked for.
        "the lines that change the weights stand inside the loop over the examples": (
            lambda s: [s.net.subtract(taken) for taken in accumulate([gradient] for gradient in s.gradients)]
        ),
        "every example sees the weights as the one before it left them": (
            lambda s: [s.net.subtract([gradient]) for gradient in s.gradients]
        ),
        "1 stands for the old weights, from which the step is subtracted": _from_one,
    }),
]

SHARE = "it gives the share that is right, not how many"
PER_CENT = "it gives the per cent that is right, not how many"
ROUNDS = "it rounds the first output, as for a network with one"
EVALUATION = [
    *_table("guess", {
        ROUNDS: lambda s: round(s.output[0]),
        "it takes the smallest output, not the largest": lambda s: s.output.index(min(s.output)),
        "it counts digits from 1: its argmax is one too large": lambda s: s.output.index(max(s.output)) + 1,
        "its argmax is always 0: it may be taken along the wrong axis": lambda s: 0,
    }),
    *_table("hit", {
        "it counts none as right: is it an argmax that is compared, with a digit?": lambda s: False,
        "it counts an argmax of 0: is it the argmax of the digit, too?": lambda s: s.guess == 0,
    }),
    *_table("tested", {"it looks at the first example only": lambda s: s.examples[:1]}),
    *_table("count", {
        SHARE: lambda s: sum(s.hits) / len(s.hits),
        PER_CENT: lambda s: 100 * sum(s.hits) / len(s.hits),
    }),
]

# What each method can show: how a sentence begins, and the mistakes that it names.
OF_ITS_OWN = "The gradient that it steps by is not that of backprop: "
SHOWN: dict[str, list[tuple[str, list[Mistake]]]] = {
    "sigmoid": [("", _table("activation", ACTIVATION))],
    "sigmoid_prime": [("", _table("slope", SLOPE))],
    "feedforward": [("", FORWARD)],
    "cost_derivative": [("", COST_DERIVATIVE)],
    "backprop": [("", BACKWARD), ("", SLOPES), ("In the pass forward, ", FORWARD)],
    "update_mini_batch": [
        ("", STEP), (OF_ITS_OWN, BACKWARD), (OF_ITS_OWN, SLOPES),
        (f"{OF_ITS_OWN}in the pass forward, ", FORWARD),
    ],
    "evaluate": [("", EVALUATION)],
}


def is_close(got: Any, wanted: Any) -> bool:
    """Whether two nested lists hold the same numbers, up to the rounding of a finite difference."""
    p, q = numbers(got), numbers(wanted)
    return len(p) == len(q) and all(map(partial(isclose, rel_tol=1e-5, abs_tol=1e-8), p, q))


def find_mistakes(gives: Gives, wrong: Wrong, table: Sequence[Mistake], most: int = 1) -> Mistakes:
    """The fewest mistakes of the table, `most` at the most (1 or 2), that give all the wrong answers; or ().

    wrong    pairs (case, answer), the smallest network first; the last shows the number in a mistake
    """
    wrong = [(case, numbers(answer)) for case, answer in wrong]
    fixed = [mistake for mistake in table if mistake.c is None]
    is_factor_shown = len(wrong) > 1 or len(wrong[-1][1]) > 4  # The gradients of one output always have one.
    ones = (_with_number(mistake, gives, *wrong[-1]) for mistake in (table if is_factor_shown else fixed))
    tries: Iterator[Any] = chain(zip(ones), combinations(fixed, 2) if most == 2 else ())
    return next((mistakes for mistakes in tries if _give(gives, mistakes, wrong)), ())


def _give(gives: Gives, mistakes: Mistakes, wrong: Wrong) -> bool:
    """Whether the mistakes give all the answers that they can give, by shapes and sizes of numbers."""
    is_possible = False
    for case, answer in wrong:
        with contextlib.suppress(*IMPOSSIBLE):
            if not is_close(gives(mistakes, case), answer):
                return False
            is_possible = True
    return is_possible


def _with_number(mistake: Mistake, gives: Gives, case: Any, answer: Vector) -> Mistake:
    """The mistake with the number that the answer shows: by an entry that grows evenly with it."""
    if mistake.c is None:
        return mistake
    try:
        at = [numbers(gives((mistake._replace(c=c),), case)) for c in (0.0, 1.0, 2.0)]
        even = [(q - p, p, w) for p, q, r, w in zip(*at, answer) if isclose(r - q, q - p, rel_tol=1e-9)]
        slope, start, wanted = max(even, key=lambda entry: abs(entry[0]))
        return mistake._replace(c=(wanted - start) / slope)
    except IMPOSSIBLE:
        return mistake._replace(c=0.0)
