"""Pictures as they came → which of them the camera signed, group by group (ONVIF Media Signing specification).

A camera hashes the slices of each group of pictures, and signs the digests in a message that comes with a later
group. So a message is looked for behind the pictures that it proves, and what comes behind the last one stays
unproved. Memory is that of the digests of groups that still wait.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
import hashlib
from typing import Final

from cryptography import x509

from ..nal import is_sei, unit_type
from .chain import ChainInvalid, Signer, SigningKey
from .sei import UUID_AXIS, Group, SigningInvalid, SigningMessage, Vendor, read_message, user_data

# Units that wait for their signature: a camera signs every group or every few; more than this is never signed.
MAX_WAITING: Final = 16_384
# Messages whose key has not come yet.
_MAX_DEFERRED: Final = 50_000
# Bytes that may be hashed in search of the units that messages speak of, besides four times what came.
_EFFORT: Final = 256 * 1024 * 1024
# Messages without a signature that a group may begin with.
_MAX_LEADING: Final = 4
_COUNTERS: Final = 1 << 32
# Certificates of a camera from other times, and signatures that may be tried on all of them in vain.
MAX_KNOWN: Final = 8
_MAX_MISSES: Final = 64
# By so much the camera's clock in a message and the time of a picture may differ.
_TIME_TOLERANCE: Final = timedelta(seconds=1)
# By more than this a message's time is of another clock.
_SAME_CLOCK: Final = timedelta(minutes=5)


class Verdict(StrEnum):
    """What is known of a group of pictures."""

    AUTHENTIC = "authentic"
    # What is there is authentic; the camera signed more than that.
    PICTURES_MISSING = "pictures_missing"
    NOT_AUTHENTIC = "not_authentic"
    NOT_CHECKED = "not_checked"


class Reason(StrEnum):
    """Why a group is not simply authentic."""

    NONE = "none"
    # The pictures are not those that were signed, or others lie among them.
    CHANGED = "changed"
    # The signature itself is wrong.
    SIGNATURE = "signature"
    # The group does not follow the one before, although it says so.
    ORDER = "order"
    # Another key signed in the middle of a stream.
    KEY = "key"
    # The signature of these pictures did not come.
    NO_SIGNATURE = "no_signature"
    # Pictures are missing, and the camera sends no list by which the others could be proved.
    NO_LIST = "no_list"
    NO_CERTIFICATE = "no_certificate"
    # A digest that this product does not know.
    DIGEST = "digest"


class Source(StrEnum):
    """Where the certificate came from."""

    # It lies among the pictures.
    RECORDING = "recording"
    # Asked of the camera, now or for a clip of before.
    CAMERA = "camera"


class State(StrEnum):
    """What a reader is told of a clip as a whole."""

    AUTHENTIC = "authentic"
    PICTURES_MISSING = "pictures_missing"
    NOT_AUTHENTIC = "not_authentic"
    NOT_SIGNED = "not_signed"
    NOT_CHECKED = "not_checked"


@dataclass(slots=True)
class GroupProof:
    """A group of pictures: from the first to the last picture of it that is there (the camera's times)."""

    first: datetime
    last: datetime
    verdict: Verdict
    reason: Reason = Reason.NONE
    counter: int | None = None
    units: int = 0
    missing: int = 0
    changed: int = 0
    # The last picture but one: with several slices a picture may be in two groups.
    before_last: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningReport:
    """What the signatures of a clip prove.

    `until` is the time of the last picture up to which everything from the start is proved; None when nothing is.
    `signers` are the keys, in the order in which they came; `older_format` tells that Axis's own signatures are there.
    """

    state: State
    until: datetime | None
    groups: tuple[GroupProof, ...]
    signers: tuple[Signer, ...]
    vendor: Vendor | None
    unreadable: int
    older_format: bool
    # What a next clip of the same camera may be checked with from its first picture on.
    chain: bytes | None
    digest_name: str
    # Whether checking once more with `chain` and `digest_name` would prove more than this time.
    again: bool
    # Where the certificate came from that checked the signatures last; None without any.
    source: Source | None = None


@dataclass(slots=True)
class _Unit:
    """A unit that waits for its signature. `inner` is its own digest, `digest` that with its group's anchor."""

    inner: bytes
    digest: bytes
    begins: bool
    # When it was, and what the camera's clock showed then.
    at: datetime
    clock: datetime
    # Not among those that the consortium's code hashes, although it is of a picture.
    seldom: bool = False
    # A message without a signature, and the group that it speaks of.
    message: bool = False
    settles: GroupProof | None = None


@dataclass(slots=True)
class _Match:
    """Units that wait, from `begin` to `end`, against what a message says of them."""

    begin: int
    end: int
    verdict: Verdict
    reason: Reason = Reason.NONE
    missing: int = 0
    changed: int = 0
    proved: list[_Unit] = field(default_factory=list)
    # The digest of the unit that the group began with for the camera, where that is known.
    first: bytes | None = None
    # Where it ends is not certain: what waits behind it may be its own.
    loose: bool = False


@dataclass(slots=True)
class _Deferred:
    """A signature whose key has not come yet."""

    proof: GroupProof
    match: _Match
    signature: bytes
    digest: bytes
    begins_stream: bool


class Verifier:
    """Follows one stream of pictures in the order of decoding."""

    def __init__(
        self,
        codec: str,
        *,
        roots: Sequence[x509.Certificate] = (),
        known: Sequence[bytes] = (),
        chain: bytes | None = None,
        digest_name: str = "sha256",
    ) -> None:
        """`known`: certificates (PEM chains) that the camera gave at other times, one of which may check its signatures.

        `chain` and `digest_name` are what an earlier look at these very pictures found.
        """
        self._codec: str = codec
        self._roots = roots
        self._digest_name = digest_name
        self._hash = getattr(hashlib, digest_name)
        self._waiting: list[_Unit] = []
        self._anchor: bytes | None = None
        self._groups: list[GroupProof] = []
        self._deferred: list[_Deferred] = []
        # Which group proves a message without signature, once that is proved itself.
        self._pending: dict[int, list[_Unit]] = {}
        # Verdicts that wait for a signature.
        self._held: dict[int, tuple[Verdict, Reason]] = {}
        # Bytes that came, and bytes that were hashed in search of groups.
        self._came = 0
        self._searched = 0
        self._last: Group | None = None
        self._last_first: set[bytes] | None = None
        # The last message was of pictures that are not there: what waits may be anything.
        self._doubtful = False
        self._key: SigningKey | None = None
        self._key_is_ours = False
        self._source: Source | None = None
        self._chain = chain
        self._known = [
            (key, one) for one in known[:MAX_KNOWN] if (key := _readable_key(one)) is not None
        ]
        # Signatures that none of those made.
        self._misses = 0
        self._signers: dict[str, tuple[SigningKey, datetime | None]] = {}
        self._vendor: Vendor | None = None
        self._unreadable = 0
        self._seen = False
        self._older = False
        self._again = False
        self._all_slices = False
        if chain is not None:
            self._key = _readable_key(chain)
            if self._key is None:
                self._chain = None
            else:
                self._source = Source.RECORDING

    def push(self, unit: bytes, at: datetime, clock: datetime | None = None) -> None:
        """Take the next NAL unit (without start code) of the picture of `at`; `clock`: by the camera's own, if that differs."""
        if not unit:
            return
        self._came += len(unit)
        kind = unit_type(self._codec, unit)
        h264 = self._codec == "h264"
        if is_sei(self._codec, unit):
            self._message(unit, at)
            return
        if not (1 <= kind <= 5 if h264 else kind <= 31):
            return
        header = 1 if h264 else 2
        begins = (kind == 5 if h264 else 16 <= kind <= 21) and len(unit) > header
        begins = begins and bool(unit[header] & 0x80)
        seldom = kind not in {1, 5} if h264 else kind not in {0, 1, *range(16, 22)}
        # Behind the stop bit nothing counts.
        inner: bytes = self._hash(unit if unit[-1] else unit.rstrip(b"\0")).digest()
        if begins:
            self._anchor = inner
        digest = inner
        # Without the key picture before it only a list can prove a picture.
        if not begins and self._anchor is not None:
            digest = self._hash(self._anchor + inner).digest()
        self._waiting.append(
            _Unit(
                inner=inner, digest=digest, begins=begins, at=at, clock=clock or at, seldom=seldom
            )
        )
        self._limit()

    def finish(self) -> SigningReport:
        """Return what is proved."""
        if self._seen:
            self._orphan(len(self._waiting))
        groups = tuple(sorted(self._groups, key=lambda one: one.first)) if self._seen else ()
        return SigningReport(
            state=self._state(groups),
            until=_until(groups),
            groups=groups,
            signers=tuple(key.judge(self._roots, at) for key, at in self._signers.values()),
            vendor=self._vendor,
            unreadable=self._unreadable,
            older_format=self._older,
            chain=self._chain,
            digest_name=self._digest_name,
            again=self._again,
            source=self._source,
        )

    def again(self) -> Verifier | None:
        """Return one that knows from the first picture on what this one learnt too late; None where that proves no more."""
        if not self._again:
            return None
        found = self._source is Source.RECORDING
        return Verifier(
            self._codec,
            roots=self._roots,
            known=[chain for _, chain in self._known],
            chain=self._chain if found else None,
            digest_name=self._digest_name,
        )

    def _state(self, groups: Sequence[GroupProof]) -> State:
        if not self._seen:
            return State.NOT_SIGNED
        verdicts = [one.verdict for one in groups]
        if Verdict.NOT_AUTHENTIC in verdicts:
            return State.NOT_AUTHENTIC
        # What comes behind the last signature is unproved in any clip.
        while verdicts and verdicts[-1] is Verdict.NOT_CHECKED:
            verdicts.pop()
        if not verdicts:
            return State.NOT_CHECKED
        whole = all(verdict is Verdict.AUTHENTIC for verdict in verdicts)
        return State.AUTHENTIC if whole else State.PICTURES_MISSING

    def _message(self, unit: bytes, at: datetime) -> None:
        if user_data(self._codec, unit) == UUID_AXIS:
            self._older = True
            return
        try:
            message = read_message(self._codec, unit)
        except SigningInvalid:
            self._seen = True
            self._unreadable += 1
            return
        if message is None:
            return
        self._seen = True
        if self._searched > _EFFORT + 4 * self._came:
            # Messages made to cost time: nobody signs like that.
            self._unreadable += 1
            return
        self._vendor = message.vendor or self._vendor
        digest_known = self._follow_digest(message)
        changed_key = self._follow_key(message, at)
        if message.group is None:
            return
        match = self._find(message.group, message.hashes)
        if match is None:
            # Of pictures from before this passage, or that did not come.
            self._last, self._last_first, self._doubtful = message.group, None, True
            self._add_message(message, at, None)
            return
        proof = self._settle(match, message.group)
        if message.signature is None:
            self._add_message(message, at, (proof, match))
        elif not digest_known:
            proof.verdict, proof.reason = Verdict.NOT_CHECKED, Reason.DIGEST
        else:
            self._prove(message, proof, match, changed_key=changed_key)

    def _follow_digest(self, message: SigningMessage) -> bool:
        """Hash as the camera says that it does; return whether that was so already."""
        if message.unknown_digest is not None:
            return False
        if message.digest_name is None or message.digest_name == self._digest_name:
            return True
        self._digest_name = message.digest_name
        self._hash = getattr(hashlib, message.digest_name)
        self._anchor = None
        self._orphan(len(self._waiting))
        self._again = True
        return False

    def _follow_key(self, message: SigningMessage, at: datetime) -> bool:
        """Take the key over that a message brings along; return whether it is another than before."""
        chain = message.chain
        if (
            chain is None
            or message.signature is None
            or (chain == self._chain and self._key_is_ours)
        ):
            return False
        try:
            key = SigningKey(chain)
        except ChainInvalid:
            return False
        # Only what the key itself vouches for.
        if not key.signed(
            message.signature, self._hash(message.signed).digest(), self._digest_name
        ):
            return False
        other = self._key is not None and self._key.fingerprint != key.fingerprint
        if other and self._key_is_ours and message.group and not message.group.begins_stream:
            return True
        self._key_is_ours = True
        self._signed_by(key, message.group.start if message.group else at)
        self._take_key(key, chain, Source.RECORDING)
        return False

    def _take_key(self, key: SigningKey, chain: bytes, source: Source) -> None:
        self._key, self._chain, self._source = key, chain, source
        deferred, self._deferred = self._deferred, []
        for one in deferred:
            self._check(one)

    def _try_known(self, one: _Deferred) -> bool:
        """Return whether a certificate that the camera gave at another time checks a signature; take its key over then."""
        if self._key_is_ours or self._misses >= _MAX_MISSES:
            return False
        for key, chain in self._known:
            if key is not self._key and key.signed(one.signature, one.digest, self._digest_name):
                self._take_key(key, chain, Source.CAMERA)
                return True
        self._misses += 1
        return False

    def _signed_by(self, key: SigningKey, at: datetime | None) -> None:
        self._signers.setdefault(key.fingerprint, (key, at))

    def _find(self, group: Group, digests: bytes | None) -> _Match | None:
        """Return which of the waiting units a message speaks of, and how they are; None if none of them."""
        for seldom in (self._all_slices, not self._all_slices):
            if not seldom or any(one.seldom for one in self._waiting):
                match = self._find_among(group, digests, seldom=seldom)
                if match is not None and match.verdict is not Verdict.NOT_AUTHENTIC:
                    self._all_slices = seldom
                    return match
        return self._find_among(group, digests, seldom=self._all_slices)

    def _find_among(self, group: Group, digests: bytes | None, *, seldom: bool) -> _Match | None:
        waiting = self._waiting
        counted = [i for i, one in enumerate(waiting) if seldom or not one.seldom]
        whole = self._whole(group, counted)
        if whole is not None:
            return whole
        size = self._hash().digest_size
        in_order = self._follows(group) and not self._doubtful
        if digests and len(digests) % size == 0 and self._hash(digests).digest() == group.digest:
            listed = [digests[i : i + size] for i in range(0, len(digests), size)]
            match = self._listed(group, listed, counted, in_order=in_order)
            if match is not None:
                return match
        return self._unlike(group, counted, in_order=in_order)

    def _follows(self, group: Group) -> bool:
        """Whether the group comes right behind the last one."""
        last = self._last
        return last is not None and (last.counter + 1) % _COUNTERS == group.counter

    def _whole(self, group: Group, counted: list[int]) -> _Match | None:
        """Find the group complete and unchanged; what waits before it belongs to signatures that did not come."""
        waiting = self._waiting
        for place, index in enumerate(counted):
            starts = waiting[index].begins or waiting[index].message
            if place and not starts and not group.partial:
                continue
            units = counted[place : place + group.units]
            if len(units) < max(group.units, 1):
                break
            found = [waiting[i] for i in units]
            self._searched += 64 * len(found)
            if self._hash(b"".join(one.digest for one in found)).digest() != group.digest:
                continue
            return _Match(
                units[0], units[-1] + 1, Verdict.AUTHENTIC, proved=found, first=found[0].digest
            )
        return None

    def _listed(
        self, group: Group, listed: list[bytes], counted: list[int], *, in_order: bool
    ) -> _Match | None:
        """Find what is there of a group by its list of digests; None if nothing is."""
        places: dict[bytes, list[int]] = {}
        for place, digest in enumerate(listed):
            places.setdefault(digest, []).append(place)
        # Where the list begins with messages, the key picture comes behind them.
        leading = 1 + sum(self._waiting[index].message for index in counted[:_MAX_LEADING])
        proved: list[int] = []
        found_at, used = 0, None
        for anchor in (None, *listed[:leading]):
            places_found = self._in_list(places, counted, anchor)
            if len(places_found) > len(proved):
                proved, found_at, used = (
                    list(places_found),
                    next(iter(places_found.values())),
                    anchor,
                )
        if not proved:
            return None
        begin = self._begin(proved[0], found_at, in_order=in_order)
        end = proved[-1] + 1
        changed = sum(begin <= index < end for index in counted) - len(proved)
        if used is not None:
            self._anchor_again(used, end)
        return _Match(
            begin,
            end,
            Verdict.NOT_AUTHENTIC if changed else Verdict.PICTURES_MISSING,
            Reason.CHANGED if changed else Reason.NONE,
            missing=max(len(listed) - len(proved) - changed, 0),
            changed=changed,
            proved=[self._waiting[i] for i in proved],
            first=listed[0],
        )

    def _in_list(
        self, places: dict[bytes, list[int]], counted: list[int], anchor: bytes | None
    ) -> dict[int, int]:
        """Return which units are in a list, in its order, and where; `anchor` stands for a key picture that is not."""
        self._searched += 256 * len(counted)
        found: dict[int, int] = {}
        latest = -1
        for index in counted:
            one = self._waiting[index]
            digest = one.digest
            if anchor is not None and not one.begins and not one.message:
                # The key picture is lost or changed; its digest is in the list, and the others hang on that.
                digest = self._hash(anchor + one.inner).digest()
            following = places.get(digest, ())
            at = bisect_right(following, latest)
            if at < len(following):
                found[index] = latest = following[at]
        return found

    def _begin(self, proved: int, place: int, *, in_order: bool) -> int:
        """Return where a group begins whose first proved unit is `proved`, at `place` of its list."""
        lowest = -1 if in_order else max(proved - 1 - place, -1)
        for index in range(proved - 1, lowest, -1):
            if self._waiting[index].begins:
                return index
        # All groups before were taken out of what waits, or nobody knows.
        return 0 if in_order else proved

    def _end(self, begin: int) -> int:
        """Return the next key picture that waits, or the end."""
        while begin < len(self._waiting) and not self._waiting[begin].begins:
            begin += 1
        return begin

    def _anchor_again(self, anchor: bytes, begin: int) -> None:
        """Let the rest of a group hang on the key picture that the camera signed, not on the one that came."""
        end = self._end(begin)
        for one in self._waiting[begin:end]:
            if not one.message:
                one.digest = self._hash(anchor + one.inner).digest()
        if end == len(self._waiting):
            self._anchor = anchor

    def _unlike(self, group: Group, counted: list[int], *, in_order: bool) -> _Match | None:
        """Say which units a message must mean that fits none; None when that is not certain."""
        waiting = self._waiting
        if not counted or self._doubtful or (self._last is not None and not in_order):
            # Messages are missing before it, and so may its pictures be: those that wait are not to be accused.
            return None
        starts = [index for index in counted if waiting[index].begins]
        if self._last is None:
            # The first message of a passage may speak of pictures from before it.
            begun = waiting[counted[0]].clock
            earlier = group.start is None or group.start < begun - _TIME_TOLERANCE
            if len(starts) + group.partial < 2 or (earlier and not group.begins_stream):
                return None
            # Or of the rest of a group that was signed in parts, the first of which lost their message.
            rest = not group.begins_stream and group.start is not None and group.start > begun
            if rest and (group.partial or self._end(counted[0] + 1) - counted[0] > group.units):
                return None
        # The last part of a group that was signed in parts has no key picture of its own.
        first = next((index for index in counted if not waiting[index].message), 0)
        end = self._end(first + waiting[first].begins)
        mine = [index for index in counted if index < end]
        there = len(mine)
        if group.partial:
            # A message may come behind units of the next part: by number alone those would stand for ones that are lost.
            mine = [i for i in mine[: group.units] if self._is_before(group, waiting[i])]
            if not mine:
                return None
            end, there = mine[-1] + 1, len(mine)
        if there < group.units:
            # Without a list nobody can tell those that are there from others.
            verdict, reason = Verdict.NOT_CHECKED, Reason.NO_LIST
            missing = group.units - there
            return _Match(0, end, verdict, reason, missing=missing, loose=group.partial)
        return _Match(0, end, Verdict.NOT_AUTHENTIC, Reason.CHANGED, changed=there)

    def _is_before(self, group: Group, unit: _Unit) -> bool:
        """Return whether a unit is certain to be from before the end of a group, by the camera's clock."""
        return group.end is not None and -_SAME_CLOCK <= unit.clock - group.end < timedelta()

    def _settle(self, match: _Match, group: Group) -> GroupProof:
        """Take a match out of what waits, with a verdict that its signature has yet to bear out."""
        # A group that follows the one before leaves no place for pictures between the two.
        added = match.begin > 0 and self._follows(group) and bool(match.proved)
        added = added and not self._doubtful
        self._doubtful = match.loose
        self._orphan(match.begin, added=added)
        units = self._waiting[: match.end - match.begin]
        del self._waiting[: len(units)]
        first, last, before_last = _times(units)
        proof = GroupProof(
            first=first,
            last=last,
            before_last=before_last,
            verdict=match.verdict,
            reason=match.reason,
            counter=group.counter,
            units=len(units),
            missing=match.missing,
            changed=match.changed,
        )
        if self._last is not None and not group.begins_stream:
            step = (group.counter - self._last.counter) % _COUNTERS
            follows = step == 1
            # The link is the first unit of the group before; older cameras give the own one in parts of groups.
            linked = self._last_first is None or group.link in {*self._last_first, match.first}
            if step == 0 or step > _COUNTERS // 2 or (follows and not linked):
                proof.verdict, proof.reason = Verdict.NOT_AUTHENTIC, Reason.ORDER
        # The consortium's two halves differ where a group begins with a message.
        key = next((one.digest for one in units if one.begins), match.first)
        self._last_first = None if match.first is None or key is None else {match.first, key}
        self._last = group
        self._groups.append(proof)
        return proof

    def _add_message(
        self, message: SigningMessage, at: datetime, speaks: tuple[GroupProof, _Match] | None
    ) -> None:
        """Let a message without a signature wait for a later group, of which it is a unit."""
        if message.signature is not None:
            return
        digest = self._hash(message.whole).digest()
        unit = _Unit(inner=digest, digest=digest, begins=False, at=at, clock=at, message=True)
        if speaks is not None:
            proof, match = speaks
            unit.settles = proof
            self._pending[id(proof)] = match.proved
            self._hold(proof, Reason.NO_SIGNATURE)
        self._waiting.append(unit)

    def _prove(
        self, message: SigningMessage, proof: GroupProof, match: _Match, *, changed_key: bool
    ) -> None:
        assert message.signature is not None
        begins = message.group is not None and message.group.begins_stream
        digest = self._hash(message.signed).digest()
        deferred = _Deferred(proof, match, message.signature, digest, begins)
        if changed_key:
            proof.verdict, proof.reason = Verdict.NOT_AUTHENTIC, Reason.KEY
        elif self._key is not None or self._try_known(deferred):
            self._check(deferred)
        elif len(self._deferred) < _MAX_DEFERRED:
            self._deferred.append(deferred)
            self._hold(proof, Reason.NO_CERTIFICATE)
        else:
            self._again = True
            proof.verdict, proof.reason = Verdict.NOT_CHECKED, Reason.NO_CERTIFICATE

    def _check(self, one: _Deferred) -> None:
        """Let a signature decide about its group, and about the messages that are units of it."""
        assert self._key is not None
        self._release(one.proof)
        if not self._key.signed(one.signature, one.digest, self._digest_name):
            if self._try_known(one):
                # The camera has had another key since; only where it began anew, that is as it should be.
                self._signed_by(self._key, one.proof.first)
                if one.begins_stream:
                    self._bear_out(one.match.proved)
                else:
                    one.proof.verdict, one.proof.reason = Verdict.NOT_AUTHENTIC, Reason.KEY
                return
            one.proof.verdict, one.proof.reason = Verdict.NOT_AUTHENTIC, Reason.SIGNATURE
            return
        if self._key_is_ours is False:
            self._signed_by(self._key, one.proof.first)
        self._bear_out(one.match.proved)

    def _bear_out(self, proved: list[_Unit]) -> None:
        proved = list(proved)
        while proved:
            unit = proved.pop()
            if unit.settles is None:
                continue
            earlier = self._pending.pop(id(unit.settles), None)
            if earlier is not None:
                self._release(unit.settles)
                proved.extend(earlier)

    def _hold(self, proof: GroupProof, reason: Reason) -> None:
        """Let a verdict wait for the signature that it hangs on."""
        self._held[id(proof)] = proof.verdict, proof.reason
        proof.verdict, proof.reason = Verdict.NOT_CHECKED, reason

    def _release(self, proof: GroupProof) -> None:
        proof.verdict, proof.reason = self._held.pop(id(proof), (proof.verdict, proof.reason))

    def _orphan(self, to: int, *, added: bool = False) -> None:
        """Give the units up to `to` away: nothing will prove them any more; `added` ones the camera did not sign."""
        units = self._waiting[:to]
        del self._waiting[:to]
        begin = 0
        for index in range(1, len(units) + 1):
            if index == len(units) or units[index].begins:
                part = units[begin:index]
                first, last, _ = _times(part)
                self._groups.append(
                    GroupProof(
                        first=first,
                        last=last,
                        verdict=Verdict.NOT_AUTHENTIC if added else Verdict.NOT_CHECKED,
                        reason=Reason.CHANGED if added else Reason.NO_SIGNATURE,
                        units=len(part),
                        changed=len(part) if added else 0,
                    )
                )
                begin = index

    def _limit(self) -> None:
        """Forget what will never be signed; of a stream without signatures everything but the newest."""
        if len(self._waiting) <= MAX_WAITING:
            return
        half = MAX_WAITING // 2
        if self._seen:
            self._orphan(half)
        else:
            del self._waiting[:half]


def _readable_key(chain: bytes) -> SigningKey | None:
    try:
        return SigningKey(chain)
    except ChainInvalid:
        return None


def _times(units: Sequence[_Unit]) -> tuple[datetime, datetime, datetime | None]:
    """Return the times of the first, the last and the last picture but one; a message has no time of its own."""
    times = sorted({one.at for one in units if not one.message} or {one.at for one in units})
    return times[0], times[-1], times[-2] if len(times) > 1 else None


def _until(groups: Sequence[GroupProof]) -> datetime | None:
    """Return the last picture up to which everything is proved; of a picture, every slice."""
    until: datetime | None = None
    before: datetime | None = None
    for one in groups:
        if one.verdict not in {Verdict.AUTHENTIC, Verdict.PICTURES_MISSING}:
            return before if until is not None and until >= one.first else until
        # A group of a single picture: the one before it is in the group before.
        earlier = until if until is not None and until < one.last else before
        until, before = one.last, one.before_last or earlier
    return until
