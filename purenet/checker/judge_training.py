"""Judges how a class trains: its step, update_mini_batch, and its SGD.

A step is judged by the right gradient, or by what their own backprop gives. An SGD is watched, and the first
fault that is seen is what is wrong.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from purenet.checker.aliases import roles
from purenet.checker.comparison import CALLS, ETA, TWO_STEPS, Trial, gone, stepped
from purenet.checker.guarded_call import NOT_WRONG, Kind, Odd, Trouble, tried
from purenet.checker.mistakes import is_close
from purenet.checker.reference import Mistake, Reference
from purenet.checker.verdict import Note, Verdict
from purenet.matrix import add, dot, subtract
from purenet.support.lists_or_arrays import numbers

METHOD = "update_mini_batch"
BOOK = ["training_data", "epochs", "mini_batch_size", "eta", "test_data"]
VISIBLE = 1e-3  # of a step, for the tolerances of `is_close`
SIZE, EPOCHS = 3, 4
TEST = [([0.5, 0.5], 1), ([0.25, 0.75], 0)] * EPOCHS


def judge_step(trial: Trial, found: dict[str, Verdict], is_guessed: bool) -> Verdict:
    """The verdict on update_mini_batch, where those on what it calls are `found`."""
    verdict = trial.compared(METHOD)
    if verdict.ok is None:
        return verdict
    if verdict.ok:
        return _judge_right_step(trial, is_guessed)
    if is_right_by(trial, lambda nabla: nabla[::-1]):
        return verdict._replace(reasons=[Note.EXCHANGED])
    if not (found["feedforward"].ok and found["backprop"].ok):
        own = trial.compared(METHOD, own=_own_gradient(trial))
        if own.ok:
            right_steps = [(case, after) for case, after, trouble in trial.answers(METHOD) if not trouble]
            taken = [gone((case.biases, case.weights), after) for case, after in right_steps]
            if max(map(abs, numbers(taken))) < VISIBLE:
                return Verdict(METHOD, None, [Note.TOO_SMALL])
            is_wrong = found["backprop"].ok is False
            return _right(trial, [Note.BY_WRONG_BACKPROP if is_wrong else Note.BY_BACKPROP])
        is_clear = own.mistakes or verdict.mistakes and own.ok is None
        if not is_clear and (own.ok is None or any(isinstance(reason, Trouble) for reason in own.reasons)):
            return Verdict(METHOD, None, [Note.FAILS])
        if own.ok is False and (own.mistakes or not verdict.mistakes):
            verdict = own
    return _optimised(trial, verdict)


def _judge_right_step(trial: Trial, is_guessed: bool) -> Verdict:
    """The verdict on a step that is right by the model: the next may be wrong, or the cost another."""
    if not trial.is_right(TWO_STEPS):
        return _optimised(trial, Verdict(METHOD, False, [Note.KEEPS]))
    if trial.model.sign < 0:
        return _right(trial, [Note.ADDS])
    if is_guessed and not trial.way.names["backprop"]:
        return Verdict(METHOD, None, [Note.EITHER])
    return _right(trial, [Note.BY_BACKPROP] if is_guessed else [])


def _right(trial: Trial, notes: list[Note]) -> Verdict:
    """The verdict on a right step, with a note where it changes the lists or arrays that a program has kept."""

    def is_changed() -> bool:
        net = trial.theirs(trial.cases[-2])
        kept = net.kept()
        before = numbers(kept)
        net.update_mini_batch(trial.cases[-2].examples[:3], ETA)
        return numbers(kept) != before

    is_in_place, _ = tried(trial.way.files, is_changed)
    return Verdict(METHOD, True, [*notes, Note.IN_PLACE] if is_in_place else notes)


def _own_gradient(trial: Trial) -> list[Mistake]:
    """What their backprop gives, in the place of the right gradient."""
    return [trial.own("gradient", lambda net, s: net.backprop(s.x, s.y))] if trial.way.names["backprop"] else []


def is_right_by(trial: Trial, change: Callable[[Any], Any]) -> bool:
    """Whether the step is right by what backprop gives, changed in this way."""
    backprop: Any = getattr(trial.network_class, trial.way.names["backprop"] or "", None)

    def is_right(case: Any) -> bool:
        with trial.replaced(backprop=lambda *args, **named: change(backprop(*args, **named))):
            answer = CALLS[METHOD](trial.theirs(case), case)
        return is_close(answer, CALLS[METHOD](Reference(case.biases, case.weights, model=trial.model), case))

    return bool(backprop) and all(tried(trial.way.files, is_right, case)[0] for case in trial.cases)


def _optimised(trial: Trial, verdict: Verdict) -> Verdict:
    """The verdict on a wrong step: not one where it is that of another optimiser."""
    case = trial.cases[-2]
    before, first, second = (case.biases, case.weights), case.examples[:2], case.examples[2:]

    def is_optimised() -> bool:
        """Whether the step goes down the gradient, and depends on earlier steps, or takes something from the
        parameters whatever the examples are, or has the sign of the gradient everywhere.
        """
        net = trial.theirs(case)
        one = numbers(gone(before, stepped(net, first)))
        net.reset(*before)
        nets = net, trial.theirs(case), trial.theirs(case)
        two, alone, again = (numbers(gone(before, stepped(each, second))) for each in nets)
        rights = [Reference(*before, _own_gradient(trial), trial.model) for _ in range(2)]
        steps = map(stepped, rights, (first, second))
        downhill, other = (numbers(gone(before, after)) for after in steps)
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
    fault, trouble = tried(trial.way.files, _fault, trial, found)
    fault = trouble or fault
    if isinstance(fault, Trouble):
        if fault.kind in NOT_WRONG:
            return Verdict("SGD", None, [fault])
        is_elsewhere = fault.kind is Kind.FAILS and fault.function != trial.way.names["SGD"]
        unsure = {trial.way.names[method]: verdict.ok for method, verdict in found.items() if not verdict.ok}
        if is_elsewhere and (False in unsure.values() or fault.function in unsure):
            return Verdict("SGD", None, [Note.FAILS])
    return Verdict("SGD", not fault, [fault] if fault else [])


def _fault(trial: Trial, found: dict[str, Verdict]) -> str | Trouble:
    """What is wrong with how SGD trains; "" if nothing is."""
    case = next(case for case in trial.cases if case.sizes[:-1] == [2, 3])
    rng, outputs = random.Random(2), range(case.sizes[-1])
    examples = [([rng.random(), rng.random()], [float(j == k % 2) for j in outputs]) for k in range(7)]
    sgd = getattr(trial.theirs(case).net, trial.way.names["SGD"] or "")
    named = next((name for name, role in roles(sgd, BOOK).items() if role == "test_data"), "")
    is_optional = named and inspect.signature(sgd).parameters[named].default is None
    for n, wanted in {7: [3, 3, 1], 6: [3, 3]}.items():  # the lengths of the mini-batches of n examples
        test_data = TEST if named and not (is_optional and n == 6) else None  # It should train without, too.
        seen = SimpleNamespace(batches=[], given=[], tests=[])
        net = trial.theirs(case)
        with trial.replaced(**_spies(trial, found, seen, len(outputs))):
            _, trouble = tried(trial.way.files, net.SGD, examples[:n], EPOCHS, SIZE, ETA, test_data)
        if trouble:
            is_without = named and test_data is None
            return trouble._replace(clause=f"without {named}, {trouble.clause}") if is_without else trouble
        if not seen.batches:
            return _fault_without_steps(trial, case)
        fault = _fault_beside(seen.given, n) or _fault_in_steps(seen.batches, sorted(examples[:n]), wanted)
        if fault:
            return fault
        of_test, of_training = (sorted(x for x, _ in pairs) for pairs in (TEST, examples[:n]))
        is_test = [is_close(xs, of_test) for xs in seen.tests]
        is_known = [one or not xs or is_close(xs, of_training) for one, xs in zip(is_test, seen.tests)]
        if not all(is_known) or test_data and is_test and not any(is_test):
            return "It evaluates on other examples than those of test_data."
        if found["update_mini_batch"].ok:
            again = trial.theirs(case)
            for batch in seen.batches:
                again.update_mini_batch(batch, ETA, n, SIZE)
            if not is_close((net.biases, net.weights), (again.biases, again.weights)):
                return "It changes weights or biases besides the steps of update_mini_batch."
    return ""


def _fault_in_steps(batches: list[Any], examples: list[Any], wanted: list[int]) -> str:
    """What is wrong with these mini-batches of the examples; `wanted` are their lengths in an epoch."""
    if not all(example in examples for batch in batches for example in batch):
        return "It trains on pairs that are not in training_data: shuffle x and y together, without test_data."
    used = [example for example in examples if any(example in batch for batch in batches)]
    if EPOCHS * len(used) == sum(map(len, batches)) and len(used) < len(examples):
        raise Odd(Kind.FORM, f"it trains on {len(used)} of {len(examples)} examples, as if to test on the rest")
    lengths = list(map(len, batches))
    if lengths == wanted[:-1] * EPOCHS:
        return "It leaves out the last mini-batch of an epoch, which is shorter: 1 of 7 examples."
    if lengths != wanted * EPOCHS:
        shown = ", ".join(map(str, lengths[:12])) + ", ..." * (len(lengths) > 12)
        return (
            f"Of {len(examples)} examples, in mini-batches of 3 and for 4 epochs, it makes mini-batches of "
            f"{shown}. It should be {', '.join(map(str, wanted))}, and that four times."
        )
    epochs = [batches[k : k + len(wanted)] for k in range(0, len(batches), len(wanted))]
    if any(sorted(sum(epoch, [])) != examples for epoch in epochs):
        return "It does not take each example once in an epoch: some come twice, and others never."
    if all(epoch == epochs[0] for epoch in epochs):
        return "The examples stand in the same order in every epoch: they must be shuffled before each."
    members = [list(map(sorted, epoch)) for epoch in epochs]
    if len(examples) == 7 and all(each == members[0] for each in members):  # Six may come to it by chance.
        return "It shuffles within the mini-batches only: each has the same examples in every epoch."
    return ""


def _fault_beside(given: list[tuple[str, float]], n: int) -> str:
    """What is wrong with the numbers that update_mini_batch is given, pairs (role, number)."""
    if ("eta", 0.0) in given and ("nothing", ETA) in given:
        return "It gives update_mini_batch η (eta) and lmbda in each other's place."
    if len({number for role, number in given if role == "eta"}) > 1:
        raise Odd(Kind.FORM, "its η changes from step to step")
    if any(number != {"eta": ETA, "n": n}.get(role, 0.0) for role, number in given):
        return "It gives update_mini_batch another η than it was given, or another number of examples."
    return ""


def _spies(trial: Trial, found: dict[str, Verdict], seen: Any, n: int) -> dict[str, Any]:
    """Functions to stand in the place of their methods, which they call, and note what they are given.

    n    outputs of the network
    """
    step: Any = getattr(trial.network_class, trial.way.names["update_mini_batch"] or "", None)
    test: Any = getattr(trial.network_class, trial.way.names["evaluate"] or "", None)

    def target(y: Any) -> list[float]:
        values = numbers([y])
        return [float(values[0] == j) for j in range(n)] if len(values) == 1 < n else values

    def spy_on_step(net: Any, *args: Any, **named: Any) -> Any:
        bound = inspect.signature(step).bind(net, *args, **named)
        bound.apply_defaults()
        for name, role in roles(step, ["mini_batch", "eta"], skip=1).items():
            if role == "mini_batch":
                bound.arguments[name] = batch = list(bound.arguments[name])
                if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in batch):
                    raise Odd(Kind.FORM, "it gives update_mini_batch something else than a list of pairs")
                seen.batches.append([(numbers(x), target(y)) for x, y in batch])
            elif isinstance(bound.arguments[name], (int, float)):
                seen.given.append((role, bound.arguments[name]))
        if not seen.batches[-1]:
            return None  # It is empty, and need not be possible.
        try:
            return step(*bound.args, **bound.kwargs)
        except Exception:
            if found["update_mini_batch"].ok:
                raise
            return None  # It fails, as the verdict on it says. This is about how it is called.

    def spy_on_test(net: Any, *args: Any, **named: Any) -> Any:
        bound = inspect.signature(test).bind(net, *args, **named)
        name = list(bound.arguments)[1]
        bound.arguments[name] = data = list(bound.arguments[name])
        seen.tests.append(sorted(numbers(x) for x, _ in data))
        if not found["evaluate"].ok:
            return test(*bound.args, **bound.kwargs)  # It may give something else than a number.
        return len(seen.tests)  # It is better each time, so that nothing stops early.

    is_method = test and "self" in inspect.signature(test).parameters
    spies = {"update_mini_batch": step and spy_on_step, "evaluate": is_method and spy_on_test}
    return {method: spy for method, spy in spies.items() if spy}


def _fault_without_steps(trial: Trial, case: Any) -> str:
    """The same where SGD does not call update_mini_batch: all examples are alike, in whatever order."""
    example = case.examples[0]
    net, right = trial.theirs(case), Reference(case.biases, case.weights, model=trial.model)
    net.SGD([example] * 4, 2, SIZE, ETA)
    if is_close((net.biases, net.weights), (case.biases, case.weights)):
        return "It changes nothing, and does not call update_mini_batch."
    for _ in range(4):
        right.update_mini_batch([example], ETA)
    if is_close((net.biases, net.weights), (right.biases, right.weights)):
        return ""
    return "Four equal examples in mini-batches of 3, for 2 epochs, must be four steps of their gradient."
