"""The card as proof: what was read once is there again, byte for byte, or it is not this card."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import itertools

import pytest

from custom_components.niiza_cctv.lib.device.model import Credential
from custom_components.niiza_cctv.lib.footage.card_proof import (
    MAX_AGE,
    MAX_SAMPLES,
    CardSample,
    CardVerdict,
    PictureDigest,
    compare,
    digests_of,
    with_sample,
)
from custom_components.niiza_cctv.lib.footage.depacketize import AccessUnit
from custom_components.niiza_cctv.lib.footage.readback import read_back
from simulator.camera import Quirk
from simulator.running import RunningCamera
from simulator.station import Station
from tests.lib.footage.scripted_camera import VIEWER
from tests.station import camera_config

BEGAN = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
STRICT = Credential(username=VIEWER.username, password=VIEWER.password).never_readable()


@pytest.fixture
async def kita(socket_enabled: None) -> AsyncIterator[RunningCamera]:
    """Return a camera with a card."""
    async with Station([camera_config("kita")]) as station:
        yield station.cameras["kita"]


def url_of(camera: RunningCamera) -> str:
    """Return where its recording is replayed."""
    return f"rtsp://127.0.0.1:{camera.rtsp_port}/replay/SD_1"


async def sample_of(camera: RunningCamera) -> CardSample:
    """Read a camera's card back as every night, a minute before now."""
    kept: list[tuple[PictureDigest, ...]] = []
    around = camera.camera.now() - timedelta(minutes=1)
    assert (await read_back(url_of(camera), STRICT, around, keep=kept.append)).pictures
    (pictures,) = kept
    return CardSample(recording="SD_1", pictures=pictures)


def at(days: float) -> CardSample:
    """Return a sample of a day."""
    return CardSample(recording="SD_1", pictures=((BEGAN + timedelta(days=days), "0" * 64),))


async def test_same_card_gives_the_same_pictures(kita: RunningCamera) -> None:
    """Also after they were kept as text; none of another moment or of other bytes."""
    sample = await sample_of(kita)
    assert await compare(url_of(kita), STRICT, sample) is CardVerdict.SAME
    assert CardSample.from_json(sample.to_json()) == sample
    first, *others = sample.pictures
    forged = replace(sample, pictures=((first[0], "0" * 64), *others))
    assert await compare(url_of(kita), STRICT, forged) is CardVerdict.DIFFERENT
    moved = replace(
        sample,
        pictures=tuple((at + timedelta(milliseconds=70), had) for at, had in sample.pictures),
    )
    assert await compare(url_of(kita), STRICT, moved) is CardVerdict.NOT_THERE
    old = replace(
        sample, pictures=tuple((at - timedelta(days=200), had) for at, had in sample.pictures)
    )
    assert await compare(url_of(kita), STRICT, old) is CardVerdict.NOT_THERE


async def test_no_picture_for_a_readable_password(kita: RunningCamera) -> None:
    """Whoever asks for it first is told nothing; nor is one who is not there a proof of anything."""
    sample = await sample_of(kita)
    kita.set(quirks=[Quirk.RTSP_BASIC])
    assert await compare(url_of(kita), STRICT, sample) is CardVerdict.ASKS_FOR_BASIC
    await kita.rtsp.stop()
    assert await compare(url_of(kita), STRICT, sample) is CardVerdict.NOT_POSSIBLE


def test_pictures_that_hold_nothing_prove_nothing() -> None:
    """What is so small might be guessed."""
    unit = AccessUnit(
        at=BEGAN, rtp_time=0, data=b"x" * 100, keyframe=True, discontinuity=False, last=False
    )
    assert digests_of([unit]) == ()
    large = replace(unit, data=b"x" * 5000)
    others = [
        replace(large, at=BEGAN + timedelta(seconds=n), keyframe=False) for n in range(9, 0, -1)
    ]
    found = digests_of([*others, large])
    assert [when for when, _ in found] == [BEGAN + timedelta(seconds=n) for n in range(4)]


def test_samples_are_few_and_of_several_ages() -> None:
    """However many are read: the oldest and the newest, and some between; none that no card can have any more."""
    samples: tuple[CardSample, ...] = ()
    for quarter in range(14 * 96):
        samples = with_sample(samples, at(quarter / 96))
    assert len(samples) == MAX_SAMPLES
    assert (samples[0].at, samples[-1].at) == (at(0).at, at(14 - 1 / 96).at)
    days = [(one.at - BEGAN) / timedelta(days=1) for one in samples]
    assert max(later - earlier for earlier, later in itertools.pairwise(days)) < 9
    assert len({round(day) for day in days}) >= 4
    samples = with_sample(samples, at(14 + MAX_AGE.days))
    assert samples == (at(14 + MAX_AGE.days),)
    assert with_sample((), replace(at(0), recording="x" * 1000)) == ()


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"recording": "SD_1", "pictures": []},
        {"recording": "SD_1", "pictures": [["2026-11-01T03:00:00", "0" * 64]]},
        {"recording": "SD_1", "pictures": [["2026-11-01T03:00:00+00:00", "short"]]},
        {"recording": "SD_1", "pictures": [["never", "0" * 64]]},
        {"recording": "SD_1", "pictures": [[1]]},
        {"recording": "SD_1", "pictures": 3},
    ],
)
def test_what_is_no_sample_is_none(kept: dict[str, object]) -> None:
    """A store that was edited proves nothing."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        CardSample.from_json(kept)
