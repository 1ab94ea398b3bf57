"""The network once more, taken apart into steps, so that a mistake can stand in the place of any of them.

    Reference(biases, weights).backprop(x, y)                   # as it should be
    Reference(biases, weights, [mistake]).backprop(x, y)        # as somebody writes it

RIGHT holds the steps. Each is a function of `s`, a `Layer`: what is at hand where the step is taken. What is
right depends on the `Model`: which activation, and which cost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log, tanh
from typing import Any, NamedTuple

from purenet import network
from purenet.matrix import Matrix, Vector, add, hadamard, matvec, outer, scale, subtract, transpose

Step = Callable[["Layer"], Any]


def sigmoid(z: Vector) -> Vector:
    """σ of each: (n,) gives (n,)."""
    return list(map(network.sigmoid, z))


def sigmoid_prime(z: Vector) -> Vector:
    """σ′ of each: (n,) gives (n,)."""
    return list(map(network.sigmoid_prime, z))


def softmax(z: Vector) -> Vector:
    """e^z of each, divided by the sum of all: (n,) gives (n,)."""
    powers = [exp(v - max(z)) for v in z]
    return scale(1 / sum(powers), powers)


ACTIVATIONS: dict[str, Callable[[Vector], Vector]] = {
    "σ": sigmoid,
    "tanh": lambda z: list(map(tanh, z)),
    "ReLU": lambda z: [max(0.0, v) for v in z],
    "softmax": softmax,
    "no activation": lambda z: list(z),
}
SLOPES: dict[str, Callable[[Vector], Vector]] = {
    "σ": sigmoid_prime,
    "tanh": lambda z: [1 - tanh(v) ** 2 for v in z],
    "ReLU": lambda z: [float(v > 0) for v in z],
    "no activation": lambda z: [1.0] * len(z),
}
QUADRATIC, CROSS_ENTROPY = "quadratic", "cross-entropy"


class Model(NamedTuple):
    """What a network is to compute: an activation, a key of ACTIVATIONS, of the hidden layers and of the
    output; and a cost, with `error` as its ∂C/∂a where it is neither of the two that have a name.
    """

    hidden: str = "σ"
    output: str = "σ"
    cost: str = QUADRATIC
    error: Step | None = None

    @property
    def is_short(self) -> bool:
        """Whether δ = a − y at the output, without a slope: the cost's derivative cancels it."""
        return self.cost == CROSS_ENTROPY and self.output in ("σ", "softmax")

    def measure(self, output: Vector, y: Vector) -> float:
        """The cost C of an output, a number."""
        if self.cost == CROSS_ENTROPY:
            total = -sum(t * log(a) for a, t in zip(output, y) if t)
            return (
                total
                if self.output == "softmax"
                else total - sum((1 - t) * log(1 - a) for a, t in zip(output, y) if t != 1)
            )
        return 0.5 * sum((a - t) ** 2 for a, t in zip(output, y))

    def __str__(self) -> str:
        costs = {QUADRATIC: "½‖y − a‖²", CROSS_ENTROPY: "the cross-entropy"}
        if self.error:
            return "its own cost"
        return "−Σ y ln a" if self.output == "softmax" and self.is_short else costs[self.cost]


class Layer:
    """Layer l of a network `net` in the letters of the formulas, and what else its step is given.

    The layers before and after it are taken in a circle, except that the input is before the first.
    """

    def __init__(self, net: Any, l: Any, **given: Any) -> None:
        self.net, self.l = net, l
        vars(self).update(given)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    w = property(lambda s: s.net.weights[s.l % len(s.net.weights)])
    b = property(lambda s: s.net.biases[s.l % len(s.net.biases)])
    z = property(lambda s: (s.net.activations[:1] + s.net.zs)[s.l + 1])
    a = property(lambda s: s.net.activations[s.l + 1])
    before = property(lambda s: Layer(s.net, s.l - 1))
    after = property(lambda s: Layer(s.net, s.l + 1))
    first = property(lambda s: Layer(s.net, 0))
    last = property(lambda s: Layer(s.net, s.net.last))
    kind = property(lambda s: s.net.model[s.l == s.net.last] if s.l is not None else "σ")

    def slope_at(self, z: Vector) -> Vector:
        """The derivative of this layer's activation at z; 1 at the output where the cost cancels it."""
        if self.l == self.net.last and self.net.model.is_short:
            return [1.0] * len(z)
        return SLOPES[self.kind](z)


RIGHT: dict[str, Step] = {
    "layers": lambda s: range(len(s.net.weights)),
    "weights": lambda s: s.w,
    "bias": lambda s: s.b,
    "activation": lambda s: ACTIVATIONS[s.kind](s.given_z),
    "output": lambda s: s.output,
    "error": lambda s: (s.net.model.error or (lambda s: subtract(s.output, s.y)))(s),
    "sign": lambda s: 1.0,
    "factor": lambda s: 1.0,
    "slope": lambda s: s.slope_at(s.given_z),
    "back": lambda s: matvec(transpose(s.after.w), s.delta),
    "kept": lambda s: s.deltas,
    "nabla_b": lambda s: s.delta,
    "nabla_w": lambda s: outer(s.delta, s.before.a),
    "result": lambda s: s.nabla,
    "used": lambda s: [1.0] * s.m,
    "divisor": lambda s: s.m,
    "rate": lambda s: s.eta,
    "targets": lambda s: s.ys,
    "summed": lambda s: s.nabla,
    "walk": lambda s: s.net.step([(s.net.gradient(x, y), share) for x, y, share in s.examples]),
    "tested": lambda s: s.examples,
    "guess": lambda s: s.output.index(max(s.output)),
    "hit": lambda s: s.guess == s.digit,
    "count": lambda s: sum(s.hits),
}

LAYERS: dict[str, Callable[[int, int], bool]] = {
    "": lambda l, last: True,
    "at the output": lambda l, last: l == last,
    "in the first layer": lambda l, last: l == 0,
    "in the hidden layers": lambda l, last: l < last,
    "in the layer before the output": lambda l, last: l == last - 1,
    "in the second layer": lambda l, last: l == 1,
}


class Mistake(NamedTuple):
    """What somebody does in the place of RIGHT[step]: `words` is a clause that says so.

    `where`, a key of LAYERS, is where it is done. `words` with {} have a number in them that is not known
    beforehand, and `gives` finds it as s.c.
    """

    step: str
    words: str
    gives: Step
    where: str = ""

    def fixed(self, c: float) -> Mistake:
        """The mistake with the number c in it."""
        return self._replace(words=self.words.format(c), gives=lambda s: vars(s).update(c=c) or self.gives(s))

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.where, self.words]))


class Reference:
    """A network of flat biases and lists of rows that makes these `mistakes`, with the methods of `Network`.

    model     what it is to compute
    instead   what stands in the place of other methods: `gradient`, which a step is made of, or `feedforward`
    """

    def __init__(
        self,
        biases: list[Vector],
        weights: list[Matrix],
        mistakes: Sequence[Mistake] = (),
        model: Model = Model(),
        **instead: Callable[..., Any],
    ) -> None:
        self.biases, self.weights, self.mistakes, self.model = biases, weights, mistakes, model
        self.last = len(weights) - 1
        vars(self).update(instead)

    def do(self, step: str, l: int | None = None, **given: Any) -> Any:
        """What the step gives in layer l, as it should be or as the mistake in it has it."""
        for mistake in self.mistakes:
            if mistake.step == step and (l is None or LAYERS[mistake.where](l, self.last)):
                return mistake.gives(Layer(self, l, **given))
        return RIGHT[step](Layer(self, l, **given))

    def feedforward(self, a: Vector) -> Vector:
        """As `Network.feedforward`; keeps every z and a for the way back."""
        self.activations, self.zs = [a], []
        for l in self.do("layers"):
            self.zs.append(add(matvec(self.do("weights", l), self.activations[-1]), self.do("bias", l)))
            self.activations.append(self.do("activation", l, given_z=self.zs[-1]))
        output: Vector = self.do("output", output=self.activations[-1])
        return output

    def cost_derivative(self, output: Vector, y: Vector) -> Vector:
        """As `Network.cost_derivative`."""
        factor = self.do("sign") * self.do("factor", n=len(y))
        return scale(factor, self.do("error", output=output, y=y))

    def backprop(self, x: Vector, y: Vector) -> Any:
        """As `Network.backprop`."""
        self.nabla_a = self.cost_derivative(self.feedforward(x), y)
        deltas = [hadamard(self.nabla_a, self.do("slope", self.last, given_z=self.zs[-1]))]
        for l in reversed(range(self.last)):
            back = self.do("back", l, delta=deltas[0])
            deltas.insert(0, hadamard(back, self.do("slope", l, given_z=self.zs[l])))
        deltas = self.do("kept", deltas=deltas)
        nabla = [[self.do(part, l, delta=d) for l, d in enumerate(deltas)] for part in ("nabla_b", "nabla_w")]
        return self.do("result", nabla=tuple(nabla))

    def gradient(self, x: Vector, y: Vector) -> Any:
        """What a step is made of."""
        return self.backprop(x, y)

    def step(self, gradients: Sequence[Any]) -> None:
        """Subtract gradients, pairs ((nabla_b, nabla_w), share), each times its share."""
        before = self.weights
        for nabla, c in gradients:
            nabla_b, nabla_w = self.do("summed", nabla=nabla, weights=before)
            self.biases = [subtract(b, scale(c, g)) for b, g in zip(self.biases, nabla_b)]
            self.weights = [
                [subtract(row, scale(c, g)) for row, g in zip(*layer)] for layer in zip(self.weights, nabla_w)
            ]

    def update_mini_batch(self, mini_batch: Sequence[Any], eta: float) -> None:
        """As `Network.update_mini_batch`."""
        xs, ys = zip(*mini_batch)
        step = self.do("rate", eta=eta) / self.do("divisor", m=len(xs))
        shares = scale(step, self.do("used", m=len(xs)))
        self.do("walk", examples=list(zip(xs, self.do("targets", ys=list(ys)), shares)))

    def evaluate(self, test_data: Sequence[Any]) -> Any:
        """As `Network.evaluate`."""
        hits = []
        for x, digit in self.do("tested", examples=test_data):
            output = self.feedforward(x)
            guess = self.do("guess", output=output, x=x)
            hits.append(self.do("hit", guess=guess, digit=digit, output=output))
        return self.do("count", hits=hits)

    def sigmoid(self, z: Vector) -> Any:
        """σ of each of these numbers."""
        return self.do("activation", given_z=z)

    def sigmoid_prime(self, z: Vector) -> Any:
        """σ′ of each of these numbers."""
        return self.do("slope", given_z=z)
