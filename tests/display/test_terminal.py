"""terminal.py: what is drawn is where it should be, and fits."""

import io
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from purenet.display.terminal import SHADES, bar, confusion, curve, image, progress, side_by_side

@given(st.lists(st.floats(-3, 3), min_size=16, max_size=16))
@example([1.0] * 16)
@example([-0.4] * 15 + [2.8])
def test_what_is_lighter_than_paper_or_darker_than_ink_is_clipped(pixels):
    assert image(pixels, width=4) == image([min(1.0, max(0.0, p)) for p in pixels], width=4)
    assert image([abs(p) + 1 for p in pixels], width=4) == "\n".join([SHADES[-1] * 4] * 2)
    assert image([-abs(p) for p in pixels], width=4) == ""


@given(st.lists(st.tuples(st.integers(0, 13), st.integers(0, 27)), max_size=2), st.integers(52, 255))
def test_pixels_are_shown_as_far_apart_and_as_bright_as_in_the_image(places, grey):
    pixels = [0.0] * 784
    for k, (row, column) in enumerate(places):
        pixels[56 * row + 28 * k + column] = grey / 256
    top, left = (min(numbers, default=0) for numbers in (zip(*places) if places else ((), ())))
    lines = image(pixels).split("\n")
    # Empty lines and columns are left out only at the border.
    marks = {(j + top, k + left): c for j, line in enumerate(lines) for k, c in enumerate(line) if c != " "}
    # A character shows the mean of two pixels in ten shades; the second of a pair is black, or as bright.
    both = len(places) > len(set(places))
    assert marks == dict.fromkeys(places, SHADES[10 * grey // (256 if both else 512)])


@given(
    st.lists(st.lists(st.text("ab", min_size=1, max_size=6), min_size=1, max_size=4), min_size=1, max_size=4)
)
def test_blocks_stand_next_to_each_other_in_columns(blocks):
    lines = side_by_side(["\n".join(block) for block in blocks]).split("\n")
    assert len(lines) == max(map(len, blocks))
    for j, line in enumerate(lines):
        for column, block in enumerate(blocks):
            assert line[26 * column : 26 * column + 26].rstrip() == (block[j] if j < len(block) else "")


@given(st.lists(st.floats(0, 100), min_size=1, max_size=10), st.integers(1, 30))
@example([0.0], 60)
@example([0.0], 61)
def test_a_curve_marks_every_point_at_its_height_and_fits_the_terminal(values, times):
    values *= times  # Often more than the 60 that fit next to each other.
    *lines, axis = curve(values).split("\n")
    assert len(lines) == 8 and all(len(line) <= 75 for line in [*lines, axis])
    every = 1
    while len(values) > 60 * every:
        every += 1
    shown = [value for k, value in enumerate(values, 1) if (len(values) - k) % every == 0]
    assert shown[-1] == values[-1] and len(shown) <= 60
    marks = sorted((k, 7 - j) for j, line in enumerate(lines) for k, c in enumerate(line) if c == "*")
    assert len(marks) == len(shown)
    assert len({after[0] - before[0] for before, after in zip(marks, marks[1:])}) <= 1
    assert len(axis) == marks[-1][0] + 1
    low, high = min(shown), max(shown)
    assert lines[0].startswith(f"{high:5.1f} %") and lines[-1].startswith(f"{low:5.1f} %")
    for (_, level), value in zip(marks, shown):
        # The mark is in the nearest of 8 rows; a rounding error may decide between two that are as near.
        assert high == low or abs(7 * (value - low) / (high - low) - level) <= 0.5 + 1e-9


@given(
    st.integers(1, 10).flatmap(
        lambda n: st.lists(
            st.lists(st.just(0) | st.integers(0, 10_000), min_size=n, max_size=n), min_size=n, max_size=n
        )
    )
)
def test_a_confusion_matrix_has_its_counts_in_columns_and_fits_the_terminal(counts):
    header, *lines = confusion(counts).split("\n")
    assert header.split() == [str(guess) for guess in range(len(counts))]
    # A column ends where its number in the header does.
    ends = [k + 1 for k, c in enumerate(header) if c != " "]
    assert len(lines) == len(counts) and {len(line) for line in [header, *lines]} == {ends[-1]}
    assert ends[-1] <= 80
    for digit, (line, row) in enumerate(zip(lines, counts)):
        assert line.split("|")[0].strip() == str(digit)
        cells = [line[start:end] for start, end in zip([line.index("|") + 1, *ends], ends)]
        assert [cell.strip() for cell in cells] == [str(count) if count else "." for count in row]
        assert all(cell.startswith(" ") for cell in cells)


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.floats(0, 1e6))
@example(0, 4, 3.0)
def test_a_bar_shows_what_is_done_and_the_time_left(done, total, seconds):
    done = min(done, total)
    left = seconds * (total / done - 1) if done else 0
    marks, percent, shown = bar(done, total, seconds).replace("]", ",").split(",")
    assert marks == "[" + "#" * (done * 20 // total) + " " * (20 - done * 20 // total)
    assert percent == f" {done * 100 // total:3} %" and abs(int(shown[1:-7]) - left) <= 0.5 + 1e-9 * left


@pytest.mark.parametrize("terminal, kind, bars", [(True, "xterm", 4), (True, "dumb", 0), (False, "xterm", 0)])
def test_progress_is_shown_to_a_terminal_only(monkeypatch, terminal, kind, bars):
    screen = io.StringIO()
    screen.isatty = lambda: terminal
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", kind)
    watched = progress(2)
    assert [[*watched("ab")] for _ in range(2)] == [["a", "b"]] * 2
    *shown, last = screen.getvalue().split("\r")
    # The bar stands before each step of two epochs, and is wiped out after each.
    percents = [line[23:27] for line in shown if "[" in line]
    assert percents == [f"{percent:3} " for percent in (0, 25, 50, 75)][:bars]
    assert not last and not "".join(shown[-1:]).strip()
