"""What is the matter with a wrong gradient? The mistakes that people make, tried out one after another.

    print(diagnosis.of_gradient(net, x, y, net.backprop(x, y), estimates, cost=None))

Backpropagation is played with a mistake put in on purpose. Where that gives the very numbers in question, up
to a common factor, the mistake is found, and it has a name. Two mistakes at once are tried too. What none of
them explains is at least told layer by layer.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import combinations
from math import isclose, isfinite
from typing import Any

from purenet.checker.backward import FACTORS, FORWARD, MISTAKES, PARTS, Pass, forward, played, played_with
from purenet.checker.mistakes import looked_up
from purenet.matrix import Vector, hadamard, matvec, outer, scale, subtract, transpose
from purenet.gradcheck import check, numerical_gradient
from purenet.network import sigmoid_prime
from purenet.support.arrays import numbers, places, plain


def explain(network: Any, x: Any, y: Any, cost: Any = None) -> str:
    """What is wrong with `network.backprop(x, y)`; the arguments are those of `gradcheck.check`."""
    if check(network, x, y, cost=cost):
        return "The gradient is right."
    return of_gradient(network, x, y, network.backprop(x, y), numerical_gradient(network, x, y, cost=cost), cost)


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

    # A smaller share may be the rounding of 32-bit floats.
    if abs(share) > 1e-4 and all(
        _agree(numbers(played_with(p, {"back": back})), numbers(nabla), 1e-6)
        for p, nabla in zip(passes, nablas)
    ):
        through = f"already updated weights, less {share:.4g} times their gradient"
        return f"The error is sent back through {through}."
    return None


def _forward(passes: list[Pass], nablas: Sequence[Any]) -> str | None:
    """A sentence on what is wrong in the pass forward, if all that follows is right; else None."""
    gradients = {words: lambda p, wrong=wrong: played(wrong(p)) for words, wrong in FORWARD.items()}
    words = looked_up(gradients, [(p,) for p in passes], nablas)
    return words and f"In the pass forward, {words}."


def _is_times(c: float, got: Any, wanted: Vector) -> bool:
    """Whether `wanted` is c · `got`."""
    # Most are told apart by their first number, which is quicker than to look at all.
    return isclose(c * got[0], wanted[0], rel_tol=1e-3, abs_tol=1e-7) and _agree(scale(c, got), wanted, 1e-7)


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
            cause = f"The loop over the layers jumps over that of nabla_b[{right - 1}]. "
        elif right == len(layers) - 1 and states[0][right - 1] != "right":
            cause = "The last layer is right, but not what it hands back to the layers before it. "
    told = []
    for name, row in zip(names, states):
        where = [
            f"{state} at " + ", ".join(f"[{l}]" for l, other in enumerate(row) if other == state)
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
        if abs(factor - 1) > 1e-3 and _agree(got, scale(factor, wanted), 1e-5):
            return f"{factor:.4g} times what it should be"
    return "wrong"
