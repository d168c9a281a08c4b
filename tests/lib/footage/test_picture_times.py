"""The times of pictures whose stamps are wrong, missing or odd: over real sockets, by the RTP clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import struct

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid, CameraError
from custom_components.niiza_cctv.lib.device.quirks import Quirk, Quirks
from custom_components.niiza_cctv.lib.footage.depacketize import H264Depacketizer
from custom_components.niiza_cctv.lib.footage.picture_times import MAX_WAITING
from custom_components.niiza_cctv.lib.footage.replay import AccessUnit, ReplayEnd, replay
from tests.lib.footage.scripted_camera import (
    CLEAN,
    DISCONTINUITY,
    GROUP,
    NTP_1900,
    TERMINAL,
    VIEWER,
    Footage,
    interleaved,
    moment,
    scripted_camera,
)

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def stamped(
    change: Callable[[int, datetime, int], tuple[datetime | None, int]],
    *,
    count: int = 60,
    step: int = 9000,
    extended: str = "first",
) -> list[bytes]:
    """Return a clip's packets whose stamps and flags are changed, the RTP clock going `step` ticks a picture."""
    out = []
    for index, packets in enumerate(Footage(count=count, extended=extended).units()):
        flags = (CLEAN if index % GROUP == 0 else 0) | (TERMINAL if index == count - 1 else 0)
        at, flags = change(index, moment(index), flags)
        for packet in packets:
            changed = bytearray(packet)
            changed[4:8] = (step * index & 0xFFFF_FFFF).to_bytes(4)
            if changed[0] & 0x10:
                if at is None:
                    changed[0] &= 0xEF
                    del changed[12:28]
                else:
                    since = (at - NTP_1900) // timedelta(microseconds=1)
                    seconds, micros = divmod(since, 1_000_000)
                    stamp = (seconds & 0xFFFF_FFFF, (micros << 32) // 1_000_000, flags)
                    struct.pack_into(">IIB", changed, 16, *stamp)
            out.append(bytes(changed))
    return out


async def replayed(
    packets: list[bytes], *, start: int = 0, end: int = 59
) -> tuple[list[AccessUnit], ReplayEnd | None, Quirks]:
    """Return what a camera that sends these packets gives of a passage."""
    quirks = Quirks()
    media = b"".join(interleaved(packet) for packet in packets)
    async with scripted_camera(media=media) as camera:
        stream = await replay(
            camera.url, VIEWER, moment(start), moment(end), idle_timeout=0.5, quirks=quirks
        )
        async with stream:
            units = [unit async for unit in stream]
            return units, stream.ended, quirks


def off(
    first: int, last: int, by: timedelta
) -> Callable[[int, datetime, int], tuple[datetime, int]]:
    """Return stamps of which those from `first` to `last` are off."""
    return lambda index, at, flags: (at + by if first <= index <= last else at, flags)


def microseconds(units: list[AccessUnit]) -> list[datetime]:
    """Return the times, rounded: NTP's fraction is rounded down."""
    return [unit.at.replace(microsecond=round(unit.at.microsecond, -3) % 10**6) for unit in units]


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("by", [3 * HOUR, -9 * HOUR, 5 * SECOND, -5 * SECOND, timedelta(days=400)])
@pytest.mark.parametrize(
    ("first", "last"), [(0, 0), (0, 3), (1, 1), (17, 17), (20, 20), (20, 44), (35, 59), (59, 59)]
)
async def test_a_stamp_that_contradicts_the_rtp_clock_takes_its_time_from_it(
    first: int, last: int, by: timedelta
) -> None:
    """Once or for a while, at the beginning, in the middle or at the end; no picture is lost, nothing ends early."""
    if first == 0 and last > 0 and abs(by) < HOUR:
        pytest.skip("within what was asked for, nobody can tell which of them are right")
    units, ended, quirks = await replayed(stamped(off(first, last, by)))
    assert len(units) == 60
    assert microseconds(units) == [moment(index) for index in range(60)]
    assert ended is ReplayEnd.TERMINAL
    assert quirks.counts()[Quirk.REPLAY_STAMP].count == last - first + 1
    assert not any(unit.discontinuity for unit in units)


@pytest.mark.usefixtures("socket_enabled")
async def test_footage_beyond_the_end_ends_the_passage() -> None:
    """When those that follow lie beyond, too, by both clocks."""
    units, ended, _ = await replayed(stamped(lambda _, at, flags: (at, flags & CLEAN)), end=20)
    assert microseconds(units) == [moment(index) for index in range(21)]
    assert ended is ReplayEnd.PASSED


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("told", [True, False])
async def test_a_gap_that_the_rtp_clock_does_not_know_is_a_gap(*, told: bool) -> None:
    """Recordings of events, one behind the other: the RTP clock runs on, the stamps tell the truth."""

    def jump(index: int, at: datetime, flags: int) -> tuple[datetime, int]:
        if index < 30:
            return at, flags
        return at + 60 * SECOND, flags | (DISCONTINUITY if told and index == 30 else 0)

    units, _, quirks = await replayed(stamped(jump, count=200), end=5000)
    assert microseconds(units) == [
        moment(index) + (60 * SECOND if index >= 30 else timedelta()) for index in range(200)
    ]
    assert [unit.at for unit in units if unit.discontinuity] == [units[30].at]
    assert Quirk.REPLAY_STAMP not in quirks.counts()


@pytest.mark.usefixtures("socket_enabled")
async def test_an_rtp_clock_that_makes_no_sense_is_not_asked() -> None:
    """Of another rate than announced, or standing still: the stamps are all there is."""
    for step in (1, 90, 900_000):
        units, _, _ = await replayed(stamped(lambda _, at, flags: (at, flags), step=step))
        assert microseconds(units) == [moment(index) for index in range(60)]


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("kept", [{0}, {1}, {5, 40}, {30}, set(range(0, 60, 10)), {59}])
async def test_missing_stamps_come_from_the_rtp_clock(kept: set[int]) -> None:
    """Before and behind those that there are."""
    units, _, quirks = await replayed(
        stamped(lambda index, at, flags: (at if index in kept else None, flags))
    )
    assert microseconds(units) == [moment(index) for index in range(60)]
    assert quirks.counts()[Quirk.REPLAY_STAMP_MISSING].count == 60 - len(kept)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_stamp_of_zero_is_none() -> None:
    """RFC 5905: the time is not known."""
    units, _, _ = await replayed(
        stamped(lambda index, at, flags: (NTP_1900 if index % 3 else at, flags))
    )
    assert microseconds(units) == [moment(index) for index in range(60)]


@pytest.mark.usefixtures("socket_enabled")
async def test_stamps_in_whole_seconds_are_spread_by_the_rtp_clock() -> None:
    """Otherwise ten pictures would have one time."""
    units, _, _ = await replayed(stamped(lambda _, at, flags: (at.replace(microsecond=0), flags)))
    assert microseconds(units) == [moment(index) for index in range(60)]


@pytest.mark.usefixtures("socket_enabled")
async def test_no_times_at_all_are_an_invalid_answer() -> None:
    """Footage whose time nobody vouches for proves nothing; it is not collected for ever."""
    with pytest.raises(CameraAnswerInvalid, match="without the time"):
        await replayed(stamped(lambda *_: (None, 0)))
    depacketizer = H264Depacketizer()

    def push_all() -> None:
        for packet in stamped(lambda *_: (None, 0), count=2000, step=1):
            depacketizer.push(packet, 0, len(packet))

    with pytest.raises(CameraAnswerInvalid, match="without the time"):
        push_all()
    assert depacketizer.finished <= MAX_WAITING + 1


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("bits", [CLEAN, DISCONTINUITY, TERMINAL, 0xF0])
async def test_bits_on_every_picture_tell_nothing(bits: int) -> None:
    """C, D and T on each: clean points, discontinuities and the end are what the pictures say."""
    units, ended, quirks = await replayed(stamped(lambda _, at, flags: (at, flags | bits)))
    assert microseconds(units) == [moment(index) for index in range(60)]
    assert sum(unit.keyframe for unit in units) <= 60 // GROUP + 1
    assert sum(unit.discontinuity for unit in units) <= 2
    assert [unit.last for unit in units] == [False] * 59 + [True]
    assert ended is ReplayEnd.TERMINAL
    assert quirks.counts()[Quirk.REPLAY_BITS].count > 20


@pytest.mark.usefixtures("socket_enabled")
async def test_no_bits_at_all() -> None:
    """A silent end, then."""
    units, ended, _ = await replayed(stamped(lambda _, at, _flags: (at, 0)))
    assert [unit.keyframe for unit in units] == [index % GROUP == 0 for index in range(60)]
    assert ended is ReplayEnd.SILENT


@pytest.mark.usefixtures("socket_enabled")
async def test_a_picture_waits_for_no_other_longer_than_a_moment() -> None:
    """One picture alone, with a marker and no end: a still is there at once."""
    media = b"".join(interleaved(packet) for packet in Footage(count=1).units()[0])
    async with (
        scripted_camera(media=media) as camera,
        await replay(camera.url, VIEWER, moment(0), moment(600), idle_timeout=60) as stream,
    ):
        assert (await anext(stream)).at == moment(0)


@settings(max_examples=60, deadline=None)
@given(
    stamps=st.lists(
        st.one_of(
            st.none(),
            st.just(0),
            st.integers(-(10**10), 10**10),
            st.integers(-3_000_000, 3_000_000),
        ),
        min_size=1,
        max_size=40,
    ),
    bits=st.lists(st.integers(0, 255), min_size=1, max_size=7),
)
def test_whatever_the_stamps_are_every_picture_comes_once(
    stamps: list[int | None], bits: list[int]
) -> None:
    """In order, or none with an error of ours."""

    def change(index: int, at: datetime, _flags: int) -> tuple[datetime | None, int]:
        by = stamps[index % len(stamps)]
        flags = bits[index % len(bits)]
        return None if by is None else at + timedelta(microseconds=by), flags

    depacketizer = H264Depacketizer()
    depacketizer.times.asked = (moment(0), moment(60))
    packets = stamped(change, count=60)
    try:
        for packet in packets:
            depacketizer.push(packet, 0, len(packet))
        depacketizer.flush()
    except CameraError:
        assert None in stamps
        return
    assert [unit.rtp_time for unit in depacketizer.units] == [9000 * index for index in range(60)]
    assert all(unit.at.tzinfo is UTC for unit in depacketizer.units)
