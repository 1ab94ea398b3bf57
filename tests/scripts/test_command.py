"""command.py: every script ends in good order, whenever Ctrl-C comes and whoever has stopped reading."""

import os
import random
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import command
import pytest
from learners import LISTS, write
from signals import SIGNALLED, TIMES

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(path.name for path in (ROOT / "scripts").glob("*.py"))
OURS = [name for name in SCRIPTS if name != "test.py"]  # pytest says what test.py says
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def run(*words, **options):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": BUFFERED, **options}
    return subprocess.run([sys.executable, *map(str, words)], text=True, **options)


def body(statements):
    """The command that does what the statements say."""
    lines = [f"    {line}" for line in statements.splitlines()]
    begin = f"import os, sys\nsys.path.insert(0, {str(Path(command.__file__).parents[1])!r})\n"
    begin += "sys.argv[0] = 'folder/my.py'\nfrom purenet import command\ndef main():\n"
    return ["-c", begin + "\n".join(lines) + "\ncommand.run(main)"]


@pytest.mark.parametrize(
    "statements, status, out, err",
    [
        ("print(1)", 0, "1\n", ""),
        ("print(1)\nreturn 3", 3, "1\n", ""),
        ("return 'no'", 1, "", "no\n"),
        ("print(1)\nsys.exit(4)", 4, "1\n", ""),
        ("print(1)\nsys.exit('no')", 1, "1\n", "no\n"),
        ("print(1)\nraise ValueError('no')", 1, "1\n", "my.py: no\n"),
        ("raise OSError('no')", 1, "", "my.py: no\n"),
        (
            "raise MemoryError",
            1,
            "",
            "my.py: not enough memory for so much data, or for so large a network\n",
        ),
        ("print(1)\nraise BrokenPipeError", 1, "1\n", ""),
        ("print(1)\nraise KeyboardInterrupt", -signal.SIGINT, "", ""),
        ("print(1)\nos.kill(os.getpid(), 2)", -signal.SIGINT, "", ""),
        ("try:\n os.kill(os.getpid(), 2)\nexcept KeyboardInterrupt:\n return 130", 130, "", ""),
        ("sys.stdout = None\nprint(1)", 0, "", ""),
        ("print('\\u03c3', file=sys.stderr)\nprint('\\u03b4')", 0, "\\u03b4\n", "\\u03c3\n"),
    ],
)
def test_what_main_comes_to_is_told_in_a_status_and_a_sentence(statements, status, out, err):
    done = run(*body(statements), env={**BUFFERED, "PYTHONIOENCODING": "ascii:strict"})
    assert (done.returncode, done.stdout, done.stderr) == (status, out, err)


@pytest.mark.parametrize("stream", ["None", "io.StringIO()"])  # as without a terminal, and in IDLE
def test_any_stream_will_do(stream):
    begin, run_, end = body("print(1)")[1].partition("command.run")
    done = run("-c", f"{begin}import io\nsys.stdout = sys.stderr = {stream}\n{run_}{end}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_mistake_of_ours_is_not_hidden():
    done = run(*body("raise ZeroDivisionError"))
    assert done.returncode == 1 and "Traceback" in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "-u"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("end", ["", "\nraise ValueError", "\nsys.exit()"])
def test_when_nobody_reads_there_is_no_word(end, unbuffered):
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w") as pipe:
        done = run(*unbuffered.split(), *body("print(1)" + end), stdout=pipe)
    assert done.returncode == 1 and "Traceback" not in done.stderr and "ignored" not in done.stderr
    assert "ValueError" in end or done.stderr == ""


def test_ctrl_c_at_any_line_of_it_is_no_traceback(tmp_path):
    path = tmp_path / "my.py"
    begin = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_DFL)\n"
    path.write_text(begin + body("return 0")[1], encoding="utf-8")

    def signalled(n):
        # With -S it starts sooner.
        return run("-S", "-c", SIGNALLED, int(signal.SIGINT), "scripts/command.py", n, 0, path, cwd=tmp_path)

    assert signalled(0).returncode == 0
    every = range(1, int((tmp_path / "lines").read_text()) + 1)
    with ThreadPoolExecutor() as pool:
        for n, done in zip(every, pool.map(signalled, every)):
            assert (n, done.returncode, done.stderr) == (n, -signal.SIGINT, "")


@pytest.mark.parametrize("script", OURS)
def test_help_that_nobody_reads_and_help_on_a_full_disk(script, tmp_path):
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w") as pipe:
        done = run(ROOT / "scripts" / script, "--help", stdout=pipe, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    if os.path.exists("/dev/full"):
        with open("/dev/full", "w") as full:
            done = run(ROOT / "scripts" / script, "--help", stdout=full, cwd=tmp_path)
        assert done.returncode == 1 and done.stderr.count("\n") == 1
        assert done.stderr.startswith(f"{script}: [Errno ")


@pytest.mark.parametrize("script", [name for name in OURS if name != "train.py"])  # see test_faults.py
def test_ctrl_c_at_any_point_once_or_twice_is_no_traceback(script, tmp_path):
    arguments = {"check_network.py": ["my.py"], "walkthrough.py": ["--sizes", "1", "1"]}
    write(tmp_path / "my.py", LISTS)

    def signalled(n, m):
        words = ["-c", SIGNALLED, int(signal.SIGINT), f"scripts/{script} scripts/command.py", n, m]
        return run(*words, ROOT / "scripts" / script, *arguments.get(script, ["--help"]), cwd=tmp_path)

    assert signalled(0, 0).returncode == 0
    most, rng = int((tmp_path / "lines").read_text()), random.Random(3)
    # The first lines, which put Ctrl-C in order, are over in a moment.
    points = [10, most, *(rng.randint(10, most) for _ in range(TIMES // 3))]
    moments = [(n, m) for n in points for m in (0, rng.randint(1, 40))]
    with ThreadPoolExecutor() as pool:
        for moment, done in zip(moments, pool.map(signalled, *zip(*moments))):
            assert done.stderr == "" and done.returncode in (130, -signal.SIGINT), (moment, done)


ENDLESS = """
import os, signal
import pytest

def again():
    os.kill(os.getppid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGINT)

def pytest_runtest_call(item):
    print("running", flush=True)
    again()
    while True:
        pass

def waits():
    # Until the parent has dealt with the first Ctrl-C, a second would only be taken for it.
    path = f"/proc/{os.getppid()}/status"
    if not os.path.exists(path):
        return False
    with open(path) as file:
        caught = int(file.read().partition("SigCgt:")[2].split()[0], 16)
    return caught >> (signal.SIGINT - 1) & 1

@pytest.hookimpl(trylast=True)
def pytest_keyboard_interrupt():
    if TWICE:
        while waits():
            pass
        again()
"""


def test_ctrl_c_ends_the_tests_with_a_summary_and_twice_at_once(tmp_path):
    processes = []
    killed = "import os, signal\nprint('running', flush=True)\nos.kill(os.getpid(), signal.SIGTERM)\n"
    once, twice = (ENDLESS.replace("TWICE", str(value)) for value in (False, True))
    for name, plugin in (("once", once), ("twice", twice), ("killed", killed)):
        (tmp_path / f"{name}.py").write_text(plugin)
        words = ["-p", name, "-p", "no:cacheprovider", "-s", "tests/test_matrix.py"]
        processes.append(
            subprocess.Popen(
                [sys.executable, str(ROOT / "scripts" / "test.py"), *words],
                env={**BUFFERED, "PYTHONPATH": str(tmp_path)},
                start_new_session=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    for process, status in zip(processes, (2, -signal.SIGINT, 128 + signal.SIGTERM)):
        out, err = process.communicate()
        assert "running" in out and "Traceback" not in out and (process.returncode, err) == (status, "")
        assert ("no tests ran" in out) == (status == 2)


def test_where_nothing_can_be_written_the_tests_ask_for_a_python_that_has_what_they_need(tmp_path):
    for original in (ROOT / "scripts", Path(command.__file__).parent):
        shutil.copytree(original, tmp_path / original.name, ignore=shutil.ignore_patterns("__pycache__"))
    tmp_path.chmod(0o500)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("root may write everywhere")
        done = run("-I", "-S", tmp_path / "scripts" / "test.py")
    finally:
        tmp_path.chmod(0o700)
    assert (done.returncode, done.stdout) == (1, "") and done.stderr.count("\n") == 1
    assert f"{tmp_path} is write-protected: run this with a Python that has pytest" in done.stderr
