"""What people get wrong in a network: a table of mistakes for each step of `reference.py`.

SHOWN says which tables each method can show, in the order in which they are searched.
"""

from __future__ import annotations

from math import exp, tanh
from typing import Any

from purenet.checker.reference import (
    ACTIVATIONS, LAYERS, RIGHT, Layer, Mistake, Step, sigmoid, sigmoid_prime, softmax,
)
from purenet.matrix import Vector, add, hadamard, matvec, outer, scale, subtract, transpose


def _negative(step: Step) -> Step:
    return lambda s: -step(s)


def _table(step: str, entries: dict[str, Step], *where: str) -> list[Mistake]:
    return [Mistake(step, words, gives, place) for place in where or [""] for words, gives in entries.items()]


# Forward.

ACTIVATION: dict[str, Step] = {
    "σ is left out": lambda s: s.given_z,
    "the minus of e⁻ᶻ is missing, or e⁻ᶻ stands above the line": lambda s: sigmoid(scale(-1.0, s.given_z)),
    "tanh stands for σ": lambda s: list(map(tanh, s.given_z)),
    "ReLU, max(0, z), stands for σ": lambda s: [max(0.0, z) for z in s.given_z],
    "σ is taken twice": lambda s: sigmoid(sigmoid(s.given_z)),
    "σ′ stands for σ": lambda s: sigmoid_prime(s.given_z),
    "1 / 1 + e⁻ᶻ without brackets, or 1 + e⁻ᶻ, stands for σ": lambda s: [1 + exp(-z) for z in s.given_z],
    "1 − e⁻ᶻ stands below the line, where it is 1 + e⁻ᶻ": lambda s: [1 / (1 - exp(-z)) for z in s.given_z],
    "1 − eᶻ stands below the line, where it is 1 + e⁻ᶻ": lambda s: [1 / (1 - exp(z)) for z in s.given_z],
}
FORWARD = [
    *_table("activation", ACTIVATION, *LAYERS),
    Mistake("activation", "softmax stands for σ", lambda s: softmax(s.given_z), "at the output"),
    *_table("bias", {
        "the bias is left out": lambda s: scale(0.0, s.b),
        "the bias is subtracted, not added": lambda s: scale(-1.0, s.b),
        "the bias is another layer's: that of the layer before": lambda s: s.before.b,
        "the bias is another layer's: that of the layer after": lambda s: s.after.b,
        "the bias is another layer's: they are taken in reverse order": lambda s: s.net.biases[-1 - s.l],
        "the bias is another layer's: always that of the first": lambda s: s.first.b,
        "the bias is another layer's: always that of the last": lambda s: s.last.b,
        "the bias of the first neuron is added to every neuron of the layer": lambda s: s.b[:1] * len(s.b),
        "the bias is added once for every input, not once": lambda s: scale(len(s.w[0]), s.b),
    }),
    *_table("weights", {
        "the weights are transposed: wᵀ a stands for w a": lambda s: transpose(s.w),
        "the weights of the layers are taken in reverse order": lambda s: s.net.weights[-1 - s.l],
        "the last input of every neuron is left out": lambda s: [row[:-1] + [0.0] for row in s.w],
        "the first input of every neuron is left out": lambda s: [[0.0] + row[1:] for row in s.w],
    }),
    *_table("layers", {
        "the last layer is left out": lambda s: range(s.net.last),
        "the first layer is left out": lambda s: range(1, s.net.last + 1),
        "it returns after the first layer": lambda s: [0],
    }),
    *_table("output", {
        "σ is taken once more of the output": lambda s: sigmoid(s.output),
        "softmax is taken of the output, after σ": lambda s: softmax(s.output),
        "the output is rounded": lambda s: list(map(round, s.output)),
    }),
]

# The cost.

OF_CROSS_ENTROPY = "the cross-entropy's (a − y) / (a (1 − a))"
ERROR = _table("error", {
    "a stands for a − y: the target is left out": lambda s: s.output,
    "(a − y)² stands for a − y": lambda s: [d * d for d in subtract(s.output, s.y)],
    "the cost ½ (a − y)² stands for its derivative": lambda s: [d * d / 2 for d in subtract(s.output, s.y)],
    "|a − y| stands for a − y": lambda s: list(map(abs, subtract(s.output, s.y))),
    "a + y stands for a − y": lambda s: add(s.output, s.y),
    "z − y stands for a − y": lambda s: subtract(s.net.zs[-1], s.y),
    "every output is compared with the first target": lambda s: [a - s.y[0] for a in s.output],
    "σ′(z) = a (1 − a) is in it already, and backprop multiplies by it": lambda s: [
        d * a * (1 - a) for a, d in zip(s.output, RIGHT["error"](s))
    ],
    f"it is {OF_CROSS_ENTROPY}, but the class's cost is another": (
        lambda s: [(a - t) / (a * (1 - a)) for a, t in zip(s.output, s.y)]
    ),
    f"1 + a stands for 1 − a in {OF_CROSS_ENTROPY}": lambda s: [
        (a - t) / (a * (1 + a)) for a, t in zip(s.output, s.y)
    ],
    "the 1 of the target is one place too low": lambda s: subtract(s.output, s.y[1:] + s.y[:1]),
    "the 1 of the target is one place too high": lambda s: subtract(s.output, s.y[-1:] + s.y[:-1]),
    "the target is scaled, {:.4g} times as far from ½ as it was": lambda s: [
        a - (s.c * t + (1 - s.c) / 2) for a, t in zip(s.output, s.y)
    ],
    "{:.4g} y stands for y": lambda s: subtract(s.output, scale(s.c, s.y)),
})
FACTOR = [
    Mistake("sign", "the sign is wrong everywhere, as if y − a stood for a − y", lambda s: -1.0),
    *_table("factor", {
        "everything is twice too large: the derivative of ½‖y − a‖² is a − y, without a 2": lambda s: 2,
        "everything is half as large as it should be: the derivative of ½‖y − a‖² is a − y, without a ½": (
            lambda s: 0.5
        ),
        "everything is divided by the number of outputs": lambda s: 1 / s.n,
        "everything is multiplied by 2 and divided by the number of outputs": lambda s: 2 / s.n,
        "everything is multiplied by the number of outputs": lambda s: s.n,
        "everything is {:.4g} times what it should be": lambda s: s.c,
    }),
]
# With the wrong sign, too.
FACTOR += [
    Mistake("factor", f"{mistake.words}, and the sign is wrong", _negative(mistake.gives))
    for mistake in FACTOR[1:-1]
]

# Back.

Z_FOR_A = "z (1 − z) stands for σ′(z) = a (1 − a)"
NO_SLOPE = "σ′(z) is left out"
MULTIPLIED = "σ′(z) is multiplied in, which the derivative of the cross-entropy cancels: δ is a − y"
SLOPE: dict[str, Step] = {
    NO_SLOPE: lambda s: [1.0] * len(s.given_z),
    "σ′ is taken of a instead of z": lambda s: sigmoid_prime(sigmoid(s.given_z)),
    Z_FOR_A: lambda s: [z * (1 - z) for z in s.given_z],
    "σ(z) stands for σ′(z)": lambda s: sigmoid(s.given_z),
    "σ′(z) is there twice": lambda s: [slope * slope for slope in sigmoid_prime(s.given_z)],
    "1 − a stands for σ′(z) = a (1 − a)": lambda s: [1 - a for a in sigmoid(s.given_z)],
    "1 − a² stands for σ′(z) = a (1 − a)": lambda s: [1 - a * a for a in sigmoid(s.given_z)],
    "a² stands for σ′(z) = a (1 − a)": lambda s: [a * a for a in sigmoid(s.given_z)],
    "a (1 + a) stands for σ′(z) = a (1 − a)": lambda s: [a * (1 + a) for a in sigmoid(s.given_z)],
    "a (a − 1) stands for σ′(z) = a (1 − a)": lambda s: [a * (a - 1) for a in sigmoid(s.given_z)],
    "a · 1 − a, without brackets, stands for σ′(z) = a (1 − a)": lambda s: [0.0] * len(s.given_z),
    "tanh′(z) stands for σ′(z)": lambda s: [1 - tanh(z) ** 2 for z in s.given_z],
    "1 where z > 0, as of ReLU, stands for σ′(z)": lambda s: [float(z > 0) for z in s.given_z],
}
# What is a mistake only where the activation or the cost is another than the book's.
SLOPE_OF_BOOK = _table("slope", {
    MULTIPLIED: lambda s: sigmoid_prime(s.given_z),
}, "at the output") + _table("slope", {
    "σ′(z), or a (1 − a), stands for the derivative of another activation": lambda s: [
        a * (1 - a) for a in ACTIVATIONS[s.kind](s.given_z)
    ],
}, "in the hidden layers", "at the output")
SLOPE_OF_ANOTHER: dict[str, Step] = {
    "σ′ is taken of the z of the layer before": lambda s: sigmoid_prime(s.before.z),
    "σ′ is taken of the z of the layer before, if there is one": lambda s: sigmoid_prime(
        (s.before if s.l else s).z
    ),
    "σ′ is taken of the z of the first layer": lambda s: sigmoid_prime(s.first.z),
    "σ′ is taken of the z of the layer after": lambda s: sigmoid_prime(s.after.z),
}


def _without_slope(s: Layer, z: Vector) -> Vector:
    """δ of the layer, divided by the derivative of its activation at z."""
    return [d / slope for d, slope in zip(s.delta, s.slope_at(z))] if len(s.delta) == len(z) else []


WRONG_WEIGHTS = "the error is sent back through the weights of the wrong layer"
BACK = _table("back", {
    "the error is sent back through w instead of wᵀ": lambda s: matvec(s.after.w, s.delta),
    f"{WRONG_WEIGHTS}: its own instead of those after it": lambda s: matvec(transpose(s.w), s.delta),
    f"{WRONG_WEIGHTS}, its own, and through w instead of wᵀ": lambda s: matvec(s.w, s.delta),
    f"{WRONG_WEIGHTS}, one too far on (after the last come the first)": lambda s: matvec(
        transpose(s.after.after.w), s.delta
    ),
    f"{WRONG_WEIGHTS}, always the last": lambda s: matvec(transpose(s.last.w), s.delta),
    f"{WRONG_WEIGHTS}, always the first": lambda s: matvec(transpose(s.first.w), s.delta),
    "the error of the output stands for that of the layer after": lambda s: matvec(
        transpose(s.after.w), hadamard(s.net.nabla_a, s.last.slope_at(s.last.z))
    ),
    "the error is sent back without the weights": lambda s: s.delta,
    "δ is not sent back at all: every layer has that of the output": lambda s: _without_slope(s, s.z),
    "the error is sent back to the hidden layers without its σ′(z)": lambda s: matvec(
        transpose(s.after.w), _without_slope(Layer(s.net, s.l + 1, delta=s.delta), s.after.z)
    ),
    "of the errors of the layer after, only the last neuron's is sent back, as if = stood for +=": (
        lambda s: scale(s.delta[-1], s.after.w[-1])
    ),
    "of the errors of the layer after, the last neuron's is left out": lambda s: matvec(
        transpose(s.after.w), s.delta[:-1] + [0.0]
    ),
    "of the errors of the layer after, the first neuron's is left out": lambda s: matvec(
        transpose(s.after.w), [0.0] + s.delta[1:]
    ),
    "the error is sent back through weights already less {:.4g} times their gradient": lambda s: matvec(
        transpose(list(map(subtract, s.after.w, outer(scale(s.c, s.delta), s.a)))), s.delta
    ),
})
KEPT = _table("kept", {
    "the layers stand in reverse order: what is found on the way back belongs in front, by insert(0, ...)": (
        lambda s: s.deltas[::-1]
    ),
    "each layer but the last has the δ of the layer after: the new δ is not what is kept": (
        lambda s: s.deltas[1:] + s.deltas[-1:]
    ),
    "the loop over the layers does not reach the first, or does not keep what it finds": (
        lambda s: [scale(0.0, s.deltas[0]), *s.deltas[1:]]
    ),
    "the loop over the layers ends before it begins, or does not keep what it finds": (
        lambda s: [*(scale(0.0, d) for d in s.deltas[:-1]), s.deltas[-1]]
    ),
})
RESULT = _table("result", {
    "the layers of nabla_b and nabla_w stand in reverse order: append stands where insert(0, ...) belongs": (
        lambda s: tuple(part[::-1] for part in s.nabla)
    ),
})
NABLA_B: dict[str, Step] = {
    "nabla_b is zero, where it is δ": lambda s: scale(0.0, s.delta),
    "nabla_b is multiplied by the layer's activation, where it is δ": lambda s: hadamard(s.delta, s.a),
    "nabla_b is the mean of the layer's δ, the same for every neuron": lambda s: (
        [sum(s.delta) / len(s.delta)] * len(s.delta)
    ),
    "nabla_b is the sum of the layer's δ, the same for every neuron": lambda s: [sum(s.delta)] * len(s.delta),
    "σ′(z) is left out of nabla_b": lambda s: _without_slope(s, s.z),
    "nabla_b has lost its sign": lambda s: list(map(abs, s.delta)),
    "nabla_b is {:.4g} times what it should be": lambda s: scale(s.c, s.delta),
}
WRONG_INPUT = "the outer product takes the activations of the wrong layer"
NABLA_W: dict[str, Step] = {
    "the outer product is transposed, where nabla_w = δ aᵀ": lambda s: outer(s.before.a, s.delta),
    f"{WRONG_INPUT}: its output instead of its input": lambda s: outer(s.delta, s.a),
    f"{WRONG_INPUT}, one too early": lambda s: outer(s.delta, (s.before.before if s.l else s.before).a),
    f"{WRONG_INPUT}: the input x": lambda s: outer(s.delta, s.first.before.a),
    "the outer product takes z of the layer before instead of its activation": (
        lambda s: outer(s.delta, s.before.z)
    ),
    "the activations are left out of nabla_w = δ aᵀ": lambda s: outer(s.delta, [1.0] * len(s.before.a)),
    "the activations are there twice in nabla_w = δ aᵀ": lambda s: outer(s.delta, [a * a for a in s.before.a]),
    "σ is taken once more of the activations in nabla_w = δ aᵀ": lambda s: outer(s.delta, sigmoid(s.before.a)),
    "σ′(z) is left out of nabla_w": lambda s: outer(_without_slope(s, s.z), s.before.a),
    "nabla_w has lost its sign": lambda s: [list(map(abs, row)) for row in outer(s.delta, s.before.a)],
    "nabla_w of each neuron's first input is zero": lambda s: outer(s.delta, [0.0] + s.before.a[1:]),
    "nabla_w of each neuron's last input is zero": lambda s: outer(s.delta, s.before.a[:-1] + [0.0]),
    "every row of nabla_w is the same, as if one list stood for them all": (
        lambda s: outer(s.delta[-1:] * len(s.delta), s.before.a)
    ),
    "nabla_w is {:.4g} times what it should be": lambda s: outer(scale(s.c, s.delta), s.before.a),
    "{:.4g} times the weights are in nabla_w, as for weight decay": lambda s: [
        add(row, scale(s.c, weights)) for row, weights in zip(outer(s.delta, s.before.a), s.w)
    ],
}
SIDES = "at the output", "in the hidden layers"
BACKWARD = [
    *FACTOR,
    *(mistake for mistake in ERROR if "already" not in mistake.words and OF_CROSS_ENTROPY not in mistake.words),
    *_table("slope", SLOPE, *SIDES),
    *SLOPE_OF_BOOK,
    *_table("slope", SLOPE_OF_ANOTHER, "in the hidden layers"),
    *_table("slope", dict(list(SLOPE_OF_ANOTHER.items())[::2]), "at the output"),
    *BACK,
    *_table("nabla_b", NABLA_B, "", *SIDES),
    *_table("nabla_w", NABLA_W, "", *SIDES),
    *KEPT,
    *RESULT,
]

# The step.


def _running_sum(s: Layer) -> None:
    taken: list[Any] = []
    for x, y, share in s.examples:
        taken.append((s.net.gradient(x, y), share))
        s.net.step(taken)


def _one_by_one(s: Layer) -> None:
    for x, y, share in s.examples:
        s.net.step([(s.net.gradient(x, y), share)])


def _weights_one_by_one(s: Layer) -> None:
    """Each step starts from the biases as they were, and its change of them is kept for the end."""
    before = after = s.net.biases
    for x, y, share in s.examples:
        nabla = s.net.gradient(x, y)
        after = [subtract(b, scale(share, g)) for b, g in zip(after, nabla[0])]
        s.net.step([(nabla, share)])
        s.net.biases = before
    s.net.biases = after


def _through_updated(net: Any, examples: Any) -> Any:
    """Each layer is updated before δ goes through it to the layer before."""
    passes = []
    for x, y, share in examples:
        delta = hadamard(net.cost_derivative(net.feedforward(x), y), Layer(net, net.last).slope_at(net.zs[-1]))
        passes.append((net.activations, net.zs, delta, share))
    for l in reversed(range(len(net.weights))):
        for activations, _, delta, share in passes:
            net.biases = [subtract(b, scale(share, delta)) if k == l else b for k, b in enumerate(net.biases)]
            new = list(map(subtract, net.weights[l], outer(scale(share, delta), activations[l])))
            net.weights = [new if k == l else w for k, w in enumerate(net.weights)]
        if l:
            passes = [
                (a, zs, hadamard(back, Layer(net, l - 1).slope_at(zs[l - 1])), share)
                for a, zs, back, share in (
                    (a, zs, matvec(transpose(net.weights[l]), delta), share) for a, zs, delta, share in passes
                )
            ]


def _zeros(nabla: Any) -> Any:
    return [scale(0.0, b) for b in nabla[0]], [[scale(0.0, row) for row in w] for w in nabla[1]]


MORE = 4  # training data than a mini-batch has, where n is asked for
WEIGHT_DECAY = "as for weight decay"
OF_BIASES = "the weights are changed by the gradient of the biases, as in a copied line that still has nb or db"
STEP = [
    *_table("used", {
        "it changes nothing": lambda s: [0.0] * s.m,
        "the last example of the mini-batch is left out": lambda s: [1.0] * (s.m - 1) + [0.0],
        "the first example of the mini-batch is left out": lambda s: [0.0] + [1.0] * (s.m - 1),
        "the first example of the mini-batch is counted twice": lambda s: [2.0] + [1.0] * (s.m - 1),
        "the last example of the mini-batch is counted twice": lambda s: [1.0] * (s.m - 1) + [2.0],
        "only the first example of the mini-batch is used": lambda s: [1.0] + [0.0] * (s.m - 1),
        "only the last example of the mini-batch is used: its gradient is put in the place of the sum": (
            lambda s: [0.0] * (s.m - 1) + [1.0]
        ),
    }),
    *_table("divisor", {
        "the gradients are summed, not averaged: the step is not divided by the size of the mini-batch": (
            lambda s: 1
        ),
        "the step is divided by the size of the mini-batch twice": lambda s: s.m * s.m,
        "the step is divided by one more than the size of the mini-batch": lambda s: s.m + 1,
        "the step is divided by one less than the size of the mini-batch": lambda s: s.m - 1,
        "the step is divided by the number of layers, not by the size of the mini-batch": (
            lambda s: len(s.net.weights) + 1
        ),
        "the step is divided by n, the number of all training data, not by the size of the mini-batch": (
            lambda s: s.m + MORE
        ),
        "the step is twice too large": lambda s: s.m / 2,
        "the step is half of what it should be": lambda s: 2 * s.m,
    }),
    *_table("rate", {
        "the step goes uphill: what backprop gives is added, not subtracted": lambda s: -s.eta,
        "the learning rate η is left out": lambda s: 1.0,
        "the learning rate η is multiplied by twice": lambda s: s.eta * s.eta,
        "the step is {:.4g} times what it should be": lambda s: s.c * s.eta,
    }),
    *_table("summed", {
        "the biases are never changed": lambda s: (_zeros(s.nabla)[0], s.nabla[1]),
        "the weights are never changed": lambda s: (s.nabla[0], _zeros(s.nabla)[1]),
        "only the last layer is changed": lambda s: tuple(
            [*zeros[:-1], part[-1]] for zeros, part in zip(_zeros(s.nabla), s.nabla)
        ),
        "the last layer is never changed": lambda s: tuple(
            [*part[:-1], zeros[-1]] for zeros, part in zip(_zeros(s.nabla), s.nabla)
        ),
        "the first layer is never changed": lambda s: tuple(
            [zeros[0], *part[1:]] for zeros, part in zip(_zeros(s.nabla), s.nabla)
        ),
        OF_BIASES: lambda s: (s.nabla[0], [
            outer(delta, [1.0] * len(w[0])) for delta, w in zip(s.nabla[0], s.nabla[1])
        ]),
        f"{OF_BIASES}, along the wrong axis": lambda s: (s.nabla[0], [
            outer([1.0] * len(w), delta) for delta, w in zip(s.nabla[0], s.nabla[1])
        ]),
        f"{{:.4g}} times the weights are subtracted with the gradient, {WEIGHT_DECAY}": lambda s: (s.nabla[0], [
            [add(row, scale(s.c, weights)) for row, weights in zip(*layer)]
            for layer in zip(s.nabla[1], s.weights)
        ]),
    }),
    *_table("targets", {
        "every example is trained with the target of the next one": lambda s: s.ys[1:] + s.ys[:1],
        "every example is trained with the target of the one before it": lambda s: s.ys[-1:] + s.ys[:-1],
        "every example is trained with the target of the first": lambda s: s.ys[:1] * len(s.ys),
        "every example is trained with the target of the last": lambda s: s.ys[-1:] * len(s.ys),
    }),
    *_table("walk", {
        "the lines that change the weights stand inside the loop over the examples: the sum of the gradients "
        "so far is subtracted after each one": _running_sum,
        "every example sees the weights as the one before it left them": _one_by_one,
        "every example sees the weights, but not the biases, as the one before it left them": (
            _weights_one_by_one
        ),
        "the error is sent back through already updated weights": lambda s: _through_updated(s.net, s.examples),
        "examples one by one send the error back through already updated weights": lambda s: [
            _through_updated(s.net, [example]) for example in s.examples
        ],
    }),
]

# The test.

SHARES = (
    ["it gives the share that is right, not how many"],
    ["it gives the per cent that is right, not how many"],
)
EVALUATION = [
    *_table("guess", {
        "it takes the smallest output, not the largest": lambda s: s.output.index(min(s.output)),
        "it takes the argmax of the input, not of the output": lambda s: s.x.index(max(s.x)),
        "it counts digits from 1: its argmax is one too large": lambda s: s.output.index(max(s.output)) + 1,
        "its argmax is one too small": lambda s: s.output.index(max(s.output)) - 1,
        "its argmax compares each output with the one before it, not with the largest so far": lambda s: max(
            [0] + [k for k in range(1, len(s.output)) if s.output[k] > s.output[k - 1]]
        ),
        "its argmax leaves out the first output": lambda s: s.output.index(max(s.output[1:])),
        "its argmax leaves out the last output": lambda s: s.output.index(max(s.output[:-1])),
        "its argmax is always 0: it may be taken along the wrong axis": lambda s: 0,
        "it rounds the outputs before it takes the largest": (
            lambda s: list(map(round, s.output)).index(max(map(round, s.output)))
        ),
    }),
    *_table("hit", {
        "it counts the wrong answers, not the right ones": lambda s: s.guess != s.digit,
        "it takes every output above ½ for a yes": (
            lambda s: [k for k, a in enumerate(s.output) if a > 0.5] == [s.digit]
        ),
        "it looks whether the digit's own output is above ½": lambda s: s.output[s.digit] > 0.5,
        "it counts none as right, as it does when it compares an argmax with a vector, or the largest output "
        "itself, not its index, with the digit": lambda s: False,
        "it counts an argmax of 0, as it does when it takes the argmax of the digit too": (
            lambda s: s.guess == 0
        ),
    }),
    *_table("tested", {
        "it leaves out the last example": lambda s: s.examples[:-1],
        "it leaves out the first example": lambda s: s.examples[1:],
        "it looks at the first example only": lambda s: s.examples[:1],
    }),
    *_table("count", {
        SHARES[0][0]: lambda s: sum(s.hits) / len(s.hits),
        SHARES[1][0]: lambda s: 100 * sum(s.hits) / len(s.hits),
        "it counts every example": lambda s: len(s.hits),
        "it stops at the first example that is right": lambda s: 1,
    }),
]

# What each method can show: a table of mistakes, how many of them at once, and how the sentence begins.
SHOWN: dict[str, list[tuple[list[Mistake], int, str]]] = {
    "sigmoid": [(_table("activation", ACTIVATION), 1, "")],
    "sigmoid_prime": [(_table("slope", SLOPE), 1, "")],
    "feedforward": [(FORWARD, 2, "")],
    "cost_derivative": [([*FACTOR, *(mistake for mistake in ERROR if "z −" not in mistake.words)], 2, "")],
    "backprop": [(BACKWARD, 2, ""), (FORWARD, 1, "In the pass forward, ")],
    "update_mini_batch": [
        (STEP, 2, ""),
        (BACKWARD, 1, "The gradient that it steps by is not that of backprop: "),
        (FORWARD, 1, "The gradient that it steps by is not that of backprop: in the pass forward, "),
    ],
    "evaluate": [(EVALUATION, 1, "")],
}
