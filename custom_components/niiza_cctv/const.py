"""Names that the files at the top of the integration share."""

from datetime import timedelta
import logging
from typing import Final

DOMAIN: Final = "niiza_cctv"
LOGGER: Final = logging.getLogger(__package__)

SUBENTRY_CAMERA: Final = "camera"
SUBENTRY_OFFLINE_CAMERA: Final = "offline_camera"
SUBENTRY_TABLET: Final = "tablet"

# The section's policy and roles (data of the config entry).
CONF_RETENTION_DAYS: Final = "retention_days"
CONF_RETENTION_TOLERANCE: Final = "retention_tolerance_days"
CONF_AUDIO_ALLOWED: Final = "audio_allowed"
CONF_CLOCK_TOLERANCE: Final = "clock_tolerance"
CONF_MAX_HEIGHT: Final = "max_everyday_height"
CONF_VIEWERS: Final = "viewers"
CONF_EXPORTERS: Final = "exporters"
CONF_APPROVERS: Final = "approvers"
CONF_TABLETS: Final = "tablets"
# A section without one of these is not complete; one without a tablet is.
NEEDED_ROLES: Final = (CONF_VIEWERS, CONF_EXPORTERS, CONF_APPROVERS)
ROLES: Final = (*NEEDED_ROLES, CONF_TABLETS)

# How long a link to a package or a copy of the ledger works.
LINK_TIME: Final = timedelta(minutes=15)

# Footage that is taken out, and what is recorded of it (data of the config entry, absent in older ones).
CONF_DB_URL: Final = "db_url"
CONF_KEEP_DAYS: Final = "keep_days"
CONF_BIN_DAYS: Final = "bin_days"
CONF_QUOTA: Final = "quota_gb"
CONF_EVIDENCE_FOLDER: Final = "evidence_folder"
CONF_APPROVE_BY_BUTTON: Final = "approve_by_button"
CONF_JAPANESE_ERA: Final = "japanese_era"

# Who set the section up, until that is on the record.
CONF_SET_UP_BY: Final = "set_up_by"
# Of the entry's data: from 2 on the ledger says who holds which role.
MINOR_VERSION: Final = 2

# A camera (data of a subentry), beside core's host, port, ssl, verify_ssl, username, password.
# Whether the camera was ever seen to take a digest log-in: it is then never sent a readable password.
CONF_DIGEST_ONLY: Final = "digest_only"
# The name of the administrator whose log-in somebody chose to keep.
CONF_ADMINISTRATOR_ACCEPTED: Final = "administrator_accepted"
CONF_FINGERPRINT: Final = "fingerprint"
CONF_MANUFACTURER: Final = "manufacturer"
CONF_FIRMWARE: Final = "firmware"
CONF_SERIAL: Final = "serial"
CONF_MACS: Final = "macs"

# What a camera reports by itself (data of its subentry, absent in older ones).
CONF_MAIL_RECIPIENT: Final = "mail_recipient"
CONF_MAIL_INTERVAL: Final = "mail_interval"
CONF_ADDRESS_ID: Final = "address_id"
CONF_ADDRESS_PASSWORD: Final = "address_password"  # noqa: S105 - a key

# A camera without a network, and a tablet (data of their subentries).
CONF_LOCATION: Final = "location"
CONF_USER: Final = "user_id"
CONF_NOTIFY: Final = "notify"

# The section's options, absent in older entries.
OPTION_CHECK_INTERVALS: Final = "check_intervals"
OPTION_OWN_CHECKS: Final = "own_checks"
OPTION_MAIL: Final = "mail"
OPTION_ADDRESS: Final = "address"

POLL_INTERVAL: Final = timedelta(seconds=30)
# Events ask for a poll at once; a camera that sends them all the time is not asked more often than this.
POLL_COOLDOWN: Final = timedelta(seconds=5)
# Answers are parsed on a small machine: as many at once as never keep it busy for long.
PARALLEL_POLLS: Final = 16
# Waiting for a camera that does not answer costs nothing but the waiting.
PARALLEL_RETRIES: Final = 64
# A read-back decodes video: one per core of a small machine.
PARALLEL_READ_BACKS: Final = 2

# Sent whenever cases, the progress of a retrieval or the ledger's head change.
SIGNAL_CHANGED: Final = f"{DOMAIN}_changed"

# Sent whenever something changes that the board shows of a camera.
SIGNAL_BOARD: Final = f"{DOMAIN}_board"
