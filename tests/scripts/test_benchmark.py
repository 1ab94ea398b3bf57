"""scripts/benchmark.py shows what its clock showed, of what its labels say, and finds the line of the times.

None of these tests knows how fast anything is: the clock is a false one, or the times are only looked at.
"""

import contextlib
import io
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import types
from fractions import Fraction
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purenet import Network, digits

PROJECT = Path(__file__).resolve().parents[2]
SCRIPT = PROJECT / "scripts" / "benchmark.py"
# So little to do that the numbers mean nothing, and are there at once.
LITTLE = {"ROUNDS": 1, "SECONDS": 1e-9, "WARM_UP": 1e-9, "EXAMPLES": 16, "SAMPLE": 12}
ROW = re.compile(r"(\S.*\S) +([\d.]+) \(([\d.]+)-([\d.]+)\)")


def little(folder, **changes):
    """A copy of the script that has little to do, but for the changes."""
    text = SCRIPT.read_text(encoding="utf-8")
    for name, value in {**LITTLE, **changes}.items():
        text, changed = re.subn(f"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
        assert changed == 1
    copy = folder / "benchmark.py"
    copy.write_text(text, encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return little(tmp_path_factory.mktemp("scripts"))


def imported():
    """The script, with little to do, as a module of which parts can be replaced."""
    module = types.ModuleType("benchmark")
    handler, path = signal.getsignal(signal.SIGINT), sys.path[:]
    with tempfile.TemporaryDirectory() as folder:
        text = little(Path(folder)).read_text(encoding="utf-8")
    module.__file__ = str(SCRIPT)
    exec(compile(text, str(SCRIPT), "exec"), vars(module))
    signal.signal(signal.SIGINT, handler)
    sys.path[:] = path
    return module


benchmark = imported()


def start(script, *arguments, env=(), **options):
    return subprocess.Popen(
        [sys.executable, str(script), *arguments],
        env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "", **dict(env)},
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options},
    )


def run(script, *arguments, status=0, **options):
    process = start(script, *arguments, **options)
    out, err = process.communicate()
    assert process.returncode == status, err
    return out, err


def main(*arguments):
    """What main prints."""
    with mock.patch.object(sys, "argv", ["benchmark.py", *arguments]):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            benchmark.main()
    return out.getvalue()


fractions = st.fractions(-1000, 1000, max_denominator=1000)
times = st.fractions(Fraction(1, 1000), 1000, max_denominator=1000)
numbers = st.lists(st.integers(1, 1000), min_size=2, max_size=6, unique=True)


@given(numbers, fractions, fractions)
def test_the_line_of_times_that_lie_on_one_is_that_line(numbers, slope, start):
    # Moved up until every time is above 0.
    start += max(0, 1 - min(slope * n + start for n in numbers))
    assert benchmark.line(numbers, [slope * n + start for n in numbers]) == (slope, start, 0)


@given(numbers, st.lists(times, min_size=6, max_size=6), fractions, fractions)
def test_no_other_line_comes_nearer(numbers, times, slope, start):
    def errors(slope, start):
        return [abs(slope * n + start - t) / t for n, t in zip(numbers, times)]

    *best, off = benchmark.line(numbers, times)
    assert off == max(errors(*best))
    assert sum(e**2 for e in errors(*best)) <= sum(e**2 for e in errors(slope, start))


def test_a_line_worked_out_by_hand():
    # Through (1, 1), (2, 1) and (3, 1/2), whose weights are 1, 1 and 4: the means are 2 1/2 and 2/3.
    times = [Fraction(1), Fraction(1), Fraction(1, 2)]
    assert benchmark.line([1, 2, 3], times) == (Fraction(-2, 7), Fraction(29, 21), Fraction(4, 21))


class Clock:
    """Stands still, but for what its tasks take."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def task(self, durations):
        durations = iter(durations)

        def task():
            self.now += next(durations)

        return task


def check(text, seconds, scale=1e3):
    """The text is that time, to three digits and at most three decimals."""
    decimals = len(text.partition(".")[2])
    assert abs(float(text) - scale * seconds) <= 0.5001 * 10.0**-decimals
    assert decimals == 3 or len(text.replace(".", "")) >= 3


grown = [label for _, numbers in benchmark.GROWTH.values() for label in numbers]
durations = st.lists(st.floats(2e-5, 9), min_size=4, max_size=4)


@given(st.data())
def test_what_is_shown_is_what_the_clock_showed(data):
    clock, things, seconds = Clock(), [], {}
    for label in ["flying", *grown, "landing"]:
        count = data.draw(st.sampled_from([1, 10, 0.5]))
        # The first call warms up and is not shown.
        warm_up, *taken = data.draw(durations)
        things.append((label, clock.task([warm_up, *taken]), count))
        seconds[label] = [t / count for t in taken]
    # Without the garbage collector, which would look through all that Hypothesis remembers.
    parts = {"ROUNDS": 3, "clock": clock, "gc": mock.Mock(), "things": lambda folder: things}
    with mock.patch.multiple(benchmark, **parts):
        lines = main().splitlines()
    rows = {}
    for line in lines:
        row = ROW.fullmatch(line.strip())
        if row:
            rows[row[1]] = row.groups()[1:]
    assert list(rows) == ["flying", "landing", *grown] and "ratio" not in "".join(lines)
    # For the squares 1, 4, 16 and 64 of 1, 2, 4 and 8 the best line is 204/47 n - 160/47: 24/47 off at 64.
    assert "and how far they are off at most (times like n**1.1: 3 %, n**2: 51 %)." in lines
    for label, cells in rows.items():
        times = seconds[label]
        for text, value in zip(cells, (statistics.median(times), min(times), max(times))):
            check(text, value)
    for unit, (where, numbers) in benchmark.GROWTH.items():
        medians = [statistics.median(seconds[label]) for label in numbers]
        slope, start, off = benchmark.line(numbers.values(), medians)
        fit = lines[lines.index(where) + 1 + len(numbers)]
        form = rf"  {benchmark.PYTHON}: (-?)(\S+) us per {unit} ([+-]) (\S+) us, (\S+) % off"
        minus, per_unit, sign, at_none, percent = re.fullmatch(form, fit).groups()
        assert (minus == "-", sign == "-") == (slope < 0, start < 0)
        check(per_unit, abs(slope), 1e6), check(at_none, abs(start), 1e6)
        assert abs(float(percent) - 100 * off) <= 0.0501


def test_a_round_lasts_as_long_as_it_should():
    clock = Clock()
    # In two seconds there are eight calls, so that one second has four. They take longer later.
    things = [("flying", clock.task([0.25] * 8 + [0.5] * 12), 10)]
    parts = {"ROUNDS": 3, "SECONDS": 1.0, "WARM_UP": 2.0, "clock": clock, "things": lambda folder: things}
    with mock.patch.multiple(benchmark, **parts):
        assert benchmark.measured() == {"flying": [0.05] * 3}
    assert clock.now == 2 + 3 * 4 * 0.5


class Recorder(Network):
    """Puts down what it learns from and what it is asked."""

    done = []

    def update_mini_batch(self, mini_batch, eta):
        Recorder.done += [("learn", self.sizes[1], sum(map(bool, x))) for x, _ in mini_batch]
        super().update_mini_batch(mini_batch, eta)

    def evaluate(self, test_data):
        Recorder.done += [("answer", self.sizes[1], sum(map(bool, x))) for x, _ in test_data]
        return super().evaluate(test_data)


def test_each_task_does_as_many_as_its_label_says(tmp_path):
    with mock.patch.object(benchmark, "Network", Recorder):
        tasks = {label: (task, count) for label, task, count in benchmark.things(tmp_path)}
    done = {}
    for label, (task, _) in tasks.items():
        Recorder.done = []
        result = task()
        done[label] = Recorder.done or result
    assert [(what, neurons) for what, neurons, _ in done["training on one example"]] == [("learn", 30)] * 12
    assert [(what, neurons) for what, neurons, _ in done["evaluating one image"]] == [("answer", 30)] * 12
    epoch = [what for what, *_ in done["one epoch: 16, 16 evaluated"]]
    assert epoch == ["learn"] * 16 + ["answer"] * 16
    loaded, drawn = done["loading 1000 images (IDX)"], done["drawing one image"]
    assert sum(map(len, loaded)) == 32 and loaded[2] == digits.load_data_wrapper(0, 0, 16)[2]
    assert [len(examples) for examples in drawn] == [12, 0, 0]
    for n in 2, 4, 8, 16:
        assert len(done[f"{n} examples"]) == n and {what for what, *_ in done[f"{n} examples"]} == {"learn"}
    for n in 15, 30, 60, 120:
        assert [neurons for _, neurons, _ in done[f"{n} hidden neurons"]] == [n] * 12
    for n in 50, 100, 200, 400:
        assert done[f"{n} inputs"] == [("learn", 30, n)] * 12
    counts = {label: count for label, (_, count) in tasks.items()}
    assert counts.pop("loading 1000 images (IDX)") == 0.032
    whole = {label for label in counts if label.startswith("one epoch") or label.endswith("examples")}
    assert all(count == (1 if label in whole else 12) for label, count in counts.items())


def rows(out):
    """The labels of the table with the two medians and the ratio that stand beside each."""
    cell = r" +([\d.]+) \([\d.]+-[\d.]+\)"
    found = re.findall(rf"^ *(\S.*\S){cell}{cell} +([\d.]+)$", out, re.MULTILINE)
    return {label: tuple(map(float, cells)) for label, *cells in found}


def test_a_second_python_is_measured_and_compared(copy):
    out, err = run(copy, "--against", sys.executable, encoding="ascii", env={"PYTHONIOENCODING": "ascii"})
    assert err == "" and max(map(len, out.splitlines())) <= 80
    found = rows(out)
    assert len(found) == 5 + len(grown) and {*grown} < {*found}
    for first, second, ratio in found.values():
        # All three are rounded: the medians to three digits, or to three decimals, and the ratio to two.
        by = [max(0.0006, 0.006 * time) for time in (first, second)]
        lowest, highest = (second - by[1]) / (first + by[0]), (second + by[1]) / (first - by[0])
        assert lowest - 0.006 <= ratio <= highest + 0.006
    assert out.count(f"  {benchmark.PYTHON}: ") == 2 * 3 and out.count(f"{benchmark.PYTHON}  ratio") == 1


def test_the_times_come_as_json_too(copy):
    out, err = run(copy, "--json", "--against", sys.executable)
    assert err == "" and len(json.loads(out)) == 2
    for result in json.loads(out):
        assert result["python"] == benchmark.PYTHON and len(result["seconds"]) == 5 + len(grown)
        assert all(len(times) == 1 and min(times) > 0 for times in result["seconds"].values())


def test_the_second_of_the_columns_is_the_second_python():
    here, there = dict.fromkeys(grown, [0.002]), dict.fromkeys(grown, [0.003])
    answers = mock.Mock(stdout=json.dumps([{"python": "B", "seconds": there}]))
    with mock.patch.object(benchmark, "measured", lambda: here):
        with mock.patch.object(benchmark.subprocess, "run", return_value=answers) as called:
            out = main("--against", "another")
    assert called.call_args[0] == (["another", str(SCRIPT), "--json"],)
    assert set(rows(out).values()) == {(2.0, 3.0, 1.5)} and f"{benchmark.PYTHON:>52}{'B':>21}  ratio\n" in out


def executable(path, text):
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def test_a_python_that_cannot_be_measured_gets_a_sentence(tmp_path, copy):
    for python, reason in (
        (str(tmp_path / "n\xf6where"), "No such file or directory"),
        (str(tmp_path), "Permission denied"),
        (executable(tmp_path / "fails", "#!/bin/sh\necho one >&2\necho two >&2\nexit 3\n"), ": two\n"),
        (executable(tmp_path / "quiet", "#!/bin/sh\nexit 3\n"), "it ends with status 3 and tells no times"),
        (executable(tmp_path / "talks", "#!/bin/sh\necho 3.9\n"), "it ends with status 0 and tells no times"),
    ):
        out, err = run(copy, "--against", python, status=1)
        assert out == "Measuring, up to a minute for each Python ...\n"
        assert err.startswith("benchmark.py: ") and err.count("\n") == 1
        assert python.replace("\xf6", "") in err.replace("\xf6", "") and reason in err


def test_an_argument_too_many_is_refused(copy):
    assert "unrecognized arguments: pypy3" in run(copy, "pypy3", status=2)[1]
    out, _ = run(copy, "--help")
    assert "--against PYTHON" in out and "--json" in out


@pytest.mark.parametrize("arguments", [[], ["--against", sys.executable]], ids=["alone", "against"])
def test_ctrl_c_ends_it_and_leaves_nothing(tmp_path, tmp_path_factory, arguments):
    endless = little(tmp_path_factory.mktemp("scripts"), ROUNDS=10**9)
    process = start(endless, *arguments, start_new_session=True, env={"TMPDIR": str(tmp_path)})
    assert process.stdout.readline().startswith("Measuring")
    # A file in the folder, since Ctrl-C between making the folder and knowing of it would leave it.
    while not list(tmp_path.glob("*/*")) and process.poll() is None:
        pass
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (-signal.SIGINT, "", "")
    # The second Python is stopped for good where it takes too long to put things in order.
    assert arguments or os.listdir(tmp_path) == []
