"""Rendering in a process of its own: what it gives, and what is left when it ends otherwise."""

import asyncio
from contextlib import suppress
from dataclasses import replace
import errno
import hashlib
import json
from pathlib import Path
import signal
import sys

import psutil
import pytest

from custom_components.niiza_cctv.lib.footage.files import part_of
from custom_components.niiza_cctv.lib.footage.masking.errors import MaskInvalid, MaskProblem
from custom_components.niiza_cctv.lib.footage.masking.job import Limits, render_masked
from custom_components.niiza_cctv.lib.footage.masking.order import MaskedClip, MaskOrder
from tests.lib.footage.maskable import noise, order, write
from tests.section import until

ROOT = Path(__file__).parents[3]
WIDTH, HEIGHT = 320, 192
BOX = (0.25, 0.25, 0.75, 0.75)


@pytest.fixture
def short(tmp_path: Path) -> MaskOrder:
    """Return the order to mask a second."""
    pictures = (noise(WIDTH, HEIGHT, seed) for seed in range(10))
    return order(write(tmp_path / "short.mp4", pictures), BOX)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> MaskOrder:
    """Return an order that takes longer than any of these tests looks away."""
    pictures = (noise(640, 384, seed % 7) for seed in range(600))
    path = tmp_path_factory.mktemp("long") / "long.mp4"
    return order(write(path, pictures), (0, 0, 1, 1))


def renderers(parent: int | None = None) -> list[psutil.Process]:
    """Return the renderers' processes."""
    found = []
    for process in psutil.Process(parent).children(recursive=True):
        try:
            if any(part.endswith("masking/__main__.py") for part in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def left(path: Path) -> list[str]:
    """Return what is there of a file."""
    return [one.name for one in path.parent.iterdir() if one.name.startswith(path.name)]


async def begun(job: MaskOrder, path: Path) -> tuple[asyncio.Task[MaskedClip], psutil.Process]:
    """Start a rendering and wait until it is in the middle."""
    shares: list[float] = []
    task = asyncio.create_task(render_masked(job, path, progress=shares.append))
    await until(lambda: len(shares) > 2 or task.done())
    (process,) = renderers()
    assert part_of(path).exists()
    return task, process


async def test_a_clip_is_rendered_and_named_last(short: MaskOrder, tmp_path: Path) -> None:
    """What comes back is what the ledger keeps."""
    path = tmp_path / "masked.mp4"
    shares: list[float] = []

    clip = await render_masked(short, path, progress=shares.append)

    assert left(path) == ["masked.mp4"]
    assert clip.file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert clip.source_sha256 == hashlib.sha256(short.master.read_bytes()).hexdigest()
    assert clip.track_sha256 == short.tracks.sha256
    assert clip.rendered.revealed == clip.rendered.pictures == 10
    assert shares == sorted(shares)
    assert shares[-1] > 0.9
    assert renderers() == []


async def test_the_same_order_gives_the_same_file(short: MaskOrder, tmp_path: Path) -> None:
    """A rendering that was lost before anybody heard of it may be made again; another file is not written over."""
    path = tmp_path / "masked.mp4"
    first = await render_masked(short, path)

    assert await render_masked(short, path) == first

    path.write_bytes(b"something else")
    with pytest.raises(FileExistsError):
        await render_masked(short, path)
    assert path.read_bytes() == b"something else"
    assert left(path) == ["masked.mp4"]


async def test_a_cancelled_rendering_leaves_nothing(long: MaskOrder, tmp_path: Path) -> None:
    """Its process is gone when the task is."""
    path = tmp_path / "masked.mp4"
    task, process = await begun(long, path)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not process.is_running()
    assert left(path) == []


async def test_a_killed_renderer_leaves_nothing(long: MaskOrder, tmp_path: Path) -> None:
    """And is an error with a message; the next one begins anew."""
    path = tmp_path / "masked.mp4"
    task, process = await begun(long, path)

    process.kill()
    with pytest.raises(MaskInvalid) as raised:
        await task

    assert raised.value.problem is MaskProblem.RENDERER_ENDED
    assert left(path) == []


@pytest.mark.goes_last
async def test_a_renderer_steps_back_for_others(long: MaskOrder, tmp_path: Path) -> None:
    """It goes last, and is given nothing of Home Assistant's environment."""
    before = psutil.Process().nice()
    task, process = await begun(long, tmp_path / "masked.mp4")

    try:
        assert process.nice() == min(before + 10, 19)
        assert set(process.environ()) <= {
            "PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONTZPATH", "PYTHONUSERBASE", "PYTHONPATH",
            "PYTHONDONTWRITEBYTECODE", "LANG", "LC_CTYPE", "MALLOC_ARENA_MAX",
        }  # fmt: skip
        assert not any("homeassistant" in one.path for one in process.memory_maps())
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        (Limits(memory=90 * 2**20), MaskProblem.OUT_OF_MEMORY),
        (Limits(seconds=1.5), MaskProblem.OUT_OF_TIME),
    ],
)
async def test_what_takes_too_much_is_ended(
    long: MaskOrder, tmp_path: Path, limits: Limits, problem: MaskProblem
) -> None:
    """Memory or time."""
    path = tmp_path / "masked.mp4"

    with pytest.raises(MaskInvalid) as raised:
        await render_masked(long, path, limits=limits)

    assert raised.value.problem is problem
    assert left(path) == []
    assert renderers() == []


async def test_a_file_without_room_is_an_error_of_the_disk(long: MaskOrder, tmp_path: Path) -> None:
    """In the middle, and nothing of it stays."""
    path = tmp_path / "masked.mp4"

    with pytest.raises(OSError, match="File too large") as raised:
        await render_masked(long, path, limits=Limits(file=100_000))

    assert raised.value.errno == errno.EFBIG
    assert left(path) == []


async def test_what_the_clip_or_the_tracks_are_refused_with_comes_through(
    short: MaskOrder, tmp_path: Path
) -> None:
    """With what the message speaks of."""
    path = tmp_path / "masked.mp4"
    keys = short.tracks.reveal[0].keys
    late = replace(short.tracks.reveal[0], keys=(keys[0], replace(keys[1], at=keys[1].at + 1)))

    with pytest.raises(MaskInvalid) as raised:
        await render_masked(replace(short, tracks=replace(short.tracks, reveal=(late,))), path)

    assert raised.value.problem is MaskProblem.BEYOND_CLIP
    assert raised.value.placeholders == {"track": "1", "key": "2"}
    with pytest.raises(FileNotFoundError):
        await render_masked(replace(short, master=tmp_path / "gone.mp4"), path)
    assert left(path) == []


_PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from custom_components.niiza_cctv.lib.footage.masking.job import render_masked
from custom_components.niiza_cctv.lib.footage.masking.order import MaskOrder

order = MaskOrder.from_json(json.loads(Path(sys.argv[1]).read_text()))
asyncio.run(render_masked(order, Path(sys.argv[2])))
"""


async def test_a_renderer_ends_with_whoever_waited_for_it(long: MaskOrder, tmp_path: Path) -> None:
    """Home Assistant is killed: neither a process nor half a file is left for its next start."""
    path = tmp_path / "masked.mp4"
    (tmp_path / "order.json").write_text(json.dumps(long.as_json()))
    waiting = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PROGRAM, str(tmp_path / "order.json"), str(path), cwd=ROOT
    )
    await until(lambda: part_of(path).exists())
    (renderer,) = renderers(waiting.pid)

    waiting.send_signal(signal.SIGKILL)
    await waiting.wait()

    await until(lambda: not part_of(path).exists())
    await until(lambda: not renderer.is_running() or renderer.status() == psutil.STATUS_ZOMBIE)
    assert left(path) == []
