"""The control interface: plain HTTP with JSON that looks at the cameras, breaks and fixes them."""

from dataclasses import asdict
import ipaddress
import json
from typing import Any, Protocol

from aiohttp import web

from simulator.running import PortInUse, RunningCamera


class Controlled(Protocol):
    """What is controlled here: the station, which makes this interface itself."""

    cameras: dict[str, RunningCamera]

    def reboot_soon(self, name: str, *, after: float = 0.0) -> None:
        """Reboot a camera without waiting for it."""

    async def move(
        self,
        name: str,
        *,
        host: str | None = None,
        http_port: int | None = None,
        rtsp_port: int | None = None,
    ) -> None:
        """Give a camera another address or other ports. Raises PortInUse."""


def state(running: RunningCamera) -> dict[str, Any]:
    """Return what is worth knowing of a camera; never a password."""
    config = running.camera.config
    recordings = running.card.recordings()
    return {
        "name": config.name,
        "location": config.location,
        "host": config.host,
        "http_port": running.http_port,
        "rtsp_port": running.rtsp_port,
        "tls": config.tls,
        "codec": config.codec,
        "clock": running.camera.now().isoformat(),
        "faults": asdict(running.camera.faults),
        "quirks": sorted(config.quirks),
        "job_state": running.card.job_state(),
        "recordings": [
            {
                "token": recording.token,
                "earliest": recording.earliest and recording.earliest.isoformat(),
                "latest": recording.latest and recording.latest.isoformat(),
                "state": recording.state,
            }
            for recording in recordings
        ],
        "subscriptions": len(running.soap.events.subscriptions),
        "refused_logins": running.soap.auth.refusals,
        "rtsp_setups": running.rtsp.setups[-20:],
        "replays": len(running.rtsp.replays),
        "searches": running.soap.searches,
        "mail": {"sent": running.mail.sent, "error": running.mail.error},
        "ddns": {
            "answer": running.ddns.answer,
            "reports": running.ddns.reports,
            "stopped": running.ddns.stopped,
        },
    }


def _is_address(text: Any) -> bool:
    try:
        ipaddress.ip_address(text if isinstance(text, str) else "")
    except ValueError:
        return False
    return True


class ControlServer:
    """GET /cameras, POST /cameras/{name}, /cameras/{name}/reboot, /move, /report, /mail and /overwrite."""

    def __init__(self, station: Controlled, host: str, port: int) -> None:
        """Make the server; it has no log-in, so `host` should be this machine only."""
        self._station = station
        self._host = host
        self._wanted = port
        app = web.Application()
        app.router.add_get("/cameras", self._list)
        app.router.add_get("/cameras/{name}", self._show)
        app.router.add_post("/cameras/{name}", self._set)
        app.router.add_post("/cameras/{name}/reboot", self._reboot)
        app.router.add_post("/cameras/{name}/move", self._move)
        app.router.add_post("/cameras/{name}/report", self._report)
        app.router.add_post("/cameras/{name}/mail", self._mail)
        app.router.add_post("/cameras/{name}/overwrite", self._overwrite)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)

    @property
    def port(self) -> int:
        """Return the port in use."""
        address: tuple[str, int] = self._runner.addresses[0]
        return address[1]

    async def start(self) -> None:
        """Listen. Raises PortInUse."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._wanted).start()
        except OSError as err:
            raise PortInUse(self._host, self._wanted, "the control interface") from err

    async def stop(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    def _running(self, request: web.Request) -> RunningCamera:
        name = request.match_info["name"]
        if (running := self._station.cameras.get(name)) is None:
            raise web.HTTPNotFound(text=f"There is no camera named {name}")
        return running

    async def _body(self, request: web.Request) -> dict[str, Any]:
        if not request.can_read_body:
            return {}
        try:
            body = await request.json()
        except json.JSONDecodeError:
            raise web.HTTPBadRequest(text="Not JSON") from None
        if not isinstance(body, dict):
            raise web.HTTPBadRequest(text="Not a JSON object")
        return body

    async def _list(self, request: web.Request) -> web.Response:
        return web.json_response([state(item) for item in self._station.cameras.values()])

    async def _show(self, request: web.Request) -> web.Response:
        return web.json_response(state(self._running(request)))

    async def _set(self, request: web.Request) -> web.Response:
        running = self._running(request)
        changes = await self._body(request)
        try:
            running.set(**changes)
        except (ValueError, TypeError) as err:
            raise web.HTTPBadRequest(text=str(err)) from None
        return web.json_response(state(running))

    async def _reboot(self, request: web.Request) -> web.Response:
        running = self._running(request)
        self._station.reboot_soon(running.name)
        return web.json_response({"back_in": running.camera.config.reboot_seconds}, status=202)

    async def _mail(self, request: web.Request) -> web.Response:
        running = self._running(request)
        if running.camera.config.mail is None:
            raise web.HTTPConflict(text="This camera sends mails to nobody")
        running.mail.send_now()
        return web.json_response(state(running), status=202)

    async def _report(self, request: web.Request) -> web.Response:
        running = self._running(request)
        if running.camera.config.ddns is None:
            raise web.HTTPConflict(text="This camera reports its address to nobody")
        running.ddns.update_now()
        return web.json_response(state(running), status=202)

    async def _overwrite(self, request: web.Request) -> web.Response:
        running = self._running(request)
        if (day := running.card.overwrite_oldest()) is None:
            raise web.HTTPConflict(text="Only today is on the card")
        return web.json_response({"overwritten": day.isoformat()} | state(running))

    async def _move(self, request: web.Request) -> web.Response:
        running = self._running(request)
        body = await self._body(request)
        host = body.pop("host", None)
        if host is not None and not _is_address(host):
            raise web.HTTPBadRequest(text="host is an IP address")
        ports: dict[str, int] = {}
        for key, value in body.items():
            if (
                key not in {"http_port", "rtsp_port"}
                or not isinstance(value, int)
                or not 0 <= value < 65536
            ):
                raise web.HTTPBadRequest(text="http_port and rtsp_port are ports")
            ports[key] = value
        try:
            await self._station.move(running.name, host=host, **ports)
        except PortInUse as err:
            raise web.HTTPConflict(text=str(err)) from None
        return web.json_response(state(running))
