"""What a camera's signatures prove of a cut: a part of a clip, taken out without encoding anything anew."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from cryptography import x509

from .report import Signing
from .verifier import SigningReport, Verifier

# NAL units of a picture (without start codes or lengths), its true time, and the camera's.
type CutPicture = tuple[Sequence[bytes], datetime, datetime]


def report_of_cut(
    codec: str,
    pictures: Callable[[], Iterable[CutPicture]],
    *,
    clip: Signing | None,
    roots: Sequence[x509.Certificate] = (),
    known: Sequence[bytes] = (),
) -> Signing:
    """Return what the signatures within a cut prove by themselves; for a worker thread.

    A cut has a verdict of its own. Its first group begins with the key picture before what is shown; the last one is
    unproved where its signature lies behind the end (`Signing.unproved_end`), although the clip may prove it. `pictures`
    gives the cut's pictures in the order of decoding, each time anew; `clip` is the report of the clip that it was taken
    from, whose certificate counts as known; `known` are others of this camera (`KnownChains`).
    """
    chains = list(known)
    if clip is not None and clip.certificates:
        chains.insert(0, clip.certificates.encode())
    verifier = Verifier(codec, roots=roots, known=chains)
    report = _look(verifier, pictures())
    if (second := verifier.again()) is not None:
        report = _look(second, pictures())
    return Signing.of(report)


def _look(verifier: Verifier, pictures: Iterable[CutPicture]) -> SigningReport:
    for units, at, camera_at in pictures:
        for unit in units:
            verifier.push(unit, at, camera_at)
    return verifier.finish()
