"""The section's repairs: their ids, and how they are shown and closed."""

from collections.abc import Collection
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN

# Of the section.
ISSUE_ROLES: Final = "roles_missing"
ISSUE_TWO_PEOPLE: Final = "two_people_missing"
ISSUE_APPOINTMENTS: Final = "appointments_pending"
ISSUE_CHANGED_OUTSIDE: Final = "changed_outside"
ISSUE_NO_PHONE: Final = "no_phone"
ISSUE_MAIL_PORT: Final = "mail_port"
ISSUE_ADDRESS_PORT: Final = "address_port"
ISSUE_LEDGER_BROKEN: Final = "ledger_broken"
ISSUE_STRAYS: Final = "stray_folders"
# Whether the time may end something: `lib/cases/trusted_time.py`.
CLOCK_ISSUES: Final = ("clock_jumped", "clock_cameras", "clock_unwitnessed")
# Of one case, one clip, or one check.
ISSUE_AT_RISK: Final = "footage_at_risk"
ISSUE_CAMERA_GONE: Final = "camera_gone"
ISSUE_SILENT: Final = "case_silent"
ISSUE_CHECK_FAILED: Final = "check_failed"
# Of one camera; each is also the translation key of the error that calls for it.
CAMERA_ISSUES: Final = ("password_refused", "certificate_changed", "another_camera")
ISSUE_AUDIO: Final = "audio_found"
ISSUE_CLOCK: Final = "clock_off"
ISSUE_RESOLUTION: Final = "resolution_too_high"
ISSUE_PUT_BACK: Final = "setting_to_be_put_back"
# F10: the viewing log-in is one that may change the camera.
ISSUE_ADMINISTRATOR: Final = "administrator_login"
# What is out of order: a card, or the camera itself; one of each at a time.
FAULT_ISSUES: Final = (
    "sd_not_recording",
    "sd_card_missing",
    "sd_card_error",
    "sd_stale",
    "camera_silent",
    "camera_mails_missing",
)
# Outlives what `CAMERA_ISSUES` come and go with: only a person closes it.
ISSUE_ADDRESS_UNPROVED: Final = "address_unproved"
SETTING_ISSUES: Final = (
    ISSUE_AUDIO,
    ISSUE_CLOCK,
    ISSUE_RESOLUTION,
    ISSUE_PUT_BACK,
    ISSUE_ADMINISTRATOR,
)
# Of one tablet.
TABLET_ISSUES: Final = ("tablet_user_gone", "tablet_user_admin")


def issue_id(key: str, of: str) -> str:
    """Return the id of a repair that speaks of one thing: a subentry, a case, a check."""
    return f"{key}_{of}"


@callback
def async_show_issue(
    hass: HomeAssistant,
    key: str,
    of: str | None = None,
    *,
    placeholders: dict[str, str] | None = None,
    warning: bool = False,
    fixable: bool = False,
    data: dict[str, str | int | float | None] | None = None,
    link: str | None = None,
) -> None:
    """Show a repair; `link` is where it is fixed, unless a form of ours does that (`fixable`, with its `data`)."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        key if of is None else issue_id(key, of),
        data=data,
        is_fixable=fixable,
        learn_more_url=link,
        severity=ir.IssueSeverity.WARNING if warning else ir.IssueSeverity.ERROR,
        translation_key=key,
        translation_placeholders=placeholders,
    )


@callback
def async_close_issue(hass: HomeAssistant, key: str, of: str | None = None) -> None:
    """Close a repair, if there is one."""
    ir.async_delete_issue(hass, DOMAIN, key if of is None else issue_id(key, of))


@callback
def async_issues(hass: HomeAssistant, keys: Collection[str]) -> list[str]:
    """Return the ids of the repairs of these keys, of whatever they speak."""
    begins = tuple(f"{key}_" for key in keys)
    return [
        known
        for domain, known in ir.async_get(hass).issues
        if domain == DOMAIN and (known in keys or known.startswith(begins))
    ]


@callback
def async_close_issues(
    hass: HomeAssistant, keys: Collection[str], *, but: Collection[str] = ()
) -> None:
    """Close the repairs of these keys, but for those whose ids are named."""
    for known in async_issues(hass, keys):
        if known not in but:
            ir.async_delete_issue(hass, DOMAIN, known)


@callback
def async_close_all_issues(hass: HomeAssistant) -> None:
    """Close every repair of a section that is gone."""
    for domain, known in tuple(ir.async_get(hass).issues):
        if domain == DOMAIN:
            ir.async_delete_issue(hass, DOMAIN, known)
