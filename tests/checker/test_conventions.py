"""Whatever the names and places, a network's own parameters are set, and its own gradient is read."""

import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from learners import LISTS, write
from strategies import networks

from purenet.checker.candidate import Candidate
from purenet.checker.conventions import survey
from purenet.checker.guarded_call import Odd
from purenet.checker.judge import judge
from purenet.checker.load import load_class
from purenet.checker.other_names import arguments
from purenet.network import Network

pytestmark = pytest.mark.usefixtures("modules_and_path")


GIVEN = {False: lambda b, w: (b, w), True: lambda b, w: [w, b, 0.5]}


def network_class(names, w_first):
    """A right network that keeps its parameters under these names, and gives its gradient in this order."""

    class Kept:
        def __init__(self, sizes):
            net = Network(sizes)
            kept = [[[0.0 for _ in row] for row in w] for w in net.weights]  # of a momentum
            grad_b = [[0.0 for _ in b] for b in net.biases]
            vars(self).update(zip(("kept", "grad_b", *names), (kept, grad_b, net.biases, net.weights)))

        def net(self):
            biases, weights = (vars(self)[name] for name in names)
            net = Network([len(weights[0][0]), *map(len, biases)])
            net.biases, net.weights = biases, weights
            return net

        def feedforward(self, a):
            return self.net().feedforward(a)

        def backprop(self, x, y):
            return GIVEN[w_first](*self.net().backprop(x, y))

    return Kept


NAMES = [("biases", "weights"), ("_b", "theta"), ("b", "W"), ("_Kept__bias", "_Kept__w"), ("p", "weights")]
WAYS = {(names, w_first): survey(network_class(names, w_first)) for names in NAMES for w_first in GIVEN}


@given(st.sampled_from(sorted(WAYS)), networks(), st.data())
def test_parameters_are_set_and_gradients_read_wherever_they_are(way, net, data):
    x = data.draw(st.lists(st.floats(-2, 2), min_size=net.sizes[0], max_size=net.sizes[0]))
    y = [0.5] * net.sizes[-1]
    candidate = Candidate(WAYS[way], net.biases, net.weights)
    assert (candidate.biases, candidate.weights) == (net.biases, net.weights)
    assert candidate.feedforward(x) == net.feedforward(x)
    assert candidate.backprop(x, y) == net.backprop(x, y)
    importing, *lines = candidate.script()
    names = {"Kept": WAYS[way].network_class}
    exec("\n".join(lines), names)
    assert names["net"].feedforward(x) == net.feedforward(x)


@pytest.mark.parametrize("names, w_first", WAYS)
def test_where_they_are_is_said_where_the_book_has_them_elsewhere(names, w_first):
    way = WAYS[names, w_first]
    biases, weights = names
    remarks = [f"Its biases are called {biases}, its weights {weights}."] if biases != "biases" else []
    assert list(way.remarks) == remarks + ["Its gradients come as (nabla_w, nabla_b)."] * w_first


RETURNED = "        return nabla_b, nabla_w"


@pytest.mark.parametrize(
    "returned, words",
    [
        ("dict(out=nabla_w[-1], b=nabla_b[-1])", "it gives a dict, where (nabla_b, nabla_w) is expected"),
        ("nabla_w[-1], nabla_b[-1], nabla_w[0], nabla_b[0]", "it gives a tuple, where (nabla_b, nabla_w) is"),
        ("None", "it gives None, where (nabla_b, nabla_w) is expected"),
        (
            "list(map(type('Half', (list,), {'dtype': type('', (), {'itemsize': 2})}), nabla_b)), nabla_w",
            "its numbers have 16 bits, too few to be compared; use 64",
        ),
    ],
)
def test_a_gradient_in_a_form_that_is_not_known_is_not_judged(tmp_path, returned, words):
    replacement = (RETURNED, f"        return {returned}")
    report = judge(load_class(write(tmp_path / "mine.py", LISTS, replacement)))
    assert report["backprop"].ok is None and report["backprop"].words.startswith(f"not judged: {words}"), report
    assert report.is_right is bool(report["update_mini_batch"].ok)


def test_a_backprop_that_rests_on_feedforward_is_called_after_it(tmp_path):
    rests = [
        ("    def feedforward(self, a):\n", "    def feedforward(self, a):\n        self.seen = a\n"),
        ("activations, zs = [x], []", "activations, zs = [self.seen], []"),
        ("[self.backprop(x, y) for", "[(self.feedforward(x), self.backprop(x, y))[1] for"),
    ]
    report = judge(load_class(write(tmp_path / "mine.py", LISTS, *rests)))
    assert report.is_right and report["backprop"].ok, report
    assert report.remarks == ["feedforward is called before backprop, which fails without it."]


def test_the_order_is_read_of_a_single_layer_where_the_hidden_layers_fail(tmp_path):
    fails = ("nabla_b[l] = delta", "nabla_b[l] = delta if l == self.num_layers - 2 else nowhere")
    first = (RETURNED, "        return nabla_w, nabla_b")
    assert survey(load_class(write(tmp_path / "mine.py", LISTS, fails, first))).w_first


def test_layers_in_reverse_are_not_taken_for_a_form(tmp_path):
    in_reverse = (RETURNED, "        return nabla_b[::-1], nabla_w")
    assert survey(load_class(write(tmp_path / "mine.py", LISTS, in_reverse))).w_first is False


def test_that_y_is_a_digit_is_seen_where_the_gradient_is_wrong(tmp_path):
    start = "activations, zs = [x], []"
    lines = "vector = [0.0] * self.sizes[-1]", "vector[y] = 1.0", "y = vector"
    digit = (start, "\n        ".join((start, *lines)))
    straight = ("self.weights[l][j][k] * d for", "self.weights[l][k][j] * d for")
    report = judge(load_class(write(tmp_path / "mine.py", LISTS, digit, straight)))
    assert report["backprop"].causes == ["the error is sent back through w instead of wᵀ"], report
    assert report.remarks == ["backprop takes the digit as y, and makes the vector of it itself."]


def test_a_step_is_judged_by_itself_where_backprop_takes_something_else(tmp_path):
    pair = [("def backprop(self, x, y):", "def backprop(self, pair):")]
    pair += [("self.backprop(x, y)", "self.backprop((x, y))")]
    pair += [("activations, zs = [x], []", "x, y = pair\n        activations, zs = [x], []")]
    report = judge(load_class(write(tmp_path / "mine.py", LISTS, *pair)))
    assert report.is_right and report["update_mini_batch"].ok, report
    assert report.remarks == ["backprop is not judged as backprop: it takes (pair), where (x, y) is expected."]
    straight = ("self.weights[l][j][k] * d for", "self.weights[l][k][j] * d for")
    report = judge(load_class(write(tmp_path / "mine.py", LISTS, *pair, straight)))
    assert report["update_mini_batch"].causes == ["the error is sent back through w instead of wᵀ"], report


def test_a_backprop_that_is_the_step_is_judged_as_the_step(tmp_path):
    step = [("def backprop(self", "def gradient_of(self"), ("self.backprop(x, y)", "self.gradient_of(x, y)")]
    step += [("def update_mini_batch(self", "def backprop(self"), ("self.update_mini_batch(", "self.backprop(")]
    assert judge(load_class(write(tmp_path / "mine.py", LISTS, *step)))["update_mini_batch"].ok


def test_functions_in_the_class_without_self_are_called_on_the_class(tmp_path):
    start, end = LISTS.index("def sigmoid(z)"), LISTS.index("class Network:")
    rest = re.sub(r"sigmoid(_prime)?\(", r"Network.\g<0>", LISTS[:start] + LISTS[end:])
    inside = re.sub(r"(\(| )sigmoid\(z", r"\1Network.sigmoid(z", LISTS[start:end].replace("def ", "def_"))
    inside = textwrap.indent(inside.replace("def_", "def "), "    ")
    text = rest.replace("class Network:\n", f"class Network:\n{inside}")
    assert all(verdict.ok for verdict in judge(load_class(write(tmp_path / "mine.py", text))))
    mistake = "(1 - Network.sigmoid(z))", "(2 - Network.sigmoid(z))"
    wrong = judge(load_class(write(tmp_path / "mine.py", text, mistake)))
    assert wrong["sigmoid_prime"].example.lines == ["from mine import Network", "Network.sigmoid_prime(-3.0)"]


def report_on(folder, *replacements):
    return judge(load_class(write(folder / "mine.py", LISTS, *replacements)))


INIT = "        self.num_layers = len(sizes)\n"
STRAIGHT = ("self.weights[l][j][k] * d for", "self.weights[l][k][j] * d for")


def test_what_fails_without_a_hidden_layer_only_is_judged_with_one(tmp_path):
    two = (INIT, f"{INIT}        print(sizes[2])\n")
    report = report_on(tmp_path, two)
    assert report.is_right and all(verdict.ok for verdict in report), report
    assert report.remarks == ["It fails without a hidden layer, so it is judged by networks that have one."]
    assert report_on(tmp_path, two, STRAIGHT)["backprop"].causes


def test_the_number_of_inputs_that_is_built_in_is_given(tmp_path):
    size = 'f"cannot reshape array of size {len(x)} into shape (20,1)"'
    start = "        activations, zs = [x], []"
    built_in = (start, f"        if len(x) != 20:\n            raise ValueError({size})\n{start}")
    report = report_on(tmp_path, built_in)
    assert report.is_right and all(verdict.ok for verdict in report), report
    assert report.remarks == ["It is judged by networks with 20 inputs, since it fails with others."]
    twice = ("d * sigmoid_prime(v) for", "d * sigmoid_prime(v) ** 2 for")
    wrong = report_on(tmp_path, built_in, twice)["backprop"]
    assert wrong.causes == ["σ′(z) is there twice"] * 2 and wrong.example is None, wrong


SGD = "def SGD(self, training_data, epochs, mini_batch_size, eta, test_data=None):"
CALL = "self.update_mini_batch(training_data[k:k + mini_batch_size], eta)"
TESTED = '                print(self.evaluate(test_data), "of", len(test_data))\n'
STEP = "def update_mini_batch(self, mini_batch, eta):"


def test_sgd_is_given_the_test_data_that_it_requires(tmp_path):
    required = (SGD, SGD.replace("test_data=None", "test_data"))
    own = [(STEP, "def _a_bit(self, part, c):\n        mini_batch, eta = part, c")]
    own.append((CALL, CALL.replace("update_mini_batch", "_a_bit")))
    assert report_on(tmp_path, required)["SGD"].ok
    report = report_on(tmp_path, required, *own)
    assert report["SGD"].ok and report["update_mini_batch"].ok, report
    assert report.remarks == ["Names: update_mini_batch is called _a_bit."]


def test_sgd_may_take_digits_and_make_vectors_of_them(tmp_path):
    start = "        training_data = list(training_data)\n"
    digits = f"{start}        training_data = [(x, [float(k == y + 0) for k in range(self.sizes[-1])]) for"
    assert report_on(tmp_path, (start, f"{digits} x, y in training_data]\n"))["SGD"].ok


@pytest.mark.parametrize(
    "old, new, words",
    [
        (SGD, SGD.replace("self, training_data", "self, training_x, training_y"), "it takes (training_x, "),
        (SGD, SGD.replace("eta, test", "c=0.5, test") + "\n        eta = c", "it takes no η by a name that is"),
    ],
)
def test_an_sgd_that_cannot_be_called_is_not_judged(tmp_path, old, new, words):
    report = report_on(tmp_path, (old, new))
    assert report["SGD"].ok is None and report["SGD"].words.startswith(f"not judged: {words}"), report
    assert report.conclusion == "Everything that was judged is right. This says nothing about SGD."


def test_a_step_that_a_zero_undoes_is_not_judged(tmp_path):
    undone = [(STEP, STEP.replace("eta", "eta, momentum")), ("step = eta", "step = momentum * eta")]
    undone.append((CALL, CALL.replace("eta", "eta, 1.0")))
    words = "not judged: with 0 as momentum it changes nothing"
    assert report_on(tmp_path, *undone)["update_mini_batch"].words == words
    undone[1] = ("step = eta", "step = 0 * momentum * eta")
    assert report_on(tmp_path, *undone)["update_mini_batch"].ok is False


def test_activations_are_not_taken_for_an_input(tmp_path):
    given = [("def backprop(self, x, y):", "def backprop(self, activations, y):\n        x = activations[0]")]
    given.append(("self.backprop(x, y)", "self.backprop([x], y)"))
    report = report_on(tmp_path, *given)
    assert report.is_right and report["backprop"].ok is None and report["update_mini_batch"].ok, report


def test_a_feedforward_that_keeps_its_output_is_not_wrong(tmp_path):
    keeps = [(INIT, f"{INIT}        self.out = None\n"), ("        return a\n", "        self.out = a\n")]
    words = "not judged: it keeps what it computes in out, and gives None"
    assert report_on(tmp_path, *keeps)["feedforward"].words == words
    assert report_on(tmp_path, ("        return a\n", ""))["feedforward"].ok is False


def test_the_layers_may_be_given_one_by_one_to_the_constructor(tmp_path):
    init = "    def __init__(self, sizes):\n"
    apart = init.replace("sizes", "inputs, hidden, outputs") + "        sizes = [inputs, *hidden, outputs]\n"
    report = report_on(tmp_path, (init, apart))
    assert report.is_right and report.remarks == ["It is made as Network(sizes[0], sizes[1:-1], sizes[-1])."]


MADE = "for m, n in zip(sizes[:-1], sizes[1:])]"
FORWARD = "for l in range(self.num_layers - 1):\n            z ="


def test_a_class_of_three_layers_whatever_the_sizes_is_judged_by_networks_of_three(tmp_path):
    three = [(MADE, f"{MADE}\n        self.weights[1]"), (FORWARD, "for l in range(2):\n            z =")]
    report = judge(load_class(write(tmp_path / "mine.py", LISTS, *three)))
    assert report.is_right and report["feedforward"].ok, report
    assert report.remarks == ["It can have three layers only, so it is judged by networks of three."]


def test_biases_that_nothing_uses_are_not_wrong_but_refused(tmp_path):
    unused = [("self.biases[l][j] + sum", "sum"), ("nabla_b[l] = delta", "nabla_b[l] = [0.0] * len(delta)")]
    with pytest.raises(ValueError, match="^biases change nothing that feedforward gives, and their grad"):
        judge(load_class(write(tmp_path / "mine.py", LISTS, *unused)))
    forgotten = judge(load_class(write(tmp_path / "mine.py", LISTS, unused[0])))
    assert forgotten["feedforward"].words == "The bias is left out."


def test_a_step_that_sets_other_weights_than_feedforward_computes_with_is_wrong(tmp_path):
    other = [
        (MADE, f"{MADE}\n        self.own = self.weights"),
        ("self.weights[l][j][k] * a", "self.own[l][j][k] * a"),
        ("step = eta", "self.weights = [[list(row) for row in w] for w in self.weights]\n        step = eta"),
    ]
    report = judge(load_class(write(tmp_path / "mine.py", LISTS, *other)))
    words = r"^With sizes .*, feedforward does not compute with the weights that the step sets$"
    assert re.match(words, report["update_mini_batch"].words), report


BATCH = {"mini_batch": [1], "eta": 0.5, "n": 9}
TAKEN = [
    (lambda batch, lr: (batch, lr), BATCH, ([1], 0.5)),
    (lambda eta, mini_batch, other=7: (mini_batch, eta, other), BATCH, ([1], 0.5, 7)),
    (lambda mini_batch, eta, lmbda, n: (mini_batch, eta, lmbda, n), BATCH, ([1], 0.5, 0.0, 9)),
    (lambda *args: args, BATCH, ([1], 0.5)),
    (lambda n: n, {"x": 1}, 1),
    (lambda some, thing: (some, thing), BATCH, ([1], 0.5)),
    (lambda batch, thing: (batch, thing), BATCH, ([1], 0.5)),
    (lambda data, test, epochs=3: (data, test, epochs), {"training_data": 1, "test_data": 2}, (1, 2, 3)),
]


@pytest.mark.parametrize("function, values, wanted", TAKEN)
def test_a_method_is_given_what_its_arguments_are_called(function, values, wanted):
    positional, named = arguments(function, values)
    assert function(*positional, **named) == wanted


def test_what_takes_two_matrices_is_told_from_what_takes_pairs():
    words = r"^it takes \(X, Y, eta\), where \(mini_batch, eta\) is expected, with a list of pairs \(x, y\)"
    with pytest.raises(Odd, match=words):
        arguments(lambda X, Y, eta: None, BATCH)
    with pytest.raises(Odd, match=r"^it takes \(X, Y\), where \(mini_batch, eta\) is expected"):
        arguments(lambda X, Y: None, BATCH)
    with pytest.raises(Odd, match=r"^it takes \(\), where \(test_data\) is expected"):
        arguments(lambda: None, {"test_data": [1]})
    with pytest.raises(Odd, match=r"^it takes \(expected, rate\), where \(x, y\) is expected$"):
        arguments(lambda expected, rate: None, {"x": 1, "y": 2})
    with pytest.raises(Odd, match=r"^it takes \(gradients, eta\), where \(mini_batch, eta\) is expected$"):
        arguments(lambda gradients, eta: None, BATCH)
    with pytest.raises(Odd, match=r"^it takes \(batch\), where \(x, y\) is expected$"):
        arguments(lambda batch: None, {"x": 1, "y": 2})
