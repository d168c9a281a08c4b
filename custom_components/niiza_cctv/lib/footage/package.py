"""The evidence package: one ZIP file that a recipient can check with nothing but standard tools.

docs/evidence-package.md says what is in it and what it proves. Synchronous: for worker threads.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
import errno
import hashlib
import os
from pathlib import Path
import re
import shutil
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from .clip_files import Purpose, files_for
from .clip_model import ClipFile, SealedClip
from .cut_files import cut_files
from .files import finish, new_file, part_of
from .package_manifest import manifest
from .package_model import CameraFacts, PackageCase, PackageInvalid, PackedCut, TakenByHand
from .package_papers import letter, receipt
from .progress import Steps
from .signing import Signer

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
CERTIFICATE = "section-certificate.pem"
MANIFEST = "manifest.json"
README = "README.txt"
RECEIPT = "receipt.html"
OWN_NAMES = frozenset({SUMS, SIGNATURE, CERTIFICATE, MANIFEST, README, RECEIPT})
# Safe on every file system, and nothing that a shell or a checksum list would take for something else.
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20
# ZIP's own records and our small files.
_OVERHEAD = 4 << 20
# Of the whole work, the rest is reading back what was written: 0.09 to 0.15 of it, measured with and without AES.
_WRITING = 0.88


def build_package(
    case: PackageCase,
    clips: Sequence[tuple[CameraFacts, SealedClip]],
    source: Path,
    target: Path,
    signer: Signer,
    *,
    by_hand: Sequence[TakenByHand] = (),
    cuts: Sequence[PackedCut] = (),
    passphrase: str | None = None,
    cancelled: Callable[[], bool],
    progress: Callable[[float], None],
) -> ClipFile:
    """Put the clips and cuts, which lie in the folder `source`, and what belongs to them into the ZIP file `target`.

    Nothing is compressed and nothing held in memory; with a passphrase every file is encrypted with AES-256
    (WinZip AE-2), but not the names. The footage is read once: what is not what was sealed ends the work.
    The target appears whole, for its owner only, or not at all. What was taken by hand is only listed.

    Raises PackageInvalid, ClipCancelled, and OSError, for instance when the disk is full.
    """
    files = _packed(clips, cuts)
    _check(files)
    whole = packed_size(clips, cuts)
    if shutil.disk_usage(target.parent).free < whole + _OVERHEAD:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    papers = _papers(case, clips, by_hand, cuts, signer)
    steps = Steps(cancelled, progress)
    step = steps.of(0, _WRITING)
    part = part_of(target)
    try:
        with new_file(part) as file, _archive(file, passphrase) as package:
            for name, data in papers.items():
                package.writestr(_entry(package, name, len(data), case), data)
            done = 0
            for clip in files:
                with package.open(_entry(package, clip.name, clip.size, case), "w") as out:
                    for chunk in _sealed(source / clip.name, clip):
                        out.write(chunk)
                        done += len(chunk)
                        step(done / max(whole, 1))
        # Until the hand-over a package may be made anew: of the same sealed files.
        result = finish(part, target, replace=True, step=steps.of(_WRITING, 1))
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    progress(1.0)
    return result


def _papers(
    case: PackageCase,
    clips: Sequence[tuple[CameraFacts, SealedClip]],
    by_hand: Sequence[TakenByHand],
    cuts: Sequence[PackedCut],
    signer: Signer,
) -> dict[str, bytes]:
    """Return what goes with the footage, by name; the list of checksums covers all but itself and its signature."""
    papers = {
        README: letter(case, clips, by_hand, cuts),
        RECEIPT: receipt(case, clips, by_hand, signer.fingerprint, cuts),
        MANIFEST: manifest(case, clips, by_hand, signer.fingerprint, cuts),
        CERTIFICATE: signer.certificate,
    }
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in papers.items()}
    sums |= {file.name: file.sha256 for file in _packed(clips, cuts)}
    papers[SUMS] = "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode("ascii")
    papers[SIGNATURE] = signer.sign(papers[SUMS])
    return papers


def packed_size(
    clips: Sequence[tuple[CameraFacts, SealedClip]], cuts: Sequence[PackedCut] = ()
) -> int:
    """Return how many bytes of footage a package of these clips and cuts holds."""
    return sum(file.size for file in _packed(clips, cuts))


def _packed(
    clips: Sequence[tuple[CameraFacts, SealedClip]], cuts: Sequence[PackedCut]
) -> list[ClipFile]:
    return [
        *(one.file for _, clip in clips for one in files_for(clip, Purpose.HANDOVER)),
        *(one.file for cut in cuts for one in cut_files(cut.cut, cut.clip.codec, Purpose.HANDOVER)),
    ]


def _check(files: Sequence[ClipFile]) -> None:
    """Refuse names that could leave the folder or stand for something else, and what was never sealed."""
    taken = {name.casefold() for name in OWN_NAMES}
    for file in files:
        if not _SAFE_NAME.fullmatch(file.name) or not _SHA256.fullmatch(file.sha256):
            raise PackageInvalid("A file cannot be put into a package by its name or checksum")
        # Windows does not tell names apart by case.
        if file.name.casefold() in taken:
            raise PackageInvalid("Two files of a package have the same name")
        taken.add(file.name.casefold())
    if not files:
        raise PackageInvalid("There is no footage to put into a package")


@contextmanager
def _archive(file: BinaryIO, passphrase: str | None) -> Iterator[ZipFile]:
    """Give the ZIP file to fill; pyzipper's is the standard library's with AES added."""
    archive = _zip_file(file, passphrase)
    try:
        yield archive
        archive.close()
    finally:
        # After an error it must not write its end into a file that is about to go.
        archive.fp = None


def _zip_file(file: BinaryIO, passphrase: str | None) -> ZipFile:
    if passphrase is None:
        return ZipFile(file, "w", ZIP_STORED)
    if not passphrase:
        raise ValueError("An empty passphrase protects nothing")
    # Here, not above: in the run of Home Assistant in which packages were installed it may not be importable yet (another
    # one's cffi is in memory), and nothing but an encrypted package needs it.
    try:
        import pyzipper  # noqa: PLC0415 - see above
    except Exception as err:
        raise OSError(errno.ELIBACC, "not before the next restart of Home Assistant") from err
    archive: ZipFile = pyzipper.AESZipFile(file, "w", ZIP_STORED, encryption=pyzipper.WZ_AES)
    archive.setpassword(passphrase.encode())
    return archive


def _entry(package: ZipFile, name: str, size: int, case: PackageCase) -> ZipInfo:
    """Return a file's entry; its size decides whether ZIP64 is needed."""
    made = case.released_at.astimezone(case.time_zone)
    entry: ZipInfo = getattr(package, "zipinfo_cls", ZipInfo)(
        name, (made.year, made.month, made.day, made.hour, made.minute, made.second)
    )
    entry.compress_type = ZIP_STORED
    entry.file_size = size
    # A regular file that everybody may read: what the recipient's system makes of it.
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry


def _sealed(path: Path, file: ClipFile) -> Iterator[bytes]:
    """Return the bytes of a sealed file; raises PackageInvalid in the end if they are not those that were sealed."""
    digest = hashlib.sha256()
    size = 0
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError as err:
        raise PackageInvalid(f"{file.name} is missing") from err
    with os.fdopen(descriptor, "rb") as source:
        while size <= file.size and (chunk := source.read(_CHUNK)):
            digest.update(chunk)
            size += len(chunk)
            yield chunk
    if size != file.size or digest.hexdigest() != file.sha256:
        raise PackageInvalid(f"{file.name} was changed since it was sealed")
