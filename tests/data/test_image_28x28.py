"""Strokes and pictures take the form of MNIST's images, wherever and however large they are."""

import math
import random

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pictures import by_nearest_mean, enlarged, inverted, pasted, rows

from purenet import digits
from purenet.data import image_28x28

inks = st.dictionaries(st.tuples(st.integers(0, 27), st.integers(0, 27)), st.integers(1, 255), min_size=1)
images = st.builds(
    lambda digit, seed: digits.draw(digit, random.Random(seed)), st.integers(0, 9), st.integers(0, 2**32)
)
seeds = st.integers(0, 2**32)
margins = st.tuples(*[st.integers(0, 20)] * 4)


# Pictures.


@given(images, margins, st.integers(1, 5), st.booleans())
@example(digits.draw(7, random.Random(4)), (0, 0, 0, 1), 1, False)  # Its foot reaches the edge.
def test_a_picture_gives_the_same_image_anywhere_at_any_size_and_inverted(image, margins, times, light):
    picture = rows(image)
    moved = pasted(enlarged(picture, times), *margins)
    assert image_28x28.from_pixels(inverted(moved) if light else moved) == image_28x28.from_pixels(picture)


@given(st.binary(min_size=400, max_size=400), margins)
def test_ink_that_fills_20_by_20_keeps_its_levels_except_for_the_faintest(levels, margins):
    box = [levels[20 * i : 20 * i + 20] for i in range(20)]
    box[0] = box[19] = b"\xff" + levels[1:19] + b"\xff"
    ink = [(i, j, level) for i, row in enumerate(box) for j, level in enumerate(row) if level > 255 / 8]
    margins = [margin + 5 for margin in margins]  # so that most of the picture is paper
    assert image_28x28.from_pixels(pasted(box, *margins)) == image_28x28._centre(ink)


@given(st.integers(1, 50), st.integers(1, 50), margins)
def test_a_rectangle_keeps_its_proportions_and_its_share_of_the_ink(width, height, margins):
    margins = [margin + 50 for margin in margins]  # so that most of the picture is paper
    image = image_28x28.from_pixels(pasted([b"\xff" * width] * height, *margins))
    inked = [divmod(i, 28) for i, level in enumerate(image) if level]
    for axis, side in enumerate((height, width)):
        extent = len({place[axis] for place in inked})
        assert extent == math.ceil(20 * side / max(width, height))
    if 3 * min(width, height) >= max(width, height):
        # So thick that some pixel is covered whole. Rounding moves each of the at most 400 levels by ½ of 255.
        ink = 400 * min(width, height) / max(width, height)
        assert abs(sum(image) * 256 / 255 - ink) <= 400 * 0.5 / 255 + 1e-9


def test_a_hairline_is_as_strong_as_a_thick_line():
    image = image_28x28.from_pixels(pasted([b"\1"] * 1000, 3, 3, 3, 3))
    assert sorted(set(image)) == [0, 255 / 256] and image.count(255 / 256) == 20


bilevel = images.map(lambda image: [bytes(255 * (level > 160) for level in row) for row in rows(image)])


@given(bilevel, margins, st.integers(1, 3), st.booleans(), seeds)
def test_paper_in_uneven_light_stays_paper(picture, margins, times, light, seed):
    picture = pasted(enlarged(picture, times), *margins)
    width, rng = len(picture[0]), random.Random(seed)
    light_at = [160 + 60 * j // width for j in range(width)]
    photo = [bytes(30 if ink else at + rng.randint(-8, 8) for ink, at in zip(row, light_at)) for row in picture]
    found = image_28x28._inked(inverted(photo) if light else photo)
    assert [[level > 0 for level in row] for row in found] == [[level > 0 for level in row] for row in picture]


@given(bilevel, st.booleans())
def test_a_digit_may_fill_the_picture_if_paper_prevails_in_it_and_along_its_edge(picture, light):
    tight = image_28x28._crop(picture)
    edge = [*tight[0], *tight[-1], *(row[0] for row in tight), *(row[-1] for row in tight)]
    everywhere = b"".join(tight)
    assume(everywhere.count(255) / len(everywhere) + edge.count(255) / len(edge) < 1)
    found = image_28x28.from_pixels(inverted(tight) if light else tight)
    assert found == image_28x28.from_pixels(picture)


@given(st.integers(1, 9), st.binary(min_size=9, max_size=81))
def test_every_picture_becomes_an_image_unless_it_is_blank(width, pixels):
    picture = [pixels[start : start + width] for start in range(0, len(pixels) - width + 1, width)]
    if len(set(b"".join(picture))) == 1:
        with pytest.raises(ValueError, match="^all of its pixels have the same colour"):
            image_28x28.from_pixels(picture)
    else:
        image = image_28x28.from_pixels(picture)
        assert len(image) == 784 and set(image) <= set(image_28x28.LEVELS)
        assert max(image) == 255 / 256


def test_digits_of_an_odd_size_are_read_as_well_as_the_originals():
    _, _, test_data = digits.load_data_wrapper(0, 0, 100)
    places = [28 * k // 17 for k in range(17)]

    def resized(x):
        picture = rows(x)
        return image_28x28.from_pixels([bytes(255 - picture[i][j] for j in places) for i in places])

    again = [(resized(x), digit) for x, digit in test_data]
    assert by_nearest_mean().evaluate(again) >= by_nearest_mean().evaluate(test_data) - 5 > 65


# Strokes.


points = st.tuples(st.integers(-50, 50), st.integers(-50, 50))


@given(st.lists(st.lists(points, min_size=1, max_size=5), min_size=1, max_size=3), points, st.integers(0, 5))
def test_strokes_give_the_same_image_anywhere_and_at_any_size(strokes, place, power):
    moved = [[(2**power * x + place[0], 2**power * y + place[1]) for x, y in points] for points in strokes]
    assert image_28x28.from_strokes(moved) == image_28x28.from_strokes(strokes)


def test_a_point_is_a_dot():
    image = image_28x28.from_strokes([[(3, 4)]])
    assert image == image_28x28.from_strokes([[(3, 4), (3, 4)]])
    inked = [divmod(i, 28) for i, level in enumerate(image) if level]
    assert {row for row, _ in inked} == {column for _, column in inked} and max(image) == 255 / 256


@given(inks)
@example({(0, 0): 255, (14, 0): 1, (0, 14): 1})  # 14 down and to the right, where 14 is just outside
@example({(27, 27): 255, (12, 27): 1, (27, 12): 1})  # and 13 back
def test_centre_moves_all_ink_alike_and_loses_what_leaves_the_image(ink):
    image = image_28x28._centre([(row, column, level) for (row, column), level in ink.items()])
    mass = sum(ink.values())
    offsets = [14 - round(sum(place[axis] * level for place, level in ink.items()) / mass) for axis in (0, 1)]
    assert image == [ink.get((i // 28 - offsets[0], i % 28 - offsets[1]), 0) / 256 for i in range(784)]
