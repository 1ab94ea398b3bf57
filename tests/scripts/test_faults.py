"""scripts/train.py, killed, interrupted and robbed of its disk, loses nothing that it has reported as saved."""

import contextlib
import json
import os
import re
import shlex
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from signals import in_child, script
from training import SCRIPT, SMALL, at_epoch, run, trained

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process")

# Three epochs of two steps each.
TINY = ["--sizes", "784", "2", "10", "--train", "4", "--test", "3", "--batch", "2", "--epochs", "3"]
COUNTED = {"places": ["scripts/train.py", "support/files.py"], "since": "train"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that was left alone: (how many lines it executed, its model)."""
    folder = tmp_path_factory.mktemp("whole")
    status, out, _ = in_child(script(SCRIPT, *TINY, cwd=folder, **COUNTED))
    assert status == 0
    return int(out.splitlines()[-1]), (folder / "model.json").read_text()


@given(st.integers(0, 99), st.sampled_from([signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]))
@settings(max_examples=settings().max_examples // 8)  # Each trains two networks.
@example(72, signal.SIGINT)
@example(72, signal.SIGKILL)
def test_a_run_that_is_stopped_at_any_line_goes_on_as_if_it_had_not_been(whole, percent, number):
    lines, model = whole
    with tempfile.TemporaryDirectory() as name:
        folder, at = Path(name), 1 + (lines - 1) * percent // 99
        status, out, err = in_child(script(SCRIPT, *TINY, cwd=folder, **COUNTED, signals={at: number}))
        assert (status, err) == (-number, "")
        left = {path.name for path in folder.iterdir()}
        killed = {path for path in left if path.endswith(".part")} if number == signal.SIGKILL else set()
        assert left - killed <= {"model.json"}
        text = (folder / "model.json").read_text() if "model.json" in left else ""
        notes = json.loads(text)["notes"] if text else {"accuracies": []}
        done = len(notes["accuracies"])
        # An epoch is printed and then saved.
        assert out.count("\nEpoch ") in (done, done + 1)
        whole_notes = json.loads(model)["notes"]
        assert not done or notes == {**whole_notes, "accuracies": whole_notes["accuracies"][:done]}
        said = re.search(r"^Interrupted. The model of the last complete epoch is saved. .*\n(.*)\n", out, re.M)
        assert not said or (done and shlex.split(said[1])[-2:] == ["--resume", "model.json"])
        # It says nothing before an epoch was complete, after the last, or without a chance to.
        assert said or done in (0, 1, 3) or number == signal.SIGKILL
        if not done:
            run(folder, *TINY, "--save", "again.json")
            os.replace(folder / "again.json", folder / "model.json")
        elif done < 3:
            run(folder, "--resume", "model.json")
            assert os.listdir(folder) == ["model.json"]
        assert (folder / "model.json").read_text() == model


@pytest.fixture
def elsewhere(tmp_path_factory, monkeypatch):
    """An empty folder for temporary files."""
    folder = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_model_whose_folder_vanishes_is_saved_elsewhere_until_it_is_back(tmp_path, monkeypatch, elsewhere):
    models, gone, kept = tmp_path / "models", tmp_path / "gone", []
    models.mkdir()
    at_epoch(
        monkeypatch,
        lambda: None,
        lambda: models.rename(gone),
        lambda: kept.extend(trained(path)[2] for path in elsewhere.glob("*/model.json")),
        lambda: gone.rename(models),
        lambda: models.rename(gone),
    )
    out, err = run(tmp_path, *SMALL, "--epochs", 4, "--save", "models/my.json")
    [spare] = elsewhere.glob("*/model.json")
    moved = re.findall(r"^The model cannot be saved as models/my.json \(.*\). It goes to (.*)$", out, re.M)
    assert moved == [str(spare)] * 2 and err == ""
    assert [len(notes["accuracies"]) for notes in kept] == [2] and len(trained(spare)[2]["accuracies"]) == 3
    assert len(trained(models / "my.json")[2]["accuracies"]) == 4
    assert "The model is saved as models/my.json." in out
    out, _ = run(tmp_path, "--resume", "models/my.json", "--epochs", 1)
    [saved] = {*elsewhere.glob("*/model.json")} - {spare}
    assert f"The model is saved as {saved}." in out and f"--resume {saved}" in out
    assert len(trained(saved)[2]["accuracies"]) == 5


@contextlib.contextmanager
def a_full_disk(room):
    """In it, no file can be made larger than `room` bytes."""
    resource = pytest.importorskip("resource", reason="this system does not limit the size of files")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_full_disk_the_model_before_stays_and_the_result_is_shown(tmp_path, elsewhere):
    with a_full_disk(room=20_000):
        out, err = run(tmp_path, *SMALL, status=1)
    assert "\nEpoch 0: " in out and "\nEpoch 1: " not in out and "cannot be saved as model.json (" in out
    assert re.match(r"train.py: \[Errno \d+\] .*\n\Z", err) and os.listdir(tmp_path) == []
    run(tmp_path, *SMALL, "--epochs", 1)
    before = (tmp_path / "model.json").read_bytes()
    with a_full_disk(room=20_000):
        out, _ = run(tmp_path, "--resume", "model.json", "--epochs", 2, status=1)
    assert "\nEpoch 1: " in out and os.listdir(tmp_path) == ["model.json"]
    assert (tmp_path / "model.json").read_bytes() == before and not [*elsewhere.glob("*/*")]


def test_when_nobody_reads_on_it_ends_without_a_word(tmp_path):
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w") as pipe:
        assert in_child(script(SCRIPT, *TINY, cwd=tmp_path), stdout=pipe) == (1, "", "")
    assert os.listdir(tmp_path) == []
