"""Links to recorded footage and to sealed clips: whose they are, how long they live, and what they refuse."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
import re
from typing import Any
from unittest.mock import patch

from aiohttp.test_utils import TestClient
import av
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.niiza_cctv.lib.footage.clip_playback import MAX_SPAN
from custom_components.niiza_cctv.lib.footage.gate import Use
from custom_components.niiza_cctv.lib.footage.playback import Playback, PlaybackTiming
from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from custom_components.niiza_cctv.lib.ledger.model import Entry
from custom_components.niiza_cctv.views.passages import async_watch_clip
from simulator.running import RunningCamera
from simulator.station import Station
from tests.office import Office, open_office
from tests.section import BY_ITSELF, set_up, unique_id_of, until
from tests.station import camera_config

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def japanese(hass: HomeAssistant, served: None) -> None:
    """Have refusals told in Japanese."""
    hass.config.language = "ja"


class Watcher:
    """Somebody at a browser, and their player, which sends no log-in."""

    def __init__(
        self, websocket: Any, client: TestClient[Any, Any], player: TestClient[Any, Any]
    ) -> None:
        """Sit down."""
        self.websocket = websocket
        self.client = client
        self.player = player

    async def ask(self, camera: str, start: datetime | str, end: datetime | str) -> dict[str, Any]:
        """Ask for a passage and return the whole answer."""
        await self.websocket.send_json_auto_id(
            {
                "type": "niiza_cctv/playback",
                "camera": camera,
                "start": start if isinstance(start, str) else start.isoformat(),
                "end": end if isinstance(end, str) else end.isoformat(),
            }
        )
        answer: dict[str, Any] = await self.websocket.receive_json()
        return answer

    async def open(self, camera: str, length: timedelta = MINUTE) -> str:
        """Open a passage of an hour ago; return where its parts are."""
        start = dt_util.utcnow().replace(microsecond=0) - HOUR
        answer = await self.ask(camera, start, start + length)
        assert answer["success"], answer
        url: str = answer["result"]["url"]
        return url.partition("index.m3u8")[0]

    async def ask_clip(self, clip: str) -> dict[str, Any]:
        """Ask for a sealed clip and return the whole answer."""
        await self.websocket.send_json_auto_id({"type": "niiza_cctv/watch_clip", "clip": clip})
        answer: dict[str, Any] = await self.websocket.receive_json()
        return answer

    async def open_clip(self, case: str) -> str:
        """Open the first clip of a case; return where its parts are."""
        answer = await self.ask_clip(f"{case}-01")
        assert answer["success"], answer
        url: str = answer["result"]["url"]
        return url.partition("index.m3u8")[0]

    async def get(self, url: str) -> tuple[int, str]:
        """Return status and text of what the player gets."""
        response = await self.player.get(url)
        return response.status, await response.text(errors="replace")


type SitDown = Callable[[MockUser], Awaitable[Watcher]]


@pytest.fixture
async def sit_down(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> AsyncGenerator[SitDown]:
    """Return what lets somebody log in."""
    sitting: list[Watcher] = []

    async def log_in(user: MockUser) -> Watcher:
        token = await hass.auth.async_create_refresh_token(user, "https://desk.example/")
        access = hass.auth.async_create_access_token(token)
        watcher = Watcher(
            await hass_ws_client(hass, access),
            await hass_client(access),
            await hass_client_no_auth(),
        )
        sitting.append(watcher)
        return watcher

    yield log_in
    for watcher in sitting:
        await watcher.websocket.close()


async def entries(section: MockConfigEntry) -> list[Entry]:
    """Return what the ledger holds beside what a new section takes over and finds out by itself."""
    return [
        entry
        async for entry in section.runtime_data.evidence.ledger.entries()
        if entry.action not in BY_ITSELF
    ]


@pytest.fixture
def camera(kita: RunningCamera) -> str:
    """Return the camera's unique id."""
    return unique_id_of(kita.camera.config)


async def test_passage_says_what_of_it_is_missing(
    hass: HomeAssistant,
    kita: RunningCamera,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """The panel gets everything it shows; times without an offset are the section's."""
    await hass.config.async_set_time_zone("Asia/Tokyo")
    await set_up(hass, kita, viewers=["sato-id"])
    sato = await sit_down(people["sato"])
    camera = unique_id_of(kita.camera.config)
    start = dt_util.now().replace(microsecond=0) - HOUR
    naive = start.replace(tzinfo=None)
    answer = await sato.ask(camera, naive.isoformat(), (naive + 2 * HOUR).isoformat())
    result = answer["result"]
    assert result["mime_type"] == "application/x-mpegURL"
    assert result["codec"] == "h264"
    assert result["start"] == start.isoformat()
    ((first, last),) = [(gap["start"], gap["end"]) for gap in result["gaps"]]
    # What is still to come.
    assert abs(datetime.fromisoformat(first) - dt_util.now()) < MINUTE
    assert last == (start + 2 * HOUR).isoformat()


async def test_what_cannot_be_opened_is_said(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """Wrong times, no footage, another camera: each with its own sentence."""
    await set_up(hass, kita, viewers=["sato-id"])
    sato = await sit_down(people["sato"])
    now = dt_util.utcnow()
    for name, start, end, key in (
        (camera, now - HOUR, now - 2 * HOUR, "passage_backwards"),
        (camera, now - 26 * HOUR, now, "passage_too_long"),
        (camera, now - 900 * HOUR, now - 899 * HOUR, "footage_missing"),
        (camera, "yesterday", now, "time_invalid"),
        ("minami", now - HOUR, now, "camera_unknown"),
    ):
        answer = await sato.ask(name, start, end)
        assert answer["error"]["translation_key"] == key


async def test_only_viewers_open_passages(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """Whoever is no viewer is refused, and the ledger names them; made-up cameras do not get into it."""
    section = await set_up(hass, kita, viewers=["sato-id"], exporters=["suzuki-id"])
    suzuki = await sit_down(people["suzuki"])
    now = dt_util.utcnow()
    for name in (camera, "x" * 500):
        answer = await suzuki.ask(name, now - HOUR, now)
        assert answer["error"]["translation_key"] == "not_allowed_needs_viewer"
    assert [
        (entry.action, entry.person and entry.person.id, entry.subject)
        for entry in await entries(section)
    ] == [
        ("refused", "suzuki-id", f"camera/{camera}"),
        ("refused", "suzuki-id", "section"),
    ]


async def test_links_end_with_the_log_in(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """Whoever logs out at a shared desk leaves nothing that plays; what they opened elsewhere goes on."""
    await set_up(hass, kita, viewers=["sato-id"])
    here, elsewhere = await sit_down(people["sato"]), await sit_down(people["sato"])
    left, kept = await here.open(camera), await elsewhere.open(camera)
    for url, watcher in ((left, here), (kept, elsewhere)):
        assert (await watcher.get(f"{url}index.m3u8"))[0] == 200
    token, _ = people["sato"].refresh_tokens.values()
    await here.websocket.close()
    hass.auth.async_remove_refresh_token(token)
    assert (await here.get(f"{left}index.m3u8"))[0] == 404
    assert (await here.get(f"{left}0.m4s"))[0] == 404
    assert (await elsewhere.get(f"{kept}index.m3u8"))[0] == 200


async def test_clock_that_is_set_back_lets_no_link_live_longer(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """A time server may move it by seconds; an hour back, and people open what they watch anew."""
    await set_up(hass, kita, viewers=["sato-id"])
    sato = await sit_down(people["sato"])
    url = await sato.open(camera)
    now = dt_util.utcnow()
    for back, status in ((timedelta(seconds=50), 200), (HOUR, 404)):
        with patch("custom_components.niiza_cctv.views.links.utcnow", return_value=now - back):
            assert (await sato.get(f"{url}index.m3u8"))[0] == status


async def test_right_that_is_taken_away_ends_the_playback(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """With the very next request, whether the role goes or the person."""
    section = await set_up(hass, kita, viewers=["sato-id", "suzuki-id"])
    sato = await sit_down(people["sato"])
    suzuki = await sit_down(people["suzuki"])
    his, hers = await sato.open(camera), await suzuki.open(camera)
    for watcher, url in ((sato, his), (suzuki, hers)):
        assert (await watcher.get(f"{url}0.m4s"))[0] == HTTPStatus.OK
    hass.config_entries.async_update_entry(section, data={**section.data, "viewers": ["suzuki-id"]})
    await hass.async_block_till_done()
    # The player goes on by itself, so it is the link that has to end.
    await suzuki.websocket.close()
    await hass.auth.async_update_user(people["suzuki"], is_active=False)
    for watcher, url, words in (
        (sato, his, "映像を見る役割がない"),
        (suzuki, hers, "無効になっている"),
    ):
        for name in ("index.m3u8", "0.mp4", "1.m4s"):
            status, text = await watcher.get(f"{url}{name}")
            assert status == HTTPStatus.FORBIDDEN
            assert words in text
    reasons = [
        entry.details["reason"] for entry in await entries(section) if "refused" in entry.action
    ]
    assert reasons == ["not_allowed_needs_viewer", "not_allowed_inactive"]


async def test_link_of_another_is_refused(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """Somebody who is known to be another gets nothing, though a viewer."""
    section = await set_up(hass, kita, viewers=["sato-id", "suzuki-id"])
    sato = await sit_down(people["sato"])
    suzuki = await sit_down(people["suzuki"])
    url = await sato.open(camera)
    response = await suzuki.client.get(f"{url}0.m4s")
    assert response.status == HTTPStatus.FORBIDDEN
    assert "別の人" in await response.text()
    (entry,) = await entries(section)
    assert entry.person is not None
    assert (entry.person.id, entry.details["reason"]) == ("suzuki-id", "link_of_another")
    assert (await sato.client.get(f"{url}0.m4s")).status == HTTPStatus.OK


async def test_made_up_links_lead_nowhere(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """Tokens, names and numbers that were never given out."""
    await set_up(hass, kita, viewers=["sato-id"])
    sato = await sit_down(people["sato"])
    url = await sato.open(camera)
    token = url.split("/")[-2]
    for path in (
        f"/api/niiza_cctv/playback/{'a' * 43}/index.m3u8",
        f"/api/niiza_cctv/still/{token}.jpg",
        f"/api/niiza_cctv/still/{'a' * 43}.jpg",
        *(
            f"{url}{name}"
            for name in ("999999.m4s", "1.mp4", "-1.m4s", "1.M4S", "index.m3u", "%2e%2e", "١.m4s")
        ),
    ):
        status, _ = await sato.get(path)
        assert status == HTTPStatus.NOT_FOUND, path
    assert (await sato.get(f"{url}index.m3u8"))[0] == HTTPStatus.OK


async def test_link_lives_while_it_is_watched_and_not_for_ever(
    hass: HomeAssistant,
    kita: RunningCamera,
    people: dict[str, MockUser],
    sit_down: SitDown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A quarter of an hour after the last request it is dead, and after four hours anyway."""
    camera = unique_id_of(kita.camera.config)
    await set_up(hass, kita, viewers=["sato-id"])
    sato = await sit_down(people["sato"])
    left, watched = await sato.open(camera), await sato.open(camera)
    now = dt_util.utcnow()
    monkeypatch.setattr("custom_components.niiza_cctv.views.links.utcnow", lambda: now)
    for _ in range(17):
        now += 14 * MINUTE
        status, _ = await sato.get(f"{watched}index.m3u8")
        assert status == HTTPStatus.OK
    assert (await sato.get(f"{left}index.m3u8"))[0] == HTTPStatus.NOT_FOUND
    now += 3 * MINUTE
    status, text = await sato.get(f"{watched}index.m3u8")
    assert status == HTTPStatus.NOT_FOUND
    assert "再生は終わりました" in text


async def test_nothing_leaves_that_the_ledger_does_not_take(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """Not a picture; and all goes on when it is back."""
    section = await set_up(hass, kita, viewers=["sato-id"])
    ledger = section.runtime_data.evidence.ledger
    sato = await sit_down(people["sato"])
    url = await sato.open(camera)
    with patch.object(ledger, "append", side_effect=LedgerUnavailable("away")):
        status, text = await sato.get(f"{url}0.m4s")
        assert status == HTTPStatus.SERVICE_UNAVAILABLE
        assert "記録簿に書き込めない" in text
    with patch.object(ledger, "check_available", side_effect=LedgerUnavailable("away")):
        now = dt_util.utcnow()
        answer = await sato.ask(camera, now - HOUR, now)
        assert answer["error"]["translation_key"] == "ledger_unavailable"
    assert not await entries(section)
    assert (await sato.get(f"{url}0.m4s"))[0] == HTTPStatus.OK
    assert len(await entries(section)) == 1


async def test_camera_that_others_have_is_asked_for_again(
    hass: HomeAssistant,
    kita: RunningCamera,
    people: dict[str, MockUser],
    sit_down: SitDown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A player is told to come again instead of waiting for ever; a camera that is away is another sentence."""
    camera = unique_id_of(kita.camera.config)
    made: list[Playback] = []

    def make(*passage: Any) -> Playback:
        made.append(Playback(*passage, timing=PlaybackTiming(patience=0.3)))
        return made[-1]

    monkeypatch.setattr("custom_components.niiza_cctv.views.passages.Playback", make)
    section = await set_up(hass, kita, viewers=["sato-id"])
    (coordinator,) = section.runtime_data.cameras.values()
    sato = await sit_down(people["sato"])
    url = await sato.open(camera)
    async with coordinator.gate.turn(Use.EXPORT):
        response = await sato.player.get(f"{url}0.m4s")
        assert response.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert response.headers["Retry-After"] == "2"
        assert "読み出しています" in await response.text()
    made[0].timing = PlaybackTiming()
    await kita.soap.stop()
    status, text = await sato.get(f"{url}0.m4s")
    assert status == HTTPStatus.BAD_GATEWAY
    assert "kitaにつながりません" in text
    await kita.soap.start()
    assert (await sato.get(f"{url}0.m4s"))[0] == HTTPStatus.OK


async def test_playbacks_are_few(
    hass: HomeAssistant,
    kita: RunningCamera,
    people: dict[str, MockUser],
    sit_down: SitDown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A person's oldest tab makes room for the fifth; others wait until somebody has stopped watching."""
    camera = unique_id_of(kita.camera.config)
    monkeypatch.setattr("custom_components.niiza_cctv.views.links.MAX_PLAYBACKS", 4)
    await set_up(hass, kita, viewers=["sato-id", "suzuki-id"])
    sato = await sit_down(people["sato"])
    suzuki = await sit_down(people["suzuki"])
    urls = [await sato.open(camera) for _ in range(5)]
    found = [(await sato.get(f"{url}index.m3u8"))[0] for url in urls]
    assert found == [HTTPStatus.NOT_FOUND, *[HTTPStatus.OK] * 4]
    now = dt_util.utcnow()
    answer = await suzuki.ask(camera, now - HOUR, now)
    assert answer["error"]["translation_key"] == "too_many_playbacks"
    later = now + 2 * MINUTE
    for part in ("links", "passages"):
        monkeypatch.setattr(f"custom_components.niiza_cctv.views.{part}.utcnow", lambda: later)
    url = await suzuki.open(camera)
    assert (await suzuki.get(f"{url}index.m3u8"))[0] == HTTPStatus.OK
    assert (await sato.get(f"{urls[1]}index.m3u8"))[0] == HTTPStatus.NOT_FOUND


async def test_unloading_gives_the_camera_back(
    hass: HomeAssistant,
    kita: RunningCamera,
    camera: str,
    people: dict[str, MockUser],
    sit_down: SitDown,
) -> None:
    """No session, no task, no link is left; what was watched is told at the end."""
    section = await set_up(hass, kita, viewers=["sato-id"])
    (coordinator,) = section.runtime_data.cameras.values()
    sato = await sit_down(people["sato"])
    url = await sato.open(camera)
    assert (await sato.get(f"{url}0.m4s"))[0] == HTTPStatus.OK
    assert coordinator.gate.holder is Use.VIEWING
    assert await hass.config_entries.async_unload(section.entry_id)
    await until(lambda: coordinator.gate.holder is None)
    assert (await sato.get(f"{url}index.m3u8"))[0] == HTTPStatus.NOT_FOUND


async def person(hass: HomeAssistant, name: str) -> MockUser:
    """Return somebody of the office."""
    user = await hass.auth.async_get_user(name)
    assert isinstance(user, MockUser)
    return user


def sealed_file(office: Office, case: str) -> Path:
    """Return the file of a case's first clip that people look at."""
    _, clip = office.evidence.cases.clip(f"{case}-01")
    name = (clip.sealed.viewing_copy or clip.sealed.master).name
    return Path(office.evidence.vault.root, case, name)


@pytest.mark.parametrize("codec", ["H264", "H265"])
async def test_approver_watches_the_sealed_clip_and_never_gets_the_file(
    hass: HomeAssistant,
    start_station: Callable[..., Awaitable[Station]],
    sit_down: SitDown,
    codec: str,
) -> None:
    """Every picture in fragments of seconds, without a name, whatever is asked for; one entry of the ledger says so."""
    station = await start_station(camera_config("kita", codec=codec))
    office = await open_office(hass, station.cameras["kita"])
    case = await office.preserved()
    _, clip = office.evidence.cases.clip(f"{case}-01")
    if codec == "H265":
        await until(lambda: office.evidence.cases.clip(clip.id)[1].sealed.viewing_copy)
    else:
        assert clip.sealed.viewing_copy is None
    suzuki = await sit_down(await person(hass, "suzuki"))
    result = (await suzuki.ask_clip(f"{case}-01"))["result"]
    assert result["codec"] == "h264"
    assert datetime.fromisoformat(result["start"]) == clip.sealed.first_picture
    assert datetime.fromisoformat(result["end"]) == clip.sealed.last_picture
    assert clip.id not in result["url"]
    sealed = sealed_file(office, case)
    body = await hass.async_add_executor_job(sealed.read_bytes)
    base = result["url"].partition("index.m3u8")[0]
    playlist = await suzuki.player.get(result["url"])
    listed = [line for line in (await playlist.text()).splitlines() if line[:1] != "#"]
    lengths = re.findall(r"#EXTINF:([0-9.]+)", await playlist.text())
    assert listed == [f"{number}.m4s" for number in range(len(lengths))]
    assert max(map(float, lengths)) <= MAX_SPAN.total_seconds()
    first = await suzuki.player.get(f"{base}0.mp4")
    assert not await office.entries("footage_viewed")
    # A range is not what a link of this kind gives.
    parts = [
        await suzuki.player.get(f"{base}{one}", headers={"Range": "bytes=0-"}) for one in listed
    ]
    for response in (playlist, first, *parts):
        assert response.status == HTTPStatus.OK
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Disposition" not in response.headers
        assert "Accept-Ranges" not in response.headers
        assert clip.id not in str(response.headers)
    film = b"".join([await response.read() for response in (first, *parts)])
    assert clip.id.encode() not in film
    assert sha256(film).hexdigest() not in {clip.sealed.master.sha256, sha256(body).hexdigest()}
    assert film[: len(body)] != body
    shown, kept = await hass.async_add_executor_job(lambda: (pictures(film), pictures(body)))
    assert [data for _, data in shown] == [data for _, data in kept]
    # Shown at the file's own times, counted from where it begins.
    assert len({at - was for (at, _), (was, _) in zip(shown, kept, strict=True)}) == 1
    assert await suzuki.open_clip(case) != base
    (entry,) = await office.entries("footage_viewed")
    assert entry.person.id == "suzuki"
    assert entry.subject == f"camera/{office.camera_id}"
    assert entry.details["kinds"] == ["recorded"]
    passage = entry.details["passage"]
    for moment, bound in (("start", "first_picture"), ("end", "last_picture")):
        off = datetime.fromisoformat(passage[moment]) - getattr(clip.sealed, bound)
        assert abs(off) < timedelta(milliseconds=1)


def pictures(film: bytes) -> list[tuple[int, bytes]]:
    """Return when each picture of a film is shown, and its bytes."""
    with av.open(BytesIO(film), "r") as container:
        return [
            (packet.pts or 0, bytes(packet))
            for packet in container.demux(container.streams.video[0])
            if packet.size
        ]


async def test_no_request_before_a_release_gives_a_sealed_file(
    hass: HomeAssistant, office: Office, sit_down: SitDown
) -> None:
    """By no name of it, by no address that there was, by no way through Home Assistant's media."""
    case = await office.preserved()
    sato = await sit_down(await person(hass, "sato"))
    base = await sato.open_clip(case)
    token = base.rstrip("/").rpartition("/")[2]
    file = sealed_file(office, case).name
    for path in (
        f"/api/niiza_cctv/clip/{token}.mp4",
        f"/api/niiza_cctv/download/{token}",
        f"/api/niiza_cctv/still/{token}.jpg",
        *(
            f"{base}{name}"
            for name in (file, "", "-1.m4s", "99999.m4s", "1.mp4", "0.m4s/../" + file)
        ),
        f"/api/niiza_cctv/playback/{case}/{file}",
        f"/media/local/{file}",
        f"/local/{file}",
    ):
        for client in (sato.client, sato.player):
            response = await client.get(path)
            assert response.status in {HTTPStatus.NOT_FOUND, HTTPStatus.UNAUTHORIZED}, path
    for identifier in (case, f"{case}-01", f"{case}/{file}", f"{office.camera_id}|{case}-01"):
        await sato.websocket.send_json_auto_id(
            {
                "type": "media_source/resolve_media",
                "media_content_id": f"media-source://niiza_cctv/{identifier}",
            }
        )
        assert not (await sato.websocket.receive_json())["success"]


async def test_sealed_clips_are_for_people_who_may_read_cases(
    hass: HomeAssistant, office: Office, sit_down: SitDown
) -> None:
    """No role, a tablet, nobody: refused and recorded; what clips there are they do not learn."""
    case = await office.preserved()
    stranger = MockUser(name="yamada", id="yamada").add_to_hass(hass)
    for user, reason in (
        (stranger, "not_allowed_needs_viewer"),
        (await person(hass, "tablet"), "not_allowed_tablet"),
    ):
        watcher = await sit_down(user)
        for clip, subject in ((f"{case}-01", f"case/{case}"), ("x" * 500, "section")):
            answer = await watcher.ask_clip(clip)
            assert answer["error"]["translation_key"] == reason
            assert (user.id, "see_cases", subject, reason) in await office.refusals()
    with pytest.raises(HomeAssistantError) as refused:
        await async_watch_clip(hass, office.entry, None, f"{case}-01")
    assert refused.value.translation_key == "not_allowed_nobody"
    assert (None, "see_cases", f"case/{case}", "not_allowed_nobody") in await office.refusals()
    assert not await office.entries("footage_viewed")


async def test_clip_that_is_not_there_is_said(
    hass: HomeAssistant, office: Office, sit_down: SitDown
) -> None:
    """Unknown, still to be fetched, given up: each with its own sentence."""
    suzuki = await sit_down(await person(hass, "suzuki"))
    (coordinator,) = office.entry.runtime_data.cameras.values()
    # Somebody else has the camera.
    async with coordinator.gate.turn(Use.PROOF):
        case = await office.create(**office.passage())
        answer = await suzuki.ask_clip(f"{case}-01")
        assert answer["error"]["translation_key"] == "clips_not_sealed"
        await office.call("sato", "cancel_clip", clip=f"{case}-01")
    for clip, key in (
        (f"{case}-01", "link_file_gone"),
        (f"{case}-02", "clip_unknown"),
        (f"../{case}-01", "clip_unknown"),
    ):
        answer = await suzuki.ask_clip(clip)
        assert answer["error"]["translation_key"] == key


async def test_link_to_a_clip_is_one_persons(
    hass: HomeAssistant, office: Office, sit_down: SitDown
) -> None:
    """Another's log-in is refused; so is whoever became a tablet or is deactivated since."""
    case = await office.preserved()
    suzuki = await sit_down(await person(hass, "suzuki"))
    tanaka = await sit_down(await person(hass, "tanaka"))
    his, hers = await suzuki.open_clip(case), await tanaka.open_clip(case)
    response = await tanaka.client.get(f"{his}0.m4s")
    assert response.status == HTTPStatus.FORBIDDEN
    assert ("tanaka", "see_cases", f"case/{case}", "link_of_another") in await office.refusals()
    assert not await office.entries("footage_viewed")
    hass.config_entries.async_update_entry(
        office.entry, data={**office.entry.data, "tablets": ["tanaka"]}
    )
    await suzuki.websocket.close()
    await hass.auth.async_update_user(await person(hass, "suzuki"), is_active=False)
    for watcher, path, reason, words in (
        (tanaka, hers, "not_allowed_tablet", "タブレット"),
        (suzuki, his, "not_allowed_inactive", "無効になっている"),
    ):
        status, text = await watcher.get(f"{path}0.m4s")
        assert status == HTTPStatus.FORBIDDEN
        assert words in text
        assert [refusal[3] for refusal in await office.refusals()][-1] == reason
    assert not await office.entries("footage_viewed")


async def test_links_to_clips_end(
    hass: HomeAssistant,
    office: Office,
    sit_down: SitDown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The one left alone makes room, all die like those to passages, and nothing made up leads anywhere."""
    case = await office.preserved()
    suzuki = await sit_down(await person(hass, "suzuki"))
    tanaka = await sit_down(await person(hass, "tanaka"))
    others = await tanaka.open_clip(case)
    watched, left = await suzuki.open_clip(case), await suzuki.open_clip(case)

    async def status(base: str) -> int:
        return (await suzuki.get(f"{base}0.m4s"))[0]

    assert await status(watched) == HTTPStatus.OK
    # One more than a person may have open.
    for _ in range(3):
        await suzuki.open_clip(case)
    statuses = [await status(base) for base in (others, watched, left)]
    assert statuses == [HTTPStatus.OK, HTTPStatus.OK, HTTPStatus.NOT_FOUND]
    token = watched.rstrip("/").rpartition("/")[2]
    for path in (
        f"/api/niiza_cctv/playback/{'a' * 43}/0.m4s",
        f"/api/niiza_cctv/still/{token}.jpg",
    ):
        assert (await suzuki.get(path))[0] == HTTPStatus.NOT_FOUND
    now = dt_util.utcnow()
    monkeypatch.setattr("custom_components.niiza_cctv.views.links.utcnow", lambda: now)
    for _ in range(17):
        now += 14 * MINUTE
        assert await status(watched) == HTTPStatus.OK
    assert await status(others) == HTTPStatus.NOT_FOUND
    now += 3 * MINUTE
    assert await status(watched) == HTTPStatus.NOT_FOUND


async def test_purged_clip_is_not_shown(
    hass: HomeAssistant, office: Office, sit_down: SitDown
) -> None:
    """Neither by a link that was made before nor by a new one; a file that somebody removed is not either."""
    case = await office.preserved()
    suzuki = await sit_down(await person(hass, "suzuki"))
    path = await suzuki.open_clip(case)
    assert (await suzuki.get(f"{path}0.m4s"))[0] == HTTPStatus.OK
    await office.call("suzuki", "reject_case", case=case, reason="照会書に不備がある")
    await office.call("sato", "purge_case", case=case)
    status, text = await suzuki.get(f"{path}0.m4s")
    assert status == HTTPStatus.NOT_FOUND
    assert "ファイルはもうありません" in text
    answer = await suzuki.ask_clip(f"{case}-01")
    assert answer["error"]["translation_key"] == "link_file_gone"
    assert not (Path(office.evidence.vault.root) / case).exists()
    other = await office.preserved()
    path = await suzuki.open_clip(other)
    await hass.async_add_executor_job(sealed_file(office, other).unlink)
    assert (await suzuki.get(f"{path}0.m4s"))[0] == HTTPStatus.NOT_FOUND
    answer = await suzuki.ask_clip(f"{other}-01")
    assert answer["error"]["translation_key"] == "link_file_gone"


async def test_no_clip_leaves_that_the_ledger_does_not_take(
    hass: HomeAssistant, office: Office, sit_down: SitDown
) -> None:
    """Not a byte; and it goes on when the ledger is back."""
    case = await office.preserved()
    ledger = office.evidence.ledger
    suzuki = await sit_down(await person(hass, "suzuki"))
    path = await suzuki.open_clip(case)
    with patch.object(ledger, "append", side_effect=LedgerUnavailable("away")):
        status, text = await suzuki.get(f"{path}0.m4s")
        assert status == HTTPStatus.SERVICE_UNAVAILABLE
        assert "記録簿に書き込めない" in text
    with patch.object(ledger, "check_available", side_effect=LedgerUnavailable("away")):
        answer = await suzuki.ask_clip(f"{case}-01")
        assert answer["error"]["translation_key"] == "ledger_unavailable"
    assert not await office.entries("footage_viewed")
    assert (await suzuki.get(f"{path}0.m4s"))[0] == HTTPStatus.OK
    assert len(await office.entries("footage_viewed")) == 1
