"""Whatever the names and places, a network's own parameters are set, and its own gradient is read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from learners import LISTS, write
from strategies import networks

from purenet.checker.aliases import arguments
from purenet.checker.candidate import Candidate
from purenet.checker.conventions import survey
from purenet.checker.guarded_call import Odd
from purenet.checker.judge import judge
from purenet.checker.load import load_class
from purenet.network import Network

pytestmark = pytest.mark.usefixtures("modules_and_path")


class Layer:
    def __init__(self, w, b):
        self.W, self.bias = w, b

    def __call__(self, x):
        return x


def by_layer(make, w, b):
    """A class that keeps what `make` makes of each layer in a list `layers`, with its w and b at w and b."""

    def parameters(self):
        return [eval(b, {"it": it}) for it in self.layers], [eval(w, {"it": it}) for it in self.layers]

    def keep(self, biases, weights):
        self.layers = [make(*pair) for pair in zip(weights, biases)]

    return keep, parameters


def numbered(holder):
    """The same for W1, b1, W2, b2, ... as attributes, or in a dict."""

    def keep(self, biases, weights):
        kept = {f"vW{l}": [[0.0 for _ in row] for row in w] for l, w in enumerate(weights, 1)}  # of a momentum
        kept.update({f"W{l}": w for l, w in enumerate(weights, 1)})
        kept.update({f"b{l}": b for l, b in enumerate(biases, 1)})
        vars(self).update(kept if holder is None else {holder: kept})

    def parameters(self):
        kept = vars(self) if holder is None else vars(self)[holder]
        count = sum(re.match(r"W\d", name) is not None for name in kept)
        return [[kept[f"{part}{l}"] for l in range(1, count + 1)] for part in ("b", "W")]

    return keep, parameters


def in_lists(biases_name, weights_name):
    def keep(self, biases, weights):
        vars(self).update({biases_name: biases, weights_name: weights})

    return keep, lambda self: [vars(self)[biases_name], vars(self)[weights_name]]


def in_dicts(biases_name, weights_name):
    def keep(self, biases, weights):
        vars(self).update({biases_name: dict(enumerate(biases)), weights_name: dict(enumerate(weights))})

    return keep, lambda self: [list(vars(self)[name].values()) for name in (biases_name, weights_name)]


KEPT = {
    "net.biases[0], net.weights[0]": in_lists("biases", "weights"),
    "net._b[0], net.theta[0]": in_lists("_b", "theta"),
    "net.b[0], net.W[0]": in_dicts("b", "W"),
    "net.b1, net.W1": numbered(None),
    "net.params['b1'], net.params['W1']": numbered("params"),
    "net.layers[0].bias, net.layers[0].W": by_layer(Layer, "it.W", "it.bias"),
    "net.layers[0]['b'], net.layers[0]['w']": by_layer(lambda w, b: {"w": w, "b": b}, "it['w']", "it['b']"),
    "net.layers[0][1], net.layers[0][0]": by_layer(lambda w, b: [w, b], "it[0]", "it[1]"),
}
GIVEN = {
    "nabla[0][0], nabla[1][0]": lambda b, w: (b, w),
    "nabla[1][0], nabla[0][0]": lambda b, w: [w, b, 0.5],
    "nabla['b'][0], nabla['w'][0]": lambda b, w: {"w": w, "b": b},
    "nabla['db1'], nabla['dW1']": lambda b, w: {
        **{f"db{l}": v for l, v in enumerate(b, 1)},
        **{f"dW{l}": v for l, v in enumerate(w, 1)},
    },
    "nabla[0]['db'], nabla[0]['dw']": lambda b, w: [{"db": v, "dw": m} for v, m in zip(b, w)],
}


def network_class(kept, given):
    """A right network that keeps its parameters in one of these ways, and gives its gradient in another."""
    keep, parameters = KEPT[kept]

    class Kept:
        def __init__(self, sizes):
            net = Network(sizes)
            keep(self, net.biases, net.weights)

        def net(self):
            biases, weights = parameters(self)
            net = Network([len(weights[0][0]), *map(len, biases)])
            net.biases, net.weights = biases, weights
            return net

        def feedforward(self, a):
            return self.net().feedforward(a)

        def backprop(self, x, y):
            return GIVEN[given](*self.net().backprop(x, y))

    return Kept


WAYS = {(kept, given): survey(network_class(kept, given)) for kept in KEPT for given in GIVEN}


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
    assert (lines[1].startswith("net.biases = [[")) == way[0].startswith("net.biases")


@pytest.mark.parametrize("kept, given", WAYS)
def test_where_they_are_is_said_where_the_book_has_them_elsewhere(kept, given):
    way = WAYS[kept, given]
    assert not way.layers, way
    biases, weights = kept.split(", ")
    remarks = [f"Its biases begin at {biases}, its weights at {weights}."] if "net.biases" not in kept else []
    if given.startswith("nabla[1]"):
        remarks += ["Its gradients come as (nabla_w, nabla_b)."]
    elif given != "nabla[0][0], nabla[1][0]":
        b, w = given.split(", ")
        remarks += [f"In what backprop returns, nabla_b begins at {b}, nabla_w at {w}."]
    assert list(way.remarks) == remarks


RETURNED = "        return nabla_b, nabla_w"


@pytest.mark.parametrize(
    "returned, given",
    [
        ("dict(out=nabla_w[-1], first=nabla_w[0], b=nabla_b[-1])", "a dict of out, first, b"),
        ("nabla_w[-1], nabla_b[-1], nabla_w[0], nabla_b[0]", "a tuple"),
        ("None", "None"),
    ],
)
def test_a_gradient_in_a_form_that_is_not_known_is_not_judged(tmp_path, returned, given):
    replacement = (RETURNED, f"        return {returned}")
    report = judge(load_class(write(tmp_path / "mine.py", LISTS, replacement)))
    words = f"not judged: it gives {given}, where (nabla_b, nabla_w) is expected"
    assert report["backprop"].ok is None and report["backprop"].words == words, report
    assert not report.is_right


def test_a_backprop_that_rests_on_feedforward_is_called_after_it(tmp_path):
    rests = [
        ("    def feedforward(self, a):\n", "    def feedforward(self, a):\n        self.seen = a\n"),
        ("activations, zs = [x], []", "activations, zs = [self.seen], []"),
        ("[self.backprop(x, y) for", "[(self.feedforward(x), self.backprop(x, y))[1] for"),
    ]
    report = judge(load_class(write(tmp_path / "mine.py", LISTS, *rests)))
    assert report.is_right and report["backprop"].ok, report
    assert report.remarks == ["feedforward is called before backprop, which fails without it."]


def test_layers_in_reverse_are_not_taken_for_a_form(tmp_path):
    in_reverse = (RETURNED, "        return nabla_b[::-1], nabla_w")
    assert survey(load_class(write(tmp_path / "mine.py", LISTS))).nabla
    assert survey(load_class(write(tmp_path / "mine.py", LISTS, in_reverse))).nabla is None


SHARED = "self.weights = [[[random.gauss(0, 1) for k in range(m)]] * n"


def test_rows_that_are_one_list_are_refused(tmp_path):
    shared = ("self.weights = [[[random.gauss(0, 1) for k in range(m)] for j in range(n)]", SHARED)
    with pytest.raises(ValueError, match=r"the rows of weights\[0\] are one and the same list"):
        survey(load_class(write(tmp_path / "mine.py", LISTS, shared)))


BATCH = {"mini_batch": [1], "eta": 0.5, "n": 9}
TAKEN = [
    (lambda batch, lr: (batch, lr), BATCH, ([1], 0.5)),
    (lambda eta, mini_batch, other=7: (mini_batch, eta, other), BATCH, ([1], 0.5, 7)),
    (lambda mini_batch, eta, lmbda, n: (mini_batch, eta, lmbda, n), BATCH, ([1], 0.5, 0.0, 9)),
    (lambda *args: args, BATCH, ([1], 0.5)),
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
    with pytest.raises(Odd, match=r"^it takes \(batch\), where \(x, y\) is expected$"):
        arguments(lambda batch: None, {"x": 1, "y": 2})
