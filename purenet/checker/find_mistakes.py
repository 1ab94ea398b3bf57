"""The search for the mistakes that give the very numbers that a method gave.

    find_mistakes(gives, [(case, answer), ...], BACKWARD)

`gives(mistakes, case)` is what the reference gives with these mistakes.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

from purenet.checker.reference import Mistake
from purenet.matrix import Vector
from purenet.support.arrays import numbers

IMPOSSIBLE = ValueError, IndexError, ZeroDivisionError, OverflowError
Mistakes = tuple[Mistake, ...]
Gives = Callable[[Mistakes, Any], Any]
Wrong = Sequence[tuple[Any, Any]]


def is_close(got: Any, wanted: Any) -> bool:
    """Whether two nested lists hold the same numbers, up to the rounding of a finite difference."""
    got, wanted = numbers(got), numbers(wanted)
    pairs = zip(got, wanted)
    return len(got) == len(wanted) and all(math.isclose(p, q, rel_tol=1e-5, abs_tol=1e-8) for p, q in pairs)


def find_mistakes(gives: Gives, wrong: Wrong, table: Sequence[Mistake], most: int = 1) -> Mistakes:
    """The fewest mistakes of the table, `most` at the most (1 or 2), that give all the wrong answers; or ().

    wrong    pairs (case, answer), the smallest network first. The last should show most of what is wrong.
    """
    case, answer = wrong[-1][0], numbers(wrong[-1][1])
    for mistake in table:
        one = (mistake if mistake.c is None else _with_number(mistake, gives, case, answer),)
        if _give(gives, one, wrong):
            return one
    if most == 2:
        for two in combinations([mistake for mistake in table if mistake.c is None], 2):
            if _give(gives, two, wrong):
                return two
    return ()


def _give(gives: Gives, mistakes: Mistakes, wrong: Wrong) -> bool:
    """Whether the mistakes give all the answers that they can give, by shapes and sizes of numbers."""
    is_possible = False
    for case, answer in wrong:
        with contextlib.suppress(*IMPOSSIBLE):
            if not is_close(gives(mistakes, case), answer):
                return False
            is_possible = True
    return is_possible


def _with_number(mistake: Mistake, gives: Gives, case: Any, answer: Vector) -> Mistake:
    """The mistake with the number that the answer shows: by an entry that grows evenly with it."""
    try:
        at = [numbers(gives((mistake._replace(c=c),), case)) for c in (0.0, 1.0, 2.0)]
        even = [(q - p, p, w) for p, q, r, w in zip(*at, answer) if math.isclose(r - q, q - p, rel_tol=1e-9)]
        slope, start, wanted = max(even, key=lambda entry: abs(entry[0]))
        return mistake._replace(c=(wanted - start) / slope)
    except IMPOSSIBLE:
        return mistake._replace(c=0.0)
