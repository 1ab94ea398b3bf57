"""scripts/train.py, run as a person runs it."""

import json
import os
import random
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from purenet import digits
from purenet.network import Network, load

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "train.py"
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
    process = start(folder, *arguments)
    out, err = process.communicate()
    assert process.returncode == status, err
    assert "Traceback" not in err
    return out, err


def trained(path):
    net = load(path)
    return net.biases, net.weights, json.loads(Path(path).read_text())["notes"]


def test_it_trains_as_sgd_does_and_shows_how_it_went(tmp_path, capsys):
    out, err = run(tmp_path, *SMALL, "--epochs", 3, "--batch", 7, "--eta", 2.5, "--save", "my.json")
    net = Network([784, 4, 10], random.Random(5))
    training_data, _, test_data = digits.load_data_wrapper(training=30, validation=0, test=20, seed=5)
    net.SGD(training_data, 3, 7, 2.5, test_data=test_data)
    lines = capsys.readouterr().out
    biases, weights, notes = trained(tmp_path / "my.json")
    assert (biases, weights) == (net.biases, net.weights)
    assert lines in out and err == ""
    correct = [int(line.split()[2]) for line in lines.splitlines()]
    assert notes["accuracies"] == [100 * c / 20 for c in correct]
    assert f"Accuracy: {notes['accuracies'][-1]:.1f} % of 20 digits" in out
    assert "Some of its mistakes" in out and "taken for a" in out and "--resume my.json --epochs 3" in out
    assert max(map(len, out.splitlines())) <= 100 and max(out) < "\x7f"


def test_a_resumed_run_goes_on_as_if_it_had_not_stopped(tmp_path):
    run(tmp_path, *SMALL, "--epochs", 5, "--save", "five.json")
    run(tmp_path, *SMALL, "--epochs", 3)
    out, _ = run(tmp_path, "--resume", "model.json", "--epochs", 2, "--save", "other.json")
    assert "Epoch 3: " in out and "Epoch 4: " in out and "Epoch 2: " not in out
    assert trained(tmp_path / "other.json") == trained(tmp_path / "five.json")
    assert len(trained(tmp_path / "model.json")[2]["accuracies"]) == 3
    _, err = run(tmp_path, "--resume", "model.json", status=2)
    assert "has had all of its epochs" in err


def test_ctrl_c_keeps_the_last_complete_epoch(tmp_path):
    process = start(tmp_path, *SMALL, "--epochs", 1000)
    for line in process.stdout:
        if line.startswith("Epoch 1"):
            process.send_signal(signal.SIGINT)
            break
    out, err = process.communicate()
    assert process.returncode == 130 and err == "" and "Interrupted." in out and "--resume model.json" in out
    _, _, notes = trained(tmp_path / "model.json")
    done = len(notes["accuracies"])
    assert done >= 2 and notes["epochs"] == 1000 and f"after epoch {done - 1} " in out
    run(tmp_path, "--resume", "model.json", "--epochs", 1)
    run(tmp_path, *SMALL, "--epochs", done + 1, "--save", "whole.json")
    assert trained(tmp_path / "model.json")[:2] == trained(tmp_path / "whole.json")[:2]
    assert sorted(os.listdir(tmp_path)) == ["model.json", "whole.json"]


def test_no_model_is_overwritten_unasked(tmp_path):
    for _ in range(3):
        run(tmp_path, *SMALL, "--epochs", 1)
    assert sorted(os.listdir(tmp_path)) == ["model-2.json", "model-3.json", "model.json"]
    run(tmp_path, *SMALL, "--epochs", 2, "--save", "model.json")
    assert len(trained(tmp_path / "model.json")[2]["accuracies"]) == 2


def test_a_model_without_notes_is_trained_from_its_weights_and_not_written_over(tmp_path):
    net = Network([784, 4, 10], random.Random(1))
    net.save(tmp_path / "model.json")
    before = (tmp_path / "model.json").read_bytes()
    out, _ = run(tmp_path, *SMALL, "--epochs", 1, "--resume", "model.json", "--eta", 1e-300)
    assert "does not say how it was trained" in out and "Epoch 0: " in out
    assert (tmp_path / "model.json").read_bytes() == before
    assert load(tmp_path / "model-2.json").weights == net.weights


SETTINGS = {"data": "drawn", "train": 9, "test": 9, "batch": 1, "eta": 1.0, "seed": 0}


@pytest.mark.parametrize(
    "notes",
    [
        [],
        {"settings": SETTINGS, "epochs": 2},
        {"settings": SETTINGS, "epochs": 0, "accuracies": []},
        {"settings": SETTINGS, "epochs": 10**400, "accuracies": []},
        {"settings": SETTINGS, "epochs": 2, "accuracies": [101.0]},
        {"settings": SETTINGS, "epochs": 2, "accuracies": 7},
        {"settings": {**SETTINGS, "train": -1}, "epochs": 2, "accuracies": []},
        {"settings": {**SETTINGS, "eta": "1e999"}, "epochs": 2, "accuracies": []},
        {"settings": {**SETTINGS, "seed": None}, "epochs": 2, "accuracies": []},
        {"settings": {**SETTINGS, "eta": "3" * 10_000 + "x"}, "epochs": 2, "accuracies": []},
    ],
)
def test_notes_that_do_not_fit_together_are_refused(tmp_path, notes):
    Network([784, 4, 10]).save(tmp_path / "model.json", notes)
    _, err = run(tmp_path, "--resume", "model.json", status=1)
    assert err.startswith("train.py: model.json: what it says of its training does not fit together")
    assert len(err) < 1000


def test_the_bar_is_shown_to_a_terminal_only(tmp_path):
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals on this system")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), *SMALL, "--epochs", "2"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 4096):
            shown += chunk
    except OSError:
        pass  # Linux says so when the other end is closed.
    out, _ = process.communicate()
    os.close(ours)
    assert b"\rEpoch 1 [##########          ]  50 %, " in shown
    assert b"\r" not in out and b"[#" not in out


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


def test_it_trains_on_files(idx_folder):
    out, _ = run(idx_folder, "--data", ".", "--epochs", 1)
    assert "on 50 digits" in out and "/ 20" in out
    out, _ = run(idx_folder, "--data", ".", "--epochs", 1, "--train", 9, "--test", 7)
    assert "on 9 digits" in out and "/ 7" in out
    (idx_folder / "t10k-labels-idx1-ubyte").write_bytes(b"")
    _, err = run(idx_folder, "--data", ".", status=1)
    assert err.startswith("train.py: ") and "t10k-labels" in err


@pytest.mark.parametrize(
    "arguments, status, reason",
    [
        (["--epochs", "0"], 2, "--epochs: 0 is not a whole number from 1 on"),
        (["--eta", "inf"], 2, "--eta: inf is not a finite number"),
        (["--sizes", "784", "30"], 2, "--sizes: digits take 784 inputs"),
        (["--sizes", "784"], 2, "--sizes: digits take 784 inputs"),
        (["--sizes", "100", "10"], 2, "--sizes: digits take 784 inputs"),
        (["--save", "."], 1, ". is not a file"),
        (["--save", "missing/model.json"], 1, "is no folder"),
        (["--data", "missing"], 1, "missing"),
        (["--resume", "missing.json"], 1, "missing.json"),
        (["--resume", "junk.json"], 1, "junk.json is not a model"),
        (["--resume", "good.json", "--sizes", "784", "5", "10"], 2, "good.json is a network of [784, 4, 10]"),
    ],
)
def test_bad_arguments_get_a_sentence_and_change_nothing(tmp_path, arguments, status, reason):
    (tmp_path / "junk.json").write_text("junk")
    Network([784, 4, 10]).save(tmp_path / "good.json")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    _, err = run(tmp_path, *arguments, status=status)
    assert reason in err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
