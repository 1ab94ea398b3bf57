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

from purenet.checker.aliases import METHODS, bare, known, method_of, parameters
from purenet.checker.candidate import SIZES, TEN, Candidate, Way, make
from purenet.checker.guarded_call import Kind, tried
from purenet.checker.mistakes import is_close
from purenet.checker.reference import CROSS_ENTROPY, QUADRATIC, Model, Reference
from purenet.matrix import Matrix, Vector, scale
from purenet.network import Network
from purenet.support.lists_or_arrays import Form, numbers, shape

Shape = tuple[int, ...]  # without sides of 1


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
    if way.sizes[-1] == TEN:
        yield "It is judged by networks with ten outputs and inputs from 0 to 1, since it fails with others."
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
    if way.is_digit:
        yield "backprop takes the digit as y, and makes the vector of it itself."
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
        raise ValueError(
            f"{has}; lists of biases and weights of the right shapes for {sizes} were looked for. "
            "The class may have biases = property(lambda self: [...]), with the vector of each layer, and "
            "weights likewise"
        )
    form = Form.of_vector(getattr(net, biases)[0])
    if not form.library:
        form = form._replace(library=Form.of_vector(getattr(net, weights)[0]).library)
    return dict(biases=biases, weights=weights, transposed=transposed, form=form, x=form)


def _list_of(net: Any, what: str, shapes: list[Shape]) -> str | None:
    """The name of the list, with arrays of these shapes, that is the likeliest to be the biases or weights."""
    likely = {"biases": r"(_\w+__|_*)b|.*bias", "weights": r"(_\w+__|_*)(w|theta)|.*weight"}[what]
    names = [what, *getattr(net, "__dict__", {})]
    names.sort(key=lambda name: name != what and not re.match(likely, name, re.IGNORECASE))
    return next((name for name in names if _are(getattr(net, name, None), shapes)), None)


def _are(parts: Any, shapes: list[Shape]) -> bool:
    """Whether these are arrays of the shapes. A vector may be a column or a row."""
    is_list = isinstance(parts, (list, tuple))
    return is_list and [tuple(side for side in shape(part) if side != 1) for part in parts] == shapes


def _shapes(sizes: list[int]) -> tuple[list[Shape], list[Shape], list[Shape]]:
    """Of the biases, of the weights, and of weights that are transposed."""
    pairs = list(zip(sizes, sizes[1:]))
    return [(n,) for _, n in pairs], [(n, m) for m, n in pairs], list(pairs)


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
        if not rating:  # It may be for digits only.
            of_digits, rating = _with_forms(found._replace(sizes=[*way.sizes[:-1], TEN]))
            found = of_digits if rating else found
        _, trouble = tried(way.files, Candidate, found, *probe(found.sizes))
        if not trouble and not tried(way.files, has_no_effect, found)[0]:
            return found
    nothing = f"what {way.biases} and {way.weights} are set to changes nothing that feedforward gives"
    raise ValueError(trouble.clause if trouble else f"{nothing}: it must compute with them")


def _with_forms(way: Way) -> tuple[Way, int]:
    """The way with the forms of what backprop takes and gives, or feedforward, that do best, and their rating.

    The rating is 2 for the right numbers, 1 for their number, and 0 for a failure.
    """
    method = next((method for method in ("backprop", "feedforward") if way.names[method]), "")
    biases, weights = probe(way.sizes)
    x = [0.5 - 0.8 * k for k in range(way.sizes[0])] if way.sizes[-1] != TEN else [0.5, 0.25]
    y = [float(k == 1) for k in range(way.sizes[-1])]
    given = [x, y] if method == "backprop" else [x]
    models = [Model(cost=cost) for cost in (QUADRATIC, CROSS_ENTROPY)] if method else []
    right = [numbers(getattr(Reference(biases, weights, model=m), method)(*given)) for m in models]
    columns_and_rows = (way.form.column, way.form.row), (True, False), (False, False), (False, True)
    forms = [way.form._replace(column=column, row=row) for column, row in dict.fromkeys(columns_and_rows)]
    best, most = way, -1 if method else 1
    seconds = (False, True) if method == "backprop" and way.names["feedforward"] else (False,)
    for is_second, form, is_digit in product(seconds, forms, (False, True)) if method else ():
        if is_second and most > 0:
            break
        here = way._replace(x=form, is_digit=is_digit, is_second=is_second)
        if method == "backprop":
            nabla, _ = tried(way.files, lambda: Candidate(here, biases, weights).raw_gradient(x, y))
            here = here._replace(w_first=_is_w_first(here, nabla))
        answer, trouble = tried(way.files, lambda: getattr(Candidate(here, biases, weights), method)(*given))
        if trouble:
            rating = 0 if trouble.kind in (Kind.FAILS, Kind.REFUSES) else 1
        else:
            rating = 1 + any(is_close(answer, scale(sign, wanted)) for wanted in right for sign in (1, -1))
        if rating > most:
            best, most = here, rating
        if rating == 2 or trouble and trouble.kind is Kind.HANGS:
            break
    return best, most


def _is_w_first(way: Way, nabla: Any) -> bool:
    """Whether what backprop gives begins with nabla_w, by the shapes; one of the two may be wrong."""
    vectors, matrices, turned = _shapes(way.sizes)
    if not isinstance(nabla, (list, tuple)) or len(nabla) < 2:
        return False
    return _are(nabla[0], turned if way.transposed else matrices) or _are(nabla[1], vectors)
