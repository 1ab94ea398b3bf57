"""A network of neurons that learns by backpropagation and stochastic gradient descent.

    from purenet import digits, network
    training_data, validation_data, test_data = digits.load_data_wrapper()
    net = network.Network([784, 30, 10])
    net.SGD(training_data, 10, 10, 3.0, test_data=test_data)
    net.save("model.json")

The methods stand in the order in which one learns them, from the part to the whole:

    forward             finds every weighted input z and every activation a         (1), (2)
    feedforward         gives the last of these activations, the network's output
    cost                says how wrong the output is                                (3)
    cost_derivative     says how the cost changes with the output                   (4)
    propagate           goes forward, then back to find every error δ               (5), (6)
    backprop            multiplies these out to the gradient of one example         (7), (8)
    update_mini_batch   propagates some examples, and steps down the mean gradient  (9)
    SGD                 takes such steps through all examples, again and again

For a first look, read as far as the example in `backprop`.

The formulas speak of one layer: its weights w, biases b, weighted input z, activation a = σ(z) and error
δ = ∂C/∂z. Its input a_prev is the activation of the layer before. ⊙ multiplies entry by entry, ᵀ turns rows
into columns. This folder's README.md explains all of them at length.

The cost C says how wrong the output for an example is. The gradient ∇C, called nabla, holds a number for every
weight and bias p: ∂C/∂p, the rate at which C changes with p while the rest stay as they are. A small enough
step against the gradient lowers C, unless all rates are 0.

With one neuron in each layer, raise a weight w of the last layer by a small h. About this much changes:

    w + h   →   z + a_prev · h   →   a + σ′(z) · a_prev · h   →   C + ∂C/∂a · σ′(z) · a_prev · h

So ∂C/∂w is a product of rates, ∂C/∂a · σ′(z) · a_prev. This is the chain rule. Where a weight reaches C in
several ways, through several neurons, the products of all ways are added up.

Layers are counted from the input, layer 0, which has neither weights nor biases. For the sizes [2, 3, 1]:

                          layer 0 (input)      layer 1               layer 2 (output)
    activations           [0], shape (2,)      [1], shape (3,)       [2], shape (1,)
    weights                                    [0], shape (3, 2)     [1], shape (1, 3)
    biases, zs, deltas                         [0], shape (3,)       [1], shape (1,)
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from math import exp
from os import PathLike

from purenet.matrix import (
    Matrix, Vector, add, dot, hadamard, matvec, outer, scale, subtract, subtract_outer, transpose,
)
from purenet.support import checks, model_file

Example = tuple[Vector, Vector]     # (x, y): an input and the output wanted for it
Labelled = tuple[Vector, int]       # (x, digit): an input and the index of the output that should be largest
MiniBatches = Iterable[list[Example]]   # all mini-batches of an epoch


def sigmoid(z: float) -> float:
    """σ(z) = 1 / (1 + exp(−z)), from 0 to 1.

    >>> sigmoid(0.0), sigmoid(2.0), sigmoid(-1000.0)
    (0.5, 0.8807970779778823, 0.0)
    """
    if z >= 0:
        return 1.0 / (1.0 + exp(-z))
    # The same fraction, top and bottom times exp(z): far below 0, exp(-z) would be too large for a float.
    return exp(z) / (1.0 + exp(z))


def sigmoid_prime(z: float) -> float:
    """σ′(z) = σ(z) (1 − σ(z)) = σ(z) σ(−z), the slope of σ, at most ¼.

    The slope of 1 / f is −f′ / f². With f = 1 + exp(−z), that is exp(−z) / (1 + exp(−z))², the product of
    σ(z) = 1 / (1 + exp(−z)) and 1 − σ(z) = exp(−z) / (1 + exp(−z)).

    >>> sigmoid_prime(0.0), sigmoid_prime(40.0)
    (0.25, 4.248354255291589e-18)
    """
    return sigmoid(z) * sigmoid(-z)     # Where σ(z) is nearly 1, σ(−z) has more digits than 1 − σ(z).


class Network:
    """Layers of sigmoid neurons, each connected to every neuron of the layer before.

    num_layers  the number of layers, including the input
    sizes       the number of neurons in each layer
    biases      a vector for each layer but the input, see the table above
    weights     a matrix for each layer but the input: weights[i][j][k] leads from neuron k to neuron j

    In every method `x` is an input, of shape (sizes[0],), and `y` is the output wanted for it, (sizes[-1],).

    A program may read, change and replace `biases` and `weights`. A step of training puts new lists in their
    place and leaves the old ones as they were.
    """

    def __init__(self, sizes: list[int], rng: random.Random | None = None) -> None:
        """Draw every bias and weight from N(0, 1): normal, with mean 0 and standard deviation 1.

        sizes   at least two positive integers, such as [784, 30, 10]
        rng     the source of random numbers, also for the shuffling in `SGD`; by default the module `random`

        Raises ValueError or TypeError for other sizes or another rng.
        """
        checks.sizes(sizes)
        checks.rng(rng)
        self.rng = rng
        self.num_layers = len(sizes)
        self.sizes = list(sizes)
        gauss = (rng or random).gauss       # the module `random` has the methods of a random.Random
        # In every layer but the input there are n neurons, with a bias each, and weights from m neurons before.
        self.biases = [[gauss(0, 1) for _ in range(n)] for n in sizes[1:]]
        self.weights = [[[gauss(0, 1) for _ in range(m)] for _ in range(n)] for m, n in zip(sizes, sizes[1:])]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.sizes})"

    def forward(self, x: Vector) -> tuple[list[Vector], list[Vector]]:
        """(activations, zs), the a and the z of every layer. The caller has checked `x`."""
        activations, zs = [x], []
        for b, w in zip(self.biases, self.weights):
            z = add(matvec(w, activations[-1]), b)                              # (1) z = w a_prev + b
            a = [sigmoid(z_j) for z_j in z]                                     # (2) a = σ(z)
            zs.append(z)
            activations.append(a)
        return activations, zs

    def feedforward(self, x: Vector) -> Vector:
        """The network's output, of shape (sizes[-1],), whose entries are from 0 to 1."""
        checks.layers(self)
        checks.vector(x, self.sizes[0], "x")
        activations, _ = self.forward(x)
        return activations[-1]

    def cost(self, x: Vector, y: Vector) -> float:
        """C of one example, a number."""
        checks.example(x, y, self)
        difference = subtract(y, self.feedforward(x))
        return 0.5 * dot(difference, difference)                                # (3) C = ½‖y − a‖²

    def cost_derivative(self, output_activations: Vector, y: Vector) -> Vector:
        """∂C/∂a for the activations of the output layer, a vector of the shape (sizes[-1],).

        At each output, ½ (y − a)² has the slope −(y − a) = a − y along a.

        For another cost, override this together with `cost`. Training, `backprop` and `gradcheck` follow.
        """
        return subtract(output_activations, y)                                  # (4) ∂C/∂a = a − y

    def propagate(self, x: Vector, y: Vector) -> tuple[list[Vector], list[Vector]]:
        """One pass forward and one back: (activations, deltas), the a and the δ of every layer.

        The table at the top of this file says what has which index and shape. Changes nothing. The caller has
        checked `x` and `y`.
        """
        activations, zs = self.forward(x)
        dC_da = self.cost_derivative(activations[-1], y)
        checks.vector(dC_da, self.sizes[-1], "the result of cost_derivative")
        deltas = []
        for i in reversed(range(len(zs))):
            # z_j reaches C only through a_j = σ(z_j). So by the chain rule ∂C/∂z_j = ∂C/∂a_j · σ′(z_j).
            delta = hadamard(dC_da, [sigmoid_prime(z_j) for z_j in zs[i]])          # (5) δ = ∂C/∂a ⊙ σ′(z)
            deltas.append(delta)
            # a_prev_k reaches C through every neuron j of this layer. Raise it by a small h: z_j rises by
            # w_jk · h, so C rises by about δ_j · w_jk · h. Add this up over j and divide by h: ∂C/∂a_prev_k is
            # Σ_j w_jk · δ_j, which is entry k of wᵀ δ. It is the ∂C/∂a of the next turn, for the layer before.
            if i > 0:
                dC_da = matvec(transpose(self.weights[i]), delta)                   # (6) ∂C/∂a_prev = wᵀ δ
        deltas.reverse()    # They were found from the last layer to the first.
        return activations, deltas

    def backprop(self, x: Vector, y: Vector) -> tuple[list[Vector], list[Matrix]]:
        """(nabla_b, nabla_w), the gradient of the cost of one example, shaped like `biases` and `weights`.

        Changes nothing. Raises ValueError or TypeError for bad input. Here every z is 0, so that every a is ½
        and every σ′(z) is ¼:

        >>> net = Network([2, 2, 2])
        >>> net.biases = [[0, -2], [-1, -2]]
        >>> net.weights = [[[2, -1], [0, 1]], [[4, -2], [2, 2]]]
        >>> nabla_b, nabla_w = net.backprop([1, 2], [1, 0])
        >>> nabla_b[1]      # (½ − 1) · ¼ and (½ − 0) · ¼
        [-0.125, 0.125]
        >>> nabla_b[0]      # (4 · (−⅛) + 2 · ⅛) · ¼ and (−2 · (−⅛) + 2 · ⅛) · ¼
        [-0.0625, 0.125]
        >>> nabla_w[1]      # −⅛ and ⅛, each times the inputs of layer 2, ½ and ½
        [[-0.0625, -0.0625], [0.0625, 0.0625]]
        >>> nabla_w[0]      # −1/16 and ⅛, each times the inputs of layer 1, 1 and 2
        [[-0.0625, -0.125], [0.125, 0.25]]
        """
        checks.example(x, y, self)
        activations, deltas = self.propagate(x, y)
        inputs = activations[:-1]
        # z_j = Σ_k w_jk a_prev_k + b_j changes with b_j at the rate 1, and with w_jk at the rate a_prev_k.
        nabla_b = deltas                                                                # (7) ∂C/∂b = δ
        nabla_w = [outer(delta, a_prev) for delta, a_prev in zip(deltas, inputs)]       # (8) ∂C/∂w = δ a_prevᵀ
        return nabla_b, nabla_w

    def update_mini_batch(self, mini_batch: Iterable[Example], eta: float) -> None:
        """Change biases and weights by −η times the mean gradient of the pairs (x, y) in `mini_batch`.

        The gradient is that of `backprop`, which this does not call: see (9). To train by other errors δ,
        override `propagate`. Raises ValueError or TypeError for bad input, and then changes nothing.

        >>> net = Network([1, 1])
        >>> net.biases, net.weights = [[0.0]], [[[0.0]]]
        >>> net.backprop([2], [1])
        ([[-0.125]], [[[-0.25]]])
        >>> net.update_mini_batch([([2], [1])], eta=8)
        >>> net.biases, net.weights
        ([[1.0]], [[[2.0]]])
        """
        examples = checks.examples(mini_batch, self, "mini_batch")
        step = checks.learning_rate(eta) / len(examples)                # η/m for m examples
        passes = [self.propagate(x, y) for x, y in examples]        # all through the old weights and biases
        # These lists are new, since they are changed below: the old ones may be kept elsewhere.
        self.biases = list(self.biases)
        self.weights = [[list(row) for row in w] for w in self.weights]
        for activations, deltas in passes:
            inputs = activations[:-1]
            # Each of the m examples takes its part of the step. The matrix δ a_prevᵀ of (8) is subtracted
            # without being built first, which makes training several times as fast.
            for i, (delta, a_prev) in enumerate(zip(deltas, inputs)):
                change = scale(step, delta)
                self.biases[i] = subtract(self.biases[i], change)   # (9) b ← b − η/m ∂C/∂b
                subtract_outer(self.weights[i], change, a_prev)     # (9) w ← w − η/m ∂C/∂w

    def SGD(
        self,
        training_data: Iterable[Example],
        epochs: int,
        mini_batch_size: int,
        eta: float,
        test_data: Iterable[Labelled] | None = None,
        *,
        after_epoch: Callable[[int], object] | None = None,
        progress: Callable[[MiniBatches], MiniBatches] | None = None,
    ) -> None:
        """Train by stochastic gradient descent, and print a line after each epoch.

        training_data     pairs (x, y)
        epochs            how many times to go through all of them, 0 or more
        mini_batch_size   how many examples a step is made from, 1 or more (the last batch may be short)
        eta               η, the learning rate
        test_data         pairs (x, digit); with them the line says how many the network gets right
        after_epoch       is called with the number of the epoch (0, 1, ...) instead of printing that line
        progress          wraps each epoch's list of mini-batches and is iterated over, as `tqdm` is

        Outputs lie between 0 and 1, so the wanted ones should, too. Warns of others, of inputs far outside that
        range, and when weights become infinite or NaN. Raises ValueError or TypeError for bad input.
        """
        examples = checks.examples(training_data, self, "training_data")
        labelled = checks.labelled([] if test_data is None else test_data, self)
        epochs, mini_batch_size = checks.training(self, epochs, mini_batch_size, eta, after_epoch, progress)
        for epoch in range(epochs):
            (self.rng or random).shuffle(examples)
            starts = range(0, len(examples), mini_batch_size)
            mini_batches: MiniBatches = [examples[k:k + mini_batch_size] for k in starts]
            if progress:
                mini_batches = progress(mini_batches)
                checks.iterable(mini_batches, "progress")
            for mini_batch in mini_batches:
                self.update_mini_batch(mini_batch, eta)
            checks.warn_if_not_finite(self)
            if after_epoch:
                after_epoch(epoch)
            elif labelled:
                print(f"Epoch {epoch}: {self.evaluate(labelled)} / {len(labelled)}")
            else:
                print(f"Epoch {epoch} complete")

    def evaluate(self, test_data: Iterable[Labelled]) -> int:
        """The number of pairs (x, digit) whose largest output, the first on a tie, has the index `digit`."""
        outputs = [(self.feedforward(x), digit) for x, digit in checks.labelled(test_data, self)]
        return sum(output.index(max(output)) == digit for output, digit in outputs)

    def save(self, path: str | PathLike[str], notes: object = None) -> None:
        """Write the network to `path` as JSON, from which `load` restores it exactly.

        The file at `path` is replaced in one step. It also holds `notes`, anything that JSON can hold, for the
        program that saves it. It does not hold the class and its cost. Raises ValueError or TypeError for what
        cannot be saved, OSError where writing fails.
        """
        model_file.write(path, self.sizes, self.biases, self.weights, notes)


def load(path: str | PathLike[str]) -> Network:
    """The network that `Network.save`, or Nielsen's `network2.py`, wrote to `path`.

    Its cost is ½‖y − a‖², whatever cost it was trained with, and `SGD` shuffles with the module `random`.
    Raises ValueError where the file holds no complete model, OSError where it cannot be read.
    """
    sizes, biases, weights, _ = model_file.read(path)
    net = Network(sizes)
    net.biases, net.weights = biases, weights
    return net
