"""Judges every method of a class, by the activations and the cost that the class has.

    report = judge(MyNetwork)
    print(report)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from types import SimpleNamespace
from typing import Any

from purenet.checker.attempt import Trouble, tried
from purenet.checker.candidate import Candidate, own_methods
from purenet.checker.comparison import ZS, Trial
from purenet.checker.costs import declared
from purenet.checker.find_mistakes import is_close
from purenet.checker.judge_sgd import judge_sgd
from purenet.checker.judge_step import judge_step, steps_by_backprop
from purenet.checker.mistakes import OF_CROSS_ENTROPY, PER_CENT, SHARE, SIGN, SLOPE_INSIDE, Z_FOR_A
from purenet.checker.names import METHODS
from purenet.checker.reference import ACTIVATIONS, CROSS_ENTROPY, QUADRATIC, Model, Reference, Step
from purenet.checker.verdict import FEEDS, Example, Note, Report, Verdict, folder_of
from purenet.gradcheck import numerical_gradient
from purenet.matrix import scale, subtract
from purenet.network import Network
from purenet.support.arrays import numbers
from purenet.support.checks import shown

COSTS = QUADRATIC, CROSS_ENTROPY
BOOK = "σ", "σ"
# What would be a mistake is another way to write it where the gradient is right.
CONVENTIONS: dict[str, list[Note]] = {
    Z_FOR_A: [Note.OF_A],
    SIGN: [Note.OTHER_SIGN],
    SLOPE_INSIDE: [],
    OF_CROSS_ENTROPY: [],
}


def judge(
    network_class: type, cost: str | None = None, methods: dict[str, str] | None = None, name: str = ""
) -> Report:
    """A `Report` on the class, with a `Verdict` on each of METHODS.

    cost      "quadratic" or "cross-entropy", where the class does not say which it has
    methods   names of methods that are not guessed: {"backprop": "my_name"}
    name      what the report calls the class

    Runs its methods. Raises TypeError for anything but a class, ValueError where it makes no network, and
    for another cost.
    """
    if not isinstance(network_class, type):
        raise TypeError(
            f"network_class is {shown(network_class)}; it must be the class itself: type(net) for a network, "
            "checker.load_class(path) for a file"
        )
    if cost not in (None, *COSTS):
        raise ValueError(f"cost is {cost!r}; it must be {' or '.join(map(repr, COSTS))}")
    trial = Trial(network_class, methods)
    is_guessed = choose_model(trial, cost)
    found = {method: _judge_function(trial, method) for method in ("sigmoid", "sigmoid_prime")}
    found["feedforward"] = trial.compared("feedforward")
    found["cost_derivative"] = _as_convention(trial, trial.compared("cost_derivative"))
    found["backprop"] = _judge_backprop(trial, is_guessed)
    found = {method: _after(verdict, found) for method, verdict in found.items()}
    found["update_mini_batch"] = judge_step(trial, found, is_guessed)
    found["evaluate"] = _judge_evaluate(trial, found["feedforward"].ok is False)
    found["SGD"] = judge_sgd(trial, found)
    if trial.way.names["backprop"] is None:
        there = ", ".join(own_methods(network_class)) or "nothing"
        trial.note(f"No backprop was found among {there}: --method backprop=NAME says which it is.")
    verdicts = [*_judge_start(trial), *(found[method] for method in METHODS)]
    return Report(name or network_class.__name__, verdicts, trial.way.remarks, folder_of(trial.way.files[-1]))


# The model.


def choose_model(trial: Trial, cost: str | None) -> bool:
    """Choose the model by which least is wrong with the gradient. Returns whether its cost is a guess."""
    trial.answers("feedforward")
    if trial.hangs:
        return False
    costs: dict[str, Any] = {cost: lambda n: 1.0} if cost else declared(trial.way)
    network_class: Any = trial.network_class
    has_own = issubclass(network_class, Network) and network_class.cost is not Network.cost
    if has_own and not cost and set(costs) != {QUADRATIC}:
        trial.model = Model(cost="own", error=_error_of_own_cost(trial))
        return False
    kinds = [BOOK]
    if not trial.is_right("feedforward"):
        others = [kind for kind in product(ACTIVATIONS, ACTIVATIONS) if kind[0] != "softmax"]
        kinds = [kind for kind in others if trial.is_right("feedforward", Model(*kind))] + kinds
    models = [model for kind in kinds for model in _models(kind, costs)]
    method = "backprop" if trial.way.names["backprop"] else "update_mini_batch"
    right = [model for model in models if trial.is_right(method, model)]
    # Without σ in the hidden layers, a class that has a σ is not of another kind, but wrong.
    has_sigmoid = trial.way.names["sigmoid"] is not None
    likely = [model for model in models if model.hidden == "σ" or not has_sigmoid]
    trial.model = right[0] if right else min(likely, key=lambda model: _count(trial.compared(method, model)))
    if [mistake.words for mistake in trial.compared("backprop").mistakes] == [SIGN]:
        if trial.is_right("update_mini_batch") and steps_by_backprop(trial):
            trial.model = trial.model._replace(sign=-1.0)
    is_guessed = trial.model[:3] == (*BOOK, CROSS_ENTROPY) and not costs
    _remark_on_model(trial, is_guessed, bool(cost), bool(costs))
    return is_guessed


def _models(kind: tuple[str, str], costs: dict[str, Any]) -> Iterator[Model]:
    """The models of these activations with each cost, which a class may multiply by a factor."""
    for cost in costs or COSTS:
        yield Model(*kind, cost)
        factor = costs.get(cost)
        if factor and not is_close([factor(3)], [1.0]):
            yield Model(*kind, cost, lambda s: scale(factor(len(s.y)), subtract(s.output, s.y)))


def _count(verdict: Verdict) -> int:
    """How many mistakes are made."""
    return 0 if verdict.ok else len(verdict.mistakes) or 9


def _error_of_own_cost(trial: Trial) -> Step:
    """∂C/∂a of the class's own cost(x, y), from ∂C/∂b = ∂C/∂a ⊙ σ′(z) in the last layer, which is measured."""

    def error(s: Any) -> Any:
        net = Candidate(trial.way, s.net.biases, s.net.weights).net
        last = SimpleNamespace(biases=net.biases[-1:], weights=[], feedforward=lambda x: x)
        nabla_b, _ = numerical_gradient(last, s.net.activations[0], s.y, cost=net.cost)
        return [b / slope for b, slope in zip(numbers(nabla_b), s.last.slope_at(s.net.zs[-1]))]

    return error


def _remark_on_model(trial: Trial, is_guessed: bool, is_asked: bool, is_known: bool) -> None:
    model = trial.model
    if model[:2] != BOOK:
        kinds = f"Its hidden layers have {model.hidden}, and its output {model.output}"
        trial.note(f"{kinds}: it is judged by these.")
    if is_guessed and not trial.is_right("backprop"):
        trial.note(
            "It is judged by the cross-entropy, since σ′(z) is left out at the output. --cost quadratic or "
            "--cost cross-entropy says which cost is meant."
        )
    elif model.error:
        trial.note("It is judged by its own cost, which is a multiple of the usual one.")
    elif model.cost == CROSS_ENTROPY and not is_guessed:
        by = "as was asked for" if is_asked else "which it declares" if is_known else "which goes with softmax"
        trial.note(f"It is judged by {model} as its cost, {by}.")


# The methods.


def _judge_function(trial: Trial, method: str) -> Verdict:
    """The verdict on σ or σ′, of numbers and then of a vector."""
    found = _as_convention(trial, trial.compared(method, Model()))
    function: Callable[[Any], Any] | None = trial.theirs(trial.cases[0]).function(method)
    _, trouble = tried(trial.way.files, function, ZS) if found.ok and function else (None, None)
    if not trouble:
        return found
    net = trial.theirs(trial.cases[0])
    *imports, call = net.function_script(method, 0.5).split("\n")
    line = f"{call.partition('(')[0]}({net.written([0.5, -1.0])})"
    example = Example(
        [f"import {net.way.form.library.__name__}", *imports, line],
        None,
        Reference([], []).function(method)([0.5, -1.0]),
    )
    return Verdict(method, False, [Note.OF_A_VECTOR, trouble], example)


def _as_convention(trial: Trial, verdict: Verdict) -> Verdict:
    """The verdict on what backprop calls: where the gradient is right, it may be right in its way."""
    if verdict.ok is not False or not trial.is_right("backprop"):
        return verdict
    words = [mistake.words for mistake in verdict.mistakes]
    if len(words) == 1 and words[0] in CONVENTIONS:
        return Verdict(verdict.method, True, CONVENTIONS[words[0]])
    if verdict.method != "cost_derivative" and trial.model[:2] != BOOK:
        return Verdict(verdict.method, None, [Note.ELSEWHERE])
    if verdict.method == "cost_derivative" and trial.way.names["cost_derivative"] != "cost_derivative":
        return verdict._replace(ok=None, example=None)
    return verdict


def _judge_backprop(trial: Trial, is_guessed: bool) -> Verdict:
    verdict = trial.compared("backprop")
    if verdict.ok and is_guessed:
        return Verdict("backprop", None, [Note.EITHER])
    if verdict.ok and trial.model.sign < 0:
        return Verdict("backprop", True, [Note.NEGATIVE])
    return verdict


def _after(verdict: Verdict, found: dict[str, Verdict]) -> Verdict:
    """The verdict on what is wrong without a known mistake, where what it may call is wrong too."""
    wrong = [method for method, other in found.items() if other.ok is False]
    if verdict.method in wrong and not verdict.mistakes:
        if any(verdict.method in FEEDS.get(method, []) for method in wrong):
            return verdict._replace(reasons=[Note.AFTER])
    return verdict


def _judge_evaluate(trial: Trial, is_feedforward_wrong: bool) -> Verdict:
    """The verdict on evaluate by their own outputs: it is about what is made of them."""
    own = [trial.own("output", lambda net, s: net.feedforward(s.x))] if is_feedforward_wrong else []
    way, verdicts = trial.way, []
    for notes, is_one_hot in ([], False), ([Note.ONE_HOT], True):
        trial.way = way._replace(one_hot=is_one_hot)
        trial.forget("evaluate")
        verdict = trial.compared("evaluate", own=own)
        if [mistake.words for mistake in verdict.mistakes] in ([SHARE], [PER_CENT]):
            return Verdict("evaluate", True, [*notes, Note.SHARE])
        if verdict.ok or verdict.ok is None and not is_one_hot:
            return verdict._replace(reasons=[*notes, *verdict.reasons])
        verdicts.append(verdict)
    trial.way = way
    if is_feedforward_wrong and any(isinstance(reason, Trouble) for reason in verdicts[0].reasons):
        return Verdict("evaluate", None, [Note.FAILS])
    return verdicts[0]


def _judge_start(trial: Trial) -> Iterator[Verdict]:
    """A verdict on the weights that a new network begins with, where they cannot be learned from."""

    def are_alike() -> bool:
        net = trial.way.make([3, 4, 3] if trial.way.layers else [3, 4, 4, 3])
        return any(len(set(numbers([trial.way.found.weights.get(net, l)]))) == 1 for l in range(2))

    if tried(trial.way.files, are_alike)[0]:
        yield Verdict("__init__", False, [Note.ALIKE])
