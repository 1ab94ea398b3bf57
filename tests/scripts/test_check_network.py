"""scripts/check_network.py, run as a person runs it: a table, a status, and no traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from learners import LISTS, write

TESTS = Path(__file__).resolve().parents[1]
SCRIPT = TESTS.parent / "scripts" / "check_network.py"
LESSON = [("def backprop(", "def lesson("), ("self.backprop(", "self.lesson(")]


def start(*args, encoding="utf-8", cwd=None):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(TESTS / "helpers")}
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *map(str, args)],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(*args, encoding="utf-8", cwd=None):
    """(exit status, what it prints, what it complains of)."""
    process = start(*args, encoding=encoding, cwd=cwd)
    out, err = process.communicate()
    return process.returncode, out.decode(encoding), err.decode(encoding)


def test_the_status_is_0_where_a_gradient_was_judged_and_all_is_right(tmp_path):
    write(tmp_path / "mine.py", LISTS, *LESSON)
    status, out, err = run("mine.py", "--method", "backprop=lesson", "--cost", "quadratic", cwd=tmp_path)
    assert (status, err) == (0, "") and out.startswith("mine.py, compared with purenet's network and ")
    assert "\n  backprop          ok\n" in out and "\nNames: backprop is called lesson.\n" in out
    assert out.endswith("\n\nEverything that was judged is right.\n")


def test_the_status_is_1_where_something_is_wrong_and_a_screen_without_greek_letters_gets_their_numbers(
    tmp_path,
):
    path = write(tmp_path / "mine.py", LISTS, ("return sigmoid(z) * (1 - sigmoid(z))", "return sigmoid(z)"))
    status, out, err = run(path, encoding="ascii")
    assert (status, err) == (1, "")
    assert r"  sigmoid_prime     WRONG  \u03c3(z) stands for \u03c3\u2032(z)." in out


def test_a_file_that_is_of_no_use_gets_a_sentence(tmp_path):
    write(tmp_path / "mine.py", "class Net:\n    pass\n")
    status, out, err = run("mine.py", cwd=tmp_path)
    assert (status, out) == (1, "")
    assert err.startswith("check_network.py: ") and err.endswith(
        "has no class Network; it has Net: name one after a colon\n"
    )


def test_arguments_that_say_nothing_are_refused():
    for args in ((), ("mine.py", "--method", "backprop"), ("mine.py", "--cost", "mean")):
        status, out, err = run(*args)
        assert (status, out) == (2, "") and err.startswith("usage: check_network.py")


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_when_it_is_ended_nothing_of_the_file_goes_on(tmp_path, number):
    path = write(
        tmp_path / "mine.py",
        "import os\nwith open('pid', 'w') as f:\n    f.write(str(os.getpid()))\nos.kill(os.getpid(), 19)\n",
    )
    process = start(path, cwd=tmp_path)
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.01)
        assert process.poll() is None
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert out == b"" and b"Traceback" not in err and process.returncode not in (0, 1)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


HANGS = """
from purenet.checker import attempt

attempt.SECONDS = 0.3
"""


@pytest.mark.parametrize(
    "replacements, words",
    [
        (
            [("def feedforward(self, a):", "def feedforward(self, a):\n        while 1: 2")],
            "it takes longer than 0.3 s and was stopped",
        ),
        (LESSON, "No gradient was tried"),
    ],
)
def test_pytest_stops_a_method_that_hangs_and_fails_where_no_gradient_is_tried(tmp_path, replacements, words):
    write(tmp_path / "mine.py", LISTS, *replacements)
    (tmp_path / "hurry.py").write_text(HANGS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "hurry", "-p", "no:cacheprovider", "-q", "--network"]
        + [tmp_path / "mine.py", TESTS / "test_gradients.py", "-k", "feedforward"],
        cwd=TESTS.parent,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
    )
    out = done.stdout.decode("utf-8")
    assert done.returncode == 1 and words in out and "git apply" not in out
