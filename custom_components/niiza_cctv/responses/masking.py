"""What the actions and the panel show of masking: tracks, proposals, masked clips."""

from typing import TypedDict

from ..lib.footage.masking.propose import Proposal, ProposalEnd
from ..lib.footage.masking.track import Tracks
from ..lib.footage.masking.track_file import TrackDraft
from .base import PersonShown, show_person, show_time


class MaskKeyShown(TypedDict):
    """Where a box is at one time: microseconds of the clip; left, top, right, bottom in millionths of the picture."""

    at_us: int
    box: list[int]
    # False: proposed; it reveals nothing.
    confirmed: bool


class RevealShown(TypedDict):
    """One person to be seen."""

    # "box", "ellipse"
    shape: str
    keys: list[MaskKeyShown]
    # From when to when nothing is revealed, both included.
    rejected: list[list[int]]


class HideKeyShown(TypedDict):
    """As `MaskKeyShown`, of what is hidden."""

    at_us: int
    box: list[int]


class HideShown(TypedDict):
    """What stays hidden inside all that is revealed."""

    keys: list[HideKeyShown]


class MaskTracksShown(TypedDict):
    """All that is revealed of a clip, and what inside it is not; a panel sends it in the same form."""

    reveal: list[RevealShown]
    hide: list[HideShown]


class MaskTrackShown(TypedDict):
    """The track of a clip."""

    # None: nobody saved one.
    track: MaskTracksShown | None
    # By which `render_masked_clip` and the next `save_mask_track` name it.
    sha256: str | None
    # None of a track that a masked clip was asked for with.
    saved_by: PersonShown | None
    saved_at: str | None


class MaskTrackSaved(TypedDict):
    """By what the draft of a clip's track is named from now on."""

    sha256: str


class ProposalShown(TypedDict):
    """Where a figure seems to go: keys to be corrected, which reveal nothing until somebody confirms them."""

    keys: list[MaskKeyShown]
    # "done", "lost", "left", "damaged"
    end: ProposalEnd


def show_proposal(proposal: Proposal) -> ProposalShown:
    """Show a proposal."""
    return ProposalShown(
        keys=[
            MaskKeyShown(at_us=key.at, box=[*key.box.sides], confirmed=key.confirmed)
            for key in proposal.keys
        ],
        end=proposal.end,
    )


def _tracks(tracks: Tracks) -> MaskTracksShown:
    """Show tracks as `Tracks.as_json` writes them."""
    return MaskTracksShown(
        reveal=[
            RevealShown(
                shape=track.shape.value,
                keys=[
                    MaskKeyShown(at_us=key.at, box=[*key.box.sides], confirmed=key.confirmed)
                    for key in track.keys
                ],
                rejected=[[*stretch] for stretch in track.rejected],
            )
            for track in tracks.reveal
        ],
        hide=[
            HideShown(keys=[HideKeyShown(at_us=key.at, box=[*key.box.sides]) for key in track.keys])
            for track in tracks.hide
        ],
    )


def show_track(drawn: TrackDraft | Tracks | None) -> MaskTrackShown:
    """Show the track of a clip as somebody left it, or that of a masked clip."""
    match drawn:
        case TrackDraft():
            return MaskTrackShown(
                track=_tracks(drawn.tracks),
                sha256=drawn.tracks.sha256,
                saved_by=show_person(drawn.saved_by),
                saved_at=show_time(drawn.saved_at),
            )
        case Tracks():
            return MaskTrackShown(
                track=_tracks(drawn), sha256=drawn.sha256, saved_by=None, saved_at=None
            )
    return MaskTrackShown(track=None, sha256=None, saved_by=None, saved_at=None)
