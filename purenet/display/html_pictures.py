"""Draw images, digits, learning curves, confusion matrices and outputs for a web page, as PNG and SVG.

    image([(0, 0, 0, 255)] * 784, alt="night")             # red, green, blue and opacity of each pixel
    digit(x, alt="a seven")                                # 784 grey levels from 0 to 1
    curve([71.3, 84.0, 88.2])                              # percentages
    confusion([[98, 2], [0, 100]])                         # how often each digit was taken for each
    bars([0.02, 0.91, 0.13], ["", "guess", "wanted"])       # a bar for each number from 0 to 1

Each is a str of HTML, with words for those who cannot see it. Colours and sizes are in `html_page.STYLE`.
Places in an SVG are percentages of its size, so a drawing is as wide as the screen allows, and its letters
stay as large as those around it.
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from itertools import chain, count

from purenet.matrix import Vector

Pixel = tuple[int, int, int, int]  # red, green, blue, opacity


def png(rows: list[list[Pixel]]) -> bytes:
    """A PNG file of `rows` of pixels (red, green, blue, opacity), integers from 0 to 255.

    Its form is that of the W3C's "Portable Network Graphics (PNG) Specification": a signature, then chunks,
    each of them a length, name, data and checksum. Colour type 6 has the four values, of 8 bits each. Every
    row begins with the number of its filter, 0 for none.
    """

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">2I5B", len(rows[0]), len(rows), 8, 6, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(chain(*row)) for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def image(pixels: list[Pixel], alt: str) -> str:
    """The 784 pixels (red, green, blue, opacity) of an image, row by row, as an <img> that contains them."""
    data = base64.b64encode(png([pixels[k : k + 28] for k in range(0, 784, 28)])).decode()
    return f'<img alt="{alt}" width="28" height="28" src="data:image/png;base64,{data}"/>'


def digit(x: Vector, alt: str) -> str:
    """The image of a digit, 784 grey levels from 0, blank paper, to 1, black ink. What is beyond is clipped."""
    return image([(0, 0, 0, max(0, min(255, int(256 * p)))) for p in x], alt)


def curve(percentages: list[float]) -> str:
    """A curve of one percentage for each epoch, on a scale from a multiple of ten below it to 100 %."""
    least, last = min(percentages), len(percentages) - 1
    step = 10 if least >= 50 else 20
    bottom = 100 - step * max(1, math.ceil((100 - least) / step))
    # 1, 2, 5, 10, 20, 50, ...: how many epochs from number to number, so that at most six stand in a row.
    every = next(m * 10**k for k in count() for m in (1, 2, 5) if last <= 5 * m * 10**k)

    def across(epoch: int) -> str:
        return f"{100 * epoch / last if last else 50:.2f}"

    def down(percentage: float) -> str:
        return f"{100 * (100 - percentage) / (100 - bottom):.2f}"

    label = f"{percentages[0]:.1f} % after epoch 0, {percentages[-1]:.1f} % after epoch {last}"
    parts = [f'<svg class="curve" role="img" aria-label="{label}">']
    for mark in range(bottom, 101, step):
        parts.append(f'<line x2="100%" y1="{down(mark)}%" y2="{down(mark)}%"/>')
        parts.append(f'<text class="mark" x="-8" y="{down(mark)}%" dy="4">{mark} %</text>')
    for epoch in range(0, last + 1, every):
        parts.append(f'<text x="{across(epoch)}%" y="100%" dy="20">{epoch}</text>')
    parts.append('<text x="50%" y="100%" dy="42">epoch</text>')
    # A line of many points takes no percentages, so it has a square of its own that is stretched with it.
    points = " ".join(f"{across(epoch)},{down(p)}" for epoch, p in enumerate(percentages))
    parts.append(f'<svg viewBox="0 0 100 100" preserveAspectRatio="none"><polyline points="{points}"/></svg>')
    for epoch, p in enumerate(percentages):
        if last < 60 or epoch == last:
            title = f"<title>{p:.1f} % after epoch {epoch}</title>"
            parts.append(f'<circle cx="{across(epoch)}%" cy="{down(p)}%" r="4">{title}</circle>')
    x, y = across(last), down(percentages[-1])
    parts.append(f'<text class="last" x="{x}%" y="{y}%" dy="-12">{percentages[-1]:.1f} %</text></svg>')
    return "\n".join(parts)


def confusion(counts: list[list[int]]) -> str:
    """A table of a confusion matrix, shape (n, n): `counts[digit][guess]` in row `digit`, column `guess`."""
    digits = range(len(counts))
    most = max(1, *(counts[d][g] for d in digits for g in digits if d != g))
    parts = [
        '<table class="confusion">',
        f'<tr><th rowspan="2">digit</th><th colspan="{len(counts)}" scope="colgroup">taken for</th></tr>',
        "<tr>" + "".join(f'<th scope="col">{guess}</th>' for guess in digits) + "</tr>",
    ]
    for digit, row in enumerate(counts):
        parts.append(f'<tr><th scope="row">{digit}</th>')
        for guess, n in enumerate(row):
            # From a tenth, which can be seen, to a half, on which the number can still be read.
            red = 0.1 + 0.4 * n / most if n else 0.0
            kind = 'class="right"' if guess == digit else f'style="background: rgb(var(--red) / {red:.2f})"'
            parts.append(f"<td {kind}>{n}</td>")
        parts.append("</tr>")
    return "\n".join([*parts, "</table>"])


def bars(values: Vector, kinds: list[str]) -> str:
    """A bar from 0 to 1 for each value, its index beneath it; `kinds` are names for the style sheet."""
    wide = 100 / len(values)
    parts = []
    for k, (value, kind) in enumerate(zip(values, kinds)):
        # Two of a hundred parts are kept for an output near 0, whose colour would not be seen.
        high = 2 + 70 * value
        parts.append(
            f'<rect class="{kind}" x="{wide * (k + 0.1):.1f}%" y="{72 - high:.1f}%" '
            f'width="{wide * 0.8:.1f}%" height="{high:.1f}%"/>'
            f'<text x="{wide * (k + 0.5):.1f}%" y="98%">{k}</text>'
        )
    label = ", ".join(f"{value:.2f} for {k}" for k, value in enumerate(values))
    return f'<svg class="bars" role="img" aria-label="{label}"><title>{label}</title>{"".join(parts)}</svg>'
