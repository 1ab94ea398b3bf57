"""conformance.py: right networks are called right, and of wrong ones the method and the mistake are named."""

import random
from math import log

import pytest

from purenet import conformance, diagnosis, mistakes, network, strangers
from purenet.matrix import subtract
from purenet.network import Network


def wrong(network_class):
    """(method, words) of what is wrong with the class, in the order of METHODS."""
    return [
        (verdict.method, verdict.words) for verdict in conformance.judge(network_class) if verdict.ok is False
    ]


def test_purenets_own_network_is_right_in_every_method():
    verdicts = conformance.judge(Network)
    assert [verdict.method for verdict in verdicts] == conformance.METHODS
    assert all(verdict == (verdict.method, True, "", "") for verdict in verdicts)


class Columns(Network):
    """Columns as lists in its API, flat lists within."""

    def __init__(self, sizes):
        super().__init__(sizes, random.Random(0))
        self.biases = [[[b] for b in layer] for layer in self.biases]

    def _flat(self):
        net = Network(self.sizes, random.Random(0))
        net.biases, net.weights = [[b for [b] in layer] for layer in self.biases], self.weights
        return net

    def feedforward(self, a):
        return [[v] for v in self._flat().feedforward([v for [v] in a])]

    def backprop(self, x, y):
        nabla_b, nabla_w = self._flat().backprop([v for [v] in x], [v for [v] in y])
        return [[[b] for b in layer] for layer in nabla_b], nabla_w

    def cost_derivative(self, output_activations, y):
        return [[a - t] for [a], [t] in zip(output_activations, y)]

    def update_mini_batch(self, mini_batch, eta):
        net = self._flat()
        net.update_mini_batch([([v for [v] in x], [v for [v] in y]) for x, y in mini_batch], eta)
        self.biases, self.weights = [[[b] for b in layer] for layer in net.biases], net.weights

    def evaluate(self, test_data):
        return self._flat().evaluate([([v for [v] in x], digit) for x, digit in test_data])

    def SGD(self, training_data, epochs, mini_batch_size, eta, test_data=None):
        for _ in range(epochs):
            training_data = random.sample(training_data, len(training_data))
            for k in range(0, len(training_data), mini_batch_size):
                self.update_mini_batch(training_data[k : k + mini_batch_size], eta)


def test_columns_are_as_right_as_flat_lists():
    assert not wrong(Columns)


class CrossEntropy(Network):
    def cost(self, x, y):
        return -sum(t * log(a) + (1 - t) * log(1 - a) for a, t in zip(self.feedforward(x), y))

    def cost_derivative(self, output_activations, y):
        return [(a - t) / (a * (1 - a)) for a, t in zip(output_activations, y)]


def test_a_subclass_with_a_cost_of_its_own_is_judged_by_that():
    assert not wrong(CrossEntropy)
    without = type("Without", (CrossEntropy,), {"cost": Network.cost})
    assert wrong(without)[0][0] == "cost_derivative" and "cross-entropy" in wrong(without)[0][1]
    sign = {"cost_derivative": lambda self, a, y: [-d for d in CrossEntropy.cost_derivative(self, a, y)]}
    assert wrong(type("Sign", (CrossEntropy,), sign))[0] == (
        "cost_derivative",
        "The sign is wrong: y − a stands for a − y.",
    )


def planted(method, function):
    return type("Planted", (Network,), {method: function})


def backprop_with(*mistake):
    def backprop(self, x, y):
        return diagnosis.played(diagnosis.forward(self.biases, self.weights, x, y), mistake)

    return backprop


FORGOT = ("hidden", "in the hidden layers, σ′(z) is left out")
NOT_TRANSPOSED = ("back", "the error is sent back through w instead of wᵀ")
SUMMED = "The gradients are summed, not averaged: the step is not divided by the size of the mini-batch."


def step_with(words):
    def update_mini_batch(self, mini_batch, eta):
        net = Network(self.sizes, random.Random(0))
        net.biases, net.weights = self.biases, self.weights
        gradients = [net.backprop(x, y) for x, y in mini_batch]
        self.biases, self.weights = mistakes.STEPS[words](net, gradients, mini_batch, eta)

    return update_mini_batch


def carrying(self, mini_batch, eta, carried=[]):  # noqa: B006, for that is the mistake.
    Network.update_mini_batch(self, mini_batch, eta)
    key = getattr(self, "steps", 0)
    self.steps = key + 1
    if key:
        self.biases = [[b + 0.1 for b in layer] for layer in self.biases]


def trained(
    cut=lambda data, k, size: data[k : k + size],
    epochs=lambda n: n,
    shuffle=random.shuffle,
    eta=lambda e, n: e,
):
    def SGD(self, training_data, epoch_count, mini_batch_size, step, test_data=None):
        training_data = list(training_data)
        for epoch in range(epochs(epoch_count)):
            shuffle(training_data)
            for k in range(0, len(training_data), mini_batch_size):
                mini_batch = cut(training_data, k, mini_batch_size)
                if mini_batch:
                    self.update_mini_batch(mini_batch, eta(step, epoch))
            if test_data:
                self.evaluate(test_data)

    return SGD


def apart(training_data):
    xs, ys = map(list, zip(*training_data))
    random.Random(5).shuffle(xs)
    training_data[:] = zip(xs, ys)


def other_test_data(self, training_data, epochs, mini_batch_size, eta, test_data=None):
    Network.SGD(self, training_data, epochs, mini_batch_size, eta)
    self.evaluate([(x, 0) for x, _ in training_data])


def reset(self, training_data, epochs, mini_batch_size, eta, test_data=None):
    Network.SGD(self, training_data, epochs, mini_batch_size, eta)
    self.biases = [[0.0 for _ in layer] for layer in self.biases]


def alone(self, training_data, epochs, mini_batch_size, eta, test_data=None, factor=1.0):
    for _ in range(epochs):
        training_data = random.sample(training_data, len(training_data))
        for k in range(0, len(training_data), mini_batch_size):
            Network.update_mini_batch(self, training_data[k : k + mini_batch_size], factor * eta)


def alone_and_wrong(self, *arguments, **others):
    alone(self, *arguments, factor=2.0, **others)


@pytest.mark.parametrize(
    "method, function, words",
    [
        ("sigmoid", staticmethod(network.sigmoid_prime), "It is σ′ instead of σ."),
        ("sigmoid_prime", staticmethod(lambda z: 1.0), "It is 1 everywhere."),
        (
            "feedforward",
            lambda self, a: mistakes._fed(self.biases, self.weights, a, plain_layers=[-1]),
            "σ is left out in the last layer.",
        ),
        (
            "feedforward",
            lambda self, a: [random.random() for _ in self.biases[-1]],
            "With sizes [1, 1], it gives another answer when it is called again",
        ),
        ("feedforward", lambda self, a: [0.5 for _ in self.biases[-1]], conformance.UNKNOWN),
        (
            "feedforward",
            lambda self, a: [0.5] * 9,
            "With sizes [1, 1], feedforward gives [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], not a vector of 1 numbers",
        ),
        ("cost_derivative", lambda self, a, y: subtract(y, a), "The sign is wrong: y − a stands for a − y."),
        ("backprop", backprop_with(FORGOT), "In the hidden layers, σ′(z) is left out."),
        (
            "backprop",
            lambda self, x, y: None,
            "With sizes [1, 1], backprop gives NoneType, not the pair of lists (nabla_b, nabla_w)",
        ),
        ("update_mini_batch", step_with(SUMMED), SUMMED),
        ("update_mini_batch", lambda self, mini_batch, eta: None, "It changes nothing."),
        ("update_mini_batch", carrying, conformance.CARRIED),
        ("evaluate", lambda self, test_data: len(list(test_data)), "It counts every example."),
        (
            "SGD",
            trained(cut=lambda data, k, size: data[k : k + size] if k + size <= len(data) else []),
            "It leaves out the last mini-batch of an epoch, which is shorter: 2 of 8 examples.",
        ),
        ("SGD", trained(epochs=lambda n: 1), "It trains for 1 epochs, where it was given 3."),
        (
            "SGD",
            trained(cut=lambda data, k, size: data[:size]),
            "It takes the same mini-batch again and again.",
        ),
        (
            "SGD",
            trained(cut=lambda data, k, size: data[k : k + size - 1]),
            "It cuts 8 examples into mini-batches of [2, 2, 2], where it was told to take 3.",
        ),
        (
            "SGD",
            trained(cut=lambda data, k, size: (data[1:] + data[1:2])[k : k + size]),
            "It does not take each example once in an epoch: some come twice, and others never.",
        ),
        (
            "SGD",
            trained(shuffle=lambda data: None),
            "The examples stand in the same order in every epoch: they must be shuffled before each.",
        ),
        (
            "SGD",
            trained(shuffle=apart),
            "It gives an x the y of another example: they must be shuffled together.",
        ),
        (
            "SGD",
            trained(eta=lambda e, n: e / 2**n),
            "It calls update_mini_batch with an η of 0.3, where it was given 0.6.",
        ),
        ("SGD", reset, "It changes weights or biases besides the steps of update_mini_batch."),
        ("SGD", other_test_data, "It evaluates on other examples than those of test_data."),
        (
            "SGD",
            alone_and_wrong,
            "Four equal examples in mini-batches of 3, for 2 epochs, must be four steps of their gradient.",
        ),
    ],
)
def test_a_planted_mistake_is_named_in_the_first_method_that_has_it(method, function, words):
    assert wrong(planted(method, function))[0] == (method, words)


def test_sgd_need_not_call_update_mini_batch():
    assert not wrong(planted("SGD", alone))


def test_a_method_that_fails_in_some_shapes_is_told_with_its_mistake_and_its_line():
    method, words = wrong(planted("backprop", backprop_with(NOT_TRANSPOSED)))[0]
    first, second = words.split("\n", 1)
    assert (method, first) == ("backprop", "The error is sent back through w instead of wᵀ.")
    assert second.startswith(
        "With sizes [2, 3, 2], it raises ValueError: matvec(w, a): the shapes (2, 3) and (2,)"
    )
    assert "return diagnosis.played(" in second


def test_what_is_right_in_its_own_way_is_said_so():
    takes_a = type("TakesA", (Network,), {"sigmoid_prime": staticmethod(lambda a: a * (1 - a))})
    remarks = {verdict.method: verdict.words for verdict in conformance.judge(takes_a) if verdict.ok}
    assert remarks["sigmoid_prime"] == "It takes a = σ(z) instead of z, and backprop gives it that."
    verdicts = {
        verdict.method: verdict for verdict in conformance.judge(planted("backprop", backprop_with(FORGOT)))
    }
    assert not verdicts["backprop"].ok
    own = type(
        "Own", (Network,), {"backprop": backprop_with(FORGOT), "update_mini_batch": steps_by_its_own_backprop}
    )
    verdict = {verdict.method: verdict for verdict in conformance.judge(own)}["update_mini_batch"]
    assert verdict.ok and verdict.words == "It makes the right step of what backprop gives, which is wrong."


def steps_by_its_own_backprop(self, mini_batch, eta):
    gradients = [self.backprop(x, y) for x, y in mini_batch]
    self.biases, self.weights = mistakes.stepped(self, gradients, [eta / len(gradients)] * len(gradients))


def test_a_hanging_method_ends_the_trial(monkeypatch):
    monkeypatch.setattr(strangers, "SECONDS", 0)

    def feedforward(self, a):
        while True:
            pass

    verdicts = conformance._Trial.__new__(conformance._Trial)
    verdicts.network_class, verdicts.path = planted("feedforward", feedforward), __file__
    verdicts.own_cost, verdicts.verdicts, verdicts.hangs = False, {}, False
    verdict = verdicts.feedforward()
    assert verdict.ok is False and "it takes longer than 0 s and was stopped" in verdict.words
    assert verdicts.evaluate() == ("evaluate", None, "not judged, since another one hangs", "")


def test_the_example_can_be_pasted_and_gives_what_it_says():
    verdicts = conformance.judge(planted("backprop", backprop_with(FORGOT)))
    first = next(verdict for verdict in verdicts if verdict.ok is False)
    lines = first.example.split("\n")
    code = [line for line in lines if not line.startswith(("#", "from "))]
    scope = {"Planted": planted("backprop", backprop_with(FORGOT))}
    exec("\n".join(code[:-1]), scope)
    answer = eval(code[-1], scope)
    assert lines[-3] == f"# gives     {conformance._rounded(answer)}"
    assert lines[-2].startswith("# should be ") and lines[-1].startswith("# measured  ")
    assert lines[-2].split(maxsplit=3)[-1] == lines[-1].split(maxsplit=2)[-1].rpartition(",")[0]


def test_a_class_that_makes_no_network_is_refused():
    with pytest.raises(ValueError, match=r"NoSizes\(\[1, 1\]\) gives no network: it raises TypeError"):
        conformance.judge(type("NoSizes", (), {}))
