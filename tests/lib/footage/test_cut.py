"""A cut shows exactly the chosen pictures of a sealed clip, and says what else is in the file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
import errno
from functools import cache
import hashlib
from pathlib import Path
import shutil
import tempfile

import av
from hypothesis import assume, given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.footage.archive import Picture
from custom_components.niiza_cctv.lib.footage.clip import seal
from custom_components.niiza_cctv.lib.footage.clip_model import (
    ClipCancelled,
    ClipInvalid,
    SealedClip,
    Segment,
)
from custom_components.niiza_cctv.lib.footage.cut import Cut, CutInvalid, CutRefusal, cut
from custom_components.niiza_cctv.lib.footage.spool import Spool
from tests.lib.footage.encoded import AHEAD, BEGIN, INTERVAL, encode

PICTURES = 60
TICK = timedelta(microseconds=12)


@cache
def folder() -> Path:
    """Return a folder for the clips of this file."""
    return Path(tempfile.mkdtemp(prefix="niiza-cut-"))


@pytest.fixture(scope="module", autouse=True)
def _clean() -> Iterator[None]:
    yield
    shutil.rmtree(folder(), ignore_errors=True)


@cache
def sealed(codec: str, b_frames: int, *, gap: bool) -> SealedClip:
    """Seal six seconds, with a key picture each; `gap` leaves the third and fourth second out."""
    path = folder() / f"{codec}{b_frames}{gap}.spool"
    with Spool.open(path, codec=codec) as spool:
        pictures = [
            Picture(
                at=BEGIN + place * INTERVAL,
                camera_at=BEGIN + place * INTERVAL + AHEAD,
                keyframe=keyframe,
                data=data,
                discontinuity=False,
            )
            for place, data, keyframe in encode(codec, pictures=PICTURES, b_frames=b_frames)
            if not (gap and 20 <= place < 50)
        ]
        spool.append(pictures)
        return seal(
            spool,
            path.parent,
            f"{codec}{b_frames}{int(gap)}",
            start=BEGIN,
            end=BEGIN + PICTURES * INTERVAL,
            cancelled=lambda: False,
            progress=lambda _: None,
        )


def shown(path: Path) -> list[tuple[int, str]]:
    """Return the pictures that a player shows, with their times in the file, by FFmpeg's decoder."""
    with av.open(path) as container:
        return [
            (frame.pts or 0, hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest())
            for frame in container.decode(container.streams.video[0])
        ]


@cache
def whole(codec: str, b_frames: int, gap: bool) -> list[tuple[int, str]]:
    """Return all pictures of a clip."""
    return shown(folder() / sealed(codec, b_frames, gap=gap).master.name)


def made(
    codec: str,
    b_frames: int,
    first: int,
    last: int,
    *,
    gap: bool = False,
    encode_anew: bool = False,
) -> tuple[Cut, Path]:
    """Cut from one picture to another, both of them inside."""
    clip = sealed(codec, b_frames, gap=gap)
    path = folder() / f"cut-{codec}{b_frames}{first}-{last}{gap}{encode_anew}.mp4"
    path.unlink(missing_ok=True)
    done = cut(
        folder() / clip.master.name,
        clip,
        path,
        start=BEGIN + first * INTERVAL,
        end=BEGIN + (last + 1) * INTERVAL,
        encode_anew=encode_anew,
        cancelled=lambda: False,
        progress=lambda _: None,
    )
    return done, path


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([("h264", 0), ("h264", 2), ("hevc", 0)]),
    st.integers(0, PICTURES - 1),
    st.integers(0, PICTURES - 1),
)
def test_a_cut_shows_exactly_the_chosen_pictures(
    kind: tuple[str, int], one: int, other: int
) -> None:
    """As cutting the decoded pictures of the whole clip would, slowly."""
    first, last = sorted((one, other))

    done, path = made(*kind, first, last)

    expected = whole(*kind, gap=False)[first : last + 1]
    assert [digest for _, digest in shown(path)] == [digest for _, digest in expected]
    begin = expected[0][0]
    assert [at for at, _ in shown(path)] == [at - begin for at, _ in expected]
    assert done.pictures == last - first + 1
    assert done.hidden_before == first % 10
    assert done.first_picture == BEGIN + first * INTERVAL
    assert done.last_picture == BEGIN + last * INTERVAL
    assert done.file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    with av.open(path) as container:
        packets = sum(1 for packet in container.demux() if packet.size)
    assert packets == done.pictures + done.hidden_before + done.hidden_after
    assert done.hidden_after == 0 or kind[1]
    assert Cut.from_json(done.as_json()) == done


@settings(max_examples=60, deadline=None)
@given(
    st.booleans(),
    st.integers(-1_000_000, 7_000_000),
    st.integers(-1_000_000, 7_000_000),
)
def test_a_cut_has_the_pictures_from_its_start_to_before_its_end(
    gap: bool, one: int, other: int
) -> None:
    """To the microsecond, as somebody would choose who asks every picture for its time; a gap changes nothing."""
    start, end = (BEGIN + timedelta(microseconds=at) for at in sorted((one, other)))
    times = [
        BEGIN + place * INTERVAL for place in range(PICTURES) if not (gap and 20 <= place < 50)
    ]
    expected = [number for number, at in enumerate(times) if start <= at < end]
    # Closer than a tick of the file (11 microseconds) nobody can tell.
    assume(all(abs(at - edge) > TICK or at == edge for at in times for edge in (start, end)))
    clip = sealed("h264", 0, gap=gap)
    path = folder() / "cut-any.mp4"
    path.unlink(missing_ok=True)

    def make() -> Cut:
        return cut(
            folder() / clip.master.name,
            clip,
            path,
            start=start,
            end=end,
            encode_anew=False,
            cancelled=lambda: False,
            progress=lambda _: None,
        )

    if not expected:
        with pytest.raises(CutInvalid) as refused:
            make()
        assert refused.value.reason is CutRefusal.NO_PICTURE
        assert not path.exists()
        return
    done = make()

    assert [digest for _, digest in shown(path)] == [
        whole("h264", 0, gap)[number][1] for number in expected
    ]
    assert done.pictures == len(expected)
    assert done.first_picture == times[expected[0]]
    assert done.last_picture == times[expected[-1]]


def test_cuts_that_meet_share_no_picture() -> None:
    """And leave none out between them."""
    one, other = made("h264", 0, 0, 24)[0], made("h264", 0, 25, 59)[0]

    assert one.end == other.start
    assert one.pictures + other.pictures == PICTURES


def test_a_cut_where_the_clock_was_set_back_is_refused_rather_than_too_long() -> None:
    """The clip shows pictures of other times in between, which nobody chose."""
    clip = sealed("h264", 0, gap=False)
    half = BEGIN + 29 * INTERVAL
    again = replace(
        clip,
        segments=(
            Segment(offset=0, start=BEGIN, end=half),
            Segment(
                offset=3_000_000,
                start=BEGIN + 20 * INTERVAL,
                end=BEGIN + 49 * INTERVAL,
            ),
        ),
    )

    def make(first: int, stop: int) -> Cut:
        path = folder() / f"cut-back{first}-{stop}.mp4"
        return cut(
            folder() / clip.master.name,
            again,
            path,
            start=BEGIN + first * INTERVAL,
            end=BEGIN + stop * INTERVAL,
            encode_anew=False,
            cancelled=lambda: False,
            progress=lambda _: None,
        )

    with pytest.raises(CutInvalid) as refused:
        make(15, 25)
    assert refused.value.reason is CutRefusal.CLOCK_SET_BACK
    assert make(0, 15).pictures == 15
    assert make(32, 40).pictures == 8
    # All of both, one after the other.
    assert make(15, 50).pictures == 45


def test_the_bytes_of_a_cut_are_the_cameras_own() -> None:
    """Packet by packet those of the master."""
    done, path = made("h264", 0, 13, 27)
    clip = sealed("h264", 0, gap=False)

    def packets(file: Path) -> list[bytes]:
        with av.open(file) as container:
            return [bytes(packet) for packet in container.demux() if packet.size]

    assert packets(path) == packets(folder() / clip.master.name)[10:28]
    assert done.source_sha256 == clip.master.sha256


def test_a_cut_over_a_gap_says_which_times_it_shows() -> None:
    """The gap is closed in the cut as in the clip, and its segments tell."""
    done, path = made("h264", 0, 15, 54, gap=True)

    assert [(one.start, one.end) for one in done.segments] == [
        (BEGIN + 15 * INTERVAL, BEGIN + 19 * INTERVAL),
        (BEGIN + 50 * INTERVAL, BEGIN + 54 * INTERVAL),
    ]
    assert done.segments[0].offset == 0
    assert done.segments[1].offset == pytest.approx(500_000, abs=20)
    assert done.pictures == 10
    assert [digest for _, digest in shown(path)] == [
        digest for _, digest in whole("h264", 0, gap=True)[15:25]
    ]


@pytest.mark.parametrize(("first", "last"), [(-100, -5), (70, 90), (25, 45)])
def test_a_cut_without_a_picture_is_refused(first: int, last: int) -> None:
    """Before the clip, behind it, and inside its gap."""
    with pytest.raises(CutInvalid, match="cut_no_picture"):
        made("h264", 0, first, last, gap=True)

    assert not list(folder().glob("cut-*.part"))


def test_a_cut_beyond_the_clip_ends_with_it() -> None:
    """What was asked for and what is shown are both told."""
    done, _ = made("h264", 0, 50, 90)

    assert done.end == BEGIN + 91 * INTERVAL
    assert done.last_picture == BEGIN + 59 * INTERVAL
    assert done.pictures == 10


def test_a_cut_encoded_anew_has_nothing_hidden() -> None:
    """Every picture in the file is one of those that were chosen."""
    done, path = made("hevc", 0, 13, 27, encode_anew=True)

    assert done.encoded_anew
    assert done.hidden_before == done.hidden_after == 0
    with av.open(path) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert sum(1 for packet in container.demux(stream) if packet.size) == 15
        assert "閲覧用" in container.metadata["title"]


def test_a_master_that_was_changed_gives_no_cut() -> None:
    """A cut is proved against the master as it lies there; whoever calls compares that with what was sealed."""
    clip = sealed("h264", 0, gap=False)
    bad = folder() / "cut-bad-master.mp4"
    data = (folder() / clip.master.name).read_bytes()
    bad.write_bytes(data[: len(data) // 2])

    with pytest.raises((ClipInvalid, OSError)):
        cut(
            bad,
            clip,
            folder() / "cut-bad.mp4",
            start=BEGIN,
            end=BEGIN + 9 * INTERVAL,
            encode_anew=False,
            cancelled=lambda: False,
            progress=lambda _: None,
        )
    assert not (folder() / "cut-bad.mp4").exists()


@pytest.mark.parametrize("encode_anew", [False, True])
def test_a_cut_that_is_called_off_leaves_nothing(encode_anew: bool) -> None:
    """At any of its steps."""
    clip = sealed("h264", 0, gap=False)
    for patience in range(0, 40, 7):
        asked = 0

        def cancelled() -> bool:
            nonlocal asked
            asked += 1
            return asked > patience  # noqa: B023 - called while it holds

        with pytest.raises(ClipCancelled):
            cut(
                folder() / clip.master.name,
                clip,
                folder() / "cut-off.mp4",
                start=BEGIN,
                end=BEGIN + timedelta(seconds=6),
                encode_anew=encode_anew,
                cancelled=cancelled,
                progress=lambda _: None,
            )
        assert not list(folder().glob("cut-off*"))


def test_a_full_disk_is_told_before_anything_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves nothing."""
    usage = shutil.disk_usage(folder())
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10))

    with pytest.raises(OSError, match="space") as caught:
        made("h264", 0, 3, 12)

    assert caught.value.errno == errno.ENOSPC
    assert not list(folder().glob("cut-h26403-12*"))
