"""Run the `main` of a script, so that it ends with a status or a sentence and not with a traceback.

    if __name__ == "__main__":
        command.run(main)

Importing this module puts the clone that the script is in on `sys.path`, so that `purenet` is found there.
"""

import contextlib
import importlib
import os
import signal
import sys

sys.path.insert(1, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
importlib.import_module("purenet")  # It refuses a Python that is too old, so a script imports this first.

STOPPING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def run(main):
    """Call `main` and end the program.

    `main` returns a status (None is 0) or a sentence, which is printed and means status 1. ValueError, OSError
    and MemoryError become a sentence too; a pipe that nobody reads from, as after `| head`, is no reason for
    one. Ctrl-C, SIGTERM and SIGHUP reach `main` as KeyboardInterrupt, which it may catch to say what it has
    kept; the signal then ends the program, as a shell expects, and a second one ends it at once. Any other
    exception is a mistake of ours and keeps its traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # A path may hold letters that the terminal cannot show.
    handle_signals(_interrupt)
    try:
        status = _status(main)
    except KeyboardInterrupt as interrupt:
        number = interrupt.args[0] if interrupt.args else signal.SIGINT
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)
    sys.exit(status)


def handle_signals(handler):
    """Have `handler` called for the signals that stop a program, but not for one that is ignored."""
    for number in STOPPING:
        if signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
            signal.signal(number, handler)


def _interrupt(number, frame):
    signal.signal(number, signal.SIG_DFL)
    raise KeyboardInterrupt(number)


def _status(main):
    try:
        try:
            status = main()
        except SystemExit as end:
            status = end.code
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        status = 1
    except MemoryError:
        status = "not enough memory for so much data, or for so large a network"
    except (ValueError, OSError) as error:
        status = str(error)
    with contextlib.suppress(OSError):
        sys.stdout.close()  # Or Python would try once more to write what could not be written.
    return status if status == 1 else f"{os.path.basename(sys.argv[0])}: {status}"
