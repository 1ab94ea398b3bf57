"""lists_or_arrays.py: whatever the form, the same numbers stand in the same places."""

from types import SimpleNamespace

import pytest
import tiny_arrays
from network_forms import FORMS, InForm
from hypothesis import given
from hypothesis import strategies as st
from strategies import lengths, matrices, networks, vectors

from purenet.network import Network
from purenet.support.lists_or_arrays import Form, numbers, places, plain, require_gradient, shape

floats = st.floats(allow_nan=False, allow_infinity=False)
forms = st.sampled_from(FORMS)


def matrices_of_some_shape():
    return st.tuples(lengths, lengths).flatmap(lambda nm: matrices(*nm, floats))


@given(forms, vectors(3, floats) | vectors(1, floats))
def test_a_vector_has_its_numbers_its_shape_and_its_text_in_every_form(form, v):
    formed = form.vector(v)
    assert numbers(formed) == v
    assert shape(formed) == ((len(v), 1) if form.column else (len(v),))
    assert hasattr(formed, "shape") == bool(form.library)
    again = eval(form.written(formed), {"tiny_arrays": tiny_arrays})
    assert type(again) is type(formed) and numbers(again) == v and shape(again) == shape(formed)
    for (place, row, k), number in zip(places(formed), v):
        assert row[k] == number
        row[k] = 7.0
        entry = formed
        for index in place:
            entry = entry[index]
        assert entry == 7.0, "a row must be a view, so that a parameter can be changed where it stands"
    assert numbers(formed) == [7.0] * len(v)


@given(forms, matrices_of_some_shape())
def test_a_matrix_has_its_numbers_its_shape_and_its_text_in_every_form(form, w):
    formed = form.matrix(w)
    assert numbers(formed) == [number for row in w for number in row]
    assert shape(formed) == (len(w), len(w[0]))
    assert plain([], [formed]) == ([], [w])
    again = eval(form.written(formed), {"tiny_arrays": tiny_arrays})
    assert type(again) is type(formed) and plain([], [again]) == ([], [w])
    for place, row, k in places(formed):
        assert row[k] == w[place[0]][place[1]]
    assert [place for place, _, _ in places(formed)] == [
        (j, k) for j in range(len(w)) for k in range(len(w[0]))
    ]


@given(forms, matrices_of_some_shape())
def test_what_a_form_makes_shares_nothing_with_what_it_was_made_of(form, w):
    before = [list(row) for row in w]
    for formed in (form.matrix(w), form.vector(w[0])):
        for _, row, k in places(formed):
            row[k] = row[k] / 2 + 1.0
    assert w == before


@given(forms, networks())
def test_the_form_of_a_network_is_found(form, net):
    formed = InForm(net, form)
    assert Form.of(formed.biases[0]) == form
    assert plain(formed.biases, formed.weights) == (net.biases, net.weights)
    assert plain(tuple(map(tuple, formed.biases)), tuple(formed.weights)) == (net.biases, net.weights)


def test_a_form_is_named_by_the_shape_of_its_vectors():
    for form in [*FORMS, Form(None, False, row=True)]:
        assert str(form).endswith(str(shape(form.vector([0.5] * 7))).replace("7", "n"))


def test_a_library_is_found_by_its_first_name():
    class Array(tiny_arrays.Array):
        __module__ = "tiny_arrays.core.wheels"

    net = Network([1, 1])
    net.biases = [Array((1,), [0.5], 0, float)]
    assert Form.of(net.biases[0]) == Form(tiny_arrays, False)


def test_a_shape_is_that_of_the_first_entries():
    for number in 1.5, 3, None, "text":
        assert shape(number) == ()
    assert shape([]) == (0,) and shape([[]]) == (1, 0) and shape((1, 2)) == (2,)
    assert shape([[1], 2]) == shape(([1], (2,))) == (2, 1)
    assert shape([[[1, 2]], [[3, 4]], [[5, 6]]]) == (3, 1, 2)
    assert shape(SimpleNamespace(shape=[2, 3])) == (2, 3) and shape([tiny_arrays.array([1, 2, 3])]) == (1, 3)


def test_numbers_of_tuples_ints_and_uneven_lists_stand_from_left_to_right():
    found = numbers(((1, [2, (3,)]), [], tiny_arrays.array([[4], [5]]), 6))
    assert found == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0] and set(map(type, found)) == {float}
    assert [place for place, _, _ in places([[1], [2, [3]]])] == [(0, 0), (1, 0), (1, 1, 0)]


# Gradients.


@given(networks(), forms, forms, st.data())
def test_a_gradient_in_the_shapes_of_the_parameters_is_taken_whatever_its_form(net, form, other, data):
    """Biases may be flat or columns."""
    x, y = [0.5] * net.sizes[0], [0.5] * net.sizes[-1]
    nabla_b, nabla_w = InForm(net, other).backprop(*InForm(net, other).in_form(x, y))
    for nabla in ((nabla_b, nabla_w), [tuple(nabla_b), tuple(nabla_w)]):
        require_gradient(nabla, InForm(net, form))
    short = data.draw(st.integers(0, 1))
    with pytest.raises(ValueError, match=f"nabla_{'bw'[short]} has {net.num_layers - 2} layers, not"):
        require_gradient([part[k == short :] for k, part in enumerate((nabla_b, nabla_w))], net)


GOOD_B, GOOD_W = [[0.0, 0.0]], [[[0.0] * 3, [0.0] * 3]]


@pytest.mark.parametrize(
    "nabla, reason",
    [
        (None, r"^backprop gives NoneType, not the pair of lists \(nabla_b, nabla_w\)$"),
        (1.0, "^backprop gives float, not the pair"),
        ((GOOD_B,), "^backprop gives tuple, not the pair"),
        ((GOOD_B, GOOD_W, GOOD_W), "^backprop gives tuple, not the pair"),
        ((1.0, GOOD_W), "^backprop gives a nabla_b of type float, not a list"),
        ([GOOD_B, (w for w in GOOD_W)], "^backprop gives a nabla_w of type generator, not a list"),
        ("bw", "^backprop gives str, not the pair"),
        ((GOOD_W, GOOD_B), r"^backprop gives \(nabla_w, nabla_b\); the order is \(nabla_b, nabla_w\)$"),
        (([], GOOD_W), "^nabla_b has 0 layers, not 1$"),
        ((GOOD_B, GOOD_W * 2), "^nabla_w has 2 layers, not 1$"),
        (([[0.0]], GOOD_W), r"^nabla_b\[0\] has the shape \(1,\), but its parameters have \(2,\)$"),
        (([[[0.0, 0.0]] * 2], GOOD_W), r"^nabla_b\[0\] has the shape \(2, 2\), .* \(an array of shape "),
        ((GOOD_B, [[[0.0] * 2] * 2]), r"^nabla_w\[0\] has the shape \(2, 2\), .* \(2, 3\)$"),
        (([0.0], GOOD_W), r"^nabla_b\[0\] has the shape \(\), but its parameters have \(2,\)$"),
        ((GOOD_B, [0.0]), r"^nabla_w\[0\] has the shape \(\), but its .* \(2, 3\) \(u @ v of flat .*\)$"),
        ((GOOD_B, [[[0.0] * 2] * 3]), r"^nabla_w\[0\] has the shape \(3, 2\), but its .* have \(2, 3\)$"),
        ((GOOD_B, [[0.0] * 6]), r"^nabla_w\[0\] has the shape \(6,\), but its parameters have \(2, 3\)$"),
    ],
)
def test_what_is_not_a_gradient_is_refused_with_what_it_should_be(nabla, reason):
    net = Network([3, 2])
    require_gradient((GOOD_B, GOOD_W), net)
    with pytest.raises(ValueError, match=reason):
        require_gradient(nabla, net)


def test_one_number_is_no_layer_even_where_the_layer_has_one():
    with pytest.raises(ValueError, match=r"^nabla_b\[0\] has the shape \(\)"):
        require_gradient(([0.0], [[[0.0]]]), Network([1, 1]))


def test_the_later_layers_are_looked_at_too():
    nabla = [[0.0], [0.0, 0.0]], [[[0.0]], [[0.0, 0.0]]]
    with pytest.raises(ValueError, match=r"^nabla_w\[1\] has the shape \(1, 2\), but .* have \(2, 1\)$"):
        require_gradient(nabla, Network([1, 1, 2]))


def test_the_order_is_told_only_where_the_shapes_tell_it():
    class Alike:
        biases = weights = [[[0.0]]]

    require_gradient(([[[0.0]]], [[[0.0]]]), Alike)


def test_rows_that_are_matrices_again_are_numbers_too():
    # As those of NumPy's matrix are.
    class Endless(list):
        shape = (1, 2)

        def __iter__(self):
            yield self

        def tolist(self):
            return [[1.0, 2.0]]

    assert numbers([Endless()]) == [1.0, 2.0]
