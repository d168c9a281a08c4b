"""Setting up the section and its cameras."""

from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
    OptionsFlow,
    SubentryFlowContext,
)
from homeassistant.const import CONF_HOST, CONF_NAME
from homeassistant.core import callback
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo

from .const import (
    CONF_MACS,
    CONF_SET_UP_BY,
    DOMAIN,
    MINOR_VERSION,
    SUBENTRY_CAMERA,
    SUBENTRY_OFFLINE_CAMERA,
    SUBENTRY_TABLET,
)
from .flows.camera import CameraSubentryFlow
from .flows.forms import async_record_roles
from .flows.offline_camera import OfflineCameraSubentryFlow
from .flows.options import SectionOptionsFlow
from .flows.section import (
    async_known_section,
    async_section_errors,
    async_section_schema,
    section_data,
)
from .flows.tablet import TabletSubentryFlow
from .people import acting_person, tablet_decides


class NiizaConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up the section, and follow cameras whose address changed."""

    MINOR_VERSION = MINOR_VERSION

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what belongs to a section."""
        return {
            SUBENTRY_CAMERA: CameraSubentryFlow,
            SUBENTRY_OFFLINE_CAMERA: OfflineCameraSubentryFlow,
            SUBENTRY_TABLET: TabletSubentryFlow,
        }

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return what changes the section's daily work."""
        return SectionOptionsFlow()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Set up the section."""
        # Not `single_config_entry` in the manifest: core would then drop every DHCP discovery unseen.
        await self.async_set_unique_id(DOMAIN)
        self._abort_if_unique_id_configured(error="single_instance_allowed")
        errors: dict[str, str] = {}
        if user_input is not None:
            person = acting_person()
            data = section_data(user_input, {}) | {
                # It is not loaded yet: who did it is written down when it is.
                CONF_SET_UP_BY: None if person is None else person.id
            }
            if not (errors := await async_section_errors(self.hass, user_input, data)):
                return self.async_create_entry(title=user_input[CONF_NAME], data=data)
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(
                await async_section_schema(self.hass), user_input
            ),
            errors=errors,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change anything of the section; cameras go on."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            data = section_data(user_input, entry.data)
            errors = await async_section_errors(self.hass, user_input, data)
            if not errors and tablet_decides(entry, data):
                errors = {"base": "tablet_decides"}
            if not errors and (error := await async_record_roles(self.hass, entry, data)):
                errors = {"base": error}
            if not errors:
                if CONF_SET_UP_BY in entry.data:
                    data[CONF_SET_UP_BY] = entry.data[CONF_SET_UP_BY]
                return self.async_update_and_abort(entry, title=user_input[CONF_NAME], data=data)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                await async_section_schema(self.hass),
                user_input or await async_known_section(self.hass, entry),
            ),
            errors=errors,
        )

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Go on with the first camera: a section without one shows nothing."""
        camera = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_CAMERA),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, camera["flow_id"])
        return result

    @override
    async def async_step_dhcp(self, discovery_info: DhcpServiceInfo) -> ConfigFlowResult:
        """Have a camera that we know looked for at its new address, where it has to prove who it is."""
        mac = format_mac(discovery_info.macaddress)
        await self.async_set_unique_id(mac)
        for entry in self._async_current_entries():
            for subentry in entry.get_subentries_of_type(SUBENTRY_CAMERA):
                if mac not in subentry.data[CONF_MACS]:
                    continue
                # While the section is not loaded nothing is followed: DHCP tells again.
                if (
                    entry.state is ConfigEntryState.LOADED
                    and subentry.unique_id
                    and subentry.data[CONF_HOST] != discovery_info.ip
                ):
                    entry.runtime_data.addresses.async_announced(
                        subentry.unique_id, discovery_info.ip
                    )
                return self.async_abort(reason="already_configured")
        return self.async_abort(reason="unknown_camera")
