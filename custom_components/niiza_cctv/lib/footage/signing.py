"""The section's own signature under what it hands over.

ECDSA on P-256 with SHA-256 and an X.509 certificate, because every OpenSSL of the last fifteen years verifies them.
Synchronous: for worker threads.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import secrets
from typing import Self
import unicodedata

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from .files import sync_folder

FILE_NAME = "section-signing.pem"
# Papers of a case are kept for years; a certificate that ends before them only raises questions.
VALID_FOR = timedelta(days=3652)
# The longest common name that a certificate takes (RFC 5280, ub-common-name), in bytes as `cryptography` counts.
_MAX_NAME = 64


class SigningKeyInvalid(Exception):
    """The file with the section's key cannot be read as one."""


class Signer:
    """The section's key and its self-signed certificate."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        """Take over a key and the certificate of it."""
        self._key = key
        self._certificate = certificate

    @classmethod
    def load_or_create(cls, folder: Path, name: str) -> Self:
        """Return the signer kept in `folder`, made for the section `name` the first time.

        Key and certificate are one file that appears whole under its name or not at all, so of several
        processes that start at once all use the same. A section that changes its name keeps its certificate.

        Raises OSError, and SigningKeyInvalid when the file is damaged: nothing is made in its place, because
        recipients know the old certificate's fingerprint.
        """
        path = folder / FILE_NAME
        try:
            return cls._load(path)
        except FileNotFoundError:
            pass
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = folder / f"{FILE_NAME}.{secrets.token_hex(8)}.part"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_new_pem(name))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                # Not a rename: that would replace the key of whoever came first.
                path.hardlink_to(part)
            sync_folder(folder)
        finally:
            part.unlink(missing_ok=True)
        return cls._load(path)

    @classmethod
    def _load(cls, path: Path) -> Self:
        pem = path.read_bytes()
        try:
            key = load_pem_private_key(pem, None)
            certificate = x509.load_pem_x509_certificate(pem)
        except (ValueError, TypeError) as err:
            raise SigningKeyInvalid("The section's signing key cannot be read") from err
        if not isinstance(key, ec.EllipticCurvePrivateKey) or (
            key.public_key() != certificate.public_key()
        ):
            raise SigningKeyInvalid("The section's signing key does not fit its certificate")
        return cls(key, certificate)

    @property
    def certificate(self) -> bytes:
        """Return the certificate in PEM."""
        return self._certificate.public_bytes(Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        """Return the certificate's SHA-256 as `openssl x509 -fingerprint -sha256` shows it (AB:CD:…)."""
        return self._certificate.fingerprint(SHA256()).hex(":").upper()

    @property
    def name(self) -> str:
        """Return the name that the certificate was made for."""
        return str(self._certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    def sign(self, data: bytes) -> bytes:
        """Return the signature of `data` in DER, as `openssl dgst -sha256 -verify` takes it."""
        return self._key.sign(data, ec.ECDSA(SHA256()))


def _new_pem(name: str) -> bytes:
    """Return a new key and its certificate, one behind the other."""
    key = ec.generate_private_key(ec.SECP256R1())
    printable = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C").strip()
    short = printable.encode()[:_MAX_NAME].decode(errors="ignore")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, short or "niiza_cctv")])
    now = datetime.now(UTC).replace(microsecond=0)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # A recipient's clock may be a little behind.
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)
