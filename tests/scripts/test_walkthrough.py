"""scripts/walkthrough.py prints what purenet.display.walkthrough works out, for the arguments it is given."""

import random

import pytest
from commands import called

from purenet.display import walkthrough
from purenet.display.equations import spelling
from purenet.network import Network


def run(*arguments, encoding="utf-8"):
    status, out, err = called("walkthrough.py", *arguments, encoding=encoding)
    assert (status, err) == (0, "")
    return out


def drawn(sizes, seed):
    """The network of the seed, with one decimal, and the x and y that are drawn after it."""
    rng = random.Random(seed)
    net = Network(sizes, rng)
    net.biases = [[round(v, 1) for v in b] for b in net.biases]
    net.weights = [[[round(v, 1) for v in row] for row in w] for w in net.weights]
    x = [round(rng.random(), 1) for _ in range(sizes[0])]
    return net, x, [float(round(rng.random())) for _ in range(sizes[-1])]


def test_without_arguments_it_takes_a_step_of_2_3_and_1_neurons():
    net, x, y = drawn([2, 3, 1], 574)
    assert run() == walkthrough.text(walkthrough.sections(net, x, y, 3.0)) + "\n"


def test_the_arguments_say_what_step_and_the_terminal_says_which_symbols():
    net, _, _ = drawn([3, 2, 2], 7)
    arguments = ["--sizes", 3, 2, 2, "--seed", 7, "--eta", "-1e-3", "--x", -2, ".5", "1e3", "--y", 0.25, "-.5"]
    sections = walkthrough.sections(net, [-2.0, 0.5, 1000.0], [0.25, -0.5], -0.001)
    assert run(*arguments) == walkthrough.text(sections) + "\n"
    sections.update(walkthrough.curves())
    for encoding in "utf-8", "cp437":
        expected = walkthrough.text(sections, spelling(encoding)) + "\n"
        assert run(*arguments, "--plot", encoding=encoding) == expected
    assert run("--help", encoding="ascii").isascii()


@pytest.mark.parametrize(
    "arguments, reason",
    [
        (["--sizes", "784", "30", "10"], "--sizes: 784 is not a whole number from 1 to 5; larger layers do"),
        (["--sizes", "2", "-3"], "--sizes: -3 is not a whole number from 1 to 5"),
        (["--sizes", "2", "three"], "--sizes: three is not a whole number"),
        (["--sizes", "2"], "--sizes: a network has two layers or more"),
        (["--sizes"], "--sizes: expected at least one argument"),
        (["--x", "1"], "--x: 1 given, where a network of [2, 3, 1] takes 2"),
        (["--sizes", "2", "2", "--y", "1"], "--y: 1 given, where a network of [2, 2] takes 2"),
        (["--x", "nan", "0"], "--x: nan is not a number from -1000 to 1000"),
        (["--x", "0", "-inf"], "--x: -inf is not a number from -1000 to 1000"),
        (["--y", "yes"], "--y: yes is not a number from -1000 to 1000"),
        (["--eta", "-1e300"], "--eta: -1e300 is not a number from -1000 to 1000"),
        (["--seed", "0.5"], "--seed: invalid int value: '0.5'"),
    ],
)
def test_bad_arguments_get_a_sentence(arguments, reason):
    status, out, err = called("walkthrough.py", *arguments)
    assert (status, out) == (2, "") and err.startswith("usage: ")
    assert err.splitlines()[-1].startswith(f"walkthrough.py: error: argument {reason}")
