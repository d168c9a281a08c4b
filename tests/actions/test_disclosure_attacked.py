"""A source that is to leave a request for disclosure unmasked: by each action that lets footage out, tried by everybody."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError
import probatio
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from tests.office import DISCLOSURE, ROLES, Office
from tests.section import until
from tests.test_services import refused

IN_PART = {
    "outcome": "disclosed_in_part",
    "grounds": ["article_78_1_2"],
    "reasons": "本人以外の人が写っている",
}
EVERYBODY = sorted({name for names in ROLES.values() for name in names})


async def preserved(office: Office) -> str:
    """Return a request for disclosure with one preserved clip and a cut of it."""
    given = office.passage(5)
    case: str = (await office.call("sato", "create_case", **DISCLOSURE, **given))["case"]
    await office.until_state(case, "preserved")
    clip = office.evidence.cases.case(case).clips[0]
    await office.call(
        "sato", "cut_clip", clip=clip.id, start=given["start"], end=given["end"], encode_anew=False
    )
    await until(lambda: office.evidence.cases.case(case).items[1].state == "sealed")
    return case


@pytest.mark.parametrize("person", [None, *EVERYBODY])
async def test_the_source_leaves_by_no_action_of_anybody(
    office: Office, hass_ws_client: WebSocketGenerator, person: str | None
) -> None:
    """Whoever they are: proposed, chosen, approved, released, fetched, handed over, concluded, shown."""
    case = await preserved(office)
    clip, cut = (item.id for item in office.evidence.cases.case(case).items)
    looked_at = office.looked_at(case)
    attempts: list[tuple[str, dict[str, Any]]] = [
        *(
            ("propose_decision", {**IN_PART, "way": way, "items": items})
            for way in ("copy", "view")
            for items in ([clip], [cut], [clip, cut])
        ),
        ("choose_for_release", {"items": [clip]}),
        ("choose_for_release", {"items": [cut]}),
        ("approve_case", {"items": looked_at}),
        ("approve_case", {"items": []}),
        ("release_case", {}),
        ("hand_over", {"recipient": "南沢", "medium": "USB", "medium_serial": "1"}),
        *(
            ("conclude_case", {"outcome": outcome, "reasons": "見せた"})
            for outcome in ("shown_in_person", "partly_refused")
        ),
    ]
    # Twice: what the first round brought about may open a way for the second.
    for _ in range(2):
        for action, data in attempts:
            try:
                await office.call(person, action, case=case, **data)
            except HomeAssistantError, probatio.Invalid:
                continue
            assert action == "choose_for_release", action
    known = office.evidence.cases.case(case)
    assert known.state == "preserved"
    assert (known.release, known.decision, known.approval, known.conclusion) == (None,) * 4
    for action in ("case_released", "download_begun", "case_handed_over", "case_concluded"):
        assert not await office.entries(action)
    assert not [*office.evidence.vault.root.rglob("*.zip")]

    client = await hass_ws_client(office.hass)
    for item in (clip, cut):
        await client.send_json_auto_id(
            {
                "type": f"{DOMAIN}/open_counter",
                "mask": item,
                "shown_to": "requester",
                "present": "x",
            }
        )
        assert not (await client.receive_json())["success"]


async def test_the_source_does_not_leave_with_a_refusal(office: Office) -> None:
    """Two people agree that nothing is disclosed: then nothing is, and nothing can be added to it."""
    case = await preserved(office)
    clip = office.evidence.cases.case(case).clips[0]
    await office.refuse(case)
    await office.call("suzuki", "approve_case", case=case)
    assert await refused(office, "sato", "release_case", case=case) == "decision_not_copy"
    with_source = {**IN_PART, "case": case, "way": "copy", "items": [clip.id]}
    assert await refused(office, "sato", "propose_decision", **with_source) == "masking_needed"
    assert not await office.entries("case_released")
    assert not [*office.evidence.vault.root.rglob("*.zip")]
