"""What the tests draw from: numbers, vectors, matrices, networks and examples of every shape."""

import random
from fractions import Fraction

from hypothesis import strategies as st

from purenet.network import Network

# Finite and small enough for no sum of products to overflow; with zeros, which some operations pass over.
floats = st.sampled_from([0.0, 1.0, -1.0]) | st.floats(-1e6, 1e6)
# Numbers whose arithmetic is exact, so that the laws of algebra hold to the letter.
exact = (
    st.sampled_from([0, 1, -1]) | st.integers(-1000, 1000) | st.fractions(max_denominator=50).map(Fraction)
)
sizes = st.lists(st.integers(1, 6), min_size=2, max_size=5)
lengths = st.integers(1, 5)


def vectors(n, numbers=exact):
    return st.lists(numbers, min_size=n, max_size=n)


def matrices(n, m, numbers=exact):
    return st.lists(vectors(m, numbers), min_size=n, max_size=n)


@st.composite
def networks(draw, sizes=sizes):
    """A network with the weights and biases that some seed gives it."""
    return Network(draw(sizes), random.Random(draw(st.integers(0, 2**32))))


def inputs(n):
    return vectors(n, st.sampled_from([0.0, 0.0, 1.0]) | st.floats(-3, 3))


def examples(net):
    """A pair (x, y) for the network."""
    return st.tuples(inputs(net.sizes[0]), vectors(net.sizes[-1], st.floats(0, 1)))
