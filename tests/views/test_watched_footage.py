"""How much of a sealed clip an approver watched: counted by the server, shown to them, and in the approval's entry."""

import asyncio
from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.const import DOMAIN
from tests.office import Office
from tests.section import PATIENCE, until

NOTHING = {"seconds": 0, "every_picture": 0, "missing_from": 0, "fastest": 0}


class Desk:
    """An approver's browser."""

    def __init__(self, socket: Any, player: TestClient[Any, Any]) -> None:
        """Sit down."""
        self.socket = socket
        self.player = player

    async def ask(self, command: str, **data: Any) -> dict[str, Any]:
        """Send a command and return the whole answer."""
        await self.socket.send_json_auto_id({"type": f"{DOMAIN}/{command}", **data})
        answer: dict[str, Any] = await self.socket.receive_json()
        return answer

    async def tell(self, clip: str, *reaches: list[int], speed: int = 100) -> dict[str, Any]:
        """Tell what was played, and return what it comes to."""
        answer = await self.ask("watched", clip=clip, reaches=list(reaches), speed=speed)
        assert answer["success"], answer
        result: dict[str, Any] = answer["result"]
        return result

    async def open(self, clip: str) -> str:
        """Open a clip; return where its parts are."""
        answer = await self.ask("watch_clip", clip=clip)
        url: str = answer["result"]["url"]
        return url.partition("index.m3u8")[0]

    async def fetch(self, path: str, *numbers: int) -> None:
        """Have segments served."""
        for number in numbers:
            response = await self.player.get(f"{path}{number}.m4s")
            assert response.status == HTTPStatus.OK
            await response.read()

    async def watch_through(self, item: str) -> dict[str, Any]:
        """Fetch all of a clip and tell that it was played, once it can have been; return what it comes to."""
        path = await self.open(item)
        listed = await (await self.player.get(f"{path}index.m3u8")).text()
        await self.fetch(path, *range(listed.count(".m4s")))
        told: dict[str, Any] = {}
        async with asyncio.timeout(PATIENCE):
            while not told or told["every_picture"] < told["of"]:
                await asyncio.sleep(0.1)
                told = await self.tell(item, [0, 3_600_000])
        return told


async def sit_down(
    hass: HomeAssistant,
    sockets: WebSocketGenerator,
    players: ClientSessionGenerator,
    person: str,
) -> Desk:
    """Let somebody log in; their player sends no log-in."""
    user = await hass.auth.async_get_user(person)
    assert user
    token = await hass.auth.async_create_refresh_token(user, "https://desk.example/")
    return Desk(await sockets(hass, hass.auth.async_create_access_token(token)), await players())


@pytest.fixture
async def suzuki(
    hass: HomeAssistant,
    office: Office,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> AsyncGenerator[Desk]:
    """Give the approver's browser."""
    desk = await sit_down(hass, hass_ws_client, hass_client_no_auth, "suzuki")
    yield desk
    await desk.socket.close()


async def shown(office: Office, person: str, case: str) -> dict[str, Any] | None:
    """Return how much of a case's first clip somebody is told that they watched."""
    answer = await office.call(person, "get_case", case=case)
    watched: dict[str, Any] | None = answer["passages"][0]["watched"]
    return watched


async def test_approval_says_what_was_watched_of_what_was_served(
    office: Office, suzuki: Desk
) -> None:
    """A browser may tell what it likes: what never left was not watched. Anybody else watched nothing."""
    case = await office.preserved()
    clip = f"{case}-01"
    whole = (await shown(office, "suzuki", case) or {})["of"]
    assert whole >= 5
    assert await suzuki.tell(clip, [0, 3_600_000]) == {**NOTHING, "of": whole}
    path = await suzuki.open(clip)
    assert await suzuki.tell(clip, [0, 3_600_000]) == {**NOTHING, "of": whole}
    await suzuki.fetch(path, 0)
    told = await suzuki.tell(clip, [0, 1_200], [1_000, 2_000])
    assert (told["seconds"], told["of"], told["fastest"]) == (2, whole, 100)
    # Of what was fetched all at once nobody can have seen every picture before.
    async with asyncio.timeout(PATIENCE):
        while told["every_picture"] < 2:
            await asyncio.sleep(0.1)
            told = await suzuki.tell(clip)
    # The same once more is not more; the rest of the fragment so fast that pictures are left out is told apart.
    told = await suzuki.tell(clip, [0, 3_000], speed=400)
    assert told == {
        "seconds": 3, "of": whole, "every_picture": 2, "missing_from": 2, "fastest": 400,
    }  # fmt: skip
    assert await shown(office, "suzuki", case) == told
    assert await shown(office, "sato", case) == {**NOTHING, "of": whole}

    await office.call("suzuki", "approve_case", case=case)
    (entry,) = await office.entries("item_approved")
    assert entry.details["watched_as_told_by_browser"] == {
        clip: {
            "seconds": 3,
            "of_seconds": whole,
            "seconds_up_to_double_speed": 2,
            "fastest_percent": 400,
        }
    }


async def test_whole_clip_is_whole_and_stays_so_over_a_restart(
    hass: HomeAssistant, office: Office, suzuki: Desk
) -> None:
    """Every fragment fetched and played; when the section is loaded anew, it is not forgotten."""
    case = await office.preserved()
    clip = f"{case}-01"
    path = await suzuki.open(clip)
    listed = await (await suzuki.player.get(f"{path}index.m3u8")).text()
    assert "#EXT-X-NIIZA-KEYS:0.000" in listed
    told = await suzuki.watch_through(clip)
    assert (told["seconds"], told["missing_from"]) == (told["of"], None)
    assert await hass.config_entries.async_reload(office.entry.entry_id)
    await until(lambda: office.evidence.is_read)
    assert await shown(office, "suzuki", case) == told


async def test_approval_without_watching_is_allowed_and_says_so(office: Office) -> None:
    """The office decides; the ledger has that nothing was played."""
    case = await office.approved()
    (entry,) = await office.entries("item_approved")
    watched = entry.details["watched_as_told_by_browser"][f"{case}-01"]
    assert (watched["seconds"], watched["fastest_percent"]) == (0, 0)
    assert watched["of_seconds"] >= 5


async def test_automations_and_scripts_learn_nothing_of_it(
    hass: HomeAssistant, office: Office
) -> None:
    """What an action is answered by another hand than the person's own stands in traces."""
    case = await office.preserved()
    assert await async_setup_component(
        hass,
        "script",
        {
            "script": {
                "look": {
                    "sequence": [
                        {
                            "action": f"{DOMAIN}.get_case",
                            "data": {"case": case},
                            "response_variable": "answer",
                        },
                        {"stop": "end", "response_variable": "answer"},
                    ]
                }
            }
        },
    )
    answer: Any = await hass.services.async_call(
        "script",
        "look",
        blocking=True,
        return_response=True,
        context=Context(user_id="suzuki"),
    )
    (clip,) = answer["passages"]
    assert clip["watched"] is None


async def test_nonsense_is_refused_and_strangers_learn_nothing(
    hass: HomeAssistant,
    office: Office,
    suzuki: Desk,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Formats, bounds, clips that are none; who may not read cases is refused on the record whatever they name."""
    case = await office.preserved()
    clip = f"{case}-01"
    for reaches, speed in (
        ([[0]], 100),
        ([[0, 1, 2]], 100),
        ([[-1, 5]], 100),
        ([[0, 10**12]], 100),
        ([["0", "1"]], 100),
        ([[0, 1]] * 101, 100),
        ([[0, 1]], 0),
        ([[0, 1]], 1.5),
        ([[0, 1]], 10**9),
    ):
        answer = await suzuki.ask("watched", clip=clip, reaches=reaches, speed=speed)
        assert answer["error"]["code"] == "invalid_format", reaches
    answer = await suzuki.ask("watched", clip="x" * 500, reaches=[[0, 1]], speed=100)
    assert answer["error"]["translation_key"] == "clip_unknown"
    tablet = await sit_down(hass, hass_ws_client, hass_client_no_auth, "tablet")
    for named in (clip, "nothing"):
        answer = await tablet.ask("watched", clip=named, reaches=[[0, 1]], speed=100)
        assert answer["error"]["translation_key"] == "not_allowed_tablet"
    assert ("tablet", "see_cases", "section", "not_allowed_tablet") in await office.refusals()
    await tablet.socket.close()


async def test_purged_clip_is_forgotten(
    hass: HomeAssistant, hass_storage: dict[str, Any], office: Office, suzuki: Desk
) -> None:
    """What was watched of footage that is gone is kept nowhere but in the ledger."""
    case = await office.preserved()
    clip = f"{case}-01"
    await suzuki.fetch(await suzuki.open(clip), 0)
    await suzuki.tell(clip, [0, 2_000])
    await office.call("suzuki", "reject_case", case=case, reason="照会書に不備がある")
    await office.call("sato", "purge_case", case=case)
    assert await hass.config_entries.async_unload(office.entry.entry_id)
    assert hass_storage[f"{DOMAIN}.watched"]["data"] == []
    assert await hass.config_entries.async_remove(office.entry.entry_id)
    assert f"{DOMAIN}.watched" not in hass_storage
