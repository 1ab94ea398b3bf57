"""scripts/walkthrough.py, run as a person runs it: every number that it prints is the network's own."""

import copy
import inspect
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from commands import called
from hypothesis import example, given, settings
from hypothesis import strategies as st

from purenet.network import Network, sigmoid, sigmoid_prime

PROJECT = Path(__file__).resolve().parents[2]
DEFAULT = [2, 3, 1], 574
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
ROW = re.compile(r"([\[⎡⎢⎣])([^\]⎤⎥⎦]*)[\]⎤⎥⎦]")
NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]\d+)?")


def start(*arguments, encoding="utf-8", **options):
    return subprocess.Popen(
        [sys.executable, str(PROJECT / "scripts" / "walkthrough.py"), *map(str, arguments)],
        cwd=tempfile.gettempdir(),
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUNBUFFERED": ""},
        encoding=encoding,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


def run(*arguments, encoding="utf-8"):
    status, out, err = called("walkthrough.py", *arguments, encoding=encoding)
    assert (status, err) == (0, "")
    return out


def network(sizes, seed):
    """The network of the seed, with one decimal, and the x and y that are drawn after it."""
    rng = random.Random(seed)
    net = Network(sizes, rng)
    net.biases = [[round(v, 1) for v in b] for b in net.biases]
    net.weights = [[[round(v, 1) for v in row] for row in w] for w in net.weights]
    x = [round(rng.random(), 1) for _ in range(sizes[0])]
    return net, x, [float(round(rng.random())) for _ in range(sizes[-1])]


def shown(out):
    """(number, formula, matrices, other numbers) of each equation; a matrix is a list of rows of texts."""
    equations = []
    for number, formula, below in re.findall(r"^\((\d)\) (.*)\n((?: .*\n|\n)*)", out, re.MULTILINE):
        matrices, band, unfinished = [], {}, set()
        for line in below.splitlines():
            for row in ROW.finditer(line):
                if row[1] in "[⎡":
                    band[row.start()] = []
                    unfinished.add(row.start())
                band[row.start()].append(row[2].split())
                if row[1] in "[⎣":
                    unfinished.remove(row.start())
            # The highest matrix of those beside each other is the last to end.
            if not unfinished:
                matrices += [band[column] for column in sorted(band)]
                band = {}
        equations.append((int(number), formula, matrices, NUMBER.findall(ROW.sub("", below))))
    return equations


def worked_out(net, x, y, eta):
    """What `shown` should give, from the methods of Network and loops."""
    activations, deltas = net._activations_and_deltas(x, y)
    nabla_b, nabla_w = net.backprop(x, y)
    after = copy.deepcopy(net)
    after.update_mini_batch([(x, y)], eta)
    zs = [
        [sum(v * a for v, a in zip(row, activations[l])) + b for row, b in zip(w, net.biases[l])]
        for l, w in enumerate(net.weights)
    ]
    last, answer = len(zs), net.feedforward(x)

    def cost(number, net):
        a = net.feedforward(x)
        difference = [v - u for u, v in zip(a, y)]
        return number, f"C = ½‖y − a{last}‖²", [y, a, difference], [net.cost(x, y)]

    for l in range(1, last + 1):
        w, a, b, z = net.weights[l - 1], activations[l - 1], net.biases[l - 1], zs[l - 1]
        yield 1, f"z{l} = w{l} a{l - 1} + b{l}", [w, a, b, z], []
        yield 2, f"a{l} = σ(z{l})", [z, activations[l]], []
    yield cost(3, net)
    nabla_a = net.cost_derivative(answer, y)
    yield 4, f"∂C/∂a{last} = a{last} − y", [answer, y, nabla_a], []
    slope = sigmoid_prime(zs[-1])
    rows = [nabla_a, zs[-1], nabla_a, slope, deltas[-1]]
    yield 5, f"δ{last} = ∂C/∂a{last} ⊙ σ′(z{last})", rows, []
    for l in range(last - 1, 0, -1):
        w, delta, z = net.weights[l], deltas[l], zs[l - 1]
        turned = [[row[k] for row in w] for k in range(net.sizes[l])]
        sums = [sum(v * d for v, d in zip(row, delta)) for row in turned]
        rows = [turned, delta, z, sums, sigmoid_prime(z), deltas[l - 1]]
        yield 6, f"δ{l} = w{l + 1}ᵀ δ{l + 1} ⊙ σ′(z{l})", rows, []
    for l in range(1, last + 1):
        yield 7, f"∂C/∂b{l} = δ{l}", [nabla_b[l - 1]], []
    for l in range(1, last + 1):
        rows = [deltas[l - 1], [activations[l - 1]], nabla_w[l - 1]]
        yield 8, f"∂C/∂w{l} = δ{l} a{l - 1}ᵀ", rows, []
    for l in range(1, last + 1):
        rows = [net.biases[l - 1], nabla_b[l - 1], after.biases[l - 1]]
        yield 9, f"b{l} ← b{l} − η ∂C/∂b{l}", rows, [eta]
    for l in range(1, last + 1):
        rows = [net.weights[l - 1], nabla_w[l - 1], after.weights[l - 1]]
        yield 9, f"w{l} ← w{l} − η ∂C/∂w{l}", rows, [eta]
    yield cost(3, after)


def unit(text):
    """One in the last place of a number that is shown."""
    digits, _, exponent = text.partition("e")
    return 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))


def check_numbers(texts, numbers):
    """The texts are the numbers, rounded, and the largest of them to three digits at the least."""
    assert len(texts) == len(numbers) and max(map(len, texts)) <= len("-1.23e-217")
    for text, number in zip(texts, numbers):
        # The hundredth is for sums that were added up in another order.
        assert abs(float(text) - number) <= 0.51 * unit(text)
        assert float(text) or not text.startswith("-")
    largest, text = max((abs(number), text) for text, number in zip(texts, numbers))
    exact = all(float(text) == number for text, number in zip(texts, numbers))
    assert exact or unit(text) <= largest / 99


def check_equations(out, net, x, y, eta):
    equations, expected = shown(out), list(worked_out(net, x, y, eta))
    assert [formula for _, formula, *_ in equations] == [
        re.sub("([abwzδ])(\\d+)", lambda name: name[1] + name[2].translate(SUBSCRIPTS), formula)
        for _, formula, *_ in expected
    ]
    for (number, _, matrices, others), (n, _, lists, numbers) in zip(equations, expected):
        lists = [rows if isinstance(rows[0], list) else [[entry] for entry in rows] for rows in lists]
        assert number == n
        assert [list(map(len, matrix)) for matrix in matrices] == [list(map(len, rows)) for rows in lists]
        for matrix, rows in zip(matrices, lists):
            check_numbers(sum(matrix, []), sum(rows, []))
        assert len(others) == len(numbers)
        for text, value in zip(others, numbers):
            check_numbers([text], [value])


def check_difference(out, net, x, y):
    """The finite difference of the weight that is named; gives how many digits are said to agree."""
    place = r"net\.weights\[0\]\[(\d)\]\[(\d)\], the weight from input (\d) to neuron (\d) of"
    j, k, *places = map(int, re.search(place, out.replace("\n", " ")).groups())
    assert places == [k + 1, j + 1]
    nabla_b, nabla_w = net.backprop(x, y)
    slope = nabla_w[0][j][k]
    assert abs(slope) == max(abs(v) for row in nabla_w[0] for v in row)
    costs = []
    for epsilon in 0.00001, -0.00001:
        moved = copy.deepcopy(net)
        moved.weights[0][j][k] += epsilon
        costs.append(moved.cost(x, y))
    difference = costs[0] - costs[1]
    rows = re.search(r"what the cost does\.\n\n((?:    .*\n)*)", out)[1]
    *texts, agreed = (row[30:].strip() for row in rows.splitlines())
    for text, value in zip(texts, [*costs, difference, difference / 0.00002, slope]):
        assert text == f"{round(value, 14) + 0.0:.14f}"
    assert len(texts) == 5
    differ = [k for k, (p, q) in enumerate(zip(*texts[3:])) if p != q]
    assert agreed == texts[3][: differ[0] if differ else None]
    return len(agreed.lstrip("-0."))


extremes = st.sampled_from([0.0, 1.0, -1.0, 1000.0, -1000.0, -1e-30])
numbers = extremes | st.floats(-1000, 1000) | st.floats(-2, 2)
vectors = st.lists(numbers, min_size=5, max_size=5)


@settings(max_examples=10)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=5), st.integers(), vectors, vectors, numbers)
@example([5, 5, 5], 0, [1000.0, -1e-30, -0.0, 1000.0, 1000.0], [-1000.0] * 5, -999.999)
@example([1] * 40, 1, [0.0] * 5, [1.0] * 5, 0.0)
@example([1, 5, 5], 2, [0.5] * 5, [-1000.0] * 5, 1000.0)
def test_every_number_is_the_networks_and_every_line_fits(sizes, seed, x, y, eta):
    net, _, _ = network(sizes, seed)
    x, y = x[: sizes[0]], y[: sizes[-1]]
    arguments = ["--sizes", *sizes, "--seed", seed, "--eta", repr(eta)]
    arguments += ["--x", *map(repr, x), "--y", *map(repr, y), "--plot"]
    out, plain = run(*arguments), run(*arguments, encoding="ascii")
    assert max(map(len, (out + plain).splitlines())) <= 80
    check_equations(out, net, x, y, eta)
    check_difference(out, net, x, y)
    # A matrix below another does not look like a part of it.
    assert not re.search("⎣.*\n.*⎡", out)
    # The longer names may move what stands beside them, but change no number.
    assert sorted(row[2] for row in ROW.finditer(plain)) == sorted(row[2] for row in ROW.finditer(out))


def test_the_default_is_worth_looking_at():
    out = run()
    assert start().communicate() == (out, "")
    net, x, y = network(*DEFAULT)
    check_equations(out, net, x, y, 3.0)
    assert check_difference(out, net, x, y) >= 8
    after = copy.deepcopy(net)
    after.update_mini_batch([(x, y)], 3.0)
    assert f"The cost was {net.cost(x, y):.4f} and is {after.cost(x, y):.4f} now." in out
    assert after.cost(x, y) < net.cost(x, y) / 2
    assert "each of the 13 weights and biases" in out
    assert min(abs(v) for w in net.backprop(x, y)[1] for row in w for v in row) > 0.01


def test_a_step_that_raises_the_cost_is_not_praised():
    assert "is many such steps" in run("--eta", 0.1)
    out = run("--eta", -3)
    before, after = map(float, re.search(r"The cost was (\S+) and is (\S+) now\.", out).groups())
    assert after > before and "is many such steps" not in out


def test_the_formulas_stand_in_network_py_with_the_same_numbers():
    source = inspect.getsource(inspect.getmodule(Network))
    lines = source.replace("η/m Σ", "η").translate(dict.fromkeys(map(ord, "⁻⁺"))).splitlines()
    equations = shown(run())
    assert {number for number, *_ in equations} == set(range(1, 10))
    for number, formula, *_ in equations:
        formula = re.sub("[₀-₉]", "", formula)
        assert any(f"({number})" in line and formula in line for line in lines), formula


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437"])
def test_a_terminal_without_the_symbols_gets_their_names(encoding):
    out = run("--plot", encoding=encoding)
    assert out.isascii()
    assert "(6) delta1 = w2^T delta2 * sigma'(z1)\n" in out
    assert "(9) w1 <- w1 - eta dC/dw1\n" in out
    assert run("--help", encoding=encoding).isascii()


def test_plot_adds_both_curves():
    out, with_curves = run(), run("--plot")
    assert with_curves.startswith(out)
    lines = with_curves[len(out):].splitlines()
    tops = [k for k, line in enumerate(lines) if line.startswith(("  1.000 +", "  0.250 +"))]
    assert len(tops) == 2
    for k, function, top in zip(tops, (sigmoid, sigmoid_prime), (1.0, 0.25)):
        for column in range(65):
            marks = [row for row in range(11) if lines[k + 10 - row][9:].ljust(65)[column] not in " :"]
            # A mark belongs to a line of text, and the curve runs through it.
            assert marks == [int(10 * function((column - 32) / 4) / top)]
        axis, labels = lines[k + 11 : k + 13]
        assert [column for column, mark in enumerate(axis) if mark == "+"] == list(range(8, 73, 8))
        assert [(m.end() - 1, m[0]) for m in re.finditer(r"\S+", labels)] == [
            (40 + 4 * z, str(z)) for z in range(-8, 9, 2)
        ]


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
        (["--y", "1e400"], "--y: 1e400 is not a number from -1000 to 1000"),
        (["--y", "yes"], "--y: yes is not a number from -1000 to 1000"),
        (["--eta", "-1e300"], "--eta: -1e300 is not a number from -1000 to 1000"),
        (["--seed", "0.5"], "--seed: invalid int value: '0.5'"),
    ],
)
def test_bad_arguments_get_a_sentence(arguments, reason):
    status, out, err = called("walkthrough.py", *arguments)
    assert (status, out) == (2, "") and err.startswith("usage: ")
    assert err.splitlines()[-1].startswith(f"walkthrough.py: error: argument {reason}")
    assert "Traceback" not in err


LONG = ["--sizes", *[5] * 60]  # More than a pipe holds: the script waits for its reader.


def test_a_reader_may_leave():
    process = start(*LONG)
    process.stdout.readline()
    process.stdout.close()
    with process:
        assert process.stderr.read() == ""
    assert process.returncode == 1


def test_ctrl_c_ends_it_without_a_word():
    process = start(*LONG)
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    # Nobody reads on, and still it ends.
    with process:
        assert process.wait(timeout=60) == -signal.SIGINT
        assert process.stderr.read() == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no disk that is always full")
def test_a_full_disk_gets_a_sentence():
    with open("/dev/full", "w") as full:
        process = start(stdout=full)
        _, err = process.communicate()
    assert process.returncode == 1 and err.startswith("walkthrough.py: ") and err.count("\n") == 1


def test_the_readme_shows_the_first_screen():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    screen = re.search("    One training step.*\n(?:    .*\n|\n)+", readme)[0]
    screen = "\n".join(line[4:] for line in screen.rstrip().splitlines())
    assert len(screen.splitlines()) >= 20 and run().startswith(screen + "\n")
