"""What the cameras see: one minute of a station platform, encoded once and sent over and over.

The loop is aligned to the minute and closed: second 0 of the minute is its first picture, every second begins with an
IDR picture and is a closed group that can follow any other, with or without B pictures. The second of the minute is
burnt in. All cameras of the same make share one loop; it is kept on disk once it has been encoded.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
import json
import math
from pathlib import Path
import tempfile
import threading
from typing import Any
from weakref import WeakValueDictionary

import av
from av.video.codeccontext import VideoCodecContext
import numpy as np
from numpy.typing import NDArray

from .camera import CameraConfig
from .sei import split_annex_b

SECONDS = 60
DEFAULT_FOLDER = Path(".local/simulator")
SUB_WIDTH, SUB_HEIGHT, SUB_BITRATE = 640, 360, 512

# Counted up whenever the scene or the encoder's settings change, so that old files are not taken.
_VERSION = 1
_DECODERS = {"H264": "h264", "H265": "hevc"}
# Quantiser step: 2 is the finest, 31 the coarsest.
_JPEG_STEP = 4

type Plane = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class LoopSpec:
    """What makes two loops the same; `bitrate` in kbit/s."""

    codec: str
    width: int
    height: int
    frame_rate: int
    bitrate: int
    # B pictures between two others.
    b_frames: int = 0
    # Of each picture.
    slices: int = 1


def main_spec(config: CameraConfig) -> LoopSpec:
    """Return what the profile `main` shows, which is also what is recorded."""
    return LoopSpec(
        codec=config.codec,
        width=config.width,
        height=config.height,
        frame_rate=config.frame_rate,
        bitrate=config.bitrate,
        b_frames=config.b_frames,
        slices=config.slices,
    )


def earlier_spec(config: CameraConfig) -> LoopSpec | None:
    """Return what was recorded before the size was changed, None where it never was."""
    if config.size_before is None:
        return None
    _, width, height = config.size_before
    return replace(main_spec(config), width=width, height=height)


def sub_spec(config: CameraConfig) -> LoopSpec:
    """Return what the profile `sub` shows."""
    return LoopSpec(
        codec=config.codec,
        width=SUB_WIDTH,
        height=SUB_HEIGHT,
        frame_rate=config.frame_rate,
        bitrate=min(SUB_BITRATE, config.bitrate),
        b_frames=config.b_frames,
        slices=config.slices,
    )


def profile_spec(config: CameraConfig, profile: str) -> LoopSpec:
    """Return what a profile shows."""
    match profile:
        case "main":
            return main_spec(config)
        case "live" if config.live_size is not None:
            width, height = config.live_size
            return replace(main_spec(config), width=width, height=height)
        case _:
            return sub_spec(config)


@dataclass(frozen=True, slots=True)
class Unit:
    """One access unit: its NAL units without start codes, parameter sets in front of every IDR picture."""

    nals: tuple[bytes, ...]
    keyframe: bool
    # Which picture of its second it is in the order of showing.
    shown: int


class Loop:
    """One encoded minute; `units[second * frame_rate + k]` is picture k of that second, in decoding order."""

    def __init__(self, spec: LoopSpec, units: tuple[Unit, ...]) -> None:
        """Take over the access units of a whole minute."""
        self.spec = spec
        self.units = units
        self._stills: dict[int, bytes] = {}
        # What senders derive from the units and share between cameras (see rtp.py).
        self.derived: dict[Any, Any] = {}

    @property
    def parameter_sets(self) -> tuple[bytes, ...]:
        """Return SPS and PPS (H.264) or VPS, SPS and PPS (H.265)."""
        kinds = {7, 8} if self.spec.codec == "H264" else {32, 33, 34}
        return tuple(nal for nal in self.units[0].nals if nal_type(self.spec.codec, nal) in kinds)

    async def jpeg(self, at: datetime) -> bytes:
        """Return the picture of that second as JPEG."""
        second = int(at.timestamp()) % SECONDS
        if (still := self._stills.get(second)) is None:
            still = await asyncio.to_thread(self._decode, second)
            self._stills[second] = still
        return still

    def _decode(self, second: int) -> bytes:
        unit = self.units[second * self.spec.frame_rate]
        decoder = av.CodecContext.create(_DECODERS[self.spec.codec], "r")
        assert isinstance(decoder, VideoCodecContext)
        data = b"".join(b"\0\0\0\1" + nal for nal in unit.nals)
        picture = [*decoder.decode(av.Packet(data)), *decoder.decode(None)][0]
        encoder = av.CodecContext.create("mjpeg", "w")
        assert isinstance(encoder, VideoCodecContext)
        encoder.width, encoder.height = self.spec.width, self.spec.height
        encoder.pix_fmt = "yuvj420p"
        encoder.time_base = Fraction(1)
        # Without bounds the first picture of a stream gets the coarsest steps.
        encoder.qmin = encoder.qmax = _JPEG_STEP
        frame = picture.reformat(format="yuvj420p")
        frame.pts = 0
        return b"".join(map(bytes, [*encoder.encode(frame), *encoder.encode(None)]))


# Stations of one process share what is in memory as long as anybody uses it.
_shared: WeakValueDictionary[tuple[Path, LoopSpec], Loop] = WeakValueDictionary()
# One encoder at a time: two would only take each other's processor.
_lock = threading.Lock()


class Loops:
    """The loops of one station. Encoding and reading run in a thread; a loop is encoded once per folder."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep the loops in `folder`, by default `.local/simulator` below the current directory."""
        self._folder = (folder or DEFAULT_FOLDER).absolute()
        self._loops: dict[LoopSpec, asyncio.Task[Loop]] = {}

    async def get(self, spec: LoopSpec) -> Loop:
        """Return a loop; the first call ever for a spec takes seconds, later ones are quick."""
        task = self._loops.get(spec)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = asyncio.create_task(asyncio.to_thread(self._load, spec))
            self._loops[spec] = task
        return await asyncio.shield(task)

    async def settle(self) -> None:
        """Wait until nothing is being encoded any more: a thread cannot be stopped, and nobody may end its loop before."""
        await asyncio.gather(*self._loops.values(), return_exceptions=True)

    def _load(self, spec: LoopSpec) -> Loop:
        key = (self._folder, spec)
        with _lock:
            if (loop := _shared.get(key)) is None:
                loop = Loop(spec, _load_or_encode(self._folder, spec))
                _shared[key] = loop
            return loop


def nal_type(codec: str, nal: bytes) -> int:
    """Return nal_unit_type."""
    return nal[0] & 0x1F if codec == "H264" else nal[0] >> 1 & 0x3F


def _load_or_encode(folder: Path, spec: LoopSpec) -> tuple[Unit, ...]:
    name = (
        f"loop{_VERSION}-{spec.codec}-{spec.width}x{spec.height}"
        f"-{spec.frame_rate}-{spec.bitrate}{f'-b{spec.b_frames}' if spec.b_frames else ''}"
        f"{f'-s{spec.slices}' if spec.slices > 1 else ''}.bin"
    )
    path = folder / name
    try:
        return _read(path, spec)
    except FileNotFoundError, ValueError:
        units = tuple(_encode(spec))
        _write(path, units)
        return units


def _write(path: Path, units: tuple[Unit, ...]) -> None:
    """Write a line of JSON (sizes of the NAL units and place in showing order, by access unit), then the NAL units."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of our own, then a rename: another process finds the whole file or none.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.stem, delete=False) as file:
        sizes = [[len(nal) for nal in unit.nals] for unit in units]
        head = {"sizes": sizes, "shown": [unit.shown for unit in units]}
        file.write(json.dumps(head).encode() + b"\n")
        file.writelines(nal for unit in units for nal in unit.nals)
    Path(file.name).replace(path)


def _read(path: Path, spec: LoopSpec) -> tuple[Unit, ...]:
    """Read what `_write` wrote; raises FileNotFoundError, or ValueError for a file that is not whole."""
    head, _, data = path.read_bytes().partition(b"\n")
    about = json.loads(head)
    # Files of before there were B pictures hold the sizes alone.
    sizes: list[list[int]] = about["sizes"] if isinstance(about, dict) else about
    shown: list[int] = (
        about["shown"]
        if isinstance(about, dict)
        else [index % spec.frame_rate for index in range(len(sizes))]
    )
    if len(sizes) != SECONDS * spec.frame_rate or sum(map(sum, sizes)) != len(data):
        raise ValueError(f"{path} is not a whole loop")
    units = []
    at = 0
    for index, nal_sizes in enumerate(sizes):
        nals = []
        for size in nal_sizes:
            nals.append(data[at : at + size])
            at += size
        units.append(Unit(tuple(nals), index % spec.frame_rate == 0, shown[index]))
    return tuple(units)


def _encode(spec: LoopSpec) -> Iterator[Unit]:
    """Encode the minute; blocks for seconds."""
    encoder = av.CodecContext.create("libx264" if spec.codec == "H264" else "libx265", "w")
    assert isinstance(encoder, VideoCodecContext)
    rate = spec.frame_rate
    encoder.width, encoder.height = spec.width, spec.height
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = Fraction(1, rate)
    encoder.framerate = Fraction(rate)
    encoder.gop_size = rate
    encoder.max_b_frames = spec.b_frames
    encoder.bit_rate = spec.bitrate * 1000
    closed = f"keyint={rate}:min-keyint={rate}:scenecut=0:open-gop=0:bframes={spec.b_frames}"
    if spec.b_frames:
        closed += ":b-adapt=0:b-pyramid=0"
    if spec.slices > 1:
        closed += f":slices={spec.slices}" + (":sliced-threads=0" if spec.codec == "H264" else "")
    # Without a bound one second could take the bits of several.
    buffer = f"vbv-maxrate={spec.bitrate * 3 // 2}:vbv-bufsize={spec.bitrate}"
    if spec.codec == "H264":
        encoder.options = {
            "preset": "ultrafast",
            "x264-params": f"{closed}:{buffer}:rc-lookahead=0:sync-lookahead=0",
        }
    else:
        encoder.options = {
            "preset": "ultrafast",
            # Half the time of plain ultrafast; nobody looks at the deblocking.
            "x265-params": f"{closed}:{buffer}:rc-lookahead={spec.b_frames + 1 if spec.b_frames else 0}"
            ":log-level=none:info=0:ctu=32"
            # Slices need the wavefront.
            f":min-cu-size=32:subme=0:max-merge=1:deblock=0:wpp={int(spec.slices > 1)}:frame-threads=2",
        }
    scene = Scene(spec.width, spec.height)
    packets = []
    for index in range(SECONDS * rate):
        frame = av.VideoFrame.from_ndarray(scene.draw(Fraction(index, rate)), format="yuv420p")
        frame.pts = index
        frame.time_base = encoder.time_base
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    # SEI: what the encoder says of itself says nothing of a camera.
    unwanted = {6} if spec.codec == "H264" else {39, 40}
    for index, packet in enumerate(packets):
        shown = -1 if packet.pts is None else packet.pts - index // rate * rate
        if (
            not 0 <= shown < rate
            or (not spec.b_frames and shown != index % rate)
            or packet.is_keyframe != (index % rate == 0)
        ):
            raise ValueError(f"{spec.codec} encoder did not keep to one closed group a second")
        yield Unit(
            tuple(
                nal
                for nal in split_annex_b(bytes(packet))
                if nal_type(spec.codec, nal) not in unwanted
            ),
            packet.is_keyframe,
            shown,
        )


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A person who crosses the platform: where at which second, as fractions of the picture."""

    start: float
    seconds: int
    to_right: bool
    feet: float
    height: float
    coat: tuple[int, int, int]
    # A pattern on coat and trousers, which moves with the figure; 0: as plain as a sheet of paper.
    pattern: int = 0
    # From when until when it stands still, in seconds of its crossing.
    stops: tuple[float, float] | None = None

    def box(self, second: float, width: int, height: int) -> tuple[int, int, int, int]:
        """Return left, top, right, bottom in pixels, possibly beyond the picture's edges."""
        tall = self.height * height
        wide = tall * 0.4
        walked = (second - self.start) % self.seconds
        stood = 0.0
        if self.stops is not None:
            stood = self.stops[1] - self.stops[0]
            walked -= min(max(walked - self.stops[0], 0.0), stood)
        part = walked / (self.seconds - stood)
        if not self.to_right:
            part = 1 - part
        left = part * (width + wide) - wide
        bottom = self.feet * height
        return (round(left), round(bottom - tall), round(left + wide), round(bottom))


# Both periods divide the minute, or the figures would jump at its end.
FIGURES = (
    Figure(start=0, seconds=20, to_right=True, feet=0.93, height=0.5, coat=(60, 150, 110)),
    Figure(start=5, seconds=15, to_right=False, feet=0.84, height=0.42, coat=(90, 100, 170)),
)

# Figures that are harder to follow than flat ones that never stop; no camera shows them unless a scene is made of them.
PATTERNED = Figure(
    start=0, seconds=20, to_right=True, feet=0.93, height=0.5, coat=(60, 150, 110), pattern=1
)
STOPPING = Figure(
    start=0,
    seconds=20,
    to_right=True,
    feet=0.93,
    height=0.5,
    coat=(60, 150, 110),
    pattern=2,
    stops=(6, 9),
)
# They meet in the middle; the second walks in front.
CROSSING = (
    PATTERNED,
    Figure(
        start=0, seconds=20, to_right=False, feet=0.95, height=0.48, coat=(90, 100, 170), pattern=3
    ),
)

# Which of the seven segments are lit: top, upper left, upper right, middle, lower left, lower right, bottom.
_SEGMENTS = (
    "1110111",
    "0010010",
    "1011101",
    "1011011",
    "0111010",
    "1101011",
    "1101111",
    "1010010",
    "1111111",
    "1111011",
)


class Scene:
    """The platform, drawn on the planes of one yuv420p picture."""

    def __init__(self, width: int, height: int, figures: tuple[Figure, ...] = FIGURES) -> None:
        """Draw what does not move; both sizes are even."""
        self._width, self._height = width, height
        self._figures = figures
        self._still = np.empty((height * 3 // 2, width), dtype=np.uint8)
        self._canvas = self._still
        self._fill(0, 0, width, height, (170, 135, 120))
        # Roof, far wall, track bed and rails, platform with its yellow line, pillars.
        self._fill(0, 0, width, height * 0.14, (70, 128, 128))
        self._fill(0, height * 0.42, width, height * 0.62, (80, 126, 130))
        for rail in (0.47, 0.56):
            self._fill(0, height * rail, width, height * (rail + 0.012), (150, 128, 128))
        self._fill(0, height * 0.62, width, height, (125, 127, 129))
        self._fill(0, height * 0.66, width, height * 0.70, (185, 60, 150))
        for pillar in (0.12, 0.48, 0.84):
            self._fill(
                width * pillar,
                height * 0.1,
                width * (pillar + 0.04),
                height * 0.78,
                (100, 126, 130),
            )
        # A sensor's noise, so that the bit rate asked for is reached; wrapping sums are signed ones.
        noise = np.random.default_rng(1).normal(0, 1.6, (height + 32, width + 32))
        self._noise = np.clip(np.rint(noise), -6, 6).astype(np.int8).view(np.uint8)
        self._random = np.random.default_rng(2)

    def draw(self, second: Fraction) -> Plane:
        """Return the picture at that second of the minute: rows of Y, then U and V at half size."""
        self._canvas = self._still.copy()
        for figure in self._figures:
            self._walk(figure, float(second))
        self._digits(int(second))
        dy, dx = self._random.integers(0, 32, 2)
        luma = self._canvas[: self._height]
        luma += self._noise[dy : dy + self._height, dx : dx + self._width]
        return self._canvas

    def _fill(
        self, left: float, top: float, right: float, bottom: float, colour: tuple[int, int, int]
    ) -> None:
        """Fill a box, cut off at the edges, on even coordinates so that all planes agree."""
        x0, x1 = (min(max(int(x) // 2 * 2, 0), self._width) for x in (left, right))
        y0, y1 = (min(max(int(y) // 2 * 2, 0), self._height) for y in (top, bottom))
        height, width = self._height, self._width
        self._canvas[y0:y1, x0:x1] = colour[0]
        chroma = self._canvas[height:].reshape(2, height // 2, width // 2)
        chroma[0, y0 // 2 : y1 // 2, x0 // 2 : x1 // 2] = colour[1]
        chroma[1, y0 // 2 : y1 // 2, x0 // 2 : x1 // 2] = colour[2]

    def _walk(self, figure: Figure, second: float) -> None:
        left, top, right, bottom = figure.box(second, self._width, self._height)
        tall, wide, middle = bottom - top, right - left, (left + right) / 2
        swing = math.sin(second * 2 * math.pi) * wide * 0.28
        for leg in (swing, -swing):
            # Legs from the hip outwards, in four steps: enough to be seen walking.
            for step in range(4):
                x = middle + leg * (step + 1) / 4
                y = top + tall * (0.58 + 0.105 * step)
                self._fill(x - wide * 0.13, y, x + wide * 0.13, y + tall * 0.12, (50, 128, 128))
        self._fill(
            middle - wide * 0.3,
            top + tall * 0.2,
            middle + wide * 0.3,
            top + tall * 0.62,
            figure.coat,
        )
        self._fill(
            middle - wide * 0.2, top, middle + wide * 0.2, top + tall * 0.19, (165, 110, 150)
        )
        self._fill(
            middle - wide * 0.22, top, middle + wide * 0.22, top + tall * 0.05, (40, 128, 128)
        )

        if figure.pattern:
            self._weave(figure.pattern, round(middle - wide * 0.3), top, wide * 0.6, tall)

    def _weave(self, pattern: int, left: int, top: int, wide: float, tall: int) -> None:
        """Lay a pattern of light and dark over a figure's coat, the same in each picture."""
        size = max(round(tall / 40), 1)
        rows, columns = int(tall * 0.42) // size, int(wide) // size
        cloth = np.random.default_rng(pattern).integers(-24, 25, (rows, columns), dtype=np.int16)
        cloth = cloth.repeat(size, 0).repeat(size, 1)
        y = top + int(tall * 0.2)
        x0, x1 = max(left, 0), min(left + cloth.shape[1], self._width)
        y0, y1 = max(y, 0), min(y + cloth.shape[0], self._height)
        if x0 < x1 and y0 < y1:
            luma = self._canvas[y0:y1, x0:x1]
            woven = luma + cloth[y0 - y : y1 - y, x0 - left : x1 - left]
            luma[...] = np.clip(woven, 0, 255).astype(np.uint8)

    def _digits(self, second: int) -> None:
        """Burn in the second, two digits of seven segments on a dark plate."""
        tall = self._height * 0.2
        wide, thick = tall * 0.5, tall * 0.12
        x, y = self._width * 0.03, self._height * 0.05
        self._fill(x - thick, y - thick, x + wide * 2.5 + thick, y + tall + thick, (20, 128, 128))
        for digit in (second // 10, second % 10):
            half = (tall - thick) / 2
            places = (
                (0, 0, wide, thick),
                (0, 0, thick, half + thick),
                (wide - thick, 0, wide, half + thick),
                (0, half, wide, half + thick),
                (0, half, thick, tall),
                (wide - thick, half, wide, tall),
                (0, tall - thick, wide, tall),
            )
            for lit, (x0, y0, x1, y1) in zip(_SEGMENTS[digit], places, strict=True):
                if lit == "1":
                    self._fill(x + x0, y + y0, x + x1, y + y1, (230, 128, 128))
            x += wide * 1.5
