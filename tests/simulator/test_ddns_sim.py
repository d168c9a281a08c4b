"""The simulated camera's own DDNS client, held against the protocol by a server that writes down every byte."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from simulator.camera import DdnsConfig, Quirk
from simulator.station import Station
from tests.section import until
from tests.station import camera_config


class Server:
    """Answers in the words it is given, and remembers what was asked, and from where."""

    def __init__(self) -> None:
        """Answer well at first."""
        self.answers = ["good 127.0.0.1"]
        self.requests: list[tuple[str, str]] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        request = (await reader.readuntil((b"\r\n\r\n", b"\n\n"))).decode()
        self.requests.append((request, writer.get_extra_info("peername")[0]))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        status = {"badauth": "401 Unauthorized", "starting": "404 Not Found"}.get(answer, "200 OK")
        writer.write(f"HTTP/1.0 {status}\r\n\r\n{answer}\n".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[Server]:
    """Return a server on a free port."""
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    yield server
    listening.close()


def reporting(server: Server, **changes: Any) -> Station:
    """Return a station whose only camera reports to the server."""
    settings: dict[str, Any] = {
        "url": f"http://127.0.0.1:{server.port}",
        "hostname": "kita.example",
        "username": "kita",
        "password": "secret",
        "interval": 0.05,
        "retry": 0.05,
    }
    ddns = DdnsConfig(**settings | changes)
    return Station([camera_config("kita", ddns=ddns)], control_port=0)


async def test_the_request_is_a_firmwares(server: Server) -> None:
    """HTTP/1.0, Basic, the address of its own, and nothing again while nothing changes."""
    async with reporting(server, port=True) as station:
        kita = station.cameras["kita"]
        await until(lambda: kita.ddns.answer)
        await asyncio.sleep(0.3)
        ((request, source),) = server.requests
    first, *lines = request.strip().split("\r\n")
    assert first == (
        f"GET /nic/update?hostname=kita.example&myip=127.0.0.1&port={kita.camera.config.http_port} HTTP/1.0"
    )
    headers = dict(line.split(": ", 1) for line in lines)
    assert b64decode(headers["Authorization"].removeprefix("Basic ")) == b"kita:secret"
    assert headers["User-Agent"]
    assert source == "127.0.0.1"


async def test_lines_end_as_their_author_felt_like(server: Server) -> None:
    """With the habit, LF alone, and blanks behind the request line."""
    async with reporting(server) as station:
        kita = station.cameras["kita"]
        await until(lambda: kita.ddns.answer)
        kita.set(quirks=[Quirk.DDNS_BARE_LF])
        kita.ddns.update_now()
        await until(lambda: any("\r" not in request for request, _ in server.requests))
    request = next(request for request, _ in server.requests if "\r" not in request)
    assert request.split("\n")[0].endswith(" HTTP/1.0  ")
    assert request.endswith("\nConnection: close\n\n")


async def test_it_reports_from_where_it_moved_to(
    server: Server, http: aiohttp.ClientSession
) -> None:
    """Moved by the control interface, the camera reports from its new address, at the ports it had."""
    async with reporting(server) as station:
        kita = station.cameras["kita"]
        await until(lambda: server.requests)
        ports = kita.http_port, kita.rtsp_port
        url = f"http://127.0.0.1:{station.control_port}/cameras/kita"
        async with http.post(f"{url}/move", json={"host": "127.0.0.2"}) as response:
            assert response.status == 200
            assert (await response.json())["host"] == "127.0.0.2"
        await until(lambda: len(server.requests) == 2)
        assert (kita.http_port, kita.rtsp_port) == ports
        assert server.requests[1][1] == "127.0.0.2"
        assert "myip=127.0.0.2" in server.requests[1][0]
        for bad in ({"host": "kita"}, {"host": 5}, {"host": "127.0.0.2/8"}):
            async with http.post(f"{url}/move", json=bad) as response:
                assert response.status == 400, bad


@pytest.mark.parametrize("word", ["badauth", "abuse", "nohost", "notfqdn", "!donator", "nonsense"])
async def test_it_stops_where_the_protocol_says_so(
    server: Server, http: aiohttp.ClientSession, word: str
) -> None:
    """A refusal is final until somebody has been at the camera."""
    server.answers = [word]
    async with reporting(server, force=0.05) as station:
        kita = station.cameras["kita"]
        await until(lambda: kita.ddns.stopped)
        await asyncio.sleep(0.3)
        assert len(server.requests) == 1
        server.answers = ["nochg 127.0.0.1"]
        url = f"http://127.0.0.1:{station.control_port}/cameras/kita"
        async with http.post(f"{url}/report") as response:
            assert response.status == 202
        await until(lambda: kita.ddns.answer.startswith("nochg"))
        async with http.get(url) as response:
            text = await response.text()
        assert '"stopped": false' in text
        assert "secret" not in text


async def test_it_comes_again_when_told_to(server: Server) -> None:
    """A server in trouble is asked again, an unchanged address is reported once in a while."""
    server.answers = ["starting", "911", "dnserr", "good 127.0.0.1", "nochg 127.0.0.1"]
    async with reporting(server, force=0.2) as station:
        kita = station.cameras["kita"]
        await until(lambda: kita.ddns.answer.startswith("nochg"))
        assert len(server.requests) >= 5
        assert not kita.ddns.stopped


async def test_a_server_that_is_away_is_waited_for(server: Server) -> None:
    """No answer is no refusal."""
    async with reporting(server, url="http://127.0.0.1:1") as station:
        kita = station.cameras["kita"]
        await until(lambda: kita.ddns.reports >= 2)
        assert not kita.ddns.stopped
        assert kita.ddns.answer == ""
