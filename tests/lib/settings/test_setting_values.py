"""Values of settings: what is written is what is read, and what nobody wrote is nothing."""

import pytest

from custom_components.niiza_cctv.lib.device.model import ClockMode
from custom_components.niiza_cctv.lib.ledger.model import Json
from custom_components.niiza_cctv.lib.settings.values import (
    ClockValues,
    ProfileSize,
    Resolution,
    ResolutionValues,
)

MAIN = ProfileSize(profile="main", recorded=True, size=(1920, 1080))
SUB = ProfileSize(profile="sub", recorded=False, size=(640, 360))


def test_a_resolution_is_read_as_it_was_written() -> None:
    """Read back what the ledger carries, the recorded profile with it."""
    values = ResolutionValues(mode=Resolution.EVERYDAY, profiles=(SUB, MAIN))
    assert ResolutionValues.from_json(values.as_json()) == values
    assert values.recorded == MAIN


@pytest.mark.parametrize(
    "written", [None, [], "evidence", {}, {"mode": "tall", "profiles": []}, {"mode": "evidence"}]
)
def test_what_is_no_resolution_is_none(written: Json) -> None:
    """Take nothing of what this version did not write."""
    assert ResolutionValues.from_json(written) is None


def test_a_profile_that_cannot_be_read_is_left_out() -> None:
    """Read the others: one more field or a broken one does not hide what is recorded."""
    written = ResolutionValues(mode=Resolution.EVIDENCE, profiles=(MAIN,)).as_json()
    profiles = written["profiles"]
    assert isinstance(profiles, list)
    profiles.insert(0, {"profile": "sub", "recorded": True, "width": "640", "height": 360})
    read = ResolutionValues.from_json(written)
    assert read is not None
    assert read.profiles == (MAIN,)


@pytest.mark.parametrize(("ahead", "offset"), [(0, "0"), (7, "+7"), (-420, "-420")])
def test_a_clocks_offset_is_text(ahead: int, offset: str) -> None:
    """Write seconds with their sign."""
    values = ClockValues(mode=ClockMode.NTP, ntp="time.example", ahead=ahead)
    assert values.as_json() == {"mode": str(ClockMode.NTP), "ntp": "time.example", "offset": offset}
