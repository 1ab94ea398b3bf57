"""How does a network of neurons learn? By stepping down the gradient of its cost, found by backpropagation.

    from purenet import digits, network
    training_data, validation_data, test_data = digits.load_data_wrapper()
    net = network.Network([784, 30, 10])
    net.SGD(training_data, 10, 10, 3.0, test_data=test_data)
    net.save("model.json")

What differs from the NumPy version (Nielsen, "Neural Networks and Deep Learning", chapters 1 and 2):
- Vectors are flat lists, not columns of shape (n, 1); matrices are lists of rows.
- `SGD` shuffles a list of its own, not the caller's, with `rng`; it also takes `progress`.
- `update_mini_batch` takes the same step as there, but without calling `backprop`: see (8) and (9).
- Bad input raises before anything is changed; `cost`, `save` and `load` are added.

The formulas (1) to (9) stand in this order beside the lines that compute them. They speak of one layer, with
its weights w, biases b, weighted input z, activation a and error δ = ∂C/∂z. a⁻ is the activation of the layer
before, which is this layer's input; w⁺ and δ⁺ belong to the layer after. ⊙ multiplies entry by entry. ∂C/∂w
tells how much C changes when w alone changes a little; all of these together are the gradient, nabla.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from math import exp
from os import PathLike
from typing import Any

from purenet.matrix import (
    Matrix,
    Vector,
    add,
    dot,
    hadamard,
    matvec,
    outer,
    scale,
    subtract,
    subtract_outer,
    transpose,
)
from purenet.support import checks
from purenet.support import model_file as model
from purenet.support.checks import Example, Labelled


class Network:
    """Layers of sigmoid neurons, each connected to every neuron of the next layer.

    num_layers  the number of layers, the input counted
    sizes       the number of neurons in each
    biases      biases[l][j] of neuron j in layer l + 1 (the input, layer 0, has none)
    weights     weights[l][j][k] from neuron k of layer l to neuron j of layer l + 1

    A program may read, change and replace `biases` and `weights`. A step of training puts new lists in
    their place and leaves the old ones as they were.
    """

    rng: Any = random  # Of the class and not of each network, since copy.deepcopy(net) cannot copy a module.

    def __init__(self, sizes: list[int], rng: Any = random) -> None:
        """Draw every bias and weight with `rng.gauss` from N(0, 1): normal, mean 0, standard deviation 1.

        `sizes` is a list such as [784, 30, 10]. `rng` is the module `random` or a `random.Random`.
        Raises ValueError where `sizes` is not at least two positive integers, TypeError for another `rng`.
        """
        checks.sizes(sizes)
        checks.rng(rng)
        if rng is not random:
            self.rng = rng
        self.num_layers = len(sizes)
        self.sizes = list(sizes)
        self.biases = [[rng.gauss(0, 1) for _ in range(n)] for n in sizes[1:]]
        self.weights = [
            [[rng.gauss(0, 1) for _ in range(m)] for _ in range(n)] for m, n in zip(sizes, sizes[1:])
        ]

    def feedforward(self, a: Vector) -> Vector:
        """The network's output (sizes[-1],), each entry between 0 and 1, for the input `a` (sizes[0],)."""
        checks.vector(a, self.sizes[0], "a")
        checks.layers(self)
        for b, w in zip(self.biases, self.weights):
            z = add(matvec(w, a), b)                            # (1) z = w a⁻ + b
            a = sigmoid(z)                                      # (2) a = σ(z)
        return a

    def cost(self, x: Vector, y: Vector) -> float:
        """C of one example, a number: x is an input (sizes[0],), y the wanted output (sizes[-1],)."""
        checks.vector(x, self.sizes[0], "x")
        checks.vector(y, self.sizes[-1], "y")
        error = subtract(y, self.feedforward(x))
        return 0.5 * dot(error, error)                          # (3) C = ½‖y − a‖²

    def cost_derivative(self, output_activations: Vector, y: Vector) -> Vector:
        """∂C/∂a of the output activations, a vector like both arguments, (sizes[-1],).

        A subclass that overrides it, for another cost, changes `backprop` and training alike, and should
        override `cost` with it.
        """
        return subtract(output_activations, y)                  # (4) ∂C/∂a = a − y

    def _activations_and_deltas(self, x: Vector, y: Vector) -> tuple[list[Vector], list[Vector]]:
        """One pass forward and one back: the activations of every layer, and δ of every layer but the input.

        activations[l] is that of layer l, (sizes[l],); deltas[l] has the shape of biases[l].
        """
        checks.layers(self)
        # Forward by (1) and (2), as in feedforward, but every z and a is kept for the way back.
        activations, zs = [x], []
        for b, w in zip(self.biases, self.weights):
            zs.append(add(matvec(w, activations[-1]), b))
            activations.append(sigmoid(zs[-1]))
        nabla_a = self.cost_derivative(activations[-1], y)
        checks.vector(nabla_a, self.sizes[-1], "the result of cost_derivative")
        delta = hadamard(nabla_a, sigmoid_prime(zs[-1]))        # (5) δ = ∂C/∂a ⊙ σ′(z) in the last layer
        deltas = [delta]
        # Back, from the last layer but one to layer 1. weights[l] lead from layer l to the next, whose error
        # is deltas[0], the latest found. The input, layer 0, has no z, so that of layer l is zs[l - 1].
        for l in range(self.num_layers - 2, 0, -1):
            w_next, delta_next, z = self.weights[l], deltas[0], zs[l - 1]
            delta = hadamard(matvec(transpose(w_next), delta_next), sigmoid_prime(z))  # (6) δ = w⁺ᵀ δ⁺ ⊙ σ′(z)
            deltas.insert(0, delta)
        return activations, deltas

    def backprop(self, x: Vector, y: Vector) -> tuple[list[Vector], list[Matrix]]:
        """(nabla_b, nabla_w), the gradient of the cost of one example, shaped like `biases` and `weights`.

        `x` is an input (sizes[0],), `y` the wanted output (sizes[-1],). Changes nothing.
        """
        checks.vector(x, self.sizes[0], "x")
        checks.vector(y, self.sizes[-1], "y")
        activations, deltas = self._activations_and_deltas(x, y)
        nabla_b = deltas                                                        # (7) ∂C/∂b = δ
        nabla_w = [outer(delta, a) for delta, a in zip(deltas, activations)]    # (8) ∂C/∂w = δ a⁻ᵀ
        return nabla_b, nabla_w

    def update_mini_batch(self, mini_batch: Iterable[Example], eta: float) -> None:
        """Change biases and weights by −η times the mean gradient of the pairs (x, y) in `mini_batch`.

        Every example sees the weights as they were. Raises ValueError or TypeError for bad input and then
        leaves the network as it was.
        """
        examples = checks.examples(mini_batch, self.sizes, "mini_batch")
        checks.eta(eta)
        step = float(eta) / len(examples)                                       # η/m in (9)
        passes = [self._activations_and_deltas(x, y) for x, y in examples]
        # New lists, so that those which a program has kept stay as they were.
        self.biases = list(self.biases)
        self.weights = [[list(row) for row in w] for w in self.weights]
        for activations, deltas in passes:
            # The sum over the m examples is taken off one by one. By (8) the gradient of w is δ a⁻ᵀ, so
            # `subtract_outer` need not build it. deltas[l] goes with the layer whose input is activations[l].
            for l, delta in enumerate(deltas):
                change = scale(step, delta)
                self.biases[l] = subtract(self.biases[l], change)               # (9) b ← b − η/m Σ ∂C/∂b
                subtract_outer(self.weights[l], change, activations[l])         # (9) w ← w − η/m Σ ∂C/∂w

    def SGD(
        self, training_data: Iterable[Example], epochs: int, mini_batch_size: int, eta: float,
        test_data: Iterable[Labelled] | None = None, *, progress: Callable[..., Any] | None = None,
    ) -> None:
        """Train by stochastic gradient descent and print a line for each epoch.

        training_data     pairs (x, y) of an input (sizes[0],) and the wanted output (sizes[-1],)
        epochs            how many times to go through all of them, 0 or more
        mini_batch_size   how many examples to take a step by, 1 or more (the last batch may be short)
        eta               η, the learning rate
        test_data         pairs (x, digit); with them the line tells how many the network gets right
        progress          wraps each epoch's list of mini-batches and is iterated over, as `tqdm` is

        Raises ValueError or TypeError for bad input, before the first step.
        """
        examples = checks.examples(training_data, self.sizes, "training_data")
        labelled = checks.labelled([] if test_data is None else test_data, self.sizes)
        checks.integer(epochs, 0, "epochs")
        checks.integer(mini_batch_size, 1, "mini_batch_size")
        checks.eta(eta)
        checks.progress(progress)
        for epoch in range(epochs):
            self.rng.shuffle(examples)
            starts = range(0, len(examples), mini_batch_size)
            mini_batches = [examples[k:k + mini_batch_size] for k in starts]
            for mini_batch in progress(mini_batches) if progress else mini_batches:
                self.update_mini_batch(mini_batch, eta)
            if labelled:
                print(f"Epoch {epoch}: {self.evaluate(labelled)} / {len(labelled)}")
            else:
                print(f"Epoch {epoch} complete")

    def evaluate(self, test_data: Iterable[Labelled]) -> int:
        """How many pairs (x, digit) have their digit at the largest output (at the first, on a tie)."""
        labelled = checks.labelled(test_data, self.sizes)
        outputs = [(self.feedforward(x), digit) for x, digit in labelled]
        return sum(output.index(max(output)) == digit for output, digit in outputs)

    def save(self, path: str | PathLike[str], notes: Any = None) -> None:
        """Write the network to `path` as JSON, so that `load` gives it back exact to the last bit.

        The file at `path` is replaced in one step. `notes`, anything that JSON can hold, is kept in it for
        the program that saves it; a subclass and its cost are not. Raises ValueError, TypeError and OSError
        as `model.write` does.
        """
        model.write(path, self.sizes, self.biases, self.weights, notes)


def load(path: str | PathLike[str]) -> Network:
    """The network that `Network.save` or the book's `network2.py` wrote to `path`, whatever cost trained it.

    Raises ValueError where the file holds no complete model, OSError where it cannot be read.
    """
    net = Network.__new__(Network)  # Without __init__, which would draw weights only to throw them away.
    net.sizes, net.biases, net.weights, _ = model.read(path)
    net.num_layers = len(net.sizes)
    return net


def sigmoid(z: Any) -> Any:
    """σ(z) = 1 / (1 + e⁻ᶻ), of a number or of every number in a list, nested or not.

    Where z < 0 the same value is computed as eᶻ / (1 + eᶻ), since e⁻ᶻ would overflow below z = -709.

    >>> sigmoid([0, 2.0, -740.0])
    [0.5, 0.8807970779778823, 4.2e-322]
    """
    if isinstance(z, list):
        return [sigmoid(entry) for entry in z]
    if z >= 0:
        return 1.0 / (1.0 + exp(-z))
    e = exp(z)
    return e / (1.0 + e)


def sigmoid_prime(z: Any) -> Any:
    """σ′(z) = σ(z) (1 − σ(z)), of a number or of every number in a list, nested or not.

    Computed as e / (1 + e)² with e = exp(−|z|), which is the same for z and −z: 1 − σ(z) would lose
    every digit for large z, where σ(z) rounds to 1.

    >>> sigmoid_prime([0, 40.0, -40.0])
    [0.25, 4.248354255291589e-18, 4.248354255291589e-18]
    """
    if isinstance(z, list):
        return [sigmoid_prime(entry) for entry in z]
    e = exp(-abs(z))
    return e / ((1.0 + e) * (1.0 + e))
