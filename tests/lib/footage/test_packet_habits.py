"""Pictures come out as they were recorded, however a camera packs them: over real sockets, in both codecs.

The habits are those of real cameras, sources named as project#number: slices marked each (obs-rtspserver#199,
smolrtsp#43, ustreamer#119), no markers (moonfire-nvr#352), start codes in units (retina#68, #108, gortsplib#199,
#989), padding behind STAP-A, foreign packets between (go2rtc#1722), slices with times of their own
(plugin-rtsp#15), parameter sets with the time before (retina#13), fragments (retina#115, #131, moonfire-nvr#344).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
import hashlib
from itertools import pairwise
import random
import struct

import av
from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraError
from custom_components.niiza_cctv.lib.device.model import ReadBackOutcome
from custom_components.niiza_cctv.lib.device.quirks import Quirk, Quirks
from custom_components.niiza_cctv.lib.footage.depacketize import (
    MAX_ACCESS_UNIT,
    AccessUnit,
    Depacketizer,
    H264Depacketizer,
    H265Depacketizer,
)
from custom_components.niiza_cctv.lib.footage.readback import read_back
from custom_components.niiza_cctv.lib.footage.replay import replay
from tests.lib.footage.scripted_camera import (
    CLEAN,
    FRAME_RATE,
    TERMINAL,
    VIEWER,
    annex_b,
    extension,
    interleaved,
    is_clean,
    moment,
    nal_units,
    payloads,
    rtp,
    scripted_camera,
)

CODECS = ["H264", "H265"]
COUNT = 30
SETS = {"H264": {7, 8}, "H265": {32, 33, 34}}


@cache
def sliced(codec: str) -> tuple[tuple[bytes, ...], ...]:
    """Return a clip of pictures that are four slices each, a clean point every ten."""
    context = av.CodecContext.create("libx264" if codec == "H264" else "libx265", "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = 320, 256, "yuv420p"
    context.time_base = Fraction(1, FRAME_RATE)
    context.max_b_frames = 0
    common = "keyint=10:scenecut=0:bframes=0:slices=4:repeat-headers=1"
    if codec == "H264":
        context.options = {"preset": "ultrafast", "x264-params": f"{common}:sliced-threads=0"}
    else:
        context.options = {
            "preset": "ultrafast",
            "x265-params": f"{common}:log-level=none:open-gop=0:frame-threads=1:ctu=32",
        }
    packets = []
    for index in range(COUNT):
        frame = av.VideoFrame(320, 256, "yuv420p")
        for plane in frame.planes:
            noise = hashlib.shake_128(bytes([index, plane.line_size % 251])).digest(64)
            plane.update((noise * (plane.buffer_size // 64 + 1))[: plane.buffer_size])
        frame.pts = index
        packets += context.encode(frame)
    packets += context.encode(None)
    return tuple(nal_units(bytes(packet)) for packet in packets)


def kind(codec: str, nal: bytes) -> int:
    """Return nal_unit_type."""
    return nal[0] & 0x1F if codec == "H264" else nal[0] >> 1 & 0x3F


def is_slice(codec: str, nal: bytes) -> bool:
    """Return whether a NAL unit is a slice."""
    return 1 <= kind(codec, nal) <= 5 if codec == "H264" else kind(codec, nal) < 32


def test_the_clip_is_sliced() -> None:
    """Or the tests would prove nothing."""
    for codec in CODECS:
        for nals in sliced(codec):
            assert sum(is_slice(codec, nal) for nal in nals) >= 3


@dataclass
class Packet:
    """One RTP packet before it is written, so that a habit can change it."""

    picture: int
    payload: bytes
    marker: bool = False
    time: int = 0
    stamp: bytes = b""
    # Of the first payload that carries a NAL unit, and of the last.
    begins: bool = True
    ends: bool = True
    nal: bytes = field(default=b"", repr=False)


def packed(codec: str, size: int = 300) -> list[Packet]:
    """Return the clip in packets as a well-behaved camera sends it."""
    out = []
    for index, nals in enumerate(sliced(codec)):
        flags = (CLEAN if is_clean(codec, nals) else 0) | (TERMINAL if index == COUNT - 1 else 0)
        of_picture = []
        for nal in nals:
            parts = [*payloads(codec, nal, size)]
            for at, part in enumerate(parts):
                of_picture.append(
                    Packet(
                        picture=index,
                        payload=part,
                        time=9000 * index,
                        begins=at == 0,
                        ends=at == len(parts) - 1,
                        nal=nal,
                    )
                )
        of_picture[0].stamp = extension(moment(index), flags)
        of_picture[-1].marker = True
        out += of_picture
    return out


def wire(packets: list[Packet]) -> list[bytes]:
    """Return the packets as RTP, numbered on."""
    return [
        rtp(one.payload, 65300 + number, one.time, marker=one.marker, extended=one.stamp)
        for number, one in enumerate(packets)
    ]


def whole(codec: str) -> list[bytes]:
    """Return what must come out."""
    return [annex_b(nals) for nals in sliced(codec)]


# --- Habits -------------------------------------------------------------------------------------------------------

type Habit = Callable[[str], list[Packet]]


def marked_slices(codec: str) -> list[Packet]:
    """Set the marker on each slice."""
    packets = packed(codec)
    for one in packets:
        one.marker = one.ends and is_slice(codec, one.nal)
    return packets


def marked_units(codec: str) -> list[Packet]:
    """Set the marker on each NAL unit."""
    packets = packed(codec)
    for one in packets:
        one.marker = one.ends
    return packets


def marked_packets(codec: str) -> list[Packet]:
    """Set the marker on each packet."""
    packets = packed(codec)
    for one in packets:
        one.marker = True
    return packets


def unmarked(codec: str) -> list[Packet]:
    """Set no marker."""
    packets = packed(codec)
    for one in packets:
        one.marker = False
    return packets


def marked_late(codec: str) -> list[Packet]:
    """Set the marker on the first packet of the next picture."""
    packets = packed(codec)
    for before, one in pairwise(packets):
        one.marker = before.picture != one.picture
    packets[0].marker = False
    return packets


def marked_behind(codec: str) -> list[Packet]:
    """Send the marker in an empty packet behind the picture."""
    out = []
    for one in packed(codec):
        out.append(one)
        if one.marker:
            one.marker = False
            out.append(Packet(picture=one.picture, payload=b"", marker=True, time=one.time))
    return out


def marked_now_and_then(codec: str) -> list[Packet]:
    """Mark every third picture only, and some slices."""
    packets = packed(codec)
    for number, one in enumerate(packets):
        one.marker = one.ends and (one.picture % 3 == 0 or number % 7 == 0)
    return packets


def times_of_slices(codec: str) -> list[Packet]:
    """Give each slice a time of its own, and the first the picture's."""
    packets = packed(codec)
    late, picture = 0, -1
    for one in packets:
        if one.picture != picture:
            late, picture = 0, one.picture
        elif one.begins and is_slice(codec, one.nal):
            late += 1
        one.time += 90 * late
        one.marker = False
    return packets


def times_of_slices_marked(codec: str) -> list[Packet]:
    """Give each slice a marker besides."""
    packets = times_of_slices(codec)
    for one in packets:
        one.marker = one.ends and is_slice(codec, one.nal)
    return packets


def sets_with_the_time_before(codec: str, *, marked: bool) -> list[Packet]:
    """Send parameter sets with the time of the picture before."""
    packets = packed(codec)
    for number, one in enumerate(packets):
        if kind(codec, one.nal) in SETS[codec]:
            one.time -= 9000
            one.marker = marked and kind(codec, one.nal) != 8
            if one.stamp:
                following = next(
                    two for two in packets[number:] if kind(codec, two.nal) not in SETS[codec]
                )
                following.stamp, one.stamp = one.stamp, b""
        elif not marked:
            one.marker = False
    return packets


def in_one_unit(codec: str, prefix: bytes, between: bytes = b"\0\0\0\1") -> list[Packet]:
    """Send each clean point as one NAL unit, start codes inside, behind a prefix."""
    out: list[Packet] = []
    for index, nals in enumerate(sliced(codec)):
        of_picture = [one for one in packed(codec) if one.picture == index]
        if is_clean(codec, nals):
            parts = [*payloads(codec, prefix + between.join(nals), 300)]
            made = [Packet(picture=index, payload=part, time=9000 * index) for part in parts]
            made[0].stamp, made[-1].marker = of_picture[0].stamp, True
            of_picture = made
        out += of_picture
    return out


def prefixed(codec: str, prefix: bytes) -> list[Packet]:
    """Put a start code in front of every NAL unit."""
    out: list[Packet] = []
    for one in packed(codec):
        if not one.begins:
            continue
        parts = [*payloads(codec, prefix + one.nal, 300)]
        made = [Packet(picture=one.picture, payload=part, time=one.time) for part in parts]
        made[0].stamp = one.stamp
        last = next(two for two in packed(codec)[::-1] if two.nal == one.nal)
        made[-1].marker = last.marker
        out += made
    return out


def aggregate(codec: str, nals: list[bytes], padding: bytes = b"", empty: bytes = b"") -> bytes:
    """Return STAP-A or AP."""
    head = b"\x78" if codec == "H264" else b"\x60\x01"
    return head + empty.join(struct.pack(">H", len(nal)) + nal for nal in nals) + padding


def aggregated(codec: str, padding: bytes = b"", empty: bytes = b"") -> list[Packet]:
    """Send what stands in front of the slices of a clean point as one aggregate."""
    out: list[Packet] = []
    for index, nals in enumerate(sliced(codec)):
        of_picture = [one for one in packed(codec) if one.picture == index]
        front = [nal for nal in nals if not is_slice(codec, nal)]
        if len(front) > 1:
            rest = [one for one in of_picture if is_slice(codec, one.nal)]
            made = Packet(
                picture=index, payload=aggregate(codec, front, padding, empty), time=9000 * index
            )
            made.stamp = of_picture[0].stamp
            of_picture = [made, *rest]
        out += of_picture
    return out


def padded(codec: str) -> list[Packet]:
    """Put zero bytes behind every NAL unit."""
    packets = packed(codec)
    for one in packets:
        if one.ends:
            one.payload += bytes(1 + one.picture % 5)
    return packets


def junk(codec: str) -> list[Packet]:
    """Put what is to be ignored between all packets: reserved types, empty units, empty fragments."""
    things = (
        (b"", b"\x60", b"\x7e\1\2\3\4", b"\x7f\1\2\3", b"\x78\0\0", b"\x7c")
        if codec == "H264"
        else (b"", b"\x02", b"\x64\x01\1\2\3\4", b"\x66\x01\1\2", b"\x60\x01\0\0", b"\x62\x01")
    )
    out = []
    for number, one in enumerate(packed(codec)):
        thing = things[number % len(things)]
        out += [Packet(picture=one.picture, payload=thing, time=one.time), one]
    return out


def fragment_head(codec: str) -> int:
    """Return how long the headers of a fragment are."""
    return 2 if codec == "H264" else 3


def edges(codec: str, change: Callable[[int], int]) -> list[Packet]:
    """Change the fragment headers."""
    packets = packed(codec)
    at = fragment_head(codec) - 1
    for one in packets:
        if not (one.begins and one.ends):
            payload = bytearray(one.payload)
            payload[at] = change(payload[at])
            one.payload = bytes(payload)
    return packets


def empty_fragments(codec: str) -> list[Packet]:
    """Send empty fragments in the middle and at the end."""
    out = []
    at = fragment_head(codec) - 1
    for one in packed(codec):
        if one.begins and one.ends:
            out.append(one)
            continue
        head = bytearray(one.payload[: at + 1])
        ends, marker = bool(head[at] & 0x40), one.marker
        head[at] &= 0x3F
        body = bytearray(one.payload)
        body[at] &= 0xBF
        one.payload, one.marker = bytes(body), False
        out += [one, Packet(picture=one.picture, payload=bytes(head), time=one.time)]
        if ends:
            head[at] |= 0x40
            out.append(
                Packet(picture=one.picture, payload=bytes(head), time=one.time, marker=marker)
            )
    return out


HABITS: dict[str, Habit] = {
    "as specified": packed,
    "small packets": lambda codec: packed(codec, 60),
    "large packets": lambda codec: packed(codec, 60000),
    "marker on each slice": marked_slices,
    "marker on each NAL unit": marked_units,
    "marker on each packet": marked_packets,
    "no marker": unmarked,
    "marker on the next picture": marked_late,
    "marker in an empty packet": marked_behind,
    "marker now and then": marked_now_and_then,
    "each slice has a time of its own": times_of_slices,
    "each slice has a time and a marker of its own": times_of_slices_marked,
    "parameter sets with the time before": lambda c: sets_with_the_time_before(c, marked=True),
    "the same without markers": lambda c: sets_with_the_time_before(c, marked=False),
    "one NAL unit for all": lambda c: in_one_unit(c, b""),
    "one NAL unit behind a start code": lambda c: in_one_unit(c, b"\0\0\0\1"),
    "one NAL unit behind a short start code": lambda c: in_one_unit(c, b"\0\0\1"),
    "start code in front of each": lambda c: prefixed(c, b"\0\0\0\1"),
    "short start code in front of each": lambda c: prefixed(c, b"\0\0\1"),
    "aggregates": aggregated,
    "aggregates with one zero behind": lambda c: aggregated(c, b"\0"),
    "aggregates with two zeros behind": lambda c: aggregated(c, b"\0\0"),
    "aggregates with three zeros behind": lambda c: aggregated(c, b"\0\0\0"),
    "aggregates with many zeros behind": lambda c: aggregated(c, bytes(18)),
    "aggregates with empty units": lambda c: aggregated(c, empty=b"\0\0"),
    "zeros behind each unit": padded,
    "junk between": junk,
    "reserved bit in fragments": lambda c: edges(c, lambda e: e | (0x20 if c == "H264" else 0)),
    "fragments never begin": lambda c: edges(c, lambda e: e & 0x7F),
    "fragments never end": lambda c: edges(c, lambda e: e & 0xBF),
    "empty fragments": empty_fragments,
}


def read(codec: str, packets: list[bytes], *, alone: bool) -> tuple[list[AccessUnit], Depacketizer]:
    """Give interleaved frames to a depacketizer, each alone or with `follow`."""
    depacketizer = H264Depacketizer() if codec == "H264" else H265Depacketizer()
    data = bytearray(b"".join(interleaved(packet) for packet in packets))
    at = 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at + 2 : at + 4])
        if depacketizer.push(data, at + 4, end) and not alone:
            end = depacketizer.follow(data, at, end, len(data))
        at = end
    depacketizer.flush()
    return depacketizer.units, depacketizer


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("habit", HABITS)
def test_every_picture_comes_out_whole(codec: str, habit: str) -> None:
    """By the fast way as by the slow one, nothing damaged, nothing missing, each at its time."""
    packets = wire(HABITS[habit](codec))
    slow, _ = read(codec, packets, alone=True)
    fast, depacketizer = read(codec, packets, alone=False)
    assert [unit.data for unit in slow] == whole(codec)
    assert fast == slow
    assert [unit.at for unit in slow] == [moment(index) for index in range(COUNT)]
    assert [unit.keyframe for unit in slow] == [index % 10 == 0 for index in range(COUNT)]
    assert not any(unit.damaged or unit.discontinuity for unit in slow)
    assert [unit.last for unit in slow] == [False] * (COUNT - 1) + [True]
    if habit in {"as specified", "small packets", "large packets", "aggregates"}:
        assert not depacketizer.repairs


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(
    "habit",
    [
        "marker on each slice",
        "no marker",
        "one NAL unit behind a start code",
        "start code in front of each",
        "aggregates with many zeros behind",
        "junk between",
    ],
)
async def test_over_real_sockets(codec: str, habit: str) -> None:
    """The habit is counted, the replay ends in good order, and a read-back of the card succeeds."""
    media = b"".join(interleaved(packet) for packet in wire(HABITS[habit](codec)))
    quirks = Quirks()
    async with scripted_camera(codec=codec, media=media) as camera:
        async with await replay(
            camera.url, VIEWER, moment(0), moment(600), idle_timeout=2, quirks=quirks
        ) as stream:
            units = [unit async for unit in stream]
            assert stream.ended is not None
        assert [unit.data for unit in units] == whole(codec)
        assert quirks.counts() or habit == "no marker"
        proof = await read_back(camera.url, VIEWER, moment(COUNT - 1))
        assert (proof.outcome, proof.pictures) == (ReadBackOutcome.DECODED, COUNT)


@pytest.mark.parametrize("codec", CODECS)
def test_packets_of_another_payload_type_are_none_of_ours(codec: str) -> None:
    """With numbers of their own, or taken from ours; what is announced need not be what comes."""
    for numbered in (True, False):
        packets: list[bytes] = []
        for packet in wire(packed(codec)):
            number = (65300 + len(packets)) & 0xFFFF if numbered else int.from_bytes(packet[2:4])
            foreign = bytearray(rtp(b"\x65\x88foreign", number, int.from_bytes(packet[4:8])))
            foreign[1] = 50
            changed = bytearray(packet)
            if numbered:
                changed[2:4] = ((number + 1) & 0xFFFF).to_bytes(2)
            packets += (
                [bytes(changed), bytes(foreign)]
                if not packets
                else [bytes(foreign), bytes(changed)]
            )
        if numbered:
            packets = [
                packet[:2] + ((65300 + at) & 0xFFFF).to_bytes(2) + packet[4:]
                for at, packet in enumerate(packets)
            ]
        for alone in (True, False):
            units, depacketizer = read(codec, packets, alone=alone)
            assert [unit.data for unit in units] == whole(codec)
            assert not any(unit.damaged or unit.discontinuity for unit in units)
            assert depacketizer.repairs[Quirk.RTP_PACKET] == len(packets) // 2


@pytest.mark.parametrize("codec", CODECS)
def test_packets_in_another_order(codec: str) -> None:
    """Doubled, swapped, and turned around within a few: nothing is lost."""
    packets = wire(packed(codec))
    draw = random.Random(5)  # noqa: S311 - always the same
    for at in range(0, len(packets) - 8, 8):
        group = packets[at : at + 8]
        draw.shuffle(group)
        packets[at : at + 8] = group
    first = packets.index(wire(packed(codec))[0])
    packets.insert(0, packets.pop(first))
    doubled = [copy for packet in packets for copy in (packet, packet)]
    for alone in (True, False):
        units, depacketizer = read(codec, doubled, alone=alone)
        assert [unit.data for unit in units] == whole(codec)
        assert not any(unit.damaged or unit.discontinuity for unit in units)
        assert depacketizer.repairs[Quirk.RTP_NUMBERS]
        assert not depacketizer.repairs[Quirk.RTP_LOST]


@pytest.mark.parametrize("codec", CODECS)
def test_packets_without_numbers(codec: str) -> None:
    """All of them 0: soon they are not asked for any more."""
    packets = [packet[:2] + b"\0\0" + packet[4:] for packet in wire(packed(codec))]
    units, _ = read(codec, packets, alone=True)
    assert [unit.data for unit in units[-20:]] == whole(codec)[-20:]


def signed(codec: str, content: bytes, *, escaped: bool) -> bytes:
    """Return a supplemental message with that content."""
    body = bytes([5, len(content)]) + content + b"\x80"
    if escaped:
        out, zeros = bytearray(), 0
        for byte in body:
            if zeros >= 2 and byte <= 3:
                out.append(3)
                zeros = 0
            out.append(byte)
            zeros = zeros + 1 if byte == 0 else 0
        body = bytes(out)
    return (b"\x06" if codec == "H264" else b"\x4e\x01") + body


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("prefix", [b"", b"\0\0\0\1"])
def test_what_a_camera_signs_is_never_divided(codec: str, prefix: bytes, *, escaped: bool) -> None:
    """Published samples of ONVIF Media Signing hold start codes: the message is as long as it says."""
    nals = sliced(codec)[0]
    content = bytes(16) + b"\0\0\1\x65\x88not a slice\0\0\0\1\x67nor a set" + bytes(3) + b"\1end"
    message = signed(codec, content, escaped=escaped)
    front = [nal for nal in nals if kind(codec, nal) in SETS[codec]]
    slices = [nal for nal in nals if is_slice(codec, nal)]
    units = [*front, message, *slices]
    bundle = prefix + b"\0\0\0\1".join([*front, message])
    for payloads_of in (
        [*payloads(codec, bundle, 60), *slices],
        [prefix + nal for nal in units],
        units,
    ):
        packets = [
            Packet(picture=0, payload=part, stamp=extension(moment(0), CLEAN))
            for part in payloads_of
        ]
        packets[-1].marker = True
        got, _ = read(codec, wire(packets), alone=True)
        assert [unit.data for unit in got] == [annex_b(units)]


# --- Any packing --------------------------------------------------------------------------------------------------


def any_packing(codec: str, draw: random.Random) -> Iterator[bytes]:
    """Pack the clip in any way that the RFCs allow, and some that only cameras do."""
    number = draw.randrange(0x10000)
    markers = draw.random() < 0.5
    for index, nals in enumerate(sliced(codec)[:12]):
        flags = CLEAN if is_clean(codec, nals) else 0
        made: list[bytes] = []
        rest = [*nals]
        while rest:
            several = draw.randint(1, min(4, len(rest)))
            size = draw.choice([40, 200, 1400, 60000])
            if several > 1 and sum(map(len, rest[:several])) < 60000:
                made.append(aggregate(codec, rest[:several], bytes(draw.randint(0, 3))))
            else:
                several = 1
                made += payloads(codec, rest[0] + bytes(draw.randint(0, 2)), size)
            del rest[:several]
        for at, payload in enumerate(made):
            packet = rtp(
                payload,
                number,
                9000 * index,
                marker=markers and at == len(made) - 1,
                extended=extension(moment(index), flags) if at == 0 or draw.random() < 0.5 else b"",
            )
            if padding := draw.choice([0, 0, 0, 1, 4, 200]):
                packet = bytes([packet[0] | 0x20]) + packet[1:] + bytes(padding - 1)
                packet += bytes([padding])
            if sources := draw.choice([0, 0, 0, 2, 15]):
                head = bytes([packet[0] | sources]) + packet[1:12]
                packet = head + bytes(4 * sources) + packet[12:]
            number += 1
            yield packet


@settings(max_examples=60, deadline=None)
@given(codec=st.sampled_from(CODECS), seed=st.integers(0, 2**32))
def test_any_packing_gives_the_same_pictures(codec: str, seed: int) -> None:
    """Single units, aggregates, fragments; with and without markers, padding, contributing sources; both ways."""
    packets = [*any_packing(codec, random.Random(seed))]  # noqa: S311 - repeatable
    slow, _ = read(codec, packets, alone=True)
    fast, _ = read(codec, packets, alone=False)
    assert [unit.data for unit in slow] == whole(codec)[:12]
    assert fast == slow
    assert [unit.at for unit in slow] == [moment(index) for index in range(12)]
    assert not any(unit.damaged or unit.discontinuity for unit in slow)


@settings(max_examples=150, deadline=None)
@given(
    codec=st.sampled_from(CODECS),
    habit=st.sampled_from(sorted(HABITS)),
    seed=st.integers(0, 2**32),
    flips=st.integers(0, 12),
)
# An empty fragment that ends a NAL unit, and more of it behind.
@example(codec="H264", habit="empty fragments", seed=43758, flips=7)
def test_whatever_comes_is_pictures_or_a_camera_error(
    codec: str, habit: str, seed: int, flips: int
) -> None:
    """The habits, spoilt: bits turned, packets cut, dropped, doubled; the fast way is never another way."""
    draw = random.Random(seed)  # noqa: S311 - repeatable
    packets = wire(HABITS[habit](codec)[:120])
    for _ in range(flips):
        at = draw.randrange(len(packets))
        spoilt = bytearray(packets[at])
        match draw.randrange(5):
            case 0 if spoilt:
                spoilt[draw.randrange(min(len(spoilt), 40))] = draw.randrange(256)
            case 1:
                del spoilt[draw.randrange(len(spoilt) + 1) :]
            case 2:
                spoilt += draw.randbytes(draw.randrange(40))
            case 3:
                packets.insert(at, packets[draw.randrange(len(packets))])
            case _:
                spoilt = bytearray(draw.randbytes(draw.randrange(60)))
        packets[at] = bytes(spoilt)
    results = []
    for alone in (True, False):
        try:
            units, depacketizer = read(codec, packets, alone=alone)
        except CameraError as err:
            results.append(repr(err))
            continue
        results.append(repr([(unit.at, unit.data, unit.damaged) for unit in units]))
        assert sum(len(unit.data) for unit in units) <= 4 * sum(map(len, packets))
        assert depacketizer._size <= MAX_ACCESS_UNIT
    assert results[0] == results[1]
