"""A neural network in pure Python, to understand backpropagation by reading it.

Read `matrix.py`, `network.py` and `gradcheck.py`, in this order. The folders hold what serves them: `data`
brings the examples, `checker` finds what is wrong with a network of your own, `display` shows what was
learned, and `support` keeps bad input and broken files away.
"""

import sys

if sys.version_info < (3, 9):
    raise SystemExit("purenet needs Python 3.9 or later; this is " + sys.version.split()[0])

from purenet import checker, gradcheck, matrix, network
from purenet.data import digits, mnist_loader, picture_files
from purenet.network import Network

__all__ = ["Network", "matrix", "network", "gradcheck", "mnist_loader", "digits", "picture_files", "checker"]
