#!/usr/bin/env python3
"""Fetch MNIST as the book ships it (16 MB) into the folder `data` of this checkout.

    python3 scripts/download_mnist.py

It is kept only if it is the right file by the SHA-1 that git knows it by, and until then nothing is written.
"""

import argparse
import hashlib
import http.client
import pathlib
import sys
import time
import urllib.error
import urllib.request

import command

from purenet.display.terminal import bar
from purenet.support.files import check_replaceable, replacing

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent
URL = "https://github.com/mnielsen/neural-networks-and-deep-learning/raw/master/data/mnist.pkl.gz"
SHA1 = "059aba0d982e20e2ac125a3a59d89c3c2cd8b28a"
TARGET = CHECKOUT / "data" / "mnist.pkl.gz"
PAUSES = 1, 4, 15  # seconds before the second attempt, the third and the fourth
TIMEOUT = 30  # seconds in which not a byte arrives
MOST_BYTES = 100_000_000  # whatever is longer is something else


def is_right(content):
    """Whether the bytes are the book's file: git takes the SHA-1 of a header and the content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest() == SHA1


def fetch():
    """The bytes at URL. Raises OSError or HTTPException where they do not arrive, or not all of them."""
    try:
        response = urllib.request.urlopen(URL, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        error.close()  # It is an answer too, and would stay open.
        raise
    with response:
        total, start = response.length, time.monotonic()
        content = bytearray()
        while len(content) <= MOST_BYTES:
            piece = response.read(2**16)
            content += piece
            if total and sys.stdout.isatty():
                print(f"\r{bar(len(content), total, time.monotonic() - start):50}", end="", flush=True)
            if not piece:
                break
    if total and sys.stdout.isatty():
        print()
    if len(content) < (total or 0):
        raise ConnectionError(f"the connection ended after {len(content):,} of {total:,} bytes")
    return bytes(content)


def in_words(error):
    """The error without the numbers and brackets that urllib and the system put around it."""
    reason = error.reason if type(error) is urllib.error.URLError else error
    return getattr(reason, "strerror", None) or reason


def fetch_patiently():
    """The bytes at URL, with more attempts where the fault may pass: a broken connection, a busy server."""
    for pause in PAUSES:
        try:
            return fetch()
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, urllib.error.HTTPError) and error.code < 500:
                raise
            print(f"{in_words(error)}; trying again in {pause} s", file=sys.stderr)
            time.sleep(pause)
    return fetch()


def download():
    """Make sure that TARGET is the book's file, and say so. Raises OSError or ValueError."""
    if TARGET.exists():
        if not is_right(TARGET.read_bytes()):
            raise ValueError(f"{TARGET} is another file than the book's; move it away and run this again")
        print(f"{TARGET} is already there, complete and verified.")
        return
    check_replaceable(TARGET if TARGET.parent.exists() else TARGET.parent)
    print(f"Fetching {URL}")
    try:
        content = fetch_patiently()
        if not is_right(content):
            raise ValueError(f"the {len(content):,} bytes that arrived are not the book's file")
    except (OSError, http.client.HTTPException, ValueError) as error:
        advice = f"Try later, or fetch {URL} by hand and put it at {TARGET}"
        raise ValueError(f"no MNIST: {in_words(error)}. {advice}") from None
    TARGET.parent.mkdir(exist_ok=True)
    with replacing(TARGET, "wb") as file:
        file.write(content)
    print(f"{TARGET} is complete and verified.")


def main():
    """The status 130 after Ctrl-C, else None. Raises as `download` does."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    try:
        download()
    except KeyboardInterrupt:
        print("\nInterrupted; nothing was changed. The same command starts again.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    command.run(main)
