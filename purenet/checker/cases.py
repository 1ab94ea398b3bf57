"""On what networks is somebody's class judged? Small ones of every kind, the smallest first.

    for case in CASES:
        net = case.twin()
        net.backprop(*case.examples[0])

Their numbers are drawn, have one decimal, and are the same at every start.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from purenet.matrix import Matrix, Vector
from purenet.network import Network
from purenet.support.arrays import plain
from purenet.support.checks import Example


class Case(NamedTuple):
    """A small network with numbers of one decimal, and four examples for it."""

    biases: list[Vector]
    weights: list[Matrix]
    examples: list[Example]

    @property
    def sizes(self) -> list[int]:
        """The neurons of each layer."""
        return [len(self.weights[0][0]), *map(len, self.biases)]

    def twin(self) -> Network:
        """Our network with the same parameters."""
        net = Network(self.sizes, random.Random(0))
        net.biases, net.weights = plain(self.biases, self.weights)
        return net


def _cases() -> Iterator[Case]:
    rng = random.Random(0)

    def vector(n: int) -> Vector:
        return [rng.randint(-20, 20) / 10 for _ in range(n)]

    small = [1, 1], [1, 2], [2, 1], [1, 1, 1], [2, 3], [2, 2, 2], [2, 3, 2], [3, 2, 4], [1, 1, 1, 1]
    for sizes in (*small, [2, 3, 4, 2], [2, 3, 4, 5, 3], [3, 3, 3, 3], [3, 3, 3, 3, 3]):
        for _ in range(2):
            yield Case(
                [vector(n) for n in sizes[1:]],
                [[vector(m) for _ in range(n)] for m, n in zip(sizes, sizes[1:])],
                [(vector(sizes[0]), [float(rng.randrange(2)) for _ in range(sizes[-1])]) for _ in range(4)],
            )


CASES = list(_cases())
