"""Reading a station from YAML."""

from dataclasses import MISSING, dataclass, fields, replace
import enum
from pathlib import Path
import types
from typing import Any, get_args, get_origin, get_type_hints

import yaml

from simulator.camera import (
    CameraConfig,
    DdnsConfig,
    Faults,
    MailConfig,
    OtherRecording,
    SigningConfig,
    User,
)
from simulator.card import posix_zone


class ConfigError(Exception):
    """The file does not describe a station; the text says where."""


@dataclass(frozen=True, kw_only=True)
class StationConfig:
    """A station as the file describes it."""

    cameras: tuple[CameraConfig, ...]
    discovery: bool = False
    control_port: int | None = None


def load(path: Path, *, host: str | None = None, cameras: int | None = None) -> StationConfig:
    """Read a station; `host` replaces where the cameras listen, `cameras` repeats them up to that number.

    Raises ConfigError.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as err:
        raise ConfigError(f"{path} cannot be read: {err.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        raise ConfigError(f"{path} is no YAML: {err}") from None
    if (
        not isinstance(data, dict)
        or not isinstance(data.get("cameras"), list)
        or not data["cameras"]
    ):
        raise ConfigError(f"{path} has no list of cameras")
    if unknown := data.keys() - {"cameras", "users", "discovery", "control_port", "host"}:
        raise ConfigError(f"{path}: {min(map(str, unknown))} is not known")
    shared = {"users": data.get("users", []), "host": data.get("host", "127.0.0.1")}
    made = [
        _make(CameraConfig, {**shared, **item}, f"camera {number}")
        for number, item in enumerate(data["cameras"], 1)
        if isinstance(item, dict) or _fail(f"camera {number} is no mapping")
    ]
    for config in made:
        try:
            posix_zone(config.time_zone)
        except ValueError:
            _fail(f"{config.name}: {config.time_zone} is no POSIX time zone")
        if config.codec not in {"H264", "H265"}:
            _fail(f"{config.name}: codec is H264 or H265")
        if config.mail is not None and config.mail.language not in {"ja", "en"}:
            _fail(f"{config.name}: the mails' language is ja or en")
    if host is not None:
        made = [replace(config, host=host) for config in made]
    if cameras is not None:
        made = multiply(made, cameras)
    if len({config.name for config in made}) != len(made):
        _fail("Two cameras have the same name")
    control = data.get("control_port")
    if control is not None and not isinstance(control, int):
        _fail("control_port is no number")
    return StationConfig(
        cameras=tuple(made), discovery=bool(data.get("discovery", False)), control_port=control
    )


def multiply(configs: list[CameraConfig], number: int) -> list[CameraConfig]:
    """Repeat cameras up to a number, each with a name, serial, MAC and ports of its own."""
    ports = [port for item in configs for port in (item.http_port, item.rtsp_port) if port]
    # Copies take the originals' ports, shifted by whole blocks.
    block = max(ports) - min(ports) + 1 if ports else 0
    made = list(configs[:number])
    for at in range(len(configs), number):
        config = configs[at % len(configs)]
        shift = at // len(configs) * block
        tail = ":".join(f"{at + 1 >> bits & 255:02x}" for bits in (16, 8, 0))
        made.append(
            replace(
                config,
                name=f"{config.name}-{at + 1:03}",
                serial=f"{config.serial}-{at + 1:03}",
                mac=f"{config.mac[:8]}:{tail}",
                mail=config.mail and replace(config.mail, to=_numbered(config.mail.to, at + 1)),
                http_port=config.http_port and config.http_port + shift,
                rtsp_port=config.rtsp_port and config.rtsp_port + shift,
            )
        )
    return made


def _numbered(address: str, number: int) -> str:
    """Return a mail address of its own for a copy."""
    local, at, domain = address.partition("@")
    return f"{local}{number:03}{at}{domain}"


def _fail(text: str) -> bool:
    raise ConfigError(text)


def _make[T: (CameraConfig, DdnsConfig, MailConfig, OtherRecording, SigningConfig, User, Faults)](
    kind: type[T], data: Any, where: str
) -> T:
    """Make a dataclass from a mapping, by the types of its fields. Raises ConfigError."""
    if not isinstance(data, dict):
        raise ConfigError(f"{where} is no mapping")
    hints = get_type_hints(kind)
    if unknown := data.keys() - hints.keys():
        raise ConfigError(f"{where}: {min(map(str, unknown))} is not known")
    for item in fields(kind):
        needed = item.default is MISSING and item.default_factory is MISSING
        if needed and item.name not in data:
            raise ConfigError(f"{where}: {item.name} is missing")
    return kind(
        **{name: _value(hints[name], value, f"{where}: {name}") for name, value in data.items()}
    )


def _value(hint: Any, value: Any, where: str) -> Any:
    """Fit a value from YAML to a field's type. Raises ConfigError."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is types.UnionType:
        if value is None:
            return None
        return _value(next(kind for kind in arguments if kind is not type(None)), value, where)
    if origin in {tuple, frozenset}:
        if not isinstance(value, list):
            raise ConfigError(f"{where} is no list")
        if origin is tuple and arguments[-1] is not Ellipsis:
            if len(value) != len(arguments):
                raise ConfigError(f"{where}: {len(arguments)} values are wanted")
            return tuple(
                _value(kind, item, where) for kind, item in zip(arguments, value, strict=True)
            )
        return origin(_value(arguments[0], item, where) for item in value)
    if hint in {DdnsConfig, MailConfig, OtherRecording, SigningConfig, User, Faults}:
        return _make(hint, value, where)
    if isinstance(hint, enum.EnumType):
        try:
            return hint(value)
        except ValueError:
            raise ConfigError(f"{where}: {value} is not known") from None
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise ConfigError(f"{where}: {value} is no {hint.__name__}")
    return value
