"""What the actions and the panel show of masking: tracks, proposals, masked clips."""

from collections.abc import Sequence
from typing import Final, TypedDict
from urllib.parse import urlencode

from ..lib.footage.clip_model import Segment
from ..lib.footage.masking.fill import Fill
from ..lib.footage.masking.propose import Proposal, ProposalEnd
from ..lib.footage.masking.stills import Stills
from ..lib.footage.masking.track import Tracks
from ..lib.footage.masking.track_file import TrackDraft
from .base import PersonShown, SpanShown, show_person, show_time


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


class MaskStretchShown(SpanShown):
    """A stretch of a clip without a gap: where it begins (microseconds of the clip), and what true time it shows."""

    at_us: int


class MaskViewShown(TypedDict):
    """The pictures of a clip, for who draws boxes on them or looks at what came of it."""

    # Below it `source/<at_us>.jpg` and `masked/<at_us>.jpg`, for minutes after the last one.
    base: str
    # Of each, in microseconds of the clip; of very many only the first.
    pictures: list[int]
    # How many there are.
    count: int
    # When the last of them all goes.
    end_us: int
    # Those that decode by themselves.
    keys: list[int]
    # As displayed, upright.
    width: int
    height: int
    stretches: list[MaskStretchShown]


class MaskStillShown(TypedDict):
    """Where a picture is, for minutes: as it is, and as it will be."""

    at: float
    source: str
    masked: str


class MaskPreviewShown(TypedDict):
    """Answer of `preview_mask`."""

    stills: list[MaskStillShown]


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


# An hour at 15 pictures a second.
MAX_PICTURES: Final = 60_000


def show_view(path: str, stills: Stills, stretches: Sequence[Segment]) -> MaskViewShown:
    """Show which pictures there are to be looked at below a path."""
    times = stills.times
    pictures = times[:MAX_PICTURES]
    return MaskViewShown(
        base=path,
        pictures=pictures,
        count=len(times),
        end_us=stills.end,
        keys=[key for key in stills.keys if key <= pictures[-1]],
        width=stills.form.width,
        height=stills.form.height,
        stretches=[
            MaskStretchShown(at_us=one.offset, start=show_time(one.start), end=show_time(one.end))
            for one in stretches
        ],
    )


def show_preview(
    path: str, times: Sequence[float], track_sha256: str, fill: Fill
) -> MaskPreviewShown:
    """Show where pictures at these times (seconds of the clip) are."""
    asked = {"track": track_sha256, "fill": fill.kind.value}
    if fill.at is not None:
        asked["plate_at_us"] = str(fill.at)
    query = urlencode(asked)
    return MaskPreviewShown(
        stills=[
            MaskStillShown(
                at=at,
                source=f"{path}/source/{round(at * 1_000_000)}.jpg",
                masked=f"{path}/masked/{round(at * 1_000_000)}.jpg?{query}",
            )
            for at in times
        ]
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
