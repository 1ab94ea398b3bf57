"""read_digit.py: reads what is in pictures, and what is written in its window with the mouse."""

import os
import shutil
import signal
import subprocess
import sys

import pytest
from commands import SCRIPTS, called
from pictures import by_nearest_mean, inverted, pasted, png, rows

from purenet import Network, digits, network
from purenet.data import image_28x28
from purenet.display import terminal

SCRIPT = SCRIPTS / "read_digit.py"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "means.json"
    by_nearest_mean().save(path)
    return path


@pytest.fixture
def few(monkeypatch):
    """A training of some steps."""
    load = digits.load_data_wrapper
    monkeypatch.setattr(digits, "load_data_wrapper", lambda *counts: load(10, 0, 5))


def drawn(folder, count):
    """The paths of pictures of drawn digits, and their images."""
    _, _, test_data = digits.load_data_wrapper(0, 0, count)
    for k, (x, _) in enumerate(test_data):
        (folder / f"{k}.png").write_bytes(png(inverted(pasted(rows(x), 9, 30, 20, 2)), filters=[4]))
    return [folder / f"{k}.png" for k in range(count)], [image_28x28.from_pixels(rows(x)) for x, _ in test_data]


def test_a_picture_is_shown_with_the_answer_and_the_runner_up_and_another_file_gets_a_sentence(tmp_path, model):
    paths, images = drawn(tmp_path, 3)
    net, expected = network.load(model), []
    for path, x in zip(paths, images):
        outputs = [(a, digit) for digit, a in enumerate(net.feedforward(x))]
        (a, first), (b, second) = sorted(outputs, reverse=True)[:2]
        answer = f"{path}: {first} (output {a:.2f}), then {second} ({b:.2f})"
        expected.append(f"{terminal.image(x)}\n\n{answer}\n")
    assert called(SCRIPT.name, model, *paths) == (0, "\n".join(expected) + "\n", "")
    (tmp_path / "bad.png").write_bytes(b"\xff\xd8\xff")
    paths = paths[0], tmp_path / "bad.png", tmp_path / "none.png", paths[1]
    status, out, err = called(SCRIPT.name, model, *paths)
    assert (status, out) == (1, "\n".join(expected[:2]) + "\n")
    bad, none = err.splitlines()
    reason = "cannot be read as a picture of a digit: it is not a PNG, PGM or PPM file; save it"
    assert bad.startswith(f"{paths[1]} {reason}") and "none.png" in none


def test_a_network_is_trained_once_where_no_model_is_named(tmp_path, few):
    paths, _ = drawn(tmp_path, 2)
    status, out, err = called(SCRIPT.name, *paths, cwd=tmp_path)
    first, *_ = out.splitlines()
    assert first == "Training a network on 5,000 drawn digits, to be kept as model-drawn.json ..."
    assert (status, out.count("Epoch"), out.count("(output "), err) == (0, 5, 2, "")
    assert network.load(tmp_path / "model-drawn.json").sizes == [784, 30, 10]
    answers = out[out.index("\n", out.index("Epoch 4")) + 1 :]
    assert called(SCRIPT.name, *paths, cwd=tmp_path) == (0, answers, "")


def test_a_network_of_other_sizes_reads_no_digits(tmp_path):
    Network([2, 10]).save(tmp_path / "other.json")
    path, sentence = tmp_path / "other.json", "is a network of [2, 10]; digits take 784 inputs and 10 outputs."
    assert called(SCRIPT.name, path, "seven.png") == (1, "", f"{path} {sentence}\n")


def skip_without_tkinter():
    # The module may be there without the library that it wraps, as in Debian's PyPy.
    try:
        import tkinter  # noqa: F401
    except ImportError:
        pytest.skip("this Python has no tkinter")


@pytest.mark.skipif(sys.platform != "linux", reason="only there is no window without DISPLAY")
@pytest.mark.parametrize("has_tkinter", [False, True])
def test_without_a_window_the_way_with_pictures_is_named(tmp_path, monkeypatch, has_tkinter):
    if has_tkinter:
        skip_without_tkinter()
        monkeypatch.delenv("DISPLAY", raising=False)
        reason = "no display name and no $DISPLAY environment variable"
    else:
        monkeypatch.setitem(sys.modules, "tkinter", None)
        reason = "this Python has no tkinter, which Debian has as python3-tk"
    way = "name pictures to read, as in: read_digit.py model.json seven.png"
    assert called(SCRIPT.name, cwd=tmp_path) == (1, "", f"No window can be opened ({reason}); {way}\n")
    assert not any(tmp_path.iterdir())  # Nothing was trained for it.


@pytest.fixture
def display():
    """The environment of a screen that nobody sees."""
    skip_without_tkinter()
    for program in "Xvfb", "xdotool":
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1400x700x24"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as screen:
        try:
            yield {**os.environ, "DISPLAY": f":{screen.stdout.readline().strip()}"}
        finally:
            screen.terminate()


def test_a_digit_is_read_while_it_is_written_in_the_window(display, model):
    # Straight strokes: Tk keeps only the last of several moves of the mouse that it finds waiting. Were they
    # joined, it would be a 9.
    strokes = [[(200, 60), (120, 240)], [(60, 60), (200, 60)]]
    a = network.load(model).feedforward(image_28x28.from_strokes(strokes))
    assert a.index(max(a)) == 7

    def xdotool(*words):
        words = ["xdotool", *map(str, words)]
        return subprocess.check_output(words, env=display, text=True, timeout=60)

    def titled(name):
        """The window, as soon as it has this title."""
        return xdotool("search", "--sync", "--onlyvisible", "--name", f"^{name}$").split()[0]

    with subprocess.Popen([sys.executable, SCRIPT, model], env=display, stderr=subprocess.PIPE) as process:
        try:
            window = titled(r"Which digit is it\?")
            for line in strokes:
                # The page to write on begins 24 to the right of the window's corner, and 45 below it.
                start, end = (("mousemove", "--window", window, 24 + x, 45 + y) for x, y in line)
                xdotool(*start, "mousedown", 1, *end, "mouseup", 1)
            titled(r"Which digit is it\? 7")
            height = int(xdotool("getwindowgeometry", "--shell", window).split("HEIGHT=")[1].split()[0])
            xdotool("mousemove", "--window", window, 60, height - 30, "click", 1)  # on "Clear"
            titled(r"Which digit is it\?")
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == -signal.SIGINT
            assert process.stderr.read() == b""
        finally:
            process.kill()
