"""How is one method of somebody's class tried? In all cases, with the answers held against the right ones.

A method that raises, hangs, or gives another answer when it is called again has failed, too. What each
should give, and which mistakes are looked up, stands in `conformance.py` and `learning.py`, whose classes are
made of the one here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

from purenet.checker import diagnosis
from purenet.checker.backward import Pass, forward
from purenet.checker.cases import CASES, Case
from purenet.checker.mistakes import Parameters, is_close
from purenet.checker.strangers import Stranger, attempt
from purenet.gradcheck import numerical_gradient
from purenet.matrix import Vector
from purenet.network import Network, sigmoid_prime
from purenet.support.arrays import plain

HANGS = "not judged, since another one hangs"
ALONE = "not judged, since feedforward fails"
UNKNOWN = "No mistake that is known here gives the same."
AGAIN = "it gives another answer when it is called again"
UNSET = (
    "a second network with the same biases and weights gives another answer: "
    "to set net.biases and net.weights has no effect on it"
)
BEFORE = "what it gives for an example depends on the one before: it keeps something of it"
ETA = 0.6  # that the steps are tried with

Wrong = list[tuple[Case, Any]]  # the wrong answers, each with its case


class Verdict(NamedTuple):
    """What there is to say of one `method`: `ok` is None where it could not be judged.

    `words` is a diagnosis, a remark or why it could not; `example` has a few lines to paste into a Python
    prompt. Each is "" where there is none.
    """

    method: str
    ok: bool | None
    words: str = ""
    example: str = ""


class Trial:
    """One class on trial, with what is known of it so far and how its methods are tried."""

    cases = CASES

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
        for sizes in (self.cases[0].sizes, [2, 3], [2, 3, 4, 2]):
            case = next(case for case in self.cases if case.sizes == sizes)
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
        if not is_close(getattr(self._stranger(case), method)(*first), answer):
            raise ValueError(UNSET)
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
        for case in self.cases:
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
                if trouble.startswith("it takes longer than "):
                    self.hangs = True
                    break
            else:
                wrong.append((case, answer))
        if not failed:
            return Verdict(method, True) if judged else Verdict(method, None, ALONE)
        # In a square network every shape fits, so a mistake shows in the numbers and not as an error.
        wrong.sort(key=lambda pair: (len(set(pair[0].sizes)) == 1, sum(pair[0].sizes)), reverse=True)
        said = (explain(wrong) or (otherwise and otherwise(wrong))) if wrong else None
        words = [said] if said else [] if troubles else [UNKNOWN]
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

    def _pass(self, case: Case) -> Pass:
        """The pass forward of the first example, by our arithmetic, with ∂C/∂a of the class's cost."""
        x, y = case.examples[0]
        p = forward(case.biases, case.weights, x, y)
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


def _formed(net: Stranger, answer: Any) -> Any:
    """A vector, or (biases, weights), of flat lists: in columns where the network has columns."""
    if not net.form.column:
        return answer
    if isinstance(answer[0], float):
        return [[entry] for entry in answer]
    biases, weights = answer
    return [[[entry] for entry in b] for b in biases], weights


def _rounded(nested: Any) -> str:
    """Nested lists of numbers as text, with six digits each."""
    if isinstance(nested, (list, tuple)):
        return f"[{', '.join(map(_rounded, nested))}]"
    return f"{nested:.6g}"
