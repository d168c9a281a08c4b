"""Cameras' mails through the front door: received, missed, telling of a card, and reported by an automation."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
import smtplib
import socket
import time
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import Platform
from homeassistant.core import Context, Event, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.inbound.mail import Refusal
from custom_components.niiza_cctv.lib.inbound.passwords import ScryptCost, hash_password
from custom_components.niiza_cctv.managers.mail import HeartbeatMail
from simulator.camera import CameraConfig, MailConfig
from simulator.running import RunningCamera
from simulator.station import Station, free_port
from tests.section import (
    PATIENCE,
    known,
    pass_in,
    poll_until,
    section_entry,
    state,
    unique_id_of,
    until,
)
from tests.station import camera_config

type Start = Callable[..., Awaitable[Station]]


class Clock:
    """A steady clock that a test moves, and its timers; those of sockets and cameras go on as they are."""

    def __init__(self) -> None:
        """Begin with the real one."""
        self._passed = 0.0
        self._timers: dict[object, tuple[float, Callable[[datetime], None]]] = {}

    def __call__(self) -> float:
        """Return seconds."""
        return time.monotonic() + self._passed

    def call_later(
        self, _hass: HomeAssistant, delay: float, action: Callable[[datetime], None]
    ) -> Callable[[], None]:
        """Keep a timer, as Home Assistant's own function does."""
        key = object()
        self._timers[key] = (self() + delay, action)
        return lambda: self._timers.pop(key, None) and None

    def tick(self, by: timedelta) -> None:
        """Let time pass and what is due happen."""
        self._passed += by.total_seconds()
        for key, (due, action) in tuple(self._timers.items()):
            if due <= self():
                del self._timers[key]
                action(dt_util.utcnow())


HOUR = timedelta(hours=1)


def mail_options(port: int, **changes: Any) -> dict[str, Any]:
    """Return the options of a section that receives mails."""
    return {"mail": {"enabled": True, "port": port, "networks": [], "silent_after": 3} | changes}


async def receiving(
    hass: HomeAssistant, *cameras: RunningCamera, port: int, interval: int = 60, **changes: Any
) -> MockConfigEntry:
    """Set a section up that receives mails, and wait until it listens."""
    entry = section_entry(*cameras)
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options=mail_options(port, **changes))
    for subentry in tuple(entry.subentries.values()):
        hass.config_entries.async_update_subentry(
            entry,
            subentry,
            data={**subentry.data, "mail_recipient": subentry.title, "mail_interval": interval},
        )
    assert await hass.config_entries.async_setup(entry.entry_id)
    for camera in cameras:
        await until(partial(known, hass, camera.camera.config, "alive"))
    await hass.async_block_till_done()
    if changes.get("enabled", True):
        await until(partial(listens, port))
    return entry


def listens(port: int) -> bool:
    """Return whether something takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def mailing(name: str, port: int, **changes: Any) -> CameraConfig:
    """Return a camera that sends mails, the first when it starts and then by hand."""
    settings: dict[str, Any] = {
        "port": port,
        "to": f"{name}@cctv.example",
        "interval": 3600.0,
    } | changes
    return camera_config(name, mail=MailConfig(**settings))


def state_of(
    hass: HomeAssistant,
    camera: RunningCamera,
    key: str,
    platform: Platform = Platform.BINARY_SENSOR,
) -> str:
    """Return what an entity of a camera shows."""
    return str(state(hass, camera.camera.config, key, platform).state)


async def mail(hass: HomeAssistant, camera: RunningCamera) -> None:
    """Let a camera send its mail and wait until it was counted."""
    (entry,) = hass.config_entries.async_loaded_entries(DOMAIN)
    coordinator = entry.runtime_data.cameras.by_id(unique_id_of(camera.camera.config))
    before = coordinator.heartbeat.last
    camera.mail.send_now()
    await until(lambda: coordinator.heartbeat.last != before)


async def later(hass: HomeAssistant, clock: Clock, by: timedelta) -> None:
    """Let time pass."""
    clock.tick(by)
    await hass.async_block_till_done()


async def entries(
    entry: MockConfigEntry, camera: RunningCamera
) -> list[tuple[str, dict[str, Any]]]:
    """Return what the ledger says of a camera's mails."""
    subject = f"camera/{unique_id_of(camera.camera.config)}"
    return [
        (one.action, dict(one.details))
        async for one in entry.runtime_data.evidence.ledger.entries(subject=subject)
        if one.action.startswith(("mail_", "card_"))
    ]


async def recorded(
    entry: MockConfigEntry, camera: RunningCamera, *actions: str
) -> list[dict[str, Any]]:
    """Wait until the ledger, which is written in the background, says this of a camera's mails; return the details."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = await entries(entry, camera)
            if [action for action, _ in found] == [*actions]:
                return [details for _, details in found]
            await asyncio.sleep(0.05)


def told(events: list[Event[dict[str, Any]]]) -> list[str]:
    """Return which alerts of mails were fired."""
    return [each.data["type"] for each in events if "mail" in each.data["type"]]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock by which silence is measured."""
    clock = Clock()
    pass_in(monkeypatch, HeartbeatMail, steady=clock, call_later=clock.call_later)
    return clock


@pytest.fixture
def port(socket_enabled: None) -> int:
    """Return a port that nobody uses."""
    return free_port("127.0.0.1")


# --- Silence --------------------------------------------------------------------------------------------------------


async def test_a_camera_whose_mails_stop_is_dead_though_it_answers(
    hass: HomeAssistant, start_station: Start, clock: Clock, port: int
) -> None:
    """Silence kills on time, says which sign failed, is told and recorded once, and the next mail brings the camera back."""
    station = await start_station(mailing("kita", port))
    kita = station.cameras["kita"]
    events = async_capture_events(hass, f"{DOMAIN}_event")
    entry = await receiving(hass, kita, port=port)
    assert state_of(hass, kita, "mails_arriving") == "unknown"
    await mail(hass, kita)
    assert state_of(hass, kita, "mails_arriving") == "on"
    assert state_of(hass, kita, "mail_interval", Platform.SENSOR) == "60.0"

    kita.set(mails=False)
    await later(hass, clock, 3 * HOUR)
    assert state_of(hass, kita, "mails_arriving") == "on"
    await later(hass, clock, HOUR / 8)
    assert state_of(hass, kita, "mails_arriving") == "off"
    alive = state(hass, kita.camera.config, "alive")
    assert alive.state == "off"
    assert alive.attributes["failed"] == ["mail"]
    await later(hass, clock, HOUR)
    assert told(events) == ["mail_silent"]

    kita.set(mails=True)
    await mail(hass, kita)
    assert state_of(hass, kita, "mails_arriving") == "on"
    await until(lambda: state_of(hass, kita, "alive") == "on")
    assert told(events) == ["mail_silent", "mail_back"]
    silent = next(each for each in events if each.data["type"] == "mail_silent")
    assert silent.data["object"] == unique_id_of(kita.camera.config)
    assert silent.data["interval_minutes"] == 60
    assert silent.data["last_mail"]
    details = await recorded(entry, kita, "mail_silent", "mail_back")
    assert details[0]["interval_minutes"] == 60


async def test_a_camera_that_does_not_answer_but_sends_mails_is_dead_for_the_other_reason(
    hass: HomeAssistant, start_station: Start, clock: Clock, port: int
) -> None:
    """Each sign of life fails by itself, and both are named when both do."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    await receiving(hass, kita, port=port)
    await mail(hass, kita)
    await kita.soap.stop()
    await poll_until(hass, lambda: state_of(hass, kita, "alive") == "off")
    assert state(hass, kita.camera.config, "alive").attributes["failed"] == ["onvif"]
    assert state_of(hass, kita, "mails_arriving") == "on"
    await later(hass, clock, 4 * HOUR)
    assert state(hass, kita.camera.config, "alive").attributes["failed"] == ["onvif", "mail"]


async def test_the_interval_is_learnt(
    hass: HomeAssistant, start_station: Start, clock: Clock, port: int
) -> None:
    """Without a setting four mails tell how often they come."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    await receiving(hass, kita, port=port, interval=0)
    for _ in range(4):
        assert state_of(hass, kita, "mail_interval", Platform.SENSOR) == "unknown"
        await later(hass, clock, timedelta(minutes=10))
        await mail(hass, kita)
    assert state_of(hass, kita, "mail_interval", Platform.SENSOR) == "10.0"
    await later(hass, clock, timedelta(minutes=32))
    assert state_of(hass, kita, "alive") == "off"


async def test_a_restart_tells_nothing_twice(
    hass: HomeAssistant, start_station: Start, clock: Clock, port: int
) -> None:
    """What was learnt and told before a restart stands, a silent camera stays silent."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    entry = await receiving(hass, kita, port=port)
    await mail(hass, kita)
    last = state_of(hass, kita, "last_mail", Platform.SENSOR)
    kita.set(mails=False)
    await later(hass, clock, 4 * HOUR)
    assert state_of(hass, kita, "mails_arriving") == "off"
    events = async_capture_events(hass, f"{DOMAIN}_event")
    assert await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: state_of(hass, kita, "mails_arriving") == "off")
    assert state_of(hass, kita, "last_mail", Platform.SENSOR) == last
    await later(hass, clock, 4 * HOUR)
    assert told(events) == []
    kita.set(mails=True)
    await mail(hass, kita)
    assert told(events) == ["mail_back"]


# --- The card -------------------------------------------------------------------------------------------------------


async def test_a_mail_of_a_card_error_turns_the_card_red(
    hass: HomeAssistant, start_station: Start, port: int
) -> None:
    """The camera's own word is evidence, told and recorded once; its word that all is well takes it back."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    events = async_capture_events(hass, f"{DOMAIN}_event")
    entry = await receiving(hass, kita, port=port)
    await until(lambda: state_of(hass, kita, "sd_problem") == "off")
    kita.set(card="unreadable", mail_error=True)
    await until(lambda: state_of(hass, kita, "sd_problem") == "on")
    sd = state(hass, kita.camera.config, "sd_status", Platform.SENSOR)
    assert (sd.state, sd.attributes["evidence"]) == ("card_error", "mail")
    # Whatever else it says.
    kita.set(mail_error=False, card="ok")
    await until(lambda: state_of(hass, kita, "sd_problem") == "off")
    assert told(events) == ["card_error_mail"]
    await recorded(entry, kita, "card_error_mail", "card_recovered_mail")


async def test_forged_card_mails_fill_no_ledger(
    hass: HomeAssistant, start_station: Start, port: int
) -> None:
    """Errors and recoveries in turn are told a few times; then the error stands until the card proves itself."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    entry = await receiving(hass, kita, port=port)
    kita.set(card="unreadable")

    def forge() -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="x", timeout=10) as client:
            for number in range(14):
                word = "recovered" if number % 2 else "error"
                content = f"Subject: SD card {word}\r\n\r\n".encode()
                client.sendmail("a@b", ["kita@x"], content)

    await asyncio.to_thread(forge)
    await recorded(entry, kita, *["card_error_mail", "card_recovered_mail"] * 3)
    (coordinator,) = entry.runtime_data.cameras.values()
    assert coordinator.camera.mail_error is not None


async def test_a_broken_mail_is_a_sign_of_life(
    hass: HomeAssistant, start_station: Start, port: int
) -> None:
    """A camera whose firmware writes nonsense lives."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    await receiving(hass, kita, port=port)
    kita.set(mail_malformed=True)
    await mail(hass, kita)
    assert state_of(hass, kita, "mails_arriving") == "on"


# --- Settings -------------------------------------------------------------------------------------------------------


async def test_nothing_listens_until_it_is_switched_on(
    hass: HomeAssistant, start_station: Start, port: int
) -> None:
    """Off at first; on, off and on again without a reload, and nobody is called silent for it."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    entry = await receiving(hass, kita, port=port, enabled=False)
    assert not listens(port)
    assert state_of(hass, kita, "mails_arriving") == "unknown"
    for _ in range(2):
        hass.config_entries.async_update_entry(entry, options=mail_options(port))
        await until(partial(listens, port))
        await mail(hass, kita)
        assert state_of(hass, kita, "mails_arriving") == "on"
        hass.config_entries.async_update_entry(entry, options=mail_options(port, enabled=False))
        await until(lambda: not listens(port))
        await until(lambda: state_of(hass, kita, "mails_arriving") == "unknown")


async def test_only_its_own_settings_restart_the_receiver(
    hass: HomeAssistant, start_station: Start, port: int
) -> None:
    """A client stays connected when something else changes, and is cut when the receiver's settings do."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    entry = await receiving(hass, kita, port=port)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await reader.readline()
    hass.config_entries.async_update_entry(
        entry, options=mail_options(port, silent_after=5), title="別の課"
    )
    await hass.async_block_till_done()
    writer.write(b"NOOP\r\n")
    assert (await reader.readline()).startswith(b"250")
    other = free_port("127.0.0.1")
    hass.config_entries.async_update_entry(entry, options=mail_options(other))
    await until(partial(listens, other))
    assert await reader.read() == b""
    assert not listens(port)
    writer.close()


async def test_takes_the_section_s_words_for_a_failing_card(
    hass: HomeAssistant, start_station: Start, port: int
) -> None:
    """Patterns of the options replace the shipped ones."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    entry = await receiving(hass, kita, port=port, error_patterns=["記憶媒体*NG"])
    (coordinator,) = entry.runtime_data.cameras.values()
    kita.set(card="unreadable", mail_error=True)
    await until(lambda: kita.mail.sent >= 1)
    await mail(hass, kita)
    assert coordinator.camera.mail_error is None
    await hass.services.async_call(
        DOMAIN,
        "report_mail",
        {"recipient": "kita@x", "text": "記憶媒体: NG"},
        blocking=True,
    )
    assert coordinator.camera.mail_error is not None


async def test_wants_the_log_in_and_encryption_of_the_options(
    hass: HomeAssistant, start_station: Start, port: int
) -> None:
    """The same settings in the camera and here let it in, others do not."""
    config = mailing("kita", port, username="cam", password="cam-pass", tls="starttls")
    station = await start_station(config, mailing("minami", port))
    kita, minami = station.cameras["kita"], station.cameras["minami"]
    hashed = hash_password("cam-pass", ScryptCost(log_n=4, p=1))
    entry = await receiving(
        hass, kita, minami, port=port, username="cam", password=hashed, starttls="required"
    )
    await mail(hass, kita)
    minami.mail.send_now()
    receiver = entry.runtime_data.mail.receiver
    assert receiver is not None
    await until(lambda: minami.mail.error.startswith("SMTP"))
    assert state_of(hass, minami, "last_mail", Platform.SENSOR) == "unknown"


async def test_networks_of_the_options(
    hass: HomeAssistant, start_station: Start, port: int
) -> None:
    """A camera from elsewhere gets no mail through."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    entry = await receiving(hass, kita, port=port, networks=["192.0.2.0/24"])
    kita.mail.send_now()
    receiver = entry.runtime_data.mail.receiver
    assert receiver is not None
    await until(lambda: receiver.refused[Refusal.NETWORK] > 0)
    assert state_of(hass, kita, "last_mail", Platform.SENSOR) == "unknown"


async def test_says_what_to_do_while_the_port_is_taken(
    hass: HomeAssistant,
    start_station: Start,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    port: int,
) -> None:
    """A repair as long as another program has the port; nobody is silent meanwhile; it opens by itself."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    issues = ir.async_get(hass)
    with socket.socket() as taken:
        taken.bind(("", port))
        taken.listen()
        entry = section_entry(kita)
        entry.add_to_hass(hass)
        hass.config_entries.async_update_entry(entry, options=mail_options(port))
        assert await hass.config_entries.async_setup(entry.entry_id)
        await until(lambda: issues.async_get_issue(DOMAIN, "mail_port"))
        issue = issues.async_get_issue(DOMAIN, "mail_port")
        assert issue
        assert issue.translation_placeholders == {"port": str(port)}
        await later(hass, clock, 10 * HOUR)
        assert state_of(hass, kita, "mails_arriving") == "unknown"
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61), fire_all=False)
    await until(lambda: issues.async_get_issue(DOMAIN, "mail_port") is None)
    assert listens(port)


async def test_follows_cameras_that_come_and_go(
    hass: HomeAssistant, start_station: Start, port: int
) -> None:
    """A new recipient counts at once, a removed camera's mails are refused and nothing of it stays."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    entry = await receiving(hass, kita, port=port)
    await mail(hass, kita)
    (subentry,) = entry.subentries.values()
    assert isinstance(subentry, ConfigSubentry)
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "mail_recipient": ""}
    )
    await hass.async_block_till_done()
    # The camera counts a mail when it has said good-bye, after we have taken it.
    await until(lambda: kita.mail.sent == 1)
    kita.mail.send_now()
    await until(lambda: kita.mail.error == "SMTPRecipientsRefused")

    def derived() -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="x", timeout=10) as client:
            name = unique_id_of(kita.camera.config).replace("-", "_").replace(" ", "_")
            client.sendmail("a@b", [f"{name}@x"], b"Subject: a\r\n\r\n")

    await asyncio.to_thread(derived)
    assert kita.mail.sent == 1
    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await hass.async_block_till_done()
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        await asyncio.to_thread(derived)


async def test_a_section_that_is_removed_leaves_nothing(
    hass: HomeAssistant, start_station: Start, hass_storage: dict[str, Any], port: int
) -> None:
    """Neither a port nor what was learnt stays."""
    kita = (await start_station(mailing("kita", port))).cameras["kita"]
    entry = await receiving(hass, kita, port=port)
    await mail(hass, kita)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert "niiza_cctv.mail" in hass_storage
    assert "kita" not in str(hass_storage["niiza_cctv.mail"]["data"]).replace(
        unique_id_of(kita.camera.config), ""
    )
    await hass.config_entries.async_remove(entry.entry_id)
    assert "niiza_cctv.mail" not in hass_storage
    assert not listens(port)


# --- Mails that somebody else received ------------------------------------------------------------------------------


async def report(hass: HomeAssistant, **data: Any) -> dict[str, Any]:
    """Report a mail as an automation does."""
    answer = await hass.services.async_call(
        DOMAIN, "report_mail", data, blocking=True, return_response=True
    )
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize(
    "fields",
    [
        {"recipient": "kita@city.example"},
        {"recipient": "Kita <KITA@city.example>"},
        {"recipient": "chief@city.example, cctv+kita@city.example"},
        {"recipient": "cctv@city.example", "sender": "kita@city.example"},
        {"camera": "camera.kita"},
    ],
)
async def test_counts_reported_mails_without_a_receiver(
    hass: HomeAssistant, kita: RunningCamera, fields: dict[str, str]
) -> None:
    """The camera is found by recipient, tag, sender or entity; the receiver may be off."""
    await receiving(hass, kita, port=2525, enabled=False)
    assert await report(hass, **fields, subject="定期") == {"camera": "kita", "card": None}
    assert state_of(hass, kita, "last_mail", Platform.SENSOR) != "unknown"
    assert state_of(hass, kita, "mails_arriving") == "on"


async def test_a_camera_whose_reported_mails_stop_is_dead(
    hass: HomeAssistant, kita: RunningCamera, clock: Clock
) -> None:
    """Mails read by `imap` have the same effect as received ones, and an SD error in them, too."""
    await receiving(hass, kita, port=2525, enabled=False)
    await report(hass, recipient="kita@x", subject="定期")
    await later(hass, clock, 4 * HOUR)
    assert state(hass, kita.camera.config, "alive").attributes["failed"] == ["mail"]
    kita.set(card="unreadable")
    answer = await report(hass, recipient="kita@x", subject="SDカード異常")
    assert answer == {"camera": "kita", "card": "error"}
    await until(lambda: state_of(hass, kita, "sd_problem") == "on")


async def test_why_a_mail_was_not_taken_stands_where_somebody_looks(
    hass: HomeAssistant, kita: RunningCamera, port: int
) -> None:
    """At the camera from whose address it came, until a mail of it comes."""
    await receiving(hass, kita, port=port)

    def refused() -> Any:
        return state(hass, kita.camera.config, "mails_arriving").attributes["refused"]

    assert refused() is None

    def send(recipient: str) -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="c") as client:
            client.sendmail("a@b", [recipient], b"Subject: t\r\n\r\nb")

    with pytest.raises(smtplib.SMTPRecipientsRefused):
        await hass.async_add_executor_job(send, "nobody@x")
    await until(lambda: refused() == "unknown_recipient")
    await hass.async_add_executor_job(send, "kita@x")
    await until(lambda: refused() is None)


async def test_a_mail_is_counted_once(
    hass: HomeAssistant, kita: RunningCamera, clock: Clock
) -> None:
    """`imap` shows its newest mail again after a restart: that brings no dead camera back."""
    entry = await receiving(hass, kita, port=2525, enabled=False)
    await report(hass, recipient="kita@x", mail_id="INBOX-7")
    await later(hass, clock, 4 * HOUR)
    await hass.config_entries.async_reload(entry.entry_id)
    await report(hass, recipient="kita@x", mail_id="INBOX-7")
    assert state_of(hass, kita, "mails_arriving") == "off"
    await report(hass, recipient="kita@x", mail_id="INBOX-8")
    assert state_of(hass, kita, "mails_arriving") == "on"


@pytest.mark.parametrize("recipient", ["", "stranger@x", "@", "+@", "kita", "\x00", "a" * 5000])
async def test_other_mails_of_the_mailbox_are_nobody_s(
    hass: HomeAssistant, kita: RunningCamera, recipient: str
) -> None:
    """A mailbox has other mails: no camera, no error."""
    await receiving(hass, kita, port=2525, enabled=False)
    answer = await report(hass, recipient=recipient, sender="boss@city.example", text="x" * 99_999)
    assert answer == {"camera": None, "card": None}
    assert state_of(hass, kita, "last_mail", Platform.SENSOR) == "unknown"


async def test_an_unknown_camera_is_an_error(hass: HomeAssistant, kita: RunningCamera) -> None:
    """Who names a camera names one of the section."""
    await receiving(hass, kita, port=2525, enabled=False)
    with pytest.raises(ServiceValidationError) as caught:
        await report(hass, camera="camera.stranger")
    assert caught.value.translation_key == "camera_unknown"


async def test_a_person_keeps_no_dead_camera_alive(
    hass: HomeAssistant, kita: RunningCamera, hass_admin_user: MockUser
) -> None:
    """Nobody reports a mail by hand, not even an administrator, and the attempt is on the record."""
    entry = await receiving(hass, kita, port=2525, enabled=False)
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            DOMAIN,
            "report_mail",
            {"recipient": "kita@x"},
            blocking=True,
            context=Context(user_id=hass_admin_user.id),
        )
    assert caught.value.translation_key == "mail_report_by_person"
    assert state_of(hass, kita, "last_mail", Platform.SENSOR) == "unknown"
    refused = [
        one
        async for one in entry.runtime_data.evidence.ledger.entries(subject="section")
        if one.action == "refused"
    ]
    assert [one.person and one.person.id for one in refused] == [hass_admin_user.id]
    assert refused[0].details["reason"] == "mail_report_by_person"


async def test_reports_without_end_count_no_more(hass: HomeAssistant, kita: RunningCamera) -> None:
    """An automation that went mad is slowed down, and nothing breaks."""
    await receiving(hass, kita, port=2525, enabled=False)
    for _ in range(100):
        await report(hass, recipient="kita@x", subject="x")
    assert state_of(hass, kita, "mails_arriving") == "on"


async def test_the_blueprint_reports_what_the_mailbox_shows(
    hass: HomeAssistant, kita: RunningCamera, clock: Clock
) -> None:
    """The event of Home Assistant's own `imap`, through the blueprint, counts once; other mailboxes' do not."""
    entry = await receiving(hass, kita, port=2525, enabled=False)
    made = {
        "alias": "mails",
        "use_blueprint": {
            "path": f"{DOMAIN}/imap_heartbeat.yaml",
            "input": {"mailbox": "cctv@city.example"},
        },
    }
    assert await async_setup_component(hass, "automation", {"automation": made})
    await hass.async_block_till_done()
    coordinator = entry.runtime_data.cameras.by_id(unique_id_of(kita.camera.config))
    event: dict[str, Any] = {
        "entry_id": "1",
        "folder": "INBOX",
        "uid": "7",
        "username": "cctv@city.example",
        "initial": True,
        "sender": "boss@city.example",
        "subject": "{{ 1 }} 'SD\" [1]",
        "text": "SDカード異常\n{% raw %}",
        "headers": {"To": ("北口 <cctv+kita@city.example>",), "Subject": ("a",)},
    }
    ignored: dict[str, Any]
    for ignored in ({"username": "other@city.example"}, {"initial": False}, {"headers": {}}):
        hass.bus.async_fire("imap_content", event | ignored)
        await hass.async_block_till_done()
        assert coordinator.heartbeat.last is None
    kita.set(card="unreadable")
    hass.bus.async_fire("imap_content", event)
    await until(lambda: coordinator.heartbeat.last is not None)
    assert coordinator.camera.mail_error is not None
    await later(hass, clock, 4 * HOUR)
    assert state_of(hass, kita, "mails_arriving") == "off"
    hass.bus.async_fire("imap_content", event)
    await hass.async_block_till_done()
    assert state_of(hass, kita, "mails_arriving") == "off"
    hass.bus.async_fire("imap_content", event | {"uid": "8"})
    await until(lambda: state_of(hass, kita, "mails_arriving") == "on")
