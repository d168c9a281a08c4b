"""A narrow link between camera and client: a TCP relay, a process of its own, that ends with its standard input.

`python -m bench.seek_link PORT MEGABITS` takes connections, opens one to PORT of this machine for each, and passes on
what comes from there at so many million bits a second at most. Its buffers are small, as a switch's are, and segments are
those of an Ethernet: with loopback's of 64 KiB, the kernel would let megabytes wait in front of it.
"""

import contextlib
import socket
import sys
import threading
import time

_BUFFER = 64 * 1024
_CHUNK = 8 * 1024
_ETHERNET = 1448


def _narrow(sending: socket.socket, receiving: socket.socket, bytes_a_second: float) -> None:
    """Pass on what comes, no faster than the link; a link that rested saves nothing up."""
    due = time.monotonic()
    with contextlib.suppress(OSError):
        while chunk := sending.recv(_CHUNK):
            due = max(due, time.monotonic() - 0.005) + len(chunk) / bytes_a_second
            if (wait := due - time.monotonic()) > 0:
                time.sleep(wait)
            receiving.sendall(chunk)
    for side in (sending, receiving):
        with contextlib.suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)


def _connect(client: socket.socket, port: int, bytes_a_second: float) -> None:
    camera = socket.socket()
    camera.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _ETHERNET)
    for side in (client, camera):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        side.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
        side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    camera.connect(("127.0.0.1", port))
    # What is asked takes no time.
    for pair in ((client, camera, 1e12), (camera, client, bytes_a_second)):
        threading.Thread(target=_narrow, args=pair, daemon=True).start()


def main() -> None:
    """Relay until the standard input ends."""
    port, bytes_a_second = int(sys.argv[1]), float(sys.argv[2]) * 1e6 / 8
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _ETHERNET)

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    _connect(server.accept()[0], port, bytes_a_second)

        threading.Thread(target=serve, daemon=True).start()
        sys.stdout.write(f"{server.getsockname()[1]}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
