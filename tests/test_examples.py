"""The examples that show a module or the project in use, without >>>: they run, word for word."""

import ast
import gzip
import importlib
import random
import re
import textwrap
from pathlib import Path
from types import SimpleNamespace

import pytest
from learners import LISTS, write
from mnist_files import pickled_by_python_2, three_sets
from tiny_arrays import array

import purenet
from purenet import digits
from purenet.checker import conformance, diagnosis, strangers
from purenet.network import Network
from purenet.support import files

PROJECT = Path(__file__).resolve().parent.parent


def programs(text):
    """The indented blocks of the text that are Python."""
    for block in re.findall(r"^(?:    .*\n|\n)+", text + "\n", re.M):
        program = textwrap.dedent(block).strip()
        try:
            if program and ">>>" not in program and ast.parse(program):
                yield program
        except SyntaxError:
            pass  # A formula, a table, or what a command prints.


def every_program():
    for path in sorted(Path(purenet.__file__).parent.glob("*.py")):
        name = "purenet" if path.stem == "__init__" else f"purenet.{path.stem}"
        for program in programs(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))):
            yield pytest.param(name, program, id=name)
    for program in programs((PROJECT / "README.md").read_text(encoding="utf-8")):
        yield pytest.param("purenet", program, id="README")


@pytest.fixture(scope="module")
def mnist():
    """The bytes of a small mnist.pkl.gz."""
    return gzip.compress(pickled_by_python_2(three_sets()))


@pytest.mark.parametrize("name, program", list(every_program()))
def test_it_runs(name, program, tmp_path, monkeypatch, mnist):
    sets = digits.load_data_wrapper(10, 2, 2)
    monkeypatch.setattr(digits, "load_data_wrapper", lambda *numbers, **named: sets)
    monkeypatch.chdir(tmp_path)
    for place in (tmp_path, tmp_path / "data"):
        place.mkdir(exist_ok=True)
        (place / "mnist.pkl.gz").write_bytes(mnist)
    write(tmp_path / "my_network.py", LISTS + "\n\nMyNetwork = Network\n")
    # What the examples take as given, each in its smallest form.
    net = Network([784, 1, 10], random.Random(0))
    (x, y), *_ = sets[0]
    given = {"net": net, "x": x, "y": y, "test_data": sets[2], "estimates": net.backprop(x, y)}
    numpy_b = [SimpleNamespace(ravel=lambda b=b: array(b)) for b in net.biases]
    given["numpy_net"] = SimpleNamespace(biases=numpy_b, weights=list(map(array, net.weights)))
    modules = {"conformance": conformance, "diagnosis": diagnosis, "random": random, "strangers": strangers}
    exec(program, {**modules, **vars(files), **vars(importlib.import_module(name)), **given})
