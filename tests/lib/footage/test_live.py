"""The live picture for FFmpeg: it learns no password, is led nowhere, and gets the video alone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import av
import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAsksForBasic
from custom_components.niiza_cctv.lib.device.model import DigestMemory
from custom_components.niiza_cctv.lib.device.quirks import Quirk, Quirks
from custom_components.niiza_cctv.lib.footage.live import LiveRelay
from custom_components.niiza_cctv.lib.footage.rtsp import describe
from tests.lib.footage.scripted_camera import VIEWER, Footage, Request, ScriptedCamera, answer
from tests.section import PATIENCE

NEW = replace(VIEWER, digests=DigestMemory())


@pytest.fixture
async def camera(socket_enabled: None) -> AsyncIterator[ScriptedCamera]:
    """Return a camera that shows a few pictures and asks for a digest."""
    one = ScriptedCamera(media=Footage(extended="none").wire())
    one.schemes = ("basic", "md5")
    await one.start()
    yield one
    await one.stop()


def watch(url: str, pictures: int = 30) -> tuple[set[str], int]:
    """Open a stream as Home Assistant does, in a thread; return its kinds of media and how many pictures decode."""
    with av.open(url, options={"rtsp_transport": "tcp"}, timeout=10) as container:
        kinds = {str(stream.type) for stream in container.streams}
        found = 0
        for _ in container.decode(video=0):
            found += 1
            if found == pictures:
                break
        return kinds, found


def nothing_of_it(url: str) -> bool:
    """Return whether FFmpeg gets nothing."""
    try:
        watch(url)
    except av.FFmpegError:
        return True
    return False


async def test_ffmpeg_sees_the_video_and_nothing_else(camera: ScriptedCamera) -> None:
    """It plays what the camera sends, without knowing the camera, its audio or the password."""
    relay = LiveRelay(camera.url, NEW)
    url = await relay.start()
    assert str(camera.port) not in url
    assert VIEWER.password not in url
    assert await asyncio.to_thread(watch, url) == ({"video"}, 30)
    assert [one.method for one in camera.requests].count("SETUP") == 1
    assert not [one for one in camera.requests if "audio" in one.url]
    assert all(
        one.headers.get("authorization", "Digest").startswith("Digest") for one in camera.requests
    )
    # Whoever reads again is served again.
    assert await asyncio.to_thread(watch, url) == ({"video"}, 30)
    await relay.close()
    await relay.close()
    assert await asyncio.to_thread(nothing_of_it, url)


async def test_ffmpeg_hears_nothing_of_what_the_camera_gets_wrong(camera: ScriptedCamera) -> None:
    """Connections closed behind the question, bytes between packets, another channel: put right and counted."""
    packets = [packet for unit in Footage(extended="none").units() for packet in unit]
    frames = (bytes([36, 4, *divmod(len(packet), 256)]) + packet for packet in packets)
    camera.media = b"\x13$\x00stray".join(frames)
    camera.closing = 99
    quirks = Quirks()
    relay = LiveRelay(camera.url, NEW, quirks=quirks)
    url = await relay.start()
    assert await asyncio.to_thread(watch, url) == ({"video"}, 30)
    await relay.close()
    assert quirks.counts().keys() >= {
        Quirk.RTSP_CLOSED_BEHIND_401,
        Quirk.RTSP_STRAY_BYTES,
        Quirk.RTSP_CHANNEL,
    }


async def test_reader_that_goes_leaves_no_connection_to_a_silent_camera(
    camera: ScriptedCamera,
) -> None:
    """The camera says nothing after its pictures; once nobody reads, it is left."""
    relay = LiveRelay(camera.url, NEW)
    url = await relay.start()
    await asyncio.to_thread(watch, url)
    async with asyncio.timeout(PATIENCE):
        while camera.open:  # noqa: ASYNC110 - the camera's end of a socket
            await asyncio.sleep(0.02)
    await relay.close()


async def test_nobody_else_of_this_machine_is_served(camera: ScriptedCamera) -> None:
    """The address holds a secret; without it the camera is not even asked."""
    relay = LiveRelay(camera.url, NEW)
    url = await relay.start()
    assert await asyncio.to_thread(nothing_of_it, url.rpartition("/")[0] + "/guessed")
    assert not camera.requests
    await relay.close()


@pytest.mark.parametrize("method", ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"])
async def test_redirects_are_never_followed(camera: ScriptedCamera, method: str) -> None:
    """Wherever the camera sends FFmpeg, loopback included: nobody is asked there."""
    visited = asyncio.Event()

    async def visit(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visited.set()
        writer.close()

    trap = await asyncio.start_server(visit, "127.0.0.1", 0)
    port = trap.sockets[0].getsockname()[1]

    async def redirect(request: Request, _writer: asyncio.StreamWriter) -> bytes:
        location = f"Location: rtsp://127.0.0.1:{port}/live"
        return answer(request, "302 Moved Temporarily", [location])

    camera.steps[method] = redirect
    relay = LiveRelay(camera.url, NEW)
    url = await relay.start()
    nothing = await asyncio.to_thread(nothing_of_it, url)
    # OPTIONS only asks what there is: the rest goes on with the camera itself.
    assert nothing is (method != "OPTIONS")
    assert not visited.is_set()
    await relay.close()
    trap.close()


async def test_camera_that_took_a_digest_is_never_sent_a_readable_password(
    camera: ScriptedCamera,
) -> None:
    """Neither by our own requests nor by FFmpeg's, once it asks for Basic; one that never did is."""
    credential = replace(VIEWER, digests=DigestMemory())
    camera.schemes = ("basic",)
    assert await describe(camera.url, credential)
    assert camera.requests[-1].headers["authorization"].startswith("Basic")
    camera.schemes = ("basic", "md5")
    assert await describe(camera.url, credential)
    assert credential.digests.taken
    camera.schemes = ("basic",)
    camera.requests.clear()
    with pytest.raises(CameraAsksForBasic):
        await describe(camera.url, credential)
    relay = LiveRelay(camera.url, credential)
    url = await relay.start()
    assert await asyncio.to_thread(nothing_of_it, url)
    await relay.close()
    assert camera.requests
    assert not [one for one in camera.requests if "authorization" in one.headers]
