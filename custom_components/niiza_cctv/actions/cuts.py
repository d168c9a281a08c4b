"""The actions about what of a case leaves: cuts, the choice for a release, withdrawals."""

from collections.abc import Mapping
from datetime import datetime

from homeassistant.core import ServiceResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio

from ..errors import invalid
from ..lib.cases.rules import WithdrawalStep
from ..responses.cases import show_case
from .base import Action, ActionCall, as_response
from .fields import CASE, CLIP, ITEM, MAX_ITEMS


def show(call: ActionCall, case_id: str) -> ServiceResponse:
    """Return a case as `get_case` shows it."""
    return as_response(show_case(call.evidence, call.evidence.cases.case(case_id), call.actor))


def moment(call: ActionCall, name: str) -> datetime:
    """Return a time that was given, by the section's clock where no offset is named; raises a translated error.

    An hour that the clock shows twice, or leaves out, when summer time ends or begins says no moment.
    """
    given: datetime = call.data[name]
    text = given.isoformat(" ")
    try:
        if given.tzinfo is None:
            given = given.replace(tzinfo=dt_util.get_default_time_zone())
            if given.utcoffset() != given.replace(fold=1).utcoffset():
                raise invalid("cut_time_unclear", time=text)
        return dt_util.as_utc(given)
    except OverflowError as err:
        raise invalid("time_invalid", time=text) from err


async def _cut_clip(call: ActionCall) -> ServiceResponse:
    """Have a part of a sealed clip made."""
    cut = await call.evidence.async_cut_clip(
        call.actor,
        call.data["clip"],
        moment(call, "start"),
        moment(call, "end"),
        encode_anew=call.data["encode_anew"],
    )
    return show(call, call.evidence.cases.item(cut.id)[0].id)


async def _choose_for_release(call: ActionCall) -> ServiceResponse:
    """Choose what is to be released."""
    case = await call.evidence.cases.choose_for_release(
        call.actor, call.data["case"], call.data["items"]
    )
    return show(call, case.id)


async def _withdraw_clip(call: ActionCall) -> ServiceResponse:
    """Have a sealed clip or cut taken out of its case, by two people."""
    case = await call.evidence.cases.withdraw_clip(
        call.actor, call.data["item"], WithdrawalStep(call.data["decision"])
    )
    return show(call, case.id)


CUT_ACTIONS: Mapping[str, Action] = {
    "cut_clip": Action(
        answer=_cut_clip,
        schema={
            probatio.Required("clip"): CLIP,
            probatio.Required("start"): cv.datetime,
            probatio.Required("end"): cv.datetime,
            probatio.Optional("encode_anew", default=False): cv.boolean,
        },
    ),
    "choose_for_release": Action(
        answer=_choose_for_release,
        schema={
            probatio.Required("case"): CASE,
            probatio.Required("items"): probatio.All(
                cv.ensure_list, [ITEM], probatio.Length(min=1, max=MAX_ITEMS)
            ),
        },
    ),
    "withdraw_clip": Action(
        answer=_withdraw_clip,
        schema={
            probatio.Required("item"): ITEM,
            probatio.Optional("decision", default=WithdrawalStep.REQUEST.value): probatio.In(
                [step.value for step in WithdrawalStep]
            ),
        },
    ),
}
