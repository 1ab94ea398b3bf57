#!/usr/bin/env python3
"""Work out one training step of a small network as on paper: every formula in symbols, then in numbers.

The weights and biases are drawn at random and rounded to one decimal; so are x and y, unless they are given.
"""

import argparse
import random

import command

from purenet.display import walkthrough
from purenet.network import Network

MOST_NEURONS = 5  # in a layer, so that its matrix fits into a line


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    option, most = parser.add_argument, f"neurons of each layer, up to {MOST_NEURONS} (default: 2 3 1)"
    neurons = range(1, MOST_NEURONS + 1)
    option("--sizes", type=int, choices=neurons, nargs="+", default=[2, 3, 1], metavar="N", help=most)
    option("--x", type=float, nargs="+", metavar="X", help="the input")
    option("--y", type=float, nargs="+", metavar="Y", help="the wanted output")
    option("--eta", type=float, default=3.0, metavar="X", help="learning rate (default: 3.0)")
    option("--seed", type=int, default=574, metavar="N", help="seed of the random numbers (default: 574)")
    option("--plot", action="store_true", help="plot sigma and its slope, too")
    args = parser.parse_args()
    net, x, y = drawn(args.sizes, args.seed)
    sections = walkthrough.sections(net, args.x or x, args.y or y, args.eta)
    if args.plot:
        sections.update(walkthrough.curves())
    print(walkthrough.text(sections))


def drawn(sizes, seed):
    """A network, an x and a y with one decimal."""
    rng = random.Random(seed)
    net = Network(sizes, rng)
    net.biases = [tenths(b) for b in net.biases]
    net.weights = [[tenths(row) for row in w] for w in net.weights]
    x = tenths(rng.random() for _ in range(sizes[0]))
    return net, x, [float(round(rng.random())) for _ in range(sizes[-1])]


def tenths(numbers):
    return [round(v, 1) + 0.0 for v in numbers]  # which turns -0.0 into 0.0


if __name__ == "__main__":
    command.run(main)
