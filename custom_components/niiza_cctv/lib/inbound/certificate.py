"""The self-signed certificate of the mail receiver. Synchronous: for worker threads."""

from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import ssl

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

FILE_NAME = "mail-receiver.pem"
# Nobody comes to renew it: cameras take any certificate, or are told this one's fingerprint once.
_VALID_FOR = timedelta(days=3652)
_NAME = "niiza-cctv"


def server_context(folder: Path) -> ssl.SSLContext:
    """Return a TLS context with the certificate kept in `folder`, made the first time and when it is of no use any more.

    Raises OSError.
    """
    path = folder / FILE_NAME
    try:
        return _loaded(path)
    except FileNotFoundError, ssl.SSLError, ValueError:
        pass
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_new_pem())
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return _loaded(path)


def _loaded(path: Path) -> ssl.SSLContext:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    if certificate.not_valid_after_utc <= datetime.now(UTC):
        raise ValueError("The certificate has run out")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def _new_pem() -> bytes:
    """Return a new key and its certificate, one behind the other."""
    # RSA, because the TLS of older cameras knows nothing else.
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    now = datetime.now(UTC).replace(microsecond=0)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # A camera's clock is rarely right.
        .not_valid_before(now - timedelta(days=365))
        .not_valid_after(now + _VALID_FOR)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(_NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)
