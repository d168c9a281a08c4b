"""Opening recorded footage for somebody: the person, the ledger and the card are asked, then there is a link."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util.dt import utcnow

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..errors import failed, invalid, translated
from ..lib.access.errors import CaseError, CaseUnknown, NotAllowed
from ..lib.access.model import Actor
from ..lib.access.permissions import Permission, check_person
from ..lib.cases.model import Case, CaseClip, CaseCut, CaseMask, ClipState, Item, ShownTo
from ..lib.device.errors import CameraError
from ..lib.footage.archive import FootageIndex, Stretch
from ..lib.footage.clip_model import Segment
from ..lib.footage.clip_playback import ClipPlayback
from ..lib.footage.errors import FootageMissing
from ..lib.footage.masking.errors import MaskProblem
from ..lib.footage.masking.stills import Stills
from ..lib.footage.playback import MAX_PASSAGE, Playback
from ..lib.footage.viewing_sessions import Span
from ..lib.ledger.errors import LedgerError
from ..lib.ledger.model import Person
from ..managers.evidence import Evidence, to_watch
from ..runtime import NiizaConfigEntry
from .base import async_record_refusal
from .links import ClipLink, CounterLink, LookLink, PassageLink, StillLink, async_players

# The frontend's media browser gives exactly this to its player.
MIME_TYPE: Final = "application/x-mpegURL"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What can be played: where, in which codec, and what of it is not there."""

    path: str
    # FFmpeg's name; None where it is not known.
    codec: str | None
    start: datetime
    end: datetime
    gaps: tuple[Span, ...]
    # How long a picture is shown as a rule (seconds); None where that is not known.
    picture: float | None = None
    # When each comes, and last when the last one goes (milliseconds of what plays); None where that is not known.
    pictures: Sequence[int] | None = None


async def async_playback(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    user_id: str | None,
    camera: str,
    *,
    start: datetime,
    end: datetime,
) -> Opened:
    """Open a passage of a camera (its unique id) for somebody; `path` is good for minutes.

    Raises HomeAssistantError, translated.
    """
    person = await async_allowed(entry, user_id, camera)
    coordinator = async_camera(entry, camera)
    if not timedelta() < end - start <= MAX_PASSAGE:
        key = "passage_too_long" if end > start else "passage_backwards"
        raise invalid(key, camera=coordinator.name)
    async_check_ledger(entry)
    index = await async_index(coordinator)
    parts = index.parts(start, end)
    if not parts:
        raise failed("footage_missing", camera=coordinator.name)
    now = utcnow()
    players = async_players(hass, entry)
    token = await players.async_add_passage(
        PassageLink(
            user_id=person.id,
            camera=camera,
            start=start,
            end=end,
            made=now,
            used=now,
            film=Playback(lambda: coordinator.archive, parts, start, end),
        )
    )
    return Opened(
        path=_playlist_path(token, start),
        codec=codec_now(coordinator),
        start=start,
        end=end,
        gaps=index.gaps(start, end),
    )


async def async_watch_clip(
    hass: HomeAssistant, entry: NiizaConfigEntry, user_id: str | None, clip_id: str
) -> Opened:
    """Open a sealed clip or cut for somebody: its viewing copy, or else its own file; `path` is good for minutes.

    What is served are fragments: the file itself leaves with a release, and no other way.

    Raises HomeAssistantError, translated.
    """
    evidence = entry.runtime_data.evidence
    actor, case, item = await _async_may_see(entry, user_id, clip_id)
    shown = to_watch(evidence, case, item)
    if shown is None:
        raise _no_clip(case, item)
    # Nobody without a person may see cases.
    assert actor.person is not None
    try:
        film = await ClipPlayback.open(shown.path, shown.segments)
    except FootageMissing as err:
        raise invalid("link_file_gone") from err
    start, end = shown.segments[0].start, shown.segments[-1].end
    camera = item if isinstance(item, CaseClip) else evidence.cases.clip(item.clip_id)[1]
    now = utcnow()
    token = async_players(hass, entry).add_clip(
        ClipLink(
            user_id=actor.person.id,
            camera=camera.passage.camera,
            start=start,
            end=end,
            made=now,
            used=now,
            case_id=case.id,
            clip_id=item.id,
            film=film,
        )
    )
    return Opened(
        path=_playlist_path(token, start),
        codec=shown.codec,
        start=start,
        end=end,
        gaps=shown.gaps,
        picture=shown.picture,
        # A masked clip is stored as it is shown; of what a camera made a file says only how it decodes.
        pictures=film.pictures if isinstance(item, CaseMask) else None,
    )


@dataclass(frozen=True, kw_only=True)
class LookOpened:
    """Pictures of a clip that can be looked at one by one: below which path, and which they are."""

    path: str
    clip: CaseClip
    stills: Stills
    stretches: tuple[Segment, ...]


async def async_look(
    hass: HomeAssistant, entry: NiizaConfigEntry, user_id: str | None, item_id: str
) -> LookOpened:
    """Open the pictures of a sealed clip, or of what a masked clip was made of; `path` is good for minutes.

    Raises HomeAssistantError, translated.
    """
    evidence, masking = entry.runtime_data.evidence, entry.runtime_data.masking
    actor, case, item = await _async_may_see(entry, user_id, item_id)
    if isinstance(item, CaseCut):
        raise invalid("clip_unknown", clip=item.id)
    clip = item if isinstance(item, CaseClip) else evidence.cases.clip(item.clip_id)[1]
    for one in (clip, item):
        if to_watch(evidence, case, one) is None:
            raise _no_clip(case, one)
    assert actor.person is not None
    assert clip.sealed is not None
    try:
        stills = await masking.async_stills(
            case, clip, item if isinstance(item, CaseMask) else None
        )
    except CaseError as err:
        if err.key == MaskProblem.NOT_THE_CLIP:
            await async_record_refusal(
                evidence, actor, Permission.SEE_CASES, f"case/{case.id}", err.key
            )
        raise translated(err) from err
    now = utcnow()
    token = async_players(hass, entry).add_look(
        LookLink(
            user_id=actor.person.id,
            camera=clip.passage.camera,
            start=clip.sealed.first_picture,
            end=clip.sealed.last_picture,
            made=now,
            used=now,
            case_id=case.id,
            clip_id=clip.id,
            item_id=item.id,
            stills=stills,
            stretches=clip.sealed.segments,
        )
    )
    return LookOpened(
        path=f"/api/{DOMAIN}/mask_still/{token}",
        clip=clip,
        stills=stills,
        stretches=clip.sealed.segments,
    )


async def async_show_at_counter(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    actor: Actor,
    item_id: str,
    *,
    shown_to: ShownTo,
    draft_id: str | None,
) -> tuple[Opened, int]:
    """Open a masked clip on the section's screen; returns the number of its entry in the ledger as well.

    Raises CaseError, LedgerError and HomeAssistantError, translated.
    """
    runtime = entry.runtime_data
    evidence = runtime.evidence
    case, mask = await evidence.cases.check_show_at_counter(actor, item_id)
    async_check_ledger(entry)
    _, clip = evidence.cases.clip(mask.clip_id)
    if (shown := to_watch(evidence, case, mask)) is None or to_watch(evidence, case, clip) is None:
        raise _no_clip(case, mask)
    try:
        film = await runtime.masking.async_counter(case, clip, mask)
    except CaseError as err:
        await async_record_refusal(
            evidence, actor, Permission.SHOW_AT_COUNTER, f"case/{case.id}", err.key
        )
        raise
    step = Permission.SHOW_AT_COUNTER
    async with runtime.drafts.async_used(evidence, actor, step, draft_id, case.id) as texts:
        showing = await evidence.cases.show_at_counter(
            actor, item_id, shown_to, texts.get("present", "")
        )
    start, end = shown.segments[0].start, shown.segments[-1].end
    now = utcnow()
    token = await async_players(hass, entry).async_add_showing(
        CounterLink(
            user_id=showing.by.id,
            camera=clip.passage.camera,
            start=start,
            end=end,
            made=now,
            used=now,
            film=film,
            person=showing.by,
            case_id=case.id,
            clip_id=clip.id,
            item_id=mask.id,
            showing=showing.number,
        )
    )
    path = _playlist_path(token, start)
    opened = Opened(
        path=path,
        codec=shown.codec,
        start=start,
        end=end,
        gaps=shown.gaps,
        picture=shown.picture,
    )
    return opened, showing.number


async def _async_may_see(
    entry: NiizaConfigEntry, user_id: str | None, item_id: str
) -> tuple[Actor, Case, Item]:
    """Return who it is, and the clip or part with its case, if they may see it; raises a translated error."""
    evidence = entry.runtime_data.evidence
    actor: Actor = await evidence.async_actor(user_id)
    try:
        # The person first: strangers do not learn which clips there are.
        await evidence.cases.check(actor, Permission.SEE_CASES, _case_of(evidence, item_id))
        case, item = evidence.cases.item(item_id)
    except (CaseError, LedgerError) as err:
        raise translated(err) from err
    async_check_ledger(entry)
    return actor, case, item


def _playlist_path(token: str, start: datetime) -> str:
    # With a query Home Assistant does not sign the path for a day.
    query = urlencode({"start": start.isoformat(timespec="seconds")})
    return f"/api/{DOMAIN}/playback/{token}/index.m3u8?{query}"


@callback
def async_still_path(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    person: Person,
    camera: str,
    parts: tuple[Stretch, ...],
) -> str:
    """Return where a picture of these parts is, for minutes and for that person."""
    now = utcnow()
    link = StillLink(
        user_id=person.id,
        camera=camera,
        start=parts[0].start,
        end=parts[-1].end,
        made=now,
        used=now,
        parts=parts,
    )
    return f"/api/{DOMAIN}/still/{async_players(hass, entry).add_still(link)}.jpg"


async def async_allowed(entry: NiizaConfigEntry, user_id: str | None, camera: str | None) -> Person:
    """Return the person if they may watch; raises a translated error."""
    try:
        return await async_person(entry, user_id, Permission.WATCH, _subject(entry, camera))
    except NotAllowed as err:
        raise translated(err) from err


async def async_person(
    entry: NiizaConfigEntry,
    user_id: str | None,
    permission: Permission,
    subject: str,
    *,
    direct: bool = False,
) -> Person:
    """Return the person if they may do this now; otherwise record it and raise NotAllowed."""
    evidence = entry.runtime_data.evidence
    actor: Actor = await evidence.async_actor(user_id, direct=direct)
    try:
        return check_person(actor, permission)
    except NotAllowed as err:
        await async_record_refusal(evidence, actor, permission, subject, err.key)
        raise


@callback
def async_camera(entry: NiizaConfigEntry, camera: str) -> CameraCoordinator:
    """Return a camera by its unique id; raises a translated error."""
    cameras = entry.runtime_data.cameras
    if (found := cameras.find(camera)) is not None:
        return found
    if (offline := cameras.facts(camera)) is not None:
        raise invalid("camera_offline", camera=offline.name)
    raise invalid("camera_unknown", camera=camera)


@callback
def async_check_ledger(entry: NiizaConfigEntry) -> None:
    """Raise a translated error while nothing can be recorded, so nothing may be watched."""
    try:
        entry.runtime_data.evidence.ledger.check_available()
    except LedgerError as err:
        raise translated(err) from err


async def async_index(coordinator: CameraCoordinator) -> FootageIndex:
    """Return what is on a camera's card; raises a translated error."""
    try:
        return await coordinator.archive.index()
    except CameraError as err:
        raise translated(err, camera=coordinator.name) from err


def codec_now(coordinator: CameraCoordinator) -> str | None:
    """Return FFmpeg's name of the codec that a camera is set to; None where that is not known."""
    profile = coordinator.data.main_profile
    encoding = None if profile is None else profile.video_encoding
    return {"H264": "h264", "H265": "hevc"}.get(encoding or "")


def _subject(entry: NiizaConfigEntry, camera: str | None) -> str:
    """Return what the ledger calls a camera; whatever else somebody wrote is not kept."""
    known = {coordinator.unique_id for coordinator in entry.runtime_data.cameras.values()}
    return f"camera/{camera}" if camera in known else "section"


def _case_of(evidence: Evidence, clip_id: str) -> str | None:
    """Return the case of a clip; None where there is no such clip. Raises LedgerError."""
    with suppress(CaseUnknown):
        return evidence.cases.item(clip_id)[0].id
    return None


def _no_clip(case: Case, clip: Item) -> ServiceValidationError:
    """Return why a clip or a cut cannot be looked at."""
    if isinstance(clip, CaseClip) and clip.by_hand is not None:
        return invalid("clip_by_hand", clip=clip.id, medium=clip.by_hand.medium)
    if case.binned_until is not None:
        return invalid("footage_in_bin", case=case.id)
    match clip.state:
        case ClipState.REQUESTED:
            return invalid("clips_not_sealed", case=case.id, clips=clip.id)
        case ClipState.FAILED:
            return invalid("clips_failed", case=case.id, clips=clip.id)
        case _:
            return invalid("link_file_gone")


def camera_name(entry: NiizaConfigEntry, camera: str) -> str:
    """Return what people call a camera."""
    found = entry.runtime_data.cameras.find(camera)
    return camera if found is None else found.name
