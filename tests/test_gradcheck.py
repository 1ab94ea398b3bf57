"""gradcheck.py: slopes that agree with backprop, and a check that sees every wrong one and no other."""

import copy
import math
import random
import re
import types

import pytest
import tiny_arrays
from network_forms import FORMS, InForm
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples, networks, vectors

from purenet.gradcheck import EPSILON, check, numerical_gradient, quadratic_cost
from purenet.network import Network
from purenet.support.lists_or_arrays import Form, numbers, places

forms = st.sampled_from(FORMS)
U = 2.0**-53
# Small, since every parameter takes two passes forward.
small_networks = networks(st.lists(st.integers(1, 3), min_size=2, max_size=4))


@st.composite
def examples_in_forms(draw, net=small_networks):
    """A network in some form, and an example for it in the same form."""
    net = draw(net)
    formed = InForm(net, draw(forms))
    return formed, *formed.in_form(*draw(examples(net)))


@st.composite
def hard_examples(draw):
    """A network from tame to saturated, inputs and targets as large as 1000, and gradients that vanish."""
    net = draw(small_networks)
    spread = draw(st.sampled_from([0.0, 0.1, 1.0, 10.0, 100.0]))
    net.biases = [[spread * b for b in layer] for layer in net.biases]
    net.weights = [[[spread * v for v in row] for row in w] for w in net.weights]
    wide = st.sampled_from([0.0, 1.0, 1e-3, 1000.0, -1000.0]) | st.floats(-10, 10) | st.floats(-1000, 1000)
    x = draw(vectors(net.sizes[0], wide))
    y = draw(vectors(net.sizes[-1], wide) | st.just(net.feedforward(x)))
    return net, x, y


def exact(net):
    """Every parameter to the last bit and with its type."""
    return [(type(row[k]), float(row[k]).hex()) for _, row, k in places((net.biases, net.weights))]


# Slopes.


@given(examples_in_forms())
def test_slopes_agree_with_backprop_in_every_form_and_change_no_bit(drawn):
    net, x, y = drawn
    before = exact(net)
    nabla = numerical_gradient(net, x, y)
    assert exact(net) == before
    wanted = net.backprop(x, y)
    assert [p[0] for p in places(nabla)] == [p[0] for p in places(wanted)]
    for part, parameters in zip(nabla, (net.biases, net.weights)):
        assert type(part) is list and list(map(type, part)) == list(map(type, parameters))
    # Truncation is ε²/6 · |C‴|, and C‴ stays below 1000 for inputs and weights of this size; rounding is at
    # most some 10 units of 2⁻⁵³ in a cost below 3, divided by ε.
    tolerance = EPSILON**2 / 6 * 1000 + 30 * U / EPSILON
    assert all(abs(g - w) <= tolerance for g, w in zip(numbers(nabla), numbers(wanted)))


class Cubic:
    """A network of two parameters whose output is b³ + 2 w x: (10) is off by its third derivative."""

    def __init__(self):
        self.biases, self.weights = [[0.5]], [[[3.0]]]

    def feedforward(self, x):
        return [self.biases[0][0] ** 3 + 2 * self.weights[0][0][0] * x[0]]


@pytest.mark.parametrize("epsilon", [0.5, 0.1, 1e-3])
def test_the_central_difference_has_the_truncation_of_its_docstring(epsilon):
    [[b]], [[[w]]] = numerical_gradient(Cubic(), [5.0], None, epsilon, cost=lambda output, y: output[0])
    # (b³)′ = 3b², and ε²/6 · (b³)‴ = ε². Costs below 50 are rounded by a few U each, and divided by ε.
    assert abs(b - (0.75 + epsilon**2)) <= 200 * U / epsilon
    assert abs(w - 10.0) <= 200 * U / epsilon


def test_the_rounding_of_p_plus_epsilon_does_no_harm():
    class Large(Cubic):
        def feedforward(self, x):
            return [self.biases[0][0] - 2.0**22, self.weights[0][0][0]]

    net = Large()
    net.biases = [[2.0**22]]  # Its neighbours are 2⁻³⁰ = 9e-10 apart: in ε that is the fifth digit.
    [[b]], [[[w]]] = numerical_gradient(net, None, None, 2.0e-5, cost=lambda output, y: output[0])
    assert (b, w) == (1.0, 0.0)


@given(examples_in_forms(), st.data())
def test_another_cost_is_measured_too(drawn, data):
    net, x, y = drawn
    factor = data.draw(st.sampled_from([-2.0, 0.5, 3.0]))
    tripled = numerical_gradient(net, x, y, cost=lambda output, y: factor * quadratic_cost(output, y))
    tolerance = abs(factor) * (EPSILON**2 / 6 * 1000 + 30 * U / EPSILON)
    wanted = [factor * g for g in numbers(net.backprop(x, y))]
    assert all(abs(g - w) <= tolerance for g, w in zip(numbers(tripled), wanted))


def test_a_cost_may_be_an_array_of_one_entry():
    net = Cubic()
    wanted = numerical_gradient(net, [5.0], None, cost=lambda output, y: output[0])
    found = numerical_gradient(net, [5.0], None, cost=lambda output, y: tiny_arrays.array([output]))
    assert found == wanted and set(map(type, [found[0][0][0], found[1][0][0][0]])) == {float}


@given(examples_in_forms())
def test_the_cost_is_half_the_squared_distance_in_every_form(drawn):
    net, x, y = drawn
    output = net.feedforward(x)
    distance = math.dist(numbers(output), numbers(y))
    # Up to 6 squares and their sum, each rounded.
    assert abs(quadratic_cost(output, y) - distance**2 / 2) <= 20 * U * distance**2
    assert quadratic_cost([1.0, 3.0], ((2.0,), (1.0,))) == 2.5


def test_an_output_of_another_length_than_y_is_named():
    with pytest.raises(ValueError, match="^feedforward returns 2 numbers, but y has 1$"):
        quadratic_cost([1.0, 2.0], [[1.0]])


@given(examples_in_forms(), st.data())
def test_the_parameters_are_what_they_were_also_where_feedforward_raises(drawn, data):
    net, x, y = drawn
    calls = 2 * len(numbers((net.biases, net.weights)))
    fatal = data.draw(st.integers(1, calls))
    error = data.draw(st.sampled_from([ValueError, KeyboardInterrupt, ZeroDivisionError]))
    right, count = net.feedforward, []

    def feedforward(a):
        count.append(a)
        if len(count) == fatal:
            raise error("on the way")
        return right(a)

    net.feedforward = feedforward
    before = exact(net)
    with pytest.raises(error, match="on the way"):
        numerical_gradient(net, x, y)
    assert exact(net) == before and len(count) == fatal


def test_integers_in_lists_are_measured_and_stay_integers():
    net = Network([2, 2])
    net.biases, net.weights = [[0, 1]], [[[1, -1], [0, 2]]]
    before = exact(net)
    reference = Network([2, 2])
    reference.biases, reference.weights = [[0.0, 1.0]], [[[1.0, -1.0], [0.0, 2.0]]]
    x, y = [0.5, -0.3], [1.0, 0.0]
    assert numerical_gradient(net, x, y) == numerical_gradient(reference, x, y)
    assert exact(net) == before


@pytest.mark.parametrize(
    "weight, shown",
    [
        (tiny_arrays.array([[3]], int), "3"),
        (tiny_arrays.array([[3]], tiny_arrays.single), "3.0"),
        ([[1e12]], "1000000000000.0"),
    ],
)
def test_a_parameter_that_cannot_hold_the_step_is_refused_and_is_what_it_was(weight, shown):
    net = Network([1, 1])
    net.weights = [weight]
    before = exact(net)
    for judge in (numerical_gradient, check):
        with pytest.raises(ValueError, match=rf"^weights\[0\]\[0\]\[0\] is {shown} and does not change"):
            judge(net, [0.5], [0.0])
    assert exact(net) == before


@pytest.mark.parametrize("number", [0, 0.0, -1e-5, 1, 1.0, 2.0, math.nan, math.inf, "1e-5", None])
def test_epsilon_and_tolerance_are_between_0_and_1(number):
    net, x, y = a_small_network()
    wanted = f"is {number!r}; it must be between 0 and 1, such as 1e-05"
    for judge in (numerical_gradient, check):
        with pytest.raises(ValueError, match=f"^epsilon {wanted}"):
            judge(net, x, y, epsilon=number)
    with pytest.raises(ValueError, match=f"^tolerance {wanted}"):
        check(net, x, y, tolerance=number)


@pytest.mark.parametrize("cost", ["quadratic", 0, []])
def test_a_cost_is_a_function(cost):
    for judge in (numerical_gradient, check):
        with pytest.raises(TypeError, match=rf"^cost is {re.escape(repr(cost))}; it must be a function"):
            judge(*a_small_network(), cost=cost)


def test_the_gradient_belongs_to_the_caller():
    net = InForm(Network([2, 2], random.Random(1)), FORMS[2])
    nabla_b, nabla_w = numerical_gradient(net, *net.in_form([0.5, 1.0], [0.0, 1.0]))
    before = exact(net)
    nabla_b[0][0] = nabla_w[0][1][1] = 5.0
    assert exact(net) == before


# The check.


class Bent:
    """A network with its gradient changed by change(nabla), a pair of lists that it may alter."""

    def __init__(self, net, change):
        self.net, self.change = net, change
        self.biases, self.weights, self.feedforward = net.biases, net.weights, net.feedforward

    def backprop(self, x, y):
        nabla = copy.deepcopy(self.net.backprop(x, y))
        return self.change(nabla) or nabla


def one_entry(place, change):
    """A function that changes the entry of a gradient at `place`."""

    def alter(nabla):
        for found, row, k in places(nabla):
            if found[: len(place)] == place:
                row[k] = change(row[k])

    return alter


@given(hard_examples() | examples_in_forms())
def test_a_right_gradient_is_never_called_wrong(drawn):
    net, x, y = drawn
    before = exact(net)
    result = check(net, x, y)
    assert result and result.ok is True, str(result)
    assert str(result).startswith("The gradient is right for the cost ")
    assert exact(net) == before


@given(examples_in_forms(), st.data())
def test_one_wrong_entry_is_always_found_and_named(drawn, data):
    net, x, y = drawn
    nabla, wanted = net.backprop(x, y), numbers(net.backprop(x, y))
    chosen = data.draw(st.integers(0, len(wanted) - 1))
    (part, *indices), row, k = list(places(nabla))[chosen]
    value = float(row[k])
    # Twice the floor of the docstring, times the tolerance, or a thousandth of its size, to either side.
    least = max(1e-3 * abs(value), 2e-5 * 1e-4 * max(1.0, quadratic_cost(net.feedforward(x), y)))
    size = least * data.draw(st.floats(1, 1e6)) * data.draw(st.sampled_from([1, -1]))
    result = check(Bent(net, one_entry((part, *indices), lambda p: p + size)), x, y)
    assert not result and result.ok is False
    assert result.place == f"nabla_{'bw'[part]}" + "".join(f"[{k}]" for k in indices[: 2 + part])
    assert result.backprop == value + size
    # The estimate is off by what is said at the slopes above.
    assert abs(result.estimate - value) <= EPSILON**2 / 6 * 1000 + 30 * U / EPSILON
    assert str(result).startswith("The gradient is wrong for the cost ½‖y − a‖². Where it is ")


@given(examples_in_forms(), st.data())
def test_a_gradient_with_what_is_no_number_is_wrong_wherever_it_stands(drawn, data):
    net, x, y = drawn
    spots = [place for place, _, _ in places(net.backprop(x, y))]
    where = data.draw(st.sampled_from(spots))
    odd = data.draw(st.sampled_from([math.nan, math.inf, -math.inf]))
    result = check(Bent(net, one_entry(where, lambda p: odd)), x, y)
    assert not result and result.error == math.inf
    assert f"[{where[1]}][{where[2]}]" in result.place and repr(result.backprop) == repr(odd)
    assert "(relative error inf)" in str(result)


def test_a_network_that_answers_nan_has_no_right_gradient():
    net = Network([1, 1])
    net.feedforward = lambda a: [math.nan]
    result = check(net, [1.0], [0.0])
    assert not result and math.isnan(result.estimate)
    assert "nabla_b[0][0] is" in str(result)


def a_small_network():
    """The network that test_network.py follows by hand: its gradient is −1/8, −1/16 and so on."""
    net = Network([2, 1, 1])
    net.biases, net.weights = [[0.5], [-1.0]], [[[1.0, -0.5]], [[2.0]]]
    return net, [1.0, 3.0], [1.0]


def test_a_result_is_a_sentence_on_the_worst_parameter():
    net, x, y = a_small_network()
    assert str(check(Bent(net, one_entry((1, 0, 0, 1), lambda p: p + 1.0)), x, y)) == (
        "The gradient is wrong for the cost ½‖y − a‖². Where it is farthest off, nabla_w[0][0][1] is 0.8125 by "
        "backprop and -0.1875 by finite differences (relative error 1.2e+00). For another cost, pass cost=. "
        "To name the mistake: purenet.checker.explain(net, x, y)."
    )
    wrong = check(Bent(net, one_entry((0, 1, 0), lambda p: 0.0)), x, y)
    assert "farthest off, nabla_b[1][0] is 0 by backprop and -0.125 by finite differences (rel" in repr(wrong)
    result = check(net, x, y)
    assert result and abs(result.estimate - result.backprop) <= 1e-9
    assert repr(result) == str(result)
    assert repr(result).startswith("The gradient is right for the cost net.cost(x, y). Where it is ")


def test_the_error_is_relative_to_the_larger_gradient():
    net, x, y = a_small_network()
    for factor, error in ((4.0, 0.75), (0.25, 0.75), (-1.0, 2.0)):
        result = check(Bent(net, one_entry((1, 1, 0, 0), lambda p: factor * p)), x, y)
        assert abs(result.error - error) <= 1e-8 and result.place == "nabla_w[1][0][0]"


def test_the_tolerance_is_what_the_docstring_says():
    net, x, y = a_small_network()

    def judged(factor, **others):
        return check(Bent(net, one_entry((0, 1, 0), lambda p: p * factor)), x, y, **others)

    # The estimate itself is good to 1e-9 here, and what doubling ε changes, 3 times as much, is forgiven.
    assert judged(1 + 0.9e-5) and not judged(1 + 1.1e-5)
    assert judged(1 + 0.9e-3, tolerance=1e-3) and not judged(1 + 1.1e-3, tolerance=1e-3)
    assert judged(1 - 0.9e-5) and not judged(1 - 1.1e-5)


@pytest.mark.parametrize("cost, floor", [(0.0, 1.0), (1.0, 1.0), (4.5, 4.5), (5000.0, 5000.0), (-50.0, 50.0)])
def test_the_floor_grows_with_the_size_of_the_cost(cost, floor):
    # The cost depends on no parameter, so every measured slope is exactly 0.
    for share, ok in ((0.99, True), (1.01, False)):
        bent = Bent(Network([1, 1]), lambda nabla: ([[0.0]], [[[share * 1e-5 * 1e-4 * floor]]]))
        assert check(bent, [0.0], [0.0], cost=lambda output, y: cost).ok is ok


def test_layers_may_stand_in_tuples():
    net = InForm(Network([2, 2, 1], random.Random(1)), FORMS[0])
    net.biases, net.weights = tuple(net.biases), tuple(net.weights)
    assert check(net, [0.5, 1.0], [0.0])
    assert list(map(type, numerical_gradient(net, [0.5, 1.0], [0.0]))) == [tuple, tuple]


def test_the_steepness_of_a_cost_is_forgiven():
    class Steep(Cubic):
        def feedforward(self, x):
            return [self.biases[0][0] ** 3]

        def backprop(self, x, y):
            return [[3 * self.biases[0][0] ** 2]], [[[0.0]]]

    steep = Steep()
    steep.biases = [[1e-3]]
    # (b³)′ = 3e-6, and the truncation with ε = 1e-3 is ε² = 1e-6, which is too much beside the floor of 1e-4.
    # Doubling ε changes the estimate by 3e-6, and that much is forgiven.
    assert check(steep, [0.0], [0.0], 1e-3, cost=lambda output, y: output[0])
    steep.feedforward = lambda x: [-(steep.biases[0][0] ** 3)]
    steep.backprop = lambda x, y: ([[-3e-6]], [[[0.0]]])
    assert check(steep, [0.0], [0.0], 1e-3, cost=lambda output, y: output[0])
    steep.backprop = lambda x, y: ([[3e-6 + 5e-6]], [[[0.0]]])
    assert not check(steep, [0.0], [0.0], 1e-3, cost=lambda output, y: output[0])


@pytest.mark.parametrize("more, ok", [(0.0, True), (2.0**-50, False)])
def test_what_is_just_allowed_is_right(more, ok):
    class Straight(Cubic):
        def feedforward(self, x):
            return [self.biases[0][0] ** 3 + self.weights[0][0][0]]

    net = Straight()
    net.biases, net.weights = [[0.0]], [[[0.0]]]
    # Powers of 2 are measured without rounding. With ε = ¼ the slope of b³ at 0 comes out as ε² = 1/16, and
    # with 2ε as ¼, so up to ¼ is forgiven. The slope of w comes out as 1, and beside it ½ is off by ½.
    for nabla in (([[0.25 + more]], [[[1.0]]]), ([[0.0625]], [[[0.5 - more]]])):
        net.backprop = lambda x, y, nabla=nabla: nabla
        result = check(net, None, None, 0.25, lambda output, y: output[0], tolerance=0.5)
        assert result.ok is ok and result.error >= 0.5


def cross_entropy(output, y):
    return -sum(t * math.log(a) + (1 - t) * math.log(1 - a) for a, t in zip(numbers(output), numbers(y)))


class CrossEntropy(Network):
    def cost_derivative(self, output_activations, y):
        return [(a - t) / (a * (1 - a)) for a, t in zip(output_activations, y)]


@given(small_networks, st.data())
def test_a_gradient_of_another_cost_is_right_for_that_cost(drawn, data):
    net = CrossEntropy(drawn.sizes)
    net.biases, net.weights = drawn.biases, drawn.weights
    x, y = data.draw(examples(net))
    assert check(net, x, y, cost=cross_entropy)
    if max(map(abs, numbers(net.backprop(x, y)))) > 1e-3:
        assert not check(net, x, y)
        assert not check(Bent(net, one_entry((), lambda p: -p)), x, y, cost=cross_entropy)


@given(small_networks, st.data())
def test_the_cost_of_the_network_itself_is_measured(drawn, data):
    class OwnCost(CrossEntropy):
        def cost(self, x, y):
            return cross_entropy(self.feedforward(x), y)

    net = OwnCost(drawn.sizes)
    net.biases, net.weights = drawn.biases, drawn.weights
    x, y = data.draw(examples(net))
    assert check(net, x, y) and check(net, x, y).cost == "net.cost(x, y)"
    assert numerical_gradient(net, x, y) == numerical_gradient(net, x, y, cost=cross_entropy)


@pytest.mark.parametrize(
    "cost",
    [
        "quadratic",
        type("QuadraticCost", (), {"fn": lambda a, y: 0.0}),
        None,
    ],
)
def test_an_attribute_of_another_kind_is_not_taken_for_the_cost(cost):
    net, x, y = a_small_network()
    net.cost = cost
    assert check(net, x, y) and check(net, x, y).cost == "½‖y − a‖²"


@pytest.mark.parametrize("cost", [lambda self, output, y: 1.0, lambda self, x: 1.0, lambda output, y: 1.0])
def test_a_cost_that_takes_something_else_is_not_guessed_at(cost):
    net, x, y = a_small_network()
    net.cost = types.MethodType(cost, net) if "self" in cost.__code__.co_varnames else cost
    for judge in (numerical_gradient, check):
        with pytest.raises(ValueError, match=r"^the network's cost takes \((output, y|x)\), not \(x, y\)"):
            judge(net, x, y)
        judge(net, x, y, cost=quadratic_cost)


@pytest.mark.parametrize("nothing", [math.nan, math.inf])
@pytest.mark.parametrize("moved", [1e-5, 2e-5])
def test_a_cost_without_a_value_forgives_nothing(moved, nothing):
    class Hole(Cubic):
        """Its cost is 2w, except at the bias moved by ε or by 2ε, where it has no value."""

        def feedforward(self, x):
            return [nothing if self.biases[0][0] == 0.5 + moved else 2 * self.weights[0][0][0]]

        def backprop(self, x, y):
            return [[0.1]], [[[2.0]]]

    result = check(Hole(), [0.0], [0.0], cost=lambda output, y: output[0])
    assert not result and result.place == "nabla_b[0][0]"


def test_a_cost_that_changes_from_call_to_call_is_refused():
    net, x, y = a_small_network()
    noise = random.Random(1)
    net.feedforward = lambda a: [noise.random()]
    with pytest.raises(ValueError, match="^the cost differs from call to call; leave"):
        check(net, x, y, cost=quadratic_cost)


def test_epsilon_and_cost_reach_every_measurement():
    seen = set()

    class Watched(Network):
        def feedforward(self, a):
            seen.add(self.biases[0][0])
            return super().feedforward(a)

    net, costs = Watched([1, 1]), []
    net.biases, net.weights = [[0.0]], [[[1.0]]]

    def cost(output, y):
        costs.append(y)
        return quadratic_cost(output, y)

    assert not check(Bent(net, one_entry((0, 0, 0), lambda p: p + 1)), [1.0], [1.0], 2.0**-10, cost)
    # What differs is measured again with 2ε.
    assert seen == {0.0, 2.0**-10, -(2.0**-10), 2.0**-9, -(2.0**-9)}
    # Two parameters, one of them twice, each to both sides; and the cost itself, twice.
    assert costs == [[1.0]] * (2 * 3 + 2)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "change, reason",
    [
        (lambda b, w: (w, b), r"^backprop gives \(nabla_w, nabla_b\)"),
        (lambda b, w: (b[1:], w), r"^nabla_b has 1 layers, not 2"),
        (lambda b, w: (b, [w[0], w[0]]), r"^nabla_w\[1\] has the shape .*; in a network with layers of equal"),
    ],
)
def test_a_gradient_of_the_wrong_shape_is_refused(form, change, reason):
    net = InForm(Network([2, 1, 1], random.Random(1)), form)
    with pytest.raises(ValueError, match=reason):
        check(Bent(net, lambda nabla: change(*nabla)), *net.in_form([0.5, 1.0], [0.0]))


def test_a_gradient_with_rows_of_different_lengths_is_refused():
    with pytest.raises(ValueError, match=r"^nabla_w\[0\] has rows of different lengths"):
        check(Bent(Network([2, 2]), lambda nabla: nabla[1][0][1].pop() * 0), [0.5, 1.0], [0.0, 1.0])


def test_a_network_with_other_names_is_sent_to_the_judge():
    with pytest.raises(TypeError, match=r"^the network has no biases and no backprop; checker.judge knows"):
        check(types.SimpleNamespace(weights=[], feedforward=None), [0.5], [0.0])


def test_the_rows_of_a_matrix_that_are_matrices_are_not_followed_without_end():
    class Matrix:
        """Like NumPy's: each row is a matrix again, and A is the same as an array."""

        shape = (2, 2)

        def __init__(self, array):
            self.A = array

        def __iter__(self):
            yield from (self, self)

    array = tiny_arrays.array([[1.0, 2.0], [3.0, 4.0]])
    for _, row, k in places([Matrix(array)]):
        row[k] *= 2
    assert array.tolist() == [[2.0, 4.0], [6.0, 8.0]]


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"biases": None}, "biases is None; it must be a list of what each layer has"),
        ({"weights": 5}, "weights is 5; it must be"),
        ({"biases": [(0.5,), [-1.0]]}, r"biases\[0\] is a tuple; the check changes it in place: make it"),
        ({"weights": [[[1.0, -0.5]], [(2.0,)]]}, r"weights\[1\]\[0\] is a tuple"),
    ],
)
def test_what_is_no_network_is_refused(changes, reason):
    net, x, y = a_small_network()
    vars(net).update(changes)
    for judge in (numerical_gradient, check):
        with pytest.raises(TypeError, match="^net is the class Network; it must be a network of it"):
            judge(Network, x, y)
        with pytest.raises(TypeError, match=f"^{reason}"):
            judge(net, x, y)


def test_columns_of_lists_and_flat_biases_may_be_mixed():
    net = InForm(Network([2, 2, 1], random.Random(1)), Form(None, True))
    right = net.backprop
    net.backprop = lambda x, y: ([numbers(b) for b in right(x, y)[0]], right(x, y)[1])
    assert check(net, *net.in_form([0.5, 1.0], [0.0]))


def test_in_layers_of_equal_size_a_transposed_gradient_is_wrong():
    bent = Bent(Network([2, 2]), lambda nabla: (nabla[0], [list(map(list, zip(*w))) for w in nabla[1]]))
    assert not check(bent, [0.5, 1.0], [0.0, 1.0])
