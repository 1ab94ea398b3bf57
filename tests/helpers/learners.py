"""Networks as people write them, as the text of their files: right ones, in which a line can be replaced."""

# Flat lists, one loop for every index.
LISTS = """
import math
import random


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


class Network:
    def __init__(self, sizes):
        self.sizes = sizes
        self.num_layers = len(sizes)
        self.biases = [[random.gauss(0, 1) for j in range(n)] for n in sizes[1:]]
        self.weights = [[[random.gauss(0, 1) for k in range(m)] for j in range(n)]
                        for m, n in zip(sizes[:-1], sizes[1:])]

    def feedforward(self, a):
        for l in range(self.num_layers - 1):
            z = self.weighted(l, a)
            a = [sigmoid(v) for v in z]
        return a

    def weighted(self, l, a):
        z = []
        for j in range(self.sizes[l + 1]):
            z.append(self.biases[l][j] + sum(self.weights[l][j][k] * a[k] for k in range(self.sizes[l])))
        return z

    def cost_derivative(self, output_activations, y):
        return [a - t for a, t in zip(output_activations, y)]

    def backprop(self, x, y):
        activations, zs = [x], []
        for l in range(self.num_layers - 1):
            zs.append(self.weighted(l, activations[-1]))
            activations.append([sigmoid(v) for v in zs[-1]])
        nabla_b = [None] * (self.num_layers - 1)
        nabla_w = [None] * (self.num_layers - 1)
        back = self.cost_derivative(activations[-1], y)
        for l in range(self.num_layers - 2, -1, -1):
            delta = [d * sigmoid_prime(v) for d, v in zip(back, zs[l])]
            nabla_b[l] = delta
            nabla_w[l] = [[d * a for a in activations[l]] for d in delta]
            back = [sum(self.weights[l][j][k] * d for j, d in enumerate(delta)) for k in range(self.sizes[l])]
        return nabla_b, nabla_w

    def update_mini_batch(self, mini_batch, eta):
        gradients = [self.backprop(x, y) for x, y in mini_batch]
        step = eta / len(mini_batch)
        for nabla_b, nabla_w in gradients:
            for l in range(self.num_layers - 1):
                for j in range(self.sizes[l + 1]):
                    self.biases[l][j] -= step * nabla_b[l][j]
                    for k in range(self.sizes[l]):
                        self.weights[l][j][k] -= step * nabla_w[l][j][k]

    def evaluate(self, test_data):
        right = 0
        for x, digit in test_data:
            a = self.feedforward(x)
            right += a.index(max(a)) == digit
        return right

    def SGD(self, training_data, epochs, mini_batch_size, eta, test_data=None):
        training_data = list(training_data)
        for epoch in range(epochs):
            random.shuffle(training_data)
            for k in range(0, len(training_data), mini_batch_size):
                self.update_mini_batch(training_data[k:k + mini_batch_size], eta)
            if test_data:
                print(self.evaluate(test_data), "of", len(test_data))
            print("epoch", epoch)
"""

# Columns of a library's arrays, with the layers counted from the end.
ARRAYS = """
import random

import tiny_arrays as np


class QuadraticNet:
    def __init__(self, sizes):
        self.num_layers = len(sizes)
        self.biases = [np.array([[random.gauss(0, 1)] for _ in range(n)]) for n in sizes[1:]]
        self.weights = [np.array([[random.gauss(0, 1) for _ in range(m)] for _ in range(n)])
                        for m, n in zip(sizes, sizes[1:])]

    def feedforward(self, a):
        for b, w in zip(self.biases, self.weights):
            a = sigmoid((w @ a) + b)
        return a

    def cost_derivative(self, output_activations, y):
        return output_activations - y

    def backprop(self, x, y):
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        activations, zs = [x], []
        for b, w in zip(self.biases, self.weights):
            zs.append((w @ activations[-1]) + b)
            activations.append(sigmoid(zs[-1]))
        delta = self.cost_derivative(activations[-1], y) * sigmoid_prime(zs[-1])
        nabla_b[-1] = delta
        nabla_w[-1] = delta @ activations[-2].T
        for l in range(2, self.num_layers):
            delta = (self.weights[-l + 1].T @ delta) * sigmoid_prime(zs[-l])
            nabla_b[-l] = delta
            nabla_w[-l] = delta @ activations[-l - 1].T
        return (nabla_b, nabla_w)

    def update_mini_batch(self, mini_batch, eta):
        nablas = [self.backprop(x, y) for x, y in mini_batch]
        for nabla_b, nabla_w in nablas:
            self.biases = [b - n * (eta / len(mini_batch)) for b, n in zip(self.biases, nabla_b)]
            self.weights = [w - n * (eta / len(mini_batch)) for w, n in zip(self.weights, nabla_w)]

    def evaluate(self, test_data):
        outputs = [(self.feedforward(x).flat(), y) for (x, y) in test_data]
        return sum(int(a.index(max(a)) == y) for a, y in outputs)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))
"""


def changed(text, *replacements):
    """The text with each (old, new) line replaced."""
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} must be there once"
        text = text.replace(old, new)
    return text


def write(path, text, *replacements):
    """Put the text into a file, with each (old, new) line replaced. The name to load it by, as a string."""
    path.write_text(changed(text, *replacements), encoding="utf-8")
    return str(path)
