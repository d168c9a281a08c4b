"""What tests say about the simulated cameras: configurations with free ports and two accounts."""

from dataclasses import replace
from typing import Any
import zlib

from simulator.camera import CameraConfig, User, UserLevel

VIEWER = User(name="viewer", password="viewer-pass", level=UserLevel.USER)
CHIEF = User(name="chief", password="chief-pass", level=UserLevel.ADMINISTRATOR)


def camera_config(name: str = "kita", **changes: Any) -> CameraConfig:
    """Return a camera on free ports; serial and MAC follow from the name."""
    number = zlib.crc32(name.encode())
    mac = ":".join(f"{number >> shift & 255:02x}" for shift in (24, 16, 8, 0))
    config = CameraConfig(
        name=name,
        location=f"Station, {name} exit",
        serial=f"NS200-{number:08x}",
        mac=f"02:00:{mac}",
        http_port=0,
        rtsp_port=0,
        users=(VIEWER, CHIEF),
        # Small, so that the one encoding per machine is quick.
        width=640,
        height=360,
        frame_rate=5,
        bitrate=512,
    )
    return replace(config, **changes)
