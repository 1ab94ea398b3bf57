"""The three READMEs: what they show is what comes out, and what they say of the source is so.

Python at a prompt is run as a doctest, see setup.cfg, and other programs by test_examples.py. A line with `$`
is a command, and what stands below it is its output, with `...` for what is left out.
"""

import doctest
import inspect
import os
import random
import re
import shlex
from pathlib import Path
from types import SimpleNamespace

import benchmark
import download_mnist
import pytest
import tiny_arrays
from commands import called
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import examples, networks
from tiny_arrays import array

import purenet
from purenet import digits, mnist_loader, network, picture_files
from purenet.network import Network
from purenet.support.lists_or_arrays import numbers

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = Path(purenet.__file__).parent


def located(path):
    """Where a file of the clone is. The package may be installed elsewhere."""
    room, _, rest = path.partition("/")
    return PACKAGE / rest if room == "purenet" else PROJECT / path


def text(path):
    return located(path).read_text(encoding="utf-8")


FRONT, TOUR, SCRIPTS = READMES = "README.md", "purenet/README.md", "scripts/README.md"


def commands(readme):
    """Every command of a README with the output that is shown below it."""
    for block in re.findall(r"^    \$ (?:.*\n)(?:    .*\n|\n)*", text(readme), re.M):
        for shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.sub("^    ", "", block, flags=re.M), re.M):
            yield shown


def printed(command, folder):
    """What a command prints in a folder, as if the scripts were there."""
    script, words = re.fullmatch(r"python3 scripts/(\w+\.py)(.*)", command).groups()
    _, out, err = called(script, *words.split(), cwd=folder)
    assert err == ""
    return out.replace(shlex.quote(str(PROJECT / "scripts" / script)), f"scripts/{script}")


def require_output(shown, got):
    assert shown.strip()
    if not doctest.OutputChecker().check_output(shown.rstrip() + "\n", got.rstrip() + "\n", doctest.ELLIPSIS):
        assert got == shown  # which shows where they differ


# The training of the front page takes too long here: .ci/run compares it.
TRAINING, BENCHMARK, DOWNLOAD = (
    "python3 scripts/train.py",
    "python3 scripts/benchmark.py --against pypy3",
    "python3 scripts/download_mnist.py",
)


def test_the_commands_print_what_is_shown(tmp_path):
    (tmp_path / "my_network.py").write_text(exercise_1(), encoding="utf-8")
    answers = {}  # A command stands on two pages, but is run once.
    for readme in READMES:
        for command, shown in commands(readme):
            if command not in (TRAINING, BENCHMARK, DOWNLOAD):
                if command not in answers:
                    answers[command] = printed(command, tmp_path)
                require_output(shown, answers[command])
    paper = answers["python3 scripts/walkthrough.py"]
    for excerpt in re.findall(r"^    (?:Each neuron|\(10\)).*\n(?:    .*\n|\n)+", text(TOUR), re.M):
        assert re.sub("^    ", "", excerpt, flags=re.M).strip() in paper


def exercise_1():
    """network.py with the mistake of exercise 1, which is also that of the network that is checked."""
    mistake = re.search(r"`(dC_da = .*?)`", re.search(r"\*\*1\..*\n(?:.+\n)+", text(TOUR))[0])[1]
    broken, count = re.subn(r"dC_da = .*(?=# \(6\))", mistake + "  ", text("purenet/network.py"))
    assert count == 1 and f"`{mistake}`" in text(SCRIPTS)
    return broken


def test_the_benchmark_prints_such_a_table():
    [shown] = [shown for command, shown in commands(SCRIPTS) if command == BENCHMARK]
    pythons = re.search(r"^ {20,}(\S+ \S+) +(\S+ \S+)  ratio$", shown, re.M).groups()
    rows = re.findall(r"^(\S.*?)(?: +[\d.]+ \([\d.]+-[\d.]+\)){2}", shown, re.M)
    labels = [label for unit in benchmark.GROWTH.values() for label in unit]
    times = dict.fromkeys([*rows, *labels], [0.001] * benchmark.ROUNDS)
    got = benchmark.table([{"python": python, "seconds": times} for python in pythons])
    # The same but for the numbers, and for the room that they take.
    require_output(*[re.sub(r" +([-+] )?|[\d.]*\d", " ", part) for part in (shown.partition("\n\n")[2], got)])


def test_the_download_prints_what_is_shown(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(download_mnist, "TARGET", tmp_path / "data" / "mnist.pkl.gz")
    monkeypatch.setattr(download_mnist, "fetch", lambda: b"all of it")
    monkeypatch.setattr(download_mnist, "is_right", lambda content: True)
    download_mnist.download()
    [shown] = [shown for command, shown in commands(SCRIPTS) if command == DOWNLOAD]
    require_output(shown, capsys.readouterr().out)


@pytest.mark.parametrize("readme", READMES)
def test_links_lead_to_files_and_headings(readme):
    links = re.findall(r"\]\((?!http)([^)]+)\)|src=\"([^\"]+)\"", text(readme))
    assert links
    for link in links:
        path, _, heading = "".join(link).partition("#")
        target = os.path.normpath(os.path.join(os.path.dirname(readme), path)) if path else readme
        assert located(target).exists(), link
        headings = re.findall(r"^#+ (.*)$", text(target), re.M) if heading else []
        assert not heading or heading in [re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings]


def lines_of_formulas(path):
    """The lines with the number of a formula in their comments, without spaces that only align them."""
    return [" ".join(line.split()) for line in text(path).splitlines() if re.search(r"# \(\d+\) ", line)]


def test_the_tour_shows_the_line_of_every_formula():
    shown = lines_of_formulas("purenet/README.md")
    source = lines_of_formulas("purenet/network.py") + lines_of_formulas("purenet/gradcheck.py")
    assert sorted(shown) == sorted(source)
    found = [int(re.search(r"# \((\d+)\)", line)[1]) for line in shown]
    assert found == sorted(found) and set(found) == set(range(1, 11))


def cells(readme, header):
    """The rows of the table that has this cell in its header."""
    lines = re.search(rf"^.*\| {re.escape(header)} \|.*\n\|[-| ]+\n((?:\|.*\n)+)", text(readme), re.M)[1]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines.splitlines()]


def test_the_table_of_the_api_has_every_function_with_its_parameters():
    shown = {}
    for _, ours, _ in cells(FRONT, "what differs"):
        shown.update(re.findall(r"`([\w.]+)\((.*?)\)`", ours))
    functions = {"Network": Network.__init__, "digits.load_data_wrapper": digits.load_data_wrapper}
    functions["picture_files.load"] = picture_files.load
    for owner in network, mnist_loader, Network:
        own = owner.__name__ if owner is not Network else Network.__module__
        for name, function in vars(owner).items():
            if inspect.isfunction(function) and function.__module__ == own and not name.startswith("_"):
                functions[f"{owner.__name__.split('.')[-1].replace('Network', 'net')}.{name}"] = function
    assert shown == {name: parameters(function) for name, function in functions.items()}


def parameters(function):
    signature = inspect.signature(function)
    bare = [p.replace(annotation=p.empty) for p in signature.parameters.values() if p.name != "self"]
    return str(inspect.Signature(bare))[1:-1]


NUMPY = SimpleNamespace(
    exp=tiny_arrays.exp,
    outer=lambda u, v: array([[p * q for q in v] for p in u]),
    argmax=lambda v: v.tolist().index(max(v)),
    random=SimpleNamespace(randn=lambda *shape: array(normal(*shape))),
)


def normal(n, *m):
    return [normal(*m) if m else random.gauss(0, 1) for _ in range(n)]


def port():
    """The class that network.py becomes by what the tour says, with tiny_arrays for NumPy."""
    source = text("purenet/network.py")
    for here, there in cells(TOUR, "with NumPy"):
        assert source.count(here.strip("`")) == 1, here
        source = source.replace(here.strip("`"), there.strip("`"))
    said = re.search(r"The body of `sigmoid` .*\n(?:.+\n)+", text(TOUR))[0]
    for name in "sigmoid", "sigmoid_prime":
        [body] = re.findall(rf"`{name}` becomes\s+`(.*?)`", said)
        source, count = re.subn(rf"(def {name}\(.*\n)(?:    .*\n|\n)+", rf"\1    {body}\n\n", source)
        assert count == 1
    source = re.sub(r"^from purenet(?:.*\((?:\n .*)*\n\)|.*)\n", "", source, flags=re.M)
    types = "|".join(re.findall(r"`([A-Z]\w*)`", said))
    gone = rf"    def save\((?:.*\n)*|^.*checks\..*\n|^(?:{types}) = .*\n"
    names = {"np": NUMPY, "__name__": "numpy_network"}
    exec(re.sub(gone, "", source, flags=re.M), names)
    return names["Network"]


PORT = port()


@settings(max_examples=settings().max_examples // 5)
@given(st.data())
def test_the_port_to_numpy_gives_the_same_answers(data):
    net = data.draw(networks())
    batch = data.draw(st.lists(examples(net), min_size=1, max_size=3))
    ported = PORT(net.sizes, random.Random(1))
    assert list(map(len, numbers_of(ported))) == list(map(len, numbers_of(net)))
    ported.biases, ported.weights = [*map(array, net.biases)], [*map(array, net.weights)]
    arrays = [(array(x), array(y)) for x, y in batch]
    tested = [(x, data.draw(st.integers(0, net.sizes[-1] - 1))) for x, _ in batch]
    for (x, y), (x_array, y_array) in zip(batch, arrays):
        agree(ported.feedforward(x_array), net.feedforward(x))
        agree(ported.backprop(x_array, y_array), net.backprop(x, y))
        agree([ported.cost(x_array, y_array)], [net.cost(x, y)])
    assert ported.evaluate([(array(x), digit) for x, digit in tested]) == net.evaluate(tested)
    net.rng, ported.rng = random.Random(2), random.Random(2)
    net.SGD(batch, 2, 2, 3.0, after_epoch=id)
    ported.SGD(arrays, 2, 2, 3.0, after_epoch=id)
    agree(numbers_of(ported), numbers_of(net))


def numbers_of(net):
    return [numbers([net.biases]), numbers([net.weights])]


def agree(got, wanted):
    got, wanted = numbers(list(got)), numbers(list(wanted))
    assert len(got) == len(wanted)
    # Numbers below 100, after a few hundred operations that each are off by 2⁻⁵³ of them.
    assert all(abs(g - w) <= 1e-11 for g, w in zip(got, wanted))
