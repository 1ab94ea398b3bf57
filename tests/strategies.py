"""What the tests draw from: numbers, vectors, matrices, networks and examples of every shape."""

import random
import textwrap
from fractions import Fraction
from typing import NamedTuple

from hypothesis import note
from hypothesis import strategies as st

from purenet.network import Network
from purenet.strangers import Stranger

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


tame = st.sampled_from([0.0, 1.0, -1.0]) | st.floats(-2, 2)
# Up to where σ is 0 or 1 to the last bit, and inputs as large as a forgotten scaling makes them.
wild = tame | st.floats(-10, 10)
large = tame | st.floats(-100, 100)


@st.composite
def cases(
    draw, parameters=wild, inputs=large, targets=st.sampled_from([0.0, 1.0]) | st.floats(-3, 3), least=1
):
    """A `Case` of 1 to 6 inputs and `least` to 4 layers of 1 to 6 neurons."""
    # Every neuron comes with six weights and a bias, and keeps as many weights as it has inputs. So any neuron
    # and any layer can be left out, which is how a failing case is made smaller. It is the last weights that
    # are kept, because what makes the case fail ends up in the last numbers that matter.
    neurons = st.lists(vectors(7, parameters), min_size=1, max_size=6)
    layers = draw(st.lists(neurons, min_size=least, max_size=4))
    x = draw(st.lists(inputs, min_size=1, max_size=6))
    sizes = [len(x), *map(len, layers)]
    biases = [[neuron[6] for neuron in layer] for layer in layers]
    weights = [[neuron[6 - m : 6] for neuron in layer] for m, layer in zip(sizes, layers)]
    # e⁻ᶻ overflows below z = -709, which a network written from the formula does not survive, and need not.
    reach = max(sum(abs(w * v) for w, v in zip(row, x)) for row in weights[0])
    x = [v * 600 / max(reach, 600) for v in x]
    return Case(biases, weights, x, draw(vectors(6, targets))[-sizes[-1] :])
