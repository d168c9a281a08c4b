"""Cameras on bad days, through Home Assistant's front door: in real time, dead for good, and recorded in two ways."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
import json
from typing import Any
from zipfile import ZipFile

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.const import DOMAIN
from custom_components.niiza_cctv.lib.footage.retrieval import RetrievalTiming
from simulator.camera import OtherRecording, Quirk
from simulator.station import Station
from tests.office import Office, open_office
from tests.section import until
from tests.station import camera_config

RATE = 5
QUICK = RetrievalTiming(
    retry_delay=(0.1, 0.5), busy_again=0.1, stalled=1.0, idle=1.0, patience=2.0, pace_window=1.5
)


@pytest.fixture
def quick(office: Office) -> Office:
    """Return the section with times that tests need not wait for."""
    office.evidence.retrievals.timing = QUICK
    return office


async def refused(office: Office, person: str, action: str, **data: Any) -> str:
    """Return why an action is refused."""
    with pytest.raises(HomeAssistantError) as caught:
        await office.call(person, action, **data)
    assert caught.value.translation_key
    return caught.value.translation_key


async def clips_of(office: Office, case: str, person: str = "sato") -> list[dict[str, Any]]:
    """Return the clips of a case as somebody is shown them."""
    shown = await office.call(person, "get_case", case=case)
    passages: list[dict[str, Any]] = shown["passages"]
    return passages


async def released(
    office: Office, hass_client_no_auth: ClientSessionGenerator, case: str
) -> ZipFile:
    """Let a case be approved and released by two people; returns the package."""
    await office.call("suzuki", "approve_case", case=case)
    link = (await office.call("takahashi", "release_case", case=case))["link"]
    answer = await (await hass_client_no_auth()).get(link)
    assert answer.status == 200
    return ZipFile(BytesIO(await answer.read()))


def manifest_of(package: ZipFile) -> dict[str, Any]:
    """Return a package's manifest."""
    (name,) = [name for name in package.namelist() if name.endswith("manifest.json")]
    manifest: dict[str, Any] = json.loads(package.read(name))
    return manifest


def letter_of(package: ZipFile, language: str) -> str:
    """Return what recipients read first."""
    (name,) = [
        name
        for name in package.namelist()
        if name.endswith(".txt") and language in package.read(name).decode()
    ]
    return package.read(name).decode()


# --- Real time ------------------------------------------------------------------------------------------------


async def test_people_are_told_of_a_camera_that_keeps_to_real_time(
    hass: HomeAssistant, quick: Office, hass_client: ClientSessionGenerator
) -> None:
    """From the first export on, in each answer; and it stays known."""
    office = quick
    office.camera.set(quirks=[Quirk.REPLAY_IGNORES_RATE_CONTROL])
    case = await office.create(**office.passage(40))

    async def is_told() -> bool:
        (clip,) = await clips_of(office, case)
        return clip["progress"] is not None and clip["progress"]["real_time"]

    await until(is_told)
    answer = await office.call("sato", "export_clip", case=case, **office.passage(600))
    progress = answer["passages"][-1]["progress"]
    assert (progress["state"], progress["real_time"], progress["place"]) == ("queued", True, 1)
    assert 600 <= progress["remaining"] <= 640
    await office.call("sato", "cancel_clip", clip=f"{case}-02")
    await office.until_state(case, "preserved")
    (clip, _) = await clips_of(office, case)
    assert (clip["sealed"]["pictures"], clip["sealed"]["gaps"]) == (40 * RATE, [])
    assert await office.entries("clip_failed") == []
    assert await async_setup_component(hass, "diagnostics", {})
    diagnostics: Any = await get_diagnostics_for_config_entry(hass, hass_client, office.entry)
    (camera,) = diagnostics["cameras"]
    assert camera["quirks"]["replay_paced"]["count"] >= 1


# --- Dead for good --------------------------------------------------------------------------------------------


@pytest.fixture
async def dead(quick: Office) -> tuple[Office, str]:
    """Return a case whose camera died while its passage came."""
    office = quick
    office.camera.set(replay_speed=10.0)
    case = await office.create(**office.passage(60))

    def has_begun() -> bool:
        progress = office.evidence.retrievals.progress(f"{case}-01")
        return progress is not None and progress.came and progress.percent > 5

    await until(has_begun)
    await office.camera.soap.stop()
    await office.camera.rtsp.stop()
    return office, case


async def until_stalled(office: Office, case: str) -> None:
    """Wait until nothing has come for so long that somebody may decide."""
    await until(lambda: office.evidence.retrievals.progress(f"{case}-01").stalled)


async def test_what_came_of_a_dead_camera_is_sealed_by_two_people(
    dead: tuple[Office, str], hass_client_no_auth: ClientSessionGenerator
) -> None:
    """One decides, another approves what is missing; the recipient reads that nobody says it was not recorded."""
    office, case = dead
    office.evidence.retrievals.timing = replace(QUICK, stalled=3600.0)
    (clip,) = await clips_of(office, case)
    assert "seal_early" not in clip["offers"]
    assert await refused(office, "sato", "seal_early", clip=clip["clip"]) == "clip_still_comes"
    office.evidence.retrievals.timing = QUICK
    await until_stalled(office, case)
    (clip,) = await clips_of(office, case)
    assert clip["progress"]["stalled"]
    assert clip["offers"] == ["seal_early", "cancel_clip"]
    assert (await clips_of(office, case, "suzuki"))[0]["offers"] == []
    assert await refused(office, "suzuki", "seal_early", clip=clip["clip"]) == (
        "not_allowed_needs_exporter"
    )
    # Who decides what will be missing does not approve it.
    await office.call("both", "seal_early", clip=clip["clip"])
    await office.until_state(case, "preserved")
    (entry,) = await office.entries("clip_cut_short")
    assert (entry.person.id, entry.details) == ("both", {"clip": clip["clip"]})
    assert await refused(office, "both", "approve_case", case=case) == "not_allowed_own_case"
    (clip,) = await clips_of(office, case, "suzuki")
    assert clip["sealed_early"]["by"]["id"] == "both"
    (gap,) = clip["sealed"]["gaps"]
    assert gap["reason"] == "sealed_early"
    assert gap["end"] == clip["end"]
    assert gap["decided_at"] == clip["sealed_early"]["at"]
    assert await refused(office, "sato", "seal_early", clip=clip["clip"]) == "clip_not_pending"
    package = await released(office, hass_client_no_auth, case)
    (told,) = manifest_of(package)["clips"][0]["gaps"]
    assert told["reason"] == "sealed_early"
    assert told["decided_by"] == "exporter"
    assert dt_util.parse_datetime(told["not_given_until"]) == entry.at
    assert "カメラが渡さなかったため" in letter_of(package, "映像なし")


async def test_a_camera_that_comes_back_gives_the_passage_as_another_clip(
    dead: tuple[Office, str],
) -> None:
    """What was sealed stays as it is."""
    office, case = dead
    await until_stalled(office, case)
    await office.call("sato", "seal_early", clip=f"{case}-01")
    await office.until_state(case, "preserved")
    (first,) = await clips_of(office, case)
    office.camera.set(replay_speed=None)
    await office.camera.soap.start()
    await office.camera.rtsp.start()
    await office.call(
        "sato",
        "export_clip",
        case=case,
        cameras=[office.camera_id],
        start=first["start"],
        end=first["end"],
        margin=0,
    )
    await office.until_state(case, "preserved")
    again, whole = await clips_of(office, case)
    assert again["digest"] == first["digest"]
    assert (whole["sealed"]["pictures"], whole["sealed"]["gaps"]) == (60 * RATE, [])


async def test_of_a_camera_that_gave_nothing_there_is_nothing_to_seal(quick: Office) -> None:
    """That is said, and no clip is made of it."""
    office = quick
    await office.camera.soap.stop()
    await office.camera.rtsp.stop()
    case = await office.create(**office.passage(60))
    await until_stalled(office, case)
    (clip,) = await clips_of(office, case)
    assert clip["offers"] == ["cancel_clip"]
    assert await refused(office, "sato", "seal_early", clip=clip["clip"]) == "clip_nothing_came"
    assert ("sato", "seal_early", f"case/{case}", "clip_nothing_came") in await office.refusals()
    await office.call("sato", "cancel_clip", clip=clip["clip"])


async def test_a_decision_holds_after_a_restart(
    hass: HomeAssistant, dead: tuple[Office, str]
) -> None:
    """The camera is away still: what came is sealed all the same."""
    office, case = dead
    await until_stalled(office, case)
    sealing = office.evidence.cases.seal_early
    actor = await office.evidence.async_actor("sato", direct=True)
    clip = office.evidence.cases.case(case).clips[0]
    await sealing(actor, clip.id, office.evidence.fetch_of(clip))
    assert await hass.config_entries.async_reload(office.entry.entry_id)
    await office.until_state(case, "preserved")
    (shown,) = await clips_of(office, case)
    assert shown["sealed"]["gaps"][0]["reason"] == "sealed_early"


# --- Recorded in two ways -------------------------------------------------------------------------------------


async def test_a_passage_of_two_codecs_is_two_clips_of_one_package(
    hass: HomeAssistant,
    start_station: Callable[..., Awaitable[Station]],
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Nobody is refused; the second clip is asked for by the first one's person, and says whose rest it is."""
    first = OtherRecording(token="W_1", spans=((2.0, 20 / 60),))
    second = OtherRecording(token="W_2", spans=((2.0 - 20 / 3600, 40 / 60),), codec="H265")
    config = camera_config("kita", gaps=((2.0, 1.0),), recordings=(first, second))
    station = await start_station(config)
    office = await open_office(hass, station.cameras["kita"])
    office.evidence.retrievals.timing = QUICK
    index = await office.entry.runtime_data.cameras.archive(office.camera_id).index()
    (start,) = [one.start for one in index.stretches if one.recording == "W_1"]
    case = await office.create(
        cameras=[office.camera_id],
        start=start.isoformat(),
        end=(start + timedelta(seconds=50)).isoformat(),
    )
    await office.until_state(case, "preserved")
    one, two = await clips_of(office, case)
    (entry,) = await office.entries("clip_divided")
    assert (entry.person, entry.details["clip"], entry.details["rest"]) == (
        None,
        one["clip"],
        two["clip"],
    )
    assert (one["end"], two["start"], two["rest_of"]) == (two["start"], one["end"], one["clip"])
    assert two["asked_by"] == one["asked_by"]
    assert [clip["sealed"]["codec"] for clip in (one, two)] == ["h264", "hevc"]
    assert [clip["sealed"]["gaps"] for clip in (one, two)] == [[], []]
    assert [clip["sealed"]["pictures"] for clip in (one, two)] == [20 * RATE, 30 * RATE]
    package = await released(office, hass_client_no_auth, case)
    files = [
        file["name"]
        for clip in manifest_of(package)["clips"]
        for file in clip["files"]
        if file["role"] == "master"
    ]
    assert files == [f"{case}-01.mp4", f"{case}-02.mp4"]
    assert DOMAIN in hass.config.components
