"""Who may do what: the one place where it is decided, and nothing is allowed that its table does not name.

What may be done to a case in which state is another question: `cases/rules.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ..ledger.model import Person
from .errors import NotAllowed
from .model import Actor, Role


class Permission(StrEnum):
    """What people do; the ledger names it in the entry of a refusal."""

    SEE_CASES = "see_cases"
    EXPORT_LEDGER = "export_ledger"
    CREATE = "create"
    SEARCH = "search"
    WATCH = "watch"
    REQUEST_CLIPS = "request_clips"
    REGISTER_FOOTAGE = "register_footage"
    CANCEL_CLIP = "cancel_clip"
    SEAL_EARLY = "seal_early"
    CUT_CLIP = "cut_clip"
    MASK_CLIP = "mask_clip"
    WITHDRAW_CLIP = "withdraw_clip"
    CHOOSE_FOR_RELEASE = "choose_for_release"
    PROPOSE_DECISION = "propose_decision"
    APPROVE = "approve"
    REJECT = "reject"
    SHOW_AT_COUNTER = "show_at_counter"
    RELEASE = "release"
    DOWNLOAD = "download"
    HAND_OVER = "hand_over"
    CONCLUDE = "conclude"
    KEEP_OPEN = "keep_open"
    PURGE = "purge"
    RESTORE = "restore"
    REMOVE_FOLDER = "remove_folder"
    CONFIRM_CLOCK = "confirm_clock"
    CHANGE_SETTING = "change_setting"
    SEE_CHECKS = "see_checks"
    SEE_CHECK_PHOTO = "see_check_photo"
    RECORD_CHECK = "record_check"
    NOTIFY = "notify"
    GET_SUMMARY = "get_summary"
    SEE_APPOINTMENTS = "see_appointments"
    CONFIRM_APPOINTMENT = "confirm_appointment"
    DECLINE_APPOINTMENT = "decline_appointment"


@dataclass(frozen=True, kw_only=True)
class Need:
    """What somebody must be to be allowed something."""

    # One of these.
    roles: frozenset[Role]
    # The message for whoever holds none of them.
    without_role: str
    # The message for a tablet, which decides and saves nothing; None: it may all the same.
    on_tablet: str | None = "not_allowed_tablet"
    # The message for what is done in a person's name by something else; None: it may be done so.
    by_own_hand: str | None = None
    # Home Assistant's owner, whatever roles they hold.
    or_owner: bool = False


_VIEWER = Need(roles=frozenset({Role.VIEWER}), without_role="not_allowed_needs_viewer")
_EXPORTER = Need(roles=frozenset({Role.EXPORTER}), without_role="not_allowed_needs_exporter")
_APPROVER = Need(roles=frozenset({Role.APPROVER}), without_role="not_allowed_needs_approver")
_DECIDING = replace(_EXPORTER, roles=_EXPORTER.roles | _APPROVER.roles)
# What decides or lets footage out, a person does themselves, at that moment.
_EXPORTER_BY_HAND = replace(_EXPORTER, by_own_hand="not_by_own_hand")
_APPROVER_BY_HAND = replace(_APPROVER, by_own_hand="not_by_own_hand")
# Who decides about footage decides about people, too; how two of them do it stands in `appointments.py`.
_APPOINTING = replace(
    _DECIDING,
    without_role="not_allowed_needs_deciding",
    by_own_hand="not_by_own_hand",
    or_owner=True,
)
_MEMBER = Need(roles=frozenset(Role), without_role="not_allowed_needs_role", on_tablet=None)

NEEDS: Mapping[Permission, Need] = MappingProxyType(
    {
        # Cases name people: a tablet that lies on a table shows none.
        Permission.SEE_CASES: replace(_VIEWER, roles=_VIEWER.roles | _DECIDING.roles),
        Permission.EXPORT_LEDGER: replace(_DECIDING, by_own_hand="not_by_own_hand"),
        Permission.CREATE: _EXPORTER,
        # A tablet may look, so it may look for something.
        Permission.SEARCH: replace(_VIEWER, roles=_VIEWER.roles | _EXPORTER.roles, on_tablet=None),
        Permission.WATCH: replace(_VIEWER, on_tablet=None),
        Permission.REQUEST_CLIPS: _EXPORTER,
        # It says that two people were there.
        Permission.REGISTER_FOOTAGE: _EXPORTER_BY_HAND,
        Permission.CANCEL_CLIP: _EXPORTER,
        # It says what will be missing from the evidence.
        Permission.SEAL_EARLY: _EXPORTER_BY_HAND,
        Permission.CUT_CLIP: _EXPORTER,
        # It says who will be seen by others.
        Permission.MASK_CLIP: _EXPORTER_BY_HAND,
        # By two of those who decide; `cases/rules.py` says how.
        Permission.WITHDRAW_CLIP: replace(_DECIDING, by_own_hand="not_by_own_hand"),
        Permission.CHOOSE_FOR_RELEASE: _EXPORTER_BY_HAND,
        Permission.PROPOSE_DECISION: _EXPORTER_BY_HAND,
        Permission.APPROVE: _APPROVER_BY_HAND,
        Permission.REJECT: _APPROVER_BY_HAND,
        Permission.SHOW_AT_COUNTER: _EXPORTER_BY_HAND,
        Permission.RELEASE: _EXPORTER_BY_HAND,
        # The link was released by own hand, and says itself for whom.
        Permission.DOWNLOAD: _EXPORTER,
        Permission.HAND_OVER: _EXPORTER_BY_HAND,
        Permission.CONCLUDE: _EXPORTER_BY_HAND,
        # Whoever takes part in deciding says that it is still needed.
        Permission.KEEP_OPEN: replace(_DECIDING, by_own_hand="not_by_own_hand"),
        Permission.PURGE: _EXPORTER_BY_HAND,
        Permission.RESTORE: _EXPORTER_BY_HAND,
        # No case says any more what lies in it.
        Permission.REMOVE_FOLDER: _APPROVER_BY_HAND,
        Permission.CONFIRM_CLOCK: replace(_DECIDING, by_own_hand="not_by_own_hand"),
        # With the camera's own settings password, which no role replaces.
        Permission.CHANGE_SETTING: replace(_DECIDING, by_own_hand="setting_not_by_own_hand"),
        # A tablet lies on a table or goes to the station: it shows what its user can confirm there, and no photos.
        Permission.SEE_CHECKS: replace(_MEMBER, without_role="not_allowed_see_checks"),
        Permission.SEE_CHECK_PHOTO: replace(
            _MEMBER, without_role="not_allowed_see_checks", on_tablet="not_allowed_photo_tablet"
        ),
        Permission.RECORD_CHECK: replace(_MEMBER, by_own_hand="check_not_by_own_hand"),
        # Whoever finds a tablet on a table must not write to everybody in the section's name.
        Permission.NOTIFY: replace(_MEMBER, on_tablet="not_allowed_tablet"),
        # What every entity says as well.
        Permission.GET_SUMMARY: _MEMBER,
        # It names people, too.
        Permission.SEE_APPOINTMENTS: replace(
            _VIEWER,
            roles=_VIEWER.roles | _DECIDING.roles,
            without_role="not_allowed_needs_deciding",
            or_owner=True,
        ),
        Permission.CONFIRM_APPOINTMENT: _APPOINTING,
        Permission.DECLINE_APPOINTMENT: _APPOINTING,
    }
)


def check_person(actor: Actor, permission: Permission) -> Person:
    """Return the person if they may do such a thing at all; raises NotAllowed."""
    need = NEEDS[permission]
    if actor.person is None:
        raise NotAllowed("not_allowed_nobody")
    if not actor.human:
        raise NotAllowed("not_allowed_not_human")
    if not actor.active:
        raise NotAllowed("not_allowed_inactive")
    if need.by_own_hand is not None and not actor.direct:
        raise NotAllowed(need.by_own_hand)
    if need.on_tablet is not None and Role.TABLET in actor.roles:
        raise NotAllowed(need.on_tablet)
    if not (actor.roles & need.roles or (need.or_owner and actor.owner)):
        named = actor.unconfirmed & need.roles
        raise NotAllowed("not_allowed_unconfirmed" if named else need.without_role)
    return actor.person


# What Home Assistant's own actions do; the ledger names it as it names a permission.
SAVE_LIVE: Final = "save_live"


def check_saves_live(actor: Actor) -> None:
    """Let somebody save the live picture by Home Assistant's own actions; raises NotAllowed for a tablet.

    Nobody else is refused: Home Assistant has no rights per person for it.
    """
    if Role.TABLET in actor.roles:
        raise NotAllowed("not_allowed_tablet")


def may(actor: Actor, permission: Permission) -> bool:
    """Return whether somebody may do such a thing at all."""
    try:
        check_person(actor, permission)
    except NotAllowed:
        return False
    return True
