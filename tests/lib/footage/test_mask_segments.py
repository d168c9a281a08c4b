"""Counter disclosure: masked segments and stills from the sealed clip, each past the leak gate."""

from dataclasses import fields, replace
from datetime import timedelta
import gc
import hashlib
from io import BytesIO
import os
from pathlib import Path

import av
from av.video.codeccontext import VideoCodecContext
import numpy as np
import psutil
import pytest

from custom_components.niiza_cctv.lib.footage.clip_model import Segment
from custom_components.niiza_cctv.lib.footage.masking.errors import MaskInvalid, MaskProblem
from custom_components.niiza_cctv.lib.footage.masking.fill import SOLID, Fill, FillKind
from custom_components.niiza_cctv.lib.footage.masking.painting import Painter
from custom_components.niiza_cctv.lib.footage.masking.render import Masking, render
from custom_components.niiza_cctv.lib.footage.masking.segments import MaskedPlayback
from custom_components.niiza_cctv.lib.footage.masking.source import Passage, ProvedMaster
from custom_components.niiza_cctv.lib.footage.masking.stills import Stills
from custom_components.niiza_cctv.lib.footage.masking.track import Tracks
from tests.lib.footage.maskable import (
    BEGIN,
    CLOSE,
    SECOND,
    STEP,
    burnt_in,
    held,
    noise,
    order,
    shown,
    write,
)

WIDTH, HEIGHT, COUNT = 192, 128, 35
BOX = (0.25, 0.25, 0.75, 0.75)
INSIDE = (slice(32, 96), slice(48, 144))
STRETCHES = (
    Segment(offset=0, start=BEGIN, end=BEGIN + timedelta(seconds=2)),
    Segment(offset=2 * SECOND, start=BEGIN + timedelta(hours=1), end=BEGIN + timedelta(hours=2)),
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a clip whose pictures need others before and behind them."""
    pictures = [noise(WIDTH, HEIGHT, seed) for seed in range(COUNT)]
    return write(tmp_path / "source.mp4", pictures, options=CLOSE | {"bf": "2", "g": "15"})


def decoded(data: bytes) -> list[tuple[int, bytes]]:
    """Return when each picture of fragments is shown, and its planes."""
    with av.open(BytesIO(data), "r") as movie:
        return [(frame.pts or 0, frame.to_ndarray().tobytes()) for frame in movie.decode(video=0)]


async def test_segments_one_behind_the_other_are_the_masked_passage(
    source: Path, tmp_path: Path
) -> None:
    """The same pictures at the same times as in the file, and no other."""
    job = order(source, BOX, Passage(300_000, 2_800_000), burn_in=burnt_in())
    playback = await MaskedPlayback.open(job, STRETCHES)
    playlist = playback.playlist()
    count = playlist.count("#EXTINF")

    header = await playback.header(0)
    segments = [await playback.segment(number) for number in range(count)]
    await playback.aclose()

    assert await playback.header(0) == header
    pictures = decoded(header + b"".join(one.data for one in segments))
    assert [at for at, _ in pictures] == [STEP * place for place in range(26)]
    # Each can be shown without those before it.
    assert decoded(header + segments[1].data)[0][0] == 10 * STEP
    part = tmp_path / "file.mp4"
    render(job, part, lambda _: None, lambda _: None)
    for (_, segment), (_, filed) in zip(pictures, shown(part), strict=True):
        planes = np.frombuffer(segment, np.uint8).reshape(HEIGHT * 3 // 2, WIDTH)
        assert np.abs(planes[:32, 150:].astype(int) - SOLID[0]).max() <= 4
        assert np.abs(planes.astype(int) - filed).mean() < 12
        assert planes[INSIDE].std() > 20
    assert count == 3
    assert "#EXT-X-TARGETDURATION:1" in playlist
    assert playlist.endswith("#EXT-X-ENDLIST\n")
    assert sum(map(float, _lengths(playlist))) == pytest.approx(2.6)


async def test_no_encoder_outlives_its_segment(source: Path) -> None:
    """Each holds more than a hundred megabytes at 1080p, and the hunt for cycles comes when it comes."""
    playback = await MaskedPlayback.open(order(source, BOX), STRETCHES)
    gc.collect()
    gc.disable()
    try:
        await playback.segment(0)
        await playback.segment(1)
        left = [
            one
            for one in gc.get_objects()
            if isinstance(one, VideoCodecContext) and one.is_encoder and one.is_open
        ]
    finally:
        gc.enable()

    assert not left


def _lengths(playlist: str) -> list[str]:
    return [
        line.removeprefix("#EXTINF:").rstrip(",")
        for line in playlist.splitlines()
        if line.startswith("#EXTINF:")
    ]


async def test_each_segment_says_what_time_it_shows(source: Path) -> None:
    """For the ledger: also where the footage has a gap."""
    playback = await MaskedPlayback.open(order(source, BOX), STRETCHES)

    first, third = await playback.segment(0), await playback.segment(2)

    assert first.span == (BEGIN, BEGIN + timedelta(milliseconds=900))
    hour = BEGIN + timedelta(hours=1)
    assert third.span == (hour, hour + timedelta(milliseconds=900))
    assert f"#EXT-X-PROGRAM-DATE-TIME:{hour:%Y-%m-%dT%H:%M:%S}.000Z" in playback.playlist()


async def test_what_the_playlist_does_not_have_is_not_made(source: Path) -> None:
    """Neither another header nor a segment before, behind or between."""
    playback = await MaskedPlayback.open(order(source, BOX), STRETCHES)

    for number in (-1, 4):
        with pytest.raises(LookupError):
            await playback.segment(number)
    with pytest.raises(LookupError):
        await playback.header(1)


async def test_pictures_far_apart_have_a_segment_each(tmp_path: Path) -> None:
    """A clip may have one picture in many seconds."""
    source = write(
        tmp_path / "slow.mp4",
        [noise(WIDTH, HEIGHT, seed) for seed in range(3)],
        ticks=[0, 400_000, 420_000],
    )
    playback = await MaskedPlayback.open(order(source, BOX), STRETCHES)

    assert [float(one) for one in _lengths(playback.playlist())] == pytest.approx(
        [400 / 90, 40 / 90], abs=0.3
    )


class Leaky(Masking):
    """Masks whose painter shows all."""

    def painter(self) -> Painter:
        """Return one that was given other tracks."""
        everything = Tracks((held(self.order.master, 0, 0, 1, 1),))
        return Painter(everything, self.form, self.behind, self.banner)


async def test_a_segment_that_leaks_is_not_served(source: Path) -> None:
    """Whatever went wrong before the gate."""
    job = order(source, BOX)
    masking, master = Masking.of(job), ProvedMaster.of(source, job.source_sha256)
    leaky = Leaky(**{each.name: getattr(masking, each.name) for each in fields(masking)})

    playback = MaskedPlayback(leaky, STRETCHES, master)

    with pytest.raises(MaskInvalid) as raised:
        await playback.segment(0)
    assert raised.value.problem is MaskProblem.LEAK
    with pytest.raises(MaskInvalid):
        await playback.header(0)
    assert (await MaskedPlayback(masking, STRETCHES, master).segment(0)).data


async def test_a_segment_of_damaged_footage_is_an_error(source: Path) -> None:
    """Nothing of it decodes, and it was sealed so."""
    data = source.read_bytes()
    at = data.index(b"mdat") + 4
    job = order(source, BOX)
    masking = Masking.of(job)
    source.write_bytes(data[:at] + bytes(len(data) // 2) + data[at + len(data) // 2 :])
    master = ProvedMaster.of(source, hashlib.sha256(source.read_bytes()).hexdigest())

    with pytest.raises(MaskInvalid) as raised:
        await MaskedPlayback(masking, STRETCHES, master).segment(0)
    assert raised.value.problem is MaskProblem.NO_PICTURES


async def test_nothing_is_played_of_a_master_that_was_changed(source: Path) -> None:
    """Neither of one that was another before, nor of one that is written while it plays."""
    job = order(source, BOX)
    with pytest.raises(MaskInvalid) as other:
        await MaskedPlayback.open(replace(job, source_sha256="0" * 64), STRETCHES)
    playback = await MaskedPlayback.open(job, STRETCHES)
    assert (await playback.segment(0)).data
    data = source.read_bytes()
    source.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(MaskInvalid) as changed:
        await playback.segment(1)
    source.write_bytes(bytes(9))
    with pytest.raises(MaskInvalid) as rubbish:
        await MaskedPlayback.open(job, STRETCHES)
    assert other.value.problem is changed.value.problem is MaskProblem.NOT_THE_CLIP
    # Not that nothing can be read of it: that may be of a clip that was sealed so.
    assert rubbish.value.problem is MaskProblem.NOT_THE_CLIP


async def test_a_sealed_file_is_read_through_once_as_long_as_nobody_writes_it(source: Path) -> None:
    """The second person at the counter does not wait for an hour of footage to be hashed."""
    size = 64 * 2**20
    with source.open("ab") as file:
        # For the hash, and for no player.
        file.write(size.to_bytes(4) + b"free")
        file.truncate(source.stat().st_size + size)
    job = order(source, BOX)
    taken = []
    for _ in range(2):
        before = psutil.Process().io_counters().read_chars
        await MaskedPlayback.open(job, STRETCHES)
        taken.append(psutil.Process().io_counters().read_chars - before)
    os.utime(source)
    before = psutil.Process().io_counters().read_chars
    await Stills.open(job)
    taken.append(psutil.Process().io_counters().read_chars - before)

    assert [size < one for one in taken] == [True, False, True]


def picture(jpeg: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return the luma of a JPEG."""
    with av.open(BytesIO(jpeg), "r", format="jpeg_pipe") as file:
        frame = next(file.decode(video=0))
        return np.asarray(frame.to_ndarray(format="gray"), dtype=np.uint8)


async def test_a_still_shows_what_will_be_beside_what_is(source: Path) -> None:
    """Of the passage, and of nothing else."""
    stills = await Stills.open(order(source, BOX, Passage(SECOND, 2 * SECOND)))

    will_be = await stills.masked(1_500_000)
    is_now = await stills.source(1_500_000)

    assert (is_now.start, is_now.end, is_now.damaged) == (1_500_000, 1_600_000, False)
    masked, plain = picture(will_be.jpeg), picture(is_now.jpeg)
    assert masked.shape == plain.shape == (HEIGHT, WIDTH)
    assert np.abs(masked[INSIDE].astype(int) - plain[INSIDE]).mean() < 4
    assert masked[:24].std() < 2
    assert plain[:24].std() > 20
    for still in (stills.masked, stills.source):
        with pytest.raises(MaskInvalid):
            await still(900_000)


async def test_other_tracks_and_another_fill_give_another_still(source: Path) -> None:
    """Nothing of an earlier preview is shown."""
    stills = await Stills.open(order(source, BOX))
    one = await stills.masked(0)

    other = await stills.masked(0, Tracks(()))
    plate = await stills.masked(0, Tracks(()), Fill(FillKind.PICTURE, 0))

    assert picture(one.jpeg)[INSIDE].std() > 20
    assert picture(other.jpeg)[INSIDE].std() < 2
    assert picture(plate.jpeg)[INSIDE].std() > 2
    assert await stills.masked(0, fill=Fill()) == one


async def test_stepping_in_both_directions_shows_every_picture_once(source: Path) -> None:
    """Whether a picture was kept or is decoded anew, it is the same."""
    stills = await Stills.open(order(source, BOX))
    assert stills.keys == [0, 1_500_000, 3_000_000]
    forward = [await stills.source(at) for at in stills.times]
    back = [await stills.source(at) for at in reversed(stills.times)]

    assert forward == back[::-1]
    assert [one.start for one in forward] == stills.times
    assert len({one.jpeg for one in forward}) == COUNT
    assert forward[-1].end == stills.end


async def test_nothing_is_shown_of_a_clip_that_is_not_what_was_sealed(source: Path) -> None:
    """Neither of one that was another before, nor of one that is written over afterwards with its times set back."""
    job = order(source, BOX)
    with pytest.raises(MaskInvalid) as other:
        await Stills.open(replace(job, source_sha256="0" * 64))
    stills = await Stills.open(job)
    assert await stills.source(0)
    known = source.stat()
    data = bytearray(source.read_bytes())
    data[-1] ^= 1
    source.write_bytes(data)
    os.utime(source, ns=(known.st_atime_ns, known.st_mtime_ns))
    with pytest.raises(MaskInvalid) as changed:
        await stills.masked(0)
    assert other.value.problem is changed.value.problem is MaskProblem.NOT_THE_CLIP
