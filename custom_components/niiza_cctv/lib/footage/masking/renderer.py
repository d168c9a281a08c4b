"""What the renderer's process does: one order from standard input, lines of JSON to standard output.

It ends with whoever waits for it: when standard input ends, it removes what it wrote and is gone.
"""

from contextlib import suppress
import errno
import json
import os
from pathlib import Path
import resource
import signal
import sys
import threading
from typing import BinaryIO, Final

from ...ledger.model import Json
from ..progress import Steps
from .errors import MaskInvalid, MaskProblem
from .order import MaskOrder
from .render import render

# Of the whole work, what painting and encoding is; the rest is the leak gate.
_PAINTED: Final = 0.85
# Bytes that threads and libraries reserve and never touch.
_RESERVE: Final = 512 * 2**20


def main(orders: BinaryIO, answers: BinaryIO) -> int:
    """Render what the first line asks for; return the exit code."""
    match json.loads(orders.readline()):
        case {
            "order": order,
            "part": str(part),
            "memory": int(memory),
            "file": int(file),
            "nice": int(nice),
        }:
            pass
        case _:
            raise ValueError("Not an order")
    path = Path(part)
    threading.Thread(target=_end_with, args=(orders, path), daemon=True).start()
    _step_back(memory, file, nice)

    def say(value: dict[str, Json | float]) -> None:
        answers.write(json.dumps(value).encode() + b"\n")
        answers.flush()

    def is_too_large() -> bool:
        if _resident() > memory:
            raise MemoryError
        return False

    steps = Steps(is_too_large, lambda share: say({"share": share}))
    try:
        rendered = render(
            MaskOrder.from_json(order), path, steps.of(0, _PAINTED), steps.of(_PAINTED, 1)
        )
    except MaskInvalid as err:
        path.unlink(missing_ok=True)
        say({"problem": err.problem, "placeholders": {**err.placeholders}, "why": err.why})
        return 1
    except (MemoryError, OSError) as err:
        path.unlink(missing_ok=True)
        number = errno.ENOMEM if isinstance(err, MemoryError) else err.errno or 0
        if number == errno.ENOMEM:
            say({"problem": MaskProblem.OUT_OF_MEMORY, "placeholders": {}, "why": ""})
        else:
            say({"errno": number})
        return 1
    say({"rendered": rendered.as_json()})
    return 0


def _step_back(memory: int, file: int, nice: int) -> None:
    """Let others go first, and bound what this process can take even where nothing of ours looks."""
    os.nice(nice)
    # Not the address space: the threads' reserves count there, whether or not they are used. What is taken is watched;
    # this is for what takes much at once.
    resource.setrlimit(resource.RLIMIT_DATA, (2 * memory + _RESERVE, resource.RLIM_INFINITY))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with(orders: BinaryIO, part: Path) -> None:
    with suppress(OSError):
        orders.read()
    part.unlink(missing_ok=True)
    os._exit(2)


def _resident() -> int:
    """Return how many bytes of memory this process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def run() -> None:
    """Be the process."""
    sys.exit(main(sys.stdin.buffer, sys.stdout.buffer))
