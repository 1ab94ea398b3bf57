"""notebook.py: pictures in a notebook, text at a prompt, and nothing around them looks different."""

import importlib.util
import math
import os
import random
import re
from pathlib import Path

import pages
import pytest

import purenet
from purenet import Network, digits
from purenet.display import html_page, notebook, right_and_wrong, terminal

ROOT = Path(__file__).resolve().parents[2]
_, _, TEST_DATA = digits.load_data_wrapper(0, 0, 20)
X, _ = TEST_DATA[0]


def shown():
    """Each picture, and its text."""
    net = Network([784, 2, 10], random.Random(0))
    answers = right_and_wrong.answers(net, TEST_DATA)
    return [
        (notebook.digit(X), terminal.image(X)),
        (notebook.curve([50.0, 70.0]), terminal.curve([50.0, 70.0])),
        (notebook.mistakes(net, TEST_DATA), terminal.mistakes(right_and_wrong.mistakes(answers)[:3])),
        (notebook.report(net, net.weights[0], TEST_DATA, [5.0]), terminal.summary(answers, [5.0])),
    ]


def test_a_prompt_shows_the_text_of_a_picture():
    for picture, text in shown():
        assert repr(picture) == text


def test_the_style_of_a_picture_holds_in_the_picture_alone():
    for picture, _ in shown():
        style, block = pages.elements(picture._repr_html_())
        assert (style.tag, block.tag, block.attrib) == ("style", "div", {"class": "purenet"})
        assert block.all("img") or block.all("svg")
        assert style.words() == html_page.STYLE and not block.all("style")
    # All rules stand in one block.
    first, *rules, last, _ = html_page.STYLE.split("\n")
    assert first == ".purenet {" and last == "}" and all(rule.startswith("  ") for rule in rules)
    assert html_page.STYLE.count("{") == html_page.STYLE.count("}")


def test_an_image_that_is_not_flat_gets_a_sentence():
    with pytest.raises(ValueError, match="^x has 28 entries; it must be a flat list of 784 finite numbers"):
        notebook.digit([[0.0] * 28] * 28)


@pytest.mark.parametrize("percentages", [[], [0.5, math.nan], [101.0], ["90"]])
def test_a_curve_is_made_of_percentages(percentages):
    with pytest.raises(ValueError, match="^percentages is .*; it must be a list of numbers from 0 to 100"):
        notebook.curve(percentages)


@pytest.mark.parametrize(
    "sizes, test_data, reason",
    [
        ([4, 10], [([0.5] * 4, 3)], r"net is a network of \[4, 10\]; digits take 784 inputs and 10"),
        ([784, 10], [], "test_data is empty; there is nothing to show"),
        ([784, 10], [(X, 11)], r"test_data\[0\]: y is 11; it must be the digit itself"),
    ],
)
def test_what_is_not_a_network_of_digits_or_no_test_data_is_named(sizes, test_data, reason):
    net = Network(sizes)
    for show in (notebook.mistakes, lambda *args: notebook.report(net, net.weights[0], args[1], [50.0])):
        with pytest.raises(ValueError, match=f"^{reason}"):
            show(net, test_data)


def test_a_network_without_mistakes_says_so():
    net = Network([784, 10])
    net.weights = [[[0.0] * 784] * 10]
    net.biases = [[float(k == 3) for k in range(10)]]
    picture = notebook.mistakes(net, [(X, 3)])
    assert repr(picture) == "It made none." and "<p>It made none.</p>" in picture._repr_html_()


FEW = """
from purenet import digits
sets = digits.load_data_wrapper(30, 0, 20)
digits.load_data_wrapper = lambda training: sets
"""
WITH_TQDM = "from tqdm import tqdm\nnet.SGD(training_data, 1, 10, 3.0, progress=tqdm)"


def test_the_cells_of_the_readme_run_in_jupyter(tmp_path, monkeypatch):
    pytest.importorskip("ipykernel", reason="there is no Jupyter kernel")
    manager = pytest.importorskip("jupyter_client.manager", reason="there is no Jupyter client")
    text = (ROOT / "scripts" / "README.md").read_text(encoding="utf-8")
    program = re.search(r"## In a notebook\n.*?^```python\n(.*?)^```", text, re.M | re.S)[1]
    cells = [FEW, *program.split("\n\n")]
    if importlib.util.find_spec("tqdm"):
        cells.append(WITH_TQDM)
    for name in "HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR":
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(Path(purenet.__file__).parents[1]))
    kernel, client = manager.start_new_kernel(cwd=str(tmp_path), env=dict(os.environ))
    try:
        results = [result(client, cell) for cell in cells]
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
    _, digit, curve, mistakes, report, verdict, *_ = results
    assert digit["text/plain"] == terminal.image(X)
    for data, parts in (
        (digit, [("figure", "ink digit")]),
        (curve, [("svg", "curve")]),
        (mistakes, [("figure", "ink mistake")]),
        (report, [("svg", "curve"), ("table", "confusion"), ("figure", "ink mistake"), ("div", "neurons")]),
    ):
        picture = pages.elements(data["text/html"])
        assert all(picture.all(tag, kind=kind) for tag, kind in parts)
    assert "cost_derivative   WRONG  The sign is wrong everywhere" in verdict["text/plain"]


def result(client, cell):
    """What a cell shows, by its kinds."""
    results = []

    def keep(message):
        assert message["msg_type"] != "error", message["content"]
        if message["msg_type"] == "execute_result":
            results.append(message["content"]["data"])

    client.execute_interactive(cell, timeout=60, output_hook=keep)
    return results[0] if results else {}
