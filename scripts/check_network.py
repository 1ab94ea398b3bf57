#!/usr/bin/env python3
"""Check a network of your own, method by method, and say in words what is wrong with it.

    python3 scripts/check_network.py my_network.py              for its class Network, or its only class
    python3 scripts/check_network.py my_network.py:MyNetwork
    python3 scripts/check_network.py my_notebook.ipynb

The class is used like that of the book: Network(sizes), with the attributes biases and weights. Other names
and forms are recognized where that is possible, and the report says which. The answers of its methods are
compared with those of purenet's own network with the same weights, and with finite differences. The file is
run, so check only what you would run yourself. The exit status is 0 where a gradient was judged and everything
that was judged is right, else 1.
"""

import argparse

import command

from purenet.checker.child_process import judge_file
from purenet.checker.other_names import METHODS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", metavar="FILE[:CLASS]", help="the file, and its class if it has several")
    parser.add_argument(
        "--cost", choices=["quadratic", "cross-entropy"], help="the cost, where the class does not say which"
    )
    parser.add_argument(
        "--method",
        action="append",
        default=[],
        metavar="METHOD=NAME",
        help=f"the name of a method that is not found ({', '.join(METHODS)})",
    )
    options = parser.parse_args()
    if not all(option.count("=") == 1 for option in options.method):
        parser.error("--method takes METHOD=NAME, such as backprop=my_name")
    is_right, text = judge_file(
        options.network, options.cost, dict(option.split("=") for option in options.method)
    )
    print(text)
    return 0 if is_right else 1


if __name__ == "__main__":
    command.run(main)
