"""How does a network of neurons learn? By stepping down the gradient of its cost, found by backpropagation.

    from purenet import mnist_loader, network
    training_data, validation_data, test_data = mnist_loader.load_data_wrapper()
    net = network.Network([784, 30, 10])
    net.SGD(training_data, 30, 10, 3.0, test_data=test_data)
    net.save("model.json")

What differs from the NumPy version (Nielsen, "Neural Networks and Deep Learning", chapters 1 and 2):
- Vectors are flat lists, not columns of shape (n, 1); matrices are lists of rows.
- `SGD` shuffles a list of its own, not the caller's, with `rng`; it also takes `progress`.
- `update_mini_batch` takes the same step as there, but without calling `backprop`: see (8) and (9).
- Bad input raises before anything is changed; `cost`, `save` and `load` are added.

The formulas stand beside the lines that compute them: (1) and (2) forward, (3) to (6) back, in
`_activations_and_deltas` and `cost`; (7) and (8) the gradient, in `backprop`; (9) the step. They speak of one
layer, with its weights w, biases b, weighted input z, activation a and error δ = ∂C/∂z. a⁻ is the activation of
the layer before, which is this layer's input; w⁺ and δ⁺ belong to the layer after. ⊙ multiplies entry by entry.
∂C/∂w tells how much C changes when w alone changes a little; all of these together are the gradient, nabla.
"""

import json
import random
from math import exp

from . import checks
from .files import check_is_file, replacing
from .matrix import add, dot, hadamard, matvec, outer, scale, subtract, subtract_outer, transpose


class Network:
    """Layers of sigmoid neurons, each connected to every neuron of the next layer.

    num_layers  the number of layers, the input counted
    sizes       the number of neurons in each
    biases      biases[l][j] of neuron j in layer l + 1 (the input layer has none)
    weights     weights[l][j][k] from neuron k of layer l to neuron j of layer l + 1

    A program may read, change and replace `biases` and `weights`. A step of training puts new lists in
    their place and leaves the old ones as they were.
    """

    # What draws and shuffles, unless a network is given its own. It stands here and not in each network
    # because a module cannot be copied, and copy.deepcopy(net) should work.
    rng = random

    def __init__(self, sizes, rng=random):
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

    def feedforward(self, a):
        """The network's output (sizes[-1],), each entry between 0 and 1, for the input `a` (sizes[0],)."""
        checks.vector(a, self.sizes[0], "a")
        for b, w in self._layers():
            a = sigmoid(add(matvec(w, a), b))
        return a

    def SGD(self, training_data, epochs, mini_batch_size, eta, test_data=None, *, progress=None):
        """Train by stochastic gradient descent and print a line for each epoch.

        training_data     pairs (x, y) of an input (sizes[0],) and the wanted output (sizes[-1],)
        epochs            how many times to go through all of them, 0 or more
        mini_batch_size   how many examples to take a step by, 1 or more (the last batch may be short)
        eta               η, the learning rate
        test_data         pairs (x, digit); with them the line tells how many the network gets right
        progress          wraps each epoch's list of mini-batches and is iterated over, as `tqdm` is

        Raises ValueError or TypeError for bad input, before the first step.
        """
        training_data = checks.pairs(training_data, self.sizes, "training_data", checks.vector)
        if test_data is not None:
            test_data = checks.pairs(test_data, self.sizes, "test_data", checks.digit)
        checks.integer(epochs, 0, "epochs")
        checks.integer(mini_batch_size, 1, "mini_batch_size")
        checks.eta(eta)
        if not training_data:
            raise ValueError("training_data is empty; there is nothing to learn from")
        if progress is not None and not callable(progress):
            raise TypeError(f"progress is {progress!r}; it must be a function, such as tqdm")
        for epoch in range(epochs):
            self.rng.shuffle(training_data)
            mini_batches = [
                training_data[k:k + mini_batch_size] for k in range(0, len(training_data), mini_batch_size)
            ]
            for mini_batch in progress(mini_batches) if progress else mini_batches:
                self.update_mini_batch(mini_batch, eta)
            if test_data:
                print(f"Epoch {epoch}: {self.evaluate(test_data)} / {len(test_data)}")
            else:
                print(f"Epoch {epoch} complete")

    def update_mini_batch(self, mini_batch, eta):
        """Change biases and weights by −η times the mean gradient of the pairs (x, y) in `mini_batch`.

        Every example sees the weights as they were. By (8) the gradient of w is made of δ and a⁻ alone,
        so `subtract_outer` can subtract it without building it.

        Raises ValueError or TypeError for bad input and then leaves the network as it was.
        """
        mini_batch = checks.pairs(mini_batch, self.sizes, "mini_batch", checks.vector)
        checks.eta(eta)
        if not mini_batch:
            raise ValueError("mini_batch is empty; there is no gradient to step down")
        step = float(eta) / len(mini_batch)
        passes = [self._activations_and_deltas(x, y) for x, y in mini_batch]
        # New lists, so that those which a program has kept stay as they were.
        self.biases = list(self.biases)
        self.weights = [[list(row) for row in w] for w in self.weights]
        for activations, deltas in passes:
            for l, delta in enumerate(deltas):
                # (9) b ← b − η/m Σ ∂C/∂b and w ← w − η/m Σ ∂C/∂w over the m examples, one at a time.
                # deltas[l] is the error of the layer whose input is activations[l].
                change = scale(step, delta)
                self.biases[l] = subtract(self.biases[l], change)
                subtract_outer(self.weights[l], change, activations[l])

    def backprop(self, x, y):
        """(nabla_b, nabla_w), the gradient of the cost of one example, shaped like `biases` and `weights`.

        `x` is an input (sizes[0],), `y` the wanted output (sizes[-1],). Changes nothing.
        """
        checks.vector(x, self.sizes[0], "x")
        checks.vector(y, self.sizes[-1], "y")
        activations, deltas = self._activations_and_deltas(x, y)
        nabla_b = deltas                                                        # (7) ∂C/∂b = δ
        nabla_w = [outer(delta, a) for delta, a in zip(deltas, activations)]    # (8) ∂C/∂w = δ a⁻ᵀ
        return nabla_b, nabla_w

    def _activations_and_deltas(self, x, y):
        """One pass forward and one back: the activations of every layer, and δ of every layer but the input.

        activations[l] has the shape (sizes[l],), deltas[l] the shape of biases[l].
        """
        activations, zs = [x], []
        for b, w in self._layers():
            zs.append(add(matvec(w, activations[-1]), b))       # (1) z = w a⁻ + b
            activations.append(sigmoid(zs[-1]))                 # (2) a = σ(z)
        nabla_a = self.cost_derivative(activations[-1], y)
        checks.vector(nabla_a, self.sizes[-1], "the result of cost_derivative")
        delta = hadamard(nabla_a, sigmoid_prime(zs[-1]))        # (5) δ = ∂C/∂a ⊙ σ′(z) in the last layer
        deltas = [delta]
        # From the last layer but one back to the first: its own z, and the weights of the layer after. The
        # last z is left out by zip; (5) has used it.
        for w, z in reversed(list(zip(self.weights[1:], zs))):
            delta = hadamard(matvec(transpose(w), delta), sigmoid_prime(z))     # (6) δ = w⁺ᵀ δ⁺ ⊙ σ′(z)
            deltas.insert(0, delta)
        return activations, deltas

    def _layers(self):
        """Pairs (b, w) from the first layer after the input to the last."""
        if not len(self.biases) == len(self.weights) == self.num_layers - 1:
            raise ValueError(
                f"there are {len(self.biases)} biases and {len(self.weights)} weights, where the "
                f"{self.num_layers} layers of this network take {self.num_layers - 1} of each"
            )
        return zip(self.biases, self.weights)

    def cost_derivative(self, output_activations, y):
        """∂C/∂a of the output activations, a vector like both arguments, (sizes[-1],).

        A subclass that overrides it (for another cost) changes `backprop` and training alike, and should
        override `cost` with it. `save` writes "QuadraticCost" all the same, and `load` gives a `Network`.
        """
        return subtract(output_activations, y)                  # (4) ∂C/∂a = a − y

    def cost(self, x, y):
        """C of one example, a number: x is an input (sizes[0],), y the wanted output (sizes[-1],)."""
        checks.vector(x, self.sizes[0], "x")
        checks.vector(y, self.sizes[-1], "y")
        error = subtract(y, self.feedforward(x))
        return 0.5 * dot(error, error)                          # (3) C = ½‖y − a‖²

    def evaluate(self, test_data):
        """How many pairs (x, digit) have their digit at the largest output (at the first, on a tie)."""
        test_data = checks.pairs(test_data, self.sizes, "test_data", checks.digit)
        outputs = [(self.feedforward(x), digit) for x, digit in test_data]
        return sum(output.index(max(output)) == digit for output, digit in outputs)

    def save(self, path, notes=None):
        """Write the network to `path` as JSON, so that `load` gives it back exact to the last bit.

        The form is that of the book's `network2.py`, biases as columns [[b], ...]. The file at `path` is
        replaced in one step: it is the old or the new one, whatever happens in between. `notes`, anything
        that JSON can hold, is kept in the file for the program that saves it; `load` passes over it.

        Raises ValueError where a weight, a bias or a note is a number but not finite, TypeError for what
        JSON cannot hold, OSError where writing fails.
        """
        model = {
            "sizes": self.sizes,
            "weights": self.weights,
            "biases": [[[b] for b in layer] for layer in self.biases],
            "cost": "QuadraticCost",
        }
        checks.model(model)
        text = json.dumps(model if notes is None else {**model, "notes": notes}, allow_nan=False)
        checks.text(text)
        with replacing(path) as file:
            file.write(text)


def load(path):
    """The network that `Network.save` or the book's `network2.py` wrote to `path`.

    A model of `network2.py` that was trained with the cross-entropy is taken too: the cost has no part in
    what a network answers. Trained further, it follows the quadratic cost, like every `Network`.

    Raises ValueError where the file holds no complete model, OSError where it cannot be read.
    """
    try:
        check_is_file(path)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        checks.text(text)
        model = json.loads(text)
        checks.model(model)
    except json.JSONDecodeError as error:
        # Without its own message, which on PyPy may contain half a character, and cannot be shown then.
        place = f"it is no JSON from line {error.lineno}, column {error.colno} on"
        raise ValueError(f"{path} is not a model that can be loaded: {place}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not a model that can be loaded: {error}") from None
    net = Network.__new__(Network)  # Without __init__, which would draw weights only to throw them away.
    net.num_layers = len(model["sizes"])
    net.sizes = model["sizes"]
    net.biases = [[float(b) for [b] in layer] for layer in model["biases"]]
    net.weights = [[[float(v) for v in row] for row in w] for w in model["weights"]]
    return net


def sigmoid(z):
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


def sigmoid_prime(z):
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
