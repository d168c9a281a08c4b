"""Work that everything else goes before.

Synchronous: for worker threads.
"""

from contextlib import suppress
import os
import sys
import threading
from typing import Final

_NICE: Final = 10


def step_back() -> None:
    """Let everything else go before this thread and the threads that it starts, for good.

    Linux counts niceness by thread. Elsewhere, and where it is not allowed, the thread is one like others.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            thread = threading.get_native_id()
            now = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, max(now, _NICE))
