#!/usr/bin/env python3
"""Check a network of your own, method by method, and say in words what is wrong with it.

    python3 scripts/check_network.py my_network.py              for its class Network
    python3 scripts/check_network.py my_network.py:MyNetwork

The class is used like that of the book: Network(sizes), with the attributes biases and weights. Lists and
arrays, flat vectors and columns are all taken. Its answers are held against those of purenet's own network
with the same weights, and against finite differences. The file is run, so check only what you would run
yourself. The exit status is 0 where everything that was judged is right, else 1.
"""

import argparse
import faulthandler
import multiprocessing
import os
import re
import signal
import sys
import tempfile
import textwrap
from pathlib import Path

import command

from purenet.checker import conformance, strangers

MARKS = {True: "ok", False: "WRONG", None: "-"}
SECONDS = 30  # that everything may take


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "network", metavar="FILE[:CLASS]", help="the file, and its class if it is not Network"
    )
    name = parser.parse_args().network
    # What the file does may hang beyond rescue or end Python, so a child does it, and reports at its end.
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report")
        child = multiprocessing.Process(target=judge, args=(name, report, SECONDS))
        mask(signal.SIG_BLOCK)  # Ctrl-C waits until both know what to do then.
        try:
            child.start()
            mask(signal.SIG_UNBLOCK)
            child.join()
        finally:
            if child.is_alive():
                child.kill()
                child.join()
        said = report.read_text() if report.exists() else ""
    if said.isdigit():
        return int(said[-1])  # Where the file has forked, both have written.
    path, _ = strangers.path_and_class(name)
    what = f"takes longer than {SECONDS} s and was stopped" if said.startswith("Timeout") else "ends Python"
    for file, line, function in re.findall('File "(.*)", line ([0-9]+) in (.*)', said):
        if file == path.encode("ascii", "backslashreplace").decode():
            what += strangers.in_line(path, int(line), function)
            break
    raise ValueError(f"{path} {what}")


def mask(how):
    """Block Ctrl-C, or unblock it, where a process can be forked."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(how, [signal.SIGINT])


def judge(name, report, seconds):
    """End the child with the verdicts printed, the status in `report`, or where Python was when stopped."""
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    mask(signal.SIG_UNBLOCK)
    with open(report, "w") as file:
        faulthandler.enable(file)
        faulthandler.dump_traceback_later(seconds, exit=True, file=file)
        try:
            command.run(lambda: told(name))
        except SystemExit as end:
            status = end.code
        if isinstance(status, str):
            print(status, file=sys.stderr, flush=True)
            status = 1
        file.write(str(status))
    os._exit(status)  # Threads that the file has begun may go on without end.


def told(name):
    """The status, with the verdicts printed."""
    verdicts = conformance.judge(strangers.load_class(name))
    print(f"{name}, compared with purenet's network and with finite differences:\n")
    for method, ok, words, _ in verdicts:
        # The indented lines of a word belong to the reader's own file and are not wrapped.
        lines = [line for part in words.split("\n") for line in wrapped(part)] or [""]
        print(f"  {method:18}{MARKS[ok]:7}{lines[0]}".rstrip())
        for line in lines[1:]:
            print(f"{'':27}{line}")
    wrong = [verdict for verdict in verdicts if verdict.ok is False]
    if not wrong:
        missing = any(verdict.method == "backprop" and verdict.ok is None for verdict in verdicts)
        print(f"\nEverything that was judged is right{', but backprop was not there' * missing}.")
        return 0
    if wrong[0].example:
        folder = os.path.dirname(strangers.path_and_class(name)[0])
        where = "" if os.path.samefile(folder, os.curdir) else f" that is started in {folder}"
        first = f"The smallest case in which {wrong[0].method} is wrong"
        print(f"\n{first}, to paste into a Python prompt{where}:\n")
        print(textwrap.indent(wrong[0].example, "    "))
    if any(verdict.method in conformance.FED.get(wrong[0].method, ()) for verdict in wrong):
        follows = "what is wrong further down may follow from it, or be hidden by it."
        print(f"\nMend {wrong[0].method} first: {follows}")
    return 1


def wrapped(text):
    return [text] if text.startswith(" ") else textwrap.wrap(text, 84)


if __name__ == "__main__":
    command.run(main)
