"""What is the matter with a wrong gradient? The mistakes that people make, tried out one after another.

    print(diagnosis.of_gradient(net, x, y, net.backprop(x, y), estimates, cost=None))

Backpropagation is played with a mistake put in on purpose. Where that gives the very numbers in question, up
to a common factor, the mistake is found, and it has a name. Two mistakes at once are tried too. What none of
them explains is at least told layer by layer.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from itertools import combinations
from math import isfinite
from typing import Any, NamedTuple

from .forms import numbers, places, plain
from .matrix import Matrix, Vector, add, hadamard, matvec, outer, scale, subtract, transpose
from .network import sigmoid, sigmoid_prime

Table = dict[str, Callable[..., Any]]  # by the words for it, a function that does it


class Pass(NamedTuple):
    """The pass forward of one example, with ∂C/∂a of its output: all that a pass back needs.

    activations[l] is the input of layer l, (sizes[l],), and zs[l] its weighted input, (sizes[l + 1],).
    """

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
    """The pass forward of the same example with another z(l, a) or activation(l, z) of layer l."""
    activations, zs = p.activations[:1], []
    for l, _ in enumerate(p.weights):
        zs.append(z(l, activations[-1]) if z else _z(p, l, activations[-1], _bias(p, l)))
        activations.append(activation(l, zs[-1]))
    return Pass(p.weights, activations, zs, p.y, subtract(activations[-1], p.y))


def _bias(p: Pass, l: int) -> Vector:
    return subtract(p.zs[l], matvec(p.weights[l], p.activations[l]))


def _z(p: Pass, l: int, a: Vector, bias: Vector) -> Vector:
    return add(matvec(p.weights[l], a), bias)


# What people do in the pass forward of backprop, which often is written once more beside feedforward.
FORWARD: Table = {
    "the bias is left out": lambda p: _again(p, lambda l, a: matvec(p.weights[l], a)),
    "the bias is subtracted, not added": lambda p: _again(
        p, lambda l, a: _z(p, l, a, scale(-1.0, _bias(p, l)))
    ),
    "the bias is another layer's: that of the layer before": lambda p: _again(
        p, lambda l, a: _z(p, l, a, _bias(p, l - 1))
    ),
    "the bias is another layer's: always that of the first": lambda p: _again(
        p, lambda l, a: _z(p, l, a, _bias(p, 0))
    ),
    "the bias is another layer's: always that of the last": lambda p: _again(
        p, lambda l, a: _z(p, l, a, _bias(p, -1))
    ),
    "the bias of the first neuron is added to every neuron of the layer": lambda p: _again(
        p, lambda l, a: _z(p, l, a, _bias(p, l)[:1] * len(p.zs[l]))
    ),
    "the last input of every neuron is left out": lambda p: _again(
        p, lambda l, a: _z(p, l, a[:-1] + [0.0], _bias(p, l))
    ),
    "the minus of e⁻ᶻ is missing": lambda p: _again(p, activation=lambda l, z: sigmoid(scale(-1.0, z))),
    "σ is left out in the first layer": lambda p: _again(p, activation=lambda l, z: sigmoid(z) if l else z),
    "σ is left out in all layers but the last": lambda p: _again(
        p, activation=lambda l, z: sigmoid(z) if l == len(p.zs) - 1 else z
    ),
}


def of_gradient(network: Any, x: Any, y: Any, nabla: Any, estimates: Any, cost: Any) -> str:
    """A sentence or more on what is wrong with `nabla`, which `network.backprop(x, y)` gave.

    `estimates` are the slopes that were measured for the same parameters: both are (nabla_b, nabla_w), in
    the network's form. `cost` is the function cost(output, y) that was measured, None for ½‖y − a‖².
    """
    p = forward(*plain(network.biases, network.weights), numbers(x), numbers(y))
    if cost:
        p = p._replace(nabla_a=_nabla_a(network.feedforward(x), y, cost))
    nabla, estimates = plain(*nabla), plain(*estimates)
    if not all(map(isfinite, numbers(nabla))):
        return "There are entries that are NaN or infinite."
    # Where the right steps do not give what was measured, this is a network of another kind, and what a
    # mistake does to ours says nothing of it.
    is_ours = _agree(numbers(played(p)), numbers(estimates), 1e-3)
    return is_ours and mistake([p], [nabla]) or layer_by_layer(nabla, estimates)


def forward(biases: list[Vector], weights: list[Matrix], x: Vector, y: Vector) -> Pass:
    """The `Pass` of an example through a network of flat biases and lists of rows, for C = ½‖y − a‖²."""
    activations, zs = [x], []
    for b, w in zip(biases, weights):
        zs.append(add(matvec(w, activations[-1]), b))
        activations.append(sigmoid(zs[-1]))
    return Pass(weights, activations, zs, y, subtract(activations[-1], y))


def _nabla_a(output: Any, y: Any, cost: Any) -> Vector:
    """∂C/∂a of the output, by central differences."""
    output, nabla_a = copy.deepcopy(output), []
    for _, row, k in places(output):
        a = row[k]
        # A cost such as the cross-entropy is steep near 0 and 1, and has no value beyond.
        epsilon = 1e-5 * min(abs(a), abs(1 - a)) or 1e-5
        row[k] = a + epsilon
        above, cost_above = row[k], cost(output, y)
        row[k] = a - epsilon
        below, cost_below = row[k], cost(output, y)
        row[k] = a
        # Next to 1 there may be no number between.
        nabla_a.append((cost_above - cost_below) / (above - below or 1.0))
    return nabla_a


def played(p: Pass, mistakes: Sequence[tuple[str, str]] = (), parts: Sequence[str] = PARTS) -> Any:
    """(nabla_b, nabla_w) as backpropagation gives it with these `mistakes`, pairs of a step and the words.

    `parts` may be one of PARTS alone. Raises ValueError, IndexError or ZeroDivisionError where a mistake is
    not possible, for the shapes, layers or numbers that it needs.
    """
    return _played(p, {step: MISTAKES[step][words] for step, words in mistakes}, parts)


def _played(p: Pass, wrong_steps: Table, parts: Sequence[str] = PARTS) -> Any:
    steps = {**RIGHT, **wrong_steps}
    last = len(p.weights) - 1
    deltas = [hadamard(steps["error"](p), steps["output"](p, last))]
    for l in reversed(range(last)):
        deltas.insert(0, hadamard(steps["back"](p, l, deltas[0]), steps["hidden"](p, l)))
    return tuple([steps[part](p, l, delta) for l, delta in enumerate(deltas)] for part in parts)


def mistake(passes: list[Pass], nablas: Sequence[Any]) -> str | None:
    """What was done wrong on the way back, if it gave these (nabla_b, nabla_w) for these passes; else None.

    The first must show it; where its shapes make a mistake impossible, the others are passed over.
    """
    # What explains the whole explains each part, so the parts, which are quicker to try, come first.
    biases = _found(passes, nablas, PARTS[:1])
    if biases is None:
        return _updated(passes, nablas) or _forward(passes, nablas)
    weights = _found(passes, nablas, PARTS[1:])
    if weights is None:
        weights = _decay(passes, nablas)
    if not (biases or weights) or weights is None:
        return None
    whole = _found(passes, nablas, PARTS)
    if whole:
        return whole
    return " ".join(
        f"The gradient of the {name} is {'wrong: ' + part if part else 'right.'}"
        for name, part in (("biases", biases), ("weights", weights))
    )


def is_of_hidden(sentence: str) -> bool:
    """Whether the first mistake that `mistake` names in the sentence is one of hidden layers."""
    first = (sentence.partition(" wrong: ")[2] or sentence).partition(";")[0].partition(". ")[0].rstrip(".")
    words = first[:1].lower() + first[1:]
    return words.startswith("in the hidden layers, ") or words in MISTAKES["back"]


def _found(passes: list[Pass], nablas: Sequence[Any], parts: Sequence[str]) -> str | None:
    """A sentence on the mistakes that explain these `parts` of each nabla; "" if all is right, else None."""
    # The last is the smallest and soon tells what is not the mistake.
    pairs = [(p, numbers([nabla[PARTS.index(part)] for part in parts])) for p, nabla in zip(passes, nablas)][
        ::-1
    ]
    every = [
        (step, words) for step in MISTAKES if step in parts or step not in PARTS for words in MISTAKES[step]
    ]
    for count in (0, 1, 2):
        for mistakes in combinations(every, count):
            if len(dict(mistakes)) < count:
                continue  # Both in the same step.
            factors = list(FACTORS)
            for p, wanted in pairs:
                try:
                    got = numbers(played(p, mistakes, parts))
                except (ValueError, IndexError, ZeroDivisionError):
                    got = None
                    continue
                factors = [words for words in factors if _is_times(FACTORS[words](len(p.y)), got, wanted)]
                if not factors:
                    break
            if factors and got is not None:
                sentence = "; and ".join(filter(None, [*(words for _, words in mistakes), factors[0]]))
                return sentence and f"{sentence[0].upper()}{sentence[1:]}."
    return None


def _updated(passes: list[Pass], nablas: Sequence[Any]) -> str | None:
    """A sentence, if the error goes back through weights less a share of their own gradient; else None."""
    # In the last hidden layer, δ is smaller by share · ‖δ⁺‖² a ⊙ σ′(z), with the δ⁺ of the output.
    p, (nabla_b, _) = passes[0], nablas[0]
    if len(p.weights) < 2:
        return None
    right, after = played(p, parts=PARTS[:1])[0][-2:]
    fall = scale(sum(hadamard(after, after)), hadamard(p.activations[-2], sigmoid_prime(p.zs[-2])))
    largest = max(range(len(fall)), key=lambda k: abs(fall[k]))
    share = fall[largest] and (right[largest] - nabla_b[-2][largest]) / fall[largest]

    def back(p: Pass, l: int, delta: Vector) -> Vector:
        step = outer(scale(share, delta), p.activations[l + 1])
        return matvec(transpose(list(map(subtract, p.weights[l + 1], step))), delta)

    if share and all(
        _agree(numbers(_played(p, {"back": back})), numbers(nabla), 1e-6) for p, nabla in zip(passes, nablas)
    ):
        through = f"already updated weights, less {share:.4g} times their gradient"
        return f"The error is sent back through {through}."
    return None


def _forward(passes: list[Pass], nablas: Sequence[Any]) -> str | None:
    """A sentence on what is wrong in the pass forward, if all that follows is right; else None."""
    for words, wrong in FORWARD.items():
        matches: list[bool | None] = []
        for p, nabla in zip(passes, nablas):
            try:
                matches.append(_agree(numbers(played(wrong(p))), numbers(nabla), 1e-7))
            except ValueError:  # The biases of another layer do not fit.
                matches.append(None)
        if matches[0] and False not in matches:
            return f"In the pass forward, {words}."
    return None


def _is_times(c: float, got: Any, wanted: Vector) -> bool:
    """Whether `wanted` is c · `got`."""
    # Most are told apart by their first number, which is quicker than to look at all.
    largest = max(map(abs, wanted))
    return abs(c * got[0] - wanted[0]) <= 1e-7 * largest and _agree(scale(c, got), wanted, 1e-7)


def _decay(passes: list[Pass], nablas: Sequence[Any]) -> str | None:
    """A sentence on a multiple of the weights in nabla_w, if that is all that is wrong with it; else None."""
    excess, weights = [], []
    for p, (_, nabla_w) in zip(passes, nablas):
        excess += subtract(numbers(nabla_w), numbers(played(p)[1]))
        weights += numbers(p.weights)
    largest = max(range(len(weights)), key=lambda k: abs(weights[k]))
    share = weights[largest] and excess[largest] / weights[largest]
    if share and _agree(scale(share, weights), excess, 1e-6):
        return f"{share:.4g} times the weights are in it, as for weight decay."
    return None


def _agree(got: Vector, wanted: Vector, tolerance: float) -> bool:
    """Whether two lists hold the same numbers, but for `tolerance` times the largest."""
    largest = max(map(abs, wanted))
    return len(got) == len(wanted) and all(abs(g - w) <= tolerance * largest for g, w in zip(got, wanted))


def layer_by_layer(nabla: Any, estimates: Any, names: Sequence[str] = ("nabla_b", "nabla_w")) -> str:
    """Which layers of (nabla_b, nabla_w) are right, zero or wrong, and what that pattern tells."""
    if not any(numbers(nabla)):
        return "It is zero everywhere."
    states = [list(map(_state, *gradients)) for gradients in zip(nabla, estimates)]
    if set(states[1]) != {"right"} == set(map(_state, nabla[1], reversed(estimates[1]))):
        return "The layers stand in reverse order: what is found on the way back must be put in front."
    layers = list(zip(*states))
    right = layers.index(("right", "right")) if ("right", "right") in layers else len(layers)
    cause = ""
    if 0 < right < len(layers) and set(layers[right:]) == {("right", "right")}:
        if set(layers[:right]) == {("zero", "zero")}:
            cause = "The loop over the layers does not reach the first ones, or does not keep what it finds. "
        elif set(map(_state, nabla[0][:-1], estimates[0][1:])) == {"right"}:
            cause = "Each layer but the last has the δ of the layer after: the new δ is not what is kept. "
        elif layers[right - 1] == ("zero", "zero"):
            cause = f"The loop over the layers jumps over layer {right - 1}. "
        elif right == len(layers) - 1 and states[0][right - 1] != "right":
            cause = "The last layer is right, but not what it hands back to the layers before it. "
    told = []
    for name, row in zip(names, states):
        where = [
            f"{state} in layer{'s' * (row.count(state) > 1)} "
            + ", ".join(str(l) for l, other in enumerate(row) if other == state)
            for state in dict.fromkeys(row)
        ]
        told.append(f"{name} is " + (row[0] if len(where) == 1 else ", ".join(where)))
    return f"{cause}{'; '.join(told)}."


def _state(got: Any, wanted: Any) -> str:
    """How one layer of a gradient is, in a few words."""
    rows, (got, wanted) = got, map(numbers, (got, wanted))
    if _agree(got, wanted, 1e-5):
        return "right"
    if not any(got):
        return "zero"
    if len(rows) > 1 and isinstance(rows[0], list) and all(row == rows[0] for row in rows):
        return "wrong, with all rows alike as if one list stood for them all,"
    largest = max(range(len(wanted)), key=lambda k: abs(wanted[k]))
    if wanted[largest] and len(got) == len(wanted) > 1:
        factor = got[largest] / wanted[largest]
        if _agree(got, scale(factor, wanted), 1e-5):
            return f"{factor:.4g} times what it should be"
    return "wrong"
