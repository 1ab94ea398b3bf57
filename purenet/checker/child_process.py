"""Judges a file in a process of its own, since what the file does may hang beyond rescue or end Python.

    is_right, text = judge_file("my_network.py:MyNetwork")

The process is this module, run as a program. It reads what is asked for from its standard input, and writes the
answer to a file whose name it is given so: what the judged file prints, writes to an open file or closes, does
not reach the answer. All is JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile

from purenet.checker.guarded_call import printable, why
from purenet.checker.judge import judge
from purenet.checker.load import load_class, path_and_class

SECONDS = 60.0  # that everything may take
LONGEST = 1_000_000  # bytes of an answer
MEMORY = 8 * 2**30  # bytes of address space, where the system can limit it
DEPTH = 5000  # of recursion: deeper, Python may end without a word
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CANDIDATE = "PURENET_CANDIDATE"  # the variable that names the judged file to the workers that it starts


def judge_file(name: str, cost: str | None = None, methods: dict[str, str] | None = None) -> tuple[bool, str]:
    """(whether all is right, the report as text) for the class that `name` says; see `load_class` and `judge`.

    Raises ValueError where there is no report, with the reason.
    """
    path, _ = path_and_class(name)
    environment = {**os.environ, CANDIDATE: os.path.abspath(name)}
    if "PYTHONPATH" in environment:
        folders = environment["PYTHONPATH"].split(os.pathsep)
        environment["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, folders))
    with tempfile.TemporaryDirectory() as folder:
        answer = os.path.join(folder, "answer")
        asked = {"cwd": os.getcwd(), "answer": answer, "asked": [name, cost, methods]}
        try:
            child = subprocess.Popen(
                [sys.executable, "-m", "purenet.checker.child_process"],
                cwd=ROOT,  # Where purenet is found, and nothing that happens to be called json.py.
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:  # Where there are no processes, as in a browser, it is judged in this one.
            is_right, text = _answer(name, cost, methods)
        else:
            what = "ends Python"
            try:
                child.communicate(json.dumps(asked).encode(), SECONDS)
            except subprocess.TimeoutExpired:
                what = f"takes longer than {SECONDS:g} s and was stopped"
            finally:
                _end(child)
            is_right, text = _read(answer) or (None, f"{path} {what}")
    if is_right is None:
        raise ValueError(text)
    return is_right, text


def _read(answer: str) -> tuple[bool | None, str] | None:
    """What the child has answered; None where the file is none of its answers."""
    try:
        if not os.path.isfile(answer) or os.path.getsize(answer) > LONGEST:
            return None
        with open(answer, encoding="utf-8") as file:
            is_right, text = json.load(file)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return (is_right, text) if is_right in (None, False, True) and isinstance(text, str) else None


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and all that it has started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()
    child.wait()


def _answer(name: str, cost: str | None, methods: dict[str, str] | None) -> tuple[bool | None, str]:
    """(whether all is right, the report), or (None, why there is none)."""
    path, _ = path_and_class(name)
    try:
        report = judge(load_class(name), cost, methods, name)
        return report.is_right, str(report)
    except Exception as error:
        # Another one may be a hook of theirs that raises wherever it is looked at.
        text = str(error) if type(error) is ValueError else f"{path} cannot be judged: {why(error, (path,))}"
        return None, printable(text)


def _main() -> None:
    """Judge, and end at once: threads that the file has begun may go on without end."""
    leave, me = os._exit, os.getpid()
    asked = json.load(sys.stdin)
    os.chdir(asked["cwd"])
    # No bytecode is written, and none is read that may be older than its source.
    sys.dont_write_bytecode, sys.pycache_prefix = True, os.path.dirname(asked["answer"])
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.setrecursionlimit(DEPTH)
    sys.setrecursionlimit = lambda limit: None
    try:
        answer = json.dumps(_answer(*asked["asked"]))
        if os.getpid() == me:  # A fork of the file's own may come here, too.
            with io.open(asked["answer"], "w", encoding="utf-8") as file:  # The file may have another `open`.
                file.write(answer)
    finally:
        leave(0)


if __name__ == "__main__":
    _main()
elif __name__ == "__mp_main__":  # A worker that the file has started finds its functions in its module.
    load_class(os.environ[CANDIDATE])
