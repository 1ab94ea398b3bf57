"""How the tests call a script as a person does, but in this process, which saves the start of another."""

import contextlib
import io
import os
import runpy
import signal
import sys
from pathlib import Path
from unittest import mock

import command

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


class Kept(io.BytesIO):
    """Bytes that are still there when the script has closed what it prints to."""

    def close(self):
        pass


def status_of(function):
    """The exit status of a program that calls `function`."""
    try:
        function()
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            return 1
        return end.code or 0
    return 0


def called(script, *arguments, encoding="utf-8", cwd=None, columns=80):
    """(exit status, what it prints, its complaints) in a terminal with that encoding and width."""
    printed, complained = Kept(), Kept()
    out = io.TextIOWrapper(printed, encoding)
    err = io.TextIOWrapper(complained, encoding, errors="backslashreplace")
    with contextlib.ExitStack() as changed:
        changed.callback(os.chdir, os.getcwd())
        for number in command.STOPPING:
            changed.callback(signal.signal, number, signal.getsignal(number))
        os.chdir(cwd or ".")
        changed.enter_context(mock.patch.dict(os.environ, {"COLUMNS": str(columns)}))
        for name, value in (
            ("argv", [str(SCRIPTS / script), *map(str, arguments)]),
            ("path", list(sys.path)),
            ("stdout", out),
            ("stderr", err),
        ):
            changed.enter_context(mock.patch.object(sys, name, value))
        status = status_of(lambda: runpy.run_path(sys.argv[0], run_name="__main__"))
    for stream in (out, err):
        if not stream.closed:
            stream.flush()
    return status, printed.getvalue().decode(encoding), complained.getvalue().decode(encoding)
