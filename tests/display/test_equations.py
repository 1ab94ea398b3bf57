"""equations.py: what is drawn is what was given, and fits the page."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from purenet.display.equations import equation, numbered, plot, shown
from purenet.network import sigmoid, sigmoid_prime

numbers = st.sampled_from([0.0, -0.0, 1.0, -1000.0, 1e-30, 12.5]) | st.floats(-1e100, 1e100) | st.floats(-2, 2)
matrices = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(numbers, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


@given(st.lists(numbers, min_size=1, max_size=20))
@example([0.01, 0.00001])
@example([9999.5, 1 / 3, -0.00001])
def test_numbers_are_rounded_alike_and_the_largest_keeps_three_digits(numbers):
    texts = shown(numbers)
    endings = {(len(text.partition(".")[2].partition("e")[0]), "e" in text) for text in texts}
    assert len(endings) == 1 and max(map(len, texts)) <= len("-1.23e-217")
    for text, number in zip(texts, numbers):
        digits, _, exponent = text.partition("e")
        unit = 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
        # Where the number lies halfway, the two decimal neighbours are equally near but for a rounding error.
        assert abs(float(text) - number) <= 0.5 * unit * (1 + 1e-12) + 1e-15 * abs(number)
        assert float(text) or not text.startswith("-")
        if abs(number) == max(map(abs, numbers)):
            assert float(text) == number or unit <= abs(number) / 99


@pytest.mark.parametrize(
    "number, text",
    [(0.125, "0.125"), (1 / 3, "0.3333"), (1 / 99, "0.0101"), (1 / 300, "0.003333"), (1 / 30000, "3.33e-05")],
)
def test_small_numbers_get_more_decimals(number, text):
    assert shown([number]) == [text]


@given(matrices)
def test_a_matrix_is_drawn_row_by_row_between_brackets(matrix):
    lines, texts = equation("", [[matrix]]).split("\n"), iter(shown(sum(matrix, [])))
    n = len(matrix)
    assert [line[1:-1].split() for line in lines] == [[next(texts) for _ in row] for row in matrix]
    assert "".join(line[0] for line in lines) == ("[" if n == 1 else "⎡" + "⎢" * (n - 2) + "⎣")
    assert "".join(line[-1] for line in lines) == ("]" if n == 1 else "⎤" + "⎥" * (n - 2) + "⎦")
    assert len(set(map(len, lines))) == 1


@given(st.lists(matrices, min_size=1, max_size=6))
def test_matrices_stay_on_the_page_below_the_right_side_and_apart(drawn):
    formula, *lines = equation("(1) z = …", [["=", "σ′", matrix] for matrix in drawn], 80).split("\n")
    assert formula == "(1) z = …" and max(map(len, lines)) <= 80
    assert all(line[:6].strip() == "" for line in lines)
    assert not re.search("⎣.*\n.*⎡", "\n".join(lines))


@given(st.lists(numbers, min_size=1, max_size=5))
def test_a_vector_is_drawn_as_a_matrix_with_one_column(vector):
    assert equation("", [[vector]]) == equation("", [[[[entry] for entry in vector]]])


@given(st.integers(1, 12), st.integers(20, 60))
def test_a_row_holds_as_many_pieces_as_fit(n, width):
    lines = equation("z = w", [["=", 0.5]] * n, width).split("\n")[1:]
    most = (width - 2 + 1) // len("= 0.5 ")
    assert [line.count("=") for line in lines] == [most] * (n // most) + [n % most] * (n % most > 0)


def test_an_equation_drawn_by_hand():
    assert equation("(9) b ← b", [["←", [1.0, -0.5], "− 3.0", [0.0, 2.0]], ["=", [1.0, -6.5]]]) == (
        "(9) b ← b\n"
        "      ← ⎡ 1.0⎤ − 3.0 ⎡0.0⎤ = ⎡ 1.0⎤\n"
        "        ⎣-0.5⎦       ⎣2.0⎦   ⎣-6.5⎦"
    )
    # What is lower stands in the middle; a piece that is too wide has a row of its own.
    high, low = [1.0, 2.0, 3.0], "x"
    assert equation("", [[low, high], ["+", high]], width=3) == (
        "  ⎡1.0⎤\nx ⎢2.0⎥\n  ⎣3.0⎦\n\n  ⎡1.0⎤\n+ ⎢2.0⎥\n  ⎣3.0⎦"
    )


@pytest.mark.parametrize(
    "formula, layer, expected",
    [
        ("(1) z = w a_prev + b", 1, "(1) z₁ = w₁ a₀ + b₁"),
        ("(5) δ = ∂C/∂a ⊙ σ′(z)", 10, "(5) δ₁₀ = ∂C/∂a₁₀ ⊙ σ′(z₁₀)"),
        ("(6) ∂C/∂a_prev = wᵀ δ", 10, "(6) ∂C/∂a₉ = w₁₀ᵀ δ₁₀"),
        ("(8) ∂C/∂w = δ a_prevᵀ", 3, "(8) ∂C/∂w₃ = δ₃ a₂ᵀ"),
        ("(10) ∂C/∂p ≈ (C(p + ε) − C(p − ε)) / 2ε", 1, "(10) ∂C/∂p ≈ (C(p + ε) − C(p − ε)) / 2ε"),
    ],
)
def test_every_letter_gets_the_number_of_its_layer(formula, layer, expected):
    assert numbered(formula, layer) == expected


@pytest.mark.parametrize("function, top", [(sigmoid, 1.0), (sigmoid_prime, 0.25)])
def test_the_curve_runs_through_every_mark(function, top):
    lines = plot(function, top).split("\n")
    assert lines[0].startswith(f"  {top:.3f} +") and len(lines) == 13 and max(map(len, lines)) <= 80
    for column in range(65):
        marks = [row for row in range(11) if lines[10 - row][9:].ljust(65)[column] == "*"]
        assert marks == [round(10 * function((column - 32) / 4) / top)]
    axis, labels = lines[11:]
    assert [column for column, mark in enumerate(axis) if mark == "+"] == list(range(8, 73, 8))
    assert [(m.end() - 1, m[0]) for m in re.finditer(r"\S+", labels)] == [
        (40 + 4 * z, str(z)) for z in range(-8, 9, 2)
    ]
