"""The programs that show a module or the project in use, without >>>: they run, word for word."""

import ast
import gzip
import importlib
import random
import re
import textwrap
from pathlib import Path

import pytest
from learners import LISTS, write
from mnist_files import pickled_by_python_2, three_sets

import purenet
from purenet import digits
from purenet.display import right_and_wrong
from purenet.network import Network
from purenet.support import files

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = Path(purenet.__file__).parent


def shown_in_docstring(path):
    """The indented blocks of a module's docstring that are Python."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    docstring = ast.get_docstring(module, clean=False) or ""
    for block in re.findall(r"^(?:    .*\n|\n)+", docstring + "\n", re.M):
        program = textwrap.dedent(block).strip()
        try:
            if program and ">>>" not in program and ast.parse(program):
                yield program
        except SyntaxError:
            pass  # A formula, a table, or what a command prints.


def every_program():
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).replace(".__init__", "")
        # The parts of the checker show what takes a network with a mistake, and a class on trial.
        if not name.startswith("purenet.checker."):
            for program in shown_in_docstring(path):
                yield pytest.param(name, program, id=name)
    for path in PROJECT / "README.md", PACKAGE / "README.md", PROJECT / "scripts" / "README.md":
        text = path.read_text(encoding="utf-8")
        for program in re.findall(r"^```python\n((?!>>>).*?)^```", text, re.M | re.S):
            yield pytest.param("purenet", program, id=f"{path.parent.name}/{path.name}")


@pytest.fixture(scope="module")
def few():
    """A few drawn digits, and the bytes of a small mnist.pkl.gz."""
    return digits.load_data_wrapper(10, 2, 2), gzip.compress(pickled_by_python_2(three_sets()))


@pytest.mark.parametrize("name, program", list(every_program()))
def test_it_runs(name, program, tmp_path, monkeypatch, few):
    sets, mnist = few
    monkeypatch.setattr(digits, "load_data_wrapper", lambda *numbers, **named: sets)
    monkeypatch.chdir(tmp_path)
    for place in (tmp_path, tmp_path / "data"):
        place.mkdir(exist_ok=True)
        (place / "mnist.pkl.gz").write_bytes(mnist)
    write(tmp_path / "my_network.py", LISTS)
    # What the examples take as given, each in its smallest form.
    net = Network([784, 1, 10], random.Random(0))
    training_data, _, test_data = sets
    (x, y), *_ = training_data
    given = {"net": net, "x": x, "y": y, "training_data": training_data, "test_data": test_data}
    rows = [bytes(28 * [255]), *[bytes([255] * 13 + [0, 0] + [255] * 13)] * 26, bytes(28 * [255])]
    (tmp_path / "seven.png").write_bytes(b"P5 28 28 255\n" + b"".join(rows))
    net.save(tmp_path / "model.json")
    given.update(MyNetwork=Network, accuracies=[71.3, 84.0], right_and_wrong=right_and_wrong, rows=rows)
    module = importlib.import_module(name)
    exec(program, {name.rpartition(".")[2]: module, **given, **vars(files), **vars(module)})
