"""Calls of somebody's code: what it gives, or why it gives nothing, with the line of their file.

    answer, trouble = tried(files, net.backprop, x, y)

`files` are the names of the files, or how these begin, whose lines belong to that code.
"""

from __future__ import annotations

import _thread
import contextlib
import enum
import linecache
import os
import signal
import sys
import textwrap
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

SECONDS = 10.0  # that loading a file may take, or one call of a method
DEPTH = 5000  # of recursion: deeper, Python may end without a word


class TooLong(BaseException):
    """What stops a call that takes too long: no Exception, which a file may catch and go on."""


class Kind(enum.Enum):
    """What a `Trouble` is."""

    FAILS = "it fails"
    HANGS = "it hangs"
    CHANGES = "it changes the weights or biases, which only a step should"
    AGAIN = "it gives another answer when it is called again"
    UNSET = (
        "a second network with the same biases and weights gives another answer: to set net.biases and "
        "net.weights has no effect on it"
    )
    BEFORE = "what it gives for an example depends on the one before: it keeps something of it"
    GIVEN = "it changes, in place, the x or y that it is given"
    CALLED = "it is called in another way"
    FORM = "it gives its answer in another form"


class Odd(ValueError):
    """A method gives something, but not as a method should, or cannot be called."""

    def __init__(self, kind: Kind, more: str = "") -> None:
        super().__init__((kind.value if kind not in (Kind.CALLED, Kind.FORM) else "") + more)
        self.kind = kind


class Trouble(NamedTuple):
    """Why a method gives nothing that can be judged, in a clause."""

    kind: Kind
    clause: str
    sizes: list[int] | None = None

    def __str__(self) -> str:
        return f"With sizes {self.sizes}, {self.clause}" if self.sizes else self.clause


def tried(files: tuple[str, ...], function: Callable[..., Any], *args: Any) -> tuple[Any, Trouble | None]:
    """(what function(*args) returns, None), or (None, why it does not).

    It fails, too, when it takes longer than SECONDS or ends the program. What it prints is not shown, and
    what it asks for is not answered.
    """
    stdin, printed = sys.stdin, vars(sys)["stdout"]
    try:
        with contextlib.ExitStack() as stack:
            nowhere = stack.enter_context(open(os.devnull, "r+", encoding="utf-8"))
            stack.enter_context(contextlib.redirect_stdout(nowhere))
            stack.enter_context(contextlib.redirect_stderr(nowhere))
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            sys.stdin = nowhere
            sys.setrecursionlimit(min(sys.getrecursionlimit(), DEPTH))
            with alarm():
                return function(*args), None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # It may raise SystemExit, or anything of its own.
        kind = Kind.HANGS if isinstance(error, TooLong) else getattr(error, "kind", Kind.FAILS)
        return None, Trouble(kind if isinstance(kind, Kind) else Kind.FAILS, why(error, files))
    finally:
        sys.stdin, sys.stdout = stdin, printed


@contextlib.contextmanager
def alarm() -> Iterator[None]:
    """TooLong is raised after SECONDS. Within another one, the time does not count as that of the other.

    That is so in the main thread alone, where the system has alarms or threads.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    late = TooLong(f"it takes longer than {SECONDS:g} s and was stopped")
    if not hasattr(signal, "setitimer"):
        yield from _timer(late)
        return

    def stop(*_: Any) -> None:
        raise late

    handler, timer = signal.signal(signal.SIGALRM, stop), signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)


def _timer(late: TooLong) -> Iterator[None]:
    """The same by a thread that interrupts this one, as by Ctrl-C."""
    timer = threading.Timer(SECONDS, _thread.interrupt_main)
    with contextlib.suppress(RuntimeError):  # Where there are no threads either, nothing stops it.
        timer.start()
    try:
        yield
    except KeyboardInterrupt:
        if timer.finished.is_set():
            raise late from None
        raise
    finally:
        timer.cancel()


def why(error: BaseException, files: tuple[str, ...], outermost: bool = False) -> str:
    """What went wrong, in a clause, with the line of the files in which it did.

    That is the innermost line of theirs, or the `outermost`, which is the one that a module was run by.
    """
    lines = [
        (frame.filename, frame.lineno or 0, frame.name)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(files)
    ]
    message: Any = error
    if isinstance(error, SyntaxError) and (error.filename or "").startswith(files):
        lines = [(error.filename or "", error.lineno or 0, "<module>")]
        message = error.msg  # Else it ends with the line, which is shown anyway.
    where = in_line(files, *lines[0 if outermost else -1]) if lines else ""
    if isinstance(error, TooLong):
        return f"{error}{where}"
    if isinstance(error, SystemExit):
        return f"it ends the program{where}"
    if isinstance(error, Odd) or isinstance(error, ValueError) and not lines:
        return in_a_line(error)  # What the file gives does not fit.
    said = in_a_line(message)
    return f"it raises {type(error).__name__}{': ' * bool(said)}{said}{where}"


def in_line(files: tuple[str, ...], name: str, number: int, function: str) -> str:
    """In which line of the file something happened, with the line itself where it can be read."""
    inside = "" if function == "<module>" else f" ({function})"
    part = next((name[len(file) :] for file in files if name.startswith(file)), "")
    try:
        text = linecache.getline(name, number).strip()
    except (SyntaxError, UnicodeDecodeError):  # The file is not in the encoding that it claims.
        text = ""
    return f" in line {number}{part}{inside}" + (f":\n    {printable(text)}" if text else "")


def in_a_line(value: object) -> str:
    """What str() gives, in one line of 300 characters or less."""
    try:
        text = str(value)
    except Exception:  # Somebody's __str__.
        return ""
    return textwrap.shorten(printable(text), 300, placeholder=" ...")


def printable(text: str) -> str:
    """The text without what moves the cursor or colours a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
