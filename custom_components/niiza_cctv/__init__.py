"""Station cameras whose recording is proved."""

from contextlib import AsyncExitStack

from homeassistant.auth import EVENT_USER_ADDED, EVENT_USER_REMOVED, EVENT_USER_UPDATED
from homeassistant.const import Platform
from homeassistant.core import Event, HassJob, HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from . import panel
from .const import DOMAIN
from .entry_data import async_spawn, evidence_settings
from .issues import async_close_all_issues
from .managers.acceptance import async_remove_acceptance
from .managers.address_trust import async_remove_trust
from .managers.alerts import async_remove_alerts
from .managers.blueprints import async_forget_blueprints, async_install_blueprints
from .managers.clock import async_remove_clock
from .managers.fault_notices import async_remove_fault_notices
from .managers.faults import async_remove_faults
from .managers.inbox import async_remove_inbox
from .managers.jumps import async_remove_jumps
from .managers.mail import async_remove_mail
from .managers.read_backs import async_remove_read_backs
from .managers.section_record import async_remove_record
from .managers.watched import async_remove_watched
from .people import by_itself
from .repairs import async_check_roles
from .runtime import NiizaConfigEntry, async_make_runtime
from .services import async_setup_services
from .views.registry import async_setup_views
from .websocket.registry import async_setup_websocket

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.CAMERA,
    Platform.EVENT,
    Platform.SENSOR,
    Platform.TODO,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the ways in, which are there whether the section is loaded or not."""
    async_setup_services(hass)
    async_setup_websocket(hass)
    async_setup_views(hass)
    await panel.async_offer_cards(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: NiizaConfigEntry) -> bool:
    """Set up the section; no camera is waited for."""
    # What goes on in the background is nobody's request, whoever had the section loaded.
    with by_itself():
        try:
            await _async_start(hass, entry)
        except OSError as err:
            # A disk that fails now may be well in a moment; without this nobody would try again.
            raise ConfigEntryNotReady(
                translation_domain=DOMAIN,
                translation_key="not_started",
                translation_placeholders={"reason": err.strerror or type(err).__name__},
            ) from err
    return True


async def _async_start(hass: HomeAssistant, entry: NiizaConfigEntry) -> None:
    """Start the parts in order. Where anything fails, what was started before it is closed."""
    section = entry.runtime_data = await async_make_runtime(hass, entry)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(section.async_close)
        # A camera holds few subscriptions, and the next start of Home Assistant wants its own.
        stack.callback(hass.async_add_shutdown_job(HassJob(section.async_close)))
        await section.record.async_load()
        await section.evidence.async_start()
        await section.record.async_start()
        # The platforms first: then the cameras come one by one, and a hundred of them never hold the loop up.
        stack.push_async_callback(hass.config_entries.async_unload_platforms, entry, PLATFORMS)
        await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
        await section.alerts.async_start()
        await section.faults.async_start()
        await section.addresses.async_load()
        await section.clock.async_start()
        await section.jumps.async_start()
        await section.read_backs.async_start()
        await section.acceptance.async_load()
        await section.proof.async_start()
        await section.cameras.async_follow_entry()
        await section.left_exports.async_start()
        await section.addresses.async_start()
        await section.mail.async_start()
        await section.checks.async_start()
        await section.setting_issues.async_start()
        await section.fault_notices.async_start()
        await section.check_notifications.async_start()
        await async_check_roles(hass, entry)
        await async_install_blueprints(hass)
        await section.notifications.async_start()
        await section.deadlines.async_start()
        stack.callback(panel.async_remove, hass)
        await panel.async_register(hass)
        # They were taken back where the section was removed and added anew.
        await panel.async_offer_cards(hass)

        async def on_user(_event: Event) -> None:
            """Notice a role whose only holder left."""
            await async_check_roles(hass, entry)

        for event in (EVENT_USER_ADDED, EVENT_USER_UPDATED, EVENT_USER_REMOVED):
            stack.callback(hass.bus.async_listen(event, on_user))
        stack.callback(entry.add_update_listener(_async_entry_changed))
        # What came about meanwhile.
        section.record.async_follow_entry()
        section.stack.push_async_exit(stack.pop_all())


async def async_unload_entry(hass: HomeAssistant, entry: NiizaConfigEntry) -> bool:
    """Undo the set-up, the last first."""
    if entry.disabled_by is not None:
        # The cards stay until the next start: they say that nothing is watched, Home Assistant would tell of an error.
        await entry.runtime_data.record.async_disabled()
    await entry.runtime_data.stack.aclose()
    return True


async def async_remove_entry(hass: HomeAssistant, entry: NiizaConfigEntry) -> None:
    """Leave no repair and nothing known of a section that is gone."""
    await async_remove_record(hass, entry)
    panel.async_take_cards_back(hass)
    async_close_all_issues(hass)
    await async_remove_alerts(hass)
    await async_remove_fault_notices(hass)
    await async_remove_faults(hass)
    await async_remove_mail(hass)
    await async_remove_trust(hass)
    await async_remove_clock(hass)
    await async_remove_jumps(hass)
    await async_remove_read_backs(hass)
    await async_remove_acceptance(hass)
    await async_remove_inbox(hass)
    await async_remove_watched(hass)
    await async_forget_blueprints(hass)


async def _async_entry_changed(hass: HomeAssistant, entry: NiizaConfigEntry) -> None:
    """Follow policy, roles and cameras without a reload, which would disturb every camera.

    Where the evidence lies is another matter: it is closed and opened anew.
    """
    entry.runtime_data.record.async_follow_entry()
    roles = async_spawn(hass, entry, entry.runtime_data.record.async_follow_roles(), "roles")
    if evidence_settings(entry.data) != entry.runtime_data.evidence.settings:
        hass.config_entries.async_schedule_reload(entry.entry_id)
        return
    section = entry.runtime_data
    await section.cameras.async_follow_entry()
    section.alerts.async_follow_entry()
    await section.addresses.async_follow_entry()
    await section.mail.async_follow_entry()
    # Intervals and kinds of checks stand in the options.
    section.evidence.async_changed()
    await roles
    await async_check_roles(hass, entry)
