"""Seals clips in processes that may be killed or starved of disk, made by the dozen without importing anything anew.

Reads a line of JSON [journal, minutes, room] from standard input, forks, and prints lines of JSON: the child's process id,
what became of it ([pictures, sha256, memory in KiB], or an error number), and null when it is gone.
"""

from datetime import timedelta
import json
import os
from pathlib import Path
import resource
import signal
import sys

from custom_components.niiza_cctv.lib.footage.clip import seal
from custom_components.niiza_cctv.lib.footage.spool import Spool
from tests.lib.footage.encoded import BEGIN

NAME = "2026-0001-01"


def work(path: Path, minutes: float, room: int) -> int | list[int | str]:
    """Seal the journal, writing files of `room` bytes at most (0: any)."""
    if room:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    try:
        with Spool.open(path) as spool:
            clip = seal(
                spool,
                path.parent,
                NAME,
                start=BEGIN,
                end=BEGIN + timedelta(minutes=minutes),
                cancelled=lambda: False,
                progress=lambda _: None,
            )
    except OSError as err:
        return err.errno or 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return [clip.pictures, clip.master.sha256, memory]


def say(value: object) -> None:
    """Print a line, in one write."""
    os.write(1, json.dumps(value).encode() + b"\n")


def main() -> None:
    """Make a child for each line of standard input, one at a time."""
    for line in sys.stdin:
        path, minutes, room = json.loads(line)
        child = os.fork()
        if child == 0:
            say(os.getpid())
            say(work(Path(path), minutes, room))
            os._exit(0)
        os.waitpid(child, 0)
        say(None)


if __name__ == "__main__":
    main()
