"""What is kept of the section and its things, as the ledger has it: what changed, and what was changed behind its back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
import hashlib
import hmac
import json
from typing import Final

from ..ledger.actions import LedgerAction
from ..ledger.model import Entry, Json

# Of the section, of its cameras and tablets: what is kept of each, by the subject that the ledger calls it.
type Things = dict[str, dict[str, Json]]

SECTION: Final = "section"
NAME: Final = "name"

# What the standard says; the rest of the section's fields is how it is run.
_STANDARD: Final = frozenset(
    {
        "retention_days",
        "retention_tolerance_days",
        "audio_allowed",
        "clock_tolerance",
        "max_everyday_height",
    }
)
# What may be read in the ledger and its exports. Of everything else (passwords, where a camera is) it only says
# whether it is still the same.
_PLAIN: Final = _STANDARD | {
    NAME,
    "keep_days",
    "bin_days",
    "quota_gb",
    "approve_by_button",
    "japanese_era",
    "ssl",
    "verify_ssl",
    "fingerprint",
    "digest_only",
    "manufacturer",
    "model",
    "firmware",
    "serial",
    "macs",
    "location",
    "mail_interval",
    "check_intervals",
    "own_checks",
    "mail.enabled",
    "mail.starttls",
    "mail.silent_after",
    "address.enabled",
}
_LOGIN: Final = frozenset({"username", "password"})
_FINGERPRINT: Final = "fingerprint"
_DIGEST: Final = "digest_only"
_HIDDEN: Final = "hidden:"
_MAX_INT: Final = 2**53 - 1

_CAMERA_WORDS: Final = (
    LedgerAction.CAMERA_ADDED,
    LedgerAction.CAMERA_CHANGED,
    LedgerAction.CAMERA_REMOVED,
)
_TABLET_WORDS: Final = (
    LedgerAction.TABLET_ADDED,
    LedgerAction.TABLET_CHANGED,
    LedgerAction.TABLET_REMOVED,
)
# Whatever says how something stands from then on.
ACTIONS: Final = frozenset(
    {
        LedgerAction.TAKEN_OVER,
        LedgerAction.SECTION_SET_UP,
        LedgerAction.STANDARD_CHANGED,
        LedgerAction.SECTION_CHANGED,
        LedgerAction.PASSWORD_RENEWED,
        LedgerAction.CERTIFICATE_PINNED,
        LedgerAction.DIGEST_LEARNT,
        LedgerAction.DIGEST_FORGOTTEN,
        LedgerAction.CHANGED_OUTSIDE,
        *_CAMERA_WORDS,
        *_TABLET_WORDS,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One entry to be written."""

    action: LedgerAction
    subject: str
    details: dict[str, Json]


class Hider:
    """Says of what must not stand in a ledger whether it is the same, to nobody but who has the key."""

    def __init__(self, key: bytes) -> None:
        """Take 32 random bytes; with another key everything that is hidden looks changed."""
        self._key = key

    def fields(self, kept: Mapping[str, object]) -> dict[str, Json]:
        """Return what is kept as the ledger may have it; what is empty is not kept."""
        return {
            name: value if name in _PLAIN else self._hidden(name, value)
            for name, raw in sorted(kept.items())
            if (value := as_json(raw)) not in (None, "", [], {})
            and not (name == _DIGEST and value is False)
        }

    def _hidden(self, name: str, value: Json) -> str:
        # HMAC-SHA-256 of the standard library (RFC 2104): a plain hash of a short password can be guessed.
        message = json.dumps([name, value], ensure_ascii=False, sort_keys=True).encode()
        return _HIDDEN + hmac.new(self._key, message, hashlib.sha256).hexdigest()


def as_json(value: object) -> Json:
    """Return a value as the ledger takes it: no fractions, no great numbers, no names that are not ASCII."""
    match value:
        case int() if abs(value) > _MAX_INT:
            return str(value)
        case bool() | int() | str() | None:
            return value
        case float():
            return int(value) if value.is_integer() else str(value)
        case Mapping():
            # The ledger's names are ASCII.
            return {
                str(key).encode("unicode_escape").decode(): as_json(one)
                for key, one in value.items()
            }
        case Iterable():
            return [as_json(one) for one in value]
    return str(value)


def changes(before: Things, now: Things) -> list[Change]:
    """Return what became of each thing, in the ledger's words; nothing where nothing changed."""
    found = []
    for subject in [*now, *(gone for gone in before if gone not in now)]:
        added, _changed, removed = _TABLET_WORDS if subject.startswith("tablet/") else _CAMERA_WORDS
        old, new = before.get(subject), now.get(subject)
        if new is None:
            name = (old or {}).get(NAME, "")
            found.append(Change(action=removed, subject=subject, details={NAME: name}))
        elif old is None:
            details: dict[str, Json] = {NAME: new.get(NAME, ""), "now": dict(new)}
            found.append(Change(action=added, subject=subject, details=details))
        else:
            found += _changes_of(subject, old, new)
    return found


def _changes_of(subject: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Change]:
    differing = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    words: dict[LedgerAction, list[str]] = {}
    for name in differing:
        words.setdefault(_word(subject, name, new.get(name)), []).append(name)
    for action, names in words.items():
        yield Change(
            action=action,
            subject=subject,
            details={
                NAME: new.get(NAME, ""),
                "changed": [*names],
                "was": {name: old.get(name) for name in names if name in _PLAIN},
                "now": {name: new.get(name) for name in names},
            },
        )


def _word(subject: str, name: str, now: Json) -> LedgerAction:
    """Return what the ledger calls a change of one field."""
    if subject == SECTION:
        return LedgerAction.STANDARD_CHANGED if name in _STANDARD else LedgerAction.SECTION_CHANGED
    if subject.startswith("tablet/"):
        return LedgerAction.TABLET_CHANGED
    if name in _LOGIN:
        return LedgerAction.PASSWORD_RENEWED
    if name == _FINGERPRINT and now:
        return LedgerAction.CERTIFICATE_PINNED
    if name == _DIGEST:
        return LedgerAction.DIGEST_LEARNT if now else LedgerAction.DIGEST_FORGOTTEN
    return LedgerAction.CAMERA_CHANGED


def as_kept(things: Things) -> list[Json]:
    """Return how everything stands, for the entry that begins a record; what it is called may be in any script."""
    return [{"subject": subject, "fields": dict(fields)} for subject, fields in things.items()]


def outside(change: Change) -> Change:
    """Return a change that nobody is known to have made, as the ledger has it."""
    return Change(
        action=LedgerAction.CHANGED_OUTSIDE,
        subject=change.subject,
        details={"change": change.action, **change.details},
    )


def fold(things: Things, entry: Entry) -> None:
    """Take an entry of `ACTIONS` in; one that this version cannot read changes nothing."""
    action, details = entry.action, entry.details
    if action == LedgerAction.CHANGED_OUTSIDE:
        action = str(details.get("change"))
    match action, details:
        case ((LedgerAction.TAKEN_OVER | LedgerAction.SECTION_SET_UP), {"things": list(kept)}):
            things.clear()
            for one in kept:
                match one:
                    case {"subject": str(subject), "fields": dict(fields)}:
                        things[subject] = dict(fields)
        case ((LedgerAction.CAMERA_REMOVED | LedgerAction.TABLET_REMOVED), _):
            things.pop(entry.subject, None)
        case ((LedgerAction.CAMERA_ADDED | LedgerAction.TABLET_ADDED), {"now": dict(now)}):
            things[entry.subject] = dict(now)
        case _, {"now": dict(now)}:
            known = things.setdefault(entry.subject, {})
            for name, value in now.items():
                if value is None:
                    known.pop(name, None)
                else:
                    known[name] = value
