"""Home Assistant's companion app as far as notifications need it: registers by the HTTP API, receives pushes on loopback."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.section import PATIENCE


class App:
    """One phone or tablet, with the app logged in as its owner."""

    def __init__(self, hass: HomeAssistant, http: TestClient[Any, Any], token: str) -> None:
        """Take the way to Home Assistant and the owner's log-in."""
        self.hass = hass
        self.http = http
        self.headers = {"Authorization": f"Bearer {token}"}
        self.webhook = ""
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def notice(self) -> dict[str, Any]:
        """Return the next push that arrives."""
        async with asyncio.timeout(PATIENCE):
            return await self.inbox.get()

    async def press(self, action: Mapping[str, Any]) -> None:
        """Press a button of a notification."""
        answer = await self.http.post(
            f"/api/webhook/{self.webhook}",
            json={
                "type": "fire_event",
                "data": {
                    "event_type": "mobile_app_notification_action",
                    "event_data": {"action": action["action"], "tag": "x"},
                },
            },
        )
        assert answer.status == 200

    async def get(self, path: str) -> ClientResponse:
        """Fetch something of Home Assistant, as the app does with the picture of a notification."""
        return await self.http.get(path, headers=self.headers)


class Companions:
    """Registers apps, and is the push service that Home Assistant sends their notifications to."""

    def __init__(self, hass: HomeAssistant, client: ClientSessionGenerator) -> None:
        """Take what leads to Home Assistant's web server."""
        self.hass = hass
        self._client = client
        self._apps: dict[str, App] = {}
        application = web.Application()
        application.router.add_post("/push", self._receive)
        self._server = TestServer(application)

    async def start(self) -> None:
        """Listen on loopback; mobile_app must be there before the first web client is."""
        for domain in ("repairs", "notify", "mobile_app"):
            assert await async_setup_component(self.hass, domain, {})
        await self._server.start_server()

    async def stop(self) -> None:
        """Listen no more."""
        await self._server.close()

    async def _receive(self, request: web.Request) -> web.Response:
        message = await request.json()
        self._apps[message["push_token"]].inbox.put_nowait(message)
        return web.json_response({"target": "ok"}, status=201)

    async def register(self, person: str, name: str | None = None, **changes: Any) -> App:
        """Let a person log in to the app on a new phone."""
        user = await self.hass.auth.async_get_user(person)
        assert user
        refresh = await self.hass.auth.async_create_refresh_token(
            user,
            client_name=f"app {person} {name}",
            token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
            access_token_expiration=timedelta(hours=1),
        )
        app = App(
            self.hass, await self._client(), self.hass.auth.async_create_access_token(refresh)
        )
        push = f"push-{len(self._apps)}"
        self._apps[push] = app
        answer = await app.http.post(
            "/api/mobile_app/registrations",
            headers=app.headers,
            json={
                "app_data": {"push_url": str(self._server.make_url("/push")), "push_token": push},
                "app_id": "io.homeassistant.companion.android",
                "app_name": "Home Assistant",
                "app_version": "2026.11",
                "device_id": f"{person}-{name}",
                "device_name": name or f"{person} phone",
                "manufacturer": "M",
                "model": "M",
                "os_name": "Android",
                "os_version": "16",
                "supports_encryption": False,
            }
            | changes,
        )
        assert answer.status == 201, await answer.text()
        app.webhook = (await answer.json())["webhook_id"]
        await self.hass.async_block_till_done()
        return app
