"""A camera with its servers, as the station runs it and others look at it."""

from dataclasses import dataclass, fields, replace
from typing import Any

from simulator.camera import CardFault, CardWord, Faults, Garbage, Quirk, VirtualCamera
from simulator.card import Card
from simulator.ddns import DdnsClient
from simulator.mail import MailClient
from simulator.rtsp import RtspServer
from simulator.soap import SoapServer

# Faults that are a text.
_TEXTS = frozenset({"unreadable", "oversized", "unanswered", "zone_text"})
# Faults that are a number, or None for not at all.
_OPTIONAL = {
    "drop_after",
    "drop_after_pictures",
    "drop_after_bytes",
    "replay_breaks_at",
    "changed_second",
    "lost_second",
    "replay_speed",
    "stall_after",
}


class PortInUse(Exception):
    """Another program listens there."""

    def __init__(self, host: str, port: int, purpose: str) -> None:
        """Name the port and what it was wanted for."""
        super().__init__(
            f"Port {port} on {host} is in use by another program (wanted for {purpose})"
        )
        self.host = host
        self.port = port


@dataclass(kw_only=True)
class RunningCamera:
    """A camera with its servers."""

    camera: VirtualCamera
    card: Card
    soap: SoapServer
    rtsp: RtspServer
    ddns: DdnsClient
    mail: MailClient

    @property
    def name(self) -> str:
        """Return the camera's name."""
        return self.camera.config.name

    @property
    def http_port(self) -> int:
        """Return where SOAP is spoken."""
        return self.camera.config.http_port

    @property
    def rtsp_port(self) -> int:
        """Return where RTSP is spoken."""
        return self.camera.config.rtsp_port

    def set(self, **changes: Any) -> None:
        """Break or fix: fields of Faults by name, plus `quirks`. Raises ValueError or TypeError."""
        kinds = {item.name: type(getattr(self.camera.faults, item.name)) for item in fields(Faults)}
        checked: dict[str, Any] = {}
        for name, value in changes.items():
            if name == "quirks":
                checked[name] = frozenset(Quirk(item) for item in value)
            elif name == "card":
                checked[name] = CardFault(value)
            elif name == "card_word":
                checked[name] = CardWord(value)
            elif name == "garbage":
                checked[name] = Garbage(value)
            elif name in _TEXTS:
                if not isinstance(value, str) and (value is not None or name != "zone_text"):
                    raise TypeError(f"{name} is a text")
                checked[name] = value
            elif name in _OPTIONAL:
                checked[name] = None if value is None else _number(name, value)
            elif kinds.get(name) is float:
                checked[name] = _number(name, value)
            elif kinds.get(name) is bool:
                if not isinstance(value, bool):
                    raise TypeError(f"{name} is true or false")
                checked[name] = value
            else:
                raise ValueError(f"There is no fault named {name}")
        for name, value in checked.items():
            if name == "quirks":
                self.camera.config = replace(self.camera.config, quirks=value)
            else:
                setattr(self.camera.faults, name, value)
                if name == "audio":
                    self.camera.silenced.clear()
            self.camera.changed(name)


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} is a number")
    return float(value)
