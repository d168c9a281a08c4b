"""The servers that `bench.replay` and `bench.seek` fetch from, each a process of its own; it ends with its standard input.

`simulator` is the virtual camera, which renders while it sends, and may take its time over SETUP. `rendered` sends bytes that were recorded from it
beforehand, as fast as the socket takes them: no camera is that fast.
"""

import asyncio
import mmap
from pathlib import Path
import socket
import sys
import threading

from simulator.camera import CameraConfig, User, VirtualCamera
from simulator.card import Card
from simulator.rtsp import RtspServer
from simulator.video import Loops

USER, PASSWORD = "viewer", "viewer-pass"


async def simulate(codec: str, setup_seconds: float) -> None:
    """Be a virtual camera with 1080p at 20 pictures and 4 Mbit a second."""
    config = CameraConfig(
        name="bench",
        serial="NS200-bench",
        mac="02:00:00:00:be:ec",
        http_port=0,
        rtsp_port=0,
        users=(User(name=USER, password=PASSWORD),),
        codec=codec,
        width=1920,
        height=1080,
        frame_rate=20,
        bitrate=4096,
        replay_sessions=2,
    )
    camera = VirtualCamera(config)
    camera.faults.setup_seconds = setup_seconds
    server = RtspServer(camera, Card(camera), Loops())
    await server.start()
    _ready(server.port)
    await asyncio.to_thread(sys.stdin.read)
    await server.stop()


def send_rendered(description: Path, stream: Path) -> None:
    """Answer just enough RTSP and send the recorded stream to each PLAY."""
    sdp = description.read_bytes()
    with (
        stream.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as media,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        # Read once, so that the first run does not pay for the disk.
        sum(media[:: mmap.PAGESIZE])
        _ready(server.getsockname()[1])
        threading.Thread(target=_stop_with_input, args=(server,), daemon=True).start()
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                _converse(connection, sdp, media)


def _converse(connection: socket.socket, sdp: bytes, media: mmap.mmap) -> None:
    asked = b""
    try:
        while chunk := connection.recv(65536):
            asked += chunk
            while b"\r\n\r\n" in asked:
                head, _, asked = asked.partition(b"\r\n\r\n")
                lines = head.decode().split("\r\n")
                number = next(line for line in lines if line.lower().startswith("cseq"))
                body = sdp if lines[0].startswith("DESCRIBE") else b""
                answer = f"RTSP/1.0 200 OK\r\n{number}\r\nSession: 1\r\n"
                answer += f"Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nContent-Length: {len(body)}\r\n\r\n"
                connection.sendall(answer.encode() + body)
                if lines[0].startswith("PLAY"):
                    connection.sendall(media)
    except ConnectionError:
        pass


def _stop_with_input(server: socket.socket) -> None:
    sys.stdin.read()
    server.shutdown(socket.SHUT_RDWR)


def _ready(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "simulator":
        asyncio.run(simulate(sys.argv[2], float(sys.argv[3]) if sys.argv[3:] else 0.0))
    else:
        send_rendered(Path(sys.argv[2]), Path(sys.argv[3]))
