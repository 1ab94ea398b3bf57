"""How does the check of a gradient turn out? As true or false, with the worst parameter, and in words.

    from purenet import gradcheck
    result = gradcheck.check(net, x, y)
    print(result.ok, result)
"""

from __future__ import annotations

from typing import NamedTuple


class Result(NamedTuple):
    """What `gradcheck.check` found, true or false as `ok` is; printed, it is a report.

    layer, neuron, input   the worst parameter is weights[layer][neuron][input], or biases[layer][neuron]
                           where input is None
    backprop, estimate     ∂C/∂p of that parameter as `backprop` and as (10) have it
    error                  how far they are apart: |backprop − estimate| / max(|backprop|, |estimate|, floor)
    diagnosis              what may be the matter, in words; "" where ok
    """

    ok: bool
    layer: int
    neuron: int
    input: int | None
    backprop: float
    estimate: float
    error: float
    diagnosis: str

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        place = f"nabla_b[{self.layer}][{self.neuron}]"
        if self.input is not None:
            place = f"nabla_w[{self.layer}][{self.neuron}][{self.input}]"
        found = (
            f"{place} is {self.backprop:.10g} by backprop and {self.estimate:.10g} by finite differences "
            f"(relative error {self.error:.1e})"
        )
        if self.ok:
            return f"The gradient is right. Where it is farthest off, {found}."
        return f"The gradient is wrong. {self.diagnosis}\nWhere it is farthest off, {found}."
