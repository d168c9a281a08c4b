"""Passages as HTTP Live Streaming, from the virtual camera and read by FFmpeg."""

import asyncio
from collections.abc import AsyncIterator, Sequence
import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
import re
from typing import override

import av
import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraUnreachable
from custom_components.niiza_cctv.lib.footage.archive import (
    Archive,
    FootageStream,
    Picture,
    Stretch,
)
from custom_components.niiza_cctv.lib.footage.errors import CameraBusy, FootageMissing
from custom_components.niiza_cctv.lib.footage.gate import Use
from custom_components.niiza_cctv.lib.footage.playback import Playback, PlaybackTiming, thumbnail
from custom_components.niiza_cctv.lib.footage.replay import PATIENCE
from tests.lib.footage.archives import TOKYO, Filed, filed
from tests.section import until

pytestmark = pytest.mark.usefixtures("socket_enabled")

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
# Before the passage's start on its media clock.
LEAD_IN = 60.0


@contextlib.asynccontextmanager
async def opened(
    kita: Filed, start: datetime, end: datetime, parts: Sequence[Stretch] | None = None
) -> AsyncIterator[Playback]:
    """Open a passage for the length of a block."""
    if parts is None:
        parts = (await kita.archive.index()).parts(start, end)
    playback = Playback(lambda: kita.archive, parts, start, end)
    try:
        yield playback
    finally:
        await playback.aclose()


async def before(kita: Filed, ago: timedelta) -> datetime:
    """Return a whole second so long ago."""
    return (await kita.archive.index()).read_at.replace(microsecond=0) - ago


def times(header: bytes, *fragments: bytes) -> list[float]:
    """Return when each picture is shown on the passage's media clock, as FFmpeg reads it; every one must decode."""
    with av.open(BytesIO(header + b"".join(fragments)), "r") as movie:
        assert [stream.type for stream in movie.streams] == ["video"]
        stream = movie.streams.video[0]
        assert stream.time_base is not None
        packets = [packet for packet in movie.demux(stream) if packet.size]
        shown = [
            float(packet.pts * stream.time_base) - LEAD_IN
            for packet in packets
            if packet.pts is not None
        ]
    with av.open(BytesIO(header + b"".join(fragments)), "r") as movie:
        assert len(list(movie.decode(video=0))) == len(shown)
    return shown


def expected(first: float, last: float, rate: int = 5) -> list[float]:
    """Return the times of pictures from one second to another."""
    return [first + number / rate for number in range(round((last - first) * rate))]


async def test_playlist_lists_what_is_there_and_leaves_gaps_out() -> None:
    """Nominal segments, a mark at each gap, true times, and nothing asked of the camera's replay."""
    async with filed(gaps=((2.0, 1.0),)) as kita:
        start = await before(kita, 2 * HOUR + 12 * SECOND)
        async with opened(kita, start, start + 2 * MINUTE) as playback:
            text = playback.playlist()
            first, second = (await kita.archive.index()).parts(start, start + 2 * MINUTE)
        assert not kita.running.rtsp.setups
    lines = text.splitlines()
    assert lines[0] == "#EXTM3U"
    assert lines[-1] == "#EXT-X-ENDLIST"
    assert "#EXT-X-PLAYLIST-TYPE:VOD" in lines
    assert lines.count("#EXT-X-DISCONTINUITY") == 1
    assert [line for line in lines if "MAP" in line] == [
        '#EXT-X-MAP:URI="0.mp4"',
        '#EXT-X-MAP:URI="1.mp4"',
    ]
    moments = [
        datetime.fromisoformat(line.partition(":")[2]) for line in lines if "DATE-TIME" in line
    ]
    assert moments == [
        part.start.replace(microsecond=part.start.microsecond // 1000 * 1000)
        for part in (first, second)
    ]
    lengths = [float(line[8:-1]) for line in lines if line.startswith("#EXTINF:")]
    footage = (first.end - first.start) + (second.end - second.start)
    assert sum(lengths) == pytest.approx(footage.total_seconds(), abs=0.001)
    assert 58 < sum(lengths) < 62
    (target,) = re.findall(r"TARGETDURATION:(\d+)", text)
    assert max(lengths) <= int(target)
    assert [line for line in lines if line.endswith(".m4s")] == [
        f"{number}.m4s" for number in range(len(lengths))
    ]


@pytest.mark.parametrize("codec", ["H264", "H265"])
async def test_segments_one_after_the_other_come_from_one_replay(codec: str) -> None:
    """Every picture once, at its true time, decodable; the camera is asked once."""
    async with filed(codec=codec) as kita:
        start = await before(kita, HOUR)
        async with opened(kita, start, start + 30 * SECOND) as playback:
            header = await playback.header(0)
            fragments = [(await playback.segment(number)).data for number in range(6)]
            assert playback.codec == {"H264": "h264", "H265": "hevc"}[codec]
        assert len(kita.running.rtsp.setups) == 1
    assert (b"hvc1" if codec == "H265" else b"avc1") in header
    assert times(header, *fragments) == pytest.approx(expected(0, 30), abs=0.001)
    for number, fragment in enumerate(fragments):
        assert times(header, fragment)[0] == pytest.approx(5 * number, abs=0.001)


async def test_a_jump_stays_in_the_session_and_gives_the_same_segment() -> None:
    """What a segment holds does not depend on the way to it."""
    async with filed() as kita:
        # Between two pictures that decode by themselves.
        start = await before(kita, HOUR) + 0.5 * SECOND
        async with opened(kita, start, start + HOUR / 2) as playback:
            header = await playback.header(0)
            straight = [(await playback.segment(number)).data for number in range(6)]
            far = (await playback.segment(200)).data
            back = (await playback.segment(1)).data
        assert len(kita.running.rtsp.setups) == 1
    assert back == straight[1]
    assert times(header, far) == pytest.approx(expected(999.5, 1004.5), abs=0.001)


async def test_pictures_begin_before_their_segment_where_only_then_they_decode() -> None:
    """A passage that begins between two clean points begins with the one before."""
    async with filed() as kita:
        start = await before(kita, HOUR) + 0.5 * SECOND
        async with opened(kita, start, start + 10 * SECOND) as playback:
            header = await playback.header(0)
            first, last = [(await playback.segment(number)).data for number in range(2)]
    assert times(header, first) == pytest.approx(expected(-0.5, 4.5), abs=0.001)
    assert times(header, first, last)[-1] == pytest.approx(9.9, abs=0.11)


GROUP = 12


class LongGroups(FootageStream):
    """Footage in which a picture decodes by itself every twelve seconds only."""

    @override
    async def __anext__(self) -> Picture:
        """Return the next picture."""
        picture = await super().__anext__()
        return replace(picture, keyframe=picture.at.timestamp() % GROUP == 0)


class LongGroupArchive(Archive):
    """The card of a camera with such footage, which begins at the clean point before, as the specification has it."""

    @override
    async def play(
        self,
        part: Stretch,
        *,
        intra_only: bool = False,
        paced: bool = False,
        idle_timeout: float = 5,
        patience: float = PATIENCE,
        stays: bool = False,
    ) -> FootageStream:
        """Open a replay; every jump opens another."""
        clean = datetime.fromtimestamp(part.start.timestamp() // GROUP * GROUP, UTC)
        stream = await super().play(replace(part, start=clean))
        return LongGroups(stream._footage, stream.clock)


async def test_picture_groups_longer_than_a_segment_leave_none_empty() -> None:
    """Every picture once in a row; after a jump the pictures before it come along, for they are needed."""
    async with filed() as kita:
        now = (await before(kita, HOUR)).timestamp()
        start = datetime.fromtimestamp(now // 60 * 60, UTC)
        kita.archive = LongGroupArchive(
            kita.camera, time_zone=TOKYO, tls=None, gate=kita.archive.gate
        )
        async with opened(kita, start, start + MINUTE) as playback:
            header = await playback.header(0)
            fragments = [(await playback.segment(number)).data for number in range(12)]
            assert len(kita.running.rtsp.setups) == 1
            jumped = (await playback.segment(4)).data
    assert all(len(fragment) > 200 for fragment in fragments)
    assert times(header, *fragments) == pytest.approx(expected(0, 60), abs=0.001)
    shown = times(header, jumped)
    assert shown[0] == pytest.approx(12, abs=0.001)
    assert shown[-1] >= 23.7


async def test_gap_that_the_index_does_not_know_holds_the_picture_before() -> None:
    """What is there keeps its true time on both sides; in between the last picture stands still."""
    async with filed(gaps=((2.0, 1.0),)) as kita:
        start = await before(kita, 2 * HOUR + 12 * SECOND)
        index = await kita.archive.index()
        first, second = index.parts(start, start + 2 * MINUTE)
        lost = round((first.end - start).total_seconds())
        found = round((second.start - start).total_seconds())
        whole = Stretch(recording=first.recording, start=start, end=start + 2 * MINUTE)
        async with opened(kita, start, whole.end, [whole]) as playback:
            header = await playback.header(0)
            fragments = [(await playback.segment(number)).data for number in range(24)]
            assert len(kita.running.rtsp.setups) == 1
            jumped = (await playback.segment(6)).data
            after = (await playback.segment(found // 5)).data
    held = range(-(-lost // 5), found // 5)
    assert len(held) > 9
    for number in held:
        # The picture before stands still: players give up behind many segments without one.
        assert times(header, fragments[number]) == pytest.approx([5 * number], abs=0.001)
    assert times(header, jumped) == pytest.approx([30], abs=0.001)
    there = [fragment for number, fragment in enumerate(fragments) if number not in held]
    assert times(header, *there) == pytest.approx(
        [*expected(0, lost), *expected(found, 120)], abs=0.001
    )
    assert after == fragments[found // 5]


async def test_camera_is_given_back_behind_the_segment_that_is_in_work() -> None:
    """An export that waits gets its turn while somebody watches, and the person goes on afterwards."""
    async with filed() as kita:
        start = await before(kita, HOUR)
        gate = kita.archive.gate
        async with opened(kita, start, start + MINUTE) as playback:
            header = await playback.header(0)
            fragments = [(await playback.segment(0)).data]
            enough = asyncio.Event()

            async def export() -> None:
                async with gate.turn(Use.EXPORT):
                    await enough.wait()

            exporting = asyncio.create_task(export())
            await until(lambda: gate.holder is Use.EXPORT)
            assert not gate.waiting
            waiting = asyncio.create_task(playback.segment(1))
            await until(lambda: gate.waiting)
            assert not waiting.done()
            enough.set()
            await exporting
            fragments.append((await waiting).data)
        assert gate.holder is None
    assert times(header, *fragments) == pytest.approx(expected(0, 10), abs=0.001)


async def test_camera_is_given_back_when_nobody_asks_any_more() -> None:
    """A browser that was closed holds the camera's only session for seconds, and nothing stays in memory."""
    async with filed() as kita:
        start = await before(kita, HOUR)
        async with opened(kita, start, start + MINUTE) as playback:
            playback.timing = PlaybackTiming(rest=0.05, give_up=0.5)
            header = await playback.header(0)
            first = (await playback.segment(0)).data
            await until(lambda: kita.archive.gate.holder is None)
            second = (await playback.segment(1)).data
            assert len(kita.running.rtsp.setups) == 2
            # Held and taken up again.
            await asyncio.sleep(0.4)
            third = (await playback.segment(2)).data
    assert times(header, first, second, third) == pytest.approx(expected(0, 15), abs=0.001)


async def test_browser_that_leaves_ends_the_work_and_loses_nothing() -> None:
    """A request that is cancelled in the middle is taken up where it was by the next one."""
    async with filed() as kita:
        kita.running.set(replay_speed=8.0)
        start = await before(kita, HOUR)
        async with opened(kita, start, start + MINUTE) as playback:
            header = await playback.header(0)
            left = asyncio.create_task(playback.segment(0))
            await asyncio.sleep(0.2)
            left.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await left
            fragments = [(await playback.segment(number)).data for number in range(2)]
            assert len(kita.running.rtsp.setups) == 1
    assert times(header, *fragments) == pytest.approx(expected(0, 10), abs=0.001)


async def test_camera_that_goes_away_is_an_error_and_comes_back() -> None:
    """The next request opens a new replay."""
    async with filed() as kita:
        start = await before(kita, HOUR)
        async with opened(kita, start, start + MINUTE) as playback:
            header = await playback.header(0)
            await playback.segment(0)
            kita.running.set(drop_after=0.5)
            await playback.aclose()
            with pytest.raises(CameraUnreachable):
                await playback.segment(3)
            assert kita.archive.gate.holder is None
            kita.running.set(drop_after=None)
            assert times(header, (await playback.segment(3)).data) == pytest.approx(
                expected(15, 20), abs=0.001
            )


async def test_replay_that_is_granted_and_not_played_holds_no_player_up() -> None:
    """503 to PLAY: after a few tries the part has nothing, and what is there again later is shown."""
    async with filed() as kita:
        start = await before(kita, HOUR)
        kita.running.set(play_busy=True)
        async with opened(kita, start, start + MINUTE) as playback:
            with pytest.raises(FootageMissing):
                await playback.header(0)
            assert kita.archive.gate.holder is None
        kita.running.set(play_busy=False)
        async with opened(kita, start, start + MINUTE) as playback:
            header = await playback.header(0)
            segment = await playback.segment(0)
            assert times(header, segment.data)[0] == 0.0


async def test_passage_that_is_gone_says_so() -> None:
    """The card has overwritten it since: no player waits for it."""
    async with filed(days=2) as kita:
        start = await before(kita, timedelta(days=5))
        gone = Stretch(recording="SD_1", start=start, end=start + MINUTE)
        async with opened(kita, start, gone.end, [gone]) as playback:
            with pytest.raises(FootageMissing):
                await playback.header(0)
            assert len((await playback.segment(2)).data) < 200
            setups = len(kita.running.rtsp.setups)
            assert len((await playback.segment(3)).data) < 200
            assert len(kita.running.rtsp.setups) == setups
            for number in (-1, 12):
                with pytest.raises(LookupError):
                    await playback.segment(number)


@pytest.mark.parametrize("codec", ["H264", "H265"])
async def test_thumbnail_is_a_small_picture(codec: str) -> None:
    """Of the middle of the footage; none while somebody else has the camera."""
    async with filed(codec=codec) as kita:
        start = await before(kita, HOUR)
        parts = (await kita.archive.index()).parts(start, start + MINUTE)
        data = await thumbnail(kita.archive, parts)
        async with kita.archive.gate.turn(Use.EXPORT):
            with pytest.raises(CameraBusy):
                await thumbnail(kita.archive, parts)
        with pytest.raises(FootageMissing):
            await thumbnail(kita.archive, ())
    with av.open(BytesIO(data), "r") as picture:
        (frame,) = picture.decode(video=0)
    assert (frame.width, frame.height) == (320, 180)
    assert len(data) < 40_000
