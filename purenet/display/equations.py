"""Write equations as text: a formula in symbols, and below it the same formula in numbers.

    >>> print(equation("(1) z = w a", [["=", [[1.0, -0.5]], [0.5, 2.0]], ["=", [-0.5]]]))
    (1) z = w a
          = [ 1.0 -0.5] ⎡0.5⎤ = [-0.5]
                        ⎣2.0⎦

A piece of an equation is a list of symbols (str), numbers (float), vectors (lists of floats, drawn upright)
and matrices (lists of rows). A line is broken only between two pieces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def numbered(formula: str, layer: int) -> str:
    """The formula with the number of its layer at each letter, and of the layer before at a_prev.

    >>> numbered("z = w a_prev + b", 2)
    'z₂ = w₂ a₁ + b₂'
    """
    for mark, number in ("_prev", layer - 1), ("(?![₀-₉])", layer):
        formula = re.sub(f"([abwzδ]){mark}", rf"\g<1>{str(number).translate(SUBSCRIPTS)}", formula)
    return formula


def equation(formula: str, pieces: Sequence[list[Any]], width: int = 80) -> str:
    """The formula, and below it the pieces, in as few rows of `width` characters as hold them."""
    indent = len(re.split("[=≈~←<]", formula)[0])
    rows: list[list[Any]] = [[]]
    for piece in pieces:
        if rows[-1] and indent + len(_beside(rows[-1] + piece)[0]) > width:
            rows.append([])
        rows[-1] += piece
    below = ["\n".join((" " * indent + line).rstrip() for line in _beside(row)) for row in rows]
    # An empty line keeps two rows of matrices apart.
    gap = "\n\n" if "\n" in "".join(below) else "\n"
    return f"{formula}\n{gap.join(below)}".lstrip("\n")


def _beside(parts: list[Any]) -> list[str]:
    """The lines of the parts next to each other."""
    blocks = [_block(part) for part in parts]
    height = max(map(len, blocks))
    blocks = [[""] * ((height - len(lines)) // 2) + lines + [""] * height for lines in blocks]
    widths = [max(map(len, lines)) for lines in blocks]
    return [" ".join(map(str.ljust, line, widths)) for line in list(zip(*blocks))[:height]]


def _block(part: Any) -> list[str]:
    """The lines of one part."""
    if isinstance(part, str):
        return part.split("\n")
    if isinstance(part, (int, float)):
        return shown([part])
    rows = part if isinstance(part[0], list) else [[entry] for entry in part]
    texts = shown([entry for row in rows for entry in row])
    width = max(map(len, texts))
    cells = (text.rjust(width) for text in texts)
    lines = [" ".join(next(cells) for _ in row) for row in rows]
    if len(lines) == 1:
        return [f"[{lines[0]}]"]
    left, right = (top + side * (len(lines) - 2) + bottom for top, side, bottom in ("⎡⎢⎣", "⎤⎥⎦"))
    return [before + line + after for before, line, after in zip(left, lines, right)]


def shown(numbers: list[float]) -> list[str]:
    """The numbers, all with as many decimals: up to 3 if that is exact, else 4 or 6, else as in 1.23e-05.

    >>> shown([0.5, -1.0])
    ['0.5', '-1.0']
    >>> shown([1 / 3, 2000.0])
    ['0.3333', '2000.0000']
    >>> shown([0.5, 20000.0])
    ['5.00e-01', '2.00e+04']
    """
    largest = max(map(abs, numbers))
    exact = [d for d in (1, 2, 3) if all(round(v, d) == v for v in numbers)]
    decimals = exact + [d for d in (4, 6) if largest * 10**d >= 100]
    if not decimals or largest >= 10_000:
        return [f"{v + 0.0:.2e}" for v in numbers]
    # 0.0 is added to turn -0.0 into it.
    return [f"{round(v, decimals[0]) + 0.0:.{decimals[0]}f}" for v in numbers]


def plot(function: Callable[[float], float], top: float) -> str:
    """The curve of a function of z, from -8 to 8, whose values lie between 0 and `top`, in 74 columns."""
    levels = [round(10 * function(z / 4) / top) for z in range(-32, 33)]
    lines = []
    for level in range(10, -1, -1):
        label = f"{top * level / 10:5.3f} +" if level % 5 == 0 else "      |"
        lines.append(f"  {label}{''.join('*' if here == level else ' ' for here in levels)}".rstrip())
    lines.append(" " * 8 + "+-------" * 8 + "+")
    lines.append(" " + "".join(f"{z:8}" for z in range(-8, 10, 2)))
    return "\n".join(lines)
