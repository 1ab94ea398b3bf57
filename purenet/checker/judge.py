"""Judges every method of a class, by the activations and the cost that the class has.

    report = judge(MyNetwork)
    print(report)
"""

from __future__ import annotations

import inspect
import os
import re
import sys
from itertools import product

from purenet.checker.activations_and_cost import BOOK, COSTS, choose_model, multiple_of
from purenet.checker.candidate import make
from purenet.checker.comparison import Trial
from purenet.checker.guarded_call import Kind, Trouble, tried
from purenet.checker.judge_training import judge_sgd, judge_step
from purenet.checker.mistakes import (
    MEAN, MULTIPLE, OF_CROSS_ENTROPY, PER_CENT, ROUNDS, SHARE, SIGN, SLOPE_INSIDE, Z_FOR_A,
)
from purenet.checker.other_names import METHODS, method_of, parameters
from purenet.checker.reference import ACTIVATIONS, Model
from purenet.checker.verdict import Note, Report, Verdict, rounded
from purenet.matrix import transpose
from purenet.support.checks import shown
from purenet.support.lists_or_arrays import plain

# What would be a mistake is another way to write it where the gradient is right.
CONVENTIONS = {Z_FOR_A: [Note.OF_A], SIGN: [Note.OTHER_SIGN], SLOPE_INSIDE: [], OF_CROSS_ENTROPY: []}
CONVENTIONS.update({MULTIPLE: [], MEAN: []})


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
    found = {method: _as_convention(trial, trial.compared(method, Model())) for method in METHODS[:2]}
    found["feedforward"] = trial.compared("feedforward")
    outputs = [output for _, output, trouble in trial.answers("feedforward") if not trouble]
    if found["feedforward"].ok is False and any(output == [1.0] * len(output) != [1.0] for output in outputs):
        found["feedforward"] = found["feedforward"]._replace(reasons=[Note.ONES])
    if trial.model.nabla and found["feedforward"].reasons == [Note.UNKNOWN]:
        found["feedforward"] = Verdict("feedforward", None, [Note.ACTIVATION])
        if found["sigmoid"].ok is None:
            found["sigmoid_prime"] = found["sigmoid"]._replace(method="sigmoid_prime")
    found["cost_derivative"] = _as_convention(trial, trial.compared("cost_derivative"))
    found["backprop"] = _judge_backprop(trial, found["feedforward"], is_guessed)
    found = {method: _after(trial, verdict, found) for method, verdict in found.items()}
    found["update_mini_batch"] = judge_step(trial, found, is_guessed)
    found["evaluate"] = _judge_evaluate(trial, not found["feedforward"].ok)
    found["SGD"] = judge_sgd(trial, found)
    trial.remarks += _not_found(trial, is_open=found["update_mini_batch"].ok is found["SGD"].ok is None)
    verdicts = [*_judge_start(trial), *(found[method] for method in METHODS)]
    folder = os.path.dirname(trial.way.files[-1])
    is_here = network_class.__module__ == "__main__" or os.path.realpath(folder) == os.path.realpath(os.curdir)
    return Report(name or network_class.__name__, verdicts, trial.remarks, "" if is_here else folder)


def _not_found(trial: Trial, is_open: bool) -> list[str]:
    """What may be its training, where that `is_open`, and that no backprop was found, in sentences."""
    network_class, remarks = trial.network_class, []
    own = [n for n in dir(network_class) if not n.startswith("__") and callable(getattr(network_class, n))]
    others = {*own} - {*trial.way.names.values()} if is_open else ()
    open_names = [name for name in sorted(others) if _sets(network_class, name, trial.way.weights)]
    if open_names:
        how = "--method update_mini_batch=NAME or --method SGD=NAME has it judged, if it trains"
        remarks.append(f"Not judged, though the weights are set there: {', '.join(open_names)}. {how}.")
    if method_of(network_class, "backprop") is None and trial.way.names["backprop"] is None:
        there = ", ".join(own) or "nothing"
        beside = method_of(sys.modules.get(network_class.__module__), "backprop")
        advice = f"{beside} stands beside the class: indent it" if beside else "--method backprop=NAME names it"
        remarks.append(f"No backprop was found among {there}: {advice}.")
    return remarks


def _sets(network_class: type, name: str, attribute: str) -> bool:
    """Whether the text of this method, which takes something, sets the attribute or an entry of it."""
    text, _ = tried((), inspect.getsource, getattr(network_class, name))
    takes, _ = tried((), parameters, getattr(network_class, name))
    return len(takes or ()) > 1 and bool(re.search(rf"\.{attribute}(\[[^]=]*\])*\s*[-+]?=(?!=)", text or ""))


def _as_convention(trial: Trial, verdict: Verdict) -> Verdict:
    """The verdict on what backprop calls: where the gradient is right, it may be right in its way."""
    if verdict.ok is False and not verdict.mistakes and trial.model.nabla:
        return Verdict(verdict.method, None, [Note.ELSEWHERE])
    if verdict.causes == [Z_FOR_A] and not trial.is_right("backprop"):
        is_in_gradient = Z_FOR_A in trial.compared("backprop").causes
        return verdict if is_in_gradient else Verdict(verdict.method, None, [Note.IF_OF_A])
    if verdict.method == "cost_derivative" and not trial.gave("backprop"):  # Nothing contradicts it.
        costs = {MULTIPLE: Note.OF_MULTIPLE, MEAN: Note.OF_MULTIPLE, OF_CROSS_ENTROPY: Note.OF_CROSS_ENTROPY}
        if len(verdict.causes) == 1 and verdict.causes[0] in costs and (verdict.mistakes[0].c or 1.0) > 0:
            return Verdict(verdict.method, True, [costs[verdict.causes[0]]])
    if verdict.ok is not False or not trial.is_right("backprop"):
        return verdict
    if len(verdict.causes) == 1 and verdict.causes[0] in CONVENTIONS:
        return Verdict(verdict.method, True, CONVENTIONS[verdict.causes[0]])
    if verdict.method != "cost_derivative" and trial.model[:2] != BOOK:
        return Verdict(verdict.method, None, [Note.ELSEWHERE])
    if verdict.method == "cost_derivative" and trial.way.names["cost_derivative"] != "cost_derivative":
        return verdict._replace(ok=None, example=None)
    return verdict


def _judge_backprop(trial: Trial, feedforward: Verdict, is_guessed: bool) -> Verdict:
    verdict = trial.compared("backprop")
    if verdict.ok and is_guessed:
        return Verdict("backprop", None, [Note.EITHER])
    if verdict.ok and trial.model.times < 0:
        return Verdict("backprop", True, [Note.NEGATIVE])
    if verdict.ok is feedforward.ok is False and trial.is_right("backprop", trial.measured(trial.model)):
        return Verdict("backprop", True, [Note.OF_FEEDFORWARD])
    is_open = verdict.ok is False and not verdict.mistakes
    is_open = is_open and not any(isinstance(reason, Trouble) for reason in verdict.reasons)
    for kind in product(ACTIVATIONS, ACTIVATIONS) if is_open else ():
        other = trial.model._replace(hidden=kind[0], output=kind[1], nabla=None)
        if trial.is_right("backprop", multiple_of(trial, "backprop", other) or other):
            layers = f"{kind[0]} in the hidden layers and {kind[1]} at the output"
            return verdict._replace(reasons=[f"It is the gradient for {layers}, which feedforward has not."])
    return verdict


def _after(trial: Trial, verdict: Verdict, found: dict[str, Verdict]) -> Verdict:
    """The verdict on what is wrong without a known mistake, where what it calls is wrong too."""
    if verdict.ok is not False or verdict.mistakes:
        return verdict
    wrong = [method for method in METHODS[: METHODS.index(verdict.method)] if found[method].ok is False]
    steps = {
        "sigmoid": trial.own("activation", lambda net, s: net.function("sigmoid")(s.given_z)),
        "sigmoid_prime": trial.own("slope", lambda net, s: net.function("sigmoid_prime")(s.given_z)),
        "cost_derivative": trial.own("error", lambda net, s: net.cost_derivative(s.output, s.y)),
    }
    if verdict.method == "sigmoid_prime":
        of_a = lambda net, s: [a * (1 - a) for a in net.function("sigmoid")(s.given_z)]
        steps["sigmoid"] = trial.own("slope", of_a)
    own = [step for method, step in steps.items() if method in wrong]
    called = [method for method in wrong if trial.calls(verdict.method, method)]
    fails_in = {reason.function for reason in verdict.reasons if isinstance(reason, Trouble)}
    is_there = fails_in & {trial.way.names[method] for method in called}
    if called and (is_there or trial.is_right(verdict.method, trial.model._replace(times=1.0), own)):
        return verdict._replace(reasons=[Note.AFTER.format(called[0])])
    return verdict


def _judge_evaluate(trial: Trial, is_feedforward_wrong: bool) -> Verdict:
    """The verdict on evaluate by their own outputs: it is about what is made of them."""
    own = [trial.own("output", lambda net, s: net.feedforward(s.x))] if is_feedforward_wrong else []
    way, verdicts = trial.way, []
    for notes, is_one_hot in ([], False), ([Note.ONE_HOT], True):
        trial.way = way._replace(one_hot=is_one_hot)
        verdict = trial.compared("evaluate", own=own)
        if verdict.causes in ([SHARE], [PER_CENT]):
            return Verdict("evaluate", True, [*notes, Note.SHARE])
        if verdict.causes == [ROUNDS]:
            return Verdict("evaluate", None, [Note.ROUNDS])
        if verdict.ok:
            return verdict._replace(reasons=[*notes, *verdict.reasons])
        works = [case.sizes[-1] for case, _, t in trial.answers("evaluate") if not t or t.kind is Kind.FORM]
        if works and max(works) == 1:
            return Verdict("evaluate", None, [Note.ONE_OUTPUT])
        verdicts.append(verdict)
    trial.way = way
    of_digits, of_one_hot = verdicts
    if of_digits.ok is False and not of_digits.mistakes and of_one_hot.ok is None:
        return of_one_hot
    pairs = [pair for case, counts, t in trial.answers("evaluate") if not t for pair in zip(counts, case.tests)]
    odd = [count for count, tests in pairs if count not in range(len(tests) + 1)]
    if odd and of_digits.ok is False and not of_digits.mistakes:
        return Verdict("evaluate", None, [f"not judged: it gives {rounded(odd[0])}, not how many are right"])
    if is_feedforward_wrong and any(isinstance(reason, Trouble) for reason in of_digits.reasons):
        return Verdict("evaluate", None, [Note.FAILS])
    return of_digits


def _judge_start(trial: Trial) -> list[Verdict]:
    """A verdict on the weights that a new network begins with, where they cannot be learned from."""

    def are_alike() -> bool:
        net = make(trial.network_class, trial.way.made, [3, 4, 4, 3][-len(trial.way.sizes) :])
        _, weights = plain([], list(getattr(net, trial.way.weights))[:2])
        return any(len(set(map(tuple, transpose(w) if trial.way.transposed else w))) == 1 for w in weights)

    net, _ = tried(trial.way.files, make, trial.network_class, trial.way.made, trial.way.sizes)
    for name in (trial.way.biases, trial.way.weights):
        if net is not None and getattr(net, name) is getattr(trial.network_class, name, ()):
            instead = f"write self.{name} = [] in __init__"
            said = f"{name} is a list of the class, so that all networks share it: {instead}."
            return [Verdict("__init__", False, [said])]
    is_alike, _ = tried(trial.way.files, are_alike)
    return [Verdict("__init__", False, [Note.ALIKE])] if is_alike else []
