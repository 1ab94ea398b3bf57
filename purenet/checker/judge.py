"""Judges every method of a class: called on its networks, on the reference, and on the reference with mistakes.

    report = judge(network_class)
    print(report)
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import product
from types import SimpleNamespace
from typing import Any, NamedTuple

from purenet.checker.guarded_call import Kind, Odd, Trouble, tried
from purenet.checker.candidate import Candidate
from purenet.checker.conventions import own_methods, survey
from purenet.checker.declared_cost import declared
from purenet.checker.mistakes import SHARES, SHOWN, WEIGHT_DECAY, Z_FOR_A
from purenet.checker.aliases import METHODS
from purenet.checker.reference import ACTIVATIONS, CROSS_ENTROPY, QUADRATIC, Mistake, Model, Reference
from purenet.checker.search import is_close, named
from purenet.checker.sgd import what_is_wrong
from purenet.checker.small_networks import CASES, Case
from purenet.checker.verdict import Example, Named, Note, Report, Verdict, folder_of, layers, rounded
from purenet.gradcheck import numerical_gradient
from purenet.matrix import Vector, add, dot, scale, subtract
from purenet.network import Network
from purenet.support.arrays import numbers, plain
from purenet.support.checks import shown

ETA = 0.6
ZS = [-3.0, -1.0, -0.5, 0.1, 0.5, 1.0, 2.0, 5.0, -12.0]
COSTS = QUADRATIC, CROSS_ENTROPY


class Method(NamedTuple):
    """How a method is tried: `call` gives its answer on a network and a `Case`, whosever network it is."""

    call: Callable[[Any, Case], Any]
    script: str = ""
    arguments: Callable[[Case], Sequence[Any]] | None = None  # of two calls, where it must not keep anything


def _tested(case: Case) -> list[Any]:
    rng = random.Random(1)
    return [
        ([rng.randint(-40, 40) / 10 for _ in x], rng.randrange(case.sizes[-1])) for x, _ in case.examples * 10
    ]


def _stepped(net: Any, *batches: Any) -> Any:
    for batch in batches:
        net.update_mini_batch(batch, ETA)
    return net.biases, net.weights


TRIED = {
    "sigmoid": Method(lambda net, case: net.sigmoid(ZS)),
    "sigmoid_prime": Method(lambda net, case: net.sigmoid_prime(ZS)),
    "feedforward": Method(
        lambda net, case: net.feedforward(case.examples[0][0]),
        "net.{name}({x})",
        lambda case: [[x] for x, _ in case.examples[:2]],
    ),
    "cost_derivative": Method(
        lambda net, case: net.cost_derivative(_output(net, case), case.examples[0][1]),
        "net.{name}({output}, {y})",
    ),
    "backprop": Method(
        lambda net, case: net.backprop(*case.examples[0]),
        "net.{name}({x}, {y})",
        lambda case: case.examples[:2],
    ),
    "update_mini_batch": Method(
        lambda net, case: _stepped(net, case.examples[:3]),
        "net.{name}({pairs}, {eta})\nnet.biases, net.weights",
    ),
    "evaluate": Method(lambda net, case: [net.evaluate(_tested(case))], "net.{name}({tested})"),
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
    trial = Trial(network_class, cost, methods)
    for method in TRIED:
        trial.verdicts[method] = trial.verdict(method)
        if method == "feedforward":
            trial.choose_model()
    trial.settle()
    trial.verdicts["SGD"] = trial.sgd()
    if trial.way.names["backprop"] is None:
        there = ", ".join(own_methods(network_class)) or "nothing"
        trial.way = trial.way.noting(
            f"No backprop was found among {there}: --method backprop=NAME says which it is."
        )
    start = trial.start()
    verdicts = [*([start] if start else []), *(trial.verdicts[method] for method in METHODS)]
    path = trial.way.files[-1]
    return Report(name or network_class.__name__, verdicts, trial.way.remarks, folder_of(path))


def _output(net: Any, case: Case) -> Any:
    """What is given to cost_derivative: the right output, which is left behind in ours."""
    right = Reference(case.biases, case.weights)
    output = right.feedforward(case.examples[0][0])
    if isinstance(net, Reference):
        net.activations, net.zs = right.activations, right.zs
    return output


class Trial:
    """One class on trial, with the verdicts so far."""

    def __init__(
        self, network_class: Any, cost: str | None = None, methods: dict[str, str] | None = None
    ) -> None:
        self.network_class, self.cost = network_class, cost
        self.way = survey(network_class, methods)
        self.files = self.way.files
        self.cases = [case for case in CASES if self.way.layers in (None, len(case.sizes))]
        if self.way.y is None:
            self.cases = [case.one_hot() for case in self.cases]
        self.model, self.models = Model(cost=cost or QUADRATIC), [Model(cost=cost or QUADRATIC)]
        self.is_open = False  # whether the cost is not known, and the verdict depends on it
        self.verdicts: dict[str, Verdict] = {}
        self.answers: dict[tuple[str, int], tuple[Any, Trouble | None]] = {}
        self.gradients: dict[str, Any] = {}
        self.hangs = False
        for sizes in ([1, 1], [2, 3], [2, 3, 4, 2]) if self.way.layers is None else ([2, 3, 2],):
            case = next(case for case in CASES if case.sizes == sizes)
            _, trouble = tried(self.files, self.theirs, case)
            if trouble:
                raise ValueError(f"{network_class.__name__}({case.sizes}) gives no network: {trouble.clause}")

    def theirs(self, case: Case, **methods: Any) -> Any:
        """Their network of the case, with these methods in the place of its own."""
        way = self.way
        if methods:
            named = {way.names[method] or method: function for method, function in methods.items()}
            named["__module__"] = self.network_class.__module__
            way = way._replace(network_class=type(self.network_class.__name__, (self.network_class,), named))
        net: Any = Candidate(way, case.biases, case.weights)
        for name in ("sigmoid", "sigmoid_prime"):
            setattr(net, name, net.function(name))
        return net

    def ours(self, case: Case, mistakes: Sequence[Mistake] = (), **instead: Any) -> Reference:
        """The reference of the case, with mistakes, for their activations and their cost."""
        return Reference(case.biases, case.weights, mistakes, self.model, **instead)

    # What it is to compute.

    def choose_model(self) -> None:
        """Choose the activations and the cost that the rest is judged by, with a remark on it."""
        if self.hangs:
            return
        costs: dict[str, Any] = {self.cost: lambda n: 1.0} if self.cost else declared(self.way)
        own_cost = issubclass(self.network_class, Network) and self.network_class.cost is not Network.cost
        if own_cost and not self.cost and set(costs) != {QUADRATIC}:
            self.model = Model(cost="own", error=self.slope_of_own_cost)
            return
        kinds = [("σ", "σ")]
        if self.verdicts["feedforward"].ok is False:
            kinds += [kind for kind in product(list(ACTIVATIONS), list(ACTIVATIONS)) if self.is_kind(*kind)]
        options = []
        for hidden, output in kinds[::-1]:
            for kind in costs or COSTS:
                model = Model(hidden, output, kind)
                options.append(model)
                factor = costs.get(kind)
                if factor and abs(factor(3) - 1) > 1e-6:
                    options.append(model._replace(error=_multiple(factor)))
        if self.way.names["backprop"] is None:
            self.model = options[0]
            return
        fits = next((model for model in options if self.is_gradient(model)), None)
        fits = fits or next((model for model in options if self.is_gradient(model, -1.0)), None)
        if not fits and len(kinds) == 1 and not costs and self.fewer_mistakes(options[1]):
            fits = options[1]
        if not fits and len(kinds) > 1 and (self.way.names["sigmoid"] is None or kinds[-1][0] == "σ"):
            fits = next((model for model in options if model[:2] != ("σ", "σ") and self.finds(model)), None)
        self.model = fits = fits or (options[0] if len(kinds) == 1 else Model(cost=options[0].cost))
        if fits.output == "softmax":
            self.cases = [case.one_hot() for case in self.cases]
            self.answers.clear()
        if fits[:2] != ("σ", "σ"):
            self.way = self.way.noting(
                f"Its hidden layers have {fits.hidden}, and its output {fits.output}: it is judged by these."
            )
            self.verdicts["feedforward"] = self.compared("feedforward")
        if fits.cost == CROSS_ENTROPY and not costs and fits[:2] == ("σ", "σ"):
            self.is_open = True
        elif fits.error:
            self.way = self.way.noting("It is judged by its own cost, which is a multiple of the usual one.")
        elif fits.cost == CROSS_ENTROPY:
            by = (
                "as was asked for" if self.cost else "which it declares" if costs else "which goes with softmax"
            )
            self.way = self.way.noting(f"It is judged by {fits} as its cost, {by}.")

    def is_kind(self, hidden: str, output: str) -> bool:
        """Whether feedforward is right for these activations."""
        if hidden == "softmax":
            return False
        model = Model(hidden, output)
        for k, case in enumerate(self.cases):
            wanted = Reference(case.biases, case.weights, model=model).feedforward(case.examples[0][0])
            answer, trouble = self.answer("feedforward", k)
            if trouble or not is_close(answer, wanted):
                return False
        return True

    def is_gradient(self, model: Model, sign: float = 1.0, at_output: bool = False) -> bool:
        """Whether backprop gives the gradient for this model, times the sign; or that of the last biases."""
        for k, case in enumerate(self.cases):
            if model.output == "softmax" and max(case.examples[0][1]) != sum(case.examples[0][1]) != 1.0:
                continue
            try:
                wanted = Reference(case.biases, case.weights, model=model).backprop(*case.examples[0])
            except (ZeroDivisionError, OverflowError, KeyError):
                return False
            answer, trouble = self.answer("backprop", k)
            if trouble and at_output:
                continue  # It may fail in larger networks.
            if trouble:
                return False
            if at_output:
                answer, wanted = answer[0][-1], wanted[0][-1]
            if not is_close(answer, scale(sign, numbers(wanted))):
                return False
        return True

    def finds(self, model: Model) -> Verdict | None:
        """The verdict on backprop by this model, if all its mistakes are named."""
        before, self.model = self.model, model
        try:
            found = self.compared("backprop")
            return found if found.ok is False and found.is_named else None
        except KeyError:  # The derivative of softmax is needed by the cross-entropy alone.
            return None
        finally:
            self.model = before

    def fewer_mistakes(self, model: Model) -> bool:
        """Whether what is wrong with backprop is less by this model."""
        if not any(self.is_gradient(model, sign, at_output=True) for sign in (1.0, -1.0)):
            return False
        other = self.finds(model)
        usual = other and self.finds(self.model)
        return other is not None and (not usual or len(usual.mistakes) > len(other.mistakes))

    def slope_of_own_cost(self, s: Any) -> Any:
        """∂C/∂a, from ∂C/∂b = ∂C/∂a ⊙ σ′(z) in the last layer, which is measured."""
        net = Candidate(self.way, s.net.biases, s.net.weights).net
        last = SimpleNamespace(
            biases=net.biases[-1:], weights=[], feedforward=lambda x: net.cost(s.net.activations[0], s.y)
        )
        nabla_b, _ = plain(*numerical_gradient(last, None, None, cost=lambda cost, _: cost))
        return [b / slope for b, slope in zip(nabla_b[-1], s.last.slope_at(s.net.zs[-1]))]

    # The verdicts.

    def verdict(self, method: str) -> Verdict:
        """The verdict on a method; where it is wrong after another one is, it may be right for that."""
        wrong_so_far = {name for name, verdict in self.verdicts.items() if verdict.ok is False}
        if method == "evaluate":
            return self.of_evaluate("feedforward" in wrong_so_far)
        found = self.compared(method)
        if method == "backprop" and self.is_open and found.ok:
            return Verdict(method, None, [Note.EITHER])
        if method == "update_mini_batch" and found.ok and self.is_open:
            note = Note.RIGHT_STEP if self.way.names["backprop"] else Note.EITHER
            return self.carried()._replace(reasons=[note])
        if found.ok is not False:
            return self.carried() if found.ok and method == "update_mini_batch" else found
        if method == "backprop" and self.is_open:
            self.way = self.way.noting(
                "It is judged by the cross-entropy, since σ′(z) is left out at the output. --cost quadratic or "
                "--cost cross-entropy says which cost is meant."
            )
        if method == "cost_derivative":
            return self.of_cost_derivative(found)
        if method == "backprop" and found.fails and self.verdicts["sigmoid_prime"].fails:
            return found._replace(reasons=[Note.LIKE_SIGMOID_PRIME])
        if method == "backprop" and "feedforward" in wrong_so_far:
            own = self.compared(method, wanted=self.measured)
            if own.ok:
                return own._replace(reasons=[Note.OF_FEEDFORWARD])
        if method == "update_mini_batch":
            return self.of_step(found, wrong_so_far)
        return found

    def of_function(self, found: Verdict) -> Verdict:
        """The verdict on a σ or σ′ that is found to be wrong, where backprop is right."""
        words = [mistake.words for mistake in found.mistakes]
        if found.method == "sigmoid_prime" and words == [Z_FOR_A]:
            return Verdict(found.method, True, [Note.OF_A])
        if self.model[:2] != ("σ", "σ"):
            return Verdict(found.method, None, [Note.ELSEWHERE])
        return found

    def of_cost_derivative(self, found: Verdict) -> Verdict:
        """The verdict on a cost_derivative that is found to be wrong, before backprop is judged."""
        if self.model.is_short:
            model, self.model = self.model, Model(error=_slope_of_cross_entropy)
            try:
                if self.compared(found.method).ok:
                    return Verdict(found.method, True)
            finally:
                self.model = model
        return found

    def of_step(self, found: Verdict, wrong_so_far: set[str]) -> Verdict:
        """The verdict on a step that is found to be wrong: it may be right for what backprop gives."""
        if self.is_right_exchanged():
            return Verdict("update_mini_batch", False, [Note.EXCHANGED], found.example)
        if not wrong_so_far & {"feedforward", "backprop"} and self.verdicts["backprop"].ok is not None:
            return self.optimised(found)
        own = self.compared("update_mini_batch", self.of_own_gradient)
        if self.verdicts["backprop"].fails and not own.ok and not own.is_named:
            return Verdict("update_mini_batch", None, [Note.BACKPROP_FAILS])
        if own.ok:
            wrong = "backprop" in wrong_so_far
            return own._replace(reasons=[Note.RIGHT_STEP_OF_WRONG if wrong else Note.RIGHT_STEP])
        if own.ok is False and (own.is_named or not found.is_named):
            return self.optimised(own)
        if found.mistakes == self.verdicts["backprop"].mistakes:
            return found._replace(reasons=[Note.OF_BACKPROP, *found.reasons[1:]])
        return self.optimised(found)

    def is_right_exchanged(self) -> bool:
        """Whether the step is right by a backprop that gives its two parts in the other order."""
        own: Any = getattr(self.network_class, self.way.names["backprop"] or "", None)

        def exchanged(*args: Any, **named: Any) -> Any:
            return own(*args, **named)[::-1]

        for case in self.cases if own else ():
            answer, trouble = tried(
                self.files, lambda: _stepped(self.theirs(case, backprop=exchanged), case.examples[:3])
            )
            if trouble or not is_close(answer, _stepped(self.ours(case), case.examples[:3])):
                return False
        return bool(own)

    def optimised(self, found: Verdict) -> Verdict:
        """The verdict on a step that is found to be wrong: not one where it is that of another optimiser."""
        words = [mistake.words for mistake in found.mistakes]
        if Note.UNSTEADY_STEP in found.reasons:
            return found
        if any(WEIGHT_DECAY in word for word in words) and len(words) == 1:
            return Verdict(found.method, None, [Note.DECAY])
        if found.is_named and not any("times what it should be" in word for word in words):
            return found
        case = self.cases[-3]
        before, (first, second) = (case.biases, case.weights), (case.examples[:2], case.examples[2:])

        def step(net: Any, batch: Any) -> list[float]:
            gone = numbers(_gone(before, _stepped(net, batch)))
            net.reset(*before)
            return gone

        def steps() -> list[list[float]]:
            net = self.theirs(case)
            return [step(net, first), step(net, second), step(self.theirs(case), second)]

        gone, trouble = tried(self.files, steps)
        if trouble or is_close(gone[1], gone[2]) or is_close(gone[1], add(gone[0], gone[2])):
            return found  # It keeps nothing, or the sum of the gradients.
        own = {} if self.verdicts["backprop"].ok is None else self.of_own_gradient(case)
        gradient, trouble = tried(self.files, lambda: _stepped(self.ours(case, **own), first))
        if not trouble and dot(gone[0], numbers(_gone(before, gradient))) > 0:
            return Verdict(found.method, None, [Note.OPTIMISER])
        return found

    def of_evaluate(self, of_own_outputs: bool) -> Verdict:
        """The verdict on evaluate, by their own outputs where these are wrong: it is about what is made of
        them.
        """
        instead = (
            (lambda case: {"feedforward": self.theirs(case).feedforward})
            if of_own_outputs
            else (lambda case: {})
        )
        found = self.compared("evaluate", instead)
        if found.ok is not False or self.hangs:
            return found
        way = self.way
        self.way = way._replace(one_hot=True)
        self.answers = {key: answer for key, answer in self.answers.items() if key[0] != "evaluate"}
        other = self.compared("evaluate", instead)
        for verdict, note in ((found, None), (other, Note.ONE_HOT)):
            notes = [note] if note else []
            if verdict.ok:
                return verdict._replace(reasons=notes)
            if [mistake.words for mistake in verdict.mistakes] in SHARES and self.way.names[
                "evaluate"
            ] != "evaluate":
                self.way = self.way._replace(one_hot=bool(note))
                return Verdict("evaluate", True, [*notes, Note.SHARE])
        self.way = way
        if of_own_outputs and found.fails:
            return Verdict("evaluate", None, [Note.ALONE])
        if any(isinstance(reason, Trouble) and reason.kind is Kind.FORM for reason in found.reasons):
            return found._replace(ok=None, example=None)
        return found

    def settle(self) -> None:
        """Look at the verdicts together: two minuses are right, and so may be what nothing uses."""
        backprop, step = self.verdicts["backprop"], self.verdicts["update_mini_batch"]
        cost = self.verdicts["cost_derivative"]
        is_negative = [mistake.step for mistake in backprop.mistakes] == ["sign"]
        if is_negative and backprop.ok is False:
            if self.compared("update_mini_batch").ok and self.steps_by_backprop():
                self.verdicts["backprop"] = Verdict("backprop", True, [Note.NEGATIVE])
                self.verdicts["update_mini_batch"] = Verdict("update_mini_batch", True, [Note.ADDS])
                backprop = self.verdicts["backprop"]
        if cost.ok is False and backprop.ok and [mistake.step for mistake in cost.mistakes] == ["sign"]:
            self.verdicts["cost_derivative"] = Verdict("cost_derivative", True, [Note.FOR_NEGATIVE])
        elif cost.ok is False and backprop.ok and self.way.names["cost_derivative"] != "cost_derivative":
            self.verdicts["cost_derivative"] = cost._replace(ok=None, example=None)
        if backprop.ok:
            for method in ("sigmoid", "sigmoid_prime"):
                if self.verdicts[method].ok is False:
                    self.verdicts[method] = self.of_function(self.verdicts[method])
        if self.verdicts["update_mini_batch"].ok and step.ok and self.changes_in_place():
            step = self.verdicts["update_mini_batch"]
            self.verdicts["update_mini_batch"] = step._replace(reasons=[*step.reasons, Note.IN_PLACE])

    def steps_by_backprop(self) -> bool:
        """Whether update_mini_batch calls backprop."""
        calls: list[Any] = []
        own: Any = getattr(self.network_class, self.way.names["backprop"] or "")

        def watch(*args: Any, **named: Any) -> Any:
            calls.append(args)
            return own(*args, **named)

        net = self.theirs(self.cases[0], backprop=watch)
        tried(self.files, net.update_mini_batch, self.cases[0].examples, ETA)
        return bool(calls)

    def changes_in_place(self) -> bool:
        """Whether a step changes the lists or arrays that a program has kept."""

        def changed() -> bool:
            net = self.theirs(self.cases[-3])
            kept = net.kept()
            before = numbers(kept)
            net.update_mini_batch(self.cases[-3].examples[:3], ETA)
            return numbers(kept) != before

        return bool(tried(self.files, changed)[0])

    def start(self) -> Verdict | None:
        """A verdict on the weights that a new network begins with, where they cannot be learned from."""

        def alike() -> bool:
            net = self.way.make([3, 4, 3] if self.way.layers else [3, 4, 4, 3])
            return any(len(set(numbers([self.way.weights.get(net, l)]))) == 1 for l in range(2))

        if tried(self.files, alike)[0]:
            return Verdict("__init__", False, [Note.ALIKE])
        return None

    def of_own_gradient(self, case: Case) -> dict[str, Any]:
        """What a step is made of if it is made of what their own backprop gives."""

        def gradient(x: Vector, y: Vector) -> Any:
            key = repr((case, x, y))
            if key not in self.gradients:
                self.gradients[key] = self.theirs(case).backprop(x, y)
            return self.gradients[key]

        return {"gradient": gradient}

    def measured(self, case: Case) -> Any:
        """The gradient of the cost with their own feedforward, by finite differences."""
        return self.theirs(case).numerical_gradient(*case.examples[0], self.model.measure)

    def answer(self, method: str, k: int) -> tuple[Any, Trouble | None]:
        """What their method gives in a case, or why it gives nothing; each is tried once."""
        if (method, k) not in self.answers:
            self.answers[method, k] = tried(self.files, self.called, method, self.cases[k])
        return self.answers[method, k]

    def called(self, method: str, case: Case) -> Any:
        """The answer of theirs. Raises Odd where it is not the same whatever was called before."""
        net, arguments = self.theirs(case), TRIED[method].arguments
        answer = TRIED[method].call(net, case)
        if arguments:
            first, second = arguments(case)
            if (net.biases, net.weights) != (case.biases, case.weights):
                raise Odd(Kind.CHANGES)
            again = getattr(net, method)(*first)
            if again != answer:
                raise Odd(Kind.AGAIN, f": first {rounded(answer)}, then {rounded(again)}")
            if not is_close(getattr(self.theirs(case), method)(*first), answer):
                raise Odd(Kind.UNSET)
            if not is_close(getattr(net, method)(*second), getattr(self.theirs(case), method)(*second)):
                raise Odd(Kind.BEFORE)
        return answer

    def compared(
        self,
        method: str,
        instead: Callable[[Case], dict[str, Any]] = lambda case: {},
        wanted: Callable[[Case], Any] | None = None,
    ) -> Verdict:
        """The verdict on a method by what ours gives in every case, or by what is `wanted`.

        `instead` has methods of theirs that stand in the place of ours.
        """

        def ours(case: Case, mistakes: Sequence[Mistake] = ()) -> Reference:
            return self.ours(case, mistakes, **instead(case))

        wanted = wanted or (lambda case: TRIED[method].call(ours(case), case))
        if self.way.names[method] is None:
            return Verdict(method, None, [Note.MISSING])
        if self.hangs:
            return Verdict(method, None, [Note.HANGS])
        wrong, troubles, judged = [], [], 0
        for k, case in enumerate(self.cases[:1] if method.startswith("sigmoid") else self.cases):
            expected, lacking = tried(self.files, wanted, case)
            answer, trouble = self.answer(method, k)
            if lacking and not trouble:
                continue  # What it should be held against is of the class, and fails.
            judged += 1
            if trouble and trouble.kind is Kind.CALLED:
                return Verdict(method, None, [f"not judged: {trouble.clause}"])
            if trouble:
                troubles.append((case, trouble._replace(sizes=case.sizes)))
                self.hangs = trouble.kind is Kind.HANGS
                if self.hangs:
                    break
            elif not is_close(answer, expected):
                wrong.append((case, answer))
        if not wrong and not troubles:
            return Verdict(method, True) if judged else Verdict(method, None, [Note.ALONE])
        reasons = self.reasons(method, wrong, wanted, ours) if wrong else []
        unsteady = [trouble for _, trouble in troubles if trouble.kind is Kind.AGAIN]
        reasons = unsteady[:1] or reasons + [trouble for _, trouble in troubles][:1]
        failed = sorted(
            [*wrong, *((case, None) for case, _ in troubles)], key=lambda pair: self.cases.index(pair[0])
        )
        hidden = isinstance(reasons[0], Named) and reasons[0].needs_hidden
        shown = next((pair for pair in failed if len(pair[0].sizes) > 2 or not hidden), failed[0])
        example, _ = tried(self.files, self.example, method, *shown, wanted)
        return Verdict(method, False, reasons, example)

    def reasons(self, method: str, wrong: Any, wanted: Any, ours: Any) -> list[Any]:
        """What explains the wrong answers."""
        # In a square network every shape fits, so a mistake shows in the numbers and not as an error.
        wrong = sorted(wrong, key=lambda pair: (len(set(pair[0].sizes)) == 1, sum(pair[0].sizes)), reverse=True)
        call = TRIED[method].call

        def found(call: Any, answers: Any, tables: Any) -> Named | None:
            # Where feedforward is wrong, everything after it is, and pairs would be sought in vain.
            after = "feedforward" in self.verdicts and self.verdicts["feedforward"].ok is False
            for count in (1,) if after else (1, 2):
                for table, most, intro in tables:
                    mistakes = named(call, answers, table, ours, count) if count <= most else None
                    if mistakes:
                        return Named(mistakes, intro)
            return None

        for tables in (
            [SHOWN[method][:1], SHOWN[method][1:]] if method == "update_mini_batch" else [SHOWN[method]]
        ):
            whole = found(call, wrong, tables)
            if whole:
                return [whole]
            parts = []
            for k, part in enumerate(
                ("biases", "weights") if method in ("backprop", "update_mini_batch") else ()
            ):
                off = [(case, answer[k]) for case, answer in wrong if not is_close(answer[k], wanted(case)[k])]
                of_part = found(lambda net, case: call(net, case)[k], off, tables) if off else Named(())
                parts.append(of_part and of_part._replace(part=part))
            if parts and None not in parts:
                return parts
        if method not in ("backprop", "update_mini_batch"):
            return [Note.UNKNOWN]
        case, answer = wrong[0]
        if method == "backprop":
            return [layers(case.sizes, answer, wanted(case))]
        if not is_close(tried(self.files, lambda: call(self.theirs(case), case))[0], answer):
            return [Note.UNSTEADY_STEP]
        before = case.biases, case.weights
        return [layers(case.sizes, _gone(before, answer), _gone(before, wanted(case)))]

    def example(self, method: str, case: Case, answer: Any, wanted: Callable[[Case], Any]) -> Example | None:
        """The call that shows it, as lines to paste."""
        net, (x, y) = self.theirs(case), case.examples[0]
        right = self.ours(case)
        if method.startswith("sigmoid"):
            name, ours = method, [getattr(right, method)([z])[0] for z in ZS]
            k = (
                next((k for k, (a, b) in enumerate(zip(answer, ours)) if not is_close([a], [b])), 0)
                if answer
                else 0
            )
            return Example([net.function_script(name, ZS[k])], answer[k] if answer else None, ours[k])
        if method == "evaluate":
            tested, answer, best = self.fewest(case)
        else:
            tested, best = [], wanted(case)
        pairs = ", ".join(f"({net.written(x)}, {net.target_written(y)})" for x, y in case.examples[:3])
        line = TRIED[method].script.format(
            name=self.way.names[method],
            x=net.written(x),
            y=net.target_written(y),
            pairs=f"[{pairs}]",
            eta=ETA,
            output=net.written(_output(net, case)),
            tested=f"[{', '.join(f'({net.written(x)}, {d})' for x, d in tested)}]",
        )
        measured = self.measured(case) if method == "backprop" else None
        return Example([*net.script(), line], answer, best, measured)

    def fewest(self, case: Case) -> tuple[list[Any], Any, int]:
        """The fewest test data that are miscounted, what evaluate gives of them, and what it should give."""
        outputs = [self.theirs(case).feedforward(x) for x, _ in _tested(case)]
        for n in range(1, len(outputs) + 1):
            tested = _tested(case)[:n]
            count, trouble = tried(self.files, self.theirs(case).evaluate, tested)
            best = sum(output.index(max(output)) == digit for output, (_, digit) in zip(outputs, tested))
            if trouble or not is_close([count], [best]):
                break
        return tested, count, best

    def carried(self) -> Verdict:
        """The verdict on a second step after a first that is right."""
        for case in self.cases:
            batches = case.examples[:3], case.examples[1:]
            answer, trouble = tried(self.files, lambda: _stepped(self.theirs(case), *batches))
            if trouble or not is_close(answer, _stepped(self.ours(case), *batches)):
                return self.optimised(Verdict("update_mini_batch", False, [Note.CARRIED]))
        return Verdict("update_mini_batch", True)

    def sgd(self) -> Verdict:
        """The verdict on SGD by what it hands on."""
        if self.way.names["SGD"] is None:
            return Verdict("SGD", None, [Note.MISSING])
        if self.hangs:
            return Verdict("SGD", None, [Note.HANGS])
        reasons = [reason for verdict in self.verdicts.values() for reason in verdict.reasons]
        if any(isinstance(reason, Trouble) and reason.kind is Kind.GIVEN for reason in reasons):
            return Verdict("SGD", None, [Note.GIVEN])
        words, trouble = tried(self.files, what_is_wrong, self)
        if (
            trouble
            and trouble.kind is Kind.FAILS
            and any(verdict.ok is False for verdict in self.verdicts.values())
        ):
            return Verdict("SGD", None, [Note.STEP_FAILS])
        if trouble and trouble.kind is Kind.CALLED:
            return Verdict("SGD", None, [f"not judged: {trouble.clause}"])
        return Verdict("SGD", not (words or trouble), [reason for reason in (words, trouble) if reason])


def _multiple(factor: Callable[[int], float]) -> Callable[[Any], Any]:
    return lambda s: scale(factor(len(s.y)), subtract(s.output, s.y))


def _slope_of_cross_entropy(s: Any) -> Any:
    return [(a - t) / (a * (1 - a)) for a, t in zip(s.output, s.y)]


def _gone(before: Any, after: Any) -> Any:
    """What is gone from biases and weights."""
    return tuple(
        [subtract(numbers(old), numbers(new)) for old, new in zip(*parts)] for parts in zip(before, after)
    )
