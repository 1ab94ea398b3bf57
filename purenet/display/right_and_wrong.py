"""Count what a network answers: which digits it takes for which, and its worst mistakes.

    tested = answers(net, test_data)
    counts = confusion_matrix(tested)
    worst = mistakes(tested)[:3]
"""

from __future__ import annotations

from purenet.matrix import Vector
from purenet.network import Network

Answer = tuple[Vector, int, Vector]  # (x, digit, output): the network's output for the image x of a digit


def answers(net: Network, test_data: list[tuple[Vector, int]]) -> list[Answer]:
    """Triples (x, digit, output) for the pairs (x, digit) in `test_data`."""
    return [(x, digit, net.feedforward(x)) for x, digit in test_data]


def guess(output: Vector) -> int:
    """The digit with the largest output (the first of equals, as in `Network.evaluate`)."""
    return output.index(max(output))


def confusion_matrix(answers: list[Answer]) -> list[list[int]]:
    """counts[digit][guess], shape (n, n): how often each digit was taken for each. Needs one answer or more."""
    n = len(answers[0][2])
    counts = [[0] * n for _ in range(n)]
    for _, digit, output in answers:
        counts[digit][guess(output)] += 1
    return counts


def mistakes(answers: list[Answer]) -> list[Answer]:
    """The wrong answers, the worst first: those whose wrong output lies furthest above the right one."""
    wrong = [(x, digit, output) for x, digit, output in answers if guess(output) != digit]
    return sorted(wrong, key=lambda answer: answer[2][answer[1]] - max(answer[2]))
