"""Finds out how a class is used: how it is made, where its parameters are, which names and forms it has.

    way = survey(network_class)
    way.remarks         # what differs from the book
"""

from __future__ import annotations

import inspect
import random
import re
import sys
from collections.abc import Iterator
from itertools import product
from typing import Any

from purenet.checker.aliases import METHODS, bare, known, method_of, parameters, step_of
from purenet.checker.candidate import OUTPUTS, SIZES, TEN, Candidate, Way, make
from purenet.checker.guarded_call import Kind, tried
from purenet.checker.mistakes import is_close
from purenet.checker.reference import ACTIVATIONS, CROSS_ENTROPY, QUADRATIC, Model, Reference
from purenet.matrix import Matrix, Vector, scale
from purenet.network import Network
from purenet.support.lists_or_arrays import Form, numbers, shape

Shape = tuple[int, ...]  # without sides of 1
# What stands beside the parameters and has their shapes.
GRADIENT = re.compile(r"_*(grad|nabla|d_|d[bw]|delta|vel|mom|cache|m_|v_|[mv][bw]?$)", re.IGNORECASE)
LIKELY = {"biases": r"(_\w+__|_*)b|.*bias", "weights": r"(_\w+__|_*)(w|theta)|.*weight"}


def survey(network_class: type, methods: dict[str, str] | None = None) -> Way:
    """How the class is used. `methods` are names of methods that should not be guessed.

    Raises ValueError where no network can be made of it, or where its parameters are not found.
    """
    for method, name in (methods or {}).items():
        if method not in METHODS:
            raise ValueError(f"there is no method {method} to be judged; there are {', '.join(METHODS)}")
        if not callable(getattr(network_class, name, None)):
            raise ValueError(f"{network_class.__name__} has no method {name} to be taken for {method}")
    beside = sys.modules.get(network_class.__module__)
    names = {method: method_of(network_class, method) for method in METHODS}
    for method in ("sigmoid", "sigmoid_prime"):
        if names[method] != method or callable(getattr(beside, method, None)):
            names[method] = method_of(beside, method) or names[method]
    names["update_mini_batch"] = names["update_mini_batch"] or step_of(network_class, names.values())
    names.update(methods or {})
    files = own_files(network_class)
    way = _as_it_works(Way(network_class, files, names, **_construction(network_class, files)))
    return way._replace(remarks=tuple(_remarks(way, getattr(beside, "__skipped__", ""))))


def _remarks(way: Way, skipped: str) -> Iterator[str]:
    """What differs from the book, in sentences."""
    others = [f"{method} is called {name}" for method, name in way.names.items() if name not in (None, method)]
    if others:
        yield f"Names: {', '.join(others)}."
    if skipped:
        yield f"{skipped}."
    if way.made != "{name}({sizes})":
        yield f"It is made as {way.made.format(name=way.network_class.__name__, sizes='sizes')}."
    if way.sizes[-1] in OUTPUTS:
        number = ", with a number as y" * (way.y == "number")
        yield f"It is judged by networks with {OUTPUTS[way.sizes[-1]]}{number}, since it fails with others."
    if len(way.sizes) == 3:
        yield "It can have three layers only, so it is judged by networks of three."
    if (way.biases, way.weights) != ("biases", "weights"):
        yield f"Its biases are called {way.biases}, its weights {way.weights}."
    if way.transposed:
        yield "Its weights have the shape (in, out), the transpose of the book's."
    if way.is_second:
        yield "feedforward is called before backprop, which fails without it."
    if way.x != way.form:
        yield f"It takes an input as {way.x}, where its biases have another form."
    if way.a != way.x:
        yield f"feedforward takes an input as {way.a}."
    if way.path:
        yield f"Of what feedforward gives, {''.join(f'[{k}]' for k in way.path)} is taken as the output."
    if "digit" in way.y:
        yield f"backprop takes the {way.y} as y, and makes the vector of it itself."
    if way.by_layer:
        yield "Its gradients come as a pair for each layer."
    if way.w_first:
        yield "Its gradients come as (nabla_w, nabla_b)."


def own_files(network_class: type) -> tuple[str, ...]:
    """The files, or cells of a notebook, that the methods of the class stand in.

    Raises ValueError for a class that has no method that is written in Python.
    """
    if network_class.__module__ == "builtins":
        raise ValueError(f"{network_class.__name__} is not a class that is written in Python")
    files = []
    for cls in network_class.__mro__:
        if cls is network_class or cls.__module__ not in ("purenet.network", "builtins"):
            methods = [getattr(value, "__func__", value) for value in vars(cls).values()]
            files += [getattr(getattr(f, "__code__", None), "co_filename", None) for f in methods]
    files.append(getattr(sys.modules.get(network_class.__module__), "__file__", None))
    return tuple(dict.fromkeys(filter(None, files))) or ("\0",)


# How a network is made, and where it keeps its parameters.


def _calls(network_class: type) -> list[str]:
    """The calls that may make a network."""
    takes = parameters(network_class)
    required = [p.name for p in takes if p.default is p.empty and p.kind is not p.VAR_POSITIONAL]
    rates = [name for name in required if bare(name) in known("eta")]
    first = [name for name in required or [p.name for p in takes] if name not in rates][:1]
    sizes = ["{sizes}", "*{sizes}", *(f"{name}={{sizes}}" for name in first)]
    return [f"{{name}}({', '.join([each, *(f'{rate}=0.6' for rate in rates)])})" for each in sizes]


def _construction(network_class: type, files: tuple[str, ...]) -> dict[str, Any]:
    """What makes a network of the class, and where it has its parameters: fields of a `Way`."""
    name, reasons = network_class.__name__, []
    for sizes in SIZES:
        for made in _calls(network_class):
            net, trouble = tried(files, make, network_class, made, sizes)
            if not trouble:
                found, trouble = tried(files, _places_in, net, sizes)
                if not trouble:
                    return {"made": made, "sizes": sizes, **found}
            reasons.append((net is not None, sizes, trouble))
    # The reason of what came farthest, and of the usual call if none did.
    is_made, sizes, trouble = max(reasons, key=lambda reason: reason[0])
    if is_made:
        raise ValueError(f"{name}({sizes}) gives no network that can be checked: {trouble.clause}")
    takes = str(inspect.signature(getattr(network_class, "__init__"))).replace(" -> None", "")  # noqa: B009
    raise ValueError(f"{name}({sizes}) cannot be made: its constructor takes {takes}; {trouble.clause}")


def _places_in(net: Any, sizes: list[int]) -> dict[str, Any]:
    """Where this network keeps its parameters, and in which form. Raises ValueError if it does not."""
    vectors, matrices, turned = _shapes(sizes)
    biases, weights = _list_of(net, "biases", vectors), _list_of(net, "weights", matrices)
    transposed = weights is None
    weights = weights or _list_of(net, "weights", turned)
    for name in (biases or "biases", weights or "weights"):
        first = getattr(net, name, None)
        while isinstance(first, (list, tuple)) and first:
            first = first[0]
        is_number = hasattr(first, "shape") or hasattr(first, "__float__")
        if not is_number and not isinstance(first, (list, type(None))):
            raise ValueError(f"{name} holds a {type(first).__name__}; the check sets plain numbers")
    if not biases or not weights:
        has = f"it has {', '.join(getattr(net, '__dict__', {})) or 'no attributes'}"
        has = "; ".join([has, *_misfits(net, "biases", vectors), *_misfits(net, "weights", matrices)])
        raise ValueError(
            f"{has}; lists of biases and weights of the right shapes for {sizes} were looked for. "
            "The class may have biases = property(lambda self: [...]), with the vector of each layer, and "
            "weights likewise"
        )
    form = Form.of_vector(getattr(net, biases)[0])
    if not form.library:
        form = form._replace(library=Form.of_vector(getattr(net, weights)[0]).library)
    return dict(biases=biases, weights=weights, transposed=transposed, form=form, x=form, a=form)


def _list_of(net: Any, what: str, shapes: list[Shape]) -> str | None:
    """The name of the list, with arrays of these shapes, that is the likeliest to be the biases or weights."""
    names = [what, *(name for name in getattr(net, "__dict__", {}) if not GRADIENT.match(name))]
    names.sort(key=lambda name: name != what and not re.match(LIKELY[what], name, re.IGNORECASE))
    return next((name for name in names if _are(getattr(net, name, None), shapes)), None)


def _misfits(net: Any, what: str, shapes: list[Shape]) -> Iterator[str]:
    """What of the likeliest list has other shapes."""
    names = [name for name in getattr(net, "__dict__", {}) if re.match(LIKELY[what], name, re.IGNORECASE)]
    name = next((name for name in names if _is_list(getattr(net, name))), None)
    if name and not _are(getattr(net, name), shapes):
        found = [tuple(shape(part)) for part in getattr(net, name)]
        given, wanted = (", ".join(map(str, each)) for each in (found, shapes))
        yield f"{name} has the shapes {given}, where {wanted} are expected" if found else f"{name} is empty"
        if what == "weights" and found == [(n, m + 1) for n, m in shapes]:
            yield "the biases may be the last column of the weights, which cannot be judged"


def _is_list(parts: Any) -> bool:
    return isinstance(parts, (list, tuple)) or str(getattr(parts, "dtype", "")) == "object"


def _are(parts: Any, shapes: list[Shape]) -> bool:
    """Whether these are arrays of the shapes. A vector may be a column or a row."""
    return _is_list(parts) and [_sides(shape(part)) for part in parts] == shapes


def _shapes(sizes: list[int]) -> tuple[list[Shape], list[Shape], list[Shape]]:
    """Of the biases, of the weights, and of weights that are transposed."""
    pairs = list(zip(sizes, sizes[1:]))
    all_sides: tuple[list[Shape], ...] = [(n,) for _, n in pairs], [(n, m) for m, n in pairs], list(pairs)
    vectors, matrices, turned = ([_sides(shape) for shape in shapes] for shapes in all_sides)
    return vectors, matrices, turned


def _sides(shape: Shape) -> Shape:
    return tuple(side for side in shape if side != 1)


# How its parameters are set, and in which form it takes vectors and gives gradients.


def probe(sizes: list[int], seed: int = 0) -> tuple[list[Vector], list[Matrix]]:
    """Biases and weights for a network of these sizes."""
    net = Network(sizes, random.Random(seed))
    return net.biases, net.weights


def _as_it_works(way: Way) -> Way:
    """The way in which parameters that are set have an effect, and backprop does not fail.

    Raises ValueError where they have none.
    """

    def has_no_effect(way: Way) -> bool:
        net, outputs = Candidate(way, *probe(way.sizes)), []
        for seed in (0, 1):
            net.reset(*probe(way.sizes, seed))
            outputs.append([net.feedforward(x) for x in ([0.5, 0.25], [0.0, 1.0], [1.0, 0.1])])
        return outputs[0] == outputs[1]

    for in_place in (False, True):
        found, rating = _with_forms(way._replace(in_place=in_place))
        for n in OUTPUTS if not rating else ():
            of_others, rating = _with_forms(found._replace(sizes=[*way.sizes[:-1], n]))
            if rating:
                found = of_others
                break
        _, trouble = tried(way.files, Candidate, found, *probe(found.sizes))
        if not trouble and not tried(way.files, has_no_effect, found)[0]:
            return found
    nothing = f"what {way.biases} and {way.weights} are set to changes nothing that feedforward gives"
    raise ValueError(trouble.clause if trouble else f"{nothing}: it must compute with them")


def _example(way: Way) -> tuple[Vector, Vector]:
    """An input and a target."""
    x = [0.5 - 0.8 * k for k in range(way.sizes[0])] if way.sizes[-1] != TEN else [0.5, 0.25]
    return x, [float(k == 1) for k in range(way.sizes[-1])]


def _forms(form: Form) -> list[Form]:
    """The form, and the others for a vector."""
    columns_and_rows = (form.column, form.row), (True, False), (False, False), (False, True)
    return [form._replace(column=column, row=row) for column, row in dict.fromkeys(columns_and_rows)]


def _with_forms(way: Way) -> tuple[Way, int]:
    """The way with the forms of what backprop and feedforward take and give that do best, and a rating.

    The rating is 2 for the right numbers, 1 for their number, and 0 for a failure.
    """
    if not way.names["backprop"]:
        found, rating = _with_output(way)
        return found._replace(x=found.a), rating
    found, rating = _with_gradient(way)
    found, _ = _with_output(found)
    return (found if rating else found._replace(x=found.a)), rating


def _with_gradient(way: Way) -> tuple[Way, int]:
    """The same for backprop."""
    biases, weights = probe(way.sizes)
    x, y = _example(way)
    right = [Reference(biases, weights, model=Model(cost=c)).backprop(x, y) for c in (QUADRATIC, CROSS_ENTROPY)]
    best, most = way, -1
    seconds = (False, True) if way.names["feedforward"] else (False,)
    targets = ["vector", "number"] if way.sizes[-1] == 1 else ["vector", "digit", "list of the digit"]
    for is_second, form, target in product(seconds, _forms(way.form), targets):
        if is_second and most > 0:
            break
        here = way._replace(x=form, a=form, y=target, is_second=is_second)
        here = _with_order(here)
        answer, trouble = tried(way.files, lambda: Candidate(here, biases, weights).backprop(x, y))
        if trouble:
            rating = 0 if trouble.kind in (Kind.FAILS, Kind.REFUSES) else 1
        else:
            rating = 1 + any(is_close(answer, scale(sign, numbers(w))) for w in right for sign in (1, -1))
        if rating > most:
            best, most = here, rating
        if rating == 2 or trouble and trouble.kind is Kind.HANGS:
            break
    return best, most


def _with_order(way: Way) -> Way:
    """The way with the order of what backprop gives, by the shapes; one of nabla_b and nabla_w may be wrong."""
    nabla, trouble = tried(way.files, lambda: Candidate(way, *probe(way.sizes)).raw_gradient(*_example(way)))
    if trouble and trouble.kind is Kind.FAILS and len(way.sizes) > 2:  # It may fail in the hidden layers.
        return _with_order(way._replace(sizes=[2, 3]))._replace(sizes=way.sizes)
    vectors, matrices, turned = _shapes(way.sizes)
    matrices = turned if way.transposed else matrices
    if not isinstance(nabla, (list, tuple)) or len(nabla) < 2:
        return way
    if all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in nabla):
        first, second = map(list, zip(*nabla))
        for w_first, b, w in ((False, first, second), (True, second, first)):
            if _are(b, vectors) and _are(w, matrices):
                return way._replace(w_first=w_first, by_layer=True)
    as_w_first = _fitting(nabla[0], matrices) + _fitting(nabla[1], vectors)
    return way._replace(w_first=as_w_first > _fitting(nabla[0], vectors) + _fitting(nabla[1], matrices))


def _fitting(parts: Any, shapes: list[Shape]) -> int:
    """How many of the arrays have their shape."""
    return sum(_sides(shape(p)) == wanted for p, wanted in zip(parts, shapes)) if _is_list(parts) else 0


def _with_output(way: Way) -> tuple[Way, int]:
    """The same for feedforward: its input may have another form, and its output be a part of what it gives."""
    biases, weights = probe(way.sizes)
    x, _ = _example(way)
    kinds = [kind for kind in product(ACTIVATIONS, ACTIVATIONS) if kind[0] != "softmax"]
    right = [Reference(biases, weights, model=Model(*kind)).feedforward(x) for kind in kinds]
    best, most = way, 0.0
    for form in _forms(way.x) if way.names["feedforward"] else ():
        here = way._replace(a=form)
        given, trouble = tried(way.files, lambda: Candidate(here, biases, weights).raw_output(x))
        if trouble and trouble.kind is Kind.HANGS:
            break
        for path in _paths(given):
            here = way._replace(a=form, path=path)
            answer, trouble = tried(way.files, lambda: Candidate(here, biases, weights).feedforward(x))
            found = [kind[1] for kind, output in zip(kinds, right) if not trouble and is_close(answer, output)]
            rating = 0 if trouble else 1 if not found else 1.5 if found[0] == "no activation" else 2
            if rating > most:
                best, most = here, rating
        if most == 2:
            break
    return best, int(most)


def _paths(given: Any) -> list[tuple[int, ...]]:
    """Where the output may be in what feedforward gives: all of it, a part, or the last of a part."""
    if not isinstance(given, (list, tuple)):
        return [()]
    parts = range(len(given)) if isinstance(given, tuple) else ()
    lists = [k for k in parts if isinstance(given[k], (list, tuple))]
    # The activations begin with the input, so that they are one more than the zs.
    lists.sort(key=lambda k: -len(given[k]))
    return [(), *((k,) for k in parts), (-1,), *((k, -1) for k in lists)]
