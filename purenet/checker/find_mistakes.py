"""The search for the mistakes that give the very numbers that a method gave.

    find_mistakes(gives, [(case, answer), ...], BACKWARD)

`gives(mistakes, case)` is what the reference gives with these mistakes.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

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
    return len(got) == len(wanted) and all(map(_is_close, got, wanted))


def _is_close(got: float, wanted: float) -> bool:
    return math.isclose(got, wanted, rel_tol=1e-5, abs_tol=1e-8)


def find_mistakes(gives: Gives, wrong: Wrong, table: Sequence[Mistake], most: int = 1) -> Mistakes:
    """The fewest mistakes of the table, `most` at the most (1 or 2), that give all the wrong answers; or ().

    wrong    pairs (case, answer), the smallest network first. The last should show most of what is wrong.
    """
    case, answer = wrong[-1][0], numbers(wrong[-1][1])
    for mistake in table:
        one = (mistake if mistake.c is None else _with_number(mistake, gives, case, answer),)
        if _give(gives, one, wrong):
            return one
    pairable = [mistake for mistake in table if mistake.c is None] if most == 2 else []
    effects = [_effect(mistake, gives, case, answer) for mistake in pairable]
    for p, q in combinations(effects, 2):
        if _may_be(p, q, len(answer)) and _give(gives, (p.mistake, q.mistake), wrong):
            return p.mistake, q.mistake
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


class _Effect(NamedTuple):
    """What a mistake does to each number of the answer: whether it changes it, and explains it."""

    mistake: Mistake
    changes: int  # a bit for each number
    explains: int


def _effect(mistake: Mistake, gives: Gives, case: Any, answer: Vector) -> _Effect:
    try:
        right, alone = (numbers(gives(mistakes, case)) for mistakes in ((), (mistake,)))
        if len(alone) == len(right) == len(answer):
            return _Effect(mistake, ~_bits(alone, right), _bits(alone, answer))
    except IMPOSSIBLE:
        pass
    return _Effect(mistake, -1, -1)  # It may do anything.


def _bits(p: Vector, q: Vector) -> int:
    return sum(1 << k for k, pair in enumerate(zip(p, q)) if _is_close(*pair))


def _may_be(p: _Effect, q: _Effect, n: int) -> bool:
    """Whether each of the n numbers is explained by the one mistake that changes it; both may change it."""
    explained = p.changes & q.changes | (p.explains & ~q.changes) | (q.explains & ~p.changes)
    return explained & (1 << n) - 1 == (1 << n) - 1
