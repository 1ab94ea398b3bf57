"""scripts/train.py, used as a person uses it."""

import os
import random
import re
import shlex
import struct

import pages
import pytest
import train
from signals import in_child, script
from training import SCRIPT, SMALL, at_epoch, run, trained

from purenet import digits
from purenet.network import Network, load


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


def test_it_trains_as_sgd_does_and_shows_how_it_went(tmp_path, capsys):
    out, err = run(tmp_path, *SMALL, "--epochs", 3, "--batch", 7, "--eta", 2.5, "--save", "my.json")
    net = Network([784, 2, 10], random.Random(5))
    training_data, _, test_data = digits.load_data_wrapper(training=12, validation=0, test=8, seed=5)
    net.SGD(training_data, 3, 7, 2.5, test_data=test_data)
    lines = capsys.readouterr().out
    biases, weights, notes = trained(tmp_path / "my.json")
    assert (biases, weights) == (net.biases, net.weights)
    assert lines in out and err == ""
    correct = [int(line.split()[2]) for line in lines.splitlines()]
    assert notes["accuracies"] == [100 * c / 8 for c in correct]
    assert f"Accuracy: {notes['accuracies'][-1]:.1f} % of 8 digits" in out
    assert "Its most confident mistakes" in out and "taken for a" in out
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
    options = [*SMALL, "--batch", 7, "--eta", 2.5]
    run(tmp_path, *options, "--epochs", 5, "--save", "five.json")
    run(tmp_path, *options, "--epochs", 1)
    run(tmp_path, "--resume", "model.json", "--epochs", 2)
    out, _ = run(tmp_path, "--resume", "model.json", "--epochs", 2, "--save", "other.json")
    assert re.findall(r"^Epoch (\d): ", out, re.M) == ["3", "4"]
    assert trained(tmp_path / "other.json") == trained(tmp_path / "five.json")
    assert len(trained(tmp_path / "model.json")[2]["accuracies"]) == 3
    _, err = run(tmp_path, "--resume", "model.json", status=2)
    assert "--epochs: model.json has been trained for all of its epochs" in err


def command(page):
    """The words of the command on the page, after `python3`, and what else the page says."""
    root = pages.elements(page.read_text(encoding="utf-8"))
    [first, *words] = shlex.split(root.all("pre")[0].text())
    assert first == "python3"
    return words, root


def shows_change(root, weights, start):
    """Whether the images on the page are those of a network whose weights were drawn or loaded as `start`."""
    alts = [img.attributes["alt"] for img in root.all("img")]
    for j, (row, row0) in enumerate(zip(weights[0], start[0])):
        change = [v - v0 for v, v0 in zip(row, row0)]
        if f"weights of hidden neuron {j}, changed by {min(change):.1f} to {max(change):.1f}" not in alts:
            return False
    return len(weights[0]) == 2


@pytest.mark.parametrize("options", [["--eta=-1e-05", "--seed=-7", "--batch=7"], ["--eta=3.3"]])
def test_the_command_on_the_page_repeats_the_run(tmp_path, options):
    run(tmp_path, *SMALL, *options, "--epochs", 2)
    run(tmp_path, "--resume", "model.json", "--epochs", 1, "--report", "page.html")
    words, root = command(tmp_path / "page.html")
    seed = -7 if "--seed=-7" in options else 5
    drawn = Network([784, 2, 10], random.Random(seed)).weights
    assert shows_change(root, trained(tmp_path / "model.json")[1], drawn)
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
    net = Network([784, 2, 10], random.Random(3))
    net.save(tmp_path / "unknown.json")
    options = ["--epochs", 1, "--report", "page.html", "--save", "x.json"]
    run(tmp_path, *SMALL, "--resume", "unknown.json", *options)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "No single command" in page
    # What it was drawn as is not known, so the images show what this run has changed.
    assert shows_change(pages.elements(page), trained(tmp_path / "x.json")[1], net.weights)


def test_no_model_is_overwritten_unasked(tmp_path):
    for name in ("model.json", "model-2.json", "model-3.json"):
        out, _ = run(tmp_path, *SMALL, "--epochs", 1)
        assert f"The model is saved as {name}." in out
        assert (f"There is a model.json already: this model is going to be {name}.\n" in out) == ("-" in name)
    run(tmp_path, *SMALL, "--epochs", 2, "--save", "model.json")
    assert len(trained(tmp_path / "model.json")[2]["accuracies"]) == 2
    assert sorted(os.listdir(tmp_path)) == ["model-2.json", "model-3.json", "model.json"]


def test_of_two_trainings_at_a_time_each_has_a_model(tmp_path, monkeypatch):
    inner = []
    at_epoch(monkeypatch, lambda: inner.append(run(tmp_path, *SMALL, "--epochs", 3)[0]))
    outer, _ = run(tmp_path, *SMALL, "--epochs", 2)
    for out, name, epochs in (outer, "model.json", 2), (inner[0], "model-2.json", 3):
        assert f"The model is saved as {name}." in out
        assert len(trained(tmp_path / name)[2]["accuracies"]) == epochs


def test_a_run_that_comes_to_nothing_gives_the_name_back(tmp_path, monkeypatch):
    at_epoch(monkeypatch, lambda: int("no number"))
    _, err = run(tmp_path, *SMALL, status=1)
    assert err.startswith("train.py: invalid literal for int()") and os.listdir(tmp_path) == []


SETTINGS = {"data": "drawn", "train": 9, "test": 9, "batch": 1, "eta": 1.0, "seed": 0}
NOTES = {"settings": SETTINGS, "epochs": 2, "accuracies": [50.0]}
DEEP = "data"
for _ in range(100_000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "notes",
    [
        None,
        [],
        *({name: NOTES[name] for name in NOTES if name != missing} for missing in NOTES),
        {**NOTES, "accuracies": []},
        {**NOTES, "accuracies": [50.0] * 3},
        {**NOTES, "accuracies": [101.0]},
        {**NOTES, "accuracies": ["50"]},
        {**NOTES, "accuracies": 7},
        {**NOTES, "epochs": 10**400},
        {**NOTES, "settings": {**SETTINGS, "data": "\x1b[2J"}},
        {**NOTES, "settings": {**SETTINGS, "data": DEEP}},
        {**NOTES, "settings": {**SETTINGS, "train": -1}},
        {**NOTES, "settings": {**SETTINGS, "eta": "1e999"}},
        {**NOTES, "settings": {**SETTINGS, "eta": "3" * 10_000 + "x"}},
        {**NOTES, "settings": {**SETTINGS, "seed": None}},
    ],
    ids=range(17),
)
def test_notes_that_it_has_not_written_itself_are_not_believed(notes):
    assert train.recorded(NOTES) == {**NOTES, "repeatable": False}
    assert train.recorded(notes) == train.UNKNOWN


def test_a_model_with_unknown_notes_is_trained_from_its_weights_and_not_overwritten(tmp_path):
    net = Network([784, 2, 10], random.Random(1))
    net.save(tmp_path / "model.json", "somebody else's")
    before = (tmp_path / "model.json").read_bytes()
    # Without the sizes of SMALL: those of the model hold.
    out, _ = run(tmp_path, *SMALL[4:], "--epochs", 1, "--resume", "model.json", "--eta", 1e-300)
    assert out.startswith("model.json does not say how it was trained: its epochs are counted from here.\n")
    assert re.findall(r"^Epoch (\d): ", out, re.M) == ["0"] and "on 12 digits for 1 epoch" in out
    assert (tmp_path / "model.json").read_bytes() == before
    assert load(tmp_path / "model-2.json").weights == net.weights


def shown_to_a_terminal(folder, *arguments):
    """(what the run prints, what it shows in a terminal that its complaints go to)."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals on this system")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        status, out, _ = in_child(script(SCRIPT, *arguments, cwd=folder), stderr=terminal)
        terminal.write("end")
        terminal.flush()
        shown = ""
        while not shown.endswith("end"):
            shown += os.read(ours, 4096).decode()
    os.close(ours)
    assert status == 0
    return out, shown[:-3]


def test_the_bar_is_shown_to_a_terminal_only(tmp_path, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    out, shown = shown_to_a_terminal(tmp_path, *SMALL, "--epochs", "2")
    bars = re.findall(r"\r\[([# ]{20})\] +(\d+) %, ", shown)
    # Two epochs of ten examples and two more: the bar stands before each of the four steps.
    assert [int(percent) for _, percent in bars] == [0, 25, 50, 75]
    assert bars[2][0] == "#" * 10 + " " * 10
    assert not shown.strip("\r").rpartition("\r")[2].strip() and "\r" not in out and "[#" not in out
    monkeypatch.setenv("TERM", "dumb")
    assert "\r" not in shown_to_a_terminal(tmp_path, *SMALL, "--epochs", "2")[1]


@pytest.mark.parametrize("columns, encoding", [(20, "ascii"), (30, "cp1252"), (80, "utf-8")])
def test_every_terminal_can_show_what_it_prints(tmp_path, columns, encoding):
    out, err = run(tmp_path, *SMALL, "--save", "\u03b4\xf6.json", columns=columns, encoding=encoding)
    name = "\u03b4\xf6.json".encode(encoding, "backslashreplace").decode(encoding)
    assert err == "" and f"The model is saved as {name}." in out
    drawn = out[out.index("Accuracy:"):out.index("The model is saved")].split("\n")[1:]
    assert any("*" in line for line in drawn)
    assert all(len(line) < columns for line in drawn if set(line) & set("|#*"))


def test_the_page_names_the_files_and_repeats_a_run_on_them(idx_folder):
    folder = idx_folder / "<i>&amp; 'é\""
    folder.mkdir()
    for path in idx_folder.glob("*ubyte"):
        path.rename(folder / path.name)
    run(idx_folder, "--sizes", 784, 10, "--data", folder.name, "--epochs", 1, "--report", "<&é>.html")
    words, root = command(idx_folder / "<&é>.html")
    assert str(folder) in [cell.text() for cell in root.all("td")]
    assert "What each output neuron has learned to look for" in root.text()
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
    path = idx_folder / "one.csv"
    path.write_text("7" + ",0" * 784 + "\n")
    _, err = run(idx_folder, "--data", "one.csv", status=1)
    assert err == f"train.py: {path}: 1 training and 0 test images\n"


@pytest.fixture(scope="module")
def files_in_the_way(tmp_path_factory):
    """A folder, and what is in it."""
    folder = tmp_path_factory.mktemp("folder")
    (folder / "junk.json").write_text("junk")
    (folder / "junk.html").write_text("<!DOCTYPE html><title>Not ours</title>")
    Network([784, 1, 10]).save(folder / "good.json")
    Network([784, 1, 10]).save(folder / "many.json", {**NOTES, "epochs": 10**5, "accuracies": [50.0] * 80_000})
    return folder, {path: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    "arguments, status, reason",
    [
        (["--epochs", "0"], 2, "--epochs: 0 is not a whole number from 1 to 1,000,000,000"),
        (["--epochs", "1e3"], 2, "--epochs: 1e3 is not a whole number from 1"),
        (["--epochs", "10001"], 2, "--epochs: a model is trained for 10,000 epochs at most"),
        (["--eta", "x"], 2, "--eta: x is not a finite number"),
        (["--eta", "inf"], 2, "--eta: inf is not a finite number"),
        (["--train", "60001"], 1, "--train, --test: more than 60,000 digits are too many to be drawn"),
        (["--sizes", "784", "7000", "10"], 1, "a network of [784, 7000, 10] has 5565010 weights"),
        (["--sizes", "784", "30"], 2, "--sizes: digits take 784 inputs"),
        (["--sizes", "784"], 2, "--sizes: digits take 784 inputs"),
        (["--sizes", "100", "10"], 2, "--sizes: digits take 784 inputs"),
        (["--save", ""], 1, " is the name of a folder"),
        (["--save", "."], 1, ". is not a file"),
        (["--save", "missing/model.json"], 1, "missing/model.json cannot be written"),
        (["--save", "junk.json"], 1, "junk.json is not a model that can be loaded"),
        (["--report", "."], 1, ". is not a file"),
        (["--report", "missing/page.html"], 1, "missing/page.html cannot be written"),
        (["--report", "model.json"], 2, "--report: model.json is a name for the model"),
        (["--report", "./x", "--save", "x"], 2, "--report: ./x is a name for the model"),
        (["--report", "junk.html"], 2, "--report: junk.html is there and is no page"),
        (["--resume", "good.json", "--report", "good.json"], 2, "--report: good.json is there and is no page"),
        (["--data", "/nowhere/mnist.pkl.gz"], 1, "/nowhere/mnist.pkl.gz does not exist; expected a file"),
        (["--resume", ""], 1, "[Errno 2] No such file or directory: ''"),
        (["--resume", "missing.json"], 1, "[Errno 2] No such file or directory: 'missing.json'"),
        (["--resume", "junk.json"], 1, "junk.json is not a model"),
        (["--resume", "many.json"], 2, "--epochs: a model is trained for 10,000 epochs at most"),
        (["--resume", "good.json", "--sizes", "784", "5", "10"], 2, "--sizes: good.json is a network of ["),
    ],
)
def test_bad_arguments_get_a_sentence_and_change_nothing(files_in_the_way, arguments, status, reason):
    folder, before = files_in_the_way
    _, err = run(folder, *arguments, status=status)
    assert re.search(rf"^train.py: (error: )?(argument )?{re.escape(reason)}", err, re.M), err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
