"""Settings against cameras that obey, ignore, start anew, fall silent or refuse; log-ins counted at the camera."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
import gc
from typing import Any

import aiohttp
import pytest

from custom_components.niiza_cctv.lib.device.client import OnvifClient, host_kind
from custom_components.niiza_cctv.lib.device.errors import (
    CameraError,
    CameraIsAnother,
    CameraLockedOut,
    CameraOperationUnsupported,
    CameraRefused,
    CameraRightMissing,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.device.login import Login
from custom_components.niiza_cctv.lib.device.model import CameraAddress, Credential
from custom_components.niiza_cctv.lib.footage.rtsp import describe
from custom_components.niiza_cctv.lib.settings.change import (
    AudioOff,
    Change,
    ClockChange,
    NoSuchSize,
    ResolutionChange,
    Result,
    RetryTiming,
    SettingRejected,
    carry_out,
)
from custom_components.niiza_cctv.lib.settings.values import Outcome, Resolution, ResolutionValues
from simulator.camera import AuthMode, Faults, Quirk, User, UserLevel
from simulator.running import RunningCamera
from simulator.station import Station
from tests.lib.device.scripted_onvif import (
    Asked,
    ScriptedOnvif,
    fault,
    response,
    scripted,
    services_answer,
)
from tests.section import unique_id_of
from tests.station import CHIEF as CHIEF_USER, VIEWER as VIEWER_USER, camera_config

CHIEF = Credential(username="chief", password="chief-pass")
VIEWER = Credential(username="viewer", password="viewer-pass")
OPERATOR = Credential(username="operator", password="operator-pass")
WRONG = Credential(username="chief", password="not-the-password")
USERS = (
    VIEWER_USER,
    User(name="operator", password="operator-pass", level=UserLevel.OPERATOR),
    CHIEF_USER,
)
SIZES = ((640, 360), (480, 270), (320, 180))
TOLERANCE = timedelta(seconds=2)
QUICK = RetryTiming(settle=0.6, away=8.0, pause=0.1)
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
MEDIA2 = "http://www.onvif.org/ver20/media/wsdl"

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def http() -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session as Home Assistant would lend it."""
    async with aiohttp.ClientSession() as session:
        yield session


@asynccontextmanager
async def simulated(**changes: Any) -> AsyncGenerator[RunningCamera]:
    """Run one simulated camera whose encoder knows small sizes only."""
    everything: dict[str, Any] = {
        "sizes": SIZES,
        "width": 480,
        "height": 270,
        "users": USERS,
    } | changes
    async with Station([camera_config(**everything)]) as station:
        yield station.cameras["kita"]


async def offers_audio(url: str) -> bool | None:
    """Ask a live stream of the viewing user's."""
    return any(media.kind == "audio" for media in await describe(url, VIEWER))


async def do(
    http: aiohttp.ClientSession,
    camera: RunningCamera,
    change: Change,
    credential: Credential = CHIEF,
    **more: Any,
) -> Result:
    """Make a change at a simulated camera."""
    return await carry_out(
        http,
        CameraAddress(host="127.0.0.1", port=camera.http_port),
        credential,
        change,
        **{
            "known_as": unique_id_of(camera.camera.config),
            "timing": QUICK,
            "timeout": 10.0,
            **more,
        },
    )


def audio() -> AudioOff:
    """Return the change that switches audio off."""
    return AudioOff(offers_audio)


def evidence() -> ResolutionChange:
    """Return the change to the tallest picture."""
    return ResolutionChange(Resolution.EVIDENCE, 180)


def everyday(limit: int = 180, **more: Any) -> ResolutionChange:
    """Return the change to the everyday picture."""
    return ResolutionChange(Resolution.EVERYDAY, limit, **more)


def heights(result: Result) -> list[tuple[str, int]]:
    """Return what was read back of each profile."""
    assert isinstance(result.after, ResolutionValues)
    return [(one.profile, one.size[1]) for one in result.after.profiles]


# --- Doing it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("auth", AuthMode)
@pytest.mark.parametrize("media2", [False, True])
async def test_audio_is_off_everywhere(
    http: aiohttp.ClientSession, auth: AuthMode, media2: bool
) -> None:
    """The encoder and the microphone leave every profile, and the live stream proves it."""
    async with simulated(auth=auth, media2=media2, faults=Faults(audio=True)) as camera:
        result = await do(http, camera, audio())
        assert result.outcome is Outcome.DONE
        assert result.changed
        assert result.before.as_json() == {"audio": ["main", "sub"], "live_audio": None}
        assert result.after is not None
        assert result.after.as_json() == {"audio": [], "live_audio": False}
        assert not camera.camera.faults.audio
        assert camera.camera.sourceless == {"main", "sub"}
        assert camera.soap.auth.refusals == 0
        again = await do(http, camera, audio())
        assert (again.outcome, again.changed) == (Outcome.DONE, False)


@pytest.mark.parametrize("auth", AuthMode)
@pytest.mark.parametrize("media2", [False, True])
@pytest.mark.parametrize("quirk", [None, Quirk.OPTIONS_UNORDERED, Quirk.JOB_WITHOUT_SOURCE])
async def test_resolution_is_raised_and_put_back(
    http: aiohttp.ClientSession, auth: AuthMode, media2: bool, quirk: Quirk | None
) -> None:
    """The tallest as evidence, the tallest within the limit every day; nothing else changes."""
    quirks = frozenset({quirk} if quirk else ())
    async with simulated(auth=auth, media2=media2, quirks=quirks, bitrate=777) as camera:
        change = evidence()
        result = await do(http, camera, change)
        assert result.outcome is Outcome.DONE
        assert heights(result) == [("main", 360)]
        config = camera.camera.config
        assert (config.width, config.height) == (640, 360)
        assert (config.bitrate, config.frame_rate, config.codec) == (777, 5, "H264")
        assert change.told is (quirk is not Quirk.JOB_WITHOUT_SOURCE)
        result = await do(http, camera, everyday())
        assert result.outcome is Outcome.DONE
        assert ("main", 180) in heights(result)
        assert camera.camera.config.height == 180


async def test_h265_is_changed_over_the_newer_service(http: aiohttp.ClientSession) -> None:
    """The codec stays; the older service cannot even name it, and that is said."""
    async with simulated(codec="H265") as camera:
        assert (await do(http, camera, evidence())).outcome is Outcome.DONE
        assert (camera.camera.config.codec, camera.camera.config.height) == ("H265", 360)
    async with simulated(codec="H265", media2=False) as camera:
        with pytest.raises(CameraOperationUnsupported):
            await do(http, camera, evidence())


@pytest.mark.parametrize("media2", [False, True])
async def test_the_recorded_profile_is_the_one_that_changes(
    http: aiohttp.ClientSession, media2: bool
) -> None:
    """A live profile that is listed first and taller is no evidence; every day it must not show more either."""
    async with simulated(media2=media2, live_size=(640, 360), width=320, height=180) as camera:
        result = await do(http, camera, everyday(270))
        assert result.outcome is Outcome.DONE
        # The sub stream of 360 lines is fixed, and left out.
        assert heights(result) == [("main", 270), ("live", 270)]
        assert camera.camera.config.live_size == (480, 270)
        result = await do(http, camera, evidence())
        assert heights(result) == [("main", 360)]
        assert camera.camera.config.live_size == (480, 270)


async def test_what_stood_before_is_put_back(http: aiohttp.ClientSession) -> None:
    """An everyday size below the limit comes back, not the tallest that would be allowed."""
    async with simulated() as camera:
        result = await do(http, camera, everyday(270, put_back=(320, 180)))
        assert ("main", 180) in heights(result)
        # One that is not offered, or not allowed, is no way back.
        for other in ((300, 170), (640, 360)):
            result = await do(http, camera, everyday(270, put_back=other))
            assert ("main", 270) in heights(result)


async def test_no_size_within_the_limit(http: aiohttp.ClientSession) -> None:
    """A camera that knows only tall pictures is not set to the least of them; back to what stood is allowed."""
    async with simulated() as camera:
        with pytest.raises(NoSuchSize):
            await do(http, camera, everyday(100))
        assert camera.camera.config.height == 270
        result = await do(http, camera, everyday(100, put_back=(320, 180)))
        assert ("main", 180) in heights(result)


@pytest.mark.parametrize("auth", AuthMode)
@pytest.mark.parametrize("offset", [-420.0, 86400.0, -3.0e8])
async def test_clock_is_set_to_ours(
    http: aiohttp.ClientSession, auth: AuthMode, offset: float
) -> None:
    """Minutes, a day or ten years off: set by hand, read back, and the zone stays."""
    async with simulated(auth=auth, faults=Faults(clock_offset=offset)) as camera:
        result = await do(http, camera, ClockChange(None, TOLERANCE))
        assert result.outcome is Outcome.DONE
        # Whole seconds of two clocks that are read one after the other.
        assert abs(int(str(result.before.as_json()["offset"])) - offset) <= 1
        assert result.after is not None
        assert result.after.as_json()["mode"] == "manual"
        assert abs(camera.camera.faults.clock_offset) < 1.5
        assert camera.camera.config.time_zone == "JST-9"
        assert camera.soap.auth.refusals == 0


@pytest.mark.parametrize(
    "server", ["time.example", "192.0.2.7", "2001:db8::7"], ids=["name", "ipv4", "ipv6"]
)
async def test_clock_is_given_to_a_time_server(http: aiohttp.ClientSession, server: str) -> None:
    """The server is named, the mode is NTP, and the clock comes right."""
    async with simulated(faults=Faults(clock_offset=-420.0)) as camera:
        result = await do(http, camera, ClockChange(server, TOLERANCE))
        assert result.outcome is Outcome.DONE
        assert result.after is not None
        assert result.after.as_json() == {"mode": "ntp", "ntp": server, "offset": "0"}
        assert camera.camera.config.ntp_server == server


async def test_a_time_server_that_is_not_heard_shows_in_the_offset(
    http: aiohttp.ClientSession,
) -> None:
    """What was asked for stands, and the clock is still off: both are told."""
    quirks = frozenset({Quirk.NTP_UNREACHABLE})
    async with simulated(quirks=quirks, faults=Faults(clock_offset=-420.0)) as camera:
        result = await do(http, camera, ClockChange("time.example", TOLERANCE))
        assert result.outcome is Outcome.DONE
        assert result.after is not None
        assert result.after.as_json() == {"mode": "ntp", "ntp": "time.example", "offset": "-420"}


async def test_a_zone_that_the_camera_refuses_is_left_out(http: aiohttp.ClientSession) -> None:
    """Some refuse the very text that they told; the clock is set all the same."""
    quirks = frozenset({Quirk.TIME_ZONE_REFUSED})
    async with simulated(quirks=quirks, faults=Faults(clock_offset=-420.0)) as camera:
        result = await do(http, camera, ClockChange(None, TOLERANCE))
        assert result.outcome is Outcome.DONE


# --- Cameras that do not do what they say ------------------------------------------------------------------


CHANGES: dict[str, Callable[[], Change]] = {
    "audio": audio,
    "resolution": evidence,
    "clock": lambda: ClockChange(None, TOLERANCE),
}
BROKEN = Faults(audio=True, clock_offset=-420.0)


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("quirk", [Quirk.SETTINGS_IGNORED, Quirk.SETTINGS_AFTER_REBOOT])
async def test_a_camera_that_says_yes_and_does_nothing(
    http: aiohttp.ClientSession, what: str, quirk: Quirk
) -> None:
    """It is not done, whatever it says, and it is asked for each thing once."""
    async with simulated(quirks=frozenset({quirk}), faults=replace(BROKEN)) as camera:
        result = await do(http, camera, CHANGES[what]())
        assert result.outcome is Outcome.NOT_DONE
        assert result.changed
        assert result.after == result.before or what == "clock"
        asked = [name for name in camera.soap.calls if name.startswith(("Set", "Remove"))]
        # Encoder and microphone of two profiles.
        assert len(asked) == {"audio": 4, "resolution": 1, "clock": 1}[what]


@pytest.mark.parametrize("what", CHANGES)
async def test_an_encoder_that_starts_anew_is_waited_for(
    http: aiohttp.ClientSession, what: str
) -> None:
    """What takes effect later is found done."""
    quirks = frozenset({Quirk.SETTINGS_LATE})
    async with simulated(quirks=quirks, faults=replace(BROKEN)) as camera:
        timing = RetryTiming(settle=10.0, away=10.0, pause=0.1)
        result = await do(http, camera, CHANGES[what](), timing=timing)
        assert result.outcome is Outcome.DONE


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("auth", AuthMode)
async def test_a_camera_that_reboots_is_waited_for(
    http: aiohttp.ClientSession, what: str, auth: AuthMode
) -> None:
    """It goes away in the middle, forgets our log-in, comes back, and is asked again for what is left."""
    quirks = frozenset({Quirk.SETTINGS_REBOOT})
    async with simulated(
        quirks=quirks, auth=auth, reboot_seconds=0.3, faults=replace(BROKEN)
    ) as camera:
        timing = RetryTiming(settle=5.0, away=15.0, pause=0.1)
        result = await do(http, camera, CHANGES[what](), timing=timing)
        assert result.outcome is Outcome.DONE


@pytest.mark.parametrize("what", CHANGES)
async def test_a_camera_that_falls_silent_leaves_an_unknown_state(
    http: aiohttp.ClientSession, what: str
) -> None:
    """Nobody knows whether it was done, and that is what is said."""
    quirks = frozenset({Quirk.SETTINGS_SILENCE})
    async with simulated(quirks=quirks, faults=replace(BROKEN)) as camera:
        timing = RetryTiming(settle=0.3, away=0.5, pause=0.1)
        result = await do(http, camera, CHANGES[what](), timing=timing, timeout=2)
        assert (result.outcome, result.after, result.changed) == (Outcome.UNKNOWN, None, True)


async def test_audio_that_only_the_stream_tells_of(http: aiohttp.ClientSession) -> None:
    """Profiles without audio whose stream offers it all the same are not off."""

    async def heard(_url: str) -> bool | None:
        return True

    async with simulated() as camera:
        result = await do(http, camera, AudioOff(heard))
        assert (result.outcome, result.changed) == (Outcome.NOT_DONE, False)
        assert result.after is not None
        assert result.after.as_json() == {"audio": [], "live_audio": True}


# --- Refusals: nothing was set -----------------------------------------------------------------------------


async def refused(
    http: aiohttp.ClientSession,
    camera: RunningCamera,
    kind: type[CameraError],
    change: Change,
    credential: Credential = CHIEF,
    **more: Any,
) -> None:
    """Expect that a change is refused and that nothing was set."""
    before, faults = camera.camera.config, camera.camera.faults.audio
    with pytest.raises(CameraError) as raised:
        await do(http, camera, change, credential, **more)
    assert type(raised.value) is kind
    assert (camera.camera.config, camera.camera.faults.audio) == (before, faults)
    assert credential.password not in str(raised.value)
    assert credential.password not in repr(raised.value)


@pytest.mark.parametrize("auth", AuthMode)
@pytest.mark.parametrize("what", CHANGES)
async def test_a_wrong_password_is_tried_once(
    http: aiohttp.ClientSession, auth: AuthMode, what: str
) -> None:
    """The camera counts one refused log-in, and the account stays open for the right one."""
    async with simulated(auth=auth, lockout_after=2, faults=replace(BROKEN)) as camera:
        await refused(http, camera, CameraRefused, CHANGES[what](), WRONG)
        assert camera.soap.auth.refusals == 1
        assert (await do(http, camera, CHANGES[what]())).outcome is Outcome.DONE
        assert camera.soap.auth.refusals == 1


async def test_a_refused_session_never_asks_again(http: aiohttp.ClientSession) -> None:
    """Whoever would go on with it is stopped before the network."""
    async with simulated() as camera:
        address = CameraAddress(host="127.0.0.1", port=camera.http_port)
        client = OnvifClient(http, address, WRONG, once=True)
        await client.connect()
        with pytest.raises(CameraRefused):
            await client.identity()
        for _ in range(3):
            with pytest.raises(CameraLockedOut):
                await client.profile_settings()
        assert camera.soap.auth.refusals == 1


@pytest.mark.parametrize("auth", AuthMode)
async def test_the_right_is_missing(http: aiohttp.ClientSession, auth: AuthMode) -> None:
    """The viewing user may change nothing, an operator not the clock; the password is not blamed."""
    async with simulated(auth=auth, faults=replace(BROKEN)) as camera:
        for change in CHANGES.values():
            await refused(http, camera, CameraRightMissing, change(), VIEWER)
        await refused(http, camera, CameraRightMissing, CHANGES["clock"](), OPERATOR)
        assert camera.soap.auth.refusals == 0
        assert (await do(http, camera, audio(), OPERATOR)).outcome is Outcome.DONE


async def test_a_camera_that_will_not(http: aiohttp.ClientSession) -> None:
    """A fault in answer to a setting is said to be one."""
    quirks = frozenset({Quirk.AUDIO_FIXED})
    async with simulated(quirks=quirks, faults=Faults(audio=True)) as camera:
        await refused(http, camera, SettingRejected, audio())


async def test_another_camera_is_left_alone(http: aiohttp.ClientSession) -> None:
    """Addresses change hands: nothing is set at a camera that is not the one."""
    async with simulated(faults=Faults(audio=True)) as camera:
        await refused(http, camera, CameraIsAnother, audio(), known_as="other-0001")


async def test_a_dead_camera(http: aiohttp.ClientSession) -> None:
    """Nothing was tried, so nothing is unknown."""
    async with simulated(faults=Faults(audio=True)) as camera:
        camera.set(silent=True)
        await refused(http, camera, CameraUnreachable, audio(), timeout=0.3)


async def test_the_password_is_gone_afterwards(http: aiohttp.ClientSession) -> None:
    """Nothing that lives on holds it: neither a session nor a task nor an exception."""
    async with simulated(faults=Faults(audio=True)) as camera:
        for text in ("chief-pass", "wrong-and-unlike-any-other"):
            secret = "".join(text)
            try:
                await do(http, camera, audio(), Credential(username="chief", password=secret))
            except CameraRefused:
                assert secret != "chief-pass"
            gc.collect()
            left = [
                one
                for one in gc.get_objects()
                if isinstance(one, Credential | Login)
                and secret == (one._credential if isinstance(one, Login) else one).password
                and one is not CHIEF
            ]
            assert left == []


# --- Answers that no well-behaved camera gives -------------------------------------------------------------


def profile_answer(height: int, *, space: str = MEDIA) -> str:
    """Return one profile whose encoder carries things that we do not know."""
    return response(
        "GetProfiles",
        '<Profiles token="p"><Name>n</Name><VideoEncoderConfiguration token="e" vendor="9" xmlns:v="urn:v">'
        f"<Name>a &amp; b</Name><Encoding>H264</Encoding><Resolution><Width>{height * 2}</Width>"
        f"<Height>{height}</Height></Resolution><Quality>4.5</Quality><v:Secret on='1'>x</v:Secret>"
        "</VideoEncoderConfiguration></Profiles>",
        space,
    )


OPTIONS = response(
    "GetVideoEncoderConfigurationOptions",
    "<Options><QualityRange/><JPEG><ResolutionsAvailable><Width>9000</Width><Height>9000</Height>"
    "</ResolutionsAvailable></JPEG><H264><ResolutionsAvailable><Width>x</Width><Height>5</Height></ResolutionsAvailable>"
    "<ResolutionsAvailable><Width>200</Width><Height>100</Height></ResolutionsAvailable></H264><Extension><H264>"
    "<ResolutionsAvailable><Width>400</Width><Height>200</Height></ResolutionsAvailable></H264></Extension></Options>",
    MEDIA,
)  # fmt: skip
IDENTITY = response("GetDeviceInformation", "<Manufacturer>M</Manufacturer>")


@asynccontextmanager
async def scripted_encoder(
    answer: Any, **more: Any
) -> AsyncGenerator[tuple[ScriptedOnvif, list[str]]]:
    """Run a camera with one odd encoder; what it was set to is listed."""
    height = [100]
    bodies: list[str] = []

    def set_encoder(asked: Asked) -> Any:
        bodies.append(asked.body)
        height[0] = 200
        return answer

    async with scripted(
        GetServices=services_answer(
            ver10_device="http://x/d", ver10_media="http://x/m", **more.pop("services", {})
        ),
        GetDeviceInformation=IDENTITY,
        GetProfiles=lambda _asked: profile_answer(height[0]),
        GetVideoEncoderConfigurationOptions=OPTIONS,
        SetVideoEncoderConfiguration=set_encoder,
        **more,
    ) as camera:
        yield camera, bodies


async def at_script(http: aiohttp.ClientSession, camera: ScriptedOnvif, change: Change) -> Result:
    """Make a change at a scripted camera."""
    address = CameraAddress(host="127.0.0.1", port=camera.port)
    return await carry_out(http, address, CHIEF, change, known_as=None, timing=QUICK, timeout=10.0)


async def test_the_whole_configuration_is_sent_back(http: aiohttp.ClientSession) -> None:
    """Unknown attributes and elements included; only the two numbers differ, and it persists."""
    done = response("SetVideoEncoderConfiguration", "", MEDIA)
    async with scripted_encoder(done) as (camera, bodies):
        result = await at_script(http, camera, ResolutionChange(Resolution.EVIDENCE, 1))
    assert result.outcome is Outcome.DONE
    (body,) = bodies
    for part in (
        'vendor="9"',
        "a &amp; b",
        ":Width>400</",
        ":Height>200</",
        ":Quality>4.5</",
        ':Secret on="1">x</',
        "<ForcePersistence>true</ForcePersistence>",
    ):
        assert part in body, part


async def test_nonsense_in_answer_to_a_setting_is_looked_into(http: aiohttp.ClientSession) -> None:
    """A login page instead of an answer tells nothing; what is read back tells."""
    async with scripted_encoder("<html>welcome</html>") as (camera, bodies):
        result = await at_script(http, camera, ResolutionChange(Resolution.EVIDENCE, 1))
    assert (result.outcome, len(bodies)) == (Outcome.DONE, 1)


async def test_what_the_newer_service_lacks_the_older_one_does(http: aiohttp.ClientSession) -> None:
    """Media2 shows the profiles but removes nothing; Media does."""
    audio_on = [True]

    def profiles(asked: Asked) -> str:
        newer = MEDIA2 in asked.body
        names = ("AudioEncoder", "AudioSource")
        inside = "".join(
            f'<{name}{"" if newer else "Configuration"} token="a"><Encoding>G711</Encoding></{name}{"" if newer else "Configuration"}>'
            for name in names
            if audio_on[0]
        )
        if newer:
            inside = f'<Configurations><VideoSource token="v"/>{inside}</Configurations>'
        space = MEDIA2 if newer else MEDIA
        return response("GetProfiles", f'<Profiles token="p">{inside}</Profiles>', space)

    def remove(asked: Asked) -> Any:
        assert MEDIA in asked.body
        audio_on[0] = False
        return response("RemoveAudioEncoderConfiguration", "", MEDIA)

    async with scripted(
        GetServices=services_answer(
            ver10_device="http://x/d", ver10_media="http://x/m", ver20_media="http://x/n"
        ),
        GetDeviceInformation=IDENTITY,
        GetProfiles=profiles,
        RemoveAudioEncoderConfiguration=remove,
    ) as camera:
        result = await at_script(http, camera, audio())
        # The microphone that cannot be taken out sends nothing without an encoder.
        assert result.outcome is Outcome.DONE
        assert camera.count("RemoveConfiguration") == 1
        assert camera.count("RemoveAudioEncoderConfiguration") == 1


async def test_a_log_in_that_ends_in_between_is_not_tried_again(
    http: aiohttp.ClientSession,
) -> None:
    """A camera that refuses us after a setting is left alone, and its state is unknown."""
    locked = [False]

    def profiles(_asked: Asked) -> Any:
        return fault("ter:NotAuthorized") if locked[0] else profile_answer(100)

    def set_encoder(_asked: Asked) -> Any:
        locked[0] = True
        return response("SetVideoEncoderConfiguration", "", MEDIA)

    async with scripted(
        GetServices=services_answer(ver10_device="http://x/d", ver10_media="http://x/m"),
        GetDeviceInformation=IDENTITY,
        GetProfiles=profiles,
        GetVideoEncoderConfigurationOptions=OPTIONS,
        SetVideoEncoderConfiguration=set_encoder,
    ) as camera:
        result = await at_script(http, camera, ResolutionChange(Resolution.EVIDENCE, 1))
        assert result.outcome is Outcome.UNKNOWN
        # Two to find what to set, by no log-in and by token; two after it.
        assert camera.count("GetProfiles") <= 4


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("ntp.nict.jp", "DNS"),
        ("ntp", "DNS"),
        ("192.0.2.7", "IPv4"),
        ("2001:db8::7", "IPv6"),
        ("", None),
        ("a b", None),
        ("http://ntp.example", None),
        ("ntp.example/x", None),
        ("<a>", None),
        ("-a", None),
        ("時.example", None),
        ("a" * 254, None),
    ],
)
def test_names_of_time_servers(host: str, kind: str | None) -> None:
    """Names and addresses, and nothing that only looks like one."""
    assert host_kind(host) == kind
