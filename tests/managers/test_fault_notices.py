"""What is told by default of dead cards, dead cameras and audio: once, to whoever is responsible, until somebody silences it."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation.const import DOMAIN as AUTOMATION
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.managers.fault_notices import FaultNotices
from simulator.running import RunningCamera
from tests.companion import App, Companions
from tests.office import Office, open_office
from tests.section import ask_cameras, pass_in, poll_until, state, unique_id_of, until

AT_ONCE = dict.fromkeys(("alive", "sd", "audio"), timedelta(0))


@pytest.fixture
async def section(
    hass: HomeAssistant,
    companions: Companions,
    kita: RunningCamera,
    monkeypatch: pytest.MonkeyPatch,
) -> Office:
    """Return a section whose camera is well, and that waits for nothing to last."""
    hass.config.language = "ja"
    pass_in(monkeypatch, FaultNotices, waits=AT_ONCE)
    office = await open_office(hass, kita)
    await well(hass, kita)
    return office


@pytest.fixture(autouse=True)
async def _automations_end(hass: HomeAssistant) -> AsyncGenerator[None]:
    """Let no automation wait for its time when the test is over."""
    yield
    for made in hass.states.async_entity_ids(AUTOMATION):
        await hass.services.async_call(AUTOMATION, "turn_off", {"entity_id": made}, blocking=True)


async def well(hass: HomeAssistant, kita: RunningCamera) -> None:
    """Wait until nothing is wrong with the camera."""
    config = kita.camera.config
    await poll_until(
        hass,
        lambda: (
            state(hass, config, "sd_problem").state == "off"
            and state(hass, config, "audio_disabled").state == "on"
        ),
    )


async def card_dies(hass: HomeAssistant, kita: RunningCamera) -> None:
    """Let the card fail and be seen; not in the midst of a poll, which would find half of it."""
    await ask_cameras(hass)
    kita.set(card="removed")
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state == "on")


def repairs(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the repairs of cards and cameras that are out of order."""
    return {
        key: issue
        for (domain, key), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and key.startswith(("sd_", "camera_silent", "camera_mails"))
    }


def on_panel(camera: RunningCamera) -> str:
    """Return where the panel's board shows a camera."""
    return f"/niiza-cctv/board?camera={quote(unique_id_of(camera.camera.config))}"


async def quiet(app: App) -> bool:
    """Return whether nothing is on its way to a phone: what is asked for after it comes first."""
    await app.hass.async_block_till_done()
    await app.hass.services.async_call(
        DOMAIN,
        "notify",
        {"title": "x", "message": "x", "roles": ["tablets"], "tag": "x"},
        blocking=True,
    )
    return (await app.notice()).get("title") == "x"


async def test_dead_card_is_told_without_an_automation_and_taken_back(
    hass: HomeAssistant, section: Office, companions: Companions, kita: RunningCamera
) -> None:
    """Those who can act and the tablet hear it once, with what to do and where; a repair says it, too."""
    sato, tablet = await companions.register("sato"), await companions.register("tablet")
    viewer = await companions.register("tanaka")
    await card_dies(hass, kita)
    for app in (sato, tablet):
        notice = await app.notice()
        assert notice["title"] == "SD録画に異常があります"
        assert notice["message"].startswith("kita: カードがありません")
        # Without a dashboard of the section: the panel's own board, which is there for both, at that camera.
        assert notice["data"]["url"] == notice["data"]["clickAction"] == on_panel(kita)
    assert viewer.inbox.empty()
    (issue,) = repairs(hass).values()
    assert issue.translation_key == "sd_card_missing"
    assert issue.learn_more_url == f"homeassistant:/{on_panel(kita)}"
    assert issue.translation_placeholders == {
        "camera": "kita",
        "muted": "修理や工事で通知を止めるときは、カメラの状況の画面で、このカメラの「通知を止める」を押してください。",
    }
    # The same fault in other words, and poll after poll: no news.
    kita.set(card="failed")
    await poll_until(
        hass, lambda: [one.translation_key for one in repairs(hass).values()] == ["sd_card_error"]
    )
    assert await quiet(tablet)
    kita.set(card="ok")
    await well(hass, kita)
    assert (await tablet.notice())["message"] == "clear_notification"
    assert not repairs(hass)


async def test_notice_leads_to_the_section_s_dashboard_where_there_is_one(
    hass: HomeAssistant,
    section: Office,
    companions: Companions,
    kita: RunningCamera,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Under whatever address a person gave it; not to one of something else, nor to one for administrators alone."""
    assert await async_setup_component(hass, "lovelace", {})
    client = await hass_ws_client(hass)
    ours = {"strategy": {"type": "custom:niiza-cctv"}}
    for address, admin, config in (
        ("dashboard-home", False, {"views": [{"cards": []}]}),
        ("dashboard-map", False, {"strategy": {"type": "map"}}),
        ("dashboard-empty", False, None),
        ("chiefs-own", True, ours),
        ("eki-no-kamera", False, ours),
    ):
        new = {"url_path": address, "title": address, "mode": "storage", "require_admin": admin}
        await client.send_json_auto_id({"type": "lovelace/dashboards/create", **new})
        assert (made := await client.receive_json())["success"], made
        if config is not None:
            await client.send_json_auto_id(
                {"type": "lovelace/config/save", "url_path": address, "config": config}
            )
            assert (await client.receive_json())["success"]
    tablet = await companions.register("tablet")
    await card_dies(hass, kita)
    there = f"/eki-no-kamera/overview?camera={quote(unique_id_of(kita.camera.config))}"
    data = (await tablet.notice())["data"]
    assert data["url"] == data["clickAction"] == there
    # Each person's own list in the panel leads there, too.
    phones = section.entry.runtime_data.phones
    assert [one["path"] for one in (await phones.inbox.of("sato")).values()] == [there]


async def test_nothing_is_told_again_after_a_restart(
    hass: HomeAssistant, section: Office, companions: Companions, kita: RunningCamera
) -> None:
    """The same fault is no news; that it is over is."""
    tablet = await companions.register("tablet")
    await card_dies(hass, kita)
    assert (await tablet.notice())["data"]["tag"] == "niiza_cctv_fault_sd"
    assert await hass.config_entries.async_reload(section.entry.entry_id)
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state == "on")
    await until(lambda: repairs(hass))
    assert await quiet(tablet)
    # What was found before still stands, for a camera that is dead now, too.
    await kita.soap.stop()
    assert await hass.config_entries.async_reload(section.entry.entry_id)
    await poll_until(hass, lambda: state(hass, kita.camera.config, "alive").state == "off")
    assert "sd_card_missing" in {one.translation_key for one in repairs(hass).values()}
    assert (await tablet.notice())["data"]["tag"] == "niiza_cctv_fault_alive"
    await kita.soap.start()
    await poll_until(hass, lambda: state(hass, kita.camera.config, "alive").state == "on")
    assert (await tablet.notice())["message"] == "clear_notification"
    kita.set(card="ok")
    await well(hass, kita)
    assert (await tablet.notice())["message"] == "clear_notification"


async def test_audio_and_a_dead_camera_are_told(
    hass: HomeAssistant, section: Office, companions: Companions, kita: RunningCamera
) -> None:
    """Both lead to the camera's lines, which say what to do by whoever looks."""
    tablet = await companions.register("tablet")
    kita.set(audio=True)
    await poll_until(hass, lambda: state(hass, kita.camera.config, "audio_disabled").state == "off")
    notice = await tablet.notice()
    assert notice["title"] == "防犯カメラの音声が入っています"
    assert notice["data"]["url"] == on_panel(kita)
    await kita.soap.stop()
    await poll_until(hass, lambda: state(hass, kita.camera.config, "alive").state == "off")
    notice = await tablet.notice()
    assert notice["title"] == "防犯カメラが応答しません"
    assert next(iter(repairs(hass).values())).translation_key == "camera_silent"


async def test_a_fault_that_passes_is_not_told(
    hass: HomeAssistant,
    companions: Companions,
    kita: RunningCamera,
) -> None:
    """By default it has to last for minutes."""
    await open_office(hass, kita)
    await well(hass, kita)
    tablet = await companions.register("tablet")
    await card_dies(hass, kita)
    assert await quiet(tablet)
    assert not repairs(hass)
    kita.set(card="ok")
    await well(hass, kita)
    assert await quiet(tablet)


async def test_where_an_automation_of_ours_tells_nothing_is_told_twice(
    hass: HomeAssistant, section: Office, companions: Companions, kita: RunningCamera
) -> None:
    """While it is on; switched off, the default tells of the next fault."""
    tablet = await companions.register("tablet")
    use = {"path": f"{DOMAIN}/sd_fault.yaml", "input": {"wait": {"seconds": 0}, "recovery": False}}
    assert await async_setup_component(
        hass, AUTOMATION, {AUTOMATION: {"alias": "sd", "use_blueprint": use}}
    )
    await card_dies(hass, kita)
    assert (await tablet.notice())["data"]["tag"] == "niiza_cctv_automation_sd_faulty"
    assert await quiet_but_for_what_is_taken_back(tablet)
    kita.set(card="ok")
    await well(hass, kita)
    assert await quiet_but_for_what_is_taken_back(tablet)
    await hass.services.async_call(
        AUTOMATION, "turn_off", {"entity_id": "automation.sd"}, blocking=True
    )
    await card_dies(hass, kita)
    assert (await tablet.notice())["data"]["tag"] == "niiza_cctv_fault_sd"


async def quiet_but_for_what_is_taken_back(app: App) -> bool:
    """Return whether a phone is told nothing."""
    await app.hass.async_block_till_done()
    while not app.inbox.empty():
        if (await app.notice())["message"] != "clear_notification":
            return False
    return True


async def test_a_person_silences_a_camera_for_a_time_on_the_record(
    hass: HomeAssistant, section: Office, companions: Companions, kita: RunningCamera
) -> None:
    """Nobody is told, everything shows it; when the time is over, what still lasts is told."""
    tablet = await companions.register("tablet")
    answer = await section.call(
        "sato", "mute_alerts", camera="camera.kita", hours=2, reason="repair_ordered"
    )
    until_then = dt_util.parse_datetime(answer["until"])
    assert until_then is not None
    alive = state(hass, kita.camera.config, "alive")
    assert alive.attributes["notices_silenced_until"] == until_then
    await card_dies(hass, kita)
    assert await quiet(tablet)
    (issue,) = repairs(hass).values()
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["muted"].endswith("まで止めています（止めた人：sato）。")
    # Also over a restart.
    assert await hass.config_entries.async_reload(section.entry.entry_id)
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state == "on")
    assert await quiet(tablet)
    await section.call("sato", "unmute_alerts", camera="camera.kita")
    assert (await tablet.notice())["data"]["tag"] == "niiza_cctv_fault_sd"
    alive = state(hass, kita.camera.config, "alive")
    assert "notices_silenced_until" not in alive.attributes
    entries = await written(section)
    assert [(action, person, details.get("reason")) for action, person, details in entries] == [
        ("alerts_muted", "sato", "repair_ordered"),
        ("alerts_unmuted", "sato", None),
    ]


async def written(section: Office) -> list[tuple[str, str | None, Any]]:
    """Return what the ledger says of silenced notices."""
    return [
        (entry.action, entry.person and entry.person.id, entry.details)
        async for entry in section.evidence.ledger.entries()
        if entry.action.startswith("alerts_")
    ]


async def test_a_silence_ends_by_itself(
    hass: HomeAssistant,
    section: Office,
    companions: Companions,
    kita: RunningCamera,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody has to think of it."""
    tablet = await companions.register("tablet")
    await section.call("suzuki", "mute_alerts", camera="camera.kita", hours=1, reason="other")
    await card_dies(hass, kita)
    assert await quiet(tablet)
    freezer.tick(timedelta(hours=1, seconds=5))
    async_fire_time_changed(hass, dt_util.utcnow())
    assert (await tablet.notice())["data"]["tag"] == "niiza_cctv_fault_sd"
    assert "notices_silenced_until" not in state(hass, kita.camera.config, "alive").attributes


@pytest.mark.parametrize("person", ["tanaka", "tablet", None])
async def test_who_decides_nothing_silences_nothing(
    hass: HomeAssistant, section: Office, person: str | None
) -> None:
    """Neither a viewer nor a tablet nor an automation, on the record."""
    with pytest.raises(ServiceValidationError):
        await section.call(person, "mute_alerts", camera="camera.kita", reason="other")
    assert not await written(section)
    refused = [
        entry.details["what"]
        async for entry in section.evidence.ledger.entries()
        if entry.action == "refused"
    ]
    assert refused == ["mute_alerts"]


async def heard(app: App) -> list[str]:
    """Return the titles of what a phone was told; what was taken back is left out."""
    await app.hass.async_block_till_done()
    told = [app.inbox.get_nowait() for _ in range(app.inbox.qsize())]
    return [one["title"] for one in told if one["message"] != "clear_notification"]


async def switch_audio(hass: HomeAssistant, kita: RunningCamera, *, on: bool) -> None:
    """Switch the audio on or off at the camera, and let it be seen."""
    kita.set(audio=on)
    wanted = "off" if on else "on"
    await poll_until(
        hass, lambda: state(hass, kita.camera.config, "audio_disabled").state == wanted
    )


async def test_a_fault_that_comes_and_goes_is_told_three_times_an_hour(
    hass: HomeAssistant,
    section: Office,
    companions: Companions,
    kita: RunningCamera,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Twenty times in a few minutes: no flood, also over a restart; what then lasts is told when the hour is over."""
    tablet = await companions.register("tablet")
    for turn in range(20):
        await switch_audio(hass, kita, on=True)
        if turn == 10:
            assert await hass.config_entries.async_reload(section.entry.entry_id)
            await well_or_not(hass, kita)
        await switch_audio(hass, kita, on=False)
    await switch_audio(hass, kita, on=True)
    assert await heard(tablet) == ["防犯カメラの音声が入っています"] * 3
    freezer.tick(timedelta(hours=1, seconds=5))
    async_fire_time_changed(hass, dt_util.utcnow())
    assert (await tablet.notice())["title"] == "防犯カメラの音声が入っています"


async def well_or_not(hass: HomeAssistant, kita: RunningCamera) -> None:
    """Wait until the camera was asked about its audio."""
    await poll_until(
        hass,
        lambda: state(hass, kita.camera.config, "audio_disabled").state in ("on", "off"),
    )


async def test_two_faults_of_one_camera_are_two_notices_and_two_repairs(
    hass: HomeAssistant, section: Office, companions: Companions, kita: RunningCamera
) -> None:
    """A camera that falls silent says nothing of its card any more: what was found there still stands."""
    tablet = await companions.register("tablet")
    await card_dies(hass, kita)
    await kita.soap.stop()
    await poll_until(hass, lambda: state(hass, kita.camera.config, "alive").state == "off")
    tags = [(await tablet.notice())["data"]["tag"] for _ in range(2)]
    assert tags == ["niiza_cctv_fault_sd", "niiza_cctv_fault_alive"]
    shown = {issue.translation_key for issue in repairs(hass).values()}
    assert shown == {"sd_card_missing", "camera_silent"}
    assert await quiet(tablet)


async def test_what_was_told_before_a_silence_is_told_again_after_it(
    hass: HomeAssistant,
    section: Office,
    companions: Companions,
    kita: RunningCamera,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The notice goes while the camera is silenced, and comes back when that is over."""
    tablet = await companions.register("tablet")
    await card_dies(hass, kita)
    assert (await tablet.notice())["data"]["tag"] == "niiza_cctv_fault_sd"
    await section.call("sato", "mute_alerts", camera="camera.kita", hours=1, reason="other")
    assert (await tablet.notice())["message"] == "clear_notification"
    freezer.tick(timedelta(hours=1, seconds=5))
    async_fire_time_changed(hass, dt_util.utcnow())
    assert (await tablet.notice())["data"]["tag"] == "niiza_cctv_fault_sd"
    # At once where a person ends it, however short it was.
    await section.call("sato", "mute_alerts", camera="camera.kita", hours=1, reason="other")
    assert (await tablet.notice())["message"] == "clear_notification"
    await section.call("sato", "unmute_alerts", camera="camera.kita")
    assert (await tablet.notice())["data"]["tag"] == "niiza_cctv_fault_sd"


async def test_who_left_the_role_is_told_no_more_and_what_they_were_told_goes(
    hass: HomeAssistant, section: Office, companions: Companions, kita: RunningCamera
) -> None:
    """Also from the phone of somebody who is not responsible any more."""
    sato, takahashi = await companions.register("sato"), await companions.register("takahashi")
    await card_dies(hass, kita)
    for app in (sato, takahashi):
        assert (await app.notice())["data"]["tag"] == "niiza_cctv_fault_sd"
    exporters = [one for one in section.entry.data["exporters"] if one != "sato"]
    hass.config_entries.async_update_entry(
        section.entry, data={**section.entry.data, "exporters": exporters}
    )
    await hass.async_block_till_done()
    await switch_audio(hass, kita, on=True)
    assert (await takahashi.notice())["data"]["tag"] == "niiza_cctv_fault_audio"
    assert await heard(sato) == []
    kita.set(card="ok")
    await poll_until(hass, lambda: state(hass, kita.camera.config, "sd_problem").state == "off")
    assert (await sato.notice())["message"] == "clear_notification"


async def test_a_phone_that_is_gone_is_named_and_the_others_are_told(
    hass: HomeAssistant, section: Office, companions: Companions, kita: RunningCamera
) -> None:
    """Whoever was reached yesterday and has a new phone finds the notice in the panel."""
    sato, tablet = await companions.register("sato"), await companions.register("tablet")
    (app,) = [
        entry
        for entry in hass.config_entries.async_entries("mobile_app")
        if entry.data["user_id"] == "sato"
    ]
    assert await hass.config_entries.async_remove(app.entry_id)
    await card_dies(hass, kita)
    assert (await tablet.notice())["data"]["tag"] == "niiza_cctv_fault_sd"
    assert sato.inbox.empty()
    await until(lambda: ir.async_get(hass).async_get_issue(DOMAIN, "no_phone"))
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "no_phone")
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert "sato" in issue.translation_placeholders["people"]
    own = await section.entry.runtime_data.phones.inbox.of("sato")
    assert "niiza_cctv_fault_sd" in own


async def test_a_camera_that_was_removed_while_silenced_is_a_new_one_when_it_comes_back(
    hass: HomeAssistant, section: Office, companions: Companions, kita: RunningCamera
) -> None:
    """Its notice and its repair go; nobody silenced the one that is added later."""
    tablet = await companions.register("tablet")
    await card_dies(hass, kita)
    assert (await tablet.notice())["data"]["tag"] == "niiza_cctv_fault_sd"
    await section.call("sato", "mute_alerts", camera="camera.kita", reason="taken_down")
    assert (await tablet.notice())["message"] == "clear_notification"
    (camera,) = section.entry.get_subentries_of_type("camera")
    hass.config_entries.async_remove_subentry(section.entry, camera.subentry_id)
    await until(lambda: not repairs(hass))
    entries: list[Any] = []

    async def ended() -> bool:
        entries[:] = await written(section)
        return len(entries) == 2

    await until(ended)
    assert [(action, person) for action, person, _ in entries] == [
        ("alerts_muted", "sato"),
        ("alerts_unmuted", None),
    ]
    hass.config_entries.async_add_subentry(section.entry, camera)
    await hass.async_block_till_done()
    await poll_until(hass, lambda: repairs(hass))
    assert (await tablet.notice())["data"]["tag"] == "niiza_cctv_fault_sd"
