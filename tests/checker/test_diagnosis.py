"""diagnosis.py: a mistake that is made on purpose is found again, under words that give its very numbers."""

import functools
import math
import random
import re

import pytest
from clothing import FORMS, Clothed
from hypothesis import given, settings
from hypothesis import strategies as st

from purenet.checker import diagnosis
from purenet.checker.backward import FACTORS, FORWARD, MISTAKES, PARTS, forward, played
from purenet.checker.diagnosis import explain, layer_by_layer, mistake
from purenet.gradcheck import check
from purenet.matrix import add, hadamard, matvec, outer, scale, transpose
from purenet.network import Network, sigmoid_prime
from purenet.support.arrays import numbers

EVERY = [(step, words) for step, table in MISTAKES.items() for words in table]
STEP = {words[0].upper() + words[1:]: (step, words) for step, words in EVERY}
STEP.update({words: (step, words) for step, words in EVERY})
NO_FACTOR = ""


def a_pass(sizes, seed=0):
    """A `Pass` of a generic example through a generic network."""
    rng = random.Random(seed)
    net = Network(sizes, rng)
    x, y = ([rng.gauss(0, 1) for _ in range(n)] for n in (sizes[0], sizes[-1]))
    return forward(net.biases, net.weights, x, y)


# Where every layer has as many neurons, every shape fits and every mistake can be made.
SQUARE = a_pass([3, 3, 3, 3])


@functools.cache
def said_of(one):
    """The words for a mistake that is played in all layers of SQUARE."""
    return mistake([SQUARE], [played(SQUARE, [one])])


def same(got, wanted):
    got, wanted = numbers(got), numbers(wanted)
    largest = max(map(abs, wanted))
    return len(got) == len(wanted) and all(abs(g - w) <= 1e-7 * largest for g, w in zip(got, wanted))


def replayed(said, p):
    """(nabla_b, nabla_w) with the mistakes, and times the factor, that the words name."""
    both = re.fullmatch("The gradient of the biases is (.*) The gradient of the weights is (.*)", said)
    if both:
        said = [part[len("wrong: ") :] if part.startswith("wrong: ") else "." for part in both.groups()]
    else:
        said = [said, said]
    gradient = []
    for words, part in zip(said, PARTS):
        assert words[-1] == "."
        pieces = [piece for piece in words[:-1].split("; and ") if piece]
        mistakes = [STEP[piece] for piece in pieces if piece in STEP]
        [c] = [
            c(len(p.y))
            for factor, c in FACTORS.items()
            if factor in [piece[0].lower() + piece[1:] for piece in pieces if piece not in STEP]
        ] or [1]
        assert len(mistakes) + (c != 1) >= len(pieces), f"{pieces} must all be words of a table"
        [layers] = played(p, mistakes, [part])
        gradient.append([scale(c, v) if part == "bias" else [scale(c, row) for row in v] for v in layers])
    return tuple(gradient)


def times(c, nabla):
    nabla_b, nabla_w = nabla
    return [scale(c, b) for b in nabla_b], [[scale(c, row) for row in w] for w in nabla_w]


def a_tenth():
    """For a property in which every example takes long."""
    return settings(max_examples=max(10, settings.default.max_examples // 10))


# Right gradients.


def test_played_without_a_mistake_it_is_backprop():
    for sizes in ([1, 1], [2, 3], [2, 3, 4, 2], [3, 3, 3, 3]):
        net = Network(sizes, random.Random(1))
        x, y = [0.5] * sizes[0], [0.25] * sizes[-1]
        p = forward(net.biases, net.weights, x, y)
        assert same(played(p), net.backprop(x, y))
        assert same(p.activations[-1], net.feedforward(x)) and p.activations[0] == x
        assert same(p.nabla_a, net.cost_derivative(net.feedforward(x), y)) and p.y == y
        assert [played(p, (), [part]) for part in PARTS] == [(gradient,) for gradient in played(p)]
        assert mistake([p], [played(p)]) is None


# Every mistake.


@pytest.mark.parametrize("step, words", EVERY)
def test_every_mistake_is_found_under_its_own_words_or_such_as_give_the_same_numbers(step, words):
    nabla = played(SQUARE, [(step, words)])
    assert not same(nabla, played(SQUARE)), "a mistake must make a difference"
    said = said_of((step, words))
    assert same(replayed(said, SQUARE), nabla)
    own = said == f"{words[0].upper()}{words[1:]}."
    if not own:
        # Then another mistake, or none, gives the same, but for a common factor.
        others = [[], *([one] for one in EVERY if one != (step, words))]
        gradients = [numbers(played(SQUARE, one)) for one in others]
        assert any(same(scale(c(3), g), nabla) for g in gradients for c in FACTORS.values())


def test_most_mistakes_have_numbers_of_their_own():
    """So that the test above is not of the twins alone."""
    said = map(said_of, EVERY)
    assert sum(
        words[1][0].upper() + words[1][1:] + "." == found for words, found in zip(EVERY, said)
    ) > 0.9 * len(EVERY)


@a_tenth()
@given(st.lists(st.sampled_from(EVERY), min_size=2, max_size=2), st.integers(0, 2**32))
def test_two_mistakes_at_once_are_found_by_what_they_give(pair, seed):
    p = a_pass([2, 2, 2], seed)
    nabla = played(p, pair)
    said = mistake([p], [nabla])
    if same(nabla, played(p)):
        assert said is None, "two mistakes may cancel"
    else:
        assert same(replayed(said, p), nabla)


@pytest.mark.parametrize("factor", list(filter(None, FACTORS)))
def test_a_factor_is_named_and_so_is_one_beside_a_mistake(factor):
    passes = [a_pass([2, 3, n], n) for n in (4, 3, 2, 1)]

    def scaled(mistakes=()):
        """The passes in which it shows, as they are looked at, and the gradients."""
        nablas = [times(FACTORS[factor](len(p.y)), played(p, mistakes)) for p in passes]
        wrong = [pair for pair in zip(passes, nablas) if not same(pair[1], played(pair[0]))]
        return zip(*wrong)

    assert mistake(*scaled()) == f"{factor[0].upper()}{factor[1:]}."
    target = "a stands for a − y: the target is left out"
    assert mistake(*scaled([("error", target)])) == f"{target[0].upper()}{target[1:]}; and {factor}."


def test_what_is_wrong_with_one_part_only_is_said_of_that_part():
    p = a_pass([2, 3, 2])
    (b, w), (b2, w2) = played(p), times(2, played(p))
    said = mistake([p], [(b, w2)])
    assert said == (
        "The gradient of the biases is right. The gradient of the weights is wrong: Everything is twice too "
        "large: the derivative of ½‖y − a‖² is a − y, without a 2."
    )
    assert same(replayed(said, p), (b, w2))
    said = mistake([p], [(b2, w)])
    assert said.startswith("The gradient of the biases is wrong: Everything is twice")
    assert said.endswith(" The gradient of the weights is right.")
    assert mistake([p], [([[1.0] * 3, [1.0] * 2], w)]) is None
    assert mistake([p], [(b, [[[1.0] * 2] * 3, [[1.0] * 3] * 2])]) is None


# A few will do: nothing branches on the share or the seed.
@settings(max_examples=5)
@given(st.floats(1e-4, 10) | st.floats(-10, -1e-4), st.integers(0, 2**32))
def test_weight_decay_is_named_with_its_share(share, seed):
    passes = [a_pass([2, 3, 2], seed), a_pass([2, 1], seed)]
    nablas = []
    for p in passes:
        nabla_b, nabla_w = played(p)
        nablas.append(
            (nabla_b, [[add(g, scale(share, row)) for g, row in zip(*wg)] for wg in zip(nabla_w, p.weights)])
        )
    assert mistake(passes, nablas) == (
        "The gradient of the biases is right. The gradient of the weights is wrong: "
        f"{share:.4g} times the weights are in it, as for weight decay."
    )


def test_weight_decay_is_not_said_where_the_weights_are_zero_or_do_not_tell():
    p = forward([[0.5]], [[[0.0, 0.0]]], [1.0, 2.0], [0.0])
    b, [[row]] = played(p)
    assert mistake([p], [(b, [[[row[0] + 1.0, row[1]]]])]) is None
    p = forward([[0.5]], [[[1.0, 0.0]]], [1.0, 2.0], [0.0])
    b, [[row]] = played(p)
    assert "-0.25 times the weights" in mistake([p], [(b, [[[row[0] - 0.25, row[1]]]])])
    assert mistake([p], [(b, [[[row[0] - 0.25, row[1] + 0.1]]])]) is None


@pytest.mark.parametrize("words", FORWARD)
def test_every_mistake_in_the_pass_forward_is_found_under_its_own_words(words):
    wrong = FORWARD[words]
    unfit = [p for p in (a_pass([2, 3, 4, 2]), a_pass([1, 1])) if "another layer" not in words]
    passes = [SQUARE, a_pass([3, 3, 3, 3], 1), *unfit]
    assert mistake(passes, [played(wrong(p)) for p in passes]) == f"In the pass forward, {words}."
    # What does not fit says nothing, what fits must agree, and the first must show it.
    nabla = played(wrong(SQUARE))
    if "another layer" in words:
        passes = [SQUARE, a_pass([2, 3, 4, 2])]
        assert mistake(passes, [nabla, played(passes[1])]) == f"In the pass forward, {words}."
    other = a_pass([3, 3, 3, 3], 1)
    assert mistake([SQUARE, other], [nabla, played(other)]) is None


def test_a_pass_forward_by_hand_without_biases_or_the_first_sigma():
    p = forward([[0.5], [-1.0]], [[[2.0]], [[3.0]]], [1.0], [0.0])
    assert numbers(FORWARD["the bias is left out"](p).zs) == pytest.approx([2.0, 3 / (1 + math.exp(-2.0))])
    first = FORWARD["σ is left out in the first layer"](p)
    assert first.activations[:2] == [[1.0], [2.5]] and first.zs == [[2.5], [6.5]]
    assert first.activations[2] == first.nabla_a == [pytest.approx(1 / (1 + math.exp(-6.5)))]


@pytest.mark.parametrize(
    "sizes, share",
    [
        *(([2, 3, 2], share) for share in (1e-3, 0.01, -0.2, 3.0)),
        ([3, 3, 3, 3], 0.5),
        ([2, 3, 4, 5, 1], 0.5),
        ([2, 3, 2], 5e-5),
    ],
)
def test_weights_that_are_updated_too_early_are_told_with_their_share(sizes, share):
    rng = random.Random(5)
    passes, nablas = [], []
    for _ in range(3):
        net, x, y = Network(sizes, rng), *([rng.gauss(0, 1) for _ in range(n)] for n in (sizes[0], sizes[-1]))
        passes.append(forward(net.biases, net.weights, x, y))
        # The step of our own network is trusted: one layer after the other, the last first.
        delta = [a - t for a, t in zip(passes[-1].activations[-1], y)]
        nabla_b, nabla_w = [], []
        for l in reversed(range(len(net.weights))):
            delta = [d * s * (1 - s) for d, s in zip(delta, passes[-1].activations[l + 1])]
            nabla_b.insert(0, delta)
            nabla_w.insert(0, [[d * a for a in passes[-1].activations[l]] for d in delta])
            w = [[v - share * g for v, g in zip(*rows)] for rows in zip(net.weights[l], nabla_w[0])]
            delta = [sum(d * row[k] for d, row in zip(delta, w)) for k in range(sizes[l])]
        nablas.append((nabla_b, nabla_w))
    words = f"The error is sent back through already updated weights, less {share:.4g} times their gradient."
    # So small a share may be the rounding of 32-bit floats.
    assert mistake(passes, nablas) == (None if share == 5e-5 else words)
    nablas[2][1][0][0][0] += 1.0
    assert mistake(passes, nablas) is None


def test_what_is_off_by_less_than_a_factor_tells_is_wrong():
    nabla = played(a_pass([2, 3]))
    assert layer_by_layer(times(1.0005, nabla), nabla) == "nabla_b is wrong; nabla_w is wrong."
    twice = "nabla_b is 1.002 times what it should be; nabla_w is 1.002 times what it should be."
    assert layer_by_layer(times(1.002, nabla), nabla) == twice


def test_the_error_of_the_output_sent_to_every_layer_is_named():
    delta = hadamard(SQUARE.nabla_a, sigmoid_prime(SQUARE.zs[-1]))
    sent = [
        hadamard(matvec(transpose(w), delta), sigmoid_prime(z)) for w, z in zip(SQUARE.weights[1:], SQUARE.zs)
    ]
    nabla_b = [*sent, delta]
    nabla_w = [outer(d, a) for d, a in zip(nabla_b, SQUARE.activations)]
    words = "The error of the output stands for that of the layer after."
    assert mistake([SQUARE], [(nabla_b, nabla_w)]) == words


def test_a_loop_that_jumps_over_a_layer():
    right = played(SQUARE)
    jumped = [right[0][0], [0.0] * 3, right[0][2]], [right[1][0], [[0.0] * 3] * 3, right[1][2]]
    wrong = times(1.5, right)[0][:1] + jumped[0][1:], times(1.5, right)[1][:1] + jumped[1][1:]
    told = layer_by_layer(wrong, right)
    assert told.startswith("The loop over the layers jumps over that of nabla_b[1]. nabla_b ")


def test_the_first_pass_must_show_the_mistake_and_the_others_may_be_unfit_for_it():
    forth = ("outer", "the outer product is transposed, where ∂C/∂w = δ a⁻ᵀ")
    through = ("back", "the error is sent back through w instead of wᵀ")
    narrow = a_pass([3, 2, 3])
    nabla = played(SQUARE, [through])
    assert mistake([SQUARE, narrow], [nabla, times(1.5, played(narrow))]).startswith(
        "The error is sent back through"
    )
    assert mistake([narrow, SQUARE], [times(1.5, played(narrow)), nabla]) is None
    # All shapes fit in `narrow` but not in the order of the parameters.
    assert mistake([SQUARE, narrow], [played(SQUARE, [forth]), played(narrow)]) is None


# What none of them explains.


def test_zero_everywhere():
    p = a_pass([2, 3, 2])
    assert layer_by_layer(times(0.0, played(p)), played(p)) == "It is zero everywhere."


def test_reversed_layers():
    p = a_pass([2, 2, 2, 2])
    nabla_b, nabla_w = played(p)
    said = "The layers stand in reverse order: what is found on the way back must be put in front."
    assert layer_by_layer((nabla_b[::-1], nabla_w[::-1]), played(p)) == said
    assert layer_by_layer((nabla_b, nabla_w[::-1]), played(p)) == said
    p = a_pass([2, 3, 2])
    nabla_b, nabla_w = played(p)
    assert layer_by_layer((nabla_b[::-1], nabla_w[::-1]), played(p)) == said


def test_layers_that_stay_zero_or_get_the_delta_of_the_next_one():
    p = a_pass([2, 2, 2, 2])
    nabla_b, nabla_w = played(p)
    zero_b, zero_w = times(0.0, (nabla_b, nabla_w))
    loop = "The loop over the layers does not reach the first ones, or does not keep what it finds. "
    for k, where in (
        (1, "zero at [0], right at [1], [2]"),
        (2, "zero at [0], [1], right at [2]"),
    ):
        said = layer_by_layer((zero_b[:k] + nabla_b[k:], zero_w[:k] + nabla_w[k:]), (nabla_b, nabla_w))
        assert said == f"{loop}nabla_b is {where}; nabla_w is {where}."
    stale_b = nabla_b[1:] + nabla_b[-1:]
    stale_w = [[scale(d, a) for d in delta] for delta, a in zip(stale_b, p.activations)]
    assert layer_by_layer((stale_b, stale_w), (nabla_b, nabla_w)).startswith(
        "Each layer but the last has the δ of the layer after: the new δ is not what is kept. nabla_b is"
    )
    odd_b = [[0.1, 0.7], [0.3, 0.2], nabla_b[2]]
    odd_w = [[[0.1, 0.7], [0.3, 0.2]]] * 2 + nabla_w[2:]
    last = "The last layer is right, but not what it hands back to the layers before it. "
    where = "wrong at [0], [1], right at [2]"
    assert layer_by_layer((odd_b, odd_w), played(p)) == f"{last}nabla_b is {where}; nabla_w is {where}."
    # Where the biases of the layers before are right, what is handed back is.
    assert layer_by_layer((nabla_b, odd_w), played(p)) == f"nabla_b is right; nabla_w is {where}."
    assert layer_by_layer((odd_b, times(3.0, played(p))[1]), played(p), ("b", "w")) == (
        f"b is {where}; w is 3 times what it should be."
    )
    assert layer_by_layer(([odd_b[0], *nabla_b[1:]], [odd_w[0], *nabla_w[1:]]), played(p)) == (
        "nabla_b is wrong at [0], right at [1], [2]; "
        "nabla_w is wrong at [0], right at [1], [2]."
    )


def test_rows_alike_and_layers_that_are_a_multiple():
    p = a_pass([2, 2, 2])
    nabla_b, nabla_w = played(p)
    alike = "wrong, with all rows alike as if one list stood for them all,"
    assert layer_by_layer((nabla_b, [[[5.0, 6.0]] * 2, nabla_w[1]]), played(p)) == (
        f"nabla_b is right; nabla_w is {alike} at [0], right at [1]."
    )
    assert layer_by_layer((nabla_b, [times(0.125, played(p))[1][0], nabla_w[1]]), played(p)) == (
        "nabla_b is right; nabla_w is 0.125 times what it should be at [0], right at [1]."
    )
    # Of a single number anything is a multiple.
    assert layer_by_layer(([[3.0]], [[[0.5]]]), ([[1.0]], [[[0.5]]])) == "nabla_b is wrong; nabla_w is right."
    assert layer_by_layer(([[3.0, 3.0]], [[[0.5]]]), ([[0.0, 0.0]], [[[0.5]]])).startswith(
        "nabla_b is wrong;"
    )


# Through the door that gradcheck uses.


class Mistaken(Clothed):
    """A network whose backprop is played with mistakes."""

    mistakes = ()

    def backprop(self, x, y):
        net = self.plain()
        nabla_b, nabla_w = played(forward(net.biases, net.weights, numbers(x), numbers(y)), self.mistakes)
        return [self.form.vector(b) for b in nabla_b], [self.form.matrix(w) for w in nabla_w]


@pytest.mark.parametrize("form", FORMS)
def test_check_says_what_is_the_matter_in_every_form(form):
    net = Mistaken(Network([2, 3, 2], random.Random(1)), form)
    example = net.clothe([0.5, -0.3], [1.0, 0.0])
    assert check(net, *example)
    for one in (
        ("error", "|a − y| stands for a − y"),
        ("output", "at the output, σ′(z) is left out"),
        ("hidden", "in the hidden layers, σ′ is taken of a instead of z"),
        ("bias", "in the hidden layers, ∂C/∂b is zero, where it is δ"),
    ):
        net.mistakes = [one]
        assert explain(net, *example) == f"{one[1][0].upper()}{one[1][1:]}."


def test_a_mistake_is_found_under_another_cost():
    def cross_entropy(output, y):
        return -sum(t * math.log(a) + (1 - t) * math.log(1 - a) for a, t in zip(output, y))

    words = "the error is sent back without the weights"
    for b in (0.0, 12.0, -14.0):  # Up to outputs of 1e-6 and 1 - 1e-5, near which the cost is steep.
        net = Network([2, 2, 2], random.Random(1))
        net.biases[-1][0] = b
        p = forward(net.biases, net.weights, [0.5, -0.3], [1.0, 0.25])
        p = p._replace(nabla_a=[(q - t) / (q * (1 - q)) for q, t in zip(p.activations[-1], p.y)])
        net.backprop = lambda x, y, p=p: played(p, [("back", words)])
        assert explain(net, [0.5, -0.3], [1.0, 0.25], cost=cross_entropy) == f"T{words[1:]}."


def test_a_network_of_another_kind_is_told_layer_by_layer():
    class Tanh(Network):
        def feedforward(self, a):
            return [math.tanh(z) for z in [self.weights[0][0][0] * a[0] + self.biases[0][0]]]

        def backprop(self, x, y):
            [a] = self.feedforward(x)
            delta = (a - y[0]) * (1 - a * a)
            return [[-delta]], [[[delta * x[0]]]]

    net = Tanh([1, 1], random.Random(0))
    assert explain(net, [2.0], [0.5]) == "nabla_b is wrong; nabla_w is right."


@pytest.mark.parametrize("z", [800.0, -800.0, 1e6])
def test_neurons_so_saturated_that_nothing_can_be_divided_by_their_slope(z):
    net = Network([2, 2, 2], random.Random(0))
    net.biases[0] = [z, -z]
    right = net.backprop
    net.backprop = lambda x, y: (right(x, y)[0], [[[0.5, 0.7]] * 2, right(x, y)[1][1]])
    assert "at [0]" in explain(net, [1.0, 1.0], [0.0, 1.0])


def test_an_output_next_to_1_has_a_cost_that_cannot_be_measured_and_no_error_comes_of_it():
    net = Network([1, 1])
    net.weights, net.biases = [[[0.0]]], [[36.7]]
    assert 0 < 1 - net.feedforward([0.0])[0] < 1e-15
    net.backprop = lambda x, y: ([[1.0]], [[[1.0]]])
    said = explain(net, [0.0], [0.0], cost=lambda output, y: output[0] ** 2)
    assert said == "nabla_b is wrong; nabla_w is wrong."


def test_what_is_no_number_is_said_to_be():
    net = Network([1, 2])
    for odd in (math.nan, math.inf, -math.inf):
        nabla = ([[0.0, odd]], [[[0.0], [0.0]]])
        said = diagnosis.of_gradient(net, [1.0], [0.0, 0.0], nabla, net.backprop([1.0], [0.0, 0.0]), None)
        assert said == "There are entries that are NaN or infinite."
