"""Files from strangers become data, or an error that names the file and the reason. Nothing else happens."""

import gzip
import json
import math
import os
import pickle
import pickletools
import struct
import subprocess
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mnist_files import pickled, pickled_by_python_2, three_sets, write, write_idx

from purenet import mnist_loader, network

# What the interpreter does while a file is read, as an audit hook hears of it. None can be taken away again.
watched, done = [False], []
sys.addaudithook(lambda event, details: done.append((event, details)) if watched[0] else None)


def classes():
    """The attributes of the classes that a stranger could get hold of by name and change."""
    modules = [module for name, module in [*sys.modules.items()] if name.split(".")[0] in REACHABLE]
    values = [value for module in modules for value in [*vars(module).values()] if isinstance(value, type)]
    # PyPy makes the first two anew each time, and the rest are the notes that isinstance takes.
    passing = "__dict__", "__weakref__", "_abc_impl", "_abc_cache", "_abc_negative_cache"
    return {
        value: {name: entry for name, entry in vars(value).items() if not name.startswith(passing)}
        for value in values
        if value.__flags__ & 1 << 9  # not built in
    }


REACHABLE = (
    "builtins",
    "collections",
    "functools",
    "codecs",
    "io",
    "gzip",
    "pickle",
    "json",
    "random",
    "purenet",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An empty folder, the current one; afterwards every class is as it was, and nothing was made here."""
    before, folder, home = classes(), tmp_path_factory.mktemp("files"), os.getcwd()
    os.chdir(folder)
    for protocol in range(6):  # What is only imported when it is needed is needed now.
        mnist_loader.load_data(write(folder / "file", pickled(three_sets(1, 1), protocol)))
    yield folder
    os.chdir(home)
    assert {*os.listdir(folder)} <= {"file", "idx"}
    after = classes()
    assert [value for value in before if before[value] != after[value]] == []


def judged(load, path, files=None):
    """What `load` makes of the path: data, or None for a short ValueError that names the file it is about."""
    files = [str(file) for file in files or [path]]
    data, done[:], watched[0] = None, [], True
    try:
        data = load(path)
    except ValueError as error:
        watched[0] = False  # What is done to judge is nothing that the file has done.
        message = str(error)
        assert type(error) is ValueError and message.startswith(tuple(files))
        assert 5 < len(message.replace(str(path), "")) < 1000
    finally:
        watched[0] = False
    for event, details in done:
        if event == "open":
            # Each file is opened to be read, and no other.
            assert str(details[0]) in files and details[1] in ("r", "rb")
        else:
            # Finding the IDX files takes a look into the folder.
            assert (
                event in ("os.listdir", "os.scandir", "glob.glob", "pathlib.Path.glob") and path not in files
            )
    return data


def is_mnist(sets):
    """Whether these are three sets of images and digits as `load_data` promises them."""
    return len(sets) == 3 and all(
        len(images) == len(digits)
        and all(type(digit) is int and 0 <= digit <= 9 for digit in digits)
        and all(len(image) == 784 for image in images)
        and all(type(pixel) is float and 0 <= pixel <= 1 for image in images for pixel in image)
        for images, digits in sets
    )


# Pickles.

MODULES = (
    "os",
    "posix",
    "builtins",
    "__builtin__",
    "functools",
    "_codecs",
    "codecs",
    "numpy",
    "numpy.core.multiarray",
)
NAMES = (
    "system",
    "mkdir",
    "eval",
    "getattr",
    "partial",
    "encode",
    "decode",
    "lookup",
    "ndarray",
    "dtype",
    "_reconstruct",
)
WORDS = st.sampled_from(
    [*MODULES, *NAMES, "ran", "b", "latin1", "hex", "f4", "<", "C", "__import__('os').mkdir('ran')"]
)
NUMBERS = st.sampled_from([0, 1, 2, 3, 4, 10, 255, 784, 2**31 - 1]) | st.integers(0, 2**31 - 1)


def line(text):
    return str(text).encode() + b"\n"


def packed(form, values):
    return values.map(lambda value: struct.pack(form, value))


def counted(form, values):
    """The bytes in `values` after their length, which now and then is wrong."""
    return st.tuples(values, st.sampled_from([0] * 9 + [1, 100])).map(
        lambda drawn: struct.pack(form, min(len(drawn[0]) + drawn[1], 255)) + drawn[0]
    )


texts = WORDS.map(str.encode) | st.binary(max_size=20)
ARGUMENTS = {
    "uint1": packed("<B", st.integers(0, 255)),
    "uint2": packed("<H", st.integers(0, 65535)),
    "int4": packed("<i", NUMBERS),
    "uint4": packed("<I", NUMBERS),
    "uint8": packed("<Q", NUMBERS | st.integers(0, 2**64 - 1)),
    "float8": packed(">d", st.floats()),
    "decimalnl_short": (NUMBERS | st.sampled_from(["00", "01", "-1", "1e5", ""])).map(line),
    "decimalnl_long": (NUMBERS | st.sampled_from(["5L", "-1L", "9" * 99])).map(line),
    "floatnl": st.floats().map(line),
    "stringnl": WORDS.map(repr).map(line),
    "stringnl_noescape": WORDS.map(line),
    "stringnl_noescape_pair": st.tuples(st.sampled_from(MODULES), st.sampled_from(NAMES)).map(
        lambda pair: line(pair[0]) + line(pair[1])
    ),
    "unicodestringnl": (WORDS | st.just("\\u0000\\uffff")).map(line),
    "long1": counted("<B", st.binary(max_size=20)),
    "long4": counted("<i", st.binary(max_size=20)),
    "string1": counted("<B", texts),
    "bytes1": counted("<B", texts),
    "unicodestring1": counted("<B", texts),
    "string4": counted("<i", texts),
    "bytes4": counted("<I", texts),
    "unicodestring4": counted("<I", texts),
    "bytes8": counted("<Q", texts),
    "bytearray8": counted("<Q", texts),
    "unicodestring8": counted("<Q", texts),
}
# Every operation that pickle.py knows, with an argument of its kind.
operations = st.sampled_from(pickletools.opcodes).flatmap(
    lambda opcode: (ARGUMENTS[opcode.arg.name] if opcode.arg else st.just(b"")).map(
        lambda argument: opcode.code.encode("latin-1") + argument
    )
)


def cut_into_operations(data):
    starts = [position for _, _, position in pickletools.genops(data)]
    return [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)])]


PICKLES = {protocol: pickled(three_sets(1, 1), protocol) for protocol in range(6)}
PICKLES["Python 2"] = pickled_by_python_2(three_sets(1, 1))
IN_OPERATIONS = {name: cut_into_operations(data) for name, data in PICKLES.items()}


def test_every_operation_has_its_turn():
    assert {opcode.arg.name for opcode in pickletools.opcodes if opcode.arg} <= ARGUMENTS.keys()
    assert {*"c\x93iob\x81\x92Rb\x82\x83\x84PQ"} <= {opcode.code for opcode in pickletools.opcodes}
    for name, data in PICKLES.items():
        assert b"".join(IN_OPERATIONS[name]) == data


@given(st.lists(operations, max_size=30))
def test_operations_in_any_order_are_refused(folder, program):
    assert judged(mnist_loader.load_data, write(folder / "file", b"".join(program) + b".")) is None


@given(
    st.sampled_from(list(PICKLES)),
    st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(0, 2), st.none() | operations), min_size=1, max_size=4
    ),
)
def test_a_pickle_with_other_operations_in_it_is_data_or_refused(folder, name, changes):
    program = IN_OPERATIONS[name][:]
    for place, length, operation in changes:
        place %= len(program)
        program[place : place + length] = [operation] if operation else program[place : place + length] * 2
    sets = judged(mnist_loader.load_data, write(folder / "file", b"".join(program)))
    assert sets is None or is_mnist(sets)


# Bytes changed, cut out, doubled and put in, with more of them where a file says what it is.
places = st.integers(0, 10**6) | st.integers(0, 300) | st.integers(-700, 0)
telling = st.sampled_from([opcode.code.encode("latin-1") for opcode in pickletools.opcodes])
changes = st.lists(
    st.tuples(
        places, st.sampled_from([0, 1, 1, 1, 1, 9, 10**6]), st.none() | telling | st.binary(max_size=4)
    ),
    min_size=1,
    max_size=3,
)


def changed(data, changes):
    data = bytearray(data)
    for place, length, new in changes:
        place = place % (len(data) + 1)
        data[place : place + length] = data[place : place + length] * 2 if new is None else new
    return bytes(data)


zips = st.sampled_from([lambda data: data, lambda data: gzip.compress(data, 1)])


@given(st.sampled_from(list(PICKLES)), zips, changes, st.booleans())
def test_a_pickle_with_other_bytes_in_it_is_data_or_refused(folder, name, zipped, changes, inside):
    data = zipped(changed(PICKLES[name], changes)) if inside else changed(zipped(PICKLES[name]), changes)
    sets = judged(mnist_loader.load_data, write(folder / "file", data))
    assert sets is None or is_mnist(sets)


# gzip streams.


@given(
    flags=st.sampled_from([0, 0, 0, 1, 2, 4, 8, 16]) | st.integers(0, 255),
    header=st.sampled_from([b"", b"", b"name\0", b"\4\0\0\0\0\0"]) | st.binary(max_size=30),
    content=st.sampled_from(list(PICKLES.values())) | st.binary(max_size=30),
    trailer=st.sampled_from([None, None, b""]) | st.binary(max_size=9),
    method=st.sampled_from([8, 8, 8, 8, 0, 255]),
    more=st.sampled_from([b"", b"", b"", b"\0", gzip.compress(b""), b"\x1f\x8b"]),
)
def test_a_gzip_stream_of_any_form_is_data_or_refused(folder, flags, header, content, trailer, method, more):
    deflate = zlib.compressobj(1, zlib.DEFLATED, -15)
    body = deflate.compress(content) + deflate.flush()
    if trailer is None:
        trailer = struct.pack("<2I", zlib.crc32(content), len(content))
    data = b"\x1f\x8b" + bytes([method, flags]) + bytes(6) + header + body + trailer + more
    sets = judged(mnist_loader.load_data, write(folder / "file", data))
    assert sets is None or is_mnist(sets)


# IDX files.

edges = st.sampled_from([0, 1, 2, 3, 12, 27, 28, 60_000, 2**31, 2**32 - 1]) | st.integers(0, 2**32 - 1)


@given(
    st.sampled_from(mnist_loader.IDX_FILES),
    st.sampled_from([0x801, 0x803]) | edges,
    st.lists(edges, max_size=4),
    zips,
    changes | st.just([]),
)
def test_an_idx_file_of_any_form_is_data_or_refused(folder, name, magic, shape, zipped, changes):
    write_idx(folder / "idx", n_train=2, n_test=1)
    content = (folder / "idx" / name).read_bytes()
    if not changes:
        content = struct.pack(f">{1 + len(shape)}I", magic, *shape) + content[16:]
    write(folder / "idx" / name, changed(zipped(content), changes))
    files = [folder / "idx" / name for name in mnist_loader.IDX_FILES]
    sets = judged(mnist_loader.load_data, folder / "idx", files)
    assert sets is None or is_mnist(sets)


# Models.

MODEL = {
    "sizes": [2, 3, 1],
    "weights": [[[0.5, -1.0]] * 3, [[1e-3, 2.0, 0.0]]],
    "biases": [[[0.1]] * 3, [[1]]],
}
MODEL["cost"] = "QuadraticCost"
TEXT = json.dumps({**MODEL, "notes": {"epochs": 3}})


class Raw(str):
    """JSON as it stands."""


strange = st.sampled_from(
    [
        None,
        True,
        False,
        [],
        {},
        "",
        "2",
        0,
        1,
        2,
        3,
        -1,
        1.0,
        2.5,
        math.nan,
        math.inf,
        -math.inf,
        "QuadraticCost",
    ]
    + [
        Raw(text)
        for text in ("1e999", "-0.0", "1e-999", "9" * 400, "9" * 5000, "-" + "9" * 400, "0.1" + "1" * 5000)
    ]
    + [Raw(text) for text in ("[" * 500 + "]" * 500, "[" * 9_000, '{"":' * 9_000, '"\\ud800"', '"\\u0000"')]
    + [
        Raw(text)
        for text in ("01", "+1", ".5", "1.", "0x1", "nan", "'a'", "1,", '1,"sizes":[2,1]', "NaN", "\ufeff1")
    ]
) | st.recursive(
    st.integers() | st.floats() | st.booleans() | st.none() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def as_json(value):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(as_json, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)}: {as_json(entry)}" for name, entry in value.items()) + "}"
    return json.dumps(value)


def copies(value):
    return [copies(entry) for entry in value] if isinstance(value, list) else value


def is_network(net):
    """Whether this is a network that can answer: matrices of finite floats that fit together."""
    shapes = [*zip(net.sizes[1:], net.sizes)]
    return (
        net.num_layers == len(net.sizes) == len(net.weights) + 1 == len(net.biases) + 1
        and all(len(w) == n and all(len(row) == m for row in w) for w, (n, m) in zip(net.weights, shapes))
        and all(len(b) == n for b, (n, m) in zip(net.biases, shapes))
        and all(type(v) is float and math.isfinite(v) for w in net.weights for row in w for v in row)
        and all(type(v) is float and math.isfinite(v) for b in net.biases for v in b)
        and len(net.feedforward([0.5] * net.sizes[0])) == net.sizes[-1]
    )


@given(st.data(), st.integers(1, 2))
def test_a_model_with_strange_values_in_it_is_a_network_or_refused(folder, data, times):
    model = {name: copies(value) for name, value in MODEL.items()}
    for _ in range(times):
        place, key = model, data.draw(st.sampled_from([*MODEL, "notes"]))
        # Down into the value, and somewhere on the way it is replaced.
        while isinstance(place.get(key) if place is model else place[key], list) and data.draw(
            st.integers(0, 3)
        ):
            if not (place[key]):
                break
            place, key = place[key], data.draw(st.integers(0, len(place[key]) - 1))
        place[key] = data.draw(strange)
    text = as_json(model).encode("utf-8", "surrogatepass")
    net = judged(network.load, write(folder / "file", text))
    assert net is None or is_network(net)


@given(
    st.booleans(),
    changes,
    st.sampled_from([TEXT.encode(), TEXT.encode("utf-16"), gzip.compress(TEXT.encode())]),
)
def test_a_model_with_other_bytes_in_it_is_a_network_or_refused(folder, digits, changes, text):
    if digits:  # Most changes then leave it JSON.
        changes = [(place, length, b"%d" % (place % 10)) for place, length, _ in changes]
    net = judged(network.load, write(folder / "file", changed(text, changes)))
    assert net is None or is_network(net)


@given(strange)
def test_any_json_is_a_network_or_refused(folder, value):
    text = as_json(value).encode("utf-8", "surrogatepass")
    assert judged(network.load, write(folder / "file", text)) is None


# Attacks that are known: each would make a folder or change a class if it ran, or fill the memory.


def call(module, name, arguments, operation=b"R"):
    return b"c" + module + b"\n" + name + b"\n" + arguments + operation


ATTACKS = {
    "os.system": call(b"posix", b"system", b"(U\x09touch rant"),
    "os.mkdir": call(b"os", b"mkdir", b"(U\x03rant"),
    "STACK_GLOBAL": b"\x80\x04\x8c\x02os\x8c\x05mkdir\x93\x8c\x03ran\x85R",
    "INST": b"(U\x03ranios\nmkdir\n",
    "OBJ": b"(cos\nmkdir\nU\x03rano",
    "NEWOBJ": call(b"os", b"mkdir", b"U\x03ran\x85", b"\x81"),
    "NEWOBJ_EX": call(b"os", b"mkdir", b"U\x03ran\x85}", b"\x92"),
    "eval": call(b"builtins", b"eval", b"(U\x1d__import__('os').mkdir('ran')t"),
    "exec of Python 2": call(b"__builtin__", b"execfile", b"(U\x03rant"),
    "getattr": call(b"builtins", b"getattr", b"(cos\npath\nU\x04joint"),
    "functools.partial": call(b"functools", b"partial", b"(cos\nmkdir\nU\x03rant"),
    "a strange codec": call(b"_codecs", b"encode", b"(X\x01\0\0\0aX\x03\0\0\0hext"),
    "a decoder": call(b"_codecs", b"decode", b"(X\x01\0\0\0aX\x06\0\0\0latin1t"),
    "numpy.load": call(b"numpy", b"load", b"(U\x03rant"),
    "numpy.memmap": call(b"numpy", b"memmap", b"(U\x03rant"),
    "numpy.fromfile": call(b"numpy", b"fromfile", b"(U\x03rant"),
    "numpy's runstring": call(
        b"numpy.testing._private.utils", b"runstring", b"(U\x19import os; os.mkdir('ran')}t"
    ),
    "getattr of INST": b"(cos\nU\x05mkdiribuiltins\ngetattr\n",
    "a class of this package": call(b"purenet.files", b"replacing", b"(U\x03rant"),
    "a class called without __init__": b"cnumpy\nndarray\n)\x81}U\x04evilK\x01sb",
    "a dotted name": b"\x80\x04\x8c\x05numpy\x8c\x10ndarray.__init__\x93)R",
    "a dictionary": b"}",
    "a list": b"]",
    "state of a class": b"cnumpy\nndarray\n}U\x04evilK\x01sb",
    "state of a function": b"c_codecs\nencode\n}U\x04evilK\x01sb",
    "slots of a class": b"cnumpy\ndtype\nN}U\x04evilK\x01s\x86b",
    "state as attributes": b"cnumpy\ndtype\n(U\x02f4K\0K\x01tRN}U\x04evilK\x01s\x86b",
    "a persistent id": b"Pran\n",
    "a binary persistent id": b"U\x03ranQ",
    "an extension": b"\x82\x01",
    "a buffer from outside": b"\x97",
    "a call of a text": b"U\x0dnumpy ndarray)R",
    "a call of a number": b"K\x01)R",
    "an empty stack": b"R",
    "a place in the memo that is far away": b"Nr\xff\xff\xff\x1f",
    "a memo that is empty": b"h\x05",
    "a claim of 4 GB": b"T\xff\xff\xff\xff",
    "a claim of 2 ** 63 bytes": b"\x96\0\0\0\0\0\0\0\x80",
    "a number of 10,000 digits": b"I" + b"9" * 10_000 + b"\n",
    "a deep pickle": b"N" + b"\x85" * 100_000,
    "many marks": b"(" * 100_000,
    "a tree of 2 ** 400 leaves": b"N" + b"q\0h\0\x86" * 400,
    "as the key of a dictionary": b"}N" + b"q\0h\0\x86" * 200 + b"Ns",
    "a name that is too long": b"cnumpy\n" + b"d" * 200 + b"\n",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_a_pickle_names_is_run(folder, attack):
    for data in b"\x80\x02" + ATTACKS[attack] + b".", ATTACKS[attack] + PICKLES[2]:
        assert judged(mnist_loader.load_data, write(folder / "file", data)) is None


def test_those_who_watch_would_notice(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path / "file", ATTACKS["os.mkdir"] + b".")
    with pytest.raises(AssertionError):
        judged(lambda path: pickle.loads(path.read_bytes()), path)
    assert {*os.listdir(tmp_path)} == {"file", "ran"}
    with pytest.raises(AssertionError):
        judged(lambda path: open(path, "ab").close(), path)


# Small files that make much of themselves. Python's own measure of memory, ru_maxrss, would count in what the
# tests had when they started the child.
linux = pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="memory is measured on Linux only")

MEASURED = """
import re, sys, time
from purenet import mnist_loader, network
start = time.process_time()
for load in mnist_loader.load_data, network.load:
    try:
        load(sys.argv[1])
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
with open("/proc/self/status") as file:
    print(1024 * int(re.search(r"VmHWM:\\s*(\\d+) kB", file.read())[1]), time.process_time() - start)
"""


def bomb(start, fill, times):
    """A gzip file of `start` and 1,000,000 times `fill`, `times` over."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(start) + deflate.flush(zlib.Z_FULL_FLUSH)
    # After a full flush, the same bytes mean the same wherever they stand.
    return (
        gzip.compress(b"")[:10]
        + body
        + times * (deflate.compress(fill * 10**6) + deflate.flush(zlib.Z_FULL_FLUSH))
    )


def idx_header(name, n):
    return struct.pack(">2I", 0x801, n) if "labels" in name else struct.pack(">4I", 0x803, n, 28, 28)


BOMBS = {
    "text": lambda: bomb(b"X" + struct.pack("<I", 459_999_000), b"\xc3\xbf", 231),
    "empty gzip files": lambda: gzip.compress(b"") * 900_000,
    "nested lists": lambda: b"[" + (b"[" * 900 + b"]" * 900 + b",") * 11_000 + b"0]",
    "bytes": lambda: bomb(b"T" + struct.pack("<I", 459_999_000), b"\0", 461),
    "escaped text": lambda: bomb(b"V", b"\\u0000", 500),
    "a name without end": lambda: b"\x1f\x8b\x08\x08" + b"a" * 19_000_000,
    "objects": lambda: b"[" + b",".join(b'{"%d":0}' % k for k in range(1_300_000)) + b"]",
    "many sizes": lambda: (
        b'{"sizes":[1' + b",1" * 9_000_000 + b'],"weights":[],"biases":[],"cost":"QuadraticCost"}'
    ),
}


def measured(path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], env=environment, capture_output=True, text=True
    )
    memory, seconds = map(float, child.stdout.split())
    assert child.stderr.count(str(path)) == 2
    return memory, seconds


# The first three, and all of them where the profile asks for more than the usual.
@linux
@pytest.mark.parametrize("name", [*BOMBS][: len(BOMBS) if settings().max_examples > 100 else 3])
def test_no_small_file_takes_a_gigabyte_or_ten_seconds(folder, name):
    data = BOMBS[name]()
    assert len(data) < 20_000_000
    memory, seconds = measured(write(folder / "file", data))
    assert memory < 1e9 and seconds < 10


@linux
def test_nor_do_four_of_them(folder):
    (folder / "idx").mkdir(exist_ok=True)
    for name in mnist_loader.IDX_FILES:
        start = idx_header(name, 400_000_000 // (1 if "labels" in name else 784))
        write(folder / "idx" / name, bomb(start, b"\0", 400))
    memory, seconds = measured(folder / "idx")
    assert memory < 1e9 and seconds < 10
