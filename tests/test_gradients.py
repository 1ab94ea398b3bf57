"""The properties of a right gradient, tried on networks as they are before training.

    python3 -m pytest tests/test_gradients.py                              purenet's own network
    python3 -m pytest tests/test_gradients.py --network my_network.py      or my_network.py:MyNetwork

Where a property fails, Hypothesis looks for the smallest network for which it does, and the report shows the
lines that make it at a Python prompt. The numbers are below 2 here; networks whose neurons are saturated are in
test_gradients_saturated.py.
"""

import cmath
import contextlib
import functools
import io
import math
from unittest import mock

import pytest
import under_test
from examples import SMALLEST, batches, examples, vectors
from hypothesis import given
from hypothesis import strategies as st

from purenet.matrix import add, dot, matvec, scale, subtract
from purenet.support.lists_or_arrays import Form, numbers, places

# The digits of a float beyond the twelfth after the point may be rounding: gradients, activations and errors
# are below 100 here, and a hundred operations of 2⁻⁵³ each on them stay below this.
ROUNDING = 1e-12


def farthest(got, wanted):
    """How far the two numbers are apart that are farthest apart."""
    got, wanted = numbers(got), numbers(wanted)
    assert len(got) == len(wanted)
    return max(abs(g - w) for g, w in zip(got, wanted))


# The gradient, measured.


@pytest.mark.needs("backprop", "feedforward")
@given(examples())
def test_backprop_agrees_with_finite_differences(example):
    net, x, y = example.net, example.x, example.y
    # A difference is off by ε²/6 · C‴ + u C / ε, with ε = 10⁻⁵. C and C‴ are below 1,000.
    assert farthest(net.backprop(x, y), finite_differences(net, x, y)) < 1e-7


@pytest.mark.needs("backprop")
@given(examples())
def test_backprop_agrees_with_the_complex_step_to_twelve_digits(example):
    net, x, y = example.net, example.x, example.y
    assert farthest(net.backprop(x, y), complex_step(net, x, y)) < ROUNDING


@functools.lru_cache
def with_cross_entropy(network_class):
    form = Form.of(network_class([1, 1]).biases[0])

    class CrossEntropy(network_class):
        __module__ = network_class.__module__

        def cost_derivative(self, output_activations, y):
            a_and_y = zip(numbers(output_activations), numbers(y))
            return form.vector([(a - t) / (a * (1 - a)) for a, t in a_and_y])

    return CrossEntropy


@pytest.mark.needs("backprop", "cost_derivative")
@given(examples(least=3))
def test_backprop_follows_another_cost(example):
    def cross_entropy(output, y):
        return -sum(t * math.log(a) + (1 - t) * math.log(1 - a) for a, t in zip(numbers(output), numbers(y)))

    with mock.patch.object(under_test, "network_class", with_cross_entropy(under_test.network_class)):
        net, x, y = example.net, example.x, example.y
    # Behind a hidden layer z is below 10, and 1 − a and a are above 4 · 10⁻⁵. So each logarithm is off by at
    # most u / (4 · 10⁻⁵), and the sum of eight, each times 2 or 3, divided by ε, by less than 10⁻⁵.
    assert farthest(net.backprop(x, y), finite_differences(net, x, y, cross_entropy)) < 1e-5


def finite_differences(net, x, y, cost=None):
    """(C(p + ε) − C(p − ε)) / 2ε for every parameter p, with the feedforward of the network under test."""
    half_squared = lambda output, y: 0.5 * math.dist(numbers(output), numbers(y)) ** 2  # noqa: E731
    return net.numerical_gradient(x, y, cost or half_squared)


def complex_step(net, x, y, h=1e-20):
    """Im C(p + ih) / h for every parameter p, with a pass forward of its own, in complex numbers.

    C(p + ih) = C(p) + ih C′(p) − …, so nothing is subtracted, and h may be as small as one likes
    (Squire and Trapp, SIAM Review 40, 1998).
    """
    biases, weights, slopes = net.biases, net.weights, []
    for _, row, k in places((biases, weights)):
        p = row[k]
        row[k] = complex(p, h)
        a = x
        for b, w in zip(biases, weights):
            a = [1 / (1 + cmath.exp(-z)) for z in add(matvec(w, a), b)]
        slopes.append(0.5 * dot(subtract(a, y), subtract(a, y)).imag / h)
        row[k] = p
    return slopes


# The gradient, by what follows from its formulas.


@pytest.mark.needs("backprop", "feedforward")
@given(examples(), st.integers(-20, 20))
def test_the_gradient_is_linear_in_the_distance_from_y(example, c):
    net, x, y = example.net, example.x, example.y
    a = net.feedforward(x)
    c_times_as_far = subtract(a, scale(c, subtract(a, y)))
    gradient = numbers(net.backprop(x, y))
    assert farthest(net.backprop(x, c_times_as_far), scale(c, gradient)) < 100 * ROUNDING
    assert farthest(net.backprop(x, a), scale(0, gradient)) < ROUNDING


@pytest.mark.needs("backprop", "feedforward")
@given(examples())
def test_the_gradient_is_the_sum_over_the_outputs(example):
    net, x, y = example.net, example.x, example.y
    a = net.feedforward(x)
    total = scale(0, numbers(net.backprop(x, y)))
    for j in range(len(y)):
        # Every output but one is as wanted, so that one alone takes part in the cost.
        total = add(total, numbers(net.backprop(x, a[:j] + [y[j]] + a[j + 1 :])))
    assert farthest(net.backprop(x, y), total) < ROUNDING


@pytest.mark.needs("backprop")
@given(examples(least=3), st.data())
def test_exchanging_hidden_neurons_exchanges_their_gradients(example, data):
    layer = data.draw(st.integers(0, len(example.biases) - 2))
    order = data.draw(st.permutations(range(len(example.biases[layer]))))

    def exchanged(biases, weights):
        biases, weights = list(biases), list(weights)
        biases[layer] = [biases[layer][j] for j in order]
        weights[layer] = [weights[layer][j] for j in order]
        weights[layer + 1] = [[row[j] for j in order] for row in weights[layer + 1]]
        return biases, weights

    biases, weights = exchanged(example.biases, example.weights)
    other = example._replace(biases=biases, weights=weights)
    gradient = example.net.backprop(example.x, example.y)
    assert farthest(other.net.backprop(example.x, example.y), exchanged(*gradient)) < ROUNDING


@pytest.mark.needs("backprop")
@given(examples(), st.data())
def test_an_input_of_zero_gives_its_weights_no_gradient(example, data):
    k = data.draw(st.integers(0, len(example.x) - 1))
    x = example.x[:k] + [0.0] + example.x[k + 1 :]
    _, nabla_w = example.net.backprop(x, example.y)
    assert [row[k] for row in nabla_w[0]] == [0] * len(nabla_w[0])


# The step.


@pytest.mark.needs("backprop", "update_mini_batch")
@given(batches(), st.integers(-20, 20), st.randoms())
def test_a_step_is_minus_eta_times_the_mean_gradient_in_whatever_order(batch, eta, rng):
    example, mini_batch = batch
    gradients = [numbers(example.net.backprop(x, y)) for x, y in mini_batch]
    mean = scale(1 / len(mini_batch), [sum(entries) for entries in zip(*gradients)])
    wanted = subtract(numbers([example.biases, example.weights]), scale(eta, mean))
    rng.shuffle(mini_batch)
    net = example.net
    net.update_mini_batch(mini_batch, float(eta))
    assert farthest([net.biases, net.weights], wanted) < 100 * ROUNDING


@pytest.mark.needs("update_mini_batch", "feedforward")
@given(examples())
def test_a_small_step_lowers_the_cost_by_eta_times_the_squared_length_of_the_gradient(example):
    net, eta = example.net, 1e-5
    gradient = complex_step(net, example.x, example.y)

    def cost():
        return 0.5 * math.dist(net.feedforward(example.x), example.y) ** 2

    before = cost()
    net.update_mini_batch([(example.x, example.y)], eta)
    # What the curvature adds is below η² times 1,000 ‖∇C‖², and C is rounded by u C.
    squared_length = dot(gradient, gradient)
    assert abs((before - cost()) / eta - squared_length) < 1e-2 * squared_length + 1e-8


@pytest.mark.needs("SGD", "update_mini_batch")
@pytest.mark.filterwarnings("ignore:training_data has the target")  # A gradient is right for any target.
@given(batches(), st.integers(1, 3), st.integers(1, 4), st.integers(-20, 20))
def test_sgd_takes_a_step_for_every_mini_batch_of_every_epoch(batch, epochs, size, eta):
    example, [pair, *others] = batch
    # All examples are the same, so that shuffling makes no difference. The last mini-batch may be short.
    data = [pair] * (1 + len(others))
    trained, stepped = example.net, example.net
    silently(trained.SGD, data, epochs, size, eta / 10)
    for _ in range(epochs):
        for k in range(0, len(data), size):
            stepped.update_mini_batch(data[k : k + size], eta / 10)
    # Twelve steps at most. Each may multiply a difference by 10, if SGD sums in another order than the step.
    assert farthest([trained.biases, trained.weights], [stepped.biases, stepped.weights]) < 1e-9


@pytest.mark.needs("SGD", "update_mini_batch")
@pytest.mark.filterwarnings("ignore:training_data has the target")  # A gradient is right for any target.
@given(batches(), st.integers(-20, 20))
def test_sgd_uses_every_example_of_an_epoch_once(batch, eta):
    example, training_data = batch
    trained, stepped = example.net, example.net
    silently(trained.SGD, training_data, 1, len(training_data), eta / 10)
    stepped.update_mini_batch(training_data, eta / 10)
    assert farthest([trained.biases, trained.weights], [stepped.biases, stepped.weights]) < ROUNDING


@pytest.mark.needs("SGD", "update_mini_batch")
@given(st.just(SMALLEST._replace(biases=[[0.5]], weights=[[[1.0]]])))
def test_sgd_takes_the_examples_in_another_order_in_each_epoch(example):
    # Of 20 examples there are more than 10¹⁸ orders, so two epochs do not have the first one by chance.
    training_data = [([k / 10], [0.0]) for k in range(20)]
    trained, stepped = example.net, example.net
    silently(trained.SGD, training_data, 2, 1, 1.0)
    for pair in 2 * training_data:
        stepped.update_mini_batch([pair], 1.0)
    assert farthest([trained.biases, trained.weights], [stepped.biases, stepped.weights]) > 1e-9


def silently(function, *arguments):
    with contextlib.redirect_stdout(io.StringIO()):
        function(*arguments)


# What a gradient rests on.


@pytest.mark.needs("feedforward")
@given(examples())
def test_feedforward_is_sigma_of_w_a_plus_b_layer_by_layer(example):
    a = example.x
    for b, w in zip(example.biases, example.weights):
        z = [sum(w[j][k] * a[k] for k in range(len(a))) + b[j] for j in range(len(b))]
        a = [1 / (1 + math.exp(-z_j)) for z_j in z]
    assert farthest(example.net.feedforward(example.x), a) < ROUNDING


@pytest.mark.needs("cost_derivative")
@given(examples(), st.data())
def test_cost_derivative_is_the_slope_of_half_the_squared_distance(example, data):
    a, y, h = data.draw(vectors(len(example.y))), example.y, 2.0**-10
    for k, slope in enumerate(example.net.cost_derivative(a, y)):
        # The central difference of a square has no error but rounding.
        assert abs(slope - (0.5 * (a[k] + h - y[k]) ** 2 - 0.5 * (a[k] - h - y[k]) ** 2) / (2 * h)) < 1e-10


@pytest.mark.needs("sigmoid")
@given(st.floats(-30, 30))
def test_sigmoid_is_what_its_formula_says(z):
    sigmoid = SMALLEST.net.function("sigmoid")
    # Two operations and an exp, of two roundings at most.
    assert math.isclose(sigmoid([z])[0], 1 / (1 + math.exp(-z)), rel_tol=8 * 2.0**-53)


@pytest.mark.needs("sigmoid", "sigmoid_prime")
@given(st.floats(-30, 30))
def test_sigmoid_prime_is_the_slope_of_sigmoid(z):
    sigmoid, sigmoid_prime = SMALLEST.net.function("sigmoid"), SMALLEST.net.function("sigmoid_prime")
    above, below = sigmoid([z + 1e-5, z - 1e-5])
    # Off by ε²/6 · σ‴, where |σ‴| ≤ 1/8; each σ by 8 u, and z ± ε by 2⁻⁴⁹, times a slope of ¼.
    assert abs(sigmoid_prime([z])[0] - (above - below) / 2e-5) < 1e-10 / 48 + (8 * 2.0**-53 + 2.0**-51) / 1e-5


@pytest.mark.needs("feedforward", "evaluate")
@given(examples(), st.data())
def test_evaluate_counts_the_digits_at_the_largest_output(example, data):
    net, test_data, right = example.net, [], 0
    for x in data.draw(st.lists(vectors(len(example.x)), min_size=1, max_size=5)):
        output, digit = net.feedforward(x), data.draw(st.integers(0, len(example.y) - 1))
        # Which of two equal outputs counts as the largest is a matter of taste.
        if output.count(max(output)) == 1:
            test_data.append((x, digit))
            right += output[digit] == max(output)
    assert not test_data or net.evaluate(test_data) == right
