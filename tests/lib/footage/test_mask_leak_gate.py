"""The leak gate: what shows more than is revealed does not leave, nor does a file with anything beside the pictures."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from custom_components.niiza_cctv.lib.footage.masking.burn_in import Caption
from custom_components.niiza_cctv.lib.footage.masking.errors import MaskInvalid, MaskProblem
from custom_components.niiza_cctv.lib.footage.masking.fill import SOLID, Fill, FillKind
from custom_components.niiza_cctv.lib.footage.masking.leak_gate import check_file
from custom_components.niiza_cctv.lib.footage.masking.order import MaskOrder
from custom_components.niiza_cctv.lib.footage.masking.render import Masking, render
from custom_components.niiza_cctv.lib.footage.masking.track import Box, Key, Shape, Tracks
from tests.lib.footage.maskable import (
    CLOSE,
    SECOND,
    STEP,
    WHOLE_CLIP,
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

WIDTH, HEIGHT, COUNT = 320, 192, 12
BOX = (0.3, 0.25, 0.6, 0.75)


def busy(count: int = COUNT) -> list[Picture]:
    """Return pictures of noise, the hardest that an encoder can be given."""
    return [noise(WIDTH, HEIGHT, seed) for seed in range(count)]


def masked(job: MaskOrder, folder: Path) -> Path:
    """Render."""
    part = folder / "masked.mp4"
    render(job, part, _nothing, _nothing)
    return part


def _nothing(_share: float) -> None:
    pass


def judge(path: Path, job: MaskOrder) -> None:
    """Hold a file against the gate of an order."""
    masking = Masking.of(job)
    check_file(path, masking.gate(), masking.ticks, _nothing)


def refusal(path: Path, job: MaskOrder) -> MaskProblem:
    """Return why a file may not leave."""
    with pytest.raises(MaskInvalid) as raised:
        judge(path, job)
    return raised.value.problem


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("fill", [Fill(), Fill(FillKind.MEDIAN)])
@pytest.mark.parametrize("writing", [None, burnt_in()])
def test_the_worst_footage_passes_where_nothing_leaks(
    tmp_path: Path, shape: Shape, fill: Fill, writing: Caption | None
) -> None:
    """Noise in a box that moves and grows, with a hole, beside another and below the writing."""
    source = write(tmp_path / "source.mp4", busy())
    tracks = Tracks(
        (
            box_track((0, (0, 0, 0.3, 0.5)), (SECOND, (0.5, 0.4, 1, 1)), shape=shape),
            box_track((0, BOX), (400_000, BOX), shape=shape),
        ),
        (hide_track((0, (0.2, 0.2, 0.5, 0.5)), (SECOND, (0.5, 0.5, 0.9, 0.9))),),
    )
    job = order(source, tracks, fill=fill, burn_in=writing)

    judge(masked(job, tmp_path), job)


@pytest.mark.parametrize("fill", [Fill(), Fill(FillKind.MEDIAN)])
@pytest.mark.parametrize(
    "allowed",
    [
        # Smaller on each side, gone, later, and with a hole.
        (0.4, 0.25, 0.6, 0.75), (0.3, 0.4, 0.6, 0.75), (0.3, 0.25, 0.5, 0.75), (0.3, 0.25, 0.6, 0.6),
        None, 300_000, "hole",
    ],
)  # fmt: skip
def test_what_shows_more_than_is_revealed_does_not_leave(
    tmp_path: Path, fill: Fill, allowed: Any
) -> None:
    """The file was rendered for other tracks."""
    source = write(tmp_path / "source.mp4", busy())
    path = masked(order(source, BOX, fill=fill), tmp_path)
    match allowed:
        case None:
            tracks = Tracks(())
        case "hole":
            tracks = Tracks((held(source, *BOX),), (hide_track((0, (0.4, 0.4, 0.55, 0.6))),))
        case int():
            tracks = Tracks((box_track((allowed, BOX), (SECOND, BOX)),))
        case _:
            tracks = Tracks((held(source, *allowed),))

    assert refusal(path, order(source, tracks, fill=fill)) is MaskProblem.LEAK


def test_a_single_picture_that_leaks_is_enough(tmp_path: Path) -> None:
    """Somewhere in the middle, for one picture."""
    source = write(tmp_path / "source.mp4", busy())
    path = masked(order(source, BOX), tmp_path)
    track = held(source, *BOX)

    allowed = replace(track, rejected=((600_000, 600_000),))

    job = order(source, Tracks((allowed,)))
    with pytest.raises(MaskInvalid) as raised:
        judge(path, job)
    assert raised.value.problem is MaskProblem.LEAK
    assert raised.value.placeholders == {"picture": "600000"}


def test_a_coat_of_one_colour_is_a_leak_although_it_is_flat(tmp_path: Path) -> None:
    """Every block of it has the same value everywhere, and it is not that of the fill."""
    coat = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    coat[:HEIGHT] = SOLID[0] + 10
    source = write(tmp_path / "source.mp4", [coat] * COUNT)
    path = masked(order(source, BOX), tmp_path)

    assert refusal(path, order(source, (0.3, 0.25, 0.4, 0.75))) is MaskProblem.LEAK


def test_a_colour_alone_is_a_leak(tmp_path: Path) -> None:
    """With the fill's own brightness."""
    coat = np.full((HEIGHT * 3 // 2, WIDTH), 150, np.uint8)
    coat[:HEIGHT] = SOLID[0]
    source = write(tmp_path / "source.mp4", [coat] * COUNT)
    path = masked(order(source, BOX), tmp_path)

    assert refusal(path, order(source, (0.3, 0.25, 0.4, 0.75))) is MaskProblem.LEAK


def test_what_lies_under_the_writing_is_a_leak(tmp_path: Path) -> None:
    """A clip without the writing shows what it would hide."""
    source = write(tmp_path / "source.mp4", busy())
    path = masked(order(source, (0, 0, 1, 1)), tmp_path)

    job = order(source, (0, 0, 1, 1), burn_in=burnt_in())

    assert refusal(path, job) is MaskProblem.LEAK


def again(path: Path, change: Callable[[Any, Any], None]) -> Path:
    """Write a masked file once more, with a change of how."""
    target = path.with_name("changed.mp4")
    options = {"fflags": "bitexact", "use_editlist": "0"}
    with av.open(path) as clip, av.open(target, "w", format="mp4", options=options) as movie:
        stream = movie.add_stream_from_template(clip.streams.video[0])
        change(movie, None)
        for packet in clip.demux(video=0):
            if packet.size:
                packet.stream = stream
                change(None, packet)
                movie.mux(packet)
    return target


def _title(movie: Any, _packet: Any) -> None:
    if movie is not None:
        movie.metadata["title"] = "a name"


def _sound(movie: Any, _packet: Any) -> None:
    if movie is not None:
        stream = movie.add_stream("aac", rate=8_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 8_000
        movie.mux(stream.encode(frame))
        movie.mux(stream.encode(None))


def _elsewhen(_movie: Any, packet: Any) -> None:
    if packet is not None and packet.pts == 5 * STEP:
        packet.pts = packet.dts = packet.pts + 1


@pytest.mark.parametrize("change", [_title, _sound, _elsewhen])
def test_a_file_with_more_or_other_than_its_pictures_does_not_leave(
    tmp_path: Path, change: Callable[[Any, Any], None]
) -> None:
    """A description, sound, other times."""
    source = write(tmp_path / "source.mp4", busy())
    job = order(source, BOX)
    path = masked(job, tmp_path)
    judge(again(path, lambda _movie, _packet: None), job)

    assert refusal(again(path, change), job) is MaskProblem.FILE_NOT_CLEAN


def _box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4) + kind + content


TAMPERED: dict[str, Callable[[bytes], bytes]] = {
    "a box behind": lambda data: data + _box(b"uuid", bytes(16) + b"secret"),
    "room that is not empty": lambda data: data + _box(b"free", b"secret"),
    "bytes behind": lambda data: data + b"secret",
    "cut off": lambda data: data[:-9],
    "another stretch of pictures": lambda data: data + _box(b"mdat", b"secret"),
    "a description that is not empty": lambda data: data.replace(b"mdirappl", b"mdirsecr"),
    "a sample entry with more": lambda data: data.replace(b"btrt", b"secr"),
    "no parameter set": lambda data: data.replace(b"avcC\x01", b"avcC\x01\x06\x06", 1)[:-2],
}


@pytest.mark.parametrize("name", TAMPERED)
def test_nothing_is_hidden_in_the_file(tmp_path: Path, name: str) -> None:
    """Neither between nor behind what players read."""
    source = write(tmp_path / "source.mp4", busy())
    job = order(source, BOX)
    path = masked(job, tmp_path)
    data = path.read_bytes()
    changed = TAMPERED[name](data)
    assert changed != data
    path.write_bytes(changed)

    with pytest.raises((MaskInvalid, OSError)):
        judge(path, job)


def leaves(data: bytes, at: int, end: int, within: tuple[int, ...] = ()) -> Iterator[Leaf]:
    """Give each box that holds no others: where it is, its kind, and where those begin that hold it."""
    while at < end:
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if kind in {b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl"}:
            yield from leaves(data, at + 8, at + size, (*within, at))
        else:
            yield at, size, kind, within
        at += size


type Leaf = tuple[int, int, bytes, tuple[int, ...]]


def test_no_box_has_room_for_more(tmp_path: Path) -> None:
    """Whatever is put at the end of any of them, with all lengths put right."""
    source = write(tmp_path / "source.mp4", busy(2))
    job = order(source, BOX)
    path = masked(job, tmp_path)
    whole = path.read_bytes()
    seen = set()
    for at, size, kind, within in leaves(whole, 0, len(whole)):
        data = bytearray(whole)
        data[at + size : at + size] = b"SECRET01"
        for box in (at, *within):
            data[box : box + 4] = (int.from_bytes(data[box : box + 4]) + 8).to_bytes(4)
        path.write_bytes(data)
        with pytest.raises((MaskInvalid, OSError)):
            judge(path, job)
        seen.add(kind)
    assert seen >= {b"ftyp", b"mdat", b"mvhd", b"tkhd", b"hdlr", b"stsd", b"stts", b"stsz", b"udta"}


def test_no_field_of_a_file_is_taken_for_letters(tmp_path: Path) -> None:
    """Names of makers, times of making, and what players pass over."""
    source = write(tmp_path / "source.mp4", busy(2))
    job = order(source, BOX)
    path = masked(job, tmp_path)
    whole = path.read_bytes()
    for found, place in (
        (b"isomiso2", 0), (b"VideoHandler", 3), (b"vide", 4), (b"mvhd", 8), (b"tkhd", 8), (b"mdhd", 8), (b"url ", 4),
        # The name of the codec's maker.
        (b"avc1\0\0\0\0\0\0\0\1", 50),
    ):  # fmt: skip
        data = bytearray(whole)
        data[data.rindex(found) + place] ^= 0x55
        path.write_bytes(data)

        assert refusal(path, job) is MaskProblem.FILE_NOT_CLEAN, found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[MaskOrder, bytes]:
    """Return an order, and what was rendered for it."""
    folder = tmp_path_factory.mktemp("small")
    job = order(write(folder / "source.mp4", busy(2)), BOX)
    return job, masked(job, folder).read_bytes()


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_file_with_one_byte_changed_shows_no_more(
    data: st.DataObject, small: tuple[MaskOrder, bytes]
) -> None:
    """It is refused, by a reason that is ours, or it shows what it showed."""
    job, rendered = small
    path = job.master.with_name("changed.mp4")
    whole = bytearray(rendered)
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(whole)
    try:
        judge(path, job)
    except MaskInvalid, OSError:
        return
    for _, picture in shown(path):
        hidden = picture[:HEIGHT].astype(int)
        hidden[HEIGHT // 4 - 20 : HEIGHT * 3 // 4 + 20, 72:212] = SOLID[0]
        assert np.abs(hidden - SOLID[0]).max() <= 4


def test_nothing_of_encoders_or_of_the_source_is_in_the_file(tmp_path: Path) -> None:
    """The source has messages, a title and sound; the result has none of it, and says not by what it was made."""
    source = write(tmp_path / "plain.mp4", busy(), options=CLOSE)
    loud = tmp_path / "source.mp4"
    with av.open(source) as clip, av.open(loud, "w", format="mp4") as movie:
        movie.metadata["title"] = "SECRET-TITLE"
        stream = movie.add_stream_from_template(clip.streams.video[0])
        _sound(movie, None)
        for packet in clip.demux(video=0):
            if packet.size:
                packet.stream = stream
                movie.mux(packet)
    assert all(word in loud.read_bytes() for word in (b"x264", b"SECRET-TITLE", b"Lavf", b"mp4a"))

    data = masked(order(loud, BOX), tmp_path).read_bytes()

    assert not any(word in data for word in (b"x264", b"SECRET-TITLE", b"Lav", b"mp4a", b"edts"))


def test_a_message_beside_the_pictures_does_not_leave(tmp_path: Path) -> None:
    """Cameras and encoders write into SEI what they like."""
    source = write(tmp_path / "source.mp4", busy())
    job = order(source, BOX)
    path = masked(job, tmp_path)

    target = path.with_name("changed.mp4")
    options = {"fflags": "bitexact", "use_editlist": "0"}
    with av.open(path) as clip, av.open(target, "w", format="mp4", options=options) as movie:
        stream = movie.add_stream_from_template(clip.streams.video[0])
        for packet in clip.demux(video=0):
            if packet.size:
                unit = b"\x06\x05\x12" + bytes(range(1, 17)) + b"hi\x80"
                data = len(unit).to_bytes(4) + unit + bytes(packet)
                one = av.Packet(data if packet.pts == 0 else bytes(packet))
                one.stream, one.time_base = stream, packet.time_base
                one.pts, one.dts, one.duration = packet.pts, packet.dts, packet.duration
                one.is_keyframe = packet.is_keyframe
                movie.mux(one)

    assert refusal(target, job) is MaskProblem.FILE_NOT_CLEAN


def test_a_gate_of_another_size_refuses(tmp_path: Path) -> None:
    """What is not the picture that was painted is not judged."""
    small = write(tmp_path / "small.mp4", [noise(160, 96, seed) for seed in range(COUNT)])
    large = write(tmp_path / "large.mp4", busy())
    path = masked(order(small, BOX), tmp_path)

    assert refusal(path, order(large, BOX)) is MaskProblem.FILE_NOT_CLEAN


def test_ten_thousand_keys_are_rendered_as_quickly_as_two(tmp_path: Path) -> None:
    """And judged."""
    source = write(tmp_path / "source.mp4", busy(3))
    box = Box.of(*BOX)
    keys = tuple(Key(at, box) for at in range(0, 300_000, 30))
    track = replace(held(source, *BOX), keys=keys)

    done = render(
        order(source, Tracks((track,)), WHOLE_CLIP), tmp_path / "m.mp4", _nothing, _nothing
    )

    assert len(keys) == 10_000
    assert done.revealed == 3
