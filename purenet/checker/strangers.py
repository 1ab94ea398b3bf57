"""How is somebody else's network called as if it were ours? Loaded from its file, and clothed in flat lists.

    network_class = load_class("my_network.py:MyNetwork")
    net = Stranger(network_class, biases=[[0.5]], weights=[[[1.0, -0.3]]])
    net.backprop([0.0, 1.0], [1.0])

What the file and its methods do is run as it is, so only a file that one would run oneself should be loaded.
"""

from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.util
import keyword
import linecache
import os
import signal
import sys
import textwrap
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from math import isfinite
from typing import Any

from purenet.matrix import Matrix, Vector
from purenet.support.arrays import Form, hint, numbers, places, plain, require_gradient, shape
from purenet.support.checks import Example, Labelled

SECONDS = 10  # that loading a file may take, or one call of a method


class TooLong(BaseException):
    """What stops a call that takes too long: no Exception, which a file may catch and go on."""


def path_and_class(name: str) -> tuple[str, str]:
    """The path of the file and the name of the class that `name` tells: "my_network.py:MyNetwork", or
    "my_network.py" for its class `Network`.
    """
    path, class_name = name, "Network"
    if name.rpartition(":")[2].isidentifier() and name.rpartition(":")[0]:
        path, _, class_name = name.rpartition(":")
    return os.path.abspath(path), class_name


def load_class(name: str) -> type:
    """The class that `name` tells, see `path_and_class`.

    Runs the file as an import does. Raises ValueError with a sentence where no such class is to be had.
    """
    path, class_name = path_and_class(name)
    if not os.path.isfile(path):
        what = "is a folder, not a file" if os.path.isdir(path) else "there is no such file"
        raise ValueError(f"{path}: {what}")
    # What the file imports from beside it should be found, as when it is run.
    sys.path.insert(0, os.path.dirname(path))
    module_name = f"stranger_{os.path.splitext(os.path.basename(path))[0]}"
    loader = importlib.machinery.SourceFileLoader(module_name, path)
    spec: Any = importlib.util.spec_from_loader(module_name, loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    trouble = attempt(path, loader.exec_module, module)[1]
    if trouble:
        raise ValueError(f"{path} cannot be imported: {trouble}")
    found = getattr(module, class_name, None)
    classes = [
        key
        for key, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module_name
    ]
    others = f"; it has {', '.join(classes)}: name one after a colon" if classes else ""
    if not isinstance(found, type):
        raise ValueError(f"{path} has no class {class_name}{others}")
    if classes and found.__module__ == "purenet.network":
        raise ValueError(f"{path} has no class {class_name} of its own, but imports that of purenet{others}")
    return found


def attempt(path: str, function: Callable[..., Any], *args: Any) -> tuple[Any, str | None]:
    """(what function(*args) returns, None), or (None, a clause) where it fails.

    The clause tells the line of the file at `path` in which it failed. It has failed, too, when it takes
    longer than SECONDS (where the system has alarms, and this is the main thread) or ends the program. What
    it prints is not shown, and what it asks for not answered.
    """
    stdin, exit_at_once = sys.stdin, os._exit
    try:
        with contextlib.ExitStack() as stack:
            nowhere = stack.enter_context(open(os.devnull, "r+"))
            stack.enter_context(contextlib.redirect_stdout(nowhere))
            stack.enter_context(contextlib.redirect_stderr(nowhere))
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            # os._exit would end the program without a word, and with a status of its own.
            sys.stdin, os._exit = nowhere, lambda status: sys.exit(status)
            with alarm():
                return function(*args), None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # It may raise SystemExit, or anything of its own.
        return None, _told(error, path)
    finally:
        sys.stdin, os._exit = stdin, exit_at_once


@contextlib.contextmanager
def alarm() -> Iterator[None]:
    """TooLong is raised after SECONDS. Within another one, the time does not count as that of the other."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise TooLong(f"it takes longer than {SECONDS} s and was stopped")

    handler, timer = signal.signal(signal.SIGALRM, stop), signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)


def _told(error: BaseException, path: str) -> str:
    lines = [
        (frame.lineno or 0, frame.name)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == path
    ]
    if isinstance(error, SyntaxError) and error.filename == path:
        lines.append((error.lineno or 0, "<module>"))
    where = in_line(path, *lines[-1]) if lines and lines[-1][0] else ""
    if isinstance(error, TooLong):
        return f"{error}{where}"
    if isinstance(error, SystemExit):
        return f"it ends the program{where}"
    if isinstance(error, ValueError) and not lines:
        return str(error)  # What the file gives does not fit, as we have found.
    # The message of a SyntaxError ends with the line, which is told anyway.
    said = _in_a_line(error.msg if isinstance(error, SyntaxError) and error.filename == path else error)
    return f"it raises {type(error).__name__}{': ' * bool(said)}{said}{where}"


def in_line(path: str, number: int, function: str) -> str:
    """In which line of the file something happened, with the line itself where it can be read."""
    inside = "" if function == "<module>" else f" ({function})"
    try:
        text = linecache.getline(path, number).strip()
    except (SyntaxError, UnicodeDecodeError):  # The file is not in the encoding that it claims.
        text = ""
    return f" in line {number}{inside}" + (f":\n    {text}" if text else "")


def _in_a_line(value: object) -> str:
    return textwrap.shorten(str(value), 300, placeholder=" ...")


def _require_finite(method: str, nested: Any) -> None:
    try:
        finite = all(map(isfinite, numbers(nested)))
    except (TypeError, ValueError):
        raise ValueError(f"{method} gives {_in_a_line(repr(nested))}, not numbers") from None
    if not finite:
        raise ValueError(f"{method} gives NaN or infinite numbers")


def _vector(name: str, v: Any, n: int) -> Vector:
    """The `n` numbers of the vector `v`, flat or a column, that the function `name` gave."""
    if v is None:
        raise ValueError(f"{name} gives None: does it return what it works out?")
    if shape(v) == () or len(list(places(v))) != n:
        raise ValueError(
            f"{name} gives {_in_a_line(repr(v))}, not a vector of {n} numbers{hint(shape(v), vector=True)}"
        )
    _require_finite(name, v)
    return numbers(v)


def _kind(nested: Any) -> str:
    """What a vector or matrix is kept in."""
    if hasattr(nested, "shape"):
        name = type(nested).__name__
        return "an array" if "array" in name.lower() else f"a {name}"
    return "a list of arrays" if any(getattr(entry, "shape", ()) != () for entry in nested) else "a list"


class Stranger:
    """A network of a foreign class with purenet's API: flat lists in, flat lists out, whatever its own form.

    Made with its `biases`, flat lists, and `weights`, lists of rows. Raises ValueError where the class does
    not keep them in the shapes of the API.
    """

    def __init__(self, network_class: type, biases: list[Vector], weights: list[Matrix]) -> None:
        self.sizes = [len(weights[0][0]), *map(len, biases)]
        self.num_layers = len(self.sizes)
        self.net = network_class(list(self.sizes))
        for name, ours in (("biases", biases), ("weights", weights)):
            theirs = getattr(self.net, name)
            if len(theirs) != len(ours):
                raise ValueError(f"{name} has {len(theirs)} entries for sizes {self.sizes}, not {len(ours)}")
        for l, w in enumerate(weights):
            theirs = shape(self.net.weights[l])
            if theirs != shape(w):
                raise ValueError(
                    f"weights[{l}] has the shape {theirs} for sizes {self.sizes}, not {shape(w)}: "
                    f"weights[{l}][j][k] is to be the weight of input k of neuron j"
                )
            rows = self.net.weights[l]
            if isinstance(rows, list) and len(set(map(id, rows))) < len(rows):
                raise ValueError(
                    f"the rows of weights[{l}] are one and the same list, so that to change one changes all: "
                    "make a new list for each"
                )
        for l, b in enumerate(biases):
            if shape(self.net.biases[l]) not in ((len(b),), (len(b), 1)):
                raise ValueError(
                    f"biases[{l}] has the shape {shape(self.net.biases[l])} for sizes {self.sizes}, "
                    f"not {(len(b),)} or {(len(b), 1)}"
                )
        self._require_one_form()
        self.form = Form.of(self.net)
        self.net.biases = [self.form.vector(b) for b in biases]
        self.net.weights = [self.form.matrix(w) for w in weights]

    def _require_one_form(self) -> None:
        """Raise ValueError unless all parameters are kept alike: what replaces them has the form of one."""
        first = self.net.biases[0]
        for name in ("biases", "weights"):
            for l, drawn in enumerate(getattr(self.net, name)):
                if _kind(drawn) != _kind(first):
                    raise ValueError(f"{name}[{l}] is {_kind(drawn)}, but biases[0] {_kind(first)}")
                if name == "biases" and len(shape(drawn)) != len(shape(first)):
                    raise ValueError(
                        f"biases[{l}] has the shape {shape(drawn)}, but biases[0] {shape(first)}: "
                        "all should be flat, or all columns"
                    )

    def script(self) -> list[str]:
        """The lines that make this network, to paste into a Python prompt."""
        name, form = type(self.net).__name__, self.form
        lines = [
            self.imports(name),
            f"net = {name}({self.sizes})",
            f"net.biases = [{', '.join(form.written(form.vector(b)) for b in self.biases)}]",
            f"net.weights = [{', '.join(form.written(form.matrix(w)) for w in self.weights)}]",
        ]
        return [f"import {form.library.__name__}", *lines] if form.library else lines

    def imports(self, name: str) -> str:
        """The line that imports `name` from the file, to paste into a Python prompt."""
        module = type(self.net).__module__.rpartition("stranger_")[2]
        if all(part.isidentifier() and not keyword.iskeyword(part) for part in module.split(".")):
            return f"from {module} import {name}"
        return f"{name} = __import__({module!r}).{name}"

    def written(self, v: Vector) -> str:
        """The flat list `v` as the network takes it, to paste into a Python prompt."""
        return self.form.written(self.form.vector(v))

    def function(self, name: str) -> Callable[[Vector], Vector] | None:
        """The function of that name beside the class or in it, of a list of numbers, if there is one."""
        function = self._beside(name) or getattr(self.net, name, None)
        if not callable(function):
            return None

        def of_list(zs: Vector) -> Vector:
            try:
                answers = [function(z) for z in zs]
                if any(answer is None for answer in answers):
                    raise ValueError(f"{name}({zs[0]}) gives None: does it return what it works out?")
                return list(map(float, answers))
            except (TypeError, AttributeError):  # It may take vectors only.
                return _vector(name, function(self.form.vector(zs)), len(zs))

        return of_list

    def function_script(self, name: str, z: float) -> str:
        """The lines that call that function of the number z, or of a vector of it, to paste into a prompt."""
        function, network_name = self._beside(name), type(self.net).__name__
        lines, call = [self.imports(name)], name
        if not function:
            lines = [self.imports(network_name), f"net = {network_name}({self.sizes})"]
            function, call = getattr(self.net, name), f"net.{name}"
        try:
            function(z)
            return "\n".join([*lines, f"{call}({z})"])
        except (TypeError, AttributeError):  # As above.
            library = [f"import {self.form.library.__name__}"] if self.form.library else []
            return "\n".join([*library, *lines, f"{call}({self.written([z])})"])

    def _beside(self, name: str) -> Any:
        return getattr(sys.modules[type(self.net).__module__], name, None)

    biases = property(lambda self: plain(self.net.biases, [])[0])
    weights = property(lambda self: plain([], self.net.weights)[1])

    def feedforward(self, a: Vector) -> Vector:
        """As `Network.feedforward`."""
        a = self.form.vector(a)
        before = numbers(a)
        output = self.net.feedforward(a)
        if numbers(a) != before:
            raise ValueError("feedforward changes the input that it is given")
        return _vector("feedforward", output, self.sizes[-1])

    def cost_derivative(self, output_activations: Vector, y: Vector) -> Vector:
        """As `Network.cost_derivative`."""
        output_activations, y = self.form.vector(output_activations), self.form.vector(y)
        before = numbers([output_activations, y])
        nabla_a = self.net.cost_derivative(output_activations, y)
        if numbers([output_activations, y]) != before:
            raise ValueError("cost_derivative changes the vectors that it is given")
        return _vector("cost_derivative", nabla_a, self.sizes[-1])

    def backprop(self, x: Vector, y: Vector) -> tuple[list[Vector], list[Matrix]]:
        """As `Network.backprop`."""
        x, y = self.form.vector(x), self.form.vector(y)
        before = numbers([x, y])
        nabla = self.net.backprop(x, y)
        if numbers([x, y]) != before:
            raise ValueError("backprop changes the example that it is given")
        require_gradient(nabla, self.net)
        _require_finite("backprop", nabla)
        return plain(*nabla)

    def update_mini_batch(self, mini_batch: list[Example], eta: float) -> None:
        """As `Network.update_mini_batch`."""
        before = self._shapes()
        self.net.update_mini_batch(self._pairs(mini_batch), eta)
        if self._shapes() != before:
            hints = [hint(found, vector=True) for found in self._shapes()[0]]
            raise ValueError(
                f"update_mini_batch changes the shapes {before} of the parameters to {self._shapes()}"
                + next(filter(None, hints), "")
            )
        _require_finite("update_mini_batch", [self.net.biases, self.net.weights])

    def evaluate(self, test_data: list[Labelled]) -> Any:
        """As `Network.evaluate`."""
        count = self.net.evaluate([(self.form.vector(x), digit) for x, digit in test_data])
        try:
            if not isfinite(count):
                raise ValueError
        except (TypeError, ValueError):
            raise ValueError(f"evaluate gives {_in_a_line(repr(count))}, not how many are right") from None
        return count

    def SGD(
        self, training_data: list[Example], epochs: int, mini_batch_size: int, eta: float, **others: Any
    ) -> None:
        """As `Network.SGD`."""
        self.net.SGD(self._pairs(training_data), epochs, mini_batch_size, eta, **others)

    def _shapes(self) -> list[list[tuple[int, ...]]]:
        return [list(map(shape, parameters)) for parameters in (self.net.biases, self.net.weights)]

    def _pairs(self, examples: list[Example]) -> list[Any]:
        return [(self.form.vector(x), self.form.vector(y)) for x, y in examples]
