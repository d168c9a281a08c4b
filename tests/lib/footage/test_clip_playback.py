"""A sealed clip in fragments: every picture at its time, seconds with each request, and never the file."""

from datetime import timedelta
from io import BytesIO
from itertools import chain
from pathlib import Path
import re
import tracemalloc

import av
import pytest

from custom_components.niiza_cctv.lib.footage import clip_playback
from custom_components.niiza_cctv.lib.footage.clip import seal
from custom_components.niiza_cctv.lib.footage.clip_model import SealedClip
from custom_components.niiza_cctv.lib.footage.clip_playback import MAX_SPAN, ClipPlayback
from custom_components.niiza_cctv.lib.footage.errors import FootageMissing
from custom_components.niiza_cctv.lib.footage.playback import Segment
from tests.lib.footage.encoded import BEGIN, INTERVAL, encode, footage, spool_of, with_copy

NAME = "2026-0001-01"
LATER = BEGIN + timedelta(minutes=2)


def sealed(
    folder: Path, codec: str = "h264", *, b_frames: int = 0, gap: bool = False, pictures: int = 150
) -> tuple[Path, SealedClip]:
    """Return a clip, with two minutes missing in its middle where asked for."""
    units = encode(codec, pictures=pictures, b_frames=b_frames)
    taken = footage(units)
    if gap:
        taken = chain(footage(units[:40]), footage(units[40:80], begin=LATER))
    with spool_of(folder / f"{NAME}.spool", taken, codec) as spool:
        clip = seal(
            spool,
            folder,
            NAME,
            start=BEGIN,
            end=BEGIN + timedelta(hours=1),
            cancelled=lambda: False,
            progress=lambda _: None,
        )
    clip = with_copy(folder, NAME, clip)
    file = clip.viewing_copy or clip.master
    return folder / file.name, clip


async def whole(playback: ClipPlayback) -> tuple[bytes, list[Segment]]:
    """Return the header and every segment that the playlist names."""
    count = playback.playlist().count(".m4s")
    return await playback.header(0), [await playback.segment(number) for number in range(count)]


def pictures(film: bytes) -> list[tuple[int, bytes]]:
    """Return when each picture of a film is shown, as FFmpeg reads it, and its bytes."""
    with av.open(BytesIO(film), "r") as container:
        return [
            (packet.pts or 0, bytes(packet))
            for packet in container.demux(container.streams.video[0])
            if packet.size
        ]


def shown_at(fragment: bytes) -> list[int]:
    """Return when each picture of a fragment is shown (ISO/IEC 14496-12 8.8.8 and 8.8.12).

    FFmpeg, reading, moves all times of a film by the largest offset that it met so far.
    """
    head = fragment.index(b"tfhd") + 4
    assert fragment[head + 3] & 0x8, "no default duration"
    skip = 8 + 8 * (fragment[head + 3] & 0x1) + 4 * bool(fragment[head + 3] & 0x2)
    default = int.from_bytes(fragment[head + skip : head + skip + 4])
    at = int.from_bytes(fragment[(begin := fragment.index(b"tfdt") + 8) : begin + 8])
    run = fragment.index(b"trun") + 4
    flags, count = (
        int.from_bytes(fragment[run + 1 : run + 4]),
        int.from_bytes(fragment[run + 4 : run + 8]),
    )
    place = run + 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    times = []
    for _ in range(count):
        entry: dict[int, int] = {}
        for bit in (0x100, 0x200, 0x400, 0x800):
            if flags & bit:
                entry[bit] = int.from_bytes(fragment[place : place + 4], signed=bit == 0x800)
                place += 4
        times.append(at + entry.get(0x800, 0))
        at += entry.get(0x100, default)
    return times


@pytest.mark.parametrize(
    ("codec", "b_frames", "gap"),
    [("h264", 0, False), ("h264", 2, False), ("h264", 2, True), ("hevc", 0, True)],
)
async def test_every_picture_comes_untouched_at_its_time(
    tmp_path: Path, codec: str, b_frames: int, gap: bool
) -> None:
    """The file's own pictures in its order, and nothing of the file around them."""
    path, clip = sealed(tmp_path, codec, b_frames=b_frames, gap=gap)
    body = path.read_bytes()
    header, segments = await whole(await ClipPlayback.open(path, clip.segments))
    film = b"".join((header, *(segment.data for segment in segments)))
    kept = pictures(body)
    assert [data for _, data in pictures(film)] == [data for _, data in kept]
    shown = [at for segment in segments for at in shown_at(segment.data)]
    assert len({at - was for at, (was, _) in zip(shown, kept, strict=True)}) == 1
    assert 0 <= min(shown) < 90_000
    assert film != body
    assert NAME.encode() not in film
    # One alone is a film: what decodes it is in the header, wherever somebody jumps to.
    alone = pictures(header + segments[-1].data)
    assert [data for _, data in alone] == [data for _, data in kept][-len(alone) :]


async def test_times_are_true_behind_a_gap(tmp_path: Path) -> None:
    """A segment ends where footage is missing; what is accounted for is what is shown."""
    path, clip = sealed(tmp_path, gap=True)
    playback = await ClipPlayback.open(path, clip.segments)
    _, segments = await whole(playback)
    spans = [segment.span for segment in segments if segment.span]
    assert (spans[0][0], spans[-1][1]) == (clip.first_picture, clip.last_picture)
    assert (BEGIN + 39 * INTERVAL) in {end for _, end in spans}
    assert (LATER + 40 * INTERVAL) in {start for start, _ in spans}
    moments = re.findall(r"DATE-TIME:(\S+)", playback.playlist())
    assert moments == [
        start.isoformat(timespec="milliseconds").replace("+00:00", "Z") for start, _ in spans
    ]


async def test_one_request_gives_seconds_however_rarely_pictures_decode_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut in the middle of a group of pictures then; nor more than its size."""
    # 40 seconds of which only the first picture is called one that decodes by itself.
    units = tuple((at, data, at == 0) for at, data, _ in encode(pictures=400))
    with spool_of(tmp_path / f"{NAME}.spool", footage(units)) as spool:
        clip = seal(
            spool,
            tmp_path,
            NAME,
            start=BEGIN,
            end=BEGIN + timedelta(minutes=1),
            cancelled=lambda: False,
            progress=lambda _: None,
        )
    path = tmp_path / clip.master.name
    playback = await ClipPlayback.open(path, clip.segments)
    _, segments = await whole(playback)
    assert len(segments) == 4
    for segment in segments:
        assert segment.span is not None
        assert segment.span[1] - segment.span[0] <= MAX_SPAN
    monkeypatch.setattr(clip_playback, "MAX_SIZE", 20_000)
    _, segments = await whole(await ClipPlayback.open(path, clip.segments))
    assert len(segments) > 4
    for segment in segments:
        # What is around the pictures comes on top; one picture alone may be larger.
        inside = segment.data[segment.data.index(b"mdat") + 4 :]
        assert len(inside) <= 20_000 or len(shown_at(segment.data)) == 1


async def test_memory_does_not_grow_with_the_clip(tmp_path: Path) -> None:
    """A clip six times as long takes as much for a segment."""

    async def used(folder: Path, count: int) -> int:
        folder.mkdir()
        path, clip = sealed(folder, pictures=count)
        tracemalloc.start()
        try:
            playback = await ClipPlayback.open(path, clip.segments)
            await playback.segment(0)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    short, long = await used(tmp_path / "short", 200), await used(tmp_path / "long", 1200)
    assert long < short + 200_000


async def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    """Numbers outside the playlist, a file that went, a file that is none."""
    path, clip = sealed(tmp_path)
    playback = await ClipPlayback.open(path, clip.segments)
    for number in (-1, playback.playlist().count(".m4s")):
        with pytest.raises(LookupError):
            await playback.segment(number)
    with pytest.raises(LookupError):
        await playback.header(1)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(FootageMissing):
        await playback.segment(0)
    path.unlink()
    with pytest.raises(FootageMissing):
        await playback.segment(0)
    with pytest.raises(FootageMissing):
        await ClipPlayback.open(path, clip.segments)
    await playback.aclose()
