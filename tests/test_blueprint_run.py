"""Every blueprint, made into an automation with filled inputs: it fires by what really happens, and the phone really rings."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

from homeassistant.components.automation.const import DOMAIN as AUTOMATION
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser, async_fire_time_changed

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.paths import check_path
from simulator.running import RunningCamera
from tests.companion import App, Companions
from tests.office import Office, open_office
from tests.section import ask_cameras, known, poll, poll_until, set_up, state, until
from tests.station import camera_config

EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@pytest.fixture
async def section(hass: HomeAssistant, companions: Companions, kita: RunningCamera) -> Office:
    """Return a section whose camera is known in full, in Japan."""
    hass.config.language = "ja"
    office = await open_office(hass, kita)
    config = kita.camera.config
    good = (
        ("sd_problem", "off"),
        ("audio_disabled", "on"),
        ("retention_problem", "off"),
        ("clock_problem", "off"),
    )
    await poll_until(
        hass, lambda: all(state(hass, config, key).state == value for key, value in good)
    )
    return office


@pytest.fixture
async def tablet(section: Office, companions: Companions) -> App:
    """Return the section's tablet."""
    return await companions.register("tablet")


@pytest.fixture(autouse=True)
async def _automations_end(hass: HomeAssistant) -> AsyncGenerator[None]:
    """Let no automation wait for its time when the test is over."""
    yield
    for made in hass.states.async_entity_ids("automation"):
        await hass.services.async_call("automation", "turn_off", {"entity_id": made}, blocking=True)


async def automate(hass: HomeAssistant, name: str, **inputs: Any) -> None:
    """Make an automation of a blueprint that the integration put there."""
    assert await async_setup_component(
        hass,
        AUTOMATION,
        {
            AUTOMATION: {
                "alias": name,
                "use_blueprint": {"path": f"{DOMAIN}/{name}.yaml", "input": inputs},
            }
        },
    )
    await hass.async_block_till_done()
    made = hass.states.get(f"automation.{name}")
    assert made is not None
    assert made.state == "on"


def come(hours: float = 1.0) -> str:
    """Return a time of day in some time, for `at`; the moment then comes by `arrive`."""
    return (dt_util.now() + timedelta(hours=hours)).strftime("%H:%M:%S")


async def arrive(hass: HomeAssistant, hours: float = 1.0) -> None:
    """Let that moment come."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=hours), fire_all=False)
    await hass.async_block_till_done()


TROUBLES: dict[str, tuple[dict[str, Any], dict[str, Any], str, str, str, str]] = {
    # Fault, fixed, title, end, the same in English.
    "sd_fault": (
        {"card": "removed"}, {"card": "ok"},
        "SD録画に異常があります", "SD録画が正常に戻りました",
        "SD recording is faulty", "SD recording is fine again",
    ),
    "audio_found": (
        {"audio": True}, {"audio": False},
        "音声が有効になっています", "音声はすべて無効になりました", "Audio is on", "Audio is off everywhere",
    ),
    "clock_off": (
        {"clock_offset": -420.0}, {"clock_offset": 0.0},
        "防犯カメラの時計がずれています", "防犯カメラの時計が合いました",
        "Camera clocks are off", "Camera clocks are right again",
    ),
}  # fmt: skip


async def polled(hass: HomeAssistant, name: str, app: App) -> dict[str, Any]:
    """Let the camera be asked until the phone rings, and the automation end."""

    async def rings() -> bool:
        await poll(hass)
        return not app.inbox.empty()

    await until(rings)
    await until(lambda: not running(hass, name))
    return await app.notice()


@pytest.mark.parametrize(
    ("name", "language"), [(name, language) for name in TROUBLES for language in ("ja", "en")]
)
async def test_trouble_of_a_camera_rings_and_its_end_takes_its_place(
    hass: HomeAssistant, section: Office, tablet: App, name: str, language: str
) -> None:
    """Virtual camera, poll, judgement, event, automation, push: and the same tag when it is over."""
    broken, fixed, *texts = TROUBLES[name]
    begins, ends = texts[:2] if language == "ja" else texts[2:]
    await automate(hass, name, wait={"seconds": 0}, language=language)
    section.camera.set(**broken)
    notice = await polled(hass, name, tablet)
    assert notice["title"] == begins
    assert "kita" in notice["message"]
    assert notice["data"]["push"]["interruption-level"] == "time-sensitive"
    assert "image" not in notice["data"]
    section.camera.set(**fixed)
    after = await polled(hass, name, tablet)
    assert after["title"] == ends
    assert after["data"]["tag"] == notice["data"]["tag"]
    assert after["data"]["push"]["interruption-level"] == "active"


async def test_dead_camera_and_its_recovery(
    hass: HomeAssistant, section: Office, tablet: App, kita: RunningCamera
) -> None:
    """The camera is switched off, and on again."""
    await automate(hass, "camera_died", wait={"seconds": 0})
    await kita.soap.stop()
    notice = await polled(hass, "camera_died", tablet)
    assert notice["title"] == "防犯カメラが応答しません"
    assert notice["message"] == "応答のない防犯カメラ：1台（kita）"
    assert notice["data"]["url"] == "/niiza-cctv"
    await kita.soap.start()
    after = await polled(hass, "camera_died", tablet)
    assert after["title"] == "防犯カメラの応答が戻りました"
    assert after["data"]["tag"] == notice["data"]["tag"]


async def test_short_death_is_not_told(
    hass: HomeAssistant, section: Office, tablet: App, kita: RunningCamera
) -> None:
    """Back within the time to wait: neither death nor recovery rings."""
    await automate(hass, "camera_died", wait={"minutes": 30})
    await kita.soap.stop()
    # Not until everything is done: the automation waits.
    await ask_cameras(hass)
    await until(lambda: state(hass, kita.camera.config, "alive").state == "off")
    await kita.soap.start()
    await ask_cameras(hass)
    await until(lambda: state(hass, kita.camera.config, "alive").state == "on")
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1), fire_all=False)
    await until(lambda: running(hass, "camera_died") < 2)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1), fire_all=False)
    await until(lambda: not running(hass, "camera_died"))
    assert tablet.inbox.empty()


def running(hass: HomeAssistant, name: str) -> int:
    """Return how many runs of an automation are under way."""
    made = hass.states.get(f"automation.{name}")
    assert made
    current: int = made.attributes["current"]
    return current


async def test_nothing_rings_in_the_quiet_time_but_at_its_end(
    hass: HomeAssistant, section: Office, tablet: App, kita: RunningCamera
) -> None:
    """What is still wrong is told when the quiet time is over."""
    start = (dt_util.now() - timedelta(hours=2)).strftime("%H:%M:%S")
    await automate(hass, "camera_died", wait={"seconds": 0}, quiet_start=start, quiet_end=come())
    await kita.soap.stop()
    await poll_until(hass, lambda: state(hass, kita.camera.config, "alive").state == "off")
    await until(lambda: not running(hass, "camera_died"))
    assert tablet.inbox.empty()
    over = dt_util.now() + timedelta(hours=1, seconds=5)
    with patch.object(dt_util, "now", lambda *_: over):
        async_fire_time_changed(hass, over, fire_all=False)
        notice = await tablet.notice()
    assert notice["message"] == "応答のない防犯カメラ：1台（kita）"


async def test_retention_is_told(hass: HomeAssistant, section: Office, tablet: App) -> None:
    """The standard changes: what the card holds is too long now, and right again afterwards."""
    await automate(hass, "retention_out_of_bounds", wait={"seconds": 0})
    data = dict(section.entry.data)
    hass.config_entries.async_update_entry(section.entry, data={**data, "retention_days": 7})
    notice = await polled(hass, "retention_out_of_bounds", tablet)
    assert (notice["title"], "kita" in notice["message"]) == (
        "保存期間が基準から外れています",
        True,
    )
    hass.config_entries.async_update_entry(section.entry, data=data)
    assert (await polled(hass, "retention_out_of_bounds", tablet))[
        "title"
    ] == "保存期間が基準内に戻りました"


async def test_many_cameras_behind_one_switch_ring_once(
    hass: HomeAssistant,
    companions: Companions,
    start_station: Callable[..., Awaitable[Any]],
) -> None:
    """They die one after the other: one notification names them all."""
    station = await start_station(*(camera_config(f"cam{number}") for number in range(8)))
    MockUser(name="tablet", id="tablet").add_to_hass(hass)
    cameras = list(station.cameras.values())
    await set_up(hass, *cameras, tablets=["tablet"], viewers=["tablet"])
    app = await companions.register("tablet")
    await automate(hass, "camera_died", wait={"minutes": 10})
    for camera in cameras:
        await camera.soap.stop()
    for _ in range(2):
        await ask_cameras(hass)
    for camera in cameras:
        await until(
            partial(lambda one: state(hass, one, "alive").state == "off", camera.camera.config)
        )
    assert app.inbox.empty()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=11), fire_all=False)
    notice = await app.notice()
    assert "8台" in notice["message"]
    # The one that waits behind it has nothing else to tell.
    await until(lambda: running(hass, "camera_died") == 1)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=11), fire_all=False)
    await until(lambda: not running(hass, "camera_died"))
    assert app.inbox.empty()


async def test_check_that_becomes_due_has_buttons(
    hass: HomeAssistant, section: Office, companions: Companions
) -> None:
    """One check of a kind is due: the phone can answer it at once, and the notice goes when it is answered."""
    app = await companions.register("sato")
    await automate(hass, "check_due", wait={"seconds": 0}, roles=["exporters"], kinds=["signage"])
    check = f"signage:camera:{section.camera_id}"
    hass.bus.async_fire(
        "niiza_cctv_event", {"type": "check_due", "check": check, "check_kind": "signage"}
    )
    notice = await app.notice()
    assert notice["title"] == "点検の期限です"
    assert notice["message"].startswith("kita：")
    assert notice["data"]["url"] == check_path(check)
    passed, failed = notice["data"]["actions"]
    assert (passed["title"], failed["title"]) == ("確認した", "ない・破損")
    await app.press(passed)
    await until(lambda: not section.evidence.checks.check(check).due)
    record = section.evidence.checks.check(check).last
    assert (record.person.id, record.result) == ("sato", "passed")
    gone = await app.notice()
    assert (gone["message"], gone["data"]["tag"]) == ("clear_notification", notice["data"]["tag"])


async def test_several_checks_due_are_one_notice(
    hass: HomeAssistant, section: Office, tablet: App
) -> None:
    """They are listed, and a tap opens the page of the checks."""
    await automate(hass, "check_due", wait={"seconds": 0}, language="en")
    hass.bus.async_fire("niiza_cctv_event", {"type": "check_due", "check_kind": "signage"})
    notice = await tablet.notice()
    assert notice["title"] == "A check is due"
    assert len(notice["message"].splitlines()) > 3
    assert notice["data"]["url"] == "/niiza-cctv/checks"
    assert "actions" not in notice["data"]


async def test_sign_walk_goes_from_camera_to_camera(
    hass: HomeAssistant, section: Office, tablet: App, companions: Companions
) -> None:
    """The tablet gets each sign that is due with its buttons; what stays undone is told to the approvers after days."""
    approver = await companions.register("suzuki")
    check = f"signage:camera:{section.camera_id}"
    await until(lambda: section.evidence.checks.check(check).due_since)
    await automate(hass, "sign_check_walk", at=come(), weekdays=EVERY_DAY)
    await arrive(hass)
    notice = await tablet.notice()
    assert notice["title"] == "kitaの表示を確認してください"
    assert len(notice["data"]["actions"]) == 2
    assert approver.inbox.empty()
    # Somebody pressed "missing or damaged": it is on the record, and still to be done.
    await tablet.press(notice["data"]["actions"][1])
    await until(lambda: section.evidence.checks.check(check).failed)
    gone = await tablet.notice()
    assert gone["message"] == "clear_notification"


async def test_sign_walk_is_told_to_the_approvers_after_days(
    hass: HomeAssistant,
    section: Office,
    tablet: App,
    companions: Companions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The day passed and nobody answered: the tablet's notice is replaced, and the approvers learn of it."""
    approver = await companions.register("suzuki")
    check = f"signage:camera:{section.camera_id}"
    await until(lambda: section.evidence.checks.check(check).due_since)
    await automate(hass, "sign_check_walk", at=come(), weekdays=EVERY_DAY)
    await hass.services.async_call(
        "automation", "trigger", {"entity_id": "automation.sign_check_walk"}
    )
    first = await tablet.notice()
    await until(lambda: not running(hass, "sign_check_walk"))
    assert approver.inbox.empty()
    book = section.evidence.checks
    listed = book.checks

    def days_ago() -> Any:
        return tuple(
            replace(one, due_since=one.due_since and one.due_since - timedelta(days=2))
            for one in listed()
        )

    monkeypatch.setattr(book, "checks", days_ago)
    await hass.services.async_call(
        "automation", "trigger", {"entity_id": "automation.sign_check_walk"}
    )
    second = await tablet.notice()
    assert second["data"]["tag"] == first["data"]["tag"]
    told = await approver.notice()
    assert told["title"] == "「防犯カメラ作動中」の表示の点検が済んでいません"
    assert "kita" in told["message"]


async def test_case_that_waits_is_told_and_reminded_of(
    hass: HomeAssistant, section: Office, companions: Companions
) -> None:
    """At once to whom that was chosen for, and again at the time of the reminder, by the same tag."""
    app = await companions.register("tanaka")
    await automate(
        hass, "case_waiting", roles=["viewers"], at_once=True, at=come(), weekdays=EVERY_DAY
    )  # fmt: skip
    case = await section.preserved()
    notice = await app.notice()
    assert (notice["title"], case in notice["message"]) == ("承認待ちの案件があります", True)
    assert notice["data"]["url"] == f"/niiza-cctv/case/{case}"
    await arrive(hass)
    again = await app.notice()
    await until(lambda: not running(hass, "case_waiting"))
    assert again["data"]["tag"] == notice["data"]["tag"]
    await section.call("suzuki", "approve_case", case=case)
    await hass.services.async_call(
        "automation", "trigger", {"entity_id": "automation.case_waiting"}
    )
    await hass.async_block_till_done()
    assert app.inbox.empty()


async def test_footage_that_cannot_be_had_is_told(
    hass: HomeAssistant, section: Office, companions: Companions
) -> None:
    """The card no longer has it: whoever was chosen learns which case."""
    app = await companions.register("suzuki")
    await automate(hass, "footage_at_risk", language="en")
    start = dt_util.now().replace(microsecond=0) - timedelta(days=60)
    case = await section.create(
        cameras=[section.camera_id],
        start=start.isoformat(),
        end=(start + timedelta(seconds=5)).isoformat(),
    )
    notice = await app.notice()
    assert notice["title"] == "Footage of a case is at risk"
    assert case in notice["message"]
    assert notice["data"]["url"] == f"/niiza-cctv/case/{case}"
    said = str(notice)
    for secret in ("sato", "山田", "新座警察署"):
        assert secret not in said


async def test_daily_summary_comes_to_the_tablet(
    hass: HomeAssistant, section: Office, tablet: App, kita: RunningCamera
) -> None:
    """At its time; what is wrong stands in it, and the next one takes its place."""
    await automate(hass, "daily_summary", at=come(), weekdays=EVERY_DAY)
    await arrive(hass)
    first = await tablet.notice()
    await until(lambda: not running(hass, "daily_summary"))
    assert first["title"] == "今日の防犯カメラ"
    assert "期限の来た点検" in first["message"]
    assert "応答のない" not in first["message"]
    await kita.soap.stop()
    await poll_until(hass, lambda: state(hass, kita.camera.config, "alive").state == "off")
    await hass.services.async_call(
        "automation", "trigger", {"entity_id": "automation.daily_summary"}
    )
    second = await tablet.notice()
    assert "応答のない防犯カメラ：1台（kita）" in second["message"]
    assert second["data"]["tag"] == first["data"]["tag"]
    assert known(hass, kita.camera.config, "alive")
