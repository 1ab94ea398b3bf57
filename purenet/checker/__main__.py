"""The child process that judges a file for `judge_file`: python3 -m purenet.checker OPTIONS, which are JSON.

It writes its answer, JSON too, to what was its standard output, and where it is when it is stopped to what was
its standard error. What the file prints reaches neither, nor does what a process prints that the file starts.
"""

import contextlib
import faulthandler
import json
import os
import sys

from purenet.checker.process import report_on


def main() -> None:
    """Judge, and end at once: threads that the file has begun may go on without end."""
    options = json.loads(sys.argv[1])
    answer, trace = os.dup(1), os.dup(2)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    faulthandler.enable(trace)
    faulthandler.dump_traceback_later(options.pop("seconds"), exit=True, file=trace)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (options["memory"], options["memory"]))
    del options["memory"]
    me, leave = os.getpid(), os._exit
    said = json.dumps(report_on(**options)).encode()
    if os.getpid() == me:  # A fork of the file's own may come here too.
        os.write(answer, said)
    leave(0)


if __name__ == "__main__":
    main()
