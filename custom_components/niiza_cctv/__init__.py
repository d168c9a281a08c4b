"""Station cameras whose recording is proved."""

from functools import partial

from homeassistant.auth import EVENT_USER_ADDED, EVENT_USER_REMOVED, EVENT_USER_UPDATED
from homeassistant.const import Platform
from homeassistant.core import Event, HassJob, HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from . import panel
from .blueprints import async_forget_blueprints, async_install_blueprints
from .const import DOMAIN
from .coordinator import NiizaConfigEntry, Section
from .entry_data import evidence_settings
from .issues import async_close_all_issues
from .managers.addresses import AddressReports
from .managers.alerts import async_remove_alerts, async_start_alerts
from .managers.check_notifications import CheckNotices
from .managers.checks import CheckWatch
from .managers.evidence import Evidence
from .managers.mail import HeartbeatMail, async_remove_mail
from .managers.notifications import async_start
from .managers.setting_requests import CameraSettings
from .repairs import async_check_roles
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
    return True


async def async_setup_entry(hass: HomeAssistant, entry: NiizaConfigEntry) -> bool:
    """Set up the section; no camera is waited for."""
    section = entry.runtime_data = Section(hass, entry)
    evidence = section.evidence = Evidence(hass, entry)
    addresses = section.addresses = AddressReports(hass, entry)
    mail = section.mail = HeartbeatMail(hass, entry)
    await evidence.async_start()
    section.checks = CheckWatch(hass, entry)
    section.settings = CameraSettings(hass, entry)
    # The platforms first: then the cameras come one by one, and a hundred of them never hold the loop up.
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    await async_start_alerts(hass, entry)
    await section.async_reconcile()
    await addresses.async_start()
    await mail.async_start()
    await section.checks.async_start()
    await section.settings.async_start()
    entry.async_on_unload(section.settings.async_stop)
    entry.async_on_unload(section.checks.async_stop)
    entry.async_on_unload(CheckNotices(hass, entry).async_start())
    await async_check_roles(hass, entry)
    await async_install_blueprints(hass)
    entry.async_on_unload(async_start(hass, entry))
    await panel.async_register(hass)
    entry.async_on_unload(partial(panel.async_remove, hass))

    async def on_user(_event: Event) -> None:
        """Notice a role whose only holder left."""
        await async_check_roles(hass, entry)

    # A camera holds few subscriptions, and the next start wants its own.
    entry.async_on_unload(hass.async_add_shutdown_job(HassJob(section.async_close)))
    entry.async_on_unload(hass.async_add_shutdown_job(HassJob(evidence.async_close)))
    entry.async_on_unload(hass.async_add_shutdown_job(HassJob(addresses.async_close)))
    entry.async_on_unload(hass.async_add_shutdown_job(HassJob(mail.async_close)))
    for event in (EVENT_USER_ADDED, EVENT_USER_UPDATED, EVENT_USER_REMOVED):
        entry.async_on_unload(hass.bus.async_listen(event, on_user))
    entry.async_on_unload(entry.add_update_listener(_async_entry_changed))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: NiizaConfigEntry) -> bool:
    """Unload the section."""
    if unloaded := await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        await entry.runtime_data.addresses.async_close()
        await entry.runtime_data.mail.async_close()
        await entry.runtime_data.evidence.async_close()
        await entry.runtime_data.async_close()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: NiizaConfigEntry) -> None:
    """Leave no repair and nothing known of a section that is gone."""
    async_close_all_issues(hass)
    await async_remove_alerts(hass)
    await async_remove_mail(hass)
    await async_forget_blueprints(hass)


async def _async_entry_changed(hass: HomeAssistant, entry: NiizaConfigEntry) -> None:
    """Follow policy, roles and cameras without a reload, which would disturb every camera.

    Where the evidence lies is another matter: it is closed and opened anew.
    """
    if evidence_settings(entry.data) != entry.runtime_data.evidence.settings:
        hass.config_entries.async_schedule_reload(entry.entry_id)
        return
    await entry.runtime_data.async_reconcile()
    await entry.runtime_data.addresses.async_follow_entry()
    await entry.runtime_data.mail.async_follow_entry()
    # Intervals and kinds of checks stand in the options.
    entry.runtime_data.evidence.async_changed()
    await async_check_roles(hass, entry)
