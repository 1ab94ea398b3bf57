#!/usr/bin/env python3
"""Measure what training, evaluating, loading and drawing digits cost on this Python, and how the cost grows.

With --against a second Python is measured too, and the ratio shown. Times are processor time of this program,
so what else the computer does hardly disturbs them.
"""

import argparse
import contextlib
import json
import platform
import random
import struct
import subprocess
import tempfile
from pathlib import Path
from statistics import median
from time import process_time as clock
from timeit import Timer

import command

from purenet import Network, digits, mnist_loader

PYTHON = f"{platform.python_implementation()} {platform.python_version()}"
ROUNDS = 7
EXAMPLES = 800  # to train on, and as many to evaluate
SAMPLE = 50  # of them, to measure a single one by
STEPS = 1, 2, 4, 8
# The measurements that show what the cost grows with: their labels, and how many of it each has.
GROWTH = {
    "example": {f"one epoch, {n} examples": n for n in (100, 200, 400, 800)},
    "hidden neuron": {f"one example, {n} hidden neurons": n for n in (15, 30, 60, 120)},
    "input": {f"one example, {n} inputs not 0": n for n in (50, 100, 200, 400)},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", metavar="PYTHON", help="a second Python to measure, such as pypy3")
    parser.add_argument("--json", action="store_true", help="print the seconds of every round as JSON")
    args = parser.parse_args()
    if not args.json:
        print(f"Measuring, up to a minute for {'each' if args.against else 'this'} Python ...", flush=True)
    # The other first, so that nobody waits only to read that there is none.
    others = [measured_by(args.against)] if args.against else []
    with tempfile.TemporaryDirectory() as folder:
        results = [{"python": PYTHON, "seconds": measured(tasks(Path(folder)))}, *others]
    print(json.dumps(results) if args.json else "\n" + table(results))


def measured_by(python):
    """What this script measures when `python` runs it. Raises OSError or ValueError if it cannot."""
    done = subprocess.run([python, __file__, "--json"], stdout=subprocess.PIPE)
    if done.returncode:
        raise ValueError(f"{python} cannot run this script")
    return json.loads(done.stdout)[0]


def measured(tasks):
    """{label: [the seconds that one of the thing took, in each round]} of tasks (label, function, count).

    `count` says how many of the thing one call of the function does.
    """
    # Without garbage collection, which timeit turns off, a task would look cheaper than it is.
    timers = {label: (Timer(task, "import gc; gc.enable()", clock), count) for label, task, count in tasks}
    calls = {label: timer.autorange()[0] for label, (timer, _) in timers.items()}
    seconds = {label: [] for label in timers}
    # Each has its turn in each round, so that a slow moment of the computer does not meet one alone.
    for _ in range(ROUNDS):
        for label, (timer, count) in timers.items():
            seconds[label].append(timer.timeit(calls[label]) / (calls[label] * count))
    return seconds


def tasks(folder):
    """What is measured: (label, function, how many of the thing one call does). Writes images to `folder`."""
    rng = random.Random(0)
    training, _, test = digits.load_data_wrapper(EXAMPLES, 0, EXAMPLES)
    sample, few, net = training[:SAMPLE], test[:SAMPLE], Network([784, 30, 10], rng)
    pixels = bytes(int(256 * p) for x, _ in test for p in x)
    for name in "train", "t10k":
        images = struct.pack(">4I", 0x803, len(test), 28, 28) + pixels
        labels = struct.pack(">2I", 0x801, len(test)) + bytes(digit for _, digit in test)
        (folder / f"{name}-images-idx3-ubyte").write_bytes(images)
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(labels)
    yield "training on one example", trains(net, sample), SAMPLE
    yield "evaluating one image", lambda: net.evaluate(few), SAMPLE
    yield f"one epoch: {EXAMPLES}, {EXAMPLES} evaluated", lambda: epoch(net, training, test), 1
    yield "loading 1000 images (IDX)", lambda: mnist_loader.load_data_wrapper(folder), 2 * EXAMPLES / 1000
    yield "drawing one image", lambda: digits.load_data_wrapper(SAMPLE, 0, 0), SAMPLE
    for label, n in GROWTH["example"].items():
        yield label, lambda data=training[:n]: epoch(net, data), 1
    for label, n in GROWTH["hidden neuron"].items():
        yield label, trains(Network([784, n, 10], rng), sample), SAMPLE
    for label, n in GROWTH["input"].items():
        data = [(rng.sample([0.5] * n + [0.0] * (784 - n), 784), y) for _, y in sample]
        yield label, trains(net, data), SAMPLE


def trains(net, data):
    return lambda: [net.update_mini_batch(data[k : k + 10], 3.0) for k in range(0, len(data), 10)]


def epoch(net, data, test_data=None):
    with contextlib.redirect_stdout(None):
        net.SGD(data, 1, 10, 3.0, test_data)


def table(results):
    """The results, dicts of a Python's name and its seconds, as text: a column for each, then the ratios."""
    grown = {label for labels in GROWTH.values() for label in labels}
    off = [100 * line(STEPS, [n**power for n in STEPS])[2] for power in (1.1, 2)]
    lines = [
        f"Milliseconds of processor time: median (fastest-slowest) of {ROUNDS} rounds",
        "",
        f"{'':31}" + "".join(f"{result['python']:>21}" for result in results) + "  ratio" * (len(results) - 1),
        *(row(label, results) for label in results[0]["seconds"] if label not in grown),
        "",
        "How the cost of training grows. Below the times is the straight line that fits",
        f"best, and how far off it is at most (times like n**1.1: {off[0]:.0f} %, n**2: {off[1]:.0f} %).",
    ]
    for unit, numbers in GROWTH.items():
        lines += ["", *(row(label, results) for label in numbers)]
        for result in results:
            medians = [median(result["seconds"][label]) for label in numbers]
            slope, start, off = line(numbers.values(), medians)
            formula = f"{short(1e6 * slope)} us per {unit} {'+-'[start < 0]} {short(1e6 * abs(start))} us"
            lines.append(f"  {result['python']}: {formula}, {100 * off:.1f} % off")
    return "\n".join(lines)


def row(label, results):
    times = [[1000 * t for t in result["seconds"][label]] for result in results]
    cells = [f"{short(median(ms))} ({short(min(ms))}-{short(max(ms))})" for ms in times]
    ratios = [f"{median(ms) / median(times[0]):7.2f}" for ms in times[1:]]
    return f"{label:31}" + "".join(f"{cell:>21}" for cell in cells) + "".join(ratios)


def short(number):
    """The number with three digits at the least, but no more than three decimals."""
    return f"{number:.{sum(abs(number) < limit for limit in (1, 10, 100))}f}"


def line(numbers, times):
    """(slope, start, off): the line slope n + start that fits the times t of the numbers n best.

    Its relative errors (slope n + start) / t - 1, since longer times err by more, have the smallest sum of
    squares. `off` is the largest of them, without its sign.
    """
    weights = [1 / t**2 for t in times]
    mean_n, mean_t = (sum(w * v for w, v in zip(weights, vs)) / sum(weights) for vs in (numbers, times))
    slope = sum(w * (n - mean_n) * (t - mean_t) for w, n, t in zip(weights, numbers, times))
    slope /= sum(w * (n - mean_n) ** 2 for w, n in zip(weights, numbers))
    start = mean_t - slope * mean_n
    return slope, start, max(abs((slope * n + start) / t - 1) for n, t in zip(numbers, times))


if __name__ == "__main__":
    command.run(main)
