"""A tablet: whose it is, and which companion app is on it."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
from homeassistant.util.ulid import ulid_now
import probatio

from ..const import CONF_NOTIFY, CONF_TABLETS, CONF_USER, CONF_VIEWERS, SUBENTRY_TABLET
from ..people import async_named, async_people, has_deciding_role
from .forms import MAX_NAME


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
            if not 0 < len(self._name) <= MAX_NAME:
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
                            for user_id in sorted(people, key=lambda one: wrong[one] is not None)
                        ],
                        mode=SelectSelectorMode.DROPDOWN,
                    )
                ),
            }
        )
        shown = dict(user_input or known)
        if shown.get(CONF_USER) not in people:
            # Deleted or locked out meanwhile, or nobody chosen yet. Without a value the page takes the first by itself.
            shown[CONF_USER] = ""
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors=errors,
        )

    async def _async_user_error(self, user_id: str) -> str | None:
        """Return what keeps a user from being a tablet's."""
        entry = self._get_entry()
        if has_deciding_role(entry.data, [user_id]):
            return "tablet_decides"
        if any(tablet.data[CONF_USER] == user_id for tablet in self._others()):
            return "tablet_taken"
        user = await self.hass.auth.async_get_user(user_id)
        return "tablet_admin" if user is None or user.is_admin else None

    async def _async_warn(self) -> SubentryFlowResult:
        """Say what the person may not have meant, or finish."""
        holders = await async_named(self.hass, self._get_entry())
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
