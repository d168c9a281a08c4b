"""A station: several virtual cameras with their servers, in one event loop."""

import asyncio
from collections.abc import Callable
import contextlib
from dataclasses import replace
from datetime import datetime
import errno
from pathlib import Path
import random
import socket
from types import TracebackType
from typing import Self

from simulator.camera import CameraConfig, VirtualCamera
from simulator.card import Card
from simulator.control import ControlServer
from simulator.ddns import DdnsClient
from simulator.discovery import Responder
from simulator.mail import MailClient
from simulator.rtsp import RtspServer
from simulator.running import PortInUse, RunningCamera
from simulator.soap import SoapServer
from simulator.video import Loops, profile_spec

# So that the answer to SystemReboot is out before the connections are cut.
REBOOT_DELAY = 0.2


class Station:
    """All cameras of a station; port 0 in a configuration is a free port."""

    def __init__(
        self,
        configs: list[CameraConfig],
        *,
        discovery: bool = False,
        control_port: int | None = None,
        control_host: str = "127.0.0.1",
        true_now: Callable[[], datetime] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Make the station; nothing is started. `folder` is where the encoded loops are kept."""
        names = [config.name for config in configs]
        if len(set(names)) != len(names):
            raise ValueError("Two cameras have the same name")
        self._configs = configs
        self._true_now = true_now
        self._loops = Loops(folder)
        self._tasks: set[asyncio.Task[None]] = set()
        self._responder = Responder(self._published) if discovery else None
        self._control = (
            ControlServer(self, control_host, control_port) if control_port is not None else None
        )
        self.cameras: dict[str, RunningCamera] = {}

    async def __aenter__(self) -> Self:
        """Start everything."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop everything."""
        await self.stop()

    @property
    def control_port(self) -> int | None:
        """Return where the control interface listens."""
        return self._control.port if self._control else None

    async def start(self) -> None:
        """Start all cameras. Raises PortInUse, with nothing left running."""
        try:
            for config in self._configs:
                running = self._make(config)
                self.cameras[config.name] = running
                await self._listen(running)
            if self._control is not None:
                await self._control.start()
            if self._responder is not None:
                await self._responder.start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop all cameras and everything that is under way."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._responder is not None:
            await self._responder.stop()
        if self._control is not None:
            await self._control.stop()
        await asyncio.gather(*(self._silence(running) for running in self.cameras.values()))
        self.cameras.clear()
        await self._loops.settle()

    async def reboot(self, name: str) -> None:
        """Take a camera off the network for as long as its reboot takes."""
        running = self.cameras[name]
        self._bye(running)
        await self._silence(running)
        await asyncio.sleep(running.camera.config.reboot_seconds)
        running.camera.start_up()
        await self._listen(running)
        self._hello(running)

    async def move(
        self,
        name: str,
        *,
        host: str | None = None,
        http_port: int | None = None,
        rtsp_port: int | None = None,
    ) -> None:
        """Give a camera another address, at which it keeps its ports, or other ports; None takes a free one.

        Its dynamic DNS client then reports. Raises PortInUse.
        """
        running = self.cameras[name]
        before = running.camera.config
        self._bye(running)
        await self._silence(running)
        keep = before if host is not None else replace(before, http_port=0, rtsp_port=0)
        running.camera.config = replace(
            before,
            host=host or before.host,
            http_port=keep.http_port if http_port is None else http_port,
            rtsp_port=keep.rtsp_port if rtsp_port is None else rtsp_port,
        )
        try:
            await self._listen(running)
        except PortInUse:
            running.camera.config = before
            await self._listen(running)
            raise
        finally:
            self._hello(running)

    def reboot_soon(self, name: str, *, after: float = 0.0) -> None:
        """Reboot a camera without waiting for it, `after` seconds from now."""

        async def reboot() -> None:
            await asyncio.sleep(after)
            await self.reboot(name)

        task = asyncio.create_task(reboot())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _make(self, config: CameraConfig) -> RunningCamera:
        # The faults belong to the running camera: a configuration used twice must start sound twice.
        camera = VirtualCamera(replace(config, faults=replace(config.faults)), self._true_now)
        card = Card(camera)
        return RunningCamera(
            camera=camera,
            card=card,
            soap=SoapServer(
                camera,
                card,
                still=lambda token, at: self._still(camera, token, at),
                reboot=lambda: self.reboot_soon(config.name, after=REBOOT_DELAY),
            ),
            rtsp=RtspServer(camera, card, self._loops),
            ddns=DdnsClient(camera),
            mail=MailClient(camera),
        )

    async def _still(self, camera: VirtualCamera, token: str, at: datetime) -> bytes:
        loop = await self._loops.get(profile_spec(camera.config, token))
        return await loop.jpeg(at)

    async def _listen(self, running: RunningCamera) -> None:
        camera = running.camera
        config = camera.config
        try:
            await running.rtsp.start()
        except OSError as err:
            raise PortInUse(config.host, config.rtsp_port, f"RTSP of {config.name}") from err
        camera.config = replace(camera.config, rtsp_port=running.rtsp.port)
        try:
            await running.soap.start()
        except OSError as err:
            raise PortInUse(config.host, config.http_port, f"HTTP of {config.name}") from err
        camera.config = replace(camera.config, http_port=running.soap.port)
        running.ddns.start()
        running.mail.start()

    async def _silence(self, running: RunningCamera) -> None:
        await running.ddns.stop()
        await running.mail.stop()
        await running.soap.stop()
        await running.rtsp.stop()

    def _published(self) -> list[RunningCamera]:
        return list(self.cameras.values())

    def _hello(self, running: RunningCamera) -> None:
        if self._responder is not None:
            self._responder.hello(running)

    def _bye(self, running: RunningCamera) -> None:
        if self._responder is not None:
            self._responder.bye(running)


def free_port(host: str) -> int:
    """Return a port that nobody uses at this moment, below those that the system gives to whoever asks for any."""
    for port in random.sample(range(10_240, 20_480), 1000):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind((host, port))
            return port
    raise OSError(errno.EADDRINUSE, "No free port")
