"""matrix.py against loops over the indices, the laws of linear algebra, and shapes that do not fit."""

import copy
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import exact, floats, lengths, matrices, vectors

from purenet.matrix import add, dot, hadamard, matvec, outer, scale, subtract, subtract_outer, transpose

gaussian_integers = st.builds(complex, st.integers(-100, 100), st.integers(-100, 100))


@st.composite
def operands(draw, numbers=exact):
    """w (n, m), u and u2 (n,), a and a2 (m,), c a number."""
    n, m = draw(lengths), draw(lengths)
    return (
        draw(matrices(n, m, numbers)),
        draw(vectors(n, numbers)),
        draw(vectors(n, numbers)),
        draw(vectors(m, numbers)),
        draw(vectors(m, numbers)),
        draw(numbers),
    )


@given(operands() | operands(gaussian_integers))
def test_every_operation_is_what_a_loop_over_the_indices_gives(drawn):
    w, u, v, a, _, c = drawn
    n, m = len(u), len(a)
    assert add(u, v) == [u[j] + v[j] for j in range(n)]
    assert subtract(u, v) == [u[j] - v[j] for j in range(n)]
    assert hadamard(u, v) == [u[j] * v[j] for j in range(n)]
    assert scale(c, u) == [c * u[j] for j in range(n)]
    total = 0
    for j in range(n):
        total += u[j] * v[j]
    assert dot(u, v) == total
    product = [0] * n
    for j in range(n):
        for k in range(m):
            product[j] += w[j][k] * a[k]
    assert matvec(w, a) == product
    assert transpose(w) == [[w[j][k] for j in range(n)] for k in range(m)]
    assert outer(u, a) == [[u[j] * a[k] for k in range(m)] for j in range(n)]
    changed = copy.deepcopy(w)
    assert subtract_outer(changed, u, a) is None
    assert changed == [[w[j][k] - u[j] * a[k] for k in range(m)] for j in range(n)]


@given(operands())
def test_the_laws_of_linear_algebra(drawn):
    w, u, v, a, b, c = drawn
    assert dot(u, v) == dot(v, u)
    assert matvec(w, add(scale(c, a), b)) == add(scale(c, matvec(w, a)), matvec(w, b))
    assert dot(u, matvec(w, a)) == dot(matvec(transpose(w), u), a)
    assert transpose(transpose(w)) == w
    assert transpose(outer(u, a)) == outer(a, u)
    assert matvec(outer(u, a), b) == scale(dot(a, b), u)
    assert subtract(add(u, v), v) == u
    assert hadamard(u, v) == hadamard(v, u)


@given(operands(floats))
def test_floats_are_as_exact_as_a_sum_of_products_can_be(drawn):
    w, _, _, a, _, _ = drawn
    for row, computed in zip(w, matvec(w, a)):
        products = [Fraction(x) * Fraction(y) for x, y in zip(row, a)]
        # Each product and each partial sum is rounded once, by at most 2⁻⁵³ of Σ|x y|; twice that covers
        # the second-order terms. A product may also underflow, by at most the smallest float.
        rounding = (
            2 * (len(a) + 1) * (Fraction(2) ** -53 * sum(map(abs, products)) + Fraction(sys.float_info.min))
        )
        assert abs(Fraction(computed) - sum(products)) <= rounding


@given(operands(), st.data())
def test_nothing_but_subtract_outer_changes_what_it_is_given(drawn, data):
    w, u, v, a, _, c = drawn
    before = copy.deepcopy(drawn)
    add(u, v), subtract(u, v), hadamard(u, v), scale(c, u), dot(u, v), matvec(w, a), outer(u, a)
    columns = transpose(w)
    columns[0][0] += 1
    assert drawn == before


@given(operands(), st.integers(1, 3))
def test_shapes_that_do_not_fit_are_named(drawn, excess):
    w, u, _, a, _, _ = drawn
    n, m = len(u), len(a)
    longer_u, longer_a = u + [1] * excess, a + [1] * excess
    for operation, name in (
        (add, "add(u, v)"),
        (subtract, "subtract(u, v)"),
        (hadamard, "hadamard(u, v)"),
        (dot, "dot(u, v)"),
    ):
        for left, right in ((u, longer_u), (longer_u, u), (u, []), ([], u)):
            with pytest.raises(ValueError) as error:
                operation(left, right)
            assert str(error.value) == f"{name}: the shapes ({len(left)},) and ({len(right)},) do not fit"
    for matrix in (w, list(map(tuple, w))):
        with pytest.raises(ValueError) as error:
            matvec(matrix, longer_a)
        assert str(error.value) == f"matvec(w, a): the shapes ({n}, {m}) and ({m + excess},) do not fit"
    for left, right in ((longer_u, a), (u, longer_a), (longer_u, longer_a)):
        before = copy.deepcopy(w)
        with pytest.raises(ValueError) as error:
            subtract_outer(w, left, right)
        shapes = f"({n}, {m}) and ({len(left)},) and ({len(right)},)"
        assert str(error.value) == f"subtract_outer(w, u, v): the shapes {shapes} do not fit"
        assert w == before


@given(operands(), st.integers(1, 8))
def test_a_matrix_whose_rows_differ_in_length_is_refused(drawn, excess):
    w, u, _, a, _, _ = drawn
    ragged, m = w + [a + [1] * excess], len(a)
    for name, refused in (
        ("matvec(w, a)", lambda: matvec(ragged, a)),
        ("transpose(w)", lambda: transpose(ragged)),
        ("subtract_outer(w, u, v)", lambda: subtract_outer(ragged, u + [1], a)),
    ):
        with pytest.raises(ValueError) as error:
            refused()
        assert str(error.value).startswith(f"{name}: the shapes ({len(ragged)}, {m} or {m + excess})")


def test_what_meets_a_zero_is_not_even_looked_at():
    w = [[1, None, 3], [0, None, -1]]
    assert matvec(w, [2, 0, 1]) == [5, -1]
    subtract_outer(w, [1, 2], [2, 0, 1])
    assert w == [[-1, None, 2], [-4, None, -3]]


def test_numbers_worked_out_by_hand():
    w = [[1, -2, 3], [0, 4, -1]]
    assert dot([1, 2, 3], [4, -5, 6]) == 12
    assert matvec(w, [2, 0, 1]) == [5, -1]
    assert matvec(w, [0, 5, 0]) == [-10, 20]
    assert matvec(w, [0, 0, 0]) == [0, 0]
    assert matvec(transpose(w), [1, 10]) == [1, 38, -7]
    assert outer([2, -1], [1, 0, 3]) == [[2, 0, 6], [-1, 0, -3]]
    assert (dot([], []), transpose([]), matvec([], [1])) == (0, [], [])
