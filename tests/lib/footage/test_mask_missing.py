"""Pictures that are missing altogether: the decoder says nothing of it, and nothing that was made of them is revealed."""

from pathlib import Path

import av
import pytest

from custom_components.niiza_cctv.lib.footage.frame_num import FrameNumbers
from custom_components.niiza_cctv.lib.footage.masking.render import render
from custom_components.niiza_cctv.lib.footage.masking.source import Index
from tests.lib.footage.maskable import CLOSE, STEP, noise, order, write
from tests.lib.footage.test_mask_render import moving

WIDTH, HEIGHT, COUNT = 192, 128, 35
BOX = (0.25, 0.25, 0.75, 0.75)


def source(tmp_path: Path, *, form: str = "yuv420p", **options: str) -> Path:
    """Return a clip with a key picture every 15."""
    pictures = [noise(WIDTH, HEIGHT, seed) for seed in range(COUNT)]
    stored = None if form == "yuv420p" else form
    return write(
        tmp_path / "whole.mp4", pictures, stored=stored, options=CLOSE | {"g": "15"} | options
    )


def without(path: Path, *places: int) -> tuple[Path, list[int]]:
    """Return a copy without some pictures, by their places in the order in which they decode, and when those were shown."""
    copy, gone = path.with_name("gaps.mp4"), []
    with av.open(path) as whole, av.open(copy, "w", format="mp4") as movie:
        video = whole.streams.video[0]
        stream = movie.add_stream_from_template(video)
        for place, packet in enumerate(one for one in whole.demux(video) if one.size):
            if place in places:
                assert packet.pts is not None
                gone.append(packet.pts // STEP)
                continue
            packet.stream = stream
            movie.mux(packet)
    return copy, gone


def damaged(path: Path, begin: int = 0) -> list[int]:
    """Return which pictures are called damaged, by their places in the whole clip."""
    index = Index.of(path)
    return [one.tick // STEP for one in index.pictures(begin * STEP, COUNT * STEP) if one.damaged]


def test_what_follows_a_missing_picture_is_damaged_until_the_next_key_picture(
    tmp_path: Path,
) -> None:
    """Wherever decoding begins in front of it."""
    path, gone = without(source(tmp_path), 20)

    assert gone == [20]
    assert damaged(path) == damaged(path, 17) == [*range(21, 30)]
    done = render(order(path, BOX), tmp_path / "part.mp4", lambda _: None, lambda _: None)
    assert (done.pictures, done.damaged, done.revealed) == (COUNT - 1, 9, COUNT - 10)


def test_pictures_out_of_order_are_damaged_as_they_are_decoded(tmp_path: Path) -> None:
    """Those between, too, which are shown before the missing one would have been."""
    path, gone = without(source(tmp_path, bf="2", b_strategy="0"), 19)

    # The second of the group that others are made of.
    assert gone == [21]
    assert damaged(path) == [19, 20, *range(22, 30)]


def test_a_picture_that_nothing_is_made_of_may_be_missing(tmp_path: Path) -> None:
    """The others show what they would have shown."""
    made = source(tmp_path, **{"bf": "2", "b_strategy": "0", "x264-params": "b-pyramid=none"})
    path, gone = without(made, 20)

    assert gone == [19]
    assert damaged(path) == []


@pytest.mark.parametrize("place", [18, 21, 24])
@pytest.mark.parametrize(
    "made",
    ["bframes=0", "bframes=0:ref=4", "bframes=3:b-adapt=0", "bframes=2:open-gop=0:b-pyramid=0"],
)
def test_of_h265_the_decoder_shows_nothing_that_is_made_of_a_missing_picture(
    tmp_path: Path, made: str, place: int
) -> None:
    """Nothing has to tell it from others: what is shown is what was recorded, and all of it from a later key picture on."""
    whole = write(
        tmp_path / "whole.mp4",
        moving(COUNT),
        codec="libx265",
        options={"x265-params": f"log-level=none:crf=10:pools=none:keyint=15:min-keyint=15:{made}"},
    )
    recorded = pictures(whole)
    assert len(recorded) == COUNT

    path, _ = without(whole, place)
    left = pictures(path)

    assert left == {at: recorded[at] for at in left}
    assert left.keys() >= {*range(16), *range(30, COUNT)}


def pictures(path: Path) -> dict[int, bytes]:
    """Return what is shown, by places in the whole clip."""
    return {
        one.tick // STEP: one.frame.to_ndarray().tobytes()
        for one in Index.of(path).pictures(0, COUNT * STEP)
    }


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"bf": "3", "x264-params": "b-pyramid=normal:ref=4"},
        {"bf": "2", "x264-params": "open-gop=1"},
        {"x264-params": "cqm=jvt:8x8dct=1", "preset": "medium"},
        {"x264-params": "interlaced=1"},
        {"form": "yuv444p"},
        {"form": "yuv420p10le"},
    ],
)
def test_of_a_whole_clip_no_picture_is_missing(tmp_path: Path, options: dict[str, str]) -> None:
    """In whatever way its pictures are made of others."""
    path = source(tmp_path, **options)
    with av.open(path) as clip:
        assert FrameNumbers.of(clip.streams.video[0].codec_context.extradata or b"") is not None

    assert damaged(path) == []


def test_what_cannot_be_read_is_no_reason_to_fail() -> None:
    """A description that says nothing leaves the word to the decoder; a picture that says nothing counts as missing."""
    head = bytes([1, 66, 0, 30, 255, 0xE1])
    for description in (b"", head, head + b"\0\1\x67", head + b"\xff\xff\x67B", bytes(99)):
        assert FrameNumbers.of(description) is None
    # Baseline, set 0, numbers of four bits.
    numbers = FrameNumbers.of(head + b"\0\5\x67\x42\0\x1e\xc0")
    assert numbers is not None
    for sample in (b"", b"\0\0\0\1", b"\0\0\0\1\x61", b"\0\0\0\x09\x61" + bytes(8), b"\xff" * 9):
        assert numbers.is_one_missing(sample)
