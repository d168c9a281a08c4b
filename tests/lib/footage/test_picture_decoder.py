"""Groups are decoded side by side: what is found is what one decoder finds of all, one after the other."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import av
import pytest

from custom_components.niiza_cctv.lib.footage.archive import Picture
from custom_components.niiza_cctv.lib.footage.decoding import decoder_of_samples, rest
from custom_components.niiza_cctv.lib.footage.nal import unit_type, units_of
from custom_components.niiza_cctv.lib.footage.picture_decoder import PictureDecoder
from custom_components.niiza_cctv.lib.footage.samples import by_length, described
from custom_components.niiza_cctv.lib.footage.spool import Spool, SpoolTail
from tests.lib.footage.encoded import BEGIN, INTERVAL, RATE, encode, footage

PICTURES = 300


def pictures_of(codec: str, *, b_frames: int = 0) -> list[Picture]:
    """Return half a minute of footage, a key picture each second."""
    return list(footage(encode(codec, pictures=PICTURES, b_frames=b_frames)))


def one_after_the_other(codec: str, pictures: Sequence[Picture]) -> bytes:
    """Return 1 for each picture that a single decoder shows undamaged."""
    tag = "hev1" if codec == "hevc" else "avc1"
    with described(pictures[0].data, codec, tag) as known:
        extradata = known.streams.video[0].codec_context.extradata
    assert extradata is not None
    decoder = decoder_of_samples(codec, extradata)
    intact = bytearray(len(pictures))
    for number, picture in enumerate([*pictures, None]):
        packet = None
        if picture is not None:
            packet = av.Packet(by_length(units_of(codec, picture.data)))
            packet.pts = packet.dts = number
        try:
            frames = decoder.decode(packet)
        except av.FFmpegError:
            continue
        for frame in frames:
            if not frame.is_corrupt:
                assert frame.pts is not None
                intact[frame.pts] = 1
    rest(decoder)
    return bytes(intact)


def side_by_side(
    folder: Path, codec: str, pictures: Sequence[Picture], announced: bytes = b""
) -> bytes:
    """Return 1 for each picture that is found to be undamaged."""
    path = folder / "clip.spool"
    with Spool.open(path, codec=codec, parameter_sets=announced) as spool:
        spool.append(pictures)
        size = spool.size
    decoder = PictureDecoder()
    decoder.begin(0)
    number = 0
    with closing(SpoolTail(path)) as tail:
        while tail.place < size:
            record = tail.read()
            if record.announced is not None:
                decoder.announce(*record.announced)
            if record.unit is not None:
                decoder.feed(number, record.unit)
                number += 1
    decoder.flush()
    path.unlink()
    return bytes(decoder.intact)


def spoilt(picture: Picture, begin: int = 20) -> Picture:
    """Return a picture of which the card gave other bytes from a place on."""
    data = picture.data[:begin] + bytes(value ^ 0x55 for value in picture.data[begin:])
    return replace(picture, data=data)


@pytest.mark.parametrize("b_frames", [0, 2])
@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize(
    "numbers", [(), (25, 26, 140, 203), (RATE,), (2 * RATE, 3 * RATE - 1), (RATE, 2 * RATE)]
)
def test_damage_is_found_in_each_group(
    tmp_path: Path, codec: str, b_frames: int, numbers: tuple[int, ...]
) -> None:
    """In the one lane, in the other, in both; a key picture, the last of a group, and none."""
    pictures = pictures_of(codec, b_frames=b_frames)
    for number in numbers:
        pictures[number] = spoilt(pictures[number])
    found = side_by_side(tmp_path, codec, pictures)
    assert found == one_after_the_other(codec, pictures)
    assert (0 in found) == bool(numbers)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_key_picture_that_did_not_come(tmp_path: Path, codec: str) -> None:
    """What was to follow it belongs to the group before, as for any player."""
    pictures = pictures_of(codec)
    del pictures[2 * RATE]
    found = side_by_side(tmp_path, codec, pictures)
    assert found == one_after_the_other(codec, pictures)
    assert 0 in found[2 * RATE : 3 * RATE - 1]


def test_nothing_of_the_group_before_passes_for_one_that_cannot_be_begun(tmp_path: Path) -> None:
    """A key picture that nothing can be read of: one decoder shows the group before it on, as if that were this one."""
    pictures = pictures_of("h264")
    *sets, key = units_of("h264", pictures[2 * RATE].data)
    units = [*sets, key[:1] + bytes(value ^ 0x5A for value in key[1:])]
    data = b"".join(b"\0\0\0\1" + unit for unit in units)
    pictures[2 * RATE] = replace(pictures[2 * RATE], data=data)
    found = side_by_side(tmp_path, "h264", pictures)
    assert found == bytes(0 if 2 * RATE <= n < 3 * RATE else 1 for n in range(PICTURES))


@pytest.mark.parametrize("announced", [False, True])
@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_parameters_that_came_once_hold_for_all(
    tmp_path: Path, codec: str, announced: bool
) -> None:
    """With the first key picture only, or beside the stream only: both decoders know them."""
    kinds = {7, 8} if codec == "h264" else {32, 33, 34}
    pictures = pictures_of(codec)
    units = units_of(codec, pictures[0].data)
    sets = b"".join(b"\0\0\0\1" + one for one in units if unit_type(codec, one) in kinds)
    for number in range(0 if announced else RATE, PICTURES, RATE):
        data = pictures[number].data
        assert sets in data
        pictures[number] = replace(pictures[number], data=data.replace(sets, b""))
    found = side_by_side(tmp_path, codec, pictures, sets if announced else b"")
    assert found == bytes([1]) * PICTURES


def test_the_size_of_what_was_seen_so_far(tmp_path: Path) -> None:
    """Whichever decoder saw it first."""
    decoder = PictureDecoder()
    decoder.announce("h264", b"")
    number = 0
    for size in ((160, 120), (320, 240), (64, 48)):
        path = tmp_path / f"{size[0]}.spool"
        with Spool.open(path, codec="h264") as spool:
            spool.append(list(footage(encode(pictures=20, size=size), BEGIN + number * INTERVAL)))
            end = spool.size
        with closing(SpoolTail(path)) as tail:
            while tail.place < end:
                if (unit := tail.read().unit) is not None:
                    decoder.feed(number, unit)
                    number += 1
    decoder.flush()
    assert decoder.size(range(20)) == (160, 120)
    assert decoder.size(range(20, 40)) == (320, 240)
    assert decoder.size(range(40, 60)) == (320, 240)
    assert sum(decoder.intact) == 60
