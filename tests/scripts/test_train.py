"""scripts/train.py, run as a person runs it."""

import json
import os
import random
import shlex
import signal
import subprocess
import sys

import pages
import pytest
from training import SCRIPT, SMALL, run, start, trained

from purenet import digits
from purenet.display import html_page as report
from purenet.network import Network, load


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
    assert "The mistakes that it is surest of" in out and "taken for a" in out
    assert "--resume my.json --epochs 3" in out
    answers = [(digit, net.feedforward(x)) for x, digit in test_data]
    guesses = [(digit, output.index(max(output))) for digit, output in answers]
    surest = sorted((output[digit] - max(output), k) for k, (digit, output) in enumerate(answers))
    digit, guess = guesses[surest[0][1]]
    assert digit != guess and f"\na {digit}, taken for a {guess} " in out
    table = [line.split("|")[1].split() for line in out.splitlines() if line[:5].strip(" 0123456789") == "|"]
    assert len(table) == 10
    for digit, row in enumerate(table):
        assert row == [str(guesses.count((digit, guess)) or ".") for guess in range(10)]
    out = out.replace(shlex.quote(str(SCRIPT)), "train.py")
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
    process = start(tmp_path, *SMALL, "--epochs", 1000, "--report", "a page.html")
    for line in process.stdout:
        if line.startswith("Epoch 1"):
            process.send_signal(signal.SIGINT)
            break
    out, err = process.communicate()
    assert process.returncode == 130 and err == "" and "Interrupted." in out
    assert "--resume model.json --report 'a page.html'\n" in out
    _, _, notes = trained(tmp_path / "model.json")
    done = len(notes["accuracies"])
    assert done >= 2 and notes["epochs"] == 1000 and f"after epoch {done - 1} " in out
    run(tmp_path, "--resume", "model.json", "--epochs", 1)
    run(tmp_path, *SMALL, "--epochs", done + 1, "--save", "whole.json")
    assert trained(tmp_path / "model.json")[:2] == trained(tmp_path / "whole.json")[:2]
    assert sorted(os.listdir(tmp_path)) == ["model.json", "whole.json"]


def command(page):
    """The words of the command on the page, after `python3`, and what else the page says."""
    root = pages.elements(page.read_text(encoding="utf-8"))
    [first, *words] = shlex.split(root.all("pre")[0].text())
    assert first == "python3"
    return words, root


@pytest.mark.parametrize("options", [["--eta=-1e-05", "--seed=-7", "--batch=7"], ["--eta=3.3"]])
def test_the_command_on_the_page_repeats_the_run(tmp_path, options):
    run(tmp_path, *SMALL, *options, "--epochs", 2)
    run(tmp_path, "--resume", "model.json", "--epochs", 1, "--report", "page.html")
    words, root = command(tmp_path / "page.html")
    assert words[0] == str(SCRIPT) and len(root.all("circle")) == 3
    (tmp_path / "again").mkdir()
    run(tmp_path / "again", *words[1:])
    assert trained(tmp_path / "again" / "model.json") == trained(tmp_path / "model.json")


def test_where_no_single_command_repeats_the_run_the_page_gives_none(tmp_path):
    run(tmp_path, *SMALL, "--epochs", 1)
    for options in (["--eta", "0.5"], ["--eta", "3.0"], []):
        run(tmp_path, "--resume", "model.json", "--epochs", 1, *options, "--report", "page.html")
        page = (tmp_path / "page.html").read_text(encoding="utf-8")
        assert "No single command repeats the run" in page and "<pre>" not in page
    Network([784, 4, 10]).save(tmp_path / "unknown.json")
    run(tmp_path, *SMALL, "--resume", "unknown.json", "--epochs", 1, "--report", "page.html")
    assert "No single command" in (tmp_path / "page.html").read_text(encoding="utf-8")


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


def test_the_page_names_the_files_and_repeats_a_run_on_them(idx_folder):
    folder = idx_folder / "<i>&amp; 'é\""
    folder.mkdir()
    for path in idx_folder.glob("*ubyte"):
        path.rename(folder / path.name)
    run(idx_folder, "--sizes", 784, 10, "--data", folder.name, "--epochs", 1, "--report", "<&é>.html")
    words, root = command(idx_folder / "<&é>.html")
    assert str(folder) in [cell.text() for cell in root.all("td")]
    assert "What each output neuron looks for" in root.text()
    (folder / "again").mkdir()
    run(folder / "again", *words[1:])
    assert trained(folder / "again" / "model.json") == trained(idx_folder / "model.json")


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
        (["--epochs", "0"], 2, "--epochs: 0 is not a whole number from 1 to 1,000,000,000"),
        (["--epochs", "1e3"], 2, "--epochs: 1e3 is not a whole number from 1"),
        (["--eta", "x"], 2, "--eta: x is not a finite number"),
        (["--train", "60001"], 1, "more than 60,000 digits are too many to be drawn"),
        (["--sizes", "784", "7000", "10"], 1, "a network of [784, 7000, 10] has 5565010 weights and biases"),
        (["--save", "junk.json"], 2, "--save: junk.json is there and is no model"),
        (["--resume", ""], 2, "--resume: the name of a file is expected"),
        (["--eta", "inf"], 2, "--eta: inf is not a finite number"),
        (["--sizes", "784", "30"], 2, "--sizes: digits take 784 inputs"),
        (["--sizes", "784"], 2, "--sizes: digits take 784 inputs"),
        (["--sizes", "100", "10"], 2, "--sizes: digits take 784 inputs"),
        (["--save", "."], 1, ". is not a file"),
        (["--save", "missing/model.json"], 1, "is no folder"),
        (["--report", "."], 1, ". is not a file"),
        (["--report", "missing/page.html"], 1, "is no folder"),
        (["--report", "model.json"], 2, "--report: the model is to be saved as model.json"),
        (["--report", "junk.json"], 2, "--report: junk.json is there and is no page"),
        (["--resume", "good.json", "--report", "good.json"], 2, "good.json is there and is no page"),
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


def test_a_name_that_another_training_has_taken_since_is_left_to_it(tmp_path, monkeypatch):
    evaluate = Network.evaluate

    def taken(net, test_data):
        (tmp_path / "model.json").write_text("another's")
        return evaluate(net, test_data)

    monkeypatch.setattr(Network, "evaluate", taken)
    out, _ = run(tmp_path, *SMALL, "--epochs", 2)
    assert "The model is saved as model-2.json" in out and len(os.listdir(tmp_path)) == 2
    assert (tmp_path / "model.json").read_text() == "another's"


def test_a_model_that_was_written_anew_by_another_program_goes_on(tmp_path):
    run(tmp_path, *SMALL, "--epochs", 1)
    path = tmp_path / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()), indent=1))
    out, _ = run(tmp_path, "--resume", "model.json", "--epochs", 1)
    assert "Epoch 1: " in out and "The model is saved as model.json" in out


def test_a_page_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "pages").mkdir()
    monkeypatch.setattr(report, "page", lambda *_: (tmp_path / "pages").rmdir() or "")
    out, err = run(tmp_path, *SMALL, "--epochs", 1, "--report", "pages/my.html", status=1)
    assert err.startswith("train.py: the page cannot be written as pages/my.html: ")
    assert "The model is saved as model.json" in out and (tmp_path / "model.json").exists()
