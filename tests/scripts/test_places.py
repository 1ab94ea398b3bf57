"""The same results everywhere: on each interpreter, from each folder, with and without -O or warnings.

That drawn digits are the same to the bit is tested in test_digits.py.
"""

import os
import random
import shlex
import shutil
import subprocess
import sys
from html import escape
from pathlib import Path

import pytest
from commands import SCRIPTS, called

import purenet
from purenet import digits
from purenet.network import Network

ROOT = SCRIPTS.parent
PACKAGE = Path(purenet.__file__).parent

# Worked out with 40 decimal digits from the weights that Network([784, 3, 10], random.Random(7)) draws.
BIASES = [
    [-0.227249655064, 0.534197116233, -0.174017848495],
    [
        -0.856024427776, -1.360769148131, -1.886537479705, -1.354966811769, -0.670587689267,
        0.059657467890, -1.344267138014, -1.019584392048, -0.573824921321, -2.284228213988,
    ],
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


def test_neither_the_folder_nor_options_of_python_change_a_model(tmp_path):
    root, here, there = tmp_path / "Böse  Pfade" / "δ ⊙ σ′", tmp_path / "here", tmp_path / "there"
    for original in (PACKAGE, ROOT / "scripts"):
        shutil.copytree(original, root / original.name, ignore=shutil.ignore_patterns("__pycache__"))
    files = [*root.rglob("*")]
    here.mkdir(), there.mkdir()
    arguments = ["--sizes", "784", "3", "10", "--train", "20", "--test", "10", "--epochs", "2"]
    arguments += ["--report", "page.html"]
    status, out, err = called("train.py", *arguments, cwd=here)
    script = root / "scripts" / "train.py"
    for path in [root, *files]:
        path.chmod(0o500)
    try:
        # Without bytecode, which root may write all the same.
        options = ["-OO", "-X", "dev", "-W", "error", "-B"]
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}
        done = subprocess.run(
            [sys.executable, *options, str(script), *arguments], cwd=there, env=environment, capture_output=True
        )
    finally:
        for path in [root, *files]:
            path.chmod(0o700)
    assert [*root.rglob("*")] == files
    assert (done.returncode, done.stderr.decode()) == (status, err) == (0, "")
    # What it prints and the page contain commands that name the script.
    names = shlex.quote(str(SCRIPTS / "train.py")), shlex.quote(str(script))
    assert done.stdout.decode() == out.replace(*names)
    pages = [(folder / "page.html").read_text(encoding="utf-8") for folder in (here, there)]
    assert pages[1] == pages[0].replace(*map(escape, names))
    assert (there / "model.json").read_bytes() == (here / "model.json").read_bytes()
