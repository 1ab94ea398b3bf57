"""The child process that judges a file for `judge_file`, which starts it: python3 -m purenet.checker.child_process.

It reads what is asked for from its standard input, and writes the answer to a file, whose name it is given so.
Both are JSON. What the judged file prints, or writes to any open file of this process, reaches nobody.
"""

import contextlib
import faulthandler
import json
import os
import sys

from purenet.checker.load import load_class
from purenet.checker.process import CANDIDATE, answer_on

MEMORY = 8 * 2**30  # bytes of address space, where the system can limit it
DEPTH = 5000  # of recursion: deeper, Python may end without a word


def main() -> None:
    """Judge, and end at once: threads that the file has begun may go on without end."""
    me, get_pid, leave, open_file, dumps = os.getpid(), os.getpid, os._exit, open, json.dumps
    asked = json.load(sys.stdin)
    trace = open(asked["trace"], "w")
    faulthandler.enable(trace)
    faulthandler.dump_traceback_later(asked["seconds"], exit=True, file=trace)
    os.chdir(asked["folder"])
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.setrecursionlimit(DEPTH)
    sys.setrecursionlimit = lambda limit: None
    try:
        answer = dumps(answer_on(**asked["options"]))
        if get_pid() == me:  # A fork of the file's own may come here too.
            with open_file(asked["answer"], "w", encoding="utf-8") as file:
                file.write(answer)
    finally:
        leave(0)


if __name__ == "__main__":
    main()
elif __name__ == "__mp_main__":  # A worker that the file has started finds its functions in its module.
    load_class(os.environ[CANDIDATE])
