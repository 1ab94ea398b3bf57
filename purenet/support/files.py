"""Files that are written as a whole or not at all, and files from elsewhere read within a limit.

    with replacing("model.json") as file:
        file.write("{}")

Whatever happens in between, a full disk, Ctrl-C or a power cut, `model.json` is then either the old file or
the complete new one, because a rename within one folder is atomic.

    with reading("mnist.pkl.gz", most=500_000_000) as file:
        magic = file.read(4)

A ValueError about the content, from here or from the code below `with`, then begins with the name of the file.
"""

from __future__ import annotations

import contextlib
import glob
import gzip
import os
import secrets
import shutil
import stat
import time
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from typing import IO, Any

MOST_LINE = 100_000_000  # bytes; what decodes a line may take eight times as many


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str], mode: str = "w") -> Iterator[IO[Any]]:
    """A file to write to (`mode` "w" for text in UTF-8, "wb" for bytes) that becomes `path` at the end.

    Where the block raises, `path` is left as it was and the exception goes on. Raises OSError where `path`
    cannot be replaced, as `check_replaceable` does. Where Python is killed in between, a file .*.part stays
    beside `path` until this replaces `path` the next time. It has a new name each time, since two programs that
    write to the same file would make each other's incomplete.
    """
    check_replaceable(path)
    path = os.path.realpath(os.fsdecode(path))
    folder, name = os.path.split(path)
    # Of a long name only the start, since the name of a file may have 255 bytes.
    start = os.path.join(folder, f".{name[:50]}.")
    partial = f"{start}{secrets.token_hex(8)}.part"
    try:
        with open(partial, mode, encoding=None if "b" in mode else "utf-8") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if os.path.exists(path):
            shutil.copymode(path, partial)
        _replace(partial, path)
    except BaseException as error:
        with contextlib.suppress(FileNotFoundError):
            os.remove(partial)
        if isinstance(error, OSError) and error.errno:
            error.filename = error.filename or path  # An error while writing does not have it.
        raise
    for left in glob.glob(f"{glob.escape(start)}{'[0-9a-f]' * 16}.part"):
        with contextlib.suppress(OSError):
            os.remove(left)


def _replace(partial: str, path: str) -> None:
    """os.replace, which fails on Windows as long as another program reads `path`, and so is tried again."""
    for pause in 0.05, 0.1, 0.2, 0.4:
        with contextlib.suppress(PermissionError):
            return os.replace(partial, path)
        time.sleep(pause)
    os.replace(partial, path)


def check_replaceable(path: str | os.PathLike[str]) -> None:
    """Raise OSError where `path` is not a file, is write-protected, or is in a folder that is."""
    path = os.fsdecode(path)
    folder = os.path.dirname(os.path.realpath(path))
    if not os.path.basename(path):
        raise IsADirectoryError(f"{path} is the name of a folder; name a file in it")
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"{path} cannot be written: {folder} is no folder that can be written to")
    try:
        is_file = stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return
    if not is_file:
        raise OSError(f"{path} is not a file and cannot be replaced by one; choose another name")
    if not os.access(path, os.W_OK):
        raise PermissionError(f"{path} is write-protected; choose another name")


def check_is_file(path: str | os.PathLike[str]) -> None:
    """Raise OSError unless `path` is a file: a pipe may keep its reader waiting, a device may never end.

    Raises TypeError for the number of an open file, which other functions would take for a path.
    """
    os.fspath(path)
    if os.path.isdir(path):
        raise IsADirectoryError(f"{path} is a folder; name a file in it")
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(f"{path} is a pipe or a device; put what it gives into a file, and name that")


@contextlib.contextmanager
def reading(path: str | os.PathLike[str], most: int) -> Iterator[Bounded]:
    """The content of `path`, gzipped or not, as a `Bounded` of `most` bytes to read from front to back.

    Raises ValueError with the path and the reason where the content is damaged or the block raises one,
    OSError as `open` does and for anything but a file.
    """
    check_is_file(path)
    with open(path, "rb") as file:
        try:
            zipped = file.peek(2)[:2] == b"\x1f\x8b"
            yield Bounded(gzip.GzipFile(fileobj=file) if zipped else file, most)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"{path}: damaged or incomplete gzip data ({error})") from None
        except ValueError as error:
            raise ValueError(f"{path}: {str(error)[:300]}") from None
        except OSError as error:
            error.filename = error.filename or path  # An error while reading does not have it.
            raise


class Bounded:
    """A `file` to read from front to back, that gives a ValueError rather than more than `most` bytes."""

    def __init__(self, file: BufferedIOBase, most: int) -> None:
        self.file, self.most, self.left = file, most, most

    def read(self, size: int) -> bytes:
        """The next `size` bytes, or those up to the end."""
        self._spend(size)  # before they take any memory
        return self.file.read(size)

    def readline(self) -> bytes:
        """The next line with its end, or as much of it as may be one."""
        line = self.file.readline(min(MOST_LINE, self.left + 1))
        self._spend(len(line))
        return line

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise ValueError(f"claims to hold more than {self.most:,} bytes of data")
