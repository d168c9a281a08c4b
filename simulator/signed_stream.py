"""What a camera that signs records and sends: its pictures second by second, with its messages among them.

The encoder signs all the time, recording or not, and every second is a group. So what stands in a second follows from
that second alone (keys and signatures are made from the serial number), and a card need not keep it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import functools
import hashlib
from itertools import batched
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from .camera import CertificateHabit, SigningConfig, VirtualCamera
from .media_signing import MediaSigner, SigningHabits, make_certificate
from .rtp import Second, is_coded
from .video import SECONDS, Loop, Unit

# Seconds signed before the one that is wanted: the link of its first message is of the group before that.
_BEFORE = 2
# Seconds kept cut: a replay asks for each of its pictures.
_KEPT = 4


def _key_of(name: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()) >> 8
    return ec.derive_private_key(number, ec.SECP256R1())


def camera_key(serial: str, key: int) -> ec.EllipticCurvePrivateKey:
    """Return a camera's key of that number."""
    return _key_of(f"{serial} {key}")


@functools.cache
def maker_root() -> x509.Certificate:
    """Return the root of the simulated maker, the same for ever."""
    return make_certificate("Niiza Sim Root", _key_of("root"), serial=1)


@functools.cache
def camera_chain(serial: str, key: int) -> tuple[x509.Certificate, x509.Certificate]:
    """Return the certificates of a camera's key of that number, its own first, without the root."""
    factory_key = _key_of("factory")
    factory = make_certificate(
        "Niiza Sim Factory",
        factory_key,
        issuer=(maker_root(), _key_of("root")),
        authority=True,
        serial=2,
    )
    number = int.from_bytes(hashlib.sha256(f"{serial} {key}".encode()).digest()[:8]) | 1
    leaf = make_certificate(
        f"NS {serial}", camera_key(serial, key), issuer=(factory, factory_key), serial=number
    )
    return leaf, factory


class SignedStream:
    """The signed pictures of a camera's profile `main`."""

    def __init__(self, camera: VirtualCamera, config: SigningConfig) -> None:
        """Make the key."""
        self._camera = camera
        self._config = config
        self._codec: Literal["h264", "hevc"] = "h264" if camera.config.codec == "H264" else "hevc"
        self._habits = SigningHabits(
            list_of_digests=config.hash_list,
            part=config.part,
            late=config.late,
            chain_each=config.certificate is CertificateHabit.EACH,
            deterministic=True,
        )
        self._units = functools.lru_cache(_KEPT)(self._signed)
        self._cut = functools.lru_cache(_KEPT)(self._cut_anew)

    def second(
        self,
        second: int,
        loop_at: Callable[[int], Loop],
        *,
        begins: bool,
        asked: bool,
        extension: bool,
    ) -> Second:
        """Return that second of the epoch cut into packets; `loop_at` tells what was seen in a second.

        `begins`: the stream begins here, or the recording; `asked`: it is a synchronization point.
        """
        habit = self._config.certificate
        certificate = (asked and habit is not CertificateHabit.NEVER) or (
            begins and habit is CertificateHabit.START
        )
        faults = self._camera.faults
        broken = (faults.changed_second == second, faults.lost_second == second)
        loops = tuple(loop_at(one) for one in range(second - _BEFORE, second + 1))
        return self._cut(second, loops, certificate, extension, broken)

    def _cut_anew(
        self,
        second: int,
        loops: tuple[Loop, ...],
        certificate: bool,
        extension: bool,
        broken: tuple[bool, bool],
    ) -> Second:
        units = list(self._units(second, loops))
        codec = loops[-1].spec.codec
        if certificate:
            nals = list(units[0].nals)
            coded = next(at for at, nal in enumerate(nals) if is_coded(codec, nal))
            nals.insert(coded, self._signer(second, loops[-1]).certificate_message())
            units[0] = replace(units[0], nals=tuple(nals))
        # Somebody had the card in his hands: one bit of a picture, or the last slice of one.
        place = len(units) // 2
        nals = list(units[place].nals)
        if broken[0]:
            middle = len(nals[-1]) // 2
            nals[-1] = nals[-1][:middle] + bytes([nals[-1][middle] ^ 1]) + nals[-1][middle + 1 :]
        if broken[1]:
            nals.pop()
        units[place] = replace(units[place], nals=tuple(nals))
        return Second(codec, tuple(units), extension=extension)

    def _signer(self, second: int, loop: Loop) -> MediaSigner:
        """Return a signer that is to begin with a second."""
        serial, key = self._camera.config.serial, self._config.key
        return MediaSigner(
            self._codec,
            camera_key(serial, key),
            camera_chain(serial, key),
            self._habits,
            counter=self._groups_before(second, loop),
        )

    def _groups_before(self, second: int, loop: Loop) -> int:
        """Return how many groups were signed before a second, had the camera always seen this loop."""
        groups: list[int] = loop.derived.setdefault(
            ("groups", self._config.part),
            [
                -(
                    -sum(is_coded(loop.spec.codec, nal) for unit in units for nal in unit.nals)
                    // part
                )
                if (part := self._config.part)
                else 1
                for units in batched(loop.units, loop.spec.frame_rate, strict=True)
            ],
        )
        minutes, at = divmod(second, SECONDS)
        return minutes * sum(groups) + sum(groups[:at])

    def _signed(self, second: int, loops: tuple[Loop, ...]) -> tuple[Unit, ...]:
        signer = self._signer(second - _BEFORE, loops[0])
        units: list[Unit] = []
        for at, loop in enumerate(loops, second - _BEFORE):
            rate = loop.spec.frame_rate
            start = datetime.fromtimestamp(at, UTC)
            begin = at % SECONDS * rate
            units = list(loop.units[begin : begin + rate])
            pictures = [
                (start + timedelta(seconds=1) * unit.shown / rate, list(unit.nals))
                for unit in units
            ]
            units = [
                replace(unit, nals=tuple(nals))
                for unit, (_, nals) in zip(units, signer.sign(pictures), strict=True)
            ]
        return tuple(units)
