"""conformance.py: what is right is called right in every form, and a planted mistake by its name."""

import copy
import itertools
import math
import random

import pytest
from clothing import FORMS, Clothed
from learners import ARRAYS, LISTS, write

from purenet.checker import backward, conformance, diagnosis, mistakes, strangers, trial
from purenet.checker.backward import forward, played
from purenet.checker.cases import CASES
from purenet.checker.conformance import METHODS, judge
from purenet.checker.learning import CARRIED, UNSTEADY
from purenet.checker.strangers import load_class
from purenet.checker.trial import ETA, UNKNOWN, Trial, Verdict
from purenet.matrix import matvec, transpose
from purenet.network import Network
from purenet.network import sigmoid as our_sigmoid  # Under its own name it would be the classes'.
from purenet.support.arrays import plain

pytestmark = pytest.mark.usefixtures("modules_and_path")


def planted(**methods):
    """The class of right networks with some methods replaced."""
    return type("Planted", (Network,), methods)


@pytest.fixture(autouse=True)
def every_other_case(monkeypatch):
    """Of two cases of the same sizes one is judged by. Both would take twice as long, and prove the same."""
    monkeypatch.setattr(Trial, "cases", CASES[::2])


def verdict(network_class, method, **others):
    """The verdict on one method, where all the others are right but those given."""
    tried = conformance._Trial(network_class)
    tried.verdicts = {name: Verdict(name, others.get(name, True)) for name in METHODS}
    return getattr(tried, method)()


def said_first(network_class):
    """(the first wrong method, its words)."""
    wrong = [found for found in judge(network_class) if found.ok is False]
    return wrong[0].method, wrong[0].words


def sentence(words):
    return f"{words[0].upper()}{words[1:]}."


# What is right.


class Right(Clothed):
    """A right network in some form, with all methods."""

    def __init__(self, sizes):
        super().__init__(Network(sizes), self.form)

    def cost_derivative(self, output_activations, y):
        [d] = self.clothe(self.net.cost_derivative(*plain([output_activations, y], [])[0]))
        return d

    def update_mini_batch(self, mini_batch, eta):
        net = self.plain()
        net.update_mini_batch([plain(pair, [])[0] for pair in mini_batch], eta)
        self.biases = self.clothe(*net.biases)
        self.weights = [self.form.matrix(w) for w in net.weights]

    def evaluate(self, test_data):
        return self.plain().evaluate([(plain([x], [])[0][0], digit) for x, digit in test_data])

    def SGD(self, training_data, epochs, mini_batch_size, eta, test_data=None):
        data = list(training_data)
        for _ in range(epochs):
            random.shuffle(data)
            for k in range(0, len(data), mini_batch_size):
                self.update_mini_batch(data[k : k + mini_batch_size], eta)
            if test_data:
                print(self.evaluate(test_data))


@pytest.mark.parametrize("form", FORMS)
def test_a_right_network_is_right_in_every_form(form):
    found = judge(type("Formed", (Right,), {"form": form}))
    assert [v.method for v in found] == list(METHODS)
    assert [v.ok for v in found] == [None, None] + [True] * 6, found
    assert {v.words for v in found[:2]} == {"not there"} and not any(v.words + v.example for v in found[2:])


def test_ours_is_right_and_so_are_networks_as_people_write_them(tmp_path, monkeypatch):
    right = [Verdict(method, True) for method in METHODS]
    assert judge(load_class(write(tmp_path / "l.py", LISTS))) == right
    found = judge(load_class(write(tmp_path / "a.py", ARRAYS) + ":QuadraticNet"))
    assert found == [*right[:-1], Verdict("SGD", None, "not there")]
    monkeypatch.setattr(Trial, "cases", CASES)
    assert judge(Network) == right


def test_the_cases_are_generic():
    for case in CASES:
        p = forward(case.biases, case.weights, *case.examples[0])
        assert case.sizes == [len(x) for x in p.activations]
        net = case.twin()
        assert (net.sizes, net.biases, net.weights) == (case.sizes, case.biases, case.weights)
        net.biases[0][0] = net.weights[0][0][0] = 77.0
        assert 77.0 not in case.biases[0] + case.weights[0][0], "a twin has lists of its own"
    assert len({tuple(case.sizes) for case in CASES}) == len(CASES) / 2 == 13


# Every mistake of every table, planted.


def with_step(step):
    """A network that steps as step(net, gradients, examples, eta) says."""

    def update_mini_batch(self, mini_batch, eta):
        net = Network(self.sizes)
        net.biases, net.weights = plain(self.biases, self.weights)
        gradients = [net.backprop(x, y) for x, y in mini_batch]
        self.biases, self.weights = step(net, gradients, mini_batch, eta)

    return planted(update_mini_batch=update_mini_batch)


# A table for each method, and how a mistake of it is made a method.
TABLES = {
    "sigmoid": (mistakes.SIGMOIDS, staticmethod),
    "feedforward": (
        mistakes.FEEDFORWARDS,
        lambda wrong: lambda self, a: wrong(self.biases, self.weights, a),
    ),
    "cost_derivative": (
        mistakes.COST_DERIVATIVES,
        lambda wrong: lambda self, a, y: wrong(a, y, Network.cost_derivative(self, a, y)),
    ),
    "update_mini_batch": (
        {words: step for words, step in mistakes.STEPS.items() if words != mistakes.NONE},
        lambda step: with_step(step).update_mini_batch,
    ),
    "evaluate": (
        mistakes.EVALUATIONS,
        lambda wrong: lambda self, data: wrong([(self.feedforward(x), x, digit) for x, digit in data]),
    ),
}


@pytest.mark.parametrize(
    "method, words", [(method, words) for method, (table, _) in TABLES.items() for words in table]
)
def test_every_mistake_of_a_table_is_named(method, words):
    table, made = TABLES[method]
    found = verdict(planted(**{method: made(table[words])}), method)
    said, *troubles = found.words.split("\n")
    assert found[:2] == (method, False) and said == words
    # A shape that does not fit is told besides.
    assert all(line.startswith((" ", "With sizes ")) for line in troubles)
    if method == "sigmoid":
        assert found.example.splitlines()[1:-2] == ["net = Planted([1, 1])", "net.sigmoid(-3.0)"]
        assert found.example.endswith("\n# should be 0.0474259")


@pytest.mark.parametrize("words", mistakes.SIGMA_PRIMES)
def test_every_mistake_in_sigmoid_prime_is_named(words):
    network_class = planted(sigmoid_prime=staticmethod(mistakes.SIGMA_PRIMES[words]))
    found = verdict(network_class, "sigmoid_prime", backprop=False)
    assert found[:3] == ("sigmoid_prime", False, words)
    found = verdict(network_class, "sigmoid_prime")
    if words == mistakes.OF_A:
        assert found[1:3] == (True, "It takes a = σ(z) instead of z, and backprop gives it that.")
    else:
        assert found.words == words


def with_backprop(*played_mistakes):
    def backprop(self, x, y):
        return played(forward(self.biases, self.weights, x, y), played_mistakes)

    return planted(backprop=backprop)


# The tables of backpropagation are tried one by one in test_diagnosis.py; here is one of each.
@pytest.mark.parametrize("step", backward.MISTAKES)
@pytest.mark.parametrize("which", [1, -1])
def test_mistakes_in_backprop_are_named(step, which):
    words = list(backward.MISTAKES[step])[which]
    found = verdict(with_backprop((step, words)), "backprop")
    assert found.ok is False and found.words.split("\n")[0] == sentence(words)


@pytest.mark.parametrize("words", mistakes.EVALUATIONS)
def test_the_example_of_evaluate_gives_what_it_tells(words):
    wrong = mistakes.EVALUATIONS[words]
    network_class = planted(
        evaluate=lambda self, test_data: wrong([(self.feedforward(x), x, digit) for x, digit in test_data]),
    )
    found = verdict(network_class, "evaluate")
    assert found.example.startswith("from tests.checker.test_conformance import Planted\nnet = Planted([")
    if "it raises" in found.words:
        return
    call, gives, should = found.example.splitlines()[-3:]
    biases, weights = (eval(line.partition(" = ")[2]) for line in found.example.splitlines()[2:4])
    net = network_class([len(weights[0][0]), *map(len, biases)])
    net.biases, net.weights = biases, weights
    assert gives == f"# gives     {eval(call, {'net': net}):.6g}"
    assert should == f"# should be {Network.evaluate(net, eval(call[13:-1]))}"
    assert should.split()[-1] != gives.split()[-1]


def test_a_step_of_its_own_is_held_against_the_gradient_where_that_names_the_mistake():
    class Summed(with_backprop(("outer", list(backward.MISTAKES["outer"])[1]))):
        def update_mini_batch(self, mini_batch, eta):
            Network.update_mini_batch(self, mini_batch, eta * len(mini_batch))

    found = verdict(Summed, "update_mini_batch", backprop=False)
    assert found.words.startswith("The gradients are summed, not averaged")


def test_what_backprop_does_wrong_is_not_said_of_the_step():
    class Transposed(Network):
        def backprop(self, x, y):
            nabla_b, nabla_w = Network.backprop(self, x, y)
            return nabla_b, [list(map(list, zip(*w))) for w in nabla_w]

        def update_mini_batch(self, mini_batch, eta):
            Network.update_mini_batch(self, mini_batch, 0.77 * eta)

    assert "nabla_w[0] has the shape" in verdict(Transposed, "backprop").words
    found = verdict(Transposed, "update_mini_batch", backprop=False)
    assert found.ok is False and "nabla_w" not in found.words
    assert "the step of biases is 0.77 times what it should be" in found.words
    Transposed.backprop = lambda self, x, y: None
    assert "0.77 times" in verdict(Transposed, "update_mini_batch", backprop=False).words


def test_a_step_by_what_backprop_gives_is_not_said_to_be_another():
    class Transposed(Network):
        def backprop(self, x, y):
            nabla_b, nabla_w = Network.backprop(self, x, y)
            return nabla_b, [list(map(list, zip(*w))) for w in nabla_w]

        def update_mini_batch(self, mini_batch, eta):
            gradients = [self.backprop(x, y) for x, y in mini_batch]
            steps = [eta / len(mini_batch)] * len(mini_batch)
            self.biases, self.weights = mistakes.stepped(self, gradients, steps)

    found = {found.method: found.words for found in judge(Transposed)}
    assert found["backprop"].startswith("The outer product is transposed, where ∂C/∂w = δ a⁻ᵀ.\n")
    step, trouble = found["update_mini_batch"].split("\n", 1)
    assert step == "It steps by what backprop gives, which is wrong." and trouble.startswith("With sizes ")


def test_evaluate_is_not_judged_by_a_feedforward_that_fails():
    def feedforward(self, a):
        raise NotImplementedError

    network_class = planted(feedforward=feedforward, evaluate=lambda self, test_data: 0)
    found = verdict(network_class, "evaluate", feedforward=False)
    assert found == Verdict("evaluate", None, "not judged, since feedforward fails")


def test_a_class_of_another_language_is_refused():
    with pytest.raises(ValueError, match="^int is no class that is written in Python$"):
        judge(int)


def test_where_a_hidden_layer_is_named_first_the_example_has_one():
    hidden, back = (list(backward.MISTAKES[step])[0] for step in ("hidden", "back"))
    outer = list(backward.MISTAKES["outer"])[1]
    for step, words in (("hidden", hidden), ("back", back)):
        found = verdict(with_backprop((step, words), ("outer", outer)), "backprop")
        assert found.words.split("\n")[0].startswith(sentence(words)[:-1])
        assert "net = Planted([1, 1, 1])\n" in found.example
    for words in ("At the output, x; and in the hidden layers, y.", "It is zero everywhere."):
        assert not diagnosis.is_of_hidden(words)
    part = "The gradient of the biases is right. The gradient of the weights is wrong: "
    assert diagnosis.is_of_hidden(f"{part}{sentence(hidden)}")


@pytest.mark.parametrize("form", FORMS)
def test_the_example_stands_in_the_form_of_the_network(form):
    class Half(Right):
        def feedforward(self, a):
            return self.form.vector([0.5 * v for v in self.plain().feedforward(plain([a], [])[0][0])])

        def backprop(self, x, y):
            raise NotImplementedError

    Half.form = form
    said = verdict(Half, "feedforward").example.splitlines()[-2:]
    brackets = "[[" if form.column else "["
    starts = [f"# gives     {brackets}", f"# should be {brackets}"]
    assert [line.rstrip("0123456789.]") for line in said] == starts
    [should, measured] = verdict(Half, "backprop").example.splitlines()[-2:]
    assert should.startswith(f"# should be [[{brackets}-")
    assert measured.startswith(f"# measured  [[{brackets}-")


# The whole judgement.


@pytest.mark.parametrize(
    "network_class, method, words",
    [
        (planted(sigmoid=staticmethod(lambda z: z)), "sigmoid", "It gives z as it is."),
        (
            planted(
                feedforward=lambda self, a: mistakes._fed(self.biases, self.weights, a, plain_layers=[-1])
            ),
            "feedforward",
            "σ is left out in the last layer.",
        ),
        (
            planted(cost_derivative=lambda self, a, y: [t - p for p, t in zip(a, y)]),
            "cost_derivative",
            "The sign is wrong: y − a stands for a − y.",
        ),
        (
            with_backprop(("back", "the error is sent back without the weights")),
            "backprop",
            "The error is sent back without the weights.",
        ),
        (
            with_step(lambda net, gradients, examples, eta: mistakes.stepped(net, gradients, [eta] * 9)),
            "update_mini_batch",
            "The gradients are summed, not averaged: the step is not divided by the size of the mini-batch.",
        ),
        (planted(evaluate=lambda self, test_data: 0), "evaluate", "It counts none as right"),
        (
            planted(SGD=lambda self, *args, test_data=None: None),
            "SGD",
            "It changes nothing, and does not call update_mini_batch.",
        ),
    ],
)
def test_the_first_wrong_method_is_the_one_with_the_mistake(network_class, method, words):
    first, said = said_first(network_class)
    assert first == method and said.startswith(words)


def test_what_is_right_in_another_kind_of_network_is_said_to_be():
    # tanh instead of σ, and no mistake in what is made of it.
    class Tanh(Network):
        def feedforward(self, a):
            for b, w in zip(self.biases, self.weights):
                a = [math.tanh(z) for z in map(sum, zip(matvec(w, a), b))]
            return a

        def propagate(self, x, y):
            activations = [x]
            for l in range(1, self.num_layers):
                part = Network([self.sizes[0], *self.sizes[1 : l + 1]])
                part.biases, part.weights = self.biases[:l], self.weights[:l]
                activations.append(Tanh.feedforward(part, x))
            delta = [(a - t) * (1 - a * a) for a, t in zip(activations[-1], y)]
            deltas = [delta]
            for w, a in zip(self.weights[:0:-1], activations[-2:0:-1]):
                back = matvec(transpose(w), deltas[0])
                deltas.insert(0, [d * (1 - e * e) for d, e in zip(back, a)])
            return activations, deltas

    found = dict((v.method, v) for v in judge(Tanh))
    assert found["feedforward"].ok is False
    assert found["backprop"].words == "It is the gradient of what feedforward gives, which is wrong."
    assert found["update_mini_batch"][1:3] == (True, "It makes the right step of what backprop gives.")


def test_weights_that_are_not_those_that_were_set_are_told():
    class Copied(Network):
        def __init__(self, sizes):
            super().__init__(sizes)
            self.kept = self.biases, self.weights

        def feedforward(self, a):
            for b, w in zip(*self.kept):
                a = our_sigmoid([sum(pair) for pair in zip(matvec(w, a), b)])
            return a

    assert verdict(Copied, "feedforward").words == (
        "With sizes [1, 1], a second network with the same biases and weights gives another answer: to set "
        "net.biases and net.weights has no effect on it"
    )


def test_the_words_of_an_error_do_not_make_it_a_hang():
    def cost_derivative(self, output_activations, y):
        raise RuntimeError("it takes too long and was stopped")

    found = dict((v.method, v) for v in judge(planted(cost_derivative=cost_derivative)))
    assert "raises RuntimeError" in found["cost_derivative"].words
    assert not any("hangs" in v.words for v in found.values()) and found["evaluate"].ok


def test_rows_that_are_one_list_are_told():
    class Alike(Network):
        def __init__(self, sizes):
            super().__init__(sizes)
            self.weights = [[w[0]] * len(w) for w in self.weights]

    with pytest.raises(ValueError, match=r"Alike\(\[2, 3\]\) .* the rows of weights\[0\] are one and the same"):
        judge(Alike)


def test_a_sigmoid_that_is_cut_off_is_told():
    def sigmoid_of_8(z):
        return our_sigmoid(max(-8.0, min(8.0, z)))

    found = verdict(planted(sigmoid=staticmethod(sigmoid_of_8)), "sigmoid")
    assert found.ok is False and found.example.splitlines()[-3:] == [
        "net.sigmoid(-12.0)", "# gives     0.00033535", "# should be 6.14417e-06"
    ]


def test_what_is_right_of_something_wrong_is_said_to_be():
    found = dict((v.method, v) for v in judge(planted(cost_derivative=lambda self, a, y: a)))
    assert found["cost_derivative"].words == "It is a: the target is left out."
    assert found["backprop"].words == "A stands for a − y: the target is left out."
    assert found["update_mini_batch"][1:3] == (
        True,
        "It makes the right step of what backprop gives, which is wrong.",
    )

    class NoBias(Network):
        """Right for a cost of feedforward without biases, as it has none."""

        def feedforward(self, a):
            return mistakes._fed([[0.0] * len(b) for b in self.biases], self.weights, a)

        def backprop(self, x, y):
            zero = [[0.0] * len(b) for b in self.biases]
            return zero, played(forward(zero, self.weights, x, y))[1]

        def update_mini_batch(self, mini_batch, eta):
            gradients = [self.backprop(x, y) for x, y in mini_batch]
            self.biases, self.weights = mistakes.stepped(self, gradients, [eta] * len(gradients))

    found = dict((v.method, v) for v in judge(NoBias))
    assert found["feedforward"][1:3] == (False, "The bias is left out.")
    assert found["backprop"][1:3] == (True, "It is the gradient of what feedforward gives, which is wrong.")
    # Its backprop is held to be right, so that the step is held against the right gradient.
    assert found["update_mini_batch"].ok is False
    assert found["evaluate"].ok is True

    class Both(Network):
        backprop = with_backprop(("error", "|a − y| stands for a − y")).backprop

        def update_mini_batch(self, mini_batch, eta):
            gradients = [self.backprop(x, y) for x, y in mini_batch]
            self.biases, self.weights = mistakes.stepped(self, gradients, [eta] * len(gradients))

    found = dict((v.method, v) for v in judge(Both))
    assert found["backprop"].words == "|a − y| stands for a − y."
    assert found["update_mini_batch"].words.startswith("The gradients are summed, not averaged")


def test_two_mistakes_and_mistakes_of_one_part_are_named():
    found = verdict(
        with_backprop(("output", "at the output, σ′(z) is left out"), ("bias", "∂C/∂b has lost its sign")),
        "backprop",
    )
    assert found.words == "At the output, σ′(z) is left out; and ∂C/∂b has lost its sign."

    def half(net, gradients, examples, eta):
        return (
            mistakes.stepped(net, gradients, [eta] * 3)[0],
            mistakes.stepped(net, gradients, [eta / 3] * 3)[1],
        )

    assert verdict(with_step(half), "update_mini_batch").words == (
        "The step of the biases is wrong. The gradients are summed, not averaged: the step is not divided by "
        "the size of the mini-batch. The step of the weights is right."
    )


def test_a_step_by_another_gradient_than_that_of_backprop_is_told():
    wrong = with_backprop(("error", "a stands for a − y: the target is left out")).backprop

    def update_mini_batch(self, mini_batch, eta):
        gradients = [wrong(self, x, y) for x, y in mini_batch]
        self.biases, self.weights = mistakes.stepped(self, gradients, [eta / len(gradients)] * len(gradients))

    assert verdict(planted(update_mini_batch=update_mini_batch), "update_mini_batch").words == (
        "The gradient that it steps by is not that of backprop. A stands for a − y: the target is left out."
    )


def test_gradients_that_are_carried_on_are_told():
    class Carrying(Network):
        kept = None

        def update_mini_batch(self, mini_batch, eta):
            self.kept = (self.kept or []) + [self.backprop(x, y) for x, y in mini_batch]
            self.biases, self.weights = mistakes.stepped(
                self, self.kept, [eta / len(mini_batch)] * len(self.kept)
            )

    assert verdict(Carrying, "update_mini_batch")[1:3] == (False, CARRIED)
    assert said_first(Carrying) == ("update_mini_batch", CARRIED)

    class OfTheClass(Network):
        kept = []

        def update_mini_batch(self, mini_batch, eta):
            same_shape = [k for k, sizes in self.kept if sizes == self.sizes]
            gradients = same_shape + [self.backprop(x, y) for x, y in mini_batch]
            self.kept.extend((k, self.sizes) for k in gradients[len(same_shape) :])
            self.biases, self.weights = mistakes.stepped(
                self, gradients, [eta / len(mini_batch)] * len(gradients)
            )

    assert verdict(OfTheClass, "update_mini_batch")[1:3] == (False, CARRIED)


def test_what_no_mistake_explains_is_described():
    def shifted(right):
        return lambda self, *args: [v + 0.01 for v in right(self, *args)]

    found = verdict(planted(feedforward=shifted(Network.feedforward)), "feedforward")
    assert found[1:3] == (False, UNKNOWN)
    assert "net.feedforward([" in found.example
    found = verdict(planted(sigmoid=staticmethod(lambda z: 0.3)), "sigmoid")
    assert found[1:3] == (False, UNKNOWN)

    def bent(self, x, y):
        nabla_b, nabla_w = Network.backprop(self, x, y)
        nabla_b[0][0] += 0.01
        return nabla_b, nabla_w

    found = verdict(planted(backprop=bent), "backprop")
    assert found.words == (
        "With sizes [3, 3, 3, 3, 3]: nabla_b is wrong at [0], right at [1], [2], [3]; nabla_w is right."
    )

    def odd_step(net, gradients, examples, eta):
        biases, weights = mistakes.STEPS[mistakes.NONE](net, gradients, examples, eta)
        return biases, [
            [[v + 0.01 * k for k, v in enumerate(row)] for row in w] for w in weights[:1]
        ] + weights[1:]

    found = verdict(with_step(odd_step), "update_mini_batch")
    assert found.words == (
        "With sizes [3, 3, 3, 3, 3]: the step of biases is right; the step of weights is wrong at [0], "
        "right at [1], [2], [3]."
    )


def test_what_changes_or_differs_when_called_again_is_told():
    def moving(self, x, y):
        self.biases[0][0] += 1.0
        return Network.backprop(self, x, y)

    found = verdict(planted(backprop=moving), "backprop")
    assert found.words == "With sizes [1, 1], it changes the weights or biases, which only a step should"
    numbers = itertools.count()
    words = "With sizes [1, 1], it gives another answer when it is called again: first "
    found = verdict(planted(backprop=lambda self, x, y: ([[next(numbers)]], [[[0.0]]])), "backprop")
    assert found.words == words + "[[[0]], [[[0]]]], then [[[1]], [[[0]]]]"
    found = verdict(
        planted(feedforward=lambda self, a: [float(next(numbers))] * self.sizes[-1]), "feedforward"
    )
    assert found.words.startswith(words)
    calls = [line for line in found.example.splitlines() if line.startswith("net.feedforward(")]
    assert len(calls) == 2 and calls[0] == calls[1], "the example must show it"

    class Stale(Network):
        def backprop(self, x, y):
            self.first = getattr(self, "first", (x, y))
            return super().backprop(*self.first)

    found = verdict(Stale, "backprop")
    assert found.words == (
        "With sizes [1, 1], what it gives for an example depends on the one before: it keeps something of it"
    )
    calls = [line for line in found.example.splitlines() if line.startswith("net.backprop(")]
    assert len(calls) == 2 and calls[0] != calls[1]
    wanted = CASES[0].twin().backprop(*CASES[0].examples[1])
    assert f"# should be {trial._rounded(wanted)}\n" in found.example
    assert f"# measured  {trial._rounded(wanted)}, by finite" in found.example


def test_what_is_drawn_at_random_is_told_by_that_and_not_by_its_numbers():
    draw = random.Random(3).random

    def dropout(self, x, y):
        nabla_b, nabla_w = Network.backprop(self, x, y)
        return [[v * (draw() > 0.3) for v in layer] for layer in nabla_b], nabla_w

    found = verdict(planted(backprop=dropout), "backprop")
    assert "it gives another answer when it is called again" in found.words and "wrong" not in found.words

    def step(self, mini_batch, eta):
        Network.update_mini_batch(self, mini_batch, eta * draw())

    assert verdict(planted(update_mini_batch=step), "update_mini_batch").words == UNSTEADY


# Other costs.


def cross_entropy_class(**others):
    from math import log

    def cost(self, x, y):
        return -sum(t * log(a) + (1 - t) * log(1 - a) for a, t in zip(self.feedforward(x), y))

    def cost_derivative(self, output_activations, y):
        return [(a - t) / (a * (1 - a)) for a, t in zip(output_activations, y)]

    return planted(**{"cost": cost, "cost_derivative": cost_derivative, **others})


def test_a_subclass_is_judged_by_its_own_cost():
    assert all(
        found.ok is not False and not found.words.strip("not there") for found in judge(cross_entropy_class())
    )
    found = verdict(cross_entropy_class(cost_derivative=Network.cost_derivative), "cost_derivative")
    assert found.words == "σ′(z) = a (1 − a) is in it already, and backprop multiplies by that."
    found = verdict(cross_entropy_class(cost=Network.cost), "cost_derivative")
    assert found.words.startswith("It is that of the cross-entropy")
    found = verdict(cross_entropy_class(cost_derivative=Network.cost_derivative), "backprop")
    assert found.ok is False


# σ as people write it.


def test_sigmoid_may_take_vectors_only_and_stand_beside_the_class(tmp_path):
    line = "return 1.0 / (1.0 + np.exp(-z))"
    name = write(tmp_path / "beside.py", ARRAYS, (line, line.replace("-z", "z"))) + ":QuadraticNet"
    found = verdict(load_class(name), "sigmoid")
    assert found.words == "It is 1 − σ(z): the minus of e⁻ᶻ is missing, or e⁻ᶻ stands above the line."
    assert found.example == (
        "import tiny_arrays\nfrom beside import sigmoid\nsigmoid(tiny_arrays.array([[-3.0]]))\n"
        "# gives     0.952574\n# should be 0.0474259"
    )
    vectors = planted(sigmoid=lambda self, zs: [0.5 for _ in zs])
    assert "\nnet.sigmoid([-3.0])\n# gives     0.5\n" in verdict(vectors, "sigmoid").example
    found = verdict(planted(sigmoid=staticmethod(lambda z: z + None)), "sigmoid")
    assert found.ok is False and found.words.startswith("it raises TypeError")
    assert verdict(planted(sigmoid=7), "sigmoid") == Verdict("sigmoid", None, "not there")


# The example.


@pytest.mark.parametrize(
    "text, name", [(LISTS, "Network"), (ARRAYS, "QuadraticNet")], ids=["lists", "arrays"]
)
def test_the_example_can_be_pasted_and_shows_what_it_says(tmp_path, text, name):
    wrongs = {
        "cost_derivative": {
            LISTS: (
                "return [a - t for a, t in zip(output_activations, y)]",
                "return [a for a in output_activations]",
            ),
            ARRAYS: ("return output_activations - y", "return output_activations"),
        },
        "backprop": {
            LISTS: ("nabla_b[l] = delta", "nabla_b[l] = [2 * d for d in delta]"),
            ARRAYS: ("nabla_b[-1] = delta", "nabla_b[-1] = delta * 2"),
        },
        "update_mini_batch": {
            LISTS: ("step = eta / len(mini_batch)", "step = eta"),
            ARRAYS: ("[b - n * (eta / len(mini_batch)) for", "[b - n * eta for"),
        },
        "feedforward": {
            LISTS: ("a = [sigmoid(v) for v in z]", "a = z"),
            ARRAYS: ("a = sigmoid((w @ a) + b)", "a = (w @ a) + b"),
        },
    }
    for method, replacement in wrongs.items():
        file = f"wrong_{method}_{name}"
        path = write(tmp_path / f"{file}.py", text, replacement[text])
        found = verdict(load_class(f"{path}:{name}"), method)
        assert found.ok is False
        code, _, comments = found.example.partition("# gives     ")
        assert (f"from {file} import {name}\n" in code) and (
            code.startswith("import tiny_arrays\n") == (text is ARRAYS)
        )
        lines = code.splitlines()
        names = {}
        exec("\n".join(lines[:-1]), names)
        got = eval(lines[-1], names)
        got = got if method in ("backprop", "update_mini_batch") else [got]
        given, should, *measured = comments.splitlines()
        assert rounded(got) == flat(eval(given))
        assert flat(eval(should.partition("be ")[2])) != rounded(got)
        if method == "backprop":
            [measured] = measured
            assert measured.endswith(", by finite differences")
            wanted = eval(should.partition("be ")[2])
            got = flat(eval(measured.partition("measured  ")[2].partition(", by finite")[0]))
            assert got == pytest.approx(flat(wanted), rel=1e-4)
        else:
            assert not measured


def flat(nested):
    return [number for part in nested for number in flat(part)] if hasattr(nested, "__len__") else [nested]


def rounded(nested):
    return [float(f"{number:.6g}") for number in flat(nested)]


# SGD.


def with_sgd(epoch, signature=None):
    """A network whose SGD calls epoch(self, data, n, size, eta) for epoch n, of which the data are kept."""

    def SGD(self, training_data, epochs, mini_batch_size, eta, test_data=None):
        data = list(training_data)
        for n in range(epochs):
            data = epoch(self, data, n, mini_batch_size, eta) or data
            if test_data:
                self.evaluate(test_data)

    return planted(SGD=SGD)


def cut(data, size):
    return [data[k : k + size] for k in range(0, len(data), size)]


def shuffled(data):
    return random.sample(data, len(data))


def train(self, data, size, eta):
    for batch in cut(data, size):
        self.update_mini_batch(batch, eta)


def separately(self, data, n, size, eta):
    xs, ys = zip(*data)
    train(self, list(zip(shuffled(xs), ys)), size, eta)


def decaying(self, data, n, size, eta):
    train(self, shuffled(data), size, eta)
    self.biases = [[0.9 * b for b in layer] for layer in self.biases]


SGD_FAULTS = {
    "It gives an x the y of another example: they must be shuffled together.": separately,
    "It calls update_mini_batch with an η of 0.2, where it was given 0.6.": (
        lambda self, data, n, size, eta: train(self, shuffled(data), size, eta / 3)
    ),
    "It leaves out the last mini-batch of an epoch, which is shorter: 2 of 8 examples.": (
        lambda self, data, n, size, eta: train(self, shuffled(data)[:6], size, eta)
    ),
    "It trains for 8 epochs, where it was given 4.": (
        lambda self, data, n, size, eta: [train(self, shuffled(data), size, eta) for _ in range(2)] and None
    ),
    "It trains for 1 epoch, where it was given 4.": (
        lambda self, data, n, size, eta: n or train(self, shuffled(data), size, eta)
    ),
    "It takes the same mini-batch again and again.": (
        lambda self, data, n, size, eta: [self.update_mini_batch(data[:size], eta) for _ in range(3)] and None
    ),
    "Its mini-batches have 4, 4, 4, 4, 4, 4, 4, 4 examples. Of 8 "
    "examples, in mini-batches of 3 and for 4 epochs, they should have 3, 3, 2, and that four times.": (
        lambda self, data, n, size, eta: train(self, shuffled(data), size + 1, eta)
    ),
    "Its mini-batches have 3, 3, 1, 3, 3, 1, 3, 3, 1, 3, 3, 1 examples. Of 8 "
    "examples, in mini-batches of 3 and for 4 epochs, they should have 3, 3, 2, and that four times.": (
        lambda self, data, n, size, eta: train(self, shuffled(data)[1:], size, eta)
    ),
    "Its mini-batches have 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, ... examples. Of 8 "
    "examples, in mini-batches of 3 and for 4 epochs, they should have 3, 3, 2, and that four times.": (
        lambda self, data, n, size, eta: train(self, shuffled(data), size - 1, eta)
    ),
    "It does not take each example once in an epoch: some come twice, and others never.": (
        lambda self, data, n, size, eta: train(self, [data[(3 * n + k * k) % 8] for k in range(8)], size, eta)
    ),
    "It shuffles within the mini-batches only: each has the same examples in every epoch.": (
        lambda self, data, n, size, eta: train(self, sum(map(shuffled, cut(data, size)), []), size, eta)
    ),
    "Of 6 examples it makes mini-batches of 3, 3, 0. In threes they should have 3, 3.": (
        lambda self, data, n, size, eta: [
            self.update_mini_batch(batch, eta)
            for order in [shuffled(data)]
            for batch in [order[k * size : (k + 1) * size] for k in range(len(data) // size + 1)]
        ]
        and None
    ),
    "Of 6 examples it makes mini-batches of 2, 2, 2. In threes they should have 3, 3.": (
        lambda self, data, n, size, eta: [
            self.update_mini_batch(batch, eta)
            for order in [shuffled(data)]
            for batch in [order[k::size] for k in range(size)]
        ]
        and None
    ),
    "Of 7 examples it makes mini-batches of 3, 2, 2. In threes they should have 3, 3, 1.": (
        # As numpy.array_split cuts them.
        lambda self, data, n, size, eta: [
            self.update_mini_batch(batch, eta)
            for order, parts in [(shuffled(data), -(-len(data) // size))]
            for batch in sorted([order[k::parts] for k in range(parts)], key=len, reverse=True)
        ]
        and None
    ),
    "The examples stand in the same order in every epoch: they must be shuffled before each.": (
        lambda self, data, n, size, eta: train(self, data, size, eta)
    ),
    "It changes weights or biases besides the steps of update_mini_batch.": decaying,
}


@pytest.mark.parametrize("words", SGD_FAULTS)
def test_every_fault_of_sgd_is_named(words):
    def epoch(*args):
        answer = SGD_FAULTS[words](*args)
        return answer if isinstance(answer, list) else None

    assert verdict(with_sgd(epoch), "SGD") == Verdict("SGD", False, words)


def test_an_sgd_that_takes_its_numbers_in_another_order_or_trains_on_the_test_is_told():
    class Swapped(Network):
        def SGD(self, training_data, mini_batch_size, epochs, eta):
            super().SGD(training_data, epochs, mini_batch_size, eta)

    assert verdict(Swapped, "SGD").words == (
        "It takes epochs for mini_batch_size, and mini_batch_size for epochs."
    )

    class Cheating(Network):
        def SGD(self, training_data, epochs, mini_batch_size, eta, test_data=None):
            super().SGD(training_data, epochs, mini_batch_size, eta)
            if test_data:
                self.evaluate(test_data)
                self.update_mini_batch([(x, [0.0, 1.0]) for x, _ in test_data], eta)

    assert verdict(Cheating, "SGD").words == "It trains on test_data too, which should be kept for the test."


def test_a_right_sgd_is_right_however_it_is_written():
    right = with_sgd(lambda self, data, n, size, eta: train(self, shuffled(data), size, eta))
    assert verdict(right, "SGD") == Verdict("SGD", True)

    class Tuples(Network):
        """Batches as iterators, an η of its own type, and no test_data."""

        def SGD(self, training_data, epochs, mini_batch_size, eta):
            data = list(training_data)
            for _ in range(epochs):
                random.shuffle(data)
                for batch in cut(data, mini_batch_size):
                    self.update_mini_batch(iter(batch), eta)

    assert verdict(Tuples, "SGD") == Verdict("SGD", True)

    class Named(Network):
        """Every argument by its name, and more of them than the book has."""

        def update_mini_batch(self, mini_batch, eta, lmbda=0.0):
            super().update_mini_batch(mini_batch, eta)

        def evaluate(self, test_data, convert=True):
            return super().evaluate(test_data)

        def SGD(self, training_data, epochs, mini_batch_size, eta, test_data=None):
            for _ in range(epochs):
                for batch in cut(shuffled(training_data), mini_batch_size):
                    self.update_mini_batch(mini_batch=batch, eta=eta, lmbda=0.0)
                if test_data:
                    self.evaluate(test_data=test_data, convert=False)

    assert verdict(Named, "SGD") == Verdict("SGD", True)

    class Slots:
        """No attributes but its own: none can be put in their place."""

        __slots__ = ("net", "sizes")

        def __init__(self, sizes):
            self.net, self.sizes = Network(sizes), sizes

        biases = property(lambda self: self.net.biases, lambda self, b: setattr(self.net, "biases", b))
        weights = property(lambda self: self.net.weights, lambda self, w: setattr(self.net, "weights", w))

        def update_mini_batch(self, mini_batch, eta):
            self.net.update_mini_batch(mini_batch, eta)

        def SGD(self, training_data, epochs, mini_batch_size, eta):
            for _ in range(epochs):
                train(self, shuffled(training_data), mini_batch_size, eta)

    assert verdict(Slots, "SGD") == Verdict("SGD", True)


def test_sgd_must_evaluate_on_the_test_data():
    class Other(Network):
        def SGD(self, training_data, epochs, mini_batch_size, eta, test_data=None):
            for _ in range(epochs):
                train(self, shuffled(training_data), mini_batch_size, eta)
                if test_data:
                    self.evaluate([(x, 0) for x, _ in training_data])

    assert verdict(Other, "SGD").words == "It evaluates on other examples than those of test_data."


@pytest.mark.parametrize("share, ok", [(1.0, True), (3.0, False), (0.0, False), (-1.0, False)])
def test_an_sgd_that_steps_without_update_mini_batch_must_make_the_same_steps(share, ok):
    class Alone(Network):
        def SGD(self, training_data, epochs, mini_batch_size, eta):
            for _ in range(epochs):
                for batch in cut(shuffled(training_data), mini_batch_size):
                    gradients = [self.backprop(x, y) for x, y in batch]
                    step = share * eta / len(batch)
                    self.biases, self.weights = mistakes.stepped(self, gradients, [step] * len(batch))

    found = verdict(Alone, "SGD")
    assert found.ok is ok
    assert found.words == {
        1.0: "",
        0.0: "It changes nothing, and does not call update_mini_batch.",
    }.get(share, "Four equal examples in mini-batches of 3, for 2 epochs, must be four steps of their gradient.")


def test_an_sgd_that_raises_is_told_by_its_line():
    def SGD(self, *args, **kwargs):
        return [][0]

    found = verdict(planted(SGD=SGD), "SGD")
    assert found.ok is False
    assert found.words.startswith("it raises IndexError: list index out of range in line ")
    assert found.words.endswith("(SGD):\n    return [][0]")


# Methods that fail, hang or are not there.


def test_a_method_that_raises_is_told_with_the_line_and_the_sizes():
    def feedforward(self, a):
        return Network.feedforward(self, a) if len(self.sizes) < 4 else self.lost

    found = verdict(planted(feedforward=feedforward), "feedforward")
    assert found.ok is False
    assert found.words.startswith("With sizes [1, 1, 1, 1], it raises AttributeError: ")
    assert found.words.endswith(
        "(feedforward):\n    return Network.feedforward(self, a) if len(self.sizes) < 4 else self.lost"
    )
    assert found.example.splitlines()[-1].startswith("# should be [") and "# gives" not in found.example


def test_a_method_that_hangs_is_stopped_and_the_others_are_not_tried(monkeypatch):
    monkeypatch.setattr(strangers, "SECONDS", 0.3)

    def feedforward(self, a):
        while True:
            pass

    sigma = {name: staticmethod(feedforward) for name in METHODS[:2]}
    found = dict((v.method, v) for v in judge(planted(feedforward=feedforward, **sigma)))
    assert found["feedforward"].ok is False
    assert found["feedforward"].words.startswith(
        "With sizes [1, 1], it takes longer than 0.3 s and was stopped in line "
    )
    for method in set(METHODS) - {"feedforward"}:
        assert found[method] == Verdict(method, None, "not judged, since another one hangs")


def test_what_is_not_there_is_not_judged():
    class Bare(Clothed):
        def __init__(self, sizes):
            super().__init__(Network(sizes), FORMS[1])

    found = judge(Bare)
    assert [v.method for v in found if v.ok] == ["feedforward", "backprop"]
    assert all(v[1:] == (None, "not there", "") for v in found if not v.ok)


def test_weights_that_are_transposed_are_refused_before_every_method_is_called_wrong():
    class Transposed:
        def __init__(self, sizes):
            self.biases = [[0.0] * n for n in sizes[1:]]
            self.weights = [[[0.0] * n for _ in range(m)] for m, n in zip(sizes, sizes[1:])]

    with pytest.raises(ValueError, match=r"^Transposed\(\[2, 3\]\) gives no network: weights\[0\] has the"):
        judge(Transposed)


def test_a_class_that_gives_no_network_is_refused():
    class Greedy:
        def __init__(self, sizes, activation):
            pass

    with pytest.raises(
        ValueError, match=r"^Greedy\(\[1, 1\]\) gives no network: it raises TypeError: .*activation"
    ):
        judge(Greedy)

    class Empty:
        def __init__(self, sizes):
            pass

    with pytest.raises(
        ValueError, match=r"^Empty\(\[1, 1\]\) gives no network: it raises AttributeError: .*biases"
    ):
        judge(Empty)


def test_judging_changes_neither_the_cases_nor_the_class():
    cases, methods = copy.deepcopy(CASES), dict(vars(Network))
    judge(Network)
    judge(planted(update_mini_batch=lambda self, mini_batch, eta: self.biases[0].append(1.0)))
    assert CASES == cases and dict(vars(Network)) == methods and ETA == 0.6
