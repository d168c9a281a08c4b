"""The actions: what people do with footage, each with its answer.

Every time in an answer is ISO 8601 with the section's offset; `None` means not known or not there.
"""

from typing import TypedDict


class PersonShown(TypedDict):
    """A person, by the name that they had when they did it."""

    id: str
    name: str


class SpanShown(TypedDict):
    """A stretch of time."""

    start: str
    end: str


class FileShown(TypedDict):
    """A file that was sealed: its name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


class ProgressShown(TypedDict):
    """How far a clip is fetched."""

    # "queued", "retrieving", "waiting", "writing", "sealed", "failed", "cancelled"
    state: str
    percent: float
    # Seconds that it still takes.
    remaining: float | None
    # Place in the camera's queue, 0 when it is being fetched.
    place: int


class SealedShown(TypedDict):
    """A clip that was fetched, verified and sealed."""

    master: FileShown
    # H.264 copy of an H.265 clip, for viewing only.
    viewing_copy: FileShown | None
    codec: str
    width: int
    height: int
    pictures: int
    first_picture: str
    last_picture: str
    gaps: list[SpanShown]
    signed_by_camera: bool


class ClipShown(TypedDict):
    """One passage of one camera, asked for in a case."""

    clip: str
    camera: str
    camera_name: str
    start: str
    end: str
    # "requested", "sealed", "failed", "cancelled", "removed"
    state: str
    asked_by: PersonShown
    asked_at: str
    # When the card is expected to overwrite it.
    overwritten_at: str | None
    attempts: int
    error: str | None
    # None once there is nothing more to be fetched.
    progress: ProgressShown | None
    sealed: SealedShown | None


class StepShown(TypedDict):
    """One step of a case, as the ledger has it."""

    at: str
    # None: the section's system by itself.
    person: PersonShown | None
    # The ledger's words: "case_created", "clip_requested", "clip_sealed", "case_approved", "refused", …
    action: str
    details: dict[str, object]


class CaseListed(TypedDict):
    """A case in the list of cases."""

    case: str
    kind: str
    # "received", "preserved", "approved", "released", "handed_over", "concluded", "rejected", "expired", "purged"
    state: str
    document_number: str
    organisation: str
    created_by: PersonShown
    created_at: str
    clips: int
    sealed: int
    # The mean over the clips that are being fetched; None when there is none.
    percent: float | None
    # The earliest moment at which footage that is not sealed will be overwritten.
    overwritten_at: str | None


class CasesResponse(TypedDict):
    """Answer of `list_cases`: the newest first."""

    cases: list[CaseListed]


class CaseShown(CaseListed):
    """Answer of `get_case`: all that is known of one case."""

    # The fields of `create_case` that were filled in.
    request: dict[str, str]
    passages: list[ClipShown]
    approved_by: PersonShown | None
    package: FileShown | None
    history: list[StepShown]


class LinkResponse(TypedDict):
    """Answer of `release_case` and `export_ledger`: a link that works once, for a quarter of an hour."""

    link: str
    expires: str
    file: FileShown


class ReleaseResponse(LinkResponse):
    """Answer of `release_case`."""

    case: str
    # Shown this one time; None for a package without encryption.
    passphrase: str | None
