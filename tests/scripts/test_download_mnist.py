"""The download ends with the right file and status 0, or with a sentence and everything as it was."""

import hashlib
import http.server
import importlib.util
import os
import pathlib
import socket
import sys
import threading

import pytest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "download_mnist.py"
CONTENT = bytes(range(256)) * 1000


class Answers(http.server.BaseHTTPRequestHandler):
    """Gives one answer after the other: (status, content, how much of it is sent); the last one for ever."""

    def do_GET(self):
        self.server.requests += 1
        answers = self.server.answers
        status, content, sent = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[:sent])

    def log_message(self, *_):
        pass


ALL = None
GOOD = 200, CONTENT, ALL
CUT = 200, CONTENT, 100_000
EMPTY = 200, CONTENT, 0
BUSY = 503, b"busy", ALL
MISSING = 404, b"missing", ALL
WRONG = 200, CONTENT + b"!", ALL


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.requests = 0
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def script(server, tmp_path, monkeypatch):
    """The script as a module, to fetch from `server` into a folder that is not there yet."""
    monkeypatch.setattr(sys, "argv", ["download_mnist.py"])
    spec = importlib.util.spec_from_file_location("download_mnist", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.URL = f"http://127.0.0.1:{server.server_port}/mnist.pkl.gz"
    script.SHA1 = hashlib.sha1(b"blob 256000\0" + CONTENT).hexdigest()
    script.TARGET = tmp_path / "data" / "mnist.pkl.gz"
    script.PAUSES = 0, 0, 0
    return script


def failure(script):
    """The sentence that `main` fails with."""
    with pytest.raises((OSError, ValueError)) as raised:
        script.main()
    return str(raised.value)


@pytest.mark.parametrize(
    "answers, requests",
    [([GOOD], 1), ([CUT, GOOD], 2), ([EMPTY, GOOD], 2), ([BUSY, GOOD], 2), ([BUSY, CUT, EMPTY, GOOD], 4)],
)
def test_the_file_arrives_after_a_few_attempts(script, server, answers, requests, capsys):
    server.answers = answers[:]
    assert script.main() is None
    assert script.TARGET.read_bytes() == CONTENT
    assert [path.name for path in script.TARGET.parent.iterdir()] == ["mnist.pkl.gz"]
    assert server.requests == requests
    assert "\r" not in capsys.readouterr().out  # a bar is for terminals


@pytest.mark.parametrize(
    "answers, requests, reason",
    [
        ([CUT], 4, "100,000 of 256,000 bytes"),
        ([BUSY], 4, "503"),
        ([MISSING, GOOD], 1, "404"),
        ([WRONG, GOOD], 1, "not the book's file"),
    ],
)
@pytest.mark.parametrize("folder", [False, True])
def test_a_failure_leaves_everything_as_it_was(script, server, answers, requests, reason, folder):
    server.answers = answers[:]
    if folder:
        script.TARGET.parent.mkdir()
    said = failure(script)
    assert server.requests == requests
    assert reason in said and script.URL in said and str(script.TARGET) in said
    assert script.TARGET.parent.exists() == folder and not (folder and os.listdir(script.TARGET.parent))


def test_a_server_that_is_not_there_is_a_failure(script, capsys):
    with socket.socket() as unused:  # bound, but nobody listens
        unused.bind(("127.0.0.1", 0))
        script.URL = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        assert failure(script).startswith("no MNIST: ")
    assert capsys.readouterr().err.count("trying again") == 3


def test_a_server_that_falls_silent_is_given_up(script):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        script.URL, script.TIMEOUT = f"http://127.0.0.1:{silent.getsockname()[1]}/", 0.01
        assert "timed out" in failure(script)


def test_an_endless_answer_is_cut_off(script, server):
    server.answers, script.MOST_BYTES = [GOOD], 100_000
    assert "131,072 of 256,000 bytes" in failure(script)
    assert not script.TARGET.exists()


def test_the_right_file_is_not_fetched_again(script, server, capsys):
    script.TARGET.parent.mkdir()
    script.TARGET.write_bytes(CONTENT)
    assert script.main() is None
    assert server.requests == 0 and "already there" in capsys.readouterr().out


def test_another_file_is_not_replaced(script, server):
    script.TARGET.parent.mkdir()
    script.TARGET.write_bytes(CONTENT[:1000])
    assert failure(script).startswith(f"{script.TARGET} is another file than the book's; move it away")
    assert server.requests == 0 and script.TARGET.read_bytes() == CONTENT[:1000]


def test_where_the_file_has_no_place_nothing_is_fetched(script, server):
    script.TARGET.parent.write_bytes(b"a file where the folder should be")
    assert str(script.TARGET) in failure(script)
    assert server.requests == 0


def test_ctrl_c_is_one_sentence(script, server, monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    server.answers = [CUT]
    monkeypatch.setattr(script.time, "sleep", interrupted)
    assert script.main() == 130
    assert "Interrupted" in capsys.readouterr().err
    assert not script.TARGET.parent.exists()


def test_a_terminal_sees_a_bar(script, server, monkeypatch, capsys):
    server.answers = [GOOD]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert script.main() is None
    assert "\r" in (out := capsys.readouterr().out) and "100 %" in out
    assert all(len(line) <= 50 for line in out.split("\n")[1].split("\r"))


def test_the_sha_1_is_that_of_git(script):
    script.SHA1 = "ce013625030ba8dba906f756967f9e9ca394464a"  # echo hello | git hash-object --stdin
    assert script.is_right(b"hello\n") and not script.is_right(b"hello")
