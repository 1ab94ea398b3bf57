"""Judges a file in a process of its own, since what the file does may hang beyond rescue or end Python.

    is_right, text = judge_file("my_network.py:MyNetwork")

What the judged file prints does not reach the report, which comes in a file.
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
from typing import Any

from purenet.checker.guarded_call import why
from purenet.checker.judge import judge
from purenet.checker.load import load_class, path_and_class

SECONDS = 60.0  # that everything may take
MEMORY = 8 * 2**30  # bytes of address space, where the system can limit it
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def judge_file(name: str, cost: str | None = None, methods: dict[str, str] | None = None) -> tuple[bool, str]:
    """(whether all is right, the report as text) for the class that `name` says; see `load_class` and `judge`.

    Raises ValueError where there is no report, with the reason.
    """
    with tempfile.TemporaryDirectory() as folder:
        answer = os.path.join(folder, "answer")
        # Python would look for json and others in the current folder first.
        code = f"import sys; sys.path = [{ROOT!r}, *filter(None, sys.path)]; "
        code += "from purenet.checker import child_process; "
        code += f"child_process._write({answer!r}, {name!r}, {cost!r}, {methods!r})"
        try:
            child = subprocess.Popen(
                [sys.executable, "-B", "-c", code],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:  # Where there are no processes, as in a browser, it is judged in this one.
            is_right, text = _judged(name, cost, methods)
        else:
            is_right, text = None, f"{path_and_class(name)[0]} ends Python"
            try:
                child.wait(SECONDS)
                with contextlib.suppress(OSError, ValueError), open(answer, encoding="utf-8") as file:
                    is_right, text = json.load(file)
            except subprocess.TimeoutExpired:
                text = f"{path_and_class(name)[0]} takes longer than {SECONDS:g} s and was stopped"
            finally:
                child.kill()
                with contextlib.suppress(OSError, AttributeError):  # Windows has no groups.
                    os.killpg(child.pid, signal.SIGKILL)  # Nothing that it has started goes on.
                child.wait()
    if is_right is None:
        raise ValueError(text)
    return is_right, text


def _judged(name: str, cost: str | None, methods: dict[str, str] | None) -> tuple[bool | None, str]:
    """(whether all is right, the report), or (None, why there is none)."""
    try:
        report = judge(load_class(name), cost, methods, name)
        return report.is_right, str(report)
    except ValueError as error:
        return None, str(error)
    except Exception as error:  # As of a metaclass of theirs that raises wherever it is looked at.
        path, _ = path_and_class(name)
        return None, f"{path} cannot be judged: {why(error, (path,))}"


def _write(answer: str, *asked: Any) -> None:
    """Judge, and end at once: threads that the file has begun may go on without end."""
    leave, me = os._exit, os.getpid()
    sys.pycache_prefix = os.path.dirname(answer)  # Bytecode of siblings may be older than they.
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.setrecursionlimit = lambda limit: None  # Far above the usual limit, Python ends without a word.
    try:
        judged = _judged(*asked)
        if os.getpid() == me:  # A fork of the file's own may come here, too.
            with io.open(answer, "w", encoding="utf-8") as file:  # The file may have another `open`.
                json.dump(judged, file)
    finally:
        leave(0)
