"""A camera that signs its pictures: what the section tells of its clips, through Home Assistant's front door."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from io import BytesIO
import json
from pathlib import Path
from typing import Any
import zipfile

from cryptography.hazmat.primitives.serialization import Encoding
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from simulator.camera import SigningConfig
from simulator.signed_stream import maker_root
from simulator.station import Station
from tests.office import Office, open_office, passage_start
from tests.station import camera_config

SECOND = timedelta(seconds=1)
FRAME = SECOND / 5


@pytest.fixture
async def office(hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]]) -> Office:
    """Set up a section whose camera signs."""
    station = await start_station(camera_config("kita", signing=SigningConfig()))
    return await open_office(hass, station.cameras["kita"])


async def trust(office: Office, content: bytes) -> None:
    """Put a file into the folder of roots, as the section's administrator does."""
    folder = Path(office.evidence.vault.root) / "camera-roots"

    def put() -> None:
        folder.mkdir()
        (folder / "maker.pem").write_bytes(content)

    await office.hass.async_add_executor_job(put)


async def sealed_of(office: Office, case: str) -> dict[str, Any]:
    """Return what a person is told of a case's clip."""
    (passage,) = (await office.call("sato", "get_case", case=case))["passages"]
    return dict(passage["sealed"])


async def test_a_clip_says_until_when_it_is_authentic(office: Office) -> None:
    """By a key of the maker's that the section trusts; the end asked for is proved, too."""
    await trust(office, maker_root().public_bytes(Encoding.PEM))
    start = passage_start()
    case = await office.create(
        cameras=[office.camera_id],
        start=start.isoformat(),
        end=(start + 4.5 * SECOND).isoformat(),
    )
    await office.until_state(case, "preserved")

    (clip,) = office.evidence.cases.case(case).clips
    shown = await sealed_of(office, case)

    signing = shown["signing"]
    assert (signing["state"], signing["trust"], signing["spans"]) == ("authentic", "trusted", [])
    assert signing["signer"].startswith("CN=NS NS200-")
    assert datetime.fromisoformat(signing["until"]) >= start + 4.5 * SECOND - FRAME
    assert shown["read_on"] == clip.sealed.read_on > 0
    assert signing["certificate_from"] == clip.sealed.signing.source == "camera"


async def test_one_changed_bit_names_its_group(office: Office) -> None:
    """Somebody had the card in his hands; what lies before stays proved."""
    changed = passage_start() + 2 * SECOND
    office.camera.set(changed_second=changed.timestamp())
    start = changed - 2 * SECOND
    case = await office.create(
        cameras=[office.camera_id],
        start=start.isoformat(),
        end=(start + 5 * SECOND).isoformat(),
    )
    await office.until_state(case, "preserved")

    signing = (await sealed_of(office, case))["signing"]
    assert signing["state"] == "not_authentic"
    (span,) = signing["spans"]
    assert span["verdict"] == "not_authentic"
    assert datetime.fromisoformat(span["start"]) == changed
    assert datetime.fromisoformat(span["end"]) == changed + SECOND - FRAME
    assert datetime.fromisoformat(signing["until"]) == changed - FRAME


@pytest.mark.parametrize("folder", [False, True])
async def test_a_root_that_nobody_knows_is_an_unknown_key_with_its_fingerprint(
    office: Office, folder: bool
) -> None:
    """Without a folder of roots, and with one that holds something else."""
    if folder:
        await trust(office, b"-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")
    case = await office.preserved()

    signing = (await sealed_of(office, case))["signing"]
    assert (signing["state"], signing["trust"]) == ("authentic", "unknown_root")
    assert len(signing["fingerprint"]) == 64


async def test_the_recipient_gets_the_certificate_that_is_not_among_the_pictures(
    office: Office, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """The manifest and the letter say where it came from, and what was read on."""
    start = passage_start()
    case = await office.create(
        cameras=[office.camera_id],
        start=start.isoformat(),
        end=(start + 4.5 * SECOND).isoformat(),
    )
    await office.until_state(case, "preserved")
    await office.call("suzuki", "approve_case", case=case)
    released = await office.call("sato", "release_case", case=case)
    answer = await (await hass_client_no_auth()).get(released["link"])
    with zipfile.ZipFile(BytesIO(await answer.read())) as package:
        names = {Path(name).name: name for name in package.namelist()}
        manifest = json.loads(package.read(names["manifest.json"]))
        letter = package.read(names["README.txt"]).decode()

    (clip,) = manifest["clips"]
    read_on = clip["read_on_pictures"]
    assert read_on > 0
    signature = clip["camera_signature"]
    assert signature["certificate_from"] == "camera"
    assert signature["certificates"].count("BEGIN CERTIFICATE") == 2
    assert "The certificate is not among the pictures" in letter
    assert f"Pictures from after the time requested: {read_on}." in letter
