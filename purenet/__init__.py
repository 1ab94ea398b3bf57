"""A neural network in pure Python, to understand backpropagation by reading it.

Read `matrix.py` first, then `network.py`. Everything else is there to feed the network and to watch it.
"""

from .network import Network

__all__ = ["Network"]
