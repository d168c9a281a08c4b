"""What every source of a camera's storage status is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
import time
from typing import ClassVar, Final, Protocol, override

from ..errors import (
    CameraAnswerInvalid,
    CameraAsksForBasic,
    CameraError,
    CameraOperationUnsupported,
    CameraUnreachable,
)
from ..model import StorageReading
from ..session import OnvifSession
from ..soap import understand

# A maker's page is some kilobytes.
MAX_PAGE: Final = 256 * 1024
# Storages that one answer is read of; a camera has one or two.
MAX_STORAGES: Final = 32
# Beyond any card; more is nonsense.
_MAX_BYTES: Final = 1 << 60
# Seconds for which a page is left alone that the camera does not have, and one that it answers with nonsense or not at all.
_ABSENT_FOR, _BROKEN_FOR = 60 * 60.0, 10 * 60.0


class StorageProbe(Protocol):
    """Asks one source for the state of a camera's storage."""

    # Names the probe in a reading: "onvif", or a maker.
    source: str

    async def read(self) -> StorageReading | None:
        """Return what the source tells of the card, None where it tells nothing; raises CameraError.

        What the user may not ask, and what the camera does not offer or answers with nonsense, may be raised: it
        counts as nothing told.
        """


type Parse[T] = Callable[[bytes], T]


class PageProbe(StorageProbe):
    """A maker's own page of storages.

    A page that is not there, or tells nothing that can be read, is left alone for a while, and its error raised again: a
    camera that hangs over it must not be held up, nor hold us up, with each poll.
    """

    path: ClassVar[str]
    # HTTP statuses besides 200 that tell something of the card.
    telling: ClassVar[frozenset[int]] = frozenset()

    @override
    def __init__(self, session: OnvifSession) -> None:
        """Probe this camera."""
        self._session = session
        self._left_alone: dict[str, tuple[float, CameraError]] = {}

    @override
    async def read(self) -> StorageReading | None:
        """Return what the page says of the card."""
        return await self.page(self.path, self.reading)

    @classmethod
    def reading(cls, body: bytes) -> StorageReading:
        """Return what an answer says; raises CameraError for what is none."""
        raise NotImplementedError

    async def page[T](self, path: str, parse: Parse[T]) -> T:
        """Return what a page says, read off the event loop where it is large; raises CameraError."""
        until, known = self._left_alone.get(path, (0.0, None))
        if known is not None and time.monotonic() < until:
            raise type(known)(*known.args)
        try:
            body = await self._session.get(path, limit=MAX_PAGE, telling=self.telling)
            return await understand(parse, body)
        except (CameraOperationUnsupported, CameraAsksForBasic) as err:
            self._left_alone[path] = (time.monotonic() + _ABSENT_FOR, err)
            raise
        except CameraUnreachable as err:
            # The camera answers elsewhere, or the next question shows that it does not.
            silent = CameraAnswerInvalid(f"a page is not answered: {err}")
            self._left_alone[path] = (time.monotonic() + _BROKEN_FOR, silent)
            raise silent from err
        except CameraAnswerInvalid as err:
            self._left_alone[path] = (time.monotonic() + _BROKEN_FOR, err)
            raise


@dataclass(frozen=True, kw_only=True)
class Storage:
    """One storage of a camera as its maker tells it; None is what is not told."""

    present: bool | None = None
    failed: bool | None = None
    writable: bool | None = None
    full: bool | None = None
    used_bytes: int | None = None
    total_bytes: int | None = None


def told_of(source: str, storages: Sequence[Storage]) -> StorageReading:
    """Return what a maker tells of all storages in the camera: the worst of each; sizes are summed up."""
    present = {storage.present for storage in storages} - {None}
    there = [storage for storage in storages if storage.present is not False]
    return StorageReading(
        source=source,
        # One empty slot of two is no card that is missing.
        card_present=True in present if present else None,
        card_failed=worst((storage.failed for storage in there), bad=True),
        card_writable=worst((storage.writable for storage in there), bad=False),
        card_full=all(storage.full for storage in there)
        if there and all(storage.full is not None for storage in there)
        else None,
        none_named=not storages,
        used_bytes=_sum(storage.used_bytes for storage in there),
        total_bytes=_sum(storage.total_bytes for storage in there),
    )


def worst(told: Iterable[bool | None], *, bad: bool) -> bool | None:
    """Return the worst of what is told, None where nothing is."""
    known = {one for one in told if one is not None}
    if not known:
        return None
    return bad if bad in known else not bad


def bytes_of(text: str, unit: int = 1) -> int | None:
    """Return a size, written in units with decimals or without, in bytes; None where it is none."""
    whole = text.strip().partition(".")[0]
    if not whole.isascii() or not whole.isdigit() or len(whole) > 20:
        return None
    size = int(whole) * unit
    return size if size <= _MAX_BYTES else None


def _sum(sizes: Iterable[int | None]) -> int | None:
    known = [size for size in sizes if size is not None]
    return sum(known) if known else None
