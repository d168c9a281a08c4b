"""What the camera's own signatures prove of a cut: of the pictures that are in its file, hidden ones too.

A signature covers a group of pictures, and stands behind it: a cut that ends inside a group ends unproved by that one.

Synchronous: for worker threads.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from .clip import media_errors
from .clip_model import SealedClip, Segment
from .decoding import open_clip
from .media_signing.cut_report import CutPicture, report_of_cut
from .media_signing.report import Signing

_MICROSECOND = timedelta(microseconds=1)


def check_signatures(
    path: Path,
    clip: SealedClip,
    contents: Sequence[Segment],
    roots: Sequence[x509.Certificate],
    step: Callable[[float], None],
) -> Signing | None:
    """Return what the signatures in a cut of `clip` prove; None where the clip has none.

    `contents` say what true times the file shows. Raises ClipInvalid, OSError and what `step` raises.
    """
    if not clip.signed_by_camera:
        return None

    def pictures() -> Iterator[CutPicture]:
        with media_errors("The cut cannot be read"), open_clip(path) as container:
            stream = container.streams.video[0]
            # Told by nobody before the first packet: pictures that are hidden have times before zero.
            first: int | None = None
            for packet in container.demux(stream):
                if not packet.size or packet.pts is None:
                    continue
                first = packet.pts if first is None else first
                at = _true_time(contents, (packet.pts - first) * 100 // 9)
                yield (*units_by_length(bytes(packet)),), at, at + _ahead(clip, at)
                step(0.5)

    return report_of_cut(clip.codec, pictures, clip=clip.signing, roots=roots)


def units_by_length(picture: bytes) -> Iterator[bytes]:
    """Give the NAL units of a picture as MP4 has it, each behind its length (ISO/IEC 14496-15, 5.3.2)."""
    at = 0
    while at + 4 <= len(picture):
        size = int.from_bytes(picture[at : at + 4])
        yield picture[at + 4 : at + 4 + size]
        at += 4 + size


def _true_time(contents: Sequence[Segment], offset: int) -> datetime:
    # Where a stretch begins is rounded to a tick.
    stretch = next((one for one in reversed(contents) if one.offset <= offset + 100), contents[0])
    return stretch.start + (offset - stretch.offset) * _MICROSECOND


def _ahead(clip: SealedClip, at: datetime) -> timedelta:
    """Return what the camera's clock was ahead of true time at a picture."""
    known = next(
        (one.ahead for one in clip.clocks if one.start <= at <= one.end), clip.clock_offset
    )
    return known * _MICROSECOND
