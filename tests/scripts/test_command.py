"""command.py and test.py: a script ends with a status or a sentence, whatever ends it."""

import ast
import contextlib
import importlib.util
import os
import re
import signal
import sys
from pathlib import Path
from unittest import mock

import command
import pytest
from signals import in_child

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process")


def ended(main, **files):
    """What `in_child` returns of a script `my.py` with this `main`."""
    with mock.patch.object(sys, "argv", ["folder/my.py"]):
        return in_child(lambda: command.run(main), **files)


def raising(error, printed=""):
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
        (lambda: print("\u03b4"), 0, "\u03b4\n", ""),
        (lambda: print("\udcff"), 0, "\\udcff\n", ""),
        (lambda: 3, 3, "", ""),
        (lambda: "no", 1, "", "no\n"),
        (raising(SystemExit(4), "1"), 4, "1", ""),
        (raising(SystemExit("no"), "1"), 1, "1", "no\n"),
        (raising(ValueError("no"), "1"), 1, "1", "my.py: no\n"),
        (raising(OSError("no"), "1"), 1, "1", "my.py: no\n"),
        (raising(MemoryError), 1, "", "my.py: not enough memory for so much data, or for so large a network\n"),
        (raising(BrokenPipeError, "1"), 1, "1", ""),
        (raising(KeyboardInterrupt), -signal.SIGINT, "", ""),
    ],
)
def test_what_main_comes_to_becomes_a_status_and_a_sentence(main, status, out, err):
    assert ended(main) == (status, out, err)


def test_a_mistake_of_ours_keeps_its_traceback():
    status, _, err = ended(raising(ZeroDivisionError))
    assert status == 1 and err.startswith("Traceback") and err.endswith("\nZeroDivisionError\n")


@pytest.mark.parametrize("number", command.STOPPING)
def test_a_signal_reaches_main_and_a_second_one_ends_it_at_once(number):
    assert ended(signalled(number)) == (-number, "printed\n", "")
    assert ended(signalled(number, after=lambda: print("kept", flush=True))) == (-number, "printed\nkept\n", "")

    def stubborn():
        for status in range(3):
            with contextlib.suppress(KeyboardInterrupt):
                signalled(number)()
        return status

    assert ended(stubborn) == (-number, "printed\nprinted\n", "")


@pytest.mark.parametrize("number", command.STOPPING)
def test_a_signal_that_was_ignored_from_the_start_stays_ignored(number):
    def main():
        os.kill(os.getpid(), number)
        return 7

    usual = signal.signal(number, signal.SIG_IGN)
    try:
        assert ended(main) == (7, "", "")
    finally:
        signal.signal(number, usual)


@pytest.mark.parametrize("main", [lambda: print(1), raising(SystemExit, "1"), raising(ValueError, "1")])
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


@pytest.mark.parametrize("path", sorted((ROOT / "scripts").glob("*.py")), ids=lambda path: path.name)
def test_a_python_that_is_too_old_can_read_a_script_and_comes_to_the_sentence(path):
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.fixture
def test_py(tmp_path, monkeypatch):
    """scripts/test.py as a module, in a project that has nothing but a `pytest` of its own."""
    spec = importlib.util.spec_from_file_location("scripts_test", ROOT / "scripts" / "test.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


PYTEST = "import os, signal, sys\nprint('tests', *sys.argv[1:], flush=True)\n"
GROUP = "os.kill(os.getppid(), signal.SIGINT)\n"  # Ctrl-C comes to both; pytest deals with its own.


@pytest.mark.parametrize(
    "ending, status, summary",
    [
        ("sys.exit(5)", 5, ""),
        ("os.kill(os.getpid(), signal.SIGTERM)", 128 + signal.SIGTERM, ""),
        (GROUP + "print('summary')\nsys.exit(2)", 2, "summary\n"),
    ],
    ids=["failed", "killed", "interrupted"],
)
def test_the_tests_are_run_and_their_status_passed_on(test_py, tmp_path, monkeypatch, ending, status, summary):
    (tmp_path / "pytest.py").write_text(PYTEST + ending)
    monkeypatch.setattr(test_py, "HAS_PYTEST", "print(True)")
    monkeypatch.setattr(sys, "argv", ["test.py", "-k", "matrix"])
    expected = (status, f"tests -k matrix\n{summary}", "")
    assert in_child(lambda: command.run(test_py.main)) == expected


def test_an_environment_of_another_interpreter_is_not_touched(test_py, tmp_path, monkeypatch):
    names = [".venv", f".venv-{sys.implementation.cache_tag}"]
    for name in names:
        (tmp_path / name).mkdir()
    monkeypatch.setattr(test_py, "HAS_PYTEST", "print(False)")
    with pytest.raises(SystemExit, match="made for another interpreter, or is broken. Remove it"):
        test_py.main()
    assert sorted(path.name for path in tmp_path.rglob("*")) == names
