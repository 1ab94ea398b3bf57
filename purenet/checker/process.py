"""Judges a file in a process of its own, since what the file does may hang beyond rescue or end Python.

    is_right, text = judge_file("my_network.py:MyNetwork")
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from typing import Any

from purenet.checker.attempt import in_line, why
from purenet.checker.judge import judge
from purenet.checker.load import load_class, path_and_class

SECONDS = 60.0  # that everything may take
MEMORY = 8 * 2**30  # bytes of address space, where the system can limit it
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def report_on(
    name: str, cost: str | None = None, methods: dict[str, str] | None = None
) -> tuple[bool, str, str]:
    """(whether all is right, the report, why there is none) for the class that `name` says."""
    try:
        report = judge(load_class(name), cost, methods, name)
        return report.is_right, str(report), ""
    except ValueError as error:
        return False, "", str(error)
    except Exception as error:  # Such as a hook of theirs that raises wherever it is looked at.
        path = path_and_class(name)[0]
        return False, "", f"{path} cannot be judged: {why(error, (path,))}"


def judge_file(
    name: str, cost: str | None = None, methods: dict[str, str] | None = None, seconds: float = SECONDS
) -> tuple[bool, str]:
    """(whether all is right, the report as text) for the class that `name` says; see `load_class` and `judge`.

    Raises ValueError where there is no report, with the reason.
    """
    path, class_name = path_and_class(name)
    options: dict[str, Any] = {"name": name, "cost": cost, "methods": methods}
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as trace:
        try:
            child = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "purenet.checker",
                    json.dumps({**options, "seconds": seconds, "memory": MEMORY}),
                ],
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join([ROOT, *filter(None, [os.environ.get("PYTHONPATH")])]),
                },
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=trace,
                start_new_session=True,
            )
        except OSError:  # Where there are no processes, as in a browser, it is judged in this one.
            is_right, text, reason = report_on(**options)
        else:
            try:
                child.wait(seconds + 5)  # The child stops itself, unless the file keeps it from that.
            except subprocess.TimeoutExpired:
                pass
            finally:
                _end(child)
            answer.seek(0)
            trace.seek(0)
            try:
                is_right, text, reason = json.loads(answer.read())
            except ValueError:
                raise ValueError(
                    f"{path} {_what_ended_it(path, trace.read().decode('ascii', 'replace'), seconds)}"
                ) from None
    if reason:
        raise ValueError(reason)
    return is_right, text


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and all that it has started."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
    except OSError:
        pass
    child.wait()


def _what_ended_it(path: str, trace: str, seconds: float) -> str:
    """What ended the child, and in which line of the file, by what `faulthandler` has written."""
    what = f"takes longer than {seconds:g} s and was stopped" if "Timeout" in trace else "ends Python"
    for file, line, function in re.findall('File "(.*)", line ([0-9]+) in (.*)', trace):
        if file == path.encode("ascii", "backslashreplace").decode():
            return what + in_line((path,), path, int(line), function)
    return what
