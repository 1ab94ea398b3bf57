"""mistakes.py: every entry is a mistake, no two of a table are the same, and each is found by its answers."""

import math
import random

import pytest

from purenet.checker import backward, mistakes
from purenet.checker.backward import forward, played
from purenet.checker.cases import CASES
from purenet.checker.mistakes import NONE, is_close, looked_up
from purenet.checker.trial import ETA
from purenet.network import Network

ZS = [-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 5.0]
PASSES = [forward(case.biases, case.weights, *case.examples[0]) for case in CASES]


def outputs_of(case):
    """Four outputs with inputs and digits, as evaluate has them."""
    rng = random.Random(3)
    data = [([rng.gauss(0, 2) for _ in x], rng.randrange(case.sizes[-1])) for x, _ in case.examples * 4]
    return [(case.twin().feedforward(x), x, digit) for x, digit in data]


def stepped_from(case):
    net = case.twin()
    return net, [net.backprop(x, y) for x, y in case.examples[:3]], case.examples[:3], ETA


def listed(table):
    """The functions of one number, giving lists."""
    return {words: lambda *values, f=f: [f(*values)] for words, f in table.items()}


# (name, table, the arguments in every case, what is right).
TABLES = [
    ("SIGMOIDS", listed(mistakes.SIGMOIDS), [(z,) for z in ZS], lambda z: [1 / (1 + math.exp(-z))]),
    (
        "SIGMA_PRIMES",
        listed(mistakes.SIGMA_PRIMES),
        [(z,) for z in ZS],
        lambda z: [math.exp(-z) / (1 + math.exp(-z)) ** 2],
    ),
    (
        "FEEDFORWARDS",
        mistakes.FEEDFORWARDS,
        [(case.biases, case.weights, case.examples[0][0]) for case in CASES],
        lambda biases, weights, x: forward(biases, weights, x, [0.0] * len(biases[-1])).activations[-1],
    ),
    (
        "COST_DERIVATIVES",
        mistakes.COST_DERIVATIVES,
        [(p.activations[-1], p.y, p.nabla_a) for p in PASSES],
        lambda a, y, nabla_a: [p - t for p, t in zip(a, y)],
    ),
    (
        "EVALUATIONS",
        listed(mistakes.EVALUATIONS),
        [(outputs_of(case),) for case in CASES],
        lambda tested: [sum(a.index(max(a)) == digit for a, _, digit in tested)],
    ),
    (
        "STEPS",
        {words: f for words, f in mistakes.STEPS.items() if words != NONE},
        [stepped_from(case) for case in CASES[::2]],  # One of each sizes: every step takes long.
        mistakes.STEPS[NONE],
    ),
    *(
        (
            step,
            {words: lambda p, one=(step, words): played(p, [one]) for words in table},
            [(p,) for p in PASSES],
            played,
        )
        for step, table in backward.MISTAKES.items()
    ),
]


def answers(function, arguments):
    """What it gives in every case, None where it is not possible."""
    given = []
    for values in arguments:
        try:
            given.append(function(*values))
        except (ValueError, IndexError, ZeroDivisionError):
            given.append(None)
    return given


def differ(some, others):
    """Whether two lists of answers tell two mistakes apart in a case that both are possible in."""
    return any(a is not None and b is not None and not is_close(a, b) for a, b in zip(some, others))


@pytest.mark.parametrize("name, table, arguments, right", TABLES, ids=[table[0] for table in TABLES])
def test_every_entry_is_a_mistake_and_no_two_of_a_table_are_the_same(name, table, arguments, right):
    wanted = answers(right, arguments)
    given = {words: answers(function, arguments) for words, function in table.items()}
    assert None not in wanted
    for words, some in given.items():
        assert differ(some, wanted), f"{words!r} is right"
        for others in given:
            assert others == words or differ(some, given[others]), f"{words!r} and {others!r} are the same"


@pytest.mark.parametrize("name, table, arguments, right", TABLES[:6], ids=[table[0] for table in TABLES[:6]])
def test_every_entry_is_looked_up_by_its_answers(name, table, arguments, right):
    wanted = answers(right, arguments)
    for words, function in table.items():
        given = answers(function, arguments)
        wrong = [
            (values, answer)
            for values, answer, is_right in zip(arguments, given, wanted)
            if answer is not None and not is_close(answer, is_right)
        ]
        wrong.sort(key=lambda pair: len(repr(pair[0])), reverse=True)
        assert looked_up(table, *zip(*wrong)) == words


def test_the_first_answer_must_show_the_mistake_and_the_others_may_be_impossible():
    table = {"half": lambda n: [1 / n], "root": lambda n: [math.sqrt(n)], "third": lambda n: [[][n]]}
    assert looked_up(table, [(4,), (9,)], [[2.0], [3.0]]) == "root"
    assert looked_up(table, [(4,), (9,)], [[2.0], [0.1]]) is None
    assert looked_up(table, [(4,), (0,)], [[0.25], [7.0]]) == "half"
    assert looked_up(table, [(4,), (-1,)], [[2.0], [7.0]]) == "root"
    assert looked_up(table, [(0,), (4,)], [[7.0], [0.25]]) is None
    assert looked_up(table, [(4,), (0,)], [[0.125], [7.0]]) is None
    assert looked_up(table, [(1,)], [[1.0]]) == "half"


@pytest.mark.parametrize(
    "got, wanted, close",
    [
        ([1.0], [1.0], True),
        ([1.0 + 0.9e-5], [1.0], True),
        ([1.0 + 1.1e-5], [1.0], False),
        ([1e-9], [0.0], True),
        ([1.1e-8], [0.0], False),
        ([[1.0], [2.0]], [1.0, (2.0,)], True),
        ([1.0, 2.0], [1.0], False),
        ([1.0, 2.0], [1.0, 2.1], False),
        ([math.nan], [math.nan], False),
    ],
)
def test_what_is_close(got, wanted, close):
    assert is_close(got, wanted) is close and is_close(wanted, got) is close


def test_a_step_by_hand():
    net = Network([1, 1])
    net.biases, net.weights = [[1.0]], [[[2.0]]]
    gradients = [([[0.5]], [[[1.0]]]), ([[0.25]], [[[-2.0]]])]
    assert mistakes.stepped(net, gradients, [2.0, 4.0]) == ([[-1.0]], [[[8.0]]])
    assert (net.biases, net.weights) == ([[1.0]], [[[2.0]]])
