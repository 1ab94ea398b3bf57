"""walkthrough.py: every number is the network's own, every example comes out, and every line fits."""

import copy
import inspect
import random
import re

from hypothesis import example, given
from hypothesis import strategies as st
from walkthrough import drawn

from purenet import gradcheck, network
from purenet.display.equations import plot
from purenet.display.walkthrough import Equation, curves, sections, text
from purenet.network import Network, sigmoid, sigmoid_prime

NUMBER = re.compile(r"\d+\.\d+(?:e-\d+)?")
extremes = st.sampled_from([0.0, 1.0, -1.0, 1000.0, -1000.0, -1e-30])
numbers = extremes | st.floats(-1000, 1000) | st.floats(-2, 2)


@st.composite
def lessons(draw):
    """(net, x, y, eta), as the script may have to show them."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=4))
    x, y = (draw(st.lists(numbers, min_size=n, max_size=n)) for n in (sizes[0], sizes[-1]))
    return Network(sizes, random.Random(draw(st.integers(0, 99)))), x, y, draw(numbers)


def usual(seed=574, sizes=(2, 3, 1)):
    """(net, x, y, eta), as the script draws them."""
    return (*drawn(sizes, seed), 3.0)


def steps(lesson):
    return [step for section in sections(*lesson).values() for step in section]


def sentences(lesson):
    return [" ".join(step.split()) for step in steps(lesson) if isinstance(step, str)]


def shown(lesson):
    """{number: [(layer, its vectors, matrices and numbers), ...]} of the equations."""
    found = {}
    for step in steps(lesson):
        if isinstance(step, Equation) and step.formula:
            parts = [part for piece in step.pieces for part in piece if not isinstance(part, str)]
            found.setdefault(int(re.match(r"\((\d+)\) ", step.formula)[1]), []).append((step.layer, parts))
    return found


@given(lessons())
def test_every_number_is_the_networks(lesson):
    net, x, y, eta = lesson
    activations, deltas = net.propagate(x, y)
    nabla_b, nabla_w = net.backprop(x, y)
    after = copy.deepcopy(net)
    after.update_mini_batch([(x, y)], eta)
    equations, last = shown(lesson), net.num_layers - 1
    forwards, zs = range(1, last + 1), {}
    assert sorted(equations) == [1, 2, 3, 4, 5, *([6] if last > 1 else []), 7, 8, 9, 10]
    assert [layer for number in (1, 2, 7, 8) for layer, _ in equations[number]] == 4 * [*forwards]
    assert [layer for number in (3, 4) for layer, _ in equations[number]] == 3 * [last]
    assert [layer for layer, _ in equations[5]] == [*forwards][::-1]
    assert [layer for layer, _ in equations.get(6, [])] == [*forwards][:0:-1]
    for layer, (w, a_prev, b, z) in equations[1]:
        assert (w, a_prev, b) == (net.weights[layer - 1], activations[layer - 1], net.biases[layer - 1])
        assert [sigmoid(z_j) for z_j in z] == activations[layer]
        zs[layer] = z
    for layer, numbers in equations[2]:
        assert numbers == [zs[layer], activations[layer]]
    for (_, (*numbers, cost)), now in zip(equations[3], (net, after)):
        a = now.feedforward(x)
        assert numbers == [y, a, [v - u for u, v in zip(a, y)]] and cost == now.cost(x, y)
    a = activations[-1]
    rates = {last: [u - v for u, v in zip(a, y)]}
    assert equations[4] == [(last, [a, y, rates[last]])]
    for layer, (w, delta, sums) in equations.get(6, []):
        assert w == [list(column) for column in zip(*net.weights[layer - 1])] and delta == deltas[layer - 1]
        rates[layer - 1] = sums
    for layer, (dC_da, z, again, slope, delta) in equations[5]:
        assert dC_da == again == rates[layer] and z == zs[layer] and slope == list(map(sigmoid_prime, z))
        assert delta == deltas[layer - 1] == [u * v for u, v in zip(dC_da, slope)]
    assert equations[7] == [(layer, [nabla_b[layer - 1]]) for layer in forwards]
    for layer, numbers in equations[8]:
        assert numbers == [deltas[layer - 1], [activations[layer - 1]], nabla_w[layer - 1]]
    biases = zip(forwards, map(list, zip(net.biases, nabla_b, after.biases)))
    weights = zip(forwards, map(list, zip(net.weights, nabla_w, after.weights)))
    assert equations[9] == [*biases, *weights]


@given(lessons())
@example((Network([5, 5, 5], random.Random(0)), [1e3, -1e-30, -0.0, 1e3, 1e3], [-1e3] * 5, -999.999))
@example((Network([1] * 20, random.Random(1)), [0.0], [1.0], 0.0))
def test_every_line_fits_the_page_and_nothing_is_changed(lesson):
    before = copy.deepcopy(lesson)
    out = text({**sections(*lesson), **curves()})
    assert max(map(len, out.split("\n"))) <= 80 and "\n\n\n" not in out
    (net, *rest), (net_before, *rest_before) = lesson, before
    assert (net.biases, net.weights, rest) == (net_before.biases, net_before.weights, rest_before)


def test_an_example_takes_the_first_entries_as_they_stand_on_the_page():
    net, *_ = lesson = usual()
    # All numbers of a matrix have as many decimals, and so have those that are taken from it.
    net.weights[0][-1] = [v / 3 for v in net.weights[0][-1]]
    examples = [step.strip() for step in steps(lesson) if isinstance(step, str) and step.startswith(" ")]
    assert examples == [
        "0.9000·0.6 + (-0.3000)·0.4 + (-0.5) = -0.0800",
        "1 / (1 + exp(0.0800)) = 0.4800",
        "0.4481·(1 − 0.4481) = 0.2473",
        "(-0.8)·(-0.1365) = 0.1092",
        "0.0273·0.6 = 0.0164",
    ]
    page = text({"": [step for step in steps(lesson) if isinstance(step, Equation)]})
    assert set(NUMBER.findall(" ".join(examples))) <= set(NUMBER.findall(page))


@given(lessons())
def test_the_check_moves_the_steepest_weight_of_layer_1(lesson):
    net, x, y, _ = lesson
    *_, sentence, (_, _, [[lines]]), found, _ = steps(lesson)
    row, column, j, k = map(int, re.search(r"row (\d), column (\d) .*\[0\]\[(\d)\]\[(\d)\]", sentence).groups())
    assert (row, column) == (j + 1, k + 1)
    nabla = net.backprop(x, y)[1][0]
    assert abs(nabla[j][k]) == max(abs(slope) for rates in nabla for slope in rates)
    costs = []
    for moved in net.weights[0][j][k] + 0.00001, net.weights[0][j][k] - 0.00001:
        other = copy.deepcopy(net)
        other.weights[0][j][k] = moved
        costs.append(other.cost(x, y))
    above, below = costs
    numbers = re.fullmatch(r"= \((.*) − (.*)\) / 0.00002\n= (.*) / 0.00002\n= (.*)", lines).groups()
    expected = [above, below, above - below, (above - below) / 0.00002]
    assert [*map(float, numbers)] == [round(v, 14) for v in expected]
    assert float(re.search(r"has (\S+) in", found)[1]) == round(nabla[j][k], 14)


def test_only_a_step_that_lowers_the_cost_is_praised():
    net, x, y, _ = usual()
    for eta, praised in (3.0, True), (0.1, True), (0.0, False), (-3.0, False):
        [moral] = [sentence for sentence in sentences((net, x, y, eta)) if sentence.startswith("The cost was")]
        assert moral.endswith("Learning is many such steps.") == praised
        assert moral.endswith("It falls if η is above 0 and small enough.") != praised
    # That was with η = -3.
    assert "[0.4] − (-3.0) [-0.1393]" in text(sections(net, x, y, eta))
    before, after = map(float, re.search(r"was (\S+) and is (\S+) now", moral).groups())
    assert before == round(net.cost(x, y), 4) < after


def test_the_formulas_stand_in_the_source_with_the_same_numbers():
    source = inspect.getsource(network) + inspect.getsource(gradcheck)
    for formula in {step.formula for step in steps(usual()) if isinstance(step, Equation)}:
        assert formula.replace("− η ∂", "− η/m ∂") in source


def test_the_sentences_name_the_layers():
    lesson = usual(0, [1, 2, 3, 4])
    heading, *_ = sections(*lesson)
    assert heading == "One training step of a network of 1, 2, 3 and 4 neurons"
    for start in (
        "The small digits number the layers. The input is layer 0, so a₀ = x, and a₃ is the answer.",
        "Each neuron of layer 1 multiplies each entry of a₀ by a weight",
        "Layer 2 does the same with the activations of layer 1.",
        "Layer 3 does the same with the activations of layer 2.",
        "Each neuron of layer 2 acts on the cost through every neuron of layer 3",
        "So layer 2 has its ∂C/∂a, and (5) gives its errors.",
        "In the same way, layer 1 acts through layer 2.",
    ):
        assert any(sentence.startswith(start) for sentence in sentences(lesson)), start


def test_a_page_made_by_hand():
    page = {"A σ": ["One   sentence.", "    1 · 1 = 1", Equation("(2) a ← σ(z)", 1, [["← σ", [0.5, 1.0]]])]}
    assert text(page) == (
        "A σ\n---\n\nOne sentence.\n\n    1 · 1 = 1\n\n(2) a₁ ← σ(z₁)\n       ← σ ⎡0.5⎤\n           ⎣1.0⎦"
    )
    [(_, first, _, second)] = curves().values()
    assert (first.pieces, second.pieces) == ([[plot(sigmoid, 1.0)]], [[plot(sigmoid_prime, 0.25)]])
