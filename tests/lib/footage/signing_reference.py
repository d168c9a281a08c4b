"""ONVIF Media Signing once more, slow and obvious: what of a stream (H.264) the signatures that came can bear out.

Written after the specification for the tests of the verifier, with which it shares no code. Everything is tried with
everything: each message against each run of pictures before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_UUID = bytes.fromhex("005bc93f2d715e95ada4796f90877a6f")


@dataclass(frozen=True)
class Signed:
    """A message whose signature is right: where it stands among the units, and what it says."""

    place: int
    units: int
    digest: bytes
    listed: frozenset[bytes]


def _sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _plain(unit: bytes) -> bytes:
    """Take emulation prevention out, one byte after the other."""
    out, zeros = b"", 0
    for byte in unit:
        if zeros == 2 and byte == 3:
            zeros = 0
            continue
        out += bytes([byte])
        zeros = min(zeros + 1, 2) if byte == 0 else 0
    return out


def _read(
    unit: bytes, key: ec.EllipticCurvePublicKey
) -> tuple[int, bytes, frozenset[bytes]] | None:
    """Return number of units, digest of the group and list of a message that this key signed."""
    # With emulation prevention, or as published samples are, without: the right signature shows which.
    for sent in (unit, _plain(unit)):
        try:
            place = sent.index(_UUID)
            flags, at = sent[place + 16], place + 17
            values = {}
            while sent[at:] != b"\x80":
                tag, size = sent[at], int.from_bytes(sent[at + 1 : at + 3])
                values[tag] = at, sent[at + 3 : at + 3 + size]
                at += 3 + size
            begin, signature = values[3]
            covered = sent[:begin]
            if flags & 0x40 and sent is not unit:
                # Hashed as it was sent: the shortest part of it that is this one.
                covered = next(
                    unit[:end] for end in range(len(unit)) if _plain(unit[:end]) == covered
                )
            size = int.from_bytes(signature[1:3])
            key.verify(signature[3 : 3 + size], covered, ec.ECDSA(hashes.SHA256()))
            # Version 2: 5 bytes, two times, counter, number, two digests.
            group = values[1][1]
            listed = values[2][1][1:] if 2 in values else b""
            digests = frozenset(listed[i : i + 32] for i in range(0, len(listed), 32))
            return (
                int.from_bytes(group[25:27]),
                group[27:59],
                digests if _sha(listed) == group[27:59] else frozenset(),
            )
        except InvalidSignature, IndexError, KeyError, ValueError, StopIteration:
            continue
    return None


@dataclass(frozen=True)
class Truth:
    """What the signatures bear out of a stream, by the numbers of its slices.

    `complete`: in groups that are there as they were signed, `whole`: the same with their key picture; `signed`: those, and
    what is in a list of digests.
    """

    whole: frozenset[int]
    complete: frozenset[int]
    signed: frozenset[int]


def truth(units: Sequence[bytes], key: ec.EllipticCurvePublicKey) -> Truth:
    """Judge NAL units; slices are counted from 0, in front to back order."""
    slices = [(place, unit) for place, unit in enumerate(units) if unit[0] & 0x1F in {1, 5}]
    messages = [
        Signed(place, *found)
        for place, unit in enumerate(units)
        if unit[0] & 0x1F == 6 and (found := _read(unit, key)) is not None
    ]
    inner = [_sha(unit.rstrip(b"\0")) for _, unit in slices]
    begins = [unit[0] & 0x1F == 5 and bool(unit[1] & 0x80) for _, unit in slices]
    own: list[bytes | None] = []
    anchor: bytes | None = None
    for index, digest in enumerate(inner):
        if begins[index]:
            anchor = digest
        own.append(digest if begins[index] else anchor and _sha(anchor + digest))
    whole: set[int] = set()
    complete: set[int] = set()
    signed: set[int] = set()
    # Of a key picture that is lost a list has the digest.
    lost = {one for message in messages for one in message.listed}
    for message in messages:
        before = [index for index, (place, _) in enumerate(slices) if place < message.place]
        for first in before:
            run = [index for index in range(first, first + message.units) if index in before]
            for other in (None, *lost):
                parts = [
                    part
                    for index in run
                    if (
                        part := own[index]
                        if begins[index] or other is None
                        else _sha(other + inner[index])
                    )
                    is not None
                ]
                if len(parts) == message.units and _sha(b"".join(parts)) == message.digest:
                    complete.update(run)
                    if other is None:
                        whole.update(run)
        for index in before:
            # The key picture may be lost: its digest is one of the list's.
            anchored = {_sha(one + inner[index]) for one in lost}
            candidates = {own[index]} if begins[index] else {own[index], *anchored}
            if candidates & message.listed:
                signed.add(index)
    return Truth(frozenset(whole), frozenset(complete), frozenset(signed | complete))
