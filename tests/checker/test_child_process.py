"""A file is judged in a process of its own, and whatever it does, there is a report or a sentence."""

import os
import py_compile
import signal
import sys
import time

import pytest
from learners import LISTS, write

from purenet.checker import child_process
from purenet.checker.child_process import judge_file

# A right network whose file takes the process that it is judged in apart.
HOSTILE = """
import atexit, builtins, mmap, multiprocessing, on_the_path, os, subprocess, sys, time
from concurrent.futures import ProcessPoolExecutor

children = [subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])]
pool = ProcessPoolExecutor(1, multiprocessing.get_context("fork"))
children += [pool.submit(os.getpid).result()]
pool.submit(time.sleep, 1000)
with open("pids", "w") as file:
    file.write(f"{children[0].pid} {children[1]}")
atexit.register(os._exit, 0)
sys.setrecursionlimit(10**6)
assert sys.getrecursionlimit() < 10**6
print("σ, printed by the file")
try:
    mmap.mmap(-1, 9 * 2**30)
except OSError:
    os.closerange(0, 256)
else:
    raise MemoryError("more than any network needs")
os.chdir("/")
builtins.print = builtins.open = lambda *args, **named: None
"""


def is_there(pid):
    """Whether the process runs: one that was killed may wait for its parent to take notice."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().split()[2] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="needs processes that fork, and a limit of memory")
def test_what_a_file_does_to_the_process_does_not_reach_the_report_and_leaves_nothing(tmp_path, monkeypatch):
    (tmp_path / "left").mkdir()
    (tmp_path / "json.py").write_text("raise OSError('not that of Python')")
    (tmp_path / "on").mkdir()
    (tmp_path / "on" / "on_the_path.py").touch()
    monkeypatch.setenv("PYTHONPATH", "on")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "left"))
    monkeypatch.setattr(child_process.tempfile, "tempdir", None)
    monkeypatch.setenv("LC_ALL", "C")
    is_right, text = judge_file(write(tmp_path / "mine.py", HOSTILE + LISTS))
    assert is_right and text.endswith("\nEverything that was judged is right.") and "by the file" not in text
    pids = (tmp_path / "pids").read_text().split()
    for _ in range(100):
        if not any(map(is_there, pids)):
            break
        time.sleep(0.05)
    assert len(pids) == 2 and not any(map(is_there, pids)) and not os.listdir(tmp_path / "left")


ENDS = {
    "import os\nos._exit(0)\n": "ends Python$",
    # Its own child has a right network, and judges it.
    "import os\nif os.fork():\n    os.wait()\n    os._exit(0)\n": "ends Python$",
    "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n": "takes longer than 1 s and was stopped$",
}


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals")
@pytest.mark.parametrize("text", ENDS, ids=map(str, range(len(ENDS))))
def test_where_the_process_gives_no_report_there_is_a_sentence(tmp_path, monkeypatch, text):
    if "stopped" in ENDS[text]:  # Only this one needs the time to run out, however slow the machine is.
        monkeypatch.setattr(child_process, "SECONDS", 1)
    path = write(tmp_path / "größe.py", text + LISTS)
    with pytest.raises(ValueError, match=rf"^\S*größe.py {ENDS[text]}"):
        judge_file(path)


def test_what_is_judged_is_the_source_of_a_module_and_not_older_bytecode(tmp_path):
    sibling = tmp_path / "on_the_side.py"
    sibling.write_text("SIGN = +1\n")
    py_compile.compile(str(sibling))
    times = sibling.stat().st_atime_ns, sibling.stat().st_mtime_ns
    sibling.write_text("SIGN = -1\n")
    os.utime(sibling, ns=times)
    prime = "return sigmoid(z) * (1 - sigmoid(z))"
    negative = prime, prime.replace("return", "return SIGN *")
    mine = write(tmp_path / "mine.py", "from on_the_side import SIGN\n" + LISTS, negative)
    is_right, text = judge_file(mine)
    assert not is_right and "sigmoid_prime     WRONG" in text


WORKERS = """
import multiprocessing, threading, time

threading.Thread(target=time.sleep, args=(1000,)).start()
pools = []


def same(pair):
    return pair


def through_a_worker(pairs):
    if not pools:
        pools.append(multiprocessing.get_context("spawn").Pool(1))
    return pools[0].map(same, pairs)
"""


def test_the_workers_of_a_file_find_its_functions_and_judge_nothing_themselves(tmp_path):
    by_workers = ("for x, y in mini_batch]\n", "for x, y in through_a_worker(mini_batch)]\n")
    is_right, text = judge_file(write(tmp_path / "mine.py", LISTS + WORKERS, by_workers))
    assert is_right and text.count("compared with purenet's network") == 1


# Judged in this process, as where there are no others.


@pytest.fixture
def no_processes(monkeypatch, modules_and_path):
    def none(*args, **named):
        raise OSError("no processes")

    monkeypatch.setattr(child_process.subprocess, "Popen", none)


INIT, BACKPROP = "        self.sizes = sizes\n", "        activations, zs = [x], []\n"
NAMELESS = "class Nameless(ValueError):\n    def __str__(self):\n        return 1 / 0\n\n\nclass Network:"
FOURTH = f"{INIT}        made.append(0)\n        if len(made) > 3:\n            raise KeyError('four')\n"
META = "class Meta(type):\n    def __getattribute__(cls, name):\n        raise RuntimeError('meta')\n\n\n"
NO_REPORT = {
    "an error that cannot be shown": (
        [("class Network:", NAMELESS), (INIT, "        raise Nameless()\n")],
        r"Network\(\[2, 3, 4, 5\]\) cannot be made: .*; it raises Nameless in line \d+",
    ),
    "a constructor that fails from the fourth network on": (
        [("class Network:", "made = []\n\n\nclass Network:"), (INIT, FOURTH)],
        r".*it raises KeyError: 'four' in line \d+",
    ),
    "a class that raises wherever it is looked at": (
        [("class Network:", META + "class Network(metaclass=Meta):")],
        r"\S*mine.py cannot be judged: it raises RuntimeError: meta in line \d+",
    ),
    "no class": ([("class Network:", "def network():")], r"\S*mine.py has no class Network$"),
}


@pytest.mark.parametrize("case", NO_REPORT)
def test_a_class_that_cannot_be_judged_gets_a_sentence(tmp_path, no_processes, case):
    replacements, words = NO_REPORT[case]
    path = write(tmp_path / "mine.py", LISTS, *replacements)
    with pytest.raises(ValueError, match=f"(?s)^{words}"):
        judge_file(path)


@pytest.mark.parametrize("line, mark", [("raise Nameless()", "-    "), ("return nowhere", "WRONG")])
def test_the_others_are_judged_where_a_method_refuses_what_it_is_given_or_fails(
    tmp_path, no_processes, line, mark
):
    is_right, text = judge_file(
        write(tmp_path / "mine.py", LISTS, ("class Network:", NAMELESS), (BACKPROP, f"        {line}\n"))
    )
    assert not is_right and "\n  feedforward       ok\n" in text
    assert f"\n  backprop          {mark}  With sizes [1, 1], it raises " in text


def test_where_there_are_no_processes_it_is_judged_in_this_one(tmp_path, no_processes):
    assert judge_file(write(tmp_path / "mine.py", LISTS))[0]
