"""What only a person can fix: refused passwords, changed certificates, roles that nobody holds."""

from typing import Any

from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.http import current_request
import probatio

from .const import (
    CONF_ADMINISTRATOR_ACCEPTED,
    CONF_DIGEST_ONLY,
    CONF_FINGERPRINT,
    CONF_USER,
    DOMAIN,
    NEEDED_ROLES,
    SUBENTRY_TABLET,
)
from .entry_data import address_of, credential_of
from .errors import error_key
from .flows.forms import (
    async_record_roles,
    async_roles_schema,
    credential_schema,
    format_fingerprint,
)
from .issues import (
    CLOCK_ISSUES,
    ISSUE_ADDRESS_UNPROVED,
    ISSUE_CAMERA_GONE,
    ISSUE_CHANGED_OUTSIDE,
    ISSUE_ROLES,
    ISSUE_TWO_PEOPLE,
    TABLET_ISSUES,
    async_close_issue,
    async_close_issues,
    async_show_issue,
    issue_id,
)
from .lib.access.errors import CaseError
from .lib.device.camera import identity_key, test_camera
from .lib.device.client import fetch_fingerprint
from .lib.device.errors import CameraError
from .lib.ledger.errors import LedgerError
from .managers.address_trust import UnprovedAddress
from .managers.addresses import AddressReports, unproved_placeholders
from .paths import LEDGER_PATH
from .people import acting_person, async_listed, async_named, lacks_second_person, tablet_decides
from .runtime import NiizaConfigEntry
from .texts import async_text


async def async_check_roles(hass: HomeAssistant, entry: NiizaConfigEntry) -> None:
    """Say so while nobody holds a role, a person would have to approve their own request, or a tablet has no use for its user."""
    await _async_check_tablets(hass, entry)
    # Who is named and not confirmed has a repair of their own.
    holders = await async_named(hass, entry)
    for key, called_for in (
        (ISSUE_ROLES, not all(holders[role] for role in NEEDED_ROLES)),
        (ISSUE_TWO_PEOPLE, lacks_second_person(holders)),
    ):
        if called_for:
            async_show_issue(
                hass, key, warning=True, fixable=True, data={"entry_id": entry.entry_id}
            )
        else:
            async_close_issue(hass, key)


async def _async_check_tablets(hass: HomeAssistant, entry: NiizaConfigEntry) -> None:
    """Say so while the user of a tablet cannot log in any more, or could take any restriction off."""
    called_for = set()
    for tablet in entry.get_subentries_of_type(SUBENTRY_TABLET):
        user = await hass.auth.async_get_user(tablet.data[CONF_USER])
        if user is None or not user.is_active:
            key = "tablet_user_gone"
        elif user.is_admin:
            key = "tablet_user_admin"
        else:
            continue
        called_for.add(issue_id(key, tablet.subentry_id))
        async_show_issue(
            hass, key, tablet.subentry_id, warning=True, placeholders={"tablet": tablet.title}
        )
    # A tablet that was removed has none.
    async_close_issues(hass, TABLET_ISSUES, but=called_for)


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow that fixes an issue."""
    if issue_id in (ISSUE_ROLES, ISSUE_TWO_PEOPLE):
        return RolesRepairFlow()
    if issue_id.startswith(ISSUE_ADDRESS_UNPROVED):
        return AddressRepairFlow()
    if issue_id in CLOCK_ISSUES:
        return ClockRepairFlow()
    if issue_id.startswith(ISSUE_CAMERA_GONE):
        return LeftExportRepairFlow()
    if issue_id == ISSUE_CHANGED_OUTSIDE:
        return OutsideRepairFlow()
    if issue_id.startswith("password_refused"):
        return PasswordRepairFlow()
    return CertificateRepairFlow()


class SectionRepairFlow(RepairsFlow):
    """A flow that fixes something of the section."""

    @property
    def entry(self) -> NiizaConfigEntry:
        """Return the section; it may have been removed while the form was open."""
        entry_id = str((self.data or {})["entry_id"])
        if (entry := self.hass.config_entries.async_get_entry(entry_id)) is None:
            raise AbortFlow("removed")
        return entry


class RolesRepairFlow(SectionRepairFlow):
    """Give the roles to people."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_roles()

    async def async_step_roles(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Ask who holds which role until every role that is needed has somebody and two people can work together."""
        errors = {}
        if user_input is not None:
            if not all(user_input[role] for role in NEEDED_ROLES):
                errors["base"] = "roles_missing"
            elif lacks_second_person(user_input):
                errors["base"] = "two_people"
            elif tablet_decides(self.entry, user_input):
                errors["base"] = "tablet_decides"
            elif error := await async_record_roles(self.hass, self.entry, user_input):
                errors["base"] = error
            else:
                self.hass.config_entries.async_update_entry(
                    self.entry, data={**self.entry.data, **user_input}
                )
                return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="roles",
            data_schema=self.add_suggested_values_to_schema(
                await async_roles_schema(self.hass),
                user_input or await async_listed(self.hass, self.entry.data),
            ),
            errors=errors,
        )


class ClockRepairFlow(SectionRepairFlow):
    """Let a person of the section vouch for the time of now."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Show what the clocks say, and ask whether ours is right."""
        errors = {}
        if user_input is not None:
            if await self._async_confirm():
                return self.async_create_entry(data={})
            errors["base"] = "not_confirmed"
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return self.async_show_form(
            step_id="confirm",
            data_schema=probatio.Schema({}),
            description_placeholders=None if issue is None else issue.translation_placeholders,
            errors=errors,
        )

    async def _async_confirm(self) -> bool:
        """Record that whoever sits before the form confirms; return whether they may."""
        request = current_request.get()
        user = None if request is None else request.get(KEY_HASS_USER)
        if user is None or self.entry.state is not ConfigEntryState.LOADED:
            return False
        section = self.entry.runtime_data
        try:
            await section.clock.async_confirm(
                await section.evidence.async_actor(user.id, direct=True)
            )
        except CaseError, LedgerError:
            # On the record, as far as there is one.
            return False
        return True


class LeftExportRepairFlow(SectionRepairFlow):
    """Ask what becomes of a clip whose camera was removed."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Show what waits, and the answers; the third is to add the camera again."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return self.async_show_menu(
            step_id="init",
            menu_options=["finish", "cancel"],
            description_placeholders=None if issue is None else issue.translation_placeholders,
        )

    async def async_step_finish(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Seal what was fetched."""
        return await self._async_decide(finish=True)

    async def async_step_cancel(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Give the clip up."""
        return await self._async_decide(finish=False)

    async def _async_decide(self, *, finish: bool) -> RepairsFlowResult:
        """Do what whoever sits before the form says, if they may."""
        person = acting_person()
        if person is None or self.entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_allowed")
        evidence = self.entry.runtime_data.evidence
        decide = evidence.async_seal_early if finish else evidence.async_cancel_clip
        try:
            actor = await evidence.async_actor(person.id, direct=True)
            await decide(actor, str((self.data or {})["clip"]))
        except CaseError, LedgerError:
            # On the record, as far as there is one.
            return self.async_abort(reason="not_allowed")
        return self.async_create_entry(data={})


class OutsideRepairFlow(SectionRepairFlow):
    """Let a person say that they know of what was changed past the product."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Say where it stands, and take the person's word."""
        errors = {}
        if user_input is not None:
            if await self._async_see():
                return self.async_create_entry(data={})
            errors["base"] = "not_recorded"
        return self.async_show_form(
            step_id="confirm",
            data_schema=probatio.Schema({}),
            description_placeholders={"link": LEDGER_PATH},
            errors=errors,
        )

    async def _async_see(self) -> bool:
        """Record who knows; return whether that could be done."""
        person = acting_person()
        if person is None or self.entry.state is not ConfigEntryState.LOADED:
            return False
        try:
            await self.entry.runtime_data.record.async_see_changes(person)
        except LedgerError:
            return False
        return True


class CameraRepairFlow(SectionRepairFlow):
    """A flow that fixes how one camera is reached."""

    @property
    def subentry(self) -> ConfigSubentry:
        """Return the camera; it may have been removed while the form was open."""
        subentry_id = str((self.data or {})["subentry_id"])
        if (subentry := self.entry.subentries.get(subentry_id)) is None:
            raise AbortFlow("removed")
        return subentry

    async def async_try(self, changes: dict[str, Any]) -> str | None:
        """Keep the changes if that very camera accepts them, otherwise return what is wrong."""
        entry, subentry = self.entry, self.subentry
        data = {**subentry.data, **changes}
        credential = credential_of(data)
        try:
            tried = await test_camera(
                async_get_clientsession(self.hass), address_of(data), credential
            )
        except CameraError as err:
            return error_key(err)
        if identity_key(tried.identity) != subentry.unique_id:
            return "another_camera"
        if (
            tried.administrator
            and CONF_USERNAME in changes
            and data.get(CONF_ADMINISTRATOR_ACCEPTED) != data[CONF_USERNAME]
        ):
            return "administrator_login"
        if credential.digests.taken:
            changes[CONF_DIGEST_ONLY] = True
        # What came about meanwhile stays.
        subentry = self.subentry
        changed = self.hass.config_entries.async_update_subentry(
            entry, subentry, data={**subentry.data, **changes}
        )
        if (
            not changed
            and entry.state is ConfigEntryState.LOADED
            # One that comes only now starts without a back-off.
            and (camera := entry.runtime_data.cameras.get(subentry.subentry_id)) is not None
        ):
            # The camera was fixed, not what we know: end the log-in back-off all the same.
            await camera.async_reconnect()
        return None


class PasswordRepairFlow(CameraRepairFlow):
    """Ask for the viewing user and password that the camera takes now."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_credential()

    async def async_step_credential(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask for user and password and try them."""
        errors = {}
        if user_input is not None:
            error = await self.async_try(user_input)
            if error is None:
                return self.async_create_entry(data={})
            errors["base"] = error
        return self.async_show_form(
            step_id="credential",
            data_schema=self.add_suggested_values_to_schema(
                probatio.Schema(credential_schema(password_known=False)),
                {CONF_USERNAME: (user_input or self.subentry.data)[CONF_USERNAME]},
            ),
            description_placeholders={"camera": self.subentry.title},
            errors=errors,
        )


class AddressRepairFlow(CameraRepairFlow):
    """Ask whether a camera is where it could not prove to be."""

    _unproved: UnprovedAddress | None = None

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Show what is known, and the two answers."""
        # What was shown is what is decided, whatever is reported meanwhile.
        self._unproved = self._addresses.pending(self._camera)
        if self._unproved is None:
            return self.async_abort(reason="decided_already")
        return self.async_show_menu(
            step_id="init",
            menu_options=["accept", "decline"],
            description_placeholders={
                "camera": self.subentry.title,
                "card": await async_text(self.hass, f"card_{self._unproved.card}"),
                **unproved_placeholders(self._unproved),
            },
        )

    async def async_step_accept(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Follow the camera there, on the word of this person."""
        person = acting_person()
        if person is None or self._unproved is None:
            return self.async_abort(reason="no_person")
        error = await self._addresses.async_accept(self._camera, self._unproved, person)
        if error is not None:
            return self.async_abort(
                reason=error, description_placeholders={"camera": self.subentry.title}
            )
        return self.async_create_entry(data={})

    async def async_step_decline(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Leave the camera where it is known to be, and look no more at that address."""
        person = acting_person()
        if person is None or self._unproved is None:
            return self.async_abort(reason="no_person")
        error = self._addresses.async_decline(self._camera, self._unproved, person)
        if error is not None:
            return self.async_abort(reason=error)
        return self.async_create_entry(data={})

    @property
    def _camera(self) -> str:
        return self.subentry.unique_id or ""

    @property
    def _addresses(self) -> AddressReports:
        if self.entry.state is not ConfigEntryState.LOADED:
            raise AbortFlow("removed")
        return self.entry.runtime_data.addresses


class CertificateRepairFlow(CameraRepairFlow):
    """Show the certificate that the camera has now, and pin it when the person vouches for it."""

    _fingerprint = ""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_certificate()

    async def async_step_certificate(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask whether this is the camera's certificate."""
        errors = {}
        if user_input is not None:
            error = await self.async_try(
                {CONF_VERIFY_SSL: False, CONF_FINGERPRINT: self._fingerprint}
            )
            if error is None:
                return self.async_create_entry(data={})
            errors["base"] = error
        address = address_of(self.subentry.data)
        try:
            self._fingerprint = await fetch_fingerprint(address.host, address.port)
        except CameraError as err:
            return self.async_abort(reason=error_key(err))
        return self.async_show_form(
            step_id="certificate",
            data_schema=probatio.Schema({}),
            description_placeholders={
                "camera": self.subentry.title,
                "fingerprint": format_fingerprint(self._fingerprint),
            },
            errors=errors,
        )
