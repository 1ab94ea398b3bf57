"""Calls a network of another class as if it were purenet's: flat lists in and out, whatever its conventions.

    net = Candidate(survey(network_class), biases=[[0.5]], weights=[[[1.0, -0.3]]])
    net.backprop([0.0, 1.0], [1.0])

What its methods do is run as it is.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import sys
from collections.abc import Callable, Sequence
from itertools import product
from math import isfinite
from types import SimpleNamespace
from typing import Any, NamedTuple

from purenet.checker.guarded_call import Kind, Odd, in_a_line, tried
from purenet.checker.mistakes import MORE
from purenet.checker.other_names import arguments, bare, known, parameters, roles
from purenet.gradcheck import numerical_gradient
from purenet.matrix import Matrix, Vector, transpose
from purenet.support.lists_or_arrays import Form, hint, numbers, plain, require_gradient, shape

TEN = 10  # outputs, where a class is for digits only
OUTPUTS = {TEN: "ten outputs and inputs from 0 to 1", 2: "two outputs", 1: "one output"}  # if others fail
TARGETS: dict[str, Callable[[Form, Vector], Any]] = {  # how a method takes y
    "vector": lambda form, y: form.vector(y),
    "digit": lambda form, y: form._replace(column=False, row=False).vector([y.index(max(y))])[0],
    "list of the digit": lambda form, y: [y.index(max(y))],
    "number": lambda form, y: y[0],
}
Examples = Sequence[tuple[Vector, Vector]]
DATA: dict[str, Callable[[Form, Examples], Any]] = {  # what may be expected in the place of the usual pairs
    "pairs of an input and a vector with one 1": lambda form, examples: [
        (form.vector(x), form.vector(y)) for x, y in examples
    ],
    "two matrices with an example in each row": lambda form, examples: tuple(
        form.matrix(matrix) for matrix in map(list, zip(*examples))
    ),
    "two matrices with an example in each column": lambda form, examples: tuple(
        form.matrix(transpose(matrix)) for matrix in map(list, zip(*examples))
    ),
}


class Way(NamedTuple):
    """How a class is used."""

    network_class: type
    files: tuple[str, ...]  # whose lines are those of the class
    names: dict[str, str | None]  # of each method, None where there is none
    made: str  # the call that makes a network, with {name} and {sizes}
    sizes: list[int]  # of a network that shows what differs from the book
    biases: str  # the attribute that is a list of its biases
    weights: str
    transposed: bool  # whether its weights have the shape (in, out)
    form: Form  # of its parameters
    x: Form  # of an input and a target
    a: Form  # of an input of feedforward
    path: tuple[int, ...] = ()  # of indices, to the output in what feedforward gives
    y: str = "vector"  # a key of TARGETS, for backprop
    w_first: bool = False  # whether backprop gives (nabla_w, nabla_b)
    by_layer: bool = False  # whether it gives a pair for each layer
    is_second: bool = False  # whether backprop wants feedforward to be called before it
    in_place: bool = False  # whether its parameters must be set in place
    one_hot: bool = False  # whether evaluate compares with a vector instead of a digit
    inputs: int = 0  # how many are built into its methods; 0 where any may be
    is_deep: bool = False  # whether it fails without a hidden layer only
    remarks: tuple[str, ...] = ()  # on what differs from the book


def make(network_class: type, made: str, sizes: list[int]) -> Any:
    """What the call `made`, with {name} and {sizes}, makes of the class."""
    call = made.format(name="network_class", sizes="sizes")
    return eval(call, {"network_class": network_class, "sizes": list(sizes)})


class Candidate:
    """A network of another class with purenet's API, made with its `biases` and `weights`."""

    def __init__(self, way: Way, biases: list[Vector], weights: list[Matrix]) -> None:
        self.way = way
        self.sizes = [len(weights[0][0]), *map(len, biases)]
        self.net = make(way.network_class, way.made, self.sizes)
        self.called: tuple[list[Any], dict[str, Any]] = [], {}  # the arguments of the last call
        self.reset(biases, weights)

    # The parameters.

    def reset(self, biases: list[Vector], weights: list[Matrix]) -> None:
        """Give the network these parameters."""
        form, net = self.way.form, self.net
        new = list(map(form.vector, biases)), list(map(self.matrix, weights))
        for name, parts in zip((self.way.biases, self.way.weights), new):
            if self.way.in_place:
                for part, values in zip(getattr(net, name), parts):
                    part[:] = values
                continue
            if hasattr(getattr(net, name, None), "dtype"):  # It is an array of arrays.
                array = form.library.empty(len(parts), object)
                for l, part in enumerate(parts):
                    array[l] = part
                parts = array
            setattr(net, name, parts)

    def matrix(self, w: Matrix) -> Any:
        """The list of rows `w` as the network keeps it."""
        return self.way.form.matrix(transpose(w) if self.way.transposed else w)

    def kept(self) -> tuple[list[Any], list[Any]]:
        """Its biases and weights as it keeps them."""
        return list(getattr(self.net, self.way.biases)), list(getattr(self.net, self.way.weights))

    def flat(self, kept: Any) -> tuple[list[Vector], list[Matrix]]:
        """Biases and weights, or their gradients, in the shapes of purenet's network."""
        biases, weights = plain(*kept)
        return biases, (list(map(transpose, weights)) if self.way.transposed else weights)

    @property
    def biases(self) -> list[Vector]:
        """The biases, flat lists."""
        return self.flat(self.kept())[0]

    @property
    def weights(self) -> list[Matrix]:
        """The weights, lists of rows."""
        return self.flat(self.kept())[1]

    # The methods.

    def call(self, method: str, **values: Any) -> Any:
        """What the method gives, with the values for what it takes; Odd where it changes x or y."""
        function = getattr(self.net, self.way.names[method] or method)
        positional, named = self.called = arguments(function, values)
        given = {role: values[role] for role in ("x", "y", "output") if shape(values.get(role))}
        before = {role: numbers(value) for role, value in given.items()}
        answer = function(*positional, **named)
        if any(numbers(given[role]) != before[role] for role in given):
            raise Odd(Kind.GIVEN)
        return answer

    def call_with_data(self, method: str, **values: Any) -> Any:
        """The same with pairs for test_data, training_data or mini_batch; Odd where it takes another form."""
        data = {role: values[role] for role in ("test_data", "training_data", "mini_batch") if values.get(role)}
        if "test_data" in data:
            outputs = range(self.sizes[-1])
            data["test_data"] = [(x, [float(k == digit) for k in outputs]) for x, digit in data["test_data"]]
        for role, examples in data.items():
            y = self.way.y if role != "test_data" else "vector" if self.way.one_hot else "digit"
            values[role] = [(self.way.x.vector(x), TARGETS[y](self.way.x, target)) for x, target in examples]
        old = self.biases, self.weights
        try:
            return self.call(method, **values)
        except Odd:
            raise
        except Exception:
            if "training_data" in data and (self.biases, self.weights) == old:  # It may make vectors itself.
                flat = self.way.x._replace(column=False, row=False)
                for role, examples in data.items():
                    values[role] = [(flat.vector(x), y.index(max(y))) for x, y in examples]
                answer, trouble = tried(self.way.files, lambda: copy.copy(self).call(method, **values))
                if not trouble:
                    return answer
            # What has learned from the other data takes them as pairs, whatever failed then.
            open_roles = [role for role in data if role == "test_data" or (self.biases, self.weights) == old]
            some = [roles for roles in (open_roles[:1], open_roles[1:], open_roles) if roles]
            for roles, words in product(some if self.way.form.library else (), DATA):

                def again() -> Any:
                    others = {role: DATA[words](self.way.x, data[role]) for role in roles}
                    return copy.copy(self).call(method, **{**values, **others})

                _, trouble = tried(self.way.files, again)
                if not trouble or trouble.kind is Kind.FORM:  # It has come to a step that takes another, too.
                    taken = f"{' and '.join(roles)} as {words}"
                    raise Odd(Kind.FORM, f"it takes {taken}, where a list of pairs is expected") from None
            raise

    def raw_output(self, a: Vector) -> Any:
        """What feedforward gives, as it gives it; Odd where that is nothing, but attributes."""
        old = dict(vars(self.net)) if hasattr(self.net, "__dict__") else {}
        output = self.call("feedforward", x=self.way.a.vector(a))
        changed = [name for name in old if vars(self.net)[name] is not old[name]]
        if output is None and changed:
            raise Odd(Kind.FORM, f"it keeps what it computes in {' and '.join(changed)}, and gives None")
        return output

    def feedforward(self, a: Vector) -> Vector:
        """As `Network.feedforward`."""
        output = given = self.raw_output(a)
        with contextlib.suppress(TypeError, IndexError):
            for k in self.way.path:
                output = output[k]
        has_parts = isinstance(output, (list, tuple)) and any(hasattr(part, "__len__") for part in output)
        if isinstance(output, dict) or has_parts and _count(output) != self.sizes[-1]:
            raise _odd(given, "the output")
        return _vector("feedforward", output, self.sizes[-1])

    def cost_derivative(self, output_activations: Vector, y: Vector) -> Vector:
        """As `Network.cost_derivative`."""
        output, target = self.way.x.vector(output_activations), self.way.x.vector(y)
        return _vector("cost_derivative", self.call("cost_derivative", output=output, y=target), len(y))

    def raw_gradient(self, x: Vector, y: Vector) -> Any:
        """What backprop gives, as it gives it."""
        if self.way.is_second:
            self.raw_output(x)
        return self.call("backprop", x=self.way.x.vector(x), y=TARGETS[self.way.y](self.way.x, y))

    def backprop(self, x: Vector, y: Vector) -> tuple[list[Vector], list[Matrix]]:
        """As `Network.backprop`."""
        nabla = self.raw_gradient(x, y)
        if self.way.by_layer:
            nabla = list(map(list, zip(*nabla)))
        if not isinstance(nabla, (tuple, list)) or len(nabla) < 2 or any(map(shape, nabla[3:])):
            raise _odd(nabla, "(nabla_b, nabla_w)")
        nabla = nabla[1::-1] if self.way.w_first else nabla[:2]
        if shape(nabla[0]):  # That of one output may be a number.
            nabla = [[part] if shape(part) == () else part for part in nabla[0]], nabla[1]
        biases, weights = self.kept()
        require_gradient(nabla, SimpleNamespace(biases=biases, weights=weights))
        if any(getattr(getattr(part, "dtype", None), "itemsize", 8) < 4 for part in (*nabla[0], *nabla[1])):
            raise Odd(Kind.FORM, "its numbers have 16 bits, too few to be compared; use 64")
        _require_finite("backprop", nabla)
        return self.flat(nabla)

    def numerical_gradient(self, x: Vector, y: Vector, cost: Callable[[Vector, Vector], float] | None) -> Any:
        """As `gradcheck.numerical_gradient`, of a cost(output, y) or their own cost(x, y)."""
        net = SimpleNamespace(feedforward=self.feedforward, cost=getattr(self.net, "cost", None))
        net.biases, net.weights = self.kept()
        return self.flat(numerical_gradient(net, x, y, cost=cost))

    def update_mini_batch(
        self, mini_batch: Examples, eta: float, n: int | None = None, size: int | None = None
    ) -> None:
        """As `Network.update_mini_batch`.

        n       the number of all examples, where that is asked for
        size    the mini_batch_size of SGD, where the network has it
        """
        size = size or len(mini_batch)
        old, before = (self.biases, self.weights), [list(map(shape, parts)) for parts in self.kept()]
        self._set_rate(eta, size)
        given = dict(mini_batch=mini_batch, eta=eta, n=n or len(mini_batch) + MORE)
        try:
            self.call_with_data("update_mini_batch", **given)
        except AttributeError:
            if not self.way.names["SGD"]:
                raise
            self.SGD(mini_batch, 0, size, eta)  # It may set attributes that the step needs.
            self.reset(*old)
            self.call_with_data("update_mini_batch", **given)
        zeros = [name for name, value in self.called[1].items() if isinstance(value, float) and value == 0.0]
        if eta and zeros and (self.biases, self.weights) == old:
            step = getattr(self.net, self.way.names["update_mini_batch"] or "update_mini_batch")
            step(**{**self.called[1], **dict.fromkeys(zeros, 0.5)})
            if self.biases != old[0]:  # A decay would change the weights alone.
                raise Odd(Kind.FORM, f"with 0 as {' and '.join(zeros)} it changes nothing")
            self.reset(*old)
        after = [list(map(shape, parts)) for parts in self.kept()]
        if after != before:
            cause = "".join(hint(found, vector=True) for found in after[0])
            if after[0] == before[1]:
                cause = "; it may be changed by what is summed for the weights"
            shapes = f"the shapes {before} of the parameters to {after}"
            raise ValueError(f"update_mini_batch changes {shapes}{cause}")
        _require_finite("update_mini_batch", self.kept())
        if self.way.in_place:
            if (self.biases, self.weights) == old:
                is_other = f"{self.way.weights} is no longer what the network computes with after a step"
                raise Odd(Kind.FORM, is_other)
            again, x = Candidate(self.way, self.biases, self.weights), mini_batch[0][0]
            if again.feedforward(x) != copy.copy(self).feedforward(x):  # The copy leaves what was called last.
                raise ValueError(f"feedforward does not compute with the {self.way.weights} that the step sets")

    def _set_rate(self, eta: float, size: int) -> bool:
        """Set the attributes that are called like these. Returns whether η is among them."""
        is_set = False
        for name in {*getattr(self.net, "__dict__", {})} - {self.way.biases, self.way.weights}:
            if bare(name) in known("eta"):
                setattr(self.net, name, eta)
                is_set = True
            elif bare(name) in known("mini_batch_size")[:3]:
                setattr(self.net, name, size)
        return is_set

    def evaluate(self, test_data: Any) -> Any:
        """As `Network.evaluate`."""
        count = self.call_with_data("evaluate", test_data=test_data)
        if not hasattr(count, "__float__"):
            raise Odd(Kind.FORM, f"it gives {in_a_line(repr(count))}, not how many are right")
        return count

    def SGD(
        self, training_data: Examples, epochs: int, mini_batch_size: int, eta: float, test_data: Any = None
    ) -> None:
        """As `Network.SGD`."""
        is_set = self._set_rate(eta, mini_batch_size) or "=0.6" in self.way.made
        given = dict(training_data=training_data, epochs=epochs, mini_batch_size=mini_batch_size, eta=eta)
        takes = roles(getattr(self.net, self.way.names["SGD"] or "SGD"), [*given, "test_data"])
        if takes and not is_set and "eta" not in takes.values():
            raise Odd(Kind.FORM, "it takes no η by a name that is known, such as eta or learning_rate")
        self.call_with_data("SGD", **given, test_data=test_data)

    def function(self, method: str) -> Callable[[Vector], Vector]:
        """sigmoid or sigmoid_prime of theirs, as a function of a list of numbers."""
        name = self.way.names[method] or method
        function: Any = getattr(self._owner(name), name, None)

        def of_list(zs: Vector) -> Vector:
            try:
                return _vector(method, function(self.way.x.vector(zs)), len(zs))
            except TypeError:  # As math.exp, it may take numbers only.
                return [float(function(z)) for z in zs]

        return of_list

    def _owner(self, name: str) -> Any:
        """What has the function: their module, their class where it takes no self, or this network."""
        module, function = sys.modules.get(self.way.network_class.__module__), getattr(self.net, name, None)
        if hasattr(module, name):
            return module
        return self.way.network_class if inspect.ismethod(function) and not parameters(function) else self.net

    # What to paste into a Python prompt.

    def script(self) -> list[str]:
        """The lines that make this network."""
        way, lines = self.way, self._making()
        arrays = map(way.form.vector, self.biases), map(self.matrix, self.weights)
        for name, parts in zip((way.biases, way.weights), arrays):
            written = list(map(way.form.written, parts))
            in_place = [f"net.{name}[{l}][:] = {part}" for l, part in enumerate(written)]
            lines += in_place if way.in_place else [f"net.{name} = [{', '.join(written)}]"]
        return lines

    def _making(self) -> list[str]:
        name, library = self.way.network_class.__name__, self.way.form.library
        made = f"net = {self.way.made.format(name=name, sizes=self.sizes)}"
        return [*([f"import {library.__name__}"] if library else []), self._import(name), made]

    def line(self, method: str) -> str:
        """The line of the last call, which was of this method."""
        positional, named = self.called
        by_name = [f"{name}={self.written(value)}" for name, value in named.items()]
        return f"net.{self.way.names[method]}({', '.join([*map(self.written, positional), *by_name])})"

    def written(self, value: Any) -> str:
        """An argument, nested lists and tuples of numbers or arrays, as one would type it."""
        if isinstance(value, (list, tuple)):
            entries = ", ".join(map(self.written, value))
            return f"({entries})" if isinstance(value, tuple) else f"[{entries}]"
        return self.way.form.written(value) if shape(value) else repr(getattr(value, "tolist", lambda: value)())

    def function_script(self, method: str, z: Any) -> list[str]:
        """The lines that call sigmoid or sigmoid_prime of z, a number or a list for a vector."""
        name, network_class = self.way.names[method] or method, self.way.network_class
        owner = self._owner(name)
        if not isinstance(z, list):
            try:
                getattr(owner, name)(z)
            except (TypeError, AttributeError):  # It may take vectors only.
                z = [z]
        call = f"{name}({self.written(self.way.x.vector(z) if isinstance(z, list) else z)})"
        if owner is self.net:
            return [*self._making(), f"net.{call}"]
        call, name = (f"{owner.__name__}.{call}", owner.__name__) if owner is network_class else (call, name)
        return [*self._making()[:-2], self._import(name), call]

    def _import(self, name: str) -> str:
        module = self.way.network_class.__module__
        if not all(map(str.isidentifier, module.split("."))):  # As 01-network.py makes.
            return f'import importlib; {name} = importlib.import_module("{module}").{name}'
        return f"# {name} as above" if module == "__main__" else f"from {module} import {name}"


def _count(nested: Any) -> int:
    """How many numbers there are; 0 where there is anything else, too."""
    try:
        return len(numbers(nested))
    except (TypeError, ValueError):
        return 0


def _odd(given: Any, wanted: str) -> Odd:
    kind = "None" if given is None else f"a {type(given).__name__}"
    return Odd(Kind.FORM, f"it gives {kind}, where {wanted} is expected")


def _vector(name: str, v: Any, n: int) -> Vector:
    """The `n` numbers of the vector `v`, in any form, that the function `name` gave."""
    if v is None:
        raise ValueError(f"{name} gives None: does it return what it computes?")
    if _count(v) != n:
        given = f"something of the shape {shape(v)}" if len(shape(v)) > 1 else in_a_line(repr(v))
        raise ValueError(f"{name} gives {given}, not a vector of {n} numbers{hint(shape(v), vector=True)}")
    _require_finite(name, v)
    return numbers(v)


def _require_finite(method: str, nested: Any) -> None:
    if not all(map(isfinite, numbers(nested))):
        raise ValueError(f"{method} gives NaN or infinite numbers")
