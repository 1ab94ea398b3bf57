"""A file is judged in a process of its own, and whatever it does, there is a report or a sentence."""

import os
import sys
import time
from pathlib import Path

import pytest
from learners import LISTS, write

from purenet.checker import process
from purenet.checker.process import judge_file

BEHIND = """
import atexit, os, subprocess, sys, threading, time
print("printed by the file")
os.write(1, b"written by the file")
atexit.register(os._exit, 0)
threading.Thread(target=time.sleep, args=(1000,)).start()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
with open("pid", "w") as file:
    file.write(str(child.pid))
if not os.fork():
    os._exit(7)
os.closerange(0, 3)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
def test_what_a_file_prints_and_leaves_behind_reaches_nobody(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    is_right, text = judge_file(write(tmp_path / "mine.py", BEHIND + LISTS))
    assert is_right and text.endswith("\nEverything that was judged is right.") and "by the file" not in text
    pid = int((tmp_path / "pid").read_text())
    for _ in range(100):  # It has been killed, and goes as soon as its new parent has taken notice.
        try:
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                break
        except (OSError, IndexError):
            break
        time.sleep(0.05)
    else:
        raise AssertionError("a process of the file is still there")


ENDS = {
    "import os\ndef f():\n    os.abort()\nf()\n": r"ends Python in line 3 \(f\):\n    os.abort\(\)$",
    "import os\nos._exit(0)\n": r"ends Python$",
    "import signal, os\nsignal.setitimer = lambda *_: (0, 0)\nwhile True:\n    pass\n": (
        r"takes longer than 1 s and was stopped in line [34]:"
    ),
}


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="PyPy tells the first line of the function")
@pytest.mark.parametrize("text", ENDS)
def test_what_ends_python_or_cannot_be_stopped_gets_a_sentence(tmp_path, text):
    path = write(tmp_path / "größe.py", text)
    with pytest.raises(ValueError, match=rf"^\S*größe.py {ENDS[text]}"):
        judge_file(path, seconds=1)


def test_where_there_are_no_processes_it_is_judged_in_this_one(tmp_path, monkeypatch, modules_and_path):
    def none(*args, **named):
        raise OSError("no processes")

    monkeypatch.setattr(process.subprocess, "Popen", none)
    assert judge_file(write(tmp_path / "mine.py", LISTS))[0]
    with pytest.raises(ValueError, match="has no class Network$"):
        judge_file(write(tmp_path / "empty.py", ""))
