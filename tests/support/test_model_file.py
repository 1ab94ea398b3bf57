"""A network that is saved comes back; what is not a whole model is refused, and never saved."""

import functools
import json
import math
import os

import pytest
from damage import changed, changes
from hypothesis import given
from hypothesis import strategies as st
from strategies import networks

from purenet.network import Network, load
from purenet.support import checks
from purenet.support import model_file as model
from purenet.support.lists_or_arrays import plain


@given(networks(), st.sampled_from([list, tuple]), st.data())
def test_a_saved_network_comes_back_exact_to_the_last_bit(tmp_path_factory, net, kind, data):
    finite = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-100, 100)
    for row in [row for w in net.weights for row in w] + net.biases:
        row[:] = [data.draw(finite) for _ in row]
    net.biases, net.weights = kind(map(kind, net.biases)), kind(kind(map(kind, w)) for w in net.weights)
    path = tmp_path_factory.mktemp("models") / "model.json"
    net.save(path, notes=data.draw(st.none() | st.just({"weights": []})))
    loaded = load(path)
    assert (loaded.sizes, loaded.num_layers) == (net.sizes, net.num_layers)
    assert repr((loaded.biases, loaded.weights)) == repr(plain(net.biases, net.weights))
    loaded.update_mini_batch([([0.0] * net.sizes[0], [0.0] * net.sizes[-1])], 0.0)


def test_the_file_has_the_form_of_the_book(tmp_path):
    net = Network([2, 1])
    net.biases, net.weights = [[0.5]], [[[0.1, -2.0]]]
    net.save(tmp_path / "model.json")
    assert json.loads((tmp_path / "model.json").read_text()) == {
        "sizes": [2, 1],
        "weights": [[[0.1, -2.0]]],
        "biases": [[[0.5]]],
        "cost": "QuadraticCost",
    }
    net.save(tmp_path / "model.json", notes=[1])
    assert json.loads((tmp_path / "model.json").read_text())["notes"] == [1]


MODEL = {"sizes": [2, 1], "weights": [[[0.1, -2.0]]], "biases": [[[0.5]]], "cost": "CrossEntropyCost"}


def test_a_model_of_the_book_loads(tmp_path):
    (tmp_path / "model.json").write_text(json.dumps(MODEL))
    net = load(tmp_path / "model.json")
    assert type(net) is Network
    assert (net.sizes, net.weights, net.biases) == ([2, 1], [[[0.1, -2.0]]], [[0.5]])


@pytest.mark.parametrize(
    "text, reason",
    [
        ("", "no JSON from line 1, column 1 on"),
        ("[" * 100_000, "recursion|Stack overflow"),
        ("\xff", "decode"),
        ("[]", "must be an object"),
        ('{\n"sizes": \xc3\xa9}', "no JSON from line 2, column 10 on"),
        (json.dumps({**MODEL, "sizes": [2, True]}), "sizes"),
        (json.dumps({**MODEL, "sizes": [3, 1]}), r"weights\[0\] and its inputs: the shapes \(1, 2\) and"),
        (json.dumps({**MODEL, "weights": None}), "weights"),
        (json.dumps({**MODEL, "weights": [{"0": 1}]}), r"weights\[0\] is {"),
        (json.dumps({**MODEL, "weights": [[[0.1, None]]]}), r"weights\[0\]\[0\]\[1\] is None"),
        (json.dumps({**MODEL, "weights": [[[math.nan, 1]]]}), r"weights\[0\]\[0\]\[0\] is nan"),
        (json.dumps({**MODEL, "biases": [[[10**400]]]}), r"biases\[0\]\[0\] is 1000"),
        *((json.dumps({**MODEL, "biases": b}), "columns") for b in (7, [7], [[0.5]], [[[0.5, 0.5]]])),
        (json.dumps({**MODEL, "sizes": [2, 10**400]}), "a network of .* may have 5,000,000"),
        (json.dumps({**MODEL, "cost": "Hinge"}), "Hinge"),
        (json.dumps({**MODEL, "cost": []}), "cost"),
        *((json.dumps({k: v for k, v in MODEL.items() if k != key}), "must be an object") for key in MODEL),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_not_a_model_is_refused_with_file_and_reason(tmp_path, text, reason):
    path = tmp_path / "model.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError, match=f"^{path} is not a model that can be loaded: .*({reason})"):
        load(path)


def test_a_file_that_is_too_large_is_neither_read_nor_written(tmp_path, monkeypatch):
    path = tmp_path / "model.json"
    Network([2, 1]).save(path, notes="n" * 1_000)
    before = path.read_bytes()
    monkeypatch.setattr(model, "MOST_BYTES", 1_000)
    with pytest.raises(ValueError, match=f"^{path} is not a model .*: it claims to hold more than 1,000 bytes"):
        load(path)
    with pytest.raises(ValueError, match=f"^{path} would have 1,1.* bytes; a file may have 1,000$"):
        Network([2, 1]).save(path, notes="n" * 1_000)
    assert path.read_bytes() == before


@pytest.mark.parametrize("sizes", [[199, 50], [1, 5_000]])
def test_the_largest_network_that_may_be_saved_comes_back(tmp_path, monkeypatch, sizes):
    # In small, and each number is as long as a float can be.
    monkeypatch.setattr(checks, "MOST_PARAMETERS", 10_000)
    monkeypatch.setattr(model, "MOST_BYTES", model.MOST_BYTES // 500)
    longest = -2.2250738585072014e-308
    biases = [[longest] * n for n in sizes[1:]]
    weights = [[[longest] * m for _ in range(n)] for m, n in zip(sizes, sizes[1:])]
    model.write(tmp_path / "model.json", sizes, biases, weights)
    assert model.read(tmp_path / "model.json") == (sizes, biases, weights, None)


@given(changes, st.booleans())
def test_a_damaged_model_is_a_network_or_refused(tmp_path_factory, changes, digits):
    path = tmp_path_factory.mktemp("models") / "model.json"
    if digits:  # Most of these leave it JSON.
        changes = [(place, length, b"%d" % (place % 10)) for place, length, _ in changes]
    path.write_bytes(changed(json.dumps(MODEL).encode(), changes))
    try:
        net = load(path)
    except ValueError as error:
        assert str(error).startswith(f"{path} is not a model that can be loaded: ")
    else:
        assert all(map(math.isfinite, net.feedforward([0.5] * net.sizes[0])))
        net.save(path)
        assert load(path).weights == net.weights


def test_what_load_would_refuse_is_not_saved(tmp_path):
    net, path = Network([2, 1]), tmp_path / "model.json"
    net.save(path)
    before = path.read_bytes()
    for net.weights in ([[[math.nan, 0.0]]], [[[0.0]]], [[[0.0, 10**400]]], None, [[0.0, 0.0]]):
        with pytest.raises((ValueError, TypeError), match="^weights"):
            net.save(path)
    for notes in object(), {(1, 2): 3}, math.nan:
        with pytest.raises(ValueError, match=f"^{path} is not saved: JSON cannot hold its notes"):
            Network([2, 1]).save(path, notes=notes)
    within_itself = []
    within_itself.append(within_itself)
    deepest, too_deep = (functools.reduce(lambda inner, _: [inner], range(n), []) for n in (99, 100))
    for notes in within_itself, too_deep, {"in": [deepest]}:
        with pytest.raises(ValueError, match=f"^{path} is not saved: its notes are nested more than 100 deep"):
            Network([2, 1]).save(path, notes=notes)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["model.json"]
    Network([2, 1]).save(path, notes=deepest)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "missing.json")
