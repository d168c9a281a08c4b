"""The card itself as proof that a camera is this camera: pictures that were read once are read again, byte for byte.

Who only knows a password, a maker and a serial has not what the camera recorded days ago. Whoever passes everything on
to the camera has it, and so has whoever was handed exactly those pictures.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
import re
from typing import Any, Final

from ..device.errors import CameraAsksForBasic, CameraError
from ..device.model import Credential
from .depacketize import AccessUnit
from .errors import FootageMissing
from .replay import replay
from .rtsp import Tls

# Of one passage; those that can be decoded alone first, since they hold the most.
MAX_PICTURES: Final = 4
# So many bytes can nobody guess, however dark the picture is.
_MIN_BYTES: Final = 1024
# Of one camera, spread over their ages.
MAX_SAMPLES: Final = 8
# No card of a station keeps footage for longer.
MAX_AGE: Final = timedelta(days=45)
_FETCH_TIMEOUT: Final = 12.0
_IDLE_TIMEOUT: Final = 5.0
_MAX_FETCHED: Final = 16 * 1024 * 1024
_MAX_TOKEN: Final = 256
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")

# The camera's time of a picture, and the SHA-256 of its bytes (lower-case hex).
type PictureDigest = tuple[datetime, str]


class CardVerdict(StrEnum):
    """What a card says of who has it."""

    SAME = "same"
    DIFFERENT = "different"
    # It has nothing of that time: overwritten, exchanged, or never had.
    NOT_THERE = "not_there"
    NOT_POSSIBLE = "not_possible"
    # The password was wanted in readable form before any picture.
    ASKS_FOR_BASIC = "asks_for_basic"
    # Nothing was read from the camera's card before.
    NO_SAMPLE = "no_sample"


@dataclass(frozen=True, kw_only=True)
class CardSample:
    """A few pictures that were read from a camera's card."""

    recording: str
    pictures: tuple[PictureDigest, ...]

    @property
    def at(self) -> datetime:
        """Return when the first of them was taken (camera time)."""
        return self.pictures[0][0]

    def to_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {
            "recording": self.recording,
            "pictures": [[at.isoformat(), digest] for at, digest in self.pictures],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> CardSample:
        """Return what was kept; raises ValueError, KeyError or TypeError for what was not."""
        pictures = tuple(
            (datetime.fromisoformat(at), str(digest)) for at, digest in kept["pictures"]
        )
        if not pictures or any(
            at.tzinfo is None or not _DIGEST.fullmatch(digest) for at, digest in pictures
        ):
            raise ValueError("no sample of a card")
        return cls(recording=str(kept["recording"]), pictures=pictures)


def digests_of(units: Iterable[AccessUnit]) -> tuple[PictureDigest, ...]:
    """Return the digests of a few of these pictures, in order of time; none where they hold too little.

    Some megabytes are hashed: a worker thread's work.
    """
    chosen = sorted(units, key=lambda unit: (not unit.keyframe, unit.at))[:MAX_PICTURES]
    if sum(len(unit.data) for unit in chosen) < _MIN_BYTES:
        return ()
    found = {unit.at: sha256(unit.data).hexdigest() for unit in chosen}
    return tuple(sorted(found.items()))


def with_sample(samples: Sequence[CardSample], new: CardSample) -> tuple[CardSample, ...]:
    """Return the samples with one more, at most MAX_SAMPLES: the oldest and the newest stay, and those spread best."""
    kept = sorted(
        (one for one in samples if one.at != new.at and new.at - one.at <= MAX_AGE),
        key=lambda one: one.at,
    )
    if len(new.recording) <= _MAX_TOKEN:
        kept = sorted((*kept, new), key=lambda one: one.at)
    while len(kept) > MAX_SAMPLES:
        closest = min(
            range(1, len(kept) - 1), key=lambda index: kept[index + 1].at - kept[index - 1].at
        )
        del kept[closest]
    return tuple(kept)


async def compare(
    url: str, credential: Credential, sample: CardSample, *, tls: Tls | None = None
) -> CardVerdict:
    """Fetch a sample's pictures again and return whether they are the same; raises nothing of CameraError.

    `credential` is shown as its `digests` allow: give one that is never readable to whoever has not proved himself.
    """
    wanted, found = dict(sample.pictures), dict[datetime, str]()
    size = 0
    try:
        async with (
            asyncio.timeout(_FETCH_TIMEOUT),
            await replay(
                url,
                credential,
                sample.pictures[0][0],
                # Some cameras end before the picture that the end names.
                sample.pictures[-1][0] + timedelta(seconds=1),
                idle_timeout=_IDLE_TIMEOUT,
                tls=tls,
            ) as footage,
        ):
            async for unit in footage:
                size += len(unit.data)
                if unit.at in wanted:
                    found[unit.at] = sha256(unit.data).hexdigest()
                if size > _MAX_FETCHED or found.keys() == wanted.keys():
                    break
    except CameraAsksForBasic:
        return CardVerdict.ASKS_FOR_BASIC
    except FootageMissing:
        return CardVerdict.NOT_THERE
    except CameraError, TimeoutError:
        return CardVerdict.NOT_POSSIBLE
    if any(wanted[at] != digest for at, digest in found.items()):
        return CardVerdict.DIFFERENT
    return CardVerdict.SAME if found.keys() == wanted.keys() else CardVerdict.NOT_THERE
