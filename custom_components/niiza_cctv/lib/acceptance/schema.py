"""A strict second opinion: which of the camera's answers break ONVIF's schemas.

By zeep, which core's own integration reads cameras with, over the schemas of `onvif-zeep-async`. It is given the bytes
that our client received and speaks to nobody; in a process of its own, because it takes seconds to load and holds the
interpreter while it reads, and bounded, because it reads without bounds.
"""

import asyncio
from base64 import b64encode
from collections.abc import Iterable
from contextlib import suppress
import json
import os
from pathlib import Path
import sys
from typing import Final

from ..device.session import Heard
from .model import SchemaOpinion
from .services import service_of

# Seconds; a machine that is busy with footage takes its time to load the schemas.
PATIENCE: Final = 60.0
_MEMORY: Final = 512 * 2**20
# What is given: honest answers are some hundred KiB in all.
_MAX_BODY: Final = 512 * 1024
_MAX_GIVEN: Final = 200
_MAX_SAID: Final = 256 * 1024
_MAX_WORDS: Final = 300
# Handed on of the environment: nothing else of it is that process' business, least of all tokens.
_ENVIRONMENT: Final = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONUSERBASE")


async def second_opinion(
    heard: Iterable[Heard], patience: float = PATIENCE
) -> SchemaOpinion | None:
    """Return what the strict reader says within so many seconds, None where it cannot be asked; contacts nobody."""
    given: list[dict[str, str]] = []
    left_out: dict[str, None] = {}
    seen: set[tuple[str, bytes]] = set()
    for one in heard:
        service = service_of(one)
        # A refusal, and a page, break no schema: what came of them stands elsewhere.
        if service is None or one.status != 200 or (one.operation, one.body) in seen:
            continue
        seen.add((one.operation, one.body))
        if service == "media2" or len(one.body) > _MAX_BODY or len(given) >= _MAX_GIVEN:
            left_out[one.operation] = None
            continue
        given.append(
            {
                "operation": one.operation,
                "service": service,
                "body": b64encode(one.body).decode(),
            }
        )
    if not given:
        return None
    order = json.dumps({"memory": _MEMORY, "answers": given}).encode()
    said = await _asked(order, patience)
    return None if said is None else _opinion(said, tuple(left_out))


def _opinion(said: bytes, left_out: tuple[str, ...]) -> SchemaOpinion | None:
    """Read what the process said; None for nonsense."""
    try:
        match json.loads(said):
            case {"checked": int(checked), "broken": list(broken), "unknown": list(unknown)}:
                return SchemaOpinion(
                    checked=checked,
                    broken=tuple(
                        (str(operation)[:_MAX_WORDS], str(words)[:_MAX_WORDS])
                        for operation, words in broken
                    ),
                    left_out=(*left_out, *(str(one)[:_MAX_WORDS] for one in unknown)),
                )
    except ValueError, TypeError:
        pass
    return None


async def _asked(order: bytes, patience: float) -> bytes | None:
    """Return what the reader's process says; None where it does not come to an end."""
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            # Not the folder of the program among the places to import from.
            "-P",
            str(Path(__file__).with_name("strict_reader.py")),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(),
        )
    except OSError:
        return None
    try:
        async with asyncio.timeout(patience):
            said, _ = await process.communicate(order)
    except TimeoutError:
        return None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.wait())
    return said if process.returncode == 0 and len(said) <= _MAX_SAID else None


def _environment() -> dict[str, str]:
    places = os.pathsep.join(place for place in sys.path if place)
    return {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | {
        "PYTHONPATH": places,
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
    }
