"""A part of a sealed clip, to the picture: no more leaves than is needed, and the camera's own bytes stay.

A picture cannot be decoded without those back to its key picture. So a cut begins at that one, and an edit list (ISO/IEC
14496-12, 8.6.6) hides what was not chosen. Hidden is not gone: the cut says how many pictures that are. Where none may
leave, the chosen ones are encoded anew, which is a copy for viewing and no evidence of its own.

Synchronous: for worker threads.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
import errno
from itertools import chain, pairwise, zip_longest
import os
from pathlib import Path
import shutil
from struct import Struct
from typing import BinaryIO, Self

import av
from av.video.frame import PictureType
from av.video.stream import VideoStream

from ..ledger.model import Json
from .clip import ENCODER, ENCODER_OPTIONS, VIEWING_COPY, check_boxes, media_errors, stream_decoder
from .clip_model import ClipFile, ClipInvalid, SealedClip, Segment
from .clip_plan import TIME_BASE, ticks
from .decoding import open_clip
from .files import finish, new_file, part_of
from .media_signing.report import Signing
from .progress import Steps
from .time_text import from_text, text_of

_MICROSECOND = timedelta(microseconds=1)


class CutRefusal(StrEnum):
    """Why a cut cannot be made, as the message about it is called."""

    NO_PICTURE = "cut_no_picture"
    # The clip shows pictures of other times between those chosen.
    CLOCK_SET_BACK = "cut_clock_set_back"


class CutInvalid(ClipInvalid):
    """What was chosen is no part of the clip."""

    def __init__(self, reason: CutRefusal) -> None:
        """Say why."""
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A part of a sealed clip that was written and proved. All times are true times."""

    file: ClipFile
    # Of the clip's master, whose bytes these are.
    source_sha256: str
    # As it was asked for, and the first and the last picture that is shown.
    start: datetime
    end: datetime
    first_picture: datetime
    last_picture: datetime
    pictures: int
    # In the file, before the first that is shown and behind the last; players that know no edit lists show them.
    hidden_before: int
    hidden_after: int
    # Of what is shown, in microseconds.
    duration: int
    segments: tuple[Segment, ...]
    # As `segments`, of everything that is in the file, hidden pictures too: for players that show those.
    contents: tuple[Segment, ...]
    # Encoded anew, so that nothing is hidden; for viewing.
    encoded_anew: bool

    @property
    def hidden(self) -> int:
        """Return how many pictures are in the file that were not chosen."""
        return self.hidden_before + self.hidden_after

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        return {
            "file": self.file.as_json(),
            "source_sha256": self.source_sha256,
            "start": text_of(self.start),
            "end": text_of(self.end),
            "first_picture": text_of(self.first_picture),
            "last_picture": text_of(self.last_picture),
            "pictures": self.pictures,
            "hidden_before": self.hidden_before,
            "hidden_after": self.hidden_after,
            "duration_us": self.duration,
            "segments": [segment.as_json() for segment in self.segments],
            "contents": [segment.as_json() for segment in self.contents],
            "encoded_anew": self.encoded_anew,
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {
                "file": file,
                "source_sha256": str(source),
                "start": str(start),
                "end": str(end),
                "first_picture": str(first),
                "last_picture": str(last),
                "pictures": int(pictures),
                "hidden_before": int(before),
                "hidden_after": int(after),
                "duration_us": int(duration),
                "segments": [*segments],
                "contents": [*contents],
                "encoded_anew": bool(anew),
            }:
                return cls(
                    file=ClipFile.from_json(file),
                    source_sha256=source,
                    start=from_text(start),
                    end=from_text(end),
                    first_picture=from_text(first),
                    last_picture=from_text(last),
                    pictures=pictures,
                    hidden_before=before,
                    hidden_after=after,
                    duration=duration,
                    segments=tuple(Segment.from_json(one) for one in segments),
                    contents=tuple(Segment.from_json(one) for one in contents),
                    encoded_anew=anew,
                )
        raise ValueError("Not a cut")


@dataclass(frozen=True, kw_only=True)
class SealedCut:
    """A cut with what was made of it."""

    cut: Cut
    # In H.264, where ordinary players may not show the cut.
    viewing_copy: ClipFile | None
    # What the camera's own signatures prove of it; None where there are none, or it was encoded anew.
    signing: Signing | None

    def as_json(self) -> dict[str, Json]:
        """Return what the ledger keeps."""
        return {
            "cut": self.cut.as_json(),
            "viewing_copy": self.viewing_copy.as_json() if self.viewing_copy else None,
            "signing": self.signing.as_json() if self.signing else None,
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return what `as_json` gave; raises ValueError for anything else."""
        match value:
            case {"cut": cut, "viewing_copy": copy, "signing": signing}:
                return cls(
                    cut=Cut.from_json(cut),
                    viewing_copy=ClipFile.from_json(copy) if copy is not None else None,
                    signing=Signing.from_json(signing) if signing is not None else None,
                )
        raise ValueError("Not a sealed cut")


@dataclass(frozen=True, kw_only=True)
class _Chosen:
    """Which packets of a master make a cut: numbers in the order of decoding, times in TIME_BASE."""

    first: int
    stop: int
    begin: int
    last: int
    # When the last one that is shown goes.
    end: int
    shown: int
    before: int
    after: int
    size: int
    segments: tuple[Segment, ...]
    contents: tuple[Segment, ...]


def cut(
    master: Path,
    clip: SealedClip,
    path: Path,
    *,
    start: datetime,
    end: datetime,
    encode_anew: bool,
    cancelled: Callable[[], bool],
    progress: Callable[[float], None],
) -> Cut:
    """Write the pictures of `master` from `start` to before `end` (true times) into the MP4 file `path`.

    Raises CutInvalid when the clip has no such picture, or shows others between them, ClipInvalid when the master is not what was sealed or the
    cut cannot be proved, ClipCancelled, and OSError: nothing is left of the cut then.
    """
    part = part_of(path)
    steps = Steps(cancelled, progress)
    try:
        chosen = _choose(master, clip, start, end)
        _check_room(path.parent, chosen.size)
        new_file(part).close()
        if encode_anew:
            title = f"{VIEWING_COPY} {path.name.partition('.')[0]}"
            _encode(master, part, clip, chosen, steps.of(0, 0.9), title=title)
        else:
            _copy(master, part, clip, chosen, steps.of(0, 0.4))
            _end_at(part, chosen)
        _prove(
            master, part, chosen, steps.of(0.9 if encode_anew else 0.4, 1), copied=not encode_anew
        )
        file = finish(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Cut(
        file=file,
        source_sha256=clip.master.sha256,
        start=start,
        end=end,
        first_picture=chosen.segments[0].start,
        last_picture=chosen.segments[-1].end,
        pictures=chosen.shown,
        hidden_before=0 if encode_anew else chosen.before,
        hidden_after=0 if encode_anew else chosen.after,
        duration=(chosen.end - chosen.begin) * 100 // 9,
        segments=chosen.segments,
        contents=chosen.segments if encode_anew else chosen.contents,
        encoded_anew=encode_anew,
    )


def _check_room(folder: Path, size: int) -> None:
    """Refuse at once what would fill the disk; a tenth more for the index."""
    if shutil.disk_usage(folder).free < size * 1.1:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _choose(master: Path, clip: SealedClip, start: datetime, end: datetime) -> _Chosen:
    """Find the packets without reading their contents twice."""
    low, high = places(clip, start, end)
    pts, dts = array("q"), array("q")
    keyframes, sizes = bytearray(), array("q")
    durations = array("q")
    with media_errors("The clip cannot be read"), open_clip(master) as container:
        stream = container.streams.video[0]
        for packet in container.demux(stream):
            if not packet.size:
                continue
            if packet.pts is None or packet.dts is None:
                raise ClipInvalid("The clip has a picture without a time")
            pts.append(packet.pts)
            dts.append(packet.dts)
            durations.append(packet.duration or 0)
            keyframes.append(packet.is_keyframe)
            sizes.append(packet.size)
    shown_order = sorted(pts)
    shown = shown_order[bisect_left(shown_order, low) : bisect_left(shown_order, high)]
    if not shown:
        raise CutInvalid(CutRefusal.NO_PICTURE)
    begin, last = shown[0], shown[-1]
    first = next(
        (
            index
            for index in range(len(pts) - 1, -1, -1)
            if keyframes[index] and pts[index] <= begin
        ),
        None,
    )
    if first is None:
        raise ClipInvalid("The clip does not begin with a whole picture")
    stop = max(index for index in range(len(pts)) if pts[index] <= last) + 1
    after = bisect_right(shown_order, last)
    following = shown_order[after] if after < len(shown_order) else None
    usual = max(min(durations, default=0), 1)
    step = following - last if following is not None else durations[-1] or usual
    inside = sorted(pts[first:stop])
    return _Chosen(
        first=first,
        stop=stop,
        begin=begin,
        last=last,
        end=last + max(step, 1),
        shown=len(shown),
        before=bisect_left(inside, begin),
        after=len(inside) - bisect_right(inside, last),
        size=sum(sizes[first:stop]),
        segments=tuple(_shown_segments(clip, begin, last)),
        contents=tuple(_shown_segments(clip, inside[0], inside[-1])),
    )


def places(clip: SealedClip, start: datetime, end: datetime) -> tuple[int, int]:
    """Return from where to before where in the clip (TIME_BASE) it shows the time from `start` to before `end`."""
    found: list[tuple[int, int, int]] = []
    for number, segment in enumerate(clip.segments):
        if segment.end < start or segment.start >= end:
            continue
        begin = segment.offset + max(start - segment.start, timedelta()) // _MICROSECOND
        # Behind the last picture of a stretch comes the next one's first, some distance away.
        stop = (
            segment.offset + min(end - segment.start, segment.end - segment.start) // _MICROSECOND
        )
        found.append((number, ticks(begin), ticks(stop) + (1 if end > segment.end else 0)))
    if not found:
        raise CutInvalid(CutRefusal.NO_PICTURE)
    for (number, _, _), (after, _, _) in pairwise(found):
        one, other = clip.segments[number], clip.segments[after]
        # Of a clock that was set back, pictures of other times lie between: they were not chosen, and cannot be hidden.
        if after != number + 1 or one.end >= end or other.start < start:
            raise CutInvalid(CutRefusal.CLOCK_SET_BACK)
    return found[0][1], found[-1][2]


def _shown_segments(clip: SealedClip, begin: int, last: int) -> Iterator[Segment]:
    """Return the clip's segments as it shows them from one place to another (TIME_BASE)."""
    low, high = begin * 100 // 9, last * 100 // 9
    for segment in clip.segments:
        length = (segment.end - segment.start) // _MICROSECOND
        first, stop = max(low, segment.offset), min(high, segment.offset + length)
        # A tick is 11 microseconds.
        if first > stop + 12:
            continue
        yield Segment(
            offset=max(first - low, 0),
            start=segment.start + max(first - segment.offset, 0) * _MICROSECOND,
            end=segment.start + max(stop - segment.offset, 0) * _MICROSECOND,
        )


def _copy(
    master: Path, part: Path, clip: SealedClip, chosen: _Chosen, step: Callable[[float], None]
) -> None:
    """Copy the packets; those that are hidden get times before zero, of which FFmpeg makes an edit list."""
    count = chosen.stop - chosen.first
    with (
        media_errors("The cut cannot be written as MP4"),
        open_clip(master) as source,
        av.open(part, "w", format="mp4") as container,
    ):
        video = source.streams.video[0]
        stream = container.add_stream_from_template(video)
        stream.time_base = TIME_BASE
        # As the master says where its parameters are.
        tag = "hev1" if clip.codec == "hevc" else "avc3" if clip.varies else "avc1"
        stream.codec_context.codec_tag = tag
        for index, packet in enumerate(_packets(source.demux(video), chosen)):
            one = av.Packet(bytes(packet))
            one.stream = stream
            one.time_base = TIME_BASE
            assert packet.pts is not None
            assert packet.dts is not None
            one.pts, one.dts = packet.pts - chosen.begin, packet.dts - chosen.begin
            one.duration = packet.duration or 0
            one.is_keyframe = packet.is_keyframe
            container.mux_one(one)
            step(index / count)


def _packets(
    packets: Iterator[av.Packet[VideoStream]], chosen: _Chosen
) -> Iterator[av.Packet[VideoStream]]:
    for index, packet in enumerate(one for one in packets if one.size):
        if index >= chosen.stop:
            return
        if index >= chosen.first:
            yield packet


def _encode(
    master: Path,
    part: Path,
    clip: SealedClip,
    chosen: _Chosen,
    step: Callable[[float], None],
    *,
    title: str,
) -> None:
    """Encode the pictures that are shown anew in H.264; what comes before them is decoded and forgotten."""
    if ENCODER not in av.codecs_available:
        raise ClipInvalid("There is no encoder for H.264 here")
    done, latest = 0, -1
    with (
        media_errors("The cut cannot be encoded"),
        open_clip(master) as source,
        av.open(part, "w", format="mp4") as container,
    ):
        container.metadata["title"] = title
        container.metadata["comment"] = f"{VIEWING_COPY} / re-encoded for viewing; not the evidence"
        video = source.streams.video[0]
        stream = container.add_stream(ENCODER, rate=30, options=ENCODER_OPTIONS)
        assert isinstance(stream, VideoStream)
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = TIME_BASE
        # H.264 in 4:2:0 has even sizes only.
        stream.width, stream.height = clip.width & ~1, clip.height & ~1
        with stream_decoder(video) as decoder:
            for packet in chain(_packets(source.demux(video), chosen), (None,)):
                try:
                    frames = decoder.decode(packet)
                except av.FFmpegError, ValueError:
                    continue
                for frame in frames:
                    at = frame.pts
                    if at is None or not chosen.begin <= at <= chosen.last or at <= latest:
                        continue
                    latest, done = at, done + 1
                    picture = frame.reformat(stream.width, stream.height, "yuv420p")
                    picture.pts, picture.time_base = at - chosen.begin, TIME_BASE
                    picture.pict_type = PictureType.NONE
                    container.mux(stream.encode(picture))
                    step(done / chosen.shown)
        container.mux(stream.encode(None))
    if not done:
        raise ClipInvalid("None of the chosen pictures can be decoded")


def _prove(
    master: Path, part: Path, chosen: _Chosen, step: Callable[[float], None], *, copied: bool
) -> None:
    """Prove a cut against its master: the same bytes, and what a player shows of them."""
    check_boxes(part)
    with media_errors("The cut cannot be read"), open_clip(part) as container:
        if [stream.type for stream in container.streams] != ["video"]:
            raise ClipInvalid("The cut has something else than one video stream")
        stream = container.streams.video[0]
        wanted = chosen.end - chosen.begin
        length = (container.duration or 0) * 9 // 100
        if copied and abs(length - wanted) > ticks(2_000):
            raise ClipInvalid("The cut is not as long as what was chosen")
        if not copied:
            return
        with open_clip(master) as source:
            originals = _packets(source.demux(source.streams.video[0]), chosen)
            packets = (packet for packet in container.demux(stream) if packet.size)
            count = chosen.stop - chosen.first
            shown = 0
            for index, (packet, original) in enumerate(zip_longest(packets, originals)):
                if packet is None or original is None or bytes(packet) != bytes(original):
                    raise ClipInvalid(f"Picture {index + 1} of the cut is not that of the clip")
                shown += not packet.is_discard
                step(index / count)
            # FFmpeg itself leaves the end of an edit to the decoder.
            if not chosen.shown <= shown <= chosen.shown + chosen.after:
                raise ClipInvalid("The cut shows other pictures than those chosen")


# ISO/IEC 14496-12, 4.2: size and type.
_BOX = Struct(">I4s")


def _end_at(part: Path, chosen: _Chosen) -> None:
    """Let the edit end behind the last chosen picture.

    Written by hand because FFmpeg's writer always shows everything up to the end, and with B-frames a later picture
    has to be in the file.
    """
    if not chosen.after:
        return
    with part.open("r+b") as file:
        end = os.fstat(file.fileno()).st_size
        header = _find(file, 0, end, (b"moov", b"mvhd"))
        edit = _find(file, 0, end, (b"moov", b"trak", b"edts", b"elst"))
        track = _find(file, 0, end, (b"moov", b"trak", b"tkhd"))
        if header is None or edit is None or track is None:
            raise ClipInvalid("The cut has no edit list")
        file.seek(header + 8)
        head = file.read(24)
        # Version 0: two times of four bytes before the time scale. FFmpeg writes 1 only where it must, beyond 13 hours.
        if head[0] != 0:
            raise ClipInvalid("The cut is longer than can be cut at its end")
        scale = int.from_bytes(head[12:16])
        duration = (chosen.end - chosen.begin) * scale * TIME_BASE
        value = round(duration).to_bytes(4)
        for place in (header + 8 + 16, track + 8 + 20, edit + 8 + 8):
            file.seek(place)
            file.write(value)


def _find(file: BinaryIO, at: int, end: int, path: tuple[bytes, ...]) -> int | None:
    """Return where the first box of a path begins."""
    while at + 8 <= end:
        file.seek(at)
        size, kind = _BOX.unpack(file.read(8))
        header = 8
        if size == 1:
            size, header = int.from_bytes(file.read(8)), 16
        if size < header:
            return None
        if kind == path[0]:
            return at if len(path) == 1 else _find(file, at + header, at + size, path[1:])
        at += size
    return None
