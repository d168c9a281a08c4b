"""The demo on the Home Assistant of this environment, or on another: `--home-assistant-python`.

What people see must be the same on each supported version, and a configuration must survive going up and back.
"""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import re
import sys
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

import custom_components.niiza_cctv
from custom_components.niiza_cctv import PLATFORMS
from custom_components.niiza_cctv.condition import CONDITIONS
from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.trigger import TRIGGERS
from tests.test_demo import Demo, demo, free_ports
from tests.visitor import Visitor, until, visiting

pytestmark = [pytest.mark.usefixtures("socket_enabled"), pytest.mark.home_assistant]

# Of an entity in the registry: what its maker says of it, and what people see.
REGISTERED = (
    *("unique_id", "platform", "name", "original_name", "translation_key", "entity_category"),
    *("disabled_by", "hidden_by"),
)
DEVICE = ("name", "manufacturer", "model", "serial_number", "sw_version", "entry_type")
# Of a state: what does not change while one looks.
STATIC = (
    *("device_class", "unit_of_measurement", "supported_features", "options", "friendly_name"),
    *("event_types", "state_class"),
)
# Home Assistant says so whenever a custom integration leans on something that will go.
COMPLAINT = re.compile(
    r"\bERROR\b|Traceback|Detected that|[Dd]eprecat|Error (importing|setting|loading)"
)


def log_of(folder: Path) -> str:
    """Return what Home Assistant wrote, its own log file and what it printed."""
    files = [*folder.rglob("home-assistant.log"), *folder.rglob("home-assistant.log.1")]
    return "\n".join(file.read_text(errors="replace") for file in files)


def complaints(folder: Path) -> list[str]:
    """Return the lines of the log that are errors, or that say we lean on what will go."""
    log = log_of(folder)
    # Which it says at every start: this is the log.
    assert f"custom integration {DOMAIN}" in log
    return [line for line in log.splitlines() if COMPLAINT.search(line)]


async def ready(visitor: Visitor) -> dict[str, dict[str, Any]]:
    """Wait until every camera was asked; return all states of ours, by entity id."""
    registered = {one["entity_id"] for one in await ours(visitor)}

    async def ask() -> dict[str, dict[str, Any]]:
        return {one["entity_id"]: one for one in await visitor.get("states")}

    cameras = ("kita", "minami", "kaisatsu", "churin")
    states: dict[str, dict[str, Any]] = await until(
        ask,
        lambda answer: all(
            (alive := answer.get(f"binary_sensor.{camera}_alive")) and alive["state"] == "on"
            for camera in cameras
        ),
    )
    return {entity_id: state for entity_id, state in states.items() if entity_id in registered}


async def ours(visitor: Visitor) -> list[dict[str, Any]]:
    """Return the entities in the registry that are this integration's."""
    registry = await visitor.ask("config/entity_registry/list")
    return [one for one in registry if one["platform"] == DOMAIN]


async def our_devices(visitor: Visitor) -> list[dict[str, Any]]:
    """Return the devices that are this integration's."""
    registry = await visitor.ask("config/device_registry/list")
    return [one for one in registry if any(name == DOMAIN for name, _ in one["identifiers"])]


def same_everywhere(text: Any) -> Any:
    """Return a value without the ids of one run."""
    return re.sub(r"tablet-[0-9a-f]{32}", "tablet-USER", text) if isinstance(text, str) else text


@pytest.fixture
def as_json(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots that are plain JSON: what another version of Home Assistant shows is no Python of ours."""
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.fixture
async def running(tmp_path: Path, home_assistant_python: str) -> AsyncGenerator[Demo]:
    """Start a demo on the Home Assistant that is tried."""
    first = free_ports(16)
    async with demo(tmp_path, first + 15, first, python=home_assistant_python) as one:
        yield one


async def test_everything_loads_and_is_what_it_was(
    running: Demo, tmp_path: Path, as_json: SnapshotAssertion
) -> None:
    """Every platform, trigger, condition, page and view; the same entities; nothing in the log that is ours to change."""
    url = await running.answers()
    async with visiting(url, "chief", "staff") as (chief, staff):
        states = await ready(chief)
        registered = await ours(chief)
        assert {one["entity_id"].partition(".")[0] for one in registered} == set(PLATFORMS)
        assert {
            one["entity_id"]: {key: same_everywhere(one[key]) for key in REGISTERED}
            | {
                key: same_everywhere(value)
                for key, value in states.get(one["entity_id"], {}).get("attributes", {}).items()
                if key in STATIC
            }
            for one in sorted(registered, key=lambda one: str(one["entity_id"]))
        } == as_json(name="entities")
        assert {
            same_everywhere(one["identifiers"][0][1]): {key: one[key] for key in DEVICE}
            for one in sorted(await our_devices(chief), key=lambda one: str(one["identifiers"]))
        } == as_json(name="devices")
        await offers_everything(chief, staff)
    assert complaints(tmp_path) == []


async def offers_everything(chief: Visitor, staff: Visitor) -> None:
    """Whatever Home Assistant loads of an integration is there and answers."""
    triggers = await chief.ask("trigger_platforms/subscribe")
    assert {f"{DOMAIN}.{name}" for name in TRIGGERS} <= triggers.keys()
    conditions = await chief.ask("condition_platforms/subscribe")
    assert {f"{DOMAIN}.{name}" for name in CONDITIONS} <= conditions.keys()
    blueprints = await chief.ask("blueprint/list", domain="automation")
    assert len([name for name in blueprints if name.startswith(f"{DOMAIN}/")]) >= 11
    media = await staff.ask(
        "media_source/browse_media", media_content_id=f"media-source://{DOMAIN}"
    )
    assert len(media["children"]) >= 4
    handlers = {one["domain"]: one for one in await chief.ask("diagnostics/list")}
    assert handlers[DOMAIN]["handlers"]["config_entry"]
    (entry,) = await chief.ask("config_entries/get", domain=DOMAIN)
    assert entry["state"] == "loaded"
    assert set(entry["supported_subentry_types"]) == {"camera", "offline_camera", "tablet"}
    assert "niiza-cctv" in await staff.ask("get_panels")
    services = {one["domain"]: one["services"] for one in await chief.get("services")}
    assert len(services[DOMAIN]) >= 20
    flow = await chief.post(
        "config/config_entries/subentries/flow", {"handler": [entry["entry_id"], "camera"]}
    )
    assert flow["type"] in {"form", "menu"}
    options = await chief.post("config/config_entries/options/flow", {"handler": entry["entry_id"]})
    assert options["type"] in {"form", "menu"}
    assert (await staff.ask(f"{DOMAIN}/ledger"))["entries"]


# --- What it needs -------------------------------------------------------------------------------------------------


def pins(texts: Iterable[str]) -> dict[str, str]:
    """Return what is pinned, by the package's normal name."""
    found = (re.match(r"([A-Za-z0-9._-]+)(?:\[\w,]+\])?==([\w.]+)", text) for text in texts)
    return {canonicalize_name(one[1]): one[2] for one in found if one}


def test_requirements_admit_what_this_home_assistant_brings(home_assistant_python: str) -> None:
    """What it always brings is not listed; what it or one of its integrations pins lies within our range."""
    (package,) = Path(home_assistant_python).parent.parent.glob(
        "lib/python3*/site-packages/homeassistant"
    )
    (metadata,) = package.parent.glob("homeassistant-*.dist-info/METADATA")
    always = pins(re.findall(r"^Requires-Dist: (\S+)", metadata.read_text(), re.MULTILINE))
    constrained = pins((package / "package_constraints.txt").read_text().splitlines())
    of_integrations = [
        requirement
        for file in package.glob("components/*/manifest.json")
        for requirement in json.loads(file.read_text()).get("requirements", [])
    ]
    assert len(always) > 20
    assert len(constrained) > 50
    assert len(of_integrations) > 500
    manifest = Path(custom_components.niiza_cctv.__file__).parent / "manifest.json"
    for text in json.loads(manifest.read_text())["requirements"]:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        assert name not in always, text
        assert all(one.operator != "==" for one in requirement.specifier), text
        if pinned := constrained.get(name):
            assert pinned in requirement.specifier, text
        for pinned in filter(None, (pins([pin]).get(name) for pin in of_integrations)):
            assert pinned in requirement.specifier, f"{text}: {pinned}"


# --- Up and back ---------------------------------------------------------------------------------------------------


def all_sealed(clips: list[dict[str, Any]]) -> bool:
    """Return whether every passage was fetched and proved."""
    return [one["state"] for one in clips] == ["sealed"]


async def make_history(url: str) -> None:
    """Let the section have a case that was approved with its sealed clip, and checks on record."""
    async with visiting(url, "chief", "staff") as (chief, staff):
        await ready(chief)
        cameras = (await staff.ask(f"{DOMAIN}/info"))["cameras"]
        start = datetime.now(UTC) - timedelta(minutes=20)
        created = await staff.act(
            "create_case",
            kind="internal_inspection",
            purpose="年次の点検",
            document_number="交防第7号",
            cameras=[cameras[0]["device_id"]],
            start=start.isoformat(),
            end=(start + timedelta(seconds=5)).isoformat(),
        )
        number = created["case"]

        async def clips() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = (await staff.act("get_case", case=number))["passages"]
            return found

        await until(clips, all_sealed, 300)
        shown = await chief.act("get_case", case=number)
        # Versions before there were cuts approve a case as a whole.
        named = [
            {"item": one["item"], "sha256": one["digest"]} for one in shown.get("release_items", ())
        ]
        await chief.act(
            "approve_case", case=number, note="確かめた", **({"items": named} if named else {})
        )
        due = (await staff.act("list_checks"))["checks"]
        for check in due[:3]:
            await staff.act("record_check", check=check["check"], result="passed", note="よし")


async def ledger(visitor: Visitor) -> list[dict[str, Any]]:
    """Return everything on record, the oldest first."""
    page = (await visitor.ask(f"{DOMAIN}/ledger"))["entries"]
    entries = list(page)
    while page and page[-1]["number"] > 1:
        page = (await visitor.ask(f"{DOMAIN}/ledger", before=page[-1]["number"]))["entries"]
        entries += page
    return entries[::-1]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What must survive: registries with their ids, cases, checks on record, and all that the ledger holds."""

    entities: dict[str, dict[str, Any]]
    devices: dict[str, dict[str, Any]]
    cases: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    ledger: list[dict[str, Any]]


async def look(url: str) -> Kept:
    """Look at everything, when the cameras were asked."""
    async with visiting(url, "chief", "staff") as (chief, staff):
        states = await ready(chief)
        entities = await ours(chief)
        shown = {one["entity_id"] for one in entities if one["disabled_by"] is None}
        # Nothing in the registry that nobody fills any more, and nothing beside it.
        assert states.keys() == shown
        assert not [one for one, state in states.items() if state["attributes"].get("restored")]
        assert (await staff.act("verify_ledger"))["intact"]
        return Kept(
            entities={
                one["entity_id"]: {"id": one["id"], **{key: one[key] for key in REGISTERED}}
                for one in entities
            },
            devices={
                one["id"]: {key: one[key] for key in DEVICE} for one in await our_devices(chief)
            },
            cases=(await staff.act("list_cases"))["cases"],
            checks=[
                {key: one[key] for key in ("check", "due", "failed", "last_confirmed")}
                for one in (await staff.act("list_checks"))["checks"]
            ],
            ledger=await ledger(staff),
        )


async def test_upgrade_and_back(tmp_path: Path, home_assistant_python: str) -> None:
    """Made on one version, opened on the other and on the first again: the same, nothing doubled, no orphans."""
    first = free_ports(16)
    port = first + 15
    async with demo(tmp_path, port, first) as running:
        url = await running.answers()
        await make_history(url)
        before = await look(url)
    assert [one["state"] for one in before.cases] == ["approved"]
    for python in (home_assistant_python, sys.executable):
        async with demo(tmp_path, port, first, python=python) as running:
            now = await look(await running.answers())
        assert now.entities == before.entities
        assert now.devices == before.devices
        assert now.cases == before.cases
        assert now.checks == before.checks
        # What came since then stands behind.
        assert now.ledger[: len(before.ledger)] == before.ledger
        assert complaints(tmp_path) == []
