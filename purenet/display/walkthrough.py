"""Work out one training step of a small network as on paper: every formula in symbols, then in numbers.

    from purenet.display import walkthrough
    print(walkthrough.text(walkthrough.sections(net, x, y, eta=3.0)))

`sections` gives the steps as data, `text` makes a page of them. The formulas (1) to (9) are those of
network.py and (10) is that of gradcheck.py, with the layers numbered: the input is layer 0, and `weights[0]`
and `biases[0]` belong to layer 1.
"""

from __future__ import annotations

import copy
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Union

from purenet.display.equations import equation, numbered, plot, shown
from purenet.matrix import Matrix, Vector, matvec, subtract, transpose
from purenet.network import Network, sigmoid, sigmoid_prime
from purenet.support import checks

EPSILON = 0.00001  # ε in (10)
WIDTH = 80


class Equation(NamedTuple):
    """A formula in symbols, and below it in numbers."""

    formula: str  # with its number, as it stands in network.py
    layer: int  # the layer that it is worked out for
    pieces: Sequence[list[Any]]  # the numbers, as `equations.equation` takes them


Step = Union[str, Equation]  # A str is a paragraph, indented where it begins with spaces.


def sections(net: Network, x: Vector, y: Vector, eta: float) -> dict[str, list[Step]]:
    """The steps of training `net` on one example with the learning rate `eta`, under their headings.

    `x` is an input (sizes[0],), `y` the wanted output (sizes[-1],); the cost is ½‖y − a‖². Changes nothing.
    Raises ValueError or TypeError as `Network.backprop` and `Network.update_mini_batch` do.
    """
    checks.example(x, y, net)
    after = copy.deepcopy(net)
    after.update_mini_batch([(x, y)], eta)
    *others, last = map(str, net.sizes)
    return {
        f"One training step of a network of {', '.join(others)} and {last} neurons": [*_notation(net)],
        "Given: an input x, the wanted output y and the learning rate η": [*_given(x, y, eta)],
        "Forward: what does the network answer?": [*_forward(net, x, y)],
        "Back: how does the cost change with each z?": [*_back(net, x, y)],
        "The gradient: how does the cost change with each bias and weight?": [*_gradient(net, x, y)],
        "The step: a little way down, for each bias and weight": [*_step(net, after, x, y, eta)],
        "The check: is the gradient right?": [*_check(net, x, y)],
    }


def curves() -> dict[str, list[Step]]:
    """σ and σ′, drawn: a section that may follow the others."""
    return {
        "The two curves": [
            "σ(z) squeezes every z into the range from 0 to 1.",
            Equation("", 0, [[plot(sigmoid, 1.0)]]),
            "σ′(z) is its slope. Far out it is almost 0, so there a neuron hardly learns.",
            Equation("", 0, [[plot(sigmoid_prime, 0.25)]]),
        ]
    }


def text(sections: Mapping[str, Sequence[Step]]) -> str:
    """The sections as a page of 80 columns.

    A line is longer only where a single piece of an equation is, as in a network with large layers.
    """
    blocks = []
    for heading, steps in sections.items():
        heading = _paragraph(heading)
        blocks.append(heading + "\n" + "-" * len(heading.split("\n")[0]))
        for step in steps:
            if isinstance(step, str):
                blocks.append(_paragraph(step))
            else:
                blocks.append(equation(numbered(step.formula, step.layer), step.pieces, WIDTH))
    return "\n\n".join(blocks)


def _paragraph(text: str) -> str:
    indent = text[: -len(text.lstrip())]
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=indent)


def _notation(net: Network) -> Iterator[Step]:
    yield f"""The small digits number the layers. The input is layer 0, so a₀ = x, and
        {numbered("a", net.num_layers - 1)} is the answer. w₁ and b₁ are the weights and biases of layer 1, with
        a row for each of its neurons. In Python, which counts from 0, they are net.weights[0] and
        net.biases[0]."""
    yield """⊙ multiplies entry by entry, and ᵀ turns rows into columns. (1) to (9) are the formulas of
        purenet/network.py, where a_prev belongs to the layer before."""
    yield "Results are rounded. Yours may differ a little in the last digits. 1.23e-05 means 0.0000123."


def _given(x: Vector, y: Vector, eta: float) -> Iterator[Step]:
    yield Equation("", 0, [["x = a₀ =", x], ["   y =", y], ["   η =", eta]])
    yield "The weights and biases follow in (1). Before training they are random numbers."


def _forward(net: Network, x: Vector, y: Vector) -> Iterator[Step]:
    activations, zs = net.forward(x)
    layers = zip(net.weights, net.biases, zs, activations, activations[1:])
    for layer, (w, b, z, a_prev, a) in enumerate(layers, 1):
        if layer == 1:
            yield """Each neuron of layer 1 multiplies each entry of a₀ by a weight, and adds up the products
                and its bias. For the first neuron:"""
            yield f"    {_products(w, x)} + {_factor(shown(b)[0])} = {shown(z)[0]}"
        else:
            yield f"Layer {layer} does the same with the activations of layer {layer - 1}."
        yield Equation("(1) z = w a_prev + b", layer, [["=", w, a_prev], ["+", b], ["=", z]])
        if layer == 1:
            yield """The activation a = σ(z) = 1 / (1 + exp(−z)) squeezes every z into the range from 0 to 1.
                Here exp(−z) is e to the power of −z, with e = 2.71828. For the first neuron:"""
            yield f"    1 / (1 + exp({shown([-v for v in z])[0]})) = {shown(a)[0]}"
        yield Equation("(2) a = σ(z)", layer, [["=", "σ", z], ["=", a]])
    yield """The cost is half the squared distance between the answer and y: subtract entry by entry, square,
        add up, and halve. 0 would be perfect."""
    yield _cost(net, x, y)


def _cost(net: Network, x: Vector, y: Vector) -> Equation:
    a = net.feedforward(x)
    pieces: list[list[Any]] = [["= ½‖", y, "−", a, "‖²"], ["= ½‖", subtract(y, a), "‖²"], ["=", net.cost(x, y)]]
    return Equation("(3) C = ½‖y − a‖²", net.num_layers - 1, pieces)


def _back(net: Network, x: Vector, y: Vector) -> Iterator[Step]:
    _, zs = net.forward(x)
    activations, deltas = net.propagate(x, y)
    last, a = net.num_layers - 1, activations[-1]
    dC_da = net.cost_derivative(a, y)
    yield """∂C/∂a is the rate at which the cost changes with an output. It is negative where the output is too
        small: there the cost falls when the output grows."""
    yield Equation("(4) ∂C/∂a = a − y", last, [["=", a, "−", y], ["=", dC_da]])
    for layer in range(last, 0, -1):
        z, delta, w = zs[layer - 1], deltas[layer - 1], transpose(net.weights[layer - 1])
        slopes = list(map(sigmoid_prime, z))
        if layer == last:
            yield """σ′(z) = σ(z) (1 − σ(z)) is the rate at which a changes with z. Since σ(z) is the a of (2),
                it is a (1 − a). A change of z changes a, and that changes the cost, so the two rates multiply:
                this is the chain rule. The product, ∂C/∂z, is the error δ. σ′(z) for the first output:"""
            yield f"    {shown(a)[0]}·(1 − {shown(a)[0]}) = {shown(slopes)[0]}"
        else:
            yield f"So layer {layer} has its ∂C/∂a, and (5) gives its errors."
        pieces = [["=", dC_da, "⊙ σ′", z], ["=", dC_da, "⊙", slopes], ["=", delta]]
        yield Equation("(5) δ = ∂C/∂a ⊙ σ′(z)", layer, pieces)
        if layer > 1:
            dC_da = matvec(w, delta)
            if layer == last:
                yield f"""Each neuron of layer {layer - 1} acts on the cost through every neuron of layer
                    {layer}, by one weight each. These effects add up. The sum for the first neuron:"""
                yield f"    {_products(w, delta)} = {shown(dC_da)[0]}"
            else:
                yield f"In the same way, layer {layer - 1} acts through layer {layer}."
            yield Equation("(6) ∂C/∂a_prev = wᵀ δ", layer, [["=", w, delta], ["=", dC_da]])


def _gradient(net: Network, x: Vector, y: Vector) -> Iterator[Step]:
    activations, _ = net.propagate(x, y)
    nabla_b, nabla_w = net.backprop(x, y)
    yield "A bias is added to z as it is, so the cost changes with it at the same rate as with z."
    for layer, delta in enumerate(nabla_b, 1):
        yield Equation("(7) ∂C/∂b = δ", layer, [["=", delta]])
    yield """A weight is multiplied by an activation on its way into z, so its rate is δ times that activation.
        In row j and column k stands entry j of δ times entry k of the activations. In row 1 and column 1:"""
    yield f"    {_factor(shown(nabla_b[0])[0])}·{_factor(shown(x)[0])} = {shown(sum(nabla_w[0], []))[0]}"
    for layer, (delta, a_prev, rates) in enumerate(zip(nabla_b, activations, nabla_w), 1):
        yield Equation("(8) ∂C/∂w = δ a_prevᵀ", layer, [["=", delta], [[a_prev]], ["=", rates]])


def _step(net: Network, after: Network, x: Vector, y: Vector, eta: float) -> Iterator[Step]:
    nabla_b, nabla_w = net.backprop(x, y)
    minus = ["−", _factor(shown([eta])[0])]
    yield """The step goes against the gradient, and η says how far. (In network.py it is η/m times the sum of
        the gradients of m examples. Here m is 1.)"""
    for layer, (b, nabla, new_b) in enumerate(zip(net.biases, nabla_b, after.biases), 1):
        yield Equation("(9) b ← b − η ∂C/∂b", layer, [["←", b], [*minus, nabla], ["=", new_b]])
    for layer, (w, rates, new_w) in enumerate(zip(net.weights, nabla_w, after.weights), 1):
        yield Equation("(9) w ← w − η ∂C/∂w", layer, [["←", w], [*minus, rates], ["=", new_w]])
    yield "Did it help? Work out (1) and (2) again with the new weights and biases. They give a new answer:"
    yield _cost(after, x, y)
    cost, new_cost = net.cost(x, y), after.cost(x, y)
    before, now = shown([cost, new_cost])
    moral = "Learning is many such steps." if new_cost < cost else "It falls if η is above 0 and small enough."
    yield f"The cost was {before} and is {now} now. {moral}"


def _check(net: Network, x: Vector, y: Vector) -> Iterator[Step]:
    """The check of the weight in layer 1 that the cost depends on most."""
    nabla = net.backprop(x, y)[1][0]
    places = [(j, k) for j, row in enumerate(nabla) for k in range(len(row))]
    j, k = max(places, key=lambda place: abs(nabla[place[0]][place[1]]))
    moved, p = copy.deepcopy(net), net.weights[0][j][k]
    moved.weights[0][j][k] = p + EPSILON
    above = moved.cost(x, y)
    moved.weights[0][j][k] = p - EPSILON
    below = moved.cost(x, y)
    width = f"{2 * EPSILON:.5f}"
    # 0.0 is added to turn -0.0 into it.
    up, down, difference, estimate, found = (
        f"{round(v, 14) + 0.0:.14f}"
        for v in (above, below, above - below, (above - below) / (2 * EPSILON), nabla[j][k])
    )
    yield f"""Let p be the weight in row {j + 1}, column {k + 1} of w₁ (in Python: net.weights[0][{j}][{k}]). It
        was {shown([p])[0]}. Move it up and down by ε = {EPSILON:.5f}, and work out the cost C both times, by
        (1) to (3)."""
    pieces = [[f"= ({up} − {down}) / {width}\n= {difference} / {width}\n= {estimate}"]]
    yield Equation("(10) ∂C/∂p ≈ (C(p + ε) − C(p − ε)) / 2ε", 1, pieces)
    yield f"The gradient (8) has {found} in that place."
    count = sum((1 + m) * n for m, n in zip(net.sizes, net.sizes[1:]))
    yield f"""In this way, each of the {count} weights and biases takes two passes forward. Backpropagation
        takes one pass forward and one back for all of them."""


def _factor(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def _products(w: Matrix, a: Vector) -> str:
    """Entry 0 of w a, as a sum."""
    row = shown(sum(w, []))[: len(a)]
    return " + ".join(f"{_factor(p)}·{_factor(q)}" for p, q in zip(row, shown(a)))
