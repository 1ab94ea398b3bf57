"""Does somebody's network do what ours does? Method by method, and what is wrong with it in words.

    for verdict in conformance.judge(strangers.load_class("my_network.py")):
        print(verdict.method, verdict.ok, verdict.words)

Every method is tried on small networks, the smallest first, so that what is wrong can be followed by hand.
A wrong answer is held against what the mistakes that people make would give; one that gives the same is
named.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from purenet.checker import diagnosis, mistakes
from purenet.checker.backward import Table
from purenet.checker.cases import Case
from purenet.checker.learning import Learning
from purenet.checker.mistakes import is_close, looked_up
from purenet.checker.strangers import Stranger, attempt
from purenet.checker.trial import HANGS, UNKNOWN, Verdict, Wrong
from purenet.matrix import Vector
from purenet.network import sigmoid, sigmoid_prime
from purenet.support.checks import Labelled

METHODS = (
    "sigmoid sigmoid_prime feedforward cost_derivative backprop update_mini_batch evaluate SGD"
).split()
# What may be wrong because a method is: what calls it, or does once more what it does.
FED = {
    "sigmoid": METHODS[1:],
    "sigmoid_prime": ["backprop", "update_mini_batch", "SGD"],
    "feedforward": METHODS[3:],
    "cost_derivative": ["backprop", "update_mini_batch", "SGD"],
    "backprop": ["update_mini_batch", "SGD"],
    "update_mini_batch": ["SGD"],
}


def judge(network_class: type) -> list[Verdict]:
    """A `Verdict` for each of METHODS, in that order.

    A subclass of `Network` that overrides `cost` is judged by that cost, every other class by ½‖y − a‖².
    """
    trial = _Trial(network_class)
    # What is right in its own way is judged by what is made of it, so that comes first.
    order = "feedforward cost_derivative backprop sigmoid sigmoid_prime update_mini_batch evaluate SGD"
    for method in order.split():
        trial.verdicts[method] = getattr(trial, method)()
    return [trial.verdicts[method] for method in METHODS]


class _Trial(Learning):
    """One class on trial. Each of its public methods gives the verdict on the method of the same name."""

    def sigmoid(self) -> Verdict:
        """Held against σ, at nine numbers."""
        return self._function("sigmoid", sigmoid, mistakes.SIGMOIDS)

    def sigmoid_prime(self) -> Verdict:
        """Held against σ′, at nine numbers; right of a, too, where backprop gives it a."""
        verdict = self._function("sigmoid_prime", sigmoid_prime, mistakes.SIGMA_PRIMES)
        if verdict.words == mistakes.OF_A and self.verdicts["backprop"].ok:
            return Verdict(
                verdict.method, True, "It takes a = σ(z) instead of z, and backprop gives it that."
            )
        return verdict

    def _function(self, name: str, ours: Callable[[float], float], table: Table) -> Verdict:
        """The verdict on a function of numbers or vectors, beside the class or in it."""
        net = self._stranger(self.cases[0])
        function = net.function(name)
        if not function or self.hangs:
            return Verdict(name, None, HANGS if function else "not there")
        zs = [-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 5.0, -12.0]
        answers, trouble = attempt(self.path, function, zs)
        if trouble:
            return Verdict(name, False, trouble)
        off = [(z, answer) for z, answer in zip(zs, answers) if not is_close([answer], [ours(z)])]
        if not off:
            return Verdict(name, True)
        z, answer = off[0]
        script, _ = attempt(self.path, net.function_script, name, z)
        return Verdict(
            name,
            False,
            looked_up(
                {words: lambda z, f=f: [f(z)] for words, f in table.items()},
                [[z] for z in zs],
                [[a] for a in answers],
            )
            or UNKNOWN,
            f"{script}\n# gives     {answer:.6g}\n# should be {ours(z):.6g}",
        )

    def feedforward(self) -> Verdict:
        """Held against our network's."""
        def call(net: Stranger, case: Case) -> Any:
            return self._steady("feedforward", net, case, *([x] for x, _ in case.examples[:2]))

        def wanted(case: Case) -> Any:
            return case.twin().feedforward(case.examples[0][0])

        def explain(wrong: Wrong) -> str | None:
            arguments = [(case.biases, case.weights, case.examples[0][0]) for case, _ in wrong]
            return looked_up(mistakes.FEEDFORWARDS, arguments, [answer for _, answer in wrong])

        return self._tried("feedforward", call, wanted, explain, "net.feedforward({x})")

    def cost_derivative(self) -> Verdict:
        """Held against a − y, or against what the cost of a subclass gives."""
        def arguments(case: Case) -> tuple[Vector, Vector]:
            x, y = case.examples[0]
            return case.twin().feedforward(x), y

        def call(net: Stranger, case: Case) -> Any:
            return net.cost_derivative(*arguments(case))

        def wanted(case: Case) -> Any:
            return self._pass(case).nabla_a

        def explain(wrong: Wrong) -> str | None:
            answers = [answer for _, answer in wrong]
            values = [(*arguments(case), wanted(case)) for case, _ in wrong]
            return looked_up(mistakes.COST_DERIVATIVES, values, answers)

        return self._tried("cost_derivative", call, wanted, explain, "net.cost_derivative({output}, {y})")

    def backprop(self) -> Verdict:
        """Held against our network's, or against finite differences of the class's own cost or feedforward."""
        def call(net: Stranger, case: Case) -> Any:
            return self._steady("backprop", net, case, *case.examples[:2])

        def wanted(case: Case) -> Any:
            return self._gradient(case, *case.examples[0])

        def explain(wrong: Wrong) -> str | None:
            cases, nablas = zip(*wrong)
            return diagnosis.mistake(list(map(self._pass, cases)), nablas)

        def describe(wrong: Wrong) -> str:
            case, nabla = wrong[0]
            return f"With sizes {case.sizes}: {diagnosis.layer_by_layer(nabla, wanted(case))}"

        verdict = self._tried("backprop", call, wanted, explain, "net.backprop({x}, {y})", describe)
        if not verdict.ok and self.verdicts["feedforward"].ok is False:
            own = self._tried("backprop", call, self._measured, explain)
            if own.ok:
                return own._replace(words="It is the gradient of what feedforward gives, which is wrong.")
        return verdict

    def evaluate(self) -> Verdict:
        """Held against the number of digits that are at the largest output."""
        def tested(case: Case) -> list[Labelled]:
            rng = random.Random(1)
            return [
                ([rng.randint(-40, 40) / 10 for _ in x], rng.randrange(case.sizes[-1]))
                for x, _ in case.examples * 10
            ]

        def outputs(case: Case) -> Any:
            # Where feedforward is wrong, its own outputs count: this is about what is made of them.
            net = case.twin() if self.verdicts["feedforward"].ok else self._stranger(case)
            return [(net.feedforward(x), x, digit) for x, digit in tested(case)]

        def call(net: Stranger, case: Case) -> Any:
            return [net.evaluate(tested(case))]

        def right(outputs: Any) -> int:
            return sum(output.index(max(output)) == digit for output, _, digit in outputs)

        def wanted(case: Case) -> Any:
            return [right(outputs(case))]

        def explain(wrong: Wrong) -> str | None:
            counts = {words: lambda outputs, f=f: [f(outputs)] for words, f in mistakes.EVALUATIONS.items()}
            answers = [answer for _, answer in wrong]
            return looked_up(counts, [(outputs(case),) for case, _ in wrong], answers)

        def fewest() -> str | None:
            """The first network with the fewest examples that are miscounted, as a script."""
            for case in self.cases:
                for n, _ in enumerate(tested(case), 1):
                    net, part = self._stranger(case), tested(case)[:n]
                    count, trouble = attempt(self.path, net.evaluate, part)
                    wanted = right(outputs(case)[:n])
                    if trouble or not is_close([count], [wanted]):
                        pairs = ", ".join(f"({net.written(x)}, {digit})" for x, digit in part)
                        gives = [] if trouble else [f"# gives     {count:.6g}"]
                        lines = [f"net.evaluate([{pairs}])", *gives, f"# should be {wanted}"]
                        return "\n".join(net.script() + lines)
            return None

        verdict = self._tried("evaluate", call, wanted, explain)
        if verdict.ok is False and not self.hangs:
            return verdict._replace(example=attempt(self.path, fewest)[0] or "")
        return verdict
