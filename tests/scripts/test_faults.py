"""scripts/train.py, killed, interrupted and robbed of its disk, loses nothing that it has said is saved."""

import contextlib
import os
import random
import resource
import signal
import subprocess
import sys

import pytest
from signals import SIGNALLED, TIMES
from training import SCRIPT, SMALL, run, start, trained

from purenet.network import load

EVERYWHERE, SAVING = "scripts/train.py purenet/", "purenet/support/files.py"


@pytest.fixture(autouse=True)
def buffered(monkeypatch):
    """What the script prints may wait for its end, as it does for most people."""
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


def signalled(folder, number, places, n, m, *arguments):
    command = [
        sys.executable,
        "-c",
        SIGNALLED,
        str(int(number)),
        places,
        str(n),
        str(m),
        str(SCRIPT),
        *arguments,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def lines(folder, places, *arguments):
    """How many lines of `places` the run executes that is left alone."""
    assert signalled(folder, signal.SIGINT, places, 0, 0, *arguments).returncode == 0
    return int((folder / "lines").read_text())


def test_a_killed_run_resumes_and_ends_as_if_it_had_not_been_killed(tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir(), killed.mkdir()
    command = [*SMALL, "--epochs", "5"]
    most = {places: lines(whole, places, *command) // 3 for places in (SAVING, EVERYWHERE)}
    model, rng, done = killed / "model.json", random.Random(1), 0
    for k in range(TIMES):
        places = SAVING if k % 2 else EVERYWHERE
        again = ["--resume", "model.json"] if model.exists() else command
        run_ = signalled(killed, signal.SIGKILL, places, rng.randint(1, most[places]), 0, *again)
        assert run_.returncode in (0, -signal.SIGKILL) and run_.stderr == ""
        assert model.exists() or not done
        if model.exists():
            accuracies = trained(model)[2]["accuracies"]
            assert len(accuracies) >= done and run_.stdout.count("\nEpoch ") <= len(accuracies) - done
            done = len(accuracies)
            if done == 5:
                assert model.read_bytes() == (whole / "model.json").read_bytes()
                model.unlink()
                done = 0
    run(killed, *(["--resume", "model.json"] if model.exists() else command))
    assert model.read_bytes() == (whole / "model.json").read_bytes()
    assert all(path == model or path.name.endswith(".part") for path in killed.iterdir())


@pytest.mark.parametrize("data", ["drawn", "."])
def test_ctrl_c_at_any_point_ends_the_run_in_good_order(idx_folder, data):  # noqa: F811
    folder, rng = idx_folder, random.Random(2)
    command = [*SMALL, "--train", "10", "--epochs", "2", "--data", data]
    most = {places: lines(folder, places, *command) for places in (SAVING, EVERYWHERE)}
    before = {*os.listdir(folder)} - {"model.json"}
    for k in range(max(4, TIMES)):
        with contextlib.suppress(FileNotFoundError):
            (folder / "model.json").unlink()
        places, twice = EVERYWHERE if k % 2 else SAVING, k % 4 > 1
        n, m = rng.randint(1, most[places]), rng.randint(1, 40) * twice
        run_ = signalled(folder, signal.SIGINT, places, n, m, *command)
        # A shell says 130 in both cases. Before the first epoch and after the last, nothing is put in order.
        killed = run_.returncode == -signal.SIGINT and (
            twice or run_.stdout.count("\nEpoch ") in (0, 2) and "Interrupted" not in run_.stdout
        )
        assert run_.stderr == "" and (killed or run_.returncode == 130), (n, m, places, run_)
        left = {*os.listdir(folder)} - before
        assert twice or left <= {"model.json"}
        if not killed:
            assert "Interrupted" in run_.stdout
            saved = len(trained(folder / "model.json")[2]["accuracies"]) if left else 0
            assert ("nothing was saved" in run_.stdout) <= (not saved)
            assert (f"The model after epoch {saved - 1} is saved" in run_.stdout) >= (
                "after epoch" in run_.stdout
            )
        elif "model.json" in left:
            load(folder / "model.json")


def test_ctrl_c_after_the_end_is_no_traceback(tmp_path):
    done = signalled(tmp_path, signal.SIGINT, SAVING, -1, 0, *SMALL, "--epochs", "1")
    assert done.returncode == -signal.SIGINT and done.stderr == ""


@pytest.mark.skipif(sys.implementation.name == "pypy", reason="PyPy does not tell that it was ignored")
def test_ctrl_c_that_is_ignored_from_the_start_stays_so(tmp_path):
    process = start(
        tmp_path, *SMALL, "--epochs", 3, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)
    )
    for line in process.stdout:
        if not line.startswith("Accuracy"):
            process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 0


@pytest.mark.parametrize("trouble", ["no folder", "a folder in its place", "a pipe in its place"])
def test_a_model_whose_place_vanishes_is_saved_elsewhere(tmp_path, trouble):
    folder, elsewhere = tmp_path / "models", tmp_path / "elsewhere"
    folder.mkdir(), elsewhere.mkdir()
    environment = {**os.environ, "TMPDIR": str(elsewhere)}
    process = start(tmp_path, *SMALL, "--epochs", 1000, "--save", "models/my.json", env=environment)
    for line in process.stdout:
        if "From now on" in line:
            break
        if line.startswith("Epoch"):
            # A save at the same moment may put the file back; then the next epoch meets the trouble.
            with contextlib.suppress(OSError):
                if trouble == "no folder":
                    folder.rename(tmp_path / "gone")
                else:
                    (folder / "my.json").unlink()
                    os.mkfifo(folder / "my.json") if "pipe" in trouble else (folder / "my.json").mkdir()
    (model,) = elsewhere.glob("purenet-*/model.json")
    assert line.startswith("The model cannot be saved as models/my.json: ") and str(model) in line
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130 and err == "" and "From now on" not in out
    done = len(trained(model)[2]["accuracies"])
    assert f"The model after epoch {done - 1} is saved" in out and f"--resume {model}" in out


def test_where_nothing_can_be_saved_the_model_before_stays_and_the_result_is_shown(tmp_path_factory):
    tmp_path, elsewhere = tmp_path_factory.mktemp("models"), tmp_path_factory.mktemp("elsewhere")
    environment = {**os.environ, "TMPDIR": str(elsewhere)}
    run(tmp_path, *SMALL, "--epochs", 1)
    before = (tmp_path / "model.json").read_bytes()

    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    for arguments in (
        [*SMALL, "--epochs", 2, "--save", "model.json"],
        ["--resume", "model.json", "--epochs", 2],
    ):
        process = start(tmp_path, *arguments, env=environment, preexec_fn=no_room)
        out, err = process.communicate()
        epoch = 1 if "--resume" in arguments else 0
        assert process.returncode == 1 and err.count("\n") == 1
        assert err.startswith(f"train.py: Epoch {epoch}: ") and "saved as model.json (" in err
        assert (tmp_path / "model.json").read_bytes() == before and os.listdir(tmp_path) == ["model.json"]
        assert os.listdir(elsewhere) == []


def test_a_full_disk_for_what_is_shown_is_told_in_one_sentence(tmp_path):
    with open("/dev/full", "w") as full:
        command = [sys.executable, str(SCRIPT), *SMALL, "--epochs", "1"]
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and done.stderr.startswith("train.py: ") and done.stderr.count("\n") == 1


def test_a_disk_that_is_full_before_the_end_is_told_too(tmp_path):
    program = """
import os, runpy, sys
sys.argv[:1] = []
sys.path.insert(0, os.path.dirname(os.path.dirname(sys.argv[0])))
from purenet.display import terminal as picture
curve = picture.curve
picture.curve = lambda *args, **options: [curve(*args, **options), os.dup2(os.open("/dev/full", 1), 1)][0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
    command = [sys.executable, "-c", program, str(SCRIPT), *SMALL, "--epochs", "1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.startswith("train.py: ") and done.stderr.count("\n") == 1
    trained(tmp_path / "model.json")


@pytest.mark.parametrize("read", [0, 1, 5])
def test_when_nobody_reads_on_it_ends_without_a_word(tmp_path, read):
    process = start(tmp_path, *SMALL, "--epochs", 1000)
    for _ in range(read):
        process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == "" and process.wait() in (1, -signal.SIGPIPE)
    process.stderr.close()
    if read > 3:
        trained(tmp_path / "model.json")
    assert {*os.listdir(tmp_path)} <= {"model.json"}


@pytest.mark.parametrize(
    "changes",
    [
        {"COLUMNS": "20"},
        {"COLUMNS": "1"},
        {"TERM": "dumb"},
        {"NO_COLOR": "1"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=str,
)
def test_every_terminal_can_show_what_it_prints(tmp_path, changes):
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals on this system")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), *SMALL, "--epochs", "12", "--save", "\u03b4\xf6.json"],
        cwd=tmp_path,
        env={**os.environ, "TERM": "xterm", **changes},
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # Linux says so when the other end is closed.
        while chunk := os.read(ours, 4096):
            shown += chunk
    os.close(ours)
    assert process.wait() == 0 and b"Traceback" not in shown and b"\x1b" not in shown
    encoding = {"cp1252": "cp1252", "ascii": "ascii"}.get(changes.get("PYTHONIOENCODING"), "utf-8")
    lines = shown.decode(encoding).replace("\r\n", "\n").split("\n")
    assert "Accuracy: " in shown.decode(encoding) and (b"\r" in shown.replace(b"\r\n", b"")) == (
        changes.get("TERM") != "dumb"
    )
    drawn = [part for line in lines for part in line.split("\r") if set("|#") & set(part)]
    assert all(len(part) < int(changes.get("COLUMNS", 80)) for part in drawn) or changes.get("COLUMNS") == "1"
