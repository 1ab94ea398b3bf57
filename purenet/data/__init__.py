"""Where examples come from: MNIST in its files, and digits that are drawn."""
