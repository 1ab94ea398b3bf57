"""right_and_wrong.py: every answer is counted once, and the worst mistakes come first."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from purenet.display.right_and_wrong import answers, confusion_matrix, guess, mistakes
from purenet.network import Network

# Few different outputs, so that the largest is often not alone.
outputs = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=3, max_size=3)
tested = st.lists(st.tuples(st.just([0.5]), st.integers(0, 2), outputs), min_size=1, max_size=20)


@given(tested)
def test_the_confusion_matrix_counts_every_answer_once(answers):
    counts = confusion_matrix(answers)
    pairs = Counter((digit, guess(output)) for _, digit, output in answers)
    assert counts == [[pairs[digit, taken] for taken in range(3)] for digit in range(3)]


@given(tested)
def test_the_mistakes_are_all_wrong_answers_with_the_worst_first(answers):
    wrong = mistakes(answers)
    assert Counter(map(str, wrong)) == Counter(str(a) for a in answers if a[1] != guess(a[2]))
    margins = [max(output) - output[digit] for _, digit, output in wrong]
    assert margins == sorted(margins, reverse=True)


@given(st.integers(0, 1000), st.lists(st.tuples(st.floats(-9, 9), st.integers(0, 2)), max_size=5))
def test_as_many_answers_are_right_as_the_network_says(seed, drawn):
    net, test_data = Network([1, 3], random.Random(seed)), [([x], digit) for x, digit in drawn]
    right = sum(digit == guess(output) for _, digit, output in answers(net, test_data))
    assert right == net.evaluate(test_data)


def test_of_equal_outputs_the_first_is_the_guess():
    assert guess([0.0, 0.5, 0.5]) == 1
