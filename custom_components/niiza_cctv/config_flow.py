"""Setting up the section and its cameras."""

import asyncio
from collections.abc import Mapping
import os
from pathlib import Path
import re
import secrets
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentry,
    ConfigSubentryFlow,
    FlowType,
    OptionsFlow,
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
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.util.ulid import ulid_now
import probatio
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from .const import (
    ADDRESS_DEFAULTS,
    CAMERA_REPORT_DEFAULTS,
    CONF_ADDRESS_ID,
    CONF_ADDRESS_PASSWORD,
    CONF_APPROVE_BY_BUTTON,
    CONF_AUDIO_ALLOWED,
    CONF_CLOCK_TOLERANCE,
    CONF_DB_URL,
    CONF_EVIDENCE_FOLDER,
    CONF_FINGERPRINT,
    CONF_FIRMWARE,
    CONF_KEEP_DAYS,
    CONF_LOCATION,
    CONF_MACS,
    CONF_MAIL_INTERVAL,
    CONF_MAIL_RECIPIENT,
    CONF_MANUFACTURER,
    CONF_MAX_HEIGHT,
    CONF_NOTIFY,
    CONF_QUOTA,
    CONF_RETENTION_DAYS,
    CONF_RETENTION_TOLERANCE,
    CONF_SERIAL,
    CONF_TABLETS,
    CONF_USER,
    CONF_VIEWERS,
    DOMAIN,
    EVIDENCE_DEFAULTS,
    LOGGER,
    MAIL_DEFAULTS,
    OPTION_ADDRESS,
    OPTION_MAIL,
    SUBENTRY_CAMERA,
    SUBENTRY_OFFLINE_CAMERA,
    SUBENTRY_TABLET,
)
from .coordinator import NiizaConfigEntry, address_of, credential_of, error_key, policy_of
from .flows.forms import LONGEST_NAME, NEW_PASSWORD, own_host, whole
from .flows.options import SectionOptionsFlow
from .lib.device.camera import identity_key, test_camera
from .lib.device.client import fetch_fingerprint
from .lib.device.discovery import DiscoveredCamera, discover
from .lib.device.errors import CameraCertificateChanged, CameraError
from .lib.device.model import CameraIdentity, ClockReading
from .lib.device.policy import clock_problem
from .lib.inbound.passwords import MAX_PASSWORD_LENGTH, hash_password
from .lib.ledger.errors import LedgerError
from .lib.ledger.store import Ledger
from .managers.mail import mail_recipient
from .people import (
    approves_own,
    async_holders,
    async_listed,
    async_people,
    async_roles_schema,
    decides,
    tablet_decides,
)

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


_POLICY_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_RETENTION_DAYS, default=14): whole(1, 365, UnitOfTime.DAYS),
        probatio.Required(CONF_RETENTION_TOLERANCE, default=1): whole(0, 30, UnitOfTime.DAYS),
        probatio.Required(CONF_AUDIO_ALLOWED, default=False): BooleanSelector(),
        probatio.Required(CONF_CLOCK_TOLERANCE, default=2): whole(1, 3600, UnitOfTime.SECONDS),
        probatio.Required(CONF_MAX_HEIGHT, default="720"): SelectSelector(
            SelectSelectorConfig(
                options=list(_USUAL_HEIGHTS), custom_value=True, mode=SelectSelectorMode.DROPDOWN
            )
        ),
    }
)

_EVIDENCE_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_KEEP_DAYS, default=EVIDENCE_DEFAULTS[CONF_KEEP_DAYS]): whole(
            1, 365, UnitOfTime.DAYS
        ),
        probatio.Required(CONF_QUOTA, default=EVIDENCE_DEFAULTS[CONF_QUOTA]): whole(
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


# What a subentry knows of the way to a camera; the rest of it is who the camera is and what it reports.
_CONNECTION = (
    CONF_HOST,
    CONF_PORT,
    CONF_SSL,
    CONF_VERIFY_SSL,
    CONF_FINGERPRINT,
    CONF_USERNAME,
    CONF_PASSWORD,
)
_DAY = 24 * 60
_CAMERA_MAIL_SCHEMA = probatio.Schema(
    {
        probatio.Optional(CONF_MAIL_RECIPIENT, default=""): TextSelector(),
        probatio.Required(CONF_MAIL_INTERVAL, default=0): whole(0, 7 * _DAY, UnitOfTime.MINUTES),
    }
)
CONF_GENERATE = "generate"
_CAMERA_ADDRESS_SCHEMA = probatio.Schema(
    {
        probatio.Optional(CONF_ADDRESS_ID, default=""): TextSelector(),
        probatio.Required(CONF_GENERATE): BooleanSelector(),
        probatio.Optional(CONF_PASSWORD, default=""): NEW_PASSWORD,
    }
)
_RECIPIENT = re.compile(r"[a-z0-9._-]{1,64}")
# What the forms of cameras' own DynDNS clients take as a user or host name.
_ADDRESS_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_SHORTEST_ADDRESS_PASSWORD = 12
# Without letters and digits that are read wrongly, and nothing that a camera's form refuses; 20 of them are 99 bits.
_PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # noqa: S105 - what one is made of
_OFFLINE_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_NAME): TextSelector(),
        probatio.Optional(CONF_LOCATION, default=""): TextSelector(),
        probatio.Optional(CONF_MANUFACTURER, default=""): TextSelector(),
        probatio.Optional(CONF_MODEL, default=""): TextSelector(),
        probatio.Optional(CONF_SERIAL, default=""): TextSelector(),
    }
)


class NiizaConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up the section, and follow cameras whose address changed."""

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
    """Add a camera, found by WS-Discovery or typed; change how it is reached and what it reports."""

    _step = "manual"
    _search: asyncio.Task[tuple[DiscoveredCamera, ...]] | None = None
    _found: tuple[DiscoveredCamera, ...] = ()
    _fingerprint = ""
    _identity: CameraIdentity
    _clock: ClockReading
    _reports: dict[str, str]

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
        """Ask what is to be changed."""
        return self.async_show_menu(
            step_id="reconfigure", menu_options=["connection", "mail", "address"]
        )

    async def async_step_connection(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for what changed and try it; the camera must be the same one."""
        if user_input is None:
            subentry = self._get_reconfigure_subentry()
            self._step = "connection"
            self._data = {key: subentry.data[key] for key in _CONNECTION}
            self._data[CONF_NAME] = subentry.title
            return self._show_form()
        return await self._async_try(user_input)

    async def async_step_mail(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask which mails are the camera's, and how often they come."""
        entry, subentry = self._get_entry(), self._get_reconfigure_subentry()
        errors = {}
        if user_input is not None:
            recipient = user_input[CONF_MAIL_RECIPIENT].strip().lower()
            changed = {**user_input, CONF_MAIL_RECIPIENT: recipient}
            if recipient and not _RECIPIENT.fullmatch(recipient):
                errors[CONF_MAIL_RECIPIENT] = "recipient_invalid"
            elif mail_recipient(subentry.unique_id, changed) in {
                mail_recipient(other.unique_id, other.data) for other in self._others()
            }:
                errors[CONF_MAIL_RECIPIENT] = "recipient_taken"
            else:
                return self._keep(changed)
        options = MAIL_DEFAULTS | entry.options.get(OPTION_MAIL, {})
        return self.async_show_form(
            step_id="mail",
            data_schema=self.add_suggested_values_to_schema(
                _CAMERA_MAIL_SCHEMA, user_input or CAMERA_REPORT_DEFAULTS | subentry.data
            ),
            errors=errors,
            description_placeholders={
                "address": f"{mail_recipient(subentry.unique_id, subentry.data)}@{own_host(self.hass)}",
                "host": own_host(self.hass),
                "port": str(options["port"]),
            },
        )

    async def async_step_address(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask by which name and password the camera reports its address."""
        subentry = self._get_reconfigure_subentry()
        known = CAMERA_REPORT_DEFAULTS | subentry.data
        errors = {}
        if user_input is not None:
            name = user_input[CONF_ADDRESS_ID].strip().lower()
            typed = user_input[CONF_PASSWORD]
            if not name:
                return self._keep({CONF_ADDRESS_ID: "", CONF_ADDRESS_PASSWORD: ""})
            if not _ADDRESS_ID.fullmatch(name):
                errors[CONF_ADDRESS_ID] = "address_id_invalid"
            elif any(other.data.get(CONF_ADDRESS_ID) == name for other in self._others()):
                errors[CONF_ADDRESS_ID] = "address_id_taken"
            elif typed and not _SHORTEST_ADDRESS_PASSWORD <= len(typed) <= MAX_PASSWORD_LENGTH:
                errors[CONF_PASSWORD] = "address_password_length"
            elif not (typed or user_input[CONF_GENERATE] or known[CONF_ADDRESS_PASSWORD]):
                errors[CONF_PASSWORD] = "address_password_missing"
            else:
                return await self._async_keep_address(name, typed, user_input[CONF_GENERATE])
            user_input.pop(CONF_PASSWORD)
        return self.async_show_form(
            step_id="address",
            data_schema=self.add_suggested_values_to_schema(
                _CAMERA_ADDRESS_SCHEMA,
                user_input
                or {
                    CONF_ADDRESS_ID: known[CONF_ADDRESS_ID] or _address_id(subentry),
                    CONF_GENERATE: not known[CONF_ADDRESS_PASSWORD],
                },
            ),
            errors=errors,
            description_placeholders={"url": self._report_url},
        )

    async def _async_keep_address(
        self, name: str, typed: str, generate: bool
    ) -> SubentryFlowResult:
        """Keep by what the camera proves itself; a password that was made for it is shown first, this once."""
        self._reports = {CONF_ADDRESS_ID: name}
        if not typed and not generate:
            return self._keep(self._reports)
        password = typed or "".join(secrets.choice(_PASSWORD_LETTERS) for _ in range(20))
        self._reports[CONF_ADDRESS_PASSWORD] = await self.hass.async_add_executor_job(
            hash_password, password
        )
        if typed:
            return self._keep(self._reports)
        return self.async_show_form(
            step_id="address_password",
            data_schema=probatio.Schema({}),
            description_placeholders={"url": self._report_url, "id": name, "password": password},
        )

    async def async_step_address_password(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Keep the password that was shown: a form that was closed instead changed nothing."""
        return self._keep(self._reports)

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
        if self._step == "connection":
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
                probatio.Required(CONF_PORT): whole(1, 65535),
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
        if self._step == "connection":
            return self._keep(data, title=name)
        return self.async_create_entry(
            title=name, data=data, unique_id=identity_key(self._identity)
        )

    def _keep(self, data: Mapping[str, Any], title: str | None = None) -> SubentryFlowResult:
        """Change what was asked for, and nothing that came about meanwhile."""
        subentry = self._get_reconfigure_subentry()
        return self.async_update_and_abort(
            self._get_entry(), subentry, title=title or subentry.title, data_updates=data
        )

    def _others(self) -> list[ConfigSubentry]:
        """Return the section's other cameras."""
        own = self._get_reconfigure_subentry().subentry_id
        return [
            subentry
            for subentry in self._get_entry().get_subentries_of_type(SUBENTRY_CAMERA)
            if subentry.subentry_id != own
        ]

    @property
    def _report_url(self) -> str:
        """Return where a camera of the same network reports its address to."""
        options = ADDRESS_DEFAULTS | self._get_entry().options.get(OPTION_ADDRESS, {})
        host, api = own_host(self.hass), self.hass.config.api
        if options["port"]:
            return f"http://{host}:{options['port']}/nic/update"
        if api is None:
            return f"http://{host}/nic/update"
        return f"{'https' if api.use_ssl else 'http'}://{host}:{api.port}/nic/update"


class OfflineCameraSubentryFlow(ConfigSubentryFlow):
    """Add a camera without a network, which is looked after by hand, or change what is known of it."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask what it is and where it hangs."""
        return self._form("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for what changed; its checks and hand-overs stay its own."""
        subentry = self._get_reconfigure_subentry()
        return self._form("reconfigure", user_input, {**subentry.data, CONF_NAME: subentry.title})

    def _form(
        self,
        step_id: str,
        user_input: Mapping[str, str] | None,
        known: Mapping[str, str] | None = None,
    ) -> SubentryFlowResult:
        """Ask until there is a name."""
        errors = {}
        if user_input is not None:
            data = {key: text.strip() for key, text in user_input.items()}
            name = data.pop(CONF_NAME)
            if not 0 < len(name) <= LONGEST_NAME:
                errors[CONF_NAME] = "name_length"
            elif step_id == "reconfigure":
                return self.async_update_and_abort(
                    self._get_entry(), self._get_reconfigure_subentry(), title=name, data=data
                )
            else:
                return self.async_create_entry(
                    # It tells nobody who it is, so we name it once.
                    title=name,
                    data=data,
                    unique_id=f"offline-{ulid_now().lower()}",
                )
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(_OFFLINE_SCHEMA, user_input or known),
            errors=errors,
        )


class TabletSubentryFlow(ConfigSubentryFlow):
    """Add a tablet, which only shows pictures and saves nothing, or change whose it is."""

    _name = ""
    _user = ""
    _app = ""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask which user is logged in on it."""
        return await self._async_form("user", user_input, {})

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for what changed; its checks stay its own."""
        subentry = self._get_reconfigure_subentry()
        self._app = subentry.data[CONF_NOTIFY]
        return await self._async_form(
            "reconfigure", user_input, {**subentry.data, CONF_NAME: subentry.title}
        )

    async def async_step_app(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask which of the user's companion apps is this tablet's."""
        if user_input is not None:
            self._app = user_input.get(CONF_NOTIFY, "")
            return await self._async_warn()
        apps = [
            SelectOptionDict(value=app.entry_id, label=app.title)
            for app in self.hass.config_entries.async_entries("mobile_app")
            if app.data.get("user_id") == self._user
        ]
        if not apps:
            self._app = ""
            return await self._async_warn()
        schema = probatio.Schema(
            {
                probatio.Optional(CONF_NOTIFY): SelectSelector(
                    SelectSelectorConfig(options=apps, mode=SelectSelectorMode.DROPDOWN)
                )
            }
        )
        known = {CONF_NOTIFY: self._app} if self._app in {app["value"] for app in apps} else {}
        return self.async_show_form(
            step_id="app", data_schema=self.add_suggested_values_to_schema(schema, known)
        )

    async def async_step_not_viewer(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say that it will show no recordings, and go on when the person knows."""
        return self._finish()

    async def async_step_only_viewer(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say that no person may watch recordings, and go on when the person knows."""
        return self._finish()

    async def _async_form(
        self, step_id: str, user_input: Mapping[str, str] | None, known: Mapping[str, str]
    ) -> SubentryFlowResult:
        """Ask for name and user until they can be kept."""
        people = await async_people(self.hass)
        wrong = {user_id: await self._async_user_error(user_id) for user_id in people}
        errors = {}
        if user_input is not None:
            self._name, self._user = user_input[CONF_NAME].strip(), user_input[CONF_USER]
            if not 0 < len(self._name) <= LONGEST_NAME:
                errors[CONF_NAME] = "name_length"
            elif error := await self._async_user_error(self._user):
                errors[CONF_USER] = error
            else:
                return await self.async_step_app()
        schema = probatio.Schema(
            {
                probatio.Required(CONF_NAME): TextSelector(),
                probatio.Required(CONF_USER): SelectSelector(
                    SelectSelectorConfig(
                        options=[
                            SelectOptionDict(value=user_id, label=people[user_id])
                            # The page chooses the first by itself.
                            for user_id in sorted(people, key=lambda one: wrong[one] is not None)
                        ],
                        mode=SelectSelectorMode.DROPDOWN,
                    )
                ),
            }
        )
        shown = dict(user_input or known)
        if shown.get(CONF_USER) not in people:
            # Deleted or locked out meanwhile.
            shown.pop(CONF_USER, None)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors=errors,
        )

    async def _async_user_error(self, user_id: str) -> str | None:
        """Return what keeps a user from being a tablet's."""
        entry = self._get_entry()
        if decides(entry.data, [user_id]):
            return "tablet_decides"
        if any(tablet.data[CONF_USER] == user_id for tablet in self._others()):
            return "tablet_taken"
        user = await self.hass.auth.async_get_user(user_id)
        return "tablet_admin" if user is None or user.is_admin else None

    async def _async_warn(self) -> SubentryFlowResult:
        """Say what the person may not have meant, or finish."""
        holders = await async_holders(self.hass, self._get_entry())
        viewers = set(holders[CONF_VIEWERS])
        step_id = None
        if self._user not in viewers:
            step_id = "not_viewer"
        elif not viewers - {self._user, *holders[CONF_TABLETS]}:
            step_id = "only_viewer"
        if step_id is None:
            return self._finish()
        return self.async_show_form(step_id=step_id, data_schema=probatio.Schema({}))

    def _others(self) -> list[ConfigSubentry]:
        """Return the section's other tablets."""
        own = (
            self._get_reconfigure_subentry().subentry_id
            if self.source == SOURCE_RECONFIGURE
            else None
        )
        return [
            subentry
            for subentry in self._get_entry().get_subentries_of_type(SUBENTRY_TABLET)
            if subentry.subentry_id != own
        ]

    def _finish(self) -> SubentryFlowResult:
        """Keep the tablet."""
        data = {CONF_USER: self._user, CONF_NOTIFY: self._app}
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(), self._get_reconfigure_subentry(), title=self._name, data=data
            )
        unique_id = f"tablet-{self._user}"
        if any(tablet.unique_id == unique_id for tablet in self._others()):
            # That tablet was given another user since; what was checked of it stays its own.
            unique_id = f"tablet-{ulid_now().lower()}"
        return self.async_create_entry(title=self._name, data=data, unique_id=unique_id)


def _address_id(subentry: ConfigSubentry) -> str:
    """Return a name for a camera's reports that its form takes."""
    return re.sub(r"[^a-z0-9-]+", "-", (subentry.unique_id or "").lower()).strip("-")[:63]


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
