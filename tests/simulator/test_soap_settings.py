"""What an administrator may change, and the ways in which cameras do not do what they say."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from simulator.camera import Faults, Quirk, User, UserLevel
from simulator.running import RunningCamera
from simulator.services.base import TDS, TRT
from simulator.station import Station
from tests.section import until
from tests.soap_calls import subcodes, username_token
from tests.station import CHIEF, VIEWER, camera_config

OPERATOR = User(name="operator", password="operator-pass", level=UserLevel.OPERATOR)
AUDIO = "<ProfileToken>main</ProfileToken>"
CLOCK = "<DateTimeType>NTP</DateTimeType><DaylightSavings>false</DaylightSavings>"
NTP = "<FromDHCP>true</FromDHCP>"


def encoder(width: int, height: int, which: str = "VEC_main", encoding: str = "H264") -> str:
    """Return the content of a SetVideoEncoderConfiguration."""
    return (
        f'<Configuration token="{which}"><tt:Encoding>{encoding}</tt:Encoding><tt:Resolution>'
        f"<tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:Resolution></Configuration>"
        "<ForcePersistence>true</ForcePersistence>"
    )


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    ("namespace", "operation", "content", "least"),
    [
        (TRT, "SetVideoEncoderConfiguration", encoder(1280, 720), UserLevel.OPERATOR),
        (TRT, "RemoveAudioEncoderConfiguration", AUDIO, UserLevel.OPERATOR),
        (TRT, "RemoveAudioSourceConfiguration", AUDIO, UserLevel.OPERATOR),
        (TDS, "SetSystemDateAndTime", CLOCK, UserLevel.ADMINISTRATOR),
        (TDS, "SetNTP", NTP, UserLevel.ADMINISTRATOR),
    ],
)
async def test_levels_that_change_settings(
    soap: Callable[..., Any], namespace: str, operation: str, content: str, least: UserLevel
) -> None:
    """Operators change the picture, administrators the clock as well, users nothing."""
    async with Station([camera_config(users=(VIEWER, OPERATOR, CHIEF))]) as station:
        running = station.cameras["kita"]
        for user in (VIEWER, OPERATOR, CHIEF):
            may = user is CHIEF or (user is OPERATOR and least is UserLevel.OPERATOR)
            header = username_token(user.name, user.password)
            status, body = await soap(running, namespace, operation, content, header=header)
            assert (status, subcodes(body)) == ((200, []) if may else (400, ["NotAuthorized"]))


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    ("namespace", "operation", "content", "codes"),
    [
        (TRT, "SetVideoEncoderConfiguration", encoder(1280, 721), ["ConfigModify"]),
        (TRT, "SetVideoEncoderConfiguration", encoder(1280, 720, "VEC_sub"), ["ConfigModify"]),
        (TRT, "SetVideoEncoderConfiguration", encoder(1280, 720, "VEC_0"), ["NoConfig"]),
        (TRT, "SetVideoEncoderConfiguration", encoder(1280, 720, encoding="JPEG"), ["ConfigModify"]),
        (TRT, "RemoveAudioEncoderConfiguration", "<ProfileToken>x</ProfileToken>", ["NoProfile"]),
        (TDS, "SetSystemDateAndTime", CLOCK.replace("NTP", "Manual"), ["InvalidArgs"]),
        (TDS, "SetNTP", "<FromDHCP>false</FromDHCP>", ["InvalidArgs"]),
        (
            TDS,
            "SetNTP",
            "<FromDHCP>false</FromDHCP><NTPManual><tt:Type>DNS</tt:Type><tt:DNSname>a b</tt:DNSname></NTPManual>",
            ["InvalidDnsName"],
        ),
    ],
)  # fmt: skip
async def test_nonsense_is_refused(
    soap: Callable[..., Any], namespace: str, operation: str, content: str, codes: list[str]
) -> None:
    """What cannot be set is a fault, and nothing changes."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        before = running.camera.config
        _, body = await soap(running, namespace, operation, content)
        assert subcodes(body)[-1:] == codes
        assert running.camera.config == before


async def set_height(soap: Callable[..., Any], running: RunningCamera) -> int:
    """Ask for 720 lines; returns what the camera has right after its answer."""
    content = encoder(1280, 720)
    assert (await soap(running, TRT, "SetVideoEncoderConfiguration", content))[0] == 200
    return running.camera.config.height


@pytest.mark.usefixtures("socket_enabled")
async def test_a_camera_that_ignores_says_yes(soap: Callable[..., Any]) -> None:
    """Success is answered and nothing happens."""
    config = camera_config(quirks=frozenset({Quirk.SETTINGS_IGNORED}), faults=Faults(audio=True))
    async with Station([config]) as station:
        running = station.cameras["kita"]
        assert await set_height(soap, running) == 360
        assert (await soap(running, TRT, "RemoveAudioEncoderConfiguration", AUDIO))[0] == 200
        assert running.camera.sends_audio("main")


@pytest.mark.usefixtures("socket_enabled")
async def test_a_slow_encoder_changes_later(soap: Callable[..., Any]) -> None:
    """The picture changes when the encoder has started anew."""
    async with Station([camera_config(quirks=frozenset({Quirk.SETTINGS_LATE}))]) as station:
        running = station.cameras["kita"]
        assert await set_height(soap, running) == 360
        await until(lambda: running.camera.config.height == 720)


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("quirk", [Quirk.SETTINGS_AFTER_REBOOT, Quirk.SETTINGS_REBOOT])
async def test_some_settings_need_a_reboot(soap: Callable[..., Any], quirk: Quirk) -> None:
    """One camera waits for it, another one does it by itself."""
    config = camera_config(quirks=frozenset({quirk}), reboot_seconds=0.2)
    async with Station([config]) as station:
        running = station.cameras["kita"]
        assert await set_height(soap, running) == 360
        if quirk is Quirk.SETTINGS_AFTER_REBOOT:
            await station.reboot("kita")
        await until(lambda: running.camera.config.height == 720)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_camera_that_falls_silent(soap: Callable[..., Any]) -> None:
    """The setting is taken, and nobody is told."""
    config = camera_config(quirks=frozenset({Quirk.SETTINGS_SILENCE}))
    async with Station([config]) as station:
        running = station.cameras["kita"]
        task = asyncio.create_task(set_height(soap, running))
        await until(lambda: running.camera.faults.silent)
        assert not task.done()
        running.set(silent=False)
        assert await task == 720


@pytest.mark.usefixtures("socket_enabled")
async def test_footage_of_before_keeps_its_size(soap: Callable[..., Any]) -> None:
    """A new size is for what is recorded from now on."""
    async with Station([camera_config()]) as station:
        running = station.cameras["kita"]
        await set_height(soap, running)
        now = int(running.camera.now().timestamp())
        assert running.card.resized_after(now - 60)
        assert not running.card.resized_after(now + 1)
        assert running.camera.config.size_before == (0.0, 640, 360)
