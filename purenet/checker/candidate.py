"""Calls a network of another class as if it were purenet's: flat lists in and out, whatever its conventions.

    way = survey(network_class)
    net = Candidate(way, biases=[[0.5]], weights=[[[1.0, -0.3]]])
    net.backprop([0.0, 1.0], [1.0])

A `Way` is how the class is used: how it is made, where its parameters are, which names and forms it has. What
its methods do is run as it is.
"""

from __future__ import annotations

import functools
import inspect
import keyword
import sys
from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any, NamedTuple

from purenet.checker.attempt import Kind, Odd, in_a_line, tried
from purenet.checker.find_mistakes import is_close
from purenet.checker.mistakes import MORE
from purenet.checker.names import LISTED, METHODS, arguments, bare, method_of
from purenet.checker.parameters import Found, find, written_path
from purenet.checker.reference import CROSS_ENTROPY, QUADRATIC, Model, Reference
from purenet.gradcheck import numerical_gradient
from purenet.matrix import Matrix, Vector, transpose
from purenet.support.arrays import Form, hint, numbers, places, plain, require_gradient, shape

SIZES = [2, 3, 4, 5], [2, 3, 4]  # all different, so that a shape says what it belongs to


class Way(NamedTuple):
    """How a class is used.

    names      the name of each method, None where there is none
    maker      makes a network of a class and these sizes
    written    the call that does it, with {name} and {sizes}
    found      where the parameters are
    form       of the biases
    x, y       the forms of an input and of a target; y is None where backprop takes the digit
    order      where nabla_b and nabla_w stand in what backprop gives
    one_hot    whether evaluate compares with a vector instead of a digit
    layers     the only number of layers that can be made, if there is one
    remarks    on what differs from the book
    """

    network_class: type
    files: tuple[str, ...]
    names: dict[str, str | None]
    maker: Callable[[type, list[int]], Any] = lambda network_class, sizes: None
    written: str = ""
    found: Any = None
    form: Any = None
    x: Any = None
    y: Any = None
    order: tuple[int, int] = (0, 1)
    one_hot: bool = False
    layers: int | None = None
    remarks: tuple[str, ...] = ()

    def make(self, sizes: list[int]) -> Any:
        """A network of the class, of these sizes."""
        return self.maker(self.network_class, list(sizes))

    def noting(self, remark: str, **changes: Any) -> Way:
        """The way with these changes, which the remark tells."""
        return self._replace(remarks=(*self.remarks, remark), **changes)


def own_files(network_class: type) -> tuple[str, ...]:
    """The files, or cells of a notebook, that the methods of the class stand in.

    Raises ValueError for a class that has no method that is written in Python.
    """
    files = []
    for cls in network_class.__mro__:
        if cls is network_class or cls.__module__ not in ("purenet.network", "builtins"):
            codes = [
                getattr(getattr(value, "__func__", value), "__code__", None) for value in vars(cls).values()
            ]
            files += [code.co_filename for code in codes if code and hasattr(code, "co_filename")]
    module_file = getattr(sys.modules.get(network_class.__module__), "__file__", None)
    if module_file:
        files.append(module_file)
    if network_class.__module__ == "builtins":
        raise ValueError(f"{network_class.__name__} is not a class that is written in Python")
    return tuple(dict.fromkeys(files)) or ("\0",)


def own_methods(network_class: type) -> list[str]:
    """The names of its methods."""
    return [
        name
        for name in dir(network_class)
        if not name.startswith("__") and callable(getattr(network_class, name))
    ]


@functools.lru_cache(maxsize=64)
def usual_way(network_class: type) -> Way:
    """`survey` of a class whose methods are to be guessed, once for each class."""
    return survey(network_class)


def survey(network_class: type, methods: dict[str, str] | None = None) -> Way:
    """How the class is used. `methods` are names of methods that should not be guessed.

    Raises ValueError where no network can be made of it, or where its parameters are not found.
    """
    for method, name in (methods or {}).items():
        if method not in METHODS:
            raise ValueError(f"there is no method {method} to be judged; there are {', '.join(METHODS)}")
        if not callable(getattr(network_class, name, None)):
            raise ValueError(f"{network_class.__name__} has no method {name} to be taken for {method}")
    names: dict[str, str | None] = {method: method_of(network_class, method) for method in METHODS}
    beside = (
        vars(sys.modules.get(network_class.__module__, object))
        if network_class.__module__ in sys.modules
        else {}
    )
    for method in ("sigmoid", "sigmoid_prime"):
        if names[method] != method or callable(beside.get(method)):
            names[method] = method_of(beside, method) or names[method]
    names.update(methods or {})
    way = Way(network_class, own_files(network_class), names)
    others = [f"{method} is called {name}" for method, name in names.items() if name not in (None, method)]
    if others:
        way = way.noting(f"Names: {', '.join(others)}.")
    skipped = beside.get("__skipped__")
    if skipped:
        way = way.noting(f"{skipped}.")
    return _with_form(_with_parameters(way))


# How a network is made.


def _makers(network_class: type) -> list[tuple[str, Callable[[type, list[int]], Any]]]:
    """The ways to make one that may work, as (how it is written, a function of the sizes)."""
    try:
        parameters = list(inspect.signature(network_class).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    required = [
        p for p in parameters if p.default is p.empty and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    ]
    rates = {p.name: 0.6 for p in required if bare(p.name) in LISTED["eta"]}
    more = "".join(f", {name}=0.6" for name in rates)
    others = [p for p in required if p.name not in rates]
    ways: list[tuple[str, Callable[[type, list[int]], Any]]] = [
        (f"{{name}}({{sizes}}{more})", lambda cls, sizes: cls(sizes, **rates)),
        (f"{{name}}(*{{sizes}}{more})", lambda cls, sizes: cls(*sizes, **rates)),
    ]
    for p in (others or parameters)[:1]:
        if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY):
            by_name = p.name
            ways.append(
                (f"{{name}}({by_name}={{sizes}}{more})", lambda cls, sizes: cls(**{by_name: sizes}, **rates))
            )
    return ways if len(others) < 2 else [ways[1], ways[0], *ways[2:]]


def _with_parameters(way: Way) -> Way:
    """The way with what makes a network, and where it has its parameters."""
    name, reasons = way.network_class.__name__, []
    for sizes in SIZES:
        for written, maker in _makers(way.network_class):
            net, trouble = tried(way.files, maker, way.network_class, list(sizes))
            if not trouble:
                found, trouble = tried(way.files, find, net, sizes)
            if not trouble:
                _, trouble = tried(way.files, _require_one_form, net, found, sizes)
            if trouble:
                reasons.append((net is not None, sizes, trouble))
                continue
            way = way._replace(maker=maker, written=written, found=found)
            if written != "{name}({sizes})":
                way = way.noting(f"It is made as {written.format(name=name, sizes='sizes')}.")
            if len(sizes) == 3:
                way = way.noting(
                    "It can have three layers only, so it is judged by networks of three.", layers=3
                )
            if (str(found.biases), str(found.weights)) != ("net.biases[0]", "net.weights[0]"):
                way = way.noting(f"Its biases begin at {found.biases}, its weights at {found.weights}.")
            if found.transposed:
                way = way.noting("Its weights have the shape (in, out), the transpose of the book's.")
            return way
    # The reason of what came farthest, and of the usual call if none did.
    made, sizes, trouble = max(reasons, key=lambda reason: reason[0])
    if made:
        raise ValueError(f"{name}({sizes}) gives no network that can be checked: {trouble.clause}")
    try:
        constructor = getattr(way.network_class, "__init__")  # noqa: B009
        takes = f"its constructor takes {inspect.signature(constructor)}"
    except (TypeError, ValueError):
        takes = "its constructor takes other arguments"
    raise ValueError(f"{name}({sizes}) cannot be made: {takes.replace(' -> None', '')}; {trouble.clause}")


def _require_one_form(net: Any, found: Found, sizes: list[int]) -> None:
    """Raise ValueError unless all parameters are kept alike: what replaces them has the form of one."""
    first = found.biases.get(net, 0)
    for name, place in (("biases", found.biases), ("weights", found.weights)):
        for l in range(len(sizes) - 1):
            drawn = place.get(net, l)
            if _kind(drawn) != _kind(first):
                raise ValueError(f"{name}[{l}] is {_kind(drawn)}, but biases[0] {_kind(first)}")
            for _, row, k in list(places([drawn]))[:1]:
                if not hasattr(row[k], "__float__"):
                    raise ValueError(
                        f"{name}[{l}] holds a {type(row[k]).__name__}; the check sets plain numbers"
                    )
            if name == "biases" and len(shape(drawn)) != len(shape(first)):
                raise ValueError(
                    f"biases[{l}] has the shape {shape(drawn)}, but biases[0] {shape(first)}: "
                    "all should be flat, or all columns"
                )
            if isinstance(drawn, list) and len(set(map(id, drawn))) < len(drawn) and isinstance(drawn[0], list):
                raise ValueError(
                    f"the rows of {name}[{l}] are one and the same list, so that to change one changes all: "
                    "make a new list for each"
                )


def _kind(nested: Any) -> str:
    """What a vector or matrix is kept in."""
    if hasattr(nested, "shape"):
        name = type(nested).__name__
        return "an array" if "array" in name.lower() else f"a {name}"
    return "a list of arrays" if any(getattr(entry, "shape", ()) != () for entry in nested) else "a list"


# In which form it takes vectors and gives gradients.


def _probe(sizes: list[int]) -> tuple[list[Vector], list[Matrix], Vector, list[Vector]]:
    """Parameters, an input, and targets that differ from each other, for a network of these sizes."""
    pairs = list(zip(sizes, sizes[1:]))
    biases = [[0.3 * k - 0.2 * l - 0.1 for k in range(n)] for l, (_, n) in enumerate(pairs)]
    weights = [
        [[0.7 - 0.4 * j + 0.3 * k - 0.1 * j * k * (l + 1) for k in range(m)] for j in range(n)]
        for l, (m, n) in enumerate(pairs)
    ]
    one_hot = [float(k == 1) for k in range(sizes[-1])]
    return biases, weights, [0.5 - 0.8 * k for k in range(sizes[0])], [one_hot]


def _with_form(way: Way) -> Way:
    """The way with the forms that its methods take, as far as trying them shows; else those of the biases."""
    sizes = SIZES[way.layers == 3]
    form = Form.of_vector(way.found.biases.get(way.make(list(sizes)), 0))
    biases, weights, x, (y, *_) = _probe(sizes)
    way = way._replace(form=form, x=form, y=form)
    others = [
        Form(form.library, column, row, form.maker)
        for column, row in ((True, False), (False, False), (False, True))
    ]
    forms = [form, *(other for other in others if other != form)]
    right = [Reference(biases, weights, model=Model(cost=cost)) for cost in (QUADRATIC, CROSS_ENTROPY)]

    def rated(way: Way, method: str, *args: Vector) -> int:
        """2 where the answer is right, or its negative; 1 where it has the right shape; 0 where it has not."""
        answer, trouble = tried(way.files, lambda: getattr(Candidate(way, biases, weights), method)(*args))
        if trouble:
            return -1 if trouble.kind is Kind.HANGS else int(trouble.kind is not Kind.FAILS)
        for net in right:
            wanted = numbers(getattr(net, method)(*args))
            if is_close(answer, wanted) or is_close(answer, [-w for w in wanted]):
                return 2
        return 1

    def best(ways: list[Way], method: str, *args: Vector) -> Way:
        ratings = []
        for each in ways:
            ratings.append(rated(each, method, *args))
            if ratings[-1] in (2, -1):
                break
        return ways[ratings.index(max(ratings))]

    if way.names["feedforward"]:
        way = best([way._replace(x=f, y=f) for f in forms], "feedforward", x)
        if way.x != form:
            way = way.noting(f"It takes an input as {way.x}, where its biases have another form.")
    if way.names["backprop"]:

        def order(way: Way) -> Way:
            nabla, _ = tried(way.files, lambda: Candidate(way, biases, weights).raw_gradient(x, y))
            return way._replace(order=_order(nabla, sizes, way.found.transposed))

        rest = [way._replace(y=f) for f in [*forms, None] if f != way.y]
        ways = [way, *rest]
        if not way.names["feedforward"]:
            ways += [way._replace(x=f, y=g) for f in forms[1:] for g in [f, *forms, None]]
        chosen = best([order(each) for each in ways], "backprop", x, y)
        if chosen.y is None:
            chosen = chosen.noting("backprop takes the digit as y, and makes the vector of it itself.")
        elif chosen.y != chosen.x:
            chosen = chosen.noting(f"backprop takes y as {chosen.y}.")
        if chosen.order != (0, 1):
            swapped = chosen.order[0] > chosen.order[1]
            chosen = chosen.noting(
                f"Its gradients come as {'(nabla_w, nabla_b)' if swapped else '(nabla_b, nabla_w)'}."
            )
        nabla, _ = tried(way.files, lambda: Candidate(chosen, biases, weights).raw_gradient(x, y))
        if isinstance(nabla, (tuple, list)) and len(nabla) > 2:
            chosen = chosen.noting("What it returns beside them is left aside.")
        way = chosen
    return way


def _order(nabla: Any, sizes: list[int], transposed: bool) -> tuple[int, int]:
    """Where nabla_b and nabla_w stand in what backprop gives, by their shapes; (0, 1) if that is not clear."""
    if not isinstance(nabla, (tuple, list)) or not 2 <= len(nabla) <= 4:
        return 0, 1
    pairs = list(zip(sizes, sizes[1:]))
    w_shapes = [(m, n) if transposed else (n, m) for m, n in pairs]
    b_shapes = [[(n,), (n, 1), (1, n)] for _, n in pairs]

    def shapes(part: Any) -> list[Any]:
        return list(map(shape, part)) if isinstance(part, (list, tuple)) or hasattr(part, "__len__") else []

    is_w = [k for k, part in enumerate(nabla) if shapes(part) == w_shapes]
    is_b = [
        k
        for k, part in enumerate(nabla)
        if len(shapes(part)) == len(pairs) and all(s in each for s, each in zip(shapes(part), b_shapes))
    ]
    if is_w and is_b:
        return is_b[0], is_w[0]
    if is_w and len(nabla) == 2 or is_b and len(nabla) == 2:  # One of them has a wrong shape.
        return (1 - is_w[0], is_w[0]) if is_w else (is_b[0], 1 - is_b[0])
    return 0, 1


def _require_finite(method: str, nested: Any) -> None:
    try:
        finite = all(map(isfinite, numbers(nested)))
    except (TypeError, ValueError):
        raise ValueError(f"{method} gives {in_a_line(repr(nested))}, not numbers") from None
    if not finite:
        raise ValueError(f"{method} gives NaN or infinite numbers")


def _vector(name: str, v: Any, n: int) -> Vector:
    """The `n` numbers of the vector `v`, in any form, that the function `name` gave."""
    if v is None:
        raise ValueError(f"{name} gives None: does it return what it computes?")
    if shape(v) == () or len(list(places(v))) != n:
        given = f"something of the shape {shape(v)}" if len(shape(v)) > 1 else in_a_line(repr(v))
        raise ValueError(f"{name} gives {given}, not a vector of {n} numbers{hint(shape(v), vector=True)}")
    _require_finite(name, v)
    return numbers(v)


class Candidate:
    """A network of a foreign class with purenet's API: flat lists in, flat lists out, whatever its own form.

    Made with its `biases`, flat lists, and `weights`, lists of rows. Raises ValueError where the class does
    not keep them in the shapes of the API.
    """

    def __init__(self, way: Way | type, biases: list[Vector], weights: list[Matrix]) -> None:
        self.way = way if isinstance(way, Way) else usual_way(way)
        self.sizes = [len(weights[0][0]), *map(len, biases)]
        self.num_layers = len(self.sizes)
        self.net = self.way.make(list(self.sizes))
        found = self.way.found
        for name, place, ours in (("biases", found.biases, biases), ("weights", found.weights, weights)):
            kept = getattr(self.net, name, None)
            if isinstance(kept, (list, tuple)) and len(kept) != len(ours):
                raise ValueError(f"{name} has {len(kept)} entries for sizes {self.sizes}, not {len(ours)}")
            place.get(self.net, len(ours) - 1)
        self.reset(biases, weights)

    def reset(self, biases: list[Vector], weights: list[Matrix]) -> None:
        """Give the network these parameters."""
        self.way.found.biases.put(self.net, [self.way.form.vector(b) for b in biases])
        self.way.found.weights.put(self.net, [self.matrix(w) for w in weights])

    def matrix(self, w: Matrix) -> Any:
        """The list of rows `w` as the network keeps it."""
        matrix: Matrix = transpose(w) if self.way.found.transposed else w
        return self.way.form.matrix(matrix)

    def _all(self, place: Any) -> list[Any]:
        return [place.get(self.net, l) for l in range(self.num_layers - 1)]

    def set_rate(self, eta: float) -> None:
        """Set the learning rate where the network has it as an attribute."""
        for name in [name for name in getattr(self.net, "__dict__", {}) if bare(name) in LISTED["eta"]]:
            setattr(self.net, name, eta)

    def script(self) -> list[str]:
        """The lines that make this network, to paste into a Python prompt."""
        name, form, found = self.way.network_class.__name__, self.way.form, self.way.found
        lines = [self.imports(name), f"net = {self.way.written.format(name=name, sizes=self.sizes)}"]
        biases, weights = list(map(form.vector, self.biases)), list(map(self.matrix, self.weights))
        for place, values in ((found.biases, biases), (found.weights, weights)):
            written = list(map(form.written, values))
            if place.is_list:
                lines.append(f"{written_path(place.path(0)[:1])} = [{', '.join(written)}]")
            else:
                lines += [f"{written_path(place.path(l))} = {value}" for l, value in enumerate(written)]
        return [f"import {form.library.__name__}", *lines] if form.library else lines

    def imports(self, name: str) -> str:
        """The line that imports `name` from the file, to paste into a Python prompt."""
        module = self.way.network_class.__module__
        if module.startswith("candidate_"):
            module = module[len("candidate_") :].rpartition(".")[2]
        if module == "__main__":
            return f"# {name} as above"
        if all(part.isidentifier() and not keyword.iskeyword(part) for part in module.split(".")):
            return f"from {module} import {name}"
        return f"{name} = __import__({module!r}).{name}"

    def written(self, v: Vector) -> str:
        """The flat list `v` as the network takes it, to paste into a Python prompt."""
        form: Form = self.way.x
        return form.written(form.vector(v))

    def target_written(self, y: Vector) -> str:
        """The same of a target."""
        return repr(y.index(max(y))) if self.way.y is None else self.way.y.written(self.way.y.vector(y))

    def function(self, name: str) -> Callable[[Vector], Vector] | None:
        """The function of that name beside the class or in it, of a list of numbers, if there is one.

        Raises ValueError where it gives other numbers for a vector than for each number.
        """
        function = self._function(name)
        if not callable(function):
            return None

        def of_list(zs: Vector) -> Vector:
            try:
                answers = [function(z) for z in zs]
                if any(answer is None for answer in answers):
                    raise ValueError(f"{name}({zs[0]}) gives None: does it return what it computes?")
                one_by_one = list(map(float, answers))
            except (TypeError, AttributeError):  # It may take vectors only.
                return _vector(name, function(self.way.x.vector(zs)), len(zs))
            if self.way.form.library and len(zs) > 1:
                try:
                    together = function(self.way.x.vector(zs))
                except TypeError:  # As math.exp does, which takes a number only.
                    return one_by_one
                got = _vector(f"{name} of a vector", together, len(zs))
                if max(abs(p - q) for p, q in zip(got, one_by_one)) > 1e-6:
                    raise Odd(Kind.FORM, f"{name} is another for a vector than for each of its numbers")
            return one_by_one

        return of_list

    def function_script(self, name: str, z: float) -> str:
        """The lines that call that function of the number z, or of a vector of it, to paste into a prompt."""
        own, network_name = self.way.names[name] or name, self.way.network_class.__name__
        function = self._function(name)
        lines, call = [self.imports(own)], own
        if not self._beside(own):
            made = self.way.written.format(name=network_name, sizes=self.sizes)
            lines, call = [self.imports(network_name), f"net = {made}"], f"net.{own}"
        try:
            function(z)
            return "\n".join([*lines, f"{call}({z})"])
        except (TypeError, AttributeError):  # As above.
            library = [f"import {self.way.form.library.__name__}"] if self.way.form.library else []
            return "\n".join([*library, *lines, f"{call}({self.written([z])})"])

    def _beside(self, name: str) -> Any:
        return getattr(sys.modules.get(self.way.network_class.__module__), name, None)

    def _function(self, name: str) -> Any:
        own = self.way.names[name]
        return (self._beside(own) or getattr(self.net, own, None)) if own else None

    @property
    def biases(self) -> list[Vector]:
        """The biases, flat lists."""
        return plain(self._all(self.way.found.biases), [])[0]

    @property
    def weights(self) -> list[Matrix]:
        """The weights, lists of rows."""
        weights = plain([], self._all(self.way.found.weights))[1]
        return list(map(transpose, weights)) if self.way.found.transposed else weights

    def kept(self) -> list[Any]:
        """What a program that keeps the parameters has in its hands."""
        return [*self._all(self.way.found.biases), *self._all(self.way.found.weights)]

    def _call(self, method: str, **values: Any) -> Any:
        name = self.way.names[method] or method
        function = getattr(self.net, name)
        positional, named = arguments(function, values)
        return function(*positional, **named)

    def _target(self, y: Vector) -> Any:
        return y.index(max(y)) if self.way.y is None else self.way.y.vector(y)

    def feedforward(self, a: Vector) -> Vector:
        """As `Network.feedforward`."""
        given = self.way.x.vector(a)
        output = self._call("feedforward", x=given)
        if numbers(given) != list(a):
            raise Odd(Kind.GIVEN)
        if isinstance(output, tuple) and output and shape(output[0]) != ():
            output = output[0] if len(numbers(output[0])) == self.sizes[-1] else output
        return _vector("feedforward", output, self.sizes[-1])

    def cost_derivative(self, output_activations: Vector, y: Vector) -> Vector:
        """As `Network.cost_derivative`."""
        given = self.way.x.vector(output_activations), (self.way.y or self.way.x).vector(y)
        nabla_a = self._call("cost_derivative", output=given[0], y=given[1])
        if numbers(given[0]) != list(output_activations) or numbers(given[1]) != list(y):
            raise Odd(Kind.GIVEN)
        return _vector("cost_derivative", nabla_a, self.sizes[-1])

    def raw_gradient(self, x: Vector, y: Vector) -> Any:
        """What backprop gives, as it gives it."""
        given = self.way.x.vector(x), self._target(y)
        nabla = self._call("backprop", x=given[0], y=given[1])
        if numbers(given[0]) != list(x) or shape(given[1]) and numbers(given[1]) != list(y):
            raise Odd(Kind.GIVEN)
        return nabla

    def backprop(self, x: Vector, y: Vector) -> tuple[list[Vector], list[Matrix]]:
        """As `Network.backprop`."""
        nabla = self.raw_gradient(x, y)
        if isinstance(nabla, (tuple, list)) and max(self.way.order) < len(nabla) and len(nabla) in (2, 3, 4):
            if len(nabla) == 2 or self.way.order != (0, 1) or len(nabla) > 2 and shape(nabla[2]) == ():
                nabla = tuple(nabla[k] for k in self.way.order)
        require_gradient(nabla, self.in_shape())
        _require_finite("backprop", nabla)
        return self.flat(nabla)

    def numerical_gradient(self, x: Vector, y: Vector, cost: Callable[[Vector, Vector], float]) -> Any:
        """As `gradcheck.numerical_gradient`, of a cost(output, y)."""
        kept = _Parameters(self.in_shape().biases, self.in_shape().weights, self.feedforward)
        return self.flat(numerical_gradient(kept, x, y, cost=cost))

    def flat(self, nabla: Any) -> tuple[list[Vector], list[Matrix]]:
        """(nabla_b, nabla_w) in the shapes of the API."""
        nabla_b, nabla_w = plain(*nabla)
        return nabla_b, (list(map(transpose, nabla_w)) if self.way.found.transposed else nabla_w)

    def in_shape(self) -> Any:
        """The parameters as `biases` and `weights`, whatever they are called."""
        return _Parameters(self._all(self.way.found.biases), self._all(self.way.found.weights))

    def update_mini_batch(self, mini_batch: Sequence[Any], eta: float, n: int | None = None) -> None:
        """As `Network.update_mini_batch`; `n` is the number of all examples, where that is asked for."""
        before = self._shapes()
        self.set_rate(eta)
        self._call(
            "update_mini_batch", mini_batch=self.pairs(mini_batch), eta=eta, n=n or len(mini_batch) + MORE
        )
        if self._shapes() != before:
            biases, weights = self._shapes()
            copied = "; it may be changed by what is summed for the weights" if biases == before[1] else ""
            hints = [hint(found, vector=True) for found in biases]
            raise ValueError(
                f"update_mini_batch changes the shapes {before} of the parameters to {[biases, weights]}"
                + (copied or next(filter(None, hints), ""))
            )
        _require_finite(
            "update_mini_batch", [self._all(self.way.found.biases), self._all(self.way.found.weights)]
        )

    def evaluate(self, test_data: Sequence[Any]) -> Any:
        """As `Network.evaluate`."""
        count = self._call("evaluate", test_data=self.labelled(test_data))
        if isinstance(count, (tuple, str)):
            raise Odd(Kind.FORM, f"it gives {in_a_line(repr(count))}, not how many are right")
        try:
            if not isfinite(count):
                raise ValueError
        except (TypeError, ValueError):
            raise ValueError(f"evaluate gives {in_a_line(repr(count))}, not how many are right") from None
        return count

    def SGD(
        self, training_data: Sequence[Any], epochs: int, mini_batch_size: int, eta: float, test_data: Any = None
    ) -> None:
        """As `Network.SGD`."""
        self.set_rate(eta)
        self._call(
            "SGD",
            training_data=self.pairs(training_data),
            epochs=epochs,
            mini_batch_size=mini_batch_size,
            eta=eta,
            test_data=None if test_data is None else self.labelled(test_data),
        )

    def labelled(self, test_data: Sequence[Any]) -> list[Any]:
        """Test data as the network takes them."""
        n, target = self.sizes[-1], self.way.y or self.way.x
        if self.way.one_hot:
            return [
                (self.way.x.vector(x), target.vector([float(k == d) for k in range(n)])) for x, d in test_data
            ]
        return [(self.way.x.vector(x), digit) for x, digit in test_data]

    def pairs(self, examples: Sequence[Any]) -> list[Any]:
        """Examples as the network takes them."""
        return [(self.way.x.vector(x), self._target(y)) for x, y in examples]

    def _shapes(self) -> list[list[tuple[int, ...]]]:
        return [list(map(shape, self._all(place))) for place in (self.way.found.biases, self.way.found.weights)]


class _Parameters(NamedTuple):
    biases: list[Any]
    weights: list[Any]
    feedforward: Any = None
