"""The automations that come along: they stand in Home Assistant's list of blueprints without anybody copying files.

Home Assistant has no public way for an integration to bring blueprints. It reads them from a folder of its
configuration, so that is where they are put; what is in that folder belongs to the user.
"""

from hashlib import sha256
from pathlib import Path
from typing import Final

from homeassistant.const import SERVICE_RELOAD
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError, write_utf8_file_atomic

from ..const import DOMAIN, LOGGER
from ..core_internals import blueprint_folder

_AUTOMATION: Final = "automation"
_SHIPPED: Final = Path(__file__).parents[1] / "blueprints" / _AUTOMATION
_STORE_VERSION: Final = 1
_STORE_KEY: Final = f"{DOMAIN}.blueprints"

# SHA-256 of what was written, by file name.
type Written = dict[str, str]


async def async_install_blueprints(hass: HomeAssistant, shipped: Path = _SHIPPED) -> None:
    """Put the blueprints that are `shipped` where Home Assistant finds them.

    One that the user changed is never overwritten, and one that the user deleted does not come back. Where the folder
    cannot be written everything else goes on.
    """
    store: Store[Written] = Store(hass, _STORE_VERSION, _STORE_KEY)
    known = await store.async_load() or {}
    folder = blueprint_folder(hass, _AUTOMATION)
    try:
        written, replaced = await hass.async_add_executor_job(_install, shipped, folder, known)
    except (OSError, WriteError) as err:
        LOGGER.warning(
            "Blueprints could not be written, import them from the documentation: %s", err
        )
        return
    if written != known:
        await store.async_save(written)
    if replaced and hass.services.has_service(_AUTOMATION, SERVICE_RELOAD):
        # Automations made of them hold the old text in memory.
        await hass.services.async_call(_AUTOMATION, SERVICE_RELOAD)


async def async_forget_blueprints(hass: HomeAssistant) -> None:
    """Forget what was written for a section that is gone; the files are the user's and may be in use."""
    store: Store[Written] = Store(hass, _STORE_VERSION, _STORE_KEY)
    await store.async_remove()


def _install(shipped: Path, folder: Path, known: Written) -> tuple[Written, bool]:
    """Write what is new; return what we wrote in all, and whether something was replaced. Raises OSError, WriteError."""
    written, replaced = dict(known), False
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(shipped.glob("*.yaml")):
        name, text, target = file.name, file.read_bytes(), folder / file.name
        there = _digest(target.read_bytes()) if target.exists() else None
        if there is None and name in known:
            # The user deleted it.
            continue
        if there not in {None, _digest(text), known.get(name)}:
            # The user changed it, or it is somebody else's.
            continue
        if there != _digest(text):
            write_utf8_file_atomic(str(target), text, mode="wb")
            replaced |= there is not None
        written[name] = _digest(text)
    return written, replaced


def _digest(text: bytes) -> str:
    return sha256(text).hexdigest()
