"""One round of faults: a case that is taken from its first day to its last while processes die and disks fail under it.

Reads seeds (or plans) from standard input, a line each, and writes what became of each round as a line of JSON. The process has
everything loaded and one thread; each run of a section, the camera and each look at what was left are forks of it.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
import errno
import fcntl
import gc
import hashlib
import json
import logging
import os
from pathlib import Path
import random
import select
import shutil
import signal
import socket
import sqlite3
import sys
import tempfile
import time
import traceback
from typing import Any, Final, NamedTuple, Protocol, Self
from urllib.request import Request, urlopen

from custom_components.niiza_cctv.lib.cases.book import CaseRegistry
from custom_components.niiza_cctv.lib.cases.case_file import (
    NAME as CASE_FILE,
    CaseFileInvalid,
    read_case_file,
)
from custom_components.niiza_cctv.lib.cases.model import Case, CaseState, ClipState
from custom_components.niiza_cctv.lib.footage.clip_files import Purpose, files_for
from custom_components.niiza_cctv.lib.ledger.proof import LedgerProof
from custom_components.niiza_cctv.lib.ledger.store import Ledger
from custom_components.niiza_cctv.managers.evidence import Evidence
from simulator.camera import CameraConfig, User
from simulator.station import Station

from .chaos_disk import GROWING, TORN, Call, Gate, Operation, install
from .chaos_section import CAMERA, VIEWER, Clock, Life, NotStartedError, section

# A run that is not over by then hangs (seconds).
_MAX_RUN: Final = 120.0
_DATABASE: Final = "niiza_cctv.db"
_CHAIN_FILES: Final = ("", "-wal", "-shm")


# Phases in which footage goes for good.
_GOING: Final = frozenset({"bin", "purge", "purged"})


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong in one run: at a step of the disk (`kind`), or with the beginning of a phase (no `kind`)."""

    # kill, torn, eio, full, read_only; ledger, vault, camera, clock, older.
    what: str
    phase: str
    # The step's name (Operation.kind), and its how-manieth time in the phase.
    kind: str = ""
    nth: int = 1
    # How many further steps fail as well; negative: all until the run ends.
    lasting: int = 0
    # What belongs to it: how the ledger is lost, days of the clock, pictures until the camera goes.
    how: str = ""

    def __str__(self) -> str:
        """Say it in a line."""
        where = f"{self.phase}: {self.kind} #{self.nth}" if self.kind else self.phase
        return " ".join(filter(None, [self.what, self.how, f"at {where}", f"+{self.lasting}"]))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A round: how the case goes, and what goes wrong in each run before the last, in which nothing does."""

    seed: int
    life: Mapping[str, Any]
    runs: tuple[Fault, ...]

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the plan that a round told of."""
        runs = tuple(Fault(**fault) for fault in values["runs"])
        return cls(seed=values["seed"], life=values["life"], runs=runs)


class StepSeen(NamedTuple):
    """A step of the disk that a whole case was seen to take."""

    phase: str
    operation: Operation
    nth: int


@dataclass(kw_only=True)
class World:
    """What is true of a round, whatever a section knows of it."""

    folder: Path
    passed: timedelta = timedelta()
    # When a person took the last step, in true time.
    stepped_at: datetime | None = None
    # Entries of the ledger that somebody was told of, by number: their hashes.
    heads: dict[int, str] = field(default_factory=dict)
    # SHA-256 of every file that was ever sealed → the case that it belongs to, and the hash of that case's first entry.
    sealed: dict[str, tuple[str, str]] = field(default_factory=dict)
    # The ledger that is in place is not the one that was.
    other_ledger: bool = False
    violations: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Ran:
    """How a run ended."""

    # over, left, killed, broken.
    ended: str = "broken"
    met: bool = False
    steps: list[StepSeen] = field(default_factory=list)
    story: list[str] = field(default_factory=list)


# --- The station --------------------------------------------------------------------------------------------------


# A camera of each codec; the first is the one that is broken.
_NAMES: Final = {"H264": CAMERA, "H265": f"{CAMERA}-h265"}


class Camera:
    """The virtual cameras, in a process of their own."""

    def __init__(self) -> None:
        """Start it."""
        self.broken = False
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            _as_child(lambda: asyncio.run(self._serve(writing)))
        os.close(writing)
        with os.fdopen(reading) as told:
            self.ports, self._control = json.loads(told.readline())

    async def _serve(self, told: int) -> None:
        configs = [
            CameraConfig(
                name=name,
                serial=f"NS200-{number}",
                mac=f"02:00:00:00:00:0{number}",
                http_port=0,
                rtsp_port=0,
                users=(User(name=VIEWER.username, password=VIEWER.password),),
                codec=codec,
                width=320,
                height=240,
                frame_rate=5,
                bitrate=256,
                days=2,
            )
            for number, (codec, name) in enumerate(_NAMES.items())
        ]
        async with Station(configs, control_port=0) as station:
            ports = [
                {codec: station.cameras[name].http_port for codec, name in _NAMES.items()},
                station.control_port,
            ]
            os.write(told, f"{json.dumps(ports)}\n".encode())
            await asyncio.Event().wait()

    def set(self, **faults: Any) -> None:
        """Break or fix it."""
        self._post("", **faults)

    def _post(self, what: str, **body: Any) -> None:
        request = Request(
            f"http://127.0.0.1:{self._control}/cameras/{CAMERA}{what}",
            data=json.dumps(body).encode(),
            method="POST",
        )
        with urlopen(request, timeout=30):  # noqa: S310 - http, above
            pass

    def move(self, port: int) -> None:
        """Have it answer at another port; 0: at one that nobody knows."""
        self._post("/move", http_port=port)

    def heal(self) -> None:
        """Have it be as it was."""
        if self.broken:
            self.broken = False
            self.set(drop_after_pictures=None, silent=False)
            self.move(self.ports["H264"])

    def close(self) -> None:
        """End it."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def _as_child(work: Callable[[], Any]) -> None:
    """Do the work of a process that was just forked, and end it."""
    code = 70
    try:
        work()
        code = 0
    except SystemExit as err:
        code = int(err.code or 0)
    except BaseException:  # noqa: BLE001 - it is told, and the process ends here
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


# --- One run ------------------------------------------------------------------------------------------------------


class Body(Protocol):
    """What a run does in its process: carries the case on, and returns whether it is at its end."""

    async def __call__(
        self, world: World, fault: Fault | None, say: Callable[..., bool], *, calm: bool
    ) -> bool:
        """Say what begins and what happened; `calm`: nothing goes wrong."""


class OnLibrary:
    """A run of the section's parts without the ways in (`chaos_section`)."""

    def __init__(self, life: Life) -> None:
        """Take the life of the case."""
        self._life = life

    async def __call__(
        self, world: World, fault: Fault | None, say: Callable[..., bool], *, calm: bool
    ) -> bool:
        """Carry the case on."""
        try:
            return await self._carry_on(world, fault, say, calm=calm)
        except NotStartedError as err:
            if calm:
                raise
            say("refused", phase="start", error=str(err))
            return False

    async def _carry_on(
        self, world: World, fault: Fault | None, say: Callable[..., bool], *, calm: bool
    ) -> bool:
        began = time.time()
        clock = Clock(world.passed, timedelta())
        wrong = fault if fault is not None and fault.what == "clock" else None
        if wrong is not None and wrong.phase == "start":
            clock.ahead = timedelta(days=int(wrong.how))
        async with section(world.folder, self._life, clock, say, calm=calm) as running:
            if not await running.until(
                lambda: running.parts.evidence.is_read, "The ledger is not read"
            ):
                say("refused", phase="start", error="The ledger is not read")
                return False
            if fault is None or fault.phase != "start":
                check_settled(running.parts.evidence, began, say)
            running.stepped_at = world.stepped_at
            if wrong is not None and wrong.phase == "start":
                await running.with_wrong_clock(clock.ahead)
            elif wrong is not None:
                days, _, during = wrong.how.partition(" ")
                running.wrong_clock = (wrong.phase, timedelta(days=int(days)), not during)
            return await running.carry_on()


class Run:
    """One run of a section, in a process of its own, with at most one thing that goes wrong."""

    def __init__(
        self,
        world: World,
        body: Body,
        fault: Fault | None,
        camera: Camera | None,
        *,
        calm: bool,
        until: str = "",
    ) -> None:
        """Prepare it; once the fault has come, it is stopped in order before the phase `until`."""
        self._world = world
        self._body = body
        self._fault = fault
        self._camera = camera
        self._calm = calm
        self._until = until
        self._phase = "start"
        self._counts: Counter[tuple[str, str]] = Counter()
        # Steps that fail from now on: so many, or (negative) all.
        self._failing = 0
        self._away: list[tuple[Path, Path]] = []
        # What lies where something was.
        self._instead: list[Path] = []
        self._said = b""
        # Where a copy of the ledger goes, and how many phases began after it was made.
        self.copied: Path | None = None
        self._phases_later = 0
        # The process is to be killed.
        self._stop = False
        self.ran = Ran()

    def __call__(self) -> Ran:
        """Run it to its end."""
        ours, theirs = socket.socketpair()
        told, telling = os.pipe()
        os.set_blocking(told, False)
        log = self._world.folder.with_suffix(".log")
        self._begin_phase()
        pid = os.fork()
        if pid == 0:
            ours.close()
            os.close(told)
            with log.open("a") as file:
                os.dup2(file.fileno(), 2)
            _as_child(lambda: self._child(theirs, telling))
        theirs.close()
        self._channel = ours
        os.close(telling)
        process = os.pidfd_open(pid)
        gate: Gate | None = None
        try:
            gate = Gate(ours, pid, self._world.folder)
            self._supervise(gate, told, process, pid)
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            self._listen(told)
            for descriptor in (told, process):
                os.close(descriptor)
            ours.close()
            if gate is not None:
                gate.close()
            self._put_back()
        self._conclude(status)
        return self.ran

    def _conclude(self, status: int) -> None:
        if os.WIFSIGNALED(status):
            self.ran.ended = "killed"
        else:
            self.ran.ended = {0: "over", 1: "left"}.get(os.waitstatus_to_exitcode(status), "broken")
        if self.ran.ended == "broken":
            log = self._world.folder.with_suffix(".log").read_text(errors="replace")
            self._world.violations.append(f"The section failed: …{log[-3000:]}")

    # --- In the child -----------------------------------------------------------------------------------------

    def _child(self, channel: socket.socket, telling: int) -> None:
        logging.basicConfig(level=logging.WARNING)
        install(channel)

        def say(event: str, **more: Any) -> bool:
            """Tell it; with a phase: wait for what goes wrong in it, and return whether to go on."""
            os.write(telling, json.dumps({"event": event} | more).encode() + b"\n")
            return event != "phase" or channel.recv(1) == b"+"

        over = asyncio.run(self._body(self._world, self._fault, say, calm=self._calm))
        sys.exit(0 if over else 1)

    # --- Beside it --------------------------------------------------------------------------------------------

    def _supervise(self, gate: Gate, told: int, process: int, pid: int) -> None:
        """Answer what the section asks until it is gone."""
        poll = select.poll()
        for descriptor in (gate.listener, told, process):
            poll.register(descriptor, select.POLLIN)
        end = time.monotonic() + _MAX_RUN
        while True:
            ready = {descriptor for descriptor, events in poll.poll(1000) if events & select.POLLIN}
            self._listen(told)
            if self._stop:
                return
            if gate.listener in ready:
                for call in gate.calls():
                    self._answer(gate, call, pid)
            elif process in ready:
                return
            if time.monotonic() > end:
                self._world.violations.append(f"The run hangs in {self._phase}")
                return

    def _listen(self, told: int) -> None:
        """Take in what the section says."""
        with suppress(BlockingIOError):
            while data := os.read(told, 1 << 16):
                self._said += data
        *lines, self._said = self._said.split(b"\n")
        for line in lines:
            self._hear(json.loads(line))

    def _hear(self, said: dict[str, Any]) -> None:
        match said["event"]:
            case "phase":
                self._phase = said["phase"]
                self.ran.story.append(self._phase)
                self._begin_phase()
                with suppress(BrokenPipeError):
                    self._channel.send(b"-" if self._is_enough() else b"+")
            case "head":
                self._world.heads[said["number"]] = said["hash"]
            case "stepped":
                self._world.stepped_at = datetime.fromisoformat(said["at"])
            case "passed":
                self._world.passed = timedelta(seconds=said["passed"])
            case "refused":
                self.ran.story.append(f"! {said['error'][:80]}")
                if self._fault is not None and self._fault.how.endswith("back"):
                    self._put_back()
            case "violation":
                self._world.violations.append(said["what"])
            case "camera":
                # It failed for the first time: gone for good, or for a moment.
                self.ran.story.append("(the camera fails)")
                if self._fault is not None and self._fault.what == "camera":
                    self._lose_camera(self._fault.how)
            case other:
                self.ran.story.append(f"({other})")

    def _is_enough(self) -> bool:
        """Return whether what is to come belongs to the next run."""
        if self._until == "" or self._fault is None:
            return False
        now = PHASES.index(self._phase)
        over = self.ran.met or now > PHASES.index(self._fault.phase)
        return over and now >= PHASES.index(self._until)

    def _answer(self, gate: Gate, call: Call, pid: int) -> None:
        operation = gate.operation(call)
        if operation is None:
            gate.go_on(call)
            return
        key = (self._phase, operation.kind)
        self._counts[key] += 1
        nth = self._counts[key]
        self.ran.steps.append(StepSeen(self._phase, operation, nth))
        fault = self._fault
        if self._failing and self._fails(gate, call, operation):
            self._failing -= self._failing > 0
            return
        if fault is None or self.ran.met or (*key, nth) != (fault.phase, fault.kind, fault.nth):
            gate.go_on(call)
            return
        self.ran.met = True
        self._strike(fault, gate, call, pid, operation)

    def _strike(self, fault: Fault, gate: Gate, call: Call, pid: int, operation: Operation) -> None:
        match fault.what:
            case "kill":
                os.kill(pid, signal.SIGKILL)
            case "torn":
                if call.name in TORN:
                    gate.write_part(call, 0.5)
                os.kill(pid, signal.SIGKILL)
            case "full" if call.name in TORN:
                # The last block that there was room for.
                self._failing = fault.lasting
                gate.tear(call, 0.5)
            case _:
                self._failing = fault.lasting
                if not self._fails(gate, call, operation):
                    gate.go_on(call)

    def _fails(self, gate: Gate, call: Call, operation: Operation) -> bool:
        """Let a call fail as the disk does now; False: it is none that does."""
        assert self._fault is not None
        if operation.kind.startswith("mkdir") and gate.exists(call):
            # What is there is said to be, whatever the disk would do.
            return False
        if self._fault.what == "full":
            if call.name not in GROWING or (
                operation.kind.startswith("create") and gate.exists(call)
            ):
                return False
            gate.fail(call, errno.ENOSPC)
        else:
            gate.fail(call, {"eio": errno.EIO, "read_only": errno.EROFS}[self._fault.what])
        return True

    def _begin_phase(self) -> None:
        fault = self._fault
        if fault is None:
            return
        if self.copied is not None:
            self._copy_ledger(self.copied, fault)
            return
        if fault.what == "stop" and PHASES.index(self._phase) >= PHASES.index(fault.phase):
            self._stop = True
            return
        if fault.what == "clock":
            self.ran.met = self.ran.met or fault.phase in {self._phase, "start"}
            return
        if fault.kind or self.ran.met or fault.phase != self._phase:
            return
        self.ran.met = True
        match fault.what:
            case "ledger":
                self._lose_ledger(fault.how)
            case "vault":
                self._take_away(self._world.folder / ".cache" / "niiza_cctv")
            case "camera" if self._camera is not None:
                self._camera.broken = True
                if fault.how == "silent":
                    self._camera.set(silent=True)
                elif fault.how == "cut":
                    self._camera.set(drop_after_pictures=2)
                else:
                    # In the middle of the passage; then nobody is there any more.
                    self._camera.set(drop_after_pictures=3)

    def _copy_ledger(self, folder: Path, fault: Fault) -> None:
        """Copy the ledger when its phase begins, and end the run two phases later."""
        if self.ran.met:
            # Before anything is removed that the older one still counts on.
            self._stop = self._phases_later >= 2 or self._phase in _GOING
            self._phases_later += 1
        elif self._phase == fault.phase:
            self.ran.met = True
            folder.mkdir()
            for suffix in ("", "-wal"):
                if (path := self._world.folder / f"{_DATABASE}{suffix}").exists():
                    shutil.copy(path, folder)

    def _lose_ledger(self, how: str) -> None:
        self._instead = [self._world.folder / f"{_DATABASE}{suffix}" for suffix in _CHAIN_FILES]
        for suffix in _CHAIN_FILES:
            path = self._world.folder / f"{_DATABASE}{suffix}"
            if path.exists():
                self._take_away(path)
        path = self._world.folder / _DATABASE
        if how.startswith("folder"):
            path.mkdir()
        elif how.startswith("empty"):
            path.touch()
        elif how.startswith("rubbish"):
            path.write_bytes(os.urandom(8192))

    def _lose_camera(self, how: str) -> None:
        if self._camera is not None and how.startswith("gone") and self._camera.broken:
            self._camera.move(0)
            if how.endswith("back"):
                self._camera.heal()

    def _take_away(self, path: Path) -> None:
        away = self._world.folder.parent / f"{self._world.folder.name}.away" / path.name
        away.parent.mkdir(exist_ok=True)
        path.rename(away)
        self._away.append((away, path))

    def _put_back(self) -> None:
        """Have what went away be where it was, and what came in its place be gone."""
        for path in [*(path for _, path in self._away), *self._instead]:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        self._instead.clear()
        while self._away:
            away, path = self._away.pop()
            away.rename(path)


# --- What must be true --------------------------------------------------------------------------------------------


def check_settled(evidence: Evidence, began: float, say: Callable[..., bool]) -> None:
    """Look, after a start at `began` in which nothing failed, whether everything lies where the ledger says."""
    root = evidence.vault.root
    book = evidence.cases.cases
    found = []
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root).parts
        if path.suffix == ".part" and _changed_before(path, began):
            found.append(f"left half written: {path.name}")
        if path.suffix == ".zip" and place[0] != "unknown":
            case = book.get(path.stem)
            released = None if case is None or case.release is None else case.release.package
            if released is None or released.sha256 != _sha256(path):
                found.append(f"half released: {path.name}")
    for case in book.values():
        if case.files_removed_at is not None and (root / case.id).is_dir():
            # What was still being fetched is given up in a moment; what is sealed is gone for good.
            found += [
                f"removed, and still there: {path}" for path in (root / case.id).glob("*.mp4")
            ]
    if found:
        say("violation", what=f"After the start: {', '.join(found)}")


def _changed_before(path: Path, moment: float) -> bool:
    """Return whether a file is there and older; the section writes new ones meanwhile."""
    with suppress(FileNotFoundError):
        return path.stat().st_mtime < moment
    return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Inspector:
    """Looks at what a run left on the disk, without touching it: at copies of the ledger, and at the footage itself."""

    def __init__(self, world: World, *, over: bool) -> None:
        """Prepare to look; `over`: the case is at its end."""
        self._world = world
        self._over = over
        self._vault = world.folder / ".cache" / "niiza_cctv"
        self.found: list[str] = []
        self.sealed: dict[str, tuple[str, str]] = {}
        # Of what was sealed, what the ledger says was removed.
        self.removed: list[str] = []

    async def look(self) -> None:
        """Find what is not as it must be."""
        self._hashes: dict[str, list[Path]] = {}
        if self._vault.is_dir():
            for path in self._vault.rglob("*"):
                if path.is_file() and path.suffix not in {".part", ".spool"}:
                    self._hashes.setdefault(_sha256(path), []).append(path)
        self._look_at_stores()
        with tempfile.TemporaryDirectory() as copy:
            for suffix in ("", "-wal"):
                with suppress(FileNotFoundError):
                    shutil.copy(f"{self._world.folder / _DATABASE}{suffix}", copy)
            if not (Path(copy) / _DATABASE).exists():
                if self._world.heads and not self._world.other_ledger:
                    self.found.append("The ledger is gone")
                return
            await self._look_at_ledger(Path(copy) / _DATABASE)

    def _look_at_stores(self) -> None:
        for path in (self._world.folder / ".storage").glob("*"):
            if path.is_file() and not path.name.startswith("tmp") and path.suffix != ".pem":
                try:
                    json.loads(path.read_bytes())
                except ValueError:
                    self.found.append(f"{path.name} is damaged")

    async def _look_at_ledger(self, path: Path) -> None:
        with sqlite3.connect(path) as database:
            if (said := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                self.found.append(f"The database is damaged: {said}")
            if not database.execute(
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'niiza_cctv_ledger'"
            ).fetchone():
                if self._world.heads and not self._world.other_ledger:
                    self.found.append("The ledger lost its table")
                return
            chains = [
                chain
                for (chain,) in database.execute("SELECT DISTINCT chain FROM niiza_cctv_ledger")
            ]
            entries = dict(
                database.execute("SELECT number, hash FROM niiza_cctv_ledger ORDER BY number")
            )
        database.close()
        if len(chains) > 1:
            self.found.append(f"{len(chains)} chains")
        if not self._world.other_ledger:
            self.found += [
                f"Entry {number}, of which somebody was told, is not in the ledger"
                for number, told in self._world.heads.items()
                if number and entries.get(number) != told
            ]
        for chain in chains:
            ledger = Ledger(f"sqlite:///{path}", chain)
            await ledger.open()
            if (proved := await ledger.verify()).broken is not None:
                self.found.append(f"The chain is broken at {proved.broken}: {proved.reason}")
            await self._look_at_cases(ledger, entries)
            await ledger.close()

    async def _look_at_cases(self, ledger: Ledger, entries: Mapping[int, str]) -> None:
        async def is_taken(_named: str) -> bool:
            return False

        book = CaseRegistry(
            ledger,
            proof=LedgerProof(ledger),
            time_zone=UTC,
            now=lambda: datetime.now(UTC),
            is_trusted=lambda: False,
            keep_days=30,
            bin_days=7,
            is_taken=is_taken,
        )
        await book.load()
        begun = {case.id: entries[case.history[0].number] for case in book.cases.values()}
        for case in book.cases.values():
            self._look_at_case(case, begun[case.id])
        for sha256, (case_id, first) in self._world.sealed.items():
            known = book.cases.get(case_id)
            if known is not None and begun[case_id] == first and not known.may_hold_files:
                self.removed.append(sha256)
            elif sha256 not in self._hashes and not self._is_going(
                known, first == begun.get(case_id)
            ):
                self.found.append(f"A sealed file of case {case_id} is lost")
        self._look_at_case_files(entries, begun)

    @staticmethod
    def _is_going(case: Case | None, same: bool) -> bool:
        """Return whether the footage of a case may be on its way out: its days in the bin are over, or a person said so."""
        return (
            case is not None
            and same
            and (case.binned_until is not None or case.state is CaseState.PURGED)
        )

    def _look_at_case(self, case: Case, first: str) -> None:
        for clip in case.clips:
            if clip.sealed is None or clip.state is not ClipState.SEALED:
                continue
            for one in files_for(clip.sealed, Purpose.HANDOVER):
                self.sealed[one.file.sha256] = (case.id, first)
                if not case.may_hold_files or self._is_going(case, True):
                    continue
                places = self._hashes.get(one.file.sha256, [])
                homes = {self._vault / case.id, self._vault / "bin" / case.id}
                if not any(path.name == one.file.name and path.parent in homes for path in places):
                    self.found.append(
                        f"{one.file.name} of case {case.id} ({case.state}) is not where it is kept,"
                        f" or is not what was sealed: {[str(path) for path in places]}"
                    )
        if self._over and case.files_removed_at is not None:
            self.found += [
                f"Removed, and still there: {path.name}"
                for path in (self._vault / case.id, self._vault / "bin" / case.id)
                if path.exists()
            ]

    def _look_at_case_files(self, entries: Mapping[int, str], begun: Mapping[str, str]) -> None:
        for path in self._vault.rglob(CASE_FILE):
            try:
                file = read_case_file(path.parent)
            except CaseFileInvalid as err:
                self.found.append(f"{path.parent.name}: {err}")
                continue
            # Another case of that number is one of a ledger that was in this one's place for a while.
            if begun.get(file.case_id) == file.entries[0].hash and not self._world.other_ledger:
                self.found += [
                    f"{path.parent.name}: entry {entry.number} is not the ledger's"
                    for entry in file.entries
                    if entries.get(entry.number) != entry.hash
                ]


def inspect(world: World, *, over: bool, when: str) -> None:
    """Look at what is there, in a process of its own, and note what is not as it must be."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)

        def work() -> None:
            inspector = Inspector(world, over=over)
            asyncio.run(inspector.look())
            answer = [inspector.found, inspector.sealed, inspector.removed]
            os.write(writing, json.dumps(answer).encode())

        _as_child(work)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        answer = file.read()
    os.waitpid(pid, 0)
    if not answer:
        world.violations.append(f"{when}: what is there cannot be looked at")
        return
    found, sealed, removed = json.loads(answer)
    world.violations += [f"{when}: {one}" for one in found]
    world.sealed |= {sha256: (case, first) for sha256, (case, first) in sealed.items()}
    for sha256 in removed:
        world.sealed.pop(sha256, None)


# --- Plans --------------------------------------------------------------------------------------------------------

LIVES: Final[tuple[dict[str, Any], ...]] = (
    {
        "passages": [[2.0, 2.0], [1.0, 5.0]],
        "released_twice": True,
        "restored": True,
        "ending": "handed_over",
    },
    {"ending": "purged", "encrypt": True},
    # With a viewing copy besides.
    {"ending": "concluded", "codec": "H265"},
    {"ending": "rejected"},
)
# The phases of a case, as they come.
PHASES: Final = (
    *("start", "create", "request", "fetch", "give_up", "approve", "reject", "conclude", "release"),
    *("download", "release_again", "download_again", "hand_over", "purge", "purged"),
    *("keep", "restore", "bin"),
)
# Faults of a round before the run that carries the case to its end.
_FAULTS: Final = 5
# Where a disk becomes one that can only be read.
_DYING: Final = (
    ("start", "pwrite niiza_cctv.db-wal"),
    ("fetch", "pwrite niiza_cctv.db-wal"),
    ("release", "write .cache/niiza_cctv/CASE/CASE.zip.part"),
    ("keep", "rename .cache/niiza_cctv/CASE"),
    ("bin", "pwrite niiza_cctv.db-wal"),
)
_LEDGER_GONE: Final = ("away", "folder", "empty", "rubbish")


def life_of(values: Mapping[str, Any], camera: Camera) -> Life:
    """Return a life with the camera of this process."""
    changes = dict(values)
    if "passages" in changes:
        changes["passages"] = tuple(map(tuple, changes["passages"]))
    return Life(camera_port=camera.ports[changes.pop("codec", "H264")], **changes)


class Deck:
    """Everything that can go wrong, in an order in which a hundred rounds meet every kind of it."""

    def __init__(self, steps: Sequence[Sequence[StepSeen]]) -> None:
        """Take what a whole case of each life was seen to do."""
        self.steps = steps
        self.cards: list[list[Fault]] = []
        known: set[tuple[str, str]] = set()
        for seen in steps:
            self.cards.append(self._cards(seen, known))
            known |= {(step.phase, step.operation.kind) for step in seen}
        # Of each life what its rounds are dealt: each in phases of its own, so that all of it is met.
        self.hands = [
            (number, hand) for number, cards in enumerate(self.cards) for hand in _hands(cards)
        ]
        # What goes wrong at no step of the disk.
        self._others = [card for cards in self.cards for card in cards if not card.kind]

    @classmethod
    def dealt(cls, camera: Camera, folder: Path) -> Self:
        """See which steps a case takes: one of each life goes through them without a fault."""
        found = []
        for number, values in enumerate(LIVES):
            world = World(folder=folder / f"dry-{number}")
            world.folder.mkdir()
            ran = Run(world, OnLibrary(life_of(values, camera)), None, camera, calm=True)()
            inspect(world, over=True, when="Without a fault")
            if ran.ended != "over" or world.violations:
                raise RuntimeError(f"Without a fault: {ran.ended} {ran.story} {world.violations}")
            found.append(ran.steps)
        return cls(found)

    @classmethod
    def shared(cls, camera: Camera, folder: Path, file: Path) -> Self:
        """See it once for several hosts, which leave it to one another in a file; the others wait meanwhile."""
        with file.open("a+") as shared:
            fcntl.flock(shared, fcntl.LOCK_EX)
            shared.seek(0)
            if text := shared.read():
                return cls(
                    [
                        [
                            StepSeen(phase, Operation(*operation), nth)
                            for phase, operation, nth in life
                        ]
                        for life in json.loads(text)
                    ]
                )
            deck = cls.dealt(camera, folder)
            json.dump(deck.steps, shared)
            shared.flush()
            return deck

    def plan(self, seed: int) -> Plan:
        """Return the round of a seed: its share of the cards, and what chance adds."""
        chance = random.Random(seed)  # noqa: S311 - to be repeated
        number, dealt = (
            self.hands[seed] if seed < len(self.hands) else (chance.randrange(len(LIVES)), [])
        )
        # Every kind was dealt: any time of any step from now on.
        drawn = [] if dealt else [self._drawn(chance, number) for _ in range(_FAULTS)]
        drawn.sort(key=lambda placed: placed[0])
        faults = dealt or [fault for _, fault in drawn]
        faults.sort(key=lambda fault: PHASES.index(fault.phase))
        # A ledger is lost when there is something to lose.
        faults.sort(key=_is_lost)
        return Plan(seed=seed, life=LIVES[number], runs=tuple(faults))

    def kinds(self, number: int) -> set[tuple[str, str]]:
        """Return the kinds of steps of a life, by phase."""
        return {(step.phase, step.operation.kind) for step in self.steps[number]}

    def _cards(self, seen: Sequence[StepSeen], known: AbstractSet[tuple[str, str]]) -> list[Fault]:
        """Return each kind of fault that the lives before did not have, shuffled always alike."""
        kinds = {(step.phase, step.operation.kind): step.operation for step in seen}
        before = {kind for _, kind in known}
        # Of what the lives have in common, a phase of its own is entered by its entry of the ledger alone.
        new = {
            (phase, kind): operation
            for (phase, kind), operation in kinds.items()
            if (phase, kind) not in known and (kind not in before or _DATABASE in kind)
        }
        cards = [Fault(what="kill", phase=phase, kind=kind) for phase, kind in new]
        by_kind = {kind: (phase, operation) for (phase, kind), operation in new.items()}
        for kind, (phase, operation) in by_kind.items():
            if kind in before:
                continue
            cards.append(Fault(what="eio", phase=phase, kind=kind))
            if operation.call in GROWING:
                cards.append(Fault(what="full", phase=phase, kind=kind, lasting=3))
            if operation.call in TORN:
                cards.append(Fault(what="torn", phase=phase, kind=kind))
        phases = [phase for phase in PHASES if any(phase == other for other, _ in kinds)]
        for number, phase in enumerate(phases[2:]):
            if known and any(phase == other for other, _ in known):
                continue
            away = _LEDGER_GONE[number % len(_LEDGER_GONE)]
            cards += [
                Fault(what="ledger", phase=phase, how=f"{away} back" if number % 2 else away),
                Fault(
                    what="clock",
                    phase=phase,
                    how=("31", "-31 during", "-31", "31 during")[number % 4],
                ),
            ]
            # What was removed meanwhile is nothing that an older ledger could still have.
            if phase not in _GOING:
                cards.append(Fault(what="older", phase=phase, how=("stay", "return")[number % 2]))
        if not known:
            cards += [Fault(what="clock", phase="start", how=how) for how in ("31", "-31")]
            cards += [Fault(what="ledger", phase="start", how=how) for how in _LEDGER_GONE]
            cards += [Fault(what="vault", phase=phase) for phase in ("fetch", "release", "bin")]
            cards += [
                Fault(what="read_only", phase=phase, kind=kind, lasting=-1)
                for phase, kind in _DYING
            ]
            cards += [
                Fault(what="camera", phase="request", how=how)
                for how in ("cut", "gone", "silent", "gone back")
            ]
        cards.sort(key=str)
        random.Random(len(cards)).shuffle(cards)  # noqa: S311 - to be repeated
        return cards

    def _drawn(self, chance: random.Random, number: int) -> tuple[int, Fault]:
        """Draw a fault: mostly at some step, at any of its times; and return where in the life it comes."""
        steps = self.steps[number]
        phases = [step.phase for step in steps]
        if chance.random() < 0.25:
            fault = chance.choice([card for card in self._others if card.phase in phases])
            return phases.index(fault.phase), fault
        place = chance.randrange(len(steps))
        step = steps[place]
        fault = Fault(what="kill", phase=step.phase, kind=step.operation.kind, nth=step.nth)
        what = chance.choice(["kill", "kill", "torn", "eio", "full", "read_only"])
        if what == "torn" and step.operation.call not in TORN:
            what = "kill"
        if what == "full" and step.operation.call not in GROWING:
            what = "eio"
        lasting = 0 if what in {"kill", "torn"} else chance.choice([0, 0, 1, 3, 10, -1])
        return place, replace(fault, what=what, lasting=lasting)


def _is_lost(fault: Fault) -> bool:
    """Return whether the ledger is not there when the section starts."""
    return fault.what == "ledger" and fault.phase == "start"


def _hands(cards: Sequence[Fault]) -> Iterator[list[Fault]]:
    """Deal cards, each round's from phases of their own, from those first that have most of them."""
    piles: dict[str, list[Fault]] = {}
    for card in cards:
        piles.setdefault("older" if card.what == "older" else card.phase, []).append(card)
    while piles:
        largest = sorted(piles, key=lambda phase: (-len(piles[phase]), phase))[:_FAULTS]
        yield [piles[phase].pop() for phase in largest]
        piles = {phase: pile for phase, pile in piles.items() if pile}


# --- A round ------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Result:
    """What became of a round."""

    plan: Plan
    violations: list[str]
    # Of each fault whether it came to it.
    met: list[bool]
    # (phase, kind) at which a process was killed, and a disk failed.
    killed_at: list[tuple[str, str]]
    failed_at: list[tuple[str, str]]
    story: list[str]
    seconds: float


def play(plan: Plan, camera: Camera, folder: Path) -> Result:
    """Play a round in an empty folder."""
    began = time.monotonic()
    world = World(folder=folder)
    folder.mkdir()
    body = OnLibrary(life_of(plan.life, camera))
    story: list[str] = []
    met: list[bool] = []
    for number, fault in enumerate(plan.runs, 1):
        if fault.what == "older":
            ran = older_ledger(world, body, fault, camera)
        elif _is_lost(fault):
            # A new one is begun, with a case of its own; then the right one is there again.
            heads, world.other_ledger = dict(world.heads), True
            ran = Run(world, body, fault, camera, calm=False, until="approve")()
            world.heads, world.other_ledger = heads, False
        else:
            until = plan.runs[number].phase if number < len(plan.runs) else ""
            ran = Run(world, body, fault, camera, calm=False, until=until)()
            camera.heal()
        met.append(ran.met)
        story += [f"{number}. {fault}: {ran.ended}", *ran.story]
        if fault.what != "older" and not _is_lost(fault):
            # Of another ledger's time it is looked at after the next start, which sorts the folders.
            inspect(world, over=False, when=f"After run {number} ({fault})")
    ran = Run(world, body, None, camera, calm=True)()
    story += [f"Without a fault: {ran.ended}", *ran.story]
    if ran.ended != "over":
        world.violations.append(f"The case does not come to its end: {ran.ended}")
    inspect(world, over=True, when="At the end")
    at = [
        (fault.what, (fault.phase, fault.kind))
        for fault, came in zip(plan.runs, met, strict=True)
        if came and fault.kind
    ]
    return Result(
        plan=plan,
        violations=world.violations,
        met=met,
        killed_at=[where for what, where in at if what in {"kill", "torn"}],
        failed_at=[where for what, where in at if what not in {"kill", "torn"}],
        story=story,
        seconds=time.monotonic() - began,
    )


def older_ledger(world: World, body: Body, fault: Fault, camera: Camera) -> Ran:
    """Have a copy of the ledger made with the beginning of a phase, go on for a while, and put the copy back.

    `stay`: it goes on with it. `return`: after a while the right one is there again.
    """
    run = Run(world, body, fault, camera, calm=False)
    run.copied = folder = _beside(world, "older")
    ran = run()
    if not ran.met:
        return ran
    inspect(world, over=False, when="Before an older ledger is put back")
    newer = _beside(world, "newer")
    _swap_ledger(world.folder, folder, newer)
    heads, world.other_ledger = world.heads, True
    world.heads = {}
    if fault.how == "return":
        after = Run(world, body, Fault(what="stop", phase="approve"), camera, calm=False)()
        ran.story += ["(with the older ledger)", *after.story]
        inspect(world, over=False, when="With an older ledger")
        _swap_ledger(world.folder, newer, _beside(world, "gone"))
        world.heads, world.other_ledger = heads, False
    return ran


def _beside(world: World, name: str) -> Path:
    """Return a folder beside the section's, which is not there yet."""
    number = len(list(world.folder.parent.glob(f"{world.folder.name}.{name}*")))
    return world.folder.with_name(f"{world.folder.name}.{name}{number}")


def _swap_ledger(folder: Path, source: Path, target: Path) -> None:
    """Keep the ledger of a folder elsewhere, and put another one in its place."""
    target.mkdir()
    for suffix in _CHAIN_FILES:
        if (path := folder / f"{_DATABASE}{suffix}").exists():
            path.rename(target / path.name)
    for suffix in ("", "-wal"):
        if (path := source / f"{_DATABASE}{suffix}").exists():
            shutil.copy(path, folder)


def main() -> int:
    """Play the rounds whose seeds, or whole plans, come, one a line; an argument names the file that hosts share."""
    logging.basicConfig(level=logging.ERROR)
    # What was loaded stays shared with every process that is forked.
    gc.collect()
    gc.freeze()
    with tempfile.TemporaryDirectory() as place, camera_running() as camera:
        folder = Path(place).resolve()
        deck = (
            Deck.shared(camera, folder, Path(sys.argv[1]))
            if len(sys.argv) > 1
            else Deck.dealt(camera, folder)
        )
        kinds = [sorted(deck.kinds(number)) for number in range(len(LIVES))]
        print(
            json.dumps(
                {
                    "kinds": kinds,
                    "cards": [len(cards) for cards in deck.cards],
                    "rounds": len(deck.hands),
                }
            ),
            flush=True,
        )
        for line in sys.stdin:
            given = json.loads(line)
            plan = deck.plan(given) if isinstance(given, int) else Plan.from_json(given)
            result = play(plan, camera, folder / f"round-{plan.seed}")
            print(json.dumps(asdict(result)), flush=True)
            for left in folder.glob(f"round-{plan.seed}*"):
                if left.is_dir():
                    shutil.rmtree(left)
                else:
                    left.unlink()
    return 0


@contextmanager
def camera_running() -> Iterator[Camera]:
    """Run a camera for the length of a block."""
    camera = Camera()
    try:
        yield camera
    finally:
        camera.close()


if __name__ == "__main__":
    sys.exit(main())
