"""scripts/train.py, called from a test."""

import json
from pathlib import Path

from commands import SCRIPTS, called

from purenet.display import right_and_wrong
from purenet.network import load

SCRIPT = SCRIPTS / "train.py"
SMALL = ["--sizes", "784", "2", "10", "--train", "12", "--test", "8", "--seed", "5"]


def run(folder, *arguments, status=0, **options):
    found, out, err = called(SCRIPT.name, *arguments, cwd=folder, **options)
    assert found == status, err
    return out, err


def trained(path):
    net = load(path)
    return net.biases, net.weights, json.loads(Path(path).read_text())["notes"]


def at_epoch(monkeypatch, *actions):
    """Have the run do the k-th of the actions while the model is tested after epoch k."""
    usual, left = right_and_wrong.answers, list(actions)

    def acting(net, test_data):
        if left:
            left.pop(0)()
        return usual(net, test_data)

    monkeypatch.setattr(right_and_wrong, "answers", acting)
