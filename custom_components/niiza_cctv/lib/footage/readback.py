"""Proof that a card gives back what it lists: fetch a few seconds and decode them."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
import time

import av
from av.stream import Stream

from ..device.errors import CameraError
from ..device.model import Credential, ReadBack, ReadBackOutcome
from ..device.quirks import Quirks
from .card_proof import PictureDigest, digests_of
from .decoding import MAX_PIXELS, new_decoder
from .errors import FootageMissing
from .replay import AccessUnit, replay
from .rtsp import Tls

# So many pictures that came and do not decode are the card's fault, whatever happened after them: a dead card
# may break the connection, too. Fewer may be the two ends of a connection that was cut.
ENOUGH_TRIED = 3


@dataclass(frozen=True, kw_only=True)
class ReadBackLimits:
    """What one read-back may take (seconds)."""

    # Together with the good-bye (4 s at most) below 20 s.
    fetching: float = 15.0
    # How long a camera may search its card before a picture, and before the first one: 6 s and more were seen.
    idle: float = 5.0
    patience: float = 10.0
    decoding: float = 4.0
    fetched_bytes: int = 16 * 1024 * 1024
    pixels: int = MAX_PIXELS


async def read_back(
    url: str,
    credential: Credential,
    around: datetime,
    *,
    seconds: float = 5,
    tls: Tls | None = None,
    keep: Callable[[tuple[PictureDigest, ...]], None] = lambda _pictures: None,
    limits: ReadBackLimits = ReadBackLimits(),
    quirks: Quirks | None = None,
) -> ReadBack:
    """Fetch the `seconds` before `around` (aware; the camera's clock) over replay and decode them.

    Counts the pictures whose time lies in that stretch; at least half of those that came have to decode.
    `keep` is given the digests of a few of them, to know the card by later.
    Takes at most 20 s and 16 MiB of footage by its usual limits. Never raises CameraError: what kept it from a verdict is
    NOT_POSSIBLE with its reason in `detail`, which names neither addresses nor credentials.
    """
    tried_at = datetime.now(UTC)
    start = around - timedelta(seconds=seconds)
    units: list[AccessUnit] = []
    codec, parameter_sets, size = "", b"", 0
    # What kept the footage from being fetched in full, None when nothing did.
    transient_failure: str | None = None
    try:
        async with (
            asyncio.timeout(limits.fetching),
            await replay(
                url,
                credential,
                start,
                around,
                idle_timeout=limits.idle,
                patience=limits.patience,
                tls=tls,
                quirks=quirks,
            ) as footage,
        ):
            codec, parameter_sets = footage.codec, footage.parameter_sets
            async for unit in footage:
                size += len(unit.data)
                if size > limits.fetched_bytes:
                    transient_failure = "The footage has more bytes than a read-back takes"
                    break
                units.append(unit)
    except FootageMissing:
        pass
    except CameraError as err:
        transient_failure = str(err)
    except TimeoutError:
        transient_failure = "The camera replays too slowly"
    if units:
        decoded = await asyncio.to_thread(_decode, codec, parameter_sets, units, limits)
    else:
        decoded = _Decoded()
    inside = [at for at in decoded.times if start <= at <= around]
    tried = sum(start <= unit.at <= around for unit in units[: decoded.tried])
    failed = tried if decoded.times else decoded.tried
    if 2 * len(inside) < tried:
        # FFmpeg finds a picture now and then in the rubbish of a dead card, above all in H.265.
        decoded, inside = _Decoded(), []
    if not decoded.times and failed >= ENOUGH_TRIED:
        transient_failure = None
    if decoded.tried < len(units) and failed < ENOUGH_TRIED:
        # Too few to tell: that is no fault of the card.
        transient_failure = transient_failure or "This machine decodes too slowly"
    if inside and (
        pictures := await asyncio.to_thread(
            digests_of, [unit for unit in units if start <= unit.at <= around]
        )
    ):
        keep(pictures)
    outcome, detail = _verdict(transient_failure, bool(units), bool(decoded.times), bool(inside))
    return ReadBack(
        outcome=outcome,
        tried_at=tried_at,
        picture_at=inside[0] if inside else None,
        pictures=len(inside),
        width=decoded.width,
        height=decoded.height,
        detail=detail,
    )


def _verdict(
    transient_failure: str | None, fetched: bool, decoded: bool, inside: bool
) -> tuple[ReadBackOutcome, str]:
    if inside:
        return ReadBackOutcome.DECODED, ""
    if transient_failure is not None:
        return ReadBackOutcome.NOT_POSSIBLE, transient_failure
    if not fetched:
        return ReadBackOutcome.NO_DATA, "The camera replayed nothing from there"
    if not decoded:
        return ReadBackOutcome.UNDECODABLE, "Most of the pictures could not be decoded"
    return ReadBackOutcome.NO_DATA, "The camera replayed pictures of another time only"


@dataclass(frozen=True, kw_only=True)
class _Decoded:
    """The camera times of the pictures that decoded, and their size in pixels."""

    times: tuple[datetime, ...] = ()
    # How many units were given to the decoder.
    tried: int = 0
    width: int | None = None
    height: int | None = None


def _decode(
    codec: str, parameter_sets: bytes, units: list[AccessUnit], limits: ReadBackLimits
) -> _Decoded:
    """Decode in this (worker) thread."""
    give_up = time.monotonic() + limits.decoding
    context = new_decoder(codec, limits.pixels)
    times: list[datetime] = []
    width = height = None
    tried = 0
    for packet in _packets(parameter_sets, units, give_up):
        tried += packet is not None
        try:
            frames = context.decode(packet)
        except av.FFmpegError, ValueError:
            continue
        for frame in frames:
            # FFmpeg paints over what it cannot read and says so for H.264; in H.265, damage behind an
            # intact slice header decodes to something and cannot be told.
            if frame.pts is not None and not frame.is_corrupt:
                times.append(units[frame.pts].at)
                width, height = frame.width, frame.height
    return _Decoded(times=tuple(times), tried=tried, width=width, height=height)


def _packets(
    parameter_sets: bytes, units: list[AccessUnit], give_up: float
) -> Iterator[av.Packet[Stream] | None]:
    for index, unit in enumerate(units):
        packet = av.Packet((b"" if index else parameter_sets) + unit.data)
        # Pictures come out in their own order and name their unit by this number.
        packet.pts = packet.dts = index
        packet.time_base = Fraction(1, 1000)
        yield packet
        if time.monotonic() > give_up:
            break
    # Brings out what the decoder still holds.
    yield None
