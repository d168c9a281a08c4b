"""Where the panel shows what: for notifications, repairs and links."""

from typing import Final
from urllib.parse import quote

from .const import DOMAIN

# Its place in Home Assistant's sidebar.
PANEL: Final = "niiza-cctv"
OVERVIEW: Final = f"/{PANEL}"
LEDGER_PATH: Final = f"{OVERVIEW}/ledger"
PEOPLE_PATH: Final = f"{OVERVIEW}/people"
BOARD_PATH: Final = f"{OVERVIEW}/board"
# What builds the section's dashboard, as Home Assistant keeps it (`frontend/src/strategy.ts`).
STRATEGY: Final = "custom:niiza-cctv"
# The section's page among Home Assistant's integrations.
SECTION_PATH: Final = f"/config/integrations/integration/{DOMAIN}"


def board_path(*, board: str = BOARD_PATH, camera: str | None = None) -> str:
    """Return where a board, the panel's own or a dashboard's, shows a camera's line; None: the worst camera's."""
    return board if camera is None else f"{board}?camera={quote(camera, safe='')}"


def dashboard_board(dashboard: str) -> str:
    """Return where a dashboard that builds itself shows the board."""
    return f"/{dashboard}/overview"


def case_path(case_id: str) -> str:
    """Return where the panel shows a case."""
    return f"{OVERVIEW}/case/{case_id}"


def check_path(check: str) -> str:
    """Return where the panel shows a check."""
    # What identifies a camera may hold a blank.
    return f"{OVERVIEW}/check/{quote(check, safe='')}"


def settings_path(camera: str) -> str:
    """Return where the panel shows a camera's settings."""
    return f"{OVERVIEW}/settings?camera={quote(camera, safe='')}"


def acceptance_path(camera: str) -> str:
    """Return where the panel shows a camera's acceptance test."""
    return f"{OVERVIEW}/acceptance/{quote(camera, safe='')}"


def settings_request_path(token: str) -> str:
    """Return where the panel asks for the settings password."""
    return f"{OVERVIEW}/settings/{token}"
