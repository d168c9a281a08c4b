"""A virtual camera and the acceptance test of it, over real sockets."""

from collections.abc import AsyncIterator, Callable
import contextlib
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

from custom_components.niiza_cctv.lib.acceptance.model import (
    Duty,
    Fitness,
    Report,
    Reports,
    Said,
    Step,
)
from custom_components.niiza_cctv.lib.acceptance.run import AcceptanceTest, Place, TestLimits
from custom_components.niiza_cctv.lib.device.model import CameraAddress, Credential
from custom_components.niiza_cctv.lib.device.policy import SectionPolicy
from custom_components.niiza_cctv.lib.footage.gate import ReplayGate
from simulator.running import RunningCamera
from simulator.station import Station
from tests.lib.acceptance.liar import Spoil, lying
from tests.section import QUICK
from tests.station import VIEWER, camera_config

# The strict reader lets everybody else go first: beside other tests its seconds of work may take minutes.
READING = 300.0
QUICK_TEST = TestLimits(
    between=1.5, max_stand=6, listening=1, first_events=3, reading=READING, timing=QUICK
)


@contextlib.asynccontextmanager
async def on_trial(
    *,
    limits: TestLimits = QUICK_TEST,
    reports: Reports | None = None,
    progress: Callable[[Step, float], None] = lambda _step, _share: None,
    user: str = VIEWER.name,
    password: str = VIEWER.password,
    spoil: Spoil | None = None,
    **config: Any,
) -> AsyncIterator[tuple[AcceptanceTest, RunningCamera, Station]]:
    """Give the test of a camera that runs for the length of a block; nothing is asked yet.

    `spoil` stands before it and changes what it answers over HTTP.
    """
    async with contextlib.AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        )
        station = await stack.enter_async_context(Station([camera_config(**config)]))
        running = next(iter(station.cameras.values()))
        port = running.http_port
        if spoil is not None:
            port = (await stack.enter_async_context(lying(port, spoil))).port
        yield (
            AcceptanceTest(
                Place(
                    http=http,
                    address=CameraAddress(host="127.0.0.1", port=port),
                    credential=Credential(username=user, password=password),
                    known_as=None,
                    tls=None,
                    gate=ReplayGate(),
                ),
                SectionPolicy(),
                ZoneInfo("Asia/Tokyo"),
                reports=reports,
                limits=limits,
                progress=progress,
            ),
            running,
            station,
        )


def duties(report: Report) -> dict[Duty, Fitness]:
    """Return the verdict of each duty."""
    return {one.duty: one.verdict for one in report.duties}


def reasons(report: Report, duty: Duty) -> tuple[Said, ...]:
    """Return what the verdict of a duty rests on."""
    return next(one.reasons for one in report.duties if one.duty is duty)


def said(report: Report) -> set[str]:
    """Return the names of everything that the report says."""
    return {
        one.key
        for part in (
            *(step.said for step in report.steps),
            *(duty.reasons for duty in report.duties),
        )
        for one in part
    }
