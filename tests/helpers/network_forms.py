"""Networks in the forms that people keep theirs in: lists and arrays, flat vectors and columns."""

import copy

import tiny_arrays

from purenet.support.lists_or_arrays import Form, numbers, plain

FORMS = [Form(library, column) for library in (None, tiny_arrays) for column in (False, True)]


class InForm:
    """A right network that keeps its numbers in a form, takes vectors in it, and gives them in it."""

    def __init__(self, net, form):
        self.net, self.form, self.sizes, self.num_layers = net, form, net.sizes, net.num_layers
        self.biases = [form.vector(b) for b in net.biases]
        self.weights = [form.matrix(w) for w in net.weights]

    def plain(self):
        net = copy.copy(self.net)
        net.biases, net.weights = plain(self.biases, self.weights)
        return net

    def feedforward(self, a):
        return self.form.vector(self.plain().feedforward(numbers(a)))

    def backprop(self, x, y):
        nabla_b, nabla_w = self.plain().backprop(numbers(x), numbers(y))
        return [self.form.vector(b) for b in nabla_b], [self.form.matrix(w) for w in nabla_w]

    def in_form(self, *vectors):
        return [self.form.vector(v) for v in vectors]
