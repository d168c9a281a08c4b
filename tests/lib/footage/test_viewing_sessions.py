"""One entry of the ledger per person, camera and session, whatever the ledger does meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import override

import pytest

from custom_components.niiza_cctv.lib.footage.viewing_sessions import (
    SESSION_TIMEOUT,
    Span,
    ViewingSessions,
    Watched,
)
from custom_components.niiza_cctv.lib.ledger.actions import LedgerAction
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from custom_components.niiza_cctv.lib.ledger.model import Entry, Json, Person
from custom_components.niiza_cctv.lib.ledger.store import Ledger
from tests.section import until

SATO = Person(id="sato-id", name="佐藤")
SUZUKI = Person(id="suzuki-id", name="鈴木")
KITA = "niiza-kita"
START = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Away(Ledger):
    """A ledger whose database can be taken away."""

    away = False

    @override
    async def append(
        self,
        action: str,
        subject: str,
        details: Mapping[str, Json] | None = None,
        *,
        person: Person | None,
        patient: bool = False,
    ) -> Entry:
        """Write, unless the database is away."""
        if self.away:
            raise LedgerUnavailable("The database is away")
        return await super().append(action, subject, details, person=person, patient=patient)


class Desk:
    """ViewingSessions with a clock of their own over a real ledger."""

    def __init__(self, ledger: Away) -> None:
        """Begin at five o'clock."""
        self.ledger = ledger
        self.now = START
        self.viewing_sessions = ViewingSessions(ledger, now=lambda: self.now)

    async def play(
        self, person: Person, first: float, last: float, hour: Span | None = None
    ) -> None:
        """Watch minutes of yesterday's footage."""
        day = START - timedelta(days=1)
        span = (day + first * MINUTE, day + last * MINUTE)
        await self.viewing_sessions.recorded(person, KITA, Watched.RECORDED, hour or span, span)

    async def entries(self) -> list[Entry]:
        """Return what the ledger holds."""
        return [entry async for entry in self.ledger.entries()]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Return viewing_sessions over an SQLite ledger."""
    ledger = Away(f"sqlite:///{tmp_path / 'ledger.db'}", "test")
    await ledger.open()
    desk = Desk(ledger)
    yield desk
    await desk.viewing_sessions.close()
    await ledger.close()


async def test_recorded_footage_is_entered_once_per_person_camera_and_session(desk: Desk) -> None:
    """Who, which camera, which passage; durable before the call returns; many requests at once are one viewing."""
    hour = (START - timedelta(days=1), START - timedelta(hours=23))
    await asyncio.gather(*(desk.play(SATO, n, n + 1, hour) for n in range(5)))
    (entry,) = await desk.entries()
    assert entry.action == LedgerAction.FOOTAGE_VIEWED
    assert entry.subject == f"camera/{KITA}"
    assert entry.person == SATO
    assert entry.details == {
        "kinds": ["recorded"],
        "since": "2026-11-23T05:00:00.000+00:00",
        "passage": {
            "start": "2026-11-22T05:00:00.000+00:00",
            "end": "2026-11-22T06:00:00.000+00:00",
        },
    }
    await desk.play(SUZUKI, 0, 1, hour)
    await desk.viewing_sessions.recorded(SATO, "niiza-minami", Watched.RECORDED, hour, hour)
    assert [(e.person, e.subject) for e in (await desk.entries())[1:]] == [
        (SUZUKI, f"camera/{KITA}"),
        (SATO, "camera/niiza-minami"),
    ]


async def test_a_session_goes_on_while_watched_and_ends_after_a_quarter_of_an_hour(
    desk: Desk,
) -> None:
    """Fourteen minutes are a pause, fifteen are the end; within its entry's passage nothing more is said."""
    hour = (START - timedelta(days=1), START - timedelta(hours=23))
    for minute in range(3):
        await desk.play(SATO, minute, minute + 1, hour)
        desk.now += SESSION_TIMEOUT - MINUTE
    await desk.viewing_sessions.tend()
    assert len(await desk.entries()) == 1
    desk.now += MINUTE
    await desk.viewing_sessions.tend()
    await desk.play(SATO, 3, 4, hour)
    assert [entry.action for entry in await desk.entries()] == [
        LedgerAction.FOOTAGE_VIEWED,
        LedgerAction.FOOTAGE_VIEWED,
    ]


async def test_what_was_watched_beyond_the_entry_is_told_at_the_end(desk: Desk) -> None:
    """Passages that touch are one; the end names them all."""
    await desk.play(SATO, 0, 5)
    for first, last in ((5, 6), (30, 31), (31, 32), (3, 4)):
        await desk.play(SATO, first, last)
        desk.now += MINUTE
    desk.now += SESSION_TIMEOUT
    await desk.viewing_sessions.tend()
    viewed, ended = await desk.entries()
    assert (viewed.action, ended.action) == (
        LedgerAction.FOOTAGE_VIEWED,
        LedgerAction.VIEWING_ENDED,
    )
    assert ended.person == SATO
    assert ended.details == {
        "kinds": ["recorded"],
        "since": "2026-11-23T05:00:00.000+00:00",
        "until": "2026-11-23T05:03:00.000+00:00",
        "passages": [
            {"start": "2026-11-22T05:00:00.000+00:00", "end": "2026-11-22T05:06:00.000+00:00"},
            {"start": "2026-11-22T05:30:00.000+00:00", "end": "2026-11-22T05:32:00.000+00:00"},
        ],
    }


async def test_live_view_is_one_session_and_footage_in_it_is_entered_before_it_shows(
    desk: Desk,
) -> None:
    """A dashboard that fetches a still every ten seconds makes one entry; footage after it makes its own."""
    for _ in range(20):
        desk.viewing_sessions.seen(SATO, KITA, Watched.STILL)
        desk.viewing_sessions.seen(SATO, KITA, Watched.LIVE)
        desk.now += timedelta(seconds=10)
    await desk.viewing_sessions.tend()
    (live,) = await desk.entries()
    assert live.details == {"kinds": ["still"], "since": "2026-11-23T05:00:00.000+00:00"}
    await desk.play(SATO, 0, 1)
    assert [entry.details["kinds"] for entry in await desk.entries()] == [["still"], ["recorded"]]
    await desk.viewing_sessions.close()
    *_, ended = await desk.entries()
    assert ended.action == LedgerAction.VIEWING_ENDED
    assert ended.details["kinds"] == ["recorded", "live", "still"]


async def test_without_the_ledger_footage_is_refused_and_live_view_goes_on(desk: Desk) -> None:
    """What was seen meanwhile is entered when the ledger is back, each once, with its own time."""
    desk.ledger.away = True
    with pytest.raises(LedgerUnavailable):
        await desk.play(SATO, 0, 1)
    desk.viewing_sessions.seen(SATO, KITA, Watched.LIVE)
    desk.viewing_sessions.seen(SUZUKI, KITA, Watched.LIVE)
    with pytest.raises(LedgerUnavailable):
        await desk.play(SATO, 0, 1)
    await desk.viewing_sessions.tend()
    assert not await desk.entries()
    desk.ledger.away = False
    desk.now += 5 * MINUTE
    await desk.viewing_sessions.tend()
    entries = await desk.entries()
    assert [entry.person for entry in entries] == [SATO, SUZUKI]
    assert {entry.details["since"] for entry in entries} == {"2026-11-23T05:00:00.000+00:00"}
    await desk.play(SATO, 0, 1)
    assert (await desk.entries())[-1].details["kinds"] == ["recorded"]


async def test_entries_are_written_without_anybody_asking(desk: Desk) -> None:
    """Live pictures are entered in the background."""
    desk.viewing_sessions.seen(SATO, KITA, Watched.LIVE)
    await until(lambda: desk.ledger.head.number == 1)


async def test_what_a_lost_ledger_did_not_take_is_handed_over_at_the_end(desk: Desk) -> None:
    """Nobody waits for ever at a shutdown, and nothing is lost."""
    desk.ledger.away = True
    desk.viewing_sessions.seen(SATO, KITA, Watched.LIVE)
    (left,) = await desk.viewing_sessions.close()
    assert (left.action, left.subject) == (LedgerAction.FOOTAGE_VIEWED, f"camera/{KITA}")
    assert left.person == SATO
    desk.ledger.away = False


async def test_memory_is_bounded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Many passages in one session are told in portions; many entries that wait are dropped, once said."""
    for number in range(250):
        await desk.play(SATO, 2 * number, 2 * number + 1)
    await desk.viewing_sessions.tend()
    told = [entry for entry in await desk.entries() if entry.action == LedgerAction.VIEWING_ENDED]
    assert len(told) == 2
    viewing_sessions = ViewingSessions(desk.ledger, max_waiting=3)
    desk.ledger.away = True
    for number in range(10):
        viewing_sessions.seen(SATO, f"camera-{number}", Watched.LIVE)
    assert len([one for one in caplog.records if "too long" in one.getMessage()]) == 1
    desk.ledger.away = False
    before = len(await desk.entries())
    await viewing_sessions.tend()
    assert len(await desk.entries()) == before + 3
    await viewing_sessions.close()


async def test_pictures_of_hours_are_one_entry_and_playing_one_is_another(desk: Desk) -> None:
    """Nobody watched the hours whose pictures they saw; what they then played is on the record at once."""
    day = START - timedelta(days=1)
    for hour in range(24):
        span = (day + hour * 60 * MINUTE, day + (hour + 1) * 60 * MINUTE)
        await desk.viewing_sessions.recorded(SATO, KITA, Watched.THUMBNAIL, span, span)
    await desk.play(SATO, 0, 5, (day, day + 60 * MINUTE))
    pictures, played = await desk.entries()
    assert pictures.details["kinds"] == ["thumbnail"]
    assert played.details["kinds"] == ["recorded"]
    await desk.viewing_sessions.close()
    assert len(await desk.entries()) == 2
    await desk.play(SATO, 0, 5)
    await desk.viewing_sessions.recorded(SATO, KITA, Watched.THUMBNAIL, (day, START), (day, START))
    desk.now += SESSION_TIMEOUT
    await desk.viewing_sessions.tend()
    *_, ended = await desk.entries()
    assert ended.action == LedgerAction.VIEWING_ENDED
    assert ended.details["passages"] == [
        {"start": "2026-11-22T05:00:00.000+00:00", "end": "2026-11-22T05:05:00.000+00:00"}
    ]


async def test_a_viewing_that_no_ledger_takes_holds_up_none_behind_it(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """A name with a character that no database holds."""
    desk.viewing_sessions.seen(Person(id="x", name="\0"), KITA, Watched.LIVE)
    desk.viewing_sessions.seen(SATO, KITA, Watched.LIVE)
    await desk.viewing_sessions.tend()
    assert [entry.person for entry in await desk.entries()] == [SATO]
    assert "cannot be entered" in caplog.text
    caplog.clear()
