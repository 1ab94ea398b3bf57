"""Judges a file in a process of its own, since what the file does may hang beyond rescue or end Python.

    is_right, text = judge_file("my_network.py:MyNetwork")
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

from purenet.checker.attempt import in_line, why
from purenet.checker.judge import judge
from purenet.checker.load import load_class, path_and_class

SECONDS = 60.0  # that everything may take
CANDIDATE = "PURENET_CANDIDATE"  # the variable that names the file to its own workers
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def judge_file(
    name: str, cost: str | None = None, methods: dict[str, str] | None = None, seconds: float = SECONDS
) -> tuple[bool, str]:
    """(whether all is right, the report as text) for the class that `name` says; see `load_class` and `judge`.

    Raises ValueError where there is no report, with the reason.
    """
    options: dict[str, Any] = {"name": name, "cost": cost, "methods": methods}
    with tempfile.TemporaryDirectory() as folder:
        try:
            child = subprocess.Popen(
                [sys.executable, "-m", "purenet.checker.child_process"],
                cwd=ROOT,  # Where purenet is found, and nothing that happens to be called json.py.
                env={**os.environ, CANDIDATE: os.path.abspath(name)},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:  # Where there are no processes, as in a browser, it is judged in this one.
            is_right, text = answer_on(**options)
        else:
            is_right, text = _answer_of(child, options, seconds, folder)
    if is_right is None:
        raise ValueError(text)
    return is_right, text


def answer_on(
    name: str, cost: str | None = None, methods: dict[str, str] | None = None
) -> tuple[bool | None, str]:
    """(whether all is right, the report), or (None, why there is none), for the class that `name` says."""
    path, _ = path_and_class(name)
    try:
        report = judge(load_class(name), cost, methods, name)
        return report.is_right, str(report)
    except Exception as error:
        if type(error) is ValueError:
            return None, str(error)
        # Such as a hook of theirs that raises wherever it is looked at.
        return None, f"{path} cannot be judged: {why(error, (path,))}"


def _answer_of(
    child: subprocess.Popen[bytes], options: dict[str, Any], seconds: float, folder: str
) -> tuple[bool | None, str]:
    """What the child answers, by a file in the folder, or what has ended it instead. It is ended then."""
    began, answer, trace = time.monotonic(), os.path.join(folder, "answer"), os.path.join(folder, "trace")
    asked = {"options": options, "folder": os.getcwd(), "seconds": seconds, "answer": answer, "trace": trace}
    try:  # The child stops itself, unless the file keeps it from that.
        child.communicate(json.dumps(asked).encode(), seconds + 5)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(child.pid, signal.SIGKILL)  # and all that it has started
            child.kill()
        child.wait()
    try:
        with open(answer, encoding="utf-8") as file:
            is_right, text = json.load(file)
        return is_right, text
    except (OSError, ValueError):
        path, _ = path_and_class(options["name"])
        late = time.monotonic() - began >= seconds
        what = f"takes longer than {seconds:g} s and was stopped" if late else "ends Python"
        return None, f"{path} {what}{_line_of(path, trace)}"


def _line_of(path: str, trace: str) -> str:
    """The line of the file in which the child was, by what `faulthandler` has written of it."""
    with contextlib.suppress(OSError), open(trace, encoding="utf-8", errors="replace") as file:
        for name, number, function in re.findall('File "(.*)", line ([0-9]+) in (.*)', file.read()):
            if name == path.encode("ascii", "backslashreplace").decode():
                return in_line((path,), path, int(number), function)
    return ""
