"""Setting up the section and its cameras."""

import asyncio
from collections.abc import Mapping
import os
from pathlib import Path
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
    SubentryFlowContext,
    SubentryFlowResult,
)
from homeassistant.const import (
    CONF_HOST,
    CONF_MODEL,
    CONF_NAME,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
    UnitOfInformation,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import section
from homeassistant.helpers import instance_id
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
import probatio
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from .const import (
    CONF_APPROVE_BY_BUTTON,
    CONF_AUDIO_ALLOWED,
    CONF_CLOCK_TOLERANCE,
    CONF_DB_URL,
    CONF_EVIDENCE_FOLDER,
    CONF_FINGERPRINT,
    CONF_FIRMWARE,
    CONF_KEEP_DAYS,
    CONF_MACS,
    CONF_MANUFACTURER,
    CONF_MAX_HEIGHT,
    CONF_QUOTA,
    CONF_RETENTION_DAYS,
    CONF_RETENTION_TOLERANCE,
    CONF_SERIAL,
    DOMAIN,
    EVIDENCE_DEFAULTS,
    LOGGER,
    SUBENTRY_CAMERA,
)
from .coordinator import NiizaConfigEntry, address_of, credential_of, error_key, policy_of
from .device.camera import identity_key, test_camera
from .device.client import fetch_fingerprint
from .device.discovery import DiscoveredCamera, discover
from .device.errors import CameraCertificateChanged, CameraError
from .device.model import CameraIdentity, ClockReading
from .device.policy import clock_problem
from .ledger.errors import LedgerError
from .ledger.store import Ledger
from .roles import approves_own, async_listed, async_roles_schema, tablet_decides

SECTION_POLICY = "policy"
SECTION_ROLES = "roles"
SECTION_EVIDENCE = "evidence"

# What stands where a database's password is known and not shown.
_HIDDEN = "***"

_USUAL_HEIGHTS = ("360", "480", "720", "1080", "1440", "2160")
_HEIGHTS = range(120, 8641)

_USERNAME = TextSelector(TextSelectorConfig(autocomplete="username"))
_PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)


def _whole(least: int, most: int, unit: str | None = None) -> probatio.All[Any]:
    """Return a field for a whole number."""
    config = NumberSelectorConfig(min=least, max=most, step=1, mode=NumberSelectorMode.BOX)
    if unit is not None:
        config["unit_of_measurement"] = unit
        config["translation_key"] = "amount"
    return probatio.All(NumberSelector(config), probatio.Coerce(int))


_POLICY_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_RETENTION_DAYS, default=14): _whole(1, 365, UnitOfTime.DAYS),
        probatio.Required(CONF_RETENTION_TOLERANCE, default=1): _whole(0, 30, UnitOfTime.DAYS),
        probatio.Required(CONF_AUDIO_ALLOWED, default=False): BooleanSelector(),
        probatio.Required(CONF_CLOCK_TOLERANCE, default=2): _whole(1, 3600, UnitOfTime.SECONDS),
        probatio.Required(CONF_MAX_HEIGHT, default="720"): SelectSelector(
            SelectSelectorConfig(
                options=list(_USUAL_HEIGHTS), custom_value=True, mode=SelectSelectorMode.DROPDOWN
            )
        ),
    }
)

_EVIDENCE_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_KEEP_DAYS, default=EVIDENCE_DEFAULTS[CONF_KEEP_DAYS]): _whole(
            1, 365, UnitOfTime.DAYS
        ),
        probatio.Required(CONF_QUOTA, default=EVIDENCE_DEFAULTS[CONF_QUOTA]): _whole(
            1, 100_000, UnitOfInformation.GIGABYTES
        ),
        probatio.Required(
            CONF_APPROVE_BY_BUTTON, default=EVIDENCE_DEFAULTS[CONF_APPROVE_BY_BUTTON]
        ): BooleanSelector(),
        probatio.Optional(
            CONF_EVIDENCE_FOLDER, default=EVIDENCE_DEFAULTS[CONF_EVIDENCE_FOLDER]
        ): TextSelector(),
        probatio.Optional(CONF_DB_URL, default=EVIDENCE_DEFAULTS[CONF_DB_URL]): TextSelector(),
    }
)


def credential_schema(*, password_known: bool) -> dict[probatio.Marker, TextSelector]:
    """Return the fields of the viewing user; a password that we have may stay empty."""
    password = probatio.Optional if password_known else probatio.Required
    return {probatio.Required(CONF_USERNAME): _USERNAME, password(CONF_PASSWORD): _PASSWORD}


class NiizaConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up the section, and follow cameras whose address changed."""

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what belongs to a section."""
        return {SUBENTRY_CAMERA: CameraSubentryFlow}

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Set up the section."""
        # Not `single_config_entry` in the manifest: core would then drop every DHCP discovery unseen.
        await self.async_set_unique_id(DOMAIN)
        self._abort_if_unique_id_configured(error="single_instance_allowed")
        errors: dict[str, str] = {}
        if user_input is not None:
            data = _section_data(user_input, {})
            if not (errors := await self._errors(user_input, data)):
                return self.async_create_entry(title=user_input[CONF_NAME], data=data)
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(await self._schema(), user_input),
            errors=errors,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change anything of the section; cameras go on."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            data = _section_data(user_input, entry.data)
            errors = await self._errors(user_input, data)
            if not errors and tablet_decides(entry, data):
                errors = {"base": "tablet_decides"}
            if not errors:
                return self.async_update_and_abort(entry, title=user_input[CONF_NAME], data=data)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                await self._schema(),
                user_input
                or {
                    CONF_NAME: entry.title,
                    SECTION_POLICY: entry.data
                    | {CONF_MAX_HEIGHT: str(entry.data[CONF_MAX_HEIGHT])},
                    SECTION_ROLES: await async_listed(self.hass, entry.data),
                    SECTION_EVIDENCE: EVIDENCE_DEFAULTS
                    | entry.data
                    | {CONF_DB_URL: _without_password(entry.data.get(CONF_DB_URL, ""))},
                },
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
        """Follow a camera that we know to its new address, after it has proved who it is."""
        mac = format_mac(discovery_info.macaddress)
        await self.async_set_unique_id(mac)
        for entry in self._async_current_entries():
            for subentry in entry.get_subentries_of_type(SUBENTRY_CAMERA):
                if mac not in subentry.data[CONF_MACS]:
                    continue
                data = {**subentry.data, CONF_HOST: discovery_info.ip}
                # One that answers where we know it may be behind NAT: its own address is not ours.
                if (
                    data != subentry.data
                    and not _is_alive(entry, subentry.subentry_id)
                    and await self._is_camera(data, subentry.unique_id)
                ):
                    self.hass.config_entries.async_update_subentry(entry, subentry, data=data)
                return self.async_abort(reason="already_configured")
        return self.async_abort(reason="unknown_camera")

    async def _is_camera(self, data: Mapping[str, Any], unique_id: str | None) -> bool:
        """Return whether that very camera answers there."""
        try:
            identity, _clock = await test_camera(
                async_get_clientsession(self.hass), address_of(data), credential_of(data)
            )
        except CameraError as err:
            LOGGER.debug("Camera announced by DHCP could not be verified: %s", err)
            return False
        return identity_key(identity) == unique_id

    async def _schema(self) -> probatio.Schema:
        """Return the form of the section."""
        return probatio.Schema(
            {
                probatio.Required(CONF_NAME): TextSelector(),
                probatio.Required(SECTION_POLICY): section(_POLICY_SCHEMA),
                probatio.Required(SECTION_ROLES): section(await async_roles_schema(self.hass)),
                probatio.Required(SECTION_EVIDENCE): section(_EVIDENCE_SCHEMA, {"collapsed": True}),
            }
        )

    async def _errors(
        self, user_input: Mapping[str, Any], data: Mapping[str, Any]
    ) -> dict[str, str]:
        """Return what is wrong with the form of the section."""
        height = user_input[SECTION_POLICY][CONF_MAX_HEIGHT]
        if not (height.isdecimal() and int(height) in _HEIGHTS):
            return {"base": "invalid_height"}
        # Empty lists are no mistake: nobody may yet, and a repair says so.
        if approves_own(user_input[SECTION_ROLES]):
            return {"base": "two_people"}
        if folder := data[CONF_EVIDENCE_FOLDER]:
            error = await self.hass.async_add_executor_job(_folder_error, self.hass, Path(folder))
            if error is not None:
                return {"base": error}
        if data[CONF_DB_URL] and (error := await _database_error(self.hass, data[CONF_DB_URL])):
            return {"base": error}
        return {}


def _is_alive(entry: NiizaConfigEntry, subentry_id: str) -> bool:
    """Return whether the camera answers at the address that we know."""
    return (
        entry.state is ConfigEntryState.LOADED
        # One that was added a moment ago has not been asked yet.
        and (camera := entry.runtime_data.cameras.get(subentry_id)) is not None
        and camera.data.alive
    )


def _section_data(user_input: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form as the config entry keeps it; a database's password that was not shown stays as it is."""
    height = user_input[SECTION_POLICY][CONF_MAX_HEIGHT]
    evidence = user_input[SECTION_EVIDENCE]
    return {
        **user_input[SECTION_POLICY],
        CONF_MAX_HEIGHT: int(height) if height.isdecimal() else height,
        **user_input[SECTION_ROLES],
        **evidence,
        CONF_EVIDENCE_FOLDER: evidence[CONF_EVIDENCE_FOLDER].strip(),
        CONF_DB_URL: _with_password(evidence[CONF_DB_URL].strip(), known.get(CONF_DB_URL, "")),
    }


def _without_password(url: str) -> str:
    """Return a database's address as it may go back to a browser."""
    return make_url(url).render_as_string(hide_password=True) if url else ""


def _with_password(url: str, known: str) -> str:
    """Return a typed address with the password that we know, if it still leads to the same server."""
    if not url or not known:
        return url
    old = make_url(known)
    try:
        new = make_url(url)
    except ArgumentError, ValueError:
        return url
    same = (new.host, new.port, new.username) == (old.host, old.port, old.username)
    if new.password != _HIDDEN or not same:
        return url
    return new.set(password=old.password).render_as_string(hide_password=False)


async def _database_error(hass: HomeAssistant, url: str) -> str | None:
    """Return what keeps the ledger from being written there; what it needs is made there."""
    try:
        ledger = Ledger(url, await instance_id.async_get(hass))
    except LedgerError:
        return "db_url_invalid"
    try:
        await ledger.open()
    except LedgerError:
        return "db_unreachable"
    finally:
        await ledger.close()
    return None


def _folder_error(hass: HomeAssistant, folder: Path) -> str | None:
    """Return what keeps footage from lying there, made and tried in a worker thread."""
    if not folder.is_absolute():
        return "folder_not_absolute"
    # Where a link leads to counts, not what it is called.
    folder = folder.resolve()
    config = Path(hass.config.config_dir).resolve()
    served = [config / "www", *(Path(media).resolve() for media in hass.config.media_dirs.values())]
    if any(folder.is_relative_to(place) for place in served):
        return "folder_served"
    if folder.is_relative_to(config) and not folder.is_relative_to(config / ".cache"):
        return "folder_in_backup"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return "folder_not_writable"
    return None if os.access(folder, os.W_OK | os.X_OK) else "folder_not_writable"


class CameraSubentryFlow(ConfigSubentryFlow):
    """Add a camera, found by WS-Discovery or typed, or change how it is reached."""

    _step = "manual"
    _search: asyncio.Task[tuple[DiscoveredCamera, ...]] | None = None
    _found: tuple[DiscoveredCamera, ...] = ()
    _fingerprint = ""
    _identity: CameraIdentity
    _clock: ClockReading

    def __init__(self) -> None:
        """Start from an empty form."""
        self._data: dict[str, Any] = {
            CONF_PORT: 80,
            CONF_SSL: False,
            CONF_VERIFY_SSL: True,
            CONF_FINGERPRINT: None,
        }

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Offer the two ways to a camera."""
        return self.async_show_menu(step_id="user", menu_options=["search", "manual"])

    async def async_step_search(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Search the network by WS-Discovery."""
        if self._search is None:
            self._search = self.hass.async_create_task(discover())
        if not self._search.done():
            return self.async_show_progress(
                step_id="search", progress_action="search", progress_task=self._search
            )
        search, self._search = self._search, None
        known = {
            subentry.data[CONF_HOST]
            for subentry in self._get_entry().get_subentries_of_type(SUBENTRY_CAMERA)
        }
        self._found = tuple(found for found in search.result() if found.host not in known)
        return self.async_show_progress_done(
            next_step_id="pick" if self._found else "nothing_found"
        )

    async def async_step_nothing_found(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Offer to search again or to type."""
        return self.async_show_menu(step_id="nothing_found", menu_options=["search", "manual"])

    async def async_step_pick(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Let the person choose among the cameras found."""
        if user_input is not None:
            found = self._found[int(user_input["camera"])]
            self._data |= {
                CONF_NAME: found.name or found.hardware,
                CONF_HOST: found.host,
                CONF_PORT: found.port,
                CONF_SSL: found.tls,
            }
            return await self.async_step_manual()
        return self.async_show_form(
            step_id="pick",
            data_schema=probatio.Schema(
                {
                    probatio.Required("camera"): SelectSelector(
                        SelectSelectorConfig(
                            options=[
                                SelectOptionDict(
                                    value=str(position),
                                    label=f"{found.name or found.hardware} ({found.host})",
                                )
                                for position, found in enumerate(self._found)
                            ],
                            mode=SelectSelectorMode.LIST,
                        )
                    )
                }
            ),
        )

    async def async_step_manual(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for what reaches the camera and try it."""
        if user_input is None:
            return self._show_form()
        return await self._async_try(user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for what changed and try it; the camera must be the same one."""
        if user_input is None:
            subentry = self._get_reconfigure_subentry()
            self._step = "reconfigure"
            self._data = {**subentry.data, CONF_NAME: subentry.title}
            return self._show_form()
        return await self._async_try(user_input)

    async def async_step_certificate(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show the certificate that nobody vouches for, and pin it when the person does."""
        if user_input is not None:
            self._data |= {CONF_VERIFY_SSL: False, CONF_FINGERPRINT: self._fingerprint}
            return await self._async_test()
        try:
            self._fingerprint = await fetch_fingerprint(
                self._data[CONF_HOST], self._data[CONF_PORT]
            )
        except CameraError as err:
            return self._show_form(error_key(err))
        return self.async_show_form(
            step_id="certificate",
            data_schema=probatio.Schema({}),
            description_placeholders={"fingerprint": readable(self._fingerprint)},
        )

    async def async_step_clock_fast(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say that the camera's clock is off, and go on when the person knows."""
        return self._finish()

    async def async_step_clock_slow(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say that the camera's clock is off, and go on when the person knows."""
        return self._finish()

    async def _async_try(self, user_input: dict[str, Any]) -> SubentryFlowResult:
        """Take over the form, and ask about the certificate where it is not to be verified."""
        # A fingerprint vouches for one certificate at one place.
        if any(
            self._data.get(key) != user_input[key]
            for key in (CONF_HOST, CONF_PORT, CONF_SSL, CONF_VERIFY_SSL)
        ):
            self._data[CONF_FINGERPRINT] = None
        # An empty password means the one that we have.
        self._data |= {key: value for key, value in user_input.items() if value != ""}
        address = address_of(self._data)
        if address.tls and not address.verify_tls and address.fingerprint is None:
            return await self.async_step_certificate()
        return await self._async_test()

    async def _async_test(self) -> SubentryFlowResult:
        """Try what is known, and finish or say what is wrong."""
        try:
            self._identity, self._clock = await test_camera(
                async_get_clientsession(self.hass),
                address_of(self._data),
                credential_of(self._data),
            )
        except CameraCertificateChanged:
            return await self.async_step_certificate()
        except CameraError as err:
            return self._show_form(error_key(err))
        entry = self._get_entry()
        key = identity_key(self._identity)
        if key is None:
            return self._show_form("no_identity")
        if self._step == "reconfigure":
            if key != self._get_reconfigure_subentry().unique_id:
                return self._show_form("another_camera")
        elif any(subentry.unique_id == key for subentry in entry.subentries.values()):
            return self.async_abort(reason="already_configured")
        if clock_problem(self._clock, policy_of(entry.data)):
            seconds = round(self._clock.offset.total_seconds())
            return self.async_show_form(
                step_id="clock_fast" if seconds > 0 else "clock_slow",
                data_schema=probatio.Schema({}),
                description_placeholders={"seconds": str(abs(seconds))},
            )
        return self._finish()

    def _show_form(self, error: str | None = None) -> SubentryFlowResult:
        """Show the form with all that is known except the password, which never goes back to a browser."""
        schema = probatio.Schema(
            {
                probatio.Required(CONF_NAME): TextSelector(),
                probatio.Required(CONF_HOST): TextSelector(),
                probatio.Required(CONF_PORT): _whole(1, 65535),
                probatio.Required(CONF_SSL): BooleanSelector(),
                probatio.Required(CONF_VERIFY_SSL): BooleanSelector(),
                **credential_schema(password_known=CONF_PASSWORD in self._data),
            }
        )
        shown = {key: value for key, value in self._data.items() if key != CONF_PASSWORD}
        return self.async_show_form(
            step_id=self._step,
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors={} if error is None else {"base": error},
        )

    def _finish(self) -> SubentryFlowResult:
        """Keep the camera."""
        data = dict(self._data)
        name = data.pop(CONF_NAME)
        data |= identity_data(self._identity)
        if self._step == "reconfigure":
            return self.async_update_and_abort(
                self._get_entry(), self._get_reconfigure_subentry(), title=name, data=data
            )
        return self.async_create_entry(
            title=name, data=data, unique_id=identity_key(self._identity)
        )


def identity_data(identity: CameraIdentity) -> dict[str, Any]:
    """Return who a camera is, as its subentry keeps it: the device has a face also when it is dead."""
    return {
        CONF_MANUFACTURER: identity.manufacturer,
        CONF_MODEL: identity.model,
        CONF_FIRMWARE: identity.firmware,
        CONF_SERIAL: identity.serial,
        CONF_MACS: list(identity.macs),
    }


def readable(fingerprint: str) -> str:
    """Return a fingerprint in pairs, as browsers show it."""
    return ":".join(fingerprint[i : i + 2] for i in range(0, len(fingerprint), 2)).upper()
