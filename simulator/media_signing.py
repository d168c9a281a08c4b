"""A camera that signs its pictures (ONVIF Media Signing specification 26.06): NAL units in, NAL units with messages out.

Written after the specification, not after the product's verifier, with which it shares no code.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import hashlib
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from .sei import escape, unescape

SIGNING_UUID = bytes.fromhex("005bc93f2d715e95ada4796f90877a6f")
OIDS = {
    "sha256": bytes.fromhex("0609608648016503040201"),
    "sha384": bytes.fromhex("0609608648016503040202"),
    "sha512": bytes.fromhex("0609608648016503040203"),
}
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def make_certificate(
    name: str,
    key: PrivateKey,
    *,
    issuer: tuple[x509.Certificate, PrivateKey] | None = None,
    begin: datetime = datetime(2020, 1, 1, tzinfo=UTC),
    end: datetime = datetime(2099, 12, 31, tzinfo=UTC),
    authority: bool = False,
    serial: int | None = None,
) -> x509.Certificate:
    """Make a certificate, self-signed without an `issuer`; with a `serial` number it is the same each time."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    authority = authority or issuer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer[0].subject)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    signing_key = key if issuer is None else issuer[1]
    if issuer is not None:
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()),
            critical=False,
        )
    if authority:
        builder = builder.add_extension(
            x509.KeyUsage(
                digital_signature=False,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=True,
                crl_sign=True,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    if serial is None or isinstance(signing_key, rsa.RSAPrivateKey):
        return builder.sign(signing_key, hashes.SHA256())
    return builder.sign(signing_key, hashes.SHA256(), ecdsa_deterministic=True)


@dataclass(frozen=True, kw_only=True)
class SigningHabits:
    """What the specification leaves to a camera.

    `groups`: after how many groups it signs; `part`: units after which a long group is signed in parts; `late`: units
    by which a message comes after the key picture that closed its group; `chain_each`: certificates in each
    signed message, otherwise only in the one at the start; `other`: data of its own (tag 7); `deterministic`: the same
    signature for the same pictures (RFC 6979).
    """

    digest: Literal["sha256", "sha384", "sha512"] = "sha256"
    list_of_digests: bool = True
    escaped: bool = True
    hash_escaped: bool = False
    groups: int = 1
    part: int | None = None
    late: int = 0
    chain_each: bool = False
    version: Literal[1, 2] = 2
    little_endian: bool = False
    other: bytes = b""
    deterministic: bool = False


class MediaSigner:
    """The signing half of a camera: `sign` gives its pictures back with its messages among them."""

    def __init__(
        self,
        codec: Literal["h264", "hevc"],
        key: PrivateKey,
        chain: Iterable[x509.Certificate],
        habits: SigningHabits | None = None,
        *,
        counter: int = 0,
    ) -> None:
        """`chain` without the root, the key's own certificate first; `counter`: groups signed before."""
        self.codec = codec
        self.habits = habits or SigningHabits()
        self._key = key
        self._chain = b"".join(one.public_bytes(Encoding.PEM) for one in chain)
        self._hash = getattr(hashlib, self.habits.digest)
        self._size = self._hash().digest_size
        self._digests: list[bytes] = []
        self._anchor = bytes(self._size)
        self._first_before = bytes(self._size)
        self._first: bytes | None = None
        self._counter = counter
        self._unsigned = 0
        self._unsigned_messages: set[bytes] = set()
        self._start: datetime | None = None
        self._late: list[tuple[int, bytes]] = []

    def certificate_message(self) -> bytes:
        """Return the message that a stream starts with, and that SetSynchronizationPoint asks for."""
        return self._message(0x80, self._about(chain=True), signed=True)

    def sign(
        self, pictures: Iterable[tuple[datetime, list[bytes]]]
    ) -> Iterator[tuple[datetime, list[bytes]]]:
        """Give pictures (time, NAL units without start codes) back, with the messages where they are due."""
        for at, units in pictures:
            out: list[bytes] = []
            for unit in units:
                messages = self._before(unit, at)
                self._late += [(self.habits.late, one) for one in messages]
                if self._is_slice(unit):
                    while self._late and self._late[0][0] <= 0:
                        out.append(self._sent(self._late.pop(0)[1]))
                    self._late = [(left - 1, one) for left, one in self._late]
                out.append(unit)
                self._add(unit, at)
            yield at, out

    def _is_slice(self, unit: bytes) -> bool:
        if self.codec == "h264":
            return unit[0] & 0x1F in {1, 5}
        return unit[0] >> 1 in {0, 1, *range(16, 22)}

    def _begins(self, unit: bytes) -> bool:
        if self.codec == "h264":
            return unit[0] & 0x1F == 5 and bool(unit[1] & 0x80)
        return 16 <= unit[0] >> 1 <= 21 and bool(unit[2] & 0x80)

    def _before(self, unit: bytes, at: datetime) -> list[bytes]:
        """Return the messages that this unit brings about, since it ends a group, or a part of one."""
        if not self._is_slice(unit) or not self._digests:
            return []
        begins = self._begins(unit)
        full = self.habits.part is not None and len(self._digests) >= self.habits.part
        if not begins and not full:
            return []
        self._counter = (self._counter + 1) & 0xFFFFFFFF
        self._unsigned += 1
        signed = self._unsigned >= self.habits.groups
        values = self._about(chain=self.habits.chain_each) if signed else []
        values.append((1, self._group(at, partial=not begins)))
        if self.habits.list_of_digests:
            values.append((2, b"\1" + b"".join(self._digests)))
        if self.habits.other:
            values.append((7, b"\1" + self.habits.other))
        message = self._message(0, values, signed=signed)
        self._first_before = self._first or bytes(self._size)
        self._first, self._start = None, None
        self._digests = []
        if signed:
            self._unsigned = 0
        else:
            self._unsigned_messages.add(message)
        return [message]

    def _sent(self, message: bytes) -> bytes:
        """Count a message without a signature as a unit of the group in which it is sent: the next signature covers it."""
        if message in self._unsigned_messages:
            self._unsigned_messages.discard(message)
            self._digests.append(self._hash(self._as_hashed(message)).digest())
            self._first = self._first or self._digests[0]
        return message

    def _add(self, unit: bytes, at: datetime) -> None:
        if not self._is_slice(unit):
            return
        digest = self._hash(unit.rstrip(b"\0")).digest()
        if self._begins(unit):
            self._anchor = digest
        else:
            digest = self._hash(self._anchor + digest).digest()
        self._digests.append(digest)
        self._first = self._first or digest
        self._start = self._start or at

    def _about(self, *, chain: bool) -> list[tuple[int, bytes]]:
        oid = OIDS[self.habits.digest]
        texts = (b"1.2.3", b"SIM-0001", b"Simulated Works")
        values = [
            (4, bytes([1, len(oid)]) + oid + b"\0\0\0"),
            (5, b"\1" + b"".join(bytes([len(text)]) + text for text in texts)),
        ]
        return [*values, (6, b"\1\0" + self._chain)] if chain else values

    def _group(self, end: datetime, *, partial: bool) -> bytes:
        order: Literal["big", "little"] = "little" if self.habits.little_endian else "big"

        def time(at: datetime) -> bytes:
            ticks = (at - datetime(1601, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 10
            return ticks.to_bytes(8, order)

        version = self.habits.version
        return b"".join(
            (
                bytes([version, 26, 6, 0, partial]),
                time(self._start or end),
                time(end) if version == 2 else b"",
                self._counter.to_bytes(4),
                len(self._digests).to_bytes(2),
                self._hash(b"".join(self._digests)).digest(),
                self._first_before,
            )
        )

    def _message(self, flag: int, values: list[tuple[int, bytes]], *, signed: bool) -> bytes:
        body = b"".join(bytes([tag]) + len(value).to_bytes(2) + value for tag, value in values)
        longest = (
            80 if isinstance(self._key, ec.EllipticCurvePrivateKey) else self._key.key_size // 8
        )
        if longest == 80 and isinstance(self._key, ec.EllipticCurvePrivateKey):
            longest = 2 * ((self._key.key_size + 7) // 8) + 12
        tail = 3 + 3 + longest if signed else 0
        flags = flag | (0x40 if self.habits.hash_escaped and self.habits.escaped else 0)
        size = 16 + 1 + len(body) + tail
        head = b"\x06" if self.codec == "h264" else b"\x4e\x01"
        head += b"\5" + b"\xff" * (size // 255) + bytes([size % 255])
        plain = head + SIGNING_UUID + bytes([flags]) + body
        if not signed:
            return self._escape(plain) + b"\x80"
        covered = self._escape(plain) if flags & 0x40 else plain
        signature = self._signature(self._hash(covered).digest())
        value = b"\1" + len(signature).to_bytes(2) + signature
        value += b"\1" * (3 + longest - len(value))
        return self._escape(plain + b"\3" + len(value).to_bytes(2) + value) + b"\x80"

    def _as_hashed(self, message: bytes) -> bytes:
        if self.habits.hash_escaped or not self.habits.escaped:
            return message
        return unescape(message)

    def _signature(self, digest: bytes) -> bytes:
        algorithm = Prehashed(HASHES[self.habits.digest])
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(
                digest, ec.ECDSA(algorithm, deterministic_signing=self.habits.deterministic)
            )
        pss = padding.PSS(padding.MGF1(HASHES[self.habits.digest]), padding.PSS.MAX_LENGTH)
        return self._key.sign(digest, pss, algorithm)

    def _escape(self, plain: bytes) -> bytes:
        return escape(plain) if self.habits.escaped else plain
