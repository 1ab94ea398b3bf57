#!/usr/bin/env python3
"""Run the tests, with this interpreter if it has pytest and Hypothesis, else in a virtual environment.

The environment is made once, in .venv of the project (or in a folder named after the interpreter, where
.venv belongs to another one). Further arguments go to pytest: python3 scripts/test.py -k matrix
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import command

ROOT = Path(__file__).resolve().parent.parent
HAS_PYTEST = "import hypothesis, pytest; print(int(pytest.__version__.split('.')[0]) >= 7)"  # as in setup.cfg


def main():
    python = sys.executable if output(sys.executable, HAS_PYTEST) == "True" else environment()
    with subprocess.Popen([python, "-m", "pytest", *sys.argv[1:]], cwd=ROOT) as pytest:
        # Ctrl-C comes to pytest too, which reports how far it has come.
        signal.signal(signal.SIGINT, lambda *_: None)
        status = pytest.wait()
    return status if status >= 0 else 128 - status  # as a shell reports that a signal ended it


def environment():
    """The interpreter of a virtual environment that has what the tests need, made where there is none."""
    for folder in (ROOT / ".venv", ROOT / f".venv-{sys.implementation.cache_tag}"):
        python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if not folder.exists():
            make(folder)
        if output(python, "import sys; print(sys.version)") == sys.version:
            break
    else:
        sys.exit(f"{folder} was made for another interpreter, or is broken. Remove it and run this again.")
    if output(python, HAS_PYTEST) != "True":
        print("Installing pytest and Hypothesis ...", flush=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", ".[test]"]
        if subprocess.run(install, cwd=ROOT).returncode:
            sys.exit("pip could not install pytest and Hypothesis (see above). Is there a network?")
    return python


def make(folder):
    print(f"Making {folder.name}, a virtual environment for the tests ...", flush=True)
    if subprocess.run([sys.executable, "-m", "venv", folder]).returncode:
        shutil.rmtree(folder, ignore_errors=True)
        sys.exit("It could not be made (see above). Or use a Python that has pytest and Hypothesis.")


def output(python, code):
    """What the interpreter prints when it runs `code`; nothing if it is missing or fails."""
    try:
        return subprocess.run([python, "-c", code], capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


if __name__ == "__main__":
    command.run(main)
