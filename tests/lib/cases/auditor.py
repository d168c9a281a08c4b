"""An auditor who reads the ledger's bare entries, and what they hold against the promise of two people on every export.

Slow and obvious, and written beside the product's own reading of the ledger (`lib/cases/fold.py`), not after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from custom_components.niiza_cctv.lib.cases.kinds import KINDS
from custom_components.niiza_cctv.lib.cases.model import CaseKind
from custom_components.niiza_cctv.lib.ledger.model import Entry, Json


def text(details: Mapping[str, Json], name: str) -> str:
    """Return a text of an entry."""
    value = details[name]
    assert isinstance(value, str)
    return value


def mapping(details: Mapping[str, Json], name: str) -> dict[str, Json]:
    """Return a table of an entry."""
    value = details[name]
    assert isinstance(value, dict)
    return value


@dataclass(kw_only=True)
class _Package:
    """A released package, and whether it left."""

    holds: dict[str, str]
    by: str
    downloaded: bool = False


@dataclass(kw_only=True)
class Audited:
    """A case as an auditor sees it."""

    kind: CaseKind
    # Whoever asked for something, cut, had something masked, sealed early or was there when something was taken by hand.
    asked: set[str]
    # Clip, cut or masked part → its hash, as long as it is there; which of them were taken by hand; of which clip a
    # part is; and which parts were asked to be masked by which track, and were.
    there: dict[str, str] = field(default_factory=dict)
    by_hand: set[str] = field(default_factory=set)
    part_of: dict[str, str] = field(default_factory=dict)
    tracks: dict[str, str] = field(default_factory=dict)
    masked: set[str] = field(default_factory=set)
    # Still to come, or failed.
    unsealed: set[str] = field(default_factory=set)
    choice: set[str] | None = None
    chooser: str | None = None
    # Clip or part → the hash that somebody agreed to, and who.
    approvals: dict[str, tuple[str, str]] = field(default_factory=dict)
    # How it is to be answered, by its entry's hash and details, and who agreed to that.
    proposal: tuple[str, Mapping[str, Json]] | None = None
    decided_by: str | None = None
    withdrawals: dict[str, str] = field(default_factory=dict)
    package: _Package | None = None

    @property
    def chosen(self) -> dict[str, str]:
        """What leaves with the next package: all clips, or what somebody chose of them and their parts."""
        if self.choice is None:
            return {item: sha for item, sha in self.there.items() if item not in self.part_of}
        return {item: sha for item, sha in self.there.items() if item in self.choice}

    def leaves(self, person: str | None = None) -> None:
        """Let something of it leave, by the will of `person` and of whoever approved: these are not one and the same."""
        chosen = self.chosen
        assert chosen
        assert not self.unsealed
        for item, sha in chosen.items():
            approved, by = self.approvals[item]
            assert approved == sha
            assert by not in {person, self.chooser, *self.asked}
            # Nobody decided yet whether it stays in the case.
            assert not {item, self.part_of.get(item)} & self.withdrawals.keys()

    def package_leaves(self) -> _Package:
        """Let the package leave: what is in it is what is chosen and approved now, and not by who released it."""
        assert self.package is not None
        assert self.package.holds == self.chosen
        self.leaves(self.package.by)
        self.copy_leaves(self.package.by)
        return self.package

    def decided(self, person: str | None) -> Mapping[str, Json]:
        """Return what was decided, by whoever proposed it and another one, who is not `person` either."""
        assert self.proposal is not None
        assert self.decided_by not in {None, person, self.chooser, *self.asked}
        assert self.proposal[1]["items"] == self.chosen
        return self.proposal[1]

    def copy_leaves(self, person: str | None) -> None:
        """Let a copy leave, of a kind that may not show others only masked and if two people decided that."""
        if not KINDS[self.kind].may_release_unmasked:
            assert self.chosen.keys() <= self.masked
            assert self.decided(person)["way"] == "copy"

    def void(self) -> None:
        """Take approvals back: another release than before is approved by nobody."""
        self.approvals, self.decided_by = {}, None


class Auditor:
    """Reads entry after entry; AssertionError where one person alone was enough."""

    def __init__(self) -> None:
        """Begin with the first entry."""
        self.cases: dict[str, Audited] = {}

    def read(self, entry: Entry) -> None:
        """Take in the next entry."""
        details = entry.details
        person = None if entry.person is None else entry.person.id
        if entry.action == "case_created":
            assert person
            kind = CaseKind(text(details, "kind"))
            self.cases[entry.subject] = Audited(kind=kind, asked={person})
        elif (case := self.cases.get(entry.subject)) is not None:
            self._comes(case, entry, person)
            self._decided(case, entry, person)
            self._leaves(case, entry, person)

    def _comes(self, case: Audited, entry: Entry, person: str | None) -> None:
        """Follow what there is."""
        details = entry.details
        match entry.action:
            case "clip_requested":
                assert person
                case.asked.add(person)
                clips = details["clips"]
                assert isinstance(clips, list)
                case.unsealed |= {text(clip, "clip") for clip in clips if isinstance(clip, dict)}
                case.void()
            case "footage_registered":
                assert person
                witness = text(mapping(details, "witness"), "id")
                assert witness != person
                case.asked |= {person, witness}
                clip = text(details, "clip")
                case.there[clip] = str(details["sha256"] or entry.hash)
                case.by_hand.add(clip)
                case.void()
            case "clip_cut_short" | "clip_cut_requested":
                assert person
                case.asked.add(person)
            case "clip_divided":
                case.unsealed.add(text(details, "rest"))
            case "clip_sealed":
                clip = text(details, "clip")
                case.unsealed.remove(clip)
                master = mapping(mapping(details, "sealed"), "master")
                case.there[clip] = text(master, "sha256")
            case "clip_cancelled":
                clip = text(details, "clip")
                case.unsealed.discard(clip)
                if case.there.pop(clip, None) is not None:
                    case.void()
            case "clip_cut_sealed":
                cut = text(details, "cut_id")
                case.there[cut] = text(details, "sha256")
                case.part_of[cut] = text(details, "clip")
            case "clip_mask_requested":
                assert person
                assert details["source_sha256"] == case.there[text(details, "clip")]
                case.asked.add(person)
                case.tracks[text(details, "mask_id")] = text(details, "track_sha256")
            case "clip_mask_cancelled" | "clip_mask_failed":
                del case.tracks[text(details, "mask_id")]
            case "clip_mask_sealed":
                mask, clip = text(details, "mask_id"), text(details, "clip")
                assert details["source_sha256"] == case.there[clip]
                assert details["track_sha256"] == case.tracks.pop(mask)
                case.there[mask] = text(details, "sha256")
                case.part_of[mask] = clip
                case.masked.add(mask)

    def _decided(self, case: Audited, entry: Entry, person: str | None) -> None:
        """Follow what people choose, approve and withdraw."""
        details = entry.details
        match entry.action:
            case "release_chosen":
                assert person
                before, items = case.chosen, details["items"]
                assert isinstance(items, list)
                assert {str(item) for item in items} <= case.there.keys()
                assert person not in {by for _, by in case.approvals.values()}
                case.choice, case.chooser = {str(item) for item in items}, person
                case.approvals = {
                    item: approval
                    for item, approval in case.approvals.items()
                    if item in case.chosen
                }
                if case.chosen != before:
                    case.package = None
            case "item_approved":
                assert person
                item, sha = text(details, "item"), text(details, "sha256")
                assert case.chosen[item] == sha
                assert person not in {case.chooser, *case.asked}
                assert not case.unsealed
                case.approvals[item] = sha, person
            case "case_approved":
                assert person
                assert case.proposal is not None
                assert (details["decision"], details["clips"]) == (case.proposal[0], case.chosen)
                assert not case.unsealed
                assert person not in {case.chooser, *case.asked}
                case.approvals = {item: (sha, person) for item, sha in case.chosen.items()}
                case.decided_by = person
            case "decision_proposed":
                assert person
                items = mapping(details, "items")
                assert items.items() <= case.there.items()
                case.proposal, case.choice, case.chooser = (entry.hash, details), {*items}, person
                case.package = None
                case.void()
            case "clip_withdrawal_requested":
                assert person
                case.withdrawals[text(details, "item")] = person
            case "clip_withdrawal_declined":
                assert person
                del case.withdrawals[text(details, "item")]
            case "clip_withdrawn":
                self._withdrawn(case, text(details, "item"), person)
            case "files_restored":
                case.void()

    def _withdrawn(self, case: Audited, item: str, person: str | None) -> None:
        before = case.chosen
        assert case.withdrawals.pop(item) not in {person, None}
        for gone in [item, *(part for part, clip in case.part_of.items() if clip == item)]:
            case.there.pop(gone, None)
            case.withdrawals.pop(gone, None)
        if case.chosen != before:
            case.package = None
            case.void()

    def _leaves(self, case: Audited, entry: Entry, person: str | None) -> None:
        """Look at what leaves, and at what is told to who asked."""
        details = entry.details
        match entry.action:
            case "case_released":
                assert person
                case.copy_leaves(person)
                case.leaves(person)
                assert details["clips"] == case.chosen
                case.package = _Package(holds=case.chosen, by=person)
            case "download_begun" | "package_downloaded":
                package = case.package_leaves()
                package.downloaded |= entry.action == "package_downloaded"
            case "case_handed_over":
                case.copy_leaves(None)
                if case.chosen.keys() <= case.by_hand:
                    # There is no package whose release would have needed two people.
                    case.leaves(person)
                else:
                    assert case.package_leaves().downloaded
                # A further copy is a decision of its own.
                case.package = None
                case.void()
            case "case_concluded" if KINDS[case.kind].decided_by_proposal:
                decided = case.decided(person)
                assert details["reasons"] == decided["reasons"]
                assert (details["outcome"], decided["outcome"], decided["way"]) in _ENDS
            case "case_concluded" if details["outcome"] != "nothing_found":
                case.leaves(person)


# Of what was decided: how a case ended, what the decision was, and how it was to be disclosed.
_ENDS = {
    ("refused", "refused", None),
    ("nothing_found", "nothing_found", None),
    ("shown_in_person", "disclosed_in_full", "view"),
    ("shown_in_person", "disclosed_in_part", "view"),
}
