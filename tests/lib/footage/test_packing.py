"""A package that is being made says how far it is, and how long it still takes."""

from datetime import timedelta

import pytest

from custom_components.niiza_cctv.lib.footage.packing import Packings
from custom_components.niiza_cctv.lib.ledger.model import Person

SATO = Person(id="sato", name="佐藤")


def test_estimate_goes_by_how_fast_it_went_so_far() -> None:
    """Nothing is said before anything is known; what is told after the end, by a thread, is of no package any more."""
    now = 100.0
    told: list[float | None] = []
    packings = Packings(
        lambda: told.append(None if (one := packings.of("2026-0001")) is None else one.share),
        lambda: now,
    )
    with packings.begun("2026-0001", SATO, encrypted=True) as show:
        begun = packings.of("2026-0001")
        assert begun is not None
        assert (begun.by, begun.encrypted, begun.share, begun.remaining) == (SATO, True, 0.0, None)
        now += 0.5
        show(0.5)
        assert (one := packings.of("2026-0001")) is not None
        assert (one.share, one.remaining) == (0.5, None)
        now += 9.5
        show(0.25)
        assert (one := packings.of("2026-0001")) is not None
        assert one.remaining == timedelta(seconds=30)
        assert packings.of("2026-0002") is None
    assert packings.of("2026-0001") is None
    show(0.9)
    assert packings.of("2026-0001") is None
    assert told == [0.0, 0.5, 0.25, None]


def test_package_that_fails_is_shown_no_longer() -> None:
    """Whatever ends it."""
    packings = Packings(lambda: None)
    with (
        pytest.raises(OSError, match="full"),
        packings.begun("2026-0001", SATO, encrypted=False),
    ):
        raise OSError("full")
    assert packings.of("2026-0001") is None
