"""One-time links over real HTTP: served once, to the person who asked, whole, and on the record."""

import asyncio
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from hashlib import sha256
from io import BufferedReader
import json
import os
from pathlib import Path
import re
import socket
from threading import Event
from typing import Any
from unittest.mock import patch
import zipfile

from aiohttp import ClientPayloadError
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.niiza_cctv.lib.ledger.errors import LedgerUnavailable
from custom_components.niiza_cctv.views import download
from tests.office import Office
from tests.section import until


@pytest.fixture
async def browser(office: Office, hass_client_no_auth: ClientSessionGenerator) -> Any:
    """Return a browser that is not logged in, as a link opens."""
    return await hass_client_no_auth()


async def test_package_is_fetched_once(office: Office, browser: Any, tmp_path: Any) -> None:
    """The first request brings the file that was sealed; the second brings nothing and is recorded."""
    case = await office.approved()
    released = await office.call("sato", "release_case", case=case)
    link = released["link"]
    assert re.fullmatch(r"/api/niiza_cctv/download/[\w-]{43}", link)
    # Chat programs and scanners look ahead: that uses nothing up.
    for _ in range(2):
        head = await browser.head(link)
        assert head.status == 200
    assert await office.entries("package_downloaded") == []
    answer = await browser.get(link)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert released["file"]["name"] in answer.headers["Content-Disposition"]
    body = await answer.read()
    assert len(body) == released["file"]["size"]
    assert sha256(body).hexdigest() == released["file"]["sha256"]
    (tmp_path / "package.zip").write_bytes(body)
    with zipfile.ZipFile(tmp_path / "package.zip") as package:
        assert package.testzip() is None
    (entry,) = await office.entries("package_downloaded")
    assert (entry.person.id, entry.subject) == ("sato", f"case/{case}")
    again = await browser.get(link)
    assert again.status == 410
    assert "interrupted" in await again.text()
    assert (await browser.head(link)).status == 410
    assert len(await office.entries("package_downloaded")) == 1
    assert ("sato", "download", f"case/{case}", "link_used") in await office.refusals()


async def test_encrypted_package_has_a_passphrase_shown_once(office: Office, browser: Any) -> None:
    """The passphrase stands in the answer and nowhere else."""
    case = await office.approved()
    released = await office.call("sato", "release_case", case=case, encrypt=True)
    assert len(released["passphrase"]) >= 20
    shown = await office.call("sato", "get_case", case=case)
    assert released["passphrase"] not in json.dumps(shown)
    async for entry in office.evidence.ledger.entries():
        assert released["passphrase"] not in str(entry.details)
    assert (await browser.get(released["link"])).status == 200


async def test_two_requests_at_once_get_one_file(office: Office, browser: Any) -> None:
    """A link that is opened twice in the same moment is used once."""
    case = await office.approved()
    link = (await office.call("sato", "release_case", case=case))["link"]
    answers = await asyncio.gather(*(browser.get(link) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [200, 410, 410, 410, 410]
    await asyncio.gather(*(answer.read() for answer in answers))
    assert len(await office.entries("download_begun")) == 1
    assert len(await office.entries("package_downloaded")) == 1


async def test_part_of_a_file_is_refused(office: Office, browser: Any) -> None:
    """A range is no evidence; the link stays for the whole."""
    case = await office.approved()
    link = (await office.call("sato", "release_case", case=case))["link"]
    answer = await browser.get(link, headers={"Range": "bytes=0-99"})
    assert (answer.status, answer.headers["Accept-Ranges"]) == (416, "none")
    assert (await browser.get(link)).status == 200


def wall_clock(moment: datetime) -> AbstractContextManager[object]:
    """Set the clock on the wall, and not the one by which the loop counts."""
    return patch.object(dt_util, "utcnow", return_value=moment)


async def test_link_ends_after_a_quarter_of_an_hour(office: Office, browser: Any) -> None:
    """It works until then and not a second longer; one that never was is another answer."""
    case = await office.approved()
    released = await office.call("sato", "release_case", case=case)
    expires = dt_util.parse_datetime(released["expires"])
    assert expires
    assert timedelta(minutes=14) < expires - dt_util.utcnow() <= timedelta(minutes=15)
    with wall_clock(expires - timedelta(seconds=1)):
        assert (await browser.head(released["link"])).status == 200
    with wall_clock(expires):
        assert (await browser.get(released["link"])).status == 410
    assert await office.entries("package_downloaded") == []
    assert (await browser.get(f"/api/niiza_cctv/download/{'x' * 43}")).status == 404


@pytest.mark.parametrize("method", ["head", "get"])
async def test_dead_link_stays_dead_when_the_clock_is_set_back(
    hass: HomeAssistant, office: Office, browser: Any, method: str
) -> None:
    """Whether its end was seen by the clock on the wall, or by the one that nobody sets."""
    case = await office.approved()
    released = await office.call("sato", "release_case", case=case)
    expires = dt_util.parse_datetime(released["expires"])
    assert expires
    with wall_clock(expires):
        assert (await getattr(browser, method)(released["link"])).status == 410
    assert (await getattr(browser, method)(released["link"])).status == 410
    again = await office.call("sato", "release_case", case=case)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=15, seconds=1))
    await hass.async_block_till_done()
    assert (await getattr(browser, method)(again["link"])).status == 410
    assert await office.entries("package_downloaded") == []


async def test_release_that_cannot_be_recorded_leaves_no_package(
    hass: HomeAssistant, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signed package that nobody released must not lie about; the next try makes it."""
    case = await office.approved()

    def packages() -> list[Path]:
        return list(office.evidence.vault.folder(case).glob("*.zip*"))

    async def lose(*_: Any, **__: Any) -> None:
        raise LedgerUnavailable("the disk is away")

    with monkeypatch.context() as away:
        away.setattr(office.evidence.ledger, "append", lose)
        with pytest.raises(HomeAssistantError):
            await office.call("sato", "release_case", case=case)
    assert await hass.async_add_executor_job(packages) == []
    assert (await office.call("sato", "release_case", case=case))["link"]
    assert len(await hass.async_add_executor_job(packages)) == 1


async def test_person_is_looked_at_again(hass: HomeAssistant, office: Office, browser: Any) -> None:
    """Whoever left, lost the role or became a tablet since gets nothing; it is recorded."""
    for change, reason in (
        ({"exporters": ["takahashi"]}, "not_allowed_needs_exporter"),
        ({"tablets": ["sato", "tablet"]}, "not_allowed_tablet"),
        (None, "not_allowed_inactive"),
    ):
        case = await office.approved()
        link = (await office.call("sato", "release_case", case=case))["link"]
        before = dict(office.entry.data)
        sato = await hass.auth.async_get_user("sato")
        assert sato
        if change is None:
            sato.is_active = False
        else:
            hass.config_entries.async_update_entry(office.entry, data=before | change)
        answer = await browser.get(link)
        assert answer.status == 403
        assert "recorded" in await answer.text()
        assert ("sato", "download", f"case/{case}", reason) in await office.refusals()
        # It does not come back with the role.
        await office.give(**{name: before[name] for name in change or ()})
        assert (await browser.get(link)).status == 410
    assert await office.entries("package_downloaded") == []


async def test_link_of_somebody_else_is_refused(
    hass: HomeAssistant, office: Office, hass_client: ClientSessionGenerator, hass_admin_user: Any
) -> None:
    """Where a page sends a log-in with the request, it must be the asker's."""
    case = await office.approved()
    link = (await office.call("sato", "release_case", case=case))["link"]
    client = await hass_client()
    assert (await client.get(link)).status == 403
    assert (hass_admin_user.id, "download", f"case/{case}", "link_of_another") in (
        await office.refusals()
    )
    assert await office.entries("package_downloaded") == []


async def test_new_link_takes_the_place_of_the_old(office: Office, browser: Any) -> None:
    """After an interrupted download the person asks again; the earlier link is dead."""
    case = await office.approved()
    old = (await office.call("sato", "release_case", case=case))["link"]
    new = (await office.call("takahashi", "release_case", case=case))["link"]
    assert (await browser.get(old)).status == 410
    assert await (await browser.get(new)).read()
    assert [entry.person.id for entry in await office.entries("package_downloaded")] == [
        "takahashi"
    ]


async def test_purged_case_gives_nothing(office: Office, browser: Any) -> None:
    """A link that was not used before the case was purged finds neither state nor file."""
    case = await office.approved()
    link = (await office.call("sato", "release_case", case=case))["link"]
    await office.call("suzuki", "reject_case", case=case, reason="照会が取り下げられた")
    await office.call("sato", "purge_case", case=case)
    assert (await browser.get(link)).status == 410


async def test_nothing_is_handed_over_that_was_not_downloaded(office: Office, browser: Any) -> None:
    """Refused with what to do, by the panel's offers as well, until the link was really used."""
    case = await office.approved()
    handed = {"recipient": "山田", "medium": "USB", "medium_serial": "1"}
    for _ in range(2):
        link = (await office.call("sato", "release_case", case=case))["link"]
        # A look at what it leads to is no download.
        assert (await browser.head(link)).status == 200
        with pytest.raises(ServiceValidationError) as refused:
            await office.call("sato", "hand_over", case=case, **handed)
        assert refused.value.translation_key == "case_not_downloaded"
        shown = await office.call("sato", "get_case", case=case)
        assert (shown["state"], shown["handover"]) == ("released", None)
        assert "hand_over" not in shown["offers"]
        assert shown["refusals"]["hand_over"] == "case_not_downloaded"
        answer = await browser.get(link)
        assert len(await answer.read()) == answer.content_length
        # A package that is made anew is downloaded anew.
    assert (await office.call("sato", "hand_over", case=case, **handed))["state"] == "handed_over"
    assert ("sato", "hand_over", f"case/{case}", "case_not_downloaded") in await office.refusals()
    assert len(await office.entries("case_handed_over")) == 1


@pytest.mark.parametrize("taken", [1, 100_000])
async def test_download_that_breaks_off_is_none(office: Office, browser: Any, taken: int) -> None:
    """A byte, or a part: it is on the record that it began, and nothing can be handed over."""
    case = await office.approved()
    released = await office.call("sato", "release_case", case=case)
    link, size = released["link"], released["file"]["size"]
    assert size > 200_000
    connection = socket.socket()
    # What nobody read must not lie in a buffer on this side as if it had arrived.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 13)
    connection.setblocking(False)
    await asyncio.get_running_loop().sock_connect(
        connection, (browser.server.host, browser.server.port)
    )
    reader, writer = await asyncio.open_connection(sock=connection, limit=1 << 13)
    writer.write(f"GET {link} HTTP/1.1\r\nHost: desk.example\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(taken)
    writer.transport.abort()
    await until(lambda: not browser.server.handler.connections)
    handed = {"recipient": "山田", "medium": "USB", "medium_serial": "1"}
    with pytest.raises(ServiceValidationError) as refused:
        await office.call("sato", "hand_over", case=case, **handed)
    assert refused.value.translation_key == "case_not_downloaded"
    assert await office.entries("package_downloaded") == []
    (begun,) = await office.entries("download_begun")
    assert (begun.person.id, begun.details["package"]["sha256"]) == (
        "sato",
        released["file"]["sha256"],
    )


async def test_file_that_was_changed_is_not_served(office: Office, browser: Any) -> None:
    """Nothing of what is no longer what was released leaves, and the ledger says so."""
    case = await office.approved()
    link = (await office.call("sato", "release_case", case=case))["link"]
    (package,) = office.evidence.vault.folder(case).glob("*.zip")
    change(package)
    assert (await browser.get(link)).status == 410
    assert ("sato", "download", f"case/{case}", "file_changed") in await office.refusals()
    assert await office.entries("package_downloaded") == []


def change(package: Path) -> None:
    """Change one bit in the middle of a file."""
    data = bytearray(package.read_bytes())
    data[len(data) // 2] ^= 1
    package.write_bytes(data)


async def test_file_that_is_changed_while_it_is_served_never_arrives_whole(
    office: Office, browser: Any
) -> None:
    """Between the look at it and its last piece: the connection is cut, and the ledger says so."""
    case = await office.approved()
    link = (await office.call("sato", "release_case", case=case))["link"]
    true_open = download.open_checked

    def open_and_change(path: Path, expected: str) -> tuple[BufferedReader, int]:
        stream, size = true_open(path, expected)
        change(path)
        return stream, size

    with patch.object(download, "open_checked", open_and_change):
        answer = await browser.get(link)
        with pytest.raises(ClientPayloadError):
            await answer.read()
    assert ("sato", "download", f"case/{case}", "file_changed") in await office.refusals()


async def test_old_link_gives_nothing_of_a_package_that_is_made_anew(
    office: Office, browser: Any
) -> None:
    """The new file lies there under the old one's name before anybody released it: the old link sends no byte of it."""
    case = await office.approved()
    old = (await office.call("sato", "release_case", case=case))["link"]
    packed, go_on = asyncio.Event(), asyncio.Event()
    true_release = office.evidence.cases.release

    async def release_later(*args: Any, **kwargs: Any) -> object:
        packed.set()
        await go_on.wait()
        return await true_release(*args, **kwargs)

    with patch.object(office.evidence.cases, "release", release_later):
        anew = asyncio.create_task(office.call("sato", "release_case", case=case))
        await packed.wait()
        (package,) = office.evidence.vault.folder(case).glob("*.zip")
        answer = await browser.get(old)
        assert answer.status == 410
        assert (await answer.read())[:100] not in package.read_bytes()
        assert await office.entries("package_downloaded") == []
        go_on.set()
        released = await anew
    body = await (await browser.get(released["link"])).read()
    assert sha256(body).hexdigest() == released["file"]["sha256"]
    assert len(await office.entries("package_downloaded")) == 1


async def test_old_package_that_is_under_way_counts_for_nothing(
    office: Office, browser: Any
) -> None:
    """It was opened before the new one lay there; by then it is not the newest, and does not leave."""
    case = await office.approved()
    old = (await office.call("sato", "release_case", case=case))["link"]
    opened, go_on = Event(), Event()
    true_open = download.open_checked

    def open_slowly(path: Path, expected: str) -> tuple[BufferedReader, int]:
        found = true_open(path, expected)
        opened.set()
        assert go_on.wait(60)
        return found

    with patch.object(download, "open_checked", open_slowly):
        asked = asyncio.create_task(browser.get(old))
        await until(opened.is_set)
        await office.call("sato", "release_case", case=case)
        go_on.set()
        assert (await asked).status == 403
    assert await office.entries("package_downloaded") == []
    shown = await office.call("sato", "get_case", case=case)
    assert shown["refusals"]["hand_over"] == "case_not_downloaded"


async def test_without_the_ledger_the_link_waits(office: Office, browser: Any) -> None:
    """What cannot be recorded does not leave; the link is as good as before."""
    case = await office.approved()
    link = (await office.call("sato", "release_case", case=case))["link"]
    database = office.evidence.ledger._path
    database.rename(database.with_suffix(".away"))
    assert (await browser.get(link)).status == 503
    database.with_suffix(".away").rename(database)
    assert (await browser.get(link)).status == 200


async def test_links_live_in_memory_only(hass: HomeAssistant, office: Office, browser: Any) -> None:
    """While the section is not loaded there is nothing to fetch."""
    case = await office.approved()
    link = (await office.call("sato", "release_case", case=case))["link"]
    assert await hass.config_entries.async_unload(office.entry.entry_id)
    assert (await browser.get(link)).status == 404


async def test_ledger_is_exported_by_a_link(
    hass: HomeAssistant, office: Office, browser: Any
) -> None:
    """As text lines and as a table; the copy is removed, the export recorded."""
    await office.create()
    folder = office.evidence.vault.root / "ledger"
    exported = await office.call("sato", "export_ledger", form="jsonl")
    body = await (await browser.get(exported["link"])).read()
    assert [json.loads(line)["action"] for line in body.splitlines()][-1] == "case_created"
    (entry,) = await office.entries("ledger_exported")
    assert (entry.person.id, entry.details["file"]["sha256"]) == (
        "sato",
        exported["file"]["sha256"],
    )
    # A copy whose link ended with a restart.
    left = folder / "left.csv"
    left.write_text("left")
    os.utime(left, (0, 0))
    exported = await office.call("suzuki", "export_ledger", form="csv")
    assert not left.exists()
    body = await (await browser.get(exported["link"])).read()
    assert "case_created" in body.decode()
    assert (await browser.get(exported["link"])).status == 410
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=16))
    await until(lambda: list(folder.iterdir()) == [])
