"""The small networks of every kind, with examples, on which a class is judged, the smallest first.

    for case in CASES:
        Reference(case.biases, case.weights).backprop(*case.examples[0])

Their numbers are drawn, have one decimal, and are the same at every start.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from purenet.matrix import Matrix, Vector


class Case(NamedTuple):
    """A small network with numbers of one decimal, and four examples (x, y) for it."""

    biases: list[Vector]
    weights: list[Matrix]
    examples: list[tuple[Vector, Vector]]

    @property
    def sizes(self) -> list[int]:
        """The neurons of each layer."""
        return [len(self.weights[0][0]), *map(len, self.biases)]

    def one_hot(self) -> Case:
        """The same, where every y has one 1, at a digit."""
        n = self.sizes[-1]
        digits = [k % n for k, _ in enumerate(self.examples)]
        ys = [[float(j == digit) for j in range(n)] for digit in digits]
        return self._replace(examples=[(x, y) for (x, _), y in zip(self.examples, ys)])


def _cases() -> Iterator[Case]:
    rng = random.Random(0)

    def vector(n: int) -> Vector:
        return [rng.randint(-20, 20) / 10 for _ in range(n)]

    small = [1, 1], [1, 2], [2, 1], [1, 1, 1], [2, 3], [2, 2, 2], [2, 3, 2], [3, 2, 4], [1, 1, 1, 1]
    for sizes in (*small, [2, 3, 4, 2], [2, 3, 4, 5, 3], [3, 3, 3, 3], [3, 3, 3, 3, 3]):
        yield Case(
            [vector(n) for n in sizes[1:]],
            [[vector(m) for _ in range(n)] for m, n in zip(sizes, sizes[1:])],
            [(vector(sizes[0]), [float(rng.randrange(2)) for _ in range(sizes[-1])]) for _ in range(4)],
        )


CASES = list(_cases())
