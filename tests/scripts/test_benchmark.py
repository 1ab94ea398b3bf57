"""scripts/benchmark.py does what its labels say, as often as it says, and finds the line of the times.

None of these tests knows how fast anything is: the clock is a false one, or the times are made up.
"""

import itertools
import json
import os
import sys
from fractions import Fraction
from unittest import mock

import benchmark
import pytest
from hypothesis import given
from hypothesis import strategies as st

from purenet import Network, digits

# So little to do that the numbers mean nothing, and are there at once.
LITTLE = {
    "clock": itertools.count().__next__, "ROUNDS": 1, "EXAMPLES": 6, "SAMPLE": 4,
    "GROWTH": {
        "example": {"2 examples": 2, "6 examples": 6},
        "hidden neuron": {"2 hidden neurons": 2, "3 hidden neurons": 3},
        "input": {"50 inputs": 50, "100 inputs": 100},
    },
}
times = st.fractions(Fraction(1, 1000), 1000, max_denominator=1000)


@given(st.dictionaries(st.integers(1, 1000), times, min_size=2, max_size=6))
def test_no_other_line_comes_nearer(points):
    slope, start, off = benchmark.line(points.keys(), points.values())
    errors = [(n, t, (slope * n + start) / t - 1) for n, t in points.items()]
    assert off == max(abs(e) for _, _, e in errors)
    # The sum of their squares is least where it has no slope, neither along `slope` nor along `start`.
    assert sum(e * n / t for n, t, e in errors) == sum(e / t for _, t, e in errors) == 0


def test_each_round_shows_what_the_clock_showed():
    now = 0.0

    def task(*durations):
        durations = iter(durations)

        def task():
            nonlocal now
            now += next(durations)

        return task

    # One call of the first takes less than the fifth of a second that timeit asks for, and two take enough.
    tasks = [("flying", task(0.125, *[0.25] * 2, *[0.5] * 6), 10), ("nesting", task(2.0, 1.0, 2.0, 3.0), 4)]
    with mock.patch.multiple(benchmark, clock=lambda: now, ROUNDS=3):
        assert benchmark.measured(tasks) == {"flying": [0.05] * 3, "nesting": [0.25, 0.5, 0.75]}


class Recorder(Network):
    """Puts down what it learns from and what it is asked: its hidden neurons, the inputs that are not 0."""

    done = []

    def update_mini_batch(self, mini_batch, eta):
        Recorder.done += [("learn", self.sizes[1], sum(map(bool, x))) for x, _ in mini_batch]
        super().update_mini_batch(mini_batch, eta)

    def evaluate(self, test_data):
        Recorder.done += [("answer", self.sizes[1], sum(map(bool, x))) for x, _ in test_data]
        return super().evaluate(test_data)


def test_each_task_does_as_many_as_its_label_says(tmp_path):
    done, counts = {}, {}
    with mock.patch.multiple(benchmark, Network=Recorder, **LITTLE):
        for label, task, counts[label] in benchmark.tasks(tmp_path):
            Recorder.done = []
            result = task()
            done[label] = Recorder.done or result
    loaded, drawn = done.pop("loading 1000 images (IDX)"), done.pop("drawing one image")
    assert sum(map(len, loaded)) == 12 and loaded[2] == digits.load_data_wrapper(0, 0, 6)[2]
    assert [len(examples) for examples in drawn] == [4, 0, 0]
    for n in 50, 100:
        assert done.pop(f"{n} inputs") == [("learn", 30, n)] * 4
    learn, answer = ("learn", 30), ("answer", 30)
    assert {label: [tuple(what) for *what, _ in records] for label, records in done.items()} == {
        "training on one example": [learn] * 4,
        "evaluating one image": [answer] * 4,
        "one epoch: 6, 6 evaluated": [learn] * 6 + [answer] * 6,
        **{f"{n} examples": [learn] * n for n in (2, 6)},
        **{f"{n} hidden neurons": [("learn", n)] * 4 for n in (2, 3)},
    }
    assert counts.pop("loading 1000 images (IDX)") == 0.012
    whole = {label for label in counts if label.startswith("one epoch") or label.endswith("examples")}
    assert all(count == (1 if label in whole else 4) for label, count in counts.items())


@given(st.floats(-1e6, 1e6))
def test_a_time_has_three_digits_or_three_decimals(number):
    text = benchmark.short(number)
    decimals = len(text.partition(".")[2])
    assert abs(float(text) - number) <= 0.5001 * 10.0**-decimals
    assert decimals == 3 or decimals < 3 <= len(text.strip("-").replace(".", ""))


GROWTH = {"bird": {"one bird": 1, "three birds": 3}, "egg": {"one egg": 1, "two eggs": 2, "three eggs": 3}}


def test_a_table_made_by_hand():
    # Seconds: the medians of the first are 1 and 5 ms for 1 and 3 birds, so 2 ms a bird and 1 ms less. The
    # points of the eggs, (1, 1), (2, 1) and (3, 1/2), have the weights 1, 1 and 4, so the means 2 1/2 and 2/3,
    # and the line -2/7 n + 29/21, which is 4/21 off.
    first = {"flying": [0.002, 0.001, 0.009], "one bird": [0.001], "three birds": [0.005]}
    first.update({"one egg": [1.0], "two eggs": [1.0], "three eggs": [0.5]})
    second = {label: [1.5 * t for t in times] for label, times in first.items()}
    with mock.patch.multiple(benchmark, GROWTH=GROWTH, ROUNDS=3):
        table = benchmark.table([{"python": "A 1", "seconds": first}, {"python": "B 2", "seconds": second}])
    assert table.split("\n") == [
        "Milliseconds of processor time: median (fastest-slowest) of 3 rounds",
        "",
        "                                                 A 1                  B 2  ratio",
        "flying                              2.00 (1.00-9.00)     3.00 (1.50-13.5)   1.50",
        "",
        "How the cost of training grows. Below the times is the straight line that fits",
        # For the squares 1, 4, 16 and 64 of 1, 2, 4 and 8 the line is 204/47 n - 160/47: 24/47 off at 64.
        "best, and how far off it is at most (times like n**1.1: 3 %, n**2: 51 %).",
        "",
        "one bird                            1.00 (1.00-1.00)     1.50 (1.50-1.50)   1.50",
        "three birds                         5.00 (5.00-5.00)     7.50 (7.50-7.50)   1.50",
        "  A 1: 2000 us per bird - 1000 us, 0.0 % off",
        "  B 2: 3000 us per bird - 1500 us, 0.0 % off",
        "",
        "one egg                             1000 (1000-1000)     1500 (1500-1500)   1.50",
        "two eggs                            1000 (1000-1000)     1500 (1500-1500)   1.50",
        "three eggs                             500 (500-500)        750 (750-750)   1.50",
        "  A 1: -285714 us per egg + 1380952 us, 19.0 % off",
        "  B 2: -428571 us per egg + 2071429 us, 19.0 % off",
    ]


def test_from_the_arguments_to_the_table(capsys, tmp_path, monkeypatch):
    def main(*arguments):
        monkeypatch.setattr(sys, "argv", ["benchmark.py", *arguments])
        with mock.patch.multiple(benchmark, **LITTLE):
            benchmark.main()
        return capsys.readouterr().out

    monkeypatch.setattr(benchmark.tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    [result] = json.loads(main("--json"))
    assert result["python"] == benchmark.PYTHON
    assert len(result["seconds"]) == 5 + 6 and all(len(times) == 1 for times in result["seconds"].values())
    # The second Python is this one under another name, ten times as fast as it has just been.
    other = {"python": "B", "seconds": {label: [0.1 * t] for label, [t] in result["seconds"].items()}}
    python = executable(tmp_path / "other", f"[ $# = 2 ] && [ $2 = --json ] && echo '{json.dumps([other])}'")
    monkeypatch.setattr(benchmark, "measured", lambda tasks: result["seconds"])
    announced, table = main("--against", python).split("\n\n", 1)
    assert announced == "Measuring, up to a minute for each Python ..."
    assert f"{benchmark.PYTHON:>52}{'B':>21}  ratio\n" in table
    assert f"{benchmark.short(1000 * other['seconds']['drawing one image'][0])} (" in table
    assert main().startswith("Measuring, up to a minute for this Python ...\n\nMilliseconds")
    assert os.listdir(tmp_path / "temporary") == []


def executable(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_python_that_cannot_be_measured_gets_a_sentence(tmp_path):
    python = executable(tmp_path / "python", "exit 3")
    with pytest.raises(ValueError, match=f"^{python} cannot run this script$"):
        benchmark.measured_by(python)
