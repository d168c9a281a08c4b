"""A virtual camera and our archive of it, for tests over real sockets."""

from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

from custom_components.niiza_cctv.lib.device.camera import StationCamera
from custom_components.niiza_cctv.lib.device.model import CameraAddress, Credential
from custom_components.niiza_cctv.lib.device.policy import SectionPolicy
from custom_components.niiza_cctv.lib.footage.archive import Archive, Picture, Stretch
from custom_components.niiza_cctv.lib.footage.gate import ReplayGate
from custom_components.niiza_cctv.lib.footage.readback import read_back
from custom_components.niiza_cctv.lib.footage.rtsp import describe
from simulator.running import RunningCamera
from simulator.station import Station
from tests.section import QUICK
from tests.station import VIEWER, camera_config

TOKYO = ZoneInfo("Asia/Tokyo")
VIEWING = Credential(username=VIEWER.name, password=VIEWER.password)


@dataclass(kw_only=True)
class Filed:
    """A running camera and the archive of what is on its card."""

    running: RunningCamera
    camera: StationCamera
    archive: Archive

    async def pictures(self, part: Stretch, **options: Any) -> list[Picture]:
        """Return all pictures of a part."""
        async with await self.archive.play(part, idle_timeout=0.5, **options) as stream:
            return [picture async for picture in stream]


@contextlib.asynccontextmanager
async def filed(
    *, credential: Credential = VIEWING, known_as: str | None = None, **changes: Any
) -> AsyncIterator[Filed]:
    """Run a camera with these changes to its configuration for the length of a block."""

    async def media_kinds(url: str, credential: Credential) -> frozenset[str]:
        return frozenset(media.kind for media in await describe(url, credential))

    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        Station([camera_config(**changes)]) as station,
    ):
        running = next(iter(station.cameras.values()))
        camera = StationCamera(
            http,
            CameraAddress(host="127.0.0.1", port=running.http_port),
            credential,
            SectionPolicy(),
            known_as=known_as,
            poll_interval=timedelta(seconds=30),
            time_zone=TOKYO,
            media_kinds=media_kinds,
            read_back=read_back,
            on_change=lambda: None,
            timing=QUICK,
        )
        archive = Archive(camera, time_zone=TOKYO, tls=None, gate=ReplayGate())
        yield Filed(running=running, camera=camera, archive=archive)
