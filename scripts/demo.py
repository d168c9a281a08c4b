"""Start the simulated station and a real Home Assistant that watches it; stop both together."""

import argparse
import asyncio
from collections.abc import Iterable, Iterator
import contextlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
import importlib
import json
import os
from pathlib import Path
import shutil
import signal
import socket
import sys
from types import MappingProxyType
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.serialization import Encoding
from homeassistant.auth import auth_manager_from_config
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.auth.providers.homeassistant import HassAuthProvider
from homeassistant.config_entries import ConfigEntries, ConfigSubentry
from homeassistant.const import RESTART_EXIT_CODE, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import slugify
from homeassistant.util.ulid import ulid_now
import yaml

from custom_components.niiza_cctv.const import (
    DOMAIN,
    SUBENTRY_CAMERA,
    SUBENTRY_OFFLINE_CAMERA,
    SUBENTRY_TABLET,
)
from custom_components.niiza_cctv.entry_data import AddressOptions, MailOptions
from custom_components.niiza_cctv.lib.checks.kinds import KINDS
from custom_components.niiza_cctv.lib.checks.model import AssetKind
from custom_components.niiza_cctv.lib.device.camera import identity_key
from custom_components.niiza_cctv.lib.device.model import CameraIdentity
from custom_components.niiza_cctv.lib.footage.vault import CAMERA_ROOTS
from custom_components.niiza_cctv.lib.inbound.passwords import hash_password
from simulator.signed_stream import maker_root

ROOT = Path(__file__).parent.parent
STATION = ROOT / "config_examples" / "demo_station.yaml"
# Not `niiza-cctv`: that is where the integration shows its cases.
DASHBOARD_PATH = "niiza-dashboard"
START_TIMEOUT = 300.0
# The cameras' video is drawn at the first start; a slow or busy machine takes minutes.
VIDEO_TIMEOUT = 600.0
STOP_TIMEOUT = 20.0
# For one read-back of a card, which takes a moment on a machine that has nothing else to do.
PROVE_TIMEOUT = 120.0
PROVE_TRIES = 6


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the demo writes into Home Assistant, in one language."""

    language: str
    section: str
    titles: dict[str, str]
    people: dict[str, str]
    # Where the camera without a network hangs.
    location: str


WORDS = {
    "ja": Words(
        language="ja",
        section="交通防犯課",
        titles={
            "kita": "北口",
            "minami": "南口",
            "kaisatsu": "改札口",
            "churin": "駐輪場",
            "owada": "大和田（旧型）",
            "tablet": "会議室のタブレット",
        },
        people={"chief": "課長", "staff": "職員", "tablet": "タブレット"},
        location="旧駅・大和田の改札脇",
    ),
    "en": Words(
        language="en",
        section="Crime prevention section",
        titles={
            "kita": "North exit",
            "minami": "South exit",
            "kaisatsu": "Ticket gates",
            "churin": "Bicycle parking",
            "owada": "Owada (old)",
            "tablet": "Meeting room tablet",
        },
        people={"chief": "Section chief", "staff": "Staff member", "tablet": "Tablet"},
        location="Old station, Owada, beside the gates",
    ),
}

# Log-in name, password, and whether they administer. For a demo that only this machine reaches.
USERS = (
    ("chief", "chief-demo", True),
    ("staff", "staff-demo", False),
    ("tablet", "tablet-demo", False),
)


# The camera that is run by hand until it is replaced; the id is one that the form would make.
OFFLINE_ID = "offline-01k7q3m4x8t9v2w5y6z7a8b9c0"
# Of what `prepare` writes once: an earlier demo's folder has no tablet, takes no mails, or takes them without a log-in.
SEED = "4"
# Behind the control interface and the cameras' HTTP ports, before their RTSP ports.
MAIL_PORT_OFFSET = 10
# Where reports of addresses are taken that Home Assistant's own port would not understand.
REPORT_PORT_OFFSET = 9
# Shorter than a real camera's, so that silence can be watched.
MAIL_INTERVAL_MINUTES = 1
# What the cameras prove themselves with when they report their address.
REPORT_PASSWORD = "report-demo-2026"  # noqa: S105 (for a demo that only this machine reaches)
# What they log in with before they mail.
MAIL_USER, MAIL_PASSWORD = "cameras", "mail-demo-2026"


class DemoFailed(Exception):
    """What keeps the demo from running, as the person in front of the terminal should read it."""


# --- the station ------------------------------------------------------------------------------------------------


def read_station(first_port: int | None) -> dict[str, Any]:
    """Return the station's configuration, its ports moved so that they begin at `first_port`."""
    station: dict[str, Any] = yaml.safe_load(STATION.read_text())
    moved_by = 0 if first_port is None else first_port - station["control_port"]
    station["control_port"] += moved_by
    for camera in station["cameras"]:
        camera["http_port"] += moved_by
        camera["rtsp_port"] += moved_by
    return station


def station_ports(station: dict[str, Any]) -> list[int]:
    """Return every port that the station listens on, and those to which it mails and reports."""
    ports = [station["control_port"], mail_port(station), report_port(station)]
    for camera in station["cameras"]:
        ports += [camera["http_port"], camera["rtsp_port"]]
    return ports


def mail_port(station: dict[str, Any]) -> int:
    """Return where Home Assistant takes the cameras' mails."""
    port: int = station["control_port"] + MAIL_PORT_OFFSET
    return port


def report_port(station: dict[str, Any]) -> int:
    """Return where Home Assistant takes reports of addresses beside its own port."""
    port: int = station["control_port"] + REPORT_PORT_OFFSET
    return port


def report_to(station: dict[str, Any], host: str, port: int, language: str) -> dict[str, Any]:
    """Return the station whose cameras mail and report their addresses to Home Assistant, as somebody set them up."""
    reached = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 (asked for by option)
    server = f"http://{f'[{reached}]' if ':' in reached else reached}"

    def ours(camera: dict[str, Any]) -> int:
        """Return the port that takes what this camera writes."""
        return report_port(station) if "ddns_bare_lf" in camera.get("quirks", ()) else port

    cameras = [
        camera
        | {
            "ddns": {
                "url": f"{server}:{ours(camera)}/nic/update",
                "hostname": camera["name"],
                "username": camera["name"],
                "password": REPORT_PASSWORD,
                "port": True,
            },
            "mail": {
                "port": mail_port(station),
                "to": f"{camera['name']}@niiza-cctv.example",
                "interval": MAIL_INTERVAL_MINUTES * 60,
                "language": language,
                "username": MAIL_USER,
                "password": MAIL_PASSWORD,
            },
        }
        for camera in station["cameras"]
    ]
    return station | {"cameras": cameras}


def check_port(host: str, port: int, option: str) -> None:
    """Raise when the port cannot be had."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as err:
            raise DemoFailed(
                f"Port {port} on {host} cannot be used ({err.strerror}). "
                f"Is another demo running? Otherwise choose another port with {option}."
            ) from err


# --- Home Assistant's configuration folder ----------------------------------------------------------------------


def store(config: Path, key: str, data: object, version: int, minor_version: int = 1) -> None:
    """Write one of Home Assistant's stores."""
    path = config / ".storage" / key
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"version": version, "minor_version": minor_version, "key": key, "data": data}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2))
    path.chmod(0o600)


def section_data(users: dict[str, str]) -> dict[str, Any]:
    """Return the section's policy and roles, as its flow would store them."""
    return {
        "retention_days": 14,
        "retention_tolerance_days": 1,
        "audio_allowed": False,
        "clock_tolerance": 2,
        "max_everyday_height": 720,
        "viewers": list(users.values()),
        "exporters": [user for name, user in users.items() if name == "staff"],
        "approvers": [user for name, user in users.items() if name == "chief"],
        # The tablet has an entry of its own.
        "tablets": [],
    }


def camera_identity(camera: dict[str, Any]) -> CameraIdentity:
    """Return who a simulated camera says it is."""
    return CameraIdentity(
        manufacturer=camera.get("manufacturer", "Niiza Sim"),
        model=camera.get("model", "NS-200"),
        firmware=camera.get("firmware", "1.4.2"),
        serial=camera["serial"],
        macs=(camera["mac"],),
    )


def camera_data(camera: dict[str, Any], report_hash: str) -> dict[str, Any]:
    """Return a camera's subentry data, as its flow would store them: with the viewing user, never the settings user."""
    viewer = next(user for user in camera["users"] if user["level"] == "User")
    identity = camera_identity(camera)
    return {
        "host": "127.0.0.1",
        "port": camera["http_port"],
        "ssl": False,
        "verify_ssl": True,
        "fingerprint": None,
        "username": viewer["name"],
        "password": viewer["password"],
        "manufacturer": identity.manufacturer,
        "model": identity.model,
        "firmware": identity.firmware,
        "serial": identity.serial,
        "macs": list(identity.macs),
        "mail_recipient": camera["name"],
        "mail_interval": MAIL_INTERVAL_MINUTES,
        "address_id": camera["name"],
        "address_password": report_hash,
    }


def section_options(station: dict[str, Any]) -> dict[str, Any]:
    """Return the section's options: mails are taken after a log-in, and address reports."""
    mail = MailOptions(
        enabled=True,
        port=mail_port(station),
        username=MAIL_USER,
        password=hash_password(MAIL_PASSWORD),
    )
    return {
        "mail": asdict(mail),
        "address": asdict(AddressOptions(enabled=True, port=report_port(station))),
    }


def write_entry(config: Path, station: dict[str, Any], words: Words) -> None:
    """Write the section's config entry, roles still empty, with one subentry per camera."""
    now = datetime.now(UTC).isoformat()
    report_hash = hash_password(REPORT_PASSWORD)
    offline = {
        "location": words.location,
        "manufacturer": "Niiza Sim",
        "model": "NS-100",
        "serial": "NS100-2011-0007",
    }
    things = [
        (
            SUBENTRY_CAMERA,
            identity_key(camera_identity(camera)),
            words.titles.get(camera["name"], camera["location"]),
            camera_data(camera, report_hash),
        )
        for camera in station["cameras"]
    ]
    things.append((SUBENTRY_OFFLINE_CAMERA, OFFLINE_ID, words.titles["owada"], offline))
    entry = {
        "created_at": now,
        "data": section_data({}),
        "discovery_keys": {},
        "disabled_by": None,
        "domain": DOMAIN,
        "entry_id": ulid_now(),
        "minor_version": 1,
        "modified_at": now,
        "options": section_options(station),
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
        "source": "user",
        "subentries": [
            {
                "data": data,
                "subentry_id": ulid_now(),
                "subentry_type": kind,
                "title": title,
                "unique_id": unique_id,
            }
            for kind, unique_id, title, data in things
        ],
        "title": words.section,
        "unique_id": DOMAIN,
        "version": 1,
    }
    store(config, "core.config_entries", {"entries": [entry]}, 1, 5)


def follow_ports(config: Path, station: dict[str, Any]) -> None:
    """Let the cameras of an earlier start be found at this start's ports."""
    path = config / ".storage" / "core.config_entries"
    content = json.loads(path.read_text())
    ports = {camera["serial"]: camera["http_port"] for camera in station["cameras"]}
    for entry in content["data"]["entries"]:
        if entry["domain"] == DOMAIN:
            entry["options"]["mail"]["port"] = mail_port(station)
            entry["options"]["address"]["port"] = report_port(station)
        for subentry in entry.get("subentries", []):
            data = subentry["data"]
            if data.get("serial") in ports:
                data["host"], data["port"] = "127.0.0.1", ports[data["serial"]]
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2))


@cache
def english_names() -> dict[str, dict[str, dict[str, str]]]:
    """Return what entities are called, by platform and key."""
    texts = json.loads(
        (ROOT / "custom_components" / DOMAIN / "translations" / "en.json").read_text()
    )
    names: dict[str, dict[str, dict[str, str]]] = texts["entity"]
    return names


@dataclass(frozen=True, kw_only=True)
class Described:
    """An entity that the integration will make of each object of one kind."""

    platform: Platform
    key: str
    enabled: bool = True
    of: AssetKind = AssetKind.CAMERA

    def name(self, of: str) -> str:
        """Return the readable half of its entity id, as Home Assistant makes it of the English name.

        The picture is the camera itself and has no name of its own.
        """
        if self.key == "live":
            return of
        return slugify(f"{of} {english_names()[self.platform][self.key]['name']}")


def described_entities() -> Iterator[Described]:
    """Yield every entity, from the integration's own tables."""
    yield Described(platform=Platform.CAMERA, key="live")
    for platform in (Platform.BINARY_SENSOR, Platform.BUTTON, Platform.SENSOR):
        module = importlib.import_module(f"custom_components.{DOMAIN}.{platform}")
        for name, value in vars(module).items():
            made = vars(value).get("entity_description") if isinstance(value, type) else value
            for description in made if isinstance(made, tuple) else (made,):
                # By its shape: what core's description classes make is no instance of them.
                if not isinstance(description, type) and hasattr(
                    description, "entity_registry_enabled_default"
                ):
                    yield Described(
                        platform=platform,
                        key=description.key,
                        enabled=description.entity_registry_enabled_default,
                        of=AssetKind.SECTION if name.startswith("SECTION_") else AssetKind.CAMERA,
                    )
        for kind in KINDS.values():
            for of in sorted(kind.assets):
                yield Described(platform=platform, key=f"check_{kind.key}", of=of)
    yield Described(platform=Platform.CALENDAR, key="checks", of=AssetKind.SECTION)
    yield Described(platform=Platform.TODO, key="checks", of=AssetKind.SECTION)
    for of in AssetKind:
        yield Described(platform=Platform.EVENT, key="alert", of=of)


def tablet_subentry(user_id: str, words: Words) -> ConfigSubentry:
    """Return the tablet of the meeting room; no app is registered on it."""
    return ConfigSubentry(
        data=MappingProxyType({"user_id": user_id, "notify": ""}),
        subentry_type=SUBENTRY_TABLET,
        title=words.titles["tablet"],
        unique_id=f"tablet-{user_id}",
    )


async def write_registries(config: Path, station: dict[str, Any], words: Words) -> None:
    """Write users and persons, and entity ids that can be read: from 北口 Home Assistant would make `bei_kou`."""
    hass = HomeAssistant(str(config))
    hass.config_entries = ConfigEntries(hass, {})
    await hass.config_entries.async_initialize()
    dr.async_setup(hass)
    await asyncio.gather(dr.async_load(hass), er.async_load(hass))
    hass.auth = await auth_manager_from_config(hass, [{"type": "homeassistant"}], [])
    provider = hass.auth.auth_providers[0]
    if not isinstance(provider, HassAuthProvider):
        raise DemoFailed("Home Assistant has no log-in by password any more")
    await provider.async_initialize()
    persons: list[dict[str, Any]] = []
    users: dict[str, str] = {}
    for name, password, administrator in USERS:
        title = words.people[name]
        await provider.async_add_auth(name, password)
        user = await hass.auth.async_create_user(
            title, group_ids=[GROUP_ID_ADMIN if administrator else GROUP_ID_USER]
        )
        credentials = await provider.async_get_or_create_credentials({"username": name})
        await hass.auth.async_link_user(user, credentials)
        users[name] = user.id
        persons.append(
            {"id": name, "name": title, "user_id": user.id, "device_trackers": [], "picture": None}
        )
        # Otherwise a browser's own language would decide, and times would be the browser's.
        language = {
            "language": words.language,
            "number_format": "language",
            "time_format": "24",
            "date_format": "language",
            "time_zone": "server",
            "first_weekday": "language",
        }
        store(config, f"frontend.user_data_{user.id}", {"language": language}, 1)
    store(config, "person", {"items": persons}, 2)

    registry = er.async_get(hass)
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    hass.config_entries.async_update_entry(entry, data=section_data(users))
    hass.config_entries.async_add_subentry(entry, tablet_subentry(users["tablet"], words))
    subentries = {
        subentry.unique_id: subentry.subentry_id for subentry in entry.subentries.values()
    }
    things = [
        (AssetKind.CAMERA, identity_key(camera_identity(camera)), camera["name"])
        for camera in station["cameras"]
    ]
    things += [
        (AssetKind.SECTION, "section", "section"),
        (AssetKind.OFFLINE_CAMERA, OFFLINE_ID, "owada"),
        (AssetKind.TABLET, f"tablet-{users['tablet']}", "tablet"),
    ]
    for described in described_entities():
        for kind, unique_id, name in things:
            if described.of is kind:
                registry.async_get_or_create(
                    described.platform,
                    DOMAIN,
                    f"{unique_id}_{described.key}",
                    suggested_object_id=described.name(name),
                    config_entry=entry,
                    config_subentry_id=subentries.get(unique_id),
                    disabled_by=None if described.enabled else er.RegistryEntryDisabler.INTEGRATION,
                )
    # Everything that is saved with a delay is saved when Home Assistant stops.
    await hass.async_stop(force=True)


def write_configuration(
    config: Path, words: Words, host: str, port: int, integration: Path
) -> None:
    """Write what may differ from start to start, so that a change in the checkout is seen."""
    # No default_config: it wants the internet, and Bluetooth.
    (config / "configuration.yaml").write_text(
        f"""\
# Written by scripts/demo at every start.
homeassistant:
frontend:
history:
logbook:
media_source:
person:
recorder:
stream:
system_health:
automation: !include automations.yaml
script: !include scripts.yaml
logger:
  default: warning
  logs:
    # It misses a library that only makes still pictures faster.
    homeassistant.components.camera.img_util: critical
    custom_components.{DOMAIN}: info
lovelace:
  dashboards:
    {DASHBOARD_PATH}:
      mode: yaml
      title: {json.dumps(words.section, ensure_ascii=False)}
      icon: mdi:cctv
      filename: dashboard.yaml
"""
    )
    for name in ("automations.yaml", "scripts.yaml"):
        if not (config / name).exists():
            (config / name).write_text("[]\n" if name == "automations.yaml" else "{}\n")
    shutil.copyfile(ROOT / "config_examples" / "strategy.yaml", config / "dashboard.yaml")
    link = config / "custom_components"
    if link.is_symlink():
        link.unlink()
    link.symlink_to(integration.parent)

    # In storage: a YAML `http:` section counts for five minutes only, until a person confirms it.
    now = datetime.now(UTC).isoformat()
    http = {
        "server_host": [host],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": now,
        "error": None,
        "error_message": None,
    }
    store(config, "http", {"stable": http, "pending": None, "yaml_migration_done": True}, 2, 2)
    store(config, "frontend.system_data", {"core": {"default_panel": DASHBOARD_PATH}}, 1)


def trust_the_maker(config: Path) -> None:
    """Put the root of the simulated maker where the section trusts it: one camera signs its pictures."""
    roots = config / ".cache" / DOMAIN / CAMERA_ROOTS
    roots.mkdir(mode=0o700, parents=True, exist_ok=True)
    (roots / "niiza-sim.pem").write_bytes(maker_root().public_bytes(Encoding.PEM))


def prepare(
    folder: Path, station: dict[str, Any], words: Words, arguments: argparse.Namespace
) -> None:
    """Bring the demo's folder to the state in which both programs can start."""
    config = folder / "config"
    if arguments.fresh and folder.exists():
        shutil.rmtree(folder)
    seeded = folder / "seeded"
    if not seeded.exists() or seeded.read_text() != SEED:
        # Half a seed, of a first start that was interrupted, is no seed.
        shutil.rmtree(config, ignore_errors=True)
        store(
            config,
            "core.config",
            {
                "latitude": 35.793,
                "longitude": 139.565,
                "elevation": 30,
                "unit_system_v2": "metric",
                "location_name": words.section,
                "time_zone": "Asia/Tokyo",
                "external_url": None,
                "internal_url": None,
                "currency": "JPY",
                "country": "JP",
                "language": words.language,
                "radius": 100,
            },
            1,
            4,
        )
        done = ["user", "core_config", "analytics", "integration"]
        store(config, "onboarding", {"done": done}, 4)
        write_entry(config, station, words)
        asyncio.run(write_registries(config, station, words))
        seeded.write_text(SEED)
    follow_ports(config, station)
    trust_the_maker(config)
    write_configuration(
        config, words, arguments.host, arguments.port, ROOT / "custom_components" / DOMAIN
    )
    reporting = report_to(station, arguments.host, arguments.port, words.language)
    (folder / "station.yaml").write_text(yaml.safe_dump(reporting, allow_unicode=True))


# --- the two programs -------------------------------------------------------------------------------------------


class Program:
    """A program that was started here, with everything that it starts itself."""

    def __init__(self, name: str, log: Path, process: asyncio.subprocess.Process) -> None:
        """Keep a running process."""
        self.name = name
        self.log = log
        self.process = process
        self.ended = asyncio.create_task(process.wait())

    @classmethod
    async def start(cls, name: str, log: Path, *command: str) -> Program:
        """Start it in a session of its own: Ctrl-C reaches it through us, in the right order."""
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=ROOT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return cls(name, log, process)

    def died(self) -> DemoFailed:
        """Return what to tell about a program that ended by itself."""
        lines = self.log.read_text(errors="replace").splitlines()[-8:]
        return DemoFailed(
            f"{self.name} ended by itself (exit code {self.process.returncode}). "
            f"The end of its log, {self.log}:\n" + "\n".join(f"    {line}" for line in lines)
        )

    async def stop(self) -> None:
        """Ask it to end, then end whatever is left of its session."""
        if self.process.returncode is None:
            self.process.terminate()
            await asyncio.wait([self.ended], timeout=STOP_TIMEOUT)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        await self.ended


async def wait_for_station(session: aiohttp.ClientSession, port: int) -> None:
    """Return when the simulated cameras answer."""
    while True:
        try:
            async with session.get(f"http://127.0.0.1:{port}/cameras") as response:
                if response.ok:
                    return
        except aiohttp.ClientError, TimeoutError:
            pass
        await asyncio.sleep(0.2)


async def wait_for_home_assistant(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    """Log the first user in; return the token when everything is set up."""
    name, password, _ = USERS[0]
    client = {"client_id": f"{url}/"}
    token: dict[str, Any] | None = None
    while True:
        try:
            if token is None:
                async with session.post(
                    f"{url}/auth/login_flow",
                    json={**client, "handler": ["homeassistant", None], "redirect_uri": f"{url}/"},
                ) as response:
                    flow = (await response.json())["flow_id"]
                async with session.post(
                    f"{url}/auth/login_flow/{flow}",
                    json={**client, "username": name, "password": password},
                ) as response:
                    code = (await response.json())["result"]
                form = {**client, "grant_type": "authorization_code", "code": code}
                async with session.post(f"{url}/auth/token", data=form) as response:
                    token = await response.json()
            bearer = {"Authorization": f"Bearer {token['access_token']}"}
            async with session.get(f"{url}/api/config", headers=bearer) as response:
                if (await response.json())["state"] == "RUNNING":
                    break
        except aiohttp.ClientError, TimeoutError, KeyError, ValueError:
            pass
        await asyncio.sleep(0.3)
    return token


async def prove_cards(
    session: aiohttp.ClientSession, url: str, token: dict[str, Any], cameras: Iterable[str]
) -> None:
    """Read every card back, as Home Assistant does by itself at night, so that there is something to see; log out."""
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    # The cameras are asked for the first time meanwhile.
    await asyncio.sleep(8)
    proof = Described(platform=Platform.BUTTON, key="prove_recording")
    for name in cameras:
        button = {"entity_id": f"{proof.platform}.{proof.name(name)}"}
        # A card that cannot be read back shows on the dashboard; a busy machine may have been too slow to try.
        for _ in range(PROVE_TRIES):
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with session.post(
                    f"{url}/api/services/button/press",
                    headers=bearer,
                    json=button,
                    timeout=aiohttp.ClientTimeout(total=PROVE_TIMEOUT),
                ) as response:
                    if response.ok:
                        break
            await asyncio.sleep(5)  # for the camera to be asked for the first time
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        async with session.post(f"{url}/auth/revoke", data={"token": token["refresh_token"]}):
            pass


async def report_now(
    session: aiohttp.ClientSession, control_port: int, cameras: Iterable[str]
) -> None:
    """Press the cameras' buttons for it: nobody answered their reports and mails while Home Assistant started."""
    for name in cameras:
        for what in ("report", "mail"):
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with session.post(f"http://127.0.0.1:{control_port}/cameras/{name}/{what}"):
                    pass


async def ready(
    what: asyncio.Task[Any],
    programs: Iterable[Program],
    stopped: asyncio.Event,
    patience: float = START_TIMEOUT,
) -> bool:
    """Wait for `what`; raise when a program dies or it takes too long. False: somebody stopped the demo."""
    stop = asyncio.create_task(stopped.wait())
    ends = {program.ended: program for program in programs}
    try:
        done, _ = await asyncio.wait(
            [what, stop, *ends], timeout=patience, return_when=asyncio.FIRST_COMPLETED
        )
        if stop in done:
            return False
        for end, program in ends.items():
            if end in done:
                raise program.died()
        if what not in done:
            raise DemoFailed(
                f"No answer after {patience:.0f} s. The logs: "
                + ", ".join(str(program.log) for program in programs)
            )
        what.result()
        return True
    finally:
        what.cancel()
        stop.cancel()


async def run(folder: Path, station: dict[str, Any], arguments: argparse.Namespace) -> None:
    """Start both programs, tell where to look, and stop them again whatever happens."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stopped.set)
    shown = "localhost" if arguments.host in {"0.0.0.0", "::"} else arguments.host  # noqa: S104 (asked for by option)
    url = f"http://{f'[{shown}]' if ':' in shown else shown}:{arguments.port}"
    logs = (folder / "simulator.log", folder / "home-assistant.log")
    for log in logs:
        log.unlink(missing_ok=True)
    home_assistant_command = (
        sys.executable, "-m", "scripts.home_assistant", "--config", str(folder / "config"), "--skip-pip",
        "--log-file", str(folder / "config" / "home-assistant.log"), "--log-no-color",
    )  # fmt: skip
    programs: list[Program] = []
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            video = ROOT / ".local" / "cache" / "video"
            first = "" if video.exists() else " (its video is drawn now, the first time)"
            print(f"Starting the simulated station …{first}", flush=True)
            simulator_command = (
                sys.executable, "-m", "simulator", "--config", str(folder / "station.yaml"),
                "--folder", str(video),
            )  # fmt: skip
            programs.append(await Program.start("The simulator", logs[0], *simulator_command))
            answers = asyncio.create_task(wait_for_station(session, station["control_port"]))
            if not await ready(answers, programs, stopped, VIDEO_TIMEOUT):
                return
            while True:
                print("Starting Home Assistant …", flush=True)
                home = await Program.start("Home Assistant", logs[1], *home_assistant_command)
                programs.append(home)
                logged_in = asyncio.create_task(wait_for_home_assistant(session, url))
                if not await ready(logged_in, programs, stopped):
                    return
                tell(url, station, logs)
                names = [camera["name"] for camera in station["cameras"]]
                await report_now(session, station["control_port"], names)
                proving = asyncio.create_task(prove_cards(session, url, logged_in.result(), names))
                stop = asyncio.create_task(stopped.wait())
                await asyncio.wait(
                    [stop, *(program.ended for program in programs)],
                    return_when=asyncio.FIRST_COMPLETED,
                )
                proving.cancel()
                if stop.done():
                    return
                stop.cancel()
                # Somebody pressed "restart" in the page.
                if home.process.returncode == RESTART_EXIT_CODE:
                    await home.stop()
                    programs.remove(home)
                    continue
                raise next(program for program in programs if program.ended.done()).died()
    finally:
        if programs:
            print("Stopping …", flush=True)
            # Home Assistant first: it takes leave of the cameras.
            for program in reversed(programs):
                await program.stop()


def tell(url: str, station: dict[str, Any], logs: Iterable[Path]) -> None:
    """Print the one address, who may log in, and what to try."""
    control = f"http://127.0.0.1:{station['control_port']}"
    print(f"\n  {url}\n")
    for name, password, _ in USERS:
        print(
            f"  {name:6} {password:12} {' / '.join(words.people[name] for words in WORDS.values())}"
        )
    print(
        "\nA dead card and other trouble show within two polls (about a minute).\n"
        f'Break or fix a camera:  curl -X POST {control}/cameras/kita -d \'{{"card": "removed"}}\'\n'
        f'                         curl -X POST {control}/cameras/kita -d \'{{"card": "ok"}}\'\n'
        f"Move a camera:           curl -X POST {control}/cameras/kita/move -d '{{\"http_port\": 0}}'\n"
        f"Stop its mails:          curl -X POST {control}/cameras/kita -d '{{\"mails\": false}}'\n"
        f"Slow its card down:      curl -X POST {control}/cameras/kita -d '{{\"replay_speed\": 4}}'\n"
        f"Logs: {', '.join(map(str, logs))}\n"
        "Ctrl-C stops everything.",
        flush=True,
    )


def main() -> int:
    """Read the options and run the demo."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=8123, help="Home Assistant's port (default: 8123)"
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address that Home Assistant listens on (default: %(default)s)",
    )
    parser.add_argument(
        "--simulator-port",
        type=int,
        metavar="PORT",
        help="first of the 15 ports of the simulated station (default: 18080, its control interface)",
    )
    parser.add_argument(
        "--english", action="store_true", help="an English section instead of a Japanese one"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=ROOT / ".local" / "demo",
        help="where the demo keeps its data (default: .local/demo)",
    )
    parser.add_argument("--fresh", action="store_true", help="forget what earlier demos stored")
    arguments = parser.parse_args()
    words = WORDS["en" if arguments.english else "ja"]
    folder = arguments.folder.resolve() / words.language
    try:
        station = read_station(arguments.simulator_port)
        check_port(arguments.host, arguments.port, "--port")
        for port in station_ports(station):
            check_port("127.0.0.1", port, "--simulator-port")
        prepare(folder, station, words, arguments)
        asyncio.run(run(folder, station, arguments))
    except DemoFailed as err:
        print(f"scripts/demo: {err}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
