"""What of the section changes in daily work: how often is looked at what, and what cameras send on their own."""

from collections.abc import Mapping
from dataclasses import asdict
from ipaddress import ip_interface, ip_network
from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import CONF_NAME, CONF_PASSWORD, CONF_USERNAME, UnitOfTime
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.util.ulid import ulid_now
import probatio

from ..const import OPTION_ADDRESS, OPTION_CHECK_INTERVALS, OPTION_MAIL, OPTION_OWN_CHECKS
from ..entry_data import MailOptions, address_options, mail_options
from ..lib.checks.kinds import KINDS, OWN
from ..lib.checks.model import AssetKind
from ..lib.inbound.passwords import MAX_PASSWORD_LENGTH, hash_password
from ..lib.inbound.patterns import (
    ERROR_PATTERNS,
    MAX_PATTERNS,
    RECOVERY_PATTERNS,
    PatternInvalid,
    check_pattern,
)
from .forms import LINES, MAX_NAME, NEW_PASSWORD, int_field, lines, own_host

SECTION_LOGIN = "login"
SECTION_PATTERNS = "patterns"

_MAX_INTERVAL = 3650
_PORTS = 65535

_USERNAME = TextSelector(TextSelectorConfig(autocomplete="off"))
_OWN_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_NAME): TextSelector(),
        probatio.Required("objects", default=list): SelectSelector(
            SelectSelectorConfig(
                options=list(AssetKind),
                multiple=True,
                mode=SelectSelectorMode.LIST,
                translation_key="check_object",
            )
        ),
        probatio.Required("interval_days", default=30): int_field(
            0, _MAX_INTERVAL, UnitOfTime.DAYS
        ),
        probatio.Required("by_tap", default=False): BooleanSelector(),
    }
)
_INTERVALS_SCHEMA = probatio.Schema(
    {probatio.Required(key): int_field(0, _MAX_INTERVAL, UnitOfTime.DAYS) for key in KINDS}
)
_MAIL_SCHEMA = probatio.Schema(
    {
        probatio.Required("enabled"): BooleanSelector(),
        probatio.Required("port"): int_field(1, _PORTS),
        probatio.Optional("networks", default=""): LINES,
        probatio.Required("silent_after"): int_field(1, 100),
        probatio.Required(SECTION_LOGIN): section(
            probatio.Schema(
                {
                    probatio.Required("starttls"): SelectSelector(
                        SelectSelectorConfig(
                            options=["off", "offered", "required"], translation_key="starttls"
                        )
                    ),
                    probatio.Optional(CONF_USERNAME, default=""): _USERNAME,
                    probatio.Optional(CONF_PASSWORD, default=""): NEW_PASSWORD,
                }
            ),
            {"collapsed": True},
        ),
        probatio.Required(SECTION_PATTERNS): section(
            probatio.Schema(
                {
                    probatio.Optional("error_patterns", default=""): LINES,
                    probatio.Optional("recovery_patterns", default=""): LINES,
                }
            ),
            {"collapsed": True},
        ),
    }
)
_ADDRESS_SCHEMA = probatio.Schema(
    {
        probatio.Required("enabled"): BooleanSelector(),
        probatio.Required("port"): int_field(0, _PORTS),
    }
)
_SHIPPED_PATTERNS = {
    "error_patterns": list(ERROR_PATTERNS),
    "recovery_patterns": list(RECOVERY_PATTERNS),
}


class _FormInvalid(Exception):
    """What somebody typed cannot be kept; `shown` is the part of it, for the message."""

    def __init__(self, key: str, shown: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.shown = shown


class SectionOptionsFlow(OptionsFlow):
    """Change one subject at a time; the section and its cameras go on."""

    def __init__(self) -> None:
        """Begin with nothing chosen or typed."""
        self._own_key: str | None = None
        self._typed_password = ""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what is to be changed."""
        return self.async_show_menu(
            step_id="init", menu_options=["intervals", "own_checks", "mail", "address"]
        )

    # --- Checks -----------------------------------------------------------------------------------------------

    async def async_step_intervals(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how often is looked at what."""
        usual = {kind.key: kind.interval_days for kind in KINDS.values()}
        if user_input is not None:
            # What nobody changed follows a later version's table.
            changed = {key: days for key, days in user_input.items() if days != usual[key]}
            return self._save(OPTION_CHECK_INTERVALS, changed)
        return self.async_show_form(
            step_id="intervals",
            data_schema=self.add_suggested_values_to_schema(
                _INTERVALS_SCHEMA,
                usual | dict(self.config_entry.options.get(OPTION_CHECK_INTERVALS, {})),
            ),
        )

    async def async_step_own_checks(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what is to be done with the checks that the section thought of itself."""
        some = ["own_change", "own_remove"] if self._own else []
        return self.async_show_menu(step_id="own_checks", menu_options=["own_add", *some])

    async def async_step_own_add(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a new one."""
        return self._own_form("own_add", user_input, {})

    async def async_step_own_change(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which one is to be changed."""
        if user_input is not None:
            self._own_key = user_input["check"]
            return await self.async_step_own_edit()
        return self.async_show_form(step_id="own_change", data_schema=self._own_choice("check"))

    async def async_step_own_edit(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for what changes of it; its history stays its own."""
        known = next((own for own in self._own if own["key"] == self._own_key), None)
        if known is None:
            return self.async_abort(reason="removed")
        return self._own_form("own_edit", user_input, known)

    async def async_step_own_remove(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which ones are no longer wanted."""
        if user_input is not None:
            kept = [own for own in self._own if own["key"] not in user_input["checks"]]
            return self._save(OPTION_OWN_CHECKS, kept)
        return self.async_show_form(
            step_id="own_remove", data_schema=self._own_choice("checks", multiple=True)
        )

    @property
    def _own(self) -> list[dict[str, Any]]:
        """Return the checks that the section thought of itself."""
        return list(self.config_entry.options.get(OPTION_OWN_CHECKS, ()))

    def _own_choice(self, field: str, *, multiple: bool = False) -> probatio.Schema:
        """Return the form in which some of them are chosen."""
        return probatio.Schema(
            {
                probatio.Required(field): SelectSelector(
                    SelectSelectorConfig(
                        options=[
                            SelectOptionDict(value=own["key"], label=own["name"])
                            for own in self._own
                        ],
                        multiple=multiple,
                        mode=SelectSelectorMode.LIST,
                    )
                )
            }
        )

    def _own_form(
        self, step_id: str, user_input: Mapping[str, Any] | None, known: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for one of them until it can be kept."""
        errors = {}
        if user_input is not None:
            name = user_input[CONF_NAME].strip()
            others = [own for own in self._own if own["key"] != known.get("key")]
            if not 0 < len(name) <= MAX_NAME:
                errors[CONF_NAME] = "name_length"
            elif any(own["name"] == name for own in others):
                errors[CONF_NAME] = "name_taken"
            elif not user_input["objects"]:
                errors["objects"] = "objects_missing"
            else:
                kept = {
                    "key": known.get("key") or f"{OWN}{ulid_now().lower()}",
                    "name": name,
                    "objects": user_input["objects"],
                    "interval_days": user_input["interval_days"],
                    "by_tap": user_input["by_tap"],
                }
                checks = [kept if own["key"] == kept["key"] else own for own in self._own]
                return self._save(OPTION_OWN_CHECKS, checks if known else [*checks, kept])
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(_OWN_SCHEMA, user_input or known),
            errors=errors,
        )

    # --- What cameras send ------------------------------------------------------------------------------------

    async def async_step_mail(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how the mails of the cameras are received; the password never goes back to a browser."""
        known = mail_options(self.config_entry.options)
        errors, shown = {}, ""
        if user_input is not None:
            try:
                return self._save(OPTION_MAIL, await self._mail(user_input, known))
            except _FormInvalid as err:
                errors["base"], shown = err.key, err.shown
            user_input[SECTION_LOGIN].pop(CONF_PASSWORD)
        return self.async_show_form(
            step_id="mail",
            data_schema=self.add_suggested_values_to_schema(
                _MAIL_SCHEMA, user_input or _mail_form(known)
            ),
            errors=errors,
            description_placeholders={"shown": shown, "host": own_host(self.hass)},
        )

    async def async_step_address(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how cameras may report their address."""
        known = address_options(self.config_entry.options)
        errors = {}
        if user_input is not None:
            mail = mail_options(self.config_entry.options)
            if user_input["enabled"] and mail.enabled and user_input["port"] == mail.port:
                errors["port"] = "port_of_mail"
            else:
                return self._save(OPTION_ADDRESS, user_input)
        return self.async_show_form(
            step_id="address",
            data_schema=self.add_suggested_values_to_schema(
                _ADDRESS_SCHEMA, user_input or asdict(known)
            ),
            errors=errors,
            description_placeholders={"host": own_host(self.hass)},
        )

    async def _mail(self, user_input: Mapping[str, Any], known: MailOptions) -> dict[str, Any]:
        """Return the form as the options keep it; raises _FormInvalid."""
        login = user_input[SECTION_LOGIN]
        address = address_options(self.config_entry.options)
        if user_input["enabled"] and address.enabled and user_input["port"] == address.port:
            raise _FormInvalid("port_of_address")
        username = login[CONF_USERNAME].strip()
        # Who is told of a mistake need not type the password again.
        self._typed_password = login[CONF_PASSWORD] or self._typed_password
        if self._typed_password and not username:
            raise _FormInvalid("mail_username_missing")
        if username and not (self._typed_password or known.password):
            raise _FormInvalid("mail_password_missing")
        if len(self._typed_password) > MAX_PASSWORD_LENGTH:
            self._typed_password = ""
            raise _FormInvalid("password_too_long")
        networks = [_network(line) for line in lines(user_input["networks"])]
        if not username and (open_ := [one for one in networks if not _is_ours(one)]):
            raise _FormInvalid("network_needs_login", open_[0])
        patterns = {}
        for field, shipped in _SHIPPED_PATTERNS.items():
            typed = lines(user_input[SECTION_PATTERNS][field])
            if len(typed) > MAX_PATTERNS:
                raise _FormInvalid("patterns_too_many", str(MAX_PATTERNS))
            for pattern in typed:
                try:
                    check_pattern(pattern)
                except PatternInvalid as err:
                    raise _FormInvalid("pattern_invalid", pattern) from err
            # What nobody changed follows a later version's list.
            patterns[field] = [] if typed == shipped else typed
        password = known.password if username else ""
        if self._typed_password:
            password = await self.hass.async_add_executor_job(hash_password, self._typed_password)
        return {
            "enabled": user_input["enabled"],
            "port": user_input["port"],
            "networks": networks,
            CONF_USERNAME: username,
            CONF_PASSWORD: password,
            "starttls": login["starttls"],
            "silent_after": user_input["silent_after"],
            **patterns,
        }

    def _save(self, key: str, value: Any) -> ConfigFlowResult:
        """Keep one subject; what was changed of the others meanwhile stays."""
        return self.async_create_entry(data={**self.config_entry.options, key: value})


def _mail_form(options: MailOptions) -> dict[str, Any]:
    """Return the options as the form shows them."""
    known = asdict(options)
    return {
        **known,
        "networks": "\n".join(known["networks"]),
        SECTION_LOGIN: {key: known[key] for key in ("starttls", CONF_USERNAME)},
        SECTION_PATTERNS: {
            field: "\n".join(known[field] or shipped)
            for field, shipped in _SHIPPED_PATTERNS.items()
        },
    }


def _network(line: str) -> str:
    """Return a network as it is kept; raises _FormInvalid."""
    try:
        return str(ip_network(line))
    except ValueError:
        pass
    try:
        # The address of one machine with the length of its network: nobody can tell which of the two is meant.
        meant = ip_interface(line).network
    except ValueError:
        raise _FormInvalid("network_invalid", line) from None
    raise _FormInvalid("network_host_bits", f"{line} → {meant}")


def _is_ours(network: str) -> bool:
    """Return whether only machines of private networks are in it."""
    return ip_network(network).is_private
