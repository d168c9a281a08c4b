"""Cuts of unusual clips, and disks that fill while a cut is made."""

from collections.abc import Iterator
from datetime import datetime, timedelta
import hashlib
from pathlib import Path
import resource
import signal

import av
import pytest

from custom_components.niiza_cctv.lib.footage.clip import seal
from custom_components.niiza_cctv.lib.footage.clip_model import ClipCancelled, SealedClip
from custom_components.niiza_cctv.lib.footage.cut import Cut, CutInvalid, CutRefusal, cut
from tests.lib.footage.encoded import BEGIN, INTERVAL, RATE, encode, footage, spool_of

NAME = "2026-0001-01"
# Places in a file are so far apart, rounded up: nearer than that to a picture's own moment both are right.
TICK = timedelta(microseconds=12)


def seal_of(folder: Path, units: list[tuple[int, bytes, bool]], codec: str) -> SealedClip:
    """Seal pictures into a folder."""
    with spool_of(folder / f"{NAME}.spool", footage(units), codec) as spool:
        return seal(
            spool,
            folder,
            NAME,
            start=BEGIN,
            end=BEGIN + len(units) * INTERVAL,
            cancelled=lambda: False,
            progress=lambda _: None,
        )


def raised(folder: Path, codec: str) -> SealedClip:
    """Seal three seconds, and three more in twice the size."""
    small = encode(codec, pictures=3 * RATE)
    large = encode(codec, pictures=3 * RATE, size=(320, 240))
    units = [*small, *((place + 3 * RATE, data, key) for place, data, key in large)]
    clip = seal_of(folder, units, codec)
    assert clip.varies
    return clip


def make(
    folder: Path, clip: SealedClip, start: datetime, end: datetime, *, encode_anew: bool = False
) -> tuple[Cut, Path]:
    """Cut a clip of a folder."""
    path = folder / f"{NAME}-c01.{'viewing' if encode_anew else 'cut'}.mp4"
    done = cut(
        folder / clip.master.name,
        clip,
        path,
        start=start,
        end=end,
        encode_anew=encode_anew,
        cancelled=lambda: False,
        progress=lambda _: None,
    )
    return done, path


def pictures(path: Path) -> list[tuple[tuple[int, int], str]]:
    """Return size and content of what a player shows."""
    with av.open(path) as container:
        return [
            (
                (frame.width, frame.height),
                hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest(),
            )
            for frame in container.decode(container.streams.video[0])
        ]


@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize(("first", "last"), [(5, 24), (25, 44), (35, 54), (29, 30), (30, 30)])
def test_a_clip_whose_size_changes_is_cut_to_the_picture(
    tmp_path: Path, codec: str, first: int, last: int
) -> None:
    """Before the change, over it and behind it, where the first parameters are not those of the pictures."""
    clip = raised(tmp_path, codec)
    done, path = make(tmp_path, clip, BEGIN + first * INTERVAL, BEGIN + (last + 1) * INTERVAL)
    assert pictures(path) == pictures(tmp_path / clip.master.name)[first : last + 1]
    assert (done.pictures, done.hidden) == (last - first + 1, first % RATE)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_clip_whose_size_changes_is_encoded_anew_in_one(tmp_path: Path, codec: str) -> None:
    """In that of its largest picture: every player shows it, and nothing is hidden."""
    clip = raised(tmp_path, codec)
    done, path = make(
        tmp_path, clip, BEGIN + 25 * INTERVAL, BEGIN + 35 * INTERVAL, encode_anew=True
    )
    assert [size for size, _ in pictures(path)] == [(320, 240)] * 10
    assert (done.pictures, done.hidden) == (10, 0)


def test_a_tick_decides_about_one_picture(tmp_path: Path) -> None:
    """From the moment of a picture on it is inside, up to its moment it is not."""
    clip = seal_of(tmp_path, [*encode(pictures=3 * RATE)], "h264")
    at = BEGIN + 13 * INTERVAL
    only, path = make(tmp_path, clip, at, at + TICK)
    assert (only.pictures, only.first_picture, only.last_picture) == (1, at, at)
    assert pictures(path) == pictures(tmp_path / clip.master.name)[13:14]
    path.unlink()
    with pytest.raises(CutInvalid) as refused:
        make(tmp_path, clip, at + TICK, at + INTERVAL - TICK)
    assert refused.value.reason is CutRefusal.NO_PICTURE
    last = clip.last_picture
    done, _ = make(tmp_path, clip, last, last + TICK)
    assert (done.pictures, done.last_picture) == (1, last)


@pytest.fixture
def _no_signal() -> Iterator[None]:
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("encode_anew", [False, True])
@pytest.mark.usefixtures("_no_signal")
def test_a_disk_that_fills_while_a_cut_is_written_leaves_nothing(
    tmp_path: Path, encode_anew: bool
) -> None:
    """At the first byte, inside the pictures, and in the index: an OSError, and never half a cut."""
    clip = seal_of(tmp_path, [*encode(pictures=3 * RATE, size=(320, 240))], "h264")
    span = BEGIN + 3 * INTERVAL, BEGIN + 27 * INTERVAL
    _, path = make(tmp_path, clip, *span, encode_anew=encode_anew)
    size = path.stat().st_size
    path.unlink()
    before = {*tmp_path.iterdir()}
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    # What an encoder makes is not of the same size each time.
    last = size * 9 // 10 if encode_anew else size - 1
    for room in (1, 100, size // 3, size // 2, last):
        # From here on the kernel refuses what goes beyond that size, as a full disk does.
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, limit))
        with pytest.raises(OSError, match="large"):
            make(tmp_path, clip, *span, encode_anew=encode_anew)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        assert {*tmp_path.iterdir()} == before
    make(tmp_path, clip, *span, encode_anew=encode_anew)


def test_a_cut_of_damaged_pictures_is_called_off(tmp_path: Path) -> None:
    """While the decoder's threads complain about them: it ends, and leaves nothing."""
    units = [
        (place, data if key else data[:40] + b"\x55" * (len(data) - 40), key)
        for place, data, key in encode(pictures=6 * RATE, size=(320, 240))
    ]
    clip = seal_of(tmp_path, units, "h264")
    for patience in range(0, 40, 3):
        asked = 0

        def cancelled() -> bool:
            nonlocal asked
            asked += 1
            return asked > patience  # noqa: B023 - called while it holds

        with pytest.raises(ClipCancelled):
            cut(
                tmp_path / clip.master.name,
                clip,
                tmp_path / "off.mp4",
                start=BEGIN,
                end=BEGIN + 60 * INTERVAL,
                encode_anew=True,
                cancelled=cancelled,
                progress=lambda _: None,
            )
        assert not [*tmp_path.glob("off*")]
