"""A desk for every test of cases."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.lib.cases.desk import Desk, open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    """Return a section's desk with an empty ledger."""
    async with open_desk(tmp_path) as desk:
        yield desk
