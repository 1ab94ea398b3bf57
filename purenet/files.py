"""How is a file kept from doing harm? Read with care where it may hold anything, written so that it is whole.

    with replacing("model.json") as file:
        file.write("{}")

Whatever happens in between, a full disk, Ctrl-C or a power cut, `model.json` is afterwards either the old
file or the complete new one, because a rename within one folder is atomic.

    with reading("mnist.pkl.gz") as file:
        magic = file.read(4)

What is wrong with the content, here or in the code below `with`, becomes a ValueError that names the file.
"""

import contextlib
import gzip
import os
import secrets
import shutil
import stat
import zlib

MOST_BYTES = 460_000_000  # taken from one file; MNIST as float64 has 440,000,000


@contextlib.contextmanager
def replacing(path, mode="w"):
    """A file to write to (`mode` "w" for text in UTF-8, "wb" for bytes) that becomes `path` at the end.

    Where the block raises, `path` is left as it was and the exception goes on. Raises OSError where `path`
    cannot be replaced, as `check_replaceable` does.
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


def check_replaceable(path):
    """Raise OSError where `path` is not a file, is write-protected, or is in a folder that is."""
    path = os.fsdecode(path)
    folder = os.path.dirname(os.path.realpath(path))
    if not os.path.basename(path):
        raise IsADirectoryError(f"{path} is the name of a folder; name a file in it")
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"{path} cannot be written, because there is no folder {folder} to write to")
    try:
        is_file = stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return
    if not is_file:
        raise OSError(f"{path} is not a file and cannot be replaced by one; choose another name")
    if not os.access(path, os.W_OK):
        raise PermissionError(f"{path} is write-protected; choose another name")


@contextlib.contextmanager
def reading(path):
    """The content of `path`, gzipped or not, as a `Bounded` to read from front to back.

    Raises ValueError with the path and the reason where the content is damaged, OSError as `open` does.
    """
    with open(path, "rb") as file:
        try:
            yield Bounded(gzip.GzipFile(fileobj=file) if file.peek(2)[:2] == b"\x1f\x8b" else file)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ValueError(f"{path}: damaged or incomplete gzip data ({error})") from None
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None


class Bounded:
    """A `file` that never gives more than MOST_BYTES, and all that is asked of it or a ValueError."""

    def __init__(self, file):
        self.file = file
        self.left = MOST_BYTES

    def spend(self, size):
        """Count `size` bytes against the limit."""
        self.left -= size
        if self.left < 0:
            raise ValueError(f"claims to hold more than {MOST_BYTES:,} bytes of data")

    def read(self, size):
        """The next `size` bytes."""
        self.spend(size)
        data = self.file.read(size)
        if len(data) < size:
            raise ValueError(f"ends too early: {size - len(data):,} bytes are missing")
        return data

    def end(self):
        """Make sure that nothing is left; at the end of a gzip file its checksum is verified."""
        if self.file.read(1):
            raise ValueError("goes on after the end of the data")
