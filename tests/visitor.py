"""Somebody who uses a Home Assistant that runs as a program of its own, by its HTTP and websocket doors."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp

from custom_components.niiza_cctv.lib.cases.drafts import DRAFTED
from custom_components.niiza_cctv.services import ACTIONS
from scripts.demo import USERS


class Visitor:
    """One of the demo's users, logged in as the demo says."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        """Keep the log-in."""
        self._session = session
        self._url = url
        self._bearer = {"Authorization": f"Bearer {token}"}
        self._token = token
        self._asked = 0

    @classmethod
    async def log_in(cls, session: aiohttp.ClientSession, url: str, name: str) -> Self:
        """Log in by name and password."""
        password = next(password for user, password, _ in USERS if user == name)
        client = {"client_id": f"{url}/"}
        async with session.post(
            f"{url}/auth/login_flow",
            json={**client, "handler": ["homeassistant", None], "redirect_uri": f"{url}/"},
        ) as response:
            flow = (await response.json())["flow_id"]
        async with session.post(
            f"{url}/auth/login_flow/{flow}",
            json={**client, "username": name, "password": password},
        ) as response:
            code = (await response.json())["result"]
        form = {**client, "grant_type": "authorization_code", "code": code}
        async with session.post(f"{url}/auth/token", data=form) as response:
            return cls(session, url, (await response.json())["access_token"])

    async def get(self, path: str) -> Any:
        """Get JSON of a path below `/api/`."""
        async with self._session.get(f"{self._url}/api/{path}", headers=self._bearer) as response:
            response.raise_for_status()
            return await response.json()

    async def post(self, path: str, data: dict[str, Any]) -> Any:
        """Post JSON to a path below `/api/`; raises AssertionError with the answer that is no success."""
        async with self._session.post(
            f"{self._url}/api/{path}", json=data, headers=self._bearer
        ) as response:
            assert response.ok, await response.text()
            return await response.json()

    async def act(self, action: str, **data: Any) -> Any:
        """Call an action of ours that answers, what is written for it in a draft; return the answer."""
        if (step := ACTIONS[action].step) is not None:
            texts = {name: data.pop(name) for name in DRAFTED[step] if name in data}
            if texts:
                saved = await self.ask("niiza_cctv/save_draft", step=step, fields=texts)
                data["draft_id"] = saved["draft_id"]
        answer = await self.post(f"services/niiza_cctv/{action}?return_response", data)
        return answer["service_response"]

    async def ask(self, kind: str, **data: Any) -> Any:
        """Ask by websocket; return the result. Raises AssertionError with the error."""
        async with self._session.ws_connect(
            f"{self._url}/api/websocket", max_msg_size=0
        ) as websocket:
            await websocket.receive_json()
            await websocket.send_json({"type": "auth", "access_token": self._token})
            assert (await websocket.receive_json())["type"] == "auth_ok"
            await websocket.send_json({"id": 1, "type": kind, **data})
            answer = await websocket.receive_json()
            assert answer["success"], answer
            result = answer["result"]
            # What is subscribed to comes as an event behind its result.
            return result if result is not None else (await websocket.receive_json())["event"]


@asynccontextmanager
async def visiting(url: str, *names: str) -> AsyncGenerator[list[Visitor]]:
    """Log users of the demo in."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield [await Visitor.log_in(session, url, name) for name in names]


async def until[T](ask: Callable[[], Any], good: Callable[[T], bool], patience: float = 120) -> T:
    """Ask again and again until the answer is good; what never is fails with the last answer."""
    answer: Any = None
    try:
        async with asyncio.timeout(patience):
            while not good(answer := await ask()):  # noqa: ASYNC110 (it is the other process that changes)
                await asyncio.sleep(0.5)
    except TimeoutError:
        raise AssertionError(f"still {answer!r}") from None
    found: T = answer
    return found
