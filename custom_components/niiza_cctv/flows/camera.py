"""A camera: found or typed, tried before it is kept, and what it reports."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
import re
import secrets
from typing import Any

from homeassistant.config_entries import ConfigSubentry, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import (
    CONF_HOST,
    CONF_MODEL,
    CONF_NAME,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
    UnitOfTime,
)
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import probatio

from ..const import (
    CONF_ADDRESS_ID,
    CONF_ADDRESS_PASSWORD,
    CONF_ADMINISTRATOR_ACCEPTED,
    CONF_DIGEST_ONLY,
    CONF_FINGERPRINT,
    CONF_FIRMWARE,
    CONF_MACS,
    CONF_MAIL_INTERVAL,
    CONF_MAIL_RECIPIENT,
    CONF_MANUFACTURER,
    CONF_SERIAL,
    SUBENTRY_CAMERA,
)
from ..entry_data import (
    address_of,
    address_options,
    camera_reports,
    credential_of,
    mail_options,
    mail_recipient,
    policy_of,
)
from ..errors import error_key
from ..lib.device.camera import identity_key, test_camera
from ..lib.device.client import fetch_fingerprint
from ..lib.device.discovery import DiscoveredCamera, discover
from ..lib.device.errors import CameraCertificateChanged, CameraError
from ..lib.device.judge import clock_problem
from ..lib.device.model import CameraIdentity, ClockReading
from ..lib.inbound.passwords import MAX_PASSWORD_LENGTH, hash_password
from ..managers.acceptance import FinishedTest, RunningTest, wait_for_end
from ..paths import acceptance_path
from ..responses.acceptance import show_report
from ..texts import async_words
from .acceptance import async_begin_test
from .administrator import async_record_administrator
from .forms import NEW_PASSWORD, credential_schema, format_fingerprint, int_field, own_host

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
        probatio.Required(CONF_MAIL_INTERVAL, default=0): int_field(
            0, 7 * _DAY, UnitOfTime.MINUTES
        ),
    }
)
CONF_GENERATE = "generate"
CONF_FORGET_DIGEST = "forget_digest"
CONF_KEEP_ADMINISTRATOR = "keep_administrator"
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
_MIN_ADDRESS_PASSWORD = 12
# Without letters and digits that are read wrongly, and nothing that a camera's form refuses; 20 of them are 99 bits.
_PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # noqa: S105 - what one is made of


class CameraSubentryFlow(ConfigSubentryFlow):
    """Add a camera, found by WS-Discovery or typed; change how it is reached and what it reports."""

    _step = "manual"
    _search: asyncio.Task[tuple[DiscoveredCamera, ...]] | None = None
    _found: tuple[DiscoveredCamera, ...] = ()
    _fingerprint = ""
    _acceptance: RunningTest | None = None
    _tested: asyncio.Task[FinishedTest] | None = None
    _identity: CameraIdentity
    _clock: ClockReading
    _reports: dict[str, str]
    # Whether the log-in that was tried is an administrator's, and whether the person keeps it all the same.
    _administrator = False
    _keep_administrator = False

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
            step_id="reconfigure", menu_options=["connection", "mail", "address", "acceptance"]
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

    async def async_step_acceptance(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Test the camera; a form that is closed meanwhile does not end that."""
        subentry = self._get_reconfigure_subentry()
        if self._acceptance is None:
            begun = await async_begin_test(self._get_entry(), subentry.unique_id)
            if isinstance(begun, str):
                reason = await async_words(self.hass, begun, {"camera": subentry.title})
                return self.async_abort(
                    reason="acceptance_refused", description_placeholders={"reason": reason}
                )
            self._acceptance = begun
            # Home Assistant cancels what a form that is closed waits for: a waiting of its own, not the test.
            self._tested = self.hass.async_create_task(
                wait_for_end(begun), "wait for an acceptance test"
            )
        if self._tested is not None and not self._tested.done():
            return self.async_show_progress(
                step_id="acceptance",
                progress_action="acceptance",
                progress_task=self._tested,
                description_placeholders={"camera": subentry.title},
            )
        return self.async_show_progress_done(next_step_id="acceptance_report")

    async def async_step_acceptance_report(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show what came of the test; the page of the panel has all of it."""
        if user_input is not None or self._acceptance is None:
            return self.async_abort(reason="acceptance_done")
        finished = await self._acceptance.task
        report = await show_report(self.hass, finished)
        return self.async_show_form(
            step_id="acceptance_report",
            data_schema=probatio.Schema({}),
            description_placeholders={
                "camera": report["camera_name"],
                "verdict": report["verdict_text"],
                "ending": report["ending_text"],
                "duties": "\n".join(
                    f"- {one['duty']} {one['name']}: **{one['verdict_text']}**"
                    for one in report["duties"]
                ),
                "link": acceptance_path(finished.camera),
            },
        )

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
        options = mail_options(entry.options)
        return self.async_show_form(
            step_id="mail",
            data_schema=self.add_suggested_values_to_schema(
                _CAMERA_MAIL_SCHEMA, user_input or asdict(camera_reports(subentry.data))
            ),
            errors=errors,
            description_placeholders={
                "address": f"{mail_recipient(subentry.unique_id, subentry.data)}@{own_host(self.hass)}",
                "host": own_host(self.hass),
                "port": str(options.port),
            },
        )

    async def async_step_address(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask by which name and password the camera reports its address."""
        subentry = self._get_reconfigure_subentry()
        known = camera_reports(subentry.data)
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
            elif typed and not _MIN_ADDRESS_PASSWORD <= len(typed) <= MAX_PASSWORD_LENGTH:
                errors[CONF_PASSWORD] = "address_password_length"
            elif not (typed or user_input[CONF_GENERATE] or known.address_password):
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
                    CONF_ADDRESS_ID: known.address_id or _address_id(subentry),
                    CONF_GENERATE: not known.address_password,
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
            description_placeholders={"fingerprint": format_fingerprint(self._fingerprint)},
        )

    async def async_step_clock_fast(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say that the camera's clock is off, and go on when the person knows."""
        return await self._async_finish()

    async def async_step_clock_slow(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say that the camera's clock is off, and go on when the person knows."""
        return await self._async_finish()

    async def _async_try(self, user_input: dict[str, Any]) -> SubentryFlowResult:
        """Take over the form, and ask about the certificate where it is not to be verified."""
        # A fingerprint vouches for one certificate at one place.
        if any(
            self._data.get(key) != user_input[key]
            for key in (CONF_HOST, CONF_PORT, CONF_SSL, CONF_VERIFY_SSL)
        ):
            self._data[CONF_FINGERPRINT] = None
        self._data.pop(CONF_DIGEST_ONLY, None)
        self._keep_administrator = user_input.pop(CONF_KEEP_ADMINISTRATOR, False)
        if user_input.pop(CONF_FORGET_DIGEST, False):
            # Asked anew: what is tried now may show again that it takes digests.
            self._data[CONF_DIGEST_ONLY] = False
        elif self._step == "connection" and self._get_reconfigure_subentry().data.get(
            CONF_DIGEST_ONLY
        ):
            self._data[CONF_DIGEST_ONLY] = True
        # An empty password means the one that we have.
        self._data |= {key: value for key, value in user_input.items() if value != ""}
        address = address_of(self._data)
        if address.tls and not address.verify_tls and address.fingerprint is None:
            return await self.async_step_certificate()
        return await self._async_test()

    async def _async_test(self) -> SubentryFlowResult:
        """Try what is known, and finish or say what is wrong."""
        credential = credential_of(self._data)
        try:
            tried = await test_camera(
                async_get_clientsession(self.hass), address_of(self._data), credential
            )
        except CameraCertificateChanged:
            return await self.async_step_certificate()
        except CameraError as err:
            return self._show_form(error_key(err))
        self._identity, self._clock = tried.identity, tried.clock
        if credential.digests.taken:
            self._data[CONF_DIGEST_ONLY] = True
        entry = self._get_entry()
        key = identity_key(self._identity)
        if key is None:
            return self._show_form("no_identity")
        if self._step == "connection":
            if key != self._get_reconfigure_subentry().unique_id:
                return self._show_form("another_camera")
        elif any(subentry.unique_id == key for subentry in entry.subentries.values()):
            return self.async_abort(reason="already_configured")
        self._administrator = tried.administrator is True and not self._is_accepted()
        if self._administrator and not self._keep_administrator:
            return self._show_form("administrator_login")
        if clock_problem(self._clock, policy_of(entry.data)):
            seconds = round(self._clock.offset.total_seconds())
            return self.async_show_form(
                step_id="clock_fast" if seconds > 0 else "clock_slow",
                data_schema=probatio.Schema({}),
                description_placeholders={"seconds": str(abs(seconds))},
            )
        return await self._async_finish()

    def _is_accepted(self) -> bool:
        """Return whether somebody chose before to keep this administrator's log-in."""
        return (
            self._step == "connection"
            and self._get_reconfigure_subentry().data.get(CONF_ADMINISTRATOR_ACCEPTED)
            == self._data[CONF_USERNAME]
        )

    def _show_form(self, error: str | None = None) -> SubentryFlowResult:
        """Show the form with all that is known except the password, which never goes back to a browser."""
        schema = probatio.Schema(
            {
                probatio.Required(CONF_NAME): TextSelector(),
                probatio.Required(CONF_HOST): TextSelector(),
                probatio.Required(CONF_PORT): int_field(1, 65535),
                probatio.Required(CONF_SSL): BooleanSelector(),
                probatio.Required(CONF_VERIFY_SSL): BooleanSelector(),
                **credential_schema(password_known=CONF_PASSWORD in self._data),
                **(
                    {probatio.Required(CONF_FORGET_DIGEST, default=False): BooleanSelector()}
                    if self._step == "connection"
                    else {}
                ),
                **(
                    {probatio.Required(CONF_KEEP_ADMINISTRATOR, default=False): BooleanSelector()}
                    if self._administrator
                    else {}
                ),
            }
        )
        shown = {key: value for key, value in self._data.items() if key != CONF_PASSWORD}
        return self.async_show_form(
            step_id=self._step,
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors={} if error is None else {"base": error},
        )

    async def _async_finish(self) -> SubentryFlowResult:
        """Keep the camera; an administrator's log-in only once it is on record who chose that."""
        if self._administrator:
            username = self._data[CONF_USERNAME]
            if not await async_record_administrator(
                self._get_entry(), identity_key(self._identity), username
            ):
                return self._show_form("administrator_unrecorded")
            self._data[CONF_ADMINISTRATOR_ACCEPTED] = username
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
        options = address_options(self._get_entry().options)
        host, api = own_host(self.hass), self.hass.config.api
        if options.port:
            return f"http://{host}:{options.port}/nic/update"
        if api is None:
            return f"http://{host}/nic/update"
        return f"{'https' if api.use_ssl else 'http'}://{host}:{api.port}/nic/update"


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
