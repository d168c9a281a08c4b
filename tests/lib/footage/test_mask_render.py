"""Masked clips, from real files: which pictures are in them, when they are shown, and what is not in them."""

from array import array
from collections.abc import Callable, Iterator
import errno
from pathlib import Path
import resource
import signal
from typing import Any

import av
import numpy as np
import pytest

from custom_components.niiza_cctv.lib.footage.clip import ENCODER
from custom_components.niiza_cctv.lib.footage.masking.errors import MaskInvalid, MaskProblem
from custom_components.niiza_cctv.lib.footage.masking.fill import (
    SOLID,
    Fill,
    FillKind,
    backdrop,
    block_size,
)
from custom_components.niiza_cctv.lib.footage.masking.order import MaskedClip, MaskOrder, Rendered
from custom_components.niiza_cctv.lib.footage.masking.painting import Form
from custom_components.niiza_cctv.lib.footage.masking.render import render
from custom_components.niiza_cctv.lib.footage.masking.source import Index, Passage, microseconds
from custom_components.niiza_cctv.lib.footage.masking.track import Tracks
from custom_components.niiza_cctv.lib.footage.nal import units_of
from custom_components.niiza_cctv.lib.footage.samples import by_length
from tests.lib.footage.encoded import BEGIN as SEALED_FROM, INTERVAL, sealed
from tests.lib.footage.maskable import (
    CLOSE,
    SECOND,
    STEP,
    Picture,
    box_track,
    burnt_in,
    held,
    hide_track,
    noise,
    order,
    shown,
    write,
)

WIDTH, HEIGHT = 192, 128
# In cells of 2 × 2: a box whose edges are no edges of cells, and what of it is revealed.
BOX = (0.251, 0.251, 0.749, 0.749)
INSIDE = (slice(34, 94), slice(50, 142))


def smooth(width: int = WIDTH, height: int = HEIGHT, seed: int = 1) -> Picture:
    """Return a picture that a coarse encoder leaves nearly as it is: large patches of many greys."""
    small = noise(width // 16 + 1, (height // 16 + 1) * 2, seed)[: height // 16 + 1]
    luma = small.repeat(16, 0).repeat(16, 1)[:height, :width]
    return np.concatenate([luma, np.full((height // 2, width), 128, np.uint8)])


def pictures(count: int, width: int = WIDTH, height: int = HEIGHT) -> list[Picture]:
    """Return pictures of which each is another."""
    return [smooth(width, height, seed) for seed in range(count)]


def rendered(job: MaskOrder, folder: Path) -> tuple[Rendered, list[tuple[int, Picture]]]:
    """Render and decode."""
    part = folder / "masked.mp4.part"
    shares: list[float] = []
    done = render(job, part, shares.append, shares.append)
    assert shares
    return done, list(shown(part))


def is_blank(luma: Any) -> bool:
    """Return whether there is nothing but the fill."""
    return bool((np.abs(luma.astype(int) - SOLID[0]) <= 4).all())


def outside(luma: Any) -> Any:
    """Return what is not near the box: beyond its macroblocks and what their filter reaches."""
    hidden = luma.copy()
    hidden[32 - 4 : 96 + 4, 48 - 4 : 144 + 4] = SOLID[0]
    return hidden


def test_only_the_box_is_revealed(tmp_path: Path) -> None:
    """At the times of the source, in H.264, and as long as the source."""
    source = write(tmp_path / "source.mp4", pictures(12))

    done, seen = rendered(order(source, BOX), tmp_path)

    assert done == Rendered(
        width=WIDTH, height=HEIGHT, pictures=12, revealed=12, damaged=0, duration=1_200_000
    )
    assert [at for at, _ in seen] == [at for at, _ in shown(source)]
    for (_, masked), (_, original) in zip(seen, shown(source), strict=True):
        assert is_blank(outside(masked[:HEIGHT]))
        apart = np.abs(masked[INSIDE].astype(int) - original[INSIDE])
        assert apart.mean() < 6
        assert not is_blank(masked[INSIDE])
    with av.open(tmp_path / "masked.mp4.part") as movie:
        (stream,) = movie.streams
        assert stream.codec_context.name == "h264"
        assert stream.duration == 12 * STEP
        assert movie.start_time == 0


@pytest.mark.parametrize(
    ("first", "last", "numbers"),
    [
        (0.3, 0.7, range(3, 8)),
        # Between two pictures.
        (0.31, 0.69, range(4, 7)),
        (-5.0, 0.1, range(2)),
        (0.9, 99.0, range(9, 12)),
        (0.5, 0.5, range(5, 6)),
    ],
)
@pytest.mark.parametrize("b_frames", ["0", "2"])
def test_no_more_pictures_than_the_passage_granted(
    tmp_path: Path, first: float, last: float, numbers: range, b_frames: str
) -> None:
    """With times from its first one, whatever they need for decoding."""
    source = write(tmp_path / "source.mp4", pictures(12), options=CLOSE | {"bf": b_frames})
    passage = Passage(round(first * SECOND), round(last * SECOND))

    done, seen = rendered(order(source, BOX, passage), tmp_path)

    assert done.pictures == len(numbers)
    assert [at for at, _ in seen] == [STEP * place for place in range(len(numbers))]
    originals = [original for _, original in shown(source)]
    for number, (_, masked) in zip(numbers, seen, strict=True):
        assert np.abs(masked[INSIDE].astype(int) - originals[number][INSIDE]).mean() < 6


def test_a_passage_without_a_picture_is_refused(tmp_path: Path) -> None:
    """Behind the end, and between two pictures."""
    source = write(tmp_path / "source.mp4", pictures(3))
    for start, end in ((5 * SECOND, 6 * SECOND), (110_000, 190_000), (200_000, 100_000)):
        with pytest.raises(MaskInvalid) as raised:
            rendered(order(source, BOX, Passage(start, end)), tmp_path)
        assert raised.value.problem is MaskProblem.NO_PICTURES


def test_a_variable_frame_rate_is_kept(tmp_path: Path) -> None:
    """Each picture at its time, and the last one as long as it was shown."""
    ticks = [0, 1_000, 9_000, 9_001, 40_000, 130_000]
    source = write(tmp_path / "source.mp4", pictures(6), ticks=ticks)

    _, seen = rendered(order(source, BOX), tmp_path)

    assert [at for at, _ in seen] == ticks
    with av.open(source) as original, av.open(tmp_path / "masked.mp4.part") as masked:
        assert masked.streams.video[0].duration == original.streams.video[0].duration


def test_a_clip_of_one_picture(tmp_path: Path) -> None:
    """It is shown as long as in the source."""
    source = write(tmp_path / "source.mp4", pictures(1))

    done, seen = rendered(order(source, BOX), tmp_path)

    assert done.pictures == len(seen) == 1
    assert done.duration == 100_000


FORMS: dict[str, dict[str, Any]] = {
    "H.265": {"codec": "libx265", "options": {"x265-params": "log-level=none:crf=4:pools=none"}},
    "H.265, 10 bit": {
        "codec": "libx265",
        "stored": "yuv420p10le",
        "options": {"x265-params": "log-level=none:crf=4:pools=none"},
    },
    "H.264, 10 bit": {"stored": "yuv420p10le"},
    "H.264, 4:4:4": {"stored": "yuv444p"},
    "H.264, full range": {"stored": "yuvj420p", "full_range": True},
    "H.264, grey": {"stored": "gray"},
}


@pytest.mark.parametrize("name", FORMS)
def test_whatever_the_source_is_the_result_plays_everywhere(tmp_path: Path, name: str) -> None:
    """8 bit, 4:2:0, H.264, and the same greys."""
    source = write(tmp_path / "source.mp4", pictures(4), **FORMS[name])
    with av.open(source) as movie:
        ranges = movie.streams.video[0].codec_context.color_range

    done, seen = rendered(order(source, BOX), tmp_path)

    assert done.revealed == 4
    with av.open(tmp_path / "masked.mp4.part") as movie:
        video = movie.streams.video[0].codec_context
        assert (video.name, (video.pix_fmt or "").replace("yuvj", "yuv")) == ("h264", "yuv420p")
        assert (video.color_range == 2) == (ranges == 2)
    with av.open(source) as movie:
        for frame, (_, masked) in zip(movie.decode(video=0), seen, strict=True):
            original = frame.to_ndarray(format="yuvj420p" if ranges == 2 else "yuv420p")
            assert np.abs(masked[INSIDE].astype(int) - original[INSIDE]).mean() < 6
            assert is_blank(outside(masked[:HEIGHT]))


def test_odd_sizes_lose_their_last_row_and_column(tmp_path: Path) -> None:
    """H.264 in 4:2:0 has none."""
    luma = smooth(WIDTH + 1, HEIGHT + 1)[: HEIGHT + 1]
    grey = np.full_like(luma, 128)
    stack = np.stack([luma, grey, grey])
    source = write(tmp_path / "source.mp4", [stack] * 3, form="yuv444p")

    done, seen = rendered(order(source, BOX), tmp_path)

    assert (done.width, done.height) == (WIDTH, HEIGHT)
    assert all(is_blank(outside(masked[:HEIGHT])) for _, masked in seen)
    assert not is_blank(seen[0][1][INSIDE])


@pytest.mark.parametrize("height", [122, 124, 126])
def test_coordinates_are_those_of_the_cropped_picture(tmp_path: Path, height: int) -> None:
    """The SPS cuts off what fills the last macroblocks."""
    source = write(tmp_path / "source.mp4", pictures(3, height=height))

    _, seen = rendered(order(source, (0, 0.5, 1, 1)), tmp_path)

    originals = [original for _, original in shown(source)]
    for (_, masked), original in zip(seen, originals, strict=True):
        assert masked.shape == original.shape
        # The lower half down to the last row.
        below = slice(height // 2 + 16, height)
        assert np.abs(masked[below].astype(int) - original[below]).mean() < 6
        assert is_blank(masked[: height // 2 - 18])


def displayed_by(path: Path, *matrix: int) -> None:
    """Write into a file how its pictures are turned to be displayed."""
    across, along, up, down = matrix
    data = bytearray(path.read_bytes())
    # ISO/IEC 14496-12, 8.3.2: the matrix stands 40 bytes behind the name of the box.
    at = data.index(b"tkhd") + 44
    values = (across, along, 0, up, down, 0, 0, 0, 0x4000)
    data[at : at + 36] = b"".join((one << 16).to_bytes(4, signed=True) for one in values)
    path.write_bytes(data)


@pytest.mark.parametrize("matrix", [(-1, 0, 0, 1), (1, 0, 0, -1), (0, 1, 1, 0)])
def test_pictures_as_in_a_mirror_are_refused(tmp_path: Path, matrix: tuple[int, ...]) -> None:
    """What was drawn on the left would lie on the right."""
    source = write(tmp_path / "source.mp4", pictures(3))
    displayed_by(source, *matrix)

    with pytest.raises(MaskInvalid) as raised:
        rendered(order(source, BOX), tmp_path)

    assert raised.value.problem is MaskProblem.UNREADABLE


CROPS = {
    # As the decoder gives the picture: what it cannot cut off on the left stays.
    "left and above": "crop_left=64:crop_top=32",
    "a little, left and above": "crop_left=2:crop_top=2",
    "all around": "crop_left=10:crop_right=6:crop_top=4:crop_bottom=8",
}


@pytest.mark.parametrize("name", CROPS)
def test_a_picture_that_begins_inside_is_masked_where_its_stills_show_it(
    tmp_path: Path, name: str
) -> None:
    """The SPS may cut off on every side; a box lies on what the person saw who drew it."""
    whole = write(tmp_path / "whole.mp4", pictures(3), options=CLOSE | {"bf": "0"})
    source = tmp_path / "source.mp4"
    options = {"video_track_timescale": "90000"}
    with av.open(whole) as clip, av.open(source, "w", format="mp4", options=options) as movie:
        video = clip.streams.video[0]
        stream = movie.add_stream_from_template(video)
        cut = av.bitstream.BitStreamFilterContext(f"h264_metadata={CROPS[name]}", video, stream)
        for packet in [*clip.demux(video), None]:
            for one in cut.filter(packet) if packet is None or packet.size else ():
                one.stream = stream
                movie.mux(one)

    done, seen = rendered(order(source, (0, 0, 0.5, 0.5)), tmp_path)

    rows, columns = done.height // 4 * 2, done.width // 4 * 2
    for (_, masked), (_, original) in zip(seen, shown(source), strict=True):
        assert masked.shape == original.shape != shown_shape(whole)
        revealed = masked[:rows, :columns].astype(int)
        assert np.abs(revealed - original[:rows, :columns]).mean() < 6
        assert is_blank(masked[rows + 20 : done.height])
        assert is_blank(masked[: done.height, columns + 20 :])


def shown_shape(path: Path) -> tuple[int, ...]:
    """Return the shape of a file's pictures."""
    return next(iter(shown(path)))[1].shape


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_coordinates_are_those_of_the_picture_as_it_is_displayed(
    tmp_path: Path, turns: int
) -> None:
    """The result is upright and needs no turning."""
    source = write(tmp_path / "source.mp4", pictures(3))
    cosine, sine = ((0, 1), (-1, 0), (0, -1))[turns - 1]
    displayed_by(source, cosine, sine, -sine, cosine)
    with av.open(source) as movie:
        upright = [
            np.rot90(frame.to_ndarray(format="yuv420p")[:HEIGHT], frame.rotation // 90)
            for frame in movie.decode(video=0)
        ]
        assert upright[0].shape == ((HEIGHT, WIDTH) if turns == 2 else (WIDTH, HEIGHT))

    done, seen = rendered(order(source, (0, 0, 0.5, 0.5)), tmp_path)

    assert (done.height, done.width) == upright[0].shape
    with av.open(tmp_path / "masked.mp4.part") as movie:
        assert [frame.rotation for frame in movie.decode(video=0)] == [0] * 3
    rows, columns = done.height // 2, done.width // 2
    for (_, masked), original in zip(seen, upright, strict=True):
        revealed = masked[:rows, :columns].astype(int)
        assert np.abs(revealed - original[:rows, :columns]).mean() < 6
        assert is_blank(masked[rows + 20 : done.height])


def test_the_size_may_change_on_the_way(tmp_path: Path) -> None:
    """All pictures become as large as the clip's largest, and coordinates stay parts of the picture."""
    parts = [
        write(tmp_path / f"{number}.mp4", pictures(3, width, height), options=CLOSE | {"bf": "0"})
        for number, (width, height) in enumerate(((96, 64), (WIDTH, HEIGHT)))
    ]
    source = tmp_path / "source.mp4"
    number = 0
    with av.open(source, "w", format="mp4", options={"video_track_timescale": "90000"}) as movie:
        stream = None
        for part in parts:
            with av.open(part) as clip:
                video = clip.streams.video[0]
                filters = av.bitstream.BitStreamFilterContext("h264_mp4toannexb", video)
                if stream is None:
                    stream = movie.add_stream_from_template(video)
                    stream.codec_context.codec_tag = "avc3"
                    stream.time_base = video.time_base
                for packet in clip.demux(video):
                    is_keyframe = packet.is_keyframe
                    for one in filters.filter(packet) if packet.size else ():
                        copy = av.Packet(by_length(units_of("h264", bytes(one))))
                        copy.stream, copy.time_base = stream, video.time_base
                        copy.pts = copy.dts = number * STEP
                        copy.is_keyframe = is_keyframe
                        movie.mux(copy)
                        number += 1
    with av.open(source) as movie:
        sizes = [frame.width for frame in movie.decode(video=0)]
    assert sizes == [96] * 3 + [WIDTH] * 3

    done, seen = rendered(order(source, BOX, size=(WIDTH, HEIGHT)), tmp_path)

    assert (done.width, done.height, done.pictures) == (WIDTH, HEIGHT, 6)
    for _, masked in seen:
        assert is_blank(outside(masked[:HEIGHT]))
        assert not is_blank(masked[INSIDE])


def moving(count: int) -> list[Picture]:
    """Return pictures in which everything moves: whatever is of another time is seen to be."""
    luma = noise(WIDTH, HEIGHT)[:HEIGHT]
    grey = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)
    return [
        np.concatenate([np.roll(luma, (3 * number, 5 * number), (0, 1)), grey])
        for number in range(count)
    ]


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("place", [0, 5, 6, 20])
@pytest.mark.parametrize("b_frames", ["0", "2"])
def test_what_is_made_of_a_damaged_picture_reveals_nothing_either(
    tmp_path: Path, b_frames: str, place: int, gone: bool
) -> None:
    """What the decoder fills in may be anybody, and stays in the pictures up to the next key picture."""
    source = write(tmp_path / "source.mp4", moving(40), options=CLOSE | {"bf": b_frames, "g": "20"})
    intact = dict(shown(source))
    with av.open(source) as movie:
        stored = [(one.pos or 0, one.size) for one in movie.demux(video=0) if one.size]
    data = bytearray(source.read_bytes())
    pos, size = stored[place]
    if gone:
        # Something that is no picture.
        data[pos : pos + size] = (size - 4).to_bytes(4) + b"\x0c" + b"\xff" * (size - 5)
    else:
        data[pos + size // 3 : pos + size] = bytes(size - size // 3)
    source.write_bytes(data)
    decoded = dict(shown_damaged(source))
    first = min(decoded)
    whole = {tick for tick, seen in decoded.items() if np.array_equal(seen, intact[tick])}
    assert len(whole) < 40

    done, masked = rendered(order(source, BOX), tmp_path)

    # A file begins with its first picture.
    assert [first + tick for tick, _ in masked] == sorted(decoded)
    revealed = {first + tick for tick, seen in masked if not is_blank(seen[INSIDE])}
    assert revealed <= whole
    # Those of the other key picture, but for what might be shown before what it is made of.
    others = range(20, 40) if place < 20 else range(4)
    assert revealed >= {number * STEP for number in others}
    assert (done.revealed, done.damaged) == (len(revealed), len(decoded) - len(revealed))


def shown_damaged(path: Path) -> Iterator[tuple[int, Picture]]:
    """Give all that a decoder makes of a file, whatever it says of that."""
    with av.open(path) as movie:
        video = movie.streams.video[0]
        for packet in movie.demux(video):
            try:
                frames = video.codec_context.decode(packet)
            except av.FFmpegError:
                continue
            for frame in frames:
                yield (
                    frame.pts or 0,
                    np.asarray(frame.to_ndarray(format="yuv420p"), dtype=np.uint8),
                )


def test_a_master_that_is_not_what_was_sealed_is_not_masked(tmp_path: Path) -> None:
    """One byte is enough."""
    source = write(tmp_path / "source.mp4", pictures(2))
    job = order(source, BOX)
    source.write_bytes(source.read_bytes()[:-1] + b"x")

    with pytest.raises(MaskInvalid) as raised:
        rendered(job, tmp_path)

    assert raised.value.problem is MaskProblem.NOT_THE_CLIP


def _no_video(path: Path) -> None:
    with av.open(path, "w", format="mp4") as movie:
        stream = movie.add_stream("aac", rate=8_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 8_000
        movie.mux(stream.encode(frame))
        movie.mux(stream.encode(None))


def _garbage(path: Path) -> None:
    path.write_bytes(np.random.default_rng(1).bytes(4_000))


@pytest.mark.parametrize("make", [_no_video, _garbage])
def test_what_is_no_clip_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """And nothing else of FFmpeg's errors leaves."""
    source = tmp_path / "source.mp4"
    make(source)

    with pytest.raises(MaskInvalid) as raised:
        rendered(order(source, BOX), tmp_path)

    assert raised.value.problem is MaskProblem.UNREADABLE


def test_a_clip_that_is_gone_is_an_error_of_the_disk(tmp_path: Path) -> None:
    """Not one of the clip."""
    with pytest.raises(FileNotFoundError):
        Index.of(tmp_path / "gone.mp4")


def test_a_mask_that_reveals_nothing_is_no_disclosure(tmp_path: Path) -> None:
    """The tracks lie outside the passage."""
    source = write(tmp_path / "source.mp4", pictures(10))
    tracks = Tracks((box_track((0, BOX), (200_000, BOX)),))

    with pytest.raises(MaskInvalid) as raised:
        rendered(order(source, tracks, Passage(500_000, SECOND)), tmp_path)

    assert raised.value.problem is MaskProblem.NOTHING_REVEALED


def test_tracks_longer_than_the_clip_are_refused(tmp_path: Path) -> None:
    """The clip says how long it is."""
    source = write(tmp_path / "source.mp4", pictures(10))
    tracks = Tracks((box_track((0, BOX), (SECOND + 1, BOX)),))

    with pytest.raises(MaskInvalid) as raised:
        rendered(order(source, tracks), tmp_path)

    assert raised.value.problem is MaskProblem.BEYOND_CLIP


def test_a_full_disk_is_an_error_of_the_disk(tmp_path: Path) -> None:
    """As the encoder meets it in the middle; here a limit of this process plays the disk."""
    source = write(tmp_path / "source.mp4", [noise(WIDTH, HEIGHT, n) for n in range(30)])
    job = order(source, (0, 0, 1, 1))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, before[1]))
        with pytest.raises(OSError, match="File too large") as raised:
            rendered(job, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)

    assert raised.value.errno == errno.EFBIG


def walker(count: int) -> list[Picture]:
    """Return pictures of a still place through which a bright figure walks."""
    made = []
    place = smooth()
    for number in range(count):
        picture = place.copy()
        left = 8 * number % (WIDTH - 32)
        picture[40:100, left : left + 32] = 235
        made.append(picture)
    return made


@pytest.mark.parametrize("fill", [Fill(FillKind.MEDIAN), Fill(FillKind.PICTURE, 0)])
def test_a_plate_is_a_mosaic_that_never_moves(tmp_path: Path, fill: Fill) -> None:
    """The same blocks behind every picture; who walks is not in the median's."""
    source = write(tmp_path / "source.mp4", walker(20))
    tracks = Tracks((box_track((0, (0, 0, 0.1, 0.1)), (1_900_000, (0, 0, 0.1, 0.1))),))

    done, seen = rendered(order(source, tracks, fill=fill), tmp_path)

    assert done.revealed == 20
    below = slice(32, HEIGHT)
    first = seen[0][1][below].astype(int)
    assert all(np.abs(masked[below] - first).max() <= 12 for _, masked in seen)
    index = Index.of(source)
    behind = backdrop(fill, index, index.ticks, Form(WIDTH, HEIGHT, full_range=False))[0]
    size = block_size(Form(WIDTH, HEIGHT, full_range=False))
    blocks = behind.reshape(HEIGHT // size, size, WIDTH // size, size)
    assert (blocks.max(axis=(1, 3)) == blocks.min(axis=(1, 3))).all()
    empty = smooth()[:HEIGHT].reshape(blocks.shape).mean(axis=(1, 3))
    apart = np.abs(blocks[:, 0, :, 0].astype(int) - empty).max()
    assert (apart < 12) == (fill.kind is FillKind.MEDIAN)


@pytest.mark.parametrize(
    ("fill", "count"),
    [
        (Fill(FillKind.MEDIAN), 8),
        (Fill(FillKind.PICTURE), 12),
        (Fill(FillKind.SOLID, 0), 12),
        (Fill(FillKind.MEDIAN, 0), 12),
    ],
)
def test_a_plate_of_nothing_is_refused(tmp_path: Path, fill: Fill, count: int) -> None:
    """A median of few pictures is those pictures; a chosen one has a time."""
    source = write(tmp_path / "source.mp4", walker(count))

    with pytest.raises(MaskInvalid) as raised:
        rendered(order(source, BOX, fill=fill), tmp_path)

    assert raised.value.problem is MaskProblem.NO_PLATE


def test_what_is_hidden_stays_hidden_inside_the_box(tmp_path: Path) -> None:
    """Somebody walks past within it."""
    source = write(tmp_path / "source.mp4", pictures(4))
    tracks = Tracks((held(source, 0, 0, 1, 1),), (hide_track((0, (0.5, 0, 1, 1))),))

    _, seen = rendered(order(source, tracks), tmp_path)

    # Until a tenth of a second behind its only key.
    assert [is_blank(masked[:HEIGHT, WIDTH // 2 + 16 :]) for _, masked in seen] == [
        True, True, False, False,
    ]  # fmt: skip


def test_orders_and_results_are_written_and_read(tmp_path: Path) -> None:
    """As the renderer's process and the ledger have them."""
    source = write(tmp_path / "source.mp4", pictures(1))
    job = order(
        source,
        BOX,
        fill=Fill(FillKind.PICTURE, 5),
        burn_in=burnt_in(),
        size=(2, 4),
    )
    assert MaskOrder.from_json(job.as_json()) == job
    plain = order(source, BOX)
    assert MaskOrder.from_json(plain.as_json()) == plain
    clip = sealed(tmp_path)
    done = MaskedClip(
        file=clip.master,
        source_sha256="ab",
        track_sha256="cd",
        passage=Passage(1, 2),
        rendered=Rendered(width=2, height=2, pictures=1, revealed=1, damaged=0, duration=3),
    )
    assert MaskedClip.from_json(done.as_json()) == done
    for read in (MaskOrder, MaskedClip, Rendered, Fill):
        with pytest.raises(ValueError, match="N"):
            read.from_json({"more": 1})
    with pytest.raises(ValueError, match="masked"):
        MaskOrder.from_json(job.as_json() | {"size": [1, 2, 3]})


def test_a_sealed_clip_is_masked_by_true_times(tmp_path: Path) -> None:
    """From and until when, as the case says it."""
    clip = sealed(tmp_path)
    master = tmp_path / clip.master.name
    passage = Passage.of(clip, SEALED_FROM + 13 * INTERVAL, SEALED_FROM + 17 * INTERVAL)

    done, _ = rendered(order(master, BOX, passage, source_sha256=clip.master.sha256), tmp_path)

    assert done.pictures == 5
    with pytest.raises(MaskInvalid):
        Passage.of(clip, SEALED_FROM - 9 * INTERVAL, SEALED_FROM - INTERVAL)


def test_an_index_finds_pictures_by_their_times(tmp_path: Path) -> None:
    """In a clip with a variable frame rate."""
    source = write(tmp_path / "source.mp4", pictures(3), ticks=[0, 9_000, 90_000])
    index = Index.of(source)

    assert index.ticks == array("q", [0, 9_000, 90_000])
    assert [index.picture(at).tick for at in (0, 99_999, 100_000, 999_999, SECOND)] == [
        0, 0, 9_000, 9_000, 90_000,
    ]  # fmt: skip
    assert index.after(9_000) == 90_000
    assert index.after(90_000) == index.end > 90_000
    assert index.duration == microseconds(index.end)
    with pytest.raises(MaskInvalid):
        index.picture(-1)


def test_the_encoder_is_there() -> None:
    """In PyAV's wheels; where it is not, masking says so."""
    assert ENCODER in av.codecs_available
