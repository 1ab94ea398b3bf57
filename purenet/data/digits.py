"""Handwritten digits drawn by this program, to learn from without a download.

    import random
    from purenet.data import digits
    image = digits.draw(7, random.Random(1))                        # a seven: 784 floats, row by row
    training_data, validation_data, test_data = digits.load_data_wrapper(training=5000)
    net.SGD(training_data, 30, 10, 3.0, test_data=test_data)        # net = Network([784, 30, 10])

The same seed draws the same images, to the last bit, everywhere.

The drawing: a sheet of squared paper with ten columns and ten rows. A style of writing a digit is a few
strokes of the pen; a stroke is a line of points, each its column and its row. "00 80 80 39" is a plain 7: to
the right, a corner, and down to the last row. A point given twice is a corner; at others the pen goes round.

          0123456789      What draw does:
        0 a.......b.        choose a style of the digit
        1 ..........        shake its points, and widen, slant and bend the sheet      _write
        2 ..........        cut the corners of the strokes                             _smooth
        : ..........        scale, ink and centre them as in MNIST                     image_28x28
        9 ...c......
"""

from __future__ import annotations

import random
from typing import Any

from purenet.support import checks
from purenet.support.checks import Example, Labelled
from purenet.matrix import Vector
from purenet.data import image_28x28
from purenet.data.image_28x28 import Point, Stroke
from purenet.data.mnist_loader import vectorized_result

STYLES = [
    ["60 20 03 06 29 59 86 83 70 40",                           # 0: upright,
     "70 30 04 08 29 59 95 91 70 40",                           # slanted,
     "30 02 06 29 69 97 92 70 40 11"],                          # begun at the left, the end crosses
    ["50 59", "70 29", "60 55 49",                              # 1: a line, slanted, curved,
     "24 50 50 59", "23 50 50 59, 29 79"],                      # with a flag, and with a foot
    ["12 20 70 84 46 09 09 59 99", "11 50 82 64 09 09 98",      # 2: with a corner at the bottom left,
     "11 40 70 73 28 08 27 59 99",                              # with a narrow turn there,
     "12 20 70 83 57 29 08 07 26 58 98",                        # with a loop,
     "23 11 50 82 74 38 19 07 27 68 97"],                       # with a loop and a long tail
    ["11 40 80 73 44 44 85 89 39 07",                           # 3: round,
     "22 20 60 82 44 44 84 89 39 08",                           # begun with a hook,
     "01 40 71 54 34 34 75 88 49 09"],                          # with a small top
    ["20 05 05 95, 80 79", "10 06 46 85, 90 69",                # 4: open, with a corner, with a curve,
     "60 60 05 05 95, 60 59",                                   # closed,
     "20 04 25 75 80 80 69"],                                   # in one stroke
    ["80 20 20 14 53 95 88 49 08", "90 20 11 34 75 88 49 08",   # 5: in one stroke, with or without corner,
     "90 40 40 24 24 55 67 49 08",                              # with a long bar,
     "20 14 44 85 88 39 08, 20 90",                             # the bar added at the end,
     "30 24 54 66 48 09, 30 90"],                               # the same with a small belly
    ["60 22 06 29 69 87 75 45 07", "70 30 04 08 39 89 85 44 06",   # 6: with a bent stem,
     "60 34 17 29 59 67 55 36 28",                              # with a small loop,
     "30 03 08 39 98 84 45 18", "30 05 19 79 86 45 17"],        # with a wide loop and a straight stem
    ["00 80 80 39", "02 10 80 80 49",                           # 7: plain, with a serif,
     "11 40 90 74 49", "01 80 80 49, 35 85"],                   # round, with a bar
    ["81 50 10 13 44 76 88 59 29 08 15 54 82 80 50",            # 8: begun at the top right,
     "50 20 13 44 76 79 29 16 44 82 70 40",                     # at the top,
     "91 50 21 23 44 56 58 39 08 36 63 91 80 60",               # slanted, with a small lower loop,
     "92 80 50 22 34 66 68 39 08 16 45 83 90 70"],              # slanted, with two equal loops
    ["81 50 10 04 25 64 81 80 79", "80 30 04 15 55 81 80 59",   # 9: with an upright stem, a slanted one,
     "72 50 10 04 35 74 81 81 79", "70 40 02 04 35 73 80 76 39",    # a short one, a bent one,
     "81 40 10 13 35 72 80 77 59 29"],                          # with a hook
]


def load_data_wrapper(
    training: int = 1000, validation: int = 200, test: int = 1000, seed: int = 0
) -> tuple[list[Example], list[Labelled], list[Labelled]]:
    """Three sets of as many examples as asked for, in the form of `mnist_loader.load_data_wrapper`.

    Of each ten examples in turn every digit has one. With the same seed, a longer set begins with the shorter
    one and changes no other. Raises TypeError or ValueError for anything but numbers of examples.

    >>> training_data, validation_data, test_data = load_data_wrapper(training=20, test=10)
    >>> len(training_data), len(validation_data), len(test_data)
    (20, 200, 10)
    >>> sorted(digit for x, digit in test_data)
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """
    for name, count in ("training", training), ("validation", validation), ("test", test):
        checks.integer(count, 0, name)
    training_data = [(x, vectorized_result(digit)) for x, digit in _examples(training, f"training {seed}")]
    return training_data, _examples(validation, f"validation {seed}"), _examples(test, f"test {seed}")


def _examples(count: int, seed: str) -> list[Labelled]:
    """`count` examples: one of each digit, shuffled; again; and so on."""
    rng = random.Random(seed)
    examples: list[Labelled] = []
    while len(examples) < count:
        examples += [(draw(digit, rng), digit) for digit in rng.sample(range(10), 10)]
    return examples[:count]


def draw(digit: int, rng: Any) -> Vector:
    """An image of `digit`, 0 to 9: 784 floats (28 rows of 28), each a grey level / 256, so 0 <= p < 1.

    0 is the black of the paper, 255/256 the white of the ink, as in MNIST. `rng` is the module random or a
    random.Random. Raises TypeError or ValueError for another rng or digit.
    """
    checks.digit(digit, 10, "digit")
    if not hasattr(rng, "choice"):
        raise TypeError(f"rng is {checks.shown(rng)}; it must be random or a random.Random")
    strokes = [_smooth(stroke) for stroke in _write(rng.choice(STYLES[digit]), rng)]
    return image_28x28.from_strokes(strokes, image_28x28.PEN + 0.7 * _wobble(rng))


def _wobble(rng: random.Random) -> float:
    """A number between -1 and 1, most likely near 0; that of rng.gauss may differ from machine to machine."""
    return rng.random() - rng.random()


def _write(style: str, rng: random.Random) -> list[Stroke]:
    """The strokes of a style as an unsteady hand places them on a sheet from -1 to 1."""
    width, slant, climb = 0.85 + 0.35 * _wobble(rng), 0.15 + 0.6 * _wobble(rng), 0.3 * _wobble(rng)
    bend = [0.2 * _wobble(rng) for _ in range(6)]

    def on_bent_sheet(column: str, row: str) -> Point:
        """Where the hand puts the point of a style."""
        x = int(column) / 4.5 - 1 + 0.2 * _wobble(rng)
        y = int(row) / 4.5 - 1 + 0.2 * _wobble(rng)
        return (width * x - slant * y + bend[0] * x * x + bend[1] * x * y + bend[2] * y * y,
                y - climb * x + bend[3] * x * x + bend[4] * x * y + bend[5] * y * y)

    return [[on_bent_sheet(*point) for point in stroke.split()] for stroke in style.split(",")]


def _smooth(points: Stroke) -> Stroke:
    """The stroke with its corners cut, twice (G. Chaikin, 1974): each edge keeps its middle half."""
    for _ in range(2):
        cut = [points[0]]
        for (ax, ay), (bx, by) in zip(points, points[1:]):
            cut.append((0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by))
            cut.append((0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by))
        points = cut + [points[-1]]
    return points
