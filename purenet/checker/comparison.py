"""Calls the methods of a class on the small networks, and compares what they give with the reference.

    trial = Trial(MyNetwork)
    trial.compared("backprop")          # a Verdict
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from unittest import mock

from purenet.checker.candidate import OUTPUTS, TEN, Candidate
from purenet.checker.conventions import survey
from purenet.checker.guarded_call import NOT_WRONG, Kind, Odd, Trouble, tried
from purenet.checker.mistakes import BACKWARD, SHOWN, SLOPES, find_mistakes, is_close
from purenet.checker.reference import Mistake, Model, Reference
from purenet.checker.verdict import Example, Named, Note, Verdict, layers, rounded
from purenet.matrix import Matrix, Vector, dot, scale, subtract
from purenet.support.lists_or_arrays import numbers

# The small networks that a class is judged on.
SMALL = [1, 1], [1, 2], [2, 1], [1, 1, 1], [2, 3], [2, 2, 2], [2, 3, 2], [3, 2, 4]
DEEP = [2, 3, 4, 2], [3, 3, 3, 3, 3]


class Case(NamedTuple):
    """A small network, four examples (x, y) for it with a 1 in each y, lists of tests (x, digit), an output."""

    sizes: list[int]
    biases: list[Vector]
    weights: list[Matrix]
    examples: list[tuple[Vector, Vector]]
    tests: list[list[tuple[Vector, int]]]
    output: Vector


def _cases(outputs: int = 0, built_in: int = 0) -> Iterator[Case]:
    """The smallest first. Their numbers are drawn, have one decimal, and are the same at every start.

    outputs     that all have; their inputs are from 0 to 1 where these are for the ten digits
    built_in    number of inputs that all have
    """
    rng = random.Random(0)

    def vector(n: int) -> Vector:
        return [rng.randint(-20, 20) / 10 for _ in range(n)]

    def inputs(n: int, c: float = 1.0) -> Vector:
        c *= built_in**-0.5 if built_in else 1.0  # The sum of many must not saturate σ.
        return [c * abs(v) / 2 for v in vector(n)] if outputs == TEN else scale(c, vector(n))

    for sizes in (*SMALL, *DEEP):
        sizes = [built_in or sizes[0], *sizes[1:-1], outputs or sizes[-1]]
        m, n = sizes[0], sizes[-1]
        digits = rng.sample(range(n), n) * 4
        yield Case(
            sizes,
            [vector(n) for n in sizes[1:]],
            [[vector(m) for _ in range(n)] for m, n in zip(sizes, sizes[1:])],
            [(inputs(m), [float(k == digit) for k in range(n)]) for digit in digits[:4]],
            [[(inputs(m, 2.0), rng.randrange(n)) for _ in range(3)] for _ in range(12)],
            [(k + 1.0) / (n + 1) for k in range(n)],
        )


CASES = list(_cases())

# How each method is tried on a network, whoever's it is.
ETA = 0.6
TWO_STEPS = "update_mini_batch, twice"
ZS = [-3.0, -1.0, -0.5, 0.1, 0.5, 1.0, 2.0, 5.0, -12.0]


def stepped(net: Any, *batches: Any) -> Any:
    """The biases and weights after a step by each of these mini-batches."""
    for batch in batches:
        net.update_mini_batch(batch, ETA)
    return net.biases, net.weights


def gone(before: Any, after: Any) -> Any:
    """What a step has taken from biases and weights."""
    return [[subtract(numbers(p), numbers(q)) for p, q in zip(*parts)] for parts in zip(before, after)]


CALLS: dict[str, Callable[[Any, Case], Any]] = {
    "sigmoid": lambda net, case: net.function("sigmoid")(ZS),
    "sigmoid_prime": lambda net, case: net.function("sigmoid_prime")(ZS),
    "feedforward": lambda net, case: net.feedforward(case.examples[0][0]),
    "cost_derivative": lambda net, case: net.cost_derivative(case.output, case.examples[0][1]),
    "backprop": lambda net, case: net.backprop(*case.examples[0]),
    "update_mini_batch": lambda net, case: stepped(net, case.examples[:3]),
    TWO_STEPS: lambda net, case: stepped(net, case.examples[:3], case.examples[2:]),
    "evaluate": lambda net, case: [net.evaluate(data) for data in case.tests],
}
GRADIENTS = "backprop", "update_mini_batch"  # they give a part for the biases and one for the weights


class Trial:
    """A class, how it is used, and the `model` that it is judged by."""

    def __init__(self, network_class: type, methods: dict[str, str] | None = None) -> None:
        self.network_class = network_class
        self.way = survey(network_class, methods)
        self.model = Model()
        self.hangs = False
        self.in_place = False  # whether a step changes lists or arrays that a program may have kept
        self.remarks = list(self.way.remarks)
        self._known: dict[Any, Any] = {}
        way, outputs = self.way, self.way.sizes[-1] if self.way.sizes[-1] in OUTPUTS else 0
        cases = _cases(outputs, way.inputs) if outputs or way.inputs else CASES
        depths = {len(way.sizes)} if len(way.sizes) < 4 else range(2 + way.is_deep, 9)
        self.cases = [case for case in cases if len(case.sizes) in depths]

    def theirs(self, case: Any) -> Candidate:
        """Their network with these biases and weights."""
        return Candidate(self.way, case.biases, case.weights)

    def replaced(self, method: str, function: Any) -> Any:
        """A context in which their class itself, which they may pickle, or its module has this function."""
        name = self.way.names[method] or method
        has_it = hasattr(self.network_class, name)
        owner = self.network_class if has_it else sys.modules.get(self.network_class.__module__)
        return mock.patch.object(owner, name, function)

    def calls(self, method: str, other: str) -> bool:
        """Whether their method calls this other one of theirs."""
        spy = mock.Mock(side_effect=ValueError)
        for case in self.cases[-2:]:
            with self.replaced(other, spy):
                tried(self.way.files, lambda: CALLS[method](self.theirs(case), case))
        return bool(spy.called)

    def own(self, step: str, call: Callable[[Candidate, Any], Any]) -> Mistake:
        """What their own method gives, to stand in the place of a step of the reference."""

        def gives(s: Any) -> Any:
            given = {name: value for name, value in vars(s).items() if name != "net"}
            key = repr((step, s.net.biases, s.net.weights, given))
            if key not in self._known:
                self._known[key] = tried(self.way.files, lambda: call(self.theirs(s.net), s))
            answer, trouble = self._known[key]
            if trouble:
                raise ValueError(trouble.clause)
            return answer

        return Mistake(step, "", gives)

    def measured(self, model: Model, is_own: bool = False) -> Model:
        """The model with the gradient of its cost, or of their own cost(x, y), by finite differences."""
        cost = None if is_own else model._replace(times=1.0, is_mean=False).measure
        step = self.own(f"nabla of {model}", lambda net, s: net.numerical_gradient(s.x, s.y, cost))
        return model._replace(nabla=step.gives)

    def answers(self, method: str) -> list[tuple[Case, Any, Trouble | None]]:
        """(case, what their method gives, why it gives nothing) for each case, until a method hangs."""
        found: list[Any] = self._known.setdefault((method, self.way.one_hot), [])
        for case in self.cases[len(found) : 1 if method.startswith("sigmoid") else None]:
            if not self.hangs:
                answer, trouble = tried(self.way.files, self._answer, method, case)
                found.append((case, answer, trouble and trouble._replace(sizes=case.sizes)))
                self.hangs = trouble is not None and trouble.kind is Kind.HANGS
        return found

    def _answer(self, method: str, case: Case) -> Any:
        """Raises Odd where it is not the same whatever was called before."""
        net = self.theirs(case)
        kept = net.kept()
        before = numbers(kept)
        answer = CALLS[method](net, case)
        self.in_place = self.in_place or method == "update_mini_batch" and numbers(kept) != before
        if method in ("feedforward", "backprop"):
            if (net.biases, net.weights) != (case.biases, case.weights):
                raise Odd(Kind.CHANGES)
            used = self.theirs(case)
            CALLS[method](used, case._replace(examples=case.examples[1:]))
            again = CALLS[method](used, case)
            if not is_close(again, answer):
                raise Odd(Kind.KEEPS, f": first {rounded(answer)}, then {rounded(again)}")
        return answer

    def gave(self, method: str) -> bool:
        """Whether the method gives something that can be compared."""
        return any(trouble is None for *_, trouble in self.answers(method))

    def gives(self, method: str, model: Model, own: Sequence[Mistake] = ()) -> Any:
        """A function of mistakes and a case: what the method of the reference gives."""
        return lambda mistakes, case: CALLS[method](
            Reference(case.biases, case.weights, (*mistakes, *own), model), case
        )

    def _held(self, answers: Sequence[Any], gives: Any) -> Iterator[tuple[Case, Any, bool]]:
        """(case, answer, whether it is right) for those that can be compared."""
        for case, answer, trouble in answers:
            wanted, lacking = tried(self.way.files, gives, (), case)
            if not trouble and not lacking:  # Else a method of theirs fails that it is compared with.
                yield case, answer, is_close(answer, wanted)

    def is_right(self, method: str, model: Model | None = None, own: Sequence[Mistake] = ()) -> bool:
        """Whether the method gives what the reference gives, wherever it gives something."""
        is_right = False
        for _, _, is_right in self._held(self.answers(method), self.gives(method, model or self.model, own)):
            if not is_right:
                break
        return is_right

    def compared(
        self, method: str, model: Model | None = None, own: Sequence[Mistake] = (), most: int = 2
    ) -> Verdict:
        """The verdict on a method by what the reference gives in every case.

        own     steps of the reference that stand for methods of theirs
        most    mistakes at once that are sought
        """
        given = method, model or self.model, tuple(own), most
        key = *given, self.way.one_hot
        if key not in self._known:
            self._known[key] = self._compare(*given)
        verdict: Verdict = self._known[key]
        return verdict

    def _compare(self, method: str, model: Model, own: Sequence[Mistake], most: int) -> Verdict:
        if self.way.names[method] is None:
            return Verdict(method, None, [Note.MISSING])
        answers = self.answers(method)
        if method == "evaluate":  # Of one output, the argmax says nothing.
            answers = [answer for answer in answers if len(answer[0].biases[-1]) > 1] or answers
        if not answers:
            return Verdict(method, None, [Note.HANGS])
        gives = self.gives(method, model, own)
        held = list(self._held(answers, gives))
        wrong = [(case, answer) for case, answer, is_right in held if not is_right]
        troubles = [trouble for _, _, trouble in answers if trouble]
        if not wrong:
            kinds = {trouble.kind for trouble in troubles}
            if Kind.FORM in kinds:
                return Verdict(method, None, [t for t in troubles if t.kind is Kind.FORM][:1])
            # As np.squeeze may do.
            of_one = kinds == {Kind.FAILS} and all(1 in (trouble.sizes or ()) for trouble in troubles)
            if kinds <= NOT_WRONG or of_one and held:
                ok = True if held and not self.hangs else None
                return Verdict(method, ok, troubles[:1] or ([] if ok else [Note.FAILS]))
        reasons = self._explained(method, wrong, gives, 1 if model.nabla else most) if wrong else []
        shown = [each[:2] for each in answers if each[2] or each[:2] in wrong]
        if not any(isinstance(reason, Named) for reason in reasons):
            reasons += troubles[:1]
            if method == "backprop" and not troubles:  # It should not be right for a multiple of the cost.
                shown.sort(key=lambda each: _is_multiple(each[1], gives((), each[0])))
        case, answer = shown[0]
        paste = lambda: self._example(method, case, answer, gives((), case), model)
        example = tried(self.way.files, paste)[0] if self.way.inputs <= TEN else None  # Nobody pastes more.
        return Verdict(method, False, reasons, example)

    def _explained(self, method: str, wrong: list[Any], gives: Any, most: int) -> list[Any]:
        """What explains the wrong answers: mistakes, or which layers are wrong."""
        # In a square network every shape fits, so a mistake shows in the numbers and not as an error.
        wrong.sort(key=lambda pair: (len(set(pair[0].sizes)) == 1, sum(pair[0].sizes)))
        found = named(method, wrong, gives, most)
        if found:
            return found
        if method not in GRADIENTS:
            return [Note.UNKNOWN]
        if method == "backprop" and most == 2:

            def at_output(mistakes: Any, case: Case) -> list[Any]:
                return [part[-1] for part in gives(mistakes, case)]

            last = [(case, [part[-1] for part in pair]) for case, pair in wrong]
            is_right = any(is_close(pair, at_output((), case)) for case, pair in last)
            for table in () if is_right else (BACKWARD, SLOPES):
                mistakes = find_mistakes(at_output, last, table)
                if mistakes:
                    return [Named(mistakes, "In the last layer, "), Note.FURTHER]
        case, answer = wrong[-1]
        pair = [answer, gives((), case)]
        if method == "update_mini_batch":
            again, _ = tried(self.way.files, lambda: CALLS[method](self.theirs(case), case))
            if not is_close(again or [], answer):
                return [Note.KEEPS]
            pair = [gone((case.biases, case.weights), after) for after in pair]
        return [layers(case.sizes, *pair)]

    def _example(self, method: str, case: Case, answer: Any, wanted: Any, model: Model) -> Example:
        """The call that shows it, as lines to paste."""
        net, measured = self.theirs(case), None
        if method.startswith("sigmoid"):
            zs: Any = ZS
            if answer:
                k = next(k for k, pair in enumerate(zip(answer, wanted)) if not is_close(*([v] for v in pair)))
                zs, answer, wanted = ZS[k], answer[k], wanted[k]
            return Example(net.function_script(method, zs), answer, wanted)
        if method == "evaluate":
            k = next((k for k, counts in enumerate(zip(answer or [], wanted)) if counts[0] != counts[1]), 0)
            case, answer, wanted = case._replace(tests=case.tests[k : k + 1]), answer and answer[k], wanted[k]
        lines = net.script()
        tried(self.way.files, CALLS[method], net, case)
        lines.append(net.line(method))
        if method == "update_mini_batch":
            lines.append(f"net.{self.way.biases}, net.{self.way.weights}")
        elif method == "backprop" and not model.nabla:
            measured = net.numerical_gradient(*case.examples[0], model.measure)
        if method == "backprop" and self.way.w_first and not self.way.by_layer:  # As a prompt shows it.
            answer, wanted, measured = (each and each[::-1] for each in (answer, wanted, measured))
        return Example(lines, answer, wanted, measured)


def _is_multiple(answer: Any, wanted: Any) -> bool:
    p, q = numbers(answer), numbers(wanted)
    return dot(p, q) > 0 and is_close(scale(dot(q, q), p), scale(dot(p, q), q))


def named(method: str, wrong: list[Any], gives: Any, most: int = 2) -> list[Named]:
    """The mistakes, `most` at most, that give the wrong answers; or one in the biases, one in the weights."""
    for k, (intro, table) in enumerate(SHOWN[method]):
        found = find_mistakes(gives, wrong, table, most=1 if k or method == "evaluate" else most)
        if found:
            return [Named(found, intro)]
        parts = _parts(wrong, gives, table, intro) if method in GRADIENTS else []
        if parts:
            return parts
    return []


def _parts(wrong: list[Any], gives: Any, table: list[Mistake], intro: str) -> list[Named]:
    """The mistake in the biases and that in the weights, if each that is wrong has one."""
    parts = []
    for k, part in enumerate(("biases", "weights")):
        off = [(case, answer[k]) for case, answer in wrong if not is_close(answer[k], gives((), case)[k])]
        found = find_mistakes(lambda mistakes, case: gives(mistakes, case)[k], off, table) if off else ()
        if off and not found:
            return []
        parts.append(Named(found, intro, part))
    return parts
