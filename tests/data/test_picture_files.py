"""A picture file gives its pixels, whatever its form, or a sentence that says why it does not."""

import itertools
import random
import struct
import zlib

import pytest
from damage import peak
from hypothesis import assume, given
from hypothesis import strategies as st
from pictures import chunk, filtered, inverted, png, rows

from purenet import digits, picture_files
from purenet.data import image_28x28
from purenet.data.picture_files import GREY, GREY_ALPHA, PALETTE, PNG, RGB, RGB_ALPHA

SEVEN = rows(digits.draw(7, random.Random(1)))

filters = st.lists(st.integers(0, 4), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("pictures") / "a digit"


def load(path, content):
    path.write_bytes(content)
    return picture_files.load(path)


@st.composite
def pictures(draw, most=255):
    """Rows of one to nine levels up to `most`, not all alike."""
    width = draw(st.integers(1, 9))
    rows = st.lists(st.integers(0, most), min_size=width, max_size=width).map(bytes)
    picture = draw(st.lists(rows, min_size=1, max_size=9))
    assume(len(set(b"".join(picture))) > 1)
    return picture


def spread(picture, *channels):
    """The samples of each pixel one after the other: a function of its level gives those of a channel."""
    return [bytes(channel(level) for level in row for channel in channels) for row in picture]


def same(level):
    return level


def opaque(level):
    return 255


# The same picture in every form.


@given(pictures(), filters, st.integers(1, 4), st.sampled_from([b" ", b"\n", b"\t# a digit\r\n#\n "]))
def test_every_kind_of_file_gives_the_same_image(path, picture, filters, pieces, space):
    expected, coloured = image_28x28.from_pixels(picture), spread(picture, same, same, same)
    # In the palette, grey level g has the number 255 - g.
    palette, numbers = bytes(255 - k // 3 for k in range(768)), inverted(picture)
    for samples, form in (
        (picture, {"colour": GREY}),
        (coloured, {"colour": RGB}),
        (numbers, {"colour": PALETTE, "palette": palette}),
        (spread(picture, same, opaque), {"colour": GREY_ALPHA}),
        (spread(picture, same, same, same, opaque), {"colour": RGB_ALPHA}),
    ):
        assert load(path, png(samples, filters=filters, pieces=pieces, **form)) == expected
    sizes = b"%b%d%b%d%b255\n" % (space, len(picture[0]), space, len(picture), space)
    for kind, samples in (b"P5", picture), (b"P6", coloured):
        assert load(path, kind + sizes + b"".join(samples)) == expected


@given(
    st.sampled_from([1, 2, 4]).flatmap(lambda depth: st.tuples(st.just(depth), pictures(2**depth - 1))), filters
)
def test_samples_of_fewer_bits_are_unpacked(path, drawn, filters):
    depth, picture = drawn
    expected = image_28x28.from_pixels(picture)
    assert load(path, png(picture, depth=depth, filters=filters)) == expected
    palette = bytes(k // 3 for k in range(3 * 2**depth))
    assert load(path, png(picture, PALETTE, depth, filters, palette)) == expected


@given(pictures(), filters)
def test_what_is_transparent_is_paper(path, alphas, filters):
    """Ink of one colour, as strong as it is opaque, on the white or black paper that shows it."""
    expected = image_28x28.from_pixels(inverted(alphas))
    black, white = (lambda alpha: 0), opaque
    assert load(path, png(spread(alphas, black, same), GREY_ALPHA, filters=filters)) == expected
    assert load(path, png(spread(alphas, *[black] * 3, same), RGB_ALPHA, filters=filters)) == expected
    numbers = bytes(range(256))  # entry k of the palette is black, and opaque by k
    assert load(path, png(alphas, PALETTE, 8, filters, bytes(768), transparent=numbers)) == expected
    on_black = image_28x28.from_pixels(alphas)
    assert load(path, png(spread(alphas, white, same), GREY_ALPHA, filters=filters)) == on_black


def test_a_colour_may_be_transparent(path):
    picture = [b"\5\5\5\5", b"\5\0\2\5", b"\5\5\5\5", b"\5\5\5\5"]
    expected = image_28x28.from_pixels([row.replace(b"\5", b"\xff") for row in picture])
    assert load(path, png(picture, transparent=b"\0\5")) == expected
    colours = spread(picture, same, same, same)
    assert load(path, png(colours, RGB, transparent=b"\0\5\0\5\0\5")) == expected


def triple(level):
    return 3 * level


@given(pictures(85), st.permutations([triple, triple, same]))  # so that no two levels look the same
def test_colours_are_the_same_in_every_form(path, picture, channels):
    colours = spread(picture, *channels)
    expected = load(path, png(colours, RGB))
    assert load(path, png(spread(picture, *channels, opaque), RGB_ALPHA)) == expected
    assert load(path, b"P6 %d %d 255 " % (len(picture[0]), len(picture)) + b"".join(colours)) == expected
    numbers = [bytes(range(k, k + len(row))) for k, row in zip(range(0, 100, 9), picture)]
    palette = b"".join(row.ljust(27, b"\0") for row in colours)
    assert load(path, png(numbers, PALETTE, palette=palette)) == expected


def test_colours_are_as_light_as_they_look():
    # ITU-R BT.601: 0.299 of the red, 0.587 of the green and 0.114 of the blue; the last are yellow and grey.
    red, green, blue = b"\xff\0\0\xff\7", b"\0\xff\0\xff\7", b"\0\0\xff\0\7"
    assert [*picture_files._grey(red, green, blue)] == [76, 149, 29, 225, 7]


def test_every_filter_predicts_as_specified_in_a_tie_too():
    for kind, left, up, corner in itertools.product(range(5), *[range(5)] * 3):
        line, above = bytes([left, 7]), bytes([corner, up])
        assert picture_files._unfilter(kind, filtered(kind, line, above, 1), above) == line


# Bad files.


def refused(path, content, reason):
    with pytest.raises(ValueError, match=f"^{path} cannot be read as a picture of a digit: {reason}"):
        load(path, content)


def header(width, height, depth=8, colour=GREY, interlaced=0):
    return PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))


def with_data(lines, **changes):
    size = {"width": 2, "height": 2, **changes}
    return header(**size) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "it is not a PNG, PGM or PPM file; save it as PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "it is not a PNG, PGM or PPM file; save it as PNG"),
        (b"P5 2 2 65535 " + bytes(8), "its highest level is 65535; save it with levels up to 255"),
        (b"P5 2 2 255 \0\0\1", "it ends too early: 1 bytes are missing"),
        (b"P5 60000 60000 255 ", "it has 60,000 x 60,000 pixels; 1 to 4,096 a side can be read"),
        (header(2, 0) + chunk(b"IEND", b""), "it has 2 x 0 pixels"),
        (PNG + chunk(b"IEND", b""), "it does not begin with the header of a PNG"),
        (with_data(bytes(6), depth=16), "it has 16 bits a channel in colour type 0; save it with 8 bits"),
        (with_data(bytes(6), colour=5), "it has 8 bits a channel in colour type 5"),
        (png(SEVEN, interlaced=1), "it is interlaced; save it without interlacing"),
        (header(2, 2) + chunk(b"IDAT", b"nothing") + chunk(b"IEND", b""), r"it is damaged \(Error -3 "),
        (with_data(bytes(5)), "it ends too early: 1 bytes are missing"),
        (with_data(b"\0\1\2\5\1\2"), "it is damaged: a row has a filter above 4"),
        (png([b"\0\2"], PALETTE, palette=bytes(6)), "it is damaged: a pixel has a colour that is not in"),
        (png([b"\7\7", b"\7\7"]), "all of its pixels have the same colour"),
        (png([b"\7\0\0\0"], GREY_ALPHA), "all of its pixels have the same colour"),
    ],
)
def test_a_bad_file_gets_its_name_and_the_reason(path, content, reason):
    refused(path, content, reason)


@given(st.data(), st.sampled_from([png(SEVEN, filters=range(5), pieces=3), b"P5 28 28 255 " + b"".join(SEVEN)]))
def test_a_file_cut_anywhere_is_refused(path, data, whole):
    cut = data.draw(st.integers(0, len(whole) - 1))
    refused(path, whole[:cut], "it (ends too early|is not a PNG)")


@given(st.data(), pictures(), st.sampled_from([GREY, PALETTE]))
def test_a_damaged_png_is_refused_by_its_checksums(path, data, picture, colour):
    content = bytearray(png(picture, colour, palette=bytes(range(256)) * 3))
    place = data.draw(st.integers(len(PNG), len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    refused(path, content, "it (is damaged|ends too early)")


sides, depths = st.integers(1, 5), st.sampled_from([1, 2, 4, 8])


@given(st.binary(max_size=40), sides, sides, depths, st.integers(0, 6))
def test_whatever_is_in_a_png_it_gives_an_image_or_a_sentence(path, lines, width, height, depth, colour):
    content = header(width, height, depth, colour) + chunk(b"PLTE", lines[:9]) + chunk(b"tRNS", lines[:5])
    try:
        image = load(path, content + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))
    except ValueError as error:
        assert str(error).startswith(f"{path} cannot be read as a picture of a digit: ")
    else:
        assert len(image) == 784 and all(0 <= level < 1 for level in image)


def test_pixels_that_unzip_without_end_take_no_memory(path):
    zipper = zlib.compressobj()
    zeros = zipper.compress(bytes(10**7)) + zipper.flush()
    content = header(2, 2) + chunk(b"IDAT", zeros) + chunk(b"IEND", b"")
    assert peak(refused, path, content, "all of its pixels have the same colour") < 10**6  # It has 10 kB.


def test_a_file_is_not_longer_than_the_largest_picture(path, monkeypatch):
    monkeypatch.setattr(picture_files, "MOST_BYTES", 800)
    refused(path, b"P5 28 28 255 " + b"".join(SEVEN) + bytes(4), "it claims to hold more than 800 bytes")
