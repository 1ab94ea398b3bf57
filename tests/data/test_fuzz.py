"""Damaged and hostile files end in a ValueError that names them. They run nothing and fill no memory."""

import gzip
import os
import pickle
import pickletools
import struct
import sys
import zipfile

import pytest
from damage import changed, changes, peak, telling
from hypothesis import given
from hypothesis import strategies as st
from mnist_files import (
    Array, drawn, keras, npy, npz, pickled, pickled_by_python_2, refused, rows, three_sets, write, write_idx,
)

from purenet import mnist_loader
from purenet.data import idx_files

# What the interpreter does while a file is read, as an audit hook hears of it. A hook stays for good.
watched, done = [False], []
sys.addaudithook(lambda event, details: done.append((event, details)) if watched[0] else None)

# Code that is compiled does nothing until it is executed: ast.literal_eval compiles what it looks at.
HARMLESS = ("array.__new__", "compile", "os.listdir", "os.scandir", "glob.glob", "pathlib.Path.glob")


def judged(path, files=None):
    """What `load_data` makes of the path: sets, or None for a short ValueError that begins with its name."""
    files = [str(file) for file in files or [path]]
    sets, done[:], watched[0] = None, [], True
    try:
        sets = mnist_loader.load_data(path)
    except ValueError as error:
        watched[0] = False
        assert type(error) is ValueError and str(error).startswith(tuple(files))
        assert 5 < len(str(error).replace(str(path), "")) < 1000
    finally:
        watched[0] = False
    for event, details in done:
        if event == "object.__getattr__":
            continue  # Hypothesis looks at the frames, to explain what failed.
        is_read = event == "open" and str(details[0]) in files and details[1] in ("r", "rb")
        assert is_read or event in HARMLESS, (event, details)
    return sets


def is_mnist(sets):
    """Whether these are three sets of images and digits as `load_data` promises them."""
    return len(sets) == 3 and all(
        len(images) == len(digits)
        and all(type(digit) is int and 0 <= digit <= 9 for digit in digits)
        and all(len(image) == 784 for image in images)
        and all(type(pixel) is float and 0 <= pixel <= 1 for image in images for pixel in image)
        for images, digits in sets
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An empty folder, the current one; in the end nothing else has been made here."""
    folder, home = tmp_path_factory.mktemp("files"), os.getcwd()
    os.chdir(folder)
    for data in [*PICKLES.values(), *NPZ.values()]:  # What Python imports only when it is needed is needed now.
        mnist_loader.load_data(write(folder / "file", data))
    yield folder
    os.chdir(home)
    assert {*os.listdir(folder)} <= {"file", "idx"}


# Damaged files.

PICKLES = {protocol: pickled(three_sets(1, 1), protocol) for protocol in range(6)}
PICKLES["Python 2"] = pickled_by_python_2(three_sets(1, 1))
NPZ = {method: npz(keras(1, 1, pixels="u1"), method) for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)}
CSV = rows(*drawn(1, 3))

zips = st.sampled_from([lambda data: data, lambda data: gzip.compress(data, 1)])


def data_or_refused(path, files=None):
    sets = judged(path, files)
    assert sets is None or is_mnist(sets)


@pytest.mark.parametrize("files", [[*PICKLES.values()], [*NPZ.values()], [CSV]], ids=["pickle", "npz", "CSV"])
@given(st.data(), zips, changes, st.booleans())
def test_a_damaged_file_is_data_or_refused(folder, files, data, zipped, changes, inside):
    whole = data.draw(st.sampled_from(files))
    content = zipped(changed(whole, changes)) if inside else changed(zipped(whole), changes)
    data_or_refused(write(folder / "file", content))


@given(st.sampled_from([*PICKLES.values(), *NPZ.values()]), zips, st.data())
def test_a_file_cut_anywhere_is_refused(folder, whole, zipped, data):
    cut = data.draw(st.integers(0, len(zipped(whole)) - 1) | st.integers(0, 300))
    assert judged(write(folder / "file", zipped(whole)[:cut])) is None


@given(st.sampled_from(idx_files.NAMES), zips, changes, st.data())
def test_a_damaged_idx_file_is_data_or_refused_and_a_cut_one_is_refused(folder, name, zipped, changes, data):
    path = write_idx(folder / "idx", n_train=2, n_test=1) / name
    files = [folder / "idx" / name for name in idx_files.NAMES]
    whole = path.read_bytes()
    write(path, zipped(changed(whole, changes)))
    data_or_refused(folder / "idx", files)
    write(path, zipped(whole)[: data.draw(st.integers(0, len(zipped(whole)) - 1))])
    assert judged(folder / "idx", files) is None


@given(st.sampled_from([*NPZ]), changes, st.sampled_from([*keras()]))
def test_an_npz_file_of_damaged_arrays_is_data_or_refused(folder, method, changes, name):
    members = keras(1, 1, pixels="u1")
    members[name] = changed(members[name], changes)
    data_or_refused(write(folder / "file", npz(members, method)))


# Pickles that ask for more than arrays: each would make the folder `ran` or change a class if it were run.


def call(module, name, arguments, operation=b"R"):
    return b"c" + module + b"\n" + name + b"\n" + arguments + operation


ATTACKS = {
    "os.system": call(b"posix", b"system", b"(U\x09mkdir rant"),
    "os.mkdir": call(b"os", b"mkdir", b"(U\x03rant"),
    "eval": call(b"builtins", b"eval", b"(U\x1d__import__('os').mkdir('ran')t"),
    "STACK_GLOBAL": b"\x80\x04\x8c\x02os\x8c\x05mkdir\x93\x8c\x03ran\x85R",
    "INST": b"(U\x03ranios\nmkdir\n",
    "NEWOBJ": call(b"os", b"mkdir", b"U\x03ran\x85", b"\x81"),
    "this package": call(b"purenet.support.files", b"replacing", b"(U\x03rant"),
    "a class called without __init__": b"cnumpy\nndarray\n)\x81}U\x04evilK\x01sb",
    "a dotted name": b"\x80\x04\x8c\x05numpy\x8c\x10ndarray.__init__\x93)R",
    "state of a class": b"cnumpy\nndarray\n}U\x04evilK\x01sb",
    "a call of a text": b"U\x0dnumpy ndarray)R",
    "a memo that is empty": b"h\x05",
    "a string with an escape that Python does not know": b"S'\\d'\n",
    "a number of 10,000 digits": b"I" + b"9" * 10_000 + b"\n",
    "a deep pickle": b"N" + b"\x85" * 100_000,
    "a tree of 2 ** 400 leaves": b"N" + b"q\0h\0\x86" * 400,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_a_pickle_names_is_run(folder, attack):
    assert judged(write(folder / "file", b"\x80\x02" + ATTACKS[attack] + b".")) is None
    data_or_refused(write(folder / "file", b"\x80\x02" + ATTACKS[attack] + PICKLES[2]))


def test_arrays_under_another_name_are_refused(folder):
    for protocol in range(6):
        data = pickled(three_sets(1, 1), protocol, "evil")
        refused(write(folder / "file", data), r".*\(refused: it asks for 'numpy.evil")


# Every operation that Python knows, and what it may take: lines, a length and so many bytes, or anything.
arguments = st.sampled_from([b"", b"os\nmkdir\n", b"numpy\ndtype\n", b"1\n", b"\1r", b"\1\0\0\0r"])
operations = st.tuples(telling, arguments | st.binary(max_size=8)).map(b"".join)


@given(
    st.sampled_from(list(PICKLES)),
    st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 2), st.none() | operations), min_size=1),
)
def test_a_pickle_with_other_operations_in_it_is_data_or_refused(folder, name, changes):
    whole = PICKLES[name]
    starts = [position for _, _, position in pickletools.genops(whole)]
    program = [whole[start:end] for start, end in zip(starts, [*starts[1:], len(whole)])]
    for place, length, operation in changes:
        place %= len(program)
        program[place : place + length] = [operation] if operation else program[place : place + length] * 2
    data_or_refused(write(folder / "file", b"".join(program)))


@pytest.mark.parametrize("attack", ["os.system", "os.mkdir", "eval"])
def test_python_itself_would_run_them_and_the_tests_would_notice(tmp_path, monkeypatch, attack):
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path / "file", ATTACKS[attack] + b".")
    monkeypatch.setattr(mnist_loader, "load_data", lambda path: pickle.loads(path.read_bytes()))
    with pytest.raises(AssertionError):
        judged(path)
    assert {*os.listdir(tmp_path)} == {"file", "ran"}


# Small files that make much of themselves.


def bomb(start, fill):
    """A gzip file of `start` and 10,000,000 bytes of `fill`."""
    return gzip.compress(start + fill * (10**7 // len(fill)), 1)


LARGE = npy(Array(bytes(784 * 12000), (12000, 784), "u1", "|"))
SIZE = struct.pack("<I", len(LARGE))  # as the archive has it twice
BOMBS = {
    "a text of 4 GB": bomb(b"\x80\x02X\xff\xff\xff\xff", b"\0"),
    "bytes of 2 ** 63": bomb(b"\x80\x02\x96\xff\xff\xff\xff\xff\xff\xff\x7f", b"\0"),
    "more bytes than there are": b"\x80\x02T\xa0\x86\1\0",
    "a line without end": bomb(b"(V", b"\\u0000"),
    "a memo of 2 ** 20 places": b"\x80\x02Nr\0\0\x10\0.",
    "an archive": npz({**keras(), "x_train": LARGE}, zipfile.ZIP_STORED),
    "an array": npz({**keras(), "x_train": LARGE}),
    "an array that is said to be small": npz({**keras(), "x_train": LARGE}).replace(SIZE, b"\x10\x27\0\0"),
    "a line of CSV without end": bomb(b"5,", b"0,"),
    "lines of CSV": bomb(b"", b"5" + b",0" * 784 + b"\n"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_file_takes_much_more_than_the_limit(folder, monkeypatch, name):
    monkeypatch.setattr(mnist_loader, "MOST_BYTES", 10**6)
    path = write(folder / "file", BOMBS[name])
    # As characters of four bytes, the bytes that they came from, and what gzip reads ahead.
    assert peak(judged, path) < 5 * 10**6
    assert judged(path) is None


def test_few_images_of_a_large_file_take_little_more_than_the_file(folder):
    images, labels = Array(bytes(784 * 1000), (1000, 784), "u1", "|"), Array(bytes(1000), (1000,), "u1", "|")
    path = write(folder / "file", pickled(((images, labels),) * 3, 5))
    # The file has 0.8 MB, and as lists all of its images would take 19 MB.
    assert peak(mnist_loader.load_data, path, 10) < 2 * 10**6
