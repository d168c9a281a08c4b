"""Footage that real cards and cameras give: several recordings, slow, cut off, overwritten; by FFmpeg and a bare client."""

import asyncio
from datetime import UTC, datetime, timedelta
import io
import time
from typing import Any

import aiohttp
import av
import pytest

from simulator.camera import OtherRecording
from simulator.config import load
from simulator.sei import read_time, split_annex_b
from simulator.station import Station
from tests.section import PATIENCE
from tests.simulator.test_rtsp_sim import (
    CODECS,
    FAST,
    INTERLEAVED,
    REPLAY,
    SECOND,
    Client,
    Start,
    client,
    clock,
    decode,
    ffprobe,
    live,
    one,
    play,
    record,
    stream,
    times,
    units,
    whole,
)
from tests.station import camera_config

RATE = 5
HOUR = timedelta(hours=1)


def sizes(codec: str, data: bytes) -> list[tuple[int, int]]:
    """Return the sizes of the pictures that FFmpeg decodes, each time they change."""
    found: list[tuple[int, int]] = []
    with av.open(io.BytesIO(data), "r", format="h264" if codec == "H264" else "hevc") as file:
        for frame in file.decode(video=0):
            if not found or found[-1] != (frame.width, frame.height):
                found.append((frame.width, frame.height))
    return found


async def describe(found: Client) -> str:
    """Return the SDP."""
    answer = await found.ask("DESCRIBE", headers={"Accept": "application/sdp"})
    assert answer.status == 200
    return answer.body


@pytest.mark.parametrize("codec", CODECS)
async def test_ffmpeg_understands_pictures_that_look_ahead(
    start_station: Start, codec: str
) -> None:
    """B pictures: sent in decoding order, each with the time at which it is shown."""
    config = camera_config("kita", codec=codec, b_frames=2)
    async with one(start_station, config) as kita:
        (found,) = (await ffprobe(live(kita)))["streams"]
        assert found["has_b_frames"] > 0
        data = await record(live(kita), codec, 3)
        async with client(kita) as bare:
            start = whole(kita.camera.now()) - HOUR
            await play(bare, start, start + 3 * SECOND)
            replayed = await bare.media()
    stamps = times(codec, data)
    assert decode(codec, data) == len(stamps) >= 2 * RATE
    assert stamps != sorted(stamps)
    assert len(set(stamps)) == len(stamps)
    at = [moment for moment, _ in units(replayed)]
    assert sorted(at) == [start + n * SECOND / RATE for n in range(3 * RATE)]
    assert at != sorted(at)
    assert times(codec, stream(codec, replayed)) == at
    assert decode(codec, stream(codec, replayed)) == 3 * RATE
    # RTP times say when a picture is shown, too.
    zero = replayed[0].time
    assert all(
        ((packet.time - zero) & 0xFFFFFFFF) == round((packet.at - start).total_seconds() * 90_000)
        for packet in replayed
        if packet.at is not None
    )


async def test_each_recording_is_replayed_by_its_token(start_station: Start) -> None:
    """Two with footage of their own, a third that is not there."""
    event = OtherRecording(token="EV_1", spans=((2.0, 1.0), (1.0, 0.5)))
    async with one(start_station, camera_config("kita", recordings=(event,))) as kita:
        index = kita.card.recordings()
        assert [item.token for item in index] == ["SD_1", "EV_1"]
        assert index[1].state == "Stopped"
        start, end = index[1].earliest, index[1].latest
        assert start is not None
        assert end is not None
        async with client(kita, "/replay/EV_1") as found:
            sdp = await describe(found)
            assert sdp.count("m=") == 1
            assert clock(start, end)[:-5].split(".")[0] in sdp
            await play(found, end - 5 * SECOND, None)
            got = units(await found.media())
            assert got[0][0] == end - 5 * SECOND
            assert got[-1] == (end - SECOND / RATE, "ET")
        async with client(kita, "/replay/EV_2") as found:
            assert (await found.ask("DESCRIBE")).status == 404


async def test_a_second_video_track_is_a_smaller_picture_of_the_same_moments(
    start_station: Start,
) -> None:
    """Two tracks on two channels, each described."""
    config = camera_config("kita", second_track=True, width=960, height=540)
    async with one(start_station, config) as kita, client(kita) as found:
        sdp = await describe(found)
        assert sdp.count("m=video") == 2
        assert "a=x-onvif-track:VIDEO002" in sdp
        for control, channels in (("video", "0-1"), ("video2", "2-3")):
            answer = await found.ask(
                "SETUP",
                f"/{control}",
                headers=REPLAY | {"Transport": f"RTP/AVP/TCP;unicast;interleaved={channels}"},
            )
            assert answer.status == 200
        start = whole(kita.camera.now()) - HOUR
        await found.ask("PLAY", headers=FAST | {"Range": clock(start, start + 2 * SECOND)})
        packets = await found.media()
    wanted = [start + n * SECOND / RATE for n in range(2 * RATE)]
    for channel, size in ((0, (960, 540)), (2, (640, 360))):
        track = [packet for packet in packets if packet.channel == channel]
        assert [at for at, _ in units(track)] == wanted
        assert sizes("H264", stream("H264", track)) == [size]


@pytest.mark.parametrize("codec", CODECS)
async def test_the_size_changes_in_mid_recording(start_station: Start, codec: str) -> None:
    """The parameter sets come in the stream, and FFmpeg follows them."""
    config = camera_config("kita", codec=codec, size_before=(1.0, 320, 180))
    # The hour is counted back from when the camera is made, which takes its time on a busy machine.
    start = whole(datetime.now(UTC)) - HOUR - 20 * SECOND
    async with one(start_station, config) as kita, client(kita) as found:
        end = whole(kita.camera.now()) - HOUR + 20 * SECOND
        await play(found, start, end)
        data = stream(codec, await found.media())
    assert sizes(codec, data) == [(320, 180), (640, 360)]
    pictures = round((end - start) / SECOND * RATE)
    assert times(codec, data) == [start + n * SECOND / RATE for n in range(pictures)]


async def test_a_slow_card_keeps_its_pace_and_stalls_once(start_station: Start) -> None:
    """Whatever `Rate-Control` says; RTSP goes on answering while nothing comes."""
    async with one(start_station, camera_config("kita")) as kita, client(kita) as found:
        kita.set(replay_speed=10.0)
        start = whole(kita.camera.now()) - HOUR
        before = time.monotonic()
        await play(found, start, start + 20 * SECOND)
        while (packet := await found.packet()) and (packet.at or start) < start + 19.8 * SECOND:
            pass
        assert time.monotonic() - before > 1.7
        kita.set(replay_speed=None, stall_after=25.0, stall_seconds=5.0)
        await found.ask(
            "PLAY", headers=FAST | {"Range": clock(start, start + 10 * SECOND), "Immediate": "yes"}
        )
        while (packet := await found.packet(0.5)) is not None:
            pass
        assert (await found.ask("GET_PARAMETER")).status == 200
        goes_on = await found.packet(PATIENCE)
        assert goes_on is not None
        got = units([goes_on, *await found.media()])
        assert got[0][0] == start + 5 * SECOND
        assert got[-1][0] == start + 10 * SECOND - SECOND / RATE


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ({"drop_after_pictures": 13}, lambda packets: len(units(packets)) == 13),
        ({"drop_after_bytes": 40_000}, None),
    ],
)
async def test_a_connection_is_cut_exactly_where_it_was_asked_for(
    start_station: Start, fault: dict[str, Any], check: Any
) -> None:
    """After so many pictures, or in the middle of one."""
    async with one(start_station, camera_config("kita")) as kita:
        kita.set(**fault)
        async with client(kita) as found:
            start = whole(kita.camera.now()) - HOUR
            await play(found, start, start + 60 * SECOND)
            if check is not None:
                assert check(await found.until_cut())
                return
            data = b""
            while chunk := await found.reader.read(65536):
                data += chunk
            # What came before the cut is the beginning of what comes without it.
            assert len(data) == 40_000


async def test_a_session_whose_client_vanished_is_taken_for_a_while(start_station: Start) -> None:
    """One that was torn down is free at once."""
    async with one(start_station, camera_config("kita")) as kita:
        kita.set(replay_linger=3.0)

        async def set_up(found: Client) -> int:
            answer = await found.ask("SETUP", "/video", headers=REPLAY | {"Transport": INTERLEAVED})
            return answer.status

        async with client(kita) as found:
            assert await set_up(found) == 200
            assert (await found.ask("TEARDOWN")).status == 200
        async with client(kita) as found:
            assert await set_up(found) == 200
        gone = time.monotonic()
        async with client(kita) as found:
            assert await set_up(found) == 453
            async with asyncio.timeout(PATIENCE):
                while True:
                    if (status := await set_up(found)) != 453:
                        break
                    await asyncio.sleep(0.05)
            assert status == 200
        assert time.monotonic() - gone > 2.5


async def test_what_is_overwritten_while_it_is_played_ends_and_is_not_to_be_had_again(
    start_station: Start,
) -> None:
    """The index moves on by a day, of every recording."""
    old = OtherRecording(token="EV_1", spans=((72.0, 48.0 * 60),))
    async with one(start_station, camera_config("kita", days=3, recordings=(old,))) as kita:
        first = kita.card.recordings()[0].earliest
        assert first is not None
        kita.set(replay_speed=5.0)
        async with client(kita) as found:
            await play(found, first + HOUR, first + HOUR + 60 * SECOND)
            assert await found.packet() is not None
            assert kita.card.overwrite_oldest() is not None
            got = units(await found.media(1.5))
            assert not got or got[-1][0] < first + HOUR + 30 * SECOND
            answer = await found.ask(
                "PLAY",
                headers=FAST | {"Range": clock(first + HOUR, first + HOUR + 60 * SECOND)},
            )
            assert answer.status == 457
        after = first + timedelta(days=1)
        assert kita.card.recordings()[0].earliest == after
        assert [kita.card.spans(token, first, after) for token in ("SD_1", "EV_1")] == [[], []]


async def test_the_oldest_day_goes_by_order(
    start_station: Start, http: aiohttp.ClientSession
) -> None:
    """Of the control interface; today's is kept."""
    async with Station([camera_config("kita", days=2)], control_port=0) as station:
        url = f"http://127.0.0.1:{station.control_port}/cameras/kita/overwrite"
        earliest = station.cameras["kita"].card.recordings()[0].earliest
        async with http.post(url) as response:
            assert response.status == 200
            body = await response.json()
            assert datetime.fromisoformat(body["recordings"][0]["earliest"]) > (
                earliest or datetime.now(UTC)
            )
        async with http.post(url) as response:
            assert response.status == 409
        async with http.post(
            url.removesuffix("/overwrite"), json={"replay_speed": 4, "drop_after_bytes": None}
        ) as response:
            assert (await response.json())["faults"]["replay_speed"] == 4.0


def test_a_station_file_describes_all_of_it(tmp_path: Any) -> None:
    """Recordings, sizes and faults, with what is wrong named."""
    path = tmp_path / "station.yaml"
    text = """
cameras:
  - name: kita
    serial: S
    mac: "02:00:00:00:00:01"
    http_port: 0
    rtsp_port: 0
    users: []
    b_frames: 2
    second_track: true
    size_before: [30.0, 640, 360]
    recordings:
      - {token: EV_1, spans: [[5.0, 10.0], [3, 1]]}
    faults: {replay_speed: 3, replay_linger: 5.0}
    quirks: [search_never_completes]
"""
    path.write_text(text)
    (config,) = load(path).cameras
    assert config.recordings == (OtherRecording(token="EV_1", spans=((5.0, 10.0), (3.0, 1.0))),)
    assert config.size_before == (30.0, 640, 360)
    assert config.faults.replay_speed == 3.0
    path.write_text(text.replace("token", "name"))
    with pytest.raises(Exception, match="recordings: name is not known"):
        load(path)


async def test_1080p_at_four_megabits_is_what_it_says(start_station: Start) -> None:
    """The rate that the benches need, within a tenth, measured over a minute."""
    config = camera_config("kita", width=1920, height=1080, frame_rate=20, bitrate=4096)
    async with one(start_station, config) as kita:
        loop = await kita.rtsp.loop("live/main")
        size = sum(len(nal) for unit in loop.units for nal in unit.nals)
        assert size * 8 / 60 == pytest.approx(4096_000, rel=0.1)
        assert (await ffprobe(live(kita)))["streams"][0]["height"] == 1080
        async with client(kita) as found:
            start = whole(kita.camera.now()) - HOUR
            await play(found, start, start + 5 * SECOND)
            got = stream("H264", await found.media())
    assert decode("H264", got) == 100
    assert all(read_time(nal) for nal in split_annex_b(got) if nal[0] & 31 == 6)
