"""html_pictures.py: what is drawn is where it should be, and is said in words too."""

import pages
from hypothesis import example, given
from hypothesis import strategies as st

from purenet.display.html_pictures import bars, curve, digit, image


@given(st.binary(min_size=4 * 28, max_size=4 * 28))
def test_an_image_holds_its_pixels(row):
    pixels = [tuple(row[k : k + 4]) for k in range(0, len(row), 4)] + [(1, 2, 3, 4)] * 756
    [img] = pages.elements(image(pixels, "a 7"))
    assert pages.image(img) == pixels
    assert [img.attrib[name] for name in ("width", "height", "alt")] == ["28", "28", "a 7"]


@given(st.floats(-3, 3) | st.sampled_from([0.0, 0.999, 1.0]))
def test_a_digit_is_black_ink_and_what_is_beyond_paper_and_ink_is_clipped(level):
    [img] = pages.elements(digit([level] * 784, "a 7"))
    [(*colour, opacity)] = set(pages.image(img))
    assert colour == [0, 0, 0]
    assert 0 <= 256 * min(1, max(0, level)) - opacity <= 1 and (opacity == 255 or level < 0.999)


def percent(text):
    assert text.endswith("%")
    return float(text[:-1])


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20))
@example([0.0])
@example([100.0])
@example([50.0] * 60)
@example([90.0] * 61)
@example([97.5] * 500)
def test_a_curve_has_every_point_at_its_height_and_stays_inside(values):
    [svg] = pages.elements(curve(values))
    marks = {text.words(): percent(text.attrib["y"]) for text in svg.all("text", kind="mark")}
    lowest, *higher = sorted(int(mark[:-2]) for mark in marks)
    assert 0 <= lowest <= min(values) and len(marks) <= 6 and higher[-1] == 100
    # No mark more than the curve needs, and enough of them to tell heights by.
    assert (min(values) <= higher[0] and len(marks) >= 3) or lowest == 90
    for mark, y in marks.items():
        # Numbers in the drawing are rounded to hundredths.
        assert abs(y - 100 * (100 - int(mark[:-2])) / (100 - lowest)) <= 0.00501
    lines = [percent(line.attrib["y1"]) for line in svg.all("line")]
    assert lines == [percent(line.attrib["y2"]) for line in svg.all("line")] == list(marks.values())

    [line] = svg.all("polyline")
    points = [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
    assert len(points) == len(values)
    for k, ((x, y), value) in enumerate(zip(points, values)):
        assert 0 <= x <= 100 and 0 <= y <= 100
        assert abs(x - (100 * k / (len(values) - 1) if len(values) > 1 else 50)) <= 0.00501
        assert abs(y - 100 * (100 - value) / (100 - lowest)) <= 0.00501
    dots = [(percent(dot.attrib["cx"]), percent(dot.attrib["cy"])) for dot in svg.all("circle")]
    assert dots == (points if len(values) <= 60 else points[-1:])
    assert svg.all("circle")[-1].words() == f"{values[-1]:.1f} % after epoch {len(values) - 1}"

    [end] = svg.all("text", kind="last")
    assert (percent(end.attrib["x"]), percent(end.attrib["y"])) == points[-1]
    assert end.words() == f"{values[-1]:.1f} %" and "epoch" in [text.words() for text in svg.all("text")]

    numbered = {text.words(): percent(text.attrib["x"]) for text in svg.all("text", dy="20")}
    assert 1 <= len(numbered) <= 6 and (len(numbered) >= 3 or len(values) < 3)
    assert all(points[int(epoch)][0] == x for epoch, x in numbered.items())
    label = svg.attrib["aria-label"]
    assert svg.attrib["role"] == "img"
    assert label == f"{values[0]:.1f} % after epoch 0, {values[-1]:.1f} % after epoch {len(values) - 1}"


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_bars_grow_with_their_values_from_one_line(values):
    [svg] = pages.elements(bars(values, [f"kind{k}" for k in range(len(values))]))
    rects, right = svg.all("rect"), 0
    assert [rect.attrib["class"] for rect in rects] == [f"kind{k}" for k in range(len(values))]
    for rect, text, value in zip(rects, svg.all("text"), values):
        x, y, width, height = (percent(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        # Numbers in the drawing are rounded to tenths.
        assert abs(height - (2 + 70 * value)) <= 0.0501 and abs(y + height - 72) <= 0.101
        assert right <= x < percent(text.attrib["x"]) < x + width <= 100 and y >= 0
        right = x + width
    assert [text.words() for text in svg.all("text")] == [str(k) for k in range(len(values))]
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-label"] == ", ".join(f"{value:.2f} for {k}" for k, value in enumerate(values))
