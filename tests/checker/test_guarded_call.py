"""A call of somebody's code ends, shows nothing, and says where it failed."""

import signal
import sys
import threading

import pytest
from learners import write

from purenet.checker import guarded_call
from purenet.checker.guarded_call import Kind, alarm, tried


def of_file(path, text):
    """(the names that the text defines, the files whose lines are its own)"""
    write(path, text)
    names = {}
    exec(compile(text, str(path), "exec"), names)
    return names, (str(path),)


HANGS = "def hangs():\n    while True:\n        pass\n"


@pytest.mark.skipif(sys.platform == "emscripten", reason="nothing stops a call in a browser")
@pytest.mark.parametrize("has_alarm", [True, False])
def test_a_call_that_hangs_is_stopped_and_the_next_one_is_not(tmp_path, monkeypatch, has_alarm):
    monkeypatch.setattr(guarded_call, "SECONDS", 0.1)
    if not has_alarm:  # as in Windows
        monkeypatch.delattr(signal, "setitimer", raising=False)
    names, files = of_file(tmp_path / "mine.py", HANGS)
    answer, trouble = tried(files, names["hangs"])
    assert answer is None and trouble.kind is Kind.HANGS
    assert trouble.clause.startswith("it takes longer than 0.1 s and was stopped in line ")
    assert tried(files, lambda: 7) == (7, None)


def test_a_call_is_made_where_there_is_no_alarm_and_no_thread(monkeypatch):
    def none(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.delattr(signal, "setitimer", raising=False)
    monkeypatch.setattr(threading.Thread, "start", none)
    assert tried((), lambda: 7) == (7, None)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs the system's alarm")
def test_a_call_within_another_leaves_the_alarm_of_the_other():
    with alarm():
        assert tried((), lambda: 7) == (7, None)
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_what_a_call_prints_is_not_shown_and_what_it_asks_for_is_not_answered(capsys):
    def asks():
        print("σ", file=sys.stderr)
        return input("σ")

    assert tried((), asks)[1].clause.startswith("it raises EOFError")
    assert capsys.readouterr() == ("", "")


def test_ctrl_c_is_for_the_one_who_waits():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tried((), interrupted)
