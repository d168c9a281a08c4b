"""Makers' own status of the card: what each page says, in words of its documentation, and what is made of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, override
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web
import pytest

from custom_components.niiza_cctv.lib.device.camera import StationCamera
from custom_components.niiza_cctv.lib.device.client import OnvifClient
from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraError,
    CameraOperationUnsupported,
    CameraRightMissing,
)
from custom_components.niiza_cctv.lib.device.health.axis import AxisStorageProbe
from custom_components.niiza_cctv.lib.device.health.dahua import DahuaStorageProbe
from custom_components.niiza_cctv.lib.device.health.hikvision import HikvisionStorageProbe
from custom_components.niiza_cctv.lib.device.health.makers import read_storage
from custom_components.niiza_cctv.lib.device.health.probe import PageProbe
from custom_components.niiza_cctv.lib.device.model import (
    CameraAddress,
    CameraStatus,
    Credential,
    ReadBack,
    SdEvidence,
    SdStatus,
    StorageAnswer,
    StorageReading,
)
from custom_components.niiza_cctv.lib.device.policy import SectionPolicy
from simulator.camera import CardFault, CardWord, Faults, StorageStatus, UserLevel
from simulator.maker_pages import STORAGE_PAGE
from simulator.running import RunningCamera
from simulator.station import Station
from tests.lib.device.scripted_onvif import Asked, Plain, challenge, response, scripted
from tests.section import QUICK
from tests.station import VIEWER, camera_config

pytestmark = pytest.mark.usefixtures("socket_enabled")

VIEWING = Credential(username=VIEWER.name, password=VIEWER.password)
PROBES: dict[str, type[PageProbe]] = {
    "axis": AxisStorageProbe,
    "dahua": DahuaStorageProbe,
    "hikvision": HikvisionStorageProbe,
}
NAMES = {"axis": "AXIS", "dahua": "Dahua Technology", "hikvision": "HIKVISION"}
GIB = 1024**3


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session to borrow."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


def client_of(http: aiohttp.ClientSession, port: int, timeout: float = 2) -> OnvifClient:
    """Return what asks a camera on 127.0.0.1."""
    address = CameraAddress(host="127.0.0.1", port=port)
    return OnvifClient(http, address, VIEWING, timeout=timeout)


def reading(probe: type[PageProbe], body: str | bytes) -> StorageReading:
    """Return what a probe makes of a page."""
    return probe.reading(body if isinstance(body, bytes) else body.encode())


def disk(**attributes: str) -> str:
    """Return a list of disks with one card, in VAPIX' words."""
    told = {
        "diskid": "SD_DISK",
        "totalsize": "62367348",
        "freesize": "2367348",
        "locked": "no",
        "full": "no",
        "readonly": "no",
        "filesystem": "ext4",
        "status": "OK",
    } | attributes
    inside = " ".join(f'{name}="{value}"' for name, value in told.items())
    return f'<?xml version="1.0"?><root><disks numberofdisks="1"><disk {inside}/></disks></root>'


def hdd(listed: str) -> str:
    """Return an answer of ISAPI with these disks."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><storage version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">'
        f"<hddList>{listed}</hddList><nasList/></storage>"
    )


def sd(status: str = "ok", right: str = "RW") -> str:
    """Return an answer of ISAPI with one card."""
    return hdd(
        f"<hdd><id>1</id><hddType>SD</hddType><status>{status}</status><capacity>30436</capacity>"
        f"<freeSpace>436</freeSpace><property>{right}</property></hdd>"
    )


def device(state: str = "Success", *, error: str = "false", kind: str = "ReadWrite") -> str:
    """Return an answer of Dahua's with one card."""
    lines = (
        f"Detail[0].IsError={error}",
        "Detail[0].Path=/mnt/sd",
        "Detail[0].TotalBytes=63989415936.000000",
        f"Detail[0].Type={kind}",
        "Detail[0].UsedBytes=98304.000000",
        "Name=/dev/mmc0",
        f"State={state}",
    )
    return "".join(f"list.info[0].{line}\r\n" for line in lines)


type Verdict = tuple[bool | None, bool | None, bool | None, bool | None, bool]


def verdict(told: StorageReading) -> Verdict:
    """Return what was said of the card: present, failed, writable, full, none named."""
    return (
        told.card_present,
        told.card_failed,
        told.card_writable,
        told.card_full,
        told.none_named,
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (disk(), (True, False, True, False, False)),
        (disk(status="ok", locked="NO"), (True, False, True, False, False)),
        (disk(status="failed"), (True, True, True, False, False)),
        (disk(status="disconnected", totalsize="0"), (False, None, None, None, False)),
        (disk(status="connected"), (True, False, False, False, False)),
        (disk(status="wrong passphrase"), (True, False, False, False, False)),
        (disk(locked="yes"), (True, False, False, False, False)),
        (disk(readonly="true"), (True, False, False, False, False)),
        (disk(full="yes"), (True, False, True, True, False)),
        (disk(status="rebooting", locked=""), (None, None, True, False, False)),
        ("<root><disks numberofdisks='0'/></root>", (None, None, None, None, True)),
        # A share is not in the camera, whatever has become of it.
        (disk(diskid="NetworkShare", status="failed"), (None, None, None, None, True)),
        (disk(diskid="HDD_DISK", status="failed"), (True, True, True, False, False)),
        # The slot for a card counts before what is built in.
        (
            "<root><disk diskid='SD_DISK' status='disconnected'/><disk diskid='EMMC' status='OK'/></root>",
            (False, None, None, None, False),
        ),
        (
            "<root><disk diskid='SD_DISK' status='OK'/><disk diskid='SD_DISK2' status='disconnected'/></root>",
            (True, False, None, None, False),
        ),
    ],
)
def test_axis_words(body: str, expected: Verdict) -> None:
    """VAPIX, List disks: seven words of status, three flags."""
    assert verdict(reading(AxisStorageProbe, body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (sd(), (True, False, True, None, False)),
        (sd("OK", "RW"), (True, False, True, None, False)),
        (sd("idle"), (True, False, True, None, False)),
        (sd("error"), (True, True, True, None, False)),
        (sd("unformatted"), (True, True, True, None, False)),
        (sd("smartFailed"), (True, True, True, None, False)),
        (sd("unRecordHostFormatted"), (True, True, True, None, False)),
        (sd("notexist"), (False, None, None, None, False)),
        (sd("reparing"), (True, False, False, None, False)),
        (sd("ok", "RO"), (True, False, False, None, False)),
        # In no documentation.
        (sd("full"), (None, None, True, None, False)),
        (sd("damaged"), (None, None, True, None, False)),
        (sd("dreaming"), (None, None, True, None, False)),
        (sd("", ""), (None, None, None, None, False)),
        # Empty lists come from cameras without a card, and not from those alone.
        (hdd(""), (None, None, None, None, True)),
        ("<storage><hddList size='0'/></storage>", (None, None, None, None, True)),
        ("<hddList><hdd><status>ok</status></hdd></hddList>", (True, False, None, None, False)),
    ],
)
def test_hikvision_words(body: str, expected: Verdict) -> None:
    """ISAPI, the words of `status` with their misspellings."""
    assert verdict(reading(HikvisionStorageProbe, body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (device(), (True, False, True, None, False)),
        (device("Running", error="False"), (True, False, True, None, False)),
        (device(error="true"), (True, True, True, None, False)),
        (device("Failure"), (True, True, True, None, False)),
        (device("Unformatted"), (True, True, True, None, False)),
        (device(kind="ReadOnly"), (True, False, False, None, False)),
        (device(kind="Read-Only"), (True, False, False, None, False)),
        (device("Initializing"), (True, False, False, None, False)),
        (device("Absent"), (False, None, None, None, False)),
        (device("Dreaming", error=""), (None, None, True, None, False)),
        (device("Damaged", error=""), (None, None, True, None, False)),
        (device().replace("list.info", "list"), (True, False, True, None, False)),
        (device().replace("list.info", "info"), (True, False, True, None, False)),
        (device().replace("/mnt/sd", "/mnt/nas/1"), (None, None, None, None, True)),
        ("Error\r\nBad Request!\r\n", (None, None, None, None, True)),
        ("list.info=0\r\n", (None, None, None, None, True)),
        # Of which nobody says for certain how they are meant.
        (device() + "list.info[0].HealthDataFlag=1\r\n", (True, False, True, None, False)),
        (device() + "list.info[0].LifePercent=3\r\n", (True, False, True, None, False)),
    ],
)
def test_dahua_words(body: str, expected: Verdict) -> None:
    """One line for each fact; 400 and these words are what cameras without a card answer."""
    assert verdict(reading(DahuaStorageProbe, body)) == expected


def test_sizes_are_bytes_in_each_makers_unit() -> None:
    """KB, MB, and bytes with decimals; what cannot be is not told."""
    axis = reading(AxisStorageProbe, disk(totalsize="2097152", freesize="1048576"))
    assert (axis.total_bytes, axis.used_bytes) == (2 * GIB, GIB)
    hikvision = reading(HikvisionStorageProbe, sd())
    assert (hikvision.total_bytes, hikvision.used_bytes) == (30436 * 1024**2, 30000 * 1024**2)
    dahua = reading(DahuaStorageProbe, device())
    assert (dahua.total_bytes, dahua.used_bytes) == (63989415936, 98304)
    for odd in ("-1", "1e9", "९", "9" * 21, str(1 << 60), "", "many"):
        told = reading(AxisStorageProbe, disk(totalsize=odd))
        assert (told.total_bytes, told.used_bytes) == (None, None), odd
    more_free = reading(AxisStorageProbe, disk(totalsize="10", freesize="20"))
    assert (more_free.total_bytes, more_free.used_bytes) == (10240, None)


PAGE = "<!DOCTYPE html><html><body>Log in</body></html>"
BOMB = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "bbbb">]><root><disks>&a;</disks></root>'


@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        PAGE,
        "<html><body>Log in</body></html>",
        BOMB,
        "<root/",
        "{}",
        "null",
        b"\xff\xfe\0",
        b"\x00" * 1000,
        "<storage><nasList/></storage>",
        "a=b\nlist.info[x].State=Success",
        "<Envelope/>",
    ],
)
def test_what_is_no_list_of_storages_tells_nothing(
    probe: type[PageProbe], body: str | bytes
) -> None:
    """A form for people, a bomb, half an answer, another one."""
    with pytest.raises(CameraAnswerInvalid):
        reading(probe, body)


DEEP = 10_000


@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES)
@pytest.mark.parametrize(
    "body",
    [
        "[" * DEEP + "]" * DEEP,
        '{"list":' * DEEP + "1" + "}" * DEEP,
        "<root>" * DEEP + "</root>" * DEEP,
        "<storage><hddList>" + "<hdd>" * DEEP + "</hdd>" * DEEP + "</hddList></storage>",
    ],
    ids=["lists", "objects", "elements", "disks"],
)
def test_what_is_nested_ten_thousand_deep_tells_nothing(probe: type[PageProbe], body: str) -> None:
    """No stack overflows, and what cannot be read says nothing of the card."""
    with pytest.raises(CameraAnswerInvalid):
        reading(probe, body)


TWO_DISKS = "<root><disks>{}{}</disks></root>"
GOOD_DISK = "<disk diskid='SD_DISK' status='OK' totalsize='{0}' freesize='{0}'/>"
BAD_DISK = "<disk diskid='SD_DISK' status='failed' totalsize='{0}' freesize='{0}'/>"
GOOD_HDD = (
    "<hdd><id>1</id><status>ok</status><capacity>{0}</capacity><freeSpace>{0}</freeSpace></hdd>"
)
BAD_HDD = GOOD_HDD.replace("ok", "error")


@pytest.mark.parametrize("dead_first", [True, False])
@pytest.mark.parametrize(
    ("probe", "good", "bad", "around"),
    [
        (AxisStorageProbe, GOOD_DISK, BAD_DISK, TWO_DISKS),
        (HikvisionStorageProbe, GOOD_HDD, BAD_HDD, hdd("{}{}")),
        (
            DahuaStorageProbe,
            device().replace("63989415936.000000", "{0}"),
            device("Error", error="true").replace("63989415936.000000", "{0}"),
            "{}{}",
        ),
    ],
    ids=["axis", "hikvision", "dahua"],
)
def test_of_two_cards_with_one_number_the_dead_one_shows(
    probe: type[PageProbe], good: str, bad: str, around: str, dead_first: bool
) -> None:
    """Whichever is named first: the well one does not hide it."""
    cards = [good.replace("{0}", "1000"), bad.replace("{0}", "2000")]
    told = reading(probe, around.format(*(cards[::-1] if dead_first else cards)))
    assert (told.card_present, told.card_failed) == (True, True)


@pytest.mark.parametrize(
    "size",
    ["NaN", "nan", "-5", "1e400", "inf", "-inf", "many", "0x10", "1,5", "１２", "9" * 400, "", " "],
)
@pytest.mark.parametrize(
    ("probe", "body"),
    [
        (AxisStorageProbe, disk(totalsize="{0}", freesize="{0}")),
        (HikvisionStorageProbe, hdd(GOOD_HDD)),
        (
            DahuaStorageProbe,
            device()
            .replace("63989415936.000000", "{0}")
            .replace("UsedBytes=98304.000000", "UsedBytes={0}"),
        ),
    ],
    ids=["axis", "hikvision", "dahua"],
)
def test_a_size_that_is_no_number_is_not_told_and_says_nothing_of_the_card(
    probe: type[PageProbe], body: str, size: str
) -> None:
    """Neither negative nor beyond any card, and never a word that counts as zero."""
    told = reading(probe, body.replace("{0}", size))
    assert (told.used_bytes, told.total_bytes) == (None, None)
    assert told.card_failed is False


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("<subStatusCode>lowPrivilege</subStatusCode>", CameraRightMissing),
        ("<subStatusCode>notSupport</subStatusCode>", CameraOperationUnsupported),
        ("<statusString>Invalid Operation</statusString>", CameraRightMissing),
        ("", CameraOperationUnsupported),
    ],
)
def test_isapi_says_no_with_http_200(said: str, error: type[CameraError]) -> None:
    """Its ResponseStatus stands in the place of an answer."""
    body = (
        f'<ResponseStatus xmlns="http://www.hikvision.com/ver10/XMLSchema">{said}</ResponseStatus>'
    )
    with pytest.raises(error):
        reading(HikvisionStorageProbe, body)


# --- Over the wire ----------------------------------------------------------------------------------------


KNOWN = response("GetDeviceInformation", "<Manufacturer>AXIS</Manufacturer>")


@pytest.mark.parametrize(
    ("page", "answer"),
    [
        (Plain(body=PAGE, content_type="text/html"), StorageAnswer.UNREADABLE),
        (Plain(status=302, headers={"Location": "/login.html"}), StorageAnswer.UNREADABLE),
        (Plain(status=500, body="x"), StorageAnswer.UNREADABLE),
        (Plain(body=b"<root>" + b" " * 10_000_000), StorageAnswer.UNREADABLE),
        (Plain(status=404), StorageAnswer.NOT_OFFERED),
        (Plain(status=403), StorageAnswer.NOT_ALLOWED),
        (challenge(), StorageAnswer.NOT_ALLOWED),
        (challenge('Basic realm="camera"'), StorageAnswer.ASKS_FOR_BASIC),
    ],
)
async def test_a_page_that_tells_nothing_is_left_alone_and_says_why(
    http: aiohttp.ClientSession, page: Plain, answer: StorageAnswer
) -> None:
    """Nothing is known of the card; the camera is not asked again with each poll, nor is anybody locked out."""
    async with scripted(
        GET=page,
        GetDeviceInformation=lambda asked: KNOWN if asked.by_digest else challenge(),
    ) as camera:
        client = client_of(http, camera.port)
        probe = AxisStorageProbe(client.session)
        for _ in range(3):
            answers: dict[str, StorageAnswer] = {}
            assert await read_storage([probe], answers) is None
            assert answers == {"axis": answer}
        refused = answer in {StorageAnswer.NOT_ALLOWED, StorageAnswer.ASKS_FOR_BASIC}
        # A digest is asked for first.
        assert camera.count("GET") <= (2 if refused else 1)
        # Nobody was locked out.
        assert await client.identity()


async def test_a_page_that_is_never_answered_costs_its_time_once(
    http: aiohttp.ClientSession,
) -> None:
    """The camera lives: other questions are answered."""
    never = asyncio.Event()

    async def hang(_: object) -> str:
        await never.wait()
        return ""

    async with scripted(
        GET=hang, GetDeviceInformation=lambda asked: KNOWN if asked.by_digest else challenge()
    ) as camera:
        probe = HikvisionStorageProbe(client_of(http, camera.port, timeout=0.3).session)
        for _ in range(3):
            answers: dict[str, StorageAnswer] = {}
            assert await read_storage([probe], answers) is None
            assert answers == {"hikvision": StorageAnswer.UNREADABLE}
        assert camera.count("GET") == 1
        never.set()


async def test_a_page_that_leads_to_itself_is_not_followed(http: aiohttp.ClientSession) -> None:
    """Nor anywhere else: a log-in would go along."""
    async with scripted(
        GET=lambda asked: Plain(status=307, headers={"Location": asked.path}),
        GetDeviceInformation=lambda asked: KNOWN if asked.by_digest else challenge(),
    ) as camera:
        for probe in (kind(client_of(http, camera.port).session) for kind in PROBES.values()):
            asked = camera.count("GET")
            answers: dict[str, StorageAnswer] = {}
            assert await read_storage([probe], answers) is None
            assert answers == {probe.source: StorageAnswer.UNREADABLE}
            assert camera.count("GET") == asked + 1


async def test_a_page_that_asks_for_ever_new_digests_is_left_alone(
    http: aiohttp.ClientSession,
) -> None:
    """Each says that the last one was only too old; a password is tried no more often than anywhere, and is right."""
    nonces = iter(range(10_000))

    def stale(_asked: object) -> Plain:
        nonce = f'Digest realm="camera", nonce="{next(nonces)}", qop="auth", stale=true'
        return Plain(status=401, headers={"WWW-Authenticate": nonce})

    async with scripted(
        GET=stale, GetDeviceInformation=lambda asked: KNOWN if asked.by_digest else challenge()
    ) as camera:
        client = client_of(http, camera.port)
        probe = DahuaStorageProbe(client.session)
        for _ in range(5):
            answers: dict[str, StorageAnswer] = {}
            assert await read_storage([probe], answers) is None
            assert answers == {"dahua": StorageAnswer.NOT_ALLOWED}
        assert camera.count("GET") <= 4
        # In none of them the password can be read.
        assert not any("Basic" in str(asked.headers) for asked in camera.asked)
        assert await client.identity()


async def test_a_page_without_end_is_cut_off(http: aiohttp.ClientSession) -> None:
    """It comes and comes, slowly enough for no limit of its size."""

    async def trickle(request: Asked) -> web.StreamResponse:
        if not request.by_digest:
            return challenge().response()
        response = Endless()
        response.content_type = "text/xml"
        return response

    async with scripted(
        GET=trickle, GetDeviceInformation=lambda asked: KNOWN if asked.by_digest else challenge()
    ) as camera:
        probe = AxisStorageProbe(client_of(http, camera.port, timeout=1).session)
        async with asyncio.timeout(30):
            answers: dict[str, StorageAnswer] = {}
            assert await read_storage([probe], answers) is None
        assert answers == {"axis": StorageAnswer.UNREADABLE}


class Endless(web.StreamResponse):
    """Blanks, for ever."""

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        """Never come to the end."""
        with suppress(ConnectionError):
            while True:
                await self.write(b" ")
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("charset", ["shift_jis", "utf-16", "no-such-charset", "ascii"])
@pytest.mark.parametrize("maker", ["axis", "hikvision"])
async def test_a_page_with_a_wrong_charset_is_read_or_tells_nothing(
    http: aiohttp.ClientSession, maker: str, charset: str
) -> None:
    """Its words are plain letters; a card that fails is never made well by it."""
    body = {"axis": disk(status="failed"), "hikvision": sd("error")}[maker]
    page = Plain(
        body=body.replace('encoding="UTF-8"', f'encoding="{charset}"'),
        headers={"Content-Type": f"text/xml; charset={charset}"},
    )
    async with scripted(
        GET=lambda asked: page if asked.by_digest else challenge(),
        GetDeviceInformation=lambda asked: KNOWN if asked.by_digest else challenge(),
    ) as camera:
        told = await read_storage([PROBES[maker](client_of(http, camera.port).session)])
    assert told is None or told.card_failed is True


# --- A camera as a whole ----------------------------------------------------------------------------------


type Start = Callable[..., Awaitable[RunningCamera]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Return what starts one virtual camera of a maker."""
    stations: list[Station] = []

    async def start_one(maker: str, **changes: Any) -> RunningCamera:
        config = camera_config(
            manufacturer=NAMES[maker], storage_status=StorageStatus(maker), **changes
        )
        station = Station([config])
        await station.start()
        stations.append(station)
        return next(iter(station.cameras.values()))

    yield start_one
    for station in stations:
        await station.stop()


def watched(http: aiohttp.ClientSession, running: RunningCamera) -> StationCamera:
    """Return our view of a virtual camera."""

    async def media_kinds(_url: str, _credential: Credential) -> frozenset[str]:
        return frozenset({"video"})

    async def sample(*_: object) -> ReadBack:
        raise AssertionError("nothing is read back here")

    return StationCamera(
        http,
        CameraAddress(host="127.0.0.1", port=running.http_port),
        VIEWING,
        SectionPolicy(),
        known_as=None,
        # An index that a busy machine was long in asking for does not stand.
        poll_interval=timedelta(seconds=60),
        time_zone=ZoneInfo("Asia/Tokyo"),
        media_kinds=media_kinds,
        read_back=sample,
        on_change=lambda: None,
        timing=QUICK,
    )


def said(status: CameraStatus) -> tuple[SdStatus, SdEvidence]:
    """Return the verdict on the card."""
    assert status.sd is not None
    return status.sd.status, status.sd.evidence


WORDS = [
    (CardWord.WELL, (SdStatus.RECORDING, SdEvidence.NEWEST_MOVES)),
    # The card overwrites: being full is no news as long as something is written.
    (CardWord.FULL, (SdStatus.RECORDING, SdEvidence.NEWEST_MOVES)),
    (CardWord.ERROR, (SdStatus.CARD_ERROR, SdEvidence.STORAGE_PROBE)),
    (CardWord.LOCKED, (SdStatus.NOT_RECORDING, SdEvidence.STORAGE_PROBE)),
    # Footage that grows lies somewhere, whatever is not named.
    (CardWord.UNNAMED, (SdStatus.RECORDING, SdEvidence.NEWEST_MOVES)),
]


@pytest.mark.parametrize("maker", PROBES)
@pytest.mark.parametrize(("word", "expected"), WORDS)
async def test_a_makers_word_can_only_make_the_verdict_worse(
    http: aiohttp.ClientSession,
    start: Start,
    maker: str,
    word: CardWord,
    expected: tuple[SdStatus, SdEvidence],
) -> None:
    """The card is well and written to; the page says otherwise."""
    running = await start(maker)
    running.set(card_word=word)
    polled = await watched(http, running).poll()
    assert polled.error is None
    assert said(polled) == expected
    assert polled.storage_answers[maker] is StorageAnswer.TOLD


@pytest.mark.parametrize("maker", PROBES)
async def test_an_unformatted_card_is_named(
    http: aiohttp.ClientSession, start: Start, maker: str
) -> None:
    """Axis says that it is there and not mounted, the others that it has no format."""
    running = await start(maker)
    running.set(card_word=CardWord.UNFORMATTED)
    assert said(await watched(http, running).poll()) == (
        SdStatus.NOT_RECORDING if maker == "axis" else SdStatus.CARD_ERROR,
        SdEvidence.STORAGE_PROBE,
    )


@pytest.mark.parametrize("maker", PROBES)
async def test_a_dead_card_stays_dead_where_its_maker_calls_it_well(
    http: aiohttp.ClientSession, start: Start, maker: str
) -> None:
    """Green needs footage: from the page alone no card is well."""
    running = await start(maker, failed_hours=2.0, faults=Faults(card=CardFault.DEAD_GREEN))
    assert said(await watched(http, running).poll()) == (
        SdStatus.STALE,
        SdEvidence.NEWEST_STANDS,
    )


@pytest.mark.parametrize("maker", PROBES)
@pytest.mark.parametrize("word", [CardWord.FULL, CardWord.UNNAMED])
async def test_what_is_no_proof_counts_where_nothing_is_written(
    http: aiohttp.ClientSession, start: Start, maker: str, word: CardWord
) -> None:
    """An index that stands has a reason then; only Axis has a word for a full card."""
    dead = Faults(card=CardFault.DEAD_GREEN, card_word=word)
    running = await start(maker, failed_hours=2.0, faults=dead)
    found = said(await watched(http, running).poll())
    if word is CardWord.UNNAMED:
        assert found == (SdStatus.CARD_MISSING, SdEvidence.STORAGE_PROBE)
    elif maker != "axis":
        assert found == (SdStatus.STALE, SdEvidence.NEWEST_STANDS)
    else:
        assert found == (SdStatus.NOT_RECORDING, SdEvidence.STORAGE_PROBE)


@pytest.mark.parametrize("maker", PROBES)
async def test_a_card_that_is_taken_out_is_missing_at_the_first_poll(
    http: aiohttp.ClientSession, start: Start, maker: str
) -> None:
    """By the maker's word; Dahua's, which is no proof, agrees with ONVIF's jobs without a recording."""
    running = await start(maker)
    running.set(card=CardFault.REMOVED)
    status, evidence = said(await watched(http, running).poll())
    assert status is SdStatus.CARD_MISSING
    assert evidence is (SdEvidence.NO_RECORDINGS if maker == "dahua" else SdEvidence.STORAGE_PROBE)


@pytest.mark.parametrize("maker", PROBES)
async def test_sizes_and_wear_come_from_the_maker(
    http: aiohttp.ClientSession, start: Start, maker: str
) -> None:
    """Wear only where it is told."""
    polled = await watched(http, await start(maker, card_size=32.0, card_wear=12)).poll()
    assert polled.storage is not None
    assert polled.storage.total_bytes == 32 * GIB
    assert polled.storage.used_bytes is not None
    assert 0.9 < polled.storage.used_bytes / (32 * GIB) < 1
    assert polled.storage.wear_percent == (12 if maker == "axis" else None)


@pytest.mark.parametrize("maker", PROBES)
async def test_a_user_who_may_not_ask_is_told_so_and_the_camera_is_well(
    http: aiohttp.ClientSession, start: Start, maker: str
) -> None:
    """Axis tells operators and administrators only."""
    running = await start(maker, storage_status_for=UserLevel.OPERATOR)
    polled = await watched(http, running).poll()
    assert polled.error is None
    assert said(polled) == (SdStatus.RECORDING, SdEvidence.NEWEST_MOVES)
    assert polled.storage_answers[maker] is StorageAnswer.NOT_ALLOWED
    assert running.camera.faults.card_word is CardWord.TRUE


@pytest.mark.parametrize("maker", PROBES)
async def test_a_spoilt_page_costs_nothing_else(
    http: aiohttp.ClientSession, start: Start, maker: str
) -> None:
    """What can be read of the camera is read."""
    running = await start(maker)
    camera = watched(http, running)
    running.set(unreadable=STORAGE_PAGE)
    polled = await camera.poll()
    assert polled.error is None
    assert said(polled) == (SdStatus.RECORDING, SdEvidence.NEWEST_MOVES)
    assert polled.storage_answers[maker] is StorageAnswer.UNREADABLE
