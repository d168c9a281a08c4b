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
from .values import Outcome, Resolution, ResolutionValues, Setting, SettingValues, Size


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


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingChange:
    """What came of a change, as the ledger carries it."""

    setting: Setting
    outcome: Outcome
    # Whether anything was sent at all.
    changed: bool
    before: SettingValues
    # What was asked for, as far as the camera offers it.
    wanted: SettingValues
    # What was read last; None where nothing could be read any more.
    after: SettingValues | None
    # Until when a raised resolution stands.
    until: datetime | None
    # Whether it was made at the camera, without us.
    at_camera: bool = False

    def as_json(self) -> dict[str, Json]:
        """Return the entry's details."""
        details: dict[str, Json] = {
            "setting": self.setting.value,
            "outcome": self.outcome.value,
            "verified": self.outcome is Outcome.DONE,
            "changed": self.changed,
            "before": self.before.as_json(),
            "wanted": self.wanted.as_json(),
            "after": None if self.after is None else self.after.as_json(),
            "until": None if self.until is None else self.until.isoformat(),
        }
        return details | {"by": "camera"} if self.at_camera else details


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

    async def record_request(
        self,
        camera: str,
        setting: Setting,
        *,
        before: SettingValues,
        after: SettingValues,
        until: datetime | None,
        person: Person,
    ) -> None:
        """Record what somebody asked to have changed."""
        details: dict[str, Json] = {
            "setting": setting.value,
            "before": before.as_json(),
            "after": after.as_json(),
            "until": None if until is None else until.isoformat(),
        }
        await self._record(LedgerAction.SETTING_REQUESTED, camera, details, person)

    async def record_change(
        self, camera: str, change: SettingChange, person: Person | None
    ) -> None:
        """Record what came of a change."""
        await self._record(LedgerAction.SETTING_CHANGED, camera, change.as_json(), person)

    async def record_reminder(self, raised: TemporaryResolution) -> None:
        """Record that people were asked to put a resolution back."""
        details: dict[str, Json] = {
            "setting": Setting.RESOLUTION.value,
            "since": raised.since.isoformat(),
            "until": raised.until.isoformat(),
        }
        await self._record(LedgerAction.SETTING_TO_BE_PUT_BACK, raised.camera, details, None)

    async def _record(
        self, action: LedgerAction, camera: str, details: Mapping[str, Json], person: Person | None
    ) -> None:
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
    if entry.action != LedgerAction.SETTING_CHANGED or details.get("setting") != Setting.RESOLUTION:
        return raised
    before, outcome = ResolutionValues.from_json(details.get("before")), details.get("outcome")
    if before is None:
        return raised
    if before.mode is Resolution.EVERYDAY:
        return None if outcome == Outcome.DONE else raised
    was, wanted = before.recorded, _recorded_size(details.get("wanted"))
    until = _moment(details.get("until"))
    if was is None or wanted is None or until is None:
        return raised
    now = _recorded_size(details.get("after"))
    if outcome == Outcome.NOT_DONE and (now is None or now[1] <= was.size[1]):
        return raised
    return TemporaryResolution(
        camera=camera,
        profile=was.profile,
        since=entry.at,
        until=until,
        by=entry.person,
        # Raised twice, or for longer: the first way back is the right one.
        before=was.size if raised is None else raised.before,
        after=now or wanted,
        certain=outcome != Outcome.UNKNOWN,
    )


def _recorded_size(written: Json) -> Size | None:
    values = ResolutionValues.from_json(written)
    return None if values is None or values.recorded is None else values.recorded.size


def _moment(value: Json) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
