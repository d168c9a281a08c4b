"""How far to read on is told by what signing messages say, whatever else they say."""

from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
import pytest

from custom_components.niiza_cctv.lib.footage.media_signing.coverage import Coverage
from simulator.media_signing import MediaSigner, SigningHabits, make_certificate
from tests.lib.footage.test_media_signing import GROUP, START, STEP, keys, pictures, signed

HOUR = timedelta(hours=1)


def follow(coverage: Coverage, habits: SigningHabits, *, clock: timedelta = timedelta()) -> None:
    """Let the pictures of six groups come; the times in the messages are off by `clock`."""
    signer = MediaSigner("h264", keys()[3], [keys()[4], keys()[2]], habits)
    made = [(at + clock, units) for at, units in pictures("h264", 6)]
    for index, (_, units) in enumerate(signer.sign(made)):
        push(coverage, units, START + index * STEP, keyframe=index % GROUP == 0)


def push(coverage: Coverage, units: list[bytes], at: datetime, *, keyframe: bool) -> None:
    """Let a picture come."""
    data = b"".join(b"\0\0\0\1" + unit for unit in units)
    coverage.push("h264", data, at, at, keyframe=keyframe)


@pytest.mark.parametrize(
    ("habits", "clock"),
    [
        (SigningHabits(), timedelta()),
        (SigningHabits(), 24 * 365 * HOUR),
        (SigningHabits(version=1), timedelta()),
        (SigningHabits(hash_escaped=True), timedelta()),
        (SigningHabits(escaped=False), timedelta()),
        (SigningHabits(list_of_digests=False, little_endian=True), timedelta()),
    ],
    ids=str,
)
@pytest.mark.parametrize("last", [5, 7, 9])
def test_the_picture_with_the_signature_of_the_last_ones_closes(
    habits: SigningHabits, clock: timedelta, last: int
) -> None:
    """It is the next key picture, wherever in its group the passage ends, and whatever clock the signature goes by."""
    coverage = Coverage(START + last * STEP)

    follow(coverage, habits, clock=clock)

    assert coverage.is_signed
    assert not coverage.is_open
    assert coverage.closed_at == START + 10 * STEP


def test_late_and_seldom_signatures_are_waited_for() -> None:
    """A message without a signature of its own closes nothing."""
    coverage = Coverage(START + 7 * STEP)
    follow(coverage, SigningHabits(late=3))
    assert coverage.closed_at == START + 13 * STEP
    coverage = Coverage(START + 7 * STEP)
    follow(coverage, SigningHabits(groups=3))
    assert coverage.closed_at == START + 15 * STEP


def test_the_last_group_stays_open_until_its_signature_comes() -> None:
    """Of the sixth group there is none."""
    coverage = Coverage(START + 27 * STEP)

    follow(coverage, SigningHabits())

    assert coverage.is_open
    assert coverage.closed_at is None


def test_pictures_without_signatures_are_not_open() -> None:
    """There is nothing to read on to."""
    coverage = Coverage(START + 7 * STEP)
    for at, units in pictures("h264", 4):
        push(coverage, units, at, keyframe=False)

    assert not coverage.is_signed
    assert not coverage.is_open
    assert not coverage.is_checked_by(keys()[4].public_bytes(Encoding.PEM))


def test_a_certificate_is_known_by_the_signature() -> None:
    """By no name and no number."""
    coverage = Coverage(START + 7 * STEP)
    follow(coverage, SigningHabits())
    other = make_certificate("Camera 1", ec.generate_private_key(ec.SECP256R1()))

    assert not coverage.has_chain
    assert coverage.is_checked_by(keys()[4].public_bytes(Encoding.PEM))
    assert not coverage.is_checked_by(other.public_bytes(Encoding.PEM))
    assert not coverage.is_checked_by(b"no certificate")
    with_chain = Coverage(START + 7 * STEP)
    follow(with_chain, SigningHabits(chain_each=True))
    assert with_chain.has_chain


def test_messages_made_to_cost_time_are_soon_not_looked_at() -> None:
    """Thousands of units in one picture, and messages that are none: after some of them even a good one counts no more."""
    message = next(
        unit for _, units in signed(groups=3)[5:] for unit in units if unit[0] & 0x1F == 6
    )
    many = [message[:40]] * 200
    coverage = Coverage(datetime.now(UTC))
    for index in range(100):
        push(coverage, many if index % 2 else [message[:60]], START + index * STEP, keyframe=False)
    push(coverage, [message], START + 100 * STEP, keyframe=True)

    assert not coverage.is_signed
    assert not coverage.is_open
