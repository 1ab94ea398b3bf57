"""What the tests draw from: numbers, vectors, matrices, networks and examples of every shape."""

import random
import textwrap
from fractions import Fraction
from typing import NamedTuple

from hypothesis import note
from hypothesis import strategies as st

from purenet.checker.strangers import Stranger
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


class Case(NamedTuple):
    """A network with its parameters, flat lists and lists of rows, and one example for it."""

    biases: list
    weights: list
    x: list
    y: list

    def of(self, network_class, *call):
        """The network of that class. Where the test fails, the report shows how to make it, and the call."""
        net = Stranger(network_class, self.biases, self.weights)
        if call:
            method, *vectors = call
            lines = [*net.script(), f"net.{method}({', '.join(map(net.written, vectors))})"]
            note("To see it in a Python prompt:\n\n" + textwrap.indent("\n".join(lines), "    ") + "\n")
        return net


def table(low, high):
    """256 numbers from `low` to `high`, one for each byte: the lower the byte, the simpler the number.

    Many numbers are drawn as one string of bytes far faster than one by one.
    """
    rng = random.Random(0)
    simple = [0.0, 1.0, -1.0] * 28
    tenths = sorted((rng.randint(-20, 20) / 10 for _ in range(80)), key=abs)
    numbers = [v for v in [*simple, *tenths, -0.0, 1e-9, -1e-160, 5e-324] if low <= v <= high]
    return numbers + [rng.uniform(low, high) for _ in range(256 - len(numbers))]


def coded(numbers, n):
    """Lists of n of the numbers of a table."""
    return st.binary(min_size=n, max_size=n).map(lambda code: [numbers[k] for k in code])


tame = table(-2, 2)
shares = table(0, 1)
# Up to where σ is 0 or 1 to the last bit, and inputs as large as a forgotten scaling makes them.
wild = table(-10, 10)
large = table(-100, 100)


@st.composite
def cases(draw, parameters=wild, inputs=large, targets=table(-3, 3), least=1):
    """A `Case` of 1 to 6 inputs and `least` to 4 layers of 1 to 6 neurons, with numbers of these tables."""
    # Drawn is a network of six inputs and six neurons a layer, and which of them to keep. So any neuron and
    # any layer can be left out while the others stay as they are, which is how a failing case gets smaller.
    some = st.integers(1, 63).map(lambda bits: [j for j in range(6) if bits >> j & 1])
    layers = draw(st.lists(st.tuples(some, coded(parameters, 42)), min_size=least, max_size=4))
    first, x, y = draw(some), draw(coded(inputs, 6)), draw(coded(targets, 6))
    kept = [first, *(neurons for neurons, _ in layers)]
    biases = [[numbers[36 + j] for j in neurons] for neurons, numbers in layers]
    weights = [
        [[numbers[6 * j + k] for k in before] for j in neurons]
        for before, (neurons, numbers) in zip(kept, layers)
    ]
    x, y = [x[k] for k in first], [y[j] for j in kept[-1]]
    # e⁻ᶻ overflows below z = -709, which a network written from the formula does not survive, and need not.
    reach = max(sum(abs(w * v) for w, v in zip(row, x)) for row in weights[0])
    x = [v * 600 / max(reach, 600) for v in x]
    return Case(biases, weights, x, y)
