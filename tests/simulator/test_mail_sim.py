"""The simulated cameras' mails, taken by aiosmtpd's own server, which knows nothing of ours."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
import pytest
import yaml

from simulator.camera import CameraConfig, MailConfig, Quirk
from simulator.config import ConfigError, load
from simulator.station import Station
from tests.section import until
from tests.station import camera_config

type Start = Callable[..., Awaitable[Station]]


@dataclass
class Mailbox:
    """A mail server that takes everything."""

    port: int = 0
    mails: list[Envelope] = field(default_factory=list)
    logins: list[LoginPassword] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a mail."""
        self.mails.append(envelope)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, how: str, data: LoginPassword
    ) -> AuthResult:
        """Take every password."""
        self.logins.append(data)
        return AuthResult(success=True)

    def has(self, number: int) -> bool:
        """Return whether so many mails have come."""
        return len(self.mails) >= number

    def last(self) -> EmailMessage:
        """Return the last mail as the standard library reads it."""
        content = self.mails[-1].original_content or b""
        return message_from_bytes(content, policy=policy.default)


@pytest.fixture
async def mailbox(socket_enabled: None) -> AsyncGenerator[Mailbox]:
    """Return a mail server that runs."""
    box = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            box,
            hostname="box",
            authenticator=box.authenticate,
            auth_require_tls=False,
            loop=loop,
        ),
        "127.0.0.1",
        0,
    )
    box.port = server.sockets[0].getsockname()[1]
    yield box
    server.close()
    server.abort_clients()
    await server.wait_closed()


def mailing(box: Mailbox, **changes: Any) -> CameraConfig:
    """Return a camera that sends its mails there."""
    settings: dict[str, Any] = {
        "port": box.port,
        "to": "kita@cctv.example",
        "interval": 0.2,
    } | changes
    return camera_config("kita", mail=MailConfig(**settings))


async def test_sends_at_intervals(start_station: Start, mailbox: Mailbox) -> None:
    """The first mail comes when the camera starts, then one per interval, in Japanese as old firmware writes it."""
    station = await start_station(mailing(mailbox))
    await until(lambda: len(mailbox.mails) >= 3)
    assert mailbox.mails[0].rcpt_tos == ["kita@cctv.example"]
    assert mailbox.last()["Subject"] == "【kita】定期メール"
    assert mailbox.last().get_content_charset() == "iso-2022-jp"
    assert "動作しています" in mailbox.last().get_content()
    await until(lambda: station.cameras["kita"].mail.sent >= 3)


async def test_stops_and_goes_on(start_station: Start, mailbox: Mailbox) -> None:
    """A camera whose mails are stopped sends none, not even the test mail, and does again once fixed."""
    station = await start_station(mailing(mailbox))
    kita = station.cameras["kita"]
    await until(lambda: mailbox.mails)
    kita.set(mails=False)
    # What was under way arrives.
    await asyncio.sleep(0.3)
    before = len(mailbox.mails)
    kita.mail.send_now()
    await asyncio.sleep(0.6)
    assert len(mailbox.mails) == before
    kita.set(mails=True)
    await until(lambda: len(mailbox.mails) > before)


@pytest.mark.parametrize(
    ("language", "error", "recovery"),
    [("ja", "SDメモリーカードエラー", "SDメモリーカード復旧"), ("en", "alarm", "alarm cleared")],
)
async def test_tells_of_its_card(
    start_station: Start, mailbox: Mailbox, language: str, error: str, recovery: str
) -> None:
    """A card error is told at once, and so is its end, each once."""
    config = mailing(mailbox, language=language, charset="utf-8", interval=3600.0)
    kita = (await start_station(config)).cameras["kita"]
    await until(lambda: len(mailbox.mails) == 1)
    for fails, subject in ((True, error), (False, recovery)):
        before = len(mailbox.mails)
        kita.set(mail_error=fails)
        kita.set(mail_error=fails)
        await until(partial(mailbox.has, before + 1))
        assert mailbox.last()["Subject"].endswith(subject)
        assert len(mailbox.mails) == before + 1


async def test_sends_malformed_mails(start_station: Start, mailbox: Mailbox) -> None:
    """A broken mail is one that the standard library finds defects in."""
    kita = (await start_station(mailing(mailbox))).cameras["kita"]
    kita.set(mail_malformed=True)
    await until(lambda: mailbox.mails and b"x-none" in (mailbox.mails[-1].original_content or b""))
    assert mailbox.last().defects or any(part.defects for part in mailbox.last().walk())


async def test_logs_in(start_station: Start, mailbox: Mailbox) -> None:
    """A camera with user and password logs in first."""
    await start_station(mailing(mailbox, username="cam", password="cam-pass"))
    await until(lambda: mailbox.mails)
    assert mailbox.logins[0] == LoginPassword(b"cam", b"cam-pass")


async def test_goes_on_while_nobody_takes_its_mails(start_station: Start, mailbox: Mailbox) -> None:
    """A server that is away is a reason, no failure."""
    config = mailing(mailbox, port=1)
    kita = (await start_station(config)).cameras["kita"]
    await until(lambda: kita.mail.error == "ConnectionRefusedError")
    assert kita.mail.sent == 0


async def test_control_interface(start_station: Start, mailbox: Mailbox) -> None:
    """The test button, and what became of it."""
    station = Station([mailing(mailbox, interval=3600.0), camera_config("minami")], control_port=0)
    async with station, ClientSession() as session:
        url = f"http://127.0.0.1:{station.control_port}/cameras"
        await until(lambda: len(mailbox.mails) == 1)
        assert (await session.post(f"{url}/kita/mail")).status == 202
        await until(lambda: len(mailbox.mails) == 2)
        await until(lambda: station.cameras["kita"].mail.sent == 2)
        shown = await (await session.get(f"{url}/kita")).json()
        assert shown["mail"] == {"sent": 2, "error": ""}
        assert (await session.post(f"{url}/minami/mail")).status == 409


def test_station_file(tmp_path: Path) -> None:
    """Mail settings are read, copies have addresses of their own, and nonsense is told."""
    camera = {
        "name": "kita",
        "serial": "NS200-1",
        "mac": "02:00:00:00:00:01",
        "http_port": 8001,
        "rtsp_port": 8002,
        "users": [],
        "mail": {"to": "kita@cctv.example", "interval": 5, "tls": "starttls"},
    }
    path = tmp_path / "station.yaml"
    path.write_text(yaml.safe_dump({"cameras": [camera]}))
    addresses = [each.mail and each.mail.to for each in load(path, cameras=2).cameras]
    assert addresses == ["kita@cctv.example", "kita002@cctv.example"]
    for broken in ({"interval": 5}, {"to": "a@b", "tls": "ssl"}, {"to": "a@b", "language": "fr"}):
        path.write_text(yaml.safe_dump({"cameras": [camera | {"mail": broken}]}))
        with pytest.raises(ConfigError):
            load(path)


@pytest.mark.parametrize(
    "habit", [Quirk.MAIL_LOGIN_LOWERCASE, Quirk.MAIL_HELO_AGAIN, Quirk.MAIL_NAME_BEFORE_ADDRESS]
)
async def test_habits_that_a_strict_server_refuses(
    start_station: Start, mailbox: Mailbox, habit: Quirk
) -> None:
    """By the letter of the RFCs each is no mail; without the habit the same camera's mails are taken."""
    config = mailing(mailbox, username="cam", password="cam-pass")
    kita = (await start_station(replace(config, quirks=frozenset({habit})))).cameras["kita"]
    await until(lambda: kita.mail.error)
    assert not mailbox.mails
    kita.set(quirks=[])
    await until(lambda: mailbox.mails)
