#!/usr/bin/env python3
"""Fetch MNIST as the book ships it (16 MB) into the folder `data` of this checkout.

    python3 scripts/download_mnist.py

It is kept only if it is the right file by the SHA-1 that git knows it by, and until then nothing is written.
"""

import argparse
import hashlib
import http.client
import pathlib
import time
import urllib.request

import command

from purenet.display.terminal import bar, overwrite_line
from purenet.support.files import check_replaceable, replacing

URL = "https://github.com/mnielsen/neural-networks-and-deep-learning/raw/master/data/mnist.pkl.gz"
SHA1 = "059aba0d982e20e2ac125a3a59d89c3c2cd8b28a"
TARGET = pathlib.Path(__file__).resolve().parent.parent / "data" / "mnist.pkl.gz"
TIMEOUT = 30  # seconds in which not a byte arrives
MOST_BYTES = 100_000_000  # whatever is longer is something else


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    download()


def download():
    """Make sure that TARGET is the book's file, and say so. Raises OSError or ValueError."""
    if TARGET.exists():
        if not is_right(TARGET.read_bytes()):
            raise ValueError(f"{TARGET} is another file than the book's; move it away and run this again")
        print(f"{TARGET} is already there, complete and verified.")
        return
    check_replaceable(TARGET if TARGET.parent.exists() else TARGET.parent)
    print(f"Fetching {URL}", flush=True)
    try:
        content = fetch()
        if not is_right(content):
            raise ValueError(f"the {len(content):,} bytes that arrived are not the book's file")
    except (OSError, http.client.HTTPException, ValueError) as error:
        advice = f"Run this again, or fetch {URL} by hand and put it at {TARGET}"
        raise ValueError(f"no MNIST: {error}. {advice}") from None
    TARGET.parent.mkdir(exist_ok=True)
    with replacing(TARGET, "wb") as file:
        file.write(content)
    print(f"{TARGET} is complete and verified.")


def is_right(content):
    """Whether the bytes are the book's file: git takes the SHA-1 of a header and the content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest() == SHA1


def fetch():
    """The bytes at URL, or at least so many that they are too many. Raises OSError or HTTPException."""
    content, start = bytearray(), time.monotonic()
    with urllib.request.urlopen(URL, timeout=TIMEOUT) as response:
        total = int(response.headers["Content-Length"] or MOST_BYTES)
        for piece in iter(lambda: response.read(2**16), b""):
            content += piece
            overwrite_line(bar(len(content), total, time.monotonic() - start))
            if len(content) > MOST_BYTES:
                break
    overwrite_line("")
    return content


if __name__ == "__main__":
    command.run(main)
