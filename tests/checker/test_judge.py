"""The judge calls right what is right in every convention, and wrong what is wrong, by its cause."""

import functools
import re
import sys
import tempfile
from math import isclose
from pathlib import Path
from unittest import mock

import pytest
from learners import ARRAYS, LISTS, changed, write
from network_forms import FORMS, InForm

from purenet import checker
from purenet.checker import comparison, guarded_call
from purenet.checker.guarded_call import Kind
from purenet.checker.judge import judge
from purenet.checker.load import load_class
from purenet.checker.mistakes import is_close
from purenet.checker.other_names import METHODS
from purenet.checker.verdict import Note
from purenet.network import Network
from purenet.support.lists_or_arrays import numbers

pytestmark = pytest.mark.usefixtures("modules_and_path")
FEW = [case for case in comparison.CASES if case.sizes in ([1, 1], [1, 2], [2, 1], [2, 3, 2])]
FEW += comparison.CASES[-2:]


@functools.lru_cache(maxsize=None)
def report_on(text, *replacements, cost=None, method=""):
    """The report on the class of a file with this text, by few networks; each is judged once."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(comparison, "CASES", FEW):
        path = write(Path(folder) / "mine.py", text, *replacements)
        methods = dict([method.split("=")]) if method else None
        return judge(load_class(path if text is not ARRAYS else path + ":QuadraticNet"), cost, methods)


def renamed(text, **names):
    """The text with these names in the place of others."""
    for old, new in names.items():
        text = re.sub(rf"\b{old}\b", new, text)
    return text


@pytest.mark.parametrize("form", FORMS)
def test_a_right_network_is_right_in_every_form(form):
    made = {"__init__": lambda self, sizes: InForm.__init__(self, Network(sizes), form)}
    report = judge(type("Formed", (InForm,), made))
    assert [verdict.method for verdict in report if verdict.ok] == ["feedforward", "backprop"], report
    assert report.is_right and not report.remarks


def test_networks_as_people_write_them_are_right():
    assert all(verdict.ok for verdict in report_on(LISTS))
    assert report_on(LISTS)["update_mini_batch"].reasons == [Note.IN_PLACE]
    assert report_on(ARRAYS).is_right
    assert all(verdict.ok and not verdict.reasons for verdict in judge(Network))


# Conventions: what is replaced in a right network, and how its report begins to say so.

INIT, INIT_SIZES = "def __init__(self, sizes):", "        self.sizes = sizes\n"
BACKPROP = "        activations, zs = [x], []\n"
BACK = "back = self.cost_derivative(activations[-1], y)"
DELTA = "delta = [d * sigmoid_prime(v) for d, v in zip(back, zs[l])]"
ERROR, TWICE = "return [a - t for a, t in zip", "return [2 * (a - t) for a, t in zip"
NEGATIVE = (ERROR, "return [t - a for a, t in zip")
GRADIENTS = "gradients = [self.backprop(x, y) for x, y in mini_batch]"
STEP_B, STEP_W = "self.biases[l][j] -= step * nabla_b[l][j]", "self.weights[l][j][k] -= step * nabla_w[l][j][k]"
ADDS = [(line, line.replace("-=", "+=")) for line in (STEP_B, STEP_W)]
EPOCH = 'print("epoch", epoch)'
LOSS = """def loss(a, y):
    return -sum(t * math.log(p) + (1 - t) * math.log(1 - p) for p, t in zip(a, y))


class Network:"""
DECLARES = [("class Network:", LOSS), (INIT_SIZES, f"{INIT_SIZES}        self.cost = loss\n")]
SHORT = ("d * sigmoid_prime(v) for", "d * (1 if l == self.num_layers - 2 else sigmoid_prime(v)) for")
SIGNATURE = [
    ("self, mini_batch, eta):", "self, mini_batch, eta, lmbda, n):"),
    ("mini_batch_size, eta, test_data=None):", "mini_batch_size, eta, lmbda=0.1, evaluation_data=None):"),
    ("mini_batch_size], eta)", "mini_batch_size], eta, lmbda, len(training_data))"),
    ('            if test_data:\n                print(self.evaluate(test_data), "of", len(test_data))\n', ""),
]
W_FIRST = ("return nabla_b, nabla_w", "return nabla_w, nabla_b")
KEEPS_ALL = [
    ("    def feedforward(self, a):\n", "    def feedforward(self, a):\n        seen, zs = [a], []\n"),
    ("v) for v in z]\n", "v) for v in z]\n            zs.append(z)\n            seen.append(a)\n"),
]


def gradient(given, taken):
    """What backprop returns, and how the step takes it apart."""
    return [("return nabla_b, nabla_w", f"return {given}"), ("nabla_b, nabla_w in gradients:", f"{taken}:")]


def output(given, path):
    """What feedforward returns, and where evaluate finds the output in it."""
    return [*KEEPS_ALL, ("        return a\n", f"        return {given}\n"), ("ard(x)\n", f"ard(x){path}\n")]


def first(line):
    """backprop begins with this line."""
    return [(BACKPROP, f"{BACKPROP}        {line}\n")]


RIGHT = {
    "the cross-entropy that a function declares": ([*DECLARES, SHORT], "It is judged by the cross"),
    "the signatures of network2": (SIGNATURE, ""),
    "(nabla_w, nabla_b)": (
        gradient("nabla_w, nabla_b", "nabla_w, nabla_b in gradients"), "Its gradients come as (nabla_w",
    ),
    "an array in the third place": (
        gradient("nabla_b, nabla_w, activations[-1]", "nabla_b, nabla_w, _ in gradients"), "",
    ),
    "a pair for each layer": (
        gradient("list(zip(nabla_w, nabla_b))", "nabla_w, nabla_b in (zip(*g) for g in gradients)"),
        "Its gradients come as a pair for each layer. Its gradients come as (nabla_w, nabla_b).",
    ),
    "the sizes by name only": (
        [(INIT, "def __init__(self, *, layers):\n        sizes = layers")],
        "It is made as Network(layers=sizes)",
    ),
    "three layers only": (
        [(INIT, "def __init__(self, n, hidden, out):\n        sizes = [n, hidden, out]")],
        "It is made as Network(*sizes). It can have three layers only",
    ),
    "the digit as y": (
        first("y = [float(k == y) for k in range(self.sizes[-1])]"), "backprop takes the digit as y",
    ),
    "a list of the digit": (
        first("[digit], y = y, [0] * 10; y[digit] = 1"),
        "backprop takes the list of the digit as y, and makes the vector of it itself.",
    ),
    "pixels, and the digit as y": (
        first("assert min(x) >= 0; digit, y = y, [0] * 10; y[digit] = 1"),
        "It is judged by networks with ten outputs and inputs from 0 to 1, since it fails with others.",
    ),
    "one output, and a number as y": (
        [(BACK, "back = [activations[-1][0] - y]"),
         ("nabla_b[l] = delta", "nabla_b[l] = delta if len(delta) > 1 else delta[0]"),
         ("* nabla_b[l][j]", "* (nabla_b[l][j] if isinstance(nabla_b[l], list) else nabla_b[l])")],
        "It is judged by networks with one output, with a number as y, since it fails with others.",
    ),
    "zs and activations from feedforward": (
        output("zs, seen", "[1][-1]"), "Of what feedforward gives, [1][-1] is taken as the output.",
    ),
    "all activations from feedforward": (
        output("seen", "[-1]"), "Of what feedforward gives, [-1] is taken as the output.",
    ),
    "a cost that an object declares by its name": (
        [("class Network:", f"class QuadraticCost:\n    def amount(self, p, q):\n        return ''\n\n{LOSS}"),
         (INIT_SIZES, f"{INIT_SIZES}        self.cost = QuadraticCost()\n")],
        "",
    ),
    "a gradient that fails for a layer of one neuron": (first("(1 in self.sizes) and x.size"), ""),
    "a test that gives more than a number, which SGD reads": (
        [("        return right\n", "        return right, 0.5\n"),
         ('print(self.evaluate(test_data), "of"', 'print(self.evaluate(test_data)[0], "of"')],
        "",
    ),
    "a test of one output": ([("a.index(max(a)) == ", "(a[0] > 0.5 if len(a) == 1 else a.one) == ")], ""),
    "one-hot y in evaluate": ([("== digit", "== list(digit).index(max(digit))")], ""),
    "a derivative that takes a": (
        [("return sigmoid(z) * (1 - sigmoid(z))", "return z * (1 - z)"),
         ("for d, v in zip(back, zs[l])]", "for d, v in zip(back, activations[l + 1])]")],
        "",
    ),
    "a cost without the half": (
        [(ERROR, TWICE), (INIT, f"cost = lambda self, a, y: math.dist(a, y) ** 2\n\n    {INIT}")],
        "Its gradient is that of ‖y − a‖², a multiple of the usual cost.",
    ),
    "the mean of the squares, declared nowhere": (
        [(ERROR, "return [2 / len(y) * (a - t) for a, t in zip")],
        "Its gradient is that of ‖y − a‖²/n, a multiple of the usual cost.",
    ),
    "a multiple that backprop has, and cost_derivative not": (
        [(BACK, BACK.replace("back =", "back = [3 * d for d in") + "]")],
        "Its gradient is that of 3 · ½‖y − a‖², a multiple of the usual cost.",
    ),
    "a running cost that SGD reads": (
        [(GRADIENTS, f"self.seen = 1\n        {GRADIENTS}"), (EPOCH, 'print("cost", self.seen)')], "",
    ),
    "a network that pickles itself for its workers": (
        [("import math\n", "import math\nimport pickle\n"),
         (GRADIENTS, f"assert pickle.loads(pickle.dumps(self)).sizes == self.sizes\n        {GRADIENTS}")],
        "",
    ),
}


@pytest.mark.parametrize("convention", RIGHT)
def test_another_convention_is_right_and_said(convention):
    replacements, remark = RIGHT[convention]
    report = report_on(LISTS, *replacements)
    assert report.is_right and report["backprop"].ok, report
    assert " ".join(report.remarks).startswith(remark), report.remarks


NAMED = {
    "Names: sigmoid_prime is called d_sigmoid, feedforward is called predict": dict(
        backprop="back_prop", feedforward="predict", SGD="fit", update_mini_batch="train_batch",
        sigmoid_prime="d_sigmoid", evaluate="num_correct",
    ),
    "Names: backprop is called delta_backprop, update_mini_batch is called shift.": dict(
        backprop="delta_backprop", update_mini_batch="shift", mini_batch="batch", eta="lrate",
    ),
    "Its biases are called _b, its weights W.": dict(biases="_b", weights="W"),
}


@pytest.mark.parametrize("remark", NAMED)
def test_other_names_are_found_and_said(remark):
    report = report_on(renamed(LISTS, **NAMED[remark]))
    assert report.is_right and " ".join(report.remarks).startswith(remark), report


def test_feedforward_may_take_a_row_where_backprop_takes_a_column():
    loop = "        for b, w in zip(self.biases, self.weights):\n            a ="
    report = report_on(ARRAYS, (loop, f"        a = a.T\n{loop}"), ("ward(x).flat", "ward(x.T).flat"))
    assert report.is_right and report.remarks == ["feedforward takes an input as a row (1, n)."]


OPTIMISERS = {
    "momentum": [
        (INIT_SIZES, f"{INIT_SIZES}        self.v = {{}}\n"),
        (STEP_B, "self.v[l, j] = 0.9 * self.v.get((l, j), 0) + step * nabla_b[l][j]; "
                 "self.biases[l][j] -= self.v[l, j]"),
    ],
    "weight decay": [
        (GRADIENTS, f"{GRADIENTS}; self.weights = [[[0.9 * v for v in r] for r in w] for w in self.weights]"),
    ],
    "the sign of each gradient": [
        ("for nabla_b, nabla_w in gradients:", "for _ in [0]:"),
        (STEP_B, "self.biases[l][j] -= math.copysign(0.01, sum(g[0][l][j] for g in gradients))"),
        (STEP_W, "self.weights[l][j][k] -= math.copysign(0.01, sum(g[1][l][j][k] for g in gradients))"),
    ],
    "a division by a fixed number": [("eta / len(mini_batch)", "eta / 3")],
}


@pytest.mark.parametrize("kind", OPTIMISERS)
def test_a_step_that_is_not_plain_descent_is_not_judged(kind):
    report = report_on(LISTS, *OPTIMISERS[kind])
    assert report.is_right and report["update_mini_batch"].reasons == [Note.OPTIMISER], report


LAST = "At the output, σ′(z) is "
HONEST = """    def backprop(self, x, y):
        b, w = self.honest(x, y)
        return [[-v for v in row] for row in b], [[[-v for v in row] for row in rows] for rows in w]

    def honest(self, x, y):"""
OF_TANH = [
    ("class Network:", "tanh = math.tanh\n\n\nclass Network:"),
    ("sigmoid(v) for v in z]", "math.tanh(v) for v in z]"),
    ("sigmoid(v) for v in zs", "math.tanh(v) for v in zs"),
    ("d * sigmoid_prime(v) for", "d * (1 - math.tanh(v) ** 2) for"),
]
WRONG = {  # what is replaced, where it shows, and how it is named
    "a declared cross-entropy with σ′": (DECLARES, "backprop", LAST + "multiplied in"),
    "divided by n": (
        [*SIGNATURE, ("eta / len(mini_batch)", "eta / n")], "update_mini_batch", "The step is divided by n",
    ),
    "taken apart in the wrong order": (
        [W_FIRST], "update_mini_batch", "It takes what backprop gives apart in the other order",
    ),
    "one minus and a factor": (
        [(ERROR, "return [2 * (t - a) for a, t in zip")],
        "backprop",
        "Everything is -2 times what it should be: the sign is wrong.",
    ),
    "one minus": ([NEGATIVE], "backprop", "The sign is wrong everywhere"),
    "biases divided twice": (
        [(STEP_B, STEP_B.replace("step", "step / len(mini_batch)"))],
        "update_mini_batch",
        "The biases are wrong: The step is divided by the size of the mini-batch twice.\nThe weights are ri",
    ),
    "a σ that is another function": (
        [("return 1 / (1 + math.exp(-z))", "return math.tanh(z)")], "feedforward", "Tanh stands for σ.",
    ),
    "a minus that the step does not see": (
        [("= [self.backprop", "= [self.honest"), ("    def backprop(self, x, y):", HONEST)],
        "backprop",
        "The sign is wrong everywhere",
    ),
    "gradients carried into the next step": (
        [(GRADIENTS, f"{GRADIENTS} + getattr(self, 'kept', [])\n        self.kept = gradients")],
        "update_mini_batch",
        "It keeps something from one mini-batch to the next",
    ),
    "a random step": (
        [("step = eta", "step = random.random() * eta")],
        "update_mini_batch",
        "It keeps something from one mini-batch to the next, such as gradients, or draws at random.",
    ),
    "weights that begin at 0": (
        [("[[[random.gauss(0, 1) for", "[[[0.0 for")], "__init__", "All neurons of a layer begin with the same",
    ),
    "a factor in one layer": (
        [("nabla_b[l] = delta", "nabla_b[l] = delta = [d * (1 + (l == 0 < len(zs) - 1)) for d in delta]")],
        "backprop",
        "No known mistake gives these numbers. In a network with sizes [3, 3, 3, 3, 3], the biases are wrong",
    ),
    "a minus too many, and a factor in the layers before": (
        [NEGATIVE, ("nabla_b[l] = delta", "nabla_b[l] = delta = [d * (1 + (l < len(zs) - 1)) for d in delta]")],
        "backprop",
        "In the last layer, the sign is wrong everywhere, as if y − a stood for a − y.\nIn the layers before",
    ),
    "twice the cost, and no slope of a tanh": (
        [*OF_TANH[:3], (ERROR, TWICE),
         (SHORT[0], SHORT[1].replace("sigmoid_prime(v)", "1 - math.tanh(v) ** 2"))],
        "backprop",
        LAST + "left out",
    ),
    "a tanh at the output of backprop alone": (
        [*OF_TANH, ("        return a\n", "        return z\n")],
        "backprop",
        "It is the gradient for tanh in the hidden layers and tanh at the output, which feedforward has not.",
    ),
    "ones": (
        [("        return a\n", "        return a if self.num_layers != 3 else [1.0] * len(a)\n")],
        "feedforward",
        "Each of its outputs is 1, whatever",
    ),
    "lists of the class": (
        [(INIT, f"weights = []\n\n    {INIT}"), ("self.weights = [[[random", "self.weights += [[[random")],
        "__init__",
        "weights is a list of the class, so that all networks share it: write self.weights = [] in __init__.",
    ),
    "twice the cost, and no σ′": (
        [(ERROR, TWICE),
         ("d * sigmoid_prime(v) for d", "d * (sigmoid_prime(v) if l == self.num_layers - 2 else 1) for d")],
        "backprop",
        "In the hidden layers, σ′(z) is left out.",
    ),
    "σ′(z) without brackets": (
        [(DELTA, f"{DELTA} if l < self.num_layers - 2 else [a - t * sigmoid_prime(v) "
                 "for a, t, v in zip(activations[-1], y, zs[-1])]")],
        "backprop",
        "a − y · σ′(z) stands for (a − y) · σ′(z)",
    ),
    "σ′ under a tanh": (
        [("append([sigmoid(v)", "append([math.tanh(v)"), ("a = [sigmoid(v)", "a = [math.tanh(v)"),
         ("class Network:", "tanh = math.tanh\n\n\nclass Network:")],
        "backprop",
        "At the output, σ′(z) stands for the derivative of another activation than σ; and in the hidden",
    ),
    "nothing but zeros": ([(ERROR, "return [0.0 for a, t in zip")], "backprop", "Everything is zero"),
    "1 / (1 − exp(−z))": ([("1 + math.exp(-z)", "1 - math.exp(-z)")], "sigmoid", "1 − e⁻ᶻ stands below the"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_named_and_the_status_is_not_right(mistake):
    replacements, method, words = WRONG[mistake]
    report = report_on(LISTS, *replacements)
    assert report[method].ok is False and not report.is_right
    assert report[method].words.startswith(words), report
    assert not re.search(r"\w+Error", str(report)), report


NAMELESS = renamed(LISTS, backprop="lesson", update_mini_batch="drill", SGD="drive", mini_batch="some")


def test_what_is_right_for_a_alone_or_is_seen_by_nothing_is_not_judged():
    z_for_a = ("return sigmoid(z) * (1 - sigmoid(z))", "return z * (1 - z)")
    assert report_on(NAMELESS, z_for_a)["sigmoid_prime"].reasons == [Note.IF_OF_A]
    assert report_on(LISTS, z_for_a)["sigmoid_prime"].ok is False
    tiny = report_on(LISTS, ("return [a - t for", "return [1e-9 * (t * a + a) for"))
    assert tiny["backprop"].ok is False and tiny["update_mini_batch"].reasons == [Note.TOO_SMALL], tiny


ODD = ("nabla_b[l] = delta", "nabla_b[l] = [d * d + l for d in delta]")
INLINE = (BACK, "back = [(a - t) ** 3 for a, t in zip(activations[-1], y)]")


@pytest.mark.parametrize("more, follows", [([], True), ([ODD], False), ([INLINE], False)])
def test_a_gradient_is_only_said_to_follow_from_what_alone_makes_it_wrong(more, follows):
    report = report_on(LISTS, *more, ("return [a - t for", "return [(a - t) ** 3 for"))
    assert report["cost_derivative"].ok is report["backprop"].ok is False
    assert (report["backprop"].words == "Judge it again when cost_derivative is right.") is follows, report
    of_sigmoid = report_on(LISTS, (SIGMA, "return 1 / (1 - math.exp(-z))"))
    assert of_sigmoid["sigmoid_prime"].words == "Judge it again when sigmoid is right."
    fails = report_on(LISTS, *more, (SIGMA_PRIME, "return nowhere"))
    assert fails["backprop"].words == "Judge it again when sigmoid_prime is right."


def test_what_shows_an_unknown_mistake_is_not_right_for_another_multiple_of_the_cost():
    example = report_on(LISTS, ("return [a - t for", "return [(a - t) ** 3 for"))["backprop"].example
    first, *others = [p / q for p, q in zip(numbers(example.gives), numbers(example.wanted))]
    assert any(not isclose(first, each) for each in others)


def test_the_lines_to_paste_are_python_and_show_what_python_does(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    w_first = gradient("nabla_w, nabla_b", "nabla_w, nabla_b in gradients")
    path = write(tmp_path / "01-mine.py", LISTS, NEGATIVE, *w_first)
    example = judge(load_class(path))["backprop"].example
    *lines, last = example.lines
    names = {}
    exec("\n".join(lines), names)
    assert is_close(eval(last, names), example.gives)


def test_what_fails_for_some_sizes_is_shown_as_it_fails():
    verdict = report_on(LISTS, *first("len(self.sizes) == 3 and nowhere"))["backprop"]
    assert verdict.ok is False and verdict.words.startswith("With sizes [2, 3, 2], it raises NameError")


def test_a_step_of_another_length_is_no_multiple_of_the_cost():
    report = report_on(renamed(LISTS, backprop="lesson"), ("step = eta", "step = 5 * eta"))
    assert report["update_mini_batch"].words == "The step is 5 times what it should be.", report


OWN_RATE = [
    ("self, mini_batch, eta):", "self, mini_batch):"), ("step = eta", "step = 3.0"), ("size], eta)", "size])"),
]


def test_a_step_without_a_rate_is_right_with_its_own():
    assert report_on(LISTS, *OWN_RATE)["update_mini_batch"].reasons == [Note.OWN_RATE, Note.IN_PLACE]
    kept = (GRADIENTS, f"{GRADIENTS} + getattr(self, 'kept', [])\n        self.kept = gradients")
    for wrong in ([*OWN_RATE, kept], [OWN_RATE[0], ("step = eta", "step = -3.0"), OWN_RATE[2]]):
        assert report_on(LISTS, *wrong)["update_mini_batch"].ok is False


@pytest.mark.parametrize("written, note", [
    (TWICE, Note.OF_MULTIPLE),
    ("return [(a - t) / (a * (1 - a)) for a, t in zip", Note.OF_CROSS_ENTROPY),
])
def test_the_derivative_of_a_known_cost_is_right_where_no_gradient_contradicts_it(written, note):
    for text, *more in ((NAMELESS, ), (LISTS, *first("nowhere"))):
        verdict = report_on(text, (ERROR, written), *more)["cost_derivative"]
        assert verdict.ok and verdict.reasons == [note]
    assert report_on(NAMELESS, (ERROR, "return [2 * (t - a) for a, t in zip"))["cost_derivative"].ok is False


def test_a_step_is_judged_by_a_multiple_of_the_cost_also_where_backprop_takes_something_else():
    takes_data = [("def backprop(self, x, y):", "def backprop(self, data, x, y):"),
                  ("self.backprop(x, y) for", "self.backprop(0, x, y) for")]
    report = report_on(LISTS, *takes_data, (ERROR, TWICE))
    assert report["backprop"].ok is None and report["update_mini_batch"].ok and report.is_right, report


@pytest.mark.parametrize("given, words", [
    ("0.3", "not judged: it gives 0.3, not how many are right"),
    ("sum(round(self.feedforward(x)[0]) == digit for x, digit in test_data)", Note.ROUNDS),
])
def test_a_test_that_does_not_count_by_the_argmax_is_not_judged(given, words):
    report = report_on(LISTS, ("        return right\n", f"        return {given}\n"))
    assert report["evaluate"].ok is None and report["evaluate"].words == words


def test_what_should_be_is_what_is_measured():
    for replacements in (DECLARES, [("d * sigmoid_prime(v)", "2 * d * sigmoid_prime(v) ** 2"), *DECLARES]):
        example = report_on(LISTS, *replacements)["backprop"].example
        assert is_close(example.wanted, example.measured)


def test_an_undeclared_cross_entropy_is_left_open_until_somebody_says():
    report = report_on(LISTS, SHORT)
    assert report["backprop"].reasons == [Note.EITHER] and not report.is_right and not report.wrong
    assert report_on(LISTS, SHORT, cost="cross-entropy").is_right
    assert report_on(LISTS, SHORT, cost="quadratic")["backprop"].words == LAST + "left out."
    with pytest.raises(ValueError, match="^cost is 'mean'; it must be 'quadratic' or 'cross-entropy'$"):
        judge(Network, "mean")


SIGMA, SIGMA_PRIME = "return 1 / (1 + math.exp(-z))", "return sigmoid(z) * (1 - sigmoid(z))"
EXP, SOFTMAX = "e = [math.exp(v) for v in {}]\n        ", "v / sum(e)"


def test_softmax_with_its_cost_is_right():
    softmax = ("        return a\n", f"        {EXP.format('z')}return [{SOFTMAX} for v in e]\n")
    back = (BACK, EXP.format("zs[-1]") + f"back = [{SOFTMAX} - t for v, t in zip(e, y)]")
    # With one output there is no gradient, and such a step still lets the weights decay.
    decay = "(1 - eta * lmbda) * self.weights[l][j][k] - step"
    decays = [
        ("self, mini_batch, eta):", "self, mini_batch, eta, lmbda):"),
        ("mini_batch_size], eta)", "mini_batch_size], eta, 0.0)"),
        ("self.weights[l][j][k] -= step", f"self.weights[l][j][k] = {decay}"),
    ]
    report = report_on(LISTS, softmax, back, SHORT, *decays)
    judged = "feedforward", "backprop", "update_mini_batch"
    assert report.is_right and all(report[method].ok for method in judged)
    assert report.remarks[0].startswith("Its hidden layers have σ, and its output softmax")
    assert report.remarks[1] == "It is judged by −Σ y ln a as its cost, which goes with softmax."
    assert report_on(LISTS, softmax, back)["backprop"].words.startswith(LAST + "multiplied in")


BROADCAST = "(lambda s: s if len(s) > 1 else s.flat()[0])({})"  # as NumPy does
LAST_Z = ("sigmoid_prime(zs[-l])", BROADCAST.format("sigmoid_prime(zs[-1])"))
TANH = [("return 1.0 / (1.0 + np.exp(-z))", "return 1 - 2 / (1 + np.exp(2 * z))"),
        ("return sigmoid(z) * (1 - sigmoid(z))", "return 1 - sigmoid(z) * sigmoid(z)")]
ONES = [("        return a\n", "        return np.exp(z) / sum(np.exp(z).flat())\n"),
        ("            a = sigmoid((w @ a) + b)\n", "            z = (w @ a) + b\n            a = sigmoid(z)\n"),
        ("delta = self.cost_derivative(activations[-1], y) * sigmoid_prime(zs[-1])",
         "delta = self.cost_derivative(np.exp(zs[-1]) / sum(np.exp(zs[-1]).flat()), y)")]


@pytest.mark.parametrize("kind", [TANH, ONES])
def test_the_last_z_in_the_hidden_layers_is_named_whatever_the_activation(kind):
    """It fails for layers of other lengths, and of one output a softmax says nothing."""
    text = renamed(changed(ARRAYS, *kind, LAST_Z), sigmoid="squash", sigmoid_prime="rise")
    verdict = report_on(text)["backprop"]
    assert verdict.words.startswith("In the hidden layers, σ′ is taken of the z of the last layer"), verdict


ELU = [
    ("a = [sigmoid(v) for v in z]", "a = [sigmoid(v) if l == self.num_layers - 2 else elu(v) for v in z]"),
    ("append([sigmoid(v) for", "append([sigmoid(v) if l == self.num_layers - 2 else elu(v) for"),
    ("d * sigmoid_prime(v)", "d * (sigmoid_prime(v) if l == self.num_layers - 2 else math.exp(min(v, 0)))"),
    ("class Network:", "def elu(z):\n    return z if z > 0 else math.exp(z) - 1\n\n\nclass Network:"),
]
UNKNOWN = {  # activation: (how it is written, what of it is not judged)
    "softplus": ([(SIGMA, "return math.log(1 + math.exp(z))"), (SIGMA_PRIME, SIGMA)], METHODS[:3]),
    "ELU before an output of σ": (ELU, METHODS[2:3]),
}


@pytest.mark.parametrize("activation", UNKNOWN)
def test_an_unknown_activation_is_not_judged_and_its_gradient_is_by_finite_differences(activation):
    written, unknown = UNKNOWN[activation]
    report = report_on(LISTS, *written, (ERROR, TWICE))
    assert [verdict.method for verdict in report if verdict.ok is None] == unknown, report
    assert report.is_right and report["backprop"].ok and report["update_mini_batch"].ok
    first_layer_left_out = ("nabla_b[l] = delta", "nabla_b[l] = delta if l else [0.0] * len(delta)")
    wrong = report_on(LISTS, *written, first_layer_left_out)
    assert [verdict.method for verdict in wrong.wrong] == ["backprop"]
    assert "the biases are zero at [0], right at [1]" in wrong["backprop"].words


def test_the_gradient_of_a_wrong_feedforward_is_right_where_it_is_that_of_its_outputs():
    negative = [(SIGMA, SIGMA.replace("-z", "z")), (SIGMA_PRIME, SIGMA_PRIME.replace("return", "return -"))]
    report = report_on(LISTS, *negative)
    assert [verdict.method for verdict in report.wrong] == ["sigmoid", "sigmoid_prime", "feedforward"]
    assert report["backprop"].reasons == [Note.OF_FEEDFORWARD]


def test_what_sets_the_weights_and_was_not_judged_is_said():
    report = report_on(renamed(LISTS, update_mini_batch="drill", SGD="drive", mini_batch="some"))
    said = "Not judged, though the weights are set there: drill."
    assert report.is_right and report.remarks[-1].startswith(said)
    assert report.conclusion == "Everything that was judged is right, but nothing was that changes the weights."
    assert report_on(LISTS).conclusion == "Everything that was judged is right."


def test_nothing_is_right_where_no_gradient_was_judged():
    report = report_on(NAMELESS)
    assert report["backprop"].reasons == [Note.MISSING] and not report.is_right and not report.wrong
    assert report.remarks[-1].startswith("No backprop was found among cost_derivative, drill, drive, evalua")
    assert report_on(NAMELESS, method="backprop=lesson").is_right
    beside = report_on(NAMELESS + "\n\ndef backprop(self, x, y):\n    pass\n")
    assert beside.remarks[-1].endswith(": backprop stands beside the class: indent it.")
    with pytest.raises(ValueError, match="^Network has no method blame to be taken for backprop$"):
        judge(Network, methods={"backprop": "blame"})
    with pytest.raises(ValueError, match="^there is no method train to be judged; there are sigmoid, "):
        judge(Network, methods={"train": "SGD"})


@pytest.mark.skipif(sys.platform == "emscripten", reason="nothing stops a call in a browser")
def test_what_takes_too_long_is_not_wrong_and_its_report_not_right(monkeypatch):
    monkeypatch.setattr(guarded_call, "SECONDS", 0.2)
    report = report_on(LISTS, (EPOCH, "while True: pass"))
    assert report["SGD"].ok is None and "it takes longer than 0.2 s" in report["SGD"].words
    assert report.conclusion == "What was judged is right, but SGD takes too long, or never ends."
    report = report_on(LISTS, *first("while True: pass"))
    assert not report.wrong and not report.is_right


def test_data_in_matrices_is_not_judged():
    step = ("[self.backprop(x, y) for x, y in mini_batch]", "(lambda xs, ys: xs.shape[0] * [])(*mini_batch)")
    report = report_on(ARRAYS, step, ("for (x, y) in test_data]", "for (x, y) in test_data[0].shape * 0]"))
    assert report["update_mini_batch"].words.startswith("not judged: it takes mini_batch as two matrices w")
    assert report["evaluate"].words.startswith("not judged: it takes test_data as two matrices with an ex")


def test_an_sgd_that_fails_after_a_step_is_wrong_whatever_else_it_might_take():
    sgd = "    def SGD(self, training_data, epochs, size, eta):\n        for k in range(epochs):\n" + (
        "            self.update_mini_batch(list(training_data)[:size], eta)\n            print(nowhere)\n\n"
    )
    verdict = report_on(ARRAYS, ("    def evaluate", sgd + "    def evaluate"))["SGD"]
    assert verdict.ok is False and "nowhere" in verdict.words


def test_two_minuses_are_right_and_said():
    report = report_on(LISTS, NEGATIVE, *ADDS)
    assert report.is_right and report["backprop"].reasons == [Note.NEGATIVE]
    assert report["update_mini_batch"].reasons == [Note.ADDS, Note.IN_PLACE]


def test_a_cost_of_its_own_is_what_a_network_is_judged_by():
    class Cubic(Network):
        def cost(self, x, y):
            return sum(abs(a - t) ** 3 for a, t in zip(self.feedforward(x), y)) / 3

        def cost_derivative(self, output_activations, y):
            return [(a - t) * abs(a - t) for a, t in zip(output_activations, y)]

    assert judge(Cubic).is_right
    Cubic.cost_derivative = Network.cost_derivative
    assert judge(Cubic)["backprop"].ok is False


MINE = "self.mine = getattr(self, 'mine', None) or random.random(); x = [v + self.mine for v in x]"
UNSTEADY = {
    "self.biases[0][0] += 0.1": Kind.CHANGES,
    MINE: Kind.KEEPS,  # It differs from network to network.
    "self.first = x = getattr(self, 'first', x)": Kind.KEEPS,
}


@pytest.mark.parametrize("line", UNSTEADY)
def test_a_gradient_that_depends_on_more_than_the_example_and_the_weights_is_wrong(line):
    names = {"__name__": "unsteady"}
    exec(changed(LISTS, (BACKPROP, f"        {line}\n{BACKPROP}")), names)
    verdict = comparison.Trial(names["Network"]).compared("backprop")
    assert verdict.ok is False and verdict.reasons[0].kind is UNSTEADY[line]


TRANSPOSED = "s = sigmoid(z)\n    return s * (1 - s) if isinstance(s, float) else s @ (1 - s).T"


def test_a_derivative_that_is_right_for_a_number_and_wrong_for_a_vector_is_told_so():
    report = report_on(ARRAYS, ("return sigmoid(z) * (1 - sigmoid(z))", TRANSPOSED))
    prime = report["sigmoid_prime"]
    assert prime.ok is False and "gives something of the shape (9, 9), not a vector" in prime.words
    assert prime.example.lines[-1].startswith("sigmoid_prime(tiny_arrays.array([[-3.0], [-1.0], ")
    assert report["backprop"].ok is False
    assert report["backprop"].words == "Judge it again when sigmoid_prime is right."


# It computes with lists of its own, which begin as those that are called biases and weights.
MADE = "for m, n in zip(sizes[:-1], sizes[1:])]"
SUM = "self.biases[l][j] + sum(self.weights[l][j][k] * a[k]"
OF_ALIASES = "import copy\n" + changed(
    LISTS,
    (MADE, f"{MADE}\n        self.own = self.biases, self.weights"),
    (SUM, SUM.replace("self.biases", "self.own[0]").replace("self.weights", "self.own[1]")),
)
OF_COPIES = changed(OF_ALIASES, ("= self.biases, self.weights", "= copy.deepcopy((self.biases, self.weights))"))
READ_ONLY = renamed(LISTS, biases="_b", weights="_w").replace(
    "class Network:",
    "class Network:\n    biases, weights = property(lambda self: self._b), property(lambda self: self._w)",
)


def test_parameters_that_cannot_be_set_are_set_in_place():
    for text in (OF_ALIASES, READ_ONLY):
        report = report_on(text, NEGATIVE)
        assert [verdict.method for verdict in report.wrong] == ["cost_derivative", "backprop"], report
        lines = report["backprop"].example.lines
        assert lines[2].startswith("net.biases[0][:] = [") and lines[3].startswith("net.weights[0][:] = [[")
    moves = [("self.biases[l][j] -=", "self.own = copy.deepcopy(self.own); self.own[0][l][j] -="),
             ("self.weights[l][j][k] -=", "self.own[1][l][j][k] -=")]
    step = report_on(OF_ALIASES, *moves)["update_mini_batch"]
    assert step.ok is None and step.words.startswith("not judged: weights is no longer what the network")


MADE_BY = "class Network:\n    def __init__(self, {}):\n        {}\n"
REFUSED = {
    MADE_BY.format("*, inputs, hidden", "pass"): (
        r"Network\(\[2, 3, 4, 5\]\) cannot be made: its constructor takes \(self, \*, inputs, hidden\); "
    ),
    MADE_BY.format("sizes", "self.bias = 1"): (
        r"Network\(\[2, 3, 4, 5\]\) gives no network that can be checked: it has bias; lists of biases and "
    ),
    MADE_BY.format("sizes", "self.biases, self.weights = [0] * 2, []"): (
        r".*; biases has the shapes \(\), \(\), where \(3,\), \(4,\), \(5,\) are expected; "
        "weights is empty; lists of "
    ),
    MADE_BY.format("sizes", "self.weights = [[[0.0] * (m + 1)] * n for m, n in zip(sizes, sizes[1:])]"): (
        ".*; the biases may be the last column of the weights, which cannot be judged; lists of "
    ),
    MADE_BY.format("sizes", "self.biases, self.weights = [[print] * n for n in sizes[1:]], []"): (
        r".* gives no network that can be checked: .*biases holds a builtin_function(_or_method)?; the "
    ),
    changed(LISTS, ("        return a\n", "        return [1.0 for v in a]\n")): (
        "what biases and weights are .* with them. Each output is 1, as of a softmax along the wrong axis$"
    ),
    OF_COPIES: "what biases and weights are set to changes nothing that feedforward gives: it must compute wi",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_class_that_cannot_be_judged_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match="^" + REFUSED[text]):
        report_on(text)


def test_what_is_no_class_of_somebody_is_refused():
    with pytest.raises(ValueError, match="^int is not a class that is written in Python$"):
        judge(int)
    with pytest.raises(TypeError, match="^network_class is .*; it must be the class itself"):
        judge(Network([2, 1]))


NEEDS_SIZE = ("step = eta / len(mini_batch)", "step = eta / self.mini_batch_size")
SETS_SIZE = ("training_data = list(", "self.mini_batch_size, training_data = mini_batch_size, list(")


def test_a_step_that_needs_what_sgd_sets_is_judged():
    for made in (INIT_SIZES, f"{INIT_SIZES}        self.mini_batch_size = 10\n"):
        report = report_on(LISTS, NEEDS_SIZE, SETS_SIZE, (INIT_SIZES, made))
        assert report.is_right and report["update_mini_batch"].ok and report["SGD"].ok, report
    assert report_on(LISTS, NEEDS_SIZE)["update_mini_batch"].ok is False


def test_a_class_typed_at_a_prompt_is_judged_and_shows_itself(tmp_path):
    names = {"__name__": "__main__"}
    exec(compile(changed(LISTS, NEGATIVE), str(tmp_path / "cell.py"), "exec"), names)
    report = checker.judge(names["Network"])
    assert [verdict.method for verdict in report] == METHODS
    assert repr(report) == str(report) and "\n  backprop          WRONG  The sign is wrong" in str(report)
    assert "to paste into a Python prompt:\n" in str(report)
    page = report._repr_html_()
    assert "<td>backprop</td><td>WRONG</td>" in page and "½‖y" not in page.split("</table>")[0].replace("&", "")
