"""Footage of a camera that signs: fetched up to its last signature, and checked with the certificate that it gives."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
import pytest

from custom_components.niiza_cctv.lib.footage.clip_model import SealedClip
from custom_components.niiza_cctv.lib.footage.media_signing.chain import Trust
from custom_components.niiza_cctv.lib.footage.media_signing.known_chains import KnownChains
from custom_components.niiza_cctv.lib.footage.media_signing.verifier import (
    MAX_KNOWN,
    Reason,
    Source,
    State,
    Verdict,
)
from custom_components.niiza_cctv.lib.footage.vault import CAMERA_CERTIFICATES, CAMERA_ROOTS, Vault
from simulator.camera import CertificateHabit, SigningConfig
from simulator.signed_stream import camera_chain, maker_root
from tests.lib.footage.test_retrieval import CASE, Desk, desk
from tests.section import until

pytestmark = pytest.mark.usefixtures("socket_enabled")

SECOND = timedelta(seconds=1)
RATE = 5
CLIP = f"{CASE}-01"


def an_hour_ago() -> datetime:
    """Return a full minute of which there is footage."""
    return datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=1)


def trust_the_maker(vault: Vault) -> None:
    """Put the simulated maker's root where the section trusts it."""
    folder = vault.root / CAMERA_ROOTS
    folder.mkdir()
    (folder / "maker.pem").write_bytes(maker_root().public_bytes(Encoding.PEM))


async def clip_of(it: Desk, start: datetime, seconds: float = 4, number: int = 1) -> SealedClip:
    """Fetch and seal a passage."""
    it.retrievals.add(it.job(start, seconds, number))
    clip_id = f"{CASE}-{number:02d}"
    await until(lambda: clip_id in it.sealed or clip_id in it.failed)
    return it.sealed[clip_id]


def requests(it: Desk, name: str) -> int:
    """Return how often the camera was asked for something."""
    return it.camera.running.soap.calls.count(name)


SIGNED: list[Any] = [
    {"signing": SigningConfig()},
    {"signing": SigningConfig(hash_list=False, late=3)},
    {"signing": SigningConfig(part=4, late=1)},
    {"signing": SigningConfig(certificate=CertificateHabit.SYNC), "codec": "H265"},
    {"signing": SigningConfig(), "slices": 3, "b_frames": 2},
]


@pytest.mark.parametrize("camera", SIGNED, ids=str)
async def test_a_passage_is_proved_to_its_end(tmp_path: Path, camera: dict[str, Any]) -> None:
    """It ends in the middle of a group, whose signature is fetched, too; the certificate the camera gives when asked."""
    start = an_hour_ago()
    async with desk(tmp_path, **camera) as it:
        trust_the_maker(it.vault)
        clip = await clip_of(it, start, 4.5)

    signing = clip.signing
    assert signing is not None
    assert signing.state is State.AUTHENTIC
    assert signing.trust is Trust.TRUSTED
    assert signing.source is Source.CAMERA
    assert signing.certificates.startswith("-----BEGIN CERTIFICATE-----")
    assert signing.until is not None
    assert signing.until >= start + 4.4 * SECOND
    # The rest of the group and what holds its signature, and no more.
    assert 1 <= clip.read_on <= 2 * RATE
    assert clip.requested_end == start + 4.5 * SECOND
    assert clip.last_picture > clip.requested_end
    assert clip.gaps == ()
    assert SealedClip.from_json(clip.as_json()) == clip


async def test_a_certificate_is_asked_for_once(tmp_path: Path) -> None:
    """And kept for the camera's next clips, also over a restart."""
    start = an_hour_ago()
    async with desk(tmp_path, signing=SigningConfig()) as it:
        await clip_of(it, start)
        assert requests(it, "SetSynchronizationPoint") == 1
        it.restart()
        clip = await clip_of(it, start + 60 * SECOND, number=2)
        assert requests(it, "SetSynchronizationPoint") == 1

    assert clip.signing is not None
    assert clip.signing.state is State.AUTHENTIC
    # Nobody put a root into the folder.
    assert clip.signing.trust is Trust.UNKNOWN_ROOT
    assert len(clip.signing.signers[0].fingerprint) == 64


async def test_a_certificate_among_the_pictures_is_taken(tmp_path: Path) -> None:
    """The camera is asked for none then, and the manifest need not tell it."""
    async with desk(tmp_path, signing=SigningConfig(certificate=CertificateHabit.EACH)) as it:
        clip = await clip_of(it, an_hour_ago())
        assert requests(it, "SetSynchronizationPoint") == 0

    assert clip.signing is not None
    assert clip.signing.source is Source.RECORDING
    assert clip.signing.certificates == ""


async def test_a_camera_that_never_gives_its_certificate_is_signed_and_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its clip is whole all the same."""
    monkeypatch.setattr(
        "custom_components.niiza_cctv.lib.footage.certificate_request.NEXT_KEY_PICTURE", 1.5
    )
    async with desk(tmp_path, signing=SigningConfig(certificate=CertificateHabit.NEVER)) as it:
        clip = await clip_of(it, an_hour_ago())

    assert clip.signed_by_camera
    assert clip.signing is not None
    assert clip.signing.state is State.NOT_CHECKED
    assert {one.reason for one in clip.signing.spans} == {
        Reason.NO_CERTIFICATE,
        Reason.NO_SIGNATURE,
    }
    assert clip.signing.source is None


async def test_a_camera_that_refuses_a_synchronization_point_gives_the_certificate_at_the_start(
    tmp_path: Path,
) -> None:
    """Not every viewing user may ask for one."""
    async with desk(tmp_path, signing=SigningConfig()) as it:
        it.camera.running.set(unreadable="SetSynchronizationPoint")
        clip = await clip_of(it, an_hour_ago())

    assert clip.signing is not None
    assert clip.signing.state is State.AUTHENTIC


async def test_a_camera_with_a_new_key_is_asked_again_and_its_old_clips_stay_checkable(
    tmp_path: Path,
) -> None:
    """A certificate that checks nothing is no accusation."""
    start = an_hour_ago()
    async with desk(tmp_path, signing=SigningConfig()) as it:
        await clip_of(it, start)
    async with desk(tmp_path, signing=SigningConfig(key=2)) as it:
        clip = await clip_of(it, start + 60 * SECOND, number=2)
        known = KnownChains(it.vault.root / CAMERA_CERTIFICATES).of("kita")
        assert requests(it, "SetSynchronizationPoint") == 1

    assert clip.signing is not None
    assert clip.signing.state is State.AUTHENTIC
    serial = it.camera.running.camera.config.serial
    assert [one.split(b"-----END")[0] for one in known] == [
        camera_chain(serial, key)[0].public_bytes(Encoding.PEM).split(b"-----END")[0]
        for key in (2, 1)
    ]


async def test_one_flipped_bit_names_its_group(tmp_path: Path) -> None:
    """Somebody had the card in his hands."""
    start = an_hour_ago()
    async with desk(tmp_path, signing=SigningConfig()) as it:
        it.camera.running.set(changed_second=start.timestamp() + 3)
        clip = await clip_of(it, start, 6)

    assert clip.signing is not None
    assert clip.signing.state is State.NOT_AUTHENTIC
    (span,) = [one for one in clip.signing.spans if one.verdict is Verdict.NOT_AUTHENTIC]
    assert (span.start, span.groups, span.reason) == (start + 3 * SECOND, 1, Reason.CHANGED)
    assert span.end == start + 4 * SECOND - SECOND / RATE
    assert clip.signing.until == start + 3 * SECOND - SECOND / RATE


@pytest.mark.parametrize(
    ("hash_list", "verdict"), [(True, Verdict.PICTURES_MISSING), (False, Verdict.NOT_CHECKED)]
)
async def test_a_lost_slice_is_told_from_a_changed_one(
    tmp_path: Path, hash_list: bool, verdict: Verdict
) -> None:
    """With a list of digests the rest of its group is proved, without nobody can tell."""
    start = an_hour_ago()
    async with desk(tmp_path, signing=SigningConfig(hash_list=hash_list), slices=3) as it:
        it.camera.running.set(lost_second=start.timestamp() + 3)
        clip = await clip_of(it, start, 6)

    assert clip.signing is not None
    assert clip.signing.state is State.PICTURES_MISSING
    (span,) = clip.signed_spans
    assert (span.start, span.verdict, span.missing) == (start + 3 * SECOND, verdict, 1)


async def test_a_camera_that_does_not_sign_costs_nothing(tmp_path: Path) -> None:
    """No second session, no question, nothing behind the end."""
    start = an_hour_ago()
    async with desk(tmp_path) as it:
        clip = await clip_of(it, start, 4.5)
        assert requests(it, "GetReplayUri") == 1
        assert requests(it, "SetSynchronizationPoint") == 0

    assert clip.read_on == 0
    assert clip.last_picture <= start + 4.5 * SECOND
    assert clip.signing is not None
    assert clip.signing.state is State.NOT_SIGNED


async def test_the_end_of_what_the_card_has_is_the_end(tmp_path: Path) -> None:
    """A recording that ends with the passage has no later group: the last one stays unproved, and is said to be."""
    async with desk(tmp_path, signing=SigningConfig(), gaps=((0.5, 2.0),)) as it:
        index = await it.camera.archive.index()
        end = index.stretches[0].end
        clip = await clip_of(it, end - 4 * SECOND)

    assert clip.read_on == 0
    assert clip.signing is not None
    assert clip.signing.state is State.AUTHENTIC
    last = clip.signing.unproved_end
    assert last is not None
    assert last.groups == 1
    assert clip.signing.until == last.start - SECOND / RATE


async def test_what_was_read_on_survives_a_restart(tmp_path: Path) -> None:
    """It lies in the journal: the second run finds it there and asks the camera for no picture."""
    start = an_hour_ago()
    async with desk(tmp_path, signing=SigningConfig()) as it:
        # All is fetched when the certificate is asked for.
        it.camera.running.set(unanswered="SetSynchronizationPoint")
        it.retrievals.add(it.job(start, 4.5))
        await until(lambda: requests(it, "SetSynchronizationPoint") == 1)
        await it.retrievals.close()
        assert not it.sealed
        assert requests(it, "GetReplayUri") == 2
        it.camera.running.set(unanswered="")
        it.restart()
        clip = await clip_of(it, start, 4.5)
        assert requests(it, "GetReplayUri") == 2

    assert clip.read_on > 0
    assert clip.signing is not None
    assert clip.signing.until is not None
    assert clip.signing.until >= start + 4.4 * SECOND


async def test_a_camera_that_does_not_go_on_leaves_the_last_group_unproved(tmp_path: Path) -> None:
    """Reading on is tried a few times and given up: the passage is there."""
    start = an_hour_ago()
    async with desk(tmp_path, signing=SigningConfig(late=4)) as it:
        it.camera.running.set(replay_breaks_at=start.timestamp() + 5)
        clip = await clip_of(it, start, 4.9)

    assert clip.signing is not None
    assert clip.signing.state is State.AUTHENTIC
    assert clip.signing.unproved_end is not None
    assert clip.read_on == 0
    assert it.failed == {}


def test_certificates_are_kept_newest_first_and_not_for_ever(tmp_path: Path) -> None:
    """A camera that names a new key each time fills nothing."""
    known = KnownChains(tmp_path / "certificates")
    chains = [
        b"".join(one.public_bytes(Encoding.PEM) for one in camera_chain("S", key))
        for key in range(MAX_KNOWN + 3)
    ]
    for chain in chains:
        known.add("kita/../x", chain)
    known.add("kita/../x", chains[5])
    known.add("kita/../x", b"no certificate")

    assert known.of("minami") == []
    kept = known.of("kita/../x")
    assert kept == [chains[5], *(one for one in reversed(chains) if one != chains[5])][:MAX_KNOWN]
    (folder,) = (tmp_path / "certificates").iterdir()
    assert len(list(folder.iterdir())) == MAX_KNOWN
    # What cannot be read is as good as nothing.
    for file in folder.iterdir():
        file.unlink()
        file.mkdir()
    with suppress(OSError):
        known.add("kita/../x", chains[0])
    assert all(one == chains[0] for one in known.of("kita/../x"))
