"""A spooled passage → an MP4 file that is the camera's own bytes, proved before anybody hears of it.

Synchronous: for worker threads.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
import errno
from itertools import chain, zip_longest
import os
from pathlib import Path
import re
import shutil

import av
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream
from cryptography import x509

from ..device.clock_history import ClockPiece
from .clip_clock import clocks_of
from .clip_files import FileRole, path_of
from .clip_model import ClipInvalid, SealedClip
from .clip_plan import TIME_BASE, Plan, ticks
from .decoding import decoder_on_all_processors, decoder_on_one_processor, open_clip
from .files import finish, new_file, part_of
from .media_signing.report import Signing
from .media_signing.verifier import State, Verifier
from .nal import units_of
from .picture_decoder import Decoded, PictureDecoder
from .progress import Steps
from .samples import by_length, described, parameter_sets
from .spool import Head, Spool, Unit, moment

ENCODER = "libx264"
ENCODER_OPTIONS = {"preset": "veryfast", "crf": "23"}
# "For viewing (re-encoded)", in the name that players show.
VIEWING_COPY = "閲覧用（再エンコード）"
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


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
    decoded: Callable[[int, int], Decoded | None] = lambda _first, _pictures: None,
) -> SealedClip:
    """Write the clip `name` (letters, digits, ".", "-", "_") of a passage into `folder`, prove it, say what it is.

    The master `name`.mp4 holds the camera's NAL units untouched, at the true times of the pictures. It gets its final
    name only after it was proved: a kill leaves `.part` files at most.
    `progress` is called with rising shares from 0 to 1, at most some hundred times; `pieces` is what is known of the
    camera's clock; `roots` vouch for the keys of cameras that sign, `known` are certificates that this one gave at other
    times. `read_on_to`: the last picture, if behind `end`, that belongs to the clip because of its signature. `decoded`
    tells what became of so many pictures from a number on when they were decoded (`proving.Proof`): where it does not
    know, they are decoded now.

    Raises ClipInvalid when there is nothing to see or the file is not whole, ClipCancelled, SpoolDamaged, and
    OSError, for instance when the disk is full: nothing of the clip is left then.
    """
    if not _SAFE_NAME.fullmatch(name):
        raise ValueError("Not a name for a clip")
    master = path_of(folder, name, FileRole.MASTER)
    part = part_of(master)
    named: list[Path] = []
    try:
        plan = Plan.of(spool, start, end, read_on_to=read_on_to)
        steps = Steps(cancelled, progress)
        shown = decoded(plan.first, len(plan.pts))
        # How far each step comes: to decode takes ten times as long as to write.
        written, decoding = (0.45, 0.45) if shown else (0.1, 0.8)
        varies = write_clip(spool, plan, part, steps.of(0, written))
        if shown is None:
            shown = decode_journal(spool, plan, steps.of(written, decoding))
        _check_shown(shown, len(plan.pts))
        signing = verify_clip(
            part,
            spool,
            plan,
            steps.of(decoding, 0.95),
            varies=varies,
            roots=roots,
            known=known,
        )
        was_there = master.exists()
        sealed_master = finish(part, master)
        if not was_there:
            named.append(master)
        return SealedClip(
            master=sealed_master,
            viewing_copy=None,
            codec=spool.codec,
            width=shown.width,
            height=shown.height,
            varies=varies,
            pictures=len(plan.pts),
            damaged=max(len(plan.pts) - shown.intact, plan.damaged),
            duration=plan.duration,
            requested_start=start,
            requested_end=end,
            first_picture=plan.segments[0].start,
            last_picture=plan.segments[-1].end,
            gaps=plan.gaps,
            segments=plan.segments,
            signed_by_camera=signing.state is not State.NOT_SIGNED,
            signing=signing,
            read_on=plan.read_on,
            clock_offset=plan.clock_offset,
            withheld=plan.withheld,
            clocks=clocks_of(plan.heads(spool), pieces),
        )
    except BaseException:
        # Of what has a final name only what was just given it: another file of that name was sealed before.
        for path in (part, *named):
            path.unlink(missing_ok=True)
        raise


def _check_shown(shown: Decoded, pictures: int) -> None:
    if 2 * shown.intact < pictures:
        raise ClipInvalid(f"Only {shown.intact} of {pictures} pictures can be decoded")


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
) -> Signing:
    """Prove a clip against the journal and the plan it was written by.

    One video stream and nothing else; as long as the plan says; every picture there with every byte and at its time.
    Returns what the camera's signatures say of them. Raises ClipInvalid, SpoolDamaged, OSError and what `step` raises.
    """
    whole = len(plan.pts)
    verifier = Verifier(spool.codec, roots=roots, known=known)
    check_boxes(path)
    with media_errors("The clip cannot be read"), open_clip(path) as container:
        if [stream.type for stream in container.streams] != ["video"]:
            raise ClipInvalid("The clip has something else than one video stream")
        stream = container.streams.video[0]
        if abs((container.duration or 0) - plan.duration) > plan.interval:
            raise ClipInvalid("The clip is not as long as the passage without its gaps")
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
            step(index / whole)
    report = verifier.finish()
    if (second := verifier.again()) is not None:
        # The certificate, or the digest's name, came behind pictures that it proves.
        again = zip(plan.pictures(spool, checked=False), plan.heads(spool), strict=True)
        for index, (picture, head) in enumerate(again):
            _follow(second, units_of(spool.codec, picture.data), head)
            step(index / whole)
        report = second.finish()
    return Signing.of(report)


def decode_journal(spool: Spool, plan: Plan, step: Callable[[float], None]) -> Decoded:
    """Decode the pictures of a plan, as a player of the clip does; raises SpoolDamaged, OSError and what `step` raises.

    What the decoder cannot show is counted, not refused: so the card gave it, and no second try fixes it.
    """
    decoder = PictureDecoder()
    decoder.begin(plan.first)
    changes = iter(spool.announced)
    change = next(changes, None)
    try:
        for number, unit in enumerate(plan.pictures(spool, checked=True), plan.first):
            while change is not None and change[0] <= number:
                decoder.announce(spool.codec, change[1])
                change = next(changes, None)
            decoder.feed(number, unit)
            step((number - plan.first) / len(plan.pts))
        decoder.flush()
    finally:
        decoder.drop()
    decoded = decoder.decoded(plan.first, len(plan.pts))
    assert decoded is not None
    return decoded


def _follow(verifier: Verifier, units: Iterable[bytes], head: Head) -> None:
    for unit in units:
        verifier.push(unit, moment(head.at), moment(head.camera_at))


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
            own = parameter_sets(self._codec, picture.data)
            announced = [sets for begin, sets in self._announced if begin <= index][-1]
            missing = b"" if own else announced
            if self._known is None:
                self._known = own | parameter_sets(self._codec, announced)
                self.missing = missing
            elif not (own or parameter_sets(self._codec, announced)) <= self._known:
                self.vary = True
            if in_band and missing:
                yield picture._replace(data=missing + picture.data)
            else:
                yield picture


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
        described(parameters.missing + first.data, spool.codec, tag) as sample,
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


def stream_decoder(
    stream: VideoStream, *, careful: bool = False
) -> AbstractContextManager[VideoCodecContext]:
    """Lend a stream's decoder, a careful one to tell damaged pictures by; raises ClipInvalid where it has none."""
    decoder = stream.codec_context
    if decoder is None:
        raise ClipInvalid("The clip says of no codec that its pictures are in")
    return decoder_on_one_processor(decoder) if careful else decoder_on_all_processors(decoder)


@contextmanager
def media_errors(reason: str) -> Iterator[None]:
    """Raise FFmpeg's errors as ours: full disks and the like as OSError, everything else as ClipInvalid."""
    try:
        yield
    except av.FFmpegError as err:
        if isinstance(err, OSError):
            raise OSError(err.errno, err.strerror) from err
        raise ClipInvalid(reason) from err
