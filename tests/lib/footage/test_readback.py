"""What a read-back says of a card, in every way it can end."""

import asyncio
from dataclasses import replace
from datetime import datetime
import threading
import time

import av
from av.stream import Stream
import pytest

from custom_components.niiza_cctv.lib.device.model import ReadBack, ReadBackOutcome
from custom_components.niiza_cctv.lib.footage import readback
from custom_components.niiza_cctv.lib.footage.readback import ReadBackLimits
from tests.lib.footage.scripted_camera import (
    TERMINAL,
    VIEWER,
    Footage,
    Request,
    answer,
    interleaved,
    moment,
    scripted_camera,
    sdp,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")


# Silence is not waited for longer than a test needs, and decoding for as long as a busy machine does.
QUICK = ReadBackLimits(idle=0.2, decoding=60)


async def read_back(
    url: str, around: datetime, *, seconds: float = 5, limits: ReadBackLimits = QUICK
) -> ReadBack:
    """Read back as the viewer."""
    return await readback.read_back(url, VIEWER, around, seconds=seconds, limits=limits)


@pytest.mark.parametrize("codec", ["H264", "H265"])
async def test_a_healthy_card_is_proved_by_its_pictures(codec: str) -> None:
    """Only pictures of the stretch count, not those of the way to it; silence at the end is no fault."""
    async with scripted_camera(codec=codec, media=Footage(codec=codec).wire()) as camera:
        result = await read_back(camera.url, moment(59))
    assert result.outcome is ReadBackOutcome.DECODED
    assert (result.picture_at, result.pictures) == (moment(9), 51)
    assert (result.width, result.height, result.detail) == (320, 192, "")


async def test_parameter_sets_of_the_description_are_enough() -> None:
    """Some cameras never send them in the stream."""
    footage = Footage(size=60000)
    packets = [packet for unit in footage.units() for packet in unit]
    units = []
    for packet in packets:
        # Parameter sets (7, 8) become filler (12), which carries nothing.
        kind = packet[28 if packet[0] & 0x10 else 12] & 0x1F
        at = 28 if packet[0] & 0x10 else 12
        bare = packet[:at] + b"\x0c\xff\x80" if kind in {7, 8} else packet
        units.append(interleaved(bare))
    async with scripted_camera(media=b"".join(units)) as camera:
        assert (await read_back(camera.url, moment(59))).pictures == 51
        camera.description = sdp(sets=False)
        result = await read_back(camera.url, moment(59))
    assert result.outcome is ReadBackOutcome.UNDECODABLE


async def test_a_card_that_gives_nothing_has_no_data() -> None:
    """The camera plays in good order, but nothing comes; or it says so itself."""
    async with scripted_camera() as camera:
        result = await read_back(camera.url, moment(59))
        assert (result.outcome, result.pictures) == (ReadBackOutcome.NO_DATA, 0)

        async def nothing(request: Request, _writer: object) -> bytes:
            return answer(request, "457 Invalid Range")

        camera.steps["PLAY"] = nothing
        result = await read_back(camera.url, moment(59))
        assert result.outcome is ReadBackOutcome.NO_DATA


async def test_pictures_of_another_time_are_no_proof() -> None:
    """A camera that plays something else does not prove the card."""
    async with scripted_camera(media=Footage().wire()) as camera:
        result = await read_back(camera.url, moment(500))
    assert result.outcome is ReadBackOutcome.NO_DATA
    assert result.pictures == 0
    assert "another time" in result.detail


async def test_rotten_pictures_are_undecodable() -> None:
    """Packets in good order around bytes that are no picture."""
    footage = Footage(size=60000)
    rotten = [
        interleaved(packet[:40] + bytes([0xFF]) * (len(packet) - 40))
        for unit in footage.units()
        for packet in unit
    ]
    async with scripted_camera(media=b"".join(rotten)) as camera:
        result = await read_back(camera.url, moment(59))
    assert result.outcome is ReadBackOutcome.UNDECODABLE
    assert result.picture_at is None


@pytest.mark.parametrize(
    ("pictures", "outcome"),
    [(10, ReadBackOutcome.UNDECODABLE), (1, ReadBackOutcome.NOT_POSSIBLE)],
)
async def test_a_dead_card_that_breaks_the_connection_is_dead(
    pictures: int, outcome: ReadBackOutcome
) -> None:
    """Enough pictures came and none decodes: that the camera then hangs up does not excuse its card."""
    units = Footage(size=60000).units()[:pictures]
    wire = b"".join(
        interleaved(packet[:40] + bytes([0xFF]) * (len(packet) - 40))
        for unit in units
        for packet in unit
    )
    async with scripted_camera() as camera:

        async def play(request: Request, writer: asyncio.StreamWriter) -> bytes:
            writer.write(answer(request) + wire)
            await writer.drain()
            writer.close()
            return b""

        camera.steps["PLAY"] = play
        result = await read_back(camera.url, moment(59), seconds=5.9)
    assert result.outcome is outcome
    assert result.detail


async def test_what_could_not_be_tried_is_no_evidence() -> None:
    """Unreachable, wrong password, busy, garbage: neither green nor red."""
    async with scripted_camera(media=b"garbage") as camera:
        url = camera.url
        result = await read_back(url, moment(59))
        assert result.outcome is ReadBackOutcome.NOT_POSSIBLE
        camera.schemes = ("md5",)
        camera.password = "changed"
        result = await read_back(url, moment(59))
        assert result.outcome is ReadBackOutcome.NOT_POSSIBLE
        assert "viewer" not in result.detail
    result = await read_back(url, moment(59))
    assert result.outcome is ReadBackOutcome.NOT_POSSIBLE
    assert "127.0.0.1" not in result.detail
    assert result.detail


async def test_a_drop_after_enough_pictures_is_still_proof() -> None:
    """What was decoded was decoded; a drop before any picture proves nothing."""
    wire = Footage(size=100).wire()
    for length, outcome in (
        (len(wire) // 2, ReadBackOutcome.DECODED),
        (300, ReadBackOutcome.NOT_POSSIBLE),
    ):
        async with scripted_camera() as camera:

            async def play(
                request: Request, writer: asyncio.StreamWriter, n: int = length
            ) -> bytes:
                writer.write(answer(request) + wire[:n])
                await writer.drain()
                writer.close()
                return b""

            camera.steps["PLAY"] = play
            result = await read_back(camera.url, moment(59), seconds=5.9)
        assert result.outcome is outcome


async def test_time_and_bytes_are_bounded() -> None:
    """A camera that trickles, and one that floods."""
    async with scripted_camera() as camera:

        async def trickle(request: Request, writer: asyncio.StreamWriter) -> bytes:
            writer.write(answer(request))
            for unit in Footage(first=-1000, count=900).units():
                writer.write(b"".join(interleaved(packet) for packet in unit))
                await asyncio.sleep(0.05)
            return b""

        camera.steps["PLAY"] = trickle
        before = time.monotonic()
        result = await read_back(camera.url, moment(59), limits=replace(QUICK, fetching=0.4))
        assert result.outcome is ReadBackOutcome.NOT_POSSIBLE
        assert "slowly" in result.detail
        # All of it would take 45 seconds.
        assert time.monotonic() - before < 20

        camera.steps = {}
        camera.media = Footage(first=-1000, count=60).wire()
        result = await read_back(
            camera.url, moment(59), limits=replace(QUICK, fetched_bytes=50_000)
        )
        assert result.outcome is ReadBackOutcome.NOT_POSSIBLE
        assert "more bytes" in result.detail


async def test_decoding_gives_up_in_time() -> None:
    """What was decoded until then counts."""
    async with scripted_camera(media=Footage(flags={59: TERMINAL}).wire()) as camera:
        result = await read_back(
            camera.url, moment(59), seconds=5.9, limits=replace(QUICK, decoding=0)
        )
    assert result.outcome is ReadBackOutcome.DECODED
    assert result.pictures == 1


async def test_a_machine_that_decodes_too_slowly_finds_no_fault_of_the_card() -> None:
    """It came no further than what lies before the stretch."""
    async with scripted_camera(media=Footage(flags={59: TERMINAL}).wire()) as camera:
        result = await read_back(
            camera.url, moment(59), seconds=2.9, limits=replace(QUICK, decoding=0)
        )
    assert (result.outcome, result.detail) == (
        ReadBackOutcome.NOT_POSSIBLE,
        "This machine decodes too slowly",
    )


async def test_a_picture_of_no_believable_size_is_not_decoded() -> None:
    """A header may claim gigapixels; memory would be taken for them."""
    async with scripted_camera(media=Footage(flags={59: TERMINAL}).wire()) as camera:
        result = await read_back(
            camera.url, moment(59), limits=replace(QUICK, pixels=320 * 192 - 1)
        )
    assert result.outcome is ReadBackOutcome.UNDECODABLE


async def test_pictures_are_decoded_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decoding has its own thread."""
    threads = set()

    def watched(data: bytes) -> av.Packet[Stream]:
        threads.add(threading.current_thread())
        return packet(data)

    packet = av.Packet
    async with scripted_camera(media=Footage().wire()) as camera:
        monkeypatch.setattr(av, "Packet", watched)
        await read_back(camera.url, moment(59))
    assert len(threads) == 1
    assert threading.main_thread() not in threads


async def test_pictures_with_holes_are_no_proof() -> None:
    """A decoder paints over lost bytes; a card that loses them is not healthy (H.265 cannot tell)."""
    units = []
    for unit in Footage(size=60000).units():
        for packet in unit:
            middle = len(packet) // 2
            holed = packet[:middle] + bytes(middle // 2) + packet[middle + middle // 2 :]
            units.append(interleaved(holed if len(packet) > 500 else packet))
    async with scripted_camera(media=b"".join(units)) as camera:
        result = await read_back(camera.url, moment(59))
    assert result.outcome is ReadBackOutcome.UNDECODABLE
