"""mistakes.py: what a mistake gives is found under its own words, and no two mistakes give the same everywhere."""

import functools
import random

import pytest

from purenet import mistakes
from purenet.conformance import CASES, ETA
from purenet.forms import numbers
from purenet.matrix import subtract
from purenet.mistakes import is_close, looked_up
from purenet.network import sigmoid, sigmoid_prime

# Square networks come first, as they do when a network is judged: in them every mistake is possible.
SQUARE_FIRST = sorted(CASES, key=lambda case: (len(set(case.sizes)) == 1, sum(case.sizes)), reverse=True)


@functools.cache
def zs():
    return [(z,) for z in (-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 5.0)]


@functools.cache
def networks():
    return [(case.biases, case.weights, case.examples[0][0]) for case in SQUARE_FIRST]


@functools.cache
def outputs():
    pairs = [(case.twin().feedforward(case.examples[0][0]), case.examples[0][1]) for case in SQUARE_FIRST]
    return [(a, y, subtract(a, y)) for a, y in pairs]


@functools.cache
def answered():
    rng = random.Random(1)
    lists = []
    for case in SQUARE_FIRST:
        inputs = [[rng.gauss(0, 2) for _ in range(case.sizes[0])] for _ in range(40)]
        lists.append(([(case.twin().feedforward(x), x, rng.randrange(case.sizes[-1])) for x in inputs],))
    return lists


@functools.cache
def steps():
    arguments = []
    for case in SQUARE_FIRST:
        net, examples = case.twin(), case.examples[:3]
        arguments.append((net, [net.backprop(x, y) for x, y in examples], examples, ETA))
    return arguments


def listed(table):
    """The functions of the table that give a number as functions that give a list."""
    return {words: lambda *values, f=f: [f(*values)] for words, f in table.items()}


TABLES = {
    "SIGMOIDS": (listed(mistakes.SIGMOIDS), zs, lambda z: [sigmoid(z)]),
    "SIGMA_PRIMES": (listed(mistakes.SIGMA_PRIMES), zs, lambda z: [sigmoid_prime(z)]),
    "FEEDFORWARDS": (mistakes.FEEDFORWARDS, networks, mistakes._fed),
    "COST_DERIVATIVES": (mistakes.COST_DERIVATIVES, outputs, lambda a, y, nabla_a: nabla_a),
    "EVALUATIONS": (
        listed(mistakes.EVALUATIONS),
        answered,
        lambda outputs: [sum(a.index(max(a)) == digit for a, _, digit in outputs)],
    ),
    "STEPS": (mistakes.STEPS, steps, mistakes.STEPS[mistakes.NONE]),
}


@pytest.mark.parametrize("name, words", [(name, words) for name in TABLES for words in TABLES[name][0]])
def test_every_mistake_is_looked_up_by_what_it_gives(name, words):
    table, arguments, right = TABLES[name]
    possible, answers, differs = [], [], False
    for values in arguments():
        try:
            answers.append(table[words](*values))
        except (ValueError, IndexError, ZeroDivisionError):
            continue
        possible.append(values)
        wanted = right(*values)
        differs = differs or not is_close(answers[-1], wanted)
    assert differs == (words != mistakes.NONE), "a mistake that gives what is right is none"
    wrong = [
        k
        for k, values in enumerate(possible)
        if words == mistakes.NONE or not is_close(answers[k], right(*values))
    ]
    assert looked_up(table, [possible[k] for k in wrong], [answers[k] for k in wrong]) == words


def test_what_is_no_known_mistake_is_not_found():
    assert (
        looked_up(mistakes.COST_DERIVATIVES, outputs(), [[7.0 + k for k in a] for a, _, _ in outputs()])
        is None
    )
    # All answers must be explained by one mistake.
    first, second, *_ = outputs()
    answers = [[-d for d in first[2]], [2 * d for d in second[2]]]
    assert looked_up(mistakes.COST_DERIVATIVES, [first, second], answers) is None


@pytest.mark.parametrize(
    "got, wanted, close",
    [
        ([1.0], [1.0 + 5e-6], True),
        ([1.0], [1.0 + 2e-5], False),
        ([0.0], [5e-9], True),
        ([0.0], [2e-8], False),
        ([1.0], [1.0, 2.0], False),
        ([[1.0], 2], [1.0, 2.0], True),
        ([float("nan")], [float("nan")], False),
    ],
)
def test_close_is_what_a_finite_difference_may_be_off(got, wanted, close):
    assert is_close(got, wanted) is close


def test_a_step_leaves_the_network_alone():
    for values in steps()[:1]:
        before = numbers([values[0].biases, values[0].weights])
        for step in mistakes.STEPS.values():
            step(*values)
            assert numbers([values[0].biases, values[0].weights]) == before
