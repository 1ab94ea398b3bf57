"""scripts/check_network.py: a table, a status, and no traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import check_network
import pytest
from learners import LISTS, write

from purenet.checker import child_process

TESTS = Path(__file__).resolve().parents[1]
SCRIPT = TESTS.parent / "scripts" / "check_network.py"
LESSON = [("def backprop(", "def lesson("), ("self.backprop(", "self.lesson(")]


@pytest.fixture
def run(tmp_path, monkeypatch, modules_and_path):
    """`main` with these arguments, in the folder of the test and without another process."""

    def none(*args, **named):
        raise OSError("no processes")

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["check_network.py", *args])
        return check_network.main()

    monkeypatch.setattr(child_process.subprocess, "Popen", none)
    monkeypatch.chdir(tmp_path)
    return run


def test_the_status_is_0_where_a_gradient_was_judged_and_all_is_right(tmp_path, run, capsys):
    write(tmp_path / "mine.py", LISTS, *LESSON)
    assert run("mine.py", "--method", "backprop=lesson", "--cost", "quadratic") == 0
    out = capsys.readouterr().out
    assert out.startswith("mine.py, compared with purenet's network and ")
    assert "\n  backprop          ok\n" in out and "\nNames: backprop is called lesson.\n" in out
    assert out.endswith("\n\nEverything that was judged is right.\n")


def test_the_status_is_1_where_no_gradient_was_judged(tmp_path, run, capsys):
    nameless = [("def update_mini_batch(self, mini_batch,", "def drill(self, some,"), ("def SGD", "def drive")]
    write(tmp_path / "mine.py", LISTS, *LESSON, *nameless)
    assert run("mine.py") == 1
    assert capsys.readouterr().out.endswith("\nNo gradient was judged, so this says nothing about it.\n")


def test_a_file_that_is_of_no_use_gets_a_sentence(tmp_path, run):
    write(tmp_path / "mine.py", "class Net:\n    pass\n\n\nclass Other:\n    pass\n")
    reason = r"^\S*mine.py has no class Network; it has Net, Other: name one after a colon$"
    with pytest.raises(ValueError, match=reason):
        run("mine.py")


@pytest.mark.parametrize("args", [(), ("mine.py", "--method", "backprop"), ("mine.py", "--cost", "mean")])
def test_arguments_that_say_nothing_are_refused(run, capsys, args):
    with pytest.raises(SystemExit, match="^2$"):
        run(*args)
    assert capsys.readouterr().err.startswith("usage: check_network.py")


def start(*args, **environment):
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *map(str, args)],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_the_status_is_1_where_something_is_wrong_and_a_screen_without_greek_letters_gets_their_numbers(
    tmp_path,
):
    path = write(tmp_path / "mine.py", LISTS, ("return sigmoid(z) * (1 - sigmoid(z))", "return sigmoid(z)"))
    process = start(path, PYTHONIOENCODING="ascii")
    out, err = process.communicate()
    assert (process.returncode, err) == (1, b"")
    assert rb"  sigmoid_prime     WRONG  \u03c3(z) stands for \u03c3\u2032(z)." in out


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_when_it_is_ended_nothing_of_the_file_goes_on_and_no_file_is_left(tmp_path):
    (tmp_path / "left").mkdir()
    pid = tmp_path / "pid"
    stops = f"import os\nwith open({str(pid)!r}, 'w') as f:\n    f.write(str(os.getpid()))\n"
    stops += "os.kill(os.getpid(), 19)\n"
    process = start(write(tmp_path / "mine.py", stops), TMPDIR=str(tmp_path / "left"))
    while not pid.exists() or not pid.read_text():
        time.sleep(0.01)
        assert process.poll() is None
    process.send_signal(signal.SIGHUP)
    out, err = process.communicate(timeout=60)
    assert out == b"" and b"Traceback" not in err and process.returncode not in (0, 1)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert not os.listdir(tmp_path / "left")


HANGS = """
from purenet.checker import guarded_call

guarded_call.SECONDS = 0.3
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
