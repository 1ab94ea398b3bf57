"""The right network, in steps that can be replaced by mistakes.

    Reference(biases, weights).backprop(x, y)                   # as it should be
    Reference(biases, weights, [mistake]).backprop(x, y)        # as somebody writes it

RIGHT has the steps: functions of a `Layer`, which has what is at hand there. They depend on the `Model`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import copysign, exp, log, tanh
from types import SimpleNamespace
from typing import Any, NamedTuple

from purenet.matrix import Matrix, Vector, add, hadamard, matvec, outer, scale, subtract, transpose
from purenet.network import sigmoid, sigmoid_prime

Step = Callable[[Any], Any]  # of a `Layer`


def softmax(z: Vector) -> Vector:
    """e^z of each, divided by the sum of all: (n,) gives (n,)."""
    powers = [exp(v - max(z)) for v in z]
    return scale(1 / sum(powers), powers)


# Each with its derivative, of one number. Softmax is of all, and the cross-entropy cancels its derivative.
ACTIVATIONS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "σ": (sigmoid, sigmoid_prime),
    "tanh": (tanh, lambda z: 1 - tanh(z) ** 2),
    "ReLU": (lambda z: max(0.0, z), lambda z: float(z > 0)),
    "softmax": (exp, lambda z: 1.0),
    "no activation": (lambda z: z, lambda z: 1.0),
}
QUADRATIC, CROSS_ENTROPY = "quadratic", "cross-entropy"


class Model(NamedTuple):
    """What a network computes.

    hidden, output    the activation of the hidden layers and of the output, keys of ACTIVATIONS
    cost              QUADRATIC or CROSS_ENTROPY
    times, is_mean    what multiple of the cost is meant, and whether it is divided by the number of outputs;
                      -1 times where backprop gives −∂C/∂p, which the step adds
    nabla             gives the gradient of the usual cost, where it is measured
    """

    hidden: str = "σ"
    output: str = "σ"
    cost: str = QUADRATIC
    times: float = 1.0
    is_mean: bool = False
    nabla: Step | None = None

    @property
    def is_short(self) -> bool:
        """Whether δ = a − y at the output: there the derivative of the cross-entropy cancels the slope."""
        return self.cost == CROSS_ENTROPY and self.output in ("σ", "softmax")

    def factor(self, n: int) -> float:
        """How many times the usual cost is meant, for n outputs."""
        return self.times / n if self.is_mean else self.times

    def measure(self, output: Vector, y: Vector) -> float:
        """The cost C of an output."""
        if self.cost == QUADRATIC:
            return self.factor(len(y)) * 0.5 * sum((a - t) ** 2 for a, t in zip(output, y))
        total = -sum(t * log(a) for a, t in zip(output, y) if t)
        if self.output != "softmax":
            total -= sum((1 - t) * log(1 - a) for a, t in zip(output, y) if t != 1)
        return self.factor(len(y)) * total

    @property
    def multiple(self) -> str:
        """What is written before the cost; "" if it is the usual one."""
        is_usual = abs(self.times) == 1 and not self.is_mean
        return "" if is_usual else f"{abs(self.times):.4g}{'/n' * self.is_mean} · "

    def __str__(self) -> str:
        if self.cost == QUADRATIC and abs(self.times) == 2:
            return "‖y − a‖²" + "/n" * self.is_mean
        cost = "the cross-entropy" if self.cost == CROSS_ENTROPY else "½‖y − a‖²"
        return self.multiple + ("−Σ y ln a" if self.output == "softmax" else cost)


class Layer(SimpleNamespace):
    """Layer l of the network `net` in the letters of the formulas, and what else its step is given.

    The input is before layer 0, with x as its z.
    """

    w = property(lambda s: s.net.weights[s.l])
    b = property(lambda s: s.net.biases[s.l])
    z = property(lambda s: s.net.zs[s.l] if s.l >= 0 else s.net.activations[0])
    a = property(lambda s: s.net.activations[s.l + 1])
    before = property(lambda s: Layer(net=s.net, l=s.l - 1))
    after = property(lambda s: Layer(net=s.net, l=s.l + 1))
    last = property(lambda s: Layer(net=s.net, l=s.net.last))
    kind = property(lambda s: s.net.model.output if s.l == s.net.last else s.net.model.hidden)

    def activation_of(self, z: Vector) -> Vector:
        """The layer's activation of z."""
        return softmax(z) if self.kind == "softmax" else list(map(ACTIVATIONS[self.kind][0], z))

    def slope_at(self, z: Vector) -> Vector:
        """The derivative of the layer's activation at z; 1 at the output where the cost cancels it."""
        is_cancelled = self.l == self.net.last and self.net.model.is_short
        return [1.0] * len(z) if is_cancelled else list(map(ACTIVATIONS[self.kind][1], z))


RIGHT: dict[str, Step] = {
    "layers": lambda s: range(len(s.net.weights)),
    "z": lambda s: add(matvec(s.w, s.before.a), s.b),
    "activation": lambda s: s.activation_of(s.given_z),
    "error": lambda s: subtract(s.output, s.y),
    "factor": lambda s: s.net.model.factor(s.n),
    "slope": lambda s: s.slope_at(s.given_z),
    "back": lambda s: matvec(transpose(s.after.w), s.delta),
    "deltas": lambda s: s.deltas,
    "nabla_b": lambda s: s.delta,
    "nabla_w": lambda s: outer(s.delta, s.before.a),
    "nabla": lambda s: (s.nabla_b, s.nabla_w),
    "gradient": lambda s: s.net.backprop(s.x, s.y),
    "rate": lambda s: s.eta,
    "divisor": lambda s: s.m,
    "used": lambda s: [1.0] * s.m,
    "change": lambda s: s.nabla,
    "walk": lambda s: s.net.subtract(list(s.gradients)),
    "tested": lambda s: s.examples,
    "output": lambda s: s.net.feedforward(s.x),
    "guess": lambda s: s.output.index(max(s.output)),
    "hit": lambda s: s.guess == s.digit,
    "count": lambda s: sum(s.hits),
}

LAYERS: dict[str, Callable[[int, int], bool]] = {
    "": lambda l, last: True,
    "at the output": lambda l, last: l == last,
    "in the hidden layers": lambda l, last: l < last,
}


class Mistake(NamedTuple):
    """What somebody does in the place of RIGHT[step], in the layers `where`; `words` is a clause that says so.

    c    the number in it, which the search finds, where `words` have a place {} for one
    """

    step: str
    words: str
    gives: Step
    where: str = ""
    c: float | None = None

    def __str__(self) -> str:
        words = self.words.format(self.c)
        if (self.c or 0) < 0:  # No multiple of a cost has another sign.
            words = words.replace(", as for a multiple of the cost", ": the sign is wrong")
        return ", ".join(filter(None, [self.where, words]))


class Reference:
    """A network of flat biases and lists of rows that makes `mistakes`, with the methods of `Network`."""

    def __init__(
        self,
        biases: list[Vector],
        weights: list[Matrix],
        mistakes: Sequence[Mistake] = (),
        model: Model = Model(),
    ) -> None:
        self.biases, self.weights, self.mistakes, self.model = biases, weights, mistakes, model
        self.last = len(weights) - 1

    def do(self, step: str, l: int | None = None, **given: Any) -> Any:
        """What the step gives in layer l, by the mistake in it or as it should."""
        for mistake in self.mistakes:
            if mistake.step == step and (l is None or LAYERS[mistake.where](l, self.last)):
                return mistake.gives(Layer(net=self, l=l or 0, c=mistake.c, **given))
        return RIGHT[step](Layer(net=self, l=l or 0, **given))

    def feedforward(self, a: Vector) -> Vector:
        """As `Network.feedforward`; keeps every z and a for the way back."""
        self.activations, self.zs = [a], []
        for l in self.do("layers"):
            self.zs.append(self.do("z", l))
            self.activations.append(self.do("activation", l, given_z=self.zs[-1]))
        return self.activations[-1]

    def cost_derivative(self, output: Vector, y: Vector) -> Vector:
        """As `Network.cost_derivative`."""
        return scale(self.do("factor", n=len(y)), self.do("error", self.last, output=output, y=y))

    def backprop(self, x: Vector, y: Vector) -> Any:
        """As `Network.backprop`."""
        if self.model.nabla:
            c, nabla = self.do("factor", n=len(y)), self.model.nabla(Layer(net=self, x=x, y=y))
            return [scale(c, b) for b in nabla[0]], [[scale(c, row) for row in w] for w in nabla[1]]
        nabla_a = self.cost_derivative(self.feedforward(x), y)
        deltas = [hadamard(nabla_a, self.do("slope", self.last, given_z=self.zs[-1]))]
        for l in reversed(range(self.last)):
            back = self.do("back", l, delta=deltas[0])
            deltas.insert(0, hadamard(back, self.do("slope", l, given_z=self.zs[l])))
        deltas = self.do("deltas", deltas=deltas)
        nabla_b = [self.do("nabla_b", l, delta=delta) for l, delta in enumerate(deltas)]
        nabla_w = [self.do("nabla_w", l, delta=delta) for l, delta in enumerate(deltas)]
        return self.do("nabla", nabla_b=nabla_b, nabla_w=nabla_w)

    def subtract(self, gradients: Sequence[Any]) -> None:
        """Subtract gradients, pairs ((nabla_b, nabla_w), share), each times its share."""
        for nabla, c in gradients:
            nabla_b, nabla_w = self.do("change", nabla=nabla)
            self.biases = [subtract(b, scale(c, g)) for b, g in zip(self.biases, nabla_b)]
            self.weights = [
                [subtract(row, scale(c, g)) for row, g in zip(*layer)] for layer in zip(self.weights, nabla_w)
            ]

    def update_mini_batch(self, mini_batch: Sequence[Any], eta: float) -> None:
        """As `Network.update_mini_batch`."""
        m = len(mini_batch)
        step = copysign(1, self.model.times) * self.do("rate", eta=eta) / self.do("divisor", m=m)
        shares = scale(step, self.do("used", m=m))
        self.do("walk", gradients=((self.do("gradient", x=x, y=y), c) for (x, y), c in zip(mini_batch, shares)))

    def evaluate(self, test_data: Sequence[Any]) -> Any:
        """As `Network.evaluate`."""
        hits = []
        for x, digit in self.do("tested", examples=test_data):
            guess = self.do("guess", output=self.do("output", x=x))
            hits.append(self.do("hit", guess=guess, digit=digit))
        return self.do("count", hits=hits)

    def function(self, name: str) -> Callable[[Vector], Any]:
        """σ or σ′ of each of some numbers."""
        step = {"sigmoid": "activation", "sigmoid_prime": "slope"}[name]
        return lambda zs: self.do(step, given_z=zs)
