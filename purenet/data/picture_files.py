"""Read a picture of a digit, a PNG, PGM or PPM file, as an input for a network that was trained on MNIST.

    from purenet import network, picture_files
    net = network.load("model.json")
    a = net.feedforward(picture_files.load("seven.png"))
    print("It is a", a.index(max(a)))

The digit may be dark on light or light on dark, of any size and in any place, but must be alone in the
picture; `image_28x28` gives it the form of MNIST. The files:

    PNG         grey, RGB or palette of up to 8 bits a channel, with or without transparency, not interlaced
                (W3C, "Portable Network Graphics (PNG) Specification", whose names for the parts are used here)
    PGM, PPM    binary (P5, P6), with levels up to 255 (J. Poskanzer, the manual of Netpbm)
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Iterator
from itertools import accumulate

from purenet.data import image_28x28
from purenet.matrix import Vector
from purenet.support.files import reading

MOST_SIDE = 4_096  # pixels; the pictures of a camera have some 4,000 by 3,000
MOST_BYTES = 3 * MOST_SIDE**2 + 1_000  # the largest PPM

NETPBM = re.compile(rb"P([56])" + rb"(?:\s|#[^\n]*\n)+([0-9]{1,9})" * 3 + rb"\s")
PNG = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}


def load(path: str | os.PathLike[str]) -> Vector:
    """The digit in a picture as MNIST has its images: 784 grey levels in [0, 1), row by row, 0 for paper.

    Raises ValueError where the file is no such picture, damaged, or of one colour, OSError where it cannot be
    read.
    """
    with reading(path, MOST_BYTES, " cannot be read as a picture of a digit") as file:
        data = b"".join(file)
        return image_28x28.from_pixels(_png(data) if data.startswith(PNG) else _netpbm(data))


def _netpbm(data: bytes) -> list[bytes]:
    """The rows of a PGM or PPM file, in grey levels."""
    header = NETPBM.match(data[:1_000])
    if not header:
        raise ValueError("it is not a PNG, PGM or PPM file; save it as PNG with an image program")
    kind, width, height, highest = map(int, header.groups())
    _check_size(width, height)
    if not 1 <= highest <= 255:
        raise ValueError(f"its highest level is {highest}; save it with levels up to 255")
    stride = width * (3 if kind == 6 else 1)
    pixels = data[header.end() : header.end() + height * stride]
    _check_complete(len(pixels), height * stride)
    rows = [pixels[start : start + stride] for start in range(0, len(pixels), stride)]
    return [_grey(row[0::3], row[1::3], row[2::3]) for row in rows] if kind == 6 else rows


def _png(data: bytes) -> list[bytes]:
    """The rows of a PNG file, in grey levels, on white paper where the picture is transparent."""
    chunks = list(_chunks(data))
    kind, header = chunks[0]
    if kind != b"IHDR" or len(header) != 13:
        raise ValueError("it does not begin with the header of a PNG")
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    _check_size(width, height)
    if colour not in CHANNELS or depth not in ((1, 2, 4, 8) if colour in (GREY, PALETTE) else (8,)):
        raise ValueError(f"it has {depth} bits a channel in colour type {colour}; save it with 8 bits")
    if interlaced:
        raise ValueError("it is interlaced; save it without interlacing")
    palette, transparent, zipped = (
        b"".join(content for kind, content in chunks if kind == wanted)
        for wanted in (b"PLTE", b"tRNS", b"IDAT")
    )
    channels = CHANNELS[colour]
    stride = (width * channels * depth + 7) // 8
    try:
        lines = zlib.decompressobj().decompress(zipped, height * (1 + stride))
    except zlib.error as error:
        raise ValueError(f"it is damaged ({error})") from None
    _check_complete(len(lines), height * (1 + stride))
    if max(lines[:: 1 + stride]) > 4:
        raise ValueError("it is damaged: a row has a filter above 4")
    tones, row = [], [bytes(stride // channels)] * channels
    for start in range(0, len(lines), 1 + stride):
        line = lines[start + 1 : start + 1 + stride]
        row = [_unfilter(lines[start], line[c::channels], above) for c, above in enumerate(row)]
        tones.append(_tones([_unpacked(line, depth)[:width] for line in row], colour, palette, transparent))
    on_white = [_on(255, *row) for row in tones]
    blank = len(set().union(*on_white)) == 1
    return [_on(0, *row) for row in tones] if blank else on_white


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG file, as pairs (kind, content)."""
    kind, end = b"", len(PNG)
    while kind != b"IEND":
        start = end + 8
        size, kind = struct.unpack(">I4s", data[end:start].ljust(8, b"\0"))
        end = start + size + 4
        _check_complete(len(data), end)
        if zlib.crc32(data[start - 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise ValueError(f"it is damaged: the checksum of its chunk {kind!r} is wrong")
        yield kind, data[start : end - 4]


def _unfilter(kind: int, line: bytes, above: bytes) -> bytes:
    """One channel of a row: the file has how its bytes differ from what a filter predicts."""
    if kind == 0:
        return line
    if kind == 1:
        return bytes(left & 255 for left in accumulate(line))
    if kind == 2:
        return bytes(byte + up & 255 for byte, up in zip(line, above))
    result = bytearray()
    left = corner = 0
    for byte, up in zip(line, above):
        if kind == 3:
            predicted = (left + up) // 2
        else:  # Paeth's filter takes the neighbour that is nearest to left + up - corner.
            to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            nearer = up if to_up <= to_corner else corner
            predicted = left if to_left <= to_up and to_left <= to_corner else nearer
        left, corner = byte + predicted & 255, up
        result.append(left)
    return bytes(result)


def _unpacked(line: bytes, depth: int) -> bytes:
    """The samples of `depth` bits in the bytes of a line, as bytes."""
    if depth == 8:
        return line
    return bytes(byte >> shift & 2**depth - 1 for byte in line for shift in range(8 - depth, -1, -depth))


def _tones(channels: list[bytes], colour: int, palette: bytes, transparent: bytes) -> tuple[bytes, bytes]:
    """The grey levels of a row of pixels, and their alpha: 255 where they are opaque, 0 where transparent."""
    if colour == PALETTE:
        if 3 * max(channels[0]) >= len(palette):
            raise ValueError("it is damaged: a pixel has a colour that is not in the palette")
        greys = _grey(palette[0::3], palette[1::3], palette[2::3])[:256].ljust(256, b"\xff")
        return channels[0].translate(greys), channels[0].translate(transparent[:256].ljust(256, b"\xff"))
    grey = _grey(*channels[:3]) if colour in (RGB, RGB_ALPHA) else channels[0]
    if colour in (GREY_ALPHA, RGB_ALPHA):
        return grey, channels[-1]
    if not transparent:
        return grey, b"\xff" * len(grey)
    return grey, bytes(255 * (pixel != tuple(transparent[1::2])) for pixel in zip(*channels))


def _grey(red: bytes, green: bytes, blue: bytes) -> bytes:
    """How light the colours are to the eye (ITU-R BT.601)."""
    return bytes((299 * r + 587 * g + 114 * b) // 1000 for r, g, b in zip(red, green, blue))


def _on(paper: int, grey: bytes, alpha: bytes) -> bytes:
    """The grey levels of a row of pixels on paper of this level."""
    if alpha.count(255) == len(alpha):  # as in most pictures
        return grey
    return bytes((level * a + paper * (255 - a)) // 255 for level, a in zip(grey, alpha))


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
        raise ValueError(f"it has {width:,} x {height:,} pixels; 1 to {MOST_SIDE:,} a side can be read")


def _check_complete(size: int, expected: int) -> None:
    if size < expected:
        raise ValueError(f"it ends too early: {expected - size:,} bytes are missing")
