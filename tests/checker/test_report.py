"""A report is a table that can be read, with an example that can be pasted."""

import re
import subprocess
import sys

import pytest
from learners import ARRAYS, LISTS, write

from purenet.checker.judge import judge
from purenet.checker.load import load_class

pytestmark = pytest.mark.usefixtures("modules_and_path")
UPHILL = ("self.biases[l][j] -= step * nabla_b[l][j]", "self.biases[l][j] += step * nabla_b[l][j]")
NEGATIVE = ("return [a - t for a, t in", "return [t - a for a, t in")


def table(folder, text, *replacements):
    path = write(folder / "mine.py", text, *replacements)
    return str(judge(load_class(path + (":QuadraticNet" if text is ARRAYS else "")), name="mine.py"))


def test_the_table_of_a_right_network(tmp_path):
    assert table(tmp_path, ARRAYS) == (
        "mine.py, compared with purenet's network and with finite differences:\n"
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
        "Everything that was judged is right."
    )


def test_a_wrong_network_gets_a_cause_and_an_example_that_runs(tmp_path):
    out = table(tmp_path, LISTS, NEGATIVE, UPHILL)
    assert "  cost_derivative   WRONG  The sign is wrong everywhere, as if y − a stood for a − y.\n" in out
    prompt = "to paste into a Python prompt that is started in"
    first = f"The smallest case in which cost_derivative is wrong, {prompt} {tmp_path}:"
    assert f"\n{first}\n\n    from mine import Network\n" in out
    assert out.endswith(
        "\n\nFix cost_derivative first: what is wrong further down may follow from it, or be hidden by it."
    )
    code = [line[4:] for line in out.splitlines() if re.match(r"    [^ #]", line)]
    pasted = subprocess.run(
        [sys.executable, "-c", "\n".join([*code[:-1], f"print(*{code[-1]})"])],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        check=True,
    )
    got = [float(word) for word in pasted.stdout.decode().split()]
    assert f"\n    # gives     [{', '.join(f'{number:.6g}' for number in got)}]\n" in out


@pytest.mark.parametrize(
    "replacements", [[("a.index(max(a))", "a.index(min(a))")], [("a.index(max(a))", "a.index(min(a))"), UPHILL]]
)
def test_what_does_not_depend_on_it_is_not_said_to_follow(tmp_path, replacements):
    out = table(tmp_path, LISTS, *replacements)
    assert "  evaluate          WRONG  It takes the smallest output, not the largest.\n" in out
    assert "\nFix " not in out


def test_evaluate_is_shown_with_few_test_data(tmp_path):
    out = table(tmp_path, LISTS, ("a.index(max(a))", "a.index(min(a))"))
    assert re.search(r"\n    net.evaluate\(.*, \d\)\]\)\n    # gives     \d\n    # should be \d$", out)
    assert len(re.search(r"net.evaluate\((.*)\)", out)[1]) < 70


def test_long_words_are_wrapped_and_the_lines_of_the_file_are_not(tmp_path, monkeypatch):
    line = "nabla_b[l] = [d for d in delta if None.no_such_attribute or 'a line longer than the words']"
    monkeypatch.chdir(tmp_path)
    out = table(tmp_path, LISTS, ("nabla_b[l] = delta", line))
    lines = out.splitlines()
    assert f"{'':27}    {line}" in lines
    [k] = [k for k, text in enumerate(lines) if text.startswith("  backprop ")]
    assert lines[k].startswith(
        "  backprop          WRONG  With sizes [1, 1], it raises AttributeError: 'NoneType'"
    )
    assert lines[k + 1].startswith(" " * 27) and "in line 47 (" in lines[k + 1]
    assert all(len(text) <= 27 + 84 for text in lines if line not in text and " * net" not in text)
    assert "to paste into a Python prompt:\n" in out and "purenet/" not in out


def test_what_a_file_says_does_not_move_the_cursor(tmp_path):
    out = table(tmp_path, LISTS, ("nabla_b[l] = delta", "raise ValueError('\\x1b[2J\\x07 gone')"))
    assert "\x1b" not in out and "it raises ValueError:  [2J  gone in line 47" in out
    out = table(tmp_path, LISTS + "\nNetwork.__name__ = '\\x1b[2J'\n", NEGATIVE)
    assert "\x1b" not in out and "    net =  [2J([1, 1])\n" in out
