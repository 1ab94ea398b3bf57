#!/usr/bin/env python3
"""Run the tests, with this interpreter if it has pytest and Hypothesis, else in a virtual environment.

The environment is made once for each interpreter, in the folder .venv of the project. Further arguments go to
pytest: python3 scripts/test.py -k matrix
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import command

ROOT = Path(__file__).resolve().parent.parent
HAS_PYTEST = "import hypothesis, pytest; print(int(pytest.__version__.split('.')[0]) >= 7)"  # as in setup.cfg


def main():
    python = sys.executable if has_pytest(sys.executable) else environment()
    with subprocess.Popen([python, "-m", "pytest", *sys.argv[1:]], cwd=ROOT) as pytest:
        # Ctrl-C comes to pytest too, which reports how far it has come.
        signal.signal(signal.SIGINT, lambda *_: None)
        status = pytest.wait()
    return status if status >= 0 else 128 - status  # as a shell reports that a signal ended it


def has_pytest(python):
    return subprocess.run([python, "-c", HAS_PYTEST], capture_output=True, text=True).stdout == "True\n"


def environment():
    """The interpreter of a virtual environment that has what the tests need, made where there is none."""
    folder = ROOT / ".venv" / sys.implementation.cache_tag
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists() or not has_pytest(python):
        print(f"Installing pytest and Hypothesis in {folder} ...", flush=True)
        make = [sys.executable, "-m", "venv", "--clear", folder]
        install = [python, "-m", "pip", "install", "--quiet", "pytest>=7", "hypothesis"]
        for step in make, install:
            if subprocess.run(step).returncode:
                sys.exit("They could not be installed (see above). Is there a network?")
    return python


if __name__ == "__main__":
    command.run(main)
