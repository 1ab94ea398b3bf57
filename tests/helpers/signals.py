"""Signals at a moment that a test chooses."""

from hypothesis import settings

# Runs the script and sends it a signal at the n-th line that is executed in `places`, a part of file names;
# then again at the m-th call after it. With n = 0 it is left alone and writes the number of lines to a file.
# With n = -1 the signal comes when the script has come to its end.
SIGNALLED = """
import os, runpy, sys

_, number, places, n, m, script = sys.argv[:6]
number, n, m, lines, calls = int(number), int(n), int(m), 0, 0
sys.argv = sys.argv[5:]

def trace(frame, event, arg):
    global lines
    if not any(place in frame.f_code.co_filename for place in places.split()):
        return None
    lines += 1
    if lines == n:
        if m:
            sys.setprofile(profile)
        os.kill(os.getpid(), number)
    return trace

def profile(frame, event, arg):
    global calls
    calls += 1
    if calls == m:
        os.kill(os.getpid(), number)

sys.settrace(trace)
try:
    runpy.run_path(script, run_name="__main__")
finally:
    if n < 0:
        os.kill(os.getpid(), number)
    if not n:
        sys.settrace(None)
        with open("lines", "w") as file:
            file.write(str(lines))
"""


TIMES = min(200, settings().max_examples // 10)  # as many as the profile asks for: 1, or 200
