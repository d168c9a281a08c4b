"""A list of checks for every test of them."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.lib.checks.rounds import Rounds, open_rounds


@pytest.fixture
async def rounds(tmp_path: Path) -> AsyncGenerator[Rounds]:
    """Return a section's checks with an empty ledger."""
    async with open_rounds(tmp_path) as rounds:
        yield rounds
