"""Every mistake of the tables gives the numbers of a network in whose text somebody makes it, and is named.

What is written into the text, with an index for every number, does not come from the tables.
"""

import math
from types import SimpleNamespace

import pytest
from learners import LISTS, changed

from purenet.checker.comparison import CALLS, CASES, Trial
from purenet.checker.mistakes import (
    BACKWARD, IMPOSSIBLE, OF_BIASES, SHOWN, SLOPES, STEP, find_mistakes, is_close,
)
from purenet.checker.reference import CROSS_ENTROPY, Model, Reference
from purenet.gradcheck import numerical_gradient
from purenet.network import Network
from purenet.support.lists_or_arrays import numbers

C = 0.3  # where a mistake has a number in it
FEW = [case for case in CASES if case.sizes in ([2, 1], [1, 2], [2, 2, 2], [2, 3, 2], [3, 3, 3, 3, 3])]
SQUARE = [case for case in CASES if len(set(case.sizes)) == 1 < len(case.sizes) - 1]  # every shape fits
WHERE = {
    "": "True",
    "at the output": "l == self.num_layers - 2",
    "in the hidden layers": "l < self.num_layers - 2",
}

# step: a line, and what stands there with a mistake. {} is one of the expressions below.
SUM = "self.biases[l][j] + sum(self.weights[l][j][k] * a[k] for k in range(self.sizes[l]))"
BACK = "[sum(self.weights[l][j][k] * d for j, d in enumerate(delta)) for k in range(self.sizes[l])]"
ERROR = "a - t for a, t in zip(output_activations, y)"
SLOPE = "d * sigmoid_prime(v) for d, v in zip(back, zs[l])"
LINES = {
    "activation": ("[sigmoid(v) for v in z]", "[{} if WHERE else sigmoid(v) for v in z]"),
    "z": (SUM, "{}"),
    "error": (ERROR, "{} for j, (a, t) in enumerate(zip(output_activations, y))"),
    "slope": (SLOPE, "d * ({} if WHERE else sigmoid_prime(v)) for j, (d, v) in enumerate(zip(back, zs[l]))"),
    "back": (f"back = {BACK}", "back = {} if l else []"),
    "nabla_b": ("nabla_b[l] = delta", "nabla_b[l] = [{} for d, v in zip(delta, zs[l])] if WHERE else delta"),
    "nabla_w": ("nabla_w[l] = ", "nabla_w[l] = {} if WHERE else "),
    "used": ("for x, y in mini_batch]", "for x, y in {}]"),
    "rate": ("eta / len(mini_batch)", "{}"),
    "hit": ("a.index(max(a)) == digit", "{}"),
    "count": ("        return right\n", "        return {}\n"),
}
LINES["factor"], LINES["divisor"], LINES["guess"] = LINES["error"], LINES["rate"], LINES["hit"]
NONE = "[None] * (self.num_layers - 1)"
ZEROS = [
    (f"nabla_b = {NONE}", "nabla_b = [[0.0] * n for n in self.sizes[1:]]"),
    (f"nabla_w = {NONE}", "nabla_w = [[[0.0] * len(w[0]) for _ in w] for w in self.weights]"),
]
RETURN = "return nabla_b, nabla_w"
REVERSED = f"""nabla_b = nabla_b[::-1]
        nabla_w = [[[d * a for a in activations[l]] for d in nabla_b[l]] for l in range(len(nabla_b))]
        {RETURN}"""
LOOP = "for l in range(self.num_layers - 2, -1, -1):"
NO_GRADIENTS = ("gradients = [self.backprop(x, y) for x, y in mini_batch]", "gradients = []")
TAKEN = "        for nabla_b, nabla_w in gradients:"
LAYERS = "            for l in range(self.num_layers - 1):\n                for j"
STEP_B, STEP_W = "self.biases[l][j] -= step * nabla_b[l][j]", "self.weights[l][j][k] -= step * nabla_w[l][j][k]"
ONES = "\n        self.weights = [[[1.0 for _ in row] for row in w] for w in self.weights]"

# How the words of the mistake begin, and an expression for LINES, or else whole replacements.
WRITTEN = {
    "activation": {
        "σ is left out": "v",
        "the minus of e⁻ᶻ is missing": "1 / (1 + math.exp(v))",
        "1 − e⁻ᶻ stands below the line": "1 / (1 - math.exp(-v))",
        "1 − eᶻ stands below the line": "1 / (1 - math.exp(v))",
        "the 1 + below the line is missing": "1 / math.exp(-v)",
        "1 / 1 + e⁻ᶻ without brackets": "1 / 1 + math.exp(-v)",
        "tanh": "1 - 2 / (math.exp(2 * v) + 1)",
        "ReLU": "(v if v > 0 else 0)",
        "softmax": "math.exp(v) / sum(math.exp(u) for u in z)",
    },
    "z": {
        "the bias is left out": SUM.replace("self.biases[l][j] + ", ""),
        "the weights are transposed": SUM.replace("[j][k]", "[k][j]"),
        "weights and biases are exchanged": "self.weights[l][j][0] + self.biases[l][j] * a[0]",
    },
    "layers": {
        "the last layer is left out": [
            ("self.weighted(l, a)\n", f"self.weighted(l, a)\n            if {WHERE['at the output']}: break\n"),
        ],
        "it returns after the first layer": [("        return a\n", "            return a\n")],
    },
    "factor": {
        "the sign is wrong everywhere": "t - a",
        "everything is zero": "0 * a",
        "everything is {:.4g} times": "C * (a - t)",
        "everything is {:.4g}/n times": "C / len(y) * (a - t)",
    },
    "error": {
        "the target is left out": "a",
        "a + y stands": "a + t",
        "(a − y)² stands": "(t - a) ** 2",
        "the cost ½ (a − y)² stands": "(t - a) ** 2 / 2",
        "the 1 of the target is one place too low": "a - y[(j + 1) % len(y)]",
        "the 1 of the target is one place too high": "a - y[j - 1]",
        "a − y · σ′(z) stands for (a − y) · σ′(z)": [
            (f"[{SLOPE}]", "[a - t * sigmoid_prime(v) for a, t, v in zip(activations[-1], y, zs[-1])]"
                           f" if l == len(zs) - 1 else [{SLOPE}]"),
        ],
        "the target is scaled": "a - (0.5 + C * (t - 0.5))",
        "σ′(z) = a (1 − a) is in it already": "(a - t) * (a - a * a)",
        "the cross-entropy's": "(1 - t) / (1 - a) - t / a",
    },
    "slope": {
        "σ′(z) is left out": "1",
        "σ′ is taken of a instead of z": "sigmoid_prime(activations[l + 1][j])",
        "z (1 − z) stands": "v * (1 - v)",
        "σ(z) stands": "sigmoid(v)",
        "σ′(z) is there twice": "sigmoid_prime(v) * sigmoid_prime(v)",
        "1 − a stands": "1 - activations[l + 1][j]",
        "a · 1 − a, without brackets": "sigmoid(v) * 1 - sigmoid(v)",
        "σ′ is taken of the z of the last layer": "sigmoid_prime(zs[-1][j])",
        "σ′ is taken of the z of the layer before": "sigmoid_prime(([x] + zs)[l][j])",
        "the derivative of ReLU stands": "float(v > 0)",
        "the derivative of tanh stands": "(1 - math.tanh(v) ** 2)",
        "s (1 − s) of a softmax": "(lambda e: e[j] * (sum(e) - e[j]) / sum(e) ** 2)([*map(math.exp, zs[l])])",
        "the derivative of the activation is taken of a": "sigmoid_prime(activations[l + 1][j])",
        "σ′ is taken of w a": "sigmoid_prime(v - self.biases[l][j])",
        "σ′(a) is multiplied in": "sigmoid_prime(activations[l + 1][j])",
        # These are right here, and wrong for another cost or activation.
        "σ′(z) is multiplied in": "sigmoid_prime(v)",
        "a (1 − a) stands for the derivative of another": "activations[l + 1][j] * (1 - activations[l + 1][j])",
        "σ′(z) stands for the derivative of another": "sigmoid_prime(v)",
    },
    "back": {
        "the error is sent back through w instead": BACK.replace("[j][k]", "[k][j]"),
        "the error is sent back through the layer's own": BACK.replace("[l]", "[l - 1]"),
        "the error is sent back to the hidden layers without": BACK.replace("delta", "back"),
        "only the last neuron's error": "[self.weights[l][-1][k] * delta[-1] for k in range(self.sizes[l])]",
    },
    "deltas": {
        "the layers stand in reverse order": [(RETURN, REVERSED)],
        "the loop does not reach the first layer": [*ZEROS, (LOOP, LOOP.replace("-1, -1", "0, -1"))],
        "the loop reaches the last layer only": [*ZEROS, (LOOP, "for l in [self.num_layers - 2]:")],
    },
    "nabla_b": {
        "nabla_b is zero": "0",
        "nabla_b is the sum": "sum(delta)",
        "σ′(z) is left out": "d / sigmoid_prime(v)",
        "nabla_b is {:.4g} times": "C * d",
    },
    "nabla_w": {
        "the outer product is transposed": "[[d * a for d in delta] for a in activations[l]]",
        "the outer product takes the layer's output": "[[d * a for a in activations[l + 1]] for d in delta]",
        "the outer product takes the activations one": "[[d * a for a in activations[l - 1]] for d in delta]",
        "the outer product takes z of the layer before": "[[d * a for a in ([x] + zs)[l]] for d in delta]",
        "σ is taken once more": "[[d * sigmoid(a) for a in activations[l]] for d in delta]",
        "σ′(z) is left out": "[[d * a for a in activations[l]] for d in back]",
        "nabla_w is {:.4g} times": "[[C * d * a for a in activations[l]] for d in delta]",
    },
    "nabla": {
        "nabla_b and nabla_w begin with": [(RETURN, "return nabla_b[::-1], nabla_w[::-1]")],
        "each layer is put in the place of the last": [
            *ZEROS, ("nabla_b[l] = delta", "nabla_b[-1] = delta"), ("nabla_w[l] = [[", "nabla_w[-1] = [["),
        ],
    },
    "used": {
        "it changes nothing": "mini_batch[:0]",
        "only the first example": "mini_batch[:1]",
        "only the last example": "mini_batch[-1:]",
    },
    "divisor": {
        "the gradients are summed": "eta",
        "the step is divided by the size of the mini-batch twice": "eta / len(mini_batch) ** 2",
        "the step is divided by n": "eta / 7",
    },
    "rate": {
        "the step goes uphill": "-eta / len(mini_batch)",
        "the learning rate η is left out": "1 / len(mini_batch)",
        "the step is {:.4g} times": "C * eta / len(mini_batch)",
    },
    "change": {
        "the biases are never changed": [(STEP_B, "pass")],
        "the weights are never changed": [(STEP_W, "pass")],
        "only the last layer is changed": [(LAYERS, LAYERS.replace("range(", "range(self.num_layers - 2, "))],
        "the first layer is never changed": [(LAYERS, LAYERS.replace("range(", "range(1, "))],
        f"{OF_BIASES}, along": [(STEP_W, STEP_W.replace("w[l][j][k]", "b[l][k]"))],
        OF_BIASES: [(STEP_W, STEP_W.replace("w[l][j][k]", "b[l][j]"))],
    },
    "walk": {
        "the lines that change the weights stand inside the loop": [
            NO_GRADIENTS,
            (TAKEN, f"        for xy in mini_batch:\n         gradients.append(self.backprop(*xy))\n {TAKEN}"),
        ],
        "1 stands for the old weights": [("eta / len(mini_batch)", "eta / len(mini_batch)" + ONES)],
        "every example sees the weights as the one before": [
            NO_GRADIENTS, (TAKEN, TAKEN.replace("gradients", "(self.backprop(x, y) for x, y in mini_batch)")),
        ],
    },
    "guess": {
        "it rounds the first output": "round(a[0]) == digit",
        "it takes the smallest output": "a.index(min(a)) == digit",
        "it counts digits from 1": "a.index(max(a)) + 1 == digit",
        "its argmax is always 0": "digit == 0",
    },
    "hit": {"it counts none as right": "max(a) == [digit]", "it counts an argmax of 0": "a.index(max(a)) == 0"},
    "tested": {"it looks at the first": [("        return right\n", "            return right\n")]},
    "count": {
        "it gives the share": "right / len(test_data)",
        "it gives the per cent": "right * 100 / len(test_data)",
    },
}
EVERY = list(dict.fromkeys((method, each) for method in list(SHOWN)[2:] for each in SHOWN[method][0][1]))
EVERY += [("backprop", each) for each in SLOPES]


def written(mistake):
    """The class in whose text somebody makes this mistake."""
    how = next(how for start, how in WRITTEN[mistake.step].items() if mistake.words.startswith(start))
    if isinstance(how, str):
        old, new = LINES[mistake.step]
        how = [(old, new.replace("{}", f"({how})").replace("WHERE", WHERE[mistake.where]))]
    names = {"C": C, "__name__": "written"}
    exec(changed(LISTS, *how), names)
    return names["Network"]


# What may be impossible for the shapes, or for a σ that is too large.
BY_SHAPE = "activation z slope back deltas nabla_w nabla".split()


@pytest.mark.parametrize("method, mistake", EVERY, ids=str)
def test_a_mistake_gives_the_numbers_of_what_somebody_writes(method, mistake):
    network_class, possible = written(mistake), 0
    for case in FEW:
        net = network_class(case.sizes)
        net.biases, net.weights = [list(b) for b in case.biases], [[list(r) for r in w] for w in case.weights]
        try:
            ours = CALLS[method](Reference(case.biases, case.weights, [mistake._replace(c=C)]), case)
            theirs = CALLS[method](net, case)
        except IMPOSSIBLE:
            assert mistake.step in BY_SHAPE or "axis" in mistake.words, case.sizes
            continue
        assert is_close(ours, theirs), case.sizes
        possible += 1
    assert possible


# The search is the same for all of them: every sixth shows that it finds what is planted.
@pytest.mark.parametrize("method, mistake", EVERY[::6], ids=str)
def test_a_mistake_that_is_planted_is_the_only_one_that_is_named(method, mistake):
    trial = Trial(written(mistake))
    trial.cases = FEW
    found = trial.compared(method)
    is_right_here = "another activation" in mistake.words or "cancels" in mistake.words
    assert found.ok is is_right_here and len(found.mistakes) == 1 - is_right_here, found


def test_two_mistakes_are_named_together_also_where_one_hides_the_other():
    def find(table, call, *steps):
        planted = [next(m for m in table if (m.step, m.where) == step) for step in steps]

        def gives(mistakes, case):
            return call(Reference(case.biases, case.weights, mistakes), case)

        found = find_mistakes(gives, [(case, gives(planted, case)) for case in SQUARE], table, most=2)
        assert set(map(str, found)) == set(map(str, planted))

    output, hidden = "at the output", "in the hidden layers"
    find(BACKWARD, CALLS["backprop"], ("slope", output), ("slope", hidden))
    find(BACKWARD, CALLS["backprop"], ("factor", ""), ("back", ""))
    find(BACKWARD, CALLS["backprop"], ("nabla_b", hidden), ("nabla_w", output))
    find(STEP, CALLS["update_mini_batch"], ("divisor", ""), ("change", ""))


# What a model changes.


def sigma(z):
    return 1 / (1 + math.exp(-z))


MODELS = [
    (Model(cost=CROSS_ENTROPY), sigma, lambda z: list(map(sigma, z))),
    (Model("σ", "softmax", CROSS_ENTROPY), sigma, lambda z: [math.exp(v) / sum(map(math.exp, z)) for v in z]),
    (Model("tanh", "no activation"), math.tanh, list),
    (Model("ReLU", "tanh"), lambda z: max(z, 0.0), lambda z: [math.tanh(v) for v in z]),
]


@pytest.mark.parametrize("model, hidden, output", MODELS, ids=[str(model[:3]) for model, _, _ in MODELS])
def test_the_gradient_of_every_model_agrees_with_finite_differences(model, hidden, output):
    def cost(a, y):
        if model.cost != CROSS_ENTROPY:
            return sum((p - t) ** 2 for p, t in zip(a, y)) / 2
        others = [math.log(1 - p) for p, t in zip(a, y) if t == 0 and model.output == "σ"]
        return -sum(math.log(p) for p, t in zip(a, y) if t == 1) - sum(others)

    for case in FEW:
        net = SimpleNamespace(biases=case.biases, weights=case.weights)

        def feedforward(a):
            for l, (b, w) in enumerate(zip(net.biases, net.weights)):
                z = [sum(p * q for p, q in zip(row, a)) + c for row, c in zip(w, b)]
                a = output(z) if l == len(net.biases) - 1 else list(map(hidden, z))
            return a

        net.feedforward = feedforward
        wanted = numerical_gradient(net, *case.examples[0], cost=cost)
        given = Reference(net.biases, net.weights, model=model).backprop(*case.examples[0])
        # A difference is off by ε²/6 · C‴ + u C / ε; C and C‴ are below 1,000 here.
        assert max(abs(p - q) for p, q in zip(numbers(given), numbers(wanted))) < 1e-7, case.sizes


def test_the_reference_without_mistakes_is_the_network():
    for case in CASES:
        for method in list(SHOWN)[2:]:
            net = Network(case.sizes)
            net.biases, net.weights = case.biases, case.weights
            assert is_close(CALLS[method](Reference(case.biases, case.weights), case), CALLS[method](net, case))
