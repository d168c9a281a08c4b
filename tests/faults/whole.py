"""Rounds with a whole Home Assistant; as a program it plays those whose seeds come, one a line.

What runs is the integration as it is set up in an office: entities, panel, actions, views, over the test harness's Home
Assistant in a process of its own, which writes what it keeps to a real folder and can really be killed. The people take
their steps by actions and fetch the package by HTTP; the camera answers over its own sockets.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
import hashlib
import json
import logging
from pathlib import Path
import random
import sys
import tempfile
import time
from unittest.mock import patch

from aiohttp.test_utils import TestClient, TestServer
from homeassistant import loader
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import frame
from pytest_homeassistant_custom_component.common import async_test_home_assistant

from bench.chaos_disk import GROWING, TORN
from bench.chaos_round import Fault, Run, StepSeen, World, check_settled, inspect
from custom_components.niiza_cctv import runtime
from custom_components.niiza_cctv.cameras import Cameras
from custom_components.niiza_cctv.managers import evidence
from custom_components.niiza_cctv.managers.deadlines import DeadlineManager
from simulator.station import Station
from tests.office import Office, open_office
from tests.section import quick_limits, until
from tests.station import camera_config

# Steps that fail in a row before people leave it for another day.
PATIENCE = 2


async def whole(world: World, fault: Fault | None, say: Callable[..., bool], *, calm: bool) -> bool:
    """Carry the case of a round on in a whole Home Assistant; True: it is at its end."""
    began = time.time()
    async with (
        async_test_home_assistant(config_dir=str(world.folder)) as hass,
        Station([camera_config("kita")]) as station,
    ):
        frame.async_setup(hass)
        hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)
        camera = station.cameras["kita"]
        # The same camera as before the restart.
        camera.camera.noise = b"0" * len(camera.camera.noise)
        with (
            patch.object(runtime, "Cameras", partial(Cameras, limits=quick_limits())),
            patch.object(
                runtime,
                "DeadlineManager",
                partial(DeadlineManager, every=timedelta(seconds=0.1)),
            ),
            patch.object(evidence, "RETRY_DELAY", 0.1),
        ):
            office = await open_office(hass, camera)
            try:
                if not office.evidence.is_read:
                    say("refused", phase="start", error="The ledger is not read")
                    await until(lambda: office.evidence.is_read or not calm)
                if office.evidence.is_read and (fault is None or fault.phase != "start"):
                    check_settled(office.evidence, began, say)
                return await Whole(hass, office, say, calm=calm).carry_on()
            finally:
                await hass.config_entries.async_unload(office.entry.entry_id)
                await hass.async_stop(force=True)


class Whole:
    """The people of an office, who take one case from its request to its purge."""

    def __init__(
        self, hass: HomeAssistant, office: Office, say: Callable[..., bool], *, calm: bool
    ) -> None:
        """Begin wherever the case is."""
        self._hass = hass
        self._office = office
        self._say = say
        self._calm = calm
        self._fetched = False

    async def carry_on(self) -> bool:
        """Take the next steps, whatever the ledger says that they are; False: what fails kept people from it."""
        failures = 0
        while (phase := self._phase()) != "over":
            if not self._say("phase", phase=phase):
                return False
            try:
                await getattr(self, phase)()
            except (HomeAssistantError, TimeoutError) as err:
                failures += 1
                self._say("refused", phase=phase, error=f"{type(err).__name__}: {err}")
                if self._calm and isinstance(err, TimeoutError):
                    raise
                if failures > (20 if self._calm else PATIENCE):
                    return False
                continue
            failures = 0
            head = self._office.evidence.ledger.head
            self._say("head", number=head.number, hash=head.hash)
        return True

    def _phase(self) -> str:
        cases = self._office.evidence.cases.cases if self._office.evidence.is_read else {}
        if not cases:
            return "create"
        case = cases[max(cases)]
        if case.files_removed_at is not None:
            return "over"
        kept = [clip for clip in case.clips if clip.state != "cancelled"]
        if any(clip.state == "failed" for clip in kept):
            return "give_up"
        if case.is_open and not kept:
            return "request"
        if any(clip.state == "requested" for clip in kept):
            return "fetch"
        if case.state == "released" and (case.downloads or self._fetched):
            return "hand_over"
        return {
            "preserved": "approve",
            "approved": "release",
            "released": "release",
            "handed_over": "purge",
        }.get(case.state, "purged")

    @property
    def _case(self) -> str:
        case: str = max(self._office.evidence.cases.cases)
        return case

    async def create(self) -> None:
        """Receive the request."""
        await self._office.create()

    async def request(self) -> None:
        """Ask for the passage."""
        await self._office.call("sato", "export_clip", case=self._case, **self._office.passage(2))

    async def fetch(self) -> None:
        """Wait for it."""
        clips = self._office.evidence.cases.case
        await self._wait(lambda: all(clip.state != "requested" for clip in clips(self._case).clips))

    async def give_up(self) -> None:
        """Give a clip up that was not fetched."""
        for clip in self._office.evidence.cases.case(self._case).clips:
            if clip.state == "failed":
                await self._office.call("sato", "cancel_clip", clip=clip.id)

    async def approve(self) -> None:
        """Have somebody else approve it."""
        await self._office.call("suzuki", "approve_case", case=self._case)

    async def release(self) -> None:
        """Have the package made, and fetch it by its link."""
        await self._wait(lambda: self._office.evidence.proof.found is not None)
        link = await self._office.call("sato", "release_case", case=self._case)
        if not self._say("phase", phase="download"):
            return
        package = self._office.evidence.cases.case(self._case).package
        assert package is not None
        async with TestClient(TestServer(self._hass.http.app)) as browser:
            answer = await browser.get(link["link"])
            data = await answer.read() if answer.status == 200 else b""
        if data and hashlib.sha256(data).hexdigest() != package.sha256:
            self._say("violation", what="What is downloaded is not what was released")
        self._fetched = bool(data)

    async def hand_over(self) -> None:
        """Record the hand-over."""
        await self._office.call(
            "sato",
            "hand_over",
            case=self._case,
            recipient="巡査部長 山田太郎",
            medium="DVD-R",
            medium_serial="SN-1",
        )

    async def purge(self) -> None:
        """Have the footage removed."""
        await self._office.call("sato", "purge_case", case=self._case)

    async def purged(self) -> None:
        """Wait until it is."""
        clips = self._office.evidence.cases.case
        await self._wait(lambda: clips(self._case).files_removed_at is not None)

    async def _wait(self, condition: Callable[[], object]) -> None:
        """Wait for something; TimeoutError: it does not come while something fails."""
        async with asyncio.timeout(60 if self._calm else 3):
            await until(condition)


def fault_of(seed: int, steps: Sequence[StepSeen]) -> Fault:
    """Return what goes wrong in the round of a seed."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    what = ("kill", "kill", "eio", "kill", "full", "kill", "torn", "ledger", "kill", "eio")[
        seed % 10
    ]
    if what == "ledger":
        return Fault(
            what=what, phase=chance.choice(["fetch", "release", "hand_over"]), how="away back"
        )
    fitting = [
        step
        for step in steps
        if step.phase != "start" or seed % 4 == 0
        if {"torn": step.operation.call in TORN, "full": step.operation.call in GROWING}.get(
            what, True
        )
    ]
    kind = chance.choice(sorted({step.operation.kind for step in fitting}))
    step = chance.choice([step for step in fitting if step.operation.kind == kind])
    lasting = chance.choice([0, 3, 10]) if what in {"eio", "full"} else 0
    return Fault(
        what=what, phase=step.phase, kind=step.operation.kind, nth=step.nth, lasting=lasting
    )


def play(seed: int, folder: Path, steps: Sequence[StepSeen]) -> dict[str, object]:
    """Play a round: one thing goes wrong, and the next start carries the case to its end."""
    began = time.monotonic()
    world = World(folder=folder)
    folder.mkdir()
    fault = fault_of(seed, steps)
    story = []
    ran = Run(world, whole, fault, None, calm=False)()
    story += [f"{fault}: {ran.ended}", *ran.story]
    inspect(world, over=False, when=f"After {fault}")
    last = Run(world, whole, None, None, calm=True)()
    story += [f"Without a fault: {last.ended}", *last.story]
    if last.ended != "over":
        world.violations.append(f"The case does not come to its end: {last.ended}")
    inspect(world, over=True, when="At the end")
    return {
        "seed": seed,
        "fault": str(fault),
        "met": ran.met,
        "violations": world.violations,
        "story": story,
        "seconds": time.monotonic() - began,
    }


def main() -> None:
    """Play the rounds whose seeds come, one a line."""
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        world = World(folder=folder / "dry")
        world.folder.mkdir()
        dry = Run(world, whole, None, None, calm=True)()
        inspect(world, over=True, when="Without a fault")
        say = {"ended": dry.ended, "steps": len(dry.steps), "violations": world.violations}
        sys.stdout.write(f"{json.dumps(say)}\n")
        sys.stdout.flush()
        for line in sys.stdin:
            result = play(int(line), folder / f"round-{int(line)}", dry.steps)
            sys.stdout.write(f"{json.dumps(result)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
