"""Finds out how a class is used: how it is made, where its parameters are, which names and forms it has.

    way = survey(network_class)
    way.remarks         # what differs from the book
"""

from __future__ import annotations

import contextlib
import inspect
import random
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any
from unittest import mock

from purenet.checker.candidate import OUTPUTS, TEN, Candidate, Way, make
from purenet.checker.guarded_call import Kind, Trouble, tried
from purenet.checker.mistakes import is_close
from purenet.checker.other_names import METHODS, arguments, bare, known, method_of, parameters, step_of
from purenet.checker.reference import ACTIVATIONS, CROSS_ENTROPY, QUADRATIC, Model, Reference
from purenet.matrix import Matrix, Vector, scale
from purenet.network import Network
from purenet.support.lists_or_arrays import Form, numbers, shape

Shape = tuple[int, ...]  # without sides of 1
SIZES = [2, 3, 4, 5], [2, 3, 4]  # all different, so that a shape says what it belongs to
# Said of an input of seven numbers where the number of inputs is built in.
BUILT_IN = re.compile(r"array of size 7 into shape \((?:1,)?(\d+)")
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
    backprop, other = inspect.getattr_static(network_class, names["backprop"] or "", None), ""
    try:
        if hasattr(backprop, "__get__"):
            arguments(backprop.__get__(0, network_class), {"x": 0, "y": 0})
    except ValueError as error:  # What takes a mini-batch may be the step.
        names["backprop"], other = None, f"{names['backprop']} is not judged as backprop: {error}."
    names["update_mini_batch"] = names["update_mini_batch"] or step_of(network_class, names.values())
    names.update(methods or {})
    files = own_files(network_class)
    way = Way(network_class, files, names, **_construction(network_class, files))
    way = _as_it_works(_with_inputs(way))
    if len(way.sizes) > 3 and _works(way):
        way = way._replace(is_deep=not _works(way._replace(sizes=[way.sizes[0], way.sizes[-1]])))
    if names["SGD"] and not names["update_mini_batch"]:
        way.names["update_mini_batch"] = _step_of_sgd(way)
    return way._replace(remarks=(*filter(None, [other]), *_remarks(way, getattr(beside, "__skipped__", ""))))


def _remarks(way: Way, skipped: str) -> list[str]:
    """What differs from the book, in sentences."""
    others = [f"{method} is called {name}" for method, name in way.names.items() if name not in (None, method)]
    made = way.made.format(name=way.network_class.__name__, sizes="sizes")
    outputs = OUTPUTS.get(way.sizes[-1], "") + ", with a number as y" * (way.y == "number")
    path = "".join(f"[{k}]" for k in way.path)
    remarks = {
        f"Names: {', '.join(others)}.": others,
        f"{skipped}.": skipped,
        f"It is made as {made}.": way.made != "{name}({sizes})",
        f"It is judged by networks with {outputs}, since it fails with others.": way.sizes[-1] in OUTPUTS,
        f"It is judged by networks with {way.inputs} inputs, since it fails with others.": way.inputs,
        "It fails without a hidden layer, so it is judged by networks that have one.": way.is_deep,
        "It can have three layers only, so it is judged by networks of three.": len(way.sizes) == 3,
        f"Its biases are called {way.biases}, its weights {way.weights}.": (
            (way.biases, way.weights) != ("biases", "weights")
        ),
        "Its weights have the shape (in, out), the transpose of the book's.": way.transposed,
        "feedforward is called before backprop, which fails without it.": way.is_second,
        f"It takes an input as {way.x}, where its biases have another form.": way.x != way.form,
        f"feedforward takes an input as {way.a}.": way.a != way.x,
        f"Of what feedforward gives, {path} is taken as the output.": path,
        f"backprop takes the {way.y} as y, and makes the vector of it itself.": "digit" in way.y,
        "Its gradients come as a pair for each layer.": way.by_layer,
        "Its gradients come as (nabla_w, nabla_b).": way.w_first,
    }
    return [remark for remark, is_so in remarks.items() if is_so]


def own_files(network_class: type) -> tuple[str, ...]:
    """The files, or cells of a notebook, that the methods of the class stand in.

    Raises ValueError for a class that has no method that is written in Python.
    """
    if network_class.__module__ == "builtins":
        raise ValueError(f"{network_class.__name__} is not a class that is written in Python")
    others = [cls for cls in network_class.__mro__[1:] if cls.__module__ not in ("purenet.network", "builtins")]
    values = [value for cls in (network_class, *others) for value in vars(cls).values()]
    codes = [getattr(getattr(value, "__func__", value), "__code__", None) for value in values]
    files = [code.co_filename for code in codes if code]
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
    sizes += ["{sizes}[0], {sizes}[1:-1], {sizes}[-1]"] * (len(required) - len(rates) == 3)
    return [f"{{name}}({', '.join([each, *(f'{rate}=0.6' for rate in rates)])})" for each in sizes]


def _construction(network_class: type, files: tuple[str, ...]) -> dict[str, Any]:
    """What makes a network of the class, and where it has its parameters: fields of a `Way`."""
    reasons = []
    for sizes, made in product(SIZES, _calls(network_class)):
        net, trouble = tried(files, make, network_class, made, sizes)
        if not trouble:
            found, trouble = tried(files, _places_in, net, sizes)
            if not trouble:
                return {"made": made, "sizes": sizes, **found}
        reasons.append((net is not None, f"{network_class.__name__}({sizes})", trouble))
    # The reason of what came farthest, and of the usual call if none did.
    is_made, call, trouble = max(reasons, key=lambda reason: reason[0])
    if is_made:
        raise ValueError(f"{call} gives no network that can be checked: {trouble.clause}")
    takes = str(inspect.signature(getattr(network_class, "__init__"))).replace(" -> None", "")  # noqa: B009
    advice = "\nGive all but the sizes defaults, or judge a subclass whose __init__(self, sizes) passes them."
    advice *= "__init__() missing" in trouble.clause
    raise ValueError(f"{call} cannot be made: its constructor takes {takes}; {trouble.clause}{advice}")


def _places_in(net: Any, sizes: list[int]) -> dict[str, Any]:
    """Where this network keeps its parameters, and in which form. Raises ValueError if it does not."""
    pairs = list(zip(sizes, sizes[1:]))
    biases, _, misfit_b = _list_of(net, "biases", [(n,) for n in sizes[1:]])
    weights, transposed, misfit_w = _list_of(net, "weights", [(n, m) for m, n in pairs], pairs)
    if not biases or not weights:
        has = ", ".join(getattr(net, "__dict__", {})) or "no attributes"
        raise ValueError(
            f"it has {has}{misfit_b}{misfit_w}; lists of biases and weights of the right shapes were looked "
            "for. The class may have biases = property(lambda self: [...]), with the vector of each layer, and "
            "weights likewise"
        )
    form, of_weights = (Form.of(getattr(net, name)[0]) for name in (biases, weights))
    form = form._replace(library=form.library or of_weights.library)
    return dict(biases=biases, weights=weights, transposed=bool(transposed), form=form, x=form, a=form)


def _list_of(net: Any, what: str, *shapes: Sequence[Shape]) -> tuple[str, int, str]:
    """(the name of the list that is the likeliest to be the biases or weights, which of the shapes it has, "").

    Without one, the name is "", and the last is what is wrong with the likeliest.
    """
    attributes = list(getattr(net, "__dict__", {}))
    likely = [what, *(name for name in attributes if re.match(LIKELY[what], name, re.IGNORECASE))]
    lists = {name: getattr(net, name, None) for name in (*likely, *attributes) if not GRADIENT.match(name)}
    lists = {name: parts for name, parts in lists.items() if _is_list(parts)}
    for name, k in product(lists, range(len(shapes))):
        if not _misfit(lists[name], shapes[k]):
            return name, k, ""
    misfits = [f"; {name} {_misfit(lists[name], shapes[0])}" for name in likely if name in lists]
    return "", 0, (misfits or [""])[0]


def _misfit(parts: Any, shapes: Sequence[Shape]) -> str:
    """Why these are no arrays of numbers of the shapes; "" if they are. A vector may be a column or a row."""
    first, found = parts, list(map(shape, parts))
    while isinstance(first, (list, tuple)) and first:
        first = first[0]
    if not isinstance(first, (list, type(None))) and not {"shape", "__float__"} & {*dir(first)}:
        return f"holds a {type(first).__name__}; the check sets plain numbers"
    if list(map(_sides, found)) == shapes:
        return ""
    if not found:
        return "is empty"
    has_more = len(shapes[0]) == 2 and found == [(n, m + 1) for n, m in shapes]
    inside = "; the biases may be the last column of the weights, which cannot be judged" * has_more
    given, wanted = (", ".join(map(str, each)) for each in (found, shapes))
    return f"has the shapes {given}, where {wanted} are expected{inside}"


def _is_list(parts: Any) -> bool:
    return isinstance(parts, (list, tuple)) or str(getattr(parts, "dtype", "")) == "object"


def _sides(shape: Shape) -> Shape:
    return tuple(side for side in shape if side != 1)


# How its parameters are set, and in which form it takes vectors and gives gradients.


def probe(sizes: list[int], seed: int = 0) -> tuple[list[Vector], list[Matrix]]:
    """Biases and weights for a network of these sizes."""
    net = Network(sizes, random.Random(seed))
    return net.biases, net.weights


def _as_it_works(way: Way) -> Way:
    """The way in which parameters that are set have an effect, and backprop does not fail.

    Raises ValueError where they have none, or the biases have none.
    """
    sizes = [[*way.sizes[:-1], n] for n in (way.sizes[-1], *OUTPUTS)]
    for in_place in (False, True):
        found, _ = _best((_with_forms(way._replace(in_place=in_place, sizes=each)) for each in sizes), enough=1)
        effects, lacking = tried(way.files, _effects, found)
        if effects and not effects[0]:  # One output of a softmax is 1, and one of ReLU may be 0.
            found, _ = _with_forms(way._replace(in_place=in_place))
            effects, lacking = tried(way.files, _effects, found)
        if lacking and tried(way.files, make, way.network_class, way.made, [way.sizes[0], 3])[1]:
            three = [way.sizes[0], *SIZES[1][1:]]  # It may have three layers only.
            shallow, _ = _with_forms(found._replace(sizes=three))
            effects, _ = tried(way.files, _effects, shallow)
            found = shallow if effects else found
        nabla, _ = _tried(found, "backprop", *_example(found))
        if effects == (True, False) and nabla and not any(numbers(nabla[0])):
            unused = f"{way.biases} change nothing that feedforward gives, and their gradient is 0"
            raise ValueError(f"{unused}: a network without biases cannot be judged")
        _, trouble = _tried(found, "kept")
        if not trouble and (not effects or effects[0]):
            return found
    nothing = f"what {way.biases} and {way.weights} are set to changes nothing that feedforward gives"
    given, _ = _tried(found, "feedforward", _example(found)[0])
    ones = ". Each output is 1, as of a softmax along the wrong axis" * (given == [1.0] * found.sizes[-1])
    raise ValueError(trouble.clause if trouble else f"{nothing}: it must compute with them{ones}")


def _step_of_sgd(way: Way) -> str | None:
    """The method that SGD calls with a mini-batch, a list of pairs."""
    found: list[str] = []

    def watched(name: str, function: Any) -> Any:
        def call(*args: Any, **named: Any) -> Any:
            for batch in (*args, *named.values()):
                if isinstance(batch, list) and len(batch) == 4 and all(isinstance(p, tuple) for p in batch):
                    found.append(name)
            return function(*args, **named)

        return call

    with contextlib.ExitStack() as stack:
        for name, function in vars(way.network_class).items():
            if inspect.isfunction(function) and name not in (*way.names.values(), "__init__"):
                stack.enter_context(mock.patch.object(way.network_class, name, watched(name, function)))
        x, y = _example(way)
        given = dict(training_data=[(x, y)] * 8, epochs=1, mini_batch_size=4, eta=0.6, test_data=[(x, 0)] * 3)
        tried(way.files, lambda: Candidate(way, *probe(way.sizes)).call_with_data("SGD", **given))
    return found[0] if found else None


def _with_inputs(way: Way) -> Way:
    """The way with the number of inputs that is built into feedforward or backprop."""
    other = way._replace(sizes=[7, *way.sizes[1:]])
    troubles = (_tried(other, *call)[1] for call in _calls_of(other))
    built_in = [BUILT_IN.search(trouble.clause) for trouble in troubles if trouble]
    inputs = [int(found[1]) for found in built_in if found][:1]
    return way._replace(sizes=[*inputs, *way.sizes[1:]], inputs=inputs[0]) if inputs else way


def _works(way: Way) -> bool:
    """Whether neither feedforward nor backprop fails."""
    troubles = [_tried(way, *call)[1] for call in _calls_of(way)]
    return not any(trouble and trouble.kind is Kind.FAILS for trouble in troubles)


def _calls_of(way: Way) -> list[tuple[Any, ...]]:
    """The methods of the two that the class has, with their arguments."""
    calls = ("feedforward", *_example(way)[:1]), ("backprop", *_example(way))
    return [call for call in calls if way.names[call[0]]]


def _effects(way: Way) -> tuple[bool, bool]:
    """Whether other weights change what feedforward gives, and whether other biases do."""
    (biases, weights), (other_biases, other_weights) = probe(way.sizes), probe(way.sizes, seed=1)
    net, outputs = Candidate(way, biases, weights), []
    for pair in ((biases, weights), (biases, other_weights), (other_biases, other_weights)):
        net.reset(*pair)
        examples = [0.5, 0.25], [0.0, 1.0], [1.0, 0.1]
        outputs.append([net.feedforward((x * way.sizes[0])[: way.sizes[0]]) for x in examples])
    return outputs[0] != outputs[1], outputs[1] != outputs[2]


def _tried(way: Way, method: str, *args: Any) -> tuple[Any, Trouble | None]:
    """What a method of a `Candidate` gives, and why it gives nothing."""
    return tried(way.files, lambda: getattr(Candidate(way, *probe(way.sizes)), method)(*args))


def _best(rated: Iterable[tuple[Way, float]], enough: float) -> tuple[Way, float]:
    """The first (way, rating) with the highest rating, of those up to one that has `enough`."""
    seen = []
    for way, rating in rated:
        seen.append((way, rating))
        if rating >= enough:
            break
    return max(seen, key=lambda pair: pair[1])


def _with_forms(way: Way) -> tuple[Way, float]:
    """The way with the forms of what backprop and feedforward take and give that do best, and a rating.

    The rating is 2 or more for the right numbers, 1 where it gives some, and 0 for a failure.
    """
    found, rating = way, 0.0
    if way.names["backprop"]:
        found, rating = _best(_gradients(way), enough=2)
        if not rating and way.names["feedforward"]:
            second, rating = _best(_gradients(way._replace(is_second=True)), enough=2)
            found = second if rating else found
    found, of_output = _best(_outputs(found), enough=2)
    if not way.names["backprop"]:
        rating = of_output
    return found if way.names["backprop"] and rating else found._replace(x=found.a), rating


def _example(way: Way) -> tuple[Vector, Vector]:
    """An input and a target."""
    x = [0.5, -0.3] if way.sizes[-1] != TEN else [0.5, 0.25]
    return (x * way.sizes[0])[: way.sizes[0]], [float(k == 1) for k in range(way.sizes[-1])]


def _forms(form: Form) -> list[Form]:
    """The form, and the others for a vector."""
    columns_and_rows = (form.column, form.row), (True, False), (False, False), (False, True)
    return [form._replace(column=column, row=row) for column, row in dict.fromkeys(columns_and_rows)]


def _gradients(way: Way) -> Iterator[tuple[Way, float]]:
    """The ways in which backprop may take x and y, rated."""
    (biases, weights), (x, y) = probe(way.sizes), _example(way)
    right = [Reference(biases, weights, model=Model(cost=c)).backprop(x, y) for c in (QUADRATIC, CROSS_ENTROPY)]
    right += [scale(-1.0, numbers(nabla)) for nabla in right]
    targets = ["vector", "number"] if way.sizes[-1] == 1 else ["vector", "digit", "list of the digit"]
    n, works = way.sizes[-1], False
    # Where every form fails, all but that of the vectors fit in a network of equal layers.
    for sizes in (way.sizes, [way.inputs or n, *[n] * (len(way.sizes) - 1)])[: 1 + (n > 1)]:
        for form, target in () if works else product(_forms(way.form), targets):
            here = _with_order(way._replace(x=form, a=form, y=target, sizes=sizes))
            answer, trouble = _tried(here, "backprop", *_example(here))
            if sizes != way.sizes and way.names["feedforward"] and not trouble:  # Two must not fit by chance.
                _, trouble = _tried(here, "feedforward", _example(here)[0])
            is_failure = trouble and trouble.kind in (Kind.FAILS, Kind.REFUSES)
            works = works or not is_failure
            rating = 0 if is_failure else 1 + any(is_close(answer or [], nabla) for nabla in right)
            yield here._replace(sizes=way.sizes), rating
            if trouble and trouble.kind is Kind.HANGS:
                return


def _with_order(way: Way) -> Way:
    """The way with the order of what backprop gives, by the shapes; one of nabla_b and nabla_w may be wrong."""
    nabla, trouble = _tried(way, "raw_gradient", *_example(way))
    if trouble and trouble.kind is Kind.FAILS and len(way.sizes) > 2:  # It may fail in the hidden layers.
        return _with_order(way._replace(sizes=[way.sizes[0], 3]))._replace(sizes=way.sizes)
    if not isinstance(nabla, (list, tuple)) or len(nabla) not in (2, 3):
        return way

    def sides(parts: Any) -> int:
        """How many sides all have; those of weights have more than those of biases."""
        return sum(len(_sides(shape(part))) for part in parts) if _is_list(parts) else 0

    by_layer = all(_is_list(p) and len(p) == 2 and sides(p[:1]) != sides(p[1:]) for p in nabla)
    first, second = map(list, zip(*nabla)) if by_layer else nabla[:2]
    return way._replace(by_layer=by_layer, w_first=sides(first) > sides(second))


def _outputs(way: Way) -> Iterator[tuple[Way, float]]:
    """The ways in which feedforward may take an input and give its output, which may be a part, rated."""
    (biases, weights), (x, _) = probe(way.sizes), _example(way)
    kinds = [kind for kind in product(ACTIVATIONS, ACTIVATIONS) if kind[0] != "softmax"]
    right = {kind: Reference(biases, weights, model=Model(*kind)).feedforward(x) for kind in kinds}
    yield way, 0
    for form in _forms(way.x) if way.names["feedforward"] else ():
        here = way._replace(a=form)
        given, trouble = _tried(here, "raw_output", x)
        if trouble and trouble.kind is Kind.HANGS:
            return
        for path in _paths(given):
            here = way._replace(a=form, path=path)
            answer, trouble = _tried(here, "feedforward", x)
            found = [output for (_, output), a in right.items() if is_close(answer or [], a)]
            # Without an activation, it may be z.
            yield here, 0 if trouble else 1 if not found else 1.5 if found[0] == "no activation" else 2


def _paths(given: Any) -> list[tuple[int, ...]]:
    """Where the output may be in what feedforward gives: all of it, a part, or the last of a part."""
    if not isinstance(given, (list, tuple)):
        return [()]
    parts = range(len(given)) if isinstance(given, tuple) else ()
    lists = [k for k in parts if isinstance(given[k], (list, tuple))]
    # The activations begin with the input, so that they are one more than the zs.
    lists.sort(key=lambda k: -len(given[k]))
    return [(), *((k,) for k in parts), (-1,), *((k, -1) for k in lists)]
