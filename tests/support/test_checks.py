"""A bad argument is named with its place and what is wanted instead. (More in test_network.py, by the API.)"""

import math
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import networks
from tiny_arrays import array

from purenet.network import Network
from purenet.support import checks

HUGE = 10**400


def test_a_network_that_would_fill_the_memory_is_refused():
    checks.sizes([4999, 1000])
    for sizes in [4999, 1000, 1], [10**9, 1], [HUGE, 1], [2, 10**12], [3] * 10**6:
        with pytest.raises(ValueError, match=r"^a network of \[.* weights and biases; it may have 5,000,000$"):
            checks.sizes(sizes)


numbers = st.sampled_from([0, 1, 0.5, -2.5, HUGE, -HUGE, math.inf, -math.inf, math.nan, 1.7e308, 10**308])


@given(st.lists(numbers, min_size=1, max_size=4))
@example([0, HUGE, -HUGE, 0.5])
def test_a_vector_is_refused_exactly_if_a_number_is_not_a_finite_float(v):
    wrong = next((k for k, number in enumerate(v) if not checks.is_finite(number)), None)
    if wrong is None:
        checks.vector(v, len(v), "v")
    else:
        with pytest.raises(ValueError, match=rf"^v\[{wrong}\] is .*; it must be a finite float or int"):
            checks.vector(v, len(v), "v")


@pytest.mark.parametrize(
    "v, n, reason",
    [
        ([[0.0] * 28] * 28, 784, r"x has 28 entries; it must be .*: pass \[p for row in image for p in row\]"),
        ([[0.0] * 784] * 9, 784, "x has 9 entries; .* load_data_wrapper gives MNIST in such pairs"),
        (7, 10, "x is 7; .*, such as mnist_loader.vectorized_result makes of a digit or class$"),
        (0, 1, "x is 0; it must be a flat list of 1 finite numbers$"),
    ],
)
def test_what_people_take_for_a_vector_is_met_with_what_to_do(v, n, reason):
    with pytest.raises((ValueError, TypeError), match=f"^{reason}"):
        checks.vector(v, n, "x")


def test_a_digit_for_a_network_with_one_output_has_nothing_to_say():
    checks.labelled([([0.5], 0)], Network([1, 1]))
    for y in 1, [1.0], 0.5:
        with pytest.raises((ValueError, TypeError), match=r"^test_data\[0\]: y is .*; with one output "):
            checks.labelled([([0.5], y)], Network([1, 1]))


def test_two_lists_in_the_place_of_pairs_are_told_apart():
    """As `load_data` gives them."""
    with pytest.raises(ValueError, match=r"^data\[0\] is .*; it must be a pair \(x, y\), as load_data_wrapper"):
        checks.examples(([[0.0] * 4] * 3, [1, 2, 3]), Network([4, 10]), "data")


def test_an_error_of_the_code_that_makes_the_examples_comes_through():
    def generated():
        yield [0.5], [0.5]
        raise TypeError("mine")

    with pytest.raises(TypeError, match="^mine$"):
        checks.examples(generated(), Network([1, 1]), "data")


# Training data that no network learns.


@pytest.mark.parametrize(
    "x, y, words",
    [
        ([0.5, 10.0], [0.0], None),
        ([-10, 1], [1], None),
        ([0.5, 0.5], [1.5], "^training_data has the target 1.5, .*Scale the targets, for example as [^.]*.$"),
        ([0.5, 0.5], [-0.1], "^training_data has the target -0.1, "),
        ([0.5, 255.0], [0.5], "^training_data has the input 255.0. .*Scale the inputs, for example as pixel"),
        ([-10.5, 0], [0.5], "^training_data has the input -10.5. "),
        ([99, 0.5], [7], "^training_data has the target 7, .* training_data has the input 99. "),
    ],
)
def test_data_out_of_scale_is_warned_of_once_in_the_line_that_trains(x, y, words):
    def train():
        Network([2, 1]).SGD([([0.5, 0.5], [0.5]), (x, y), (x, y)], 2, 1, 1.0, after_epoch=id)

    if words is None:
        train()  # A warning would be an error.
    else:
        with pytest.warns(UserWarning, match=words) as caught:
            train()
        assert [warning.filename for warning in caught] == [__file__]


# Biases and weights that a program has replaced.


def test_biases_and_weights_are_what_the_sizes_ask_for():
    b, w = [[0.5] * 3, [0.5]], [[[0.1, 0.2]] * 3, [[0.1, 0.2, 0.3]]]
    wrong = [
        (None, w, "biases is None; it must be a list of what each layer but the input has"),
        (b, array(w[0]), "weights is .*; it must be a list of what"),
        (b[:1], w, "there are 1 biases and 2 weights, where the 3 layers of this network take 2 of each"),
        ([[0.5] * 2, [0.5]], w, r"biases\[0\] has 2 entries; it must be a flat list of 3 finite"),
        ([[[0.5]] * 3, [0.5]], w, r"biases\[0\] is a column"),
        ([array([0.5] * 3), [0.5]], w, r"biases\[0\] is .*: pass its .ravel\(\).tolist\(\)"),
        ([[0.5, None, 0.5], [0.5]], w, r"biases\[0\]\[1\] is None"),
        ([[0.5, HUGE, -HUGE], [0.5]], w, r"biases\[0\]\[1\] is 1000"),
        (b, [array(w[0]), w[1]], r"weights\[0\] is .*; it must be a list of 3 rows of 2 numbers"),
        (b, [[array(row) for row in w[0]], w[1]], r"weights\[0\] is .*; it must be a list of 3 rows of 2"),
        (b, [w[0], [0.1, 0.2, 0.3]], r"weights\[1\] is .*; it must be a list of 1 rows of 3 numbers"),
        (b, [w[0][:2], w[1]], r"weights\[0\] and biases\[0\]: the shapes \(2, 2\) and \(3,\) do not fit"),
        (b, [w[0], [[0.1]]], r"weights\[1\] and its inputs: the shapes \(1, 1\) and \(3,\) do not fit"),
        (b, [[[0.1, 0.2], [0.1], [0.1, 0.2]], w[1]], r"weights\[0\] and .* \(3, 1 or 2\) and \(2,\) do not"),
    ]
    net = SimpleNamespace(sizes=[2, 3, 1], biases=b, weights=w)
    checks.layers(net)
    for net.biases, net.weights, reason in wrong:
        with pytest.raises((ValueError, TypeError), match=f"^{reason}"):
            checks.layers(net)
    net.sizes = []
    with pytest.raises(ValueError, match=r"^sizes is \[\]; it must be"):
        checks.layers(net)


@given(st.sampled_from([HUGE, math.nan, math.inf, None, "0.5"]), networks(), st.data())
def test_a_parameter_that_is_no_finite_number_is_named(wrong, net, data):
    i = data.draw(st.integers(0, len(net.weights) - 1))
    j = data.draw(st.integers(0, len(net.weights[i]) - 1))
    k = data.draw(st.integers(0, len(net.weights[i][j]) - 1))
    checks.parameters(net.sizes, net.biases, net.weights)
    net.weights[i][j][k] = wrong
    with pytest.raises(ValueError, match=rf"^weights\[{i}\]\[{j}\]\[{k}\] is "):
        checks.parameters(net.sizes, net.biases, net.weights)


def test_a_network_that_has_come_to_nan_is_warned_of_in_the_line_that_trains():
    net = Network([2, 3, 1])
    program = compile("def train(): warn(net)\ntrain()", "program", "exec")
    names = {"warn": checks.warn_if_not_finite, "net": net}
    exec(program, names)
    for row in net.biases[1], net.weights[0][2]:
        kept, row[0] = row[0], math.nan
        with pytest.warns(UserWarning, match="^training has made .* infinite or NaN, ") as caught:
            exec(program, names)
        assert [(warning.filename, warning.lineno) for warning in caught] == [("program", 2)]
        row[0] = kept
