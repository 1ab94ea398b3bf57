"""A file is replaced as a whole or not at all, and read up to a limit."""

import contextlib
import gzip
import io
import os
import stat
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purenet import mnist_loader, network, picture_files
from purenet.network import Network
from purenet.support import files
from purenet.support.files import reading, replacing


def write(path, pieces, fail_after=None):
    with replacing(path, "wb") as file:
        for k, piece in enumerate(pieces):
            if k == fail_after:
                raise KeyboardInterrupt
            file.write(piece)
        if fail_after is not None:
            raise KeyboardInterrupt


@given(
    pieces=st.lists(st.binary(max_size=20), max_size=5),
    old=st.none() | st.binary(),
    fail_after=st.none() | st.integers(0, 5),
)
def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path_factory, pieces, old, fail_after):
    folder = tmp_path_factory.mktemp("folder")
    path = folder / "file"
    if old is not None:
        path.write_bytes(old)
    if fail_after is None:
        write(path, pieces)
        expected = b"".join(pieces)
    else:
        with pytest.raises(KeyboardInterrupt):
            write(path, pieces, fail_after)
        expected = old
    assert (path.read_bytes() if path.exists() else None) == expected
    assert os.listdir(folder) == ([] if expected is None else ["file"])


def test_at_every_line_of_the_program_the_file_is_the_old_or_the_new_one(tmp_path):
    path, seen, tracing = tmp_path / "file", [], sys.gettrace()
    path.write_text("old")

    def trace(frame, event, arg):
        if frame.f_code.co_filename == files.__file__:
            seen.append(path.read_text() if path.exists() else None)
            return trace

    sys.settrace(trace)
    try:
        write(path, [b"n", b"e", b"w"])
    finally:
        sys.settrace(tracing)
    change = seen.index("new")
    assert change > 10 and {*seen[:change]} == {"old"} and {*seen[change:]} == {"new"}


def test_the_new_file_is_on_the_disk_before_it_takes_the_place_of_the_old(tmp_path, monkeypatch):
    synced, path = [], tmp_path / "file"
    monkeypatch.setattr(os, "fsync", lambda number: synced.append((os.fstat(number).st_size, path.exists())))
    with replacing(path) as file:
        file.write("new")
    assert synced == [(3, False)]


def test_text_is_utf_8_whatever_the_locale_says(tmp_path):
    with replacing(tmp_path / "file") as file:
        assert file.encoding == "utf-8"  # the one that was asked for: Python writes a locale's in capitals


def test_the_permissions_are_kept_and_a_link_goes_on_pointing_to_the_file(tmp_path):
    path, link = tmp_path / "file", tmp_path / "link"
    path.touch()
    path.chmod(0o640)
    link.symlink_to(path)
    write(link, [b"new"])
    assert link.is_symlink() and path.read_text() == "new" and stat.S_IMODE(path.stat().st_mode) == 0o640


def test_what_cannot_be_replaced_is_left_alone(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    refused = [("", "name of a folder"), (".", "is not a file"), ("pipe", "is not a file"),
               ("x" * 300, "too long"), (os.path.join("missing", "file"), "no folder")]
    for name, reason in refused:
        with pytest.raises(OSError, match=reason):
            write(os.path.join(tmp_path, name), [])
    assert os.listdir(tmp_path) == ["pipe"]


def test_what_is_write_protected_is_left_alone(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    for protected in (path, tmp_path):
        protected.chmod(0o500)
        if os.access(protected, os.W_OK):
            pytest.skip("root may write everywhere")
        with pytest.raises(PermissionError, match="write-protected|no folder"):
            write(path, [])
        protected.chmod(0o700)
    assert path.read_text() == "old"


def test_a_path_may_be_of_any_kind_and_a_name_of_any_length(tmp_path):
    for path in (tmp_path / "path", os.fsencode(tmp_path / "bytes"), str(tmp_path / ("n" * 255))):
        write(path, [b"new"])
        with open(path) as file:
            assert file.read() == "new"


@given(
    content=st.binary(max_size=200).map(b"-".__add__),  # or it might begin as a gzip file does
    sizes=st.lists(st.integers(-1, 50)),
    most=st.integers(0, 300),
    zipped=st.booleans(),
)
def test_what_is_read_is_the_file_up_to_the_limit(tmp_path_factory, content, sizes, most, zipped):
    path = tmp_path_factory.mktemp("folder") / "file"
    path.write_bytes(gzip.compress(content) if zipped else content)
    expected, start = io.BytesIO(content), 0
    try:
        with reading(path, most) as file:
            for size in sizes:  # -1 stands for a line
                piece = file.readline() if size < 0 else file.read(size)
                assert piece == (expected.readline() if size < 0 else expected.read(size))
                start += max(size, len(piece))
                assert start <= most
    except ValueError as error:
        assert str(error) == f"{path}: it claims to hold more than {most:,} bytes of data"
        assert start + (len(expected.readline()) if size < 0 else size) > most


def test_a_damaged_gzip_file_is_named(tmp_path):
    whole, path = gzip.compress(b"12345"), tmp_path / "file"
    cut = [whole[:k] for k in range(2, len(whole))]
    for content in cut + [whole[:-1] + b"!", whole[:-8] + b"!" + whole[-7:]]:
        path.write_bytes(content)
        with pytest.raises(ValueError, match=f"^{path}: it is damaged \\("):
            with reading(path, 1000) as file:
                file.read(6)
    for content, expected in (whole + whole, b"1234512345"), (whole + bytes(5), b"12345"):
        path.write_bytes(content)
        with reading(path, 1000) as file:
            assert file.read(11) == expected


@pytest.mark.parametrize("start", [b"\x80", b"5,"], ids=["pickle", "CSV"])
def test_an_error_of_the_disk_stays_one_and_names_the_file(tmp_path, monkeypatch, start):
    def broken(file, size=0):
        if size == 1000:  # the look at how the file begins
            return start
        raise OSError(5, "Input/output error")

    (tmp_path / "file").touch()
    monkeypatch.setattr(files.Bounded, "read", broken)
    monkeypatch.setattr(files.Bounded, "readline", broken)
    with pytest.raises(OSError, match=f"Input/output error: .*{tmp_path / 'file'}"):
        mnist_loader.load_data(tmp_path / "file")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no disk that is always full")
def test_on_a_full_disk_the_file_is_named_and_the_old_one_stays(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    (tmp_path / f".file.{os.getpid()}.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match=f"No space left on device: '{path}'$"):
        write(path, [b"new"])
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["file"]


def test_what_a_killed_program_has_left_is_removed_the_next_time(tmp_path):
    for name in ".file[1].123.part", ".file[1].x.123.part":
        (tmp_path / name).touch()
    write(tmp_path / "file[1]", [b"new"])
    assert sorted(os.listdir(tmp_path)) == [".file[1].x.123.part", "file[1]"]


def test_a_number_is_no_path():
    """Or it would be that of an open file, such as 0 for what is typed."""
    for function in network.load, picture_files.load, mnist_loader.load_data, Network([1, 1]).save:
        with pytest.raises(TypeError, match="not int"):
            function(0)


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in tmp_path / "pipe", tmp_path, "/dev/zero":
        for load in network.load, picture_files.load:
            with pytest.raises(OSError, match=f"^{path} is a folder, a pipe or a device; name a file$"):
                load(path)


@pytest.mark.parametrize("failures", [0, 1, 4, 5])
def test_a_file_that_windows_keeps_for_its_reader_is_replaced_a_little_later(tmp_path, monkeypatch, failures):
    path, left, usual = tmp_path / "file", [PermissionError(13, "Access is denied")] * failures, os.replace
    path.write_text("old")

    def replace(*paths):
        if left:
            raise left.pop()
        usual(*paths)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(files.time, "sleep", lambda seconds: None)
    expected = pytest.raises(PermissionError, match=f"{path}") if failures == 5 else contextlib.nullcontext()
    with expected:
        write(path, [b"new"])
    assert path.read_text() == ("old" if failures == 5 else "new") and os.listdir(tmp_path) == ["file"]
