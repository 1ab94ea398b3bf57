"""README.md: what it says of the source is so, and what it shows is what comes out."""

import math
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from learners import ARRAYS, write
from strategies import matrices, vectors

import purenet
from purenet import matrix
from purenet.network import sigmoid, sigmoid_prime
from purenet.support.arrays import numbers

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = Path(purenet.__file__).parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def table(header):
    """The rows of cells of the README's table whose header has the cell `header`."""
    lines = re.search(rf"\| {re.escape(header)} \|.*\n\|[-| ]+\n((?:\|.*\n)+)", README)[1].splitlines()
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


FORMULAS = table("formula")


def source(name):
    return (PACKAGE / name).read_text(encoding="utf-8").splitlines()


def test_the_formulas_are_numbered_from_one_to_ten():
    assert [number for number, *_ in FORMULAS] == [f"({k})" for k in range(1, 11)]


@pytest.mark.parametrize("number, formula, shapes, where", FORMULAS)
def test_a_formula_stands_once_in_the_source_and_where_the_readme_says(number, formula, shapes, where):
    name, line, *link = re.match(r"\[(\S+), line (\d+)\]\(purenet/(\S+)#L(\d+)\): ", where).groups()
    assert link == [name, line]
    codes = re.findall("`(.+?)`", where)
    found = [re.split(r"\s+# ", text.strip()) for text in source(name)[int(line) - 1 :][: len(codes)]]
    assert [code for code, _ in found] == codes
    assert [f"{number} {part}" for part in formula.split(", ")] == [comment for _, comment in found]
    commented = [
        text for room in ("network.py", "gradcheck.py") for text in source(room) if f"# {number}" in text
    ]
    assert len(commented) == len(codes)


@pytest.mark.parametrize("link, lines, _", table("lines"))
def test_a_file_is_as_long_as_the_readme_says(link, lines, _):
    name = re.match(r"\[`purenet/(\S+)`\]\(purenet/\1\)", link)[1]
    assert len(source(name)) == int(lines)


def outcome(code, **names):
    """What the expression gives, or what the statement makes of w."""
    try:
        answer = eval(code, names)
    except SyntaxError:
        answer = exec(code, names)
    return names["w"] if answer is None else answer


@given(st.integers(1, 4).flatmap(lambda n: st.tuples(*[vectors(n, st.integers(-9, 9))] * 3, matrices(n, n))))
def test_what_is_written_out_as_lists_is_what_the_helper_does(drawn):
    u, v, a, w = drawn
    for _, helper, written, _ in table("written out as lists"):
        names = dict(vars(matrix), sigmoid=sigmoid, sigmoid_prime=sigmoid_prime, math=math, rng=random)
        names.update(u=u, v=v, a=a, z=a, c=u[0], n=len(u), m=len(u))
        row = [
            outcome(code.strip("`"), **names, w=[list(row) for row in w])
            for code in (helper, written)
            if code
        ]
        answers = [numbers([answer]) for answer in row]
        assert len(set(map(len, answers))) == 1
        # Only σ and σ′ are rounded, by less than 2⁻⁵³ in each of eight operations on numbers up to 1.
        assert all(abs(p - q) <= 8 * 2.0**-53 for p, q in zip(answers[0], answers[-1]))


def check(name, folder):
    """What check_network.py prints of the file in that folder."""
    command = [sys.executable, PROJECT / "scripts" / "check_network.py", name]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(PROJECT / "tests")}
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, check=False)
    return done.stdout.decode("utf-8")


SGD = """    def SGD(self, training_data, epochs, mini_batch_size, eta, test_data=None):
        training_data = list(training_data)
        for _ in range(epochs):
            random.shuffle(training_data)
            for k in range(0, len(training_data), mini_batch_size):
                self.update_mini_batch(training_data[k:k + mini_batch_size], eta)

    def evaluate(self"""


def test_the_report_that_the_readme_shows_is_what_such_a_mistake_gets(tmp_path):
    without_slope = "@ delta) * sigmoid_prime(zs[-l])", "@ delta)"
    write(
        tmp_path / "my_network.py",
        ARRAYS,
        ("QuadraticNet", "Network"),
        without_slope,
        ("    def evaluate(self", SGD),
    )
    report = check("my_network.py", tmp_path).replace("tiny_arrays", "numpy")
    shown = re.search(r"    my_network.py, compared with(?:.*\n|\n)+?(?=\S)", README)[0]
    assert report.startswith("\n".join(line[4:] for line in shown.rstrip().splitlines()))


def test_the_first_exercise_goes_as_it_says(tmp_path):
    text = "\n".join(source("network.py"))
    text = text.replace("from . import", "from purenet import").replace("from .", "from purenet.")
    remains = re.search(r"`(delta = .*?)` remains", README)[1]
    text, count = re.subn(r"delta = .*# \(6\).*", remains, text)
    assert count == 1
    (tmp_path / "my_network.py").write_text(text, encoding="utf-8")
    assert "backprop          WRONG  In the hidden layers, σ′(z) is left out." in check(
        "my_network.py", tmp_path
    )
