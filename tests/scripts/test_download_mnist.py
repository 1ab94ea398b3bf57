"""The download ends with the right file and status 0, or with a sentence and everything as it was."""

import hashlib
import http.server
import os
import socket
import threading

import download_mnist
import pytest

CONTENT = bytes(range(256)) * 1000


class Answers(http.server.BaseHTTPRequestHandler):
    """Gives the answer of the server: (content, how much of it is sent)."""

    def do_GET(self):
        self.server.requests += 1
        content, sent = self.server.answer
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:sent])

    def log_message(self, *_):
        pass


GOOD = CONTENT, None


@pytest.fixture(scope="module")
def running():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server(running, tmp_path, monkeypatch):
    """The server to fetch from, into a folder that is not there yet."""
    running.answer, running.requests = GOOD, 0
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr("sys.argv", ["download_mnist.py"])
    monkeypatch.setattr(download_mnist, "URL", f"http://127.0.0.1:{running.server_port}/mnist.pkl.gz")
    monkeypatch.setattr(download_mnist, "MOST_BYTES", len(CONTENT))
    monkeypatch.setattr(download_mnist, "SHA1", hashlib.sha1(b"blob 256000\0" + CONTENT).hexdigest())
    monkeypatch.setattr(download_mnist, "TARGET", tmp_path / "data" / "mnist.pkl.gz")
    return running


def failure():
    """The sentence that `main` fails with."""
    with pytest.raises((OSError, ValueError)) as raised:
        download_mnist.main()
    return str(raised.value)


def test_the_file_is_fetched_once_and_not_again(server, capsys):
    download_mnist.main()
    target = download_mnist.TARGET
    assert target.read_bytes() == CONTENT and os.listdir(target.parent) == [target.name]
    download_mnist.main()
    out, err = capsys.readouterr()
    fetched = f"Fetching {download_mnist.URL}\n{target} is complete and verified.\n"
    assert out == f"{fetched}{target} is already there, complete and verified.\n"
    assert server.requests == 1 and err == ""


@pytest.mark.parametrize("folder", [False, True])
@pytest.mark.parametrize(
    "answer, reason",
    [
        ((CONTENT, 100_000), "the 100,000 bytes that arrived are not the book's file"),
        ((CONTENT, 0), "the 0 bytes that arrived are not"),
        ((b"!" + CONTENT[1:], None), "the 256,000 bytes that arrived are not"),
        # No more of it is read than shows that it is too long.
        ((3 * CONTENT, None), "the 262,144 bytes that arrived are not"),
    ],
)
def test_a_failure_leaves_everything_as_it_was(server, answer, reason, folder):
    server.answer, target = answer, download_mnist.TARGET
    if folder:
        target.parent.mkdir()
    said = failure()
    assert said.startswith(f"no MNIST: {reason}") and download_mnist.URL in said and str(target) in said
    assert target.parent.exists() == folder and not (folder and os.listdir(target.parent))


@pytest.mark.parametrize("listens, reason", [(False, ".*refused"), (True, "timed out")])
def test_a_server_that_is_not_there_or_falls_silent_is_given_up(server, monkeypatch, listens, reason):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if listens:
            silent.listen()
        monkeypatch.setattr(download_mnist, "URL", f"http://127.0.0.1:{silent.getsockname()[1]}/")
        monkeypatch.setattr(download_mnist, "TIMEOUT", 0.01 if listens else 30)
        with pytest.raises(ValueError, match=f"^no MNIST: {reason}"):
            download_mnist.main()


def test_another_file_is_not_replaced(server):
    target = download_mnist.TARGET
    target.parent.mkdir()
    target.write_bytes(CONTENT[:1000])
    assert failure().startswith(f"{target} is another file than the book's; move it away")
    assert server.requests == 0 and target.read_bytes() == CONTENT[:1000]


def test_where_the_file_has_no_place_nothing_is_fetched(server):
    folder = download_mnist.TARGET.parent
    folder.write_bytes(b"a file where the folder should be")
    assert str(folder) in failure() and server.requests == 0


def test_the_sha_1_is_that_of_git(monkeypatch):
    # echo hello | git hash-object --stdin
    monkeypatch.setattr(download_mnist, "SHA1", "ce013625030ba8dba906f756967f9e9ca394464a")
    assert download_mnist.is_right(b"hello\n") and not download_mnist.is_right(b"hello")
