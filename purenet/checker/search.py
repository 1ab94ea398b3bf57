"""The search for the mistakes that give the very numbers that a method gave.

    named(call, [(case, answer)], SHOWN["backprop"][0][0], make, most=2)

`make(case, mistakes)` is the reference with mistakes, and call(net, case) what the method gives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

from purenet.checker.reference import Mistake
from purenet.support.arrays import numbers

IMPOSSIBLE = ValueError, IndexError, ZeroDivisionError, OverflowError
Call = Callable[[Any, Any], Any]
Make = Callable[[Any, Sequence[Mistake]], Any]
Wrong = Sequence[tuple[Any, Any]]  # (case, answer), the one that shows most first, the smallest last


def is_close(got: Any, wanted: Any) -> bool:
    """Whether two nested lists hold the same numbers, up to the rounding of a finite difference."""
    got, wanted = numbers(got), numbers(wanted)
    return len(got) == len(wanted) and all(
        math.isclose(g, w, rel_tol=1e-5, abs_tol=1e-8) for g, w in zip(got, wanted)
    )


def named(
    call: Call, wrong: Wrong, table: Sequence[Mistake], make: Make, most: int = 1
) -> tuple[Mistake, ...] | None:
    """The fewest mistakes of the table, `most` at most, that give all these answers; None if none do.

    The first answer must show them; where shapes make a mistake impossible, the others are passed over.
    """
    wrong = [(case, numbers(answer)) for case, answer in wrong]
    fitted = [_fitted(mistake, call, *wrong[0], make) if "{" in mistake.words else mistake for mistake in table]
    for mistake in filter(None, fitted):
        if _give([mistake], call, wrong, make):
            return (mistake,)
    if most == 1:
        return None
    # A pair shows in the smallest case too. There most mistakes are not reached, such as those of hidden
    # layers: a pair with one of these gives what the other one gives alone.
    singles = [mistake for mistake in table if "{" not in mistake.words]
    alone = [_alone(mistake, call, *wrong[-1], make) for mistake in singles]
    for (p, (p_fits, p_reached)), (q, (q_fits, q_reached)) in combinations(zip(singles, alone), 2):
        if p_reached and q_reached or p_reached and p_fits or q_reached and q_fits:
            if not _collide(p, q) and _give([p, q], call, wrong, make):
                return p, q
    return None


def _collide(p: Mistake, q: Mistake) -> bool:
    """Whether the two stand for the same step of the same layers."""
    return p.step == q.step and (p.where == q.where or not p.where or not q.where)


def _give(chosen: Sequence[Mistake], call: Call, wrong: Wrong, make: Make) -> bool:
    possible = False
    for case, answer in reversed(wrong):  # The smallest first, which soon shows what it is not.
        try:
            possible = is_close(answer, call(make(case, chosen), case))
            if not possible:
                return False
        except IMPOSSIBLE:
            possible = False
    return possible


def _alone(mistake: Mistake, call: Call, case: Any, answer: Any, make: Make) -> tuple[bool, bool]:
    """(whether the mistake gives this answer or is impossible here, whether its step is reached)."""
    reached: list[bool] = []

    def gives(s: Any) -> Any:
        reached.append(True)
        return mistake.gives(s)

    traced = mistake._replace(gives=gives)
    try:
        return is_close(answer, call(make(case, [traced]), case)), bool(reached)
    except IMPOSSIBLE:
        return True, True


def _fitted(mistake: Mistake, call: Call, case: Any, answer: list[float], make: Make) -> Mistake | None:
    """The mistake with the number in it that the answer shows: by an entry that grows evenly with it."""
    try:
        at = [numbers(call(make(case, [mistake.fixed(c)]), case)) for c in (0.0, 1.0, 2.0)]
        even = [
            (q - p, p, wanted)
            for p, q, r, wanted in zip(*at, answer)
            if math.isclose(r - q, q - p, rel_tol=1e-9)
        ]
        slope, start, wanted = max(even, key=lambda entry: abs(entry[0]))
        return mistake.fixed((wanted - start) / slope)
    except IMPOSSIBLE:
        return None
