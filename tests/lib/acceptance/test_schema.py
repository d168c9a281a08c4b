"""The strict second opinion: it is given bytes, says which break the schema, and speaks to nobody."""

import asyncio
import sys

import pytest

from custom_components.niiza_cctv.lib.acceptance.schema import second_opinion
from custom_components.niiza_cctv.lib.device.session import DEVICE, Heard
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
            heard("GetDeviceInformation", information(WHOLE + "<Invented>1</Invented>")),
            heard("GetDeviceInformation", "<html>Log in</html>"),
            heard("GetDeviceInformation", BOMB),
            heard("GetScopes", response("GetNothing", "")),
            heard("GetSystemDateAndTime", b"\xff\xfe\0"),
            heard("NoSuchOperation", information(WHOLE)),
            heard("GetScopes", "refused", status=401),
        ]
    )
    assert opinion is not None
    assert opinion.checked == 6
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
        [heard("GetScopes", b"x" * 10_000_000), heard("GetDeviceInformation", information(WHOLE))]
    )
    assert opinion is not None
    assert (opinion.checked, opinion.broken, opinion.left_out) == (1, (), ("GetScopes",))


async def test_nothing_is_loaded_here_and_nobody_waits() -> None:
    """It reads in a process of its own, which ends with whoever waits for it."""
    asking = asyncio.create_task(
        second_opinion([heard("GetDeviceInformation", information(WHOLE))])
    )
    await asyncio.sleep(0.3)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert "zeep.wsdl.wsdl" not in sys.modules or "bench" in sys.modules
