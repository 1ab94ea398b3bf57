"""command.py and test.py: a script ends with a status or a sentence, whatever ends it."""

import ast
import contextlib
import importlib.util
import os
import re
import signal
import sys
from unittest import mock

import command
import pytest
from commands import SCRIPTS
from signals import in_child

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process")


def ended(main, **files):
    """What `in_child` returns of a script `my.py` with this `main`."""
    with mock.patch.object(sys, "argv", ["folder/my.py"]):
        return in_child(lambda: command.run(main), **files)


def raising(error, printed="1"):
    def main():
        print(printed, end="")
        raise error

    return main


def signalled(number, after=lambda: None):
    def main():
        print("printed", flush=True)
        try:
            os.kill(os.getpid(), number)
            signal.pause()
        finally:
            after()

    return main


@pytest.mark.parametrize(
    "main, status, out, err",
    [
        (lambda: None, 0, "", ""),
        (lambda: print("\u03b4\udcff"), 0, "\u03b4\\udcff\n", ""),
        (lambda: 3, 3, "", ""),
        (lambda: "no", 1, "", "no\n"),
        (raising(SystemExit(4)), 4, "1", ""),
        (raising(SystemExit("no")), 1, "1", "no\n"),
        (raising(ValueError("no")), 1, "1", "my.py: no\n"),
        (raising(OSError("no")), 1, "1", "my.py: no\n"),
        (
            raising(MemoryError), 1, "1",
            "my.py: not enough memory for so much data, or for so large a network\n",
        ),
        (raising(BrokenPipeError), 1, "1", ""),
        (raising(KeyboardInterrupt, ""), -signal.SIGINT, "", ""),
    ],
)
def test_what_main_comes_to_becomes_a_status_and_a_sentence(main, status, out, err):
    assert ended(main) == (status, out, err)


def test_a_mistake_of_ours_keeps_its_traceback():
    status, _, err = ended(raising(ZeroDivisionError))
    assert status == 1 and err.startswith("Traceback") and err.endswith("\nZeroDivisionError\n")


@pytest.mark.parametrize("number", command.STOPPING)
def test_a_signal_reaches_main_and_a_second_one_ends_it_at_once(number):
    assert ended(signalled(number, after=lambda: print("kept", flush=True))) == (-number, "printed\nkept\n", "")

    def stubborn():
        for status in range(3):
            with contextlib.suppress(KeyboardInterrupt):
                signalled(number)()
        return status

    assert ended(stubborn) == (-number, "printed\nprinted\n", "")


@pytest.mark.parametrize("number", command.STOPPING)
def test_a_signal_that_was_ignored_from_the_start_stays_ignored(number):
    usual = signal.signal(number, signal.SIG_IGN)
    try:
        assert ended(lambda: os.kill(os.getpid(), number) or 7) == (7, "", "")
    finally:
        signal.signal(number, usual)


@pytest.mark.parametrize("main", [lambda: print(1), raising(SystemExit), raising(ValueError)])
def test_when_nobody_reads_there_is_no_word(main):
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w") as pipe:
        status, _, err = ended(main, stdout=pipe)
    assert status == 1 and err in ("", "my.py: \n")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no disk that is always full")
def test_a_full_disk_gets_a_sentence():
    with open("/dev/full", "w") as full:
        status, _, err = ended(lambda: print(1), stdout=full)
    assert status == 1 and re.match(r"my\.py: \[Errno \d+\] .*\n\Z", err)


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.py")), ids=lambda path: path.name)
def test_a_python_that_is_too_old_can_read_a_script_and_comes_to_the_sentence(path):
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.fixture
def test_py(tmp_path, monkeypatch):
    """scripts/test.py as a module, in a project that has nothing but a `pytest` of its own."""
    spec = importlib.util.spec_from_file_location("scripts_test", SCRIPTS / "test.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


PYTEST = "import os, signal, sys\nprint('tests', *sys.argv[1:], flush=True)\n"
GROUP = "os.kill(os.getppid(), signal.SIGINT)\n"  # Ctrl-C comes to both; pytest deals with its own.


@pytest.mark.parametrize(
    "ending, status, summary",
    [
        ("os.kill(os.getpid(), signal.SIGTERM)", 128 + signal.SIGTERM, ""),
        (GROUP + "print('summary')\nsys.exit(2)", 2, "summary\n"),
    ],
    ids=["killed", "interrupted"],
)
def test_the_tests_are_run_and_their_status_passed_on(test_py, tmp_path, monkeypatch, ending, status, summary):
    (tmp_path / "pytest.py").write_text(PYTEST + ending)
    monkeypatch.setattr(test_py, "has_pytest", lambda python: True)
    monkeypatch.setattr(sys, "argv", ["test.py", "-k", "matrix"])
    expected = (status, f"tests -k matrix\n{summary}", "")
    assert in_child(lambda: command.run(test_py.main)) == expected


def test_an_environment_is_made_once_and_a_failure_gets_a_sentence(test_py, tmp_path, monkeypatch):
    folder, steps = tmp_path / ".venv" / sys.implementation.cache_tag, []

    def step(words, **options):
        steps.append(words)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        return mock.Mock(returncode=len(steps) == 2)

    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    monkeypatch.setattr(test_py.subprocess, "run", step)
    with pytest.raises(SystemExit, match="^They could not be installed"):
        test_py.environment()
    assert steps[0] == [sys.executable, "-m", "venv", "--clear", folder]
    assert steps[1][0] == python and steps[1][-2:] == ["pytest>=7", "hypothesis"]
    monkeypatch.setattr(test_py, "has_pytest", lambda python: True)
    assert test_py.environment() == python and len(steps) == 2
