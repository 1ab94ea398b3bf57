"""Show digits, mistakes and what was learned in a notebook, as pictures, and at a prompt, as text.

    from purenet.display import notebook
    start = net.weights[0]                                  # as they are before training
    notebook.digit(x)                                       # 784 grey levels from 0 to 1
    notebook.curve([71.3, 84.0, 88.2])                      # percentages
    notebook.mistakes(net, test_data)                       # the worst first
    notebook.report(net, start, test_data, accuracies)      # all of it, on a page
"""

from __future__ import annotations

from purenet.display import html_page, html_pictures, right_and_wrong, terminal
from purenet.matrix import Matrix, Vector
from purenet.network import Labelled, Network
from purenet.support import checks


class Picture:
    """What the functions of this module return: a notebook shows its HTML, a prompt its text."""

    def __init__(self, html: str, text: str) -> None:
        self.html, self.text = html, text

    def _repr_html_(self) -> str:
        return f'<style>{html_page.STYLE}</style><div class="purenet">{self.html}</div>'

    def __repr__(self) -> str:
        return self.text


def digit(x: Vector) -> Picture:
    """The image of a digit, 784 grey levels from 0 to 1. Raises TypeError or ValueError for another x."""
    checks.vector(x, 784, "x")
    image = html_pictures.digit(x, "a handwritten digit")
    return Picture(f'<figure class="ink digit">{image}</figure>', terminal.image(x))


def mistakes(net: Network, test_data: list[Labelled]) -> Picture:
    """The worst mistakes among the pairs (x, digit) of `test_data`."""
    answers = _answers(net, test_data)
    wrong = right_and_wrong.mistakes(answers)[:3]
    return Picture(html_page.mistakes(answers), terminal.mistakes(wrong) if wrong else "It made none.")


def _answers(net: Network, test_data: list[Labelled]) -> list[right_and_wrong.Answer]:
    if net.sizes[0] != 784 or net.sizes[-1] != 10:
        raise ValueError(f"net is a network of {net.sizes}; digits take 784 inputs and 10 outputs")
    labelled = checks.labelled(test_data, net)
    if not labelled:
        raise ValueError("test_data is empty; there is nothing to show")
    return right_and_wrong.answers(net, labelled)


def curve(percentages: list[float]) -> Picture:
    """The learning curve: one percentage for each epoch. Raises ValueError for anything else."""
    if not percentages or not all(checks.is_finite(p) and 0 <= p <= 100 for p in percentages):
        wanted = "it must be a list of numbers from 0 to 100"
        raise ValueError(f"percentages is {checks.shown(percentages)}; {wanted}")
    return Picture(html_pictures.curve(percentages), terminal.curve(percentages))


def report(net: Network, start: Matrix, test_data: list[Labelled], accuracies: list[float]) -> Picture:
    """All that was learned; `html_page.report` says what the arguments are."""
    curve(accuracies)   # raises an error for what is no curve
    answers = _answers(net, test_data)
    text = terminal.summary(answers, accuracies)
    return Picture(html_page.report(net, start, answers, accuracies), text)
