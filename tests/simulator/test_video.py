"""The minute that every virtual camera sees, and the time inside its pictures."""

import asyncio
from datetime import UTC, datetime, timedelta
import gc
import io
from pathlib import Path
from uuid import UUID
import weakref

import av
from hypothesis import given, strategies as st
import numpy as np
from numpy.typing import NDArray
import pytest

from simulator.sei import (
    SEI_UUID,
    escape,
    read_sei,
    read_time,
    split_annex_b,
    unescape,
    write_sei,
    write_time,
)
from simulator.video import FIGURES, Loop, Loops, LoopSpec, nal_type
from tests.section import until

CODECS = ("H264", "H265")
RATE = 2
# Brightness of a face.
FACE = 165
# Where the seven segments of a digit are, in digit widths and heights: see `Scene`.
_DIGITS = {
    "1110111": 0, "0010010": 1, "1011101": 2, "1011011": 3, "0111010": 4,
    "1101011": 5, "1101111": 6, "1010010": 7, "1111111": 8, "1111011": 9,
}  # fmt: skip


def spec(codec: str) -> LoopSpec:
    """Return a loop that is encoded in a moment."""
    return LoopSpec(codec=codec, width=320, height=180, frame_rate=RATE, bitrate=100)


def burnt_in(luma: NDArray[np.uint8]) -> int:
    """Read the second that is burnt into a picture."""
    height, width = luma.shape
    tall = height * 0.2
    wide, thick = tall * 0.5, tall * 0.12
    x, y = width * 0.03, height * 0.05
    number = 0
    for _ in range(2):
        middle, quarter = wide / 2, tall / 4
        places = (
            (middle, thick / 2),
            (thick / 2, quarter),
            (wide - thick / 2, quarter),
            (middle, tall / 2),
            (thick / 2, 3 * quarter),
            (wide - thick / 2, 3 * quarter),
            (middle, tall - thick / 2),
        )
        lit = "".join("1" if luma[int(y + dy), int(x + dx)] > 128 else "0" for dx, dy in places)
        number = number * 10 + _DIGITS[lit]
        x += wide * 1.5
    return number


def decode(form: str, data: bytes) -> list[av.VideoFrame]:
    """Decode a stream of "H264" or "H265", or a picture."""
    name = {"H264": "h264", "H265": "hevc"}.get(form, form)
    with av.open(io.BytesIO(data), "r", format=name) as file:
        return list(file.decode(video=0))


def pictures(form: str, data: bytes) -> list[NDArray[np.uint8]]:
    """Decode a stream, return the luma of every picture."""
    return [
        np.asarray(frame.to_ndarray(format="gray"), dtype=np.uint8) for frame in decode(form, data)
    ]


def annex_b(loop: Loop, first: int, last: int) -> bytes:
    """Return access units as a stream."""
    return b"".join(b"\0\0\0\1" + nal for unit in loop.units[first:last] for nal in unit.nals)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where this module's loops are kept."""
    return tmp_path_factory.mktemp("loops")


@pytest.mark.parametrize("codec", CODECS)
async def test_the_loop_is_a_minute_with_its_second_burnt_in(codec: str, folder: Path) -> None:
    """Each picture shows the second it belongs to."""
    loop = await Loops(folder).get(spec(codec))

    shown = pictures(codec, annex_b(loop, 0, 60 * RATE))
    assert [burnt_in(picture) for picture in shown] == [at // RATE for at in range(60 * RATE)]


@pytest.mark.parametrize("codec", CODECS)
async def test_every_second_is_a_closed_group_that_can_follow_any_other(
    codec: str, folder: Path
) -> None:
    """IDR with its parameter sets at each second and nowhere else."""
    loop = await Loops(folder).get(spec(codec))

    assert [unit.keyframe for unit in loop.units] == [at % RATE == 0 for at in range(60 * RATE)]
    sets = {7, 8} if codec == "H264" else {32, 33, 34}
    idr = {5} if codec == "H264" else {19, 20}
    for unit in loop.units:
        kinds = {nal_type(codec, nal) for nal in unit.nals}
        assert (kinds & idr != set()) == unit.keyframe
        assert (sets <= kinds) == unit.keyframe
    # Second 40, then 10: a decoder that never saw what came before shows both.
    mixed = annex_b(loop, 40 * RATE, 41 * RATE) + annex_b(loop, 10 * RATE, 11 * RATE)
    assert [burnt_in(picture) for picture in pictures(codec, mixed)] == [40] * RATE + [10] * RATE


@pytest.mark.parametrize("codec", CODECS)
async def test_a_still_shows_its_second(codec: str, folder: Path) -> None:
    """Also where the moment is between two pictures."""
    loop = await Loops(folder).get(spec(codec))

    for second in (0, 37, 59):
        jpeg = await loop.jpeg(datetime(2026, 11, 23, 12, 30, second, 900_000, tzinfo=UTC))
        assert jpeg.startswith(b"\xff\xd8")
        (picture,) = pictures("jpeg_pipe", jpeg)
        assert picture.shape == (180, 320)
        assert burnt_in(picture) == second


async def test_two_figures_cross_the_picture(folder: Path) -> None:
    """They are where `FIGURES` says, which masking tests rely on."""
    loop = await Loops(folder).get(spec("H264"))
    shown = pictures("H264", annex_b(loop, 0, 60 * RATE))

    for figure in FIGURES:
        # In the middle of the crossing the face hides what is seen there at its beginning.
        left, top, right, bottom = figure.box(figure.start + figure.seconds / 2, 320, 180)
        x, y = (left + right) // 2, top + (bottom - top) * 16 // 100
        there = shown[round((figure.start + figure.seconds / 2) * RATE)][y, x]
        assert abs(int(there) - FACE) < 25
        assert abs(int(shown[round(figure.start * RATE)][y, x]) - FACE) > 25


async def forgotten(used: weakref.ref[Loop]) -> None:
    """Wait until nobody shares a loop any more: the task that brought it may still hold it."""

    def gone() -> bool:
        gc.collect()
        return used() is None

    await until(gone)


async def test_what_was_encoded_is_kept_and_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    """Two stations at once share one loop."""
    first, second = await asyncio.gather(
        Loops(tmp_path).get(spec("H264")), Loops(tmp_path).get(spec("H264"))
    )
    assert first is second
    units = first.units
    (file,) = await asyncio.to_thread(lambda: list(tmp_path.iterdir()))
    whole = file.read_bytes()
    used = weakref.ref(first)
    del first, second
    await forgotten(used)

    read = await Loops(tmp_path).get(spec("H264"))
    assert read.units == units
    used = weakref.ref(read)
    del read
    await forgotten(used)
    file.write_bytes(whole[:-1])
    again = await Loops(tmp_path).get(spec("H264"))
    assert len(again.units) == len(units)
    used = weakref.ref(again)
    del again
    await forgotten(used)
    # What is kept now is whole: it is read, not encoded.
    written = file.stat().st_mtime_ns
    assert len((await Loops(tmp_path).get(spec("H264"))).units) == len(units)
    assert file.stat().st_mtime_ns == written
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == [file]


async def test_encoding_leaves_the_event_loop_free(tmp_path: Path) -> None:
    """The slowest encoder runs in its thread: it takes seconds, in which others have their turn."""
    task = asyncio.create_task(Loops(tmp_path).get(spec("H265")))
    turns = 0
    while not task.done():
        await asyncio.sleep(0.005)
        turns += 1
    await task
    assert turns > 10


async def test_nobody_leaves_while_something_is_encoded(tmp_path: Path) -> None:
    """Home Assistant ends threads that still run when it ends, and with them the tests' event loop."""
    loops = Loops(tmp_path)
    task = asyncio.create_task(loops.get(spec("H264")))
    await asyncio.sleep(0)
    task.cancel()
    await loops.settle()
    assert await asyncio.to_thread(lambda: [path.suffix for path in tmp_path.iterdir()]) == [".bin"]


@pytest.mark.parametrize("codec", CODECS)
async def test_a_time_goes_into_a_picture_without_harm(codec: str, folder: Path) -> None:
    """FFmpeg finds the message and still decodes the picture."""
    loop = await Loops(folder).get(spec(codec))
    at = datetime(2026, 11, 23, 3, 4, 5, 66_666, tzinfo=UTC)
    sei = write_time(codec, at)
    *sets, picture = loop.units[0].nals if codec == "H265" else loop.units[0].nals[:3]
    unit = b"".join(b"\0\0\0\1" + nal for nal in (*sets, sei, picture))

    assert read_time(unit) == at
    assert read_time(sei) == at
    assert read_time(annex_b(loop, 0, 1)) is None
    (frame,) = decode(codec, unit)
    assert burnt_in(np.asarray(frame.to_ndarray(format="gray"), dtype=np.uint8)) == 0
    # Another reader finds the same bytes.
    side = bytes(frame.side_data["SEI_UNREGISTERED"])
    assert side == SEI_UUID.bytes + b"2026-11-23T03:04:05.066666Z"


@given(data=st.binary(max_size=600), codec=st.sampled_from(CODECS))
def test_any_message_survives_and_never_looks_like_a_start_code(data: bytes, codec: str) -> None:
    """Emulation prevention, whatever the data."""
    uuid = UUID(int=1)
    nal = write_sei(codec, uuid, data)

    assert b"\0\0\0" not in nal
    assert b"\0\0\1" not in nal
    assert b"\0\0\2" not in nal
    assert read_sei(nal) == {uuid: data}
    assert split_annex_b(b"\0\0\0\1" + nal + b"\0\0\1" + nal) == [nal, nal]


@given(data=st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 255])).map(bytes))
def test_emulation_prevention_is_undone(data: bytes) -> None:
    """Escape and back, on the bytes where it matters."""
    assert unescape(escape(data)) == data


@given(data=st.binary(max_size=80))
def test_rubbish_is_no_time(data: bytes) -> None:
    """A damaged message is no time and no error."""
    assert read_time(b"\x06" + data) is None
    assert read_time(b"\x4e\x01" + data) is None


def test_times_of_other_zones_are_written_in_utc() -> None:
    """The zone of the caller does not matter."""
    at = datetime(2026, 11, 23, 0, 30, tzinfo=UTC) + timedelta(microseconds=1)
    from_tokyo = at.astimezone(tz=None)
    assert read_time(write_time("H264", from_tokyo)) == at
