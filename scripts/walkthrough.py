#!/usr/bin/env python3
"""Work out one training step of a small network as on paper: every formula in symbols, then in numbers.

The weights and biases are drawn at random and rounded to one decimal; so are x and y, unless they are given.
"""

import argparse
import contextlib
import random
import re
import sys

import command

from purenet.display import walkthrough
from purenet.display.equations import spelling
from purenet.network import Network

# As many columns of the widest number as fit into a line, with the most that may stand beside them.
MOST_NEURONS = (walkthrough.WIDTH - len("(9) w10 <- - (-1000.0) []")) // len(" -1.23e-217")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    option, most = parser.add_argument, f"neurons of each layer, up to {MOST_NEURONS} (default: 2 3 1)"
    option("--sizes", type=neurons, nargs="+", default=[2, 3, 1], metavar="N", help=most)
    option("--x", type=number, nargs="+", metavar="X", help="the input")
    option("--y", type=number, nargs="+", metavar="Y", help="the wanted output")
    option("--eta", type=number, default=3.0, metavar="X", help="learning rate (default: 3.0)")
    option("--seed", type=int, default=574, metavar="N", help="seed of the random numbers (default: 574)")
    option("--plot", action="store_true", help="plot sigma and its slope, too")
    # argparse takes -1e-3 for an option, unless a space stands before it.
    args = parser.parse_args([re.sub(r"^-(?=[\d.in])", " -", text) for text in sys.argv[1:]])
    if len(args.sizes) < 2:
        parser.error("argument --sizes: a network has two layers or more, as in 2 3 1")
    net, x, y = drawn(args.sizes, args.seed)
    x, y = args.x or x, args.y or y
    for name, v, n in ("x", x, args.sizes[0]), ("y", y, args.sizes[-1]):
        if len(v) != n:
            parser.error(f"argument --{name}: {len(v)} given, where a network of {args.sizes} takes {n}")
    sections = walkthrough.sections(net, x, y, args.eta)
    if args.plot:
        sections.update(walkthrough.curves())
    spelled = spelling(getattr(sys.stdout, "encoding", None) or "ascii")
    print(walkthrough.text(sections, spelled))


def drawn(sizes, seed):
    """A network, an x and a y with one decimal."""
    rng = random.Random(seed)
    net = Network(sizes, rng)
    net.biases = [[tenths(v) for v in b] for b in net.biases]
    net.weights = [[[tenths(v) for v in row] for row in w] for w in net.weights]
    x = [tenths(rng.random()) for _ in range(sizes[0])]
    return net, x, [float(round(rng.random())) for _ in range(sizes[-1])]


def tenths(v):
    return round(v, 1) + 0.0  # which turns -0.0 into 0.0


def neurons(text):
    if text not in map(str, range(1, MOST_NEURONS + 1)):
        fit = f"larger layers do not fit into {walkthrough.WIDTH} columns"
        raise argparse.ArgumentTypeError(
            f"{text.strip()} is not a whole number from 1 to {MOST_NEURONS}; {fit}"
        )
    return int(text)


def number(text):
    with contextlib.suppress(ValueError):
        if abs(float(text)) <= 1000:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text.strip()} is not a number from -1000 to 1000")


if __name__ == "__main__":
    command.run(main)
