"""What does backpropagation give with a mistake in it? Each step as it should be, and as people get it wrong.

    p = forward(net.biases, net.weights, x, y)
    nabla_b, nabla_w = played(p)
    nabla_b, nabla_w = played(p, [("hidden", "in the hidden layers, σ′(z) is left out")])

The mistakes go by the words for them, and `diagnosis.py` finds the one that gives the numbers in question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from purenet.matrix import Matrix, Vector, add, hadamard, matvec, outer, scale, subtract, transpose
from purenet.network import sigmoid, sigmoid_prime

Table = dict[str, Callable[..., Any]]  # by the words for it, a function that does it


class Pass(NamedTuple):
    """The pass forward of one example, with ∂C/∂a of its output: all that a pass back needs.

    activations[l] is the input of layer l, (sizes[l],), and zs[l] its weighted input, (sizes[l + 1],).
    """

    biases: list[Vector]
    weights: list[Matrix]
    activations: list[Vector]
    zs: list[Vector]
    y: Vector
    nabla_a: Vector


# What makes ∂C/∂b, and what makes ∂C/∂w.
PARTS = ("bias", "outer")

# The steps as they should be, of a Pass p in layer l. `delta` is the error δ: for "back" that of the layer
# after, for "bias" and "outer", which make ∂C/∂b and ∂C/∂w, the layer's own.
RIGHT: Table = {
    "error": lambda p: p.nabla_a,
    "output": lambda p, l: sigmoid_prime(p.zs[l]),
    "hidden": lambda p, l: sigmoid_prime(p.zs[l]),
    "back": lambda p, l, delta: matvec(transpose(p.weights[l + 1]), delta),
    "bias": lambda p, l, delta: delta,
    "outer": lambda p, l, delta: outer(delta, p.activations[l]),
}

SIGMA_PRIME = {
    "σ′(z) is left out": lambda p, l: [1.0] * len(p.zs[l]),
    "σ′ is taken of a instead of z": lambda p, l: sigmoid_prime(p.activations[l + 1]),
    "z (1 − z) stands for σ′(z) = a (1 − a)": lambda p, l: [z * (1 - z) for z in p.zs[l]],
    "σ(z) stands for σ′(z)": lambda p, l: p.activations[l + 1],
    "σ′(z) is there twice": lambda p, l: [s * s for s in sigmoid_prime(p.zs[l])],
    "1 − a stands for σ′(z) = a (1 − a)": lambda p, l: [1 - a for a in p.activations[l + 1]],
    "1 − a² stands for σ′(z) = a (1 − a)": lambda p, l: [1 - a * a for a in p.activations[l + 1]],
    "a (1 + a) stands for σ′(z) = a (1 − a)": lambda p, l: [a * (1 + a) for a in p.activations[l + 1]],
    "a (a − 1) stands for σ′(z) = a (1 − a)": lambda p, l: [a * (a - 1) for a in p.activations[l + 1]],
    "tanh′(z) stands for σ′(z)": lambda p, l: [4 * sigmoid_prime(2 * z) for z in p.zs[l]],
    "1 where z > 0, as of ReLU, stands for σ′(z)": lambda p, l: [float(z > 0) for z in p.zs[l]],
    "σ′ is taken of the z of the layer before": lambda p, l: sigmoid_prime((p.activations[:1] + p.zs)[l]),
    "σ′ is taken of the z of the layer before, if there is one": lambda p, l: sigmoid_prime(
        p.zs[max(l - 1, 0)]
    ),
    "σ′ is taken of the z of the first layer": lambda p, l: sigmoid_prime(p.zs[0]),
}

WRONG_WEIGHTS = "the error is sent back through the weights of the wrong layer"

BACK = {
    "the error is sent back through w instead of wᵀ": lambda p, l, delta: matvec(p.weights[l + 1], delta),
    f"{WRONG_WEIGHTS}: its own instead of those after it": lambda p, l, delta: matvec(
        transpose(p.weights[l]), delta
    ),
    f"{WRONG_WEIGHTS}, its own, and through w instead of wᵀ": lambda p, l, delta: matvec(p.weights[l], delta),
    f"{WRONG_WEIGHTS}, one too far on (after the last come the first)": lambda p, l, delta: matvec(
        transpose(p.weights[(l + 2) % len(p.weights)]), delta
    ),
    f"{WRONG_WEIGHTS}, always the last": lambda p, l, delta: matvec(transpose(p.weights[-1]), delta),
    f"{WRONG_WEIGHTS}, always the first": lambda p, l, delta: matvec(transpose(p.weights[0]), delta),
    "the error of the output stands for that of the layer after": lambda p, l, delta: matvec(
        transpose(p.weights[l + 1]), hadamard(p.nabla_a, sigmoid_prime(p.zs[-1]))
    ),
    "the error is sent back without the weights": lambda p, l, delta: delta,
    "δ is not sent back at all: every layer has that of the output": lambda p, l, delta: (
        [d / s for d, s in zip(delta, sigmoid_prime(p.zs[l]))] if len(delta) == len(p.zs[l]) else []
    ),
    "the error is sent back through already updated weights, from which the gradient has been subtracted": (
        lambda p, l, delta: matvec(
            transpose(list(map(subtract, p.weights[l + 1], outer(delta, p.activations[l + 1])))), delta
        )
    ),
    "what is sent back is the error without its σ′(z)": lambda p, l, delta: matvec(
        transpose(p.weights[l + 1]), [d / s for d, s in zip(delta, sigmoid_prime(p.zs[l + 1]))]
    ),
    "of the errors of the layer after, only the last neuron's is sent back, as if = stood for +=": (
        lambda p, l, delta: scale(delta[-1], p.weights[l + 1][-1])
    ),
    "of the errors of the layer after, the last neuron's is left out": lambda p, l, delta: matvec(
        transpose(p.weights[l + 1]), delta[:-1] + [0.0]
    ),
    "of the errors of the layer after, the first neuron's is left out": lambda p, l, delta: matvec(
        transpose(p.weights[l + 1]), [0.0] + delta[1:]
    ),
}

BIAS = {
    "∂C/∂b is zero, where it is δ": lambda p, l, delta: scale(0.0, delta),
    "∂C/∂b is multiplied by the layer's activation, where it is δ": lambda p, l, delta: hadamard(
        delta, p.activations[l + 1]
    ),
    "∂C/∂b is the mean of the layer's δ, the same for every neuron": lambda p, l, delta: (
        [sum(delta) / len(delta)] * len(delta)
    ),
    "∂C/∂b is the sum of the layer's δ, the same for every neuron": lambda p, l, delta: (
        [sum(delta)] * len(delta)
    ),
    "σ′(z) is left out of ∂C/∂b": lambda p, l, delta: [d / s for d, s in zip(delta, sigmoid_prime(p.zs[l]))],
    "∂C/∂b has lost its sign": lambda p, l, delta: list(map(abs, delta)),
}

WRONG_ACTIVATIONS = "the outer product takes the activations of the wrong layer"

OUTER = {
    "the outer product is transposed, where ∂C/∂w = δ a⁻ᵀ": lambda p, l, delta: outer(
        p.activations[l], delta
    ),
    f"{WRONG_ACTIVATIONS}: its output instead of its input": lambda p, l, delta: outer(
        delta, p.activations[l + 1]
    ),
    f"{WRONG_ACTIVATIONS}, one too early": lambda p, l, delta: outer(delta, p.activations[max(l - 1, 0)]),
    f"{WRONG_ACTIVATIONS}: the input x": lambda p, l, delta: outer(delta, p.activations[0]),
    "the outer product takes z of the layer before instead of its activation": lambda p, l, delta: outer(
        delta, (p.activations[:1] + p.zs)[l]
    ),
    "the activations are left out of ∂C/∂w = δ a⁻ᵀ": lambda p, l, delta: outer(
        delta, [1.0] * len(p.activations[l])
    ),
    "the activations are there twice in ∂C/∂w = δ a⁻ᵀ": lambda p, l, delta: outer(
        delta, [a * a for a in p.activations[l]]
    ),
    "σ′(z) is left out of ∂C/∂w": lambda p, l, delta: outer(
        [d / s for d, s in zip(delta, sigmoid_prime(p.zs[l]))], p.activations[l]
    ),
    "∂C/∂w has lost its sign": lambda p, l, delta: [
        list(map(abs, row)) for row in outer(delta, p.activations[l])
    ],
    "∂C/∂w of each neuron's first input is zero": lambda p, l, delta: outer(
        delta, [0.0] + p.activations[l][1:]
    ),
    "∂C/∂w of each neuron's last input is zero": lambda p, l, delta: outer(
        delta, p.activations[l][:-1] + [0.0]
    ),
    "every row of ∂C/∂w is the same, as if one list stood for them all": lambda p, l, delta: outer(
        [delta[-1]] * len(delta), p.activations[l]
    ),
}


def _only(where: str, step: str, gives: Any) -> Any:
    """A mistake in one step that is made only at the output or only in the hidden layers."""

    def limited(p: Pass, l: int, delta: Vector) -> Any:
        at_output = l == len(p.weights) - 1
        return (gives if at_output == (where == "at the output") else RIGHT[step])(p, l, delta)

    return limited


# What people do instead of each step.
MISTAKES: dict[str, Table] = {
    "error": {
        "a stands for a − y: the target is left out": lambda p: p.activations[-1],
        "(a − y)² stands for a − y": lambda p: [d * d for d in p.nabla_a],
        "|a − y| stands for a − y": lambda p: [abs(d) for d in p.nabla_a],
        "a + y stands for a − y": lambda p: add(p.activations[-1], p.y),
        "z − y stands for a − y": lambda p: subtract(p.zs[-1], p.y),
        "every output is compared with the first target": lambda p: [a - p.y[0] for a in p.activations[-1]],
    },
    "output": {f"at the output, {words}": gives for words, gives in SIGMA_PRIME.items()},
    "hidden": {
        **{f"in the hidden layers, {words}": gives for words, gives in SIGMA_PRIME.items()},
        "in the hidden layers, σ′ is taken of the z of the layer after": lambda p, l: sigmoid_prime(
            p.zs[l + 1]
        ),
    },
    "back": BACK,
    **{
        step: {
            **table,
            **{
                f"{where}, {words}": _only(where, step, gives)
                for where in ("in the hidden layers", "at the output")
                for words, gives in table.items()
            },
        }
        for step, table in (("bias", BIAS), ("outer", OUTER))
    },
}

# Common factors, for n outputs.
FACTORS: Table = {
    "": lambda n: 1,
    "the sign is wrong everywhere, as if y − a stood for a − y": lambda n: -1,
    "everything is twice too large: the derivative of ½‖y − a‖² is a − y, without a 2": lambda n: 2,
    "everything is half of what it should be: the derivative of ½‖y − a‖² is a − y, without a ½": lambda n: (
        0.5
    ),
    "everything is twice too large and has the wrong sign": lambda n: -2,
    "everything is half of what it should be and has the wrong sign": lambda n: -0.5,
    "everything is divided by the number of outputs": lambda n: 1 / n,
    "everything is divided by the number of outputs and has the wrong sign": lambda n: -1 / n,
    "everything is multiplied by 2 and divided by the number of outputs": lambda n: 2 / n,
    "everything is multiplied by the number of outputs": lambda n: n,
}


def _again(
    p: Pass, z: Any = None, activation: Callable[[int, Vector], Vector] = lambda l, z: sigmoid(z)
) -> Pass:
    """The pass forward of the example of `p`, perhaps with another z(l, a) or activation(l, z) of layer l."""
    activations, zs = p.activations[:1], []
    for l, _ in enumerate(p.weights):
        zs.append(z(l, activations[-1]) if z else _z(p, l, activations[-1], p.biases[l]))
        activations.append(activation(l, zs[-1]))
    return Pass(p.biases, p.weights, activations, zs, p.y, subtract(activations[-1], p.y))


def _z(p: Pass, l: int, a: Vector, bias: Vector) -> Vector:
    return add(matvec(p.weights[l], a), bias)


# What people do in the pass forward of backprop, which often is written once more beside feedforward.
FORWARD: Table = {
    "the bias is left out": lambda p: _again(p, lambda l, a: matvec(p.weights[l], a)),
    "the bias is subtracted, not added": lambda p: _again(
        p, lambda l, a: _z(p, l, a, scale(-1.0, p.biases[l]))
    ),
    "the bias is another layer's: that of the layer before": lambda p: _again(
        p, lambda l, a: _z(p, l, a, p.biases[l - 1])
    ),
    "the bias is another layer's: always that of the first": lambda p: _again(
        p, lambda l, a: _z(p, l, a, p.biases[0])
    ),
    "the bias is another layer's: always that of the last": lambda p: _again(
        p, lambda l, a: _z(p, l, a, p.biases[-1])
    ),
    "the bias of the first neuron is added to every neuron of the layer": lambda p: _again(
        p, lambda l, a: _z(p, l, a, p.biases[l][:1] * len(p.zs[l]))
    ),
    "the last input of every neuron is left out": lambda p: _again(
        p, lambda l, a: _z(p, l, a[:-1] + [0.0], p.biases[l])
    ),
    "the minus of e⁻ᶻ is missing": lambda p: _again(p, activation=lambda l, z: sigmoid(scale(-1.0, z))),
    "σ is left out in the first layer": lambda p: _again(p, activation=lambda l, z: sigmoid(z) if l else z),
    "σ is left out in all layers but the last": lambda p: _again(
        p, activation=lambda l, z: sigmoid(z) if l == len(p.zs) - 1 else z
    ),
}


def forward(biases: list[Vector], weights: list[Matrix], x: Vector, y: Vector) -> Pass:
    """The `Pass` of an example through a network of flat biases and lists of rows, for C = ½‖y − a‖²."""
    return _again(Pass(biases, weights, [x], [], y, []))


def played(p: Pass, mistakes: Sequence[tuple[str, str]] = (), parts: Sequence[str] = PARTS) -> Any:
    """(nabla_b, nabla_w) as backpropagation gives it with these `mistakes`, pairs of a step and the words.

    `parts` may be one of PARTS alone. Raises ValueError, IndexError or ZeroDivisionError where a mistake is
    not possible, for the shapes, layers or numbers that it needs.
    """
    return played_with(p, {step: MISTAKES[step][words] for step, words in mistakes}, parts)


def played_with(p: Pass, wrong_steps: Table, parts: Sequence[str] = PARTS) -> Any:
    """As `played`, with functions in the place of steps of RIGHT: any, also such as have no words here."""
    steps = {**RIGHT, **wrong_steps}
    last = len(p.weights) - 1
    deltas = [hadamard(steps["error"](p), steps["output"](p, last))]
    for l in reversed(range(last)):
        deltas.insert(0, hadamard(steps["back"](p, l, deltas[0]), steps["hidden"](p, l)))
    return tuple([steps[part](p, l, delta) for l, delta in enumerate(deltas)] for part in parts)
