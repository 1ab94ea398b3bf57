"""The small networks, with examples, on which a class is judged, the smallest first.

    for case in CASES:
        Reference(case.biases, case.weights).backprop(*case.examples[0])

Their numbers are drawn, have one decimal, and are the same at every start.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from purenet.checker.reference import Reference
from purenet.matrix import Matrix, Vector, scale

SMALL = [1, 1], [1, 2], [2, 1], [1, 1, 1], [2, 3], [2, 2, 2], [2, 3, 2], [3, 2, 4]
DEEP = [2, 3, 4, 2], [3, 3, 3, 3, 3]


class Case(NamedTuple):
    """A small network, four examples (x, y) for it with a 1 in each y, and tests: lists of (x, digit)."""

    sizes: list[int]
    biases: list[Vector]
    weights: list[Matrix]
    examples: list[tuple[Vector, Vector]]
    tests: list[list[tuple[Vector, int]]]

    @property
    def output(self) -> Vector:
        """What the right network gives for the first example."""
        return Reference(self.biases, self.weights).feedforward(self.examples[0][0])


def _cases() -> Iterator[Case]:
    rng = random.Random(0)

    def vector(n: int) -> Vector:
        return [rng.randint(-20, 20) / 10 for _ in range(n)]

    for sizes in (*SMALL, *DEEP):
        m, n = sizes[0], sizes[-1]
        digits = rng.sample(range(n), n) * 4
        yield Case(
            sizes,
            [vector(n) for n in sizes[1:]],
            [[vector(m) for _ in range(n)] for m, n in zip(sizes, sizes[1:])],
            [(vector(m), [float(k == digit) for k in range(n)]) for digit in digits[:4]],
            [[(scale(2.0, vector(m)), rng.randrange(n)) for _ in range(3)] for _ in range(12)],
        )


CASES = list(_cases())
