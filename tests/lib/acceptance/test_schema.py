"""The strict second opinion: it is given bytes, says which break the schema, and speaks to nobody."""

import asyncio
from base64 import b64encode
import json
import os
from pathlib import Path
import sys
import time

import pytest

from custom_components.niiza_cctv.lib.acceptance import schema
from custom_components.niiza_cctv.lib.acceptance.schema import second_opinion
from custom_components.niiza_cctv.lib.device.session import DEVICE, Heard
from tests.lib.acceptance.tested import READING
from tests.lib.device.scripted_onvif import envelope, response

pytestmark = pytest.mark.usefixtures("socket_enabled")


def heard(operation: str, body: str | bytes, status: int = 200) -> Heard:
    """Return an answer of the device service."""
    return Heard(
        operation=operation,
        path="/onvif/device_service",
        asked=f'<{operation} xmlns="{DEVICE}"/>',
        as_nobody=False,
        status=status,
        content_type="application/soap+xml",
        body=body if isinstance(body, bytes) else body.encode(),
        challenges=(),
        knows_password=False,
        took=0.1,
    )


def information(inside: str) -> str:
    """Return an answer to GetDeviceInformation."""
    space = f'xmlns="{DEVICE}"'
    return envelope(
        f"<GetDeviceInformationResponse {space}>{inside}</GetDeviceInformationResponse>"
    )


READER = Path(schema.__file__).with_name("strict_reader.py")
WHOLE = (
    "<Manufacturer>m</Manufacturer><Model>m</Model><FirmwareVersion>1</FirmwareVersion>"
    "<SerialNumber>1</SerialNumber><HardwareId>1</HardwareId>"
)
BOMB = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


async def test_what_breaks_the_schema_is_named_and_what_does_not_is_not() -> None:
    """By operation, with the reader's words; a refusal breaks nothing."""
    opinion = await second_opinion(
        [
            heard("GetDeviceInformation", information(WHOLE)),
            heard(
                "GetDeviceInformation",
                information(WHOLE).replace("<e:Body>", "<e:Body><!--c--><?p i?>"),
            ),
            heard("GetDeviceInformation", information(WHOLE + "<Invented>1</Invented>")),
            heard("GetDeviceInformation", "<html>Log in</html>"),
            heard("GetDeviceInformation", BOMB),
            heard("GetScopes", response("GetNothing", "")),
            heard("GetSystemDateAndTime", b"\xff\xfe\0"),
            heard("NoSuchOperation", information(WHOLE)),
            heard("GetScopes", "refused", status=401),
        ],
        READING,
    )
    assert opinion is not None
    assert opinion.checked == 7
    assert [operation for operation, _ in opinion.broken] == [
        "GetDeviceInformation",
        "GetDeviceInformation",
        "GetDeviceInformation",
        "GetScopes",
        "GetSystemDateAndTime",
    ]
    assert opinion.left_out == ("NoSuchOperation",)
    assert all(len(words) <= 300 for _, words in opinion.broken)


async def test_what_is_too_large_is_not_given() -> None:
    """It reads without bounds."""
    opinion = await second_opinion(
        [heard("GetScopes", b"x" * 10_000_000), heard("GetDeviceInformation", information(WHOLE))],
        READING,
    )
    assert opinion is not None
    assert (opinion.checked, opinion.broken, opinion.left_out) == (1, (), ("GetScopes",))


async def test_a_reader_that_does_not_come_to_an_end_is_left() -> None:
    """Nothing is known then."""
    given = [heard("GetDeviceInformation", information(WHOLE))]
    assert await second_opinion(given, 0.0) is None


async def test_whoever_calls_off_does_not_wait_for_the_reader() -> None:
    """It reads in a process of its own, which ends with whoever waits for it."""
    asking = asyncio.create_task(
        second_opinion([heard("GetDeviceInformation", information(WHOLE))])
    )
    await asyncio.sleep(0.3)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


LOADED = """
import importlib, pkgutil, sys
import custom_components.niiza_cctv as package
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith(".strict_reader"):
        importlib.import_module(module.name)
print(sorted(name for name in sys.modules if name.partition(".")[0] in {"zeep", "onvif"}))
"""


async def test_zeep_is_loaded_by_the_readers_process_alone() -> None:
    """Everything else of the integration, loaded as a whole, knows nothing of it."""
    said, _complaints = await ran("-c", LOADED)
    assert said == b"[]\n"


# Runs the reader's program as it stands, and tells of everything that it does with a socket or another process.
WATCHED = """
import runpy, sys
WATCHED = ("socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.sendto", "socket.sendmsg", "subprocess.", "os.exec",
           "os.posix_spawn", "os.fork", "urllib.", "http.")
sys.addaudithook(lambda event, _: event.startswith(WATCHED) and sys.stderr.write(event + chr(10)))
runpy.run_path(sys.argv[1], run_name="__main__")
"""


async def test_the_reader_asks_nobody_whatever_an_answer_names() -> None:
    """Neither a schema, nor a document type, nor an address that an answer leads to; seen from inside its process."""
    called = 0

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal called
        called += 1
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        place = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        named = f'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="{DEVICE} {place}/a.xsd"'
        answers = [
            information(WHOLE),
            information(WHOLE).replace("<e:Header>", f"<e:Header {named}>"),
            f'<!DOCTYPE a SYSTEM "{place}/a.dtd">{information(WHOLE)}',
            f'<!DOCTYPE a [<!ENTITY b SYSTEM "{place}/b">]><a>&b;</a>',
            information(WHOLE).replace(
                "<e:Body>",
                f'<e:Body><i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{place}/c"/>',
            ),
            information(f"<Manufacturer>{place}/d</Manufacturer>"),
        ]
        order = {
            "memory": 512 * 2**20,
            "answers": [
                {
                    "operation": "GetDeviceInformation",
                    "service": service,
                    "body": b64encode(body.encode()).decode(),
                }
                for body in answers
                for service in ("device", "media", "events", "recording", "search", "replay")
            ],
        }
        said, told = await ran("-c", WATCHED, str(READER), given=json.dumps(order).encode())
        assert told == b""
        assert json.loads(said)["checked"] == len(answers)
        assert called == 0


async def ran(*arguments: str, given: bytes = b"") -> tuple[bytes, bytes]:
    """Run Python on its own with what is installed here; return what it said, and what it complained of."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(place for place in sys.path if place)},
        cwd=Path(__file__).parents[3],
    )
    said, told = await process.communicate(given)
    assert process.returncode == 0, told.decode()
    return said, told


async def test_the_event_loop_is_never_held_up_by_what_is_read_strictly() -> None:
    """As much as a test ever hands on: what the loop itself works between two breaths is less than 50 ms.

    Of its own thread's time: how long others keep the machine busy says nothing of it.
    """
    body = information(WHOLE.replace("m<", f"{'x' * 9_000}<"))
    answers = [
        heard("GetDeviceInformation", body.replace("<e:Body>", f"<e:Body><!--{number}-->"))
        for number in range(200)
    ]
    assert 3 * 2**20 < sum(len(one.body) for one in answers) < 10 * 2**20
    longest, ended = 0.0, asyncio.Event()

    async def breathe() -> None:
        nonlocal longest
        last = time.thread_time()
        while not ended.is_set():
            await asyncio.sleep(0)
            now = time.thread_time()
            longest, last = max(longest, now - last), now
            await asyncio.sleep(0.001)
            last = time.thread_time()

    breathing = asyncio.create_task(breathe())
    opinion = await second_opinion(answers, READING)
    ended.set()
    await breathing
    assert opinion is not None
    assert opinion.checked == 200
    assert longest < 0.05
