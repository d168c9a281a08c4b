"""The actions of automations: whom they reach, what they refuse, whose picture they give to whom, and what they sum up."""

from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.checks.kinds import KINDS
from custom_components.niiza_cctv.responses.summary import LANGUAGES
from simulator.running import RunningCamera
from tests.companion import Companions
from tests.office import Office, open_office
from tests.section import poll_until, set_up, state, until

TEXT = {"title": "題", "message": "本文"}


@pytest.fixture
async def section(hass: HomeAssistant, companions: Companions, kita: RunningCamera) -> Office:
    """Return a section whose people may have phones."""
    return await open_office(hass, kita)


async def notify(hass: HomeAssistant, person: str | None = None, **data: Any) -> dict[str, Any]:
    """Notify as an automation does, which has no user, or as somebody."""
    answer = await hass.services.async_call(
        DOMAIN, "notify", TEXT | data, blocking=True, return_response=True,
        context=Context(user_id=person),
    )  # fmt: skip
    assert isinstance(answer, dict)
    return answer


async def summary(hass: HomeAssistant, person: str | None = None) -> Any:
    """Ask how everything stands."""
    return await hass.services.async_call(
        DOMAIN, "get_summary", {}, blocking=True, return_response=True,
        context=Context(user_id=person),
    )  # fmt: skip


async def test_automation_tells_roles_and_people_once_each(
    hass: HomeAssistant, section: Office, companions: Companions
) -> None:
    """Whoever is named twice is told once; the tablet only where it is meant."""
    sato = await companions.register("sato")
    tablet = await companions.register("tablet")
    hass.states.async_set("person.sato", "home", {"user_id": "sato"})
    answer = await notify(
        hass, roles=["exporters"], people=["person.sato", "sato"], tag="x", path="/niiza-cctv/checks"
    )  # fmt: skip
    # sato, takahashi and both; who left or is a machine is nobody.
    assert answer == {"told": 3, "unreached": 2}
    notice = await sato.notice()
    assert (notice["title"], notice["message"]) == ("題", "本文")
    assert notice["data"]["url"] == "/niiza-cctv/checks"
    assert sato.inbox.empty()
    assert tablet.inbox.empty()
    await notify(hass, roles=["tablets"], tag="x")
    assert (await tablet.notice())["data"]["url"] == "/niiza-cctv"


async def test_nobody_outside_the_section_is_told(hass: HomeAssistant, section: Office) -> None:
    """A user of Home Assistant without a role, a person without a user, a name that is none."""
    MockUser(name="stranger", id="5" * 32).add_to_hass(hass)
    hass.states.async_set("person.guest", "home", {})
    for name in ("5" * 32, "person.guest", "person.unknown", "0" * 32):
        with pytest.raises(ServiceValidationError) as caught:
            await notify(hass, people=[name], tag="x")
        assert caught.value.translation_key == "notify_not_of_section"
    with pytest.raises(ServiceValidationError) as caught:
        await notify(hass, people=["Taro Yamada"], tag="x")
    assert caught.value.translation_key == "action_field_invalid"


@pytest.mark.parametrize(
    "data",
    [
        {"path": "https://example.com/"},
        {"path": "//example.com/x"},
        {"path": "/\\example.com"},
        {"path": "javascript:alert(1)"},
        {"path": "/x\nSet-Cookie: a"},
        {"tag": "a b"},
        {"tag": "x" * 101},
        {"title": ""},
        {"message": "x" * 2001},
        {"roles": ["everybody"]},
        {"when": "never"},
    ],
)
async def test_what_leads_out_or_is_too_much_is_refused(
    hass: HomeAssistant, section: Office, data: dict[str, Any]
) -> None:
    """Only places within Home Assistant, only texts that a phone can show."""
    with pytest.raises(ServiceValidationError) as caught:
        await notify(hass, **{"tag": "x", "roles": ["tablets"]} | data)
    assert caught.value.translation_key == "action_field_invalid"


async def test_tag_or_check_is_needed(hass: HomeAssistant, section: Office) -> None:
    """Without either, notices would pile up."""
    with pytest.raises(ServiceValidationError) as caught:
        await notify(hass, roles=["tablets"])
    assert caught.value.translation_key == "notify_needs_tag"


async def test_users_without_a_role_may_not_call(hass: HomeAssistant, section: Office) -> None:
    """A user of Home Assistant who is not of the section neither writes to its people nor asks; both on the record."""
    MockUser(name="stranger", id="stranger").add_to_hass(hass)
    for person in ("stranger", "left", "machine"):
        with pytest.raises(ServiceValidationError):
            await notify(hass, person, roles=["tablets"], tag="x")
        with pytest.raises(ServiceValidationError):
            await summary(hass, person)
    assert {(one[0], one[1]) for one in await section.refusals()} == {
        (person, what)
        for person in ("stranger", "left", "machine")
        for what in ("notify", "get_summary")
    }
    assert await notify(hass, "tanaka", roles=["tablets"], tag="x")
    assert await summary(hass, "tanaka")


async def test_an_automation_cannot_touch_the_sections_own_notices(
    hass: HomeAssistant, section: Office, companions: Companions
) -> None:
    """Its tags are its own: a request for approval is neither replaced nor taken back by it."""
    suzuki = await companions.register("suzuki")
    case = await section.preserved()
    own = (await suzuki.notice())["data"]["tag"]
    await notify(hass, roles=["approvers"], tag=own)
    assert (await suzuki.notice())["data"]["tag"] != own
    await hass.services.async_call(
        DOMAIN, "clear_notice", {"roles": ["approvers"], "tag": own}, blocking=True
    )
    assert (await suzuki.notice())["data"]["tag"] != own
    shown = await section.entry.runtime_data.phones.inbox.of("suzuki")
    assert any(case in one["title"] for one in shown.values())


async def test_notice_is_taken_back(
    hass: HomeAssistant, section: Office, companions: Companions
) -> None:
    """By the tag under which it was sent."""
    tanaka = await companions.register("tanaka")
    await notify(hass, people=["tanaka"], tag="x")
    sent = await tanaka.notice()
    await hass.services.async_call(
        DOMAIN, "clear_notice", {"people": ["tanaka"], "tag": "x"}, blocking=True
    )
    gone = await tanaka.notice()
    assert (gone["message"], gone["data"]["tag"]) == ("clear_notification", sent["data"]["tag"])


async def test_same_notice_is_not_repeated_where_that_is_asked_for(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    section: Office,
    companions: Companions,
) -> None:
    """`changed` and `replacing`; what is taken back may be told again."""
    tanaka = await companions.register("tanaka")

    async def told(when: str, message: str) -> bool:
        answer = await notify(hass, people=["tanaka"], tag="x", when=when, message=message)
        if answer["told"]:
            assert (await tanaka.notice())["message"] == message
        assert tanaka.inbox.empty()
        return bool(answer["told"])

    assert not await told("replacing", "a")
    assert await told("changed", "a")
    assert not await told("changed", "a")
    assert await told("always", "a")
    assert not await told("replacing", "a")
    assert await told("replacing", "b")
    assert await told("changed", "a")
    await hass.services.async_call(
        DOMAIN, "clear_notice", {"people": ["tanaka"], "tag": "x"}, blocking=True
    )
    await tanaka.notice()
    assert not await told("replacing", "b")
    assert await told("changed", "a")


async def test_picture_is_for_viewers_and_accounted_for(
    hass: HomeAssistant,
    section: Office,
    companions: Companions,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """By choice only: its user gets it, a stranger and somebody without the role do not, nor does nobody at all."""
    MockUser(name="stranger", id="stranger").add_to_hass(hass)
    sato = await companions.register("sato")
    takahashi = await companions.register("takahashi")
    stranger = await companions.register("stranger")
    await notify(
        hass, people=["sato", "takahashi"], tag="x", camera=section.camera_id, title="北口"
    )
    image = (await sato.notice())["data"]["image"]
    assert image.startswith("/api/niiza_cctv/alert_picture/")
    # takahashi takes out footage but does not watch: the notice comes without the picture.
    assert "image" not in (await takahashi.notice())["data"]
    answer = await sato.get(image)
    assert answer.status == 200
    assert answer.content_type == "image/jpeg"
    assert (await answer.read()).startswith(b"\xff\xd8")
    assert answer.headers["Cache-Control"] == "no-store"
    for app in (takahashi, stranger):
        assert (await app.get(image)).status == 403
        assert (await app.get(f"{image}x")).status == 403
    assert (await sato.get(f"{image}x")).status == 404
    http = await hass_client_no_auth()
    assert (await http.get(image)).status == 401
    assert {(one[0], one[1], one[2]) for one in await section.refusals()} >= {
        ("takahashi", "watch", f"camera/{section.camera_id}"),
        ("stranger", "watch", f"camera/{section.camera_id}"),
    }
    await section.evidence.viewing_sessions.close()
    viewed = await section.entries("footage_viewed")
    assert [(one.person.id, one.subject) for one in viewed] == [
        ("sato", f"camera/{section.camera_id}")
    ]


async def test_notice_goes_out_without_its_picture_when_the_camera_gives_none(
    hass: HomeAssistant, section: Office, companions: Companions
) -> None:
    """What is told matters more; a camera that is none of ours is refused."""
    sato = await companions.register("sato")
    await section.camera.soap.stop()
    await notify(hass, people=["sato"], tag="x", camera=section.camera_id)
    assert "image" not in (await sato.notice())["data"]
    with pytest.raises(ServiceValidationError) as caught:
        await notify(hass, people=["sato"], tag="x", camera="camera.front_door")
    assert caught.value.translation_key == "camera_unknown"
    await notify(hass, people=["sato"], tag="x", camera="")
    assert "image" not in (await sato.notice())["data"]


async def test_unknown_check_is_refused(hass: HomeAssistant, section: Office) -> None:
    """A check of an object that left the section."""
    with pytest.raises(ServiceValidationError) as caught:
        await notify(hass, roles=["tablets"], check="signage:camera:gone")
    assert caught.value.translation_key == "check_unknown"


async def test_whom_no_phone_reaches_reads_it_in_the_panel(
    hass: HomeAssistant, section: Office
) -> None:
    """And the repair names them."""
    assert await notify(hass, people=["tanaka"], tag="x") == {"told": 1, "unreached": 1}
    shown = await section.entry.runtime_data.phones.inbox.of("tanaka")
    assert [one["title"] for one in shown.values()] == ["題"]
    assert not persistent_notification._async_get_or_create_notifications(hass)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "no_phone")
    assert issue
    assert issue.translation_placeholders == {"people": "tanaka"}


async def test_summary_counts_and_names_what_is_wrong(
    hass: HomeAssistant, section: Office, kita: RunningCamera
) -> None:
    """In both languages, and no person in it."""
    config = kita.camera.config
    await poll_until(hass, lambda: state(hass, config, "sd_problem").state == "off")
    before = await summary(hass)
    assert before["cameras"] == 1
    assert before["dead"] == {
        "count": 0,
        "names": [],
        "ja": "応答のない防犯カメラはありません。",
        "en": "Every camera answers.",
    }
    # Nothing was ever checked in this section.
    assert before["checks_due"]["count"] > 3
    case = await section.preserved()
    kita.set(card="removed")
    await poll_until(hass, lambda: state(hass, config, "sd_problem").state == "on")
    after = await summary(hass)
    assert (after["sd_faulty"]["count"], after["sd_faulty"]["names"]) == (1, ["kita"])
    assert (after["cases_waiting"]["count"], after["cases_waiting"]["names"]) == (1, [case])
    assert not after["all_well"]
    assert "SD録画の異常：1台（kita）" in after["ja"]
    assert "SD recording faulty: 1 (kita)" in after["en"]
    for person in ("sato", "suzuki", "山田"):
        assert person not in str(after)


async def test_summary_says_that_all_is_well(
    hass: HomeAssistant, companions: Companions, kita: RunningCamera
) -> None:
    """With nothing asked for by hand, and everything proved."""
    entry = await set_up(hass, kita, viewers=["x"])
    hass.config_entries.async_update_entry(
        entry, options={"check_intervals": dict.fromkeys(KINDS, 0)}
    )
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state == "off")
    await until(lambda: state(hass, kita.camera.config, "audio_disabled").state == "on")
    found = await summary(hass)
    assert found["all_well"]
    assert found["ja"] == "異常はありません（防犯カメラ1台）。"
    assert found["en"] == "All is well (cameras: 1)."
    assert set(LANGUAGES) == {"ja", "en"}


async def test_actions_say_that_no_section_is_loaded(hass: HomeAssistant, section: Office) -> None:
    """An error in plain words, not a traceback."""
    await hass.config_entries.async_unload(section.entry.entry_id)
    with pytest.raises(HomeAssistantError):
        await summary(hass)
