"""Show images, learning curves, confusion matrices and progress in a terminal, as text.

    print(summary(right_and_wrong.answers(net, test_data), accuracies))      # all that was learned
    net.SGD(training_data, 10, 10, 3.0, progress=progress(10))      # a bar for 10 epochs, while it trains

Only ASCII characters, so that every terminal can show them.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import TypeVar

from purenet.display import right_and_wrong
from purenet.display.right_and_wrong import Answer, confusion_matrix, guess
from purenet.matrix import Vector

T = TypeVar("T")
SHADES = " .:-=+*#%@"


def summary(answers: list[Answer], accuracies: list[float]) -> str:
    """What a network has learned, as wide as the terminal allows: curve, confusion matrix, worst mistakes.

    answers      triples (x, digit, output) of the test, one or more
    accuracies   how many percent of the test were right after each epoch, one or more
    """
    columns = shutil.get_terminal_size().columns
    parts = [
        f"Accuracy: {accuracies[-1]:.1f} % of {len(answers)} digits that it had never seen",
        curve(accuracies, width=max(1, min(60, columns - 10))),
    ]
    table = confusion(confusion_matrix(answers))
    if len(table.split("\n")[0]) < columns:
        parts += ["What it takes for what: a row for each digit, a column for each answer", table]
    worst = right_and_wrong.mistakes(answers)[: min(3, columns // 26)]
    if worst:
        parts += ["Its most confident mistakes:", mistakes(worst)]
    return "\n\n".join(parts)


def mistakes(wrong: list[Answer]) -> str:
    """The images of wrong answers (x, digit, output) next to each other, each with what it was taken for."""
    labels = [f"a {digit}, taken for a {guess(output)}" for _, digit, output in wrong]
    return f"{side_by_side([image(x) for x, _, _ in wrong])}\n{side_by_side(labels)}"


def progress(epochs: int) -> Callable[[list[T]], Iterator[T]]:
    """For the argument `progress` of `Network.SGD`: a bar for all `epochs` together, with the time left."""
    started, done = time.monotonic(), 0

    def watched(mini_batches: list[T]) -> Iterator[T]:
        nonlocal done
        for mini_batch in mini_batches:
            overwrite_line(bar(done, epochs * len(mini_batches), time.monotonic() - started))
            yield mini_batch
            done += 1
        overwrite_line("")

    return watched


def overwrite_line(text: str) -> None:
    """Show `text` in the current line of the terminal, if there is one, for the next line to replace."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        width = min(60, shutil.get_terminal_size().columns - 1)
        print(f"\r{text[:width].ljust(width)}\r", end="", file=sys.stderr, flush=True)


def image(pixels: Vector, width: int = 28) -> str:
    """The rows of grey levels, from 0 for paper to 1 for ink, as lines of text, without the empty border.

    A character is about twice as high as it is wide, so it stands for two pixels, one above the other. What is
    below 0 or above 1, as in an image that was normalized to mean 0, counts as 0 or 1.

    >>> print(image([0.0, 0.0, 0.0, 0.0,
    ...              0.0, 0.9, 0.0, 0.0,
    ...              0.0, 0.9, 0.5, 0.0,
    ...              0.0, 0.9, 0.0, 0.0], width=4))
    =
    @:
    """
    inks = [max(0.0, min(1.0, p)) for p in pixels]
    rows = [inks[k : k + width] for k in range(0, len(inks), width)]
    lines = []
    for pair in zip(rows[::2], rows[1::2]):
        shades = (int((upper + lower) / 2 * len(SHADES)) for upper, lower in zip(*pair))
        lines.append("".join(SHADES[min(shade, len(SHADES) - 1)] for shade in shades).rstrip())
    return textwrap.dedent("\n".join(lines)).strip("\n")


def side_by_side(blocks: list[str], width: int = 26) -> str:
    """Blocks of lines next to each other, each in a column of `width` characters.

    >>> print(side_by_side(["a", "b\\nc"], width=3))
    a  b
       c
    """
    rows = zip_longest(*(block.split("\n") for block in blocks), fillvalue="")
    return "\n".join("".join(line.ljust(width) for line in row).rstrip() for row in rows)


def curve(percentages: list[float], height: int = 8, width: int = 60) -> str:
    """A curve of one percentage for each epoch, from the first on the left to the last on the right.

    Where there are more epochs than `width`, only every second, third, ... before the last is shown.

    >>> print(curve([70.0, 85.0, 90.0], height=3))
     90.0 % |     *    *
            |
     70.0 % |*
            +-----------
    """
    shown = percentages[::-1][:: 1 + (len(percentages) - 1) // width][::-1]
    low, high = min(shown), max(shown)
    levels = [round((height - 1) * (p - low) / (high - low or 1)) for p in shown]
    step = min(5, width // len(shown))
    lines = []
    for level in reversed(range(height)):
        label = f"{high:5.1f} %" if level == height - 1 else f"{low:5.1f} %" if level == 0 else ""
        points = "".join(("*" if level == here else "").ljust(step) for here in levels)
        lines.append(f"{label:8}|{points}".rstrip())
    return "\n".join([*lines, " " * 8 + "+" + "-" * (step * (len(shown) - 1) + 1)])


def confusion(counts: list[list[int]]) -> str:
    """A confusion matrix, shape (n, n): `counts[digit][guess]` in row `digit`, column `guess`, 0 as a dot.

    >>> print(confusion([[98, 2], [0, 100]]))
            0   1
      0 |  98   2
      1 |   . 100
    """
    width = 1 + max(2, *(len(str(count)) for row in counts for count in row))
    lines = [" " * 5 + "".join(f"{guess:{width}}" for guess in range(len(counts)))]
    for digit, row in enumerate(counts):
        lines.append(f"{digit:3} |" + "".join(f"{count or '.':>{width}}" for count in row))
    return "\n".join(lines)


def bar(done: int, total: int, seconds: float) -> str:
    """A progress bar of fewer than 50 characters: `done` of `total` steps took `seconds` so far.

    >>> bar(25, 100, seconds=2.0)
    '[#####               ]  25 %, 6 s left'
    """
    left = seconds * (total - done) / done if done else 0
    return f"[{'#' * (20 * done // total):20}] {100 * done // total:3} %, {left:.0f} s left"
