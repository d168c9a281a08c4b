"""A part of a sealed clip → a masked MP4 file that passed the leak gate.

Synchronous: for worker threads and for the renderer's process.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final, Self

import av
from av.codec.context import Flags
from av.container import OutputContainer
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ..clip import ENCODER, ENCODER_OPTIONS
from ..clip_plan import TIME_BASE
from ..files import new_file
from ..nal import is_sei, units_of
from ..samples import by_length, described
from .burn_in import Banner
from .errors import MaskInvalid, MaskProblem
from .fill import FillKind, backdrop
from .leak_gate import LeakGate, check_file
from .order import MaskOrder, Rendered
from .painting import Form, Painter, Planes
from .source import Index, Picture, ProvedMaster, microseconds, unreadable
from .track import Tracks

# No reordering: pictures are stored as they are shown, and no edit list has to make up for it.
_OPTIONS: Final = ENCODER_OPTIONS | {"bf": "0"}
# Seconds between key pictures.
_KEY_EVERY: Final = 2
# Pictures that are encoded at the same time, whatever the machine: each takes 20 MiB at 1080p, so of those above 4K there
# is one less. Never by the processors: the same order gives the same file on any machine.
_THREADS: Final = 3
_LARGE: Final = 3840 * 2160


@dataclass(frozen=True, kw_only=True)
class _Colours:
    """How the numbers of the source stand for colours; the result's do as well."""

    space: int
    primaries: int
    transfer: int


@dataclass(frozen=True, kw_only=True)
class Masking:
    """All that it takes to mask pictures of one passage, in a file, as segments, or one at a time."""

    order: MaskOrder
    index: Index
    # When the passage's pictures are shown.
    ticks: array[int]
    form: Form
    colours: _Colours
    behind: Planes
    banner: Banner | None

    @classmethod
    def of(cls, order: MaskOrder, index: Index | None = None) -> Self:
        """Read what is needed of the clip, whose `index` may have been read before; raises MaskInvalid, OSError."""
        index = index or Index.of(order.master)
        order.tracks.check(index.duration)
        ticks = index.within(order.passage)
        frame = next((one.frame for one in index.pictures(ticks[0], ticks[-1])), None)
        if frame is None:
            raise MaskInvalid(MaskProblem.NO_PICTURES, why="none of them decodes")
        form = Form.of(frame, order.size)
        return cls(
            order=order,
            index=index,
            ticks=ticks,
            form=form,
            colours=_Colours(
                space=frame.colorspace, primaries=frame.color_primaries, transfer=frame.color_trc
            ),
            behind=backdrop(order.fill, index, ticks, form),
            banner=None
            if order.burn_in is None
            else Banner(order.burn_in, form.width, form.height),
        )

    def by(self, tracks: Tracks) -> Self:
        """Return the same by other tracks; raises MaskInvalid where they are none for this clip."""
        tracks.check(self.index.duration)
        return replace(self, order=replace(self.order, tracks=tracks))

    def painter(self) -> Painter:
        """Return a painter of the passage's pictures."""
        return Painter(self.order.tracks, self.form, self.behind, self.banner)

    def gate(self) -> LeakGate:
        """Return a leak gate for the passage's pictures."""
        solid = self.order.fill.kind is FillKind.SOLID
        return LeakGate(self.order.tracks, self.form, self.behind, self.banner, solid=solid)

    def pictures(self, first: int, last: int) -> Iterator[Picture]:
        """Give the source's pictures of the passage from one tick to another."""
        return self.index.pictures(max(first, self.ticks[0]), min(last, self.ticks[-1]))

    def encode(self, container: OutputContainer, frames: Iterable[VideoFrame], end: int) -> None:
        """Write painted pictures, the passage's first at 0 and the last one shown until `end` (both as ticks).

        Raises av.FFmpegError, MaskInvalid.
        """
        encoder, stream = self._encoder(), None
        first = self.ticks[0]
        held: av.Packet[Stream] | None = None
        for packet in _encoded(encoder, frames):
            if packet.pts is None:
                raise MaskInvalid(MaskProblem.FILE_NOT_CLEAN, why="a picture without a time")
            # The encoder writes supplemental messages of what it is and how it was set.
            units = [one for one in units_of("h264", bytes(packet)) if not is_sei("h264", one)]
            stream = stream or _stream(container, encoder.extradata or b"", units)
            one = av.Packet(by_length(units))
            one.stream = stream
            one.time_base = TIME_BASE
            one.pts = one.dts = packet.pts - first
            one.is_keyframe = packet.is_keyframe
            if held is not None and held.pts is not None:
                held.duration = one.pts - held.pts
                container.mux_one(held)
            held = one
        if held is not None and held.pts is not None:
            held.duration = max(end - first - held.pts, 1)
            container.mux_one(held)

    def _encoder(self) -> VideoCodecContext:
        """Return an encoder that is freed with its name: one of a container's goes with that, in a cycle and late.

        It has a hundred and fifty megabytes at 1080p.
        """
        if ENCODER not in av.codecs_available:
            raise MaskInvalid(MaskProblem.NO_ENCODER)
        encoder = av.CodecContext.create(ENCODER, "w")
        assert isinstance(encoder, VideoCodecContext)
        rate = self.index.rate()
        encoder.options = {**_OPTIONS}
        encoder.flags |= Flags.global_header
        encoder.width, encoder.height, encoder.pix_fmt = (
            self.form.width,
            self.form.height,
            "yuv420p",
        )
        encoder.time_base, encoder.framerate = TIME_BASE, Fraction(rate)
        # Parts of a picture wait for one another, and for the decoder; whole pictures are encoded while others are decoded.
        large = self.form.width * self.form.height > _LARGE
        encoder.thread_type, encoder.thread_count = "FRAME", _THREADS - large
        encoder.gop_size = rate * _KEY_EVERY
        encoder.color_range = 2 if self.form.full_range else 1
        encoder.colorspace = self.colours.space
        encoder.color_primaries = self.colours.primaries
        encoder.color_trc = self.colours.transfer
        return encoder


def render(
    order: MaskOrder, part: Path, paint: Callable[[float], None], prove: Callable[[float], None]
) -> Rendered:
    """Write the masked passage into the MP4 file `part` and hold it against the leak gate.

    `paint` and `prove` are called with the share that is done of each. Raises MaskInvalid, OSError and what they
    raise; what is in `part` then must not be kept.
    """
    masking = Masking.of(order, ProvedMaster.of(order.master, order.source_sha256).index)
    ticks, painted = masking.ticks, array("q")
    revealed = damaged = 0
    end = masking.index.after(ticks[-1])

    def frames() -> Iterator[VideoFrame]:
        nonlocal revealed, damaged
        painter = masking.painter()
        for picture in masking.pictures(ticks[0], ticks[-1]):
            frame, anything = painter.paint(picture)
            painted.append(picture.tick)
            revealed += anything
            damaged += picture.damaged
            yield frame
            paint(len(painted) / len(ticks))

    new_file(part).close()
    with (
        unreadable(),
        # Nothing says by what or when it was made.
        av.open(
            part, "w", format="mp4", options={"fflags": "bitexact", "use_editlist": "0"}
        ) as movie,
    ):
        masking.encode(movie, frames(), end)
    if not revealed:
        raise MaskInvalid(MaskProblem.NOTHING_REVEALED)
    check_file(part, masking.gate(), painted, prove)
    return Rendered(
        width=masking.form.width,
        height=masking.form.height,
        pictures=len(painted),
        revealed=revealed,
        damaged=damaged,
        duration=microseconds(end - ticks[0]),
    )


def _encoded(
    encoder: VideoCodecContext, frames: Iterable[VideoFrame]
) -> Iterator[av.Packet[VideoStream]]:
    for frame in frames:
        yield from encoder.encode(frame)
    yield from encoder.encode(None)


def _stream(container: OutputContainer, sets: bytes, first: list[bytes]) -> Stream:
    """Return a stream for pictures of which these are the parameter sets (Annex B) and the first."""
    sample = sets + b"".join(b"\0\0\0\1" + unit for unit in first)
    with described(sample, "h264", "avc1") as known:
        stream = container.add_stream_from_template(known.streams.video[0])
    stream.time_base = TIME_BASE
    stream.codec_context.codec_tag = "avc1"
    # That of the first picture is none of the clip's, and no segment says the same as another.
    stream.codec_context.bit_rate = 0
    return stream
