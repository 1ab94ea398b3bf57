"""scripts/train.py, used as a person uses it."""

import os
import random
import re
import shlex
import struct

import pages
import pytest
import train
from training import SCRIPT, SMALL, run, trained

from purenet import digits
from purenet.display import right_and_wrong, terminal
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
    assert notes["accuracies"] == [100 * int(line.split()[2]) / 8 for line in lines.splitlines()]
    answers = right_and_wrong.answers(net, test_data)
    summary = terminal.summary(answers, notes["accuracies"])
    assert f"{lines}\n{summary}\n\nThe model is saved as my.json." in out and err == ""
    assert f"\n\n{terminal.confusion(right_and_wrong.confusion_matrix(answers))}\n\n" in summary
    assert summary.endswith(f"\n\n{terminal.mistakes(right_and_wrong.mistakes(answers)[:3])}")
    assert "--resume my.json --epochs 3" in out


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
    """The words of the command on the page, after `python3`, and the page."""
    root = pages.elements(page.read_text(encoding="utf-8"))
    [first, *words] = shlex.split(root.all("pre")[0].words()) if root.all("pre") else ["python3"]
    assert first == "python3"
    return words, root


def shows_change(root, weights, start):
    """Whether the images on the page are those of a network whose weights were drawn or loaded as `start`."""
    [neurons] = root.all("div", kind="neurons")
    shown = [img.attrib["alt"].split(" changed by ")[1] for img in neurons.all("img")]
    changes = [[v - v0 for v, v0 in zip(row, row0)] for row, row0 in zip(weights[0], start[0])]
    return shown == [f"{min(change):.1f} to {max(change):.1f}" for change in changes]


def test_the_command_on_the_page_repeats_the_run(tmp_path):
    run(tmp_path, *SMALL, "--eta=-1e-05", "--seed=-7", "--batch=7", "--epochs", 2)
    run(tmp_path, "--resume", "model.json", "--epochs", 1, "--report", "page.html")
    words, root = command(tmp_path / "page.html")
    drawn = Network([784, 2, 10], random.Random(-7)).weights
    assert shows_change(root, trained(tmp_path / "model.json")[1], drawn)
    assert words[0] == str(SCRIPT) and len(root.all("circle")) == 3
    run(tmp_path, *words[1:], "--save", "again.json")
    assert trained(tmp_path / "again.json") == trained(tmp_path / "model.json")


def test_where_no_single_command_repeats_the_run_the_page_gives_none(tmp_path):
    run(tmp_path, *SMALL, "--epochs", 1)
    for options in (["--eta", "0.5"], ["--eta", "3.0"], []):
        before = trained(tmp_path / "model.json")[1]
        run(tmp_path, "--resume", "model.json", "--epochs", 1, *options, "--report", "page.html")
        words, root = command(tmp_path / "page.html")
        assert not words and "No single command repeats the run" in root.words()
        # The images show what this run has changed.
        assert shows_change(root, trained(tmp_path / "model.json")[1], before)


def test_no_model_is_overwritten_unasked(tmp_path):
    for name in ("model.json", "model-2.json", "model-3.json"):
        assert f"The model is saved as {name}." in run(tmp_path, *SMALL, "--epochs", 1)[0]
    run(tmp_path, *SMALL, "--epochs", 2, "--save", "model.json")
    assert len(trained(tmp_path / "model.json")[2]["accuracies"]) == 2
    assert sorted(os.listdir(tmp_path)) == ["model-2.json", "model-3.json", "model.json"]


def test_of_two_trainings_that_save_at_the_same_time_each_has_a_model(tmp_path, monkeypatch):
    usual, inner = Network.save, []

    def save(net, path, notes):
        monkeypatch.setattr(Network, "save", usual)
        inner.append(run(tmp_path, *SMALL, "--epochs", 3)[0])
        usual(net, path, notes)

    monkeypatch.setattr(Network, "save", save)
    outer, _ = run(tmp_path, *SMALL, "--epochs", 2)
    for out, name, epochs in (outer, "model.json", 2), (inner[0], "model-2.json", 3):
        assert f"The model is saved as {name}." in out
        assert len(trained(tmp_path / name)[2]["accuracies"]) == epochs


SETTINGS = {"data": "drawn", "train": 9, "test": 9, "batch": 1, "eta": 1.0, "seed": 0}
NOTES = {"settings": SETTINGS, "epochs": 2, "accuracies": [50.0], "repeatable": True}


@pytest.mark.parametrize(
    "notes",
    [
        None,
        [],
        "somebody else's",
        *({name: NOTES[name] for name in NOTES if name != missing} for missing in NOTES),
        *({**NOTES, "accuracies": wrong} for wrong in ([], [50.0] * 3, [101.0], ["50"], 7)),
        *({**NOTES, "epochs": wrong} for wrong in (2.5, 10_001)),
        *({**NOTES, "settings": wrong} for wrong in (7, {}, {**SETTINGS, "x": 1}, {**SETTINGS, "data": "\a"})),
    ],
    ids=repr,
)
def test_notes_that_it_has_not_written_itself_are_not_believed(notes):
    assert train.is_ours(NOTES) and not train.is_ours(notes)


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


@pytest.mark.parametrize("columns, encoding", [(20, "ascii"), (30, "cp1252"), (80, "utf-8")])
def test_every_terminal_can_show_what_it_prints(tmp_path, columns, encoding):
    out, err = run(tmp_path, *SMALL, "--save", "\u03b4\xf6.json", columns=columns, encoding=encoding)
    name = "\u03b4\xf6.json".encode(encoding, "backslashreplace").decode(encoding)
    assert err == "" and f"The model is saved as {name}." in out
    drawn = out[out.index("Accuracy:"):out.index("The model is saved")].split("\n")[1:]
    assert any("*" in line for line in drawn)
    assert all(len(line) < columns for line in drawn if set(line) & set("|#*"))


def test_it_trains_on_files_and_the_page_repeats_that(idx_folder):
    folder = idx_folder / "<i>&amp; 'é\""
    folder.mkdir()
    for path in idx_folder.glob("*ubyte"):
        path.rename(folder / path.name)
    out, _ = run(idx_folder, "--data", folder.name, "--epochs", 1, "--train", 9, "--test", 7)
    assert "on 9 digits" in out and "/ 7" in out
    options = "--data", folder.name, "--sizes", 784, 10, "--epochs", 1, "--save", "a.json"
    out, _ = run(idx_folder, *options, "--report", "<&é>.html")
    assert "on 50 digits" in out and "/ 20" in out
    words, root = command(idx_folder / "<&é>.html")
    assert out.endswith("\nThe pictures are on the page <&é>.html, for a browser to show.\n")
    assert f"--data={folder}" in words
    run(folder, *words[1:], "--save", "b.json")
    assert trained(folder / "b.json") == trained(idx_folder / "a.json")


@pytest.fixture(scope="module")
def files_in_the_way(tmp_path_factory):
    """A folder, and what is in it."""
    folder = tmp_path_factory.mktemp("folder")
    (folder / "junk.json").write_text("junk")
    (folder / "junk.html").write_text("<!DOCTYPE html><title>Not ours</title>")
    (folder / "one.csv").write_text("7" + ",0" * 784 + "\n")
    Network([784, 1, 10]).save(folder / "good.json")
    Network([784, 1, 10]).save(folder / "odd.json", {**NOTES, "settings": {**SETTINGS, "train": -1}})
    return folder, {path: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    "arguments, status, reason",
    [
        (["--epochs", "0"], 2, "--epochs: 0 is not a whole number from 1 on"),
        (["--epochs", "1e3"], 2, "--epochs: 1e3 is not a whole number from 1 on"),
        (["--epochs", "10001"], 2, "--epochs: a model is trained for 10,000 epochs at most"),
        (["--eta", "x"], 2, "--eta: invalid float value: 'x'"),
        (["--train", "9", "--test", "1", "--eta", "inf"], 1, "eta is inf; it must be a finite float or int"),
        (["--sizes", "784", "7000", "10"], 1, "a network of [784, 7000, 10] has 5565010 weights"),
        (["--sizes", "784", "30"], 2, "--sizes: digits take 784 inputs"),
        (["--sizes", "784"], 2, "--sizes: digits take 784 inputs"),
        (["--sizes", "100", "10"], 2, "--sizes: digits take 784 inputs"),
        (["--save", "."], 1, ". is not a file"),
        (["--save", "missing/model.json"], 1, "missing/model.json cannot be written"),
        (["--save", "junk.json"], 1, "junk.json is not a model that can be loaded"),
        (["--report", "missing/page.html"], 1, "missing/page.html cannot be written"),
        (["--report", "model.json"], 2, "--report: model.json is no name for a page"),
        (["--report", "junk.html"], 2, "--report: junk.html is there and is no page"),
        (["--data", "/nowhere/mnist.pkl.gz"], 1, "/nowhere/mnist.pkl.gz does not exist; expected a file"),
        (["--resume", "missing.json"], 1, "[Errno 2] No such file or directory: 'missing.json'"),
        (["--resume", "junk.json"], 1, "junk.json is not a model"),
        (["--resume", "odd.json"], 2, "--train: -1 is not a whole number from 1 on"),
        (["--resume", "good.json", "--sizes", "784", "5", "10"], 2, "--sizes: good.json is a network of ["),
    ],
)
def test_bad_arguments_get_a_sentence_and_change_nothing(files_in_the_way, arguments, status, reason):
    folder, before = files_in_the_way
    _, err = run(folder, *arguments, status=status)
    assert re.search(rf"^train.py: (error: )?(argument )?{re.escape(reason)}", err, re.M), err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_data_without_a_test_get_a_sentence(files_in_the_way):
    folder, _ = files_in_the_way
    _, err = run(folder, "--data", "one.csv", status=1)
    assert err == f"train.py: {folder / 'one.csv'}: 1 training and 0 test images\n"
