"""How does a command end? In good order, and with a sentence instead of a traceback.

    if __name__ == "__main__":
        command.run(main)

Every script imports this module before it imports purenet, which is found in the clone that the script is in.
"""

import contextlib
import os
import signal
import sys

sys.path.insert(1, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(main):
    """End the program with what `main` returns: a status (None is 0), or a sentence, which is a failure.

    The status is 1 too where `main` raises ValueError, OSError or MemoryError, and where what it prints
    cannot be written: without a word where nobody reads on, as after `| head`, else with a reason. At Ctrl-C,
    `main` gets KeyboardInterrupt, and may put things in order and return a status. If it does not, or at a
    second Ctrl-C, the program ends at once, which a shell takes for 130. Any other exception goes on: it is
    a mistake of ours.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # In IDLE it has not, and without a terminal it may be None.
            # A path may hold letters that the terminal cannot show.
            stream.reconfigure(errors="backslashreplace")
    try:
        if signal.getsignal(signal.SIGINT) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(signal.SIGINT, _interrupt)
        status = _status(main)
        if signal.getsignal(signal.SIGINT) is _interrupt:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
    except KeyboardInterrupt:
        # As if it had not been caught: what is yet to be printed may have no reader to wait for.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
    sys.exit(status)


def _interrupt(number, frame):
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise KeyboardInterrupt


def _status(main):
    """What `main` returns or exits with, or the reason why it, or what it has printed, came to nothing."""
    try:
        try:
            status = main()
        except SystemExit as end:
            status = end.code
        print(end="", flush=True)
        return status
    except BrokenPipeError:
        status = 1
    except MemoryError:
        status = "not enough memory for so much data, or for so large a network"
    except (ValueError, OSError) as error:
        status = str(error)
    with contextlib.suppress(AttributeError, OSError):
        sys.stdout.close()  # Or Python would try once more to write what could not be written.
    return status if status == 1 else f"{os.path.basename(sys.argv[0])}: {status}"
