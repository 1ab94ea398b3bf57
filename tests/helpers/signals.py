"""Run a script in a child of the tests' process, which starts at once, and signal it at a chosen line."""

import os
import runpy
import sys
import tempfile

from commands import status_of


def in_child(function, stdout=None):
    """(exit status, what it prints, its complaints) of a copy of this process that calls `function`.

    The status is negative where a signal ended the child. `stdout` may be another file to print to.
    """
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as complained:
        child = os.fork()
        if not child:
            status = 99
            try:
                os.dup2((stdout or printed).fileno(), 1)
                os.dup2(complained.fileno(), 2)
                # As Python makes them for a program.
                sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
                sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
                status = status_of(function)
                if not sys.stdout.closed:
                    sys.stdout.flush()
            except BaseException:
                status = 1
                sys.excepthook(*sys.exc_info())
            finally:
                sys.stderr.flush()
                os._exit(status)
        _, found = os.waitpid(child, 0)
        texts = []
        for file in printed, complained:
            file.seek(0)
            texts.append(file.read().decode("utf-8"))
    return os.waitstatus_to_exitcode(found), *texts


def script(path, *arguments, cwd, places=(), since="main", signals=()):
    """A function for `in_child` that runs the script.

    The lines that are executed in `places`, which are ends of file names, are counted from the call of the
    function `since` on. `signals` maps n to the signal that comes at line n; without, the count is printed.
    """
    signals, lines = dict(signals), 0

    def trace(frame, event, arg):
        nonlocal lines
        name = frame.f_code.co_filename
        if not name.endswith(tuple(places)) or (not lines and frame.f_code.co_name != since):
            return None
        if event == "line":
            lines += 1
            if lines in signals:
                os.kill(os.getpid(), signals[lines])
        return trace

    def run():
        os.chdir(cwd)
        sys.argv = [str(path), *map(str, arguments)]
        if places:
            sys.settrace(trace)
        try:
            runpy.run_path(str(path), run_name="__main__")
        finally:
            sys.settrace(None)
            if places and not signals:
                print(lines)

    return run
