"""What the entities of checks have in common, and how one of them lets a person confirm a check."""

from collections.abc import Coroutine
from typing import Any, override

from homeassistant.core import Context, HomeAssistant, ServiceCall, callback
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import AssetEntity, is_there
from .errors import translated
from .lib.access.errors import CaseError
from .lib.checks.model import Asset, Check, CheckKind, Result, check_id
from .lib.ledger.errors import LedgerError
from .managers.checks import check_key
from .people import is_direct_call
from .runtime import NiizaConfigEntry


class ConfirmingEntity(Entity):
    """An entity whose action says something in the name of the person who calls it."""

    @override
    async def async_request_call[T](self, coro: Coroutine[Any, Any, T]) -> T:
        """Run an action; whose it was ends with it.

        Home Assistant refuses some calls itself, behind which the next one, of nobody's, would find the person of before.
        """
        try:
            return await super().async_request_call(coro)
        finally:
            self._context = None

    @callback
    def take_context(self) -> Context | None:
        """Return the context of the call that is being answered, once."""
        context, self._context = self._context, None
        return context


class CheckEntity(AssetEntity):
    """An entity of one check: there as long as the section looks at it, whatever the ledger says."""

    def __init__(self, entry: NiizaConfigEntry, kind: CheckKind, asset: Asset) -> None:
        """Put it on the device of what is looked at."""
        super().__init__(entry, asset, check_key(kind))
        self.check = check_id(kind.key, asset)
        self.manager = entry.runtime_data.checks
        self._attr_translation_key = check_key(kind)
        if kind.name is not None:
            self._attr_translation_key = "check_own"
            self._attr_translation_placeholders = {"check": kind.name}

    @override
    async def async_added_to_hass(self) -> None:
        """Follow this check alone: there are hundreds, and the ledger changes with every step of anybody."""
        self.async_on_remove(self.manager.async_add_entity(self.check, self))

    @property
    def status(self) -> Check | None:
        """Return how the check stands; None until the ledger was read."""
        return self.manager.checks.get(self.check)


@callback
def async_add_for_each_check(
    entry: NiizaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entity: type[CheckEntity],
) -> None:
    """Add an entity for every check, also for those that come to be."""

    @callback
    def add(kind: CheckKind, asset: Asset) -> None:
        if is_there(entry, asset.subentry_id):
            async_add_entities([entity(entry, kind, asset)], config_subentry_id=asset.subentry_id)

    entry.runtime_data.checks.async_for_each_check(add)


async def async_confirm(
    hass: HomeAssistant,
    entry: NiizaConfigEntry,
    check: str,
    context: Context | None,
    action: tuple[str, str],
    *,
    named: bool,
) -> None:
    """Record that the person behind a call of an entity's action found a check in order.

    `named`: whether that call named this very entity or item. An area's or everything's buttons pressed at once say
    nothing about any of them. Raises translated errors; refusals are on the record.
    """
    evidence = entry.runtime_data.evidence
    actor = await evidence.async_actor(
        None if context is None else context.user_id,
        direct=named
        and context is not None
        and is_direct_call(ServiceCall(hass, *action, context=context)),
    )
    try:
        await evidence.checks.record(actor, check, Result.PASSED, by_tap=True)
    except (CaseError, LedgerError) as err:
        raise translated(err) from err
