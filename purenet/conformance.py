"""Does somebody's network do what ours does? Method by method, and what is wrong with it in words.

    for verdict in conformance.judge(strangers.load_class("my_network.py")):
        print(verdict.method, verdict.ok, verdict.words)

Every method is tried on small networks, the smallest first, so that what is wrong can be followed by hand.
A wrong answer is held against what the mistakes that people make would give; one that gives the same is
named.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

from . import diagnosis, mistakes
from .checks import Example, Labelled
from .forms import numbers, plain
from .gradcheck import numerical_gradient
from .matrix import Matrix, Vector, scale, subtract
from .mistakes import Parameters, is_close, looked_up
from .network import Network, sigmoid, sigmoid_prime
from .strangers import Stranger, attempt

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
HANGS = "not judged, since another one hangs"
ALONE = "not judged, since feedforward fails"
UNKNOWN = "No mistake that is known here gives the same."
CARRIED = "The first step is right, the next is not: gradients of one mini-batch are carried into the next."
UNSTEADY = (
    "A new network with the same weights takes another step: gradients are carried over from earlier "
    "mini-batches, or something is drawn at random."
)
NOT_OF_BACKPROP = "The gradient that it steps by is not that of backprop."
OF_BACKPROP = "It steps by what backprop gives, which is wrong."
AGAIN = "it gives another answer when it is called again"
BEFORE = "what it gives for an example depends on the one before: it keeps something of it"
ETA = 0.6


class Verdict(NamedTuple):
    """What there is to say of one `method`: `ok` is None where it could not be judged.

    `words` is a diagnosis, a remark or why it could not; `example` has a few lines to paste into a Python
    prompt. Each is "" where there is none.
    """

    method: str
    ok: bool | None
    words: str = ""
    example: str = ""


class Case(NamedTuple):
    """A small network with numbers of one decimal, and four examples for it."""

    biases: list[Vector]
    weights: list[Matrix]
    examples: list[Example]

    @property
    def sizes(self) -> list[int]:
        """The neurons of each layer."""
        return [len(self.weights[0][0]), *map(len, self.biases)]

    def twin(self) -> Network:
        """Our network with the same parameters."""
        net = Network(self.sizes, random.Random(0))
        net.biases, net.weights = plain(self.biases, self.weights)
        return net


def _cases() -> Iterator[Case]:
    rng = random.Random(0)

    def vector(n: int) -> Vector:
        return [rng.randint(-20, 20) / 10 for _ in range(n)]

    small = [1, 1], [1, 2], [2, 1], [1, 1, 1], [2, 3], [2, 2, 2], [2, 3, 2], [3, 2, 4], [1, 1, 1, 1]
    for sizes in (*small, [2, 3, 4, 2], [2, 3, 4, 5, 3], [3, 3, 3, 3], [3, 3, 3, 3, 3]):
        for _ in range(2):
            yield Case(
                [vector(n) for n in sizes[1:]],
                [[vector(m) for _ in range(n)] for m, n in zip(sizes, sizes[1:])],
                [(vector(sizes[0]), [float(rng.randrange(2)) for _ in range(sizes[-1])]) for _ in range(4)],
            )


CASES = list(_cases())
Wrong = list[tuple[Case, Any]]  # the wrong answers, each with its case


def judge(network_class: type) -> list[Verdict]:
    """A `Verdict` for each of METHODS, in that order.

    A subclass of `Network` that overrides `cost` is judged by that cost, every other class by ½‖y − a‖².
    """
    trial = _Trial(network_class)
    # What is right in its own way is judged by what is made of it, so that comes first.
    for method in METHODS[2:5] + METHODS[:2] + METHODS[5:]:
        trial.verdicts[method] = getattr(trial, method)()
    return [trial.verdicts[method] for method in METHODS]


class _Trial:
    """One class on trial. Each of its public methods gives the verdict on the method of the same name."""

    def __init__(self, network_class: Any) -> None:
        self.network_class = network_class
        try:
            self.path = inspect.getsourcefile(network_class) or ""
        except TypeError:
            raise ValueError(f"{network_class.__name__} is no class that is written in Python") from None
        self.own_cost = issubclass(network_class, Network) and network_class.cost is not Network.cost
        self.verdicts: dict[str, Verdict] = {}
        self.hangs = False
        # The smallest, one in which rows and columns differ, and one of many layers.
        for sizes in (CASES[0].sizes, [2, 3], [2, 3, 4, 2]):
            case = next(case for case in CASES if case.sizes == sizes)
            _, trouble = attempt(self.path, self._stranger, case)
            if trouble:
                if "positional argument" in trouble and "\n" not in trouble:
                    trouble += f"; it is called as {network_class.__name__}(sizes)"
                raise ValueError(f"{network_class.__name__}({case.sizes}) gives no network: {trouble}")

    def _stranger(self, case: Case, **methods: Any) -> Stranger:
        """The network of the case, with these methods in the place of its own."""
        network_class = self.network_class
        if methods:
            methods["__module__"] = network_class.__module__
            network_class = type(network_class.__name__, (network_class,), methods)
        return Stranger(network_class, case.biases, case.weights)

    def _steady(self, method: str, net: Stranger, case: Case, *arguments: Any) -> Any:
        """What the method gives for the first of `arguments`. ValueError if that depends on earlier calls."""
        first, second = arguments
        answer = getattr(net, method)(*first)
        if (net.biases, net.weights) != (case.biases, case.weights):
            raise ValueError("it changes the weights or biases, which only a step should")
        again = getattr(net, method)(*first)
        if again != answer:
            raise ValueError(f"{AGAIN}: first {_rounded(answer)}, then {_rounded(again)}")
        if not is_close(getattr(net, method)(*second), getattr(self._stranger(case), method)(*second)):
            raise ValueError(BEFORE)
        return answer

    def _tried(
        self,
        method: str,
        call: Callable[[Stranger, Case], Any],
        wanted: Callable[[Case], Any],
        explain: Callable[[Wrong], str | None],
        written: str = "",
        otherwise: Callable[[Wrong], str] | None = None,
    ) -> Verdict:
        """The verdict on a method from what call(stranger, case) gives and wanted(case) should, in all cases.

        `explain` makes words of the wrong answers, a list of pairs (case, answer), if it knows the mistake.
        What it does not know, `otherwise` describes. `written` is the call as it stands in the example.
        """
        if not callable(getattr(self.network_class, method, None)):
            return Verdict(method, None, "not there")
        if self.hangs:
            return Verdict(method, None, HANGS)
        wrong, troubles, failed, judged = [], [], [], 0
        for case in CASES:
            expected, lacking = attempt(self.path, wanted, case)
            answer, trouble = attempt(self.path, lambda: call(self._stranger(case), case))
            if lacking and not trouble:
                continue  # What it should be held against is of the class, and fails.
            judged += 1
            if not trouble and is_close(answer, expected):
                continue
            failed.append((case, answer, trouble))
            if trouble:
                troubles.append(f"With sizes {case.sizes}, {trouble}")
                if "was stopped" in trouble:
                    self.hangs = True
                    break
            else:
                wrong.append((case, answer))
        if not failed:
            return Verdict(method, True) if judged else Verdict(method, None, ALONE)
        # In a square network every shape fits, so a mistake shows in the numbers and not as an error.
        wrong.sort(key=lambda pair: (len(set(pair[0].sizes)) == 1, sum(pair[0].sizes)), reverse=True)
        words: Any = wrong and (explain(wrong) or otherwise and otherwise(wrong))
        words = [words] if words else [] if troubles else [UNKNOWN]
        # An answer that is never the same says nothing by its numbers.
        unsteady = [trouble for trouble in troubles if AGAIN in trouble]
        # The case shown should show what is named first.
        hidden = bool(words) and diagnosis.is_of_hidden(words[0])
        first = next((failure for failure in failed if len(failure[0].sizes) > 2 or not hidden), failed[0])
        example, _ = attempt(self.path, self._example, *first, wanted, written) if written else ("", None)
        return Verdict(method, False, "\n".join(unsteady[:1] or words + troubles[:1]), example or "")

    def _example(
        self, case: Case, answer: Any, trouble: str | None, wanted: Callable[[Case], Any], written: str
    ) -> str:
        net = self._stranger(case)
        lines = [*net.script(), self._written(net, case, written)]
        if trouble and (AGAIN in trouble or BEFORE in trouble):
            if BEFORE in trouble:
                case = case._replace(examples=case.examples[1:])
            lines.append(self._written(net, case, written))
        if answer is not None:
            lines.append(f"# gives     {_rounded(_formed(net, answer))}")
        lines.append(f"# should be {_rounded(_formed(net, wanted(case)))}")
        if "backprop" in written:
            measured = _rounded(_formed(net, self._measured(case)))
            lines.append(f"# measured  {measured}, by finite differences")
        return "\n".join(lines)

    def _written(self, net: Stranger, case: Case, written: str) -> str:
        x, y = case.examples[0]
        pairs = ", ".join(f"({net.written(x)}, {net.written(y)})" for x, y in case.examples[:3])
        return written.format(
            x=net.written(x),
            y=net.written(y),
            output=net.written(case.twin().feedforward(x)),
            pairs=f"[{pairs}]",
            eta=ETA,
        )

    def sigmoid(self) -> Verdict:
        return self._function("sigmoid", sigmoid, mistakes.SIGMOIDS)

    def sigmoid_prime(self) -> Verdict:
        verdict = self._function("sigmoid_prime", sigmoid_prime, mistakes.SIGMA_PRIMES)
        if verdict.words == mistakes.OF_A and self.verdicts["backprop"].ok:
            return Verdict(
                verdict.method, True, "It takes a = σ(z) instead of z, and backprop gives it that."
            )
        return verdict

    def _function(self, name: str, ours: Callable[[float], float], table: diagnosis.Table) -> Verdict:
        """The verdict on a function of numbers or vectors, beside the class or in it."""
        net = self._stranger(CASES[0])
        function = net.function(name)
        if not function or self.hangs:
            return Verdict(name, None, HANGS if function else "not there")
        zs = [-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 5.0]
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
        def call(net: Stranger, case: Case) -> Any:
            return self._steady("feedforward", net, case, *([x] for x, _ in case.examples[:2]))

        def wanted(case: Case) -> Any:
            return case.twin().feedforward(case.examples[0][0])

        def explain(wrong: Wrong) -> str | None:
            arguments = [(case.biases, case.weights, case.examples[0][0]) for case, _ in wrong]
            return looked_up(mistakes.FEEDFORWARDS, arguments, [answer for _, answer in wrong])

        return self._tried("feedforward", call, wanted, explain, "net.feedforward({x})")

    def cost_derivative(self) -> Verdict:
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

    def _pass(self, case: Case) -> diagnosis.Pass:
        """The pass forward of the first example, by our arithmetic, with ∂C/∂a of the class's cost."""
        x, y = case.examples[0]
        p = diagnosis.forward(case.biases, case.weights, x, y)
        if self.own_cost:
            # The last biases change z alone: ∂C/∂b = ∂C/∂a ⊙ σ′(z).
            nabla_b, _ = self._gradient(case, x, y)
            p = p._replace(nabla_a=[b / s for b, s in zip(nabla_b[-1], sigmoid_prime(p.zs[-1]))])
        return p

    def _gradient(self, case: Case, x: Vector, y: Vector) -> Parameters:
        """(nabla_b, nabla_w) as it should be: ours, or measured where the class has its own cost."""
        if not self.own_cost:
            return case.twin().backprop(x, y)
        net = self._stranger(case).net
        measured = SimpleNamespace(
            biases=net.biases, weights=net.weights, feedforward=lambda x: net.cost(x, y)
        )
        return plain(*numerical_gradient(measured, x, y, cost=lambda c, y: c))

    def _measured(self, case: Case) -> Parameters:
        """The gradient of ½‖y − a‖² with the class's own feedforward, by finite differences."""
        net = self._stranger(case)
        return plain(*numerical_gradient(net.net, *map(net.form.vector, case.examples[0])))

    def backprop(self) -> Verdict:
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

    def update_mini_batch(self) -> Verdict:
        verdict = self._step(self._gradient)
        if verdict.ok is False and self.verdicts["backprop"].ok is False:
            # The step may be right for what backprop gives; if not, that is what it should be held against.
            own = self._step(lambda case, x, y: self._stranger(case).backprop(x, y))
            if own.ok:
                return own._replace(words="It makes the right step of what backprop gives, which is wrong.")
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

    def evaluate(self) -> Verdict:
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
            for case in CASES:
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

    def SGD(self) -> Verdict:
        if not callable(getattr(self.network_class, "SGD", None)):
            return Verdict("SGD", None, "not there")
        if self.hangs:
            return Verdict("SGD", None, HANGS)
        words, trouble = attempt(self.path, self._trained)
        return Verdict("SGD", not (words or trouble), words or trouble or "")

    def _trained(self) -> str:
        """What is wrong with how SGD trains on eight examples for four epochs; "" if nothing."""
        case = next(case for case in CASES if case.sizes == [2, 3, 2])
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
            return f"It trains for {len(lengths) // 3} epochs, where it was given 4."
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
        if all(order == orders[0] for order in orders):
            return "The examples stand in the same order in every epoch: they must be shuffled before each."
        again = self._stranger(case)
        for batch, eta in seen:
            again.update_mini_batch(batch, eta)
        if not is_close((net.biases, net.weights), (again.biases, again.weights)):
            return "It changes weights or biases besides the steps of update_mini_batch."
        return self._tested(case, examples)

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
        for _ in range(4):
            biases, weights = mistakes.stepped(twin, [self._gradient(twin, x, y)], [ETA])
            twin = twin._replace(biases=biases, weights=weights)
        if is_close((net.biases, net.weights), (twin.biases, twin.weights)):
            return ""
        return "Four equal examples in mini-batches of 3, for 2 epochs, must be four steps of their gradient."


def _is_named(verdict: Verdict) -> bool:
    """Whether the words name a mistake, and do not only tell what came of it."""
    return not verdict.words.startswith(("With sizes ", UNKNOWN))


def _formed(net: Stranger, answer: Any) -> Any:
    """A vector, or (biases, weights), of flat lists: in columns where the network has columns."""
    if not net.form.column:
        return answer
    if isinstance(answer[0], float):
        return [[entry] for entry in answer]
    biases, weights = answer
    return [[[entry] for entry in b] for b in biases], weights


def _gone(case: Case, biases: list[Vector], weights: list[Matrix]) -> Parameters:
    """What is gone from the parameters of the case, divided by η: the gradient that was stepped by."""
    return (
        [scale(1 / ETA, subtract(old, new)) for old, new in zip(case.biases, biases)],
        [[scale(1 / ETA, subtract(*rows)) for rows in zip(*layer)] for layer in zip(case.weights, weights)],
    )


def _rounded(nested: Any) -> str:
    """Nested lists of numbers as text, with six digits each."""
    if isinstance(nested, (list, tuple)):
        return f"[{', '.join(map(_rounded, nested))}]"
    return f"{nested:.6g}"
