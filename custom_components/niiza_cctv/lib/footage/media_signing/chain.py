"""Whose key signed: the certificates that a camera sends along, judged at the time of the recording."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from .sei import MAX_CHAIN

_MAX_CERTIFICATES: Final = 8
_DIGESTS: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha3_256": hashes.SHA3_256(),
    "sha3_384": hashes.SHA3_384(),
    "sha3_512": hashes.SHA3_512(),
}


# Roots that a section may trust, and the bytes of each file.
_MAX_ROOTS: Final = 64
_MAX_FILE: Final = 64 * 1024


class ChainInvalid(Exception):
    """What came as certificates is none, or has a key that this product cannot check a signature with."""


class Trust(StrEnum):
    """What is known of the key that signed."""

    # A root that the section trusts vouches for it, at the time of the recording.
    TRUSTED = "trusted"
    # The certificates hold together; nobody here knows their root.
    UNKNOWN_ROOT = "unknown_root"
    # A certificate of the chain was not valid yet, or not any more, when this was recorded.
    OUT_OF_DATE = "out_of_date"
    # The certificates do not hold together.
    BROKEN = "broken"
    # The recording has no time that its certificates could be judged at.
    NO_TIME = "no_time"


@dataclass(frozen=True, slots=True)
class Signer:
    """A chain of certificates, the key's own first, and its judgement.

    `fingerprint` is the SHA-256 of the key's certificate, `root` of the last certificate of the chain.
    """

    subject: str
    fingerprint: str
    root: str
    trust: Trust


class SigningKey:
    """The key of a chain's first certificate."""

    def __init__(self, chain: bytes) -> None:
        """Read a chain of certificates in PEM. Raises ChainInvalid."""
        if len(chain) > MAX_CHAIN:
            raise ChainInvalid("The certificates are too long")
        try:
            self.certificates = x509.load_pem_x509_certificates(chain)
            key = self.certificates[0].public_key()
        except Exception as err:
            # What a parser of a stranger's certificates raises is no list that anybody keeps.
            raise ChainInvalid("There is no certificate") from err
        if len(self.certificates) > _MAX_CERTIFICATES:
            raise ChainInvalid("There are too many certificates")
        if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            raise ChainInvalid("A key of a kind that is not used for signing pictures")
        self._key = key
        self.fingerprint = self.certificates[0].fingerprint(hashes.SHA256()).hex()

    def signed(self, signature: bytes, digest: bytes, digest_name: str) -> bool:
        """Return whether this key made the signature over a digest."""
        algorithm = Prehashed(_DIGESTS[digest_name])
        try:
            if isinstance(self._key, ec.EllipticCurvePublicKey):
                self._key.verify(signature, digest, ec.ECDSA(algorithm))
            else:
                pss = padding.PSS(padding.MGF1(_DIGESTS[digest_name]), padding.PSS.AUTO)
                self._key.verify(signature, digest, pss, algorithm)
        except InvalidSignature, ValueError:
            return False
        return True

    def judge(self, roots: Sequence[x509.Certificate], at: datetime | None) -> Signer:
        """Return who it is, judged at `at`, when the pictures were recorded."""
        leaf, last = self.certificates[0], self.certificates[-1]
        return Signer(
            subject=_readable(leaf),
            fingerprint=self.fingerprint,
            root=last.fingerprint(hashes.SHA256()).hex(),
            trust=self._trust(roots, at),
        )

    def _trust(self, roots: Sequence[x509.Certificate], at: datetime | None) -> Trust:
        if at is None:
            return Trust.NO_TIME
        try:
            for issued, issuer in zip(self.certificates, self.certificates[1:], strict=False):
                issued.verify_directly_issued_by(issuer)
            lives = [
                (one.not_valid_before_utc, one.not_valid_after_utc) for one in self.certificates
            ]
        except Exception:  # noqa: BLE001 - whatever it is that it raises, it is no link of a chain
            return Trust.BROKEN
        if any(not begin <= at <= end for begin, end in lives):
            return Trust.OUT_OF_DATE
        if not roots:
            return Trust.UNKNOWN_ROOT
        leaf, *between = self.certificates
        # Certificates of devices have neither host names nor purposes of the web's.
        authority = ExtensionPolicy.permit_all().require_present(
            x509.BasicConstraints, Criticality.AGNOSTIC, None
        )
        policy = (
            PolicyBuilder().store(Store(list(roots))).time(at).max_chain_depth(_MAX_CERTIFICATES)
        )
        policy = policy.extension_policies(
            ca_policy=authority, ee_policy=ExtensionPolicy.permit_all()
        )
        try:
            policy.build_client_verifier().verify(leaf, between)
        except VerificationError:
            return Trust.UNKNOWN_ROOT
        return Trust.TRUSTED


def _readable(certificate: x509.Certificate) -> str:
    """Return the subject's name, as far as it can be printed."""
    try:
        text = certificate.subject.rfc4514_string()
    except ValueError:
        return ""
    return "".join(c if c.isprintable() else "�" for c in text)[:200]


def read_roots(folder: Path) -> tuple[x509.Certificate, ...]:
    """Return the roots that a section put into `folder` (PEM, `*.pem`), for a worker thread.

    A file that cannot be read, or is none, trusts nobody.
    """
    roots: list[x509.Certificate] = []
    try:
        files = sorted(folder.glob("*.pem"))[:_MAX_ROOTS]
    except OSError:
        return ()
    for file in files:
        try:
            with file.open("rb") as opened:
                roots += x509.load_pem_x509_certificates(opened.read(_MAX_FILE))
        except OSError, ValueError:
            continue
    return tuple(roots)
