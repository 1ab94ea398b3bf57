"""scripts/check_network.py, run as a person runs it: a table, an example, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import SCRIPTS, called
from learners import ARRAYS, LISTS, write


def run(*arguments, **options):
    return called("check_network.py", *arguments, **options)


def test_a_right_network_gets_a_table_and_the_status_0(tmp_path):
    path = write(tmp_path / "mine.py", ARRAYS)
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / "check_network.py"), f"{path}:QuadraticNet"],
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(Path(__file__).parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == (
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
    assert (
        "\nThe smallest case in which cost_derivative is wrong, to paste into a Python prompt:\n\n    from mine"
        in out
    )
    assert out.endswith("\n\nMend cost_derivative first: what is wrong further down may follow from it.\n")
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
    assert "Mend" not in out and "The smallest case" not in out


def test_long_words_are_wrapped_under_themselves_and_the_lines_of_the_file_are_not(tmp_path):
    line = "nabla_b[l] = [d for d in delta if None.no_such_attribute or 'a line longer than the words']"
    path = write(
        tmp_path / "mine.py",
        LISTS,
        ("nabla_b[l] = delta", line),
        ("step = eta / len(mini_batch)", "step = eta"),
    )
    status, out, err = run(path)
    assert (status, err) == (1, "")
    lines = out.splitlines()
    assert f"{'':27}    {line}" in lines
    [k] = [k for k, text in enumerate(lines) if text.startswith("  backprop ")]
    assert lines[k].startswith(
        "  backprop          WRONG  With sizes [1, 1], it raises AttributeError: 'NoneType'"
    )
    assert lines[k + 1].startswith(" " * 27) and "in line 47 (" in lines[k + 1]
    assert all(len(text) <= 27 + 84 for text in lines[1:] if line not in text and " * net" not in text)
    assert "Traceback" not in out and "purenet/" not in out.replace(path, "")


BROKEN = [
    ("def f(:\n", "mine.py cannot be imported: it raises SyntaxError: ", "    def f(:\n"),
    ("import no_such_module\n", "No module named 'no_such_module' in line 1:", "    import no_such_module\n"),
    ("class Net:\n    pass\n", "mine.py has no class Network; it has Net: name one after a colon\n", ""),
    ("import sys\nsys.exit(0)\n", "cannot be imported: it ends the program in line 2:", "    sys.exit(0)\n"),
    ("x = input()\n", "cannot be imported: it raises EOFError: ", "    x = input()\n"),
    (
        "class Network:\n    def __init__(self, sizes, activation):\n        pass\n",
        "Network([1, 1]) gives no network: it raises TypeError: ",
        "'activation'\n",
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
