"""Copies for viewing, made of sealed clips that ordinary players may not show: nothing waits for them.

H.265, and footage whose parameters change on the way, is encoded anew in H.264 by a thread that everything else goes
before. What is released until then is released without.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
import logging
from pathlib import Path

import av
from av.video.frame import PictureType
from av.video.stream import VideoStream

from .clip import ENCODER, ENCODER_OPTIONS, VIEWING_COPY, media_errors, stream_decoder
from .clip_files import FileRole, path_of
from .clip_model import ClipFile, ClipInvalid, SealedClip
from .clip_plan import TIME_BASE
from .decoding import open_clip
from .files import finish, new_file, part_of
from .priority import step_back
from .progress import Steps
from .vault import Vault, VaultError

_LOGGER = logging.getLogger(__name__)


def is_due(clip: SealedClip) -> bool:
    """Return whether a clip has no copy for viewing, needs one, and an encoder is there."""
    return (
        clip.viewing_copy is None
        and (clip.varies or clip.codec != "h264")
        and ENCODER in av.codecs_available
    )


class ViewingCopies:
    """Makes the copies, one at a time.

    `made` is awaited with the clip's id and the finished file; `changed` is called when one begins to wait, or ends.
    """

    def __init__(
        self,
        vault: Vault,
        *,
        made: Callable[[str, ClipFile], Awaitable[None]],
        changed: Callable[[], None],
    ) -> None:
        """Begin without any."""
        self._vault = vault
        self._made = made
        self._changed = changed
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._thread = ThreadPoolExecutor(
            1, thread_name_prefix="niiza_cctv copy", initializer=step_back
        )

    def add(self, case_id: str, clip_id: str, clip: SealedClip) -> None:
        """Make the copy of a sealed clip when it is its turn, where it is due."""
        if clip_id in self._tasks or not is_due(clip):
            return
        self._tasks[clip_id] = asyncio.create_task(
            self._run(case_id, clip_id, clip), name=f"niiza_cctv viewing copy {clip_id}"
        )
        self._changed()

    def is_making(self, clip_id: str) -> bool:
        """Return whether the copy of a clip is still to come."""
        return clip_id in self._tasks

    async def cancel(self, clip_id: str) -> None:
        """Make no copy of a clip, and leave nothing half made."""
        if (task := self._tasks.get(clip_id)) is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def close(self) -> None:
        """Stop; what is half made is made anew after the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def _run(self, case_id: str, clip_id: str, clip: SealedClip) -> None:
        cancelled = False

        def make() -> ClipFile:
            self._vault.check_room(clip.master.size)
            return make_viewing_copy(
                self._vault.folder(case_id), clip_id, clip, cancelled=lambda: cancelled
            )

        try:
            work = self._thread.submit(make)
            making = asyncio.wrap_future(work)
            try:
                # Not `shield`, which reports what fails after a cancellation as an error of ours.
                await asyncio.wait({making})
            except asyncio.CancelledError:
                cancelled = True
                # What has begun ends with the picture that it is at.
                if not work.cancel():
                    await asyncio.gather(making, return_exceptions=True)
                raise
            await self._made(clip_id, making.result())
        except (ClipInvalid, VaultError) as err:
            _LOGGER.warning("Clip %s has no copy for viewing: %s", clip_id, err)
        except OSError as err:
            # The path in an OSError's text is ours, its reason is what helps.
            _LOGGER.warning("Clip %s has no copy for viewing: %s", clip_id, err.strerror)
        except Exception:
            # Whatever FFmpeg makes of a camera's pictures: the clip is sealed.
            _LOGGER.exception("Clip %s has no copy for viewing", clip_id)
        finally:
            del self._tasks[clip_id]
            self._changed()


def make_viewing_copy(
    folder: Path,
    name: str,
    clip: SealedClip,
    *,
    cancelled: Callable[[], bool],
    progress: Callable[[float], None] = lambda _: None,
) -> ClipFile:
    """Make the copy of the sealed clip `name` beside it; one that is there already is made anew.

    Raises ClipInvalid, ClipCancelled and OSError: nothing of it is left then.
    """
    path = path_of(folder, name, FileRole.VIEWING_COPY)
    part = part_of(path)
    step = Steps(cancelled, progress).of(0, 1)
    try:
        _encode(folder / clip.master.name, part, clip, step, title=f"{VIEWING_COPY} {name}")
        return finish(part, path, replace=True)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _encode(
    master: Path, part: Path, clip: SealedClip, step: Callable[[float], None], *, title: str
) -> None:
    """Encode a clip anew in H.264, at its times and in the size of its largest picture."""
    new_file(part).close()
    encoded, latest = 0, -1
    with (
        media_errors("The viewing copy cannot be made"),
        open_clip(master) as source,
        av.open(part, "w", format="mp4") as container,
    ):
        container.metadata["title"] = title
        container.metadata["comment"] = f"{VIEWING_COPY} / re-encoded for viewing; not the evidence"
        rate = max(1, round(1_000_000 * clip.pictures / max(clip.duration, 1)))
        stream = container.add_stream(ENCODER, rate=rate, options=ENCODER_OPTIONS)
        assert isinstance(stream, VideoStream)
        # H.264 in 4:2:0 has even sizes only.
        stream.width, stream.height = clip.width & ~1, clip.height & ~1
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = TIME_BASE
        video = source.streams.video[0]
        with stream_decoder(video) as decoder:
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
                step(encoded / clip.pictures)
        container.mux(stream.encode(None))
    with media_errors("The viewing copy cannot be read"), open_clip(part) as container:
        kinds = [one.type for one in container.streams]
        if kinds != ["video"] or container.streams.video[0].frames != encoded:
            raise ClipInvalid("The viewing copy is not whole")
