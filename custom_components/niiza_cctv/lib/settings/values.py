"""How a camera's settings stand, as values, and how the ledger and the panel carry them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from ..device.model import ClockMode
from ..ledger.model import Json

# Width and height in pixels.
type Size = tuple[int, int]
# A setting's values as they are written; each setting has its own keys.
type Values = Mapping[str, Json]


class Setting(StrEnum):
    """What can be changed."""

    AUDIO_OFF = "audio_off"
    RESOLUTION = "resolution"
    CLOCK = "clock"


class Resolution(StrEnum):
    """The two resolutions that a section knows."""

    EVERYDAY = "everyday"
    EVIDENCE = "evidence"


class Outcome(StrEnum):
    """How a change ended, by what was read back."""

    DONE = "done"
    NOT_DONE = "not_done"
    # The camera could not be read any more: nobody knows.
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class ChangeRequest:
    """What somebody wants changed."""

    setting: Setting
    resolution: Resolution | None = None
    # How long the evidence resolution is to stand.
    hours: int = 0
    # None: our own clock.
    server: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AudioValues:
    """Where a camera sends audio."""

    # Profiles with an audio encoder.
    profiles: tuple[str, ...]
    # Whether a live stream offers audio; None when one could not be asked.
    live: bool | None

    def as_json(self) -> dict[str, Json]:
        """Return it as it is written."""
        return {"audio": [*self.profiles], "live_audio": self.live}


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileSize:
    """The size of one media profile."""

    profile: str
    # Whether it is what the camera records.
    recorded: bool
    size: Size


@dataclass(frozen=True, kw_only=True, slots=True)
class ResolutionValues:
    """The sizes of the profiles that a resolution is about."""

    mode: Resolution
    profiles: tuple[ProfileSize, ...]

    @property
    def recorded(self) -> ProfileSize | None:
        """Return the profile that is recorded."""
        return next((one for one in self.profiles if one.recorded), None)

    def as_json(self) -> dict[str, Json]:
        """Return it as it is written."""
        return {
            "mode": self.mode.value,
            "profiles": [
                {
                    "profile": one.profile,
                    "recorded": one.recorded,
                    "width": one.size[0],
                    "height": one.size[1],
                }
                for one in self.profiles
            ],
        }

    @classmethod
    def from_json(cls, written: Json) -> Self | None:
        """Return what was written, without profiles that cannot be read; None for what is none."""
        match written:
            case {"mode": str(mode), "profiles": list(profiles)} if mode in set(Resolution):
                return cls(
                    mode=Resolution(mode), profiles=tuple(filter(None, map(_size, profiles)))
                )
        return None


def _size(written: Json) -> ProfileSize | None:
    match written:
        case {
            "profile": str(profile),
            "recorded": bool(recorded),
            "width": int(width),
            "height": int(height),
        }:
            return ProfileSize(profile=profile, recorded=recorded, size=(width, height))
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockValues:
    """How a clock is set and what it shows."""

    mode: ClockMode
    # Where the time comes from, as people read it; None where the camera does not tell.
    ntp: str | None
    # Seconds, camera minus ours.
    ahead: int

    @property
    def offset(self) -> str:
        """Return the seconds with their sign; as text, since that is how the ledger carries them."""
        return f"{self.ahead:+d}" if self.ahead else "0"

    def as_json(self) -> dict[str, Json]:
        """Return it as it is written."""
        return {"mode": self.mode.value, "ntp": self.ntp, "offset": self.offset}


type SettingValues = AudioValues | ResolutionValues | ClockValues
