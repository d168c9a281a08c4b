"""Mails as cameras really write them, and nothing that anybody can send makes the readers fail, hang or grow."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
import time
import tracemalloc

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.niiza_cctv.lib.inbound.http_head import MAX_HEAD, RequestHead, fixed
from custom_components.niiza_cctv.lib.inbound.mail import (
    Mail,
    MailReceiver,
    MailSettings,
    Refusal,
    SessionTiming,
)
from custom_components.niiza_cctv.lib.inbound.mime import MAX_SUBJECT, MAX_TEXT, read_mail
from custom_components.niiza_cctv.lib.inbound.passwords import ScryptCost, hash_password
from custom_components.niiza_cctv.lib.inbound.patterns import CardPatterns
from simulator.camera import MailConfig, Quirk
from simulator.station import Station
from tests.section import until
from tests.station import camera_config

TEXT = "SDカードの録画異常を検出しました"
LOGIN = {"username": "cams", "password": hash_password("pw", ScryptCost(log_n=4, p=1))}
NAME, PASSWORD = b64encode(b"cams"), b64encode(b"pw")
PLAIN = b64encode(b"\0cams\0pw")


# --- Sessions -----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def receiving(
    username: str = "", password: str = ""
) -> AsyncGenerator[tuple[MailReceiver, list[Mail]]]:
    """Run a receiver for the camera "kita"."""
    mails: list[Mail] = []
    receiver = MailReceiver(
        MailSettings(port=0, host="127.0.0.1", username=username, password=password),
        lambda: {"kita": "camera-1"},
        mails.append,
        timing=SessionTiming(idle=5.0),
    )
    await receiver.start()
    try:
        yield receiver, mails
    finally:
        await receiver.stop()


async def talk(receiver: MailReceiver, *said: bytes) -> str:
    """Say one thing after the other, each when the one before was answered; return the last answer, or the first refusal."""
    reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
    answer = ""
    try:
        for words in (b"", *said):
            writer.write(words)
            while True:
                line = (await asyncio.wait_for(reader.readline(), 10)).decode("latin-1")
                if line[3:4] != "-":
                    break
            answer = line.strip()
            if answer[:1] not in {"2", "3"}:
                break
    finally:
        writer.close()
    return answer


MAIL = (
    b"MAIL FROM:<cam@x>\r\n",
    b"RCPT TO:<kita@x>\r\n",
    b"DATA\r\n",
    b"Subject: t\r\n\r\nb\r\n.\r\n",
)
LOG_IN = (b"AUTH LOGIN\r\n", NAME + b"\r\n", PASSWORD + b"\r\n")

LOGGING_IN = {
    "small letters": (b"EHLO c\r\n", b"AUTH login\r\n", *LOG_IN[1:]),
    "mixed letters, name at once": (b"EHLO c\r\n", b"auth Login " + NAME + b"\r\n", LOG_IN[2]),
    "plain in small letters": (b"EHLO c\r\n", b"AUTH plain " + PLAIN + b"\r\n"),
    "plain asked for": (b"EHLO c\r\n", b"Auth Plain\r\n", PLAIN + b"\r\n"),
    "blanks all over": (
        b"EHLO  c \r\n",
        b"AUTH   LOGIN  \r\n",
        NAME + b" \r\n",
        PASSWORD + b"\t\r\n",
    ),
    "HELO behind EHLO": (b"EHLO c\r\n", b"HELO c\r\n", *LOG_IN),
    "HELO alone": (b"HELO c\r\n", *LOG_IN),
    "once more": (b"EHLO c\r\n", *LOG_IN, *LOG_IN),
    "EHLO again": (b"EHLO c\r\n", *LOG_IN, b"EHLO c\r\n"),
    "bare line ends": (b"EHLO c\n", b"AUTH LOGIN\n", NAME + b"\n", PASSWORD + b"\n"),
}


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("how", LOGGING_IN)
async def test_cameras_log_in_as_they_can(how: str) -> None:
    """A right password gets in, in whatever way it is said; a wrong one never does."""
    async with receiving(**LOGIN) as (receiver, mails):
        assert (await talk(receiver, *LOGGING_IN[how], *MAIL))[:3] == "250"
        await until(lambda: mails)
        assert not +receiver.refused
        wrong = (
            said.replace(PASSWORD, b64encode(b"no")).replace(PLAIN, b64encode(b"\0cams\0no"))
            for said in LOGGING_IN[how]
        )
        assert (await talk(receiver, *wrong, *MAIL))[:3] in {"535", "530"}
        assert receiver.refused[Refusal.WRONG_PASSWORD] >= 1


GREETING = {
    "no name": (b"HELO\r\n",),
    "no name, extended": (b"EHLO \r\n",),
    "a Japanese name": ("EHLO 北口カメラ\r\n".encode(),),
    "a name in Shift_JIS": ("HELO 北口\r\n".encode("cp932"),),
    "small letters": (b"helo c\r\n",),
    "a log-in that nobody wants": (b"EHLO c\r\n", *LOG_IN),
    "the same by HELO": (b"HELO c\r\n", b"AUTH PLAIN " + PLAIN + b"\r\n"),
    "twice": (b"EHLO c\r\n", b"EHLO c\r\n"),
}
SENDER = {
    "AUTH=<>": b"MAIL FROM:<cam@x> AUTH=<>\r\n",
    "SIZE": b"MAIL FROM:<cam@x> SIZE=900\r\n",
    "nonsense": b"MAIL FROM:<cam@x> SIZE=-1 X=Y FOO\r\n",
    "a name": b"MAIL FROM:Camera <cam@x>\r\n",
    "a name in quotes": b'MAIL FROM:"North <1>" <cam@x> SIZE=900\r\n',
    "a Japanese name": "MAIL FROM:北口 <cam@x>\r\n".encode("cp932"),
    "blanks": b"mail from :  < cam@x >  SIZE=900 \r\n",
    "no colon": b"MAIL FROM <cam@x>\r\n",
    "no brackets": b"MAIL FROM: cam@x\r\n",
    "nobody": b"MAIL FROM:<>\r\n",
    "a route": b"MAIL FROM:<@a,@b:cam@x>\r\n",
    "BODY": b"MAIL FROM:<cam@x> BODY=BINARYMIME RET=HDRS ENVID=1\r\n",
}
RECIPIENT = {
    "a name": b"RCPT TO:Section <kita@x>\r\n",
    "blanks": b"rcpt to : <kita@x> \r\n",
    "NOTIFY": b"RCPT TO:<kita@x> NOTIFY=NEVER ORCPT=rfc822;kita@x\r\n",
    "no brackets": b"RCPT TO:kita@x\r\n",
    "large letters": b"RCPT TO:<KITA@X>\r\n",
}


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("how", GREETING)
async def test_cameras_greet_as_they_can(how: str) -> None:
    """Whatever they call themselves."""
    async with receiving() as (receiver, mails):
        assert (
            await talk(receiver, *GREETING[how], MAIL[0].replace(b">", b"> SIZE=9"), *MAIL[1:])
        )[:3] == "250"
        await until(lambda: mails)
        assert not +receiver.refused


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    ("sender", "recipient"),
    [
        *((SENDER[how], MAIL[1]) for how in SENDER),
        *((MAIL[0], RECIPIENT[how]) for how in RECIPIENT),
    ],
    ids=[*(f"from {how}" for how in SENDER), *(f"to {how}" for how in RECIPIENT)],
)
@pytest.mark.parametrize("hello", [b"HELO c\r\n", b"EHLO c\r\n"])
async def test_cameras_write_addresses_as_they_can(
    hello: bytes, sender: bytes, recipient: bytes
) -> None:
    """Who it is for is what counts."""
    async with receiving() as (receiver, mails):
        assert (await talk(receiver, hello, sender, recipient, *MAIL[2:]))[:3] == "250"
        await until(lambda: mails)
        assert [mail.camera for mail in mails] == ["camera-1"]
        # A mail that was begun and left gives way to the next.
        assert (await talk(receiver, hello, sender, sender, recipient, *MAIL[2:], b"QUIT now\r\n"))[
            :3
        ] == "221"
        await until(lambda: len(mails) == 2)
        assert not +receiver.refused


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    "mail",
    [b"Subject: t\n\nb\n.\n", b"Subject: t\r\n\r\nb\n.\r\n", b"Subject: t\r\n\r\nb\n.\n", b".\n"],
)
async def test_a_mail_with_bare_line_ends_comes_to_its_end(mail: bytes) -> None:
    """Its sender waits for the answer; a second mail hidden behind such a dot does not become one."""
    async with receiving() as (receiver, mails):
        assert (
            await talk(
                receiver, b"HELO c\n", b"MAIL FROM:<a@b>\n", b"RCPT TO:<kita@x>\n", b"DATA\n", mail
            )
        )[:3] == "250"
        await until(lambda: mails)
        hidden = (
            mail + b"MAIL FROM:<a@b>\r\nRCPT TO:<kita@x>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\n"
        )
        assert (await talk(receiver, b"HELO c\r\n", *MAIL[:3], hidden, b"NOOP\r\n"))[:3] == "250"
        await until(lambda: len(mails) == 2)


@pytest.mark.usefixtures("socket_enabled")
async def test_what_is_not_taken_is_counted_with_who_sent_it() -> None:
    """A person finds out why the mails of the camera at that address do not come."""
    async with receiving() as (receiver, _):
        assert receiver.refused_from("127.0.0.1") is None
        for said, why in (
            (b"RCPT TO:<nobody@x>\r\n", Refusal.UNKNOWN_RECIPIENT),
            (b"RCPT TO:<x<>\r\n", Refusal.BROKEN),
            (b"FOO\r\n", Refusal.BROKEN),
            (b"AUTH CRAM-MD5\r\n", Refusal.BROKEN),
        ):
            before = receiver.refused[why]
            assert (await talk(receiver, b"EHLO c\r\n", MAIL[0], said))[0] == "5"
            assert receiver.refused[why] == before + 1
            refused = receiver.refused_from("127.0.0.1")
            assert refused is not None
            assert refused.last is why
        reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
        await reader.readline()
        for said in (b"HELO c\r\n", *MAIL[:3]):
            writer.write(said)
            await reader.readline()
        writer.write(b"Subject: half a ma")
        await writer.drain()
        writer.transport.abort()
        await until(lambda: receiver.refused[Refusal.UNFINISHED] == 1)
        assert receiver.refused_from("192.0.2.1") is None
        assert receiver.refused_from("camera.example") is None


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("wanted", [False, True], ids=["open", "with a log-in"])
@pytest.mark.parametrize(
    "habits",
    [
        {Quirk.MAIL_LOGIN_LOWERCASE},
        {Quirk.MAIL_HELO_AGAIN},
        {Quirk.MAIL_NAME_BEFORE_ADDRESS},
        {Quirk.MAIL_LOGIN_LOWERCASE, Quirk.MAIL_HELO_AGAIN, Quirk.MAIL_NAME_BEFORE_ADDRESS},
    ],
    ids=lambda habits: "+".join(sorted(habits)),
)
async def test_a_camera_with_habits_is_heard(habits: set[Quirk], wanted: bool) -> None:
    """The simulated camera's own mailer, all of its habits together, too: its mails arrive and nothing is refused."""
    async with receiving(**(LOGIN if wanted else {})) as (receiver, mails):
        mail = MailConfig(port=receiver.port, to="kita@x", interval=0.1)
        if wanted:
            mail = replace(mail, username="cams", password="pw")
        camera = camera_config("kita", mail=mail, quirks=frozenset(habits))
        async with Station([camera]):
            await until(lambda: len(mails) >= 2)
        assert {one.camera for one in mails} == {"camera-1"}
        assert not +receiver.refused


# --- What mails say -----------------------------------------------------------------------------------------------------

B64 = b64encode(TEXT.encode())
HTML = "<html><head><style>p{color:red}</style><title>x</title></head><body><p>SD<b>カー</b>ド<wbr>の<font color='red'>録</font>画&shy;異<!-- > -->常を検出しました</p><br>5 < 7</body></html>"


def typed(
    text: bytes, kind: bytes = b"text/plain; charset=utf-8", encoding: bytes = b"base64"
) -> bytes:
    """Return a mail of one part."""
    return (
        b"Subject: t\r\nContent-Type: "
        + kind
        + b"\r\nContent-Transfer-Encoding: "
        + encoding
        + b"\r\n\r\n"
        + text
    )


BODIES = {
    "lines of any length": typed(b"\r\n".join(B64[at : at + 7] for at in range(0, len(B64), 7))),
    "blanks inside": typed(
        b" ".join(B64[at : at + 5] for at in range(0, len(B64), 5)).replace(b" ", b"\r\n ")
    ),
    "each line padded": typed(
        b"\r\n".join(b64encode(TEXT.encode()[at : at + 10]) for at in range(0, 60, 10))
    ),
    "padding left out": typed(B64.rstrip(b"=")),
    "signs that are none": typed(B64[:9] + b"\x00*" + B64[9:]),
    "behind a semicolon": typed(B64, encoding=b"BASE64;"),
    "not encoded at all": typed(TEXT.encode()),
    "in a charset that it is not": typed(
        b64encode(TEXT.encode()), b"text/plain; charset=iso-8859-1"
    ),
    "Shift_JIS as Latin": typed(TEXT.encode("cp932"), b"text/plain; charset=iso-8859-1", b"8bit"),
    "UTF-8 as Shift_JIS": typed(TEXT.encode(), b"text/plain; charset=Shift_JIS", b"8bit"),
    "JIS as ASCII": typed(TEXT.encode("iso2022_jp"), b"text/plain; charset=us-ascii", b"7bit"),
    "a charset in odd quotes": typed(B64, b"text/plain; charset=\"'utf-8'\""),
    "a text with a name": typed(B64, b'text/plain; charset=utf-8; name="body.txt"').replace(
        b"Subject", b"Content-Disposition: inline; filename=body.txt\r\nSubject"
    ),
    "an attached text alone": typed(B64).replace(
        b"Subject", b"Content-Disposition: attachment; filename=a.txt\r\nSubject"
    ),
    "HTML with tags inside words": typed(b64encode(HTML.encode()), b"text/html; charset=utf-8"),
    "empty lines first": b"\r\n\r\n" + typed(B64),
    "a blank first": b" \r\n" + typed(B64),
    "quoted-printable cut": typed(
        "".join(f"={octet:02X}" for octet in TEXT.encode()).encode() + b"=E",
        encoding=b"Quoted-Printable",
    ),
    "multipart without an end": b'Subject: t\r\nContent-Type: multipart/mixed; boundary="o"\r\n\r\n--o\r\nContent-Type: multipart/alternative; boundary="i"\r\n\r\n--i\r\n'
    + typed(B64).partition(b"\r\n")[2],
    "multipart with another boundary": b'Subject: t\r\nContent-Type: multipart/mixed; boundary="o"\r\n\r\n--other\r\n'
    + typed(B64).partition(b"\r\n")[2]
    + b"\r\n--other--\r\n",
    "multipart without a boundary": b"Subject: t\r\nContent-Type: multipart/mixed\r\n\r\n--x\r\n"
    + typed(B64).partition(b"\r\n")[2],
}


@pytest.mark.parametrize("how", BODIES)
def test_a_text_is_read_however_it_was_packed(how: str) -> None:
    """What it says of the card is found, in the middle of words as well."""
    contents = read_mail(BODIES[how])
    assert TEXT in contents.text
    assert contents.subject == "t"
    assert CardPatterns().read(contents.text) is not None


def test_a_text_that_was_cut_is_read_as_far_as_it_came() -> None:
    """At any sign of its base64, and in any letter."""
    for end in range(8, len(B64)):
        assert TEXT.startswith(read_mail(typed(B64[:end])).text.rstrip("\ufffd")), end
    for codec in ("utf-8", "cp932", "euc_jp"):
        octets = TEXT.encode(codec)
        for end in range(1, len(octets)):
            read = read_mail(
                typed(
                    octets[:end],
                    b"text/plain; charset="
                    + codec.replace("cp932", "shift_jis")
                    .replace("_", "-" if codec == "euc_jp" else "_")
                    .encode(),
                    b"8bit",
                )
            )
            assert TEXT.startswith(read.text.rstrip("\ufffd")), (codec, end)


def words(charset: str, *pieces: bytes) -> bytes:
    """Return a header of encoded words."""
    return (
        b"Subject: "
        + b"\r\n ".join(b"=?" + charset.encode() + b"?B?" + piece + b"?=" for piece in pieces)
        + b"\r\n\r\n"
    )


@pytest.mark.parametrize(
    "header",
    [
        # In the middle of a letter, and of its base64.
        words("UTF-8", *(b64encode(TEXT.encode()[at : at + 10]) for at in range(0, 60, 10))),
        words("utf-8", *(B64[at : at + 10] for at in range(0, len(B64), 10))),
        words("ISO-2022-JP", b64encode(TEXT.encode("iso2022_jp"))),
        words("us-ascii", B64),
        # No blank between words, a language behind the charset, the end cut off.
        words("UTF-8", B64[:20], B64[20:]).replace(b"\r\n =", b"="),
        words("UTF-8*ja", B64),
        words("UTF-8", B64).replace(b"?=\r\n", b"\r\n"),
        b"Subject: " + TEXT.encode("cp932") + b"\r\n\r\n",
        b"Subject: =?UTF-8?q?"
        + "".join(f"={octet:02x}" for octet in TEXT.encode()).encode()
        + b"?=\r\n\r\n",
        b"Subject: =?x-unknown?B?" + B64 + b"?=\r\n\r\n",
    ],
)
def test_a_subject_is_read_however_it_was_cut(header: bytes) -> None:
    """One word that cannot be read does not take the others with it."""
    assert read_mail(header).subject == TEXT
    assert read_mail(header.replace(b"Subject: ", b"Subject: [1] ")).subject == f"[1] {TEXT}"


# --- Requests -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        (b"GET /nic/update?a=b HTTP/1.1 ", b"GET /nic/update?a=b HTTP/1.1"),
        (b"get\t/nic/update?a=b  http/1.0", b"GET /nic/update?a=b HTTP/1.0"),
        (b"GET http://192.0.2.1:8124/nic/update?a=b HTTP/1.1", b"GET /nic/update?a=b HTTP/1.1"),
        (b"GET //nic/update?a=b c&d=e HTTP/1.0", b"GET /nic/update?a=b%20c&d=e HTTP/1.0"),
        (b"GET /nic/update?a=b", b"GET /nic/update?a=b HTTP/1.0"),
        (b"GET nic/update?a=b&amp;c=d HTTP/1", b"GET /nic/update?a=b&c=d HTTP/1.0"),
        ("GET /nic/update?a=北 HTTP/1.0".encode(), b"GET /nic/update?a=%E5%8C%97 HTTP/1.0"),
    ],
)
def test_a_request_is_what_was_meant(line: bytes, meant: bytes) -> None:
    """Blanks, letters, versions and addresses as cameras have them."""
    for end in (b"\r\n", b"\n", b"\r"):
        head = (
            line
            + end
            + b"Host : x"
            + end
            + b": nothing"
            + end
            + b"Authorization:Basic a"
            + end
            + b"  b"
        )
        assert fixed(head).split(b"\r\n") == [
            meant,
            b"Host: x",
            b"Authorization: Basic a b",
            b"",
            b"",
        ]
    assert fixed(line).split(b"\r\n")[1] == b"Host: niiza-cctv"
    assert fixed(b"no request") == b"NO /request HTTP/1.0\r\nHost: niiza-cctv\r\n\r\n"


# --- Anything -----------------------------------------------------------------------------------------------------------

_SEEDS = [
    *BODIES.values(),
    *SENDER.values(),
    *RECIPIENT.values(),
    words("UTF-8", B64),
    HTML.encode(),
]
_PIECES = [
    *_SEEDS,
    *(
        b"\r\n",
        b"\n",
        b"\n.\n",
        b"--o",
        b"=?",
        b"?=",
        b"?B?",
        b"<!--",
        b"<",
        b">",
        b"=",
        b"\x1b$B",
        b"\xff",
        b":",
        b";",
    ),
    *(
        b"Content-Type: multipart/mixed; boundary=",
        b"Content-Transfer-Encoding: ",
        b"GET ",
        b"HTTP/1.1",
        b" " * 99,
    ),
]
_BYTES = st.lists(
    st.one_of(
        st.sampled_from(_PIECES),
        st.binary(max_size=20),
        st.tuples(st.sampled_from(_SEEDS), st.integers(0, 300)).map(lambda cut: cut[0][: cut[1]]),
    ),
    max_size=12,
).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(_BYTES)
def test_no_mail_makes_the_reader_fail(content: bytes) -> None:
    """What cannot be read is empty, soon, and no longer than what is looked at."""
    began = time.process_time()
    contents = read_mail(content)
    assert len(contents.subject) <= MAX_SUBJECT
    assert len(contents.text) <= MAX_TEXT
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "unit",
    [
        b"<!--",
        b"<",
        b"=?a?B?",
        b"=?utf-8?b?w?=",
        b"\n--x\nContent-Type: text/plain\n\n",
        b"=",
        b"<script>",
        b"\x1b$B",
        b"\n--",
    ],
)
@pytest.mark.parametrize(
    "where",
    [
        b"Subject: ",
        typed(b"", b"text/html", b"base64"),
        typed(b"", b"text/html", b"7bit"),
        b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n',
    ],
)
def test_work_and_memory_do_not_grow_with_what_is_repeated(unit: bytes, where: bytes) -> None:
    """A full mail of one sign after the other."""
    content = (where + unit * (65_536 // len(unit)))[:65_536]
    tracemalloc.start()
    began = time.process_time()
    read_mail(content)
    took, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 5
    assert peak < 30_000_000


@settings(max_examples=300, deadline=None)
@given(_BYTES, st.integers(1, 50))
def test_no_request_makes_the_head_reader_fail(content: bytes, size: int) -> None:
    """However it is cut into pieces: what comes out is one head and what follows it, and nothing is held for long."""
    reader = RequestHead()
    whole = b"".join(reader.feed(content[at : at + size]) for at in range(0, len(content), size))
    assert whole == RequestHead().feed(content) or len(content) > MAX_HEAD
    head, blank, _ = fixed(content[:MAX_HEAD]).partition(b"\r\n\r\n")
    assert blank
    assert head.lower().count(b"\r\nhost: ") <= 1
    assert not any(line[:1] in b" \t" for line in head.split(b"\r\n")[1:])


@pytest.mark.usefixtures("socket_enabled")
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.one_of(
            _BYTES,
            st.sampled_from(
                [*MAIL, *LOG_IN, b"EHLO c\r\n", b"RSET\r\n", b"STARTTLS\r\n", b"HELP\r\n"]
            ),
        ),
        max_size=15,
    )
)
def test_no_session_breaks_the_receiver(said: list[bytes]) -> None:
    """Whatever a client says, the next one is served, and nothing but answers came."""

    async def run() -> None:
        failed: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: failed.append(context))
        async with receiving() as (receiver, mails):
            reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
            try:
                for words in said:
                    writer.write(words)
                writer.write_eof()
                await asyncio.wait_for(reader.read(), 5)
            except OSError:
                pass
            finally:
                writer.close()
            before = len(mails)
            assert (await talk(receiver, b"EHLO c\r\n", *MAIL))[:3] == "250"
            await until(lambda: len(mails) == before + 1)
        assert not failed

    asyncio.run(run())
