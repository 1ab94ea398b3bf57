"""Judges how a class trains: its SGD is watched, and the first of FAULTS that is seen is what is wrong."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from typing import Any

from purenet.checker.aliases import roles
from purenet.checker.comparison import ETA, Trial
from purenet.checker.find_mistakes import is_close
from purenet.checker.guarded_call import Kind, Trouble, tried
from purenet.checker.reference import Reference
from purenet.checker.verdict import Note, Verdict
from purenet.support.arrays import numbers, shape

BOOK = ["training_data", "epochs", "mini_batch_size", "eta", "test_data"]
SIZE, EPOCHS = 3, 4
LENGTHS = {7: [3, 3, 1], 6: [3, 3]}  # of the mini-batches of an epoch, by the number of examples
TEST = [([0.5, 0.5], 1), ([0.25, 0.75], 0)]


class Watched:
    """What an SGD did with the `examples`: its mini-batches, what the steps were given beside them, and which
    data it evaluated: "training", "test" or "other".
    """

    def __init__(self, examples: list[Any], test_data: Any) -> None:
        self.examples, self.test_data = sorted(examples), test_data
        self.batches: list[list[Any]] = []
        self.given: list[tuple[str, float]] = []
        self.tests: list[str] = []

    @property
    def lengths(self) -> list[int]:
        """How many examples each mini-batch has."""
        return list(map(len, self.batches))

    @property
    def wanted(self) -> list[int]:
        """How many the mini-batches of an epoch should have."""
        return LENGTHS[len(self.examples)]

    @property
    def epochs(self) -> list[Any]:
        """The mini-batches of each epoch."""
        n = len(self.wanted)
        return [self.batches[k : k + n] for k in range(0, len(self.batches), n)]

    def note_test(self, data: list[Any]) -> None:
        """Note which data are evaluated."""
        xs = sorted(numbers(x) for x, _ in data)
        known = {"training": self.examples, "test": TEST}
        of = [name for name, pairs in known.items() if is_close(xs, sorted(x for x, _ in pairs))]
        self.tests += of or ["other"]


FAULTS: dict[str, Callable[[Watched], Any]] = {
    "It trains on pairs that are not in training_data: shuffle x and y together, and leave test_data out.": (
        lambda t: not all(example in t.examples for batch in t.batches for example in batch)
    ),
    "It gives update_mini_batch η (eta) and lmbda in each other's place.": (
        lambda t: ("eta", 0.0) in t.given and ("nothing", ETA) in t.given
    ),
    "It gives update_mini_batch another η than it was given, or another number of examples.": (
        lambda t: any(value != {"eta": ETA, "n": len(t.examples)}.get(role, 0.0) for role, value in t.given)
    ),
    "It leaves out the last mini-batch of an epoch, which is shorter: 1 of 7 examples.": (
        lambda t: t.lengths == t.wanted[:-1] * EPOCHS
    ),
    "Of {n} examples, in mini-batches of 3 and for 4 epochs, it makes mini-batches of {lengths}. It should be "
    "{wanted}, and that four times.": lambda t: t.lengths != t.wanted * EPOCHS,
    "It does not take each example once in an epoch: some come twice, and others never.": (
        lambda t: any(sorted(sum(epoch, [])) != t.examples for epoch in t.epochs)
    ),
    "The examples stand in the same order in every epoch: they must be shuffled before each.": (
        lambda t: all(epoch == t.epochs[0] for epoch in t.epochs)
    ),
    "It shuffles within the mini-batches only: each has the same examples in every epoch.": (
        # Six examples may come to the same by chance.
        lambda t: (
            len(t.examples) == 7
            and all(list(map(sorted, epoch)) == list(map(sorted, t.epochs[0])) for epoch in t.epochs)
        )
    ),
    "It evaluates on other examples than those of test_data.": (
        lambda t: "other" in t.tests or t.test_data and t.tests and "test" not in t.tests
    ),
}


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
    if trouble and trouble.kind is Kind.CALLED:
        return Verdict("SGD", None, [f"not judged: {trouble.clause}"])
    if trouble and trouble.kind is Kind.FAILS and any(verdict.ok is False for verdict in found.values()):
        return Verdict("SGD", None, [Note.FAILS])
    return Verdict("SGD", not (fault or trouble), [reason for reason in (fault, trouble) if reason])


def _fault(trial: Trial, found: dict[str, Verdict]) -> str:
    """What is wrong with how SGD trains; "" if nothing is."""
    case = next(case for case in trial.cases if case.sizes == [2, 3, 2])
    rng = random.Random(2)
    examples = [([rng.gauss(0, 1), rng.gauss(0, 1)], [float(k % 2), 1.0 - k % 2]) for k in range(7)]
    takes = roles(getattr(trial.theirs(case).net, trial.way.names["SGD"] or ""), BOOK).values()
    for n in LENGTHS:
        seen = Watched(examples[:n], TEST if "test_data" in takes else None)
        net = trial.theirs(case, **_spies(trial, found, seen))
        net.SGD(examples[:n], EPOCHS, SIZE, ETA, test_data=seen.test_data)
        if not seen.batches:
            return _fault_without_steps(trial, case)
        for words, is_so in FAULTS.items():
            if is_so(seen):
                lengths = ", ".join(map(str, seen.lengths[:12])) + ", ..." * (len(seen.lengths) > 12)
                return words.format(n=n, lengths=lengths, wanted=", ".join(map(str, seen.wanted)))
        if found["update_mini_batch"].ok:
            again = trial.theirs(case)
            for batch in seen.batches:
                again.update_mini_batch(batch, ETA, n)
            if not is_close((net.biases, net.weights), (again.biases, again.weights)):
                return "It changes weights or biases besides the steps of update_mini_batch."
    return ""


def _spies(trial: Trial, found: dict[str, Verdict], seen: Watched) -> dict[str, Any]:
    """Methods to stand in the place of theirs, which they call, and note what they are given."""
    step, test = (_method(trial, method) for method in ("update_mini_batch", "evaluate"))

    def target(y: Any) -> list[float]:
        return [float(y == 0), float(y == 1)] if shape(y) == () else numbers(y)

    def spy_on_step(net: Any, *args: Any, **named: Any) -> Any:
        bound = inspect.signature(step).bind(net, *args, **named)
        bound.apply_defaults()
        for name, role in roles(step, ["mini_batch", "eta"], skip=1).items():
            if role == "mini_batch":
                bound.arguments[name] = batch = list(bound.arguments[name])
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
        seen.note_test(data)
        return test(*bound.args, **bound.kwargs) if found["evaluate"].ok else 1

    spies = {"update_mini_batch": spy_on_step} if step else {}
    is_static = test and "self" not in inspect.signature(test).parameters
    return {**spies, "evaluate": spy_on_test} if test and not is_static else spies


def _method(trial: Trial, method: str) -> Any:
    return getattr(trial.network_class, trial.way.names[method] or "", None)


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
