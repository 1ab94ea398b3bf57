"""The download ends with the right file, or with a sentence and everything as it was.

What is fetched is a file, which urllib gives in the same way as a page.
"""

import hashlib
import os
import socket

import download_mnist
import pytest

CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def source(tmp_path, monkeypatch):
    """What is fetched into the folder `data`, which is not there yet."""
    monkeypatch.setattr("sys.argv", ["download_mnist.py"])
    monkeypatch.setattr(download_mnist, "URL", (tmp_path / "source").as_uri())
    monkeypatch.setattr(download_mnist, "MOST_BYTES", len(CONTENT))
    monkeypatch.setattr(download_mnist, "SHA1", hashlib.sha1(b"blob 256000\0" + CONTENT).hexdigest())
    monkeypatch.setattr(download_mnist, "TARGET", tmp_path / "data" / "mnist.pkl.gz")
    return tmp_path / "source"


def failure():
    """The sentence that `main` fails with."""
    with pytest.raises((OSError, ValueError)) as raised:
        download_mnist.main()
    return str(raised.value)


def test_the_file_is_fetched_once_and_not_again(source, capsys):
    source.write_bytes(CONTENT)
    download_mnist.main()
    target = download_mnist.TARGET
    assert target.read_bytes() == CONTENT and os.listdir(target.parent) == [target.name]
    source.unlink()
    download_mnist.main()
    out, err = capsys.readouterr()
    fetched = f"Fetching {download_mnist.URL}\n{target} is complete and verified.\n"
    assert (out, err) == (f"{fetched}{target} is already there, complete and verified.\n", "")


@pytest.mark.parametrize("folder", [False, True])
@pytest.mark.parametrize(
    "content, reason",
    [
        (CONTENT[:100_000], "the 100,000 bytes that arrived are not the book's file"),
        (b"!" + CONTENT[1:], "the 256,000 bytes that arrived are not"),
        # No more of it is read than shows that it is too long.
        (3 * CONTENT, "the 262,144 bytes that arrived are not"),
        (None, "<urlopen error .*No such file"),
    ],
    ids=["short", "wrong", "long", "none"],
)
def test_a_failure_leaves_everything_as_it_was(source, content, reason, folder):
    target = download_mnist.TARGET
    if content:
        source.write_bytes(content)
    if folder:
        target.parent.mkdir()
    with pytest.raises(ValueError, match=f"^no MNIST: {reason}") as raised:
        download_mnist.main()
    assert str(raised.value).endswith(f"fetch {download_mnist.URL} by hand and put it at {target}")
    assert target.parent.exists() == folder and not (folder and os.listdir(target.parent))


def test_a_server_that_falls_silent_is_given_up(source, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(download_mnist, "URL", f"http://127.0.0.1:{silent.getsockname()[1]}/")
        monkeypatch.setattr(download_mnist, "TIMEOUT", 0.01)
        assert failure().startswith("no MNIST: timed out")


def test_another_file_is_not_replaced_and_where_there_is_no_place_nothing_is_fetched(source):
    folder = download_mnist.TARGET.parent
    folder.write_bytes(b"a file where the folder should be")
    assert str(folder) in failure() and not failure().startswith("no MNIST")
    folder.unlink()
    folder.mkdir()
    download_mnist.TARGET.write_bytes(CONTENT[:1000])
    assert failure().startswith(f"{download_mnist.TARGET} is another file than the book's; move it away")
    assert download_mnist.TARGET.read_bytes() == CONTENT[:1000]


def test_the_sha_1_is_that_of_git(monkeypatch):
    # echo hello | git hash-object --stdin
    monkeypatch.setattr(download_mnist, "SHA1", "ce013625030ba8dba906f756967f9e9ca394464a")
    assert download_mnist.is_right(b"hello\n") and not download_mnist.is_right(b"hello")
