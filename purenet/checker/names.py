"""Under which names people write the methods and their arguments.

    method_of(network_class, "backprop")        # "back_prop"
    arguments(net.SGD, {"training_data": data, "epochs": 4, ...})

Names are compared without capitals and underscores.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable
from typing import Any

from purenet.checker.attempt import Kind, Odd

METHODS = "sigmoid sigmoid_prime feedforward cost_derivative backprop update_mini_batch evaluate SGD".split()
OTHER_NAMES = {
    "sigmoid": "sigm sigma sig logistic sigmoidfunction sigmoidfn sigmoidactivation",
    "sigmoid_prime": (
        "sigmoidderivative sigmoidderiv dsigmoid derivsigmoid derivativesigmoid derivativeofsigmoid sigmoidder "
        "sigmoidgrad sigmoidgradient sigmoidp sigmoidd sigmoiddash dsigma sigmaprime sigderivative dsig"
    ),
    "feedforward": (
        "forward predict query forwardpass forwardprop forwardpropagate forwardpropagation propagateforward "
        "propagate think activate compute output outputs run"
    ),
    "cost_derivative": (
        "costprime costderiv costgradient costgrad dcost lossderivative lossderiv lossprime lossgradient "
        "lossgrad "
        "dloss derivativecost derivcost errorderivative"
    ),
    "backprop": (
        "backpropagation backpropagate backpropogation backpropogate backward backwardpass backwardprop "
        "backwardpropagation gradient gradients computegradient computegradients getgradient getgradients grad"
    ),
    "update_mini_batch": (
        "updateminibatch updatebatch minibatchupdate trainbatch trainminibatch trainonbatch updatewithbatch "
        "processminibatch gradientstep gradientdescentstep updateparameters updateparams updateweights "
        "step update"
    ),
    "evaluate": "evaluation accuracy getaccuracy computeaccuracy score test numcorrect countcorrect validate",
    "SGD": "train fit stochasticgradientdescent minibatchsgd gradientdescent learn training",
}
ARGUMENTS = {
    "x": "x a input inputs activation inp features image inputactivations inputdata",
    "y": "y target targets label labels expected desired t truth ytrue output desiredoutput expectedoutput",
    "output": "outputactivations output a activations prediction predicted ypred yhat pred aout out",
    "mini_batch": "minibatch batch data examples samples trainingdata batchdata",
    "eta": "eta lr learningrate alpha rate stepsize learnrate η",
    "training_data": "trainingdata traindata training train data trainset trainingset dataset examples samples",
    "epochs": "epochs nepochs numepochs epoch iterations niter nepoch maxepochs",
    "mini_batch_size": "minibatchsize batchsize bs batch minibatch sizeofbatch size batchlength",
    "test_data": "testdata evaluationdata evaldata test validationdata valdata testset heldout validation",
    "n": "n ntraining ntrain datasize nsamples trainingsize trainingdatasize lentrainingdata",
    "nothing": (
        "lmbda lambda lambda_ lam lambd reg regularization regularisation l2 l1 weightdecay decay momentum "
        "mu beta "
        "dropout"
    ),
}
LISTED = {role: names.split() for role, names in ARGUMENTS.items()}


def bare(name: str) -> str:
    """The name without capitals and underscores."""
    return name.replace("_", "").lower()


def method_of(owner: Any, method: str) -> Any:
    """The name under which a class, or a dict of a module, has the method; None if it has not.

    The exact name is taken first, then one of OTHER_NAMES in their order, then a close one.
    """
    if isinstance(owner, dict):
        there: dict[str, Any] = {key: value for key, value in owner.items() if inspect.isfunction(value)}
    else:
        there = {key: getattr(owner, key, None) for key in dir(owner) if not key.startswith("__")}
    names = {bare(key): key for key, value in there.items() if callable(value) and not isinstance(value, type)}
    if callable(there.get(method)):
        return method
    for name in [bare(method), *OTHER_NAMES[method].split()]:
        if name in names:
            return names[name]
    taken = {bare(name) for role in METHODS for name in [role, *OTHER_NAMES[role].split()]}
    near = difflib.get_close_matches(bare(method), set(names) - taken, n=1, cutoff=0.84)
    return names[near[0]] if near else None


def roles(function: Callable[..., Any], book: list[str], skip: int = 0) -> dict[str, str]:
    """Which role each parameter of the function has: {parameter: role}, the roles of the `book` in its order.

    Further parameters with a default are left out; of one without, the name must say what it is. Raises Odd
    where it does not.
    """
    signature = inspect.signature(function)
    given = [p for p in signature.parameters.values() if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)][skip:]
    found: dict[str, str] = {}
    free = list(book)
    for p in given:
        likely = [
            role for role in [*book, *LISTED] if bare(p.name) == bare(role) or bare(p.name) in LISTED[role]
        ]
        role = next((role for role in likely if role in free), None) or next(
            (role for role in likely if role in ("n", "nothing")), None
        )
        if role:
            found[p.name] = role
            free = [other for other in free if other != role]
    for p in given:
        if p.name not in found and p.default is p.empty:
            is_split = "y" not in book and any(bare(p.name) in LISTED[role] for role in "xy") and book != ["x"]
            if is_split or not free:
                raise Odd(Kind.CALLED, _expected(list(signature.parameters), book, is_split))
            found[p.name] = free.pop(0)
    return found


def _expected(takes: list[str], book: list[str], is_split: bool) -> str:
    """What it takes and what is expected, in a clause."""
    matrices = (
        ": inputs and targets apart, as two matrices, where a list of pairs (x, y) is expected"
        if is_split
        else ""
    )
    wanted = ", ".join(role for role in book if role not in ("n", "test_data") or len(book) == 1)
    return f"it takes ({', '.join(takes)}){matrices or f', where ({wanted}) is expected'}"


def _of_book(values: dict[str, Any]) -> list[Any]:
    """What the book's method takes, in its order."""
    return [value for role, value in values.items() if role not in ("test_data", "n") or len(values) == 1]


def arguments(function: Callable[..., Any], values: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """(positional arguments, arguments by name) to call the function with; `values` has one for each role.

    The roles "test_data", "n" and "eta" are for functions that ask for them, as is "nothing", which is 0.
    """
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return _of_book(values), {}
    found = roles(function, [role for role in values if role != "n"])
    if any(p.kind is p.VAR_POSITIONAL for p in parameters.values()):
        by_name = {name: values[role] for name, role in found.items() if role == "test_data" and values[role]}
        return _of_book(values), by_name
    missing = [role for role in values if role not in found.values() and role not in ("test_data", "n", "eta")]
    if missing:
        raise Odd(Kind.CALLED, _expected(list(parameters), list(values), False))
    positional: list[Any] = []
    named: dict[str, Any] = {}
    in_order = True
    for p in parameters.values():
        if p.name not in found:
            in_order = False
            continue
        value = {**values, "nothing": 0.0}[found[p.name]]
        if found[p.name] in ("test_data", "nothing") and p.default is not p.empty and value is None:
            in_order = False
            continue
        if in_order and p.kind is not p.KEYWORD_ONLY:
            positional.append(value)
        else:
            named[p.name] = value
    return positional, named
