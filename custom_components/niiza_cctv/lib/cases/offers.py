"""What somebody is offered: the steps of a case that they may take now, found out by the rules that decide (`rules.py`)."""

from dataclasses import dataclass

from ..access.errors import CaseError
from ..access.model import Actor
from ..access.permissions import Permission, check_person, may
from ..ledger.model import Person
from . import rules
from .kinds import KINDS
from .model import Case, CaseClip, Item
from .sealing_early import Fetch, may_seal_early

# What can be done to a case, in the order in which it comes up.
STEPS = (
    Permission.REQUEST_CLIPS,
    Permission.REGISTER_FOOTAGE,
    Permission.CANCEL_CLIP,
    Permission.CUT_CLIP,
    Permission.WITHDRAW_CLIP,
    Permission.CHOOSE_FOR_RELEASE,
    Permission.PROPOSE_DECISION,
    Permission.APPROVE,
    Permission.RELEASE,
    Permission.HAND_OVER,
    Permission.CONCLUDE,
    Permission.REJECT,
    Permission.KEEP_OPEN,
    Permission.PURGE,
)

# Has asked for nothing and approved nothing: what is refused to them is refused for the case's sake.
_SOMEBODY_ELSE = Person(id="", name="")


@dataclass(frozen=True, kw_only=True, slots=True)
class StepOffer:
    """One step, and why this person may not take it now; None: they may."""

    step: Permission
    refusal: CaseError | None


def offers(actor: Actor, case: Case) -> tuple[StepOffer, ...]:
    """Return what becomes of each step if this person takes it now.

    Of several reasons it names what others need not be told first: a role that is missing, then what the case itself
    waits for, and only then what this person has done in it.
    """
    return tuple(StepOffer(step=step, refusal=_refusal(actor, case, step)) for step in STEPS)


def clip_offers(actor: Actor, case: Case, item: Item, fetch: Fetch | None) -> list[Permission]:
    """Return what this person may do to a clip or a cut now; `fetch` is how its retrieval stands, None: there is none."""
    clip = item if isinstance(item, CaseClip) else None
    possible = {
        Permission.SEAL_EARLY: clip is not None
        and fetch is not None
        and may_seal_early(case, clip, fetch),
        # Of a case that is decided by a proposal only what is masked is disclosed: a cut would lead nowhere.
        Permission.CUT_CLIP: clip is not None
        and not KINDS[case.kind].decided_by_proposal
        and rules.may_cut(case, clip),
        Permission.MASK_CLIP: clip is not None and rules.may_mask(case, clip),
        Permission.CANCEL_CLIP: rules.may_cancel(case, item),
        Permission.SHOW_AT_COUNTER: actor.person is not None
        and rules.may_show(case, actor.person, item),
    }
    return [step for step, can in possible.items() if can and may(actor, step)]


def _refusal(actor: Actor, case: Case, step: Permission) -> CaseError | None:
    try:
        person = check_person(actor, step)
        for somebody in (_SOMEBODY_ELSE, person):
            rules.check_step(case, somebody, step)
    except CaseError as err:
        return err
    return None
