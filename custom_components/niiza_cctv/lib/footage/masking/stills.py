"""Single pictures of a passage: as it will be, and beside it as it is, for the person who draws the boxes.

Synchronous: for worker threads.
"""

from fractions import Fraction
from typing import Final

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from .errors import MaskInvalid, MaskProblem
from .painting import Form, Planes, whole_planes
from .render import Masking
from .source import Picture, unreadable

# Quantiser step: 2 is the finest, 31 the coarsest.
_STEP: Final = 4


def masked_still(masking: Masking, time: int) -> bytes:
    """Return the JPEG of the picture at a time (microseconds of the clip) as the masked clip will show it.

    Raises MaskInvalid where the passage has none there, or it does not decode.
    """
    painted, _ = masking.painter().paint(_picture(masking, time))
    return _jpeg(painted)


def source_still(masking: Masking, time: int) -> bytes:
    """Return the JPEG of the source's picture, unmasked, upright and as large as the masked one; raises MaskInvalid."""
    form = masking.form
    picture = _picture(masking, time)
    return _jpeg(_frame(whole_planes(picture.frame, form), form))


def _picture(masking: Masking, time: int) -> Picture:
    passage = masking.order.passage
    if not passage.start <= time <= passage.end:
        raise MaskInvalid(MaskProblem.NO_PICTURES)
    return masking.index.picture(time)


def _frame(planes: Planes, form: Form) -> VideoFrame:
    frame = VideoFrame(form.width, form.height, "yuv420p")
    for target, plane in zip(frame.planes, planes, strict=True):
        rows = bytearray(target.buffer_size)
        for number, row in enumerate(plane):
            rows[number * target.line_size : number * target.line_size + len(row)] = row.tobytes()
        target.update(bytes(rows))
    return frame


def _jpeg(frame: VideoFrame) -> bytes:
    with unreadable():
        encoder = av.CodecContext.create("mjpeg", "w")
        assert isinstance(encoder, VideoCodecContext)
        encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuvj420p"
        encoder.time_base = Fraction(1)
        encoder.qmin = encoder.qmax = _STEP
        picture = frame.reformat(format="yuvj420p")
        picture.pts = 0
        return b"".join(map(bytes, (*encoder.encode(picture), *encoder.encode(None))))
