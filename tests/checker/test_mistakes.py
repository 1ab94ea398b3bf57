"""Every mistake of the tables gives the numbers of a network in whose text somebody makes it, and is named.

What is written into the text, with an index for every number, does not come from the tables.
"""

import math

import pytest
from learners import LISTS, changed

from purenet.checker.comparison import CALLS, CASES, Trial
from purenet.checker.mistakes import BACKWARD, IMPOSSIBLE, OF_BIASES, SHOWN, STEP, find_mistakes, is_close
from purenet.checker.reference import CROSS_ENTROPY, Model, Reference
from purenet.network import Network

C = 0.3  # where a mistake has a number in it
FEW = [case for case in CASES if case.sizes in ([2, 1], [1, 2], [2, 2, 2], [2, 3, 2], [3, 3, 3, 3, 3])]
SQUARE = [case for case in CASES if len(set(case.sizes)) == 1 < len(case.sizes) - 1]  # every shape fits
WHERE = {
    "": "True",
    "at the output": "l == self.num_layers - 2",
    "in the hidden layers": "l < self.num_layers - 2",
}

# step: a line, and what stands there with a mistake. {} is one of the expressions below.
LAST_BACK = (
    "back = [sum(self.weights[l][j][k] * delta[j] for j in range(len(delta)))\n"
    "                    for k in range(self.sizes[l])]"
)
LINES = {
    "activation": ("[sigmoid(v) for v in z]", "[{} if WHERE else sigmoid(v) for v in z]"),
    "z": ("self.biases[l][j] + sum(self.weights[l][j][k] * a[k] for k in range(self.sizes[l]))", "{}"),
    "error": (
        "a - t for a, t in zip(output_activations, y)",
        "{} for j, (a, t) in enumerate(zip(output_activations, y))",
    ),
    "slope": (
        "d * sigmoid_prime(v) for d, v in zip(back, zs[l])",
        "d * ({} if WHERE else sigmoid_prime(v)) for j, (d, v) in enumerate(zip(back, zs[l]))",
    ),
    "back": (LAST_BACK, "back = {} if l else []"),
    "nabla_b": ("nabla_b[l] = delta", "nabla_b[l] = {} if WHERE else delta"),
    "nabla_w": ("nabla_w[l] = ", "nabla_w[l] = {} if WHERE else "),
    "used": ("for x, y in mini_batch]", "for x, y in {}]"),
    "rate": ("eta / len(mini_batch)", "{}"),
    "hit": ("a.index(max(a)) == digit", "{}"),
    "count": ("        return right\n", "        return {}\n"),
}
LINES["divisor"], LINES["guess"], LINES["factor"] = LINES["rate"], LINES["hit"], LINES["error"]
NONE = "[None] * (self.num_layers - 1)"
ZEROS = [
    (f"nabla_b = {NONE}", "nabla_b = [[0.0] * n for n in self.sizes[1:]]"),
    (f"nabla_w = {NONE}", "nabla_w = [[[0.0] * len(w[0]) for _ in w] for w in self.weights]"),
]
LOOP = "for l in range(self.num_layers - 2, -1, -1):"
NO_GRADIENTS = ("gradients = [self.backprop(x, y) for x, y in mini_batch]", "gradients = []")
TAKEN = "for nabla_b, nabla_w in gradients:"
STEPS = "            for l in range(self.num_layers - 1):\n                for j"
NABLA_W = "nabla_w[l][j][k]"
REVERSED = """nabla_b = nabla_b[::-1]
        nabla_w = [[[d * a for a in activations[l]] for d in nabla_b[l]] for l in range(len(nabla_b))]
        return nabla_b, nabla_w"""

# Expressions for LINES, or else whole replacements.
WRITTEN = {
    "activation": {
        "σ is left out": "v",
        "the minus of e⁻ᶻ is missing, or e⁻ᶻ stands above the line": "1 / (1 + math.exp(v))",
        "1 − e⁻ᶻ stands below the line, where it is 1 + e⁻ᶻ": "1 / (1 - math.exp(-v))",
        "1 − eᶻ stands below the line, where it is 1 + e⁻ᶻ": "1 / (1 - math.exp(v))",
        "the 1 + below the line is missing: 1 / e⁻ᶻ stands for σ": "1 / math.exp(-v)",
        "1 / 1 + e⁻ᶻ without brackets, or 1 + e⁻ᶻ, stands for σ": "1 / 1 + math.exp(-v)",
        "tanh stands for σ": "1 - 2 / (math.exp(2 * v) + 1)",
        "ReLU, max(0, z), stands for σ": "(v if v > 0 else 0)",
        "softmax stands for σ": "math.exp(v) / sum(math.exp(u) for u in z)",
    },
    "z": {
        "the bias is left out": "sum(self.weights[l][j][k] * a[k] for k in range(self.sizes[l]))",
        "the weights are transposed: wᵀ a stands for w a": (
            "self.biases[l][j] + sum(self.weights[l][k][j] * a[k] for k in range(self.sizes[l]))"
        ),
        "weights and biases are exchanged, as in `for b, w in zip(weights, biases)`": (
            "self.weights[l][j][0] + self.biases[l][j] * a[0]"
        ),
    },
    "layers": {
        "the last layer is left out": [
            ("self.weighted(l, a)\n", f"self.weighted(l, a)\n            if {WHERE['at the output']}: break\n"),
        ],
        "it returns after the first layer": [("        return a\n", "            return a\n")],
    },
    "factor": {
        "the sign is wrong everywhere, as if y − a stood for a − y": "t - a",
        "everything is zero, as if it were never filled, or as of a · 1 − a without brackets": "0 * a",
        "everything is {:.4g} times what it should be, as for a multiple of the cost": "C * (a - t)",
        "everything is {:.4g}/n times what it should be for n outputs, as for a multiple of the cost": (
            "C / len(y) * (a - t)"
        ),
    },
    "error": {
        "the target is left out: a stands for a − y": "a",
        "a + y stands for a − y": "a + t",
        "(a − y)² stands for a − y": "(t - a) ** 2",
        "the cost ½ (a − y)² stands for its derivative": "(t - a) ** 2 / 2",
        "the 1 of the target is one place too low": "a - y[(j + 1) % len(y)]",
        "the 1 of the target is one place too high": "a - y[j - 1]",
        "a − y · σ′(z) stands for (a − y) · σ′(z): the brackets are missing": [
            (
                "[d * sigmoid_prime(v) for d, v in zip(back, zs[l])]",
                "[a - t * sigmoid_prime(v) for a, t, v in zip(activations[-1], y, zs[-1])]"
                " if l == len(zs) - 1 else [d * sigmoid_prime(v) for d, v in zip(back, zs[l])]",
            ),
        ],
        "the target is scaled, {:.4g} times as far from ½ as it was": "a - (0.5 + C * (t - 0.5))",
        "σ′(z) = a (1 − a) is in it already": "(a - t) * (a - a * a)",
        "the cross-entropy's (a − y) / (a (1 − a)) stands for a − y": "(1 - t) / (1 - a) - t / a",
    },
    "slope": {
        "σ′(z) is left out": "1",
        "σ′ is taken of a instead of z": "sigmoid_prime(activations[l + 1][j])",
        "z (1 − z) stands for σ′(z) = a (1 − a)": "v * (1 - v)",
        "σ(z) stands for σ′(z)": "sigmoid(v)",
        "σ′(z) is there twice": "sigmoid_prime(v) * sigmoid_prime(v)",
        "1 − a stands for σ′(z) = a (1 − a)": "1 - activations[l + 1][j]",
        "a · 1 − a, without brackets, stands for σ′(z) = a (1 − a)": "sigmoid(v) * 1 - sigmoid(v)",
        "σ′ is taken of the z of the last layer, as if -1 stood for -l": "sigmoid_prime(zs[-1][j])",
        "σ′ is taken of the z of the layer before": "sigmoid_prime(([x] + zs)[l][j])",
        # These are right here, and wrong for another cost or activation.
        "σ′(z) is multiplied in, which the derivative of the cross-entropy cancels: δ is a − y": (
            "sigmoid_prime(v)"
        ),
        "a (1 − a) stands for the derivative of another activation than σ": (
            "activations[l + 1][j] * (1 - activations[l + 1][j])"
        ),
        "σ′(z) stands for the derivative of another activation than σ": "sigmoid_prime(v)",
    },
    "back": {
        "the error is sent back through w instead of wᵀ": (
            "[sum(self.weights[l][j][k] * delta[k] for k in range(len(delta))) for j in range(len(delta))]"
        ),
        "the error is sent back through the layer's own weights": (
            "[sum(self.weights[l - 1][j][k] * delta[j] for j in range(len(delta)))"
            " for k in range(self.sizes[l - 1])]"
        ),
        "the error is sent back to the hidden layers without its σ′(z)": (
            "[sum(self.weights[l][j][k] * delta[j] / sigmoid_prime(zs[l][j]) for j in range(len(delta)))"
            " for k in range(self.sizes[l])]"
        ),
        "only the last neuron's error is sent back, as if = stood for +=": (
            "[self.weights[l][-1][k] * delta[-1] for k in range(self.sizes[l])]"
        ),
    },
    "deltas": {
        "the layers stand in reverse order, as if append stood for insert(0, ...)": [
            ("return nabla_b, nabla_w", REVERSED),
        ],
        "the loop does not reach the first layer": [*ZEROS, (LOOP, LOOP.replace("-1, -1", "0, -1"))],
        "the loop reaches the last layer only": [*ZEROS, (LOOP, "for l in [self.num_layers - 2]:")],
    },
    "nabla_b": {
        "nabla_b is zero, where it is δ": "[0 for d in delta]",
        "nabla_b is the sum of the layer's δ, the same for every neuron": "[sum(delta) for d in delta]",
        "σ′(z) is left out of nabla_b": "[d / sigmoid_prime(v) for d, v in zip(delta, zs[l])]",
        "nabla_b is {:.4g} times what it should be": "[C * d for d in delta]",
    },
    "nabla_w": {
        "the outer product is transposed, where nabla_w = δ aᵀ": (
            "[[d * a for d in delta] for a in activations[l]]"
        ),
        "the outer product takes the layer's output instead of its input": (
            "[[d * a for a in activations[l + 1]] for d in delta]"
        ),
        "the outer product takes the activations one layer too early": (
            "[[d * a for a in activations[l - 1]] for d in delta]"
        ),
        "the outer product takes z of the layer before instead of a": (
            "[[d * a for a in ([x] + zs)[l]] for d in delta]"
        ),
        "σ is taken once more of the activations in nabla_w = δ aᵀ": (
            "[[d * sigmoid(a) for a in activations[l]] for d in delta]"
        ),
        "σ′(z) is left out of nabla_w": (
            "[[d / sigmoid_prime(v) * a for a in activations[l]] for d, v in zip(delta, zs[l])]"
        ),
        "nabla_w is {:.4g} times what it should be": "[[C * d * a for a in activations[l]] for d in delta]",
    },
    "nabla": {
        "nabla_b and nabla_w begin with the last layer, as if append stood for insert(0, ...)": [
            ("return nabla_b, nabla_w", "return nabla_b[::-1], nabla_w[::-1]"),
        ],
        "each layer is put in the place of the last, as if -1 stood for -l": [
            *ZEROS,
            ("nabla_b[l] = delta", "nabla_b[-1] = delta"),
            ("nabla_w[l] = [[", "nabla_w[-1] = [["),
        ],
    },
    "used": {
        "it changes nothing": "mini_batch[:0]",
        "only the first example of the mini-batch is used": "mini_batch[:1]",
        "only the last example of the mini-batch is used, as if = stood for +=": "mini_batch[-1:]",
    },
    "divisor": {
        "the gradients are summed, and not divided by the size of the mini-batch": "eta",
        "the step is divided by the size of the mini-batch twice": "eta / len(mini_batch) ** 2",
        "the step is divided by n, the number of all training data": "eta / 7",
    },
    "rate": {
        "the step goes uphill: what backprop gives is added, not subtracted": "-eta / len(mini_batch)",
        "the learning rate η is left out": "1 / len(mini_batch)",
        "the step is {:.4g} times what it should be": "C * eta / len(mini_batch)",
    },
    "change": {
        "the biases are never changed": [("self.biases[l][j] -= step * nabla_b[l][j]", "pass")],
        "the weights are never changed": [("self.weights[l][j][k] -= step * nabla_w[l][j][k]", "pass")],
        "only the last layer is changed": [(STEPS, STEPS.replace("range(", "range(self.num_layers - 2, "))],
        "the first layer is never changed": [(STEPS, STEPS.replace("range(", "range(1, "))],
        OF_BIASES: [(f"step * {NABLA_W}", "step * nabla_b[l][j]")],
        f"{OF_BIASES}, along the wrong axis": [(f"step * {NABLA_W}", "step * nabla_b[l][k]")],
    },
    "walk": {
        "the lines that change the weights stand inside the loop over the examples": [
            NO_GRADIENTS,
            (
                f"        {TAKEN}",
                "        for x, y in mini_batch:\n"
                f"         gradients.append(self.backprop(x, y))\n         {TAKEN}",
            ),
        ],
        "1 stands for the old weights, from which the step is subtracted": [
            (
                "step = eta / len(mini_batch)",
                "step = eta / len(mini_batch)\n"
                "        self.weights = [[[1.0 for _ in row] for row in w] for w in self.weights]",
            ),
        ],
        "every example sees the weights as the one before it left them": [
            NO_GRADIENTS,
            (TAKEN, "for nabla_b, nabla_w in (self.backprop(x, y) for x, y in mini_batch):"),
        ],
    },
    "guess": {
        "it takes the smallest output, not the largest": "a.index(min(a)) == digit",
        "it counts digits from 1: its argmax is one too large": "a.index(max(a)) + 1 == digit",
        "its argmax is always 0: it may be taken along the wrong axis": "digit == 0",
    },
    "hit": {
        "it counts none as right: is it an argmax that is compared, with a digit?": "max(a) == [digit]",
        "it counts an argmax of 0: is it the argmax of the digit, too?": "a.index(max(a)) == 0",
    },
    "tested": {
        "it looks at the first example only": [("        return right\n", "            return right\n")],
    },
    "count": {
        "it gives the share that is right, not how many": "right / len(test_data)",
        "it gives the per cent that is right, not how many": "right * 100 / len(test_data)",
    },
}
EVERY = list(
    dict.fromkeys((method, mistake) for method in list(SHOWN)[2:] for mistake in SHOWN[method][0][1])
)


def written(mistake):
    """The class in whose text somebody makes this mistake."""
    how = WRITTEN[mistake.step][mistake.words]
    if isinstance(how, str):
        old, new = LINES[mistake.step]
        how = [(old, new.replace("{}", f"({how})").replace("WHERE", WHERE[mistake.where]))]
    names = {"C": C, "__name__": "written"}
    exec(changed(LISTS, *how), names)
    return names["Network"]


# What may be impossible for the shapes, or for a σ that is too large.
BY_SHAPE = "activation z slope back deltas nabla_w nabla".split()


def fixed(mistake):
    return mistake if mistake.c is None else mistake._replace(c=C)


@pytest.mark.parametrize("method, mistake", EVERY, ids=str)
def test_a_mistake_gives_the_numbers_of_what_somebody_writes(method, mistake):
    network_class, possible = written(mistake), 0
    for case in FEW:
        net = network_class(case.sizes)
        net.biases, net.weights = [list(b) for b in case.biases], [[list(r) for r in w] for w in case.weights]
        try:
            ours = CALLS[method](Reference(case.biases, case.weights, [fixed(mistake)]), case)
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
    def cost(biases, weights, a, y):
        for l, (b, w) in enumerate(zip(biases, weights)):
            z = [sum(p * q for p, q in zip(row, a)) + c for row, c in zip(w, b)]
            a = output(z) if l == len(biases) - 1 else list(map(hidden, z))
        if model.cost != CROSS_ENTROPY:
            return sum((p - t) ** 2 for p, t in zip(a, y)) / 2
        others = [math.log(1 - p) for p, t in zip(a, y) if t == 0 and model.output == "σ"]
        return -sum(math.log(p) for p, t in zip(a, y) if t == 1) - sum(others)

    for case in FEW:
        nabla_b, nabla_w = Reference(case.biases, case.weights, model=model).backprop(*case.examples[0])
        for rows, gradients in ((case.biases, nabla_b), *zip(case.weights, nabla_w)):
            for row, gradient in zip(rows, gradients):
                for k, wanted in enumerate(gradient):
                    kept, costs = row[k], []
                    for row[k] in (kept + 1e-5, kept - 1e-5):
                        costs.append(cost(case.biases, case.weights, *case.examples[0]))
                    row[k] = kept
                    # A difference is off by ε²/6 · C‴ + u C / ε; C and C‴ are below 1,000 here.
                    assert abs((costs[0] - costs[1]) / 2e-5 - wanted) < 1e-7, case.sizes


def test_the_reference_without_mistakes_is_the_network():
    for case in CASES:
        net = Network(case.sizes)
        net.biases, net.weights = case.biases, case.weights
        for method in list(SHOWN)[2:]:
            assert is_close(CALLS[method](Reference(case.biases, case.weights), case), CALLS[method](net, case))
            net.biases, net.weights = case.biases, case.weights
