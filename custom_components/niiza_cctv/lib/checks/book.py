"""The book of checks: the only one that writes about them into the ledger, and it shows what folding that gives.

Only what passed, what was found last and the last note that a check is due are kept of each, so memory does not grow
with the years.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final, override

from ..access.errors import CaseError, FieldsInvalid, FieldsMissing, NotAllowed
from ..access.model import Actor
from ..access.permissions import Permission
from ..cases.fields import clean_step
from ..ledger.actions import LedgerAction
from ..ledger.model import Entry, Json, Person
from ..ledger.projection import Projection
from ..ledger.store import Ledger
from .access import check_recorder
from .errors import CheckUnknown
from .model import Asset, Check, CheckKind, Photo, Record, Result, check_id

# Called in the loop after somebody looked.
type Listener = Callable[[Check, Record], None]
# Keeps a refusal on the record: who, what, about what, why.
type Refuse = Callable[[Actor, str, str, str], Awaitable[None]]

_MAX_ID: Final = 200


@dataclass(kw_only=True, slots=True)
class _State:
    """What the ledger says of one check."""

    last: Record | None = None
    passed: Record | None = None
    due_noted: datetime | None = None


class CheckBook(Projection):
    """The section's checks.

    `kinds` and `objects` tell what there is now; what left the section keeps its history in the ledger. Every step
    raises CaseError when it is refused (on the record, by `refuse`) and LedgerError when it cannot be recorded.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        time_zone: tzinfo,
        now: Callable[[], datetime],
        kinds: Callable[[], Iterable[CheckKind]],
        assets: Callable[[], Iterable[Asset]],
        refuse: Refuse,
    ) -> None:
        """Stand on an open ledger; `now` gives aware times."""
        super().__init__(ledger, frozenset({LedgerAction.CHECK_RECORDED, LedgerAction.CHECK_DUE}))
        self._time_zone = time_zone
        self._now = now
        self._kinds = kinds
        self._assets = assets
        self._refuse = refuse
        self._states: dict[str, _State] = {}
        self._photos: dict[str, Photo] = {}
        self._listeners: list[Listener] = []

    def add_listener(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each record; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # --- What there is --------------------------------------------------------------------------------------------

    def checks(self) -> tuple[Check, ...]:
        """Return every check that is asked for now, by object and then by kind."""
        kinds, now = tuple(self._kinds()), self._now()
        return tuple(
            self._check(kind, each, now)
            for each in self._assets()
            for kind in kinds
            if kind.interval_days and each.kind in kind.assets
        )

    def check(self, named: str) -> Check:
        """Return a check by its id; raises CheckUnknown."""
        key, _, asked = named.partition(":")
        for each in self._assets():
            if asked != f"{each.kind}:{each.id}":
                continue
            for kind in self._kinds():
                if kind.key == key and kind.interval_days and each.kind in kind.assets:
                    return self._check(kind, each, self._now())
        raise CheckUnknown("check_unknown", {"check": named[:_MAX_ID]})

    def photo(self, name: str) -> Photo | None:
        """Return a picture that a record of the ledger names."""
        return self._photos.get(name)

    async def history(self, named: str, limit: int = 50) -> list[Record]:
        """Return what was found so far, the newest first; raises CheckUnknown, LedgerError."""
        check = self.check(named)
        found: list[Record] = []
        async for entry in self._ledger.entries(
            actions=(LedgerAction.CHECK_RECORDED,), subject=check.asset.subject, newest_first=True
        ):
            if _named(entry) == check.id and (record := _record(entry)) is not None:
                found.append(record)
                if len(found) == limit:
                    break
        return found

    def may(self, actor: Actor, check: Check) -> Person:
        """Return the person if they may say how it stands; raises NotAllowed."""
        return check_recorder(actor, check)

    # --- What people do ---------------------------------------------------------------------------------------------

    async def record(
        self,
        actor: Actor,
        named: str,
        result: Result,
        *,
        note: str = "",
        photo: Photo | None = None,
        fields: Mapping[str, str] | None = None,
        by_tap: bool = False,
    ) -> Check:
        """Record what somebody found; what failed needs a note of what to fix.

        `by_tap`: they said so by one tap, which confirms only kinds that allow it.
        Once begun it is finished even when the caller is cancelled. Raises CheckUnknown, NotAllowed, FieldsInvalid.
        """
        step = asyncio.create_task(
            self._record(
                actor, named, result, note=note, photo=photo, fields=fields or {}, by_tap=by_tap
            )
        )
        # Not `shield`, which reports what fails after its caller went as an error of ours.
        await asyncio.wait({step})
        return step.result()

    async def check_may(self, actor: Actor, named: str, *, confirms_by_tap: bool = False) -> Check:
        """Return the check if this person may say how it stands; raises as `record` does, on the record."""
        subject = "section"
        try:
            check = self.check(named)
            subject = check.asset.subject
            self.may(actor, check)
            if confirms_by_tap and not check.kind.by_tap:
                raise NotAllowed("check_not_by_tap")
        except CaseError as err:
            await self._refuse(actor, Permission.RECORD_CHECK, subject, err.key)
            raise
        return check

    async def note_due(self) -> tuple[Check, ...]:
        """Note in the ledger which checks became due since it was noted last; returns those."""
        async with self._turn():
            noted = []
            for check in self.checks():
                if check.due and check.due_since is None and not check.failed:
                    await self._write(LedgerAction.CHECK_DUE, check, {}, None)
                    noted.append(self._check(check.kind, check.asset, self._now()))
            return tuple(noted)

    async def _record(
        self,
        actor: Actor,
        named: str,
        result: Result,
        *,
        note: str,
        photo: Photo | None,
        fields: Mapping[str, str],
        by_tap: bool,
    ) -> Check:
        check = await self.check_may(
            actor, named, confirms_by_tap=by_tap and result is Result.PASSED
        )
        person = self.may(actor, check)
        for name in fields:
            if name not in check.kind.fields:
                raise FieldsInvalid(
                    "field_unknown", {"fields": ", ".join(("note", *check.kind.fields))}
                )
        cleaned = clean_step(
            self._now().astimezone(self._time_zone).date(),
            optional=("note", *fields),
            note=note,
            **fields,
        )
        if result is Result.FAILED and not cleaned["note"]:
            raise FieldsMissing("check_needs_note", {}, ("note",))
        details: dict[str, Json] = {
            "result": str(result),
            "note": cleaned.pop("note"),
            "fields": {name: text for name, text in cleaned.items() if text},
            "photo": None
            if photo is None
            else {"name": photo.name, "sha256": photo.sha256, "size": photo.size},
        }
        async with self._turn():
            entry = await self._write(LedgerAction.CHECK_RECORDED, check, details, person)
            check = self.check(named)
        if (record := _record(entry)) is not None:
            for listener in tuple(self._listeners):
                # A listener that fails does not make the step one that failed.
                asyncio.get_running_loop().call_soon(listener, check, record)
        return check

    # --- Ledger -----------------------------------------------------------------------------------------------------

    def _check(self, kind: CheckKind, asset: Asset, now: datetime) -> Check:
        state = self._states.get(check_id(kind.key, asset), _State())
        due_at = None
        if state.passed is not None:
            due_at = state.passed.at + timedelta(days=kind.interval_days)
        failed = state.last is not None and state.last.result is Result.FAILED
        due = failed or due_at is None or due_at <= now
        since = state.due_noted
        if since is not None and due_at is not None and since < due_at:
            # Of an interval that was shorter then.
            since = None
        if since is None and failed and state.last is not None:
            since = state.last.at
        return Check(
            kind=kind,
            asset=asset,
            last=state.last,
            passed=state.passed,
            due_at=due_at,
            due=due,
            due_since=since if due else None,
        )

    async def _write(
        self, action: LedgerAction, check: Check, details: Mapping[str, Json], person: Person | None
    ) -> Entry:
        named: dict[str, Json] = {
            "kind": check.kind.key,
            "object_kind": str(check.asset.kind),
            "object": check.asset.id,
            "object_name": check.asset.name,
        }
        if check.kind.name is not None:
            # The section may rename or drop a kind of its own; the ledger says what it was.
            named["kind_name"] = check.kind.name
        return await self._append(action, check.asset.subject, {**named, **details}, person)

    @override
    def _fold(self, entry: Entry) -> None:
        if (named := _named(entry)) is None:
            return
        state = self._states.setdefault(named, _State())
        if entry.action == LedgerAction.CHECK_DUE:
            state.due_noted = entry.at
            return
        if (record := _record(entry)) is None:
            return
        state.last = record
        if record.photo is not None:
            self._photos[record.photo.name] = record.photo
        if record.result is Result.PASSED:
            state.passed = record
            state.due_noted = None


def _named(entry: Entry) -> str | None:
    """Return the id of the check that an entry is about."""
    parts = [entry.details.get(key) for key in ("kind", "object_kind", "object")]
    texts = [part for part in parts if isinstance(part, str)]
    return ":".join(texts) if len(texts) == len(parts) else None


def _record(entry: Entry) -> Record | None:
    """Return what somebody found; None for what this version cannot read."""
    match entry.details:
        case {"result": str(result), "note": str(note), "fields": dict(fields), "photo": photo}:
            pass
        case _:
            return None
    if result not in set(Result) or entry.person is None:
        return None
    picture = None
    match photo:
        case {"name": str(name), "sha256": str(sha256), "size": int(size)}:
            picture = Photo(name=name, sha256=sha256, size=size)
    return Record(
        number=entry.number,
        at=entry.at,
        person=entry.person,
        result=Result(result),
        note=note,
        photo=picture,
        fields={name: text for name, text in fields.items() if isinstance(text, str)},
    )
