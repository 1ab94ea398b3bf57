"""Pictures of digits for the tests: made of images, written as PNG files, and read by the plainest network."""

import functools
import struct
import zlib

from purenet import Network, digits
from purenet.data.picture_files import CHANNELS, GREY, PNG


def rows(image):
    """The grey levels of an image of 784 numbers below 1, as rows of bytes."""
    return [bytes(int(256 * level) for level in image[start : start + 28]) for start in range(0, 784, 28)]


def enlarged(rows, times):
    return [bytes(level for level in row for _ in range(times)) for row in rows for _ in range(times)]


def inverted(rows):
    return [bytes(255 - level for level in row) for row in rows]


def pasted(rows, left, top, right, bottom):
    """The rows on black paper that goes so many pixels beyond them."""
    width = left + len(rows[0]) + right
    return [bytes(width)] * top + [bytes(left) + row + bytes(right) for row in rows] + [bytes(width)] * bottom


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(rows, colour=GREY, depth=8, filters=(0,), palette=b"", transparent=b"", interlaced=0, pieces=1):
    """A PNG file whose rows have these samples, and in turn these filters."""
    channels = CHANNELS.get(colour, 1)
    lines, above = b"", None
    for k, row in enumerate(rows):
        bits = "".join(f"{sample:0{depth}b}" for sample in row)
        bits += "0" * (-len(bits) % 8)
        line = int(bits, 2).to_bytes(len(bits) // 8, "big")
        kind = filters[k % len(filters)]
        lines += bytes([kind]) + filtered(kind, line, above or bytes(len(line)), channels)
        above = line
    header = struct.pack(">IIBBBBB", len(rows[0]) // channels, len(rows), depth, colour, 0, 0, interlaced)
    zipped, size = zlib.compress(lines), -(-len(zlib.compress(lines)) // pieces)
    parts = [chunk(b"IHDR", header), chunk(b"tEXt", b"Title\0a digit")]
    parts += [chunk(kind, content) for kind, content in ((b"PLTE", palette), (b"tRNS", transparent)) if content]
    parts += [chunk(b"IDAT", zipped[start : start + size]) for start in range(0, len(zipped), size)]
    return PNG + b"".join(parts) + chunk(b"IEND", b"")


def filtered(kind, line, above, channels):
    """What the file has of a line: each byte less what the filter predicts."""
    left, corner = bytes(channels) + line, bytes(channels) + above
    return bytes((x - predicted(kind, a, b, c)) % 256 for x, a, b, c in zip(line, left, above, corner))


def predicted(kind, a, b, c):
    """By the names of the specification: a to the left, b above, c above to the left."""
    nearest = min((a, b, c), key=lambda neighbour: abs(a + b - c - neighbour))
    return [0, a, b, (a + b) // 2, nearest][kind]


@functools.lru_cache(maxsize=None)
def by_nearest_mean():
    """A network without hidden layers: its largest output is that of the digit with the nearest mean image.

    ‖x − m‖² is smallest where x·m − ½‖m‖² is largest, and that is linear in x.
    """
    _, examples, _ = digits.load_data_wrapper(0, 500, 0)
    net = Network([784, 10])
    for digit in range(10):
        images = [x for x, label in examples if label == digit]
        mean = [sum(levels) / len(images) for levels in zip(*images)]
        net.weights[0][digit] = [level / 10 for level in mean]
        net.biases[0][digit] = -sum(level * level for level in mean) / 20
    return net
