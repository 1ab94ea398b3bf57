"""Under which names people write the methods and their arguments.

    method_of(network_class, "backprop")        # "back_prop"
    arguments(net.SGD, {"training_data": data, "epochs": 4, ...})

Names are compared without capitals and underscores.
"""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable
from typing import Any

from purenet.checker.guarded_call import Kind, Odd

METHODS = "sigmoid sigmoid_prime feedforward cost_derivative backprop update_mini_batch evaluate SGD".split()
ALIASES = {
    "sigmoid": "sigm sigma sig logistic sigmoidfunction sigmoidfn sigmoidactivation",
    "sigmoid_prime": (
        "sigmoidderivative sigmoidderiv sigmoidder sigmoidgrad sigmoidgradient sigmoidp sigmoidd "
        "sigmoiddash dsigmoid derivsigmoid derivativesigmoid derivativeofsigmoid dsigma sigmaprime "
        "sigderivative dsig"
    ),
    "feedforward": (
        "forward predict query forwardpass forwardprop forwardpropagate forwardpropagation propagateforward "
        "propagate think activate compute output outputs run"
    ),
    "cost_derivative": (
        "costprime costderiv costgradient costgrad dcost derivativecost derivcost lossderivative lossderiv "
        "lossprime lossgradient lossgrad dloss errorderivative"
    ),
    "backprop": (
        "backpropagation backpropagate backpropogation backpropogate backward backwardpass backwardprop "
        "backwardpropagation gradient gradients computegradient computegradients getgradient getgradients "
        "grad"
    ),
    "update_mini_batch": (
        "updatebatch minibatchupdate trainbatch trainminibatch trainonbatch updatewithbatch "
        "processminibatch gradientstep gradientdescentstep updateparameters updateparams updateweights step "
        "update"
    ),
    "evaluate": "evaluation accuracy getaccuracy computeaccuracy score test numcorrect countcorrect validate",
    "SGD": "train fit stochasticgradientdescent minibatchsgd gradientdescent learn training",
    # The arguments. Those that a method wants besides the book's are "n", the number of all examples, and
    # "nothing", which is 0.
    "x": "a input inputs activation inp features image inputactivations inputdata",
    "y": "target targets label labels expected desired t truth ytrue output desiredoutput expectedoutput",
    "output": "outputactivations a activations prediction predicted ypred yhat pred aout out",
    "mini_batch": "batch data examples samples trainingdata batchdata",
    "eta": "lr learningrate alpha rate stepsize learnrate η",
    "training_data": "traindata training train data trainset trainingset dataset examples samples",
    "epochs": "nepochs numepochs epoch iterations niter nepoch maxepochs",
    "mini_batch_size": "batchsize bs batch minibatch sizeofbatch size batchlength",
    "test_data": "evaluationdata evaldata test validationdata valdata testset heldout validation",
    "n": "ntraining ntrain datasize nsamples trainingsize trainingdatasize lentrainingdata",
    "nothing": (
        "lmbda lambda lam lambd reg regularization regularisation l2 l1 weightdecay decay momentum mu beta "
        "dropout"
    ),
}


def bare(name: str) -> str:
    """The name without capitals and underscores."""
    return name.replace("_", "").lower()


@functools.lru_cache(maxsize=None)
def known(role: str) -> tuple[str, ...]:
    """The bare names of a method or an argument, the book's first."""
    return (bare(role), *ALIASES[role].split())


def method_of(owner: Any, method: str) -> str | None:
    """The name under which a class or a module has the method; None if it has not.

    The exact name is taken first, then one of ALIASES in their order, then a close one.
    """
    if callable(getattr(owner, method, None)):
        return method
    there = {key: getattr(owner, key, None) for key in dir(owner) if not key.startswith("__")}
    names = {bare(key): key for key, value in there.items() if callable(value) and not isinstance(value, type)}
    others = {name for role in METHODS for name in known(role)}
    near = difflib.get_close_matches(bare(method), set(names) - others, n=1, cutoff=0.84)
    return next((names[name] for name in (*known(method), *near) if name in names), None)


def parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters of a function; `self` is none of a bound method. Raises ValueError where it has none."""
    return list(inspect.signature(function).parameters.values())


def roles(function: Callable[..., Any], book: list[str], skip: int = 0) -> dict[str, str]:
    """Which role each parameter of the function has: {parameter: role}, the roles of the `book` in its order.

    Further parameters with a default are left out; of one without, the name must say what it is. Raises Odd
    where it does not.
    """
    named = [p for p in parameters(function)[skip:] if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    found: dict[str, str] = {}
    free = list(book)
    for p in named:
        role = next((role for role in [*free, "n", "nothing"] if bare(p.name) in known(role)), None)
        if role:
            found[p.name] = role
            free = [other for other in free if other != role]
    takes_pairs = not {"x", "y"} & set(book)
    for p in named:
        if p.name not in found and p.default is p.empty:
            if not free or takes_pairs and bare(p.name) in (*known("x"), *known("y")):
                raise Odd(Kind.FORM, _expected(named, book))
            found[p.name] = free.pop(0)
    return found


def _expected(named: list[inspect.Parameter], book: list[str]) -> str:
    """What it takes and what is expected, in a clause."""
    wanted = ", ".join(role for role in book if role not in ("n", "test_data") or len(book) == 1)
    pairs = "" if {"x", "y"} & set(book) else ", with a list of pairs (x, y) and not two matrices"
    return f"it takes ({', '.join(p.name for p in named)}), where ({wanted}) is expected{pairs}"


def arguments(function: Callable[..., Any], values: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """(positional arguments, arguments by name) to call the function with; `values` has one for each role.

    Beside others, "test_data", "n" and "eta" are for functions that ask for them.
    """
    optional = {"test_data", "n", "eta"} if len(values) > 1 else set()
    try:
        takes = parameters(function)
    except (TypeError, ValueError):  # It is not written in Python.
        takes = None
    if takes is None or any(p.kind is p.VAR_POSITIONAL for p in takes):
        return [value for role, value in values.items() if role not in optional - {"eta"}], {}
    found = roles(function, [role for role in values if role != "n"])
    if not {*values} <= {*found.values(), *optional}:
        raise Odd(Kind.FORM, _expected(takes, list(values)))
    by_name = {name: values.get(role, 0.0) for name, role in found.items()}
    by_name = {name: value for name, value in by_name.items() if value is not None}
    positional = [by_name.pop(p.name) for p in takes if p.kind is p.POSITIONAL_ONLY and p.name in by_name]
    return positional, by_name
