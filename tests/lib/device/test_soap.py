"""SOAP on the wire: hostile bodies end in clear errors, faults in typed ones, tokens in nobody's log."""

import asyncio
from base64 import b64decode, b64encode
from codecs import BOM_UTF16_BE
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
import re
import threading
import time

from hypothesis import given, strategies as st
from lxml import etree
import pytest

from custom_components.niiza_cctv.lib.device import soap
from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraError,
    CameraFault,
    CameraOperationUnsupported,
    CameraRefused,
)
from custom_components.niiza_cctv.lib.device.model import Credential
from custom_components.niiza_cctv.lib.device.quirks import Quirk
from custom_components.niiza_cctv.lib.device.xml import Element
from tests.lib.device.scripted_onvif import envelope, response


def opened(body: str | bytes) -> Element:
    """Open an answer to GetThing."""
    return soap.open_envelope(body.encode() if isinstance(body, str) else body, "GetThingResponse")


def fault_12(code: str, *subcodes: str, reason: str = "No") -> str:
    """Return a SOAP 1.2 fault."""
    nested = ""
    for subcode in reversed(subcodes):
        nested = f"<e:Subcode><e:Value>{subcode}</e:Value>{nested}</e:Subcode>"
    return envelope(
        f"<e:Fault><e:Code><e:Value>{code}</e:Value>{nested}</e:Code>"
        f"<e:Reason><e:Text>{reason}</e:Text></e:Reason></e:Fault>"
    )


def fault_11(code: str, reason: str) -> str:
    """Return a SOAP 1.1 fault."""
    return (
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><s:Fault>"
        f"<faultcode>{code}</faultcode><faultstring>{reason}</faultstring>"
        "</s:Fault></s:Body></s:Envelope>"
    )


def test_a_request_carries_any_text_as_text() -> None:
    """Tokens are the camera's own text and may hold anything."""
    token = 'a<b>&"c"\x00\x1f\ud800\U0001f4f7'
    body = soap.envelope(f"<Token>{soap.text_of(token)}</Token>")
    assert etree.fromstring(body).findtext(".//Token") == 'a<b>&"c"\U0001f4f7'


def test_a_username_token_proves_the_password_without_holding_it() -> None:
    """UsernameToken Profile 1.1, section 3.1: Base64(SHA-1(nonce + created + password))."""
    credential = Credential(username="a&b", password="pä<ss")
    created = datetime(2026, 11, 23, 1, 2, 3, 45678, tzinfo=UTC)
    header = soap.username_token(credential, created)
    assert "pä" not in header
    token = etree.fromstring(soap.envelope("", header=header))
    fields = {etree.QName(element).localname: element.text for element in token.iter()}
    assert fields["Username"] == "a&b"
    assert fields["Created"] == "2026-11-23T01:02:03.045Z"
    nonce = b64decode(fields["Nonce"] or "")
    expected = sha1(
        nonce + b"2026-11-23T01:02:03.045Z" + "pä<ss".encode(), usedforsecurity=False
    ).digest()
    assert fields["Password"] == b64encode(expected).decode()
    assert soap.username_token(credential, created) != header, "a nonce is used once"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\0 \r\n",
        b"not xml",
        b"<html><head><title>Log in</title><br></head></html>",
        b"<html/>",
        b"<a/><b/>",
        response("GetThing").encode()[:-20],
        envelope("").encode(),
        b"<e:Envelope xmlns:e='u'><e:Header/></e:Envelope>",
        response("GetOther").encode(),
        b'<?xml version="1.0" encoding="martian"?><a/>',
        '<?xml version="1.0" encoding="UTF-8"?><a>\xff</a>'.encode("latin-1"),
        b"<a>\x01</a>",
        b"<a" * 100_000,
        b"<a>" * 100_000,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_no_answer_is_invalid(body: bytes) -> None:
    """HTML, cut, empty, encoded in nothing: one clear error."""
    with pytest.raises(CameraAnswerInvalid):
        opened(body)


BOMB = (
    '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(
        f'<!ENTITY {chr(99 + i)} "{f"&{chr(98 + i)};" * 10}">'  # Each ten times the one before.
        for i in range(8)
    )
    + "]>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-7"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    """An entity bomb ends at once and without memory."""
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{BOMB}<GetThingResponse x="&j;">&j;</GetThingResponse>'
    started = time.monotonic()
    with pytest.raises(CameraAnswerInvalid):
        opened(xml.encode(encoding))
    # It would never end.
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY a "b">]><GetThingResponse/>',
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a [<!ENTITY a "b">]><GetThingResponse/>',
        BOM_UTF16_BE + "<!DOCTYPE a><GetThingResponse/>".encode("utf-16-be"),
    ],
)
def test_a_harmless_document_type_is_refused_as_well(body: bytes) -> None:
    """SOAP 1.2, section 5: a message must not contain one."""
    with pytest.raises(CameraAnswerInvalid, match="document type"):
        opened(body)


def test_an_external_entity_is_never_fetched(tmp_path: Path) -> None:
    """No file of ours gets into an answer."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    xml = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><GetThingResponse>&x;</GetThingResponse>'
    with pytest.raises(CameraAnswerInvalid):
        opened(xml)


def test_small_sins_are_forgiven() -> None:
    """White space before, zero bytes after, an undeclared prefix, other namespaces, one's own prefixes."""
    assert opened(b"\xef\xbb\xbf<GetThingResponse/>\0\0\n").tag == "GetThingResponse"
    assert opened(b"\r\n" + response("GetThing").encode() + b"\n\0").tag.endswith(
        "GetThingResponse"
    )
    undeclared = envelope("<x:GetThingResponse><x:A>1</x:A></x:GetThingResponse>")
    assert soap.text(opened(undeclared), "A") == "1"
    assert opened('<b:Body xmlns:b="any"><GETTHINGRESPONSE/></b:Body>').tag == "GETTHINGRESPONSE"
    comment = response("GetThing", "<!-- c --><?pi x?><A> 1 </A>")
    assert soap.text(opened(comment), "A") == "1"


def test_a_mismatched_tag_is_not_forgiven_with_an_undeclared_prefix() -> None:
    """Forgiveness must not let half an answer pass for a whole one."""
    with pytest.raises(CameraAnswerInvalid):
        opened(envelope("<x:GetThingResponse><x:A>1</x:B></x:GetThingResponse>"))


def test_nil_and_absent_are_the_same() -> None:
    """Real cameras write xsi:nil."""
    answer = opened(
        '<GetThingResponse xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<A xsi:nil="true">x</A><B xsi:nil="false">y</B><C><D>z</D></C></GetThingResponse>'
    )
    assert soap.child(answer, "A") is None
    assert soap.text(answer, "A") == ""
    assert soap.text(answer, "B") == "y"
    assert soap.text(answer, "C", "D") == "z"
    assert soap.text(answer, "C", "D", "E") == ""
    assert soap.text(answer, "X", "Y") == ""
    assert soap.text(None, "A") == ""


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (fault_12("e:Sender", "ter:NotAuthorized"), CameraRefused),
        (fault_12("e:Sender", "wsse:FailedAuthentication"), CameraRefused),
        (fault_12("e:Sender", "NotAuthorized"), CameraRefused),
        (fault_12("e:Receiver", "ter:ActionNotSupported"), CameraOperationUnsupported),
        (
            fault_12("e:Receiver", "ter:ActionNotSupported", "ter:NoSuchService"),
            CameraOperationUnsupported,
        ),
        (
            fault_12("e:Sender", "ter:InvalidArgVal", "ter:TopicNotSupported"),
            CameraOperationUnsupported,
        ),
        (
            fault_12("e:Sender", reason="Method 'GetThing' not implemented"),
            CameraOperationUnsupported,
        ),
        (fault_12("e:Sender", "ter:InvalidArgVal", "ter:NoProfile"), CameraFault),
        (fault_12("e:Receiver"), CameraFault),
        (fault_12("", ""), CameraFault),
        (fault_11("ter:NotAuthorized", "x"), CameraRefused),
        (fault_11("s:Client", "function not supported"), CameraOperationUnsupported),
        (envelope("<e:Fault/>"), CameraFault),
    ],
)
def test_faults_become_typed_errors(body: str, kind: type[CameraError]) -> None:
    """SOAP 1.1 and 1.2, with and without subcodes."""
    with pytest.raises(kind) as caught:
        opened(body)
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    "words",
    [
        "Sender not Authorized",
        "Sender not Authorized. Invalid username or password! You still have 24 attempt(s).",
        "The action requested requires authorization and the sender is not authorized",
        "Unauthorized",
        "NotAuthorized",
        "Not authorised",
        "Authority failure",
        "An error was discovered processing the &lt;wsse:Security&gt; header.",
        "Error 401: HTTP 401 Unauthorized",
        "Authentication failed",
        "authentication error",
        "Authorization required",
        "User name or password is wrong",
        "Wrong password",
        "Invalid credentials",
        "Account is locked, try again in 30 minutes",
        "Access denied",
        "No permission",
        "Login failed",
        "用户名或密码错误",
        "未授权",
        "密碼錯誤",
        "認証に失敗しました",
        "権限がありません",
        "パスワードが違います",
        "인증 실패",
        "Nicht autorisiert",
        "Non autorisé",
        "No autorizado",
        "Não autorizado",
        "Доступ запрещён",
    ],
)
@pytest.mark.parametrize("version", ["1.1", "1.2", "detail"])
def test_a_refusal_in_words_is_one(words: str, version: str) -> None:
    """In any language and spelling, in either version of SOAP; and it is counted that only words told it."""
    body = {
        "1.1": fault_11("s:Client", words),
        "1.2": fault_12("e:Sender", reason=words),
        "detail": envelope(
            f"<e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Detail><Text>{words}</Text></e:Detail></e:Fault>"
        ),
    }[version]
    with pytest.raises(CameraRefused) as caught:
        opened(body)
    assert caught.value.quirk is Quirk.SOAP_FAULT_WORDS


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Unknown action", CameraOperationUnsupported),
        ("No such operation", CameraOperationUnsupported),
        ("Method not allowed", CameraOperationUnsupported),
        ("该功能不支持", CameraOperationUnsupported),
        ("この機能には対応していません", CameraOperationUnsupported),
        ("Internal error", CameraFault),
        ("The profile does not exist", CameraFault),
        ("No such recording", CameraFault),
        ("Device is busy, check later", CameraFault),
        ("Invalid argument value", CameraFault),
        ("", CameraFault),
    ],
)
def test_other_words_are_no_refusal(words: str, kind: type[CameraError]) -> None:
    """A password that is right must not be called wrong over a fault of another kind."""
    with pytest.raises(kind) as caught:
        opened(fault_12("e:Receiver", reason=words))
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("status", "body", "refused"),
    [
        (400, b"Unauthorized", True),
        (500, b"<html><body><h1>Not authorized</h1></body></html>", True),
        (200, b"Error: login failed", True),
        (200, "用户名或密码错误".encode(), True),
        (200, b"<html><form>User name: <input> password invalid</form></html>", False),
        (200, b"OK", False),
        (500, b"<html>Internal Server Error</html>", False),
        (404, b"<html>Not found</html>", False),
        (200, b"unauthorized " * 100, False),
        (302, b"unauthorized", False),
    ],
)
def test_a_text_in_the_place_of_soap_may_refuse(status: int, body: bytes, refused: bool) -> None:
    """A page for people refuses nobody."""
    assert soap.refuses_in_words(status, body) is refused


def test_a_fault_tells_its_codes_and_nothing_else() -> None:
    """The reason is free text of the camera's: addresses and names stay out of our logs."""
    body = fault_12("e:Sender", "ter:InvalidArgVal", reason="http://admin:secret@10.0.0.1/ failed")
    with pytest.raises(CameraAnswerInvalid, match="Sender/InvalidArgVal") as caught:
        opened(body)
    assert "secret" not in str(caught.value)
    with pytest.raises(CameraAnswerInvalid, match="no code"):
        opened(fault_12("<script>".replace("<", "&lt;")))


async def test_large_answers_are_read_off_the_event_loop_small_ones_on_it() -> None:
    """The border is where the thread costs more than the work."""
    here = threading.get_ident()

    def where(_: bytes) -> int:
        return threading.get_ident()

    assert await soap.understand(where, b"x" * 100) == here
    assert await soap.understand(where, b"x" * 100, may_block=True) != here
    assert await soap.understand(where, b"x" * 10_000) != here


async def test_a_large_answer_leaves_the_loop_free() -> None:
    """While two megabytes of XML are read, everything else goes on."""
    body = response("GetThing", f"<A>{'x' * 220}</A>" * 9_000).encode()
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            # What this thread works: how busy the machine is does not count.
            started = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - started)

    watcher = asyncio.create_task(watch())
    await asyncio.sleep(0)
    started = time.process_time()
    for _ in range(20):
        await soap.understand(opened, body)
    took = time.process_time() - started
    watcher.cancel()
    # In the loop's own thread the longest stall is all of it.
    assert longest < took / 2


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_our_errors(body: bytes) -> None:
    """Whatever comes in, a CameraError comes out."""
    with pytest.raises(CameraError):
        opened(body)


@given(st.text(max_size=60))
def test_any_text_survives_the_way_into_xml(value: str) -> None:
    """What XML can carry comes back as it was; the rest is dropped."""
    element = etree.fromstring(
        f'<a b="{soap.text_of(value)}">{soap.text_of(value)}</a>'.encode(errors="surrogatepass")
    )
    kept = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", value)
    assert (element.text or "") == kept.replace("\r\n", "\n").replace("\r", "\n")
