#!/usr/bin/env python3
"""Train a network to read handwritten digits, and show what it has learned.

Without arguments it draws its own digits and needs no download. The model is saved after every epoch, and
--resume goes on from a saved model exactly as if the run had not stopped.
"""

import argparse
import contextlib
import functools
import math
import os
import random
import shlex
import shutil
import signal
import sys
import tempfile
import time

import command

from purenet import digits, mnist_loader, network
from purenet.display import html_page as report
from purenet.display import terminal as picture
from purenet.support import files
from purenet.support import model_file as model

MNIST_TEST_IMAGES = 10_000
MOST_DRAWN = 60_000  # of each kind, as many as MNIST has


def natural(text):
    with contextlib.suppress(ValueError):
        if 1 <= int(text) <= 10**9:
            return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 to 1,000,000,000")


def finite(text):
    with contextlib.suppress(ValueError):
        if math.isfinite(float(text)):
            return float(text)
    raise argparse.ArgumentTypeError(f"{text} is not a finite number")


def path(text):
    if not text:
        raise argparse.ArgumentTypeError("the name of a file is expected; this is empty")
    return text


# The settings that a model is saved with, so that --resume need not be told them again.
RECORDED = {"data": str, "train": natural, "test": natural, "batch": natural, "eta": finite, "seed": int}


def main():
    args, net, accuracies, earlier = start()
    training_data, test_data = examples(args)
    settings = {name: getattr(args, name) for name in RECORDED}
    repeatable = not args.resume or settings == earlier
    print(
        f"Training {net.sizes} on {args.train} digits for {args.epochs} epoch{'s' * (args.epochs > 1)}, "
        f"with mini-batches of {args.batch}, eta {args.eta} and seed {args.seed}.",
        flush=True,
    )
    before = len(accuracies)
    try:
        notes = {"settings": settings, "repeatable": repeatable}
        train(args, net, training_data, test_data, accuracies, notes)
    except KeyboardInterrupt:
        overwrite_line("")
        if len(accuracies) == before:
            kept = f"; {args.resume} is as it was" if args.resume else ""
            print(f"Interrupted before an epoch was complete; nothing was saved{kept}.")
        else:
            print(f"Interrupted. The model after epoch {len(accuracies) - 1} is saved. Go on with")
            print(f"  {again(args)}")
        sys.exit(130)
    answers = [(x, digit, net.feedforward(x)) for x, digit in test_data]
    show(answers, accuracies)
    print(f"\nThe model is saved as {args.save}. Train it further with")
    print(f"  {again(args)} --epochs {args.epochs}")
    if args.report:
        settings.update(sizes=net.sizes, epochs=len(accuracies))
        text = report.page(net, answers, accuracies, settings, repeat(settings) if repeatable else None)
        try:
            with files.replacing(args.report) as file:
                file.write(text)
        except OSError as error:
            raise OSError(f"the page cannot be written as {args.report}: {error}") from None
        print(f"\nThe pictures are on the page {args.report}, for a browser to show.")


def again(args):
    """The command that trains the saved model further."""
    words = ["python3", sys.argv[0], "--resume", args.save]
    return shlex.join(words + ["--report", args.report] if args.report else words)


def start():
    """The arguments, the network to train, its accuracy in % after each epoch that it has had already, and
    the settings of these epochs (None where they are not known, or were not the same for all)."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add_path = functools.partial(add, type=path)
    add_path("--data", default="drawn", metavar="PATH", help="mnist.pkl.gz or an IDX folder (default: drawn)")
    add("--sizes", type=natural, nargs="+", metavar="N", help="neurons of each layer (default: 784 30 10)")
    add("--epochs", type=natural, metavar="N", help="how many (default: 10; to resume, those still missing)")
    add("--batch", type=natural, default=10, metavar="N", help="examples in a mini-batch (default: 10)")
    add("--eta", type=finite, default=3.0, metavar="X", help="learning rate (default: 3.0)")
    add("--train", type=natural, metavar="N", help="examples to train on (default: 2000 drawn, or all)")
    add("--test", type=natural, metavar="N", help="examples to test on (default: 1000 drawn, or all)")
    add("--seed", type=int, default=0, metavar="N", help="where the random numbers start (default: 0)")
    add_path("--save", metavar="MODEL", help="file for the model (default: model.json, or a free name)")
    add_path("--report", metavar="PAGE", help="file for a page of pictures of what it learned, for a browser")
    add_path("--resume", metavar="MODEL", help="go on from this model, with its settings or with others")
    args = parser.parse_args()
    sizes, accuracies, missing, earlier = None, [], 0, None
    if args.resume:
        sizes, biases, weights, notes = model.read(args.resume)
        settings, accuracies, missing, repeatable = record(args.resume, notes)
        earlier = settings if repeatable else None
        parser.set_defaults(**settings)
        args = parser.parse_args()
        if args.sizes not in (None, sizes):
            parser.error(f"--sizes: {args.resume} is a network of {sizes}")
        if accuracies and not (args.epochs or missing):
            parser.error(f"--epochs: {args.resume} has had all of its epochs; how many more?")
        if not accuracies:
            print(f"{args.resume} does not say how it was trained: its epochs are counted from here.")
    args.epochs = args.epochs or missing or 10
    args.sizes = sizes or args.sizes or [784, 30, 10]
    if len(args.sizes) < 2 or args.sizes[0] != 784 or args.sizes[-1] != 10:
        parser.error("--sizes: digits take 784 inputs and 10 outputs; give N like 784 30 10")
    model.check_size(args.sizes)
    # A model that says nothing of its training may be somebody's only copy, so it is not written over.
    args.free = not args.save and not accuracies
    args.save = free_name() if args.free else args.save or args.resume
    if args.save == args.resume:
        files.check_replaceable(args.save)
    else:
        check_kind(parser, "--save", args.save, b'{"sizes": ', "model")
    if args.report:
        check_kind(parser, "--report", args.report, b"<!DOCTYPE html>", "page")
        if os.path.realpath(args.report) == os.path.realpath(args.save):
            parser.error(f"--report: the model is to be saved as {args.save}; choose another name")
    # Also to resume: the drawing brings rng to where the shuffles begin.
    net = network.Network(args.sizes, random.Random(args.seed))
    if args.resume:
        net.biases, net.weights = biases, weights
    return args, net, accuracies, earlier


def record(path, notes):
    """The settings of the run that saved the model, its accuracies, how many epochs it still wanted, and
    whether it was trained with these settings from the weights on that it drew."""
    if notes is None:
        return {}, [], 0, False
    try:
        settings = {name: convert(str(notes["settings"][name])) for name, convert in RECORDED.items()}
        accuracies, epochs = list(notes["accuracies"]), natural(str(notes["epochs"]))
        if not all(type(accuracy) is float and 0 <= accuracy <= 100 for accuracy in accuracies):
            raise ValueError("an accuracy is not from 0.0 to 100.0")
        return settings, accuracies, max(0, epochs - len(accuracies)), notes.get("repeatable") is True
    except (argparse.ArgumentTypeError, TypeError, KeyError, ValueError) as error:
        reason = f"what it says of its training does not fit together ({error!r:.200})"
        raise ValueError(f"{path}: {reason}") from None


def check_kind(parser, option, path, begins, kind):
    """Stop here, before the training, where the file could not be written or would destroy something else."""
    files.check_replaceable(path)
    if os.path.exists(path):
        with open(path, "rb") as file:
            if not begins.startswith(file.read(len(begins))):
                parser.error(f"{option}: {path} is there and is no {kind}; choose another name")


def free_name():
    name, k = "model.json", 1
    while os.path.lexists(name):
        k += 1
        name = f"model-{k}.json"
    return name


def examples(args):
    """The training data and the test data; fills in how many there are."""
    if args.data == "drawn":
        if max(args.train or 0, args.test or 0) > MOST_DRAWN:
            raise ValueError(f"--train, --test: more than {MOST_DRAWN:,} digits are too many to be drawn")
        print("Drawing the digits ...", flush=True)
        training_data, _, test_data = digits.load_data_wrapper(
            training=args.train or 2000, validation=0, test=args.test or 1000, seed=args.seed
        )
    else:
        args.data = os.path.abspath(args.data)
        print(f"Reading {args.data} ...", flush=True)
        limit = args.train and max(args.train, args.test or MNIST_TEST_IMAGES)
        training_data, _, test_data = mnist_loader.load_data_wrapper(args.data, limit)
        if not training_data or not test_data:
            raise ValueError(f"{args.data}: {len(training_data)} training and {len(test_data)} test images")
    training_data, test_data = training_data[: args.train], test_data[: args.test]
    args.train, args.test = len(training_data), len(test_data)
    return training_data, test_data


def train(args, net, training_data, test_data, accuracies, notes):
    """What `net.SGD` does, with the model saved and its accuracy put down after each epoch."""
    first, total = len(accuracies), len(accuracies) + args.epochs
    for _ in range(first):
        # Each epoch shuffles the order that the one before it left, so the earlier shuffles are done again.
        net.rng.shuffle(training_data)
    started, steps = time.monotonic(), 0
    for epoch in range(first, total):
        net.rng.shuffle(training_data)
        mini_batches = [training_data[k : k + args.batch] for k in range(0, args.train, args.batch)]
        for mini_batch in mini_batches:
            bar = picture.bar(steps, args.epochs * len(mini_batches), time.monotonic() - started)
            overwrite_line(f"Epoch {epoch} {bar}")
            net.update_mini_batch(mini_batch, args.eta)
            steps += 1
        correct = net.evaluate(test_data)
        now = [*accuracies, 100 * correct / len(test_data)]
        result = f"Epoch {epoch}: {correct} / {len(test_data)}"
        with undisturbed():
            save(args, net, {**notes, "epochs": total, "accuracies": now}, result)
            accuracies[:] = now
        overwrite_line("")
        print(result, flush=True)


@contextlib.contextmanager
def undisturbed():
    """Ctrl-C waits until the block is done: what an epoch has learned is not to be lost while it is saved."""
    came = []
    handler = signal.signal(signal.SIGINT, lambda *details: came.append(details))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if came and callable(handler):
        handler(*came[0])


def save(args, net, notes, result):
    """Save the model; where its place is full or gone, in a new temporary folder, and there from then on."""
    if args.free:
        # Another training may have taken the name since.
        args.save, args.free = free_name(), False
    try:
        net.save(args.save, notes)
    except OSError as error:
        folder = ""
        try:
            folder = tempfile.mkdtemp(prefix="purenet-")
            elsewhere = os.path.join(folder, "model.json")
            net.save(elsewhere, notes)
        except OSError:
            if folder:
                os.rmdir(folder)
            raise OSError(f"{result}, but the model cannot be saved as {args.save} ({error})") from None
        overwrite_line("")
        print(f"The model cannot be saved as {args.save}: {error}. From now on it is saved as {elsewhere}")
        args.save = elsewhere


def overwrite_line(text):
    """Show `text` in the current line of the terminal, where one watches, for the next line to replace."""
    if sys.stderr and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        width = min(60, shutil.get_terminal_size().columns - 1)
        print(f"\r{text[:width].ljust(width)}\r", end="", file=sys.stderr, flush=True)


def show(answers, accuracies):
    columns = shutil.get_terminal_size().columns
    print(f"\nAccuracy: {accuracies[-1]:.1f} % of {len(answers)} digits that it had never seen\n")
    print(picture.curve(accuracies, width=max(1, min(60, columns - 10))))
    confusion = picture.confusion(report.confusion(answers))
    if max(map(len, confusion.split("\n"))) < columns:
        print("\nWhat it takes each digit for: a row for the digit, a column for its guess\n")
        print(confusion)
    worst = report.mistakes(answers)[: min(3, columns // 26)]
    if worst:
        print("\nThe mistakes that it is surest of:\n")
        print(picture.side_by_side([picture.image(x) for x, _, _ in worst]))
        labels = [f"a {digit}, taken for a {output.index(max(output))}" for _, digit, output in worst]
        print(picture.side_by_side(labels))


def repeat(settings):
    """The command, as a list of words, that trains a model from the first epoch on with `settings`."""
    words = ["python3", sys.argv[0]]
    for name, value in settings.items():
        # With =, since a value that begins with - would be taken for an option.
        words += ["--sizes", *map(str, value)] if name == "sizes" else [f"--{name}={value}"]
    return words


if __name__ == "__main__":
    command.run(main)
