"""What people write for their next step, from when they wrote it until the step is taken.

An action's data go over Home Assistant's bus, into its recorder, its traces and its logs. So no action takes a text: it
takes the id of a draft, and the draft holds it. Drafts lie in memory alone, so that no backup has them either.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
import secrets
from types import MappingProxyType

from ..access.errors import FieldsInvalid, NotAllowed
from ..access.permissions import Permission
from .fields import check_length
from .kinds import FIELDS, STEP_FIELDS, FieldRule

# A working day: a draft is used within moments, unless its step has to wait for somebody.
LIFETIME = timedelta(hours=8)
# Of one person. Whoever goes on writing loses the oldest, and never somebody else's.
MAX_OF_ONE = 20

# The texts of each step that has any.
DRAFTED: Mapping[Permission, Mapping[str, FieldRule]] = MappingProxyType(
    {
        Permission.CREATE: FIELDS,
        Permission.REGISTER_FOOTAGE: {
            "medium": STEP_FIELDS["medium"],
            "medium_serial": STEP_FIELDS["serial"],
            # Typed off a screen: what is none is given back in words.
            "sha256": FieldRule(label="SHA-256"),
            "note": STEP_FIELDS["note"],
        },
        Permission.PROPOSE_DECISION: {"reasons": STEP_FIELDS["reasons"]},
        Permission.APPROVE: {"note": STEP_FIELDS["note"]},
        Permission.REJECT: {"reason": STEP_FIELDS["reason"]},
        Permission.SHOW_AT_COUNTER: {"present": STEP_FIELDS["present"]},
        Permission.HAND_OVER: {
            "recipient": STEP_FIELDS["recipient"],
            "medium": STEP_FIELDS["medium"],
            "medium_serial": STEP_FIELDS["serial"],
        },
        Permission.CONCLUDE: {"reasons": STEP_FIELDS["reasons"]},
        Permission.RECORD_CHECK: {
            name: STEP_FIELDS[name] for name in ("note", "card_number", "spare_cards")
        },
    }
)


@dataclass(kw_only=True, slots=True)
class Draft:
    """The texts of one step, of one person."""

    id: str
    author: str
    # In which it was written (the id of a log-in); None where there is none that could end.
    session: str | None
    step: Permission
    # Never part of what a log or a traceback shows.
    texts: Mapping[str, str] = field(repr=False)
    # By the steady clock.
    expires: float
    in_use: bool = False


class Drafts:
    """The drafts of everybody. Errors never repeat what was written: messages are logged."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Begin without any; `monotonic` gives the seconds of a clock that nobody sets."""
        self._monotonic = monotonic
        self._drafts: dict[str, Draft] = {}

    def save(
        self, author: str, step: str, texts: Mapping[str, object], *, session: str | None = None
    ) -> Draft:
        """Keep what somebody wrote for a step (a `Permission`); raises FieldsInvalid."""
        self.forget_expired()
        kept = _kept(permission := drafted_step(step), texts)
        own = [one for one in self._drafts.values() if one.author == author and not one.in_use]
        for one in own[: max(0, len(own) + 1 - MAX_OF_ONE)]:
            del self._drafts[one.id]
        draft = Draft(
            id=secrets.token_hex(16),
            author=author,
            session=session,
            step=permission,
            texts=kept,
            expires=self._monotonic() + LIFETIME.total_seconds(),
        )
        self._drafts[draft.id] = draft
        return draft

    def take(self, author: str, draft_id: str, step: Permission) -> Draft:
        """Take a draft for a step of its author; then it is either `done` or `put_back`.

        Raises NotAllowed for somebody else's, FieldsInvalid for one that is not there or not of this step; it stays.
        """
        self.forget_expired()
        if (draft := self._drafts.get(draft_id)) is None:
            raise FieldsInvalid("draft_gone")
        if draft.author != author:
            raise NotAllowed("draft_of_another")
        if draft.step is not step:
            raise FieldsInvalid(
                "draft_of_another_step", {"step": str(draft.step), "wanted": str(step)}
            )
        if draft.in_use:
            raise FieldsInvalid("draft_in_use")
        draft.in_use = True
        return draft

    def put_back(self, draft: Draft) -> None:
        """Keep a draft whose step was not taken."""
        draft.in_use = False

    def done(self, draft: Draft) -> None:
        """Forget a draft whose step was taken."""
        self._drafts.pop(draft.id, None)

    def discard(self, author: str, draft_id: str) -> None:
        """Forget a draft of somebody's own; one that is not there, or not theirs, is let be."""
        draft = self._drafts.get(draft_id)
        if draft is not None and draft.author == author and not draft.in_use:
            self.done(draft)

    def forget_session(self, session: str) -> None:
        """Forget what was written in a log-in that is over."""
        self._forget(lambda draft: draft.session == session)

    def forget_expired(self) -> None:
        """Forget what nobody used in time."""
        now = self._monotonic()
        self._forget(lambda draft: draft.expires <= now)

    def forget_all(self) -> None:
        """Forget everything."""
        self._drafts.clear()

    def seconds_left(self) -> float | None:
        """Return in how many seconds the next draft expires; None where there is none."""
        ends = min((draft.expires for draft in self._drafts.values()), default=None)
        return None if ends is None else max(0.0, ends - self._monotonic())

    def _forget(self, is_over: Callable[[Draft], bool]) -> None:
        for draft in [one for one in self._drafts.values() if is_over(one)]:
            self.done(draft)


def drafted_step(step: str) -> Permission:
    """Return the step that texts are written for; raises FieldsInvalid for what takes none."""
    if step not in DRAFTED:
        raise FieldsInvalid("draft_step_unknown", {"steps": ", ".join(DRAFTED)})
    return Permission(step)


def _kept(step: Permission, texts: Mapping[str, object]) -> dict[str, str]:
    """Return texts as they are kept until their step looks at them; raises FieldsInvalid."""
    rules = DRAFTED[step]
    kept: dict[str, str] = {}
    for name, text in texts.items():
        if (rule := rules.get(name)) is None or not isinstance(text, str):
            raise FieldsInvalid(
                "draft_field_unknown", {"step": str(step), "fields": ", ".join(rules)}
            )
        kept[name] = text.strip()
        check_length(name, rule, kept[name])
    return kept
