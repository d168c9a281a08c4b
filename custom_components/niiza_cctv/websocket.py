"""What the panel asks for over the websocket, beside the actions.

`niiza_cctv/info` → `Info` below: who is asking, what a case of each kind needs, the cameras, the ledger.

`niiza_cctv/subscribe` → result `null`, then events `{"type": "changed"}` whenever a case, the progress of a
retrieval (at most once a second) or the ledger's head changes. An event carries nothing: the panel asks
again by the actions `list_cases` and `get_case`, which check the person anew.

Both are for holders of a role who are not a tablet; anybody else gets the error `unauthorized`, recorded.
"""

from typing import TypedDict

from .shown import PersonShown


class KindShown(TypedDict):
    """What a case of one kind needs; every field is the name of a field of `create_case`."""

    kind: str
    required: list[str]
    optional: list[str]
    # Whether an unmasked clip may ever leave; a disclosure request ends by its outcome instead.
    may_release_master: bool


class CameraShown(TypedDict):
    """A camera, as the actions take it in `cameras`."""

    unique_id: str
    device_id: str
    name: str


class LedgerShown(TypedDict):
    """Whether anything may be recorded, and therefore done; the head's number and hash."""

    available: bool
    number: int
    hash: str


class Info(TypedDict):
    """What the panel knows before it shows a case."""

    user: PersonShown
    # Of "viewer", "exporter", "approver".
    roles: list[str]
    kinds: list[KindShown]
    cameras: list[CameraShown]
    ledger: LedgerShown
    # The section's time zone, in which every time is shown.
    time_zone: str
    keep_days: int
