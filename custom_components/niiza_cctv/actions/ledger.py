"""The actions of the ledger: proving it, and taking a copy along."""

from collections.abc import Mapping
import hashlib
from pathlib import Path
import secrets
import time

from homeassistant.core import ServiceResponse, SupportsResponse
import probatio

from ..const import LINK_TIME
from ..errors import failed
from ..lib.access.permissions import Permission
from ..lib.footage.clip_model import ClipFile
from ..responses.ledger import FoldersResponse, show_strays, show_verification
from .base import Action, ActionCall, as_response, async_offer_file
from .fields import FOLDER


async def _export_ledger(call: ActionCall) -> ServiceResponse:
    """Write the ledger and offer it to the person who asked."""
    await call.evidence.cases.check(call.actor, Permission.EXPORT_LEDGER)
    evidence, form = call.evidence, call.data["form"]
    name = f"ledger-{evidence.ledger.head.number}.{form}"

    def prepare() -> Path:
        folder = evidence.vault.root / "ledger"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for leftover in folder.iterdir():
            # Of before a restart: its link is no more.
            if time.time() - leftover.stat().st_mtime > LINK_TIME.total_seconds():
                leftover.unlink(missing_ok=True)
        return folder / f"{secrets.token_hex(8)}.{form}"

    def seal(path: Path) -> ClipFile:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return ClipFile(name=name, sha256=digest, size=path.stat().st_size)

    try:
        path = await call.hass.async_add_executor_job(prepare)
        await evidence.ledger.export(path, form)
        file = await call.hass.async_add_executor_job(seal, path)
    except OSError as err:
        raise failed("not_written", reason=err.strerror or "") from err
    link = async_offer_file(
        call,
        path,
        file,
        "ledger",
        lambda evidence, actor: evidence.cases.ledger_exported(actor, file),
        temporary=True,
    )
    return as_response(link)


async def _confirm_clock(call: ActionCall) -> ServiceResponse:
    """Vouch for the time of now."""
    await call.entry.runtime_data.clock.async_confirm(call.actor)
    return {}


async def _remove_folder(call: ActionCall) -> ServiceResponse:
    """Remove a folder that no case knows."""
    try:
        await call.evidence.async_remove_folder(call.actor, call.data["folder"])
    except OSError as err:
        raise failed("not_removed", reason=err.strerror or "") from err
    return as_response(FoldersResponse(folders=show_strays(call.evidence.strays)))


async def _verify_ledger(call: ActionCall) -> ServiceResponse:
    """Prove the chain from its first entry to its last."""
    await call.evidence.cases.check(call.actor, Permission.SEE_CASES)
    return as_response(show_verification(await call.evidence.proof.prove()))


LEDGER_ACTIONS: Mapping[str, Action] = {
    "export_ledger": Action(
        answer=_export_ledger,
        schema={probatio.Optional("form", default="jsonl"): probatio.In(["jsonl", "csv"])},
    ),
    "confirm_clock": Action(answer=_confirm_clock, schema={}),
    "remove_folder": Action(answer=_remove_folder, schema={probatio.Required("folder"): FOLDER}),
    "verify_ledger": Action(answer=_verify_ledger, schema={}, response=SupportsResponse.ONLY),
}
