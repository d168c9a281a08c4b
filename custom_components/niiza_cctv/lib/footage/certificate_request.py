"""Asking a camera for the certificate that it signs its pictures with (ONVIF Media Signing specification).

A camera may send it at the start of a stream only, and where it is asked for a synchronization point. So the stream
that is recorded is looked at for a moment, live, and nothing of it is kept but that message.
"""

import asyncio
from contextlib import suppress
import hashlib
from typing import Final

from ..device.camera import StationCamera
from ..device.errors import CameraError, CameraOperationUnsupported
from .media_signing.chain import ChainInvalid, SigningKey
from .media_signing.sei import MAX_CHAIN, UUID_ONVIF, SigningInvalid, read_message
from .rtsp import RtspConnection, Tls

# What a camera may take in all, and for the message once it plays (seconds): it comes with the next key picture.
_PATIENCE: Final = 20.0
NEXT_KEY_PICTURE: Final = 8.0
# A message is its certificates and little else.
_MAX_UNIT: Final = 2 * MAX_CHAIN
_MAX_MESSAGES: Final = 64
_CODECS: Final = {"H264": "h264", "H265": "hevc"}


async def ask_certificate(camera: StationCamera, tls: Tls | None) -> bytes | None:
    """Return the certificates (PEM chain, the key's own first) that a camera signs with; None where none came in time.

    Raises CameraError.
    """
    try:
        async with asyncio.timeout(_PATIENCE):
            return await _ask(camera, tls)
    except TimeoutError:
        return None


async def _ask(camera: StationCamera, tls: Tls | None) -> bytes | None:
    await camera.confirm()
    profile, url = await camera.recorded_stream()
    connection = RtspConnection(url, camera.credential, tls=tls, quirks=camera.quirks)
    try:
        await connection.connect()
        await connection.options()
        video = next((one for one in await connection.describe() if one.kind == "video"), None)
        if video is None or video.encoding not in _CODECS:
            raise CameraOperationUnsupported(
                "The camera's live stream has no video that it could sign"
            )
        await connection.setup(video, {})
        messages = _Messages(_CODECS[video.encoding])
        await connection.play({"Range": "npt=0.000-"}, messages)
        with suppress(CameraError):
            # Not every viewing user may; the stream has just begun anyway.
            await camera.synchronize(profile)
        async with asyncio.timeout(NEXT_KEY_PICTURE):
            while messages.chain is None:
                await connection.receive(messages)
        return messages.chain
    finally:
        await connection.close()


class _Messages:
    """Takes the RTP packets of a live stream and looks for certificates (RFC 6184 5.6-5.8, RFC 7798 4.4)."""

    def __init__(self, codec: str) -> None:
        self._codec = codec
        self._unit = bytearray()
        # Of the fragments of one unit that came so far, the next one's number.
        self._next = -1
        self._looked_at = 0
        # What came, once the message itself proves that it is the key's.
        self.chain: bytes | None = None

    def push(self, data: bytes | bytearray, start: int, end: int) -> bool:
        """Take one packet."""
        if end - start < 12:
            return False
        at = start + 12 + 4 * (data[start] & 0x0F)
        if data[start] & 0x10 and end - at >= 4:
            at += 4 + 4 * int.from_bytes(data[at + 2 : at + 4])
        if data[start] & 0x20 and end > at and 0 < data[end - 1] <= end - at:
            end -= data[end - 1]
        self._payload(bytes(data[at:end]), int.from_bytes(data[start + 2 : start + 4]))
        return False

    def follow(self, data: bytes | bytearray, frame: int, end: int, size: int) -> int:
        """Take nothing more than `push` does."""
        return end

    def keep(self) -> None:
        """Need nothing of what was given: it was copied."""

    def _payload(self, payload: bytes, number: int) -> None:
        head = 1 if self._codec == "h264" else 2
        if len(payload) <= head:
            return
        kind = payload[0] & 0x1F if self._codec == "h264" else payload[0] >> 1 & 0x3F
        if kind == (28 if self._codec == "h264" else 49):
            self._fragment(payload, head, number)
        elif kind == (24 if self._codec == "h264" else 48):
            at = head
            while at + 2 <= len(payload):
                size = int.from_bytes(payload[at : at + 2])
                self._look(payload[at + 2 : at + 2 + size])
                at += 2 + size
        else:
            self._look(payload)

    def _fragment(self, payload: bytes, head: int, number: int) -> None:
        flags = payload[head]
        if flags & 0x80:
            if self._codec == "h264":
                self._unit = bytearray([payload[0] & 0xE0 | flags & 0x1F])
            else:
                self._unit = bytearray([payload[0] & 0x81 | (flags & 0x3F) << 1, payload[1]])
        elif number != self._next:
            self._unit.clear()
            return
        self._next = number + 1 & 0xFFFF
        if self._unit and len(self._unit) <= _MAX_UNIT:
            self._unit += payload[head + 1 :]
            if flags & 0x40:
                self._look(bytes(self._unit))

    def _look(self, unit: bytes) -> None:
        if UUID_ONVIF not in unit[:64] or self._looked_at >= _MAX_MESSAGES:
            return
        self._looked_at += 1
        try:
            message = read_message(self._codec, unit)
            if message is None or message.chain is None or message.signature is None:
                return
            name = message.digest_name or "sha256"
            digest = hashlib.new(name, message.signed).digest()
            if SigningKey(message.chain).signed(message.signature, digest, name):
                self.chain = message.chain
        except SigningInvalid, ChainInvalid:
            return
