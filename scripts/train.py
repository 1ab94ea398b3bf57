#!/usr/bin/env python3
"""Train a network to read handwritten digits, and show what it has learned.

Without arguments it draws its own digits and needs no download. The model is saved after every epoch, and
--resume goes on from a saved model exactly as if the run had not stopped.
"""

import argparse
import contextlib
import itertools
import os
import random
import shlex
import sys
import tempfile

import command

from purenet import Network, digits, mnist_loader
from purenet.display import html_page, right_and_wrong, terminal
from purenet.support import files, model_file

MNIST_TEST_IMAGES = 10_000
MOST_EPOCHS = 10_000  # To go on from a model repeats all its shuffles.
# A model keeps these arguments in its notes, so that --resume need not be given them again.
SETTINGS = "data", "train", "test", "batch", "eta", "seed"


def main():
    args, model, earlier = arguments()
    rng = random.Random(args.seed)
    net = Network(args.sizes, rng)
    start = net.weights[0]
    training_data, test_data = examples(args)
    settings = {name: getattr(args, name) for name in SETTINGS}
    accuracies = [*earlier["accuracies"]]  # in %, after each epoch
    # Whether one command repeats the whole training.
    repeatable = not model or (earlier["repeatable"] and earlier["settings"] == settings)
    if model:
        net.biases, net.weights = model
        for _ in accuracies:
            # SGD shuffles the order that the epoch before has left, so the earlier shuffles are repeated.
            rng.shuffle(training_data)
    if not repeatable:
        start = net.weights[0]  # The first run may have had another seed.
    epochs = len(accuracies) + args.epochs
    notes = {"settings": settings, "epochs": epochs, "accuracies": accuracies, "repeatable": repeatable}
    print(
        f"Training {net.sizes} on {args.train} digits for {args.epochs} epoch{'s' * (args.epochs > 1)}, "
        f"with mini-batches of {args.batch}, eta {args.eta} and seed {args.seed}.",
        flush=True,
    )
    answers = train(args, net, training_data, test_data, notes)
    print(f"\n{terminal.summary(answers, accuracies)}\n")
    print(f"The model is saved as {args.saved}. Train it further with")
    print(f"  {resuming(args)} --epochs {args.epochs}")
    if args.report:
        # With =, since a value that begins with - would be taken for an option.
        options = [f"--{name}={value}" for name, value in settings.items()]
        again = ["python3", sys.argv[0], "--sizes", *map(str, net.sizes), f"--epochs={epochs}", *options]
        page = html_page.page(net, start, answers, accuracies, again if repeatable else None)
        with files.replacing(args.report) as file:
            file.write(page)
        print(f"\nThe pictures are on the page {args.report}, for a browser to show.")


def options():
    """The parser of the arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", default="drawn", metavar="PATH", help="MNIST: pickle, npz, CSV, or a folder (default: drawn)")
    add("--sizes", type=positive, nargs="+", default=[784, 30, 10], metavar="N",
        help="neurons of each layer (default: 784 30 10)")
    add("--epochs", type=positive, default=10, metavar="N",
        help="how many (default: 10; to resume, those still missing)")
    add("--batch", type=positive, default=10, metavar="N", help="examples in a mini-batch (default: 10)")
    add("--eta", type=float, default=3.0, metavar="X", help="learning rate (default: 3.0)")
    add("--train", type=positive, metavar="N", help="examples to train on (default: 2000 drawn, or all)")
    add("--test", type=positive, metavar="N", help="examples to test on (default: 1000 drawn, or all)")
    add("--seed", type=int, default=0, metavar="N", help="where the random numbers start (default: 0)")
    add("--save", metavar="MODEL", help="file for the model (default: model.json, or a free name)")
    add("--report", metavar="PAGE.html", help="file for a page of pictures of what it learned, for a browser")
    add("--resume", metavar="MODEL", help="go on from this model, with its settings or with others")
    parser.set_defaults(saved=None, spare=None)  # where `save` puts the model
    return parser


def arguments():
    """The arguments; the biases and weights to resume from, or None; what their notes say."""
    parser = options()
    args = parser.parse_args()
    model, notes = None, {"accuracies": [], "repeatable": False}
    if args.resume is not None:
        sizes, *model, found = model_file.read(args.resume)
        parser.set_defaults(sizes=sizes)
        if is_ours(found):
            notes, missing = found, found["epochs"] - len(found["accuracies"])
            # As text, which argparse checks as it does what is typed.
            settings = {name: str(value) for name, value in notes["settings"].items()}
            parser.set_defaults(save=args.resume, epochs=missing, **settings)
        else:
            # It may be somebody's only copy, so it is not overwritten either.
            print(f"{args.resume} does not say how it was trained: its epochs are counted from here.")
        args = parser.parse_args()
        if args.sizes != sizes:
            parser.error(f"--sizes: {args.resume} is a network of {sizes}")
        if not args.epochs:
            parser.error(f"--epochs: {args.resume} has been trained for all of its epochs; how many more?")
    if len(notes["accuracies"]) + args.epochs > MOST_EPOCHS:
        parser.error(f"--epochs: a model is trained for {MOST_EPOCHS:,} epochs at most")
    if args.sizes[0] != 784 or args.sizes[-1] != 10:
        parser.error("--sizes: digits take 784 inputs and 10 outputs; give N like 784 30 10")
    check_places(parser, args)
    return args, model, notes


def check_places(parser, args):
    """Refuse before the training what could not be saved after it, or would destroy another file."""
    files.check_replaceable(args.save or "model.json")
    if args.save and args.save != args.resume and os.path.exists(args.save):
        model_file.read(args.save)
    if args.report:
        files.check_replaceable(args.report)
        if not args.report.endswith(".html"):
            parser.error(f"--report: {args.report} is no name for a page; name it like report.html")
        if os.path.exists(args.report) and not html_page.is_page(args.report):
            parser.error(f"--report: {args.report} is there and is no page of ours; choose another name")


def positive(text):
    with contextlib.suppress(ValueError):
        if int(text) >= 1:
            return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")


def is_ours(notes):
    """Whether these are the notes that a run of this script has saved with its model."""
    try:
        return (
            notes["settings"].keys() == set(SETTINGS)
            and notes["settings"]["data"].isprintable()  # A terminal would obey a control character.
            and all(type(accuracy) is float and 0 <= accuracy <= 100 for accuracy in notes["accuracies"])
            and type(notes["epochs"]) is int
            and 1 <= len(notes["accuracies"]) <= notes["epochs"] <= MOST_EPOCHS
            and type(notes["repeatable"]) is bool
        )
    except (TypeError, KeyError, AttributeError):
        return False


def examples(args):
    """The training data and the test data; fills in how many there are."""
    if args.data == "drawn":
        print("Drawing the digits ...", flush=True)
        sets = digits.load_data_wrapper(args.train or 2000, 0, args.test or 1000, args.seed)
    else:
        args.data = os.path.abspath(args.data)
        print(f"Reading {args.data} ...", flush=True)
        limit = args.train and max(args.train, args.test or MNIST_TEST_IMAGES)
        sets = mnist_loader.load_data_wrapper(args.data, limit)
    training_data, test_data = sets[0][: args.train], sets[2][: args.test]
    args.train, args.test = len(training_data), len(test_data)
    if not args.train or not args.test:
        raise ValueError(f"{args.data}: {args.train} training and {args.test} test images")
    return training_data, test_data


def train(args, net, training_data, test_data, notes):
    """Train, and save the model after each epoch; returns the answers to the test data after the last.

    Interrupted, it prints how to go on, and lets KeyboardInterrupt pass.
    """
    answers, accuracies = [], notes["accuracies"]

    def after_epoch(_):
        answers[:] = right_and_wrong.answers(net, test_data)
        right = sum(digit == right_and_wrong.guess(output) for _, digit, output in answers)
        print(f"Epoch {len(accuracies)}: {right} / {len(answers)}", flush=True)
        accuracy = 100 * right / len(answers)
        save(args, net, {**notes, "accuracies": [*accuracies, accuracy]})
        accuracies.append(accuracy)

    progress = terminal.progress(args.epochs)
    try:
        net.SGD(training_data, args.epochs, args.batch, args.eta, after_epoch=after_epoch, progress=progress)
    except KeyboardInterrupt:
        terminal.overwrite_line("")
        if args.saved:
            print("Interrupted. The model of the last complete epoch is saved. Go on with")
            print(f"  {resuming(args)}", flush=True)
        else:
            print("Interrupted before an epoch was complete.", flush=True)
        raise
    return answers


def save(args, net, notes):
    """Save the model as args.save, or where that fails in a temporary folder; args.saved says where it is."""
    args.save = args.save or free_name()
    try:
        net.save(args.save, notes)
        args.saved = args.save
    except OSError as error:
        args.spare = args.spare or os.path.join(tempfile.mkdtemp(prefix="purenet-"), "model.json")
        print(f"The model cannot be saved as {args.save} ({error}). It goes to {args.spare}")
        net.save(args.spare, notes)
        args.saved = args.spare
    finally:
        with contextlib.suppress(OSError):
            if not os.path.getsize(args.save):
                os.remove(args.save)  # It was only reserved.


def free_name():
    """A name for the model; its file is made at once, so that another training takes another name."""
    for k in itertools.count(1):
        name = f"model-{k}.json" if k > 1 else "model.json"
        with contextlib.suppress(FileExistsError):
            open(name, "x").close()
            return name


def resuming(args):
    """The command that trains the saved model further."""
    report = ["--report", args.report] if args.report else []
    return shlex.join(["python3", sys.argv[0], "--resume", args.saved, *report])


if __name__ == "__main__":
    command.run(main)
