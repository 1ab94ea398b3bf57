"""Drawn digits look like MNIST's, differ from each other, and are the same on every machine."""

import math
import random
import zlib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pictures import by_nearest_mean

from purenet import digits
from purenet.data import image_28x28

EACH_DIGIT = list(range(10))

drawn = st.builds(
    lambda digit, seed: digits.draw(digit, random.Random(seed)), st.integers(0, 9), st.integers(0, 2**32)
)


def rows_and_columns(image):
    """The rows of the inked pixels of an image, and their columns."""
    inked = [i for i, pixel in enumerate(image) if pixel]
    return [i // 28 for i in inked], [i % 28 for i in inked]


# One image.


@given(drawn)
def test_an_image_is_784_of_256_floats_which_all_images_share(image):
    assert type(image) is list and len(image) == 784
    assert [256 * level for level in image_28x28.LEVELS] == list(range(256))
    assert all(any(pixel is level for level in image_28x28.LEVELS) for pixel in image)


@given(drawn)
def test_the_larger_side_of_the_ink_is_20_pixels_and_its_centre_of_mass_in_the_middle(image):
    rows, columns = rows_and_columns(image)
    assume({0, 27}.isdisjoint(rows + columns))  # else ink may have been lost, once in some 100,000 images
    assert max(max(rows) - min(rows), max(columns) - min(columns)) + 1 == 20
    # Moving by whole pixels brings the centre of mass to at most half a pixel from the wanted one.
    mass = math.fsum(image)
    assert abs(math.fsum(p * (i // 28) for i, p in enumerate(image)) / mass - 14) <= 0.5 + 1e-9
    assert abs(math.fsum(p * (i % 28) for i, p in enumerate(image)) / mass - 14) <= 0.5 + 1e-9


class Writer(random.Random):
    """Has made up its mind about the style."""

    style = None

    def choice(self, styles):
        return self.style


@pytest.mark.parametrize("digit", EACH_DIGIT)
def test_every_style_can_be_drawn_and_gives_another_picture(digit):
    pictures = set()
    for style in digits.STYLES[digit]:
        assert all(len(point) == 2 for point in style.replace(",", "").split())
        writer = Writer(1)
        writer.style = style
        pictures.add(tuple(digits.draw(digit, writer)))
    assert len(pictures) == len(digits.STYLES[digit]) >= 3


@given(st.integers(0, 9), st.integers(0, 2**32))
def test_the_state_of_rng_decides_everything(digit, seed):
    rng = random.Random(seed)
    first, second = digits.draw(digit, rng), digits.draw(digit, rng)
    assert first != second
    random.seed(seed)
    assert [digits.draw(digit, random), digits.draw(digit, random)] == [first, second]


@pytest.mark.parametrize("digit, error", [(-1, ValueError), (10, ValueError), ("2", TypeError)])
def test_only_digits_are_drawn(digit, error):
    with pytest.raises(error, match=f"digit is {digit!r}; it must be .* from 0 to 9"):
        digits.draw(digit, random.Random(0))


def test_a_digit_is_drawn_by_a_source_of_random_numbers():
    with pytest.raises(TypeError, match="^rng is None; it must be random or a random.Random"):
        digits.draw(3, None)


# The three sets.


def test_the_sets_have_the_form_of_the_loader():
    training_data, validation_data, test_data = digits.load_data_wrapper(30, 20, 10)
    assert [len(examples) for examples in (training_data, validation_data, test_data)] == [30, 20, 10]
    for x, y in training_data:
        assert len(x) == 784 and sorted(y) == [0.0] * 9 + [1.0]
    for examples in [(x, y.index(1.0)) for x, y in training_data], validation_data, test_data:
        assert isinstance(examples, list)
        for start in range(0, len(examples), 10):
            assert sorted(digit for _, digit in examples[start : start + 10]) == EACH_DIGIT
    assert [y.index(1.0) for _, y in training_data[:10]] != EACH_DIGIT  # shuffled


@settings(max_examples=10)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers())
def test_a_longer_set_begins_with_the_shorter_one_and_changes_no_other(training, validation, test, seed):
    longest = digits.load_data_wrapper(12, 12, 12, seed=seed)
    sets = digits.load_data_wrapper(training, validation, test, seed=seed)
    assert sets == tuple(examples[:count] for examples, count in zip(longest, (training, validation, test)))


def test_no_image_stands_in_two_sets_or_comes_with_two_seeds():
    sets = digits.load_data_wrapper(20, 20, 20) + digits.load_data_wrapper(20, 20, 20, seed=1)
    assert len({tuple(x) for examples in sets for x, _ in examples}) == 120


@pytest.mark.parametrize("name", ["training", "validation", "test"])
def test_a_set_has_no_negative_and_no_broken_number_of_examples(name):
    with pytest.raises(ValueError, match=f"{name} is -1"):
        digits.load_data_wrapper(**{name: -1})
    with pytest.raises(TypeError, match=f"{name} is 2.5; it must be an integer"):
        digits.load_data_wrapper(**{name: 2.5})


def test_the_same_seed_gives_the_same_images_on_every_interpreter():
    sets = digits.load_data_wrapper(50, 50, 50, seed=2)
    levels = bytes(int(256 * pixel) for examples in sets for x, _ in examples for pixel in x)
    assert zlib.crc32(levels) == 2622282334


# Are they digits?


def test_fresh_digits_resemble_the_mean_of_their_kind():
    _, _, fresh = digits.load_data_wrapper(0, 0, 200)
    assert 0.7 < by_nearest_mean().evaluate(fresh) / 200 < 0.95  # by chance 0.1; no variety: 1.0
