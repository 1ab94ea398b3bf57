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
import linecache
import os
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from types import FrameType
from typing import Any

from .checks import Example, Labelled
from .forms import Form, numbers, plain, require_gradient, shape
from .matrix import Matrix, Vector

SECONDS = 10  # that loading a file may take, or one call of a method


def load_class(name: str) -> type:
    """The class that `name` tells: "my_network.py:MyNetwork", or "my_network.py" for its class `Network`.

    Runs the file as an import does. Raises ValueError with a sentence where no such class is to be had.
    """
    path, class_name = name, "Network"
    if name.rpartition(":")[2].isidentifier() and name.rpartition(":")[0]:
        path, _, class_name = name.rpartition(":")
    path = os.path.abspath(path)
    if not os.path.isfile(path):
        raise ValueError(f"{path}: there is no such file")
    # What the file imports from beside it should be found, as when it is run. It is loaded as a part of this
    # package, so that a copy of network.py finds what that imports.
    sys.path.insert(0, os.path.dirname(path))
    module_name = f"{__package__}.stranger_{os.path.splitext(os.path.basename(path))[0]}"
    loader = importlib.machinery.SourceFileLoader(module_name, path)
    spec: Any = importlib.util.spec_from_loader(module_name, loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    trouble = attempt(path, loader.exec_module, module)[1]
    if trouble:
        raise ValueError(f"{path} cannot be imported: {trouble}")
    found = getattr(module, class_name, None)
    if not isinstance(found, type):
        classes = [key for key, value in vars(module).items() if isinstance(value, type)]
        others = f"; it has {', '.join(classes)}: name one after a colon" if classes else ""
        raise ValueError(f"{path} has no class {class_name}{others}")
    return found


def attempt(path: str, function: Callable[..., Any], *args: Any) -> tuple[Any, str | None]:
    """(what function(*args) returns, None), or (None, a clause) where it fails.

    The clause tells the line of the file at `path` in which it failed. It has failed, too, when it takes
    longer than SECONDS or ends the program. What it prints is not shown, and what it asks for not answered.
    """
    deadline = time.monotonic() + SECONDS

    def watch(frame: FrameType, event: str, argument: Any) -> Any:
        if time.monotonic() > deadline:
            raise TimeoutError
        return watch if frame.f_code.co_filename == path else None

    before, stdin, exit_at_once = sys.gettrace(), sys.stdin, os._exit
    try:
        quiet = warnings.catch_warnings()
        with open(os.devnull, "r+") as nowhere, contextlib.redirect_stdout(nowhere), quiet:
            warnings.simplefilter("ignore")
            # os._exit would end the program without a word, and with a status of its own.
            sys.stdin, os._exit = nowhere, lambda status: sys.exit(status)
            sys.settrace(watch)
            return function(*args), None
    except (Exception, SystemExit) as error:
        sys.settrace(before)
        return None, _told(error, path)
    finally:
        sys.settrace(before)
        sys.stdin, os._exit = stdin, exit_at_once


def _told(error: BaseException, path: str) -> str:
    lines = [
        (frame.lineno or 0, frame.name)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == path
    ]
    if isinstance(error, SyntaxError) and error.filename == path:
        lines.append((error.lineno or 0, "<module>"))
    where = ""
    if lines:
        number, function = lines[-1]
        inside = "" if function == "<module>" else f" ({function})"
        where = f" in line {number}{inside}:\n    {linecache.getline(path, number).strip()}"
    if isinstance(error, TimeoutError) and not error.args:
        return f"it takes longer than {SECONDS} s and was stopped{where}"
    if isinstance(error, SystemExit):
        return f"it ends the program{where}"
    if isinstance(error, ValueError) and not lines:
        return str(error)  # What the file gives does not fit, as we have found.
    return f"it raises {type(error).__name__}: {error}{where}"


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
                    f"weights[{l}] has the shape {theirs} for sizes {self.sizes}, not {shape(w)}"
                )
        self.form = Form.of(self.net)
        self.net.biases = [self.form.vector(b) for b in biases]
        self.net.weights = [self.form.matrix(w) for w in weights]

    def script(self) -> list[str]:
        """The lines that make this network, to paste into a Python prompt."""
        name, form = type(self.net).__name__, self.form
        lines = [
            f"from {type(self.net).__module__.rpartition('stranger_')[2]} import {name}",
            f"net = {name}({self.sizes})",
            f"net.biases = [{', '.join(form.written(form.vector(b)) for b in self.biases)}]",
            f"net.weights = [{', '.join(form.written(form.matrix(w)) for w in self.weights)}]",
        ]
        return [f"import {form.library.__name__}", *lines] if form.library else lines

    def written(self, v: Vector) -> str:
        """The flat list `v` as the network takes it, to paste into a Python prompt."""
        return self.form.written(self.form.vector(v))

    def function(self, name: str) -> Callable[[Vector], Vector] | None:
        """The function of that name beside the class or in it, of a list of numbers, if there is one."""
        beside = getattr(sys.modules[type(self.net).__module__], name, None)
        function = beside or getattr(self.net, name, None)
        if not callable(function):
            return None

        def of_list(zs: Vector) -> Vector:
            try:
                return [float(function(z)) for z in zs]
            except (TypeError, AttributeError):  # It may take vectors only.
                return numbers(function(self.form.vector(zs)))

        return of_list

    biases = property(lambda self: plain(self.net.biases, [])[0])
    weights = property(lambda self: plain([], self.net.weights)[1])

    def feedforward(self, a: Vector) -> Vector:
        """As `Network.feedforward`."""
        a = self.form.vector(a)
        before = numbers(a)
        output = self.net.feedforward(a)
        if numbers(a) != before:
            raise ValueError("feedforward changes the input that it is given")
        return self._vector("feedforward", output)

    def cost_derivative(self, output_activations: Vector, y: Vector) -> Vector:
        """As `Network.cost_derivative`."""
        nabla_a = self.net.cost_derivative(self.form.vector(output_activations), self.form.vector(y))
        return self._vector("cost_derivative", nabla_a)

    def backprop(self, x: Vector, y: Vector) -> tuple[list[Vector], list[Matrix]]:
        """As `Network.backprop`."""
        x, y = self.form.vector(x), self.form.vector(y)
        before = numbers([x, y])
        nabla = self.net.backprop(x, y)
        if numbers([x, y]) != before:
            raise ValueError("backprop changes the example that it is given")
        require_gradient(nabla, self.net)
        return plain(*nabla)

    def update_mini_batch(self, mini_batch: list[Example], eta: float) -> None:
        """As `Network.update_mini_batch`."""
        before = self._shapes()
        self.net.update_mini_batch(self._pairs(mini_batch), eta)
        if self._shapes() != before:
            raise ValueError(
                f"update_mini_batch changes the shapes {before} of the parameters to {self._shapes()}"
            )

    def evaluate(self, test_data: list[Labelled]) -> Any:
        """As `Network.evaluate`."""
        return self.net.evaluate([(self.form.vector(x), digit) for x, digit in test_data])

    def SGD(
        self, training_data: list[Example], epochs: int, mini_batch_size: int, eta: float, **others: Any
    ) -> None:
        """As `Network.SGD`."""
        self.net.SGD(self._pairs(training_data), epochs, mini_batch_size, eta, **others)

    def _vector(self, method: str, v: Any) -> Vector:
        n = self.sizes[-1]
        if shape(v) == () or len(numbers(v)) != n:
            raise ValueError(f"{method} gives {v!r}, not a vector of {n} numbers")
        return numbers(v)

    def _shapes(self) -> list[list[tuple[int, ...]]]:
        return [list(map(shape, parameters)) for parameters in (self.net.biases, self.net.weights)]

    def _pairs(self, examples: list[Example]) -> list[Any]:
        return [(self.form.vector(x), self.form.vector(y)) for x, y in examples]
