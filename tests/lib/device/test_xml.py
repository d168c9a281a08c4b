"""A camera's XML: what cameras send is read, what would fill our memory is not, and nothing is kept of either."""

import asyncio
import gc
import os
import threading

from hypothesis import given, strategies as st
import psutil
import pytest

from custom_components.niiza_cctv.lib.device.errors import CameraAnswerInvalid, CameraError
from custom_components.niiza_cctv.lib.device.quirks import Quirk
from custom_components.niiza_cctv.lib.device.soap import child, text, understand
from custom_components.niiza_cctv.lib.device.xml import Element, read_tree

NAME = "新座北口カメラ"
MEBIBYTE = 1024 * 1024


def named(name: str) -> str:
    """Return an answer that holds a camera's name."""
    return f"<R><Name>{name}</Name><Next>1</Next></R>"


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("Shift_JIS", "shift_jis"),
        ("Windows-31J", "cp932"),
        ("EUC-JP", "euc_jp"),
        ("ISO-2022-JP", "iso2022_jp"),
        ("GBK", "gbk"),
        ("GB2312", "gbk"),
        ("GB18030", "gb18030"),
    ],
)
def test_what_is_declared_is_read(declared: str, codec: str) -> None:
    """Every encoding that cameras of this part of the world declare."""
    body = f'<?xml version="1.0" encoding="{declared}"?>{named("北口")}'.encode(codec)
    assert text(read_tree(body), "Name") == "北口"


@pytest.mark.parametrize("codec", ["gbk", "shift_jis", "euc_jp", "latin-1"])
def test_bytes_of_another_encoding_cost_letters_and_not_the_answer(codec: str) -> None:
    """What stands around the name is read; the name itself is what it can be."""
    name = "Münster" if codec == "latin-1" else "北口"
    root = read_tree(named(name).encode(codec))
    assert text(root, "Next") == "1"
    assert "\ufffd" in text(root, "Name")


def test_a_letter_cut_in_the_middle_costs_that_letter() -> None:
    """A maker cuts names to so many bytes."""
    for cut in range(1, len(NAME.encode())):
        body = b"<R><Name>" + NAME.encode()[:cut] + b"</Name><Next>1</Next></R>"
        root = read_tree(body)
        assert text(root, "Next") == "1"
        assert text(root, "Name").rstrip("\ufffd") == NAME[: cut // 3]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<R><Name>A & B</Name></R>", "A & B"),
        ("<R><Name>A &amp; B & C</Name></R>", "A & B & C"),
        ("<R><Name>A &nbsp; B</Name></R>", "A &nbsp; B"),
        ("<R><Name>A < B</Name></R>", "A < B"),
        ("<R><Name>1 <2 & 3</Name></R>", "1 <2 & 3"),
        ("<R><Name>A\x01\x0bB</Name></R>", "AB"),
        ("<R><Name>A&#0;&#x1;B&#65;</Name></R>", "ABA"),
        ("<R><Name><![CDATA[A & <B>]]></Name><X>&</X></R>", "A & <B>"),
        ("<R><x:Name>A</x:Name></R>", "A"),
        ("<R y:z='1'><x:Name>A & B</x:Name></R>", "A & B"),
    ],
)
def test_signs_that_were_not_escaped_are_read_as_they_were_meant(body: str, name: str) -> None:
    """And prefixes that were never declared."""
    assert text(read_tree(body.encode()), "Name") == name


@pytest.mark.parametrize(
    "body",
    ["<R><Name>A & B</R>", "<R><Name>A & B</Name>", "<R><x:Name>A</y:Name></R>", "<R>&</R><R/>"],
)
def test_half_an_answer_is_none(body: str) -> None:
    """Whatever else is forgiven."""
    with pytest.raises(CameraAnswerInvalid):
        read_tree(body.encode())


@pytest.mark.parametrize(
    "body",
    [
        b"<a>" * 99_000 + b"</a>" * 99_000,
        b"<a>" * 5_000 + b"</a>" * 5_000,
        b"<r>" + b"<a/>" * 100_000 + b"</r>",
        b"<r>" + b"&" * 100_000,
        b"<r>" + b"&#0;" * 100_000 + b"</r>",
        b'<?xml version="1.0" encoding="zip"?><a>',
        b'<?xml version="1.0" encoding="punycode"?>' + b"-" * 200_000,
        b'<?xml version="1.0" encoding="unicode_escape"?><a>\\u003c!DOCTYPE</a>\\',
    ],
    ids=lambda body: repr(body[:40]),
)
def test_too_much_is_refused_in_no_time(body: bytes) -> None:
    """Depth, number, and encodings that unpack or take for ever."""
    with pytest.raises(CameraAnswerInvalid):
        read_tree(body)


ENVELOPE = (
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><R><Name>北口</Name></R>'
    "</e:Body></e:Envelope>"
)


@pytest.mark.parametrize(
    ("body", "charset", "quirk"),
    [
        (ENVELOPE.encode(), "", None),
        (ENVELOPE.encode("utf-16"), "", None),
        (f"\r\n {ENVELOPE}\0\0\n".encode(), "", None),
        # HTTP names what the XML does not, or names wrongly.
        (ENVELOPE.encode("gbk"), "gb2312", None),
        (f'<?xml version="1.0" encoding="utf-8"?>{ENVELOPE}'.encode("cp932"), "Shift_JIS", Quirk.XML_CHARSET),
        (f"\ufeff\ufeff{ENVELOPE}".encode(), "", Quirk.XML_AROUND),
        (f"<b>Warning</b>: date() in x.php on line 3<br/>\n{ENVELOPE}".encode().partition(b"<b>")[2], "", Quirk.XML_AROUND),
        (f"{ENVELOPE}\r\n0\r\n\r\n".encode(), "", Quirk.XML_AROUND),
        (f"{ENVELOPE}<!-- -->junk".encode(), "", Quirk.XML_AROUND),
        (f'<?xml version="1.0"?>\n<?xml version="1.0"?>{ENVELOPE}'.encode(), "", Quirk.XML_TWICE),
        (f'<?xml version="1.1"?>{ENVELOPE}'.encode(), "", None),
        (ENVELOPE.replace("<e:Envelope", '<e:Envelope xmlns:t="u" xmlns:t="u"').encode(), "", Quirk.XML_TWICE),
        (ENVELOPE.replace("<R>", "<R><X>A & B</X>").encode(), "", Quirk.XML_UNESCAPED),
        (ENVELOPE.replace("<R>", "<R><X>A\x07</X>").encode(), "", Quirk.XML_CHARACTER),
        (ENVELOPE.replace("<R>", "<R><X>A&#7;</X>").encode(), "", Quirk.XML_CHARACTER),
        (ENVELOPE.replace("<R>", "<R><t:X/>").encode(), "", Quirk.XML_PREFIX),
        (
            b"--uuid:7\r\nContent-Type: application/xop+xml; charset=UTF-8\r\nContent-ID: <0>\r\n\r\n"
            + ENVELOPE.encode()
            + b"\r\n--uuid:7\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\0\xff\r\n--uuid:7--\r\n",
            "",
            Quirk.SOAP_MULTIPART,
        ),
        (b"--b\n\n" + ENVELOPE.encode() + b"\n--b--", "", Quirk.SOAP_MULTIPART),
    ],
)  # fmt: skip
def test_what_is_put_right_is_right_and_counted_once(
    body: bytes, charset: str, quirk: Quirk | None
) -> None:
    """The name is that of the camera, whatever stands around it; and nothing is put right in silence."""
    met: list[Quirk] = []
    root = read_tree(body, met.append, charset=charset)
    assert text(child(root, "Body", "R"), "Name") == "北口"
    assert met == ([] if quirk is None else [quirk])


@pytest.mark.parametrize(
    "body",
    [
        ENVELOPE.encode()[:-9],
        b"--b\r\n\r\n" + ENVELOPE.encode()[:-9] + b"\r\n--b--",
        b"x" * 5000 + ENVELOPE.encode(),
        f"{ENVELOPE[:-20]}</e:Envelope>".encode(),
    ],
)
def test_half_an_envelope_is_none_wherever_it_stands(body: bytes) -> None:
    """What is cut off is never made up."""
    with pytest.raises(CameraAnswerInvalid):
        read_tree(body)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_our_errors(body: bytes) -> None:
    """Whatever comes in."""
    try:
        read_tree(body)
    except CameraError:
        return


@given(
    st.recursive(
        st.text("a&<>;#x0\x00\"' é北", max_size=8),
        lambda inner: st.lists(inner, max_size=4).map(lambda parts: f"<a>{''.join(parts)}</a>"),
        max_leaves=12,
    )
)
def test_forgiveness_ends(body: str) -> None:
    """However the sins are mixed."""
    try:
        read_tree(f"<R>{body}</R>".encode())
    except CameraError:
        return


def resident() -> int:
    """Return the memory of this process."""
    gc.collect()
    return int(psutil.Process(os.getpid()).memory_info().rss)


def flood(number: int) -> bytes:
    """Return an answer full of names that nobody ever used, as large as one may be."""
    names = "".join(f"<n{number}x{index} a{number}x{index}='q{index}'/>" for index in range(19_000))
    return f"<R xmlns:u='urn:{number}'>{names}</R>".encode()


def test_names_that_a_camera_makes_up_are_not_kept() -> None:
    """Dozens of answers full of them cost nothing, and other cameras' answers are read as before."""
    # The first ones make the allocator's arenas.
    for number in range(20):
        read_tree(flood(number))
    before = resident()
    for number in range(20, 60):
        read_tree(flood(number))
    assert resident() - before < 8 * MEBIBYTE
    assert text(read_tree(named(NAME).encode()), "Name") == NAME


async def test_nor_are_they_by_the_threads_that_read_large_answers() -> None:
    """The way they really take, several at a time."""

    async def read(number: int) -> Element:
        return await understand(read_tree, flood(number))

    for number in range(8):
        await asyncio.gather(*(read(1000 + number * 4 + one) for one in range(4)))
    before = resident()
    for number in range(8):
        await asyncio.gather(*(read(2000 + number * 4 + one) for one in range(4)))
    assert resident() - before < 8 * MEBIBYTE
    assert threading.active_count() < 64
