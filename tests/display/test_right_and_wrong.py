"""right_and_wrong.py: an answer is right where the network says so. test_html_page.py counts what is wrong."""

import random

from hypothesis import given
from hypothesis import strategies as st

from purenet.display.right_and_wrong import answers, guess
from purenet.network import Network

examples = st.lists(st.tuples(st.floats(-9, 9), st.integers(0, 2)), max_size=5)


@given(st.integers(0, 1000), st.booleans(), examples)
def test_as_many_answers_are_right_as_the_network_says(seed, equal, drawn):
    net, test_data = Network([1, 3], random.Random(seed)), [([x], digit) for x, digit in drawn]
    if equal:  # Of equal outputs, the first is the guess.
        net.biases, net.weights = [[0.0] * 3], [[[1.0]] * 3]
    right = sum(digit == guess(output) for _, digit, output in answers(net, test_data))
    assert right == net.evaluate(test_data)
