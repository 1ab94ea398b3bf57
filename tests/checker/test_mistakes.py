"""Every mistake of the tables gives the numbers of what somebody writes, and is named where it is planted.

What somebody writes stands here as an expression of its own, with an index for every number, for a network in
plain loops. Neither comes from the tables.
"""

import functools
import math

import pytest

from purenet.checker import mistakes
from purenet.checker.judge import TRIED, Trial
from purenet.checker.mistakes import SHOWN
from purenet.checker.reference import CROSS_ENTROPY, Model, Reference
from purenet.checker.search import IMPOSSIBLE, is_close
from purenet.checker.small_networks import CASES
from purenet.checker.verdict import Verdict
from purenet.network import Network

# Of networks of one kind one proves the same.
FEW = [case for case in CASES if case.sizes in ([1, 2], [2, 1], [1, 1, 1], [2, 2, 2], [3, 2, 4], [2, 3, 4, 2])]
C = 0.3  # where a mistake has a number in it


def sigma(z):
    return 1 / (1 + math.exp(-max(z, -700)))


def slope(z):
    return math.exp(-abs(z)) * max(sigma(z), sigma(-z)) ** 2


# The network in loops: step -> expression. l counts the layers from 0, and a[l] is the input of layer l.
RIGHT = {
    "layers": "range(L)",
    "z": "[sum(w[l][j][k] * a[-1][k] for k in range(len(w[l][j]))) + b[l][j] for j in J]",
    "a": "[sigma(z[j]) for j in J]",
    "output": "a[-1]",
    "error": "[o[j] - y[j] for j in J]",
    "slope": "[slope(z[j]) for j in J]",
    "back": "[sum(w[l + 1][j][k] * d[j] for j in range(len(d))) for k in J]",
    "deltas": "ds",
    "nabla_b": "[d[j] for j in J]",
    "nabla_w": "[[d[j] * a[l][k] for k in K] for j in J]",
    "nabla": "(nb, nw)",
    "used": "1",
    "divisor": "m",
    "rate": "eta",
    "target": "ys[i]",
    "summed": "(nb, nw)",
    "tested": "data",
    "guess": "max(J, key=lambda j: (o[j], -j))",
    "hit": "guess == digit",
    "count": "sum(hits)",
}


def softmax(v):
    return [math.exp(p) / sum(map(math.exp, v)) for p in v]


Z = "[sum(w[l][j][k] * a[-1][k] for k in range(len(w[l][j]))) + {} for j in J]"
W = "[sum({}) + b[l][j] for j in J]"
IN = "for k in range(len(w[l][j]))"
ACTIVATION = {
    "σ is left out": "z[j]",
    "the minus of e⁻ᶻ is missing, or e⁻ᶻ stands above the line": "1 / (1 + math.exp(z[j]))",
    "tanh stands for σ": "1 - 2 / (math.exp(2 * z[j]) + 1)",
    "ReLU, max(0, z), stands for σ": "z[j] if z[j] > 0 else 0",
    "σ is taken twice": "1 / (1 + math.exp(-1 / (1 + math.exp(-z[j]))))",
    "σ′ stands for σ": "math.exp(-z[j]) / (1 + math.exp(-z[j])) ** 2",
    "1 / 1 + e⁻ᶻ without brackets, or 1 + e⁻ᶻ, stands for σ": "1 / 1 + math.exp(-z[j])",
    "1 − e⁻ᶻ stands below the line, where it is 1 + e⁻ᶻ": "1 / (1 - math.exp(-z[j]))",
    "1 − eᶻ stands below the line, where it is 1 + e⁻ᶻ": "1 / (1 - math.exp(z[j]))",
}
SLOPE = {
    "σ′(z) is left out": "1",
    "σ′ is taken of a instead of z": "slope(sigma(z[j]))",
    "z (1 − z) stands for σ′(z) = a (1 − a)": "z[j] * (1 - z[j])",
    "σ(z) stands for σ′(z)": "sigma(z[j])",
    "σ′(z) is there twice": "slope(z[j]) * slope(z[j])",
    "1 − a stands for σ′(z) = a (1 − a)": "1 - sigma(z[j])",
    "1 − a² stands for σ′(z) = a (1 − a)": "1 - sigma(z[j]) ** 2",
    "a² stands for σ′(z) = a (1 − a)": "sigma(z[j]) ** 2",
    "a (1 + a) stands for σ′(z) = a (1 − a)": "sigma(z[j]) * (1 + sigma(z[j]))",
    "a (a − 1) stands for σ′(z) = a (1 − a)": "sigma(z[j]) * (sigma(z[j]) - 1)",
    "a · 1 − a, without brackets, stands for σ′(z) = a (1 − a)": "sigma(z[j]) * 1 - sigma(z[j])",
    "tanh′(z) stands for σ′(z)": "4 / (math.exp(z[j]) + math.exp(-z[j])) ** 2",
    "1 where z > 0, as of ReLU, stands for σ′(z)": "1 if z[j] > 0 else 0",
    "σ′ is taken of the z of the layer before": "slope(same(([x] + zs)[l], z)[j])",
    "σ′ is taken of the z of the layer before, if there is one": "slope(same(zs[max(l - 1, 0)], z)[j])",
    "σ′ is taken of the z of the first layer": "slope(same(zs[0], z)[j])",
    "σ′ is taken of the z of the layer after": "slope(same(zs[l + 1], z)[j])",
    # These two are right for the book's network, and wrong for another cost or activation.
    mistakes.MULTIPLIED: "slope(z[j])",
    "σ′(z), or a (1 − a), stands for the derivative of another activation": "a[l + 1][j] * (1 - a[l + 1][j])",
}
BY_STEP = {
    "activation": ("a", {
        **{words: f"[{gives} for j in J]" for words, gives in ACTIVATION.items()},
        "softmax stands for σ": "softmax(z)",
    }),
    "bias": ("z", {
        "the bias is left out": Z.format("0"),
        "the bias is subtracted, not added": Z.format("-b[l][j]"),
        "the bias is another layer's: that of the layer before": Z.format("same(b[l - 1], b[l])[j]"),
        "the bias is another layer's: that of the layer after": Z.format("same(b[(l + 1) % L], b[l])[j]"),
        "the bias is another layer's: they are taken in reverse order": Z.format("same(b[L - 1 - l], b[l])[j]"),
        "the bias is another layer's: always that of the first": Z.format("same(b[0], b[l])[j]"),
        "the bias is another layer's: always that of the last": Z.format("same(b[L - 1], b[l])[j]"),
        "the bias of the first neuron is added to every neuron of the layer": Z.format("b[l][0]"),
        "the bias is added once for every input, not once": Z.format("b[l][j] * len(a[-1])"),
    }),
    "weights": ("z", {
        "the weights are transposed: wᵀ a stands for w a": (
            "[sum(same(w[l], a[-1])[k][j] * a[-1][k] for k in range(len(a[-1]))) + b[l][j] for j in J]"
        ),
        "the weights of the layers are taken in reverse order": (
            "[sum(same(same(w[L - 1 - l], w[l])[j], a[-1])[k] * a[-1][k] for k in range(len(a[-1]))) + b[l][j] "
            "for j in J]"
        ),
        "the last input of every neuron is left out": W.format("w[l][j][k] * a[-1][k] for k in range(len(w[l][j]) - 1)"),
        "the first input of every neuron is left out": W.format(
            "w[l][j][k] * a[-1][k] for k in range(1, len(w[l][j]))"
        ),
    }),
    "layers": ("layers", {
        "the last layer is left out": "range(L - 1)",
        "the first layer is left out": "range(1, L)",
        "it returns after the first layer": "range(1)",
    }),
    "output": ("output", {
        "σ is taken once more of the output": "[sigma(v) for v in a[-1]]",
        "softmax is taken of the output, after σ": "softmax(a[-1])",
        "the output is rounded": "[float(v > 0.5) for v in a[-1]]",
    }),
    "error": ("error", {
        words: f"[{gives} for j in J]" for words, gives in {
            "a stands for a − y: the target is left out": "o[j]",
            "(a − y)² stands for a − y": "(y[j] - o[j]) ** 2",
            "the cost ½ (a − y)² stands for its derivative": "(y[j] - o[j]) ** 2 / 2",
            "|a − y| stands for a − y": "o[j] - y[j] if o[j] > y[j] else y[j] - o[j]",
            "a + y stands for a − y": "o[j] + y[j]",
            "z − y stands for a − y": "zs[-1][j] - y[j]",
            "every output is compared with the first target": "o[j] - y[0]",
            "σ′(z) = a (1 − a) is in it already, and backprop multiplies by it": "(o[j] - y[j]) * o[j] * (1 - o[j])",
            f"it is {mistakes.OF_CROSS_ENTROPY}, but the class's cost is another": "(1 - y[j]) / (1 - o[j]) - y[j] / o[j]",
            f"1 + a stands for 1 − a in {mistakes.OF_CROSS_ENTROPY}": "(o[j] - y[j]) / (o[j] + o[j] ** 2)",
            "the 1 of the target is one place too low": "o[j] - y[(j + 1) % len(y)]",
            "the 1 of the target is one place too high": "o[j] - y[j - 1]",
            "the target is scaled, {:.4g} times as far from ½ as it was": "o[j] - (0.5 + C * (y[j] - 0.5))",
            "{:.4g} y stands for y": "o[j] - C * y[j]",
        }.items()
    }),
    "sign": ("error", {"the sign is wrong everywhere, as if y − a stood for a − y": "[y[j] - o[j] for j in J]"}),
    "factor": ("error", {
        f"everything is {words}{wrong}": f"[({gives}) * ({sign}) for j in J]"
        for wrong, sign in (("", "o[j] - y[j]"), (", and the sign is wrong", "y[j] - o[j]"))
        for words, gives in {
            "twice too large: the derivative of ½‖y − a‖² is a − y, without a 2": "2",
            "half as large as it should be: the derivative of ½‖y − a‖² is a − y, without a ½": "1 / 2",
            "divided by the number of outputs": "1 / len(y)",
            "multiplied by 2 and divided by the number of outputs": "2 / len(y)",
            "multiplied by the number of outputs": "len(y)",
            "{:.4g} times what it should be": "C",
        }.items()
    }),
    "slope": ("slope", {words: f"[{gives} for j in J]" for words, gives in SLOPE.items()}),
    "back": ("back", {
        "the error is sent back through w instead of wᵀ": (
            "[sum(same(w[l + 1][j], d)[k] * d[k] for k in range(len(d))) for j in range(len(w[l + 1]))]"
        ),
        f"{mistakes.WRONG_WEIGHTS}: its own instead of those after it": (
            "[sum(same(w[l], d)[j][k] * d[j] for j in range(len(d))) for k in K]"
        ),
        f"{mistakes.WRONG_WEIGHTS}, its own, and through w instead of wᵀ": (
            "[sum(same(w[l][j], d)[k] * d[k] for k in range(len(d))) for j in J]"
        ),
        f"{mistakes.WRONG_WEIGHTS}, one too far on (after the last come the first)": (
            "[sum(same(w[(l + 2) % L], d)[j][k] * d[j] for j in range(len(d))) for k in range(len(w[(l + 2) % L][0]))]"
        ),
        f"{mistakes.WRONG_WEIGHTS}, always the last": (
            "[sum(same(w[L - 1], d)[j][k] * d[j] for j in range(len(d))) for k in range(len(w[L - 1][0]))]"
        ),
        f"{mistakes.WRONG_WEIGHTS}, always the first": (
            "[sum(same(w[0], d)[j][k] * d[j] for j in range(len(d))) for k in range(len(w[0][0]))]"
        ),
        "the error of the output stands for that of the layer after": (
            "[sum(same(w[l + 1], first)[j][k] * first[j] for j in range(len(first))) for k in J]"
        ),
        "the error is sent back without the weights": "d",
        "δ is not sent back at all: every layer has that of the output": (
            "[same(d, z)[j] / slope(z[j]) for j in J]"
        ),
        "the error is sent back to the hidden layers without its σ′(z)": (
            "[sum(w[l + 1][j][k] * d[j] / slope(zs[l + 1][j]) for j in range(len(d))) for k in J]"
        ),
        "of the errors of the layer after, only the last neuron's is sent back, as if = stood for +=": (
            "[w[l + 1][-1][k] * d[-1] for k in J]"
        ),
        "of the errors of the layer after, the last neuron's is left out": (
            "[sum(w[l + 1][j][k] * d[j] for j in range(len(d) - 1)) for k in J]"
        ),
        "of the errors of the layer after, the first neuron's is left out": (
            "[sum(w[l + 1][j][k] * d[j] for j in range(1, len(d))) for k in J]"
        ),
        "the error is sent back through weights already less {:.4g} times their gradient": (
            "[sum((w[l + 1][j][k] - C * d[j] * a[l + 1][k]) * d[j] for j in range(len(d))) for k in J]"
        ),
    }),
    "kept": ("deltas", {
        "the layers stand in reverse order: what is found on the way back belongs in front, by insert(0, ...)": (
            "[ds[L - 1 - l] for l in range(L)]"
        ),
        "each layer but the last has the δ of the layer after: the new δ is not what is kept": (
            "[ds[min(l + 1, L - 1)] for l in range(L)]"
        ),
        "the loop over the layers does not reach the first, or does not keep what it finds": (
            "[[0 * v if l == 0 else v for v in ds[l]] for l in range(L)]"
        ),
        "the loop over the layers ends before it begins, or does not keep what it finds": (
            "[[v if l == L - 1 else 0 * v for v in ds[l]] for l in range(L)]"
        ),
    }),
    "result": ("nabla", {
        "the layers of nabla_b and nabla_w stand in reverse order: append stands where insert(0, ...) belongs": (
            "(list(reversed(nb)), list(reversed(nw)))"
        ),
    }),
    "nabla_b": ("nabla_b", {
        "nabla_b is zero, where it is δ": "[0 for j in J]",
        "nabla_b is multiplied by the layer's activation, where it is δ": "[d[j] * a[l + 1][j] for j in J]",
        "nabla_b is the mean of the layer's δ, the same for every neuron": "[sum(d) / len(d) for j in J]",
        "nabla_b is the sum of the layer's δ, the same for every neuron": "[sum(d) for j in J]",
        "σ′(z) is left out of nabla_b": "[d[j] / slope(zs[l][j]) for j in J]",
        "nabla_b has lost its sign": "[math.sqrt(d[j] ** 2) for j in J]",
        "nabla_b is {:.4g} times what it should be": "[C * d[j] for j in J]",
    }),
    "nabla_w": ("nabla_w", {
        "the outer product is transposed, where nabla_w = δ aᵀ": "[[d[j] * a[l][k] for j in J] for k in K]",
        **{words: f"[[{gives} for k in K] for j in J]" for words, gives in {
            "the outer product takes z of the layer before instead of its activation": "d[j] * ([x] + zs)[l][k]",
            "the activations are left out of nabla_w = δ aᵀ": "d[j]",
            "the activations are there twice in nabla_w = δ aᵀ": "d[j] * a[l][k] ** 2",
            "σ is taken once more of the activations in nabla_w = δ aᵀ": "d[j] * sigma(a[l][k])",
            "σ′(z) is left out of nabla_w": "d[j] / slope(zs[l][j]) * a[l][k]",
            "nabla_w has lost its sign": "math.sqrt((d[j] * a[l][k]) ** 2)",
            "nabla_w of each neuron's first input is zero": "d[j] * a[l][k] if k > 0 else 0",
            "nabla_w of each neuron's last input is zero": "d[j] * a[l][k] if k < len(a[l]) - 1 else 0",
            "every row of nabla_w is the same, as if one list stood for them all": "d[len(d) - 1] * a[l][k]",
            "nabla_w is {:.4g} times what it should be": "C * d[j] * a[l][k]",
            "{:.4g} times the weights are in nabla_w, as for weight decay": "d[j] * a[l][k] + C * w[l][j][k]",
        }.items()},
        f"{mistakes.WRONG_INPUT}: its output instead of its input": "[[d[j] * v for v in a[l + 1]] for j in J]",
        f"{mistakes.WRONG_INPUT}, one too early": "[[d[j] * v for v in a[max(l - 1, 0)]] for j in J]",
        f"{mistakes.WRONG_INPUT}: the input x": "[[d[j] * v for v in x] for j in J]",
    }),
    "used": ("used", {
        "it changes nothing": "0",
        "the last example of the mini-batch is left out": "0 if i == m - 1 else 1",
        "the first example of the mini-batch is left out": "0 if i == 0 else 1",
        "the first example of the mini-batch is counted twice": "2 if i == 0 else 1",
        "the last example of the mini-batch is counted twice": "2 if i == m - 1 else 1",
        "only the first example of the mini-batch is used": "1 if i == 0 else 0",
        "only the last example of the mini-batch is used: its gradient is put in the place of the sum": (
            "1 if i == m - 1 else 0"
        ),
    }),
    "divisor": ("divisor", {
        "the gradients are summed, not averaged: the step is not divided by the size of the mini-batch": "1",
        "the step is divided by the size of the mini-batch twice": "m ** 2",
        "the step is divided by one more than the size of the mini-batch": "m + 1",
        "the step is divided by one less than the size of the mini-batch": "m - 1",
        "the step is divided by the number of layers, not by the size of the mini-batch": "len([x, *zs])",
        "the step is divided by n, the number of all training data, not by the size of the mini-batch": "7",
        "the step is twice too large": "m / 2",
        "the step is half of what it should be": "m + m",
    }),
    "rate": ("rate", {
        "the step goes uphill: what backprop gives is added, not subtracted": "0 - eta",
        "the learning rate η is left out": "1",
        "the learning rate η is multiplied by twice": "eta ** 2",
        "the step is {:.4g} times what it should be": "C * eta",
    }),
    "targets": ("target", {
        "every example is trained with the target of the next one": "ys[(i + 1) % m]",
        "every example is trained with the target of the one before it": "ys[i - 1]",
        "every example is trained with the target of the first": "ys[0]",
        "every example is trained with the target of the last": "ys[m - 1]",
    }),
    "summed": ("summed", {
        "the biases are never changed": "([[0 for v in r] for r in nb], nw)",
        "the weights are never changed": "(nb, [[[0 for v in r] for r in q] for q in nw])",
        "only the last layer is changed": (
            "([[v if l == L - 1 else 0 for v in nb[l]] for l in range(L)], "
            "[[[v if l == L - 1 else 0 for v in r] for r in nw[l]] for l in range(L)])"
        ),
        "the last layer is never changed": (
            "([[v if l < L - 1 else 0 for v in nb[l]] for l in range(L)], "
            "[[[v if l < L - 1 else 0 for v in r] for r in nw[l]] for l in range(L)])"
        ),
        "the first layer is never changed": (
            "([[v if l else 0 for v in nb[l]] for l in range(L)], "
            "[[[v if l else 0 for v in r] for r in nw[l]] for l in range(L)])"
        ),
        mistakes.OF_BIASES: "(nb, [[[nb[l][j] for _ in r] for j, r in enumerate(nw[l])] for l in range(L)])",
        f"{mistakes.OF_BIASES}, along the wrong axis": (
            "(nb, [[[same(nb[l], r)[k] for k, _ in enumerate(r)] for r in nw[l]] for l in range(L)])"
        ),
        f"{{:.4g}} times the weights are subtracted with the gradient, {mistakes.WEIGHT_DECAY}": (
            "(nb, [[[v + C * w[l][j][k] for k, v in enumerate(r)] for j, r in enumerate(nw[l])] for l in range(L)])"
        ),
    }),
    "guess": ("guess", {
        "it takes the smallest output, not the largest": "min(J, key=lambda j: o[j])",
        "it takes the argmax of the input, not of the output": "max(range(len(x)), key=lambda k: x[k])",
        "it counts digits from 1: its argmax is one too large": "1 + max(J, key=lambda j: o[j])",
        "its argmax is one too small": "max(J, key=lambda j: o[j]) - 1",
        "its argmax compares each output with the one before it, not with the largest so far": (
            "([0] + [j for j in J if j and o[j] > o[j - 1]])[-1]"
        ),
        "its argmax leaves out the first output": "max([j for j in J if j], key=lambda j: o[j])",
        "its argmax leaves out the last output": "max([j for j in J if j < len(o) - 1], key=lambda j: o[j])",
        "its argmax is always 0: it may be taken along the wrong axis": "0",
        "it rounds the outputs before it takes the largest": "max(J, key=lambda j: (o[j] > 0.5, -j))",
    }),
    "hit": ("hit", {
        "it counts the wrong answers, not the right ones": "not guess == digit",
        "it takes every output above ½ for a yes": "all((o[j] > 0.5) == (j == digit) for j in J)",
        "it looks whether the digit's own output is above ½": "o[digit] > 1 / 2",
        "it counts none as right, as it does when it compares an argmax with a vector, or the largest output itself, "
        "not its index, with the digit": "0",
        "it counts an argmax of 0, as it does when it takes the argmax of the digit too": "not guess",
    }),
    "tested": ("tested", {
        "it leaves out the last example": "[pair for i, pair in enumerate(data) if i < len(data) - 1]",
        "it leaves out the first example": "[pair for i, pair in enumerate(data) if i]",
        "it looks at the first example only": "[data[0]]",
    }),
    "count": ("count", {
        "it gives the share that is right, not how many": "sum(hits) / len(data)",
        "it gives the per cent that is right, not how many": "sum(hits) / len(data) * 100",
        "it counts every example": "len(data)",
        "it stops at the first example that is right": "1",
    }),
}
WHERE = {
    "": "True",
    "at the output": "l == L - 1",
    "in the first layer": "l == 0",
    "in the hidden layers": "l != L - 1",
    "in the layer before the output": "l == L - 2",
    "in the second layer": "l == 1",
}


compiled = functools.lru_cache(maxsize=None)(lambda expression: compile(expression, expression, "eval"))


def same(values, others):
    """The values, where there are as many of them as of the others."""
    if len(values) != len(others):
        raise ValueError
    return values


class Loops:
    """A network in plain loops, in which one expression is another."""

    def __init__(self, case, step="", gives="", where="True"):
        self.b, self.w = [list(b) for b in case.biases], [[list(row) for row in w] for w in case.weights]
        self.L, self.step, self.gives, self.where = len(self.b), step, gives, where

    def ev(self, step, **names):
        names = {**globals(), "b": self.b, "w": self.w, "L": self.L, **names}
        if "l" in names:
            names.update(J=range(len(self.b[names["l"]])), K=range(len(self.w[names["l"]][0])))
        if step.startswith("nabla_"):
            names["J"] = range(len(names["d"]))
        wrong = step == self.step and ("l" not in names or eval(compiled(self.where), names))
        return eval(compiled(self.gives if wrong else RIGHT[step]), names)

    def feedforward(self, x):
        self.a, self.zs = [x], []
        for l in self.ev("layers"):
            self.zs.append(same(self.ev("z", l=l, a=self.a), self.b[l]))
            for row in self.w[l]:
                same(row, self.a[-1])
            self.a.append(self.ev("a", l=l, z=self.zs[-1]))
        return self.ev("output", a=self.a)

    def cost_derivative(self, output, y):
        return self.ev("error", o=output, y=y, J=range(len(y)), zs=getattr(self, "zs", []))

    def backprop(self, x, y):
        error = self.cost_derivative(self.feedforward(x), y)
        names = {"a": self.a, "zs": self.zs, "x": x}
        ds = []
        for l in range(self.L - 1, -1, -1):
            z = self.zs[-1] if l == self.L - 1 else self.zs[l]
            back = self.ev("back", l=l, d=ds[0], first=ds[-1], z=z, **names) if ds else error
            slopes = self.ev("slope", l=l, z=same(z, back), **names)
            ds.insert(0, [p * q for p, q in zip(back, slopes)])
        ds = self.ev("deltas", ds=ds)
        nb = [self.ev("nabla_b", l=l, d=ds[l], **names) for l in range(self.L)]
        nw = [self.ev("nabla_w", l=l, d=ds[l], **names) for l in range(self.L)]
        return self.ev("nabla", nb=nb, nw=nw)

    def update_mini_batch(self, batch, eta):
        m, ys = len(batch), [y for _, y in batch]
        gradients = [self.backprop(x, self.ev("target", i=i, ys=ys, m=m)) for i, (x, _) in enumerate(batch)]
        for i, (nb, nw) in enumerate(gradients):
            nb, nw = self.ev("summed", nb=nb, nw=nw)
            c = self.ev("rate", eta=eta) / self.ev("divisor", m=m, x=None, zs=self.zs) * self.ev("used", i=i, m=m)
            gradients[i] = [c * v for v in numbers_of([nb, nw])]
        flat = [v - sum(parts) for v, *parts in zip(numbers_of([self.b, self.w]), *gradients)]
        self.b, self.w = refilled([self.b, self.w], iter(flat))

    def evaluate(self, data):
        hits = []
        for x, digit in self.ev("tested", data=data):
            o = self.feedforward(x)
            guess = self.ev("guess", o=o, x=x, J=range(len(o)))
            hits.append(self.ev("hit", o=o, guess=guess, digit=digit, J=range(len(o))))
        return self.ev("count", hits=hits, data=data)

    biases = property(lambda self: self.b)
    weights = property(lambda self: self.w)

    def sigmoid(self, zs):
        return self.ev("a", z=zs, J=range(len(zs)))

    def sigmoid_prime(self, zs):
        return self.ev("slope", z=zs, J=range(len(zs)))


def numbers_of(nested):
    return [v for entry in nested for v in (numbers_of(entry) if isinstance(entry, list) else [entry])]


def refilled(nested, values):
    return [refilled(entry, values) if isinstance(entry, list) else next(values) for entry in nested]


EVERY = [
    pytest.param(method, mistake, id=f"{method}: {mistake}")
    for method, tables in SHOWN.items()
    for mistake in (tables[0][0] + (tables[1][0] if method == "backprop" else []))
]
WALKS = [mistake for mistake in mistakes.STEP if mistake.step == "walk"]


def answer(method, net, case):
    try:
        return TRIED[method].call(net, case)
    except IMPOSSIBLE:
        return None


def left_behind(net, case):
    """The pass that cost_derivative may look back to."""
    right = Reference(case.biases, case.weights)
    right.feedforward(case.examples[0][0])
    net.zs = right.zs
    return net


@pytest.mark.parametrize("method, mistake", [p for p in EVERY if p.values[1] not in WALKS])
def test_a_mistake_gives_the_numbers_of_what_somebody_writes(method, mistake):
    step, expressions = BY_STEP[mistake.step]
    assert mistake.words in expressions, "each needs an expression of its own"
    mistake_in_loops = step, expressions[mistake.words], WHERE[mistake.where]
    fixed = mistake.fixed(C) if "{" in mistake.words else mistake
    possible = 0
    for case in FEW:
        theirs = answer(method, left_behind(Loops(case, *mistake_in_loops), case), case)
        ours = answer(method, Reference(case.biases, case.weights, [fixed]), case)
        assert (theirs is None) == (ours is None), case.sizes
        assert theirs is None or is_close(ours, theirs), case.sizes
        possible += theirs is not None
    assert possible


# The walks through a mini-batch, each written out.


def running_sum(net, batch, eta):
    taken = [0.0] * len(numbers_of([net.b, net.w]))
    for x, y in batch:
        taken = [t + g for t, g in zip(taken, numbers_of(list(net.backprop(x, y))))]
        change(net, [eta / len(batch) * t for t in taken])


def one_by_one(net, batch, eta):
    for x, y in batch:
        change(net, [eta / len(batch) * g for g in numbers_of(list(net.backprop(x, y)))])


def weights_one_by_one(net, batch, eta):
    before, sums = net.b, [[0.0] * len(b) for b in net.b]
    for x, y in batch:
        net.b = before
        nb, nw = net.backprop(x, y)
        sums = [[s + v for s, v in zip(*rows)] for rows in zip(sums, nb)]
        change(net, [eta / len(batch) * g for g in numbers_of([nb, nw])])
    net.b = [[v - eta / len(batch) * s for v, s in zip(*rows)] for rows in zip(before, sums)]


def through_updated(net, batch, eta):
    passes = []
    for x, y in batch:
        o = net.feedforward(x)
        passes.append((net.a, net.zs, [(p - t) * slope(z) for p, t, z in zip(o, y, net.zs[-1])]))
    for l in range(net.L - 1, -1, -1):
        for a, _, d in passes:
            for j, d_j in enumerate(d):
                net.b[l][j] -= eta / len(batch) * d_j
                for k, a_k in enumerate(a[l]):
                    net.w[l][j][k] -= eta / len(batch) * d_j * a_k
        if l:
            passes = [
                (a, zs, [slope(z) * sum(net.w[l][j][k] * d[j] for j in range(len(d))) for k, z in enumerate(zs[l - 1])])
                for a, zs, d in passes
            ]


def one_by_one_through_updated(net, batch, eta):
    for pair in batch:
        through_updated(net, [pair], eta / len(batch))


def change(net, amounts):
    flat = [v - c for v, c in zip(numbers_of([net.b, net.w]), amounts)]
    net.b, net.w = refilled([net.b, net.w], iter(flat))


WRITTEN_WALKS = {
    "the lines that change the weights stand inside the loop over the examples: the sum of the gradients so far is "
    "subtracted after each one": running_sum,
    "every example sees the weights as the one before it left them": one_by_one,
    "every example sees the weights, but not the biases, as the one before it left them": weights_one_by_one,
    "the error is sent back through already updated weights": through_updated,
    "examples one by one send the error back through already updated weights": one_by_one_through_updated,
}


@pytest.mark.parametrize("mistake", WALKS, ids=str)
def test_a_walk_gives_the_numbers_of_what_somebody_writes(mistake):
    for case in CASES:
        theirs, ours = Loops(case), Reference(case.biases, case.weights, [mistake])
        WRITTEN_WALKS[mistake.words](theirs, case.examples[:3], 0.6)
        ours.update_mini_batch(case.examples[:3], 0.6)
        assert is_close((ours.biases, ours.weights), (theirs.biases, theirs.weights))


# What a model changes.

MODELS = [
    (Model(cost=CROSS_ENTROPY), lambda z: [sigma(v) for v in z], lambda z: [sigma(v) for v in z]),
    (Model(output="softmax", cost=CROSS_ENTROPY), lambda z: [sigma(v) for v in z], softmax),
    (Model("tanh", "no activation"), lambda z: [math.tanh(v) for v in z], list),
    (Model("ReLU", "tanh"), lambda z: [max(v, 0.0) for v in z], lambda z: [math.tanh(v) for v in z]),
]


@pytest.mark.parametrize("model, hidden, output", MODELS, ids=[str(model[:3]) for model, _, _ in MODELS])
def test_the_gradient_of_every_model_agrees_with_finite_differences(model, hidden, output):
    def cost(flat, case):
        a = case.examples[0][0]
        biases, weights = refilled([case.biases, case.weights], iter(flat))
        for l, (b, w) in enumerate(zip(biases, weights)):
            z = [sum(p * q for p, q in zip(row, a)) + c for row, c in zip(w, b)]
            a = output(z) if l == len(biases) - 1 else hidden(z)
        y = case.examples[0][1]
        if model.cost != CROSS_ENTROPY:
            return sum((p - t) ** 2 for p, t in zip(a, y)) / 2
        both = [t * math.log(p) + (model.output == "σ") * (1 - t) * math.log(1 - p * (t < 1)) for p, t in zip(a, y)]
        return -sum(both)

    for case in [case.one_hot() for case in CASES]:
        flat, epsilon = numbers_of([case.biases, case.weights]), 1e-5
        measured = []
        for k, p in enumerate(flat):
            above, below = (cost([*flat[:k], p + step, *flat[k + 1 :]], case) for step in (epsilon, -epsilon))
            measured.append((above - below) / (2 * epsilon))
        got = numbers_of(list(Reference(case.biases, case.weights, model=model).backprop(*case.examples[0])))
        # A difference is off by ε²/6 · C‴ + u C / ε; C and C‴ are below 1,000 here.
        assert all(abs(g - m) < 1e-7 for g, m in zip(got, measured)), case.sizes


# Every mistake, planted.


def planted(method, mistake):
    """The class of right networks in which `method` is written with that mistake, in loops."""
    step, expressions = BY_STEP.get(mistake.step, ("", {}))
    wrong = step, expressions.get(mistake.words, ""), WHERE[mistake.where]

    def written(self, *given, **named):
        case = CASES[0]._replace(biases=self.biases, weights=self.weights)
        net = Loops(case, *wrong)
        net.zs = []
        if method == "update_mini_batch" and mistake in WALKS:
            WRITTEN_WALKS[mistake.words](net, list(given[0]), given[1])
            answer = None
        else:
            answer = getattr(net, method)(*given, **named)
        if method == "update_mini_batch":
            self.biases, self.weights = net.b, net.w
        return answer

    if method.startswith("sigmoid"):
        of_list = getattr(Loops(CASES[0]._replace(biases=[[0.0]]), step, wrong[1].replace("J", "range(1)")), method)
        return type("Planted", (Network,), {method: staticmethod(lambda z: of_list([z])[0])})
    return type("Planted", (Network,), {method: written})


ONLY_ELSEWHERE = [mistakes.MULTIPLIED, "σ′(z), or a (1 − a), stands for the derivative of another activation"]
# Naming takes longer than comparing, and is the same search for all: of each step, every eighth.
SOME = [p for p in EVERY if p.values[1].words not in ONLY_ELSEWHERE][::8]


@pytest.mark.parametrize("method, mistake", SOME)
def test_every_mistake_is_named_by_words_that_give_its_numbers(method, mistake):
    trial = Trial(planted(method, mistake))
    trial.verdicts = {name: Verdict(name, True) for name in TRIED}
    trial.cases = CASES if method == "evaluate" else FEW
    verdict = trial.compared(method)
    assert verdict.ok is False, "a mistake must make a difference"
    fixed = mistake.fixed(C) if "{" in mistake.words else mistake
    if [str(found) for found in verdict.mistakes] != [str(fixed)]:
        assert verdict.mistakes, str(verdict)
        for case in trial.cases:
            wanted, got = (answer(method, Reference(case.biases, case.weights, m), case) for m in ([fixed], verdict.mistakes))
            assert wanted is None or got is None or is_close(got, wanted), str(verdict)
