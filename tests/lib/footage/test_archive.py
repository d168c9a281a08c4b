"""What footage a virtual camera's card holds, and playing it, in true time."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
import time

import pytest

from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraIsAnother,
    CameraRefused,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.device.model import Credential
from custom_components.niiza_cctv.lib.footage.archive import FootageStream, Picture, Stretch
from custom_components.niiza_cctv.lib.footage.errors import CameraBusy, FootageMissing
from simulator.camera import CardFault, Faults, Garbage, Quirk
from simulator.sei import read_time
from tests.lib.footage.archives import TOKYO, filed

pytestmark = pytest.mark.usefixtures("socket_enabled")

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
GAPS = ((30.0, 60.0), (5.0, 7.5))


def near(moment: datetime, other: datetime, within: timedelta = MINUTE) -> bool:
    """Return whether two moments are as good as the same while a test runs."""
    return abs(moment - other) <= within


async def test_gaps_are_the_cameras_own() -> None:
    """They come from its search, to the second."""
    async with filed(gaps=GAPS) as kita:
        start = datetime.now(UTC)
        index = await kita.archive.index()
        card = kita.running.card.stretches("SD_1")
    assert index.exact
    assert index.growing == {"SD_1"}
    assert [(item.start, item.end) for item in index.stretches[:-1]] == [
        (datetime.fromtimestamp(item.start, UTC), datetime.fromtimestamp(item.end, UTC))
        for item in card[:-1]
    ]
    assert near(index.stretches[-1].end, datetime.now(UTC))
    week = index.gaps(start - timedelta(days=7), start - MINUTE)
    assert [
        near(first, start - hours * HOUR) for (first, _), (hours, _) in zip(week, GAPS, strict=True)
    ]
    assert [last - first for first, last in week] == [60 * MINUTE, 7.5 * MINUTE]
    parts = index.parts(start - 31 * HOUR, start - HOUR)
    assert len(parts) == 3
    assert sum((part.end - part.start for part in parts), timedelta()) == 30 * HOUR - 67.5 * MINUTE


@pytest.mark.parametrize("offset", [0.0, -420.0, 90.0, 3600.0 * 5])
async def test_a_passage_comes_back_with_the_times_it_was_asked_for(offset: float) -> None:
    """However wrong the camera's clock: true times in and out, the camera's own beside them."""
    async with filed(faults=Faults(clock_offset=offset)) as kita:
        index = await kita.archive.index()
        assert index.clock is not None
        # Cameras tell whole seconds.
        assert abs(index.offset - timedelta(seconds=offset)) <= SECOND
        assert index.offset % SECOND == timedelta()
        assert near(index.stretches[-1].end, datetime.now(UTC))
        start = index.read_at.replace(microsecond=0) - 2 * HOUR
        (part,) = index.parts(start, start + 10 * SECOND)
        pictures = await kita.pictures(part)
    assert pictures[0].keyframe
    assert [picture.at for picture in pictures[:50]] == [start + n * SECOND / 5 for n in range(50)]
    assert len(pictures) in (50, 51)
    assert all(picture.camera_at - picture.at == index.offset for picture in pictures)
    assert [read_time(picture.data) for picture in pictures] == [
        picture.camera_at for picture in pictures
    ]


async def test_a_jittering_measurement_does_not_move_the_footage() -> None:
    """An offset of half a second more or less is the same footage; a clock that was set is not."""
    async with filed(faults=Faults(clock_offset=-420.0)) as kita:
        first = await kita.archive.index()
        assert abs(first.offset + 420 * SECOND) <= SECOND
        for jitter in (-420.3, -419.7, -420.2):
            kita.running.set(clock_offset=jitter)
            again = await kita.archive.index(max_age=timedelta())
            assert again.offset == first.offset
        kita.running.set(clock_offset=-400.0)
        fixed = await kita.archive.index(max_age=timedelta())
        assert abs(fixed.offset + 400 * SECOND) <= SECOND
        # What the earlier index gave is still played by its own measurement.
        start = first.read_at.replace(microsecond=0) - HOUR
        (part,) = first.parts(start, start + 2 * SECOND)
        pictures = await kita.pictures(part)
    assert pictures[0].at == start
    assert pictures[0].camera_at == start + first.offset


async def test_a_day_is_the_sections() -> None:
    """Fourteen days, each from midnight to midnight in Tokyo, the oldest gone at the next one."""
    async with filed(days=14) as kita:
        index = await kita.archive.index()
    days = index.days(TOKYO)
    today = index.read_at.astimezone(TOKYO).date()
    assert [day.day for day in days] == [today - timedelta(days=n) for n in range(13, -1, -1)]
    for number, day in enumerate(days):
        assert day.start.astimezone(TOKYO).hour == 0
        assert day.end - day.start == timedelta(days=1)
        assert all(day.start <= item.start < item.end <= day.end for item in day.stretches)
        assert day.overwritten_at == days[-1].end + number * timedelta(days=1)


async def test_a_reading_is_shared_and_kept() -> None:
    """Ten people who look at the same time ask the camera once; later ones not at all for a minute."""
    async with filed() as kita:
        found = await asyncio.gather(*(kita.archive.index() for _ in range(10)))
        assert all(index is found[0] for index in found)
        assert await kita.archive.index() is found[0]
        fresh = await asyncio.gather(*(kita.archive.index(max_age=timedelta()) for _ in range(10)))
        assert fresh[0] is not found[0]
        assert all(index is fresh[0] for index in fresh)


async def test_a_camera_that_is_gone_is_told_and_comes_back() -> None:
    """Those who wait together hear of it together."""
    async with filed() as kita:
        await kita.archive.index()
        kita.running.set(garbage=Garbage.HTML)
        kept = await kita.archive.index()
        found = await asyncio.gather(
            *(kita.archive.index(max_age=timedelta()) for _ in range(3)), return_exceptions=True
        )
        assert isinstance(found[0], CameraAnswerInvalid)
        assert all(error is found[0] for error in found)
        kita.running.set(garbage=Garbage.NONE)
        assert await kita.archive.index(max_age=timedelta()) is not kept
    with pytest.raises(CameraUnreachable):
        await kita.archive.index(max_age=timedelta())
    with pytest.raises(CameraUnreachable):
        await kita.archive.play(kept.stretches[-1])


async def test_a_wrong_password_is_a_refusal() -> None:
    """And says nothing of the password."""
    wrong = Credential(username="viewer", password="guess-work")
    async with filed(credential=wrong) as kita:
        with pytest.raises(CameraRefused) as refused:
            await kita.archive.index()
    assert "guess" not in str(refused.value)


async def test_another_cameras_footage_is_nobodys_evidence() -> None:
    """Neither index nor picture is taken from a camera that only has the address."""
    async with filed(known_as="niiza sim-ns20000000001") as kita:
        with pytest.raises(CameraIsAnother):
            await kita.archive.index()
        now = datetime.now(UTC)
        with pytest.raises(CameraIsAnother):
            await kita.archive.play(Stretch(recording="SD_1", start=now - MINUTE, end=now))


async def test_what_is_gone_is_missing() -> None:
    """A recording that is not there any more, and a time that no footage is of."""
    async with filed() as kita:
        index = await kita.archive.index()
        last = index.stretches[-1]
        gone = Stretch(recording="SD_9", start=last.start, end=last.end)
        with pytest.raises(FootageMissing):
            await kita.archive.play(gone)
        long_ago = last.start - timedelta(days=30)
        with pytest.raises(FootageMissing):
            await kita.archive.play(
                Stretch(recording="SD_1", start=long_ago, end=long_ago + MINUTE)
            )
        kita.running.set(card=CardFault.REMOVED)
        empty = await kita.archive.index(max_age=timedelta())
        assert empty.stretches == ()
        assert not empty.exact
        assert empty.days(TOKYO) == ()
        with pytest.raises(FootageMissing):
            await kita.archive.play(last)


async def test_the_session_is_one_and_free_afterwards() -> None:
    """A second viewer is told to wait; leaving the block frees it."""
    async with filed() as kita:
        (part,) = (await kita.archive.index()).parts(
            datetime.now(UTC) - HOUR, datetime.now(UTC) - 59 * MINUTE
        )
        async with await kita.archive.play(part) as stream:
            await anext(stream)
            with pytest.raises(CameraBusy):
                await kita.archive.play(part)
        assert await kita.pictures(part)


async def test_batches_are_the_same_pictures() -> None:
    """In order, none twice, several at a time, and an empty one at the end."""
    async with filed() as kita:
        start = datetime.now(UTC).replace(microsecond=0) - HOUR
        (part,) = (await kita.archive.index()).parts(start, start + 60 * SECOND)
        pictures = []
        batches = 0
        async with await kita.archive.play(part, idle_timeout=0.5) as stream:
            while batch := await stream.batch():
                pictures += batch
                batches += 1
            assert await stream.batch() == []
            assert stream.ended is not None
        assert [item.at for item in pictures] == [item.at for item in await kita.pictures(part)]
        assert batches < len(pictures) / 2


async def test_a_batch_that_is_waited_for_in_vain_loses_nothing() -> None:
    """The wait may be cancelled as often as one likes; before an error comes all that came before it."""
    async with filed() as kita:
        start = datetime.now(UTC).replace(microsecond=0) - HOUR
        (part,) = (await kita.archive.index()).parts(start, start + 60 * SECOND)
        kita.running.set(replay_speed=6.0, drop_after_pictures=57)
        pictures: list[Picture] = []

        async def impatient(stream: FootageStream) -> None:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(0.02):
                        pictures.extend(await stream.batch())

        async with await kita.archive.play(part) as stream:
            with pytest.raises(CameraUnreachable):
                await impatient(stream)
            assert await stream.batch() == []
    assert len(pictures) in (56, 57)
    assert [item.at for item in pictures] == [start + n * SECOND / 5 for n in range(len(pictures))]


async def test_clean_points_alone_are_enough_to_look_through() -> None:
    """One picture a second, for thumbnails."""
    async with filed() as kita:
        start = datetime.now(UTC).replace(microsecond=0) - HOUR
        (part,) = (await kita.archive.index()).parts(start, start + 20 * SECOND)
        pictures = await kita.pictures(part, intra_only=True)
    assert all(picture.keyframe for picture in pictures)
    assert [picture.at for picture in pictures[:20]] == [start + n * SECOND for n in range(20)]


@pytest.mark.parametrize(
    "quirk",
    sorted(
        set(Quirk)
        # Without Profile G there is nothing to search, without its recordings nothing to play; who took a digest
        # is sent no readable password.
        - {Quirk.NO_PROFILE_G, Quirk.EMPTY_RECORDINGS, Quirk.RTSP_BASIC}
    ),
)
async def test_every_quirk_leaves_the_footage_findable(quirk: Quirk) -> None:
    """Whatever else a camera answers unlike the specification, the gap is known and yesterday plays."""
    async with filed(quirks=frozenset({quirk}), gaps=((5.0, 7.5),)) as kita:
        index = await kita.archive.index()
        now = index.read_at.replace(microsecond=0)
        day = timedelta(days=1)
        assert index.parts(now - day, now - day + MINUTE)
        assert near(index.stretches[-1].end, now)
        assert now - timedelta(days=32) < index.stretches[0].start < now - timedelta(days=12)
        if index.exact:
            ((first, last),) = index.gaps(now - day, now - MINUTE)
            assert near(first, now - 5 * HOUR)
            assert last - first == 7.5 * MINUTE
        if quirk is not Quirk.REPLAY_WITHOUT_EXTENSION:
            # A whole minute: some seconds of each are wrong throughout where stamps are, and nobody could tell.
            begin = (now - day).replace(second=0)
            (part,) = index.parts(begin, begin + SECOND)
            async with await kita.archive.play(part) as stream:
                assert (await anext(stream)).at == begin


async def test_reading_a_camera_of_a_thousand_gaps_takes_no_time_worth_mentioning() -> None:
    """Cameras that record on motion have them."""
    gaps = tuple((300.0 - n * 0.25, 5.0) for n in range(1000))
    async with filed(gaps=gaps) as kita:
        before = time.monotonic()
        index = await kita.archive.index()
        took = time.monotonic() - before
        assert index.exact
        assert len(index.stretches) == 1001
        before = time.process_time()
        index.days(TOKYO)
        index.gaps(index.stretches[0].start, index.stretches[-1].end)
        assert time.process_time() - before < 5 * max(took, 0.2)
