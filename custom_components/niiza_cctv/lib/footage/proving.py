"""Pictures are decoded while they arrive: when the last has come, it is known whether each can be shown.

Threads behind everything else (nice 10) follow the journals that retrievals write. They hold a few megabytes of
pictures, so a camera is never slowed and memory is flat: where decoding lags, it goes on from the journal. A journal in
which nothing comes makes room for another one; it is taken up again at its last key picture that was proved, as after a
restart.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
import logging
from pathlib import Path
import threading
import time
from typing import Final

from .picture_decoder import SETTLED, Decoded, PictureDecoder
from .priority import step_back
from .proof_file import SUFFIX, Group, Mark, ProofFile
from .spool import MAGIC, Arrived, SpoolTail

_LOGGER = logging.getLogger(__name__)

# Journals that are decoded at the same time, each on two decoders: one of 4K pictures keeps a few hundred megabytes.
PARALLEL_PROOFS: Final = 1
# A thread goes on with another journal after this, where one waits, and after this without pictures (seconds).
TURN: Final = 5.0
IDLE: Final = 1.0
# A decoder is kept ready so long without pictures although no other journal waits (seconds).
READY: Final = 5.0
# Pictures by which the pace is known.
_KNOWN: Final = 30
_START: Final = Mark(place=len(MAGIC), chain=0, number=0)


class Proofs:
    """The threads in which the section's journals are proved."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._threads = ThreadPoolExecutor(
            PARALLEL_PROOFS, thread_name_prefix="niiza_cctv proof", initializer=step_back
        )
        self._waiting = 0
        self._lock = threading.Lock()

    def begin(self, path: Path, start: int, end: int) -> Proof:
        """Prove the journal at `path`, of which the pictures from `start` to `end` (`microseconds`) are wanted."""
        return Proof(self, path, start, end)

    def close(self) -> None:
        """End the threads; every proof was closed before."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    @property
    def wanted(self) -> bool:
        """Return whether a journal waits for a thread."""
        return self._waiting > 0

    def submit(self, burst: Callable[[], None]) -> Future[None]:
        """Have a thread do some of the work of a journal when it is its turn."""

        def run() -> None:
            self._wait(-1)
            burst()

        self._wait(1)
        return self._threads.submit(run)

    def called_off(self) -> None:
        """Note that what was submitted was called off before it began."""
        self._wait(-1)

    def _wait(self, change: int) -> None:
        with self._lock:
            self._waiting += change


class Proof:
    """The proof of one journal. `arrived`, `end` and `aclose` belong to whoever writes it."""

    def __init__(self, proofs: Proofs, path: Path, start: int, end: int) -> None:
        """Begin when the first pictures are there."""
        self._proofs = proofs
        self._path = path
        self._wanted = start, end
        self._changed = threading.Condition()
        self._running: Future[None] | None = None
        # Bytes of the journal that are whole; and whether there will be more.
        self._size = 0
        self._ended = self._closed = False
        # Resolved when everything is proved, or when it cannot be (`failed`).
        self.done: Future[None] = Future()
        self.failed = False
        # Pictures that were looked at; those of this run, and the seconds that it took.
        self.pictures = 0
        self.decoded_now = 0
        self.busy = 0.0
        self._decoder = PictureDecoder()
        self._file: ProofFile | None = None
        self._taken_up = False
        # Groups that were begun and are not kept yet.
        self._begun: deque[Mark] = deque()
        # A picture that is wanted has come: the clip begins with the key picture before it.
        self._has_wanted = False
        # The group that was kept last: decoding begins there anew, so that what refers to it can be decoded.
        self._kept: Group | None = None
        # Whether the journal was found to be the one that the file is of.
        self._trusted = True
        # Where reading goes on.
        self._at = _START

    def arrived(self, size: int) -> None:
        """Tell that so many bytes of the journal are whole."""
        with self._changed:
            self._size = size
            self._changed.notify_all()
            self._submit()

    def end(self) -> None:
        """Tell that nothing more will come."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
            self._submit()

    async def aclose(self) -> None:
        """Stop where it is; what was proved stays in the file. May be called again."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            running = self._running
        if running is not None and running.cancel():
            self._proofs.called_off()
        elif running is not None:
            await asyncio.wait({asyncio.wrap_future(running)})
        with self._changed:
            self._running = None
            self._close_file()

    def decoded(self, first: int, pictures: int) -> Decoded | None:
        """Return what became of the clip's pictures; None where that is not known: then they are decoded anew."""
        if self.failed or not self.done.done() or self.pictures < first + pictures:
            return None
        return self._decoder.decoded(first, pictures)

    def seconds_until(self, pictures: float) -> float | None:
        """Return how long so many pictures of the journal take from now on; None as long as the pace is not known."""
        if self.failed or (self.decoded_now < _KNOWN and self.pictures < pictures):
            return None
        return max(pictures - self.pictures, 0) * self.busy / max(self.decoded_now, 1)

    # --- In a thread ------------------------------------------------------------------------------------------

    def _submit(self) -> None:
        if not self._closed and self._running is None and not self.done.done():
            self._running = self._proofs.submit(self._burst)

    def _burst(self) -> None:
        """Go on until all is proved, until nothing comes, or until others have waited long enough."""
        try:
            if not self._taken_up:
                self._take_up()
            with closing(SpoolTail(self._path, self._at.place, self._at.chain)) as tail:
                ended = self._follow(tail)
            if ended:
                self._conclude()
                self.done.set_result(None)
        except _OtherJournalError:
            self._forget()
        except Exception:
            # Whatever it is: the clip is decoded when it is sealed, which then says what is wrong.
            _LOGGER.warning("Pictures are not decoded while they arrive", exc_info=True)
            self.failed = True
            self.done.set_result(None)
        finally:
            self._decoder.drop()
            self._at = self._kept.mark if self._kept and self._trusted else _START
            if self._at is _START:
                self._begun.clear()
                self._has_wanted = False
            with self._changed:
                self._running = None
                if self._closed or self.done.done():
                    self._close_file()
                elif self._ended or self._unread(self._at.place):
                    self._submit()

    def _unread(self, place: int) -> bool:
        return place < self._size

    def _follow(self, tail: SpoolTail) -> bool:
        """Prove what comes; return whether that was all."""
        began = now = time.monotonic()
        number, kept = self._at.number, self._kept
        while True:
            self.busy += time.monotonic() - now
            if not self._wait(tail):
                return self._ended and not self._closed and not self._unread(tail.place)
            now = time.monotonic()
            place, chain = tail.place, tail.chain
            record = tail.read()
            if record.announced is not None:
                self._decoder.announce(*record.announced)
            if record.unit is None:
                continue
            mark = Mark(place=place, chain=chain, number=number)
            if self._proofs.wanted and now - began > TURN and self._kept is not kept:
                return False
            self._look(mark, record)
            number += 1
            self.pictures = max(self.pictures, number)

    def _wait(self, tail: SpoolTail) -> bool:
        """Wait until there is something to read; return whether there is."""
        since = time.monotonic()
        with self._changed:
            while not (self._unread(tail.place) or self._ended or self._closed):
                idle = time.monotonic() - since
                if idle >= (IDLE if self._proofs.wanted else READY):
                    return False
                self._changed.wait(IDLE)
            return not self._closed and self._unread(tail.place)

    def _look(self, mark: Mark, record: Arrived) -> None:
        """Decode a picture, unless that was done before."""
        unit = record.unit
        assert unit is not None
        if self._kept is not None and not self._trusted:
            if mark.place < self._kept.mark.place:
                self._decoder.follow(unit)
                return
            if mark != self._kept.mark or not unit.keyframe:
                raise _OtherJournalError
            self._trusted = self._has_wanted = True
        if unit.keyframe and not self._has_wanted:
            self._decoder.begin(mark.number)
            self._begun.clear()
        if self._wanted[0] <= record.at <= self._wanted[1]:
            self._has_wanted = True
        if unit.keyframe and (self._kept is None or mark.number > self._kept.mark.number):
            self._begun.append(mark)
        self._decoder.feed(mark.number, unit)
        self.decoded_now += 1
        while len(self._begun) > 1 and mark.number - self._begun[1].number >= SETTLED:
            self._keep(self._begun.popleft(), self._begun[0].number)

    def _conclude(self) -> None:
        self._decoder.flush()
        while self._has_wanted and self._begun:
            mark = self._begun.popleft()
            self._keep(mark, self._begun[0].number if self._begun else self.pictures)

    def _keep(self, mark: Mark, stop: int) -> None:
        """Keep what was found of a group, of which nothing more will be found."""
        if not self._has_wanted:
            return
        self._decoder.settle(stop - 1)
        first = self._decoder.first
        width, height = self._decoder.size(range(mark.number, stop))
        intact = bytes(self._decoder.intact[mark.number - first : stop - first])
        self._kept = Group(mark=mark, intact=intact, width=width, height=height)
        if self._file is not None:
            try:
                self._file.append(self._kept)
            except OSError as err:
                # Without it a restart decodes everything again.
                _LOGGER.warning("What is proved of a clip cannot be written: %s", err.strerror)
                self._close_file()

    def _take_up(self) -> None:
        """Take over what an earlier run proved."""
        self._taken_up = True
        try:
            self._file = ProofFile.open(self._path.with_suffix(SUFFIX))
        except OSError as err:
            _LOGGER.warning("What was proved of a clip cannot be read: %s", err.strerror)
            return
        groups = self._file.groups
        if groups and groups[-1].mark.place >= self._size:
            self._forget()
        elif groups:
            self._decoder.begin(groups[0].mark.number)
            for group in groups:
                self._decoder.know(group.mark.number, group.intact, (group.width, group.height))
            self._kept, self._trusted = groups[-1], False

    def _forget(self) -> None:
        """Forget what was proved of another journal."""
        _LOGGER.warning("What was proved of a clip is of other pictures, and is proved again")
        self._kept, self._trusted, self._has_wanted = None, True, False
        self.pictures = 0
        if self._file is not None:
            try:
                self._file.forget()
            except OSError:
                self._close_file()

    def _close_file(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None


class _OtherJournalError(Exception):
    """What was proved is of another journal than the one that lies here."""
