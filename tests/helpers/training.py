"""scripts/train.py, started from a test."""

import json
import random
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from commands import SCRIPTS, called

from purenet import digits
from purenet.network import load

SCRIPT = SCRIPTS / "train.py"


SMALL = ["--sizes", "784", "4", "10", "--train", "30", "--test", "20", "--seed", "5"]


def start(folder, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *map(str, arguments)],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def run(folder, *arguments, status=0):
    found, out, err = called(SCRIPT.name, *arguments, cwd=folder)
    assert found == status, err
    return out, err


def trained(path):
    net = load(path)
    return net.biases, net.weights, json.loads(Path(path).read_text())["notes"]


@pytest.fixture
def idx_folder(tmp_path):
    """A folder like MNIST's: 60 training and 20 test images, drawn."""
    rng = random.Random(0)
    for name, n in ("train", 60), ("t10k", 20):
        labels = [k % 10 for k in range(n)]
        pixels = bytes(int(256 * p) for digit in labels for p in digits.draw(digit, rng))
        (tmp_path / f"{name}-images-idx3-ubyte").write_bytes(struct.pack(">4I", 0x803, n, 28, 28) + pixels)
        (tmp_path / f"{name}-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 0x801, n) + bytes(labels))
    return tmp_path
