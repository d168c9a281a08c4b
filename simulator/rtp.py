"""RTP packets in RTSP's interleaved framing (RFC 2326 10.12, RFC 3550, RFC 6184, RFC 7798).

One second of the loop is cut into packets once, with blanks where every sending differs (sequence number, RTP time,
SSRC, channel, the replay extension, the time in the SEI message). Sending copies it and fills in the blanks for all
packets at once. Hand-written so that one process can send at the speed of the network and a hundred cameras live.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
import secrets
import struct

import numpy as np
from numpy.typing import NDArray

from .sei import NO_NOISE, NOISE_LENGTH, TIME_LENGTH, time_text, write_time
from .video import SECONDS, Loop, Unit, nal_type

VIDEO_CLOCK = 90_000
VIDEO_PAYLOAD_TYPE = 96
AUDIO_CLOCK = 8_000
AUDIO_PAYLOAD_TYPE = 0
METADATA_PAYLOAD_TYPE = 107
# An audio packet lasts 20 ms.
AUDIO_PACKETS = 50
AUDIO_SAMPLES = AUDIO_CLOCK // AUDIO_PACKETS

# RTP payload that fits an Ethernet frame, as cameras cut it even over TCP.
_PAYLOAD = 1400
# Seconds from 1900, where NTP begins, to 1970.
_NTP_EPOCH = 2_208_988_800
_EXTENSION_ID = 0xABAC
_EXTENSION = struct.pack(">HH12x", _EXTENSION_ID, 3)
# ONVIF Streaming specification, "RTP header extension".
CLEAN_POINT, CONTIGUOUS_END, DISCONTINUITY, TERMINAL = 0x80, 0x40, 0x20, 0x10

# Cut seconds that a loop keeps: a whole minute for replay, which runs through it; live cameras agree on the second.
_KEPT = {True: SECONDS, False: 6}

_HEAD = np.dtype(
    [
        ("dollar", "u1"),
        ("channel", "u1"),
        ("length", ">u2"),
        ("flags", "u1"),
        ("marker", "u1"),
        ("sequence", ">u2"),
        ("time", ">u4"),
        ("source", ">u4"),
    ]
)
_REPLAY = np.dtype(
    [("seconds", ">u4"), ("fraction", ">u4"), ("bits", "u1"), ("cseq", "u1"), ("pad", ">u2")]
)

type Bytes = NDArray[np.uint8]
type Index = NDArray[np.intp]


def ntp(at: datetime) -> tuple[int, int]:
    """Return an NTP timestamp: seconds since 1900 and 2^-32 seconds."""
    micros = round(at.timestamp() * 1_000_000)
    return micros // 1_000_000 + _NTP_EPOCH & 0xFFFFFFFF, (micros % 1_000_000 << 32) // 1_000_000


@dataclass(slots=True)
class Track:
    """One track of a session: where it goes and how far its numbers have come."""

    kind: str
    control: str
    clock: int
    payload_type: int
    channel: int
    source: int
    sequence: int
    # RTP time of the media's zero.
    base: int
    # Of the camera whose pictures these are, as it stands in each of them.
    noise: bytes = NO_NOISE
    packets: int = 0
    octets: int = 0

    def stamp(self, ticks: int) -> int:
        """Return the RTP time of that many ticks after the media's zero."""
        return (self.base + ticks) & 0xFFFFFFFF

    def packet(self, payload: bytes, ticks: int, extension: bytes = b"", *, last: bool) -> bytes:
        """Return one packet in interleaved framing."""
        rtp = struct.pack(
            ">BBHII",
            0x90 if extension else 0x80,
            self.payload_type | (0x80 if last else 0),
            self.sequence,
            self.stamp(ticks),
            self.source,
        )
        self.sequence = self.sequence + 1 & 0xFFFF
        self.packets += 1
        self.octets += len(payload)
        return (
            struct.pack(">cBH", b"$", self.channel, len(rtp) + len(extension) + len(payload))
            + rtp
            + extension
            + payload
        )

    def sender_report(self, at: datetime, ticks: int, name: str) -> bytes:
        """Return SR and SDES in interleaved framing (RFC 3550 6.1: a report never goes without a CNAME)."""
        report = struct.pack(
            ">BBHIIIIII",
            0x80,
            200,
            6,
            self.source,
            *ntp(at),
            self.stamp(ticks),
            self.packets & 0xFFFFFFFF,
            self.octets & 0xFFFFFFFF,
        )
        text = name.encode()[:255]
        chunk = struct.pack(">IBB", self.source, 1, len(text)) + text + b"\0"
        chunk += bytes(-len(chunk) % 4)
        sdes = struct.pack(">BBH", 0x81, 202, len(chunk) // 4) + chunk
        return struct.pack(">cBH", b"$", self.channel + 1, len(report) + len(sdes)) + report + sdes


def new_track(kind: str, control: str, clock: int, payload_type: int, channel: int) -> Track:
    """Return a track with the random start values that RFC 3550 5.1 asks for."""
    return Track(
        kind=kind,
        control=control,
        clock=clock,
        payload_type=payload_type,
        channel=channel,
        source=secrets.randbits(32),
        sequence=secrets.randbits(16),
        base=secrets.randbits(32),
    )


def replay_extension(at: datetime, bits: int, cseq: int) -> bytes:
    """Return the replay extension of a packet whose access unit was recorded at `at`."""
    return struct.pack(">HHIIBBH", _EXTENSION_ID, 3, *ntp(at), bits, cseq & 0xFF, 0)


def fragments(codec: str, nal: bytes) -> list[bytes]:
    """Cut a NAL unit into RTP payloads: itself, or FU-A (RFC 6184 5.8), or FU (RFC 7798 4.4.3)."""
    if len(nal) <= _PAYLOAD:
        return [nal]
    kind = nal_type(codec, nal)
    if codec == "H264":
        head, body = bytes([nal[0] & 0xE0 | 28]), nal[1:]
    else:
        head, body = bytes([nal[0] & 0x81 | 49 << 1, nal[1]]), nal[2:]
    room = _PAYLOAD - len(head) - 1
    last = (len(body) - 1) // room * room
    return [
        head
        + bytes([(0x80 if at == 0 else 0) | (0x40 if at == last else 0) | kind])
        + body[at : at + room]
        for at in range(0, len(body), room)
    ]


class Second:
    """One second of a loop, cut into packets with blanks."""

    def __init__(self, codec: str, units: tuple[Unit, ...], *, extension: bool) -> None:
        """Cut the access units of one second; the time goes in front of the first coded slice."""
        data = bytearray()
        packet_at: list[int] = []
        packet_unit: list[int] = []
        unit_at: list[int] = []
        unit_packet: list[int] = []
        text_at: list[int] = []
        extension_at: list[int] = []
        payload_octets: list[int] = []
        sei = write_time(codec, datetime(2000, 1, 1, tzinfo=UTC), NO_NOISE)
        text_in_sei = sei.index(b"2000-01-01")
        for number, unit in enumerate(units):
            unit_at.append(len(data))
            unit_packet.append(len(packet_at))
            nals = list(unit.nals)
            coded = next(at for at, nal in enumerate(nals) if is_coded(codec, nal))
            nals.insert(coded, sei)
            payloads = [(nal is sei, part) for nal in nals for part in fragments(codec, nal)]
            for at, (is_sei, payload) in enumerate(payloads):
                extra = _EXTENSION if extension and at == 0 else b""
                packet_at.append(len(data))
                packet_unit.append(number)
                payload_octets.append(len(payload))
                marker = 0x80 if at == len(payloads) - 1 else 0
                data += struct.pack(
                    ">cBHBBHII",
                    b"$",
                    0,
                    12 + len(extra) + len(payload),
                    0x90 if extra else 0x80,
                    VIDEO_PAYLOAD_TYPE | marker,
                    0,
                    0,
                    0,
                )
                if extra:
                    extension_at.append(len(data) + 4)
                data += extra
                if is_sei:
                    text_at.append(len(data) + text_in_sei)
                data += payload
        self._data: Bytes = np.frombuffer(bytes(data), dtype=np.uint8)
        self._unit_at = [*unit_at, len(data)]
        self._unit_packet = [*unit_packet, len(packet_at)]
        self._unit_of = np.array(packet_unit, dtype=np.intp)
        self._octets = np.array(payload_octets)
        self._shown = np.array([unit.shown for unit in units], dtype=np.int64)
        self._head_index = _places(packet_at, _HEAD.itemsize)
        self._heads = self._data[self._head_index].reshape(-1).view(_HEAD)
        self._text_index = _places(text_at, TIME_LENGTH + NOISE_LENGTH)
        self._extension_index = _places(extension_at, _REPLAY.itemsize) if extension else None

    def render(
        self,
        track: Track,
        second: int,
        rate: int,
        first: int,
        last: int,
        *,
        ticks: int,
        tick_step: float,
        bits: dict[int, int] | None = None,
        cseq: int = 0,
    ) -> bytes:
        """Return the packets of access units [first, last) of that second of the epoch.

        `ticks` is the RTP time of picture `first` since the media's zero, `tick_step` what each further one adds, in
        the order of showing. `bits` are the extension's E, D and T bits by unit; C is set by itself.
        """
        start, end = self._unit_at[first], self._unit_at[last]
        packets = slice(self._unit_packet[first], self._unit_packet[last])
        out: Bytes = self._data[start:end].copy()
        heads = self._heads[packets].copy()
        count = len(heads)
        heads["channel"] = track.channel
        heads["sequence"] = (track.sequence + np.arange(count)) & 0xFFFF
        shown = self._shown[first:last]
        steps = np.floor((shown - first) * tick_step).astype(np.int64)
        stamps = (track.base + ticks + steps) & 0xFFFFFFFF
        heads["time"] = stamps[self._unit_of[packets] - first]
        heads["source"] = track.source
        out[self._head_index[packets] - start] = heads.view(np.uint8).reshape(count, -1)
        head = time_text(datetime.fromtimestamp(second, UTC))[:-7]
        texts = b"".join(
            b"%s%06dZ%s" % (head, picture * 1_000_000 // rate, track.noise)
            for picture in shown.tolist()
        )
        out[self._text_index[first:last] - start] = np.frombuffer(texts, dtype=np.uint8).reshape(
            last - first, TIME_LENGTH + NOISE_LENGTH
        )
        if self._extension_index is not None:
            fields = np.zeros(last - first, dtype=_REPLAY)
            fields["seconds"] = second + _NTP_EPOCH & 0xFFFFFFFF
            fields["fraction"] = (shown << 32) // rate
            if first == 0:
                fields["bits"][0] = CLEAN_POINT
            for unit, more in (bits or {}).items():
                fields["bits"][unit - first] |= more
            fields["cseq"] = cseq & 0xFF
            out[self._extension_index[first:last] - start] = fields.view(np.uint8).reshape(
                last - first, -1
            )
        track.sequence = track.sequence + count & 0xFFFF
        track.packets += count
        track.octets += int(self._octets[packets].sum())
        return out.tobytes()


def cut_second(loop: Loop, second: int, *, extension: bool) -> Second:
    """Return that second of the epoch cut into packets; shared by all who send this loop."""
    at = second % SECONDS
    kept: OrderedDict[int, Second] = loop.derived.setdefault(("seconds", extension), OrderedDict())
    cut = kept.pop(at, None)
    if cut is None:
        rate = loop.spec.frame_rate
        cut = Second(loop.spec.codec, loop.units[at * rate : (at + 1) * rate], extension=extension)
        if len(kept) >= _KEPT[extension]:
            kept.popitem(last=False)
    kept[at] = cut
    return cut


def is_coded(codec: str, nal: bytes) -> bool:
    """Tell whether a NAL unit holds coded picture data."""
    kind = nal_type(codec, nal)
    return 1 <= kind <= 5 if codec == "H264" else kind < 32


def _places(starts: list[int], length: int) -> Index:
    """Return the positions of fields of that length, one row for each start."""
    return np.array(starts, dtype=np.intp)[:, None] + np.arange(length)


def tone() -> bytes:
    """Return one second of a 440 Hz tone in G.711 µ-law; it joins its own beginning."""
    samples = (8000 * np.sin(2 * np.pi * 440 * np.arange(AUDIO_CLOCK) / AUDIO_CLOCK)).astype(int)
    magnitude = np.minimum(np.abs(samples), 32635) + 132
    exponent = np.floor(np.log2(magnitude)).astype(int) - 7
    mantissa = magnitude >> exponent + 3 & 0x0F
    code = np.where(samples < 0, 0x80, 0) | exponent << 4 | mantissa
    return bytes((~code & 0xFF).astype(np.uint8))
