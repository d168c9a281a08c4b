"""A spooled passage → an MP4 file that is the camera's own bytes, proved before anybody hears of it.

Synchronous: for worker threads.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
import errno
from io import BytesIO
from itertools import chain, zip_longest
import os
from pathlib import Path
import re
import shutil

import av
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from av.video.stream import VideoStream
from cryptography import x509

from ..device.clock_history import ClockPiece
from .clip_clock import clocks_of
from .clip_files import FileRole, path_of
from .clip_model import ClipInvalid, SealedClip
from .clip_plan import TIME_BASE, Plan, ticks
from .decoding import decoder_on_all_processors, open_clip, open_described, open_pictures
from .files import finish, new_file, part_of
from .media_signing.report import Signing
from .media_signing.verifier import State, Verifier
from .nal import unit_type, units_of
from .progress import Steps
from .spool import Head, Spool, Unit, moment

ENCODER = "libx264"
ENCODER_OPTIONS = {"preset": "veryfast", "crf": "23"}
# "For viewing (re-encoded)", in the name that players show.
VIEWING_COPY = "閲覧用（再エンコード）"
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was seen while a clip was proved; as in SealedClip."""

    width: int
    height: int
    damaged: int
    signing: Signing


def seal(
    spool: Spool,
    folder: Path,
    name: str,
    *,
    start: datetime,
    end: datetime,
    cancelled: Callable[[], bool],
    progress: Callable[[float], None],
    pieces: Sequence[ClockPiece] = (),
    roots: Sequence[x509.Certificate] = (),
    known: Sequence[bytes] = (),
    read_on_to: datetime | None = None,
) -> SealedClip:
    """Write the clip `name` (letters, digits, ".", "-", "_") of a passage into `folder`, prove it, say what it is.

    The master `name`.mp4 holds the camera's NAL units untouched, at the true times of the pictures. H.265, and footage
    whose parameters change on the way, gets `name`.viewing-copy-reencoded.mp4 besides, where an H.264 encoder is
    there. A file gets its final name only after it was proved: a kill leaves `.part` files at most.
    `progress` is called with rising shares from 0 to 1, at most some hundred times; `pieces` is what is known of the
    camera's clock; `roots` vouch for the keys of cameras that sign, `known` are certificates that this one gave at other
    times. `read_on_to`: the last picture, if behind `end`, that belongs to the clip because of its signature.

    Raises ClipInvalid when there is nothing to see or the file is not whole, ClipCancelled, SpoolDamaged, and
    OSError, for instance when the disk is full: nothing of the clip is left then.
    """
    if not _SAFE_NAME.fullmatch(name):
        raise ValueError("Not a name for a clip")
    master = path_of(folder, name, FileRole.MASTER)
    copy = path_of(folder, name, FileRole.VIEWING_COPY)
    master_part, copy_part = part_of(master), part_of(copy)
    named: list[Path] = []
    try:
        plan = Plan.of(spool, start, end, read_on_to=read_on_to)
        steps = Steps(cancelled, progress)
        varies = write_clip(spool, plan, master_part, steps.of(0, 0.1))
        copies = (varies or spool.codec != "h264") and ENCODER in av.codecs_available
        proof = verify_clip(
            master_part,
            spool,
            plan,
            steps.of(0.1, 0.3 if copies else 0.95),
            varies=varies,
            roots=roots,
            known=known,
        )
        if copies:
            title = f"{VIEWING_COPY} {name}"
            write_viewing_copy(
                master_part, copy_part, plan, proof, steps.of(0.3, 0.95), title=title
            )
        there = {path for path in (master, copy) if path.exists()}
        sealed_master = finish(master_part, master)
        named.extend({master} - there)
        sealed_copy = None
        if copies:
            sealed_copy = finish(copy_part, copy)
            named.extend({copy} - there)
        return SealedClip(
            master=sealed_master,
            viewing_copy=sealed_copy,
            codec=spool.codec,
            width=proof.width,
            height=proof.height,
            varies=varies,
            pictures=len(plan.pts),
            damaged=max(proof.damaged, plan.damaged),
            duration=plan.duration,
            requested_start=start,
            requested_end=end,
            first_picture=plan.segments[0].start,
            last_picture=plan.segments[-1].end,
            gaps=plan.gaps,
            segments=plan.segments,
            signed_by_camera=proof.signing.state is not State.NOT_SIGNED,
            signing=proof.signing,
            read_on=plan.read_on,
            clock_offset=plan.clock_offset,
            withheld=plan.withheld,
            clocks=clocks_of(plan.heads(spool), pieces),
        )
    except BaseException:
        # Of what has a final name only what was just given it: another file of that name was sealed before.
        for path in (master_part, copy_part, *named):
            path.unlink(missing_ok=True)
        raise


def write_clip(spool: Spool, plan: Plan, part: Path, step: Callable[[float], None]) -> bool:
    """Write the pictures of a plan, untouched, into the MP4 file `part`; return whether their parameters vary.

    Plain MP4: fragments cost time, and what a kill leaves of a `.part` is thrown away anyway, since the journal
    survives. Raises ClipInvalid, SpoolDamaged, OSError and what `step` raises.
    """
    # Without room, better at once than in the middle; a tenth more for the index.
    if shutil.disk_usage(part.parent).free < plan.size * 1.1:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    new_file(part).close()
    varies = _mux(spool, plan, part, step, in_band=False)
    if varies:
        # Seldom, and known only now: once more under the tag that says so.
        _mux(spool, plan, part, step, in_band=True)
    return varies


def verify_clip(
    path: Path,
    spool: Spool,
    plan: Plan,
    step: Callable[[float], None],
    *,
    varies: bool,
    roots: Sequence[x509.Certificate] = (),
    known: Sequence[bytes] = (),
) -> Proof:
    """Prove a clip against the journal and the plan it was written by.

    One video stream and nothing else; as long as the plan says; every picture there with every byte and at its time;
    and all of them go through a decoder. What the decoder cannot show is counted, not refused: so the card gave it,
    and no second try fixes it. Raises ClipInvalid, SpoolDamaged, OSError and what `step` raises.
    """
    width = height = intact = 0
    whole = len(plan.pts)
    verifier = Verifier(spool.codec, roots=roots, known=known)

    def look(packet: av.Packet[VideoStream] | None) -> None:
        nonlocal width, height, intact
        try:
            frames = decoder.decode(packet)
        except av.FFmpegError, ValueError:
            return
        for frame in frames:
            intact += not frame.is_corrupt
            if frame.width * frame.height > width * height:
                width, height = frame.width, frame.height

    check_boxes(path)
    with media_errors("The clip cannot be read"), open_clip(path) as container:
        if [stream.type for stream in container.streams] != ["video"]:
            raise ClipInvalid("The clip has something else than one video stream")
        stream = container.streams.video[0]
        if abs((container.duration or 0) - plan.duration) > plan.interval:
            raise ClipInvalid("The clip is not as long as the passage without its gaps")
        decoder = stream_decoder(stream)
        packets = (packet for packet in container.demux(stream) if packet.size)
        footage = _Parameters(spool).follow(
            plan.first, plan.pictures(spool, checked=True), in_band=varies
        )
        for index, (packet, picture, head) in enumerate(
            zip_longest(packets, footage, plan.heads(spool))
        ):
            if packet is None or picture is None or head is None:
                raise ClipInvalid(f"The clip does not have the {whole} pictures of the passage")
            units = units_of(spool.codec, picture.data)
            if bytes(packet) != by_length(units):
                raise ClipInvalid(f"Picture {index + 1} of {whole} is not as the camera gave it")
            if packet.pts != plan.pts[index]:
                raise ClipInvalid(f"Picture {index + 1} of {whole} is not at its time")
            _follow(verifier, units, head)
            look(packet)
            step(index / whole)
        look(None)
    if 2 * intact < whole:
        raise ClipInvalid(f"Only {intact} of {whole} pictures can be decoded")
    report = verifier.finish()
    if (second := verifier.again()) is not None:
        # The certificate, or the digest's name, came behind pictures that it proves.
        again = zip(plan.pictures(spool, checked=False), plan.heads(spool), strict=True)
        for index, (picture, head) in enumerate(again):
            _follow(second, units_of(spool.codec, picture.data), head)
            step(index / whole)
        report = second.finish()
    damaged = max(whole - intact, 0)
    return Proof(width=width, height=height, damaged=damaged, signing=Signing.of(report))


def by_length(units: Iterable[bytes]) -> bytes:
    """Return NAL units as MP4 has them, each behind its length (ISO/IEC 14496-15, 5.3.2)."""
    return b"".join(len(unit).to_bytes(4) + unit for unit in units)


def _follow(verifier: Verifier, units: Iterable[bytes], head: Head) -> None:
    for unit in units:
        verifier.push(unit, moment(head.at), moment(head.camera_at))


def write_viewing_copy(
    master: Path, part: Path, plan: Plan, proof: Proof, step: Callable[[float], None], *, title: str
) -> None:
    """Encode a clip anew in H.264, at its times and in the size of its largest picture, into the MP4 file `part`.

    Raises ClipInvalid, OSError and what `step` raises.
    """
    new_file(part).close()
    encoded, latest = 0, -1
    with (
        media_errors("The viewing copy cannot be made"),
        open_clip(master) as source,
        av.open(part, "w", format="mp4") as container,
    ):
        container.metadata["title"] = title
        container.metadata["comment"] = f"{VIEWING_COPY} / re-encoded for viewing; not the evidence"
        stream = container.add_stream(
            ENCODER, rate=max(1, round(1_000_000 / plan.interval)), options=ENCODER_OPTIONS
        )
        assert isinstance(stream, VideoStream)
        # H.264 in 4:2:0 has even sizes only.
        stream.width, stream.height = proof.width & ~1, proof.height & ~1
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = TIME_BASE
        video = source.streams.video[0]
        decoder = stream_decoder(video)
        for packet in source.demux(video):
            try:
                frames = decoder.decode(packet)
            except av.FFmpegError, ValueError:
                continue
            for frame in frames:
                if frame.pts is None or frame.pts <= latest:
                    continue
                latest = frame.pts
                encoded += 1
                picture = frame.reformat(stream.width, stream.height, "yuv420p")
                # Otherwise the encoder would repeat the camera's choice of keyframes.
                picture.pict_type = PictureType.NONE
                container.mux(stream.encode(picture))
            step(encoded / len(plan.pts))
        container.mux(stream.encode(None))
    with media_errors("The viewing copy cannot be read"), open_clip(part) as container:
        kinds = [one.type for one in container.streams]
        if kinds != ["video"] or container.streams.video[0].frames != encoded:
            raise ClipInvalid("The viewing copy is not whole")


class _Parameters:
    """Follows the parameter sets of a journal from keyframe to keyframe."""

    def __init__(self, spool: Spool) -> None:
        self._codec = spool.codec
        self._announced = spool.announced
        self._known: set[bytes] | None = None
        # What the first keyframe needs for decoding and does not bring along.
        self.missing = b""
        # Whether there is anything but what was known at the first keyframe.
        self.vary = False

    def follow(self, first: int, pictures: Iterable[Unit], *, in_band: bool) -> Iterator[Unit]:
        """Return the pictures, from number `first` on; `in_band` gives every keyframe what it needs for decoding."""
        for index, picture in enumerate(pictures, first):
            if not picture.keyframe:
                yield picture
                continue
            own = self._sets(picture.data)
            announced = [sets for begin, sets in self._announced if begin <= index][-1]
            missing = b"" if own else announced
            if self._known is None:
                self._known = own | self._sets(announced)
                self.missing = missing
            elif not (own or self._sets(announced)) <= self._known:
                self.vary = True
            if in_band and missing:
                yield picture._replace(data=missing + picture.data)
            else:
                yield picture

    def _sets(self, data: bytes) -> set[bytes]:
        """Return the parameter sets in front of a picture's slices; none unless a sequence's is among them."""
        h264 = self._codec == "h264"
        sequence, kinds = (7, {7, 8}) if h264 else (33, {32, 33, 34})
        found: set[bytes] = set()
        seen: set[int] = set()
        begin = data.find(b"\0\0\1") + 3
        while 3 <= begin < len(data):
            kind = unit_type(self._codec, data[begin : begin + 1])
            # A slice: the rest is picture, and long.
            if 1 <= kind <= 5 if h264 else kind < 32:
                break
            after = data.find(b"\0\0\1", begin)
            if kind in kinds:
                seen.add(kind)
                found.add(data[begin : after if after >= 0 else len(data)].rstrip(b"\0"))
            begin = after + 3
        return found if sequence in seen else set()


def _mux(
    spool: Spool, plan: Plan, part: Path, step: Callable[[float], None], *, in_band: bool
) -> bool:
    """Write the file; return whether the parameters vary, at the first sight of it unless `in_band`."""
    parameters = _Parameters(spool)
    # Checked when the clip is proved against the journal.
    unchecked = plan.pictures(spool, checked=False)
    pictures = parameters.follow(plan.first, unchecked, in_band=in_band)
    first = next(pictures)
    whole = len(plan.pts)
    # hev1 and avc3 allow parameter sets to change inside the stream; avc1 is what more players know.
    tag = "hev1" if spool.codec == "hevc" else "avc3" if in_band else "avc1"
    with (
        media_errors("The footage cannot be written as MP4"),
        _described(parameters.missing + first.data, spool.codec, tag) as sample,
        av.open(part, "w", format="mp4") as container,
    ):
        stream = container.add_stream_from_template(sample.streams.video[0])
        stream.time_base = TIME_BASE
        stream.codec_context.codec_tag = tag
        for index, picture in enumerate(chain((first,), pictures)):
            if parameters.vary and not in_band:
                break
            packet = av.Packet(by_length(units_of(spool.codec, picture.data)))
            packet.stream = stream
            packet.time_base = TIME_BASE
            packet.pts, packet.dts = plan.pts[index], plan.dts[index]
            after = plan.dts[index + 1] if index + 1 < whole else None
            packet.duration = ticks(plan.interval) if after is None else after - packet.dts
            packet.is_keyframe = picture.keyframe
            container.mux_one(packet)
            step(index / whole)
    return parameters.vary


@contextmanager
def _described(sample: bytes, codec: str, tag: str) -> Iterator[InputContainer]:
    """Give an MP4 of one picture, for what it says of its parameters (avcC, hvcC).

    With that FFmpeg takes units by their lengths and leaves them alone; a byte stream it would cut anew at whatever
    looks like a start code, inside a camera's signature, too.
    """
    made = BytesIO()
    with open_pictures(sample, codec) as pictures, av.open(made, "w", format="mp4") as container:
        video = pictures.streams.video[0]
        stream = container.add_stream_from_template(video)
        stream.codec_context.codec_tag = tag
        for packet in pictures.demux(video):
            if packet.size:
                packet.stream = stream
                packet.pts = packet.dts = 0
                container.mux_one(packet)
                break
    made.seek(0)
    with open_described(made) as described:
        yield described


def check_boxes(path: Path) -> None:
    """Refuse a file that ends before its last box does (ISO/IEC 14496-12, 4.2): FFmpeg plays some of those."""
    with path.open("rb") as file:
        end = os.fstat(file.fileno()).st_size
        at = 0
        while at < end:
            file.seek(at)
            head = file.read(16)
            size = int.from_bytes(head[:4])
            if size == 1:
                size = int.from_bytes(head[8:])
            if size < 8:
                break
            at += size
    if at != end or not end:
        raise ClipInvalid("The clip is cut off")


def stream_decoder(stream: VideoStream) -> VideoCodecContext:
    """Return a stream's decoder; raises ClipInvalid where it has none."""
    decoder = stream.codec_context
    if decoder is None:
        raise ClipInvalid("The clip says of no codec that its pictures are in")
    return decoder_on_all_processors(decoder)


@contextmanager
def media_errors(reason: str) -> Iterator[None]:
    """Raise FFmpeg's errors as ours: full disks and the like as OSError, everything else as ClipInvalid."""
    try:
        yield
    except av.FFmpegError as err:
        if isinstance(err, OSError):
            raise OSError(err.errno, err.strerror) from err
        raise ClipInvalid(reason) from err
