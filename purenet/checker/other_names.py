"""Under which names people write the methods and their arguments.

    method_of(network_class, "backprop")        # "back_prop"
    arguments(net.SGD, {"training_data": data, "epochs": 4, ...})

Names are compared without capitals and underscores.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import inspect
import re
from collections.abc import Callable, Iterable
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
        "backwardpropagation feedbackward gradient gradients computegradient computegradients getgradient "
        "getgradients grad"
    ),
    "update_mini_batch": (
        "updatebatch minibatchupdate trainbatch trainminibatch trainonbatch trainonminibatch updatewithbatch "
        "processminibatch gradientstep gradientdescentstep updateparameters updateparams updateweights step "
        "update"
    ),
    "evaluate": "evaluation accuracy getaccuracy computeaccuracy score test numcorrect countcorrect validate",
    "SGD": "sdg train fit stochasticgradientdescent minibatchsgd gradientdescent learn training",
    # The arguments. Those that a method wants besides the book's are "n", the number of all examples, and
    # "nothing", which is 0.
    "x": "a input inputs activation inp features image inputactivations inputdata",
    "y": "target targets label labels expected desired t truth ytrue output desiredoutput expectedoutput",
    "output": "outputactivations a activations prediction predicted ypred yhat pred aout out",
    "mini_batch": "batch data examples samples trainingdata batchdata",
    "eta": "lr learningrate alpha rate stepsize learnrate lrate η",
    "training_data": "traindata training train data trainset trainingset dataset examples samples",
    "epochs": "nepochs numepochs epoch iterations niter nepoch maxepochs",
    "mini_batch_size": "batchsize bs batch minibatch sizeofbatch size batchlength",
    "test_data": "evaluationdata evaldata test validationdata valdata testset heldout validation",
    "n": "ntraining ntrain numtrainingsamples datasize nsamples trainingsize trainingdatasize lentrainingdata",
    "nothing": (
        "lmbda lambda lam lambd reg regularizationrate regularization regularisation l2 l1 weightdecay decay "
        "momentum mu beta"
    ),
}


PARTS = "feedforward", "backprop", "update_mini_batch", "SGD"  # that may be a part of a longer name


def bare(name: str) -> str:
    """The name without capitals and underscores."""
    return name.replace("_", "").lower()


@functools.lru_cache(maxsize=None)
def known(role: str) -> tuple[str, ...]:
    """The bare names of a method or an argument, the book's first."""
    return (bare(role), *ALIASES[role].split())


def method_of(owner: Any, method: str) -> str | None:
    """The name under which a class or a module has the method; None if it has not.

    The exact name is taken first, then one of ALIASES in their order, then a close one, then the only one that
    contains that of the method.
    """
    if callable(getattr(owner, method, None)):
        return method
    there = {key: getattr(owner, key, None) for key in dir(owner) if not key.startswith("__")}
    names = {bare(key): key for key, value in there.items() if callable(value) and not isinstance(value, type)}
    others = {*names} - {name for role in METHODS for name in known(role)}
    near = difflib.get_close_matches(bare(method), others, n=1, cutoff=0.84)
    longer = [name for name in others if method in PARTS and bare(method) in name]
    near += longer if len(longer) == 1 else []
    return next((names[name] for name in (*known(method), *near) if name in names), None)


def step_of(owner: Any, taken: Iterable[str | None]) -> str | None:
    """The only method, not one of those `taken`, that takes a batch and η by their names."""
    found = []
    for name in dir(owner):
        with contextlib.suppress(TypeError, ValueError):
            names = [] if name in taken else [bare(p.name) for p in parameters(getattr(owner, name))[1:]]
            if len(names) == 2 and re.search("batch(?!size)", names[0]) and names[1] in known("eta"):
                found.append(name)
    return found[0] if len(found) == 1 else None


def parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters of a function; `self` is none of a bound method. Raises ValueError where it has none."""
    if inspect.ismethod(function):
        return _parameters(function.__func__)[1:]
    return _parameters(function)


@functools.lru_cache(maxsize=None)
def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())


def roles(function: Callable[..., Any], book: list[str], skip: int = 0) -> dict[str, str]:
    """Which role each parameter of the function has: {parameter: role}, the roles of the `book` in its order.

    Further parameters with a default are left out; of one without, the name must say what it is. Raises Odd
    where it does not, or says that it is η where the book has none.
    """
    named = [p for p in parameters(function)[skip:] if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    takes_pairs = not {"x", "y"} & {*book}
    found: dict[str, str] = {}

    def free() -> list[str]:
        return [role for role in book if role not in found.values()]

    for p in named:
        found.update({p.name: role for role in free()[::-1] if bare(p.name) in known(role)})
    for p in named:  # An `n` may also be an x.
        further = [] if p.name in found or "x" in free() else ["nothing", "n"]
        found.update({p.name: role for role in further if bare(p.name) in known(role)})
    for p in named:
        if p.name not in found and p.default is p.empty:
            is_other = _is_x_or_y(p) if takes_pairs else bare(p.name) in known("eta")
            is_other = is_other or "y" in book and bare(p.name) == "activations"  # of all layers
            if not free() or is_other or re.match("grad|nabla", bare(p.name)):
                raise Odd(Kind.FORM, _expected(named, book))
            found[p.name] = free()[0]
    return found


def _is_x_or_y(p: inspect.Parameter) -> bool:
    """Whether it is called as all the inputs or targets are, such as X, train_y or labels."""
    of_set = re.fullmatch("(train(ing)?|test|val)?[xy](s|train(ing)?|test|val)?", bare(p.name))
    return bool(of_set) or bare(p.name) in (*known("x"), *known("y"))


def _expected(named: list[inspect.Parameter], book: list[str]) -> str:
    """What it takes and what is expected, in a clause."""
    wanted = ", ".join(role for role in book if role not in ("n", "test_data") or len(book) == 1)
    of_matrices = not {"x", "y"} & {*book} and any(map(_is_x_or_y, named))
    pairs = ", with a list of pairs (x, y) and not two matrices" * of_matrices
    return f"it takes ({', '.join(p.name for p in named)}), where ({wanted}) is expected{pairs}"


def arguments(function: Callable[..., Any], values: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """(positional arguments, arguments by name) to call the function with; `values` has one for each role.

    Beside others, "test_data", "n" and "eta" are for functions that ask for them.
    """
    optional = {"test_data", "n", "eta"} if len(values) > 1 else set()
    takes = parameters(function)
    if any(p.kind is p.VAR_POSITIONAL for p in takes):
        return [value for role, value in values.items() if role not in optional - {"eta"}], {}
    found = roles(function, [role for role in values if role != "n"])
    if not {*values} <= {*found.values(), *optional}:
        raise Odd(Kind.FORM, _expected(takes, list(values)))
    by_name = {name: values.get(role, 0.0) for name, role in found.items()}
    by_name = {name: value for name, value in by_name.items() if value is not None}
    given = (p.name in by_name or p.default is not p.empty or p.kind is p.VAR_KEYWORD for p in takes)
    if not all(given):
        raise Odd(Kind.FORM, _expected(takes, list(values)))
    return [], by_name
