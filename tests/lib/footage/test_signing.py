"""The section's key and certificate: kept safely, made once, understood by OpenSSL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
import subprocess

from cryptography.x509 import load_pem_x509_certificate
import pytest

from custom_components.niiza_cctv.lib.footage.signing import FILE_NAME, Signer, SigningKeyInvalid

SECTION = "新座市 交通防犯課"


def openssl(*arguments: object) -> str:
    """Return what OpenSSL prints."""
    command = ["openssl", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - as it stands
    return done.stdout


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    """The next start finds the same key, also when the section has another name by then."""
    folder = tmp_path / "new"
    signer = Signer.load_or_create(folder, SECTION)
    path = folder / FILE_NAME
    assert [*folder.iterdir()] == [path]
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    again = Signer.load_or_create(folder, "Another")
    assert (again.fingerprint, again.name) == (signer.fingerprint, SECTION)
    assert Signer.load_or_create(tmp_path / "other", SECTION).fingerprint != signer.fingerprint


def test_openssl_reads_the_certificate(tmp_path: Path) -> None:
    """The subject is the section, the fingerprint the one shown, ten years are covered, the signature its own."""
    signer = Signer.load_or_create(tmp_path, SECTION)
    path = tmp_path / "certificate.pem"
    path.write_bytes(signer.certificate)
    assert b"PRIVATE" not in signer.certificate
    shown = openssl(
        "x509",
        "-in",
        path,
        "-noout",
        "-subject",
        "-nameopt",
        "utf8,-esc_msb",
        "-fingerprint",
        "-sha256",
    )
    assert f"CN={SECTION}" in shown.replace(" = ", "=")
    assert shown.strip().endswith(f"={signer.fingerprint}")
    assert "OK" in openssl("verify", "-CAfile", path, "-check_ss_sig", path)
    years = (
        load_pem_x509_certificate(signer.certificate).not_valid_after_utc - datetime.now(UTC)
    ) / timedelta(days=365.25)
    assert years == pytest.approx(10, abs=0.01)
    assert "Public Key Algorithm: id-ecPublicKey" in openssl("x509", "-in", path, "-noout", "-text")


def test_openssl_verifies_what_was_signed_and_nothing_else(tmp_path: Path) -> None:
    """A detached signature in DER."""
    signer = Signer.load_or_create(tmp_path, SECTION)
    (tmp_path / "data").write_bytes(b"what was signed")
    (tmp_path / "signature").write_bytes(signer.sign(b"what was signed"))
    (tmp_path / "certificate.pem").write_bytes(signer.certificate)
    key = openssl("x509", "-in", tmp_path / "certificate.pem", "-noout", "-pubkey")
    (tmp_path / "key.pem").write_text(key, encoding="ascii")
    command: list[object] = ["dgst", "-sha256", "-verify", tmp_path / "key.pem"]
    command += ["-signature", tmp_path / "signature", tmp_path / "data"]
    assert openssl(*command) == "Verified OK\n"
    (tmp_path / "data").write_bytes(b"what was not")
    with pytest.raises(subprocess.CalledProcessError):
        openssl(*command)


def test_all_who_start_at_once_get_one_key(tmp_path: Path) -> None:
    """Whoever is late takes the key of whoever was first; no half file is ever read, none is left."""
    for turn in range(5):
        folder = tmp_path / str(turn)
        with ThreadPoolExecutor(8) as pool:
            signers = [*pool.map(lambda _: Signer.load_or_create(folder, SECTION), range(8))]  # noqa: B023 - used up within the turn
        assert len({signer.fingerprint for signer in signers}) == 1
        assert [path.name for path in folder.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("damage", ["", "nothing of the kind", "half", "mixed"])
def test_a_damaged_key_is_reported_not_replaced(tmp_path: Path, damage: str) -> None:
    """Recipients know the old fingerprint: a new key must not come by itself."""
    Signer.load_or_create(tmp_path, SECTION)
    path = tmp_path / FILE_NAME
    if damage == "half":
        damage = path.read_text(encoding="ascii")[:300]
    elif damage == "mixed":
        Signer.load_or_create(tmp_path / "other", SECTION)
        other = (tmp_path / "other" / FILE_NAME).read_text(encoding="ascii")
        head, _, _ = path.read_text(encoding="ascii").partition("-----BEGIN CERTIFICATE")
        damage = head + other[other.index("-----BEGIN CERTIFICATE") :]
    path.write_text(damage, encoding="ascii")
    with pytest.raises(SigningKeyInvalid):
        Signer.load_or_create(tmp_path, SECTION)
    assert path.read_text(encoding="ascii") == damage


@pytest.mark.parametrize(
    "name",
    ["", "\x00\n", "課" * 300, "A\u202eB, CN=Other", "🚓" * 64],
    ids=["empty", "control", "long", "tricky", "astral"],
)
def test_any_name_makes_a_certificate(tmp_path: Path, name: str) -> None:
    """The longest that a certificate takes, without signs that play tricks, and never empty."""
    signer = Signer.load_or_create(tmp_path, name)
    assert 1 <= len(signer.name) <= 64
    assert signer.name.isprintable()
    path = tmp_path / "certificate.pem"
    path.write_bytes(signer.certificate)
    assert openssl("x509", "-in", path, "-noout", "-subject").count("CN") == 1 + ("CN=" in name)
