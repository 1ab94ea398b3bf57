"""Make a page of pictures of what a network has learned, for a browser, a telephone or a printer.

    start = net.weights[0]                              # as they are before training
    net.SGD(training_data, 10, 10, 3.0)
    answers = right_and_wrong.answers(net, test_data)
    text = page(net, start, answers, accuracies=[71.3, 84.0], command=["my.py"])

The page is one file that runs no script and loads nothing, written so that readers of XML can read it too. In
its images the strength of a colour is its opacity, so 0 is the colour of the page, on white paper and on a dark
screen. The ink of a digit is black. A weight that has grown is red, one that has shrunk is blue: the two ends
of C. Brewer's scale "RdBu", which the colour-blind can tell apart too.
"""

from __future__ import annotations

import platform
import shlex
from html import escape
from itertools import permutations
from operator import itemgetter
from os import PathLike

from purenet.display import html_pictures, right_and_wrong
from purenet.display.right_and_wrong import Answer
from purenet.matrix import Matrix, subtract
from purenet.network import Network

RED, BLUE = (202, 0, 32), (5, 113, 176)
MOST_MISTAKES = 10

# All of it holds in an element of the class purenet alone, so that it changes nothing else in a notebook.
STYLE = """.purenet {
  --paper: #ffffff; --ink: #1a1a1a; --faint: #595f69; --line: #d5d8dc; --red: 202 0 32; --blue: 5 113 176;
  @media screen and (prefers-color-scheme: dark) {
    --paper: #15171b; --ink: #ececec; --faint: #a6adb8; --line: #3a3f47;
    .ink img { filter: invert(1); }
  }
  max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); print-color-adjust: exact; -webkit-print-color-adjust: exact;
  h1 { margin: .5rem 0; font-size: 1.75rem; line-height: 1.2; }
  h2 { margin: 2.5rem 0 .75rem; font-size: 1.25rem; break-after: avoid; }
  p, figcaption { max-width: 44rem; margin: .75rem 0; }
  figure, table, pre { margin: 0; break-inside: avoid; }
  table, svg text, .mistake figcaption, .neurons { font-size: .8125rem; }
  svg { display: block; overflow: visible; }
  svg text { fill: var(--faint); text-anchor: middle; }
  img { display: block; width: 100%; height: auto; image-rendering: pixelated; }
  .digit { width: 7rem; }
  .curve { width: calc(100% - 4.5rem); max-width: 40rem; height: 14rem; margin: 1.75rem 1rem 4rem 3.5rem; }
  .curve line { stroke: var(--line); }
  .curve polyline { fill: none; stroke: rgb(var(--blue)); stroke-width: 2.5px; stroke-linejoin: round;
    vector-effect: non-scaling-stroke; }
  .curve circle { fill: rgb(var(--blue)); }
  .curve .mark { text-anchor: end; }
  .curve .last { fill: var(--ink); font-weight: bold; }
  th { color: var(--faint); font-weight: normal; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  .confusion { width: 100%; max-width: 36rem; table-layout: fixed; font-size: min(.8125rem, 3vw); }
  .confusion * { text-align: center; }
  .confusion td { padding: .35rem 0; border: 1px solid var(--line); }
  .confusion .right { border: 2px solid rgb(var(--blue)); font-weight: bold; }
  .confusion [rowspan] { width: 2.75rem; vertical-align: bottom; }
  .mistakes { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); }
  .mistake { display: grid; gap: .5rem; grid-template-columns: 3.5rem 1fr; padding: .5rem;
    border: 1px solid var(--line); border-radius: .5rem; }
  .mistake figcaption { margin: 0; line-height: 1.3; }
  .bars { grid-column: span 2; width: 100%; height: 4.5rem; }
  .bars rect { fill: var(--faint); }
  .bars .guess { fill: rgb(var(--red)); }
  .bars .wanted { fill: rgb(var(--blue)); }
  .neurons { display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(4.5rem, 1fr)); }
  .neurons img { outline: 1px solid var(--line); }
  .neurons figcaption { margin: 0; text-align: center; color: var(--faint); }
  .scale { display: flex; gap: .5rem; align-items: center; max-width: 26rem; font-size: .8125rem; }
  .scale i { flex: 1; height: .75rem; border: 1px solid var(--line);
    background: linear-gradient(to right, rgb(var(--blue)), transparent, rgb(var(--red))); }
  pre { padding: .75rem; font: .875rem/1.5 ui-monospace, monospace; white-space: pre-wrap;
    overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: .5rem; }
  pre span { display: inline-block; }
}
"""


def page(
    net: Network, start: Matrix, answers: list[Answer], accuracies: list[float], command: list[str] | None
) -> str:
    """The page as HTML, to be written in UTF-8: the `report`, and the command that repeats the training.

    start        what net.weights[0] was before the training, or before the last run where `command` is None
    command      the words of the command that repeats the run, or None where no single one does
    """
    if command:
        # Each word is a box of its own, so that a line ends between two words and not at a hyphen.
        words = " ".join(f"<span>{escape(shlex.quote(word))}</span>" for word in command)
        repeat = f"""<p>This command repeats the run from the first epoch on, to the last bit on
{platform.python_implementation()} {platform.python_version()}:</p>
<pre>{words}</pre>"""
    else:
        repeat = """<p>No single command repeats the run: it went on from a model that had been trained with
other settings, or that did not say how.</p>"""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="generator" content="purenet"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>What the network has learned</title>
<style>{STYLE}@media print {{ html {{ font-size: 85%; }} }}</style>
</head>
<body class="purenet">
{report(net, start, answers, accuracies)}
<h2>How to repeat it</h2>
{repeat}
</body>
</html>
"""


def report(net: Network, start: Matrix, answers: list[Answer], accuracies: list[float]) -> str:
    """What the network has learned, as HTML that stands in an element of the class purenet, below STYLE.

    start        what net.weights[0] was before the training
    answers      triples (x, digit, output): an image (784,) of the test, its digit, and what `net` puts out
    accuracies   how many percent of the test were right after each epoch, at least one number
    """
    counts = right_and_wrong.confusion_matrix(answers)
    right = sum(row[digit] for digit, row in enumerate(counts))
    *layers, outputs = net.sizes
    neuron = "hidden neuron" if net.num_layers > 2 else "output neuron"
    return f"""<h1>{right:,} of {_many(len(answers), "digit")} read right</h1>
<p>by a network of {", ".join(map(str, layers))} and {outputs} neurons that had never seen them, after
{_many(len(accuracies), "epoch")} of training.</p>
<h2>How it learned</h2>
<figure>
{html_pictures.curve(accuracies)}
<figcaption>An epoch is one pass through all the digits to learn from. The curve shows how many percent of the
test digits the network read right after each.</figcaption>
</figure>
<h2>What it takes each digit for</h2>
<figure>
{html_pictures.confusion(counts)}
<figcaption>Each row is a digit, each column what it was taken for. Right answers are on the diagonal; the
redder any other cell is, the more often that mistake was made. {_most_frequent(counts)}</figcaption>
</figure>
<h2>Its worst mistakes</h2>
{mistakes(answers)}
<h2>What each {neuron} has learned to look for</h2>
{_neurons(net.weights[0], start, neuron)}"""


def is_page(path: str | PathLike[str]) -> bool:
    """Whether the file at `path` is a page that this module has made."""
    with open(path, "rb") as file:
        return b'content="purenet"' in file.read(200)


def _many(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'s' * (n != 1)}"


def _most_frequent(counts: list[list[int]]) -> str:
    """A sentence on the mistake that was made most often (the first of equals), empty where none was made."""
    mistakes = permutations(range(len(counts)), 2)
    times, digit, guess = max(((counts[d][g], d, g) for d, g in mistakes), key=itemgetter(0))
    return f"The most frequent is a {digit} taken for a {guess} ({_many(times, 'time')})." if times else ""


def mistakes(answers: list[Answer]) -> str:
    """The worst mistakes among the `answers`, as HTML like that of `report`."""
    wrong = right_and_wrong.mistakes(answers)
    if not wrong:
        return "<p>It made none.</p>"
    cards = []
    for x, digit, output in wrong[:MOST_MISTAKES]:
        guess = right_and_wrong.guess(output)
        kinds = ["guess" if k == guess else "wanted" if k == digit else "" for k in range(len(output))]
        cards.append(f"""<figure class="ink mistake">
{html_pictures.digit(x, f"a handwritten {digit}")}
<figcaption><b>a {digit}, taken for a {guess}</b><br/>
{output[guess]:.2f} for {guess}<br/>
{output[digit]:.2f} for {digit}</figcaption>
{html_pictures.bars(output, kinds)}
</figure>""")
    shown = f"These are the {len(cards)} worst of {len(wrong):,}. " if len(cards) < len(wrong) else ""
    return f"""<p>The bars are the network's ten outputs for the image, from 0 to 1: red for its guess, blue
for the right digit. The worst mistake, where red exceeds blue the most, comes first. {shown}</p>
<div class="mistakes">{"".join(cards)}</div>"""


def _neurons(w: Matrix, start: Matrix, neuron: str) -> str:
    """How the weights w differ from the start, whose random numbers would hide what was learned."""
    change = list(map(subtract, w, start))
    strengths = sorted(abs(v) for row in change for v in row)
    # One scale for all, so that neurons can be compared. One weight in a hundred may lie beyond its ends, since
    # a few large ones would make all others look pale.
    end = strengths[len(strengths) * 99 // 100] or 1.0
    figures = []
    for j, row in enumerate(change):
        alt = f"weights of {neuron} {j}, changed by {min(row):.1f} to {max(row):.1f}"
        pixels = [(*(RED if v > 0 else BLUE), round(255 * min(1.0, abs(v) / end))) for v in row]
        figures.append(f"<figure>{html_pictures.image(pixels, alt)}<figcaption>{j}</figcaption></figure>")
    return f"""<p>A square shows how training has changed the 784 weights of one neuron, each in the place of
its pixel. Ink on red now drives the neuron up more than before, ink on blue drives it down. Where there never
is ink, as in the corners, no weight has changed.</p>
<p class="scale">−{end:.1f} or less <i></i> {end:.1f} or more</p>
<div class="neurons">{"".join(figures)}</div>"""
