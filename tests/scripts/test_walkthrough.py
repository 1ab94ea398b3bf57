"""scripts/walkthrough.py prints what purenet.display.walkthrough works out, for the arguments it is given."""

import pytest
import walkthrough as walkthrough_script
from commands import called

from purenet.display import walkthrough


def run(*arguments):
    status, out, err = called("walkthrough.py", *arguments)
    assert (status, err) == (0, "")
    return out


def test_without_arguments_it_takes_a_step_of_2_3_and_1_neurons():
    net, x, y = walkthrough_script.drawn([2, 3, 1], 574)
    assert run() == walkthrough.text(walkthrough.sections(net, x, y, 3.0)) + "\n"


def test_the_arguments_say_what_step():
    net, _, _ = walkthrough_script.drawn([3, 2, 2], 7)
    arguments = ["--sizes", 3, 2, 2, "--seed", 7, "--eta=-1e-3", "--x", -2, ".5", "1e3", "--y", 0.25, "-.5"]
    sections = walkthrough.sections(net, [-2.0, 0.5, 1000.0], [0.25, -0.5], -0.001)
    assert run(*arguments) == walkthrough.text(sections) + "\n"
    sections.update(walkthrough.curves())
    assert run(*arguments, "--plot") == walkthrough.text(sections) + "\n"


@pytest.mark.parametrize(
    "arguments, status, reason",
    [
        (["--sizes", "784", "30", "10"], 2, "error: argument --sizes: invalid choice: 784"),
        (["--sizes", "2"], 1, "sizes is [2]; it must be a list of at least two positive integers"),
        (["--x", "1"], 1, "x has 1 entries; it must be a flat list of 2 finite numbers"),
        (["--y", "nan"], 1, "y[0] is nan; it must be a finite float or int"),
        (["--eta", "inf"], 1, "eta is inf; it must be a finite float or int"),
    ],
)
def test_bad_arguments_get_a_sentence(arguments, status, reason):
    found, out, err = called("walkthrough.py", *arguments)
    assert (found, out) == (status, "") and err.splitlines()[-1].startswith(f"walkthrough.py: {reason}")
