"""strangers.py: a foreign class is loaded and clothed, and what its file does wrong is told in its lines."""

import os
import signal
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from clothing import FORMS, Clothed
from learners import LISTS, write

from purenet import network
from purenet.checker import strangers
from purenet.checker.strangers import Stranger, attempt, load_class
from purenet.network import Network

pytestmark = pytest.mark.usefixtures("modules_and_path")

BIASES, WEIGHTS = [[0.5, -1.0], [0.25]], [[[1.0, 0.0, -2.0], [0.5, 0.5, 0.5]], [[1.0, -1.0]]]
X, Y = [0.5, -0.5, 1.0], [1.0]
ARRAY = FORMS[2]


# Loading.


def test_a_class_is_loaded_by_file_and_name(tmp_path, monkeypatch):
    path = write(tmp_path / "my_network.py", LISTS + "\n\nclass Other(Network):\n    pass\n")
    assert load_class(path).__name__ == "Network"
    other = load_class(path + ":Other")
    assert other.__name__ == "Other" and other.__module__ == "stranger_my_network"
    monkeypatch.chdir(tmp_path)
    assert load_class("my_network.py:Other").__name__ == "Other"
    assert load_class(os.path.join(".", "my_network.py")).__name__ == "Network"
    for odd in ("mine", "a:b.py"):  # Neither is a file and a class.
        write(tmp_path / odd, LISTS)
        found = load_class(odd)
        assert found.__name__ == "Network" and getattr(sys.modules[found.__module__], "Network") is found


def test_a_file_finds_what_lies_beside_it_and_a_copy_of_network_py_what_it_imports(tmp_path):
    (tmp_path / "beside_the_network.py").write_text("class Network:\n    size = 7\n")
    path = write(tmp_path / "my.network v2.txt", "from beside_the_network import Network\n")
    assert load_class(path).size == 7 and sys.path[0] == str(tmp_path), "what lies beside it comes first"
    del sys.modules["beside_the_network"]
    path = write(tmp_path / "copied.py", Path(network.__file__).read_text(encoding="utf-8"))
    copied = load_class(path)
    assert copied is not Network and copied([1, 1]).sizes == [1, 1]


@pytest.mark.parametrize(
    "text, reason",
    [
        ("", "has no class Network$"),
        ("Network = 7\n", "has no class Network$"),
        (
            "class Net:\n    pass\n\nclass Big:\n    pass\n",
            "has no class Network; it has Net, Big: name one after a colon$",
        ),
        (
            "from purenet import Network\nclass Mine(Network): pass\n",
            "has no class Network of its own, but imports that of purenet; it has Mine: name one after a colon$",
        ),
        ("def f(:\n", r"cannot be imported: it raises SyntaxError: .* in line 1:\n    def f\(:$"),
        ("x = 1\n  y = 2\n", r"cannot be imported: it raises IndentationError: .* in line 2:\n    y = 2$"),
        (
            "\nimport no_such_thing\n",
            r"ModuleNotFoundError: No module named 'no_such_thing' in line 2:\n    import no_s",
        ),
        (
            "import sys\nsys.exit(3)\n",
            r"cannot be imported: it ends the program in line 2:\n    sys.exit\(3\)$",
        ),
        (
            "a = [\n    0,\n    1 / 0,\n]\n",
            r"it raises ZeroDivisionError: division by zero in line 3:\n    1 / 0,$",
        ),
        (
            "def f():\n    return g()\n\n\nf()\n",
            r"name 'g' is not defined in line 2 \(f\):\n    return g\(\)$",
        ),
        (
            "input('a number, please ')\n",
            r"it raises EOFError.* in line 1:\n    input\('a number, please '\)$",
        ),
        ("raise ValueError('no luck')\n", "it raises ValueError: no luck in line 1:\n    raise ValueError"),
        ("raise TimeoutError('of its own')\n", "it raises TimeoutError: of its own in line 1"),
    ],
)
def test_what_has_no_such_class_is_refused_with_its_own_line(tmp_path, text, reason):
    path = write(tmp_path / "my.py", text)
    with pytest.raises(ValueError, match=reason) as error:
        load_class(path)
    assert str(error.value).startswith(path)


def test_an_error_in_a_file_beside_it_is_told_by_the_line_that_needs_it(tmp_path):
    (tmp_path / "broken_beside.py").write_text("\n\n\ndef f(:\n")
    path = write(tmp_path / "my.py", "x = 1\nimport broken_beside\n")
    reason = r"broken_beside\.py, lines? 4(-5)?\) in line 2:\n    import broken_beside$"
    with pytest.raises(ValueError, match=reason):
        load_class(path)


def test_what_is_not_in_the_encoding_that_it_claims_is_refused_with_a_sentence(tmp_path):
    for name, content in (("bytes.py", b"x = '\xff'\n"), ("claim.py", b"# coding: nosuch\n")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match="cannot be imported: it raises SyntaxError: ") as error:
            load_class(str(tmp_path / name))
        assert "line 0" not in str(error.value)


def test_only_classes_of_the_file_are_offered(tmp_path):
    path = write(tmp_path / "my.py", "from collections import Counter, OrderedDict\nclass Mine: pass\n")
    with pytest.raises(ValueError, match="has no class Network; it has Mine: name one after a colon$"):
        load_class(path)


def test_a_syntax_error_names_its_line_once(tmp_path):
    path = write(tmp_path / "my.py", "x = 1\nx = = 2\n")
    with pytest.raises(ValueError, match=r"SyntaxError: invalid syntax in line 2:\n    x = = 2$"):
        load_class(path)


def test_a_missing_file_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="nowhere.py: there") as error:
        load_class("nowhere.py")
    assert str(error.value).startswith(str(tmp_path / "nowhere.py"))
    for name in ("nowhere.py", "nowhere.py:Network"):
        with pytest.raises(ValueError, match="nowhere.py: there is no such file$"):
            load_class(str(tmp_path / name))
    with pytest.raises(ValueError, match=" is a folder, not a file$"):
        load_class(str(tmp_path))


def test_what_a_file_prints_asks_and_warns_of_is_kept_away(tmp_path, capfd):
    path = write(
        tmp_path / "loud.py",
        "import sys, warnings\nprint('loud')\nprint('loud', file=sys.stderr)\n"
        "warnings.warn('beware')\nassert sys.stdin.read() == ''\n"
        + LISTS,
    )
    stdin, trace = sys.stdin, sys.gettrace()
    load_class(path)
    assert (sys.stdin, sys.gettrace()) == (stdin, trace)
    assert capfd.readouterr() == ("", "")


# Attempts.


def code(path, text):
    """A function f of a file at `path`, which is not imported."""
    names = {}
    path.write_text(text)
    exec(compile(text, str(path), "exec"), names)
    return names["f"]


def test_what_is_returned_is_handed_on(tmp_path):
    assert attempt("nowhere", divmod, 7, 3) == ((2, 1), None)


def test_an_endless_loop_is_stopped_where_it_stands(tmp_path, monkeypatch):
    monkeypatch.setattr(strangers, "SECONDS", 0.2)
    path = tmp_path / "f.py"
    f = code(path, "def f():\n    while True:\n        pass\n")
    trace, stdin = sys.gettrace(), sys.stdin
    answer, trouble = attempt(str(path), f)
    assert answer is None
    assert trouble.startswith("it takes longer than 0.2 s and was stopped in line ")
    assert trouble.split("\n")[1] in ("    while True:", "    pass")
    assert (sys.gettrace(), sys.stdin) == (trace, stdin)
    # Calls elsewhere are watched too: here the loop is in the library.
    f = code(path, "import random\ndef f():\n    list(map(random.Random(1).choice, iter([1].copy, 0)))\n")
    assert attempt(str(path), f)[1].startswith(
        "it takes longer than 0.2 s and was stopped in line 3 (f):\n    list"
    )


@pytest.mark.parametrize(
    "text, number",
    [
        ("def f():\n    while True: pass\n", 2),
        ("import time\ndef f():\n    time.sleep(1000)\n", 3),
        ("import threading\nlock = threading.Lock()\ndef f():\n    lock.acquire()\n    lock.acquire()\n", 5),
        ("def f():\n    try:\n        while True: pass\n    except Exception:\n        return 7\n", 3),
        ("import sys\ndef f():\n    sys.settrace(None)\n    while True: pass\n", 4),
        ("from endless_beside import spin\ndef f():\n    spin()\n", 3),
    ],
)
def test_what_waits_without_end_is_stopped_too(tmp_path, monkeypatch, text, number):
    monkeypatch.setattr(strangers, "SECONDS", 0.2)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "endless_beside.py").write_text("def spin():\n    while True: pass\n")
    trace = sys.gettrace()
    trouble = attempt(str(tmp_path / "f.py"), code(tmp_path / "f.py", text))[1]
    sys.settrace(trace)
    assert trouble.startswith(f"it takes longer than 0.2 s and was stopped in line {number} (f):\n    ")


def test_an_attempt_within_another_takes_none_of_its_time_and_leaves_the_alarm_as_it_was(monkeypatch):
    monkeypatch.setattr(strangers, "SECONDS", 1000)
    before = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)

    def outer():
        assert attempt("nowhere", int) == (0, None)
        return signal.getitimer(signal.ITIMER_REAL)[0]

    left, trouble = attempt("nowhere", outer)
    assert trouble is None and 0 < left <= 1000
    assert (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)) == before
    with ThreadPoolExecutor(1) as pool:  # A thread cannot be woken, but works.
        assert pool.submit(attempt, "nowhere", int).result() == (0, None)


def test_what_a_file_raises_of_its_own_is_told_and_ctrl_c_is_not_caught(tmp_path):
    f = code(tmp_path / "f.py", "class Own(BaseException): pass\ndef f():\n    raise Own('this')\n")
    assert attempt(str(tmp_path / "f.py"), f)[1] == (
        "it raises Own: this in line 3 (f):\n    raise Own('this')"
    )
    f = code(tmp_path / "f.py", "def f():\n    assert not 7\n")
    assert attempt(str(tmp_path / "f.py"), f)[1] == (
        "it raises AssertionError in line 2 (f):\n    assert not 7"
    )
    f = code(tmp_path / "f.py", "def f():\n    raise OSError('much\\n to say' * 1000)\n")
    assert attempt(str(tmp_path / "f.py"), f)[1].startswith("it raises OSError: much to saymuch to")
    assert len(attempt(str(tmp_path / "f.py"), f)[1]) < 400
    f = code(tmp_path / "f.py", "def f():\n    raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        attempt(str(tmp_path / "f.py"), f)


def test_what_fails_is_told_by_the_last_line_of_the_file_and_not_by_ours(tmp_path):
    path = tmp_path / "f.py"
    f = code(path, "def f(x):\n    return g(x)\n\ndef g(x):\n    return   [][x]   # no luck\n")
    assert attempt(str(path), f, 3) == (
        None,
        "it raises IndexError: list index out of range in line 5 (g):\n    return   [][x]   # no luck",
    )
    f = code(path, "def f():\n    int('x')\n")
    assert attempt("elsewhere.py", f) == (None, "invalid literal for int() with base 10: 'x'")
    assert attempt(str(path), f)[1].startswith("it raises ValueError: invalid literal")
    assert attempt("elsewhere.py", [].pop) == (None, "it raises IndexError: pop from empty list")
    f = code(path, "import sys\ndef f():\n    sys.exit()\n")
    assert attempt(str(path), f)[1] == "it ends the program in line 3 (f):\n    sys.exit()"
    f = code(path, "def f():\n    f()\n")
    assert attempt(str(path), f)[1].startswith("it raises RecursionError: ")
    assert attempt("elsewhere.py", f)[1].startswith("it raises RecursionError: ")


def test_what_the_reader_does_is_not_caught():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt("nowhere", interrupted)


def test_a_warning_is_none_of_ours():
    assert attempt("nowhere", warnings.warn, "beware") == (None, None)


# Strangers.


def formed(form, **methods):
    """The class of right networks in the form, with some methods replaced."""

    class Formed(Clothed):
        def __init__(self, sizes):
            super().__init__(Network(sizes), form)

        def cost_derivative(self, a, y):
            return a

        def update_mini_batch(self, mini_batch, eta):
            self.stepped = mini_batch, eta
            self.biases = self.clothe(*[[b + eta for b in layer] for layer in self.plain().biases])

        def evaluate(self, test_data):
            self.tested = test_data
            return 1

        def SGD(self, *args, **kwargs):
            self.trained = args, kwargs

    for name, method in methods.items():
        setattr(Formed, name, method)
    return Formed


def alike(one, other):
    return repr(one) == repr(other)  # Arrays have no plain ==.


@pytest.mark.parametrize("form", FORMS)
def test_a_stranger_takes_and_gives_flat_lists_in_every_form(form):
    stranger, twin = Stranger(formed(form), BIASES, WEIGHTS), Network([3, 2, 1])
    twin.biases, twin.weights = BIASES, WEIGHTS
    assert (stranger.sizes, stranger.num_layers, stranger.form) == ([3, 2, 1], 3, form)
    assert (stranger.biases, stranger.weights) == (BIASES, WEIGHTS)
    assert alike(stranger.net.biases, [form.vector(b) for b in BIASES])
    assert stranger.feedforward(X) == twin.feedforward(X)
    assert stranger.backprop(X, Y) == twin.backprop(X, Y)
    assert stranger.cost_derivative([0.5], [1.0]) == [0.5]
    stranger.update_mini_batch([(X, Y)], 2.0)
    assert stranger.biases == [[2.5, 1.0], [2.25]]
    pair = form.vector(X), form.vector(Y)
    assert alike(stranger.net.stepped, ([pair], 2.0))
    assert stranger.evaluate([(X, 0)]) == 1
    assert alike(stranger.net.tested, [(pair[0], 0)])
    stranger.SGD([(X, Y)], 1, 2, 3.0, test_data=4)
    assert alike(stranger.net.trained, (([pair], 1, 2, 3.0), {"test_data": 4}))


def changed(method):
    """A method that puts 9 into the first entry of what it is given, as the right one does not."""
    right = getattr(formed(FORMS[0]), method)

    def wrong(self, *vectors):
        answer = right(self, *vectors)
        for v in vectors[-1:]:
            row = v[0] if self.form.column else v
            row[0] = 9.0
        return answer

    return wrong


@pytest.mark.parametrize("form", FORMS)
def test_a_method_that_changes_what_it_is_given_is_told(form):
    for method, reason, arguments in (
        ("feedforward", "changes the input", [X]),
        ("cost_derivative", "changes the vectors", [Y, Y]),
        ("backprop", "changes the example", [X, Y]),
    ):
        stranger = Stranger(formed(form, **{method: changed(method)}), BIASES, WEIGHTS)
        with pytest.raises(ValueError, match=f"^{method} {reason} that it is given$"):
            getattr(stranger, method)(*arguments)


@pytest.mark.parametrize(
    "output, shown",
    [(0.5, "0.5"), ([], r"\[\]"), ([0.5, 0.5], r"\[0.5, 0.5\]"), ([[]], r"\[\[\]\]")],
)
def test_an_answer_that_is_no_vector_of_outputs_is_told(output, shown):
    for method, arguments in (("feedforward", [X]), ("cost_derivative", [[0.5], Y])):
        stranger = Stranger(formed(FORMS[0], **{method: lambda self, *v: output}), BIASES, WEIGHTS)
        with pytest.raises(ValueError, match=f"^{method} gives {shown}, not a vector of 1 numbers$"):
            getattr(stranger, method)(*arguments)


@pytest.mark.parametrize("output", [[None], [[None]], ["a"]])
def test_an_answer_that_holds_no_numbers_is_told(output):
    for method, arguments in (("feedforward", [X]), ("cost_derivative", [[0.5], Y])):
        stranger = Stranger(formed(FORMS[0], **{method: lambda self, *v: output}), BIASES, WEIGHTS)
        with pytest.raises(ValueError, match=f"^{method} gives .*, not numbers$"):
            getattr(stranger, method)(*arguments)


def test_an_answer_that_was_not_returned_is_told():
    for method, arguments in (("feedforward", [X]), ("cost_derivative", [[0.5], Y])):
        stranger = Stranger(formed(FORMS[0], **{method: lambda self, *v: None}), BIASES, WEIGHTS)
        with pytest.raises(ValueError, match=f"^{method} gives None: does it return what it works out"):
            getattr(stranger, method)(*arguments)


def test_an_answer_in_a_square_is_told_with_what_gives_one():
    square = formed(FORMS[0], feedforward=lambda self, a: [[0.5] * 2] * 2)
    stranger = Stranger(square, [[0.0] * 2], [[[0.0]] * 2])
    with pytest.raises(ValueError, match=r", not a vector of 2 numbers \(an array of shape \(n,\) plus "):
        stranger.feedforward([0.5])

    def step(self, mini_batch, eta):
        self.biases = [[[0.5] * 2] * 2]

    stranger = Stranger(formed(FORMS[0], update_mini_batch=step), [[0.0] * 2], [[[0.0]] * 2])
    with pytest.raises(ValueError, match=r"^update_mini_batch changes the shapes .* \(an array of shape "):
        stranger.update_mini_batch([([0.5], [0.0, 0.0])], 1.0)


def test_a_gradient_of_another_shape_is_told():
    stranger = Stranger(formed(FORMS[0], backprop=lambda self, x, y: None), BIASES, WEIGHTS)
    with pytest.raises(ValueError, match="^backprop gives NoneType"):
        stranger.backprop(X, Y)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_told(number):
    def diverging(self, mini_batch, eta):
        self.weights[0][0][0] = number

    answers = {
        "feedforward": lambda self, a: [number],
        "backprop": lambda self, x, y: (BIASES, [WEIGHTS[0], [[0.0, number]]]),
        "update_mini_batch": diverging,
    }
    stranger = Stranger(formed(FORMS[0], **answers), BIASES, WEIGHTS)
    for method, arguments in zip(answers, ([X], [X, Y], [[(X, Y)], 1.0])):
        with pytest.raises(ValueError, match=f"^{method} gives NaN or infinite numbers$"):
            getattr(stranger, method)(*arguments)


@pytest.mark.parametrize("count, shown", [(None, "None"), ("3 of 4", "'3 of 4'"), ((3, 4), r"\(3, 4\)")])
def test_a_count_that_is_no_number_is_told(count, shown):
    stranger = Stranger(formed(FORMS[0], evaluate=lambda self, test_data: count), BIASES, WEIGHTS)
    with pytest.raises(ValueError, match=f"^evaluate gives {shown}, not how many are right$"):
        stranger.evaluate([(X, 0)])


def test_a_function_that_returns_nothing_is_told(monkeypatch):
    stranger = Stranger(formed(FORMS[0]), BIASES, WEIGHTS)
    monkeypatch.setattr(sys.modules[__name__], "sigmoid", lambda z: None, raising=False)
    with pytest.raises(ValueError, match=r"^sigmoid\(0.5\) gives None: does it return what it works out\?$"):
        stranger.function("sigmoid")([0.5, 1.0])

    def only_vectors(answer):
        def function(z):
            len(z)  # Of a number it raises TypeError.
            return answer

        monkeypatch.setattr(sys.modules[__name__], "sigmoid", function, raising=False)
        return stranger.function("sigmoid")

    for answer, reason in (
        (None, r"sigmoid gives None: does it return what it works out\?"),
        ([None, None], r"sigmoid gives \[None, None\], not numbers"),
        ([0.5], r"sigmoid gives \[0.5\], not a vector of 2 numbers"),
    ):
        with pytest.raises(ValueError, match=f"^{reason}$"):
            only_vectors(answer)([0.5, 1.0])


def test_a_file_whose_name_is_no_name_of_python_is_imported_otherwise(tmp_path):
    for stem, line in (
        ("mine", "from mine import Network"),
        ("my-net", "Network = __import__('my-net').Network"),
        ("assert", "Network = __import__('assert').Network"),
    ):
        network_class = load_class(write(tmp_path / f"{stem}.py", LISTS))
        stranger = Stranger(network_class, BIASES, WEIGHTS)
        assert stranger.script()[0] == line


def test_a_step_that_changes_shapes_is_told():
    def wrong(self, mini_batch, eta):
        self.biases = [[b] for b in self.biases]

    stranger = Stranger(formed(FORMS[0], update_mini_batch=wrong), BIASES, WEIGHTS)
    with pytest.raises(ValueError, match=r"^update_mini_batch changes the shapes .*\(2,\).* to .*\(1, 2\)"):
        stranger.update_mini_batch([(X, Y)], 1.0)


@pytest.mark.parametrize(
    "biases, weights, reason",
    [
        (BIASES[:1], WEIGHTS, r"^biases has 1 entries for sizes \[3, 2, 1\], not 2$"),
        (BIASES, WEIGHTS + [[[0.0]]], r"^weights has 3 entries for sizes \[3, 2, 1\], not 2$"),
        (
            BIASES,
            [[[0.0, 0.0]] * 3, [[0.0], [0.0]]],
            r"^weights\[0\] has the shape \(3, 2\) for sizes \[3, 2, 1\], not \(2, 3\): weights\[0\]\[j\]",
        ),
        (
            BIASES,
            [WEIGHTS[0], [[0.0], [0.0]]],
            r"^weights\[1\] has the shape \(2, 1\) for sizes .*, not \(1, 2\): weights\[1\]\[j\]\[k\] is ",
        ),
        (
            [[BIASES[0]], BIASES[1]],
            WEIGHTS,
            r"^biases\[0\] has the shape \(1, 2\) for .*, not \(2,\) or \(2, 1\)$",
        ),
        (
            [ARRAY.vector(b) for b in BIASES],
            WEIGHTS,
            r"^weights\[0\] is a list, but biases\[0\] an array$",
        ),
        (
            BIASES,
            [WEIGHTS[0], ARRAY.matrix(WEIGHTS[1])],
            r"^weights\[1\] is an array, but biases\[0\] a list$",
        ),
        (
            [ARRAY.vector(b) for b in BIASES],
            [SimpleNamespace(shape=(2, 3)), *WEIGHTS[1:]],
            r"^weights\[0\] is a SimpleNamespace, but biases\[0\] an array$",
        ),
        (
            [BIASES[0], ARRAY.vector(BIASES[1])],
            WEIGHTS,
            r"^biases\[1\] is an array, but biases\[0\] a list$",
        ),
        (
            BIASES,
            [list(map(ARRAY.vector, w)) for w in WEIGHTS],
            r"^weights\[0\] is a list of arrays, but biases\[0\] a list$",
        ),
        (
            [BIASES[0], [BIASES[1]]],
            WEIGHTS,
            r"^biases\[1\] has the shape \(1, 1\), but biases\[0\] \(2,\): all should be flat, or all ",
        ),
    ],
)
def test_a_class_that_keeps_its_parameters_otherwise_is_told(biases, weights, reason):
    class Odd:
        def __init__(self, sizes):
            assert sizes == [3, 2, 1]
            self.biases, self.weights = biases, weights

    with pytest.raises(ValueError, match=reason):
        Stranger(Odd, BIASES, WEIGHTS)
    Stranger(lambda sizes: Network(sizes), BIASES, WEIGHTS)
