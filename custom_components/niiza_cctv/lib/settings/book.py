"""What was raised at the cameras for a limited time: what folding the ledger's changes of settings gives.

Nobody keeps the settings password, so nothing puts itself back: it is asked for when its time is over, until somebody
put it back here or was seen to have done so at the camera.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import override

from ..ledger.actions import LedgerAction
from ..ledger.model import Entry, Json, Person
from ..ledger.projection import Projection
from ..ledger.store import Ledger

# Width and height in pixels.
type Size = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class TemporaryResolution:
    """A camera whose recorded picture was made taller as evidence, until it is put back."""

    camera: str
    # The profile that is recorded.
    profile: str
    since: datetime
    until: datetime
    by: Person | None
    # What is to be put back, and what stands since.
    before: Size
    after: Size
    # Whether it was read back; a connection that broke in between leaves it open.
    certain: bool
    # Whether people were asked to put it back.
    told: bool = False


class SettingsBook(Projection):
    """The only one that writes about settings into the ledger; raises LedgerError when it cannot."""

    def __init__(self, ledger: Ledger) -> None:
        """Stand on an open ledger."""
        super().__init__(
            ledger, frozenset({LedgerAction.SETTING_CHANGED, LedgerAction.SETTING_TO_BE_PUT_BACK})
        )
        self._raised: dict[str, TemporaryResolution] = {}

    @property
    def raised(self) -> Mapping[str, TemporaryResolution]:
        """Return what is raised, by the camera's unique id."""
        return self._raised

    async def record(
        self, action: LedgerAction, camera: str, details: Mapping[str, Json], person: Person | None
    ) -> None:
        """Write an entry about a camera's settings and fold it."""
        async with self._turn():
            await self._append(action, f"camera/{camera}", details, person)

    @override
    def _fold(self, entry: Entry) -> None:
        kind, _, camera = entry.subject.partition("/")
        if kind != "camera":
            return
        raised = fold(self._raised.get(camera), entry, camera)
        if raised is None:
            self._raised.pop(camera, None)
        else:
            self._raised[camera] = raised


def fold(
    raised: TemporaryResolution | None, entry: Entry, camera: str
) -> TemporaryResolution | None:
    """Return what is raised at a camera after an entry; one that cannot be understood changes nothing."""
    details = entry.details
    if entry.action == LedgerAction.SETTING_TO_BE_PUT_BACK:
        return None if raised is None else replace(raised, told=True)
    if entry.action != LedgerAction.SETTING_CHANGED or details.get("setting") != "resolution":
        return raised
    mode, outcome = _mode(details.get("before")), details.get("outcome")
    if mode == "everyday":
        return None if outcome == "done" else raised
    was, wanted = _recorded(details.get("before")), _recorded(details.get("wanted"))
    until = _moment(details.get("until"))
    if mode != "evidence" or was is None or wanted is None or until is None:
        return raised
    now = _recorded(details.get("after"))
    if outcome == "not_done" and (now is None or now[1][1] <= was[1][1]):
        return raised
    return TemporaryResolution(
        camera=camera,
        profile=was[0],
        since=entry.at,
        until=until,
        by=entry.person,
        # Raised twice, or for longer: the first way back is the right one.
        before=was[1] if raised is None else raised.before,
        after=(now or wanted)[1],
        certain=outcome != "unknown",
    )


def _mode(values: Json) -> Json:
    return values.get("mode") if isinstance(values, dict) else None


def _recorded(values: Json) -> tuple[str, Size] | None:
    """Return the recorded profile and its size."""
    profiles = values.get("profiles") if isinstance(values, dict) else None
    for one in profiles if isinstance(profiles, list) else ():
        match one:
            case {
                "profile": str(token),
                "recorded": True,
                "width": int(width),
                "height": int(height),
            }:
                return token, (width, height)
    return None


def _moment(value: Json) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
