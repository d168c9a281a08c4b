"""What a camera answered during a test, as it came: for a second opinion, and for who is handed it on. Bounded."""

from dataclasses import dataclass
from typing import Final

from ..device.session import Heard

# Honest cameras answer a test with some hundred KiB in some hundred answers.
MAX_HEARD: Final = 400
MAX_BYTES: Final = 4 * 1024 * 1024
MAX_BODY: Final = 512 * 1024


@dataclass(kw_only=True)
class Recorder:
    """Keeps answers in the order in which they came; what is too much is counted, and left out."""

    def __post_init__(self) -> None:
        """Begin with none."""
        self.heard: list[Heard] = []
        self.left_out = 0
        self._bytes = 0

    def __call__(self, heard: Heard) -> None:
        """Take in an answer."""
        size = len(heard.body) + len(heard.asked)
        if (
            len(self.heard) >= MAX_HEARD
            or len(heard.body) > MAX_BODY
            or self._bytes + size > MAX_BYTES
        ):
            self.left_out += 1
            return
        self._bytes += size
        self.heard.append(heard)
