"""Finds, by their shapes, where an object keeps its biases and its weights, whatever it calls them.

    place = find(net, "weights", [(3, 2), (4, 3), (5, 4)])
    place.get(net, 2)           # net.layers[2].W, say

Gradients are found in the same way: find(nabla, "biases", [(3,), (4,), (5,)], "nabla").
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

Shape = tuple[int, ...]
compiled = functools.lru_cache(maxsize=1000)(compile)  # The same few lines are wanted again and again.
LIKELY = {"biases": (r"\b_*b", "bias"), "weights": (r"\b_*(w|theta)", "weight")}
MOST = 1000  # objects that are looked into


class Place(NamedTuple):
    """Where an object, called `root`, has something for each layer.

    expression   what one would write for that of layer l: expression(0) is "net.W1", say
    whole        what one would write for the list of just these, "" if there is none
    """

    root: str
    expression: Callable[[int], str]
    whole: str = ""

    def get(self, owner: Any, l: int) -> Any:
        """What layer l has."""
        return eval(compiled(self.expression(l), "", "eval"), {self.root: owner})

    def all(self, owner: Any, count: int) -> list[Any]:
        """What each layer has."""
        if self.whole:
            return list(eval(compiled(self.whole, "", "eval"), {self.root: owner}))
        return [self.get(owner, l) for l in range(count)]

    def put(self, owner: Any, values: list[Any]) -> None:
        """Put a value in the place of what each layer has."""
        lines = self.assigned([f"values[{l}]" for l in range(len(values))])
        exec(compiled("\n".join(lines), "", "exec"), {self.root: owner, "values": values})

    def assigned(self, values: list[str]) -> list[str]:
        """The lines that do so with these values, as one would write them."""
        if self.whole:
            return [f"{self.whole} = [{', '.join(values)}]"]
        return [f"{self.expression(l)} = {value}" for l, value in enumerate(values)]


def find(
    owner: Any, what: str, shapes: list[Shape], root: str = "net", must_count: bool = False
) -> Place | None:
    """Where the object has something of these shapes, layer by layer; None if it has not.

    They stand in a list, or their names count up, as in net.W1, net.W2; or they do not, unless `must_count`.
    A vector may be a column or a row. `what` is "biases" or "weights", by which the likely ones are chosen.
    """
    there = {text: value for text, value in _reachable(owner, root) if _shape(value) in shapes}
    exact, *likely = (rf"^{root}\.{what}\b", *LIKELY[what])
    ranked = sorted(
        there, key=lambda text: [not re.search(words, text, re.IGNORECASE) for words in (exact, *likely)]
    )
    of_layer = [[text for text in ranked if _shape(there[text]) == each] for each in shapes]
    for text in of_layer[0]:
        for number in re.finditer(r"\d+", text):
            before, start, after = text[: number.start()], int(number[0]), text[number.end() :]

            def expression(l: int, before: str = before, start: int = start, after: str = after) -> str:
                return f"{before}{start + l}{after}"

            if all(expression(l) in texts for l, texts in enumerate(of_layer)):
                whole = before[:-1] if (start, after) == (0, "]") else root
                holder = eval(whole, {root: owner})
                alone = whole != root and isinstance(holder, (list, tuple)) and len(holder) == len(shapes)
                return Place(root, expression, whole if alone else "")
    if must_count or not all(of_layer):
        return None
    return Place(root, [texts[0] for texts in of_layer].__getitem__)


def _reachable(owner: Any, root: str) -> list[tuple[str, Any]]:
    """What can be reached from the object, as (what one would write for it, value), the nearest first."""
    found, seen = [(root, owner)], set()
    for text, value in found:  # The list grows as it is walked through.
        if id(value) in seen or _shape(value) or isinstance(value, (str, bytes, type, ModuleType)):
            continue
        seen.add(id(value))
        if isinstance(value, (list, tuple)):
            found += [(f"{text}[{k}]", entry) for k, entry in enumerate(value[:9])]
        elif isinstance(value, dict):
            found += [(f"{text}[{key!r}]", value[key]) for key in value if isinstance(key, (str, int))]
        elif len(seen) < MOST:
            slots = [name for cls in type(value).__mro__ for name in getattr(cls, "__slots__", ())]
            names = dict.fromkeys([*getattr(value, "__dict__", {}), *slots, "biases", "weights"])
            found += [(f"{text}.{name}", getattr(value, name)) for name in names if hasattr(value, name)]
    return found


def _shape(value: Any) -> Shape | None:
    """The shape of an array or of nested lists of numbers, without sides of length 1; None of all else."""
    sides = _sides(value)
    return sides and tuple(side for side in sides if side != 1)


def _sides(value: Any) -> Shape | None:
    if hasattr(value, "shape"):
        return tuple(value.shape)
    if isinstance(value, (list, tuple)):
        rows = {_sides(row) for row in value[:9]}
        row = rows.pop() if len(rows) == 1 else None
        return None if row is None else (len(value), *row)
    return () if hasattr(value, "__float__") else None
