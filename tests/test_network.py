"""network.py: the API as its docstrings state it. That its gradients are right is in test_gradients.py."""

import contextlib
import copy
import io
import math
import pickle
import random
from array import array
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples, networks, sizes

import purenet
from purenet import network
from purenet.network import Network, sigmoid, sigmoid_prime

ULP = 2.0**-52


@st.composite
def networks_and_batches(draw):
    net = draw(networks())
    return net, draw(st.lists(examples(net), min_size=1, max_size=5))


def parameters(net):
    return copy.deepcopy((net.biases, net.weights))


def flat(nested):
    return [number for part in nested for number in flat(part)] if isinstance(nested, list) else [nested]


def close(got, expected, tolerance):
    got, expected = flat(list(got)), flat(list(expected))
    return len(got) == len(expected) and all(abs(g - e) <= tolerance for g, e in zip(got, expected))


def silently(function, *args, **kwargs):
    """What the call prints."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        function(*args, **kwargs)
    return out.getvalue()


# A network and what it answers.


@given(sizes, st.integers())
def test_biases_and_weights_are_drawn_with_gauss_in_the_shapes_of_the_docstring(sizes, seed):
    net, rng = Network(tuple(sizes), random.Random(seed)), random.Random(seed)
    assert (net.sizes, net.num_layers) == (sizes, len(sizes))
    assert [len(b) for b in net.biases] == sizes[1:]
    assert [[len(row) for row in w] for w in net.weights] == [[m] * n for m, n in zip(sizes, sizes[1:])]
    assert flat([net.biases, net.weights]) == [rng.gauss(0, 1) for _ in flat([net.biases, net.weights])]
    random.seed(seed)
    assert parameters(Network(sizes)) == parameters(net)


def test_a_network_small_enough_to_follow_by_hand():
    net = Network([2, 1, 1])
    net.biases, net.weights = [[0.5], [-1.0]], [[[1.0, -0.5]], [[2.0]]]
    # z = 1·1 − 0.5·3 + 0.5 = 0, a = ½; then z = 2·½ − 1 = 0, a = ½.
    assert net.feedforward([1.0, 3.0]) == net.feedforward((1.0, 3.0)) == [0.5]
    # C = ½ (½ − 1)² = 1/8. Output: δ = (½ − 1)·¼ = −1/8; before it: δ = 2·(−1/8)·¼ = −1/16.
    assert net.cost([1.0, 3.0], [1.0]) == 0.125
    assert net.backprop([1.0, 3.0], [1.0]) == ([[-0.0625], [-0.125]], [[[-0.0625, -0.1875]], [[-0.0625]]])
    net.update_mini_batch([([1.0, 3.0], [1.0])], 8.0)
    assert (net.biases, net.weights) == ([[1.0], [0.0]], [[[1.5, 1.0]], [[2.5]]])


def test_evaluate_takes_the_first_of_equal_outputs():
    net = Network([1, 3])
    net.biases, net.weights = [[-1.0, 2.0, 2.0]], [[[0.0]] * 3]
    assert net.evaluate([([1.0], 1), ([1.0], 2), ([1.0], 0)]) == 1


# Gradients and steps. That they are right in every corner is the matter of test_gradients.py.


@given(networks_and_batches(), st.floats(-10, 10))
def test_a_step_goes_down_the_mean_gradient(drawn, eta):
    net, batch = drawn
    biases, weights = parameters(net)
    old = net.biases, net.weights
    gradients = [net.backprop(x, y) for x, y in batch]
    assert parameters(net) == (biases, weights), "backprop must change nothing"
    net.update_mini_batch(iter(batch), eta)
    for nabla, was, now in zip(zip(*gradients), (biases, weights), (net.biases, net.weights)):
        mean = [sum(parts) / len(batch) for parts in zip(*map(flat, nabla))]
        expected = [p - eta * g for p, g in zip(flat(was), mean)]
        # Parameters below 10, steps below 30 in all: six roundings of at most 40 · 2⁻⁵³ each.
        assert close(now, expected, 6 * 40 * 2.0**-53)
    assert old == (biases, weights), "a step must leave the lists of before as they were"


@given(networks_and_batches())
def test_propagate_is_the_gradient_in_two_factors(drawn):
    net, [(x, y), *_] = drawn
    activations, deltas = net.propagate(x, y)
    assert list(map(len, activations)) == net.sizes and list(map(len, deltas)) == net.sizes[1:]
    assert activations[0] == x and activations[-1] == net.feedforward(x)
    nabla_b, nabla_w = net.backprop(x, y)
    assert nabla_b == deltas
    for w, delta, a_prev in zip(nabla_w, deltas, activations):
        assert w == [[d * a for a in a_prev] for d in delta]


class TwiceTheErrors(Network):
    def propagate(self, x, y):
        activations, deltas = super().propagate(x, y)
        return activations, [[2 * d for d in delta] for delta in deltas]


class TwiceTheCost(Network):
    def cost_derivative(self, output_activations, y):
        return [2 * (a - t) for a, t in zip(output_activations, y)]


@pytest.mark.parametrize("subclass", [TwiceTheErrors, TwiceTheCost])
@given(networks_and_batches())
def test_a_subclass_changes_backprop_and_training_alike(subclass, drawn):
    net, batch = drawn
    doubled = subclass(net.sizes)
    doubled.biases, doubled.weights = parameters(net)
    # A factor of 2 is exact, as long as no number underflows.
    for twice, once in zip(doubled.backprop(*batch[0]), net.backprop(*batch[0])):
        assert close(twice, [2 * g for g in flat(once)], 1e-300)
    doubled.update_mini_batch(batch, 1.0)
    net.update_mini_batch(batch, 2.0)
    assert close(doubled.weights, net.weights, 1e-300) and close(doubled.biases, net.biases, 1e-300)


@given(sizes)
def test_at_a_prompt_a_network_shows_its_sizes(sizes):
    class Mine(Network):
        pass

    assert repr(Network(sizes)) == f"Network({sizes})" and repr(Mine(sizes)) == f"Mine({sizes})"


@given(networks_and_batches())
def test_the_cost_is_half_the_squared_distance(drawn):
    net, batch = drawn
    for x, y in batch:
        output = net.feedforward(x)
        assert close([net.cost(x, y)], [sum((t - a) ** 2 for a, t in zip(output, y)) / 2], 1e-15 * len(y) * 4)
        assert net.cost_derivative(output, y) == [a - t for a, t in zip(output, y)]


# SGD.


@given(networks_and_batches(), st.integers(0, 3), st.integers(1, 6), st.booleans())
def test_sgd_shuffles_slices_steps_and_prints(drawn, epochs, mini_batch_size, tested):
    net, batch = drawn
    reference, lines = copy.deepcopy(net), []
    data = list(batch)
    test_data = [(x, 0) for x, _ in batch] if tested else None
    for epoch in range(epochs):
        reference.rng.shuffle(data)
        for k in range(0, len(data), mini_batch_size):
            reference.update_mini_batch(data[k : k + mini_batch_size], 0.5)
        result = f": {reference.evaluate(test_data)} / {len(test_data)}" if tested else " complete"
        lines.append(f"Epoch {epoch}{result}\n")
    before = list(batch)
    assert silently(net.SGD, batch, epochs, mini_batch_size, 0.5, test_data=test_data) == "".join(lines)
    assert batch == before
    assert parameters(net) == parameters(reference)


@given(networks_and_batches(), st.integers(0, 4), st.integers(1, 6))
def test_after_epoch_sees_each_epoch_and_prints_instead_of_sgd(drawn, epochs, mini_batch_size):
    net, batch = drawn
    reference, seen = copy.deepcopy(net), []
    test_data = [(x, 0) for x, _ in batch]
    reference.SGD(batch, epochs, mini_batch_size, 0.5, after_epoch=lambda epoch: None)

    def after_epoch(epoch):
        print(f"<{epoch}>")
        seen.append(parameters(net))

    printed = silently(net.SGD, batch, epochs, mini_batch_size, 0.5, test_data, after_epoch=after_epoch)
    assert printed == "".join(f"<{epoch}>\n" for epoch in range(epochs))
    assert parameters(net) == parameters(reference) == (seen or [parameters(net)])[-1]
    assert all(earlier is not later for earlier, later in zip(seen, seen[1:]))


def test_an_exception_in_after_epoch_stops_the_training_after_that_epoch():
    class Enough(Exception):
        pass

    def after_epoch(epoch):
        if epoch == 1:
            raise Enough

    net, reference = Network([2, 1], random.Random(0)), Network([2, 1], random.Random(0))
    with pytest.raises(Enough):
        net.SGD([GOOD] * 3, 5, 2, 1.0, after_epoch=after_epoch)
    silently(reference.SGD, [GOOD] * 3, 2, 2, 1.0)
    assert parameters(net) == parameters(reference)


@given(networks_and_batches(), st.integers(1, 3), st.integers(1, 6))
def test_progress_wraps_the_mini_batches_of_every_epoch(drawn, epochs, mini_batch_size):
    net, batch = drawn
    wrapped, stepped = [], []

    class Recorder(Network):
        def update_mini_batch(self, mini_batch, eta):
            stepped.append(mini_batch)

    def progress(mini_batches):
        wrapped.append(mini_batches)
        return iter(mini_batches)

    # Iterators will do in the place of lists, and with test_data it prints.
    settings = [epochs, mini_batch_size, 1.0, iter([(batch[0][0], 0)])]
    silently(Recorder(net.sizes).SGD, iter(batch), *settings, progress=progress)
    assert len(wrapped) == epochs and sum(wrapped, []) == stepped
    for mini_batches in wrapped:
        assert sorted(sum(mini_batches, [])) == sorted(batch)
        assert [len(b) for b in mini_batches[:-1]] == [mini_batch_size] * (len(mini_batches) - 1)


# σ and σ′.


def exact_sigmoid(z):
    """σ(z) and σ′(z) with fifty digits."""
    with localcontext() as context:
        context.prec, context.Emin, context.Emax = 50, -(10**6), 10**6
        e = (-Decimal(z)).exp()
        return 1 / (1 + e), e / (1 + e) ** 2


@given(st.floats(-800, 800) | st.floats(-2, 2) | st.integers(-800, 800))
def test_sigmoid_is_accurate_in_both_tails(z):
    # exp is off by at most one unit in the last place, the operations after it by half a unit each. Below
    # the smallest normal float a unit is 5e-324.
    for got, exact in zip((sigmoid(z), sigmoid_prime(z)), exact_sigmoid(z)):
        assert abs(Decimal(got) - exact) <= Decimal(4 * ULP) * exact + Decimal(2 * 5e-324)


@given(st.floats(allow_nan=False))
def test_sigmoid_takes_any_number_without_overflow(z):
    assert 0 <= sigmoid(z) <= 1 and 0 <= sigmoid_prime(z) <= 0.25 + ULP
    assert sigmoid_prime(z) == sigmoid_prime(-z)
    assert abs(sigmoid(z) + sigmoid(-z) - 1) <= 2 * ULP


def test_sigmoid_at_its_ends():
    assert [sigmoid(z) for z in (-math.inf, 0, math.inf)] == [0, 0.5, 1]
    assert [sigmoid_prime(z) for z in (-math.inf, 0, math.inf)] == [0, 0.25, 0]
    assert sigmoid(-740.0) > 0 and sigmoid_prime(740.0) > 0
    assert sigmoid(Fraction(1, 2)) == sigmoid(0.5)
    with pytest.raises(TypeError):
        sigmoid("0")


# Bad input.


@pytest.mark.parametrize("sizes", [[], [3], [2, 0], [2, -1], [2, 1.0], [True, 2], "23", 5, None, [[2], [1]]])
def test_sizes_are_at_least_two_positive_integers(sizes):
    with pytest.raises(ValueError, match=r"at least two positive integers \(ints\), like \[784, 30, 10\]"):
        Network(sizes)


GOOD, BETTER = ([0.1, 0.2], [1.0]), ([0.5, -0.2], [0.0])


class Float64(float):
    """Like NumPy's: a float that makes its like of the floats it meets."""

    tolist = float


for name in ("__radd__", "__rsub__", "__mul__", "__truediv__"):
    setattr(Float64, name, lambda self, other, name=name: Float64(getattr(float, name)(self, other)))


BAD_EXAMPLES = [
    (([0.1], [1.0]), r": x has 1 entries; .* list of 2 finite numbers"),
    (([0.1, 0.2, 0.3], [1.0]), r": x has 3 entries"),
    (([[0.1], [0.2]], [1.0]), r": x is a column; .*: pass \[row\[0\] for row in column\]"),
    (([(0.1,), (0.2,)], [1.0]), r": x is a column"),
    (([0.1, [0.2]], [1.0]), r": x\[1\] is \[0.2\]"),
    (([0.1, 0.2], [[1.0]]), r": y is a column"),
    (([0.1, 0.2], []), r": y has 0 entries; .* list of 1 finite numbers"),
    (([0.1, 0.2], 1), r": y is 1; .* list of 1 finite numbers$"),
    (([0.1, math.nan], [1.0]), r": x\[1\] is nan; .* finite"),
    (([math.inf, -math.inf], [1.0]), r": x\[0\] is inf"),
    (([0.1, 0.2], [-math.inf]), r": y\[0\] is -inf"),
    (([10**400, 0.2], [1.0]), r": x\[0\] is 1000"),
    ((["0", 0.2], [1.0]), r": x\[0\] is '0'"),
    (([0.1, Float64(0.2)], [1.0]), r": x\[1\] is 0.2; .* as .tolist\(\) makes of an array"),
    (([0.1, 1j], [1.0]), r": x\[1\] is 1j"),
    ((None, [1.0]), r": x is None; it must be a flat list of 2 finite numbers$"),
    (([Fraction(0), Fraction(1, 2)], [1.0]), r": x\[0\] is Fraction\(0, 1\); it must be a finite float or int"),
    (([[0.1], [0.2, 0.3]], [1.0]), r": x\[0\] is \[0.1\]"),
    (([0.1, 10**5000], [1.0]), r": x\[1\] is (a huge int|1000|<int instance)"),
    ((array("d", [0.1, 0.2]), [1.0]), r": x is array\('d', \[0.1, 0.2\]\); .*: pass its .ravel\(\).tolist\(\)"),
    (([0.1, 0.2],), r" is .*must be a pair \(x, y\)"),
    (7, r" is 7; it must be a pair"),
]


def refused(net, reason, function, *args, **kwargs):
    """The call raises for a reason that it gives, and the network is as it was."""
    before = parameters(net)
    with pytest.raises((ValueError, TypeError), match=reason):
        silently(function, *args, **kwargs)
    assert parameters(net) == before


@pytest.mark.parametrize("example, reason", BAD_EXAMPLES)
def test_a_bad_example_is_named_before_a_single_step(example, reason):
    net = Network([2, 3, 1])
    refused(net, r"training_data\[3\]" + reason, net.SGD, [GOOD] * 3 + [example], 1, 1, 1.0)
    refused(net, r"mini_batch\[1\]" + reason, net.update_mini_batch, [GOOD, example], 1.0)
    if isinstance(example, tuple) and len(example) == 2:
        calls = [(net.backprop, *example), (net.cost, *example), (net.feedforward, example[0])]
        for method, *arguments in calls if example[0] != GOOD[0] else calls[:2]:
            with pytest.raises((ValueError, TypeError), match="^" + reason[2:]):
                method(*arguments)


@pytest.mark.parametrize(
    "digit, reason",
    [
        ([0.0, 1.0], "an integer from 0 to 1, not a vector"),
        (2, "is 2; .* from 0 to 1"),
        (-1, "is -1"),
        (1.0, "an integer from 0 to 1$"),
    ],
)
def test_a_digit_is_an_integer(digit, reason):
    net = Network([2, 2])
    test_data, reason = [(GOOD[0], 0), (GOOD[0], digit)], r"test_data\[1\]: y .*" + reason
    with pytest.raises((ValueError, TypeError), match=reason):
        net.evaluate(test_data)
    refused(net, reason, net.SGD, [(GOOD[0], [0.0, 1.0])], 1, 1, 1.0, test_data=test_data)


@pytest.mark.parametrize(
    "arguments, reason",
    [
        (([], 1, 1, 1.0), "training_data is empty"),
        (([GOOD], -1, 1, 1.0), "epochs is -1; it must be an integer, 0 or more"),
        (([GOOD], 1.5, 1, 1.0), "epochs is 1.5; it must be an integer"),
        ((None, 1, 1, 1.0), "training_data is None; it must be a list of pairs"),
        (([GOOD], 0, 0, 1.0), "mini_batch_size is 0"),
        (([GOOD], 0, 1.0, 1.0), "mini_batch_size is 1.0; it must be an integer"),
        (([GOOD], 0, 1, math.nan), "eta is nan"),
        (([GOOD], 1, 1, math.inf), "eta is inf"),
        (([GOOD], 1, 1, "3"), "eta is '3'"),
        (([GOOD], 1, 1, 1.0, 7), "test_data is 7"),
    ],
)
def test_bad_settings_are_refused(arguments, reason):
    net = Network([2, 1])
    refused(net, reason, net.SGD, *arguments)


def test_a_bad_mini_batch_or_step_is_refused():
    net = Network([2, 1])
    refused(net, "mini_batch is empty", net.update_mini_batch, [], 1.0)
    refused(net, "eta is inf", net.update_mini_batch, [GOOD], math.inf)


def test_a_learning_rate_makes_no_weight_its_like():
    net = Network([2, 3, 1])
    net.update_mini_batch([GOOD], Float64(0.5))
    assert {type(p) for p in flat([net.biases, net.weights])} == {float}


def test_what_draws_and_what_wraps_must_be_able_to():
    for rng in (42, random.Random, random, iter([])):
        with pytest.raises(TypeError, match=r"^rng is .*; it must be a random\.Random, such as"):
            Network([2, 1], rng)
    net = Network([2, 1], random.Random(0))
    state = net.rng.getstate()
    for name in ("progress", "after_epoch"):
        refused(net, f"^{name} is 5; it must be a function", net.SGD, [GOOD], 1, 1, 1.0, **{name: 5})
    assert net.rng.getstate() == state


@pytest.mark.parametrize("result", [[], [1.0, 1.0], [math.nan], [[1.0]], [1j], None])
def test_a_cost_derivative_that_is_no_vector_is_named(result):
    class Strange(Network):
        def cost_derivative(self, output_activations, y):
            return result

    net = Strange([2, 1])
    refused(net, "the result of cost_derivative", net.update_mini_batch, [GOOD], 1.0)


def test_a_digit_in_the_place_of_ten_outputs_gets_told_how_to_make_them():
    net = Network([2, 10])
    refused(net, "vectorized_result makes of a digit", net.update_mini_batch, [(GOOD[0], 7)], 1.0)


def test_pairs_may_be_iterators():
    net, other = Network([2, 1], random.Random(0)), Network([2, 1], random.Random(0))
    silently(net.SGD, map(iter, [GOOD, GOOD]), 2, 1, 1.0, test_data=[iter((GOOD[0], 0))])
    silently(other.SGD, [GOOD, GOOD], 2, 1, 1.0)
    assert parameters(net) == parameters(other)


def test_the_integers_of_numpy_do_not_wrap_around_in_slices():
    class Small(int):
        def __add__(self, other):
            return int(self) + int(other) & 7

        __radd__ = __add__

    net, other = Network([2, 1], random.Random(0)), Network([2, 1], random.Random(0))
    silently(net.SGD, [GOOD] * 9, 1, Small(4), 1.0)
    silently(other.SGD, [GOOD] * 9, 1, 4, 1.0)
    assert parameters(net) == parameters(other)


@pytest.mark.parametrize("progress, result", [(print, "None"), (len, "2")])
def test_a_bar_that_swallows_the_mini_batches_is_named(progress, result):
    net = Network([2, 1])
    with pytest.raises(TypeError, match=f"^progress returns {result}; it must return the mini-batches"):
        net.SGD([GOOD] * 2, 1, 1, 1.0, progress=progress)


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"sizes": []}, r"^sizes is \[\]; it must be"),
        ({"biases": []}, "^there are 0 biases and 2 weights, where the 3 layers of this network take 2"),
        ({"weights": [[[1.0, 1.0]]]}, "^there are 2 biases and 1 weights, where the 3 layers"),
        ({"biases": [], "weights": []}, "^there are 0 biases and 0 weights"),
        ({"weights": [[[1.0] * 3], [[1.0]]]}, r"the shapes \(1, 3\) and \(2,\) do not fit$"),
    ],
)
def test_what_a_program_has_broken_is_named_by_every_method(changes, reason):
    net = Network([2, 1, 1])
    vars(net).update(changes)
    for method, *arguments in (
        (net.feedforward, GOOD[0]), (net.cost, *GOOD), (net.backprop, *GOOD), (net.evaluate, [(GOOD[0], 0)]),
        (net.update_mini_batch, [GOOD], 1.0), (net.SGD, [GOOD], 1, 1, 1.0),
    ):
        refused(net, reason, method, *arguments)


def test_a_weight_that_is_no_number_is_named_before_the_first_step():
    net = Network([2, 1])
    net.weights[0][0][1] = math.nan
    with pytest.raises(ValueError, match=r"^weights\[0\]\[0\]\[1\] is nan"):
        net.SGD([GOOD], 1, 1, 1.0)


def test_training_that_ends_in_nan_warns_after_the_epoch():
    class Steep(Network):
        def cost_derivative(self, output_activations, y):
            return [1e308]

    with pytest.warns(UserWarning, match="^training has made weights or biases infinite or NaN") as warned:
        Steep([2, 1]).SGD([GOOD], 2, 1, 1.0, after_epoch=id)
        assert not warned
        Steep([2, 1]).SGD([GOOD], 1, 1, 1e308, after_epoch=id)
    assert len(warned) == 1 and warned[0].filename == __file__


def test_large_numbers_whose_sum_overflows_are_finite_all_the_same():
    net = Network([2, 1])
    net.weights = [[[0.0, 0.0]]]
    assert net.feedforward([1.7e308, 1.7e308]) == [sigmoid(b) for b in net.biases[0]]


def test_a_network_can_be_imported_from_the_package_copied_and_pickled():
    assert purenet.Network is Network and purenet.network is network
    for net in (Network([2, 1]), Network([2, 1], random.Random(1))):
        for copied in (copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))):
            other = copied(net)
            for each in (net, other):
                random.seed(0)
                silently(each.SGD, [GOOD, BETTER], 5, 1, 1.0)
            assert parameters(other) == parameters(net)
