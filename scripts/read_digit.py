#!/usr/bin/env python3
"""Read digits: written in a window with the mouse, a pen or a finger, or in pictures that are named.

    python3 scripts/read_digit.py [MODEL]
    python3 scripts/read_digit.py [MODEL] seven.png ...

Pictures are PNG, PGM or PPM files with one digit each, dark on light or light on dark. Without MODEL, a file
that train.py has saved, a network is trained on drawn digits first and kept as model-drawn.json.
"""

import argparse
import math
import os
import random
import signal
import sys

import command

from purenet import Network, digits, network, picture_files
from purenet.data import image_28x28
from purenet.display import terminal
from purenet.support import files

KEPT = "model-drawn.json"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE", help="a model; pictures to read without a window")
    pictures = parser.parse_args().files
    model = pictures.pop(0) if pictures and is_model(pictures[0]) else KEPT
    root = None if pictures else opened()
    if model == KEPT and not os.path.exists(KEPT):
        train()
    net = network.load(model)
    if net.sizes[0] != 784 or net.sizes[-1] != 10:
        return f"{model} is a network of {net.sizes}; digits take 784 inputs and 10 outputs."
    if root:
        show(root, net, model)
    return max([read(net, path) for path in pictures], default=0)


def is_model(path):
    files.check_is_file(path)
    with open(path, "rb") as file:
        return file.read(1) == b"{"


def train():
    """Train a network for readers without one. What it has seen are drawn digits, so real ones are harder."""
    files.check_replaceable(KEPT)
    print(f"Training a network on 5,000 drawn digits, to be kept as {KEPT} ...", flush=True)
    training_data, _, test_data = digits.load_data_wrapper(5000, 0, 500)
    net = Network([784, 30, 10], random.Random(0))
    # Smaller weights let every neuron learn from the first example on, so that five epochs are enough.
    net.weights = [[[v / math.sqrt(len(row)) for v in row] for row in w] for w in net.weights]
    net.SGD(training_data, 5, 10, 1.0, test_data=test_data, progress=terminal.progress(5))
    net.save(KEPT)


def read(net, path):
    """Print what the network takes the picture for; the status is 1 where there is no such picture."""
    try:
        x = picture_files.load(path)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    a = net.feedforward(x)
    first, second = sorted(range(10), key=lambda digit: -a[digit])[:2]
    print(f"{terminal.image(x)}\n\n{path}: {first} (output {a[first]:.2f}), then {second} ({a[second]:.2f})\n")
    return 0


def opened():
    """A window, not visible yet."""
    try:
        import tkinter

        root = tkinter.Tk()
    except ImportError:
        reason = "this Python has no tkinter, which Debian has as python3-tk"
    except tkinter.TclError as error:
        reason = error
    else:
        root.withdraw()
        return root
    way = "name pictures to read, as in: read_digit.py model.json seven.png"
    sys.exit(f"No window can be opened ({reason}); {way}")


def show(root, net, model):
    """Read what is written in the window, until it is closed."""
    import tkinter

    page, ink, grey, accent, side = "#f4f5f7", "#1d2129", "#8a919e", "#2f6fed", 280
    root.configure(bg=page, padx=12, pady=16)
    root.resizable(False, False)

    def text(words, row, column):
        label = tkinter.Label(root, text=words, bg=page, fg=grey, font=("Helvetica", 11))
        label.grid(row=row, column=column, sticky="w", padx=12, pady=4)
        return label

    def canvas(column, color):
        field = tkinter.Canvas(root, width=side, height=side, bg=color, highlightthickness=0)
        field.grid(row=1, column=column, padx=12)
        return field

    text("Write a digit", 0, 0)
    text("What the network sees", 0, 1)
    text("Its ten outputs", 0, 2)
    text(f"{os.path.basename(model)}: {net.sizes}", 2, 1)
    paper, view, chart = canvas(0, "white"), canvas(1, "black"), canvas(2, page)
    paper.configure(cursor="pencil")
    shown = view.create_image(0, 0, anchor="nw")
    bars = []
    for digit in range(10):
        y = side * (digit + 0.5) / 10
        chart.create_text(12, y, text=digit, fill=ink, font=("Helvetica", 15))
        chart.create_rectangle(32, y - 9, side - 56, y + 9, fill="#e3e6eb", width=0)
        bar = chart.create_rectangle(32, y - 9, 32, y + 9, width=0)
        bars.append((bar, chart.create_text(side, y, anchor="e", fill=grey, font=("Helvetica", 11))))
    strokes = []

    def write(event):
        if event.type == tkinter.EventType.ButtonPress or not strokes:
            strokes.append([])
        strokes[-1].append((event.x, event.y))
        (x, y), *_ = strokes[-1][-2:]
        paper.create_line(x, y, event.x, event.y, width=16, fill=ink, capstyle="round")
        answer()

    def clear(event=None):
        strokes.clear()
        paper.delete("all")
        answer()

    def answer():
        x = image_28x28.from_strokes(strokes) if strokes else [0.0] * 784
        a = net.feedforward(x) if strokes else [0.0] * 10
        best = a.index(max(a))
        pixels = b"P5 28 28 255 " + bytes(int(256 * level) for level in x)
        view.picture = tkinter.PhotoImage(data=pixels).zoom(side // 28)  # Tk itself keeps no reference.
        view.itemconfigure(shown, image=view.picture)
        for digit, (bar, number) in enumerate(bars):
            left, top, _, bottom = chart.coords(bar)
            chart.coords(bar, left, top, left + (side - 56 - left) * a[digit], bottom)
            chart.itemconfigure(bar, fill=accent if digit == best else grey)
            chart.itemconfigure(number, text=f"{a[digit]:.2f}" if strokes else "")
        root.title(f"Which digit is it? {best}" if strokes else "Which digit is it?")

    paper.bind("<ButtonPress-1>", write)
    paper.bind("<B1-Motion>", write)
    root.bind("<Escape>", clear)
    button = tkinter.Button(root, text="Clear", command=clear, relief="flat", bg="white", fg=ink, padx=16)
    button.grid(row=2, column=0, sticky="w", padx=12, pady=(12, 0))
    clear()
    root.deiconify()
    # Tk waits without running Python, and nothing is to be kept: the signal itself ends the program.
    command.handle_signals(signal.SIG_DFL)
    root.mainloop()


if __name__ == "__main__":
    command.run(main)
