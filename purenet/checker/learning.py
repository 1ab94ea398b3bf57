"""Does somebody's network learn as ours does? The verdicts on update_mini_batch and on SGD.

    trial = Learning(strangers.load_class("my_network.py"))
    print(trial.SGD().words)

A step is held against what the mistakes that people make would change. SGD is watched: which mini-batches it
cuts, what it hands on, and whether anything else moves.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from typing import Any

from purenet.checker import diagnosis, mistakes
from purenet.checker.cases import Case
from purenet.checker.mistakes import Parameters, is_close, looked_up
from purenet.checker.strangers import Stranger, attempt
from purenet.checker.trial import ETA, HANGS, UNKNOWN, Trial, Verdict, Wrong
from purenet.matrix import Matrix, Vector, scale, subtract
from purenet.support.arrays import numbers
from purenet.support.checks import Example

CARRIED = "The first step is right, the next is not: gradients of one mini-batch are carried into the next."
UNSTEADY = (
    "A new network with the same weights takes another step: gradients are carried over from earlier "
    "mini-batches, or something is drawn at random."
)
NOT_OF_BACKPROP = "The gradient that it steps by is not that of backprop."
OF_BACKPROP = "It steps by what backprop gives, which is wrong."


class Learning(Trial):
    """A trial of how a class learns."""

    def update_mini_batch(self) -> Verdict:
        """Held against a step by the right gradient, or by that of the class's own backprop."""
        verdict = self._step(self._gradient)
        amiss = {method for method in ("feedforward", "backprop") if self.verdicts[method].ok is False}
        if verdict.ok is False and amiss:
            # The step may be right for what backprop gives; if not, that is what it should be held against.
            own = self._step(lambda case, x, y: self._stranger(case).backprop(x, y))
            if own.ok:
                wrong = ", which is wrong" * ("backprop" in amiss)
                return own._replace(words=f"It makes the right step of what backprop gives{wrong}.")
            if own.ok is False and (_is_named(own) or not _is_named(verdict)):
                return own
            said, *troubles = verdict.words.split("\n")
            same = said.partition(NOT_OF_BACKPROP)[2].strip()
            if same and same in self.verdicts["backprop"].words.split("\n"):
                return verdict._replace(words="\n".join([OF_BACKPROP, *troubles]))
        return verdict

    def _step(self, gradient: Callable[[Case, Vector, Vector], Any]) -> Verdict:
        """The verdict on update_mini_batch, where gradient(case, x, y) is that of one example."""

        def arguments(case: Case, examples: list[Example]) -> Any:
            return case.twin(), [gradient(case, x, y) for x, y in examples], examples, ETA

        def call(net: Stranger, case: Case) -> Any:
            net.update_mini_batch(case.examples[:3], ETA)
            return net.biases, net.weights

        def wanted(case: Case) -> Any:
            return mistakes.STEPS[mistakes.NONE](*arguments(case, case.examples[:3]))

        def second_call(net: Stranger, case: Case) -> Any:
            call(net, case)
            net.update_mini_batch(case.examples[1:], ETA)
            return net.biases, net.weights

        def second_wanted(case: Case) -> Any:
            biases, weights = wanted(case)
            case = case._replace(biases=biases, weights=weights)
            return mistakes.STEPS[mistakes.NONE](*arguments(case, case.examples[1:]))

        def explain(wrong: Wrong) -> str | None:
            cases, answers = zip(*wrong)
            values = [arguments(case, case.examples[:3]) for case in cases]
            found = looked_up(mistakes.STEPS, values, answers)
            if found:
                return found
            parts = [
                looked_up(
                    {words: lambda *v, f=f: f(*v)[k] for words, f in mistakes.STEPS.items()},
                    values,
                    [answer[k] for answer in answers],
                )
                for k in (0, 1)
            ]
            if None not in parts:
                return " ".join(
                    f"The step of the {name} is {'wrong. ' + part if part else 'right.'}"
                    for name, part in zip(("biases", "weights"), parts)
                )
            steps, _ = attempt(self.path, lambda: list(map(self._single_step, cases)))
            found = steps and diagnosis.mistake(list(map(self._pass, cases)), steps)
            if found:
                return f"{NOT_OF_BACKPROP} {found}"
            again, _ = attempt(self.path, lambda: call(self._stranger(cases[0]), cases[0]))
            return None if is_close(again, answers[0]) else UNSTEADY

        def describe(wrong: Wrong) -> str:
            case, after = wrong[0]
            gone, names = _gone(case, *wanted(case)), ("the step of biases", "the step of weights")
            return f"With sizes {case.sizes}: {diagnosis.layer_by_layer(_gone(case, *after), gone, names)}"

        verdict = self._tried(
            "update_mini_batch",
            call,
            wanted,
            explain,
            "net.update_mini_batch({pairs}, {eta})\nnet.biases, net.weights",
            describe,
        )
        if verdict.ok:
            return self._tried("update_mini_batch", second_call, second_wanted, lambda wrong: CARRIED)
        return verdict

    def _single_step(self, case: Case) -> Parameters:
        """The gradient that a mini-batch of one example is stepped by."""
        net = self._stranger(case)
        net.update_mini_batch(case.examples[:1], ETA)
        return _gone(case, net.biases, net.weights)

    def SGD(self) -> Verdict:
        """Held against what SGD should hand on to update_mini_batch and evaluate."""
        if not callable(getattr(self.network_class, "SGD", None)):
            return Verdict("SGD", None, "not there")
        if self.hangs:
            return Verdict("SGD", None, HANGS)
        words, trouble = attempt(self.path, self._trained)
        return Verdict("SGD", not (words or trouble), words or trouble or "")

    def _trained(self) -> str:
        """What is wrong with how SGD trains on eight examples for four epochs; "" if nothing."""
        case = next(case for case in self.cases if case.sizes == [2, 3, 2])
        rng = random.Random(2)
        examples = [([rng.gauss(0, 1), rng.gauss(0, 1)], [rng.random(), rng.random()]) for _ in range(8)]
        seen: list[Any] = []

        def spy(net: Any, mini_batch: Any, eta: float, *others: Any, **named: Any) -> Any:
            mini_batch = list(mini_batch)
            seen.append(([(numbers(x), numbers(y)) for x, y in mini_batch], float(eta)))
            return self.network_class.update_mini_batch(net, mini_batch, eta, *others, **named)

        net = self._stranger(case, update_mini_batch=spy)
        net.SGD(examples, 4, 3, ETA)
        if not seen:
            return self._trained_alone(case)
        batches = [batch for batch, _ in seen]
        if not all(example in examples for batch in batches for example in batch):
            return "It gives an x the y of another example: they must be shuffled together."
        if any(eta != ETA for _, eta in seen):
            wrong = next(eta for _, eta in seen if eta != ETA)
            return f"It calls update_mini_batch with an η of {wrong:.6g}, where it was given {ETA}."
        lengths = list(map(len, batches))
        if lengths == [4, 4] * 3:
            return "It takes epochs for mini_batch_size, and mini_batch_size for epochs."
        if lengths == [3, 3] * 4:
            return "It leaves out the last mini-batch of an epoch, which is shorter: 2 of 8 examples."
        if lengths == [3, 3, 2] * (len(lengths) // 3) and len(lengths) != 12:
            times = len(lengths) // 3
            return f"It trains for {times} epoch{'s' * (times != 1)}, where it was given 4."
        if all(batch == batches[0] for batch in batches[:3]):
            return "It takes the same mini-batch again and again."
        if lengths != [3, 3, 2] * 4:
            sizes, more = ", ".join(map(str, lengths[:12])), ", ..." * (len(lengths) > 12)
            return (
                f"Its mini-batches have {sizes}{more} examples. Of 8 examples, in mini-batches of 3 and for "
                "4 epochs, they should have 3, 3, 2, and that four times."
            )
        orders: list[Any] = [sum(batches[k : k + 3], []) for k in (0, 3, 6, 9)]
        for order in orders:
            if sorted(order) != sorted(examples):
                return "It does not take each example once in an epoch: some come twice, and others never."
        cut = [[sorted(batch) for batch in batches[k : k + 3]] for k in (0, 3, 6, 9)]
        if all(order == orders[0] for order in orders):
            return "The examples stand in the same order in every epoch: they must be shuffled before each."
        if all(epoch == cut[0] for epoch in cut):
            return "It shuffles within the mini-batches only: each has the same examples in every epoch."
        again = self._stranger(case)
        for batch, eta in seen:
            again.update_mini_batch(batch, eta)
        if not is_close((net.biases, net.weights), (again.biases, again.weights)):
            return "It changes weights or biases besides the steps of update_mini_batch."
        return self._cut(case, examples) or self._tested(case, examples)

    def _cut(self, case: Case, examples: list[Example]) -> str:
        """What is wrong with the lengths of the mini-batches for other numbers of examples; "" if nothing."""
        for n, wanted in ((6, [3, 3]), (7, [3, 3, 1])):
            lengths: list[int] = []

            def count(net: Any, mini_batch: Any, *_: Any, **named: Any) -> None:
                lengths.append(len(list(mini_batch)))

            self._stranger(case, update_mini_batch=count).SGD(examples[:n], 1, 3, ETA)
            if lengths != wanted:
                made, better = (", ".join(map(str, some)) for some in (lengths, wanted))
                should = f"In threes they should have {better}."
                return f"Of {n} examples it makes mini-batches of {made}. {should}"
        return ""

    def _tested(self, case: Case, examples: list[Example]) -> str:
        """What is wrong with the data that SGD hands on to evaluate, if it takes any; "" if nothing."""
        handed_on: list[Any] = []
        trained: list[Any] = []

        def evaluate(net: Any, test_data: Any, *_: Any, **named: Any) -> int:
            handed_on.extend(test_data)
            return 1

        net = self._stranger(
            case,
            evaluate=evaluate,
            update_mini_batch=lambda net, mini_batch, *_, **named: trained.extend(mini_batch),
        )
        if "test_data" not in inspect.signature(net.net.SGD).parameters:
            return ""
        net.SGD(examples, 1, 3, ETA, test_data=[(net.form.vector([0.5, 0.5]), 1)])
        if handed_on and not is_close([numbers(x) for x, _ in handed_on], [[0.5, 0.5]]):
            return "It evaluates on other examples than those of test_data."
        if any(is_close(x, [0.5, 0.5]) for x, _ in trained):
            return "It trains on test_data too, which should be kept for the test."
        return ""

    def _trained_alone(self, case: Case) -> str:
        """The same where SGD does not call update_mini_batch: all examples are alike, in whatever order."""
        x, y = case.examples[0]
        net, twin = self._stranger(case), case
        net.SGD([(x, y)] * 4, 2, 3, ETA)
        if is_close((net.biases, net.weights), (case.biases, case.weights)):
            return "It changes nothing, and does not call update_mini_batch."
        for _ in range(4):
            biases, weights = mistakes.stepped(twin, [self._gradient(twin, x, y)], [ETA])
            twin = twin._replace(biases=biases, weights=weights)
        if is_close((net.biases, net.weights), (twin.biases, twin.weights)):
            return ""
        return "Four equal examples in mini-batches of 3, for 2 epochs, must be four steps of their gradient."


def _is_named(verdict: Verdict) -> bool:
    """Whether the words name a mistake, and do not only tell what came of it."""
    return not verdict.words.startswith(("With sizes ", UNKNOWN))


def _gone(case: Case, biases: list[Vector], weights: list[Matrix]) -> Parameters:
    """What is gone from the parameters of the case, divided by η: the gradient that was stepped by."""
    return (
        [scale(1 / ETA, subtract(old, new)) for old, new in zip(case.biases, biases)],
        [[scale(1 / ETA, subtract(*rows)) for rows in zip(*layer)] for layer in zip(case.weights, weights)],
    )
