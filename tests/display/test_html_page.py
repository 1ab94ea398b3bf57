"""html_page.py: the page says what the answers say, is whole in itself, and can be read by everyone."""

import random
import re
import shlex
from collections import Counter

import pages
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from purenet.display import html_page
from purenet.display.right_and_wrong import guess
from purenet.network import Network

# XML has no way to write the others.
CHARACTERS = st.characters(blacklist_categories=["Cc", "Cs", "Cn"])
# Each example makes and reads a whole page, so there are fewer.
whole_pages = settings(max_examples=settings().max_examples // 4)
NET = Network([784, 1, 10], random.Random(1))

# What a network may put out for a digit: pairs (digit, output).
outputs = st.lists(st.floats(0, 1), min_size=10, max_size=10)
answers = st.lists(st.tuples(st.integers(0, 9), outputs), min_size=1, max_size=12)
RIGHT = [(3, [float(k == 3) for k in range(10)])]
WRONG = [(4, [float(k == 3) for k in range(10)])] * 2


def image(digit, output):
    """784 grey levels from 0 to 1, made so that no other answer has the same."""
    rng = random.Random(f"{digit} {output}")
    return [level / 256 for level in rng.choices([0] * 600 + list(range(257)), k=784)]


def read(answers=RIGHT, accuracies=(50.0,), net=NET, start=None, command=None):
    answers = [(image(digit, output), digit, output) for digit, output in answers]
    text = html_page.page(net, start or net.weights[0], answers, list(accuracies), command)
    return pages.elements(text), text


@whole_pages
@given(answers, st.lists(st.floats(0, 100), min_size=1, max_size=80))
@example(RIGHT, [100.0])
def test_a_page_is_whole_in_itself_and_has_words_for_every_picture(answers, accuracies):
    root, text = read(answers, accuracies)
    assert text.startswith("<!DOCTYPE html>\n<html lang=\"en\">") and root.all("title")
    assert not root.all("script") and not root.all("link") and "http:" not in text and "https:" not in text
    assert "url(" not in text and "@import" not in text and not re.search(r"\son\w+=", text)
    for img in root.all("img"):
        assert img.attrib["alt"] and len(pages.image(img)) == 784
    drawings = [svg for svg in root.all("svg") if "class" in svg.attrib]
    assert len(drawings) == 1 + len(root.all("figure", kind="ink mistake"))
    assert all(svg.attrib["role"] == "img" and svg.attrib["aria-label"] for svg in drawings)


@whole_pages
@given(answers)
@example([*WRONG, (5, WRONG[0][1])])
def test_the_confusion_matrix_counts_every_answer_and_is_the_redder_the_more_often(answers):
    root, _ = read(answers)
    counts = Counter((digit, guess(output)) for digit, output in answers)
    [table] = root.all("table", kind="confusion")
    cells = table.all("td")
    assert [int(cell.words()) for cell in cells] == [counts[d, k] for d in range(10) for k in range(10)]
    assert table.all("td", kind="right") == cells[::11]
    assert [cell for cell in cells if "style" not in cell.attrib] == cells[::11]
    for headers in (table.all("th", scope="row"), table.all("th", scope="col")):
        assert [header.words() for header in headers] == [str(digit) for digit in range(10)]
    wrong = {pair: n for pair, n in counts.items() if pair[0] != pair[1]}
    for cell in cells:
        if "style" in cell.attrib:
            red = float(re.search(r"--red\) / ([\d.]+)\)", cell.attrib["style"])[1])
            n = int(cell.words())
            assert red == (round(0.1 + 0.4 * n / max(wrong.values()), 2) if n else 0)
    right, many = len(answers) - sum(wrong.values()), "digit" if len(answers) == 1 else "digits"
    assert root.all("h1")[0].words() == f"{right} of {len(answers)} {many} read right"
    frequent = re.search(r"a (\d) taken for a (\d) \((\d+) times?\)", root.words())
    assert bool(frequent) == bool(wrong)
    if wrong:
        digit, taken, n = map(int, frequent.groups())
        assert wrong[digit, taken] == n == max(wrong.values())


@whole_pages
@given(answers)
@example(WRONG * 5)
@example(WRONG * 6)
def test_the_mistakes_come_with_the_surest_first(answers):
    root, _ = read(answers)
    figures = root.all("figure", kind="ink mistake")
    wrong = [(digit, output) for digit, output in answers if guess(output) != digit]
    assert len(figures) == min(len(wrong), 10)
    assert ("It made none." in root.words()) == (not wrong)
    assert (f"the 10 worst of {len(wrong)}" in root.words()) == (len(wrong) > 10)
    # Of 257 levels, 256 and 255 are both shown as the most that a byte can hold.
    drawn = {tuple(min(255, 256 * p) for p in image(*answer)): answer for answer in wrong}
    margins = []
    for figure in figures:
        [img] = figure.all("img")
        digit, output = drawn[tuple(opacity for *_, opacity in pages.image(img))]
        taken = guess(output)
        assert img.attrib["alt"] == f"a handwritten {digit}"
        first, *others = figure.all("figcaption")[0].words().split("\n")
        assert first == f"a {digit}, taken for a {taken}"
        assert others == [f"{output[k]:.2f} for {k}" for k in (taken, digit)]
        kinds = [rect.attrib["class"] for rect in figure.all("rect")]
        assert (kinds.index("guess"), kinds.index("wanted"), kinds.count("")) == (taken, digit, 8)
        margins.append(output[taken] - output[digit])
    every = [max(output) - output[digit] for digit, output in wrong]
    assert margins == sorted(every, reverse=True)[:10]


@pytest.mark.parametrize("sizes", [[784, 10], [784, 1, 10], [784, 4, 3, 10]], ids=str)
def test_each_neuron_shows_what_has_changed_in_its_weights_in_red_and_blue(sizes):
    net, start = Network(sizes, random.Random(1)), Network(sizes, random.Random(2)).weights[0]
    start[0][:3] = [0.0, 0.0, 0.25]
    net.weights[0][0][:3] = [50.0, -50.0, 0.25]
    root, _ = read(net=net, start=start)
    change = [[v - v0 for v, v0 in zip(row, row0)] for row, row0 in zip(net.weights[0], start)]
    [grid] = root.all("div", kind="neurons")
    figures = grid.all("figure")
    assert len(figures) == sizes[1] == len(net.weights[0])
    name = "hidden neuron" if len(sizes) > 2 else "output neuron"
    assert f"What each {name} has learned to look for" in root.words()
    strengths = sorted(abs(weight) for row in change for weight in row)
    end = strengths[int(0.99 * len(strengths))]
    assert f"−{end:.1f} or less" in root.words() and f"{end:.1f} or more" in root.words()
    for j, (figure, row) in enumerate(zip(figures, change)):
        alt = figure.all("img")[0].attrib["alt"]
        assert alt == f"weights of {name} {j}, changed by {min(row):.1f} to {max(row):.1f}"
        assert figure.words() == str(j)
        for (*colour, opacity), weight in zip(pages.image(figure.all("img")[0]), row):
            assert abs(opacity - 255 * min(1, abs(weight) / end)) <= 0.5 + 1e-9
            assert weight == 0 or tuple(colour) == (html_page.RED if weight > 0 else html_page.BLUE)


@whole_pages
@given(st.lists(st.text(CHARACTERS), min_size=1))
@example(["a  b", "--data=</pre><script>", "-", "<b>&amp;\"'é"])
def test_the_command_is_shown_to_the_letter(command):
    root, _ = read(command=command)
    assert shlex.split(root.all("pre")[0].words()) == command


def test_where_no_command_repeats_the_run_the_page_says_so():
    root, text = read(command=None)
    assert "No single command repeats the run" in text and not root.all("pre")


def test_images_and_style_have_the_same_red_and_blue():
    assert "--red: %d %d %d;" % html_page.RED in html_page.STYLE
    assert "--blue: %d %d %d;" % html_page.BLUE in html_page.STYLE
