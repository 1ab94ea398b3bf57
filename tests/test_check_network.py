"""check_network.py: what a person sees who checks a network, right or wrong or not to be had at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "check_network.py"
RIGHT = "from purenet.network import Network, sigmoid, sigmoid_prime\n"
WRONG = """from purenet import network

class Careless(network.Network):
    def cost_derivative(self, output_activations, y):
        return [y_j - a_j for a_j, y_j in zip(output_activations, y)]

    def evaluate(self, test_data):
        return 1 / 0
"""


def checked(folder, source, name="mine.py", **variables):
    (folder / "mine.py").write_text(source, encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(SCRIPT.parent.parent),
        "PYTHONIOENCODING": "utf-8",
        **variables,
    }
    result = subprocess.run(
        [sys.executable, str(SCRIPT), name],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=100,
    )
    assert b"Traceback" not in result.stderr
    return result.returncode, result.stdout.decode(), result.stderr.decode()


def test_a_right_network_gets_a_line_for_every_method_and_status_0(tmp_path):
    status, out, err = checked(tmp_path, RIGHT + "print('hello')\n")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "mine.py, compared with purenet's network and with finite differences:",
        "",
        "  sigmoid           ok",
        "  sigmoid_prime     ok",
        "  feedforward       ok",
        "  cost_derivative   ok",
        "  backprop          ok",
        "  update_mini_batch ok",
        "  evaluate          ok",
        "  SGD               ok",
        "",
        "Everything that was judged is right.",
    ]


def test_a_wrong_network_gets_a_diagnosis_an_example_and_status_1(tmp_path):
    status, out, err = checked(tmp_path, WRONG, "mine.py:Careless")
    assert (status, err) == (1, "")
    lines = out.splitlines()
    assert "  sigmoid           -      not there" in lines
    assert "  cost_derivative   WRONG  The sign is wrong: y − a stands for a − y." in lines
    assert "  backprop          WRONG  The sign is wrong everywhere, as if y − a stood for a − y." in lines
    # What fails is shown with the line of the file.
    assert "in line 8 (evaluate): return 1 / 0" in " ".join(out.split())
    assert "    from mine import Careless" in lines and "    net = Careless([1, 1])" in lines
    assert lines[-1] == "Mend cost_derivative first: what is wrong further down may follow from it."
    assert max(map(len, lines[:14])) <= 112


@pytest.mark.parametrize(
    "source, name, words",
    [
        (RIGHT, "other.py", "other.py: there is no such file"),
        (RIGHT, "mine.py:Missing", "mine.py has no class Missing; it has Network: name one after a colon"),
        (RIGHT, "mine.py:sigmoid", "mine.py has no class sigmoid"),
        ("x = 1", "mine.py", "mine.py has no class Network"),
        ("def f(:\n", "mine.py", "mine.py cannot be imported: it raises SyntaxError"),
        ("import nothing_of_that_name\n", "mine.py", "in line 1:\n    import nothing_of_that_name"),
        ("n = int(input())\n", "mine.py", "in line 1:\n    n = int(input())"),
        ("import sys\nsys.exit(0)\n", "mine.py", "it ends the program in line 2:\n    sys.exit(0)"),
        ("import os\nos._exit(0)\n", "mine.py", "it ends the program in line 2:\n    os._exit(0)"),
        (
            "class Network:\n    def __init__(self, a, b):\n        pass\n",
            "mine.py",
            "Network([1, 1]) gives no network: it raises TypeError",
        ),
        (
            "class Network:\n    def __init__(self, sizes):\n        pass\n",
            "mine.py",
            "has no attribute 'biases'",
        ),
        (
            "class Network:\n    def __init__(self, sizes):\n        self.biases = self.weights = []\n",
            "mine.py",
            "biases has 0 entries for sizes [1, 1], not 1",
        ),
    ],
)
def test_what_cannot_be_judged_gets_a_sentence(tmp_path, source, name, words):
    status, out, err = checked(tmp_path, source, name)
    assert status == 1 and out == ""
    assert err.startswith("check_network.py: ") and words in err


def test_a_terminal_that_has_no_sigma_is_no_obstacle(tmp_path):
    status, out, err = checked(tmp_path, WRONG, "mine.py:Careless", PYTHONIOENCODING="ascii")
    assert (status, err) == (1, "") and "The sign is wrong" in out
