"""What the checker finds, as values that code can ask and that become words only when they are printed.

    report = judge(MyNetwork)
    report.is_right, [verdict.method for verdict in report if verdict.ok is False]
    print(report)
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from purenet.checker.guarded_call import Kind, printable
from purenet.checker.mistakes import Mistakes, is_close
from purenet.checker.other_names import METHODS
from purenet.support.lists_or_arrays import numbers

MARKS = {True: "ok", False: "WRONG", None: "-"}
WIDTH = 84  # of the words in a table
# What is wrong in these may follow from what is wrong in that one, or be hidden by it.
TRAINING = ["backprop", "update_mini_batch", "SGD"]
FEEDS = {"sigmoid": METHODS[1:], "feedforward": METHODS[3:], "sigmoid_prime": TRAINING}
FEEDS.update({"cost_derivative": TRAINING, "backprop": TRAINING[1:], "update_mini_batch": TRAINING[2:]})


class Note:
    """What is said without naming a mistake."""

    MISSING = "not there"
    HANGS = "not judged, since another method hangs"
    FAILS = "not judged, since what it calls fails or is not judged"
    GIVEN = "not judged, since another method changes the examples in place"
    ELSEWHERE = "not judged: the network has another activation or cost"
    ACTIVATION = (
        "not judged: its activation is none of σ, tanh, ReLU and softmax, or it is wrong in a way that is not "
        "known"
    )
    ONES = "Each of its outputs is 1, whatever the input: is the softmax taken along the wrong axis?"
    UNKNOWN = "No known mistake gives these numbers."
    AFTER = "Judge it again when {} is right."
    FURTHER = "In the layers before, something else is wrong, too."
    OF_A = "It takes a = σ(z) instead of z, and backprop gives it that."
    IF_OF_A = "It takes a = σ(z) instead of z: right if it is called with a, which was not judged."
    OTHER_SIGN = "It gives y − a, or takes its arguments in the other order; backprop makes up for it."
    OF_MULTIPLE = "It is the derivative of a multiple of ½‖y − a‖²."
    OF_CROSS_ENTROPY = "It is the derivative of the cross-entropy."
    OWN_RATE = "It takes no η: the step is right with an η of its own."
    TOO_SMALL = "not judged: the gradient that backprop gives it is too small for its steps to be seen"
    ONE_OUTPUT = "not judged: it fails where there are several outputs, and is for networks with one"
    ROUNDS = "not judged: it rounds the first output, as for a network with one"
    OF_FEEDFORWARD = "It is the gradient of what feedforward gives, which is wrong."
    NEGATIVE = "It gives −∇C, as if y − a stood for a − y."
    ADDS = "It adds what backprop gives, which is −∇C: two minuses that together are right."
    BY_BACKPROP = "The step is right by the gradient that backprop gives it."
    BY_WRONG_BACKPROP = "The step is right, but the gradient that backprop gives it is wrong."
    EXCHANGED = "It takes what backprop gives apart in the other order: nabla_b and nabla_w are exchanged."
    KEEPS = "It keeps something from one mini-batch to the next, such as gradients, or draws at random."
    OPTIMISER = (
        "The step is not −η times the mean gradient, as with momentum, Adam, weight decay or clipping, so it "
        "is not judged. It goes down the gradient."
    )
    IN_PLACE = (
        "It changes the weights in place: to compare them before and after training, keep a copy that "
        "copy.deepcopy makes."
    )
    EITHER = (
        "It is right for the cross-entropy, where δ = a − y at the output. For ½‖y − a‖², σ′(z) is left out at "
        "the output. The class does not say which cost is meant: --cost cross-entropy or --cost quadratic does."
    )
    BATCHES = "Its mini-batches are right; the step that it takes with each is not."
    SHARE = "It gives the share that is right, not how many."
    ONE_HOT = "It takes y as a vector with one 1, not as a digit."
    ALIKE = (
        "All neurons of a layer begin with the same weights, so they get the same gradient and never differ; "
        "begin with numbers that are drawn at random, and with a list of its own for each."
    )


class Named(NamedTuple):
    """Mistakes that give the same numbers. `part` is "biases" or "weights" where it is only of those."""

    mistakes: Mistakes
    intro: str = ""
    part: str = ""

    def __str__(self) -> str:
        said = self.intro + "; and ".join(map(str, self.mistakes))
        said = f"{said[:1].upper()}{said[1:]}." if said[1:2].isalpha() and said[:1] not in "σδ" else f"{said}."
        return f"The {self.part} are {'wrong: ' + said if self.mistakes else 'right.'}" if self.part else said


def layers(sizes: list[int], got: Any, wanted: Any) -> str:
    """Layer by layer, how (biases, weights) or their gradients are beside what they should be."""
    said, states = [], set()
    for name, *parts in zip(("biases", "weights"), got, wanted):
        where: dict[str, list[str]] = {}
        for l, (part, right) in enumerate(zip(*parts)):
            state = "right" if is_close(part, right) else "wrong" if any(numbers(part)) else "zero"
            where.setdefault(state, []).append(f"[{l}]")
            states.add(state)
        each = [f"{state} at {', '.join(layers)}" for state, layers in where.items()]
        said.append(f"the {name} are {', '.join(each if len(where) > 1 else where)}")
    if states == {"wrong"}:
        said = ["they are wrong in every layer"]
    return f"No known mistake gives these numbers. In a network with sizes {sizes}, {'; '.join(said)}."


class Example(NamedTuple):
    """Lines to paste into a Python prompt, what the last gives, and what it should give."""

    lines: list[str]
    gives: Any
    wanted: Any
    measured: Any = None

    def __str__(self) -> str:
        shown = (("gives    ", self.gives), ("should be", self.wanted), ("measured ", self.measured))
        comments = [f"# {what} {rounded(value)}" for what, value in shown if value is not None]
        return "\n".join([*self.lines, *comments]) + ", by finite differences" * (self.measured is not None)


class Verdict(NamedTuple):
    """What is known of one `method`: `ok` is None where it was not judged, `reasons` say why."""

    method: str
    ok: bool | None
    reasons: Sequence[Any] = ()
    example: Example | None = None

    @property
    def mistakes(self) -> Mistakes:
        """All that are named."""
        return sum((reason.mistakes for reason in self.reasons if isinstance(reason, Named)), ())

    @property
    def causes(self) -> list[str]:
        """What the mistakes are, without their layers and numbers."""
        return [mistake.words for mistake in self.mistakes]

    @property
    def words(self) -> str:
        """The reasons, a line for each."""
        return "\n".join(map(str, self.reasons))

    def __str__(self) -> str:
        right = {True: "right", False: "wrong", None: "not judged"}[self.ok]
        return self.words or f"{self.method} is {right}."

    def __repr__(self) -> str:
        return str(self)


class Report:
    """The verdicts on a class, and remarks on its conventions. Printed, it is a table.

    `name` is that of the class or file, `folder` where a program must be started that imports the file.
    """

    def __init__(self, name: str, verdicts: list[Verdict], remarks: Sequence[str], folder: str = "") -> None:
        self.name, self.verdicts, self.remarks, self.folder = name, verdicts, list(remarks), folder

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)

    def __getitem__(self, method: str) -> Verdict:
        return next(verdict for verdict in self.verdicts if verdict.method == method)

    @property
    def wrong(self) -> list[Verdict]:
        """The verdicts that say WRONG."""
        return [verdict for verdict in self if verdict.ok is False]

    @property
    def _is_training_judged(self) -> bool:
        """Whether the step was judged, or an SGD that has none."""
        step = self["update_mini_batch"]
        return bool(step.ok or self["SGD"].ok and Note.MISSING in step.reasons)

    @property
    def doubt(self) -> str:
        """Why it may not be right although nothing is wrong, in a sentence; "" if it is right."""
        reasons = [reason for verdict in self for reason in verdict.reasons]
        slow = [v.method for v in self if any(getattr(r, "kind", None) is Kind.HANGS for r in v.reasons)]
        if Note.EITHER in reasons:
            return "Whether it is right depends on the cost that is meant."
        if not (self["backprop"].ok or self._is_training_judged):
            return "No gradient was judged, so this says nothing about it."
        return f"What was judged is right, but {slow[0]} takes too long, or never ends." if slow else ""

    @property
    def is_right(self) -> bool:
        """Whether a gradient or a step was judged, and nothing is wrong, left open or too slow."""
        return not self.wrong and not self.doubt

    @property
    def conclusion(self) -> str:
        """The lines below the table."""
        if not self.wrong:
            missing = ", but there is no backprop" * (Note.MISSING in self["backprop"].reasons)
            unjudged = [v.method for v in self if v.ok is None and v.method in TRAINING[1:]]
            unjudged = [method for method in unjudged if Note.MISSING not in self[method].reasons]
            but = f" This says nothing about {' and '.join(unjudged)}." if unjudged else ""
            if not self._is_training_judged:
                missing, but = ", but nothing was that changes the weights", ""
            return self.doubt or f"Everything that was judged is right{missing}.{but}"
        first = self.wrong[0]
        said = []
        if first.example:
            where = f" that is started in {self.folder}" if self.folder else ""
            paste = f"to paste into a Python prompt{where}:\n\n{textwrap.indent(str(first.example), '    ')}"
            said.append(f"The smallest case in which {first.method} is wrong, {paste}")
        if any(verdict.method in FEEDS.get(first.method, ()) for verdict in self.wrong):
            follows = "what is wrong further down may follow from it, or be hidden by it."
            said.append(f"Fix {first.method} first: {follows}")
        return "\n\n".join(said)

    def __str__(self) -> str:
        lines = [f"{self.name}, compared with purenet's network and with finite differences:", ""]
        for verdict in self:
            start = f"  {verdict.method:18}{MARKS[verdict.ok]:7}"
            for part in verdict.words.split("\n"):
                # The indented lines of a reason belong to the reader's own file and are not wrapped.
                for line in [part] if part.startswith(" ") else textwrap.wrap(part, WIDTH) or [""]:
                    lines.append(f"{start}{line}".rstrip())
                    start = " " * len(start)
        if self.remarks:
            lines += ["", *(line for remark in self.remarks for line in textwrap.wrap(remark, WIDTH + 25))]
        return printable("\n".join([*lines, "", self.conclusion]).rstrip("\n"))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """As Jupyter shows it."""
        cells = (f"<td>{v.method}</td><td>{MARKS[v.ok]}</td><td>{html.escape(v.words)}</td>" for v in self)
        rows = "".join(f"<tr>{row}</tr>" for row in cells)
        rest = html.escape("\n".join([*self.remarks, self.conclusion]))
        return f"<table style='text-align: left; white-space: pre-wrap'>{rows}</table><pre>{rest}</pre>"


def rounded(nested: Any) -> str:
    """Nested lists of numbers as text, with six digits each."""
    if isinstance(nested, (list, tuple)):
        return f"[{', '.join(map(rounded, nested))}]"
    return f"{nested + 0:.6g}"
