"""Which pictures the signatures that came speak of: by what the messages say, without hashing anything.

A camera signs a group in a message that comes with a later one. So whoever fetches a passage learns here how far to
read on for the signature of its last pictures.
"""

from contextlib import suppress
from datetime import datetime, timedelta
import hashlib
from typing import Final

from ..nal import units_of
from .chain import ChainInvalid, SigningKey
from .sei import UUID_ONVIF, Group, SigningInvalid, SigningMessage, read_message

# What comes in front of a picture's slices is short: the bytes behind the last message, the units, and how often that
# may lead to nothing. It is looked at between other things.
_MAX_UNIT: Final = 70_000
_MAX_UNITS: Final = 32
_MAX_USELESS: Final = 64
# By more than this a message's time is of another clock than the pictures'.
_SAME_CLOCK: Final = timedelta(seconds=60)


class Coverage:
    """Follows the pictures of one passage in the order in which they come; `end` is in true time."""

    def __init__(self, end: datetime) -> None:
        """Take the end that was asked for."""
        self._end = end
        # The camera's time of the last picture asked for, of the newest key picture, and what is signed up to there.
        self._last: datetime | None = None
        self._key_picture: datetime | None = None
        self._signed_to: datetime | None = None
        self._signed: SigningMessage | None = None
        self._useless = 0
        # Certificates that came with the pictures.
        self.has_chain = False
        # The picture, in true time, that holds the signature of the last ones asked for.
        self.closed_at: datetime | None = None

    @property
    def is_signed(self) -> bool:
        """Return whether the camera signs this footage."""
        return self._signed is not None

    @property
    def is_open(self) -> bool:
        """Return whether the signature of the last pictures asked for has not come, and will."""
        return self.is_signed and self._last is not None and self.closed_at is None

    def push(
        self, codec: str, data: bytes, at: datetime, camera_at: datetime, *, keyframe: bool
    ) -> None:
        """Take the next picture (Annex B), with its true time and the camera's."""
        if keyframe:
            self._key_picture = camera_at
        messages = self._messages(codec, data) if UUID_ONVIF in data else []
        for message in messages:
            self.has_chain |= message.chain is not None
            if message.signature is not None and message.group is not None:
                self._signed = message
                self._signed_to = self._covered(message.group, camera_at)
        if at <= self._end and (self._last is None or camera_at > self._last):
            self._last, self.closed_at = camera_at, None
        if (
            messages
            and self.closed_at is None
            and self._last is not None
            and self._signed_to is not None
            and self._signed_to > self._last
        ):
            self.closed_at = at

    def is_checked_by(self, chain: bytes) -> bool:
        """Return whether a certificate is of the key that signed last; for a worker thread."""
        signed = self._signed
        if signed is None or signed.signature is None or signed.unknown_digest is not None:
            return False
        name = signed.digest_name or "sha256"
        try:
            return SigningKey(chain).signed(
                signed.signature, hashlib.new(name, signed.signed).digest(), name
            )
        except ChainInvalid:
            return False

    def _covered(self, group: Group, camera_at: datetime) -> datetime | None:
        """Return the camera's time before which all is signed by a message that came with the picture of `camera_at`."""
        # Messages of the first version tell no end.
        told = group.end if group.end != group.start else None
        if told is not None and abs(told - camera_at) <= _SAME_CLOCK:
            return told
        # A clock of its own, or none: at least the groups before the key picture that came last are signed.
        return self._key_picture

    def _messages(self, codec: str, data: bytes) -> list[SigningMessage]:
        if self._useless >= _MAX_USELESS:
            return []
        found = []
        part = data[: data.rfind(UUID_ONVIF) + _MAX_UNIT]
        if part.count(b"\0\0\1") <= _MAX_UNITS:
            for unit in units_of(codec, part):
                with suppress(SigningInvalid):
                    if (message := read_message(codec, unit)) is not None:
                        found.append(message)
        if not found:
            # Nobody signs like that.
            self._useless += 1
        return found
