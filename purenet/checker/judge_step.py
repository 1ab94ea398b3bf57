"""Judges the step of a class, update_mini_batch: by the right gradient, or by what its own backprop gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from purenet.checker.comparison import CALLS, ETA, TWO_STEPS, Trial, gone, stepped
from purenet.checker.guarded_call import Trouble, tried
from purenet.checker.mistakes import DECAY, is_close
from purenet.checker.reference import Mistake, Reference
from purenet.checker.verdict import Note, Verdict
from purenet.matrix import add, dot
from purenet.support.arrays import numbers

METHOD = "update_mini_batch"


def judge_step(trial: Trial, found: dict[str, Verdict], is_guessed: bool) -> Verdict:
    """The verdict on update_mini_batch, where those on what it calls are `found`."""
    verdict = trial.compared(METHOD)
    if verdict.ok is None:
        return verdict
    if verdict.ok:
        return _judge_right_step(trial, is_guessed)
    if _is_right_by(trial, lambda nabla: nabla[::-1]):
        return verdict._replace(reasons=[Note.EXCHANGED])
    if not (found["feedforward"].ok and found["backprop"].ok):
        own = trial.compared(METHOD, own=_own_gradient(trial))
        if own.ok:
            is_wrong = found["backprop"].ok is False
            return _right(trial, [Note.BY_WRONG_BACKPROP if is_wrong else Note.BY_BACKPROP])
        if not own.mistakes and any(isinstance(reason, Trouble) for reason in own.reasons):
            return Verdict(METHOD, None, [Note.FAILS])
        if own.ok is False and (own.mistakes or not verdict.mistakes):
            verdict = own
    return _optimised(trial, verdict)


def _judge_right_step(trial: Trial, is_guessed: bool) -> Verdict:
    """The verdict on a step that is right by the model: the next may be wrong, or the cost another."""
    if not trial.is_right(TWO_STEPS):
        return _optimised(trial, Verdict(METHOD, False, [Note.KEEPS]))
    if trial.model.sign < 0:
        return _right(trial, [Note.ADDS])
    if is_guessed and not trial.way.names["backprop"]:
        return Verdict(METHOD, None, [Note.EITHER])
    return _right(trial, [Note.BY_BACKPROP] if is_guessed else [])


def _right(trial: Trial, notes: list[Note]) -> Verdict:
    """The verdict on a right step, with a note where it changes the lists or arrays that a program has kept."""

    def is_changed() -> bool:
        net = trial.theirs(trial.cases[-2])
        kept = net.kept()
        before = numbers(kept)
        net.update_mini_batch(trial.cases[-2].examples[:3], ETA)
        return numbers(kept) != before

    is_in_place, _ = tried(trial.way.files, is_changed)
    return Verdict(METHOD, True, [*notes, Note.IN_PLACE] if is_in_place else notes)


def _own_gradient(trial: Trial) -> list[Mistake]:
    """What their backprop gives, in the place of the right gradient."""
    return [trial.own("gradient", lambda net, s: net.backprop(s.x, s.y))] if trial.way.names["backprop"] else []


def steps_by_backprop(trial: Trial) -> bool:
    """Whether the step calls backprop."""
    calls: list[Any] = []
    _is_right_by(trial, calls.append)
    return bool(calls)


def _is_right_by(trial: Trial, change: Callable[[Any], Any]) -> bool:
    """Whether the step is right by what backprop gives, changed in this way."""
    backprop: Any = getattr(trial.network_class, trial.way.names["backprop"] or "", None)

    def is_right(case: Any) -> bool:
        with trial.replaced(backprop=lambda *args, **named: change(backprop(*args, **named))):
            answer = CALLS[METHOD](trial.theirs(case), case)
        return is_close(answer, CALLS[METHOD](Reference(case.biases, case.weights, model=trial.model), case))

    return bool(backprop) and all(tried(trial.way.files, is_right, case)[0] for case in trial.cases)


def _optimised(trial: Trial, verdict: Verdict) -> Verdict:
    """The verdict on a wrong step: not one where it is that of another optimiser."""
    if [mistake.words for mistake in verdict.mistakes] == [DECAY]:
        return Verdict(METHOD, None, [Note.DECAY])
    case = trial.cases[-2]
    before, (first, second) = (case.biases, case.weights), (case.examples[:2], case.examples[2:])

    def is_optimised() -> bool:
        """Whether the second step depends on the first, which goes down the gradient."""
        net = trial.theirs(case)
        one = numbers(gone(before, stepped(net, first)))
        net.reset(*before)
        nets = net, trial.theirs(case), trial.theirs(case)
        two, alone, again = (numbers(gone(before, stepped(each, second))) for each in nets)
        right = Reference(case.biases, case.weights, _own_gradient(trial), trial.model)
        keeps_sum, is_random = is_close(two, add(one, alone)), not is_close(alone, again)
        is_down = dot(one, numbers(gone(before, stepped(right, first)))) > 0
        return is_down and not (keeps_sum or is_random or is_close(two, alone))

    is_known = any(mistake.c is None for mistake in verdict.mistakes)
    if not is_known and tried(trial.way.files, is_optimised)[0]:
        return Verdict(METHOD, None, [Note.OPTIMISER])
    return verdict
