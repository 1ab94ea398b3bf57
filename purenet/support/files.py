"""How is a file kept from doing harm? Read with care where it may hold anything, written so that it is whole.

    with replacing("model.json") as file:
        file.write("{}")

Whatever happens in between, a full disk, Ctrl-C or a power cut, `model.json` is afterwards either the old
file or the complete new one, because a rename within one folder is atomic.

    with reading("mnist.pkl.gz", most=460_000_000) as file:
        magic = file.read(4)

What is wrong with the content, here or in the code below `with`, becomes a ValueError that names the file.
"""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import shutil
import stat
import zlib
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

PIECE = 2**16  # bytes that are held as one object


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str], mode: str = "w") -> Iterator[IO[Any]]:
    """A file to write to (`mode` "w" for text in UTF-8, "wb" for bytes) that becomes `path` at the end.

    Where the block raises, `path` is left as it was and the exception goes on. Raises OSError where `path`
    cannot be replaced, as `check_replaceable` does. Where Python is killed in between, a file .*.part stays
    beside `path`, and may be deleted. It has a new name each time, since two programs that write to the same
    file would make each other's incomplete.
    """
    check_replaceable(path)
    path = os.path.realpath(os.fsdecode(path))
    partial = os.path.join(os.path.dirname(path), f".{secrets.token_hex(8)}.part")
    try:
        with open(partial, mode, encoding=None if "b" in mode else "utf-8") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if os.path.exists(path):
            shutil.copymode(path, partial)
        os.replace(partial, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.remove(partial)
        raise


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
    """Raise OSError where `path` is no file: a pipe may keep its reader waiting, a device may never end."""
    if os.path.isdir(path):
        raise IsADirectoryError(f"{path} is a folder; name a file in it")
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(f"{path} is a pipe or a device; put what it gives into a file, and name that")


@contextlib.contextmanager
def reading(path: str | os.PathLike[str], most: int) -> Iterator[Bounded]:
    """The content of `path`, gzipped or not, as a `Bounded` of `most` bytes to read from front to back.

    Raises ValueError with the path and the reason where the content is damaged, OSError as `open` does and
    for what is no file.
    """
    check_is_file(path)
    with open(path, "rb") as file:
        try:
            zipped = file.peek(2)[:2] == b"\x1f\x8b"
            yield Bounded(io.BufferedReader(_Unzipped(file), PIECE) if zipped else file, most)
        except (EOFError, zlib.error) as error:
            raise ValueError(f"{path}: damaged or incomplete gzip data ({error})") from None
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None


class _Unzipped(io.RawIOBase):
    """What is in a gzip file, for an `io.BufferedReader`.

    The module gzip would go through a million empty gzip files in a single one, and take half a minute.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.unzip = file, zlib.decompressobj(wbits=31)  # 31: with the header of gzip

    def readable(self) -> bool:
        """As io.BufferedReader asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer, or a part of it, with bytes of the content; how many, and 0 at its end."""
        data = b""
        while not data and not self.unzip.eof:
            zipped = self.unzip.unconsumed_tail or self.file.read(2**13)
            data = self.unzip.decompress(zipped, len(buffer))
            if not data and not zipped:
                raise EOFError("it ends too early")
        if not data and (self.unzip.unused_data or self.file.read(1)):
            raise ValueError("goes on after the end of the gzip data")
        buffer[: len(data)] = data
        return len(data)


class Bounded:
    """A `file` that never gives more than `most` bytes, and all that is asked of it or a ValueError."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self.file, self.most, self.left = file, most, most

    def pieces(self, size: int) -> Iterator[bytes]:
        """The next `size` bytes, one PIECE after the other, so that they can be let go one by one."""
        self._spend(size)
        for missing in range(size, 0, -PIECE):
            piece = self.file.read(min(PIECE, missing))
            if len(piece) < min(PIECE, missing):
                raise ValueError(f"ends too early: {missing - len(piece):,} bytes are missing")
            yield piece

    def read(self, size: int) -> bytes:
        """The next `size` bytes."""
        return b"".join(self.pieces(size))

    def line(self, most: int) -> bytes:
        """The next line with its end, or the first `most` bytes of it."""
        line = self.file.readline(most)
        self._spend(len(line))
        return line

    def end(self) -> None:
        """Make sure that nothing is left; at the end of a gzip file its checksum is verified."""
        if self.file.read(1):
            raise ValueError("goes on after the end of the data")

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise ValueError(f"claims to hold more than {self.most:,} bytes of data")
