#!/usr/bin/env python3
"""Train a network to read handwritten digits, and show what it has learned.

Without arguments it draws its own digits and needs no download. The model is saved after every epoch, and
--resume goes on from a saved model exactly as if the run had not stopped.
"""

import argparse
import contextlib
import itertools
import math
import os
import random
import re
import shlex
import sys
import tempfile

import command

from purenet import Network, digits, mnist_loader
from purenet.display import html_page, right_and_wrong, terminal
from purenet.support import checks, files, model_file

MNIST_TEST_IMAGES = 10_000
MOST_DRAWN = 60_000  # of each kind, as many as MNIST has
MOST_EPOCHS = 10_000


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


def shown(text):
    """A text without control characters, which a terminal would obey where it is to show them."""
    if re.search(r"[\x00-\x1f\x7f-\x9f]", text):
        raise ValueError("a control character")
    return text


# A model keeps these settings in its notes, so that --resume need not be given them again.
SETTINGS = {"data": shown, "train": natural, "test": natural, "batch": natural, "eta": finite, "seed": int}
UNKNOWN = {"settings": {}, "epochs": 0, "accuracies": [], "repeatable": False}


def main():
    args, model, earlier = arguments()
    training_data, test_data = examples(args)
    rng = random.Random(args.seed)
    net = Network(args.sizes, rng)
    start = net.weights[0]
    if model:
        net.biases, net.weights = model
        for _ in earlier["accuracies"]:
            # SGD shuffles the order that the epoch before has left, so the earlier shuffles are repeated.
            rng.shuffle(training_data)
    settings = {name: getattr(args, name) for name in SETTINGS}
    notes = {
        "settings": settings,
        "epochs": len(earlier["accuracies"]) + args.epochs,
        "accuracies": list(earlier["accuracies"]),  # in %, after each epoch
        # Whether one command repeats the whole training.
        "repeatable": not model or (earlier["repeatable"] and earlier["settings"] == settings),
    }
    if not notes["repeatable"]:
        start = net.weights[0]  # The first run may have had another seed.
    with free_name() if args.save is None else contextlib.nullcontext(args.save) as args.save:
        print(
            f"Training {net.sizes} on {args.train} digits for {args.epochs} epoch{'s' * (args.epochs > 1)}, "
            f"with mini-batches of {args.batch}, eta {args.eta} and seed {args.seed}.",
            flush=True,
        )
        args.saved = args.save
        answers = train(args, net, training_data, test_data, notes)
    accuracies = notes["accuracies"]
    print(f"\n{terminal.summary(answers, accuracies)}\n")
    print(f"The model is saved as {args.saved}. Train it further with")
    print(f"  {resuming(args)} --epochs {args.epochs}")
    if args.report is not None:
        settings.update(sizes=net.sizes, epochs=len(accuracies))
        words = repeating(settings) if notes["repeatable"] else None
        page = html_page.page(net, start, answers, accuracies, settings, words)
        with files.replacing(args.report) as file:
            file.write(page)
        print(f"\nThe pictures are on the page {args.report}, for a browser to show.")


def arguments():
    """The arguments, with defaults filled in; the biases and weights to resume from, or None; their notes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", default="drawn", metavar="PATH", help="mnist.pkl.gz or an IDX folder (default: drawn)")
    add("--sizes", type=natural, nargs="+", metavar="N", help="neurons of each layer (default: 784 30 10)")
    add("--epochs", type=natural, metavar="N", help="how many (default: 10; to resume, those still missing)")
    add("--batch", type=natural, default=10, metavar="N", help="examples in a mini-batch (default: 10)")
    add("--eta", type=finite, default=3.0, metavar="X", help="learning rate (default: 3.0)")
    add("--train", type=natural, metavar="N", help="examples to train on (default: 2000 drawn, or all)")
    add("--test", type=natural, metavar="N", help="examples to test on (default: 1000 drawn, or all)")
    add("--seed", type=int, default=0, metavar="N", help="where the random numbers start (default: 0)")
    add("--save", metavar="MODEL", help="file for the model (default: model.json, or a free name)")
    add("--report", metavar="PAGE", help="file for a page of pictures of what it learned, for a browser")
    add("--resume", metavar="MODEL", help="go on from this model, with its settings or with others")
    args = parser.parse_args()
    model, notes = None, UNKNOWN
    if args.resume is not None:
        sizes, *model, notes = model_file.read(args.resume)
        notes = recorded(notes)
        parser.set_defaults(**notes["settings"])
        args = parser.parse_args()
        if args.sizes not in (None, sizes):
            parser.error(f"--sizes: {args.resume} is a network of {sizes}")
        args.sizes = sizes
        if notes == UNKNOWN:
            # It may be somebody's only copy, so it is not overwritten either.
            print(f"{args.resume} does not say how it was trained: its epochs are counted from here.")
        else:
            args.save = args.resume if args.save is None else args.save
            args.epochs = args.epochs or notes["epochs"] - len(notes["accuracies"])
            if not args.epochs:
                parser.error(f"--epochs: {args.resume} has had all of its epochs; how many more?")
    args.epochs = args.epochs or 10
    if len(notes["accuracies"]) + args.epochs > MOST_EPOCHS:
        parser.error(f"--epochs: a model is trained for {MOST_EPOCHS:,} epochs at most")
    args.sizes = args.sizes or [784, 30, 10]
    if len(args.sizes) < 2 or args.sizes[0] != 784 or args.sizes[-1] != 10:
        parser.error("--sizes: digits take 784 inputs and 10 outputs; give N like 784 30 10")
    checks.sizes(args.sizes)
    # What could not be saved at the end, or would destroy another file, is said before the training.
    if args.save is not None:
        files.check_replaceable(args.save)
        if args.save != args.resume and os.path.exists(args.save):
            model_file.read(args.save)
    if args.report is not None:
        files.check_replaceable(args.report)
        if os.path.exists(args.report) and not html_page.is_page(args.report):
            parser.error(f"--report: {args.report} is there and is no page of ours; choose another name")
        if args.report.endswith(".json") or os.path.realpath(args.report) == os.path.realpath(args.save or ""):
            parser.error(f"--report: {args.report} is a name for the model; name the page like report.html")
    return args, model, notes


def recorded(notes):
    """The notes that this script has saved with a model, checked; UNKNOWN where they are not its own."""
    try:
        settings = {name: convert(str(notes["settings"][name])) for name, convert in SETTINGS.items()}
        accuracies, epochs = list(notes["accuracies"]), natural(str(notes["epochs"]))
        if not 1 <= len(accuracies) <= epochs or not all(0 <= accuracy <= 100 for accuracy in accuracies):
            return UNKNOWN
        repeatable = notes.get("repeatable") is True
        return {"settings": settings, "epochs": epochs, "accuracies": accuracies, "repeatable": repeatable}
    except (argparse.ArgumentTypeError, TypeError, KeyError, ValueError, RecursionError):
        return UNKNOWN


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


@contextlib.contextmanager
def free_name():
    """A name for the model; its file is made at once, so that another training takes another name."""
    name = "model.json"
    for k in itertools.count(2):
        try:
            open(name, "x").close()
            break
        except FileExistsError:
            name = f"model-{k}.json"
    if name != "model.json":
        print(f"There is a model.json already: this model is going to be {name}.")
    try:
        yield name
    finally:
        remove_if_empty(name)


def remove_if_empty(path):
    with contextlib.suppress(OSError):
        if not os.path.getsize(path):
            os.remove(path)


def train(args, net, training_data, test_data, notes):
    """Train, and save the model after each epoch; returns the answers to the test data after the last.

    Interrupted, it prints how to go on, and lets KeyboardInterrupt pass.
    """
    accuracies, answers = notes["accuracies"], []
    first = len(accuracies)

    def after_epoch(_):
        answers[:] = right_and_wrong.answers(net, test_data)
        correct = sum(digit == right_and_wrong.guess(output) for _, digit, output in answers)
        result, accuracy = f"Epoch {len(accuracies)}: {correct} / {len(answers)}", 100 * correct / len(answers)
        try:
            save(args, net, {**notes, "accuracies": [*accuracies, accuracy]})
            accuracies.append(accuracy)
        finally:
            print(result, flush=True)

    progress = terminal.progress(args.epochs)
    try:
        net.SGD(training_data, args.epochs, args.batch, args.eta, after_epoch=after_epoch, progress=progress)
    except KeyboardInterrupt:
        terminal.overwrite_line("")
        if len(accuracies) > first:
            print(f"Interrupted. The model after epoch {len(accuracies) - 1} is saved. Go on with")
            print(f"  {resuming(args)}", flush=True)
        else:
            print("Interrupted before an epoch was complete.", flush=True)
        raise
    return answers


def save(args, net, notes):
    """Save the model as args.save, or where that fails in a temporary file; args.saved says where it is."""
    try:
        net.save(args.save, notes)
        args.saved = args.save
    except OSError as error:
        spare = args.saved
        try:
            if spare == args.save:
                handle, spare = tempfile.mkstemp(".json", "purenet-")
                os.close(handle)
            net.save(spare, notes)
        except OSError:
            remove_if_empty(spare)
            raise OSError(f"the model cannot be saved as {args.save} ({error}), nor elsewhere") from None
        args.saved = spare
        print(f"The model cannot be saved as {args.save} ({error}). It is saved as {spare}")


def resuming(args):
    """The command that trains the saved model further."""
    report = [] if args.report is None else ["--report", args.report]
    return shlex.join(["python3", sys.argv[0], "--resume", args.saved, *report])


def repeating(settings):
    """The words of the command that trains a network with these settings from the first epoch on."""
    words = ["python3", sys.argv[0]]
    for name, value in settings.items():
        # With =, since a value that begins with - would be taken for an option.
        words += ["--sizes", *map(str, value)] if name == "sizes" else [f"--{name}={value}"]
    return words


if __name__ == "__main__":
    command.run(main)
