"""The archive on cards and cameras that misbehave: slow, overwriting, several recordings, searches without an end."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
import time

import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraUnreachable
from custom_components.niiza_cctv.lib.footage.archive import FootageStream, Picture, Stretch
from custom_components.niiza_cctv.lib.footage.errors import CameraBusy, FootageMissing
from custom_components.niiza_cctv.lib.footage.replay import ReplayEnd
from simulator.camera import OtherRecording, Quirk
from simulator.sei import read_time
from tests.lib.footage.archives import TOKYO, Filed, filed
from tests.section import PATIENCE

pytestmark = pytest.mark.usefixtures("socket_enabled")

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RATE = 5


def ago(time_ago: timedelta) -> datetime:
    """Return a whole second so long ago."""
    return datetime.now(UTC).replace(microsecond=0) - time_ago


async def part_of(kita: Filed, start: datetime, length: timedelta) -> Stretch:
    """Return the one part that a passage has."""
    (part,) = (await kita.archive.index()).parts(start, start + length)
    return part


async def drain(stream: FootageStream, into: list[Picture]) -> None:
    """Put every picture into a list: what came before an error counts."""
    async with stream:
        async for picture in stream:
            into += [picture]


def proved(pictures: list[Picture]) -> bool:
    """Return whether each picture carries the camera time that is said of it."""
    return all(
        abs((read_time(picture.data) or picture.camera_at + DAY) - picture.camera_at)
        < timedelta(milliseconds=1)
        for picture in pictures
    )


async def test_several_recordings_fill_each_others_gaps() -> None:
    """An event recording over the gap of the running one, and the recording of an old card."""
    event = OtherRecording(token="EV_1", spans=((5.01, 10.0),))
    old = OtherRecording(token="OLD_1", spans=((24.0 * 40, 60.0), (24.0 * 39, 30.0)))
    async with filed(gaps=((5.0, 7.5),), recordings=(event, old)) as kita:
        index = await kita.archive.index()
        assert index.exact
        assert {item.recording for item in index.stretches} == {"SD_1", "EV_1", "OLD_1"}
        assert index.growing == {"SD_1"}
        start, end = ago(5.1 * HOUR), ago(4.8 * HOUR)
        parts = index.parts(start, end)
        assert [part.recording for part in parts] == ["SD_1", "EV_1", "SD_1"]
        assert all(one.end == two.start for one, two in pairwise(parts))
        assert index.gaps(start, end) == ()
        assert parts[0].start == start
        assert parts[-1].end == end
        # All of it is really there, each picture from the recording that was named.
        seam = parts[1]
        pictures = await kita.pictures(
            Stretch(recording="EV_1", start=seam.start, end=seam.start + 3 * SECOND)
        )
        assert [item.at for item in pictures[: 3 * RATE]] == [
            seam.start + n * SECOND / RATE for n in range(3 * RATE)
        ]
        assert proved(pictures)
        # Weeks between the cards are one gap, the old card's own hole another.
        month = index.gaps(ago(39.9 * DAY), ago(38 * DAY))
        assert len(month) == 2
        assert len(index.parts(ago(41 * DAY), ago(38 * DAY))) == 2
        assert kita.running.rtsp.setups[-1] == "replay/EV_1/video"


@pytest.mark.parametrize(
    "quirk",
    [
        Quirk.NO_EVENT_SEARCH,
        Quirk.SEARCH_NEVER_COMPLETES,
        Quirk.EVENTS_REPEAT,
        Quirk.EVENTS_EMPTY,
    ],
)
async def test_without_a_usable_search_the_bounds_are_what_is_known(quirk: Quirk) -> None:
    """And that it is so is said; the search is ended, and not tried again at every look."""
    async with filed(quirks=frozenset({quirk}), gaps=((5.0, 7.5),)) as kita:
        index = await kita.archive.index()
        assert not index.exact
        assert len(index.stretches) == 1
        assert kita.running.soap.searches == 0
        again = await kita.archive.index(max_age=timedelta())
        assert again.stretches[0].start == index.stretches[0].start
        if quirk in {Quirk.SEARCH_NEVER_COMPLETES, Quirk.EVENTS_REPEAT}:
            assert kita.running.soap.calls.count("FindEvents") == 1


@pytest.mark.parametrize(
    "quirk",
    [
        Quirk.EVENTS_UNORDERED,
        Quirk.EVENTS_ABSURD,
        Quirk.EVENTS_WITHOUT_START_STATE,
        Quirk.EVENT_FILTER_REFUSED,
        Quirk.TWO_SEARCHES,
        Quirk.LOCAL_TIME_WITHOUT_ZONE,
        Quirk.DUPLICATE_TOKENS,
    ],
)
async def test_a_search_that_answers_oddly_still_gives_the_gaps(quirk: Quirk) -> None:
    """Out of order, with events of 1970 and 2099, without the state at the start, again and again."""
    async with filed(quirks=frozenset({quirk}), gaps=((30.0, 60.0), (5.0, 7.5))) as kita:
        for _ in range(4):
            index = await kita.archive.index(max_age=timedelta())
            assert index.exact
            assert [last - first for first, last in index.gaps(ago(2 * DAY), ago(MINUTE))] == [
                60 * MINUTE,
                7.5 * MINUTE,
            ]
            assert kita.running.soap.searches == 0


@pytest.mark.parametrize(
    "quirk",
    [
        Quirk.LATEST_TOO_EARLY,
        Quirk.LATEST_TOO_LATE,
        Quirk.DATA_TO_TOO_EARLY,
        Quirk.DATA_TO_TOO_LATE,
    ],
)
@pytest.mark.parametrize("search", [True, False])
async def test_wrong_ends_hide_no_footage_and_invent_none_of_the_future(
    quirk: Quirk, search: bool
) -> None:
    """Half an hour too early, half an hour of the future."""
    quirks = {quirk} if search else {quirk, Quirk.NO_EVENT_SEARCH}
    async with filed(quirks=frozenset(quirks)) as kita:
        index = await kita.archive.index()
        end = index.stretches[-1].end
        assert abs(end - index.read_at) < MINUTE
        assert await kita.pictures(await part_of(kita, ago(10 * SECOND), 5 * SECOND))


async def test_a_slow_card_is_waited_for() -> None:
    """Four times real time is all it gives, and it stalls for longer than pictures are apart."""
    async with filed() as kita:
        kita.running.set(replay_speed=8.0, stall_after=4.0, stall_seconds=1.0)
        part = await part_of(kita, ago(HOUR), 16 * SECOND)
        before = time.monotonic()
        async with await kita.archive.play(part, idle_timeout=4) as stream:
            pictures = [picture async for picture in stream if picture.at < part.end]
        assert time.monotonic() - before >= 16 / 8 + 1 - 0.2
        assert len(pictures) == 16 * RATE


async def test_a_camera_that_drops_is_taken_up_again_at_the_last_picture() -> None:
    """The session lingers at the camera, which says that it is busy; nothing is lost and nothing comes twice."""
    async with filed() as kita:
        kita.running.set(drop_after_pictures=27, replay_linger=1.0)
        start = ago(HOUR)
        part = await part_of(kita, start, 20 * SECOND)
        pictures: list[Picture] = []
        busy = dropped = 0
        async with asyncio.timeout(PATIENCE):
            while not pictures or pictures[-1].at < part.end - SECOND / RATE:
                rest = (
                    part
                    if not pictures
                    else Stretch(
                        recording=part.recording,
                        start=pictures[-1].at,
                        end=part.end,
                        clock=part.clock,
                    )
                )
                got: list[Picture] = []
                try:
                    await drain(await kita.archive.play(rest, idle_timeout=2), got)
                except CameraBusy:
                    busy += 1
                    await asyncio.sleep(0.1)
                except CameraUnreachable:
                    dropped += 1
                newest = pictures[-1].at if pictures else start - SECOND
                pictures += [item for item in got if item.at > newest]
        assert dropped >= 3
        assert busy >= 3
        kept = [item.at for item in pictures if item.at < part.end]
        assert kept == [start + n * SECOND / RATE for n in range(20 * RATE)]
        assert proved(pictures)


async def test_a_drop_in_the_middle_of_a_picture_loses_that_picture_only() -> None:
    """The bytes before it are whole pictures."""
    async with filed() as kita:
        part = await part_of(kita, ago(HOUR), 60 * SECOND)
        kita.running.set(drop_after_bytes=200_000)
        got: list[Picture] = []
        with pytest.raises(CameraUnreachable):
            await drain(await kita.archive.play(part), got)
        assert [item.at for item in got] == [
            part.start + n * SECOND / RATE for n in range(len(got))
        ]
        assert proved(got)
        size = sum(len(item.data) for item in got)
        assert 100_000 < size <= 200_000


async def test_what_the_card_overwrites_while_it_is_played_is_gone() -> None:
    """The running replay ends, the next one is told that there is nothing, and the index no longer has the day."""
    async with filed(days=3) as kita:
        index = await kita.archive.index()
        oldest = index.days(TOKYO)[0]
        part = index.parts(oldest.start + HOUR, oldest.start + HOUR + 60 * SECOND)[0]
        kita.running.set(replay_speed=4.0)
        got: list[Picture] = []
        async with await kita.archive.play(part, idle_timeout=1) as stream:
            got += [await anext(stream)]
            kita.running.card.overwrite_oldest()
            got += [picture async for picture in stream]
            assert stream.ended is ReplayEnd.SILENT
        assert got[-1].at < part.end - 30 * SECOND
        with pytest.raises(FootageMissing):
            await kita.archive.play(part)
        assert not index.moved
        after = await kita.archive.index(max_age=timedelta())
        assert after.moved
        assert [day.day for day in after.days(TOKYO)] == [day.day for day in index.days(TOKYO)[1:]]
        assert after.parts(part.start, part.end) == ()


async def test_a_size_that_changed_and_a_second_track_disturb_nothing() -> None:
    """Parameter sets come in the stream; the first video track is the recording's."""
    async with filed(size_before=(1.0, 320, 180), second_track=True) as kita:
        start = ago(HOUR + 10 * SECOND)
        pictures = await kita.pictures(await part_of(kita, start, 20 * SECOND))
        assert len(pictures) in (100, 101)
        assert proved(pictures)
        assert kita.running.rtsp.setups == ["replay/SD_1/video"]


async def test_pictures_that_look_ahead_come_in_decoding_order_with_the_times_they_show() -> None:
    """B pictures: each second complete, every picture with its own moment."""
    async with filed(b_frames=2) as kita:
        start = ago(HOUR)
        pictures = await kita.pictures(await part_of(kita, start, 10 * SECOND - SECOND / RATE))
        assert proved(pictures)
        times = [item.at for item in pictures]
        assert times != sorted(times)
        assert set(times) >= {start + n * SECOND / RATE for n in range(9 * RATE)}
