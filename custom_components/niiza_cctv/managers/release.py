"""Releasing what was approved: the evidence package, made when somebody asks for it."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
import secrets
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..lib.access.model import Actor
from ..lib.cases.kinds import GROUNDS
from ..lib.cases.model import Case, CaseClip, CaseCut, CaseMask
from ..lib.footage.clip_model import ClipFile
from ..lib.footage.cut import SealedCut
from ..lib.footage.package import build_package, packed_size
from ..lib.footage.package_model import (
    CameraFacts,
    PackageCase,
    PackageDecision,
    PackageStep,
    PackedCut,
    TakenByHand,
)
from ..lib.footage.vault import package_name
from ..lib.ledger.model import Person
from .evidence import Evidence

# Without letters and digits that are read wrongly; 25 of them are 123 bits.
_PASSPHRASE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105 - what it is made of


@dataclass(frozen=True, kw_only=True)
class Released:
    """An evidence package that may be fetched; the passphrase is shown once and kept nowhere."""

    path: Path
    package: ClipFile
    passphrase: str | None


class Releases:
    """The evidence packages of the section; one is made of a case at a time."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], *, evidence: Evidence) -> None:
        """Begin without any."""
        self._hass = hass
        self._entry = entry
        self._evidence = evidence
        self._releasing: dict[str, asyncio.Lock] = {}
        self._closed = False

    async def async_close(self) -> None:
        """Give up what is being packed."""
        self._closed = True

    async def async_release(self, actor: Actor, case_id: str, *, encrypt: bool) -> Released:
        """Make the evidence package of an approved case and record who had it made.

        Raises CaseError, LedgerError, VaultFull, PackageInvalid, OSError.
        """
        # Before anything is kept of what may be no case.
        await self._evidence.cases.check_release(actor, case_id)
        async with self._releasing.setdefault(case_id, asyncio.Lock()):
            case = await self._evidence.cases.check_release(actor, case_id)
            passphrase = _passphrase() if encrypt else None
            folder = await self._hass.async_add_executor_job(self._evidence.vault.folder, case_id)
            target = folder / package_name(case_id)
            clips = [
                (_origin(item), item.sealed)
                for item in case.chosen
                if isinstance(item, CaseClip) and item.sealed is not None
            ]
            cuts = _cuts(case)
            contents = await self._async_contents(case, actor)
            # `check_release` lets nobody through without a person.
            assert actor.person is not None

            def build(show: Callable[[float], None]) -> ClipFile:
                def tell(share: float) -> None:
                    self._hass.loop.call_soon_threadsafe(show, share)

                self._evidence.vault.check_room(packed_size(clips, cuts))
                return build_package(
                    contents,
                    clips,
                    folder,
                    target,
                    self._evidence.signer,
                    by_hand=_by_hand(case),
                    cuts=cuts,
                    passphrase=passphrase,
                    cancelled=lambda: self._closed,
                    progress=tell,
                )

            packings = self._evidence.packings
            with packings.begun(case_id, actor.person, encrypted=encrypt) as show:
                package = await self._hass.async_add_executor_job(build, show)
                try:
                    await self._evidence.cases.release(
                        actor, case_id, package, encrypted=encrypt, packed=case
                    )
                except BaseException:
                    # Signed, and released by nobody.
                    await self._hass.async_add_executor_job(_remove, target)
                    raise
            return Released(path=target, package=package, passphrase=passphrase)

    async def _async_contents(self, case: Case, actor: Actor) -> PackageCase:
        """Return what the package says of its case."""
        integration = await async_get_integration(self._hass, DOMAIN)
        now = dt_util.utcnow()
        return PackageCase(
            id=case.id,
            kind=case.kind,
            section=self._entry.title,
            request=case.request,
            steps=[
                PackageStep(
                    action=action, person=person.name, person_id=person.id, at=at, item=item
                )
                for action, person, at, item in _steps(case, actor, now)
            ],
            released_at=now,
            time_zone=dt_util.get_default_time_zone(),
            japanese_era=self._evidence.settings.japanese_era,
            software=f"{DOMAIN} {integration.version}",
            decision=_decision(case),
        )


def _steps(case: Case, actor: Actor, now: datetime) -> Iterator[tuple[str, Person, datetime, str]]:
    """Yield who did what with what is packed, when, and with which of it."""
    yield "created", case.created_by, case.created_at, ""
    for item in case.chosen:
        if isinstance(item, CaseCut):
            yield "cut", item.asked_by, item.asked_at, item.id
        elif isinstance(item, CaseMask):
            yield "masked", item.asked_by, item.asked_at, item.id
        elif item.by_hand is None:
            yield "requested", item.asked_by, item.asked_at, item.id
        else:
            yield "registered", item.asked_by, item.asked_at, item.id
            yield "witnessed", item.by_hand.witness, item.asked_at, item.id
    if case.decision is not None:
        yield "proposed", case.decision.by, case.decision.at, ""
    elif case.choice is not None:
        yield "chosen", case.choice.by, case.choice.at, ""
    for item in case.chosen:
        if (approval := case.approvals.get(item.id)) is not None:
            yield "approved", approval.by, approval.at, item.id
    if actor.person is not None:
        yield "released", actor.person, now, ""


def _decision(case: Case) -> PackageDecision | None:
    """Return how a request for disclosure was answered; only what is given as a copy is packed."""
    if (decision := case.decided) is None or decision.way is None:
        return None
    return PackageDecision(
        outcome=decision.outcome.value,
        way=decision.way.value,
        grounds=tuple(GROUNDS[ground] for ground in decision.grounds),
    )


def _cuts(case: Case) -> list[PackedCut]:
    """Return the chosen cuts and masked parts with the clips that they are parts of."""
    clips = {clip.id: clip for clip in case.clips}
    return [
        PackedCut(
            id=item.id,
            camera=_origin(clip),
            clip_id=clip.id,
            clip=clip.sealed,
            cut=item.sealed
            if isinstance(item, CaseCut)
            else SealedCut(cut=item.sealed.as_cut(), viewing_copy=None, signing=None),
            masked_by=item.track_sha256 if isinstance(item, CaseMask) else None,
        )
        for item in case.chosen
        if not isinstance(item, CaseClip)
        and item.sealed is not None
        and (clip := clips[item.clip_id]).sealed is not None
    ]


def _by_hand(case: Case) -> list[TakenByHand]:
    """Return what two people took at the station: the package tells of it, and does not hold it."""
    return [
        TakenByHand(
            id=clip.id,
            camera=_origin(clip),
            start=clip.passage.start,
            end=clip.passage.end,
            medium=clip.by_hand.medium,
            serial=clip.by_hand.serial,
            sha256=clip.by_hand.sha256,
            clock_offset=clip.by_hand.clock_offset,
        )
        for clip in case.chosen
        if isinstance(clip, CaseClip) and clip.by_hand is not None
    ]


def _origin(clip: CaseClip) -> CameraFacts:
    """Return what was known of the camera when the clip was sealed or registered."""
    try:
        return CameraFacts.from_json({**clip.origin})
    except ValueError:
        return CameraFacts(
            name=clip.passage.camera_name, manufacturer="", model="", serial="", firmware=""
        )


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)


def _passphrase() -> str:
    """Return a passphrase that can be told over the telephone."""
    return "-".join(
        "".join(secrets.choice(_PASSPHRASE_LETTERS) for _ in range(5)) for _ in range(5)
    )
