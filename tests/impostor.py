"""Somebody who wants to be taken for a camera: he knows maker and serial, takes any log-in, and wants the password in readable form."""

import asyncio
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
import re

from simulator.camera import CameraConfig

_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_DEVICE = "http://www.onvif.org/ver10/device/wsdl"
_SERVICES = {
    "device": _DEVICE,
    "media": "http://www.onvif.org/ver10/media/wsdl",
    "recording": "http://www.onvif.org/ver10/recording/wsdl",
    "search": "http://www.onvif.org/ver10/search/wsdl",
    "replay": "http://www.onvif.org/ver10/replay/wsdl",
}
_CHALLENGE = 'Digest realm="ONVIF", qop="auth", nonce="0123456789abcdef", algorithm=MD5'


class Impostor:
    """Answers at one address, by HTTP and RTSP, and keeps every byte that he is sent."""

    def __init__(self, config: CameraConfig, host: str, *, basic: bool = False) -> None:
        """Take whom to play; `basic`: HTTP, too, asks for the password in readable form."""
        self._config = config
        self.host = host
        self._basic = basic
        self.received = bytearray()
        self.operations: list[str] = []
        self._servers: list[asyncio.Server] = []
        self.port = self.rtsp_port = 0

    async def start(self) -> None:
        """Listen on both ports."""
        for serve in (self._http, self._rtsp):
            self._servers.append(await asyncio.start_server(serve, self.host, 0))
        self.port, self.rtsp_port = (one.sockets[0].getsockname()[1] for one in self._servers)

    async def stop(self) -> None:
        """Leave."""
        for server in self._servers:
            server.close()
            server.close_clients()

    def saw(self, password: str, user: str = "viewer") -> bool:
        """Return whether a password was sent in a form that can be read."""
        forms = (
            password,
            b64encode(f"{user}:{password}".encode()).decode(),
            "authorization: basic",
        )
        text = self.received.decode("latin-1").lower()
        return any(form.lower() in text for form in forms)

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                self.received += head + body
                writer.write(self._answer(head.decode("latin-1"), body.decode()))
                await writer.drain()
        writer.close()

    def _answer(self, head: str, body: str) -> bytes:
        found = re.search(r"<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)", body)
        operation = found[1] if found else head.split(maxsplit=1)[0]
        self.operations.append(operation)
        inside = self._inside(operation)
        if operation not in {"GetSystemDateAndTime", "GetServices"}:
            if self._basic:
                return _http_reply(401, "", 'WWW-Authenticate: Basic realm="x"')
            if "authorization: digest" not in head.lower():
                return _http_reply(401, "", f"WWW-Authenticate: {_CHALLENGE}")
        if inside is None:
            return _http_reply(400, _fault())
        envelope = f'<e:Envelope xmlns:e="{_SOAP}"><e:Body>{inside}</e:Body></e:Envelope>'
        # A proof that he cannot make, so that he makes one up.
        return _http_reply(200, envelope, f'Authentication-Info: qop=auth, rspauth="{"0" * 32}"')

    def _inside(self, operation: str) -> str | None:
        here = f"http://{self.host}:{self.port}/onvif"
        config, now = self._config, datetime.now(UTC)
        match operation:
            case "GetSystemDateAndTime":
                return (
                    f'<GetSystemDateAndTimeResponse xmlns="{_DEVICE}"><SystemDateAndTime>'
                    '<t:DateTimeType xmlns:t="http://www.onvif.org/ver10/schema">NTP</t:DateTimeType>'
                    '<t:UTCDateTime xmlns:t="http://www.onvif.org/ver10/schema">'
                    f"<t:Time><t:Hour>{now.hour}</t:Hour><t:Minute>{now.minute}</t:Minute>"
                    f"<t:Second>{now.second}</t:Second></t:Time>"
                    f"<t:Date><t:Year>{now.year}</t:Year><t:Month>{now.month}</t:Month>"
                    f"<t:Day>{now.day}</t:Day></t:Date></t:UTCDateTime>"
                    "</SystemDateAndTime></GetSystemDateAndTimeResponse>"
                )
            case "GetServices":
                services = "".join(
                    f"<Service><Namespace>{space}</Namespace><XAddr>{here}/{name}</XAddr></Service>"
                    for name, space in _SERVICES.items()
                )
                return f'<GetServicesResponse xmlns="{_DEVICE}">{services}</GetServicesResponse>'
            case "GetDeviceInformation":
                return (
                    f'<GetDeviceInformationResponse xmlns="{_DEVICE}">'
                    f"<Manufacturer>{config.manufacturer}</Manufacturer><Model>{config.model}</Model>"
                    f"<FirmwareVersion>{config.firmware}</FirmwareVersion>"
                    f"<SerialNumber>{config.serial}</SerialNumber><HardwareId>1</HardwareId>"
                    "</GetDeviceInformationResponse>"
                )
            case "GetReplayUri":
                return (
                    '<GetReplayUriResponse xmlns="http://www.onvif.org/ver10/replay/wsdl">'
                    f"<Uri>rtsp://{self.host}:{self.rtsp_port}/replay</Uri></GetReplayUriResponse>"
                )
        return None

    async def _rtsp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.received += head
                self.operations.append(f"RTSP {head.split()[0].decode()}")
                sequence = re.search(rb"CSeq: *(\d+)", head)
                number = sequence[1].decode() if sequence else "1"
                writer.write(
                    f"RTSP/1.0 401 Unauthorized\r\nCSeq: {number}\r\n"
                    'WWW-Authenticate: Basic realm="x"\r\n\r\n'.encode()
                )
                await writer.drain()
        writer.close()


def _fault() -> str:
    return (
        f'<e:Envelope xmlns:e="{_SOAP}"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code>'
        "<e:Reason><e:Text xml:lang='en'>no</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>"
    )


def _http_reply(status: int, body: str, *headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status} X",
        "Content-Type: application/soap+xml; charset=utf-8",
        f"Content-Length: {len(body.encode())}",
        *headers,
    ]
    return "\r\n".join([*lines, "", body]).encode()
