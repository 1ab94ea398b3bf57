"""scripts/check_network.py, run as a person runs it: a table, an example, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from learners import ARRAYS, LISTS, write

TESTS = Path(__file__).resolve().parents[1]
SCRIPT = TESTS.parent / "scripts" / "check_network.py"


def run(*args, encoding="utf-8", cwd=None):
    """(exit status, what it prints, what it complains of)."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(TESTS / "helpers")}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, args)],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    return done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding)


def test_a_right_network_gets_a_table_and_the_status_0(tmp_path):
    path = write(tmp_path / "mine.py", ARRAYS)
    status, out, err = run(f"{path}:QuadraticNet")
    assert (status, err) == (0, "")
    assert out == (
        f"{path}:QuadraticNet, compared with purenet's network and with finite differences:\n"
        "\n"
        "  sigmoid           ok\n"
        "  sigmoid_prime     ok\n"
        "  feedforward       ok\n"
        "  cost_derivative   ok\n"
        "  backprop          ok\n"
        "  update_mini_batch ok\n"
        "  evaluate          ok\n"
        "  SGD               -      not there\n"
        "\n"
        "Everything that was judged is right.\n"
    )


UPHILL = ("self.biases[l][j] -= step * nabla_b[l][j]", "self.biases[l][j] += step * nabla_b[l][j]")


def test_a_wrong_network_gets_a_cause_an_example_that_runs_and_the_status_1(tmp_path):
    write(tmp_path / "mine.py", LISTS, ("return [a - t for a, t in", "return [t - a for a, t in"), UPHILL)
    status, out, err = run("mine.py", cwd=tmp_path)
    assert (status, err) == (1, "")
    assert "  cost_derivative   WRONG  The sign is wrong: y − a stands for a − y.\n" in out
    assert "  backprop          WRONG  The sign is wrong everywhere, as if y − a stood for a − y.\n" in out
    assert "  feedforward       ok\n" in out and "  evaluate          ok\n" in out
    first = "The smallest case in which cost_derivative is wrong, to paste into a Python prompt:"
    assert f"\n{first}\n\n    from mine" in out
    assert out.endswith(
        "\n\nMend cost_derivative first: what is wrong further down may follow from it, or be hidden by it.\n"
    )
    code = "".join(
        line[4:] + "\n" for line in out.splitlines() if line.startswith("    ") and "# " not in line
    )
    *lines, call = [line for line in code.splitlines() if not line.startswith(" ")]
    pasted = subprocess.run(
        [sys.executable, "-c", "\n".join([*lines, f"print('gives', *{call})"])],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        check=True,
    )
    [gives] = [line for line in out.splitlines() if line.startswith("    # gives ")]
    got = [float(word) for word in pasted.stdout.decode().split()[1:]]
    assert gives == f"    # gives     [{', '.join(f'{number:.6g}' for number in got)}]"


def test_one_wrong_method_is_not_told_to_be_mended_first(tmp_path):
    path = write(
        tmp_path / "mine.py",
        LISTS,
        ("right += a.index(max(a)) == digit", "right += a.index(min(a)) == digit"),
    )
    status, out, _ = run(path)
    assert (
        status == 1 and "  evaluate          WRONG  It takes the smallest output, not the largest.\n" in out
    )
    assert "Mend" not in out
    assert out.endswith("\n    net.evaluate([([-2.3], 0)])\n    # gives     0\n    # should be 1\n")


def test_long_words_are_wrapped_under_themselves_and_the_lines_of_the_file_are_not(tmp_path):
    line = "nabla_b[l] = [d for d in delta if None.no_such_attribute or 'a line longer than the words']"
    write(
        tmp_path / "mine.py",
        LISTS,
        ("nabla_b[l] = delta", line),
        ("step = eta / len(mini_batch)", "step = eta"),
    )
    status, out, err = run("mine.py", cwd=tmp_path)
    assert (status, err) == (1, "")
    lines = out.splitlines()
    assert f"{'':27}    {line}" in lines
    [k] = [k for k, text in enumerate(lines) if text.startswith("  backprop ")]
    assert lines[k].startswith(
        "  backprop          WRONG  With sizes [1, 1], it raises AttributeError: 'NoneType'"
    )
    assert lines[k + 1].startswith(" " * 27) and "in line 47 (" in lines[k + 1]
    assert all(len(text) <= 27 + 84 for text in lines[1:] if line not in text and " * net" not in text)
    assert "Traceback" not in out and "purenet/" not in out


BROKEN = [
    ("def f(:\n", "mine.py cannot be imported: it raises SyntaxError: ", "    def f(:\n"),
    ("import no_such_module\n", "No module named 'no_such_module' in line 1:", "    import no_such_module\n"),
    ("class Net:\n    pass\n", "mine.py has no class Network; it has Net: name one after a colon\n", ""),
    ("import sys\nsys.exit(0)\n", "cannot be imported: it ends the program in line 2:", "    sys.exit(0)\n"),
    ("x = input()\n", "cannot be imported: it raises EOFError", "    x = input()\n"),
    (
        "class Network:\n    def __init__(self, sizes, activation):\n        pass\n",
        "Network([1, 1]) gives no network: it raises TypeError: ",
        "'activation'; it is called as Network(sizes)\n",
    ),
    (
        "class Network:\n    def __init__(self, sizes):\n        self.sizes = size\n",
        "it raises NameError: name 'size' is not defined in line 3 (__init__):",
        "    self.sizes = size\n",
    ),
]


@pytest.mark.parametrize("text, words, end", BROKEN, ids=[words for _, words, _ in BROKEN])
def test_a_file_that_is_of_no_use_gets_a_sentence_with_its_own_line(tmp_path, text, words, end):
    write(tmp_path / "mine.py", text)
    status, out, err = run("mine.py", cwd=tmp_path)
    assert (status, out) == (1, "")
    assert err.startswith("check_network.py: ") and words in err and err.endswith(end)
    assert "Traceback" not in err


DEADLY = [
    ("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\n", " ends Python\n"),
    (
        "import os, signal\ndef f():\n    os.kill(os.getpid(), signal.SIGABRT)\nf()\n",
        " ends Python in line 3 (f):\n    os.kill(os.getpid(), signal.SIGABRT)\n",
    ),
    (
        "def f():\n    sum(iter(int, 1))\nf()\n",
        " takes longer than 1 s and was stopped in line 2 (f):\n    sum(iter(int, 1))\n",
    ),
    (
        "while True:\n    try:\n        while True: 1\n    except BaseException: 2\n",
        " takes longer than 1 s and was stopped in line 3:\n    while True: 1\n",
    ),
]


def test_what_ends_python_or_hangs_beyond_rescue_gets_a_sentence_too(tmp_path):
    program = (
        "import sys, check_network as c, purenet.checker.strangers as s; c.SECONDS, s.SECONDS = int(sys.argv.pop()), 1000; "
        "sys.argv[0] = 'check_network.py'; c.command.run(c.main)"
    )
    environment = {**os.environ, "PYTHONPATH": str(SCRIPT.parent), "PYTHONIOENCODING": "utf-8"}
    paths = [write(tmp_path / f"größe{k}.py", text) for k, (text, _) in enumerate(DEADLY)]
    # All at once, since some take their second.
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, path, "1" if "longer" in end else "1000"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for path, (_, end) in zip(paths, DEADLY)
    ]
    for path, process, (_, end) in zip(paths, processes, DEADLY):
        out, err = (stream.decode("utf-8") for stream in process.communicate())
        assert (process.returncode, out) == (1, "")
        if sys.implementation.name == "cpython":  # PyPy tells the first line of the function.
            assert err.endswith(end)
        assert err.startswith(f"check_network.py: {path} {end[1:].partition(' in line')[0].strip()}")
        assert "Traceback" not in err and "most recent call" not in err


def test_the_status_is_that_of_the_verdict_whatever_the_file_leaves_behind(tmp_path):
    behind = (
        "import atexit, os, threading, time\n"
        "atexit.register(os._exit, 0)\n"
        "threading.Thread(target=time.sleep, args=(1000,)).start()\n"
    )
    assert run(write(tmp_path / "right.py", behind + LISTS))[::2] == (0, "")
    assert run(write(tmp_path / "wrong.py", behind + LISTS, UPHILL))[::2] == (1, "")


def test_what_does_not_depend_on_it_is_not_said_to_follow(tmp_path):
    uncounted = ("a.index(max(a))", "a.index(min(a))")
    path = write(tmp_path / "mine.py", LISTS, UPHILL, uncounted)
    out = run(path)[1]
    assert "  update_mini_batch WRONG" in out and "  evaluate          WRONG" in out and "Mend" not in out


def test_the_folder_in_which_to_paste_is_told_where_it_is_another(tmp_path):
    path = write(tmp_path / "mine.py", LISTS, UPHILL)
    assert f"to paste into a Python prompt that is started in {tmp_path}:\n" in run(path)[1]
    assert "to paste into a Python prompt:\n" in run("mine.py", cwd=tmp_path)[1]


def test_where_there_is_no_backprop_that_is_the_last_word(tmp_path):
    renamed = [(f"{before}backprop(", f"{before}_backprop(") for before in ("def ", "self.")]
    path = write(tmp_path / "mine.py", LISTS, *renamed)
    status, out, err = run(path)
    assert (status, err) == (0, "") and "  backprop          -      not there\n" in out
    assert out.endswith("\nEverything that was judged is right, but backprop was not there.\n")


HANGS = """
from purenet.checker import strangers

strangers.SECONDS = 0.3
"""


def test_pytest_stops_a_method_that_hangs_too(tmp_path):
    start = "def feedforward(self, a):"
    write(tmp_path / "mine.py", LISTS, (start, f"{start}\n        while 1: 2"))
    (tmp_path / "hurry.py").write_text(HANGS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "hurry", "-p", "no:cacheprovider", "-q", "--network"]
        + [tmp_path / "mine.py", TESTS / "test_gradients.py", "-k", "feedforward"],
        cwd=TESTS.parent,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
    )
    out = done.stdout.decode("utf-8")
    assert done.returncode == 1 and "TooLong: it takes longer than 0.3 s and was stopped" in out
    assert "while 1: 2" in out


def test_a_missing_file_is_named(tmp_path):
    status, out, err = run("nowhere.py", cwd=tmp_path)
    assert (status, out) == (1, "") and err.endswith("nowhere.py: there is no such file\n")


def test_a_screen_without_greek_letters_gets_their_numbers(tmp_path):
    path = write(tmp_path / "mine.py", LISTS, ("return sigmoid(z) * (1 - sigmoid(z))", "return sigmoid(z)"))
    status, out, err = run(path, encoding="ascii")
    assert (status, err) == (1, "")
    assert r"  sigmoid_prime     WRONG  It is \u03c3(z) instead of \u03c3\u2032(z)." in out
    write(tmp_path / "mine.py", "# σ\nraise ValueError('σ')\n")
    assert r"it raises ValueError: \u03c3 in line 2" in run(path, encoding="ascii")[2]


def test_a_network_is_asked_for():
    status, out, err = run()
    assert status == 2 and "FILE[:CLASS]" in err
    status, out, err = run("--help")
    assert status == 0 and "The exit status is 0 where everything that was judged is right, else 1." in out
