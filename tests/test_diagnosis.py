"""diagnosis.py: a mistake that is put in on purpose is found again, by the numbers that it gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import cases, tame

from purenet import conformance, diagnosis
from purenet.forms import numbers
from purenet.matrix import scale

EVERY = [(step, words) for step in diagnosis.MISTAKES for words in diagnosis.MISTAKES[step]]
PASSES = [
    diagnosis.forward(case.biases, case.weights, *case.examples[0])
    for case in conformance.CASES
    if case.sizes in ([3, 3, 3, 3, 3], [3, 3, 3, 3], [2, 3, 4, 2])
][::-1]


def possible(mistakes):
    """The passes in which these mistakes can be made and give a gradient of the right shapes, and those."""
    pairs = []
    for p in PASSES:
        try:
            nabla = diagnosis.played(p, mistakes)
        except (ValueError, IndexError, ZeroDivisionError):
            continue
        if len(numbers(nabla[0])) == len(numbers(diagnosis.played(p)[0])):
            pairs.append((p, nabla))
    return list(zip(*pairs))


def same(p, some, others):
    """Whether the mistakes give the same numbers, but for rounding."""
    a, b = (numbers(diagnosis.played(p, mistakes)) for mistakes in (some, others))
    return all(abs(x - y) <= 1e-9 * max(map(abs, b)) for x, y in zip(a, b))


def played_again(sentence, p):
    """The gradient that what the sentence says would give, times the factor that it names."""
    clauses = sentence.rstrip(".").split("; and ")
    lower = {words[0].upper() + words[1:]: (step, words) for step, words in EVERY}
    lower.update({words: (step, words) for step, words in EVERY})
    mistakes = [lower[clause] for clause in clauses if clause in lower]
    factors = {words[:1].upper() + words[1:]: c for words, c in diagnosis.FACTORS.items() if words}
    factors.update(diagnosis.FACTORS)
    c = [factors[clause](len(p.y)) for clause in clauses if clause not in lower]
    assert len(mistakes) + len(c) == len(clauses)
    return scale((c or [1])[0], numbers(diagnosis.played(p, mistakes)))


@pytest.mark.parametrize("mistake", EVERY, ids=lambda mistake: mistake[1])
def test_every_mistake_is_found_again(mistake):
    passes, nablas = possible([mistake])
    sentence = diagnosis.mistake(passes, nablas)
    # Another mistake may give the same numbers, a (a − 1) for a (1 − a) the wrong sign: then that is as true.
    wanted = numbers(nablas[0])
    again = played_again(sentence, passes[0])
    assert all(abs(x - y) <= 1e-6 * max(map(abs, wanted)) for x, y in zip(again, wanted))


@pytest.mark.parametrize("words", diagnosis.FACTORS)
def test_every_common_factor_is_named(words):
    nablas = []
    for p in PASSES:
        nabla_b, nabla_w = diagnosis.played(p)
        c = diagnosis.FACTORS[words](len(p.y))
        nablas.append(([scale(c, b) for b in nabla_b], [[scale(c, row) for row in w] for w in nabla_w]))
    sentence = diagnosis.mistake(PASSES, nablas)
    assert sentence == (f"{words[0].upper()}{words[1:]}." if words else None)


@pytest.mark.parametrize(
    "pair",
    [
        [EVERY[k], EVERY[l]]
        for k, l in ((6, 20), (9, 40), (0, 18), (25, 33), (18, 36), (2, 50), (12, 70), (31, 60))
        if EVERY[k][0] != EVERY[l][0]
    ],
)
def test_two_mistakes_at_once_are_found_again(pair):
    found = possible(pair)
    if not found:
        pytest.skip("these two do not fit together")
    passes, nablas = found
    sentence = diagnosis.mistake(passes, nablas)
    assert sentence
    if "gradient of the" not in sentence:
        wanted = numbers(nablas[0])
        again = played_again(sentence, passes[0])
        assert all(abs(x - y) <= 1e-6 * max(map(abs, wanted)) for x, y in zip(again, wanted))


def test_weight_decay_is_found():
    nablas = []
    for p in PASSES:
        nabla_b, nabla_w = diagnosis.played(p)
        decayed = [
            [[g + 0.25 * w for g, w in zip(*rows)] for rows in zip(*layer)]
            for layer in zip(nabla_w, p.weights)
        ]
        nablas.append((nabla_b, decayed))
    assert diagnosis.mistake(PASSES, nablas) == (
        "The gradient of the biases is right. The gradient of the weights is wrong: "
        "0.25 times the weights are in it, as for weight decay."
    )


@settings(max_examples=25)
@given(cases(tame, tame, st.floats(0, 1)))
def test_a_right_gradient_is_no_mistake(case):
    p = diagnosis.forward(*case)
    assert diagnosis.mistake([p], [diagnosis.played(p)]) is None


RIGHT = ([[0.5, 1.0], [2.0]], [[[3.0, 4.0], [5.0, 6.0]], [[7.0, 8.0]]])


@pytest.mark.parametrize(
    "nabla, words",
    [
        (([[0.0] * 2, [0.0]], [[[0.0] * 2] * 2, [[0.0] * 2]]), "It is zero everywhere."),
        (
            ([[0.0] * 2, [2.0]], [[[0.0] * 2] * 2, [[7.0, 8.0]]]),
            "The loop over the layers does not reach the first ones, or does not keep what it finds. "
            "nabla_b is zero in layer 0, right in layer 1; nabla_w is zero in layer 0, right in layer 1.",
        ),
        (
            ([[0.5, 1.1], [2.0]], [[[3.0, 4.0], [5.0, 6.1]], [[7.0, 8.0]]]),
            "The last layer is right, but not what it hands back to the layers before it. "
            "nabla_b is wrong in layer 0, right in layer 1; nabla_w is wrong in layer 0, right in layer 1.",
        ),
        (
            ([[0.5, 1.0], [2.0]], [[[1.5, 2.0], [2.5, 3.0]], [[-7.0, 8.0]]]),
            "nabla_b is right; nabla_w is 0.5 times what it should be in layer 0, wrong in layer 1.",
        ),
        (
            ([[0.5, 1.0], [2.0]], [[[5.0, 6.0], [5.0, 6.0]], [[7.0, 8.0]]]),
            "nabla_b is right; nabla_w is wrong, with all rows alike as if one list stood for them all, in layer 0, right in layer 1.",
        ),
    ],
)
def test_what_has_no_name_is_told_layer_by_layer(nabla, words):
    assert diagnosis.layer_by_layer(nabla, RIGHT) == words


def test_layers_in_reverse_order_and_one_behind_are_told():
    p = next(p for p in PASSES if len(set(map(len, p.activations))) == 1)
    nabla_b, nabla_w = diagnosis.played(p)
    reverse = diagnosis.layer_by_layer((nabla_b[::-1], nabla_w[::-1]), (nabla_b, nabla_w))
    assert reverse == "The layers stand in reverse order: what is found on the way back must be put in front."
    stale_b = nabla_b[1:] + nabla_b[-1:]
    stale_w = [[scale(d, a) for d in delta] for delta, a in zip(stale_b, p.activations)]
    stale = diagnosis.layer_by_layer((stale_b, stale_w), (nabla_b, nabla_w))
    assert stale.startswith(
        "Each layer but the last has the δ of the layer after: the new δ is not what is kept."
    )
