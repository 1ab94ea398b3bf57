"""How the tests call a script as a person does, but in this process, which saves the start of another."""

import contextlib
import io
import os
import runpy
import signal
import sys
from pathlib import Path
from unittest import mock

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


class Kept(io.BytesIO):
    """Bytes that are still there when the script has closed what it prints to."""

    def close(self):
        pass


def called(script, *arguments, encoding="utf-8", cwd=None):
    """(exit status, what it prints, what it complains of) where the terminal has that encoding."""
    printed, complained = Kept(), Kept()
    out = io.TextIOWrapper(printed, encoding)
    err = io.TextIOWrapper(complained, encoding, errors="backslashreplace")
    folder, status = os.getcwd(), 0
    with contextlib.ExitStack() as changed:
        changed.callback(os.chdir, folder)
        changed.callback(signal.signal, signal.SIGINT, signal.getsignal(signal.SIGINT))
        os.chdir(cwd or folder)
        for name, value in (
            ("argv", [str(SCRIPTS / script), *map(str, arguments)]),
            ("path", list(sys.path)),
            ("stdout", out),
            ("stderr", err),
        ):
            changed.enter_context(mock.patch.object(sys, name, value))
        try:
            runpy.run_path(sys.argv[0], run_name="__main__")
        except SystemExit as end:
            status = end.code or 0
            if isinstance(status, str):
                print(status, file=err)
                status = 1
    for stream in (out, err):
        if not stream.closed:
            stream.flush()
    return status, printed.getvalue().decode(encoding), complained.getvalue().decode(encoding)
