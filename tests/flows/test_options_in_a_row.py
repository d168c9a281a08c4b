"""Options that are changed twice in a row: one port is open afterwards, and none when it is switched off."""

import asyncio
from collections.abc import Awaitable, Callable
import socket
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from simulator.station import Station, free_port
from tests.section import section_entry, until
from tests.station import camera_config


def listens(port: int) -> bool:
    """Return whether something takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("what", ["mail", "address"])
async def test_two_changes_leave_one_port(
    hass: HomeAssistant, start_station: Callable[..., Awaitable[Station]], what: str
) -> None:
    """The first change still waits for a client to be sent away when the second comes."""
    kita = (await start_station(camera_config("kita"))).cameras["kita"]
    first, second, third = (free_port("127.0.0.1") for _ in range(3))
    entry = section_entry(kita)
    entry.add_to_hass(hass)

    def take(port: int, *, enabled: bool = True) -> None:
        options: dict[str, Any] = {what: {"enabled": enabled, "port": port}}
        hass.config_entries.async_update_entry(entry, options=options)

    take(first)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: listens(first))
    _, writer = await asyncio.open_connection("127.0.0.1", first)
    take(second)
    take(third)
    await until(lambda: listens(third))
    await until(lambda: not listens(first) and not listens(second))
    writer.close()
    take(third, enabled=False)
    await until(lambda: not listens(third))
    # Changed once more as it is unloaded: nothing opens behind its back.
    take(second)
    take(third)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not any(map(listens, (first, second, third)))
