"""A passage of recorded footage for a browser: HTTP Live Streaming (RFC 8216) made on demand from the replay.

The playlist lists segments of a fixed nominal length before a single picture has been fetched; the pictures are
copied into fragmented MP4, never re-encoded, when a segment is asked for. One after the other they come from one
running replay. A jump is another PLAY on the same session where the camera knows that, else a new session; who jumps
is given segment by segment, so that nothing of the passage left is on its way any more. All times are true time.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from io import BytesIO
import logging
from struct import pack
from typing import Final

import av
from av.video.codeccontext import VideoCodecContext

from ..device.errors import CameraAnswerInvalid, CameraError, CameraUnreachable
from .archive import Archive, FootageStream, Picture, Stretch
from .decoding import new_decoder, open_pictures
from .errors import CameraBusy, FootageMissing, JumpFailure, JumpRefused, PlayRefused
from .fragments import SCALE, TAGS, new_movie, split
from .gate import Turn, Use
from .replay import JUMP_PATIENCE

_LOGGER = logging.getLogger(__name__)

# Long enough that a camera with a picture group of four seconds fills every one, short enough for a quick start.
SEGMENT: Final = timedelta(seconds=5)
# A playlist of a day has some 17,000 lines; nobody watches more in one piece.
MAX_PASSAGE: Final = timedelta(hours=24)
# Pictures farther apart than this have a gap between them.
_GAP: Final = timedelta(seconds=2)
# How far before a segment its first picture may lie; more is another time than was asked for.
_LEAD_IN: Final = timedelta(minutes=1)
# At the end that was asked for a camera falls silent, which is noticed late; a picture behind it shows at once.
_BEYOND: Final = timedelta(seconds=5)
# The same where segments are asked for one by one.
_BEYOND_ONE: Final = timedelta(seconds=1)
# Segments are asked for one by one where one takes no more of its playing time than this.
_QUICK: Final = 0.4
# 5 seconds at 40 Mbit/s, and what the browser may ask for again.
_MAX_SEGMENT: Final = 32 * 1024 * 1024
_MAX_PICTURES: Final = 5000
_KEPT: Final = 4
_MAX_KEPT: Final = 32 * 1024 * 1024
_BUSY_AGAIN: Final = 0.5
# How often a camera that grants a session and does not play is asked again before it has nothing there.
_PLAY_TRIES: Final = 3
_LOOK: Final = 0.25
_JPEG_STEP: Final = 5


@dataclass(frozen=True, kw_only=True)
class PlaybackTiming:
    """How long is waited for what (seconds)."""

    # Players wait 30 seconds for a segment, then they call it lost.
    patience: float = 25.0
    # A camera whose stream rests longer is told so; a player with a full buffer asks every segment's length.
    rest: float = 2.0
    # Who stopped the picture to look at it goes on, or jumps, on the same session.
    give_up: float = 30.0
    # A camera that does not jump within the session shows it in so many seconds.
    jump: float = JUMP_PATIENCE


@dataclass(frozen=True, kw_only=True)
class Slot:
    """What one segment of the playlist stands for: [start, end) of a part."""

    part: int
    start: datetime
    end: datetime
    last: bool


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A media segment, and from when to when its pictures are; None where it has none."""

    data: bytes
    span: tuple[datetime, datetime] | None


@dataclass(frozen=True, kw_only=True)
class _Held:
    """A picture of a part that decodes by itself, the newest as a rule, with what else its film needs."""

    part: int
    codec: str
    sample: bytes
    picture: Picture


@dataclass(kw_only=True)
class _Session:
    """The running replay and what has been read ahead of the segments given out."""

    exits: AsyncExitStack
    archive: Archive
    turn: Turn
    stream: FootageStream
    part: int
    # The first picture with the parameter sets: what the pictures look like.
    sample: bytes = b""
    # The slot that comes next, and up to where pictures were asked for.
    next: int
    until: datetime
    # Whether the pictures are those behind a jump, and of one segment only.
    jumped: bool = False
    one_by_one: bool = False
    # How a jump failed which this session has to make up for.
    instead_of: JumpFailure | None = None
    # Nothing has been given out: pictures before the slot are needed for decoding only.
    fresh: bool = True
    pending: list[Picture] = field(default_factory=list)
    size: int = 0
    over: bool = False
    paused: bool = False
    # The loop's time when the pictures were asked for, and when the last segment was ready.
    asked: float
    used: float


class Playback:
    """One passage of one camera for one person; closed with `aclose`.

    Requests may overlap; they are served one after the other. A request that is cancelled leaves everything as it
    was. The camera's replay session is held only while somebody asks: it is given up after a rest of 30 seconds, and
    behind the segment in work as soon as somebody else waits for it.
    """

    def __init__(
        self,
        archive: Callable[[], Archive],
        parts: Sequence[Stretch],
        start: datetime,
        end: datetime,
        *,
        timing: PlaybackTiming | None = None,
    ) -> None:
        """Make the playback of [start, end), of which `parts` are there; nothing is asked of the camera.

        `archive` tells the camera's archive by the address of now.
        """
        self.timing = timing or PlaybackTiming()
        self._archive = archive
        self._parts = tuple(parts)
        self.start = start
        self.end = end
        self.slots = tuple(_slots(self._parts))
        # FFmpeg's name of the codec, known as soon as the first picture has come.
        self.codec: str | None = None
        self._firsts = [
            next(number for number, slot in enumerate(self.slots) if slot.part == part)
            for part in range(len(self._parts))
        ]
        self._headers: dict[int, bytes] = {}
        self._kept: OrderedDict[int, Segment] = OrderedDict()
        # From which slot of a part on the camera gave nothing.
        self._barren: dict[int, int] = {}
        self._held: _Held | None = None
        self._session: _Session | None = None
        # How the last jump failed, until a new session shows whether that is the camera's habit.
        self._failure: JumpFailure | None = None
        self._watch: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._lock = asyncio.Lock()
        self._loop = asyncio.get_running_loop()

    def playlist(self) -> str:
        """Return the media playlist (RFC 8216); its addresses are `<part>.mp4` and `<number>.m4s`."""
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:7",
            # A segment begins at a picture that decodes by itself, so one may be a picture group longer.
            f"#EXT-X-TARGETDURATION:{2 * int(SEGMENT.total_seconds())}",
            "#EXT-X-MEDIA-SEQUENCE:0",
            "#EXT-X-PLAYLIST-TYPE:VOD",
        ]
        for number, slot in enumerate(self.slots):
            if self._firsts[slot.part] == number:
                if slot.part:
                    lines.append("#EXT-X-DISCONTINUITY")
                lines.append(f'#EXT-X-MAP:URI="{slot.part}.mp4"')
                moment = slot.start.astimezone(UTC).isoformat(timespec="milliseconds")
                lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{moment.replace('+00:00', 'Z')}")
            lines += (f"#EXTINF:{(slot.end - slot.start).total_seconds():.6f},", f"{number}.m4s")
        return "\n".join((*lines, "#EXT-X-ENDLIST", ""))

    async def header(self, part: int) -> bytes:
        """Return the initialization segment of a part.

        Raises LookupError where the playlist has no such part, CameraError subclasses (CameraBusy: others have the
        camera, ask again; FootageMissing: the camera gives nothing of that part).
        """
        if not 0 <= part < len(self._parts):
            raise LookupError(part)
        async with _patiently(self.timing.patience), self._lock:
            if part not in self._headers:
                await self._wherever(lambda: self._reach_part(part))
            return self._headers[part]

    async def segment(self, number: int) -> Segment:
        """Return a media segment, with an empty fragment where the camera has nothing although its index says so.

        Raises LookupError where the playlist has no such segment, CameraError subclasses as `header` does.
        """
        if not 0 <= number < len(self.slots):
            raise LookupError(number)
        async with _patiently(self.timing.patience), self._lock:
            if (kept := self._kept.get(number)) is None:
                kept = await self._wherever(lambda: self._make(number))
                self._keep(number, kept)
            return kept

    async def aclose(self) -> None:
        """Give the camera back and forget everything fetched."""
        if self._watch is not None:
            self._watch.cancel()
        async with self._lock:
            await self._give_up()
            self._kept.clear()

    async def _wherever[T](self, work: Callable[[], Awaitable[T]]) -> T:
        """Do it at the camera's address of now, and once more where that changed meanwhile."""
        archive = self._archive()
        if self._session is not None and self._session.archive is not archive:
            await self._give_up()
        try:
            return await work()
        except CameraUnreachable:
            if self._archive() is archive:
                raise
            return await work()

    async def _reach_part(self, part: int) -> None:
        """Make the header of a part, from its first pictures where none of it was fetched yet."""
        first = self._firsts[part]
        session = self._session
        if session is None or session.part != part or session.next < 0:
            await self._open(first)

        async def read() -> None:
            session = self._session
            if session is None or not await self._first_picture(session):
                await self._give_up()
                raise FootageMissing("The camera gives nothing of this part")
            if part not in self._headers:
                self._headers[part], _ = await self._mux(session, session.pending[:1], None)
            session.used = self._loop.time()

        await self._surely(first, read)

    async def _first_picture(self, session: _Session) -> bool:
        """Wait until a picture is there; return whether one came."""
        while not session.pending and not session.over:
            await self._read(session, self.slots[session.next])
        return bool(session.pending)

    async def _make(self, number: int) -> Segment:
        slot = self.slots[number]
        if number >= self._barren.get(slot.part, number + 1):
            return await self._nothing(slot)
        session = self._session
        if (
            session is None
            or session.next != number
            or session.part != slot.part
            or session.until < slot.end
        ):
            await self._open(number)
        return await self._surely(number, lambda: self._made(number))

    async def _surely[T](self, number: int, read: Callable[[], Awaitable[T]]) -> T:
        """Read from the session, and once more from a new one at that slot where it broke off behind a jump."""
        try:
            return await read()
        except CameraError:
            session = self._session
            await self._give_up()
            if session is None or not session.jumped:
                raise
            # What the new session does tells whose fault that is.
            self._failure = JumpFailure.CLOSED
        await self._open(number)
        try:
            return await read()
        except CameraError:
            await self._give_up()
            raise

    async def _made(self, number: int) -> Segment:
        """Return the segment of a slot that the session reaches."""
        slot = self.slots[number]
        if self._session is not None:
            await self._collect(self._session, slot)
            if self._session.one_by_one and self._session.over and not self._session.pending:
                # Where the footage goes on, if it does, only more of it tells.
                await self._open(number, one_by_one=False)
                if self._session is not None:
                    await self._collect(self._session, slot)
        if (session := self._session) is None:
            self._barren[slot.part] = number
            return await self._nothing(slot)
        pictures, rest = _cut(session, slot)
        if not pictures:
            segment = await self._nothing(slot)
        else:
            after = rest[0].at if rest and rest[0].at - pictures[-1].at <= _GAP else None
            header, fragment = await self._mux(session, pictures, after)
            self._headers.setdefault(slot.part, header)
            shown = [picture.at for picture in pictures]
            segment = Segment(data=fragment, span=(min(shown), max(shown)))
        if not pictures and not rest and session.fresh:
            # From here to the end of the part nothing came: do not ask for every segment of it again.
            self._barren[slot.part] = number
        if session.fresh and pictures and rest and slot.end - slot.start == SEGMENT:
            self._note_pace(session)
        session.pending = rest
        session.size = sum(len(picture.data) for picture in rest)
        session.fresh = session.jumped = False
        session.next = number + 1
        session.used = self._loop.time()
        done = slot.last or (session.over and not rest)
        if session.turn.wanted or (done and not session.archive.may_jump):
            await self._give_up()
        return segment

    def _note_pace(self, session: _Session) -> None:
        """Take in how long a segment took that was asked for anew."""
        jumps = session.archive.jumps
        if session.jumped or jumps.quick is not None:
            took = self._loop.time() - session.asked
            jumps.quick = took <= _QUICK * SEGMENT.total_seconds()

    async def _open(self, number: int, *, one_by_one: bool = True) -> None:
        """Let the pictures begin at a slot; afterwards there is no session where the camera has nothing."""
        archive = self._archive()
        slot = self.slots[number]
        whole = self._parts[slot.part]
        one_by_one = one_by_one and bool(archive.jumps.quick) and archive.may_jump
        end = slot.end + _BEYOND_ONE if one_by_one else whole.end + _BEYOND
        part = replace(whole, start=slot.start, end=end)
        if await self._jump(number, part, one_by_one=one_by_one):
            return
        failure, self._failure = self._failure, None
        await self._give_up()
        async with AsyncExitStack() as exits:
            turn = await exits.enter_async_context(self._archive().gate.turn(Use.VIEWING))
            archive = self._archive()
            refused = 0
            while True:
                asked = self._loop.time()
                try:
                    stream = await exits.enter_async_context(
                        await archive.play(part, stays=archive.may_jump)
                    )
                    break
                except PlayRefused:
                    # Some say so of what they do not have.
                    refused += 1
                    if refused == _PLAY_TRIES:
                        return
                    await asyncio.sleep(_BUSY_AGAIN)
                except CameraBusy:
                    # Cameras count a session that has just ended for a moment.
                    await asyncio.sleep(_BUSY_AGAIN)
                except FootageMissing:
                    return
            if stream.codec not in TAGS:
                raise CameraAnswerInvalid("The recording has a codec that browsers do not play")
            self.codec = stream.codec
            self._session = _Session(
                exits=exits.pop_all(),
                archive=archive,
                turn=turn,
                stream=stream,
                part=slot.part,
                next=number,
                until=end,
                one_by_one=one_by_one,
                instead_of=failure,
                asked=asked,
                used=self._loop.time(),
            )
        if self._watch is not None:
            # Of the session before, which is over.
            self._watch.cancel()
        self._watch = self._loop.create_task(self._look_after(self._session))

    async def _jump(self, number: int, part: Stretch, *, one_by_one: bool) -> bool:
        """Let the open session go on with another part; return whether it does."""
        session = self._session
        slot = self.slots[number]
        if (
            session is None
            or session.turn.wanted
            or not session.stream.stays
            or not session.archive.may_jump
            or self._parts[session.part].recording != part.recording
        ):
            return False
        # Whoever leaves while it is on its way leaves a session that is nowhere.
        session.next = -1
        session.pending, session.size, session.sample = [], 0, b""
        session.fresh, session.jumped, session.one_by_one = True, True, one_by_one
        session.over = session.paused = False
        session.instead_of = None
        session.part, session.until = slot.part, part.end
        session.asked = session.used = self._loop.time()
        try:
            await session.archive.jump(session.stream, part, patience=self.timing.jump)
        except JumpRefused as err:
            _LOGGER.debug("No jump within the session: %s", err)
            if err.failure is not JumpFailure.OVER:
                self._failure = err.failure
            return False
        session.next = number
        return True

    async def _collect(self, session: _Session, slot: Slot) -> None:
        """Read on until the slot is complete."""
        while not session.over and not (session.pending and session.pending[-1].at >= slot.end):
            await self._read(session, slot)

    async def _read(self, session: _Session, slot: Slot) -> None:
        """Take the next picture from the camera."""
        session.paused = False
        try:
            picture = await anext(session.stream)
        except StopAsyncIteration:
            session.over = True
            return
        if session.fresh and picture.keyframe and picture.at <= slot.start:
            session.pending.clear()
            session.size = 0
        elif session.jumped and picture.keyframe:
            # The passage begins once more: what led to it by chance is in it.
            session.pending = [one for one in session.pending if one.at < picture.at]
            session.size = sum(len(one.data) for one in session.pending)
        if not session.pending and not picture.keyframe:
            # What it builds on was never sent.
            return
        if not session.sample:
            session.sample = session.stream.parameter_sets + picture.data
        known = self._held is not None and self._held.part == session.part
        if picture.keyframe and (picture.at < slot.end or not known):
            self._held = _Held(
                part=session.part,
                codec=session.stream.codec,
                sample=session.sample,
                picture=picture,
            )
        if session.instead_of is not None:
            # Where a new session comes to the same, the jump was not at fault.
            if picture.at <= slot.start + _GAP:
                session.archive.no_jump(session.instead_of)
            session.instead_of = None
        session.pending.append(picture)
        session.size += len(picture.data)
        if (
            session.size > _MAX_SEGMENT
            or len(session.pending) > _MAX_PICTURES
            or picture.at < slot.start - _LEAD_IN
        ):
            raise CameraAnswerInvalid("The camera replays another passage than was asked for")

    async def _give_up(self) -> None:
        """Give the camera back."""
        session, self._session = self._session, None
        if session is not None:
            # The camera has one session: whoever asked may leave, the good-bye is said all the same.
            closing = self._loop.create_task(session.exits.aclose())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
            await asyncio.shield(closing)

    async def _look_after(self, session: _Session) -> None:
        """Give the camera back when nobody asks any more, or somebody else does."""
        while self._session is session:
            await asyncio.sleep(_LOOK)
            if self._lock.locked():
                continue
            async with self._lock:
                if self._session is not session:
                    return
                rested = self._loop.time() - session.used
                if session.turn.wanted or rested > self.timing.give_up:
                    await self._give_up()
                    self._kept.clear()
                elif rested > self.timing.rest and not session.paused and not session.one_by_one:
                    session.paused = True
                    try:
                        await session.stream.pause()
                    except CameraError as err:
                        _LOGGER.debug("Replay does not hold: %s", err)
                        await self._give_up()

    def _keep(self, number: int, segment: Segment) -> None:
        """Keep a segment for a player that asks twice, and few of them."""
        self._kept[number] = segment
        while len(self._kept) > _KEPT or (
            len(self._kept) > 1 and sum(len(kept.data) for kept in self._kept.values()) > _MAX_KEPT
        ):
            self._kept.popitem(last=False)

    async def _mux(
        self, session: _Session, pictures: list[Picture], after: datetime | None
    ) -> tuple[bytes, bytes]:
        """Return header and fragment of these pictures."""
        return await asyncio.to_thread(
            _mux, session.stream.codec, session.sample, pictures, self.start, after
        )

    async def _nothing(self, slot: Slot) -> Segment:
        """Return the segment of a slot for which the camera has nothing: a picture near it stands still.

        hls.js 1.7 jumps over a few fragments without a picture and gives up behind more.
        """
        held = self._held
        if held is None or held.part != slot.part:
            return Segment(data=_empty_fragment(_ticks(slot.start, self.start)), span=None)
        picture = replace(held.picture, at=slot.start)
        _, fragment = await asyncio.to_thread(
            _mux, held.codec, held.sample, [picture], self.start, slot.end
        )
        return Segment(data=fragment, span=(held.picture.at, held.picture.at))


async def thumbnail(archive: Archive, parts: Sequence[Stretch], *, width: int = 320) -> bytes:
    """Return a picture from the middle of `parts` as a small JPEG.

    Raises CameraBusy at once where the camera's replay session is taken or wanted, FootageMissing where nothing
    that decodes is there, and other CameraError subclasses.
    """
    if archive.gate.holder is not None or archive.gate.waiting:
        raise CameraBusy("Somebody else has the camera's replay session")
    if not parts:
        raise FootageMissing("There is no footage")
    longest = max(parts, key=lambda part: part.end - part.start)
    middle = longest.start + (longest.end - longest.start) / 2
    part = replace(longest, start=middle, end=min(longest.end, middle + SEGMENT))
    async with (
        _patiently(PlaybackTiming().patience),
        archive.gate.turn(Use.VIEWING),
        await archive.play(part, intra_only=True) as stream,
    ):
        async for picture in stream:
            if picture.keyframe:
                data = stream.parameter_sets + picture.data
                break
        else:
            raise FootageMissing("The camera gives nothing from there")
    return await asyncio.to_thread(_jpeg, stream.codec, data, width)


@asynccontextmanager
async def _patiently(patience: float) -> AsyncGenerator[None]:
    """Answer by CameraBusy what takes longer than a player waits."""
    try:
        async with asyncio.timeout(patience):
            yield
    except TimeoutError as err:
        raise CameraBusy("The camera does not give its footage in time") from err


def _slots(parts: Sequence[Stretch]) -> Iterator[Slot]:
    """Give the segments of all parts; a rest of less than a second belongs to the one before."""
    for number, part in enumerate(parts):
        at = part.start
        while at < part.end:
            end = at + SEGMENT
            if part.end - end < timedelta(seconds=1):
                end = part.end
            yield Slot(part=number, start=at, end=end, last=end == part.end)
            at = end


def _cut(session: _Session, slot: Slot) -> tuple[list[Picture], list[Picture]]:
    """Return the pictures of a slot that has been read to its end, and those of the slots behind.

    A segment begins with the last picture at or before its start that decodes by itself, so a jump there needs no
    other; where a picture group is longer than a segment, it is cut in the middle instead of leaving one empty.
    """
    pending = session.pending
    behind = next(
        (place for place, picture in enumerate(pending) if picture.at >= slot.end), len(pending)
    )
    cut = behind
    if not slot.last and 0 < behind < len(pending):
        after = pending[behind]
        if not after.discontinuity and after.at - pending[behind - 1].at <= _GAP:
            cut = next(
                (
                    place
                    for place in range(behind, 0, -1)
                    if pending[place].keyframe and pending[place].at <= slot.end
                ),
                behind,
            )
    pictures, rest = pending[:cut], pending[cut:]
    if pictures and pictures[-1].at < slot.start:
        # The camera began before a gap that reaches over the whole slot.
        pictures = []
    return pictures, rest


def _ticks(moment: datetime, start: datetime) -> int:
    """Return a moment on the passage's media clock, which is never negative: a lead-in comes before `start`."""
    return (moment - start + _LEAD_IN) // timedelta(microseconds=1) * SCALE // 1_000_000


def _mux(
    codec: str, sample: bytes, pictures: Sequence[Picture], start: datetime, after: datetime | None
) -> tuple[bytes, bytes]:
    """Return initialization segment and fragment, the last picture shown until `after` (None: as long as the others).

    Raises CameraAnswerInvalid for what is no video.
    """
    shown = [_ticks(picture.at, start) for picture in pictures]
    decoded = _decoding_times(shown)
    end = decoded[-1] + (decoded[-1] - decoded[-2] if len(decoded) > 1 else SCALE // 10)
    if after is not None:
        end = max(decoded[-1] + 1, decoded[-1] + _ticks(after, start) - shown[-1])
    file = BytesIO()
    try:
        with (
            open_pictures(sample, codec) as example,
            new_movie(file) as movie,
        ):
            stream = movie.add_stream_from_template(example.streams.video[0])
            stream.codec_context.codec_tag = TAGS[codec]
            stream.time_base = Fraction(1, SCALE)
            for place, picture in enumerate(pictures):
                packet = av.Packet(picture.data)
                packet.stream = stream
                packet.time_base = stream.time_base
                packet.dts, packet.pts = decoded[place], max(shown[place], decoded[place])
                packet.duration = (*decoded, end)[place + 1] - decoded[place]
                packet.is_keyframe = picture.keyframe
                movie.mux(packet)
        return split(file.getvalue())
    except (av.FFmpegError, ValueError, IndexError) as err:
        raise CameraAnswerInvalid("The camera's footage is no video that can be played") from err


def _decoding_times(shown: Sequence[int]) -> list[int]:
    """Return rising times in decoding order, none later than the picture is shown (B pictures are shown late)."""
    ordered = sorted(shown)
    early = max(due - at for due, at in zip(ordered, shown, strict=True))
    times: list[int] = []
    for due in ordered:
        times.append(max(due - early, times[-1] + 1 if times else 0))
    return times


def _empty_fragment(ticks: int) -> bytes:
    """Return a fragment without pictures (ISO/IEC 14496-12 8.8).

    Written by hand because FFmpeg writes none; hls.js 1.7 jumps over such a hole where it is short, while an empty
    answer or an error in its place ends the playback at once.
    """

    def box(kind: bytes, *content: bytes) -> bytes:
        return pack(">I4s", 8 + sum(map(len, content)), kind) + b"".join(content)

    track = box(
        b"traf",
        # Track 1, times relative to this fragment.
        box(b"tfhd", pack(">II", 0x020000, 1)),
        box(b"tfdt", pack(">IQ", 1 << 24, ticks)),
    )
    return box(b"moof", box(b"mfhd", pack(">II", 0, 1)), track) + box(b"mdat")


def _jpeg(codec: str, data: bytes, width: int) -> bytes:
    """Decode one picture and return it as JPEG of that width; raises FootageMissing where nothing decodes."""
    decoder = new_decoder(codec)
    try:
        frames = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
        if not frames or frames[0].is_corrupt:
            raise FootageMissing("The picture does not decode")
        height = max(2, frames[0].height * width // frames[0].width // 2 * 2)
        small = frames[0].reformat(width=width, height=height, format="yuvj420p")
        small.pts = 0
        encoder = av.CodecContext.create("mjpeg", "w")
        assert isinstance(encoder, VideoCodecContext)
        encoder.width, encoder.height = width, height
        encoder.pix_fmt = "yuvj420p"
        encoder.time_base = Fraction(1)
        # Without bounds the first picture gets the coarsest steps.
        encoder.qmin = encoder.qmax = _JPEG_STEP
        return b"".join(map(bytes, [*encoder.encode(small), *encoder.encode(None)]))
    except (av.FFmpegError, ValueError) as err:
        raise FootageMissing("The picture does not decode") from err
