"""RTP packets into access units: what arrives in good order, and what does not."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
import itertools
import struct

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraError,
    CameraOperationUnsupported,
)
from custom_components.niiza_cctv.lib.device.quirks import Quirk
from custom_components.niiza_cctv.lib.footage.depacketize import (
    MAX_ACCESS_UNIT,
    MAX_REORDERED,
    AccessUnit,
    Depacketizer,
    H264Depacketizer,
    H265Depacketizer,
    depacketizer_for,
    ntp_to_utc,
)
from custom_components.niiza_cctv.lib.footage.sdp import MediaDescription
from tests.lib.footage.scripted_camera import (
    CLEAN,
    DISCONTINUITY,
    END_OF_SECTION,
    GROUP,
    TERMINAL,
    Footage,
    annex_b,
    extension,
    moment,
    pictures,
    rtp,
)

# Each the first slice of its picture: first_mb_in_slice is 0.
IDR, SLICE, SPS = b"\x65\x88idr", b"\x41\x9aslice", b"\x67sps"


def fed(
    packets: Iterable[bytes], depacketizer: Depacketizer | None = None
) -> tuple[list[AccessUnit], Depacketizer]:
    """Give packets to a depacketizer, each inside other bytes, and return what came out."""
    depacketizer = depacketizer or H264Depacketizer()
    for packet in packets:
        depacketizer.push(b"$abc" + packet + b"$", 4, 4 + len(packet))
    depacketizer.release()
    units, depacketizer.units = depacketizer.units, []
    return units, depacketizer


def made(codec: str) -> Depacketizer:
    """Return a depacketizer for a codec."""
    return H264Depacketizer() if codec == "H264" else H265Depacketizer()


def renumbered(packets: Iterable[bytes]) -> list[bytes]:
    """Return packets numbered on, as if the camera had sent just these."""
    return [
        packet[:2] + struct.pack(">H", at & 0xFFFF) + packet[4:]
        for at, packet in enumerate(packets)
    ]


def flat(units: Iterable[Iterable[bytes]]) -> list[bytes]:
    """Return all packets of all pictures."""
    return [packet for unit in units for packet in unit]


def at_zero(flags: int = CLEAN) -> bytes:
    """Return the extension of the first picture."""
    return extension(moment(0), flags)


@pytest.mark.parametrize("codec", ["H264", "H265"])
@pytest.mark.parametrize("size", [100, 1400, 60000])
@pytest.mark.parametrize("extended", ["first", "each"])
def test_pictures_come_out_as_they_went_in(codec: str, size: int, extended: str) -> None:
    """Whatever the packet size and wherever the extension is."""
    footage = Footage(codec=codec, size=size, extended=extended)
    depacketizer = H264Depacketizer() if codec == "H264" else H265Depacketizer()
    units, _ = fed(flat(footage.units()), depacketizer)
    assert [unit.data for unit in units] == [annex_b(nals) for nals in pictures(codec)]
    assert [unit.at for unit in units] == [moment(index) for index in range(60)]
    assert [unit.keyframe for unit in units] == [index % GROUP == 0 for index in range(60)]
    assert not any(unit.discontinuity or unit.last for unit in units)


def test_without_marker_bits_the_time_ends_a_picture() -> None:
    """The last one is given out when nothing more comes."""
    units, depacketizer = fed(flat(Footage(markers=False).units()))
    assert len(units) == 59
    depacketizer.flush()
    assert [u.data for u in [*units, *depacketizer.units]] == [annex_b(n) for n in pictures()]


def test_a_picture_that_is_cut_off_at_the_end_is_not_given_out() -> None:
    """With marker bits in use, or in the middle of a fragment, it is not complete."""
    packets = flat(Footage(count=2, size=100).units())
    units, depacketizer = fed(packets[:-1])
    depacketizer.flush()
    assert (len(units), depacketizer.units) == (1, [])
    slices = [
        rtp(IDR, 1, 0, marker=True, extended=at_zero()),
        rtp(SLICE, 2, 9000, extended=extension(moment(1), 0)),
    ]
    units, depacketizer = fed(slices)
    depacketizer.flush()
    assert (len(units), depacketizer.units) == (1, [])
    packets = flat(Footage(count=1, size=100, markers=False).units())
    units, depacketizer = fed(packets[:-1])
    depacketizer.flush()
    assert (units, depacketizer.units) == ([], [])


def is_over(
    packets: Iterable[bytes], *, end: int = 6, depacketizer: Depacketizer | None = None
) -> bool:
    """Return whether the last of what was asked for is seen to have come with these packets."""
    depacketizer = depacketizer or H264Depacketizer()
    depacketizer.times.asked = (moment(0), moment(end))
    seen = []
    for packet in packets:
        depacketizer.push(packet, 0, len(packet))
        seen.append(depacketizer.over)
    assert not any(seen[:-1])
    return seen[-1]


@pytest.mark.parametrize("codec", ["H264", "H265"])
def test_the_last_picture_is_known_where_the_camera_says_so_and_its_time_agrees(codec: str) -> None:
    """The T bit stands at the end of each file, too, and where it is wrong footage would be missing."""
    said = Footage(codec=codec, count=6, flags={5: TERMINAL})
    assert is_over(flat(said.units()), depacketizer=made(codec))
    # Two more pictures were asked for.
    assert not is_over(flat(said.units()), end=7, depacketizer=made(codec))
    unsaid = Footage(codec=codec, count=6)
    assert not is_over(flat(unsaid.units()), depacketizer=made(codec))


def test_the_last_picture_is_not_known_where_its_end_may_still_come() -> None:
    """Without a marker, before two have ended pictures, and where they ever stood elsewhere."""
    said = Footage(count=6, flags={5: TERMINAL})
    packets = flat(said.units())
    assert not is_over(packets[:-1])
    assert not is_over(flat(Footage(count=6, flags={5: TERMINAL}, markers=False).units()))
    few = Footage(first=4, count=2, flags={4: CLEAN, 5: TERMINAL})
    assert not is_over(flat(few.units()))
    third = flat(said.units()[:3])[-1]
    bare = third[:1] + bytes((third[1] & 0x7F,)) + third[2:]
    assert not is_over([bare if packet == third else packet for packet in packets])
    # Something came that waits for one before it.
    last = H264Depacketizer()
    assert is_over(packets, depacketizer=last)
    number = int.from_bytes(packets[-1][2:4])
    last.push(behind := rtp(SLICE, number + 2, 9000), 0, len(behind))
    assert not last.over
    marked = [packet[:1] + bytes((packet[1] | 0x80,)) + packet[2:] for packet in packets]
    assert not is_over(marked)
    end_of_sequence = rtp(b"\x0a", 0, 90000 // 10 + 0xFFFF_0000, marker=True)
    units = said.units()
    assert not is_over(renumbered([*units[0], *units[1], end_of_sequence, *flat(units[2:])]))


def test_the_last_picture_is_not_known_by_pictures_in_another_order() -> None:
    """What is shown last is not sent last."""
    order = (0, 2, 1, 4, 3, 5)
    packets = [
        rtp(
            IDR if at == 0 else SLICE,
            number,
            9000 * at,
            marker=True,
            extended=extension(moment(at), TERMINAL if at == 5 else 0),
        )
        for number, at in enumerate(order)
    ]
    assert not is_over(packets)


def test_parameter_sets_marked_as_a_picture_join_the_picture() -> None:
    """Some cameras set the marker on every NAL unit, or give parameter sets a time of their own."""
    packets = [
        rtp(SPS, 1, 50, marker=True, extended=extension(moment(9), 0)),
        rtp(IDR, 2, 60, marker=True, extended=at_zero()),
        rtp(SPS, 3, 70, marker=True, extended=extension(moment(1), 0)),
        rtp(IDR, 4, 70, marker=True),
    ]
    units, _ = fed(packets)
    assert [unit.data for unit in units] == [annex_b([SPS, IDR])] * 2
    assert [(unit.at, unit.rtp_time) for unit in units] == [(moment(0), 60), (moment(1), 70)]


def test_doubled_and_late_packets_change_nothing() -> None:
    """RFC 3550 allows both."""
    packets = flat(Footage(count=20, size=100).units())
    doubled = [copy for packet in packets for copy in (packet, packet)]
    doubled[41:41] = packets[3:6]
    units, _ = fed(doubled)
    assert [unit.data for unit in units] == [annex_b(nals) for nals in pictures()[:20]]
    assert not any(unit.discontinuity for unit in units)


@pytest.mark.parametrize("extended", ["first", "each"])
def test_after_a_loss_the_picture_is_marked_and_all_others_are_whole(extended: str) -> None:
    """What came is given out: a decoder shows what it can of it, and nobody takes it for whole."""
    units = Footage(size=100, extended=extended).units()
    del units[14][2]
    got, depacketizer = fed(flat(units))
    assert [unit.at for unit in got] == [moment(i) for i in range(60)]
    assert [unit.at for unit in got if unit.damaged] == [moment(14)]
    whole = [annex_b(nals) for nals in pictures()]
    assert [unit.data for unit in got[:14] + got[15:]] == whole[:14] + whole[15:]
    assert got[14].data in whole[14] or whole[14].startswith(got[14].data[:100])
    assert depacketizer.finished == 60
    assert depacketizer.repairs[Quirk.RTP_LOST] == 1


def test_after_a_whole_picture_was_lost_the_hole_shows() -> None:
    """The next ones are there all the same: they came."""
    units = Footage(size=100).units()
    del units[14]
    got, _ = fed(flat(units))
    assert [unit.at for unit in got] == [moment(i) for i in range(60) if i != 14]
    assert [unit.at for unit in got if unit.discontinuity] == [moment(15)]


def test_a_picture_whose_end_is_lost_together_with_the_next_ones_beginning() -> None:
    """Both are marked, and nothing of one gets into the other."""
    units = Footage(size=100).units()
    del units[14][-2:], units[15][:2]
    got, _ = fed(flat(units))
    assert [unit.at for unit in got] == [moment(i) for i in range(60)]
    assert {unit.at for unit in got if unit.damaged} == {moment(14), moment(15)}


def test_a_clean_point_whose_beginning_was_lost_is_marked() -> None:
    """A slice of the clean point alone looks like a whole one."""
    packets = [
        rtp(IDR, 1, 0, marker=True, extended=at_zero()),
        rtp(b"\x65\x40second half", 9, 9000, marker=True, extended=extension(moment(1), CLEAN)),
        rtp(IDR, 10, 18000, marker=True, extended=extension(moment(2), CLEAN)),
    ]
    units, _ = fed(packets)
    assert [(unit.at, unit.damaged) for unit in units] == [
        (moment(0), False),
        (moment(1), True),
        (moment(2), False),
    ]


def test_numbering_that_starts_anew_after_a_gap_loses_nothing() -> None:
    """The D bit says that the camera jumped on purpose."""
    first = Footage(count=10, extended="each", first_sequence=100, flags={9: END_OF_SECTION})
    then = Footage(
        first=30, count=10, extended="each", first_sequence=40000, flags={30: DISCONTINUITY}
    )
    units, _ = fed(flat([*first.units(), *then.units()]))
    assert [unit.at for unit in units] == [moment(i) for i in [*range(10), *range(30, 40)]]
    assert [unit.at for unit in units if unit.discontinuity] == [moment(30)]
    assert not any(unit.damaged for unit in units)


def test_the_discontinuity_bit_alone_is_enough() -> None:
    """Packets may be numbered on as if nothing were missing."""
    units, _ = fed(flat(Footage(count=30, flags={20: DISCONTINUITY}).units()))
    assert [unit.at for unit in units if unit.discontinuity] == [moment(20)]


def test_the_end_of_a_section_alone_makes_a_discontinuity() -> None:
    """E on the unit before is enough; time that runs backwards is, too."""
    first = Footage(count=10, first_sequence=0, flags={9: END_OF_SECTION | TERMINAL})
    packets = flat(first.units())
    then = Footage(first=30, count=10, first_sequence=len(packets))
    packets += flat(then.units())
    packets += flat(Footage(count=1, first_sequence=len(packets)).units())
    units, _ = fed(packets)
    assert [unit.at for unit in units if unit.discontinuity] == [moment(30), moment(0)]
    # More came behind the one that was said to be the last.
    assert not any(unit.last for unit in units)


def test_a_stream_that_starts_in_the_middle_is_given_from_its_first_clean_point() -> None:
    """Some cameras start at the very moment that was asked for."""
    units, _ = fed(flat(Footage(first=3, count=20).units()))
    assert [unit.at for unit in units] == [moment(index) for index in range(10, 23)]


def test_a_unit_without_a_time_gets_it_from_the_rtp_clock() -> None:
    """Only from a neighbour close by, before or behind: a time is never invented."""
    with_time, without = rtp(IDR, 1, 0xFFFF_FF00, marker=True, extended=at_zero()), 0xFFFF_FF00
    units, depacketizer = fed([with_time, rtp(SLICE, 2, without + 9000, marker=True)])
    assert [unit.at for unit in units] == [moment(0), moment(1)]
    assert depacketizer.repairs[Quirk.REPLAY_STAMP_MISSING] == 1
    for packets in (
        [with_time, rtp(SLICE, 2, without + 90000 * 11, marker=True)],
        [rtp(IDR, 1, 0, marker=True)],
        [
            rtp(IDR, 1, 0, marker=True, extended=at_zero(CLEAN | END_OF_SECTION)),
            rtp(SLICE, 2, 9000, marker=True),
        ],
    ):
        _, depacketizer = fed(packets)
        with pytest.raises(CameraAnswerInvalid, match="without the time"):
            depacketizer.flush()
    late = [
        rtp(IDR, 1, 0, marker=True),
        rtp(SLICE, 2, 9000, marker=True, extended=extension(moment(1), 0)),
    ]
    units, _ = fed(late)
    assert [unit.at for unit in units] == [moment(0), moment(1)]


def test_aggregated_units_are_taken_apart() -> None:
    """STAP-A (RFC 6184 5.7.1) and AP (RFC 7798 4.4.2), with and without decoding order numbers."""
    body = struct.pack(">BH4sH5s", 0x78, 4, SPS, len(IDR), IDR)
    (unit,), _ = fed([rtp(body, 1, 0, marker=True, extended=at_zero())])
    assert (unit.data, unit.keyframe) == (annex_b([SPS, IDR]), True)

    sps, idr = b"\x42\x01sps", b"\x26\x01idr"
    plain = struct.pack(">2sH5sH5s", b"\x60\x01", 5, sps, 5, idr)
    numbered = struct.pack(">2sHH5sBH5s", b"\x60\x01", 7, 5, sps, 0, 5, idr)
    for wanted, payload in ((False, plain), (True, numbered)):
        (unit,), _ = fed(
            [rtp(payload, 1, 0, marker=True, extended=at_zero(0))],
            H265Depacketizer(numbered=wanted),
        )
        assert (unit.data, unit.keyframe) == (annex_b([sps, idr]), True)


def test_decoding_order_numbers_are_left_out() -> None:
    """RFC 7798 4.4.1 and 4.4.3: in single NAL units and in first fragments."""
    packets = [
        rtp(b"\x42\x01\x00\x07sps", 1, 0, extended=at_zero()),
        rtp(b"\x62\x01\x93\x00\x08begin", 2, 0),
        rtp(b"\x62\x01\x13middle", 3, 0),
        rtp(b"\x62\x01\x53end", 4, 0, marker=True),
    ]
    (unit,), _ = fed(packets, H265Depacketizer(numbered=True))
    assert unit.data == annex_b([b"\x42\x01sps", b"\x26\x01beginmiddleend"])
    assert unit.keyframe


def test_header_fields_before_the_payload_are_stepped_over() -> None:
    """Contributing sources, another extension, padding."""
    packet = bytearray(rtp(IDR, 1, 0, marker=True, extended=at_zero()))
    packet[0] |= 0x22
    packet[12:12] = bytes(8)
    packet += b"\0\0\3"
    other = rtp(SLICE, 2, 9000, marker=True, extended=struct.pack(">HHI", 0xBEDE, 1, 0))
    short = rtp(SLICE, 3, 18000, marker=True, extended=struct.pack(">HHI", 0xABAC, 1, 0))
    units, _ = fed([bytes(packet), other, short])
    assert [unit.data for unit in units] == [annex_b([nal]) for nal in (IDR, SLICE, SLICE)]
    assert [unit.at for unit in units] == [moment(0), moment(1), moment(2)]


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\x80\x60" + bytes(9),
        b"\x00\x60" + bytes(30),
        b"\x90\x60" + bytes(10) + b"\xab",
        b"\x90\x60" + bytes(10) + b"\xab\xac\xff\xff" + bytes(12),
        b"\x8f\x60" + bytes(20),
        rtp(b"\x7c", 1, 0),
        rtp(b"\x78\x00", 1, 0),
        rtp(b"\x78\x00\x00\x65", 1, 0),
    ],
)
def test_packets_that_contradict_themselves_are_left_out(packet: bytes) -> None:
    """Too short, another version, lengths beyond the end: the footage around them is whole."""
    packets = flat(Footage(count=20, first_sequence=0).units())
    if len(packet) >= 12:
        packet = packet[:4] + packets[25][4:8] + packet[8:]
    packets = [*renumbered(packets[:25]), packet, *packets[25:]]
    numbered = itertools.count()
    got, depacketizer = fed(
        one[:2] + struct.pack(">H", next(numbered)) + one[4:] if len(one) >= 12 else one
        for one in packets
    )
    assert [unit.data for unit in got] == [annex_b(nals) for nals in pictures()[:20]]
    assert not any(unit.damaged or unit.discontinuity for unit in got)
    assert depacketizer.repairs


@pytest.mark.parametrize(
    ("codec", "payload"),
    [
        *(("H264", bytes([0x60 | kind]) + b"abcdefgh") for kind in (0, 25, 26, 27, 29, 30, 31)),
        ("H264", b"\x7c"),
        ("H264", b"\x7c\x41"),
        ("H264", b"\x78\x00\x00\x00"),
        ("H264", b""),
        ("H265", b"\x64\x01abcdefgh"),
        ("H265", b"\x66\x01abcdefgh"),
        ("H265", b"\x62\x01"),
        ("H265", b"\x62\x01\x41"),
        ("H265", b"\x60\x01\x00\x00\x00"),
        ("H265", b"\x02"),
        ("H265", b""),
    ],
)
@pytest.mark.parametrize("markers", [True, False])
def test_payloads_of_no_kind_that_carries_pictures_are_left_out(
    codec: str, payload: bytes, *, markers: bool
) -> None:
    """Reserved types and empty units (RFC 6184 5.4): in front of a picture, in it and behind it."""
    for time in (14, 15):
        for place in (0, 1, -1):
            units = Footage(codec=codec, count=30, first_sequence=0, markers=markers).units()
            junk = rtp(payload, 0, 90000 * time // 10 + 0xFFFF_0000)
            units[15].insert(place if place >= 0 else len(units[15]), junk)
            got, depacketizer = fed(renumbered(flat(units)), made(codec))
            depacketizer.flush()
            got += depacketizer.units
            assert [unit.data for unit in got] == [annex_b(n) for n in pictures(codec)[:30]]
            assert not any(unit.damaged for unit in got)
            assert depacketizer.repairs


@pytest.mark.parametrize(
    ("codec", "kind"), [("H264", b"\x79"), ("H264", b"\x7d"), ("H265", b"\x64\x01")]
)
def test_a_stream_of_nothing_that_can_be_read_is_unsupported(codec: str, kind: bytes) -> None:
    """Interleaved mode was not negotiated: an empty card would look the same."""
    packets = (
        rtp(kind + bytes(20), n, 9000 * n, marker=True, extended=at_zero()) for n in range(9)
    )
    _, depacketizer = fed(packets, made(codec))
    with pytest.raises(CameraOperationUnsupported):
        depacketizer.flush()


@pytest.mark.parametrize("codec", ["H264", "H265"])
def test_a_fragment_without_its_beginning_spoils_its_picture_only(codec: str) -> None:
    """The camera itself may cut a fragment off."""
    units = Footage(codec=codec, size=100, first_sequence=0, count=30).units()
    head = 16 + 12
    units[5][:2] = [units[5][0][:head] + units[5][1][12:]]
    got, _ = fed(renumbered(flat(units)), made(codec))
    assert [unit.at for unit in got] == [moment(i) for i in range(30)]
    assert [unit.at for unit in got if unit.damaged] == [moment(5)]
    assert not any(unit.discontinuity for unit in got)


def test_a_picture_without_an_end_is_not_collected_for_ever() -> None:
    """Memory stays bounded."""
    depacketizer = H264Depacketizer()
    body = b"\x7c\x85" + bytes(60000)
    with pytest.raises(CameraAnswerInvalid, match="size"):
        fed((rtp(body, number, 0) for number in range(1000)), depacketizer)
    assert depacketizer._size < MAX_ACCESS_UNIT + 65536


@pytest.mark.parametrize(
    ("seconds", "fraction", "moment_"),
    [
        (2_208_988_800, 0, datetime(1970, 1, 1, tzinfo=UTC)),
        (0, 0, datetime(2036, 2, 7, 6, 28, 16, tzinfo=UTC)),
        (3_972_758_400, 0x70A3_D70A, datetime(2025, 11, 22, 0, 0, 0, 440000, tzinfo=UTC)),
        (3_972_758_400, 0xFFFF_FFFF, datetime(2025, 11, 22, 0, 0, 1, tzinfo=UTC)),
    ],
)
def test_ntp_time_is_exact_in_both_eras(seconds: int, fraction: int, moment_: datetime) -> None:
    """The counter overflows in 2036; fractions are rounded, not cut."""
    assert ntp_to_utc(seconds, fraction) == moment_


@given(
    st.timedeltas(timedelta(0), timedelta(days=130 * 365)).map(
        lambda age: datetime(1970, 1, 1, tzinfo=UTC) + age
    )
)
def test_every_microsecond_survives_ntp(at: datetime) -> None:
    """Also when the sender rounds its fraction down."""
    seconds, fraction = struct.unpack(">4xII", extension(at, 0)[:12])
    assert abs(ntp_to_utc(seconds, fraction) - at) <= timedelta(microseconds=1)


@settings(max_examples=200, deadline=None)
@given(
    packets=st.lists(
        st.one_of(
            st.binary(max_size=80),
            st.builds(
                rtp,
                st.binary(max_size=60),
                st.integers(0, 70000),
                st.integers(0, 3),
                marker=st.booleans(),
                extended=st.sampled_from([b"", at_zero(), at_zero(0)]),
            ),
        ),
        max_size=30,
    ),
    depacketizer=st.sampled_from([H264Depacketizer, H265Depacketizer]),
)
def test_any_packets_give_units_or_a_typed_error(
    packets: list[bytes], depacketizer: type[Depacketizer]
) -> None:
    """Nothing else ever leaves the depacketizer; the first unit is always a clean point."""
    taking = depacketizer()
    units: list[AccessUnit] = []
    try:
        units, _ = fed(packets, taking)
        taking.flush()
    except CameraError:
        pass
    for unit in (units + taking.units)[:1]:
        assert unit.keyframe


def read(
    wire: bytes, depacketizer: Depacketizer, capacity: int, *, alone: bool
) -> tuple[list[AccessUnit], str]:
    """Give interleaved frames through one small buffer that is used over and over, each alone or with `follow`.

    Returns the units and what was raised.
    """
    buffer = bytearray(capacity)
    size = given = 0
    try:
        while given < len(wire):
            part = wire[given : given + capacity - size]
            buffer[size : size + len(part)] = part
            given, size, at = given + len(part), size + len(part), 0
            while size - at >= 4:
                end = at + 4 + int.from_bytes(buffer[at + 2 : at + 4])
                if end > size:
                    break
                if depacketizer.push(buffer, at + 4, end) and not alone:
                    end = depacketizer.follow(buffer, at, end, size)
                at = end
            depacketizer.keep()
            rest = buffer[at:size]
            buffer[:] = b"\xff" * capacity
            buffer[: len(rest)] = rest
            size = len(rest)
        depacketizer.flush()
    except CameraError as err:
        return depacketizer.units, repr(err)
    return depacketizer.units, ""


@settings(max_examples=80, deadline=None)
@given(
    codec=st.sampled_from(["H264", "H265"]),
    size=st.sampled_from([20, 100, 333]),
    extended=st.sampled_from(["first", "each"]),
    first_sequence=st.sampled_from([0, 65400, 65530]),
    faults=st.lists(
        st.tuples(
            st.sampled_from(["flip", "drop", "double", "swap", "pad"]), st.integers(0, 10**6)
        ),
        max_size=4,
    ),
    header_bytes=st.lists(st.tuples(st.integers(0, 22), st.integers(0, 255)), max_size=4),
    capacity=st.integers(600, 9000),
)
def test_following_fragments_gives_what_each_packet_alone_gives(
    *,
    codec: str,
    size: int,
    extended: str,
    first_sequence: int,
    faults: list[tuple[str, int]],
    header_bytes: list[tuple[int, int]],
    capacity: int,
) -> None:
    """The fast way is never another way: with lost, doubled, swapped, padded and spoilt packets, at any cut."""
    footage = Footage(
        codec=codec, count=25, size=size, extended=extended, first_sequence=first_sequence
    )
    packets = flat(footage.units())
    for kind, place in faults:
        at = place % (len(packets) - 1)
        match kind:
            case "flip" if header_bytes:
                changed = bytearray(packets[at])
                for offset, value in header_bytes:
                    changed[offset % len(changed)] = value
                packets[at] = bytes(changed)
            case "drop":
                del packets[at]
            case "double":
                packets.insert(at, packets[at])
            case "swap":
                packets[at], packets[at + 1] = packets[at + 1], packets[at]
            case "pad":
                packets[at] = bytes([packets[at][0] | 0x20]) + packets[at][1:] + b"\0\0\3"
    wire = b"".join(struct.pack(">BBH", 0x24, 0, len(packet)) + packet for packet in packets)
    make = H264Depacketizer if codec == "H264" else H265Depacketizer
    assert read(wire, make(), capacity, alone=False) == read(wire, make(), capacity, alone=True)


@pytest.mark.parametrize("codec", ["H264", "H265"])
def test_nearly_all_packets_take_the_fast_way(codec: str) -> None:
    """Or the test above would prove nothing."""
    packets = flat(Footage(codec=codec, size=50).units())
    wire = b"".join(struct.pack(">BBH", 0x24, 0, len(packet)) + packet for packet in packets)
    depacketizer = H264Depacketizer() if codec == "H264" else H265Depacketizer()
    at = pushed = 0
    while at < len(wire):
        end = at + 4 + int.from_bytes(wire[at + 2 : at + 4])
        pushed += 1
        at = (
            depacketizer.follow(wire, at, end, len(wire))
            if depacketizer.push(wire, at + 4, end)
            else end
        )
    depacketizer.release()
    assert [unit.data for unit in depacketizer.units] == [annex_b(n) for n in pictures(codec)]
    assert pushed < len(packets) / 3


def test_pictures_sent_after_later_ones_are_no_discontinuity() -> None:
    """B pictures; a clock that was set back is one."""
    order = [0, 3, 1, 2, 6, 4, 5]
    units, depacketizer = fed(
        rtp(IDR if i == 0 else SLICE, n, 9000 * i, marker=True, extended=extension(moment(i), 0))
        for n, i in enumerate(order)
    )
    assert [unit.at for unit in units] == [moment(index) for index in order]
    assert not any(unit.discontinuity for unit in units)
    assert depacketizer.newest == moment(6)
    back = moment(6) - MAX_REORDERED - timedelta(milliseconds=100)
    packets = [
        rtp(SLICE, 7, 54000 - 9000 * 21, marker=True, extended=extension(back, 0)),
        rtp(SLICE, 8, 54000 - 9000 * 20, marker=True),
    ]
    units, _ = fed(packets, depacketizer)
    assert [unit.at for unit in units] == [back, back + timedelta(milliseconds=100)]
    assert [unit.discontinuity for unit in units] == [True, False]
    assert depacketizer.newest == units[1].at


def test_a_unit_without_a_time_may_lie_before_its_neighbour() -> None:
    """The RTP clock of a B picture runs backwards."""
    packets = [
        rtp(IDR, 1, 100, marker=True, extended=at_zero()),
        rtp(SLICE, 2, 27100, marker=True),
        rtp(SLICE, 3, 9100, marker=True),
    ]
    units, _ = fed(packets)
    assert [unit.at for unit in units] == [moment(0), moment(3), moment(1)]


def test_only_h264_and_h265_are_taken() -> None:
    """JPEG and the rest are another product's business."""

    def media(encoding: str, **parameters: str) -> MediaDescription:
        return MediaDescription(
            kind="video",
            encoding=encoding,
            payload_type=96,
            clock_rate=90000,
            control="",
            parameters={name.replace("_", "-"): value for name, value in parameters.items()},
        )

    assert depacketizer_for(media("H264")).codec == "h264"
    assert depacketizer_for(media("H265", sprop_max_don_diff="2")).codec == "hevc"
    with pytest.raises(CameraOperationUnsupported):
        depacketizer_for(media("JPEG"))
