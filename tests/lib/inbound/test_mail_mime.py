"""What mails say, whoever wrote them and however."""

from email.message import EmailMessage
import sys

from hypothesis import given, strategies as st
import pytest

from custom_components.niiza_cctv.lib.inbound.mime import MAX_SUBJECT, MAX_TEXT, Contents, read_mail

SUBJECT, TEXT = "【北口】SDカード異常", "SDカードの異常を検出しました。\n2026年11月23日"


def mail(charset: str, cte: str) -> bytes:
    """Return a mail as Python's own library writes it."""
    message = EmailMessage()
    message["Subject"] = SUBJECT
    message.set_content(TEXT, charset=charset, cte=cte)
    return message.as_bytes()


@pytest.mark.parametrize(
    ("charset", "cte"),
    [
        ("utf-8", "8bit"),
        ("utf-8", "base64"),
        ("utf-8", "quoted-printable"),
        ("iso-2022-jp", "7bit"),
        ("iso-2022-jp", "base64"),
        ("shift_jis", "base64"),
        ("euc-jp", "8bit"),
    ],
)
def test_reads_what_cameras_send(charset: str, cte: str) -> None:
    """Subject and text come out whatever charset and transfer encoding were used."""
    contents = read_mail(mail(charset, cte))
    assert contents.subject == SUBJECT
    assert contents.text.strip() == TEXT


@pytest.mark.parametrize("charset", ["utf-8", "cp932", "euc_jp", "iso2022_jp"])
def test_guesses_what_was_sent_without_saying_how(charset: str) -> None:
    """Old firmware puts bytes into the header, and declares nothing."""
    contents = read_mail(f"Subject: {SUBJECT}\r\n\r\n{TEXT}\r\n".encode(charset))
    assert contents.subject == SUBJECT
    assert contents.text.split() == TEXT.split()


def test_reads_letters_that_only_windows_has() -> None:
    """Circled digits, half-width katakana and (株) are no reason to read nothing."""
    text = "①SDｶｰﾄﾞ㈱"
    head = "Content-Type: text/plain; charset=Shift_JIS\r\n\r\n"
    assert read_mail(head.encode() + text.encode("cp932")).text == text


def test_reads_html_without_its_tags() -> None:
    """The words of an HTML mail are found, its tags are not."""
    html = "<html><body class='x'><p>SD&#12459;ード</p><b>異常</b> a &lt; b</body></html>"
    head = "Content-Type: text/html; charset=utf-8\r\n\r\n"
    assert read_mail((head + html).encode()).text.split() == ["SDカード", "異常", "a", "<", "b"]


def test_reads_the_text_beside_a_picture() -> None:
    """A picture, or a text file, that is attached is not looked at."""
    message = EmailMessage()
    message["Subject"] = SUBJECT
    message.set_content(TEXT)
    message.add_attachment(b"\xff\xd8" + b"x" * 3000, maintype="image", subtype="jpeg")
    message.add_attachment("SD card error in a log", filename="log.txt")
    assert read_mail(message.as_bytes()).text.strip() == TEXT


def test_reads_a_wrongly_declared_charset() -> None:
    """A camera that says ASCII and sends UTF-8 is understood; so is one that names a decoder which is no charset."""
    for charset in ("us-ascii", "unicode_escape", "zlib", "punycode", "x" * 1000, '"'):
        head = f"Content-Type: text/plain; charset={charset}\r\n\r\n"
        assert read_mail((head + TEXT).encode()).text == TEXT


def _nested(depth: int, kind: str = "mixed") -> bytes:
    return b"".join(
        b"Content-Type: multipart/%s; boundary=b%d\r\n\r\n--b%d\r\n" % (kind.encode(), each, each)
        for each in range(depth)
    )


def _part(head: bytes) -> bytes:
    return b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" + head + b"\r\n"


HOSTILE = {
    "empty": b"",
    "only a line": b"hello",
    "no end of header": b"Subject: a\r\nFrom: b",
    "nothing but colons": b":" * 60_000,
    "zeros": bytes(60_000),
    "all bytes": bytes(range(256)) * 256,
    "nested parts": _nested(1400),
    "nested digests": _nested(1400, "digest"),
    "mails in mails": b"Content-Type: message/rfc822\r\n\r\n" * 2000,
    "many parts": b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\n" * 9000,
    "no boundary": b"Content-Type: multipart/mixed\r\n\r\nhello",
    "endless parameters": b'Content-Type: text/plain; a="' + b";" * 65_000,
    "many parameters": b"Content-Type: text/plain" + b"; a*0*=x" * 8000 + b"\r\n\r\nhello",
    "broken parameter": b"Content-Type: text/plain; charset*=x'\r\n\r\nhello",
    "endless word": b"Subject: " + b"=?utf-8?q?" * 6000 + b"\r\n\r\nhello",
    "broken word": b"Subject: =?utf-8?b?%%%?= =?x?q?=zz?=\r\n\r\nhello",
    "broken base64": b"Content-Transfer-Encoding: base64\r\n\r\n=" + b"A===" * 9000,
    "broken uu": b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin \r\n" + b"M\r\n" * 9000,
    "reports of delivery": b"Content-Type: message/delivery-status\r\n\r\n" + b"\r\n" * 20_000,
    "reports of delivery in a part": _part(b"Content-Type: Message/Delivery-Status\r\n")
    + b"\r\n" * 20_000,
    "parameters of a part": _part(b"Content-Type: text/plain" + b";" * 60_000) + b"x",
    "folded parameters of a part": _part(b"Content-Type: a/b" + b';\r\n "' * 10_000) + b"x",
    "tags without end": b"Content-Type: text/html\r\n\r\n" + b"<" * 65_000,
    "shifts without end": b"Subject: " + b"\x1b$B" * 20_000 + b"\r\n\r\nhello",
    "returns": b"\r" * 65_000,
    "many headers": b"a: b\r\n" * 10_000,
    "twice the same": b"Subject: a\r\n" * 2000 + b"\r\nhello",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_survives_mails_made_to_break_a_parser(content: bytes) -> None:
    """Broken and boundless mails give something bounded."""
    contents = read_mail(content)
    assert len(contents.subject) <= MAX_SUBJECT
    assert len(contents.text) <= MAX_TEXT


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_work_grows_no_faster_than_the_mail(content: bytes) -> None:
    """The parser's steps are counted, for a clock would judge the machine: far below what a square of the size takes."""
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    read_mail(content)
    sys.setprofile(count)
    try:
        read_mail(content)
    finally:
        sys.setprofile(None)
    assert steps < 40 * max(len(content), 1000)


@given(st.binary(max_size=3000))
def test_takes_any_bytes(content: bytes) -> None:
    """There are no bytes that raise."""
    assert isinstance(read_mail(content), Contents)


@given(
    st.lists(
        st.sampled_from(
            [
                b"Content-Type: ", b"multipart/mixed", b"message/rfc822", b"; boundary=", b"a", b"\r\n", b"\r\n\r\n",
                b"--a", b"--", b"charset*=", b"''", b'"', b"=?utf-8?b?", b"?=", b"Subject: ", b"\xff", b"\x1b$B", b"<", b";",
            ]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_takes_any_mail_of_broken_pieces(pieces: list[bytes]) -> None:
    """There is no order of a mail's pieces that raises."""
    assert isinstance(read_mail(b"".join(pieces)), Contents)
