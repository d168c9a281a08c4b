"""What a camera signed is told from what it did not, group by group."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
import random
import time
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import example, given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.footage.media_signing.chain import (
    ChainInvalid,
    SigningKey,
    Trust,
)
from custom_components.niiza_cctv.lib.footage.media_signing.cut_report import report_of_cut
from custom_components.niiza_cctv.lib.footage.media_signing.report import Signing
from custom_components.niiza_cctv.lib.footage.media_signing.sei import (
    UUID_AXIS,
    SigningInvalid,
    read_message,
)
from custom_components.niiza_cctv.lib.footage.media_signing.verifier import (
    Reason,
    SigningReport,
    Source,
    State,
    Verdict,
    Verifier,
)
from simulator.media_signing import MediaSigner, PrivateKey, SigningHabits, make_certificate
from tests.lib.footage.signing_reference import truth

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
STEP = timedelta(milliseconds=200)
GROUP = 5
Codec = Literal["h264", "hevc"]
Picture = tuple[datetime, list[bytes]]


@cache
def keys() -> tuple[x509.Certificate, PrivateKey, x509.Certificate, PrivateKey, x509.Certificate]:
    """Return root, its key, an authority between, and the camera's key and certificate."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = make_certificate("Root", root_key)
    between_key = ec.generate_private_key(ec.SECP384R1())
    between = make_certificate("Factory", between_key, issuer=(root, root_key), authority=True)
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = make_certificate("Camera 1", key, issuer=(between, between_key))
    return root, root_key, between, key, leaf


def pictures(codec: Codec, groups: int, *, slices: int = 1, seed: int = 1) -> list[Picture]:
    """Return pictures of random content, a key picture each second."""
    chance = random.Random(seed)  # noqa: S311 - pictures, no secrets
    made = []
    for index in range(groups * GROUP):
        units = []
        begins = index % GROUP == 0
        for part in range(slices):
            body = (
                bytes(chance.randrange(1, 255) for _ in range(chance.randrange(30, 90))) + b"\x80"
            )
            first = b"\x88" if part == 0 else b"\x44"
            if codec == "h264":
                units.append((b"\x65" if begins else b"\x41") + first + body)
            else:
                units.append((b"\x26\x01" if begins else b"\x02\x01") + first + body)
        if begins:
            sets = [b"\x67\x64\x00\x1f\x80", b"\x68\xee\x80"]
            if codec == "hevc":
                sets = [b"\x40\x01\x80", b"\x42\x01\x80", b"\x44\x01\x80"]
            units = sets + units
        made.append((START + index * STEP, units))
    return made


def signed(
    codec: Codec = "h264",
    groups: int = 6,
    habits: SigningHabits | None = None,
    *,
    slices: int = 1,
    certificate_message: bool = True,
    signer: MediaSigner | None = None,
    key: PrivateKey | None = None,
) -> list[Picture]:
    """Return pictures as a camera signs them."""
    _, _, between, own_key, leaf = keys()
    signer = signer or MediaSigner(codec, key or own_key, [leaf, between], habits)
    stream = list(signer.sign(pictures(codec, groups, slices=slices)))
    if certificate_message:
        at, units = stream[0]
        stream[0] = at, [signer.certificate_message(), *units]
    return stream


def check(
    stream: list[Picture],
    codec: Codec = "h264",
    *,
    roots: tuple[x509.Certificate, ...] | None = None,
    chain: bytes | None = None,
    digest_name: str = "sha256",
) -> SigningReport:
    """Verify a stream."""
    verifier = Verifier(
        codec,
        roots=(keys()[0],) if roots is None else roots,
        chain=chain,
        digest_name=digest_name,
    )
    for at, units in stream:
        for unit in units:
            verifier.push(unit, at)
    return verifier.finish()


def verdicts(report: SigningReport) -> list[Verdict]:
    """Return the groups' verdicts without the last one, whose signature is still to come."""
    return [one.verdict for one in report.groups]


def slice_of(stream: list[Picture], picture: int) -> int:
    """Return which unit of a picture is its first slice."""
    units = stream[picture][1]
    return next(
        i for i, unit in enumerate(units) if unit[0] & 0x1F in {1, 5} or unit[0] >> 1 in {1, 19}
    )


def change(stream: list[Picture], picture: int, how: Callable[[bytes], bytes]) -> None:
    """Change a slice of one picture."""
    place = slice_of(stream, picture)
    units = list(stream[picture][1])
    units[place] = how(units[place])
    stream[picture] = stream[picture][0], units


def flip(unit: bytes) -> bytes:
    """Flip one bit in the middle."""
    middle = len(unit) // 2
    return unit[:middle] + bytes([unit[middle] ^ 1]) + unit[middle + 1 :]


HABITS = [
    SigningHabits(),
    SigningHabits(list_of_digests=False),
    SigningHabits(escaped=False),
    SigningHabits(hash_escaped=True),
    SigningHabits(groups=3),
    SigningHabits(groups=2, list_of_digests=False, hash_escaped=True),
    SigningHabits(part=2),
    SigningHabits(part=3, list_of_digests=False),
    SigningHabits(late=3),
    SigningHabits(late=8),
    SigningHabits(late=2, groups=2),
    SigningHabits(chain_each=True),
    SigningHabits(version=1, little_endian=True),
    SigningHabits(digest="sha512", chain_each=True),
]


@pytest.mark.parametrize("slices", [1, 3])
@pytest.mark.parametrize("codec", ["h264", "hevc"])
@pytest.mark.parametrize("habits", HABITS, ids=str)
def test_everything_before_the_last_signature_is_authentic(
    codec: Codec, habits: SigningHabits, slices: int
) -> None:
    """Whatever of the specification's freedom a camera takes."""
    stream = signed(codec, 7, habits, slices=slices)

    report = check(stream, codec, digest_name=habits.digest)

    assert report.state is State.AUTHENTIC
    proved = [one for one in verdicts(report) if one is Verdict.AUTHENTIC]
    assert set(verdicts(report)[: len(proved)]) == {Verdict.AUTHENTIC}
    assert report.until is not None
    assert report.until >= START + (3 * GROUP - 1) * STEP
    assert Signing.of(report).trust is Trust.TRUSTED
    assert [one.subject for one in report.signers] == ["CN=Camera 1"]
    assert report.vendor is not None
    assert report.vendor.serial == "SIM-0001"
    assert report.unreadable == 0


def test_the_time_until_which_it_is_authentic_is_that_of_the_last_signed_picture() -> None:
    """Six groups: the sixth has no signature yet."""
    report = check(signed(groups=6))

    assert verdicts(report) == [Verdict.AUTHENTIC] * 5 + [Verdict.NOT_CHECKED]
    assert report.until == START + (5 * GROUP - 1) * STEP
    assert report.groups[-1].reason is Reason.NO_SIGNATURE


@pytest.mark.parametrize("habits", HABITS, ids=str)
@pytest.mark.parametrize("picture", [5, 7, 9])
def test_one_flipped_bit_names_its_group_and_no_other(habits: SigningHabits, picture: int) -> None:
    """In a key picture, in the middle and in the last picture of the second group."""
    stream = signed(groups=7, habits=habits)
    change(stream, picture, flip)

    report = check(stream, digest_name=habits.digest)

    assert report.state is State.NOT_AUTHENTIC
    wrong = [one for one in report.groups if one.verdict is Verdict.NOT_AUTHENTIC]
    assert {one.reason for one in wrong} == {Reason.CHANGED}
    at = stream[picture][0]
    assert any(one.first <= at <= one.last for one in wrong)
    assert all(one.first >= START + 5 * STEP and one.last < START + 10 * STEP for one in wrong)
    # A message without a signature is itself a unit of the group that was changed.
    if habits.groups == 1 or habits.list_of_digests:
        assert report.until == wrong[0].first - STEP


def test_a_lost_picture_leaves_the_others_proved() -> None:
    """A list of digests says that one is missing, and that the others are what was signed."""
    stream = signed(groups=6)
    del stream[7]

    report = check(stream)

    assert report.state is State.PICTURES_MISSING
    assert verdicts(report)[:3] == [
        Verdict.AUTHENTIC,
        Verdict.PICTURES_MISSING,
        Verdict.AUTHENTIC,
    ]
    assert report.groups[1].missing == 1
    assert report.until == START + (5 * GROUP - 1) * STEP


def test_a_lost_key_picture_leaves_the_others_proved() -> None:
    """Their digests hang on that of the key picture, which the list has."""
    stream = signed(groups=6, habits=SigningHabits(late=2))
    place = slice_of(stream, 10)
    del stream[10][1][place]

    report = check(stream)

    assert report.state is State.PICTURES_MISSING
    assert report.groups[2].verdict is Verdict.PICTURES_MISSING
    assert report.groups[2].missing == 1
    assert report.groups[2].units == GROUP - 1
    assert Verdict.NOT_AUTHENTIC not in verdicts(report)


def test_without_a_list_a_lost_picture_leaves_its_group_unproved() -> None:
    """Nobody can tell then what is there from something else: neither authentic nor its contrary."""
    stream = signed(groups=6, habits=SigningHabits(list_of_digests=False))
    del stream[7]

    report = check(stream)

    assert report.state is State.PICTURES_MISSING
    assert report.groups[1].verdict is Verdict.NOT_CHECKED
    assert report.groups[1].reason is Reason.NO_LIST
    assert verdicts(report)[2:5] == [Verdict.AUTHENTIC] * 3


def test_a_lost_signature_leaves_its_group_unproved_and_the_next_ones_proved() -> None:
    """The message of the second group is gone."""
    stream = signed(groups=6)
    at, units = stream[10]
    stream[10] = at, [unit for unit in units if unit[0] & 0x1F != 6]

    report = check(stream)

    assert report.groups[1].verdict is Verdict.NOT_CHECKED
    assert report.groups[1].reason is Reason.NO_SIGNATURE
    assert verdicts(report)[2:5] == [Verdict.AUTHENTIC] * 3
    assert report.state is State.PICTURES_MISSING
    assert report.until == START + (GROUP - 1) * STEP


def test_a_whole_group_cut_out_shows() -> None:
    """Group and message are gone: what follows is linked to what is not there."""
    stream = signed(groups=6)
    cut = stream[:5] + stream[10:]

    report = check(cut)

    assert report.state in {State.PICTURES_MISSING, State.NOT_AUTHENTIC}
    assert report.until is None or report.until <= START + 4 * STEP


def test_an_added_picture_shows() -> None:
    """A picture of another stream among those that were signed."""
    stream = signed(groups=6)
    stream.insert(8, (stream[7][0] + STEP / 2, [pictures("h264", 1, seed=7)[2][1][0]]))

    report = check(stream)

    wrong = [one for one in report.groups if one.verdict is Verdict.NOT_AUTHENTIC]
    assert [one.changed for one in wrong] == [1]
    assert wrong[0].first <= stream[8][0] <= wrong[0].last
    assert verdicts(report).count(Verdict.AUTHENTIC) == 4


def test_groups_in_another_order_show() -> None:
    """Each with its own right signature."""
    stream = signed(groups=8, habits=SigningHabits(late=1))
    mixed = stream[:10] + stream[15:20] + stream[10:15] + stream[20:]

    report = check(mixed)

    assert report.state is not State.AUTHENTIC
    assert report.groups[0].verdict is Verdict.AUTHENTIC
    assert report.until is not None
    assert report.until < START + 10 * STEP


def test_a_wrong_signature_names_its_group() -> None:
    """A bit of the signature, and one of what it covers."""
    for place in (-20, 90):
        stream = signed(groups=6)
        at, units = stream[10]
        units = list(units)
        index = next(i for i, unit in enumerate(units) if unit[0] & 0x1F == 6)
        message = bytearray(units[index])
        message[place] ^= 0x10
        units[index] = bytes(message)
        stream[10] = at, units

        report = check(stream)

        assert report.groups[1].verdict is not Verdict.AUTHENTIC
        assert report.groups[0].verdict is Verdict.AUTHENTIC
        assert verdicts(report)[2:5].count(Verdict.AUTHENTIC) >= 2
        assert report.until == START + (GROUP - 1) * STEP


def test_a_passage_out_of_the_middle_is_proved_from_its_first_whole_group() -> None:
    """The first message speaks of pictures from before; it accuses nobody."""
    stream = signed(groups=8, habits=SigningHabits(chain_each=True, late=2))

    report = check(stream[10:])

    assert report.state is State.AUTHENTIC
    assert report.groups[0].first == START + 10 * STEP
    assert report.until == START + (7 * GROUP - 1) * STEP


def test_a_certificate_that_comes_late_is_used_for_what_came_before() -> None:
    """Cameras send it at the start, and when they are asked for it."""
    _, _, between, key, leaf = keys()
    signer = MediaSigner("h264", key, [leaf, between])
    stream = signed(signer=signer, groups=6, certificate_message=False)
    stream[22] = stream[22][0], [signer.certificate_message(), *stream[22][1]]

    report = check(stream)

    assert report.state is State.AUTHENTIC
    assert verdicts(report)[:5] == [Verdict.AUTHENTIC] * 5
    assert Signing.of(report).trust is Trust.TRUSTED


def test_without_any_certificate_it_is_signed_and_not_checked() -> None:
    """What is known of the camera from before checks it then."""
    stream = signed(groups=6, certificate_message=False)

    report = check(stream)

    assert report.state is State.NOT_CHECKED
    assert report.groups[0].reason is Reason.NO_CERTIFICATE
    assert report.signers == ()
    chain = check(signed(groups=2)).chain
    assert check(stream, chain=chain).state is State.AUTHENTIC


def test_a_root_that_nobody_knows_is_told_with_its_fingerprint() -> None:
    """Authentic by an unknown key is not the same as by a known one."""
    report = check(signed(groups=4), roots=())

    assert report.state is State.AUTHENTIC
    assert Signing.of(report).trust is Trust.UNKNOWN_ROOT
    assert len(report.signers[0].fingerprint) == 64
    other = make_certificate("Somebody else", ec.generate_private_key(ec.SECP256R1()))
    assert Signing.of(check(signed(groups=4), roots=(other,))).trust is Trust.UNKNOWN_ROOT


def test_certificates_are_judged_at_the_time_of_the_recording() -> None:
    """Not today: a recording of 2026 stays what it was when the certificate has ended, and none is older than it."""
    root, root_key, *_ = keys()
    key = ec.generate_private_key(ec.SECP256R1())

    def trust(begin: datetime, end: datetime) -> Trust | None:
        leaf = make_certificate("Camera", key, issuer=(root, root_key), begin=begin, end=end)
        signer = MediaSigner("h264", key, [leaf])
        return Signing.of(check(signed(signer=signer, groups=3))).trust

    year = timedelta(days=365)
    assert trust(START - year, START + timedelta(days=1)) is Trust.TRUSTED
    assert trust(START - year, START - timedelta(days=1)) is Trust.OUT_OF_DATE
    assert trust(START + timedelta(days=1), START + year) is Trust.OUT_OF_DATE


def test_certificates_that_do_not_hold_together_are_told() -> None:
    """The camera's certificate, and an authority that never issued it."""
    _, _, between, key, leaf = keys()
    stranger = make_certificate("Factory", ec.generate_private_key(ec.SECP256R1()))
    for chain in ([leaf, stranger], [leaf, leaf, between]):
        report = check(signed(signer=MediaSigner("h264", key, chain), groups=3))
        assert Signing.of(report).trust is Trust.BROKEN


def test_another_key_in_the_middle_of_a_stream_is_not_authentic() -> None:
    """Somebody signs on with a key of their own, certificates and all."""
    root, root_key, *_ = keys()
    stream = signed(groups=4, habits=SigningHabits(chain_each=True))
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = make_certificate("Other", key, issuer=(root, root_key))
    signer = MediaSigner("h264", key, [leaf], SigningHabits(chain_each=True))
    other = list(signer.sign(pictures("h264", 8, seed=3)))[15:]
    shifted = [(at + timedelta(seconds=5), units) for at, units in other]

    report = check(stream + shifted)

    assert report.state is State.NOT_AUTHENTIC
    assert any(one.reason is Reason.KEY for one in report.groups)


def test_a_camera_that_started_again_is_no_break() -> None:
    """It counts from one again and says that nothing came before."""
    _, _, between, key, leaf = keys()
    first = signed(groups=4)
    again = MediaSigner("h264", key, [leaf, between])
    second = [
        (at + timedelta(minutes=5), units) for at, units in again.sign(pictures("h264", 4, seed=9))
    ]

    report = check(first + second)

    assert Verdict.NOT_AUTHENTIC not in verdicts(report)
    assert sum(one is Verdict.AUTHENTIC for one in verdicts(report)) >= 6


def test_an_rsa_key_is_checked() -> None:
    """By PSS, as the consortium's code does."""
    root, root_key, *_ = keys()
    key = rsa.generate_private_key(65537, 2048)
    leaf = make_certificate("Camera RSA", key, issuer=(root, root_key))

    report = check(signed(signer=MediaSigner("h264", key, [leaf]), groups=4))

    assert report.state is State.AUTHENTIC
    assert Signing.of(report).trust is Trust.TRUSTED


def test_another_digest_is_asked_for_by_a_second_look() -> None:
    """The first look learns the digest, the second one proves everything."""
    stream = signed(groups=5, habits=SigningHabits(digest="sha384"))

    first = check(stream)

    assert first.state is not State.NOT_AUTHENTIC
    if first.state is not State.AUTHENTIC:
        assert first.again
    second = check(stream, chain=first.chain, digest_name=first.digest_name)
    assert second.state is State.AUTHENTIC
    assert second.until == START + (4 * GROUP - 1) * STEP


def test_no_signature_and_the_older_format_are_told() -> None:
    """Neither is checked; Axis's own messages are said to be there."""
    stream = pictures("h264", 3)
    assert check(stream).state is State.NOT_SIGNED
    stream[5] = stream[5][0], [b"\x06\x05\x14" + UUID_AXIS + b"\1\2\3\4\x80", *stream[5][1]]

    report = check(stream)

    assert report.state is State.NOT_SIGNED
    assert report.older_format


def test_a_zero_behind_a_unit_is_not_of_it() -> None:
    """FFmpeg adds one to H.265 in MP4."""
    stream = [(at, [unit + b"\0" for unit in units]) for at, units in signed("hevc", 4)]

    assert check(stream, "hevc").state is State.AUTHENTIC


def test_times_that_are_none_break_nothing() -> None:
    """The year 1601, and one far away."""
    root, root_key, *_ = keys()
    key = keys()[3]
    leaf = make_certificate("Camera", key, issuer=(root, root_key))
    for year in (1601, 9999):
        signer = MediaSigner("h264", key, [leaf], SigningHabits(chain_each=True))
        made = [(at.replace(year=year), units) for at, units in pictures("h264", 4)]
        stream = [(START + i * STEP, units) for i, (_, units) in enumerate(signer.sign(made))]

        report = check(stream)

        assert report.state is State.AUTHENTIC
        assert Signing.of(report).trust is Trust.NO_TIME


def message() -> bytes:
    """Return a message as it stands in a stream."""
    return next(
        unit
        for _, units in signed(groups=3, habits=SigningHabits(chain_each=True))[5:]
        for unit in units
        if unit[0] & 0x1F == 6
    )


@given(place=st.integers(0, 2000), byte=st.integers(0, 255), cut=st.integers(0, 2000))
@settings(max_examples=300, deadline=None)
def test_a_damaged_message_is_unreadable_or_reads(place: int, byte: int, cut: int) -> None:
    """No exception but ours, whatever lies in it."""
    raw = bytearray(message())
    raw[place % len(raw)] = byte
    for one in (bytes(raw), bytes(raw[: cut % len(raw)]), bytes(raw) + bytes(raw[: cut % 50])):
        try:
            read_message("h264", one)
        except SigningInvalid:
            continue


@given(st.lists(st.binary(max_size=60), max_size=30), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_report(units: list[bytes], hevc: bool) -> None:
    """Of units as they may come from anywhere, empty ones among them."""
    stream = [(START, [unit, message() if index % 3 else unit]) for index, unit in enumerate(units)]

    report = check(stream, "hevc" if hevc else "h264")

    assert report.state is not State.AUTHENTIC


def test_certificates_as_long_as_a_book_are_refused() -> None:
    """A megabyte is none, and neither is a chain of a hundred."""
    leaf = keys()[4].public_bytes(Encoding.PEM)
    for chain in (leaf * 100, b"-----BEGIN CERTIFICATE-----\n" * 40_000, b"", b"\0" * 100):
        with pytest.raises(ChainInvalid):
            SigningKey(chain)


def test_messages_made_to_cost_time_are_not_followed() -> None:
    """Each one speaks of thousands of units and fits none: the search for them is bounded."""
    _, _, between, key, leaf = keys()
    signer = MediaSigner("h264", key, [leaf, between], SigningHabits(part=1, chain_each=False))
    hostile = [
        unit
        for _, units in signer.sign(pictures("h264", 60))
        for unit in units
        if unit[0] & 0x1F == 6
    ]
    verifier = Verifier("h264")
    verifier.push(pictures("h264", 1)[0][1][2], START)
    for index in range(15_000):
        verifier.push(b"\x41\x88" + index.to_bytes(4) + b"\x80", START)
    begun = time.process_time()
    for one in hostile * 20:
        verifier.push(one, START)

    assert time.process_time() - begun < 20
    assert verifier.finish().state is not State.AUTHENTIC


@given(
    st.sampled_from([SigningHabits(), SigningHabits(late=2), SigningHabits(groups=2)]),
    st.sets(st.integers(0, 34), max_size=4),
    st.sets(st.integers(0, 34), max_size=2),
)
@settings(max_examples=80, deadline=None)
def test_what_was_touched_is_never_called_authentic(
    habits: SigningHabits, lost: set[int], changed: set[int]
) -> None:
    """Any pictures taken away and changed: the slow truth against the verdicts."""
    stream = signed(groups=7, habits=habits)
    for picture in changed:
        change(stream, picture, flip)
    touched = {stream[picture][0] for picture in changed - lost}
    left = [one for index, one in enumerate(stream) if index not in lost]

    report = check(left)

    for one in report.groups:
        if one.verdict in {Verdict.AUTHENTIC, Verdict.PICTURES_MISSING}:
            assert not any(one.first <= at <= one.last for at in touched)
    if report.until is not None:
        assert not any(at <= report.until for at in touched)


type Unit = tuple[str, datetime, bytes]


def _wrecked(stream: list[Picture], deeds: list[tuple[str, int]]) -> list[Unit]:
    """Do things to a stream: pictures and messages lost, changed, given twice, exchanged."""
    names = {1: "slice", 5: "slice", 6: "message"}
    units = [
        (names.get(unit[0] & 0x1F, "other"), at, unit) for at, group in stream for unit in group
    ]
    for deed, number in deeds:
        wanted = "message" if deed.endswith("message") else "slice"
        places = [place for place, (kind, _, _) in enumerate(units) if kind == wanted]
        if len(places) < 2:
            continue
        place = places[number % len(places)]
        kind, at, unit = units[place]
        match deed.split()[0]:
            case "lose":
                del units[place]
            case "flip":
                bit = number * 7 % (8 * (len(unit) - 8)) + 32
                changed = bytearray(unit)
                changed[bit // 8] ^= 1 << bit % 8
                units[place] = kind, at, bytes(changed)
            case "repeat":
                units.insert(place, units[place])
            case "exchange":
                other = places[(number + 1) % len(places)]
                units[place], units[other] = units[other], units[place]
            case _:
                alien = pictures("h264", 1, seed=number + 3)[number % GROUP][1][-1]
                units.insert(place, ("slice", at, alien))
    return units


DEEDS = st.tuples(
    st.sampled_from(
        [
            *("lose slice", "flip slice", "repeat slice", "exchange slice", "add slice"),
            *("lose message", "flip message", "repeat message", "exchange message"),
        ]
    ),
    st.integers(0, 10_000),
)


@given(
    st.sampled_from(
        [
            SigningHabits(),
            SigningHabits(list_of_digests=False),
            SigningHabits(part=2),
            SigningHabits(part=3, list_of_digests=False, late=1),
            SigningHabits(late=2),
            SigningHabits(hash_escaped=True, chain_each=True),
            SigningHabits(escaped=False),
        ]
    ),
    st.lists(DEEDS, max_size=4),
)
@example(SigningHabits(part=3, list_of_digests=False, late=1), [("lose message", 1)])
@settings(max_examples=40, deadline=None)
def test_nothing_is_authentic_that_the_slow_reference_does_not_bear_out(
    habits: SigningHabits, deeds: list[tuple[str, int]]
) -> None:
    """Whatever is done to a stream; and what is lost costs no group that is complete."""
    stream = _wrecked(signed(groups=4, habits=habits), deeds)
    public = keys()[3].public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    true = truth([unit for _, _, unit in stream], public)

    # Each at a time of its own, so that it is known in the report.
    verifier = Verifier("h264", roots=(keys()[0],))
    for index, (_, clock, unit) in enumerate(stream):
        verifier.push(unit, START + index * STEP, clock)
    report = verifier.finish()

    slices = [START + i * STEP for i, (kind, _, _) in enumerate(stream) if kind == "slice"]
    proved = set()
    for group in report.groups:
        inside = {index for index, at in enumerate(slices) if group.first <= at <= group.last}
        if group.verdict is Verdict.AUTHENTIC:
            assert inside <= true.complete
            proved |= inside
        elif group.verdict is Verdict.PICTURES_MISSING:
            assert inside <= true.signed
            proved |= inside
    if report.until is not None:
        assert {index for index, at in enumerate(slices) if at <= report.until} <= true.signed
    if {deed.split()[0] for deed, _ in deeds} <= {"lose"}:
        assert Verdict.NOT_AUTHENTIC not in verdicts(report)
        if not any(deed == "lose message" for deed, _ in deeds):
            assert true.whole <= proved


def _sei(values: bytes, *, size: int | None = None, codec: Codec = "h264") -> bytes:
    """Return a message of these values, as long as it says or as `size` says."""
    body = bytes.fromhex("005bc93f2d715e95ada4796f90877a6f") + b"\x80" + values
    told = len(body) if size is None else size
    head = b"\x06" if codec == "h264" else b"\x4e\x01"
    return head + b"\x05" + b"\xff" * (told // 255) + bytes([told % 255]) + body + b"\x80"


def _value(tag: int, value: bytes, *, length: int | None = None) -> bytes:
    return bytes([tag]) + (len(value) if length is None else length).to_bytes(2) + value


CHAIN = b"\1\0" + b"-----BEGIN CERTIFICATE-----\n" * 2000


@pytest.mark.parametrize(
    "unit",
    [
        b"",
        b"\x06",
        b"\x06\x05",
        b"\x06" + b"\xff" * 100_000,
        _sei(b"", size=0),
        _sei(b"", size=10),
        _sei(_value(1, b"\2" * 80), size=5000),
        _sei(_value(1, b"\2" * 80), size=30),
        _sei(_value(1, b"\2" * 80, length=0xFFFF)),
        _sei(_value(1, b"\2" * 80, length=79)),
        _sei(b"\1\0"),
        _sei(_value(1, b"")),
        _sei(_value(1, b"\2" * 10)),
        _sei(_value(3, b"\1\xff\xff" + b"\0" * 70)),
        _sei(_value(3, b"\1\0\0")),
        _sei(_value(3, b"\1\0\x40" + b"\0" * 70) + _value(2, b"\1")),
        _sei(_value(3, b"") * 2),
        _sei(_value(4, b"\1\x0b")),
        _sei(_value(4, b"\1\xff" + b"\6")),
        _sei(_value(5, b"\1\xff")),
        _sei(_value(6, CHAIN)),
        _sei(_value(6, CHAIN) * 20),
        _sei(_value(6, b"")),
        _sei(_value(2, b"\1" + b"\0" * 0xFFFE) * 20),
        _sei(_value(9, b"\0" * 10)),
    ],
    ids=lambda unit: f"{unit[:24].hex()}-{len(unit)}",
)
def test_a_lying_message_among_good_ones_changes_nothing(unit: bytes) -> None:
    """Sizes that lie, values that are cut or repeated, certificates of a megabyte: it proves nothing and breaks nothing."""
    stream = signed(groups=6)
    for picture in (0, 7, 10, 22):
        at, units = stream[picture]
        stream[picture] = at, [unit, *units]

    report = check(stream)

    assert report.state is State.AUTHENTIC
    assert verdicts(report)[:5] == [Verdict.AUTHENTIC] * 5
    assert report.unreadable <= 4


def test_certificates_that_vouch_for_each_other_end_somewhere() -> None:
    """A chain with a loop, and one that names its own certificate again and again."""
    first_key, second_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root = make_certificate("First", first_key)
    second = make_certificate("Second", second_key, issuer=(root, first_key), authority=True)
    first = make_certificate("First", first_key, issuer=(second, second_key), authority=True)
    leaf = make_certificate("Camera", key, issuer=(second, second_key))
    for chain in ([leaf, second, first, second, first], [leaf, leaf, leaf], [leaf, second, first]):
        signer = MediaSigner("h264", key, chain, SigningHabits(chain_each=True))

        report = check(signed(signer=signer, groups=4))

        assert report.state is State.AUTHENTIC
        assert Signing.of(report).trust in {Trust.UNKNOWN_ROOT, Trust.BROKEN}
    # With a root that is trusted the loop vouches for nobody else.
    signer = MediaSigner("h264", key, [leaf, second, first], SigningHabits(chain_each=True))
    stream = signed(signer=signer, groups=4)
    assert Signing.of(check(stream, roots=(root,))).trust is Trust.TRUSTED


def test_a_certificate_of_another_key_accuses_nobody() -> None:
    """One that is known from before the camera got a new key: signed, and not checked."""
    _, _, between, _, leaf = keys()
    chain = b"".join(one.public_bytes(Encoding.PEM) for one in (leaf, between))
    other = ec.generate_private_key(ec.SECP256R1())
    stream = signed(groups=5, key=other, certificate_message=False)

    verifier = Verifier("h264", known=[chain, b"none"])
    for at, units in stream:
        for unit in units:
            verifier.push(unit, at)
    report = verifier.finish()

    assert report.state is State.NOT_CHECKED
    assert {one.reason for one in report.groups[:4]} == {Reason.NO_CERTIFICATE}
    assert report.source is None


def test_a_known_certificate_checks_what_came_before_it_was_needed() -> None:
    """The right one of several is found at the first signature."""
    root, root_key, between, _, leaf = keys()
    chains = [b"".join(one.public_bytes(Encoding.PEM) for one in (leaf, between))]
    for name in ("Camera 2", "Camera 3"):
        key = ec.generate_private_key(ec.SECP256R1())
        other = make_certificate(name, key, issuer=(root, root_key))
        chains.insert(0, other.public_bytes(Encoding.PEM))
    stream = signed(groups=5, certificate_message=False)

    verifier = Verifier("h264", roots=(root,), known=chains)
    for at, units in stream:
        for unit in units:
            verifier.push(unit, at)
    report = verifier.finish()

    assert report.state is State.AUTHENTIC
    assert report.source is Source.CAMERA
    assert report.chain == chains[-1]
    signing = Signing.of(report)
    assert signing.trust is Trust.TRUSTED
    assert signing.certificates.encode() == chains[-1]
    assert Signing.from_json(signing.as_json()) == signing


def test_another_known_key_in_the_middle_is_no_authentic_stream() -> None:
    """Two cameras of one section: the pictures of one are no part of the other's recording."""
    root, root_key, between, _, leaf = keys()
    key = ec.generate_private_key(ec.SECP256R1())
    other = make_certificate("Camera 2", key, issuer=(root, root_key))
    known = [
        b"".join(one.public_bytes(Encoding.PEM) for one in (leaf, between)),
        other.public_bytes(Encoding.PEM),
    ]
    first = signed(groups=4, certificate_message=False)
    second = list(MediaSigner("h264", key, [other], counter=2).sign(pictures("h264", 8, seed=5)))

    verifier = Verifier("h264", roots=(root,), known=known)
    for at, units in first + [(at + 4 * GROUP * STEP, units) for at, units in second[2 * GROUP :]]:
        for unit in units:
            verifier.push(unit, at)
    report = verifier.finish()

    assert report.state is State.NOT_AUTHENTIC
    assert {one.subject for one in report.signers} == {"CN=Camera 1", "CN=Camera 2"}


@pytest.mark.parametrize("digest", ["sha256", "sha384"])
def test_a_cut_has_a_verdict_of_its_own(digest: Literal["sha256", "sha384"]) -> None:
    """From the middle of a clip, whose certificate counts for it; its last group has no signature inside."""
    _, _, between, _, leaf = keys()
    chain = b"".join(one.public_bytes(Encoding.PEM) for one in (leaf, between))
    stream = signed(groups=8, habits=SigningHabits(digest=digest), certificate_message=False)
    clip = Signing.of(check(stream, chain=chain, digest_name=digest))
    clip = replace(clip, certificates=chain.decode())

    cut = report_of_cut(
        "h264",
        lambda: ((units, at, at) for at, units in stream[2 * GROUP : 5 * GROUP]),
        clip=clip,
        roots=(keys()[0],),
    )

    assert cut.state is State.AUTHENTIC
    assert cut.trust is Trust.TRUSTED
    assert cut.until == START + (4 * GROUP - 1) * STEP
    last = cut.unproved_end
    assert last is not None
    assert (last.start, last.groups) == (START + 4 * GROUP * STEP, 1)
    assert report_of_cut("h264", lambda: (), clip=None).state is State.NOT_SIGNED
