"""Judges how somebody's SGD trains: it is watched, and the first of FAULTS that is seen is what is wrong."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from typing import Any, NamedTuple

from purenet.checker.aliases import roles
from purenet.checker.search import is_close
from purenet.support.arrays import numbers, shape

ETA = 0.6
EPOCHS, SIZE = 4, 3
LENGTHS = [3, 3, 2]  # of the mini-batches of an epoch of eight examples
TEST = [([0.5, 0.5], 1), ([0.25, 0.75], 0)]


class Seen(NamedTuple):
    """The mini-batches that SGD made of `examples`, as lists of pairs, with the η, the n and the lmbda of
    each, if
    any, and the test data of each call of evaluate.
    """

    examples: list[Any]
    batches: list[list[Any]]
    etas: list[float]
    ns: list[float]
    lmbdas: list[float]
    tests: list[Any]

    @property
    def lengths(self) -> list[int]:
        """How many examples each has."""
        return list(map(len, self.batches))

    @property
    def cuts(self) -> list[Any]:
        """The mini-batches of each epoch, in order."""
        return [self.batches[k : k + 3] for k in range(0, 12, 3)]


def _listed(lengths: list[int]) -> str:
    return ", ".join(map(str, lengths[:12])) + ", ..." * (len(lengths) > 12)


FAULTS: dict[str, Callable[[Seen], Any]] = {
    "It gives an x the y of another example: they must be shuffled together.": (
        lambda t: not all(example in t.examples for batch in t.batches for example in batch)
    ),
    "It gives update_mini_batch η (eta) and lmbda in each other's place.": (
        lambda t: ETA in t.lmbdas and set(t.etas) == {0.0}
    ),
    "It calls update_mini_batch with an η of {eta:.6g}, where it was given 0.6.": lambda t: set(t.etas) - {ETA},
    "It tells update_mini_batch that there are {n:g} examples, where there are 8.": lambda t: set(t.ns) - {8},
    "It takes epochs for mini_batch_size, and mini_batch_size for epochs.": lambda t: t.lengths == [4, 4] * 3,
    "It leaves out the last mini-batch of an epoch, which is shorter: 2 of 8 examples.": (
        lambda t: t.lengths == [3, 3] * 4
    ),
    "It trains for another number of epochs than it was given: {epochs}, not 4.": lambda t: (
        len(t.lengths) != 12 and t.lengths == LENGTHS * (len(t.lengths) // 3)
    ),
    "It takes the same mini-batch again and again.": lambda t: all(b == t.batches[0] for b in t.batches[:3]),
    "Its mini-batches have {listed} examples. Of 8 examples, in mini-batches of 3 and for 4 epochs, they "
    "should have 3, 3, 2, and that four times.": lambda t: t.lengths != LENGTHS * EPOCHS,
    "It does not take each example once in an epoch: some come twice, and others never.": (
        lambda t: any(sorted(sum(cut, [])) != sorted(t.examples) for cut in t.cuts)
    ),
    "The examples stand in the same order in every epoch: they must be shuffled before each.": (
        lambda t: all(cut == t.cuts[0] for cut in t.cuts)
    ),
    "It shuffles within the mini-batches only: each has the same examples in every epoch.": (
        lambda t: all(list(map(sorted, cut)) == list(map(sorted, t.cuts[0])) for cut in t.cuts)
    ),
}


def what_is_wrong(trial: Any) -> str:
    """What is wrong with how SGD trains; "" if nothing is."""
    case = next(case for case in trial.cases if case.sizes == [2, 3, 2])
    rng = random.Random(2)
    examples = [([rng.gauss(0, 1), rng.gauss(0, 1)], [rng.random(), rng.random()]) for _ in range(8)]
    if trial.way.y is None:
        examples = [(x, [float(y[0] >= y[1]), float(y[0] < y[1])]) for x, y in examples]
    net, seen = _trained(trial, case, examples, EPOCHS)
    if not seen.batches:
        return _alone(trial, case)
    for words, is_so in FAULTS.items():
        if is_so(seen):
            eta = next((eta for eta in seen.etas if eta != ETA), ETA)
            n = next((n for n in seen.ns if n != 8), 8)
            return words.format(listed=_listed(seen.lengths), epochs=len(seen.lengths) // 3, eta=eta, n=n)
    if trial.verdicts["update_mini_batch"].ok:
        again = trial.theirs(case)
        for batch, eta in zip(seen.batches, seen.etas or [ETA] * len(seen.batches)):
            again.update_mini_batch(batch, eta, 8)
        if not is_close((net.biases, net.weights), (again.biases, again.weights)):
            return "It changes weights or biases besides the steps of update_mini_batch."
    for n, lengths in ((6, [3, 3]), (7, [3, 3, 1])):
        made = _trained(trial, case, examples[:n], 1)[1]
        if made.lengths != lengths:
            better = _listed(lengths)
            cut = _listed(made.lengths)
            return f"Of {n} examples it makes mini-batches of {cut}. In threes they should have {better}."
    return _tested(trial, case, examples)


def _trained(
    trial: Any, case: Any, examples: list[Any], epochs: int, test_data: Any = None
) -> tuple[Any, Seen]:
    """Their network after its SGD, and what was seen of it."""
    seen = Seen(examples, [], [], [], [], [])
    way: Any = trial.way
    step: Any
    test: Any
    step, test = (
        getattr(trial.network_class, way.names[m] or "", None) for m in ("update_mini_batch", "evaluate")
    )
    targets = {id(y): y for _, y in examples}

    def flat(y: Any) -> Any:
        if shape(y) == ():  # The digit.
            return [float(k == y) for k in range(case.sizes[-1])]
        return targets.get(id(y)) or numbers(y)

    def spy(net: Any, *args: Any, **named: Any) -> Any:
        bound = inspect.signature(step).bind(net, *args, **named)
        bound.apply_defaults()
        roles_of = roles(step, ["mini_batch", "eta"], skip=1)
        for name, role in roles_of.items():
            value = bound.arguments[name]
            if role == "mini_batch":
                bound.arguments[name] = value = list(value)
                seen.batches.append([(numbers(x), flat(y)) for x, y in value])
            elif isinstance(value, (int, float)):
                {"eta": seen.etas, "n": seen.ns, "nothing": seen.lmbdas}[role].append(float(value))
        if not seen.batches[-1]:
            return None  # It is empty, and need not be possible.
        try:
            return step(*bound.args, **bound.kwargs)
        except Exception:
            if trial.verdicts["update_mini_batch"].ok:
                raise
            return None  # It fails, as the verdict on it says. This is about how it is called.

    def watch(net: Any, *args: Any, **named: Any) -> Any:
        data = args[0] if args else next(iter(named.values()))
        data = list(data)
        seen.tests.append([numbers(x) for x, _ in data])
        args, named = ((data, *args[1:]), named) if args else ((), {**named, next(iter(named)): data})
        return test(net, *args, **named) if trial.verdicts["evaluate"].ok else 1

    spies = {"update_mini_batch": spy} if step else {}
    if test and not isinstance(
        inspect.getattr_static(trial.network_class, way.names["evaluate"]), staticmethod
    ):
        spies["evaluate"] = watch
    net = trial.theirs(case, **spies)
    function = getattr(net.net, way.names["SGD"])
    required = [
        p.name
        for p in inspect.signature(function).parameters.values()
        if p.default is p.empty and roles(function, BOOK).get(p.name) == "test_data"
    ]
    net.SGD(examples, epochs, SIZE, ETA, test_data=test_data or (TEST if required else None))
    return net, seen


BOOK = ["training_data", "epochs", "mini_batch_size", "eta", "test_data"]


def _tested(trial: Any, case: Any, examples: list[Any]) -> str:
    """What is wrong with the data that SGD hands on to evaluate, if it takes any."""
    function = getattr(trial.theirs(case).net, trial.way.names["SGD"])
    if "test_data" not in roles_with_defaults(function):
        return ""
    seen = _trained(trial, case, examples, 1, TEST)[1]
    tests, trained = [sorted(x for x, _ in TEST)], sorted(x for x, _ in examples)
    others = [
        xs for xs in seen.tests if not is_close(sorted(xs), tests[0]) and not is_close(sorted(xs), trained)
    ]
    if others or seen.tests and not any(is_close(sorted(xs), tests[0]) for xs in seen.tests):
        return "It evaluates on other examples than those of test_data."
    if any(is_close(x, other) for batch in seen.batches for x, _ in batch for other, _ in TEST):
        return "It trains on test_data too, which should be kept for the test."
    return ""


def roles_with_defaults(function: Any) -> set[str]:
    """The roles of the parameters of SGD, also of those that have a default."""
    return set(roles(function, BOOK).values())


def _alone(trial: Any, case: Any) -> str:
    """The same where SGD does not call update_mini_batch: all examples are alike, in whatever order."""
    net, right, example = trial.theirs(case), trial.ours(case), case.examples[0]
    net.SGD([example] * 4, 2, SIZE, ETA)
    if is_close((net.biases, net.weights), (case.biases, case.weights)):
        return "It changes nothing, and does not call update_mini_batch."
    for _ in range(4):
        right.update_mini_batch([example], ETA)
    if is_close((net.biases, net.weights), (right.biases, right.weights)):
        return ""
    return "Four equal examples in mini-batches of 3, for 2 epochs, must be four steps of their gradient."
