"""What the checker found, as values that code can ask and that become words only when they are printed.

    report = judge(MyNetwork)
    report.is_right, [verdict.method for verdict in report if verdict.ok is False]
    print(report)
"""

from __future__ import annotations

import enum
import html
import os
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from purenet.checker.guarded_call import Trouble
from purenet.checker.aliases import METHODS
from purenet.checker.reference import Mistake
from purenet.checker.search import is_close
from purenet.support.arrays import numbers

MARKS = {True: "ok", False: "WRONG", None: "-"}
WIDTH = 84  # of the words in a table
# What is wrong in these may follow from what is wrong in that one, or be hidden by it.
FEEDS = {
    "sigmoid": METHODS[1:],
    "sigmoid_prime": ["backprop", "update_mini_batch", "SGD"],
    "feedforward": METHODS[3:],
    "cost_derivative": ["backprop", "update_mini_batch", "SGD"],
    "backprop": ["update_mini_batch", "SGD"],
    "update_mini_batch": ["SGD"],
}


class Note(enum.Enum):
    """What is said without a mistake being named."""

    MISSING = "not there"
    HANGS = "not judged, since another method hangs"
    ALONE = "not judged, since feedforward fails"
    STEP_FAILS = "not judged, since what it calls is wrong and fails"
    GIVEN = "not judged, since another method changes the examples in place"
    LIKE_SIGMOID_PRIME = "It fails, as sigmoid_prime does for a vector."
    BACKPROP_FAILS = "not judged, since what backprop gives cannot be used"
    ELSEWHERE = "not judged: it is not the σ of the network"
    UNKNOWN = "No known mistake gives these numbers."
    OF_A = "It takes a = σ(z) instead of z, and backprop gives it that."
    OF_FEEDFORWARD = "It is the gradient of what feedforward gives, which is wrong."
    RIGHT_STEP = "It makes the right step of what backprop gives."
    RIGHT_STEP_OF_WRONG = "It makes the right step of what backprop gives, which is wrong."
    OF_BACKPROP = "It steps by what backprop gives, which is wrong."
    EXCHANGED = "It takes what backprop gives apart in the other order: nabla_b and nabla_w are exchanged."
    CARRIED = "The first step is right, the next is not: gradients of one mini-batch are carried into the next."
    UNSTEADY_STEP = (
        "A new network with the same weights takes another step: gradients are carried over from earlier "
        "mini-batches, or something is drawn at random."
    )
    OPTIMISER = (
        "The step is not −η times the mean gradient, since it keeps something from step to step, so it is not "
        "judged. It goes down the gradient."
    )
    DECAY = "The step also shrinks the weights, as for weight decay. It is not judged."
    IN_PLACE = (
        "It changes the lists or arrays themselves, also for a program that has kept them; "
        "w = w - ... makes new ones, w -= ... does not."
    )
    EITHER = (
        "It is right for the cross-entropy, where δ = a − y at the output. For ½‖y − a‖², σ′(z) is left out at "
        "the output. The class does not say which cost is meant: --cost cross-entropy or --cost quadratic does."
    )
    NEGATIVE = "It gives −∇C, as if y − a stood for a − y."
    ADDS = "It adds what backprop gives, which is −∇C: two minuses that together are right."
    FOR_NEGATIVE = "It is y − a, the negative of the derivative, which backprop makes up for."
    SHARE = "It gives the share that is right, not how many."
    ONE_HOT = "It takes y as a vector with one 1, not as a digit."
    ALIKE = (
        "All weights of a layer begin at the same value, so its neurons get the same gradient and never "
        "differ; begin with numbers that are drawn at random."
    )

    def __str__(self) -> str:
        return self.value


class Named(NamedTuple):
    """Mistakes that give the same numbers. `part` is "biases" or "weights" where it is only of those."""

    mistakes: Sequence[Mistake]
    intro: str = ""
    part: str = ""

    def __str__(self) -> str:
        said = self.intro + "; and ".join(map(str, self.mistakes))
        said = f"{said[:1].upper()}{said[1:]}." if said[1:2].isalpha() and said[:1] not in "σδ" else f"{said}."
        return f"The {self.part} are {'wrong: ' + said if self.mistakes else 'right.'}" if self.part else said

    @property
    def needs_hidden(self) -> bool:
        """Whether the first of them shows only where there is a hidden layer."""
        return bool(self.mistakes) and (
            self.mistakes[0].step == "back" or self.mistakes[0].where == "in the hidden layers"
        )


class Layers(NamedTuple):
    """How each layer of the biases and of the weights is: right, zero, wrong or so many times what it should
    be.
    """

    sizes: list[int]
    biases: list[str]
    weights: list[str]

    def __str__(self) -> str:
        said = []
        for name, row in (("biases", self.biases), ("weights", self.weights)):
            where = [
                f"{state} at " + ", ".join(f"[{l}]" for l, other in enumerate(row) if other == state)
                for state in dict.fromkeys(row)
            ]
            said.append(f"the {name} are " + (row[0] if len(where) == 1 else ", ".join(where)))
        return f"With sizes {self.sizes}, {'; '.join(said)}."


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
    def is_named(self) -> bool:
        """Whether a mistake is named, and not only what came of it."""
        return any(isinstance(reason, Named) for reason in self.reasons)

    @property
    def fails(self) -> bool:
        """Whether it raises, or gives something of another shape, in some network."""
        return any(isinstance(r, Trouble) or r is Note.LIKE_SIGMOID_PRIME for r in self.reasons)

    @property
    def mistakes(self) -> list[Mistake]:
        """All that are named."""
        return [mistake for r in self.reasons if isinstance(r, Named) for mistake in r.mistakes]

    @property
    def words(self) -> str:
        """The reasons, a line for each."""
        return "\n".join(map(str, self.reasons))

    def __str__(self) -> str:
        return (
            self.words
            or f"{self.method} is {'right' if self.ok else 'wrong' if self.ok is False else 'not judged'}."
        )

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
    def is_judged(self) -> bool:
        """Whether a gradient, or a step that was held against the right gradient, was judged and is right."""
        steps = [self[method] for method in ("update_mini_batch", "SGD")]
        by_backprop = {Note.RIGHT_STEP, Note.RIGHT_STEP_OF_WRONG, Note.EITHER}
        return (
            self["backprop"].ok is True
            or any(v.ok and not by_backprop & set(v.reasons) for v in steps[:1])
            or (steps[0].ok is None and steps[1].ok is True and Note.MISSING in steps[0].reasons)
        )

    @property
    def is_right(self) -> bool:
        """Whether a gradient was judged, and nothing that was judged is wrong or left open."""
        return self.is_judged and not self.wrong and not any(Note.EITHER in verdict.reasons for verdict in self)

    @property
    def conclusion(self) -> str:
        """The lines below the table."""
        wrong = self.wrong
        if not wrong and any(Note.EITHER in verdict.reasons for verdict in self):
            return "Whether it is right depends on the cost that is meant."
        if not wrong and not self.is_judged:
            return "No gradient was judged, so this says nothing about it."
        if not wrong:
            missing = Note.MISSING in self["backprop"].reasons
            return f"Everything that was judged is right{', but there is no backprop' * missing}."
        lines = []
        if wrong[0].example:
            where = f" that is started in {self.folder}" if self.folder else ""
            first = f"The smallest case in which {wrong[0].method} is wrong"
            lines += [
                f"{first}, to paste into a Python prompt{where}:\n",
                textwrap.indent(str(wrong[0].example), "    "),
            ]
        if any(verdict.method in FEEDS.get(wrong[0].method, ()) for verdict in wrong):
            follows = "what is wrong further down may follow from it, or be hidden by it."
            lines.append("\n" * bool(lines) + f"Fix {wrong[0].method} first: {follows}")
        return "\n".join(lines)

    def __str__(self) -> str:
        lines = [f"{self.name}, compared with purenet's network and with finite differences:", ""]
        for method, ok, *_ in self:
            # The indented lines of a reason belong to the reader's own file and are not wrapped.
            said = [line for part in self[method].words.split("\n") for line in _wrapped(part)] or [""]
            lines.append(f"  {method:18}{MARKS[ok]:7}{said[0]}".rstrip())
            lines += [f"{'':27}{line}" for line in said[1:]]
        if self.remarks:
            lines += ["", *(line for remark in self.remarks for line in textwrap.wrap(remark, WIDTH + 25))]
        return "\n".join([*lines, *(["", self.conclusion] if self.conclusion else [])])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """As Jupyter shows it."""
        rows = "".join(
            f"<tr><td>{method}</td><td>{MARKS[ok]}</td>"
            f"<td style='text-align: left; white-space: pre-wrap'>{html.escape(self[method].words)}</td></tr>"
            for method, ok, *_ in self
        )
        more = "".join(f"<p>{html.escape(remark)}</p>" for remark in self.remarks)
        return f"<table>{rows}</table>{more}<pre>{html.escape(self.conclusion)}</pre>"


def _wrapped(text: str) -> list[str]:
    return [text] if text.startswith(" ") else textwrap.wrap(text, WIDTH)


def layers(sizes: list[int], got: Any, wanted: Any) -> Layers:
    """Layer by layer, how (biases, weights) or their gradients are beside what they should be."""
    return Layers(sizes, *(list(map(_state, *parts)) for parts in zip(got, wanted)))


def _state(got: Any, wanted: Any) -> str:
    rows, got, wanted = got, numbers(got), numbers(wanted)
    if is_close(got, wanted):
        return "right"
    if not any(got):
        return "zero"
    if len(rows) > 1 and isinstance(rows[0], list) and all(row == rows[0] for row in rows):
        return "wrong, with all rows alike as if one list stood for them all,"
    largest = max(range(len(wanted)), key=lambda k: abs(wanted[k]))
    factor = got[largest] / (wanted[largest] or 1.0) if len(got) == len(wanted) > 1 else 0.0
    if abs(factor - 1) > 1e-3 and is_close(got, [factor * w for w in wanted]):
        return f"{factor:.4g} times what they should be"
    return "wrong"


def rounded(nested: Any) -> str:
    """Nested lists of numbers as text, with six digits each."""
    if isinstance(nested, (list, tuple)):
        return f"[{', '.join(map(rounded, nested))}]"
    return f"{nested:.6g}"


def folder_of(path: str) -> str:
    """The folder of the file, "" where it is the current one."""
    folder = os.path.dirname(path)
    return "" if os.path.isdir(folder) and os.path.samefile(folder, os.curdir) else folder
