"""The mailer in a camera's firmware: it says at regular intervals that the camera lives, and tells when its card fails.

SMTP is the standard library's; what the mails look like is after real firmware.
"""

import asyncio
from email.header import Header
from email.mime.text import MIMEText
from email.utils import formatdate, make_msgid
from enum import StrEnum
import logging
import smtplib
import ssl
from typing import Any, override

from simulator.camera import MailConfig, MailTls, Quirk, VirtualCamera

_LOGGER = logging.getLogger(__name__)

_TIMEOUT = 10.0


class Occasion(StrEnum):
    """Why a mail is sent."""

    REGULAR = "regular"
    CARD_ERROR = "card_error"
    CARD_RECOVERED = "card_recovered"


# Subject and text, by language.
_WORDS = {
    "ja": {
        Occasion.REGULAR: (
            "【{name}】定期メール",
            "{location}のカメラは動作しています。\nSDメモリーカード: 正常",
        ),
        Occasion.CARD_ERROR: (
            "【{name}】SDメモリーカードエラー",
            "{location}のカメラでSDメモリーカードの異常を検出しました。",
        ),
        Occasion.CARD_RECOVERED: (
            "【{name}】SDメモリーカード復旧",
            "{location}のカメラのSDメモリーカードが正常に戻りました。",
        ),
    },
    "en": {
        Occasion.REGULAR: ("{name}: periodic mail", "The camera at {location} is running."),
        Occasion.CARD_ERROR: (
            "{name}: alarm",
            "EVENT TYPE: SD Card Error\nDEVICE NAME: {location}",
        ),
        Occasion.CARD_RECOVERED: (
            "{name}: alarm cleared",
            "EVENT TYPE: SD Card Error recovered\nDEVICE NAME: {location}",
        ),
    },
}
# What a camera sends whose firmware lost its way: parts in parts without an end, a charset that there is not.
_MALFORMED = (
    b"Subject: =?x-none?b?%%%?=\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n"
    + b'--\r\nContent-Type: multipart/mixed; boundary="x\r\n\r\n--x\r\n' * 50
    + b"Content-Type: text/plain; charset=x-none\r\nContent-Transfer-Encoding: base64\r\n\r\n=\xff\xfe\r\n"
)


class _Smtp(smtplib.SMTP):
    """The standard library's client, writing its commands with the habits of a camera."""

    def __init__(self, camera: VirtualCamera, *server: Any, **options: Any) -> None:
        # The base class connects, and so writes, at once.
        self._camera = camera
        super().__init__(*server, **options)

    @override
    def putcmd(self, cmd: str, args: str = "") -> None:
        if cmd.upper() == "AUTH" and self._camera.has(Quirk.MAIL_LOGIN_LOWERCASE):
            mechanism, blank, response = args.partition(" ")
            args = f"{mechanism.lower()}{blank}{response}"
        if cmd.upper() == "MAIL" and self._camera.has(Quirk.MAIL_NAME_BEFORE_ADDRESS):
            keyword, colon, path = args.partition(":")
            args = f"{keyword}{colon}{self._camera.config.model} {path}"
        super().putcmd(cmd, args)


class MailClient:
    """Sends one camera's mails while the camera runs."""

    def __init__(self, camera: VirtualCamera) -> None:
        """Make the client; a camera without a mail page's settings sends nothing."""
        self._camera = camera
        self._task: asyncio.Task[None] | None = None
        self._wanted: asyncio.Queue[Occasion] = asyncio.Queue()
        self._failing = camera.faults.mail_error
        self.sent = 0
        # Why the last mail was not taken; "" when it was.
        self.error = ""
        camera.listeners.append(self._changed)

    def start(self) -> None:
        """Begin to send, as after switching the camera on."""
        if self._camera.config.mail is not None:
            self._task = asyncio.create_task(self._run(self._camera.config.mail))

    async def stop(self) -> None:
        """Stop sending."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def send_now(self, occasion: Occasion = Occasion.REGULAR) -> None:
        """Send a mail at once, as the test button on the camera's page does."""
        if self._task is not None:
            self._wanted.put_nowait(occasion)

    def _changed(self, what: str) -> None:
        """Tell at once when the card fails and when it is well again."""
        failing = self._camera.faults.mail_error
        if what == "mail_error" and failing != self._failing:
            self._failing = failing
            self.send_now(Occasion.CARD_ERROR if failing else Occasion.CARD_RECOVERED)

    async def _run(self, config: MailConfig) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        occasion = Occasion.CARD_ERROR if self._failing else Occasion.REGULAR
        while True:
            if self._camera.faults.mails:
                await self._send(config, occasion)
            if occasion is Occasion.REGULAR:
                due = max(due + config.interval, loop.time())
            try:
                async with asyncio.timeout_at(due):
                    occasion = await self._wanted.get()
            except TimeoutError:
                occasion = Occasion.REGULAR

    async def _send(self, config: MailConfig, occasion: Occasion) -> None:
        # In a thread that goes on when the camera is switched off meanwhile, until its timeout at most.
        try:
            await asyncio.to_thread(self._deliver, config, self._written(config, occasion))
        except (OSError, smtplib.SMTPException) as err:
            self.error = type(err).__name__
            _LOGGER.info("Mail of %s is not taken: %s", self._camera.config.name, self.error)
        else:
            self.error = ""
            self.sent += 1

    def _deliver(self, config: MailConfig, mail: bytes) -> None:
        """Hand a mail over to the server; raises OSError, SMTPException."""
        with _Smtp(
            self._camera,
            config.host,
            config.port,
            local_hostname=self._camera.config.name,
            timeout=_TIMEOUT,
            source_address=(self._camera.config.host, 0),
        ) as client:
            if config.tls == MailTls.STARTTLS:
                # As cameras do: encrypted, whoever it is.
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
                client.starttls(context=context)
            if self._camera.has(Quirk.MAIL_HELO_AGAIN):
                client.ehlo()
                client.helo()
            if config.username:
                client.login(config.username, config.password)
            client.sendmail(config.sender, [config.to], mail)

    def _written(self, config: MailConfig, occasion: Occasion) -> bytes:
        """Return the mail as it is sent (RFC 5322)."""
        if occasion is Occasion.REGULAR and self._camera.faults.mail_malformed:
            return _MALFORMED
        settings = self._camera.config
        subject, text = (
            words.format(name=settings.name, location=settings.location or settings.name)
            for words in _WORDS[config.language][occasion]
        )
        mail = MIMEText(f"{text}\n{self._camera.now():%Y-%m-%d %H:%M:%S}", "plain", config.charset)
        mail["Subject"] = Header(subject, config.charset).encode()
        mail["From"], mail["To"] = config.sender, config.to
        mail["Date"] = formatdate(self._camera.now().timestamp())
        mail["Message-ID"] = make_msgid(domain="camera.invalid")
        return mail.as_bytes()
