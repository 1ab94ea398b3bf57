#!/usr/bin/env python3
"""Run the tests, with this interpreter if it has pytest and Hypothesis, else in a virtual environment.

The environment is made once, in .venv of the project (or in a folder named after the interpreter, where
.venv belongs to another one). Further arguments go to pytest: python3 scripts/test.py -k matrix
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import command

ROOT = Path(__file__).resolve().parent.parent


def main():
    try:
        metadata.version("hypothesis")
        fits = int(metadata.version("pytest").partition(".")[0]) >= 7  # as setup.cfg has it
    except metadata.PackageNotFoundError:
        fits = False
    python = sys.executable if fits else environment()
    with subprocess.Popen([python, "-m", "pytest", *sys.argv[1:]], cwd=ROOT) as pytest:
        try:
            status = pytest.wait()
        except KeyboardInterrupt:
            status = pytest.wait()  # Ctrl-C came to pytest too, which says how far it has come.
    return status if status >= 0 else 128 - status  # as a shell tells that a signal ended it


def environment():
    """The interpreter of a virtual environment that has what the tests need, made if need be."""
    for folder in (ROOT / ".venv", ROOT / f".venv-{sys.implementation.cache_tag}"):
        python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if not folder.exists():
            make(folder)
        if says(python, "import sys; print(sys.version)") == sys.version:
            break
    else:
        sys.exit(f"{folder} was made for another interpreter, or is broken. Remove it and run this again.")
    if says(python, "import pytest, hypothesis; print('both')") != "both":
        print("Installing pytest and Hypothesis ...", flush=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", ".[test]"]
        if subprocess.run(install, cwd=ROOT).returncode:
            sys.exit("pip could not install pytest and Hypothesis (see above). Is there a network?")
    return python


def make(folder):
    if not os.access(ROOT, os.W_OK):
        sys.exit(
            f"{folder} cannot be made, since {ROOT} is write-protected: "
            "run this with a Python that has pytest and Hypothesis."
        )
    # Debian and Ubuntu ship Python without the parts that make a virtual environment.
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        package = "pypy3-venv" if sys.implementation.name == "pypy" else "python3-venv"
        sys.exit(
            f"This Python cannot make virtual environments: install the package {package} and run this again."
        )
    print(f"Making {folder.name}, a virtual environment for the tests ...", flush=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, subprocess.CalledProcessError):
            sys.exit("The virtual environment could not be made (see above).")
        raise


def says(python, code):
    """What the interpreter prints when it runs `code`; nothing if it is missing or fails."""
    try:
        return subprocess.run([python, "-c", code], capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


if __name__ == "__main__":
    command.run(main)
