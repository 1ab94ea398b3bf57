"""Is the gradient right? Properties that hold for every network, with tolerances derived from the arithmetic.

    python3 -m pytest tests/test_gradients.py                              purenet's own network
    python3 -m pytest tests/test_gradients.py --network my_network.py      or my_network.py:MyNetwork

Where a property fails, Hypothesis looks for the smallest network for which it does, and the report shows it
as lines for a Python prompt. `tolerances.py` tells how far a right gradient may be off.
"""

import cmath
import contextlib
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import Case, cases, coded, lengths, shares, table, tame
from tolerances import U, central_difference, rounding

from purenet.checker.strangers import Stranger
from purenet.gradcheck import numerical_gradient
from purenet.matrix import add, dot, matvec, scale, subtract
from purenet.network import Network
from purenet.support.arrays import Form, numbers

EPSILON = 1e-5
# Below this a number may underflow, and has no digits left to compare.
TINY = 1e-290


def off(got, wanted, tolerance, factor=1):
    """The pairs of numbers of `got` and `wanted` that are farther apart than `factor` times the tolerance."""
    rows = list(zip(numbers(got), numbers(wanted), numbers(tolerance)))
    assert len(rows) == len(numbers(got)) == len(numbers(wanted))
    return [(g, w) for g, w, t in rows if not abs(g - w) <= factor * t + TINY]


def everywhere(case, number):
    """The number for each of the case's parameters."""
    return [number for _ in numbers([case.biases, case.weights])]


def backprop_error(case, network_class):
    """Bounds on the rounding of the class's backprop."""
    return rounding(case, naive=network_class is not Network)[1]


def complex_step(case, h=1e-20):
    """(nabla_b, nabla_w) as Im C(p + ih) / h, by a network of its own in complex numbers.

    C(p + ih) = C(p) + ih C′(p) − h²/2 C″(p) − …: the imaginary part is h C′ up to h³. No difference of almost
    equal numbers is taken, so h can be as small as one likes (Squire and Trapp, SIAM Review 40, 1998).
    """

    def cost(l, j, k):
        """C with the weight k of neuron j in layer l moved by ih, or its bias where k is None."""
        a = case.x
        for m, (b, w) in enumerate(zip(case.biases, case.weights)):
            z = add(matvec(w, a), b)
            if m == l:
                z[j] += 1j * h * (1.0 if k is None else a[k])
            e = [cmath.exp(v if v.real < 0 else -v) for v in map(complex, z)]
            a = [(p if v.real < 0 else 1) / (1 + p) for v, p in zip(map(complex, z), e)]
        error = subtract(a, case.y)
        return 0.5 * dot(error, error)

    nabla_b = [[cost(l, j, None).imag / h for j in range(len(b))] for l, b in enumerate(case.biases)]
    nabla_w = [
        [[cost(l, j, k).imag / h for k in range(len(row))] for j, row in enumerate(w)]
        for l, w in enumerate(case.weights)
    ]
    return nabla_b, nabla_w


# backprop beside what is not backpropagation.


@pytest.mark.needs("backprop", "feedforward")
@given(cases())
def test_backprop_agrees_with_central_differences(network_class, case):
    net = case.of(network_class, "backprop", case.x, case.y)
    estimates = numerical_gradient(net.net, net.form.vector(case.x), net.form.vector(case.y), EPSILON)
    tolerance = add(numbers(central_difference(case, EPSILON)), numbers(backprop_error(case, network_class)))
    assert not off(net.backprop(case.x, case.y), estimates, tolerance)


@given(cases(tame, table(-1, 1), shares))
def test_the_tolerance_of_central_differences_is_sharp(case):
    # In networks as they are before training, no wrong digit among the first six goes unnoticed.
    assert max(numbers(central_difference(case, EPSILON))) < 1e-6


@pytest.mark.needs("backprop")
@given(cases())
def test_backprop_agrees_with_the_complex_step(network_class, case):
    net = case.of(network_class, "backprop", case.x, case.y)
    # Both are rounded; a complex product takes three operations for one.
    tolerance = backprop_error(case, network_class)
    assert not off(net.backprop(case.x, case.y), complex_step(case), tolerance, 4)


@pytest.mark.needs("backprop")
@given(cases(tame, tame, shares))
def test_in_tame_networks_it_agrees_to_twelve_digits(network_class, case):
    net = case.of(network_class, "backprop", case.x, case.y)
    assert not off(net.backprop(case.x, case.y), complex_step(case), everywhere(case, 1e-12))


# What follows from the formulas.


@pytest.mark.needs("backprop", "feedforward")
@given(cases())
def test_the_gradient_is_the_sum_over_the_output_neurons(network_class, case):
    net = case.of(network_class, "backprop", case.x, case.y)
    output = net.feedforward(case.x)
    whole, tolerance = numbers(net.backprop(case.x, case.y)), numbers(backprop_error(case, network_class))
    total = [0.0] * len(whole)
    for j, y_j in enumerate(case.y):
        # Every output but one is as wanted, so that one alone has a part in the cost.
        one = case._replace(y=output[:j] + [y_j] + output[j + 1 :])
        total = add(total, numbers(net.backprop(one.x, one.y)))
        tolerance = add(tolerance, numbers(backprop_error(one, network_class)))
    assert not off(total, whole, tolerance, 2)


@pytest.mark.needs("backprop", "feedforward")
@given(cases(), st.floats(-5, 5))
def test_the_gradient_is_linear_in_the_error(network_class, case, c):
    net = case.of(network_class, "backprop", case.x, case.y)
    output = net.feedforward(case.x)
    other = case._replace(y=subtract(output, scale(c, subtract(output, case.y))))
    once, times = net.backprop(case.x, case.y), net.backprop(case.x, other.y)
    tolerance = add(
        scale(abs(c), numbers(backprop_error(case, network_class))),
        numbers(backprop_error(other, network_class)),
    )
    assert not off(times, scale(c, numbers(once)), tolerance, 4)


@pytest.mark.needs("backprop", "feedforward")
@given(cases())
def test_the_gradient_is_zero_where_the_output_is_as_wanted(network_class, case):
    net = case.of(network_class)
    case = case._replace(y=net.feedforward(case.x))
    net = case.of(network_class, "backprop", case.x, case.y)
    assert not off(
        net.backprop(case.x, case.y),
        everywhere(case, 0.0),
        backprop_error(case, network_class),
    )


@pytest.mark.needs("backprop")
@given(cases(least=2), st.data())
def test_permuting_hidden_neurons_permutes_the_gradient(network_class, case, data):
    l = data.draw(st.integers(0, len(case.biases) - 2))
    order = data.draw(st.permutations(range(len(case.biases[l]))))

    def permuted(biases, weights):
        biases, weights = list(biases), list(weights)
        biases[l] = [biases[l][j] for j in order]
        weights[l] = [weights[l][j] for j in order]
        weights[l + 1] = [[row[j] for j in order] for row in weights[l + 1]]
        return biases, weights

    biases, weights = permuted(case.biases, case.weights)
    nabla = permuted(*case.of(network_class).backprop(case.x, case.y))
    other = case._replace(biases=biases, weights=weights)
    net = other.of(network_class, "backprop", case.x, case.y)
    assert not off(net.backprop(case.x, case.y), nabla, backprop_error(other, network_class), 2)


@pytest.mark.needs("backprop")
@given(cases(), st.data())
def test_an_input_of_zero_gives_its_weights_no_gradient(network_class, case, data):
    k = data.draw(st.integers(0, len(case.x) - 1))
    x = case.x[:k] + [0.0] + case.x[k + 1 :]
    net = case.of(network_class, "backprop", x, case.y)
    assert all(row[k] == 0 for row in net.backprop(x, case.y)[1][0])


@pytest.mark.needs("backprop", "cost_derivative")
@given(cases(tame, tame, shares))
def test_with_the_cross_entropy_backprop_agrees_with_its_central_differences(network_class, case):
    form = Form.of(network_class([1, 1]))

    def cost_derivative(self, output_activations, y):
        pairs = zip(numbers(output_activations), numbers(y))
        return form.vector([(a - t) / (a * (1 - a)) for a, t in pairs])

    def cross_entropy(output, y):
        return -sum(t * math.log(a) + (1 - t) * math.log(1 - a) for a, t in zip(numbers(output), numbers(y)))

    subclass = type(network_class.__name__, (network_class,), {"cost_derivative": cost_derivative})
    subclass.__module__ = network_class.__module__
    net = case.of(subclass, "backprop", case.x, case.y)
    x, y = net.form.vector(case.x), net.form.vector(case.y)
    estimates = numerical_gradient(net.net, x, y, EPSILON, cross_entropy)
    # With δ = a − y where the quadratic cost has (a − y) a (1 − a), everything is larger by 1 / (a (1 − a))
    # at most: errors of the output, in the logarithms too, and derivatives. The cost itself is at most 100.
    output = net.feedforward(case.x)
    steep = max(1 / (a * (1 - a)) for a in output)
    bounds = add(numbers(central_difference(case, EPSILON)), numbers(backprop_error(case, network_class)))
    tolerance = [steep * bound + 100 * U * steep / EPSILON for bound in bounds]
    assert not off(net.backprop(case.x, case.y), estimates, tolerance, 4)


# The step.


@pytest.mark.needs("backprop", "update_mini_batch")
@given(cases(), st.data(), st.floats(-10, 10))
def test_a_step_is_eta_times_the_mean_gradient_in_whatever_order(network_class, case, data, eta):
    n, m = len(case.x), len(case.y)
    examples = [
        (case.x, case.y),
        *data.draw(st.lists(st.tuples(coded(tame, n), coded(tame, m)), max_size=4)),
    ]
    net = case.of(network_class)
    gradients = [numbers(net.backprop(x, y)) for x, y in examples]
    before = numbers([case.biases, case.weights])
    for batch in (examples, data.draw(st.permutations(examples))):
        net = case.of(network_class)
        net.update_mini_batch(batch, eta)
        wanted, tolerance = list(before), [0.0] * len(before)
        for gradient, (x, y) in zip(gradients, examples):
            step = scale(eta / len(examples), gradient)
            wanted = subtract(wanted, step)
            error = numbers(backprop_error(case._replace(x=x, y=y), network_class))
            # Besides the gradient itself, the mean, the product and each subtraction are rounded.
            tolerance = [
                t + abs(eta) * e + 12 * U * (abs(s) + abs(p))
                for t, e, s, p in zip(tolerance, error, step, before)
            ]
        assert not off([net.biases, net.weights], wanted, tolerance, 2)


@pytest.mark.needs("backprop", "update_mini_batch", "feedforward")
@given(cases(tame, table(-1, 1), shares))
def test_a_small_enough_step_lowers_the_cost(network_class, case):
    net = case.of(network_class)
    slope = sum(g * g for g in numbers(net.backprop(case.x, case.y)))

    def cost():
        error = subtract(net.feedforward(case.x), case.y)
        return 0.5 * dot(error, error)

    before, after = cost(), []
    for k in range(12):
        net = case.of(network_class)
        net.update_mini_batch([(case.x, case.y)], 4.0**-k)
        after.append(cost())
    # A step of η changes C by −η ‖∇C‖² and what the curvature adds, which fades with η². Where the gradient
    # is almost zero, so is that, and rounding hides it.
    assert min(after) < before or slope < 1e-8


# The other methods, as the API describes them.


@pytest.mark.needs("feedforward")
@given(cases())
def test_feedforward_is_sigmoid_of_w_a_plus_b_layer_by_layer(network_class, case):
    net = case.of(network_class, "feedforward", case.x)
    a = case.x
    for b, w in zip(case.biases, case.weights):
        z = [sum(w[j][k] * a[k] for k in range(len(a))) + b[j] for j in range(len(b))]
        a = [1 / (1 + math.exp(-z_j)) for z_j in z]
    assert not off(net.feedforward(case.x), a, rounding(case)[0], 2)


@pytest.mark.needs("feedforward", "evaluate")
@given(cases(), st.data())
def test_evaluate_counts_the_digits_at_the_largest_output(network_class, case, data):
    inputs = data.draw(st.lists(coded(tame, len(case.x)), min_size=1, max_size=5))
    net = case.of(network_class)
    test_data, correct = [], 0
    for x in inputs:
        output, digit = net.feedforward(x), data.draw(st.integers(0, len(case.y) - 1))
        # Which of two equal outputs counts as the largest is a matter of taste.
        if output.count(max(output)) == 1:
            test_data.append((x, digit))
            correct += output[digit] == max(output)
    assert not test_data or net.evaluate(test_data) == correct


@pytest.mark.needs("cost_derivative")
@given(lengths, st.data())
def test_cost_derivative_is_the_slope_of_the_quadratic_cost(network_class, n, data):
    a, y = data.draw(coded(shares, n)), data.draw(coded(tame, n))
    net = Stranger(network_class, [[0.0] * n], [[[0.0]] * n])
    h = 2.0**-10
    for k, slope in enumerate(net.cost_derivative(a, y)):
        above, below = (0.5 * (y[k] - (a[k] + step)) ** 2 for step in (h, -h))
        # The cost is quadratic, so its central difference has no error but rounding.
        assert abs(slope - (above - below) / (2 * h)) <= 50 * U / h


@pytest.mark.needs("sigmoid")
@given(st.floats(-30, 30))
def test_sigmoid_is_what_its_formula_says(network_class, z):
    sigmoid = Case([[0.0]], [[[0.0]]], [0.0], [0.0]).of(network_class).function("sigmoid")
    assert math.isclose(sigmoid([z])[0], 1 / (1 + math.exp(-z)), rel_tol=8 * U)


@pytest.mark.needs("sigmoid", "sigmoid_prime")
@given(st.floats(-30, 30))
def test_sigmoid_prime_is_the_slope_of_sigmoid(network_class, z):
    net = Case([[0.0]], [[[0.0]]], [0.0], [0.0]).of(network_class)
    sigmoid, sigmoid_prime = net.function("sigmoid"), net.function("sigmoid_prime")
    above, below = sigmoid([z + EPSILON, z - EPSILON])
    # |σ‴| ≤ 1/8; each σ is off by at most 8 u of its value, and z ± ε by 2⁻⁴⁹, times a slope of ¼.
    tolerance = EPSILON**2 / 48 + (8 * U + 2.0**-51) / EPSILON
    assert abs(sigmoid_prime([z])[0] - (above - below) / (2 * EPSILON)) <= tolerance


@pytest.mark.needs("SGD", "update_mini_batch")
@given(cases(tame, tame), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.floats(-2, 2))
def test_sgd_takes_a_step_for_every_mini_batch_of_every_epoch(network_class, case, count, size, epochs, eta):
    trained, stepped = case.of(network_class), case.of(network_class)
    with contextlib.redirect_stdout(io.StringIO()):
        # All examples are alike, so that shuffling makes no difference; the last mini-batch may be short.
        trained.SGD([(case.x, case.y)] * count, epochs, size, eta)
    for _ in range(epochs):
        for start in range(0, count, size):
            stepped.update_mini_batch([(case.x, case.y)] * min(size, count - start), eta)
    # SGD may have a sum of its own; a few steps of numbers below 100 carry its rounding no further than this.
    assert not off(
        [trained.biases, trained.weights], [stepped.biases, stepped.weights], everywhere(case, 1e-9)
    )


@pytest.mark.needs("SGD", "update_mini_batch")
@given(cases(tame, tame), st.data(), st.floats(-2, 2))
def test_sgd_uses_every_example_of_an_epoch_once(network_class, case, data, eta):
    examples = st.tuples(coded(tame, len(case.x)), coded(tame, len(case.y)))
    training_data = data.draw(st.lists(examples, min_size=1, max_size=4))
    trained, stepped = case.of(network_class), case.of(network_class)
    with contextlib.redirect_stdout(io.StringIO()):
        trained.SGD(training_data, 1, len(training_data), eta)
    stepped.update_mini_batch(training_data, eta)
    # One mini-batch of all: only the order of the sum may differ. Gradients and parameters are below 100.
    assert not off(
        [trained.biases, trained.weights],
        [stepped.biases, stepped.weights],
        everywhere(case, 1e-12),
    )
