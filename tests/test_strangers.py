"""strangers.py: what somebody's file does is caught, and told with its line."""

import sys

import pytest

from purenet import strangers
from purenet.network import Network
from purenet.strangers import Stranger, attempt, load_class


def test_what_succeeds_is_returned_and_leaves_nothing_behind():
    before = sys.gettrace(), sys.stdin, sys.stdout
    assert attempt(__file__, divmod, 7, 2) == ((3, 1), None)
    assert attempt(__file__, print, "nobody sees this") == (None, None)
    assert (sys.gettrace(), sys.stdin, sys.stdout) == before


def fails():
    raise LookupError("nowhere")


def test_what_fails_is_told_with_the_line_of_the_file_it_is_in():
    number = fails.__code__.co_firstlineno + 1
    told = f'it raises LookupError: nowhere in line {number} (fails):\n    raise LookupError("nowhere")'
    assert attempt(__file__, fails) == (None, told)
    assert attempt("another.py", fails) == (None, "it raises LookupError: nowhere")


def test_what_takes_too_long_is_stopped_in_its_line(monkeypatch):
    monkeypatch.setattr(strangers, "SECONDS", 0.05)

    def hangs():
        while True:
            try:
                pass
            finally:
                pass

    result, told = attempt(__file__, hangs)
    assert result is None and told.startswith("it takes longer than 0.05 s and was stopped in line ")
    assert sys.gettrace() is None or "coverage" in str(sys.gettrace())


def test_ctrl_c_is_not_taken_for_a_fault_of_the_file():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(__file__, interrupted)


def test_a_file_finds_what_lies_beside_it_and_what_a_copy_of_network_py_imports(tmp_path):
    (tmp_path / "beside.py").write_text("base = 'found'\n")
    (tmp_path / "copy_of_mine.py").write_text(
        "from .matrix import dot\nimport beside\nclass Mine:\n    beside = beside.base\n    dot = dot\n"
    )
    path, found = sys.path[:], load_class(f"{tmp_path / 'copy_of_mine.py'}:Mine")
    assert found.beside == "found" and found.dot([1], [2]) == 2
    sys.path[:] = path


def test_a_stranger_in_lists_is_as_the_network_itself():
    net = Stranger(Network, [[0.5], [-1.0]], [[[1.0, -0.5]], [[2.0]]])
    assert (net.sizes, net.num_layers) == ([2, 1, 1], 3)
    assert net.feedforward([1.0, 3.0]) == [0.5] and net.cost_derivative([0.5], [1.0]) == [-0.5]
    assert net.backprop([1.0, 3.0], [1.0]) == ([[-0.0625], [-0.125]], [[[-0.0625, -0.1875]], [[-0.0625]]])
    net.update_mini_batch([([1.0, 3.0], [1.0])], 8.0)
    assert (net.biases, net.weights) == ([[1.0], [0.0]], [[[1.5, 1.0]], [[2.5]]])
    assert net.evaluate([([1.0, 3.0], 0)]) == 1
    assert net.function("sigmoid")([0.0]) == [0.5] and net.function("softmax") is None
    assert net.script()[-1] == "net.weights = [[[1.5, 1.0]], [[2.5]]]" and net.written([1.0]) == "[1.0]"


class Spoils(Network):
    def feedforward(self, a):
        a[0] = 7.0
        return super().feedforward(a)

    def backprop(self, x, y):
        y[0] = 7.0
        return super().backprop(x, y)

    def update_mini_batch(self, mini_batch, eta):
        self.weights = [[row[:1] for row in w] for w in self.weights]


@pytest.mark.parametrize(
    "method, arguments, words",
    [
        ("feedforward", ([1.0, 2.0],), "feedforward changes the input that it is given"),
        ("backprop", ([1.0, 2.0], [1.0]), "backprop changes the example that it is given"),
        ("update_mini_batch", ([], 1.0), "update_mini_batch changes the shapes"),
    ],
)
def test_what_a_method_must_leave_alone_is_watched(method, arguments, words):
    net = Stranger(Spoils, [[0.5]], [[[1.0, -0.5]]])
    with pytest.raises(ValueError, match=words):
        getattr(net, method)(*arguments)


def test_parameters_in_other_shapes_are_refused():
    class Transposed(Network):
        def __init__(self, sizes):
            super().__init__(sizes)
            self.weights = [list(zip(*w)) for w in self.weights]

    with pytest.raises(
        ValueError, match=r"weights\[0\] has the shape \(2, 1\) for sizes \[2, 1\], not \(1, 2\)"
    ):
        Stranger(Transposed, [[0.5]], [[[1.0, -0.5]]])
