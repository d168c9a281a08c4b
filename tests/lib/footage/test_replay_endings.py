"""How a replay is asked for, kept alive, held, ended and broken off."""

import asyncio
import contextlib
from datetime import timedelta, timezone
from functools import partial
import gc
import time
import tracemalloc

import pytest

from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraOperationUnsupported,
    CameraRefused,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.footage import replay as replay_module
from custom_components.niiza_cctv.lib.footage.errors import CameraBusy
from custom_components.niiza_cctv.lib.footage.replay import AccessUnit, Replay, ReplayEnd, replay
from tests.lib.footage.scripted_camera import (
    END_OF_SECTION,
    TERMINAL,
    VIEWER,
    Footage,
    Request,
    ScriptedCamera,
    annex_b,
    answer,
    interleaved,
    moment,
    pictures,
    scripted_camera,
    sdp,
)
from tests.section import PATIENCE, until

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def opened(camera: ScriptedCamera, end: int = 59, **options: float | bool) -> Replay:
    """Open a replay of the first pictures with short waits; an answer that comes may take its time."""
    idle = float(options.pop("idle_timeout", 0.15))
    return await replay(
        camera.url,
        VIEWER,
        moment(0),
        moment(end),
        idle_timeout=idle,
        timeout=float(options.get("timeout", PATIENCE)),
        patience=float(options.get("patience", 0.15)),
        paced=bool(options.get("paced")),
        intra_only=bool(options.get("intra_only")),
    )


async def times(stream: Replay) -> list[int]:
    """Return the numbers of the pictures that come."""
    async with stream:
        return [round((unit.at - moment(0)) / (moment(1) - moment(0))) async for unit in stream]


async def collect(stream: Replay, got: list[AccessUnit]) -> None:
    """Put every picture into `got`: what came before an error counts."""
    async with stream:
        async for unit in stream:
            got += [unit]


async def test_the_request_is_that_of_the_specification() -> None:
    """ONVIF Streaming, "Playback": Require on SETUP and PLAY, UTC range in milliseconds rounded outwards."""
    tokyo = timezone(timedelta(hours=9))
    start = (moment(0) + timedelta(microseconds=1234)).astimezone(tokyo)
    end = moment(5) + timedelta(microseconds=1)
    async with scripted_camera(media=Footage(count=1, flags={0: TERMINAL}).wire()) as camera:
        async with await replay(camera.url, VIEWER, start, end):
            pass
        async with await replay(camera.url, VIEWER, start, end, paced=True, intra_only=True):
            pass
    setups = [r.headers for r in camera.requests if r.method == "SETUP"]
    assert [headers["require"] for headers in setups] == ["onvif-replay"] * 2
    assert setups[0]["transport"] == "RTP/AVP/TCP;unicast;interleaved=0-1"
    fast, paced = (r.headers for r in camera.requests if r.method == "PLAY")
    assert fast["require"] == "onvif-replay"
    assert fast["range"] == "clock=20261120T093000.001Z-20261120T093000.501Z"
    assert (fast["rate-control"], fast["immediate"], fast.get("frames")) == ("no", "yes", None)
    assert (paced["rate-control"], paced["frames"]) == ("yes", "intra")
    assert fast["session"] == "4711"


async def test_what_is_played_is_known_before_it_is_read() -> None:
    """Codec, parameter sets and everything that the presentation offers."""
    async with scripted_camera(codec="H265") as camera, await opened(camera) as stream:
        assert (stream.codec, stream.video.onvif_track) == ("hevc", "VIDEO001")
        assert stream.parameter_sets == annex_b(pictures("H265")[0][:3])
        assert [item.kind for item in stream.media] == ["audio", "video", "application"]
        assert stream.ended is None


async def test_a_recording_without_video_is_unsupported() -> None:
    """There is nothing to replay for us; audio is not a substitute."""
    async with scripted_camera() as camera:
        camera.description = b"v=0\r\nm=audio 0 RTP/AVP 0\r\na=control:a\r\n"
        with pytest.raises(CameraOperationUnsupported):
            await opened(camera)
        camera.description = b"v=0\r\nm=video 0 RTP/AVP 26\r\na=control:a\r\n"
        with pytest.raises(CameraOperationUnsupported):
            await opened(camera)
    assert "SETUP" not in camera.methods()


async def test_the_recordings_track_is_preferred_to_other_video() -> None:
    """Some presentations offer a live stream beside the recording."""
    async with scripted_camera(media=Footage(count=1, flags={0: TERMINAL}).wire()) as camera:
        live = b"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:live\r\nm=audio"
        camera.description = sdp().replace(b"m=audio", live, 1)
        async with await opened(camera) as stream:
            assert len(stream.media) == 4
    (setup,) = [request for request in camera.requests if request.method == "SETUP"]
    assert setup.url.endswith("/trackID=video")


async def test_pictures_before_the_start_come_too() -> None:
    """The clean point at or before it makes the start decodable; their times tell them apart."""
    async with scripted_camera(media=Footage(flags={59: TERMINAL}).wire()) as camera:
        stream = await replay(camera.url, VIEWER, moment(13), moment(15))
        assert await times(stream) == list(range(16))


async def test_an_ignored_end_of_the_range_does_not_matter() -> None:
    """The stream is ended by the time of its pictures, and the session torn down."""
    async with scripted_camera(media=Footage(count=60).wire()) as camera:
        stream = await opened(camera, end=20)
        assert await times(stream) == list(range(21))
        assert stream.ended is ReplayEnd.PASSED
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
    assert camera.methods().count("TEARDOWN") == 1


async def test_the_terminal_bit_ends_at_once() -> None:
    """No idle wait after it."""
    media = Footage(count=8, flags={7: TERMINAL}).wire()
    async with scripted_camera(media=media) as camera:
        before = time.monotonic()
        stream = await opened(camera, idle_timeout=30)
        assert await times(stream) == list(range(8))
        assert stream.ended is ReplayEnd.TERMINAL
        assert time.monotonic() - before < 15


@pytest.mark.parametrize("codec", ["H264", "H265"])
async def test_the_last_of_what_was_asked_for_is_not_held(
    codec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The camera says that it is the last, and nobody asked for more: why wait for more of it."""
    monkeypatch.setattr(replay_module, "HOLD", 10 * PATIENCE)
    media = Footage(codec=codec, flags={59: TERMINAL}).wire()
    async with scripted_camera(codec=codec, media=media) as camera, asyncio.timeout(PATIENCE):
        stream = await opened(camera, end=60, idle_timeout=20 * PATIENCE)
        assert await times(stream) == list(range(60))
        assert stream.ended is ReplayEnd.TERMINAL


async def test_a_terminal_bit_that_more_pictures_follow_is_not_the_end() -> None:
    """Cameras set it on the last picture of each file, or on every picture: whatever came is given out."""
    for flags in ({7: TERMINAL, 59: TERMINAL}, dict.fromkeys(range(60), TERMINAL)):
        async with scripted_camera(media=Footage(flags=flags).wire()) as camera:
            stream = await opened(camera, idle_timeout=30)
            assert await times(stream) == list(range(60))
            assert stream.ended is ReplayEnd.TERMINAL


async def test_silence_near_the_end_is_the_end() -> None:
    """The specification lets the camera fall silent; nobody has to be asked."""
    async with scripted_camera(media=Footage().wire()) as camera:
        stream = await opened(camera)
        assert await times(stream) == list(range(60))
        assert stream.ended is ReplayEnd.SILENT
    assert "GET_PARAMETER" not in camera.methods()


async def test_silence_long_before_the_end_is_the_end_only_if_the_camera_still_answers() -> None:
    """Footage may end early; a dead camera looks the same until it is asked."""
    media = Footage(flags={59: END_OF_SECTION}).wire()
    async with scripted_camera(media=media) as camera:
        stream = await opened(camera, end=600)
        assert await times(stream) == list(range(60))
        assert stream.ended is ReplayEnd.SILENT
        assert "GET_PARAMETER" in camera.methods()

        async def dead(_request: Request, _writer: object) -> None:
            return None

        stream = await opened(camera, end=600, timeout=0.5)
        for method in ("GET_PARAMETER", "OPTIONS", "SET_PARAMETER", "TEARDOWN"):
            camera.steps[method] = dead
        with pytest.raises(CameraUnreachable, match="silent"):
            await times(stream)
        assert stream.ended is None


async def test_a_range_without_footage_is_an_empty_replay() -> None:
    """No pictures, no error."""
    async with scripted_camera() as camera:
        assert await times(await opened(camera)) == []


async def test_a_slow_card_is_waited_for_when_the_camera_still_answers_with_media() -> None:
    """Media that come while the camera is asked whether it lives go on as if nothing had been."""
    first, second = Footage(count=10), Footage(first=10, count=50, flags={59: TERMINAL})
    head = first.wire()
    second.first_sequence = first.first_sequence + sum(len(unit) for unit in first.units())
    async with scripted_camera(media=head) as camera:

        async def late(_request: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(second.wire())

        camera.steps["GET_PARAMETER"] = late
        stream = await opened(camera, patience=PATIENCE)
        assert await times(stream) == list(range(60))


async def test_a_goodbye_ends_the_stream() -> None:
    """RTCP BYE behind a sender report; a report alone does not, nor one on a channel that is not ours."""
    report = b"\x80\xc8\x00\x06" + bytes(24)
    bye = b"\x81\xcb\x00\x01\x00\x00\x5e\xed"
    media = interleaved(report, 1) + interleaved(bye, 5) + Footage(count=30, markers=False).wire()
    async with scripted_camera(media=media + interleaved(report + bye, 1)) as camera:
        stream = await opened(camera, end=600, idle_timeout=30)
        assert await times(stream) == list(range(30))
        assert stream.ended is ReplayEnd.TERMINAL


@pytest.mark.parametrize(("end", "whole"), [(59, True), (600, False)])
async def test_a_closed_connection_is_the_end_only_near_the_end(end: int, whole: bool) -> None:
    """Otherwise footage is missing, and whoever exports has to know."""
    async with scripted_camera() as camera:

        async def play(request: Request, writer: asyncio.StreamWriter) -> bytes:
            writer.write(answer(request) + Footage().wire())
            await writer.drain()
            writer.close()
            return b""

        camera.steps["PLAY"] = play
        stream = await opened(camera, end=end)
        got: list[AccessUnit] = []
        with contextlib.nullcontext() if whole else pytest.raises(CameraUnreachable):
            await collect(stream, got)
        assert [unit.at for unit in got] == [moment(index) for index in range(60)]
        assert stream.ended is (ReplayEnd.CLOSED if whole else None)


async def test_a_cut_in_a_packet_gives_every_whole_picture_before_it() -> None:
    """A drop in mid-stream is an error, and an export can resume from the last complete picture."""
    wire = Footage(size=100).wire()
    async with scripted_camera() as camera:

        async def play(request: Request, writer: asyncio.StreamWriter) -> bytes:
            writer.write(answer(request) + wire[: len(wire) // 2])
            await writer.drain()
            writer.transport.abort()
            return b""

        camera.steps["PLAY"] = play
        stream = await opened(camera, end=600)
        got: list[AccessUnit] = []
        with pytest.raises(CameraUnreachable):
            await collect(stream, got)
    assert 10 < len(got) < 60
    assert [unit.data for unit in got] == [annex_b(nals) for nals in pictures()[: len(got)]]


async def test_garbage_in_the_stream_is_an_invalid_answer() -> None:
    """Beyond what a camera lets fall between two packets, there is no looking for the next."""
    async with scripted_camera(media=Footage(count=5).wire() + b"\x00" * 70_000) as camera:
        stream = await opened(camera)
        with pytest.raises(CameraAnswerInvalid):
            await times(stream)


async def test_a_stream_without_times_is_an_invalid_answer() -> None:
    """Footage whose time nobody vouches for proves nothing."""
    async with scripted_camera(media=Footage(extended="none").wire()) as camera:
        with pytest.raises(CameraAnswerInvalid, match="without the time"):
            await times(await opened(camera))


async def test_the_largest_interleaved_frames_are_taken() -> None:
    """A frame holds up to 65535 bytes."""
    nal = b"\x65" + bytes([1]) * 65000
    footage = Footage(count=1, flags={0: TERMINAL})
    media = footage.wire()
    async with scripted_camera() as camera:
        unit = footage.units()[0][0]
        packet = bytes([unit[0], unit[1] | 0x80]) + unit[2:28] + nal
        camera.media = interleaved(packet) + media[:0]
        async with await opened(camera) as stream:
            assert [unit.data async for unit in stream] == [annex_b([nal])]


async def test_media_that_overtake_the_answer_to_play_are_not_lost() -> None:
    """Servers write both from different threads."""
    async with scripted_camera() as camera:

        async def play(request: Request, _writer: object) -> bytes:
            return Footage(flags={59: TERMINAL}).wire() + answer(request)

        camera.steps["PLAY"] = play
        assert await times(await opened(camera)) == list(range(60))


async def test_media_are_answer_enough_to_play() -> None:
    """Whoever sends pictures has agreed."""
    async with scripted_camera() as camera:

        async def play(_request: Request, _writer: object) -> bytes:
            return Footage(flags={59: TERMINAL}).wire()

        camera.steps["PLAY"] = play
        assert await times(await opened(camera)) == list(range(60))


async def test_a_refusal_behind_media_is_heard() -> None:
    """The late answer still counts."""
    async with scripted_camera() as camera:

        async def play(request: Request, writer: asyncio.StreamWriter) -> bytes:
            writer.write(Footage(count=5).wire())
            await asyncio.sleep(0.05)
            return answer(request, "453 Not Enough Bandwidth")

        camera.steps["PLAY"] = play
        with pytest.raises(CameraBusy):
            await times(await opened(camera, idle_timeout=PATIENCE))


async def test_a_silent_answer_to_play_is_unreachable() -> None:
    """Bounded like every wait."""
    async with scripted_camera() as camera:

        async def play(_request: Request, _writer: object) -> None:
            return None

        camera.steps["PLAY"] = play
        with pytest.raises(CameraUnreachable):
            await opened(camera, timeout=0.5)


async def test_the_session_is_kept_alive_while_nobody_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By GET_PARAMETER where it is offered; a stale nonce is answered with a fresh one."""
    monkeypatch.setattr(replay_module, "KEEP_ALIVE_BOUNDS", (0.05, 0.05))
    async with scripted_camera(media=Footage(flags={59: TERMINAL}).wire()) as camera:
        camera.schemes = ("md5",)
        async with await opened(camera) as stream:
            await anext(stream)
            await until(lambda: camera.methods().count("GET_PARAMETER") >= 2)
            camera.nonce = 2
            await until(lambda: camera.methods().count("GET_PARAMETER") >= 4)
            assert len([unit async for unit in stream]) == 59
        alive = [r for r in camera.requests if r.method == "GET_PARAMETER"]
        assert all(request.headers["session"] == "4711" for request in alive)
        count = len(camera.requests)
        await asyncio.sleep(0.15)
        assert len(camera.requests) == count


async def test_keep_alive_finds_what_the_camera_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused GET_PARAMETER falls back to OPTIONS; not offered, it is never tried; refused log-ins do no harm."""
    monkeypatch.setattr(replay_module, "KEEP_ALIVE_BOUNDS", (0.03, 0.03))
    for public, first in (("GET_PARAMETER", "GET_PARAMETER"), ("DESCRIBE", "OPTIONS")):
        async with scripted_camera(media=Footage(count=10).wire()) as camera:
            camera.public = public

            async def refuse(request: Request, _writer: object) -> bytes:
                return answer(request, "501 Not Implemented")

            camera.steps["GET_PARAMETER"] = refuse
            async with await opened(camera, end=600, idle_timeout=0.3) as stream:
                async for _ in stream:
                    pass
            after = camera.methods()[camera.methods().index("PLAY") + 1 :]
            assert after[0] == first
            assert after[-2:] == ["OPTIONS", "TEARDOWN"]


async def test_a_camera_that_refuses_keep_alives_goes_on_playing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The password is not tried over and over for them."""
    monkeypatch.setattr(replay_module, "KEEP_ALIVE_BOUNDS", (0.03, 0.03))
    async with scripted_camera(media=Footage(count=10).wire()) as camera:

        async def refuse(request: Request, _writer: object) -> bytes:
            return answer(request, "401 Unauthorized", ['WWW-Authenticate: Basic realm="x"'])

        camera.steps["GET_PARAMETER"] = refuse
        assert len(await times(await opened(camera, idle_timeout=0.2))) == 10


async def test_a_forgotten_session_is_not_taken_for_the_end() -> None:
    """454 to a keep-alive: the footage has not ended, the session has."""
    async with scripted_camera(media=Footage(count=10).wire()) as camera:

        async def forget(request: Request, _writer: object) -> bytes:
            return answer(request, "454 Session Not Found")

        camera.steps["GET_PARAMETER"] = forget
        with pytest.raises(CameraUnreachable, match="forgotten"):
            # While media came a moment ago, it is only the sign of life that is not understood.
            await times(await opened(camera, end=600, idle_timeout=1.3))


async def test_a_held_stream_goes_on_where_it_stopped() -> None:
    """PAUSE, then PLAY without a range, at the pace of before."""
    first, second = Footage(count=10), Footage(first=10, count=50, flags={59: TERMINAL})
    second.first_sequence = first.first_sequence + sum(len(unit) for unit in first.units())
    async with scripted_camera(media=first.wire()) as camera:
        async with await opened(camera, idle_timeout=PATIENCE) as stream:
            got = [await anext(stream)]
            await stream.pause()
            await stream.pause()
            await asyncio.sleep(0.3)
            camera.media = second.wire()
            got += [unit async for unit in stream]
            await stream.pause()
        assert [unit.at for unit in got] == [moment(index) for index in range(60)]
        methods = camera.methods()
        assert methods[methods.index("PLAY") :] == ["PLAY", "PAUSE", "PLAY", "TEARDOWN"]
        resumed = camera.requests[-2].headers
        assert "range" not in resumed
        assert (resumed["rate-control"], resumed["require"]) == ("no", "onvif-replay")


async def test_leaving_early_tears_the_session_down() -> None:
    """A camera has one replay session: it has to be free again, even with media still in flight."""
    async with scripted_camera(media=Footage(count=60).wire() * 40) as camera:
        async with await opened(camera, end=100000) as stream:
            await anext(stream)
        assert camera.methods()[-1] == "TEARDOWN"
        await until(lambda: camera.open == 0)


async def test_cancelling_the_reader_tears_the_session_down() -> None:
    """Unloading leaves no session, socket or timer behind."""
    got: list[AccessUnit] = []
    async with scripted_camera(media=Footage(count=5).wire()) as camera:

        async def read() -> None:
            await collect(await opened(camera, idle_timeout=PATIENCE), got)

        task = asyncio.create_task(read())
        await until(lambda: got)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert camera.methods()[-1] == "TEARDOWN"
        await until(lambda: camera.open == 0)


async def test_closing_from_another_task_ends_the_reader() -> None:
    """In good order: somebody wanted it so."""
    async with scripted_camera(media=Footage(count=5).wire()) as camera:
        stream = await opened(camera, idle_timeout=PATIENCE)
        got: list[AccessUnit] = []
        reader = asyncio.create_task(collect(stream, got))
        await until(lambda: got)
        await stream.aclose()
        await reader
        assert [unit.at for unit in got] == [moment(index) for index in range(5)]
        await until(lambda: camera.open == 0)
        assert camera.methods()[-1] == "TEARDOWN"


async def test_cancelling_while_it_opens_leaves_nothing_behind() -> None:
    """Wherever the opening is."""
    async with scripted_camera() as camera:

        async def never(_request: Request, _writer: object) -> None:
            return None

        def reached(method: str) -> bool:
            return camera.methods()[-1:] == [method]

        for method in ("OPTIONS", "DESCRIBE", "SETUP", "PLAY"):
            camera.steps = {method: never}
            task = asyncio.create_task(opened(camera))
            await until(partial(reached, method))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await until(lambda: camera.open == 0)


async def test_a_wait_that_was_cancelled_can_be_taken_up_again() -> None:
    """A reader may bound its own waits without losing pictures."""
    wire = Footage(flags={59: TERMINAL}).wire()
    async with scripted_camera() as camera:

        async def play(request: Request, writer: asyncio.StreamWriter) -> bytes:
            writer.write(answer(request))
            for at in range(0, len(wire), 7000):
                writer.write(wire[at : at + 7000])
                await asyncio.sleep(0.005)
            return b""

        camera.steps["PLAY"] = play
        got: list[AccessUnit] = []
        async with await opened(camera, idle_timeout=PATIENCE) as stream:
            while stream.ended is None:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(0.002):
                        got.append(await anext(stream))
        assert [unit.data for unit in got] == [annex_b(nals) for nals in pictures()]


async def test_a_camera_that_never_says_goodbye_is_left_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The good-bye is bounded."""
    monkeypatch.setattr("custom_components.niiza_cctv.lib.footage.rtsp.GOODBYE_TIMEOUT", 0.1)
    async with scripted_camera(media=Footage(count=5).wire()) as camera:

        async def never(_request: Request, _writer: object) -> None:
            return None

        camera.steps["TEARDOWN"] = never
        stream = await opened(camera)
        await anext(stream)
        before = time.monotonic()
        await stream.aclose()
        await stream.aclose()
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
        assert time.monotonic() - before < 10


async def test_a_slow_reader_slows_the_camera_instead_of_filling_memory() -> None:
    """The socket is left alone while nobody asks for pictures."""
    wire = Footage(count=60).wire()
    sent = 0
    async with scripted_camera() as camera:

        async def play(request: Request, writer: asyncio.StreamWriter) -> None:
            nonlocal sent
            writer.write(answer(request))
            while True:
                writer.write(wire)
                await writer.drain()
                sent += len(wire)

        camera.steps["PLAY"] = play
        async with await opened(camera, end=100000) as stream:
            await anext(stream)
            before = -1
            async with asyncio.timeout(PATIENCE):
                # Until the buffers of the operating system are full.
                while sent > before:
                    before = sent
                    await asyncio.sleep(0.2)
            gc.collect()
            tracemalloc.start()
            await asyncio.sleep(0.2)
            assert sent == before
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert peak < 1024 * 1024


async def test_one_session_at_a_time_is_told_as_busy() -> None:
    """The second reader learns why, and the first is not disturbed."""
    async with scripted_camera(media=Footage(flags={59: TERMINAL}).wire()) as camera:
        first = await opened(camera)

        async def full(request: Request, _writer: object) -> bytes:
            return answer(request, "453 Not Enough Bandwidth")

        camera.steps["SETUP"] = full
        with pytest.raises(CameraBusy):
            await opened(camera)
        assert len(await times(first)) == 60


async def test_a_wrong_password_is_refused_before_anything_is_set_up() -> None:
    """And no media are waited for."""
    async with scripted_camera() as camera:
        camera.schemes = ("sha256",)
        camera.password = "changed"
        with pytest.raises(CameraRefused):
            await opened(camera)
    assert "SETUP" not in camera.methods()
