"""The replay client against a server written from the specification."""

import pytest

from custom_components.niiza_cctv.lib.device.model import ReadBackOutcome
from custom_components.niiza_cctv.lib.footage.readback import read_back
from custom_components.niiza_cctv.lib.footage.replay import ReplayEnd, replay
from tests.lib.footage.scripted_camera import (
    TERMINAL,
    VIEWER,
    Footage,
    annex_b,
    moment,
    pictures,
    scripted_camera,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.mark.parametrize("codec", ["H264", "H265"])
async def test_every_picture_arrives_byte_for_byte_with_its_time(codec: str) -> None:
    """Nothing is lost, changed or moved on the way."""
    footage = Footage(codec=codec, flags={59: TERMINAL})
    async with scripted_camera(codec=codec, media=footage.wire()) as camera:
        async with await replay(camera.url, VIEWER, moment(3), moment(70)) as stream:
            units = [unit async for unit in stream]
        assert stream.ended is ReplayEnd.TERMINAL
    assert [unit.data for unit in units] == [annex_b(nals) for nals in pictures(codec)]
    assert [unit.at for unit in units] == [moment(index) for index in range(60)]
    assert camera.methods()[-1] == "TEARDOWN"


@pytest.mark.parametrize("codec", ["H264", "H265"])
async def test_read_back_decodes_what_the_card_gives(codec: str) -> None:
    """A healthy card is proved by pictures of the stretch asked for."""
    media = Footage(codec=codec, flags={59: TERMINAL}).wire()
    async with scripted_camera(codec=codec, media=media) as camera:
        result = await read_back(camera.url, VIEWER, moment(55))
    assert result.outcome is ReadBackOutcome.DECODED
    assert (result.picture_at, result.pictures) == (moment(5), 51)
    assert (result.width, result.height) == (320, 192)
