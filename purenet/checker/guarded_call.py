"""Calls somebody's code: what it gives, or why it gives nothing, with the line of their file.

    answer, trouble = tried(files, net.backprop, x, y)

`files` are the names of the files, or how these begin, whose lines belong to that code.
"""

from __future__ import annotations

import _thread
import contextlib
import enum
import io
import os
import re
import signal
import sys
import textwrap
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

# In what Python 3 says of a file for Python 2.
PYTHON_2 = re.compile(r"'(print|xrange|unicode|raw_input|cPickle|urllib2|Tkinter|has_key|iteritems)'")
SECONDS = 10.0  # that loading a file may take, or one call of a method


class Kind(enum.Enum):
    """What a `Trouble` is."""

    FAILS = "it fails"
    HANGS = "it hangs"
    REFUSES = "it raises an error of its own, as for data that it does not take"
    CHANGES = "it changes the weights or biases, which only a step should"
    KEEPS = "it gives another answer later: it keeps something of an earlier call, or draws at random"
    GIVEN = "it changes, in place, the x or y that it is given"
    FORM = ""  # it is called in another way, or gives its answer in another form


NOT_WRONG = {Kind.HANGS, Kind.REFUSES, Kind.FORM}


class Odd(ValueError):
    """A method gives something, but not as a method should, or cannot be called."""

    def __init__(self, kind: Kind, more: str = "") -> None:
        super().__init__(kind.value + more)
        self.kind = kind


class TooLong(BaseException):
    """What stops a call that takes too long: no Exception, which a file may catch and go on."""

    kind = Kind.HANGS


class Trouble(NamedTuple):
    """Why a method gives nothing that can be judged, in a clause."""

    kind: Kind
    clause: str
    sizes: list[int] | None = None
    function: str = ""  # of theirs in which it fails

    def __str__(self) -> str:
        if self.kind is Kind.FORM:
            return f"not judged: {self.clause}"
        return f"With sizes {self.sizes}, {self.clause}" if self.sizes else self.clause


def tried(files: tuple[str, ...], function: Callable[..., Any], *args: Any) -> tuple[Any, Trouble | None]:
    """(what function(*args) returns, None), or (None, why it does not).

    It is stopped after SECONDS; it prints to nobody, and what it asks for is not answered.
    """
    streams = sys.stdin, sys.stdout, sys.stderr
    nowhere = io.open(os.devnull, "r+", encoding="utf-8")  # A file may replace `open`.
    try:
        sys.stdin = sys.stdout = sys.stderr = nowhere
        with warnings.catch_warnings(), alarm():
            warnings.simplefilter("ignore")
            return function(*args), None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # It may raise SystemExit, or anything of its own.
        *_, last = _steps(error)
        theirs = _steps(error, files)
        is_raised = theirs[-1:] == [last] and re.search(r"\b(raise|assert)\b", last.line or "")
        kind = Kind.REFUSES if is_raised else Kind.FAILS
        kind = error.kind if isinstance(error, (Odd, TooLong)) else kind
        return None, Trouble(kind, why(error, files), function=theirs[-1].name if theirs else "")
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
        with contextlib.suppress(OSError):  # A file may close whatever is open.
            nowhere.close()


@contextlib.contextmanager
def alarm() -> Iterator[None]:
    """TooLong is raised after SECONDS. Within another one, the time does not count as that of the other.

    That is so in the main thread alone.
    """

    def stop(*_: Any) -> None:
        raise TooLong(f"it takes longer than {SECONDS:g} s and was stopped")

    if threading.current_thread() is not threading.main_thread():
        yield
    elif hasattr(signal, "setitimer"):
        handler, timer = signal.signal(signal.SIGALRM, stop), signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, *timer)
            signal.signal(signal.SIGALRM, handler)
    else:  # As in Windows: a thread does as if Ctrl-C were pressed.
        thread, handler = threading.Timer(SECONDS, _thread.interrupt_main), signal.signal(signal.SIGINT, stop)
        with contextlib.suppress(RuntimeError):  # In a browser there are no threads.
            thread.start()
        try:
            yield
        finally:
            thread.cancel()
            signal.signal(signal.SIGINT, handler)


def _steps(error: BaseException, files: tuple[str, ...] = ("",)) -> list[traceback.FrameSummary]:
    """The lines of the files that led to the error, the innermost last."""
    steps = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
    return [step for step in steps if step.filename.startswith(files)]


def why(error: BaseException, files: tuple[str, ...]) -> str:
    """What went wrong, in a clause, with the line of the files in which it did.

    That is the line of a module, where one is run, unless it makes an object that fails, and else the innermost
    line of theirs.
    """
    steps, said = _steps(error, files), in_a_line(error)
    if isinstance(error, SyntaxError) and (error.filename or "").startswith(files):
        steps = [traceback.FrameSummary(error.filename or "", error.lineno or 0, "<module>")]
        said = error.msg  # Else it ends with the line, which is shown anyway.
    if isinstance(error, Odd) or isinstance(error, ValueError) and not steps:
        return said  # What the file gives does not fit.
    if isinstance(error, SystemExit):
        said = "it ends the program"
    elif not isinstance(error, TooLong):
        said = f"it raises {type(error).__name__}{': ' * bool(said)}{said}"
    if steps:
        makes = steps[-1].name == "__init__" and not isinstance(error, OSError)
        step = steps[0 if steps[0].name == "<module>" and not makes else -1]
        cell = next(step.filename[len(file) :] for file in files if step.filename.startswith(file))
        said += f" in line {step.lineno}{cell}" + f" ({step.name})" * (step.name != "<module>")
        said += f":\n    {in_a_line(step.line)}" * bool(step.line)
        if step.name == "<module>" and not isinstance(error, (SyntaxError, ImportError)):
            said += '\nWhat loads data or trains should stand under `if __name__ == "__main__":`.'
    if PYTHON_2.search(in_a_line(error)):
        said += "\nIt is written for Python 2: 2to3, or a search for what is new in Python 3, helps."
    elif isinstance(error, ModuleNotFoundError):
        said += f"\nThere is no {error.name} beside it, above it, or where Python looks for modules."
    return said


def in_a_line(value: object) -> str:
    """What str() gives, in 300 characters or less."""
    try:
        return textwrap.shorten(str(value), 300, placeholder=" ...")
    except Exception:  # Somebody's __str__.
        return ""


def printable(text: str) -> str:
    """The text without what moves the cursor or colours a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
