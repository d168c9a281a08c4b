"""The answers of a test, handed on: nothing in them names anything, and they play as a captured camera."""

from base64 import b64encode
from datetime import UTC, datetime
import ipaddress
import json
from pathlib import Path
import re
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import pytest

from custom_components.niiza_cctv.lib.acceptance.anonymise import Anonymiser
from custom_components.niiza_cctv.lib.acceptance.bundle import make_bundle
from simulator.camera import Quirk
from tests.captured.test_captured_cameras import plays_as_expected
from tests.lib.acceptance.tested import on_trial
from tests.station import VIEWER

pytestmark = pytest.mark.usefixtures("socket_enabled")
NAME = "新座駅北口カメラ"
PLACE = "Niiza Station, 北口"


def writings(original: str) -> set[str]:
    """Return the ways in which something may stand somewhere, in lower case; written out here, apart from what cleans."""
    found = {original, quote(original), quote(original, safe=""), quote(quote(original, safe=""))}
    found |= {escape(original), original.encode("ascii", "xmlcharrefreplace").decode()}
    found |= {json.dumps(original)[1:-1], quote_plus(original)}
    found.add("".join(f"%{octet:02x}" for octet in original.encode()))
    for octets in (
        original.encode(),
        original.upper().encode(),
        original.lower().encode(),
        original.encode("utf-16-le"),
    ):
        found.add(octets.hex())
        # Wherever it begins; what its neighbours change is left out.
        for shift in range(3):
            coded = b64encode(b"-" * shift + octets + b"--").decode()
            found.add(coded[(0, 2, 3)[shift] : -4])
    bare = re.sub(r"[^0-9a-fA-F]", "", original)
    if len(bare) == 12 and re.fullmatch(r"[0-9a-fA-F:.-]+", original):
        pairs = [bare[i : i + 2] for i in range(0, 12, 2)]
        found |= {mark.join(pairs) for mark in ("", ":", "-", ".", " ", "_")}
        found |= {mark.join(bare[i : i + 4] for i in range(0, 12, 4)) for mark in ".:-"}
        found.add(b64encode(bytes.fromhex(bare)).decode())
    try:
        address = ipaddress.ip_address(original)
    except ValueError:
        pass
    else:
        found |= {address.compressed, address.exploded, address.packed.hex(), str(int(address))}
    return {one.lower() for one in found if len(one) >= 4 or not one.isascii()}


@pytest.mark.parametrize(
    "quirks",
    [
        frozenset[Quirk](),
        # As the demo's fourth camera answers.
        frozenset(
            {Quirk.WRONG_LENGTH, Quirk.FOREIGN_BYTES, Quirk.BARE_AMPERSAND, Quirk.FAULTS_IN_WORDS}
        ),
    ],
    ids=["well", "in its own writing"],
)
async def test_a_bundle_names_nothing_and_plays_as_a_captured_camera(
    tmp_path: Path, quirks: frozenset[Quirk]
) -> None:
    """Without a hand's touch; it is searched for what it was made of, however that may be written."""
    async with on_trial(name=NAME, location=PLACE, quirks=quirks) as (test, running, _):
        await test.run()
        config = running.camera.config
        port = running.http_port
    bundle = make_bundle(
        test, ((VIEWER.name, "user"), (VIEWER.password, "secret"), ("127.0.0.1", "ipv4"))
    )
    assert bundle is not None
    assert bundle.left_out == 0
    assert test.captured is not None
    searched = bundle.text.lower()
    originals = [
        NAME,
        PLACE,
        config.serial,
        config.mac,
        config.mac.replace(":", ""),
        config.mac.replace(":", "-"),
        VIEWER.password,
        "127.0.0.1",
        f"{test.captured:%Y-%m-%d}",
        f"{test.captured:%Y%m%d}",
        f"{test.captured:%Y/%m/%d}",
        f"{test.captured:%d %b %Y}",
        str(int(test.captured.timestamp()))[:6],
    ]
    assert f":{port}" in "".join(
        heard.body.decode(errors="replace") for heard in test.recorder.heard
    )
    for original in originals:
        assert not [one for one in writings(original) if one in searched], original
    path = tmp_path / bundle.name
    path.write_text(bundle.text, encoding="utf-8")
    await plays_as_expected(path)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("<tt:SerialNumber>DS-2CD-0001</tt:SerialNumber>", "DS-2CD-0001"),
        ("<tt:Name>駅前の交番</tt:Name><x>駅前の交番</x>", "駅前の交番"),
        ("rtsp://admin:Secret99@10.1.2.3:554/Streaming", "Secret99"),
        ("http://kita-camera.city.example.jp/onvif", "kita-camera"),
        ("onvif://www.onvif.org/location/%E6%96%B0%E5%BA%A7", "%E6%96%B0%E5%BA%A7"),
        ("root.Network.MacAddress=00:40:8C:18:0F:3A", "00:40:8C:18:0F:3A"),
        ("urn:uuid:4c3f9d5e-aaaa-bbbb-cccc-00408c180f3a", "00408c180f3a"),
        ('{"serialNumber": "ABCD12345678"}', "ABCD12345678"),
        ("mail to taro.yamada@city.example.jp", "taro.yamada"),
        ("fe80::240:8cff:fe18:f3a", "8cff:fe18"),
        ('<Profile token="A1B2-C3"/>', "A1B2-C3"),
    ],
)
def test_what_names_something_is_replaced_by_its_form(text: str, gone: str) -> None:
    """Also where nobody said before what to look for; the same becomes the same again."""
    anonymiser = Anonymiser((), days=-400)
    anonymiser.learn(text)
    cleaned = anonymiser(text)
    assert gone.lower() not in cleaned.lower()
    assert anonymiser(text) == cleaned


ORIGINALS = [
    ("駅前カメラAkiba", "name"),
    ("Kita-Eki Camera", "name"),
    ("DS-2CD0001-aB9", "serial"),
    ("00:40:8c:18:0f:3a", "mac"),
    ("10.20.30.40", "ipv4"),
    ("2001:db8:12:0:0:0:0:9", "ipv6"),
    ("Tr0ub4dor&3", "secret"),
    ("yamada.taro", "user"),
]


@pytest.mark.parametrize(("original", "kind"), ORIGINALS)
def test_what_can_still_be_read_in_any_writing_is_noticed(original: str, kind: str) -> None:
    """Such an answer is not handed on: base64, percent-encoded once and twice, hexadecimal, wide, as a number, in another case."""
    anonymiser = Anonymiser([(original, kind)], days=-400)
    for written in sorted(writings(original)):
        for shown in (written, written.upper()):
            # A text of base64 in another case is another text.
            if shown == written.upper() and not anonymiser.remains(f"<a>{written}</a>"):
                continue
            coded = shown.lower() == written and re.fullmatch(r"[a-z0-9+/=]+", written)
            found = anonymiser.remains(f"<a>{shown}</a>")
            assert found == kind or coded, (original, shown)
    for octets in (original.encode(), original.upper().encode(), original.title().encode()):
        for around in (b"", b"x", b"xy"):
            shown = b64encode(around + octets + b"z").decode()
            assert anonymiser.remains(f"<a>{shown}</a>") == kind, (original, shown)
            wrapped = shown[:40] + "\n" + shown[40:]
            assert anonymiser.remains(f"<a>{wrapped}</a>") == kind
            assert anonymiser.remains(quote(f"http://h/?q={shown}", safe="")) == kind
            assert anonymiser.remains(octets.hex(" ").upper()) == kind
    assert anonymiser.remains("<a>nothing that anybody knows</a>") is None


@pytest.mark.parametrize(
    "written", ["2001:db8:12::9", "2001:0DB8:0012:0000:0000:0000:0000:0009", "2001:db8:12:0::9"]
)
def test_an_address_is_the_same_however_it_is_written(written: str) -> None:
    """Of the sixth version, whose zeros may be left out in more than one way."""
    anonymiser = Anonymiser((), days=-400)
    first = anonymiser("http://[2001:db8:12::9]/a").partition("[")[2].partition("]")[0]
    assert anonymiser(f"to {written} and on") == f"to {first} and on"
    known = Anonymiser([("2001:db8:12::9", "ipv6")], days=-400)
    assert written.lower() not in known(f"<a>[{written}]:80</a>").lower()


def test_a_firmware_named_after_a_day_does_not_tell_by_how_much_days_were_moved() -> None:
    """It stays as it is wherever it stands, for it stays in the report; every other day moves."""
    firmware = "2.800.16.R, Build Date 2021-09-18"
    anonymiser = Anonymiser((), days=-400, keep=("Dahua", "IPC", firmware))
    cleaned = anonymiser(f"<FirmwareVersion>{firmware}</FirmwareVersion> at 2026-11-20T01:00:00Z")
    assert firmware in cleaned
    assert "2026-11-20" not in cleaned
    assert "2025-10-16T01:00:00Z" in cleaned


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Date: Fri, 20 Nov 2026 01:00:30 GMT", "Date: Thu, 16 Oct 2025 01:00:30 GMT"),
        ("Fri Nov 20 01:00:30 2026", "Thu Oct 16 01:00:30 2025"),
        ("2026/11/20 10:00", "2025/10/16 10:00"),
        ("2026.1.5", "2024.12.1"),
        ("o=- 1795136430 1 IN IP4 0.0.0.0", "o=- 1760576430 1 IN IP4 0.0.0.0"),
        ("o=- 4004125230 1", "o=- 3969565230 1"),
        ("t=1795136430123", "t=1760576430123"),
        # A size is no time.
        ("TotalBytes=1063989415", "TotalBytes=1063989415"),
        (
            "list.info[0].Detail[0].TotalBytes=63989415936.000000",
            "list.info[0].Detail[0].TotalBytes=63989415936.000000",
        ),
    ],
)
def test_days_are_moved_in_whatever_way_they_are_told(text: str, cleaned: str) -> None:
    """One that stays beside one that moved would tell by how much."""
    moment = datetime(2026, 11, 20, 1, 0, 30, tzinfo=UTC)
    assert Anonymiser((), days=-400, moment=moment)(text) == cleaned


def test_days_move_together_and_the_clock_stays_what_it_was() -> None:
    """Times of day, and the distance of two times, are what a verdict rests on."""
    anonymiser = Anonymiser((), days=-400)
    assert anonymiser("2026-03-01T10:20:30Z") == "2025-01-25T10:20:30Z"
    assert anonymiser("clock=20260301T102030Z-") == "clock=20250125T102030Z-"
    date = "<Year>2026</Year><Month>3</Month><Day>1</Day>"
    assert anonymiser(date) == "<Year>2025</Year><Month>1</Month><Day>25</Day>"
    # What says that nothing is known stays what it is.
    assert anonymiser("1970-01-01T00:00:00Z") == "1970-01-01T00:00:00Z"
