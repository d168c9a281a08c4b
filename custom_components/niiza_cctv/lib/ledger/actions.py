"""What the ledger's entries say was done; written once, a word is the ledger's for good."""

from enum import StrEnum


class LedgerAction(StrEnum):
    """Every word that the product writes; the panel has a text for each (`config_panel.history`)."""

    # Of cases.
    CASE_CREATED = "case_created"
    SEARCH_MADE = "search_made"
    CLIP_REQUESTED = "clip_requested"
    FOOTAGE_REGISTERED = "footage_registered"
    CLIP_SEALED = "clip_sealed"
    CLIP_FAILED = "clip_failed"
    CLIP_CANCELLED = "clip_cancelled"
    CASE_APPROVED = "case_approved"
    CASE_REJECTED = "case_rejected"
    CASE_RELEASED = "case_released"
    PACKAGE_DOWNLOADED = "package_downloaded"
    CASE_HANDED_OVER = "case_handed_over"
    CASE_CONCLUDED = "case_concluded"
    CASE_PURGED = "case_purged"
    CASE_ASKED_ABOUT = "case_asked_about"
    CASE_KEPT_OPEN = "case_kept_open"
    CASE_EXPIRED = "case_expired"
    FILES_BINNED = "files_binned"
    FILES_RESTORED = "files_restored"
    FILES_REMOVED = "files_removed"
    FOOTAGE_AT_RISK = "footage_at_risk"
    # Of whatever somebody tried.
    REFUSED = "refused"
    # Of watching.
    FOOTAGE_VIEWED = "footage_viewed"
    VIEWING_ENDED = "viewing_ended"
    # Of checks.
    CHECK_RECORDED = "check_recorded"
    CHECK_DUE = "check_due"
    # Of cameras.
    SETTING_REQUESTED = "setting_requested"
    SETTING_CHANGED = "setting_changed"
    SETTING_TO_BE_PUT_BACK = "setting_to_be_put_back"
    MAIL_SILENT = "mail_silent"
    MAIL_BACK = "mail_back"
    CARD_ERROR_MAIL = "card_error_mail"
    CARD_RECOVERED_MAIL = "card_recovered_mail"
    ADDRESS_FOLLOWED = "address_followed"
    ADDRESS_UNPROVED = "address_unproved"
    ADDRESS_DECLINED = "address_declined"
    ADMINISTRATOR_LOGIN_ACCEPTED = "administrator_login_accepted"
    # Of the ledger itself, and of the time and the folders that it goes by.
    LEDGER_EXPORTED = "ledger_exported"
    LEDGER_BROKEN = "ledger_broken"
    CLOCK_JUMPED = "clock_jumped"
    CLOCK_CONFIRMED = "clock_confirmed"
    FOLDER_SET_ASIDE = "folder_set_aside"
    FOLDER_REMOVED = "folder_removed"
