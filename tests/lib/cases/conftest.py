"""A desk for every test of cases."""

from collections.abc import AsyncGenerator
import logging
from pathlib import Path

import pytest

from tests.lib.cases.desk import Desk, open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    """Return a section's desk with an empty ledger."""
    async with open_desk(tmp_path) as desk:
        yield desk


@pytest.fixture(autouse=True)
def quiet_database(caplog: pytest.LogCaptureFixture) -> None:
    """Leave every statement out of what a failed test shows; the plugin turns them on."""
    caplog.set_level(logging.WARNING, "sqlalchemy.engine")
