"""Who watched which camera: one entry of the ledger per person, camera and session.

A session ends when its person has not watched that camera for a quarter of an hour. Recorded footage is entered
before the first picture leaves, or it does not leave. Live pictures are not held up: monitoring goes on while the
ledger is away, and what has to be entered waits here.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
import logging
from typing import Final, Protocol

from ..ledger.actions import LedgerAction
from ..ledger.errors import EntryInvalid, LedgerError
from ..ledger.model import Entry, Json, Person

_LOGGER = logging.getLogger(__name__)

SESSION_TIMEOUT: Final = timedelta(minutes=15)
# How often sessions are looked at and a ledger that is away is tried again (seconds).
_TEND: Final = 10.0
# What the ledger may take when we stop (seconds).
_CLOSING: Final = 1.0
# One entry per person, camera and session: this is weeks of them.
_MAX_WAITING: Final = 5000
# A session of more passages than this is entered and begins anew.
_MAX_PASSAGES: Final = 100

# [start, end) in true time.
type Span = tuple[datetime, datetime]


class Watched(StrEnum):
    """What somebody looks at."""

    RECORDED = "recorded"
    THUMBNAIL = "thumbnail"
    LIVE = "live"
    STILL = "still"


class Book(Protocol):
    """Where viewings are entered: the ledger."""

    async def append(
        self,
        action: str,
        subject: str,
        details: Mapping[str, Json] | None = None,
        *,
        person: Person | None,
    ) -> Entry:
        """Write an entry; durable when it returns. Raises LedgerError."""


@dataclass(kw_only=True)
class _ViewingSession:
    """One person's watching of one camera so far."""

    person: Person
    camera: str
    since: datetime
    last: datetime
    kinds: set[Watched] = field(default_factory=set)
    # What was watched of the card, in order, without overlap.
    spans: list[Span] = field(default_factory=list)
    # What the entries say already.
    entered_kinds: set[Watched] = field(default_factory=set)
    entered: Span | None = None
    # Recorded footage was entered, so pictures may leave.
    open: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, kw_only=True)
class ViewingEntry:
    """An entry that nobody waits for."""

    action: LedgerAction
    subject: str
    details: Mapping[str, Json]
    person: Person


class ViewingSessions:
    """All viewing sessions of the section; closed with `close`."""

    def __init__(
        self,
        ledger: Book,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        max_waiting: int = _MAX_WAITING,
    ) -> None:
        """Make it; nothing is entered. `now` gives aware times."""
        self._ledger = ledger
        self._now = now
        self._sessions: dict[tuple[str, str], _ViewingSession] = {}
        self._waiting: deque[ViewingEntry] = deque()
        self._max_waiting = max_waiting
        self._tending: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._writing = asyncio.Lock()
        self._overflown = False
        self._closed = False

    async def recorded(
        self, person: Person, camera: str, kind: Watched, passage: Span, watched: Span
    ) -> None:
        """Account for `watched`, about to be shown to `person`, of the `passage` that was opened.

        `camera` is its unique id. Durable when it returns. Raises LedgerError: then show nothing.
        """
        session = self._session(person, camera)
        async with session.lock:
            # A picture that stands for an hour says little: footage that is played after it has its own entry.
            first_played = kind is Watched.RECORDED and kind not in session.entered_kinds
            if first_played or not session.open:
                await self._ledger.append(
                    LedgerAction.FOOTAGE_VIEWED,
                    f"camera/{camera}",
                    {
                        "kinds": [kind.value],
                        "since": _text(session.last),
                        "passage": _span(passage),
                    },
                    person=person,
                )
                session.open = True
                session.entered = passage
                session.entered_kinds.add(kind)
        session.kinds.add(kind)
        if kind is not Watched.RECORDED:
            return
        session.spans = _with(session.spans, watched)
        if len(session.spans) > _MAX_PASSAGES:
            self._end(self._sessions.pop((person.id, camera)))

    def seen(self, person: Person, camera: str, kind: Watched) -> None:
        """Account for a live picture shown to `person`; never fails and never waits."""
        session = self._session(person, camera)
        if not session.entered_kinds:
            session.entered_kinds.add(kind)
            self._enter(
                ViewingEntry(
                    action=LedgerAction.FOOTAGE_VIEWED,
                    subject=f"camera/{camera}",
                    details={"kinds": [kind.value], "since": _text(session.since)},
                    person=person,
                )
            )
        session.kinds.add(kind)

    async def tend(self) -> None:
        """End the sessions that are over, and enter what waits; as long as the ledger is away it goes on waiting."""
        now = self._now()
        for key, session in tuple(self._sessions.items()):
            if now - session.last >= SESSION_TIMEOUT:
                self._end(self._sessions.pop(key))
        async with self._writing:
            while self._waiting:
                entry = self._waiting[0]
                try:
                    await self._ledger.append(
                        entry.action, entry.subject, entry.details, person=entry.person
                    )
                except EntryInvalid as err:
                    # It will not be taken later either, and those behind it must not wait for it.
                    _LOGGER.error("A viewing cannot be entered: %s", err)
                except LedgerError as err:
                    _LOGGER.debug("Viewings wait for the ledger: %s", err)
                    return
                self._waiting.popleft()
            self._overflown = False

    async def close(self) -> tuple[ViewingEntry, ...]:
        """End every session and enter what can be entered at once; returns what has to be entered later."""
        for session in self._sessions.values():
            self._end(session)
        self._sessions.clear()
        self._closed = True
        # Whatever it was writing is written, unless the ledger takes long.
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING):
                await self.tend()
        if self._tending is not None:
            self._tending.cancel()
            self._tending = None
        left = tuple(self._waiting)
        self._waiting.clear()
        return left

    def _session(self, person: Person, camera: str) -> _ViewingSession:
        """Return the session that goes on, or a new one."""
        now = self._now()
        key = (person.id, camera)
        session = self._sessions.get(key)
        if session is not None and now - session.last >= SESSION_TIMEOUT:
            self._end(self._sessions.pop(key))
            session = None
        if session is None:
            session = _ViewingSession(person=person, camera=camera, since=now, last=now)
            self._sessions[key] = session
            self._start_tending()
        session.last = now
        return session

    def _end(self, session: _ViewingSession) -> None:
        """Enter what was watched beyond what the entries say."""
        more = [span for span in session.spans if not _within(span, session.entered)]
        if not more and session.kinds <= session.entered_kinds:
            return
        kinds: list[Json] = [kind.value for kind in Watched if kind in session.kinds]
        details: dict[str, Json] = {
            "kinds": kinds,
            "since": _text(session.since),
            "until": _text(session.last),
        }
        if session.spans:
            details["passages"] = [_span(span) for span in session.spans]
        self._enter(
            ViewingEntry(
                action=LedgerAction.VIEWING_ENDED,
                subject=f"camera/{session.camera}",
                details=details,
                person=session.person,
            )
        )

    def _enter(self, entry: ViewingEntry) -> None:
        """Enter it as soon as the ledger takes it."""
        if len(self._waiting) < self._max_waiting:
            self._waiting.append(entry)
        elif not self._overflown:
            self._overflown = True
            _LOGGER.error("The ledger has been away for too long: further viewings are not entered")
        self._wake.set()
        self._start_tending()

    def _start_tending(self) -> None:
        """Look after sessions and entries in the background for as long as there are any."""
        if not self._closed and (self._tending is None or self._tending.done()):
            self._tending = asyncio.get_running_loop().create_task(self._keep_tending())

    async def _keep_tending(self) -> None:
        while self._sessions or self._waiting:
            self._wake.clear()
            await self.tend()
            with suppress(TimeoutError):
                async with asyncio.timeout(_TEND):
                    await self._wake.wait()


def _with(spans: list[Span], new: Span) -> list[Span]:
    """Return spans and a new one, joined where they touch, by start."""
    joined: list[Span] = []
    for span in sorted((*spans, new)):
        if joined and span[0] <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], span[1])
        else:
            joined.append(span)
    return joined


def _within(span: Span, other: Span | None) -> bool:
    return other is not None and other[0] <= span[0] and span[1] <= other[1]


def _span(span: Span) -> Json:
    return {"start": _text(span[0]), "end": _text(span[1])}


def _text(moment: datetime) -> str:
    """Return a moment in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
