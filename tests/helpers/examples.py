"""What the properties of a gradient are tried on: networks, each with an example."""

from typing import NamedTuple

import under_test
from hypothesis import strategies as st

from purenet.checker.candidate import Candidate

# One decimal, so that a failing example can be followed by hand.
numbers = st.integers(-20, 20).map(lambda n: n / 10)


def vectors(n):
    return st.lists(numbers, min_size=n, max_size=n)


class Example(NamedTuple):
    """An input and the output wanted for it, with the parameters of a network."""

    biases: list
    weights: list
    x: list
    y: list

    @property
    def net(self):
        """A new network of the class under test with these parameters. It takes and returns flat lists."""
        return Candidate(under_test.usual_way(under_test.network_class), self.biases, self.weights)

    def __repr__(self):
        """The lines that make it at a Python prompt, for the report of a failing property."""
        net = self.net
        return "\n".join(["", *net.script(), f"x, y = {net.written(self.x)}, {net.written(self.y)}", ""])


SMALLEST = Example([[0.0]], [[[0.0]]], [0.0], [0.0])


@st.composite
def examples(draw, least=2):
    """Examples for networks of `least` to 4 layers of 1 to 4 neurons."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=least, max_size=4))
    biases = [draw(vectors(n)) for n in sizes[1:]]
    weights = [[draw(vectors(m)) for _ in range(n)] for m, n in zip(sizes, sizes[1:])]
    return Example(biases, weights, draw(vectors(sizes[0])), draw(vectors(sizes[-1])))


@st.composite
def saturated_examples(draw):
    """Examples with parameters up to 10 and inputs up to 100: σ may be 0 or 1 to the last bit, and σ′ vanish."""
    example = draw(examples())
    biases, weights = grown([example.biases, example.weights], draw(st.sampled_from([5.0, 1.0, 0.1])))
    x = grown(example.x, draw(st.sampled_from([50.0, 1.0, 1e-6])))
    # exp(−z) overflows below z = −709, which a network written from the formula does not survive, and need not.
    reach = max(sum(abs(w * x_k) for w, x_k in zip(row, x)) for row in weights[0])
    return Example(biases, weights, [x_k * 600 / max(reach, 600) for x_k in x], example.y)


def grown(nested, factor):
    return [grown(entry, factor) for entry in nested] if isinstance(nested, list) else factor * nested


@st.composite
def batches(draw):
    """An example, and a mini-batch of 1 to 4 pairs (x, y) for its network."""
    example = draw(examples())
    pairs = st.tuples(vectors(len(example.x)), vectors(len(example.y)))
    return example, draw(st.lists(pairs, min_size=1, max_size=4))
