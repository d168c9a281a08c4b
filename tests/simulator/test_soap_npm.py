"""The npm package `onvif`, a client that this project did not write, understands the simulated camera."""

import asyncio
from datetime import datetime, timedelta
import json
from pathlib import Path
import shutil
from typing import Any

import pytest

from simulator.camera import CameraConfig, Faults, OtherRecording, Quirk
from simulator.station import Station
from tests.section import PATIENCE
from tests.station import camera_config

FOLDER = Path(__file__).parent / "npm"


async def ask(config: CameraConfig, *change: str, user: str = "chief") -> dict[str, Any]:
    """Run the package's client against a camera and return what it understood; `change` is a picture height to set."""
    node = shutil.which("node")
    assert node is not None, "Node is missing: see scripts/test"
    assert (FOLDER / "node_modules/onvif").is_dir(), "Run `npm ci` in tests/simulator/npm first"
    async with Station([config]) as station:
        port = str(station.cameras[config.name].http_port)
        process = await asyncio.create_subprocess_exec(
            node,
            str(FOLDER / "check.js"),
            "127.0.0.1",
            port,
            user,
            f"{user}-pass",
            *change,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(PATIENCE):
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode == 0, err.decode()
        found: dict[str, Any] = json.loads(out)
        return found


async def test_every_service_is_understood(socket_enabled: None) -> None:
    """Device, media, recording, search, replay and events, from connecting to unsubscribing."""
    config = camera_config()
    found = await ask(config)
    assert found["device"]["serialNumber"] == config.serial
    assert found["network"][0]["info"]["hwAddress"] == config.mac
    assert [user["userLevel"] for user in found["users"]] == ["User", "Administrator"]
    assert [item["$"]["token"] for item in found["profiles"]] == ["main", "sub"]
    assert found["profiles"][0]["videoEncoderConfiguration"]["encoding"] == "H264"
    assert found["stream"]["uri"].endswith("/live/main")
    assert found["recordings"]["recordingToken"] == "SD_1"
    assert found["jobState"]["state"] == "Active"
    assert found["information"]["recordingStatus"] == "Recording"
    assert [track["trackType"] for track in found["information"]["track"]] == [
        "Video",
        "Audio",
        "Metadata",
    ]
    assert found["information"]["latestRecording"] > found["information"]["earliestRecording"]
    assert found["replay"].endswith("/replay/SD_1")
    assert "tns1:RecordingConfig/JobState" in found["messages"]
    assert "tns1:Device/HardwareFailure/StorageFailure" in found["messages"]


async def test_first_media_service_is_understood(socket_enabled: None) -> None:
    """Without Media2 the package uses the first media service, audio encoder included."""
    found = await ask(camera_config(media2=False, faults=Faults(audio=True)))
    profile = found["profiles"][0]
    assert profile["videoEncoderConfiguration"]["H264"]["H264Profile"] == "Main"
    assert profile["audioEncoderConfiguration"]["encoding"] == "G711"
    assert found["stream"]["uri"].endswith("/live/main")


async def test_several_recordings_and_their_gaps_are_understood(socket_enabled: None) -> None:
    """The list, the summary over all, and where the footage of one begins and ends."""
    old = OtherRecording(token="OLD_1", spans=((24.0 * 40, 60.0),))
    found = await ask(camera_config(gaps=((3.0, 10.0),), recordings=(old,), second_track=True))
    assert [item["recordingToken"] for item in found["recordings"]] == ["SD_1", "OLD_1"]
    assert found["summary"]["numberRecordings"] == 2
    assert [track["trackType"] for track in found["information"]["track"]].count("Video") == 2
    assert found["events"]["searchState"] == "Completed"
    told = [
        (item["startStateEvent"], item["event"]["message"]["message"]["data"]["simpleItem"]["$"])
        for item in found["events"]["result"]
    ]
    tracks = [(start, item["Value"]) for start, item in told if item["Name"] == "IsDataPresent"]
    assert tracks == [(True, True), (False, False), (False, True)]


@pytest.mark.parametrize("media2", [False, True])
@pytest.mark.parametrize("quirks", [frozenset(), frozenset({Quirk.OPTIONS_UNORDERED})])
async def test_settings_are_changed(
    socket_enabled: None, media2: bool, quirks: frozenset[Quirk]
) -> None:
    """The package picks an option, sets it, takes audio out, names a time server and sets the clock."""
    config = camera_config(media2=media2, quirks=quirks, faults=Faults(audio=True))
    found = await ask(config, "720")
    main, sub = found["profiles"]
    assert main["videoEncoderConfiguration"]["resolution"] == {"width": 1280, "height": 720}
    assert sub["videoEncoderConfiguration"]["resolution"] == {"width": 640, "height": 360}
    for profile in (main, sub):
        assert "audioEncoderConfiguration" not in profile
        assert "audioSourceConfiguration" not in profile
    assert found["ntp"]["NTPManual"] == {"type": "DNS", "DNSname": "time.example"}
    by_hand, by_ntp = (datetime.fromisoformat(found[key]) for key in ("byHand", "byNtp"))
    assert timedelta(seconds=100) < by_hand - by_ntp < timedelta(seconds=122)


async def test_settings_are_not_everybodys(socket_enabled: None) -> None:
    """A user of the lowest level is told that they may not."""
    with pytest.raises(AssertionError, match="Wrong `SetVideoEncoderConfiguration` response"):
        await ask(camera_config(), "720", user="viewer")
