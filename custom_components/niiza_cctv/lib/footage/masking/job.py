"""Rendering in a process of its own: slow to others, bounded in memory and time, and gone when it is called off.

    clip = await render_masked(order, path, progress=tell)

The task that waits for it is the job: whoever cancels it ends the process. Nothing has the final name before the
result passed the leak gate there, and a process whose Home Assistant is gone takes its half-written file along.
"""

import asyncio
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
import json
import os
from pathlib import Path
import sys
from typing import Final

from ...ledger.model import Json
from ..files import finish, part_of
from .errors import MaskInvalid, MaskProblem
from .order import MaskedClip, MaskOrder, Rendered, placeholders_of

# Of a line that the process writes.
_MAX_LINE: Final = 64 * 1024
# What is kept of its last words for the log.
_MAX_WORDS: Final = 4 * 1024
# Handed on of the environment: nothing else of it is the renderer's business, least of all tokens.
_ENVIRONMENT: Final = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONTZPATH", "PYTHONUSERBASE")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a rendering may take: bytes of memory, bytes of file, seconds, and how far it steps back for others."""

    memory: int = 1536 * 2**20
    file: int = 8 * 2**30
    seconds: float = 4 * 3600
    nice: int = 10


async def render_masked(
    order: MaskOrder,
    path: Path,
    *,
    progress: Callable[[float], None] = lambda _: None,
    limits: Limits | None = None,
) -> MaskedClip:
    """Render the MP4 file `path`; `progress` is called with rising shares from 0 to 1.

    Raises MaskInvalid, OSError (for instance when the disk is full), FileExistsError where another file has the name.
    Then, and when the task is cancelled, nothing is left of it.
    """
    limits = limits or Limits()
    part = part_of(path)
    try:
        rendered = await _rendered(order, part, progress, limits)
        # Not called off half-way: either it has the name and is told of, or it has none.
        file = await asyncio.shield(asyncio.to_thread(finish, part, path))
    finally:
        part.unlink(missing_ok=True)
    return MaskedClip(
        file=file,
        source_sha256=order.source_sha256,
        track_sha256=order.tracks.sha256,
        passage=order.passage,
        rendered=rendered,
    )


async def _rendered(
    order: MaskOrder, part: Path, progress: Callable[[float], None], limits: Limits
) -> Rendered:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        # Not the folder of the program among the places to import from.
        "-P",
        str(Path(__file__).with_name("__main__.py")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_MAX_LINE,
        env=_environment(),
    )
    try:
        async with asyncio.timeout(limits.seconds):
            return await _told(process, order, part, progress, limits)
    except TimeoutError as err:
        raise MaskInvalid(MaskProblem.OUT_OF_TIME) from err
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.wait())


async def _told(
    process: Process,
    order: MaskOrder,
    part: Path,
    progress: Callable[[float], None],
    limits: Limits,
) -> Rendered:
    """Give the process its order, and follow what it says."""
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    words = asyncio.create_task(_last_words(process.stderr))
    value: dict[str, Json] = {
        "order": order.as_json(),
        "part": str(part),
        "memory": limits.memory,
        "file": limits.file,
        "nice": limits.nice,
    }
    try:
        # Its standard input stays open: when it ends, nobody waits any more.
        process.stdin.write(json.dumps(value).encode() + b"\n")
        with suppress(ConnectionError):
            await process.stdin.drain()
        while line := await process.stdout.readline():
            match json.loads(line):
                case {"share": float(share)}:
                    progress(share)
                case {"rendered": rendered}:
                    return Rendered.from_json(rendered)
                case {"problem": str(problem), "placeholders": placeholders, "why": str(why)}:
                    raise MaskInvalid(MaskProblem(problem), placeholders_of(placeholders), why)
                case {"errno": int(number)}:
                    raise OSError(number, os.strerror(number))
        said = await words
    except ValueError as err:
        raise MaskInvalid(MaskProblem.RENDERER_ENDED, why="it spoke nonsense") from err
    finally:
        words.cancel()
    raise MaskInvalid(MaskProblem.RENDERER_ENDED, why=said)


async def _last_words(stream: asyncio.StreamReader) -> str:
    said = b""
    while chunk := await stream.read(_MAX_WORDS):
        said = (said + chunk)[-_MAX_WORDS:]
    return said.decode(errors="replace").strip()


def _environment() -> dict[str, str]:
    places = os.pathsep.join(place for place in sys.path if place)
    return {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | {
        "PYTHONPATH": places,
        "PYTHONDONTWRITEBYTECODE": "1",
        # Threads that share what was freed: a long clip takes no more memory than a short one.
        "MALLOC_ARENA_MAX": "2",
        "LANG": "C.UTF-8",
    }
