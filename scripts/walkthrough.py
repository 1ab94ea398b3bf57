#!/usr/bin/env python3
"""Work out one training step of a small network as on paper: every formula in symbols, then in numbers.

The weights and biases are drawn at random and rounded to one decimal; so are x and y, unless they are given.
"""

import argparse
import contextlib
import copy
import random
import re
import sys
import textwrap

import command

from purenet.display import equations as paper
from purenet.display.equations import numbered, shown
from purenet.matrix import add, matvec, subtract, transpose
from purenet.network import Network, sigmoid, sigmoid_prime

PAGE = 80
# As many columns of the widest number as fit into a line, with the most that may stand beside them.
MOST_NEURONS = (PAGE - len("(9) w10 <- - 1000.0 []")) // len(" -1.23e-217")
EPSILON = 0.00001
SPELLING = paper.spelling(sys.stdout.encoding if sys.stdout else "ascii")


def main():
    net, x, y, eta, wants_plot = start()
    activations, deltas = net._activations_and_deltas(x, y)
    zs = [add(matvec(w, a), b) for w, a, b in zip(net.weights, activations, net.biases)]
    introduce(net, x, y, eta)
    forward(net, x, y, activations, zs)
    back(net, y, activations, zs, deltas)
    step(net, x, y, eta, activations, deltas)
    check(net, x, y)
    if wants_plot:
        heading("The two curves")
        say("σ(z) = 1 / (1 + e⁻ᶻ) squeezes every z into the range from 0 to 1.")
        print(paper.plot(sigmoid, 1.0) + "\n")
        say("σ′(z) is its slope: almost 0 far out, so there a neuron hardly learns.")
        print(paper.plot(sigmoid_prime, 0.25) + "\n")


def start():
    """The network, x, y and η, and whether to plot σ."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    option, most = parser.add_argument, f"neurons of each layer, up to {MOST_NEURONS} (default: 2 3 1)"
    option("--sizes", type=neurons, nargs="+", default=[2, 3, 1], metavar="N", help=most)
    option("--x", type=number, nargs="+", metavar="X", help="the input")
    option("--y", type=number, nargs="+", metavar="Y", help="the output that it should have")
    option("--eta", type=number, default=3.0, metavar="X", help="learning rate (default: 3.0)")
    option("--seed", type=int, default=574, metavar="N", help="where the random numbers start (default: 574)")
    option("--plot", action="store_true", help="plot sigma and its slope, too")
    # argparse takes -1e-3 for an option, unless a space stands before it.
    args = parser.parse_args([re.sub(r"^-(?=[\d.in])", " -", text) for text in sys.argv[1:]])
    if len(args.sizes) < 2:
        parser.error("argument --sizes: a network has two layers or more, as in 2 3 1")
    rng = random.Random(args.seed)
    net = Network(args.sizes, rng)
    # 0.0 is added, here and below, to turn -0.0 into it.
    net.biases = [[round(v, 1) + 0.0 for v in b] for b in net.biases]
    net.weights = [[[round(v, 1) + 0.0 for v in row] for row in w] for w in net.weights]
    drawn_x = [round(rng.random(), 1) for _ in range(args.sizes[0])]
    drawn_y = [float(round(rng.random())) for _ in range(args.sizes[-1])]
    x, y = args.x or drawn_x, args.y or drawn_y
    for name, v, n in ("x", x, args.sizes[0]), ("y", y, args.sizes[-1]):
        if len(v) != n:
            parser.error(f"argument --{name}: {len(v)} given, where a network of {args.sizes} takes {n}")
    return net, x, y, args.eta, args.plot


def neurons(text):
    if text not in map(str, range(1, MOST_NEURONS + 1)):
        wanted = f"a whole number from 1 to {MOST_NEURONS}; larger layers do not fit into {PAGE} columns"
        raise argparse.ArgumentTypeError(f"{text.strip()} is not {wanted}")
    return int(text)


def number(text):
    with contextlib.suppress(ValueError):
        if abs(float(text)) <= 1000:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text.strip()} is not a number from -1000 to 1000")


def introduce(net, x, y, eta):
    *others, last = map(str, net.sizes)
    heading(f"One training step of a network of {', '.join(others)} and {last} neurons")
    answer = numbered("a", len(others))
    say(f"""The small digits number the layers: a₀ is the input, {answer} the answer, w₁ and b₁ are the
        weights and biases of layer 1, with a row for each of its neurons. (In Python they are net.weights[0]
        and net.biases[0], because the input has none, and rows and columns are counted from 0 as well.)
        ⊙ multiplies entry by entry, ᵀ turns rows into columns. (1) to (9) are the formulas of
        purenet/network.py, which writes ⁻ for the layer before and ⁺ for the layer after.""")
    say("""Numbers with four decimals or more are rounded, and so are those like 1.23e-05. Worked out on paper
        from what is shown, a result may differ a little in its last digits.""")
    heading("Given: an input x, the output y that it should have, and the learning rate η")
    equation("", 0, ["x = a₀ =", x], ["   y =", y], ["   η =", eta])
    say("The weights and biases are drawn at random, with one decimal.")


def forward(net, x, y, activations, zs):
    heading("Forward: what does the network answer?")
    for l, (w, b, z) in enumerate(zip(net.weights, net.biases, zs), 1):
        inputs = numbered("a⁻", l)
        say(f"Each neuron of layer {l} adds up the entries of {inputs}, each times a weight, and its bias.")
        equation("(1) z = w a⁻ + b", l, ["=", w, activations[l - 1]], ["+", b], ["=", z])
        say("σ(z) = 1 / (1 + e⁻ᶻ) squeezes the sums into the range from 0 to 1.")
        equation("(2) a = σ(z)", l, ["=", "σ", z], ["=", activations[l]])
    say("The cost is half the squared distance of the answer from y; 0 would be perfect.")
    cost(y, activations[-1], net.cost(x, y), l)


def cost(y, a, value, l):
    difference = subtract(y, a)
    rows = ["= ½‖", y, "−", a, "‖²"], ["= ½‖", difference, "‖²"], ["=", value]
    equation("(3) C = ½‖y − a‖²", l, *rows)


def back(net, y, activations, zs, deltas):
    heading("Back: how does the cost change with each z?")
    say("∂C/∂a is the slope of the cost: negative where an output lies below y and should grow.")
    last, nabla_a, slopes = len(zs), net.cost_derivative(activations[-1], y), sigmoid_prime(zs)
    equation("(4) ∂C/∂a = a − y", last, ["=", activations[-1], "−", y], ["=", nabla_a])
    say("""σ′(z) = σ(z) (1 − σ(z)) is the slope of σ: how much of a change in z arrives in a. Both slopes
        multiplied give the error δ = ∂C/∂z.""")
    rows = ["=", nabla_a, "⊙ σ′", zs[-1]], ["=", nabla_a, "⊙", slopes[-1]], ["=", deltas[-1]]
    equation("(5) δ = ∂C/∂a ⊙ σ′(z)", last, *rows)
    for l in range(last - 1, 0, -1):
        say(f"""Layer {l} acts on the cost through layer {l + 1} alone. So the errors of layer {l + 1} come
            back over the same weights, and then through the slope of σ.""")
        w, delta, slope = transpose(net.weights[l]), deltas[l], slopes[l - 1]
        rows = ["=", w, delta, "⊙ σ′", zs[l - 1]], ["=", matvec(w, delta), "⊙", slope], ["=", deltas[l - 1]]
        equation("(6) δ = w⁺ᵀ δ⁺ ⊙ σ′(z)", l, *rows)


def step(net, x, y, eta, activations, deltas):
    nabla_b, nabla_w = net.backprop(x, y)
    heading("The gradient: how does the cost change with each bias and weight?")
    say("A bias goes into z as it is, so the cost changes with it just as with z.")
    for l, nabla in enumerate(nabla_b, 1):
        equation("(7) ∂C/∂b = δ", l, ["=", nabla])
    say("""A weight goes into z times an activation, so its slope is δ times that activation. (In training
        these matrices are not written down. What they hold is subtracted from w at once.)""")
    for l, (delta, a, nabla) in enumerate(zip(deltas, activations, nabla_w), 1):
        equation("(8) ∂C/∂w = δ a⁻ᵀ", l, ["=", delta], [[a]], ["=", nabla])
    heading("The step: a little way down the slope, for each bias and weight")
    say("η tells how far. (From a mini-batch of m examples it would be the mean of their m gradients.)")
    after = copy.deepcopy(net)
    after.update_mini_batch([(x, y)], eta)
    for l, (b, nabla, new_b) in enumerate(zip(net.biases, nabla_b, after.biases), 1):
        equation("(9) b ← b − η ∂C/∂b", l, ["←", b], ["−", eta, nabla], ["=", new_b])
    for l, (w, nabla, new_w) in enumerate(zip(net.weights, nabla_w, after.weights), 1):
        equation("(9) w ← w − η ∂C/∂w", l, ["←", w], ["−", eta, nabla], ["=", new_w])
    say("Did it help? Forward again, with the new weights and biases:")
    cost(y, after.feedforward(x), after.cost(x, y), l)
    before, now = shown([net.cost(x, y), after.cost(x, y)])
    lower = after.cost(x, y) < net.cost(x, y)
    moral = "Learning is many such steps." if lower else "With a smaller η, above 0, it would sink."
    say(f"The cost was {before} and is {now} now. {moral}")


def check(net, x, y):
    """Compare the slope of one weight, where it is the steepest in layer 1, with what the cost does."""
    nabla_b, nabla_w = net.backprop(x, y)
    j = max(range(net.sizes[1]), key=lambda j: abs(nabla_b[0][j]))
    k = max(range(net.sizes[0]), key=lambda k: abs(x[k]))
    moved, weight = copy.deepcopy(net), net.weights[0][j][k]
    moved.weights[0][j][k] = weight + EPSILON
    above = moved.cost(x, y)
    moved.weights[0][j][k] = weight - EPSILON
    below = moved.cost(x, y)
    heading("The check: is that true?")
    say(f"""Move net.weights[0][{j}][{k}], the weight from input {k + 1} to neuron {j + 1} of layer 1, a bit
        up and down from {weight}, and look at what the cost does.""")
    difference, slope = above - below, (above - below) / (2 * EPSILON)
    texts = [f"{round(v, 14) + 0.0:20.14f}" for v in (above, below, difference, slope, nabla_w[0][j][k])]
    names = [f"C with {weight + EPSILON:.5f}", f"C with {weight - EPSILON:.5f}", "the difference"]
    names += [f"the difference / {2 * EPSILON:.5f}", "∂C/∂w from backpropagation", "the digits that agree"]
    agreed = re.match(r"(.*).*\n\1", "\n".join(texts[-2:]))[1]
    for name, text in zip(names, [*texts, agreed]):
        print(f"    {name.translate(SPELLING):26}{text}".rstrip())
    count = sum((1 + m) * n for m, n in zip(net.sizes, net.sizes[1:]))
    print()
    say(f"""Like this, each of the {count} weights and biases would take two passes forward. Backpropagation
        takes one pass forward and one back for all of them.""")


def heading(text):
    lines = textwrap.wrap(text.translate(SPELLING), PAGE)
    print(*lines, "-" * len(lines[0]) + "\n", sep="\n")


def say(text):
    print(textwrap.fill(" ".join(text.translate(SPELLING).split()), PAGE) + "\n")


def equation(formula, l, *pieces):
    """Print the formula for layer l, and below it its numbers."""
    print(paper.equation(numbered(formula, l), pieces, PAGE, SPELLING) + "\n")


if __name__ == "__main__":
    command.run(main)
