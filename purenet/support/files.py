"""Files that are written as a whole or not at all, and files from elsewhere, read within a limit.

    with replacing("model.json") as file:
        file.write("{}")

Whatever happens in between, a full disk, Ctrl-C or a power cut, `model.json` is then either the old file or
the complete new one, because a rename within one folder is atomic.

    with reading("mnist.pkl.gz", most=500_000_000) as file:
        magic = file.read(4)
"""

from __future__ import annotations

import contextlib
import glob
import gzip
import os
import shutil
import time
from collections.abc import Iterator
from io import BufferedIOBase
from typing import IO, Any


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str], mode: str = "w") -> Iterator[IO[Any]]:
    """A file to write to (`mode` "w" for text in UTF-8, "wb" for bytes) that becomes `path` at the end.

    Where the block raises, `path` is left as it was and the exception goes on. Raises OSError where `path`
    cannot be replaced. Where Python is killed in between, a file .*.part stays beside `path` until this
    replaces `path` the next time.
    """
    check_replaceable(path)
    path = os.path.realpath(os.fsdecode(path))
    folder, name = os.path.split(path)
    start = os.path.join(folder, f".{name[:50]}.")      # not all of it, since a name may have 255 bytes
    partial = f"{start}{os.getpid()}.part"
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
            error.filename = error.filename or path     # An error while writing does not have it.
        raise
    for left in glob.glob(f"{glob.escape(start)}[0-9]*.part"):
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
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        raise PermissionError(f"{path} cannot be written: {folder} is no folder that can be written to")
    if os.path.exists(path) and not os.path.isfile(path):
        raise OSError(f"{path} is not a file; choose another name")
    if os.path.exists(path) and not os.access(path, os.W_OK):
        raise PermissionError(f"{path} is write-protected; choose another name")


def check_is_file(path: str | os.PathLike[str]) -> None:
    """Raise OSError unless `path` is a file: a pipe may keep its reader waiting, a device may never end.

    Raises TypeError for the number of an open file, which other functions would take for a path.
    """
    os.fspath(path)
    if os.path.exists(path) and not os.path.isfile(path):
        raise OSError(f"{path} is a folder, a pipe or a device; name a file")


@contextlib.contextmanager
def reading(path: str | os.PathLike[str], most: int, problem: str = "") -> Iterator[Bounded]:
    """The content of the file at `path`, unpacked where it is gzipped. At most `most` bytes can be read.

    Raises OSError where it cannot be read, and ValueError in place of whatever damaged content makes the block
    raise. Its sentence begins with the path and the `problem`.
    """
    check_is_file(path)
    with open(path, "rb") as file:
        try:
            zipped = file.peek(2)[:2] == b"\x1f\x8b"
            yield Bounded(gzip.GzipFile(fileobj=file) if zipped else file, most)
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path}{problem}: {str(error)[:300]}") from None
        except Exception as error:  # gzip and zipfile raise errors of many kinds where the content is damaged.
            if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
                error.filename = error.filename or path     # An error while reading does not have it.
                raise
            what = f"it is damaged ({type(error).__name__}: {str(error)[:300]})"
            raise ValueError(f"{path}{problem}: {what}") from error


class Bounded:
    """A `file` to read from front to back, that gives a ValueError rather than more than `most` bytes."""

    def __init__(self, file: BufferedIOBase, most: int) -> None:
        self.file, self.most, self.left = file, most, most

    def read(self, size: int) -> bytes:
        """The next `size` bytes, or those up to the end."""
        self._spend(size)  # before they take any memory
        return self.file.read(size)

    def readline(self) -> bytes:
        """The next line with its end."""
        line = self.file.readline(self.left + 1)
        self._spend(len(line))
        return line

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise ValueError(f"it claims to hold more than {self.most:,} bytes of data")
