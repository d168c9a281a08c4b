"""The table of what is looked at; docs/checks.md shows it to people."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from .model import AssetKind, CheckKind

_CAMERAS = frozenset({AssetKind.CAMERA, AssetKind.OFFLINE_CAMERA})
_SECTION = frozenset({AssetKind.SECTION})

# A kind of the section's own is named by this and an id that it keeps.
OWN = "own_"

_SHIPPED = (
    # The sign 防犯カメラ作動中 makes the collecting lawful (F8).
    CheckKind(
        key="signage", assets=_CAMERAS, interval_days=30, photo=True, tablet=True, by_tap=True
    ),
    # Taken out and looked at, or swapped for a spare one (F5).
    CheckKind(
        key="sd_card",
        assets=_CAMERAS,
        interval_days=180,
        fields=("card_number", "spare_cards"),
        tablet=True,
    ),
    CheckKind(key="clock_by_eye", assets=_CAMERAS, interval_days=30, tablet=True, by_tap=True),
    # F10: nine people know the one, one person the other, and its sealed copy lies in the safe.
    CheckKind(key="viewing_password", assets=_SECTION, interval_days=180),
    CheckKind(key="settings_password_sealed", assets=_SECTION, interval_days=180),
    # F13, F20.
    CheckKind(key="contractor", assets=_SECTION, interval_days=365),
    CheckKind(key="standard", assets=_SECTION, interval_days=365),
    # F11.
    CheckKind(
        key="antivirus",
        assets=frozenset({AssetKind.TABLET}),
        interval_days=7,
        tablet=True,
        by_tap=True,
    ),
)
KINDS: Mapping[str, CheckKind] = MappingProxyType({kind.key: kind for kind in _SHIPPED})


def kinds_of(
    intervals: Mapping[str, int], own: Iterable[Mapping[str, Any]]
) -> tuple[CheckKind, ...]:
    """Return every kind of a section: `intervals` are days by key (0: off), `own` as the options keep them.

    Each of `own` is {"key": "own_…", "name": str, "objects": [AssetKind…], "interval_days": int, "by_tap": bool}; one that does
    not say so is not confirmed by one tap.
    """
    shipped = (
        CheckKind(
            key=kind.key,
            assets=kind.assets,
            interval_days=intervals.get(kind.key, kind.interval_days),
            photo=kind.photo,
            fields=kind.fields,
            tablet=kind.tablet,
            by_tap=kind.by_tap,
        )
        for kind in KINDS.values()
    )
    return (*shipped, *(_own_kind(each) for each in own))


def _own_kind(data: Mapping[str, Any]) -> CheckKind:
    assets = frozenset(AssetKind(each) for each in data["objects"])
    return CheckKind(
        key=data["key"],
        assets=assets,
        interval_days=data["interval_days"],
        name=data["name"],
        # What concerns the whole section is no business of a tablet that lies on a table.
        tablet=AssetKind.SECTION not in assets,
        by_tap=data.get("by_tap", False),
    )
