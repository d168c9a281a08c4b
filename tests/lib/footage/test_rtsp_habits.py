"""Habits of real cameras that are no reason to call footage missing; where one was reported, its project and number stand beside.

Each has neighbours of its kind; what is put right is counted.
"""

import asyncio
from collections.abc import Callable
import contextlib
from dataclasses import replace as changed
import re
import time
from typing import Any

import pytest

from custom_components.niiza_cctv.lib.device.errors import (
    CameraAnswerInvalid,
    CameraRefused,
    CameraUnreachable,
)
from custom_components.niiza_cctv.lib.device.model import DigestMemory, ReadBackOutcome
from custom_components.niiza_cctv.lib.device.quirks import Quirk, Quirks
from custom_components.niiza_cctv.lib.footage import replay as replay_module, rtsp as rtsp_module
from custom_components.niiza_cctv.lib.footage.errors import CameraBusy, FootageMissing, PlayRefused
from custom_components.niiza_cctv.lib.footage.readback import ReadBackLimits, read_back
from custom_components.niiza_cctv.lib.footage.replay import AccessUnit, ReplayEnd, replay
from custom_components.niiza_cctv.lib.footage.rtsp import describe
from custom_components.niiza_cctv.lib.footage.rtsp_address import Addresses
from tests.lib.footage.scripted_camera import (
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

pytestmark = pytest.mark.usefixtures("socket_enabled")

METHODS = ("OPTIONS", "DESCRIBE", "SETUP", "PLAY", "GET_PARAMETER", "TEARDOWN")
CLIP = Footage(count=20, flags={19: TERMINAL})

type Change = Callable[[Request, bytes], bytes]


def write(camera: ScriptedCamera, change: Change, *, methods: tuple[str, ...] = METHODS) -> None:
    """Let the camera write its answers to these methods otherwise; media follow the answer to PLAY."""

    async def step(request: Request, _writer: object) -> bytes:
        return change(request, camera.answered(request)) + (
            camera.media if request.method == "PLAY" else b""
        )

    for method in methods:
        camera.steps[method] = step


async def fetched(camera: ScriptedCamera, **options: Any) -> tuple[list[AccessUnit], Quirks]:
    """Return everything that the camera plays, and what had to be put right."""
    quirks = Quirks()
    options = {"idle_timeout": 0.5, "timeout": 3} | options
    credential = changed(VIEWER, digests=DigestMemory())
    async with await replay(
        camera.url, credential, moment(0), moment(59), quirks=quirks, **options
    ) as stream:
        return [unit async for unit in stream], quirks


def assert_whole(units: list[AccessUnit], count: int = 20) -> None:
    """Check that every picture came, byte for byte."""
    assert [unit.data for unit in units] == [annex_b(nals) for nals in pictures()[:count]]
    assert [unit.at for unit in units] == [moment(index) for index in range(count)]


# --- How answers are written ----------------------------------------------------------------------------------


def head_of(change: Callable[[bytes], bytes]) -> Change:
    """Change the head alone; the description's own lines stay."""

    def changed_head(_request: Request, reply: bytes) -> bytes:
        head, _, body = reply.partition(b"\r\n\r\n")
        return change(head + b"\r\n\r\n") + body

    return changed_head


@pytest.mark.parametrize(
    ("change", "quirk"),
    [
        # janus-gateway#1922, OvenMediaEngine#1936
        (lambda head: head.replace(b"\r\n", b"\n"), Quirk.RTSP_LINE_ENDS),
        (lambda head: head[:-2].replace(b"\r\n", b"\n") + b"\r\n", Quirk.RTSP_LINE_ENDS),
        (lambda head: head[:-2] + b"\n", Quirk.RTSP_LINE_ENDS),
        (lambda head: head.replace(b"\r\n", b"\r"), Quirk.RTSP_LINE_ENDS),
        (lambda head: head.replace(b"\r\n", b"\r", 1), Quirk.RTSP_LINE_ENDS),
        (lambda head: head.replace(b"\r\n", b"\n", 2), Quirk.RTSP_LINE_ENDS),
        (lambda head: head.replace(b" OK", b""), Quirk.RTSP_STATUS),
        (lambda head: head.replace(b"RTSP/1.0 200 OK", b"rtsp/1.0  200\tok"), Quirk.RTSP_STATUS),
        (lambda head: head.replace(b"RTSP/1.0", b"RTSP/2.0"), Quirk.RTSP_STATUS),
        (lambda head: head.replace(b"RTSP/1.0 200 OK", b"RTSP 200 OK"), Quirk.RTSP_STATUS),
        # scrypted#2137
        (lambda head: head[:-2] + b" \r\nServer: x\r\n\r\n", Quirk.RTSP_HEADER),
        (lambda head: head[:-2] + b"no header at all\r\n: nameless\r\n\r\n", Quirk.RTSP_HEADER),
        (lambda head: head[:-2] + b"X-Long: a,\r\n\tb,\r\n  c\r\n\r\n", None),
        (lambda head: b"\r\n\r\n\n" + head, None),
        (lambda head: re.sub(rb"(?m)^([\w-]+): *", lambda m: m[1].upper() + b" :\t", head), None),
        (lambda head: re.sub(rb"(?m)^([\w-]+): *", lambda m: m[1].lower() + b":", head), None),
        (lambda head: head.replace(b"\r\n", b"  \r\n")[:-4] + b"\r\n", None),
        (lambda head: head[:-2] + b"Server: \xc9\xe3\xcf\xf1\xff\r\n\r\n", None),
    ],
)
async def test_answers_are_read_however_they_are_written(
    change: Callable[[bytes], bytes], quirk: Quirk | None
) -> None:
    """Line ends, status lines, folded and empty header lines, names in any case."""
    async with scripted_camera(media=CLIP.wire()) as camera:
        write(camera, head_of(change))
        units, quirks = await fetched(camera)
    assert_whole(units)
    assert set(quirks.counts()) == ({quirk} if quirk else set())


@pytest.mark.parametrize(
    ("text", "quirk"),
    [
        # HiSilicon in a Foscam C1
        (lambda number: "0", Quirk.RTSP_SEQUENCE),
        (lambda number: str(number - 1), Quirk.RTSP_SEQUENCE),
        (lambda number: "", Quirk.RTSP_SEQUENCE),
        (lambda number: "none", Quirk.RTSP_SEQUENCE),
        # gortsplib#437
        (lambda number: f"{number} ", None),
        (lambda number: f"{number:05}", None),
    ],
)
async def test_answers_are_ours_whatever_number_they_carry(
    text: Callable[[int], str], quirk: Quirk | None
) -> None:
    """Answers come in the order of the requests; a number of ours is believed."""

    def change(request: Request, reply: bytes) -> bytes:
        return reply.replace(
            b"CSeq: %d" % request.sequence, b"Cseq: " + text(request.sequence).encode()
        )

    async with scripted_camera(media=CLIP.wire()) as camera:
        write(camera, change)
        units, quirks = await fetched(camera)
    assert_whole(units)
    assert set(quirks.counts()) == ({quirk} if quirk else set())


async def test_answers_without_a_number_are_ours() -> None:
    """The header is left out altogether."""
    async with scripted_camera(media=CLIP.wire()) as camera:
        write(camera, lambda _, reply: re.sub(rb"CSeq: \d+\r\n", b"", reply))
        units, quirks = await fetched(camera)
    assert_whole(units)
    assert Quirk.RTSP_SEQUENCE in quirks.counts()


@pytest.mark.parametrize("shift", [-40, -1, 1, 90, None, "x"])
async def test_a_description_is_read_whole_whatever_its_length_is_said_to_be(
    shift: int | str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too short, too long, missing, unreadable: nothing else can come before it is asked for."""
    monkeypatch.setattr(rtsp_module, "BODY_PATIENCE", 0.2)

    def change(_request: Request, reply: bytes) -> bytes:
        told = re.search(rb"Content-Length: (\d+)\r\n", reply)
        assert told is not None
        if shift is None:
            return reply.replace(told[0], b"")
        length = str(int(told[1]) + shift) if isinstance(shift, int) else shift
        return reply.replace(told[0], b"Content-Length: %s\r\n" % length.encode())

    async with scripted_camera(media=CLIP.wire()) as camera:
        write(camera, change, methods=("DESCRIBE",))
        quirks = Quirks()
        media = await describe(camera.url, VIEWER, timeout=3, quirks=quirks)
        assert [item.kind for item in media] == ["audio", "video", "application"]
        assert media[2].control == "trackID=meta"
        # A line break more or less is nobody's business.
        assert (Quirk.RTSP_LENGTH in quirks.counts()) is (shift != -1)
        assert_whole((await fetched(camera))[0])


async def test_a_description_whose_rest_came_while_the_machine_stood_still_is_read_whole() -> None:
    """Its length is too short, and the time in which nothing more has to come passed meanwhile."""
    async with scripted_camera(media=CLIP.wire()) as camera:

        async def halt(request: Request, writer: asyncio.StreamWriter) -> bytes:
            whole = camera.answered(request)
            told = re.search(rb"Content-Length: (\d+)\r\n", whole)
            assert told is not None
            whole = whole.replace(told[0], b"Content-Length: %d\r\n" % (int(told[1]) - 40))

            def stand_still() -> None:
                writer.write(whole[-40:])
                time.sleep(
                    2 * rtsp_module.REST_PATIENCE
                )  # as a loop does that something else holds up

            asyncio.get_running_loop().call_later(0.05, stand_still)
            return whole[:-40]

        camera.steps["DESCRIBE"] = halt
        media = await describe(camera.url, VIEWER, timeout=30)
        assert media[2].control == "trackID=meta"


async def test_a_body_that_is_announced_and_not_sent_takes_no_packets() -> None:
    """The answer to PLAY names a length, and the picture follows."""
    async with scripted_camera(media=CLIP.wire()) as camera:
        write(
            camera,
            lambda _, reply: reply[:-2] + b"Content-Length: 120\r\n\r\n",
            methods=("PLAY",),
        )
        units, quirks = await fetched(camera)
    assert_whole(units)
    assert Quirk.RTSP_LENGTH in quirks.counts()


async def test_what_the_camera_asks_is_answered() -> None:
    """Signs of life by 200, all else by 501; its questions hold nothing up."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"OPTIONS * RTSP/1.0\r\nCSeq: 7\r\n\r\n")
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"ANNOUNCE rtsp://x/ RTSP/1.0\nCSeq: 8\nContent-Length: 4\n\nv=0\n")
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(
                b"REDIRECT rtsp://192.0.2.1/ RTSP/1.0\r\nLocation: rtsp://192.0.2.1/\r\n\r\n"
            )
            heard.append(await reader.readuntil(b"\r\n\r\n"))
            body = sdp()
            writer.write(
                b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )
            await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        url = f"rtsp://127.0.0.1:{server.sockets[0].getsockname()[1]}/live"
        quirks = Quirks()
        assert len(await describe(url, VIEWER, timeout=5, quirks=quirks)) == 3
    finally:
        server.close()
        server.close_clients()
        await server.wait_closed()
    assert [line.partition(b"\r\n")[0][:12] for line in heard] == [
        b"RTSP/1.0 200",
        b"RTSP/1.0 501",
        b"RTSP/1.0 501",
    ]
    assert b"CSeq: 7" in heard[0]
    assert quirks.counts()[Quirk.RTSP_ASKS].count == 3


# --- Sessions, transports, addresses --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setup", "play", "used", "quirks"),
    [
        # mediamtx#840, #822
        ([], ["Session: 4711"], "4711", {Quirk.RTSP_NO_SESSION}),
        ([], [], None, {Quirk.RTSP_NO_SESSION}),
        (["Session: ;timeout=30"], ["Session: 9 ; timeout = 30"], "9", {Quirk.RTSP_NO_SESSION}),
        (["Session: 1;timeout=60"], ["Session: 2"], "2", {Quirk.RTSP_SESSION_CHANGED}),
        (["session:  12 34"], [], "12", set()),
        (
            ["Session: 6084719271315754061331544451080;Timeout=0"],
            [],
            "6084719271315754061331544451080",
            set(),
        ),
        (['Session: a$-_.+b; timeout="15"'], ["Session: a$-_.+b"], "a$-_.+b", set()),
    ],
)
async def test_a_session_is_taken_from_wherever_it_is_named(
    setup: list[str], play: list[str], used: str | None, quirks: set[Quirk]
) -> None:
    """Missing at SETUP, named later or never, another one later, with and without its time-out."""
    async with scripted_camera(media=CLIP.wire()) as camera:
        transport = f"Transport: {camera.transport}"

        def change(request: Request, reply: bytes) -> bytes:
            headers = [*setup, transport] if request.method == "SETUP" else play
            return answer(request, headers=headers)

        write(camera, change, methods=("SETUP", "PLAY"))
        units, counted = await fetched(camera)
        assert_whole(units)
        assert camera.requests[-1].method == "TEARDOWN"
        assert camera.requests[-1].headers.get("session") == used
    assert set(counted.counts()) == quirks


@pytest.mark.parametrize(
    ("transport", "channel", "quirks"),
    [
        # gortsplib#456
        (None, 0, {Quirk.RTSP_TRANSPORT}),
        ("", 0, {Quirk.RTSP_TRANSPORT}),
        ("RTP/AVP/TCP;unicast", 0, {Quirk.RTSP_TRANSPORT}),
        ("RTP/AVP;unicast;client_port=5000-5001", 0, {Quirk.RTSP_TRANSPORT}),
        # mediamtx#19
        ("RTP/AVP/TCP;unicast;interleaved=8-9;ssrc=2A27A3FB", 8, set()),
        ("RTP/AVP/TCP;unicast;Interleaved = 20", 20, set()),
        ("RTP/AVP/TCP;unicast;interleaved=0-1", 2, {Quirk.RTSP_CHANNEL}),
        ("RTP/AVP/TCP;unicast;interleaved=2-3", 0, {Quirk.RTSP_CHANNEL}),
        ("RTP/AVP/TCP;unicast;interleaved=254-255", 254, set()),
        ("RTP/AVP/TCP;unicast;interleaved=999", 0, {Quirk.RTSP_CHANNEL}),
    ],
)
async def test_the_picture_is_found_on_whatever_channel_it_comes(
    transport: str | None, channel: int, quirks: set[Quirk]
) -> None:
    """As answered, or as sent: nothing but the picture was set up."""
    packets = [packet for unit in CLIP.units() for packet in unit]
    wire = b"".join(bytes([36, channel, *divmod(len(p), 256)]) + p for p in packets)
    async with scripted_camera(media=wire) as camera:
        headers = ["Session: 4711"] + ([] if transport is None else [f"Transport: {transport}"])
        write(camera, lambda request, _: answer(request, headers=headers), methods=("SETUP",))
        units, counted = await fetched(camera)
    assert_whole(units)
    assert set(counted.counts()) == quirks


PATH = "/replay/SD_1"


@pytest.mark.parametrize(
    ("base", "control", "odd"),
    [
        ("rtsp://192.0.2.7/replay/SD_1/", "trackID=1", False),
        (None, "trackID=1", False),
        ("rtsp://rtsp://cam.example:554/replay/SD_1/", "trackID=1", True),
        ("RTSP://rtsp://192.0.2.7/replay/SD_1", "trackID=1", True),
        (
            "rtsp://192.0.2.7/replay/SD_1/",
            "rtsp://rtsp://192.0.2.1:554/replay/SD_1/trackID=1",
            True,
        ),
        # go2rtc#1852, moonfire-nvr#356
        ("192.0.2.1:554/replay/SD_1/", "trackID=1", True),
        ("cam.example/replay/SD_1/", "trackID=1", True),
        ("rtsp://::ffff:192.0.2.1/replay/SD_1/", "trackID=1", False),
        ("rtsp://[fe80::1]:554/replay/SD_1/", "trackID=1", False),
        ("rtsp://admin:pass@10.0.0.9:8554/replay/SD_1/", "trackID=1", False),
        ("rtsps://10.0.0.9/replay/SD_1/", "trackID=1", False),
        ("/replay/SD_1/", "trackID=1", False),
        ("replay/SD_1/", "trackID=1", True),
        ('"rtsp://192.0.2.7/replay/SD_1/"', "trackID=1", False),
        ("rtsp://192.0.2.7/other/place/", "trackID=1", True),
        ("rtsp://192.0.2.7/", "trackID=1", True),
        ("rtsp://192.0.2.7", "trackID=1", True),
        ("not an address", "trackID=1", True),
        ("*", "trackID=1", True),
        ("rtsp://192.0.2.7/replay/SD_1/", "rtsp://192.0.2.9:8554/replay/SD_1/trackID=1", False),
        ("rtsp://192.0.2.7/replay/SD_1/", "rtsp://192.0.2.9/live/trackID=1", True),
        ("rtsp://192.0.2.7/replay/SD_1/", "/replay/SD_1/trackID=1", False),
        ("rtsp://192.0.2.7/replay/SD_1/", "/trackID=1", True),
    ],
)
async def test_the_stream_is_found_wherever_the_camera_says_that_it_is(
    base: str | None, control: str, odd: bool
) -> None:
    """Bases and controls of every sort lead to our host, and where they lead nowhere the request URL is tried."""
    here = f"{PATH}/trackID=1"
    async with scripted_camera(media=CLIP.wire()) as camera:
        camera.description = sdp(control=control)

        def change(request: Request, reply: bytes) -> bytes:
            if request.method == "DESCRIBE":
                headers = [] if base is None else [f"Content-Base: {base}"]
                return answer(request, headers=headers, body=camera.description)
            path = request.url.split(str(camera.port), 1)[1]
            right = path == here if request.method == "SETUP" else path.rstrip("/") == PATH
            return reply if right else answer(request, "404 Not Found")

        async def step(request: Request, _writer: object) -> bytes:
            reply = change(request, camera.answered(request))
            return reply + (
                camera.media if request.method == "PLAY" and b" 200 " in reply[:20] else b""
            )

        for method in ("DESCRIBE", "SETUP", "PLAY"):
            camera.steps[method] = step
        units, quirks = await fetched(camera)
        assert_whole(units)
        assert all(r.url.startswith(f"rtsp://127.0.0.1:{camera.port}") for r in camera.requests)
        assert camera.methods().count("SETUP") <= 6
    assert (Quirk.RTSP_BASE in quirks.counts()) is odd


@pytest.mark.parametrize(
    ("base", "control", "wanted"),
    [
        ("rtsp://x/cam?channel=1&subtype=0", "trackID=0", "/cam?channel=1&subtype=0/trackID=0"),
        ("rtsp://x/cam?channel=1&subtype=0/", "trackID=0", "/cam?channel=1&subtype=0/trackID=0"),
        ("rtsp://x/cam?channel=1", "trackID=0", "/cam/trackID=0?channel=1"),
        ("rtsp://x/cam", "?ctype=video", "/cam?ctype=video"),
        ("rtsp://x/cam/", "?ctype=video", "/cam/?ctype=video"),
        ("rtsp://x/a", "*", "/a"),
        ("rtsp://x/a", "", "/a"),
        ("rtsp://x", "t", "/t"),
        ("rtsp:///a", "t", "/a/t"),
    ],
)
def test_addresses_with_a_query_and_without_a_path(base: str, control: str, wanted: str) -> None:
    """What cameras mean is among what is tried."""
    addresses = Addresses("rtsp://h:1", "rtsp://h:1/asked")
    addresses.described(base, None)
    assert f"rtsp://h:1{wanted}" in [reading.stream for reading in addresses.readings(control)]


def test_content_location_counts_where_there_is_no_base() -> None:
    """RFC 2326 C.1.1, in this order."""
    addresses = Addresses("rtsp://h:1", "rtsp://h:1/asked")
    addresses.described(None, "rtsp://192.0.2.1/located/")
    assert addresses.base == "rtsp://h:1/located/"
    addresses.described("rtsp://192.0.2.1/based", "rtsp://192.0.2.1/located/")
    assert addresses.base == "rtsp://h:1/based"


# --- Log-in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moves", [False, True])
@pytest.mark.parametrize("schemes", [("basic",), ("md5",), ("sha256", "md5")])
async def test_a_connection_that_is_closed_behind_the_question_is_opened_again(
    schemes: tuple[str, ...], moves: bool
) -> None:
    """The answer goes over a new one; a wrong password is shown twice at most."""
    async with scripted_camera(media=CLIP.wire()) as camera:
        camera.schemes = schemes
        camera.closing = 99
        units, quirks = await fetched(camera)
        assert_whole(units)
        assert camera.connections == 2
        camera.password = "changed"
        camera.nonce_moves = moves
        camera.requests.clear()
        with pytest.raises(CameraRefused):
            await fetched(camera)
        assert sum("authorization" in request.headers for request in camera.requests) <= 2
    assert Quirk.RTSP_CLOSED_BEHIND_401 in quirks.counts()


async def test_nonces_that_hold_for_one_request_are_no_wrong_password() -> None:
    """Each answer brings another; the one before is refused without a word."""
    async with scripted_camera(media=CLIP.wire()) as camera:
        camera.schemes = ("md5",)
        camera.nonce_holds_once = True
        assert_whole((await fetched(camera))[0])


async def test_a_nonce_of_the_connection_is_asked_for_on_the_next() -> None:
    """Closed behind the question, the camera asks anew over there, and listens."""
    async with scripted_camera(media=CLIP.wire()) as camera:
        camera.schemes = ("md5",)
        camera.closing = 1
        camera.nonce_by_connection = True
        assert_whole((await fetched(camera))[0])
        assert camera.connections == 2


# --- Signs of life --------------------------------------------------------------------------------------------


def slowly(camera: ScriptedCamera, pause: float = 0.02) -> None:
    """Let the camera play a picture every so many seconds."""

    async def play(request: Request, writer: asyncio.StreamWriter) -> bytes:
        async def send() -> None:
            with contextlib.suppress(ConnectionError):
                for unit in CLIP.units():
                    writer.write(b"".join(interleaved(packet) for packet in unit))
                    await writer.drain()
                    await asyncio.sleep(pause)

        writer.write(answer(request, headers=["Session: 4711"]))
        task = asyncio.create_task(send())
        camera._tasks.add(task)
        return b""

    camera.steps["PLAY"] = play


@pytest.mark.parametrize(
    "status", ["400 Bad Request", "405 X", "451 X", "454 X", "501 X", "503 X", "401 X"]
)
@pytest.mark.parametrize("shift", [0, -1, -99])
async def test_a_sign_of_life_that_is_refused_ends_nothing(
    status: str, shift: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """retina#133: announced, refused, and with the number of the request before, which was PLAY."""
    monkeypatch.setattr(replay_module, "KEEP_ALIVE_BOUNDS", (0.06, 0.06))
    async with scripted_camera() as camera:
        slowly(camera)
        camera.public = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, SET_PARAMETER"

        async def refuse(request: Request, _writer: object) -> bytes:
            return answer(request, status).replace(
                b"CSeq: %d" % request.sequence, b"CSeq: %d" % max(0, request.sequence + shift)
            )

        camera.steps["GET_PARAMETER"] = camera.steps["SET_PARAMETER"] = refuse
        units, quirks = await fetched(camera, idle_timeout=3)
        assert_whole(units)
        alive = [m for m in camera.methods() if m != "TEARDOWN"][4:]
    assert alive[0] == "GET_PARAMETER"
    if not status.startswith("401"):
        # Another may have left before the refusal came.
        assert "OPTIONS" in alive
        assert "GET_PARAMETER" not in alive[alive.index("OPTIONS") :]
        assert Quirk.RTSP_KEEP_ALIVE in quirks.counts()


async def test_a_sign_of_life_that_is_never_answered_is_replaced() -> None:
    """ZLMediaKit#642: announced, and silence; the end of the footage is told from a dead camera all the same."""
    clip = Footage(count=20)
    async with scripted_camera(media=clip.wire()) as camera:

        async def nothing(_request: Request, _writer: object) -> None:
            return None

        camera.steps["GET_PARAMETER"] = nothing
        quirks = Quirks()
        async with await replay(
            camera.url, VIEWER, moment(0), moment(600), idle_timeout=0.2, timeout=1.5, quirks=quirks
        ) as stream:
            assert_whole([unit async for unit in stream])
            assert stream.ended is ReplayEnd.SILENT
    assert Quirk.RTSP_KEEP_ALIVE in quirks.counts()


async def test_a_second_answer_to_play_is_no_answer_to_anything_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It comes while signs of life are on their way."""
    monkeypatch.setattr(replay_module, "KEEP_ALIVE_BOUNDS", (0.06, 0.06))
    async with scripted_camera() as camera:
        slowly(camera)

        async def twice(request: Request, _writer: object) -> bytes:
            play = next(one for one in camera.requests if one.method == "PLAY")
            return answer(play, headers=["Session: 4711"]) + answer(request)

        camera.steps["GET_PARAMETER"] = twice
        units, _ = await fetched(camera, idle_timeout=3)
        assert_whole(units)
        assert "OPTIONS" not in camera.methods()[1:]


async def test_a_session_that_is_forgotten_is_told_when_no_picture_comes() -> None:
    """454 to a sign of life, and silence: that is no end of the footage."""
    async with scripted_camera(media=Footage(count=10).wire()) as camera:

        async def forgotten(request: Request, _writer: object) -> bytes:
            return answer(request, "454 Session Not Found")

        camera.steps["GET_PARAMETER"] = forgotten
        async with await replay(
            camera.url, VIEWER, moment(0), moment(600), idle_timeout=1.2
        ) as stream:
            assert_whole([await anext(stream) for _ in range(10)], 10)
            with pytest.raises(CameraUnreachable, match="forgotten"):
                await anext(stream)


# --- Bytes between packets ------------------------------------------------------------------------------------

JUNK = [
    # Canon VB-H47, gortsplib#653
    b"\x13\x37\x00\xffrest of a frame\x01\x02",
    b"\x00",
    b"\xff" * 300,
    b"A",
    b"RTSP",
    b"OPTION",
    b"$",
    b"$$$$$$$$",
    b"$\x00",
    b"$\x00\x00\x04abcd",
    b"$\x00\x05\xdc\x80\x60 what begins like a packet of ours",
    b"$\x01\x00\x10\x80",
    b"$\x07\xff\xff nobody's, and long",
    b"$\x00\xff\xff",
    b"\x80\x60" * 2000,
    bytes(range(256)) * 200,
]


@pytest.mark.parametrize("place", ["before", "between packets", "between pictures"])
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: repr(junk[:12]))
async def test_the_next_packet_is_found_behind_bytes_that_belong_to_nothing(
    junk: bytes, place: str
) -> None:
    """Whatever they look like, and wherever the network cuts them."""
    clip = Footage(count=20, size=300, flags={19: TERMINAL})
    wire = junk if place == "before" else b""
    for number, unit in enumerate(clip.units()):
        for at, packet in enumerate(unit):
            wire += interleaved(packet)
            if (place, at) == ("between packets", 1) and number % 4 == 1:
                wire += junk
        if place == "between pictures" and number % 4 == 2:
            wire += junk
    async with scripted_camera() as camera:

        async def play(request: Request, writer: asyncio.StreamWriter) -> bytes:
            writer.write(answer(request))
            for at in range(0, len(wire), 7001):
                writer.write(wire[at : at + 7001])
                await writer.drain()
                await asyncio.sleep(0)
            return b""

        camera.steps["PLAY"] = play
        units, quirks = await fetched(camera)
    assert_whole(units)
    assert Quirk.RTSP_STRAY_BYTES in quirks.counts()


@pytest.mark.parametrize("lost", [1, 40, 700])
async def test_a_packet_that_was_not_sent_whole_is_missing_and_spoils_nothing(lost: int) -> None:
    """moonfire-nvr#302: a camera whose buffer was full leaves bytes out. No damaged picture is given out as a whole one."""
    packets = [
        packet
        for unit in Footage(count=60, size=1000, flags={59: TERMINAL}).units()
        for packet in unit
    ]
    cut = len(packets) // 3
    wire = b"".join(
        interleaved(packet)[: -min(lost, len(packet) // 2) if number == cut else None]
        for number, packet in enumerate(packets)
    )
    originals = {moment(index): annex_b(nals) for index, nals in enumerate(pictures()[:60])}
    async with scripted_camera(media=wire) as camera:
        units, quirks = await fetched(camera)
    assert all(unit.damaged or unit.data == originals[unit.at] for unit in units)
    assert len(units) >= 59
    assert 1 <= sum(unit.damaged for unit in units) <= 2
    assert Quirk.RTSP_STRAY_BYTES in quirks.counts()


async def test_a_stream_of_nothing_but_stray_bytes_is_given_up() -> None:
    """Bounded, and told as what it is."""
    async with scripted_camera(media=b"\x01" * 70_000) as camera:
        with pytest.raises(CameraAnswerInvalid, match="not RTSP"):
            await fetched(camera)


# --- No room to play ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["453 Not Enough Bandwidth", "503 Service Unavailable"])
async def test_a_session_that_is_granted_and_not_played_is_not_one_that_is_taken(
    status: str,
) -> None:
    """GStreamer says so of what it does not have. It proves nothing against the card."""
    async with scripted_camera() as camera:

        async def refuse(request: Request, _writer: object) -> bytes:
            return answer(request, status)

        camera.steps["PLAY"] = refuse
        quirks = Quirks()
        with pytest.raises(PlayRefused):
            await replay(camera.url, VIEWER, moment(0), moment(9), quirks=quirks)
        assert Quirk.RTSP_PLAY_REFUSED in quirks.counts()
        result = await read_back(camera.url, VIEWER, moment(59), limits=ReadBackLimits(idle=0.5))
        assert result.outcome is ReadBackOutcome.NOT_POSSIBLE
        camera.steps["SETUP"] = refuse
        with pytest.raises(CameraBusy) as caught:
            await replay(camera.url, VIEWER, moment(0), moment(9))
        assert not isinstance(caught.value, PlayRefused)


async def test_what_is_refused_everywhere_is_told_by_the_first_refusal() -> None:
    """Also where the camera then hangs up: other addresses were only tried."""
    async with scripted_camera() as camera:

        async def refuse(request: Request, writer: asyncio.StreamWriter) -> bytes:
            if camera.methods().count(request.method) > 1:
                writer.transport.abort()
                return b""
            return answer(request, "404 Not Found")

        camera.steps["SETUP"] = refuse
        with pytest.raises(FootageMissing):
            await replay(camera.url, VIEWER, moment(0), moment(9))
        del camera.steps["SETUP"]
        camera.requests.clear()
        camera.steps["PLAY"] = refuse
        with pytest.raises(FootageMissing):
            await replay(camera.url, VIEWER, moment(0), moment(9))


async def test_a_camera_that_hangs_up_on_options_is_asked_on() -> None:
    """Some know no OPTIONS."""
    async with scripted_camera(media=CLIP.wire()) as camera:

        async def hang_up(_request: Request, writer: asyncio.StreamWriter) -> bytes:
            writer.transport.abort()
            return b""

        camera.steps["OPTIONS"] = hang_up
        assert_whole((await fetched(camera))[0])
