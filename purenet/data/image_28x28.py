"""Make images of digits in the form of MNIST, from strokes of a pen or from the pixels of a picture.

    x = from_strokes([[(0, 0), (8, 0), (4, 9)]])    # a seven; x: 784 grey levels in [0, 1), row by row
    x = from_pixels(rows)                           # rows of bytes: the grey levels of a picture of any size

Either does what MNIST's makers did (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten
digits"): scale the digit into a box of 20 x 20 pixels without changing its proportions, and move its centre of
mass to the centre of a field of 28 x 28. A network reads only what looks like the images it was trained on.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, chain

from purenet.matrix import Vector

Point = tuple[float, float]     # (x, y)
Stroke = list[Point]
Ink = list[tuple[int, int, int]]    # pixels (row, column, grey level from 1 to 255)

PEN = 1.8       # of MNIST's writers, about
LEVELS = [level / 256 for level in range(256)]      # equal pixels share one float object


def from_strokes(strokes: list[Stroke], pen: float = PEN) -> Vector:
    """The image of strokes, lists of one or more points (x, y) in any unit, y growing downwards.

    `pen` is the distance in pixels from the middle of a stroke to its faint edge.
    """
    return _centre(_ink(_fit(strokes, 10 - pen), pen))


def from_pixels(rows: Sequence[bytes]) -> Vector:
    """The image of a digit in a picture, dark on light or light on dark: bytes of grey levels for each row.

    Raises ValueError where all pixels are alike.
    """
    rows = _crop(_inked(rows))
    side = max(len(rows), len(rows[0]))
    columns = zip(*[_means(row, side) for row in rows])
    box = list(zip(*[_means(column, side) for column in columns]))
    # What is thinner than one of the 20 pixels has become faint.
    strongest = max(map(max, box))
    levels = [[round(255 * level / strongest) for level in row] for row in box]
    return _centre([(i, j, level) for i, row in enumerate(levels) for j, level in enumerate(row) if level])


def _inked(rows: Sequence[bytes]) -> list[bytes]:
    """How far each pixel differs from the paper; 0 for the paper itself."""
    levels = Counter(chain.from_iterable(rows))
    edge = Counter(chain(rows[0], rows[-1], (row[0] for row in rows), (row[-1] for row in rows)))
    # Most of the pixels are paper, or most of those along the edge. So the median of both together is paper
    # even where a digit fills the picture or reaches its edge.
    pixels, around = sum(levels.values()), sum(edge.values())
    shares = accumulate(levels[level] / pixels + edge[level] / around for level in range(256))
    paper = next(level for level, share in enumerate(shares) if share > 1 - 1e-9)
    # Paper in uneven light is as often lighter as it is darker than its median. Ink is on one side.
    sign = 1 if sum(level * count for level, count in levels.items()) > paper * pixels else -1
    ink = [sign * (level - paper) for level in range(256)]
    strongest = max(ink[level] for level in levels)
    if strongest == 0:
        raise ValueError("all of its pixels have the same colour, so there is no digit to see")
    # Shadows and the noise of a camera show along the edge, where at most a tenth is taken to be ink. What has
    # an eighth of the strongest ink may be the fringe that a JPEG puts around it.
    faint = sorted(ink[level] for level in edge.elements() if ink[level] < strongest / 2)
    faintest = max(2 * faint[9 * len(faint) // 10], strongest / 8)
    table = bytes(level if level > faintest else 0 for level in ink)
    return [row.translate(table) for row in rows]


def _crop(rows: Sequence[bytes]) -> list[bytes]:
    """The smallest box with all of the ink."""
    inked = [i for i, row in enumerate(rows) if any(row)]
    rows = rows[inked[0] : inked[-1] + 1]
    left = min(len(row) - len(row.lstrip(b"\0")) for row in rows)
    right = max(len(row.rstrip(b"\0")) for row in rows)
    return [row[left:right] for row in rows]


def _means(line: Sequence[float], side: int) -> list[float]:
    """The line shortened as `side` is to 20: the means over equal parts, with nothing beyond either end."""
    n, parts = len(line), math.ceil(20 * len(line) / side)
    # Measured from the middle, since together they may be a little longer than the line.
    edges = [min(max(0.0, (20 * n + side * (2 * k - parts)) / 40), n) for k in range(parts + 1)]
    sums, line = [0, *accumulate(line)], [*line, 0]
    until = [sums[int(edge)] + edge % 1 * line[int(edge)] for edge in edges]
    return [20 / side * (after - before) for before, after in zip(until, until[1:])]


def _fit(strokes: list[Stroke], half: float) -> list[Stroke]:
    """The strokes in a box of 2 * half pixels in the middle of the image, where x is a column and y a row."""
    xs = [x for points in strokes for x, _ in points]
    ys = [y for points in strokes for _, y in points]
    scale = 2 * half / (max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return [[(13.5 + scale * (x - middle_x), 13.5 + scale * (y - middle_y)) for x, y in s] for s in strokes]


def _ink(strokes: list[Stroke], pen: float) -> Ink:
    """The inked pixels: full ink near the segments that make up the strokes, and a soft edge of one pixel."""
    nearest = [pen * pen] * 784         # squared distances; what is further away has no ink
    for points in strokes:
        for (ax, ay), (bx, by) in zip(points, points[1:] or points):
            dx, dy = bx - ax, by - ay
            length_squared = dx * dx + dy * dy or 1.0
            columns = range(math.ceil(min(ax, bx) - pen), math.floor(max(ax, bx) + pen) + 1)
            for row in range(math.ceil(min(ay, by) - pen), math.floor(max(ay, by) + pen) + 1):
                y = row - ay
                for column in columns:
                    x = column - ax
                    t = (x * dx + y * dy) / length_squared      # 0 at the segment's start, 1 at its end
                    t = 0.0 if t < 0.0 else 1.0 if t > 1.0 else t
                    away_x, away_y = x - t * dx, y - t * dy
                    distance_squared = away_x * away_x + away_y * away_y
                    if distance_squared < nearest[28 * row + column]:
                        nearest[28 * row + column] = distance_squared
    return [(i // 28, i % 28, min(255, int(256 * (pen - math.sqrt(distance_squared)))))
            for i, distance_squared in enumerate(nearest) if distance_squared < pen * pen]


def _centre(ink: Ink) -> Vector:
    """The image of the inked pixels, moved by whole pixels until their centre of mass is in pixel (14, 14).

    Ink that would leave the image is lost.
    """
    mass = sum(level for _, _, level in ink)
    down = 14 - round(sum(row * level for row, _, level in ink) / mass)
    right = 14 - round(sum(column * level for _, column, level in ink) / mass)
    image = [LEVELS[0]] * 784
    for row, column, level in ink:
        if 0 <= row + down < 28 and 0 <= column + right < 28:
            image[28 * (row + down) + column + right] = LEVELS[level]
    return image
