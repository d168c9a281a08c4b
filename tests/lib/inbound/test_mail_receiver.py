"""The mail receiver over real sockets: what it takes, what it refuses, and what nobody can do to it."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage
from ipaddress import ip_network
import logging
from pathlib import Path
import smtplib
import ssl
from typing import Any
import warnings

import pytest

from custom_components.niiza_cctv.lib.inbound import guard
from custom_components.niiza_cctv.lib.inbound.certificate import FILE_NAME, server_context
from custom_components.niiza_cctv.lib.inbound.guard import FAILURES
from custom_components.niiza_cctv.lib.inbound.mail import (
    MAX_MAIL,
    MAX_SESSIONS,
    MAX_SESSIONS_PER_SOURCE,
    Mail,
    MailReceiver,
    MailSettings,
    Refusal,
    SessionTiming,
    StartTls,
)
from custom_components.niiza_cctv.lib.inbound.passwords import ScryptCost, hash_password
from custom_components.niiza_cctv.lib.inbound.patterns import CardNews
from tests.section import PATIENCE, until

RECIPIENTS = {"kita": "camera-1", "minami": "camera-2"}
PASSWORD = "mail-pass"
HASHED = hash_password(PASSWORD, ScryptCost(log_n=4, p=1))

pytestmark = pytest.mark.usefixtures("socket_enabled")


class Running:
    """A receiver that listens, and what came."""

    def __init__(self, receiver: MailReceiver, mails: list[Mail]) -> None:
        """Keep both."""
        self.receiver = receiver
        self.mails = mails

    async def client[T](self, work: Callable[[smtplib.SMTP], T]) -> T:
        """Do something with a client of the standard library."""

        def run() -> T:
            with smtplib.SMTP(
                "127.0.0.1", self.receiver.port, local_hostname="camera", timeout=20
            ) as client:
                return work(client)

        return await asyncio.to_thread(run)

    async def send(self, *recipients: str, subject: str = "定期", text: str = "動作中") -> None:
        """Send a mail."""
        message = EmailMessage()
        message["Subject"] = subject
        message.set_content(text)
        await self.client(
            lambda client: client.sendmail(
                "camera@niiza.example", recipients or ("kita@cctv.example",), message.as_bytes()
            )
        )

    @asynccontextmanager
    async def raw(self) -> AsyncGenerator[Raw]:
        """Speak with bare bytes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.receiver.port)
        try:
            yield Raw(reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


class Raw:
    """A connection without manners."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Keep both ends."""
        self.reader = reader
        self.writer = writer

    async def say(self, data: bytes) -> str:
        """Send bytes and return the answer's last line; empty when the connection was closed."""
        with suppress(OSError):
            self.writer.write(data)
            await self.writer.drain()
        return await self.hear()

    async def hear(self) -> str:
        """Return the last line of one answer."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    line = await self.reader.readline()
                except OSError:
                    return ""
                if line[3:4] != b"-":
                    return line.decode().strip()

    async def begin(self, recipient: str = "kita@x") -> None:
        """Come as far as DATA."""
        assert (await self.hear()).startswith("220")
        assert (await self.say(b"EHLO camera\r\n")).startswith("250")
        assert (await self.say(b"MAIL FROM:<a@b>\r\n")).startswith("250")
        assert (await self.say(f"RCPT TO:<{recipient}>\r\n".encode())).startswith("250")
        assert (await self.say(b"DATA\r\n")).startswith("354")

    async def closed(self) -> bool:
        """Return whether the other side closes, whatever it still says."""
        async with asyncio.timeout(PATIENCE):
            try:
                while await self.reader.read(4096):
                    pass
            except OSError:
                pass
        return True


type Start = Callable[..., Awaitable[Running]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncGenerator[Start]:
    """Return what starts a receiver."""
    running: list[Running] = []

    async def begin(**settings: Any) -> Running:
        mails: list[Mail] = []
        given = MailSettings(port=0, host="127.0.0.1", **settings)
        receiver = MailReceiver(
            given,
            lambda: RECIPIENTS,
            mails.append,
            ssl_context=None if given.starttls is StartTls.OFF else server_context(tmp_path),
        )
        await receiver.start()
        running.append(Running(receiver, mails))
        return running[-1]

    yield begin
    for each in running:
        await each.receiver.stop()


@pytest.fixture
async def running(start: Start) -> Running:
    """Return a receiver without log-in and TLS."""
    return await start()


# --- Taking ---------------------------------------------------------------------------------------------------------


async def test_takes_a_mail_for_a_camera(running: Running) -> None:
    """The camera is known by the local part, whatever its case and domain; of the mail little stays."""
    for recipient in ("kita@cctv.example", "KITA@elsewhere.example", '"kita"@x', "kita"):
        await running.send(recipient, subject="定期 10:00")
    assert [each.camera for each in running.mails] == ["camera-1"] * 4
    assert running.mails[0].subject == "定期 10:00"
    assert running.mails[0].card is None
    assert running.mails[0].at.tzinfo is not None


async def test_takes_a_mail_for_several_cameras_once_each(running: Running) -> None:
    """A mail to two cameras counts for both, to one twice for one."""
    await running.send("kita@a", "minami@a", "kita@b")
    assert [each.camera for each in running.mails] == ["camera-1", "camera-2"]


async def test_hears_what_a_mail_says_of_the_card(running: Running) -> None:
    """Subject and text are looked at."""
    await running.send(subject="SDカード異常")
    await running.send(text="Alarm Event: Storage Not Exist")
    await running.send(text="SDカードは正常です")
    assert [each.card for each in running.mails] == [
        CardNews.ERROR,
        CardNews.ERROR,
        CardNews.RECOVERY,
    ]


async def test_takes_mails_without_a_sender(running: Running) -> None:
    """Some devices send with an empty reverse path (RFC 5321, 4.5.5)."""
    await running.client(lambda client: client.sendmail("", ["kita@x"], b"Subject: a\r\n\r\nb"))
    assert len(running.mails) == 1


async def test_takes_the_lines_of_old_firmware(running: Running) -> None:
    """Bare LFs in the text, and lines longer than the standard's thousand, are no reason to call a camera dead."""
    async with running.raw() as raw:
        await raw.begin()
        body = b"Subject: a\r\n\r\n" + b"x" * 30_000 + b"\nSD card error\n" + b"y\n" * 900
        assert (await raw.say(body + b"\r\n.\r\n")).startswith("250")
    assert running.mails[0].card is None
    async with running.raw() as raw:
        await raw.begin()
        assert (await raw.say(b"Subject: a\n\nSD card error\n\r\n.\r\n")).startswith("250")
    assert running.mails[1].card is CardNews.ERROR


async def test_takes_the_mail_of_a_camera_that_hangs_up_at_once(running: Running) -> None:
    """A client that sends everything in one go and goes away without listening is a camera that lives."""
    async with running.raw() as raw:
        raw.writer.write(
            b"EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<kita@x>\r\nDATA\r\nSubject: a\r\n\r\nb\r\n.\r\n"
        )
        raw.writer.write_eof()
        await until(lambda: running.mails)
        assert await raw.closed()
    await until(lambda: running.receiver.sessions == 0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?x?b?%%%?=\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\n" * 5000,
        b"Content-Type: message/rfc822\r\n\r\n" * 1500,
    ],
    ids=["empty", "bytes", "word", "parts", "mails"],
)
async def test_a_broken_mail_is_a_sign_of_life(running: Running, content: bytes) -> None:
    """Whatever a camera's mail is made of, it has come."""
    async with running.raw() as raw:
        await raw.begin()
        assert (await raw.say(content + b"\r\n.\r\n")).startswith("250")
    assert len(running.mails) == 1


# --- Refusing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "recipient",
    [
        "stranger@cctv.example",
        "postmaster@cctv.example",
        "kita%elsewhere.example@cctv.example",
        "elsewhere.example!kita@cctv.example",
        "kita@elsewhere.example@cctv.example",
        '"kita@elsewhere.example"@cctv.example',
        "",
    ],
)
async def test_relays_nothing(running: Running, recipient: str) -> None:
    """Only the section's cameras have mail here; no way of writing an address leads elsewhere."""
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        await running.send(recipient)
    ((code, _answer),) = refused.value.recipients.values()
    assert 500 <= code < 560
    assert not running.mails


async def test_follows_the_cameras_of_the_section(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A camera that is added, or removed, is known at once."""
    running = await start()
    monkeypatch.setitem(RECIPIENTS, "higashi", "camera-3")
    await running.send("higashi@x")
    monkeypatch.delitem(RECIPIENTS, "higashi")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        await running.send("higashi@x")


async def test_ends_a_session_that_tries_names(running: Running) -> None:
    """Whoever looks for names is cut off after a few, and learns nothing by VRFY, EXPN or HELP."""
    async with running.raw() as raw:
        await raw.hear()
        await raw.say(b"EHLO a\r\n")
        known = await raw.say(b"VRFY kita\r\n")
        assert known == await raw.say(b"VRFY stranger\r\n")
        assert known.startswith("252")
        assert (await raw.say(b"EXPN kita\r\n")).startswith("502")
        assert "kita" not in await raw.say(b"HELP kita\r\n")
        await raw.say(b"MAIL FROM:<a@b>\r\n")
        answers = [await raw.say(b"RCPT TO:<name%d@x>\r\n" % number) for number in range(6)]
        assert [each[:3] for each in answers] == ["550"] * 5 + ["421"]
        assert await raw.closed()
    assert running.receiver.refused[Refusal.UNKNOWN_RECIPIENT] == 6


async def test_announces_and_keeps_its_limit(running: Running) -> None:
    """A larger mail is refused before it is sent where the client says its size, and after it where not."""
    sizes = await running.client(lambda client: (client.ehlo(), client.esmtp_features["size"])[1])
    assert int(sizes) == MAX_MAIL
    with pytest.raises(smtplib.SMTPSenderRefused) as early:
        await running.send(text="x" * (MAX_MAIL + 1))
    assert early.value.smtp_code == 552
    async with running.raw() as raw:
        await raw.begin()
        assert (await raw.say((b"x" * 998 + b"\r\n") * 100 + b".\r\n")).startswith("552")
        # The session goes on, and the next mail is taken.
        assert (await raw.say(b"MAIL FROM:<a@b>\r\n")).startswith("250")
    assert not running.mails
    assert running.receiver.refused[Refusal.TOO_LARGE] == 2
    await running.send(text="\n".join(["x" * 70] * 800))
    assert len(running.mails) == 1


@pytest.mark.parametrize("line", [b"x" * 4096, b"x" * 4094 + b"\r\n"], ids=["one line", "lines"])
async def test_cuts_off_who_sends_without_end(running: Running, line: bytes) -> None:
    """A mail without end, with or without line breaks, is cut off after a quarter of a megabyte."""
    async with running.raw() as raw:
        await raw.begin()
        sent = 0
        with suppress(OSError):
            while sent < 50_000_000:
                raw.writer.write(line)
                await raw.writer.drain()
                sent += len(line)
        assert await raw.closed()
    assert sent < 50_000_000
    assert not running.mails
    await until(lambda: running.receiver.sessions == 0)


@pytest.mark.parametrize(
    "data",
    [b"A" * 4096, b"\r\n" * 2048, b"NOOP\r\n", b"\xff\r\n", b"RSET\r\n"],
    ids=["line", "empty", "noop", "bytes", "rset"],
)
async def test_cuts_off_who_sends_commands_without_end(running: Running, data: bytes) -> None:
    """Lines without end, empty lines, and endless harmless commands end the session."""
    async with running.raw() as raw:
        hearing = asyncio.create_task(raw.closed())
        with suppress(OSError):
            while not hearing.done():
                raw.writer.write(data)
                await raw.writer.drain()
                await asyncio.sleep(0)
        assert await hearing
    await until(lambda: running.receiver.sessions == 0)


async def test_ends_the_talk_of_a_browser(running: Running) -> None:
    """A web page that makes a browser send a form here gets no mail through."""
    async with running.raw() as raw:
        form = (
            b"POST / HTTP/1.1\r\nHost: x\r\nUser-Agent: y\r\nAccept: */*\r\nOrigin: z\r\nA: b\r\n\r\n"
            b"EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<kita@x>\r\nDATA\r\n\r\n.\r\n"
        )
        raw.writer.write(form)
        assert await raw.closed()
    assert not running.mails


@pytest.mark.parametrize(
    "end", [b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r\n\x00.\r\n"]
)
async def test_no_second_mail_hides_in_the_first(running: Running, end: bytes) -> None:
    """Only CRLF.CRLF ends a mail: what follows another end is text."""
    async with running.raw() as raw:
        await raw.begin()
        hidden = b"MAIL FROM:<a@b>\r\nRCPT TO:<minami@x>\r\nDATA\r\nSubject: b\r\n\r\nhidden"
        assert (await raw.say(b"Subject: a\r\n\r\nb" + end + hidden + b"\r\n.\r\n"))[:3] == "250"
        assert (await raw.say(b"NOOP\r\n")).startswith("250")
    assert [each.camera for each in running.mails] == ["camera-1"]


async def test_forgets_a_mail_that_was_begun(running: Running) -> None:
    """RSET and EHLO begin anew: nothing of the mail before remains."""
    async with running.raw() as raw:
        await raw.hear()
        await raw.say(b"EHLO c\r\n")
        for command in (b"RSET\r\n", b"EHLO d\r\n"):
            await raw.say(b"MAIL FROM:<a@b>\r\n")
            await raw.say(b"RCPT TO:<kita@x>\r\n")
            await raw.say(command)
            assert (await raw.say(b"DATA\r\n")).startswith("503")
            assert (await raw.say(b"RCPT TO:<kita@x>\r\n")).startswith("503")


@pytest.mark.parametrize(
    "command",
    [
        b"MAIL FROM:<" + b"(" * 400 + b">",
        b"MAIL FROM:<a@b> SIZE=99999999999999999999",
        b"MAIL FROM:",
        b"MAIL",
        b"RCPT TO:<kita@x>",
        b"DATA",
        b"AUTH PLAIN AAAA",
        b"STARTTLS",
        b"PROXY TCP4 192.0.2.1 192.0.2.2 1 25",
        b"\x16\x03\x01\x02\x00",
    ],
    ids=lambda command: command[:12].decode(errors="replace"),
)
async def test_a_broken_command_breaks_nothing(running: Running, command: bytes) -> None:
    """Each is refused, tells nothing of us, and the same session can still send a mail."""
    async with running.raw() as raw:
        await raw.hear()
        await raw.say(b"EHLO c\r\n")
        answer = await raw.say(command + b"\r\n")
        assert answer[0] in "45"
        assert "Error(" not in answer
        assert "Traceback" not in answer
        assert (await raw.say(b"MAIL FROM:<a@b>\r\n")).startswith("250")


async def test_repeated_greetings_move_no_limit(running: Running) -> None:
    """EHLO again and again allows nobody longer commands, in no session."""
    async with running.raw() as first, running.raw() as second:
        for raw in (first, second):
            await raw.hear()
        for _ in range(8):
            await first.say(b"EHLO c\r\n")
        await second.say(b"EHLO c\r\n")
        answer = await second.say(b"MAIL FROM:<" + b"a" * 600 + b"@b>\r\n")
        assert answer.startswith("500")


# --- Who may come ---------------------------------------------------------------------------------------------------


async def test_lets_only_allowed_networks_in(start: Start) -> None:
    """Whoever comes from elsewhere is told so and spends nothing of ours."""
    running = await start(networks=(ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")))
    async with running.raw() as raw:
        assert (await raw.hear()).startswith("554")
        assert await raw.closed()
    assert running.receiver.refused[Refusal.NETWORK] == 1
    assert running.receiver.sessions == 0


async def test_takes_few_clients_of_one_source(running: Running) -> None:
    """A source that opens connection after connection is told to come later, and gets in again when one ends."""
    async with running.raw() as first:
        await first.hear()
        idle = [
            await asyncio.open_connection("127.0.0.1", running.receiver.port)
            for _ in range(MAX_SESSIONS_PER_SOURCE - 1)
        ]
        for reader, _ in idle:
            await reader.readline()
        async with running.raw() as late:
            assert (await late.hear()).startswith("421")
        for _, writer in idle:
            writer.close()
        await until(lambda: running.receiver.sessions == 1)
        await running.send()
    assert running.receiver.refused[Refusal.TOO_MANY_SESSIONS] == 1


async def test_who_holds_connections_keeps_no_camera_out(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All sessions are taken by a few who say nothing: a camera's mail comes, also from behind the router of one of them."""
    running = await start()
    # However long the strangers are in coming.
    running.receiver.timing = SessionTiming(a_mail_takes=600, idle=600, lifetime=600)
    port = running.receiver.port
    strangers = [
        await asyncio.open_connection("127.0.0.1", port, local_addr=(f"127.0.0.{each % 4 + 2}", 0))
        for each in range(MAX_SESSIONS)
    ]
    for reader, _ in strangers:
        assert (await reader.readline()).startswith(b"220")
    await running.send()
    assert running.receiver.sessions <= MAX_SESSIONS

    async def come() -> bytes:
        strangers.append(
            await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.0.2", 0))
        )
        return await strangers[-1][0].readline()

    # In the place of the one who gave way.
    assert (await come()).startswith(b"220")
    assert (await come()).startswith(b"421")
    running.receiver.timing = SessionTiming(a_mail_takes=0.0)
    assert (await come()).startswith(b"220")
    for _, writer in strangers:
        writer.close()
    await until(lambda: running.receiver.sessions == 0)
    assert len(running.mails) == 1


async def test_nobody_uses_up_what_a_camera_may_send(running: Running) -> None:
    """A stranger who names a camera over and over is told to wait; the camera itself is not."""

    def flood() -> int:
        with smtplib.SMTP(
            "127.0.0.1",
            running.receiver.port,
            local_hostname="stranger",
            timeout=20,
            source_address=("127.0.0.2", 0),
        ) as client:
            client.ehlo()
            code = 250
            while code == 250:
                client.mail("a@b")
                code = client.rcpt("kita@x")[0]
                client.rset()
            return code

    assert await asyncio.to_thread(flood) == 450
    await running.send()
    assert len(running.mails) == 1


async def test_a_source_that_sends_too_often_is_told_to_wait(running: Running) -> None:
    """A camera that went mad fills nothing; another camera's mails still come."""

    def flood(client: smtplib.SMTP) -> list[int]:
        client.ehlo()
        codes = []
        for _ in range(40):
            client.mail("a@b")
            codes.append(client.rcpt("kita@x")[0])
            client.rset()
        return codes

    codes = await running.client(flood)
    assert codes[:30] == [250] * 30
    assert 450 in codes[30:]
    await running.send("minami@x")
    assert running.receiver.refused[Refusal.TOO_OFTEN] > 0


async def test_ends_idle_and_endless_sessions(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that says nothing, one that trickles, and one that never reads are ended."""
    running = await start()
    running.receiver.timing = SessionTiming(idle=0.3, lifetime=1.0)
    async with running.raw() as silent, running.raw() as trickling, running.raw() as deaf:
        trickling.writer.write(b"EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<kita@x>\r\nDATA\r\n")

        async def trickle() -> None:
            with suppress(OSError):
                while True:
                    trickling.writer.write(b"x\r\n")
                    await trickling.writer.drain()
                    await asyncio.sleep(0.05)

        task = asyncio.create_task(trickle())
        transport = deaf.writer.transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        assert await silent.closed()
        assert await trickling.closed()
        await until(lambda: running.receiver.sessions == 0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_stops_with_clients_connected(start: Start) -> None:
    """Stopping ends every session at once, and the port is free again."""
    running = await start()
    port = running.receiver.port
    async with running.raw() as raw:
        await raw.begin()
        # Less than a session may be idle.
        async with asyncio.timeout(20):
            await running.receiver.stop()
        assert await raw.closed()
    again = MailReceiver(
        MailSettings(port=port, host="127.0.0.1"), lambda: RECIPIENTS, running.mails.append
    )
    await again.start()
    other = MailReceiver(
        MailSettings(port=port, host="127.0.0.1"), lambda: RECIPIENTS, running.mails.append
    )
    with pytest.raises(OSError, match="in use"):
        await other.start()
    await again.stop()


# --- Log-in ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("at_once", [True, False])
async def test_takes_mails_after_a_log_in(start: Start, mechanism: str, at_once: bool) -> None:
    """Both ways that cameras know let in, with the first answer in the command or not."""
    running = await start(username="camera", password=HASHED)

    def work(client: smtplib.SMTP) -> None:
        client.ehlo()
        client.user, client.password = "camera", PASSWORD
        client.auth(
            mechanism,
            getattr(client, f"auth_{mechanism.lower()}"),
            initial_response_ok=at_once,
        )
        client.sendmail("a@b", ["kita@x"], b"Subject: a\r\n\r\nb")

    await running.client(work)
    assert len(running.mails) == 1


async def test_takes_nothing_without_a_log_in(start: Start) -> None:
    """Where a log-in is wanted nobody sends, asks or tries names without one."""
    running = await start(username="camera", password=HASHED)
    async with running.raw() as raw:
        await raw.hear()
        await raw.say(b"EHLO c\r\n")
        for command in (b"MAIL FROM:<a@b>", b"RCPT TO:<kita@x>", b"DATA", b"VRFY kita"):
            assert (await raw.say(command + b"\r\n")).startswith("530")
    assert running.receiver.refused[Refusal.NO_LOGIN] == 4


@pytest.mark.parametrize(
    ("name", "password"), [("camera", "wrong"), ("other", PASSWORD), ("", ""), ("camera", "")]
)
async def test_refuses_wrong_passwords(start: Start, name: str, password: str) -> None:
    """A wrong name or password lets nobody in."""
    running = await start(username="camera", password=HASHED)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        await running.client(lambda client: client.login(name, password))
    assert running.receiver.refused[Refusal.WRONG_PASSWORD] > 0


async def test_a_name_without_a_password_lets_nobody_in(start: Start) -> None:
    """Half a setting is no open door."""
    running = await start(username="camera")
    with pytest.raises(smtplib.SMTPAuthenticationError):
        await running.client(lambda client: client.login("camera", ""))
    with pytest.raises(smtplib.SMTPSenderRefused):
        await running.send()


async def test_locks_a_source_out_before_it_costs_anything(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some wrong passwords nothing more is hashed, also not for new connections or the right password."""
    hashed: list[str] = []

    def verify(text: str, _hashed: str) -> bool:
        hashed.append(text)
        return text == PASSWORD

    monkeypatch.setattr(guard, "verify_password", verify)
    running = await start(username="camera", password=HASHED)
    answers = []
    for number in range(FAILURES + 5):
        async with running.raw() as raw:
            await raw.hear()
            await raw.say(b"EHLO c\r\n")
            guess = b64encode(b"\0camera\0guess%d" % number)
            answers.append((await raw.say(b"AUTH PLAIN " + guess + b"\r\n"))[:3])
    assert answers == ["535"] * FAILURES + ["454"] * 5
    assert len(hashed) == FAILURES
    with pytest.raises(smtplib.SMTPAuthenticationError):
        await running.client(lambda client: client.login("camera", PASSWORD))
    assert len(hashed) == FAILURES


@pytest.mark.parametrize(
    "blob",
    [b"!!!", b"*", b"=", b"AAAA", b"AGE=", b"A" * 8000, b64encode(b"\0camera\0a\0b"), b"\xff\xff"],
    ids=lambda blob: blob[:8].decode(errors="replace"),
)
@pytest.mark.parametrize("mechanism", [b"PLAIN", b"LOGIN", b"CRAM-MD5", b"X" * 50])
async def test_a_broken_log_in_breaks_nothing(start: Start, mechanism: bytes, blob: bytes) -> None:
    """Whatever is sent instead of a password, nobody gets in and nothing falls over."""
    running = await start(username="camera", password=HASHED)
    async with running.raw() as raw:
        await raw.hear()
        await raw.say(b"EHLO c\r\n")
        answer = await raw.say(b"AUTH " + mechanism + b"\r\n")
        for _ in range(2):
            if answer.startswith("334"):
                answer = await raw.say(blob + b"\r\n")
        assert answer[0] == "5"
        assert (await raw.say(b"MAIL FROM:<a@b>\r\n")).startswith("530")


# --- TLS ------------------------------------------------------------------------------------------------------------


def trusting() -> ssl.SSLContext:
    """Return what a camera does: encrypt and ask nobody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@pytest.mark.parametrize("starttls", [StartTls.OFFERED, StartTls.REQUIRED])
async def test_takes_mails_over_tls(start: Start, starttls: StartTls) -> None:
    """A camera that begins TLS logs in and sends inside it."""
    running = await start(username="camera", password=HASHED, starttls=starttls)

    def work(client: smtplib.SMTP) -> None:
        client.starttls(context=trusting())
        client.login("camera", PASSWORD)
        client.sendmail("a@b", ["kita@x"], b"Subject: a\r\n\r\nb")

    await running.client(work)
    assert len(running.mails) == 1


async def test_takes_neither_password_nor_mail_in_the_clear_where_tls_is_required(
    start: Start,
) -> None:
    """Required means required."""
    running = await start(username="camera", password=HASHED, starttls=StartTls.REQUIRED)
    features = await running.client(lambda client: (client.ehlo(), dict(client.esmtp_features))[1])
    assert "auth" not in features
    assert "starttls" in features
    async with running.raw() as raw:
        await raw.hear()
        await raw.say(b"EHLO c\r\n")
        for command in (b"AUTH PLAIN AAAA", b"MAIL FROM:<a@b>", b"RCPT TO:<kita@x>", b"VRFY kita"):
            assert (await raw.say(command + b"\r\n")).startswith("530")


async def test_nothing_that_was_said_before_tls_counts_inside(start: Start) -> None:
    """Commands that somebody slips in before the handshake are dropped (RFC 3207, 4.2); TLS begins only once."""
    running = await start(starttls=StartTls.OFFERED)
    async with running.raw() as raw:
        await raw.hear()
        await raw.say(b"EHLO c\r\n")
        await raw.say(b"MAIL FROM:<a@b>\r\n")
        assert (await raw.say(b"STARTTLS\r\nRCPT TO:<kita@x>\r\n")).startswith("220")
        await raw.writer.start_tls(trusting())
        assert (await raw.say(b"RCPT TO:<kita@x>\r\n")).startswith("503")
        await raw.say(b"EHLO c\r\n")
        assert (await raw.say(b"RCPT TO:<kita@x>\r\n")).startswith("503")
        assert (await raw.say(b"STARTTLS\r\n")).startswith("503")
        assert (await raw.say(b"MAIL FROM:<a@b>\r\n")).startswith("250")


async def test_a_failed_handshake_ends_the_session(start: Start) -> None:
    """Nonsense instead of TLS, or a peer that goes away, leaves nothing behind."""
    running = await start(starttls=StartTls.OFFERED)
    for nonsense in (b"x" * 300, b""):
        async with running.raw() as raw:
            await raw.hear()
            await raw.say(b"EHLO c\r\n")
            assert (await raw.say(b"STARTTLS\r\n")).startswith("220")
            raw.writer.write(nonsense)
            raw.writer.write_eof()
            assert await raw.closed()
        await until(lambda: running.receiver.sessions == 0)
    await running.send()


async def test_wants_a_certificate_for_tls() -> None:
    """TLS that was asked for never falls back to none."""
    with pytest.raises(ValueError, match="certificate"):
        MailReceiver(
            MailSettings(port=0, starttls=StartTls.REQUIRED), lambda: RECIPIENTS, lambda _: None
        )


def test_makes_a_certificate_once_and_for_nobody_else_to_read(tmp_path: Path) -> None:
    """The key is the owner's only, stays over a restart, and is made anew when it is of no use."""
    folder = tmp_path / "storage"
    server_context(folder)
    path = folder / FILE_NAME
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    first = path.read_bytes()
    server_context(folder)
    assert path.read_bytes() == first
    for damaged in (b"", b"nonsense", first[:1000], first.split(b"-----BEGIN CERT")[0]):
        path.write_bytes(damaged)
        server_context(folder)
        assert path.read_bytes() not in {first, damaged}
        assert path.stat().st_mode & 0o777 == 0o600


# --- What it says of itself -----------------------------------------------------------------------------------------


async def test_logs_nothing_that_a_stranger_sends(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither addresses nor passwords nor texts reach the log, at any level; and nothing deprecated is called."""
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        running = await start(username="camera", password=HASHED, starttls=StartTls.OFFERED)
        async with running.raw() as raw:
            greeting = await raw.hear()
            await raw.say(b"EHLO secret-host\r\n")
            await raw.say(b"secret-command\r\n")
            await raw.say(b"AUTH LOGIN\r\n")
            await raw.say(b"secret-not-base64\r\n")
            await raw.say(b"AUTH PLAIN " + b64encode(b"\0camera\0" + PASSWORD.encode()) + b"\r\n")
            await raw.say(b"MAIL FROM:<secret@sender>\r\n")
            await raw.say(b"RCPT TO:<secret@stranger>\r\n")
            await raw.say(b"RCPT TO:<kita@x>\r\n")
            await raw.say(b"DATA\r\n")
            await raw.say(b"Subject: secret\r\n\r\nsecret\r\n.\r\n")
    assert len(running.mails) == 1
    # No version that tells what we are made of.
    assert "Python" not in greeting
    assert "1.4" not in greeting
    for secret in ("secret", PASSWORD, b64encode(PASSWORD.encode()).decode()):
        assert secret not in caplog.text
