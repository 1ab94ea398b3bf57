"""Judges how a class trains: its step, update_mini_batch, and its SGD.

A step is judged by the right gradient, or by what their own backprop gives. An SGD is watched.
"""

from __future__ import annotations

import contextlib
import inspect
import random
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from purenet.checker.candidate import TARGETS, Candidate, Way
from purenet.checker.comparison import CALLS, ETA, TWO_STEPS, Trial, gone, stepped
from purenet.checker.guarded_call import NOT_WRONG, Kind, Odd, Trouble, tried
from purenet.checker.mistakes import NO_RATE, OTHER_RATE, is_close
from purenet.checker.other_names import bare, known, roles
from purenet.checker.reference import Mistake, Reference
from purenet.checker.verdict import Note, Verdict
from purenet.matrix import Vector, add, dot, subtract
from purenet.support.lists_or_arrays import numbers

METHOD = "update_mini_batch"
BOOK = ["training_data", "epochs", "mini_batch_size", "eta", "test_data"]
VISIBLE = 1e-3  # of a step, for the tolerances of `is_close`
SIZE, EPOCHS = 3, 4
TEST = [([0.5, 0.5], 1), ([0.25, 0.75], 0)] * EPOCHS


def judge_step(trial: Trial, found: dict[str, Verdict], is_guessed: bool) -> Verdict:
    """The verdict on update_mini_batch, where those on what it calls are `found`."""
    is_right, own = trial.is_right(METHOD), None
    notes = [Note.IN_PLACE] if trial.in_place else []
    if not (found["feedforward"].ok and found["backprop"].ok):
        own = trial.compared(METHOD, own=_own_gradient(trial))
        if own.ok and not is_right:
            steps = [gone(case[1:3], after) for case, after, trouble in trial.answers(METHOD) if not trouble]
            if max(map(abs, numbers(steps))) < VISIBLE:
                return Verdict(METHOD, None, [Note.TOO_SMALL])
            is_wrong = found["backprop"].ok is False
            return Verdict(METHOD, True, [Note.BY_WRONG_BACKPROP if is_wrong else Note.BY_BACKPROP, *notes])
    verdict = trial.compared(METHOD)
    if verdict.ok is None:
        return verdict
    if verdict.ok:  # The next may be wrong, or the cost be another.
        if not trial.is_right(TWO_STEPS):
            return _optimised(trial, Verdict(METHOD, False, [Note.KEEPS]))
        if is_guessed and not trial.gave("backprop"):
            return Verdict(METHOD, None, [Note.EITHER])
        said = [Note.ADDS] if trial.model.times < 0 else [Note.BY_BACKPROP] if is_guessed else []
        return Verdict(METHOD, True, said + notes)
    if is_right_by(trial, lambda nabla: nabla[::-1]):
        return verdict._replace(reasons=[Note.EXCHANGED])
    if own:
        is_clear = own.mistakes or verdict.mistakes and own.ok is None
        if not is_clear and (own.ok is None or any(isinstance(reason, Trouble) for reason in own.reasons)):
            return Verdict(METHOD, None, [Note.FAILS])
        if own.ok is False and (own.mistakes or not verdict.mistakes):
            verdict = own
    if verdict.causes in ([NO_RATE], [OTHER_RATE]) and not _takes_rate(trial):
        is_own = (verdict.mistakes[0].c or 1.0) > 0 and trial.is_right(TWO_STEPS, own=verdict.mistakes)
        return Verdict(METHOD, True, [Note.OWN_RATE, *notes]) if is_own else verdict
    return _optimised(trial, verdict)


def _takes_rate(trial: Trial) -> bool:
    """Whether the step takes an η, or the network has one that can be set."""
    net = trial.theirs(trial.cases[0]).net
    taken = roles(getattr(net, trial.way.names[METHOD] or ""), ["mini_batch", "eta"])
    return "eta" in taken.values() or any(bare(name) in known("eta") for name in vars(net))


def _own_gradient(trial: Trial) -> list[Mistake]:
    """What their backprop gives, in the place of the right gradient."""
    return [trial.own("gradient", lambda net, s: net.backprop(s.x, s.y))] if trial.way.names["backprop"] else []


def is_right_by(trial: Trial, change: Callable[[Any], Any]) -> bool:
    """Whether the step is right by what backprop gives, changed in this way."""
    backprop: Any = getattr(trial.network_class, trial.way.names["backprop"] or "", None)

    def is_right(case: Any) -> bool:
        with trial.replaced("backprop", lambda *args, **named: change(backprop(*args, **named))):
            answer = CALLS[METHOD](trial.theirs(case), case)
        return is_close(answer, trial.gives(METHOD, trial.model)((), case))

    return bool(backprop) and all(tried(trial.way.files, is_right, case)[0] for case in trial.cases)


def _optimised(trial: Trial, verdict: Verdict) -> Verdict:
    """The verdict on a wrong step: not one where it is that of another optimiser."""
    case = trial.cases[-2]
    before, first, second = (case.biases, case.weights), case.examples[:2], case.examples[2:]

    def taken(net: Any, batch: Any) -> Vector:
        return numbers(gone(before, stepped(net, batch)))

    def is_optimised() -> bool:
        """Whether the step goes down the gradient, and depends on earlier steps, or takes something from the
        parameters whatever the examples are, or has the sign of the gradient everywhere.
        """
        net = trial.theirs(case)
        one = taken(net, first)
        net.reset(*before)
        two, alone, again = (taken(each, second) for each in (net, trial.theirs(case), trial.theirs(case)))
        downhill, other = (
            taken(Reference(*before, _own_gradient(trial), trial.model), batch) for batch in (first, second)
        )
        if not is_close(alone, again) or is_close(two, add(one, alone)) or dot(one, downhill) <= 0:
            return False
        decays = is_close(subtract(one, alone), subtract(downhill, other))
        has_signs = not verdict.mistakes and all(p * q > 0 for p, q in zip(one, downhill))
        return decays or has_signs or not is_close(two, alone)

    is_known = any(mistake.c is None for mistake in verdict.mistakes)
    if not is_known and tried(trial.way.files, is_optimised)[0]:
        return Verdict(METHOD, None, [Note.OPTIMISER])
    return verdict


def judge_sgd(trial: Trial, found: dict[str, Verdict]) -> Verdict:
    """The verdict on SGD by what it hands on, where those on the other methods are `found`."""
    if trial.way.names["SGD"] is None:
        return Verdict("SGD", None, [Note.MISSING])
    if trial.hangs:
        return Verdict("SGD", None, [Note.HANGS])
    reasons = [reason for verdict in found.values() for reason in verdict.reasons]
    if any(isinstance(reason, Trouble) and reason.kind is Kind.GIVEN for reason in reasons):
        return Verdict("SGD", None, [Note.GIVEN])

    def first(way: Way) -> str | Trouble | None:
        fault, trouble = tried(trial.way.files, lambda: next(_faults(trial, found, way), None))
        return trouble or fault

    fault, flat = first(trial.way), trial.way.form._replace(column=False, row=False)
    for form in (trial.way.x, flat) if isinstance(fault, Trouble) and fault.kind is Kind.FAILS else ():
        other = first(trial.way._replace(y="digit", x=form, a=form))  # It may make the vectors itself.
        is_farther = not other or isinstance(other, Trouble) and other.clause.startswith("without")
        fault = other if is_farther else fault
    if isinstance(fault, Trouble):
        if fault.kind in NOT_WRONG:
            return Verdict("SGD", None, [fault])
        unsure = {trial.way.names[method]: verdict.ok for method, verdict in found.items() if not verdict.ok}
        is_elsewhere = fault.kind is Kind.FAILS and fault.function != trial.way.names["SGD"]
        if is_elsewhere and (False in unsure.values() or fault.function in unsure):
            return Verdict("SGD", None, [Note.FAILS])
    notes = [Note.BATCHES] if found[METHOD].ok is False else []
    return Verdict("SGD", not fault, [fault] if fault else notes)


def _faults(trial: Trial, found: dict[str, Verdict], way: Way) -> Iterator[str | Trouble]:
    """What is wrong with how SGD, used in this way, trains. After the first, what comes may follow from it."""
    case = next(case for case in trial.cases if case.sizes[1:-1] == [3])
    rng, m, outputs = random.Random(2), case.sizes[0], range(case.sizes[-1])
    examples = [([rng.random() for _ in range(m)], [float(j == k % 2) for j in outputs]) for k in range(7)]
    tests = [((x * m)[:m], digit) for x, digit in TEST]
    sgd = getattr(trial.theirs(case).net, trial.way.names["SGD"] or "")
    named = next((name for name, role in roles(sgd, BOOK).items() if role == "test_data"), "")
    is_optional = named and inspect.signature(sgd).parameters[named].default is None
    for n, wanted in {7: [3, 3, 1], 6: [3, 3]}.items():  # the lengths of the mini-batches of n examples
        test_data = tests if named and not (is_optional and n == 6) else None  # It should train without, too.
        net = Candidate(way, case.biases, case.weights)
        with _watched(trial, found, examples[:n]) as seen:
            _, trouble = tried(trial.way.files, net.SGD, examples[:n], EPOCHS, SIZE, ETA, test_data)
        if trouble and re.search(r"array of size \d+ into shape", trouble.clause):
            trouble = trouble._replace(kind=Kind.FORM)  # It may have the sizes of its own data built in.
        if trouble:
            without = f"without {named}, " if named and test_data is None else ""
            yield trouble._replace(clause=without + trouble.clause, sizes=case.sizes)
        if not seen.batches:
            own = [] if found["backprop"].ok else _own_gradient(trial)
            yield from _faults_without_steps(trial, case, way, own, None if is_optional else test_data)
            return
        if ("eta", 0.0) in seen.given and ("nothing", ETA) in seen.given:
            yield "It gives update_mini_batch η (eta) and lmbda in each other's place."
        if len({number for role, number in seen.given if role == "eta"}) > 1:
            raise Odd(Kind.FORM, "its η changes from step to step")
        for role, number in seen.given:
            name, right = {"eta": ("η", ETA), "n": ("the number of all examples", n)}.get(role, ("lmbda", 0.0))
            if number != right:
                yield f"It gives update_mini_batch {number:.4g} as {name}, where it should be {right:.4g}."
        is_early = list(map(len, seen.batches)) in [wanted * epochs for epochs in range(2, EPOCHS)]
        if is_early and False in (found["backprop"].ok, found[METHOD].ok):
            raise Odd(Kind.FORM, "it ends before the last epoch, perhaps since its cost does not fall")
        yield from _faults_in_batches(seen.batches, n, wanted)
        of_test, of_training = (sorted(x for x, _ in pairs) for pairs in (tests, examples[:n]))
        is_other = any(xs not in ([], of_test, of_training) for xs in seen.tests)
        if is_other or test_data and seen.tests and of_test not in seen.tests:
            yield "It evaluates on other examples than those of test_data."
        if found[METHOD].ok:
            again = trial.theirs(case)
            for batch in seen.batches:
                again.update_mini_batch([examples[k] for k in batch], ETA, n, SIZE)
            if not is_close((net.biases, net.weights), (again.biases, again.weights)):
                yield "It changes weights or biases besides the steps of update_mini_batch."


def _faults_in_batches(batches: list[list[int]], n: int, wanted: list[int]) -> Iterator[str]:
    """What is wrong with mini-batches of the examples 0 ... n - 1 (-1 is another), of the lengths `wanted`."""
    used, lengths = sum(batches, []), list(map(len, batches))
    if -1 in used:
        yield "It trains on pairs that are not in training_data: shuffle x and y together, without test_data."
    if len(used) == EPOCHS * len(set(used)) < EPOCHS * n:
        raise Odd(Kind.FORM, f"it trains on {len(set(used))} of {n} examples, as if to test on the rest")
    if lengths == wanted[:-1] * EPOCHS:
        yield "It leaves out the last mini-batch of an epoch, which is shorter: 1 of 7 examples."
    if lengths == wanted:
        yield f"It ends after the first of {EPOCHS} epochs: does it return inside the loop?"
    if lengths != wanted * EPOCHS:
        shown = ", ".join(map(str, lengths[:12])) + ", ..." * (len(lengths) > 12)
        yield (
            f"Of {n} examples, in mini-batches of 3 and for 4 epochs, it makes mini-batches of {shown}. It "
            f"should be {', '.join(map(str, wanted))}, and that four times."
        )
    epochs = [batches[k : k + len(wanted)] for k in range(0, len(batches), len(wanted))]
    if any(len(set(sum(epoch, []))) < n for epoch in epochs):
        yield "It does not take each example once in an epoch: some come twice, and others never."
    if all(epoch == epochs[0] for epoch in epochs):
        yield "The examples stand in the same order in every epoch: they must be shuffled before each."
    members = [list(map(sorted, epoch)) for epoch in epochs]
    if n == 7 and all(each == members[0] for each in members):  # Six may come to it by chance.
        yield "It shuffles within the mini-batches only: each has the same examples in every epoch."


def _faults_without_steps(
    trial: Trial, case: Any, way: Way, own: list[Mistake], test_data: Any
) -> Iterator[str]:
    """The same where SGD does not call update_mini_batch: all examples are alike, in whatever order."""
    example = case.examples[0]
    net = Candidate(way, case.biases, case.weights)
    right = Reference(case.biases, case.weights, own, trial.model)
    net.SGD([example] * 4, 2, SIZE, ETA, test_data)
    if is_close((net.biases, net.weights), (case.biases, case.weights)):
        step = trial.way.names[METHOD]
        yield "It changes no weights and no biases" + (f", and does not call {step}." if step else ".")
    steps = 0
    while steps < 9 and not is_close((net.biases, net.weights), (right.biases, right.weights)):
        right.update_mini_batch([example], ETA)
        steps += 1
    each = " It takes a step after each example." * (steps == 8)
    if steps != 4:
        yield f"In mini-batches of 3 and for 2 epochs, four equal examples should give four steps η ∇C.{each}"


@contextlib.contextmanager
def _watched(trial: Trial, found: dict[str, Verdict], examples: list[Any]) -> Iterator[Any]:
    """A context in which what their methods are given is noted: batches of places in `examples`, numbers
    `given` beside these, as pairs (role, number), and inputs of `tests`.
    """
    seen = SimpleNamespace(batches=[], given=[], tests=[])
    pairs = [(x, numbers([TARGETS[trial.way.y](trial.way.x, y)])) for x, y in examples]
    step: Any = getattr(trial.network_class, trial.way.names[METHOD] or "", None)
    test: Any = getattr(trial.network_class, trial.way.names["evaluate"] or "", None)

    def spy_on_step(*args: Any, **named: Any) -> Any:
        call = inspect.signature(step).bind(*args, **named)
        given = {*call.arguments}
        call.apply_defaults()
        for name, role in roles(step, ["mini_batch", "eta"], skip=1).items():
            if role == "mini_batch":
                call.arguments[name] = batch = list(call.arguments[name])
                if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in batch):
                    raise Odd(Kind.FORM, "it gives update_mini_batch something else than a list of pairs")
                taken = [(numbers(x), numbers([y])) for x, y in batch]
                seen.batches.append([pairs.index(pair) if pair in pairs else -1 for pair in taken])
            elif role == "nothing" and call.arguments[name] and name not in given:
                raise Odd(Kind.FORM, f"it leaves {name} at {call.arguments[name]}")
            elif isinstance(call.arguments[name], (int, float)):
                seen.given.append((role, call.arguments[name]))
        if seen.batches[-1]:  # An empty one need not be possible.
            # It may fail, as the verdict on it says. This is about how it is called.
            with contextlib.suppress(*[] if found[METHOD].ok else [Exception]):
                return step(*call.args, **call.kwargs)
        return None

    def spy_on_test(*args: Any, **named: Any) -> Any:
        call = inspect.signature(test).bind(*args, **named)
        name = list(call.arguments)[1]
        call.arguments[name] = data = list(call.arguments[name])
        seen.tests.append(sorted(numbers(x) for x, _ in data))
        if not found["evaluate"].ok:
            return test(*call.args, **call.kwargs)  # It may give something else than a number.
        return len(seen.tests)  # It is better each time, so that nothing stops early.

    with contextlib.ExitStack() as stack:
        if step:
            stack.enter_context(trial.replaced(METHOD, spy_on_step))
        if test and "self" in inspect.signature(test).parameters:
            stack.enter_context(trial.replaced("evaluate", spy_on_test))
        yield seen
