"""The same results everywhere: on each interpreter, from each folder, with and without -O or warnings.

That drawn digits are the same to the bit is tested in test_digits.py.
"""

import ast
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from learners import LISTS, write

import purenet
from purenet import digits
from purenet.network import Network

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(purenet.__file__).parent

# Worked out with 40 decimal digits from the weights that Network([784, 3, 10], random.Random(7)) draws.
BIASES = [
    [-0.227249655064, 0.534197116233, -0.174017848495],
    [
        -0.856024427776, -1.360769148131, -1.886537479705, -1.354966811769, -0.670587689267,
        0.059657467890, -1.344267138014, -1.019584392048, -0.573824921321, -2.284228213988,
    ],
]
WEIGHTS_FROM_THE_FIRST_HIDDEN_NEURON = [
    -1.518858614419, 0.767466693328, -0.068680050361, -0.243927465368, -0.675449558678,
    -0.495909122062, -0.082604650080, 0.604133879238, -1.825156747577, 0.884906519882,
]


def test_a_seed_gives_the_same_network_on_every_interpreter_but_for_rounding(capsys):
    net = Network([784, 3, 10], random.Random(7))
    training_data, _, _ = digits.load_data_wrapper(training=40, validation=0, test=0, seed=7)
    net.SGD(training_data, 3, 10, 3.0)
    # Rounding moves a sum of 784 products, whose absolute values add up to some 100, by 784 · 2⁻⁵³ of that
    # or 10⁻¹¹ at the very most, and a change of all weights by a part s moves what comes out by 3.5 s.
    # Twelve steps then remain below 10⁻⁹. Another draw or another order shows in the second decimal.
    for b, expected in zip(net.biases, BIASES):
        assert b == pytest.approx(expected, rel=0, abs=1e-9)
    column = [row[0] for row in net.weights[1]]
    assert column == pytest.approx(WEIGHTS_FROM_THE_FIRST_HIDDEN_NEURON, rel=0, abs=1e-9)


def results(root, folder, *options):
    """What the scripts of the checkout `root` print and write in `folder`, without the name of `root`."""
    folder.mkdir()
    write(folder / "my.py", LISTS, ("return [a - t for a, t in", "return [t - a for a, t in"))
    training = ["--sizes", "784", "3", "10", "--train", "20", "--test", "10", "--epochs", "2"]
    found = []
    for script, *arguments in (
        ["train.py", *training, "--report", "page.html"],
        ["walkthrough.py", "--plot"],
        ["check_network.py", "my.py"],
    ):
        done = subprocess.run(
            [sys.executable, *options, str(root / "scripts" / script), *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        found += [done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")]
    for text in (shlex.quote(str(root / "scripts" / "train.py")), str(root / "scripts" / "train.py")):
        found = [part.replace(text, "train.py") if isinstance(part, str) else part for part in found]
    page = (folder / "page.html").read_text(encoding="utf-8")
    return [*found, (folder / "model.json").read_bytes(), re.sub("<pre>.*</pre>", "the command", page)]


def test_neither_the_folder_nor_options_of_python_change_anything(tmp_path):
    root = tmp_path / "Böse  Pfade" / "δ ⊙ σ′"
    for original in (PACKAGE, ROOT / "scripts"):
        shutil.copytree(original, root / original.name, ignore=shutil.ignore_patterns("__pycache__"))
    files = [*root.rglob("*")]
    for path in [root, *files]:
        path.chmod(0o500)
    try:
        usual = results(ROOT, tmp_path / "here")
        assert [usual[k] for k in (0, 2, 3, 5, 6, 8)] == [0, "", 0, "", 1, ""]
        options = ["-OO", "-X", "dev", "-W", "error", "-B"]  # For root, who may write all the same: -B.
        assert results(root, tmp_path / "there", *options) == usual
        assert [*root.rglob("*")] == files
    finally:
        for path in [root, *files]:
            path.chmod(0o700)


@pytest.mark.parametrize(
    "path", [*PACKAGE.glob("*.py"), *(ROOT / "scripts").glob("*.py")], ids=lambda path: path.name
)
def test_nothing_rests_on_what_python_minus_o_leaves_out(path):
    nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    assert not any(isinstance(node, ast.Assert) for node in nodes)
    assert "__debug__" not in {node.id for node in nodes if isinstance(node, ast.Name)}
